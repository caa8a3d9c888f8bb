"""Claims told apart by what members say of them: the care, who gave it, the amount, how it was
decided. The claims are invented for these tests.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.answers.claim_signs import ClaimSigns, narrowed, read_signs
from actions.dialogue.reading import bare_value, by_care, claim_value, claim_wanted
from alliance.claims import Claim
from tests.actions.talking import Talk, asked, named

TODAY = date(2026, 11, 23)
NOTHING: dict[str, Any] = dict.fromkeys(
    (
        *("service_end", "received_on", "paid_on", "allowed", "paid", "benefit", "member_owes"),
        *("deductible", "copay", "coinsurance", "not_covered", "paid_by_member"),
    )
)
HOSPITAL = Claim(
    partner="mvp",
    id="1",
    number="CLM-2026-55501",
    kind="claim",
    state="denied",
    service_start=date(2026, 3, 14),
    billed=Decimal("2340.00"),
    provider="Sample Lakeview General Hospital",
    service="Emergency room visit",
    line="medical",
    notes=(),
    form="institutional",
    place="23",
    codes=frozenset({"99284"}),
    **NOTHING,
)
PHYSICIAN = replace(
    HOSPITAL,
    number="CLM-2026-55502",
    state="paid",
    billed=Decimal("610.00"),
    provider="Sample Lakeview Medical Group",
    service="Emergency room doctor",
    form="professional",
)
SCAN = replace(
    HOSPITAL,
    number="CLM-2026-55503",
    state="pending",
    billed=Decimal("2180.50"),
    service="MRI scan of the knee",
    place="22",
    codes=frozenset({"73721"}),
)
CLEANING = replace(
    PHYSICIAN,
    number="CLM-2026-55504",
    billed=Decimal("135.00"),
    member_owes=Decimal("20.00"),
    provider="Sample Elm Street Dental",
    service="Dental cleaning and check",
    line="dental",
    form="oral",
    place="11",
    codes=frozenset({"D1110"}),
)
INHALER = replace(
    PHYSICIAN,
    number="CLM-2026-55505",
    billed=Decimal("89.00"),
    provider="Sample Corner Pharmacy",
    service="Inhaler, 30-day supply",
    line="pharmacy",
    form="pharmacy",
    place="01",
    codes=frozenset({"00000-0001-01"}),
)
ALL = (HOSPITAL, PHYSICIAN, SCAN, CLEANING, INHALER)

ER = named("facility", "emergency_room", "ER")
MRI = named("service", "mri", "MRI")


@pytest.mark.parametrize(
    ("text", "entities", "meant"),
    [
        ("why did you deny my ER visit", [ER], (HOSPITAL, PHYSICIAN)),
        ("the denied one", [], (HOSPITAL,)),
        ("the claim you rejected", [], (HOSPITAL,)),
        ("the one that's still processing", [], (SCAN,)),
        ("is the MRI paid", [MRI], (SCAN,)),
        ("did you pay the dentist", [named("specialty", "dentistry", "dentist")], (CLEANING,)),
        ("my dental claim", [], (CLEANING,)),
        ("where is my prescription claim", [], (INHALER,)),
        ("my inhaler", [named("drug", "albuterol", "inhaler")], (INHALER,)),
        ("the physician's bill from the ER", [ER], (PHYSICIAN,)),
        ("the hospital bill for the ER", [ER], (HOSPITAL,)),
        ("do i owe 2340", [], (HOSPITAL,)),
        ("the one for $2,180.50", [], (SCAN,)),
        ("they charged me 135", [], (CLEANING,)),
        ("the bill from lakeview medical", [named("provider", "lakeview medical")], (PHYSICIAN,)),
        ("my claim from 2026", [], ALL),
        ("has my claim been denied", [], ALL),
        ("my doctor says you denied it", [], ALL),
    ],
)
def test_the_claims_that_are_meant(
    text: str, entities: list[dict[str, Any]], meant: tuple[Claim, ...]
) -> None:
    signs = read_signs(text, entities)
    assert narrowed(ALL, signs or ClaimSigns(), details=True).claims == meant


def test_what_no_claim_shows_is_named() -> None:
    signs = read_signs("why was my CT scan denied", [named("service", "ct_scan", "CT scan")])
    assert signs is not None
    found = narrowed(ALL, signs, details=True)
    assert (found.claims, found.missed) == (ALL, ("CT scan",))


def test_below_level_2_the_care_tells_no_claim() -> None:
    signs = ClaimSigns(provider="lakeview", amounts=(Decimal(135),))
    assert narrowed(ALL, signs, details=False).claims == (CLEANING,)


def test_signs_last_as_plain_values() -> None:
    value = claim_value("the ER claim from March that was denied", TODAY, [ER])
    assert value is not None
    wanted = claim_wanted(value)
    assert wanted is not None
    assert wanted.period is not None
    assert wanted.signs is not None
    assert wanted.signs.decided == "denied"
    assert [thing.key for thing in wanted.signs.things] == ["emergency_room"]
    assert not by_care(value)
    assert by_care(claim_value("my ER claim", TODAY, [ER]))


@pytest.mark.parametrize("text", ["ok", "whatever", "help", "the one for 240", "that one please"])
def test_at_the_question_words_for_anything_name_no_place(text: str) -> None:
    assert not by_care(bare_value("claim", text, [], TODAY))


async def test_a_visit_is_found_by_its_kind_and_its_physician_beside_it(talk: Talk) -> None:
    visit = named("service", "emergency_visit", "ER visit")
    text = "why was my ER visit denied, and do I owe 2340"
    split = len("why was my ER visit denied, ")
    await talk.say(
        text,
        "claim_denial",
        questions=[
            asked("claim_denial", text[: split - 2], [visit]),
            asked("explain_eob", text[split:], start=split),
        ],
    )
    await talk.give("Erin", "M10010041", "06/03/1988")
    said = await talk.say("03101", "inform")
    assert "six-digit code" in said
    assert "Which claim" not in said


async def test_a_visit_told_by_its_kind_needs_a_code_and_one_of_a_day_does_not(talk: Talk) -> None:
    await talk.say("has my er claim been paid", "claim_status", [ER])
    await talk.give("Erin", "M10010041", "06/03/1988")
    assert "six-digit code" in await talk.say("03101", "inform")
    march = [named("date", "march"), ER]
    assert "2 claims" in await talk.say(
        "has my ER claim from march been paid", "claim_status", march
    )
