"""A partner's open directory server: searches, pages, and what `_include` did not bring along.

Nothing that is asked here says who is asking; no token goes along.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from actions.partners.fhir_values import items, next_link
from actions.partners.http import PartnerHttp
from alliance.geography import zips_around

Json = Mapping[str, Any]
Parameters = dict[str, str | list[str]]
Found = dict[str, dict[str, Json]]

MOST_PAGES = 6
# Servers give fewer where they have a limit of their own.
PAGE = "200"
_CHAINED_ZIP = "location.address-postalcode"
_ZIPS_A_QUERY = 150
_FEW_ZIPS = 8
_IDS_A_QUERY = 50
# What a small server gives on one page: pages come one after the other, queries at once.
_COMPLETED_A_QUERY = 20


class DirectoryServer:
    """`supports` tells what /metadata says of a type: search parameters and includes by name."""

    def __init__(
        self, http: PartnerHttp, supports: Callable[[str], Awaitable[frozenset[str]]]
    ) -> None:
        self._http = http
        self._supports = supports

    async def offers(self, resource_type: str, *names: str) -> bool:
        """Whether the server has these search parameters or includes for the type."""
        return set(names) <= await self._supports(resource_type)

    async def search(
        self,
        resource_type: str,
        parameters: Parameters,
        *,
        include: Sequence[str] = (),
        pages: int = MOST_PAGES,
    ) -> list[Json]:
        """Everything on the first pages, matches and included resources alike."""
        found: list[Json] = []
        async for page in self.pages(resource_type, parameters, include=include, most=pages):
            found += page
        return found

    async def pages(
        self,
        resource_type: str,
        parameters: Parameters,
        *,
        include: Sequence[str] = (),
        most: int = MOST_PAGES,
    ) -> AsyncIterator[list[Json]]:
        """The pages one by one, up to a bound: the next is asked for when it is wanted."""
        asked: Parameters = {"_count": PAGE, **parameters}
        if include and await self.offers(resource_type, *include):
            asked["_include"] = list(include)
        bundle = await self._http.get(f"/{resource_type}", asked)
        yield _resources(bundle)
        for _ in range(most - 1):
            link = next_link(bundle)
            if link is None:
                return
            bundle = await self._http.next_page(link, private=False)
            yield _resources(bundle)

    async def at_zips(
        self,
        resource_type: str,
        zips: Sequence[str],
        parameters: Parameters,
        include: Sequence[str] = (),
    ) -> list[Json]:
        """What lies in these ZIP codes: the fan-out for a server that has no `near`."""
        if not await self.offers(resource_type, _CHAINED_ZIP):
            return await self._at_locations(resource_type, zips, parameters, include)
        groups = await asyncio.gather(
            *(
                self.search(
                    resource_type,
                    {**parameters, _CHAINED_ZIP: ",".join(group)},
                    include=include,
                )
                for group in groups_of(zips, _ZIPS_A_QUERY)
            )
        )
        return [each for group in groups for each in group]

    async def _at_locations(
        self,
        resource_type: str,
        zips: Sequence[str],
        parameters: Parameters,
        include: Sequence[str],
    ) -> list[Json]:
        """The same from a server that does not chain: first the places, then what is there."""
        found = await asyncio.gather(
            *(
                self.search("Location", {"address-postalcode": ",".join(group)})
                for group in groups_of(zips, _ZIPS_A_QUERY)
            )
        )
        places = [each for group in found for each in group]
        there = await asyncio.gather(
            *(
                self.search(
                    resource_type,
                    {**parameters, "location": ",".join(f"Location/{i}" for i in group)},
                    include=include,
                )
                for group in groups_of(sorted(by_type(places).get("Location", {})), _IDS_A_QUERY)
            )
        )
        return [*places, *(each for group in there for each in group)]

    async def by_reference(
        self, resource_type: str, parameter: str, ids: Iterable[str], *, include: Sequence[str] = ()
    ) -> list[Json]:
        """Resources whose reference parameter leads to one of the ids (with their type)."""
        wanted = sorted(set(ids))
        groups = await asyncio.gather(
            *(
                self.search(resource_type, {parameter: ",".join(group)}, include=include)
                for group in groups_of(wanted, _IDS_A_QUERY)
            )
        )
        return [each for group in groups for each in group]

    async def complete(
        self, resource_type: str, known: Mapping[str, Json], wanted: Iterable[str]
    ) -> dict[str, Json]:
        """`known` by id, and those of `wanted` that did not come along."""
        lacking = sorted(set(wanted) - set(known))
        groups = await asyncio.gather(
            *(
                self.search(resource_type, {"_id": ",".join(group), "_count": str(len(group))})
                for group in groups_of(lacking, _COMPLETED_A_QUERY)
            )
        )
        fetched = by_type(each for group in groups for each in group)
        return {**known, **fetched.get(resource_type, {})}


def by_type(resources: Iterable[Json]) -> Found:
    """Resources by type and id, each once."""
    found: Found = {}
    for resource in resources:
        kind = str(resource.get("resourceType"))
        found.setdefault(kind, {})[str(resource.get("id"))] = resource
    return found


def groups_of(values: Sequence[str], size: int) -> list[Sequence[str]]:
    """The values in groups of a size."""
    return [values[start : start + size] for start in range(0, len(values), size)]


def rings(
    latitude: float, longitude: float, radii: Sequence[float]
) -> Iterable[tuple[float, list[str]]]:
    """Growing radii in miles, each with the ZIP codes that it adds; one that adds only a few is
    left to the next, because each costs a request.
    """
    seen: set[str] = set()
    for miles in radii:
        fresh = [code for code in zips_around(latitude, longitude, miles) if code not in seen]
        if len(fresh) < _FEW_ZIPS and miles != radii[-1]:
            continue
        seen.update(fresh)
        yield miles, fresh


def within(radii: Sequence[float], miles: float) -> list[float]:
    """The radii up to these miles, which come last."""
    return [*(radius for radius in radii if radius < miles), miles]


def _resources(bundle: Json) -> list[Json]:
    return [
        entry["resource"]
        for entry in items(bundle.get("entry"))
        if isinstance(entry.get("resource"), Mapping)
    ]
