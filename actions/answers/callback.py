"""A call back: the member's number and time, for the desk to keep track of."""

from __future__ import annotations

import re

from actions.answers.general import general
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, company, hours_of, way_on
from alliance.answer import Act, Answer, Button
from alliance.spoken import normalise
from alliance.verified import VerifiedMember

CALLBACK_NEEDS = frozenset({"phone", "time"})
_MOST_WINDOW_CHARACTERS = 80
_TIME_WORDS = re.compile(
    r"\b(?:today|tomorrow|tonight|mornings?|noon|afternoons?|evenings?|any ?time|"
    r"as soon as|asap|now|later|weekdays?|week|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|lunch|"
    r"a\.?m\.?|p\.?m\.?|o'?clock|"
    # As a recogniser writes it: "tomorrow at nine".
    r"(?:after|before|between|around|about|at|from) (?:one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve|noon)(?: (?:thirty|fifteen|forty five))?|"
    r"(?:after|before|between|around|at|from) \d{1,2}(?::\d\d)?"
    r"(?: ?[ap]\.?m\b\.?)?(?: ?(?:and|to|till|until|-) ?\d{1,2}(?: ?[ap]\.?m\b\.?)?)?|whenever|"
    r"hoy|mañana|tarde|noche|mediodía|cualquier|cuando|lunes|martes|miércoles|jueves|viernes|"
    r"sábado)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^\W*(?:(?:um|uh|well|please|maybe|how about|yes|ok(?:ay)?)\W+)*", re.I)


async def request_callback(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """Book it; the bridge stores it for the desk. Nothing is booked for an agent's suggestion."""
    partner = desk.partners.get(question.partner)
    if partner is None and (member is None or not member.person.others):
        # Of several companies the topic's calls back (actions/dialogue/handing_over.py), or none
        # is named: the home company may not be the one.
        partner = company(member, question, desk)
    if desk.cases is None or question.phone is None:
        return general(member, question, desk) or way_on(question, "a call back", desk)
    ending = question.phone[-2:]
    window = question.time or "any time"
    who = partner.name if partner else "a member-service person"
    spoken = partner.spoken_name if partner else "a member-service person"
    hours = f" They call {hours_of(partner)}." if partner else ""
    asked = f" You asked for: {window}."
    never = " We never call to ask for a code or a password."
    detail = {
        "partner": partner.key if partner else None,
        "phone": question.phone,
        "window": window,
        "reason": question.reason or question.text,
        **({"instead": True} if question.instead else {}),
    }
    lead = "In place of the call that you asked for first, " if question.instead else ""
    return Answer(
        text=f"{lead}I've asked {who} to call you at the number ending in {ending}.{asked}{hours}"
        f"{never}",
        speech=f"{lead}I've asked {spoken} to call the number ending in {' '.join(ending)}.{asked}"
        f"{hours}{never}",
        kind="notice",
        intent=question.intent,
        partner=partner.key if partner else None,
        facts={"window": window},
        buttons=(PERSON,),
        acts=(Act("callback", detail),),
    )


def read_phone(text: str) -> str | None:
    """The one ten-digit number (NANP) in a text, its figures only; a leading 1 is left out."""
    said = normalise(text).text
    found = {
        "".join(c for c in match.group() if c.isdigit())
        for match in re.finditer(r"(?<!\d)(?:\+?1[ .-]?)?\(?\d{3}\)?(?:[ .-]?\d){7}(?!\d)", said)
    }
    numbers = {number[-10:] for number in found}
    return numbers.pop() if len(numbers) == 1 else None


def read_time(text: str) -> str | None:
    """When it suits, in the member's words, if they say a time at all."""
    window = _LEAD.sub("", text.strip()).rstrip(" .!")
    if not window or len(window) > _MOST_WINDOW_CHARACTERS or not _TIME_WORDS.search(window):
        return None
    return window


def callback_value(need: str, text: str) -> str | None:
    """What the wish itself says: "call me back at 518-555-0102 tomorrow morning"."""
    if need == "phone":
        return read_phone(text)
    found = list(_TIME_WORDS.finditer(text))
    if not found:
        return None
    whole = text[found[0].start() : found[-1].end()]
    apart = len(whole) > _MOST_WINDOW_CHARACTERS or read_phone(whole)
    return " ".join(match.group() for match in found) if apart else whole


def ask_callback(need: str, lead: str, *, failed: bool) -> Answer:
    """The question for the number or the time."""
    if need == "phone":
        question = "Which number should they call?"
        example = "Ten digits, for example 518-555-0100."
        buttons: tuple[Button, ...] = ()
    else:
        question = "When does it suit you?"
        example = "For example tomorrow morning, or after 4 p.m."
        buttons = tuple(
            Button(title, title.lower())
            for title in ("As soon as possible", "Tomorrow morning", "Tomorrow afternoon")
        )
    text = " ".join(filter(None, (lead, question, example if failed or need == "time" else "")))
    return Answer(
        text=text,
        speech=text,
        kind="question",
        intent="request_callback",
        facts={"asking": f"need_{need}"},
        buttons=buttons,
    )
