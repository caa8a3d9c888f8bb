"""What carries on the answer before, and who is never asked to prove themselves for somebody else.
Sentences of these tests.
"""

from __future__ import annotations

from datetime import date

import pytest

from actions.answers.appeal import notice_date
from actions.answers.emergency import emergency
from actions.answers.question import Question
from actions.dialogue.agenda import Item
from actions.dialogue.danger import (
    is_helped,
    is_plainly_over,
    is_told_over,
    relieved,
    seems_well,
    tells_more,
)
from actions.dialogue.reading import claim_value
from actions.dialogue.times import times_of
from actions.identity.third_party import professional
from tests.actions.talking import Talk, named
from tests.actions.test_step_up import Stands, newest_code

MARCH = named("date", "march")
TODAY = date(2026, 11, 23)
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
JORDAN = ("Jordan", "M10010007", "4/11/1992", "12180")
DANA = ("Dana", "U10010004", "2/9/1971", "02118")


class TestAnAppeal:
    async def test_is_filed_can_not_wait_and_has_a_number(
        self, talk: Talk, sandboxes: Stands
    ) -> None:
        await talk.say("why was my march claim denied?", "claim_denial", [MARCH])
        await talk.give(*DANA)
        await talk.say(newest_code(sandboxes["cigna"]))
        await talk.say("how do I appeal", "appeal")
        waits = talk.as_it_stands()
        assert "reference number is" in await talk.say("ok file it", "submit_claim")
        number = talk.answers[-1].facts.get("case") or talk.answers[-1].text
        again = await talk.say("what was my case number", "out_of_scope", band="reject")
        assert "reference number is" in again
        assert str(number)[:60] in again or str(number) in again
        told = await waits.say("it can't wait, my doctor says it's urgent", "prior_auth_status",
                               band="confirm")  # fmt: skip
        assert "connecting you with" in told

    async def test_yes_do_it_files_it_and_calls_nobody(self, talk: Talk, sandboxes: Stands) -> None:
        await talk.say("how do I appeal my march claim", "appeal", [MARCH])
        await talk.give(*DANA)
        await talk.say(newest_code(sandboxes["cigna"]))
        told = await talk.say("yes, the scan one, please submit it", "affirm")
        assert "reference number is" in told
        assert not any(act.kind == "handoff" for act in talk.acts)


class TestACompanyThatDoesNotAnswer:
    async def test_is_asked_once_more_when_they_say_so(self, talk: Talk, sandboxes: Stands) -> None:
        sandboxes["mvp"].fault(kind="down", count=1)
        await talk.say("how much is left on my deductible", "deductible_status")
        assert "could not reach MVP Health Care" in await talk.give(*MORGAN)
        assert "your own deductible" in await talk.say("give it another try please", "affirm")


