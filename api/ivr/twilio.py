"""Twilio Voice: form posts in, TwiML out. Signature by `X-Twilio-Signature`.

Our callback URL carries the turn's number, because Twilio names only the call: a retry of the same
turn gets the same reply.
"""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Dial, Enqueue, Gather, VoiceResponse

from api.errors import Forbidden, NotFound
from api.ivr.core import VoiceConversations
from api.ivr.platforms import number as confidence_of
from api.ivr.platforms import voice_of
from api.ivr.turns import Listen, Route, VoiceReply, VoiceTurn

PLATFORM = "twilio"
PATH = "/ivr/twilio"
_ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

router = APIRouter(tags=["ivr"])


async def signed_form(request: Request) -> FormData:
    """The form, if Twilio signed it. Raises NotFound (platform off), Forbidden."""
    settings = request.app.state.parts.settings
    if not settings.twilio_auth_token:
        raise NotFound("Twilio is off: set TWILIO_AUTH_TOKEN to turn it on.")
    form = await request.form()
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{settings.public_url}{PATH}{query}" if settings.public_url else str(request.url)
    values = {name: str(value) for name, value in form.items()}
    validator = RequestValidator(settings.twilio_auth_token)
    if not validator.validate(url, values, request.headers.get("X-Twilio-Signature", "")):
        raise Forbidden("The signature does not fit.")
    return form


@router.post(PATH)
async def twilio(
    request: Request,
    form: Annotated[FormData, Depends(signed_form)],
    voice: Annotated[VoiceConversations, Depends(voice_of)],
) -> Response:
    """One turn of a call."""
    call_id = str(form.get("CallSid", ""))
    number = request.query_params.get("turn")
    if number is None:
        # A call's first request, or an answer that was sent to the bare address.
        answered = bool(form.get("SpeechResult") or form.get("Digits"))
        number = await voice.following_turn(PLATFORM, call_id) if answered else "0"
    reply = await voice.turn(_turn(form, call_id, number))
    return Response(_twiml(reply, number), media_type="application/xml")


def _turn(form: FormData, call_id: str, number: str) -> VoiceTurn:
    speech, digits = str(form.get("SpeechResult", "")), str(form.get("Digits", ""))
    turn = VoiceTurn(
        platform=PLATFORM,
        call_id=call_id,
        turn_id=number,
        event="input" if speech or digits else "silence",
        speech=speech,
        digits=digits,
        confidence=confidence_of(form.get("Confidence")),
    )
    if str(form.get("CallStatus", "")) in _ENDED:
        return VoiceTurn(PLATFORM, call_id, f"end-{number}", "hangup")
    if number == "0":
        return VoiceTurn(PLATFORM, call_id, number, "start")
    return turn


def _twiml(reply: VoiceReply, number: str) -> str:
    response = VoiceResponse()
    match reply.action:
        case "listen":
            _gather(response, reply, int(number) + 1 if number.isdigit() else 1)
        case "wait":
            _say(response, reply)
            response.redirect(f"{PATH}?turn={number}", method="POST")
        case "transfer":
            _say(response, reply)
            if reply.route and reply.route.workflow:
                response.append(_enqueue(reply.route))
            elif reply.route:
                response.append(_dial(reply.route))
        case "hangup":
            if reply.say:
                _say(response, reply)
            response.hangup()
    return str(response)


def _gather(response: VoiceResponse, reply: VoiceReply, following: int) -> None:
    listen = reply.listen or Listen()
    settings = {
        "input": " ".join(listen.modes),
        "action": f"{PATH}?turn={following}",
        "method": "POST",
        "action_on_empty_result": True,
        "speech_timeout": "auto",
        "timeout": max(listen.silence_ms // 1000, 1),
        "finish_on_key": "#",
    }
    if listen.digits:
        settings["num_digits"] = listen.digits
    if listen.hints:
        settings["hints"] = ", ".join(listen.hints)
    gather = Gather(**settings)
    _say(gather, reply)
    response.append(gather)


def _say(parent: VoiceResponse | Gather, reply: VoiceReply) -> None:
    """Plain words; slow speech is a mark that Twilio's own voices take."""
    if '<prosody rate="slow">' in reply.ssml:
        parent.say(language=reply.language).prosody(reply.say, rate="slow")
    else:
        parent.say(reply.say, language=reply.language)


def _enqueue(route: Route) -> Enqueue:
    """Into the company's queue; the task carries the queue and the opaque hand-off id."""
    enqueue = Enqueue(workflow_sid=route.workflow)
    enqueue.task(
        json.dumps(
            {
                "queue": route.queue,
                "partner": route.partner,
                "skills": list(route.skills),
                "handoff_id": route.handoff_id,
            }
        ),
        priority=route.priority,
    )
    return enqueue


def _dial(route: Route) -> Dial:
    """By address: a queue without a workflow, or voicemail. The header is all that travels."""
    dial = Dial()
    query = f"?X-Handoff-Id={route.handoff_id}" if route.handoff_id else ""
    dial.sip(f"{route.target}{query}")
    return dial
