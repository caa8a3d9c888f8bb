"""Clients of the partners' backends: one interface, an adapter a partner."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack

import httpx

from actions.partners.capabilities import PartnerBackend
from actions.partners.fhir import FhirBackend
from actions.partners.http import PartnerHttp
from actions.partners.watch import Watches
from actions.partners.x12.backend import X12Backend
from actions.settings import PartnerConfiguration
from alliance.clock import Clock
from alliance.partners import Partner

POOL = httpx.Limits(max_connections=100, max_keepalive_connections=40)


async def connect(
    configuration: PartnerConfiguration,
    clock: Clock,
    stack: AsyncExitStack,
    watches: Watches | None = None,
) -> Mapping[str, PartnerBackend]:
    """One client a partner that has a backend; all are closed with `stack`. `watches` count."""
    backends: dict[str, PartnerBackend] = {}
    for partner in configuration.current():
        if partner.backend is None:
            continue
        client = httpx.AsyncClient(timeout=partner.backend.timeout_seconds, limits=POOL)
        await stack.enter_async_context(client)
        http = PartnerHttp(partner, client, watches.of(partner.key) if watches else None)
        backends[partner.key] = backend_of(partner, configuration, http, clock)
    return backends


def backend_of(
    partner: Partner, configuration: PartnerConfiguration, http: PartnerHttp, clock: Clock
) -> FhirBackend:
    """The adapter that the partner's configuration names: FHIR, or FHIR with an X12 back office."""
    office = partner.backend.office if partner.backend else None
    if office:
        return X12Backend(partner.key, configuration, http, clock, office)
    return FhirBackend(partner.key, configuration, http, clock)
