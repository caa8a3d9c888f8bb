"""The connection to the SQL store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine


def connect(url: str) -> AsyncEngine:
    """An engine for SQLite or PostgreSQL. SQLite waits for a lock instead of failing at once, and
    an error never carries a statement's values: they are what members said.
    """
    engine = create_async_engine(url, hide_parameters=True)
    if engine.dialect.name != "sqlite":
        return engine

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return _InLine(engine.sync_engine)


class _InLine(AsyncEngine):
    """SQLite lets one write at a time, and who waits for it only looks again now and then: of
    fifty at once, some found it taken for all of their five seconds. So this process's writers,
    who all come by `begin`, stand in line; only other processes are waited for by looking.
    """

    def __init__(self, sync_engine: Engine) -> None:
        super().__init__(sync_engine)
        self._line = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, when those who came before have ended theirs."""
        async with self._line, super().begin() as connection:
            yield connection
