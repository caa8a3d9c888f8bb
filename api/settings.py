"""The bridge's settings, from the environment. Wrong ones stop the start with a sentence."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from alliance.errors import ConfigurationError

_LEAST_SECRET = 24
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")


@dataclass(frozen=True)
class VendorKey:
    """Another vendor's desktop: its name, its secret, and the companies (keys) that it serves."""

    name: str
    secret: str
    companies: frozenset[str]


@dataclass(frozen=True)
class PhoneSettings:
    """What proves each phone platform to us; a platform without its secret is off."""

    jambonz_secret: str | None = None
    audiocodes_token: str | None = None
    lex_secret: str | None = None
    vxml_token: str | None = None
    api_keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Settings:
    """`public_url` is the address that platforms outside call (None: as the request says).

    `allowed_origins` are sites whose pages may hold the chat and call it; `frame_ancestors` those
    that may show the full page `/` in a frame.
    """

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
    frame_ancestors: tuple[str, ...] = ()
    phone: PhoneSettings = PhoneSettings()
    vendors: tuple[VendorKey, ...] = ()


def _origins(name: str) -> frozenset[str]:
    """Origins separated by spaces. Raises ConfigurationError for what is none."""
    origins = frozenset(os.environ.get(name, "").split())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ConfigurationError(
                f"{name} holds {origin!r}: write origins like https://www.example.org, without a "
                "path, separated by spaces."
            )
    return origins


def _vendors() -> tuple[VendorKey, ...]:
    """`name:company,company:secret`, separated by spaces. Raises ConfigurationError."""
    found = []
    for entry in os.environ.get("ASSIST_API_KEYS", "").split():
        name, _, rest = entry.partition(":")
        companies, _, secret = rest.partition(":")
        if not (name and companies and len(secret) >= _LEAST_SECRET):
            raise ConfigurationError(
                "ASSIST_API_KEYS can't be read: write name:company,company:secret, with a secret "
                f"of at least {_LEAST_SECRET} characters, separated by spaces."
            )
        found.append(VendorKey(name, secret, frozenset(companies.split(","))))
    return tuple(found)


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
        allowed_origins=_origins("ALLOWED_ORIGINS"),
        frame_ancestors=tuple(sorted(_origins("FRAME_ANCESTORS"))),
        phone=PhoneSettings(
            jambonz_secret=os.environ.get("JAMBONZ_WEBHOOK_SECRET") or None,
            audiocodes_token=os.environ.get("AUDIOCODES_TOKEN") or None,
            lex_secret=os.environ.get("LEX_SECRET") or None,
            vxml_token=os.environ.get("VXML_TOKEN") or None,
            api_keys=frozenset(os.environ.get("IVR_API_TOKEN", "").split()),
        ),
        vendors=_vendors(),
    )
