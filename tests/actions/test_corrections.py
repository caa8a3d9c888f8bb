"""Corrections between messages and at the prompts, several things in one question, and what is said
around the matter. Sentences of these tests.
"""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from actions.dialogue.agenda import Item
from actions.dialogue.enumerated import one_each
from actions.services import Services
from tests.actions.talking import Talk, asked, named

MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
ALBANY = {"city": "Albany", "state": "NY", "zip": "12207"}


@pytest.fixture
def talk(services: Services, redis: Redis) -> Talk:
    return Talk(services, redis)


async def _verified(talk: Talk, text: str, intent: str, *entities: dict[str, object]) -> str:
    reply = await talk.say(text, intent, list(entities))
    for factor in MORGAN:
        reply = await talk.say(factor)
    return reply


class TestAtThePrompts:
    async def test_a_name_said_again_takes_the_place_of_one_like_it(self, talk: Talk) -> None:
        await talk.say("is my plan in force", "coverage_status")
        await talk.say("Morgna")
        assert "changed" in await talk.say("typo, Morgan", "inform")
        for factor in MORGAN[1:]:
            reply = await talk.say(factor)
        assert "active" in reply

    async def test_what_was_typed_wrong_is_asked_again(self, talk: Talk) -> None:
        await talk.say("is my plan in force", "coverage_status")
        for factor in (*MORGAN[:2], "November 3, 1979"):
            await talk.say(factor)
        assert "put that right" in await talk.say("oops I entered the wrong birthday", "cancel")
        assert talk.asking == "factor_date_of_birth"
        await talk.say("November 2, 1979")
        assert "active" in await talk.say("12207")

    @pytest.mark.parametrize(
        "said", ["wait the last digit is a 2", "sorry, my id ends in 02", "oops last two are 02"]
    )
    async def test_the_end_of_a_number_is_put_right(self, talk: Talk, said: str) -> None:
        await talk.say("is my plan in force", "coverage_status")
        await talk.give("Morgan", "M10010003")
        assert "changed" in await talk.say(said)
        assert "active" in await talk.give(*MORGAN[2:])

    async def test_a_question_asked_on_keeps_what_was_told(self, talk: Talk) -> None:
        await talk.say("did you pay my visit of march", "claim_status", [named("date", "march")])
        await talk.say("and when did you pay it", "claim_status")
        assert "March" in await talk.give(*MORGAN)

    @pytest.mark.parametrize(
        "said",
        [
            "do you honestly need my birthday for this",
            "there's just a group number on here, which is it",
        ],
    )
    async def test_why_and_where_it_stands(self, talk: Talk, said: str) -> None:
        await talk.say("is my plan in force", "coverage_status")
        await talk.say("Morgan")
        reply = await talk.say(said, "out_of_scope", band="reject")
        assert "I ask so that" in reply or "not the group number" in reply
        assert talk.asking == "factor_member_id"

    async def test_who_waits_for_a_word_gets_one(self, talk: Talk) -> None:
        await talk.say("is my plan in force", "coverage_status")
        for knock in ("hello??", "anyone there"):
            assert (await talk.say(knock, "greet")).startswith("Yes, I'm here.")
        assert talk.slots.get("failures") is None
        assert talk.asking == "factor_first_name"

    async def test_marks_alone_are_no_failed_answer(self, talk: Talk) -> None:
        await talk.say("is my plan in force", "coverage_status")
        for _ in range(3):
            await talk.say("???", "out_of_scope", band="reject")
        assert talk.asking == "factor_first_name"

    async def test_how_it_is_proven_is_told(self, talk: Talk) -> None:
        await talk.say("is my plan in force", "coverage_status")
        reply = await talk.say("how would I even prove that I'm me", "ask_capabilities")
        assert "four things" in reply
        assert talk.asking == "factor_first_name"


class TestBetweenMessages:
    async def test_the_right_month_is_told_whatever_it_sounds_like(self, talk: Talk) -> None:
        await _verified(talk, "my bill from May", "claim_status", named("date", "may", "May"))
        march = [named("date", "march", "March")]
        reply = await talk.say("I told you the wrong month, March it is", "premium_payment", march)
        assert "March 12, 2026" in reply

    async def test_the_member_s_own_after_somebody_else_s(self, talk: Talk) -> None:
        wife = named("relation", "spouse", "wife's")
        refused = await _verified(talk, "is my wife's plan in force", "coverage_status", wife)
        assert "permission" in refused
        reply = await talk.say("oh, I meant my own", "out_of_scope", band="reject")
        assert "active" in reply

    async def test_another_kind_of_doctor_is_searched_at_the_same_place(self, talk: Talk) -> None:
        skin = named("specialty", "dermatology", "dermatologist")
        place = named("place", ALBANY, "Albany")
        await talk.say("a dermatologist in Albany", "find_provider", [skin, place])
        feet = [named("specialty", "podiatry", "foot doctor")]
        reply = await talk.say("maybe a foot doctor is better", "nurse_line", feet, band="reject")
        assert "podiatrists near Albany" in reply


