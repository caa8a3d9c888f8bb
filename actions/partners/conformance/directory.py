"""The open directory and drug list: found by specialty, place, name and NPI."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from actions.partners.capabilities import DirectoryQuery, NameQuery, PlaceQuery
from actions.partners.conformance.probe import Finding, Probe, presence
from alliance.directory import Listing
from alliance.gazetteer import terms

_PROVIDERS = "provider search"
_PLACES = "facility search"
_NAMES = "search by name"
_SPECIALTY = "primary_care"
# Plan-Net HealthcareServiceCategoryCS.
_HOSPITALS = ("hosp", "er", "urg")


async def providers(probe: Probe) -> AsyncIterator[Finding]:
    """Primary care near the place, with what members ask of a listing."""
    near = probe.near
    query = DirectoryQuery(
        terms("specialty")[_SPECIALTY].nucc_codes, near.zip, near.lat, near.lon, limit=20
    )
    found = await probe.backend.search_directory(query)
    if not found:
        yield Finding(
            _PROVIDERS,
            "wrong",
            f"no primary care within 100 miles of {near.zip}",
            "PractitionerRole needs specialty (NUCC codes), practitioner and location; the "
            "Location its address and position.",
        )
        return
    yield Finding(_PROVIDERS, "works", f"{len(found)} in primary care near {near.zip}")
    for finding in _fields(probe, found):
        yield finding


def _fields(probe: Probe, found: Sequence[Listing]) -> list[Finding]:
    count = len(found)
    known = {network.id.rsplit("/", 1)[-1] for network in probe.partner.networks}
    told = [
        ("NPI", sum(bool(each.npi) for each in found), "merged with other companies' lists"),
        ("phone", sum(each.phone is not None for each in found), "called"),
        (
            "accepting new patients",
            sum(each.accepting is not None for each in found),
            "known to take new patients",
        ),
        ("languages", sum(bool(each.languages) for each in found), "found by language"),
        ("network", sum(bool(each.networks) for each in found), "said to be in or out of network"),
        (
            "a network of the configuration",
            sum(bool(each.networks & known) for each in found),
            "said to be in or out of network: compare `networks` in the configuration",
        ),
    ]
    return [
        presence(_PROVIDERS, name, have, count, f"None can be {without}.")
        for name, have, without in told
    ]


async def places(probe: Probe) -> AsyncIterator[Finding]:
    """Hospitals, emergency rooms and urgent care near the place."""
    near = probe.near
    found = await probe.backend.search_places(PlaceQuery(_HOSPITALS, (), near.lat, near.lon))
    if found:
        yield Finding(_PLACES, "works", f"{len(found)} hospitals and the like near {near.zip}")
    else:
        yield Finding(
            _PLACES,
            "missing",
            f"no hospital within 100 miles of {near.zip}",
            "Members hear the line: HealthcareService needs category and location.",
        )


async def names(probe: Probe) -> AsyncIterator[Finding]:
    """A provider that the directory has is found again by name and by NPI."""
    near = probe.near
    query = DirectoryQuery(
        terms("specialty")[_SPECIALTY].nucc_codes, near.zip, near.lat, near.lon, limit=1
    )
    listed = await probe.backend.search_directory(query)
    if not listed:
        yield Finding(_NAMES, "skipped", "no provider was found to look for")
        return
    wanted = listed[0]
    queries = {"name": NameQuery(wanted.name, latitude=near.lat, longitude=near.lon)}
    if wanted.npi:
        queries["NPI"] = NameQuery("", npi=wanted.npi)
    for by, asked in queries.items():
        found = await probe.backend.search_names(asked)
        if any(each.npi == wanted.npi for each in found):
            yield Finding(_NAMES, "works", f"found again by {by}")
        else:
            yield Finding(
                _NAMES,
                "wrong",
                f"not found again by {by}",
                "Serve Practitioner searches by name, family and identifier (NPI).",
            )
