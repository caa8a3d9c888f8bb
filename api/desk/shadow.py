"""Suggested answers: the same model and the same answers, in shadow.

While a person owns a conversation, each message of the member runs through a copy of the tracker
in mode suggest: nothing is said to the member, booked, counted or changed. Only an emergency
speaks: the member sees the number to call, and the desk alarms.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Answer
from alliance.clock import Clock
from alliance.partners import Partners
from alliance.verified import Actor, VerifiedMember
from api.assistant import Assistant, Reply
from api.conversations.store import Conversation, ConversationStore, Draft, Message
from api.desk.agents import Agent, Agents
from api.errors import AssistantUnavailable, NotFound
from api.ids import new_id
from api.locks import ConversationLocks
from api.store import tables
from api.text import clean
from api.wakes import Wakes

log = structlog.get_logger()

MOST = 3
# Below this the desk stays silent: silence beats noise.
LEAST_CONFIDENCE = 0.4
# Small talk and not having understood are no help to an agent.
_UNHELPFUL = frozenset(
    {
        "out_of_scope",
        "unclear",
        "ask_capabilities",
        "inform",
        "repeat",
        "cancel",
        "speak_to_agent",
    }
)


class Shadows:
    """Makes suggestions, in the background, one conversation at a time."""

    def __init__(
        self,
        engine: AsyncEngine,
        store: ConversationStore,
        assistant: Assistant,
        locks: ConversationLocks,
        wakes: Wakes,
        partners: Partners,
        agents: Agents,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._store = store
        self._assistant = assistant
        self._locks = locks
        self._wakes = wakes
        self._partners = partners
        self._agents = agents
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, conversation: Conversation, message: Message) -> None:
        """Think along with a member's message; returns at once."""
        self._background(self._suggest(conversation, message))

    def heard_agent(self, conversation: Conversation, text: str) -> None:
        """The agent has spoken: the shadow hears it too; returns at once."""
        if conversation.shadow:
            self._background(self._feed(conversation.shadow, text))

    async def close(self) -> None:
        """Finish what is under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def current(self, conversation: Conversation) -> list[dict[str, Any]]:
        """The suggestions for the member's latest message that has any, best first."""
        table = tables.suggestions
        async with self._engine.connect() as connection:
            rows = (
                (
                    await connection.execute(
                        select(table)
                        .where(table.c.conversation_id == conversation.id)
                        .order_by(table.c.for_seq.desc(), table.c.confidence.desc())
                        .limit(MOST)
                    )
                )
                .mappings()
                .all()
            )
        newest = [row for row in rows if row["for_seq"] == rows[0]["for_seq"]]
        return [
            {"id": row["id"], "for_seq": row["for_seq"], **row["body"]}
            for row in newest
            if row["action"] is None
        ]

    async def record(
        self, conversation: Conversation, suggestion_id: str, agent: Agent, action: str, text: str
    ) -> None:
        """What the agent did with a suggestion. Raises NotFound."""
        table = tables.suggestions
        async with self._engine.begin() as connection:
            result = await connection.execute(
                update(table)
                .where(table.c.id == suggestion_id, table.c.conversation_id == conversation.id)
                .values(action=action, agent=agent.username, sent_text=text or None)
            )
        if result.rowcount != 1:
            raise NotFound("There is no such suggestion.")

    async def clear(self, conversation: Conversation) -> None:
        """What was suggested to one agent is not the next one's to see."""
        table = tables.suggestions
        async with self._engine.begin() as connection:
            await connection.execute(
                delete(table).where(
                    table.c.conversation_id == conversation.id, table.c.action.is_(None)
                )
            )

    async def end(self, conversation: Conversation) -> None:
        """The shadow's tracker and its open suggestions are thrown away."""
        await self.clear(conversation)
        if conversation.shadow:
            try:
                await self._assistant.forget(conversation.shadow)
            except AssistantUnavailable:
                log.warning("shadow_not_forgotten")

    def _background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _suggest(self, conversation: Conversation, message: Message) -> None:
        if conversation.shadow is None:
            return
        try:
            async with self._locks.hold(conversation.shadow):
                reply = await self._assistant.turn(
                    conversation.shadow,
                    clean(message.text),
                    "chat",
                    mode="suggest",
                    actor=Actor("agent", conversation.agent or ""),
                    member=await self._proof(conversation),
                )
            if reply.emergency:
                await self._alarm(conversation, message, reply.emergency)
            await self._keep(conversation, message, reply)
            await self._wakes.tell("desk", {"event": "conversation", "id": conversation.id})
        except (AssistantUnavailable, RedisError, SQLAlchemyError) as error:
            log.warning("no_suggestion", error=type(error).__name__)

    async def _proof(self, conversation: Conversation) -> VerifiedMember | None:
        """The member's proof, as far as the accepting agent may use it: its reads are the
        agent's, and companies this agent does not serve stay closed.
        """
        if conversation.agent is None:
            return None
        member = await self._assistant.verified(conversation.id)
        agent = await self._agents.get(conversation.agent)
        if member is None or agent is None or not agent.may_serve(member.person.home.partner):
            return None
        others = tuple(m for m in member.person.others if agent.may_serve(m.partner))
        return replace(
            member,
            person=replace(member.person, others=others),
            actor=Actor("agent", agent.username),
        )

    async def _alarm(self, conversation: Conversation, message: Message, answer: Answer) -> None:
        notice = Draft("system", answer.text, reply_to=message.id)
        await self._store.add(conversation.id, [notice])
        await self._wakes.tell(f"conversation:{conversation.id}", {"event": "message"})
        kind = str(answer.facts.get("kind", "life"))
        await self._wakes.tell("desk", {"event": "alarm", "id": conversation.id, "kind": kind})

    async def _keep(self, conversation: Conversation, message: Message, reply: Reply) -> None:
        helpful = [
            answer
            for answer in reply.answers
            if answer.intent not in _UNHELPFUL and answer.intent != "emergency"
        ][:MOST]
        if reply.confidence < LEAST_CONFIDENCE and not reply.asking:
            helpful = []
        async with self._engine.begin() as connection:
            for place, answer in enumerate(helpful):
                await connection.execute(
                    insert(tables.suggestions).values(
                        id=new_id(),
                        conversation_id=conversation.id,
                        for_seq=message.seq,
                        body=self._body(answer, reply),
                        confidence=reply.confidence - place / 1000,
                        at=self._clock.now(),
                    )
                )

    def _body(self, answer: Answer, reply: Reply) -> dict[str, Any]:
        intent = answer.intent or reply.intent
        return {
            "text": answer.text,
            "kind": answer.kind,
            "intent": intent,
            "title": intent.replace("_", " "),
            "confidence": round(reply.confidence, 3),
            "entities": [
                {"entity": entity["entity"], "value": str(entity.get("value", ""))}
                for entity in reply.entities
            ],
            "sources": [
                {
                    "partner": source.partner,
                    "company": partner.name
                    if (partner := self._partners.get(source.partner))
                    else "Alliance knowledge",
                    "resource": source.resource,
                    "fetched_at": source.fetched_at,
                }
                for source in answer.sources
            ],
        }

    async def _feed(self, shadow: str, text: str) -> None:
        try:
            async with self._locks.hold(shadow):
                await self._assistant.feed(shadow, text)
        except (AssistantUnavailable, RedisError) as error:
            log.warning("shadow_not_fed", error=type(error).__name__)
