"""The order of two plans by what the member tells of them, where no file holds what decides it: the
one fact that is missing is asked for, and the rules of `alliance.order` are applied to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from actions.answers.order_facts import Asked, Facts
from actions.answers.question import Desk
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of
from alliance.answer import Answer
from alliance.coverage import Coverage
from alliance.order import (
    AGE_EMPLOYEES,
    DISABILITY_EMPLOYEES,
    Doubt,
    Employment,
    Order,
    OrderReason,
    Payer,
    order_of,
    payer,
)
from alliance.partners import Partner, Partners
from alliance.products import product_of
from alliance.verified import VerifiedMember

INTENT = "coordination_of_benefits"
# Of an answer: the fact that it lacks.
ASKS = "order_asks"
REASONS: dict[OrderReason, str] = {
    "companies_agree": "both companies' files say so",
    "subscriber_before_dependant": (
        "your own plan comes before one that covers you as a dependent"
    ),
    "court_order": "a court order names it",
    "birthday_rule": "that parent's birthday comes first in the year",
    "active_before_retired": "the plan of a current job comes before one of a job that has ended",
    "active_before_cobra": "the plan of a current job comes before COBRA",
    "medicare_second_working": "somebody still works for that employer, and it is large enough",
    "medicare_first_small_employer": "the employer is small",
    "medicare_first_not_working": "nobody works for that employer now",
    "medicare_second_kidney_disease": "it is within 30 months of kidney disease Medicare",
    "medicare_first_after_kidney_disease_months": "the 30 months for kidney disease have passed",
}
DOUBTS: dict[Doubt, str] = {
    "both_say_first": "both companies' files say that they pay first",
    "both_say_second": "both companies' files say that another plan pays first",
    "facts_missing": "their files don't hold what decides it",
    "same_birthday": "both parents have the same birthday",
    "court_order_unclear": "the court order on file names both plans",
}
_QUESTIONS: dict[Asked, tuple[str, str]] = {
    "work": (
        "One thing decides beside Medicare: does whoever has the job behind your plan still work "
        "there, and has the employer 20 employees or more (100 or more if Medicare is for a "
        "disability)?",
        "Does whoever has that job still work there, and are there 20 employees or more?",
    ),
    "size": (
        "Has that employer 20 employees or more (100 or more if Medicare is for a disability)?",
        "Are there 20 employees or more?",
    ),
    "months": (
        "Is it more than 30 months since you could first have Medicare for kidney disease?",
        "Is it more than 30 months since you could first have Medicare for kidney disease?",
    ),
    "job": (
        "Is one of the two from a job that has ended, as a retiree plan or COBRA? Which one?",
        "Is one of the two from a job that has ended? Which one?",
    ),
    "plan": (
        "Which of the two is through the parent whose birthday comes first in the year, or named "
        "by a court order?",
        "Which of the two is through the parent whose birthday comes first in the year?",
    ),
    "birthday": (
        "Whose birthday comes first in the year, yours or the other parent's?",
        "Whose birthday comes first in the year, yours or the other parent's?",
    ),
}
# An answer of no to "does somebody work there, and are there enough?".
_EITHER_WAY = "nobody works for that employer now, or it is small"
_MEDICARE = re.compile(r"\bmedicare\b", re.IGNORECASE)
_OF_SPOUSES = re.compile(r"\b(?:wife|husband|spouse|partner)\b", re.IGNORECASE)
_OWN_JOB = re.compile(r"\bmy (?:own )?(?:job|work|employer|company)\b", re.IGNORECASE)
_FIRST, _LAST = (1, 1), (12, 31)


def unknown(member: VerifiedMember | None, partners: Partners) -> Answer:
    """Whoever can't tell it either: who knows, and who settles it."""
    ours = [partners[member.person.home.partner]] if member else [p for p in partners if p.backend]
    lines = joined([line_of(each) for each in ours], "or")
    text = (
        "No problem. The employer's benefits office knows it for a job's plan, and the company "
        f"settles the order with the other plan: call {lines}, or ask me for a person."
    )
    speech = (
        "No problem. The employer's benefits office knows it, and the company settles the order. "
        "Say person, and I connect you."
    )
    return Answer(text=text, speech=speech, kind="notice", intent=INTENT, buttons=(PERSON,))


def ask(asked: Asked) -> Answer:
    """The one fact that is missing."""
    text, speech = _QUESTIONS[asked]
    return Answer(text=text, speech=speech, kind="question", intent=INTENT)


def told_of(one: Coverage, other: Coverage, facts: Mapping[str, Any]) -> tuple[Payer, Payer]:
    """Two plans at companies here, by their files and by what the member tells of them."""

    def told(coverage: Coverage) -> Payer:
        known = payer(coverage)
        if ended := facts.get("ended"):
            gone: Employment = facts.get("employment") or "retired"
            known = replace(known, employment=gone if ended == known.key else "active")
        if earlier := facts.get("earlier"):
            known = replace(known, birthday=_FIRST if earlier == known.key else _LAST)
        if facts.get("court") == known.key:
            known = replace(known, court_ordered=True)
        return known

    return told(one), told(other)


def decides(one: Coverage, other: Coverage, order: Order, facts: Mapping[str, Any]) -> Asked | None:
    """What would decide the order of two plans here, where that can be asked and was not told."""
    if order.determined or facts.keys() & {"ended", "earlier", "court"}:
        return None
    of = {one.relationship, other.relationship}
    return "job" if of == {"self"} else "plan" if of == {"child"} else None


@dataclass(frozen=True)
class Beside:
    """The member's plan beside one that no company here has: Medicare, or a spouse's."""

    text: str
    speech: str
    asks: Asked | None
    facts: Facts


