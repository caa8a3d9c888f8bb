"""Plan-Net resources read into listings: a provider's role at a location, or a place.

Source: Da Vinci PDex Plan-Net 1.1 (plannet-PractitionerRole, -Practitioner, -Location,
-HealthcareService, -Organization, -OrganizationAffiliation). What cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, cast, get_args

from actions.partners.fhir_values import codes, extension, items, reference_id, words
from alliance.directory import Listing, OpenHours, Weekday
from alliance.geography import miles_between

Json = Mapping[str, Any]
Point = tuple[float, float]

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
_TAKES_NEW = {"newpt": True, "existptfam": False, "existptonly": False, "nopt": False}
# Plan-Net's AccessibilityCS and HL7's location accessibility: what a wheelchair needs.
_WHEELCHAIR = frozenset({"adacomp", "mobility", "ada"})
_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def role_listing(key: str, role: Json, person: Json, location: Json, miles: float) -> Listing:
    """A provider at one practice location."""
    concepts = items(role.get("specialty"))
    return _listing(
        key,
        location,
        miles,
        npi=npi_of(person),
        name=person_name(person),
        specialty=(words(concepts[0]) if concepts else None) or "",
        phone=_phone(role) or _phone(location),
        networks=role_networks(role),
        accepting=_accepting(role),
        languages=tuple(
            code for each in items(person.get("communication")) for code in sorted(codes(each))
        ),
        specialty_codes=frozenset(codes(concepts)),
        gender=str(person["gender"]) if person.get("gender") else None,
        hours=_hours(role.get("availableTime"), "availableStartTime", "availableEndTime")
        or _hours(location.get("hoursOfOperation"), "openingTime", "closingTime"),
    )


def place_listing(
    key: str,
    name: str,
    services: Iterable[Json],
    organization: Json,
    location: Json,
    networks: frozenset[str],
    miles: float,
) -> Listing:
    """A hospital, laboratory, pharmacy or other place, by the services that it gives there."""
    given = list(services)
    concepts = [concept for service in given for concept in items(service.get("specialty"))]
    return _listing(
        key,
        location,
        miles,
        npi=npi_of(organization),
        name=name,
        specialty=(words(concepts[0]) if concepts else None) or "",
        phone=next((phone for each in given if (phone := _phone(each))), None)
        or _phone(location)
        or _phone(organization),
        networks=networks,
        accepting=None,
        languages=(),
        specialty_codes=frozenset(codes(concepts)),
        gender=None,
        hours=next(
            (
                hours
                for each in given
                if (
                    hours := _hours(
                        each.get("availableTime"), "availableStartTime", "availableEndTime"
                    )
                )
            ),
            (),
        )
        or _hours(location.get("hoursOfOperation"), "openingTime", "closingTime"),
        kind="place",
    )


def _listing(key: str, location: Json, miles: float, **told: Any) -> Listing:
    address = location.get("address")
    address = address if isinstance(address, Mapping) else {}
    latitude, longitude = position(location) or (0.0, 0.0)
    lines = address.get("line")
    return Listing(
        address=", ".join(str(line) for line in lines) if isinstance(lines, list) else "",
        city=str(address.get("city", "")),
        state=str(address.get("state", "")),
        zip=str(address.get("postalCode", ""))[:5],
        miles=miles,
        partners=(key,),
        latitude=latitude,
        longitude=longitude,
        wheelchair=_wheelchair(location),
        **told,
    )


def position(location: Json) -> Point | None:
    """Latitude and longitude in degrees."""
    told = location.get("position")
    try:
        return (float(told["latitude"]), float(told["longitude"])) if told else None
    except (KeyError, TypeError, ValueError):
        return None


def miles_from(point: Point | None, location: Json) -> float | None:
    """How far the location is from a point: 0 without a point, None for an unknown position."""
    here = position(location)
    if here is None:
        return None
    return 0.0 if point is None else miles_between(*point, *here)


def references(value: Any) -> list[str]:
    """The ids that a list of References leads to."""
    return [i for each in items(value) if (i := reference_id(each))]


def role_networks(role: Json) -> frozenset[str]:
    """The networks of a role: extensions, which a search by network may overlook."""
    return frozenset(
        identifier
        for each in extension(role, "network-reference")
        if (identifier := reference_id(each.get("valueReference")))
    )


def npi_of(resource: Json) -> str:
    """The National Provider Identifier, or a mark that keeps two without one apart."""
    for identifier in items(resource.get("identifier")):
        if str(identifier.get("system", "")).endswith("us-npi"):
            return str(identifier.get("value", ""))
    return f"without NPI: {resource.get('id')}"


def person_name(person: Json) -> str:
    """A practitioner's name as it is said."""
    name = next(iter(items(person.get("name"))), cast(Json, {}))
    if name.get("text"):
        return str(name["text"])
    parts = [*_texts(name.get("prefix")), *_texts(name.get("given")), str(name.get("family", ""))]
    suffix = ", ".join(_texts(name.get("suffix")))
    full = " ".join(part for part in parts if part)
    return f"{full}, {suffix}" if suffix else full


def name_parts(person: Json) -> tuple[list[str], str]:
    """A practitioner's given names and family name."""
    name = next(iter(items(person.get("name"))), cast(Json, {}))
    given, family = _texts(name.get("given")), str(name.get("family", ""))
    if not family and name.get("text"):
        *given, family = str(name["text"]).split()
    return given, family


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _phone(resource: Json) -> str | None:
    return next(
        (
            str(each["value"])
            for each in items(resource.get("telecom"))
            if each.get("system") == "phone" and each.get("value")
        ),
        None,
    )


def _accepting(role: Json) -> bool | None:
    for new_patients in extension(role, "newpatients"):
        for part in extension(new_patients, "acceptingPatients"):
            for code in codes(part.get("valueCodeableConcept")):
                return _TAKES_NEW.get(code)
    return None


def _wheelchair(location: Json) -> bool | None:
    said = {
        code
        for each in extension(location, "accessibility")
        for code in codes(each.get("valueCodeableConcept"))
    }
    # A list without it does not say that there is no ramp.
    return True if said & _WHEELCHAIR else None


def _hours(value: Any, opening: str, closing: str) -> tuple[OpenHours, ...]:
    found = []
    for each in items(value):
        told = each.get("daysOfWeek")
        named = set(told) if isinstance(told, list) else set()
        days = tuple(day for day in _WEEKDAYS if day in named)
        if not days:
            continue
        if each.get("allDay") is True:
            found.append(OpenHours(days, None, None))
            continue
        opens, closes = _time(each.get(opening)), _time(each.get(closing))
        if opens and closes:
            found.append(OpenHours(days, opens, closes))
    return tuple(found)


def _time(value: Any) -> time | None:
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        return None
