"""Who says who they are and asks something in the same message. Sentences of these tests."""

from __future__ import annotations

import pytest

from actions.dialogue.turn import FACTOR_SLOTS
from tests.actions.talking import Talk, asked, named

ALL = "Hi this is Riley Exampleby, P10010003, born 8/23/1990, zip 14604, "
VALUES = [
    named("member_id", "P10010003"),
    named("date", "8/23/1990"),
    named("zip", "14604"),
    named("date", "march"),
]


class TestAllAtOnce:
    @pytest.mark.parametrize(
        "said",
        [
            ALL + "did my march claim go through?",
            "hi this is riley exampleby member id P10010003 date of birth august 23 1990 zip code "
            "14604 did my march claim go through",
            "did my march claim go through? I'm Riley. P10010003, August 23, 1990, 14604",
            "Did my march claim go through? My member ID is P10010003, my date of birth is "
            "8/23/1990 and my zip is 14604",
        ],
    )
    async def test_the_question_is_answered(self, talk: Talk, said: str) -> None:
        reply = await talk.say(said, "claim_status", VALUES)
        if talk.asking:
            assert talk.asking == "factor_first_name"
            reply = await talk.say("Riley")
        assert await talk.verified()
        assert talk.asking is None
        assert "March" in reply

    @pytest.mark.parametrize(
        "said",
        [
            # In one breath, as it is heard: no commas, and figures that run into each other.
            "hey riley exampleby here p one zero zero one zero zero zero three eight twenty three "
            "ninety one four six oh four did my march claim go through",
            "my name is riley my number is P10010003 i was born august twenty third nineteen "
            "ninety and i live in one four six oh four and i want to know did my march claim go "
            "through",
            "I was at the doctor's, my name's Riley, ID's P10010003, and 14604 is where I live. "
            "Born August 23 1990. Did my march claim go through?",
        ],
    )
    async def test_they_stand_amid_the_question(self, talk: Talk, said: str) -> None:
        assert "March" in await talk.say(said, "claim_status", VALUES[3:])
        assert await talk.verified()

    async def test_another_persons_open_nothing(self, talk: Talk) -> None:
        said = "my wife's number is P10010003 riley born august 23 1990 zip 14604 did her march "
        await talk.say(f"{said}claim go through", "claim_status", VALUES)
        assert await talk.verified() is None

    async def test_a_question_that_drowns_in_the_numbers(self, talk: Talk) -> None:
        said = ALL + "did my march claim go through?"
        heard = {"inform": 0.86, "claim_status": 0.12, "deductible_status": 0.01}
        assert "March" in await talk.say(said, "inform", VALUES, ranking=heard)
        assert await talk.verified()

    async def test_without_a_question(self, talk: Talk) -> None:
        reply = await talk.say(ALL.rstrip(", "), "inform", VALUES[:3])
        assert "Thank you, Riley" in reply
        assert not any(talk.slots.get(slot) for slot in FACTOR_SLOTS)

    async def test_a_wrong_value_opens_nothing(self, talk: Talk) -> None:
        said = ALL.replace("14604", "14605") + "did my march claim go through?"
        reply = await talk.say(said, "claim_status", VALUES)
        assert "don't fit together" in reply
        assert await talk.verified() is None
        assert talk.asking == "factor_first_name"


class TestSome:
    @pytest.mark.parametrize(
        ("said", "next_asked"),
        [
            ("Hi this is Riley Exampleby, did my march claim go through?", "factor_member_id"),
            ("P10010003, did my march claim go through?", "factor_first_name"),
            ("this is Riley, P10010003, did my march claim go through?", "factor_date_of_birth"),
            (
                "my name is Riley, born 8/23/1990, did my march claim go through?",
                "factor_member_id",
            ),
        ],
    )
    async def test_only_the_rest_is_asked(self, talk: Talk, said: str, next_asked: str) -> None:
        await talk.say(said, "claim_status", VALUES)
        assert talk.asking == next_asked

    @pytest.mark.parametrize(
        "said",
        [
            "I'm diabetic, was my march claim paid?",
            "14604, was my march claim paid?",
            "born 11/3/2026, was my march claim for him paid?",
            "was my march claim paid, 03/05/2026",
            "her ID is P10010003, was my march claim paid?",
            "was my wife's march claim paid? P10010003, 8/23/1990",
        ],
    )
    async def test_what_could_mean_something_else_is_asked(self, talk: Talk, said: str) -> None:
        relation = [named("relation", "spouse", "wife")] if "wife" in said else []
        await talk.say(said, "claim_status", [*VALUES, *relation])
        assert talk.asking == "factor_first_name"
        assert not any(talk.slots.get(slot) for slot in FACTOR_SLOTS)

    async def test_nothing_is_kept_where_nothing_is_proven(self, talk: Talk) -> None:
        said = "This is Riley Exampleby, P10010003, what are your hours?"
        await talk.say(said, "contact_info", VALUES[:1])
        assert not any(talk.slots.get(slot) for slot in FACTOR_SLOTS)

    async def test_an_office_is_never_taken_for_a_member(self, talk: Talk) -> None:
        said = "This is Maria from Dr. Osei's office, P10010003, 8/23/1990, is he covered?"
        await talk.say(said, "coverage_status", VALUES[:2])
        assert talk.asking is None
        assert not any(talk.slots.get(slot) for slot in FACTOR_SLOTS)


