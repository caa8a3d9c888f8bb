"""One thing that is asked of a claim or a doctor that was told: it alone is told, and not the whole
again. Sentences of these tests.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.talking import Talk, asked, named

DANA = ("Dana", "U10010004", "02/09/1971", "02118")
DAUGHTER = named("relation", "daughter")
ALBANY = {"city": "Albany", "state": "NY", "zip": "12203", "label": "Albany, NY"}


def asks(text: str, aspect: str, intent: str = "inform") -> list[dict[str, Any]]:
    """One question that asks for a part of the matter before, for sure."""
    question = asked(intent, text, [], band="confirm")
    return [{**question, "asks": {"name": aspect, "confidence": 0.95, "band": "accept"}}]


class TestOfAClaim:
    @pytest.fixture
    async def told(self, talk: Talk) -> Talk:
        await talk.say("my claim of March 18", "claim_status", (named("date", "March 18"),))
        await talk.give(*DANA)
        return talk

    async def test_the_day(self, told: Talk) -> None:
        text = "which date did I go in"
        said = await told.say(text, "inform", questions=asks(text, "since"))
        assert said.startswith("The visit was on March 18, 2026.")
        assert "$" not in said

    async def test_the_sums(self, told: Talk) -> None:
        said = await told.say("and how much was it", "drug_cost")
        assert said.startswith("The bill was $2,180.00. CIGNA HealthCare shows that your share is")

    async def test_what_is_to_be_paid(self, told: Talk) -> None:
        text = "so do I still owe that"
        said = await told.say(text, "explain_eob", questions=asks(text, "paying", "explain_eob"))
        assert "your share is $2,180.00. Before you pay, have the denial checked." in said

    async def test_who_treated_is_told_at_the_level_of_details(self, told: Talk) -> None:
        text = "which hospital was it"
        await told.say(text, "out_of_scope", band="reject", questions=asks(text, "care"))
        assert told.asking == "factor_code"

    async def test_to_fight_it_is_to_appeal(self, told: Talk) -> None:
        text = "can I contest this thing"
        questions = asks(text, "fix", "appeal")
        questions[0]["band"] = "accept"
        said = await told.say(text, "appeal", questions=questions)
        # Of this claim, whose file needs a code, and not why it was denied once more.
        assert told.asking == "factor_code"
        assert "denied" not in said


class TestOfADoctor:
    @pytest.fixture
    async def told(self, talk: Talk) -> Talk:
        skin = named("specialty", "dermatology", "skin doctor")
        near = named("place", ALBANY, "12203")
        await talk.say("a skin doctor near 12203", "find_provider", [near, skin])
        return talk

    async def test_the_hours(self, told: Talk) -> None:
        said = await told.say("till when is the first one open", "inform")
        assert "Hours: " in said
        assert "Address: " not in said

    async def test_the_address(self, told: Talk) -> None:
        said = await told.say("and the second, where are they", "claim_status")
        assert "Address: " in said
        assert "Hours: " not in said

    async def test_what_no_directory_lists(self, told: Talk) -> None:
        said = await told.say("does the first one have a parking lot", "provider_details")
        assert said.startswith("The directory doesn't say that.")

    async def test_a_visit_is_made_with_the_office(self, told: Talk) -> None:
        said = await told.say("schedule me with the first one", "out_of_scope", band="reject")
        assert said.startswith("I can't make an appointment: call")


async def test_by_when_is_told_alone(talk: Talk) -> None:
    await talk.say("I lose my job in May, am I still insured", "end_coverage")
    text = "and until what day can I still pick it"
    said = await talk.say(text, "inform", questions=asks(text, "deadline"))
    assert said.startswith("For COBRA you have 60 days to choose")


async def test_the_number_of_no_doctor_is_the_company_s(talk: Talk) -> None:
    await talk.say("which plan is mine", "which_plan_covers_me")
    text = "what number do they have"
    said = await talk.say(text, "provider_details", questions=asks(text, "phone"))
    assert "member services: 1-800-555" in said


async def test_since_when_is_the_day_alone(talk: Talk) -> None:
    await talk.say("is my coverage on", "coverage_status")
    await talk.give("Ivy", "U10010042", "September 21, 1986", "06002")
    text = "from what day"
    said = await talk.say(text, "inform", questions=asks(text, "since"))
    assert said.startswith("In CIGNA's file it began on")
    assert "and it ended on" in said


async def test_the_number_of_the_claim(talk: Talk) -> None:
    await talk.say("my claim of March 18", "claim_status", (named("date", "March 18"),))
    await talk.give(*DANA)
    said = await talk.say("where can I see what claim number it has", "submit_claim")
    assert said == "CIGNA HealthCare has it under the claim number CLM-2026-00261."


async def test_the_hospital_of_the_question_before(talk: Talk) -> None:
    hospital = named("provider", "Sample Albany General Hospital")
    text = "do I need approval for surgery at Sample Albany General Hospital"
    await talk.say(text, "prior_auth_required", (hospital,))
    place = (named("facility", "hospital"),)
    said = await talk.say("and is that hospital in the network", "check_network", place)
    assert said.startswith("Sample Albany General Hospital at")


async def test_a_zip_code_after_counseling_looks_for_a_therapist(talk: Talk) -> None:
    await talk.say("how do I get therapy", "behavioral_health")
    await talk.say("is it private", "inform", near="counseling-private")
    said = await talk.say("around 12203", "inform", (named("zip", "12203"),), band="confirm")
    assert said.startswith("Here are therapists near Albany")


async def test_the_name_of_whom_nothing_is_told(talk: Talk) -> None:
    await talk.say("has my daughter's visit been paid", "claim_status", (DAUGHTER,))
    await talk.give("Fiona", "M10010024", "July 20, 1974", "12203")
    said = await talk.say("Faye", "inform")
    assert said.startswith("Without a person's own permission on file")


async def test_what_a_claim_waits_for_is_told_by_its_note(talk: Talk) -> None:
    await talk.say("my claim of March 12", "claim_status", (named("date", "March 12"),))
    await talk.give("Ines", "U10010030", "July 7, 1977", "19103")
    text = "which papers are missing"
    await talk.say(text, "inform", questions=asks(text, "documents"))
    assert talk.asking == "factor_code"


async def test_what_to_do_about_a_refusal_is_not_why_it_was_refused(talk: Talk) -> None:
    await talk.say("my claim of March 18", "claim_status", (named("date", "March 18"),))
    await talk.give(*DANA)
    await talk.say("ok what do I need to do", "prior_auth_required")
    assert talk.asking == "factor_code"


@pytest.mark.parametrize("text", ["which one of you serves Maine", "who handles Vermont"])
async def test_whose_a_state_is_needs_no_proof(talk: Talk, text: str) -> None:
    state = (named("place", {"label": "Maine", "state": "ME"}, "Maine"),)
    said = await talk.say(text, "which_plan_covers_me", state)
    assert "upstate New York, Vermont and New Hampshire" in said


class TestSeveralOfOneName:
    async def test_the_town_picks_one(self, talk: Talk) -> None:
        doctor = named("provider", "Irene Exampleby")
        await talk.say("is Dr. Irene Exampleby in network", "check_network", (doctor,))
        place = {"city": "Albany", "state": "NY", "zip": "12207", "label": "Albany, NY"}
        said = await talk.say("Albany", "inform", (named("place", place, "Albany"),))
        assert said.startswith("Irene Exampleby at 328 Draft Place, Albany")


async def test_a_zip_code_after_the_rules_about_pcps_looks_for_one(talk: Talk) -> None:
    await talk.say("how does one get another PCP", "change_pcp")
    said = await talk.say("12203", "inform", (named("zip", "12203"),), band="confirm")
    assert said.startswith("Here are primary care doctors near Albany")


async def test_whom_to_pay_is_not_how_the_claim_was_paid(talk: Talk) -> None:
    await talk.say("my claim of March 18", "claim_status", (named("date", "March 18"),))
    await talk.give(*DANA)
    text = "who do I pay, them or you"
    said = await talk.say(text, "explain_eob", near="claim-status-payee")
    assert "CLM-2026" not in said


@pytest.mark.parametrize("text", ["my ID is M10010002", "Morgan"])
async def test_who_says_who_they_are_takes_the_offer(talk: Talk, text: str) -> None:
    drug = (named("drug", "metformin"),)
    assert "look up yours" in await talk.say("is metformin on the list", "drug_coverage", drug)
    await talk.say(text, "inform")
    factors = ["Morgan", "M10010002", "November 2, 1979", "12207"]
    said = await talk.give(*[each for each in factors if each not in text])
    assert "What would you like to know" not in said
    assert talk.asking == "factor_code" or "metformin" in said


async def test_one_sum_and_one_of_another_line(talk: Talk) -> None:
    text = "how much is my deductible, and do I have one for dental"
    await talk.say(text, "deductible_status")
    said = await talk.give("Riley", "P10010003", "8/23/1990", "14604")
    assert "your own deductible is $600.00" in said
    assert "no dental coverage" in said
    assert "$3,736.00 left" in await talk.say("and my out of pocket limit", "out_of_pocket_status")


async def test_the_most_that_a_dental_plan_pays_is_on_file(talk: Talk) -> None:
    await talk.say("is a crown covered", "dental_benefits", (named("service", "crown"),))
    await talk.give("Taylor", "M10010009", "March 3, 1987", "12305")
    said = await talk.say("what is the max", "out_of_pocket_status", near="dental-limit")
    assert "$1,302.00 is left" in said
    said = await talk.say("how much have they used", "fsa_balance")
    assert "$1,302.00 is left" in said


class TestFiledInTheSameBreath:
    @pytest.fixture
    async def told_how(self, talk: Talk) -> Talk:
        await talk.say("my claim of March 18", "claim_status", (named("date", "March 18"),))
        await talk.give(*DANA)
        await talk.say("how does one appeal", "appeal")
        return talk

    async def test_a_question_is_no_reason(self, told_how: Talk) -> None:
        file, ask = "put it in for me", "when will I hear"
        await told_how.say(
            f"{file}, {ask}",
            "appeal",
            questions=[
                asked("appeal", file, band="confirm"),
                asked("inform", ask, band="confirm", start=len(file) + 2),
            ],
        )
        texts = [each["text"] for each in told_how.slots["agenda"]]
        assert "file my appeal" in texts
        assert not [text for text in texts if text.startswith("file my appeal:")]


async def test_whether_an_appointment_is_needed_makes_none(talk: Talk) -> None:
    skin = named("specialty", "dermatology", "skin doctor")
    near = named("place", ALBANY, "12203")
    await talk.say("a skin doctor near 12203", "find_provider", [near, skin])
    said = await talk.say("do I need an appointment with the first one", "provider_details")
    assert "can't make an appointment" not in said
