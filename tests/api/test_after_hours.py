"""In the chat, at night: a call back or the message left, asked before anything is queued."""

from __future__ import annotations

import pytest

from alliance.answer import Answer
from api.conversations.after_hours import _CALLS, _LEAVES
from tests.api.conftest import Bridge, Chatter, Rasa, hand_over, reply

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa", "night")]


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every company's people have gone home."""
    monkeypatch.setattr("alliance.routing.is_open", lambda *_: False)
    monkeypatch.setattr("api.desk.handover.is_open", lambda *_: False)


async def asked(bridge: Bridge, rasa: Rasa) -> Chatter:
    """Somebody who wants a person and has been told that nobody is there."""
    rasa.answer = lambda _: hand_over("mvp")
    chat = await bridge.chat()
    told = await chat.say("let me talk to somebody")
    message = told["messages"][-1]
    assert "MVP Health Care member services are closed now and open" in message["text"]
    assert "connecting" not in message["text"]
    assert [b["title"] for b in message["buttons"]] == ["Call me back", "Leave my message"]
    assert told["state"]["owner"] == "assistant"
    rasa.answer = lambda _: reply(Answer("What number?", "What number?", kind="question"))
    return chat


async def test_nothing_is_queued_before_the_member_says_so(bridge: Bridge, rasa: Rasa) -> None:
    chat = await asked(bridge, rasa)
    told = await chat.say("ok I'll leave a message")
    assert told["state"]["owner"] == "queue"
    assert "I leave it for MVP Health Care" in told["messages"][-1]["text"]
    # Who is next would think that somebody comes soon.
    assert told["state"]["queue_opens"] == "2026-11-24T08:00:00-05:00"


async def test_a_call_back_goes_the_way_of_call_backs(bridge: Bridge, rasa: Rasa) -> None:
    chat = await asked(bridge, rasa)
    told = await chat.say("call me back please")
    assert rasa.heard()[-1]["text"] == "/request_callback"
    assert told["state"]["owner"] == "assistant"


async def test_what_the_file_says_is_told_also_when_nobody_is_there(
    bridge: Bridge, rasa: Rasa
) -> None:
    beside = {"text": "It ended on May 31.", "speech": "It ended on May 31."}
    rasa.answer = lambda _: hand_over("mvp", beside=beside)
    told = await (await bridge.chat()).say("the pharmacy says I'm not active")
    status, question = (message["text"] for message in told["messages"][-2:])
    assert status == "It ended on May 31."
    assert "closed now" in question


async def test_another_question_is_only_that(bridge: Bridge, rasa: Rasa) -> None:
    chat = await asked(bridge, rasa)
    told = await chat.say("was my claim from March paid?")
    assert rasa.heard()[-1]["text"] == "was my claim from March paid?"
    assert told["state"]["owner"] == "assistant"
    assert (await chat.say("leave it"))["state"]["owner"] == "assistant"


async def test_what_is_urgent_waits_where_somebody_is(bridge: Bridge, rasa: Rasa) -> None:
    rasa.answer = lambda _: hand_over("preferred-care", "after danger", priority="urgent")
    told = await (await bridge.chat()).say("is anybody there, please")
    assert told["state"]["owner"] == "queue"
    assert "queue_opens" not in told["state"] or told["state"]["queue_opens"] is None
    notice = told["messages"][-1]["text"]
    assert "closed" not in notice
    assert "A person will answer here as soon as one is free." in notice
    waits = (await bridge.parts.desk._handovers.all_open())[-1]
    assert (waits.queue, waits.priority) == ("alliance-front-desk", 10)


@pytest.mark.parametrize(
    "said",
    [
        "call 911 he can't breathe",
        "call me an ambulance",
        "wait he stopped breathing",
        "leave me alone or I'll hurt myself",
        "2 days ago I had a visit",
        "drop it",
        "send it",
    ],
)
async def test_danger_and_questions_are_no_choice(said: str) -> None:
    assert not _CALLS.fullmatch(said)
    assert not _LEAVES.fullmatch(said)
