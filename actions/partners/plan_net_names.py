"""One provider or place by name in a Plan-Net directory, however it was spelt or heard.

Servers find names by their beginning. So the beginning is asked for (or, where that finds none,
the letters that are taken for its first), and what comes back is compared here by spelling and by
sound.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz

from actions.partners.capabilities import NameQuery
from actions.partners.directory_server import DirectoryServer, Parameters, by_type, rings
from actions.partners.fhir_values import codes, reference_id
from actions.partners.plan_net_places import listings_of
from actions.partners.plan_net_reading import (
    NPI_SYSTEM,
    miles_from,
    name_parts,
    references,
    role_listing,
)
from alliance.directory import Listing
from alliance.names import alike_initials, distinctive_words, name_words, plain_name, sound

Json = Mapping[str, Any]
Scored = list[tuple[float, Listing]]

MOST_MILES = 60
_RINGS_MILES = (10, 30, MOST_MILES)
_BEGINNING = 3
_PLACE_BEGINNING = 4
_MOST_PAGES = 10
_MOST_PEOPLE = 50
# Of 100. A short name is near many others.
_ENOUGH, _ENOUGH_SHORT, _SHORT = 80.0, 88.0, 5
_GIVEN_ENOUGH = 72.0
_ROLE_INCLUDES = ("PractitionerRole:practitioner", "PractitionerRole:location")
_NOT_PLACES = frozenset({"ntwk", "payer"})


async def search_names(server: DirectoryServer, key: str, query: NameQuery) -> list[Listing]:
    """The likeliest name first, then the nearest; those that are clearly less likely are out."""
    people, places = await asyncio.gather(
        _people(server, key, query) if query.people else _nothing(),
        _places(server, key, query) if query.places else _nothing(),
    )
    found = [*people, *places]
    best = max((score for score, _ in found), default=0.0)
    kept = [(score, each) for score, each in found if score >= best - _ALMOST]
    kept.sort(key=lambda scored: (-round(scored[0] / _ALMOST), scored[1].miles, scored[1].name))
    return [replace(each, match=score) for score, each in kept][: query.limit]


# Scores so close are the same name with another slip.
_ALMOST = 8.0


async def _nothing() -> Scored:
    return []


# --- people


async def _people(server: DirectoryServer, key: str, query: NameQuery) -> Scored:
    if query.npi:
        people = await server.search("Practitioner", {"identifier": f"{NPI_SYSTEM}|{query.npi}"})
        return await _roles_of(server, key, query, people)
    words = name_words(query.name)
    if not words:
        return []
    family = plain_name(words[-1])
    for beginning in dict.fromkeys((family[:_BEGINNING], ",".join(alike_initials(family)))):
        found = await _beginning_with(server, key, query, beginning)
        if found:
            return found
    return []


async def _beginning_with(
    server: DirectoryServer, key: str, query: NameQuery, beginning: str
) -> Scored:
    """People near the point whose family name begins so; anywhere, where there is no point."""
    if query.latitude is None or query.longitude is None:
        if "," in beginning:
            # One letter, anywhere in the country, is half a directory.
            return []
        return await _by_person(server, key, query, beginning)
    by_name: Parameters = {"practitioner.family": beginning}
    if not await server.offers("PractitionerRole", "practitioner.family"):
        return await _by_person(server, key, query, beginning)
    near = await server.offers("PractitionerRole", "location.near")
    resources: list[Json] = []
    for miles, zips in rings(query.latitude, query.longitude, _RINGS_MILES):
        if near:
            point = f"{query.latitude}|{query.longitude}|{miles}|mi_us"
            resources = await server.search(
                "PractitionerRole", {**by_name, "location.near": point}, include=_ROLE_INCLUDES
            )
        else:
            resources += await server.at_zips("PractitionerRole", zips, by_name, _ROLE_INCLUDES)
        found = await _read_roles(server, key, query, resources)
        if found:
            return found
    return []


async def _by_person(server: DirectoryServer, key: str, query: NameQuery, beginning: str) -> Scored:
    """For servers that cannot chain: people first, then where they practise."""
    asked: Parameters = {"family": beginning}
    words = name_words(query.name)
    if len(words) > 1 and await server.offers("Practitioner", "given"):
        asked["given"] = plain_name(words[0])[:1]
    found = await server.search("Practitioner", asked, pages=_MOST_PAGES)
    fitting = [
        (score, person)
        for person in found
        if person.get("resourceType") == "Practitioner" and (score := _score(query.name, person))
    ]
    fitting.sort(key=lambda each: -each[0])
    return await _roles_of(server, key, query, [person for _, person in fitting[:_MOST_PEOPLE]])


async def _roles_of(
    server: DirectoryServer, key: str, query: NameQuery, people: Sequence[Json]
) -> Scored:
    ids = [f"Practitioner/{person.get('id')}" for person in people]
    roles = await server.by_reference("PractitionerRole", "practitioner", ids)
    return await _read_roles(server, key, query, [*people, *roles])


async def _read_roles(
    server: DirectoryServer, key: str, query: NameQuery, resources: Iterable[Json]
) -> Scored:
    found = by_type(resources)
    roles = [
        role
        for role in found.get("PractitionerRole", {}).values()
        if role.get("active") is not False
    ]
    people = await server.complete(
        "Practitioner",
        found.get("Practitioner", {}),
        (i for role in roles if (i := reference_id(role.get("practitioner")))),
    )
    fitting = [
        (score, role, person)
        for role in roles
        if (person := people.get(reference_id(role.get("practitioner")) or ""))
        and (score := 100.0 if query.npi else _score(query.name, person))
    ]
    locations = await server.complete(
        "Location",
        found.get("Location", {}),
        (i for _, role, _ in fitting for i in references(role.get("location"))),
    )
    point = _point(query)
    return [
        (score, role_listing(key, role, person, location, miles))
        for score, role, person in fitting
        for identifier in references(role.get("location"))
        if (location := locations.get(identifier))
        and (miles := miles_from(point, location)) is not None
        and miles <= MOST_MILES
    ]


def _point(query: NameQuery) -> tuple[float, float] | None:
    if query.latitude is None or query.longitude is None:
        return None
    return query.latitude, query.longitude


def _score(said: str, person: Json) -> float:
    """How well a practitioner fits the name that was said, 0 for not at all."""
    given, family = name_parts(person)
    return name_score(said, given, family)


def name_score(said: str, given: Sequence[str], family: str) -> float:
    """0 to 100. The family name decides; a given name that was said and is another ends it."""
    words = name_words(said)
    if not words:
        return 0.0
    score = max(_alike(words[-1], family), _alike("".join(words[-2:]), family))
    if score < (_ENOUGH if len(plain_name(words[-1])) > _SHORT else _ENOUGH_SHORT):
        return 0.0
    if len(words) > 1 and given:
        first = words[0]
        if len(plain_name(first)) == 1:
            fits = 100.0 if plain_name(given[0])[:1] == plain_name(first) else 0.0
        else:
            fits = max(_alike(first, name) for name in given)
        if fits < _GIVEN_ENOUGH and _alike("".join(words), family) < _ENOUGH:
            return 0.0
        score = (2 * score + fits) / 3
    return score


def _alike(said: str, name: str) -> float:
    """By spelling, or by sound where that is nearer: a slip in sound counts a little more."""
    parts = [name, *name.replace("-", " ").split()]
    return max(
        max(
            fuzz.ratio(plain_name(said), plain_name(part)),
            fuzz.ratio(sound(said), sound(part)) - 6.0,
        )
        for part in parts
    )


# --- places


async def _places(server: DirectoryServer, key: str, query: NameQuery) -> Scored:
    if query.npi:
        asked: Parameters = {"identifier": f"{NPI_SYSTEM}|{query.npi}"}
        return await _of_organizations(server, key, query, await _organizations(server, asked))
    words = distinctive_words(query.name) or name_words(query.name)
    for word in words[:2]:
        by_state: Parameters = {"address-state": query.state} if query.state else {}
        found = await _organizations(
            server, {"name:contains": plain_name(word)[:_PLACE_BEGINNING], **by_state}
        )
        scored = await _of_organizations(server, key, query, found)
        if scored:
            return scored
    return []


async def _organizations(server: DirectoryServer, asked: Parameters) -> list[Json]:
    return [
        each
        for each in await server.search("Organization", asked)
        if each.get("resourceType") == "Organization"
        and each.get("active") is not False
        and not codes(each.get("type")) & _NOT_PLACES
    ]


async def _of_organizations(
    server: DirectoryServer, key: str, query: NameQuery, organizations: Sequence[Json]
) -> Scored:
    scores = {
        str(each.get("id")): score
        for each in organizations
        if (score := 100.0 if query.npi else place_score(query.name, str(each.get("name", ""))))
    }
    known = {str(each.get("id")): each for each in organizations if str(each.get("id")) in scores}
    services = await server.by_reference(
        "HealthcareService", "organization", [f"Organization/{each}" for each in known]
    )
    listed = await listings_of(
        server,
        key,
        [each for each in services if each.get("resourceType") == "HealthcareService"],
        _point(query),
        {},
        known,
    )
    by_name = {str(each.get("name")): scores[identifier] for identifier, each in known.items()}
    return [(by_name[each.name], each) for each in listed if each.miles <= MOST_MILES]


def place_score(said: str, name: str) -> float:
    """0 to 100: the words that tell places apart have to be there, however spelt."""
    theirs = [*name_words(name)]
    wanted = distinctive_words(said)
    if any(max((_alike(word, each) for each in theirs), default=0.0) < _ENOUGH for word in wanted):
        return 0.0
    score = fuzz.token_set_ratio(" ".join(name_words(said)), " ".join(theirs))
    return score if score >= _ENOUGH else 0.0
