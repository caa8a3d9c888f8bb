"""What turn 40 of a conversation costs beside turn 2: wall milliseconds of the whole stack.

.venv/bin/python -m bench.long_conversation [--conversations 4]

Starts everything with a data folder of its own, and lets members ask the same two questions again
and again, one that anyone may ask and one of their own, each asking a company. Compared are the
same question early and late; one ratio a kind of question, of medians, in one run (target 1.3).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.stack import Member, Reply, running_stack

# The turns that are compared: the second and the third of the questions, and forty on.
EARLY, LATE = (2, 3), (40, 41)
TARGET = 1.3
_FACTORS = ("Morgan", "M10010002", "November 2, 1979", "12207")
_QUESTIONS = ("what's my deductible", "find me a cardiologist near 12207")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=4)
    count = parser.parse_args().conversations
    times: dict[tuple[str, int], list[float]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="memberline-bench-") as folder,
        running_stack(Path(folder) / "var") as stack,
    ):
        for number in range(count + 1):
            for question, turn, taken in _conversation(stack.member()):
                # The first conversation warms everything up.
                if number and turn in (*EARLY, *LATE):
                    times.setdefault((question, turn), []).append(taken)
    for question in _QUESTIONS:
        early = [t for turn in EARLY for t in times.get((question, turn), [])]
        late = [t for turn in LATE for t in times.get((question, turn), [])]
        before, after = statistics.median(early), statistics.median(late)
        print(
            f"{question!r}: turn 2 takes {before:.1f} ms, turn 40 {after:.1f} ms: "
            f"{after / before:.2f} times (target {TARGET})"
        )


def _conversation(member: Member) -> Iterator[tuple[str, int, float]]:
    """One member's questions with their turn and milliseconds; verified before the first."""
    member.say(_QUESTIONS[0])
    for factor in _FACTORS:
        member.say(factor)
    for turn in range(1, LATE[-1] + 1):
        question = _QUESTIONS[turn % len(_QUESTIONS)]
        reply, taken = _answered(member, question)
        yield question, turn, taken
        if not reply.text:
            raise SystemExit(f"Turn {turn} was empty.")


def _answered(member: Member, question: str) -> tuple[Reply, float]:
    """The answer and its milliseconds. Nobody asks as fast as this: where the bridge wants a
    pause, it is kept and does not count.
    """
    while True:
        began = time.perf_counter()
        try:
            return member.say(question), (time.perf_counter() - began) * 1e3
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                raise
            time.sleep(float(error.response.headers["Retry-After"]))


if __name__ == "__main__":
    main()
