"""A member's representatives, read from FHIR R4 Consent (`provision` permits an actor) and the
RelatedPerson that it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.partners.fhir_values import codes, day, items, reference_id, words
from alliance.representatives import Representative

Json = Mapping[str, Any]

# What limits a provision beside its time (Consent.provision).
_LIMITS = ("action", "class", "purpose", "code", "securityLabel")
_UNREAD = ("data", "dataPeriod", "provision")


def representatives(
    consents: Iterable[Json], people: Iterable[Json], patient_id: str, partner: str
) -> list[Representative]:
    """The permissions of that very member that name somebody, as they stand on file."""
    named = {str(each.get("id")): each for each in people}
    found = []
    for consent in consents:
        provision = consent.get("provision")
        scopes = codes(consent.get("scope"))
        if (
            reference_id(consent.get("patient")) != patient_id
            or consent.get("status") != "active"
            or (scopes and "patient-privacy" not in scopes)
            or not isinstance(provision, Mapping)
            or provision.get("type") != "permit"
        ):
            continue
        period = provision.get("period") or {}
        start, end = day(period.get("start")), day(period.get("end"))
        if (period.get("start") and not start) or (period.get("end") and not end):
            # Nobody knows when such a permission holds: as if it were none.
            continue
        limits = [
            text for name in _LIMITS for each in _list(provision.get(name)) if (text := _said(each))
        ]
        given = [name for name in (*_LIMITS, *_UNREAD) if provision.get(name)]
        for actor in items(provision.get("actor")):
            reference = actor.get("reference") or {}
            person = named.get(reference_id(reference) or "", {})
            found.append(
                Representative(
                    partner=partner,
                    consent_id=str(consent.get("id", "")),
                    name=_name(person) or reference.get("display"),
                    relationship=next(
                        (
                            text
                            for each in items(person.get("relationship"))
                            if (text := _said(each))
                        ),
                        None,
                    ),
                    title=(consent.get("policyRule") or {}).get("text"),
                    start=start,
                    end=end,
                    limits=tuple(dict.fromkeys(limits)),
                    unread_limits=bool(given) and not limits,
                )
            )
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _said(value: Any) -> str | None:
    """The words of a CodeableConcept, or of a Coding."""
    if isinstance(value, Mapping) and "display" in value and "coding" not in value:
        return str(value["display"])
    return words(value)


def _name(person: Json) -> str | None:
    for each in items(person.get("name")):
        told = (
            each.get("text") or " ".join([*each.get("given", ()), each.get("family", "")]).strip()
        )
        if told:
            return str(told)
    return None
