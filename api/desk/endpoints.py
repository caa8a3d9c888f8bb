"""The desk over HTTP. Signed in by an HttpOnly cookie; changes carry a header no form can send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Cookie, Depends, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.desk.agents import Agent, Agents
from api.desk.service import Desk
from api.errors import Forbidden
from api.text import MAX_CHARACTERS
from api.wakes import Wakes

COOKIE = "memberline_desk"
_KEEP_ALIVE_SECONDS = 15.0

router = APIRouter(prefix="/desk", tags=["desk"])


class SignIn(BaseModel):
    username: str = Field(max_length=100)
    password: str = Field(max_length=200)


class AgentText(BaseModel):
    text: str = Field(min_length=1, max_length=MAX_CHARACTERS)


class SuggestionAction(BaseModel):
    action: Literal["used", "edited", "dismissed"]
    text: str = Field(default="", max_length=MAX_CHARACTERS)


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
AtDesk = Annotated[Desk, Depends(_desk)]
changes = [Depends(from_the_desk)]


def _person(agent: Agent) -> dict[str, Any]:
    return {
        "username": agent.username,
        "name": agent.name,
        "role": agent.role,
        "companies": sorted(agent.companies),
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
async def me(agent: SignedIn) -> dict[str, Any]:
    """Who is signed in."""
    return {"agent": _person(agent)}


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
    await desk.suggestion_was(agent, conversation_id, suggestion_id, body.action, body.text)
    return {"status": "recorded"}


@router.post("/conversations/{conversation_id}/hand-back", dependencies=changes)
async def hand_back(conversation_id: str, agent: SignedIn, desk: AtDesk) -> dict[str, str]:
    """Give the conversation back to the assistant."""
    await desk.hand_back(agent, conversation_id)
    return {"status": "handed back"}


@router.post("/conversations/{conversation_id}/wrap-up", dependencies=changes)
async def wrap_up(
    conversation_id: str, body: WrapUp, agent: SignedIn, desk: AtDesk
) -> dict[str, str]:
    """Close the agent's part."""
    await desk.wrap_up(agent, conversation_id, body.disposition, body.summary)
    return {"status": "wrapped up"}


@router.get("/events")
async def events(agent: SignedIn, wakes: Annotated[Wakes, Depends(_wakes)]) -> StreamingResponse:
    """Server-sent events: what to fetch again. They carry ids and no member data."""
    del agent

    async def stream() -> AsyncIterator[str]:
        async with wakes.listen("desk") as waiting:
            yield ": connected\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(waiting.get(), _KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                data = {name: value for name, value in event.items() if name != "event"}
                yield f"event: {event['event']}\ndata: {json.dumps(data)}\n\n"

    return StreamingResponse(
        stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )
