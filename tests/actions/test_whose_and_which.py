"""Whose and which plan a question that is asked on is of: the one who is named, the dental plan,
the one for whom somebody speaks. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from tests.actions.talking import Talk, named
from tests.actions.test_step_up import Stands, newest_code

FRANK = ("Frank", "M10010023", "April 1, 1972", "12203")
ART = ("Art", "U10010040", "September 27, 1970", "85004")
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")


class TestOneWhoIsNamed:
    async def test_is_not_told_as_the_member_s_own(self, talk: Talk) -> None:
        await talk.say("what's left of my deductible", "deductible_status")
        await talk.give(*FRANK)
        told = await talk.say("how much of it did Faye use", "out_of_scope", band="reject")
        assert told.startswith("Faye's MVP Health Care")
        assert "from Faye alone I don't tell" in told

    async def test_is_not_called_off_by_a_protest(self, talk: Talk) -> None:
        wife = named("relation", "spouse", "wife")
        await talk.say("has my wife's claim from March been paid", "claim_status", [wife])
        assert "permission on file" in await talk.give(*FRANK)
        told = await talk.say("she won't mind, ask her", "cancel")
        assert "own permission on file" in told


class TestTheDentalPlan:
    @pytest.fixture
    async def told_of_teeth(self, talk: Talk) -> Talk:
        await talk.say("what does my plan pay at the dentist", "dental_benefits")
        assert "Sample Dental PPO" in await talk.give(*TAYLOR)
        return talk

    async def test_has_a_maximum_of_its_own(self, told_of_teeth: Talk) -> None:
        told = await told_of_teeth.say("did I use up the maximum", "out_of_pocket_status")
        assert "of its $1,500.00 a year" in told

    async def test_has_a_deductible_of_its_own(self, told_of_teeth: Talk) -> None:
        told = await told_of_teeth.say("and the deductible", "deductible_status")
        assert told.startswith("Your CIGNA HealthCare dental plan")

    async def test_has_a_line_of_its_own(self, told_of_teeth: Talk) -> None:
        await told_of_teeth.say("what's my deductible", "deductible_status")
        told = await told_of_teeth.say("who do I phone about teeth", "contact_info")
        assert "1-800-555-0110" in told
        assert "MVP" not in told


class TestSomebodyWhoSpeaksForAnother:
    async def test_is_never_asked_for_the_member_s_id(self, talk: Talk) -> None:
        said = "I'm the authorized representative for my mother, has her bill been paid"
        told = await talk.say(said, "claim_status")
        assert "named you in writing" in told
        assert talk.asking is None

    async def test_hears_what_holds_for_everybody(self, talk: Talk) -> None:
        await talk.say("I'm asking for my uncle, what did he owe", "third_party_caller")
        told = await talk.say("does a plan pay for braces", "dental_benefits")
        assert "Dental plans usually pay" in told
        assert talk.asking is None

    async def test_goes_on_to_their_own(self, talk: Talk) -> None:
        await talk.say("I'm asking for my uncle, what did he owe", "third_party_caller")
        await talk.say("and what about me, how much is left", "deductible_status")
        assert talk.asking == "factor_first_name"

    async def test_is_not_told_the_same_twice(self, talk: Talk) -> None:
        first = await talk.say("I'm asking for my uncle, what did he owe", "third_party_caller")
        again = await talk.say("but was his bill paid", "claim_status")
        assert again != first
        assert "they can ask me themselves" in again


class TestAnAuthorization:
    @pytest.fixture
    async def told_of_three(self, talk: Talk, sandboxes: Stands) -> Talk:
        await talk.say("where do my authorizations stand", "prior_auth_status")
        await talk.give(*ART)
        assert "There are 3 authorizations" in await talk.say(newest_code(sandboxes["cigna"]))
        return talk

    async def test_is_the_one_whose_service_is_named(self, told_of_three: Talk) -> None:
        told = await told_of_three.say("and the surgery", "prior_auth_status")
        assert "still reviewing: Outpatient knee surgery" in told
        assert "therapy" not in told

    async def test_tells_what_is_left_of_it(self, told_of_three: Talk) -> None:
        therapy = named("service", "physical_therapy", "physical therapy")
        said = "how many visits are left of the physical therapy"
        told = await told_of_three.say(said, "behavioral_health", [therapy])
        assert "8 of 12 left" in told
        assert "surgery" not in told


class TestASharedPlan:
    async def test_is_the_same_for_a_child(self, talk: Talk) -> None:
        child = named("relation", "daughter", "daughter")
        await talk.say("are glasses for my daughter in my plan", "vision_benefits", [child])
        told = await talk.give(*FRANK)
        assert told.startswith("It is the same for everyone on the plan.")
