"""Misspelt words as they were meant, for the models' eyes alone: "urgnt care neer me".

A word that the encoder knows only in pieces, and that is neither on a list nor a town, is read as
the nearest of the words that members use, by their order in `frequent_words.txt` (most frequent
first, counted in data/nlu). The member's own words stay as they are everywhere else.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from alliance.gazetteer import common_words, has_city
from bot.nlu import encoder
from bot.nlu.entities_lists import phrases, token_spans

WRITTEN = Path(__file__).parent / "frequent_words.txt"
_WORD = re.compile(r"(?<![\w'@.-])[a-z]{3,}(?![\w'@-])")
# As written by ear: letters that are read alike, and those that are not heard.
_ALIKE = (
    (re.compile(r"c(?=[eiy])|z"), "s"),
    (re.compile(r"c(?!h)k?|q"), "k"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?<=[a-z])[aeiouyh]"), ""),
)
# So short a word may differ in its vowels alone; so long a one in two letters.
_SHORT, _LONG = 4, 8
# The encoder's tokens of a word that is one piece: its own, and those of begin and end.
_ONE_PIECE = 3
# A message that is mostly unknown words is no English.
_MOST_STRANGE = 0.6


def repaired(text: str) -> str:
    """The text, in lower case, with its misspelt words put right."""
    words = _WORD.findall(text)
    strange = [word for word in words if not _is_known(word)]
    if not strange or len(strange) > max(1, _MOST_STRANGE * len(text.split())):
        return text
    return _WORD.sub(lambda word: _meant(word.group()), text)


# Few: what members write doesn't stay in memory.
@lru_cache(maxsize=64)
def _meant(word: str) -> str:
    if _is_known(word):
        return word
    ear = sound(word)
    near: list[tuple[int, bool, int, str]] = []
    for length in range(len(word) - 2, len(word) + 3):
        for rank, other, heard in _by_length().get(length, ()):
            alike = heard == ear
            most = 2 if len(word) >= _LONG or (alike and len(word) > _SHORT) else 1
            if len(word) <= _SHORT and not alike:
                continue
            distance = OSA.distance(word, other, score_cutoff=most)
            if distance <= most and (alike or other[0] == word[0]):
                near.append((distance, not alike, rank, other))
    return min(near)[-1] if near else word


def sound(word: str) -> str:
    """How a word is heard, roughly: words written by ear are alike."""
    for letters, heard in _ALIKE:
        word = letters.sub(heard, word)
    return word


@cache
def _frequent() -> dict[str, int]:
    return {word: rank for rank, word in enumerate(WRITTEN.read_text("utf-8").split())}


@cache
def _by_length() -> dict[int, list[tuple[int, str, str]]]:
    found: dict[int, list[tuple[int, str, str]]] = {}
    for word, rank in _frequent().items():
        found.setdefault(len(word), []).append((rank, word, sound(word)))
    return found


@cache
def _listed() -> frozenset[str]:
    forms = [form for table in phrases().values() for form in table]
    return frozenset(form[start:end] for form in forms for start, end in token_spans(form))


def _is_known(word: str) -> bool:
    listed = word in _frequent() or word in common_words() or word in _listed() or has_city(word)
    return listed or len(encoder.shared().tokens(word)) <= _ONE_PIECE
