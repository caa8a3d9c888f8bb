"""What an agent does for a member at the desk: the same factors, codes, cases and counters as in
the conversation, audited as the agent's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.turn import verification_key
from sandbox.population.records import Member
from tests.actions.test_action_process import HEADERS, process  # noqa: F401
from tests.actions.test_one_time_codes import code_in, other_than
from tests.sandbox.conftest import Backend

People = Mapping[tuple[str, str], Member]
DESK = {"conversation_id": "c-desk", "channel": "chat", "agent": "mia", "partner": "mvp"}
MORGAN = {
    "first_name": "Morgan",
    "member_id": "M10010002",
    "birth_date": "1979-11-02",
    "zip": "12207",
}


class Line:
    """The bridge's way to the action process."""

    def __init__(self, http: httpx.AsyncClient, redis: Redis) -> None:
        self._http = http
        self._redis = redis

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        response = await self._http.post(path, json={**DESK, **body}, headers=HEADERS)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def outcome(self, path: str, **body: Any) -> str:
        return str((await self.post(path, **body))["outcome"])

    async def proof(self) -> tuple[int, str] | None:
        """Level and method of the conversation's proof."""
        stored = await self._redis.get(verification_key(DESK["conversation_id"]))
        found = json.loads(stored) if stored else None
        return (found["level"], found["method"]) if found else None


@pytest.fixture
def line(process: httpx.AsyncClient, redis: Redis) -> Line:  # noqa: F811
    return Line(process, redis)


class TestWithoutTheCard:
    def told(self, people: People, **other: str) -> dict[str, str]:
        member = people["mvp", "M10010007"]
        return {
            "first_name": "Jordan",
            "last_name": "Movewell",
            "birth_date": "1992-04-11",
            "zip": "02118",
            "second": member.phone[-4:],
            **other,
        }

    async def test_name_birth_date_zip_and_phone(self, line: Line, people: People) -> None:
        path = "/verifications/desk/without-card"
        assert await line.outcome(path, **self.told(people)) == "verified"
        assert await line.proof() == (1, "name")

    async def test_it_counts_as_the_card_s_factors_do(self, line: Line, people: People) -> None:
        path = "/verifications/desk/without-card"
        for _ in range(3):
            assert await line.outcome(path, **self.told(people, second="0000")) == "refused"
        assert await line.outcome(path, **self.told(people)) == "locked_out"
        card = {"first_name": "Jordan", "member_id": "M10010007", "birth_date": "1992-04-11"}
        assert await line.outcome("/verifications/desk", **card, zip="02118") == "locked_out"


class TestCodes:
    async def test_a_code_opens_level_2_and_is_audited_as_the_agent_s(
        self, line: Line, sandboxes: Mapping[str, Backend], engine: AsyncEngine
    ) -> None:
        assert await line.outcome("/verifications/desk", **MORGAN) == "verified"
        sent = await line.post("/codes/desk/send")
        assert sent == {"outcome": "sent", "to": sent["to"], "others": ["email"]}
        assert sent["to"].startswith("mobile number ending in ")
        assert await line.outcome("/codes/desk/send") == "too_soon"

        code = code_in(sandboxes["mvp"])
        assert await line.outcome("/codes/desk/check", code=other_than(code)) == "wrong_code"
        assert await line.proof() == (1, "id_dob_zip")
        assert await line.outcome("/codes/desk/check", code=code) == "verified"
        assert await line.proof() == (2, "one_time_code")
        assert await line.outcome("/codes/desk/check", code=code) == "expired"
        async with engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT action, actor FROM audit WHERE what = 'identity' ORDER BY number")
            )
            assert [tuple(row) for row in rows] == [
                ("verified", "agent:mia"),
                ("code refused", "agent:mia"),
                ("verified by code", "agent:mia"),
            ]

    async def test_three_wrong_ones_close_everything(
        self, line: Line, sandboxes: Mapping[str, Backend]
    ) -> None:
        await line.outcome("/verifications/desk", **MORGAN)
        await line.post("/codes/desk/send")
        wrong = other_than(code_in(sandboxes["mvp"]))
        tries = [await line.outcome("/codes/desk/check", code=wrong) for _ in range(3)]
        assert tries == ["wrong_code", "wrong_code", "locked_out"]
        assert await line.proof() is None
        assert await line.outcome("/verifications/desk", **MORGAN) == "locked_out"

    @pytest.mark.parametrize("partner", ["mvp", "cigna"])
    async def test_a_code_only_confirms_who_was_verified_there(
        self, line: Line, partner: str
    ) -> None:
        if partner != "mvp":
            await line.outcome("/verifications/desk", **MORGAN)
        assert await line.outcome("/codes/desk/send", partner=partner) == "not_verified"
        found = await line.outcome("/codes/desk/check", partner=partner, code="123456")
        assert found == "not_verified"


class TestCases:
    async def test_in_the_member_s_name_and_once(
        self, line: Line, engine: AsyncEngine, people: People
    ) -> None:
        await line.outcome("/verifications/desk", **MORGAN)
        words = "They billed me twice for one visit."
        first = await line.post("/cases/desk", kind="complaint", words=words)
        again = await line.post("/cases/desk", kind="complaint", words=words)
        assert first["reference"] == again["reference"]
        assert first["reference"].startswith("MVP-")
        async with engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT subject, actor FROM audit WHERE action = 'case opened'")
            )
            whom = f"mvp/{people['mvp', 'M10010002'].id}"
            assert [tuple(row) for row in rows] == [(whom, "agent:mia")]

    async def test_of_nobody_who_is_proven(self, line: Line, engine: AsyncEngine) -> None:
        found = await line.post("/cases/desk", kind="fraud", words="A stranger used my card.")
        assert found["urgency"] == "normal"
        async with engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT subject FROM audit WHERE action = 'case opened'")
            )
            assert [row.subject for row in rows] == ["mvp/"]
