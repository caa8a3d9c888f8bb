"""Answers that were taken out of service at the desk: looked up every 15 seconds."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from sqlalchemy import Column, DateTime, MetaData, String, Table, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Answer

log = structlog.get_logger()

# A switch has to work within 60 seconds.
_LOOK_SECONDS = 15.0

# The columns that are used here, as api/store/tables.py and its migrations make them.
_table = Table(
    "withdrawals",
    MetaData(),
    Column("kind", String),
    Column("name", String),
    Column("restored_at", DateTime(timezone=True)),
)


@dataclass(frozen=True)
class Withdrawn:
    """What must not be said now: intents, and sources as answers name them."""

    intents: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    def has(self, answer: Answer) -> bool:
        """Whether an answer is one of them."""
        return answer.intent in self.intents or any(
            source.resource in self.sources for source in answer.sources
        )


class Withdrawals:
    """Keeps the last good reading: a store that is away withdraws nothing and restores nothing."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.current = Withdrawn()

    async def look(self) -> None:
        """Read the switches. Raises sqlalchemy.exc.SQLAlchemyError."""
        query = select(_table.c.kind, _table.c.name).where(_table.c.restored_at.is_(None))
        async with self._engine.connect() as connection:
            found = (await connection.execute(query)).all()
        self.current = Withdrawn(
            frozenset(row.name for row in found if row.kind == "intent"),
            frozenset(row.name for row in found if row.kind == "source"),
        )

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except SQLAlchemyError as error:
                log.warning("withdrawals_not_read", error=type(error).__name__)
            await asyncio.sleep(_LOOK_SECONDS)
