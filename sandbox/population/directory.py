"""Invented providers and facilities as Plan-Net resources.

The same sequence of providers is made for every partner, each with a test NPI; a partner's
directory lists its share, so that some doctors stand in two directories under one NPI.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from sandbox.parameters import NUCC, PLAN_NET, Json
from sandbox.population.formulary import drug_costs, drug_coverage, formulary_resources
from sandbox.population.names import FAMILY_NAMES, FEMALE_NAMES, MALE_NAMES, STREETS
from sandbox.population.places import CITIES, City, Zip, around, in_area, ordinary_zips, zip_code
from sandbox.population.plans import plans_of
from sandbox.population.scale import FULL, ScaleName, allotments, region_of
from sandbox.profiles import Profile, load_profile

PLAN_NET_CODES = "http://hl7.org/fhir/us/davinci-pdex-plan-net/CodeSystem/"
NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
SEED = "directory-1"

# Test NPIs: ten digits with a right check digit, all beginning 100 or 101.
_NPI_BASE = 100_000_000
_FURTHER_NPI_BASE = 100_100_000
_FACILITY_NPI_BASE = 100_900_000
_FURTHER_FACILITY_NPI_BASE = 101_000_000


@dataclass(frozen=True)
class Specialty:
    """A NUCC taxonomy code with our own plain words. `share`: how many to a practice area."""

    code: str
    words: str
    share: int


SPECIALTIES = (
    Specialty("207Q00000X", "Family doctor", 4),
    Specialty("207R00000X", "Internal medicine doctor", 4),
    Specialty("208000000X", "Children's doctor (pediatrics)", 3),
    Specialty("207V00000X", "Women's health and pregnancy doctor (OB/GYN)", 3),
    Specialty("207RC0000X", "Heart doctor (cardiology)", 3),
    Specialty("207N00000X", "Skin doctor (dermatology)", 2),
    Specialty("207X00000X", "Bone and joint doctor (orthopedics)", 3),
    Specialty("2084P0800X", "Psychiatrist", 2),
    Specialty("103T00000X", "Psychologist", 2),
    Specialty("1041C0700X", "Counselor (clinical social worker)", 2),
    Specialty("2084N0400X", "Nerve and brain doctor (neurology)", 2),
    Specialty("207W00000X", "Eye doctor (ophthalmology)", 2),
    Specialty("152W00000X", "Eye care (optometrist)", 1),
    Specialty("207RG0100X", "Digestive system doctor (gastroenterology)", 2),
    Specialty("207RE0101X", "Diabetes and hormone doctor (endocrinology)", 2),
    Specialty("207RP1001X", "Lung doctor (pulmonology)", 1),
    Specialty("207RN0300X", "Kidney doctor (nephrology)", 1),
    Specialty("207RR0500X", "Arthritis doctor (rheumatology)", 1),
    Specialty("207RH0003X", "Cancer and blood doctor (oncology)", 1),
    Specialty("207RI0200X", "Infection doctor (infectious disease)", 1),
    Specialty("207Y00000X", "Ear, nose and throat doctor", 1),
    Specialty("208800000X", "Urinary tract doctor (urology)", 1),
    Specialty("208600000X", "Surgeon", 2),
    Specialty("207K00000X", "Allergy doctor", 1),
    Specialty("208100000X", "Physical medicine doctor", 1),
    Specialty("225100000X", "Physical therapist", 2),
    Specialty("213E00000X", "Foot doctor (podiatry)", 1),
    Specialty("111N00000X", "Chiropractor", 1),
    Specialty("122300000X", "Dentist", 3),
    Specialty("1223X0400X", "Orthodontist", 1),
    Specialty("363L00000X", "Nurse practitioner", 2),
    Specialty("133V00000X", "Dietitian", 1),
)

_LANGUAGES = (("es", 14), ("fr", 3), ("zh", 4), ("ru", 2), ("ar", 2), ("hi", 3), ("pl", 1))
_NEW_PATIENTS = (("newpt", 62), ("existptonly", 18), ("existptfam", 10), ("nopt", 10))
_PRACTICES_PER_WEIGHT = 5
_PROVIDERS_A_PRACTICE = 6
_FURTHER_PRACTICES = 10_000
_SPECIALTY_SHARES = [specialty.share for specialty in SPECIALTIES]
# Of the providers in a regional company's area: in both directories, the region's, CIGNA's only.
_BOTH, _REGIONAL = 0.45, 0.80

FACILITY_KINDS = {
    "clinic": ("Medical Group", "prvgrp", "outpat", "261QP2300X"),
    "hospital": ("General Hospital", "fac", "hosp", "282N00000X"),
    "urgent": ("Urgent Care", "fac", "urg", "261QU0200X"),
    "lab": ("Laboratory", "fac", "lab", "291U00000X"),
    "pharmacy": ("Pharmacy", "fac", "pharm", "333600000X"),
    "dental": ("Dental Group", "prvgrp", "dent", "261QD0000X"),
    "behavioral": ("Counseling Center", "fac", "behav", "261QM0801X"),
}


# Departments beside a facility's own service: (category, taxonomy, name). Plan-Net has no category
# for imaging, so the taxonomy tells.
_DEPARTMENTS = {
    "hospital": (
        ("emerg", "261QE0002X", "Emergency Room"),
        ("outpat", "261QR0200X", "Imaging"),
    ),
    "clinic": (("vis", "152W00000X", "Eye Care"),),
}
_PRIMARY_CARE = frozenset({"207Q00000X", "207R00000X"})


@dataclass(frozen=True)
class Practice:
    """A place where providers practise."""

    number: int
    name: str
    street: str
    place: Zip
    latitude: float
    longitude: float
    phone: str


@dataclass(frozen=True)
class Provider:
    """One doctor or other practitioner; `regional` and `national` say who lists them."""

    npi: str
    given: str
    family: str
    gender: str
    specialty: Specialty
    practices: tuple[Practice, ...]
    regional: bool
    national: bool
    languages: tuple[str, ...]
    new_patients: str
    active: bool


def npi(base: int) -> str:
    """Nine digits and their check digit (Luhn over the prefix 80840)."""
    digits = [int(d) for d in f"80840{base}"]
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits)))
    return f"{base}{-total % 10}"


def payer_id(profile: Profile) -> str:
    return profile.key


def directory_resources(profile: Profile, scale: ScaleName = "small") -> Iterator[Json]:
    """The whole directory of one partner."""
    yield from _company(profile)
    yield from formulary_resources(profile)
    cities = [city for city in CITIES if lists_city(profile, city)]
    for city in cities:
        yield from _facilities(profile, city)
    everybody = providers()
    if scale == "full":
        missing = FULL[profile.key].facilities - len(cities) * len(FACILITY_KINDS)
        yield from _further_facilities(profile, missing)
        everybody = chain(everybody, further_providers(profile))
    placed: set[int] = set()
    for provider in everybody:
        if not _listed(profile, provider):
            continue
        for practice in provider.practices:
            if practice.number not in placed:
                placed.add(practice.number)
                yield from _practice(profile, practice)
        yield from _practitioner(profile, provider)


def _listed(profile: Profile, provider: Provider) -> bool:
    if profile.key == "cigna":
        return provider.national
    return provider.regional and _regional_to(profile, provider.practices[0].place)


def _regional_to(profile: Profile, place: Zip) -> bool:
    """Preferred Care's directory reaches over its county line to Buffalo, as real ones do."""
    beyond = profile.key == "preferred-care" and (place.state, place.county) == ("NY", "Erie")
    return beyond or in_area(profile.counties, place)


