"""One message of a conversation at a time, in the order of arrival, over all processes."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api import locks as locks_module
from api.ids import new_id
from api.locks import ConversationLocks


async def test_first_come_first_served(redis: Redis) -> None:
    locks, conversation, order = ConversationLocks(redis), new_id(), []

    async def turn(number: int) -> None:
        async with locks.hold(conversation):
            await asyncio.sleep(0.005)
            order.append(number)

    tasks = []
    for number in range(20):
        tasks.append(asyncio.create_task(turn(number)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert order == list(range(20))


async def test_two_processes_never_hold_it_together(redis: Redis, redis_url: str) -> None:
    other = Redis.from_url(redis_url)
    conversation, inside, most = new_id(), 0, 0

    async def turn(locks: ConversationLocks) -> None:
        nonlocal inside, most
        async with locks.hold(conversation):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    one, two = ConversationLocks(redis), ConversationLocks(other)
    await asyncio.gather(*(turn(locks) for locks in (one, two) for _ in range(8)))
    await other.aclose()
    assert most == 1


async def test_conversations_do_not_wait_for_each_other(redis: Redis) -> None:
    locks, reached = ConversationLocks(redis), asyncio.Event()

    async def other() -> None:
        async with locks.hold(new_id()):
            reached.set()

    async with locks.hold(new_id()):
        async with asyncio.timeout(5):
            await other()
    assert reached.is_set()


async def test_a_failed_turn_lets_the_next_one_in(redis: Redis) -> None:
    locks, conversation = ConversationLocks(redis), new_id()
    with pytest.raises(ValueError, match="broken"):
        async with locks.hold(conversation):
            raise ValueError("broken")
    async with asyncio.timeout(5), locks.hold(conversation):
        pass


async def test_a_process_that_died_holds_nobody_up_for_ever(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks_module, "LOCK_SECONDS", 0.3)
    conversation = new_id()
    dead = ConversationLocks(redis).hold(conversation)
    await dead.__aenter__()
    async with asyncio.timeout(5), ConversationLocks(redis).hold(conversation):
        pass
    with pytest.raises(RedisError):
        await dead.__aexit__(None, None, None)


async def test_who_waits_too_long_is_told(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks_module, "WAIT_SECONDS", 0.1)
    conversation = new_id()
    async with ConversationLocks(redis).hold(conversation):
        with pytest.raises(RedisError):
            async with ConversationLocks(redis).hold(conversation):
                pytest.fail("two hold the conversation")


async def test_without_redis_there_is_no_turn() -> None:
    nowhere = Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.5)
    with pytest.raises(RedisError):
        async with ConversationLocks(nowhere).hold(new_id()):
            pytest.fail("held without Redis")
    await nowhere.aclose()


async def test_nothing_is_kept_of_ended_conversations(redis: Redis) -> None:
    locks = ConversationLocks(redis)
    for _ in range(5):
        async with locks.hold(new_id()):
            pass
    assert locks._lines == {}
