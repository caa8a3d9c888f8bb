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
    "again. In an emergency, call 911 now."
)


def in_language(notice: str, language: str) -> str:
    """The notice in Spanish for a conversation that is Spanish, where its words are known."""
    return (_CATALOGUE.text(notice) if language == "es" else None) or notice
