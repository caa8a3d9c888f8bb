"""The desk over HTTP. Signed in by an HttpOnly cookie; changes carry a header no form can send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Cookie, Depends, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.desk.agents import Administrator, Agent, Agents, Supervisor
from api.desk.service import Desk
from api.errors import Forbidden
from api.text import MAX_CHARACTERS
from api.wakes import Wakes

COOKIE = "memberline_desk"
# Shorter than the time after which a page counts as gone (api/desk/agents.py).
_KEEP_ALIVE_SECONDS = 10.0

router = APIRouter(prefix="/desk", tags=["desk"])


class SignIn(BaseModel):
    username: str = Field(max_length=100)
    password: str = Field(max_length=200)


class AgentText(BaseModel):
    text: str = Field(min_length=1, max_length=MAX_CHARACTERS)


class SuggestionAction(BaseModel):
    """`text` is what was sent, `reason` why it was dismissed."""

    action: Literal["used", "edited", "dismissed"]
    text: str = Field(default="", max_length=MAX_CHARACTERS)
    reason: Literal["", "wrong", "outdated", "wrong_tone", "not_needed", "other"] = ""


class Presence(BaseModel):
    available: bool


class Transfer(BaseModel):
    """To an agent (user name) or a queue (key of routing.yml); neither: the queue it came from."""

    agent: str | None = Field(default=None, max_length=100)
    queue: str | None = Field(default=None, max_length=100)
    note: str = Field(min_length=1, max_length=MAX_CHARACTERS)


class HandBack(BaseModel):
    """`summary` is what the member reads; `topic` (an intent) what the assistant goes on with."""

    summary: str = Field(default="", max_length=MAX_CHARACTERS)
    topic: str | None = Field(default=None, max_length=100)


class WrapUp(BaseModel):
    disposition: str = Field(min_length=1, max_length=100)
    summary: str = Field(default="", max_length=MAX_CHARACTERS)


def _agents(request: Request) -> Agents:
    return request.app.state.parts.agents  # type: ignore[no-any-return]


def _desk(request: Request) -> Desk:
    return request.app.state.parts.desk  # type: ignore[no-any-return]


def _wakes(request: Request) -> Wakes:
    return request.app.state.parts.wakes  # type: ignore[no-any-return]


async def signed_in(
    agents: Annotated[Agents, Depends(_agents)], memberline_desk: Annotated[str, Cookie()] = ""
) -> Agent:
    """The agent of the session cookie. Raises NotSignedIn."""
    return await agents.of_session(memberline_desk)


def from_the_desk(x_requested_with: Annotated[str, Header()] = "") -> None:
    """Another site's form cannot send this header, so it cannot act with the agent's cookie."""
    if x_requested_with != "memberline-desk":
        raise Forbidden("Send the header X-Requested-With: memberline-desk.")


SignedIn = Annotated[Agent, Depends(signed_in)]


async def supervising(agent: SignedIn) -> Supervisor:
    """The same, when it is a supervisor. Raises NotSignedIn, Forbidden."""
    if not isinstance(agent, Supervisor):
        raise Forbidden("This is for supervisors.")
    return agent


async def administering(agent: SignedIn) -> Administrator:
    """The same, when it is an administrator. Raises NotSignedIn, Forbidden."""
    if not isinstance(agent, Administrator):
        raise Forbidden("This is for administrators.")
    return agent


Supervising = Annotated[Supervisor, Depends(supervising)]
Administering = Annotated[Administrator, Depends(administering)]
AtAgents = Annotated[Agents, Depends(_agents)]
AtDesk = Annotated[Desk, Depends(_desk)]
changes = [Depends(from_the_desk)]


def _person(agent: Agent) -> dict[str, Any]:
    return {
        "username": agent.username,
        "name": agent.name,
        "role": agent.role,
        "companies": sorted(agent.companies),
        "skills": sorted(agent.skills),
        "chat_limit": agent.chat_limit,
        "available": agent.available,
    }


@router.post("/sessions", dependencies=changes)
async def sign_in(
    body: SignIn, response: Response, request: Request, agents: Annotated[Agents, Depends(_agents)]
) -> dict[str, Any]:
    """Sign in."""
    agent, token = await agents.sign_in(body.username, body.password)
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return {"agent": _person(agent)}


@router.delete("/sessions/current", dependencies=changes)
async def sign_out(
    response: Response,
    agents: Annotated[Agents, Depends(_agents)],
    memberline_desk: Annotated[str, Cookie()] = "",
) -> dict[str, str]:
    """Sign out."""
    await agents.sign_out(memberline_desk)
    response.delete_cookie(COOKIE)
    return {"status": "signed out"}


@router.get("/me")
async def me(request: Request, agent: SignedIn) -> dict[str, Any]:
    """Who is signed in, the names of the companies, and what each asks for instead of the card."""
    parts = request.app.state.parts
    return {
        "agent": _person(agent),
        "companies": parts.companies,
        "second_factors": parts.second_factors,
    }


@router.post("/me/presence", dependencies=changes)
async def presence(
    body: Presence, agent: SignedIn, agents: AtAgents, wakes: Annotated[Wakes, Depends(_wakes)]
) -> dict[str, bool]:
    """Whether the agent takes conversations now."""
    await agents.set_available(agent.username, body.available)
    await wakes.tell("desk", {"event": "queue"})
    return {"available": body.available}


@router.get("/colleagues")
async def colleagues(agent: SignedIn, desk: AtDesk) -> dict[str, Any]:
    """To whom a conversation can be passed on."""
    return await desk.colleagues(agent)


@router.get("/queue")
async def queue(agent: SignedIn, desk: AtDesk) -> dict[str, Any]:
    """Conversations that wait, and the agent's own."""
    return {"conversations": await desk.queue(agent)}


