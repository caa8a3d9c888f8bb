"""Figures per company, files that are no formulas, and answers taken out of service."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
import yaml
from sqlalchemy import insert

from alliance.answer import Answer, Source
from api.insights.figures import as_csv
from api.store import tables
from tests.actions.conftest import MOMENT
from tests.api.conftest import Bridge, Rasa, reply
from tests.api.test_chat_over_http import conversation_of, refused
from tests.api.test_desk_over_http import PASSWORD, Agent, suggestions, waiting

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
TOLD = Answer(
    "Paid.",
    "x",
    intent="claim_status",
    partner="mvp",
    sources=(Source("mvp", "ExplanationOfBenefit/77", MOMENT.isoformat()),),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(bridge: Bridge) -> AsyncIterator[dict[str, Agent]]:
    found = {}
    for name, role, company in (
        ("sue", "supervisor", "mvp"),
        ("cora", "supervisor", "cigna"),
        ("mia", "agent", "mvp"),
    ):
        await bridge.parts.agents.add(name, name.title(), PASSWORD, role, [company])  # type: ignore[arg-type]
        found[name] = Agent(bridge)
        await found[name].sign_in(name)
    yield found
    for agent in found.values():
        await agent.http.aclose()


async def figures(agent: Agent, **query: Any) -> dict[str, Any]:
    response = await agent.http.get("/desk/figures/data", params=query)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def told_chat(bridge: Bridge, rasa: Rasa) -> str:
    """A chat that was told about a claim; its conversation."""
    chat = await bridge.chat()
    rasa.answer = lambda _: reply(TOLD, intent={"name": "claim_status", "confidence": 0.9})
    await chat.say("has it been paid?")
    rasa.reset()
    return await conversation_of(bridge, chat)


async def told(agent: Agent, **query: Any) -> list[dict[str, Any]]:
    response = await agent.http.get("/desk/told", params=query)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["told"]
    return found


class TestFigures:
    async def test_of_each_company_its_own(
        self, bridge: Bridge, people: dict[str, Agent], rasa: Rasa
    ) -> None:
        before, theirs = await figures(people["sue"]), await figures(people["cora"])
        await told_chat(bridge, rasa)
        chat, conversation = await waiting(bridge, rasa)
        rasa.answer = lambda _: reply(TOLD, intent={"name": "claim_status", "confidence": 0.9})
        await people["mia"].do(conversation, "accept")
        await chat.say("has it been paid?")
        (suggested,) = await suggestions(people["mia"], conversation)
        await people["mia"].do(conversation, f"suggestions/{suggested['id']}", {"action": "used"})
        await people["mia"].do(conversation, "wrap-up", {"disposition": "answered"})
        await bridge.parts.records.close()
        after = await figures(people["sue"])
        assert after["conversations"] - before["conversations"] == 2
        assert after["handovers"] - before["handovers"] == 1
        assert 0 < after["containment"] < 1
        assert after["suggestions"]["used"] - before["suggestions"]["used"] == 1
        assert after["seconds_to_answer"]["median"] is not None
        assert after["days"][-1]["conversations"] >= 2
        assert await figures(people["cora"]) == theirs

    async def test_another_company_s_are_closed(self, people: dict[str, Agent]) -> None:
        path = "/desk/figures/data"
        refused(await people["cora"].http.get(path, params={"company": "mvp"}), 403, "forbidden")
        for each in (path, f"{path}.csv", "/desk/withdrawals", "/desk/told?kind=intent&name=x"):
            refused(await people["mia"].http.get(each), 403, "forbidden")

    async def test_first_contacts_that_came_back_were_not_resolved(
        self, bridge: Bridge, people: dict[str, Agent]
    ) -> None:
        ids = [await conversation_of(bridge, await bridge.chat()) for _ in range(3)]
        contacts = [("p1", 20), ("p1", 16), ("p2", 20)]
        async with bridge.parts.engine.begin() as connection:
            for conversation, (person, days) in zip(ids, contacts, strict=True):
                await connection.execute(
                    insert(tables.contacts).values(
                        conversation_id=conversation,
                        topic="claim_status",
                        person=person,
                        partner="mvp",
                        channel="chat",
                        outcome="answered",
                        level=1,
                        at=MOMENT - timedelta(days=days),
                    )
                )
        # Of three contacts one came back within seven days.
        found = await figures(people["sue"], days=30)
        assert found["first_contact_resolution"] == pytest.approx(2 / 3, abs=0.001)


class TestFiles:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "  =cmd|'/c calc'!A1"])
    async def test_no_cell_is_a_formula(self, text: str) -> None:
        written = as_csv({"unanswered": [{"text": text, "times": 3}], "n": -4, "words": text})
        cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
        unsafe = [c for c in cells if c.lstrip(" ")[:1] in tuple("=+-@\t") and c != "-4"]
        assert unsafe == []

    async def test_the_file(self, people: dict[str, Agent]) -> None:
        response = await people["sue"].http.get("/desk/figures/data.csv")
        assert response.headers["content-type"].startswith("text/csv")
        rows = dict(csv.reader(io.StringIO(response.text)))
        assert rows["figure"] == "value"
        assert "containment" in rows


class TestOutOfService:
    async def withdraw(self, agent: Agent, kind: str, name: str) -> httpx.Response:
        body = {"kind": kind, "name": name, "reason": "wrong since Monday"}
        return await agent.http.post("/desk/withdrawals", json=body)

    async def test_withdrawn_and_restored(self, people: dict[str, Agent]) -> None:
        sue = people["sue"]
        assert (await self.withdraw(sue, "intent", "drug_cost")).status_code == 200
        refused(await self.withdraw(sue, "intent", "drug_cost"), 409, "conflict")
        (one,) = (await sue.http.get("/desk/withdrawals")).json()["withdrawals"]
        assert (one["name"], one["by"]) == ("drug_cost", "sue")
        path = f"/desk/withdrawals/{one['id']}/restore"
        assert (await sue.http.post(path)).status_code == 200
        refused(await sue.http.post(path), 404, "not_found")
        assert (await sue.http.get("/desk/withdrawals")).json()["withdrawals"] == []

    @pytest.mark.parametrize("name", ["emergency", "speak_to_agent"])
    async def test_never_danger_nor_a_person(self, people: dict[str, Agent], name: str) -> None:
        refused(await self.withdraw(people["sue"], "intent", name), 409, "conflict")

    @pytest.mark.parametrize(
        ("kind", "name"), [("intent", "magic"), ("source", "knowledge/magic"), ("source", "magic")]
    )
    async def test_no_such_thing(self, people: dict[str, Agent], kind: str, name: str) -> None:
        refused(await self.withdraw(people["sue"], kind, name), 404, "not_found")

    async def test_what_can_be_withdrawn(self, people: dict[str, Agent]) -> None:
        sue = people["sue"]
        names = (await sue.http.get("/desk/withdrawals")).json()["names"]
        assert "drug_cost" in names["intent"]
        assert not {"emergency", "speak_to_agent"} & set(names["intent"])
        assert "knowledge/term-deductible" in names["source"]
        for kind in ("intent", "source"):
            assert (await self.withdraw(sue, kind, names[kind][-1])).status_code == 200
        for one in (await sue.http.get("/desk/withdrawals")).json()["withdrawals"]:
            await sue.http.post(f"/desk/withdrawals/{one['id']}/restore")

    async def test_who_was_told(self, bridge: Bridge, people: dict[str, Agent], rasa: Rasa) -> None:
        conversation = await told_chat(bridge, rasa)
        await bridge.parts.records.close()
        for query in (
            {"kind": "intent", "name": "claim_status"},
            {"kind": "source", "name": "ExplanationOfBenefit/77"},
        ):
            found = await told(people["sue"], **query)
            assert conversation in [line["conversation_id"] for line in found]
            assert await told(people["cora"], **query) == []


class TestLearning:
    async def test_from_a_wrong_suggestion_to_rasa_s_file(
        self, bridge: Bridge, people: dict[str, Agent], rasa: Rasa
    ) -> None:
        await bridge.parts.agents.add("ada", "Ada", PASSWORD, "admin", ["mvp"])
        ada = Agent(bridge)
        await ada.sign_in("ada")
        chat, conversation = await waiting(bridge, rasa)
        rasa.answer = lambda _: reply(TOLD, intent={"name": "claim_status", "confidence": 0.6})
        await people["mia"].do(conversation, "accept")
        await chat.say("my name is Zebulon and where is my new card, M10010002?")
        (shown,) = await suggestions(people["mia"], conversation)
        body = {"action": "dismissed", "reason": "wrong"}
        await people["mia"].do(conversation, f"suggestions/{shown['id']}", body)

        found = (await ada.http.get("/desk/learning/data")).json()
        (one,) = found["sentences"]
        assert "Zebulon" not in one["text"]
        assert "M10010002" not in one["text"]
        assert one["suggested"][0]["intent"] == "claim_status"
        path = f"/desk/learning/sentences/{one['id']}"
        # Also what no member ever chooses is a meaning.
        assert {"id_card", "out_of_scope", "emergency"} <= set(found["intents"])
        assert found["labelled"] == 0
        refused(await ada.http.post(path, json={"label": "magic"}), 404, "not_found")
        refused(await people["sue"].http.post(path, json={"label": "id_card"}), 403, "forbidden")
        assert (await ada.http.post(path, json={"label": "id_card"})).status_code == 200
        left = (await ada.http.get("/desk/learning/data")).json()
        assert (left["sentences"], left["labelled"]) == ([], 1)

        written = yaml.safe_load((await ada.http.get("/desk/learning/export.yml")).text)
        (entry,) = written["nlu"]
        assert (written["version"], entry["intent"]) == ("3.1", "id_card")
        assert entry["examples"].startswith("- ")
        assert "my name is name and where is my new card, number?" in entry["examples"]
        assert "[" not in entry["examples"]
        await ada.http.aclose()

        await bridge.parts.agents.add("carl", "Carl", PASSWORD, "admin", ["cigna"])
        carl = Agent(bridge)
        await carl.sign_in("carl")
        theirs = yaml.safe_load((await carl.http.get("/desk/learning/export.yml")).text)
        assert theirs["nlu"] == []
        await carl.http.aclose()
