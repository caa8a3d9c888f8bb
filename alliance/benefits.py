"""What a coverage is worth: accumulators, cost shares, rules of single services, the ID card.

Amounts are US dollars to the cent. A part that the partner's file does not hold is None or empty,
never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from alliance.coverage import LineOfBusiness

AccumulatorKind = Literal["deductible", "out_of_pocket", "annual_maximum"]
Unit = Literal["individual", "family"]
NetworkLevel = Literal["in", "out"]


@dataclass(frozen=True)
class Accumulator:
    """One running total of one plan year at one company, for one person or one family, in or out
    of network. It belongs to its coverage: totals are never added to another coverage's.
    """

    partner: str
    coverage_id: str
    kind: AccumulatorKind
    unit: Unit | None
    network: NetworkLevel | None
    limit: Decimal | None
    used: Decimal | None

    @property
    def left(self) -> Decimal | None:
        """What is left of the limit, never below zero; None where a part is missing."""
        if self.limit is None or self.used is None:
            return None
        return max(self.limit - self.used, Decimal(0))


@dataclass(frozen=True)
class ServiceRule:
    """What the plan says of one service at one network level.

    `codes` are the codes that the partner names it by (CPT, HCPCS, CDT). `copay` is a fixed amount,
    `percent` the member's coinsurance, `visits` how many a plan year; `after_deductible` whether
    the deductible comes first. None: not in the file.
    """

    text: str
    codes: frozenset[str]
    network: NetworkLevel | None
    excluded: bool | None = None
    authorization_required: bool | None = None
    copay: Decimal | None = None
    percent: int | None = None
    visits: int | None = None
    allowance: Decimal | None = None
    after_deductible: bool | None = None

    @property
    def says_cost(self) -> bool:
        """Whether the file tells what the member pays."""
        return self.copay is not None or self.percent is not None


@dataclass(frozen=True)
class Benefits:
    """A partner's answer about one coverage on one day.

    `processed_through` is the last day whose claims are in the totals, `year_start` and `year_end`
    the plan year's days, inclusive.
    """

    partner: str
    coverage_id: str
    line: LineOfBusiness
    on: date
    in_force: bool | None
    processed_through: date | None
    year_start: date | None
    year_end: date | None
    accumulators: tuple[Accumulator, ...] = ()
    services: tuple[ServiceRule, ...] = ()

    def accumulator(
        self, kind: AccumulatorKind, unit: Unit, network: NetworkLevel
    ) -> Accumulator | None:
        """The one total of that kind; None where there is none, or two that differ."""
        found = {
            each
            for each in self.accumulators
            if (each.kind, each.unit, each.network) == (kind, unit, network)
        }
        return found.pop() if len(found) == 1 else None

    def rules(self, codes: Iterable[str], network: NetworkLevel = "in") -> list[ServiceRule]:
        """The rules of the services with one of these codes."""
        wanted = frozenset(codes)
        return [
            rule
            for rule in self.services
            if rule.codes & wanted and rule.network in (None, network)
        ]


@dataclass(frozen=True)
class CostShare:
    """One line of an ID card: `code` of the C4DIC copay types ('gpvisit', 'IndInDed'), its words,
    and an amount or a percentage.
    """

    code: str
    text: str
    amount: Decimal | None = None
    percent: int | None = None


@dataclass(frozen=True)
class Card:
    """An ID card as the company's file holds it (CARIN Digital Insurance Card)."""

    partner: str
    coverage_id: str
    line: LineOfBusiness
    name: str | None
    member_id: str | None
    subscriber_id: str | None
    group: str | None
    group_name: str | None
    plan: str | None
    network: str | None
    rx_bin: str | None
    rx_pcn: str | None
    rx_group: str | None
    costs: tuple[CostShare, ...] = ()

    def cost(self, code: str) -> CostShare | None:
        """The line with this code; None where there is none, or two that differ."""
        found = {(c.amount, c.percent): c for c in self.costs if c.code == code}
        return next(iter(found.values())) if len(found) == 1 else None


def total(accumulators: Sequence[Accumulator]) -> Accumulator:
    """The one total behind records that say the same of one coverage.

    Raises ValueError for totals of several companies or coverages: they are never added, and a
    total at one company is never carried over to another.
    """
    if len({(each.partner, each.coverage_id) for each in accumulators}) != 1:
        raise ValueError("Accumulators of several coverages are never added.")
    if len(set(accumulators)) != 1:
        raise ValueError("These totals differ: none of them is the total.")
    return accumulators[0]
