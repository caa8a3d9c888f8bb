"""Places in a message where one question may end and the next begin, and what the words around each
say about it.

A place is possible at a sentence's end, before a joining word and before a word that a clause may
begin with. How likely it is one, a linear model tells from the few words on either side: what a
clause before it begins and ends with, what stands between, and what begins behind it.
"""

from __future__ import annotations

import itertools
import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

Floats = npt.NDArray[np.float32]

_OPENER = (
    r"(?:what(?:'?s)?|how|where(?:'?s)?|when(?:'?s)?|who(?:'?s|m)?|why|which|wats|wut|y|"
    r"is|are|am|do|does|did|can|could|will|would|has|have|should|was|may|must|"
    r"i (?:also )?(?:need|want|wanna|would like|have to|got to|gotta|wanted)|i'?d like|"
    r"tell me|find|get me|give me|send|please|let me|help me|take|put|show me|if (?:so|not|yes))"
)
# Further words that a part may begin with where nothing marks its beginning.
_BEGINS = (
    r"(?:my|i'?m|i am|i'?ve|i got|i lost|i think|they|there'?s|need|any|anyone|lemme|gimme|"
    r"trying to|wondering|just|otherwise|somebody|someone|call|ring|because|bc|cause|oh|if|now|"
    r"your|i|i'll|he|he'?s|she|she'?s|they'?re|we|we'?re|you|it|it'?s|put|say|who'?ll|what'?ll|let'?s|ready|"
    r"email|mail|ship|up|got|quiero|necesito|so (?:who|what|how|where|can|do|is|i))"
)
_BOUNDARIES = {
    "sentence": re.compile(r"[.?!;]+[\"')]*\s+(?=\S)|\n+"),
    "joined": re.compile(
        r",?\s+(?=(?:and|n|an|&|plus|also|then|but|or|cuz|oh and|as well as|another thing|one more|"
        r"next|secondly|meanwhile|besides)\b|&)",
        re.IGNORECASE,
    ),
    "comma": re.compile(r",\s+(?=\S)|\s+[-–—]+\s+|\.{2,}\s*|…\s*"),
    "bare": re.compile(rf"\s+(?=(?:{_OPENER}|{_BEGINS})\b)", re.IGNORECASE),
}
KINDS = tuple(_BOUNDARIES)
STARTS_QUESTION = re.compile(
    r"(?:(?:and|n|an|&|plus|also|then|but|or|oh|so|um|uh|well|secondly|meanwhile|besides)[\s,]+)*"
    rf"{_OPENER}\b",
    re.IGNORECASE,
)
ADDS = re.compile(r"(?:and |n |& |but |oh )*(?:also|plus|another|one more|while|besides)\b", re.I)
LEAST_WORDS = 2

