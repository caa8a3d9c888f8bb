"""The learning loop's first half: unsure or corrected sentences are labelled and handed on.

What is exported is no training yet: `python -m scripts.learn` compares a model that has learned it
with the current one before anybody may put it in service.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conversations.candidates import NEW
from api.desk.agents import Administrator
from api.errors import NotFound
from api.store import tables

LABELLED = "labelled"
DISCARDED = "discarded"
_MOST = 100
# A redacted word ("[name]") is trained as an ordinary one; Rasa's marks for entities are no words.
_REDACTED = re.compile(r"\[(\w+)\]")
_MARKS = re.compile(r"[\[\](){}|]|\s+")


class Learning:
    """Reviews candidates. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: AsyncEngine, intents: frozenset[str]) -> None:
        self._engine = engine
        self._intents = intents

    @property
    def intents(self) -> list[str]:
        """All labels."""
        return sorted(self._intents)

    async def waiting(self, admin: Administrator) -> list[dict[str, Any]]:
        """Sentences that nobody has looked at, oldest first, of the administrator's companies or
        from before a company was known.
        """
        table = tables.training_candidates
        query = (
            select(table)
            .where(table.c.status == NEW, _of(admin))
            .order_by(table.c.created_at)
            .limit(_MOST)
        )
        async with self._engine.connect() as connection:
            return [
                {
                    "id": row["id"],
                    "text": row["text"],
                    "suggested": row["suggested"],
                    "chosen": row["chosen"],
                    "channel": row["channel"],
                    "at": row["created_at"].isoformat(),
                }
                for row in (await connection.execute(query)).mappings()
            ]

    async def labelled(self, admin: Administrator) -> int:
        """How many sentences an export would hold."""
        table = tables.training_candidates
        query = select(func.count()).where(table.c.status == LABELLED, _of(admin))
        async with self._engine.connect() as connection:
            count: int = (await connection.execute(query)).scalar_one()
        return count

    async def label(self, admin: Administrator, candidate_id: str, label: str | None) -> None:
        """What the sentence means; None: it teaches nothing. Raises NotFound."""
        if label is not None and label not in self._intents:
            raise NotFound("There is no such intent.")
        table = tables.training_candidates
        async with self._engine.begin() as connection:
            done = await connection.execute(
                update(table)
                .where(table.c.id == candidate_id, _of(admin))
                .values(label=label, status=LABELLED if label else DISCARDED)
            )
        if done.rowcount != 1:
            raise NotFound("There is no such sentence.")

    async def export(self, admin: Administrator) -> str:
        """The labelled sentences of the administrator's companies, or from before a company was
        known, as Rasa NLU YAML (format 3.1).
        """
        table = tables.training_candidates
        query = (
            select(table.c.label, table.c.text)
            .where(table.c.status == LABELLED, _of(admin))
            .order_by(table.c.label, table.c.created_at)
        )
        by_intent: dict[str, list[str]] = {}
        async with self._engine.connect() as connection:
            for label, text in await connection.execute(query):
                words = " ".join(_MARKS.sub(" ", _REDACTED.sub(r"\1", text)).split())
                known = by_intent.setdefault(label, [])
                if words and words not in known:
                    known.append(words)
        entries = [
            {"intent": intent, "examples": _Literal("".join(f"- {each}\n" for each in examples))}
            for intent, examples in by_intent.items()
        ]
        return yaml.dump({"version": "3.1", "nlu": entries}, Dumper=_Dumper, sort_keys=False)


def _of(admin: Administrator) -> ColumnElement[bool]:
    """Of the administrator's companies, or from before a company was known."""
    partner = tables.training_candidates.c.partner
    return partner.in_(sorted(admin.companies)) | partner.is_(None)


class _Literal(str):
    """Written as a block of lines, as Rasa's files are."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(
    _Literal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, "|")
)
