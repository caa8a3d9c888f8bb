"""One doctor or place by name: its details, and whether it is in the network.

Networks belong to a practice location, not to a name: each location is decided on its own. Not
found is never "out of network".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.answers.directory import directories, search, sources, trouble
from actions.answers.listings import again, told
from actions.answers.plan_network import (
    MemberPlan,
    PlanLookup,
    listed_in,
    member_plan,
    network_reason,
    referral_words,
)
from actions.answers.provider_words import address, card, hours, languages, miles, spoken_address
from actions.answers.providers import asks_for_new_patients, gender_asked
from actions.answers.question import Desk, Named, Question
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of
from actions.partners.capabilities import NameQuery
from alliance.answer import Answer, Listed
from alliance.directory import DirectorySearch, Listing
from alliance.gazetteer import ZipCode
from alliance.geography import miles_between
from alliance.verified import VerifiedMember

MOST_FOUND = 20
MOST_LOCATIONS = 3
_ASK_FIRST = "Directories can be out of date: ask the office before you go."


async def check_network(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """Whether a named doctor or place is in the network of the member's plan, location by
    location; for anyone unverified, whose directory lists it.
    """
    lookup = await member_plan(member, desk)
    found = await find_named(question, desk)
    several = _which(question, found, lookup, desk)
    if several:
        return several
    listings = found.listings[:MOST_LOCATIONS]
    name = listings[0].name
    notes = [_near_name(question, name), *_statuses(listings, lookup, desk)]
    referral = referral_words(lookup.plan, listings[0].specialty_codes)
    lacking = trouble(found.failed, desk)
    text = " ".join(part for part in (*notes, lookup.note, referral, _ASK_FIRST, lacking) if part)
    first = _status(listings[0], lookup.plan, desk, spoken=True)
    speech = " ".join(
        part for part in (_near_name(question, name), first, referral, lookup.note, lacking) if part
    )
    return Answer(
        text=text,
        speech=f"{speech} Ask the office before you go.",
        intent=question.intent,
        partner=listings[0].partners[0],
        facts={
            "npis": [each.npi for each in listings],
            "network": [
                lookup.plan.decide(each).status if lookup.plan else None for each in listings
            ],
        },
        cards=tuple(card(each, lookup.plan, desk, far=_is_far(question)) for each in listings),
        sources=sources(found, "PractitionerRole", desk),
        listed=_one(question, listings[0]),
    )


# Asked how far it is, as follow-ups name it.
DISTANCE = "distance"
# Where a part of it is asked for, the rest is not told.
_NUMBER = re.compile(r"\b(?:number|phone|telephone|call|ring|dial)\b", re.IGNORECASE)
_OPENING = re.compile(r"\b(?:hours|open|opens|close|closes|closed)\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"\b(?:speaks?|speaking|languages?|spanish)\b", re.IGNORECASE)
_WHERE = re.compile(
    r"\b(?:where(?:'?s|'?re)?|address|located|location|street|directions|get there)\b",
    re.IGNORECASE,
)
# "Book me in", "I need an appointment"; not "do I need one?".
_BOOKING = re.compile(
    r"(?<!do i )(?<!do we )\b(?:book|schedule|make|set up|get|need|have)\b.{0,20}"
    r"\b(?:appointment|appt|visit)\b|"
    r"\b(?:book|schedule|sign) (?:me|us|it|one|that|him|her)\b",
    re.IGNORECASE,
)
# What no directory of ours lists.
_UNLISTED = re.compile(
    r"\b(?:park(?:ing)?|garage|bus|subway|elevators?|stairs|walk[- ]?ins?|video|virtual(?:ly)?|"
    r"telehealth|website|e-?mail|fax|portal|reviews?|rating|experience|wait(?:ing)? (?:time|"
    r"room))\b",
    re.IGNORECASE,
)


async def provider_details(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """Phone, address, hours, languages and whether new patients are taken, as listed."""
    lookup = await member_plan(member, desk)
    found = await find_named(question, desk)
    several = _which(question, found, lookup, desk)
    if several:
        return several
    listings = found.listings[:MOST_LOCATIONS]
    name = listings[0].name
    lacking = trouble(found.failed, desk)
    parts = [_part(each, question) for each in listings]
    heard = _part(listings[0], question, spoken=True) or _spoken(listings[0])
    text = "\n".join(
        part
        for part in (
            _near_name(question, name),
            *(
                part or _details(each, lookup.plan, desk, far=_is_far(question))
                for each, part in zip(listings, parts, strict=True)
            ),
            "" if parts[0] else _ASK_FIRST,
            lacking,
        )
        if part
    )
    return Answer(
        text=text,
        speech=" ".join(part for part in (_near_name(question, name), heard, lacking) if part),
        intent=question.intent,
        partner=listings[0].partners[0],
        facts={"npis": [each.npi for each in listings]},
        cards=tuple(card(each, lookup.plan, desk, far=_is_far(question)) for each in listings),
        sources=sources(found, "PractitionerRole", desk),
        listed=_one(question, listings[0]),
    )


def _one(question: Question, listing: Listing) -> Listed:
    """So that "where is that" and "are they in network" mean this one."""
    return Listed(question.intent, (again(listing, question),), 1, 1)


async def find_named(question: Question, desk: Desk, *, places: bool = True) -> DirectorySearch:
    """What the directories list under the provider's name, or its NPI where a list gave it."""
    provider = question.provider
    if provider is None:
        raise ValueError("a name is needed")
    npi = _npi(provider)
    place = None if npi else question.place
    found = await _named(provider, npi, place, desk, places=places)
    if place and not found.listings and not found.failed:
        # The place may be one that was said before, about something else.
        found = await _named(provider, npi, None, desk, places=places)
    if there := [each for each in found.listings if address(each) == question.at]:
        # "The first one" of a list is that place, and no other of theirs.
        found = replace(found, listings=tuple(there))
    return _from(question.place, found) if question.place else found


