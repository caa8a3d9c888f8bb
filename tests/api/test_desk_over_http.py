"""The desk's contract over HTTP: who may see which conversation, and who gets it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from alliance.answer import Answer, Source
from alliance.turn import verification_key
from tests.actions.conftest import proof
from tests.api.conftest import ADDRESS, Bridge, Chatter, Rasa, hand_over, reply
from tests.api.test_chat_over_http import conversation_of, refused

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
HEADER = {"X-Requested-With": "memberline-desk"}
PASSWORD = "password-of-the-tests"
READS = ["/desk/me", "/desk/queue", "/desk/conversations/x", "/desk/events"]
CHANGES = [
    ("accept", None),
    ("messages", {"text": "hello"}),
    ("suggestions/y", {"action": "used"}),
    ("hand-back", None),
    ("wrap-up", {"disposition": "answered"}),
]


class Agent:
    """Somebody at the desk, with the page's cookie and header."""

    def __init__(self, bridge: Bridge) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(bridge.app, raise_app_exceptions=False),
            base_url=ADDRESS,
            headers=HEADER,
        )

    async def sign_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        body = {"username": username, "password": password}
        return await self.http.post("/desk/sessions", json=body)

    async def queue(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.http.get("/desk/queue")).json()["conversations"]
        return found

    async def do(self, conversation: str, what: str, body: Any = None) -> httpx.Response:
        return await self.http.post(f"/desk/conversations/{conversation}/{what}", json=body)

    async def read(self, conversation: str) -> dict[str, Any]:
        response = await self.http.get(f"/desk/conversations/{conversation}")
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agents(bridge: Bridge) -> AsyncIterator[dict[str, Agent]]:
    """Two of MVP's, one of CIGNA's."""
    found = {}
    for name, companies in (("mia", ["mvp"]), ("max", ["mvp"]), ("cora", ["cigna"])):
        await bridge.parts.agents.add(name, name.title(), PASSWORD, "agent", companies)
        found[name] = Agent(bridge)
        assert (await found[name].sign_in(name)).status_code == 200
    yield found
    for agent in found.values():
        await agent.http.aclose()


async def waiting(bridge: Bridge, rasa: Rasa, partner: str | None = "mvp") -> tuple[Chatter, str]:
    """A chat that waits for a person, and its conversation's id."""
    rasa.answer = lambda _: hand_over(partner)
    chat = await bridge.chat()
    await chat.say("a person please")
    rasa.reset()
    return chat, await conversation_of(bridge, chat)


async def suggestions(agent: Agent, conversation: str) -> list[dict[str, Any]]:
    """What is suggested, as soon as the shadow has thought."""
    for _ in range(400):
        path = f"/desk/conversations/{conversation}/suggestions"
        found: list[dict[str, Any]] = (await agent.http.get(path)).json()["suggestions"]
        if found:
            return found
        await asyncio.sleep(0.05)
    return []


