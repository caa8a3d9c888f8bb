"""Notices of ours in the language of the conversation."""

from __future__ import annotations

from pathlib import Path

import yaml

import alliance
from alliance.spanish import Catalogue

_FILE = Path(alliance.__file__).parent / "data" / "spanish.yml"
# Read as the bridge starts: a file that cannot be read is no member's trouble.
_CATALOGUE = Catalogue.of(yaml.safe_load(_FILE.read_text("utf-8")))

# What a member reads who writes on while waiting for a person.
KEPT = (
    "Your message is kept for the person who will answer you here. You don't need to send it "
    "again. Write \u201cnever mind\u201d to stop waiting and go on with the assistant. In an "
    "emergency, call 911 now."
)
# And what they read when they go on.
KEPT_TOO = "I've kept that for them too."
# What who waits no more reads, where they ask something in the same breath, and else.
OUT_OF_LINE = "All right, you are not waiting for a person any more."
OUT_OF_LINE_ASKED = f"{OUT_OF_LINE} What can I do for you?"


def in_language(notice: str, language: str) -> str:
    """The notice in Spanish for a conversation that is Spanish, where its words are known."""
    return (_CATALOGUE.text(notice) if language == "es" else None) or notice
