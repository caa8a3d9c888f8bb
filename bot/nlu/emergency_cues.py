"""Words of danger now, and words that say it is not now: the explicit half of the detector.

The classifier knows how people tell of danger; the grammar in `emergency_cues.txt` makes sure of
the plain ways to say it, in English and Spanish, text-speak and what telephone recognisers make
of it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

PATTERNS = Path(__file__).with_suffix(".txt")


@dataclass(frozen=True, slots=True)
class Cues:
    """What the grammar found in a message: danger now; another time, papers or a search."""

    danger: bool
    elsewhere: bool


def _read(path: Path) -> dict[str, re.Pattern[str]]:
    """The file's sections, each as one alternative of its lines."""
    sections: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        if line in ("[danger]", "[elsewhere]"):
            lines = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(f"(?:{line})")
    return {name: re.compile("|".join(lines)) for name, lines in sections.items()}


_SECTIONS = _read(PATTERNS)


def plain(text: str) -> str:
    """Lower case without accents, apostrophes or other marks; single spaces."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9 ]+", " ", letters.replace("'", "")).split())


def find_cues(text: str) -> Cues:
    """Cues of danger, and of its being past, paperwork or a search."""
    words = plain(text)
    return Cues(
        danger=_SECTIONS["danger"].search(words) is not None,
        elsewhere=_SECTIONS["elsewhere"].search(words) is not None,
    )
