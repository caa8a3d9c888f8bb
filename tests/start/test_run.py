"""`make run` as people meet it: its sentences, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from scripts.folder import only_start
from scripts.setup import ROOT, model_path
from tests.stack import START_SECONDS, Start
from tests.start.processes import becomes_true, with_variable

STARTED = (
    "redis-server",
    "--partner cigna",
    "--partner mvp",
    "--partner preferred-care",
    "actions.app:create_app",
    "bot.lean run",
    "api.app:create_app",
)


def test_a_taken_port_is_one_sentence_before_anything_is_installed() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        done = subprocess.run(  # noqa: PLW1510 (the failure is what is looked at)
            ["make", "--no-print-directory", "run", f"PORT={port}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
        )
    sentence, _, rest = done.stderr.partition("\n")
    assert sentence == (
        f"Port {port} is taken by another program: stop it, or choose another port "
        f"with `make run PORT={port + 1}`."
    )
    # What make adds by itself.
    assert rest.startswith("make")
    assert rest.count("\n") == 1
    assert done.stdout == ""


def test_a_second_start_from_the_same_folder_says_so(tmp_path: Path) -> None:
    environment = {**os.environ, "MEMBERLINE_VAR": str(tmp_path)}
    with only_start(tmp_path):
        second = subprocess.run(  # noqa: PLW1510 (the failure is what is looked at)
            ["scripts/bootstrap.sh", "run"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert second.returncode == 1
    assert second.stderr == (
        f"Memberline is already running from this folder (process {os.getpid()}): stop it first, "
        "or give this one a folder of its own with MEMBERLINE_VAR.\n"
    )


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    # A file where the folder of the database should be: root may write anywhere else.
    (tmp_path / "redis").write_text("in the way")
    start = Start(tmp_path)
    assert start.process.wait(60) == 1
    assert "Traceback" not in start.output
    assert str(tmp_path / "redis") in start.output.splitlines()[-1]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    assert model_path().exists(), "There is no current model: run `make train` first."
    start = Start(tmp_path_factory.mktemp("start") / "var")
    yield start
    start.end(signal.SIGKILL)


@pytest.mark.stack
@pytest.mark.timeout(START_SECONDS + 60)
class TestWholeStart:
    """One start, in the order of its life: the last test ends it."""

    def test_it_says_where_to_go_when_a_first_question_was_answered(self, start: Start) -> None:
        bridge = start.wait_ready()["bridge"]
        start.wait_for("Logs       ")
        assert f"Chat page  {bridge}/\n" in start.output
        assert f"Desk       {bridge}/desk\n" in start.output
        portals = re.findall(r"Portal     (\S+/portal)", start.output)
        assert [httpx.get(portal).status_code for portal in portals] == [200, 200, 200]
        assert httpx.get(f"{bridge}/").status_code == 200
        assert (start.var / "desk-admin.txt").exists()

    def test_all_its_processes_run(self, start: Start) -> None:
        lines = with_variable("MEMBERLINE_VAR", str(start.var)).values()
        assert [name for name in STARTED if not any(name in line for line in lines)] == []

    def test_its_own_first_question_is_no_conversation(self, start: Start) -> None:
        with sqlite3.connect(start.var / "memberline.sqlite") as store:
            counts = [
                store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in ("conversations", "messages", "turns")
            ]
        assert counts == [0, 0, 0]

    def test_no_secret_stands_in_a_command_line(self, start: Start) -> None:
        secrets = [
            line.split("=", 1)[1] for line in (start.var / "secrets.env").read_text().splitlines()
        ]
        lines = with_variable("MEMBERLINE_VAR", str(start.var)).values()
        assert not [line for line in lines if any(secret in line for secret in secrets)]

    def test_what_it_keeps_is_the_owners_only(self, start: Start) -> None:
        kept = [start.var / "secrets.env", *start.var.rglob("*.sqlite"), *start.var.rglob("*.log")]
        assert len(kept) > len(STARTED)
        assert [path for path in kept if path.stat().st_mode & 0o077] == []

    def test_a_process_that_dies_is_back_and_named(self, start: Start) -> None:
        processes = with_variable("MEMBERLINE_VAR", str(start.var))
        (actions,) = [number for number, line in processes.items() if "actions.app" in line]
        os.kill(actions, signal.SIGKILL)
        start.wait_for("The action process stopped (signal 9) and is started again; its log is")
        start.wait_for("The action process is back.")

    def test_ctrl_c_stops_everything_within_ten_seconds(self, start: Start) -> None:
        began = time.monotonic()
        status = start.end(signal.SIGINT)
        assert time.monotonic() - began < 10
        assert status == 0
        assert start.output.endswith("Everything is stopped.\n")
        assert with_variable("MEMBERLINE_VAR", str(start.var)) == {}
        assert not (start.var / "running.json").exists()

    def test_a_second_start_needs_no_setup_and_leaves_nothing_when_killed(
        self, start: Start
    ) -> None:
        second = Start(start.var)
        assert becomes_true(
            lambda: len(with_variable("MEMBERLINE_VAR", str(start.var))) > len(STARTED), 120
        )
        second.end(signal.SIGKILL)
        assert becomes_true(lambda: with_variable("MEMBERLINE_VAR", str(start.var)) == {}, 5)
