"""Confidence bands: accept a message's intent, confirm it, or reject the message.

The thresholds stand in `alliance/data/bands.json`, for the dialogue, the bridge and the IVR alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from bot.nlu.danger import Part

Band = Literal["accept", "confirm", "reject"]
PATH = Path(__file__).resolve().parent.parent.parent / "alliance" / "data" / "bands.json"


@dataclass(frozen=True, slots=True)
class Bands:
    """`accept`: act on the intent from this confidence on. `confirm`: offer the likeliest intents
    from this confidence on. `reject`: least scope score of a message that is taken as a member's
    question at all. `unsupported`: probability of `out_of_scope` from which it is believed, with
    likelier intents or without. `emergency`: the same of `emergency`, if no word speaks against it
    and its own margin is at least `emergency_margin`, or `emergency_margin_likely` from the
    probability `emergency_likely` on.
    `emergency_part`: the same of a part of a message, beside `emergency_beside_part` of the whole;
    `emergency_beside_sentence`: of the whole beside whole sentences, or what is so sure already by
    its words.
    `apart`: how sure a boundary must be for a further question to begin there. `whole_plain`: how
    plain the whole must be about one part, and `part_plain` another part of itself, for that to
    count beside it.
    `aspect`: from which confidence on it is believed what a follow-up asks, where its
    intent is not understood for sure; `aspect_beside`: the same beside an intent that is.
    `detail` and `detail_beside`: the same of how near it must be to an entry's example questions,
    which is `detail_margin` nearer than to plain questions.
    """

    accept: float
    confirm: float
    reject: float
    unsupported: float
    emergency: float
    emergency_margin: float
    emergency_likely: float
    emergency_margin_likely: float
    emergency_part: float
    emergency_beside_part: float
    emergency_beside_sentence: float
    apart: float
    whole_plain: float
    part_plain: float
    aspect: float
    aspect_beside: float
    detail: float
    detail_beside: float
    detail_margin: float

    def least_margin(self, likely: float) -> float:
        """From which margin on an emergency of this probability is believed."""
        return (
            self.emergency_margin_likely
            if likely >= self.emergency_likely
            else self.emergency_margin
        )

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

    def of_aspect(self, confidence: float) -> Band:
        """The band of what a follow-up asks."""
        if confidence < self.aspect:
            return "reject"
        return "accept" if confidence >= self.aspect_beside else "confirm"

    def of_detail(self, nearness: float, plain: float) -> Band:
        """The band of an entry whose questions a follow-up is near to, and `plain` ones as near:
        beside an intent that is sure the entry has to be clearly nearer.
        """
        if nearness < self.detail:
            return "reject"
        clearly = nearness >= max(self.detail_beside, plain + self.detail_margin)
        return "accept" if clearly else "confirm"

    def tells_of_danger(self, part: Part, likely: float) -> bool:
        """Whether a part of a message tells of an emergency, which the whole is `likely` to be."""
        plain = part.sentence or part.by_words >= self.emergency_part
        beside = self.emergency_beside_sentence if plain else self.emergency_beside_part
        return part.likely >= self.emergency_part and likely >= beside
