"""HTTP to one partner: pooled, with a token, a time limit a call, retries where safe, a breaker."""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import stamina
import structlog
from joserfc import jwt
from joserfc.jwk import ECKey
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import ClosedState, OpenedState
from pydantic_core import from_json

from actions.partners.budget import seconds_left
from actions.partners.watch import Watch
from alliance.errors import ConfigurationError, PartnerUnavailable
from alliance.partners import Partner

log = structlog.get_logger()

# Slow or broken five times in a row: stop asking for a while, so that the others stay quick.
BREAKER_FAILURES = 5
BREAKER_SECONDS = 20.0
# A token is renewed this long before it ends, so that none ends on the way.
TOKEN_MARGIN_SECONDS = 30.0
# SMART Backend Services: an assertion lives five minutes at the most.
ASSERTION_SECONDS = 240
# A short wait that the partner asks for is kept within the call; until the end of a longer one
# nobody asks again.
MOST_RETRY_AFTER_SECONDS = 1.0
LONGEST_REST_SECONDS = 120.0

Json = dict[str, Any]
# A list repeats the parameter.
Parameters = Mapping[str, str | list[str]]


class _Again(Exception):
    """The partner asked to be asked again, or the connection broke before an answer."""


class _Broken(Exception):
    """The partner failed: what the breaker counts."""


class _Refused(Exception):
    """The partner is well, but did not want this request (4xx) or any for a while (429): no
    failure, so that a refused search does not close the partner to everything else.
    """


@dataclass(frozen=True)
class _Call:
    """A request: `form` is sent URL-encoded, `body` as JSON, `fields` as a MIME form."""

    method: str
    url: str
    parameters: Parameters | None = None
    form: Mapping[str, str] | None = None
    body: Json | None = None
    fields: Mapping[str, str] | None = None
    private: bool = False
    absent: tuple[int, ...] = ()
    once: str | None = None