class TestInTheMiddle:
    async def test_an_answer_and_a_question(self, talk: Talk) -> None:
        await talk.say("did my march claim go through?", "claim_status", VALUES[3:])
        await talk.give("Riley", "P10010003", "8/23/1990")
        reply = await talk.say(
            "14604, and is my deductible met?", "deductible_status", [named("zip", "14604")]
        )
        assert "as soon as" not in reply
        assert "deductible" in reply
        assert "March" in reply

    async def test_at_the_name(self, talk: Talk) -> None:
        await talk.say("did my march claim go through?", "claim_status", VALUES[3:])
        first, second = "Riley, P10010003.", "And is my deductible met?"
        await talk.say(
            f"{first} {second}",
            "deductible_status",
            questions=[asked("deductible_status", f"{first} {second}")],
        )
        assert talk.asking == "factor_date_of_birth"
        asked_for = [item["intent"] for item in talk.slots["agenda"]]
        assert asked_for == ["deductible_status", "claim_status"]

    async def test_a_place_in_the_question_is_no_factor(self, talk: Talk) -> None:
        await talk.say("did my march claim go through?", "claim_status", VALUES[3:])
        await talk.give("Riley", "P10010003", "8/23/1990")
        await talk.say("is there a lab near me, 14604", "find_facility", [named("zip", "14604")])
        assert talk.slots["factor_zip"] is None


class TestAtTheNamePrompt:
    """What is told before its turn, or put right in the same breath, with a few words beside it."""

    @pytest.fixture
    async def asked_for_name(self, talk: Talk) -> Talk:
        await talk.say("did my march claim go through?", "claim_status", VALUES[3:])
        return talk

    @pytest.mark.parametrize(
        ("said", "next_asked"),
        [
            ("P10010003 are we friends now", "factor_first_name"),
            ("P10010003, you stupid machine", "factor_first_name"),
            ("Ripley... no, typo, Riley", "factor_member_id"),
            ("it's Ripley no sorry Riley", "factor_member_id"),
            ("Ripley, no wait, it's Riley on the card", "factor_member_id"),
            ("Ripley, oops, Riley is what they call me at work", "factor_first_name"),
            ("Ripley, no wait, that is what the neighbours say", "factor_first_name"),
            ("Riley, P10010003, satisfied?", "factor_date_of_birth"),
        ],
    )
    async def test_it_is_taken(self, asked_for_name: Talk, said: str, next_asked: str) -> None:
        await asked_for_name.say(said, "inform", VALUES[:1] if "P1" in said else [])
        assert asked_for_name.asking == next_asked

    async def test_the_day_of_birth_that_was_meant_counts(self, asked_for_name: Talk) -> None:
        await asked_for_name.give("Riley", "P10010003")
        await asked_for_name.say("8/22/1990, oops, the 23rd", "inform", VALUES[1:2])
        assert "March" in await asked_for_name.say("14604")

    async def test_the_name_that_was_meant_is_the_one_that_counts(
        self, asked_for_name: Talk
    ) -> None:
        await asked_for_name.say("Ripley, no sorry, Riley", "out_of_scope", band="reject")
        assert "March" in await asked_for_name.give("P10010003", "8/23/1990", "14604")

    @pytest.mark.parametrize(
        "said",
        [
            "argh. Riley. P10010003. 8/23/1990. zip 14604",
            "P10010003 Riley 8/23/1990 14604",
            "P10010003, 14604, 8/23/1990, Riley",
            "Riley, member ID number P10010003, born 8/22/1990, whoops no, 8/23/1990, zip 14604",
        ],
    )
    async def test_all_in_one_line(self, asked_for_name: Talk, said: str) -> None:
        assert "March" in await asked_for_name.say(said, "inform", VALUES[:1])

    async def test_what_is_asked_beside_it_is_answered(self, asked_for_name: Talk) -> None:
        said = "P10010003, and is my deductible met?"
        await asked_for_name.say(said, "deductible_status", VALUES[:1])
        asked_for = [item["intent"] for item in asked_for_name.slots["agenda"]]
        assert asked_for == ["deductible_status", "claim_status"]
        assert asked_for_name.slots["factor_member_id"] == ["P10010003"]

    @pytest.mark.parametrize("said", ["her number is P10010003", "oh wonderful, a machine"])
    async def test_what_is_nobodys_own_is_not(self, asked_for_name: Talk, said: str) -> None:
        await asked_for_name.say(said, "out_of_scope", VALUES[:1], band="reject")
        assert asked_for_name.asking == "factor_first_name"


