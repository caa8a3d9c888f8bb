"""The companies' own sign-in services for agents, from the file that DESK_OIDC names."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import yaml

from alliance.errors import ConfigurationError
from api.desk.agents import Role

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")
_FIELDS = frozenset(
    {
        "key", "name", "issuer", "client_id", "client_secret_variable", "companies", "roles",
        "role_claim", "company_claim", "skill_claim", "scope",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Provider:
    """An OpenID provider (OpenID Connect Core 1.0) of one issuer.

    Whoever signs in there serves `companies`, or those of them that `company_claim` names. `roles`
    says which value of `role_claim` makes whom what; who has none of them is not let in.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    companies: frozenset[str]
    roles: Mapping[str, Role]
    role_claim: str = "groups"
    company_claim: str | None = None
    skill_claim: str | None = None
    scope: str = "openid profile"


def load_providers(
    file: str | None, environment: Mapping[str, str], companies: Collection[str]
) -> tuple[Provider, ...]:
    """The providers of a YAML file; none without a file. `companies` are the keys of those that
    have a backend.

    Raises ConfigurationError with a sentence that names the entry and says what to write.
    """
    if not file:
        return ()
    try:
        entries = yaml.safe_load(Path(file).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"DESK_OIDC names {file}, which can't be read.") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(f"DESK_OIDC: {file} is no YAML. See docs/desk.md.") from error
    if not isinstance(entries, list) or not entries:
        raise ConfigurationError(f"DESK_OIDC: {file} must hold a list of sign-in services.")
    found = tuple(
        _provider(entry, f"DESK_OIDC, entry {number}", environment, companies)
        for number, entry in enumerate(entries, 1)
    )
    for name in ("key", "issuer"):
        values = [getattr(provider, name) for provider in found]
        if len(set(values)) < len(values):
            raise ConfigurationError(f"DESK_OIDC: two sign-in services have the same {name}.")
    return found


def _provider(
    entry: Any, where: str, environment: Mapping[str, str], companies: Collection[str]
) -> Provider:
    if not isinstance(entry, dict) or (unknown := entry.keys() - _FIELDS):
        what = f" '{min(unknown)}' is no field;" if isinstance(entry, dict) else ""
        raise ConfigurationError(f"{where}:{what} use {', '.join(sorted(_FIELDS))}.")
    key = _text(entry, "key", where)
    where = f"{where} ('{key}')"
    if not _KEY.fullmatch(key):
        raise ConfigurationError(f"{where}: 'key' takes small letters, figures and hyphens.")
    issuer = _text(entry, "issuer", where)
    if not is_safe(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
        raise ConfigurationError(f"{where}: 'issuer' must be an https address.")
    variable = _text(entry, "client_secret_variable", where)
    secret = environment.get(variable, "")
    if not secret:
        raise ConfigurationError(f"{where}: set {variable} to the client's secret.")
    return Provider(
        key=key,
        name=_text(entry, "name", where),
        issuer=issuer,
        client_id=_text(entry, "client_id", where),
        client_secret=secret,
        companies=_companies(entry.get("companies"), where, companies),
        roles=_roles(entry.get("roles"), where),
        **{
            name: _text(entry, name, where)
            for name in ("role_claim", "company_claim", "skill_claim", "scope")
            if name in entry
        },
    )


def is_safe(url: str) -> bool:
    """Whether secrets may be sent there: by TLS, or to this very machine."""
    parts = urlsplit(url)
    if not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def configured_providers(companies: Collection[str]) -> tuple[Provider, ...]:
    """The providers of this process's environment. Raises ConfigurationError."""
    return load_providers(os.environ.get("DESK_OIDC"), os.environ, companies)


def _text(entry: Mapping[str, Any], name: str, where: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"{where}: '{name}' is missing.")
    return value.strip()


def _companies(given: Any, where: str, known: Collection[str]) -> frozenset[str]:
    if not isinstance(given, list) or not given:
        raise ConfigurationError(f"{where}: 'companies' must list whom its agents serve.")
    unknown = {str(each) for each in given} - set(known)
    if unknown:
        raise ConfigurationError(
            f"{where}: there is no company '{min(unknown)}': use {', '.join(sorted(known))}."
        )
    return frozenset(given)


def _roles(given: Any, where: str) -> Mapping[str, Role]:
    """Written `role: value of the claim` (or a list of values), kept the other way round."""
    if not isinstance(given, dict) or not given:
        raise ConfigurationError(f"{where}: 'roles' must say which group is which role.")
    unknown = given.keys() - set(get_args(Role))
    if unknown:
        raise ConfigurationError(
            f"{where}: there is no role '{min(map(str, unknown))}': use agent, supervisor, admin."
        )
    roles: dict[str, Role] = {}
    for role, values in given.items():
        for value in values if isinstance(values, list) else [values]:
            if not isinstance(value, str) or value in roles:
                raise ConfigurationError(f"{where}: each group is a text, and of one role only.")
            roles[value] = role
    return roles
