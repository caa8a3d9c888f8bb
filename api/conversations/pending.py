"""What one turn of a conversation left for the next: questions of ours that a yes may answer."""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis


@dataclass(frozen=True)
class Left:
    """`put_off`: a hand-over outside a team's hours (after_hours.py); `recalled`: a contact that
    the member was met with (recall.py). As they were stored; None: nothing was asked.
    """

    put_off: str | None = None
    recalled: str | None = None


class Pending:
    """Takes both at once: a turn goes to Redis often enough."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def take(self, conversation_id: str) -> Left:
        """What is left, which then is gone. Raises redis.RedisError."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.getdel(put_off_key(conversation_id))
            pipe.getdel(recalled_key(conversation_id))
            return Left(*await pipe.execute())


def put_off_key(conversation_id: str) -> str:
    return f"memberline:after-hours:{conversation_id}"


def recalled_key(conversation_id: str) -> str:
    return f"memberline:recall:{conversation_id}"
