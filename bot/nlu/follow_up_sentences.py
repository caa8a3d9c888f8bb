"""The sentences that follow-ups are learnt from: what each asks of the matter before it."""

from __future__ import annotations

from pathlib import Path

WRITTEN = Path(__file__).resolve().parent.parent.parent / "data" / "nlu" / "follow_ups.tsv"
# On each question: {name, confidence, band}.
ASKS = "asks"
# What is no follow-up: a question of its own, or a move in the conversation.
NOTHING = "none"
# What is longer stands by itself.
MOST_WORDS = 20


def written(path: Path = WRITTEN) -> list[tuple[str, str]]:
    """What is asked, and a sentence that asks it."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [(name, sentence) for name, sentence in rows]