def lists_city(profile: Profile, city: City) -> bool:
    """Whether the company's directory has facilities in a city."""
    return profile.key == "cigna" or _regional_to(profile, zip_code(city.zip))


def primary_care_doctor(profile: Profile, home: Zip, choice: int) -> Provider:
    """One of the three nearest primary care doctors of the company's own network; `choice` tells
    which.
    """
    nearest = sorted(
        _primary_care_doctors(profile.key),
        key=lambda each: (
            (each.practices[0].latitude - home.latitude) ** 2
            + (each.practices[0].longitude - home.longitude) ** 2,
            each.npi,
        ),
    )[:3]
    return nearest[choice % len(nearest)]


@cache
def _primary_care_doctors(key: str) -> tuple[Provider, ...]:
    profile = load_profile(key)
    return tuple(
        provider
        for provider in providers()
        if provider.active and provider.specialty.code in _PRIMARY_CARE
        if _listed(profile, provider)
    )


def providers() -> Iterator[Provider]:
    """Every provider, in an order that never changes."""
    count = 0
    practice_number = 0
    for city in CITIES:
        rng = random.Random(f"{SEED}/{city.key}")
        regional_city = _is_regional(zip_code(city.zip))
        practices = [
            _make_practice(practice_number + index, rng, around(city.zip))
            for index in range(city.weight * _PRACTICES_PER_WEIGHT)
        ]
        practice_number += len(practices)
        for specialty in SPECIALTIES:
            for _ in range(specialty.share * (city.weight + 1) // 2):
                yield _make_provider(_NPI_BASE + count, rng, specialty, practices, regional_city)
                count += 1


def further_providers(profile: Profile) -> Iterator[Provider]:
    """Those of full scale, as far as the company may list them."""
    small = Counter(region_of(provider.practices[0].place) for provider in providers())
    practice_number = _FURTHER_PRACTICES
    for allotment in allotments(tuple(sorted(small.items()))):
        size = -(-allotment.count // _PROVIDERS_A_PRACTICE)
        first_practice, practice_number = practice_number, practice_number + size
        if profile.key not in ("cigna", allotment.region):
            continue
        rng = random.Random(f"{SEED}/further/{allotment.place.code}")
        practices = [
            _make_practice(first_practice + index, rng, (allotment.place,)) for index in range(size)
        ]
        chosen = rng.choices(SPECIALTIES, _SPECIALTY_SHARES, k=allotment.count)
        for index, specialty in enumerate(chosen):
            base = _FURTHER_NPI_BASE + allotment.first + index
            regional = allotment.region != "elsewhere"
            yield _make_provider(base, rng, specialty, practices, regional)


def _is_regional(place: Zip) -> bool:
    return place.state in ("VT", "NH") or (
        place.state == "NY" and not place.code.startswith(("100", "106", "112"))
    )


def _make_practice(number: int, rng: random.Random, places: Sequence[Zip]) -> Practice:
    place = rng.choice(places)
    name = f"{rng.choice(FAMILY_NAMES)} {rng.choice(('Health', 'Medical', 'Care', 'Clinic'))}"
    return Practice(
        number,
        f"{name} of {place.city} (sample)",
        f"{rng.randint(1, 899)} {rng.choice(STREETS)}",
        place,
        round(place.latitude + rng.uniform(-0.012, 0.012), 5),
        round(place.longitude + rng.uniform(-0.012, 0.012), 5),
        f"1-{rng.choice((518, 585, 800))}-555-{rng.randint(100, 199):04d}",
    )


def _make_provider(
    base: int,
    rng: random.Random,
    specialty: Specialty,
    practices: list[Practice],
    regional_city: bool,
) -> Provider:
    gender = rng.choice(("female", "male"))
    draw = rng.random() if regional_city else 1.0
    several = rng.random() < 0.12
    return Provider(
        npi(base),
        rng.choice(FEMALE_NAMES if gender == "female" else MALE_NAMES),
        rng.choice(FAMILY_NAMES),
        gender,
        specialty,
        tuple(rng.sample(practices, 2 if several and len(practices) > 1 else 1)),
        regional=draw < _REGIONAL,
        national=draw < _BOTH or draw >= _REGIONAL,
        languages=tuple(code for code, share in _LANGUAGES if rng.random() * 100 < share),
        new_patients=_weighted(rng, _NEW_PATIENTS),
        active=rng.random() > 0.02,
    )


def _weighted(rng: random.Random, choices: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([name for name, _ in choices], [weight for _, weight in choices])[0]


# Resources


def _base(kind: str, resource_id: str, profile_name: str) -> Json:
    return {
        "resourceType": kind,
        "id": resource_id,
        "meta": {
            "lastUpdated": "2026-01-05T06:00:00Z",
            "profile": [f"{PLAN_NET}plannet-{profile_name}"],
        },
    }


def _code(system: str, code: str, text: str | None = None) -> Json:
    value: Json = {"coding": [{"system": system, "code": code}]}
    if text:
        value["text"] = text
    return value


def _npi_identifier(value: str) -> Json:
    return {"system": NPI_SYSTEM, "value": value}


def _company(profile: Profile) -> Iterator[Json]:
    owner = payer_id(profile)
    yield {
        **_base("Organization", owner, "Organization"),
        "active": True,
        "type": [_code(f"{PLAN_NET_CODES}OrgTypeCS", "payer", "Health plan")],
        "name": profile.name,
        "telecom": [{"system": "phone", "value": profile.phone}],
    }
    yield {
        **_base("Organization", profile.network.split("/")[1], "Network"),
        "active": True,
        "type": [_code(f"{PLAN_NET_CODES}OrgTypeCS", "ntwk", "Network")],
        "name": profile.network_name,
        "partOf": {"reference": f"Organization/{owner}"},
    }
    for plan in plans_of(profile.key):
        line: Json = {
            "type": _code("http://terminology.hl7.org/CodeSystem/v3-ActCode", "EHCPOL", plan.line),
            "benefit": [
                {
                    "type": {"text": "Specialist visit"},
                    "requirement": "Needs a referral from the primary care doctor"
                    if plan.referral
                    else "No referral needed",
                }
            ],
        }
        resource: Json = {
            **_base("InsurancePlan", plan.id.lower(), "InsurancePlan"),
            "identifier": [{"system": f"{profile.base}/plan", "value": plan.id}],
            "status": "active",
            "type": [{"text": plan.product}],
            "name": plan.name,
            # A self-funded plan is the employer's own; the company only runs it.
            "ownedBy": {"display": "The employer"}
            if plan.self_funded
            else {"reference": f"Organization/{owner}"},
            "administeredBy": {"reference": f"Organization/{owner}"},
            "network": [{"reference": profile.network}],
            "coverage": [line],
        }
        if plan.line == "medical":
            resource["coverage"].append(drug_coverage(profile))
            resource["plan"] = [drug_costs()]
        yield resource


def facility_id(profile: Profile, city: str, kind: str) -> str:
    """The Organization that gives a kind of care in a city."""
    return f"{profile.key}-{city}-{kind}"


def facility_name(city: str, kind: str) -> str:
    return f"Sample {city.replace('-', ' ').title()} {FACILITY_KINDS[kind][0]}"


def _facilities(profile: Profile, city: City) -> Iterator[Json]:
    rng = random.Random(f"{SEED}/facilities/{city.key}")
    offset = CITIES.index(city) * len(FACILITY_KINDS)
    for index, kind in enumerate(FACILITY_KINDS):
        place = zip_code(city.zip) if kind == "hospital" else rng.choice(around(city.zip))
        yield from _facility(
            profile,
            facility_id(profile, city.key, kind),
            facility_name(city.key, kind),
            kind,
            place,
            _FACILITY_NPI_BASE + offset + index,
            rng,
        )


def _further_facilities(profile: Profile, count: int) -> Iterator[Json]:
    """Facilities of full scale, spread evenly over the ZIP codes that the company serves."""
    places = [
        place
        for place in ordinary_zips()
        if profile.key == "cigna" or in_area(profile.counties, place)
    ]
    kinds = list(FACILITY_KINDS)
    for index in range(count):
        place = places[index * len(places) // count]
        kind = kinds[index % len(kinds)]
        rng = random.Random(f"{SEED}/further-facilities/{place.code}")
        yield from _facility(
            profile,
            f"{profile.key}-{place.code}-{kind}",
            facility_name(place.city.lower(), kind),
            kind,
            place,
            _FURTHER_FACILITY_NPI_BASE + int(place.code),
            rng,
        )


def _facility(
    profile: Profile,
    key: str,
    name: str,
    kind: str,
    place: Zip,
    npi_base: int,
    rng: random.Random,
) -> Iterator[Json]:
    _, org_type, category, taxonomy = FACILITY_KINDS[kind]
    specialty = _code(NUCC, taxonomy, FACILITY_KINDS[kind][0])
    latitude = round(place.latitude + rng.uniform(-0.01, 0.01), 5)
    longitude = round(place.longitude + rng.uniform(-0.01, 0.01), 5)
    phone = f"1-800-555-{100 + npi_base % 100:04d}"
    address = _address(f"{rng.randint(1, 99)} Sample Plaza", place)
    yield {
        **_base("Organization", key, "Organization"),
        "identifier": [_npi_identifier(npi(npi_base))],
        "active": True,
        "type": [_code(f"{PLAN_NET_CODES}OrgTypeCS", org_type)],
        "name": name,
        "telecom": [{"system": "phone", "value": phone}],
        "address": [address],
    }
    yield {
        **_location(key, name, address, latitude, longitude, phone, profile),
        "managingOrganization": {"reference": f"Organization/{key}"},
        "hoursOfOperation": _hours(kind),
    }
    services = [(key, category, specialty, name)] + [
        (f"{key}-{code}", code, _code(NUCC, department, words), f"{name}, {words}")
        for code, department, words in _DEPARTMENTS.get(kind, ())
    ]
    for service, code, taxonomy_concept, title in services:
        yield {
            **_base("HealthcareService", service, "HealthcareService"),
            "active": True,
            "providedBy": {"reference": f"Organization/{key}"},
            "category": [_code(f"{PLAN_NET_CODES}HealthcareServiceCategoryCS", code)],
            "specialty": [taxonomy_concept],
            "location": [{"reference": f"Location/{key}"}],
            "name": title,
            "telecom": [{"system": "phone", "value": phone}],
        }
    yield {
        **_base("OrganizationAffiliation", key, "OrganizationAffiliation"),
        "active": True,
        "organization": {"reference": f"Organization/{payer_id(profile)}"},
        "participatingOrganization": {"reference": f"Organization/{key}"},
        "network": [{"reference": profile.network}],
        "code": [_code(f"{PLAN_NET_CODES}OrganizationAffiliationRoleCS", "member")],
        "specialty": [specialty],
        "location": [{"reference": f"Location/{key}"}],
        "healthcareService": [{"reference": f"HealthcareService/{key}"} for key, *_ in services],
    }


def _hours(kind: str) -> list[Json]:
    week = ["mon", "tue", "wed", "thu", "fri"]
    if kind == "hospital":
        return [{"daysOfWeek": [*week, "sat", "sun"], "allDay": True}]
    if kind in ("urgent", "pharmacy"):
        every_day = [*week, "sat", "sun"]
        return [{"daysOfWeek": every_day, "openingTime": "08:00:00", "closingTime": "20:00:00"}]
    return [{"daysOfWeek": week, "openingTime": "08:30:00", "closingTime": "17:00:00"}]


def _address(street: str, place: Zip) -> Json:
    return {
        "use": "work",
        "type": "physical",
        "line": [street],
        "city": place.city,
        "state": place.state,
        "postalCode": place.code,
        "country": "US",
    }


def _location(
    key: str,
    name: str,
    address: Json,
    latitude: float,
    longitude: float,
    phone: str,
    profile: Profile,
) -> Json:
    location = {
        **_base("Location", key, "Location"),
        "status": "active",
        "name": name,
        "telecom": [{"system": "phone", "value": phone}],
        "address": address,
        "position": {"longitude": longitude, "latitude": latitude},
    }
    if not profile.behaviour.sparse:
        location["extension"] = [
            {
                "url": f"{PLAN_NET}accessibility",
                "valueCodeableConcept": _code(f"{PLAN_NET_CODES}AccessibilityCS", "adacomp"),
            }
        ]
    return location


def _practice(profile: Profile, practice: Practice) -> Iterator[Json]:
    key = f"practice-{practice.number}"
    address = _address(practice.street, practice.place)
    yield {
        **_base("Organization", key, "Organization"),
        "active": True,
        "type": [_code(f"{PLAN_NET_CODES}OrgTypeCS", "prvgrp")],
        "name": practice.name,
        "telecom": [{"system": "phone", "value": practice.phone}],
        "address": [address],
    }
    location = _location(
        key,
        practice.name,
        address,
        practice.latitude,
        practice.longitude,
        practice.phone,
        profile,
    )
    location["managingOrganization"] = {"reference": f"Organization/{key}"}
    if not profile.behaviour.sparse:
        location["hoursOfOperation"] = _hours("clinic")
    yield location


def _practitioner(profile: Profile, provider: Provider) -> Iterator[Json]:
    key = f"practitioner-{provider.npi}"
    taxonomy = _code(NUCC, provider.specialty.code, provider.specialty.words)
    practitioner = {
        **_base("Practitioner", key, "Practitioner"),
        "identifier": [_npi_identifier(provider.npi)],
        "active": True,
        "name": [
            {
                "text": f"{provider.given} {provider.family}",
                "family": provider.family,
                "given": [provider.given],
            }
        ],
        "gender": provider.gender,
        "qualification": [{"code": taxonomy}],
    }
    if not profile.behaviour.sparse:
        practitioner["communication"] = [
            _code("urn:ietf:bcp:47", code) for code in ("en", *provider.languages)
        ]
    yield practitioner
    for number, practice in enumerate(provider.practices, start=1):
        place = f"practice-{practice.number}"
        extensions: list[dict[str, Any]] = [
            {
                "url": f"{PLAN_NET}network-reference",
                "valueReference": {
                    "reference": profile.network,
                    "display": profile.network_name,
                },
            }
        ]
        # The small backend often does not know who takes new patients, as real ones don't.
        if not (profile.behaviour.sparse and provider.npi[-1] in "13579"):
            accepting = _code(f"{PLAN_NET_CODES}AcceptingPatientsCS", provider.new_patients)
            extensions.append(
                {
                    "url": f"{PLAN_NET}newpatients",
                    "extension": [{"url": "acceptingPatients", "valueCodeableConcept": accepting}],
                }
            )
        role = {
            **_base("PractitionerRole", f"role-{provider.npi}-{number}", "PractitionerRole"),
            "extension": extensions,
            "active": provider.active,
            "practitioner": {
                "reference": f"Practitioner/{key}",
                "display": f"{provider.given} {provider.family}",
            },
            "organization": {"reference": f"Organization/{place}", "display": practice.name},
            "code": [_code(f"{PLAN_NET_CODES}ProviderRoleCS", "ph")],
            "specialty": [taxonomy],
            "location": [{"reference": f"Location/{place}", "display": practice.name}],
            "telecom": [{"system": "phone", "value": practice.phone}],
        }
        if not profile.behaviour.sparse:
            role["availableTime"] = [
                {
                    "daysOfWeek": hours["daysOfWeek"],
                    "availableStartTime": hours["openingTime"],
                    "availableEndTime": hours["closingTime"],
                }
                for hours in _hours("clinic")
            ]
        yield role
