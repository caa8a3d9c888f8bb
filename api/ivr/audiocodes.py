"""AudioCodes VoiceAI Connect, by its Bot API: conversations of activities. Bearer token.

Each activity has an id, which names the turn. Source: AudioCodes' "VoiceAI Connect: AC-Bot-API".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from api.errors import Unusable
from api.ids import new_id
from api.ivr.core import VoiceConversations
from api.ivr.platforms import bearer, check_token, json_object, number, turned_on, voice_of
from api.ivr.turns import Heard, Listen, Route, VoiceReply, VoiceTurn

PLATFORM = "audiocodes"
PATH = "/ivr/audiocodes"
# VoiceAI Connect refreshes a conversation well before that, and drops one that is not.
EXPIRES_SECONDS = 120
HANDOFF_HEADER = "X-Handoff-Id"
Activity = dict[str, Any]


async def known(request: Request) -> None:
    """Raises NotFound (platform off), NotSignedIn."""
    token = request.app.state.parts.settings.phone.audiocodes_token
    turned_on(token, "AudioCodes", "AUDIOCODES_TOKEN")
    check_token(bearer(request), [token])


router = APIRouter(tags=["ivr"], dependencies=[Depends(known)])
Body = Annotated[dict[str, Any], Depends(json_object)]
Voice = Annotated[VoiceConversations, Depends(voice_of)]


@router.get(PATH)
async def validate() -> dict[str, Any]:
    """VoiceAI Connect asks this when the bot is configured."""
    return {"type": "ac-bot-api", "success": True}


@router.post(PATH)
async def begin(body: Body) -> dict[str, Any]:
    """A call begins; its first activity is `start`."""
    conversation = _conversation(body)
    base = f"audiocodes/conversation/{conversation}"
    return {
        "activitiesURL": f"{base}/activities",
        "refreshURL": f"{base}/refresh",
        "disconnectURL": f"{base}/disconnect",
        "expiresSeconds": EXPIRES_SECONDS,
    }


@router.post(f"{PATH}/conversation/{{conversation}}/activities")
async def activities(conversation: str, body: Body, voice: Voice) -> dict[str, Any]:
    """Activities of the caller in, the assistant's out."""
    given = body.get("activities")
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise Unusable("activities is missing.")
    said: list[Activity] = []
    for activity in given:
        turn = _turn(conversation, activity)
        if turn:
            said += told(await voice.turn(turn))
    return {"conversation": conversation, "activities": said}


@router.post(f"{PATH}/conversation/{{conversation}}/refresh")
async def refresh(conversation: str) -> dict[str, Any]:
    """The call still goes on."""
    del conversation
    return {"expiresSeconds": EXPIRES_SECONDS}


@router.post(f"{PATH}/conversation/{{conversation}}/disconnect")
async def disconnect(conversation: str, voice: Voice) -> dict[str, Any]:
    """The call has ended."""
    await voice.turn(VoiceTurn(PLATFORM, conversation, "end", "hangup"))
    return {}


def _conversation(body: dict[str, Any]) -> str:
    conversation = body.get("conversation")
    if not isinstance(conversation, str) or not conversation:
        raise Unusable("conversation is missing.")
    return conversation


def _turn(conversation: str, activity: Activity) -> VoiceTurn | None:
    """The activity as a turn; None for those that ask for no answer."""
    turn_id = str(activity.get("id") or "")
    if not turn_id:
        raise Unusable("An activity has no id.")
    name = activity.get("name")
    if activity.get("type") == "event":
        match name:
            case "start":
                return VoiceTurn(PLATFORM, conversation, turn_id, "start")
            case "DTMF":
                digits = str(activity.get("value") or "")
                return VoiceTurn(PLATFORM, conversation, turn_id, "input", digits=digits)
            case "noUserInput":
                return VoiceTurn(PLATFORM, conversation, turn_id, "silence")
        return None
    if activity.get("type") != "message":
        return None
    parameters = activity.get("parameters")
    details = parameters if isinstance(parameters, dict) else {}
    return VoiceTurn(
        PLATFORM,
        conversation,
        turn_id,
        "input",
        speech=str(activity.get("text") or ""),
        confidence=number(details.get("confidence")),
        alternatives=_alternatives(details),
    )


def _alternatives(details: dict[str, Any]) -> tuple[Heard, ...]:
    """The recogniser's further readings, where its raw output is passed on (Google's shape)."""
    output = details.get("recognitionOutput")
    readings = output.get("alternatives") if isinstance(output, dict) else None
    return tuple(
        Heard(str(each.get("transcript") or ""), number(each.get("confidence")))
        for each in (readings or ())[1:]
        if isinstance(each, dict)
    )


def told(reply: VoiceReply) -> list[Activity]:
    """The reply as activities; what follows a message waits until it has been said."""
    activities: list[Activity] = []
    if reply.say:
        message = _activity("message", text=reply.ssml or reply.say)
        if reply.listen:
            message["sessionParams"] = _session(reply, reply.listen)
        activities.append(message)
    if reply.action == "transfer" and reply.route:
        activities.append(_transfer(reply.route))
    elif reply.action == "hangup":
        activities.append(_activity("event", name="hangup"))
    return activities


def _session(reply: VoiceReply, listen: Listen) -> dict[str, Any]:
    session: dict[str, Any] = {
        "language": reply.language,
        "bargeIn": True,
        "bargeInOnDTMF": True,
        "userNoInputSendEvent": True,
        "userNoInputTimeoutMS": listen.silence_ms,
        "sendDTMF": True,
        "dtmfCollect": True,
        "dtmfCollectSubmitDigit": "#",
        "dtmfCollectInterDigitTimeoutMS": 4000,
    }
    if listen.digits:
        session["dtmfCollectMaxDigits"] = listen.digits
    if listen.hints:
        session["sttContextPhrases"] = list(listen.hints)
    return session


def _transfer(route: Route) -> Activity:
    headers = [{"name": HANDOFF_HEADER, "value": route.handoff_id}] if route.handoff_id else []
    return _activity(
        "event",
        name="transfer",
        activityParams={
            "transferTarget": route.target,
            "handoverReason": "transfer",
            "transferSipHeaders": headers,
        },
    )


def _activity(kind: str, **content: Any) -> Activity:
    # The platform's log orders activities by real time.
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": new_id(), "timestamp": at, "type": kind, **content}
