"""A person is wanted in the chat and nobody is there now: the member hears when they open, and
chooses a call back or leaves the message; nothing is queued silently.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from redis.asyncio import Redis

from alliance.answer import BESIDE, Answer, Button
from alliance.clock import Clock
from alliance.hours import clock_words, next_opening, opening_words, zone_words
from alliance.partners import Partner, Partners
from alliance.routing import Destination
from alliance.verified import IDLE_LIMIT
from api.assistant import Reply
from api.conversations.pending import put_off_key

if TYPE_CHECKING:
    from api.conversations.service import Said

INTENT = "after_hours"
_CALL, _LEAVE = "call me back", "leave it for them"
_YES = r"(?:(?:yes|yeah|yep|sure|ok(?:ay)?|please|i'?d like|i want|just|sí|si|quiero)\W+)*"
_CALLS = re.compile(
    rf"\W*{_YES}(?:(?:a |una )?(?:(?:call|phone)(?: me)? ?back|call me(?! an?\b)|llamada|"
    r"(?:que )?me llamen|ll[aá]men?me)(?!.*\b(?:911|ambulance|help|ambulancia)\b).{0,40}|"
    r"call|1|yes|yeah|yep|sure|ok(?:ay)?|sí|si)\W*",
    re.IGNORECASE,
)
_LEAVES = re.compile(
    rf"\W*(?:no\W+)?{_YES}(?:i'?ll |i will |i can |i'?d rather |can i |could i |let me )?(?:"
    r"(?:leave|keep)(?: (?:it|that|this))?|wait|"
    r"(?:leave|keep|send|write|drop)(?: (?:them|you))? (?:an?|my|the|that|this) (?:message|note)|"
    r"(?:a |my |the )?(?:message|note)|"
    r"(?:in )?(?:the )?queue|dej[ae]r?(?:lo)?(?: (?:mi|el|un) mensaje)?|espero|2)"
    r"(?: (?:here|(?:for|with) (?:them|you|someone|somebody)|then|instead|please|aquí))*\W*",
    re.IGNORECASE,
)
_SECONDS = int(IDLE_LIMIT.total_seconds())
_SPANISH_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")


def leaves_message(text: str) -> bool:
    """Whether it only chooses to leave what was written before."""
    return _LEAVES.fullmatch(text) is not None


def tells_number(text: str) -> bool:
    """Whether it holds figures as of a telephone number."""
    return _FIGURES.search(text) is not None


class AfterHours:
    """Asks, and understands the choice."""

    def __init__(self, redis: Redis, partners: Partners, clock: Clock) -> None:
        self._redis = redis
        self._partners = partners
        self._clock = clock

    async def ask(
        self,
        conversation_id: str,
        reply: Reply,
        destination: Destination,
        detail: Mapping[str, Any],
        language: str,
    ) -> Reply:
        """The reply with the question in the hand-over's place. Raises redis.RedisError: then
        nothing was promised.
        """
        await self._redis.set(put_off_key(conversation_id), json.dumps(dict(detail)), ex=_SECONDS)
        partner = self._partners.get(detail.get("partner"))
        question = self._question(partner, destination, detail.get("language") or language)
        told = [beside for answer in reply.answers if (beside := _beside(answer))]
        return replace(reply, answers=(*told, question))

    def chosen(self, put_off: str | None, said: Said) -> tuple[Said, dict[str, Any] | None]:
        """What was said, with a wish for a call back put as such; and, when the message is to be
        left, the hand-over that was put off.
        """
        if not put_off:
            return said, None
        text = said.button.payload if said.button else said.text.strip()
        if _CALLS.fullmatch(text):
            # A number or a time that was said with it is not asked for again.
            more = len(text.split()) > _FEW_WORDS or tells_number(text)
            words = None if said.button or more else CALL_BACK
            return replace(said, button=words or (said.button and CALL_BACK)), None
        if leaves_message(text):
            return said, dict(json.loads(put_off))
        return said, None

    def left(self, detail: Mapping[str, Any], language: str) -> str:
        """What is said when the message is left."""
        partner = self._partners.get(detail.get("partner"))
        who = partner.name if partner else "the alliance"
        if language == "es":
            return (
                "De acuerdo, dejo su mensaje. Una persona contestará aquí cuando abran; puede "
                "cerrar esta página y volver."
            )
        return (
            f"All right, I leave it for {who}. A person answers here when they open; what you "
            "wrote stays."
        )

    def _question(self, partner: Partner | None, destination: Destination, language: str) -> Answer:
        hours = destination.queue.hours
        opens = next_opening(hours, self._clock.now()) if hours else None
        who = f"{partner.name} member services" if partner else "That team"
        line = f"{partner.phone.member_services} (TTY {partner.phone.tty})" if partner else ""
        if language == "es":
            when = ""
            if opens and hours:
                day, clock = _SPANISH_DAYS[opens.weekday()], clock_words(opens.time())
                when = f"; abren el {day} a las {clock}, {zone_words(hours.zone, 'es')}"
            name = partner.name if partner else "ese equipo"
            text = (
                f"Ahora nadie atiende en {name}{when}. ¿Quiere que le llamen, o dejo aquí su "
                f"mensaje para ellos?{f' El teléfono es {line}.' if line else ''} En una "
                "emergencia, llame al 911."
            )
            buttons = (Button("Quiero que me llamen", _CALL), Button("Dejar mi mensaje", _LEAVE))
        else:
            when = ""
            if opens and hours:
                when = f" and open {opening_words(opens, hours, self._clock.now())}"
            text = (
                f"{who} {'are' if partner else 'is'} closed now{when}. Shall they call you back, "
                "or shall I leave your message here for them?"
                f"{f' Their line is {line}.' if line else ''} In an emergency, call 911."
            )
            buttons = (Button("Call me back", _CALL), Button("Leave my message", _LEAVE))
        return Answer(text=text, speech=text, kind="question", intent=INTENT, buttons=buttons)


_FEW_WORDS = 5
_FIGURES = re.compile(r"\d{3}")
CALL_BACK = Button("Call me back", "/request_callback")


def _beside(answer: Answer) -> Answer | None:
    """What the answer tells besides that a person takes over, who doesn't now."""
    act = next((act for act in answer.acts if act.kind == "handoff"), None)
    if act is None:
        return answer
    beside = act.detail.get(BESIDE)
    return replace(answer, **beside, acts=()) if beside else None
