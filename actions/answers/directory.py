"""Asking directories: the companies' at once, without a word about who is asking."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from actions.answers.question import Desk
from actions.answers.wording import line_of
from actions.partners.capabilities import MOST_MILES, WIDE_MILES, PartnerBackend
from actions.settings import ANSWER_SECONDS
from alliance.answer import Source
from alliance.directory import DirectorySearch, Listing
from alliance.errors import PartnerUnavailable
from alliance.gazetteer import ZipCode
from alliance.names import plain_name
from alliance.partners import Partner
from alliance.service_area import directories_for

# Names so much farther (of 100) from what was said than the best one are somebody else's.
_ALMOST = 8.0

# So many nearby are a choice; only for fewer is the search taken farther.
_ENOUGH = 3

Ask = Callable[[PartnerBackend], Awaitable[list[Listing]]]


def directories(place: ZipCode | None, desk: Desk) -> list[Partner]:
    """The companies whose directory is asked about a place; about no place, all of them."""
    found = directories_for(place.zip, desk.partners) if place else list(desk.partners)
    return [partner for partner in found if partner.key in desk.backends]


async def search(asked: Sequence[Partner], ask: Ask, desk: Desk) -> DirectorySearch:
    """What the directories list, merged, nearest first. One that fails is named, not fatal."""

    async def at(key: str) -> list[Listing]:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await ask(desk.backends[key])

    failed = [partner.key for partner in asked if partner.key in desk.silent]
    hopeful = [partner for partner in asked if partner.key not in desk.silent]
    answers = await asyncio.gather(*(at(p.key) for p in hopeful), return_exceptions=True)
    found: list[Listing] = []
    for partner, answer in zip(hopeful, answers, strict=True):
        if isinstance(answer, (PartnerUnavailable, TimeoutError)):
            failed.append(partner.key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.extend(answer)
    best = max((listing.match for listing in found), default=0.0)
    found = [listing for listing in found if listing.match >= best - _ALMOST]
    desk.silent.update(failed)
    return DirectorySearch(merged(found), tuple(p.key for p in asked), tuple(failed))


async def nearest(
    asked: Sequence[Partner],
    ask: Callable[[PartnerBackend, float], Awaitable[list[Listing]]],
    desk: Desk,
    *,
    start: int,
) -> DirectorySearch:
    """What lies as far as most people go for care; where all directories together list too few for
    a choice after the first `start`, what lies as far as a search goes. `ask` gets a backend and
    the miles.
    """
    found = await search(asked, lambda backend: ask(backend, WIDE_MILES), desk)
    if len(found.listings) >= start + _ENOUGH:
        return found
    answering = [partner for partner in asked if partner.key not in found.failed]
    wider = await search(answering, lambda backend: ask(backend, MOST_MILES), desk)
    listings = merged([*found.listings, *wider.listings])
    return DirectorySearch(listings, found.asked, (*found.failed, *wider.failed))


def merged(listings: Sequence[Listing]) -> tuple[Listing, ...]:
    """One entry a provider and practice location (NPI, ZIP code), nearest first. What one
    directory leaves out is taken from the other. Places that share a number stay apart by name: a
    hospital and the practice in it.
    """
    by_place: dict[tuple[str, str, str], Listing] = {}
    for listing in listings:
        name = plain_name(listing.name) if listing.kind == "place" else ""
        key = (listing.npi, listing.zip, name)
        known = by_place.get(key)
        by_place[key] = (
            listing
            if known is None
            else replace(
                known,
                partners=tuple(dict.fromkeys([*known.partners, *listing.partners])),
                networks=known.networks | listing.networks,
                accepting=listing.accepting if known.accepting is None else known.accepting,
                wheelchair=listing.wheelchair if known.wheelchair is None else known.wheelchair,
                phone=known.phone or listing.phone,
                languages=known.languages or listing.languages,
                hours=known.hours or listing.hours,
                gender=known.gender or listing.gender,
            )
        )
    return tuple(sorted(by_place.values(), key=lambda item: (item.miles, item.name)))


def trouble(failed: Sequence[str], desk: Desk) -> str:
    """Which directories did not answer, and the line that does."""
    return " ".join(
        f"{desk.partners[key].name}'s directory did not answer just now. You can try again in a "
        f"few minutes, or call {line_of(desk.partners[key])}."
        for key in failed
    )


def sources(found: DirectorySearch, resource: str, desk: Desk) -> tuple[Source, ...]:
    """Who told it, and when: directory answers are kept for two years (No Surprises Act)."""
    fetched = desk.now().isoformat()
    return tuple(Source(key, resource, fetched) for key in found.asked if key not in found.failed)
