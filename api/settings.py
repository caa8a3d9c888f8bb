"""The bridge's settings, from the environment. Wrong ones stop the start with a sentence."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from alliance.errors import ConfigurationError


@dataclass(frozen=True)
class Settings:
    """`public_url` is the address that platforms outside call (None: as the request says)."""

    redis_url: str
    database_url: str
    rasa_url: str
    actions_url: str
    internal_token: str
    secret: str
    var: Path
    public_url: str | None
    twilio_auth_token: str | None
    allowed_origins: frozenset[str]


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
        rasa_url=need("RASA_URL").rstrip("/"),
        actions_url=need("ACTIONS_URL").rstrip("/"),
        internal_token=need("MEMBERLINE_INTERNAL_TOKEN"),
        secret=need("MEMBERLINE_SECRET"),
        var=Path(need("MEMBERLINE_VAR")),
        public_url=os.environ.get("PUBLIC_URL", "").rstrip("/") or None,
        twilio_auth_token=os.environ.get("TWILIO_AUTH_TOKEN") or None,
        allowed_origins=frozenset(os.environ.get("ALLOWED_ORIGINS", "").split()),
    )
