"""Callers on each platform, as the platform's own requests: in this process or over HTTP."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree as ET

import httpx
from twilio.request_validator import RequestValidator

from api.ids import new_id
from api.ivr.lex import SIGNATURE_HEADER
from api.ivr.platforms import signature

VXML = "{http://www.w3.org/2001/vxml}"
Post = Callable[..., Awaitable[httpx.Response]]


@dataclass
class Spoken:
    """What a caller hears and what happens then; `raw` is the platform's own form of it."""

    say: str
    action: str
    raw: Any = None
    route: dict[str, Any] = field(default_factory=dict)
    listen: dict[str, Any] = field(default_factory=dict)


def without_marks(text: str) -> str:
    """The words of SSML; what is spelled has its spaces back."""
    if not text.startswith("<speak"):
        return text
    words = []
    for element in ET.fromstring(text).iter():  # noqa: S314 (our own reply)
        spelled = element.tag.endswith("say-as") and element.get("interpret-as") == "characters"
        words.append(" ".join(element.text or "") if spelled else element.text or "")
        words.append(element.tail or "")
    return " ".join(" ".join(words).split()).replace(" ,", ",").replace(" .", ".")


class JsonCall:
    """`/ivr/json`."""

    def __init__(self, http: httpx.AsyncClient, key: str) -> None:
        self.http, self.call_id, self.turns = http, f"call-{new_id()}", 0
        self.headers = {"Authorization": f"Bearer {key}"}
        self.last: dict[str, Any] = {}

    async def send(self, event: str, turn_id: str | None = None, **given: Any) -> Spoken:
        self.turns += 1
        turn = turn_id or f"t{self.turns}"
        body: dict[str, Any] = {"call_id": self.call_id, "turn_id": turn, "event": event}
        if given:
            body["input"] = given
        response = await self.http.post("/ivr/json", json=body, headers=self.headers)
        assert response.status_code == 200, response.text
        told: dict[str, Any] = response.json()
        self.last = told
        return Spoken(told["say"], told["action"], told, told["route"] or {}, told["listen"] or {})

    async def start(self) -> Spoken:
        return await self.send("start")

    async def say(self, speech: str, confidence: float | None = None, **more: Any) -> Spoken:
        return await self.send("input", speech=speech, confidence=confidence, **more)

    async def keys(self, digits: str) -> Spoken:
        return await self.send("input", digits=digits)

    async def silence(self) -> Spoken:
        return await self.send("silence")


class JambonzCall:
    """jambonz webhooks: call hook, then each gather's action hook."""

    def __init__(self, http: httpx.AsyncClient, secret: str) -> None:
        self.http, self.secret = http, secret
        self.base = {
            "call_sid": new_id(),
            "account_sid": new_id(),
            "application_sid": new_id(),
            "direction": "inbound",
            "from": "+15185550101",
            "to": "+18005550110",
            "call_id": new_id(),
            "sbc_callid": new_id(),
            "call_status": "in-progress",
            "sip_status": 200,
        }
        self.next = "/ivr/jambonz"

    async def post(self, path: str, body: dict[str, Any], at: int | None = None) -> httpx.Response:
        content = json.dumps(body).encode()
        at = int(time.time()) if at is None else at
        header = f"t={at},v1={signature(self.secret, content, at)}"
        headers = {"Jambonz-Signature": header, "Content-Type": "application/json"}
        return await self.http.post(path, content=content, headers=headers)

    async def send(self, **body: Any) -> Spoken:
        response = await self.post(self.next, {**self.base, **body})
        assert response.status_code == 200, response.text
        return self._spoken(response.json())

    def _spoken(self, verbs: list[dict[str, Any]]) -> Spoken:
        first, last = verbs[0], verbs[-1]
        if last["verb"] == "gather":
            self.next = last["actionHook"]
            return Spoken(without_marks(last["say"]["text"]), "listen", verbs, listen=last)
        said = without_marks(first.get("text", ""))
        action = {"sip:refer": "transfer", "hangup": "hangup", "redirect": "wait"}[last["verb"]]
        return Spoken(said, action, verbs, route=last if action == "transfer" else {})

    async def start(self) -> Spoken:
        return await self.send()

    async def say(self, speech: str, confidence: float = 0.9, *others: str) -> Spoken:
        alternatives = [{"transcript": speech, "confidence": confidence}]
        alternatives += [{"transcript": text, "confidence": confidence / 2} for text in others]
        spoken = {"language_code": "en-US", "is_final": True, "alternatives": alternatives}
        return await self.send(reason="speechDetected", speech=spoken)

    async def keys(self, digits: str) -> Spoken:
        return await self.send(reason="dtmfDetected", digits=digits)

    async def silence(self) -> Spoken:
        return await self.send(reason="timeout")


