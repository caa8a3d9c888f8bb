"""Calls in the SQL store: what is remembered of each, and the replies their turns got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import RowMapping, and_, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from api.conversations.store import ConversationStore, Draft
from api.errors import Conflict
from api.ivr.turns import VoiceReply, VoiceTurn
from api.store import tables

log = structlog.get_logger()

# Platforms repeat a request within seconds. What comes later is a replay, and is told nothing.
REPEATED_WITHIN = timedelta(minutes=5)


@dataclass
class Call:
    """A call, as a turn finds and leaves it.

    `pending` is a question of the phone's own (was that meant? a call back?), `last` what was said
    last, `rest` what was too long to say. `patient`: longer waits, once they were needed.
    `holding`: asked us to wait. `alarmed`: was last told of 911; `cleared`: has said once that
    nobody is in danger. `utterances` counts answers to the open question, `wanted` wishes for a
    person. Only within a turn: `heard` are the caller's words that the store does not hold yet,
    `told` the line's that it holds.
    """

    platform: str
    call_id: str
    conversation_id: str
    last_turn: int = 0
    failures_in_a_row: int = 0
    failures: int = 0
    asking: str | None = None
    ended_at: datetime | None = None
    language: str = "en"
    slow: bool = False
    patient: bool = False
    relay: bool = False
    holding: bool = False
    pending: dict[str, Any] | None = None
    last: dict[str, Any] = field(default_factory=dict)
    rest: str = ""
    utterances: int = 0
    wanted: int = 0
    alarmed: bool = False
    cleared: bool = False
    heard: str = ""
    told: str = ""


_COLUMNS = ("last_turn", "failures_in_a_row", "failures", "asking", "ended_at")
_KEYS = ("platform", "call_id", "conversation_id")
_OF_A_TURN = ("heard", "told")
_STATE = tuple(n for n in Call.__dataclass_fields__ if n not in (*_COLUMNS, *_KEYS, *_OF_A_TURN))


_CALL = and_(
    tables.calls.c.platform == bindparam("of_platform"),
    tables.calls.c.call_id == bindparam("of_call"),
)
_TURN = and_(
    tables.call_turns.c.platform == bindparam("of_platform"),
    tables.call_turns.c.call_id == bindparam("of_call"),
    tables.call_turns.c.turn_id == bindparam("of_turn"),
)
# Of each turn, so made once: making a statement costs more than running it.
_FIND = select(tables.calls).where(_CALL)
_REPLY = select(tables.call_turns.c.reply, tables.call_turns.c.at).where(_TURN)
_FIND_BOTH = (
    select(tables.calls, tables.call_turns.c.reply, tables.call_turns.c.at)
    .select_from(tables.calls.outerjoin(tables.call_turns, _TURN))
    .where(_CALL)
)
_BEGIN = insert(tables.calls)
_ANSWER = insert(tables.call_turns)
_SAVE = (
    update(tables.calls)
    .where(_CALL)
    .values({name: bindparam(f"new_{name}") for name in (*_COLUMNS, "state")})
)


class Calls:
    """Begins, finds and saves calls. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: AsyncEngine, store: ConversationStore, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock

    async def begin(self, turn: VoiceTurn) -> tuple[Call, VoiceReply | None]:
        """The turn's call, begun if it is new, and the reply that the turn got before. The key is
        the call id, never the caller's number. Raises Conflict when that reply is too old.
        """
        values = _of(turn.platform, turn.call_id) | {"of_turn": turn.turn_id}
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND_BOTH, values)).mappings().first()
        if row is None:
            return await self._new(turn), None
        return _call(row), self._still_told(row["reply"], row["at"])

    async def _new(self, turn: VoiceTurn) -> Call:
        try:
            async with self._engine.begin() as connection:
                conversation = await self._store.create_in(connection, "voice")
                call = Call(turn.platform, turn.call_id, conversation.id)
                await connection.execute(
                    _BEGIN,
                    {
                        "platform": call.platform,
                        "call_id": call.call_id,
                        "conversation_id": call.conversation_id,
                        "created_at": self._clock.now(),
                        "last_turn": 0,
                        "failures": 0,
                        "failures_in_a_row": 0,
                    },
                )
        except IntegrityError:
            log.info("call_began_twice")
            begun = await self.find(turn.platform, turn.call_id)
            if begun is None:
                raise
            return begun
        return call

    async def find(self, platform: str, call_id: str) -> Call | None:
        """The call, if it has begun."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_FIND, _of(platform, call_id))).mappings().first()
        return _call(row) if row else None

    async def save(
        self, call: Call, turn: VoiceTurn, reply: VoiceReply, said: Sequence[Draft] = ()
    ) -> VoiceReply:
        """Keep the call as it is now, what the turn was told and what else was said: all or none.
        Returns the reply: another process may have been faster with the same turn.
        """
        values = dict(vars(call))
        values["last_turn"] = int(turn.turn_id) if turn.turn_id.isdigit() else call.last_turn + 1
        values["state"] = {name: values[name] for name in _STATE}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(
                    _ANSWER,
                    {
                        "platform": turn.platform,
                        "call_id": turn.call_id,
                        "turn_id": turn.turn_id,
                        "reply": reply.to_json(),
                        "at": self._clock.now(),
                    },
                )
                await connection.execute(
                    _SAVE,
                    _of(call.platform, call.call_id)
                    | {f"new_{name}": values[name] for name in (*_COLUMNS, "state")},
                )
                if said:
                    await self._store.keep_in(connection, call.conversation_id, said)
        except IntegrityError:
            return await self._told(turn) or reply
        return reply

    async def _told(self, turn: VoiceTurn) -> VoiceReply | None:
        values = _of(turn.platform, turn.call_id) | {"of_turn": turn.turn_id}
        async with self._engine.connect() as connection:
            row = (await connection.execute(_REPLY, values)).mappings().first()
        return self._still_told(row["reply"], row["at"]) if row else None

    def _still_told(self, reply: dict[str, Any] | None, at: datetime | None) -> VoiceReply | None:
        if reply is None:
            return None
        if at and self._clock.now() - at > REPEATED_WITHIN:
            raise Conflict("This turn was answered some time ago.")
        return VoiceReply.from_json(reply)


def _of(platform: str, call_id: str) -> dict[str, Any]:
    return {"of_platform": platform, "of_call": call_id}


def _call(row: RowMapping) -> Call:
    state: Mapping[str, Any] = row["state"] or {}
    return Call(**{name: row[name] for name in (*_KEYS, *_COLUMNS)}, **state)