class PartnerHttp:
    """Sends requests to one partner. Every failure is PartnerUnavailable, without member data."""

    def __init__(
        self, partner: Partner, client: httpx.AsyncClient, watch: Watch | None = None
    ) -> None:
        if partner.backend is None:
            raise ConfigurationError(f"partners.yml: company '{partner.key}' has no 'backend'.")
        self._partner = partner
        self._backend = partner.backend
        self._client = client
        self._watch = watch
        self._breakers = AsyncCircuitBreakerFactory(
            default_threshold=BREAKER_FAILURES, default_ttl=BREAKER_SECONDS, exclude=[_Refused]
        )
        # After an outage one call finds out whether it is over; the others don't wait for it.
        self._probe = asyncio.Lock()
        self._rests_until = 0.0
        self._token: tuple[str, float] | None = None
        self._renewing = asyncio.Lock()

    async def get(self, path: str, parameters: Parameters | None = None) -> Json:
        """Read something that needs no identity: directory and capability statement."""
        return dict(await self._ask("GET", path, parameters=parameters))

    async def search(self, resource_type: str, parameters: Mapping[str, str]) -> Json:
        """Search member data. By POST: a member's identifiers stay out of every URL."""
        return dict(
            await self._ask("POST", f"/{resource_type}/_search", form=parameters, private=True)
        )

    async def next_page(self, url: str, *, private: bool) -> Json:
        """Follow a Bundle's next link, if it leads to the same server."""
        base = self._backend.base_url
        if not url.startswith((base + "/", base + "?")):
            raise PartnerUnavailable(self._partner.key, "A next link led to another server.")
        return dict(await self._ask("GET", url.removeprefix(base), private=private))

    async def operate(self, path: str, body: Json) -> Json | None:
        """Call an operation; None when the partner says that it found nothing (404, 422)."""
        answer = await self._ask("POST", path, body=body, private=True, absent=(404, 422))
        return None if answer is None else dict(answer)

    async def rest(self, path: str, body: Json, *, once: str | None = None) -> Json | None:
        """Call the partner's own REST; None when it says that it found nothing (404).

        The same `once` (an idempotency key) makes nothing twice.
        """
        if not self._backend.rest_url:
            raise PartnerUnavailable(
                self._partner.key, f"{self._partner.name} has no such service."
            )
        answer = await self._ask(
            "POST",
            path,
            base=self._backend.rest_url,
            body=body,
            once=once,
            private=True,
            absent=(404,),
        )
        return None if answer is None else dict(answer)

    async def core(self, url: str, fields: Mapping[str, str]) -> Mapping[str, str]:
        """One real-time request of CAQH CORE Connectivity: a MIME form out, a MIME form in."""
        return dict(await self._send_safely(_Call("POST", url, private=True, fields=fields)))

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        base: str | None = None,
        once: str | None = None,
        parameters: Parameters | None = None,
        form: Mapping[str, str] | None = None,
        body: Json | None = None,
        private: bool = False,
        absent: tuple[int, ...] = (),
    ) -> Any:
        url = (base or self._backend.base_url) + path
        return await self._send_safely(
            _Call(method, url, parameters, form, body, None, private, absent, once)
        )

    async def _send_safely(self, call: _Call) -> Any:
        began = time.monotonic()
        left = min(self._backend.timeout_seconds, seconds_left())
        if left <= 0:
            raise PartnerUnavailable(self._partner.key, "No time is left in this turn.")
        try:
            async with asyncio.timeout(left):
                async with self._allowed():
                    async for attempt in stamina.retry_context(
                        on=_Again, attempts=2, wait_initial=0.05, wait_jitter=0.05
                    ):
                        with attempt:
                            found = await self._send(call)
                            self._note(call.url, began)
                            return found
        except (_Again, _Broken, _Refused, OpenedState, httpx.HTTPError, OSError) as error:
            # OSError: the time limit, or a key file that cannot be read.
            if self._watch and not isinstance(error, _Refused):
                self._watch.failed()
            raise PartnerUnavailable(
                self._partner.key, f"{self._partner.name} did not answer: {type(error).__name__}."
            ) from error
        raise PartnerUnavailable(self._partner.key, f"{self._partner.name} did not answer.")

    @asynccontextmanager
    async def _allowed(self) -> AsyncIterator[None]:
        """Inside the breaker, unless the partner asked for rest or is just being tried again."""
        if time.monotonic() < self._rests_until:
            raise _Refused("rests")
        breaker = await self._breakers.get_breaker(self._partner.key)
        try:
            if breaker.context.state == ClosedState.name:
                async with breaker:
                    yield
                return
            if self._probe.locked():
                raise _Refused("is being tried")
            async with self._probe, breaker:
                yield
        finally:
            if self._watch:
                self._watch.breaker = str(breaker.context.state)

    def _note(self, url: str, began: float) -> None:
        """For developers and the desk's figures: who was called for what, and how long it took.
        The kind of resource alone: what follows it in the path may be somebody's.
        """
        for base in (self._backend.base_url, self._backend.rest_url or ""):
            url = url.removeprefix(base)
        what = url.split("?")[0].strip("/").split("/")[0]
        if self._watch:
            self._watch.answered(time.monotonic() - began)
        log.info(
            "partner_called",
            partner=self._partner.key,
            what="another" if ":" in what else what,
            ms=round((time.monotonic() - began) * 1000),
        )

    async def _send(self, call: _Call) -> Json | None:
        headers = {"Accept": "application/fhir+json, application/json, multipart/form-data"}
        if call.once:
            headers["Idempotency-Key"] = call.once
        token = await self._current_token() if call.private else None
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if call.body is not None:
            headers["Content-Type"] = "application/fhir+json"
        try:
            response = await self._client.request(
                call.method,
                call.url,
                params=call.parameters,
                data=call.form,
                json=call.body,
                files=call.fields and {name: (None, text) for name, text in call.fields.items()},
                headers=headers,
            )
        except (httpx.ConnectError, httpx.RemoteProtocolError) as error:
            raise _Again from error
        if response.status_code in call.absent:
            return None
        if response.status_code == 401 and token:
            self._forget_token(token)
            raise _Again
        if response.status_code == 429:
            await self._wait_as_told(response)
            raise _Again
        if response.status_code >= 500 or response.status_code in (401, 408):
            raise _Broken(str(response.status_code))
        if response.status_code >= 400:
            raise _Refused(str(response.status_code))
        return _form(response) if call.fields is not None else _document(response)

    async def _wait_as_told(self, response: httpx.Response) -> None:
        """Keep a short Retry-After; for a longer one, ask nothing until it is over."""
        seconds = _retry_after(response.headers.get("Retry-After", ""))
        if seconds > MOST_RETRY_AFTER_SECONDS:
            self._rests_until = time.monotonic() + min(seconds, LONGEST_REST_SECONDS)
            raise _Refused("429")
        await asyncio.sleep(seconds)

    async def _current_token(self) -> str:
        # One refresh a partner, however many calls find the token ended.
        async with self._renewing:
            if self._token is None or self._token[1] <= time.monotonic():
                self._token = await self._new_token()
            return self._token[0]

    def _forget_token(self, token: str) -> None:
        """Unless another call has renewed it already."""
        if self._token and self._token[0] == token:
            self._token = None

    async def _new_token(self) -> tuple[str, float]:
        auth = self._backend.auth
        form = {"grant_type": "client_credentials", "scope": "system/*.rs"}
        match auth.get("kind"):
            case "client_secret":
                form |= {"client_id": auth["client_id"], "client_secret": auth["secret"]}
            case "private_key_jwt":
                form |= {
                    "client_assertion_type": (
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                    ),
                    "client_assertion": _assertion(auth),
                }
            case other:
                raise ConfigurationError(
                    f"partners.yml: company '{self._partner.key}': auth kind {other!r} is unknown; "
                    "use client_secret or private_key_jwt."
                )
        response = await self._client.post(auth["token_url"], data=form)
        if response.status_code != 200:
            raise _Broken(f"token {response.status_code}")
        try:
            granted = dict(response.json())
            token, life = str(granted["access_token"]), float(granted.get("expires_in", 60))
        except (ValueError, TypeError, KeyError) as error:
            raise _Broken("token unreadable") from error
        return token, time.monotonic() + max(life - TOKEN_MARGIN_SECONDS, 1.0)


