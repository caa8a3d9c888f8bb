"""A person, the companies' lines, and a way on for what has no answer here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time

from actions.answers.question import Desk, Question
from actions.answers.wording import joined, line_of
from alliance.answer import Act, Answer, Button
from alliance.hours import clock_words, is_open, next_opening, zone_words
from alliance.partners import Partner
from alliance.verified import VerifiedMember

_OPEN_NOW = re.compile(
    r"\b(?:open|closed|there|anyone|anybody)\b.{0,25}\b(?:now|today|tonight|yet|still)\b|"
    r"\b(?:still|already) (?:open|closed|there)\b|"
    r"(?<!when )(?<!time )(?<!hours )\bare (?:you|they|you guys) (?:open|closed)\b",
    re.IGNORECASE,
)
# "Is anybody there tomorrow?"
_HOURS = re.compile(
    r"\b(?:open|closed?|hours)\b|"
    r"\b(?:there|answer\w*|available|works?|working)\b.{0,20}\b(?:tomorrow|weekends?|nights?|"
    r"evenings?|mornings?|holidays?|\w+days?)\b",
    re.IGNORECASE,
)
_ANOTHER_DAY = re.compile(
    r"\b(?:tomorrow|weekends?|holidays?|christmas|thanksgiving|new years?|easter|labor day|"
    r"memorial day|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
PERSON = Button("Talk to a person", "/speak_to_agent")


def speak_to_agent(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """Hand over to the right company's queue, with what is known. The bridge does the handing."""
    # The dialogue has found the administrator (actions/dialogue/handing_over.py), or nobody knows.
    partner = desk.partners.get(question.partner)
    if partner and not (question.urgent and not is_open(partner.phone, desk.now())):
        text = f"I'm connecting you with {partner.name} member services."
        speech = f"I'm connecting you with {partner.spoken_name} member services. Please hold."
    else:
        text = "I'm connecting you with a member-service person."
        speech = f"{text} Please hold."
    detail = {
        "partner": partner.key if partner else None,
        "reason": question.reason or question.text,
        "level": member.level if member else 0,
        **({"priority": "urgent"} if question.urgent else {}),
    }
    return Answer(
        text=text,
        speech=speech,
        kind="notice",
        intent="speak_to_agent",
        partner=partner.key if partner else None,
        facts=detail,
        acts=(Act("handoff", detail),),
    )


def company(member: VerifiedMember | None, question: Question, desk: Desk) -> Partner | None:
    """The company that serves this person: proven, or else named by them."""
    if member and (question.partner is None or member.person.at(question.partner)):
        return desk.partners[question.partner or member.person.home.partner]
    return desk.partners.get(question.partner)


_WRITES = re.compile(r"\be-?mail|\bwrite\b|\bin writing\b|\bsecure message", re.IGNORECASE)
_NO_EMAIL = (
    "In writing, use the secure messages on your company's member website, or this chat: e-mail is "
    "not private."
)


def contact_info(question: Question, desk: Desk) -> Answer:
    """The member-service line of the company that was named, or of all that have one."""
    named = desk.partners.get(question.partner)
    partners = [named] if named else [p for p in desk.partners if p.backend]
    text = " ".join(
        f"{partner.name} member services: {partner.phone.member_services} "
        f"(TTY {partner.phone.tty}), {hours_of(partner)}."
        for partner in partners
    )
    # A caller has a telephone that works for them, and remembers little of three lines.
    speech = " ".join(
        f"{partner.spoken_name}: {partner.phone.member_services}"
        f"{f', {hours_of(partner, spoken=True)}' if named else ''}."
        for partner in partners
    )
    if (question.asked == "hours" or _HOURS.search(question.text)) and not named:
        # Who calls has a line already.
        speech = _hours_spoken(partners)
    if _OPEN_NOW.search(question.text) and not _ANOTHER_DAY.search(question.text):
        now = _open_now(partners, desk)
        text, speech = f"{now} {text}", f"{now} {speech}" if named else now
    if _WRITES.search(question.text):
        text, speech = f"{_NO_EMAIL} {text}", f"{_NO_EMAIL} {speech}"
    return Answer(
        text=text,
        speech=speech,
        intent=question.intent,
        partner=named.key if named else None,
        buttons=(PERSON,),
    )


def _hours_spoken(partners: Sequence[Partner]) -> str:
    """When their people answer, those with the same hours named together."""
    hours: dict[str, list[str]] = {}
    for partner in partners:
        hours.setdefault(hours_of(partner, spoken=True), []).append(partner.spoken_name)
    return " ".join(f"{joined(names)}: {when}." for when, names in hours.items())


def _open_now(partners: Sequence[Partner], desk: Desk) -> str:
    """Whether people answer just now, company by company, and when they do next."""
    return " ".join(_is_open(partner, desk) for partner in partners)


def _is_open(partner: Partner, desk: Desk) -> str:
    if is_open(partner.phone, desk.now()):
        return f"{partner.short_name} is open now."
    opens = next_opening(partner.phone, desk.now())
    if opens is None:
        return f"{partner.short_name} is closed now."
    at = f"{opens:%A} at {clock_words(opens.time())} {zone_words(partner.phone.zone)}"
    return f"{partner.short_name} is closed now and opens on {at}."


def way_on(question: Question, title: str, desk: Desk) -> Answer:
    """For a topic that has no answer of its own here: who answers it, and how to reach them."""
    named = desk.partners.get(question.partner)
    partners = [named] if named else [p for p in desk.partners if p.backend]
    lines = joined([line_of(partner) for partner in partners], "or")
    text = (
        f"I can't answer questions about {title} myself. A member-service person can: ask me to "
        f"connect you, or call {lines}."
    )
    return Answer(
        text=text,
        speech=text,
        kind="notice",
        intent=question.intent,
        partner=named.key if named else None,
        buttons=(PERSON,),
    )


def needs_more_proof(member: VerifiedMember, question: Question, title: str, desk: Desk) -> Answer:
    """For details that the verification does not open: a person can, after asking more."""
    partner = company(member, question, desk) or desk.partners[member.person.home.partner]

    def told(*, spoken: bool) -> str:
        return (
            f"For {title}, I need to be surer that it's you than I am now. A person can check and "
            f"tell you: ask me to connect you, or call {line_of(partner, spoken=spoken)}."
        )

    return Answer(
        text=told(spoken=False),
        speech=told(spoken=True),
        kind="notice",
        intent=question.intent,
        partner=partner.key,
        level=member.level,
        buttons=(PERSON,),
    )


def hours_of(partner: Partner, *, spoken: bool = False) -> str:
    """When the company's people answer, in words; those that are heard leave room for a question
    after them.
    """
    if partner.phone.around_the_clock:
        return "day and night"
    hours = (partner.phone.weekdays or "08:00-18:00").split("-")
    opens, closes = (clock_words(time.fromisoformat(each)) for each in hours)
    days = "weekdays" if spoken else "Monday to Friday"
    return f"{days}, {opens} to {closes} {zone_words(partner.phone.zone)}"
