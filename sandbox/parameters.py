"""Which search parameters a resource type has, and the values that a resource gives to each.

The definitions follow FHIR R4, Plan-Net 1.1.0, CARIN Blue Button 2.0.0, PDex 2 and the US Drug
Formulary 2.0. Values are taken by dotted paths through the JSON; lists are walked through.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["token", "string", "reference", "date", "special"]

PLAN_NET = "http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/"
NUCC = "http://nucc.org/provider-taxonomy"
FORMULARY = "http://hl7.org/fhir/us/davinci-drug-formulary/StructureDefinition/"

_MOMENT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)
_LOCAL_REFERENCE = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([^/|#?]+)(?:/_history/[^/]+)?(?:\|.*)?$")


@dataclass(frozen=True)
class Parameter:
    """One search parameter: `paths` into the resource, `targets` the types it may refer to.

    A path step `extension(NAME)` picks the extensions of that name.
    """

    kind: Kind
    paths: tuple[str, ...]
    targets: tuple[str, ...] = ()


def _token(*paths: str) -> Parameter:
    return Parameter("token", paths)


def _string(*paths: str) -> Parameter:
    return Parameter("string", paths)


def _date(*paths: str) -> Parameter:
    return Parameter("date", paths)


def _reference(path: str, *targets: str) -> Parameter:
    return Parameter("reference", (path,), targets)


_ADDRESS = {
    "address": _string("address.line", "address.city", "address.state", "address.postalCode"),
    "address-city": _string("address.city"),
    "address-state": _string("address.state"),
    "address-postalcode": _string("address.postalCode"),
}
_NETWORK = "extension(network-reference).valueReference"

# Every type answers to these.
COMMON: dict[str, Parameter] = {
    "_id": _token("id"),
    "_lastUpdated": _date("meta.lastUpdated"),
    "_profile": _token("meta.profile"),
    "_security": _token("meta.security"),
    "_tag": _token("meta.tag"),
    "identifier": _token("identifier"),
    "status": _token("status"),
}

PARAMETERS: dict[str, dict[str, Parameter]] = {
    "Patient": {
        "active": _token("active"),
        "name": _string("name.family", "name.given", "name.text"),
        "family": _string("name.family"),
        "given": _string("name.given"),
        "birthdate": _date("birthDate"),
        "gender": _token("gender"),
        "telecom": _token("telecom"),
        "phone": _token("telecom"),
        "email": _token("telecom"),
        **_ADDRESS,
    },
    "RelatedPerson": {
        "patient": _reference("patient", "Patient"),
        "name": _string("name.family", "name.given", "name.text"),
        "relationship": _token("relationship"),
        "active": _token("active"),
    },
    "ServiceRequest": {
        "patient": _reference("subject", "Patient"),
        "subject": _reference("subject", "Patient"),
        "authored": _date("authoredOn"),
        "intent": _token("intent"),
    },
    "Consent": {
        "patient": _reference("patient", "Patient"),
        "category": _token("category"),
        "scope": _token("scope"),
        "date": _date("dateTime"),
    },
    "Coverage": {
        "patient": _reference("beneficiary", "Patient"),
        "beneficiary": _reference("beneficiary", "Patient"),
        "subscriber": _reference("subscriber", "Patient", "RelatedPerson"),
        "policy-holder": _reference("policyHolder", "Patient", "Organization"),
        "payor": _reference("payor", "Organization", "Patient"),
        "type": _token("type"),
        "class-type": _token("class.type"),
        "class-value": _string("class.value"),
        "period": _date("period"),
    },
    "ExplanationOfBenefit": {
        "patient": _reference("patient", "Patient"),
        "use": _token("use"),
        "type": _token("type"),
        "created": _date("created"),
        "service-date": _date("billablePeriod", "item.servicedDate", "item.servicedPeriod"),
        "service-start-date": _date("billablePeriod.start", "item.servicedDate"),
        "billable-period-start": _date("billablePeriod.start"),
        "provider": _reference("provider", "Organization", "Practitioner", "PractitionerRole"),
        "coverage": _reference("insurance.coverage", "Coverage"),
        "disposition": _string("disposition"),
    },
    "Claim": {
        "patient": _reference("patient", "Patient"),
        "use": _token("use"),
        "type": _token("type"),
        "created": _date("created"),
        "service-date": _date("billablePeriod", "item.servicedDate", "item.servicedPeriod"),
        "provider": _reference("provider", "Organization", "Practitioner", "PractitionerRole"),
        "insurer": _reference("insurer", "Organization"),
    },
    "ClaimResponse": {
        "patient": _reference("patient", "Patient"),
        "use": _token("use"),
        "created": _date("created"),
        "outcome": _token("outcome"),
        "request": _reference("request", "Claim"),
        "insurer": _reference("insurer", "Organization"),
    },
    "CoverageEligibilityRequest": {
        "patient": _reference("patient", "Patient"),
        "created": _date("created"),
    },
    "CoverageEligibilityResponse": {
        "patient": _reference("patient", "Patient"),
        "created": _date("created"),
        "outcome": _token("outcome"),
        "request": _reference("request", "CoverageEligibilityRequest"),
    },
    "Practitioner": {
        "active": _token("active"),
        "name": _string("name.family", "name.given", "name.text"),
        "family": _string("name.family"),
        "given": _string("name.given"),
        "gender": _token("gender"),
        "communication": _token("communication"),
    },
    "PractitionerRole": {
        "active": _token("active"),
        "practitioner": _reference("practitioner", "Practitioner"),
        "organization": _reference("organization", "Organization"),
        "location": _reference("location", "Location"),
        "service": _reference("healthcareService", "HealthcareService"),
        "network": _reference(_NETWORK, "Organization"),
        "endpoint": _reference("endpoint", "Endpoint"),
        "role": _token("code"),
        "specialty": _token("specialty"),
        "new-patient": _token(
            "extension(newpatients).extension(acceptingPatients).valueCodeableConcept"
        ),
    },
    "Location": {
        "name": _string("name", "alias"),
        "type": _token("type"),
        "organization": _reference("managingOrganization", "Organization"),
        "partof": _reference("partOf", "Location"),
        "near": Parameter("special", ("position",)),
        **_ADDRESS,
    },
    "Organization": {
        "active": _token("active"),
        "name": _string("name", "alias"),
        "type": _token("type"),
        "partof": _reference("partOf", "Organization"),
        **_ADDRESS,
    },
    "HealthcareService": {
        "active": _token("active"),
        "name": _string("name"),
        "service-category": _token("category"),
        "service-type": _token("type"),
        "specialty": _token("specialty"),
        "organization": _reference("providedBy", "Organization"),
        "location": _reference("location", "Location"),
        "coverage-area": _reference("coverageArea", "Location"),
    },
    "OrganizationAffiliation": {
        "active": _token("active"),
        "primary-organization": _reference("organization", "Organization"),
        "participating-organization": _reference("participatingOrganization", "Organization"),
        "network": _reference("network", "Organization"),
        "location": _reference("location", "Location"),
        "service": _reference("healthcareService", "HealthcareService"),
        "role": _token("code"),
        "specialty": _token("specialty"),
    },
    "InsurancePlan": {
        "name": _string("name", "alias"),
        "type": _token("type"),
        "plan-type": _token("plan.type"),
        "owned-by": _reference("ownedBy", "Organization"),
        "administered-by": _reference("administeredBy", "Organization"),
        "coverage-area": _reference("coverageArea", "Location"),
        "network": _reference("network", "Organization"),
        "formulary-coverage": _reference(
            "coverage.extension(usdf-FormularyReference-extension).valueReference", "InsurancePlan"
        ),
    },
    "Endpoint": {
        "organization": _reference("managingOrganization", "Organization"),
        "connection-type": _token("connectionType"),
    },
    "Basic": {
        "code": _token("code"),
        "subject": _reference("subject", "MedicationKnowledge"),
        "formulary": _reference(
            "extension(usdf-FormularyReference-extension).valueReference", "InsurancePlan"
        ),
        "drug-tier": _token("extension(usdf-DrugTierID-extension).valueCodeableConcept"),
    },
    "MedicationKnowledge": {
        "code": _token("code"),
        "drug-name": _string("code.coding.display", "code.text", "synonym"),
        "doseform": _token("doseForm"),
    },
}

# Directory and formulary are public by rule, and a query about them must not need an identity.
OPEN_TYPES = frozenset(
    {
        "Practitioner",
        "PractitionerRole",
        "Location",
        "Organization",
        "HealthcareService",
        "OrganizationAffiliation",
        "InsurancePlan",
        "Endpoint",
        "Basic",
        "MedicationKnowledge",
    }
)

# A type that no guide of ours defines, from a foreign file, is still found by these.
_FALLBACK = {
    "patient": _reference("patient", "Patient"),
    "subject": _reference("subject", "Patient"),
    "name": _string("name"),
    "url": _token("url"),
}


@cache
def parameters_for(resource_type: str) -> dict[str, Parameter]:
    """All search parameters of a type, the common ones included."""
    return COMMON | PARAMETERS.get(resource_type, _FALLBACK)


def values(resource: Json, path: str) -> list[Any]:
    """Everything at a dotted path, lists walked through."""
    return walk(resource, steps(path))


@cache
def steps(path: str) -> tuple[str, ...]:
    """The steps of a dotted path; those into extensions begin with a bracket."""
    return tuple(path.replace("extension(", "(").replace(")", "").split("."))


def walk(resource: Json, path: tuple[str, ...]) -> list[Any]:
    """Everything at the steps of a path. Runs a dozen times for every resource that is stored."""
    nodes: list[Any] = [resource]
    for step in path:
        following: list[Any] = []
        for node in nodes:
            if not isinstance(node, dict):
                continue
            if step[0] == "(":
                found: Any = [
                    item
                    for item in items(node.get("extension"))
                    if str(item.get("url", "")).rsplit("/", 1)[-1] == step[1:]
                ]
            else:
                found = node.get(step)
            if isinstance(found, list):
                following += found
            elif found is not None:
                following.append(found)
        if not following:
            return following
        nodes = following
    return nodes


def items(value: Any) -> list[Json]:
    """The objects of a list; nothing where foreign data has something else there."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def tokens(value: Any) -> Iterator[tuple[str, str]]:
    """The (system, code) pairs of a code, Coding, CodeableConcept, Identifier or ContactPoint."""
    if isinstance(value, bool):
        yield "", "true" if value else "false"
    elif isinstance(value, str):
        yield "", value
    elif isinstance(value, dict):
        if "coding" in value:
            for coding in items(value["coding"]):
                yield from tokens(coding)
        elif "code" in value:
            yield str(value.get("system", "")), str(value["code"])
        elif "value" in value:
            yield str(value.get("system", "")), str(value["value"])


