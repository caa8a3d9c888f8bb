"""The cases that were opened here, for the desk, until they are answered: which the company has,
and which it has not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from api.desk.agents import Agent
from api.errors import Forbidden, NotFound
from api.store import tables
from api.wakes import Wakes

_MOST = 200
# A case that the company has not acknowledged for so long is an alarm.
_ALARM_AFTER = timedelta(minutes=1)


class CaseList:
    """Reads the cases that the action process keeps, and notes which are answered."""

    def __init__(self, engine: AsyncEngine, wakes: Wakes, clock: Clock) -> None:
        self._engine = engine
        self._wakes = wakes
        self._clock = clock

    async def current(self, agent: Agent) -> list[dict[str, Any]]:
        """The newest cases of the agent's companies that are not answered, what waits for the
        company first.
        """
        table = tables.cases
        query = (
            select(table)
            .where(table.c.partner.in_(sorted(agent.companies)), table.c.settled_at.is_(None))
            .order_by(table.c.acknowledged_at.is_not(None), table.c.received_at.desc())
            .limit(_MOST)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        now = self._clock.now()
        return [
            {
                "reference": row["reference"],
                "kind": row["kind"],
                "partner": row["partner"],
                "urgency": row["urgency"],
                "words": row["body"]["words"],
                "received_at": row["received_at"].isoformat(),
                "due_at": row["due_at"].isoformat(),
                "company_reference": row["company_reference"],
                "acknowledged": row["acknowledged_at"] is not None,
                "alarm": row["acknowledged_at"] is None and now - row["received_at"] > _ALARM_AFTER,
            }
            for row in rows
        ]

    async def settled(self, agent: Agent, reference: str) -> None:
        """The company has answered the member. Raises NotFound, Forbidden."""
        table = tables.cases
        open_ = (table.c.reference == reference, table.c.settled_at.is_(None))
        async with self._engine.begin() as connection:
            row = (await connection.execute(select(table.c.partner).where(*open_))).first()
            if row is None:
                raise NotFound("There is no such open case.")
            if not agent.may_serve(row.partner):
                raise Forbidden("This case belongs to a company that you do not serve.")
            await connection.execute(
                update(table)
                .where(*open_)
                .values(settled_at=self._clock.now(), settled_by=agent.username)
            )
        await self._wakes.tell("desk", {"event": "callbacks"})
