"""The supervisor with small programs in the place of Memberline's."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
import subprocess
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from scripts import supervisor
from scripts.failure import Failure
from scripts.setup import ROOT
from scripts.supervisor import Keeper, Service, keeping, until
from tests.start.processes import alive, becomes_true

# Writes its process id into the file named first, then stays.
STAYS = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
# Has a child of its own; neither listens to SIGTERM.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    open(sys.argv[1], "w").write(f"{os.getpid()} {child}")
time.sleep(60)
"""
DIES = "import sys; print('the reason'); sys.exit(3)"


class Stage:
    """A place to keep programs, and what was said about them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []

    def service(self, program: str, name: str = "player", **settings: float) -> Service:
        file = self.folder / name

        async def ready() -> bool:
            return file.exists() and bool(file.read_text())

        command = (sys.executable, "-c", program, str(file))
        return Service(name, f"The {name}", command, os.environ, ready, **settings)

    def keeping(self, *services: Service) -> AbstractAsyncContextManager[list[Keeper]]:
        return keeping(services, self.folder, self.folder / "log", self.said.append)

    async def hears(self, words: str) -> None:
        async def heard() -> bool:
            return any(words in sentence for sentence in self.said)

        async with asyncio.timeout(10):
            await until(heard, 0.01)

    def processes(self, name: str = "player") -> list[int]:
        return [int(number) for number in (self.folder / name).read_text().split()]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.5)
    return Stage(tmp_path)


async def failure_of(stage: Stage, service: Service) -> str:
    with pytest.RaisesGroup(Failure) as raised:
        async with stage.keeping(service):
            await asyncio.sleep(30)
    return str(raised.value.exceptions[0])


async def test_programs_run_while_the_block_does(stage: Stage) -> None:
    async with stage.keeping(stage.service(STAYS, "one"), stage.service(STAYS, "two")) as keepers:
        for keeper in keepers:
            await keeper.ready.wait()
        processes = stage.processes("one") + stage.processes("two")
        assert all(map(alive, processes))
    assert not any(map(alive, processes))
    assert stage.said == []


async def test_a_program_that_dies_is_started_again_and_named_with_its_log(stage: Stage) -> None:
    async with stage.keeping(stage.service(STAYS)) as (keeper,):
        await keeper.ready.wait()
        (first,) = stage.processes()
        (stage.folder / "player").unlink()
        os.kill(first, signal.SIGKILL)
        await stage.hears("The player is back.")
        (second,) = stage.processes()
        assert second != first
        assert alive(second)
    assert stage.said[0] == (
        f"The player stopped (signal 9) and is started again; its log is {keeper.log}."
    )


async def test_five_deaths_within_a_minute_end_everything(stage: Stage) -> None:
    (stage.folder / "player").write_text("ready")
    lasts_a_moment = "import time; time.sleep(0.2)"
    other = stage.service(STAYS, "other")
    with pytest.RaisesGroup(Failure) as raised:
        async with stage.keeping(stage.service(lasts_a_moment), other):
            await asyncio.sleep(30)
    sentence = str(raised.value.exceptions[0])
    assert sentence == (
        f"The player stopped 5 times within a minute: see {stage.folder}/log/player.log."
    )
    assert len([said for said in stage.said if "is started again" in said]) == 4
    assert not alive(*stage.processes("other"))


async def test_a_program_that_never_comes_up_is_tried_twice(stage: Stage) -> None:
    sentence = await failure_of(stage, stage.service(DIES))
    assert sentence == (
        f"The player does not start (exit code 3): see {stage.folder}/log/player.log (the reason)."
    )
    assert (stage.folder / "log" / "player.log").read_text().splitlines() == ["the reason"] * 2


async def test_a_program_that_takes_too_long_is_named(stage: Stage) -> None:
    silent = "import time; time.sleep(60)"
    sentence = await failure_of(stage, stage.service(silent, ready_seconds=0.3))
    assert sentence.startswith("The player did not become ready within 0 seconds: see ")
    assert sentence.endswith("(it said nothing).")


async def test_children_of_a_program_end_with_it_even_when_they_do_not_listen(
    stage: Stage,
) -> None:
    async with stage.keeping(stage.service(STUBBORN)) as (keeper,):
        await keeper.ready.wait()
        processes = stage.processes()
        assert len(processes) == 2
        assert all(map(alive, processes))
    # The child is not ours to wait for: it has been killed, and takes its moment.
    assert becomes_true(lambda: not any(map(alive, processes)), 2)


async def test_children_of_a_program_that_died_end_before_it_is_started_again(
    stage: Stage,
) -> None:
    async with stage.keeping(stage.service(STUBBORN)) as (keeper,):
        await keeper.ready.wait()
        leader, child = stage.processes()
        os.kill(leader, signal.SIGKILL)
        await stage.hears("is started again")
        assert becomes_true(lambda: not alive(child), 2)


async def test_the_last_log_is_kept_and_logs_are_the_owners_only(stage: Stage) -> None:
    log = stage.folder / "log" / "player.log"
    log.parent.mkdir()
    log.write_text("of the start before")
    async with stage.keeping(stage.service(STAYS)) as (keeper,):
        await keeper.ready.wait()
    assert log.read_text() == ""
    assert log.with_suffix(".log.1").read_text() == "of the start before"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_nothing_is_left_when_the_supervisor_is_killed_outright(tmp_path: Path) -> None:
    file = tmp_path / "player"
    program = f"""
import asyncio, os, sys
from pathlib import Path
from scripts.supervisor import Service, keeping

async def ready():
    return True

async def main():
    command = (sys.executable, "-c", {STAYS!r}, {str(file)!r})
    service = Service("player", "The player", command, os.environ, ready)
    here = Path({str(tmp_path)!r})
    async with keeping([service], here, here, print):
        await asyncio.sleep(60)

asyncio.run(main())
"""
    outer = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    try:
        assert becomes_true(lambda: file.exists() and bool(file.read_text()))
        child = int(file.read_text())
        assert alive(child)
    finally:
        outer.kill()
        outer.wait()
    assert becomes_true(lambda: not alive(child), 2)
