"""Contacts over channels: what was talked about with a person in the last 30 days.

Written when an answer was given or a person asked for; read only once the person is verified, and
only what their level of verification opens.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.verified import Membership, VerifiedMember
from api.store import tables

KEPT = timedelta(days=30)
_ZONE = ZoneInfo("America/New_York")


_MOST = 20


@dataclass(frozen=True)
class Contact:
    """One topic of an earlier conversation. `outcome` is "answered" or "person"."""

    topic: str
    partner: str
    channel: str
    outcome: str
    claim: str | None
    level: int
    at: datetime


class Contacts:
    """Keeps and finds contacts. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: AsyncEngine, clock: Clock, secret: str) -> None:
        self._engine = engine
        self._clock = clock
        self._key = secret.encode()

    async def note(
        self, conversation_id: str, member: VerifiedMember, contacts: Sequence[Contact]
    ) -> None:
        """Keep what was just talked about; a topic of the same conversation is written over."""
        table = tables.contacts
        async with self._engine.begin() as connection:
            await connection.execute(delete(table).where(table.c.at < self._clock.now() - KEPT))
            for contact in contacts:
                await connection.execute(
                    delete(table).where(
                        table.c.conversation_id == conversation_id, table.c.topic == contact.topic
                    )
                )
                await connection.execute(
                    insert(table).values(
                        conversation_id=conversation_id,
                        person=self._person(member.person.home),
                        **contact.__dict__,
                    )
                )

    async def latest(self, conversation_id: str, member: VerifiedMember) -> Contact | None:
        """What the member was told last in another conversation, as far as their level opens."""
        table = tables.contacts
        persons = [self._person(membership) for membership in member.person.memberships]
        query = (
            select(table)
            .where(
                table.c.person.in_(persons),
                table.c.conversation_id != conversation_id,
                table.c.level <= member.level,
                table.c.at >= self._clock.now() - KEPT,
            )
            .order_by(table.c.at.desc())
            .limit(1)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        return Contact(**{name: row[name] for name in Contact.__dataclass_fields__})

    async def earlier(self, conversation_id: str, member: VerifiedMember) -> list[Contact]:
        """What was talked about in other conversations, as far as the level opens; newest first."""
        table = tables.contacts
        query = (
            select(table)
            .where(
                table.c.person.in_([self._person(each) for each in member.person.memberships]),
                table.c.conversation_id != conversation_id,
                table.c.level <= member.level,
                table.c.at >= self._clock.now() - KEPT,
            )
            .order_by(table.c.at.desc())
            .limit(_MOST)
        )
        async with self._engine.connect() as connection:
            return [
                Contact(**{name: row[name] for name in Contact.__dataclass_fields__})
                for row in (await connection.execute(query)).mappings()
            ]

    async def conversations(self, member: VerifiedMember) -> list[str]:
        """The ids of the member's conversations, as far as the level opens."""
        table = tables.contacts
        query = select(table.c.conversation_id).where(
            table.c.person.in_([self._person(each) for each in member.person.memberships]),
            table.c.level <= member.level,
        )
        async with self._engine.connect() as connection:
            return sorted({row.conversation_id for row in await connection.execute(query)})

    def _person(self, membership: Membership) -> str:
        value = f"{membership.partner}:{membership.patient_id}"
        return hmac.new(self._key, value.encode(), hashlib.sha256).hexdigest()


def said_when(at: datetime, now: datetime) -> str:
    """'at 10:20 a.m. today', 'yesterday', 'on March 3', in the alliance's own time zone."""
    then, today = at.astimezone(_ZONE), now.astimezone(_ZONE).date()
    if then.date() == today:
        minutes = f":{then.minute:02}" if then.minute else ""
        half = "a.m." if then.hour < 12 else "p.m."
        return f"at {then.hour % 12 or 12}{minutes} {half} today"
    if then.date() == today - timedelta(days=1):
        return "yesterday"
    return f"on {then:%B} {then.day}"
