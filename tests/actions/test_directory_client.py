"""Directory searches: nearest first at every partner, whatever its server can do, and anonymous."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from actions.partners.capabilities import DirectoryQuery
from actions.partners.directory_server import MOST_PAGES, DirectoryServer, Json, Parameters
from actions.partners.plan_net import PlanNet
from alliance.gazetteer import locate, specialty
from alliance.geography import miles_between
from alliance.partners import Partners
from tests.actions.conftest import Client
from tests.sandbox.conftest import PARTNERS

# Where each company's directory has doctors.
HOME = {"cigna": "02118", "mvp": "12207", "preferred-care": "14604"}
# What a server offers: near and _include; only _include; neither.
OFFERED = {"cigna": (True, True), "mvp": (False, True), "preferred-care": (False, False)}


def query(zip_code: str, wanted: str = "cardiology") -> DirectoryQuery:
    place, kind = locate(zip_code), specialty(wanted)
    assert place is not None
    assert kind is not None
    return DirectoryQuery(
        specialty_codes=kind.nucc_codes, zip=zip_code, latitude=place.lat, longitude=place.lon
    )


@pytest.mark.parametrize("partner", PARTNERS)
class TestEveryServer:
    async def test_nearest_first_within_the_limit(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        asked = query(HOME[partner])
        found = await clients[partner].backend.search_directory(asked)
        assert 0 < len(found) <= asked.limit
        miles = [listing.miles for listing in found]
        assert miles == sorted(miles)
        assert miles[-1] <= 100
        for listing in found:
            here = (asked.latitude, asked.longitude)
            assert listing.miles == pytest.approx(
                miles_between(*here, listing.latitude, listing.longitude)
            )

    async def test_a_smaller_limit_gives_the_nearest_of_them(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        backend = clients[partner].backend
        many = await backend.search_directory(query(HOME[partner]))
        few = await backend.search_directory(replace(query(HOME[partner]), limit=2))
        assert [x.miles for x in few] == [x.miles for x in many[:2]]

    async def test_a_listing_is_complete_enough_to_call(
        self, clients: dict[str, Client], partner: str, partners: Partners
    ) -> None:
        networks = {network.id.rsplit("/", 1)[-1] for network in partners[partner].networks}
        for listing in await clients[partner].backend.search_directory(query(HOME[partner])):
            assert listing.name
            assert listing.partners == (partner,)
            assert listing.npi.isdigit()
            assert len(listing.npi) == 10
            assert len(listing.zip) == 5
            assert listing.city
            assert len(listing.state) == 2
            assert listing.networks & networks

    async def test_nobody_is_named_in_the_request(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        client = clients[partner]
        await client.backend.search_directory(query(HOME[partner]))
        assert client.requests
        for request in client.requests:
            assert request.method == "GET"
            assert "Authorization" not in request.headers
            assert "Cookie" not in request.headers
            assert not request.url.path.endswith("/oauth/token")
            for word in ("patient", "member", "subscriber", "identifier", "Bearer"):
                assert word not in str(request.url).replace("memberline", "")

    async def test_only_what_the_server_offers_is_asked(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        client = clients[partner]
        await client.backend.search_directory(query(HOME[partner]))
        first = client.sent("/PractitionerRole")[0]
        near, include = OFFERED[partner]
        assert ("location.near" in first.url.params) is near
        assert ("location.address-postalcode" in first.url.params) is not near
        assert ("_include" in first.url.params) is include
        assert bool(client.sent("/Practitioner") and client.sent("/Location")) is not include

    async def test_the_statement_is_read_once(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        client = clients[partner]
        for _ in range(3):
            await client.backend.search_directory(query(HOME[partner]))
        assert len(client.sent("/metadata")) == 1

    async def test_only_those_who_take_new_patients(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        asked = replace(query(HOME[partner], "family_medicine"), accepting_only=True)
        found = await clients[partner].backend.search_directory(asked)
        assert all(listing.accepting is not False for listing in found)

    async def test_only_those_who_speak_a_language(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        asked = replace(query(HOME[partner], "family_medicine"), language="es")
        for listing in await clients[partner].backend.search_directory(asked):
            assert "es" in listing.languages

    async def test_far_from_everybody_nothing_is_found(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        asked = replace(query(HOME[partner]), latitude=35.0, longitude=-45.0)
        assert await clients[partner].backend.search_directory(asked) == []

    async def test_a_specialty_that_nobody_has_finds_nobody(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        asked = replace(query(HOME[partner]), specialty_codes=("000000000X",))
        assert await clients[partner].backend.search_directory(asked) == []


async def test_two_ways_of_searching_find_the_same_nearest(clients: dict[str, Client]) -> None:
    """CIGNA's server is asked by `near`, and again as if it could not: rings of ZIP codes."""
    client = clients["cigna"]
    asked = replace(query("02118"), limit=5)
    by_near = await client.backend.search_directory(asked)
    offered = client.backend._capabilities
    assert offered is not None
    client.backend._capabilities = {
        kind: names - {"location.near"} for kind, names in offered.items()
    }
    by_rings = await client.backend.search_directory(asked)
    assert [(x.npi, x.zip) for x in by_rings] == [(x.npi, x.zip) for x in by_near]


class Backwards(DirectoryServer):
    """A server that knows `near`, but gives the farthest first: FHIR promises no order."""

    async def pages(
        self,
        resource_type: str,
        parameters: Parameters,
        *,
        include: Sequence[str] = (),
        most: int = MOST_PAGES,
    ) -> AsyncIterator[list[Json]]:
        found = super().pages(resource_type, parameters, include=include, most=most)
        for page in reversed([page async for page in found]):
            yield list(reversed(page))


async def test_a_server_that_does_not_sort_still_gives_the_nearest(
    clients: dict[str, Client],
) -> None:
    backend = clients["cigna"].backend
    asked = replace(query("02118"), limit=5)
    sorted_ones = await backend.search_directory(asked)
    backwards = PlanNet("cigna", Backwards(backend._http, backend._supports))
    found = await backwards.practitioners(asked)
    # Two at one address are equally near.
    assert [x.miles for x in found] == [x.miles for x in sorted_ones]
