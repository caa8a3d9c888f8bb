"""Portal tickets: signed by a company's member website, checked with its published keys.

A ticket is a JWT (RFC 7519): iss, aud, sub (one person, never a family), partner, member_id, exp at
most five minutes ahead, jti used once. Only asymmetric signatures count (RFC 8725): with a shared
secret, whoever can check a ticket could make one.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from redis.asyncio import Redis

from alliance.errors import MemberlineError
from alliance.partners import Partner, Partners, Portal

ALGORITHMS = ("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
MOST_SECONDS = 300
# Clocks of two companies differ a little.
SKEW_SECONDS = 10
MOST_CHARACTERS = 4096
KEYS_SECONDS = 300.0
# How soon keys are fetched again for a key id that is not among them.
NEW_KEYS_SECONDS = 10.0


class TicketRefused(MemberlineError):
    """The ticket proves nothing: the chat can be begun without it."""

    status = 401
    code = "ticket_refused"


class TicketNotChecked(MemberlineError):
    """The company's keys could not be fetched."""

    status = 503
    code = "ticket_not_checked"


@dataclass(frozen=True)
class Ticket:
    """What a checked ticket says: `subject` is the company's own id of the person."""

    partner: Partner
    member_id: str
    subject: str


class PortalTickets:
    """Checks tickets. Time is real time: it was agreed with other machines."""

    def __init__(self, partners: Partners, client: httpx.AsyncClient, redis: Redis) -> None:
        self._portals = {
            partner.portal.issuer: (partner, partner.portal)
            for partner in partners
            if partner.portal
        }
        self._client = client
        self._redis = redis
        self._keys: dict[str, tuple[KeySet, float]] = {}

    async def check(self, ticket: str) -> Ticket:
        """The person whom the ticket names. The same ticket is good once.

        Raises TicketRefused (which part was wrong is not said), TicketNotChecked,
        redis.RedisError.
        """
        if len(ticket) > MOST_CHARACTERS:
            raise _refused()
        header, claims = _unchecked(ticket)
        partner, portal = self._portals.get(str(claims.get("iss")), (None, None))
        if partner is None or portal is None or header.get("alg") not in ALGORITHMS:
            raise _refused()
        keys = await self._keys_of(portal, header.get("kid"))
        try:
            claims = jwt.decode(ticket, keys, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError) as error:
            raise _refused() from error
        _check_claims(claims, partner, portal)
        await self._use(partner, claims)
        return Ticket(partner, claims["member_id"], claims["sub"])

    async def _use(self, partner: Partner, claims: dict[str, Any]) -> None:
        life = int(claims["exp"] - time.time()) + SKEW_SECONDS + 1
        key = f"memberline:ticket:{partner.key}:{claims['jti']}"
        if not await self._redis.set(key, "1", ex=life, nx=True):
            raise _refused()

    async def _keys_of(self, portal: Portal, kid: Any) -> KeySet:
        keys, fetched = self._keys.get(portal.issuer, (None, 0.0))
        age = time.monotonic() - fetched
        known = keys is not None and kid in {key.kid for key in keys.keys}
        if keys is not None and age < (KEYS_SECONDS if known else NEW_KEYS_SECONDS):
            return keys
        try:
            response = await self._client.get(portal.jwks_url)
            response.raise_for_status()
            fresh = KeySet.import_key_set(response.json())
        except (httpx.HTTPError, ValueError, KeyError, TypeError, JoseError) as error:
            raise TicketNotChecked(
                "The website's sign-in could not be checked just now. The chat works without it."
            ) from error
        self._keys[portal.issuer] = (fresh, time.monotonic())
        return fresh


def _check_claims(claims: dict[str, Any], partner: Partner, portal: Portal) -> None:
    now = time.time()
    expires, audience = claims.get("exp"), claims.get("aud")
    texts = [claims.get(name) for name in ("sub", "member_id", "jti")]
    if not (
        isinstance(expires, int | float)
        and not isinstance(expires, bool)
        and now - SKEW_SECONDS < expires <= now + MOST_SECONDS + SKEW_SECONDS
        and portal.audience in (audience if isinstance(audience, list) else [audience])
        and claims.get("iss") == portal.issuer
        and claims.get("partner") == partner.key
        and all(isinstance(text, str) and 0 < len(text) <= 200 for text in texts)
    ):
        raise _refused()


def _unchecked(ticket: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims before anything is proven: only to know whose keys to check with."""
    try:
        header, body, _ = ticket.split(".")
        return _part(header), _part(body)
    except (ValueError, RecursionError) as error:
        raise _refused() from error


def _part(text: str) -> dict[str, Any]:
    part = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(part, dict):
        raise ValueError("no JSON object")
    return part


def _refused() -> TicketRefused:
    return TicketRefused("The website's sign-in is no longer good. The chat works without it.")
