"""The company's member portal, as far as Memberline meets it: signed-in members' tickets.

`POST /portal/tickets` `{member_id, ...}` signs a ticket for a member, as the portal does after its
own sign-in; `GET /portal/jwks` publishes the key. For developers and tests alone: there is no
sign-in here, so it is part of the stand-in and of nothing else. Any claim in the body replaces the
portal's own, so that wrong tickets can be tried.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.parameters import Json
from sandbox.profiles import Profile
from sandbox.services import Services, read_json

AUDIENCE = "memberline"
TICKET_SECONDS = 120
_CLAIMS = ("iss", "aud", "sub", "partner", "member_id", "iat", "exp", "jti")


def issuer(profile: Profile) -> str:
    """The portal's name in its tickets."""
    return f"https://portal.{profile.key}.example.org"


class Portal:
    """Issues tickets with a key of its own, kept beside the partner's data."""

    def __init__(self, profile: Profile, services: Services, key_file: Path) -> None:
        self.profile = profile
        self._services = services
        self._key = _key(key_file)

    async def jwks(self, _request: Request) -> Response:
        public = self._key.as_dict(private=False)
        entry = {**public, "kid": self._key.thumbprint(), "use": "sig", "alg": "ES256"}
        return JSONResponse({"keys": [entry]})

    async def ticket(self, request: Request) -> Response:
        return JSONResponse({"ticket": self.sign(await read_json(request))}, status_code=201)

    def member(self, body: Json) -> Json:
        """The Patient whose member_id stands in a body. FhirError when there is none."""
        return self._services.patient(body)

    def sign(self, body: Json) -> str:
        """A ticket for the member_id in a body, whose other claims replace the portal's own."""
        patient = self.member(body)
        now = int(time.time())
        claims = {
            "iss": issuer(self.profile),
            "aud": AUDIENCE,
            # A person: the company's own id of the patient, never a family's or a contract's.
            "sub": patient["id"],
            "partner": self.profile.key,
            "member_id": body["member_id"].upper(),
            "iat": now,
            "exp": now + TICKET_SECONDS,
            "jti": secrets.token_urlsafe(16),
        }
        claims |= {name: body[name] for name in _CLAIMS if name in body and name != "member_id"}
        header = {"alg": "ES256", "kid": self._key.thumbprint(), "typ": "JWT"}
        return jwt.encode(header, claims, self._key, algorithms=["ES256"])


def _key(file: Path) -> ECKey:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = ECKey.generate_key("P-256", private=True)
        file.touch(mode=0o600)
        file.write_bytes(fresh.as_pem(private=True))
    return ECKey.import_key(file.read_bytes())
