"""Agents and their sign-in: local users, passwords by argon2, a first administrator."""

from __future__ import annotations

import asyncio
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import RowMapping, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.partners import Partners
from api.errors import NotSignedIn
from api.ids import new_token, token_hash
from api.store import tables

SESSION = timedelta(hours=10)
ADMIN = "admin"


@dataclass(frozen=True)
class Agent:
    """Who is at the desk. `companies` are the partner keys this agent may serve."""

    username: str
    name: str
    role: str
    companies: frozenset[str]

    def may_serve(self, partner: str | None) -> bool:
        """Whether a conversation of that company is this agent's to see (None: anybody's)."""
        return partner is None or partner in self.companies


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
        self, username: str, name: str, password: str, role: str, companies: list[str]
    ) -> None:
        """Make a user. Raises sqlalchemy.exc.IntegrityError when the name is taken."""
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.agents).values(
                    username=username,
                    name=name,
                    password_hash=await asyncio.to_thread(self._hasher.hash, password),
                    role=role,
                    companies=companies,
                )
            )

    async def get(self, username: str) -> Agent | None:
        """The agent of that name."""
        row = await self._row(username)
        return _agent(row) if row else None

    async def sign_in(self, username: str, password: str) -> tuple[Agent, str]:
        """The agent and a session's token. Raises NotSignedIn; which part was wrong is not said."""
        row = await self._row(username)
        stored = row["password_hash"] if row else self._nobody
        try:
            await asyncio.to_thread(self._hasher.verify, stored, password)
        except VerifyMismatchError:
            row = None
        if row is None:
            raise NotSignedIn("User name or password is wrong.")
        token = new_token()
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.desk_sessions).values(
                    token_hash=token_hash(token),
                    username=username,
                    expires_at=self._clock.now() + SESSION,
                )
            )
        return _agent(row), token

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
                        )
                    )
                )
                .mappings()
                .first()
            )
        if row is None:
            raise NotSignedIn("Please sign in.")
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
    return Agent(row["username"], row["name"], row["role"], frozenset(row["companies"]))


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
