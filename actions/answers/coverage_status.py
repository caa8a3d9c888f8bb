"""Whether coverage is active: what each company's file says for a day, and nothing promised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from actions.answers.plan_facts import (
    LINE_NAMES,
    Gathered,
    Whose,
    at_all,
    capital,
    gather,
    heard,
    home,
    missing_companies,
    missing_companies_spoken,
    or_unreachable,
    plan_of,
    sentences,
    today_of,
    whose,
)
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import day, line_of
from alliance.answer import BESIDE, Act, Answer, Source
from alliance.claims import Claim
from alliance.coverage import Coverage, LineOfBusiness
from alliance.hours import is_open
from alliance.partners import Partner
from alliance.verified import VerifiedMember

# The part of a question (`Question.asked`) by which the dialogue marks that somebody stands at a
# counter and is being refused: a person now, whatever the file says. The words are for questions
# that come without the dialogue.
COUNTER = "counter"
_REFUSED = re.compile(
    r"\b(?:refus\w*|(?:turn(?:ed|ing)?|sent|sending) (?:me|us|him|her|them) (?:away|down|home)|"
    r"(?:got|was|were|been|getting) (?:turned|sent) (?:away|home|down)|reject\w*|inactive|"
    r"not active|isn'?t active|no coverage|termed|terminated|"
    r"(?:won'?t|wont|will not|wouldn'?t|can'?t|cannot) (?:\w+ )?(?:fill|refill|see|take|give|treat|"
    r"schedule|accept)|"
    r"(?:says?|said|saying|tells?|told|telling|shows?|showing|claims?|claiming|comes? (?:up|back))"
    r"\b.{0,40}\b(?:cancel\w*|ended|lapsed|expired|dropped|no insurance|not (?:covered|valid)|"
    r"don'?t have|doesn'?t have|dead|no good|invalid))\b",
    re.IGNORECASE,
)
_AT_A_COUNTER = re.compile(
    r"\b(?:pharmac\w+|drug ?store|walgreens|cvs|rite aid|chemist|counter|front desk|"
    r"receptionist|check(?:ing)? in|"
    r"(?:at|in) (?:the|my|a) (?:doctor|dentist|office|hospital|clinic|er|urgent care)\w*|"
    r"right now|inhaler|puffer|insulin|epi ?pen|prescription|script|meds?|medicines?|medications?|"
    r"pills|refill)\b",
    re.IGNORECASE,
)
_LINES: tuple[tuple[LineOfBusiness, str], ...] = (
    ("dental", r"dent(?:al|ist)|teeth|tooth"),
    ("behavioral", r"behavioral|mental|counsel\w*"),
    ("fsa", r"fsa|flex(?:ible)? spending"),
)
# A child so young is a newborn, whose enrolment usually has to be asked for within this time.
_NEWBORN_DAYS = 90
_NEWBORN_WINDOW_DAYS = 30
_MEANWHILE = (
    "Meanwhile ask the pharmacist or the office for a short emergency supply, or to hold your "
    "order."
)
_MEANWHILE_SPOKEN = "Meanwhile ask the pharmacist for a short emergency supply."
_URGENTLY_SPOKEN = "I'm connecting you now; I can't promise what they find."
_NO_GUARANTEE = "This is what the file shows; it is no guarantee of payment."


@dataclass(frozen=True)
class _State:
    """One sentence about one coverage (or none), and what it is in a word."""

    word: str
    text: str
    coverage: Coverage | None = None


async def coverage_status(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The status on the day that was asked about, today by default, in each company's file.

    Somebody refused at a counter goes to a person at once, marked urgent; nothing is promised.
    """
    return at_a_counter(await _status(member, question, desk), member, question, desk)