def beside_another(
    current: Sequence[Coverage], text: str, facts: Mapping[str, Any], desk: Desk
) -> Beside | None:
    """What the rules say of a plan that is told of beside the member's own; None where they tell
    nothing more than the file does, and nothing can be asked.
    """
    own = next((each for each in current if each.line == "medical"), current[0])
    partner = desk.partners[own.partner]
    product = product_of(own, partner.products)
    if product.type != "Medicare Advantage" and (_MEDICARE.search(text) or "medicare" in facts):
        return _beside_medicare(own, partner, facts)
    if _OF_SPOUSES.search(text) and own.relationship in ("self", "spouse"):
        return _beside_spouse(own, partner, text)
    return None


def _beside_medicare(own: Coverage, partner: Partner, facts: Mapping[str, Any]) -> Beside | None:
    reason = facts.get("medicare")
    works, employees = facts.get("works"), facts.get("employees")
    employment: Employment | None = facts.get("employment")
    if employment is None and (works is not None or employees):
        employment = "active"
    if employees is None and works is not None:
        employees = DISABILITY_EMPLOYEES if works else 1
    mine = replace(payer(own), employment=employment, employers_size=employees)
    medicare = Payer(
        "medicare",
        is_medicare=True,
        # By age, unless they tell otherwise: the numbers for a disability are told beside.
        medicare=reason or "age",
        medicare_months=facts.get("months"),
    )
    order = order_of(mine, medicare)
    if order.first is None or order.reason is None:
        if (own.order or 1) > 1:
            return None
        half: Asked = "size" if employment else "work"
        return _open(own, partner, "months" if reason == "kidney_disease" else half)
    why = _EITHER_WAY if works is False and not facts.get("employment") else REASONS[order.reason]
    told = _told(own, partner, "Medicare", order, why)
    if reason is None and employees and AGE_EMPLOYEES <= employees < DISABILITY_EMPLOYEES:
        between = "If Medicare is for a disability, it is the other way round below 100 employees."
        told = replace(told, text=f"{told.text} {between}", speech=f"{told.speech} {between}")
    return told


def _beside_spouse(own: Coverage, partner: Partner, text: str) -> Beside | None:
    through = own.relationship == "spouse"
    if through and not _OWN_JOB.search(text):
        return None
    other = Payer("other", relationship="self" if through else "spouse")
    order = order_of(replace(payer(own), said=None), other)
    name = "the plan of your own job" if through else "your spouse's plan"
    if order.reason is None:
        return None
    return _told(own, partner, name, order, REASONS[order.reason])


def _told(own: Coverage, partner: Partner, other: str, order: Order, why: str) -> Beside:
    """The order by a rule, and whether the company's file has it so."""
    is_first = order.first == own.partner

    def said(mine: str) -> str:
        first, second = (mine, other) if is_first else (other, mine)
        return f"{first[:1].upper()}{first[1:]} pays first for you and {second} second"

    if own.order is None:
        filed = f"{partner.short_name}'s file doesn't say it yet."
    elif (own.order == 1) is is_first:
        filed = f"{partner.short_name}'s file has it so too."
    else:
        has = "first" if own.order == 1 else "after another plan"
        filed = f"{partner.short_name}'s file has it paying {has}: an update is needed."
    return Beside(
        f"By what you tell me, {said(f'your {partner.name} plan')}, because {why}. {filed}",
        f"{said(f'your {partner.spoken_name} plan')}, because {why}.",
        None,
        {"partners": [own.partner], "first": order.first, "reason": order.reason},
    )


def _open(own: Coverage, partner: Partner, asks: Asked) -> Beside:
    """Beside Medicare the file alone decides nothing."""
    filed = (
        f"{partner.name}'s file has your plan paying first"
        if own.order == 1
        else f"{partner.name}'s file doesn't say whether another plan pays too"
    )
    spoken = filed.replace(partner.name, partner.spoken_name, 1)
    what = "how many work there" if asks == "size" else "the job that it comes from"
    decides = f"Beside Medicare, {what} decides."
    return Beside(
        f"{filed}. {decides}",
        f"{spoken}. {decides}",
        asks,
        {"partners": [own.partner], "first": None, "reason": "facts_missing"},
    )


def of_a_child(facts: Mapping[str, Any], partners: Partners) -> Answer:
    """Which parent's plan pays first for a child, by what is told of the parents: the rule is the
    same for whoever asks.
    """
    earlier, court = facts.get("earlier"), facts.get("court")

    def parent(key: str) -> Payer:
        birthday = _FIRST if earlier in (key, "same") else _LAST if earlier else None
        return Payer(key, relationship="child", birthday=birthday, court_ordered=court == key)

    order = order_of(parent("mine"), parent("theirs"))
    lines = joined([line_of(each) for each in partners if each.backend], "or")
    if order.reason is None:
        doubt = DOUBTS[order.doubt or "facts_missing"]
        said = f"Then which pays first for your child is undetermined, because {doubt}"
        text, speech = f"{said}: both companies settle it. Call {lines}.", f"{said}. Ask them both."
    else:
        names = {"mine": "your plan", "theirs": "the other parent's plan"}
        first, second = names[order.first or ""], names[order.second or ""]
        why = REASONS[order.reason].replace("that parent's", _whose(order))
        said = f"Then {first} pays first for your child and {second} second, because {why}."
        unless = "" if court else " A court order about the child's insurance would go before that."
        text = f"{said}{unless} Tell both companies about both plans: {lines}."
        speech = f"{said}{unless}"
    return Answer(
        text=text,
        speech=speech,
        intent=INTENT,
        facts={"orders": [{"first": order.first, "reason": order.reason or order.doubt}]},
        buttons=(PERSON,),
    )


def _whose(order: Order) -> str:
    return "your" if order.first == "mine" else "their"
