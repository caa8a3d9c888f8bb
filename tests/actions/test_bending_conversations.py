"""How people bend a conversation: danger that is over, a mind that changes, a number put right,
words that sound like something else. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from actions.answers.emergency import emergency
from actions.answers.question import Question
from actions.dialogue.asides import drops
from actions.dialogue.danger import is_low, is_of_plan, is_only_of_supply, is_over, is_presence
from actions.identity.third_party import professional
from tests.actions.talking import Talk, asked, named

MARCH = named("date", "march")


class TestDanger:
    @pytest.mark.parametrize(
        "said",
        [
            "honestly I dont want to be alive anymore",
            "i don't want to live any more",
            "im tired of living",
            "she says she wants to die",
            "he is going to hang himself",
            "kms tonight",
            "i wish i was dead",
            "ya no quiero vivir",
            "most mornings i don't see why i keep going",
        ],
    )
    def test_a_life_crisis_gets_988(self, said: str) -> None:
        assert "988" in emergency(Question("emergency", text=said)).text

    def test_it_is_told_in_the_language_that_was_understood(self) -> None:
        """Words that both languages have ("me", "no") say nothing of it."""
        said = "he told me on the phone that no ambulance came, and gave me his key, no breath"
        assert "danger" in emergency(Question("emergency", text=said)).text
        assert "peligro" in emergency(Question("emergency", text=said, language="es")).text

    @pytest.mark.parametrize(
        "said", ["my dad can't breathe", "she doesn't want to live with the pain in her chest"]
    )
    def test_other_danger_gets_911(self, said: str) -> None:
        assert "call 911 now" in emergency(Question("emergency", text=said)).text

    @pytest.mark.parametrize(
        ("said", "over"),
        [
            ("she's okay now", True),
            ("false alarm, sorry", True),
            ("it wasn't an emergency", True),
            ("he's not ok", False),
            ("she isn't breathing", False),
            ("is he going to be fine if I wait", False),
            ("he is fine but my other son is still bleeding", False),
        ],
    )
    def test_whether_it_is_over(self, said: str, over: bool) -> None:
        assert is_over(said) is over

    @pytest.mark.parametrize(
        ("said", "presence"),
        [
            ("no, she isn't home right now", True),
            ("he's right here with me", True),
            ("he isnt home rn", True),
            ("she is standing right here", True),
            ("hes my boy", True),
            ("my baby is in the car", False),
            ("he is just lying here", False),
            ("she's here and not breathing", False),
            ("he is here with a gun", False),
            ("she's asleep right now", True),
            ("she's out", False),
            ("she is sick in bed and can't come to the phone", True),
            ("she is sick in bed and can't breathe", False),
        ],
    )
    def test_who_is_there(self, said: str, presence: bool) -> None:
        assert is_presence(said) is presence

    @pytest.mark.parametrize(
        ("said", "supply"),
        [
            ("what do i do about her tablets until the morning", True),
            ("we ran out of my blood pressure pills on a saturday", True),
            ("he has one tablet left, where do we get more", True),
            ("what do i do, she took the pills", False),
            ("we ran out of insulin and he is shaking", False),
            ("where do i go, he drank my medicine", False),
            ("my pills are lined up on the table", False),
        ],
    )
    def test_who_only_needs_a_medicine(self, said: str, supply: bool) -> None:
        assert is_only_of_supply(said) is supply

    @pytest.mark.parametrize(
        ("said", "of_plan"),
        [
            ("his wife and kids were on the plan", True),
            ("and my son was covered under his insurance too", True),
            ("I was on his plan and I want to go with him", False),
            ("she was on my plan and now she took all her pills", False),
        ],
    )
    def test_who_was_on_the_plan(self, said: str, of_plan: bool) -> None:
        assert is_of_plan(said) is of_plan

    @pytest.mark.parametrize(
        ("said", "low"),
        [
            ("no, I'm just so sad", True),
            ("I'm not going to do anything, just really tired today", True),
            ("I'm just so sad I don't want to be here", False),
            ("just tired and ready to end it all", False),
            ("I'm only tired of living", False),
        ],
    )
    def test_low_is_no_danger_where_nothing_else_is_told(self, said: str, low: bool) -> None:
        assert is_low(said, sounds_of_danger=True) is low

    async def test_why_somebody_cannot_speak_is_none_where_that_is_talked_of(
        self, talk: Talk
    ) -> None:
        """By the examples of those who speak for others, which are nearer than those of danger."""
        await talk.say("I'm calling about my mother's claim", "third_party_caller")
        reply = await talk.say("what if she is in a coma", "emergency", near="third-cant-talk")
        assert "power of attorney" in reply
        assert "911" in await talk.say("she is in a coma and turns blue", "emergency")

    async def test_who_is_threatened_is_told_of_no_permission(self, talk: Talk) -> None:
        await talk.say("I'm calling about my mother's claim", "third_party_caller")
        said = "he's got a gun and won't let us go"
        assert "911" in await talk.say(said, "emergency", near="third-party-caller-refused")

    async def test_what_is_not_understood_and_near_to_danger_is_danger(self, talk: Talk) -> None:
        """Also while something else is asked."""
        await talk.say("what is my deductible", "deductible_status")
        reply = await talk.say("i sawed into my leg", "out_of_scope", band="reject",
                               near="danger-now")  # fmt: skip
        assert "911" in reply
        assert talk.asking is None

    async def test_who_waited_in_vain_for_the_crisis_line_is_not_helped(self, talk: Talk) -> None:
        await talk.say("i want to die", "emergency")
        reply = await talk.say("i called them once, i was on hold", "out_of_scope", band="reject")
        assert "988" in reply

    async def test_more_of_the_help_that_came_is_no_new_danger(self, talk: Talk) -> None:
        await talk.say("he dropped and doesn't move", "emergency")
        await talk.say("we called an ambulance", "out_of_scope")
        reply = await talk.say("they are taking him to the hospital now", "emergency")
        assert "911" not in reply

    async def test_what_spreads_all_over_is_not_over(self, talk: Talk) -> None:
        await talk.say("her lips are swelling", "emergency")
        assert "911 now" in await talk.say("it's all over her face now", "emergency")

    async def test_who_is_safe_goes_on(self, talk: Talk) -> None:
        reply = await talk.say("I'm safe right now, he's at work", "emergency")
        assert "I'm glad to hear that" in reply

    async def test_who_is_ill_from_a_medicine_calls_911(self, talk: Talk) -> None:
        said = "he took his insulin twice and is sweating and confused"
        assert "call 911 now" in await talk.say(said, "emergency")

    async def test_a_medicine_that_runs_out_is_none_where_medicine_is_talked_of(
        self, talk: Talk
    ) -> None:
        await talk.say("how does mail order work?", "mail_order_pharmacy")
        reply = await talk.say("what do i do about her tablets until the morning", "emergency")
        assert "few days' supply" in reply
        assert "911" not in reply
        said = "what do I do with all my pills tonight"
        assert "911" in await talk.say(said, "emergency", near="danger-now")

    async def test_what_to_do_with_pills_is_one_otherwise(self, talk: Talk) -> None:
        assert "911" in await talk.say("my pills are here, what do I do", "emergency")

    async def test_who_is_there_is_no_emergency(self, talk: Talk) -> None:
        assert "911" not in await talk.say("she isn't home right now", "emergency")

    async def test_what_it_interrupted_goes_on(self, talk: Talk) -> None:
        await talk.say("what was paid of my march claim?", "claim_status", [MARCH])
        await talk.say("my wife can't breathe", "emergency")
        assert talk.asking is None
        said = await talk.say("she is fine again", "goodbye")
        assert "glad" in said
        assert talk.asking == "factor_first_name"

    async def test_a_question_with_the_good_news(self, talk: Talk) -> None:
        await talk.say("my wife can't breathe", "emergency")
        first, second = "he's ok now.", "what is an HMO?"
        said = await talk.say(
            f"{first} {second}",
            "goodbye",
            questions=[
                asked("goodbye", first),
                asked("enroll_or_compare_plans", second, start=len(first) + 1),
            ],
        )
        assert "glad" in said
        assert "HMO" in said
        assert "Goodbye" not in said


class TestAnotherMind:
    @pytest.mark.parametrize(
        ("said", "dropped"),
        [
            ("oh never mind, can you do it?", True),
            ("actually forget that", True),
            ("I never minded the wait", False),
            ("don't forget that I have two plans", False),
        ],
    )
    def test_what_drops_a_question(self, said: str, dropped: bool) -> None:
        assert drops(said) is dropped

    async def test_no_person_after_all(self, talk: Talk) -> None:
        await talk.say("get me a human", "speak_to_agent")
        assert talk.asking == "need_reason"
        said = await talk.say("oh never mind, what's an HMO?", "enroll_or_compare_plans")
        assert "HMO" in said
        assert talk.asking is None

    async def test_another_matter_ends_the_form(self, talk: Talk) -> None:
        await talk.say("was my march claim paid", "claim_status", [MARCH])
        await talk.say("forget that, what's an HMO?", "enroll_or_compare_plans")
        assert talk.asking is None

    async def test_why_and_how_else_after_a_refusal(self, talk: Talk) -> None:
        await talk.say("was my march claim paid", "claim_status", [MARCH])
        await talk.say("I'm not telling you that", "deny")
        assert "nobody else" in await talk.say("why do you need it", "unclear")
        assert "sign in" in await talk.say("is there some other way?", "affirm")

    async def test_farewell_with_thanks(self, talk: Talk) -> None:
        assert "Goodbye" in await talk.say("okay thanks bye", "thank")


class TestCards:
    async def test_no_card_said_before_the_id_is_asked(self, talk: Talk) -> None:
        await talk.say("was my march claim paid", "claim_status", [MARCH])
        assert "without the card" in await talk.say("I lost my card", "id_card")
        await talk.say("Casey")
        assert talk.asking == "factor_card_company"

    async def test_a_card_of_another_insurer(self, talk: Talk) -> None:
        await talk.say("was my march claim paid", "claim_status", [MARCH])
        await talk.say("Peter")
        said = await talk.say("my card is from Humana", "out_of_scope", band="reject")
        assert "number on its card" in said
        assert talk.asking is None


class TestWhoSpeaks:
    @pytest.mark.parametrize(
        ("said", "who"),
        [
            ("this is Dr. Osei's office about a patient", "a doctor's office"),
            ("HR at Example Paper here", "an employer"),
            ("I need a doctor's office near me", None),
        ],
    )
    def test_on_business(self, said: str, who: str | None) -> None:
        assert professional(said) == who

    async def test_an_office_is_never_verified_later_on(self, talk: Talk) -> None:
        await talk.say("this is Dr. Osei's office, is he eligible?", "coverage_status")
        await talk.say("so is he active or not", "coverage_status")
        assert talk.asking is None
        assert "member" in await talk.say("I have his birthday", "out_of_scope", band="reject")


class TestSheBefore:
    async def test_she_after_the_baby_is_the_baby(self, talk: Talk) -> None:
        baby = [named("relation", "newborn", "baby")]
        await talk.say(
            "had my baby 3 weeks ago, how do i get her on the plan", "add_dependent", baby
        )
        await talk.say("is she covered right now?", "coverage_status")
        said = await talk.give("Nora", "P10010027", "October 30, 1993", "14609")
        # The mother's own plan would be the answer to another question.
        assert "is active" not in said
        assert "who else is covered" in said

    async def test_she_after_nobody_is_nobody(self, talk: Talk) -> None:
        await talk.say("add somebody to my plan", "add_dependent")
        await talk.say("is she covered right now?", "coverage_status")
        asked_of = [item["told"].get("person") for item in talk.slots["agenda"]]
        assert asked_of == [None] * len(asked_of)


class TestPutRightLate:
    @pytest.mark.parametrize(
        ("said", "slot", "value"),
        [
            ("oops, P10010003", "factor_member_id", ["P10010003"]),
            ("actually 8/22/1990", "factor_date_of_birth", "1990-08-22"),
        ],
    )
    async def test_a_factor_at_a_later_prompt(
        self, talk: Talk, said: str, slot: str, value: str | list[str]
    ) -> None:
        await talk.say("was my march claim paid", "claim_status", [MARCH])
        await talk.give("Riley", "P10010004", "8/23/1990")
        await talk.say(said)
        assert talk.slots[slot] == value
        assert talk.asking == "factor_zip"

    async def test_the_zip_while_the_company_is_asked(self, talk: Talk) -> None:
        await talk.say("was my march claim paid", "claim_status", [MARCH])
        await talk.give("Lena", "900555101", "no, 14605")
        assert talk.slots["factor_zip"] == "14605"
        assert talk.asking == "factor_card_company"

    async def test_keys_of_another_prompt_are_a_slip(self, talk: Talk) -> None:
        await talk.say("was my march claim paid", "claim_status", [MARCH])
        await talk.say("Riley")
        assert "didn't get that" in await talk.say("99", "drug_cost")
        assert talk.asking == "factor_member_id"
