"""Calls in the SQL store: what is remembered of each, and the replies their turns got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from api.conversations.store import ConversationStore
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


class Calls:
    """Begins, finds and saves calls. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: AsyncEngine, store: ConversationStore, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock

    async def call(self, platform: str, call_id: str) -> Call:
        """The call, begun if it is new. The key is the call id, never the caller's number."""
        known = await self.find(platform, call_id)
        if known:
            return known
        conversation = await self._store.create("voice")
        try:
            async with self._engine.begin() as connection:
                await connection.execute(
                    insert(tables.calls).values(
                        platform=platform,
                        call_id=call_id,
                        conversation_id=conversation.id,
                        created_at=self._clock.now(),
                        last_turn=0,
                        failures=0,
                        failures_in_a_row=0,
                    )
                )
        except IntegrityError:
            log.info("call_began_twice")
        call = await self.find(platform, call_id)
        if call is None:
            raise RuntimeError("the call was stored and is not there")
        return call

    async def find(self, platform: str, call_id: str) -> Call | None:
        """The call, if it has begun."""
        table = tables.calls
        query = select(table).where(table.c.platform == platform, table.c.call_id == call_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        state: Mapping[str, Any] = row["state"] or {}
        return Call(**{name: row[name] for name in (*_KEYS, *_COLUMNS)}, **state)

    async def reply(self, turn: VoiceTurn) -> VoiceReply | None:
        """The reply that the turn got before. Raises Conflict when that is too long ago."""
        table = tables.call_turns
        query = select(table.c.reply, table.c.at).where(
            table.c.platform == turn.platform,
            table.c.call_id == turn.call_id,
            table.c.turn_id == turn.turn_id,
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).first()
        if row is None:
            return None
        if row.at and self._clock.now() - row.at > REPEATED_WITHIN:
            raise Conflict("This turn was answered some time ago.")
        return VoiceReply.from_json(row.reply)

    async def save(self, call: Call, turn: VoiceTurn, reply: VoiceReply) -> VoiceReply:
        """Keep the call as it is now and what the turn was told, both or none. Returns the reply:
        another process may have been faster with the same turn.
        """
        values = asdict(call)
        number = int(turn.turn_id) if turn.turn_id.isdigit() else call.last_turn + 1
        table = tables.calls
        try:
            async with self._engine.begin() as connection:
                await connection.execute(
                    insert(tables.call_turns).values(
                        platform=turn.platform,
                        call_id=turn.call_id,
                        turn_id=turn.turn_id,
                        reply=reply.to_json(),
                        at=self._clock.now(),
                    )
                )
                await connection.execute(
                    update(table)
                    .where(table.c.platform == call.platform, table.c.call_id == call.call_id)
                    .values(
                        {name: values[name] for name in _COLUMNS if name != "last_turn"}
                        | {"last_turn": number, "state": {name: values[name] for name in _STATE}}
                    )
                )
        except IntegrityError:
            return await self.reply(turn) or reply
        return reply
