"""Names of providers as people spell and recognisers hear them: what to compare, and how.

Comparing itself needs a library and stands outside; this package is standard library only.
"""

from __future__ import annotations

import re
import unicodedata

_TITLES = frozenset({"dr", "drs", "doctor", "doctora", "doc", "mr", "mrs", "ms", "nurse", "the"})
_SUFFIXES = frozenset({"md", "do", "np", "pa", "rn", "dds", "dmd", "phd", "jr", "sr", "ii", "iii"})
# What places share with a hundred others: no help in finding one.
_COMMON_PLACE_WORDS = frozenset(
    {
        "hospital", "hospitals", "medical", "center", "centre", "clinic", "clinics", "group",
        "associates", "care", "urgent", "health", "healthcare", "pharmacy", "pharmacies",
        "laboratory", "lab", "labs", "general", "community", "regional", "memorial", "saint", "st",
        "of", "and", "at", "in", "physicians", "practice", "office", "family", "imaging",
        "radiology", "dental", "counseling", "services", "sample",
    }
)  # fmt: skip
# Sounds that are written in several ways, the longer spellings first.
_SOUNDS = (
    ("tsch", "s"), ("sch", "s"), ("ph", "f"), ("gh", "g"), ("ck", "k"), ("ch", "s"), ("sh", "s"),
    ("th", "t"), ("wh", "w"), ("kn", "n"), ("wr", "r"), ("qu", "k"), ("dg", "j"), ("x", "ks"),
    ("c", "k"), ("q", "k"), ("z", "s"), ("y", "i"), ("v", "f"), ("w", "f"), ("g", "j"),
)  # fmt: skip
# The letters that a name's first one is taken for, in writing or by ear.
_ALIKE = {
    "a": "eo", "b": "pvd", "c": "ksg", "d": "tb", "e": "ai", "f": "vps", "g": "jkc", "h": "j",
    "i": "ey", "j": "gyh", "k": "cgq", "l": "r", "m": "n", "n": "m", "o": "au", "p": "bt",
    "q": "kc", "r": "lw", "s": "czf", "t": "dp", "u": "oy", "v": "fbw", "w": "vr", "x": "zs",
    "y": "ji", "z": "sx",
}  # fmt: skip


def plain_name(text: str) -> str:
    """Lower case letters, accents and punctuation gone: "O'Brien-Núñez" is "obriennunez"."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if c.isalpha() and not unicodedata.combining(c))


def sound(text: str) -> str:
    """A rough key of how a name sounds: spellings of one sound are one, vowels inside are gone."""
    name = plain_name(text)
    for spelling, heard in _SOUNDS:
        name = name.replace(spelling, heard)
    first, rest = name[:1], re.sub(r"[aeiouh]", "", name[1:])
    return re.sub(r"(.)\1+", r"\1", first + rest)


def name_words(said: str) -> list[str]:
    """The words of a provider's name without titles and degrees, in lower case."""
    words = [word.strip(".") for word in re.split(r"[^\w'.-]+", said.casefold())]
    return [
        word.removesuffix("'s")
        for word in words
        if word and word.replace(".", "") not in _TITLES | _SUFFIXES and any(map(str.isalpha, word))
    ]


def distinctive_words(said: str) -> list[str]:
    """The words of a place's name that tell it from others, the longest first."""
    words = [word for word in name_words(said) if word not in _COMMON_PLACE_WORDS]
    return sorted(dict.fromkeys(words), key=lambda word: (-len(word), word))


def alike_initials(name: str) -> str:
    """The first letters that a name may have when its own was misheard, its own first."""
    letter = plain_name(name)[:1]
    return letter + _ALIKE.get(letter, "")
