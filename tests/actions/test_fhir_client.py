"""The FHIR adapter against running stand-ins of all three partners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from actions.partners.capabilities import MemberRecord
from alliance.claims import Claim
from alliance.errors import NotVerified
from sandbox.population.records import Member
from tests.actions.conftest import Client, proof, proven
from tests.sandbox.conftest import PARTNERS

PLAIN = {"cigna": "U10010001", "mvp": "M10010002", "preferred-care": "P10010003"}
People = Mapping[tuple[str, str], Member]
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


async def march(client: Client, member_id: str) -> list[Claim]:
    member = await proven(client, member_id)
    return await client.backend.claims(member, start=FIRST, end=LAST)


async def record_of(client: Client, member_id: str) -> MemberRecord:
    (record,) = await client.backend.find_member(member_id)
    return record


class TestFindMember:
    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_what_verification_compares(
        self, clients: dict[str, Client], people: People, partner: str
    ) -> None:
        member = people[partner, PLAIN[partner]]
        record = await record_of(clients[partner], PLAIN[partner])
        assert record.member_id == member.member_id
        assert record.first_names[0] == member.given
        assert record.family_name == member.family
        assert record.birth_date == member.born
        assert record.zips == {member.zip}

    @pytest.mark.parametrize("partner", PARTNERS)
    @pytest.mark.parametrize(
        "member_id",
        ["X00000000", "U99999999", "", "U1001000*", "U10010001,M10010002", "U10010001&_count=1"],
    )
    async def test_an_unknown_or_made_up_id_finds_nobody(
        self, clients: dict[str, Client], partner: str, member_id: str
    ) -> None:
        assert await clients[partner].backend.find_member(member_id) == []

    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_another_company_s_member_is_unknown(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        for other in set(PARTNERS) - {partner}:
            assert await clients[partner].backend.find_member(PLAIN[other]) == []

    async def test_the_zip_before_a_recent_move_counts(self, clients: dict[str, Client]) -> None:
        record = await record_of(clients["mvp"], "M10010007")
        assert record.zips == {"02118", "12180"}

    async def test_an_old_id_is_another_person_at_each_company(
        self, clients: dict[str, Client]
    ) -> None:
        names = {
            key: (await record_of(clients[key], "900555101")).first_names[0]
            for key in ("mvp", "preferred-care")
        }
        assert names == {"mvp": "Lena", "preferred-care": "Leo"}

    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_no_identifier_stands_in_a_url(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        client = clients[partner]
        member = await proven(client, PLAIN[partner])
        await client.backend.claims(member)
        await client.backend.coverages(member)
        patient_id = member.person.home.patient_id
        for request in client.requests:
            assert PLAIN[partner] not in str(request.url)
            assert patient_id not in str(request.url)


class TestMatchPerson:
    @pytest.mark.parametrize(
        ("home", "home_id", "other", "other_id"),
        [
            ("mvp", "M10010007", "cigna", "U10010007"),
            ("cigna", "U10010007", "mvp", "M10010007"),
            ("preferred-care", "P10010008", "cigna", "U10010008"),
            ("mvp", "M10010009", "cigna", "U10010009"),
        ],
    )
    async def test_the_same_person_elsewhere(
        self, clients: dict[str, Client], home: str, home_id: str, other: str, other_id: str
    ) -> None:
        record = await record_of(clients[home], home_id)
        expected = await record_of(clients[other], other_id)
        assert await clients[other].backend.match_person(record) == expected.patient_id

    @pytest.mark.parametrize(
        ("home", "home_id", "other"),
        [
            ("mvp", "M10010007", "preferred-care"),
            ("cigna", "U10010001", "mvp"),
            ("mvp", "M10010002", "cigna"),
            # The same ID of old is another person there.
            ("mvp", "900555101", "preferred-care"),
            ("preferred-care", "900555101", "mvp"),
        ],
    )
    async def test_nobody(
        self, clients: dict[str, Client], home: str, home_id: str, other: str
    ) -> None:
        record = await record_of(clients[home], home_id)
        assert await clients[other].backend.match_person(record) is None

    async def test_two_of_the_same_name_and_day_are_nobody(
        self, clients: dict[str, Client]
    ) -> None:
        """Chris Sameday twice: from another company's view there is no telling them apart."""
        mine = await record_of(clients["mvp"], "M10010021")
        assert (
            await clients["mvp"].backend.match_person(replace(mine, member_id="U99999999")) is None
        )

    async def test_a_namesake_of_another_age_is_somebody_else(
        self, clients: dict[str, Client]
    ) -> None:
        sam = await record_of(clients["cigna"], "U10010019")
        born = date(2001, 1, 1)
        stranger = replace(sam, member_id="M99999999", birth_date=born)
        assert await clients["cigna"].backend.match_person(stranger) is None

    async def test_twins_are_two_people(self, clients: dict[str, Client]) -> None:
        ada = await record_of(clients["preferred-care"], "P10010017")
        ida = await record_of(clients["preferred-care"], "P10010018")
        backend = clients["preferred-care"].backend
        assert await backend.match_person(replace(ada, member_id="U1")) == ada.patient_id
        assert await backend.match_person(replace(ida, member_id="U1")) == ida.patient_id


