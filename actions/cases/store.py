"""Cases in the SQL store: the outbox that the delivery works off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.cases import Case
from alliance.errors import MemberlineError

# The columns that are used here, as api/store/tables.py and its migrations make them.
cases_table = Table(
    "cases",
    MetaData(),
    Column("reference", String, primary_key=True),
    Column("once", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("partner", String, nullable=False),
    Column("urgency", String, nullable=False),
    Column("body", JSON, nullable=False),
    Column("conversation_id", String, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", DateTime(timezone=True), nullable=False),
    Column("acknowledged_at", DateTime(timezone=True)),
    Column("company_reference", String),
)


# Who has more to tell than this tells it a person.
_MOST_ADDITIONS = 20


class CaseNotKept(MemberlineError):
    """The store did not take the case: nothing was promised to the member."""

    status = 503
    code = "case_not_kept"


@dataclass(frozen=True)
class Waiting:
    """A case that the company has not acknowledged."""

    reference: str
    partner: str
    body: Mapping[str, Any]
    attempts: int
    received_at: datetime
    next_attempt_at: datetime


class CaseStore:
    """Keeps cases. Raises CaseNotKept."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def keep(self, case: Case, once: str) -> str:
        """Keep a new case; returns its reference, or that of the same one kept before."""
        try:
            async with self._engine.begin() as connection:
                await connection.execute(
                    insert(cases_table).values(
                        reference=case.reference,
                        once=once,
                        kind=case.kind,
                        partner=case.partner,
                        urgency=case.urgency,
                        body=case.to_json(),
                        conversation_id=case.conversation_id,
                        received_at=case.received_at,
                        due_at=case.due_at,
                        attempts=0,
                        next_attempt_at=case.received_at,
                    )
                )
            return case.reference
        except IntegrityError:
            return await self._kept(once)
        except (SQLAlchemyError, OSError) as error:
            raise CaseNotKept("The case could not be kept.") from error

    async def add(self, reference: str, conversation_id: str, words: str, now: datetime) -> str:
        """Add the words to a case of the conversation, which is delivered once more; returns the
        company's key.
        """
        table = cases_table
        this = (table.c.reference == reference, table.c.conversation_id == conversation_id)
        try:
            async with self._engine.begin() as connection:
                # Locked, so that no words are lost to others that are added in the same moment.
                query = select(table.c.body, table.c.partner).where(*this).with_for_update()
                case = (await connection.execute(query)).one()
                body = dict(case.body)
                if body.get("additions", 0) >= _MOST_ADDITIONS:
                    raise CaseNotKept("So much was added to the case already.")
                body["words"] = f"{body['words']}; added later: {words}"
                body["additions"] = body.get("additions", 0) + 1
                await connection.execute(
                    update(table)
                    .where(*this)
                    .values(body=body, attempts=0, next_attempt_at=now, acknowledged_at=None)
                )
                return str(case.partner)
        except (SQLAlchemyError, OSError) as error:
            raise CaseNotKept("The words could not be added.") from error

    async def due(self, now: datetime, limit: int = 20) -> list[Waiting]:
        """What is to be delivered now, oldest first."""
        table = cases_table
        query = (
            select(table)
            .where(table.c.acknowledged_at.is_(None), table.c.next_attempt_at <= now)
            .order_by(table.c.received_at)
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            Waiting(
                row["reference"],
                row["partner"],
                row["body"],
                row["attempts"],
                _utc(row["received_at"]),
                _utc(row["next_attempt_at"]),
            )
            for row in rows
        ]

    async def acknowledged(self, case: Waiting, theirs: str, at: datetime) -> None:
        """The company has it, under a number of its own."""
        await self._change(case, acknowledged_at=at, company_reference=theirs)

    async def failed(self, case: Waiting, next_attempt_at: datetime) -> None:
        """It did not get through; when to try again."""
        await self._change(case, attempts=case.attempts + 1, next_attempt_at=next_attempt_at)

    async def _kept(self, once: str) -> str:
        query = select(cases_table.c.reference).where(cases_table.c.once == once)
        async with self._engine.connect() as connection:
            return str((await connection.execute(query)).scalar_one())

    async def _change(self, case: Waiting, **values: Any) -> None:
        """Change it, unless words were added since it was read: then it is to be sent again."""
        table = cases_table
        same = (
            table.c.reference == case.reference,
            table.c.next_attempt_at == case.next_attempt_at,
        )
        async with self._engine.begin() as connection:
            await connection.execute(update(table).where(*same).values(**values))


def _utc(moment: datetime) -> datetime:
    """SQLite keeps no offset: what is read back is UTC all the same."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
