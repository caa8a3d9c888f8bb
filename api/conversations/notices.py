"""Notices of ours in the language of the conversation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

import alliance
from alliance.spanish import Catalogue

_FILE = Path(alliance.__file__).parent / "data" / "spanish.yml"


@cache
def _catalogue() -> Catalogue:
    return Catalogue.of(yaml.safe_load(_FILE.read_text("utf-8")))


def in_language(notice: str, language: str) -> str:
    """The notice in Spanish for a conversation that is Spanish, where its words are known."""
    return (_catalogue().text(notice) if language == "es" else None) or notice
