"""Doctors near a place: the directories of the region, without a word about who is asking."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from actions.answers.question import Desk, Question
from actions.answers.wording import joined, line_of
from actions.partners.capabilities import DirectoryQuery
from actions.settings import ANSWER_SECONDS
from alliance.answer import Answer, Source
from alliance.directory import DirectorySearch, Listing
from alliance.errors import PartnerUnavailable
from alliance.gazetteer import Specialty, ZipCode, specialty
from alliance.service_area import directories_for
from alliance.verified import VerifiedMember

MOST_READ = 5
MOST_SPOKEN = 3


async def find_provider(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """The nearest listings of a specialty. 'Listed in', never 'in network': no plan is known."""
    del member
    if question.place is None or question.specialty is None:
        raise ValueError("find_provider needs a place and a specialty")
    wanted = specialty(question.specialty)
    if wanted is None:
        raise ValueError("find_provider needs a known specialty")
    search = await _search(wanted, question.place, question.language, desk)
    if not search.listings:
        return _none(question, wanted, question.place, search, desk)
    return _told(question, wanted, question.place, search, desk)


async def _search(
    wanted: Specialty, place: ZipCode, language: str | None, desk: Desk
) -> DirectorySearch:
    asked = [p for p in directories_for(place.zip, desk.partners) if p.key in desk.backends]
    query = DirectoryQuery(
        specialty_codes=wanted.nucc_codes,
        zip=place.zip,
        latitude=place.lat,
        longitude=place.lon,
        language=language,
    )

    async def at(key: str) -> list[Listing]:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await desk.backends[key].search_directory(query)

    answers = await asyncio.gather(*(at(p.key) for p in asked), return_exceptions=True)
    found: list[Listing] = []
    failed: list[str] = []
    for partner, answer in zip(asked, answers, strict=True):
        if isinstance(answer, (PartnerUnavailable, TimeoutError)):
            failed.append(partner.key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.extend(answer)
    return DirectorySearch(merged(found), tuple(p.key for p in asked), tuple(failed))


def merged(listings: Sequence[Listing]) -> tuple[Listing, ...]:
    """One entry a provider and practice location (NPI, ZIP code), nearest first."""
    by_place: dict[tuple[str, str], Listing] = {}
    for listing in listings:
        key = (listing.npi, listing.zip)
        known = by_place.get(key)
        by_place[key] = (
            listing
            if known is None
            else replace(
                known,
                partners=tuple(dict.fromkeys([*known.partners, *listing.partners])),
                networks=known.networks | listing.networks,
                accepting=listing.accepting if known.accepting is None else known.accepting,
                phone=known.phone or listing.phone,
            )
        )
    return tuple(sorted(by_place.values(), key=lambda item: (item.miles, item.name)))


def _told(
    question: Question, wanted: Specialty, place: ZipCode, search: DirectorySearch, desk: Desk
) -> Answer:
    shown = search.listings[:MOST_READ]
    spoken = search.listings[:MOST_SPOKEN]
    where = f"{place.city}, {place.state}"
    heading = f"Here are {wanted.plural} near {where} ({place.zip}), nearest first:"
    text = "\n".join([heading, *(_line(listing, desk) for listing in shown)])
    speech = f"The nearest {wanted.plural} near {where} are: " + " ".join(
        _spoken(listing, desk) for listing in spoken
    )
    if len(search.listings) > len(spoken):
        speech += " Say more to hear others."
    advice = (
        "A listing is not yet in network: that depends on your plan. Ask the office whether it "
        "takes your plan before you go."
    )
    trouble = _trouble(search, desk)
    fetched = desk.now().isoformat()
    return Answer(
        text="\n".join(part for part in (text, advice, trouble) if part),
        speech=" ".join(part for part in (speech, advice, trouble) if part),
        intent=question.intent,
        partner=shown[0].partners[0],
        facts={"specialty": wanted.key, "zip": place.zip, "npis": [item.npi for item in shown]},
        cards=tuple(_card(listing, desk) for listing in shown),
        sources=tuple(
            Source(key, "PractitionerRole", fetched)
            for key in search.asked
            if key not in search.failed
        ),
    )


def _line(listing: Listing, desk: Desk) -> str:
    directories = joined([f"{desk.partners[key].short_name}'s" for key in listing.partners])
    phone = f", {listing.phone}" if listing.phone else ""
    patients = {True: ", takes new patients", False: ", not taking new patients", None: ""}
    return (
        f"• {listing.name}, {listing.address}, {listing.city}, {listing.state} {listing.zip}"
        f"{phone}, {_miles(listing)}; listed in {directories} directory"
        f"{patients[listing.accepting]}."
    )


def _spoken(listing: Listing, desk: Desk) -> str:
    directories = joined([f"{desk.partners[key].spoken_name}'s" for key in listing.partners])
    phone = f", phone {listing.phone}" if listing.phone else ""
    return (
        f"{listing.name} in {listing.city}, {_miles(listing)}, in {directories} directory{phone}."
    )


def _miles(listing: Listing) -> str:
    if listing.miles < 1:
        return "less than a mile"
    miles = round(listing.miles)
    return f"about {miles} mile{'' if miles == 1 else 's'}"


def _card(listing: Listing, desk: Desk) -> dict[str, object]:
    return {
        "kind": "provider",
        "name": listing.name,
        "address": f"{listing.address}, {listing.city}, {listing.state} {listing.zip}",
        "phone": listing.phone,
        "miles": round(listing.miles, 1),
        "directories": [desk.partners[key].name for key in listing.partners],
        "accepting": listing.accepting,
    }


def _none(
    question: Question, wanted: Specialty, place: ZipCode, search: DirectorySearch, desk: Desk
) -> Answer:
    answered = [desk.partners[key] for key in search.asked if key not in search.failed]
    parts = []
    if answered:
        names = joined([f"{partner.name}'s" for partner in answered])
        parts.append(
            f"I found no {wanted.plural} near {place.city}, {place.state} in {names} directory. "
            f"You can name another place, or call {line_of(answered[0])}."
        )
    parts.append(_trouble(search, desk))
    text = " ".join(part for part in parts if part)
    return Answer(
        text=text,
        speech=text,
        intent=question.intent,
        partner=answered[0].key if answered else None,
        facts={"specialty": wanted.key, "zip": place.zip, "npis": []},
    )


def _trouble(search: DirectorySearch, desk: Desk) -> str:
    return " ".join(
        f"{desk.partners[key].name}'s directory did not answer just now. You can try again in a "
        f"few minutes, or call {line_of(desk.partners[key])}."
        for key in search.failed
    )
