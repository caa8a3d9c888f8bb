"""Names and titles of the intents, for parts that read no more of `alliance/data/intents.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

INTENTS_FILE = Path(__file__).parent / "data" / "intents.yml"


def intent_titles(document: Any) -> Mapping[str, str]:
    """What each intent that is a topic is called to members, from the parsed file."""
    return {
        name: str(entry["title"]) for name, entry in document["intents"].items() if "title" in entry
    }


def intent_levels(document: Any) -> Mapping[str, int]:
    """The verification that each intent's personal answer needs, from the parsed file."""
    return {name: int(entry["level"]) for name, entry in document["intents"].items()}
