"""The intents as `alliance/data/intents.yml` defines them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

import alliance

INTENTS_FILE = Path(alliance.__file__).parent / "data" / "intents.yml"


@dataclass(frozen=True)
class Intent:
    """`title` is said to members; `level` the verification for the personal answer."""

    name: str
    title: str
    level: int
    general: bool
    needs: tuple[str, ...]


@cache
def intents() -> Mapping[str, Intent]:
    """All intents by name."""
    entries = yaml.safe_load(INTENTS_FILE.read_text("utf-8"))["intents"]
    return {
        name: Intent(
            name,
            entry.get("title", name.replace("_", " ")),
            entry["level"],
            entry["general"],
            tuple(entry["needs"]),
        )
        for name, entry in entries.items()
    }
