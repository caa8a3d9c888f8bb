"""Places in a Plan-Net directory: by category and kind, nearest first.

HealthcareService says what a place does, Location where, OrganizationAffiliation in which
networks. No guide gives HealthcareService a `near`: it is asked postal code by postal code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from actions.partners.capabilities import MOST_MILES, WIDE_MILES, PlaceQuery
from actions.partners.directory_server import DirectoryServer, Parameters, by_type, rings, within
from actions.partners.fhir_values import codes, reference_id
from actions.partners.plan_net_reading import miles_from, place_listing, references
from alliance.directory import Listing

Json = Mapping[str, Any]

_RINGS_MILES = (10, WIDE_MILES, MOST_MILES)
_CATEGORIES = "http://hl7.org/fhir/us/davinci-pdex-plan-net/CodeSystem/HealthcareServiceCategoryCS"
_NUCC = "http://nucc.org/provider-taxonomy"
_INCLUDES = ("HealthcareService:location", "HealthcareService:organization")


async def search_places(server: DirectoryServer, key: str, query: PlaceQuery) -> list[Listing]:
    """The nearest places within the miles asked for that fit."""
    base: Parameters = {}
    if query.categories:
        base["service-category"] = ",".join(f"{_CATEGORIES}|{code}" for code in query.categories)
    if query.taxonomy_codes:
        base["specialty"] = ",".join(f"{_NUCC}|{code}" for code in query.taxonomy_codes)
    resources: list[Json] = []
    listings: list[Listing] = []
    for miles, zips in rings(query.latitude, query.longitude, within(_RINGS_MILES, query.miles)):
        resources += await server.at_zips("HealthcareService", zips, base, _INCLUDES)
        listings = await _listings(server, key, query, resources)
        if len([each for each in listings if each.miles <= miles]) >= query.limit:
            break
    return listings[: query.limit]


async def _listings(
    server: DirectoryServer, key: str, query: PlaceQuery, resources: Iterable[Json]
) -> list[Listing]:
    found = by_type(resources)
    services = [
        service
        for service in found.get("HealthcareService", {}).values()
        if service.get("active") is not False and _fits(service, query)
    ]
    listed = await listings_of(
        server, key, services, (query.latitude, query.longitude), found.get("Location", {}),
        found.get("Organization", {}),
    )  # fmt: skip
    return [
        each
        for each in listed
        if each.miles <= query.miles
        and (not query.wheelchair or each.wheelchair is True)
        and (not query.networks or query.networks & each.networks)
    ]


def _fits(service: Json, query: PlaceQuery) -> bool:
    wanted = ((query.categories, "category"), (query.taxonomy_codes, "specialty"))
    return all(not asked or codes(service.get(name)) & set(asked) for asked, name in wanted)


async def listings_of(
    server: DirectoryServer,
    key: str,
    services: Iterable[Json],
    point: tuple[float, float] | None,
    locations: Mapping[str, Json],
    organizations: Mapping[str, Json],
) -> list[Listing]:
    """One listing a place (organization and location), with its networks, nearest first."""
    given: dict[tuple[str, str], list[Json]] = defaultdict(list)
    for service in services:
        owner = reference_id(service.get("providedBy"))
        for place in references(service.get("location")):
            if owner:
                given[owner, place].append(service)
    owners = {owner for owner, _ in given}
    locations = await server.complete("Location", locations, (place for _, place in given))
    organizations = await server.complete("Organization", organizations, owners)
    networks = await networks_of(server, owners)
    # What is said without a place (a chain's mail order, for one) counts at none of the places
    # of an organization whose other affiliations do name theirs.
    located = {owner for owner, place in networks if place}
    found = []
    for (owner, place), theirs in given.items():
        organization, location = organizations.get(owner), locations.get(place)
        miles = miles_from(point, location) if location else None
        if organization is None or location is None or miles is None:
            continue
        if organization.get("active") is False or not organization.get("name"):
            continue
        found.append(
            place_listing(
                key,
                str(organization["name"]),
                theirs,
                organization,
                location,
                networks[owner, place] if owner in located else networks[owner, ""],
                miles,
            )
        )
    return sorted(found, key=lambda each: (each.miles, each.name))


async def networks_of(
    server: DirectoryServer, organizations: Iterable[str]
) -> defaultdict[tuple[str, str], frozenset[str]]:
    """The networks by organization and location; a location "" is every one of them."""
    found: defaultdict[tuple[str, str], frozenset[str]] = defaultdict(frozenset)
    ids = [f"Organization/{each}" for each in organizations]
    for each in await server.by_reference(
        "OrganizationAffiliation", "participating-organization", ids
    ):
        owner = reference_id(each.get("participatingOrganization"))
        if each.get("resourceType") != "OrganizationAffiliation" or owner is None:
            continue
        if each.get("active") is False:
            continue
        networks = frozenset(references(each.get("network")))
        for place in references(each.get("location")) or [""]:
            found[owner, place] |= networks
    return found
