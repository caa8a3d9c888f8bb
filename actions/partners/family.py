"""The people of a family as a partner's file shows them: who depends on whom, and who allowed what.

Source: C4BB-Coverage (`subscriber`, `beneficiary`, `relationship`), Patient, and FHIR R4 Consent
whose provision permits or denies an actor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.partners.fhir_values import (
    codes,
    day,
    items,
    part,
    reference_id,
    texts,
)
from alliance.coverage import Relationship
from alliance.disclosure import Dependant, Permission
from alliance.verified import Membership

Json = Mapping[str, Any]

_RELATIONSHIPS: dict[str, Relationship] = {"spouse": "spouse", "child": "child"}


def beneficiaries(coverages: Iterable[Json], subscriber: Membership) -> dict[str, Relationship]:
    """The patient ids of those who are covered through the subscriber, with their relationship."""
    found: dict[str, Relationship] = {}
    for resource in coverages:
        patient = reference_id(resource.get("beneficiary"))
        if (
            reference_id(resource.get("subscriber")) == subscriber.patient_id
            and resource.get("status") != "entered-in-error"
            and patient not in (None, subscriber.patient_id)
        ):
            said = codes(resource.get("relationship"))
            kind = next((_RELATIONSHIPS[code] for code in sorted(said & set(_RELATIONSHIPS))), None)
            found[str(patient)] = kind or "other"
    return found


def dependant(
    patient: Json,
    relationship: Relationship,
    consents: Iterable[Json] | None,
    partner: str,
) -> Dependant:
    """One of them. `consents` None: the partner does not tell any."""
    patient_id = str(patient["id"])
    names = [name for name in items(patient.get("name")) if name.get("use") != "old"]
    firsts = [next(iter(texts(name.get("given"))), "") for name in names]
    homes = [each for each in items(patient.get("address")) if each.get("use") != "old"]
    return Dependant(
        partner=partner,
        patient_id=patient_id,
        first_names=tuple(dict.fromkeys(name for name in firsts if name)),
        birth_date=day(patient.get("birthDate")),
        gender=str(patient.get("gender", "")),
        relationship=relationship,
        state=next((str(home["state"]) for home in homes if home.get("state")), None),
        permissions=None if consents is None else _permissions(consents, patient_id),
    )


def _permissions(consents: Iterable[Json], patient_id: str) -> tuple[Permission, ...]:
    found: list[Permission] = []
    for consent in consents:
        if reference_id(consent.get("patient")) == patient_id and consent.get("status") == "active":
            scopes = codes(consent.get("scope"))
            if scopes and "patient-privacy" not in scopes:
                continue
            provision = part(consent.get("provision"))
            # What cannot be read may be a denial.
            unread = [Permission("deny", None)] if "type" not in provision else []
            found += _of_provision(provision) or unread
            # An exception inside a provision only ever takes away here.
            for exception in items(provision.get("provision")):
                found += [each for each in _of_provision(exception) if each.effect == "deny"]
    return tuple(found)


def _of_provision(provision: Json) -> list[Permission]:
    effect = provision.get("type")
    if effect not in ("permit", "deny"):
        return []
    period = part(provision.get("period"))
    start, end = day(period.get("start")), day(period.get("end"))
    unreadable = (period.get("start") and not start) or (period.get("end") and not end)
    if effect == "permit" and unreadable:
        return []
    actors = [reference_id(each.get("reference")) for each in items(provision.get("actor"))]
    # A denial that names nobody bars everybody; a permission that names nobody opens nothing.
    return [Permission(effect, actor, start, end) for actor in actors or [None]]
