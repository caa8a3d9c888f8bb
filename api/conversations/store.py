"""Conversations and messages in the SQL store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import RowMapping, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from alliance.answer import Answer, Button
from alliance.clock import Clock
from alliance.turn import Channel
from api.conversations.topics import Topics, is_topic
from api.ids import new_id
from api.store import tables

Owner = Literal["assistant", "queue", "agent", "wrapped", "closed"]
Sender = Literal["member", "assistant", "agent", "system"]
# What a message of the assistant does: an `answer` may be rated, and may end in an offer.
Kind = Literal["answer", "question", "notice"]


@dataclass(frozen=True)
class Conversation:
    """One conversation as it stands. `shadow` is its tracker id for suggestions, if it has one."""

    id: str
    channel: Channel
    owner: Owner
    partner: str | None
    agent: str | None
    shadow: str | None
    topics: Topics = field(default_factory=Topics)


@dataclass(frozen=True)
class Message:
    """One message, as clients may see it: buttons are opaque ids with titles."""

    id: str
    conversation_id: str
    seq: int
    sender: Sender
    text: str
    buttons: tuple[dict[str, str], ...]
    cards: tuple[dict[str, Any], ...]
    at: datetime
    client_message_id: str | None = None
    kind: Kind | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's form. A member's message keeps the name that its page gave it, so that
        the page knows it by whichever way it comes back.
        """
        named = {"client_message_id": self.client_message_id} if self.client_message_id else {}
        kind = {"kind": self.kind} if self.kind else {}
        return {
            **named,
            **kind,
            "id": self.id,
            "seq": self.seq,
            "from": self.sender,
            "text": self.text,
            "buttons": list(self.buttons),
            "cards": list(self.cards),
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True)
class Draft:
    """A message to be stored."""

    sender: Sender
    text: str
    buttons: tuple[Button, ...] = ()
    cards: tuple[dict[str, Any], ...] = ()
    client_message_id: str | None = None
    reply_to: str | None = None
    kind: Kind | None = None


def drafts(answers: Sequence[Answer], reply_to: str) -> list[Draft]:
    """What the assistant says, as messages for reading."""
    return [
        Draft(
            "assistant",
            answer.text,
            answer.buttons,
            answer.cards,
            reply_to=reply_to,
            kind=_kind(answer),
        )
        for answer in answers
    ]


def _kind(answer: Answer) -> Kind:
    """Also "I can't look that up here" is an answer to who asked for it."""
    about = answer.kind == "notice" and answer.intent and is_topic(answer.intent)
    return "answer" if answer.tells or about else answer.kind


# Of each turn, so made once: making a statement costs more than running it.
_ONE = select(tables.conversations).where(tables.conversations.c.id == bindparam("of_conversation"))
_NUMBER = (
    update(tables.conversations)
    .where(tables.conversations.c.id == bindparam("of_conversation"))
    .values(last_seq=tables.conversations.c.last_seq + bindparam("more"))
    .returning(tables.conversations)
)
_NUMBER_AND_TOPICS = _NUMBER.values(topics=bindparam("about"))
_NEW = insert(tables.conversations)
_BUTTONS = insert(tables.buttons)
_MESSAGES = insert(tables.messages)


