"""One provider or place by name: misspelt, misheard, with or without a place, by NPI."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.partners.capabilities import NameQuery, PlaceQuery
from actions.partners.plan_net_names import name_score, place_score
from alliance.gazetteer import facility, locate
from alliance.names import alike_initials, distinctive_words, name_words, plain_name, sound
from sandbox.population.directory import Provider, providers
from sandbox.population.names import FAMILY_NAMES
from tests.actions.conftest import Client
from tests.sandbox.conftest import PARTNERS

HOME = {"cigna": "02118", "mvp": "12207", "preferred-care": "14604"}
CITY = {"cigna": "Boston", "mvp": "Albany", "preferred-care": "Rochester"}


def somebody(partner: str) -> Provider:
    """A doctor whom the company lists in its city, found there once under that name."""
    found = [
        each
        for each in providers()
        if each.active
        and each.practices[0].place.code.startswith(HOME[partner][:3])
        and (each.national if partner == "cigna" else each.regional)
    ]
    return found[7]


def by_name(name: str, zip_code: str | None, **more: object) -> NameQuery:
    place = locate(zip_code) if zip_code else None
    return NameQuery(
        name,
        latitude=place.lat if place else None,
        longitude=place.lon if place else None,
        state=place.state if place else None,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("partner", PARTNERS)
class TestPeople:
    async def test_by_full_name_near_a_place(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        who = somebody(partner)
        found = await clients[partner].backend.search_names(
            by_name(f"Dr. {who.given} {who.family}", HOME[partner])
        )
        assert who.npi in {each.npi for each in found}
        assert {each.name for each in found} == {f"{who.given} {who.family}"}

    async def test_misspelt(self, clients: dict[str, Client], partner: str) -> None:
        who = somebody(partner)
        slipped = who.family[:3] + who.family[4:]
        found = await clients[partner].backend.search_names(
            by_name(f"doctor {who.given} {slipped}", HOME[partner])
        )
        assert who.npi in {each.npi for each in found}

    async def test_by_npi(self, clients: dict[str, Client], partner: str) -> None:
        who = somebody(partner)
        found = await clients[partner].backend.search_names(by_name("", None, npi=who.npi))
        assert {each.npi for each in found} == {who.npi}
        assert len(found) == len(who.practices)

    async def test_nobody_of_that_name(self, clients: dict[str, Client], partner: str) -> None:
        asked = by_name("Dr. Quetzalcoatlus Bwxyz", HOME[partner])
        assert await clients[partner].backend.search_names(asked) == []

    async def test_nobody_is_named_as_asking(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        client = clients[partner]
        await client.backend.search_names(by_name("Dr. Mockwood", HOME[partner]))
        assert client.requests
        for request in client.requests:
            assert request.method == "GET"
            assert "Authorization" not in request.headers


async def test_a_wrong_first_letter_is_found_by_sound(clients: dict[str, Client]) -> None:
    found = await clients["mvp"].backend.search_names(by_name("dr bictiva", "12207"))
    assert found == [] or {each.name.split()[-1] for each in found} <= set(FAMILY_NAMES)
    found = await clients["mvp"].backend.search_names(by_name("dr vakerson", "12207"))
    assert {each.name.split()[-1] for each in found} == {"Fakerson"}


async def test_everybody_of_the_name_the_nearest_first(clients: dict[str, Client]) -> None:
    found = await clients["cigna"].backend.search_names(by_name("Dr. Testerman", "12207"))
    assert len(found) > 1
    assert {each.name.split()[-1] for each in found} == {"Testerman"}
    assert [each.miles for each in found] == sorted(each.miles for each in found)


@pytest.mark.parametrize("partner", PARTNERS)
class TestPlaces:
    async def test_a_hospital_by_name(self, clients: dict[str, Client], partner: str) -> None:
        city = CITY[partner]
        found = await clients[partner].backend.search_names(
            by_name(f"{city.lower()} general hospital", HOME[partner])
        )
        assert found[0].name == f"Sample {city} General Hospital"
        assert found[0].kind == "place"
        assert found[0].networks
        assert found[0].phone

    @pytest.mark.parametrize(
        "kind", ["hospital", "urgent_care", "lab", "pharmacy", "imaging", "emergency_room"]
    )
    async def test_the_nearest_of_a_kind(
        self, clients: dict[str, Client], partner: str, kind: str
    ) -> None:
        place, wanted = locate(HOME[partner]), facility(kind)
        assert place is not None
        assert wanted is not None
        found = await clients[partner].backend.search_places(
            PlaceQuery((), wanted.nucc_codes, place.lat, place.lon, limit=3)
        )
        assert found
        assert [each.miles for each in found] == sorted(each.miles for each in found)
        for each in found:
            assert each.specialty_codes & set(wanted.nucc_codes)
            assert each.networks
            assert each.hours

    async def test_by_category(self, clients: dict[str, Client], partner: str) -> None:
        place = locate(HOME[partner])
        assert place is not None
        for category in ("behav", "dent", "vis"):
            found = await clients[partner].backend.search_places(
                PlaceQuery((category,), (), place.lat, place.lon, limit=2)
            )
            assert found, category

    async def test_nobody_is_named_as_asking(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        client, place = clients[partner], locate(HOME[partner])
        assert place is not None
        await client.backend.search_places(PlaceQuery(("hosp",), (), place.lat, place.lon))
        assert client.requests
        assert all("Authorization" not in request.headers for request in client.requests)


class TestComparing:
    @pytest.mark.parametrize(
        ("said", "first", "family"),
        [
            ("Dr. Testerman", "Alice", "Testerman"),
            ("alice testerman", "Alice", "Testerman"),
            ("A. Testerman MD", "Alice", "Testerman"),
            ("doctor tester man", "Alice", "Testerman"),
            ("dr sandbocksir", "Liam", "Sandboxer"),
            ("dr fickteeva", "Liam", "Fictiva"),
            ("dr madeira", "Liam", "Madeira-Sample"),
            ("dr. o'brian", "Liam", "O'Brien"),
            ("dr nunez", "Ana", "Núñez"),
        ],
    )
    def test_alike(self, said: str, first: str, family: str) -> None:
        assert name_score(said, [first], family) >= 72

    @pytest.mark.parametrize(
        ("said", "first", "family"),
        [
            ("dr smith", "Alice", "Testerman"),
            ("bruno testerman", "Alice", "Testerman"),
            ("dr lee", "Ann", "Leary"),
            ("", "Ann", "Leary"),
            ("doctor", "Ann", "Leary"),
        ],
    )
    def test_another(self, said: str, first: str, family: str) -> None:
        assert name_score(said, [first], family) == 0

    @pytest.mark.parametrize(
        ("said", "name", "fits"),
        [
            ("albany general", "Sample Albany General Hospital", True),
            ("albanny general hospital", "Sample Albany General Hospital", True),
            ("troy general hospital", "Sample Albany General Hospital", False),
            ("st peter's hospital", "Sample Albany General Hospital", False),
        ],
    )
    def test_places(self, said: str, name: str, *, fits: bool) -> None:
        assert (place_score(said, name) > 0) is fits

    @given(st.text(max_size=60))
    def test_whatever_is_said_nothing_breaks(self, said: str) -> None:
        assert 0 <= name_score(said, ["Alice"], "Testerman") <= 100
        assert 0 <= place_score(said, "Sample Albany General Hospital") <= 100
        assert all(distinctive_words(said))
        assert plain_name(said) == plain_name(said).casefold()
        assert all(any(map(str.isalpha, word)) for word in name_words(said))
        assert len(sound(said)) <= 2 * len(plain_name(said))

    @given(st.sampled_from(FAMILY_NAMES), st.data())
    def test_one_slip_in_a_long_name_is_forgiven(self, family: str, data: st.DataObject) -> None:
        letters = plain_name(family)
        at = data.draw(st.integers(0, len(letters) - 1))
        slip = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
        for said in (letters[:at] + letters[at + 1 :], letters[:at] + slip + letters[at + 1 :]):
            assert name_score(f"dr {said}", [], family) > 0

    @given(st.sampled_from(FAMILY_NAMES))
    def test_a_name_begins_with_its_own_letter(self, family: str) -> None:
        assert alike_initials(family)[0] == family[0].lower()
