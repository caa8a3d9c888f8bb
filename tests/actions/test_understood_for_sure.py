"""What is understood for sure stays what it is: no words of ours make another matter of it."""

from __future__ import annotations

from datetime import date

import pytest

from actions.dialogue.agenda import Item, Near
from actions.dialogue.at_counter import refused_now
from actions.dialogue.past_care import of_past_care
from actions.identity.put_on import puts_on
from tests.actions.talking import Talk, asked, named

TODAY = date(2026, 11, 23)
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how does one get going", "ask_capabilities"),
        ("what's in the toolbox", "ask_capabilities"),
        ("wipe all of it", "cancel"),
        ("that hits the spot", "feedback_positive"),
    ],
)
async def test_what_is_said_to_the_assistant_needs_no_word_of_a_list(
    talk: Talk, text: str, intent: str
) -> None:
    assert "can't help with that" not in await talk.say(text, intent)


async def test_praise_with_a_hard_word_in_it_is_praise(talk: Talk) -> None:
    said = await talk.say("thank you for not treating me like I'm stupid", "thank")
    assert "frustrating" not in said


async def test_who_is_in_no_danger_and_wants_a_counselor_gets_that(talk: Talk) -> None:
    said = await talk.say("not in danger, just looking to see a counselor", "behavioral_health")
    assert "If anything changes" not in said


async def test_anger_about_not_being_read_is_no_question_of_records(talk: Talk) -> None:
    said = await talk.say("have you read a word of mine", "feedback_negative", asks="record")
    assert "recorded" not in said


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("are crowns covered, I had a visit about two teeth last March", "dental_benefits"),
        ("is rehab for the heart covered after the surgery I had last year", "benefit_covered"),
        ("where's a rehab place near Troy, I had surgery last March", "find_facility"),
        ("what's an ER visit cost these days, I had one last March", "cost_estimate"),
        ("may he bill me? he isn't allowed to, is he, you didn't pay the visit", "billing_problem"),
    ],
)
def test_what_holds_now_is_asked_beside_care_that_is_over(text: str, intent: str) -> None:
    assert of_past_care(Item(intent, text), TODAY).intent == intent


def test_a_pharmacy_that_is_looked_for_refuses_nobody() -> None:
    near = (Near("coverage-counter", 0.6, surely=True),)
    assert refused_now(Item("which_plan_covers_me", "who is it here?", details=near)) is None


def test_who_wants_one_of_ours_on_the_line_puts_nobody_on() -> None:
    near = (Near("third-here", 0.6, surely=True),)
    assert not puts_on(Item("speak_to_agent", "put somebody on the line", details=near))


async def test_a_child_who_sees_a_doctor_sees_no_letters(talk: Talk) -> None:
    text = "can my daughter still see the doctor with this, she's twenty-five?"
    said = await talk.say(text, "coverage_status")
    assert "permission" not in said


class TestWhatNeedsNobodysPermission:
    @pytest.fixture
    async def morgan(self, talk: Talk) -> Talk:
        await talk.say("what's left of my deductible", "deductible_status")
        await talk.give(*MORGAN)
        return talk

    async def test_how_it_is_done_is_told_beside_what_stays_closed(self, morgan: Talk) -> None:
        wife = named("relation", "spouse", "wife")
        said = await morgan.say("how do we fight the no for my wife's scan", "appeal", [wife])
        assert "look at a decision again" in said
        assert "permission" in said

    async def test_one_s_own_is_told_beside_somebody_else_s(self, morgan: Talk) -> None:
        wife = named("relation", "spouse", "wife")
        said = await morgan.say("are me and my wife both active", "coverage_status", [wife])
        assert "is active" in said
        assert "permission" in said

    async def test_where_one_stays_is_nobody_else_s_address(self, morgan: Talk) -> None:
        brother = named("relation", "sibling", "brother")
        text = "pipes burst, I sleep at my brother's, letters go there please"
        assert "permission" not in await morgan.say(text, "update_contact", [brother])

    async def test_a_parent_s_work_is_no_question_of_the_parent(self, morgan: Talk) -> None:
        father = named("relation", "parent", "dad")
        text = "my dad works in Hartford and we live in Troy, which one do we have"
        assert "permission" not in await morgan.say(text, "which_plan_covers_me", [father])


class TestAQuestionAmidSomethingElse:
    async def test_is_no_yes_to_a_case(self, talk: Talk) -> None:
        await talk.say("my mother passed away at MVP last week", "report_death")
        text = "okay it's claim CLM-2026-55502 did that one go through"
        said = await talk.say(text, "claim_status", [named("claim_number", "CLM-2026-55502")])
        assert "reference number" not in said

    async def test_a_search_of_another_kind_is_no_other_place_of_the_last(self, talk: Talk) -> None:
        near = named("place", {"zip": "12180", "name": "Troy"}, "troy")
        await talk.say(
            "a dentist near troy", "find_provider", [named("specialty", "dentist"), near]
        )
        there = named("place", {"zip": "12207", "name": "Albany"}, "albany")
        said = await talk.say("who around albany mixes up creams", "find_pharmacy", [there])
        assert "pharmac" in said

    async def test_a_ceiling_is_no_deductible(self, talk: Talk) -> None:
        await talk.say("was my visit in March paid", "claim_status", [named("date", "March")])
        await talk.give(*MORGAN)
        said = await talk.say("isn't there a ceiling, did i hit it yet", "out_of_pocket_status")
        assert "out-of-pocket limit is" in said.split("left")[0]

    async def test_a_premium_is_no_price_of_what_was_told(self, talk: Talk) -> None:
        scan = named("service", "ct_scan", "ct")
        await talk.say("what do I pay for a ct", "copay_cost", [scan])
        await talk.give(*MORGAN)
        said = await talk.say("how much is it then, my premium, it went up", "premium_payment")
        assert "CT scan" not in said


SEARCH = ("find me a foot doctor near 14424", "find_provider")
FOOT = [named("specialty", "podiatry", "foot doctor"), named("zip", "14424")]
SKIN = [named("specialty", "dermatology", "skin doctor")]


async def test_another_kind_of_doctor_after_a_search_is_no_danger(talk: Talk) -> None:
    await talk.say(*SEARCH, FOOT)
    text = "hubby looks on and says it's no toe matter, it's the skin, so a skin doctor"
    assert "dermatologists" in await talk.say(text, "emergency", SKIN)


async def test_danger_after_a_search_is_danger(talk: Talk) -> None:
    await talk.say(*SEARCH, FOOT)
    text = "her face is swelling up, do I need a skin doctor"
    assert "911" in await talk.say(text, "emergency", SKIN)


async def test_whose_office_gave_the_cards_calls_for_nobody(talk: Talk) -> None:
    text = "HR gave me a leaflet of one and a card of the other. which is my insurance"
    parts = [
        asked("third_party_caller", "HR gave me a leaflet of one and a card of the other."),
        asked("which_plan_covers_me", "which is my insurance", start=53),
    ]
    await talk.say(
        text, "which_plan_covers_me", questions=parts, ranking={"which_plan_covers_me": 0.97}
    )
    assert talk.asking == "factor_first_name"
