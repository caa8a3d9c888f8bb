"""Things from lists in a message: specialties, facilities, services, drugs, companies and so on.

Exact phrases are found by spaCy's PhraseMatcher; words that no list and no everyday vocabulary
knows are compared with the lists by rapidfuzz, alone and joined with their neighbours, because
typing slips ("cardioligist") and recognisers break words apart ("oh zempic").
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class Token(NamedTuple):
    """A word or mark: in lower case, as written, and where it starts in the text it is read in."""

    word: str
    raw: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.word)


class Found(NamedTuple):
    """An entity with its span; `exact` is False for what was only nearly the same."""

    kind: str
    start: int
    end: int
    value: Any
    exact: bool = True


# "st." and "dr." keep their point; hyphened words are one, as in "dartmouth-hitchcock", but not a
# language and "-speaking"; the "'s" of "my son's" is a word of its own.
_TOKEN = re.compile(
    r"(?:st|mt|ft|dr|drs|mr|mrs|ms)\.(?=\s)|[^\W_]+(?:(?:'(?!s\b)|-(?!speak)|&)[^\W_]+)*|'s\b|[^\s\w]|_"
)


def token_spans(text: str) -> list[tuple[int, int]]:
    """Where the words and marks of a lower-case text stand."""
    return [m.span() for m in _TOKEN.finditer(text)]


_SHARED = ("partner", "specialty", "service", "facility", "relation")
_KINDS = (*_SHARED, "drug", "language")
_NEAR_KINDS = ("drug", "specialty", "service", "facility", "language")


@cache
def load(name: str) -> Any:
    """A list of ours by file name."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """For each kind the phrases that name a thing, lower-case, and the thing's key."""
    table: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS}
    for kind in _SHARED:
        for term in gazetteer.terms(kind).values():
            for form in term.forms:
                table[kind].setdefault(form, term.key)
    for name, forms in load("drugs.json").items():
        table["drug"] |= {form.lower(): name for form in (name, *forms)}
    for code, forms in load("languages.json").items():
        table["language"] |= {form.lower(): code for form in forms}
    return table


# Forms that are common in other senses count only after one of these words.
_ONLY_AFTER: Mapping[str, frozenset[str]] = {
    form: words_in(before)
    for forms, before in (
        ("signal", "from with by my through to have is has at call got get does did will or and if "
         "is are your you for of"),
        ("preferred", "with through have got by"),
        ("er", "the an to in at my from about for vs versus or hospital er's"),
        ("walk in|walk-in|walk ins", "a the any nearest local"),
        ("gi", "a the pediatric see"),
        ("primary", "my a new change your his her the for of pick choose"),
        ("ob", "my an the"),
        ("np|n p", "a an the my see"),
        ("shrink", "a my the to his her head need see find"),
        ("cast", "a my the his her"),
        ("crown|cap|bridge", "a my the new"),
        ("echo", "an the my heart"),
        ("labs", "my the get for do did some any near nearest"),
        ("shots", "baby her his my the get flu"),
        ("contacts", "my new for and or wear get buy"),
        ("frames", "new my for the and glasses"),
        ("oxygen", "my home for the of her his cover covers"),
        ("delivery", "the my for and baby"),
        ("radiation", "for my the his her and or"),
        ("nitro", "my the"),
        ("folks", "my her his our"),
        ("girl|boy|girls|boys", "my our little baby foster"),
        ("dependent|dependents", "my our her his"),
        ("old man|old lady|ol man|viejo|vieja|pop|ma", "my mi our"),
        ("partner|partners", "my domestic his her"),
        ("ex", "my his her the our"),
        ("implants|implant", "dental tooth my get for an and or teeth"),
        ("hospice|detox|rehab", "a the to in at into near nearest find for"),
        ("inpatient|speech|cleaning|surgery", "for my the a get had have his her of covered cover "
         "does is outpatient knee and before after this that"),
    )
    for form in forms.split("|")
}  # fmt: skip
# Or before one of these: "er copay" is no hesitation.
_ALSO_BEFORE = {"er": words_in("copay copays co-pay visit visits bill bills trip cost costs")}
# Nor is it one in capitals, where the rest is not shouted.
_IN_CAPITALS = frozenset({"er"})
# Forms that are nothing on the list whatever stands before.
_NEVER = words_in("armour oldest youngest pts ots ents")
# Names of languages that are also names count when somebody speaks.
_NAME_LANGUAGES = words_in("karen mohawk mam dari lao twi creole thai")
_SPEAKING = ("speak", "spoke", "langu", "interp", "transl", "talk", "habl")


