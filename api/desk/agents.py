"""Agents and their sign-in: local users, passwords by argon2, a first administrator."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import RowMapping, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.partners import Partners
from api.errors import Conflict, NotFound, NotSignedIn
from api.ids import new_token, token_hash
from api.store import tables

SESSION = timedelta(hours=10)
ADMIN = "admin"
# How many conversations at once, for who is made by their company's sign-in.
USUAL_LIMIT = 3
# Of users who sign in at their company: no password fits.
_NO_PASSWORD = ""
# An agent whose page was not heard of for so long has lost the connection. Real time, whatever the
# clock of the members' dates says: it is about a wire.
GONE = timedelta(seconds=30)
# How often a page that is connected is written down.
_NOTED_EVERY = timedelta(seconds=5)

Role = Literal["agent", "supervisor", "admin"]


@dataclass(frozen=True)
class Agent:
    """Who is at the desk. `companies` are the partner keys this agent may serve, `chat_limit` how
    many conversations at once (None: no limit).
    """

    username: str
    name: str
    role: Role
    companies: frozenset[str]
    skills: frozenset[str] = frozenset()
    chat_limit: int | None = None
    available: bool = True

    def may_serve(self, partner: str | None) -> bool:
        """Whether a conversation of that company is this agent's to see (None: anybody's)."""
        return partner is None or partner in self.companies

    def can(self, skills: Iterable[str] | None) -> bool:
        """Whether this agent has the skills that a hand-over asks for."""
        return self.skills.issuperset(skills or ())


class Supervisor(Agent):
    """Sees the figures of their companies, watches and takes over conversations there."""


class Administrator(Supervisor):
    """Manages the desk's users, too."""


_ROLES: Mapping[Role, type[Agent]] = {
    "agent": Agent,
    "supervisor": Supervisor,
    "admin": Administrator,
}


