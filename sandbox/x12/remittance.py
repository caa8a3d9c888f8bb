"""The 835 of one claim: how it was paid, and who owes what of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from sandbox.parameters import Json, items
from sandbox.profiles import Profile
from sandbox.x12.claims import BackOfficeClaim
from sandbox.x12.interchange import Elements

# Claim adjustment reasons: deductible, coinsurance, copay, above the contract, not covered.
_PATIENT_SHARES = (("1", "deductible"), ("2", "coinsurance"), ("3", "copay"))
_ABOVE_CONTRACT, _NOT_COVERED = "45", "96"
# CLP02: processed as primary, denied, reversal of an earlier payment.
_PRIMARY, _DENIED, _REVERSAL = "1", "4", "22"
_TEST_NPI = "1234567893"


def body(
    claim: BackOfficeClaim, patient: Json, profile: Profile, now: datetime
) -> Iterator[Elements]:
    """The segments between ST and SE."""
    paid = claim.paid
    day = claim.decided or now.strftime("%Y%m%d")
    method = "CHK" if paid else "NON"
    yield ("BPR", "I", f"{paid:.2f}", "C", method, *[""] * 11, day)
    yield ("TRN", "1", claim.remittance, f"1{profile.payer_id:0<9.9}")
    yield ("DTM", "405", day)
    yield ("N1", "PR", profile.name.upper(), "XV", profile.payer_id)
    yield ("N3", "1 SAMPLE PLAZA")
    yield ("N4", "ROCHESTER", "NY", "14604")
    yield ("PER", "BL", "MEMBER SERVICES", "TE", "".join(c for c in profile.phone if c.isdigit()))
    yield ("N1", "PE", claim.provider.upper() or "PROVIDER", "XX", _TEST_NPI)
    yield ("LX", "1")
    owed, adjustments = _adjustments(claim)
    status = _REVERSAL if claim.reversed else _DENIED if claim.category == "F2" else _PRIMARY
    yield (
        *("CLP", claim.number, status, f"{claim.billed:.2f}", f"{paid:.2f}", f"{owed:.2f}"),
        *("HM", claim.number),
    )
    for group, reason, amount in adjustments:
        yield ("CAS", group, reason, f"{amount:.2f}")
    name = next(iter(items(patient.get("name"))), {})
    identifier = next(iter(items(patient.get("identifier"))), {})
    yield ("NM1", "QC", "1", str(name.get("family", "")), str((name.get("given") or [""])[0]),
           "", "", "", "MI", str(identifier.get("value", "")))  # fmt: skip
    if claim.provider:
        yield ("NM1", "82", "2", claim.provider, "", "", "", "", "XX", _TEST_NPI)
    if claim.first:
        yield ("DTM", "232", claim.first)
        yield ("DTM", "233", claim.last)
    if claim.received:
        yield ("DTM", "050", claim.received)
    if "eligible" in claim.amounts:
        yield ("AMT", "AU", f"{claim.amounts['eligible']:.2f}")


def _adjustments(claim: BackOfficeClaim) -> tuple[Decimal, list[tuple[str, str, Decimal]]]:
    """What the member owes, and the adjustments that lead from billed to paid.

    What is not covered is the patient's (PR) as far as the member owes it, else the provider's.
    """
    amounts = claim.amounts
    shares = [("PR", reason, amounts.get(name, Decimal(0))) for reason, name in _PATIENT_SHARES]
    shared = sum((amount for _, _, amount in shares), Decimal(0))
    uncovered = amounts.get("noncovered", Decimal(0))
    owed = amounts.get("memberliability", shared + uncovered)
    theirs = min(max(owed - shared, Decimal(0)), uncovered)
    reason = claim.reason or _NOT_COVERED
    found = [
        *shares,
        ("PR", reason, theirs),
        ("CO", reason, uncovered - theirs),
    ]
    rest = claim.billed - claim.paid - sum((amount for _, _, amount in found), Decimal(0))
    found.append(("CO", _ABOVE_CONTRACT, rest))
    return owed, [each for each in found if each[2]]