async def _named(
    provider: Named, npi: str | None, place: ZipCode | None, desk: Desk, *, places: bool
) -> DirectorySearch:
    query = NameQuery(
        provider.said,
        npi=npi,
        latitude=place.lat if place else None,
        longitude=place.lon if place else None,
        state=place.state if place else None,
        places=places,
        limit=MOST_FOUND,
    )
    return await search(directories(place, desk), lambda backend: backend.search_names(query), desk)


def _npi(provider: Named) -> str | None:
    if provider.kind == "npi" and provider.key:
        return provider.key
    digits = "".join(filter(str.isdigit, provider.said))
    return digits if len(digits) == 10 else None


def _from(place: ZipCode, found: DirectorySearch) -> DirectorySearch:
    """Distances from the place that was searched before."""
    measured = [
        replace(each, miles=miles_between(place.lat, place.lon, each.latitude, each.longitude))
        for each in found.listings
    ]
    return replace(found, listings=tuple(sorted(measured, key=lambda each: each.miles)))


def _which(
    question: Question, found: DirectorySearch, lookup: PlanLookup, desk: Desk
) -> Answer | None:
    """Nobody of that name, or several: both are said, and how to go on."""
    if not found.listings:
        return _nobody(question, found, desk)
    people = {each.npi for each in found.listings}
    if len(people) == 1:
        return None
    said = question.provider.said if question.provider else "that name"
    each_once = _one_each(found.listings)
    if question.place is None:
        each_once.sort(key=lambda each: (each.state, each.city, each.name))
    many = f"{len(people)} or more" if len(found.listings) >= MOST_FOUND else str(len(people))
    near = f" near {question.place.city}" if question.place else ""
    town = "" if question.place else "A town or ZIP code helps."
    return told(
        question,
        what=f"doctors and places called {said}",
        found=replace(found, listings=tuple(each_once)),
        lookup=lookup,
        notes=[town, trouble(found.failed, desk)],
        facts={"matches": len(people)},
        ask_about=question.intent,
        sources=sources(found, "PractitionerRole", desk),
        desk=desk,
        which=f"{many} called {said}{near}",
    )


