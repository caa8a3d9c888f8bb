"""Nobody is lost from the queue, and nobody is served twice."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conversations.store import ConversationStore
from api.desk.agents import Agent
from api.desk.handover import Handover, Handovers
from api.errors import Conflict
from api.store import tables
from api.store.engine import connect
from scripts.setup import ROOT
from tests.store.conftest import handovers

QUEUED = 100
CONTESTED = 100
AGENTS = 10


def agent(name: str, chat_limit: int | None = None) -> Agent:
    return Agent(name, name.title(), "agent", frozenset({"mvp"}), chat_limit=chat_limit)


async def queue_up(engine: AsyncEngine, store: ConversationStore, many: int) -> None:
    queue = handovers(engine)
    for _ in range(many):
        await queue.open(await store.create("chat"), {"partner": "mvp", "reason": "r"}, None)


async def accepted(queue: Handovers, handover: Handover, who: Agent) -> bool:
    try:
        await queue.take(handover, who)
    except Conflict:
        return False
    return True


async def test_of_a_thousand_who_accept_at_once_each_conversation_has_one_winner(
    engine: AsyncEngine, database_url: str, store: ConversationStore
) -> None:
    await queue_up(engine, store, CONTESTED)
    queue = handovers(engine)
    waiting = await queue.all_open()
    agents = [agent(f"agent-{number}") for number in range(AGENTS)]
    # As several bridges would: each agent has a connection pool of its own.
    engines = [connect(database_url) for _ in agents]
    queues = [handovers(own) for own in engines]
    try:
        won = await asyncio.gather(
            *(
                accepted(own, each, who)
                for each in waiting
                for own, who in zip(queues, agents, strict=True)
            )
        )
    finally:
        await asyncio.gather(*(own.dispose() for own in engines))
    assert len(won) == CONTESTED * AGENTS
    assert won.count(True) == CONTESTED
    for place, each in enumerate(waiting):
        winners = won[place * AGENTS : (place + 1) * AGENTS]
        assert winners.count(True) == 1
        conversation = await store.get(each.conversation_id)
        assert conversation is not None
        assert conversation.agent == agents[winners.index(True)].username
        assert [s["kind"] for s in await queue.steps(each.id)] == ["accepted"]


async def test_one_who_accepts_all_at_once_gets_no_more_than_the_limit(
    engine: AsyncEngine, store: ConversationStore
) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            insert(tables.agents).values(
                username="max", name="Max", password_hash="", role="agent", companies=["mvp"]
            )
        )
    await queue_up(engine, store, 12)
    queue = handovers(engine)
    waiting = await queue.all_open()
    max_ = agent("max", chat_limit=3)
    won = await asyncio.gather(*(accepted(queue, each, max_) for each in waiting))
    assert won.count(True) == 3
    async with engine.connect() as connection:
        owned = select(func.count()).where(tables.conversations.c.agent == "max")
        assert (await connection.execute(owned)).scalar_one() == 3


async def test_who_was_queued_before_a_kill_waits_in_order_after_it(
    engine: AsyncEngine, database_url: str
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.store.queueing",
        database_url,
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    told: list[str] = []
    # Its log is there, too.
    while line := (await process.stdout.readline()).decode():
        told += line.split()[1:] if line.startswith("queued ") else []
        if len(told) == QUEUED:
            process.kill()
    await process.wait()
    assert len(told) >= QUEUED
    waiting = [each.conversation_id for each in await handovers(engine).all_open()]
    # One may have been written and not told of.
    assert waiting[: len(told)] == told
    assert len(waiting) <= len(told) + 1
    async with engine.connect() as connection:
        owners = await connection.execute(
            select(tables.conversations.c.owner).where(tables.conversations.c.id.in_(told))
        )
        assert {row.owner for row in owners} == {"queue"}


async def test_what_has_moved_on_cannot_be_moved_again(
    engine: AsyncEngine, store: ConversationStore
) -> None:
    await queue_up(engine, store, 1)
    (waiting,) = await handovers(engine).all_open()
    queue = handovers(engine)
    await queue.take(waiting, agent("mia"))
    await queue.put_back(waiting, "requeued", "mia")
    with pytest.raises(Conflict):
        await queue.put_back(waiting, "requeued", "mia")
    with pytest.raises(Conflict):
        await queue.give(waiting, "transferred", "mia", agent("max"))
