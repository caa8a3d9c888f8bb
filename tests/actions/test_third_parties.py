"""Those who are not the member: noticed by their words, before anybody is asked who they are."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from actions.identity.third_party import professional, read_whose
from tests.actions.talking import Talk, named

PREFERRED_CARE = {"entity": "partner", "value": "preferred-care", "said": "Preferred Care"}
ROSA = ("Rosa", "M10010037", "December 1, 1944", "13501")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("I'm from Dr. Smith's office, was her claim paid", "a doctor's office"),
        ("this is Jo calling from the billing office at Copley", "a doctor's office"),
        ("hi, we need eligibility for our patient", "a doctor's office"),
        ("HR here, was his claim paid?", "an employer"),
        ("i am in h r and need to check on a claim", "an employer"),
        ("this is sample county collections regarding a bill", "a collector"),
        ("this is Kim with human resources", "an employer"),
        ("what is the deductible of one of our employees", "an employer"),
        ("I'm a broker and need a claim", "a broker"),
        ("I'm an attorney for Rosa Represented", "a lawyer"),
        ("this is attorney Lee Sample", "a lawyer"),
        ("I'm the claims adjuster", "another insurer"),
        ("calling from the law offices of Sample and Draft", "a lawyer"),
        ("I'm an attorney and my client was hurt", "a lawyer"),
        ("I am Mrs. Sample's attorney-in-fact", "a lawyer"),
        ("calling on behalf of Sample Recovery about a balance", "a collector"),
        ("hi this is Sample Street Pharmacy, a claim was rejected", "a doctor's office"),
    ],
)
def test_who_speaks_on_business(text: str, who: str) -> None:
    assert professional(text) == who


@pytest.mark.parametrize(
    "text",
    [
        "I'm at my doctor's office and they say I'm inactive",
        "I'm calling from my doctor's office, they say I'm not covered",
        "the claim from Dr. Smith was denied",
        "my lawyer told me to ask why my claim was denied",
        "I'm an employee of Sample Mohawk Textiles, what is my deductible",
        "my employer said I should call you about my plan",
        "I talked to HR about my plan",
        "I'm a patient of Dr. Osei, is he in network",
        "has my claim from march been paid",
        "I'm with MVP and my doctor is in Albany",
        "this is my pharmacy bill",
        "are my pills on their way or is it still coming from the pharmacy",
        "has it left, I mean is it on its way from the mail pharmacy",
        "it's deducted from payroll every two weeks",
    ],
)
def test_who_is_a_member_all_the_same(text: str) -> None:
    assert professional(text) is None


@pytest.mark.parametrize(
    ("text", "whose"),
    [("it's for me", "self"), ("my own", "self"), ("for someone else", "other"),
     ("it's my mother's", "other"), ("hers", "other"), ("what is that", None)],
)  # fmt: skip
def test_whose_it_is(text: str, whose: str | None) -> None:
    assert read_whose(text) == whose


class TestOnBusiness:
    async def test_an_employer_hears_no_claim_and_is_not_asked_who_the_member_is(
        self, talk: Talk
    ) -> None:
        reply = await talk.say("HR here, was his claim paid? his baby is 28 days old",
                               "claim_status")  # fmt: skip
        assert "can't share claims" in reply
        assert "30 days" in reply
        assert talk.asking is None

    async def test_nor_with_the_next_question(self, talk: Talk) -> None:
        """Somebody else's ID never verifies, however it comes."""
        await talk.say("I'm from Dr. Smith's office", "third_party_caller")
        reply = await talk.say("tell me the status of the claim of March", "claim_status")
        assert talk.asking is None
        assert "provider" in reply
        assert await talk.verified() is None

    async def test_who_asks_on_hears_what_can_be_done_instead(self, talk: Talk) -> None:
        first = await talk.say("HR here, was our employee's surgery paid?", "claim_status")
        then = await talk.say("but it is our money, was it", "claim_status")
        assert "can't share claims" in first
        assert "can't share claims" not in then
        assert "employer team" in then
        assert "person" in await talk.say("so was it paid or not", "claim_status")

    async def test_another_matter_of_theirs_is_told_as_well(self, talk: Talk) -> None:
        await talk.say("HR here, was our employee's surgery paid?", "claim_status")
        reply = await talk.say("how do we take somebody off who quit", "remove_dependent")
        assert "COBRA" in reply

    async def test_what_offices_are_told_is_told_to_no_employer(self, talk: Talk) -> None:
        await talk.say("HR here, was our employee's surgery paid?", "claim_status")
        reply = await talk.say("is he active", "coverage_status", near="office-eligibility")
        assert "provider" not in reply

    async def test_whom_they_can_ask_is_told_by_who_they_are(self, talk: Talk) -> None:
        await talk.say("HR here, was our employee's surgery paid?", "claim_status")
        assert "employer team" in await talk.say("who then", "nurse_line", asks="where")

    async def test_the_company_they_name_in_between_is_whose_people_they_get(
        self, talk: Talk
    ) -> None:
        await talk.say("I'm from Dr. Smith's office", "third_party_caller")
        await talk.say("where do claims for Preferred Care go", "submit_claim", [PREFERRED_CARE],
                       near="office-claim")  # fmt: skip
        await talk.say("get me a person", "speak_to_agent")
        assert talk.answers[-1].partner == "preferred-care"

    async def test_who_says_where_they_call_from_looks_for_no_such_place(self, talk: Talk) -> None:
        said = "this is Sample Street Pharmacy, I have a rejected claim"
        reply = await talk.say(said, "find_pharmacy", [named("facility", "pharmacy")])
        assert "provider services" in reply
        assert talk.asking is None

    async def test_a_new_hire_is_no_dependant(self, talk: Talk) -> None:
        await talk.say("HR here, was our employee's surgery paid?", "claim_status")
        reply = await talk.say("how do I add a new hire", "add_dependent")
        assert "You, the employer, send" in reply

    async def test_an_office_s_line_is_not_the_members(self, talk: Talk) -> None:
        await talk.say("I'm from Dr. Smith's office", "third_party_caller")
        reply = await talk.say("what number do I call then", "contact_info")
        assert "Provider services" in reply

    async def test_danger_is_heard_of_an_office_too(self, talk: Talk) -> None:
        await talk.say("I'm from Dr. Smith's office", "third_party_caller")
        assert "911" in await talk.say("he collapsed at our desk", "emergency")

    async def test_the_company_alone_is_whose_people_they_get(self, talk: Talk) -> None:
        await talk.say("I'm a broker and need a client's rates", "third_party_caller")
        reply = await talk.say("Preferred Care", "inform", [PREFERRED_CARE])
        assert reply == "I'm connecting you with a person."
        assert talk.answers[-1].facts["caller"] == "broker"
        assert talk.answers[-1].partner == "preferred-care"

    async def test_a_person_is_told_who_calls(self, talk: Talk) -> None:
        """The caller decides which people take the call (routing.yml)."""
        await talk.say("this is Ann with human resources, get me a person", "speak_to_agent")
        await talk.say("a new hire", "inform")
        reply = await talk.say("Preferred Care", "inform", [PREFERRED_CARE])
        assert "I'm connecting you with a person." in reply
        assert talk.answers[-1].facts["caller"] == "employer"

    async def test_who_is_the_member_after_all_goes_on(self, talk: Talk) -> None:
        await talk.say("I'm from Dr. Smith's office", "third_party_caller")
        await talk.say("but I'm a member too, which plan covers me", "which_plan_covers_me")
        assert talk.asking == "factor_first_name"


