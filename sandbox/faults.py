"""Faults on demand, so that tests can see what the assistant makes of a partner in trouble.

`POST /faults` with `Authorization: Bearer $SANDBOX_FAULTS_TOKEN` sets one, `DELETE` ends it.
Without that variable the address does not exist.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.auth import Tokens
from sandbox.errors import operation_outcome

Kind = Literal["slow", "down", "too_many", "malformed", "partial", "expired_token"]

# What a partial answer lacks: elements that a careless client takes for granted.
_LEFT_OUT = frozenset(
    {"total", "payment", "adjudication", "item", "class", "period", "telecom", "specialty"}
)


@dataclass
class Fault:
    """`seconds`: how slow, or how long to wait after a 429. `left`: requests, None for all.

    `resource` limits it to requests for one resource type.
    """

    kind: Kind
    seconds: float
    left: int | None
    resource: str | None

    def strikes(self, path: str) -> bool:
        if not path.startswith(("/fhir", "/rest", "/core")) or self.left == 0:
            return False
        if self.resource and f"/{self.resource}" not in path:
            return False
        if self.left is not None:
            self.left -= 1
        return True


class Faults:
    """ASGI middleware and the two handlers that steer it."""

    def __init__(self, app: ASGIApp, tokens: Tokens, password: str) -> None:
        self.app = app
        self._tokens = tokens
        self._expected = f"Bearer {password}"
        self._fault: Fault | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif path == "/faults":
            response = await self._steer(Request(scope, receive))
            await response(scope, receive, send)
        elif self._fault and self._fault.strikes(path):
            await self._strike(self._fault, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _steer(self, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), self._expected.encode()):
            return JSONResponse({"error": "unauthorized"}, status_code=401)
        if request.method == "DELETE":
            self._fault = None
            return JSONResponse({"fault": None})
        try:
            asked = await request.json()
            kind = asked["kind"]
            fault = Fault(
                cast("Kind", kind),
                float(asked.get("seconds", 1)),
                None if asked.get("count") is None else int(asked["count"]),
                asked.get("resource"),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return JSONResponse({"error": "kind, seconds, count, resource"}, status_code=400)
        if kind not in get_args(Kind):
            return JSONResponse({"error": f"kind is one of {get_args(Kind)}"}, status_code=400)
        self._fault = fault
        if kind == "expired_token":
            self._tokens.expire_all()
        return JSONResponse({"fault": kind})

    async def _strike(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
            await self.app(scope, receive, send)
        elif fault.kind == "partial":
            await self._partial(scope, receive, send)
        elif fault.kind == "expired_token" and not scope["path"].startswith("/fhir/metadata"):
            self._tokens.expire_all()
            await self.app(scope, receive, send)
        else:
            await _refusal(fault)(scope, receive, send)

    async def _partial(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the answer on without the elements that a careless client counts on."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, keep)
        body = b"".join(message.get("body", b"") for message in messages)
        response = Response(
            json.dumps(_without(json.loads(body))),
            status_code=messages[0]["status"],
            media_type="application/fhir+json",
        )
        await response(scope, receive, send)


def _refusal(fault: Fault) -> Response:
    if fault.kind == "malformed":
        return Response('{"resourceType": "Bundle", "entry": [', media_type="application/fhir+json")
    if fault.kind == "too_many":
        outcome = operation_outcome("throttled", "Too many requests.")
        headers = {"Retry-After": str(round(fault.seconds))}
        return JSONResponse(outcome, status_code=429, headers=headers)
    return JSONResponse(operation_outcome("transient", "Out of service."), status_code=503)


def _without(document: dict[str, Any]) -> dict[str, Any]:
    if document.get("resourceType") != "Bundle":
        return {name: value for name, value in document.items() if name not in _LEFT_OUT}
    entries = [
        {**entry, "resource": _without(entry["resource"])} for entry in document.get("entry", [])
    ]
    return {**document, "entry": entries}
