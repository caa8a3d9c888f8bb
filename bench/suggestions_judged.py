"""Of every message of the conversation tests: is the right answer among the desk's three
suggestions, and is nobody else's data in them?

.venv/bin/python -m bench.suggestions_judged

Starts the whole of Memberline. Prints what is missed, and shares: of all messages, and of those
that ask something (factors and small talk are the easy ones). tests/desk/judging.py says what is
right.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from tests.desk.judging import ASKED, Judged, judged_all
from tests.stack import running_stack


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "var") as stack:
        judged = asyncio.run(judged_all(stack))
    for one in judged:
        if not one.right or one.leaked:
            print(f"{one.kind}: {one.conversation}: {one.said}")
            print(f"  wanted {one.wanted}\n  shown {one.shown}\n  leaked {one.leaked}")
    print(f"kinds: {dict(Counter(one.kind for one in judged))}")
    _print("all messages", judged)
    _print("those that ask something", [one for one in judged if one.kind in ASKED])
    print(f"with somebody else's data: {sum(bool(one.leaked) for one in judged)}")


def _print(what: str, judged: list[Judged]) -> None:
    right = sum(one.right for one in judged)
    print(f"{what}: right among three {right} of {len(judged)}, {right / len(judged):.1%}")


if __name__ == "__main__":
    main()