class Agents:
    """Users of the desk and their sessions."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._hasher = PasswordHasher()
        # Compared against when there is no such user, so that both take the same time.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))

    async def first_admin(self, file: Path, partners: Partners) -> None:
        """Make the administrator at the first start; the password stands in `file` (0600)."""
        async with self._engine.begin() as connection:
            count = (
                await connection.execute(select(func.count()).select_from(tables.agents))
            ).scalar_one()
            if count:
                return
            password = secrets.token_urlsafe(12)
            await connection.execute(
                insert(tables.agents).values(
                    username=ADMIN,
                    name="Administrator",
                    password_hash=self._hasher.hash(password),
                    role="admin",
                    companies=[partner.key for partner in partners if partner.backend],
                )
            )
            _write_private(file, f"user: {ADMIN}\npassword: {password}\n")

    async def add(
        self,
        username: str,
        name: str,
        password: str,
        role: Role,
        companies: list[str],
        skills: Iterable[str] = (),
        chat_limit: int | None = None,
    ) -> None:
        """Make a user. Raises Conflict when the name is taken."""
        password_hash = await asyncio.to_thread(self._hasher.hash, password)
        try:
            async with self._engine.begin() as connection:
                await connection.execute(
                    insert(tables.agents).values(
                        username=username,
                        name=name,
                        password_hash=password_hash,
                        role=role,
                        companies=companies,
                        skills=sorted(skills),
                        chat_limit=chat_limit,
                    )
                )
        except IntegrityError as error:
            raise Conflict("There is a user of that name.") from error

    async def change(self, username: str, password: str | None, **values: Any) -> None:
        """Change a user; a new password or being switched off ends their sessions. The last
        administrator stays one. Raises NotFound, Conflict.
        """
        if password:
            values["password_hash"] = await asyncio.to_thread(self._hasher.hash, password)
        table, sessions = tables.agents, tables.desk_sessions
        async with self._engine.begin() as connection:
            changed = await connection.execute(
                update(table).where(table.c.username == username).values(**values)
            )
            if changed.rowcount != 1:
                raise NotFound("There is no such user.")
            left = await connection.execute(
                select(func.count())
                .select_from(table)
                .where(table.c.role == "admin", table.c.active)
            )
            if not left.scalar_one():
                # Leaving the block by an error takes the change back.
                raise Conflict("The desk needs an administrator: make another one first.")
            if password or values.get("active") is False:
                await connection.execute(delete(sessions).where(sessions.c.username == username))

    async def set_available(self, username: str, available: bool) -> None:
        """Whether this agent takes conversations now."""
        table = tables.agents
        async with self._engine.begin() as connection:
            await connection.execute(
                update(table).where(table.c.username == username).values(available=available)
            )

    async def all_users(self) -> list[dict[str, Any]]:
        """All users, by name, with whether their page is connected."""
        table = tables.agents
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select(table).order_by(table.c.username))).mappings()
            return [
                {
                    "username": row["username"],
                    "name": row["name"],
                    "role": row["role"],
                    "companies": sorted(row["companies"]),
                    "skills": sorted(row["skills"]),
                    "chat_limit": row["chat_limit"],
                    "available": row["available"],
                    "active": row["active"],
                    "connected": _connected(row["seen_at"]),
                    "issuer": row["issuer"],
                }
                for row in rows
            ]

    async def seen(self, username: str) -> None:
        """This agent's page is there."""
        table, now = tables.agents, datetime.now(UTC)
        async with self._engine.begin() as connection:
            await connection.execute(
                update(table)
                .where(
                    table.c.username == username,
                    or_(table.c.seen_at.is_(None), table.c.seen_at < now - _NOTED_EVERY),
                )
                .values(seen_at=now)
            )

    async def get(self, username: str) -> Agent | None:
        """The agent of that name, if the desk is still open to them."""
        row = await self._row(username)
        return _agent(row) if row and row["active"] else None

    async def sign_in(self, username: str, password: str) -> tuple[Agent, str]:
        """The agent and a session's token. Raises NotSignedIn; which part was wrong is not said."""
        row = await self._row(username)
        stored = (row["password_hash"] if row else _NO_PASSWORD) or self._nobody
        try:
            await asyncio.to_thread(self._hasher.verify, stored, password)
        except VerifyMismatchError:
            row = None
        if row is None or not row["active"]:
            raise NotSignedIn("User name or password is wrong.")
        return _agent(row), await self.start_session(username)

    async def enter(
        self,
        *,
        issuer: str,
        subject: str,
        key: str,
        name: str,
        role: Role,
        companies: Iterable[str],
        skills: Iterable[str] | None,
    ) -> str:
        """A session of somebody for whom their company's sign-in vouches: what it says of them
        holds from now on. `key` stands before the subject in the user name. Raises NotSignedIn
        when an administrator has closed the desk to them.
        """
        table = tables.agents
        told: dict[str, Any] = {"name": name, "role": role, "companies": sorted(companies)}
        if skills is not None:
            told["skills"] = sorted(skills)
        who = (table.c.issuer == issuer, table.c.subject == subject)
        async with self._engine.begin() as connection:
            row = (
                await connection.execute(select(table.c.username, table.c.active).where(*who))
            ).first()
            if row is not None and not row.active:
                raise NotSignedIn("The desk is closed to this user.")
            if row is None:
                username = f"{key}:{subject}"
                await connection.execute(
                    insert(table).values(
                        username=username,
                        password_hash=_NO_PASSWORD,
                        issuer=issuer,
                        subject=subject,
                        chat_limit=USUAL_LIMIT,
                        **told,
                    )
                )
            else:
                username = row.username
                await connection.execute(update(table).where(*who).values(**told))
        return await self.start_session(username)

    async def start_session(self, username: str) -> str:
        """A session of somebody who was proven; returns its token."""
        token = new_token()
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.desk_sessions).values(
                    token_hash=token_hash(token),
                    username=username,
                    expires_at=self._clock.now() + SESSION,
                )
            )
        await self.seen(username)
        return token

    async def of_session(self, token: str) -> Agent:
        """Who is signed in. Raises NotSignedIn."""
        table = tables.desk_sessions
        async with self._engine.connect() as connection:
            row = (
                (
                    await connection.execute(
                        select(tables.agents)
                        .join(table, table.c.username == tables.agents.c.username)
                        .where(
                            table.c.token_hash == token_hash(token),
                            table.c.expires_at > self._clock.now(),
                            tables.agents.c.active,
                        )
                    )
                )
                .mappings()
                .first()
            )
        if row is None:
            raise NotSignedIn("Please sign in.")
        if row["seen_at"] is None or datetime.now(UTC) - row["seen_at"] > _NOTED_EVERY:
            await self.seen(row["username"])
        return _agent(row)

    async def sign_out(self, token: str) -> None:
        """End the session."""
        async with self._engine.begin() as connection:
            await connection.execute(
                delete(tables.desk_sessions).where(
                    tables.desk_sessions.c.token_hash == token_hash(token)
                )
            )

    async def _row(self, username: str) -> RowMapping | None:
        async with self._engine.connect() as connection:
            return (
                (
                    await connection.execute(
                        select(tables.agents).where(tables.agents.c.username == username)
                    )
                )
                .mappings()
                .first()
            )


def _agent(row: RowMapping) -> Agent:
    return _ROLES[row["role"]](
        username=row["username"],
        name=row["name"],
        role=row["role"],
        companies=frozenset(row["companies"]),
        skills=frozenset(row["skills"]),
        chat_limit=row["chat_limit"],
        available=row["available"],
    )


def _connected(seen_at: datetime | None) -> bool:
    return seen_at is not None and datetime.now(UTC) - seen_at < GONE


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
