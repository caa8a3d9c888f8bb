"""What follows where the assistant itself goes no further, and what short messages mean by what was
said before them. Sentences of these tests.
"""

from __future__ import annotations

from datetime import date

import pytest
from redis.asyncio import Redis

from actions.answers.terms import asked_terms
from actions.dialogue.agenda import Item
from actions.dialogue.past_care import of_past_care
from actions.dialogue.times import times_of
from actions.dialogue.ways_on import asks_what_now
from actions.services import Services
from alliance.partners import Partners
from tests.actions.talking import Talk, named
from tests.actions.test_step_up import Stands, newest_code

MARCH = named("date", "march")
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
WRONG = ("Morgan", "M10010002", "November 3, 1979", "12207")
PAIGE = ("Paige", "M10010029", "January 12, 1991", "03101")
ERIN = ("Erin", "M10010041", "June 3, 1988", "03101")
ART = ("Art", "U10010040", "September 27, 1970", "85004")
TODAY = date(2026, 11, 23)


async def locked_out(talk: Talk) -> str:
    said = await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
    for _ in range(3):
        said = await talk.give(*WRONG)
    return said


class TestAfterALockOut:
    async def test_no_look_up_is_offered_and_none_begins(self, talk: Talk) -> None:
        assert "A person can help you" in await locked_out(talk)
        said = await talk.say("how do I appeal a decision", "appeal")
        assert "look up yours" not in said
        assert "180 days" in said
        said = await talk.say("what's my deductible", "deductible_status")
        assert talk.asking is None
        for way in ("person", "call back", "1-800-555-0120", "member website"):
            assert way in said

    async def test_what_now_names_the_ways_and_why_the_reason(self, talk: Talk) -> None:
        await locked_out(talk)
        said = await talk.say("so what can I do now", "ask_capabilities")
        assert "call back" in said
        assert "1-800-555-0120" in said
        assert "closed here for a day" in await talk.say("why?", "affirm", band="confirm")
        await talk.say("call me back then", "request_callback")
        assert talk.asking == "need_phone"

    async def test_who_was_locked_out_elsewhere_stays_so(
        self, services: Services, redis: Redis, talk: Talk
    ) -> None:
        await locked_out(talk)
        other = Talk(services, redis, "another")
        await other.say("what's my deductible", "deductible_status")
        assert "A person can help you" in await other.give(*MORGAN)
        assert "closed to me here" in await other.say("what's my deductible", "deductible_status")
        await services.turns.clear_failures("another", MORGAN[1], "factors")
        await other.say("what's my deductible", "deductible_status")
        assert other.asking == "factor_first_name"

    async def test_a_word_is_explained_and_nothing_of_theirs_offered(self, talk: Talk) -> None:
        await locked_out(talk)
        said = await talk.say("whats a deductible", "deductible_status")
        assert said.startswith("A deductible is what you pay")
        assert "look up yours" not in said


class TestAfterARefusedClaim:
    async def test_the_reason_and_then_the_appeal(self, talk: Talk, sandboxes: Stands) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        assert "paid part of" in await talk.give(*PAIGE)
        said = await talk.say("what can I do about it", "ask_capabilities")
        assert talk.asking == "factor_code"
        said = await talk.say(newest_code(sandboxes["mvp"]))
        assert "The reason:" in said
        said = await talk.say("ok and what now", "ask_capabilities")
        assert "file my appeal" in said
        said = await talk.say("what else can I do", "ask_capabilities")
        assert "correct the claim" in said
        assert "call back" in said

    async def test_nothing_in_the_way_is_a_list_of_abilities(self, talk: Talk) -> None:
        assert "check whether a claim" in await talk.say("what can I do here", "ask_capabilities")


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("So what can I do now?", True),
        ("ok so what should i do", True),
        ("what are my options", True),
        ("now what", True),
        ("how do I fix that", True),
        ("what do i do if my card is stolen", False),
        ("what can I do to find a dentist", False),
    ],
)
def test_what_now(said: str, *, asks: bool) -> None:
    assert asks_what_now(said) is asks


