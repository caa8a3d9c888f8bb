"""What members go on to ask about their own claims, sums, referrals and searches."""

from __future__ import annotations

import pytest

from actions.answers.claim_signs import read_signs
from actions.dialogue.agenda import Item
from actions.dialogue.context import with_thing_of
from actions.dialogue.enumerated import one_each
from tests.actions.talking import Talk, asked, named

ART = ("Art", "U10010040", "September 27, 1970", "85004")
ERIN = ("Erin", "M10010041", "June 3, 1988", "03101")
FLO = ("Flo", "M10010038", "May 25, 1983", "14850")
INES = ("Ines", "U10010030", "July 7, 1977", "19103")
AVERY = ("Avery", "U10010001", "May 17, 1984", "06103")
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
OLGA = ("Olga", "U10010032", "April 18, 1968", "10001")
PENNY = ("Penny", "M10010033", "March 8, 1994", "12601")
RITA = ("Rita", "M10010047", "April 16, 1982", "12207")


class TestOpenClaims:
    @pytest.mark.parametrize(
        "said",
        [
            "is my claim still in process",
            "you haven't settled my claim yet, why",
            "my claim isn't decided yet?",
            "what is taking so long with my bill",
            "do i have pending claims",
            "pending ones",
        ],
    )
    def test_words_say_that_it_is_open(self, said: str) -> None:
        signs = read_signs(said, ())
        assert signs is not None
        assert signs.only_open

    @pytest.mark.parametrize("said", ["did you pay my claim", "I want my claim", "is my bill paid"])
    def test_other_words_do_not(self, said: str) -> None:
        signs = read_signs(said, ())
        assert signs is None or signs.decided != "open"

    async def test_all_that_are_open_are_told(self, talk: Talk) -> None:
        await talk.say("is my claim still in process?", "claim_status")
        reply = await talk.give(*PENNY)
        assert "CLM-2026-01421" in reply
        assert "CLM-2026-01422" in reply
        assert "01423" not in reply

    async def test_none_open_is_said_with_the_latest(self, talk: Talk) -> None:
        await talk.say("you haven't settled my claim yet", "claim_status")
        reply = await talk.give(*MORGAN)
        assert "no claim that is still open" in reply
        assert "CLM-" in reply


class TestTwoMonths:
    async def test_each_is_told(self, talk: Talk) -> None:
        said = "did you pay my claims from February and June"
        dates = (
            named("date", "february", "February") | {"start": said.index("February")},
            named("date", "june", "June") | {"start": said.index("June")},
        )
        await talk.say(said, "claim_status", dates)
        reply = await talk.give(*MORGAN)
        assert "February 12, 2026" in reply
        assert "June 8, 2026" in reply

    async def test_also_where_it_is_asked_which(self, talk: Talk) -> None:
        await talk.say("a question about a claim", "claim_status")
        await talk.give(*AVERY)
        assert talk.asking == "need_claim"
        said = "june, or april"
        reply = await talk.say(
            said, "inform", (named("date", "june"), named("date", "april") | {"start": 9})
        )
        assert "June 8, 2026" in reply
        assert "April 10, 2026" in reply

    def test_may_is_a_month_beside_another(self) -> None:
        parts = one_each(Item("inform", "no, March or May"), 0)
        assert [part.text for part in parts] == ["no, in March", "no, in May"]

    def test_from_one_to_the_other_is_one_time(self) -> None:
        dates = (
            named("date", "june") | {"start": 23},
            named("date", "august") | {"start": 32},
        )
        item = Item("claim_status", "my claims from between june and august", dates)
        assert one_each(item, 0) == (item,)


async def test_figures_that_are_no_whole_id_are_nobody_s_birthday(talk: Talk) -> None:
    await talk.say("what's my deductible", "deductible_status")
    await talk.say("Avery")
    await talk.say("120595")
    assert talk.asking == "factor_member_id"
    await talk.say("U10010001")
    assert talk.asking == "factor_date_of_birth"


