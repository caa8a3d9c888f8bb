"""CARIN Blue Button and pending claims, read into the domain's Coverage and Claim.

Source: CARIN IG for Blue Button 2.0 (C4BB-Coverage, C4BB-ExplanationOfBenefit); FHIR R4 Claim and
ClaimResponse with X12 277 status categories for what is not adjudicated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from actions.partners.capabilities import MemberRecord
from actions.partners.fhir_values import (
    codes,
    day,
    items,
    money,
    part,
    reference_id,
    span,
    texts,
    words,
)
from actions.partners.sensitivity import is_sensitive, kinds_of_care
from alliance.claims import Claim, ClaimForm, ClaimState
from alliance.coverage import Coverage, LineOfBusiness, Relationship
from alliance.verified import Membership

Json = Mapping[str, Any]
Decisions = list[tuple[set[str], Json]]

_RELATIONSHIPS: dict[str, Relationship] = {"self": "self", "spouse": "spouse", "child": "child"}
_PAYMENTS: dict[str, ClaimState] = {
    "paid": "paid",
    "complete": "paid",
    "partiallypaid": "partly_paid",
    "partially-paid": "partly_paid",
    "partial": "partly_paid",
    "denied": "denied",
    "reversed": "reversed",
}
# X12 277 claim status categories: A acknowledged, P pending (P3 and P4 wait for information).
_STATUS_CATEGORIES: dict[str, ClaimState] = {"A": "received", "P": "pending"}
_WAITS_FOR_INFORMATION = frozenset({"P3", "P4"})


def member_record(patient: Json, today: date) -> MemberRecord:
    """What verification compares. Addresses that ended more than 12 months ago don't count: whoever
    has no later one on file is proven by a person.
    """
    addresses = [each for each in items(patient.get("address")) if each.get("postalCode")]
    counting = [each for each in addresses if _counts(each, today)]
    names = [name for name in items(patient.get("name")) if name.get("use") != "old"]
    given = [" ".join(texts(name.get("given"))) for name in names]
    firsts = [next(iter(texts(name.get("given"))), "") for name in names]
    identifiers = items(patient.get("identifier")) or [{}]
    return MemberRecord(
        patient_id=str(patient["id"]),
        member_id=str(identifiers[0].get("value", "")),
        first_names=tuple(dict.fromkeys(name for name in (*firsts, *given) if name)),
        family_name=next((name["family"] for name in names if name.get("family")), ""),
        birth_date=day(patient.get("birthDate")),
        zips=frozenset(str(address["postalCode"])[:5] for address in counting),
        gender=str(patient.get("gender", "")),
        phone_endings=frozenset(_phone_endings(patient)),
        house_numbers=frozenset(
            number[0]
            for each in counting
            for line in texts(each.get("line"))
            if (number := re.match(r"\d+", str(line)))
        ),
    )


def _phone_endings(patient: Json) -> Iterator[str]:
    """The last four digits of the phones in use."""
    for each in items(patient.get("telecom")):
        figures = "".join(c for c in str(each.get("value", "")) if c.isdigit())
        ended = part(each.get("period")).get("end") or each.get("use") == "old"
        if each.get("system") in ("phone", "sms") and len(figures) >= 7 and not ended:
            yield figures[-4:]


def _counts(address: Json, today: date) -> bool:
    ended = span(part(address.get("period")).get("end"))
    if ended is None:
        return address.get("use") != "old"
    return ended[1] >= _a_year_before(today)


def _a_year_before(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def coverage(resource: Json, membership: Membership) -> Coverage | None:
    """A Coverage of this very member, or None when it is somebody else's."""
    if (
        reference_id(resource.get("beneficiary")) != membership.patient_id
        or resource.get("status") == "entered-in-error"
    ):
        return None
    period = part(resource.get("period"))
    starts, ends = span(period.get("start")), span(period.get("end"))
    # A day that cannot be read is not an open one: nobody knows what such a coverage covers.
    unreadable = (period.get("start") and not starts) or (period.get("end") and not ends)
    classes = {
        next(iter(codes(each.get("type"))), ""): each for each in items(resource.get("class"))
    }
    identifiers = items(resource.get("identifier"))
    return Coverage(
        partner=membership.partner,
        id=str(resource.get("id", "")),
        patient_id=membership.patient_id,
        member_id=next((str(each["value"]) for each in identifiers if "value" in each), ""),
        line=_line(resource),
        status="unreadable" if unreadable else str(resource.get("status", "")),
        start=starts[0] if starts else None,
        end=ends[1] if ends else None,
        group=classes.get("group", {}).get("value"),
        group_name=classes.get("group", {}).get("name"),
        plan_name=classes.get("plan", {}).get("name"),
        network_name=resource.get("network") or classes.get("network", {}).get("name"),
        relationship=next(
            (
                _RELATIONSHIPS[code]
                for code in codes(resource.get("relationship"))
                if code in _RELATIONSHIPS
            ),
            "other",
        ),
        order=resource.get("order") if isinstance(resource.get("order"), int) else None,
        networks=frozenset(
            str(each["value"])
            for each in items(resource.get("class"))
            if "network" in codes(each.get("type")) and each.get("value")
        ),
        plan_id=classes.get("plan", {}).get("value"),
        kind=words(resource.get("type")),
        kind_codes=frozenset(codes(resource.get("type"))),
        subscriber_id=resource.get("subscriberId"),
    )


