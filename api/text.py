"""Cleaning what members type, before anything reads it."""

from __future__ import annotations

import unicodedata

MAX_CHARACTERS = 4000


def clean(text: str) -> str:
    """Plain text that Rasa cannot take for a command.

    Rasa reads a leading slash as `/intent{...}` at full confidence, after stripping 29 kinds of
    white space; a full-width slash becomes one by normalisation. So: NFKC, drop control and
    format characters, strip, and no leading slash is left. Line breaks become spaces.
    """
    normal = unicodedata.normalize("NFKC", text)
    spaced = "".join(" " if character in "\n\r\t" else character for character in normal)
    visible = "".join(
        character for character in spaced if unicodedata.category(character) not in ("Cc", "Cf")
    )
    stripped = visible.strip()
    while stripped.startswith("/"):
        stripped = stripped.lstrip("/").strip()
    return stripped
