"""What the readers of values share."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal[
    "first_name", "member_id", "date_of_birth", "zip", "claim_number", "date", "amount",
    "partner", "specialty", "facility", "service", "place", "relation",
]  # fmt: skip


SMALL_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Span(NamedTuple):
    """A value found in normalised text."""

    start: int
    end: int
    value: str


# Where only the span counts, any day late enough for every year that members may say.
ANY_DAY = date(2039, 12, 31)


# A round number said in words is an amount: "eleven thousand".
ROUND = re.compile(r"\b(?:hundred|thousand)\b")

FEW = {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 4} | SMALL_NUMBERS
