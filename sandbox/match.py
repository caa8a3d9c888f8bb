"""HRex `$member-match`: find the one member that another payer's record describes."""

from __future__ import annotations

from typing import Any

from sandbox.errors import FhirError
from sandbox.parameters import Json, date_span, fold, items, tokens
from sandbox.store import Filter, Store, date_match, parameter_number, string_match

_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"


def member_match(store: Store, parameters: Json) -> Json:
    """Answer the operation. FhirError 422 unless exactly one member fits.

    Family name, a given name and the birth date must agree; gender where both records have it. An
    identifier that we know narrows several to one; one that we don't know is another payer's.
    """
    patient, coverage = (_part(parameters, name) for name in ("MemberPatient", "CoverageToMatch"))
    if not isinstance(patient, dict) or not isinstance(coverage, dict):
        raise FhirError(400, "required", "MemberPatient and CoverageToMatch are both needed.")
    found = _candidates(store, patient)
    if len(found) > 1:
        wanted = _identifiers(patient) | _identifiers(coverage)
        found = [other for other in found if _identifiers(other) & wanted] or found
    if not found:
        raise FhirError(422, "processing", "No match was found.")
    if len(found) > 1:
        raise FhirError(422, "multiple-matches", "More than one match was found.")
    member = found[0]
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "MemberIdentifier", "valueIdentifier": _unique_identifier(member)},
            {"name": "MemberId", "valueReference": {"reference": f"Patient/{member['id']}"}},
        ],
    }


def described(parameters: Json) -> list[tuple[str, str]]:
    """The (birth date, family name) pairs that a match is asked for by."""
    patient = _part(parameters, "MemberPatient")
    if not isinstance(patient, dict):
        return []
    born = str(patient.get("birthDate", ""))
    return [(born, str(n["family"])) for n in items(patient.get("name")) if n.get("family")]


def _part(parameters: Json, name: str) -> Any:
    found = (p for p in items(parameters.get("parameter")) if p.get("name") == name)
    return next(found, {}).get("resource")


def _candidates(store: Store, patient: Json) -> list[Json]:
    span = date_span(str(patient.get("birthDate", "")))
    families = {
        fold(str(name["family"])) for name in items(patient.get("name")) if "family" in name
    }
    if not span or not families:
        raise FhirError(400, "required", "MemberPatient needs a name and a birth date.")
    born = Filter(1, (date_match(parameter_number("Patient", "birthdate"), "eq", *span),))
    pid = parameter_number("Patient", "family")
    named = Filter(2, (string_match(pid, sorted(families), "exact"),))
    return [other for other in store.find("Patient", born, named) if _same_person(patient, other)]


def _same_person(patient: Json, other: Json) -> bool:
    if not _given(patient) & _given(other):
        return False
    genders = {patient.get("gender"), other.get("gender")} - {None, "unknown"}
    return len(genders) < 2


def _given(patient: Json) -> set[str]:
    """First names only: a shared middle name is no match."""
    return {fold(str(name["given"][0])) for name in items(patient.get("name")) if name.get("given")}


def _identifiers(resource: Json) -> set[tuple[str, str]]:
    return {
        (system, fold(value))
        for identifier in items(resource.get("identifier"))
        for system, value in tokens(identifier)
    }


def _unique_identifier(member: Json) -> dict[str, Any]:
    identifiers = items(member.get("identifier")) or [{"value": member["id"]}]
    first = identifiers[0]
    return {
        "type": {"coding": [{"system": _TYPES, "code": "UMB"}]},
        **{name: first[name] for name in ("system", "value") if name in first},
    }
