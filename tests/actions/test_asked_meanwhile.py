"""What members ask in between: whether it will work, what if they can't pay, why it is that sum,
what their card says, what they asked, why we ask. Sentences of these tests.
"""

from __future__ import annotations

import re

import pytest

from alliance.harsh import is_sarcastic
from tests.actions.talking import Talk, named

MARCH = named("date", "march")
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")


@pytest.fixture
async def paid(talk: Talk) -> Talk:
    await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
    assert "$25.00" in await talk.give(*MORGAN)
    return talk


@pytest.fixture
async def appealing(talk: Talk) -> Talk:
    await talk.say("how do people appeal a decision", "appeal")
    return talk


class TestWhetherItWorks:
    @pytest.mark.parametrize(
        ("asks", "intent"),
        [
            ("will that work", "affirm"),
            ("do you think it will help?", "out_of_scope"),
            ("what are my odds", "out_of_scope"),
            ("is it even worth the effort", "feedback_negative"),
            ("do appeals ever succeed", "appeal"),
        ],
    )
    async def test_nothing_is_promised(self, appealing: Talk, asks: str, intent: str) -> None:
        said = await appealing.say(asks, intent, asks="chances")
        assert "Nobody can promise" in said
        assert "doctor's notes" in said
        assert appealing.asking is None

    async def test_nobody_has_to_pay_until_then(self, appealing: Talk) -> None:
        said = await appealing.say(
            "do I have to pay it while they look at it", "premium_payment", asks="meanwhile"
        )
        assert "Ask the office to wait" in said
        assert "premium" not in said


class TestWhoCantPay:
    @pytest.mark.parametrize(
        "asks",
        ["what if I can't afford that", "can I pay in parts", "is there financial help"],
    )
    async def test_a_share(self, paid: Talk, asks: str) -> None:
        said = await paid.say(asks, "premium_payment", band="confirm", asks="hardship")
        assert "pay in parts" in said

    async def test_a_premium(self, talk: Talk) -> None:
        await talk.say("how do people pay their premium", "premium_payment")
        said = await talk.say("and if we can't pay it?", "end_coverage", asks="hardship")
        assert "coverage can end" in said


class TestWhyThatSum:
    @pytest.mark.parametrize(
        ("asks", "intent"),
        [("why 25", "claim_denial"), ("how come it's twenty five dollars?", "billing_problem")],
    )
    async def test_the_share_of_a_paid_claim(self, paid: Talk, asks: str, intent: str) -> None:
        said = await paid.say(asks, intent)
        assert "appeal" not in said
        assert paid.asking == "factor_code"
        assert paid.slots["agenda"][0]["intent"] == "explain_eob"


class TestTheirPapersSayOtherwise:
    @pytest.mark.parametrize(
        "tells",
        ["but my card says PPO", "no, my letter says 40", "that's not what my boss said"],
    )
    async def test_both_are_compared_by_a_person(self, paid: Talk, tells: str) -> None:
        said = await paid.say(tells, "id_card")
        assert "MVP Health Care's file says" in said
        assert "compare" in said

    async def test_a_bill_that_differs_is_a_bill(self, paid: Talk) -> None:
        said = await paid.say("but the hospital says I owe the rest", "billing_problem")
        assert "compare the two" not in said


class TestWhatWasTalkedAbout:
    async def test_topics_and_what_is_open(self, paid: Talk) -> None:
        await paid.say(
            "does a plan cover acupuncture",
            "benefit_covered",
            [named("service", "acupuncture_care")],
        )
        said = await paid.say("what did I ask you", "ask_capabilities")
        assert "the state of a claim and whether a service is covered" in said
        said = await paid.say("can you sum it up for me", "out_of_scope", band="reject")
        assert "the state of a claim" in said

    async def test_before_anything_was_asked(self, talk: Talk) -> None:
        said = await talk.say("what did I ask you", "ask_capabilities")
        assert "You asked about" not in said


class TestWhyWeAsk:
    @pytest.mark.parametrize(
        "asks", ["why should I tell you my name?", "why do I have to give you my birthday"]
    )
    async def test_at_a_prompt_it_asks_on(self, talk: Talk, asks: str) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say(asks, "out_of_scope", band="reject")
        assert "nobody else can hear" in said
        assert talk.asking == "factor_first_name"
        assert not talk.slots["failures"]

    async def test_at_any_time(self, talk: Talk) -> None:
        said = await talk.say("why do you need my data", "out_of_scope", band="reject")
        assert "nobody else can hear" in said

    async def test_of_care_it_is_another_question(self, talk: Talk) -> None:
        said = await talk.say("why do people need a referral", "referral_question")
        assert "nobody else can hear" not in said


