"""Dental and vision benefits: by line of business, which may be at another company."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from actions.answers.cost_shares import paid
from actions.answers.plan_facts import (
    Whose,
    benefits_of,
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
from actions.answers.wording import day, joined, line_of, money, spoken_money, with_article
from alliance.answer import Answer, Source
from alliance.benefits import Benefits, ServiceRule
from alliance.coverage import Coverage, LineOfBusiness
from alliance.gazetteer import term
from alliance.partners import Partner
from alliance.services import codes_of
from alliance.verified import VerifiedMember

_DENTAL = ("dental_cleaning", "filling", "crown", "root_canal", "braces")
_VISION = ("eye_exam", "glasses", "lasik")
# What the plan's file tells of, by itself.
IN_FILE = {"dental_benefits": _DENTAL, "vision_benefits": _VISION}
_SUMS = re.compile(
    r"\b(?:max\w*|limit|deductible|(?:the|my) most|used|left|cap|"
    r"how much (?:is|do i have|have i got) left|"
    r"how much (?:can|will|do|does) (?:they|you|it|the plan|we) (?:spend|pay|cover)\b.{0,30}"
    r"\b(?:year|annual\w*|total|all))\b",
    re.I,
)
_NO_PROMISE = "This is what the plan's file says; it is no promise of payment."


@or_unreachable
async def dental_benefits(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The dental plan's deductible, yearly maximum and shares, at whichever company it is."""
    return await _benefits(member, question, desk, "dental", _DENTAL)


