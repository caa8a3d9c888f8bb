"""Misspelt words as they were meant, for the models' eyes alone: "urgnt care, no apointment".

In English, a word that no dictionary has, that the encoder knows only in pieces, and that is
neither on a list nor a town, is read as the nearest of the words that members use, by their order
in `frequent_words.txt` (most frequent first, counted in data/nlu). A rare word stays what it is:
what tells of danger is often one ("clammy"). The member's own words stay as they are everywhere
else.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA
from spellchecker import SpellChecker

from alliance.gazetteer import has_city
from bot.nlu import encoder
from bot.nlu.language import is_spanish

WRITTEN = Path(__file__).parent / "frequent_words.txt"
_WORD = re.compile(r"(?<![\w'@.-])[a-z]{5,}(?![\w'@-])")
# As written by ear: letters that are read alike, and those that are not heard.
_ALIKE = (
    (re.compile(r"c(?=[eiy])|z"), "s"),
    (re.compile(r"c(?!h)k?|q"), "k"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?<=[a-z])[aeiouyh]"), ""),
)
# So long a word may differ in two letters, as one that sounds the same may.
_LONG = 8
# The encoder's tokens of a word that is one piece: its own, and those of begin and end.
_ONE_PIECE = 3
# A message of mostly unknown words is read as it is.
_MOST_STRANGE = 0.6


def repaired(text: str) -> str:
    """The text, in lower case, with its misspelt English words put right."""
    strange = [word for word in _WORD.findall(text) if not _is_known(word)]
    if not strange or is_spanish(text) or len(strange) > max(1, _MOST_STRANGE * len(text.split())):
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
            most = 2 if alike or len(word) >= _LONG else 1
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
    # Here, because spaCy comes with it: who only reads words needs none of that.
    from bot.nlu.entities_lists import phrases, token_spans

    forms = [form for table in phrases().values() for form in table]
    return frozenset(form[start:end] for form in forms for start, end in token_spans(form))


@cache
def _dictionary() -> frozenset[str]:
    return frozenset(SpellChecker("en").word_frequency.words())


def _is_known(word: str) -> bool:
    listed = word in _frequent() or word in _dictionary() or word in _listed() or has_city(word)
    return listed or len(encoder.shared().tokens(word)) <= _ONE_PIECE