def _one_each(listings: Sequence[Listing]) -> list[Listing]:
    """The nearest location of each."""
    return list({each.npi: each for each in reversed(listings)}.values())[::-1]


def _nobody(question: Question, found: DirectorySearch, desk: Desk) -> Answer:
    said = question.provider.said if question.provider else "that name"
    answered = [desk.partners[key] for key in found.asked if key not in found.failed]
    lacking = trouble(found.failed, desk)
    parts = []
    if answered:
        names = joined([f"{partner.name}'s" for partner in answered], "or")
        where = f" near {question.place.city}" if question.place else ""
        parts.append(
            f"I found no \u201c{said}\u201d{where} in {names} directory. That does not mean out of "
            "network: the name may be listed another way."
        )
        parts.append(
            "You can spell the name, give the town, or call "
            f"{joined([line_of(partner) for partner in answered], 'or')}."
        )
    text = " ".join([*parts, lacking]).strip()
    heard = (
        f"I didn't find {said}. That does not mean out of network. You can spell the name, say the "
        "town, or ask for a person."
        if answered
        else text
    )
    return Answer(
        text=text,
        speech=f"{heard} {lacking}".strip() if answered else heard,
        intent=question.intent,
        partner=answered[0].key if answered else None,
        facts={"npis": []},
        buttons=(PERSON,),
        sources=sources(found, "PractitionerRole", desk),
    )


def _near_name(question: Question, name: str) -> str:
    """A name that is only near the one that was said is said back."""
    provider = question.provider
    if provider is None or provider.kind == "npi":
        return ""
    said = {word for word in provider.said.lower().replace(".", " ").split() if len(word) > 2}
    theirs = set(name.lower().split())
    return "" if said - _TITLES <= theirs else f"The nearest name listed is {name}."


_TITLES = frozenset({"doctor", "the", "hospital", "clinic", "center", "and", "office"})


def _statuses(listings: Sequence[Listing], lookup: PlanLookup, desk: Desk) -> list[str]:
    return [_status(each, lookup.plan, desk) for each in listings]


def _status(listing: Listing, plan: MemberPlan | None, desk: Desk, *, spoken: bool = False) -> str:
    where = f"at {listing.address}, {listing.city}" if listing.address else f"in {listing.city}"
    if spoken:
        where = f"in {listing.city}"
    if plan is None:
        directories_named = listed_in(listing, desk, spoken=spoken)
        return (
            f"{listing.name} {where} is listed in {directories_named} directory. Whether that is "
            "in network depends on your plan."
        )
    status = plan.decide(listing).status
    known = {
        "in": f"{listing.name} {where} is in your plan's network.",
        "out": f"{listing.name} {where} is not in your plan's network.",
        "unknown": f"I can't say for sure if {listing.name} {where} is in your plan's network.",
    }
    return f"{known[status]} {network_reason(listing, plan, desk)}"


def _details(listing: Listing, plan: MemberPlan | None, desk: Desk, *, far: bool) -> str:
    parts = [f"{listing.name}{f', {listing.specialty}' if listing.specialty else ''}."]
    away = f", {miles(listing)} away" if far else ""
    parts.append(f"Address: {address(listing)}{away}.")
    parts.append(f"Phone: {listing.phone}." if listing.phone else "No phone number is listed.")
    opening = hours(listing.hours)
    parts.append(f"Hours: {'; '.join(opening)}." if opening else "No hours are listed.")
    if spoken := languages(listing):
        parts.append(f"Languages beside English: {spoken}.")
    if listing.accepting is not None:
        parts.append(
            "Takes new patients." if listing.accepting else "Not taking new patients, as listed."
        )
    if listing.wheelchair:
        parts.append("Wheelchair access.")
    if plan is None:
        parts.append(f"Listed in {listed_in(listing, desk)} directory.")
    else:
        parts.append(_status(listing, plan, desk))
    return " ".join(parts)


