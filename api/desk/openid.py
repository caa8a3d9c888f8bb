"""Signing agents in at their company: OpenID Connect's code flow, with PKCE, state and nonce.

Written after OpenID Connect Core 1.0 (section 3.1), RFC 7636 (PKCE), RFC 9207 (issuer in the
answer) and RFC 9700 (what not to do). Time is real time: it was agreed with other machines.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import quote, urlencode

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from redis.asyncio import Redis

from alliance.errors import MemberlineError
from api.desk.agents import Role
from api.desk.providers import Provider, is_safe
from api.errors import NotFound
from api.ids import new_token, token_hash

log = structlog.get_logger()

# Only signatures that nobody but the provider can make.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# How long somebody may take at their company's page.
PENDING_SECONDS = 600
SKEW_SECONDS = 10
METADATA_SECONDS = 3600.0
# How soon keys are fetched again for a key id that is not among them.
NEW_KEYS_SECONDS = 10.0
_RANKED: Sequence[Role] = ("admin", "supervisor", "agent")
_MOST = 200


class SignInFailed(MemberlineError):
    """The company's sign-in proves nothing. `reason` is what the desk's page says it with:
    `refused`, `no_role` or `unreachable`.
    """

    status = 401
    code = "sign_in_failed"

    def __init__(self, reason: str) -> None:
        super().__init__("The company's sign-in did not work.")
        self.reason = reason


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and what it keeps meanwhile so that nobody else's answer counts."""

    url: str
    binding: str


@dataclass(frozen=True)
class Identity:
    """Who the company says it is. `subject` is its own, lasting id of the person."""

    provider: Provider
    subject: str
    name: str
    role: Role
    companies: frozenset[str]
    # None: the company does not tell them, and the desk's administrator gives them.
    skills: frozenset[str] | None


