"""Handing a conversation to a person of the right company."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal

import structlog
import yaml
from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from alliance.clock import Clock
from alliance.hours import is_open, next_opening
from alliance.intents import INTENTS_FILE, intent_titles
from alliance.partners import Partner, Partners
from alliance.routing import Asked, Destination, Routing
from alliance.verified import IDLE_LIMIT, VerifiedMember
from api.assistant import Assistant
from api.conversations.store import Conversation, ConversationStore, Message
from api.conversations.topics import Topics
from api.desk.agents import GONE, Agent
from api.desk.waiting import WaitingTimes, waiting_words
from api.errors import AssistantUnavailable, Conflict
from api.ids import new_id
from api.store import tables
from api.wakes import Wakes

log = structlog.get_logger()

StepKind = Literal["accepted", "transferred", "requeued", "taken_over", "unlocked"]

_SUMMARY_MESSAGES = 6
_SUMMARY_CHARACTERS = 160
_FIGURE = re.compile(r"\d")
# What the answers mark as urgent goes before every route's own priority.
_URGENT = 10
_USUAL = 5
# A member who has written nothing for so long may be doing something else.
IDLE_AFTER = timedelta(minutes=5)


METHODS: Mapping[str, str] = {
    "id_dob_zip": "by member ID, date of birth and ZIP code",
    "name": "by name, date of birth and address, without the card",
    "portal": "by signing in at the portal",
    "one_time_code": "by a one-time code",
    "agent": "by an agent",
}


@cache
def titles() -> Mapping[str, str]:
    """What the topics are called to people."""
    return intent_titles(yaml.safe_load(INTENTS_FILE.read_text("utf-8")))


@dataclass(frozen=True)
class Handover:
    """A conversation that waits for, or has, a person. `partner` None: no company is known."""

    id: str
    conversation_id: str
    partner: str | None
    queue: str
    reason: str
    summary: str
    level: int
    first_name: str | None
    created_at: datetime
    route: str | None = None
    topic: str | None = None
    skills: tuple[str, ...] | list[str] | None = None
    priority: int | None = None
    language: str | None = None
    method: str | None = None
    answered: list[str] | None = None
    accepted_at: datetime | None = None

    @property
    def rank(self) -> tuple[int, datetime]:
        """The smallest is next: the highest priority, then who waits longest."""
        return (-(_USUAL if self.priority is None else self.priority), self.created_at)


@dataclass(frozen=True)
class Quiet:
    """How long the member of a chat has written nothing; `left`: they have ended the chat."""

    since: timedelta
    left: bool

    @property
    def state(self) -> Literal["active", "idle", "abandoned"]:
        """What the desk marks it as."""
        if self.left or self.since >= IDLE_LIMIT:
            return "abandoned"
        return "idle" if self.since >= IDLE_AFTER else "active"


class Handovers:
    """Opens, lists and closes hand-overs."""

    def __init__(
        self,
        engine: AsyncEngine,
        store: ConversationStore,
        assistant: Assistant,
        wakes: Wakes,
        partners: Partners,
        routing: Routing,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._store = store
        self._assistant = assistant
        self._wakes = wakes
        self._partners = partners
        self._routing = routing
        self._clock = clock
        self._times = WaitingTimes(engine, clock)

    def destination(
        self,
        conversation: Conversation,
        detail: Mapping[str, Any],
        member: VerifiedMember | None,
    ) -> Destination:
        """Where routing.yml sends the conversation, with what is known about it."""
        topics = conversation.topics
        partner = self._partners.get(detail.get("partner"))
        asked = Asked(
            intent=detail.get("topic") or topics.latest,
            caller=None if member else topics.caller,
            partner=partner.key if partner else None,
            product=topics.product,
            language=str(detail.get("language") or topics.language),
            level=member.level if member else 0,
            urgent=is_urgent(detail),
        )
        return self._routing.destination(asked, self._clock.now())

    async def open(
        self,
        conversation: Conversation,
        detail: Mapping[str, Any],
        member: VerifiedMember | None,
    ) -> str | None:
        """Put the conversation into the queue that routing.yml gives. None when it is in one
        already.
        """
        shadow = new_id()
        partner = self._partners.get(detail.get("partner"))
        key = partner.key if partner else None
        handover_id = new_id()
        destination = self.destination(conversation, detail, member)
        topics = conversation.topics
        messages = await self._store.messages(conversation.id)
        table = tables.conversations
        # Both or none: a conversation in a queue without its hand-over would be seen by nobody.
        async with self._engine.begin() as connection:
            moved = await connection.execute(
                update(table)
                .where(table.c.id == conversation.id, table.c.owner == "assistant")
                .values(owner="queue", partner=key, shadow=shadow)
            )
            if moved.rowcount != 1:
                return None
            await connection.execute(
                insert(tables.handovers).values(
                    id=handover_id,
                    conversation_id=conversation.id,
                    partner=key,
                    queue=destination.queue.name,
                    reason=str(detail.get("reason") or ""),
                    summary=_summary(messages, self._known(topics, member)),
                    level=member.level if member else 0,
                    first_name=member.person.first_name if member else None,
                    route=destination.name,
                    topic=detail.get("topic") or topics.latest,
                    skills=list(destination.skills),
                    priority=_URGENT if is_urgent(detail) else destination.priority,
                    language=str(detail.get("language") or topics.language),
                    method=member.method if member else None,
                    answered=list(topics.answered),
                    created_at=self._clock.now(),
                )
            )
        await self._seed(conversation.id, shadow)
        await self._wakes.tell("desk", {"event": "queue"})
        return handover_id

    def _known(self, topics: Topics, member: VerifiedMember | None) -> list[str]:
        """Who it is and how that is known, what was asked, what was answered and what is open:
        topics and companies, no figures of anybody's file.
        """
        lines = ["Verified: nobody"]
        if member:
            home = self._partners[member.person.home.partner].name
            how = METHODS[member.method]
            lines = [
                f"Verified: {member.person.first_name or 'the member'}, with {home}, {how}, "
                f"level {member.level}"
            ]
        open_topics = [intent for intent in topics.asked if intent not in topics.answered]
        by = self._partners.get(topics.partner)
        for label, intents in (
            ("Asked", topics.asked),
            ("Answered", topics.answered),
            ("Open", open_topics),
        ):
            if intents:
                lines.append(f"{label}: {', '.join(titles().get(i, i) for i in intents)}")
        if by:
            lines.append(f"Last answered from the files of {by.name}")
        return lines

    async def waiting(self, conversation: Conversation) -> str:
        """What the member reads while waiting: honest, with the time that it took others lately
        and a way on by phone.
        """
        handover = await self.current(conversation.id)
        partner = self._line_of(conversation.partner, handover)
        minutes = await self._times.usual(handover.queue) if handover else None
        how_long = waiting_words(minutes, conversation.topics.language)
        if conversation.topics.language == "es":
            line = f" También puede llamar al {partner.phone.member_services}." if partner else ""
            return (
                "Está en la fila. Una persona que habla español, o con un intérprete, le "
                f"contestará aquí en cuanto esté libre. {how_long}{line}"
            )
        if partner is None:
            free = "A person will answer here as soon as one is free."
            return f"You are in the queue. {free} {how_long}"
        answered = (
            f"A person will answer here as soon as one is free. {how_long}"
            if is_open(partner.phone, self._clock.now())
            else "They are closed now. Your message stays here, and a person will answer when they "
            "open again."
        )
        return (
            f"You are in the queue of {partner.name} member services. {answered} You can also call "
            f"{partner.phone.member_services} (TTY {partner.phone.tty})."
        )

    def _line_of(self, key: str | None, handover: Handover | None) -> Partner | None:
        """The company whose people it waits for; None where the front desk answers instead, as
        theirs have gone home.
        """
        front = self._routing.queue(None).name
        return None if handover and handover.queue == front else self._partners.get(key)

    async def place(self, conversation: Conversation) -> str:
        """What a member reads who asks how much longer: their place, and what they were told."""
        number = await self.position(conversation.id)
        told = await self.waiting(conversation)
        if number is None:
            return told
        if conversation.topics.language == "es":
            return f"{'Es el siguiente' if number == 1 else f'Es el número {number}'}. {told}"
        return f"{'You are next' if number == 1 else f'You are number {number}'}. {told}"

    async def usual_wait(self, queue: str) -> int | None:
        """How long those lately accepted from a queue waited, in minutes; None where too few were.
        Raises sqlalchemy.exc.SQLAlchemyError.
        """
        return await self._times.usual(queue)

    async def current(self, conversation_id: str) -> Handover | None:
        """The conversation's open hand-over."""
        found = await self._rows(conversation_id=conversation_id)
        return found[-1] if found else None

    async def position(self, conversation_id: str) -> int | None:
        """The place in the queue, 1 being next; None when the conversation waits in none."""
        waiting = [handover for handover in await self._rows() if handover.accepted_at is None]
        own = next((h for h in waiting if h.conversation_id == conversation_id), None)
        if own is None:
            return None
        queue = sorted((h for h in waiting if h.queue == own.queue), key=lambda h: h.rank)
        return queue.index(own) + 1

    async def opens(self, conversation_id: str) -> datetime | None:
        """When the people of the queue that it waits in are there next; None while they are."""
        handover = await self.current(conversation_id)
        hours = self._routing.named(handover.queue).hours if handover else None
        now = self._clock.now()
        return None if hours is None or is_open(hours, now) else next_opening(hours, now)

    async def all_open(self) -> list[Handover]:
        """All open hand-overs, oldest first."""
        return await self._rows()

    async def take(self, handover: Handover, agent: Agent) -> None:
        """The agent gets a waiting conversation: all of it or nothing. Of any number that try at
        once one wins, and nobody gets more than their limit.

        Raises Conflict.
        """
        conversations, users = tables.conversations, tables.agents
        async with self._engine.begin() as connection:
            moved = await connection.execute(
                update(conversations)
                .where(
                    conversations.c.id == handover.conversation_id,
                    conversations.c.owner == "queue",
                )
                .values(owner="agent", agent=agent.username)
            )
            if moved.rowcount != 1:
                raise Conflict("This conversation has been taken.")
            if agent.chat_limit is not None:
                # Held to the end: two accepts of one agent are counted one after the other.
                await connection.execute(
                    select(users.c.username)
                    .where(users.c.username == agent.username)
                    .with_for_update()
                )
                await self._within_limit(connection, agent)
            await self._step(connection, handover, "accepted", agent.username)
            await connection.execute(
                update(tables.handovers)
                .where(tables.handovers.c.id == handover.id)
                .values(accepted_at=self._clock.now())
            )

    async def give(
        self, handover: Handover, kind: StepKind, giver: str, receiver: Agent, note: str = ""
    ) -> None:
        """From the agent who has it straight to another one (transferred, taken_over). Raises
        Conflict.
        """
        conversations = tables.conversations
        async with self._engine.begin() as connection:
            moved = await connection.execute(
                update(conversations)
                .where(
                    conversations.c.id == handover.conversation_id,
                    conversations.c.owner == "agent",
                    conversations.c.agent == giver,
                )
                .values(agent=receiver.username)
            )
            if moved.rowcount != 1:
                raise Conflict("This conversation has just moved on.")
            if kind == "transferred":
                await self._within_limit(connection, receiver)
            await self._step(connection, handover, kind, giver, receiver.username, note)

    async def put_back(
        self,
        handover: Handover,
        kind: StepKind,
        giver: str,
        *,
        note: str = "",
        queue: str | None = None,
        partner: str | None = None,
    ) -> None:
        """From the agent who has it into a queue (its own unless another is named), in the place
        that its waiting time gives. Raises Conflict.
        """
        conversations = tables.conversations
        moved_to = {"queue": queue, "partner": partner} if queue else {}
        async with self._engine.begin() as connection:
            moved = await connection.execute(
                update(conversations)
                .where(
                    conversations.c.id == handover.conversation_id,
                    conversations.c.owner == "agent",
                    conversations.c.agent == giver,
                )
                .values(owner="queue", agent=None, **({"partner": partner} if queue else {}))
            )
            if moved.rowcount != 1:
                raise Conflict("This conversation has just moved on.")
            await connection.execute(
                update(tables.handovers)
                .where(tables.handovers.c.id == handover.id)
                .values(accepted_at=None, **moved_to)
            )
            await self._step(connection, handover, kind, giver, queue or handover.queue, note)

    async def left_alone(self) -> list[tuple[Handover, str]]:
        """Open hand-overs whose agent's page has gone, with the agent."""
        conversations, users = tables.conversations, tables.agents
        gone = datetime.now(UTC) - GONE
        query = (
            select(conversations.c.id, conversations.c.agent)
            .join(users, users.c.username == conversations.c.agent)
            .where(
                conversations.c.owner == "agent",
                or_(users.c.seen_at.is_(None), users.c.seen_at < gone, ~users.c.active),
            )
        )
        async with self._engine.connect() as connection:
            lost = {row.id: row.agent for row in await connection.execute(query)}
        if not lost:
            return []
        return [
            (handover, lost[handover.conversation_id])
            for handover in await self._rows()
            if handover.conversation_id in lost
        ]

    async def steps(self, handover_id: str) -> list[dict[str, Any]]:
        """What happened to it so far, with the agents' notes to each other."""
        table = tables.handover_steps
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                select(table).where(table.c.handover_id == handover_id).order_by(table.c.at)
            )
            return [
                {
                    "kind": row["kind"],
                    "agent": row["agent"],
                    "target": row["target"],
                    "note": row["note"],
                    "at": row["at"].isoformat(),
                }
                for row in rows.mappings()
            ]

    async def step(self, handover: Handover, kind: StepKind, agent: str, note: str) -> None:
        """Write down something that moves nobody."""
        async with self._engine.begin() as connection:
            await self._step(connection, handover, kind, agent, None, note)

    async def _within_limit(self, connection: AsyncConnection, agent: Agent) -> None:
        """With the one just given to the agent. Raises Conflict, which takes it back."""
        table = tables.conversations
        if agent.chat_limit is None:
            return
        has = await connection.execute(
            select(func.count())
            .select_from(table)
            .where(table.c.owner == "agent", table.c.agent == agent.username)
        )
        if has.scalar_one() > agent.chat_limit:
            raise Conflict(
                f"{agent.name} has {agent.chat_limit} conversations, and may have no more at once."
            )

    async def _step(
        self,
        connection: AsyncConnection,
        handover: Handover,
        kind: StepKind,
        agent: str,
        target: str | None = None,
        note: str = "",
    ) -> None:
        await connection.execute(
            insert(tables.handover_steps).values(
                id=new_id(),
                handover_id=handover.id,
                kind=kind,
                agent=agent,
                target=target,
                note=note or None,
                at=self._clock.now(),
            )
        )

    async def quiet(self, conversation_ids: Sequence[str]) -> dict[str, Quiet]:
        """How long the members of these chats have written nothing, and whether they have left."""
        messages, sessions = tables.messages, tables.chat_sessions
        last = (
            select(messages.c.conversation_id, func.max(messages.c.at).label("at"))
            .where(messages.c.conversation_id.in_(conversation_ids), messages.c.sender == "member")
            .group_by(messages.c.conversation_id)
        )
        ended = select(sessions.c.conversation_id).where(
            sessions.c.conversation_id.in_(conversation_ids), sessions.c.ended
        )
        async with self._engine.connect() as connection:
            left = {row.conversation_id for row in await connection.execute(ended)}
            wrote = {row.conversation_id: row.at for row in await connection.execute(last)}
        now = self._clock.now()
        return {
            each: Quiet(now - wrote.get(each, now), left=each in left) for each in conversation_ids
        }

    async def withdraw(self, conversation_id: str) -> None:
        """The member has left: nobody waits any more. What an agent has stays to be wrapped up."""
        table = tables.handovers
        async with self._engine.begin() as connection:
            await connection.execute(
                update(table)
                .where(
                    table.c.conversation_id == conversation_id,
                    table.c.accepted_at.is_(None),
                    table.c.closed_at.is_(None),
                )
                .values(closed_at=self._clock.now(), disposition="member left")
            )
        await self._wakes.tell("desk", {"event": "queue"})

    async def note(self, handover_id: str, **values: Any) -> None:
        """Write what happened to a hand-over (accepted_at, closed_at, disposition, wrap_up)."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(tables.handovers)
                .where(tables.handovers.c.id == handover_id)
                .values(**values)
            )

    async def _rows(self, conversation_id: str | None = None) -> list[Handover]:
        table = tables.handovers
        query = select(table).where(table.c.closed_at.is_(None)).order_by(table.c.created_at)
        if conversation_id:
            query = query.where(table.c.conversation_id == conversation_id)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings()
            return [
                Handover(**{name: row[name] for name in Handover.__dataclass_fields__})
                for row in rows
            ]

    async def _seed(self, conversation_id: str, shadow: str) -> None:
        try:
            await self._assistant.seed(conversation_id, shadow)
        except AssistantUnavailable:
            # The person answers all the same; suggestions then start from an empty memory.
            log.warning("shadow_not_seeded")


def is_urgent(detail: Mapping[str, Any]) -> bool:
    """Whether what a person is wanted for can't wait, as the answer or the phone has it."""
    return detail.get("priority") == "urgent"


def _summary(messages: Sequence[Message], known: Sequence[str]) -> str:
    """What is known, and the last messages, shortened, for the agent's first look."""
    names = {"member": "Member", "assistant": "Assistant", "agent": "Agent", "system": "Notice"}
    lines = list(known)
    for message in messages[-_SUMMARY_MESSAGES:]:
        text = " ".join(message.text.split())
        if message.sender == "member":
            # IDs, birth dates and ZIP codes are for verification, not for everyone's first look.
            text = _FIGURE.sub("#", text)
        short = text if len(text) <= _SUMMARY_CHARACTERS else text[:_SUMMARY_CHARACTERS] + "…"
        lines.append(f"{names[message.sender]}: {short}")
    return "\n".join(lines)
