"""How many conversations that were never worked on end well, by family and by turn.

    .venv/bin/python -m evaluation.conversations [--show] FILE ...

Holds written conversations (the form of tests/conversations, and each with its `family`) through
real processes and prints what share passes: a conversation with all its turns right. After
a faulty turn it goes on, so that turns are counted too. `--show` tells each fault; whoever mends
the assistant by them must not measure with the same file again.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import yaml

from evaluation.measures import share
from tests.conversations.conftest import MONDAY_NOON
from tests.conversations.talks import CHANNELS, held
from tests.stack import Stack, running_stack


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="evaluation.conversations")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true", help="tell each fault")
    chosen = parser.parse_args(arguments)
    ended: dict[str, list[bool]] = defaultdict(list)
    turns: list[bool] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "var", MEMBERLINE_NOW=MONDAY_NOON) as stack,
    ):
        for entry, channel in _written(chosen.files):
            faults = list(_faults(stack, entry, channel))
            turns += [fault is None for fault in faults]
            ended[entry["family"]].append(not any(faults))
            if chosen.show and any(faults):
                _show(entry, channel, faults)
    for family, right in sorted(ended.items()):
        print(f"{family:28} {share(right)}")
    whole = [right for family in ended.values() for right in family]
    print(f"{'all conversations':28} {share(whole)}")
    print(f"{'turns':28} {share(turns)}")


def _written(files: Sequence[Path]) -> Iterator[tuple[dict[str, Any], str]]:
    for path in files:
        for entry in yaml.safe_load(path.read_text("utf-8")):
            for channel in entry.get("channels", CHANNELS):
                yield entry, channel


def _faults(stack: Stack, entry: dict[str, Any], channel: str) -> Iterator[str | None]:
    try:
        for _, fault in held(stack, entry, channel):
            yield fault
    except (httpx.HTTPError, KeyError) as error:
        yield f"{type(error).__name__}: {error}"


def _show(entry: dict[str, Any], channel: str, faults: Sequence[str | None]) -> None:
    print(f"\n== {entry['family']}: {entry['conversation']} [{channel}]")
    taken = [turn for turn in entry["turns"] if channel in turn.get("channels", CHANNELS)]
    for number, fault in enumerate(faults):
        turn = taken[number] if number < len(taken) else {}
        said = turn.get("says") or turn.get("keys") or "(verifies)"
        print(f"{'--' if fault else '  '} {said}" + (f"\n     {fault}" if fault else ""))


if __name__ == "__main__":
    main()
