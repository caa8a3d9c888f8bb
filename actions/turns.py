"""The turn's context and the conversation's verification, as Redis holds them."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace

from redis.asyncio import Redis

from alliance.clock import Clock
from alliance.turn import TurnContext, context_key, verification_key
from alliance.verified import IDLE_LIMIT, LOCKOUT, MAX_FAILURES, VerifiedMember


class Turns:
    """Reads turn contexts, keeps verifications, counts failed ones.

    Raises redis.RedisError when Redis does not answer.
    """

    def __init__(self, redis: Redis, clock: Clock, secret: str) -> None:
        self._redis = redis
        self._clock = clock
        self._secret = secret.encode()

    async def context(self, conversation_id: str) -> TurnContext | None:
        """The context that the bridge wrote for the running turn; None opens nothing."""
        stored = await self._redis.get(context_key(conversation_id))
        return TurnContext.from_json(json.loads(stored)) if stored else None

    async def keep_verified(self, context: TurnContext, member: VerifiedMember) -> TurnContext:
        """Store the proof for the conversation and for the rest of this turn, if it still runs."""
        renewed = replace(context, verified=member)
        idle_seconds = int(IDLE_LIMIT.total_seconds())
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(
                verification_key(context.conversation_id),
                json.dumps(member.to_json()),
                ex=idle_seconds,
            )
            pipe.set(
                context_key(context.conversation_id),
                json.dumps(renewed.to_json()),
                keepttl=True,
                xx=True,
            )
            await pipe.execute()
        return renewed

    async def locked_out(self, conversation_id: str, member_id: str) -> bool:
        """Whether this conversation, or this member ID on any channel, has failed too often."""
        counts = await self._redis.mget(self._counters(conversation_id, member_id))
        return any(int(count or 0) >= MAX_FAILURES for count in counts)

    async def count_try(self, conversation_id: str, member_id: str) -> tuple[int, int]:
        """Count one try; returns how many the conversation and the member ID have now."""
        async with self._redis.pipeline(transaction=True) as pipe:
            for key in self._counters(conversation_id, member_id):
                pipe.incr(key)
                pipe.expire(key, LOCKOUT)
            conversation, _, person, _ = await pipe.execute()
        return int(conversation), int(person)

    async def take_back_try(self, conversation_id: str, member_id: str) -> None:
        """A try that nobody could answer does not count."""
        async with self._redis.pipeline(transaction=True) as pipe:
            for key in self._counters(conversation_id, member_id):
                pipe.decr(key)
            await pipe.execute()

    async def clear_failures(self, conversation_id: str, member_id: str) -> None:
        """A success starts the counts anew."""
        await self._redis.delete(*self._counters(conversation_id, member_id))

    def _counters(self, conversation_id: str, member_id: str) -> list[str]:
        person = hmac.new(self._secret, member_id.encode(), hashlib.sha256).hexdigest()
        return [
            f"memberline:failures:conversation:{conversation_id}",
            f"memberline:failures:person:{person}",
        ]
