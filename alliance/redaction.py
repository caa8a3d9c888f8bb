"""A member's sentence without what could tell who said it, for those who improve the understanding.

Only words that are known to be ordinary are kept: everyday words and the lists of services, places
of care, kinds of doctors, relations and companies. Names, numbers, days, towns and whatever else
is left become a mark of their kind, as "[name]". A slip of the pen may be lost by that; a name
never stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from alliance.gazetteer import common_words, terms

MOST_CHARACTERS = 300
_KINDS = ("specialty", "facility", "service", "relation", "partner")
# Entities that say nothing about a person.
_HARMLESS = frozenset({"specialty", "facility", "service", "relation", "partner", "language"})
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_MAIL = re.compile(r"\S+@\S+|https?://\S+|www\.\S+", re.IGNORECASE)
_FIGURES = re.compile(r"[$#]?\w*\d(?:[\w./:,-]*\w)?(?:\s*[$#]?\w*\d(?:[\w./:,-]*\w)?)*")
# What follows these is a name, however ordinary the word.
_NAMED = re.compile(
    r"(?P<before>\b(?:(?:my|his|her|their|the|first|last|full) name is|name'?s|called|"
    r"this is|(?:mr|mrs|ms|miss|dr|doctor)\b\.?)\s+)"
    r"(?P<name>[^\W\d_]+(?:\s+(?-i:[A-Z])[^\W\d_]+)?)",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    word
    for words in (
        "a an the my our your about for not to is who what where how why that it in near and or",
        "urgent important",
    )
    for word in words.split()
)
# Figures that are spelled out in one word after another tell as much as figures.
_NUMBER_WORD = (
    r"zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand|double|triple"
)
_SPOKEN_FIGURES = re.compile(
    rf"\b(?:{_NUMBER_WORD})(?:[\s-]+(?:{_NUMBER_WORD})){{2,}}\b", re.IGNORECASE
)
_MONTH = re.compile(
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)


def redacted(text: str, entities: Iterable[Mapping[str, Any]] = ()) -> str:
    """The text (at most MOST_CHARACTERS of it) with marks for all that is not plainly harmless.

    `entities` are what understanding found in the text, with `start` and `end` in characters.
    """
    text = text[:MOST_CHARACTERS]
    spans = sorted(
        (int(entity["start"]), int(entity["end"]), str(entity["entity"]))
        for entity in entities
        if entity.get("entity") not in _HARMLESS
        and isinstance(entity.get("start"), int)
        and isinstance(entity.get("end"), int)
        and 0 <= entity["start"] < entity["end"] <= len(text)
    )
    parts: list[str] = []
    at = 0
    for start, end, kind in spans:
        if start < at:
            continue
        parts += [_plain(text[at:start]), f"[{kind}]"]
        at = end
    parts.append(_plain(text[at:]))
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _plain(text: str) -> str:
    text = _MAIL.sub("[address]", text)
    text = _NAMED.sub(_name, text)
    text = _FIGURES.sub("[number]", _SPOKEN_FIGURES.sub("[number]", text))
    text = _MONTH.sub("[month]", text)
    return re.sub(r"\[\w+\]|" + _WORD.pattern, _known, text)


def _name(found: re.Match[str]) -> str:
    if found["name"].split()[0].lower() in _NO_NAMES:
        return found.group()
    return f"{found['before']}[name]"


def _known(found: re.Match[str]) -> str:
    word = found.group()
    if word.startswith("[") or _stem(word) in _words():
        return word
    return "[name]" if word[0].isupper() else "[word]"


def _stem(word: str) -> str:
    return re.sub(r"'s?$", "", word.lower().replace("\u2019", "'")) or word.lower()


@cache
def _words() -> frozenset[str]:
    """The words that may stay."""
    listed = {
        word
        for kind in _KINDS
        for term in terms(kind).values()
        for form in (term.name, term.plural, *term.forms)
        for word in re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", form.lower())
    }
    contractions = (
        "i'm i've i'd i'll it's that's what's who's where's how's don't doesn't didn't can't won't "
        "isn't aren't wasn't weren't haven't hasn't couldn't shouldn't wouldn't you're they're "
        "we're there's let's a i"
    )
    return frozenset(common_words() | listed | set(contractions.split()))
