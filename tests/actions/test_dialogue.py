"""What the dialogue makes of each message: general first, corrections, asides, refusals.

No company is asked here: these are the questions before any answer. The sentences are written for
these tests.
"""

from __future__ import annotations

import pytest

from actions.dialogue.agenda import Item
from actions.dialogue.by_words import told_beside
from actions.dialogue.general_first import own_case
from actions.dialogue.intents import intents
from tests.actions.talking import Talk, asked, named

MARCH = named("date", "march")


@pytest.fixture
async def at_birth_date(talk: Talk) -> Talk:
    """A claim was asked about; name and member ID are given, the birth date is asked."""
    await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
    await talk.say("Morgan", "inform")
    await talk.say("M10010002", "inform", [named("member_id", "M10010002")])
    assert talk.asking == "factor_date_of_birth"
    return talk


class TestGeneralFirst:
    @pytest.mark.parametrize(
        ("text", "own"),
        [
            ("why was my claim denied", True),
            ("I got a bill for 2000 dollars from the hospital", True),
            ("what's going on with claim CLM-2026-00181", True),
            ("tell me about my second insurance", True),
            ("we lost our cards", True),
            ("what address do you have on file for me?", True),
            ("which phone number do you have for me", True),
            ("you guys turned down the crutches and I would like to know what for", True),
            ("I'd like to know how much money is still in there", True),
            ("what happens when a plan turned something down", False),
            ("do you have a form for an appeal", False),
            ("how do I appeal a decision?", False),
            ("do I need a referral to see a specialist?", False),
            ("what is coordination of benefits", False),
            ("does a plan cover acupuncture", False),
            ("can you explain what an EOB is", False),
        ],
    )
    def test_own_case(self, text: str, own: bool) -> None:
        entities = (named("claim_number", "CLM-2026-00181"),) if "CLM" in text else ()
        assert own_case(Item("claim_denial", text, entities)) is own


class TestWhatIsAsked:
    async def test_a_refusal_is_accepted_politely(self, at_birth_date: Talk) -> None:
        said = await at_birth_date.say("I'd rather not give you that", "deny")
        assert "you don't have to" in said
        assert at_birth_date.asking is None
        assert not at_birth_date.slots["agenda"]

    @pytest.mark.parametrize("text", ["no", "no thanks", "none of your business"])
    async def test_no_at_the_first_question_is_no(self, talk: Talk, text: str) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        assert "you don't have to" in await talk.say(text, "deny")

    @pytest.mark.parametrize("text", ["yes", "sure, go ahead", "ok", "/affirm"])
    async def test_yes_at_the_first_question_asks_on(self, talk: Talk, text: str) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        assert "What is your first name?" in await talk.say(text, "affirm")
        assert talk.asking == "factor_first_name"
        assert not talk.slots["failures"]

    @pytest.mark.parametrize(
        ("text", "intent", "begins"),
        [
            ("hold on", "cancel", "Take your time."),
            ("let me find my card", "id_card", "Take your time."),
            ("why do you need that?", "prior_auth_required", "I ask so that nobody else"),
            ("is this safe", "out_of_scope", "I ask so that nobody else"),
            ("what do you mean", "feedback_negative", "I need month, day and year"),
            ("say that again please", "repeat", "What is your date of birth?"),
            ("go back", "cancel", "All right, one step back. What is your member ID?"),
        ],
    )
    async def test_asides_leave_the_question_standing(
        self, at_birth_date: Talk, text: str, intent: str, begins: str
    ) -> None:
        said = await at_birth_date.say(text, intent)
        assert said.startswith(begins)
        assert said.rstrip().endswith(("birth?", "card."))
        assert not at_birth_date.slots["failures"]

    async def test_hard_words_are_no_failure(self, at_birth_date: Talk) -> None:
        said = await at_birth_date.say("this is bullshit", "out_of_scope", band="reject")
        assert "sorry this is frustrating" in said
        assert "date of birth" in said
        assert not at_birth_date.slots["failures"]

    async def test_three_failures_end_in_a_way_out(self, at_birth_date: Talk) -> None:
        first = await at_birth_date.say("blue", "out_of_scope", band="reject")
        assert first.startswith("Sorry, I didn't get that.")
        second = await at_birth_date.say("blue", "out_of_scope", band="reject")
        assert "for example 05/12/1980" in second
        third = await at_birth_date.say("blue", "out_of_scope", band="reject")
        assert "person" in third
        assert at_birth_date.asking is None

    @pytest.mark.parametrize(
        ("text", "told"),
        [("never mind", "stopped"), ("start over", "start over"), ("stop", "stopped")],
    )
    async def test_cancel_always_works(self, at_birth_date: Talk, text: str, told: str) -> None:
        assert told in await at_birth_date.say(text, "cancel")
        assert at_birth_date.asking is None
        assert at_birth_date.slots["factor_first_name"] is None

    async def test_danger_ends_the_form(self, at_birth_date: Talk) -> None:
        said = await at_birth_date.say("me duele el pecho", "emergency", [named("language", "es")])
        assert "911" in said
        assert "date of birth" not in said
        assert at_birth_date.asking is None


