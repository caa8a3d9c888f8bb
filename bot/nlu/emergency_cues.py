"""Words of danger now, and words that say it is not now: the explicit half of the detector.

The classifier knows how people tell of danger; the grammar in `emergency_cues.txt` makes sure of
the plain ways to say it, in English and Spanish, text-speak and what telephone recognisers make
of it. `emergency_cues_other.txt` knows plain cries in other languages, which the classifier was
not made for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.language import is_hardly_english

PATTERNS = Path(__file__).with_suffix(".txt")
OTHER_PATTERNS = PATTERNS.with_stem("emergency_cues_other")
# Letters that have no accent to take off, and what they are written as without one.
_PLAIN_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ß": "ss", "œ": "oe", "’": "'"})
# Vowel signs of Indic scripts are no letters to `re`.
_NOT_WORDS = re.compile(r"[^\w\u0900-\u109f]+|_")


@dataclass(frozen=True, slots=True)
class Cues:
    """What the grammar found in a message: danger now; another time, papers or a search; that
    there is no danger, in so many words.
    """

    danger: bool
    elsewhere: bool
    denied: bool


def unaccented(text: str) -> str:
    """Without accents and other marks on letters."""
    letters = unicodedata.normalize("NFKD", text).translate(_PLAIN_LETTERS)
    return "".join(char for char in letters if not unicodedata.combining(char))


def plain(text: str) -> str:
    """Lower case without accents, apostrophes or other marks; single spaces."""
    letters = unaccented(text.lower()).replace("'", "")
    return " ".join(_NOT_WORDS.sub(" ", letters).split())


def _read(path: Path, begins: str = "") -> dict[str, re.Pattern[str]]:
    """The file's sections, each as one alternative of its lines; `begins`: what all begin with."""
    sections: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line in ("[danger]", "[elsewhere]", "[denied]"):
            lines = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(f"(?:{unaccented(line)})")
    return {name: re.compile(f"{begins}(?:{'|'.join(lines)})") for name, lines in sections.items()}


# Tried where a word begins, and not at each letter: four times as fast.
_SECTIONS, _OTHER = _read(PATTERNS, r"\b(?=\w)"), _read(OTHER_PATTERNS)


def find_cues(text: str) -> Cues:
    """Cues of danger, and of its being past, paperwork, a search or denied. What is denied is no
    cue of danger.
    """
    words = plain(text)
    read = [_SECTIONS, _OTHER] if is_hardly_english(words) else [_SECTIONS]
    affirmed = _SECTIONS["denied"].sub(" ", words)
    return Cues(
        danger=any(each["danger"].search(affirmed) for each in read),
        elsewhere=any(each["elsewhere"].search(words) for each in read),
        denied=affirmed != words,
    )
