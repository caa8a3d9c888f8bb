"""The audit's one writer: rows in a hash chain in the SQL store."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.audit import GENESIS, Anchor, AuditEntry, chain_hash
from alliance.errors import AuditUnavailable

audit_table = Table(
    "audit",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *(
        Column(name, String, nullable=False)
        for name in (
            "at",
            "actor",
            "subject",
            "channel",
            "conversation_id",
            "action",
            "what",
            "partner",
        )
    ),
    Column("hash", String, nullable=False),
)


class SqlAuditLog:
    """Appends to the chain, one row at a time. The action process is its only writer."""

    def __init__(self, engine: AsyncEngine, anchor: Path | None = None, secret: str = "") -> None:
        """`anchor` is the file that names the newest row, signed with `secret`; None: no anchor."""
        self._engine = engine
        self._anchor = anchor
        self._secret = secret
        self._turn = asyncio.Lock()

    async def write(self, entry: AuditEntry) -> None:
        """Append the entry. Raises AuditUnavailable: the caller then withholds the data."""
        async with self._turn:
            try:
                async with self._engine.begin() as connection:
                    last = (
                        await connection.execute(
                            select(audit_table.c.number, audit_table.c.hash)
                            .order_by(audit_table.c.number.desc())
                            .limit(1)
                        )
                    ).first()
                    number, previous = (last.number, last.hash) if last else (0, GENESIS)
                    row_hash = chain_hash(previous, entry)
                    await connection.execute(
                        insert(audit_table).values(
                            number=number + 1, hash=row_hash, **asdict(entry)
                        )
                    )
                # After the row: an anchor never names one that is not there.
                self._keep_anchor(number + 1, row_hash)
            except (SQLAlchemyError, OSError) as error:
                raise AuditUnavailable("The audit row could not be written.") from error

    def _keep_anchor(self, number: int, row_hash: str) -> None:
        if self._anchor is None:
            return
        unfinished = self._anchor.with_suffix(".new")
        unfinished.write_text(Anchor.of(number, row_hash, self._secret).to_json() + "\n", "utf-8")
        unfinished.replace(self._anchor)
