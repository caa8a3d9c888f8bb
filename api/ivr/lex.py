"""Amazon Lex V2 behind Amazon Connect: events of a Lambda function, passed on by ours.

`deploy/lex/lambda_function.py` signs each event and sends it here. The session attribute
`memberline_turn` names the turn: Lex gives it back, and a retry carries the same. Lex cannot
transfer: session attributes tell the contact flow what to do. Source: the Lambda input and
response formats of the Amazon Lex V2 and Amazon Connect guides.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.errors import Unusable
from api.ivr.core import VoiceConversations
from api.ivr.platforms import check_signature, json_object, number, turned_on, voice_of
from api.ivr.turns import Heard, Listen, VoiceReply, VoiceTurn

PLATFORM = "lex"
PATH = "/ivr/lex"
TURN = "memberline_turn"
SIGNATURE_HEADER = "X-Memberline-Signature"
# Lex wants an intent's name when a conversation closes without one.
_FALLBACK = "FallbackIntent"
_LONGEST_MESSAGE = 1024

router = APIRouter(tags=["ivr"])


async def signed(request: Request) -> dict[str, Any]:
    """The event, if our Lambda function signed it. Raises NotFound (off), Forbidden, Unusable."""
    secret = request.app.state.parts.settings.phone.lex_secret
    turned_on(secret, "Amazon Lex", "LEX_SECRET")
    check_signature(secret, request.headers.get(SIGNATURE_HEADER, ""), await request.body())
    return await json_object(request)


@router.post(PATH)
async def lex(
    event: Annotated[dict[str, Any], Depends(signed)],
    voice: Annotated[VoiceConversations, Depends(voice_of)],
) -> dict[str, Any]:
    """A Lex code hook, or a contact flow that asks for the greeting."""
    if event.get("Name") == "ContactFlowEvent":
        return await _greeting(event, voice)
    call_id = str(event.get("sessionId") or "")
    if not call_id:
        raise Unusable("sessionId is missing.")
    state = _dict(event.get("sessionState"))
    attributes = {k: str(v) for k, v in _dict(state.get("sessionAttributes")).items()}
    turn_id = attributes.get(TURN, "0")
    reply = await voice.turn(_turn(event, call_id, turn_id))
    return result(reply, turn_id, attributes, _dict(state.get("intent")))


async def _greeting(event: dict[str, Any], voice: VoiceConversations) -> dict[str, Any]:
    """What the contact flow plays first. Connect takes flat maps of strings."""
    contact = _dict(_dict(event.get("Details")).get("ContactData"))
    call_id = str(contact.get("ContactId") or "")
    if not call_id:
        raise Unusable("Details.ContactData.ContactId is missing.")
    reply = await voice.turn(VoiceTurn(PLATFORM, call_id, "greeting", "start"))
    return {"say": reply.say, "ssml": reply.ssml, "action": reply.action}


def _turn(event: dict[str, Any], call_id: str, turn_id: str) -> VoiceTurn:
    text = str(event.get("inputTranscript") or "").strip()
    if event.get("inputMode") == "DTMF":
        return VoiceTurn(PLATFORM, call_id, turn_id, "input", digits=text)
    heard = [
        Heard(str(each.get("transcription") or ""), _confidence(each))
        for each in event.get("transcriptions") or ()
        if isinstance(each, dict) and each.get("transcription")
    ]
    if not text and not heard:
        return VoiceTurn(PLATFORM, call_id, turn_id, "start" if turn_id == "0" else "silence")
    first = heard[0] if heard else Heard(text)
    return VoiceTurn(
        PLATFORM,
        call_id,
        turn_id,
        "input",
        speech=text or first.text,
        confidence=first.confidence,
        alternatives=tuple(heard[1:]),
    )


def _confidence(transcription: dict[str, Any]) -> float | None:
    """A number since 2023, before that `{score}`."""
    value = transcription.get("transcriptionConfidence")
    return number(value.get("score") if isinstance(value, dict) else value)


def result(
    reply: VoiceReply, turn_id: str, attributes: dict[str, str], intent: dict[str, Any]
) -> dict[str, Any]:
    """The reply as Lex takes it."""
    told = {**attributes, TURN: str(int(turn_id) + 1 if turn_id.isdigit() else 1)}
    told["memberline_action"] = "listen" if reply.action == "wait" else reply.action
    told |= _settings(reply.listen) if reply.listen else {}
    if reply.route:
        told |= {
            "memberline_queue": reply.route.queue,
            "memberline_partner": reply.route.partner or "",
            "memberline_skills": " ".join(reply.route.skills),
            "memberline_priority": str(reply.route.priority),
            "memberline_target": reply.route.target,
            "memberline_handoff_id": reply.route.handoff_id or "",
        }
    messages = [_message(reply)] if reply.say else []
    if reply.action in ("listen", "wait"):
        state: dict[str, Any] = {"dialogAction": {"type": "ElicitIntent"}}
    else:
        state = {
            "dialogAction": {"type": "Close"},
            "intent": {
                "name": str(intent.get("name") or _FALLBACK),
                "slots": intent.get("slots") or {},
                "state": "Fulfilled",
            },
        }
    return {"sessionState": {**state, "sessionAttributes": told}, "messages": messages}


def _message(reply: VoiceReply) -> dict[str, str]:
    if reply.ssml and len(reply.ssml) <= _LONGEST_MESSAGE:
        return {"contentType": "SSML", "content": reply.ssml}
    return {"contentType": "PlainText", "content": reply.say[:_LONGEST_MESSAGE]}


def _settings(listen: Listen) -> dict[str, str]:
    """Lex reads time-outs, keys and barge-in from session attributes."""
    settings = {
        "x-amz-lex:allow-interrupt:*:*": "true",
        "x-amz-lex:audio:start-timeout-ms:*:*": str(listen.silence_ms),
        "x-amz-lex:dtmf:end-timeout-ms:*:*": "4000",
        "x-amz-lex:dtmf:end-character:*:*": "#",
        "x-amz-lex:dtmf:max-length:*:*": str(listen.digits or 20),
    }
    return settings


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
