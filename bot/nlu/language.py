"""Is it Spanish? Function words and everyday forms decide; names of people and towns do not."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from pathlib import Path

# `spanish`: forms that English text does not hold, without accents, text-speak included. `weak`:
# said in Spanish, but also names, places or English words: they count only beside others.
# `english`: function words and everyday words of English.
WORDS = Path(__file__).with_name("language_words.json")
_SPANISH, _WEAK, _ENGLISH = (
    frozenset(json.loads(WORDS.read_text())[kind]) for kind in ("spanish", "weak", "english")
)
# Endings that English words of this length do not have.
_SHAPE = re.compile(
    r".{3,}(?:cion|ciones|ando|iendo|aron|ieron|amos|emos|idad|ados|adas|arme|erme|irme)$"
)
_ACCENTED = re.compile(r"[áéíóúñ]")
_WORD = re.compile(r"[a-z]+")
# A word that is spelled: its letters are no words ("y", "o").
_SPELLED = re.compile(r"\b[a-z](?:[\s.,-]+[a-z]\b){2,}")


def is_hardly_english(words: str) -> bool:
    """Whether at most a third of these words, in lower case, are everyday English ones."""
    said = words.split()
    return 3 * sum(word in _ENGLISH for word in said) <= len(said)


def is_known_in_spanish(word: str) -> bool:
    """Whether this word, in lower case and without accents, is an everyday Spanish one."""
    return word in _SPANISH or word in _WEAK


# Several components ask it of the same message: the last few are kept, in memory alone.
@functools.lru_cache(maxsize=8)
def is_spanish(text: str) -> bool:
    """Whether the message is (mostly) Spanish. A Spanish name or town in English is not."""
    lowered = text.lower()
    if "¿" in lowered or "¡" in lowered:
        return True
    folded = unicodedata.normalize("NFKD", lowered.replace("'", ""))
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    words = _WORD.findall(_SPELLED.sub(" ", plain))
    weak = sum(word in _WEAK for word in words)
    spanish = sum(
        (word in _SPANISH and word not in _WEAK) or _SHAPE.match(word) is not None for word in words
    )
    english = sum(word in _ENGLISH for word in words)
    hints = weak + len(_ACCENTED.findall(lowered))
    if not spanish:
        return english == 0 and hints >= 4
    return 2 * spanish + hints > 2 * english and 2 * spanish + hints >= min(3, 2 * len(words))