class TestALostCard:
    async def test_its_number_is_not_asked_for(self, talk: Talk) -> None:
        await talk.say("what's my deductible? I lost my wallet", "deductible_status")
        await talk.say("Morgan")
        assert talk.asking == "factor_card_company"
        await talk.say("not sure, it's through my job")
        assert talk.asking != "factor_member_id"

    async def test_a_new_card_is_another_matter(self, talk: Talk) -> None:
        await talk.say("I lost my card", "id_card")
        await talk.say("Morgan")
        assert talk.asking == "factor_member_id"


class TestSeveralAtAPrompt:
    """All that proves who they are in one message, in whatever words stand around it."""

    @pytest.mark.parametrize(
        "said",
        [
            "first name Riley, id P10010003, born August 23 1990, zip 14604",
            "ok once more then. Riley is my first name, ID P10010003, date of birth 8/23/1990, ZIP "
            "is 14604",
            "again: my name's Riley and my ID P10010003, birth date 23 August 1990, zip code 14604",
            "hmm. first name riley with member number p10010003, dob 08/23/1990, zip 14604",
            "P10010003, I am Riley, born 8/23/1990, zip 14604",
            "Riley here, the card says P10010003, birthday 8/23/1990, 14604",
            "could be that it was the zip: Riley, P10010003, 8/23/1990, 14604",
            "ugh. Riley P10010003 born 8/23/1990 zip 14604, that's what the card says",
        ],
    )
    async def test_nothing_is_asked_again(self, talk: Talk, said: str) -> None:
        await talk.say("did my march claim go through?", "claim_status", [named("date", "march")])
        assert talk.asking == "factor_first_name"
        reply = await talk.say(said)
        assert await talk.verified(), reply
        assert "March" in reply

    @pytest.mark.parametrize("said", ["Riley P10010003", "riley, P10010003", "Riley - P10010003"])
    async def test_the_rest_is_asked(self, talk: Talk, said: str) -> None:
        await talk.say("did my march claim go through?", "claim_status", [named("date", "march")])
        await talk.say(said)
        assert talk.asking == "factor_date_of_birth"

    async def test_a_question_before_them(self, talk: Talk) -> None:
        said = "Was my March claim paid? Riley, P10010003, August 23, 1990, 14604"
        assert "March" in await talk.say(said, "claim_status", VALUES)
        assert await talk.verified()

    async def test_after_details_that_did_not_fit(self, talk: Talk) -> None:
        await talk.say("did my march claim go through?", "claim_status", [named("date", "march")])
        wrong = await talk.say("first name Riley, id P10010003, born May 3 1990, zip 14604")
        assert "don't fit together" in wrong
        reply = await talk.say("sorry! first name Riley, id P10010003, born 8/23/1990, zip 14604")
        assert "March" in reply

    async def test_an_id_put_right_at_the_next_prompt(self, talk: Talk) -> None:
        await talk.say("did my march claim go through?", "claim_status", [named("date", "march")])
        await talk.say("Riley P10010030")
        assert "changed" in await talk.say("oops, mixed up the last two, it's P10010003")
        await talk.say("8/23/1990")
        assert "March" in await talk.say("14604")

    @pytest.mark.parametrize(
        "said",
        [
            "her ID is P10010003, born 8/23/1990, zip 14604",
            "my mother's id P10010003, first name Riley, date of birth 8/23/1990",
        ],
    )
    async def test_another_s_details_are_not_one_s_own(self, talk: Talk, said: str) -> None:
        await talk.say("did my march claim go through?", "claim_status", [named("date", "march")])
        await talk.say(said)
        assert not any(talk.slots.get(slot) for slot in FACTOR_SLOTS)
        assert await talk.verified() is None

    async def test_a_question_with_numbers_fills_nothing(self, talk: Talk) -> None:
        await talk.say("did my march claim go through?", "claim_status", [named("date", "march")])
        zip_code = [named("zip", "14604")]
        await talk.say("is an urgent care near 14604 open on 12/24?", "find_facility", zip_code)
        assert not any(talk.slots.get(slot) for slot in FACTOR_SLOTS)

    async def test_before_anything_is_asked(self, talk: Talk) -> None:
        said = "found my card!! first name Riley, ID P10010003, born 8/23/1990, zip 14604"
        reply = await talk.say(said, "deductible_status", VALUES[:3], band="confirm")
        assert "Thank you, Riley" in reply
        assert await talk.verified()
