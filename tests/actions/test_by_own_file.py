"""What the member's own file tells comes before what holds in general; and what a few words mean by
what was told before them.
"""

from __future__ import annotations

from tests.actions.talking import Talk, asked, named

DREW = ("Drew", "M10010005", "12/30/1988", "05401")
AVERY = ("Avery", "U10010001", "May 17, 1984", "06103")
FLO = ("Flo", "M10010038", "May 25, 1983", "14850")
EDDIE = ("Eddie", "M10010014", "March 14, 1969", "13202")
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")


async def about_drews_claim(talk: Talk) -> None:
    await talk.say("what happened with my march claim", "claim_status")
    assert "denied" in await talk.give(*DREW)


class TestAClaim:
    async def test_what_it_lacks_is_told_by_its_reason(self, talk: Talk) -> None:
        await about_drews_claim(talk)
        await talk.say("which papers are you missing", "out_of_scope", asks="documents")
        assert talk.asking == "factor_code"

    async def test_who_did_not_pay_is_asked_of_it(self, talk: Talk) -> None:
        await about_drews_claim(talk)
        said = "so it wasn't approved?"
        assert "CLM-2026-00301" in await talk.say(said, "prior_auth_status", asks="objection")

    async def test_the_visit_before_it_is_the_next_older_one(self, talk: Talk) -> None:
        await about_drews_claim(talk)
        reply = await talk.say("ok and the visit before that one?", "claim_status")
        assert "February 12, 2026" in reply


class TestOtherFiles:
    async def test_until_when_is_the_account_s_own_day(self, talk: Talk) -> None:
        await talk.say("what's in my FSA", "fsa_balance")
        await talk.give(*FLO)
        reply = await talk.say("until when", "inform", band="confirm", asks="deadline")
        assert "Claims are taken until March 31" in reply

    async def test_no_coverage_of_one_line_tells_of_the_whole_plan(self, talk: Talk) -> None:
        await talk.say("my dentist says I'm not insured", "coverage_status")
        reply = await talk.give(*EDDIE)
        assert "no dental coverage" in reply
        assert "ended on August 31, 2026" in reply


class TestWhatIsMeant:
    async def test_who_thinks_better_of_it_is_asked_who_they_are(self, talk: Talk) -> None:
        await talk.say("what's my FSA balance", "fsa_balance")
        await talk.say("I'd rather not say", "deny")
        await talk.say("does sunscreen count", "fsa_claim", near="fsa-eligible")
        await talk.say("fine, go ahead and check it", "affirm", asks="doubt")
        assert talk.asking == "factor_first_name"
        assert "$1,160.00" in await talk.give(*FLO)

    async def test_without_telling_me_refuses_nothing(self, talk: Talk) -> None:
        said = "my boss ended my plan without telling me"
        assert "you don't have to" not in await talk.say(said, "coverage_status")

    async def test_another_kind_of_visit_after_a_price_is_priced(self, talk: Talk) -> None:
        specialist = named("service", "specialist_visit", "specialist")
        await talk.say("what would I pay for a specialist", "copay_cost", [specialist])
        await talk.give(*AVERY)
        urgent = named("facility", "urgent_care", "urgent care")
        assert "$60.00" in await talk.say("urgent care?", "find_facility", [urgent])

    async def test_one_near_me_is_the_doctor_that_was_talked_of(self, talk: Talk) -> None:
        await talk.say("what does dental pay", "dental_benefits")
        reply = await talk.say("find me one near 12305", "find_provider", [named("zip", "12305")])
        assert "dentists near Schenectady" in reply

    async def test_where_somebody_would_move_is_asked_before_who_they_are(self, talk: Talk) -> None:
        upstate = {"state": "NY", "zip": None, "label": "New York"}
        said = "if I move to New York state do I lose this plan"
        await talk.say(said, "which_plan_covers_me", [named("place", upstate, "New York")])
        assert talk.asking == "need_location"
        assert "MVP" in await talk.say("12207", "inform", [named("zip", "12207")])

    async def test_a_state_that_one_company_serves_is_told_at_once(self, talk: Talk) -> None:
        florida = {"state": "FL", "zip": None, "label": "Florida"}
        said = "if I move to Florida do I lose this plan"
        told = await talk.say(said, "which_plan_covers_me", [named("place", florida, "Florida")])
        assert "Florida is served by CIGNA HealthCare" in told
        assert talk.asking is None

    async def test_a_price_beside_an_approval_is_of_the_service(self, talk: Talk) -> None:
        mri, beside = named("service", "mri", "MRI"), "what would it cost me"
        first = "do I need approval for an MRI"
        questions = [
            asked("prior_auth_required", first, [mri]),
            asked("out_of_scope", beside, (), "reject", len(first) + 1, asks="cost"),
        ]
        await talk.say(f"{first} {beside}", "prior_auth_required", questions=questions)
        assert "20 percent after the deductible for an MRI" in await talk.give(*AVERY)

    async def test_a_card_that_was_ordered_is_not_ordered_again(self, talk: Talk) -> None:
        await talk.say("mail me a new card", "id_card")
        first = await talk.give(*MORGAN)
        again = await talk.say("did you send it now", "id_card", band="confirm", asks="here")
        number = first.partition("reference number is ")[2].partition(".")[0]
        assert number
        assert number in again


class TestToldJustNow:
    async def test_a_sum_is_not_read_out_twice_where_the_knowledge_tells_what_is_asked(
        self, talk: Talk
    ) -> None:
        await talk.say("what is left of my deductible", "deductible_status")
        assert "$1,436.00" in await talk.give(*AVERY)
        reply = await talk.say(
            "an operation next year, is that this one's",
            "deductible_status",
            band="confirm",
            near="limit-which-year",
        )
        assert "the day it is done" in reply
        assert "$1,436.00" not in reply

    async def test_who_asks_once_more_hears_it_once_more(self, talk: Talk) -> None:
        await talk.say("what is left of my deductible", "deductible_status")
        await talk.give(*AVERY)
        assert "$1,436.00" in await talk.say("what's my deductible again", "deductible_status")

    async def test_that_is_all_asks_for_no_list(self, talk: Talk) -> None:
        await talk.say("what happened with my march claim", "claim_status")
        await talk.give(*DREW)
        assert "anything else" in await talk.say("ok that's all then", "affirm")
