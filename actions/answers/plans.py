"""Which company and plan covers a member, by enrolment, on a day; and who would cover a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.plan_facts import (
    LINE_NAMES,
    Gathered,
    Whose,
    gather,
    heard,
    home,
    missing_companies,
    missing_companies_spoken,
    or_unreachable,
    product,
    sentences,
    today_of,
    whose,
)
from actions.answers.question import Desk, Question
from actions.answers.wording import day, joined, line_of
from alliance.answer import Answer, Source
from alliance.coverage import Coverage
from alliance.gazetteer import STATES, ZipCode
from alliance.order import order_of, overlapping, payer
from alliance.partners import Partner
from alliance.service_area import area_of, serving
from alliance.verified import VerifiedMember

_MOVE = re.compile(r"\b(?:mov(?:e|ed|ing)|relocat\w*|new address)\b", re.IGNORECASE)
_STUDENT = re.compile(
    r"\b(?:college|university|campus|students?|stud(?:y|ies|ying)|dorm|school)\b", re.IGNORECASE
)
_DENTAL = re.compile(
    r"\b(?:dental|dentists?|teeth|tooth|fillings?|crowns?|root canal|braces|orthodont\w+|"
    r"wisdom|denture\w*|oral surge\w+)\b",
    re.IGNORECASE,
)
_MEDICARE = re.compile(r"\bmedicare\b", re.IGNORECASE)
_NO_CHANGE = (
    "An address alone changes no enrollment: your employer's rules and an enrollment window "
    "decide, and dependents follow the subscriber. Please ask your employer."
)

# In one sentence: where something is asked next, no more than one is spoken.
_SPOKEN_NO_CHANGE = ", and a move alone changes no plan: ask your employer."


async def plan_for_place(question: Question, place: ZipCode, desk: Desk) -> Answer:
    """Who would cover an address: no identity, and no promise of an enrolment."""
    where, heard_as = f"{place.city}, {place.state} ({place.zip})", f"{place.city}, {place.state}"
    area = area_of(place.zip, desk.partners)
    partner = area.partner if area else None
    if partner is None:
        company = f"I can't tell which company would serve {where}."
        spoken = f"I can't tell which company would serve {heard_as}"
    elif partner.rest_of_country:
        company = f"{where} is served by {partner.name}'s national network."
        spoken = f"{heard_as} is served by {partner.spoken_name}'s national network"
    else:
        company = (
            f"{where} is in {place.county} County, which is on our working list for {partner.name}."
        )
        spoken = f"{heard_as} is on our working list for {partner.spoken_name}"
    return Answer(
        text=f"{company} {_NO_CHANGE}",
        speech=f"{spoken}{_SPOKEN_NO_CHANGE}",
        intent=question.intent,
        partner=partner.key if partner else None,
        facts={"zip": place.zip, "county": place.county, "partner": partner and partner.key},
    )


async def plan_for_state(question: Question, state: str, desk: Desk) -> Answer:
    """Who would cover an address in a state that one company serves the whole of."""
    partner, name = serving(state, desk.partners), STATES[state]
    if partner is None:
        text, speech = (f"I can't tell which company would serve {name}{end}" for end in (".", ""))
    elif partner.rest_of_country:
        text = f"{name} is served by {partner.name}'s national network."
        speech = f"{name} is served by {partner.spoken_name}'s national network"
    else:
        text = f"{name} is on our working list for {partner.name}."
        speech = f"{name} is on our working list for {partner.spoken_name}"
    return Answer(
        text=f"{text} {_NO_CHANGE}",
        speech=f"{speech}{_SPOKEN_NO_CHANGE}",
        intent=question.intent,
        partner=partner.key if partner else None,
        facts={"state": state, "partner": partner and partner.key},
    )


@or_unreachable
async def which_plan_covers_me(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The person's coverages in force on the day that was asked about, today by default."""
    # "My medical is with MVP, who has my dental?": another company than the one that is named.
    of_dental = _DENTAL.search(question.text) is not None
    gathered = await gather(
        member, replace(question, partner=None) if of_dental else question, desk
    )
    partner = home(member, question, desk)
    today = today_of(partner, desk)
    on = question.on or today
    who = whose(member)
    current = gathered.on(on)
    if of_dental:
        # "I got a filling": that plan first.
        current = sorted(current, key=lambda coverage: coverage.line != "dental")
    before = _earlier(gathered, current, on, desk) if question.asked == "before" else ""
    if before:
        text, speech = before, _earlier_spoken(gathered, current, on, desk)
    elif current:
        medicare = _of_medicare(question, current, desk)
        text = sentences(
            *(_told(each, who, desk) for each in current),
            medicare,
            *_orders(current, on, desk),
            _earlier(gathered, current, on, desk),
            _besides(question, current, who),
            _shown(current, "today" if on == today else day(on), desk),
        )
        speech = sentences(
            *(_said(each, who, desk) for each in current[:3]),
            medicare,
            _earlier_spoken(gathered, current, on, desk),
            "That is not a guarantee of payment.",
        )
    else:
        text = speech = _none(gathered, partner, on, who, desk)
    fetched = desk.now().isoformat()
    return Answer(
        text=sentences(text, missing_companies(gathered.failed, desk)),
        speech=sentences(heard(speech), missing_companies_spoken(gathered.failed, desk)),
        intent=question.intent,
        partner=current[0].partner if current else partner.key,
        level=1,
        facts={"on": on.isoformat(), "coverages": [_facts(coverage) for coverage in current]},
        cards=tuple(_card(coverage, desk) for coverage in current),
        sources=tuple(Source(c.partner, f"Coverage/{c.id}", fetched) for c in current),
    )


