"""The member's claims as the back office keeps them, read from the stand-in's FHIR resources."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sandbox.parameters import Json, items, tokens
from sandbox.store import Filter, Store, parameter_number, reference_match

_PAID = {"paid": "paid", "complete": "paid", "denied": "denied"}
_PARTLY = frozenset({"partiallypaid", "partially-paid", "partial"})
_RESTRICTED = frozenset({"R", "V"})


@dataclass(frozen=True)
class Line:
    """One service line: procedure or drug code, dollars billed, paid, and owed for no cover."""

    code: str
    qualifier: str
    billed: Decimal | None
    paid: Decimal
    denied: bool


@dataclass(frozen=True)
class BackOfficeClaim:
    """A claim's current version. `category` is the X12 claim status category (A2, P1, F1 ...).

    `amounts` are dollars by CARIN adjudication code; `reason` a claim adjustment reason code.
    """

    number: str
    category: str
    first: str
    last: str
    received: str
    decided: str
    amounts: dict[str, Decimal]
    lines: tuple[Line, ...]
    reason: str
    reversed: bool
    provider: str
    dental: bool

    @property
    def remittance(self) -> str:
        """The trace number of the payment or notice, by which its 835 is asked for."""
        if not self.category.startswith("F"):
            return ""
        return "R" + hashlib.sha256(self.number.encode()).hexdigest()[:15].upper()

    @property
    def billed(self) -> Decimal:
        return self.amounts.get("submitted", Decimal(0))

    @property
    def paid(self) -> Decimal:
        for code in ("paidtoprovider", "benefit", "paidtopatient"):
            if code in self.amounts:
                return self.amounts[code]
        return Decimal(0)

    def served_in(self, first: str, last: str) -> bool:
        return self.first <= last and self.last >= first


def of_patient(store: Store, patient_id: str) -> list[BackOfficeClaim]:
    """The person's claims; of a replaced one only what replaced it.

    Restricted ones (security label R or V) are left out: neither 277 nor 835 can carry the label,
    so whoever reads them could not withhold them from others.
    """
    return [*_adjudicated(store, patient_id), *_open(store, patient_id)]


def _find(store: Store, resource_type: str, patient_id: str) -> list[Json]:
    number = parameter_number(resource_type, "patient")
    found = store.find(
        resource_type, Filter(0, (reference_match(number, [f"Patient/{patient_id}"]),))
    )
    return [resource for resource in found if not _restricted(resource)]


def _restricted(resource: Json) -> bool:
    labels = items((resource.get("meta") or {}).get("security"))
    return any(label.get("code") in _RESTRICTED for label in labels)


def _adjudicated(store: Store, patient_id: str) -> Iterator[BackOfficeClaim]:
    for resource in _find(store, "ExplanationOfBenefit", patient_id):
        if resource.get("use", "claim") != "claim" or "replacedby" in _related(resource):
            continue
        amounts = _amounts(resource)
        payment = resource.get("payment") or {}
        value = (payment.get("amount") or {}).get("value")
        if value is not None:
            amounts["paidtoprovider"] = Decimal(str(value))
        yield BackOfficeClaim(
            number=_number(resource),
            category=_category(resource),
            **_days(resource),
            received=_received(resource),
            decided=_digits(payment.get("date") or resource.get("created")),
            amounts=amounts,
            lines=tuple(_line(item) for item in items(resource.get("item"))),
            reason=_reason(resource),
            reversed=resource.get("status") == "cancelled",
            provider=str((resource.get("provider") or {}).get("display", "")),
            dental="oral" in _codes(resource.get("type")),
        )


def _open(store: Store, patient_id: str) -> Iterator[BackOfficeClaim]:
    categories = {
        str((response.get("request") or {}).get("reference", "")): code
        for response in _find(store, "ClaimResponse", patient_id)
        for adjudication in items(response.get("adjudication"))
        for code in sorted(_codes(adjudication.get("reason")))
    }
    for resource in _find(store, "Claim", patient_id):
        total = (resource.get("total") or {}).get("value")
        yield BackOfficeClaim(
            number=_number(resource),
            category=categories.get(f"Claim/{resource['id']}", "P1"),
            **_days(resource),
            received=_digits(resource.get("created")),
            decided="",
            amounts={} if total is None else {"submitted": Decimal(str(total))},
            lines=tuple(_line(item) for item in items(resource.get("item"))),
            reason="",
            reversed=False,
            provider=str((resource.get("provider") or {}).get("display", "")),
            dental="oral" in _codes(resource.get("type")),
        )


def _category(resource: Json) -> str:
    """F1 paid, F2 denied, F3 revised, F0 finalised with no word on its payment."""
    if resource.get("status") == "cancelled":
        return "F3"
    said = _codes((resource.get("payment") or {}).get("type"))
    for adjudication in items(resource.get("adjudication")):
        if "benefitpaymentstatus" in _codes(adjudication.get("category")):
            said |= _codes(adjudication.get("reason"))
    if said & _PARTLY or {"paid", "denied"} <= {_PAID.get(code, "") for code in said}:
        return "F3" if "prior" in _related(resource) else "F1"
    states = {_PAID[code] for code in said if code in _PAID}
    if states == {"denied"}:
        return "F2"
    if states == {"paid"}:
        return "F3" if "prior" in _related(resource) else "F1"
    return "F0"


def _line(item: Json) -> Line:
    amounts = _amounts(item, name="adjudication")
    concept = item.get("productOrService") or {}
    system, code = next(iter(tokens(concept)), ("", ""))
    net = (item.get("net") or {}).get("value")
    billed = amounts.get("submitted", None if net is None else Decimal(str(net)))
    paid = amounts.get("benefit", amounts.get("paidtoprovider", Decimal(0)))
    return Line(
        code=code,
        qualifier="N4" if "ndc" in system else "AD" if "cdt" in system else "HC",
        billed=billed,
        paid=paid,
        denied=amounts.get("noncovered", Decimal(0)) > 0 and paid == 0,
    )


def _amounts(resource: Json, name: str = "total") -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for source in dict.fromkeys((name, "adjudication")):
        for each in items(resource.get(source)):
            value = (each.get("amount") or {}).get("value")
            for code in _codes(each.get("category")) if value is not None else ():
                found.setdefault(code, Decimal(str(value)))
    return found


def _days(resource: Json) -> dict[str, str]:
    days: list[str] = []
    for item in items(resource.get("item")):
        period = item.get("servicedPeriod") or {}
        days += [_digits(d) for d in (item.get("servicedDate"), *period.values()) if d]
    if not any(days):
        period = resource.get("billablePeriod") or {}
        days = [_digits(period.get(mark)) for mark in ("start", "end")]
    known = sorted(day for day in days if day)
    return {"first": known[0] if known else "", "last": known[-1] if known else ""}


def _digits(value: object) -> str:
    """A FHIR date as CCYYMMDD; empty for none, or for a date that is not a whole day."""
    text = str(value or "")[:10]
    try:
        return date.fromisoformat(text).strftime("%Y%m%d")
    except ValueError:
        return ""


def _received(resource: Json) -> str:
    for info in items(resource.get("supportingInfo")):
        if "clmrecvddate" in _codes(info.get("category")):
            return _digits(info.get("timingDate"))
    return ""


def _reason(resource: Json) -> str:
    for adjudication in items(resource.get("adjudication")):
        if _codes(adjudication.get("category")) & {"adjustmentreason", "rejectreason"}:
            return next(iter(sorted(_codes(adjudication.get("reason")))), "")
    return ""


def _number(resource: Json) -> str:
    values = [str(each["value"]) for each in items(resource.get("identifier")) if "value" in each]
    return values[0] if values else str(resource["id"])


def _related(resource: Json) -> set[str]:
    return {
        code
        for related in items(resource.get("related"))
        for code in _codes(related.get("relationship"))
    }


def _codes(concept: object) -> set[str]:
    return {code for _, code in tokens(concept)}
