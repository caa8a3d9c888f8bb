"""How available and how fast each company's backend is: counted at every call, kept by the minute.

The last minutes are told at once; whole minutes go to the SQL store, where the desk's figures read
them. No identity, no resource: a company, how many calls, how many failed, how long they took.
"""

from __future__ import annotations

import asyncio
import bisect
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, delete, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.speeds import BOUNDS_MS

log = structlog.get_logger()

LIVE = timedelta(minutes=5)
KEPT = timedelta(days=400)
_FLUSH_SECONDS = 60.0

# The columns that are used here, as api/store/tables.py and its migrations make them.
_table = Table(
    "partner_calls",
    MetaData(),
    Column("partner", String),
    Column("at", DateTime(timezone=True)),
    Column("process", String),
    Column("calls", Integer),
    Column("failures", Integer),
    Column("took", JSON),
)


@dataclass
class Minute:
    """A minute's calls to one company. `took` counts the answered ones by `BOUNDS_MS`."""

    at: datetime
    calls: int = 0
    failures: int = 0
    took: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_MS) + 1))


class Watch:
    """One company's calls. `breaker` is as purgatory names it: closed, opened, half-opened."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.breaker = "closed"
        self._minutes: deque[Minute] = deque()
        self._unkept: deque[Minute] = deque()

    def answered(self, seconds: float) -> None:
        """The company answered, whatever it said."""
        minute = self._minute()
        minute.calls += 1
        minute.took[bisect.bisect_left(BOUNDS_MS, seconds * 1000)] += 1

    def failed(self) -> None:
        """No answer that could be used, or none was asked for because the breaker is open."""
        minute = self._minute()
        minute.calls += 1
        minute.failures += 1

    def live(self) -> dict[str, Any]:
        """The last minutes, together."""
        self._forget()
        return {
            "breaker": self.breaker,
            "minutes": int(LIVE.total_seconds() // 60),
            "calls": sum(minute.calls for minute in self._minutes),
            "failures": sum(minute.failures for minute in self._minutes),
            "took": [sum(counts) for counts in zip(*(m.took for m in self._minutes), strict=True)]
            or [0] * (len(BOUNDS_MS) + 1),
        }

    def finished(self, *, everything: bool = False) -> list[Minute]:
        """The minutes that are over and not kept yet; `everything`: this one, too."""
        current = _whole(self._now())
        done = [m for m in self._unkept if everything or m.at < current]
        self._unkept = deque(m for m in self._unkept if m not in done)
        return done

    def not_kept(self, minutes: Iterable[Minute]) -> None:
        """They could not be written: they are tried again."""
        self._unkept.extendleft(reversed(list(minutes)))

    def _minute(self) -> Minute:
        at = _whole(self._now())
        if not self._minutes or self._minutes[-1].at != at:
            self._forget()
            self._minutes.append(Minute(at))
            self._unkept.append(self._minutes[-1])
        return self._minutes[-1]

    def _forget(self) -> None:
        while self._minutes and self._minutes[0].at < self._now() - LIVE:
            self._minutes.popleft()


class Watches:
    """All companies' watches, and their way into the store."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._watches: dict[str, Watch] = {}
        self._process = uuid4().hex

    def of(self, partner: str) -> Watch:
        """The company's watch."""
        return self._watches.setdefault(partner, Watch(self._clock.now))

    def live(self) -> dict[str, Any]:
        """The last minutes of each company, by key."""
        return {key: watch.live() for key, watch in self._watches.items()}

    async def run(self, engine: AsyncEngine) -> None:
        """Keep whole minutes until cancelled; then what is left."""
        try:
            while True:
                await asyncio.sleep(_FLUSH_SECONDS)
                await self.keep(engine)
        finally:
            await self.keep(engine, everything=True)

    async def keep(self, engine: AsyncEngine, *, everything: bool = False) -> None:
        """Write finished minutes; what can't be written now is tried again later."""
        done = {key: w.finished(everything=everything) for key, w in self._watches.items()}
        rows = [
            {
                "partner": key,
                "at": minute.at,
                "process": self._process,
                "calls": minute.calls,
                "failures": minute.failures,
                "took": minute.took,
            }
            for key, minutes in done.items()
            for minute in minutes
        ]
        if not rows:
            return
        try:
            async with engine.begin() as connection:
                old = self._clock.now() - KEPT
                await connection.execute(delete(_table).where(_table.c.at < old))
                await connection.execute(insert(_table), rows)
        except SQLAlchemyError as error:
            log.warning("partner_calls_not_kept", error=type(error).__name__)
            for key, minutes in done.items():
                self._watches[key].not_kept(minutes)


def _whole(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
