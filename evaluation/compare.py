"""Measure one model on the development sentences, for the comparison of two (scripts/learn.py).

    bot/.venv/bin/python -m evaluation.compare MODEL

Prints JSON: of each style how many sentences there are and how many are taken for what they mean;
the same for out of scope and for danger.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.nlu.fused import EMERGENCY, OUT_OF_SCOPE
from evaluation import sentences
from evaluation.evaluate import load


def measured(model: Path) -> dict[str, list[int]]:
    """[right, all] by what was measured."""
    parse = load(model)
    counts: dict[str, list[int]] = {}

    def count(what: str, *, right: bool) -> None:
        kept = counts.setdefault(what, [0, 0])
        kept[0] += right
        kept[1] += 1

    for sentence in sentences.development():
        found = parse(sentence.text)["intent"]["name"]
        what = "out of scope" if sentence.intent == OUT_OF_SCOPE else sentence.style
        count(what, right=found == sentence.intent)
    for sentence in sentences.emergencies():
        count("danger", right=parse(sentence.text)["intent"]["name"] == EMERGENCY)
    for sentence in sentences.not_emergency():
        count("no danger", right=parse(sentence.text)["intent"]["name"] != EMERGENCY)
    return counts


if __name__ == "__main__":
    sys.stdout.write(f"MEASURED {json.dumps(measured(Path(sys.argv[1])))}\n")
