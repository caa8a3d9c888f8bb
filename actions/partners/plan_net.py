"""Da Vinci PDex Plan-Net 1.1: a partner's provider directory, whatever its server can do.

A server that offers `location.near` is asked for the nearest; any other is asked postal code by
postal code, in growing rings. What a server may get wrong (network, specialty, distance) is
compared again here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions.partners.capabilities import DirectoryQuery
from actions.partners.fhir_values import codes, extension, next_link, reference_id, resources, words
from actions.partners.http import PartnerHttp
from alliance.directory import Listing
from alliance.geography import miles_between, zips_around

Json = Mapping[str, Any]
Query = Mapping[str, str | list[str]]

MOST_MILES = 100
_RINGS_MILES = (8, 25, 60, MOST_MILES)
_ZIPS_A_QUERY = 60
_IDS_A_QUERY = 50
_MOST_PAGES = 6
_NUCC = "http://nucc.org/provider-taxonomy"
_INCLUDES = ("PractitionerRole:practitioner", "PractitionerRole:location")
_KINDS = ("PractitionerRole", "Practitioner", "Location")
_TAKES_NEW = {"newpt": True, "existptfam": False, "existptonly": False, "nopt": False}


async def search_plan_net(
    http: PartnerHttp, key: str, query: DirectoryQuery, offered: frozenset[str]
) -> list[Listing]:
    """The nearest listings within 100 miles. `offered` is what /metadata says the server can."""
    specialty = ",".join(f"{_NUCC}|{code}" for code in query.specialty_codes)
    base: dict[str, str | list[str]] = {"specialty": specialty, "_count": "50"}
    if all(include in offered for include in _INCLUDES):
        base["_include"] = list(_INCLUDES)
    if "location.near" in offered:
        near = f"{query.latitude}|{query.longitude}|{MOST_MILES}|mi_us"
        roles = await _pages(http, {**base, "location.near": near})
        return await _listings(http, key, query, [roles])
    return await _by_rings(http, key, query, base)


async def _by_rings(
    http: PartnerHttp,
    key: str,
    query: DirectoryQuery,
    base: Query,
) -> list[Listing]:
    """Ask for the postal codes of one ring after the other until enough was found."""
    asked: set[str] = set()
    bundles: list[list[Json]] = []
    for miles in _RINGS_MILES:
        ring = [z for z in zips_around(query.latitude, query.longitude, miles) if z not in asked]
        asked.update(ring)
        bundles += await asyncio.gather(
            *(
                _pages(http, {**base, "location.address-postalcode": ",".join(group)})
                for group in _groups(ring, _ZIPS_A_QUERY)
            )
        )
        listings = await _listings(http, key, query, bundles)
        if len([each for each in listings if each.miles <= miles]) >= query.limit:
            return listings
    return listings


async def _pages(http: PartnerHttp, parameters: Query) -> list[Json]:
    """Roles with what came along, over the first pages."""
    bundle = await http.get("/PractitionerRole", parameters)
    found = _everything(bundle)
    for _ in range(_MOST_PAGES - 1):
        link = next_link(bundle)
        if link is None:
            break
        bundle = await http.next_page(link, private=False)
        found += _everything(bundle)
    return found


def _everything(bundle: Json) -> list[Json]:
    return [resource for kind in _KINDS for resource in resources(bundle, kind)]


async def _listings(
    http: PartnerHttp, key: str, query: DirectoryQuery, bundles: Sequence[Sequence[Json]]
) -> list[Listing]:
    by_type: dict[str, dict[str, Json]] = {
        "PractitionerRole": {},
        "Practitioner": {},
        "Location": {},
    }
    for resource in (each for bundle in bundles for each in bundle):
        by_type[resource["resourceType"]][str(resource.get("id"))] = resource
    roles = [role for role in by_type["PractitionerRole"].values() if _wanted(role, query)]
    locations = await _with_missing(
        http, "Location", by_type["Location"], (i for r in roles for i in _location_ids(r))
    )
    nearest = sorted(
        (
            (miles, role, location)
            for role in roles
            for identifier in _location_ids(role)
            if (location := locations.get(identifier))
            and (miles := _miles(location, query)) is not None
            and miles <= MOST_MILES
        ),
        key=lambda found: found[0],
    )[: query.limit * 3]
    people = await _with_missing(
        http,
        "Practitioner",
        by_type["Practitioner"],
        (i for _, role, _ in nearest if (i := reference_id(role.get("practitioner")))),
    )
    found = [
        listing
        for miles, role, location in nearest
        if (listing := _listing(key, role, location, people, miles))
        and (not query.accepting_only or listing.accepting is not False)
        and (query.language is None or query.language in listing.languages)
    ]
    return found[: query.limit]


async def _with_missing(
    http: PartnerHttp, kind: str, known: Mapping[str, Json], wanted: Iterable[str]
) -> dict[str, Json]:
    """`known` and what a server without `_include` has to be asked for by id."""
    lacking = sorted(set(wanted) - set(known))
    bundles = await asyncio.gather(
        *(_by_ids(http, kind, group) for group in _groups(lacking, _IDS_A_QUERY))
    )
    fetched = {str(each.get("id")): each for found in bundles for each in found}
    return {**known, **fetched}


def _groups(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


async def _by_ids(http: PartnerHttp, kind: str, ids: Sequence[str]) -> list[Json]:
    bundle = await http.get(f"/{kind}", {"_id": ",".join(ids), "_count": str(len(ids))})
    found = resources(bundle, kind)
    for _ in range(_MOST_PAGES):
        link = next_link(bundle)
        if link is None:
            break
        bundle = await http.next_page(link, private=False)
        found += resources(bundle, kind)
    return list(found)


def _wanted(role: Json, query: DirectoryQuery) -> bool:
    return role.get("active") is not False and bool(
        codes(role.get("specialty")) & set(query.specialty_codes)
    )


def _location_ids(role: Json) -> list[str]:
    return [i for each in role.get("location") or () if (i := reference_id(each))]


def _miles(location: Json, query: DirectoryQuery) -> float | None:
    position = location.get("position") or {}
    try:
        return miles_between(
            query.latitude,
            query.longitude,
            float(position["latitude"]),
            float(position["longitude"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _listing(
    key: str, role: Json, location: Json, people: Mapping[str, Json], miles: float
) -> Listing | None:
    """One listing, or None when the directory leaves out who it is."""
    person = people.get(reference_id(role.get("practitioner")) or "")
    if person is None:
        return None
    address = location.get("address") or {}
    position = location["position"]
    return Listing(
        npi=_npi(person),
        name=_name(person),
        specialty=words((role.get("specialty") or [None])[0]) or "",
        address=", ".join(address.get("line") or ()),
        city=str(address.get("city", "")),
        state=str(address.get("state", "")),
        zip=str(address.get("postalCode", ""))[:5],
        phone=_phone(role) or _phone(location),
        miles=miles,
        partners=(key,),
        networks=frozenset(
            identifier
            for each in extension(role, "network-reference")
            if (identifier := reference_id(each.get("valueReference")))
        ),
        accepting=_accepting(role),
        languages=tuple(
            code for each in person.get("communication") or () for code in sorted(codes(each))
        ),
        latitude=float(position["latitude"]),
        longitude=float(position["longitude"]),
    )


def _npi(person: Json) -> str:
    for identifier in person.get("identifier") or ():
        if str(identifier.get("system", "")).endswith("us-npi"):
            return str(identifier.get("value", ""))
    return f"without NPI: {person.get('id')}"


def _name(person: Json) -> str:
    name: Json = next(iter(person.get("name") or ()), {})
    if name.get("text"):
        return str(name["text"])
    parts = [*(name.get("prefix") or ()), *(name.get("given") or ()), name.get("family", "")]
    suffix = ", ".join(name.get("suffix") or ())
    full = " ".join(part for part in parts if part)
    return f"{full}, {suffix}" if suffix else full


def _phone(resource: Json) -> str | None:
    return next(
        (
            str(each["value"])
            for each in resource.get("telecom") or ()
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
