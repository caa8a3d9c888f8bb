"""How long people wait, as measured, and how it is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import fixed_clock
from api.desk.waiting import WaitingTimes, waiting_words
from api.ids import new_id
from api.store import tables

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)


async def accepted(
    engine: AsyncEngine,
    waited: int,
    *,
    ago: int = 10,
    queue: str = "mvp",
    moved: bool = False,
    now: datetime = NOW,
) -> None:
    """A hand-over that waited so many minutes and was accepted so many minutes ago."""
    at = now - timedelta(minutes=ago)
    conversation, handover = new_id(), new_id()
    async with engine.begin() as connection:
        await connection.execute(
            insert(tables.conversations).values(
                id=conversation, channel="chat", owner="wrapped", created_at=at
            )
        )
        await connection.execute(
            insert(tables.handovers).values(
                id=handover,
                conversation_id=conversation,
                queue=queue,
                reason="",
                summary="",
                level=0,
                created_at=at - timedelta(minutes=waited),
                accepted_at=at,
            )
        )
        for kind in ("accepted", *(["requeued"] if moved else [])):
            await connection.execute(
                insert(tables.handover_steps).values(
                    id=new_id(), handover_id=handover, kind=kind, at=at
                )
            )


async def test_the_average_of_those_accepted_lately(engine: AsyncEngine) -> None:
    times = WaitingTimes(engine, fixed_clock(NOW))
    for waited in (2, 4):
        await accepted(engine, waited)
    assert await times.usual("mvp") is None, "two say nothing"
    await accepted(engine, 5)
    await accepted(engine, 90, queue="cigna")
    await accepted(engine, 90, ago=180)
    await accepted(engine, 90, moved=True)
    assert await times.usual("mvp") == 4


@pytest.mark.parametrize(
    ("minutes", "english", "spanish"),
    [
        (None, "I can't tell how long", "no puedo decirle"),
        (1, "about 1 minute.", "alrededor de 1 minuto."),
        (12, "about 12 minutes.", "alrededor de 12 minutos."),
    ],
)
def test_it_is_said_as_it_is(minutes: int | None, english: str, spanish: str) -> None:
    assert english in waiting_words(minutes, "en")
    assert spanish in waiting_words(minutes, "es")
