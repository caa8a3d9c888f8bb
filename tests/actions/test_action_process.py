"""The action process over HTTP, as the bridge and Rasa call it: on loopback, with a token."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from actions.app import create_app
from actions.settings import PartnerConfiguration, Settings
from alliance.errors import ConfigurationError
from alliance.turn import CONTEXT_SECONDS, TurnContext, context_key
from alliance.verified import Actor, VerifiedMember
from sandbox.population.records import Member
from tests.actions.conftest import Client, proven
from tests.sandbox.conftest import NOW

TOKEN = "internal-token-of-the-tests"
HEADERS = {"X-Memberline-Token": TOKEN}
CONTEXT = TurnContext("c1", "t1", "chat", "live", Actor("member"))
ALBANY = [{"entity": "zip", "value": "12207"}, {"entity": "specialty", "value": "cardiology"}]


@pytest.fixture
async def process(
    configuration: PartnerConfiguration,
    redis_url: str,
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[httpx.AsyncClient]:
    assert configuration.current()  # its addresses stand in the environment
    monkeypatch.setenv("MEMBERLINE_NOW", NOW)
    settings = Settings(redis_url, f"sqlite+aiosqlite:///{database}", TOKEN, "secret", tmp_path)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://actions.test") as http:
            yield http


async def ask(process: httpx.AsyncClient, intent: str, **more: Any) -> dict[str, Any]:
    body = {"conversation_id": "c1", "intent": intent, **more}
    response = await process.post("/answers", json=body, headers=HEADERS)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def open_turn(redis: Redis, member: VerifiedMember | None = None) -> None:
    context = replace(CONTEXT, verified=member)
    await redis.set(context_key("c1"), json.dumps(context.to_json()), ex=CONTEXT_SECONDS)


@pytest.mark.parametrize("path", ["/webhook", "/answers"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Memberline-Token": ""},
        {"X-Memberline-Token": "wrong"},
        {b"X-Memberline-Token": b"\xe9"},
    ],
    ids=["none", "empty", "wrong", "not ASCII"],
)
async def test_without_the_token_nothing_is_answered(
    process: httpx.AsyncClient, path: str, headers: Any
) -> None:
    body = {"conversation_id": "c1", "intent": "greet"}
    response = await process.post(path, json=body, headers=headers)
    assert (response.status_code, response.json()["error"]) == (401, "unauthorized")


async def test_no_other_site_may_ask(process: httpx.AsyncClient) -> None:
    response = await process.options(
        "/answers",
        headers={"Origin": "https://evil.example.org", "Access-Control-Request-Method": "POST"},
    )
    assert "access-control-allow-origin" not in response.headers


class TestAnswers:
    async def test_without_a_turn_there_is_nothing(
        self, process: httpx.AsyncClient, redis: Redis
    ) -> None:
        assert await redis.get(context_key("c1")) is None
        for intent in ("claim_status", "find_provider", "greet"):
            assert await ask(process, intent) == {"answer": None, "missing": []}

    @pytest.mark.parametrize(
        ("intent", "missing"),
        [("claim_status", ["identity", "claim"]), ("which_plan_covers_me", ["identity"])],
    )
    async def test_what_is_personal_lacks_an_identity(
        self, process: httpx.AsyncClient, redis: Redis, intent: str, missing: list[str]
    ) -> None:
        await open_turn(redis)
        forged = [{"entity": "verified", "value": "true"}]
        asked = await ask(process, intent, entities=forged)
        assert asked == {"answer": None, "missing": missing}

    async def test_a_verified_member_s_claim(
        self,
        process: httpx.AsyncClient,
        redis: Redis,
        clients: dict[str, Client],
        people: Mapping[tuple[str, str], Member],
    ) -> None:
        await open_turn(redis, await proven(clients["mvp"], "M10010002"))
        given = (await ask(process, "claim_status", text="my claim from March"))["answer"]
        assert people["mvp", "M10010002"].claims
        assert "MVP Health Care paid your claim" in given["text"]
        assert "$140.00" in given["text"]

    @pytest.mark.parametrize(
        ("entities", "missing"),
        [([], ["specialty", "location"]), (ALBANY[:1], ["specialty"]), (ALBANY[1:], ["location"])],
    )
    async def test_a_search_says_what_it_lacks(
        self,
        process: httpx.AsyncClient,
        redis: Redis,
        entities: list[dict[str, str]],
        missing: list[str],
    ) -> None:
        await open_turn(redis)
        asked = await ask(process, "find_provider", entities=entities)
        assert asked == {"answer": None, "missing": missing}

    async def test_a_search_needs_nobody_s_name(
        self, process: httpx.AsyncClient, redis: Redis
    ) -> None:
        await open_turn(redis)
        given = (await ask(process, "find_provider", entities=ALBANY))["answer"]
        assert given["cards"]
        assert given["level"] == 0

    async def test_an_unknown_intent_has_no_answer(
        self, process: httpx.AsyncClient, redis: Redis
    ) -> None:
        await open_turn(redis)
        assert await ask(process, "drop_table") == {"answer": None, "missing": []}


@pytest.mark.parametrize(
    "missing",
    [
        "REDIS_URL",
        "DATABASE_URL",
        "MEMBERLINE_INTERNAL_TOKEN",
        "MEMBERLINE_SECRET",
        "MEMBERLINE_VAR",
    ],
)
def test_a_missing_setting_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in (
        "REDIS_URL",
        "DATABASE_URL",
        "MEMBERLINE_INTERNAL_TOKEN",
        "MEMBERLINE_SECRET",
        "MEMBERLINE_VAR",
    ):
        monkeypatch.setenv(name, "x")
    monkeypatch.delenv(missing)
    with pytest.raises(ConfigurationError, match=missing):
        create_app()
