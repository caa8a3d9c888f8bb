"""The tables of `alliance/data/` that answers read: checked at the start, then kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from alliance.appeals import APPEALS_FILE, Appeals, load_appeals
from alliance.denials import DENIALS_FILE, DenialReasons, load_denials
from alliance.disclosure import DISCLOSURE_FILE, MinorsCare, load_minors_care
from alliance.errors import ConfigurationError
from alliance.life_events import LIFE_EVENTS_FILE, LifeEvents, load_life_events


@cache
def denial_reasons() -> DenialReasons:
    """Why claims are denied. Raises ConfigurationError."""
    return load_denials(_read(DENIALS_FILE))


@cache
def appeals() -> Appeals:
    """The times of appeals. Raises ConfigurationError."""
    return load_appeals(_read(APPEALS_FILE))


@cache
def life_events() -> LifeEvents:
    """How long members have after a life event. Raises ConfigurationError."""
    return load_life_events(_read(LIFE_EVENTS_FILE))


@cache
def minors_care() -> MinorsCare:
    """Which care minors consent to alone. Raises ConfigurationError."""
    return load_minors_care(_read(DISCLOSURE_FILE))


def read_all() -> None:
    """Read every table, so that a mistake stops the start. Raises ConfigurationError."""
    denial_reasons()
    appeals()
    minors_care()
    life_events()


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise ConfigurationError(
            f"{path.name} cannot be read: check that it is there, its indents, colons and quotes."
        ) from error
