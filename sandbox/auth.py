"""OAuth2 at the stand-in partners: SMART Backend Services at one, a client secret at the others."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from sandbox.errors import SandboxError
from sandbox.profiles import Profile

CLIENT_ID = "memberline"
TOKEN_SECONDS = 300
# SMART Backend Services: an assertion may live five minutes at most.
_ASSERTION_SECONDS = 300
_CLOCK_SKEW_SECONDS = 30
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

PRIVATE_KEY_FILE = "memberline-es384.pem"
PUBLIC_KEYS_FILE = "memberline-jwks.json"


class RefusedClient(Exception):
    """A token request that fails: `error` is the OAuth2 code."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def make_keys(folder: Path) -> tuple[Path, Path]:
    """Make the client's ES384 key pair unless it is there; returns private and public file."""
    folder.mkdir(parents=True, exist_ok=True)
    private, public = folder / PRIVATE_KEY_FILE, folder / PUBLIC_KEYS_FILE
    if not private.exists():
        fresh = ECKey.generate_key("P-384", private=True)
        unfinished = folder / f".{PRIVATE_KEY_FILE}.{os.getpid()}"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(fresh.as_pem(private=True))
        # Several partners start at once: the first key stays, whoever made it.
        try:
            os.link(unfinished, private)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    key = ECKey.import_key(private.read_bytes())
    document = {
        **key.as_dict(private=False),
        "kid": key.thumbprint(),
        "use": "sig",
        "alg": "ES384",
    }
    public.write_text(json.dumps({"keys": [document]}, indent=2) + "\n", "utf-8")
    return private, public


@dataclass
class Tokens:
    """The tokens that one partner has given out. Lives in memory, by real time."""

    profile: Profile
    keys: Path
    token_url: str
    secret: str | None
    _expires: dict[str, float] = field(default_factory=dict)
    _seen: dict[str, float] = field(default_factory=dict)

    def grant(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Answer a client-credentials request. Raises RefusedClient."""
        if form.get("grant_type") != "client_credentials":
            raise RefusedClient("unsupported_grant_type", "Only client_credentials is offered.")
        if self.secret is None:
            self._check_assertion(form)
        elif not (
            hmac.compare_digest(form.get("client_id", ""), CLIENT_ID)
            and hmac.compare_digest(form.get("client_secret", ""), self.secret)
        ):
            raise RefusedClient("invalid_client", "Client id or secret is wrong.")
        now = time.time()
        self._expires = {token: end for token, end in self._expires.items() if end > now}
        token = secrets.token_urlsafe(32)
        self._expires[token] = now + TOKEN_SECONDS
        return {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": form.get("scope") or "system/*.rs",
        }

    def accepts(self, authorization: str | None) -> bool:
        """Whether an Authorization header carries a token that has not expired."""
        scheme, _, token = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and self._expires.get(token, 0) > time.time()

    def expire_all(self) -> None:
        """Every token that was given out stops working now."""
        self._expires.clear()

    def _check_assertion(self, form: Mapping[str, str]) -> None:
        if form.get("client_assertion_type") != _ASSERTION_TYPE:
            raise RefusedClient("invalid_client", "A signed client assertion is needed.")
        try:
            keys = KeySet.import_key_set(json.loads(self.keys.read_text("utf-8")))
            token = jwt.decode(form.get("client_assertion", ""), keys, algorithms=["ES384"])
        except (OSError, ValueError, JoseError) as error:
            raise RefusedClient("invalid_client", "The assertion's signature is wrong.") from error
        claims, now = token.claims, time.time()
        if claims.get("iss") != CLIENT_ID or claims.get("sub") != CLIENT_ID:
            raise RefusedClient("invalid_client", "iss and sub must be the client id.")
        audience = claims.get("aud")
        if self.token_url not in (audience if isinstance(audience, list) else [audience]):
            raise RefusedClient("invalid_client", "aud must be the token address.")
        expires = claims.get("exp")
        if not isinstance(expires, int | float) or not (
            now - _CLOCK_SKEW_SECONDS < expires <= now + _ASSERTION_SECONDS + _CLOCK_SKEW_SECONDS
        ):
            raise RefusedClient("invalid_client", "exp must lie at most five minutes ahead.")
        identifier = claims.get("jti")
        self._seen = {jti: end for jti, end in self._seen.items() if end > now}
        if not identifier or identifier in self._seen:
            raise RefusedClient("invalid_client", "jti is missing or was used before.")
        self._seen[str(identifier)] = float(expires) + _CLOCK_SKEW_SECONDS


def client_secret(profile: Profile) -> str | None:
    """The secret that the partner expects, from the environment; None where it uses keys."""
    variable = profile.behaviour.credential_variable
    if variable is None:
        return None
    secret = os.environ.get(variable)
    if not secret:
        raise SandboxError(f"Set {variable}: {profile.name}'s stand-in needs the client's secret.")
    return secret
