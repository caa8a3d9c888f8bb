"""The chat over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from api.chat.service import Chat
from api.chat.sessions import ChatSessions
from api.errors import NotSignedIn

router = APIRouter(prefix="/chat", tags=["chat"])


class MemberMessage(BaseModel):
    client_message_id: str = Field(min_length=1, max_length=100)
    text: str | None = None
    button_id: str | None = Field(default=None, max_length=100)


class Rating(BaseModel):
    message_id: str = Field(max_length=100)
    rating: Literal["up", "down"]
    reason: str | None = Field(default=None, max_length=500)


@dataclass(frozen=True)
class Session:
    """Who is calling: one browser, one conversation."""

    token: str
    conversation_id: str


# Coroutines: functions would be run in threads, and a burst's messages would overtake each other.
async def _chat(request: Request) -> Chat:
    return request.app.state.parts.chat  # type: ignore[no-any-return]


async def _sessions(request: Request) -> ChatSessions:
    return request.app.state.parts.chat_sessions  # type: ignore[no-any-return]


async def session(
    sessions: Annotated[ChatSessions, Depends(_sessions)],
    authorization: Annotated[str, Header()] = "",
) -> Session:
    """The session of the bearer token. Raises NotSignedIn."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Send 'Authorization: Bearer TOKEN'.")
    return Session(token, await sessions.conversation_of(token))


InSession = Annotated[Session, Depends(session)]
TheChat = Annotated[Chat, Depends(_chat)]


@router.post("/sessions")
async def start(chat: TheChat) -> dict[str, Any]:
    """Begin a chat."""
    return await chat.start()


@router.post("/messages")
async def say(body: MemberMessage, who: InSession, chat: TheChat) -> dict[str, Any]:
    """Say something or press a button. The same client_message_id gets the same reply."""
    return await chat.say(who.conversation_id, body.client_message_id, body.text, body.button_id)


@router.get("/messages")
async def messages(
    who: InSession,
    chat: TheChat,
    after: Annotated[int, Query(ge=0)] = 0,
    wait: Annotated[float, Query(ge=0, le=25)] = 0,
) -> dict[str, Any]:
    """What came after a number."""
    return await chat.messages(who.conversation_id, after, wait)


@router.post("/feedback")
async def rate(body: Rating, who: InSession, chat: TheChat) -> dict[str, str]:
    """Thumbs up or down for a message."""
    await chat.rate(who.conversation_id, body.message_id, body.rating, body.reason)
    return {"status": "thank you"}


@router.get("/transcript", response_class=PlainTextResponse)
async def transcript(who: InSession, chat: TheChat) -> PlainTextResponse:
    """The conversation as a text file."""
    return PlainTextResponse(
        await chat.transcript(who.conversation_id),
        headers={"Content-Disposition": 'attachment; filename="chat.txt"'},
    )


@router.delete("/sessions/current")
async def end(who: InSession, chat: TheChat) -> dict[str, str]:
    """End the chat."""
    await chat.end(who.conversation_id, who.token)
    return {"status": "ended"}
