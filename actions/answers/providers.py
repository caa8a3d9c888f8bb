"""Doctors near a place: the directories of the region, without a word about who is asking."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from actions.answers.directory import directories, nearest, sources, trouble
from actions.answers.listings import MOST_READ, found_none, told
from actions.answers.opening import MOST_SEARCHED, Opening, open_first, wanted_opening
from actions.answers.plan_network import MemberPlan, PlanLookup, member_plan, referral_words
from actions.answers.provider_words import LANGUAGES
from actions.answers.question import Desk, Question
from actions.answers.wording import joined
from actions.partners.capabilities import DirectoryQuery
from alliance.answer import Answer
from alliance.coverage import LineOfBusiness
from alliance.directory import DirectorySearch, Listing
from alliance.gazetteer import Specialty, ZipCode, specialty
from alliance.verified import VerifiedMember

# "Women's health" is a kind of doctor, no wish.
_WOMAN = re.compile(r"\b(?:female|wom[ae]n|lad(?:y|ies))\b(?!['\u2019]s)", re.IGNORECASE)
_MAN = re.compile(r"\b(?:male|m[ae]n)\b(?!['\u2019]s)", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:no|not|n[o']t want|don'?t want|rather not(?: see)?|other than)\W+(?:a |an |any )?$",
    re.IGNORECASE,
)
_NEW_PATIENTS = re.compile(
    r"\b(?:new patients?|(?:is|are|that'?s|who'?s|still)? ?(?:accepting|taking) (?:new|patients)|"
    r"(?:accepts?|takes?) (?:new|patients)|with openings?)\b",
    re.IGNORECASE,
)
_WHEELCHAIR = re.compile(
    r"\b(?:wheel ?chair|handicap(?:ped)? access\w*|accessible|ramp|walker access)\b", re.IGNORECASE
)
_SAME_LANGUAGE = {"cmn": "zh", "yue": "zh"}
_DENTAL = frozenset(
    {
        "dentistry", "orthodontics", "oral_surgery", "endodontics", "periodontics",
        "pediatric_dentistry",
    }
)  # fmt: skip


# The kind of doctor for children, by the kind for everybody.
FOR_CHILDREN = {
    "dentistry": "pediatric_dentistry",
    "family_medicine": "pediatrics",
    "primary_care": "pediatrics",
    "internal_medicine": "pediatrics",
    "psychiatry": "child_psychiatry",
    "cardiology": "pediatric_cardiology",
    "neurology": "pediatric_neurology",
    "gastroenterology": "pediatric_gastroenterology",
    "endocrinology": "pediatric_endocrinology",
}
_FOR_EVERYBODY = {child: kind for kind, child in FOR_CHILDREN.items()}


@dataclass(frozen=True)
class Wishes:
    """What the member asked for beside specialty and place."""

    language: str | None = None
    gender: str | None = None
    accepting: bool = False
    wheelchair: bool = False
    opening: Opening | None = None

    @property
    def words(self) -> str:
        """ "who is a woman, speaks Spanish and takes new patients", or nothing."""
        parts = []
        if self.gender:
            parts.append("is a woman" if self.gender == "female" else "is a man")
        if self.language:
            parts.append(f"speaks {LANGUAGES.get(self.language, 'that language')}")
        if self.accepting:
            parts.append("takes new patients")
        if self.wheelchair:
            parts.append("has wheelchair access")
        if self.opening:
            parts.append(f"is {self.opening.words}")
        return f"who {joined(parts)}" if parts else ""

    @property
    def of_several(self) -> str:
        """The same of all that are listed, without when they are open, which a note tells."""
        parts = []
        if self.gender:
            parts.append("are women" if self.gender == "female" else "are men")
        if self.language:
            parts.append(f"speak {LANGUAGES.get(self.language, 'that language')}")
        if self.accepting:
            parts.append("take new patients")
        if self.wheelchair:
            parts.append("have wheelchair access")
        return f" who {joined(parts)}" if parts else ""


def asks_for_new_patients(text: str) -> bool:
    """Whether new patients are to be taken, or it is asked whether they are."""
    return _NEW_PATIENTS.search(text) is not None


def wishes(question: Question, today: date) -> Wishes:
    """What the question's words ask for."""
    language = question.entities.get("language")
    spoken = _SAME_LANGUAGE.get(str(language), str(language)) if language else None
    return Wishes(
        language=None if spoken == "en" else spoken,
        gender=gender_asked(question.text),
        accepting=asks_for_new_patients(question.text),
        wheelchair=bool(_WHEELCHAIR.search(question.text)),
        opening=wanted_opening(question.text, today),
    )


