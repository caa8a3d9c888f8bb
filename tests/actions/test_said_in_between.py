"""What members say in between: whether it is safe, whether anybody is there, until when, that they
would rather not call; and short questions that lean on what was told. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from tests.actions.talking import Talk, named
from tests.actions.test_step_up import MORGAN, Stands, newest_code
from tests.actions.test_ways_on import ART, ERIN, WRONG, locked_out

ALBANY = named("zip", "12203")
ROCHESTER = named("zip", "14618")
SKIN = named("specialty", "dermatology")
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")
ANDY = ("Andy", "P10010031", "November 23, 1986", "14623")
INES = ("Ines", "U10010030", "July 7, 1977", "19103")
MARCH = named("date", "march")


class TestAtThePrompt:
    @pytest.mark.parametrize("text", ["is this site secure?", "how can I be sure it's no scam"])
    async def test_whether_it_is_safe(self, talk: Talk, text: str) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say(text, "out_of_scope", band="reject")
        assert "never for a password" in said
        assert talk.asking == "factor_first_name"

    async def test_an_id_that_is_not_typed_is_not_insisted_on(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say("I never ever type, I don't type my number into a page", "inform")
        assert "you don't have to" in said
        assert talk.asking is None

    async def test_who_is_there(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say("hello, are you there?", "contact_info", band="confirm")
        assert said.startswith("Yes, I'm here. What is your first name?")

    @pytest.mark.parametrize(
        "text", ["oops, my birthday is November 2, 1979", "sorry, typo, try 11/2/1979"]
    )
    async def test_the_detail_that_was_wrong_is_told_first(self, talk: Talk, text: str) -> None:
        await talk.say("what's my deductible", "deductible_status")
        assert "don't fit together" in await talk.give(*WRONG)
        assert "I've noted that" in await talk.say(text, "update_contact")
        said = await talk.give("Morgan", "M10010002", "12207")
        assert "deductible" in said
        assert await talk.verified()

    async def test_a_question_with_a_day_is_no_birth_date(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.say("try my claim of 3/4/2026", "claim_status", [named("date", "3/4/2026")])
        assert talk.slots.get("factor_date_of_birth") is None

    async def test_no_text_is_wanted(self, talk: Talk, sandboxes: Stands) -> None:
        await talk.say("what is my address on file?", "update_contact")
        await talk.give(*MORGAN)
        said = await talk.say("please don't send me any texts", "out_of_scope", band="reject")
        assert "e-mail it" in said
        assert talk.asking == "factor_code"
        said = await talk.say("ok fine, send the code", "affirm")
        assert "a moment ago" in said
        assert "Albany" in await talk.say(newest_code(sandboxes["mvp"]))


class TestWhatIsClosed:
    async def test_until_when_and_why(self, talk: Talk) -> None:
        await locked_out(talk)
        assert "24 hours" in await talk.say("when can I try that again", "repeat")
        said = await talk.say("why won't you let me in", "account_access")
        assert "did not fit" in said

    async def test_a_company_that_does_not_answer(self, talk: Talk, sandboxes: Stands) -> None:
        await talk.say("what's my deductible", "deductible_status")
        sandboxes["mvp"].fault(kind="down")
        assert "could not reach MVP" in await talk.give(*MORGAN)
        said = await talk.say("and when will that be back up", "out_of_scope", band="reject")
        assert "mostly it takes minutes" in said
        said = await talk.say("is MVP's computer down", "out_of_scope", band="reject")
        assert "MVP member services" in said
        assert "CIGNA" not in said

    async def test_nothing_is_down_where_all_answered(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.give(*MORGAN)
        said = await talk.say("when does my plan start up again", "coverage_status")
        assert "takes minutes" not in said


async def test_dots_are_no_yes(talk: Talk) -> None:
    assert "look up yours" in await talk.say("how does an appeal go", "appeal")
    await talk.say("...", "affirm")
    assert talk.asking is None
    await talk.say("yes", "affirm")
    assert talk.asking == "factor_first_name"


async def test_who_will_not_call_is_told_of_the_way_in_writing(talk: Talk) -> None:
    assert "988" in await talk.say("I don't want to live any more", "emergency")
    said = await talk.say("I can't talk to anybody on a phone", "request_callback", band="confirm")
    assert "text 988" in said
    assert "one of these" not in said


async def test_who_would_rather_see_a_counselor_is_told_how(talk: Talk) -> None:
    await talk.say("I don't want to live any more", "emergency")
    said = await talk.say("ok, perhaps a counselor is better for me", "emergency")
    assert "call 911 now" not in said
    assert talk.asking is None


@pytest.mark.parametrize(
    "text", ["my therapist can't stop me", "too late for a therapist, I took the pills"]
)
async def test_a_counselor_named_in_danger_is_danger(talk: Talk, text: str) -> None:
    await talk.say("I don't want to live any more", "emergency")
    assert "911" in await talk.say(text, "emergency")


class TestOfAList:
    async def test_the_same_kind_at_another_place(self, talk: Talk) -> None:
        await talk.say("a skin doctor near 12203", "find_provider", [ALBANY, SKIN])
        said = await talk.say("no wait, we're in 14618 now", "find_provider", [ROCHESTER])
        assert "dermatologists near Rochester" in said

    async def test_one_of_what_was_spoken_of(self, talk: Talk) -> None:
        text = "does a skin doctor need a referral"
        await talk.say(text, "referral_question", [SKIN])
        said = await talk.say("find me one in 14618", "find_provider", [ROCHESTER])
        assert "dermatologists near Rochester" in said

    async def test_the_number_of_one(self, talk: Talk) -> None:
        await talk.say("a skin doctor near 12203", "find_provider", [ALBANY, SKIN])
        said = await talk.say("and the phone number of the second", "contact_info")
        assert "Phone: " in said
        assert "member services" not in said


class TestOfThePlan:
    async def test_how_often_and_another_kind_of_care(self, talk: Talk) -> None:
        await talk.say("what does my dental pay for a cleaning", "dental_benefits")
        assert "CIGNA" in await talk.give(*TAYLOR)
        said = await talk.say("how many are covered a year", "out_of_scope", band="reject")
        assert "2 times a year" in said
        said = await talk.say("and an MRI?", "inform", [named("service", "mri")])
        assert said.startswith("MVP Health Care")

    async def test_a_country_has_no_zip_code(self, talk: Talk) -> None:
        await talk.say("am I covered when I travel", "out_of_area_coverage")
        await talk.give(*MORGAN)
        there = named("place", {"country": "Portugal", "zip": None, "label": "Portugal"})
        said = await talk.say("and in portugal?", "inform", [there])
        assert "Outside the United States" in said

    async def test_why_a_drug_needs_approval(self, talk: Talk, sandboxes: Stands) -> None:
        await talk.say("what do I pay for ozempic", "drug_cost", [named("drug", "ozempic")])
        await talk.give(*ART)
        await talk.say(newest_code(sandboxes["cigna"]))
        said = await talk.say("how come it needs an authorization", "prior_auth_required")
        assert "doesn't give the reason" in said


class TestOfAClaim:
    async def test_what_was_paid_too_much(self, talk: Talk, sandboxes: Stands) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        assert "$40.00" in await talk.give(*ANDY)
        await talk.say("but I paid them 90 dollars at the desk", "submit_claim")
        assert talk.asking == "factor_code"
        said = await talk.say(newest_code(sandboxes["preferred-care"]))
        assert "$50.00 too much" in said
        assert "give it back" in said

    async def test_what_the_office_says_it_sent(self, talk: Talk) -> None:
        await talk.say("where is my march claim", "claim_status", [MARCH])
        await talk.give(*INES)
        said = await talk.say("they swear they faxed it twice", "referral_question")
        assert "not in the file that I see" in said
        assert "CIGNA" in said

    async def test_what_need_not_be_paid(self, talk: Talk, sandboxes: Stands) -> None:
        await talk.say("the hospital sent me a bill for march", "billing_problem", [MARCH])
        await talk.give(*ERIN)
        await talk.say(newest_code(sandboxes["mvp"]))
        said = await talk.say("then I don't owe the 2340?", "explain_eob", band="confirm")
        assert "$2,340.00" in said
        assert "claims, newest first" not in said


class TestSomebodyForAMember:
    async def test_whose_plan_it_is_is_asked_first(self, talk: Talk) -> None:
        await talk.say("did my ex husband drop the children from the insurance", "coverage_status")
        assert talk.asking == "need_whose"

    async def test_a_record_that_is_plainly_theirs_is_refused_at_once(self, talk: Talk) -> None:
        text = "I'm an aide looking after Mrs. Doe, has her claim been paid"
        assert "only with that member" in await talk.say(text, "coverage_status")
        assert talk.asking is None

    async def test_taking_an_ex_off_is_their_own_matter(self, talk: Talk) -> None:
        await talk.say("my ex husband is still on my plan, take him off", "remove_dependent")
        assert talk.asking != "need_whose"

    async def test_the_member_who_is_there_can_ask(self, talk: Talk) -> None:
        await talk.say("did my mother's claim get paid", "claim_status")
        await talk.say("hers", "inform")
        said = await talk.say("she's here next to me", "inform")
        assert "the member can ask me here" in said


class TestOfACase:
    async def test_a_detail_told_afterwards(self, talk: Talk) -> None:
        await talk.say("The nurse at the MVP clinic shouted at me", "complaint")
        await talk.say("MVP", "inform", [named("partner", "mvp")])
        said = await talk.say("it was last friday in Troy", "inform", [named("date", "friday")])
        assert "added that to your case MVP-" in said
        assert "do with that" not in said

    async def test_a_false_bill_is_not_paid(self, talk: Talk) -> None:
        await talk.say("CIGNA billed me for a scooter I never saw, that's fraud", "report_fraud")
        await talk.say("yes", "affirm")
        said = await talk.say("do i have to pay it", "billing_problem", near="report-fraud-cost")
        assert "Don't pay" in said


async def test_hard_words_around_a_question_are_asked_back(talk: Talk) -> None:
    text = "give me the damn mvp number, you idiots"
    said = await talk.say(text, "contact_info", [named("partner", "mvp")], band="confirm")
    assert "Tell me in a few words" not in said
