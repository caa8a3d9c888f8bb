"""Whose record is told: "her" is the one who was named, "the March one" one of theirs, "mine" one's
own; and a namesake or twin hears why it is theirs. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from tests.actions.talking import Talk, named

MARCH = named("date", "march")
FRANK = ("Frank", "M10010023", "April 1, 1972", "12203")
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
DAUGHTER = named("relation", "daughter")
WIFE = named("relation", "spouse", "wife")
CLOSED = "permission on file"


@pytest.fixture
async def frank(talk: Talk) -> Talk:
    await talk.say("has my march claim been paid", "claim_status", [MARCH])
    await talk.give(*FRANK)
    return talk


class TestSomebodyWhoWasNamed:
    async def test_is_meant_also_where_nothing_of_it_was_answered(self, frank: Talk) -> None:
        await frank.say("is my wife ill? there was an envelope", "out_of_scope", [WIFE])
        told = await frank.say("which bills has she had since january", "claim_status")
        assert CLOSED in told
        assert "your claim" not in told

    async def test_and_fathers_in_general_are_nobody(self, frank: Talk) -> None:
        fathers = [named("relation", "father", "dads")]
        told = await frank.say("is there a class for all dads", "maternity_program", fathers)
        assert CLOSED not in told
        told = await frank.say("was the dads claim paid", "claim_status", fathers)
        assert CLOSED in told

    async def test_and_nobody_was(self, frank: Talk) -> None:
        told = await frank.say("which claims did she have this year", "claim_status")
        assert "someone else on your plan" in told
        assert "CLM-" not in told

    async def test_the_one_of_march_is_one_of_hers(self, frank: Talk) -> None:
        await frank.say("show me my daughter's claims", "claim_status", [DAUGHTER])
        told = await frank.say("how much was the march one", "claim_status", [MARCH])
        assert "Faye" in told

    async def test_her_doctor_can_appeal_in_her_matter(self, frank: Talk) -> None:
        await frank.say("show me my wife's claims", "claim_status", [WIFE])
        told = await frank.say("is he allowed to appeal it", "appeal")
        assert "your claim" not in told

    @pytest.mark.parametrize("said", ["whatever, and mine?", "ok, what was mine in march"])
    async def test_mine_is_one_s_own(self, frank: Talk, said: str) -> None:
        await frank.say("did my wife's march claim go through", "claim_status", [WIFE, MARCH])
        told = await frank.say(said, "inform", [MARCH] if "march" in said else [])
        assert "your claim" in told

    async def test_his_is_never_one_s_own(self, frank: Talk) -> None:
        await frank.say("my dad has my name", "inform", [named("relation", "father", "dad")])
        await frank.say("has my march claim been paid", "claim_status", [MARCH])
        told = await frank.say("and how much was his", "claim_status", band="confirm")
        assert CLOSED in told

    async def test_a_name_after_my_is_one_of_the_family(self, frank: Talk) -> None:
        said = "my Odile had a visit in march, has it been paid"
        assert CLOSED in await frank.say(said, "claim_status", [MARCH])

    async def test_another_of_the_same_name_is_not_told(self, frank: Talk) -> None:
        told = await frank.say("so what does the other Frank owe", "claim_status", band="confirm")
        assert "only to that person" in told


class TestIsItReallyMine:
    @pytest.mark.parametrize(
        "said", ["is this one mine or my brother's?", "are you sure that is mine", "whose is that"]
    )
    async def test_says_by_what_it_is_known(self, frank: Talk, said: str) -> None:
        assert "It's yours" in await frank.say(said, "out_of_scope")

    async def test_before_anything_is_shown(self, talk: Talk) -> None:
        told = await talk.say("how do you know you have me and not Bob?", "out_of_scope")
        assert "people share" in told


class TestSomebodyElseTypesOn:
    @pytest.mark.parametrize(
        "said",
        [
            "sorry, this is Frank's room mate, how much is left of the deductible",
            "actually it's her neighbor now, what is left of the deductible",
            "he had to go. this is his nurse, what is left of the deductible",
        ],
    )
    async def test_ends_the_proof(self, frank: Talk, said: str) -> None:
        told = await frank.say(said, "deductible_status")
        assert await frank.verified() is None
        assert "$" not in told

    async def test_a_father_s_protest_does_not(self, frank: Talk) -> None:
        await frank.say("did my wife's march claim go through", "claim_status", [WIFE, MARCH])
        await frank.say("hello, I'm her husband", "inform")
        assert await frank.verified()
