"""Cases that Memberline delivers: `POST /webhooks/cases`, signed with the shared secret.

The signature is HMAC-SHA256 over `timestamp.body` (`X-Memberline-Signature: v1=HEX`,
`X-Memberline-Timestamp`: seconds), good for five minutes. The same reference opens no
second case, its words are those that came last; the answer acknowledges it with the company's own
reference.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time

from starlette.requests import Request
from starlette.responses import Response

from sandbox.errors import FhirError
from sandbox.services import Services

_LIFE_SECONDS = 300


class Webhooks:
    """What the company's case system takes. Without a secret it takes nothing."""

    def __init__(self, services: Services, secret: str | None) -> None:
        self._services = services
        self._secret = secret

    async def case(self, request: Request) -> Response:
        body = await request.body()
        if not self._signed(request, body):
            raise FhirError(401, "login", "The signature is missing, wrong or too old.")
        try:
            case = json.loads(body)
        except ValueError as error:
            raise FhirError(400, "structure", "The body is not JSON.") from error
        if not isinstance(case, dict) or not isinstance(case.get("words"), str):
            raise FhirError(422, "required", "A case needs words.")
        return self._services.take_case(case)

    def _signed(self, request: Request, body: bytes) -> bool:
        stamp = request.headers.get("x-memberline-timestamp", "")
        given = request.headers.get("x-memberline-signature", "")
        if self._secret is None or not stamp.isdigit():
            return False
        if abs(time.time() - int(stamp)) > _LIFE_SECONDS:
            return False
        mark = hmac.new(self._secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
        return hmac.compare_digest(f"v1={mark.hexdigest()}".encode(), given.encode())