# A word with its apostrophe, or one mark.
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]")
_CLAUSE_ENDS = frozenset(".?!;,…-–—")
_JOINING = frozenset(
    {
        *("and", "n", "an", "&", "+", "plus", "also", "then", "but", "or", "so", "next", "y"),
        *("cuz", "cause", "because", "bc", "oh", "um", "uh", "well", "anyway", "ok", "okay"),
        *("besides", "meanwhile", "now", "además"),
    }
)
# What asks or wishes, as the first word of a clause or anywhere in it.
_ASKING = frozenset(
    {
        *("what", "what's", "whats", "how", "how's", "hows", "where", "where's", "wheres"),
        *("when", "when's", "whens", "who", "who's", "whos", "whom", "why", "which", "is"),
        *("are", "am", "do", "does", "did", "can", "could", "will", "would", "has", "have"),
        *("should", "was", "may", "must", "need", "want", "wanna", "like", "tell", "find"),
        *("get", "give", "gimme", "send", "please", "let", "help", "take", "put", "show"),
        *("qué", "cuánto", "dónde", "cómo", "quiero", "necesito"),
    }
)
# Weights; names that fall on the same one share it.
_SLOTS = 1 << 15
# How far the training is believed.
_TRUST = 0.3
# Words on either side that count in their order, and those that count wherever they stand.
_REACH, _FAR = 4, 12


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place where a question may end: `left` ends there, the next part begins at `right`."""

    left: int
    right: int
    kind: str


def boundaries(text: str) -> list[Boundary]:
    """Possible boundaries in order; where several meet, the plainest kind counts."""
    found: dict[int, Boundary] = {}
    for kind, pattern in _BOUNDARIES.items():
        for match in pattern.finditer(text):
            if kind == "sentence":
                left = match.start() + len(match.group().rstrip())
            else:
                left = match.start()
            found.setdefault(match.end(), Boundary(left, match.end(), kind))
    return [
        found[at]
        for at in sorted(found)
        if min(len(text[:at].split()), len(text[at:].split())) >= LEAST_WORDS
    ]


def _tokens(text: str) -> list[tuple[str, int]]:
    """Words and marks in lower case with where each begins; numbers are alike."""
    return [
        ("0" if m.group()[0].isdigit() else m.group().lower().replace("’", "'"), m.start())
        for m in _TOKEN.finditer(text)
    ]


def _words_around(words: Sequence[str], at: int, kind: str) -> Iterator[str]:
    """Names of what speaks for or against a boundary before the word `at`."""
    before, after = words[:at], words[at:]
    joins = list(itertools.takewhile(lambda word: word in _JOINING or word == ",", after))
    then = after[len(joins) :]
    marks = list(itertools.takewhile(lambda word: not word[0].isalnum(), reversed(before)))
    said = before[: len(before) - len(marks)]
    mark, join = "".join(marks[::-1]), " ".join(joins)
    yield f"kind {kind}"
    yield f"mark {mark}|{join}"
    for size in range(1, _REACH + 1):
        if size <= len(said):
            yield f"before {' '.join(said[-size:])}"
        if size <= len(then):
            yield f"then {' '.join(then[:size])}"
            yield f"then {kind} {join}|{' '.join(then[:size])}"
    yield f"meet {' '.join(said[-1:])}|{' '.join(then[:1])}"
    yield f"meet {' '.join(said[-1:])}|{mark}|{join}"
    yield f"meet {' '.join(said[-2:])}|{join}|{' '.join(then[:1])}"
    clause = _last_clause(said)
    for size in (1, 2, 3):
        yield f"clause {' '.join(clause[:size])}"
        yield f"all {' '.join(before[:size])}"
    yield f"begin {' '.join(clause[:1])}|{kind}|{join}|{' '.join(then[:1])}"
    yield f"begin {' '.join(clause[:2])}|{' '.join(then[:2])}"
    asked = any(word in _ASKING for word in said)
    asks = any(word in _ASKING for word in then)
    opened = clause[:1] and clause[0] in _ASKING
    opens = then[:1] and then[0] in _ASKING
    whole = f"{bool(opened)} {asked} {bool(opens)} {asks}"
    yield f"asks {whole}"
    yield f"asks {whole} {kind} {mark}"
    yield f"asks {whole} {join}"
    first_mark = next((word for word in then if word in ".?!;"), "")
    yield f"marks {'?' in before} {first_mark} {kind} {bool(opens)}"
    yield f"ends {words[-1] == '?'} {mark} {bool(opens)} {asked}"
    yield f"long {_bin(len(said))} {_bin(len(then))} {kind}"
    yield f"long {_bin(len(clause))} {_bin(len(_first_clause(then)))} {mark} {bool(opens)}"
    for word in set(said[-_FAR:]):
        yield f"left {word}"
    for word in set(then[:_FAR]):
        yield f"right {word}"


def _last_clause(words: Sequence[str]) -> Sequence[str]:
    starts = (at for at in range(len(words) - 1, 0, -1) if words[at - 1] in _CLAUSE_ENDS)
    start = next(starts, 0)
    clause = words[start:]
    joins = sum(1 for _ in itertools.takewhile(lambda word: word in _JOINING, clause))
    return clause[joins:]


def _first_clause(words: Sequence[str]) -> Sequence[str]:
    return list(itertools.takewhile(lambda word: word not in _CLAUSE_ENDS, words))


def _bin(count: int) -> int:
    return count if count < 4 else 4 + min((count - 4) // 4, 4)


def slots_of(text: str, found: Sequence[Boundary]) -> list[list[int]]:
    """Of each boundary what the words around it say, as places among the weights."""
    tokens = _tokens(text)
    words = [word for word, _ in tokens]
    starts = [start for _, start in tokens]
    return [
        [
            zlib.crc32(name.encode()) % _SLOTS
            for name in _words_around(words, bisect_left(starts, boundary.right), boundary.kind)
        ]
        for boundary in found
    ]


class BoundaryWords:
    """How likely a question ends at a boundary, by the words around it."""

    def __init__(self, weights: Floats, bias: float) -> None:
        """`weights`: one a slot."""
        self.weights = weights
        self.bias = bias

    def logits(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Of boundaries by their slots."""
        summed = [float(self.weights[slots].sum()) for slots in rows]
        return np.array(summed, np.float32) + self.bias

    @classmethod
    def train(cls, samples: Sequence[tuple[Sequence[int], bool]]) -> BoundaryWords:
        """From boundaries: their slots, and whether a further question begins there."""
        if len({begins for _, begins in samples}) < 2:
            # Where no written message shows both, the words around say nothing.
            return cls(np.zeros(_SLOTS, np.float32), 0.0)
        starts = np.cumsum([0, *(len(slots) for slots, _ in samples)])
        columns = np.fromiter(itertools.chain.from_iterable(slots for slots, _ in samples), np.intp)
        seen = sparse.csr_matrix(
            (np.ones(len(columns), np.float32), columns, starts), shape=(len(samples), _SLOTS)
        )
        model = LogisticRegression(C=_TRUST, solver="liblinear", max_iter=200)
        model.fit(seen, [begins for _, begins in samples])
        return cls(model.coef_[0].astype(np.float32), float(model.intercept_[0]))
