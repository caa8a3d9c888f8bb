"""A prior authorization as the company that reviews it shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from alliance.claims import ServiceCategory

# What the review decided. `unknown`: the file does not say, or in a code that we don't know.
Decision = Literal["approved", "partly_approved", "denied", "pending", "cancelled", "unknown"]


@dataclass(frozen=True)
class Authorization:
    """One prior authorization. Dates are the partner's local days, both ends included; None means
    that the file does not tell. `units_*` count visits, days or items. All of it is level 2.
    """

    partner: str
    id: str
    number: str
    decision: Decision
    service: str | None
    provider: str | None
    start: date | None
    end: date | None
    requested_on: date | None
    units_approved: int | None
    units_used: int | None
    notes: tuple[str, ...] = ()
    sensitive: bool = False
    categories: frozenset[ServiceCategory] = frozenset()


@dataclass(frozen=True)
class Referral:
    """A referral on file, from a doctor to another doctor or kind of doctor."""

    partner: str
    id: str
    number: str
    to: str | None
    service: str | None
    state: Literal["active", "draft", "used", "cancelled", "unknown"]
    start: date | None
    end: date | None
    visits: int | None
    sensitive: bool = False
    categories: frozenset[ServiceCategory] = frozenset()