class TestCoverages:
    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_the_plain_member_s(
        self, clients: dict[str, Client], people: People, partner: str
    ) -> None:
        member = await proven(clients[partner], PLAIN[partner])
        (found,) = await clients[partner].backend.coverages(member)
        (expected,) = people[partner, PLAIN[partner]].covers
        assert (found.partner, found.patient_id) == (partner, member.person.home.patient_id)
        assert (found.start, found.end, found.status) == (expected.start, None, "active")
        assert (found.group, found.line, found.relationship) == (expected.group, "medical", "self")
        assert found.plan_name == expected.plan.name
        assert found.member_id == PLAIN[partner]

    @pytest.mark.parametrize(
        ("partner", "member_id"),
        [
            ("mvp", "M10010007"),  # moved away
            ("cigna", "U10010007"),  # moved here
            ("mvp", "M10010014"),  # ended
            ("preferred-care", "P10010016"),  # begins next month
            ("cigna", "U10010015"),  # ended backwards
            ("preferred-care", "P10010028"),  # newborn, enrolment not complete
        ],
    )
    async def test_dates_and_states(
        self, clients: dict[str, Client], people: People, partner: str, member_id: str
    ) -> None:
        member = await proven(clients[partner], member_id)
        found = await clients[partner].backend.coverages(member)
        expected = people[partner, member_id].covers
        assert sorted((c.start, c.end, c.status) for c in found if c.start) == sorted(
            (c.start, c.end, c.status) for c in expected
        )

    async def test_a_dental_plan_is_dental(self, clients: dict[str, Client]) -> None:
        member = await proven(clients["cigna"], "U10010009")
        assert [c.line for c in await clients["cigna"].backend.coverages(member)] == ["dental"]

    async def test_a_wife_s_coverage_is_hers(self, clients: dict[str, Client]) -> None:
        """One subscriber, four people: each gets their own."""
        for member_id, relationship in (("M10010023", "self"), ("M10010024", "spouse")):
            member = await proven(clients["mvp"], member_id)
            (found,) = await clients["mvp"].backend.coverages(member)
            assert found.relationship == relationship


