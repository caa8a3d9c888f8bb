"""Replies that callers were told to wait for ("one moment"): in Redis, so that any bridge gives
them, also one that has just started.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.ivr.turns import VoiceTurn

log = structlog.get_logger()

# Platforms come back within seconds; the caller's words are kept no longer than that.
_SECONDS = 60


@dataclass(frozen=True)
class Owed:
    """A turn without a reply yet, and how often the caller was told to wait for it."""

    turn: VoiceTurn
    waits: int


class OwedReplies:
    """One a call. Without Redis nothing is owed, and a caller who would wait gets a person."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def find(self, turn: VoiceTurn) -> Owed | None:
        """What the turn's call waits for."""
        try:
            stored = await self._redis.get(_key(turn))
        except RedisError as error:
            log.warning("owed_replies_unknown", error=type(error).__name__)
            return None
        if stored is None:
            return None
        values: dict[str, Any] = json.loads(stored)
        return Owed(VoiceTurn.from_json(values["turn"]), values["waits"])

    async def keep(self, turn: VoiceTurn) -> int | None:
        """The caller is told to wait for this turn's reply. Returns how often by now; None when it
        could not be kept.
        """
        owed = await self.find(turn)
        waits = 1 + (owed.waits if owed and owed.turn.turn_id == turn.turn_id else 0)
        values = json.dumps({"turn": asdict(turn), "waits": waits})
        try:
            await self._redis.set(_key(turn), values, ex=_SECONDS)
        except RedisError as error:
            log.warning("owed_reply_not_kept", error=type(error).__name__)
            return None
        return waits

    async def settle(self, turn: VoiceTurn) -> None:
        """The call got its reply."""
        try:
            await self._redis.delete(_key(turn))
        except RedisError as error:
            log.warning("owed_reply_not_settled", error=type(error).__name__)


def _key(turn: VoiceTurn) -> str:
    return f"memberline:owed:{turn.platform}:{turn.call_id}"
