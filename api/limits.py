"""How much one session or one address may ask for, counted in Redis over all bridge processes."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.errors import TooMany
from api.ids import token_hash

log = structlog.get_logger()

# Without Redis nothing is counted; who knocks meanwhile does not wait for it again.
_PAUSE_SECONDS = 5.0


@dataclass(frozen=True)
class Rule:
    """At most `most` within `seconds`, counted from the first."""

    name: str
    most: int
    seconds: int


# A person types a few messages a minute; a page that has lost its connection sends what it kept.
SESSION_MESSAGES = Rule("session-messages", 40, 10)
SESSION_REQUESTS = Rule("session-requests", 300, 60)
# An office or a household may share one address.
ADDRESS_MESSAGES = Rule("address-messages", 600, 10)
ADDRESS_SESSIONS = Rule("address-sessions", 120, 60)


class Limits:
    """Counts and refuses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._resumes_at = 0.0
        # One at a time: messages of a burst must not overtake each other while they are counted.
        self._turn = asyncio.Lock()

    async def take(self, *takings: tuple[Rule, str]) -> None:
        """Count one for each (rule, who). Raises TooMany; never fails for want of Redis."""
        if not takings:
            return
        async with self._turn:
            if time.monotonic() < self._resumes_at:
                return
            try:
                waits = await self._count(takings)
            except RedisError as error:
                log.warning("limits_without_redis", error=type(error).__name__)
                self._resumes_at = time.monotonic() + _PAUSE_SECONDS
                return
        if waits:
            raise TooMany(max(1, *waits))

    async def _count(self, takings: tuple[tuple[Rule, str], ...]) -> list[int]:
        async with self._redis.pipeline(transaction=True) as pipeline:
            for rule, who in takings:
                key = f"memberline:limit:{rule.name}:{token_hash(who)[:32]}"
                pipeline.set(key, 0, ex=rule.seconds, nx=True)
                pipeline.incr(key)
                pipeline.ttl(key)
            results = await pipeline.execute()
        counted = zip(takings, results[1::3], results[2::3], strict=True)
        return [int(left) for (rule, _), count, left in counted if int(count) > rule.most]


def countable(address: str | None) -> str | None:
    """The address to count under; None for loopback, where our own proxy stands for everybody.

    An IPv6 customer has a /64 to choose from, so that is one.
    """
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    if parsed.is_loopback:
        return None
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
