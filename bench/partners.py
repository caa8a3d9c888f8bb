"""What asking the partners costs, at the announcement's sizes: a directory of 500,000 providers.

python -m bench.partners [--data DIR] [--scale full|small] [--calls 200]

DIR keeps the stand-ins' data (by default var/bench). A company that is missing there is built
first, which takes minutes at full scale; one of an older version has to be deleted. Beside each
figure stands its ratio to the plainest request to the same server in the same run, because
machines differ.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import numpy as np
import structlog

from actions.answers.directory import directories, nearest
from actions.answers.question import Desk
from actions.audit_log import SqlAuditLog
from actions.partners import connect
from actions.partners.capabilities import DirectoryQuery
from actions.records import MemberRecords
from actions.settings import PartnerConfiguration
from alliance.clock import system_clock
from alliance.gazetteer import ZipCode, locate, specialty
from alliance.turn import TurnContext
from alliance.verified import Actor, Membership, Person, VerifiedMember
from api.store.engine import connect as connect_store

ROOT = Path(__file__).parent.parent
PARTNERS = ("cigna", "mvp", "preferred-care")
SECRETS = {
    f"{partner}_{kind}_SECRET": "only-for-this-benchmark"
    for partner in ("CIGNA", "MVP", "PREFERRED_CARE")
    for kind in ("CLIENT", "WEBHOOK")
}
# Inside the region, where two directories are asked, and outside it.
ZIPS = ("12207", "12180", "14604", "13202", "05401", "03101", "02118", "10001", "60611", "30303")
SPECIALTIES = ("cardiology", "dermatology", "family_medicine", "psychiatry", "orthopedics")
MEMBERS = ("U10010001", "U10010004", "U10010034", "U10010040")
_START_SECONDS = 120
_WARM_UP = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--scale", choices=("full", "small"), default="full")
    parser.add_argument("--calls", type=int, default=200)
    arguments = parser.parse_args()
    os.environ |= SECRETS
    _sandbox("keys", "--data", str(arguments.data))
    for partner in PARTNERS:
        if not (arguments.data / f"{partner}.sqlite").exists():
            _sandbox(
                *("build", "--data", str(arguments.data)),
                *("--partner", partner, "--scale", arguments.scale),
            )
    with _running(arguments.data), open(os.devnull, "w", encoding="utf-8") as nowhere:
        # As the actions log; a console's columns and colours would cost more than a request.
        structlog.configure(
            processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
            logger_factory=structlog.PrintLoggerFactory(nowhere),
        )
        asyncio.run(_measure(arguments.calls))


def _sandbox(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "sandbox", *arguments], cwd=ROOT, check=True)


@contextmanager
def _running(data: Path) -> Iterator[None]:
    """The three stand-ins; their addresses go where `partners.yml` looks for them."""
    processes = []
    try:
        for partner in PARTNERS:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            root = f"http://127.0.0.1:{port}"
            os.environ[f"{partner.upper().replace('-', '_')}_BACKEND_URL"] = root
            command = [sys.executable, "-m", "sandbox", "serve", "--partner", partner]
            processes.append(
                subprocess.Popen([*command, "--port", str(port), "--data", str(data)], cwd=ROOT)
            )
            _wait(f"{root}/healthz")
        os.environ["CIGNA_KEY_FILE"] = str(data / "keys" / "memberline-es384.pem")
        yield
    finally:
        for process in processes:
            process.terminate()
            process.wait(timeout=20)


def _wait(url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit(f"{url} did not answer within {_START_SECONDS} s.")


async def _measure(calls: int) -> None:
    clock = system_clock()
    configuration = PartnerConfiguration(ROOT / "var" / "bench" / "none")
    partners = configuration.current()
    backend = partners["cigna"].backend
    if backend is None:
        raise SystemExit("partners.yml: company 'cigna' has no backend.")
    async with AsyncExitStack() as stack:
        backends = await connect(configuration, clock, stack)
        engine = connect_store("sqlite+aiosqlite://")
        stack.push_async_callback(engine.dispose)
        context = TurnContext("bench", "bench", "chat", "live", Actor("member"))
        desk = Desk(
            partners=partners,
            backends=backends,
            records=MemberRecords(context, backends, SqlAuditLog(engine), clock),
            clock=clock,
        )
        plain = await stack.enter_async_context(httpx.AsyncClient())
        draw = random.Random(1)
        root = backend.base_url.removesuffix("/fhir")
        members = [
            VerifiedMember(
                person=Person(Membership("cigna", record.patient_id)),
                level=2,
                method="id_dob_zip",
                actor=Actor("member"),
                conversation_id="bench",
                expires_at=clock.now() + timedelta(hours=1),
            )
            for number in MEMBERS
            for record in await backends["cigna"].find_member(number)
        ]
        network = partners["cigna"].networks[0].id

        async def at_the_partner() -> None:
            query = _query(draw)
            codes = [f"http://nucc.org/provider-taxonomy|{each}" for each in query.specialty_codes]
            answer = await plain.get(
                f"{backend.base_url}/PractitionerRole",
                params={
                    "specialty": ",".join(codes),
                    "network": network,
                    "location.near": f"{query.latitude}|{query.longitude}|100|mi_us",
                    "_count": "10",
                },
            )
            answer.raise_for_status()

        async def over_both_networks() -> None:
            query = _query(draw)
            found = await nearest(
                directories(_place(query.zip), desk),
                lambda each, miles: each.search_directory(replace(query, miles=miles)),
                desk,
                start=0,
            )
            if found.failed:
                raise SystemExit(f"{found.failed} did not answer: the figures would mean nothing.")

        async def claims() -> None:
            if not await backends["cigna"].claims(draw.choice(members)):
                raise SystemExit("a sample member without claims")

        async def plainest() -> None:
            (await plain.get(f"{root}/healthz")).raise_for_status()

        base = await _times(plainest, calls)
        print(f"{'':48}{'p50':>8}{'p95':>8}{'target':>9}{'p50 ratio':>11}")
        for name, call, target in (
            ("the plainest request to the server", plainest, None),
            ("nearest ten by specialty and network, at CIGNA", at_the_partner, 5),
            ("a provider search over both networks", over_both_networks, 25),
            ("a member's claims", claims, 15),
        ):
            times = base if call is plainest else await _times(call, calls)
            p50, p95 = np.percentile(times, [50, 95])
            wanted = f"{target} ms" if target else ""
            ratio = p50 / np.percentile(base, 50)
            print(f"{name:48}{p50:7.1f} {p95:7.1f} {wanted:>9}{ratio:11.1f}")


def _query(draw: random.Random) -> DirectoryQuery:
    place, wanted = _place(draw.choice(ZIPS)), specialty(draw.choice(SPECIALTIES))
    if wanted is None:
        raise SystemExit("a specialty of this benchmark is on no list")
    return DirectoryQuery(wanted.nucc_codes, place.zip, place.lat, place.lon, limit=10)


def _place(zip_code: str) -> ZipCode:
    place = locate(zip_code)
    if place is None:
        raise SystemExit(f"{zip_code} is no ZIP code")
    return place


async def _times(call: Callable[[], Awaitable[None]], calls: int) -> list[float]:
    for _ in range(_WARM_UP):
        await call()
    times = []
    for _ in range(calls):
        began = time.perf_counter()
        await call()
        times.append((time.perf_counter() - began) * 1e3)
    return times


if __name__ == "__main__":
    main()
