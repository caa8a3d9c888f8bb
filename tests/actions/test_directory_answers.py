"""Doctors, places and names: what members hear, unverified and by their own plan's network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from actions.answers.directory import directories, nearest
from actions.answers.plan_network import referral_words
from actions.answers.provider_words import hours
from actions.answers.providers import wishes
from actions.answers.question import Desk, Named, Question
from actions.answers.topics import answer
from actions.partners.capabilities import (
    MOST_MILES,
    WIDE_MILES,
    DirectoryQuery,
    PartnerBackend,
)
from alliance.answer import Answer
from alliance.directory import Listing, OpenHours
from alliance.gazetteer import locate, specialty
from alliance.verified import VerifiedMember
from sandbox.population.directory import Provider, providers
from tests.actions.conftest import Client, person
from tests.actions.test_answers_told import hearable
from tests.sandbox.conftest import Backend

Clients = dict[str, Client]
# Longer is not kept in mind: some twelve seconds, with room for a failed directory's line.
MOST_WORDS = 45


@pytest.fixture(scope="module", autouse=True)
def _read_once(sandboxes: Mapping[str, Backend]) -> None:
    """A database that was only just built answers its first search slower than a member waits."""
    for backend in sandboxes.values():
        for kind in ("PractitionerRole", "HealthcareService"):
            backend.get(kind, **{"location.address-postalcode": "12207", "_count": "1"})


def asked(intent: str, zip_code: str | None = None, **more: Any) -> Question:
    return Question(intent, place=locate(zip_code) if zip_code else None, **more)


async def told(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    given = await answer(member, question, "", desk)
    assert hearable(given.speech)
    assert given.text
    return given


async def drew(clients: Clients) -> VerifiedMember:
    """In MVP's HMO, in Burlington."""
    return await person(clients, ("mvp", "M10010005"))


def only_at_cigna() -> Provider:
    """A heart doctor in Albany whom only CIGNA lists."""
    return next(
        each
        for each in providers()
        if each.national
        and not each.regional
        and each.active
        and each.specialty.code == "207RC0000X"
        and each.practices[0].place.city == "Albany"
    )


