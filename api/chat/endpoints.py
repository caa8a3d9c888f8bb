"""The chat over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, Field

from api.chat.service import Chat
from api.chat.sessions import ChatSessions
from api.chat.tickets import TICKET_SECONDS, SocketTickets
from api.chat.transcript import Language
from api.errors import NotSignedIn
from api.identity.tickets import MOST_CHARACTERS
from api.ids import token_hash
from api.insights.figures import Reason
from api.limits import (
    ADDRESS_MESSAGES,
    ADDRESS_SESSIONS,
    SESSION_MESSAGES,
    SESSION_REQUESTS,
    Limits,
    Rule,
    countable,
)

# No conversation is so long, and no store is asked for a number that it cannot hold.
MOST_MESSAGES = 2**31 - 1

router = APIRouter(prefix="/chat", tags=["chat"])


class NewChat(BaseModel):
    """How a chat begins. `language` is that of the page; `ticket` a signed-in member's portal
    ticket (a JWT), if there is one. `unconfirmed`: there should have been one, and it was refused
    or could not be had; the greeting says so.
    """

    language: Language = "en"
    ticket: str | None = Field(default=None, max_length=MOST_CHARACTERS)
    unconfirmed: bool = False


class MemberMessage(BaseModel):
    client_message_id: str = Field(min_length=1, max_length=100)
    text: str | None = None
    button_id: str | None = Field(default=None, max_length=100)


class Rating(BaseModel):
    """A thumb, and why it is down: by keys, so that all languages count together and nobody's
    words get into the figures.
    """

    message_id: str = Field(max_length=100)
    rating: Literal["up", "down"]
    reason: Reason | None = None


@dataclass(frozen=True)
class Session:
    """Who is calling: one browser, one conversation."""

    token: str
    conversation_id: str


async def _limits(request: Request) -> Limits:
    return request.app.state.parts.limits  # type: ignore[no-any-return]


async def _tickets(request: Request) -> SocketTickets:
    return request.app.state.parts.socket_tickets  # type: ignore[no-any-return]


# Coroutines: functions would be run in threads, and a burst's messages would overtake each other.
async def _chat(request: Request) -> Chat:
    return request.app.state.parts.chat  # type: ignore[no-any-return]


async def _sessions(request: Request) -> ChatSessions:
    return request.app.state.parts.chat_sessions  # type: ignore[no-any-return]


async def _bearer(authorization: Annotated[str, Header()] = "") -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Send 'Authorization: Bearer TOKEN'.")
    return token


async def session(
    token: Annotated[str, Depends(_bearer)],
    sessions: Annotated[ChatSessions, Depends(_sessions)],
    limits: Annotated[Limits, Depends(_limits)],
) -> Session:
    """The session of the bearer token. Raises NotSignedIn, TooMany."""
    await limits.take((SESSION_REQUESTS, token))
    return Session(token, await sessions.conversation_of(token))


async def speaking(
    request: Request,
    token: Annotated[str, Depends(_bearer)],
    sessions: Annotated[ChatSessions, Depends(_sessions)],
    limits: Annotated[Limits, Depends(_limits)],
) -> Session:
    """The same for messages, which cost more. Raises NotSignedIn, TooMany."""
    await limits.take((SESSION_MESSAGES, token), *_of_address(request, ADDRESS_MESSAGES))
    return Session(token, await sessions.conversation_of(token))


async def newcomer(request: Request, limits: Annotated[Limits, Depends(_limits)]) -> None:
    """Somebody who begins a chat. Raises TooMany."""
    await limits.take(*_of_address(request, ADDRESS_SESSIONS))


def _of_address(request: Request, rule: Rule) -> list[tuple[Rule, str]]:
    address = countable(request.client.host if request.client else None)
    return [(rule, address)] if address else []


InSession = Annotated[Session, Depends(session)]
Speaking = Annotated[Session, Depends(speaking)]
TheChat = Annotated[Chat, Depends(_chat)]


@router.post("/sessions", dependencies=[Depends(newcomer)])
async def start(chat: TheChat, body: NewChat | None = None) -> dict[str, Any]:
    """Begin a chat; with a portal ticket the member is proven from the start. 401
    `ticket_refused`, 503 `ticket_not_checked`: begin again without it, and `unconfirmed`.
    """
    body = body or NewChat()
    return await chat.start(body.language, body.ticket, unconfirmed=body.unconfirmed)


@router.post("/messages")
async def say(body: MemberMessage, who: Speaking, chat: TheChat) -> dict[str, Any]:
    """Say something or press a button. The same client_message_id gets the same reply."""
    return await chat.say(who.conversation_id, body.client_message_id, body.text, body.button_id)


@router.get("/messages")
async def messages(
    who: InSession,
    chat: TheChat,
    after: Annotated[int, Query(ge=0, le=MOST_MESSAGES)] = 0,
    wait: Annotated[float, Query(ge=0, le=25)] = 0,
) -> dict[str, Any]:
    """What came after a number."""
    return await chat.messages(who.conversation_id, after, wait)


@router.post("/feedback")
async def rate(body: Rating, who: InSession, chat: TheChat) -> dict[str, str]:
    """Thumbs up or down for a message."""
    await chat.rate(who.conversation_id, body.message_id, body.rating, body.reason)
    return {"status": "thank you"}


@router.post("/socket-tickets")
async def socket_ticket(
    who: InSession, tickets: Annotated[SocketTickets, Depends(_tickets)]
) -> dict[str, Any]:
    """A ticket that opens `/chat/socket` once."""
    ticket = await tickets.issue(token_hash(who.token))
    return {"ticket": ticket, "expires_in": TICKET_SECONDS}


@router.post("/sessions/current/stay")
async def stay(who: InSession, chat: TheChat) -> dict[str, Any]:
    """Say that the member is still there, before the session ends by itself."""
    return await chat.stay(who.conversation_id)


@router.post("/typing")
async def typing(who: InSession, chat: TheChat) -> dict[str, str]:
    """The member is writing: the person at the desk sees it for a moment."""
    await chat.typing(who.conversation_id)
    return {"status": "told"}


@router.get("/transcript", response_class=Response)
async def transcript(
    who: InSession,
    chat: TheChat,
    form: Annotated[Literal["txt", "pdf"], Query(alias="format")] = "txt",
    zone: Annotated[str | None, Query(max_length=60)] = None,
    language: Language = "en",
) -> Response:
    """The conversation as a file, with times in the IANA `zone`; `language` is that of what stands
    around the messages.
    """
    if form == "pdf":
        content: bytes | str = await chat.transcript_pdf(who.conversation_id, zone, language)
    else:
        content = await chat.transcript(who.conversation_id, zone, language)
    return Response(
        content,
        media_type="application/pdf" if form == "pdf" else "text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="chat.{form}"'},
    )


@router.delete("/sessions/current")
async def end(who: InSession, chat: TheChat) -> dict[str, str]:
    """End the chat."""
    await chat.end(who.conversation_id, who.token)
    return {"status": "ended"}
