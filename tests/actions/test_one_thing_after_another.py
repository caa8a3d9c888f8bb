"""What is said on in chats: of a list's second page, of somebody of the family, of a company that
was only named, and beside what is being asked. Sentences of these tests.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from actions.dialogue.agenda import Item
from actions.dialogue.past_care import of_past_care
from actions.dialogue.put_right import put_right
from tests.actions.talking import Talk, asked, named
from tests.actions.test_step_up import Stands, newest_code

TODAY = date(2026, 11, 23)
MARCH = named("date", "march")
FRANK = ("Frank", "M10010023", "April 1, 1972", "12203")
STELLA = ("Stella", "M10010044", "March 30, 1975", "12203")
AVERY = ("Avery", "U10010001", "May 17, 1984", "06103")
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")
JORDAN = ("Jordan", "U10010007", "4/11/1992", "02118")
FEET = [named("specialty", "podiatry"), named("zip", "12207")]


class TestTheSecondPage:
    async def test_is_counted_from_its_beginning(self, talk: Talk) -> None:
        await talk.say("podiatrists around 12207", "find_provider", FEET)
        more = await talk.say("more", "repeat")
        second = re.findall("• ([^,]+),", more)[1]
        assert second in await talk.say("is the second one accepting", "inform")

    async def test_a_visit_there_has_its_price(self, talk: Talk) -> None:
        await talk.say("podiatrists around 12207", "find_provider", FEET)
        await talk.say("what would they want for a visit", "copay_cost", asks="cost")
        assert talk.asking == "factor_first_name"


class TestOneOfAList:
    async def test_is_picked_by_its_street(self, talk: Talk) -> None:
        listed = await talk.say("podiatrists around 12207", "find_provider", FEET)
        name, street = re.findall(r"• ([^,]+), \d+ ([A-Z][\w ]+),", listed)[1]
        assert name in await talk.say(f"the one on {street} please", "inform")

    async def test_none_is_taken_for_one_elsewhere(self, talk: Talk) -> None:
        await talk.say("podiatrists around 12207", "find_provider", FEET)
        reply = await talk.say("the one on Nowhere Boulevard", "inform")
        assert "None of that list is there" in reply

    async def test_the_other_one_stands_beside_it(self, talk: Talk) -> None:
        listed = await talk.say("podiatrists around 12207", "find_provider", FEET)
        first, second = re.findall("• ([^,]+),", listed)[:2]
        assert first in await talk.say("tell me about the first one", "inform")
        assert second in await talk.say("sorry I meant the other one", "inform")


class TestAClaimThatWasTold:
    @pytest.mark.parametrize(
        "says", ["so was it approved", "it was accepted then", "wait so they didn't approve it"]
    )
    async def test_tells_its_decision(self, talk: Talk, says: str) -> None:
        """Also where that sounds like a prior approval's."""
        told = await talk.say("was my claim from March paid", "claim_status", [MARCH])
        told = await talk.give(*AVERY)
        again = await talk.say(says, "prior_auth_status", near="approval-known")
        assert "CIGNA HealthCare paid your claim" in told
        assert "CIGNA HealthCare paid your claim" in again

    async def test_is_asked_for_first(self, talk: Talk) -> None:
        await talk.say("it's about a claim", "claim_status")
        await talk.give(*AVERY)
        assert talk.asking == "need_claim"
        assert "Which claim" in await talk.say("so was it approved", "prior_auth_status")


class TestTheLatestClaim:
    async def test_has_one_before_it(self, talk: Talk) -> None:
        latest = await talk.say("where is my last claim", "claim_status")
        latest = await talk.give(*AVERY)
        before = await talk.say("and the one before?", "inform")
        older = await talk.say("and the one before that?", "inform")
        days = [re.search(r"for (\w+ \d+, \d+)", said) for said in (latest, before, older)]
        assert len({found[1] for found in days if found}) == 3

    async def test_of_a_kind_keeps_its_kind(self, talk: Talk) -> None:
        lab = [named("service", "blood_work", "lab tests")]
        await talk.say("did my lab tests go through", "claim_status", lab)
        await talk.give(*AVERY)
        await talk.say("the latest one", "inform")
        assert talk.asking == "factor_code"


class TestSeveralClaimsOfAMonth:
    async def test_are_told_apart_by_a_code(self, talk: Talk, sandboxes: Stands) -> None:
        xray = [named("service", "xray", "x-ray"), MARCH]
        await talk.say("was the x-ray in march paid", "claim_status", xray)
        said = await talk.give(*TAYLOR)
        assert "which of them is the x-ray" in said
        await talk.say("yes", "affirm")
        assert talk.asking == "factor_code"
        assert "$235.00" in await talk.say(newest_code(sandboxes["mvp"]))


