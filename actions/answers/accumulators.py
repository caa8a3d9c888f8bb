"""Deductible and out-of-pocket limit: used and left, as each company counts for its own plan.

Totals of two companies are never added, and none is carried over: who moved inside a year hears
both, apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from actions.answers.plan_facts import (
    LINE_NAMES,
    Gathered,
    Whose,
    asked_lines,
    benefits_of,
    capital,
    gather,
    heard,
    home,
    missing_companies,
    missing_companies_spoken,
    missing_here,
    no_plan,
    or_unreachable,
    plan_of,
    sentences,
    today_of,
    whose,
)
from actions.answers.question import Desk, Question
from actions.answers.wording import day, days, joined, line_of, money, spoken_money
from alliance.answer import Answer, Source
from alliance.benefits import Accumulator, AccumulatorKind, Benefits, NetworkLevel, Unit
from alliance.coverage import Coverage, LineOfBusiness
from alliance.verified import VerifiedMember

_Amount = Callable[[Decimal], str]

_NAMES: dict[AccumulatorKind, str] = {
    "deductible": "deductible",
    "out_of_pocket": "out-of-pocket limit",
    "annual_maximum": "yearly maximum",
}
_WHOSE_TOTAL: dict[Unit | None, str] = {
    "individual": "your own",
    "family": "the family's",
    None: "the family's",
}
# "How much more till I reach it?", "what's left?": after the whole was told, of which no name is
# said again.
_HOW_FAR = re.compile(
    r"\b(?:left|remain\w*|more|to go|far|close|near|until|till|before|away|short|"
    r"missing)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:deduct\w*|out[- ]of[- ]pocket|oop|max\w*|limits?|family|used|met)\b", re.IGNORECASE
)
_FAMILY = re.compile(r"\b(?:family|all of us|together|everybody|everyone|we)\b", re.IGNORECASE)
# What is asked of the plan year: "when does it start over?".
_YEAR = ("since", "deadline", "sums-start-over", "limit-restart")
_BOTH = 2
# What is asked of the two sums of a plan: which is the member's own, and which is the family's.
OF_WHICH = "unit"
# What alone can be asked of a total that was told.
_PARTS = ("used", "limit", "as_of")
_APART = (
    "Each company counts its own plan: nothing is added up or carried over by itself. Ask "
    "your employer whether the new plan gives credit."
)


@dataclass(frozen=True)
class _Plan:
    """A coverage that touches the plan year, with what the company says of it."""

    coverage: Coverage
    benefits: Benefits | None


@or_unreachable
async def deductible_status(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The deductible of each plan that touches the plan year."""
    return await _status("deductible", member, question, desk)


