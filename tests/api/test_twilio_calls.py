"""Calls over Twilio: signed, the same turn always the same reply, and a way to a person."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy import delete
from twilio.request_validator import RequestValidator

from alliance.answer import Act, Answer
from api.ids import new_id
from api.ivr import core, wording
from api.ivr.wording import GREETING, MENU
from api.store.tables import call_turns
from tests.api.conftest import ADDRESS, TWILIO_TOKEN, Bridge, Rasa, hand_over, reply
from tests.api.test_chat_over_http import refused

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
PATH = "/ivr/twilio"


class Call:
    """A call as Twilio makes it: form posts with a signature, each to where the last one said."""

    def __init__(self, bridge: Bridge) -> None:
        self.bridge = bridge
        self.sid = f"CA{new_id()}"
        self.next = PATH

    def form(self, **fields: str) -> dict[str, str]:
        caller = {"CallSid": self.sid, "From": "+15185550101", "CallStatus": "in-progress"}
        return {**caller, **fields}

    async def post(self, path: str, form: dict[str, str], signature: str = "") -> httpx.Response:
        signed = RequestValidator(TWILIO_TOKEN).compute_signature(f"{ADDRESS}{path}", form)
        headers = {"X-Twilio-Signature": signature or signed}
        return await self.bridge.http.post(path, data=form, headers=headers)

    async def turn(self, **fields: str) -> ElementTree.Element:
        """One turn; the reply is well-formed TwiML."""
        response = await self.post(self.next, self.form(**fields))
        assert response.status_code == 200, response.text
        assert response.headers["Content-Type"].startswith("application/xml")
        twiml = ElementTree.fromstring(response.text)  # noqa: S314 (our own reply)
        assert twiml.tag == "Response"
        gather = twiml.find("Gather")
        if gather is not None:
            self.next = gather.attrib["action"]
        return twiml

    async def start(self) -> ElementTree.Element:
        return await self.turn()

    async def say(self, words: str, confidence: str = "0.9") -> ElementTree.Element:
        return await self.turn(SpeechResult=words, Confidence=confidence)


def said(twiml: ElementTree.Element) -> str:
    return " ".join(element.text or "" for element in twiml.iter("Say"))


def task(twiml: ElementTree.Element) -> dict[str, Any]:
    element = twiml.find("Enqueue/Task")
    assert element is not None, ElementTree.tostring(twiml)
    found: dict[str, Any] = json.loads(element.text or "")
    return found


class TestSignature:
    @pytest.mark.parametrize("signature", ["", "wrong", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", "null"])
    async def test_without_the_right_one_there_is_no_call(
        self, bridge: Bridge, rasa: Rasa, signature: str
    ) -> None:
        response = await bridge.http.post(
            PATH, data=Call(bridge).form(), headers={"X-Twilio-Signature": signature}
        )
        refused(response, 403, "forbidden")
        assert rasa.heard() == []

    async def test_none_at_all(self, bridge: Bridge) -> None:
        response = await bridge.http.post(PATH, data=Call(bridge).form())
        refused(response, 403, "forbidden")

    @pytest.mark.parametrize(
        "change", [{"SpeechResult": "pay me"}, {"CallSid": "CAother"}, {"Extra": "1"}]
    )
    async def test_it_signs_every_field(self, bridge: Bridge, change: dict[str, str]) -> None:
        call = Call(bridge)
        form = call.form(SpeechResult="hello")
        signature = RequestValidator(TWILIO_TOKEN).compute_signature(f"{ADDRESS}{PATH}", form)
        refused(await call.post(PATH, {**form, **change}, signature), 403, "forbidden")

    async def test_it_signs_the_turn(self, bridge: Bridge) -> None:
        call = Call(bridge)
        form = call.form()
        signature = RequestValidator(TWILIO_TOKEN).compute_signature(f"{ADDRESS}{PATH}", form)
        refused(await call.post(f"{PATH}?turn=3", form, signature), 403, "forbidden")

    async def test_another_host_s_signature_is_none(self, bridge: Bridge) -> None:
        call = Call(bridge)
        form = call.form()
        elsewhere = f"http://evil.example.org{PATH}"
        signature = RequestValidator(TWILIO_TOKEN).compute_signature(elsewhere, form)
        refused(await call.post(PATH, form, signature), 403, "forbidden")


class TestTurns:
    async def test_a_greeting_that_listens_to_speech_and_keys(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        twiml = await Call(bridge).start()
        assert said(twiml) == GREETING
        gather = twiml.find("Gather")
        assert gather is not None
        assert gather.attrib["input"] == "speech dtmf"
        assert gather.attrib["actionOnEmptyResult"] == "true"
        assert gather.attrib["action"] == f"{PATH}?turn=1"
        assert rasa.heard() == []

    async def test_speech_is_heard_and_answered(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: reply(Answer("$140.00", "140 dollars", intent="claim_status"))
        call = Call(bridge)
        await call.start()
        twiml = await call.say("has my claim been paid")
        # The rendering for hearing, and the word that one may go on.
        assert said(twiml) == "140 dollars What else can I do for you?"
        (heard,) = rasa.heard()
        assert (heard["text"], heard["channel"]) == ("has my claim been paid", "voice")
        assert call.next == f"{PATH}?turn=2"

    async def test_the_caller_s_number_reaches_nobody(self, bridge: Bridge, rasa: Rasa) -> None:
        call = Call(bridge)
        await call.start()
        await call.say("hello")
        assert "5185550101" not in repr(rasa.requests)

    async def test_a_spoken_command_is_only_text(self, bridge: Bridge, rasa: Rasa) -> None:
        call = Call(bridge)
        await call.start()
        await call.say("/speak_to_agent")
        assert rasa.heard()[0]["text"] == "speak_to_agent"

    @pytest.mark.parametrize("key", sorted(MENU))
    async def test_keys_are_the_menu(self, bridge: Bridge, rasa: Rasa, key: str) -> None:
        call = Call(bridge)
        await call.start()
        await call.turn(Digits=key)
        assert rasa.heard()[0]["text"] == MENU[key].payload

    async def test_while_something_is_asked_keys_answer_it(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: reply(Answer("ZIP?", "ZIP?", kind="question"), asking="factor_zip")
        call = Call(bridge)
        await call.start()
        twiml = await call.say("which plan covers me")
        gather = twiml.find("Gather")
        assert gather is not None
        assert gather.attrib["numDigits"] == "5"
        await call.turn(Digits="12207")
        assert rasa.heard()[-1]["text"] == "12207"
        await call.turn(Digits="0")
        assert rasa.heard()[-1]["text"] == "/speak_to_agent"

    async def test_words_with_signs_make_good_xml(self, bridge: Bridge, rasa: Rasa) -> None:
        words = 'Dr. <Sample> & "Sons" \u2019s'
        rasa.answer = lambda _: reply(Answer(words, words, kind="question"))
        call = Call(bridge)
        await call.start()
        assert said(await call.say("hello")) == "Dr. Sample and Sons ’s"

    async def test_hanging_up_ends_it(self, bridge: Bridge, rasa: Rasa) -> None:
        call = Call(bridge)
        await call.start()
        twiml = await call.turn(CallStatus="completed")
        assert twiml.find("Hangup") is not None
        assert rasa.heard() == []


class TestSameTurn:
    async def test_the_first_request_repeated_is_the_same_greeting(self, bridge: Bridge) -> None:
        call = Call(bridge)
        first = await call.post(PATH, call.form())
        again = await call.post(PATH, call.form())
        assert first.text == again.text

    async def test_a_repeated_turn_is_one_turn(self, bridge: Bridge, rasa: Rasa) -> None:
        call = Call(bridge)
        await call.start()
        form = call.form(SpeechResult="hello", Confidence="0.9")
        replies = [(await call.post(f"{PATH}?turn=1", form)).text for _ in range(3)]
        assert len(set(replies)) == 1
        assert len(rasa.heard()) == 1

    async def test_twenty_times_at_once(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.delay_seconds = 0.2
        call = Call(bridge)
        await call.start()
        form = call.form(SpeechResult="hello", Confidence="0.9")
        responses = await asyncio.gather(*(call.post(f"{PATH}?turn=1", form) for _ in range(20)))
        assert {response.status_code for response in responses} == {200}
        assert len({response.text for response in responses}) == 1
        assert len(rasa.heard()) == 1

    async def test_an_answer_that_never_reached_twilio_is_said_again(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        """The bridge stopped between answering and keeping what it tells the platform."""
        call = Call(bridge)
        await call.start()
        form = call.form(SpeechResult="hello", Confidence="0.9")
        first = await call.post(f"{PATH}?turn=1", form)
        async with bridge.parts.voice._calls._engine.begin() as connection:
            await connection.execute(delete(call_turns).where(call_turns.c.turn_id == "1"))
        assert (await call.post(f"{PATH}?turn=1", form)).text == first.text
        assert len(rasa.heard()) == 1

    async def test_two_calls_share_nothing(self, bridge: Bridge, rasa: Rasa) -> None:
        one, two = Call(bridge), Call(bridge)
        for call in (one, two):
            await call.start()
            await call.say("hello")
        conversations = {heard["conversation_id"] for heard in rasa.heard()}
        assert len(conversations) == 2
        assert not conversations & {one.sid, two.sid}

    async def test_a_slow_turn_says_one_moment_and_goes_on(
        self, bridge: Bridge, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        call = Call(bridge)
        await call.start()
        monkeypatch.setattr(core, "INNER_DEADLINE_SECONDS", 0.1)
        rasa.delay_seconds = 0.5
        twiml = await call.say("hello")
        assert said(twiml) == wording.ONE_MOMENT
        redirect = twiml.find("Redirect")
        assert redirect is not None
        assert redirect.text == f"{PATH}?turn=1"
        await asyncio.sleep(1.2)
        monkeypatch.undo()
        call.next = f"{PATH}?turn=1"
        # Twilio comes back without the words.
        assert "You said: hello" in said(await call.turn())
        assert len(rasa.heard()) == 1


class TestNotUnderstood:
    async def test_silence_is_asked_again_and_ends_at_a_person(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        call = Call(bridge)
        await call.start()
        first, second = [said(await call.turn()) for _ in range(2)]
        assert first == f"{wording.NOT_HEARD} {wording.DIRECTED}"
        # The second time only keys are left, or staying on the line.
        assert second == f"{wording.NOT_HEARD} {wording.KEYS}"
        assert task(await call.turn())["queue"] == "alliance-front-desk"
        assert rasa.heard() == []

    async def test_noise_is_not_taken_for_words(self, bridge: Bridge, rasa: Rasa) -> None:
        call = Call(bridge)
        await call.start()
        assert said(await call.say("hmm", "0.1")).startswith(wording.AGAIN)
        assert rasa.heard() == []

    @pytest.mark.parametrize("confidence", ["", "none", "nan"])
    async def test_without_a_confidence_words_count(
        self, bridge: Bridge, rasa: Rasa, confidence: str
    ) -> None:
        call = Call(bridge)
        await call.start()
        await call.say("hello", confidence)
        assert len(rasa.heard()) == 1

    async def test_one_good_turn_starts_the_count_anew(self, bridge: Bridge) -> None:
        call = Call(bridge)
        await call.start()
        await call.turn()
        await call.say("hello")
        assert (await call.turn()).find("Gather") is not None


class TestToAPerson:
    async def test_the_company_s_queue_and_an_opaque_id(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over("mvp", "chest pain bill of Morgan")
        call = Call(bridge)
        await call.start()
        twiml = await call.say("a person please")
        enqueue = twiml.find("Enqueue")
        assert enqueue is not None
        assert enqueue.attrib["workflowSid"].startswith("WW")
        attributes = task(twiml)
        assert attributes.keys() == {"queue", "partner", "skills", "handoff_id"}
        assert (attributes["queue"], attributes["partner"]) == ("mvp-member-services", "mvp")
        assert len(attributes["handoff_id"]) >= 20
        # What it is about stays here.
        assert "Morgan" not in ElementTree.tostring(twiml, encoding="unicode")

    async def test_without_a_company_it_is_the_front_desk(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over(None)
        call = Call(bridge)
        await call.start()
        assert task(await call.say("a person"))["queue"] == "alliance-front-desk"

    @pytest.mark.parametrize(
        "trouble",
        [{"status": 503}, {"answer": lambda _: reply()}],
        ids=["an error", "nothing said"],
    )
    async def test_rasa_in_trouble_is_a_person_and_no_silence(
        self, bridge: Bridge, rasa: Rasa, trouble: dict[str, Any]
    ) -> None:
        call = Call(bridge)
        await call.start()
        for name, value in trouble.items():
            setattr(rasa, name, value)
        twiml = await call.say("hello")
        assert "connecting you" in said(twiml)
        assert task(twiml)["handoff_id"]

    async def test_who_is_in_the_queue_stays_in_it(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over("mvp")
        call = Call(bridge)
        await call.start()
        first = task(await call.say("a person please"))
        call.next = f"{PATH}?turn=2"
        assert task(await call.say("hello?")) == first
        # The shadow may think about it; the call's own conversation has no further turn.
        assert [heard["text"] for heard in rasa.heard() if heard["channel"] == "voice"] == [
            "/speak_to_agent"
        ]

    async def test_danger_is_said_at_once(self, bridge: Bridge, rasa: Rasa) -> None:
        danger = Answer("911", "Call 9 1 1 now.", intent="emergency", acts=(Act("emergency"),))
        rasa.answer = lambda _: reply(danger)
        call = Call(bridge)
        await call.start()
        assert said(await call.say("he is not breathing")).startswith("Call 9 1 1 now.")
