"""One message of a conversation at a time, in the order of arrival."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from api.ids import new_id

# A turn ends well within this; a bridge that died holds nobody up for longer.
LOCK_SECONDS = 20.0
# A burst of messages waits its turn; nobody waits longer than a person would.
WAIT_SECONDS = 25.0
GIVE_BACK_SECONDS = 0.5


@dataclass
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class ConversationLocks:
    """First come, first served within this process, and one at a time over all processes."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._lines: dict[str, _Line] = {}
        self._giving_back: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def hold(self, conversation_id: str) -> AsyncIterator[None]:
        """Hold the conversation. Raises redis.RedisError (LockError: it stayed taken)."""
        line = self._lines.setdefault(conversation_id, _Line())
        line.waiting += 1
        try:
            async with line.lock:
                lock = await self._taken(conversation_id)
                try:
                    yield
                finally:
                    await lock.release()
        finally:
            line.waiting -= 1
            if not line.waiting:
                del self._lines[conversation_id]

    async def _taken(self, conversation_id: str) -> Lock:
        lock = self._redis.lock(
            f"memberline:lock:{conversation_id}",
            timeout=LOCK_SECONDS,
            blocking_timeout=WAIT_SECONDS,
            sleep=0.02,
        )
        token = new_id()
        try:
            taken = await lock.acquire(token=token)
        except RedisError:
            task = asyncio.create_task(_give_back(lock, token))
            self._giving_back.add(task)
            task.add_done_callback(self._giving_back.discard)
            raise
        if not taken:
            raise LockError("The conversation stayed taken.")
        return lock


async def _give_back(lock: Lock, token: str) -> None:
    """A request that we gave up on may still reach Redis when it wakes up, and would then hold the
    conversation for nobody until it ends by itself.
    """
    for _ in range(int(LOCK_SECONDS / GIVE_BACK_SECONDS)):
        await asyncio.sleep(GIVE_BACK_SECONDS)
        lock.local.token = token.encode()
        with contextlib.suppress(RedisError):
            await lock.release()
            return
