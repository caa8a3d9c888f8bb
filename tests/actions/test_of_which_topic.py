"""Of which of several topics a message asks on, and what is said beside a yes. Sentences of these
tests.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.actions.talking import Talk, asked, named

MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
ALBANY = {"city": "Albany", "state": "NY", "zip": "12203", "label": "Albany, NY"}


def asks(intent: str, text: str, aspect: str, *entities: dict[str, Any]) -> list[dict[str, Any]]:
    """One question that asks for an aspect of the matter before, for sure."""
    question = asked(intent, text, list(entities), band="confirm")
    return [{**question, "asks": {"name": aspect, "confidence": 0.95, "band": "accept"}}]


class TestAfterTwoAnswers:
    @pytest.fixture
    async def told_both(self, talk: Talk) -> Talk:
        card, claim = "can you mail me another card", " and was my march visit paid"
        await talk.say(
            card + claim,
            "id_card",
            questions=[
                asked("id_card", card),
                asked("claim_status", claim, [named("date", "march")], start=len(card)),
            ],
        )
        await talk.give(*MORGAN)
        return talk

    async def test_what_comes_by_mail_is_the_card(self, told_both: Talk) -> None:
        text = "when will it be here"
        said = await told_both.say(text, "claim_status", questions=asks("inform", text, "duration"))
        assert "card comes by mail" in said

    async def test_the_first_of_them(self, told_both: Talk) -> None:
        text = "the first one, how long does that take"
        said = await told_both.say(text, "inform", questions=asks("inform", text, "duration"))
        assert "card comes by mail" in said

    async def test_the_first_once_more(self, told_both: Talk) -> None:
        assert "CLM" in await told_both.say("and what was my claim's number", "claim_status")
        said = await told_both.say("tell me the first thing again please", "repeat")
        assert "card of your" in said


class TestAThingThatWasNamed:
    async def test_a_place_of_the_list_before(self, talk: Talk) -> None:
        lab = named("facility", "lab")
        await talk.say("a lab in 12203", "find_facility", [lab, named("place", ALBANY, "12203")])
        await talk.say("does a skin doctor need a referral", "referral_question")
        text = "the lab, till when are they there"
        questions = asks("provider_details", text, "hours", lab)
        assert "Hours: " in await talk.say(text, "provider_details", [lab], questions=questions)

    async def test_the_visit_is_that_of_the_claim(self, talk: Talk) -> None:
        await talk.say("was my march visit paid", "claim_status", [named("date", "march")])
        await talk.give(*MORGAN)
        text = "and that visit, how much of it is on me"
        visit = named("service", "office_visit", "visit")
        said = await talk.say(
            text, "copay_cost", [visit], questions=asks("copay_cost", text, "share", visit)
        )
        assert "your share is $25.00" in said

    async def test_another_drug_is_no_wish_for_a_cheaper_one(self, talk: Talk) -> None:
        await talk.say("is Lipitor covered", "drug_coverage", [named("drug", "lipitor")])
        await talk.say(
            "no wait, the generic one, simvastatin", "drug_coverage", [named("drug", "simvastatin")]
        )
        (item,) = talk.slots["agenda"]
        assert [entity["value"] for entity in item["entities"]] == ["simvastatin"]


class TestWhileACaseIsTold:
    async def test_a_yes_with_a_question(self, talk: Talk) -> None:
        told = "my old clinic bills MVP for visits that never took place"
        await talk.say(told, "report_fraud", [named("partner", "mvp", "MVP")])
        assert talk.asking == "need_filing"
        text = "yes, and what happens after that"
        said = await talk.say(text, "affirm", questions=asks("affirm", text, "next"))
        assert "looks into it" in said
        assert "I have passed your fraud report" in said

    async def test_no_name_is_no_no(self, talk: Talk) -> None:
        told = "my old clinic bills MVP for visits that never took place"
        await talk.say(told, "report_fraud", [named("partner", "mvp", "MVP")])
        said = await talk.say("no, I'd prefer not to say who I am", "deny")
        assert said.startswith("You don't have to say who you are for this.")
        assert "passed" in await talk.say("yes", "affirm")

    async def test_a_yes_without_a_name_files_it(self, talk: Talk) -> None:
        told = "my old clinic bills MVP for visits that never took place"
        await talk.say(told, "report_fraud", [named("partner", "mvp", "MVP")])
        assert "passed" in await talk.say("yes, without my name though", "affirm")

    async def test_a_question_is_not_what_happened(self, talk: Talk) -> None:
        await talk.say("I want to make a complaint", "complaint", [named("partner", "mvp")])
        assert talk.asking == "need_words"
        text = "what happens with it then?"
        said = await talk.say(text, "out_of_scope", questions=asks("out_of_scope", text, "next"))
        assert "passed" not in said
        assert talk.asking == "need_words"


class TestSigns:
    async def test_a_thumb_takes_an_offer(self, talk: Talk) -> None:
        text = "are hearing aids covered in general"
        assert "look up yours" in await talk.say(
            text, "benefit_covered", [named("service", "hearing_aids", "hearing aids")]
        )
        await talk.say("\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-3}", "out_of_scope")
        assert talk.asking == "factor_first_name"


class TestOneSOwn:
    async def test_with_other_days_while_it_is_asked_who(self, talk: Talk) -> None:
        wife, march = named("relation", "spouse", "wife"), named("date", "march")
        await talk.say("my wife's claims please", "claim_status", [wife])
        await talk.say("no sorry, I meant my own, from march", "claim_status", [march])
        assert "your share is $25.00" in await talk.give(*MORGAN)


class TestWhoDoesNotTrustUs:
    async def test_hears_how_to_be_sure_and_reports_nothing(self, talk: Talk) -> None:
        said = await talk.say("how do I know this is no fake site, phishing or so", "report_fraud")
        assert said.startswith("That's fair")

    async def test_a_call_is_reported(self, talk: Talk) -> None:
        said = await talk.say("somebody called, how do I know it's no scam", "report_fraud")
        assert not said.startswith("That's fair")


class TestWhoWouldNotSayWho:
    async def test_the_usual_reasons_are_told_in_general(self, talk: Talk) -> None:
        await talk.say("why was my claim denied", "claim_denial")
        await talk.say("I won't give you my name", "deny")
        said = await talk.say("what are the usual reasons", "claim_denial")
        assert "holds for everyone" in said
        assert talk.asking is None

    async def test_how_often_it_may_go_wrong(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say("what if I get my birthday wrong", "account_access")
        assert said.startswith("You can try three times.")
        assert talk.asking == "factor_first_name"

    @pytest.mark.parametrize(
        ("said", "near", "told"),
        [
            ("they won't give me a bill with the details", "bill-itemized", "lists each service"),
            ("what if I think the bill is wrong", "bill-tell-office", "my plan shows"),
            ("how do I know they sent it back", "bill-paid-already", "receipt"),
            ("how many times can they bill me", "bill-several", "a bill of their own"),
        ],
    )
    async def test_what_others_refuse_or_get_wrong_is_asked_of_the_topic(
        self, talk: Talk, said: str, near: str, told: str
    ) -> None:
        await talk.say("I got a bill, what do I really owe", "billing_problem")
        await talk.say("yes", "affirm")
        assert talk.asking == "factor_first_name"
        reply = await talk.say(said, "billing_problem", band="confirm", near=near)
        assert told.lower() in reply.lower()


class TestWhileItIsAskedWhoTheyAre:
    @pytest.mark.parametrize(
        ("said", "intent", "near", "told"),
        [
            ("with the letter in front of it", "id_card", "proof-letter", "with the letter"),
            ("is my old zip fine as well", "which_plan_covers_me", "proof-zip-which", "12 months"),
            ("could I give you my social", "out_of_scope", "proof-ssn", "never type"),
        ],
    )
    async def test_what_is_asked_of_that_is_answered(
        self, talk: Talk, said: str, intent: str, near: str, told: str
    ) -> None:
        await talk.say("has my claim from march been paid?", "claim_status")
        await talk.say("Dana")
        reply = await talk.say(said, intent, near=near)
        assert told in reply
        assert talk.asking == "factor_member_id"

    async def test_where_nobody_is_asked_it_is_not_told(self, talk: Talk) -> None:
        await talk.say("how do I appeal", "appeal")
        reply = await talk.say(
            "with the letter in front of it", "out_of_scope", near="proof-letter"
        )
        assert "with the letter" not in reply
