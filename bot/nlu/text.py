"""A member's words as the classifier sees them, and their TF-IDF features."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from alliance.spoken import normalise, normalise_text
from bot.nlu.spelling import repaired

Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.intp]

# Words take apostrophes; the other marks say little and recognisers give none, but a question
# mark is kept by the character n-grams of the word before it.
_MARKS = "?$%"
_NOT_TEXT = re.compile(r"[^\w'?$%]+")
# Reading spoken numbers costs more than all else here; most messages hold none.
_SPOKEN_NUMBER = re.compile(
    r"\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|double|triple)\b"
)
_DIGIT = re.compile(r"\d")
_SHORTEST, _LONGEST = 2, 5
# A pair of words or a character n-gram seen once is mostly chance or a typo; a word may carry
# meaning.
_LEAST_WORD, _LEAST_PAIR, _LEAST_CHARS = 1, 2, 2


# "Good morning dear, ...": who is greeted before a question is no part of it.
_SALUTATION = re.compile(
    r"(?:(?:hi+|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|"
    r"top of the morning)(?: (?:there|dear|sir|ma'?am|madam|miss|all|again|folks|team|guys|"
    r"everyone|hon(?:ey)?|young (?:lady|man)|to (?:you|ya)(?: all)?))?\b[\s,.!:;-]*)+"
    r"(?!from\b)(?=\w)"
)
_LEAST_AFTER_SALUTATION = 4


def plain(text: str) -> str:
    """What both the words and the encoder read: in normal spelling, without a greeting in front of
    something else."""
    text = normalise_text(text)
    greeted = _SALUTATION.match(text)
    left = text[greeted.end() :] if greeted else text
    return left if len(left.split()) >= _LEAST_AFTER_SALUTATION else text


# Several components read the same message: the last few are kept, in memory alone.
@functools.lru_cache(maxsize=16)
def prepare(text: str) -> str:
    """Normal form for classification: spoken forms resolved, lower case, digits all alike.

    A number's shape says what it is (a ZIP code, a claim number); which number it is, is noise.
    """
    text = plain(text)
    if _SPOKEN_NUMBER.search(text):
        text = normalise(text).text
    return _DIGIT.sub("0", _NOT_TEXT.sub(" ", text)).strip()


def char_grams(word: str) -> list[str]:
    """Character n-grams of one word, with a space marking its ends (sklearn's char_wb)."""
    padded = f" {word} "
    length = len(padded)
    return [
        padded[start : start + size]
        for size in range(_SHORTEST, min(_LONGEST, length) + 1)
        for start in range(length - size + 1)
    ]


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of a prepared text, word by word, as columns of a `Lexicon`.

    `words`: the words themselves; `pairs`: each with the word before it; `chars`: the character
    n-grams of all words in a row. -1: not in the lexicon.
    """

    words: Columns
    pairs: Columns
    chars: Columns


class Lexicon:
    """Words, pairs of words and character n-grams as one space of features with their TF-IDF.

    A text's row holds idf for each occurrence, words and pairs scaled by their length and
    characters by theirs. Whatever is linear in it is a sum over words, so that it can be had for
    any part of a message without reading the part again (`bot.nlu.questions`).
    """

    def __init__(self, words: Sequence[str], chars: Sequence[str], idf: Floats) -> None:
        """`idf`: [words and pairs, then character n-grams]."""
        self.words = list(words)
        self.chars = list(chars)
        self.idf = idf
        self._word_column = {gram: column for column, gram in enumerate(self.words)}
        first = len(self.words)
        self._char_column = {gram: first + column for column, gram in enumerate(self.chars)}
        # Most of what people say is in known words: theirs are looked up once.
        self._known_chars = {
            word: self._char_columns(word) for word in self.words if " " not in word
        }
        self._read: tuple[str, tuple[Columns, Floats]] | None = None

    @property
    def size(self) -> int:
        """Number of n-grams."""
        return len(self.idf)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Lexicon:
        """Learn the n-grams of these texts."""
        words: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        chars: Counter[str] = Counter()
        for text in texts:
            tokens = prepare(text).split()
            said = [token.strip(_MARKS) for token in tokens]
            words.update(set(said) - {""})
            pairs.update({f"{one} {other}" for one, other in itertools.pairwise(said)})
            chars.update({gram for token in set(tokens) for gram in char_grams(token)})
        kept = sorted([*_frequent(words, _LEAST_WORD), *_frequent(pairs, _LEAST_PAIR)])
        slices = sorted(_frequent(chars, _LEAST_CHARS))
        of_words = words | pairs
        seen = [*(of_words[gram] for gram in kept), *(chars[gram] for gram in slices)]
        idf = np.log((1 + len(texts)) / (1 + np.array(seen, np.float32))) + 1
        return cls(kept, slices, idf.astype(np.float32))

    def grams(self, prepared: str) -> Grams:
        """Of a text in the form that `prepare` gives."""
        tokens = prepared.split()
        said = [token.strip(_MARKS) for token in tokens]
        word = self._word_column.get
        known = self._known_chars
        chars = [known[t] if t in known else self._char_columns(t) for t in tokens]
        pairs = [word(f"{one} {other}", -1) for one, other in itertools.pairwise(said)]
        return Grams(
            np.array([word(one, -1) for one in said], np.intp),
            np.array([-1, *pairs][: len(said)], np.intp),
            np.concatenate(chars) if chars else np.array([], np.intp),
        )

    def _char_columns(self, token: str) -> Columns:
        char = self._char_column.get
        return np.array([char(gram, -1) for gram in char_grams(token)], np.intp)

    def of(self, text: str) -> tuple[Columns, Floats]:
        """The row of a member's words, misspelt ones as they were meant. The last one's is kept:
        models that share this lexicon read the same message.
        """
        if self._read is None or self._read[0] != text:
            self._read = text, self.row(self.grams(prepare(repaired(plain(text)))))
        return self._read[1]

    def row(self, grams: Grams) -> tuple[Columns, Floats]:
        """Columns, with repetitions, and values of one text."""
        words = np.concatenate([grams.words, grams.pairs])
        kinds = (words[words >= 0], grams.chars[grams.chars >= 0])
        values = [self.idf[columns] for columns in kinds]
        scaled = [v / (float(np.sqrt(v @ v)) or 1.0) for v in values]
        return np.concatenate(kinds), np.concatenate(scaled)

    def matrix(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """[texts, n-grams]."""
        rows = [self.row(self.grams(prepare(text))) for text in texts]
        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        made = sparse.csr_matrix((values, columns, starts), shape=(len(texts), self.size))
        made.sum_duplicates()
        return made


def _frequent(seen: Counter[str], least: int) -> Iterator[str]:
    return (gram for gram, count in seen.items() if count >= least)
