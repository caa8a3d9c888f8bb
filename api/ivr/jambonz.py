"""jambonz: JSON webhooks in, arrays of verbs out. Signature by `Jambonz-Signature`.

Source: the schemas of npm @jambonz/schema (verbs and callbacks), against which the tests hold
every reply. Our action hook carries the turn's number, because jambonz names only the call.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.errors import Unusable
from api.ivr.core import VoiceConversations
from api.ivr.platforms import check_signature, json_object, number, turned_on, voice_of
from api.ivr.turns import Heard, Listen, Route, VoiceReply, VoiceTurn

PLATFORM = "jambonz"
PATH = "/ivr/jambonz"
HANDOFF_HEADER = "X-Handoff-Id"
_ENDED = frozenset({"completed", "busy", "failed", "no-answer", "queued"})
Verbs = list[dict[str, Any]]

router = APIRouter(tags=["ivr"])


async def signed(request: Request) -> dict[str, Any]:
    """The body, if jambonz signed it. Raises NotFound (platform off), Forbidden, Unusable."""
    secret = request.app.state.parts.settings.phone.jambonz_secret
    turned_on(secret, "jambonz", "JAMBONZ_WEBHOOK_SECRET")
    check_signature(secret, request.headers.get("Jambonz-Signature", ""), await request.body())
    return await json_object(request)


@router.post(PATH)
async def jambonz(
    request: Request,
    body: Annotated[dict[str, Any], Depends(signed)],
    voice: Annotated[VoiceConversations, Depends(voice_of)],
) -> Verbs:
    """The call hook, every gather's action hook, and the call status hook."""
    call_id = str(body.get("call_sid") or "")
    if not call_id:
        raise Unusable("call_sid is missing.")
    turn = request.query_params.get("turn", "")
    reply = await voice.turn(_turn(body, call_id, turn))
    return verbs(reply, turn or "0")


@router.post(f"{PATH}/transferred")
async def transferred(body: Annotated[dict[str, Any], Depends(signed)]) -> Verbs:
    """After a transfer: one that failed (RFC 3515: anything but a 2xx final status) is said."""
    status = str(body.get("final_referred_call_status") or body.get("refer_status") or "")
    if not status or status.startswith("2"):
        return [{"verb": "hangup"}]
    text = "Sorry, that did not go through. Please call the number on your card."
    return [{"verb": "say", "text": text}, {"verb": "hangup"}]


def _turn(body: dict[str, Any], call_id: str, number_: str) -> VoiceTurn:
    reason = body.get("reason")
    if reason is None and str(body.get("call_status", "")) in _ENDED:
        return VoiceTurn(PLATFORM, call_id, "end", "hangup")
    if not number_:
        return VoiceTurn(PLATFORM, call_id, "0", "start")
    if reason == "dtmfDetected":
        return VoiceTurn(PLATFORM, call_id, number_, "input", digits=str(body.get("digits") or ""))
    spoken = body.get("speech")
    readings = spoken.get("alternatives") if isinstance(spoken, dict) else None
    heard = [
        Heard(str(each.get("transcript") or ""), number(each.get("confidence")))
        for each in readings or ()
        if isinstance(each, dict)
    ]
    if reason == "timeout" or not heard:
        silent = reason in ("timeout", None)
        return VoiceTurn(PLATFORM, call_id, number_, "silence" if silent else "input")
    return VoiceTurn(
        PLATFORM,
        call_id,
        number_,
        "input",
        speech=heard[0].text,
        # Too unsure for jambonz's own threshold: words that we ask about, or noise.
        confidence=heard[0].confidence,
        alternatives=tuple(heard[1:]),
    )


def verbs(reply: VoiceReply, turn: str) -> Verbs:
    """The reply in jambonz's words."""
    match reply.action:
        case "listen":
            following = int(turn) + 1 if turn.isdigit() else 1
            return [_gather(reply, reply.listen or Listen(), following)]
        case "wait":
            return [_say(reply), {"verb": "redirect", "actionHook": f"{PATH}?turn={turn}"}]
        case "transfer":
            return [_say(reply), *([_refer(reply.route)] if reply.route else [])]
        case _:
            return [*([_say(reply)] if reply.say else []), {"verb": "hangup"}]


def _say(reply: VoiceReply) -> dict[str, Any]:
    synthesizer = {"vendor": "default", "language": reply.language}
    return {"verb": "say", "text": reply.ssml or reply.say, "synthesizer": synthesizer}


def _gather(reply: VoiceReply, listen: Listen, following: int) -> dict[str, Any]:
    said = _say(reply)
    gather: dict[str, Any] = {
        "verb": "gather",
        "input": ["speech" if mode == "speech" else "digits" for mode in listen.modes],
        "actionHook": f"{PATH}?turn={following}",
        "timeout": max(listen.silence_ms / 1000, 1),
        "interDigitTimeout": 4,
        "finishOnKey": "#",
        "bargein": True,
        "dtmfBargein": True,
        "listenDuringPrompt": True,
        "say": {"text": said["text"], "synthesizer": said["synthesizer"]},
    }
    if listen.digits:
        gather["maxDigits"] = listen.digits
    if "speech" in listen.modes:
        recognizer: dict[str, Any] = {"vendor": "default", "language": reply.language}
        if listen.hints:
            recognizer["hints"] = list(listen.hints)
        gather["recognizer"] = recognizer
    return gather


def _refer(route: Route) -> dict[str, Any]:
    """SIP REFER (RFC 3515) to the queue; the opaque hand-off id is all that travels."""
    refer: dict[str, Any] = {
        "verb": "sip:refer",
        "referTo": route.target,
        "actionHook": f"{PATH}/transferred",
    }
    if route.handoff_id:
        refer["headers"] = {HANDOFF_HEADER: route.handoff_id}
    return refer
