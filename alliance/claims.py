"""A claim as the company that administers it shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

# Kinds of care that the law lets a person keep from others of the family.
ServiceCategory = Literal["behavioral", "substance_use", "reproductive", "sexual_health", "assault"]
# Who billed: a hospital or other facility, a doctor or other professional, a pharmacy, a dentist.
ClaimForm = Literal["institutional", "professional", "pharmacy", "oral"]
ClaimState = Literal[
    "received",
    "pending",
    "information_requested",
    "paid",
    "partly_paid",
    "denied",
    "adjusted",
    "reversed",
    "processed",
]
# CMS place of service: the emergency room of a hospital.
EMERGENCY_ROOM = "23"


@dataclass(frozen=True)
class Claim:
    """One claim. Amounts are US dollars to the cent; None means the partner's file has no figure.

    `processed` is an adjudicated claim whose file does not say how it was paid. `benefit` is what
    the coverage pays where no payment stands beside it. `member_owes` is the partner's member
    liability and never billed minus paid. `provider` and `service` are for level 2, and so is a
    `sensitive` claim as a whole (behavioral health, substance use, care that a minor consented to:
    the partner's file labels it). `reasons` are X12 claim adjustment reason codes, `place` the
    CMS place-of-service code, `categories` what kind of care it is as far as labels and diagnoses
    tell, `replaces` the number of the claim that this one corrects, `codes` the
    procedure codes of its lines (CPT, HCPCS, CDT).
    """

    partner: str
    id: str
    number: str
    kind: Literal["claim", "preauthorization"]
    state: ClaimState
    service_start: date | None
    service_end: date | None
    received_on: date | None
    paid_on: date | None
    billed: Decimal | None
    allowed: Decimal | None
    paid: Decimal | None
    benefit: Decimal | None
    member_owes: Decimal | None
    deductible: Decimal | None
    copay: Decimal | None
    coinsurance: Decimal | None
    not_covered: Decimal | None
    paid_by_member: Decimal | None
    provider: str | None
    service: str | None
    line: Literal["medical", "dental", "pharmacy"]
    notes: tuple[str, ...]
    replaced_by: str | None = None
    sensitive: bool = False
    billed_from: date | None = None
    billed_to: date | None = None
    reasons: tuple[str, ...] = ()
    in_network: bool | None = None
    form: ClaimForm | None = None
    place: str | None = None
    categories: frozenset[ServiceCategory] = frozenset()
    replaces: str | None = None
    codes: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether the company has not decided it yet."""
        return self.state in ("received", "pending", "information_requested")

    @property
    def is_emergency(self) -> bool:
        """Whether the care was given in an emergency room."""
        return self.place == EMERGENCY_ROOM

    def served_in(self, start: date, end: date) -> bool:
        """Whether any day of service lies from `start` to `end`, both included."""
        return _touches(self.service_start, self.service_end, start, end)

    def billed_in(self, start: date, end: date) -> bool:
        """Whether the billed period touches the days from `start` to `end`, both included."""
        return _touches(self.billed_from, self.billed_to, start, end)


def _touches(first: date | None, last: date | None, start: date, end: date) -> bool:
    opens, closes = first or last, last or first
    return opens is not None and closes is not None and opens <= end and closes >= start
