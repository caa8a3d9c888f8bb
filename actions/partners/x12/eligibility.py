"""A 271 read into the domain's coverages, benefits and cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.partners.x12.interchange import Part, Transaction, read_day
from alliance.benefits import (
    Accumulator,
    AccumulatorKind,
    Benefits,
    Card,
    CostShare,
    NetworkLevel,
    ServiceRule,
    Unit,
)
from alliance.coverage import Coverage, LineOfBusiness, Relationship
from alliance.verified import Membership

# EB01: what an EB tells.
_ACTIVE, _PENDING, _INACTIVE = frozenset("1234"), frozenset("58"), frozenset("67")
_COINSURANCE, _COPAY, _LIMITATION, _NOT_COVERED = "A", "B", "F", "I"
_TOTALS: dict[str, AccumulatorKind] = {
    "C": "deductible",
    "G": "out_of_pocket",
    "F": "annual_maximum",
}
# EB03, the service type of a plan as a whole.
_LINES: dict[str, LineOfBusiness] = {
    "30": "medical",
    "35": "dental",
    "88": "pharmacy",
    "MH": "behavioral",
}
# EB04, insurance type.
_KINDS = {
    "HM": "HMO",
    "HN": "Medicare Advantage HMO",
    "PR": "PPO",
    "PS": "POS",
}
_CALENDAR_YEAR, _REMAINING = "23", "29"
_UNITS: dict[str, Unit] = {"IND": "individual", "FAM": "family"}
_NETWORKS: dict[str, NetworkLevel] = {"Y": "in", "N": "out"}
_RELATIONSHIPS: dict[str, Relationship] = {"18": "self", "01": "spouse", "19": "child"}
# The visits on a card, by service type and the words beside it; codes as on a C4DIC card.
_VISITS = {
    ("98", "PRIMARY CARE"): ("gpvisit", "Primary care visit"),
    ("98", "SPECIALIST"): ("spvisit", "Specialist visit"),
    ("UC", ""): ("urgentcare", "Urgent care visit"),
    ("86", ""): ("emergency", "Emergency room visit"),
}
_PROCESSED = re.compile(r"CLAIMS PROCESSED THROUGH (\d{8})")
_DEDUCTIBLE_FIRST = "DEDUCTIBLE APPLIES"


@dataclass(frozen=True)
class Plan:
    """A coverage, and the EB loops that say what it pays."""

    coverage: Coverage
    loops: tuple[list[Part], ...]


def refused(answer: Transaction) -> bool:
    """Whether the payer found no one person (AAA)."""
    return any(True for _ in answer.all("AAA"))


def plans(answer: Transaction, member_id: str, membership: Membership) -> list[Plan]:
    """The plans in the 271: an EB with a plan or group number begins one, those that follow tell
    what it pays.
    """
    said = next((_RELATIONSHIPS.get(part.text(2)) for part in answer.all("INS")), None)
    found: list[tuple[Coverage, list[list[Part]]]] = []
    for loop in answer.loops("EB"):
        coverage = _coverage(loop, member_id, membership, said or "other")
        if coverage is not None:
            found.append((coverage, []))
        elif found:
            found[-1][1].append(loop)
    return [Plan(coverage, tuple(loops)) for coverage, loops in found]


def _coverage(
    loop: list[Part], member_id: str, membership: Membership, relationship: Relationship
) -> Coverage | None:
    head = loop[0]
    line = _LINES.get(head.text(3))
    references = {part.text(1): part for part in loop if part.id == "REF"}
    if line is None or not {"18", "6P"} & references.keys():
        return None
    days = {part.text(1): part.day(3) for part in loop if part.id == "DTP"}
    start, end = days.get("346"), days.get("347")
    group, plan, network = (references.get(code) for code in ("6P", "18", "N6"))
    product = _KINDS.get(head.text(4))
    return Coverage(
        partner=membership.partner,
        id="-".join(each for each in (plan and plan.text(2), start and f"{start:%Y%m%d}") if each),
        patient_id=membership.patient_id,
        member_id=member_id,
        line=line,
        status=_status(head.text(1), start),
        start=start,
        end=end,
        group=(group.text(2) or None) if group else None,
        group_name=(group.text(3) or None) if group else None,
        plan_name=head.text(5) or None,
        network_name=(network.text(3) or None) if network else None,
        relationship=relationship,
        networks=frozenset({network.text(2)}) if network and network.text(2) else frozenset(),
        plan_id=plan.text(2) if plan else None,
        kind=product,
        kind_codes=frozenset({product}) if product else frozenset(),
        subscriber_id=member_id if relationship == "self" else None,
    )


def _status(code: str, start: date | None) -> str:
    """An inactive plan with dates was or will be in force in its time; one without never counts."""
    if code in _ACTIVE or (code in _INACTIVE and start):
        return "active"
    return "draft" if code in _PENDING else "cancelled"


def benefits(plan: Plan, answer: Transaction, on: date) -> Benefits:
    """What the plan's loops say for the day."""
    covered = plan.coverage
    said = (_PROCESSED.search(part.text(1)) for part in answer.all("MSG"))
    processed = next((match.group(1) for match in said if match), "")
    return Benefits(
        partner=covered.partner,
        coverage_id=covered.id,
        line=covered.line,
        on=on,
        in_force=covered.in_force(on),
        processed_through=read_day(processed),
        year_start=on.replace(month=1, day=1) if _by_calendar_year(plan) else None,
        year_end=on.replace(month=12, day=31) if _by_calendar_year(plan) else None,
        accumulators=tuple(_accumulators(plan)),
        services=tuple(_services(plan)),
    )