class TestCorrections:
    @pytest.mark.parametrize(
        ("text", "born"),
        [
            ("my birthday is the 12th not the 2nd", "1979-11-12"),
            ("sorry, 1978 not 1979", "1978-11-02"),
            ("it's October, not November", "1979-10-02"),
            ("the twelfth, not the second", "1979-11-12"),
            ("wait, my birthday is March 3, 1980", "1980-03-03"),
        ],
    )
    async def test_of_the_birth_date(self, at_birth_date: Talk, text: str, born: str) -> None:
        await at_birth_date.say("November 2, 1979", "inform", [named("date", "november 2, 1979")])
        assert at_birth_date.asking == "factor_zip"
        said = await at_birth_date.say(text, "out_of_scope", band="reject")
        assert said.startswith("Thank you, I've changed that.")
        assert at_birth_date.slots["factor_date_of_birth"] == born
        assert at_birth_date.asking == "factor_zip"

    async def test_of_the_name_and_the_number(self, at_birth_date: Talk) -> None:
        await at_birth_date.say("my first name is Martha, not Morgan", "inform")
        assert at_birth_date.slots["factor_first_name"] == ["Martha"]
        await at_birth_date.say("sorry, my member id is M10010005 not M10010002", "inform")
        assert at_birth_date.slots["factor_member_id"][0] == "M10010005"
        assert at_birth_date.asking == "factor_date_of_birth"

    async def test_a_day_that_was_not_given_corrects_nothing(self, at_birth_date: Talk) -> None:
        await at_birth_date.say("November 2, 1979", "inform", [named("date", "november 2, 1979")])
        await at_birth_date.say("the 12th not the 21st", "out_of_scope", band="reject")
        assert at_birth_date.slots["factor_date_of_birth"] == "1979-11-02"

    async def test_of_a_need_while_another_is_asked(self, talk: Talk) -> None:
        await talk.say("I need a cardiologist", "find_provider", [named("specialty", "cardiology")])
        assert talk.asking == "need_location"
        said = await talk.say(
            "no, I meant a dermatologist", "find_provider", [named("specialty", "dermatology")]
        )
        assert "Where should I look?" in said
        assert talk.slots["agenda"][0]["told"]["specialty"] == "dermatology"


class TestSeveralQuestions:
    async def test_all_are_kept_in_order(self, talk: Talk) -> None:
        text = "was my march claim paid and which plan covers me"
        said = await talk.say(
            text,
            "claim_status",
            questions=[
                asked("claim_status", "was my march claim paid", [MARCH]),
                asked("which_plan_covers_me", "and which plan covers me", start=24),
            ],
        )
        assert "first name" in said
        assert [item["intent"] for item in talk.slots["agenda"]] == [
            "claim_status",
            "which_plan_covers_me",
        ]

    async def test_danger_beats_them_all(self, talk: Talk) -> None:
        said = await talk.say(
            "was my claim paid and I can't breathe",
            "claim_status",
            questions=[
                asked("claim_status", "was my claim paid"),
                asked("emergency", "and I can't breathe", start=18),
            ],
        )
        assert "911" in said
        assert "first name" not in said


