"""Portal tickets: signed by a running stand-in's portal, checked with the keys it publishes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from redis.asyncio import Redis

from alliance.partners import Partners, Portal
from api.identity.tickets import PortalTickets, TicketNotChecked, TicketRefused
from tests.actions.conftest import (  # noqa: F401
    configuration,
    partners,
    redis,
    redis_url,
    sandboxes,
)
from tests.sandbox.conftest import Backend

Stands = Mapping[str, Backend]


@pytest.fixture
async def tickets(partners: Partners, redis: Redis) -> AsyncIterator[PortalTickets]:  # noqa: F811
    async with httpx.AsyncClient(timeout=3) as client:
        yield PortalTickets(partners, client, redis)


def issued(stands: Stands, at: str = "mvp", **claims: Any) -> str:
    body = {"member_id": "M10010002", **claims}
    answer = stands[at].http.post(f"{stands[at].root}/portal/tickets", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ticket"])


def part(ticket: str, place: int) -> dict[str, Any]:
    text = ticket.split(".")[place]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def encoded(document: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


async def test_a_ticket_names_one_person(
    tickets: PortalTickets,
    sandboxes: Stands,  # noqa: F811
) -> None:
    found = await tickets.check(issued(sandboxes))
    patient = sandboxes["mvp"].patient("M10010002")["id"]
    assert (found.partner.key, found.member_id, found.subject) == ("mvp", "M10010002", patient)


async def test_it_is_good_once(tickets: PortalTickets, sandboxes: Stands) -> None:  # noqa: F811
    ticket = issued(sandboxes)
    await tickets.check(ticket)
    with pytest.raises(TicketRefused):
        await tickets.check(ticket)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": "tomorrow"},
        pytest.param({"exp": int(time.time()) + 86_400}, id="for a day"),
        pytest.param({"exp": int(time.time()) - 60}, id="a minute over"),
        {"aud": "another-service"},
        {"aud": ["another-service"]},
        {"iss": "https://portal.cigna.example.org"},
        {"iss": "https://portal.evil.example.org"},
        {"partner": "cigna"},
        {"jti": None},
        {"jti": ""},
        {"sub": None},
        {"sub": ""},
        {"sub": ["p1", "p2"]},
    ],
    ids=str,
)
async def test_wrong_claims(
    tickets: PortalTickets,
    sandboxes: Stands,  # noqa: F811
    claims: dict[str, Any],
) -> None:
    with pytest.raises(TicketRefused):
        await tickets.check(issued(sandboxes, **claims))


async def test_no_signature_at_all(tickets: PortalTickets, sandboxes: Stands) -> None:  # noqa: F811
    ticket = issued(sandboxes)
    for algorithm in ("none", "None", "NONE", ""):
        header = encoded({**part(ticket, 0), "alg": algorithm})
        with pytest.raises(TicketRefused):
            await tickets.check(f"{header}.{ticket.split('.')[1]}.")


async def test_the_public_key_as_a_shared_secret(
    tickets: PortalTickets,
    sandboxes: Stands,  # noqa: F811
) -> None:
    """RS to HS: the published key, which everybody knows, is no secret to sign with."""
    (published,) = sandboxes["mvp"].http.get(f"{sandboxes['mvp'].root}/portal/jwks").json()["keys"]
    claims = part(issued(sandboxes), 1)
    for secret in (ECKey.import_key(published).as_pem(), json.dumps(published).encode()):
        # By hand: the library refuses to sign like this as well.
        signed = f"{encoded({'alg': 'HS256', 'kid': published['kid']})}.{encoded(claims)}"
        mark = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        forged = f"{signed}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"
        with pytest.raises(TicketRefused):
            await tickets.check(forged)


async def test_somebody_elses_key(tickets: PortalTickets, sandboxes: Stands) -> None:  # noqa: F811
    ticket = issued(sandboxes)
    own = ECKey.generate_key("P-256", private=True)
    for kid in (part(ticket, 0)["kid"], own.thumbprint()):
        forged = jwt.encode({"alg": "ES256", "kid": kid}, part(ticket, 1), own)
        with pytest.raises(TicketRefused):
            await tickets.check(forged)


async def test_another_companys_key(tickets: PortalTickets, sandboxes: Stands) -> None:  # noqa: F811
    """CIGNA's portal vouches for an MVP member in MVP's name."""
    forged = issued(
        sandboxes,
        "cigna",
        member_id="U10010001",
        iss="https://portal.mvp.example.org",
        partner="mvp",
    )
    with pytest.raises(TicketRefused):
        await tickets.check(forged)


@pytest.mark.parametrize(
    "ticket",
    ["", "x", "a.b.c", "e30.e30.", "[].[].[]", "." * 10, "é.é.é", "x" * 5000],
    ids=lambda ticket: ticket[:12],
)
async def test_no_ticket(tickets: PortalTickets, ticket: str) -> None:
    with pytest.raises(TicketRefused):
        await tickets.check(ticket)


async def test_the_website_is_down(
    partners: Partners,  # noqa: F811
    redis: Redis,  # noqa: F811
    tickets: PortalTickets,
    sandboxes: Stands,  # noqa: F811
) -> None:
    portal = Portal("https://portal.mvp.example.org", "memberline", "http://127.0.0.1:9/jwks")
    away = Partners({"mvp": replace(partners["mvp"], portal=portal)})
    ticket = issued(sandboxes)
    async with httpx.AsyncClient(timeout=3) as client:
        with pytest.raises(TicketNotChecked):
            await PortalTickets(away, client, redis).check(ticket)
    # It was not used up.
    assert (await tickets.check(ticket)).member_id == "M10010002"
