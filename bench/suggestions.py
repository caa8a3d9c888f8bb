"""How long after a member's message does the desk have its suggestions, next to what the assistant
takes for an answer to the same message?

.venv/bin/python -m bench.suggestions [--rounds 192]

Starts the whole of Memberline. Of each of four verified members, one of them insured at two
companies, two chats ask the same questions in turn: one the assistant, one an agent, whose desk
listens to its event stream as the page does and reads the conversation whenever it is told. Prints
milliseconds, their ratio, and the questions that take longest: right answers are judged by
bench/suggestions_judged.py.
"""

from __future__ import annotations

import argparse
import json
import queue
import tempfile
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx

from api.limits import SESSION_MESSAGES
from tests.desk.test_handed_over import Agent
from tests.stack import Member, Stack, running_stack

_LIMIT_SECONDS = 10.0
_SLOWEST = 5
# Of docs/sample-members.md: company and member ID.
_PEOPLE = (
    ("mvp", "M10010002"),
    ("cigna", "U10010001"),
    ("preferred-care", "P10010003"),
    ("mvp", "M10010009"),
)
_QUESTIONS = (
    "has my claim from march been paid?",
    "which plan covers me?",
    "find me a cardiologist near 12207",
    "what is my deductible?",
    "what is an EOB?",
    "how much would an MRI cost me?",
    "is metformin covered?",
    "do I need prior authorization for a knee MRI?",
    "show me my ID card",
    "where is the nearest urgent care to 14604?",
    "what do I owe for my last claim?",
    "are my eyeglasses covered?",
)
# Everybody asks everything once before it counts: the first of anything finds nothing warm.
_WARMING = len(_PEOPLE) * len(_QUESTIONS)


class Pair:
    """Two chats of one member: with the assistant, and with the agent."""

    def __init__(self, agent: Agent, live: Member, served: Member) -> None:
        self.live = _Paced(live)
        self.served = _Paced(served)
        self.conversation = _accepted(agent, served)


class _Paced:
    """A member who writes no faster than the bridge lets anybody write."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._said: deque[float] = deque()

    def ready(self) -> None:
        """Wait until one more message is let through."""
        while self._said and time.monotonic() - self._said[0] > SESSION_MESSAGES.seconds:
            self._said.popleft()
        if len(self._said) >= SESSION_MESSAGES.most - 5:
            time.sleep(SESSION_MESSAGES.seconds)
        self._said.append(time.monotonic())

    def say(self, text: str) -> None:
        self._member.say(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=192)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "var") as stack:
        measure(stack, rounds)


def measure(stack: Stack, rounds: int) -> None:
    """Print the times of so many questions."""
    agent = Agent(stack)
    told = _listening(agent)
    pairs = [
        Pair(agent, *(stack.member(stack.ticket(*person)) for _ in range(2))) for person in _PEOPLE
    ]
    answered: dict[str, list[float]] = defaultdict(list)
    suggested: dict[str, list[float]] = defaultdict(list)
    for number in range(-_WARMING, rounds):
        pair = pairs[number % len(pairs)]
        question = _QUESTIONS[number // len(pairs) % len(_QUESTIONS)]
        pair.live.ready()
        pair.served.ready()
        answer = _timed(lambda text=question, of=pair: of.live.say(text))
        suggestion = _timed(_until_suggested(agent, pair, question, told))
        if number >= 0:
            answered[question].append(answer)
            suggested[question].append(suggestion)
    _print("answered by the assistant", _all(answered))
    _print("suggested at the desk", _all(suggested))
    ratio = _share(_all(suggested), 0.95) / _share(_all(answered), 0.95)
    print(f"p95 of a suggestion is {ratio:.2f} times that of an answer")
    for question in sorted(suggested, key=lambda q: -_share(suggested[q], 0.95))[:_SLOWEST]:
        _print(f"  {question}", suggested[question])


def _all(took: dict[str, list[float]]) -> list[float]:
    return [one for each in took.values() for one in each]


def _accepted(agent: Agent, member: Member) -> str:
    # Who is insured at two companies is asked which of them the person should come from.
    for text in ("let me talk to a person please", "a bench", "MVP"):
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
            # The bench ends by stopping Memberline, and the stream with it.
            with suppress(httpx.RemoteProtocolError):
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
    agent: Agent, pair: Pair, question: str, told: queue.Queue[str]
) -> Callable[[], None]:
    """From the member's sending to the suggestions for that very message at the desk."""
    last = _newest(agent, pair.conversation)

    def run() -> None:
        while not told.empty():
            told.get_nowait()
        pair.served.say(question)
        deadline = time.perf_counter() + _LIMIT_SECONDS
        while time.perf_counter() < deadline:
            if told.get(timeout=_LIMIT_SECONDS) == pair.conversation and (
                _newest(agent, pair.conversation) > last
            ):
                return
        raise RuntimeError(f"Nothing was suggested for {question!r}.")

    return run


def _newest(agent: Agent, conversation: str) -> int:
    """The number of the message that the newest suggestions are for, as the page reads it."""
    shown = agent.get(f"conversations/{conversation}")["suggestions"]
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
