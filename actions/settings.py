"""The action process's settings, from the environment. Wrong ones stop the start."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import yaml

from alliance.audit import ANCHOR_FILE
from alliance.errors import ConfigurationError
from alliance.partners import PARTNERS_FILE, Partners, load_partners
from alliance.verified import VERIFICATION_SECONDS

# Below Rasa's conversation lock and the bridge's own limits, so that a slow partner becomes a
# sentence and not a silence.
ACTION_SECONDS = 6.0
# All partners asked for one answer, in parallel.
ANSWER_SECONDS = 3.0
# Every verification takes so long; more would not fit into an action, none would tell too much.
_VERIFICATION_BOUNDS = (0.1, 3.0)


@dataclass(frozen=True)
class Settings:
    """`secret` keys the hashes that counters and contacts use in the place of identities."""

    redis_url: str
    database_url: str
    internal_token: str
    secret: str
    overlays: Path
    # Names the audit's newest row, apart from the store that holds the rows; None: not kept.
    audit_anchor: Path | None = None
    # Longer than the companies' backends usually take to look somebody up.
    verification_seconds: float = VERIFICATION_SECONDS


def settings_from_environment() -> Settings:
    """Read the environment. Raises ConfigurationError naming the variable that is missing."""

    def need(name: str) -> str:
        value = os.environ.get(name, "")
        if not value:
            raise ConfigurationError(f"{name} is not set: start with `make run`, or set it.")
        return value

    return Settings(
        redis_url=need("REDIS_URL"),
        database_url=need("DATABASE_URL"),
        internal_token=need("MEMBERLINE_INTERNAL_TOKEN"),
        secret=need("MEMBERLINE_SECRET"),
        overlays=Path(need("MEMBERLINE_VAR")) / "sandbox" / "partners.d",
        audit_anchor=Path(need("MEMBERLINE_VAR")) / ANCHOR_FILE,
        verification_seconds=_verification_seconds(os.environ.get("VERIFICATION_SECONDS", "")),
    )


def _verification_seconds(given: str) -> float:
    least, most = _VERIFICATION_BOUNDS
    try:
        seconds = float(given or VERIFICATION_SECONDS)
    except ValueError:
        seconds = 0.0
    if not least <= seconds <= most:
        raise ConfigurationError(
            f"VERIFICATION_SECONDS is {given!r}: give a number from {least} to {most}, or leave it "
            f"out ({VERIFICATION_SECONDS})."
        )
    return seconds


class PartnerConfiguration:
    """The companies, read again when a data load has registered new groups or ID systems."""

    def __init__(self, overlays: Path, file: Path | None = None) -> None:
        """`file`: another than the product's own. Raises ConfigurationError."""
        self._overlays = overlays
        file = file or PARTNERS_FILE
        try:
            self._document = yaml.safe_load(file.read_text("utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise ConfigurationError(f"{file} cannot be read as YAML: {error}") from error
        self._read_at: tuple[tuple[str, int], ...] | None = None
        self._partners: Partners | None = None

    def current(self) -> Partners:
        """The companies as configured now. Raises ConfigurationError."""
        stamps = tuple(
            sorted((path.name, path.stat().st_mtime_ns) for path in self._overlays.glob("*.json"))
        )
        if self._partners is None or stamps != self._read_at:
            self._partners = load_partners(self._document, os.environ, self._overlays)
            self._read_at = stamps
        return self._partners
