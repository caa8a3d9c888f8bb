"""What a voice turn costs through each platform's adapter, and eight calls at once.

    .venv/bin/python -m bench.phone [--calls 40]

Starts the whole of Memberline, with a data folder of its own. A call is a greeting, an open
question that the assistant answers from its knowledge, one that asks a company's directory,
"repeat" and a key. Eight calls are measured in two ways: in step, where all eight callers end their
sentence in the very same moment, which happens to no line and is the worst there is; and going on
at once, where they listen and speak as callers do, with a turn every four seconds each. Beside each
figure stands its ratio to the plainest request to the same bridge in the same run (`/livez`),
because machines differ. No turn may come near the inner deadline of 5 s. At the end stands how much
CPU time a turn takes in each of the processes; the callers work on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil

from api.ivr.core import INNER_DEADLINE_SECONDS
from tests.api.ivr.callers import (
    AudioCodesCall,
    JambonzCall,
    JsonCall,
    LexCall,
    TwilioCall,
    VxmlCall,
)
from tests.stack import running_stack

AT_ONCE = 8
TARGET_MS = 150
# How long a caller listens and speaks between two turns: evenly between these.
TURN_EVERY_SECONDS = (2.0, 6.0)
_WARM_UP = 5
# A mark of each process's command, and what it is.
_PROCESSES = (
    ("api.app", "bridge"),
    ("bot.lean", "Rasa"),
    ("actions.app", "actions"),
    ("sandbox serve", "stand-ins"),
    ("redis", "Redis"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=40)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="memberline-bench-") as folder,
        running_stack(Path(folder) / "var") as stack,
    ):
        before = _cpu_seconds(stack.start.process.pid)
        turns = asyncio.run(_measure(stack.bridge, stack.environment, options.calls))
        after = _cpu_seconds(stack.start.process.pid)
        spent = {name: 1000 * (after[name] - before.get(name, 0.0)) / turns for name in after}
        print("CPU ms a turn: " + ", ".join(f"{n} {ms:.1f}" for n, ms in spent.items()))


def _cpu_seconds(supervisor: int) -> dict[str, float]:
    """What each process has used until now, in seconds of CPU."""
    spent: dict[str, float] = {}
    for process in psutil.Process(supervisor).children(recursive=True):
        command = " ".join(process.cmdline())
        name = next((name for mark, name in _PROCESSES if mark in command), "other")
        times = process.cpu_times()
        spent[name] = spent.get(name, 0.0) + times.user + times.system
    return spent | {"callers": time.process_time()}


def _platforms(secrets: Mapping[str, str]) -> dict[str, Callable[[httpx.AsyncClient], Any]]:
    return {
        "json": lambda http: JsonCall(http, secrets["IVR_API_TOKEN"].split()[0]),
        "twilio": lambda http: TwilioCall(http, secrets["TWILIO_AUTH_TOKEN"]),
        "jambonz": lambda http: JambonzCall(http, secrets["JAMBONZ_WEBHOOK_SECRET"]),
        "audiocodes": lambda http: AudioCodesCall(http, secrets["AUDIOCODES_TOKEN"]),
        "lex": lambda http: LexCall(http, secrets["LEX_SECRET"]),
        "vxml": lambda http: VxmlCall(http, secrets["VXML_TOKEN"]),
    }


async def _measure(bridge: str, secrets: Mapping[str, str], calls: int) -> int:
    """Measure and print; returns how many turns were made."""
    async with httpx.AsyncClient(base_url=bridge, timeout=20) as http:
        plain = await _plain(http)
        print(f"the plainest request: {plain:.1f} ms")
        print(f"{'':28} {'p50 ms':>8} {'p95 ms':>8} {'ratio of p95':>13}")
        worst, turns = 0.0, 0
        for name, make in _platforms(secrets).items():
            took = [ms for _ in range(calls) for ms in await _call(make(http))]
            worst, turns = max(worst, *took), turns + len(took)
            _print(name, took, plain)
        for name, make in _platforms(secrets).items():
            took = []
            for _ in range(max(1, calls // AT_ONCE)):
                together = await asyncio.gather(*(_call(make(http)) for _ in range(AT_ONCE)))
                took += [ms for each in together for ms in each]
            worst, turns = max(worst, *took), turns + len(took)
            _print(f"{name}, {AT_ONCE} in step", took, plain, TARGET_MS)
        took = await _going_on(http, secrets, max(1, calls // AT_ONCE))
        worst, turns = max(worst, *took), turns + len(took)
        _print(f"{AT_ONCE} calls going on at once", took, plain, TARGET_MS)
        limit = INNER_DEADLINE_SECONDS * 1000
        print(f"slowest turn {worst:.0f} ms, of the {limit:.0f} ms of the inner deadline")
    return turns


def _print(name: str, took: list[float], plain: float, target: int | None = None) -> None:
    p50, p95 = np.percentile(took, [50, 95])
    goal = f"  (target p95 <= {target})" if target else ""
    print(f"{name:28} {p50:8.1f} {p95:8.1f} {p95 / plain:13.1f}{goal}")


async def _plain(http: httpx.AsyncClient) -> float:
    took = []
    for _ in range(_WARM_UP + 50):
        began = time.perf_counter()
        (await http.get("/livez")).raise_for_status()
        took.append((time.perf_counter() - began) * 1000)
    return float(np.median(took[_WARM_UP:]))


async def _going_on(http: httpx.AsyncClient, secrets: Mapping[str, str], calls: int) -> list[float]:
    """Milliseconds of each turn while eight callers, on all platforms, make calls one after
    another. The same each time: who pauses how long is drawn from a fixed seed.
    """
    platforms = itertools.cycle(_platforms(secrets).values())

    async def caller(number: int, makes: list[Callable[[httpx.AsyncClient], Any]]) -> list[float]:
        pauses = random.Random(number)

        async def pause() -> None:
            await asyncio.sleep(pauses.uniform(*TURN_EVERY_SECONDS))

        return [ms for make in makes for ms in await _call(make(http), pause)]

    callers = (
        caller(number, list(itertools.islice(platforms, calls))) for number in range(AT_ONCE)
    )
    return [ms for each in await asyncio.gather(*callers) for ms in each]


async def _at_once() -> None:
    """No pause."""


async def _call(call: Any, pause: Callable[[], Awaitable[None]] = _at_once) -> list[float]:
    """Milliseconds of each turn of one call, each after a pause."""
    turns = (
        call.start,
        lambda: call.say("what is a deductible"),
        lambda: call.say("find me a cardiologist near 12207"),
        lambda: call.say("repeat that"),
        lambda: call.keys("3"),
    )
    took = []
    for turn in turns:
        await pause()
        began = time.perf_counter()
        told = await turn()
        took.append((time.perf_counter() - began) * 1000)
        if told.action != "listen":
            raise SystemExit(f"The call ended in {told.action}: {told.say}")
    return took


if __name__ == "__main__":
    main()
