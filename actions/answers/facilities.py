"""Hospitals, urgent care, laboratories, pharmacies and other places near a place."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.directory import directories, nearest, sources, trouble
from actions.answers.listings import MOST_READ, found_none, told
from actions.answers.opening import MOST_SEARCHED, open_first
from actions.answers.plan_network import PlanLookup, member_plan
from actions.answers.providers import wishes
from actions.answers.question import Desk, Named, Question
from actions.answers.wording import joined, line_of
from actions.partners.capabilities import PlaceQuery
from alliance.answer import Answer
from alliance.directory import DirectorySearch
from alliance.gazetteer import Facility, ZipCode, facility, terms
from alliance.verified import VerifiedMember

# What a kind of place is in Plan-Net's categories, where NUCC codes alone would miss some.
_CATEGORIES = {
    "hospital": ("hosp",),
    "urgent_care": ("urg",),
    "emergency_room": ("emerg",),
    "lab": ("lab",),
    "pharmacy": ("pharm",),
    "mental_health_clinic": ("behav",),
    "equipment_supplier": ("dme",),
    "home_health": ("home",),
}
# Kinds that a directory knows by category alone, by what people call them.
_BY_WORDS = (
    (
        re.compile(r"\b(?:dent\w*|tooth|teeth)\b", re.IGNORECASE),
        Facility("dental_clinic", "dental office", "dental offices", (), ()),
        ("dent",),
    ),
    (
        re.compile(r"\b(?:eye\w*|vision|optic\w*|optomet\w*|glasses)\b", re.IGNORECASE),
        Facility("eye_care", "eye care place", "eye care places", (), ()),
        ("vis",),
    ),
)
_EMERGENCY = frozenset({"emergency_room", "hospital", "childrens_hospital", "urgent_care"})
_IF_EMERGENCY = (
    "If this is an emergency, call 911 or go to the nearest hospital: emergency care needs no "
    "network and no approval."
)


async def find_facility(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """The nearest places of a kind. Raises ValueError where place or kind are missing."""
    if question.place is None or question.facility_type is None:
        raise ValueError("find_facility needs a place and a kind")
    wanted = _kind(question.facility_type)
    if wanted is None:
        return _unknown_kind(question, desk)
    return await _nearest(member, question, wanted, question.place, desk)


def _kind(named: Named) -> Facility | None:
    if named.kind == "facility" and (known := facility(named.key or "")):
        return known
    return next((kind for words, kind, _ in _BY_WORDS if words.search(named.said)), None)


async def find_pharmacy(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """The nearest pharmacies. Raises ValueError where the place is missing."""
    wanted = facility("pharmacy")
    if question.place is None or wanted is None:
        raise ValueError("find_pharmacy needs a place")
    return await _nearest(member, question, wanted, question.place, desk)


async def _nearest(
    member: VerifiedMember | None, question: Question, wanted: Facility, place: ZipCode, desk: Desk
) -> Answer:
    lookup = await member_plan(member, desk, ("pharmacy", "medical"))
    found, note = await _found(wanted, place, question, lookup, desk)
    lacking = trouble(found.failed, desk)
    if not found.listings:
        return found_none(question, wanted.plural, place, found, lacking, desk)
    nearest = min(each.miles for each in found.listings)
    notes = [
        _IF_EMERGENCY if wanted.key in _EMERGENCY and not question.again else "",
        note,
        f"There is none closer than {round(nearest)} miles." if nearest > 25 else "",
        lacking,
    ]
    return told(
        question,
        what=wanted.plural,
        found=found,
        lookup=lookup,
        notes=notes,
        facts={"facility": wanted.key, "zip": place.zip},
        ask_about="provider_details",
        sources=sources(found, "HealthcareService", desk),
        desk=desk,
    )


async def _found(
    wanted: Facility, place: ZipCode, question: Question, lookup: PlanLookup, desk: Desk
) -> tuple[DirectorySearch, str]:
    """Places in the plan's network; for an emergency room, and where there is none, any."""
    networks = lookup.plan.networks_at(place) if lookup.plan else frozenset()
    if wanted.key in ("emergency_room", "hospital"):
        networks = frozenset()
    asked = directories(place, desk)
    by_words = {kind.key: codes for _, kind, codes in _BY_WORDS}
    categories = _CATEGORIES.get(wanted.key, by_words.get(wanted.key, ()))
    asked_for = wishes(question, desk.clock.today())

    async def at(within: frozenset[str]) -> DirectorySearch:
        query = PlaceQuery(
            categories=categories,
            taxonomy_codes=() if categories else wanted.nucc_codes,
            latitude=place.lat,
            longitude=place.lon,
            limit=MOST_SEARCHED if asked_for.opening else question.start + MOST_READ + 1,
            wheelchair=asked_for.wheelchair,
            networks=within,
        )
        return await nearest(
            asked,
            lambda backend, miles: backend.search_places(replace(query, miles=miles)),
            desk,
            start=question.start,
        )

    found = await at(networks)
    if networks and not found.listings:
        found, note = open_first(await at(frozenset()), asked_for.opening)
        return found, f"I found none in your plan's network within 100 miles. {note}".strip()
    return open_first(found, asked_for.opening)


def _unknown_kind(question: Question, desk: Desk) -> Answer:
    """A kind of place that is on no list of ours."""
    known = [terms("facility")[key].name for key in ("hospital", "urgent_care", "lab", "imaging")]
    lines = joined([line_of(partner) for partner in desk.partners if partner.backend], "or")
    text = (
        "I don't know that kind of place. I can look for a "
        f"{joined([*known, 'pharmacy'], 'or')}. For another kind call {lines}."
    )
    speech = (
        f"I don't know that kind of place. I can look for a {joined([*known, 'pharmacy'], 'or')}."
    )
    return Answer(text=text, speech=speech, kind="question", intent=question.intent)
