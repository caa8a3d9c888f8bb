"""Confidence bands: accept a message's intent, confirm it, or reject the message.

The thresholds stand in `alliance/data/bands.json`, for the dialogue, the bridge and the IVR alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Band = Literal["accept", "confirm", "reject"]
PATH = Path(__file__).resolve().parent.parent.parent / "alliance" / "data" / "bands.json"


@dataclass(frozen=True, slots=True)
class Bands:
    """`accept`: act on the intent from this confidence on. `confirm`: below it the likeliest
    intents are offered only from this confidence on. `reject`: least scope score of a message
    that is taken as a member's question at all."""

    accept: float
    confirm: float
    reject: float
    emergency: float

    @classmethod
    def read(cls, path: Path = PATH) -> Bands:
        """The chosen thresholds."""
        values = json.loads(path.read_text())
        return cls(values["accept"], values["confirm"], values["reject"], values["emergency"])

    def of(self, confidence: float, scope: float) -> Band:
        """The band of an intent's calibrated confidence and its message's scope score."""
        if scope < self.reject or confidence < self.confirm:
            return "reject"
        return "accept" if confidence >= self.accept else "confirm"