def _takes_new(listing: Listing) -> str:
    """Whether new patients are taken, as far as the directory knows."""
    taken = {
        True: f"{listing.name} is listed as taking new patients.",
        False: f"{listing.name} is listed as not taking new patients.",
        None: f"The directory doesn't say whether {listing.name} takes new patients.",
    }
    phone = f" The phone number is {listing.phone}." if listing.phone else ""
    return f"{taken[listing.accepting]} Ask the office to be sure.{phone}"


def _part(listing: Listing, question: Question, *, spoken: bool = False) -> str:
    """What is asked of it alone, with the number where the office is to be asked; nothing where
    the whole is meant.
    """
    text, asked = question.text, question.asked
    phone = f"The phone number is {listing.phone}." if listing.phone else ""
    # Walk-ins are taken or not, whatever holds for new patients.
    taken = asked == "accepting" and not _UNLISTED.search(text)
    if taken or asks_for_new_patients(text):
        return _takes_new(listing)
    if asked == DISTANCE:
        return _distance(listing, question.place)
    if _BOOKING.search(text):
        return f"I can't make an appointment: call {listing.name}'s office. {phone}".strip()
    if _LANGUAGE.search(text):
        return f"{_speaks(listing)} {phone}".strip()
    if gender_asked(text):
        return _woman_or_man(listing)
    if _UNLISTED.search(text):
        return f"The directory doesn't say that. Ask the office of {listing.name}. {phone}".strip()
    by_words = [
        kind
        for kind, words in (("phone", _NUMBER), ("hours", _OPENING), ("address", _WHERE))
        if words.search(text)
    ]
    lines = {
        "phone": _phone(listing),
        "hours": _open_at(listing),
        "address": _at(listing, spoken=spoken),
    }
    kinds = by_words or [asked or ""]
    if kinds == ["phone"] and (question.provider is None or question.provider.kind != "npi"):
        # Of a name that was only said: which one it is, the address tells.
        kinds = ["phone", "address"]
    told = [lines[kind] for kind in kinds if kind in lines]
    who = ", ".join(part for part in (listing.name, listing.specialty, listing.city) if part)
    return " ".join([f"{who}.", *told]) if told else ""


def _distance(listing: Listing, place: ZipCode | None) -> str:
    if place is None:
        return f"{listing.name} is in {listing.city}. Tell me a ZIP code, and I say how far it is."
    away = f"{miles(listing)} from {place.city} ({place.zip}), as the crow flies"
    return f"{listing.name} is {away}."


def _woman_or_man(listing: Listing) -> str:
    if listing.gender not in ("female", "male"):
        return f"The directory doesn't say whether {listing.name} is a woman or a man."
    return f"{listing.name} is listed as a {'woman' if listing.gender == 'female' else 'man'}."


def _phone(listing: Listing) -> str:
    return f"Phone: {listing.phone}." if listing.phone else "No phone number is listed."


def _open_at(listing: Listing) -> str:
    """With its number: who goes there by the directory's hours asks before."""
    opening = hours(listing.hours)
    times = f"Hours: {'; '.join(opening)}." if opening else "No hours are listed."
    return f"{times} To be sure, call {listing.phone}." if listing.phone else times


def _at(listing: Listing, *, spoken: bool) -> str:
    return f"Address: {spoken_address(listing) if spoken else address(listing)}."


def _speaks(listing: Listing) -> str:
    spoken = languages(listing)
    beside = f"as speaking {spoken} beside English" if spoken else "with no language but English"
    return f"{listing.name} is listed {beside}."


def _spoken(listing: Listing) -> str:
    """Where it is, its number and hours."""
    phone = f" The phone number is {listing.phone}." if listing.phone else ""
    opening = hours(listing.hours)
    open_at = f" Hours: {opening[0]}." if opening else ""
    return f"{listing.name} is at {spoken_address(listing)}.{phone}{open_at}"


def _is_far(question: Question) -> bool:
    return question.place is not None