def reference_target(reference: str) -> str:
    """`Type/id` of a local, absolute or versioned reference; anything else as it stands."""
    match = _LOCAL_REFERENCE.search(reference)
    return f"{match[1]}/{match[2]}" if match else reference


def moments(value: Any) -> Iterator[tuple[str, str]]:
    """The first and last second (UTC, ISO, sortable) of a date, dateTime or Period."""
    if isinstance(value, str):
        span = date_span(value)
        if span:
            yield span
    elif isinstance(value, dict) and ("start" in value or "end" in value):
        start = date_span(str(value.get("start", "0001")))
        end = date_span(str(value.get("end", "9999")))
        if start and end:
            yield start[0], end[1]


@lru_cache(maxsize=20_000)
def date_span(text: str) -> tuple[str, str] | None:
    """What a FHIR date means, partial ones included: `2026-03` is the whole of March.

    Returns the first and last second as sortable ISO text, or None if it is no date. Days carry no
    zone in FHIR; they are compared as they are written, and moments in UTC.
    """
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        if match[4] is None:
            last = date(
                year,
                int(match[2] or 12),
                int(match[3] or calendar.monthrange(year, int(match[2] or 12))[1]),
            )
            return (
                f"{date(year, month, day).isoformat()}T00:00:00",
                f"{last.isoformat()}T23:59:59",
            )
        moment = datetime.combine(
            date(year, month, day), time(int(match[4]), int(match[5]), int(match[6] or 0))
        )
    except ValueError:
        return None
    zone = match[7]
    if zone and zone != "Z":
        moment = moment.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo)
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    until = moment if match[6] else moment + timedelta(seconds=59)
    return moment.isoformat(timespec="seconds"), until.isoformat(timespec="seconds")


def fold(text: str) -> str:
    """Text as string searches compare it: case and surrounding space don't count."""
    return " ".join(text.casefold().split())