def at_a_counter(given: Answer, member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The answer, and a person now where somebody is being refused: also where the file could not
    be asked, or may not be told, because they stand there all the same.
    """
    if question.intent != "coverage_status" or given.acts or not _is_refused_now(question):
        return given
    partner = desk.partners[given.partner or member.person.home.partner]
    return replace(
        given,
        text=sentences(given.text, _urgently(partner, desk)),
        speech=sentences(given.speech, _URGENTLY_SPOKEN),
        acts=(_handed_over(partner, question, member, given),),
    )


@or_unreachable
async def _status(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    gathered = await gather(member, question, desk)
    who = whose(member)
    line = _line(question)
    on = question.on or today_of(home(member, question, desk), desk)
    current = gathered.on(on, line)
    states = [_active(each, on, who, desk) for each in current]
    if not states:
        states = [await _why_not(member, gathered, line, on, who, question, desk)]
    if line and states[0].word == "none":
        # An office of one line may mean the whole plan.
        whole = [_active(each, on, who, desk) for each in gathered.on(on, None)]
        whole = whole or [await _why_not(member, gathered, None, on, who, question, desk)]
        states += [state for state in whole if state.word != "none"]
    urgent = _is_refused_now(question)
    partner = desk.partners[current[0].partner] if current else _company_of(states[0], member, desk)
    told = " ".join(state.text for state in states)
    if question.asked == "since" and (days := [_days(s, desk) for s in states if s.coverage]):
        told = " ".join(days)
    trouble = missing_companies(gathered.failed, desk)
    also = "" if urgent or current else f"If that looks wrong, call {line_of(partner)}."
    fetched = desk.now().isoformat()
    return Answer(
        text=sentences(told, _NO_GUARANTEE, also, trouble),
        speech=sentences(
            heard(_spoken(states, on, who, desk)),
            "That is no guarantee of payment." if current else "",
            missing_companies_spoken(gathered.failed, desk),
        ),
        intent=question.intent,
        partner=partner.key,
        level=1,
        facts={
            "on": on.isoformat(),
            "states": [_facts(state) for state in states],
            "urgent": urgent,
        },
        buttons=() if current and not urgent else (PERSON,),
        sources=tuple(
            Source(state.coverage.partner, f"Coverage/{state.coverage.id}", fetched)
            for state in states
            if state.coverage
        ),
    )


def is_refused(text: str) -> bool:
    """Whether somebody is being refused at a counter as they ask."""
    return bool(_REFUSED.search(text) and _AT_A_COUNTER.search(text))


def is_at_counter(text: str) -> bool:
    """Whether the words name a counter, or what is handed over there."""
    return _AT_A_COUNTER.search(text) is not None


def _is_refused_now(question: Question) -> bool:
    return question.asked == COUNTER or is_refused(question.text)


def _line(question: Question) -> LineOfBusiness | None:
    said = question.text.lower()
    return next((line for line, words in _LINES if re.search(rf"\b(?:{words})\b", said)), None)


def _active(coverage: Coverage, on: date, who: Whose, desk: Desk) -> _State:
    partner = desk.partners[coverage.partner]
    plan = capital(plan_of(coverage, desk, who))
    today = today_of(partner, desk)
    name = partner.short_name
    if on == today:
        text = f"{plan} is active as of {day(on)} in {name}'s file."
    elif on < today:
        text = f"{plan} was active on {day(on)}, says {name}'s file today."
    else:
        text = f"{plan} has no end before {day(on)} in {name}'s file today; that can change."
    if coverage.start:
        begins = "began" if coverage.start <= today else "begins"
        text += f" It {begins} on {day(coverage.start)}."
    text += f" It ends on {day(coverage.end)}." if coverage.end else " No end date is on file."
    return _State("active", text, coverage)


async def _why_not(
    member: VerifiedMember,
    gathered: Gathered,
    line: LineOfBusiness | None,
    on: date,
    who: Whose,
    question: Question,
    desk: Desk,
) -> _State:
    """Why nothing is in force: not complete, not begun, ended, ended backwards, a gap, nothing."""
    own = [each for each in gathered.coverages if line in (None, each.line)]
    pending = [each for each in own if each.status == "draft"]
    if pending:
        return _pending(pending[0], who, desk)
    active = [each for each in own if each.status == "active"]
    earlier = [each for each in active if each.end and each.end < on]
    later = [each for each in active if each.start and each.start > on]
    last = max(earlier, key=lambda each: each.end or date.min, default=None)
    following = min(later, key=lambda each: each.start or date.max, default=None)
    when = day(on)
    if last and following:
        return _State(
            "gap",
            f"There is a gap: {_name(last, desk)}'s file shows that coverage ended on "
            f"{day(last.end or on)}, and {_name(following, desk)}'s that it begins again on "
            f"{day(following.start or on)}. On {when} none is active.",
            last,
        )
    if following:
        partner = desk.partners[following.partner]
        return _State(
            "future",
            f"{capital(plan_of(following, desk, who))} begins on {day(following.start or on)}, "
            f"says {partner.short_name}'s file. It is not active on {when}.",
            following,
        )
    if last:
        backwards = await _ended_backwards(member, last, desk)
        return _ended(last, on, who, backwards, desk)
    cancelled = next((each for each in own if each.status == "cancelled"), None)
    partner = desk.partners[cancelled.partner] if cancelled else home(member, question, desk)
    if partner.key in gathered.failed:
        # The company that would know did not answer; the one that did is named.
        partner = desk.partners[gathered.coverages[0].partner]
    if cancelled:
        text = f"{partner.name}'s file shows {who.possessive} coverage as cancelled."
        return _State("cancelled", text, cancelled)
    of_line = f"{LINE_NAMES[line]} " if line else ""
    return _State(
        "none",
        f"{partner.name}'s file shows no {of_line}coverage of the alliance for {who.subject} on "
        f"{when}.",
    )


def _days(state: _State, desk: Desk) -> str:
    """Only since when, and until when: the state was told."""
    coverage = state.coverage
    if coverage is None:
        return ""
    partner = desk.partners[coverage.partner]
    name, today = partner.short_name, today_of(partner, desk)
    # By today: the state may be that of another day, on which it has begun.
    begins = "began" if coverage.start and coverage.start <= today else "begins"
    since = f"{begins} on {day(coverage.start)}" if coverage.start else "has no first day on file"
    ends = "ended" if state.word == "ended" else "ends"
    until = f"{ends} on {day(coverage.end)}" if coverage.end else "has no end date on file"
    return f"In {name}'s file it {since}, and it {until}."


def _pending(coverage: Coverage, who: Whose, desk: Desk) -> _State:
    partner = desk.partners[coverage.partner]
    today = today_of(partner, desk)
    text = (
        f"The enrollment of {who.possessive} {LINE_NAMES[coverage.line]} coverage is not complete "
        f"in {partner.name}'s file, so I can't say that it is active."
    )
    born = coverage.start
    newborn = (
        coverage.relationship == "child"
        and born is not None
        and timedelta(0) <= today - born <= timedelta(days=_NEWBORN_DAYS)
    )
    if newborn and born is not None:
        text += (
            f" A newborn usually has to be added within {_NEWBORN_WINDOW_DAYS} days; the file has "
            f"{day(born)} as the first day. The subscriber asks the employer's benefits office, "
            "and it tells the company. I can't do it or say that it is done."
        )
    else:
        text += " The employer's benefits office can tell what is missing."
    return _State("pending", text, coverage)


def _ended(coverage: Coverage, on: date, who: Whose, backwards: Claim | None, desk: Desk) -> _State:
    partner = desk.partners[coverage.partner]
    name = partner.short_name
    text = (
        f"{capital(plan_of(coverage, desk, who))} ended on {day(coverage.end or on)} in {name}'s "
        f"file, so it is not active on {day(on)}."
    )
    if backwards is None:
        return _State("ended", text, coverage)
    served = f" for care on {day(backwards.service_start)}" if backwards.service_start else ""
    text += (
        f" It looks as if the end was set back later: {name} reversed a claim{served}, after that "
        "day. If you were still covered then, ask the employer's benefits office for the dates "
        f"that it sent to {name}."
    )
    return _State("ended_retroactively", text, coverage)


async def _ended_backwards(member: VerifiedMember, coverage: Coverage, desk: Desk) -> Claim | None:
    """A claim that was taken back for care after the end: the end came into the file later. A
    cancelled record beside the ended one would tell the same, without a day.
    """
    if coverage.end is None:
        return None
    today = today_of(desk.partners[coverage.partner], desk)
    start, end = coverage.end + timedelta(days=1), today
    if start > end:
        return None
    claims, _ = await at_all(
        member,
        lambda key: desk.records.claims(member, key, start=start, end=end),
        {coverage.partner},
    )
    taken_back = [
        claim
        for claim in claims
        if claim.kind == "claim" and claim.state == "reversed" and not claim.sensitive
    ]
    return taken_back[0] if taken_back else None


def _name(coverage: Coverage, desk: Desk) -> str:
    return desk.partners[coverage.partner].name


def _company_of(state: _State, member: VerifiedMember, desk: Desk) -> Partner:
    key = state.coverage.partner if state.coverage else member.person.home.partner
    return desk.partners[key]


def _urgently(partner: Partner, desk: Desk) -> str:
    """Who has gone home neither takes it nor answers the line."""
    there = is_open(partner.phone, desk.now())
    whom = f" at {partner.name}" if there else ""
    line = f" You can also call {line_of(partner)}." if there else ""
    return (
        f"I'm connecting you with a person{whom} now, marked urgent. I can't promise what they "
        f"find. {_MEANWHILE}{line} If anyone is in danger, call 911."
    )


def _handed_over(
    partner: Partner, question: Question, member: VerifiedMember, given: Answer
) -> Act:
    """With what is told of the file also when nobody answers at this hour."""
    return Act(
        "handoff",
        {
            "partner": partner.key,
            "reason": f"Refused at a counter: {question.text}".strip(),
            "priority": "urgent",
            "level": member.level,
            BESIDE: {
                "text": sentences(given.text, _MEANWHILE),
                "speech": sentences(given.speech, _MEANWHILE_SPOKEN),
            },
        },
    )


def _spoken(states: Sequence[_State], on: date, who: Whose, desk: Desk) -> str:
    """The first state in a sentence that is heard in a few seconds."""
    first = states[0]
    coverage = first.coverage
    if coverage is None:
        return first.text
    partner = desk.partners[coverage.partner]
    name = partner.spoken_name
    own = f"{who.possessive} {LINE_NAMES[coverage.line]} coverage"
    when = "today" if on == today_of(partner, desk) else f"on {day(on)}"
    match first.word:
        case "active":
            more = f", and {len(states) - 1} more" if len(states) > 1 else ""
            since = f", since {day(coverage.start)}" if coverage.start else ""
            return f"{name}'s file shows {own} as active {when}{since}{more}."
        case "future":
            return f"{name}'s file shows that {own} begins on {day(coverage.start or on)}."
        case "ended" | "ended_retroactively" | "gap":
            # Said before somebody is connected, with what is then said: it has to be short.
            then = "" if when == "today" else f" {when}"
            ended = day(coverage.end or on)
            return f"{name} shows {own} ended on {ended}, and is not active{then}."
        case "pending":
            return f"In {name}'s file the enrollment of {own} is not complete."
        case _:
            return f"{name}'s file shows {own} as cancelled."


def _facts(state: _State) -> dict[str, str | None]:
    coverage = state.coverage
    return {
        "state": state.word,
        "partner": coverage.partner if coverage else None,
        "line": coverage.line if coverage else None,
        "start": coverage.start.isoformat() if coverage and coverage.start else None,
        "end": coverage.end.isoformat() if coverage and coverage.end else None,
    }
