"""The SQL store on SQLite and on a PostgreSQL of the tests' own: every test here runs on both."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import httpx
import psycopg
import pytest
import yaml
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock, fixed_clock, system_clock
from alliance.partners import PARTNERS_FILE, Partners, load_partners
from alliance.routing import ROUTING_FILE, Routing, load_routing
from api.assistant import Assistant
from api.conversations.store import ConversationStore
from api.desk.handover import Handovers
from api.store.engine import connect
from api.wakes import Wakes
from scripts.setup import ROOT
from tests.actions.conftest import MOMENT
from tests.alliance.conftest import ENVIRONMENT

_DEBIAN = Path("/usr/lib/postgresql")
_numbers = itertools.count()


class Postgres:
    """A cluster in a temporary folder, reached by a socket there and by nothing else."""

    def __init__(self, folder: Path) -> None:
        programs = sorted(_DEBIAN.glob("*/bin"))
        assert programs, "These tests need PostgreSQL (Debian: apt-get install postgresql)."
        self._programs, self._folder = programs[-1], folder
        self._run("initdb", "-D", f"{folder}/data", "-U", "memberline", "--auth=trust", "-N")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/log", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-m", "immediate", "stop")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://memberline@/{database}?host={self._folder}"

    def create(self, template: str = "template0") -> str:
        """A new database; returns its name."""
        name = f"memberline_{next(_numbers)}"
        address = f"host={self._folder} user=memberline dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        user = "postgres" if os.getuid() == 0 else None
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            cwd=self._folder,
            user=user,
            group=user,
            stdout=subprocess.DEVNULL,
            timeout=60,
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="memberline-postgres-"))
    if os.getuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    postgres = Postgres(folder)
    yield postgres
    postgres.stop()
    shutil.rmtree(folder)


def migrate(url: str, command: str = "upgrade", revision: str = "head") -> None:
    """Run the product's migrations."""
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "api/store/alembic.ini", command, revision],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("store") / "empty.db"
    migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def empty_postgres(postgres: Postgres) -> str:
    name = postgres.create()
    migrate(postgres.url(name))
    return name


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.extra)]


@pytest.fixture(params=BOTH)
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database without any table."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/fresh.db"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.url(postgres.create())


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the product's tables and nothing in them."""
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "memberline.db")
        return f"sqlite+aiosqlite:///{file}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.url(postgres.create(request.getfixturevalue("empty_postgres")))


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = connect(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return fixed_clock(MOMENT)


@pytest.fixture
def store(engine: AsyncEngine, clock: Clock) -> ConversationStore:
    return ConversationStore(engine, clock)


@cache
def _configuration() -> tuple[Partners, Routing]:
    partners = load_partners(yaml.safe_load(PARTNERS_FILE.read_text("utf-8")), ENVIRONMENT)
    return partners, load_routing(yaml.safe_load(ROUTING_FILE.read_text("utf-8")), partners)


def handovers(engine: AsyncEngine) -> Handovers:
    """The queue over a store, with neither Rasa nor Redis: neither decides who gets what."""
    clock, (partners, routing) = system_clock(), _configuration()
    nowhere = Redis(port=9, retry=Retry(NoBackoff(), 0))
    client = httpx.AsyncClient(base_url="http://127.0.0.1:9", verify=False)  # noqa: S501
    assistant = Assistant(client, nowhere, clock, "")
    wakes = Wakes(nowhere, nowhere)
    store = ConversationStore(engine, clock)
    return Handovers(engine, store, assistant, wakes, partners, routing, clock)