def _of_medicare(question: Question, current: Sequence[Coverage], desk: Desk) -> str:
    """Whether it is a Medicare plan, where that is asked: "do I have Medicare through you?"."""
    if not _MEDICARE.search(question.text):
        return ""
    is_one = any(product(each, desk).type == "Medicare Advantage" for each in current)
    return "It is a Medicare Advantage plan." if is_one else "It is no Medicare plan."


def _told(coverage: Coverage, who: Whose, desk: Desk) -> str:
    partner = desk.partners[coverage.partner]
    plan = f", {coverage.plan_name}" if coverage.plan_name else ""
    since = f" since {day(coverage.start)}" if coverage.start else ""
    until = f" until {day(coverage.end)}" if coverage.end else ""
    own = ""
    if product(coverage, desk).funding == "self_funded":
        own = f" It is the employer's own plan, run by {partner.short_name}."
    through = "" if coverage.relationship == "self" else " The plan is the subscriber's."
    return (
        f"{partner.name} {_covers(coverage, desk)} {who.subject} for "
        f"{LINE_NAMES[coverage.line]}{plan}{since}{until}."
        f"{own}{through}"
    )


def _said(coverage: Coverage, who: Whose, desk: Desk) -> str:
    partner = desk.partners[coverage.partner]
    since = f" since {day(coverage.start)}" if coverage.start else ""
    line = LINE_NAMES[coverage.line]
    return f"{partner.spoken_name} {_covers(coverage, desk)} {who.subject} for {line}{since}."


def _covers(coverage: Coverage, desk: Desk) -> str:
    """A coverage that is over "covered" them, whatever day was asked about."""
    today = today_of(desk.partners[coverage.partner], desk)
    return "covered" if coverage.end and coverage.end < today else "covers"


def _orders(current: Sequence[Coverage], on: date, desk: Desk) -> list[str]:
    """Two plans for the same care: the order that their files agree on, and never a guess."""
    told = []
    for one, other in overlapping(current, on):
        order = order_of(payer(one), payer(other))
        line = LINE_NAMES[one.line]
        if order.first and order.second:
            first, second = (desk.partners[key].name for key in (order.first, order.second))
            told.append(f"For {line} care {first} pays first and {second} second.")
        else:
            lines = joined([line_of(desk.partners[each.partner]) for each in (one, other)])
            why = (
                f"Both show that they pay first for {line}, so"
                if order.doubt == "both_say_first"
                else f"You have two plans for {line}, and"
            )
            told.append(
                f"{why} the order is undetermined: an update is needed. Please call {lines}."
            )
    return told


