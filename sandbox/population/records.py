"""Invented members before they become FHIR. Amounts are US dollars in cents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from sandbox.population.calendar import Anchor
from sandbox.population.plans import PLANS, Plan
from sandbox.population.services import SERVICES, Service

State = Literal[
    "paid",
    "partly_paid",
    "denied",
    "received",
    "pending",
    "information_requested",
    "adjusted",
    "reversed",
]
Relationship = Literal["self", "spouse", "child"]
OPEN_STATES = frozenset({"received", "pending", "information_requested"})

_DAYS_TO_RECEIVE = 4
_DAYS_TO_PAY = 17


@dataclass(frozen=True)
class Cover:
    """One coverage of one person. `subscriber` is the member ID it hangs on (own ID for self)."""

    key: str
    plan: Plan
    group: str
    start: date
    end: date | None = None
    relationship: Relationship = "self"
    subscriber: str | None = None
    order: int = 1
    status: Literal["active", "cancelled", "draft"] = "active"

    def covers(self, day: date) -> bool:
        return self.status == "active" and self.start <= day <= (self.end or date.max)


@dataclass(frozen=True)
class Share:
    """One service of a claim, adjudicated. What was billed above `allowed` nobody owes."""

    service: Service
    billed: int
    allowed: int
    deductible: int = 0
    copay: int = 0
    coinsurance: int = 0
    not_covered: int = 0
    owes_not_covered: bool = True

    @property
    def paid(self) -> int:
        return self.allowed - self.deductible - self.copay - self.coinsurance - self.not_covered

    @property
    def liability(self) -> int:
        uncovered = self.not_covered if self.owes_not_covered else 0
        return self.deductible + self.copay + self.coinsurance + uncovered


@dataclass(frozen=True)
class Claim:
    """One claim. `reason` is the X12 claim adjustment reason behind a denial, `note` our words.

    `city` says whose hospital or clinic billed; `sensitive` are confidentiality codes; `prior` is
    the number of the claim that this one replaces.
    """

    number: str
    cover: Cover
    served: date
    shares: tuple[Share, ...]
    state: State
    city: str
    received: date
    decided: date | None
    reason: str | None = None
    note: str | None = None
    sensitive: tuple[str, ...] = ()
    in_network: bool = True
    prior: str | None = None
    replaced_by: str | None = None

    @property
    def paid(self) -> int:
        return sum(share.paid for share in self.shares)

    @property
    def billed(self) -> int:
        return sum(share.billed for share in self.shares)

    @property
    def liability(self) -> int:
        return sum(share.liability for share in self.shares)

    @property
    def deductible(self) -> int:
        return sum(share.deductible for share in self.shares)


@dataclass(frozen=True)
class Authorization:
    """A prior authorization. `action` is the X12 review action: A1, A3 or A4."""

    number: str
    cover: Cover
    text: str
    service: Service
    action: Literal["A1", "A3", "A4"]
    requested: date
    decided: date | None
    start: date | None
    end: date | None
    units: int
    used: int
    city: str


@dataclass(frozen=True)
class Referral:
    """A doctor's referral on file: to whom, for what, how many visits, from when to when."""

    number: str
    to: str
    text: str
    state: Literal["active", "completed"]
    start: date
    end: date
    visits: int


@dataclass(frozen=True)
class Representative:
    """Somebody the member has named, in writing, to act for them."""

    given: str
    family: str
    relationship: str
    since: date


@dataclass(frozen=True)
class Member:
    """One person as one company knows them."""

    partner: str
    member_id: str
    given: str
    family: str
    gender: Literal["female", "male", "other"]
    born: date
    street: str
    zip: str
    phone: str
    email: str
    covers: tuple[Cover, ...]
    claims: tuple[Claim, ...] = ()
    authorizations: tuple[Authorization, ...] = ()
    referrals: tuple[Referral, ...] = ()
    former_zip: str | None = None
    moved: date | None = None
    language: str | None = None
    confidential_from: str | None = None
    representative: Representative | None = None
    # How the company's file describes the phone, and since when phone and e-mail are on it.
    phone_use: Literal["mobile", "home"] = "mobile"
    contacts_since: date = date(2020, 1, 1)

    @property
    def id(self) -> str:
        """The Patient resource's id: opaque, so that no member ID stands in an address."""
        return patient_id(self.partner, self.member_id)


