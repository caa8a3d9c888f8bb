"""The company's member portal as its members see it, with the chat on it: `/portal`.

An invented website for trying Memberline out. One picks a sample member in place of a password;
the page then holds the chat, and this server signs a ticket for that member whenever the chat
begins (`POST /portal/ticket`). Tickets that must not be taken can be chosen too. Part of the
stand-in, and only where it is told which bridge to take the chat from.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from sandbox.errors import FhirError
from sandbox.parameters import Json
from sandbox.population.calendar import Anchor
from sandbox.population.plans import group_name
from sandbox.population.samples import samples
from sandbox.portal import Portal

FOLDER = Path(__file__).parent / "web"
# What the portal's tickets may be like, and the claims in which they differ from good ones.
TICKETS: dict[str, tuple[str, Callable[[], Json]]] = {
    "good": ("as it should be", dict),
    "expired": ("of ten minutes ago", lambda: {"exp": int(time.time()) - 600}),
    "family": ("for the whole family, not for one person", lambda: {"sub": "family-contract"}),
    "none": ("none, because the portal's server fails", dict),
}
_MOST_SIGN_INS = 1000


@dataclass(frozen=True)
class SignIn:
    """Somebody who is signed in: the member, the ticket they get, and an opaque name for it."""

    member_id: str
    given: str
    ticket: str
    name: str = field(default_factory=lambda: secrets.token_urlsafe(12))


class PortalPage:
    """The pages of one company's portal. `bridge` is where the chat comes from."""

    def __init__(self, portal: Portal, bridge: str, today: Callable[[], date]) -> None:
        self._portal = portal
        self._bridge = bridge
        self._today = today
        self._sign_ins: OrderedDict[str, SignIn] = OrderedDict()
        # Cookies know no ports: the companies' portals run side by side on one machine.
        self._cookie = f"portal-{portal.profile.key}"
        self._page = Environment(
            loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined
        ).get_template("portal.html")

    async def show(self, request: Request) -> Response:
        """Who is there to be picked, or the portal of whoever is signed in."""
        profile = self._portal.profile
        found = samples(Anchor(self._today()))
        text = self._page.render(
            company=profile.name,
            partner=profile.key,
            bridge=self._bridge,
            sign_in=self._signed_in(request),
            members=[
                (sample.member, group_name(profile.key, sample.member.covers[0].group), sample)
                for sample in found
                if sample.member.partner == profile.key
            ],
            tickets=[(key, words) for key, (words, _) in TICKETS.items()],
        )
        return Response(text, media_type="text/html", headers=self._headers())

    async def sign_in(self, request: Request) -> Response:
        """Take a sample member (`member_id`) and what their tickets are like (`ticket`)."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        patient = self._portal.member(form)
        ticket = form.get("ticket", "good")
        if ticket not in TICKETS:
            raise FhirError(422, "value", "There is no such ticket.")
        given = str(patient["name"][0]["given"][0])
        token = secrets.token_urlsafe(24)
        self._sign_ins[token] = SignIn(form["member_id"], given, ticket)
        if len(self._sign_ins) > _MOST_SIGN_INS:
            self._sign_ins.popitem(last=False)
        response = RedirectResponse("/portal", status_code=303)
        response.set_cookie(self._cookie, token, httponly=True, samesite="strict", path="/portal")
        return response

    async def sign_out(self, request: Request) -> Response:
        self._sign_ins.pop(request.cookies.get(self._cookie, ""), None)
        response = RedirectResponse("/portal", status_code=303)
        response.delete_cookie(self._cookie, path="/portal")
        return response

    async def ticket(self, request: Request) -> Response:
        """A fresh ticket for who is signed in, as the chat asks for it."""
        who = self._signed_in(request)
        if who is None:
            raise FhirError(401, "login", "Nobody is signed in.")
        if who.ticket == "none":
            raise FhirError(503, "transient", "The portal gives no tickets just now.")
        _, claims = TICKETS[who.ticket]
        ticket = self._portal.sign({"member_id": who.member_id, **claims()})
        return JSONResponse({"ticket": ticket}, headers={"Cache-Control": "no-store"})

    async def styles(self, _request: Request) -> Response:
        return FileResponse(FOLDER / "portal.css")

    def _signed_in(self, request: Request) -> SignIn | None:
        return self._sign_ins.get(request.cookies.get(self._cookie, ""))

    def _headers(self) -> dict[str, str]:
        socket = urlsplit(self._bridge)._replace(
            scheme="wss" if self._bridge.startswith("https:") else "ws"
        )
        return {
            "Content-Security-Policy": (
                f"default-src 'none'; script-src {self._bridge}; style-src 'self' {self._bridge}; "
                f"connect-src 'self' {self._bridge} {socket.geturl()}; img-src 'self' data:; "
                "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
            ),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
