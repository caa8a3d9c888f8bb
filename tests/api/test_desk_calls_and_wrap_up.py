"""Calls that run, members who have gone quiet, and what a wrap-up says by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from alliance.answer import Answer
from api.ivr import core, wording
from api.store import tables
from tests.actions.conftest import MOMENT
from tests.api.conftest import PHONE, Bridge, Rasa, reply, understood
from tests.api.ivr.callers import JsonCall
from tests.api.test_chat_over_http import refused
from tests.api.test_desk_over_http import PASSWORD, Agent, agents, waiting  # noqa: F401
from tests.api.test_desk_over_http import suggestions as shown

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
CLAIM = Answer("MVP paid it.", "MVP paid it.", intent="claim_status", partner="mvp", level=1)
People = dict[str, Agent]


def paid(_: dict[str, Any]) -> dict[str, Any]:
    return reply(CLAIM, intent={"name": "claim_status", "confidence": 0.9})


async def calls(agent: Agent) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await agent.http.get("/desk/calls")).json()["calls"]
    return found


class TestCalls:
    async def test_turn_by_turn_for_the_company_s_people(
        self,
        bridge: Bridge,
        agents: People,  # noqa: F811
        rasa: Rasa,
    ) -> None:
        call = JsonCall(bridge.http, next(iter(PHONE.api_keys)))
        await call.send("start")
        # Whose caller it is nobody knows yet: only who serves every company may listen.
        assert await calls(agents["mia"]) == []
        everybody = Agent(bridge)
        await bridge.parts.agents.add("eve", "Eve", PASSWORD, "agent", list(bridge.parts.companies))
        await everybody.sign_in("eve")
        (unknown,) = await calls(everybody)
        assert unknown["company"] == "Company not known"
        await everybody.http.aclose()

        rasa.answer = paid
        await call.send("input", speech="has my claim been paid", confidence=0.9)
        (running,) = await calls(agents["mia"])
        assert (running["company"], running["topic"]) == ("MVP Health Care", "claim_status")
        assert await calls(agents["cora"]) == []
        path = f"/desk/calls/{running['id']}"
        refused(await agents["cora"].http.get(path), 403, "forbidden")
        heard = (await agents["mia"].http.get(path)).json()["messages"]
        said = ["has my claim been paid", CLAIM.text, wording.ELSE]
        assert [m["text"] for m in heard[-3:]] == said

        await call.send("hangup")
        assert await calls(agents["mia"]) == []
        refused(await agents["mia"].http.get(path), 404, "not_found")

    async def test_what_the_line_itself_says_and_hears(
        self,
        bridge: Bridge,
        agents: People,  # noqa: F811
        rasa: Rasa,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        call = JsonCall(bridge.http, next(iter(PHONE.api_keys)))
        await call.send("start")
        await call.send("silence")
        await call.send("input", digits="7")
        rasa.understands = lambda text: understood(text, "claim_status", 0.55, "confirm")
        await call.send("input", speech="the claim thing", confidence=0.9)
        rasa.answer, rasa.delay_seconds = paid, 0.4
        with monkeypatch.context() as patch:
            patch.setattr(core, "INNER_DEADLINE_SECONDS", 0.1)
            await call.send("input", speech="yes", confidence=0.9)
        await call.send("silence")
        (running,) = await calls(agents["mia"])
        path = f"/desk/calls/{running['id']}"
        heard = (await agents["mia"].http.get(path)).json()["messages"]
        assert [(m["from"], m["text"]) for m in heard] == [
            ("assistant", wording.GREETING),
            ("assistant", f"{wording.NOT_HEARD} {wording.DIRECTED}"),
            ("member", "(key 7)"),
            ("assistant", f"{wording.NO_SUCH_KEY} {wording.DIRECTED}"),
            ("member", "the claim thing"),
            ("assistant", "Is it about the state of a claim? Say yes or no."),
            ("member", "yes"),
            ("assistant", wording.ONE_MOMENT),
            ("assistant", CLAIM.text),
            ("assistant", wording.ELSE),
        ]
        await call.send("hangup")


class TestQuiet:
    async def line(self, agent: Agent, conversation: str) -> dict[str, Any]:
        return next(line for line in await agent.queue() if line["id"] == conversation)

    async def test_idle_then_abandoned(
        self,
        bridge: Bridge,
        agents: People,  # noqa: F811
        rasa: Rasa,
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        mia, table = agents["mia"], tables.messages
        assert (await self.line(mia, conversation))["member_is"] == "active"
        for minutes, state in ((6, "idle"), (16, "abandoned")):
            async with bridge.parts.engine.begin() as connection:
                await connection.execute(
                    update(table)
                    .where(table.c.conversation_id == conversation, table.c.sender == "member")
                    .values(at=MOMENT - timedelta(minutes=minutes))
                )
            found = await self.line(mia, conversation)
            assert (found["member_is"], found["quiet_seconds"]) == (state, minutes * 60)

    async def test_who_has_left_is_told_at_once(
        self,
        bridge: Bridge,
        agents: People,  # noqa: F811
        rasa: Rasa,
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await agents["mia"].do(conversation, "accept")
        await bridge.http.delete("/chat/sessions/current", headers=chat.headers)
        found = await self.line(agents["mia"], conversation)
        assert found["member_is"] == "abandoned"
        path = f"/desk/conversations/{conversation}/wrap-up"
        assert (await agents["mia"].http.get(path)).json()["disposition"] == "no_reply"


async def test_a_wrap_up_holds_the_facts_and_no_words_of_the_member(
    bridge: Bridge,
    agents: People,  # noqa: F811
    rasa: Rasa,
) -> None:
    chat, conversation = await waiting(bridge, rasa)
    mia = agents["mia"]
    path = f"/desk/conversations/{conversation}/wrap-up"
    refused(await mia.http.get(path), 409, "conflict")
    await mia.do(conversation, "accept")
    rasa.answer = paid
    await chat.say("my number is M10010002, was it paid?")
    (suggested,) = await shown(mia, conversation)
    draft = (await mia.http.get(path)).json()
    assert "Open: " in draft["summary"]
    assert draft["disposition"] == "follow_up"

    await mia.do(conversation, f"suggestions/{suggested['id']}", {"action": "used"})
    draft = (await mia.http.get(path)).json()
    lines = draft["summary"].splitlines()
    assert lines[0].startswith("Chat with a member, MVP Health Care, ")
    assert "Verified: no" in lines
    assert "Came to a person because of: a denied claim" in lines
    assert any(line.startswith("Answered by the agent: ") for line in lines)
    assert "Open: " not in draft["summary"]
    assert "M10010002" not in draft["summary"]
    assert draft["disposition"] == "answered"


async def test_an_alarm_is_the_agent_s_and_their_company_s_supervisors(
    bridge: Bridge,
    agents: People,  # noqa: F811
    rasa: Rasa,
) -> None:
    _, conversation = await waiting(bridge, rasa)
    await agents["mia"].do(conversation, "accept")
    for name, company in (("sue", "mvp"), ("carla", "cigna")):
        await bridge.parts.agents.add(name, name, PASSWORD, "supervisor", [company])
    hears = {}
    for name in ("mia", "max", "cora", "sue", "carla"):
        agent = await bridge.parts.agents.get(name)
        assert agent is not None
        hears[name] = await bridge.parts.desk.hears_alarm(agent, conversation)
    assert hears == {"mia": True, "max": False, "cora": False, "sue": True, "carla": False}


async def test_the_assistant_goes_on_from_what_the_agent_has_summed_up(
    bridge: Bridge,
    agents: People,  # noqa: F811
    rasa: Rasa,
) -> None:
    chat, conversation = await waiting(bridge, rasa)
    mia = agents["mia"]
    await mia.do(conversation, "accept")
    rasa.answer = paid
    await chat.say("was it paid?")
    await shown(mia, conversation)
    path = f"/desk/conversations/{conversation}/hand-back"
    draft = (await mia.http.get(path)).json()
    assert draft["open"] == [{"topic": "claim_status", "title": "the state of a claim"}]
    assert draft["summary"] == "Still open: the state of a claim."

    refused(await mia.do(conversation, "hand-back", {"topic": "magic"}), 404, "not_found")
    summary = "The assistant can look up your claim."
    body = {"summary": summary, "topic": "claim_status"}
    assert (await mia.do(conversation, "hand-back", body)).status_code == 200
    fed = {"conversation_id": conversation, "text": summary, "last": True}
    assert fed in rasa.heard("feed")
    assert rasa.heard()[-1]["text"] == "/claim_status"
    told = [(m["from"], m["text"]) for m in (await chat.messages())[-4:]]
    assert told == [
        ("agent", summary),
        ("system", "The assistant is back. You can ask for a person at any time."),
        ("system", "The assistant goes on with the state of a claim."),
        ("assistant", CLAIM.text),
    ]
    assert (await chat.say("thanks"))["state"]["owner"] == "assistant"


class TestPromises:
    async def test_a_call_back_is_booked_and_the_member_told(
        self,
        bridge: Bridge,
        agents: People,  # noqa: F811
        rasa: Rasa,
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        mia = agents["mia"]
        body = {"phone": "(518) 555-0102", "window": "tomorrow morning", "reason": "the claim"}
        refused(await mia.do(conversation, "callbacks", body), 409, "conflict")
        await mia.do(conversation, "accept")
        wrong = {**body, "phone": "518-555-010"}
        refused(await mia.do(conversation, "callbacks", wrong), 422, "unusable")
        assert (await mia.do(conversation, "callbacks", body)).status_code == 200
        kept = (await mia.http.get("/desk/callbacks")).json()["callbacks"]
        assert ("5185550102", "mvp") in [(call["phone"], call["partner"]) for call in kept]
        told = (await chat.messages())[-1]
        assert told["from"] == "system"
        assert "MVP Health Care will call you at the number ending in 02" in told["text"]
        assert "5185550102" not in told["text"]

    async def test_a_case_needs_words_a_kind_and_the_action_process(
        self,
        bridge: Bridge,
        agents: People,  # noqa: F811
        rasa: Rasa,
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        mia = agents["mia"]
        await mia.do(conversation, "accept")
        kinds = (await mia.http.get("/desk/case-kinds")).json()["kinds"]
        assert kinds["complaint"] == "complaint"
        body = {"kind": "complaint", "words": "They billed me twice."}
        for wrong in ({"kind": "magic"}, {"words": ""}, {"company": "nobody"}):
            response = await mia.do(conversation, "cases", {**body, **wrong})
            refused(response, 422, "unusable")
        other = await mia.do(conversation, "cases", {**body, "company": "cigna"})
        refused(other, 403, "forbidden")
        before = await chat.messages()
        # No action process runs here: nothing was promised, and nothing is told.
        refused(await mia.do(conversation, "cases", body), 503, "assistant_unavailable")
        assert await chat.messages() == before