class TestSarcasm:
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("great, just great, another robot", True),
            ("oh wonderful, a machine", True),
            ("thanks for nothing", True),
            ("great, thank you", False),
            ("nice, are you a bot?", False),
            ("perfect, that is all I needed", False),
        ],
    )
    def test_praise_or_not(self, text: str, meant: bool) -> None:
        assert is_sarcastic(text) is meant

    @pytest.mark.parametrize(
        ("says", "intent"),
        [
            ("great, just great, another robot", "feedback_positive"),
            ("oh wonderful, a machine", "inform"),
        ],
    )
    async def test_it_is_answered_kindly_and_the_question_stays(
        self, talk: Talk, says: str, intent: str
    ) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say(says, intent)
        assert "sorry" in said
        assert talk.asking == "factor_first_name"
        assert not talk.slots["failures"]


class TestWhoWouldTryItHere:
    @pytest.mark.parametrize("says", ["maybe you can help me", "well, can you help with it?"])
    async def test_no_reason_for_a_person(self, talk: Talk, says: str) -> None:
        await talk.say("let me talk to somebody", "speak_to_agent")
        said = await talk.say(says, "ask_capabilities")
        assert "Gladly" in said
        assert talk.asking is None
        assert not talk.acts

    async def test_with_the_question_in_it(self, talk: Talk) -> None:
        await talk.say("let me talk to somebody", "speak_to_agent")
        said = await talk.say("maybe you can help me appeal a decision", "appeal")
        assert "free of charge" in said
        assert talk.asking != "need_reason"

    async def test_a_reason_stays_one(self, talk: Talk) -> None:
        await talk.say("let me talk to somebody", "speak_to_agent")
        await talk.say("can you tell them my claim was denied twice", "claim_denial")
        assert talk.asking == "need_partner"


class TestOtherMoves:
    async def test_a_card_to_another_place(self, talk: Talk) -> None:
        await talk.say("what do the numbers on a card mean", "id_card")
        said = await talk.say(
            "mail it to my brother's house",
            "confidential_communication",
            band="confirm",
            asks="elsewhere",
        )
        assert "address on file" in said

    async def test_another_primary_care_doctor(self, talk: Talk) -> None:
        await talk.say("how do people change their primary care doctor", "change_pcp")
        await talk.say("no thanks", "deny")
        said = await talk.say("a woman close to me", "find_provider")
        assert "Where should I look" in said
        said = await talk.say("12207", "inform", [named("zip", "12207")])
        assert "primary care doctors near Albany" in said

    async def test_a_pharmacy_is_no_primary_care_doctor(self, talk: Talk) -> None:
        await talk.say("how do people change their primary care doctor", "change_pcp")
        pharmacy = [named("facility", "pharmacy"), named("zip", "12207")]
        said = await talk.say("at a pharmacy near me", "find_pharmacy", pharmacy)
        assert "primary care doctors" not in said


class TestNotUnderstood:
    @pytest.mark.parametrize(
        "says",
        [
            "can you say that in simpler words",
            "in plain English please",
            "I don't get it",
            "what does all that mean",
            "you lost me",
        ],
    )
    async def test_shorter_and_with_a_way_on(self, talk: Talk, says: str) -> None:
        long = await talk.say("how do people appeal a decision", "appeal")
        said = await talk.say(says, "feedback_negative")
        assert "free of charge" in said
        assert "which word" in said
        assert len(said) < len(long)

    async def test_data_is_looked_up_again(self, paid: Talk) -> None:
        said = await paid.say("what does that mean", "out_of_scope", band="reject")
        assert "$25.00" in said

    async def test_at_the_code_nothing_is_counted(self, paid: Talk) -> None:
        await paid.say("why 25", "claim_denial")
        await paid.say("I don't understand", "feedback_negative", band="confirm")
        assert paid.asking == "factor_code"
        assert not paid.slots["failures"]


class TestOfTheLines:
    @pytest.mark.parametrize("asks", ["what about weekends", "and at night?", "on holidays too"])
    async def test_their_hours(self, talk: Talk, asks: str) -> None:
        await talk.say("what number do I call", "contact_info")
        assert "Monday to Friday" in await talk.say(asks, "inform")

    async def test_in_writing(self, talk: Talk) -> None:
        await talk.say("what number do I call", "contact_info")
        assert "secure messages" in await talk.say("and by email?", "inform")


