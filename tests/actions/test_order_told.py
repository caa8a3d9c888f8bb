"""The order of two plans where what decides it has to be told: asked for in one question, and the
rule applied to what is told then. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from actions.answers.order_facts import Asked, read
from alliance.partners import Partners
from tests.actions.talking import Talk, named

MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
CONNIE = ("Connie", "M10010010", "June 28, 1981", "12210")
MAX = ("Max", "U10010046", "August 8, 1957", "33602")
ORDER = "coordination_of_benefits"
STILL_THERE = "still work there"


@pytest.mark.parametrize(
    ("asked", "text", "facts"),
    [
        ("birthday", "I was born March third and my wife June tenth", {"earlier": "mine"}),
        ("birthday", "my husband is 2/1, mine 11/5", {"earlier": "theirs"}),
        ("birthday", "his is later", {"earlier": "mine"}),
        ("birthday", "her dad's comes first", {"earlier": "theirs"}),
        ("birthday", "both the same day", {"earlier": "same"}),
        ("birthday", "the judge said my ex has to insure her", {"court": "theirs"}),
        ("birthday", "I am lost now", {}),
        ("birthday", "she is on my plan already", {}),
        ("work", "yeah", {"works": True}),
        ("work", "nope", {"works": False}),
        ("work", "no idea", {}),
        ("work", "I retired last spring", {"employment": "retired"}),
        ("work", "it's COBRA from her old job", {"employment": "cobra"}),
        ("work", "she still works, 340 employees", {"employment": "active", "employees": 340}),
        ("size", "about 12", {"employees": 12}),
        ("size", "it is a small firm", {"employees": 1}),
        ("months", "two years", {"months": 24}),
        ("months", "since 14 months", {"months": 14}),
        ("job", "MVP is from the job I have, Cigna is COBRA",
         {"ended": "cigna", "employment": "cobra"}),
        ("job", "the mvp one", {"ended": "mvp", "employment": "retired"}),
        ("job", "Cigna's is through my own job", {}),
        ("job", "the mvp plan comes from my husband", {}),
        ("job", "I like mvp better", {}),
        ("job", "no, I have both jobs", {"ended": "none"}),
        ("plan", "it's the Cigna plan", {"earlier": "cigna"}),
    ],
)  # fmt: skip
def test_what_is_told(partners: Partners, asked: Asked, text: str, facts: dict[str, str]) -> None:
    assert read(text, partners, asked) == facts


class TestBesideMedicare:
    @pytest.mark.parametrize(
        ("told", "first"),
        [
            ("yes, there are hundreds of us", "Your MVP Health Care plan pays first"),
            ("yes", "Your MVP Health Care plan pays first"),
            ("I retired in May", "Medicare pays first"),
            ("no", "Medicare pays first"),
            ("we are only 9 people", "Medicare pays first"),
        ],
    )
    async def test_one_question_then_the_rule(self, talk: Talk, told: str, first: str) -> None:
        await talk.say("I have Medicare as well now, who pays first", ORDER)
        said = await talk.give(*MORGAN)
        assert said.count("?") == 1
        assert STILL_THERE in said
        assert "decide the order myself" not in said
        sure = told in ("yes", "no")
        intent = {"yes": "affirm", "no": "deny"}.get(told, "inform")
        said = await talk.say(told, intent, band="accept" if sure else "confirm")
        assert first.lower() in said.lower()
        assert "?" not in said
        assert STILL_THERE not in said
        # The company's file has its own plan first: where that is wrong, it is said.
        assert ("an update is needed" in said) is (first == "Medicare pays first")

    async def test_half_of_it_asks_for_the_other_half(self, talk: Talk) -> None:
        await talk.say("I turned 65 and have Medicare, I still work, what pays first", ORDER)
        said = await talk.give(*MORGAN)
        assert STILL_THERE not in said
        assert "20 employees or more" in said
        said = await talk.say("around 60", "out_of_scope", band="reject")
        assert "MVP Health Care plan pays first" in said

    async def test_between_twenty_and_a_hundred_a_disability_turns_it(self, talk: Talk) -> None:
        await talk.say("who's first, Medicare or my job's plan", ORDER)
        await talk.give(*MORGAN)
        said = await talk.say("yes I do and there's 40 of us", "inform")
        assert "MVP Health Care plan pays first" in said
        assert "the other way round below 100" in said

    async def test_what_is_told_at_once_is_not_asked(self, talk: Talk) -> None:
        await talk.say("I'm retired and have Medicare, who pays first", ORDER)
        said = await talk.give(*MAX)
        assert "Medicare pays first for you and your CIGNA HealthCare plan second" in said
        assert "file has it so too" in said
        assert "?" not in said

    async def test_who_can_t_tell_hears_who_can(self, talk: Talk) -> None:
        await talk.say("who's first, Medicare or my job's plan", ORDER)
        await talk.give(*MORGAN)
        said = await talk.say("I don't know", "deny")
        assert "benefits office" in said
        assert STILL_THERE not in said

    async def test_another_question_is_answered_as_ever(self, talk: Talk) -> None:
        await talk.say("who's first, Medicare or my job's plan", ORDER)
        await talk.give(*MORGAN)
        said = await talk.say("what's my deductible", "deductible_status")
        assert "deductible" in said
        assert "pays first" not in said


class TestTwoOfTheirOwn:
    async def test_the_one_of_a_job_that_has_ended_comes_second(self, talk: Talk) -> None:
        await talk.say("I have two plans, which is first", ORDER)
        said = await talk.give(*CONNIE)
        assert "undetermined" in said
        assert "from a job that has ended" in said
        said = await talk.say("the Cigna one is COBRA", "inform", [named("partner", "cigna")])
        assert "MVP Health Care pays first and CIGNA HealthCare second" in said
        assert "COBRA" in said

    async def test_two_current_jobs_stay_undetermined(self, talk: Talk) -> None:
        await talk.say("I have two plans, which is first", ORDER)
        await talk.give(*CONNIE)
        said = await talk.say("no, neither", "deny")
        assert "undetermined" in said
        assert "?" not in said


class TestOfAChild:
    async def test_the_earlier_birthday(self, talk: Talk) -> None:
        girl = named("relation", "daughter", "girl")
        await talk.say("who is first for our girl", ORDER, [girl])
        said = await talk.say("I'm the 2nd of April, her dad's is October 9", "inform", [girl])
        assert "your plan pays first for your child" in said
        assert "your birthday comes first" in said

    async def test_an_order_of_a_court(self, talk: Talk) -> None:
        boy = named("relation", "son", "boy")
        await talk.say("whose plan is first for my boy", ORDER, [boy])
        said = await talk.say("the court says my ex has to insure him", "inform", [boy])
        assert "the other parent's plan pays first for your child" in said
        assert "would go before that" not in said


async def test_a_spouse_s_plan_beside_their_own(talk: Talk) -> None:
    spouse = named("relation", "spouse", "wife")
    await talk.say("my wife has a plan from work too, which is first for me", ORDER, [spouse])
    said = await talk.give(*MORGAN)
    assert "Your MVP Health Care plan pays first for you and your spouse's plan second" in said