def patient_id(partner: str, member_id: str) -> str:
    return "p" + hashlib.sha256(f"{partner}/{member_id}".encode()).hexdigest()[:16]


@dataclass
class Spending:
    """What a member has paid in a plan year so far, so that the accumulators add up."""

    deductible: dict[tuple[str, int], int] = field(default_factory=dict)
    pocket: dict[tuple[str, int], int] = field(default_factory=dict)

    def note(self, plan: Plan, year: int, share: Share) -> None:
        key = (plan.id, year)
        in_plan = share.deductible + share.copay + share.coinsurance
        self.deductible[key] = self.deductible.get(key, 0) + share.deductible
        self.pocket[key] = self.pocket.get(key, 0) + in_plan

    def deductible_left(self, plan: Plan, year: int) -> int:
        return max(plan.deductible - self.deductible.get((plan.id, year), 0), 0)

    def pocket_left(self, plan: Plan, year: int) -> int:
        if not plan.out_of_pocket:
            return 10**9
        return max(plan.out_of_pocket - self.pocket.get((plan.id, year), 0), 0)


def adjudicate(service: Service, plan: Plan, year: int, spent: Spending) -> Share:
    """What plan and member pay for a covered service, and the member's year carried on."""
    deductible = copay = coinsurance = 0
    if service.share == "deductible":
        deductible = min(service.allowed, spent.deductible_left(plan, year))
        coinsurance = (service.allowed - deductible) * plan.coinsurance // 100
    elif service.share == "drug":
        copay = min(service.allowed, 1_500)
    elif service.share != "none":
        wanted = {
            "primary": plan.primary_copay,
            "specialist": plan.specialist_copay,
            "urgent": plan.urgent_copay,
            "emergency": plan.emergency_copay,
        }[service.share]
        copay = min(service.allowed, wanted)
    left = spent.pocket_left(plan, year)
    deductible = min(deductible, left)
    copay = min(copay, left - deductible)
    coinsurance = min(coinsurance, left - deductible - copay)
    share = Share(service, service.billed, service.allowed, deductible, copay, coinsurance)
    spent.note(plan, year, share)
    return share


def denied(service: Service, *, owed: bool) -> Share:
    """Nothing paid; the member owes the charge, or nobody does."""
    return Share(
        service, service.billed, service.billed, not_covered=service.billed, owes_not_covered=owed
    )


def make_claim(
    number: str,
    cover: Cover,
    service: str,
    served: date,
    anchor: Anchor,
    spent: Spending,
    city: str,
    state: State = "paid",
) -> Claim:
    """A claim for one service as the plan pays it; `replace` makes the special cases of it."""
    what = SERVICES[service]
    received = anchor.not_later(served + timedelta(days=_DAYS_TO_RECEIVE))
    decided = anchor.not_later(received + timedelta(days=_DAYS_TO_PAY))
    if state in OPEN_STATES:
        shares: tuple[Share, ...] = (Share(what, what.billed, what.allowed),)
        return Claim(number, cover, served, shares, state, city, received, None)
    share = adjudicate(what, cover.plan, served.year, spent)
    return Claim(number, cover, served, (share,), state, city, received, decided)


def partly_paid(claim: Claim, service: str, reason: str, note: str) -> Claim:
    """The claim with one more service on it that is not covered and that the member owes."""
    extra = denied(SERVICES[service], owed=True)
    return replace(
        claim, shares=(*claim.shares, extra), state="partly_paid", reason=reason, note=note
    )


def plan_named(plan_id: str) -> Plan:
    return PLANS[plan_id]
