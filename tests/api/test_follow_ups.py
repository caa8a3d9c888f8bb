"""What was promised: calls that the desk makes, cases that it sees until a company has them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from alliance.answer import Act, Answer
from api.store import tables
from tests.actions.conftest import MOMENT
from tests.api.conftest import Bridge, Rasa, reply
from tests.api.test_chat_over_http import refused
from tests.api.test_desk_over_http import Agent, agents  # noqa: F401

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
DETAIL = {
    "partner": "mvp",
    "phone": "5185550102",
    "window": "tomorrow morning",
    "reason": "a denied claim",
}
People = dict[str, Agent]


def promised(_: dict[str, Any]) -> dict[str, Any]:
    words = "I've asked MVP Health Care to call you at the number ending in 02."
    return reply(Answer(words, words, acts=(Act("callback", DETAIL),)))


async def calls(agent: Agent) -> list[dict[str, Any]]:
    response = await agent.http.get("/desk/callbacks")
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["callbacks"]
    return found


async def test_a_call_is_kept_and_made_by_the_right_company(
    bridge: Bridge,
    agents: People,  # noqa: F811
    rasa: Rasa,
) -> None:
    rasa.answer = promised
    chat = await bridge.chat()
    await chat.say("call me back")
    (call,) = await calls(agents["mia"])
    assert (call["phone"], call["window"]) == ("5185550102", "tomorrow morning")
    assert call["due_at"] > MOMENT.isoformat()
    assert await calls(agents["cora"]) == []
    path = f"/desk/callbacks/{call['id']}/done"
    refused(await agents["cora"].http.post(path, json={"outcome": "reached"}), 403, "forbidden")
    assert (await agents["max"].http.post(path, json={"outcome": "reached"})).status_code == 200
    assert await calls(agents["mia"]) == []
    refused(await agents["mia"].http.post(path, json={"outcome": "again"}), 404, "not_found")


async def test_the_same_message_again_promises_no_second_call(
    bridge: Bridge,
    agents: People,  # noqa: F811
    rasa: Rasa,
) -> None:
    rasa.answer = promised
    chat = await bridge.chat()
    before = len(await calls(agents["mia"]))
    for _ in range(2):
        message = {"client_message_id": "once", "text": "call me back"}
        await chat.http.post("/chat/messages", json=message, headers=chat.headers)
    assert len(await calls(agents["mia"])) == before + 1


async def test_a_call_that_is_put_off_or_called_off(
    bridge: Bridge,
    agents: People,  # noqa: F811
    rasa: Rasa,
) -> None:
    other = {**DETAIL, "window": "Friday", "instead": True}
    acts = iter([Act("callback", DETAIL), Act("callback", other), Act("callback_cancelled")])
    rasa.answer = lambda _: reply(Answer("Done.", "Done.", acts=(next(acts),)))
    before = [call["id"] for call in await calls(agents["mia"])]
    chat = await bridge.chat()
    for said, windows in (("call me", ["tomorrow morning"]), ("Friday", ["Friday"]), ("no", [])):
        await chat.say(said)
        found = [call for call in await calls(agents["mia"]) if call["id"] not in before]
        assert [call["window"] for call in found] == windows


async def test_cases_are_seen_by_the_company_and_alarm_until_it_has_them(
    bridge: Bridge,
    agents: People,  # noqa: F811
) -> None:
    async with bridge.parts.agents._engine.begin() as connection:
        for reference, acknowledged in (("MVP-AAAA-2222", None), ("MVP-CCCC-3333", MOMENT)):
            await connection.execute(
                insert(tables.cases).values(
                    reference=reference,
                    once=reference,
                    kind="complaint",
                    partner="mvp",
                    urgency="normal",
                    body={"words": "you were rude"},
                    conversation_id="c1",
                    received_at=MOMENT.replace(year=MOMENT.year - 1),
                    due_at=MOMENT,
                    attempts=0,
                    next_attempt_at=MOMENT,
                    acknowledged_at=acknowledged,
                )
            )
    found = (await agents["mia"].http.get("/desk/cases")).json()["cases"]
    assert [(case["reference"], case["alarm"]) for case in found] == [
        ("MVP-AAAA-2222", True),
        ("MVP-CCCC-3333", False),
    ]
    assert (await agents["cora"].http.get("/desk/cases")).json()["cases"] == []

    path = "/desk/cases/MVP-CCCC-3333/settled"
    refused(await agents["cora"].http.post(path), 403, "forbidden")
    assert (await agents["mia"].http.post(path)).status_code == 200
    refused(await agents["max"].http.post(path), 404, "not_found")
    left = (await agents["mia"].http.get("/desk/cases")).json()["cases"]
    assert [case["reference"] for case in left] == ["MVP-AAAA-2222"]


@pytest.mark.parametrize("path", ["/desk/cases", "/desk/callbacks"])
async def test_nobody_else_sees_them(bridge: Bridge, path: str) -> None:
    response: httpx.Response = await bridge.http.get(path)
    refused(response, 401, "unauthorized")
