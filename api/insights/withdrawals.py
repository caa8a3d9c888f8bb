"""Taking an answer out of service: an intent, or a source of the knowledge."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import yaml
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.knowledge import KNOWLEDGE_FOLDER
from api.desk.agents import Supervisor
from api.errors import Conflict, NotFound
from api.ids import new_id
from api.store import tables

Kind = Literal["intent", "source"]
# Danger and the way to a person are never switched off.
_NEVER = frozenset({"emergency", "speak_to_agent"})
_MOST = 500


class Withdrawals:
    """The switch; the action process looks every 15 seconds (actions/withdrawals.py)."""

    def __init__(self, engine: AsyncEngine, clock: Clock, intents: frozenset[str]) -> None:
        self._engine = engine
        self._clock = clock
        self._intents = intents

    async def current(self) -> list[dict[str, Any]]:
        """What is withdrawn now, the newest first."""
        table = tables.withdrawals
        query = select(table).where(table.c.restored_at.is_(None)).order_by(table.c.at.desc())
        async with self._engine.connect() as connection:
            return [
                {
                    "id": row["id"],
                    "kind": row["kind"],
                    "name": row["name"],
                    "reason": row["reason"],
                    "by": row["withdrawn_by"],
                    "at": row["at"].isoformat(),
                }
                for row in (await connection.execute(query)).mappings()
            ]

    async def names(self) -> dict[Kind, list[str]]:
        """What can be withdrawn."""
        return {
            "intent": sorted(self._intents - _NEVER),
            "source": await asyncio.to_thread(sources, KNOWLEDGE_FOLDER),
        }

    async def withdraw(self, by: Supervisor, kind: Kind, name: str, reason: str) -> None:
        """Raises Conflict for what can't be withdrawn, NotFound for an intent or a source that is
        none: a slip of the pen would leave in service what was to be withdrawn.
        """
        if name in _NEVER:
            raise Conflict("Danger and the way to a person can't be withdrawn.")
        if kind == "intent" and name not in self._intents:
            raise NotFound("There is no such intent.")
        if kind == "source" and name not in await asyncio.to_thread(sources, KNOWLEDGE_FOLDER):
            raise NotFound("There is no such source of the knowledge.")
        if any((one["kind"], one["name"]) == (kind, name) for one in await self.current()):
            raise Conflict("That is withdrawn already.")
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.withdrawals).values(
                    id=new_id(),
                    kind=kind,
                    name=name,
                    reason=reason,
                    withdrawn_by=by.username,
                    at=self._clock.now(),
                )
            )

    async def restore(self, by: Supervisor, withdrawal_id: str) -> None:
        """Put it back into service. Raises NotFound."""
        table = tables.withdrawals
        async with self._engine.begin() as connection:
            done = await connection.execute(
                update(table)
                .where(table.c.id == withdrawal_id, table.c.restored_at.is_(None))
                .values(restored_at=self._clock.now(), restored_by=by.username)
            )
        if done.rowcount != 1:
            raise NotFound("There is no such withdrawal.")

    async def told(
        self, supervisor: Supervisor, kind: Kind, name: str, since: datetime
    ) -> list[dict[str, Any]]:
        """Who was told this: one line a message, the newest first."""
        table = tables.told
        column = table.c.intent if kind == "intent" else table.c.source
        query = (
            select(table)
            .where(
                column == name,
                table.c.at >= since,
                table.c.partner.in_(sorted(supervisor.companies)) | table.c.partner.is_(None),
            )
            .order_by(table.c.at.desc())
            .limit(_MOST)
        )
        async with self._engine.connect() as connection:
            return [
                {
                    "conversation_id": row["conversation_id"],
                    "seq": row["seq"],
                    "channel": row["channel"],
                    "intent": row["intent"],
                    "partner": row["partner"],
                    "source": row["source"],
                    "agent": row["agent"],
                    "at": row["at"].isoformat(),
                }
                for row in (await connection.execute(query)).mappings()
            ]


def sources(folder: Path) -> list[str]:
    """The entries of the knowledge, as answers name them; those of a file that is being edited and
    cannot be read just now are left out.
    """
    found = set()
    for path in folder.glob("*.yml"):
        try:
            document = yaml.safe_load(path.read_text("utf-8"))
            found |= {f"knowledge/{entry['id']}" for entry in document["entries"]}
        except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError):
            continue
    return sorted(found)
