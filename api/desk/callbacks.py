"""Calls that were promised: kept, listed for the desk, and made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.hours import is_open
from alliance.partners import Partner, Partners
from alliance.verified import VerifiedMember
from api.desk.agents import Agent
from api.errors import Forbidden, NotFound
from api.ids import new_id
from api.store import tables
from api.wakes import Wakes

# A promised call is made within so long of the company's opening.
_WITHIN = timedelta(hours=4)
_STEP = timedelta(minutes=30)
_MOST_STEPS = 7 * 48
# How a call ended that the member no longer wanted.
CANCELLED = "cancelled by the member"


class Callbacks:
    """Books, lists and closes call backs."""

    def __init__(self, engine: AsyncEngine, wakes: Wakes, partners: Partners, clock: Clock) -> None:
        self._engine = engine
        self._wakes = wakes
        self._partners = partners
        self._clock = clock

    async def book(
        self, conversation_id: str, detail: Mapping[str, Any], member: VerifiedMember | None
    ) -> None:
        """Keep a promised call; with `instead` those before it are called off, both or neither.
        Raises sqlalchemy.exc.SQLAlchemyError: nothing was promised.
        """
        partner = self._partners.get(detail.get("partner"))
        now = self._clock.now()
        async with self._engine.begin() as connection:
            if detail.get("instead"):
                await connection.execute(self._called_off(conversation_id))
            await connection.execute(
                insert(tables.callbacks).values(
                    id=new_id(),
                    conversation_id=conversation_id,
                    partner=partner.key if partner else None,
                    phone=str(detail["phone"]),
                    window=str(detail["window"]),
                    reason=str(detail.get("reason") or ""),
                    level=member.level if member else 0,
                    first_name=member.person.first_name if member else None,
                    created_at=now,
                    due_at=_opening(partner, now) + _WITHIN,
                )
            )
        await self._wakes.tell("desk", {"event": "callbacks"})

    async def cancel(self, conversation_id: str) -> None:
        """The member no longer wants the calls of this conversation that are still to be made.
        Raises sqlalchemy.exc.SQLAlchemyError: they stand.
        """
        async with self._engine.begin() as connection:
            await connection.execute(self._called_off(conversation_id))
        await self._wakes.tell("desk", {"event": "callbacks"})

    def _called_off(self, conversation_id: str) -> Update:
        table = tables.callbacks
        return (
            update(table)
            .where(table.c.conversation_id == conversation_id, table.c.done_at.is_(None))
            .values(done_at=self._clock.now(), outcome=CANCELLED)
        )

    async def waiting(self, agent: Agent) -> list[dict[str, Any]]:
        """The calls that this agent's companies have promised, the first due first."""
        table = tables.callbacks
        query = select(table).where(table.c.done_at.is_(None)).order_by(table.c.due_at)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        now = self._clock.now()
        return [
            {
                "id": row["id"],
                "partner": row["partner"],
                "phone": row["phone"],
                "window": row["window"],
                "reason": row["reason"],
                "level": row["level"],
                "first_name": row["first_name"],
                "created_at": row["created_at"].isoformat(),
                "due_at": row["due_at"].isoformat(),
                "overdue": row["due_at"] < now,
            }
            for row in rows
            if agent.may_serve(row["partner"])
        ]

    async def done(self, agent: Agent, callback_id: str, outcome: str) -> None:
        """The call was made, or could not be. Raises NotFound, Forbidden."""
        table = tables.callbacks
        async with self._engine.begin() as connection:
            row = (
                await connection.execute(
                    select(table.c.partner).where(
                        table.c.id == callback_id, table.c.done_at.is_(None)
                    )
                )
            ).first()
            if row is None:
                raise NotFound("There is no such call to make.")
            if not agent.may_serve(row.partner):
                raise Forbidden("This call belongs to a company that you do not serve.")
            await connection.execute(
                update(table)
                .where(table.c.id == callback_id)
                .values(done_at=self._clock.now(), agent=agent.username, outcome=outcome)
            )
        await self._wakes.tell("desk", {"event": "callbacks"})


def _opening(partner: Partner | None, now: datetime) -> datetime:
    """When people answer next: now, or at the next opening."""
    if partner is None:
        return now
    moment = now
    for _ in range(_MOST_STEPS):
        if is_open(partner.phone, moment):
            break
        moment += _STEP
    return moment
