"""Plans and benefits as sample members hear them, against what their companies' files hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.answers.id_card import wants_new
from actions.answers.question import Desk, Named, Question
from actions.answers.topics import PERSONAL, answer
from actions.answers.wording import day, money
from alliance.answer import Answer
from alliance.gazetteer import locate
from sandbox.population.records import Member
from tests.actions.conftest import Client, person
from tests.sandbox.conftest import TODAY, Backend

Clients = dict[str, Client]
People = Mapping[tuple[str, str], Member]
Key = tuple[str, str]

AVERY, MORGAN, RILEY = ("cigna", "U10010001"), ("mvp", "M10010002"), ("preferred-care", "P10010003")
TAYLOR = (("mvp", "M10010009"), ("cigna", "U10010009"))
CONNIE = (("mvp", "M10010010"), ("cigna", "U10010010"))
JORDAN = (("cigna", "U10010007"), ("mvp", "M10010007"))
EDDIE, RHEA, FABIAN = ("mvp", "M10010014"), ("cigna", "U10010015"), ("preferred-care", "P10010016")
NORA, BABY = ("preferred-care", "P10010027"), ("preferred-care", "P10010028")
IVY, STUART, MAX = ("cigna", "U10010042"), ("mvp", "M10010045"), ("cigna", "U10010046")
CHRIS, MARGE = ("mvp", "M10010021"), ("preferred-care", "P10010036")

MRI = Named("mri", "mri", "service")
CARDIOLOGIST = Named("heart doctor", "cardiology", "specialty")
LASIK = Named("lasik", "lasik", "service")
REIKI = Named("reiki")
BOSTON, ALBANY = locate("02118"), locate("12207")


async def tell(clients: Clients, desk: Desk, intent: str, *ids: Key, **asked: Any) -> Answer:
    member = await person(clients, *ids, level=2)
    return await answer(member, Question(intent, **asked), "this", desk)


def hearable(speech: str) -> bool:
    return not re.search(r"[$\u20ac\u2022/<>{}\[\]_*#\n\u201c\u201d]|https?:", speech)


def dollars(cents: int) -> str:
    return money(Decimal(cents) / 100)


def spent(member: Member, year: int) -> tuple[int, int]:
    """Deductible and out-of-pocket of the year by the claims behind the sample member."""
    counted = [
        claim
        for claim in member.claims
        if claim.served.year == year
        and claim.decided
        and claim.state != "reversed"
        and not claim.replaced_by
    ]
    shares = [share for claim in counted for share in claim.shares]
    return (
        sum(share.deductible for share in shares),
        sum(share.deductible + share.copay + share.coinsurance for share in shares),
    )


class TestTotals:
    @pytest.mark.parametrize("who", [AVERY, MORGAN, RILEY, ("mvp", "M10010029"), NORA])
    async def test_used_and_left_add_up_to_the_claims(
        self, clients: Clients, desk: Desk, people: People, who: Key
    ) -> None:
        plan = people[who].covers[0].plan
        deductible, pocket = spent(people[who], TODAY.year)
        for intent, limit, used in (
            ("deductible_status", plan.deductible, deductible),
            ("out_of_pocket_status", plan.out_of_pocket, pocket),
        ):
            told = await tell(clients, desk, intent, who)
            for part in (
                desk.partners[who[0]].name,
                "your own",
                "the family's",
                "In network",
                "Out of network",
                "January 1 to December 31, 2026",
                "Claims processed through November 23, 2026",
                f"{dollars(limit)}: {dollars(used)} used, {dollars(max(limit - used, 0))} left",
            ):
                assert part in told.text, part
            assert hearable(told.speech)
            assert len(told.speech.split()) <= 35
            assert told.level == 1

    async def test_a_plan_without_a_deductible(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "deductible_status", CHRIS)
        assert "your own deductible is $0.00: there is none to meet" in told.text

    async def test_who_moved_hears_both_companies_apart(
        self, clients: Clients, desk: Desk, people: People
    ) -> None:
        """Situation 4: never added, never carried over."""
        told = await tell(clients, desk, "out_of_pocket_status", *JORDAN)
        before, after = (spent(people[key], TODAY.year)[1] for key in reversed(JORDAN))
        assert f"{dollars(before)} used" in told.text
        assert f"{dollars(after)} used" in told.text
        assert dollars(before + after) not in told.text
        assert "which ended on September 30, 2026" in told.text
        assert "nothing is added up or carried over" in told.text
        assert {each["partner"] for each in told.facts["accumulators"]} == {"mvp", "cigna"}

    async def test_a_year_that_was_named(
        self, clients: Clients, desk: Desk, people: People
    ) -> None:
        told = await tell(clients, desk, "out_of_pocket_status", MORGAN, on=date(2025, 1, 1))
        assert "plan year January 1 to December 31, 2025" in told.text
        assert f"{dollars(spent(people[MORGAN], 2025)[1])} used" in told.text

    async def test_dental_is_asked_of_the_dental_company(
        self, clients: Clients, desk: Desk
    ) -> None:
        told = await tell(
            clients, desk, "deductible_status", *TAYLOR, text="what's my dental deductible"
        )
        assert "CIGNA HealthCare dental plan" in told.text
        assert "$50.00" in told.text
        assert "MVP" not in told.text

    async def test_one_company_down_is_named_and_the_other_answers(
        self, clients: Clients, desk: Desk, sandboxes: Mapping[str, Backend]
    ) -> None:
        member = await person(clients, *TAYLOR)
        sandboxes["cigna"].fault(kind="down")
        told = await PERSONAL["coverage_status"](member, Question("coverage_status"), desk)
        assert "MVP Health Care medical plan" in told.text
        assert "could not reach CIGNA HealthCare" in told.text
        assert desk.partners["cigna"].phone.member_services in told.text


class TestStatus:
    @pytest.mark.parametrize(
        ("who", "state", "words"),
        [
            (MORGAN, "active", "is active as of November 23, 2026 in MVP's file"),
            (EDDIE, "ended", "ended on August 31, 2026"),
            (RHEA, "ended_retroactively", "CIGNA reversed a claim for care on March 12, 2026"),
            (FABIAN, "future", "begins on December 1, 2026"),
            (BABY, "pending", "within 30 days; the file has November 3, 2026"),
            (IVY, "ended", "ended on October 31, 2026"),
        ],
    )
    async def test_as_the_file_shows_it(
        self, clients: Clients, desk: Desk, who: Key, state: str, words: str
    ) -> None:
        told = await tell(clients, desk, "coverage_status", who, text="am I covered?")
        assert words in told.text
        assert "no guarantee of payment" in told.text
        assert told.facts["states"][0]["state"] == state
        assert told.acts == ()
        assert hearable(told.speech)
        assert len(told.speech.split()) <= 40
        assert "is added" not in told.text

    @pytest.mark.parametrize(
        ("on", "state"),
        [
            (date(2026, 8, 31), "active"),
            (date(2026, 9, 1), "ended"),
        ],
    )
    async def test_on_a_day(self, clients: Clients, desk: Desk, on: date, state: str) -> None:
        told = await tell(clients, desk, "coverage_status", EDDIE, on=on)
        assert told.facts["states"][0]["state"] == state
        assert day(on) in told.text

    async def test_refused_at_a_counter_goes_to_a_person_now(
        self, clients: Clients, desk: Desk
    ) -> None:
        """Situation 5: the status as of the date, the urgent queue, nothing promised."""
        text = "they say I'm inactive, I'm at the pharmacy and my son needs his inhaler"
        told = await tell(clients, desk, "coverage_status", IVY, text=text)
        assert "ended on October 31, 2026" in told.text
        assert "I can't promise what they find" in told.text
        (act,) = told.acts
        assert (act.kind, act.detail["partner"], act.detail["priority"]) == (
            "handoff",
            "cigna",
            "urgent",
        )
        assert told.facts["urgent"] is True

    @pytest.mark.parametrize(
        "text",
        ["is my coverage active?", "was I covered at the hospital in March?", "am I inactive?"],
    )
    async def test_an_ordinary_question_is_not_urgent(
        self, clients: Clients, desk: Desk, text: str
    ) -> None:
        told = await tell(clients, desk, "coverage_status", MORGAN, text=text)
        assert told.acts == ()


class TestServices:
    async def test_covered_with_approval_and_share(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "benefit_covered", MORGAN, service=MRI)
        assert "MVP Health Care's file lists an MRI as covered in network" in told.text
        assert "It needs approval first" in told.text
        assert "20 percent after the deductible" in told.text
        assert "no promise of payment" in told.text
        assert told.facts["covered"] is True

    @pytest.mark.parametrize("service", [LASIK, Named("massages", "massage_therapy", "service")])
    async def test_listed_as_not_covered(
        self, clients: Clients, desk: Desk, service: Named
    ) -> None:
        told = await tell(clients, desk, "benefit_covered", MORGAN, service=service)
        assert "not covered" in told.text
        assert told.facts["covered"] is False

    @pytest.mark.parametrize(
        "service",
        [
            REIKI,
            Named("acupuncture", "acupuncture_care", "service"),
            Named("surgery", "surgery", "service"),
        ],
    )
    @pytest.mark.parametrize("intent", ["benefit_covered", "copay_cost"])
    async def test_what_cannot_be_mapped_is_no_no(
        self, clients: Clients, desk: Desk, intent: str, service: Named
    ) -> None:
        told = await tell(clients, desk, intent, MORGAN, service=service)
        assert "That is not a no: your doctor's office" in told.text
        assert "not covered" not in told.text
        assert told.facts["covered"] is None
        assert hearable(told.speech)

    @pytest.mark.parametrize(
        ("who", "words", "never"),
        [
            (
                MORGAN,
                ["copay of $40.00", "out-of-network level: 40 percent", "Without a referral"],
                ["not covered"],
            ),
            (
                CHRIS,
                ["copay of $40.00", "Outside the network it is not covered", "asks for a referral"],
                ["out-of-network level"],
            ),
            (AVERY, ["copay of $50.00", "Out of network you pay 40 percent"], ["referral"]),
        ],
    )
    async def test_a_specialist_by_product(
        self, clients: Clients, desk: Desk, who: Key, words: list[str], never: list[str]
    ) -> None:
        told = await tell(clients, desk, "copay_cost", who, service=CARDIOLOGIST)
        for part in words:
            assert part in told.text, part
        for part in never:
            assert part not in told.text, part
        assert hearable(told.speech)
        assert len(told.speech.split()) <= 35

    async def test_an_ob_gyn_needs_no_referral(self, clients: Clients, desk: Desk) -> None:
        named = Named("gyn", "obgyn", "specialty")
        told = await tell(clients, desk, "copay_cost", CHRIS, service=named)
        assert "OB-GYN visit needs no referral" in told.text

    async def test_an_emergency_is_the_same_outside(self, clients: Clients, desk: Desk) -> None:
        named = Named("er", "emergency_visit", "service")
        told = await tell(clients, desk, "copay_cost", CHRIS, service=named)
        assert "In an emergency it is the same outside the network" in told.text

    async def test_an_estimate_says_what_is_not_known(
        self, clients: Clients, desk: Desk, people: People
    ) -> None:
        told = await tell(clients, desk, "cost_estimate", MORGAN, service=MRI)
        plan = people[MORGAN].covers[0].plan
        deductible, pocket = spent(people[MORGAN], TODAY.year)
        assert "can't name the full cost" in told.text
        assert dollars(max(plan.deductible - deductible, 0)) in told.text or "is met" in told.text
        assert f"{dollars(plan.out_of_pocket - pocket)} is left" in told.text
        assert "billing codes" in told.text
        assert "not a promise of payment" in told.text

    async def test_dental_care_goes_to_the_dental_company(
        self, clients: Clients, desk: Desk
    ) -> None:
        crown = Named("crown", "crown", "service")
        told = await tell(clients, desk, "copay_cost", *TAYLOR, service=crown)
        assert told.partner == "cigna"
        assert "50 percent after the deductible" in told.text

    async def test_dental_care_without_a_dental_plan(self, clients: Clients, desk: Desk) -> None:
        crown = Named("crown", "crown", "service")
        told = await tell(clients, desk, "benefit_covered", MORGAN, service=crown)
        assert "no dental coverage for you" in told.text
        assert "another company" in told.text
        assert "not covered" not in told.text


class TestAway:
    @pytest.mark.parametrize(
        ("who", "place", "words"),
        [
            (MORGAN, BOSTON, "outside the area of your MVP Health Care medical plan"),
            (MORGAN, ALBANY, "inside the area of your MVP Health Care medical plan"),
            (AVERY, ALBANY, "wherever you are in the country"),
            (RILEY, ALBANY, "CIGNA's national network counts there"),
        ],
    )
    async def test_which_network_counts(
        self, clients: Clients, desk: Desk, who: Key, place: Any, words: str
    ) -> None:
        told = await tell(clients, desk, "out_of_area_coverage", who, place=place)
        assert words in told.text
        assert f"Claims go to {desk.partners[who[0]].name}" in told.text
        assert "nearest hospital" in told.text
        assert hearable(told.speech)

    async def test_a_student_away(self, clients: Clients, desk: Desk) -> None:
        told = await tell(
            clients, desk, "out_of_area_coverage", STUART, place=locate("02139"),
            text="I'm at college in Cambridge",
        )  # fmt: skip
        assert "CIGNA's national network counts there" in told.text
        assert "an address at school changes no enrollment" in told.text

    async def test_an_hmo_pays_only_emergencies_outside(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "out_of_area_coverage", CHRIS)
        assert "Outside the network only emergency care is covered" in told.text

    async def test_a_move_changes_no_enrollment(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "out_of_area_coverage", MORGAN, text="I moved to Boston")
        assert "An address changes no enrollment" in told.text


class TestTwoPlans:
    async def test_two_that_both_say_first(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "coordination_of_benefits", *CONNIE)
        assert "undetermined" in told.text
        assert "both companies' files say that they pay first" in told.text
        for key in ("mvp", "cigna"):
            assert desk.partners[key].phone.member_services in told.text
        assert told.facts["orders"][0]["first"] is None

    async def test_second_to_medicare_as_on_file(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "coordination_of_benefits", MAX, text="I have Medicare")
        assert "pays after another plan" in told.text

    async def test_medical_and_dental_are_no_conflict(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "coordination_of_benefits", *TAYLOR)
        assert "undetermined" not in told.text


class TestCards:
    @pytest.mark.parametrize("who", [AVERY, MORGAN, RILEY])
    async def test_what_the_chat_draws(
        self, clients: Clients, desk: Desk, people: People, who: Key
    ) -> None:
        told = await tell(clients, desk, "id_card", who, text="show me my card")
        (card,) = told.cards
        member = people[who]
        values = {each["label"]: each["value"] for each in card["fields"]}
        assert card["kind"] == "id_card"
        assert card["name"] == f"{member.given} {member.family}"
        assert (values["Member ID"], values["Group"]) == (
            member.member_id,
            member.covers[0].group,
        )
        # A 271 holds no numbers for the pharmacy.
        assert values.get("RxBIN") == (None if who == RILEY else "000555")
        assert {"label": "Primary care visit", "value": dollars(member.covers[0].plan.primary_copay)
                } in card["costs"]  # fmt: skip
        assert "no guarantee of payment" in card["note"]
        assert hearable(told.speech)

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("I lost my card", True),
            ("can you send me a new ID card", True),
            ("please mail me a new card", True),
            ("my card never came", True),
            ("show me my ID card", False),
            ("what's the group number on my new card", False),
            ("what is my member id", False),
        ],
    )
    def test_when_a_card_by_mail_is_wanted(self, text: str, wanted: bool) -> None:
        assert wants_new(text) is wanted

    async def test_without_a_live_turn_nothing_is_ordered(
        self, clients: Clients, desk: Desk
    ) -> None:
        told = await tell(clients, desk, "id_card", MORGAN, text="I lost my card")
        assert "For a new card by mail, call MVP member services" in told.text
        assert "reference number" not in told.text

    async def test_one_of_each_company(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "id_card", *TAYLOR)
        assert [card["company"] for card in told.cards] == ["MVP Health Care", "CIGNA HealthCare"]

    async def test_none_after_the_end(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "id_card", EDDIE)
        assert told.cards == ()
        assert "ended on August 31, 2026" in told.text


class TestLines:
    async def test_dental_is_at_the_other_company(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "dental_benefits", *TAYLOR)
        assert told.partner == "cigna"
        for part in ("$1,500.00 a year", "dental cleaning", "braces: not covered"):
            assert part in told.text, part
        assert hearable(told.speech)

    async def test_no_dental_on_file_is_not_no_dental(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "dental_benefits", MORGAN)
        assert "I find no dental benefits" in told.text
        assert "another company" in told.text

    async def test_eye_care_in_the_medical_plan(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "vision_benefits", MORGAN)
        assert "eye exam once a year: you pay a copay of $25.00" in told.text
        assert "glasses: up to $100.00" in told.text

    async def test_no_eye_care_on_file(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "vision_benefits", AVERY)
        assert "I find no vision benefits" in told.text


class TestEmployer:
    async def test_premiums_are_the_employers(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "premium_payment", MORGAN)
        for part in ("Sample Mohawk Textiles", "gives me no premium figures", "1-800-555-0120"):
            assert part in told.text, part
        assert "$" not in told.text

    @pytest.mark.parametrize(
        ("who", "form"),
        [(MORGAN, "MVP gives Form 1095-B"), (("mvp", "M10010033"), "employer sends Form 1095-C")],
    )
    async def test_the_tax_form_by_who_carries_the_plan(
        self, clients: Clients, desk: Desk, who: Key, form: str
    ) -> None:
        told = await tell(clients, desk, "tax_form", who)
        assert "covered you for all of 2025" in told.text
        assert form in told.text

    async def test_no_form_for_a_year_without_coverage(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "tax_form", FABIAN)
        assert "no medical coverage of the alliance for you in 2025" in told.text


class TestWhichPlan:
    async def test_after_a_move_the_old_company_is_named(
        self, clients: Clients, desk: Desk
    ) -> None:
        told = await tell(clients, desk, "which_plan_covers_me", *JORDAN)
        assert "CIGNA HealthCare covers you for medical" in told.text
        assert "Until September 30, 2026 it was MVP Health Care" in told.text

    async def test_a_self_funded_plan_is_the_employers(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "which_plan_covers_me", ("mvp", "M10010033"))
        assert "the employer's own plan, run by MVP" in told.text

    async def test_a_dependent_student(self, clients: Clients, desk: Desk) -> None:
        told = await tell(
            clients, desk, "which_plan_covers_me", STUART, text="I'm a student in Cambridge"
        )
        assert "The plan is the subscriber's" in told.text
        assert "A school address changes no enrollment" in told.text

    async def test_what_if_i_move(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "which_plan_covers_me", MORGAN, text="what if I move?")
        assert "An address alone changes no enrollment" in told.text

    async def test_the_card_that_the_chat_draws(self, clients: Clients, desk: Desk) -> None:
        told = await tell(clients, desk, "which_plan_covers_me", *TAYLOR)
        assert [card["title"] for card in told.cards] == ["Your medical plan", "Your dental plan"]
        facts = {each["label"]: each["value"] for each in told.cards[0]["facts"]}
        assert (facts["Plan type"], facts["Referral to specialists"]) == ("POS", "Needed")


@pytest.mark.parametrize(
    "intent",
    ["coverage_status", "deductible_status", "out_of_pocket_status", "copay_cost",
     "benefit_covered", "cost_estimate", "out_of_area_coverage", "coordination_of_benefits",
     "id_card", "premium_payment", "dental_benefits", "vision_benefits", "tax_form",
     "which_plan_covers_me"],
)  # fmt: skip
async def test_a_company_that_is_down_is_named_with_its_line(
    clients: Clients, desk: Desk, sandboxes: Mapping[str, Backend], intent: str
) -> None:
    member = await person(clients, MORGAN, level=2)
    sandboxes["mvp"].fault(kind="down")
    told = await answer(member, Question(intent, service=MRI), "this", desk)
    assert "could not reach MVP Health Care" in told.text
    assert desk.partners["mvp"].phone.member_services in told.text
    assert not re.search(r"\$\d", told.text)
    assert "shows no" not in told.text
    assert "find no" not in told.text