async def test_what_is_left_is_told_alone(talk: Talk) -> None:
    await talk.say("out of pocket maximum", "out_of_pocket_status")
    await talk.give(*MORGAN)
    reply = await talk.say("so what's still to go?", "deductible_status")
    assert "$4,226.00 is left of your own out-of-pocket limit" in reply
    assert "used" not in reply


class TestTheReferralOnFile:
    async def test_is_looked_up_after_the_rule(self, talk: Talk) -> None:
        await talk.say("do I need a referral for a heart doctor", "referral_question")
        await talk.say(
            "is there one in my file already", "coverage_status", near="referral-without"
        )
        assert talk.asking == "factor_first_name"


class TestWhatWasNotApproved:
    async def test_is_no_denied_claim(self, talk: Talk) -> None:
        mri = (named("service", "mri", "MRI"),)
        await talk.say("how come my MRI wasn't approved", "claim_denial", mri)
        await talk.give(*ART)
        assert talk.asking == "factor_code"


async def test_a_bill_and_its_claim_are_told_once(talk: Talk) -> None:
    await talk.say(
        "they billed me 900 for the ER in march, what does my claim say",
        questions=[
            asked(
                "billing_problem",
                "they billed me 900 for the ER in march",
                (named("date", "march"),),
            ),
            asked("explain_eob", "what does my claim say", start=40),
        ],
    )
    await talk.give(*OLGA)
    assert [item["intent"] for item in talk.slots["agenda"]] == ["billing_problem"]


async def test_what_was_charged_is_told_of_the_claim(talk: Talk) -> None:
    await talk.say("the claim of March 12", "claim_status", (named("date", "March 12"),))
    await talk.give(*MORGAN)
    reply = await talk.say("how much did they bill you", "cost_estimate", asks="paid")
    assert "was billed $240.00" in reply


async def test_a_zip_code_that_is_none_is_said_back(talk: Talk) -> None:
    dentist = (named("specialty", "dentist"),)
    reply = await talk.say("dentists close to 12270", "find_provider", dentist)
    assert "don't know the ZIP code 12270" in reply


async def test_what_a_place_said_looks_for_none(talk: Talk) -> None:
    await talk.say(
        "am I still insured? The drugstore says no",
        questions=[
            asked("coverage_status", "am I still insured?"),
            asked(
                "find_pharmacy", "The drugstore says no", (named("facility", "pharmacy"),), start=20
            ),
        ],
    )
    reply = await talk.give(*MORGAN)
    assert "ZIP" not in reply


async def test_a_relative_who_says_something_is_not_asked_about(talk: Talk) -> None:
    son = (named("relation", "son"),)
    await talk.say("my son says I have no deductible", "deductible_status", son)
    assert "$750.00" in await talk.give(*MORGAN)


class TestOfAClaim:
    async def test_what_the_office_says_it_sent_is_looked_for(self, talk: Talk) -> None:
        await talk.say("my claim of March 12", "claim_status", (named("date", "March 12"),))
        await talk.give(*INES)
        said = "the clinic swears it was mailed"
        reply = await talk.say(said, "inform", near="denied-duplicate")
        assert "not in the file that I see" in reply

    async def test_when_it_was_is_the_day_of_its_payment(self, talk: Talk) -> None:
        await talk.say("my claim of March 12", "claim_status", (named("date", "March 12"),))
        await talk.give(*MORGAN)
        reply = await talk.say("when did it happen?", "inform", near="claim-sent-late")
        assert "April 2, 2026" in reply

    async def test_the_other_one_of_the_visit_is_told(self, talk: Talk) -> None:
        await talk.say("my claim CLM-2026-01741", "claim_status")
        await talk.give(*ERIN)
        reply = await talk.say("tell me about the other claim", "out_of_scope", band="reject")
        assert "CLM-2026-01742" in reply

    async def test_what_was_paid_already_is_money(self, talk: Talk) -> None:
        await talk.say("my claim of March 12", "claim_status", (named("date", "March 12"),))
        await talk.give(*MORGAN)
        await talk.say("we paid the office 70 already", "inform")
        assert talk.asking == "factor_code"


