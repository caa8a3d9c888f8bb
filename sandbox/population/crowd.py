"""Invented members in number, with claims over two years; any one can be made by itself."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from sandbox.population.calendar import Anchor
from sandbox.population.directory import lists_city
from sandbox.population.names import FAMILY_NAMES, FEMALE_NAMES, MALE_NAMES, STREETS
from sandbox.population.places import CITIES, City, around
from sandbox.population.plans import OTHER_GROUPS, Plan, plans_of
from sandbox.population.records import Claim, Cover, Member, Spending, denied, make_claim
from sandbox.population.scale import SMALL_MEMBERS
from sandbox.population.services import SERVICES
from sandbox.profiles import Profile, load_profile

SEED = "members-1"
_LETTER = {"cigna": "U", "mvp": "M", "preferred-care": "P"}
_SERVICES = (
    "office", "office", "specialist", "checkup", "flu-shot", "therapy", "lab", "lab", "x-ray",
    "mri", "urgent", "emergency", "inhaler", "statin", "statin", "insulin", "counseling",
)  # fmt: skip
_DENIED_SHARE, _OPEN_DAYS = 0.08, 14
# Of the first members, whom anybody may try, half are the alliance's; of all, a minority.
_FIRST_ALLIANCE_SHARE, _ALLIANCE_SHARE = 0.5, 0.08
# People keep their birth dates: ages are as of this year, whatever today is.
_AGES_AS_OF = 2025


@dataclass(frozen=True)
class Identity:
    """What tells one member of the crowd from another."""

    member_id: str
    given: str
    family: str
    female: bool
    born: date
    senior: bool


def identity(partner: str, number: int) -> Identity:
    """Member number so-and-so of a partner: the same person on every machine."""
    rng = random.Random(f"{SEED}/{partner}/{number}")
    female = rng.random() < 0.5
    senior = partner == "preferred-care" and rng.random() < 0.2
    age = rng.randint(66, 88) if senior else rng.randint(19, 63)
    return Identity(
        f"{_LETTER[partner]}2{number:07d}",
        rng.choice(FEMALE_NAMES if female else MALE_NAMES),
        rng.choice(FAMILY_NAMES),
        female,
        date(_AGES_AS_OF - age, rng.randint(1, 12), rng.randint(1, 28)),
        senior,
    )


def crowd_number(partner: str, member_id: str) -> int | None:
    """Which member of the crowd an ID belongs to, if it has the crowd's form."""
    match = re.fullmatch(rf"{_LETTER[partner]}2(\d{{7}})", member_id.strip().upper())
    return int(match[1]) if match else None


def crowd_member(profile: Profile, anchor: Anchor, number: int) -> Member:
    """The record of member number so-and-so, as it is on the anchor day."""
    who = identity(profile.key, number)
    rng = random.Random(f"{SEED}/{profile.key}/{number}/record")
    city = rng.choice(_cities(profile.key))
    plan = rng.choice(_plans(profile.key, who.senior))
    share = _FIRST_ALLIANCE_SHARE if number <= SMALL_MEMBERS else _ALLIANCE_SHARE
    alliance = rng.random() < share
    group = rng.choice(profile.groups) if alliance else OTHER_GROUPS[profile.key][0]
    start = anchor.start(anchor.years_ago(rng.randint(2, 6)))
    cover = Cover("medical", plan, group, start)
    return Member(
        profile.key,
        who.member_id,
        who.given,
        who.family,
        "female" if who.female else "male",
        who.born,
        f"{rng.randint(1, 899)} {rng.choice(STREETS)}",
        rng.choice(around(city.zip)).code,
        f"585-555-{rng.randint(100, 199):04d}",
        f"{who.given}.{who.family}.{number}@example.org".lower(),
        (cover,),
        _claims(rng, anchor, cover, city.key, number),
    )


@cache
def _cities(partner: str) -> tuple[City, ...]:
    profile = load_profile(partner)
    return tuple(city for city in CITIES if lists_city(profile, city))


@cache
def _plans(partner: str, senior: bool) -> tuple[Plan, ...]:
    medical = [plan for plan in plans_of(partner) if plan.line == "medical"]
    return tuple(p for p in medical if p.product.startswith("Medicare") == senior)


def _claims(
    rng: random.Random, anchor: Anchor, cover: Cover, city: str, number: int
) -> tuple[Claim, ...]:
    spent = Spending()
    days = sorted(anchor.days_ago(rng.randint(1, 730)) for _ in range(rng.randint(4, 16)))
    found = []
    for index, served in enumerate(days):
        service = rng.choice(_SERVICES)
        name = f"CLM-{served.year}-{20_000 + number * 20 + index:05d}"
        fresh = anchor.today - served < timedelta(days=_OPEN_DAYS)
        refused = not fresh and rng.random() < _DENIED_SHARE
        if not cover.covers(served):
            continue
        claim = make_claim(
            name, cover, service, served, anchor, Spending() if refused else spent, city,
            "pending" if fresh else "paid",
        )  # fmt: skip
        if refused:
            claim = replace(
                claim,
                shares=(denied(SERVICES[service], owed=True),),
                state="denied",
                reason="96",
                note="The plan does not cover this service.",
            )
        found.append(claim)
    return tuple(found)
