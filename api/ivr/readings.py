"""What was heard in a turn: the recogniser's readings, and the words as the transcript has them."""

from __future__ import annotations

from alliance.hearing import VoiceBands
from api.conversations.service import Said
from api.ivr.turns import Heard, VoiceTurn

# A recogniser's further readings are seldom right.
MOST_READINGS = 4


def readings(turn: VoiceTurn) -> list[Heard]:
    """What was said and the recogniser's other readings, each once."""
    found = {turn.speech: Heard(turn.speech, turn.confidence)}
    for other in turn.alternatives:
        # A further reading without a confidence is less likely than the first.
        less = 0.8 * (1.0 if turn.confidence is None else turn.confidence)
        confidence = less if other.confidence is None else other.confidence
        if other.text.strip():
            found.setdefault(other.text, Heard(other.text, confidence))
    return list(found.values())[:MOST_READINGS]


def is_unheard(turn: VoiceTurn, bands: VoiceBands) -> bool:
    """Whether nothing usable was heard."""
    if not turn.speech.strip():
        return True
    return turn.confidence is not None and turn.confidence < bands.heard


def words(turn: VoiceTurn) -> str:
    """What the caller said or pressed, as the transcript shows it."""
    keys = turn.digits.rstrip("#")
    return f"(key {keys})" if keys else turn.speech.strip()


def said_in(turn: VoiceTurn) -> Said:
    """The turn's speech as the dialogue takes it."""
    return Said(text=turn.speech, alternatives=tuple(h.text for h in readings(turn)[1:]))
