"""The connection to the SQL store."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiosqlite
from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine


def connect(url: str) -> AsyncEngine:
    """An engine for SQLite or PostgreSQL. SQLite waits for a lock instead of failing at once, and
    an error never carries a statement's values: they are what members said.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_async_engine(url, hide_parameters=True)
    engine = create_async_engine(url, hide_parameters=True, module=_Module(aiosqlite, sqlite3))

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


@dataclass(frozen=True)
class _Ran:
    """What is left of a sqlite3 cursor that was read to its end."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None

    def close(self) -> None:
        """It is closed."""


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """aiosqlite goes to its thread and back for each of a statement's four steps: make a cursor,
    execute, fetch, close. A voice turn went sixty times; in one step a statement goes once.
    """

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> Any:  # noqa: ARG002 (the library calls it)
        return _Ran()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> Any:
        return await self._step(sqlite3.Cursor.execute, operation, parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> Any:
        return await self._step(sqlite3.Cursor.executemany, operation, seq_of_parameters)

    async def _step(self, way: Any, operation: Any, parameters: Any) -> Any:
        adapted: Any = self._adapt_connection
        connection: Any = self._connection
        async with adapted._execute_mutex:
            # Stays so when we are cancelled: the thread goes on.
            adapted.at_work = True
            self._cursor, self._rows = await connection._execute(
                _run, connection._conn, way, operation, parameters
            )
            adapted.at_work = False
        return self._cursor


def _run(
    connection: sqlite3.Connection, way: Any, operation: str, parameters: Any
) -> tuple[_Ran, deque[Any]]:
    """In the connection's thread."""
    cursor = connection.cursor()
    try:
        way(cursor, operation, () if parameters is None else parameters)
        rows = deque(cursor.fetchall() if cursor.description else ())
        return _Ran(cursor.description, cursor.rowcount, cursor.lastrowid), rows
    finally:
        cursor.close()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("at_work",)
    _cursor_cls = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.at_work = False

    def rollback(self) -> None:
        """Where nothing was begun there is nothing to take back: reading begins nothing."""
        connection: Any = self._connection
        if connection._connection and (self.at_work or connection.in_transaction):
            super().rollback()
            self.at_work = False


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arg: Any, **kw: Any) -> _Connection:
        return _Connection(self, super().connect(*arg, **kw)._connection)
