"""Clients of the partners' backends: one interface, an adapter a partner."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack

import httpx

from actions.partners.capabilities import PartnerBackend
from actions.partners.fhir import FhirBackend
from actions.partners.http import PartnerHttp
from actions.settings import PartnerConfiguration
from alliance.clock import Clock

POOL = httpx.Limits(max_connections=100, max_keepalive_connections=40)


async def connect(
    configuration: PartnerConfiguration, clock: Clock, stack: AsyncExitStack
) -> Mapping[str, PartnerBackend]:
    """One client a partner that has a backend; all are closed with `stack`."""
    backends: dict[str, PartnerBackend] = {}
    for partner in configuration.current():
        if partner.backend is None:
            continue
        client = httpx.AsyncClient(timeout=partner.backend.timeout_seconds, limits=POOL)
        await stack.enter_async_context(client)
        http = PartnerHttp(partner, client)
        backends[partner.key] = FhirBackend(partner.key, configuration, http, clock)
    return backends