def _retry_after(told: str) -> float:
    """Seconds of a Retry-After header: a number, or an HTTP date (RFC 9110, 10.2.3)."""
    if told.isdigit():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
        # The date is the server's: compared with real time, as tokens are.
        return max(moment.timestamp() - time.time(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return MOST_RETRY_AFTER_SECONDS


def _document(response: httpx.Response) -> Json:
    try:
        # A year of claims is 100 KB and more: half of the time that the standard library takes.
        document = from_json(response.content, allow_inf_nan=False)
    except ValueError as error:
        raise _Broken("not JSON") from error
    if not isinstance(document, dict):
        raise _Broken("not a resource")
    return document


def _form(response: httpx.Response) -> Json:
    """The fields of a MIME form."""
    kind = response.headers.get("Content-Type", "")
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    message = email.message_from_bytes(head + response.content, policy=email.policy.HTTP)
    if not message.is_multipart():
        raise _Broken("not a MIME form")
    return {
        str(part.get_param("name", header="content-disposition")): str(part.get_content()).strip()
        for part in message.iter_parts()
    }


def _assertion(auth: Mapping[str, str]) -> str:
    """The signed client assertion of SMART Backend Services (ES384, fresh jti, real time)."""
    key = ECKey.import_key(Path(auth["key_file"]).read_bytes())
    now = int(time.time())
    claims = {
        "iss": auth["client_id"],
        "sub": auth["client_id"],
        "aud": auth["token_url"],
        "iat": now,
        "exp": now + ASSERTION_SECONDS,
        "jti": str(uuid.uuid4()),
    }
    header = {"alg": "ES384", "kid": key.thumbprint(), "typ": "JWT"}
    return jwt.encode(header, claims, key, algorithms=["ES384"])
