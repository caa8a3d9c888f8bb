"""Short messages that mean what was just talked about: an aspect of it ("by when?"), or the same
for somebody else. Sentences of these tests.
"""

from __future__ import annotations

import json

import pytest

from tests.actions.talking import Talk, asked, named

FRANK = ("Frank", "M10010023", "April 1, 1972", "12203")
# Medical at MVP, dental at CIGNA.
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")


class TestAnAspectOfWhatWasTold:
    @pytest.mark.parametrize(
        ("says", "intent", "asks", "told"),
        [
            ("when will they come", "out_of_scope", "duration", "business days"),
            ("I have an appointment tomorrow", "request_callback", "meanwhile", "your member ID"),
            ("is there a fee", "premium_payment", "cost", "free"),
            ("can my husband do it", "add_dependent", "who", "Each adult"),
            ("what happens next", "out_of_scope", "next", "by mail"),
        ],
    )
    async def test_of_a_card(
        self, talk: Talk, says: str, intent: str, asks: str, told: str
    ) -> None:
        await talk.say("what do the numbers on a card mean", "id_card")
        said = await talk.say(says, intent, band="confirm", asks=asks)
        assert told in said
        assert "Is it one of these" not in said

    @pytest.mark.parametrize(
        ("says", "intent", "asks", "told"),
        [
            ("what do I need to send you", "out_of_scope", "documents", "birth certificate"),
            ("who do I send it to", "submit_claim", "where", "employer's benefits office"),
            ("can it be done online", "premium_payment", "way", "enrollment form or website"),
            ("by when", "fsa_balance", "deadline", "30 days"),
        ],
    )
    async def test_of_a_newborn(
        self, talk: Talk, says: str, intent: str, asks: str, told: str
    ) -> None:
        await talk.say("how do people add a newborn", "add_dependent")
        assert told in await talk.say(says, intent, asks=asks)

    async def test_a_sure_question_of_another_matter_wins(self, talk: Talk) -> None:
        await talk.say("what do the numbers on a card mean", "id_card")
        said = await talk.say("where do I send a claim for glasses", "submit_claim")
        assert "itemized bill" in said

    async def test_the_company_that_told_of_it_is_named_and_no_other(self, talk: Talk) -> None:
        await talk.say("what does my dental plan pay for", "dental_benefits")
        assert "CIGNA" in await talk.give(*TAYLOR)
        said = await talk.say("where would I ask about it", "dental_benefits", asks="where")
        assert "1-800-555-0110" in said
        assert "1-800-555-0120" not in said

    async def test_nothing_is_guessed(self, talk: Talk) -> None:
        await talk.say("what is this alliance", "alliance_question")
        said = await talk.say("will that take long", "goodbye", band="confirm", asks="duration")
        assert "can't tell" in said
        assert "1-800-555-0120" in said

    async def test_the_zip_code_that_proved_them_is_searched_around_and_kept_in_no_slot(
        self, talk: Talk
    ) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.give(*FRANK)
        assert "12203" not in json.dumps(talk.slots)
        dentist = named("specialty", "dentistry", "dentist")
        said = await talk.say("now a dentist near my house", "find_provider", [dentist])
        assert "near Albany" in said

    async def test_beside_a_form_it_is_told_and_the_form_goes_on(self, talk: Talk) -> None:
        await talk.say("I lost my card", "id_card")
        assert talk.asking == "factor_first_name"
        said = await talk.say(
            "how long does that take", "out_of_scope", band="reject", asks="duration"
        )
        assert "business days" in said
        assert talk.asking == "factor_first_name"
        assert "M10010023" in await talk.give(*FRANK)