class TestSomebodyOfTheFamily:
    async def test_is_meant_through_the_message(self, talk: Talk) -> None:
        first, then = "our son studies in Boston,", "was the visit in march paid, how much was it"
        son = named("relation", "son", "son")
        both = [
            asked("out_of_area_coverage", first, [son]),
            asked("claim_status", then, [MARCH], start=len(first) + 1),
        ]
        await talk.say(f"{first} {then}", questions=both)
        said = await talk.give(*STELLA)
        assert "permission" in said
        assert "your claim" not in said
        # Also after another rule was told.
        again = await talk.say("how much did they charge for it", "claim_status")
        assert "permission" in again

    async def test_allows_it_themselves(self, talk: Talk) -> None:
        wife = named("relation", "spouse", "wife")
        await talk.say("was my wife's march claim paid", "claim_status", [wife, MARCH])
        await talk.give(*FRANK)
        said = await talk.say(
            "so how would she allow it", "authorize_representative", band="confirm"
        )
        assert "permission form" in said
        assert "The permission is theirs" in said

    async def test_is_told_why_it_stays_closed(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        await talk.give(*FRANK)
        wife = named("relation", "spouse", "wife")
        said = await talk.say("why can't I see my wife's", "out_of_scope", [wife], band="reject")
        assert "permission on file" in said
        said = await talk.say("so she has to sign something?", "out_of_scope", band="reject")
        assert "permission form" in said

    async def test_what_a_rule_decides_is_told_to_anybody(self, talk: Talk) -> None:
        girl = named("relation", "daughter", "girl")
        said = await talk.say("who is first for our girl", "coordination_of_benefits", [girl])
        assert "birthday comes first" in said
        ex = named("relation", "ex_spouse", "ex")
        said = await talk.say("we divorced, until when is my ex on it", "coverage_status", [ex])
        assert "decree" in said


class TestACompanyThatWasNamed:
    async def test_is_no_longer_asked_after_a_move(self, talk: Talk) -> None:
        mvp = named("partner", "mvp", "MVP")
        await talk.say(
            "we moved, am I still to use MVP when I travel", "out_of_area_coverage", [mvp]
        )
        said = await talk.give(*JORDAN)
        assert "CIGNA Open Access" in said
        later = await talk.say("does my plan cover me on a trip", "out_of_area_coverage")
        assert "I find no medical coverage" not in later


class TestWhatIsPutAside:
    def test_also_with_somebody_between(self) -> None:
        text = "forget the podiatrist, my husband needs an allergist"
        said = {"podiatry": "podiatrist", "spouse": "husband", "allergy": "allergist"}
        kinds = {"podiatry": "specialty", "spouse": "relation", "allergy": "specialty"}
        entities = tuple(
            named(kinds[key], key, word) | {"start": text.index(word)} for key, word in said.items()
        )
        left = put_right(Item("find_provider", text, entities), text, 0)
        assert [each["value"] for each in left.entities] == ["spouse", "allergy"]


class TestCareThatIsOver:
    @pytest.mark.parametrize(
        ("text", "intent", "service", "meant"),
        [
            ("I had a crown in August, did it go through", "coverage_status", "crown",
             "claim_status"),
            ("a doctor I saw in September, who pays that one", "find_provider", None,
             "which_plan_covers_me"),
        ],
    )  # fmt: skip
    def test_is_of_its_claim(self, text: str, intent: str, service: str | None, meant: str) -> None:
        things = (named("service", service),) if service else ()
        item = Item(intent, text, things, band="accept" if service is None else "confirm")
        assert of_past_care(item, TODAY).intent == meant

    async def test_is_asked_at_a_prompt_too(self, talk: Talk) -> None:
        await talk.say("which company am I with", "which_plan_covers_me")
        crown = [named("service", "crown"), named("date", "august")]
        said = await talk.say(
            "I had a crown in August, did it go through", "coverage_status", crown, band="confirm"
        )
        assert "didn't get that" not in said


class TestWhatIsAskedBeside:
    async def test_what_is_put_aside_twice_is_asked_no_third_time(self, talk: Talk) -> None:
        await talk.say("have somebody call me", "request_callback")
        assert talk.asking in ("need_phone", "need_reason", "need_partner")
        await talk.say("when are you open", "contact_info")
        await talk.say("and where do I see my card", "id_card")
        assert talk.asking is None

    async def test_an_agreement_that_tells_the_name(self, talk: Talk) -> None:
        therapy = named("service", "physical_therapy", "physical therapy")
        await talk.say("is physical therapy covered", "benefit_covered", [therapy])
        await talk.say("all right, let's do it. Avery", "affirm")
        assert talk.asking == "factor_member_id"

    async def test_the_look_up_is_offered_where_they_ask_on_in_general(self, talk: Talk) -> None:
        await talk.say("how do I add my wife", "add_dependent")
        await talk.say("I want it looked up", "deductible_status")
        await talk.say("what papers are there", "add_dependent", asks="documents")
        said = await talk.say("and by when", "add_dependent", asks="deadline")
        assert "Would you like me to look up" in said
        assert talk.asking is None

    async def test_what_was_asked_is_dropped_for_something_else(self, talk: Talk) -> None:
        await talk.say("how much of my deductible is left", "deductible_status")
        await talk.say("actually no. how do I report a fraud?", "contact_info")
        assert talk.asking is None

    async def test_either_card_will_do(self, talk: Talk) -> None:
        await talk.say("how much of my deductible is left", "deductible_status")
        await talk.say("Avery")
        said = await talk.say("which card, I've got two of them", "id_card")
        assert "either one will do" in said
        assert talk.asking == "factor_member_id"

    async def test_a_part_of_what_did_not_fit_is_not_misheard(self, talk: Talk) -> None:
        await talk.say("how much of my deductible is left", "deductible_status")
        await talk.give("Avery", "U10010001", "May 18, 1984", "06103")
        said = await talk.say("oh it's the 17th, not the 18th", "deny", band="confirm")
        assert "once more" in said


class TestWhatIsTold:
    async def test_of_the_family_is_no_question_about_them(self, talk: Talk) -> None:
        await talk.say("how do I add my stepson", "add_dependent")
        mother = named("relation", "mother", "mom")
        said = await talk.say("he lives with his mom", "inform", [mother])
        assert said.startswith("I see.")
        assert talk.asking is None

    async def test_last_of_a_slip_is_what_is_meant(self, talk: Talk) -> None:
        son = named("relation", "son", "son") | {"start": 3}
        text = "my son's visit in march, was it paid? no wait it was mine"
        await talk.say(text, "claim_status", [son, named("date", "march")])
        assert "your claim" in await talk.give(*AVERY)

    async def test_what_they_did_is_of_no_day_of_the_plan(self, talk: Talk) -> None:
        await talk.say("is my plan active", "coverage_status")
        await talk.give(*AVERY)
        day = named("date", "two weeks ago")
        said = await talk.say("I sent in the form two weeks ago", "inform", [day])
        assert "was active on" not in said

    async def test_what_is_left_alone_calls_nothing_off(self, talk: Talk) -> None:
        await talk.say("I got a bill from a hospital", "billing_problem")
        unsure = asked("cancel", "so I just ignore it?") | {"confidence": 0.7}
        said = await talk.say("so I just ignore it?", "cancel", questions=[unsure])
        assert "stopped that" not in said

    async def test_a_slip_goes_back_to_what_it_is_of(self, talk: Talk) -> None:
        june, therapy = named("date", "june"), named("service", "physical_therapy", "therapy")
        first, then = "was my june visit paid,", "and is therapy covered"
        both = [
            asked("claim_status", first, [june]),
            asked("benefit_covered", then, [therapy], start=len(first) + 1),
        ]
        await talk.say(f"{first} {then}", questions=both)
        await talk.give(*AVERY)
        said = await talk.say(
            "oops, I was thinking of May", "inform", [named("date", "may", "May")]
        )
        assert "May 9" in said

    async def test_the_birth_date_is_taken_beside_a_question(self, talk: Talk) -> None:
        await talk.say("how much of my deductible is left", "deductible_status")
        await talk.say("Avery")
        await talk.say("U10010001")
        await talk.say("May 17, 1984. wait, who sees this chat?", "bot_challenge")
        assert talk.asking == "factor_zip"

    async def test_the_card_is_looked_for(self, talk: Talk) -> None:
        await talk.say("how much of my deductible is left", "deductible_status")
        await talk.say("Avery")
        said = await talk.say("hang on, getting my card", "id_card")
        assert "Take your time" in said


class TestReferrals:
    async def test_of_their_own_are_told_without_the_rule(
        self, talk: Talk, sandboxes: Stands
    ) -> None:
        skin = named("specialty", "dermatology", "skin doctor")
        await talk.say("do I still have a referral to the skin doctor", "referral_question", [skin])
        await talk.give("Rita", "M10010047", "April 16, 1982", "12207")
        said = await talk.say(newest_code(sandboxes["mvp"]))
        assert said.startswith("In MVP Health Care's file: Referral REF-47001")
        assert "REF-47002" not in said
        assert "REF-47002" in await talk.say("and the knee one?", "inform")
