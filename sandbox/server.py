"""One partner's stand-in backend as an ASGI application.

FHIR R4 under /fhir, OAuth2 at /oauth/token, a small REST of its own under /rest, /healthz.
Directory and formulary need no token; everything about a member does.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.auth import RefusedClient, Tokens
from sandbox.capability import capability_statement
from sandbox.eligibility import eligibility
from sandbox.errors import FhirError, operation_outcome
from sandbox.faults import Faults
from sandbox.match import described, member_match
from sandbox.messages import Messages
from sandbox.parameters import OPEN_TYPES, PARAMETERS, Json, items
from sandbox.population.build import meet
from sandbox.population.calendar import today
from sandbox.population.crowd import crowd_number
from sandbox.portal import Portal
from sandbox.portal_page import PortalPage
from sandbox.profiles import Profile
from sandbox.search import Pairs, parse, query_url, run
from sandbox.services import Services
from sandbox.store import Store
from sandbox.webhooks import Webhooks
from sandbox.x12.connectivity import Connectivity

Handler = Callable[[Request], Awaitable[Response]]

FHIR_JSON = "application/fhir+json"
# Page links for member data that the server remembers; older ones are forgotten.
_REMEMBERED_PAGES = 10_000


class Backend:
    """The handlers of one partner: they parse a request, ask the store, and answer."""

    def __init__(
        self,
        profile: Profile,
        store: Store,
        tokens: Tokens,
        base: str,
        today: Callable[[], date],
    ) -> None:
        self.profile = profile
        self.today = today
        self.store = store
        self.tokens = tokens
        self.base = base
        # Addresses must not carry member data, so a page of it is reached by a random name.
        self._pages: OrderedDict[str, tuple[str, Pairs, int]] = OrderedDict()

    async def health(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "status": "ok",
                "partner": self.profile.key,
                "day": self.store.note("members-day"),
                "resources": {origin: self.store.count(origin) for origin in ("members", "loaded")},
            }
        )

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            return JSONResponse(self.tokens.grant(form), headers={"Cache-Control": "no-store"})
        except RefusedClient as refusal:
            body = {"error": refusal.error, "error_description": refusal.description}
            return JSONResponse(body, status_code=400 if refusal.error.startswith("uns") else 401)

    async def metadata(self, _request: Request) -> Response:
        day = self.store.note("members-day") or "2026-01-01"
        return _fhir(capability_statement(self.profile, self.base, self.tokens.token_url, day))

    async def read(self, request: Request) -> Response:
        resource_type = request.path_params["type"]
        self._allow(request, resource_type)
        body = self.store.read(resource_type, request.path_params["id"])
        if body is None:
            raise FhirError(404, "not-found", f"There is no such {resource_type}.")
        return Response(body, media_type=FHIR_JSON)

    async def search(self, request: Request) -> Response:
        """Search by GET, or by POST to `_search` with a form (parameters may stand in both)."""
        resource_type = request.path_params["type"]
        self._allow(request, resource_type)
        pairs = parse_qsl(request.url.query)
        if request.method == "POST":
            pairs += parse_qsl((await request.body()).decode("utf-8", "replace"))
        strict = "handling=strict" in request.headers.get("prefer", "")
        return self._answer(resource_type, pairs, strict=strict)

    async def page(self, request: Request) -> Response:
        """A further page of a search over member data."""
        found = self._pages.get(request.query_params.get("_getpages", ""))
        if found is None:
            raise FhirError(404, "not-found", "That page has expired: search again.")
        resource_type, pairs, offset = found
        self._allow(request, resource_type)
        return self._answer(resource_type, [*pairs, ("_offset", str(offset))], strict=False)

    def _answer(self, resource_type: str, pairs: Pairs, *, strict: bool) -> Response:
        behaviour = self.profile.behaviour
        if resource_type not in PARAMETERS and not self.store.has_type(resource_type):
            raise FhirError(404, "not-supported", f"This server has no {resource_type}.")
        if resource_type == "Patient":
            self._meet_asked(pairs)
        query = parse(resource_type, pairs, behaviour, strict=strict)

        def link(offset: int) -> str:
            if resource_type in OPEN_TYPES:
                return query_url(self.base, resource_type, query.used, offset)
            if offset == query.offset:
                return f"{self.base}/{resource_type}/_search"
            name = secrets.token_urlsafe(16)
            self._pages[name] = (resource_type, query.used, offset)
            if len(self._pages) > _REMEMBERED_PAGES:
                self._pages.popitem(last=False)
            return f"{self.base}?_getpages={name}"

        text = run(self.store, resource_type, query, behaviour, self.base, link)
        return Response(text, media_type=FHIR_JSON)

    async def match(self, request: Request) -> Response:
        self._allow(request, "Patient")
        parameters = await _resource(request, "Parameters")
        for born, family in described(parameters):
            meet(self.store, self.profile, self.store.strangers(born, family))
        return _fhir(member_match(self.store, parameters))

    def _meet_asked(self, pairs: Pairs) -> None:
        """Write out the members whom a search may mean: by member ID, or birth date and name."""
        asked = dict(pairs)
        ids = [text.rpartition("|")[2] for text in asked.get("identifier", "").split(",")]
        found = [crowd_number(self.profile.key, member_id) for member_id in ids]
        numbers = [number for number in found if number is not None]
        if "birthdate" in asked and "family" in asked:
            born = asked["birthdate"].removeprefix("eq")
            numbers += self.store.strangers(born, asked["family"])
        meet(self.store, self.profile, numbers)

    async def eligibility(self, request: Request) -> Response:
        """The `$submit` operation: the request as it is, or as Parameters' `resource`."""
        self._allow(request, "CoverageEligibilityRequest")
        asked = await _resource(request, "CoverageEligibilityRequest", "Parameters")
        if asked["resourceType"] == "Parameters":
            inner = [p.get("resource") for p in items(asked.get("parameter"))]
            asked = next((resource for resource in inner if isinstance(resource, dict)), {})
        return _fhir(eligibility(self.store, self.profile, asked, self.today()))

    def guarded(self, handler: Handler) -> Handler:
        """A handler that answers only with a valid token."""

        async def answer(request: Request) -> Response:
            self._allow(request, "")
            return await handler(request)

        return answer

    def _allow(self, request: Request, resource_type: str) -> None:
        if not self.profile.offers(resource_type):
            raise FhirError(404, "not-supported", f"This server has no {resource_type}.")
        if resource_type in OPEN_TYPES:
            return
        if not self.tokens.accepts(request.headers.get("authorization")):
            raise FhirError(401, "login", "Member data needs a valid access token.")


