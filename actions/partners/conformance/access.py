"""Who may ask at all, and what the server says of itself."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

from actions.partners.conformance.probe import Finding, Probe

_ACCESS = "access"
_STATEMENT = "capability statement"
# What the clients use where it is there: the type, the parameter or include, and what happens
# without it.
_USED = (
    ("PractitionerRole", "location.near", "providers are searched ZIP code by ZIP code: slower"),
    ("PractitionerRole", "practitioner.family", "a provider's name is looked for in every page"),
    ("PractitionerRole", "PractitionerRole:practitioner", "each search costs further calls"),
    ("Claim", "_search", "claims that are still open are not told"),
    ("ServiceRequest", "_search", "referrals on file are not told"),
    ("Consent", "_search", "no dependant's records are opened to the subscriber"),
    ("ExplanationOfBenefit", "use", "prior authorizations are sorted out of all records: slower"),
)
_CLAIMS = frozenset({"Claim", "ExplanationOfBenefit"})


async def access(probe: Probe) -> AsyncIterator[Finding]:
    """Nobody without a token, no record for an ID that nobody has."""
    nobody = f"{probe.partner.member_id_systems[0]}|NOBODY-{secrets.token_hex(4)}"
    for headers, who in (({}, "no token"), ({"Authorization": "Bearer wrong"}, "a wrong token")):
        response = await probe.client.post(
            f"{probe.configured.base_url}/Patient/_search",
            data={"identifier": nobody},
            headers=headers,
        )
        seen = f"a search for a member with {who}: HTTP {response.status_code}"
        if response.status_code in (401, 403):
            yield Finding(_ACCESS, "works", seen)
        else:
            yield Finding(_ACCESS, "wrong", seen, "Refuse it with 401: member data stands open.")
    bundle = await probe.http.search("Patient", {"identifier": nobody})
    yield Finding(_ACCESS, "works", "a token was given, and opens a search for a member")
    if bundle.get("entry"):
        yield Finding(
            _ACCESS, "wrong", "a member ID that nobody has finds records", "Compare identifiers."
        )


async def statement(probe: Probe) -> AsyncIterator[Finding]:
    """The version, and the searches that the clients make use of."""
    told = await probe.http.get("/metadata")
    version = str(told.get("fhirVersion", ""))
    if version.startswith("4."):
        yield Finding(_STATEMENT, "works", f"FHIR {version}")
    else:
        yield Finding(_STATEMENT, "wrong", f"fhirVersion {version!r}", "Serve FHIR R4 (4.0.1).")
    office = probe.configured.office
    in_x12 = _CLAIMS if office and "claims" in office.capabilities else frozenset()
    for kind, name, without in _USED:
        if kind in in_x12:
            continue
        there = await probe.backend.offers(kind, name)
        what = kind if name == "_search" else f"{kind} by {name}"
        if there:
            yield Finding(_STATEMENT, "works", what)
        else:
            yield Finding(_STATEMENT, "missing", what, f"Without it, {without}.")
