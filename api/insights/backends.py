"""How available and how fast each company's backend is: now, and in the days before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.speeds import quantile_ms
from api.desk.direct import DirectAnswers
from api.errors import AssistantUnavailable
from api.store import tables

_P95 = 0.95


@dataclass
class _Calls:
    calls: int = 0
    failures: int = 0
    took: list[int] = field(default_factory=list)

    def add(self, calls: int, failures: int, took: Sequence[int]) -> None:
        self.calls += calls
        self.failures += failures
        longest = max(len(self.took), len(took))
        self.took = [
            sum(counts[place] for counts in (self.took, took) if place < len(counts))
            for place in range(longest)
        ]

    def shown(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "availability": round(1 - self.failures / self.calls, 4) if self.calls else None,
            "p95_ms": quantile_ms(self.took, _P95),
        }


class BackendFigures:
    """Reads what the action processes have kept, and asks one of them for the last minutes."""

    def __init__(
        self, engine: AsyncEngine, actions: DirectAnswers, companies: Mapping[str, str]
    ) -> None:
        self._engine = engine
        self._actions = actions
        self._companies = companies

    async def read(self, companies: Sequence[str], since: datetime) -> list[dict[str, Any]]:
        """One entry a company: `now` (None: the actions can't be asked), the time since, its days.

        Raises sqlalchemy.exc.SQLAlchemyError.
        """
        table = tables.partner_calls
        query = select(table).where(table.c.at >= since, table.c.partner.in_(companies))
        whole: dict[str, _Calls] = defaultdict(_Calls)
        days: dict[tuple[str, date], _Calls] = defaultdict(_Calls)
        async with self._engine.connect() as connection:
            for row in (await connection.execute(query)).mappings():
                counted = (row["calls"], row["failures"], row["took"])
                whole[row["partner"]].add(*counted)
                days[row["partner"], row["at"].date()].add(*counted)
        live = await self._live()
        return [
            {
                "company": self._companies.get(key, key),
                "now": _now(live.get(key)) if live is not None else None,
                **whole[key].shown(),
                "days": [
                    {"day": day.isoformat(), **calls.shown()}
                    for (partner, day), calls in sorted(days.items())
                    if partner == key
                ],
            }
            for key in companies
        ]

    async def _live(self) -> Mapping[str, Any] | None:
        try:
            return await self._actions.post("/partners/live", {})
        except AssistantUnavailable:
            return None


def _now(live: Mapping[str, Any] | None) -> dict[str, Any]:
    if live is None:
        return {"breaker": "closed", **_Calls().shown()}
    return {
        "breaker": live["breaker"],
        **_Calls(live["calls"], live["failures"], live["took"]).shown(),
    }