class TestOfSomethingElse:
    async def test_another_day_of_the_plan(self, talk: Talk) -> None:
        await talk.say("which company covers me", "which_plan_covers_me")
        await talk.give(*JORDAN)
        told = await talk.say("and in september?", "affirm", [named("date", "september")],
                              band="confirm")  # fmt: skip
        assert "MVP Health Care covered you" in told

    async def test_sums_of_two_companies_are_never_added(self, talk: Talk) -> None:
        await talk.say("what have I used of my deductible at cigna", "deductible_status",
                       [named("partner", "cigna")])  # fmt: skip
        await talk.give(*JORDAN)
        told = await talk.say("add them up for me", "add_dependent")
        assert "nothing is added up" in told
        assert "open enrollment" not in told

    async def test_may_is_a_month_and_claims_are_counted(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid", "claim_status", [MARCH])
        await talk.give(*MORGAN)
        assert "May 9, 2026" in await talk.say("no, may", "deny")
        await talk.say("show me all my claims", "claim_status")
        told = await talk.say("how many are there", "out_of_scope", band="reject")
        assert told.startswith("There are 15 claims")
        await talk.say("which doctor was the first one with", "repeat")
        assert talk.asking == "factor_code"

    async def test_a_rule_has_no_more_reason_than_it_told(self, talk: Talk) -> None:
        await talk.say("how does open enrollment work", "enroll_or_compare_plans")
        told = await talk.say("why?", "claim_denial")
        assert "Your employer chooses the plans" in told

    @pytest.mark.parametrize(
        ("said", "start", "end"),
        [
            ("I moved in october. What of my claims from august and november",
             "2026-08-01", "2026-11-30"),
            ("we moved in june, my bills from march to may", "2026-03-01", "2026-05-31"),
        ],
    )  # fmt: skip
    def test_days_that_stand_with_the_claims(self, said: str, start: str, end: str) -> None:
        value = claim_value(said, TODAY) or {}
        assert (value["start"], value["end"]) == (start, end)

    @pytest.mark.parametrize(
        ("topic", "said"),
        [
            ("add_dependent", "how long do I have to enroll"),
            ("coverage_status", "ok and by when do I have to sign up"),
            ("fsa_balance", "until when can I use it"),
            ("appeal", "by when"),
        ],
    )
    def test_how_long_somebody_has(self, topic: str, said: str) -> None:
        asked = times_of(
            Item("out_of_scope", said, aspect="deadline", aspect_sure=True),
            Item(topic, "how is it done"),
        )
        assert asked is not None
        assert asked.intent == topic


class TestSomebodyElse:
    @pytest.mark.parametrize(
        "said",
        ["I work in the benefits department of Example Schools", "one of our people has a claim"],
    )
    def test_an_employer(self, said: str) -> None:
        assert professional(said) == "an employer"

    @pytest.mark.parametrize("said", ["our people on the plan", "I work in a hospital"])
    def test_and_no_employer(self, said: str) -> None:
        assert professional(said) is None

    async def test_their_id_opens_and_asks_nothing(self, talk: Talk) -> None:
        await talk.say("I'm a neighbor who handles her papers", "third_party_caller")
        told = await talk.say("her ID is M10010002", "inform")
        assert "they can ask me themselves" in told
        await talk.say("did her claim get paid", "claim_status")
        assert talk.asking is None

    async def test_who_has_a_plan_too_is_asked_whose(self, talk: Talk) -> None:
        await talk.say("I'm a neighbor who handles her papers", "third_party_caller")
        await talk.say("and what is my deductible", "deductible_status")
        assert talk.asking == "need_whose"
        await talk.say("my own")
        assert talk.asking == "factor_first_name"


class TestWordsAtAPrompt:
    async def test_what_is_added_to_a_complaint_is_kept(self, talk: Talk) -> None:
        await talk.say("your clerk was rude to me yesterday", "complaint")
        assert talk.asking == "need_partner"
        told = await talk.say("and he hung up on me twice", "complaint")
        assert "added that" in told
        assert "hung up on me twice" in str(talk.slots["agenda"])

    async def test_a_company_is_no_member_id(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.say("Morgan")
        told = await talk.say("it's MVP", "alliance_question", band="confirm")
        assert "noted that" in told
        assert talk.asking == "factor_member_id"
        assert "didn't get that" in await talk.say("14618")


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ("forget everything about me", "stays in the company's records"),
            ("can you email me this conversation", "not private"),
            ("do you sell my data", "not sold without"),
        ],
    )
    async def test_is_told(self, talk: Talk, said: str, words: str) -> None:
        assert words in await talk.say(said, "out_of_scope")

    async def test_a_doctor_of_one_s_own_network_is_checked(self, talk: Talk) -> None:
        osei = named("provider", "Ingrid Exemplar")
        told = await talk.say("is Dr. Ingrid Exemplar in my network", "check_network", [osei])
        assert "check it for your own plan" in told
        await talk.say("yes please", "affirm")
        assert "your plan" in await talk.give(*MORGAN)


@pytest.mark.parametrize(
    ("said", "over"),
    [("ya estoy bien, gracias", True), ("he's breathing now", True), ("ya no respira", False),
     ("I'm fine but she is bleeding", False), ("ya estoy bien pero me duele", False)],
)  # fmt: skip
def test_danger_that_is_plainly_over(said: str, over: bool) -> None:
    assert is_plainly_over(said) is over


@pytest.mark.parametrize(
    ("said", "more"),
    [("um like fifteen", True), ("about half an hour ago", True), ("the whole bottle", True),
     ("a claim", False), ("two doctors in albany", False), ("one two two zero seven", False)],
)  # fmt: skip
def test_how_much_or_how_long_ago(said: str, more: bool) -> None:
    assert tells_more(said) is more


@pytest.mark.parametrize(
    ("said", "helped"),
    [("they are here now", True), ("the dispatcher says help is 3 min away", True),
     ("ya llego la ambulancia", True), ("nobody is here now", False),
     ("they are here now with a gun", False)],
)  # fmt: skip
def test_help_that_has_come(said: str, helped: bool) -> None:
    assert is_helped(said) is helped


@pytest.mark.parametrize(
    ("said", "over"),
    [
        ("the medics had a look, it went away, I'm good. Where were we?", True),
        ("he feels better now, was his visit in March paid?", True),
        ("she's awake now, her lips are blue", False),
        ("I'm okay, the pain is in my arm now", False),
        ("he is breathing and he took the rest of the pills", False),
    ],
)
def test_danger_that_is_told_to_be_over_with_more(said: str, over: bool) -> None:
    assert is_told_over(said) is over