class TestWhoMay:
    @pytest.mark.parametrize("path", READS)
    @pytest.mark.parametrize("cookie", ["", "memberline_desk=", "memberline_desk=nobody"])
    async def test_reading_needs_a_session(self, bridge: Bridge, path: str, cookie: str) -> None:
        response = await bridge.http.get(path, headers={"Cookie": cookie})
        refused(response, 401, "unauthorized")

    @pytest.mark.parametrize(("what", "body"), CHANGES)
    async def test_changing_needs_a_session(self, bridge: Bridge, what: str, body: Any) -> None:
        path = f"/desk/conversations/x/{what}"
        refused(await bridge.http.post(path, json=body, headers=HEADER), 401, "unauthorized")

    @pytest.mark.parametrize(("what", "body"), CHANGES)
    async def test_another_site_cannot_act_with_the_cookie(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa, what: str, body: Any
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        cookies = dict(agents["mia"].http.cookies)
        for headers in ({}, {"X-Requested-With": "XMLHttpRequest"}):
            response = await bridge.http.post(
                f"/desk/conversations/{conversation}/{what}",
                json=body,
                headers={**headers, "Cookie": f"memberline_desk={cookies['memberline_desk']}"},
            )
            refused(response, 403, "forbidden")

    async def test_signing_in_needs_the_header_too(self, bridge: Bridge) -> None:
        body = {"username": "mia", "password": PASSWORD}
        refused(await bridge.http.post("/desk/sessions", json=body), 403, "forbidden")

    @pytest.mark.usefixtures("agents")
    @pytest.mark.parametrize(
        ("username", "password"), [("mia", "wrong"), ("nobody", PASSWORD), ("", ""), ("mia", "")]
    )
    async def test_what_was_wrong_is_not_said(
        self, bridge: Bridge, username: str, password: str
    ) -> None:
        response = await Agent(bridge).sign_in(username, password)
        assert refused(response, 401, "unauthorized") == "User name or password is wrong."
        assert "set-cookie" not in response.headers

    async def test_a_member_s_token_opens_no_desk(self, bridge: Bridge) -> None:
        token = (await bridge.chat()).started["token"]
        for headers in (
            {"Authorization": f"Bearer {token}"},
            {"Cookie": f"memberline_desk={token}"},
        ):
            refused(await bridge.http.get("/desk/queue", headers=headers), 401, "unauthorized")

    async def test_the_cookie_is_the_browser_s_own(self, bridge: Bridge) -> None:
        agent = Agent(bridge)
        response = await agent.sign_in("mia")
        cookie = response.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie

    async def test_signed_out_is_out(self, bridge: Bridge) -> None:
        agent = Agent(bridge)
        await agent.sign_in("mia")
        token = agent.http.cookies["memberline_desk"]
        assert (await agent.http.delete("/desk/sessions/current")).status_code == 200
        response = await bridge.http.get("/desk/me", headers={"Cookie": f"memberline_desk={token}"})
        refused(response, 401, "unauthorized")

    async def test_the_first_administrator_s_password_is_the_owner_s_to_read(
        self, bridge: Bridge
    ) -> None:
        file = bridge.folder / "desk-admin.txt"
        assert file.stat().st_mode & 0o777 == 0o600
        words = dict(line.split(": ") for line in file.read_text().splitlines())
        agent = Agent(bridge)
        assert (await agent.sign_in(words["user"], words["password"])).status_code == 200
        me = (await agent.http.get("/desk/me")).json()["agent"]
        assert (me["role"], me["companies"]) == ("admin", ["cigna", "mvp", "preferred-care"])


class TestCompanies:
    async def test_another_company_s_conversation_is_closed(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        cora = agents["cora"]
        assert conversation not in [line["id"] for line in await cora.queue()]
        for path in ("", "/suggestions"):
            response = await cora.http.get(f"/desk/conversations/{conversation}{path}")
            refused(response, 403, "forbidden")
        for what, body in CHANGES:
            refused(await cora.do(conversation, what, body), 403, "forbidden")

    async def test_without_a_company_it_is_anybody_s(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        _, conversation = await waiting(bridge, rasa, None)
        for agent in agents.values():
            assert conversation in [line["id"] for line in await agent.queue()]

    async def test_what_was_never_handed_over_is_not_at_the_desk(
        self, bridge: Bridge, agents: dict[str, Agent]
    ) -> None:
        chat = await bridge.chat()
        await chat.say("private")
        conversation = await conversation_of(bridge, chat)
        for path in (conversation, "nobody"):
            response = await agents["mia"].http.get(f"/desk/conversations/{path}")
            refused(response, 404, "not_found")
            refused(await agents["mia"].do(path, "accept"), 404, "not_found")

    async def test_memberships_of_other_companies_are_not_shown(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        member = proof(("mvp", "1"), ("cigna", "2"), conversation_id=conversation)
        await bridge.parts.redis.set(
            verification_key(conversation), json.dumps(member.to_json()), ex=60
        )
        read = await agents["mia"].read(conversation)
        assert (read["verified"], read["level"]) == (True, 1)
        assert read["memberships"] == ["MVP Health Care"]


class TestQueue:
    async def test_what_an_agent_sees_first(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        (line,) = [x for x in await agents["mia"].queue() if x["id"] == conversation]
        assert (line["company"], line["reason"]) == ("MVP Health Care", "a denied claim")
        assert (line["owner"], line["agent"], line["channel"]) == ("queue", None, "chat")
        assert line["waiting_seconds"] == 0
        assert "Member: a person please" in line["summary"]

    async def test_oldest_first(self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa) -> None:
        ids = [(await waiting(bridge, rasa))[1] for _ in range(3)]
        seen = [line["id"] for line in await agents["mia"].queue() if line["id"] in ids]
        assert seen == ids


class TestAccept:
    async def test_two_at_once_and_one_wins(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        responses = await asyncio.gather(
            *(agents[name].do(conversation, "accept") for name in ("mia", "max"))
        )
        assert sorted(response.status_code for response in responses) == [200, 409]
        joined = [m for m in await chat.messages() if "has joined" in m["text"]]
        assert len(joined) == 1
        assert "of MVP Health Care" in joined[0]["text"]

    async def test_the_second_is_too_late(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        assert (await agents["mia"].do(conversation, "accept")).status_code == 200
        refused(await agents["max"].do(conversation, "accept"), 409, "conflict")
        refused(await agents["mia"].do(conversation, "accept"), 409, "conflict")
        assert conversation not in [line["id"] for line in await agents["max"].queue()]

    @pytest.mark.parametrize(("what", "body"), CHANGES[1:])
    async def test_before_it_is_accepted_nothing_can_be_done(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa, what: str, body: Any
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        refused(await agents["mia"].do(conversation, what, body), 409, "conflict")

    @pytest.mark.parametrize(("what", "body"), CHANGES[1:])
    async def test_a_colleague_s_is_not_mine(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa, what: str, body: Any
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        await agents["max"].do(conversation, "accept")
        refused(await agents["mia"].do(conversation, what, body), 409, "conflict")


class TestTalk:
    async def test_words_reach_the_member_and_back(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        mia = agents["mia"]
        await mia.do(conversation, "accept")
        said = await mia.do(conversation, "messages", {"text": "<b>Hello</b>, I'm Mia"})
        assert said.json()["from"] == "agent"
        assert (await chat.messages())[-1]["text"] == "<b>Hello</b>, I'm Mia"
        answered = await chat.say("thank you")
        assert answered["messages"] == []
        assert answered["state"]["owner"] == "agent"
        assert (await mia.read(conversation))["messages"][-1]["text"] == "thank you"

    @pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 4001}, {"text": None}])
    async def test_what_is_no_message(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa, body: dict[str, Any]
    ) -> None:
        _, conversation = await waiting(bridge, rasa)
        await agents["mia"].do(conversation, "accept")
        refused(await agents["mia"].do(conversation, "messages", body), 422, "unusable")

    @pytest.mark.parametrize(
        ("what", "body", "notice"),
        [
            ("hand-back", None, "The assistant is back"),
            ("wrap-up", {"disposition": "answered", "summary": "s"}, "Mia has left"),
        ],
    )
    async def test_afterwards_the_assistant_answers_again(
        self,
        bridge: Bridge,
        agents: dict[str, Agent],
        rasa: Rasa,
        what: str,
        body: Any,
        notice: str,
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        mia = agents["mia"]
        await mia.do(conversation, "accept")
        assert (await mia.do(conversation, what, body)).status_code == 200
        assert notice in (await chat.messages())[-1]["text"]
        answered = await chat.say("and now?")
        assert answered["messages"][-1]["text"] == "You said: and now?"
        assert answered["state"]["owner"] == "assistant"
        assert conversation not in [line["id"] for line in await mia.queue()]
        refused(await mia.do(conversation, "messages", {"text": "x"}), 404, "not_found")

    async def test_who_left_the_queue_leaves_the_desk_and_an_agent_s_chat_is_wrapped_up(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        mia = agents["mia"]
        chat, conversation = await waiting(bridge, rasa)
        await bridge.http.delete("/chat/sessions/current", headers=chat.headers)
        assert conversation not in [line["id"] for line in await mia.queue()]
        chat, conversation = await waiting(bridge, rasa)
        await mia.do(conversation, "accept")
        await bridge.http.delete("/chat/sessions/current", headers=chat.headers)
        (line,) = [line for line in await mia.queue() if line["id"] == conversation]
        assert line["member_left"]
        done = await mia.do(conversation, "wrap-up", {"disposition": "no_reply"})
        assert done.status_code == 200
        assert conversation not in [line["id"] for line in await mia.queue()]

    async def test_it_can_be_handed_over_again(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await agents["mia"].do(conversation, "accept")
        await agents["mia"].do(conversation, "hand-back")
        rasa.answer = lambda _: hand_over("mvp", "again")
        await chat.say("a person please")
        (line,) = [x for x in await agents["max"].queue() if x["id"] == conversation]
        assert (line["reason"], line["agent"]) == ("again", None)


class TestSuggestions:
    answer = Answer(
        "MVP Health Care paid your claim.",
        "x",
        intent="claim_status",
        sources=(Source("mvp", "ExplanationOfBenefit/1", "2026-11-23T17:00:00+00:00"),),
    )

    def thought(self) -> dict[str, Any]:
        return reply(self.answer, intent={"name": "claim_status", "confidence": 0.9})

    async def test_they_are_made_for_the_agent_and_never_said(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        mia = agents["mia"]
        await mia.do(conversation, "accept")
        rasa.answer = lambda _: self.thought()
        await chat.say("has my claim been paid?")
        (found,) = await suggestions(mia, conversation)
        assert (found["text"], found["intent"]) == (self.answer.text, "claim_status")
        assert found["sources"][0]["company"] == "MVP Health Care"
        assert self.answer.text not in repr(await chat.messages())
        # The shadow has a memory of its own: the member's conversation is not touched.
        assert conversation not in [heard["conversation_id"] for heard in rasa.heard()]

    async def test_a_colleague_sees_none(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await agents["mia"].do(conversation, "accept")
        rasa.answer = lambda _: self.thought()
        await chat.say("has my claim been paid?")
        assert await suggestions(agents["mia"], conversation)
        path = f"/desk/conversations/{conversation}/suggestions"
        assert (await agents["max"].http.get(path)).json() == {"suggestions": []}

    async def test_what_was_done_with_one(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        mia = agents["mia"]
        await mia.do(conversation, "accept")
        rasa.answer = lambda _: self.thought()
        await chat.say("has my claim been paid?")
        (found,) = await suggestions(mia, conversation)
        used = await mia.do(conversation, f"suggestions/{found['id']}", {"action": "used"})
        assert used.status_code == 200
        assert (await mia.read(conversation))["suggestions"] == []
        for wrong, status in (("nobody", 404), (found["id"], 422)):
            body = {"action": "used" if status == 404 else "sold"}
            response = await mia.do(conversation, f"suggestions/{wrong}", body)
            assert response.status_code == status

    async def test_an_emergency_speaks_though_a_person_owns_the_chat(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await agents["mia"].do(conversation, "accept")
        rasa.answer = lambda _: reply(
            Answer("Call 911 now.", "x", intent="emergency", facts={"kind": "life"})
        )
        seen = (await chat.messages())[-1]["seq"]
        await chat.say("me duele el pecho")
        found = await chat.messages(after=seen + 1, wait=5)
        assert [(m["from"], m["text"]) for m in found] == [("system", "Call 911 now.")]

    async def test_who_waits_hears_that_help_is_there_and_who_has_an_agent_does_not(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        relief = Answer("Stay with them.", "x", kind="notice", intent="all_clear")
        rasa.answer = lambda _: reply(relief)
        answered = await chat.say("the ambulance is here")
        assert [m["text"] for m in answered["messages"]] == ["Stay with them."]
        await agents["mia"].do(conversation, "accept")
        answered = await chat.say("they are with him")
        assert answered["messages"] == []

    async def test_rasa_in_trouble_troubles_no_agent(
        self, bridge: Bridge, agents: dict[str, Agent], rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await agents["mia"].do(conversation, "accept")
        rasa.status = 503
        answered = await chat.say("hello?")
        assert answered["messages"] == []
        assert (
            await agents["mia"].do(conversation, "messages", {"text": "yes"})
        ).status_code == 200
