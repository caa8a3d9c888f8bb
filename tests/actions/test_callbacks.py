"""A call back in a conversation: the number, the time, and what is promised."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from actions.answers.callback import read_phone, read_time
from actions.services import Services
from tests.actions.talking import Talk, asked


@pytest.mark.parametrize(
    "text",
    ["518-555-0102", "(518) 555-0102", "+1 518 555 0102", "1-518-555-0102", "call 5185550102",
     "five one eight five five five zero one zero two"],
)  # fmt: skip
def test_a_number_however_it_is_said(text: str) -> None:
    assert read_phone(text) == "5185550102"


@pytest.mark.parametrize(
    "text", ["555-0102", "M10010002", "12207", "518-555-0102 or 518-555-0103", ""]
)
def test_what_is_no_number(text: str) -> None:
    assert read_phone(text) is None


@pytest.mark.parametrize(
    "text", ["tomorrow morning", "after 4 pm", "as soon as possible", "any time on Monday"]
)
def test_a_time(text: str) -> None:
    assert read_time(text) == text


MVP = [{"entity": "partner", "value": "mvp"}]
JORDAN = ("Jordan", "U10010007", "April 11, 1992", "02118")


async def test_the_company_that_administers_the_topic_calls_back(talk: Talk) -> None:
    await talk.say("what about my claim of March", "claim_status")
    assert "MVP" in await talk.give(*JORDAN)
    await talk.say("call me back about that", "request_callback")
    await talk.say("518-555-0102")
    reply = await talk.say("tomorrow morning")
    assert "I've asked MVP Health Care to call you" in reply
    (act,) = talk.acts
    assert (act.detail["partner"], act.detail["reason"]) == ("mvp", "the state of a claim")


@pytest.mark.parametrize(
    ("said", "window"),
    [("make it Thursday", "Thursday after 2"), ("actually after 5", "Monday, after 5")],
)
async def test_the_other_day_or_hour_keeps_what_was_said(
    talk: Talk, said: str, window: str
) -> None:
    await talk.say("please call me back", "request_callback")
    await talk.say("Monday after 2")
    await talk.say(said)
    await talk.say("518-555-0102")
    assert f"You asked for: {window}." in await talk.say("MVP")


async def test_a_number_in_parts_is_put_together(talk: Talk) -> None:
    await talk.say("please call me back", "request_callback")
    assert "area code" in await talk.say("555-0102")
    await talk.say("area code 518")
    await talk.say("MVP")
    assert "ending in 02" in await talk.say("tomorrow morning")


async def test_a_time_is_no_part_of_the_number(talk: Talk) -> None:
    await talk.say("please call me back", "request_callback")
    assert "area code" not in await talk.say("tomorrow at 10:30")
    await talk.say("518-555-0102")
    assert "ending in 02" in await talk.say("MVP")


async def test_the_time_is_put_right_while_the_company_is_asked(talk: Talk) -> None:
    await talk.say("please call me back", "request_callback")
    await talk.give("518-555-0102", "Monday after 2")
    assert "changed" in await talk.say("sorry, Wednesday suits me better", "out_of_scope")
    assert "You asked for: Wednesday after 2." in await talk.say("MVP")


async def test_what_the_call_costs_is_told_at_its_prompts(talk: Talk) -> None:
    await talk.say("please call me back", "request_callback")
    assert "costs nothing" in await talk.say("how much does it cost", "copay_cost", asks="cost")
    assert talk.asking == "need_phone"


async def test_it_takes_the_place_of_the_person_who_was_asked_for(talk: Talk) -> None:
    await talk.say("I need a person about my premium", "speak_to_agent")
    assert talk.asking == "need_partner"
    assert "Which number" in await talk.say("call me back then", "request_callback")
    await talk.say("518-555-0102")
    await talk.say("tomorrow morning")
    assert "number ending in 02" in await talk.say("MVP")
    assert talk.asking is None


async def test_another_time_after_something_else_was_told(talk: Talk) -> None:
    await booked(talk)
    await talk.say("when are you open", "contact_info")
    said = await talk.say("wait, make it the afternoon instead", "inform")
    assert "afternoon" in said


async def test_another_time_beside_another_wish(talk: Talk) -> None:
    await booked(talk)
    said = await talk.say("make it the afternoon instead and send me the appeal form", "appeal")
    assert "afternoon" in said
    assert "look at a decision again" in said


async def test_what_the_booked_call_costs(talk: Talk) -> None:
    await booked(talk)
    text = "is there a fee for it"
    question = {**asked("copay_cost", text, band="confirm")}
    question["asks"] = {"name": "cost", "confidence": 0.9, "band": "accept"}
    assert "costs nothing" in await talk.say(text, "copay_cost", questions=[question])


async def test_number_and_time_are_asked_and_read_back_masked(talk: Talk) -> None:
    assert "Which number" in await talk.say("please call me back", "request_callback")
    assert "When does it suit" in await talk.say("518-555-0102")
    assert "Which company" in await talk.say("tomorrow morning")
    reply = await talk.say("MVP")
    assert "number ending in 02" in reply
    assert "518" not in reply
    assert "tomorrow morning" in reply
    assert "Monday to Friday" in reply
    assert "never call to ask for a code" in reply
    (act,) = talk.acts
    assert act.kind == "callback"
    assert act.detail["phone"] == "5185550102"
    assert (act.detail["partner"], act.detail["window"]) == ("mvp", "tomorrow morning")


async def test_what_was_said_is_not_asked(talk: Talk) -> None:
    reply = await talk.say(
        "call me back tomorrow morning at 518-555-0102 about my MVP plan",
        "request_callback",
        [{"entity": "partner", "value": "mvp"}],
    )
    assert "number ending in 02" in reply
    assert [act.kind for act in talk.acts] == ["callback"]


async def test_in_shadow_nothing_is_booked(services: Services, redis: Redis) -> None:
    shadow = Talk(services, redis, mode="suggest")
    await shadow.say("call me tomorrow at 518-555-0102", "request_callback",
                     [{"entity": "partner", "value": "mvp"}])  # fmt: skip
    assert shadow.acts == []


async def test_the_time_at_the_numbers_prompt_is_kept(talk: Talk) -> None:
    await talk.say("please have MVP call me back", "request_callback", MVP)
    reply = await talk.say("tomorrow at 2", "inform", band="confirm")
    assert "noted" in reply
    assert "Which number" in reply
    assert "You asked for: tomorrow at 2." in await talk.say("518-555-0102")


async def test_number_and_time_in_one_breath(talk: Talk) -> None:
    await talk.say("please have MVP call me back", "request_callback", MVP)
    reply = await talk.say("518-555-0102, tomorrow after 2")
    assert "number ending in 02" in reply
    assert "tomorrow after 2" in reply


async def booked(talk: Talk) -> None:
    await talk.say("please have MVP call me back", "request_callback", MVP)
    assert "ending in 02" in await talk.give("518-555-0102", "tomorrow morning")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Cancel the callback", "request_callback"),
        ("no i want to cancel that call", "cancel"),
        ("please don't call me back", "request_callback"),
        ("I no longer need a call", "remove_dependent"),
    ],
)
async def test_a_booked_call_is_called_off(talk: Talk, text: str, intent: str) -> None:
    await booked(talk)
    reply = await talk.say(text, intent)
    assert "nobody will call you at the number ending in 02" in reply
    assert [act.kind for act in talk.acts] == ["callback_cancelled"]
    # There is none any more.
    assert "No call back was booked" in await talk.say("cancel the call back", "request_callback")
    assert talk.acts == []


async def test_a_call_that_is_being_asked_for_is_not_booked(talk: Talk) -> None:
    await talk.say("please call me back", "request_callback")
    reply = await talk.say("cancel the call back for tomorrow", "request_callback")
    assert "no call back is booked" in reply
    assert talk.asking is None
    assert talk.acts == []


@pytest.mark.parametrize(
    ("text", "window", "ending"),
    [
        ("actually make that after 4 pm", "tomorrow, after 4 pm", "02"),
        ("around 11", "tomorrow, around 11", "02"),
        ("can they call 518-555-0177 instead", "tomorrow morning", "77"),
        ("change my callback to Friday", "Friday morning", "02"),
        ("and thursday is better for me", "thursday morning", "02"),
        ("sorry, I mistyped it, the last four are 0188", "tomorrow morning", "88"),
    ],
)
async def test_a_booked_call_at_another_time_or_number(
    talk: Talk, text: str, window: str, ending: str
) -> None:
    await booked(talk)
    reply = await talk.say(text, "request_callback", band="confirm")
    assert "In place of the call that you asked for first" in reply
    (act,) = talk.acts
    assert act.detail["instead"] is True
    assert act.detail["window"] == window
    assert act.detail["phone"].endswith(ending)


async def test_when_the_call_comes(talk: Talk) -> None:
    await booked(talk)
    reply = await talk.say("when will they call me", "request_callback")
    assert "You asked for: tomorrow morning" in reply
    assert talk.acts == []
