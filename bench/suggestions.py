"""How long after a member's message does the desk have its suggestions, next to what the assistant
takes for an answer to the same message?

.venv/bin/python -m bench.suggestions [--rounds 100]

Starts the whole of Memberline. Two verified members of one company ask the same questions in turn:
one the assistant, one an agent, whose desk listens to its event stream as the page does and fetches
the suggestions when it is told. Prints milliseconds and their ratio: right answers are judged by
bench/suggestions_judged.py.
"""

from __future__ import annotations

import argparse
import json
import queue
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.desk.test_handed_over import Agent
from tests.stack import Member, running_stack

_LIMIT_SECONDS = 10.0
_QUESTIONS = (
    "has my claim from march been paid?",
    "which plan covers me?",
    "find me a cardiologist near 12207",
    "what is my deductible?",
    "what is an EOB?",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "var") as stack:
        agent = Agent(stack)
        told = _listening(agent)
        live = stack.member(stack.ticket("mvp", "M10010002"))
        served = stack.member(stack.ticket("mvp", "M10010002"))
        conversation = _accepted(agent, served)
        answered: list[float] = []
        suggested: list[float] = []
        for number in range(rounds):
            question = _QUESTIONS[number % len(_QUESTIONS)]
            answered.append(_timed(lambda text=question: live.say(text)))
            suggested.append(_timed(_until_suggested(agent, served, conversation, question, told)))
        _print("answered by the assistant", answered)
        _print("suggested at the desk", suggested)
        ratio = _share(suggested, 0.95) / _share(answered, 0.95)
        print(f"p95 of a suggestion is {ratio:.2f} times that of an answer")


def _accepted(agent: Agent, member: Member) -> str:
    for text in ("let me talk to a person please", "a bench"):
        if "Leave my message" in member.reply.buttons or member.state["owner"] == "queue":
            break
        member.say(text)
    member.stay_for_a_person()
    waiting = [c for c in agent.get("queue")["conversations"] if c["owner"] == "queue"]
    conversation = str(waiting[-1]["id"])
    agent.post(f"conversations/{conversation}/accept").raise_for_status()
    return conversation


def _listening(agent: Agent) -> queue.Queue[str]:
    """The ids of conversations in which something has changed, as the stream tells them."""
    heard: queue.Queue[str] = queue.Queue()
    opened = threading.Event()

    def listen() -> None:
        with (
            httpx.Client(
                base_url=agent.http.base_url, cookies=agent.http.cookies, timeout=60
            ) as client,
            client.stream("GET", "/desk/events") as stream,
        ):
            event = ""
            for line in stream.iter_lines():
                opened.set()
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: ") and event == "conversation":
                    heard.put(json.loads(line.removeprefix("data: "))["id"])

    threading.Thread(target=listen, daemon=True).start()
    opened.wait(_LIMIT_SECONDS)
    return heard


def _until_suggested(
    agent: Agent,
    member: Member,
    conversation: str,
    question: str,
    told: queue.Queue[str],
) -> Callable[[], None]:
    """From the member's sending to the suggestions for that very message at the desk."""
    last = _newest(agent, conversation)

    def run() -> None:
        while not told.empty():
            told.get_nowait()
        member.say(question)
        deadline = time.perf_counter() + _LIMIT_SECONDS
        while time.perf_counter() < deadline:
            if told.get(timeout=_LIMIT_SECONDS) == conversation and (
                _newest(agent, conversation) > last
            ):
                return
        raise RuntimeError(f"Nothing was suggested for {question!r}.")

    return run


def _newest(agent: Agent, conversation: str) -> int:
    shown = agent.get(f"conversations/{conversation}/suggestions")["suggestions"]
    return max((one["for_seq"] for one in shown), default=0)


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def _share(took: list[float], share: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * share))]


def _print(what: str, took: list[float]) -> None:
    print(f"{what}: p50 {_share(took, 0.5):.0f} ms, p95 {_share(took, 0.95):.0f} ms, {len(took)}")


if __name__ == "__main__":
    main()
