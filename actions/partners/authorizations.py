"""Prior authorizations (PDex) and referrals (ServiceRequest).

A prior authorization's state is its review action (X12 306) and never `outcome`, whose values
stand beside any decision. The extension is known by its name: PAS and PDex publish it under
different bases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from actions.partners.fhir_values import (
    codes,
    day,
    decimal,
    extension,
    items,
    part,
    reference_id,
    texts,
    words,
)
from actions.partners.sensitivity import is_sensitive, kinds_of_care
from alliance.authorizations import Authorization, Decision, Referral
from alliance.verified import Membership

Json = Mapping[str, Any]

_DECISIONS: dict[str, Decision] = {
    "A1": "approved",
    "A2": "partly_approved",
    "A6": "partly_approved",
    "A3": "denied",
    "A4": "pending",
    "C": "cancelled",
}
_REFERRAL_STATES: dict[str, Literal["active", "draft", "used", "cancelled"]] = {
    "active": "active",
    "draft": "draft",
    "on-hold": "draft",
    "completed": "used",
    "revoked": "cancelled",
}


def authorization(resource: Json, membership: Membership) -> Authorization | None:
    """An ExplanationOfBenefit of use `preauthorization`, of this very member."""
    if (
        resource.get("use") != "preauthorization"
        or reference_id(resource.get("patient")) != membership.patient_id
        or resource.get("status") == "entered-in-error"
    ):
        return None
    actions = list(_review_actions(resource))
    periods = [
        *items(resource.get("preAuthRefPeriod")),
        *(
            each["servicedPeriod"]
            for each in items(resource.get("item"))
            if part(each.get("servicedPeriod"))
        ),
    ]
    period: Json = next(filter(None, periods), {})
    numbers = [
        *(number for _, number in actions if number),
        *texts(resource.get("preAuthRef")),
        *(str(each["value"]) for each in items(resource.get("identifier")) if "value" in each),
    ]
    services = (words(each.get("productOrService")) for each in items(resource.get("item")))
    return Authorization(
        partner=membership.partner,
        id=str(resource.get("id", "")),
        number=numbers[0] if numbers else str(resource.get("id", "")),
        decision=_decision(resource, [code for code, _ in actions]),
        service=next((text for text in services if text), None),
        provider=part(resource.get("provider")).get("display"),
        start=day(period.get("start")),
        end=day(period.get("end")),
        requested_on=day(resource.get("created")),
        units_approved=_units(resource, "eligible"),
        units_used=_units(resource, "consumed"),
        notes=tuple(
            str(note["text"]) for note in items(resource.get("processNote")) if note.get("text")
        ),
        sensitive=is_sensitive(resource),
        categories=kinds_of_care(resource),
    )


def _review_actions(resource: Json) -> Iterator[tuple[str, str | None]]:
    """The review action codes, of the items and of the whole, each with its number."""
    for whole in [resource, *items(resource.get("item"))]:
        for holder in [whole, *items(whole.get("adjudication"))]:
            for action in extension(holder, "extension-reviewAction"):
                number = next(
                    (each.get("valueString") for each in extension(action, "number")), None
                )
                for each in extension(action, "reviewActionCode"):
                    for code in sorted(codes(each.get("valueCodeableConcept"))):
                        yield code, number


def _decision(resource: Json, actions: list[str]) -> Decision:
    if resource.get("status") == "cancelled":
        return "cancelled"
    decided = {_DECISIONS.get(code, "unknown") for code in actions}
    if len(decided) == 1:
        return decided.pop()
    if decided <= {"approved", "partly_approved", "denied"} and decided:
        return "partly_approved"
    return "unknown"


def _units(resource: Json, name: str) -> int | None:
    """Allowed or consumed units: PDex keeps them in an extension of `total`."""
    for holder in [resource, *items(resource.get("item"))]:
        for total in [*items(holder.get("total")), *items(holder.get("adjudication"))]:
            if name in codes(total.get("category")):
                for each in extension(total, "PriorAuthorizationUtilization"):
                    count = decimal(part(each.get("valueQuantity")).get("value"))
                    if count is not None and count == int(count):
                        return int(count)
    return None


def referral(resource: Json, membership: Membership) -> Referral | None:
    """A ServiceRequest that refers this very member to somebody."""
    if (
        reference_id(resource.get("subject")) != membership.patient_id
        or resource.get("status") == "entered-in-error"
    ):
        return None
    performers = [each.get("display") for each in items(resource.get("performer"))]
    period = part(resource.get("occurrencePeriod"))
    identifiers = items(resource.get("identifier"))
    count = decimal(part(resource.get("quantityQuantity")).get("value"))
    return Referral(
        partner=membership.partner,
        id=str(resource.get("id", "")),
        number=next((str(each["value"]) for each in identifiers if "value" in each), ""),
        to=next((name for name in performers if name), words(resource.get("performerType"))),
        service=words(resource.get("code")),
        state=_REFERRAL_STATES.get(str(resource.get("status")), "unknown"),
        start=day(period.get("start")),
        end=day(period.get("end")),
        visits=int(count) if count is not None and count == int(count) else None,
        sensitive=is_sensitive(resource),
        categories=kinds_of_care(resource),
    )