class TestFindingDoctors:
    @pytest.mark.parametrize(("zip_code", "farther"), [("12207", False), ("12986", True)])
    async def test_directories_are_searched_far_away_only_where_too_few_are_near(
        self, desk: Desk, zip_code: str, farther: bool
    ) -> None:
        place, wanted = locate(zip_code), specialty("cardiology")
        assert place
        assert wanted
        query = DirectoryQuery(wanted.nucc_codes, place.zip, place.lat, place.lon)
        asked_miles: list[float] = []

        async def ask(backend: PartnerBackend, miles: float) -> list[Listing]:
            asked_miles.append(miles)
            return await backend.search_directory(replace(query, miles=miles))

        found = await nearest(directories(place, desk), ask, desk, start=0)
        assert found.listings
        assert (MOST_MILES in asked_miles) is farther
        assert (found.listings[0].miles > WIDE_MILES) is farther

    async def test_unverified_they_are_only_listed(self, desk: Desk) -> None:
        given = await told(None, asked("find_provider", "12207", specialty="cardiology"), desk)
        assert "listed in MVP's" in given.text
        assert "in your plan's network" not in given.text
        assert "listing is not yet in network" in given.text
        assert {card["network"] for card in given.cards} == {None}
        assert len(given.speech.split()) <= MOST_WORDS

    async def test_an_hmo_member_hears_in_network_ones_and_the_referral(
        self, clients: Clients, desk: Desk
    ) -> None:
        member = await drew(clients)
        given = await told(member, asked("find_provider", "12207", specialty="cardiology"), desk)
        assert {card["network"] for card in given.cards} == {"in"}
        assert only_at_cigna().npi not in given.facts["npis"]
        assert "Your plan needs a referral" in given.text
        assert "listed in" not in given.text
        assert len(given.speech.split()) <= MOST_WORDS

    async def test_primary_care_needs_no_referral(self, clients: Clients, desk: Desk) -> None:
        member = await drew(clients)
        question = asked("find_provider", "05401", specialty="family_medicine")
        assert "referral" not in (await told(member, question, desk)).text

    async def test_away_from_home_the_national_network_counts(
        self, clients: Clients, desk: Desk
    ) -> None:
        member = await drew(clients)
        given = await told(member, asked("find_provider", "02118", specialty="cardiology"), desk)
        assert {card["network"] for card in given.cards} == {"in"}

    async def test_wishes_are_kept(self, desk: Desk) -> None:
        question = asked(
            "find_provider",
            "12207",
            specialty="family_medicine",
            text="a female doctor who speaks Spanish",
            entities={"language": "es"},
        )
        given = await told(None, question, desk)
        assert given.cards
        assert all("Spanish" in card["languages"] for card in given.cards)

    async def test_a_wish_that_nobody_meets_is_said(self, desk: Desk) -> None:
        question = asked(
            "find_provider", "12207", specialty="cardiology", entities={"language": "ko"}
        )
        given = await told(None, question, desk)
        assert "I found none within 100 miles who speaks Korean" in given.text
        assert given.cards

    async def test_more_goes_on_where_it_stopped(self, desk: Desk) -> None:
        question = asked("find_provider", "12207", specialty="cardiology")
        first = await told(None, question, desk)
        assert first.listed is not None
        second = await told(None, replace(question, start=first.listed.shown), desk)
        names = [
            [card["name"] + card["address"] for card in each.cards] for each in (first, second)
        ]
        assert not set(names[0]) & set(names[1])
        assert "more cardiologists" in second.text

    async def test_the_second_one_can_be_asked_about(self, desk: Desk) -> None:
        given = await told(None, asked("find_provider", "12207", specialty="cardiology"), desk)
        assert given.listed is not None
        item = given.listed.items[1]
        details = await told(
            None,
            asked("provider_details", item["location"], provider=Named(**item["provider"])),
            desk,
        )
        assert item["provider"]["said"] in details.text
        assert details.facts["npis"][0] == item["provider"]["key"]

    async def test_without_the_plan_s_company_only_listed(
        self, clients: Clients, desk: Desk, sandboxes: Mapping[str, Backend]
    ) -> None:
        member = await drew(clients)
        sandboxes["mvp"].fault(kind="down", resource="Coverage")
        given = await told(member, asked("find_provider", "12207", specialty="cardiology"), desk)
        assert "could not reach MVP Health Care to check your plan's network" in given.text
        assert {card["network"] for card in given.cards} == {None}

    async def test_two_first_plans_leave_the_network_open(
        self, clients: Clients, desk: Desk
    ) -> None:
        member = await person(clients, ("mvp", "M10010010"), ("cigna", "U10010010"))
        given = await told(member, asked("find_provider", "12207", specialty="cardiology"), desk)
        assert "so I can't tell which network counts" in given.text
        assert "in your plan's network," not in given.text

    async def test_far_away_is_said(self, desk: Desk) -> None:
        """Nobody practises in the middle of Adirondack Park."""
        given = await told(None, asked("find_provider", "12847", specialty="orthodontics"), desk)
        assert "There is none closer than" in given.text

    @pytest.mark.parametrize(
        ("text", "gender", "accepting", "wheelchair"),
        [
            ("a woman doctor please", "female", False, False),
            ("i'd rather see a lady", "female", False, False),
            ("a women's health doctor", None, False, False),
            ("no male doctors", "female", False, False),
            ("not a woman", "male", False, False),
            ("somebody taking new patients", None, True, False),
            ("is there one that accepts patients and has wheelchair access", None, True, True),
            ("find me a cardiologist", None, False, False),
        ],
    )
    def test_wishes(
        self, text: str, gender: str | None, *, accepting: bool, wheelchair: bool
    ) -> None:
        read = wishes(Question("find_provider", text), date(2026, 11, 23))
        assert (read.gender, read.accepting, read.wheelchair) == (gender, accepting, wheelchair)


class TestFindingPlaces:
    @pytest.mark.parametrize(
        ("kind", "word"),
        [
            ("hospital", "General Hospital"),
            ("urgent_care", "Urgent Care"),
            ("lab", "Laboratory"),
            ("imaging", "General Hospital"),
            ("mental_health_clinic", "Counseling Center"),
        ],
    )
    async def test_by_kind(self, desk: Desk, kind: str, word: str) -> None:
        question = asked("find_facility", "12207", facility_type=Named(kind, kind, "facility"))
        given = await told(None, question, desk)
        assert all(word in card["name"] for card in given.cards)
        assert given.cards[0]["hours"]

    @pytest.mark.parametrize("said", ["a dental clinic", "eye place"])
    async def test_by_what_people_call_it(self, desk: Desk, said: str) -> None:
        given = await told(None, asked("find_facility", "14604", facility_type=Named(said)), desk)
        assert given.cards

    async def test_in_an_emergency_no_network_counts(self, clients: Clients, desk: Desk) -> None:
        kind = Named("er", "emergency_room", "facility")
        given = await told(
            await drew(clients), asked("find_facility", "05401", facility_type=kind), desk
        )
        assert "call 911" in given.text
        assert "911" in given.speech

    async def test_a_kind_on_no_list(self, desk: Desk) -> None:
        given = await told(None, asked("find_facility", "14604", facility_type=Named("zoo")), desk)
        assert "don't know that kind of place" in given.text

    async def test_pharmacies(self, clients: Clients, desk: Desk) -> None:
        given = await told(None, asked("find_pharmacy", "12207"), desk)
        assert "Pharmacy" in given.cards[0]["name"]
        member = await drew(clients)
        given = await told(member, asked("find_pharmacy", "12207"), desk)
        assert {card["network"] for card in given.cards} == {"in"}

    async def test_a_directory_that_is_down_is_named(
        self, desk: Desk, sandboxes: Mapping[str, Backend]
    ) -> None:
        sandboxes["mvp"].fault(kind="down")
        given = await told(None, asked("find_pharmacy", "12207"), desk)
        assert "MVP Health Care's directory did not answer" in given.text
        assert given.cards


