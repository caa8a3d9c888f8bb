"""Who chatted this morning and calls now is met with what was talked about, and the other way."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from alliance.answer import Answer
from alliance.turn import verification_key
from alliance.verified import Actor, Membership, Person, VerifiedMember
from tests.api.conftest import Bridge, Chatter, Rasa, reply
from tests.api.ivr.callers import JsonCall

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
KEY = "api-key-of-the-tests"
CLAIM = "CLM-2026-00181"
PAID = Answer(
    "Paid.",
    "Paid.",
    intent="claim_status",
    partner="mvp",
    facts={"claims": [{"number": CLAIM}]},
    level=1,
)
WHICH = Answer("Which claim?", "Which claim?", kind="question")
MET = "Are you asking about the claim we talked about"


@pytest.fixture
def somebody() -> Person:
    return Person(Membership("mvp", uuid.uuid4().hex))


async def verify(bridge: Bridge, conversation: str, person: Person, level: int = 1) -> None:
    parts = bridge.parts
    expires = parts.clock.now() + timedelta(minutes=15)
    member = VerifiedMember(person, level, "id_dob_zip", Actor("member"), conversation, expires)
    await parts.redis.set(verification_key(conversation), json.dumps(member.to_json()), ex=900)


async def chats(bridge: Bridge, person: Person, level: int = 1) -> Chatter:
    """Somebody who has just proven who they are in the chat."""
    chat = await bridge.chat()
    conversation = await bridge.parts.chat_sessions.conversation_of(chat.started["token"])
    await verify(bridge, conversation, person, level)
    return chat


async def calls(bridge: Bridge, person: Person, level: int = 1) -> JsonCall:
    """The same on the phone."""
    call = JsonCall(bridge.http, KEY)
    await call.start()
    found = await bridge.parts.voice._calls.find("json", call.call_id)
    assert found is not None
    await verify(bridge, found.conversation_id, person, level)
    return call


async def test_who_chatted_and_calls_now(bridge: Bridge, rasa: Rasa, somebody: Person) -> None:
    rasa.answer = lambda _: reply(PAID)
    await (await chats(bridge, somebody)).say("has my claim been paid")
    rasa.answer = lambda _: reply(WHICH, asking="need_claim")
    call = await calls(bridge, somebody)
    asked = await call.say("i have a question about a claim")
    assert MET in asked.say
    rasa.answer = lambda _: reply(PAID)
    await call.say("yes")
    assert rasa.heard()[-1]["text"] == CLAIM


async def test_who_called_and_chats_now(bridge: Bridge, rasa: Rasa, somebody: Person) -> None:
    rasa.answer = lambda _: reply(PAID)
    await (await calls(bridge, somebody)).say("has my claim been paid")
    rasa.answer = lambda _: reply(WHICH, asking="need_claim")
    chat = await chats(bridge, somebody)
    told = await chat.say("i have a question about a claim")
    assert any(MET in message["text"] for message in told["messages"])


async def test_nobody_below_the_topic_s_level(bridge: Bridge, rasa: Rasa, somebody: Person) -> None:
    rasa.answer = lambda _: reply(Answer("So.", "So.", intent="claim_denial", partner="mvp"))
    await (await chats(bridge, somebody, level=2)).say("why was my claim denied")
    rasa.answer = lambda _: reply(Answer("MVP.", "MVP.", intent="coverage_status", level=1))
    call = await calls(bridge, somebody)
    assert "talked about" not in (await call.say("am i covered")).say


async def test_nobody_else(bridge: Bridge, rasa: Rasa, somebody: Person) -> None:
    rasa.answer = lambda _: reply(PAID)
    await (await chats(bridge, somebody)).say("has my claim been paid")
    rasa.answer = lambda _: reply(WHICH, asking="need_claim")
    call = await calls(bridge, Person(Membership("mvp", "another")))
    assert "talked about" not in (await call.say("i have a question about a claim")).say


async def test_not_of_the_claim_that_was_just_told(
    bridge: Bridge, rasa: Rasa, somebody: Person
) -> None:
    rasa.answer = lambda _: reply(PAID)
    await (await chats(bridge, somebody)).say("has my claim been paid")
    denied = replace(PAID, intent="claim_denial")
    rasa.answer = lambda _: reply(denied)
    call = await calls(bridge, somebody)
    assert "talked about" not in (await call.say("why was my claim denied")).say