@pytest.mark.parametrize("said", ["she looks fine to me", "no symptoms yet", "he's acting normal"])
def test_who_seems_well_after_poison_is_still_sent_to_poison_control(said: str) -> None:
    told = emergency(Question("emergency", text="the toddler got into the vitamins")).text
    assert "1-800-222-1222" in told
    assert seems_well(said, told)
    assert not seems_well(said, "call 911")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("he chewed a few of the dog's tablets", "poison"),
        ("she ate the tablets and now she can't breathe", "life"),
        ("se trago las pastillas y no despierta", "life"),
        ("they'd be better off if I was gone", "suicide"),
        ("I keep thinking about never waking up again", "suicide"),
        ("she is not waking up", "life"),
    ],
)
def test_which_danger_it_is(said: str, kind: str) -> None:
    assert emergency(Question("emergency", text=said)).facts["kind"] == kind


async def test_a_wish_to_die_is_known_by_examples_and_gets_988(talk: Talk) -> None:
    reply = await talk.say("the rope is up", "emergency", near="danger-low")
    assert "988" in reply
    again = await talk.say("I have no strength left", "emergency", near="danger-low")
    assert again != reply
    assert "988" in again
    said = await talk.say("he wants to hang himself from me", "emergency", near="danger-now")
    assert "988" not in said
    assert "911" in said


async def test_a_threat_against_others_is_no_wish_to_die(talk: Talk) -> None:
    said = await talk.say("I'll choke that clerk", "emergency", near="danger-others")
    assert "911" in said
    assert "person" in said
    assert "988" not in said
    # Also where it was understood as nothing.
    again = await talk.say("I will flatten you all", "out_of_scope", near="danger-others")
    assert "911" in again
    oneself = await talk.say("creo que me voy a matar hoy", "emergency", near="danger-others")
    assert "988" in oneself
    both = await talk.say("I'll shoot him, I want to die", "emergency", near="danger-others")
    assert "988" in both


async def test_what_is_not_understood_after_a_warning_keeps_it(talk: Talk) -> None:
    await talk.say("my heart is racing and I feel faint", "emergency")
    assert "911" in await talk.say("no, nobody is with me", "deny")
    assert "Good" in await talk.say("I called em, they're coming", "emergency")


async def test_a_wish_to_die_that_sounds_of_leaving_is_heard(talk: Talk) -> None:
    likely = {"cancel": 0.7, "emergency": 0.2}
    text = "I can't do this anymore"
    assert "988" in await talk.say(text, "cancel", ranking=likely, near="danger-low")


def test_who_was_told_of_the_crisis_line_keeps_it_when_it_is_over() -> None:
    told = emergency(Question("emergency", text="he wants to die")).text
    assert "988" in relieved(told=told).text
    assert "988" not in relieved(told="call 911").text


async def test_what_is_asked_with_the_good_news_is_answered(talk: Talk) -> None:
    await talk.say("my son is choking", "emergency")
    said = await talk.say(
        "he's good now, does a hospital need an approval from MVP", "prior_auth_required"
    )
    assert "glad" in said
    assert "approval" in said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("is the May denial still open, the letter was dated 9/14/2026", date(2026, 9, 14)),
        ("my notice of October 2, 2026 is about the June visit", date(2026, 10, 2)),
        ("why was the May one denied", None),
    ],
)
def test_the_day_that_a_letter_bears_beside_another(said: str, told: date | None) -> None:
    assert notice_date(said, TODAY) == told


async def test_whether_a_list_is_all_keeps_whose_it_is(talk: Talk) -> None:
    daughter = {
        "entity": "relation",
        "value": "daughter",
        "said": "daughter",
        "start": 5,
        "end": 13,
    }
    await talk.say("show daughter Faye's claims", "claim_status", [daughter])
    await talk.give("Frank", "M10010023", "April 1, 1972", "12203")
    told = await talk.say("are these all of them?", "claim_status")
    assert "Faye's share" in told
    assert "your share" not in told


async def test_a_silent_company_says_nothing_about_the_plan(talk: Talk, sandboxes: Stands) -> None:
    sandboxes["mvp"].fault(kind="down", count=1)
    await talk.say("is my coverage active", "coverage_status")
    await talk.give(*MORGAN)
    told = await talk.say("does it mean I lost my plan?", "coverage_status")
    assert "says nothing about your plan" in told
    assert talk.asking is None
