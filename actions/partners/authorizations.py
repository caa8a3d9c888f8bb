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
    reference_id,
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
        *(resource.get("preAuthRefPeriod") or ()),
        *(each["servicedPeriod"] for each in _items(resource) if "servicedPeriod" in each),
    ]
    period = periods[0] if periods else {}
    numbers = [
        *(number for _, number in actions if number),
        *(str(each) for each in resource.get("preAuthRef") or ()),
        *(str(each["value"]) for each in resource.get("identifier") or () if "value" in each),
    ]
    services = (words(each.get("productOrService")) for each in _items(resource))
    return Authorization(
        partner=membership.partner,
        id=str(resource.get("id", "")),
        number=numbers[0] if numbers else str(resource.get("id", "")),
        decision=_decision(resource, [code for code, _ in actions]),
        service=next((text for text in services if text), None),
        provider=(resource.get("provider") or {}).get("display"),
        start=day(period.get("start")),
        end=day(period.get("end")),
        requested_on=day(resource.get("created")),
        units_approved=_units(resource, "eligible"),
        units_used=_units(resource, "consumed"),
        notes=tuple(note["text"] for note in resource.get("processNote") or () if note.get("text")),
        sensitive=is_sensitive(resource),
        categories=kinds_of_care(resource),
    )


def _items(resource: Json) -> list[Json]:
    return [each for each in resource.get("item") or () if isinstance(each, Mapping)]


def _review_actions(resource: Json) -> Iterator[tuple[str, str | None]]:
    """The review action codes, of the items and of the whole, each with its number."""
    for part in [resource, *_items(resource)]:
        for holder in [part, *(part.get("adjudication") or ())]:
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
    for part in [resource, *_items(resource)]:
        for total in [*(part.get("total") or ()), *(part.get("adjudication") or ())]:
            if name in codes(total.get("category")):
                for each in extension(total, "PriorAuthorizationUtilization"):
                    count = decimal((each.get("valueQuantity") or {}).get("value"))
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
    performers = [each.get("display") for each in resource.get("performer") or ()]
    period = resource.get("occurrencePeriod") or {}
    identifiers = resource.get("identifier") or ()
    count = decimal((resource.get("quantityQuantity") or {}).get("value"))
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
