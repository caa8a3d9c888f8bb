"""Each platform's adapter: who may call, retries, replays, and the same conversation for all."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from alliance.answer import Answer
from alliance.clock import fixed_clock
from api.ids import new_id
from api.ivr import core, wording
from tests.actions.conftest import MOMENT
from tests.api.conftest import PHONE, Bridge, Rasa, hand_over, reply
from tests.api.ivr.callers import (
    AudioCodesCall,
    JambonzCall,
    JsonCall,
    LexCall,
    VxmlCall,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
KEY = "api-key-of-the-tests"
CALLERS: dict[str, Callable[[Bridge], Any]] = {
    "json": lambda bridge: JsonCall(bridge.http, KEY),
    "jambonz": lambda bridge: JambonzCall(bridge.http, PHONE.jambonz_secret or ""),
    "audiocodes": lambda bridge: AudioCodesCall(bridge.http, PHONE.audiocodes_token or ""),
    "lex": lambda bridge: LexCall(bridge.http, PHONE.lex_secret or ""),
    "vxml": lambda bridge: VxmlCall(bridge.http, PHONE.vxml_token or ""),
    "vxml-return": lambda bridge: VxmlCall(bridge.http, PHONE.vxml_token or "", "return"),
}


@pytest.fixture(params=sorted(CALLERS))
def call(request: pytest.FixtureRequest, bridge: Bridge) -> Any:
    return CALLERS[request.param](bridge)


class TestEveryPlatform:
    async def test_greets_hears_and_answers(self, call: Any, rasa: Rasa) -> None:
        rasa.answer = lambda _: reply(Answer("$140.00", "140 dollars.", intent="claim_status"))
        greeting = await call.start()
        assert "How can I help" in greeting.say
        assert greeting.action == "listen"
        told = await call.say("has my claim been paid")
        assert told.say == f"140 dollars. {wording.ELSE}"
        assert rasa.heard()[0]["text"] == "has my claim been paid"

    async def test_keys(self, call: Any, rasa: Rasa) -> None:
        await call.start()
        await call.keys("1")
        assert rasa.heard()[0]["text"] == "/claim_status"

    async def test_silence_is_a_turn(self, call: Any) -> None:
        await call.start()
        assert (await call.silence()).say == f"{wording.NOT_HEARD} {wording.DIRECTED}"

    async def test_low_confidence_is_noise(self, call: Any, rasa: Rasa) -> None:
        await call.start()
        assert (await call.say("hmm", 0.05)).say == f"{wording.AGAIN} {wording.DIRECTED}"
        assert rasa.heard() == []

    async def test_transfers_with_nothing_but_an_opaque_id(self, call: Any, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over("mvp", "Morgan's chest pain bill")
        await call.start()
        told = await call.say("agent")
        assert told.action == "transfer"
        assert told.say
        assert "Morgan" not in str(told.raw)
        assert "chest" not in str(told.raw)
        handovers = {each.id for each in await _open(call, rasa)}
        assert any(handover in str(told.raw) for handover in handovers)

    async def test_words_with_signs(self, call: Any, rasa: Rasa) -> None:
        words = 'Dr. <Sample> & "Sons" paid $3.50.'
        rasa.answer = lambda _: reply(Answer(words, words, kind="question"))
        await call.start()
        assert (await call.say("hello")).say == "Dr. Sample and Sons paid 3 dollars and 50 cents."

    async def test_a_slow_turn_is_told_when_it_is_ready(
        self, call: Any, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await call.start()
        with monkeypatch.context() as patch:
            patch.setattr(core, "INNER_DEADLINE_SECONDS", 0.1)
            rasa.delay_seconds = 0.3
            moment = await call.say("hello slow one")
            assert moment.say == wording.ONE_MOMENT
        told = await call.silence()
        assert "You said: hello slow one" in told.say
        rasa.delay_seconds = 0.0
        assert [h["text"] for h in rasa.heard()].count("hello slow one") == 1


async def _open(call: Any, rasa: Rasa) -> Any:
    del rasa
    return await call.http._transport.app.state.parts.desk._handovers.all_open()


class TestJson:
    async def test_without_a_key_nothing(self, bridge: Bridge, rasa: Rasa) -> None:
        body = {"call_id": "c", "turn_id": "1", "event": "start"}
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"X-API-Key": "wrong"}):
            response = await bridge.http.post("/ivr/json", json=body, headers=headers)
            assert response.status_code == 401
        assert rasa.heard() == []

    async def test_the_key_in_a_header_of_its_own(self, bridge: Bridge) -> None:
        body = {"call_id": new_id(), "turn_id": "1", "event": "start"}
        response = await bridge.http.post("/ivr/json", json=body, headers={"X-API-Key": KEY})
        assert response.json()["action"] == "listen"

    async def test_twenty_times_at_once_is_one_turn(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.delay_seconds = 0.1
        call = JsonCall(bridge.http, KEY)
        await call.start()
        told = await asyncio.gather(
            *(call.send("input", "same", speech="hello twenty") for _ in range(20))
        )
        assert len({json.dumps(each.raw) for each in told}) == 1
        assert [h["text"] for h in rasa.heard()].count("hello twenty") == 1

    async def test_a_replay_long_after_is_told_nothing(
        self, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        call = JsonCall(bridge.http, KEY)
        await call.start()
        later = fixed_clock(MOMENT + timedelta(minutes=6))
        monkeypatch.setattr(bridge.parts.voice._calls, "_clock", later)
        body = {"call_id": call.call_id, "turn_id": "t1", "event": "start"}
        response = await bridge.http.post("/ivr/json", json=body, headers=call.headers)
        assert response.status_code == 409

    @pytest.mark.parametrize(
        "change",
        [{"event": "dance"}, {"turn_id": ""}, {"call_id": None}, {"input": {"digits": "12a"}}],
    )
    async def test_a_request_that_makes_no_sense(self, bridge: Bridge, change: Any) -> None:
        body = {"call_id": "c", "turn_id": "1", "event": "input"} | change
        headers = {"Authorization": f"Bearer {KEY}"}
        response = await bridge.http.post("/ivr/json", json=body, headers=headers)
        assert response.status_code == 422

    async def test_the_number_that_calls_is_nobody(self, bridge: Bridge, rasa: Rasa) -> None:
        body = {
            "call_id": new_id(),
            "turn_id": "1",
            "event": "input",
            "from": "+15185550177",
            "input": {"speech": "hello"},
        }
        headers = {"Authorization": f"Bearer {KEY}"}
        await bridge.http.post("/ivr/json", json=body, headers=headers)
        assert "5550177" not in repr(rasa.requests)


class TestJambonz:
    async def test_only_with_its_signature_and_in_time(self, bridge: Bridge) -> None:
        call = JambonzCall(bridge.http, "another secret")
        assert (await call.post(call.next, call.base)).status_code == 403
        call.secret = PHONE.jambonz_secret or ""
        for at in (int(time.time()) - 301, int(time.time()) + 301):
            assert (await call.post(call.next, call.base, at)).status_code == 403
        response = await bridge.http.post(call.next, json=call.base)
        assert response.status_code == 403

    async def test_a_retry_gets_the_same_verbs(self, bridge: Bridge, rasa: Rasa) -> None:
        call = JambonzCall(bridge.http, PHONE.jambonz_secret or "")
        await call.start()
        path, body = call.next, {**call.base, "reason": "dtmfDetected", "digits": "1"}
        first, again = [(await call.post(path, body)).json() for _ in range(2)]
        assert first == again
        assert len(rasa.heard()) == 1

    async def test_hanging_up(self, bridge: Bridge) -> None:
        call = JambonzCall(bridge.http, PHONE.jambonz_secret or "")
        await call.start()
        response = await call.post("/ivr/jambonz", {**call.base, "call_status": "completed"})
        assert response.json() == [{"verb": "hangup"}]

    async def test_barge_in_and_an_end_to_keys(self, bridge: Bridge) -> None:
        (gather,) = (await JambonzCall(bridge.http, PHONE.jambonz_secret or "").start()).raw
        assert gather["bargein"]
        assert gather["dtmfBargein"]
        assert gather["timeout"]
        assert gather["interDigitTimeout"]

    @pytest.mark.parametrize(("status", "verbs"), [("202", ["hangup"]), ("503", ["say", "hangup"])])
    async def test_a_transfer_that_failed_is_said(
        self, bridge: Bridge, status: str, verbs: list[str]
    ) -> None:
        call = JambonzCall(bridge.http, PHONE.jambonz_secret or "")
        body = {**call.base, "refer_status": status}
        response = await call.post("/ivr/jambonz/transferred", body)
        assert [verb["verb"] for verb in response.json()] == verbs


class TestAudioCodes:
    async def test_only_with_the_token(self, bridge: Bridge) -> None:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
            assert (await bridge.http.get("/ivr/audiocodes", headers=headers)).status_code == 401

    async def test_its_check_of_the_address(self, bridge: Bridge) -> None:
        headers = {"Authorization": f"Bearer {PHONE.audiocodes_token}"}
        response = await bridge.http.get("/ivr/audiocodes", headers=headers)
        assert response.json() == {"type": "ac-bot-api", "success": True}

    async def test_an_activity_sent_twice_is_one_turn(self, bridge: Bridge, rasa: Rasa) -> None:
        call = AudioCodesCall(bridge.http, PHONE.audiocodes_token or "")
        await call.start()
        for _ in range(2):
            await call.send("activity-1", type="message", text="hello", parameters={})
        assert len(rasa.heard()) == 1

    async def test_refreshing_and_ending(self, bridge: Bridge) -> None:
        call = AudioCodesCall(bridge.http, PHONE.audiocodes_token or "")
        await call.start()
        for name in ("refreshURL", "disconnectURL"):
            response = await bridge.http.post(
                f"/ivr/{call.urls[name]}",
                json={"conversation": call.conversation},
                headers=call.headers,
            )
            assert response.status_code == 200


class TestLex:
    async def test_only_signed(self, bridge: Bridge) -> None:
        call = LexCall(bridge.http, "another secret")
        event = call.event("hello", "Speech", 0.9, ())
        assert (await call.post(event)).status_code == 403
        call.secret = PHONE.lex_secret or ""
        assert (await call.post(event, int(time.time()) - 400)).status_code == 403

    async def test_a_retry_gets_the_same(self, bridge: Bridge, rasa: Rasa) -> None:
        call = LexCall(bridge.http, PHONE.lex_secret or "")
        await call.start()
        event = call.event("hello lex", "Speech", 0.9, ())
        first, again = [(await call.post(event)).json() for _ in range(2)]
        assert first == again
        assert len(rasa.heard()) == 1

    async def test_words_in_the_first_event_are_heard(self, bridge: Bridge, rasa: Rasa) -> None:
        """A contact flow may have played the greeting itself."""
        await LexCall(bridge.http, PHONE.lex_secret or "").say("has my claim been paid")
        assert rasa.heard()[0]["text"] == "has my claim been paid"

    async def test_a_contact_flow_may_ask_for_the_greeting(self, bridge: Bridge) -> None:
        call = LexCall(bridge.http, PHONE.lex_secret or "")
        event = {
            "Name": "ContactFlowEvent",
            "Details": {"ContactData": {"ContactId": call.session}, "Parameters": {}},
        }
        told = (await call.post(event)).json()
        assert "How can I help" in told["say"]
        assert all(isinstance(value, str) for value in told.values())


class TestVoiceXml:
    async def test_only_with_the_token(self, bridge: Bridge) -> None:
        for path, headers in (
            ("/ivr/vxml", {}),
            ("/ivr/vxml?token=wrong", {}),
            ("/ivr/vxml", {"Authorization": "Basic " + base64.b64encode(b"a:b").decode()}),
        ):
            assert (await bridge.http.get(path, headers=headers)).status_code == 401
        response = await bridge.http.get(f"/ivr/vxml?token={PHONE.vxml_token}")
        assert response.status_code == 200
        # The token is in no address that we give out.
        assert (PHONE.vxml_token or "") not in response.text

    async def test_an_address_of_another_turn_is_refused(self, bridge: Bridge) -> None:
        call = VxmlCall(bridge.http, PHONE.vxml_token or "")
        await call.start()
        for forged in (
            call.next.replace("turn=1", "turn=2"),
            call.next.replace(call.call_id, "another"),
            re.sub("sig=.", "sig=_", call.next),
        ):
            assert (await bridge.http.get(forged)).status_code == 403

    async def test_returning_leaves_the_transfer_to_the_script(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: hand_over("mvp")
        call = VxmlCall(bridge.http, PHONE.vxml_token or "", "return")
        await call.start()
        told = await call.say("agent")
        assert b"<return" in told.raw
        assert b"<transfer" not in told.raw
        assert told.route["queue"] == "mvp-member-services"
        assert told.route["FromExtVXML0"] == "transfer"

    async def test_answering_transfers_after_the_sentence(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over("mvp")
        call = VxmlCall(bridge.http, PHONE.vxml_token or "")
        await call.start()
        told = await call.say("agent")
        assert told.route["dest"] == "sip:mvp-member-services@desk.example.org"
        assert told.route["aai"]


async def test_a_platform_that_is_off_says_how_to_turn_it_on(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from api.settings import PhoneSettings

    off = replace(bridge.parts.settings, phone=PhoneSettings(), twilio_auth_token=None)
    monkeypatch.setattr(bridge.app.state, "parts", replace(bridge.parts, settings=off))
    for path, variable in (
        ("twilio", "TWILIO_AUTH_TOKEN"),
        ("jambonz", "JAMBONZ_WEBHOOK_SECRET"),
        ("audiocodes", "AUDIOCODES_TOKEN"),
        ("lex", "LEX_SECRET"),
        ("vxml", "VXML_TOKEN"),
        ("json", "IVR_API_TOKEN"),
    ):
        response = await bridge.http.post(f"/ivr/{path}", json={})
        assert response.status_code == 404, path
        assert variable in response.json()["detail"]
