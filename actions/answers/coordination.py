"""A second plan: which pays first, with its reason, or "undetermined: an update is needed"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.answers.order_facts import Asked, read, read_of_two
from actions.answers.order_told import ASKS, DOUBTS, REASONS, beside_another, decides, told_of
from actions.answers.plan_facts import (
    LINE_NAMES,
    capital,
    gather,
    heard,
    home,
    missing_companies,
    missing_companies_spoken,
    no_plan,
    or_unreachable,
    plan_of,
    sentences,
    today_of,
)
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of
from alliance.answer import Answer, Source
from alliance.coverage import Coverage
from alliance.order import Order, order_of, overlapping
from alliance.verified import VerifiedMember

_MEDICARE = re.compile(r"\bmedicare\b", re.IGNORECASE)


@or_unreachable
async def coordination_of_benefits(
    member: VerifiedMember, question: Question, desk: Desk
) -> Answer:
    """The order of the person's plans for the same kind of care, as far as their files decide."""
    gathered = await gather(member, question, desk)
    partner = home(member, question, desk)
    on = today_of(partner, desk)
    current = gathered.on(on)
    trouble = missing_companies(gathered.failed, desk)
    heard_trouble = missing_companies_spoken(gathered.failed, desk)
    fetched = desk.now().isoformat()
    sources = tuple(Source(c.partner, f"Coverage/{c.id}", fetched) for c in current)
    if not current:
        nothing = no_plan(gathered, "medical", on, partner, desk)
        return Answer(
            text=sentences(nothing, trouble),
            speech=sentences(heard(nothing), heard_trouble),
            intent=question.intent,
            partner=partner.key,
            level=1,
            facts={"orders": []},
            buttons=(PERSON,),
        )
    pairs = overlapping(current, on)
    told = read_of_two if pairs else read
    facts_told = {**told(question.text, desk.partners), **question.order}
    asks: Asked | None = None
    if pairs:
        orders = [(one, other, order_of(*told_of(one, other, facts_told))) for one, other in pairs]
        asks = next(filter(None, (decides(*each, facts_told) for each in orders)), None)
        text = " ".join(_ordered(one, other, order, desk) for one, other, order in orders)
        speech = " ".join(_ordered_spoken(one, order, desk) for one, _, order in orders)
        facts = [
            {
                "line": one.line,
                "partners": [one.partner, other.partner],
                "first": order.first,
                "reason": order.reason or order.doubt,
            }
            for one, other, order in orders
        ]
    elif beside := beside_another(current, question.text, facts_told, desk):
        text, speech, asks = beside.text, beside.speech, beside.asks
        facts = [beside.facts]
    else:
        of_medicare = _MEDICARE.search(question.text) is not None
        text = _alone(current, desk)
        speech = _alone_spoken(current, desk, of_medicare=of_medicare)
        facts = []
    return Answer(
        text=sentences(text, _to_do(current, question, desk, asks=asks), trouble),
        speech=sentences(heard(speech), heard_trouble),
        intent=question.intent,
        partner=current[0].partner,
        level=1,
        facts={"orders": facts, ASKS: asks},
        buttons=(PERSON,),
        sources=sources,
    )


def _ordered(one: Coverage, other: Coverage, order: Order, desk: Desk) -> str:
    names = [desk.partners[each.partner].name for each in (one, other)]
    line = LINE_NAMES[one.line]
    if order.first and order.second and order.reason:
        first, second = (desk.partners[key].name for key in (order.first, order.second))
        return (
            f"For {line} care {first} pays first and {second} second, because "
            f"{REASONS[order.reason]}."
        )
    doubt = DOUBTS[order.doubt or "facts_missing"]
    return (
        f"You have {line} coverage at {joined(names)}. Which pays first is undetermined, because "
        f"{doubt}: an update is needed."
    )


def _ordered_spoken(one: Coverage, order: Order, desk: Desk) -> str:
    line = LINE_NAMES[one.line]
    if order.first and order.second:
        first, second = (desk.partners[key].spoken_name for key in (order.first, order.second))
        return f"For {line} care, {first} pays first and {second} second."
    return (
        f"You have two {line} plans, and which pays first is undetermined. Please tell both "
        "companies about both plans."
    )


def _alone(current: Sequence[Coverage], desk: Desk) -> str:
    """Nothing overlaps in the files that can be read: what each says of other plans."""
    told = []
    for coverage in current:
        partner = desk.partners[coverage.partner]
        plan = capital(plan_of(coverage, desk))
        if coverage.order is None:
            said = f"{plan}: {partner.short_name}'s file doesn't say whether another plan pays too."
        elif coverage.order == 1:
            said = f"{plan} pays first, says {partner.short_name}'s file."
        else:
            said = (
                f"{plan} pays after another plan, says {partner.short_name}'s file. The other plan "
                "I can't see here."
            )
        told.append(said)
    return " ".join(told)


def _alone_spoken(current: Sequence[Coverage], desk: Desk, *, of_medicare: bool) -> str:
    first = current[0]
    name = desk.partners[first.partner].spoken_name
    if first.order is None:
        return f"{name}'s file doesn't say whether another plan pays too."
    if first.order == 1:
        return f"{name}'s file has your plan paying first."
    if of_medicare:
        return f"{name}'s file has your plan paying second. If Medicare is the first, I can't see."
    return f"{name}'s file has your plan paying after another one, which I can't see here."


def _to_do(
    current: Sequence[Coverage], question: Question, desk: Desk, *, asks: Asked | None
) -> str:
    partners = list(dict.fromkeys(c.partner for c in current))
    lines = joined([line_of(desk.partners[key]) for key in partners], "and")
    what = (
        "Medicare and both plans" if _MEDICARE.search(question.text) else "every plan that you have"
    )
    told = (
        f"If that is not right, tell each company about {what}: call {lines}. Claims may wait "
        "until then."
    )
    return told if asks else f"{told} I can't decide the order myself."