def _moved_from(
    gathered: Gathered, current: Sequence[Coverage], on: date
) -> list[tuple[Coverage, date]]:
    """Coverages of the same year at other companies that ended before the day."""
    now = {(each.partner, each.line) for each in current}
    return [
        (each, each.end)
        for each in gathered.coverages
        if each.status == "active"
        and each.end is not None
        and date(on.year, 1, 1) <= each.end < on
        and (each.partner, each.line) not in now
    ]


def _earlier(gathered: Gathered, current: Sequence[Coverage], on: date, desk: Desk) -> str:
    return " ".join(
        f"Until {day(end)} it was {desk.partners[each.partner].name}: claims for care up to that "
        "day stay there."
        for each, end in _moved_from(gathered, current, on)
    )


def _earlier_spoken(gathered: Gathered, current: Sequence[Coverage], on: date, desk: Desk) -> str:
    return " ".join(
        f"Until {day(end)} it was {desk.partners[each.partner].spoken_name}."
        for each, end in _moved_from(gathered, current, on)
    )


def _besides(question: Question, current: Sequence[Coverage], who: Whose) -> str:
    """What the words ask beside the plan: a move, a student away, dental that is elsewhere."""
    told = []
    if _STUDENT.search(question.text):
        told.append(
            "A school address changes no enrollment: a student stays on the subscriber's plan, and "
            "CIGNA's national network counts outside its area."
        )
    elif _MOVE.search(question.text):
        told.append(_NO_CHANGE)
    if _DENTAL.search(question.text) and not any(c.line == "dental" for c in current):
        told.append(
            f"I find no dental plan of the alliance for {who.subject}: it may be with another "
            "company, so look for a dental card or ask the benefits office."
        )
    return " ".join(told)


def _shown(current: Sequence[Coverage], when: str, desk: Desk) -> str:
    names = list(dict.fromkeys(desk.partners[c.partner].short_name for c in current))
    files = f"{joined(names)}'s file shows" if len(names) == 1 else f"{joined(names)} show"
    return f"This is what {files} for {when}; it is not a guarantee of payment."


def _none(gathered: Gathered, partner: Partner, on: date, who: Whose, desk: Desk) -> str:
    text = f"{partner.name} shows no alliance coverage for {who.subject} on {day(on)}."
    ended = [c for c in gathered.coverages if c.end and c.end < on]
    later = [c for c in gathered.coverages if c.status == "active" and c.start and c.start > on]
    if any(c.status == "draft" for c in gathered.coverages):
        text += " An enrollment is on file that is not complete."
    if later:
        first = min(later, key=lambda c: c.start or date.max)
        text += (
            f" A plan with {desk.partners[first.partner].name} begins on {day(first.start or on)}."
        )
    elif ended:
        last = max(ended, key=lambda c: c.end or date.min)
        text += f" The last one on file ended on {day(last.end or on)}."
    return f"{text} If that looks wrong, call {line_of(partner)}, or ask me for a person."


def _facts(coverage: Coverage) -> dict[str, Any]:
    return {
        "partner": coverage.partner,
        "line": coverage.line,
        "plan": coverage.plan_name,
        "group": coverage.group_name or coverage.group,
        "start": coverage.start.isoformat() if coverage.start else None,
        "end": coverage.end.isoformat() if coverage.end else None,
    }


def _card(coverage: Coverage, desk: Desk) -> dict[str, Any]:
    """The shape that the chat page draws (`kind: plan`): labels and values, in order."""
    found = product(coverage, desk)
    facts = (
        # Of dental and the like the title tells as much.
        ("Plan type", found.type if found.type.isupper() else None),
        ("Employer", coverage.group_name),
        ("Group", coverage.group),
        ("Network", coverage.network_name),
        ("From", day(coverage.start) if coverage.start else None),
        ("Until", day(coverage.end) if coverage.end else None),
        ("Funding", "The employer's own plan" if found.funding == "self_funded" else None),
        ("Primary care doctor", "Needed" if found.pcp_required else None),
        ("Referral to specialists", "Needed" if found.referral_required else None),
    )
    return {
        "kind": "plan",
        "title": f"Your {LINE_NAMES[coverage.line]} plan",
        "company": desk.partners[coverage.partner].name,
        **_facts(coverage),
        "status": "Active",
        "state": "active",
        "facts": [{"label": label, "value": value} for label, value in facts if value],
    }