def _is_about_speaking(words: Iterable[str]) -> bool:
    return any(word.startswith(_SPEAKING) for word in words)


def _stands_out(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is written in capitals, and another is not."""
    return tokens[at].raw.isupper() and not all(t.raw.isupper() for t in tokens if t.raw.isalpha())


class Lists:
    """All lists as one exact and one fuzzy matcher; built once a process."""

    _LONGEST_WINDOW = 3
    _LEAST_LETTERS = 5

    def __init__(self) -> None:
        self._nlp: Language = spacy.blank("en")
        self._table = phrases()
        self._listed = {
            word for table in self._table.values() for form in table for word in _split(form)
        }
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        for kind in _KINDS:
            self._matcher.add(kind, [self._doc(_split(form)) for form in self._table[kind]])
        self._known = gazetteer.common_words() | self._listed
        # Spaces do not count in the comparison: recognisers put them anywhere.
        self._choices: dict[str, tuple[str, str]] = {}
        for kind in _NEAR_KINDS:
            for form in self._table[kind]:
                joined = "".join(c for c in form if c.isalnum())
                if len(joined) > self._LEAST_LETTERS and not _GENERATED.search(form):
                    self._choices.setdefault(joined, (kind, form))
        # Only what can be near is compared: single words by length, windows by first letter.
        self._by_length: dict[int, list[str]] = {}
        self._by_letter: dict[str, list[str]] = {}
        for joined, (_, form) in self._choices.items():
            self._by_letter.setdefault(joined[0], []).append(joined)
            if len(_split(form)) == 1:
                for length in range(len(joined) - _LONGEST_SLIP, len(joined) + _LONGEST_SLIP + 1):
                    self._by_length.setdefault(length, []).append(joined)

    def find(self, tokens: Sequence[Token]) -> list[Found]:
        """Entities among the tokens; overlaps are left to the caller."""
        exact = list(self._exact(tokens))
        taken = {
            i
            for f in exact
            for i, token in enumerate(tokens)
            if f.start <= token.start < f.end
        }  # fmt: skip
        return exact + list(self._near(tokens, taken))

    def is_known(self, word: str) -> bool:
        """Whether the word is everyday English or on a list."""
        return word in self._known

    def _doc(self, words: Sequence[str]) -> Doc:
        # spaCy keeps every word that it has met: what members say must not stay in its memory.
        return Doc(self._nlp.vocab, words=[w if w in self._listed else "_" for w in words])

    def _exact(self, tokens: Sequence[Token]) -> Iterator[Found]:
        words = [t.word for t in tokens]
        for key, start, end in self._matcher(self._doc(words)):
            kind = self._nlp.vocab.strings[key]
            form = " ".join(words[start:end])
            shouted = form in _IN_CAPITALS and _stands_out(tokens, start)
            if shouted or self._counts(form, kind, words, start):
                value = self._table[kind].get(form) or self._table[kind][_unspaced(form)]
                yield Found(kind, tokens[start].start, tokens[end - 1].end, value)

    def _counts(self, form: str, kind: str, words: Sequence[str], start: int) -> bool:
        if form in _NEVER:
            return False
        if kind == "language" and form in _NAME_LANGUAGES:
            return _is_about_speaking(words)
        if kind == "relation" and _is_at_their_place(words[start + len(form.split()) :]):
            return False
        before = _ONLY_AFTER.get(form)
        return (
            before is None
            or len(words) == len(form.split())
            or (start > 0 and words[start - 1] in before)
            or (start + 1 < len(words) and words[start + 1] in _ALSO_BEFORE.get(form, ()))
        )

    def _near(self, tokens: Sequence[Token], taken: set[int]) -> Iterator[Found]:
        """Slips: windows that hold a word which is neither everyday nor listed."""
        strange = [
            i not in taken and len(t.word) > 2 and t.word.isalpha() and t.word not in self._known
            for i, t in enumerate(tokens)
        ]
        if not any(strange):
            return
        speaking = _is_about_speaking(t.word for t in tokens)
        # A window may reach over an exact find: "therapy" is within "phisical therapy".
        near: list[tuple[float, int, int, str, str]] = []
        for size in range(self._LONGEST_WINDOW, 0, -1):
            for start in range(len(tokens) - size + 1):
                if any(strange[start : start + size]):
                    joined = "".join(t.word for t in tokens[start : start + size])
                    found = self._nearest(joined, size)
                    # A surname may come near a language.
                    if found and (found[1] != "language" or speaking):
                        near.append((-found[0], start, start + size, *found[1:]))
        used: set[int] = set()
        for _, start, end, kind, form in sorted(near):
            if used.isdisjoint(range(start, end)):
                used |= set(range(start, end))
                value = self._table[kind][form]
                yield Found(kind, tokens[start].start, tokens[end - 1].end, value, exact=False)

    def _nearest(self, joined: str, size: int) -> tuple[float, str, str] | None:
        """How near (0 to 100), the kind and the form, if near enough."""
        length = len(joined)
        if length < self._LEAST_LETTERS or not joined.isalpha():
            return None
        # A short word is near many others, and joining words makes more chances.
        cutoff = (88.0 if length <= 6 else 85.0 if length <= 9 else 82.0) + 3 * (size > 1)
        choices = self._by_length.get(length) if size == 1 else self._by_letter.get(joined[0])
        if not choices:
            return None
        nearest = process.extractOne(joined, choices, scorer=fuzz.ratio, score_cutoff=cutoff)
        if nearest is None or abs(len(nearest[0]) - length) > (1 if length <= 8 else _LONGEST_SLIP):
            return None
        # A slip seldom hits the first letter; without it the name of a person may come near.
        if nearest[0][0] != joined[0] and nearest[1] < cutoff + 3:
            return None
        return nearest[1], *self._choices[nearest[0]]


# "I fell at my brother's house": where it happened, and not to whom.
_THEIR_PLACES = words_in(
    "house place apartment wedding funeral party barn farm yard garage basement kitchen porch "
    "graduation picnic cabin pool trampoline"
)


def _is_at_their_place(after: Sequence[str]) -> bool:
    left = [word for word in after[:3] if word not in ("'", "'s", "\u2019s", "s", "old", "new")]
    return bool(left) and left[0] in _THEIR_PLACES


# Phrases made by rule ("somebody for ears", "skin fella") are plain words: nothing to mistype.
_GENERATED = re.compile(
    r" for |^somebody "
    r"|(?: (?:dr|doc|physician|man|guy|fella|fellow|person|people|specialist)s?| doctors)$"
)
# Letters that a slip may add or drop.
_LONGEST_SLIP = 3


def _split(form: str) -> list[str]:
    return [form[start:end] for start, end in token_spans(form)]


@cache
def _spaced_forms() -> Mapping[str, str]:
    """Forms by their tokens with single spaces: "ear , nose" is "ear, nose"."""
    return {" ".join(_split(form)): form for table in phrases().values() for form in table}


def _unspaced(form: str) -> str:
    return _spaced_forms()[form]