class TestSeveralOfAKind:
    def _asked(self, text: str, *found: tuple[str, str]) -> list[str]:
        entities = [
            {**named(kind, said.lower(), said), "start": text.index(said)} for kind, said in found
        ]
        intent = "copay_cost" if "co" in text else "benefit_covered"
        intent = "find_provider" if text.startswith("a ") else intent
        return [item.text for item in one_each(Item(intent, text, tuple(entities)), 0)]

    def test_each_is_asked_at_the_same_place(self) -> None:
        found = self._asked(
            "a dentist and also an eye doctor in Troy",
            ("specialty", "dentist"),
            ("specialty", "eye doctor"),
            ("place", "Troy"),
        )
        assert found == ["a dentist in Troy", "a eye doctor in Troy"]

    def test_whatever_stands_between_two_kinds_of_visit(self) -> None:
        text = "what does seeing my skin doctor cost, and what does an ambulance cost"
        found = self._asked(text, ("specialty", "skin doctor"), ("service", "ambulance"))
        assert found == [
            "what does seeing my skin doctor cost",
            "what does seeing my ambulance cost",
        ]

    def test_one_in_place_of_the_other_is_one(self) -> None:
        text = "the copay for labs, no wait, for an ultrasound"
        found = self._asked(text, ("specialty", "labs"), ("service", "ultrasound"))
        assert found == [text]

    def test_one_that_only_tells_where_is_none(self) -> None:
        text = "is an x-ray at the urgent care covered"
        found = self._asked(text, ("service", "x-ray"), ("facility", "urgent care"))
        assert found == [text]


class TestMoves:
    async def test_another_question_is_only_announced(self, talk: Talk) -> None:
        await _verified(talk, "is my plan in force", "coverage_status")
        reply = await talk.say("I have one more question", "claim_status", band="confirm")
        assert reply == "Of course. What is it?"

    async def test_ok_below_an_answer_calls_nobody(self, talk: Talk) -> None:
        await talk.say("is Dr. Nobodysson in", "check_network", [named("provider", "Nobodysson")])
        await talk.say("ok, thanks", "affirm")
        assert not talk.acts

    async def test_simpler_words_are_for_reading(self, talk: Talk) -> None:
        await talk.say("how do I appeal", "appeal")
        reply = await talk.say("still confused, shorter please", "feedback_negative")
        assert "say person" not in reply.lower()

    async def test_what_only_sounds_like_praise_gets_no_thanks(self, talk: Talk) -> None:
        unsure = asked("feedback_positive", "took you an eternity") | {"confidence": 0.7}
        await talk.say("a question about a bill", "billing_problem")
        reply = await talk.say("took you an eternity", "feedback_positive", questions=[unsure])
        assert "Good to hear" not in reply


class TestWhatIsPassedOn:
    async def test_how_long_it_takes_is_told_while_the_company_is_asked(self, talk: Talk) -> None:
        await talk.say("your clerk was rude to me on Tuesday", "complaint")
        assert talk.asking == "need_partner"
        unsure = {"mail_order_pharmacy": 0.3}
        text = "how long will it take before I hear back"
        reply = await talk.say(
            text, "mail_order_pharmacy", band="confirm", ranking=unsure, asks="duration"
        )
        assert "answer is due" in reply
        assert talk.asking == "need_partner"

    async def test_its_number_is_told_again_and_only_once_it_is_there(self, talk: Talk) -> None:
        await talk.say("your clerk was rude to me on Tuesday", "complaint")
        assert "no number yet" in await talk.say("what's my case number", "appeal", band="confirm")
        reply = await talk.say("MVP")
        number = next(word for word in reply.split() if word.startswith("MVP-")).strip(".")
        assert number in await talk.say("say the reference number again", "contact_info")

    async def test_nobody_says_it_is_stopped_when_it_is_on_its_way(self, talk: Talk) -> None:
        await talk.say("your clerk was rude to me on Tuesday", "complaint")
        await talk.say("MVP")
        reply = await talk.say("no, forget it", "cancel")
        assert "passed on already" in reply


class TestAPerson:
    async def test_what_it_is_about_is_kept_at_the_company_question(self, talk: Talk) -> None:
        await talk.say("a real person please, my card broke", "speak_to_agent")
        if talk.asking == "need_reason":
            await talk.say("a thing")
        assert talk.asking == "need_partner"
        await talk.say("finding a doctor", "find_provider")
        assert talk.asking == "need_partner"
        await talk.say("MVP")
        (act,) = talk.acts
        assert "finding a doctor" in str(act.detail)

    async def test_nobody_is_called_whom_nobody_wants(self, talk: Talk) -> None:
        await talk.say("get me a person about my bill", "speak_to_agent")
        reply = await talk.say("no need for the agent any more", "speak_to_agent")
        assert "call nobody" in reply
        assert talk.asking is None


async def test_a_way_without_proof_is_told_to_who_asks_for_it_anyway(talk: Talk) -> None:
    await talk.say("I lost my card", "id_card")
    await talk.say("I'd rather not tell you", "deny")
    reply = await talk.say("could I get one anyhow", "id_card")
    assert "website" in reply
    assert talk.asking is None