class AudioCodesCall:
    """AudioCodes Bot API."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self.http, self.conversation = http, new_id()
        self.headers = {"Authorization": f"Bearer {token}"}
        self.urls: dict[str, Any] = {}

    async def send(self, activity_id: str | None = None, **activity: Any) -> Spoken:
        if not self.urls:
            response = await self.http.post(
                "/ivr/audiocodes", json={"conversation": self.conversation}, headers=self.headers
            )
            assert response.status_code == 200, response.text
            self.urls = response.json()
        given = {"id": activity_id or new_id(), "timestamp": "2026-11-23T17:00:00.000Z", **activity}
        response = await self.http.post(
            f"/ivr/{self.urls['activitiesURL']}",
            json={"conversation": self.conversation, "activities": [given]},
            headers=self.headers,
        )
        assert response.status_code == 200, response.text
        return self._spoken(response.json())

    def _spoken(self, body: dict[str, Any]) -> Spoken:
        activities = body["activities"]
        said = " ".join(without_marks(a["text"]) for a in activities if a["type"] == "message")
        events = [a for a in activities if a["type"] == "event"]
        action = events[-1]["name"] if events else "listen"
        listen = activities[0].get("sessionParams", {}) if activities else {}
        route = events[-1].get("activityParams", {}) if events else {}
        return Spoken(said, action, body, route=route, listen=listen)

    async def start(self) -> Spoken:
        return await self.send(type="event", name="start", parameters={"callee": "+18005550110"})

    async def say(self, speech: str, confidence: float = 0.9) -> Spoken:
        parameters = {"confidence": confidence, "recognitionOutput": {}}
        return await self.send(type="message", text=speech, parameters=parameters)

    async def keys(self, digits: str) -> Spoken:
        return await self.send(type="event", name="DTMF", value=digits)

    async def silence(self) -> Spoken:
        return await self.send(type="event", name="noUserInput", value=1)


class LexCall:
    """Lambda events of Amazon Lex V2, signed as deploy/lex/lambda_function.py does."""

    def __init__(self, http: httpx.AsyncClient, secret: str) -> None:
        self.http, self.secret, self.session = http, secret, new_id()
        self.attributes: dict[str, str] = {}

    def event(self, text: str, mode: str, confidence: float, others: tuple[str, ...]) -> Any:
        readings = [(text, confidence), *((other, confidence / 2) for other in others)]
        intent = {"name": "FallbackIntent", "slots": {}, "state": "ReadyForFulfillment"}
        return {
            "messageVersion": "1.0",
            "invocationSource": "DialogCodeHook",
            "inputMode": mode,
            "responseContentType": "audio/pcm",
            "sessionId": self.session,
            "inputTranscript": text,
            "invocationLabel": "hook",
            "bot": {
                "id": "BOT0000001",
                "name": "Memberline",
                "aliasId": "ALIAS00001",
                "aliasName": "live",
                "localeId": "en_US",
                "version": "1",
            },
            "interpretations": [{"intent": intent, "interpretationSource": "Lex"}],
            "proposedNextState": {"dialogAction": {"type": "ElicitIntent"}, "intent": intent},
            "requestAttributes": {},
            "sessionState": {
                "sessionAttributes": dict(self.attributes),
                "activeContexts": [],
                "intent": intent,
                "originatingRequestId": new_id(),
            },
            "transcriptions": [
                {
                    "transcription": words,
                    "transcriptionConfidence": number,
                    "resolvedContext": {"intent": "FallbackIntent"},
                    "resolvedSlots": {},
                }
                for words, number in readings
                if words and mode == "Speech"
            ],
        }

    def contact_flow_event(self) -> dict[str, Any]:
        """What Connect sends when a contact flow invokes a Lambda function."""
        return {
            "Name": "ContactFlowEvent",
            "Details": {
                "ContactData": {
                    "Attributes": {},
                    "Channel": "VOICE",
                    "ContactId": self.session,
                    "CustomerEndpoint": {"Address": "+15185550101", "Type": "TELEPHONE_NUMBER"},
                    "InitialContactId": self.session,
                    "InitiationMethod": "INBOUND",
                    "InstanceARN": "arn:aws:connect:us-east-1:555:instance/sample",
                    "PreviousContactId": self.session,
                    "Queue": None,
                    "SystemEndpoint": {"Address": "+18005550110", "Type": "TELEPHONE_NUMBER"},
                    "MediaStreams": {"Customer": {"Audio": None}},
                },
                "Parameters": {},
            },
        }

    async def post(self, event: Any, at: int | None = None) -> httpx.Response:
        content = json.dumps(event).encode()
        at = int(time.time()) if at is None else at
        header = f"t={at},v1={signature(self.secret, content, at)}"
        headers = {SIGNATURE_HEADER: header, "Content-Type": "application/json"}
        return await self.http.post("/ivr/lex", content=content, headers=headers)

    async def send(
        self, text: str = "", mode: str = "Speech", confidence: float = 0.9, *others: str
    ) -> Spoken:
        response = await self.post(self.event(text, mode, confidence, others))
        assert response.status_code == 200, response.text
        body = response.json()
        self.attributes = body["sessionState"]["sessionAttributes"]
        said = " ".join(without_marks(message["content"]) for message in body["messages"])
        action = self.attributes["memberline_action"]
        names = ("queue", "partner", "skills", "handoff_id")
        route = {name: self.attributes.get(f"memberline_{name}") for name in names}
        return Spoken(said, action, body, route=route if action == "transfer" else {})

    async def start(self) -> Spoken:
        return await self.send()

    async def say(self, speech: str, confidence: float = 0.9, *others: str) -> Spoken:
        return await self.send(speech, "Speech", confidence, *others)

    async def keys(self, digits: str) -> Spoken:
        return await self.send(digits, "DTMF")

    async def silence(self) -> Spoken:
        return await self.send("")


class VxmlCall:
    """A VoiceXML browser: follows `<submit>` with what its namelist names."""

    def __init__(self, http: httpx.AsyncClient, token: str, mode: str = "answer") -> None:
        self.http, self.mode, self.call_id = http, mode, new_id()
        basic = base64.b64encode(f"cvp:{token}".encode()).decode()
        self.headers = {"Authorization": f"Basic {basic}"}
        self.next = f"/ivr/vxml?{urlencode({'call_id': self.call_id, 'mode': mode})}"

    async def send(self, **values: str) -> Spoken:
        # A real browser put the namelist into the query of a POST.
        parts = urlsplit(self.next)
        query = urlencode([*parse_qsl(parts.query), *values.items()])
        response = await self.http.post(f"{parts.path}?{query}", headers=self.headers)
        assert response.status_code == 200, response.text
        self.headers = {}
        return self._spoken(response.content)

    def _spoken(self, document: bytes) -> Spoken:
        root = ET.fromstring(document)  # noqa: S314 (our own reply)
        said = " ".join(" ".join(p.itertext()) for p in root.iter(f"{VXML}prompt"))
        submits = list(root.iter(f"{VXML}submit"))
        transfer = root.find(f".//{VXML}transfer")
        if root.find(f".//{VXML}field") is not None:
            self.next = submits[-1].attrib["next"]
            return Spoken(said, "listen", document)
        if transfer is not None:
            return Spoken(said, "transfer", document, route=dict(transfer.attrib))
        variables = {v.attrib["name"]: v.attrib["expr"].strip("'") for v in root.iter(f"{VXML}var")}
        if submits:
            self.next = submits[-1].attrib["next"]
            return Spoken(said, "wait", document)
        return Spoken(said, variables.get("action", "hangup"), document, route=variables)

    async def start(self) -> Spoken:
        return await self.send()

    async def say(self, speech: str, confidence: float = 0.9, *others: str) -> Spoken:
        readings = [f"{confidence} {speech}", *(f"{confidence / 2} {o}" for o in others)]
        return await self.send(
            event="input",
            said=speech,
            confidence=str(confidence),
            inputmode="voice",
            nbest="|".join(readings),
        )

    async def keys(self, digits: str) -> Spoken:
        spaced = " ".join(digits)
        return await self.send(
            event="input", said=spaced, confidence="1.0", inputmode="dtmf", nbest=""
        )

    async def silence(self) -> Spoken:
        return await self.send(event="silence")


class TwilioCall:
    """Twilio's signed forms, each to where the last reply said."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self.http, self.sid, self.next = http, f"CA{new_id()}", "/ivr/twilio"
        self.validator = RequestValidator(token)

    async def send(self, **fields: str) -> Spoken:
        form = {"CallSid": self.sid, "From": "+15185550101", "CallStatus": "in-progress", **fields}
        base = str(self.http.base_url).rstrip("/")
        signed = self.validator.compute_signature(f"{base}{self.next}", form)
        response = await self.http.post(
            self.next, data=form, headers={"X-Twilio-Signature": signed}
        )
        assert response.status_code == 200, response.text
        return self._spoken(response.content)

    def _spoken(self, document: bytes) -> Spoken:
        root = ET.fromstring(document)  # noqa: S314 (our own reply)
        said = " ".join(" ".join(s.itertext()) for s in root.iter("Say"))
        last = root[-1]
        if last.tag == "Gather":
            self.next = last.attrib["action"]
            return Spoken(said, "listen", document, listen=dict(last.attrib))
        if last.tag == "Redirect":
            self.next = last.text or ""
            return Spoken(said, "wait", document)
        if last.tag == "Enqueue":
            return Spoken(said, "transfer", document, json.loads(last.findtext("Task", "{}")))
        if last.tag == "Dial":
            return Spoken(said, "transfer", document, {"target": last.findtext("Sip", "")})
        return Spoken(said, "hangup", document)

    async def start(self) -> Spoken:
        return await self.send()

    async def say(self, speech: str, confidence: float = 0.9, *others: str) -> Spoken:
        del others  # Twilio tells one reading.
        return await self.send(SpeechResult=speech, Confidence=str(confidence))

    async def keys(self, digits: str) -> Spoken:
        return await self.send(Digits=digits)

    async def silence(self) -> Spoken:
        return await self.send()
