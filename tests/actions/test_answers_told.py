"""Answers for sample members: the amount, the date and the company, for reading and for hearing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from actions.answers.claims import claim_status
from actions.answers.directory import merged
from actions.answers.plans import plan_for_place, which_plan_covers_me
from actions.answers.providers import find_provider
from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.topics import answer
from actions.answers.wording import day, days, joined, money, spoken_money
from actions.records import MemberRecords
from alliance.clock import Clock
from alliance.coverage import Coverage
from alliance.directory import Listing
from alliance.errors import AuditUnavailable, NotVerified
from alliance.gazetteer import locate
from alliance.values import Period
from sandbox.population.records import Claim as SampleClaim
from sandbox.population.records import Member
from tests.actions.conftest import CONTEXT, Client, person, proof
from tests.actions.test_verifying_members import FullDisk
from tests.sandbox.conftest import Backend

People = Mapping[tuple[str, str], Member]
Sandboxes = Mapping[str, Backend]
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "March 2026")
IN_MARCH = Question("claim_status", claim=ClaimWanted(period=MARCH))
LATEST = Question("claim_status", claim=ClaimWanted(latest=True))
COVERS = Question("which_plan_covers_me")


def of_march(people: People, partner: str, member_id: str) -> SampleClaim:
    (found,) = [
        claim
        for claim in people[partner, member_id].claims
        if MARCH.start <= claim.served <= MARCH.end and not claim.replaced_by
    ]
    return found


def in_dollars(cents: int) -> str:
    return money(Decimal(cents) / 100)


def hearable(speech: str) -> bool:
    """Nothing that a voice would stumble on."""
    return not re.search(r"[$€•/<>{}\[\]_*#\n]|https?:", speech)


class TestClaims:
    @pytest.mark.parametrize(
        ("partner", "member_id"),
        [
            ("cigna", "U10010001"),
            ("mvp", "M10010002"),
            ("preferred-care", "P10010003"),
            ("mvp", "M10010029"),
            ("preferred-care", "P10010031"),
            ("cigna", "U10010032"),
        ],
    )
    async def test_paid_in_march(
        self,
        clients: dict[str, Client],
        desk: Desk,
        people: People,
        partner: str,
        member_id: str,
    ) -> None:
        told = await claim_status(await person(clients, (partner, member_id)), IN_MARCH, desk)
        expected = of_march(people, partner, member_id)
        company = desk.partners[partner]
        for part in (
            company.name,
            in_dollars(expected.paid),
            in_dollars(expected.billed),
            in_dollars(expected.liability),
            day(expected.served),
            expected.number,
        ):
            assert part in told.text, part
        assert expected.decided is not None
        assert day(expected.decided) in told.text
        for part in (
            company.spoken_name,
            spoken_money(Decimal(expected.paid) / 100),
            spoken_money(Decimal(expected.liability) / 100),
            day(expected.served),
        ):
            assert part in told.speech, part
        assert hearable(told.speech)
        assert (told.partner, told.level, told.intent) == (partner, 1, "claim_status")
        assert told.facts["claims"][0]["paid"] == f"{Decimal(expected.paid) / 100:.2f}"
        (source,) = told.sources
        assert source.partner == partner
        assert source.resource.startswith("ExplanationOfBenefit/")

    @pytest.mark.parametrize(
        ("partner", "member_id"),
        [("cigna", "U10010004"), ("mvp", "M10010005"), ("preferred-care", "P10010006")],
    )
    async def test_denied_without_a_reason_at_level_1(
        self, clients: dict[str, Client], desk: Desk, people: People, partner: str, member_id: str
    ) -> None:
        told = await claim_status(await person(clients, (partner, member_id)), IN_MARCH, desk)
        expected = of_march(people, partner, member_id)
        assert f"{desk.partners[partner].name} denied" in told.text
        assert in_dollars(expected.liability) in told.text
        assert expected.note is not None
        assert expected.note not in repr(told)
        assert "too late" not in told.text

    async def test_a_denied_claim_that_costs_nothing(
        self, clients: dict[str, Client], desk: Desk
    ) -> None:
        told = await claim_status(await person(clients, ("mvp", "M10010035")), IN_MARCH, desk)
        assert "owe nothing" in told.text

    @pytest.mark.parametrize(
        ("partner", "member_id", "word"),
        [
            ("cigna", "U10010030", "asked for more information"),
            ("cigna", "U10010015", "reversed"),
        ],
    )
    async def test_other_states(
        self, clients: dict[str, Client], desk: Desk, partner: str, member_id: str, word: str
    ) -> None:
        told = await claim_status(await person(clients, (partner, member_id)), IN_MARCH, desk)
        assert word in told.text
        assert "paid you" not in told.text
        assert "your share" not in told.text

    async def test_each_claim_by_who_administered_it(
        self, clients: dict[str, Client], desk: Desk
    ) -> None:
        """Moved from Troy to Boston in October: March is MVP's, November CIGNA's."""
        mover = await person(clients, ("cigna", "U10010007"), ("mvp", "M10010007"))
        march = await claim_status(mover, IN_MARCH, desk)
        assert march.partner == "mvp"
        assert "CIGNA" not in march.text
        assert clients["cigna"].sent("/ExplanationOfBenefit/_search") == []
        november = Period(date(2026, 11, 1), date(2026, 11, 30), "November 2026")
        asked = replace(IN_MARCH, claim=ClaimWanted(period=november))
        assert (await claim_status(mover, asked, desk)).partner == "cigna"

    async def test_the_latest_is_one_claim_over_all_companies(
        self, clients: dict[str, Client], desk: Desk, people: People
    ) -> None:
        mover = await person(clients, ("mvp", "M10010007"), ("cigna", "U10010007"))
        told = await claim_status(mover, LATEST, desk)
        newest = max(claim.served for claim in people["cigna", "U10010007"].claims)
        assert [c["service_start"] for c in told.facts["claims"]] == [newest.isoformat()]

    async def test_not_found_is_not_received_as_of_today(
        self, clients: dict[str, Client], desk: Desk
    ) -> None:
        period = Period(date(2026, 3, 1), date(2026, 3, 1), "March 1")
        asked = replace(IN_MARCH, claim=ClaimWanted(period=period))
        told = await claim_status(await person(clients, ("mvp", "M10010002")), asked, desk)
        assert "has not received" in told.text
        assert "November 23, 2026" in told.text
        assert "no claim" not in told.text.lower()
        assert desk.partners["mvp"].phone.member_services in told.text

    async def test_somebody_else_s_number_says_the_same(
        self, clients: dict[str, Client], desk: Desk, people: People
    ) -> None:
        member = await person(clients, ("mvp", "M10010002"))
        foreign = people["mvp", "M10010005"].claims[0].number
        texts = [
            (await claim_status(member, replace(LATEST, claim=ClaimWanted(number=n)), desk)).text
            for n in (foreign, "CLM-2026-99999")
        ]
        assert texts[0] == texts[1]

    async def test_a_company_that_does_not_answer_is_named(
        self, clients: dict[str, Client], desk: Desk, sandboxes: Sandboxes
    ) -> None:
        mover = await person(clients, ("mvp", "M10010007"), ("cigna", "U10010007"))
        sandboxes["cigna"].fault(kind="down")
        told = await claim_status(mover, replace(LATEST, claim=ClaimWanted()), desk)
        assert "could not reach CIGNA HealthCare" in told.text
        assert desk.partners["cigna"].phone.member_services in told.text
        assert told.facts["claims"]

    async def test_nobody_answers(
        self, clients: dict[str, Client], desk: Desk, sandboxes: Sandboxes
    ) -> None:
        member = await person(clients, ("mvp", "M10010002"))
        sandboxes["mvp"].fault(kind="down")
        told = await claim_status(member, IN_MARCH, desk)
        assert told.kind == "notice"
        assert "could not reach MVP Health Care" in told.text
        assert "not received" not in told.text

    async def test_an_unreached_company_of_the_verification_is_named_too(
        self, clients: dict[str, Client], desk: Desk
    ) -> None:
        member = await person(clients, ("mvp", "M10010002"))
        member = replace(member, person=replace(member.person, unreached=("preferred-care",)))
        told = await claim_status(member, IN_MARCH, desk)
        assert "could not reach Preferred Care" in told.text
        assert "$140.00" in told.text


class TestPlans:
    @pytest.mark.parametrize(
        ("partner", "member_id"),
        [("cigna", "U10010001"), ("mvp", "M10010002"), ("preferred-care", "P10010003")],
    )
    async def test_today(
        self, clients: dict[str, Client], desk: Desk, people: People, partner: str, member_id: str
    ) -> None:
        told = await which_plan_covers_me(await person(clients, (partner, member_id)), COVERS, desk)
        (cover,) = people[partner, member_id].covers
        assert f"{desk.partners[partner].name} covers you for medical" in told.text
        assert cover.plan.name in told.text
        assert day(cover.start) in told.text
        assert "not a guarantee of payment" in told.text
        assert hearable(told.speech)

    async def test_medical_and_dental_at_two_companies(
        self, clients: dict[str, Client], desk: Desk
    ) -> None:
        member = await person(clients, ("mvp", "M10010009"), ("cigna", "U10010009"))
        told = await which_plan_covers_me(member, COVERS, desk)
        assert "MVP Health Care covers you for medical" in told.text
        assert "CIGNA HealthCare covers you for dental" in told.text

    @pytest.mark.parametrize(
        ("on", "partner"), [(date(2026, 9, 30), "mvp"), (date(2026, 10, 1), "cigna")]
    )
    async def test_on_a_day_around_the_move(
        self, clients: dict[str, Client], desk: Desk, on: date, partner: str
    ) -> None:
        mover = await person(clients, ("mvp", "M10010007"), ("cigna", "U10010007"))
        told = await which_plan_covers_me(mover, replace(COVERS, on=on), desk)
        assert [c["partner"] for c in told.facts["coverages"]] == [partner]

    @pytest.mark.parametrize(
        ("partner", "member_id", "words"),
        [
            ("mvp", "M10010014", "ended on"),
            ("preferred-care", "P10010016", "begins on December 1, 2026"),
            ("cigna", "U10010015", "shows no alliance coverage"),
            ("preferred-care", "P10010028", "shows no alliance coverage"),
        ],
    )
    async def test_nothing_in_force(
        self, clients: dict[str, Client], desk: Desk, partner: str, member_id: str, words: str
    ) -> None:
        told = await which_plan_covers_me(await person(clients, (partner, member_id)), COVERS, desk)
        assert words in told.text
        assert "covers you" not in told.text
        assert told.facts["coverages"] == []

    @pytest.mark.parametrize("status", ["cancelled", "draft"])
    async def test_what_is_not_active_is_never_said_to_begin(self, desk: Desk, status: str) -> None:
        coming = Coverage(
            partner="mvp",
            id="1",
            patient_id="1",
            member_id="M10010002",
            line="medical",
            status=status,
            start=date(2027, 1, 1),
            end=None,
            group="ALX-2001",
            group_name=None,
            plan_name="Sample Plan",
            network_name=None,
            relationship="self",
        )

        class OnFile(MemberRecords):
            async def coverages(self, *_: object) -> list[Coverage]:
                return [coming]

        records = OnFile(CONTEXT, desk.backends, FullDisk(), desk.clock)
        told = await which_plan_covers_me(
            proof(("mvp", "1")), COVERS, replace(desk, records=records)
        )
        assert "begins" not in told.text
        assert "shows no alliance coverage" in told.text

    async def test_before_the_alliance(self, clients: dict[str, Client], desk: Desk) -> None:
        member = await person(clients, ("mvp", "M10010002"))
        told = await which_plan_covers_me(member, replace(COVERS, on=date(2007, 6, 30)), desk)
        assert "shows no alliance coverage for you on June 30, 2007" in told.text

    @pytest.mark.parametrize(
        ("zip_code", "words"),
        [
            ("12207", "MVP Health Care"),
            ("14604", "Preferred Care"),
            ("10001", "CIGNA HealthCare's national network"),
            ("14202", "can't tell which company"),
        ],
    )
    async def test_an_address_promises_no_enrollment(
        self, desk: Desk, zip_code: str, words: str
    ) -> None:
        place = locate(zip_code)
        assert place is not None
        told = await plan_for_place(COVERS, place, desk)
        assert words in told.text
        assert "changes no enrollment" in told.text
        assert "employer" in told.text
        assert told.level == 0


class TestProviders:
    @pytest.mark.parametrize(
        ("zip_code", "companies"),
        [
            ("12207", {"mvp", "cigna"}),
            ("14604", {"preferred-care", "cigna"}),
            ("02118", {"cigna"}),
        ],
    )
    async def test_the_region_s_directory_and_the_national_one(
        self, clients: dict[str, Client], desk: Desk, zip_code: str, companies: set[str]
    ) -> None:
        told = await find_provider(
            None, Question("find_provider", place=locate(zip_code), specialty="cardiology"), desk
        )
        asked = {key for key, client in clients.items() if client.sent("/PractitionerRole")}
        assert asked == companies
        assert told.cards
        assert "listing is not yet in network" in told.text
        for client in clients.values():
            assert not any("Authorization" in request.headers for request in client.requests)
        miles = [card["miles"] for card in told.cards]
        assert miles == sorted(miles)
        assert hearable(told.speech)

    async def test_one_directory_is_down(self, desk: Desk, sandboxes: Sandboxes) -> None:
        sandboxes["mvp"].fault(kind="down")
        told = await find_provider(
            None, Question("find_provider", place=locate("12207"), specialty="cardiology"), desk
        )
        assert "MVP Health Care's directory did not answer" in told.text

    def test_the_same_doctor_in_two_directories_is_one(self) -> None:
        mine = listing("mvp", miles=2.0, accepting=None, phone=None)
        theirs = listing("cigna", miles=2.0, accepting=True, phone="1-518-555-0101")
        (one,) = merged([mine, theirs])
        assert one.partners == ("mvp", "cigna")
        assert one.networks == mine.networks | theirs.networks
        assert (one.accepting, one.phone) == (True, "1-518-555-0101")

    def test_the_same_doctor_at_two_places_stays_two(self) -> None:
        near, far = listing("mvp", miles=1.0), replace(listing("mvp", miles=9.0), zip="12305")
        assert [x.miles for x in merged([far, near])] == [1.0, 9.0]


def listing(
    partner: str, *, miles: float, accepting: bool | None = None, phone: str | None = None
) -> Listing:
    return Listing(
        npi="1555550001",
        name="Dr. Sample",
        specialty="Cardiology",
        address="1 Sample Street",
        city="Albany",
        state="NY",
        zip="12207",
        phone=phone,
        miles=miles,
        partners=(partner,),
        networks=frozenset({f"{partner}-network"}),
        accepting=accepting,
        languages=(),
        latitude=42.65,
        longitude=-73.75,
    )


class TestGate:
    @pytest.mark.parametrize("intent", ["claim_status", "which_plan_covers_me"])
    async def test_a_personal_answer_needs_a_member(self, desk: Desk, intent: str) -> None:
        with pytest.raises(NotVerified):
            await answer(None, Question(intent), "", desk)

    @pytest.mark.parametrize("question", [IN_MARCH, COVERS], ids=lambda q: q.intent)
    async def test_without_an_audit_there_is_no_data(
        self, clients: dict[str, Client], desk: Desk, clock: Clock, question: Question
    ) -> None:
        blind = replace(desk, records=MemberRecords(CONTEXT, desk.backends, FullDisk(), clock))
        member = await person(clients, ("mvp", "M10010002"))
        with pytest.raises(AuditUnavailable):
            await answer(member, question, "", blind)

    async def test_an_ended_proof_gives_no_answer(
        self, clients: dict[str, Client], desk: Desk, clock: Clock
    ) -> None:
        member = await person(clients, ("mvp", "M10010002"))
        ended = replace(member, expires_at=clock.now() - timedelta(seconds=1))
        with pytest.raises(NotVerified):
            await answer(ended, IN_MARCH, "", desk)


class TestWords:
    @pytest.mark.parametrize(
        ("amount", "read", "heard"),
        [
            ("0", "$0.00", "0 dollars"),
            ("1", "$1.00", "1 dollar"),
            ("1.01", "$1.01", "1 dollar and 1 cent"),
            ("1234.5", "$1,234.50", "1,234 dollars and 50 cents"),
            ("0.99", "$0.99", "99 cents"),
            ("-10.50", "-$10.50", "minus 10 dollars and 50 cents"),
            ("1000000", "$1,000,000.00", "1,000,000 dollars"),
        ],
    )
    def test_amounts(self, amount: str, read: str, heard: str) -> None:
        assert money(Decimal(amount)) == read
        assert spoken_money(Decimal(amount)) == heard

    @pytest.mark.parametrize(
        ("start", "end", "said"),
        [
            ("2026-03-03", "2026-03-03", "March 3, 2026"),
            ("2026-03-03", "2026-03-05", "March 3 to March 5, 2026"),
            ("2025-12-30", "2026-01-02", "December 30, 2025 to January 2, 2026"),
        ],
    )
    def test_days(self, start: str, end: str, said: str) -> None:
        assert days(date.fromisoformat(start), date.fromisoformat(end)) == said

    @pytest.mark.parametrize(
        ("items", "said"),
        [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
    )
    def test_joined(self, items: list[str], said: str) -> None:
        assert joined(items, "or") == said