class TestNetwork:
    async def test_a_doctor_whom_only_the_other_company_lists_is_out(
        self, clients: Clients, desk: Desk
    ) -> None:
        who = only_at_cigna()
        question = asked("check_network", "12207", provider=Named(who.given, who.npi, "npi"))
        given = await told(await drew(clients), question, desk)
        assert "is not in your plan's network" in given.text
        assert set(given.facts["network"]) == {"out"}

    async def test_unverified_it_depends_on_the_plan(self, desk: Desk) -> None:
        who = only_at_cigna()
        question = asked("check_network", "12207", provider=Named(who.given, who.npi, "npi"))
        given = await told(None, question, desk)
        assert "is listed in CIGNA's directory" in given.text
        assert "depends on your plan" in given.text

    async def test_a_hospital_in_network(self, clients: Clients, desk: Desk) -> None:
        question = asked("check_network", provider=Named("albany general hospital"))
        given = await told(await drew(clients), question, desk)
        assert "Sample Albany General Hospital" in given.text
        assert "is in your plan's network" in given.text
        assert "It is in the MVP network, which your plan, Sample Empire HMO, uses." in given.text

    async def test_several_of_the_name_are_asked_about(self, desk: Desk) -> None:
        given = await told(None, asked("check_network", provider=Named("Dr. Testerman")), desk)
        assert given.kind == "question"
        assert "A town or ZIP code helps." in given.text
        assert given.listed is not None
        assert given.listed.intent == "check_network"

    async def test_not_found_is_not_out(self, desk: Desk) -> None:
        given = await told(None, asked("check_network", provider=Named("Dr. Zzyzx")), desk)
        assert "does not mean out of network" in given.text
        assert "depends" not in given.text

    async def test_a_place_that_was_said_before_hides_nobody(self, desk: Desk) -> None:
        """Asked after a search in Boston, the hospital in Albany is still found."""
        question = asked("check_network", "02118", provider=Named("Albany General Hospital"))
        given = await told(None, question, desk)
        assert "Sample Albany General Hospital" in given.text
        assert given.listed is not None
        assert len(given.listed.items) == 1

    async def test_a_name_that_is_only_near_is_said_back(self, desk: Desk) -> None:
        question = asked("check_network", "12207", provider=Named("albanny jeneral hospital"))
        given = await told(None, question, desk)
        assert "The nearest name listed is Sample Albany General Hospital." in given.text


class TestDetails:
    async def test_a_hospital(self, desk: Desk) -> None:
        question = asked("provider_details", "12207", provider=Named("Albany General Hospital"))
        given = await told(None, question, desk)
        for part in ("Address:", "Phone:", "open around the clock", "Wheelchair access"):
            assert part in given.text
        assert len(given.speech.split()) <= MOST_WORDS

    async def test_what_a_directory_leaves_out_is_said(self, desk: Desk) -> None:
        """Preferred Care's directory has no hours and no languages."""
        who = next(
            each
            for each in providers()
            if each.regional
            and not each.national
            and each.active
            and each.practices[0].place.code.startswith("146")
        )
        question = asked("provider_details", "14604", provider=Named(who.given, who.npi, "npi"))
        assert "No hours are listed." in (await told(None, question, desk)).text

    def test_hours_in_words(self) -> None:
        week = OpenHours(("mon", "tue", "wed", "thu", "fri"), time(8, 30), time(17))
        weekend = OpenHours(("sat", "sun"), time(9), time(12))
        always = OpenHours(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), None, None)
        assert hours([week, weekend, always]) == [
            "Monday to Friday, 8:30 AM to 5 PM",
            "Saturday and Sunday, 9 AM to 12 PM",
            "every day, open around the clock",
        ]

    def test_no_plan_no_referral(self) -> None:
        assert referral_words(None, {"207RC0000X"}) == ""