def gender_asked(text: str) -> str | None:
    """The gender that is wanted; "not a man" asks for a woman."""
    for pattern, meant, other in ((_WOMAN, "female", "male"), (_MAN, "male", "female")):
        if found := pattern.search(text):
            return other if _NOT.search(text[: found.start()]) else meant
    return None


async def find_provider(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """The nearest listings of a specialty. A verified member hears whose are in the network of
    their own plan; for anyone else they are only "listed in".
    """
    if question.place is None or question.specialty is None:
        raise ValueError("find_provider needs a place and a specialty")
    wanted = specialty(question.specialty)
    if wanted is None:
        raise ValueError("find_provider needs a known specialty")
    place, asked_for = question.place, wishes(question, desk.clock.today())
    line: LineOfBusiness = "dental" if wanted.key in _DENTAL else "medical"
    lookup = await member_plan(member, desk, (line,))
    found, notes, are = await _nearest(wanted, place, question, asked_for, lookup, desk)
    everybody = specialty(_FOR_EVERYBODY.get(wanted.key, ""))
    if not found.listings and everybody:
        children = wanted.plural
        found, notes, are = await _nearest(everybody, place, question, asked_for, lookup, desk)
        wanted = everybody
        notes = [
            f"I found no {children} within 100 miles. Many {wanted.plural} see children too: ask "
            "the office.",
            *notes,
        ]
    lacking = trouble(found.failed, desk)
    if not found.listings:
        return found_none(question, wanted.plural, place, found, lacking, desk)
    referral = referral_words(lookup.plan, wanted.nucc_codes)
    return told(
        question,
        what=wanted.plural,
        who=are,
        found=found,
        lookup=lookup,
        notes=[*notes, referral, lacking],
        facts={"specialty": wanted.key, "zip": place.zip},
        ask_about="provider_details",
        sources=sources(found, "PractitionerRole", desk),
        desk=desk,
    )


async def _nearest(
    wanted: Specialty,
    place: ZipCode,
    question: Question,
    asked_for: Wishes,
    lookup: PlanLookup,
    desk: Desk,
) -> tuple[DirectorySearch, list[str], str]:
    """What was asked for in the plan's network; where there is none, what there is, and a note
    that says what it lacks. And what all of them are that was asked for ("who speak Spanish").
    """
    query = DirectoryQuery(
        specialty_codes=wanted.nucc_codes,
        zip=place.zip,
        latitude=place.lat,
        longitude=place.lon,
        limit=MOST_SEARCHED if asked_for.opening else question.start + MOST_READ + 1,
        accepting_only=asked_for.accepting,
        language=asked_for.language,
        gender=asked_for.gender,
        wheelchair=asked_for.wheelchair,
        networks=lookup.plan.networks_at(place) if lookup.plan else frozenset(),
    )
    found = await _ask(query, place, desk, question.start)
    if found.listings:
        found, note = open_first(found, asked_for.opening)
        inside = _in_network_first(found, lookup.plan)
        return inside, [note, _far(found.listings)], asked_for.of_several
    notes = []
    if asked_for.words:
        plain = await _ask(_without_wishes(query), place, desk, question.start)
        if plain.listings:
            notes.append(
                f"I found none within 100 miles {asked_for.words}; these are the nearest without "
                "that. A directory may leave it out, so the office can tell."
            )
            return plain, [*notes, _far(plain.listings)], ""
    if query.networks:
        outside = await _ask(replace(query, networks=frozenset()), place, desk, question.start)
        if outside.listings:
            notes.append("I found none in your plan's network within 100 miles.")
            return outside, [*notes, _far(outside.listings)], asked_for.of_several
    return found, notes, ""


async def _ask(query: DirectoryQuery, place: ZipCode, desk: Desk, start: int) -> DirectorySearch:
    return await nearest(
        directories(place, desk),
        lambda backend, miles: backend.search_directory(replace(query, miles=miles)),
        desk,
        start=start,
    )


def _without_wishes(query: DirectoryQuery) -> DirectoryQuery:
    return replace(query, accepting_only=False, language=None, gender=None, wheelchair=False)


def _in_network_first(found: DirectorySearch, plan: MemberPlan | None) -> DirectorySearch:
    """Nearest first within each; a location whose network is in doubt comes after the sure ones."""
    if plan is None:
        return found
    rank = {"in": 0, "unknown": 1, "out": 2}
    ordered = sorted(found.listings, key=lambda each: (rank[plan.decide(each).status], each.miles))
    return replace(found, listings=tuple(ordered))


_FAR_MILES = 25


def _far(listings: Sequence[Listing]) -> str:
    """The search went wider than people expect: say so."""
    nearest = min((listing.miles for listing in listings), default=0.0)
    return f"There is none closer than {round(nearest)} miles." if nearest > _FAR_MILES else ""
