"""Invented members in number: about half in alliance groups, with claims over two years."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from sandbox.population.calendar import Anchor
from sandbox.population.directory import lists_city
from sandbox.population.names import FAMILY_NAMES, FEMALE_NAMES, MALE_NAMES, STREETS
from sandbox.population.places import CITIES, around, zip_code
from sandbox.population.plans import OTHER_GROUPS, plans_of
from sandbox.population.records import Claim, Cover, Member, Spending, denied, make_claim
from sandbox.population.services import SERVICES
from sandbox.profiles import Profile

SEED = "members-1"
SIZE = 40
_LETTER = {"cigna": "U", "mvp": "M", "preferred-care": "P"}
_SERVICES = (
    "office", "office", "specialist", "checkup", "flu-shot", "therapy", "lab", "lab", "x-ray",
    "mri", "urgent", "emergency", "inhaler", "statin", "statin", "insulin", "counseling",
)  # fmt: skip
_DENIED_SHARE, _OPEN_DAYS = 0.08, 14


def crowd(profile: Profile, anchor: Anchor, size: int = SIZE) -> list[Member]:
    """Members 1 to `size` of one partner."""
    return [crowd_member(profile, anchor, number) for number in range(1, size + 1)]


def crowd_member(profile: Profile, anchor: Anchor, number: int) -> Member:
    """Member number so-and-so: the same person on every machine."""
    rng = random.Random(f"{SEED}/{profile.key}/{number}")
    female = rng.random() < 0.5
    cities = [city for city in CITIES if lists_city(profile, city)]
    city = rng.choice(cities)
    medical = [plan for plan in plans_of(profile.key) if plan.line == "medical"]
    plan = rng.choice(medical)
    alliance = rng.random() < 0.5
    group = rng.choice(profile.groups) if alliance else OTHER_GROUPS[profile.key][0]
    start = anchor.start(anchor.years_ago(rng.randint(2, 6)))
    cover = Cover("medical", plan, group, start)
    age = rng.randint(66, 88) if plan.product.startswith("Medicare") else rng.randint(19, 63)
    # A birth year by the seed, not by today: people keep their birth dates.
    born = date(2025 - age, rng.randint(1, 12), rng.randint(1, 28))
    member_id = f"{_LETTER[profile.key]}2{number:07d}"
    given = rng.choice(FEMALE_NAMES if female else MALE_NAMES)
    family = rng.choice(FAMILY_NAMES)
    return Member(
        profile.key,
        member_id,
        given,
        family,
        "female" if female else "male",
        born,
        f"{rng.randint(1, 899)} {rng.choice(STREETS)}",
        rng.choice(around(city.zip)).code,
        zip_code(city.zip).city,
        f"585-555-{rng.randint(100, 199):04d}",
        f"{given}.{family}.{number}@example.org".lower(),
        (cover,),
        _claims(rng, anchor, cover, city.key, number),
    )


def _claims(
    rng: random.Random, anchor: Anchor, cover: Cover, city: str, number: int
) -> tuple[Claim, ...]:
    spent = Spending()
    days = sorted(anchor.days_ago(rng.randint(1, 730)) for _ in range(rng.randint(4, 16)))
    found = []
    for index, served in enumerate(days):
        service = rng.choice(_SERVICES)
        name = f"CLM-{served.year}-{(20_000 + number * 20 + index) % 100_000:05d}"
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
