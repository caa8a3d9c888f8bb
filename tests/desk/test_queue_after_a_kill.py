"""A hundred people wait, everything is killed at once, and after a new start they wait in order."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import pytest

from tests.desk.test_handed_over import Agent
from tests.stack import START_SECONDS, Member, Stack, Start, free_port
from tests.start.processes import alive, becomes_true, with_variable

pytestmark = [pytest.mark.extra, pytest.mark.stack, pytest.mark.timeout(3 * START_SECONDS)]

WAITING = 100


def started(var: Path, port: int) -> Stack:
    start = Start(var, PORT=str(port))
    running = start.wait_ready()
    return Stack(running["bridge"], var, running["environment"], start)


def kill_everything(stack: Stack) -> list[str]:
    """SIGKILL to every process of this very Memberline, the supervisor first; their command
    lines.
    """
    processes = with_variable("MEMBERLINE_VAR", str(stack.var))
    supervisor = stack.start.process.pid
    for process in (supervisor, *(each for each in processes if each != supervisor)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    stack.start.process.wait()
    assert becomes_true(lambda: not any(alive(process) for process in processes), 30)
    return sorted(processes.values())


def queued(stack: Stack) -> Member:
    """Somebody who waits for a person of MVP's."""
    member = stack.member()
    for text in ("let me talk to a person please", "a torn card holder", "MVP"):
        member.say(text)
    member.stay_for_a_person()
    return member


def order(stack: Stack) -> list[str]:
    agent = Agent(stack)
    lines = [line for line in agent.get("queue")["conversations"] if line["owner"] == "queue"]
    agent.http.close()
    return [line["id"] for line in lines]


def test_a_hundred_who_wait_keep_their_places(tmp_path: Path) -> None:
    port = free_port()
    stack = started(tmp_path / "var", port)
    try:
        members = [queued(stack) for _ in range(WAITING)]
        before = order(stack)
        assert len(before) == WAITING
        positions = [member.state["queue_position"] for member in members]
        assert positions == list(range(1, WAITING + 1))

        killed = " ".join(kill_everything(stack))
        for part in ("redis-server", "bot.lean run", "actions.app", "api.app", "sandbox"):
            assert part in killed, killed

        stack = started(tmp_path / "var", port)
        assert order(stack) == before
        # Their pages go on where they were, with the place that they had.
        for place in (0, WAITING // 2, WAITING - 1):
            again = members[place].messages()
            assert (again.state["owner"], again.state["queue_position"]) == ("queue", place + 1)

        agent = Agent(stack)
        agent.post(f"conversations/{before[0]}/accept").raise_for_status()
        agent.http.close()
        assert members[1].messages().state["queue_position"] == 1
    finally:
        stack.start.end()
