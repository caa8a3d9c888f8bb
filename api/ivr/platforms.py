"""What the adapters share: the conversation, signatures with a time, tokens."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Collection
from typing import Any

from fastapi import Request

from api.errors import Forbidden, NotFound, NotSignedIn, Unusable
from api.ivr.core import VoiceConversations

# How old a signed request may be; a replay within that time gets the reply that the turn got.
SIGNED_SECONDS = 300


def voice_of(request: Request) -> VoiceConversations:
    """The voice conversations of this bridge."""
    return request.app.state.parts.voice  # type: ignore[no-any-return]


def signature(secret: str, body: bytes, at: int) -> str:
    """HMAC-SHA256 of "t.body" in hex, as jambonz signs its webhooks."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def check_signature(secret: str, header: str, body: bytes) -> None:
    """Check `t=<seconds>,v1=<hex>` (several v1 while a secret is changed). Raises Forbidden."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if not stamps or not stamps[0].isdigit() or not given:
        raise Forbidden("The signature is missing.")
    at = int(stamps[0])
    # Real time: a clock that is set for tests must not let old requests in.
    if abs(time.time() - at) > SIGNED_SECONDS:
        raise Forbidden("The signature is too old.")
    expected = signature(secret, body, at)
    if not any(hmac.compare_digest(expected, each) for each in given):
        raise Forbidden("The signature does not fit.")


def check_token(given: str, known: Collection[str]) -> None:
    """Raises NotSignedIn unless `given` is one of the known tokens."""
    fits = [hmac.compare_digest(given.encode(), each.encode()) for each in known]
    if not given or not any(fits):
        raise NotSignedIn("The token is missing or wrong.")


def bearer(request: Request) -> str:
    """The token of an Authorization header, or nothing."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def turned_on(secret: Any, platform: str, variable: str) -> None:
    """Raises NotFound with what to set when the platform is off."""
    if not secret:
        raise NotFound(f"{platform} is off: set {variable} to turn it on.")


async def json_object(request: Request) -> dict[str, Any]:
    """The request's body. Raises Unusable."""
    try:
        body = await request.json()
    except ValueError as error:
        raise Unusable("The body must be JSON.") from error
    if not isinstance(body, dict):
        raise Unusable("The body must be a JSON object.")
    return body


def number(value: Any) -> float | None:
    """A confidence from 0 to 1, or None for what is none."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if 0 <= found <= 1 else None
