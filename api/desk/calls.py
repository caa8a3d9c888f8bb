"""Calls that the assistant has now, for whoever serves the company: live, before any hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.verified import VerifiedMember
from api.assistant import Assistant
from api.conversations.store import Conversation, ConversationStore
from api.conversations.topics import administrator
from api.desk.agents import Agent
from api.desk.endpoints import SignedIn
from api.errors import Forbidden, NotFound
from api.store import tables

# A caller who hangs up is not always told of; a call in which nothing was said for so long is over.
_SILENT = timedelta(minutes=10)
_MOST = 200

router = APIRouter(prefix="/desk/calls", tags=["desk"])


@dataclass(frozen=True)
class _Call:
    conversation: Conversation
    member: VerifiedMember | None
    began: datetime
    spoke: datetime
    failures: int

    @property
    def partner(self) -> str | None:
        """The company that the caller belongs to, as far as it is known."""
        topics = self.conversation.topics
        if self.member is None:
            return topics.partner
        return administrator(topics, self.member) or self.member.person.home.partner


class RunningCalls:
    """Who may listen along: agents of the caller's company. Of a caller whose company is not known
    yet only who serves every company, whichever it turns out to be.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        store: ConversationStore,
        assistant: Assistant,
        companies: Mapping[str, str],
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._store = store
        self._assistant = assistant
        self._companies = companies
        self._clock = clock

    async def current(self, agent: Agent) -> list[dict[str, Any]]:
        """The calls that the agent may listen to, the longest first."""
        found = [call for call in await self._running() if self._may_hear(agent, call)]
        return [self._line(call) for call in sorted(found, key=lambda call: call.began)]

    async def read(self, agent: Agent, conversation_id: str) -> dict[str, Any]:
        """A call with what was said until now. Raises NotFound, Forbidden."""
        call = next(
            (c for c in await self._running() if c.conversation.id == conversation_id), None
        )
        if call is None:
            raise NotFound("There is no such call, or it has ended or gone to a person.")
        if not self._may_hear(agent, call):
            raise Forbidden("This caller belongs to a company that you do not serve.")
        messages = await self._store.messages(conversation_id)
        return {**self._line(call), "messages": [message.to_json() for message in messages]}

    def _may_hear(self, agent: Agent, call: _Call) -> bool:
        if call.partner is None:
            return agent.companies.issuperset(self._companies)
        return agent.may_serve(call.partner)

    async def _running(self) -> list[_Call]:
        calls, conversations, messages = tables.calls, tables.conversations, tables.messages
        spoke = func.max(messages.c.at).label("spoke")
        query = (
            select(calls.c.conversation_id, calls.c.created_at, calls.c.failures, spoke)
            .join(conversations, conversations.c.id == calls.c.conversation_id)
            .join(messages, messages.c.conversation_id == calls.c.conversation_id)
            .where(calls.c.ended_at.is_(None), conversations.c.owner == "assistant")
            .group_by(calls.c.conversation_id, calls.c.created_at, calls.c.failures)
            .having(spoke >= self._clock.now() - _SILENT)
            .limit(_MOST)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).all()
        found = []
        for row in rows:
            conversation = await self._store.get(row.conversation_id)
            if conversation:
                member = await self._proof(conversation.id)
                found.append(_Call(conversation, member, row.created_at, row.spoke, row.failures))
        return found

    async def _proof(self, conversation_id: str) -> VerifiedMember | None:
        try:
            return await self._assistant.verified(conversation_id)
        except RedisError:
            return None

    def _line(self, call: _Call) -> dict[str, Any]:
        now = self._clock.now()
        member = call.member
        return {
            "id": call.conversation.id,
            "channel": call.conversation.channel,
            "owner": call.conversation.owner,
            "agent": None,
            "partner": call.partner,
            "company": self._companies.get(call.partner or "", "Company not known"),
            "first_name": member.person.first_name if member else None,
            "verified": member is not None,
            "level": member.level if member else 0,
            "method": member.method if member else None,
            "topic": call.conversation.topics.latest,
            "language": call.conversation.topics.language,
            "failures": call.failures,
            "seconds": int((now - call.began).total_seconds()),
            "silent_seconds": int((now - call.spoke).total_seconds()),
        }


def _calls(request: Request) -> RunningCalls:
    return request.app.state.parts.running_calls  # type: ignore[no-any-return]


TheCalls = Annotated[RunningCalls, Depends(_calls)]


@router.get("")
async def calls(agent: SignedIn, running: TheCalls) -> dict[str, Any]:
    """The calls that the assistant has now."""
    return {"calls": await running.current(agent)}


@router.get("/{conversation_id}")
async def listen_along(conversation_id: str, agent: SignedIn, running: TheCalls) -> dict[str, Any]:
    """One of them, with its transcript as the turns come in."""
    return await running.read(agent, conversation_id)
