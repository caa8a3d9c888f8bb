"""Da Vinci PDex Plan-Net 1.1: a partner's provider directory, whatever its server can do.

A server that offers `location.near` is asked for the nearest; any other is asked postal code by
postal code, in growing rings. What a server may get wrong (network, specialty, distance) is
compared again here: the guide's own `network` expression stops at the extension, and finds none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions.partners.capabilities import (
    MOST_MILES,
    WIDE_MILES,
    DirectoryQuery,
    NameQuery,
    PlaceQuery,
)
from actions.partners.directory_server import DirectoryServer, Found, Parameters, by_type, within
from actions.partners.fhir_values import codes, reference_id
from actions.partners.plan_net_names import search_names
from actions.partners.plan_net_places import search_places
from actions.partners.plan_net_reading import miles_from, references, role_listing
from alliance.directory import Listing
from alliance.geography import zips_by_distance

Json = Mapping[str, Any]

_RINGS_MILES = (2, 5, 10, WIDE_MILES, MOST_MILES)
# Of a server that brings along whom and what its roles lead to, more can be asked at once than of
# one where each has to be fetched: a city's hundred doctors are not read for the nearest ten.
_FIRST_ZIPS = 40
_FIRST_ZIPS_APART = 8
# The postal codes grow by at least and at most so much from one request to the next, and hold so
# much more than enough, as far as can be expected.
_LEAST_GROWTH, _MOST_GROWTH, _MARGIN = 1.5, 8.0, 1.4
# Some listings fall away, for want of a name: a few more are asked for than are wanted.
_SPARE = 2
# Servers round distances, and measure them on other globes.
_SLACK_MILES = 0.5
_NUCC = "http://nucc.org/provider-taxonomy"
_INCLUDES = ("PractitionerRole:practitioner", "PractitionerRole:location")


class PlanNet:
    """One partner's directory. Raises PartnerUnavailable."""

    def __init__(self, key: str, server: DirectoryServer) -> None:
        self._key = key
        self._server = server

    async def practitioners(self, query: DirectoryQuery) -> list[Listing]:
        """The nearest listings within the miles asked for."""
        specialty = ",".join(f"{_NUCC}|{code}" for code in query.specialty_codes)
        base: Parameters = {"specialty": specialty}
        if await self._server.offers("PractitionerRole", "location.near"):
            found = await self._nearest_first(query, base)
            if found is not None:
                return found
            return await self._by_rings(query, base)
        return await self._by_zips(query, base)

    async def _nearest_first(self, query: DirectoryQuery, base: Parameters) -> list[Listing] | None:
        """Page by page, until there are enough; None from a server whose own order shows that it
        does not give the nearest first (FHIR promises no order).
        """
        asked: Parameters = {**base, "location.near": _near(query, query.miles)}
        if not _asks_more(query):
            asked["_count"] = str(query.limit + _SPARE)
        resources: list[Json] = []
        listings: list[Listing] = []
        async for page in self._server.pages("PractitionerRole", asked, include=_INCLUDES):
            resources += page
            if not _is_nearest_first(resources, query):
                return None
            listings = await self._listings(by_type(resources), query)
            if len(listings) >= query.limit:
                break
        return listings

    async def _by_rings(self, query: DirectoryQuery, base: Parameters) -> list[Listing]:
        """By distance, in growing rings until enough was found."""
        listings: list[Listing] = []
        for miles in within(_RINGS_MILES, query.miles):
            asked: Parameters = {**base, "location.near": _near(query, miles)}
            resources = await self._server.search("PractitionerRole", asked, include=_INCLUDES)
            listings = await self._listings(by_type(resources), query)
            if _within(listings, miles) >= query.limit:
                break
        return listings

    async def _by_zips(self, query: DirectoryQuery, base: Parameters) -> list[Listing]:
        """Postal codes by their distance, so many at once as the listings found so far let expect
        to hold enough.
        """
        around = zips_by_distance(query.latitude, query.longitude, query.miles)
        brought = await self._server.offers("PractitionerRole", *_INCLUDES)
        found: Found = {}
        listings: list[Listing] = []
        asked, upto = 0, _FIRST_ZIPS if brought else _FIRST_ZIPS_APART
        while asked < len(around):
            codes_asked = [code for _, code in around[asked:upto]]
            there = await self._server.at_zips("PractitionerRole", codes_asked, base, _INCLUDES)
            for kind, resources in by_type(there).items():
                found.setdefault(kind, {}).update(resources)
            asked += len(codes_asked)
            listings = await self._listings(found, query)
            # Whoever is nearer than the next centre has been asked about.
            whole = around[asked][0] if asked < len(around) else query.miles
            if _within(listings, whole) >= query.limit:
                break
            upto = _next_zips(around, asked, listings, query.limit)
        return listings

    async def places(self, query: PlaceQuery) -> list[Listing]:
        """The nearest places within 100 miles."""
        return await search_places(self._server, self._key, query)

    async def named(self, query: NameQuery) -> list[Listing]:
        """What the name or NPI may mean."""
        return await search_names(self._server, self._key, query)

    async def _listings(self, found: Found, query: DirectoryQuery) -> list[Listing]:
        """The nearest of the roles, to the limit; `found` gets what had to be fetched for them."""
        roles = [
            role
            for role in found.get("PractitionerRole", {}).values()
            if role.get("active") is not False
            and codes(role.get("specialty")) & set(query.specialty_codes)
        ]
        locations = found["Location"] = await self._server.complete(
            "Location",
            found.get("Location", {}),
            (i for role in roles for i in references(role.get("location"))),
        )
        point = (query.latitude, query.longitude)
        nearest = sorted(
            (
                (miles, role, location)
                for role in roles
                for identifier in references(role.get("location"))
                if (location := locations.get(identifier))
                and (miles := miles_from(point, location)) is not None
                and miles <= query.miles
            ),
            key=lambda each: each[0],
        )
        listings: list[Listing] = []
        begin, size = 0, query.limit
        while begin < len(nearest) and len(listings) < query.limit:
            group = nearest[begin : begin + size]
            begin, size = begin + size, size * 4
            people = found["Practitioner"] = await self._server.complete(
                "Practitioner",
                found.get("Practitioner", {}),
                (i for _, role, _ in group if (i := reference_id(role.get("practitioner")))),
            )
            listings += [
                listing
                for miles, role, location in group
                if (person := people.get(reference_id(role.get("practitioner")) or ""))
                and fits(listing := role_listing(self._key, role, person, location, miles), query)
            ]
        return listings[: query.limit]