def _by_calendar_year(plan: Plan) -> bool:
    return any(loop[0].text(6) == _CALENDAR_YEAR for loop in plan.loops)


def _accumulators(plan: Plan) -> Iterator[Accumulator]:
    """Totals of the calendar year: the limit, and the limit less what remains as used."""
    amounts: dict[tuple[str, str, str], dict[str, Decimal | None]] = {}
    for loop in plan.loops:
        head = loop[0]
        if head.text(1) in _TOTALS and not head.text(13) and head.text(3) in _LINES:
            key = head.text(1), head.text(2), head.text(12)
            amounts.setdefault(key, {})[head.text(6)] = head.money(7)
    for (code, unit, network), periods in amounts.items():
        limit, left = periods.get(_CALENDAR_YEAR), periods.get(_REMAINING)
        yield Accumulator(
            partner=plan.coverage.partner,
            coverage_id=plan.coverage.id,
            kind=_TOTALS[code],
            unit=_UNITS.get(unit),
            network=_NETWORKS.get(network),
            limit=limit,
            used=None if limit is None or left is None else limit - left,
        )


def _services(plan: Plan) -> Iterator[ServiceRule]:
    """The EBs of single procedures (EB13), with the allowance that may follow as a limitation."""
    single = [loop for loop in plan.loops if loop[0].text(13, 2)]
    for loop in single:
        head = loop[0]
        code, network = head.text(13, 2), head.text(12)
        if head.text(1) == _LIMITATION:
            continue
        words = [part.text(1) for part in loop if part.id == "MSG"]
        percent = head.money(8)
        visits = next((p.text(2) for p in loop if p.id == "HSD" and p.text(1) == "VS"), "")
        allowance = next(
            (
                other[0].money(7)
                for other in single
                if other[0].text(1) == _LIMITATION
                and (other[0].text(13, 2), other[0].text(12)) == (code, network)
            ),
            None,
        )
        yield ServiceRule(
            text=next((w for w in words if w != _DEDUCTIBLE_FIRST), "the service").capitalize(),
            codes=frozenset({code}),
            network=_NETWORKS.get(network),
            excluded=head.text(1) == _NOT_COVERED,
            authorization_required={"Y": True, "N": False}.get(head.text(11)),
            copay=head.money(7) if head.text(1) == _COPAY else None,
            percent=(
                int(percent * 100) if head.text(1) == _COINSURANCE and percent is not None else None
            ),
            visits=int(visits) if visits.isdigit() else None,
            allowance=allowance,
            after_deductible=_DEDUCTIBLE_FIRST in words,
        )


def card(plan: Plan, name: str | None) -> Card:
    """What of an ID card a 271 holds; the numbers for the pharmacy are not in it."""
    covered = plan.coverage
    return Card(
        partner=covered.partner,
        coverage_id=covered.id,
        line=covered.line,
        name=name,
        member_id=covered.member_id or None,
        subscriber_id=covered.subscriber_id,
        group=covered.group,
        group_name=covered.group_name,
        plan=covered.plan_name,
        network=covered.network_name,
        rx_bin=None,
        rx_pcn=None,
        rx_group=None,
        costs=tuple(_costs(plan)),
    )


def _costs(plan: Plan) -> Iterator[CostShare]:
    for loop in plan.loops:
        head = loop[0]
        words = next((part.text(1) for part in loop if part.id == "MSG"), "")
        visit = _VISITS.get((head.text(3), words))
        if head.text(1) == _COPAY and visit and head.money(7) is not None:
            yield CostShare(visit[0], visit[1], head.money(7))