@or_unreachable
async def out_of_pocket_status(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The out-of-pocket limit of each plan that touches the plan year."""
    return await _status("out_of_pocket", member, question, desk)


async def _status(
    kind: AccumulatorKind, member: VerifiedMember, question: Question, desk: Desk
) -> Answer:
    gathered = await gather(member, question, desk)
    lines = asked_lines(question)
    line = lines[0]
    partner = home(member, question, desk)
    today = today_of(partner, desk)
    on = min(question.on or today, today)
    named = question.partner if question.asked == "company" else None
    if question.partner and not gathered.on(on, line):
        # "Does what I paid to the old company count?": what counts now belongs to the answer.
        question = replace(question, partner=None)
        gathered = await gather(member, question, desk)
        partner = home(member, question, desk)
    who = whose(member)
    plans: list[_Plan] = []
    whole_year = any(
        each.start and each.start <= date(on.year, 1, 1) for each in gathered.on(on, line)
    )
    # Of a plan of the whole year nothing was left behind at another company.
    silent = missing_here(gathered, member) if whole_year else gathered.failed
    failed, none = list(silent), list[str]()
    for each in lines:
        found, unheard = await _plans(member, gathered, each, on, desk)
        plans, failed = [*plans, *found], [*failed, *unheard]
        if not (found or failed):
            # A company that tells its plans but not their totals just now is no missing plan.
            none.append(no_plan(gathered, each, on, partner, desk, who))
    # "No, the one at MVP": that one alone, where the plan year has one there.
    plans = [plan for plan in plans if plan.coverage.partner == named] or plans
    if not plans:
        text = " ".join(none)
        return Answer(
            text=sentences(text, missing_companies(failed, desk)),
            speech=sentences(heard(text), missing_companies_spoken(failed, desk)),
            intent=question.intent,
            partner=partner.key,
            level=1,
            facts={"on": on.isoformat(), "accumulators": []},
        )
    read = [_told(kind, plan, who, desk, spoken=False) for plan in plans]
    of_family = _FAMILY.search(question.text) is not None
    said = [_told(kind, plan, who, desk, spoken=True, family=of_family) for plan in plans]
    read, said = [*read, *none], [*said, *none]
    if not who.own:
        # Care that is withheld would show in it.
        part = f"How much of it is from {who.name} alone I don't tell."
        read, said = [*read, part], [*said, part]
    several = len({plan.coverage.partner for plan in plans}) > 1
    asks_left = _HOW_FAR.search(question.text) or question.asked == "share"
    if question.asked in _PARTS and len(plans) == 1:
        read = [
            _part(kind, plans[0], who, desk, question.asked, spoken=False) or read[0],
            *read[1:],
        ]
        said = [_part(kind, plans[0], who, desk, question.asked, spoken=True) or said[0], *said[1:]]
    elif asks_left and not _NAMED.search(question.text) and len(plans) == 1:
        read = [_left(kind, plans[0], who, desk, spoken=False) or read[0], *read[1:]]
        said = [_left(kind, plans[0], who, desk, spoken=True) or said[0], *said[1:]]
    elif question.asked == OF_WHICH and len(plans) == 1:
        read = [_of_which(kind, plans[0], who, money) or read[0], *read[1:]]
        said = [_of_which(kind, plans[0], who, spoken_money) or said[0], *said[1:]]
    elif question.asked in _YEAR and len(plans) == 1 and plans[0].benefits:
        # When it starts over, and nothing of what is used.
        company = desk.partners[plans[0].coverage.partner]
        read = [_ends(plans[0].benefits, company.name), *read[1:]]
        said = [_ends(plans[0].benefits, company.spoken_name), *said[1:]]
    fetched = desk.now().isoformat()
    return Answer(
        text=sentences(*read, _APART if several else "", missing_companies(failed, desk)),
        speech=sentences(
            *said,
            "Each company counts its own plan." if several else "",
            missing_companies_spoken(failed, desk),
        ),
        intent=question.intent,
        partner=plans[0].coverage.partner,
        level=1,
        facts={
            "on": on.isoformat(),
            "accumulators": [
                _facts(each, plan.benefits)
                for plan in plans
                if plan.benefits
                for each in plan.benefits.accumulators
                if each.kind == kind and (who.own or each.unit == "family")
            ],
        },
        sources=tuple(
            Source(
                plan.coverage.partner,
                f"CoverageEligibilityResponse for Coverage/{plan.coverage.id}",
                fetched,
            )
            for plan in plans
            if plan.benefits
        ),
    )


async def _plans(
    member: VerifiedMember, gathered: Gathered, line: LineOfBusiness, on: date, desk: Desk
) -> tuple[list[_Plan], list[str]]:
    """Those in force on the day first, then what ended earlier in the same calendar year: a
    total left behind at another company belongs to the answer.
    """
    current = gathered.on(on, line)
    first = date(on.year, 1, 1)
    elsewhere = {each.partner for each in current}
    before = [
        each
        for each in gathered.coverages
        if each.line == line
        and each.status == "active"
        and each.end is not None
        and first <= each.end < on
        and each.partner not in elsewhere
    ]
    plans: list[_Plan] = []
    failed: list[str] = []
    for coverages, asked_on in ((current, on), *(([each], each.end or on) for each in before)):
        if not coverages:
            continue
        found, unreached = await benefits_of(member, coverages, asked_on, desk)
        failed += unreached
        plans += [
            _Plan(each, found.get(each.id)) for each in coverages if each.partner not in unreached
        ]
    return plans, failed


def _told(
    kind: AccumulatorKind,
    plan: _Plan,
    who: Whose,
    desk: Desk,
    *,
    spoken: bool,
    family: bool = False,
) -> str:
    """The sums of a plan; heard, one alone: the person's own, or the `family`'s."""
    coverage, benefits = plan.coverage, plan.benefits
    partner = desk.partners[coverage.partner]
    name = partner.spoken_name if spoken else partner.name
    amount = spoken_money if spoken else money
    label = _NAMES[kind]
    inside = _of(benefits, kind, "in", who)
    if benefits is None or not inside:
        return (
            f"{name} gives me no {label} for {who.possessive} {LINE_NAMES[coverage.line]} plan. "
            f"{line_of(partner)} can tell you."
        )
    year = _year(benefits)
    over = coverage.end is not None and coverage.end <= benefits.on
    ended = f", which ended on {day(coverage.end)}" if over and coverage.end else ""
    heading = f"{capital(plan_of(coverage, desk, who, spoken=spoken))}{ended}"
    if spoken:
        # The fact first, in a sentence that is short enough to be said at one time.
        lead = f"{heading}. In" if ended else f"{heading}: in"
        parts = [
            f"{lead} network, {_total_spoken(label, inside[-1 if family else 0])}.",
            f"{capital(_year_spoken(benefits))}.",
        ]
    else:
        parts = [f"{heading}, plan year {year}. In network, {_totals(label, inside, amount)}"]
        # One line for care outside: the person's own total, or else the family's.
        outside = _of(benefits, kind, "out", who)[:1]
        if outside:
            parts.append(f"Out of network, {_totals(label, outside, amount)}")
    through = benefits.processed_through
    parts.append(
        f"Claims processed through {day(through)}."
        if through
        else f"{name} doesn't say through which day claims are counted."
    )
    return " ".join(parts)


def _left(kind: AccumulatorKind, plan: _Plan, who: Whose, desk: Desk, *, spoken: bool) -> str:
    """What is left in network, and nothing else; empty where the file does not tell it."""
    partner = desk.partners[plan.coverage.partner]
    amount = spoken_money if spoken else money
    left = [
        f"{amount(each.left)} is left of {_WHOSE_TOTAL[each.unit]} {_NAMES[kind]}"
        for each in _of(plan.benefits, kind, "in", who)
        if each.limit and each.left is not None
    ]
    if not left or plan.benefits is None:
        return ""
    through = plan.benefits.processed_through
    counted = f" Claims processed through {day(through)}." if through and not spoken else ""
    name = partner.spoken_name if spoken else partner.name
    return f"In network at {name}, {joined(left, 'and')}.{counted}"


def _of_which(kind: AccumulatorKind, plan: _Plan, who: Whose, amount: _Amount) -> str:
    """Which sum is the person's own and which the family's; empty where the file has but one."""
    inside = _of(plan.benefits, kind, "in", who)
    limits = [each.limit for each in inside if each.limit]
    if len(limits) < _BOTH:
        return ""
    return (
        f"The {_NAMES[kind]} of {amount(limits[0])} in network is for you alone. For everybody on "
        f"the plan together it is {amount(limits[1])}."
    )


def _part(
    kind: AccumulatorKind, plan: _Plan, who: Whose, desk: Desk, asked: str | None, *, spoken: bool
) -> str:
    """What alone is asked of the total that was told: what is used of it, how much it is in all,
    as of which day it is. Empty where the file does not tell it.
    """
    partner = desk.partners[plan.coverage.partner]
    name = partner.spoken_name if spoken else partner.name
    amount = spoken_money if spoken else money
    totals = [each for each in _of(plan.benefits, kind, "in", who) if each.limit]
    if not totals or plan.benefits is None:
        return ""
    label, through = _NAMES[kind], plan.benefits.processed_through
    match asked:
        case "used" if all(each.used is not None for each in totals):
            used = joined(
                [
                    f"{amount(each.used or Decimal(0))} of {_WHOSE_TOTAL[each.unit]}"
                    for each in totals
                ]
            )
            return f"In network at {name}, {used} {label} is used so far."
        case "limit":
            whole = joined(
                [f"{_WHOSE_TOTAL[t.unit]} is {amount(t.limit or Decimal(0))}" for t in totals]
            )
            return f"The whole {label} in network at {name}: {whole}."
        case "as_of" if through:
            return f"It is as of {name}'s claims processed through {day(through)}."
        case _:
            return ""


def _ends(benefits: Benefits, name: str) -> str:
    """When the plan year ends, and so what counts starts over."""
    if benefits.year_end is None:
        return f"{name} doesn't tell me when your plan year ends."
    first = benefits.year_end + timedelta(days=1)
    return (
        f"Your plan year at {name} ends on {day(benefits.year_end)}. On {day(first)} it starts "
        "again from zero. Nothing is carried over unless the plan says so."
    )


def _of(
    benefits: Benefits | None, kind: AccumulatorKind, network: NetworkLevel, who: Whose
) -> list[Accumulator]:
    """The person's total, then the family's. A dependant's own total is not told: care that is
    withheld would show in it.
    """
    if benefits is None:
        return []
    units: tuple[Unit, ...] = ("individual", "family") if who.own else ("family",)
    found = (benefits.accumulator(kind, unit, network) for unit in units)
    return [each for each in found if each is not None]


def _totals(label: str, totals: Sequence[Accumulator], amount: _Amount) -> str:
    return "; ".join(_total(label, each, amount) for each in totals) + "."


def _total(label: str, total: Accumulator, amount: _Amount) -> str:
    whose_total = _WHOSE_TOTAL[total.unit]
    if total.limit is None:
        used = f", with {amount(total.used)} used" if total.used is not None else ""
        return f"{whose_total} {label} is not in the file{used}"
    if total.limit == 0 and total.kind == "deductible":
        return f"{whose_total} {label} is {amount(total.limit)}: there is none to meet"
    if total.used is None or total.left is None:
        return f"{whose_total} {label} is {amount(total.limit)}; what is used is not in the file"
    return (
        f"{whose_total} {label} is {amount(total.limit)}: {amount(total.used)} used, "
        f"{amount(total.left)} left"
    )


def _total_spoken(label: str, total: Accumulator) -> str:
    if not total.limit or total.used is None or total.left is None:
        return _total(label, total, spoken_money)
    whose_total = _WHOSE_TOTAL[total.unit]
    return (
        f"{whose_total} {label} is {spoken_money(total.limit)}, {spoken_money(total.left)} left. "
        f"{spoken_money(total.used)} used"
    )


def _year(benefits: Benefits) -> str:
    if benefits.year_start and benefits.year_end:
        return days(benefits.year_start, benefits.year_end)
    return "not in the file"


def _year_spoken(benefits: Benefits) -> str:
    """The plan year in a few words: a calendar year by its number."""
    start, end = benefits.year_start, benefits.year_end
    if start and end and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"plan year {start.year}"
    return f"plan year from {_year(benefits)}" if start and end else "plan year not in the file"


def _facts(total: Accumulator, benefits: Benefits) -> dict[str, str | None]:
    def figure(amount: Decimal | None) -> str | None:
        return None if amount is None else f"{amount:.2f}"

    return {
        "partner": total.partner,
        "kind": total.kind,
        "unit": total.unit,
        "network": total.network,
        "limit": figure(total.limit),
        "used": figure(total.used),
        "left": figure(total.left),
        "year_start": benefits.year_start.isoformat() if benefits.year_start else None,
        "year_end": benefits.year_end.isoformat() if benefits.year_end else None,
        "processed_through": (
            benefits.processed_through.isoformat() if benefits.processed_through else None
        ),
    }
