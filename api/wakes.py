"""Waking listeners: a word through Redis that something changed; the truth is in the SQL store."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from alliance.wake import WAKE_CHANNEL, wake

log = structlog.get_logger()

_RETRY_SECONDS = 1.0
# Nobody waits for a wake: whoever missed it looks again by itself.
_TELL_SECONDS = 0.3
_QUEUE_SIZE = 100


class Wakes:
    """One subscription a process, handed on to everyone who waits. `listener` is a client without
    a time limit; `redis` tells.
    """

    def __init__(self, redis: Redis, listener: Redis) -> None:
        self._redis = redis
        self._listener = listener
        self._waiting: dict[str, set[asyncio.Queue[dict[str, Any]]]] = defaultdict(set)

    async def tell(self, topic: str, event: dict[str, Any]) -> None:
        """Wake everyone who listens to the topic. A lost wake costs a poll, never a message."""
        with contextlib.suppress(RedisError, TimeoutError):
            async with asyncio.timeout(_TELL_SECONDS):
                await self._redis.publish(WAKE_CHANNEL, wake(topic, event))

    @contextlib.asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[asyncio.Queue[dict[str, Any]]]:
        """A queue of the topic's events from now on; a slow reader loses the oldest."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(_QUEUE_SIZE)
        self._waiting[topic].add(queue)
        try:
            yield queue
        finally:
            self._waiting[topic].discard(queue)
            if not self._waiting[topic]:
                del self._waiting[topic]

    async def run(self) -> None:
        """Listen to Redis until cancelled; start again when Redis was away."""
        while True:
            try:
                async with self._listener.pubsub() as subscription:
                    await subscription.subscribe(WAKE_CHANNEL)
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._hand_on(json.loads(message["data"]))
            except RedisError as error:
                log.warning("wakes_interrupted", error=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS)

    def _hand_on(self, wake: dict[str, Any]) -> None:
        for queue in self._waiting.get(wake["topic"], ()):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(wake["event"])