class TestTheSameForSomebodyElse:
    async def test_two_turns_later(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.give(*FRANK)
        urgent_care = named("service", "urgent_care_visit", "urgent care")
        await talk.say("and urgent care, what's that cost me", "copay_cost", [urgent_care])
        said = await talk.say(
            "and my wife, has she met hers?",
            "out_of_scope",
            [named("relation", "spouse", "wife")],
            band="reject",
            ranking={"out_of_pocket_status": 0.157, "deductible_status": 0.153},
        )
        assert "permission on file" in said

    async def test_as_a_recogniser_writes_it_it_is_no_question_and_of_the_likelier_topic(
        self, talk: Talk
    ) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.give(*FRANK)
        urgent_care = named("service", "urgent_care_visit", "urgent care")
        await talk.say("and urgent care, what's that cost me", "copay_cost", [urgent_care])
        await talk.say(
            "and my wife has she met hers",
            "inform",
            [named("relation", "spouse", "wife")],
            ranking={"inform": 0.8, "deductible_status": 0.03, "copay_cost": 0.01},
        )
        assert [answer.intent for answer in talk.answers] == ["deductible_status"]

    async def test_what_was_not_talked_about_is_not_guessed(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.give(*FRANK)
        said = await talk.say(
            "and is he any good",
            "claim_status",
            band="confirm",
            ranking={"claim_status": 0.4, "deductible_status": 0.02},
        )
        assert "Is it one of these" in said


class TestWhatIsToldOfAFamily:
    async def test_a_move_is_no_end_of_the_plan_and_another_place_is_asked_about(
        self, talk: Talk
    ) -> None:
        boston = named("place", {"name": "Boston", "zip": "02108"}, "Boston")
        said = await talk.say(
            "we're moving to Boston next month, what happens to my insurance",
            "end_coverage",
            [boston],
        )
        assert "Boston" in said
        assert "employer" in said
        doctor = await talk.say("can I keep my doctor", "change_pcp")
        assert "network" in doctor
        assert "I can send your company the request" not in doctor
        buffalo = named("place", {"name": "Buffalo", "zip": "14201"}, "Buffalo")
        again = await talk.say(
            "what if it was Buffalo instead", "out_of_scope", [buffalo], band="reject"
        )
        assert "Buffalo" in again

    async def test_a_grown_child_s_records_are_the_child_s(self, talk: Talk) -> None:
        said = await talk.say(
            "I need to check on a bill for my daughter, she's 22 and on my plan",
            "premium_payment",
            [named("relation", "daughter")],
            band="confirm",
        )
        assert "18th birthday" in said
        assert talk.asking is None
        protest = await talk.say("I'm her mother, I pay for it!", "out_of_scope", band="reject")
        assert "own permission" in protest

    async def test_a_newborn_is_told_the_rule_first(self, talk: Talk) -> None:
        said = await talk.say(
            "my son was born on the 8th, is he covered",
            "coverage_status",
            [named("relation", "son")],
        )
        assert said.index("30 days") < said.index("first name")
        await talk.give("Nora", "P10010027", "October 30, 1993", "14609")
        assert "birth certificate" in await talk.say(
            "what do I need to send you", "out_of_scope", band="reject", asks="documents"
        )
        assert "30 days" in await talk.say("by when", "fsa_balance", asks="deadline")

    @pytest.mark.parametrize(
        ("asks", "told"),
        [
            (
                "hi I don't have your insurance, my work is thinking of getting it, who do I talk "
                "to",
                "employer sales team",
            ),
            ("do you take people who buy on their own", "marketplace"),
        ],
    )
    async def test_who_is_no_member_yet(self, talk: Talk, asks: str, told: str) -> None:
        assert told in await talk.say(asks, "out_of_scope", band="reject")

    @pytest.mark.parametrize("asks", ["is this chat recorded", "who reads this"])
    async def test_the_record_of_the_conversation(self, talk: Talk, asks: str) -> None:
        said = await talk.say(asks, "bot_challenge", asks="record")
        assert "chats are kept" in said
        assert "employer" in said


class TestTwoQuestionsAboutOneThing:
    async def test_the_drug_is_named_once(self, talk: Talk) -> None:
        first, second = "is metformin on the list", "and how much"
        drug = named("drug", "metformin")
        said = await talk.say(
            f"{first} {second}",
            "drug_coverage",
            [drug],
            questions=[
                asked("drug_coverage", first, [drug]),
                asked("drug_cost", second, start=len(first) + 1),
            ],
        )
        assert "Which drug" not in said
        assert talk.asking == "factor_first_name"


class TestWhomAPronounMeans:
    WIFE = named("relation", "spouse", "wife")

    async def test_the_one_who_was_talked_of_before_oneself(self, talk: Talk) -> None:
        await talk.say("what's my wife's deductible", "deductible_status", [self.WIFE])
        assert "permission on file" in await talk.give(*FRANK)
        assert "$750.00" in await talk.say("and for me?", "inform")
        said = await talk.say("has she met her deductible", "deductible_status")
        assert "permission on file" in said
        assert "$" not in said
        assert "permission on file" in await talk.say("and hers?", "inform")

    @pytest.mark.parametrize("asks", ["has he met his deductible", "how much does he still have"])
    async def test_nobody_who_fits_is_asked_for(self, talk: Talk, asks: str) -> None:
        await talk.say("what's my wife's deductible", "deductible_status", [self.WIFE])
        await talk.give(*FRANK)
        said = await talk.say(asks, "deductible_status")
        assert "for someone else on your plan" in said
        assert "$" not in said
        son = named("relation", "son")
        assert "own deductible" not in await talk.say("my son", "inform", [son])

    async def test_a_doctor_is_nobody_of_the_plan(self, talk: Talk) -> None:
        await talk.say("what's my wife's deductible", "deductible_status", [self.WIFE])
        await talk.give(*FRANK)
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say("do I need a referral, she said I do", "referral_question")
        assert "permission on file" not in said
        assert "someone else" not in said