def _within(listings: Iterable[Listing], miles: float) -> int:
    return sum(1 for each in listings if each.miles <= miles)


def _next_zips(
    around: Sequence[tuple[float, str]], asked: int, listings: Sequence[Listing], limit: int
) -> int:
    """How many of the postal codes to have asked next: all those that are as near as the last of
    enough listings, or in proportion to what the first have held.
    """
    if len(listings) >= limit:
        return max(asked + 1, sum(1 for miles, _ in around if miles <= listings[limit - 1].miles))
    growth = _MARGIN * limit / max(len(listings), 1)
    return round(asked * min(max(growth, _LEAST_GROWTH), _MOST_GROWTH))


def _near(query: DirectoryQuery, miles: float) -> str:
    return f"{query.latitude}|{query.longitude}|{miles}|mi_us"


def _is_nearest_first(resources: Iterable[Json], query: DirectoryQuery) -> bool:
    """Whether the roles stand in the order of their distance, as far as their locations came."""
    found = by_type(resources)
    locations = found.get("Location", {})
    point = (query.latitude, query.longitude)
    before = 0.0
    for role in found.get("PractitionerRole", {}).values():
        here = [locations.get(identifier) for identifier in references(role.get("location"))]
        told = [miles for each in here if each and (miles := miles_from(point, each)) is not None]
        if not told or min(told) < before - _SLACK_MILES:
            return False
        before = max(before, min(told))
    return True


def fits(listing: Listing, query: DirectoryQuery) -> bool:
    """Whether the directory says of the listing what was asked for."""
    return (
        (not query.accepting_only or listing.accepting is True)
        and (query.language is None or query.language in listing.languages)
        and (query.gender is None or query.gender == listing.gender)
        and (not query.wheelchair or listing.wheelchair is True)
        and (not query.networks or bool(query.networks & listing.networks))
    )


def _asks_more(query: DirectoryQuery) -> bool:
    return bool(
        query.accepting_only or query.language or query.gender or query.wheelchair or query.networks
    )
