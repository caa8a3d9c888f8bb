"""What members ask of a topic in words of its own, or in words that name nothing: it is answered of
the topic that was told, whatever it sounds like.
"""

from __future__ import annotations

import pytest

from tests.actions.talking import Talk, asked, named

MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
PAIGE = ("Paige", "M10010029", "January 12, 1991", "03101")
FRANK = ("Frank", "M10010023", "April 1, 1972", "12203")


class TestADetailOfTheTopic:
    """Of what was told, by the entry whose example questions it is near to."""

    @pytest.mark.parametrize(
        ("text", "sounds", "near", "told"),
        [
            (
                "do copays count toward it",
                "copay_cost",
                "copays-count",
                "don't count toward the deductible",
            ),
            (
                "and if I hit it, what then?",
                "ask_capabilities",
                "after-deductible",
                "the plan begins to pay",
            ),
            (
                "does it carry over to january",
                "fsa_balance",
                "sums-start-over",
                "starts again from zero",
            ),
            (
                "does my premium go toward that",
                "premium_payment",
                "premium-counts",
                "premiums don't count",
            ),
        ],
    )
    async def test_it_is_of_what_was_told(
        self, talk: Talk, text: str, sounds: str, near: str, told: str
    ) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.give(*FRANK)
        assert told in await talk.say(text, sounds, near=near)

    async def test_the_thing_itself_is_no_detail_of_it(self, talk: Talk) -> None:
        """ "What's my deductible" is as near to all that is told of deductibles."""
        near = ("what-counts", "drug-deductible", "eob-deductible-word", "after-deductible")
        details = [
            {"entry": entry, "confidence": 0.6 - at / 100, "band": "accept"}
            for at, entry in enumerate(near)
        ]
        question = asked("deductible_status", "what's my deductible")
        await talk.say(
            "what's my deductible",
            "deductible_status",
            questions=[question | {"details": details}],
        )
        assert talk.asking == "factor_first_name"

    async def test_the_name_of_a_topic_asks_no_detail_of_it(self, talk: Talk) -> None:
        await talk.say("has my claim been paid", "claim_status")
        said = await talk.say("my claim", "claim_status", near="claim-correct")
        assert "correct it" not in said
        assert talk.asking == "factor_first_name"

    async def test_nobody_is_asked_who_they_are_for_it(self, talk: Talk) -> None:
        await talk.say("how does COBRA work after a layoff", "end_coverage")
        said = await talk.say("what about the kids", "inform", near="cobra-family")
        assert "Each person who was on the plan" in said
        assert "first name" not in said

    async def test_what_somebody_may_see_is_the_form_s(self, talk: Talk) -> None:
        await talk.say("can my sister call you for me", "authorize_representative")
        said = await talk.say("what can she find out", near="representative-sees")
        assert "Only what you allow" in said

    async def test_the_place_that_it_asks_for_is_looked_up(self, talk: Talk) -> None:
        await talk.say("do you pay for glasses", "vision_benefits")
        await talk.say("no thanks", "deny")
        said = await talk.say("where do I go for them", "inform", near="vision-where")
        assert "Tell me a ZIP code" in said
        said = await talk.say("12207", "inform", [named("zip", "12207")])
        assert "eye doctors near Albany" in said

    async def test_in_an_emergency_where_to_be_taken(self, talk: Talk) -> None:
        await talk.say("my husband slid down the wall, he can't breathe", "emergency")
        text = "which hospital do they have to use"
        place = [named("facility", "hospital")]
        said = await talk.say(text, "find_facility", place, near="danger-which-hospital")
        assert "take the nearest" in said
        assert talk.asking is None

    async def test_told_first_only_where_it_may_stand_alone(self, talk: Talk) -> None:
        said = await talk.say("I paid the doctor, how do I get my money back?", "submit_claim")
        assert "itemized bill" in said

    async def test_it_becomes_what_is_talked_about(self, talk: Talk) -> None:
        await talk.say(
            "is there a penalty if I sign up late", "medicare_question", near="medicare-penalty"
        )
        said = await talk.say("and for my wife?", "inform", near="medicare-spouse")
        assert "Medicare covers one person" in said


class TestWordsThatNameNothing:
    """They are asked of the topic, and never of what they sound like."""

    async def test_a_price_is_the_topic_s(self, talk: Talk) -> None:
        await talk.say("when is my premium due", "premium_payment")
        await talk.give(*MORGAN)
        said = await talk.say("how much is it", "drug_cost")
        assert "benefits office" in said
        assert "Which drug" not in said

    async def test_a_visit_is_of_the_doctor_that_was_looked_for(self, talk: Talk) -> None:
        skin = named("specialty", "dermatology", "dermatologist")
        await talk.say("a dermatologist near 12207", "find_provider", [skin, named("zip", "12207")])
        await talk.say("how much is a visit", "cost_estimate")
        said = await talk.give(*MORGAN)
        assert "$40.00" in said

    async def test_what_is_owed_is_of_the_claim_that_was_told(self, talk: Talk) -> None:
        await talk.say("was my march claim paid", "claim_status")
        assert "$105.00" in await talk.give(*PAIGE)
        assert "$105.00" in await talk.say("how much do I owe", "explain_eob")

    async def test_the_number_is_of_the_nearest_that_was_listed(self, talk: Talk) -> None:
        place = named("facility", "urgent_care", "urgent care")
        where = named("zip", "12207")
        listed = await talk.say("urgent care near 12207", "find_facility", [place, where])
        said = await talk.say("what's the phone number", "contact_info")
        nearest = listed.split("• ")[1].partition(",")[0]
        assert said.startswith(nearest)

    async def test_one_that_was_picked_leaves_the_list(self, talk: Talk) -> None:
        place = named("facility", "urgent_care", "urgent care")
        where = named("zip", "12207")
        listed = await talk.say("urgent care near 12207", "find_facility", [place, where])
        await talk.say("what's the phone number", "contact_info")
        second = listed.split("• ")[2].partition(",")[0]
        assert (await talk.say("the second one", "inform")).startswith(second)

    async def test_can_they_do_that_is_no_yes(self, talk: Talk) -> None:
        await talk.say("the hospital billed me 900 for the ER", "billing_problem")
        said = await talk.say("can they do that", "affirm")
        assert "connecting you" not in said


class TestPlainlyOfTheTopicThatWasTold:
    async def test_is_told_whatever_else_it_sounds_like(self, talk: Talk) -> None:
        await talk.say("what's the difference between an HMO and a PPO", "enroll_or_compare_plans")
        said = await talk.say(
            "I missed signing up, now what", "account_access", near="plans-missed"
        )
        assert "next open enrollment" in said

    async def test_leaves_a_case_what_it_is(self, talk: Talk) -> None:
        await talk.say("what's the difference between an HMO and a PPO", "enroll_or_compare_plans")
        said = await talk.say("your clerk yelled at me", "complaint", near="plans-missed")
        assert "open enrollment" not in said

    async def test_takes_nothing_back_that_is_only_asked_about(self, talk: Talk) -> None:
        await talk.say("my claim was turned down", "claim_denial")
        said = await talk.say("how would I appeal it", "appeal", near="appeal-withdraw")
        assert "take an appeal back" not in said