async def _resource(request: Request, *resource_types: str) -> Json:
    try:
        document = json.loads(await request.body())
    except ValueError as error:
        raise FhirError(400, "structure", "The body is not JSON.") from error
    if not isinstance(document, dict) or document.get("resourceType") not in resource_types:
        raise FhirError(400, "structure", f"The body is not a {resource_types[0]} resource.")
    return document


def _fhir(resource: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(resource), status_code=status, media_type=FHIR_JSON)


async def _refuse(_request: Request, error: Exception) -> Response:
    """Every refusal is an OperationOutcome, whoever noticed what was wrong."""
    if isinstance(error, FhirError):
        response = _fhir(operation_outcome(error.code, error.diagnostics), error.status)
        if error.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if isinstance(error, HTTPException):
        code = "not-found" if error.status_code == 404 else "not-supported"
        return _fhir(operation_outcome(code, error.detail), error.status_code)
    return _fhir(operation_outcome("exception", "Something went wrong here."), 500)


def make_app(
    profile: Profile,
    store: Store,
    keys: Path,
    secret: str | None,
    root: str,
    services_file: Path,
    faults_token: str | None = None,
    webhook_secret: str | None = None,
    bridge: str | None = None,
) -> ASGIApp:
    """The application of one partner. `root` is the server's address without a path.

    `faults_token` opens `/faults`, `bridge` (its address) the pages of `/portal`; without them
    there are no such addresses.
    """
    tokens = Tokens(profile, keys, f"{root}/oauth/token", secret)
    now = partial(today, profile.zone)
    backend = Backend(profile, store, tokens, f"{root}/fhir", now)
    services = Services(profile, store, services_file, now)
    messages = Messages(profile, services, services_file)
    webhooks = Webhooks(services, webhook_secret)
    portal = Portal(profile, services, services_file.with_name(f"{profile.key}-portal.pem"))
    rest = {
        "fsa": services.fsa,
        "wellness": services.wellness,
        "disease-management": services.disease_management,
        "maternity": services.maternity,
        "mail-order": services.mail_order,
        "enrollments": services.enroll,
        "cases": services.open_case,
        "cases/search": services.cases,
        "messages": messages.send,
    }
    office = Connectivity(profile, store, now)
    x12 = (
        [Route("/core", backend.guarded(office.answer), methods=["POST"])]
        if profile.behaviour.x12
        else []
    )
    page = PortalPage(portal, bridge, now) if bridge else None
    pages = (
        [
            Route("/portal", page.show),
            Route("/portal/sign-in", page.sign_in, methods=["POST"]),
            Route("/portal/sign-out", page.sign_out, methods=["POST"]),
            Route("/portal/ticket", page.ticket, methods=["POST"]),
            Route("/portal/portal.css", page.styles),
        ]
        if page
        else []
    )
    app = Starlette(
        routes=[
            *x12,
            *pages,
            Route("/healthz", backend.health),
            Route("/outbox", messages.outbox),
            Route("/portal/jwks", portal.jwks),
            Route("/portal/tickets", portal.ticket, methods=["POST"]),
            Route("/webhooks/cases", webhooks.case, methods=["POST"]),
            Route("/oauth/token", backend.token, methods=["POST"]),
            Route("/fhir", backend.page),
            Route("/fhir/metadata", backend.metadata),
            Route("/fhir/Patient/$member-match", backend.match, methods=["POST"]),
            Route(
                "/fhir/CoverageEligibilityRequest/$submit", backend.eligibility, methods=["POST"]
            ),
            Route("/fhir/{type}", backend.search),
            Route("/fhir/{type}/_search", backend.search, methods=["POST"]),
            Route("/fhir/{type}/{id}", backend.read),
            *(
                Route(f"/rest/{path}", backend.guarded(handler), methods=["POST"])
                for path, handler in rest.items()
            ),
        ],
        exception_handlers={FhirError: _refuse, HTTPException: _refuse, 500: _refuse},
    )
    return Faults(app, tokens, faults_token) if faults_token else app