def _line(resource: Json) -> LineOfBusiness:
    said = " ".join([*codes(resource.get("type")), words(resource.get("type")) or ""]).lower()
    lines: tuple[tuple[LineOfBusiness, tuple[str, ...]], ...] = (
        ("dental", ("dent",)),
        ("pharmacy", ("drug", "pharm")),
        ("behavioral", ("mental", "mentp", "behav")),
        ("fsa", ("fsa", "flexible")),
    )
    return next((line for line, marks in lines if any(m in said for m in marks)), "medical")


def adjudicated(resource: Json, membership: Membership) -> Claim | None:
    """An ExplanationOfBenefit of this very member; its `patient` decides whose it is."""
    if (
        reference_id(resource.get("patient")) != membership.patient_id
        or resource.get("status") == "entered-in-error"
    ):
        return None
    totals = _amounts(resource.get("total"))
    header = _amounts(resource.get("adjudication"))
    decisions = _decisions(resource)
    payment = part(resource.get("payment"))

    def total(*names: str) -> Decimal | None:
        return next(
            (amounts[name] for amounts in (totals, header) for name in names if name in amounts),
            None,
        )

    paid_to = [each for name in ("paidtoprovider", "paidtopatient") if (each := total(name))]
    paid = money(payment.get("amount"))
    if paid is None:
        paid = sum(paid_to, Decimal(0)) if paid_to else total("paidtoprovider", "paidtopatient")
    first, last = _served(resource)
    billed = _billed(resource)
    is_authorization = resource.get("use") == "preauthorization"
    return Claim(
        partner=membership.partner,
        id=str(resource.get("id", "")),
        number=_number(resource),
        kind="preauthorization" if is_authorization else "claim",
        state=_state(resource, payment, decisions),
        service_start=first,
        service_end=last,
        received_on=_received(resource),
        paid_on=day(payment.get("date")),
        billed=total("submitted"),
        allowed=total("eligible"),
        paid=paid,
        benefit=total("benefit"),
        member_owes=total("memberliability"),
        deductible=total("deductible"),
        copay=total("copay"),
        coinsurance=total("coinsurance"),
        not_covered=total("noncovered"),
        paid_by_member=total("paidbypatient"),
        provider=part(resource.get("provider")).get("display"),
        service=_service(resource),
        line=_claim_line(resource),
        notes=tuple(
            note["text"] for note in items(resource.get("processNote")) if note.get("text")
        ),
        replaced_by=_replaced_by(resource),
        sensitive=is_sensitive(resource),
        billed_from=billed[0] if billed else None,
        billed_to=billed[1] if billed else None,
        reasons=_reasons(decisions),
        in_network=_in_network(decisions),
        form=_form(resource),
        place=_place(resource),
        categories=kinds_of_care(resource),
        replaces=_replaces(resource),
        codes=_procedures(resource),
    )


def unadjudicated(claim: Json, responses: Iterable[Json], membership: Membership) -> Claim | None:
    """A Claim with what ClaimResponses say of it so far; None when it is somebody else's."""
    if (
        reference_id(claim.get("patient")) != membership.patient_id
        or claim.get("use") not in (None, "claim")
        or claim.get("status") in ("cancelled", "entered-in-error")
    ):
        return None
    claim_id = str(claim.get("id", ""))
    answers = [
        each
        for each in responses
        if reference_id(each.get("request")) == claim_id
        and reference_id(each.get("patient")) == membership.patient_id
    ]
    categories = {
        code
        for answer in answers
        for each in items(answer.get("adjudication"))
        for code in codes(each.get("reason"))
    }
    first, last = _served(claim)
    billed = money(claim.get("total"))
    nets = [money(item.get("net")) for item in items(claim.get("item"))]
    if billed is None and nets and all(net is not None for net in nets):
        billed = sum((net for net in nets if net is not None), Decimal(0))
    return Claim(
        partner=membership.partner,
        id=claim_id,
        number=_number(claim),
        kind="claim",
        state=_open_state(categories),
        service_start=first,
        service_end=last,
        received_on=day(claim.get("created")),
        paid_on=None,
        billed=billed,
        allowed=None,
        paid=None,
        benefit=None,
        member_owes=None,
        deductible=None,
        copay=None,
        coinsurance=None,
        not_covered=None,
        paid_by_member=None,
        provider=part(claim.get("provider")).get("display"),
        service=_service(claim),
        line=_claim_line(claim),
        notes=tuple(
            note["text"]
            for answer in answers
            for note in items(answer.get("processNote"))
            if note.get("text")
        ),
        sensitive=is_sensitive(claim),
        form=_form(claim),
        place=_place(claim),
        categories=kinds_of_care(claim),
        codes=_procedures(claim),
    )


