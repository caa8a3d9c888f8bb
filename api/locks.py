"""One message of a conversation at a time, in the order of arrival."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from redis.asyncio import Redis

# A turn ends well within this; a bridge that died holds nobody up for longer.
LOCK_SECONDS = 20.0
# A burst of messages waits its turn; nobody waits longer than a person would.
WAIT_SECONDS = 25.0


@dataclass
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class ConversationLocks:
    """First come, first served within this process, and one at a time over all processes."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._lines: dict[str, _Line] = {}

    @contextlib.asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[None]:
        """Hold the conversation. Raises redis.RedisError (LockError: it stayed taken)."""
        line = self._lines.setdefault(conversation_id, _Line())
        line.waiting += 1
        try:
            async with (
                line.lock,
                self._redis.lock(
                    f"memberline:lock:{conversation_id}",
                    timeout=LOCK_SECONDS,
                    blocking_timeout=WAIT_SECONDS,
                    sleep=0.02,
                ),
            ):
                yield
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[conversation_id]
