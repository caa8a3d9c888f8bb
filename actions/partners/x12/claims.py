"""A 277 read into the domain's claims, and an 835 that adds who paid and owes what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from actions.partners.x12.interchange import Part, Transaction, read_day
from alliance.claims import Claim, ClaimState, ServiceCategory
from alliance.verified import Membership

# Claim adjustment reasons that are the patient's share of a covered service.
_DEDUCTIBLE, _COINSURANCE, _COPAY = "1", "2", "3"
# Reasons that lower the charge with nothing refused: contract, other payer, sequestration.
_NOT_A_REFUSAL = frozenset({_DEDUCTIBLE, _COINSURANCE, _COPAY, "45", "23", "131", "253"})
_REVERSAL = "22"
# HCPCS H0001 to H0050 are mostly substance use, up to H2037 behavioral health.
_LAST_SUBSTANCE_HCPCS, _LAST_BEHAVIORAL_HCPCS = 50, 2037
_WAITS_FOR_INFORMATION = frozenset({"P3", "P4"})


@dataclass(frozen=True)
class Status:
    """One claim of a 277, and the trace number by which its 835 is found (empty: none)."""

    claim: Claim
    remittance: str


def statuses(answer: Transaction, membership: Membership) -> list[Status]:
    """The claims in the 277. "No claim found" (A4) and errors (E) are none."""
    found = []
    for loop in answer.loops("TRN"):
        status = _status(loop, membership)
        if status is not None:
            found.append(status)
    return found


def _status(loop: list[Part], membership: Membership) -> Status | None:
    head, lines = _split(loop)
    stc = next((part for part in head if part.id == "STC"), None)
    number = next((p.text(2) for p in head if p.id == "REF" and p.text(1) == "1K"), "")
    if stc is None or not number:
        return None
    category = stc.text(1, 1)
    first, last = _served(head)
    line_categories = {part.text(1, 1)[:2] for line in lines for part in line if part.id == "STC"}
    state = _state(category, line_categories)
    if state is None:
        return None
    billed, paid = stc.money(4), stc.money(5)
    services = [line[0].text(1, 1) for line in lines]
    categories = frozenset(
        kind for line in lines if (kind := _kind_of_care(line[0].text(1, 2))) is not None
    )
    claim = Claim(
        partner=membership.partner,
        id=number,
        number=number,
        kind="claim",
        state=state,
        service_start=first,
        service_end=last,
        received_on=stc.day(2) if state == "received" else None,
        paid_on=stc.day(8) if category.startswith("F") else None,
        billed=billed,
        allowed=None,
        paid=paid,
        benefit=None,
        member_owes=None,
        deductible=None,
        copay=None,
        coinsurance=None,
        not_covered=None,
        paid_by_member=None,
        provider=None,
        service=None,
        line=_line_of_business(services),
        notes=(),
        sensitive=bool(categories),
        categories=categories,
        codes=frozenset(line[0].text(1, 2).upper() for line in lines),
    )
    return Status(claim, stc.text(9))


def with_remittance(claim: Claim, advice: Transaction) -> Claim:
    """The claim with its 835's amounts; unchanged when the 835 is about another claim."""
    for loop in advice.loops("CLP"):
        head = loop[0]
        if head.text(7) == claim.number or head.text(1) == claim.number:
            return _paid(claim, loop)
    return claim


def _paid(claim: Claim, loop: list[Part]) -> Claim:
    head = loop[0]
    shares: dict[str, Decimal] = {}
    refused = Decimal("0.00")
    reasons: list[str] = []
    for group, reason, amount in _adjustments(loop):
        if group == "PR":
            shares[reason] = shares.get(reason, Decimal(0)) + amount
        if reason not in _NOT_A_REFUSAL:
            refused += amount
            reasons.append(reason)
    allowed = next((p.money(2) for p in loop if p.id == "AMT" and p.text(1) == "AU"), None)
    received = next((p.day(2) for p in loop if p.id == "DTM" and p.text(1) == "050"), None)
    provider = next((p.text(3) for p in loop if p.id == "NM1" and p.text(1) == "82"), "")
    nothing = Decimal("0.00")
    return replace(
        claim,
        state="reversed" if head.text(2) == _REVERSAL else claim.state,
        billed=head.money(3),
        paid=head.money(4),
        member_owes=head.money(5),
        received_on=received or claim.received_on,
        allowed=allowed,
        deductible=shares.get(_DEDUCTIBLE, nothing),
        coinsurance=shares.get(_COINSURANCE, nothing),
        copay=shares.get(_COPAY, nothing),
        not_covered=refused,
        reasons=tuple(dict.fromkeys(reasons)),
        provider=provider or None,
    )


def _adjustments(loop: list[Part]) -> list[tuple[str, str, Decimal]]:
    """Group, reason and dollars of every CAS: up to six triplets a segment."""
    found = []
    for part in loop:
        if part.id != "CAS":
            continue
        for place in range(2, 19, 3):
            amount = part.money(place + 1)
            if part.text(place) and amount is not None:
                found.append((part.text(1), part.text(place), amount))
    return found


def _split(loop: list[Part]) -> tuple[list[Part], list[list[Part]]]:
    """The claim's own segments, and those of each service line."""
    head: list[Part] = []
    lines: list[list[Part]] = []
    for part in loop:
        # The next member's level would begin a claim of somebody else.
        if part.id == "HL":
            break
        if part.id == "SVC":
            lines.append([])
        (lines[-1] if lines else head).append(part)
    return head, lines


def _served(head: list[Part]) -> tuple[date | None, date | None]:
    for part in head:
        if part.id == "DTP" and part.text(1) == "472":
            first, _, last = part.text(3).partition("-")
            return read_day(first), read_day(last or first)
    return None, None


def _state(category: str, lines: set[str]) -> ClaimState | None:
    if category in _WAITS_FOR_INFORMATION:
        return "information_requested"
    match category[:1], category:
        case "A", "A4":
            return None
        case "A", _:
            return "received"
        case "P", _:
            return "pending"
        case "F", "F0" | "F4":
            return "processed"
        case "F", "F2":
            return "denied"
        case "F", "F3":
            return "adjusted"
        case "F", _:
            return "partly_paid" if {"F1", "F2"} <= lines else "paid"
    return None


def _line_of_business(qualifiers: list[str]) -> Literal["medical", "dental", "pharmacy"]:
    if "AD" in qualifiers:
        return "dental"
    return "pharmacy" if "N4" in qualifiers else "medical"


def _kind_of_care(code: str) -> ServiceCategory | None:
    """Behavioral and substance use care by its procedure code (CPT, HCPCS): X12 carries no label,
    so what these are is withheld like a labelled claim.
    """
    if code in ("99408", "99409"):
        return "substance_use"
    if code[:1] == "H" and code[1:].isdigit() and 1 <= int(code[1:]) <= _LAST_BEHAVIORAL_HCPCS:
        return "substance_use" if int(code[1:]) <= _LAST_SUBSTANCE_HCPCS else "behavioral"
    return "behavioral" if code.isdigit() and 90785 <= int(code) <= 90899 else None
