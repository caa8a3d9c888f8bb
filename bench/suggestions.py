"""What the desk suggests at every message of the conversation tests: is the right answer among the
three, is another company's data, and how long after the message does it come?

.venv/bin/python -m bench.suggestions [--most 40]

Each chat conversation is held with an agent in the assistant's place. Who is verified in the course
of it comes signed in at the company's website. Right: one suggestion holds every word that the
conversation says must be heard. Starts the whole of Memberline; prints shares and milliseconds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.conversations.test_conversations import FACTORS, HERE, PEOPLE
from tests.desk.test_handed_over import Agent
from tests.stack import Stack, running_stack

_LIMIT_SECONDS = 3.0
_POLL_SECONDS = 0.01
_PARTNERS = {"U": "cigna", "M": "mvp", "P": "preferred-care"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1000, help="conversations")
    most = parser.parse_args().most
    right = wrong_data = judged = 0
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "var") as stack:
        agent = Agent(stack)
        for entry in list(_conversations())[:most]:
            for turn, found, seconds in _held(stack, agent, entry):
                judged += 1
                took += [seconds] if found else []
                texts = [suggestion["text"].lower() for suggestion in found]
                fits = any(all(words in text for words in turn["hears"]) for text in texts)
                right += fits
                leaked = [words for words in turn["never"] if any(words in t for t in texts)]
                wrong_data += bool(leaked)
                if not fits or leaked:
                    what = f"LEAKED {leaked}" if leaked else "missed"
                    print(f"{what}: {turn['says']} -> {texts[:1]}")
    took.sort()
    p95 = took[int(len(took) * 0.95)] * 1000 if took else 0.0
    print(f"{judged} messages: right among three {right / max(1, judged):.1%}")
    print(f"with words that must not be there: {wrong_data}")
    if took:
        p50 = took[len(took) // 2] * 1000
        print(f"suggested after p50 {p50:.0f} ms, p95 {p95:.0f} ms ({len(took)} messages)")


def _conversations() -> Iterator[dict[str, Any]]:
    for path in sorted(HERE.glob("*.yml")):
        if path.name == "people.yml":
            continue
        for entry in yaml.safe_load(path.read_text("utf-8")):
            if "chat" in entry.get("channels", ("chat",)) and "down" not in entry:
                yield entry


def _expected(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """What is said, with what must be in the answer once the member is verified."""
    turns: list[dict[str, Any]] = []
    for turn in entry["turns"]:
        if "chat" not in turn.get("channels", ("chat",)):
            continue
        words = [str(w).lower() for w in [*turn.get("hears", ()), *turn.get("chat", ())]]
        hears = [w for w in words if w not in FACTORS]
        never = [str(w).lower() for w in turn.get("never", ())]
        if "says" in turn:
            turns.append({"says": turn["says"], "hears": hears, "never": never})
        elif "verifies" in turn and turns:
            turns[-1] = {**turns[-1], "hears": hears, "never": never}
    return turns


def _held(
    stack: Stack, agent: Agent, entry: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], float]]:
    person = PEOPLE.get(entry.get("as", ""))
    how = [turn["verifies"] for turn in entry["turns"] if "verifies" in turn]
    if "factors" in how:
        # About what level 1 must not hear; signed in at the website it is level 2.
        return
    verifies = bool(how)
    partner = _PARTNERS.get(person["member_id"][0]) if person else None
    if verifies and (person is None or partner is None):
        return
    try:
        ticket = (
            stack.ticket(partner, person["member_id"]) if verifies and person and partner else None
        )
    except httpx.HTTPStatusError:
        # Some sample members have no account at their company's website.
        return
    member = stack.member(ticket)
    for text in ("let me talk to a person please", "a bench", "MVP"):
        if "Leave my message" in member.reply.buttons or member.state["owner"] == "queue":
            break
        member.say(text)
    try:
        member.stay_for_a_person()
    except AssertionError:
        return
    waiting = agent.get("queue")["conversations"]
    conversation = next(line["id"] for line in reversed(waiting) if line["owner"] == "queue")
    agent.post(f"conversations/{conversation}/accept").raise_for_status()
    for turn in _expected(entry):
        before = _newest(agent, conversation)
        began = time.perf_counter()
        try:
            member.say(turn["says"])
        except httpx.HTTPStatusError:
            break
        found: list[dict[str, Any]] = []
        while not found and time.perf_counter() - began < _LIMIT_SECONDS:
            shown = agent.get(f"conversations/{conversation}/suggestions")["suggestions"]
            found = [one for one in shown if one["for_seq"] > before]
            time.sleep(_POLL_SECONDS)
        seconds = time.perf_counter() - began
        if turn["hears"]:
            yield turn, found, seconds
    agent.post(f"conversations/{conversation}/wrap-up", disposition="answered", summary="")
    member.leave()


def _newest(agent: Agent, conversation: str) -> int:
    shown = agent.get(f"conversations/{conversation}/suggestions")["suggestions"]
    return max((one["for_seq"] for one in shown), default=0)


if __name__ == "__main__":
    main()
