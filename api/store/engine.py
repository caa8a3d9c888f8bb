"""The connection to the SQL store."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import aiosqlite
from aiosqlite.context import contextmanager
from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

# Rows that one fetch takes; all are fetched at once here, so it does not matter.
_CHUNK = 64


def connect(url: str) -> AsyncEngine:
    """An engine for SQLite or PostgreSQL. SQLite waits for a lock instead of failing at once, and
    an error never carries a statement's values: they are what members said.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, hide_parameters=True)
    engine = create_async_engine(
        parsed, hide_parameters=True, async_creator=partial(_opened, parsed)
    )

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


async def _opened(url: URL) -> aiosqlite.Connection:
    arguments, options = url.get_dialect()().create_connect_args(url)
    return await _Connection(partial(sqlite3.connect, *arguments, **options))


class _Connection(aiosqlite.Connection):
    """aiosqlite goes to its thread and back for each of a statement's four steps: make a cursor,
    execute, fetch, close. A voice turn went sixty times; here a statement goes once.
    """

    def __init__(self, connector: partial[sqlite3.Connection]) -> None:
        super().__init__(connector, _CHUNK)
        # A process that ends with its engine open does not wait for it, as with SQLAlchemy's own.
        self._thread.daemon = True
        self._at_work = False

    @contextmanager
    async def cursor(self) -> aiosqlite.Cursor:
        """A cursor, which the thread hears of when it executes something."""
        return _Cursor(self)

    async def rollback(self) -> None:
        """Where nothing was begun there is nothing to take back: reading begins nothing."""
        if self._at_work or self.in_transaction:
            await super().rollback()
            self._at_work = False

    async def run(self, way: Any, sql: str, parameters: Any) -> _Read:
        """Execute (`way` is a method of sqlite3.Cursor) and read everything, in one step."""
        # Stays so when we are cancelled: the thread goes on.
        self._at_work = True
        done: _Read = await self._execute(  # type: ignore[no-untyped-call]
            _run, self._conn, way, sql, parameters
        )
        self._at_work = False
        return done


class _Read:
    """What is left of a sqlite3 cursor that was read to its end; reads as the cursor did."""

    arraysize = 1

    def __init__(self, cursor: sqlite3.Cursor | None = None) -> None:
        self.description = cursor.description if cursor else None
        self.rowcount = cursor.rowcount if cursor else -1
        self.lastrowid = cursor.lastrowid if cursor else None
        self._rows = deque(cursor.fetchall() if cursor and cursor.description else ())

    def fetchone(self) -> Any:
        """The next row, or None."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        """The next rows."""
        return [self._rows.popleft() for _ in range(min(size, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def close(self) -> None:
        """It is closed."""


class _Cursor(aiosqlite.Cursor):
    # One of sqlite3's, or what is left of one.
    _cursor: Any

    def __init__(self, connection: _Connection) -> None:
        nothing: Any = _Read()
        super().__init__(connection, nothing)
        self._goes_by = connection

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> aiosqlite.Cursor:
        """Execute and read."""
        values = () if parameters is None else parameters
        self._cursor = await self._goes_by.run(sqlite3.Cursor.execute, sql, values)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> aiosqlite.Cursor:
        """The same for each of the parameters."""
        self._cursor = await self._goes_by.run(sqlite3.Cursor.executemany, sql, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """All rows, which are here already."""
        return list(self._cursor.fetchall())

    async def close(self) -> None:
        """Nothing is open."""


def _run(connection: sqlite3.Connection, way: Any, sql: str, parameters: Any) -> _Read:
    """In the connection's thread."""
    cursor = connection.cursor()
    try:
        way(cursor, sql, parameters)
        return _Read(cursor)
    finally:
        cursor.close()
