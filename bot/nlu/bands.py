"""Confidence bands: accept a message's intent, confirm it, or reject the message.

The thresholds stand in `alliance/data/bands.json`, for the dialogue, the bridge and the IVR alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

Band = Literal["accept", "confirm", "reject"]
PATH = Path(__file__).resolve().parent.parent.parent / "alliance" / "data" / "bands.json"


@dataclass(frozen=True, slots=True)
class Bands:
    """`accept`: act on the intent from this confidence on. `confirm`: offer the likeliest intents
    from this confidence on. `reject`: least scope score of a message that is taken as a member's
    question at all. `unsupported`: probability of `out_of_scope` from which it is believed, with
    likelier intents or without. `emergency`: the same of `emergency`, if no word speaks against it.
    """

    accept: float
    confirm: float
    reject: float
    unsupported: float
    emergency: float

    @classmethod
    def read(cls, path: Path = PATH) -> Bands:
        """The chosen thresholds."""
        values = json.loads(path.read_text())
        return cls(**{field.name: values[field.name] for field in fields(cls)})

    def of(self, confidence: float, scope: float, unsupported: float) -> Band:
        """The band of an intent's calibrated confidence, its message's scope score and the
        probability that the message asks for what is not supported."""
        if scope < self.reject or confidence < self.confirm or unsupported >= self.unsupported:
            return "reject"
        return "accept" if confidence >= self.accept else "confirm"