class ConversationStore:
    """Reads and writes conversations. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def create(self, channel: Channel) -> Conversation:
        """A new conversation under a random id, owned by the assistant."""
        async with self._engine.begin() as connection:
            return await self.create_in(connection, channel)

    async def create_in(self, connection: AsyncConnection, channel: Channel) -> Conversation:
        """The same as a part of a transaction."""
        conversation = Conversation(new_id(), channel, "assistant", None, None, None)
        await connection.execute(
            _NEW,
            {
                "id": conversation.id,
                "channel": channel,
                "owner": conversation.owner,
                "created_at": self._clock.now(),
                "last_seq": 0,
            },
        )
        return conversation

    async def get(self, conversation_id: str) -> Conversation | None:
        """The conversation as it stands now."""
        async with self._engine.connect() as connection:
            row = (
                (await connection.execute(_ONE, {"of_conversation": conversation_id}))
                .mappings()
                .first()
            )
        return _conversation(row) if row else None

    async def owned_by_people(self) -> list[Conversation]:
        """What waits for a person or has one."""
        table = tables.conversations
        query = select(table).where(table.c.owner.in_(("queue", "agent")))
        async with self._engine.connect() as connection:
            return [_conversation(row) for row in (await connection.execute(query)).mappings()]

    async def change_owner(
        self, conversation_id: str, expected: Sequence[Owner], owner: Owner, **values: Any
    ) -> bool:
        """Compare and set: False when the owner was none of `expected`, and nothing changed."""
        table = tables.conversations
        async with self._engine.begin() as connection:
            result = await connection.execute(
                update(table)
                .where(table.c.id == conversation_id, table.c.owner.in_(expected))
                .values(owner=owner, **values)
            )
        return result.rowcount == 1

    async def keep_topics(self, conversation_id: str, topics: Topics) -> None:
        """What the conversation is about by now."""
        table = tables.conversations
        async with self._engine.begin() as connection:
            await connection.execute(
                update(table).where(table.c.id == conversation_id).values(topics=topics.to_json())
            )

    async def add(self, conversation_id: str, messages: Sequence[Draft]) -> list[Message]:
        """Store messages under the next numbers, all or none."""
        _, stored = await self.keep(conversation_id, messages)
        return stored

    async def keep(
        self, conversation_id: str, messages: Sequence[Draft], topics: Topics | None = None
    ) -> tuple[Conversation, list[Message]]:
        """The same, with what the conversation is about by now; returns the conversation as it
        then stands. Raises sqlalchemy.exc.NoResultFound when there is none.
        """
        async with self._engine.begin() as connection:
            return await self.keep_in(connection, conversation_id, messages, topics)

    async def keep_in(
        self,
        connection: AsyncConnection,
        conversation_id: str,
        messages: Sequence[Draft],
        topics: Topics | None = None,
    ) -> tuple[Conversation, list[Message]]:
        """The same as a part of a transaction."""
        values = {"of_conversation": conversation_id, "more": len(messages)}
        if topics is None:
            numbered = await connection.execute(_NUMBER, values)
        else:
            numbered = await connection.execute(
                _NUMBER_AND_TOPICS, {**values, "about": topics.to_json()}
            )
        row = numbered.mappings().one()
        first = row["last_seq"] - len(messages) + 1
        stored = [
            self._message(conversation_id, seq, draft) for seq, draft in enumerate(messages, first)
        ]
        buttons = [
            {
                "id": made["id"],
                "conversation_id": conversation_id,
                "title": button.title,
                "payload": button.payload,
            }
            for draft, message in zip(messages, stored, strict=True)
            for button, made in zip(draft.buttons, message.buttons, strict=True)
        ]
        if buttons:
            await connection.execute(_BUTTONS, buttons)
        rows = [_row(message, draft) for draft, message in zip(messages, stored, strict=True)]
        if rows:
            await connection.execute(_MESSAGES, rows)
        return _conversation(row), stored

    def _message(self, conversation_id: str, seq: int, draft: Draft) -> Message:
        return Message(
            id=new_id(),
            conversation_id=conversation_id,
            seq=seq,
            sender=draft.sender,
            text=draft.text,
            buttons=tuple({"id": new_id(), "title": button.title} for button in draft.buttons),
            cards=draft.cards,
            at=self._clock.now(),
            client_message_id=draft.client_message_id,
            kind=draft.kind,
        )

    async def answered(
        self, conversation_id: str, client_message_id: str
    ) -> tuple[Message, list[Message]] | None:
        """A member's message that came before under this id, with the replies it got."""
        table = tables.messages
        async with self._engine.connect() as connection:
            first = (
                (
                    await connection.execute(
                        select(table).where(
                            table.c.conversation_id == conversation_id,
                            table.c.client_message_id == client_message_id,
                        )
                    )
                )
                .mappings()
                .first()
            )
            if first is None:
                return None
            replies = (
                await connection.execute(
                    select(table).where(table.c.reply_to == first["id"]).order_by(table.c.seq)
                )
            ).mappings()
            return _message(first), [_message(row) for row in replies]

    async def messages(self, conversation_id: str, after: int = 0) -> list[Message]:
        """The messages numbered above `after`, in order."""
        table = tables.messages
        async with self._engine.connect() as connection:
            rows = (
                await connection.execute(
                    select(table)
                    .where(table.c.conversation_id == conversation_id, table.c.seq > after)
                    .order_by(table.c.seq)
                )
            ).mappings()
            return [_message(row) for row in rows]

    async def button(self, conversation_id: str, button_id: str) -> Button | None:
        """What a button of this very conversation stands for."""
        table = tables.buttons
        async with self._engine.connect() as connection:
            row = (
                await connection.execute(
                    select(table.c.title, table.c.payload).where(
                        table.c.id == button_id, table.c.conversation_id == conversation_id
                    )
                )
            ).first()
        return Button(row.title, row.payload) if row else None


def _row(message: Message, draft: Draft) -> dict[str, Any]:
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "sender": message.sender,
        "text": message.text,
        "buttons": list(message.buttons),
        "cards": list(message.cards),
        "client_message_id": message.client_message_id,
        "reply_to": draft.reply_to,
        "kind": message.kind,
        "at": message.at,
    }


def _conversation(row: RowMapping) -> Conversation:
    return Conversation(
        id=row["id"],
        channel=row["channel"],
        owner=row["owner"],
        partner=row["partner"],
        agent=row["agent"],
        shadow=row["shadow"],
        topics=Topics.from_json(row["topics"]),
    )


def _message(row: RowMapping) -> Message:
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        seq=row["seq"],
        sender=row["sender"],
        text=row["text"],
        buttons=tuple(row["buttons"]),
        cards=tuple(row["cards"]),
        at=row["at"],
        client_message_id=row["client_message_id"],
        kind=row["kind"],
    )