class TestOfAList:
    async def test_the_second_needs_no_word_for_what_it_is(self, talk: Talk) -> None:
        places = (
            named("facility", "urgent_care", "urgent care"),
            named("zip", "12207") | {"start": 17},
        )
        first = await talk.say("urgent care near 12207", "find_facility", places)
        second = first.split("\n")[2]
        reply = await talk.say("when does the second close", "inform")
        assert reply.split(",")[0] in second


async def test_who_asks_first_by_when_has_filed_no_appeal(talk: Talk) -> None:
    await talk.say("why was my claim of March 14 denied", "claim_denial")
    await talk.give(*ERIN)
    assert talk.asking == "factor_code"


async def test_what_was_told_in_between_is_carried_on(talk: Talk) -> None:
    await talk.say("my address is wrong", "update_contact")
    await talk.give(*MORGAN)
    assert talk.asking == "factor_code"
    await talk.say(
        "do you cover acupuncture", "benefit_covered", (named("service", "acupuncture"),)
    )
    reply = await talk.say(
        "what about physical therapy", "inform", (named("service", "physical_therapy"),)
    )
    assert "physical therapy as covered" in reply


async def test_a_wish_after_a_greeting_asks(talk: Talk) -> None:
    said = "good morning, I want my deductible"
    await talk.say(said, "deductible_status", near="after-deductible")
    assert talk.asking == "factor_first_name"


async def test_by_when_is_told_of_the_own_account(talk: Talk) -> None:
    await talk.say("what's in my FSA", "fsa_balance")
    await talk.give(*FLO)
    said = "until what day can I use it"
    reply = await talk.say(said, "fsa_balance", near="fsa-unused", asks="deadline")
    assert "March 31" in reply


async def test_no_number_of_visits_is_said(talk: Talk) -> None:
    counseling = (named("service", "counseling"),)
    await talk.say("what is my copay for counseling", "copay_cost", counseling)
    await talk.give(*AVERY)
    reply = await talk.say("how many visits", "out_of_scope", band="reject")
    assert "no limit on how often" in reply


async def test_which_part_a_share_is_stands_in_its_explanation(talk: Talk) -> None:
    await talk.say("my claim of March 12", "claim_status", (named("date", "March 12"),))
    await talk.give(*MORGAN)
    await talk.say("so is that coinsurance?", "copay_cost", near="claim-to-deductible")
    assert talk.asking == "factor_code"
    assert talk.slots["agenda"][0]["intent"] == "explain_eob"


async def test_now_is_asked_after_a_day_that_is_over(talk: Talk) -> None:
    await talk.say("which company covered me in August", "which_plan_covers_me")
    await talk.give("Jordan", "M10010007", "4/11/1992", "12180")
    reply = await talk.say("and today?", "repeat", band="confirm")
    assert "CIGNA HealthCare covers you" in reply


async def test_how_far_one_of_the_list_is_stands_with_its_address(talk: Talk) -> None:
    places = (
        named("facility", "urgent_care", "urgent care"),
        named("zip", "12207") | {"start": 17},
    )
    await talk.say("urgent care near 12207", "find_facility", places)
    assert "away" in await talk.say("how many miles is the second one", "inform")


@pytest.mark.parametrize("understood", ["find_provider", "find_facility"])
@pytest.mark.parametrize(
    ("named", "looked_for"),
    [(("specialty", "cardiology"), "find_provider"), (("facility", "lab"), "find_facility")],
)
def test_one_of_them_is_a_person_or_a_place_by_what_was_named(
    understood: str, named: tuple[str, str], looked_for: str
) -> None:
    former = Item("copay_cost", "what is my share", ({"entity": named[0], "value": named[1]},))
    search = with_thing_of(former, Item(understood, "and is there one around 12207"))
    assert (search.intent, search.first(named[0])) == (looked_for, named[1])
