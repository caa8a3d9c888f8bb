"""Coverage: which company covers a member, on a date, for a line of business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from alliance.partners import ALLIANCE_START, Partner

LineOfBusiness = Literal["medical", "dental", "behavioral", "pharmacy", "fsa"]
Relationship = Literal["self", "spouse", "child", "other"]


@dataclass(frozen=True)
class Coverage:
    """One coverage as a partner's file shows it. Dates are the partner's local days, inclusive.

    `group` is the employer group's id, `order` the coordination-of-benefits order if the file has
    one. `end` None means no end is on file. `networks` are the ids of the networks that the plan
    lists, `plan_id` the partner's own key of the plan, `kind` its own words for the type of plan
    and `kind_codes` the codes beside them; `subscriber_id` is the member ID of the subscriber.
    """

    partner: str
    id: str
    patient_id: str
    member_id: str
    line: LineOfBusiness
    status: str
    start: date | None
    end: date | None
    group: str | None
    group_name: str | None
    plan_name: str | None
    network_name: str | None
    relationship: Relationship
    order: int | None = None
    networks: frozenset[str] = frozenset()
    plan_id: str | None = None
    kind: str | None = None
    kind_codes: frozenset[str] = frozenset()
    subscriber_id: str | None = None

    def in_force(self, day: date) -> bool:
        """Whether it covers `day`: a cancelled coverage covers none, an open start covers all."""
        if self.status != "active":
            return False
        return (self.start or date.min) <= day <= (self.end or date.max)


def is_alliance(coverage: Coverage, partner: Partner) -> bool:
    """Whether the coverage belongs to a group of the alliance and lies in its time."""
    known_group = coverage.group in partner.alliance_groups
    return known_group and (coverage.end or date.max) >= ALLIANCE_START


def covering(
    coverages: Sequence[Coverage], day: date, line: LineOfBusiness | None = None
) -> list[Coverage]:
    """The alliance coverages in force on `day` (for a line of business), first payer first.

    Before 1 July 2007 there is none.
    """
    if day < ALLIANCE_START:
        return []
    found = [c for c in coverages if c.in_force(day) and line in (None, c.line)]
    return sorted(found, key=lambda c: (c.order or 99, c.start or date.min, c.id))


def administrators(
    coverages: Sequence[Coverage], start: date, end: date, line: LineOfBusiness | None = None
) -> list[str]:
    """The partners that covered the member on any day from `start` to `end`, in order of time."""
    first, last = max(start, ALLIANCE_START), end
    found = [
        c
        for c in coverages
        if c.status == "active"
        and line in (None, c.line)
        and (c.start or date.min) <= last
        and (c.end or date.max) >= first
    ]
    found.sort(key=lambda c: (c.start or date.min, c.id))
    return list(dict.fromkeys(c.partner for c in found)) if first <= last else []
