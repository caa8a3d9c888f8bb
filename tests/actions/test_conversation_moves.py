"""Moves that people make in a conversation: choosing in words, going on in the middle of a form,
thinking again after a refusal, not knowing, leaving, not taking a no. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from actions.dialogue.asides import is_farewell, is_protest
from actions.dialogue.choosing import NONE, picked
from actions.dialogue.turn import FACTOR_SLOTS
from tests.actions.talking import Talk, named

MARCH, MAY = named("date", "march"), named("date", "may")
CHOICES = [
    ("claim_status", "the status of a claim"),
    ("prior_auth_status", "the state of a prior authorization"),
    ("id_card", "an ID card"),
]
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
FRANK = ("Frank", "M10010023", "April 1, 1972", "12203")


class TestChoosingInWords:
    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ("the first one", "claim_status"),
            ("2", "prior_auth_status"),
            ("uh the last one please", "id_card"),
            ("the card", "id_card"),
            ("it's about the authorization", "prior_auth_status"),
            ("none of those", NONE),
            ("no, something else", NONE),
            ("yes", None),
            ("the fourth one", None),
            ("how long do I have to appeal a decision in Vermont", None),
        ],
    )
    def test_what_is_picked(self, said: str, meant: str | None) -> None:
        assert picked(said, CHOICES) == meant

    def test_yes_to_the_only_one(self) -> None:
        assert picked("yes please", CHOICES[:1]) == "claim_status"


class TestInTheMiddleOfAForm:
    async def test_the_question_itself_is_changed(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.say("Morgan")
        await talk.say("actually the one from may", "inform", [MAY])
        assert talk.asking == "factor_member_id"
        said = await talk.give(*MORGAN[1:])
        assert "May" in said
        assert "March" not in said

    async def test_somebody_else_is_meant(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.say("what about my wife's", "inform", [named("relation", "spouse")])
        assert talk.asking == "factor_first_name"
        assert "permission on file" in await talk.give(*FRANK)

    async def test_a_card_number_before_its_turn_is_kept(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say("M10010002", "inform", [named("member_id", "M10010002")])
        assert "noted" in said
        assert talk.asking == "factor_first_name"
        await talk.say("Morgan")
        assert talk.asking == "factor_date_of_birth"

    @pytest.mark.parametrize("said", ["thanks bye", "ok gotta go", "goodbye then"])
    async def test_who_leaves_is_let_go(self, talk: Talk, said: str) -> None:
        await talk.say("what's my deductible", "deductible_status")
        assert "Goodbye" in await talk.say(said, "thank", band="confirm")
        assert talk.asking is None
        assert not any(talk.slots.get(slot) for slot in FACTOR_SLOTS)

    async def test_not_knowing_is_helped_and_never_a_loop(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        assert "for example Maria" in await talk.say("i don't know", "deny")
        await talk.say("Morgan")
        assert "without the card" in await talk.say("no idea", "deny")
        await talk.say("flurble", "out_of_scope", band="reject")
        assert "for example" in await talk.say("not sure", "deny")
        assert "leave it" in await talk.say("dunno", "deny")
        assert talk.asking is None


class TestThinkingAgain:
    async def test_after_a_refusal_a_yes_takes_the_question_up_again(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say("I'd rather not say", "deny")
        assert "don't have to" in said
        assert "Would you like me to look up" not in said
        await talk.say("ok fine, go ahead", "affirm")
        assert talk.asking == "factor_first_name"
        assert "deductible is" in await talk.give(*MORGAN)

    async def test_another_question_leaves_it(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.say("no thanks", "deny")
        await talk.say("what is the alliance", "alliance_question")
        await talk.say("yes", "affirm")
        assert [item["intent"] for item in talk.slots["agenda"]] == ["speak_to_agent"]


class TestGoingOn:
    async def test_why_so_much_is_the_share_and_not_a_denial(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.give(*MORGAN)
        await talk.say("and why was it so much", "claim_denial")
        assert talk.slots["agenda"][0]["intent"] == "explain_eob"
        assert talk.slots["agenda"][0]["told"]["claim"]["number"].startswith("CLM-")
        assert "permission on file" in await talk.say(
            "what about my wife's", "inform", [named("relation", "spouse")]
        )

    async def test_how_much_is_left_is_of_what_was_told(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.give(*MORGAN)
        assert "deductible" in await talk.say("how much is left", "fsa_balance")

    async def test_the_same_for_somebody_named(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.give(*FRANK)
        assert "Faye's" in await talk.say("and Faye's?", "out_of_scope", band="reject")

    async def test_the_same_for_finn_and_for_oneself(self, talk: Talk) -> None:
        await talk.say("show my wife's ID card", "id_card", [_wife()])
        assert "permission on file" in await talk.give(*FRANK)
        assert "permission on file" in await talk.say("and what about finn", band="reject")
        assert "M10010023" in await talk.say("and mine too", "affirm")

    @pytest.mark.parametrize(
        ("said", "understood"),
        [
            ("how many visits", "out_of_scope"),
            ("and how much", "premium_payment"),
            ("and if I'm out of network", "goodbye"),
        ],
    )
    async def test_more_about_a_service(self, talk: Talk, said: str, understood: str) -> None:
        therapy = named("service", "physical_therapy", "physical therapy")
        await talk.say("is my physical therapy covered", "benefit_covered", [therapy])
        await talk.give("Riley", "P10010003", "8/23/1990", "14604")
        assert "physical therapy" in await talk.say(said, understood, band="reject")

    async def test_a_letter_s_day_is_no_claim_s(self, talk: Talk) -> None:
        await talk.say("how do I appeal a decision", "appeal")
        await talk.say("why was my claim denied", "claim_denial")
        await talk.give("Drew", "M10010005", "12/30/1988", "05401")
        date = [named("date", "october 1 2026")]
        await talk.say("the letter is dated october 1 2026", "inform", date)
        waiting = {item["intent"]: item["told"] for item in talk.slots["agenda"]}
        assert "claim" not in waiting["claim_denial"]

    async def test_one_of_the_lines(self, talk: Talk) -> None:
        assert "0110" in await talk.say("what's your number", "contact_info")
        said = await talk.say("the mvp one", "inform", [named("partner", "mvp")])
        assert "0120" in said
        assert "0110" not in said

    async def test_another_kind_of_doctor_after_one_was_looked_at(self, talk: Talk) -> None:
        place = named("zip", "12207")
        heart = named("specialty", "cardiology")
        await talk.say("a heart doctor near 12207", "find_provider", [heart, place])
        await talk.say("the closest one", "affirm", band="confirm")
        skin = named("specialty", "dermatology", "dermatologists")
        said = await talk.say("what about dermatologists", "benefit_covered", [skin])
        assert said.startswith("Here are dermatologists near Albany")
        said = await talk.say("any women?", "maternity_program")
        assert said.startswith("Here are dermatologists near Albany")


class TestNotTakingANo:
    async def test_the_same_words_for_every_why(self, talk: Talk) -> None:
        await talk.say("what's my wife's deductible", "deductible_status", [_wife()])
        assert "permission on file" in await talk.give(*FRANK)
        first = await talk.say("why not", "affirm")
        assert "says nothing about whether" in first
        assert await talk.say("is it because she blocked me", "claim_denial") == first
        assert await talk.say("but I'm the one who pays for it", "premium_payment") == first

    def test_a_question_of_its_own_is_no_protest(self) -> None:
        assert not is_protest("why was my claim from may denied")
        assert not is_farewell("bye the way is my mri approved")


def _wife() -> dict[str, object]:
    return named("relation", "spouse", "wife")


class TestFewWords:
    """After a list of doctors, a claim or an authorization: what a few words go on with."""

    async def test_for_children_the_kind_of_doctor_changes(self, talk: Talk) -> None:
        await talk.say("family doctors near 12207", "find_provider",
                       [named("specialty", "family_medicine"), named("zip", "12207")])  # fmt: skip
        kids = [named("relation", "child", "kids")]
        assert "pediatricians" in await talk.say("what about for kids", "ask_capabilities", kids)

    @pytest.mark.parametrize("text", ["which is closest", "what's the nearest one"])
    async def test_the_nearest_is_the_first(self, talk: Talk, text: str) -> None:
        near = [named("specialty", "cardiology"), named("zip", "12207")]
        said = await talk.say("cardiologists near 12207", "find_provider", near)
        first = said.split("\u2022 ")[1].split(",")[0]
        assert (await talk.say(text, "find_facility")).startswith(first)
        assert first in await talk.say(
            "is she taking new patients", "find_provider", band="confirm"
        )
        assert first in await talk.say("can you give me the phone number", "contact_info")

    async def test_in_network_is_found_out_and_the_list_told_again(self, talk: Talk) -> None:
        await talk.say("cardiologists near 12207", "find_provider",
                       [named("specialty", "cardiology"), named("zip", "12207")])  # fmt: skip
        said = await talk.say("in network?", "check_network", band="confirm", asks="takes_plan")
        assert "first name" in said
        said = await talk.give(*MORGAN)
        assert "cardiologists near Albany" in said
        assert "in your plan's network" in said

    async def test_the_same_rules_are_not_said_twice(self, talk: Talk) -> None:
        therapy = [named("service", "physical_therapy", "physical therapy")]
        first = await talk.say("is physical therapy covered", "benefit_covered", therapy)
        assert "benefit booklet" in first
        mri = [named("service", "mri", "MRI")]
        again = await talk.say("and an MRI?", "inform", mri, band="confirm")
        assert "benefit booklet" not in again
        assert "first name" in again

    async def test_a_likely_question_at_a_prompt_is_answered(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        said = await talk.say("oh also can you tell me your hours", "contact_info", band="confirm")
        assert "day and night" in said
        assert "first name" in said
        assert not talk.slots["failures"]