def _open_state(categories: set[str]) -> ClaimState:
    if categories & _WAITS_FOR_INFORMATION:
        return "information_requested"
    for mark in ("P", "A"):
        if any(code.startswith(mark) for code in categories):
            return _STATUS_CATEGORIES[mark]
    return "pending"


def _decisions(resource: Json) -> Decisions:
    """The adjudications of the claim and then of its items, each with its categories."""
    return [
        (codes(each.get("category")), each)
        for item in [resource, *items(resource.get("item"))]
        for each in items(item.get("adjudication"))
    ]


def _state(resource: Json, payment: Json, decisions: Decisions) -> ClaimState:
    if resource.get("status") == "cancelled":
        return "reversed"
    said = codes(payment.get("type"))
    for categories, each in decisions:
        if "benefitpaymentstatus" in categories:
            said |= codes(each.get("reason"))
    states = {_PAYMENTS[code] for code in said if code in _PAYMENTS}
    if len(states) == 1:
        state = states.pop()
        prior = any("prior" in codes(r.get("relationship")) for r in items(resource.get("related")))
        return "adjusted" if prior and state in ("paid", "partly_paid") else state
    if states:
        return "partly_paid"
    if resource.get("status") == "draft" or resource.get("outcome") == "queued":
        return "pending"
    return "processed"


def _amounts(entries: Any) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for entry in items(entries):
        amount = money(entry.get("amount"))
        if amount is not None:
            for code in codes(entry.get("category")):
                found.setdefault(code, amount)
    return found


def _served(resource: Json) -> tuple[date | None, date | None]:
    """First and last day of service: the items' days, or else the billable period."""
    days: list[date] = []
    for item in items(resource.get("item")):
        period = part(item.get("servicedPeriod"))
        marks = (item.get("servicedDate"), period.get("start"), period.get("end"))
        days += [value for mark in marks if (value := day(mark))]
    if not days:
        period = part(resource.get("billablePeriod"))
        days = [value for mark in (period.get("start"), period.get("end")) if (value := day(mark))]
    return (min(days), max(days)) if days else (None, None)


def _billed(resource: Json) -> tuple[date, date] | None:
    """The billed period; a partial date stands for all the days that it may mean."""
    period = part(resource.get("billablePeriod"))
    found = [days for mark in ("start", "end") if (days := span(period.get(mark)))]
    return (found[0][0], found[-1][1]) if found else None


def _received(resource: Json) -> date | None:
    for info in items(resource.get("supportingInfo")):
        if "clmrecvddate" in codes(info.get("category")):
            return day(info.get("timingDate"))
    return None


def _number(resource: Json) -> str:
    values = [str(each["value"]) for each in items(resource.get("identifier")) if "value" in each]
    return values[0] if values else str(resource.get("id", ""))


def _service(resource: Json) -> str | None:
    served = (words(item.get("productOrService")) for item in items(resource.get("item")))
    return next((text for text in served if text), None)


def _procedures(resource: Json) -> frozenset[str]:
    """The procedure codes of the items, as billed."""
    return frozenset(
        code.upper()
        for item in items(resource.get("item"))
        for code in codes(item.get("productOrService"))
    )


def _claim_line(resource: Json) -> Any:
    kinds = codes(resource.get("type"))
    if "oral" in kinds:
        return "dental"
    return "pharmacy" if "pharmacy" in kinds else "medical"


def _reasons(decisions: Decisions) -> tuple[str, ...]:
    """X12 claim adjustment reasons of the claim and its items, each once (CARIN keeps them in
    `adjustmentreason` and, for drugs, `rejectreason`).
    """
    found: list[str] = []
    for categories, each in decisions:
        if categories & {"adjustmentreason", "rejectreason", "denialreason"}:
            found += sorted(codes(each.get("reason")))
    return tuple(dict.fromkeys(found))


def _in_network(decisions: Decisions) -> bool | None:
    said: set[str] = set()
    for categories, each in decisions:
        if any("networkstatus" in code for code in categories):
            said |= codes(each.get("reason"))
    if "outofnetwork" in said:
        return False
    return True if "innetwork" in said else None


def _form(resource: Json) -> ClaimForm | None:
    kinds = codes(resource.get("type"))
    forms: tuple[ClaimForm, ...] = ("institutional", "professional", "pharmacy", "oral")
    return next((form for form in forms if form in kinds), None)


def _place(resource: Json) -> str | None:
    """The CMS place-of-service code of the first item that has one."""
    places = (codes(each.get("locationCodeableConcept")) for each in items(resource.get("item")))
    return next((min(found) for found in places if found), None)


def _replaces(resource: Json) -> str | None:
    for related in items(resource.get("related")):
        if "prior" in codes(related.get("relationship")):
            reference = part(related.get("reference"))
            return str(reference["value"]) if "value" in reference else None
    return None


def _replaced_by(resource: Json) -> str | None:
    for related in items(resource.get("related")):
        if "replacedby" in codes(related.get("relationship")):
            return reference_id(related.get("claim")) or "another claim"
    return None
