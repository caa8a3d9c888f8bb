"""What members ask on after a claim, an authorization or a choice, and who calls on business."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from actions.dialogue.agenda import Item
from actions.dialogue.by_words import one_story, without_insult
from actions.dialogue.choosing import picked_several
from actions.identity.third_party import professional
from actions.services import Services
from tests.actions.talking import Talk, asked

DANA = ("Dana", "U10010004", "02/09/1971", "02118")
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")


async def about_a_denied_claim(talk: Talk) -> None:
    await talk.say("what happened with my march claim", "claim_status")
    assert "denied" in await talk.give(*DANA)


async def test_whether_it_was_approved_is_asked_of_the_claim(talk: Talk) -> None:
    await about_a_denied_claim(talk)
    reply = await talk.say("so was it approved?", "prior_auth_status")
    assert "CIGNA HealthCare denied your claim" in reply


async def test_figures_alone_are_the_number_of_the_claim_that_is_asked_for(talk: Talk) -> None:
    await talk.say("what's the status of a claim", "claim_status")
    assert "Which claim" in await talk.give(*MORGAN)
    assert "CLM-2026-00181" in await talk.say("202600181", "inform")


async def test_what_the_assistant_can_do_is_not_asked_of_the_claim(talk: Talk) -> None:
    await about_a_denied_claim(talk)
    reply = await talk.say("what can you do for me?", "ask_capabilities")
    assert "find a doctor" in reply
    assert "don't want to guess" not in reply


async def test_whom_to_call_is_the_line_of_the_company_that_answered(talk: Talk) -> None:
    await about_a_denied_claim(talk)
    reply = await talk.say("who do I call about that?", "contact_info")
    assert "1-800-555-0110" in reply
    assert "MVP" not in reply


@pytest.mark.parametrize(
    "text", ["can they change it?", "is that final?", "will you reconsider it", "can it be fixed"]
)
async def test_whether_a_refusal_can_be_changed_is_an_appeal(talk: Talk, text: str) -> None:
    await about_a_denied_claim(talk)
    assert "look at a decision again" in await talk.say(text, "out_of_scope", band="reject")


async def test_why_it_took_so_long_and_another_question(talk: Talk) -> None:
    await talk.say("what happened with my march claim", "claim_status")
    await talk.give(*MORGAN)
    text = "why did it take so long, and what is my deductible?"
    reply = await talk.say(
        text,
        "claim_denial",
        questions=[
            asked("claim_denial", "why did it take so long", band="confirm"),
            asked("deductible_status", "what is my deductible?", start=29),
        ],
    )
    assert "17 days" in reply
    assert "gives no reason for the time" in reply
    assert reply.index("17 days") < reply.index("deductible is $750.00")


@pytest.mark.parametrize(
    "text",
    [
        "why did it take so long, and what is my deductible?",
        "what is my deductible and what took that long",
    ],
)
async def test_both_are_answered_where_only_one_was_heard(talk: Talk, text: str) -> None:
    await talk.say("what happened with my march claim", "claim_status")
    await talk.give(*MORGAN)
    reply = await talk.say(text, "deductible_status")
    assert "17 days" in reply
    assert "deductible is $750.00" in reply


async def test_both_are_suggested_to_an_agent(services: Services, redis: Redis) -> None:
    live = Talk(services, redis)
    await live.say("what happened with my march claim", "claim_status")
    await live.give(*MORGAN)
    shadow = Talk(services, redis, mode="suggest")
    await shadow.say("what happened with my march claim", "claim_status")
    text = "why did it take so long, and what is my deductible?"
    reply = await shadow.say(text, "deductible_status")
    assert [answer.intent for answer in shadow.answers] == ["claim_status", "deductible_status"]
    assert "17 days" in reply
    assert "deductible is $750.00" in reply


@pytest.mark.parametrize(
    "text",
    ["who sees my info", "who can see what I tell you", "who else gets to see my information"],
)
async def test_who_sees_it_is_no_confidential_request(talk: Talk, text: str) -> None:
    reply = await talk.say(text, "confidential_communication")
    assert "Health records are not sold" in reply
    assert "Shall I pass" not in reply


@pytest.mark.parametrize(
    ("text", "count"), [("both of them", 2), ("both please", 2), ("all three", 3), ("the claim", 0)]
)
def test_more_than_one_of_the_choices(text: str, count: int) -> None:
    choices = [("claim_status", "a claim"), ("appeal", "an appeal"), ("id_card", "your ID card")]
    assert len(picked_several(text, choices)) == count


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Hi I'm from State Farm", "another insurer"),
        ("this is bob with allstate", "another insurer"),
        ("I'm calling from Aetna about a member", "another insurer"),
        ("calling from ABC Collections about an unpaid balance", "a collector"),
        ("front desk at the hospital, I have a question", "a doctor's office"),
        ("hi, this is the admissions desk at the hospital", "a doctor's office"),
        ("this is the benefits team at Sample Textiles", "an employer"),
        ("I'm at the front desk of my doctor", None),
        ("I'm with Aetna", None),
        ("I'm from Albany", None),
        ("I'm with MVP health insurance", None),
        ("I'm with my daughter", None),
    ],
)
def test_who_calls_on_business(text: str, who: str | None) -> None:
    assert professional(text) == who


async def test_who_says_so_at_the_prompt_is_not_asked_on(talk: Talk) -> None:
    assert "first name" in await talk.say("was the March claim paid", "claim_status")
    reply = await talk.say("I'm from State Farm", "out_of_scope", band="reject")
    assert "can't share a member's records" in reply
    assert "first name" not in reply
    assert talk.asking is None


def test_a_bill_beside_a_fraud_report_is_its_story() -> None:
    bill = Item("billing_problem", "a clinic billed me for a visit that I never had")
    fraud = Item("report_fraud", "I think it is fraud")
    whole = f"{bill.text}, {fraud.text}"
    (told,) = one_story((bill, fraud), whole)
    assert (told.intent, told.text) == ("report_fraud", whole)
    question = Item("billing_problem", "do I have to pay it")
    assert one_story((fraud, question), whole) == (fraud, question)


@pytest.mark.parametrize(
    "text", ["are you sure?", "really?", "where did you get that from", "says who"]
)
async def test_where_an_answer_comes_from(talk: Talk, text: str) -> None:
    await about_a_denied_claim(talk)
    reply = await talk.say(text, "bot_challenge")
    assert "what CIGNA HealthCare has today" in reply
    assert "1-800-555-0110" in reply


@pytest.mark.parametrize(
    ("said", "asks", "words"),
    [
        ("whose task was that", "who", "asks for approvals"),
        ("who corrects it", "who", "corrects a claim"),
        ("and if they wont do it", "refused", "appeal yourself"),
        ("by which day", "deadline", "180 days"),
    ],
)
async def test_what_is_asked_on_is_not_what_it_sounds_like(
    talk: Talk, said: str, asks: str, words: str
) -> None:
    await about_a_denied_claim(talk)
    assert words in await talk.say(said, "out_of_scope", band="confirm", asks=asks)


@pytest.mark.parametrize(
    ("said", "near", "words"),
    [
        ("what if i have it done anyway", "claim-denial-anyway", "owe all of it"),
        ("the hospital says they never got anything", "claim-denial-not-arrived", "proof"),
    ],
)
async def test_what_an_entry_tells_of_a_refusal(
    talk: Talk, said: str, near: str, words: str
) -> None:
    await about_a_denied_claim(talk)
    assert words in await talk.say(said, "out_of_scope", band="confirm", near=near)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("you people are a joke.", ["claim_status"]),
        ("your rep was a rude bitch", ["complaint", "claim_status"]),
        ("you hung up on me you bastards", ["complaint", "claim_status"]),
    ],
)
def test_an_insult_of_the_company_is_no_complaint_beside_a_question(
    said: str, left: list[str]
) -> None:
    asked = (Item("complaint", said), Item("claim_status", "where is my money"))
    assert [each.intent for each in without_insult(asked)] == left
