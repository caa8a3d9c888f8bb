"""Who is covered, and until when: adding and removing somebody, ending or keeping coverage.

The employer decides and reports; nothing is changed here and nothing is said to be done. The answer
tells how long the member has, who acts and what follows, and offers to pass the request on as a
case.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from actions.answers.cases import file
from actions.answers.plan_facts import (
    LINE_NAMES,
    gather,
    heard,
    home,
    missing_companies,
    missing_companies_spoken,
    no_plan,
    or_unreachable,
    product,
    sentences,
    today_of,
)
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.tables import life_events
from actions.answers.wording import day, joined, line_of
from alliance.answer import Answer, Button, Offer, Source
from alliance.coverage import Coverage
from alliance.life_events import LifeEvent
from alliance.partners import Partner
from alliance.spoken import normalise
from alliance.values import read_period
from alliance.verified import VerifiedMember

YES = Button("Yes, pass it on", "/affirm")
NO = Button("No, thanks", "/deny")
# A day so long ago is no event that somebody has a window for, but a slip in reading.
_LONGEST_AGO = timedelta(days=365)
_AGE = re.compile(r"\b(\d{1,3})[ -](day|week)s?[ -](?:old|ago)\b", re.IGNORECASE)
_BORN = re.compile(r"\bborn(?: on)?\b", re.IGNORECASE)
_WHAT = {
    "add_dependent": "I can't add anyone here, and nobody counts as added until the file shows it.",
    "remove_dependent": "I can't take anyone off here.",
    "end_coverage": "I can't end or extend anything here.",
}
_WHAT_SPOKEN = {
    "add_dependent": "I can't add anyone here.",
    "remove_dependent": "I can't take anyone off here.",
    "end_coverage": "I can't end or extend it here.",
}
# What the last day is of that one's own event decides.
OWN_DAYS = frozenset(_WHAT)
_MEDICARE = {
    "add_dependent": "A Medicare Advantage plan covers one person, so nobody can be added to it.",
    "remove_dependent": "A Medicare Advantage plan covers one person: there is nobody to take off.",
    "end_coverage": (
        "You can leave a Medicare Advantage plan from October 15 to December 7 each year, and at "
        "some other times. Ask a licensed agent, or Medicare at 1-800-633-4227, before you do."
    ),
}


@or_unreachable
async def membership_change(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """What holds for the member's own plan. Level 2. A yes to its offer opens the case."""
    gathered = await gather(member, question, desk)
    company = home(member, question, desk)
    today = today_of(company, desk)
    coverage = _meant(gathered.on(today), gathered.coverages, question)
    partner = desk.partners[coverage.partner] if coverage else company
    if question.agreed and partner.cases is not None:
        if desk.cases is None:
            return _for_the_agent(question, partner)
        return await file(member, question, desk, partner, "membership_change")
    event = life_events().find(question.intent, question.text)
    day_alone = question.asked == "deadline" and event.days is not None
    if coverage is None:
        text = speech = no_plan(gathered, "medical", today, company, desk)
    elif product(coverage, desk).type == "Medicare Advantage":
        text = f"{_MEDICARE[question.intent]} {_line(partner)}"
        speech = _MEDICARE[question.intent]
    elif day_alone:
        text = _day_alone(event, question, coverage, desk)
        speech = _heard_window(event, question, coverage, desk)
    else:
        text, speech = (
            _told(coverage, event, question, desk),
            _heard(event, question, coverage, desk),
        )
    others = [each for each in gathered.on(today) if coverage and each.partner != partner.key]
    offers = coverage is not None and partner.cases is not None and not day_alone
    asks = f"Shall I pass your request to {partner.name}, so that a person follows it up?"
    asks_spoken = f"Shall I pass your request to {partner.spoken_name}?"
    return Answer(
        text=sentences(
            text,
            _other_plans(others, desk),
            missing_companies(gathered.failed, desk),
            asks if offers else "",
        ),
        speech=sentences(
            heard(speech),
            missing_companies_spoken(gathered.failed, desk),
            asks_spoken if offers else "",
        ),
        kind="question" if offers else "answer",
        intent=question.intent,
        partner=partner.key,
        level=2,
        facts={
            "event": event.event,
            "days": event.days,
            "last_day": _iso(_last_day(event, question, coverage, desk)),
            "sources": list(event.sources),
        },
        buttons=(YES, NO, PERSON) if offers else (PERSON,),
        sources=(
            (Source(partner.key, f"Coverage/{coverage.id}", desk.now().isoformat()),)
            if coverage
            else ()
        ),
        offers=Offer(question.intent, "request") if offers else None,
    )


def _for_the_agent(question: Question, partner: Partner) -> Answer:
    """The member has said yes to an agent: nothing is filed in a suggestion, the agent does it."""
    text = f"I'll pass your request to {partner.name}, so that a person follows it up."
    return Answer(
        text=text, speech=text, kind="notice", intent=question.intent, partner=partner.key, level=2
    )


