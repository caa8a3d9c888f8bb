"""Danger told in a part of a longer message: inside a story about a bill, it drowns in the whole.

A part is read as a message of its own. By itself it is easily mistaken ("I can't walk far"), so
it is believed only beside what the whole message says (`bot.nlu.understanding.Emergency`), and
looked at only where the whole leaves an emergency possible.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from bot.nlu.boundaries import boundaries
from bot.nlu.fused import EMERGENCY, FusedModel
from bot.nlu.text import Floats

# A part that the words make less of is not read with the encoder, nor more parts than these: on all
# measured sentences further ones found no emergency, and each costs what a message does.
_LEAST, _MOST = 0.5, 2
_LEAST_WORDS = 3
# Long stories are cut at their plain marks only.
_MANY_BOUNDARIES, _MOST_BOUNDARIES = 40, 60


@dataclass(frozen=True, slots=True)
class Part:
    """Characters `start` to before `end` of a message: the probability that they tell of an
    emergency, what their words alone say of it, and whether they are whole sentences."""

    start: int
    end: int
    likely: float
    by_words: float
    sentence: bool


def parts(
    text: str, model: FusedModel, encode: Callable[[str], Floats], plain: float = 0.0
) -> list[Part]:
    """The parts of `text` that may tell of danger, none if it cannot be parted. `plain`: what is
    less than whole sentences must be an emergency with this probability by its words."""
    found = boundaries(text)
    if len(found) > _MANY_BOUNDARIES:
        found = [b for b in found if b.kind != "bare"][:_MOST_BOUNDARIES]
    if not found or EMERGENCY not in model.intents:
        return []
    ends = [0, *(b.right for b in found), len(text)]
    marked = [True, *(b.kind == "sentence" for b in found), True]
    pieces = [text[start:end] for start, end in itertools.pairwise(ends)]
    said = model.words.table(pieces)[..., model.intents.index(EMERGENCY)]
    runs = [
        (float(said[one, other]), one, other)
        for one, other in itertools.combinations(range(len(ends)), 2)
        if said[one, other] >= max(_LEAST, 0.0 if marked[one] and marked[other] else plain)
        and other - one < len(pieces)
        and len(text[ends[one] : ends[other]].split()) >= _LEAST_WORDS
    ]
    return [
        Part(
            ends[one],
            ends[other],
            _likely(text[ends[one] : ends[other]], model, encode),
            by_words,
            marked[one] and marked[other],
        )
        for by_words, one, other in sorted(runs, reverse=True)[:_MOST]
    ]


def _likely(text: str, model: FusedModel, encode: Callable[[str], Floats]) -> float:
    probabilities = model.predict(text, encode).probabilities
    return float(probabilities[model.intents.index(EMERGENCY)])
