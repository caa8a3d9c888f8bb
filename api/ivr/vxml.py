"""VoiceXML 2.1 (Cisco CVP, Avaya): parameters in, documents out.

Answer mode transfers by `<transfer>`; return mode (`mode=return`, as Cisco CVP's external VoiceXML
wants it) gives variables back and leaves the transfer to the script that called. Browsers send
what they were told to in the query or the body, whatever the method, and no cookies: the session
is in the URL, signed turn by turn. The first request carries VXML_TOKEN, as the user of Basic
authentication's password, or as the parameter `token`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Depends, Request, Response

from api.errors import Forbidden
from api.ids import new_id
from api.ivr.core import VoiceConversations
from api.ivr.platforms import check_token, number, turned_on, voice_of
from api.ivr.speech import inner
from api.ivr.turns import Heard, Listen, Route, VoiceReply, VoiceTurn

PLATFORM = "vxml"
PATH = "/ivr/vxml"
# The platform's own grammar for free speech (Nuance, Cisco and Avaya take this name or an alias).
FREE_SPEECH = "builtin:speech/transcribe"
_NAMESPACE = "http://www.w3.org/2001/vxml"
_READINGS = 4
_RETURNED = ("action", "queue", "partner", "handoff_id", "priority", "skills", "target")
# The recogniser's readings as JSON, made by the browser (ECMAScript, as VoiceXML 2.1 has it).
_COLLECT = (
    "var readings = []; "
    "for (var i = 0; application.lastresult$ && i < application.lastresult$.length; i++) "
    "{ readings.push(application.lastresult$[i].confidence + ' ' + "
    "application.lastresult$[i].utterance); }"
)

router = APIRouter(tags=["ivr"])


@router.get(PATH)
@router.post(PATH)
async def vxml(
    request: Request, voice: Annotated[VoiceConversations, Depends(voice_of)]
) -> Response:
    """One turn of a call."""
    settings = request.app.state.parts.settings
    turned_on(settings.phone.vxml_token, "VoiceXML", "VXML_TOKEN")
    given = {name: str(value) for name, value in request.query_params.items()}
    if request.method == "POST":
        given |= {name: str(value) for name, value in (await request.form()).items()}
    mode = "return" if given.get("mode") == "return" else "answer"
    if "turn" in given:
        call_id, turn = given.get("session", ""), given["turn"]
        if not hmac.compare_digest(
            given.get("sig", ""), _sign(settings.secret, call_id, turn, mode)
        ):
            raise Forbidden("The address was not made here.")
    else:
        check_token(_token(request, given), [settings.phone.vxml_token])
        call_id, turn = given.get("call_id") or given.get("callid") or new_id(), "0"
    reply = await voice.turn(_turn(given, call_id, turn))
    document = _Document(settings.secret, call_id, mode)
    return Response(document.of(reply, turn), media_type="application/voicexml+xml")


def _token(request: Request, given: Mapping[str, str]) -> str:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return given.get("token", "")
    try:
        return base64.b64decode(value).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _sign(secret: str, call_id: str, turn: str, mode: str) -> str:
    text = json.dumps(["vxml", call_id, turn, mode])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def _turn(given: Mapping[str, str], call_id: str, turn: str) -> VoiceTurn:
    event = given.get("event", "input")
    if turn == "0":
        return VoiceTurn(PLATFORM, call_id, "0", "start")
    if event == "hangup":
        return VoiceTurn(PLATFORM, call_id, "end", "hangup")
    if event == "silence":
        return VoiceTurn(PLATFORM, call_id, turn, "silence")
    if event == "nomatch":
        return VoiceTurn(PLATFORM, call_id, turn, "input")
    if given.get("inputmode") == "dtmf":
        digits = "".join(c for c in given.get("said", "") if c in "0123456789*#")
        return VoiceTurn(PLATFORM, call_id, turn, "input", digits=digits)
    heard = _readings(given.get("nbest", ""))
    speech = given.get("said", "") or (heard[0].text if heard else "")
    confidence = number(given.get("confidence"))
    others = tuple(each for each in heard if each.text != speech)
    return VoiceTurn(
        PLATFORM, call_id, turn, "input", speech=speech, confidence=confidence, alternatives=others
    )


def _readings(text: str) -> list[Heard]:
    """'0.81 has my claim been paid|0.11 has my clam been paid'."""
    found = []
    for part in text.split("|"):
        confidence, _, words = part.strip().partition(" ")
        if words:
            found.append(Heard(words, number(confidence)))
    return found


class _Document:
    """Builds the documents of one call."""

    def __init__(self, secret: str, call_id: str, mode: str) -> None:
        self._secret = secret
        self._call_id = call_id
        self._mode = mode

    def of(self, reply: VoiceReply, turn: str) -> bytes:
        """The reply as a VoiceXML document."""
        root = ET.Element(
            "vxml", {"version": "2.1", "xmlns": _NAMESPACE, "xml:lang": reply.language}
        )
        match reply.action:
            case "listen":
                following = str(int(turn) + 1) if turn.isdigit() else "1"
                self._field(root, reply, reply.listen or Listen(), following)
            case "wait":
                # Not turn 0: that would be the greeting again, and needs the token.
                self._come_back(root, reply, turn)
            case "transfer" if self._mode == "answer" and reply.route:
                self._transfer(root, reply, reply.route)
            case _:
                self._end(root, reply)
        document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return document

    def _next(self, turn: str) -> str:
        sig = _sign(self._secret, self._call_id, turn, self._mode)
        query = {"session": self._call_id, "turn": turn, "mode": self._mode, "sig": sig}
        return f"{PATH}?{urlencode(query)}"

    def _field(self, root: ET.Element, reply: VoiceReply, listen: Listen, following: str) -> None:
        self._properties(root, listen)
        ET.SubElement(root, "var", {"name": "event", "expr": "'input'"})
        for name in ("confidence", "inputmode", "nbest"):
            ET.SubElement(root, "var", {"name": name, "expr": "''"})
        self._hang_up(root, following)
        form = ET.SubElement(root, "form", {"id": "turn"})
        field = ET.SubElement(form, "field", {"name": "said"})
        if "speech" in listen.modes:
            ET.SubElement(field, "grammar", {"src": FREE_SPEECH, "mode": "voice"})
        most = f"?maxlength={listen.digits}" if listen.digits else ""
        ET.SubElement(field, "grammar", {"src": f"builtin:dtmf/digits{most}", "mode": "dtmf"})
        field.append(_prompt(reply))
        for tag, event in (("noinput", "silence"), ("nomatch", "nomatch")):
            handler = ET.SubElement(field, tag)
            ET.SubElement(handler, "assign", {"name": "event", "expr": f"'{event}'"})
            self._submit(handler, following, "event")
        filled = ET.SubElement(field, "filled")
        ET.SubElement(filled, "script").text = _COLLECT
        for name, value in (
            ("confidence", "said$.confidence"),
            ("inputmode", "said$.inputmode"),
            ("nbest", "readings.join('|')"),
        ):
            ET.SubElement(filled, "assign", {"name": name, "expr": value})
        self._submit(filled, following, "event said confidence inputmode nbest")

    def _properties(self, root: ET.Element, listen: Listen) -> None:
        modes = " ".join("voice" if mode == "speech" else mode for mode in listen.modes)
        for name, value in (
            ("bargein", "true"),
            ("inputmodes", modes),
            ("timeout", f"{listen.silence_ms}ms"),
            ("interdigittimeout", "4s"),
            ("termchar", "#"),
            ("maxnbest", str(_READINGS)),
            # The bridge weighs confidences itself.
            ("confidencelevel", "0.0"),
        ):
            ET.SubElement(root, "property", {"name": name, "value": value})

    def _come_back(self, root: ET.Element, reply: VoiceReply, turn: str) -> None:
        ET.SubElement(root, "var", {"name": "event", "expr": "'silence'"})
        block = ET.SubElement(ET.SubElement(root, "form", {"id": "wait"}), "block")
        block.append(_prompt(reply))
        self._submit(block, turn, "event")

    def _transfer(self, root: ET.Element, reply: VoiceReply, route: Route) -> None:
        """The sentence is a prompt of the transfer, so it ends before the transfer begins."""
        form = ET.SubElement(root, "form", {"id": "transfer"})
        settings = {"name": "transferred", "dest": route.target, "bridge": "false"}
        if route.handoff_id:
            settings["aai"] = route.handoff_id
        transfer = ET.SubElement(form, "transfer", settings)
        transfer.append(_prompt(reply, bargein=False))

    def _end(self, root: ET.Element, reply: VoiceReply) -> None:
        values = _returned(reply)
        for name, value in values.items():
            ET.SubElement(root, "var", {"name": name, "expr": _quoted(value)})
        block = ET.SubElement(ET.SubElement(root, "form", {"id": "end"}), "block")
        if reply.say:
            block.append(_prompt(reply, bargein=False))
        if self._mode == "return":
            ET.SubElement(block, "return", {"namelist": " ".join(values)})
        elif reply.action == "transfer":
            ET.SubElement(block, "exit", {"namelist": " ".join(values)})
        else:
            ET.SubElement(block, "disconnect")

    def _hang_up(self, root: ET.Element, following: str) -> None:
        handler = ET.SubElement(root, "catch", {"event": "connection.disconnect.hangup"})
        ET.SubElement(handler, "assign", {"name": "event", "expr": "'hangup'"})
        self._submit(handler, following, "event")

    def _submit(self, parent: ET.Element, turn: str, names: str) -> None:
        settings = {"next": self._next(turn), "method": "post", "namelist": names}
        ET.SubElement(parent, "submit", settings)


def _returned(reply: VoiceReply) -> dict[str, str]:
    """What the calling script gets; FromExtVXML0 to 3 are what Cisco CVP passes on to its own."""
    route = reply.route
    values: dict[str, Any] = dict.fromkeys(_RETURNED, "")
    values["action"] = reply.action
    if route:
        values |= {
            "queue": route.queue,
            "partner": route.partner or "",
            "handoff_id": route.handoff_id or "",
            "priority": str(route.priority),
            "skills": " ".join(route.skills),
            "target": route.target,
        }
    named = ("action", "queue", "handoff_id", "partner")
    return values | {f"FromExtVXML{i}": values[name] for i, name in enumerate(named)}


def _quoted(text: str) -> str:
    """An ECMAScript string."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _prompt(reply: VoiceReply, *, bargein: bool = True) -> ET.Element:
    slow = '<prosody rate="slow">' in reply.ssml
    attributes = f"xml:lang={quoteattr(reply.language)} bargein={quoteattr(str(bargein).lower())}"
    # Our own markup, made a moment ago.
    return ET.fromstring(f"<prompt {attributes}>{inner(reply.say, slow=slow)}</prompt>")  # noqa: S314