@or_unreachable
async def vision_benefits(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """What the medical plan's file says of eye care; no vision plan of its own is on file here."""
    return await _benefits(member, question, desk, "medical", _VISION)


async def _benefits(
    member: VerifiedMember,
    question: Question,
    desk: Desk,
    line: LineOfBusiness,
    keys: tuple[str, ...],
) -> Answer:
    gathered = await gather(member, question, desk)
    partner = home(member, question, desk)
    on = today_of(partner, desk)
    current = gathered.on(on, line)
    who = whose(member)
    kind = "dental" if line == "dental" else "vision"
    if not current:
        asked = joined(list(dict.fromkeys(desk.partners[c.partner].name for c in gathered.on(on))))
        text = _none(kind, asked or partner.name, partner)
        return _answer(text, text, question, desk, partner, gathered.failed, [], kind)
    coverage = current[0]
    partner = desk.partners[coverage.partner]
    codes = [code for key in keys for code in codes_of(key)]
    found, failed = await benefits_of(member, [coverage], on, desk, codes)
    trouble = (*gathered.failed, *failed)
    benefits = found.get(coverage.id)
    rules = _rules(benefits, keys)
    if failed:
        return _answer("", "", question, desk, partner, trouble, [], kind)
    if benefits is None or (kind == "vision" and not rules):
        text = _none(kind, partner.name, partner)
        return _answer(text, text, question, desk, partner, trouble, [], kind)
    plan = capital(plan_of(coverage, desk, who))
    totals = _totals(benefits, who, spoken=False)
    through = (
        f"Claims processed through {day(benefits.processed_through)}."
        if totals and benefits.processed_through
        else ""
    )
    named = question.service.key if question.service else None
    # Of one kind of care alone, or of the amounts alone, where only that is asked.
    rules = [each for each in rules if each[0] == named] or rules
    only_sums = bool(totals) and kind == "dental" and _SUMS.search(question.text) and not named
    lines = [] if only_sums else [_line(key, rule, money) for key, rule in rules]
    text = sentences(
        f"{plan}.",
        totals if kind == "dental" else "",
        through if kind == "dental" else "",
        f"In network: {'; '.join(lines)}." if lines else "",
        "" if only_sums else _NO_PROMISE,
        "" if only_sums else f"For anything else call {line_of(partner)}.",
    )
    spoken = [] if only_sums else [_heard_line(key, rule) for key, rule in rules[:2]]
    of_one = len(rules) == 1 and rules[0][0] == named
    speech = sentences(
        f"Under {plan_of(coverage, desk, who, spoken=True)}," if spoken else "",
        f"{'; '.join(spoken)}." if spoken else "",
        # Of one kind of care alone nobody asks for the year's sums.
        _totals(benefits, who, spoken=True) if kind == "dental" and not of_one else "",
    )
    return _answer(text, heard(speech), question, desk, partner, trouble, [coverage], kind)


def _none(kind: str, company: str, partner: Partner) -> str:
    return (
        f"I find no {kind} benefits for you in what {company} gives me. Employers often buy {kind} "
        f"coverage from another company: look for a {kind} card or ask your benefits office. "
        f"{line_of(partner)} can check too."
    )


def _rules(benefits: Benefits | None, keys: tuple[str, ...]) -> list[tuple[str, ServiceRule]]:
    found = []
    for key in keys:
        rules = benefits.rules(codes_of(key)) if benefits else []
        if len(rules) == 1:
            found.append((key, rules[0]))
    # A list of nothing but exclusions is no vision benefit.
    return found if any(not rule.excluded for _, rule in found) else []


def _line(key: str, rule: ServiceRule, amount: Callable[[Decimal], str]) -> str:
    known = term("service", key)
    name = known.name if known else rule.text
    if rule.excluded:
        return f"{name}: not covered"
    if rule.allowance is not None:
        return f"{name}: up to {amount(rule.allowance)}"
    cost = f"you pay {paid(rule, amount)}" if rule.says_cost else "the share is not in the file"
    times = ""
    if rule.visits:
        times = " once a year" if rule.visits == 1 else f" up to {rule.visits} times a year"
    return f"{name}{times}: {cost}"


def _heard_line(key: str, rule: ServiceRule) -> str:
    """ "for an eye exam once a year you pay a copay of 25 dollars"."""
    known = term("service", key)
    name = with_article(known.name) if known else rule.text
    if rule.excluded:
        return f"{name} {'are' if name.endswith('s') else 'is'} not covered"
    if rule.allowance is not None:
        return f"for {name} the plan gives up to {spoken_money(rule.allowance)}"
    times = ""
    if rule.visits:
        times = " once a year" if rule.visits == 1 else f" up to {rule.visits} times a year"
    if not rule.says_cost:
        return f"for {name}{times} the file does not say your share"
    return f"for {name}{times} you pay {paid(rule, spoken_money)}"


def _totals(benefits: Benefits, who: Whose, *, spoken: bool) -> str:
    """A dependant's own totals are not told: withheld care would show in them."""
    if not who.own:
        return ""
    amount = spoken_money if spoken else money
    told = []
    deductible = benefits.accumulator("deductible", "individual", "in")
    if deductible and deductible.limit is not None and deductible.left is not None:
        whole = amount(deductible.limit)
        met = f"the deductible of {whole} is met"
        left = f"{amount(deductible.left)} of the {whole} deductible is left"
        told.append(left if deductible.left else met)
    most = benefits.accumulator("annual_maximum", "individual", "in")
    if most and most.limit is not None and most.left is not None:
        used = most.used or Decimal(0)
        told.append(
            f"the plan has paid {amount(used)} of its {amount(most.limit)} a year, so "
            f"{amount(most.left)} is left"
        )
    # Apart: heard in one breath, it is too long.
    return " ".join(capital(f"{each}.") for each in told)


def _answer(
    text: str,
    speech: str,
    question: Question,
    desk: Desk,
    partner: Partner,
    failed: tuple[str, ...],
    used: list[Coverage],
    kind: str,
) -> Answer:
    fetched = desk.now().isoformat()
    return Answer(
        text=sentences(text, missing_companies(failed, desk)),
        speech=sentences(speech, missing_companies_spoken(failed, desk)),
        intent=question.intent,
        partner=partner.key,
        level=1,
        facts={"kind": kind, "coverages": [each.id for each in used]},
        buttons=() if used else (PERSON,),
        sources=tuple(
            Source(each.partner, f"CoverageEligibilityResponse for Coverage/{each.id}", fetched)
            for each in used
        ),
    )
