"""Suggestions an agent can trust: few, fresh, their own, and judged by what became of them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import pytest_asyncio
import yaml
from fastapi import FastAPI, Request
from sqlalchemy import select

from alliance.answer import Answer, Offer, Source
from alliance.errors import ConfigurationError
from alliance.partners import PARTNERS_FILE, Partners, load_partners
from alliance.turn import verification_key
from alliance.verified import Actor
from api.assistant import Reply
from api.desk.suggesting import is_stale, proof_for, suggestions
from api.settings import settings_from_environment
from api.store import tables
from scripts.setup import ROOT
from tests.actions.conftest import MOMENT, proof
from tests.alliance.conftest import ENVIRONMENT
from tests.api.conftest import VENDOR, Bridge, Rasa, reply
from tests.api.test_chat_over_http import refused
from tests.api.test_desk_over_http import PASSWORD, Agent, waiting
from tests.api.test_desk_over_http import suggestions as shown

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]

_NEEDED = (
    "REDIS_URL",
    "DATABASE_URL",
    "RASA_URL",
    "ACTIONS_URL",
    "MEMBERLINE_INTERNAL_TOKEN",
    "MEMBERLINE_SECRET",
    "MEMBERLINE_VAR",
)
CLAIM = Answer("MVP paid it.", "x", intent="claim_status", partner="mvp")
AT = MOMENT.isoformat()
DESK_GUIDE = ROOT / "docs" / "desk.md"


def thought(*answers: Answer, confidence: float = 0.9, asking: str | None = None) -> Reply:
    return Reply(answers, "claim_status", confidence, (), (), asking, {})


@pytest.fixture(scope="module")
def partners() -> Partners:
    return load_partners(yaml.safe_load(PARTNERS_FILE.read_text("utf-8")), ENVIRONMENT)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mia(bridge: Bridge) -> AsyncIterator[Agent]:
    await bridge.parts.agents.add("mia", "Mia", PASSWORD, "agent", ["mvp"])
    agent = Agent(bridge)
    await agent.sign_in("mia")
    yield agent
    await agent.http.aclose()


class TestWhatIsShown:
    async def test_three_at_most_and_silence_below_the_threshold(self, partners: Partners) -> None:
        assert len(suggestions(thought(*[CLAIM] * 5), partners, MOMENT)) == 3
        assert suggestions(thought(CLAIM, confidence=0.3), partners, MOMENT) == []

    async def test_small_talk_helps_nobody(self, partners: Partners) -> None:
        for intent in ("out_of_scope", "inform", "emergency"):
            assert suggestions(thought(replace(CLAIM, intent=intent)), partners, MOMENT) == []

    @pytest.mark.parametrize(
        ("answer", "asking", "steps"),
        [
            (CLAIM, None, []),
            (replace(CLAIM, facts={"awaits": "identity"}), None, ["verify"]),
            (replace(CLAIM, kind="question"), "need_location", ["ask_zip"]),
            (replace(CLAIM, offers=Offer("disease_management", "")), None, ["offer_program"]),
        ],
    )
    async def test_what_to_do_next(
        self, partners: Partners, answer: Answer, asking: str | None, steps: list[str]
    ) -> None:
        (found,) = suggestions(thought(answer, asking=asking), partners, MOMENT)
        assert found["next"] == steps

    @pytest.mark.parametrize(("minutes", "stale"), [(4, False), (6, True)])
    async def test_facts_age_and_knowledge_does_not(self, minutes: int, stale: bool) -> None:
        def body(resource: str) -> dict[str, Any]:
            return {"sources": [{"resource": resource, "fetched_at": AT}]}

        later = MOMENT + timedelta(minutes=minutes)
        assert is_stale(body("Coverage/1"), later) is stale
        assert not is_stale(body("knowledge/eob"), later)

    async def test_a_proof_opens_no_company_that_is_not_served(self) -> None:
        member, actor = proof(("mvp", "1"), ("cigna", "2")), Actor("agent", "mia")
        found = proof_for(member, frozenset({"mvp"}), actor)
        assert found is not None
        assert (found.actor, [m.partner for m in found.person.memberships]) == (actor, ["mvp"])
        assert proof_for(member, frozenset({"cigna"}), actor) is None
        assert proof_for(None, frozenset({"mvp"}), actor) is None

    @pytest.mark.parametrize(("band", "shown_"), [("reject", 1), ("confirm", 1), ("accept", 0)])
    async def test_what_only_the_conversation_makes_clear(
        self, partners: Partners, band: str, shown_: int
    ) -> None:
        """ "and mine too": unsure by itself, answered by what was talked about before."""
        said = thought(Answer("Here is your card.", "x", intent="id_card"), confidence=0.2)
        question = {"intent": "id_card", "band": band, "entities": []}
        found = suggestions(replace(said, questions=(question,)), partners, MOMENT)
        assert [one["confidence"] for one in found] == [None] * shown_


class TestWhoseTheyAre:
    async def prove(self, bridge: Bridge, conversation: str, patient: str | None) -> None:
        """Somebody is proven, or nobody any more, and the desk has not been told."""
        key = verification_key(conversation)
        if patient is None:
            await bridge.parts.redis.delete(key)
            return
        proven = replace(proof(("mvp", patient)), conversation_id=conversation)
        later = bridge.parts.clock.now() + timedelta(minutes=15)
        told = json.dumps(replace(proven, expires_at=later).to_json())
        await bridge.parts.redis.set(key, told, ex=60)

    async def test_what_was_made_for_one_is_not_another_s(
        self, bridge: Bridge, mia: Agent, rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await mia.do(conversation, "accept")
        await self.prove(bridge, conversation, "1")
        rasa.answer = lambda _: reply(CLAIM, intent={"name": "claim_status", "confidence": 0.9})
        await chat.say("has it been paid?")
        (found,) = await shown(mia, conversation)
        assert "member" not in found
        first = (await mia.read(conversation))["member"]
        assert first

        for other in (None, "2"):
            await self.prove(bridge, conversation, other)
            read = await mia.read(conversation)
            assert read["suggestions"] == []
            assert read["member"] != first
        await self.prove(bridge, conversation, "1")
        assert (await mia.read(conversation))["suggestions"] == [found]

    async def test_writing_to_an_agent_keeps_the_proof_alive(
        self, bridge: Bridge, mia: Agent, rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await mia.do(conversation, "accept")
        await self.prove(bridge, conversation, "1")
        key = verification_key(conversation)
        assert await bridge.parts.redis.ttl(key) <= 60
        await chat.say("one moment, I am looking for the letter")
        assert await bridge.parts.redis.ttl(key) > 60


class TestFresh:
    async def test_old_facts_are_asked_for_again_in_the_same_conversation(
        self, bridge: Bridge, mia: Agent, rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await mia.do(conversation, "accept")
        told = {"intent": {"name": "claim_status", "confidence": 0.9}}
        now = bridge.parts.clock.now()

        def claim(text: str, minutes: int) -> Answer:
            at = (now - timedelta(minutes=minutes)).isoformat()
            return replace(CLAIM, text=text, sources=(Source("mvp", "ExplanationOfBenefit/1", at),))

        rasa.answer = lambda _: reply(claim("In process.", 6), **told)
        await chat.say("and the latest?")
        await bridge.parts.shadows.close()
        rasa.requests.clear()
        rasa.answer = lambda _: reply(claim("Paid.", 0), **told)
        await mia.read(conversation)
        await bridge.parts.shadows.close()
        (found,) = (await mia.read(conversation))["suggestions"]
        assert found["text"] == "Paid."
        (turn,) = rasa.heard()
        assert turn["text"] == "and the latest?"
        # In a copy of the shadow, which is thrown away.
        (seeded,) = rasa.heard("seed")
        assert seeded["target"] == turn["conversation_id"] != seeded["source"]
        assert [one["conversation_id"] for one in rasa.heard("forget")] == [seeded["target"]]

        rasa.answer = lambda _: reply(claim("Old.", 6), **told)
        await chat.say("and now?")
        await bridge.parts.shadows.close()
        rasa.answer = lambda _: reply(Answer("What is it about?", "x", intent="unclear"))
        await mia.read(conversation)
        await bridge.parts.shadows.close()
        assert (await mia.read(conversation))["suggestions"] == []

    async def test_a_message_that_none_are_made_for_takes_those_before_it_away(
        self, bridge: Bridge, mia: Agent, rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await mia.do(conversation, "accept")
        rasa.answer = lambda _: reply(CLAIM, intent={"name": "claim_status", "confidence": 0.9})
        await chat.say("has it been paid?")
        (found,) = await shown(mia, conversation)
        rasa.answer = lambda _: reply(replace(CLAIM, intent="inform"))
        await chat.say("I am still looking for the letter")
        await bridge.parts.shadows.close()
        assert (await mia.read(conversation))["suggestions"] == []
        # What is in the editor already can be sent, and is recorded.
        used = await mia.do(conversation, f"suggestions/{found['id']}", {"action": "used"})
        assert used.status_code == 200

    async def test_what_was_said_in_the_queue_is_suggested_once(
        self, bridge: Bridge, mia: Agent, rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        told = {"intent": {"name": "claim_status", "confidence": 0.9}}
        rasa.answer = lambda _: reply(replace(CLAIM, text="Any of them paid it."), **told)
        await chat.say("has it been paid?")
        await bridge.parts.shadows.close()
        rasa.answer = lambda _: reply(CLAIM, **told)
        await mia.do(conversation, "accept")
        await bridge.parts.shadows.close()
        found = (await mia.read(conversation))["suggestions"]
        assert [one["text"] for one in found] == [CLAIM.text]


class TestWhatBecameOfThem:
    async def one(self, bridge: Bridge, mia: Agent, rasa: Rasa) -> tuple[str, dict[str, Any]]:
        chat, conversation = await waiting(bridge, rasa)
        await mia.do(conversation, "accept")
        rasa.answer = lambda _: reply(CLAIM, intent={"name": "claim_status", "confidence": 0.9})
        await chat.say("has it been paid?")
        (found,) = await shown(mia, conversation)
        return conversation, found

    async def row(self, bridge: Bridge, suggestion: str) -> Any:
        async with bridge.parts.engine.connect() as connection:
            table = tables.suggestions
            found = await connection.execute(select(table).where(table.c.id == suggestion))
            return found.mappings().one()

    async def test_how_much_was_changed(self, bridge: Bridge, mia: Agent, rasa: Rasa) -> None:
        conversation, found = await self.one(bridge, mia, rasa)
        body = {"action": "edited", "text": "MVP paid it!"}
        await mia.do(conversation, f"suggestions/{found['id']}", body)
        row = await self.row(bridge, found["id"])
        assert row["changed"] == pytest.approx(1 / 12)

    async def test_what_nobody_used_is_kept_without_its_words(
        self, bridge: Bridge, mia: Agent, rasa: Rasa
    ) -> None:
        conversation, found = await self.one(bridge, mia, rasa)
        await mia.do(conversation, "transfer", {"note": "for a colleague"})
        row = await self.row(bridge, found["id"])
        assert (row["action"], row["body"]) == ("left", {})
        await mia.do(conversation, "accept")
        late = await mia.do(conversation, f"suggestions/{found['id']}", {"action": "used"})
        refused(late, 404, "not_found")
        assert (
            await mia.http.get(f"/desk/conversations/{conversation}/wrap-up")
        ).status_code == 200

    async def test_why_it_was_dismissed(self, bridge: Bridge, mia: Agent, rasa: Rasa) -> None:
        conversation, found = await self.one(bridge, mia, rasa)
        path = f"suggestions/{found['id']}"
        wrong = await mia.do(conversation, path, {"action": "dismissed", "reason": "ugly"})
        refused(wrong, 422, "unusable")
        await mia.do(conversation, path, {"action": "dismissed", "reason": "outdated"})
        row = await self.row(bridge, found["id"])
        assert (row["action"], row["reason"], row["agent"]) == ("dismissed", "outdated", "mia")


class TestAsk:
    async def test_an_agent_s_question_is_answered_aside(
        self, bridge: Bridge, mia: Agent, rasa: Rasa
    ) -> None:
        chat, conversation = await waiting(bridge, rasa)
        await mia.do(conversation, "accept")
        rasa.answer = lambda _: reply(CLAIM, intent={"name": "claim_status", "confidence": 0.9})
        rasa.requests.clear()
        asked = await mia.do(conversation, "ask", {"text": "what is an EOB?"})
        (found,) = asked.json()["suggestions"]
        assert found["text"] == CLAIM.text
        (turn,) = rasa.heard()
        assert turn["conversation_id"].startswith("ask-")
        assert [each["conversation_id"] for each in rasa.heard("forget")] == [
            turn["conversation_id"]
        ]
        # It stands under no message of the member, and its use is recorded like any other's.
        assert (await mia.read(conversation))["suggestions"] == []
        used = await mia.do(conversation, f"suggestions/{found['id']}", {"action": "used"})
        assert used.status_code == 200
        assert CLAIM.text not in repr(await chat.messages())


class TestOtherDesktops:
    async def ask(self, bridge: Bridge, key: str = VENDOR.secret, **body: Any) -> httpx.Response:
        return await bridge.http.post(
            "/assist/suggestions",
            json={"text": "has it been paid?", **body},
            headers={"Authorization": f"Bearer {key}"},
        )

    async def test_a_key_is_needed(self, bridge: Bridge) -> None:
        for key in ("", "wrong"):
            refused(await self.ask(bridge, key), 401, "unauthorized")

    async def test_without_a_conversation_there_is_no_member(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: reply(CLAIM, intent={"name": "claim_status", "confidence": 0.9})
        rasa.requests.clear()
        found = (await self.ask(bridge, member_id="M10010002")).json()["suggestions"]
        assert [each["text"] for each in found] == [CLAIM.text]
        assert rasa.heard("seed") == []

    async def test_the_example_in_the_documentation(
        self, bridge: Bridge, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As it stands there, between a Chatwoot that notes what it is told and this bridge."""
        told: list[tuple[str, str, dict[str, Any]]] = []
        chatwoot = FastAPI()

        @chatwoot.post("/api/v1/accounts/{account}/conversations/{number}/messages")
        async def note(request: Request) -> None:
            token = request.headers["api_access_token"]
            told.append((request.url.path, token, await request.json()))

        doors = {
            "all://bridge.test": httpx.ASGITransport(bridge.app),
            "all://chatwoot.test": httpx.ASGITransport(chatwoot),
        }
        for name, value in (
            ("MEMBERLINE_URL", "http://bridge.test"),
            ("CHATWOOT_URL", "http://chatwoot.test"),
            ("MEMBERLINE_KEY", VENDOR.secret),
            ("CHATWOOT_TOKEN", "token"),
        ):
            monkeypatch.setenv(name, value)
        example: dict[str, Any] = {"__name__": "example"}
        (code,) = re.findall(r"```python\n(.*?)```", DESK_GUIDE.read_text("utf-8"), re.DOTALL)
        exec(code, example)  # noqa: S102 (our own documentation)
        with_doors = SimpleNamespace(AsyncClient=partial(httpx.AsyncClient, mounts=doors))
        example["httpx"] = with_doors
        _, conversation = await waiting(bridge, rasa)
        handoff = (await bridge.parts.handovers.current(conversation)).id  # type: ignore[union-attr]
        rasa.answer = lambda _: reply(CLAIM, intent={"name": "claim_status", "confidence": 0.9})
        event = {
            "event": "message_created",
            "message_type": "incoming",
            "content": "has it been paid?",
            "account": {"id": 3},
            "conversation": {"id": 7, "custom_attributes": {"memberline_handoff": handoff}},
        }
        bot = httpx.ASGITransport(example["app"])
        async with httpx.AsyncClient(transport=bot, base_url="http://bot.test") as http:
            assert (await http.post("/chatwoot", json=event)).json() == {"status": "suggested"}
            for other in ({"message_type": "outgoing"}, {"content": None}):
                ignored = await http.post("/chatwoot", json=event | other)
                assert ignored.json() == {"status": "not a member's message"}
        path = "/api/v1/accounts/3/conversations/7/messages"
        assert told == [(path, "token", {"content": CLAIM.text, "private": True})]

    async def test_a_conversation_of_the_key_s_companies(self, bridge: Bridge, rasa: Rasa) -> None:
        _, conversation = await waiting(bridge, rasa)
        seen: list[dict[str, Any]] = []
        await bridge.parts.redis.set(
            verification_key(conversation),
            json.dumps(proof(("mvp", "1"), ("cigna", "2"), conversation_id=conversation).to_json()),
            ex=60,
        )
        turn = bridge.parts.assistant.turn

        async def spy(*arguments: Any, **more: Any) -> Reply:
            seen.append(more)
            return await turn(*arguments, **more)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bridge.parts.assistant, "turn", spy)
            assert (await self.ask(bridge, conversation_id=conversation)).status_code == 200
        (given,) = seen
        assert (given["mode"], given["actor"]) == ("suggest", Actor("vendor", "chatwoot"))
        assert [m.partner for m in given["member"].person.memberships] == ["mvp"]

    @pytest.mark.parametrize("partner", ["cigna", None])
    async def test_no_other_conversation(
        self, bridge: Bridge, rasa: Rasa, partner: str | None
    ) -> None:
        _, conversation = await waiting(bridge, rasa, partner)
        for body in ({"conversation_id": conversation}, {"handoff_id": "nobody"}):
            refused(await self.ask(bridge, **body), 404, "not_found")

    @pytest.mark.parametrize("keys", ["chatwoot", "a:b:short", "a::a-secret-that-is-long-enough"])
    async def test_keys_that_cannot_be_read_stop_the_start(
        self, monkeypatch: pytest.MonkeyPatch, keys: str
    ) -> None:
        for name in _NEEDED:
            monkeypatch.setenv(name, "x")
        monkeypatch.setenv("ASSIST_API_KEYS", keys)
        with pytest.raises(ConfigurationError, match="ASSIST_API_KEYS"):
            settings_from_environment()
