"""Who may do what at the desk, in which order conversations come, and how they move on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import update

from alliance.answer import Act, Answer
from api.store import tables
from tests.api.conftest import Bridge, Chatter, Rasa, reply
from tests.api.test_chat_over_http import conversation_of, refused
from tests.api.test_desk_over_http import PASSWORD, Agent

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
NEW = {"username": "ned", "name": "Ned", "role": "agent", "companies": ["mvp"]}
NEW_PASSWORD = "a-password-of-the-tests"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(bridge: Bridge) -> AsyncIterator[dict[str, Agent]]:
    """Two agents of MVP's, one with a skill and a limit; MVP's supervisor; an administrator."""
    add = bridge.parts.agents.add
    await add("mia", "Mia", PASSWORD, "agent", ["mvp"])
    await add("max", "Max", PASSWORD, "agent", ["mvp"], ["appeals"], 2)
    await add("sue", "Sue", PASSWORD, "supervisor", ["mvp"])
    await add("ada", "Ada", PASSWORD, "admin", ["mvp"])
    await add("cora", "Cora", PASSWORD, "supervisor", ["cigna"])
    found = {}
    for name in ("mia", "max", "sue", "ada", "cora"):
        found[name] = Agent(bridge)
        assert (await found[name].sign_in(name)).status_code == 200
    yield found
    for agent in found.values():
        await agent.http.aclose()


Queueing = Callable[..., Any]


@pytest.fixture
def queued(bridge: Bridge, rasa: Rasa) -> Queueing:
    """Puts a new chat into MVP's queue; returns the chat and the conversation's id."""

    async def one(topic: str = "which_plan_covers_me", **detail: Any) -> tuple[Chatter, str]:
        act = Act("handoff", {"partner": "mvp", "reason": "r", "topic": topic, **detail})
        rasa.answer = lambda _: reply(Answer("One moment.", "x", acts=(act,)))
        chat = await bridge.chat()
        await chat.say("a person please")
        rasa.reset()
        return chat, await conversation_of(bridge, chat)

    return one


async def told(chat: Chatter) -> str:
    text: str = (await chat.messages())[-1]["text"]
    return text


class TestRoles:
    PATHS = (
        ("GET", "/desk/users", {"ada"}),
        ("POST", "/desk/users", {"ada"}),
        ("POST", "/desk/users/mia", {"ada"}),
        ("GET", "/desk/conversations", {"ada", "sue", "cora"}),
        ("POST", "/desk/conversations/x/take-over", {"ada", "sue", "cora"}),
    )

    @pytest.mark.parametrize(("method", "path", "allowed"), PATHS)
    async def test_only_who_may(
        self, people: dict[str, Agent], method: str, path: str, allowed: set[str]
    ) -> None:
        for name, agent in people.items():
            response = await agent.http.request(method, path, json={"name": ""})
            assert (response.status_code == 403) == (name not in allowed), (name, response.text)

    async def test_a_user_is_made_changed_and_switched_off(
        self, bridge: Bridge, people: dict[str, Agent]
    ) -> None:
        ada = people["ada"].http
        body = {**NEW, "password": NEW_PASSWORD, "skills": ["appeals"], "chat_limit": 2}
        assert (await ada.post("/desk/users", json=body)).status_code == 200
        refused(await ada.post("/desk/users", json=body), 409, "conflict")
        ned = Agent(bridge)
        me = (await ned.sign_in("ned", NEW_PASSWORD)).json()["agent"]
        assert (me["role"], me["skills"], me["chat_limit"]) == ("agent", ["appeals"], 2)

        changed = {**NEW, "role": "supervisor", "active": True}
        assert (await ada.post("/desk/users/ned", json=changed)).status_code == 200
        assert (await ned.http.get("/desk/conversations")).status_code == 200

        assert (await ada.post("/desk/users/ned", json={**NEW, "active": False})).status_code == 200
        refused(await ned.http.get("/desk/me"), 401, "unauthorized")
        refused(await ned.sign_in("ned", NEW_PASSWORD), 401, "unauthorized")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"role": "king"},
            {"companies": ["acme"]},
            {"password": "short"},
            {"username": "a b"},
            {"chat_limit": 0},
            {"skills": ["<b>"]},
        ],
        ids=lambda wrong: next(iter(wrong)),
    )
    async def test_what_makes_no_user(
        self, people: dict[str, Agent], wrong: dict[str, Any]
    ) -> None:
        body = {**NEW, "username": "other", "password": NEW_PASSWORD, **wrong}
        refused(await people["ada"].http.post("/desk/users", json=body), 422, "unusable")

    async def test_an_administrator_manages_their_own_companies_people(
        self, people: dict[str, Agent]
    ) -> None:
        ada = people["ada"].http
        found = (await ada.get("/desk/users")).json()
        assert found["companies"] == {"mvp": "MVP Health Care"}
        assert not {"cora", "admin"} & {user["username"] for user in found["users"]}
        rights = {"name": "x", "role": "agent", "companies": ["mvp"]}
        refused(await ada.post("/desk/users/cora", json=rights), 404, "not_found")
        both = {**NEW, "username": "two", "password": NEW_PASSWORD, "companies": ["mvp", "cigna"]}
        refused(await ada.post("/desk/users", json=both), 422, "unusable")

    async def test_the_desk_keeps_an_administrator(
        self, bridge: Bridge, people: dict[str, Agent]
    ) -> None:
        ada = people["ada"].http
        rights = {"name": "x", "role": "agent", "companies": ["mvp"]}
        refused(
            await ada.post("/desk/users/ada", json={**rights, "active": False}), 409, "conflict"
        )
        await bridge.parts.agents.change("admin", None, role="agent")
        refused(await ada.post("/desk/users/ada", json=rights), 409, "conflict")
        assert (await ada.get("/desk/users")).status_code == 200


class TestOrder:
    async def test_urgent_first_then_what_the_agent_can_do_then_who_waits_longest(
        self, people: dict[str, Agent], queued: Queueing
    ) -> None:
        _, plain = await queued()
        _, later = await queued()
        _, appeal = await queued("appeal")
        _, urgent = await queued(priority="urgent")
        mine = (plain, later, appeal, urgent)

        async def order(name: str) -> list[str]:
            return [line["id"] for line in await people[name].queue() if line["id"] in mine]

        assert await order("mia") == [urgent, appeal, plain, later]
        lines = {line["id"]: line for line in await people["mia"].queue()}
        assert (lines[urgent]["priority"], lines[appeal]["priority"]) == (10, 7)
        assert (lines[appeal]["skilled"], lines[appeal]["skills"]) == (False, ["appeals"])
        assert {line["id"]: line for line in await people["max"].queue()}[appeal]["skilled"]

    async def test_among_equals_the_skilled_one_s_own_come_first(
        self, people: dict[str, Agent], queued: Queueing
    ) -> None:
        _, complaint = await queued("complaint")
        _, appeal = await queued("appeal")
        for name, expected in (("mia", [complaint, appeal]), ("max", [appeal, complaint])):
            lines = [line["id"] for line in await people[name].queue()]
            assert [each for each in lines if each in (complaint, appeal)] == expected

    async def test_the_member_s_place_is_by_priority_too(self, queued: Queueing) -> None:
        first, _ = await queued()
        place = (await first.say("?"))["state"]["queue_position"]
        await queued(priority="urgent")
        assert (await first.say("?"))["state"]["queue_position"] == place + 1


class TestPresenceAndLimit:
    async def test_who_is_away_takes_nothing(
        self, people: dict[str, Agent], queued: Queueing
    ) -> None:
        _, conversation = await queued()
        mia = people["mia"]
        await mia.http.post("/desk/me/presence", json={"available": False})
        assert "away" in refused(await mia.do(conversation, "accept"), 409, "conflict")
        await mia.http.post("/desk/me/presence", json={"available": True})
        assert (await mia.do(conversation, "accept")).status_code == 200

    async def test_nobody_gets_more_than_their_limit(
        self, people: dict[str, Agent], queued: Queueing
    ) -> None:
        ids = [(await queued())[1] for _ in range(3)]
        answers = [await people["max"].do(each, "accept") for each in ids]
        assert [answer.status_code for answer in answers] == [200, 200, 409]
        # What could not be taken still waits, for others.
        assert (await people["mia"].do(ids[2], "accept")).status_code == 200
        for each in ids[:2]:
            await people["max"].do(each, "hand-back")


class TestMovingOn:
    async def test_to_a_colleague_with_a_note_that_the_member_does_not_see(
        self, people: dict[str, Agent], queued: Queueing
    ) -> None:
        chat, conversation = await queued()
        mia, max_ = people["mia"], people["max"]
        await mia.do(conversation, "accept")
        colleagues = (await mia.http.get("/desk/colleagues")).json()
        assert "max" in [each["username"] for each in colleagues["agents"]]
        body = {"agent": "max", "note": "needs an appeal, be gentle"}
        assert (await mia.do(conversation, "transfer", body)).status_code == 200
        read = await max_.read(conversation)
        assert (read["agent"], read["steps"][-1]["note"]) == ("max", body["note"])
        assert "Max of MVP Health Care has joined" in await told(chat)
        assert body["note"] not in repr(await chat.messages())
        refused(await mia.do(conversation, "messages", {"text": "x"}), 409, "conflict")
        await max_.do(conversation, "hand-back")

    async def test_to_a_queue_it_keeps_its_place(
        self, people: dict[str, Agent], queued: Queueing
    ) -> None:
        chat, conversation = await queued()
        _, younger = await queued()
        await people["mia"].do(conversation, "accept")
        body = {"queue": "mvp", "note": "wrong person"}
        assert (await people["mia"].do(conversation, "transfer", body)).status_code == 200
        ids = [line["id"] for line in await people["sue"].queue()]
        assert ids.index(conversation) < ids.index(younger)
        assert "passing you to a colleague" in await told(chat)
        assert (await chat.say("?"))["state"]["owner"] == "queue"

    async def test_into_another_company_s_queue_it_is_theirs(
        self, people: dict[str, Agent], queued: Queueing
    ) -> None:
        _, conversation = await queued()
        await people["mia"].do(conversation, "accept")
        await people["mia"].do(conversation, "transfer", {"queue": "cigna", "note": "n"})
        assert conversation in [line["id"] for line in await people["cora"].queue()]
        assert conversation not in [line["id"] for line in await people["mia"].queue()]

    @pytest.mark.parametrize(
        ("to", "status"),
        [({"agent": "cora"}, 409), ({"agent": "nobody"}, 404), ({"queue": "nowhere"}, 404)],
    )
    async def test_to_nobody_who_may_or_can(
        self, people: dict[str, Agent], queued: Queueing, to: dict[str, str], status: int
    ) -> None:
        _, conversation = await queued()
        await people["mia"].do(conversation, "accept")
        response = await people["mia"].do(conversation, "transfer", {**to, "note": "n"})
        assert response.status_code == status
        assert (await people["mia"].read(conversation))["agent"] == "mia"

    async def test_who_was_lost_for_30_seconds_has_nothing_any_more(
        self, bridge: Bridge, people: dict[str, Agent], queued: Queueing
    ) -> None:
        chat, conversation = await queued()
        await people["mia"].do(conversation, "accept")
        await self.last_seen(bridge, "mia", 25)
        await bridge.parts.desk.requeue_lost()
        assert (await chat.say("?"))["state"]["owner"] == "agent"
        await self.last_seen(bridge, "mia", 31)
        await bridge.parts.desk.requeue_lost()
        assert (await chat.say("?"))["state"]["owner"] == "queue"
        assert any("connection" in m["text"] for m in await chat.messages())
        (line,) = [x for x in await people["max"].queue() if x["id"] == conversation]
        assert (line["owner"], line["agent"]) == ("queue", None)

    async def test_a_supervisor_watches_and_takes_over(
        self, people: dict[str, Agent], queued: Queueing
    ) -> None:
        chat, conversation = await queued()
        await people["mia"].do(conversation, "accept")
        sue = people["sue"]
        watched = (await sue.http.get("/desk/conversations")).json()["conversations"]
        assert [x["agent"] for x in watched if x["id"] == conversation] == ["mia"]
        assert (await sue.read(conversation))["messages"]
        refused(
            await people["max"].http.get(f"/desk/conversations/{conversation}"), 403, "forbidden"
        )
        refused(await people["cora"].do(conversation, "take-over"), 403, "forbidden")
        assert (await sue.do(conversation, "take-over")).status_code == 200
        assert "Sue of MVP Health Care has joined" in await told(chat)
        assert (await sue.do(conversation, "messages", {"text": "Hello"})).status_code == 200
        refused(await people["mia"].do(conversation, "messages", {"text": "x"}), 409, "conflict")

    async def test_the_member_s_page_is_told_that_the_agent_writes(
        self, bridge: Bridge, people: dict[str, Agent], queued: Queueing
    ) -> None:
        _, conversation = await queued()
        await people["mia"].do(conversation, "accept")
        async with bridge.parts.wakes.listen(f"conversation:{conversation}") as woken:
            await people["mia"].do(conversation, "typing")
            assert (await woken.get())["event"] == "typing"
        refused(await people["max"].do(conversation, "typing"), 409, "conflict")

    @staticmethod
    async def last_seen(bridge: Bridge, username: str, seconds: int) -> None:
        seen_at = datetime.now(UTC) - timedelta(seconds=seconds)
        async with bridge.parts.engine.begin() as connection:
            await connection.execute(
                update(tables.agents)
                .where(tables.agents.c.username == username)
                .values(seen_at=seen_at)
            )
