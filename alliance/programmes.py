"""Spending accounts and health programs, as a company tells them. Amounts are US dollars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

ProgrammeKind = Literal["disease-management", "wellness", "maternity"]


@dataclass(frozen=True)
class SpendingAccount:
    """A flexible spending account for one plan year. What the company leaves out is None.

    `last_service_date` is the last day of care that counts (with a grace period, after the plan
    year), `claims_until` the last day to send a claim (run-out). `carry_over` is what moves into
    the next year, where the plan has that instead of a grace period. `as_of` is the company's day.
    """

    partner: str
    kind: str
    start: date | None
    end: date | None
    elected: Decimal | None
    spent: Decimal | None
    available: Decimal | None
    forfeited: Decimal | None
    last_service_date: date | None
    claims_until: date | None
    carry_over: Decimal | None
    as_of: date | None


@dataclass(frozen=True)
class Programme:
    """A health program that the company offers this member. `enrolled` is its state in the
    company's words: "none", "requested", "enrolled".
    """

    partner: str
    kind: ProgrammeKind
    code: str
    name: str
    text: str
    phone: str | None
    incentive: str | None
    enrolled: str


@dataclass(frozen=True)
class Enrolment:
    """A company's receipt for a request to join a program."""

    partner: str
    reference: str
    state: str


@dataclass(frozen=True)
class CareDoctor:
    """The primary care doctor on a member's file; `npi` None where the file names no number."""

    partner: str
    name: str
    npi: str | None
