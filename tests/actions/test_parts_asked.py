"""One thing that is asked of a claim or a doctor that was told: it alone is told, and not the whole
again. Sentences of these tests.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.talking import Talk, asked, named

DANA = ("Dana", "U10010004", "02/09/1971", "02118")
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
