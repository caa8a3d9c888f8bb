"""Who is on a plan, who of a family sees what, who speaks for whom; and plain questions about
talking with us. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from tests.actions.talking import Talk, named

MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
AVERY = ("Avery", "U10010001", "May 17, 1984", "06103")


class TestWhoIsOnThePlan:
    @pytest.mark.parametrize("said", ["who else is on our insurance", "who does my plan cover"])
    async def test_is_listed_by_the_employer(self, talk: Talk, said: str) -> None:
        told = await talk.say(said, "coverage_status", band="confirm")
        assert "can't list who is on a plan" in told
        assert talk.asking is None

    @pytest.mark.parametrize("said", ["is Otto still on our plan", "is my ex still on my policy"])
    async def test_one_of_them_is_asked_about_as_that_one(self, talk: Talk, said: str) -> None:
        await talk.say(said, "remove_dependent", band="confirm")
        told = await talk.give(*MORGAN)
        assert "permission on file" in told
        assert "your plan" not in told


class TestWhoSeesIt:
    @pytest.mark.parametrize(
        "said", ["could my mom find out what I went for", "does my husband get a letter about it"]
    )
    async def test_is_told_and_nothing_filed(self, talk: Talk, said: str) -> None:
        told = await talk.say(said, "confidential_communication")
        assert "without your permission" in told
        assert talk.asking is None


class TestSomebodyForAnother:
    @pytest.mark.parametrize(
        "said",
        [
            "I'm here about my son, he wants me to sort out a bill",
            "I'm Nadia, Omar's daughter, about his bill",
            "my neighbor can't type any more, about her bill",
        ],
    )
    async def test_hears_who_may(self, talk: Talk, said: str) -> None:
        assert "only with that member" in await talk.say(said, "report_death", band="confirm")
        told = await talk.say("he can't do it himself right now", "add_dependent", band="confirm")
        assert "stays closed until they say otherwise" in told
        assert "permission form" in await talk.say(
            "which papers", "tax_form", band="confirm", asks="documents"
        )

    async def test_an_operator_passes_on_the_member_s_own(self, talk: Talk) -> None:
        await talk.say(
            "this is a relay operator, she wants to know her copay for a specialist",
            "copay_cost",
            [named("service", "specialist_visit")],
        )
        assert talk.asking == "factor_first_name"
        await talk.say("she says her first name is Morgan", "inform")
        assert talk.asking == "factor_member_id"


class TestTalkingWithUs:
    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ("is there a charge to write with you here", "is free"),
            ("do I have to book an appointment to speak with a person", "no appointment"),
            ("a man rang me about my card, was that really you", "can't see who called"),
        ],
    )
    async def test_is_told_without_asking_who_it_is(
        self, talk: Talk, said: str, words: str
    ) -> None:
        assert words in await talk.say(said, "copay_cost")
        assert talk.asking is None


class TestSumsOfClaims:
    async def test_the_shares_are_added_up(self, talk: Talk) -> None:
        await talk.say("so what do I owe altogether", "copay_cost")
        told = await talk.give(*AVERY)
        assert "Added up, your shares on them are $" in told
        assert "can't see" in told


async def test_a_yearly_amount(talk: Talk) -> None:
    await talk.say("what's left of my deductible", "deductible_status")
    await talk.give(*MORGAN)
    assert "starts again" in await talk.say(
        "when does that reset", "coverage_status", near="sums-start-over"
    )
    said = await talk.say("do my kids count toward it", "out_of_scope", near="family-counts")
    assert "family's amount" in said
