"""Which other language than English or Spanish is it? Its script says, or its commonest words."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections import Counter
from pathlib import Path

from bot.nlu.emergency_cues import plain
from bot.nlu.language import is_hardly_english, is_known_in_spanish

# `scripts`: Unicode's name of a script and the language that is likeliest written in it here.
# `letters`: those that another language of the same script has. `words`: common ones, without
# accents.
TONGUES = Path(__file__).with_name("tongues.json")
_KNOWN = json.loads(TONGUES.read_text())
_WORDS = {name: frozenset(words.split()) for name, words in _KNOWN["words"].items()}
# Of a message's words: fewer known ones may be a name, or a word or two that English borrowed; and
# so many must not be Spanish as well.
_LEAST_WORDS, _LEAST_SHARE, _LEAST_OWN = 3, 0.5, 2


# Several components ask it of the same message: the last few are kept, in memory alone.
@functools.lru_cache(maxsize=8)
def other_language(text: str) -> str | None:
    """BCP 47 code of the language that the message is written in; None: English, Spanish, or no
    telling. Names of people and places in English tell nothing."""
    letters = [char for char in text if char.isalpha()]
    foreign = [char for char in letters if not unicodedata.name(char, "LATIN").startswith("LATIN")]
    if len(foreign) * 2 > len(letters):
        return _by_script(foreign)
    words = plain(text.replace("'", " ")).split()
    known = {name: sum(word in those for word in words) for name, those in _WORDS.items()}
    best = max(known, key=lambda name: known[name])
    enough = known[best] >= max(_LEAST_WORDS, _LEAST_SHARE * len(words))
    own = {word for word in words if word in _WORDS[best] and not is_known_in_spanish(word)}
    enough = enough and len(own) >= _LEAST_OWN
    return best if enough and is_hardly_english(" ".join(words)) else None


def _by_script(letters: list[str]) -> str | None:
    for name, marks in _KNOWN["letters"].items():
        if any(char in marks for char in letters):
            return str(name)
    seen = Counter(unicodedata.name(char).split()[0] for char in letters)
    return _KNOWN["scripts"].get(seen.most_common(1)[0][0])
