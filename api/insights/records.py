"""What each turn came to and what was told from where: for figures, and to find whom a wrong
answer has reached. No words of members, no facts of theirs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, Literal

import structlog
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Answer
from alliance.clock import Clock
from alliance.verified import VerifiedMember
from api.assistant import Reply
from api.conversations.store import Conversation, Message
from api.desk.suggesting import is_knowledge
from api.ids import new_id
from api.store import tables

log = structlog.get_logger()

Outcome = Literal["answered", "asked", "not_understood", "handed_over", "emergency", "failed"]
_INSERT_TURNS, _INSERT_TOLD = insert(tables.turns), insert(tables.told)
_TOGETHER_SECONDS = 0.2
_NOT_UNDERSTOOD = frozenset({"out_of_scope", "unclear"})


class TurnRecords:
    """Writes in the background: the member does not wait for it, and its failure is not theirs."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._turns: list[dict[str, Any]] = []
        self._told: list[dict[str, Any]] = []
        self._writing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def note(
        self,
        conversation: Conversation,
        reply: Reply | None,
        said: Sequence[Message],
        member: VerifiedMember | None,
        *,
        person: bool = False,
    ) -> None:
        """A turn is over. `reply` None: the assistant failed; `said` are the messages of its
        answers, in order; `person`: it was handed over. Returns at once.
        """
        answers = reply.answers if reply else ()
        partner = next((a.partner for a in answers if a.partner), None)
        if partner is None and member:
            partner = member.person.home.partner
        turn = {
            "id": new_id(),
            "conversation_id": conversation.id,
            "channel": conversation.channel,
            "partner": partner or conversation.partner,
            "intent": reply.intent if reply else None,
            "confidence": reply.confidence if reply else None,
            "outcome": _outcome(reply, person=person),
            "level": member.level if member else 0,
            "at": self._clock.now(),
        }
        self._turns.append(turn)
        for answer, message in zip(answers, said, strict=False):
            self._told.extend(_told(conversation, answer, message))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())

    async def close(self) -> None:
        """Write what is left."""
        self._closing.set()
        if self._writing:
            await self._writing
        self._closing.clear()

    async def _write_all(self) -> None:
        """What comes within a moment is written together: turns that come at once have enough to
        do, and each write costs as much as many rows.
        """
        while self._turns:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), _TOGETHER_SECONDS)
            turns, told = self._turns, self._told
            self._turns, self._told = [], []
            await self._write(turns, told)

    async def _write(self, turns: list[dict[str, Any]], told: list[dict[str, Any]]) -> None:
        try:
            async with self._engine.begin() as connection:
                await connection.execute(_INSERT_TURNS, turns)
                if told:
                    await connection.execute(_INSERT_TOLD, told)
        except SQLAlchemyError as error:
            log.warning("turns_not_recorded", error=type(error).__name__, turns=len(turns))


def _told(conversation: Conversation, answer: Answer, message: Message) -> list[dict[str, Any]]:
    if not answer.tells or not answer.intent:
        return []
    sources: list[tuple[str | None, str | None]] = [
        (source.partner, source.resource) for source in answer.sources
    ]
    return [
        {
            "id": new_id(),
            "conversation_id": conversation.id,
            "seq": message.seq,
            "channel": conversation.channel,
            "intent": answer.intent,
            "partner": answer.partner or (None if is_knowledge(resource) else partner),
            "source": resource,
            "agent": None,
            "at": message.at,
        }
        for partner, resource in sources or [(None, None)]
    ]


def _outcome(reply: Reply | None, *, person: bool) -> Outcome:
    if reply is None:
        return "failed"
    if reply.emergency:
        return "emergency"
    if person:
        return "handed_over"
    if reply.intent in _NOT_UNDERSTOOD:
        return "not_understood"
    return "asked" if reply.asking else "answered"
