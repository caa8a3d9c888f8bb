"""Whose plan it is about, and which company: a plan outside the alliance, an ex's records, a
broker, two companies in one breath. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from actions.dialogue.reading import company_meant
from actions.identity.third_party import about_somebody, professional
from tests.actions.talking import Talk, asked, named

MARCH = named("date", "march")
NICO = ("Nico", "U10010011", "January 21, 1995", "30303")
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")


class TestAPlanOutsideTheAlliance:
    @pytest.mark.parametrize(
        ("said", "intent", "band"),
        [
            ("but I'm a Cigna member", "which_plan_covers_me", "confirm"),
            ("I have CIGNA!!", "coverage_status", "confirm"),
            ("what do you mean, not one of the alliance's", "alliance_question", "confirm"),
            ("why not", "affirm", "accept"),
            ("so what can I do now", "ask_capabilities", "accept"),
        ],
    )
    async def test_a_protest_hears_why_and_who_can(
        self, talk: Talk, said: str, intent: str, band: str
    ) -> None:
        await talk.say("has my march claim been paid", "claim_status", [MARCH])
        assert "not one of the alliance's" in await talk.give(*NICO)
        told = await talk.say(said, intent, [named("partner", "cigna")], band=band)
        assert "You are a member of CIGNA HealthCare" in told
        assert "1-800-555-0110" in told
        assert talk.asking is None

    async def test_nothing_is_asked_again_until_another_card(self, talk: Talk) -> None:
        await talk.say("has my march claim been paid", "claim_status", [MARCH])
        await talk.give(*NICO)
        told = await talk.say("what's my deductible", "deductible_status")
        assert "You are a member of CIGNA" in told
        assert talk.asking is None
        told = await talk.say("how do I appeal a denied claim", "appeal")
        assert "180 days" in told
        assert "look up yours" not in told
        await talk.say("I have another card too, what's my deductible", "deductible_status")
        assert "deductible" in await talk.give(*MORGAN)


class TestAnExsRecords:
    @pytest.mark.parametrize(
        "said",
        ["I need my ex wife's claims", "send me the records of my ex-husband", "my ex's bills"],
    )
    def test_are_noticed(self, said: str) -> None:
        assert about_somebody(said, personal=False)

    @pytest.mark.parametrize(
        "said", ["take my ex off the plan", "is my ex husband still on my plan", "next claims"]
    )
    def test_one_s_own_plan_is_none(self, said: str) -> None:
        assert not about_somebody(said, personal=False)

    async def test_nobody_is_asked_who_they_are(self, talk: Talk) -> None:
        told = await talk.say("I need my ex wife's claims, I paid for it", "claim_status",
                              band="confirm")  # fmt: skip
        assert "only with that member" in told
        assert talk.asking is None


class TestABroker:
    async def test_hears_of_quotes_and_not_of_newborns(self, talk: Talk) -> None:
        told = await talk.say("broker here, one of my clients wants her claim", "claim_status")
        assert "brokers" in told
        assert "30 days" not in told
        assert talk.asking is None

    @pytest.mark.parametrize("said", ["broker here", "this is the broker for Example Schools"])
    def test_is_noticed(self, said: str) -> None:
        assert professional(said) == "a broker"

    async def test_an_employer_hears_of_newborns_when_one_is_told(self, talk: Talk) -> None:
        first, second = "HR here, was his claim paid?", "he has a baby of 28 days"
        questions = [asked("claim_status", first), asked("add_dependent", second, start=29)]
        told = await talk.say(f"{first} {second}", "claim_status", questions=questions)
        assert "30 days" in told
        assert told.count("can't share claims") == 1
        assert "30 days" not in await talk.say("and was her claim paid", "claim_status")


class TestWhichOfTwoCompanies:
    @pytest.mark.parametrize(
        ("said", "meant"),
        [("am I MVP or CIGNA", None), ("not CIGNA, I want MVP", "mvp")],
    )
    def test_the_one_that_is_meant(self, said: str, meant: str | None) -> None:
        both = [
            {"entity": "partner", "value": key, "said": name}
            for key, name in (("cigna", "CIGNA"), ("mvp", "MVP"))
        ]
        assert company_meant(said, both) == meant

    async def test_both_are_asked_and_what_was_named_comes_first(self, talk: Talk) -> None:
        named_both = [named("partner", "mvp", "MVP"), named("partner", "cigna", "CIGNA")]
        await talk.say("am I MVP or CIGNA? I got a filling", "which_plan_covers_me", named_both)
        told = await talk.give(*TAYLOR)
        assert told.index("CIGNA HealthCare covers you for dental") < told.index("MVP Health Care")
