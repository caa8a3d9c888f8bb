"""Any other platform, by a JSON contract of our own (`/ivr/json`, API key): docs/ivr.md maps
Genesys Cloud data actions and NICE CXone onto it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from api.ivr.core import VoiceConversations
from api.ivr.platforms import bearer, check_token, turned_on, voice_of
from api.ivr.turns import Heard, VoiceReply, VoiceTurn

PLATFORM = "json"
PATH = "/ivr/json"


async def known(request: Request) -> None:
    """Raises NotFound (platform off), NotSignedIn."""
    keys = request.app.state.parts.settings.phone.api_keys
    turned_on(keys, "The JSON line", "IVR_API_TOKEN")
    check_token(bearer(request) or request.headers.get("X-API-Key", ""), keys)


router = APIRouter(tags=["ivr"], dependencies=[Depends(known)])


class Alternative(BaseModel):
    """One reading of the recogniser."""

    text: str = Field(max_length=4000)
    confidence: float | None = Field(default=None, ge=0, le=1)


class Input(BaseModel):
    """What came in: speech with its readings, or keys."""

    speech: str | None = Field(default=None, max_length=4000)
    confidence: float | None = Field(default=None, ge=0, le=1)
    alternatives: list[Alternative] = Field(default_factory=list, max_length=20)
    digits: str | None = Field(default=None, max_length=64, pattern=r"^[0-9*#]*$")


class Turn(BaseModel):
    """One turn. `turn_id` names it: a retry carries the same and gets the same reply. `from` is
    taken and not used: a number is no person.
    """

    model_config = ConfigDict(populate_by_name=True)

    call_id: str = Field(min_length=1, max_length=200)
    turn_id: str = Field(min_length=1, max_length=200)
    from_: str | None = Field(default=None, alias="from", max_length=200)
    event: Literal["start", "input", "silence", "hangup"]
    input: Input | None = None


class Listening(BaseModel):
    """What to listen for: `digits` keys end the input (0: until pound)."""

    modes: list[str]
    hints: list[str]
    digits: int
    silence_ms: int


class Routed(BaseModel):
    """Where the call goes; the hand-off id is all that the desk needs."""

    partner: str | None
    queue: str
    skills: list[str]
    priority: int
    reason: str
    handoff_id: str | None
    target: str


class Reply(BaseModel):
    """What to say and what to do then."""

    say: str
    ssml: str
    language: str
    listen: Listening | None
    action: Literal["listen", "transfer", "hangup"]
    route: Routed | None


@router.post(PATH)
async def turn(turn: Turn, voice: Annotated[VoiceConversations, Depends(voice_of)]) -> Reply:
    """One turn of a call."""
    return _told(await voice.turn(_turn(turn)))


def _turn(turn: Turn) -> VoiceTurn:
    given = turn.input or Input()
    readings = [Heard(each.text, each.confidence) for each in given.alternatives]
    if given.speech:
        same = next((each for each in readings if each.text == given.speech), None)
        confidence = given.confidence
        if confidence is None and same:
            confidence = same.confidence
        readings = [r for r in readings if r.text != given.speech]
        readings.insert(0, Heard(given.speech, confidence))
    first = readings[0] if readings else Heard("")
    return VoiceTurn(
        PLATFORM,
        turn.call_id,
        turn.turn_id,
        turn.event,
        speech=first.text,
        digits=given.digits or "",
        confidence=first.confidence,
        alternatives=tuple(readings[1:]),
    )


def _told(reply: VoiceReply) -> Reply:
    """ "One moment" is a turn that listens for a second: the platform comes back with silence."""
    route: dict[str, Any] | None = None
    if reply.route:
        route = {
            "partner": reply.route.partner,
            "queue": reply.route.queue,
            "skills": list(reply.route.skills),
            "priority": reply.route.priority,
            "reason": reply.route.reason,
            "handoff_id": reply.route.handoff_id,
            "target": reply.route.target,
        }
    listen = reply.listen if reply.action in ("listen", "wait") else None
    return Reply(
        say=reply.say,
        ssml=reply.ssml,
        language=reply.language,
        listen=Listening(
            modes=list(listen.modes),
            hints=list(listen.hints),
            digits=listen.digits,
            silence_ms=listen.silence_ms,
        )
        if listen
        else None,
        action="listen" if reply.action == "wait" else reply.action,
        route=Routed(**route) if route else None,
    )
