"""Messages numbered without gaps, sent twice and stored once, and one owner at a time."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from alliance.answer import Button
from alliance.clock import Clock
from api.conversations.store import ConversationStore, Draft
from api.ids import new_id


async def test_a_new_conversation_is_the_assistant_s(
    store: ConversationStore, clock: Clock
) -> None:
    made = await store.create("chat")
    found = await store.get(made.id)
    assert found == made
    assert (made.owner, made.channel, made.partner, made.agent) == ("assistant", "chat", None, None)
    assert len(made.id) >= 20
    (message,) = await store.add(made.id, [Draft("member", "hello")])
    assert message.at == clock.now()


async def test_ids_are_random(store: ConversationStore) -> None:
    ids = {(await store.create("chat")).id for _ in range(20)}
    assert len(ids) == 20
    assert not any(await asyncio.gather(*(store.get(new_id()) for _ in range(20))))


async def test_numbers_have_no_gaps_and_no_doubles_under_load(store: ConversationStore) -> None:
    conversation = (await store.create("chat")).id
    added = await asyncio.gather(
        *(store.add(conversation, [Draft("member", str(n))]) for n in range(20))
    )
    assert sorted(message.seq for (message,) in added) == list(range(1, 21))
    stored = await store.messages(conversation)
    assert [message.seq for message in stored] == list(range(1, 21))
    assert {message.text for message in stored} == {str(n) for n in range(20)}


async def test_several_at_once_stay_together(store: ConversationStore) -> None:
    conversation = (await store.create("chat")).id
    groups = await asyncio.gather(
        *(
            store.add(conversation, [Draft("assistant", f"{n}{part}") for part in "abc"])
            for n in range(8)
        )
    )
    for group in groups:
        first = group[0].seq
        assert [message.seq for message in group] == [first, first + 1, first + 2]


async def test_all_or_none(store: ConversationStore) -> None:
    conversation = (await store.create("chat")).id
    await store.add(conversation, [Draft("member", "one", client_message_id="m1")])
    with pytest.raises(IntegrityError):
        await store.add(
            conversation,
            [Draft("member", "two"), Draft("member", "again", client_message_id="m1")],
        )
    assert [message.text for message in await store.messages(conversation)] == ["one"]
    (following,) = await store.add(conversation, [Draft("member", "three")])
    assert following.seq == 2


async def test_what_was_answered_under_an_id(store: ConversationStore) -> None:
    conversation = (await store.create("chat")).id
    assert await store.answered(conversation, "m1") is None
    (asked,) = await store.add(conversation, [Draft("member", "hi", client_message_id="m1")])
    assert await store.answered(conversation, "m1") == (asked, [])
    given = await store.add(
        conversation, [Draft("assistant", "a", reply_to=asked.id), Draft("system", "b")]
    )
    assert await store.answered(conversation, "m1") == (asked, given[:1])


async def test_the_same_id_in_two_conversations_is_two_messages(store: ConversationStore) -> None:
    one, two = (await store.create("chat")).id, (await store.create("chat")).id
    for conversation in (one, two):
        await store.add(conversation, [Draft("member", conversation, client_message_id="m1")])
    before = await store.answered(one, "m1")
    assert before is not None
    assert before[0].text == one


async def test_after_a_number(store: ConversationStore) -> None:
    conversation = (await store.create("chat")).id
    await store.add(conversation, [Draft("member", str(n)) for n in range(5)])
    assert [m.text for m in await store.messages(conversation, after=3)] == ["3", "4"]
    assert await store.messages(conversation, after=5) == []


class TestButtons:
    async def test_the_payload_stays_here(self, store: ConversationStore) -> None:
        conversation = (await store.create("chat")).id
        button = Button("Check a claim", "/claim_status")
        (message,) = await store.add(conversation, [Draft("assistant", "?", (button,))])
        (shown,) = message.to_json()["buttons"]
        assert shown.keys() == {"id", "title"}
        assert "claim_status" not in repr(message.to_json())
        assert await store.button(conversation, shown["id"]) == button

    async def test_a_button_of_another_chat_is_none(self, store: ConversationStore) -> None:
        mine, theirs = (await store.create("chat")).id, (await store.create("chat")).id
        (message,) = await store.add(theirs, [Draft("assistant", "?", (Button("A", "/a"),))])
        assert await store.button(mine, message.buttons[0]["id"]) is None
        assert await store.button(mine, "/claim_status") is None


class TestOwner:
    async def test_fifty_who_accept_at_once_are_one(self, store: ConversationStore) -> None:
        conversation = (await store.create("chat")).id
        assert await store.change_owner(conversation, ["assistant"], "queue")
        won = await asyncio.gather(
            *(
                store.change_owner(conversation, ["queue"], "agent", agent=f"agent-{n}")
                for n in range(50)
            )
        )
        assert won.count(True) == 1
        found = await store.get(conversation)
        assert found is not None
        assert (found.owner, found.agent) == ("agent", f"agent-{won.index(True)}")

    async def test_an_unexpected_owner_changes_nothing(self, store: ConversationStore) -> None:
        conversation = (await store.create("chat")).id
        assert not await store.change_owner(conversation, ["queue"], "agent", agent="x")
        found = await store.get(conversation)
        assert found is not None
        assert (found.owner, found.agent) == ("assistant", None)

    async def test_nobody_owns_what_is_not_there(self, store: ConversationStore) -> None:
        assert not await store.change_owner("nowhere", ["assistant"], "queue")
