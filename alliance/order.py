"""Which of two coverages pays first, with its reason, or "undetermined: an update is needed".

Sources: the NAIC Coordination of Benefits model regulation (New York: 11 NYCRR 52.23) and the
Medicare Secondary Payer rules (42 CFR part 411). A guess here costs members money, so that a
missing fact makes the order undetermined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from alliance.coverage import Coverage

OrderReason = Literal[
    "companies_agree",
    "subscriber_before_dependant",
    "court_order",
    "birthday_rule",
    "active_before_retired",
    "active_before_cobra",
    "medicare_second_working",
    "medicare_first_small_employer",
    "medicare_first_not_working",
    "medicare_second_kidney_disease",
    "medicare_first_after_kidney_disease_months",
]
Doubt = Literal[
    "both_say_first",
    "both_say_second",
    "facts_missing",
    "same_birthday",
    "court_order_unclear",
]
Employment = Literal["active", "retired", "cobra"]
MedicareReason = Literal["age", "disability", "kidney_disease"]

# 42 CFR 411.170, 411.206 and 411.162: employees, employees, months.
AGE_EMPLOYEES = 20
DISABILITY_EMPLOYEES = 100
KIDNEY_DISEASE_MONTHS = 30


@dataclass(frozen=True)
class Payer:
    """What deciding the order has to know of one plan; None is not known.

    `said` is the order in the company's own file. `birthday` is month and day of the parent whose
    plan it is. `employers_size` counts employees, `medicare_months` the months since somebody
    could have Medicare for kidney disease; `court_ordered` whether an order names this plan for
    the child. `medicare` is set on Medicare itself.
    """

    key: str
    said: int | None = None
    relationship: Literal["self", "spouse", "child", "other"] | None = None
    employment: Employment | None = None
    employers_size: int | None = None
    birthday: tuple[int, int] | None = None
    court_ordered: bool | None = None
    medicare: MedicareReason | None = None
    is_medicare: bool = False
    medicare_months: int | None = None


@dataclass(frozen=True)
class Order:
    """`first` and `second` are the payers' keys and `reason` says why; `doubt` says what keeps it
    undetermined, and then both are None.
    """

    first: str | None
    second: str | None
    reason: OrderReason | None = None
    doubt: Doubt | None = None

    @property
    def determined(self) -> bool:
        return self.first is not None


def order_of(one: Payer, other: Payer) -> Order:
    """The order of two coverages of one person for the same kind of care."""
    if one.is_medicare or other.is_medicare:
        plan, medicare = (other, one) if one.is_medicare else (one, other)
        return _with_medicare(plan, medicare)
    said = {one.said, other.said}
    if said == {1, 2}:
        first, second = (one, other) if one.said == 1 else (other, one)
        return Order(first.key, second.key, "companies_agree")
    by_rule = _by_rule(one, other)
    if by_rule.determined or by_rule.doubt != "facts_missing":
        return by_rule
    if one.said == other.said == 1:
        return Order(None, None, doubt="both_say_first")
    if one.said == other.said and (one.said or 0) > 1:
        return Order(None, None, doubt="both_say_second")
    return by_rule


def _by_rule(one: Payer, other: Payer) -> Order:
    own = {"self"}
    if {one.relationship, other.relationship} & own and one.relationship != other.relationship:
        mine, theirs = (one, other) if one.relationship == "self" else (other, one)
        if theirs.relationship is None:
            return Order(None, None, doubt="facts_missing")
        return Order(mine.key, theirs.key, "subscriber_before_dependant")
    if one.relationship == other.relationship == "child":
        return _of_a_child(one, other)
    if one.relationship == other.relationship == "self":
        return _by_employment(one, other)
    return Order(None, None, doubt="facts_missing")


def _of_a_child(one: Payer, other: Payer) -> Order:
    ordered = [each for each in (one, other) if each.court_ordered]
    if len(ordered) == 1:
        second = other if ordered[0] is one else one
        return Order(ordered[0].key, second.key, "court_order")
    if len(ordered) == 2:
        return Order(None, None, doubt="court_order_unclear")
    if one.birthday is None or other.birthday is None:
        return Order(None, None, doubt="facts_missing")
    if one.birthday == other.birthday:
        return Order(None, None, doubt="same_birthday")
    first, second = (one, other) if one.birthday < other.birthday else (other, one)
    return Order(first.key, second.key, "birthday_rule")


def _by_employment(one: Payer, other: Payer) -> Order:
    active = [each for each in (one, other) if each.employment == "active"]
    if len(active) != 1:
        return Order(None, None, doubt="facts_missing")
    second = other if active[0] is one else one
    match second.employment:
        case "retired":
            return Order(active[0].key, second.key, "active_before_retired")
        case "cobra":
            return Order(active[0].key, second.key, "active_before_cobra")
        case _:
            return Order(None, None, doubt="facts_missing")


def _with_medicare(plan: Payer, medicare: Payer) -> Order:
    missing = Order(None, None, doubt="facts_missing")
    if plan.is_medicare:
        return missing
    if medicare.medicare == "kidney_disease":
        if medicare.medicare_months is None:
            return missing
        # The employer's plan, COBRA and retirees' plans included, pays first for 30 months.
        if medicare.medicare_months <= KIDNEY_DISEASE_MONTHS:
            return Order(plan.key, medicare.key, "medicare_second_kidney_disease")
        return Order(medicare.key, plan.key, "medicare_first_after_kidney_disease_months")
    if plan.employment in ("retired", "cobra"):
        return Order(medicare.key, plan.key, "medicare_first_not_working")
    if medicare.medicare is None or plan.employment is None or plan.employers_size is None:
        return missing
    enough = AGE_EMPLOYEES if medicare.medicare == "age" else DISABILITY_EMPLOYEES
    if plan.employers_size >= enough:
        return Order(plan.key, medicare.key, "medicare_second_working")
    return Order(medicare.key, plan.key, "medicare_first_small_employer")


def payer(coverage: Coverage) -> Payer:
    """What a coverage's file tells of it. Employment and birthdays are in no such file."""
    return Payer(key=coverage.partner, said=coverage.order, relationship=coverage.relationship)


def overlapping(coverages: Sequence[Coverage], day: date) -> list[tuple[Coverage, Coverage]]:
    """Pairs of coverages of different companies for the same kind of care, both in force."""
    current = [each for each in coverages if each.in_force(day)]
    return [
        (one, other)
        for index, one in enumerate(current)
        for other in current[index + 1 :]
        if one.line == other.line and one.partner != other.partner
    ]
