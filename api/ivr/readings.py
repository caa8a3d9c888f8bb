"""What was heard in a turn: the recogniser's readings, and the words as the transcript has them."""

from __future__ import annotations

import re
from dataclasses import replace

from alliance.hearing import VoiceBands
from api.conversations.service import Said
from api.ivr.turns import Heard, VoiceTurn

# What recognisers and those who spell make of CIGNA. A signal that is bad, lost or of a phone is
# one.
_CIGNA = re.compile(
    r"\b(?:c[ .]{1,2}i[ .]{1,2}g[ .]{1,2}n[ .]{1,2}a|sig na|cig na|signa|signia)\b|"
    r"(?<!\bno )(?<!\bbad )(?<!\bpoor )(?<!\bweak )(?<!\blost )(?<!\bcell )(?<!\bphone )"
    r"(?<!\bwifi )(?<!\blosing )(?<!\bgood )\bsignal\b"
    r"(?! (?:is|was|here|keeps?|drop\w*|strength|cut\w*|went|in (?:here|this)))",
    re.IGNORECASE,
)
# A recogniser's further readings are seldom right.
MOST_READINGS = 4


def with_companies(turn: VoiceTurn) -> VoiceTurn:
    """The turn with a company's name where a recogniser heard a common word for it."""
    others = tuple(replace(o, text=_CIGNA.sub("cigna", o.text)) for o in turn.alternatives)
    return replace(turn, speech=_CIGNA.sub("cigna", turn.speech), alternatives=others)


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