class TestTheTownOfADoctor:
    async def test_of_one_who_was_not_found(self, talk: Talk) -> None:
        await talk.say(
            "is Dr. Osei in the network", "check_network", [named("provider", "Dr. Osei")]
        )
        town = named("place", {"city": "Utica", "state": "NY", "zip": "13501"}, "Utica")
        said = await talk.say("in Utica", "find_facility", [town], band="confirm")
        assert "Osei" in said


class TestDistrust:
    @pytest.mark.parametrize(
        ("says", "intent"),
        [("I don't trust you", "thank"), ("how do I know you are legit", "bot_challenge")],
    )
    async def test_they_can_be_sure_another_way(self, talk: Talk, says: str, intent: str) -> None:
        said = await talk.say(says, intent)
        assert "on your own card" in said
        assert "welcome" not in said


class TestPaying:
    @pytest.mark.parametrize("asks", ["where do I pay", "can I pay it here", "do I pay you"])
    async def test_a_share_goes_to_the_office(self, paid: Talk, asks: str) -> None:
        assert "office, not here" in await paid.say(asks, "premium_payment", asks="paying")


class TestOneBesideTheOther:
    async def test_of_the_list(self, paid: Talk) -> None:
        listed = await paid.say("show me all my claims", "claim_status")
        days = re.findall(r"(\w+ \d+, 20\d\d): ", listed)
        assert days[1] in await paid.say("the second one", "inform")
        assert days[2] in await paid.say("the next one", "inform")
        assert days[1] in await paid.say("no, the one before that", "deny")
        await paid.say("the first one", "inform")
        assert "first one" in await paid.say("and the previous one?", "inform")


class TestWhatIfNot:
    @pytest.mark.parametrize(
        "asks",
        ["what if they say no", "and if it gets denied again?", "what happens if they refuse"],
    )
    async def test_a_no_is_not_the_end(self, appealing: Talk, asks: str) -> None:
        said = await appealing.say(asks, "deny", asks="refused")
        assert "next step" in said

    async def test_money_that_is_not_spent(self, talk: Talk) -> None:
        await talk.say("how do people get money back from an FSA", "fsa_claim")
        said = await talk.say("and if I don't spend it?", "deny")
        assert "What would you like instead" not in said

    async def test_a_share_that_is_high(self, paid: Talk) -> None:
        assert "pay in parts" in await paid.say("wow that's a lot", "affirm", asks="hardship")


class TestNoDanger:
    async def test_an_aspect_of_the_topic_sounds_like_it(self, talk: Talk) -> None:
        await talk.say("how do people let somebody speak for them", "authorize_representative")
        assert "911" not in await talk.say("can he do it today", "emergency", asks="who")

    @pytest.mark.parametrize("says", ["he can't breathe", "what do I do until they come"])
    async def test_danger_stays_danger(self, talk: Talk, says: str) -> None:
        await talk.say("how do people let somebody speak for them", "authorize_representative")
        assert "911" in await talk.say(says, "emergency")

    async def test_after_danger_nothing_is_doubted(self, talk: Talk) -> None:
        await talk.say("he fell and does not wake up", "emergency")
        assert "911" in await talk.say("can she do it", "emergency")


class TestWhichWord:
    async def test_another_word_is_explained_too(self, talk: Talk) -> None:
        assert "before the plan pays" in await talk.say("what is a deductible", "deductible_status")
        said = await talk.say("and coinsurance?", "copay_cost")
        assert "percent" in said or "share" in said
        assert talk.asking is None

    async def test_which_kind_is_mine(self, talk: Talk) -> None:
        await talk.say("tell an HMO from a PPO for us", "enroll_or_compare_plans")
        await talk.say("which one do I have", "enroll_or_compare_plans")
        await talk.say("yes", "affirm")
        assert talk.asking == "factor_first_name"


class TestOfACase:
    async def test_a_bare_yes_is_no_complaint(self, talk: Talk) -> None:
        await talk.say("I want to complain", "complaint")
        if talk.asking == "need_partner":
            await talk.say("MVP")
        assert talk.asking == "need_words"
        await talk.say("yes", "affirm")
        assert talk.asking == "need_words"
        assert not talk.acts
