"""What was meant, from what a recogniser heard and what each of its readings would mean.

The recogniser's confidence and the understanding's are multiplied: a sentence is acted on when it
was probably said and probably means that. What counts is who answers: between two meanings that go
to the same people the caller is not asked to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

BANDS_FILE = Path(__file__).parent / "data" / "voice_bands.json"
# `imply`: act on it, and name it, so that a caller who meant something else hears it.
Band = Literal["accept", "imply", "confirm", "reject"]
EMERGENCY = "emergency"
# Asking for a person is granted on little evidence: a person is never the wrong answer.
PERSON = "speak_to_agent"
# Danger in a recogniser's second thoughts is asked about, unless what it heard first is so much
# likelier.
_MUCH_LIKELIER = 2.0
# From this probability on the likeliest intent of a whole message decides among its questions.
SURE_OF_THE_WHOLE = 0.6
_NAMES = ("heard", "confirm", "accept", "likely", "meant", "sure", "value")


@dataclass(frozen=True)
class VoiceBands:
    """Thresholds, 0 to 1 (see the file)."""

    heard: float
    confirm: float
    accept: float
    likely: float
    meant: float
    sure: float
    value: float = 0.75

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> VoiceBands:
        """From the parsed file."""
        return cls(*(float(values[name]) for name in _NAMES))


@dataclass(frozen=True)
class Reading:
    """One reading of what was said. `recognised` is the recogniser's confidence in it (1 where it
    gives none), `understood` that of its intent, `band` what the dialogue would do with the text,
    `ranking` the likeliest intents with their probabilities.
    """

    text: str
    recognised: float
    intent: str
    understood: float
    band: str
    questions: int = 1
    ranking: tuple[tuple[str, float], ...] = ()

    @property
    def score(self) -> float:
        """Probability that it was said and means that."""
        return 0.0 if self.band == "reject" else self.recognised * self.understood


def judge(
    readings: Sequence[Reading],
    bands: VoiceBands,
    topics: Collection[str],
    people: Callable[[str], str],
) -> tuple[Band, Reading]:
    """The reading to go by and what to do with it. `topics` are intents that can be asked about
    ("you want to find a doctor?"); others, such as thanks, are taken or not. `people` names who
    answers an intent: which of two was meant is not asked when the same people answer both.

    A text that was heard well and is not understood is "reject" with its own reading. Danger that
    was heard well is "accept"; less well, "confirm": then the caller is asked whether it is so.
    """
    danger = [r for r in readings if r.intent == EMERGENCY and r.band != "reject"]
    others = [r for r in readings if r.intent != EMERGENCY]
    if danger and (band := _danger(readings[0], danger, others, bands)):
        return band, max(danger, key=lambda reading: reading.score)
    best = max(others or readings, key=lambda reading: reading.score)
    if best.score == 0 or best.recognised < bands.heard:
        return "reject", readings[0]
    if best.score < bands.confirm:
        return "reject", best
    if best.intent == PERSON or (best.questions > 1 and best.score >= bands.accept):
        return "accept", best
    if best.intent not in topics:
        sure = best.band == "accept" and best.score >= bands.accept
        return ("accept" if sure else "reject"), best
    theirs = people(best.intent)
    meant = max(
        best.understood,
        sum(p for intent, p in best.ranking if intent in topics and people(intent) == theirs),
    )
    if meant < bands.likely or best.recognised * meant < bands.accept:
        return "confirm", best
    return ("accept" if meant >= bands.meant and best.recognised >= bands.sure else "imply"), best


def _danger(
    first: Reading, danger: Sequence[Reading], others: Sequence[Reading], bands: VoiceBands
) -> Band | None:
    """What readings that tell of danger are worth. None: another reading is much likelier."""
    likeliest = max(reading.score for reading in danger)
    if first in danger and (first.recognised >= bands.sure or likeliest >= bands.accept):
        return "accept"
    other = max((r.score for r in others if r.band == "accept"), default=0.0)
    return None if other >= _MUCH_LIKELIER * likeliest else "confirm"
