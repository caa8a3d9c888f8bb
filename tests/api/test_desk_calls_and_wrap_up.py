"""Calls that run, members who have gone quiet, and what a wrap-up says by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from alliance.answer import Answer
from api.store import tables
from tests.actions.conftest import MOMENT
from tests.api.conftest import PHONE, Bridge, Rasa, reply
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
        assert [m["text"] for m in heard[-2:]] == ["has my claim been paid", CLAIM.text]

        await call.send("hangup")
        assert await calls(agents["mia"]) == []
        refused(await agents["mia"].http.get(path), 404, "not_found")


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