class TestForTheFamily:
    async def test_it_is_asked_whose_plan_it_is(self, talk: Talk) -> None:
        reply = await talk.say("I'm calling for my mother, was it paid?", "claim_status")
        assert "your own plan, or about someone else's" in reply
        reply = await talk.say("it's hers", "out_of_scope")
        assert "only with that member, or with someone that the member has named" in reply
        assert talk.asking is None

    async def test_it_is_not_asked_where_the_words_say_whose_it_is(self, talk: Talk) -> None:
        reply = await talk.say("I'm calling about my mother's claim from March", "claim_status")
        assert "only with that member" in reply
        assert talk.asking is None

    async def test_an_ex_s_records_are_somebody_else_s(self, talk: Talk) -> None:
        said = "I need my ex husband's medical records"
        reply = await talk.say(said, "out_of_scope", band="reject")
        assert "only with that member" in reply

    async def test_nor_where_another_part_of_the_message_does(self, talk: Talk) -> None:
        dad = named("relation", "father", "dad")
        reply = await talk.say("dad is in rehab, was his bill paid", "claim_status", [dad])
        assert "only with that member" in reply

    async def test_whose_papers_they_hold_stays_known(self, talk: Talk) -> None:
        first = "I have power of attorney for my mother, was her claim paid"
        assert "papers" in await talk.say(first, "third_party_caller")
        assert "on file" in await talk.say("I sent it long ago", "claim_status")

    async def test_nobody_is_asked_on_who_they_are(self, talk: Talk) -> None:
        await talk.say("did the policy lapse", "coverage_status")
        assert talk.asking == "factor_first_name"
        said = "I have power of attorney for my mother"
        await talk.say(said, "third_party_caller")
        assert talk.asking is None

    async def test_what_they_can_do_is_told(self, talk: Talk) -> None:
        await talk.say("I'm calling about my mother's claim from March", "claim_status")
        assert "sign the permission form" in await talk.say("so what can I do", "out_of_scope")

    async def test_a_representative_is_served_by_a_person(self, talk: Talk, redis: Redis) -> None:
        """Delia is her mother's representative on file; her mother's details still prove nothing
        about who is talking.
        """
        await talk.say("was the claim paid, I'm calling on behalf of my mother", "claim_status")
        reply = await talk.say("it's for someone else", "out_of_scope")
        assert "person" in reply
        await talk.give("M10010037")
        assert talk.asking is None
        kept = [key async for key in redis.scan_iter("memberline:verified:*")]
        assert kept == []

    async def test_their_own_plan_is_looked_up(self, talk: Talk) -> None:
        await talk.say("it's about my mom, which plan covers me?", "which_plan_covers_me")
        await talk.say("my own plan", "out_of_scope")
        assert talk.asking == "factor_first_name"
        assert "MVP" in await talk.give(*ROSA)