class TestWordsOfThePlan:
    @pytest.mark.parametrize(
        ("said", "terms"),
        [
            ("wait whats a deductible", ["term-deductible"]),
            ("um what's coinsurance anyway?", ["term-coinsurance"]),
            ("what does prior auth mean again", ["term-prior-authorization"]),
            ("what does my deductible mean", ["term-deductible"]),
            ("What is an EOB", ["term-explanation-of-benefits"]),
            ("i don't know what a referral is", ["term-referral"]),
            ("what is an out of pocket maximum", ["term-out-of-pocket-maximum"]),
            ("what's the difference between a copay and coinsurance", ["term-copay",
                                                                       "term-coinsurance"]),
            ("what's my deductible", []),
            ("what is the copay for a specialist", []),
            ("is Dr. Osei in network", []),
        ],
    )  # fmt: skip
    def test_whose_meaning_is_asked(self, partners: Partners, said: str, terms: list[str]) -> None:
        assert [entry.id for entry in asked_terms(said, partners, TODAY)] == terms

    async def test_in_the_middle_of_a_form(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.say("Morgan")
        said = await talk.say("wait whats a formulary", "drug_coverage")
        assert said.startswith("A formulary is the plan's list")
        assert "look up yours" not in said
        assert talk.asking == "factor_member_id"

    async def test_the_look_up_is_offered_after_it(self, talk: Talk) -> None:
        said = await talk.say("what is a deductible", "deductible_status")
        assert said.startswith("A deductible is what you pay")
        assert "look up yours" in said
        await talk.say("yes please", "affirm")
        assert "deductible" in await talk.give(*MORGAN)


class TestTimes:
    async def test_how_long_after_cobra(self, talk: Talk) -> None:
        await talk.say("I lost my job, how does COBRA work", "end_coverage")
        said = await talk.say("how long do i have", "coverage_status", asks="deadline")
        assert said.startswith("After a job ends") or "60 days" in said
        assert "18 months" not in said or "60 days" in said
        assert talk.asking is None

    @pytest.mark.parametrize("topic", ["appeal", "claim_denial"])
    def test_the_topic_stays(self, topic: str) -> None:
        left = Item("out_of_scope", "how long do I have?", aspect="deadline", aspect_sure=True)
        asked = times_of(left, Item(topic, "my claim"))
        assert asked is not None
        assert asked.intent == "appeal"

    async def test_while_it_is_asked_who_asks(self, talk: Talk) -> None:
        await talk.say("I lost my job, what of the insurance", "end_coverage")
        await talk.say("please look it up for me", "coverage_status")
        assert talk.asking == "factor_first_name"
        said = await talk.say("how long do i have to choose", "appeal", asks="deadline")
        assert "days" in said
        assert "as soon as" not in said
        assert talk.asking == "factor_first_name"

    def test_other_topics_have_none(self) -> None:
        asked = Item("claim_status", "how long do I have to wait for my claim")
        assert times_of(asked, Item("appeal", "x")) is None
        left = Item("x", "how long do I have", aspect="deadline", aspect_sure=True)
        assert times_of(left, Item("find_provider", "x")) is None


class TestGoingBack:
    async def test_to_the_claim_after_another_question(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.give(*MORGAN)
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say("ok go back to my claim", "cancel")
        assert "$240.00" in said

    async def test_to_one_that_was_dropped(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.say("never mind", "cancel")
        await talk.say("let's go back to the claim", "cancel")
        assert talk.asking == "factor_first_name"

    async def test_in_the_form_it_asks_on(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.say("Morgan")
        await talk.say("ok go back to my claim", "cancel")
        assert talk.asking == "factor_member_id"


@pytest.mark.parametrize(
    ("text", "intent", "band", "meant"),
    [
        ("was my april visit covered", "benefit_covered", "accept", "claim_status"),
        ("can i see what my wife's doctor visit in march cost", "copay_cost", "accept",
         "claim_status"),
        ("how much do i owe for march", "billing_problem", "accept", "claim_status"),
        ("who pays for a visit i had in september", "claim_status", "accept",
         "which_plan_covers_me"),
        ("I had chest pain in march and you denied my ER visit, do I owe 2340 dollars??",
         "billing_problem", "accept", "claim_denial"),
        ("was my april visit covered", "claim_status", "confirm", "claim_status"),
        ("will a visit in december be covered", "benefit_covered", "accept", "benefit_covered"),
        ("what's my copay for a visit in march", "copay_cost", "accept", "copay_cost"),
        ("is an MRI covered", "benefit_covered", "accept", "benefit_covered"),
        ("who paid my claim from march", "claim_status", "accept", "claim_status"),
        ("do i owe a premium for march", "premium_payment", "accept", "premium_payment"),
    ],
)  # fmt: skip
def test_care_that_is_past_is_its_claim(text: str, intent: str, band: str, meant: str) -> None:
    assert of_past_care(Item(intent, text, band=band), TODAY).intent == meant


class TestInTheForm:
    async def test_a_zip_code_and_another_question(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.give(*MORGAN[:-1])
        said = await talk.say(
            "12207 and is my deductible met", "deductible_status", [named("zip", "12207")]
        )
        assert "deductible" in said
        assert "$240.00" in said

    async def test_why_is_the_reason_of_asking(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        assert "so that nobody else" in await talk.say("why", "claim_denial")
        assert talk.asking == "factor_first_name"


class TestSomebodyElsesRecords:
    async def test_ones_own_after_them(self, talk: Talk) -> None:
        text = "can i see what my wife's doctor visit in march cost"
        wife = named("relation", "spouse", "wife")
        await talk.say(text, "copay_cost", [wife, named("service", "office_visit"), MARCH])
        said = await talk.give("Frank", "M10010023", "April 1, 1972", "12203")
        assert "permission on file" in said
        said = await talk.say(
            "fine, then my own march claim", "claim_status", [MARCH], band="confirm"
        )
        assert "$240.00" in said

    async def test_what_now(self, talk: Talk) -> None:
        await talk.say("is my wife covered", "coverage_status", [named("relation", "spouse")])
        await talk.give("Frank", "M10010023", "April 1, 1972", "12203")
        assert "permission form" in await talk.say("so what can i do", "ask_capabilities")


class TestHours:
    async def test_open_on_sunday_narrows_the_list(self, talk: Talk) -> None:
        place = named("place", {"zip": "12207", "city": "Albany"})
        await talk.say(
            "find an urgent care near Albany",
            "find_facility",
            [named("facility", "urgent_care"), place],
        )
        said = await talk.say("open on sunday?", "contact_info", [named("date", "on sunday")])
        assert "Albany" in said
        assert "open on Sunday" in said
        said = await talk.say("are you open on sunday", "contact_info")
        assert "member services" in said


class TestAuthorizations:
    async def test_the_other_one_is_an_authorization_too(
        self, talk: Talk, sandboxes: Stands
    ) -> None:
        await talk.say("what happened to my prior authorizations", "prior_auth_status")
        await talk.give(*ART)
        await talk.say(newest_code(sandboxes["cigna"]))
        said = await talk.say("why was the other one refused", "claim_denial")
        assert "did not approve" in said
        assert "claim" not in said.lower()
        said = await talk.say("so what can I do", "ask_capabilities")
        assert "appeal" in said


async def test_why_after_something_out_of_scope(talk: Talk) -> None:
    await talk.say("what's the weather", "out_of_scope")
    assert "only know health plans" in await talk.say("why not", "affirm", band="confirm")
