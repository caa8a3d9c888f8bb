"""An answer that was taken out of service is not given; the way on is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.services import Services
from actions.withdrawals import Withdrawals
from api.store import tables
from tests.actions.talking import Talk

AT = datetime(2026, 11, 23, 17, tzinfo=UTC)


async def withdraw(engine: AsyncEngine, services: Services, kind: str, name: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            insert(tables.withdrawals).values(
                id=name, kind=kind, name=name, reason="r", withdrawn_by="sue", at=AT
            )
        )
    await services.withdrawals.look()


async def restore(engine: AsyncEngine, services: Services) -> None:
    async with engine.begin() as connection:
        await connection.execute(update(tables.withdrawals).values(restored_at=AT))
    await services.withdrawals.look()


async def test_a_withdrawn_intent_asks_nobody_who_they_are(
    talk: Talk, services: Services, engine: AsyncEngine
) -> None:
    await withdraw(engine, services, "intent", "claim_status")
    told = await talk.say("has my claim been paid?", "claim_status")
    assert "I can't answer questions about" in told
    assert "1-800-555" in told
    assert talk.asking is None
    await restore(engine, services)
    assert "I can't answer" not in await talk.say("has my claim been paid?", "claim_status")


async def test_a_withdrawn_source_is_not_told(
    talk: Talk, services: Services, engine: AsyncEngine
) -> None:
    await talk.say("what is the alliance?", "alliance_question")
    (source,) = {s.resource for a in talk.answers for s in a.sources}
    assert source.startswith("knowledge/")
    await withdraw(engine, services, "source", source)
    told = await talk.say("what is the alliance?", "alliance_question")
    assert "I can't answer questions about" in told


async def test_a_store_that_is_away_changes_nothing(
    services: Services, engine: AsyncEngine
) -> None:
    await withdraw(engine, services, "intent", "claim_status")
    broken = Withdrawals(engine)
    broken.current = services.withdrawals.current
    async with engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE withdrawals")
    with pytest.raises(Exception, match="withdrawals"):
        await broken.look()
    assert broken.current.intents == {"claim_status"}
