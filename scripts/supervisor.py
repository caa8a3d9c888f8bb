"""Keeps programs running: started together, restarted when they die, ended together."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from scripts.failure import Failure, last_line
from scripts.orphans import die_with_parent

# A program that dies this often within this time is not going to live.
DEATHS, DEATHS_SECONDS = 5, 60.0
# One that never came up is tried once more (its port may just have been taken): its
# configuration is wrong, and five slow starts would not show that sooner.
DEATHS_BEFORE_READY = 2
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 8.0
# Between being asked to stop and being made to.
STOP_SECONDS = 4.0
PROBE_SECONDS = 0.2

Say = Callable[[str], None]


@dataclass(frozen=True)
class Service:
    """A program to keep: `ready` tells whether it does its work, and may raise OSError."""

    name: str
    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: Callable[[], Awaitable[bool]]
    ready_seconds: float = 120.0


class Keeper:
    """Keeps one service running until it is cancelled, or until there is no point."""

    def __init__(self, service: Service, folder: Path, logs: Path, say: Say) -> None:
        self.ready = asyncio.Event()
        self.service = service
        self.log = logs / f"{service.name}.log"
        self._folder = folder
        self._say = say
        self._deaths: deque[float] = deque(maxlen=DEATHS)
        self._was_ready = False

    async def keep(self) -> NoReturn:
        """Never returns. Raises Failure when the service cannot be kept."""
        rotate(self.log)
        while True:
            began = time.monotonic()
            process = await self._spawn()
            try:
                status = await self._live(process)
            finally:
                self.ready.clear()
                await end(process)
            if time.monotonic() - began > DEATHS_SECONDS:
                self._deaths.clear()
            self._deaths.append(time.monotonic())
            self._give_up_or_go_on(_ending(status))
            pause = FIRST_PAUSE_SECONDS * 2 ** (len(self._deaths) - 1)
            await asyncio.sleep(min(pause, LONGEST_PAUSE_SECONDS))

    async def _spawn(self) -> asyncio.subprocess.Process:
        with self.log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *self.service.command,
                cwd=self._folder,
                env=self.service.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )

    async def _live(self, process: asyncio.subprocess.Process) -> int:
        """Wait for the process's end, and mark meanwhile when it is ready."""
        waiting = asyncio.create_task(self._become_ready())
        ended = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                waiting.result()
            return await ended
        finally:
            waiting.cancel()
            ended.cancel()

    async def _become_ready(self) -> None:
        service = self.service
        try:
            async with asyncio.timeout(service.ready_seconds):
                await until(service.ready, PROBE_SECONDS)
        except TimeoutError:
            raise Failure(
                f"{service.title} did not become ready within {service.ready_seconds:.0f} "
                f"seconds: see {self.log} ({last_line(self.log)[:200]})."
            ) from None
        if self._was_ready:
            self._say(f"{service.title} is back.")
        self._was_ready = True
        self.ready.set()

    def _give_up_or_go_on(self, ending: str) -> None:
        title, log = self.service.title, self.log
        recent = sum(time.monotonic() - death < DEATHS_SECONDS for death in self._deaths)
        if not self._was_ready and recent >= DEATHS_BEFORE_READY:
            raise Failure(f"{title} does not start ({ending}): see {log} ({last_line(log)[:200]}).")
        if recent >= DEATHS:
            raise Failure(f"{title} stopped {DEATHS} times within a minute: see {log}.")
        self._say(f"{title} stopped ({ending}) and is started again; its log is {log}.")


@asynccontextmanager
async def keeping(
    services: Sequence[Service], folder: Path, logs: Path, say: Say
) -> AsyncIterator[list[Keeper]]:
    """Keep services running while the block runs; all are ended when it ends.

    A service that cannot be kept cancels the block: its Failure comes in an exception group.
    """
    keepers = [Keeper(service, folder, logs, say) for service in services]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(keeper.keep()) for keeper in keepers]
        try:
            yield keepers
        finally:
            for task in tasks:
                task.cancel()


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask a process and its children to stop, then make them. Safe when they are gone."""
    ending, cancelled = asyncio.create_task(_end(process)), False
    while not ending.done():
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            # Being told to stop once more must not leave anything behind.
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        _signal(process.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
    # The group outlives its leader: these are the children that did not stop with it.
    _signal(process.pid, signal.SIGKILL)
    await process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def rotate(log: Path) -> None:
    """Begin a log, readable by the owner only; the one before is kept as NAME.log.1."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)


async def until(probe: Callable[[], Awaitable[bool]], pause: float) -> None:
    """Ask again and again, every `pause` seconds, until the probe says yes. An OSError is a no."""
    while not await _true(probe):  # noqa: ASYNC110 (what is asked is outside this process)
        await asyncio.sleep(pause)


async def _true(probe: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await probe()
    except OSError:
        return False


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit code {status}"