class TestClaims:
    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_march(self, clients: dict[str, Client], people: People, partner: str) -> None:
        (found,) = await march(clients[partner], PLAIN[partner])
        (expected,) = [
            claim
            for claim in people[partner, PLAIN[partner]].claims
            if FIRST <= claim.served <= LAST
        ]
        assert (found.partner, found.number) == (partner, expected.number)
        assert (found.state, found.kind) == ("paid", "claim")
        assert found.service_start == found.service_end == expected.served
        assert (found.received_on, found.paid_on) == (expected.received, expected.decided)
        assert found.billed == Decimal(expected.billed) / 100
        assert found.paid == Decimal(expected.paid) / 100
        assert found.member_owes == Decimal(expected.liability) / 100

    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_all_of_them_over_all_pages_newest_first(
        self, clients: dict[str, Client], people: People, partner: str
    ) -> None:
        member = await proven(clients[partner], PLAIN[partner])
        found = await clients[partner].backend.claims(member)
        expected = people[partner, PLAIN[partner]].claims
        assert {c.number for c in found} == {c.number for c in expected}
        assert len(found) == len(expected)
        days = [c.service_start for c in found if c.service_start]
        assert days == sorted(days, reverse=True)

    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_the_ends_of_a_period_count(
        self, clients: dict[str, Client], people: People, partner: str
    ) -> None:
        member = await proven(clients[partner], PLAIN[partner])
        served = people[partner, PLAIN[partner]].claims[0].served
        backend = clients[partner].backend
        days = {c.service_start for c in await backend.claims(member, start=served, end=served)}
        assert days == {served}

    @pytest.mark.parametrize(
        "spelling", [str, str.lower, lambda n: n.replace("-", " "), lambda n: n.replace("-", "")]
    )
    async def test_by_number_however_it_is_written(
        self, clients: dict[str, Client], people: People, spelling: Callable[[str], str]
    ) -> None:
        number = people["mvp", "M10010002"].claims[3].number
        member = await proven(clients["mvp"], "M10010002")
        found = await clients["mvp"].backend.claims(member, number=spelling(number))
        assert [claim.number for claim in found] == [number]

    @pytest.mark.parametrize("number", ["CLM-2026-99999", "0", "-", "CLM"])
    async def test_by_a_number_that_is_not_there(
        self, clients: dict[str, Client], number: str
    ) -> None:
        member = await proven(clients["mvp"], "M10010002")
        assert await clients["mvp"].backend.claims(member, number=number) == []

    async def test_somebody_else_s_number_finds_nothing(
        self, clients: dict[str, Client], people: People
    ) -> None:
        member = await proven(clients["mvp"], "M10010002")
        number = people["mvp", "M10010005"].claims[0].number
        assert await clients["mvp"].backend.claims(member, number=number) == []

    @pytest.mark.parametrize(
        ("partner", "member_id", "state"),
        [
            ("cigna", "U10010004", "denied"),
            ("mvp", "M10010005", "denied"),
            ("preferred-care", "P10010006", "denied"),
            ("mvp", "M10010029", "partly_paid"),
            ("cigna", "U10010030", "information_requested"),
            ("cigna", "U10010015", "reversed"),
            ("mvp", "M10010035", "denied"),
        ],
    )
    async def test_the_march_claim_s_state_and_amounts(
        self,
        clients: dict[str, Client],
        people: People,
        partner: str,
        member_id: str,
        state: str,
    ) -> None:
        (found,) = await march(clients[partner], member_id)
        (expected,) = [c for c in people[partner, member_id].claims if c.number == found.number]
        assert found.state == state
        assert found.billed == Decimal(expected.billed) / 100
        if expected.decided:
            assert found.member_owes == Decimal(expected.liability) / 100

    async def test_of_an_adjusted_claim_the_back_office_tells_the_current_one(
        self, clients: dict[str, Client]
    ) -> None:
        found = await march(clients["preferred-care"], "P10010031")
        assert {(c.state, bool(c.replaced_by)) for c in found} == {("adjusted", False)}

    async def test_open_claims_are_among_them(self, clients: dict[str, Client]) -> None:
        member = await proven(clients["mvp"], "M10010033")
        found = await clients["mvp"].backend.claims(member)
        still_open = {c.state for c in found if c.paid_on is None}
        assert {"received", "pending"} <= still_open
        for claim in found:
            if claim.state in ("received", "pending"):
                assert claim.received_on is not None
                assert claim.billed is not None
                assert claim.paid is None
                assert claim.member_owes is None

    async def test_authorizations_are_not_claims(self, clients: dict[str, Client]) -> None:
        member = await proven(clients["cigna"], "U10010040")
        found = await clients["cigna"].backend.claims(member)
        assert {c.kind for c in found if c.number.startswith("PA-")} <= {"preauthorization"}
        assert {c.kind for c in found if c.number.startswith("CLM-")} == {"claim"}


class TestProof:
    async def test_another_partner_s_proof_opens_nothing(self, clients: dict[str, Client]) -> None:
        foreign = proof(("cigna", "1"))
        sent = len(clients["mvp"].requests)
        with pytest.raises(NotVerified):
            await clients["mvp"].backend.claims(foreign)
        with pytest.raises(NotVerified):
            await clients["mvp"].backend.coverages(foreign)
        assert len(clients["mvp"].requests) == sent


class TestRequests:
    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_one_token_serves_all_calls(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        client = clients[partner]
        member = await proven(client, PLAIN[partner])
        await client.backend.claims(member)
        await client.backend.coverages(member)
        assert len(client.sent("/oauth/token")) == 1

    @pytest.mark.parametrize("partner", PARTNERS)
    async def test_member_data_goes_with_a_token_and_the_statement_without(
        self, clients: dict[str, Client], partner: str
    ) -> None:
        client = clients[partner]
        await client.backend.claims(await proven(client, PLAIN[partner]))
        for request in client.requests:
            public = request.url.path.endswith(("/metadata", "/oauth/token"))
            assert ("Authorization" in request.headers) is not public

    async def test_a_secret_is_never_in_a_url(self, clients: dict[str, Client]) -> None:
        for client in clients.values():
            await client.backend.find_member("X00000000")
            for request in client.requests:
                assert "secret" not in str(request.url)
                assert "token=" not in str(request.url)
