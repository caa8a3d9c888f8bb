"""Sessions end by themselves when nobody is there, and a page can say that somebody is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from alliance.turn import verification_key
from alliance.verified import IDLE_LIMIT
from api.chat.sessions import ANONYMOUS_LIMIT
from api.store import tables
from tests.actions.conftest import MOMENT, proof
from tests.api.conftest import Bridge, Chatter, Rasa, hand_over

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]


async def verified_chat(bridge: Bridge) -> Chatter:
    chat = await bridge.chat()
    conversation = await bridge.parts.chat_sessions.conversation_of(chat.started["token"])
    member = proof(("mvp", "1"), conversation_id=conversation)
    await bridge.parts.redis.set(
        verification_key(conversation), json.dumps(member.to_json()), ex=900
    )
    await chat.say("hello")
    return chat


async def leave_alone(bridge: Bridge, chat: Chatter, time: timedelta) -> str:
    conversation = await bridge.parts.chat_sessions.conversation_of(chat.started["token"])
    table = tables.chat_sessions
    async with bridge.parts.chat_sessions._engine.begin() as connection:
        await connection.execute(
            update(table)
            .where(table.c.conversation_id == conversation)
            .values(active_at=MOMENT - time)
        )
    return conversation


async def status(bridge: Bridge, chat: Chatter) -> int:
    return (await bridge.http.get("/chat/messages", headers=chat.headers)).status_code


async def test_a_member_s_chat_is_closed_after_the_idle_limit(bridge: Bridge) -> None:
    chat = await verified_chat(bridge)
    await leave_alone(bridge, chat, IDLE_LIMIT - timedelta(seconds=1))
    assert await status(bridge, chat) == 200
    await leave_alone(bridge, chat, IDLE_LIMIT)
    assert await status(bridge, chat) == 401
    ticket = await bridge.http.post("/chat/socket-tickets", headers=chat.headers)
    assert ticket.status_code == 401


async def test_reading_does_not_keep_it_open_and_saying_does(bridge: Bridge) -> None:
    chat = await verified_chat(bridge)
    await leave_alone(bridge, chat, IDLE_LIMIT - timedelta(seconds=1))
    assert await status(bridge, chat) == 200
    await chat.say("hello again")
    await leave_alone(bridge, chat, timedelta(minutes=1))
    assert await status(bridge, chat) == 200


async def test_staying_renews_session_and_proof(bridge: Bridge) -> None:
    chat = await verified_chat(bridge)
    conversation = await leave_alone(bridge, chat, IDLE_LIMIT - timedelta(seconds=1))
    almost_over = replace(
        proof(("mvp", "1"), conversation_id=conversation),
        expires_at=MOMENT + timedelta(seconds=5),
    )
    await bridge.parts.redis.set(
        verification_key(conversation), json.dumps(almost_over.to_json()), ex=5
    )
    stayed = await bridge.http.post("/chat/sessions/current/stay", headers=chat.headers)
    assert stayed.json()["state"]["verified_seconds"] == IDLE_LIMIT.total_seconds()


async def test_without_member_data_it_stays_for_a_day(bridge: Bridge) -> None:
    chat = await bridge.chat()
    await chat.say("hello")
    await leave_alone(bridge, chat, timedelta(hours=3))
    assert await status(bridge, chat) == 200
    await leave_alone(bridge, chat, ANONYMOUS_LIMIT)
    assert await status(bridge, chat) == 401


async def test_who_waits_for_a_person_is_not_sent_away(bridge: Bridge, rasa: Rasa) -> None:
    chat = await verified_chat(bridge)
    rasa.answer = lambda _: hand_over("mvp")
    await chat.say("a person please")
    await leave_alone(bridge, chat, timedelta(hours=1))
    assert await status(bridge, chat) == 200
