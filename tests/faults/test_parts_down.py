"""When a part is down, the member hears an honest sentence with a way on, and nothing is lost."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.stack import Member, Reply, Stack

WAY_ON = "1-800-555"
# The chat's budget for a turn (DESIGN: chat 10 s), with room for a busy test machine.
TURN_BUDGET_SECONDS = 12
# Redis answers in a millisecond or not at all, so its absence is noticed sooner.
TOLD_WITHIN_SECONDS = {"actions": 12, "rasa": 12, "redis": 5}
RECOVERY_SECONDS = 120
# What a process's command line holds.
PROCESSES = {"actions": "actions.app:create_app", "rasa": "bot.lean run", "redis": "redis-server"}


def pid_of(stack: Stack, name: str) -> int:
    """The process of this very stack: its command line, and its data folder in the environment."""
    mark = f"MEMBERLINE_VAR={stack.var}".encode()
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if PROCESSES.get(name, name) in command and mark in (folder / "environ").read_bytes():
                return int(folder.name)
        except (OSError, ValueError):
            continue
    raise AssertionError(f"{name} is not running")


@contextmanager
def frozen(stack: Stack, name: str) -> Iterator[None]:
    """The process is there and does nothing."""
    pid = pid_of(stack, name)
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def timed(member: Member, text: str) -> tuple[Reply, float]:
    begun = time.monotonic()
    reply = member.say(text)
    return reply, time.monotonic() - begun


def answered_again(member: Member) -> None:
    """Wait until an ordinary question is answered as ever."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        if "claim" in (reply := member.say("what can you do for me?")) and WAY_ON not in reply:
            return
        assert time.monotonic() < deadline, reply.text
        time.sleep(1)


@pytest.mark.parametrize("name", ["actions", "rasa", "redis"])
def test_a_frozen_process_is_told_within_the_budget(
    stack: Stack, member: Member, name: str
) -> None:
    with frozen(stack, name):
        reply, seconds = timed(member, "has my claim from march been paid?")
    assert WAY_ON in reply
    assert seconds < TOLD_WITHIN_SECONDS[name]
    answered_again(member)


@pytest.mark.parametrize("name", ["actions", "rasa"])
def test_a_killed_process_is_told_and_comes_back(stack: Stack, member: Member, name: str) -> None:
    os.kill(pid_of(stack, name), signal.SIGKILL)
    reply, seconds = timed(member, "has my claim from march been paid?")
    assert WAY_ON in reply or "first name" in reply
    assert seconds < TURN_BUDGET_SECONDS
    answered_again(member)


def test_a_company_that_is_down_is_named_and_the_other_answers(stack: Stack) -> None:
    stack.fault("cigna", kind="down")
    try:
        member = stack.member()
        reply = member.say("find me a cardiologist near 12207")
        assert "CIGNA HealthCare's directory did not answer" in reply
        assert "listed in MVP's directory" in reply
    finally:
        stack.no_fault("cigna")


def test_verification_at_a_company_that_is_down_counts_nothing(stack: Stack) -> None:
    stack.fault("preferred-care", kind="down")
    try:
        member = stack.member()
        for text in ("which plan covers me?", "Riley", "P10010003", "August 23, 1990", "14604"):
            reply = member.say(text)
        assert "could not reach Preferred Care" in reply
        assert "1-800-555-0130" in reply
        assert not member.state["verified"]
    finally:
        stack.no_fault("preferred-care")


def test_after_a_bridge_restart_nothing_is_lost_or_doubled(stack: Stack, member: Member) -> None:
    sent = {"client_message_id": uuid.uuid4().hex, "text": "what can you do for me?"}
    first = member.http.post("/chat/messages", json=sent).json()
    os.kill(pid_of(stack, "api.app:create_app"), signal.SIGKILL)
    deadline = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            again = member.http.post("/chat/messages", json=sent)
            break
        except httpx.TransportError:
            assert time.monotonic() < deadline
            time.sleep(0.3)
    assert again.json()["messages"] == first["messages"]
    kept = member.http.get("/chat/messages").json()["messages"]
    assert [m["text"] for m in kept if m["from"] == "member"] == [sent["text"]]
