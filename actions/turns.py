"""The turn's context and the conversation's verification, as Redis holds them."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Literal

from redis.asyncio import Redis

from alliance.clock import Clock
from alliance.codes import LIFE, RESEND
from alliance.turn import TurnContext, context_key, verification_key
from alliance.verified import IDLE_LIMIT, LOCKOUT, MAX_FAILURES, VerifiedMember

# What was tried: the factors, or a one-time code. Both count together.
TryKind = Literal["factors", "code"]


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

    async def verified(self, conversation_id: str) -> VerifiedMember | None:
        """The conversation's proof, if it still holds."""
        stored = await self._redis.get(verification_key(conversation_id))
        if not stored:
            return None
        member = VerifiedMember.from_json(json.loads(stored))
        return member if member.valid_at(self._clock.now()) else None

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
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in self._counters(conversation_id, member_id):
                pipe.hvals(key)
            counts = await pipe.execute()
        return any(sum(map(int, count)) >= MAX_FAILURES for count in counts)

    def person_counter(self, member_id: str) -> str:
        """The name of the person's counter: a keyed hash, which tells nobody who it is."""
        return self._counters("", member_id)[1]

    async def still_locked(self, conversation_id: str, person_counter: str) -> bool:
        """Whether the conversation, or the person whose counter it is, is still locked out."""
        names = [self._counters(conversation_id, "")[0]]
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in [*names, person_counter] if person_counter else names:
                pipe.hvals(name)
            counts = await pipe.execute()
        return any(sum(map(int, count)) >= MAX_FAILURES for count in counts)

    async def count_try(
        self, conversation_id: str, member_id: str, kind: TryKind = "factors"
    ) -> tuple[int, int]:
        """Count one try; returns how many the conversation and the member ID have now."""
        keys = self._counters(conversation_id, member_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            for key in keys:
                pipe.hincrby(key, kind, 1)
                pipe.expire(key, LOCKOUT)
                pipe.hvals(key)
            _, _, conversation, _, _, person = await pipe.execute()
        return sum(map(int, conversation)), sum(map(int, person))

    async def count_person(self, member_id: str, kind: TryKind = "factors") -> None:
        """Count one try against a person alone: the conversation has counted it already."""
        key = self._counters("", member_id)[1]
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hincrby(key, kind, 1)
            pipe.expire(key, LOCKOUT)
            await pipe.execute()

    async def take_back_try(
        self, conversation_id: str, member_id: str, kind: TryKind = "factors"
    ) -> None:
        """A try that nobody could answer does not count."""
        async with self._redis.pipeline(transaction=True) as pipe:
            for key in self._counters(conversation_id, member_id):
                pipe.hincrby(key, kind, -1)
            await pipe.execute()

    async def clear_failures(self, conversation_id: str, member_id: str, *kinds: TryKind) -> None:
        """A success starts the counts of these kinds anew. Knowing the factors again does not
        forgive wrong codes: those who know them are whom the code keeps out.
        """
        async with self._redis.pipeline(transaction=True) as pipe:
            for key in self._counters(conversation_id, member_id):
                pipe.hdel(key, *kinds)
            await pipe.execute()

    async def forget_verified(self, context: TurnContext) -> TurnContext:
        """End the conversation's proof, for this turn as well."""
        closed = replace(context, verified=None)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(verification_key(context.conversation_id))
            pipe.set(
                context_key(context.conversation_id),
                json.dumps(closed.to_json()),
                keepttl=True,
                xx=True,
            )
            await pipe.execute()
        return closed

    async def keep_code(self, conversation_id: str, code: str, bound_to: str, masked: str) -> None:
        """Remember a code that was sent, as a keyed hash, for its life. It is of use only for
        what it is bound to.
        """
        body = {"hash": self._hashed(code, conversation_id, bound_to), "to": masked}
        key = f"memberline:code:{conversation_id}"
        await self._redis.set(key, json.dumps(body), ex=LIFE)

    async def code_sent_to(self, conversation_id: str) -> str | None:
        """Where the code that still counts was sent, masked; None: there is none."""
        stored = await self._redis.get(f"memberline:code:{conversation_id}")
        return str(json.loads(stored)["to"]) if stored else None

    async def code_fits(self, conversation_id: str, code: str, bound_to: str) -> bool:
        """Whether it is the code that was sent."""
        stored = await self._redis.get(f"memberline:code:{conversation_id}")
        if not stored:
            return False
        given = self._hashed(code, conversation_id, bound_to)
        return hmac.compare_digest(str(json.loads(stored)["hash"]), given)

    async def drop_code(self, conversation_id: str) -> None:
        """The code counts no more."""
        await self._redis.delete(f"memberline:code:{conversation_id}")

    async def may_send_code(self, member_id: str) -> bool:
        """Whether the last code to this person is a minute old; takes the right to send one."""
        key = f"memberline:code-sent:{self._hashed(member_id)}"
        return bool(await self._redis.set(key, "1", ex=RESEND, nx=True))

    async def send_again_at_once(self, member_id: str) -> None:
        """The code did not go out: nobody has to wait a minute for the next."""
        await self._redis.delete(f"memberline:code-sent:{self._hashed(member_id)}")

    def _hashed(self, *parts: str) -> str:
        return hmac.new(self._secret, "|".join(parts).encode(), hashlib.sha256).hexdigest()

    def _counters(self, conversation_id: str, member_id: str) -> list[str]:
        return [
            f"memberline:failures:conversation:{conversation_id}",
            f"memberline:failures:person:{self._hashed(member_id)}",
        ]