async def test_has_my_wife_met_hers_is_of_the_sum_that_was_told(talk: Talk) -> None:
    await _verified(talk, "what is left of my deductible", "deductible_status")
    wife = [named("relation", "spouse", "wife")]
    reply = await talk.say("has my wife met hers", "out_of_scope", wife, band="reject")
    assert "permission" in reply


async def test_one_more_of_the_card_that_was_shown_is_mailed(talk: Talk) -> None:
    await _verified(talk, "show me my card", "id_card")
    reply = await talk.say("could you mail me one", "referral_question")
    assert "card" in reply
    assert "referral" not in reply


async def test_what_it_costs_is_of_no_drug_where_none_was_named(talk: Talk) -> None:
    await _verified(talk, "so how much will I pay", "drug_cost")
    assert talk.asking == "need_service"


class TestWrongAndRight:
    async def test_the_wrong_year_and_the_right_one(self, talk: Talk) -> None:
        await talk.say("is my plan in force", "coverage_status")
        for factor in (*MORGAN[:2], "November 2, 1997"):
            await talk.say(factor)
        assert "changed" in await talk.say("I see I put 1997, it's 1979", "tax_form")
        assert "active" in await talk.say("12207")

    async def test_another_line_of_the_plan(self, talk: Talk) -> None:
        await _verified(talk, "what is my deductible", "deductible_status")
        assert "dental" in await talk.say("for dental, I meant", "inform")

    async def test_another_doctor_by_the_name_alone(self, talk: Talk) -> None:
        doctor = [named("provider", "Dr. Nobodysson")]
        await talk.say("is Dr. Nobodysson in network", "check_network", doctor)
        reply = await talk.say("no, Ada Nobodyson instead", "drug_coverage", band="reject")
        assert "Ada Nobodyson" in reply


class TestInTheMiddle:
    async def test_a_report_is_filed_before_it_is_asked_who_they_are(self, talk: Talk) -> None:
        await talk.say("somebody in Troy used my card at MVP", "report_fraud")
        assert talk.asking == "need_filing"
        reply = await talk.say("and is my own plan still in force", "coverage_status")
        assert "right after this" in reply
        assert talk.asking == "need_filing"

    async def test_thanks_are_no_words_of_a_complaint(self, talk: Talk) -> None:
        await _verified(talk, "is my plan in force", "coverage_status")
        await talk.say("complaint", "complaint")
        assert talk.asking == "need_words"
        await talk.say("thank you", "thank")
        assert talk.asking == "need_words"

    async def test_how_to_complain_files_nothing(self, talk: Talk) -> None:
        await _verified(talk, "is my plan in force", "coverage_status")
        await talk.say("and where do I send a complaint", "complaint")
        assert talk.slots["memory"]["filed"] is None

    async def test_simpler_words_are_given_in_the_middle_of_a_prompt(self, talk: Talk) -> None:
        await talk.say("does a knee scan need approval", "prior_auth_required")
        text = "come on, in plain english"
        reply = await talk.say(text, "feedback_positive")
        assert "Sorry, I didn't get that" not in reply


async def test_a_company_s_line_is_told_however_it_is_wished(talk: Talk) -> None:
    mvp = [named("partner", "mvp", "MVP")]
    reply = await talk.say("enough now, MVP's number", "contact_info", mvp, band="confirm")
    assert "1-800-555-0120" in reply
    assert "8 a.m." in await talk.say(
        "are they even open on sundays", "out_of_scope", band="reject"
    )


class TestTurnedRound:
    async def test_the_opposite_of_what_was_understood(self, talk: Talk) -> None:
        await talk.say("how do I put my wife on the plan", "add_dependent")
        reply = await talk.say("oops, I meant remove", "out_of_scope", band="reject")
        assert "takes someone off the plan" in reply

    async def test_more_of_a_story_that_is_on_its_way(self, talk: Talk) -> None:
        await talk.say("your clerk was rude to me on Tuesday", "complaint")
        await talk.say("MVP")
        text = "and he called me names on the phone"
        reply = await talk.say(text, "request_callback", band="confirm")
        assert "added that to your case" in reply

    async def test_only_one_s_own_details_are_needed(self, talk: Talk) -> None:
        await talk.say("is my plan in force", "coverage_status")
        text = "do you need my husband's ID too"
        reply = await talk.say(text, "authorize_representative", band="confirm")
        assert reply.startswith("No, only your own.")

    async def test_how_many_days_of_what_has_a_last_day(self, talk: Talk) -> None:
        await talk.say("I had a baby, how do I put her on the plan", "add_dependent")
        reply = await talk.say("how many days", "out_of_scope", band="reject", asks="duration")
        assert "30 days" in reply


async def test_a_drug_on_the_plan_is_nobody_of_the_family(talk: Talk) -> None:
    drug = named("drug", "atorvastatin", "Lipitor")
    reply = await talk.say("is Lipitor covered by my plan", "drug_coverage", [drug])
    assert "drug list" in reply
