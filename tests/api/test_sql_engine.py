"""The SQL store's SQLite: statements in one step, and nothing half done left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from api.store.engine import connect


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = connect(f"sqlite+aiosqlite:///{tmp_path}/store.db")
    async with engine.begin() as connection:
        await connection.execute(text("create table notes (id integer primary key, words text)"))
    yield engine
    await engine.dispose()


async def notes(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("select words from notes order by id"))
        return [row.words for row in rows]


INSERT = text("insert into notes (id, words) values (:id, :words)")


async def test_rows_and_counts(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(INSERT, [{"id": 1, "words": "one"}, {"id": 2, "words": "two"}])
        changed = await connection.execute(text("update notes set words = 'x' where id = 2"))
        assert changed.rowcount == 1
        back = text("update notes set words = 'y' where id = 2 returning words")
        assert (await connection.execute(back)).scalar_one() == "y"
    assert await notes(engine) == ["one", "y"]


async def test_what_fails_is_taken_back_whole(engine: AsyncEngine) -> None:
    async def write() -> None:
        async with engine.begin() as connection:
            await connection.execute(INSERT, {"id": 1, "words": "one"})
            await connection.execute(INSERT, {"id": 1, "words": "again"})

    with pytest.raises(IntegrityError):
        await write()
    assert await notes(engine) == []


async def test_who_is_cancelled_in_the_middle_of_writing_holds_nobody_up(
    engine: AsyncEngine,
) -> None:
    """SQLite allows one writer: a transaction that nobody ends would keep all others out."""

    async def write(number: int) -> None:
        async with engine.begin() as connection:
            await connection.execute(INSERT, {"id": number, "words": "cancelled"})
            await asyncio.sleep(0)

    for number in range(40):
        task = asyncio.create_task(write(number))
        for _ in range(number % 12):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(4):
        async with engine.begin() as connection:
            await connection.execute(INSERT, {"id": 100, "words": "after"})
    assert (await notes(engine))[-1] == "after"