@dataclass(frozen=True)
class _Metadata:
    """Of the provider's discovery document."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    fetched: float


class OpenIdSignIn:
    """One for all providers; what is under way is kept in Redis, so that any bridge can go on."""

    def __init__(
        self, providers: Sequence[Provider], client: httpx.AsyncClient, redis: Redis
    ) -> None:
        self._providers = {provider.key: provider for provider in providers}
        self._client = client
        self._redis = redis
        self._metadata: dict[str, _Metadata] = {}
        self._keys: dict[str, tuple[KeySet, float]] = {}

    @property
    def offered(self) -> list[dict[str, str]]:
        """What the sign-in page shows."""
        return [{"key": one.key, "name": one.name} for one in self._providers.values()]

    async def begin(self, key: str, redirect_uri: str) -> Begun:
        """Raises NotFound, SignInFailed, redis.RedisError."""
        provider = self._providers.get(key)
        if provider is None:
            raise NotFound("There is no such sign-in.")
        metadata = await self._metadata_of(provider)
        state, nonce, verifier, binding = (new_token() for _ in range(4))
        pending = {
            "provider": key,
            "nonce": nonce,
            "verifier": verifier,
            "binding": token_hash(binding),
            "redirect_uri": redirect_uri,
        }
        await self._redis.set(_pending(state), json.dumps(pending), ex=PENDING_SECONDS)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": provider.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in metadata.authorization else "?"
        return Begun(f"{metadata.authorization}{joint}{urlencode(query)}", binding)

    async def finish(self, answer: Mapping[str, str], binding: str) -> Identity:
        """Take what the browser brings back: good once, in the browser that began it.

        Raises SignInFailed, redis.RedisError.
        """
        stored = await self._redis.getdel(_pending(answer.get("state", "")))
        if not stored:
            raise SignInFailed("refused")
        pending = json.loads(stored)
        provider = self._providers.get(pending["provider"])
        if provider is None or not hmac.compare_digest(pending["binding"], token_hash(binding)):
            raise SignInFailed("refused")
        if answer.get("iss", provider.issuer) != provider.issuer or not answer.get("code"):
            raise SignInFailed("refused")
        metadata = await self._metadata_of(provider)
        tokens = await self._exchange(provider, metadata, answer["code"], pending)
        claims = await self._checked(provider, metadata, tokens, pending["nonce"])
        return _identity(provider, await self._all_claims(provider, metadata, tokens, claims))

    async def _exchange(
        self, provider: Provider, metadata: _Metadata, code: str, pending: Mapping[str, str]
    ) -> Mapping[str, Any]:
        # Section 2.3.1 of RFC 6749: both are form-encoded before they become a password.
        auth = httpx.BasicAuth(quote(provider.client_id, ""), quote(provider.client_secret, ""))
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": pending["redirect_uri"],
            "code_verifier": pending["verifier"],
        }
        return await self._fetch("POST", metadata.token, data=form, auth=auth)

    async def _checked(
        self, provider: Provider, metadata: _Metadata, tokens: Mapping[str, Any], nonce: str
    ) -> dict[str, Any]:
        """The ID token's claims, as section 3.1.3.7 of OpenID Connect Core has them checked."""
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise SignInFailed("refused")
        keys = await self._keys_of(metadata, _key_id(token))
        try:
            claims = dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError) as error:
            raise SignInFailed("refused") from error
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires, issued, subject = claims.get("exp"), claims.get("iat"), claims.get("sub")
        now = time.time()
        if not (
            claims.get("iss") == provider.issuer
            and provider.client_id in audiences
            and claims.get("azp", provider.client_id) == provider.client_id
            and _is_number(expires)
            and expires > now - SKEW_SECONDS
            and _is_number(issued)
            and now - PENDING_SECONDS < issued <= now + SKEW_SECONDS
            and hmac.compare_digest(str(claims.get("nonce", "")), nonce)
            and isinstance(subject, str)
            and 0 < len(subject) <= _MOST
        ):
            raise SignInFailed("refused")
        return claims

    async def _all_claims(
        self,
        provider: Provider,
        metadata: _Metadata,
        tokens: Mapping[str, Any],
        claims: dict[str, Any],
    ) -> dict[str, Any]:
        """Many providers tell groups at the userinfo endpoint alone."""
        wanted = (provider.role_claim, provider.company_claim, provider.skill_claim, "name")
        access = tokens.get("access_token")
        told = all(name is None or name in claims for name in wanted)
        if told or metadata.userinfo is None or not isinstance(access, str):
            return claims
        bearer = {"Authorization": f"Bearer {access}"}
        more = dict(await self._fetch("GET", metadata.userinfo, headers=bearer))
        if more.get("sub") != claims["sub"]:
            raise SignInFailed("refused")
        return {**more, **claims}

    async def _metadata_of(self, provider: Provider) -> _Metadata:
        known = self._metadata.get(provider.key)
        if known and time.monotonic() - known.fetched < METADATA_SECONDS:
            return known
        url = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        document = await self._fetch("GET", url)
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        places = [document.get(name) for name in names]
        if document.get("issuer") != provider.issuer or not all(
            isinstance(place, str) and is_safe(place) for place in places if place is not None
        ):
            log.error("openid_metadata_wrong", provider=provider.key)
            raise SignInFailed("unreachable")
        authorization, token, keys, userinfo = places
        if None in (authorization, token, keys):
            raise SignInFailed("unreachable")
        found = _Metadata(str(authorization), str(token), str(keys), userinfo, time.monotonic())
        self._metadata[provider.key] = found
        return found

    async def _keys_of(self, metadata: _Metadata, kid: str | None) -> KeySet:
        keys, fetched = self._keys.get(metadata.keys, (None, 0.0))
        age = time.monotonic() - fetched
        known = keys is not None and kid in {key.kid for key in keys.keys}
        if keys is not None and age < (METADATA_SECONDS if known else NEW_KEYS_SECONDS):
            return keys
        document = await self._fetch("GET", metadata.keys)
        try:
            fresh = KeySet.import_key_set(document)  # type: ignore[arg-type]
        except (ValueError, KeyError, TypeError, JoseError) as error:
            raise SignInFailed("unreachable") from error
        self._keys[metadata.keys] = (fresh, time.monotonic())
        return fresh

    async def _fetch(self, method: str, url: str, **more: Any) -> Mapping[str, Any]:
        try:
            response = await self._client.request(method, url, **more)
            document = response.json()
        except (httpx.HTTPError, ValueError) as error:
            log.warning("openid_provider_unreachable", error=type(error).__name__)
            raise SignInFailed("unreachable") from error
        if response.status_code >= 400 or not isinstance(document, dict):
            log.warning("openid_provider_refused", status=response.status_code)
            raise SignInFailed("refused" if response.status_code < 500 else "unreachable")
        return document


def _identity(provider: Provider, claims: Mapping[str, Any]) -> Identity:
    granted = {provider.roles.get(value) for value in _values(claims, provider.role_claim)}
    role = next((role for role in _RANKED if role in granted), None)
    companies = provider.companies
    if provider.company_claim:
        companies = companies.intersection(_values(claims, provider.company_claim))
    if role is None or not companies:
        raise SignInFailed("no_role")
    skills = frozenset(_values(claims, provider.skill_claim)) if provider.skill_claim else None
    named = claims.get("name") or claims.get("preferred_username") or claims["sub"]
    return Identity(provider, claims["sub"], str(named)[:100], role, companies, skills)


def _values(claims: Mapping[str, Any], name: str) -> list[str]:
    """A claim's values: a list, or one text."""
    value = claims.get(name)
    return [
        each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)
    ]


def _key_id(token: str) -> str | None:
    """The key that the token says it was signed with; it proves nothing yet."""
    try:
        head = token.split(".")[0]
        found = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))).get("kid")
    except (ValueError, AttributeError, RecursionError):
        return None
    return found if isinstance(found, str) else None


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _pending(state: str) -> str:
    return f"memberline:openid:{token_hash(state)}"
