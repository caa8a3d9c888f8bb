"""Suggested answers: the same model and the same answers, in shadow.

While a person owns a conversation, each message of the member runs through a copy of the tracker
in mode suggest: nothing is said to the member, booked, counted or changed, but that a proof ends
where somebody else goes on with the conversation, as it does without an agent. Only an emergency
speaks: the member sees the number to call, and the desk alarms. Who still waits is met, too, when
they tell that help is there or the danger over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from rapidfuzz.distance import Levenshtein
from redis.exceptions import RedisError
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from alliance.answer import Answer
from alliance.clock import Clock
from alliance.partners import Partners
from alliance.redaction import redacted
from alliance.verified import Actor, VerifiedMember
from api.assistant import Assistant, Reply
from api.conversations.store import Conversation, ConversationStore, Draft, Message
from api.desk.agents import Agent, Agents
from api.desk.handover import Handovers
from api.desk.suggesting import (
    MOST,
    is_knowledge,
    is_stale,
    person_of,
    proof_for,
    sources_of,
    suggestions,
)
from api.errors import AssistantUnavailable, NotFound
from api.ids import new_id
from api.locks import ConversationLocks
from api.store import tables
from api.text import clean
from api.wakes import Wakes

log = structlog.get_logger()
_Made = TypeVar("_Made")

# Suggestions to an agent's own question stand under no message of the member.
ASKED = 0
# What became of a suggestion that nobody used or dismissed: its words are gone.
LEFT = "left"


class Shadows:
    """Makes suggestions, in the background, one conversation at a time."""

    def __init__(
        self,
        engine: AsyncEngine,
        store: ConversationStore,
        assistant: Assistant,
        handovers: Handovers,
        locks: ConversationLocks,
        wakes: Wakes,
        partners: Partners,
        agents: Agents,
        clock: Clock,
    ) -> None:
        self._refreshing: set[str] = set()
        self._engine = engine
        self._store = store
        self._assistant = assistant
        self._handovers = handovers
        self._locks = locks
        self._wakes = wakes
        self._partners = partners
        self._agents = agents
        self._clock = clock
        self._tasks: set[asyncio.Task[Any]] = set()

    def follow(
        self, conversation: Conversation, message: Message, *, proven_since: bool = False
    ) -> asyncio.Task[Message | None]:
        """Think along with a member's message, in the background; the task tells what was said to
        the member, if they told of danger. `proven_since`: the member was proven after it.
        """
        return self._background(self._suggest(conversation, message, proven_since))

    def heard_agent(self, conversation: Conversation, text: str) -> None:
        """The agent has spoken: the shadow hears it too; returns at once."""
        if conversation.shadow:
            self._background(self._feed(conversation.shadow, text))

    async def close(self) -> None:
        """Finish what is under way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def current(self, conversation: Conversation) -> list[dict[str, Any]]:
        """The suggestions for the member's newest message, best first: one that none are made for
        takes those before it away. What rests on somebody's data is left out when that person is
        not proven any more.

        Raises redis.RedisError.
        """
        table, messages = tables.suggestions, tables.messages
        newest = select(func.max(messages.c.seq)).where(
            messages.c.conversation_id == conversation.id, messages.c.sender == "member"
        )
        query = (
            select(table)
            .where(
                table.c.conversation_id == conversation.id,
                table.c.for_seq == newest.scalar_subquery(),
                table.c.action.is_(None),
            )
            .order_by(table.c.confidence.desc())
            .limit(MOST)
        )
        proven = person_of(await self._assistant.verified(conversation.id))
        async with self._engine.connect() as connection:
            found = (await connection.execute(query)).mappings().all()
        rows = [row for row in found if row["body"].get("member") in (None, proven)]
        now = self._clock.now()
        stale = [
            dict(row)
            for row in rows
            if is_stale(row["body"], now) and row["id"] not in self._refreshing
        ]
        if stale:
            self._refreshing.update(row["id"] for row in stale)
            self._background(self._refresh(conversation, stale))
        return [{"id": row["id"], "for_seq": row["for_seq"], **_told(row["body"])} for row in rows]

    async def record(
        self,
        conversation: Conversation,
        suggestion_id: str,
        agent: Agent,
        action: str,
        text: str,
        reason: str,
    ) -> None:
        """What the agent did with a suggestion. Raises NotFound."""
        table = tables.suggestions
        where = (
            table.c.id == suggestion_id,
            table.c.conversation_id == conversation.id,
            table.c.action.is_distinct_from(LEFT),
        )
        async with self._engine.begin() as connection:
            found = (
                await connection.execute(select(table.c.body, table.c.for_seq).where(*where))
            ).first()
            if found is None:
                raise NotFound("There is no such suggestion.")
            body, for_seq = found
            changed = Levenshtein.normalized_distance(body["text"], text) if text else None
            await connection.execute(
                update(table)
                .where(*where)
                .values(
                    action=action,
                    agent=agent.username,
                    sent_text=text or None,
                    changed=changed,
                    reason=reason or None,
                )
            )
            if reason == "wrong" and for_seq > ASKED:
                await self._to_learn(connection, conversation, for_seq, body)
            if action != "dismissed":
                # The member is told it now: "who was told this?" finds it.
                for source in body["sources"] or [{"partner": None, "resource": None}]:
                    await connection.execute(
                        insert(tables.told).values(
                            id=new_id(),
                            conversation_id=conversation.id,
                            seq=for_seq,
                            channel=conversation.channel,
                            intent=body["intent"],
                            partner=conversation.partner
                            if is_knowledge(source["resource"])
                            else source["partner"] or conversation.partner,
                            source=source["resource"],
                            agent=agent.username,
                            at=self._clock.now(),
                        )
                    )

    async def _to_learn(
        self,
        connection: AsyncConnection,
        conversation: Conversation,
        seq: int,
        body: Mapping[str, Any],
    ) -> None:
        """The message was misunderstood, an agent says: kept without who said it."""
        said = (
            await connection.execute(
                select(tables.messages.c.text).where(
                    tables.messages.c.conversation_id == conversation.id,
                    tables.messages.c.seq == seq,
                )
            )
        ).scalar_one()
        await connection.execute(
            insert(tables.training_candidates).values(
                id=new_id(),
                created_at=self._clock.now(),
                channel=conversation.channel,
                partner=conversation.partner,
                text=redacted(said),
                suggested=[{"intent": body["intent"], "confidence": body["confidence"]}],
                chosen=None,
                status="new",
            )
        )

    async def clear(self, conversation: Conversation) -> None:
        """What was suggested to one agent is not the next one's to see. That there was something
        stays, for the figures.
        """
        table = tables.suggestions
        async with self._engine.begin() as connection:
            await connection.execute(
                update(table)
                .where(table.c.conversation_id == conversation.id, table.c.action.is_(None))
                .values(action=LEFT, body={})
            )

    async def member_proven(self, conversation: Conversation) -> None:
        """Somebody was verified: what was suggested until now is about nobody or somebody else.
        What is being thought of just now is waited for, and goes as well.
        """
        await self.clear(conversation)
        async with self._locks.hold(conversation.shadow or conversation.id):
            await self.clear(conversation)

    async def end(self, conversation: Conversation) -> None:
        """The shadow's tracker and its open suggestions are thrown away."""
        await self.clear(conversation)
        if conversation.shadow:
            try:
                await self._assistant.forget(conversation.shadow)
            except AssistantUnavailable:
                log.warning("shadow_not_forgotten")

    def _background(self, work: Coroutine[Any, Any, _Made]) -> asyncio.Task[_Made]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _suggest(
        self, conversation: Conversation, message: Message, proven_since: bool
    ) -> Message | None:
        if conversation.shadow is None:
            return None
        warning = None
        try:
            async with self._locks.hold(conversation.shadow):
                member = await self._proof(conversation)
                reply = await self._assistant.turn(
                    conversation.shadow,
                    clean(message.text),
                    "chat",
                    mode="suggest",
                    actor=Actor("agent", conversation.agent or ""),
                    member=member,
                    proven_since=proven_since,
                )
                if reply.closes:
                    member = None
                    await self._close(conversation)
                await self._keep(conversation, message.seq, reply, member)
            if reply.emergency:
                warning = await self._alarm(conversation, message, reply.emergency)
            elif reply.relief and conversation.agent is None:
                warning = await self._told(conversation, message, reply.relief)
            await self._wakes.tell("desk", {"event": "conversation", "id": conversation.id})
        except (AssistantUnavailable, RedisError, SQLAlchemyError) as error:
            log.warning("no_suggestion", error=type(error).__name__)
        return warning

    async def _proof(self, conversation: Conversation) -> VerifiedMember | None:
        """The member's proof, as far as the accepting agent may use it."""
        if conversation.agent is None:
            return None
        agent = await self._agents.get(conversation.agent)
        member = await self._assistant.verified(conversation.id)
        return proof_for(member, agent.companies, Actor("agent", agent.username)) if agent else None

    async def _close(self, conversation: Conversation) -> None:
        """End the member's proof: somebody else speaks now, whom the agent has to verify anew."""
        await self._assistant.forget_verified(conversation.id)
        await self.clear(conversation)
        handover = await self._handovers.current(conversation.id)
        if handover:
            await self._handovers.note(handover.id, level=0, method=None)
        await self._wakes.tell(f"conversation:{conversation.id}", {"event": "state"})

    async def _told(self, conversation: Conversation, message: Message, answer: Answer) -> Message:
        notice = Draft("system", answer.text, reply_to=message.id)
        (told,) = await self._store.add(conversation.id, [notice])
        await self._wakes.tell(f"conversation:{conversation.id}", {"event": "message"})
        return told

    async def _alarm(self, conversation: Conversation, message: Message, answer: Answer) -> Message:
        warning = await self._told(conversation, message, answer)
        kind = str(answer.facts.get("kind", "life"))
        await self._wakes.tell("desk", {"event": "alarm", "id": conversation.id, "kind": kind})
        return warning

    async def ask(self, conversation: Conversation, text: str) -> list[dict[str, Any]]:
        """Answers to an agent's own question, from a memory that is thrown away at once: the
        member's conversation does not hear it. Raises AssistantUnavailable, redis.RedisError.
        """
        aside = f"ask-{new_id()}"
        member = await self._proof(conversation)
        try:
            reply = await self._assistant.turn(
                aside,
                clean(text),
                "chat",
                mode="suggest",
                actor=Actor("agent", conversation.agent or ""),
                member=member,
            )
        finally:
            await self._assistant.forget(aside)
        now = await self._proof(conversation)
        if (now and now.person) != (member and member.person):
            # Another person was verified meanwhile.
            return []
        return await self._keep(conversation, ASKED, reply, member)

    async def _keep(
        self, conversation: Conversation, seq: int, reply: Reply, member: VerifiedMember | None
    ) -> list[dict[str, Any]]:
        made = [
            {"id": new_id(), "for_seq": seq, **body}
            for body in suggestions(reply, self._partners, self._clock.now())
        ]
        async with self._engine.begin() as connection:
            owned = await connection.execute(
                select(tables.conversations.c.agent).where(
                    tables.conversations.c.id == conversation.id
                )
            )
            # It has moved on while this was thought of: made with another agent's rights.
            if owned.scalar_one_or_none() != conversation.agent:
                return []
            for place, one in enumerate(made):
                body = {k: v for k, v in one.items() if k not in ("id", "for_seq")}
                body["member"] = person_of(member)
                await connection.execute(
                    insert(tables.suggestions).values(
                        id=one["id"],
                        conversation_id=conversation.id,
                        for_seq=seq,
                        body=body,
                        confidence=reply.confidence - place / 1000,
                        at=self._clock.now(),
                    )
                )
        return made

    async def _refresh(self, conversation: Conversation, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same message again, with facts of now, in a copy of the shadow: so "why was it
        denied?" is asked about the same claim. What has no answer any more goes.
        """
        ids = [row["id"] for row in rows]
        try:
            given = await self._again(conversation, rows[0]["for_seq"])
            table = tables.suggestions
            async with self._engine.begin() as connection:
                for row in rows:
                    fresh = next((a for a in given if a.intent == row["body"]["intent"]), None)
                    if fresh is None:
                        await connection.execute(delete(table).where(table.c.id == row["id"]))
                        continue
                    told = {"text": fresh.text, "sources": sources_of(fresh, self._partners)}
                    await connection.execute(
                        update(table)
                        # Unless it was used, dismissed or cleared meanwhile.
                        .where(table.c.id == row["id"], table.c.action.is_(None))
                        .values(body={**row["body"], **told})
                    )
            await self._wakes.tell("desk", {"event": "conversation", "id": conversation.id})
        except (AssistantUnavailable, RedisError, SQLAlchemyError) as error:
            log.warning("suggestion_not_refreshed", error=type(error).__name__)
        finally:
            self._refreshing.difference_update(ids)

    async def _again(self, conversation: Conversation, seq: int) -> Sequence[Answer]:
        """What a message of the member is answered now; nothing remembers that it was asked."""
        messages = await self._store.messages(conversation.id)
        said = next((m.text for m in messages if m.seq == seq), None)
        if said is None or conversation.shadow is None:
            return ()
        aside = f"again-{new_id()}"
        try:
            async with self._locks.hold(conversation.shadow):
                await self._assistant.seed(conversation.shadow, aside)
            reply = await self._assistant.turn(
                aside,
                clean(said),
                "chat",
                mode="suggest",
                actor=Actor("agent", conversation.agent or ""),
                member=await self._proof(conversation),
                proven_since=True,
            )
        finally:
            await self._assistant.forget(aside)
        return reply.answers

    async def _feed(self, shadow: str, text: str) -> None:
        try:
            async with self._locks.hold(shadow):
                await self._assistant.feed(shadow, text)
        except (AssistantUnavailable, RedisError) as error:
            log.warning("shadow_not_fed", error=type(error).__name__)


def _told(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the page is told of a suggestion."""
    return {name: value for name, value in body.items() if name != "member"}