def _meant(
    current: list[Coverage], known: tuple[Coverage, ...], question: Question
) -> Coverage | None:
    """The plan in force, medical first; to keep coverage after a job, also one that has ended."""
    medical = [each for each in current if each.line == "medical"] or current
    if medical:
        return medical[0]
    ended = [each for each in known if each.status == "active" and each.end is not None]
    if question.intent == "end_coverage" and ended:
        return max(ended, key=lambda each: each.end or date.min)
    return None


def _told(coverage: Coverage, event: LifeEvent, question: Question, desk: Desk) -> str:
    partner = desk.partners[coverage.partner]
    return sentences(
        _on_file(coverage, partner, question, desk),
        _window(event, question, coverage, desk),
        _who(coverage, partner),
        event.acts,
        event.follows,
        _WHAT[question.intent],
        _line(partner),
    )


def _on_file(coverage: Coverage, partner: Partner, question: Question, desk: Desk) -> str:
    """What the file shows, where the question is about coverage ending."""
    if question.intent != "end_coverage":
        return ""
    plan = f"{partner.name}'s file shows your {LINE_NAMES[coverage.line]} plan"
    today = today_of(partner, desk)
    if coverage.end is None:
        return f"{plan} as active as of {day(today)}, with no end date."
    return f"{plan} {'ended' if coverage.end < today else 'ending'} on {day(coverage.end)}."


def _window(event: LifeEvent, question: Question, coverage: Coverage, desk: Desk) -> str:
    """How long the member has and by which rule; a day only where one was told or is on file."""
    if event.days is None:
        return ""
    told = (
        f"You usually have {event.days} days from {event.counted_from} to {event.to_do} "
        f"({event.source_words})."
    )
    start = _event_day(event, question, coverage, desk)
    last = _last_day(event, question, coverage, desk)
    if start is None or last is None:
        return told
    if last >= today_of(desk.partners[coverage.partner], desk):
        return f"{told} Counted from {day(start)}, that is until {day(last)}."
    # Never "too late": the rule is the least that a plan gives, and a notice may have come later.
    return (
        f"{told} Counted from {day(start)}, that was {day(last)}; ask all the same, as a plan may "
        "give longer and a notice may count from later."
    )


def _day_alone(event: LifeEvent, question: Question, coverage: Coverage, desk: Desk) -> str:
    """After all was told: until when, and from where that is counted."""
    start = _event_day(event, question, coverage, desk)
    last = _last_day(event, question, coverage, desk)
    if start is None or last is None or last < today_of(desk.partners[coverage.partner], desk):
        return _window(event, question, coverage, desk)
    return f"Until {day(last)}: that is {event.days} days, counted from {day(start)}."


def _heard(event: LifeEvent, question: Question, coverage: Coverage, desk: Desk) -> str:
    window = event.acts if event.days is None else _heard_window(event, question, coverage, desk)
    who = "Your employer" if coverage.relationship == "self" else "The subscriber's employer"
    return sentences(window, f"{who} sends the change.", _WHAT_SPOKEN[question.intent])


def _heard_window(event: LifeEvent, question: Question, coverage: Coverage, desk: Desk) -> str:
    last = _last_day(event, question, coverage, desk)
    if last and last >= today_of(desk.partners[coverage.partner], desk):
        return f"You usually have until {day(last)} to {event.to_do}."
    return f"You usually have {event.days} days to {event.to_do}."


def _event_day(event: LifeEvent, question: Question, coverage: Coverage, desk: Desk) -> date | None:
    """The day that the member tells ("born on November 8", "28 days old"), else, for the end of
    coverage, the end on file.
    """
    today = today_of(desk.partners[coverage.partner], desk)
    said = normalise(question.text).text
    if age := _AGE.search(said):
        return today - timedelta(days=int(age[1]) * (7 if age[2].lower() == "week" else 1))
    # A day beside "born" is elsewhere a person's birth date: here it is the event.
    period = read_period(_BORN.sub("on", question.text), today)
    if period and period.is_day and timedelta(0) <= today - period.start <= _LONGEST_AGO:
        return period.start
    return coverage.end if event.event == "end of a job" else None


def _last_day(
    event: LifeEvent, question: Question, coverage: Coverage | None, desk: Desk
) -> date | None:
    start = _event_day(event, question, coverage, desk) if coverage else None
    return event.last_day(start) if start else None


def _who(coverage: Coverage, partner: Partner) -> str:
    employer = f" ({coverage.group_name})" if coverage.group_name else ""
    if coverage.relationship == "self":
        return (
            f"Your employer's benefits office{employer} decides, and sends the change to "
            f"{partner.name}."
        )
    return (
        f"The plan is the subscriber's: they ask their employer's benefits office{employer}, which "
        f"sends the change to {partner.name}."
    )


def _other_plans(others: list[Coverage], desk: Desk) -> str:
    """A plan at another company is a matter of its own."""
    told = list(
        dict.fromkeys(
            f"your {LINE_NAMES[each.line]} plan with {desk.partners[each.partner].name}"
            for each in others
        )
    )
    return f"Ask about {joined(told)} too: it is a plan of its own." if told else ""


def _line(partner: Partner) -> str:
    return f"Questions? Call {line_of(partner)}."


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
