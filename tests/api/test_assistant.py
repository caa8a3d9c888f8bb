"""The way to Rasa: the turn's context lies open for its length, and a reply is never empty."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import redis as blocking_redis
from redis.asyncio import Redis

from alliance.answer import Answer
from alliance.clock import Clock, fixed_clock
from alliance.turn import TurnContext, context_key, verification_key
from alliance.verified import IDLE_LIMIT, Actor
from api.assistant import Assistant
from api.errors import AssistantUnavailable
from api.ids import new_id
from tests.actions.conftest import MOMENT, proof
from tests.api.conftest import INTERNAL_TOKEN, Rasa, reply

LIMIT_SECONDS = 0.5


@pytest.fixture
async def assistant(rasa: Rasa, redis: Redis, clock: Clock) -> AsyncIterator[Assistant]:
    async with httpx.AsyncClient(base_url=rasa.url, timeout=LIMIT_SECONDS) as client:
        yield Assistant(client, redis, clock, INTERNAL_TOKEN)


def opened_during(rasa: Rasa, redis_url: str) -> list[TurnContext | None]:
    """The contexts that lay in Redis while Rasa worked; more than one where it was asked again, as
    it is on a slow machine.
    """
    seen: list[TurnContext | None] = []
    store = blocking_redis.Redis.from_url(redis_url)

    def look(body: dict[str, Any]) -> dict[str, Any]:
        stored = store.get(context_key(body["conversation_id"]))
        seen.append(TurnContext.from_json(json.loads(str(stored, "utf-8"))) if stored else None)  # type: ignore[arg-type]
        return reply(Answer("a", "b"))

    rasa.answer = look
    return seen


class TestTurn:
    async def test_what_rasa_hears_and_what_comes_back(
        self, assistant: Assistant, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: reply(
            Answer("read", "heard", intent="claim_status"),
            intent={"name": "claim_status", "confidence": 0.8},
            asking="factor_zip",
            failures={"factor_zip": 1},
            entities=[{"entity": "zip", "value": "12207"}],
        )
        given = await assistant.turn("c1", "hello", "chat", alternatives=["yellow"])
        assert [answer.text for answer in given.answers] == ["read"]
        assert (given.intent, given.confidence) == ("claim_status", 0.8)
        assert (given.asking, given.failures) == ("factor_zip", {"factor_zip": 1})
        assert given.emergency is None
        assert rasa.heard() == [
            {
                "conversation_id": "c1",
                "text": "hello",
                "channel": "chat",
                "alternatives": ["yellow"],
            }
        ]
        assert rasa.requests[0][2]["X-Memberline-Token"] == INTERNAL_TOKEN

    async def test_an_emergency_is_seen(self, assistant: Assistant, rasa: Rasa) -> None:
        danger = Answer("call 911", "call 9 1 1", intent="emergency")
        rasa.answer = lambda _: reply(Answer("a", "b"), danger)
        assert (await assistant.turn("c1", "help", "chat")).emergency == danger

    async def test_the_context_is_there_during_the_turn_and_gone_after(
        self, assistant: Assistant, rasa: Rasa, redis: Redis, redis_url: str
    ) -> None:
        seen, conversation = opened_during(rasa, redis_url), new_id()
        await assistant.turn(conversation, "hello", "voice")
        context = seen[-1]
        assert context is not None
        assert (context.channel, context.mode, context.actor) == ("voice", "live", Actor("member"))
        assert context.verified is None
        assert await redis.get(context_key(conversation)) is None

    async def test_it_is_gone_after_a_failure_too(
        self, assistant: Assistant, rasa: Rasa, redis: Redis
    ) -> None:
        rasa.status, conversation = 500, new_id()
        with pytest.raises(AssistantUnavailable):
            await assistant.turn(conversation, "hello", "chat")
        assert await redis.get(context_key(conversation)) is None

    async def test_every_turn_has_an_id_of_its_own(
        self, assistant: Assistant, rasa: Rasa, redis_url: str
    ) -> None:
        seen = opened_during(rasa, redis_url)
        for _ in range(3):
            await assistant.turn("c1", "hello", "chat")
        assert len({context.turn_id for context in seen if context}) == 3


class TestTrouble:
    @pytest.mark.parametrize(
        "body",
        [
            reply(),
            {},
            [],
            "hello",
            None,
            {"messages": None},
            {"messages": [{"text": "a"}]},
            {"messages": ["hello"]},
            b"<html>",
            b"",
        ],
        ids=lambda body: str(body)[:30],
    )
    async def test_an_empty_or_odd_reply_is_a_failure(
        self, assistant: Assistant, rasa: Rasa, body: Any
    ) -> None:
        rasa.answer = lambda _: body
        with pytest.raises(AssistantUnavailable):
            await assistant.turn("c1", "hello", "chat")

    @pytest.mark.parametrize("status", [400, 401, 404, 409, 500, 502, 503])
    async def test_an_error_is_a_failure(
        self, assistant: Assistant, rasa: Rasa, status: int
    ) -> None:
        rasa.status = status
        with pytest.raises(AssistantUnavailable):
            await assistant.turn("c1", "hello", "chat")

    async def test_silence_is_a_failure_in_time(self, assistant: Assistant, rasa: Rasa) -> None:
        rasa.delay_seconds = LIMIT_SECONDS * 2
        with pytest.raises(AssistantUnavailable):
            await assistant.turn("c1", "secret words", "chat")

    async def test_nobody_there(self, redis: Redis, clock: Clock) -> None:
        async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as client:
            assistant = Assistant(client, redis, clock, INTERNAL_TOKEN)
            with pytest.raises(AssistantUnavailable) as caught:
                await assistant.turn("c1", "secret words", "chat")
        assert "secret words" not in caught.value.detail

    @pytest.mark.parametrize("call", ["seed", "feed", "forget"])
    async def test_the_shadow_s_calls_fail_alike(
        self, assistant: Assistant, rasa: Rasa, call: str
    ) -> None:
        rasa.status = 500
        arguments = {"seed": ("a", "b"), "feed": ("a", "words"), "forget": ("a",)}[call]
        with pytest.raises(AssistantUnavailable):
            await getattr(assistant, call)(*arguments)


class TestProof:
    async def keep(self, redis: Redis, conversation: str) -> None:
        member = proof(("mvp", "1"), conversation_id=conversation)
        await redis.set(verification_key(conversation), json.dumps(member.to_json()), ex=900)

    async def test_a_turn_carries_and_renews_it(
        self, assistant: Assistant, rasa: Rasa, redis: Redis, redis_url: str
    ) -> None:
        conversation = new_id()
        await self.keep(redis, conversation)
        await redis.expire(verification_key(conversation), 60)
        seen = opened_during(rasa, redis_url)
        await assistant.turn(conversation, "hello", "chat")
        context = seen[-1]
        assert context is not None
        assert context.verified is not None
        assert context.verified.expires_at == MOMENT + IDLE_LIMIT
        assert await redis.ttl(verification_key(conversation)) > 800

    async def test_it_ends_after_the_idle_limit(self, rasa: Rasa, redis: Redis) -> None:
        conversation = new_id()
        await self.keep(redis, conversation)
        later = fixed_clock(MOMENT + IDLE_LIMIT + timedelta(seconds=1))
        async with httpx.AsyncClient(base_url=rasa.url) as client:
            assistant = Assistant(client, redis, later, INTERNAL_TOKEN)
            assert await assistant.verified(conversation) is None
            await assistant.turn(conversation, "hello", "chat")
            # An ended proof is not brought to life again by talking on.
            assert await assistant.verified(conversation) is None

    async def test_a_live_turn_takes_no_proof_from_its_caller(
        self, assistant: Assistant, rasa: Rasa, redis_url: str
    ) -> None:
        seen = opened_during(rasa, redis_url)
        await assistant.turn(new_id(), "hello", "chat", member=proof(("mvp", "1")))
        assert seen[0] is not None
        assert seen[0].verified is None

    async def test_a_suggestion_is_the_agent_s(
        self, assistant: Assistant, rasa: Rasa, redis: Redis, redis_url: str
    ) -> None:
        seen, shadow = opened_during(rasa, redis_url), new_id()
        agent = Actor("agent", "avery")
        member = replace(proof(("mvp", "1")), actor=agent)
        await assistant.turn(shadow, "hello", "chat", mode="suggest", actor=agent, member=member)
        context = seen[-1]
        assert context is not None
        assert (context.mode, context.actor, context.verified) == ("suggest", agent, member)
        # Nothing is kept of it.
        assert await redis.get(verification_key(shadow)) is None

    async def test_who_leaves_is_forgotten(self, assistant: Assistant, redis: Redis) -> None:
        conversation = new_id()
        await self.keep(redis, conversation)
        await assistant.forget_verified(conversation)
        assert await assistant.verified(conversation) is None
