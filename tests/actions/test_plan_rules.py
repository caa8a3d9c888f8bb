"""The rules that hurt members when an assistant gets them wrong, where no other file holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.answers.question import ClaimWanted, Desk, Named, Question
from actions.answers.topics import answer
from actions.partners.member_data import member_record
from alliance.answer import Answer
from alliance.verified import VerifiedMember
from tests.actions.conftest import Client, person
from tests.sandbox.conftest import Backend

Clients = dict[str, Client]
IVY, MORGAN, FRANK = ("cigna", "U10010042"), ("mvp", "M10010002"), ("mvp", "M10010023")
ERIN, RILEY = ("mvp", "M10010041"), ("preferred-care", "P10010003")
AVERY, TAYLOR, FLO = ("cigna", "U10010001"), ("mvp", "M10010009"), ("mvp", "M10010038")
COUNTER = "the pharmacy says he is inactive and won't fill his inhaler, he needs it now"


async def told(
    clients: Clients, desk: Desk, who: tuple[str, str], intent: str, text: str, **more: Any
) -> Answer:
    level = more.pop("level", 2)
    member: VerifiedMember = await person(clients, who, level=level)
    return await answer(member, replace(Question(intent, text), **more), "this", desk)


class TestRefusedAtACounter:
    """The status as of the date, an urgent queue now, nothing promised: whatever the file says."""

    async def check(self, given: Answer, partner: str) -> None:
        (act,) = given.acts
        assert (act.kind, act.detail["partner"]) == ("handoff", partner)
        assert act.detail["priority"] == "urgent"
        assert "can't promise" in given.text
        assert "can't promise" in given.speech

    async def test_a_son_s_status(self, clients: Clients, desk: Desk) -> None:
        given = await told(clients, desk, IVY, "coverage_status", COUNTER, about="son", level=1)
        assert "ended on October 31, 2026" in given.text
        await self.check(given, "cigna")

    async def test_of_somebody_whose_status_may_not_be_told(
        self, clients: Clients, desk: Desk
    ) -> None:
        given = await told(
            clients, desk, FRANK, "coverage_status", COUNTER, about="spouse", level=1
        )
        assert "permission on file" in given.text
        assert "Fiona" not in given.text
        await self.check(given, "mvp")

    async def test_where_the_company_cannot_be_asked(
        self, clients: Clients, desk: Desk, sandboxes: Mapping[str, Backend]
    ) -> None:
        member = await person(clients, MORGAN)
        sandboxes["mvp"].fault(kind="down")
        given = await answer(member, Question("coverage_status", COUNTER), "this", desk)
        assert "could not reach MVP Health Care" in given.text
        await self.check(given, "mvp")


class TestPlacesOnFile:
    """Any ZIP code of the last twelve months counts, and none that is older."""

    @pytest.mark.parametrize(
        ("ended", "counts"),
        [("2025-11-23", True), ("2025-11-22", False), ("2025-11", True), ("2024", False)],
    )
    def test_twelve_months(self, ended: str, counts: bool) -> None:
        patient = {
            "id": "p",
            "address": [
                {"postalCode": "02118", "period": {"start": "2025-10-01"}},
                {"postalCode": "12180", "use": "old", "period": {"end": ended}},
            ],
        }
        record = member_record(patient, date(2026, 11, 23))
        assert ("12180" in record.zips) is counts
        assert "02118" in record.zips

    @pytest.mark.parametrize("old", [{"period": {"end": "2025-11-22"}}, {"use": "old"}])
    def test_an_older_one_counts_neither_where_there_is_no_other(
        self, old: dict[str, object]
    ) -> None:
        patient = {"id": "p", "address": [{"postalCode": "12180", "line": ["7 Mill St"], **old}]}
        record = member_record(patient, date(2026, 11, 23))
        assert (record.zips, record.house_numbers) == (frozenset(), frozenset())


class TestApprovalBeforehand:
    """By the codes that the company knows; what cannot be mapped is no "no"."""

    @pytest.mark.parametrize(
        ("who", "named", "partner"),
        [
            (AVERY, Named("an mri", "mri", "service"), "cigna"),
            (AVERY, Named("knee replacement", "knee_replacement", "service"), "cigna"),
            (("preferred-care", "P10010003"), Named("an mri", "mri", "service"), "preferred-care"),
            (TAYLOR, Named("a crown", "crown", "service"), "cigna"),
        ],
    )
    async def test_by_code(
        self, clients: Clients, desk: Desk, who: tuple[str, str], named: Named, partner: str
    ) -> None:
        member = await person(clients, who, level=2)
        if who == TAYLOR:
            member = await person(clients, who, ("cigna", "U10010009"), level=2)
        asked = Question("prior_auth_required", "does it need approval", service=named)
        given = await answer(member, asked, "this", desk)
        assert given.partner == partner
        rules = given.facts["rules"]
        assert rules, given.text
        assert {rule["partner"] for rule in rules} == {partner}

    async def test_no_other_service_of_that_name_is_told(
        self, clients: Clients, desk: Desk
    ) -> None:
        named = Named("surgery", None, "")
        given = await told(
            clients, desk, AVERY, "prior_auth_required", "does surgery need approval", service=named
        )
        assert "doctor can check" in given.text or given.facts["rules"]
        assert "is not covered" not in given.text


class TestFlexibleSpending:
    async def test_leaving_the_job_is_told_before_the_balance(
        self, clients: Clients, desk: Desk
    ) -> None:
        text = "what happens to my FSA when I leave my job"
        given = await told(clients, desk, FLO, "fsa_balance", text)
        assert given.text.startswith("When you leave a job, an FSA usually pays only for care")
        assert "$1,160.00" in given.text


class TestLists:
    """A list that is heard is short; the rest comes with "more"."""

    @pytest.mark.parametrize("intent", ["claim_status", "explain_eob"])
    async def test_thirty_words(self, clients: Clients, desk: Desk, intent: str) -> None:
        lists = 0
        for who in (AVERY, MORGAN, ERIN, RILEY):
            given = await told(clients, desk, who, intent, "all of mine", claim=ClaimWanted())
            if given.listed and len(given.listed.items) > 1:
                lists += 1
                assert len(given.speech.split()) <= 40, given.speech
        assert lists

    async def test_more_goes_on_to_the_end(self, clients: Clients, desk: Desk) -> None:
        told_numbers: list[str] = []
        start = 0
        while True:
            given = await told(
                clients, desk, AVERY, "claim_status", "all", claim=ClaimWanted(), start=start
            )
            told_numbers += [each["number"] for each in given.facts["claims"]]
            assert given.listed
            if given.listed.shown == len(given.listed.items):
                break
            assert given.listed.shown > start
            start = given.listed.shown
        assert len(told_numbers) == len(set(told_numbers)) == len(given.listed.items)


async def test_an_approval_names_its_provider_by_voice_too(clients: Clients, desk: Desk) -> None:
    art = ("cigna", "U10010040")
    named = Named("physical therapy", "physical_therapy", "service")
    given = await told(clients, desk, art, "prior_auth_status", "and my therapy?", service=named)
    (item,) = given.facts["authorizations"]
    assert item["provider"] in given.speech
    assert str(item["units_approved"]) in given.speech
    assert "not yet payment" in given.speech


async def test_a_plan_year_is_heard_with_its_totals(clients: Clients, desk: Desk) -> None:
    given = await told(clients, desk, MORGAN, "deductible_status", "my deductible", level=1)
    assert "Plan year 2026" in given.speech
    assert "plan: in network, your own deductible" in given.speech
