"""A call back in a conversation: the number, the time, and what is promised."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from actions.answers.callback import read_phone, read_time
from actions.services import Services
from tests.actions.talking import Talk


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
