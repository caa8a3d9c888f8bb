"""How long people wait for a person, as measured: from the queue to the accept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from api.store import tables

# What was measured earlier says nothing about now; fewer than this many say nothing at all.
RECENT = timedelta(hours=2)
_MOST, _LEAST = 10, 3
# Who would wait longer on the phone is offered a call back instead.
LONG_WAIT_MINUTES = 10


class WaitingTimes:
    """Reads them. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def usual(self, queue: str) -> int | None:
        """The average wait of those last accepted from a queue, in minutes, rounded up; None where
        too few were. Who was handed on or put back is left out: the wait was not all in the queue.
        """
        handed, steps = tables.handovers, tables.handover_steps
        moved = exists().where(steps.c.handover_id == handed.c.id, steps.c.kind != "accepted")
        query = (
            select(handed.c.created_at, handed.c.accepted_at)
            .where(
                handed.c.queue == queue,
                handed.c.accepted_at >= self._clock.now() - RECENT,
                ~moved,
            )
            .order_by(handed.c.accepted_at.desc())
            .limit(_MOST)
        )
        async with self._engine.connect() as connection:
            waits = [row.accepted_at - row.created_at for row in await connection.execute(query)]
        if len(waits) < _LEAST:
            return None
        average = sum(waits, timedelta()) / len(waits)
        return max(1, -(-int(average.total_seconds()) // 60))


def waiting_words(minutes: int | None, language: str) -> str:
    """What is said of the waiting time; honest where it is not known."""
    if language == "es":
        if minutes is None:
            return "Ahora no puedo decirle cuánto tardará."
        some = f"{minutes} minuto{'' if minutes == 1 else 's'}"
        return f"Últimamente la espera es de alrededor de {some}."
    if minutes is None:
        return "I can't tell how long it will take."
    return f"Lately people waited about {minutes} minute{'' if minutes == 1 else 's'}."
