"""Things from lists in a message: specialties, facilities, services, drugs, companies and so on.

Exact phrases are found by spaCy's PhraseMatcher; words that no list and no everyday vocabulary
knows are compared with the lists by rapidfuzz, alone and joined with their neighbours, because
typing slips ("cardioligist") and recognisers break words apart ("oh zempic").
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import spacy
from rapidfuzz import fuzz, process
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from alliance import gazetteer

FOLDER = Path(__file__).parent / "gazetteers"
LISTS = tuple(sorted([*FOLDER.iterdir(), *(gazetteer.DATA / "gazetteers").iterdir()]))


def words_in(text: str) -> frozenset[str]:
    """A set of words, written as a text."""
    return frozenset(text.split())


class Found(NamedTuple):
    """An entity in the normalised text; `exact` is False for what was only nearly the same."""

    kind: str
    start: int
    end: int
    value: Any
    exact: bool = True


# Of equally long matches the earlier kind wins: "eye exam" is a service before a place.
KINDS = ("partner", "drug", "specialty", "service", "facility", "relation", "language")
_SHARED = ("partner", "specialty", "service", "facility", "relation")


@cache
def load(name: str) -> Any:
    """A list of ours by file name."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def common_words() -> frozenset[str]:
    """Everyday words: none of them is a slip for a name on a list."""
    return frozenset((FOLDER / "common_words.txt").read_text(encoding="utf-8").split())


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """For each kind the phrases that name a thing, lower-case, and the thing's key."""
    table: dict[str, dict[str, str]] = {
        kind: {
            form: term.key for term in gazetteer.terms(kind).values() for form in term.forms
        }
        for kind in _SHARED
    }  # fmt: skip
    table["drug"] = {
        form.lower(): name for name, forms in load("drugs.json").items() for form in (name, *forms)
    }
    table["language"] = {
        form.lower(): code for code, forms in load("languages.json").items() for form in forms
    }
    return table


# Words of the lists that are too common in other senses to count wherever they stand.
_ONLY_WITH = {
    "signal": {"from", "with", "by", "my", "through", "to", "have", "is", "has", "at", "call"},
    "sigma": {"from", "with", "by", "my", "through", "to", "have", "is", "has", "at", "the"},
    "karen": {"speak", "speaks", "speaking", "in", "language", "interpreter", "talk", "talks"},
    "preferred": frozenset(),
    "partner": frozenset(),
    "armour": frozenset(),
    "gi": {"a", "the", "pediatric"},
    "primary": {"my", "a", "new", "change", "your", "his", "her", "the"},
    "ob": {"my", "an", "a"},
    "speech": {"for", "get", "cover", "covers"},
    "cast": {"a", "my", "the", "his", "her"},
    "crown": {"a", "my", "the", "new"},
    "echo": {"an", "the", "my", "heart"},
    "labs": {"my", "the", "get", "for", "do", "did", "some", "any", "near", "nearest"},
    "shots": {"baby", "her", "his", "my", "the", "get"},
    "contacts": {"my", "new", "for", "and", "or", "wear"},
    "frames": {"new", "my", "for", "the", "and", "glasses"},
    "oxygen": {"my", "home", "for", "the", "of", "her", "his", "cover", "covers"},
    "delivery": {"the", "my", "for", "and", "baby"},
    "radiation": {"for", "my", "the", "his", "her"},
    "nitro": {"my", "the"},
    "home care": frozenset(),
    "girl": {"my", "our", "little", "baby", "a", "the"},
    "boy": {"my", "our", "little", "baby", "a", "the"},
    "baby": frozenset(),
}


class Lists:
    """All lists as one exact and one fuzzy matcher; built once a process."""

    _CUTOFF = 82.0
    _LONGEST_WINDOW = 3
    _LEAST_LETTERS = 5

    def __init__(self) -> None:
        self.nlp: Language = spacy.blank("en")
        self._table = phrases()
        self._matcher = PhraseMatcher(self.nlp.vocab, attr="LOWER")
        for kind in KINDS:
            self._matcher.add(kind, [self.nlp.make_doc(form) for form in self._table[kind]])
        self._known = common_words() | {
            word for table in self._table.values() for form in table for word in form.split()
        }
        # Spaces do not count in the comparison: recognisers put them anywhere.
        self._choices: dict[str, tuple[str, str]] = {}
        for kind in ("drug", "specialty", "service", "facility"):
            for form in self._table[kind]:
                joined = _joined(form)
                if len(joined) >= self._LEAST_LETTERS + 1:
                    self._choices.setdefault(joined, (kind, form))
        self._joined = list(self._choices)

    def find(self, doc: Doc) -> list[Found]:
        """Entities of the normalised text's doc; overlaps are left to the caller."""
        exact = list(self._exact(doc))
        taken = {i for f in exact for i, t in enumerate(doc) if f.start <= t.idx < f.end}
        return exact + list(self._fuzzy(doc, taken))

    def value(self, kind: str, phrase: str) -> str:
        """What the exact phrase names."""
        return self._table[kind][phrase]

    def is_known(self, word: str) -> bool:
        """Whether the word is everyday English or on a list."""
        return word in self._known

    def _exact(self, doc: Doc) -> Iterator[Found]:
        for key, start, end in self._matcher(doc):
            span = doc[start:end]
            kind = self.nlp.vocab.strings[key]
            text = span.text.lower()
            if text in _ONLY_WITH and not _allowed(text, doc, start):
                continue
            value = self._table[kind].get(text)
            if value is not None:
                yield Found(kind, span.start_char, span.end_char, value)

    def _fuzzy(self, doc: Doc, taken: set[int]) -> Iterator[Found]:
        words = [t.lower_ for t in doc]
        strange = [
            i not in taken and len(word) > 2 and word.isalpha() and word not in self._known
            for i, word in enumerate(words)
        ]
        if not any(strange):
            return
        for size in range(self._LONGEST_WINDOW, 0, -1):
            for start in range(len(words) - size + 1):
                window = range(start, start + size)
                if not any(strange[i] for i in window) or any(i in taken for i in window):
                    continue
                joined = "".join(words[i] for i in window)
                if len(joined) < self._LEAST_LETTERS or not joined.isalpha():
                    continue
                found = self._nearest(joined, size)
                if found:
                    kind, form = found
                    span = doc[start : start + size]
                    taken |= set(window)
                    value = self._table[kind][form]
                    yield Found(kind, span.start_char, span.end_char, value, exact=False)

    def _nearest(self, joined: str, size: int) -> tuple[str, str] | None:
        # A short word differs by one letter from many others; joining words makes more chances.
        cutoff = self._CUTOFF + max(0, 8 - len(joined)) + 2 * (size - 1)
        nearest = process.extractOne(joined, self._joined, scorer=fuzz.ratio, score_cutoff=cutoff)
        if nearest is None:
            return None
        kind, form = self._choices[nearest[0]]
        # A slip seldom hits the first letter; without it a name of a person may come near.
        if nearest[0][0] != joined[0] and nearest[1] < cutoff + 6:
            return None
        return kind, form


def _joined(form: str) -> str:
    return "".join(c for c in form if c.isalnum())


def _allowed(text: str, doc: Doc, start: int) -> bool:
    before = _ONLY_WITH[text]
    return bool(before) and start > 0 and doc[start - 1].lower_ in before