@pytest.mark.parametrize("intent", list(intents()))
class TestNoIntentIsSilent:
    async def test_said_freely(self, talk: Talk, intent: str) -> None:
        assert (await talk.say("something about that", intent)).strip()

    async def test_as_a_button(self, talk: Talk, intent: str) -> None:
        assert (await talk.say(f"/{intent}", intent)).strip()

    async def test_while_something_is_asked(self, at_birth_date: Talk, intent: str) -> None:
        said = await at_birth_date.say("I want something about that", intent)
        assert said.strip()
        assert at_birth_date.slots["factor_date_of_birth"] is None
        if at_birth_date.asking:
            assert "?" in said


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ("do I owe $2,340?", True),
        ("and do i have to pay this", True),
        ("what do I owe for the visit in May?", False),
    ],
)
def test_what_is_owed_is_told_with_why_the_claim_was_refused(beside: str, told: bool) -> None:
    why = Item("claim_denial", "why was my claim from March denied")
    assert told_beside(Item("explain_eob", beside), [why]) == told
    assert not told_beside(Item("explain_eob", beside), [])


class TestAPersonOffered:
    async def test_yes_to_an_answer_with_a_person_beside_it(self, talk: Talk) -> None:
        await talk.say("is there a discount at a gym", "wellness_program")
        said = await talk.say("yes please", "affirm")
        assert "Which company" in said
        assert talk.slots["agenda"][0]["intent"] == "speak_to_agent"

    async def test_no_is_for_the_answer_and_not_for_the_person(self, talk: Talk) -> None:
        await talk.say("is there a discount at a gym", "wellness_program")
        assert "I won't" not in await talk.say("no", "deny")

    @pytest.mark.parametrize("words", ["no", "no thanks", "not now"])
    async def test_what_is_not_filed_needs_no_company(self, talk: Talk, words: str) -> None:
        await talk.say("can my ex see my mail from you", "confidential_communication")
        assert talk.asking == "need_filing"
        said = await talk.say(words, "deny")
        assert "Which company" not in said
        assert talk.asking is None


async def test_danger_ends_the_offer_of_a_look_up(talk: Talk) -> None:
    assert "look up yours" in await talk.say("do you pay for glasses", "vision_benefits")
    await talk.say("my wife can't breathe", "emergency")
    said = await talk.say("the ambulance is here", "inform")
    assert "Do what they tell you" in said
    assert "look up" not in said


@pytest.mark.parametrize(
    ("text", "intent", "band", "news", "said"),
    [
        ("they have got him on the stretcher", "billing_problem", "confirm", "helped", "Do what"),
        ("he sat up and asked for tea", "inform", "accept", "over", "glad to hear"),
        ("he stopped moving", "emergency", "accept", "over", "call 911 now"),
        ("she is shaking again", "emergency", "confirm", "over", "call 911 now"),
    ],
)
async def test_news_of_a_danger_that_was_told(
    talk: Talk, text: str, intent: str, band: str, news: str, said: str
) -> None:
    await talk.say("my husband slid down the wall and is grey", "emergency")
    question = {
        **asked(intent, text, band=band),
        "asks": {"name": news, "confidence": 0.9, "band": "accept"},
    }
    assert said in await talk.say(text, intent, questions=[question])


async def test_a_drug_alone_is_whether_it_is_covered(talk: Talk) -> None:
    drug = [named("drug", "albuterol")]
    said = await talk.say("albuterol", "out_of_scope", drug, band="reject")
    assert "drug list" in said


async def test_somebody_to_talk_to_about_it_is_a_person(talk: Talk) -> None:
    await talk.say("what does a denied claim mean", "claim_denial")
    text = "i want to talk to somebody about it"
    ranking = {"behavioral_health": 0.7, "speak_to_agent": 0.28}
    await talk.say(text, "behavioral_health", ranking=ranking)
    assert talk.asking == "need_partner"


async def test_what_pending_means(talk: Talk) -> None:
    said = await talk.say("ok what does it mean when a claim is pending", "out_of_scope")
    assert "has not decided it yet" in said
