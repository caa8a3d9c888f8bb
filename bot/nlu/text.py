"""A member's words as the classifier sees them, and their TF-IDF features."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from alliance.spoken import normalise, normalise_text

Floats = npt.NDArray[np.float32]

# Words take apostrophes; the other marks say little and recognisers give none, but a question
# mark is kept by the character n-grams of the word before it.
_WORD = re.compile(r"[\w']+")
_NOT_TEXT = re.compile(r"[^\w'?$%]+")
# Reading spoken numbers costs more than all else here; most messages hold none.
_SPOKEN_NUMBER = re.compile(
    r"\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|double|triple)\b"
)
_DIGIT = re.compile(r"\d")
_SHORTEST, _LONGEST = 2, 5


def prepare(text: str) -> str:
    """Normal form for classification: spoken forms resolved, lower case, digits all alike.

    A number's shape says what it is (a ZIP code, a claim number); which number it is, is noise.
    """
    text = normalise_text(text)
    if _SPOKEN_NUMBER.search(text):
        text = normalise(text).text
    return _DIGIT.sub("0", _NOT_TEXT.sub(" ", text)).strip()


def word_grams(prepared: str) -> list[str]:
    """Words and pairs of neighbouring words."""
    words = _WORD.findall(prepared)
    return words + [f"{left} {right}" for left, right in itertools.pairwise(words)]


def char_grams(prepared: str) -> list[str]:
    """Character n-grams inside words, with a space marking a word's ends (sklearn's char_wb)."""
    grams: list[str] = []
    for word in prepared.split():
        padded = f" {word} "
        length = len(padded)
        for size in range(_SHORTEST, min(_LONGEST, length) + 1):
            grams += [padded[start : start + size] for start in range(length - size + 1)]
    return grams


class TfIdf:
    """TF-IDF over one kind of n-gram: logarithmic counts, smoothed idf, rows of unit length."""

    def __init__(self, grams: Sequence[str], idf: Floats) -> None:
        self.grams = list(grams)
        self.idf = idf
        self._column = {gram: column for column, gram in enumerate(self.grams)}

    @classmethod
    def fit(cls, documents: Sequence[Sequence[str]], least: int) -> TfIdf:
        """Keep n-grams found in at least `least` documents."""
        seen = Counter(gram for document in documents for gram in set(document))
        kept = sorted(gram for gram, count in seen.items() if count >= least)
        counts = np.array([seen[gram] for gram in kept], np.float32)
        idf = np.log((1 + len(documents)) / (1 + counts)) + 1
        return cls(kept, idf.astype(np.float32))

    def row(self, document: Iterable[str]) -> tuple[list[int], Floats]:
        """Columns and values of one document."""
        column = self._column
        counts = Counter(column[gram] for gram in document if gram in column)
        columns = list(counts)
        values = np.array([1.0 + math.log(count) for count in counts.values()], np.float32)
        values *= self.idf[columns]
        return columns, values / (float(np.sqrt(values @ values)) or 1.0)
