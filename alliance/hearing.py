"""What was meant, from what a recogniser heard and what each of its readings would mean.

The recogniser's confidence and the understanding's are multiplied: a sentence is acted on when it
was probably said and probably means that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

BANDS_FILE = Path(__file__).parent / "data" / "voice_bands.json"
Band = Literal["accept", "confirm", "reject"]
EMERGENCY = "emergency"
# Asking for a person is granted on little evidence: a person is never the wrong answer.
PERSON = "speak_to_agent"


@dataclass(frozen=True)
class VoiceBands:
    """Thresholds, 0 to 1 (see the file)."""

    heard: float
    accept: float
    confirm: float
    sure: float

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> VoiceBands:
        """From the parsed file."""
        return cls(*(float(values[name]) for name in ("heard", "accept", "confirm", "sure")))


@dataclass(frozen=True)
class Reading:
    """One reading of what was said. `recognised` is the recogniser's confidence in it (1 where it
    gives none), `understood` that of its intent, `band` what the dialogue would do with the text.
    """

    text: str
    recognised: float
    intent: str
    understood: float
    band: str
    questions: int = 1

    @property
    def score(self) -> float:
        """Probability that it was said and means that."""
        return 0.0 if self.band == "reject" else self.recognised * self.understood


def judge(
    readings: Sequence[Reading], bands: VoiceBands, topics: Collection[str]
) -> tuple[Band, Reading]:
    """The reading to go by and what to do with it. `topics` are intents that can be asked about
    ("you want to find a doctor?"); others, such as thanks, are taken or not.

    A text that was heard well and is not understood is "reject" with its own reading.
    """
    danger = [r for r in readings if r.intent == EMERGENCY and r.band != "reject"]
    if danger:
        return "accept", danger[0]
    best = max(readings, key=lambda reading: reading.score)
    if best.score == 0 or best.recognised < bands.heard:
        return "reject", readings[0]
    if best.band == "accept" and best.score >= bands.accept:
        return "accept", best
    if best.score < bands.confirm:
        return "reject", best
    if best.intent == PERSON or best.questions > 1:
        return "accept", best
    if best.intent not in topics:
        return ("accept" if best.band == "accept" else "reject"), best
    return "confirm", best