@router.get("/conversations/{conversation_id}")
async def read(conversation_id: str, agent: SignedIn, desk: AtDesk) -> dict[str, Any]:
    """One conversation."""
    return await desk.read(agent, conversation_id)


@router.post("/conversations/{conversation_id}/accept", dependencies=changes)
async def accept(conversation_id: str, agent: SignedIn, desk: AtDesk) -> dict[str, str]:
    """Take it; 409 when another was faster."""
    await desk.accept(agent, conversation_id)
    return {"status": "accepted"}


@router.post("/conversations/{conversation_id}/messages", dependencies=changes)
async def say(
    conversation_id: str, body: AgentText, agent: SignedIn, desk: AtDesk
) -> dict[str, Any]:
    """Say something to the member."""
    return (await desk.say(agent, conversation_id, body.text)).to_json()


@router.post("/conversations/{conversation_id}/typing", dependencies=changes)
async def typing(conversation_id: str, agent: SignedIn, desk: AtDesk) -> dict[str, str]:
    """The agent is writing."""
    await desk.typing(agent, conversation_id)
    return {"status": "told"}


@router.post("/conversations/{conversation_id}/transfer", dependencies=changes)
async def transfer(
    conversation_id: str, body: Transfer, agent: SignedIn, desk: AtDesk
) -> dict[str, str]:
    """Pass it on to a colleague or a queue."""
    await desk.transfer(agent, conversation_id, to=body.agent, queue=body.queue, note=body.note)
    return {"status": "transferred"}


@router.get("/conversations/{conversation_id}/suggestions")
async def suggestions(conversation_id: str, agent: SignedIn, desk: AtDesk) -> dict[str, Any]:
    """Suggested answers to the member's last message."""
    return {"suggestions": await desk.suggestions(agent, conversation_id)}


@router.post("/conversations/{conversation_id}/suggestions/{suggestion_id}", dependencies=changes)
async def suggestion_was(
    conversation_id: str,
    suggestion_id: str,
    body: SuggestionAction,
    agent: SignedIn,
    desk: AtDesk,
) -> dict[str, str]:
    """Record whether a suggestion was used, edited or dismissed."""
    await desk.suggestion_was(
        agent, conversation_id, suggestion_id, body.action, body.text, body.reason
    )
    return {"status": "recorded"}


@router.post("/conversations/{conversation_id}/ask", dependencies=changes)
async def ask(
    conversation_id: str, body: AgentText, agent: SignedIn, desk: AtDesk
) -> dict[str, Any]:
    """Ask the knowledge and the companies; nothing is told to the member."""
    return {"suggestions": await desk.ask(agent, conversation_id, body.text)}


@router.get("/conversations/{conversation_id}/hand-back")
async def hand_back_draft(conversation_id: str, agent: SignedIn, desk: AtDesk) -> dict[str, Any]:
    """A summary for the member, and the topics that the assistant could go on with."""
    return await desk.hand_back_draft(agent, conversation_id)


@router.post("/conversations/{conversation_id}/hand-back", dependencies=changes)
async def hand_back(
    conversation_id: str, agent: SignedIn, desk: AtDesk, body: HandBack | None = None
) -> dict[str, str]:
    """Give the conversation back to the assistant, which goes on from the summary."""
    given = body or HandBack()
    await desk.hand_back(agent, conversation_id, given.summary.strip(), given.topic)
    return {"status": "handed back"}


@router.get("/conversations/{conversation_id}/wrap-up")
async def draft(conversation_id: str, agent: SignedIn, desk: AtDesk) -> dict[str, str]:
    """A summary of the whole conversation and an outcome, for the agent to edit."""
    return await desk.draft(agent, conversation_id)


@router.post("/conversations/{conversation_id}/wrap-up", dependencies=changes)
async def wrap_up(
    conversation_id: str, body: WrapUp, agent: SignedIn, desk: AtDesk
) -> dict[str, str]:
    """Close the agent's part."""
    await desk.wrap_up(agent, conversation_id, body.disposition, body.summary)
    return {"status": "wrapped up"}


@router.get("/events")
async def events(
    agent: SignedIn, agents: AtAgents, desk: AtDesk, wakes: Annotated[Wakes, Depends(_wakes)]
) -> StreamingResponse:
    """Server-sent events: what to fetch again. They carry ids and no member data; an alarm comes
    to the agent of the conversation and the supervisors of its company. As long as the stream is
    read, the agent's page counts as connected.
    """

    async def stream() -> AsyncIterator[str]:
        async with wakes.listen("desk") as waiting:
            yield ": connected\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(waiting.get(), _KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    await agents.seen(agent.username)
                    yield ": still here\n\n"
                    continue
                if event.get("kind") == "case":
                    # A case that its company does not take is no emergency of anybody's.
                    event = {"event": "callbacks"}
                if event["event"] == "alarm" and not await desk.hears_alarm(agent, event["id"]):
                    continue
                data = {name: value for name, value in event.items() if name != "event"}
                yield f"event: {event['event']}\ndata: {json.dumps(data)}\n\n"
                # Afterwards: the page need not wait until the store has written it.
                await agents.seen(agent.username)

    return StreamingResponse(
        stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )
