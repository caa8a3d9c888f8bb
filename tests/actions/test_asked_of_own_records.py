"""What is asked on, in whatever words, of one's own record that was just told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from redis.asyncio import Redis

from actions.dialogue.asides import looks_mine_up
from alliance.turn import verification_key
from alliance.values import read_coming
from sandbox.population.records import Member
from tests.actions.conftest import proof
from tests.actions.talking import Talk, named

TODAY = date(2026, 11, 30)
MARCH = [named("date", "march")]


async def proven(talk: Talk, member_id: str, first: str, born: str, zip_code: str) -> Talk:
    await talk.give(first, member_id, born, zip_code)
    assert await talk.verified()
    return talk


@pytest.fixture
async def penny(talk: Talk) -> Talk:
    """Whose claim of March was paid: 240 dollars billed, 135 paid, 30 are hers."""
    await talk.say("what do I owe on my claim from march", "claim_status", MARCH)
    return await proven(talk, "M10010033", "Penny", "3/8/1994", "12601")


@pytest.mark.parametrize(
    "text",
    [
        "do I write anybody a check, and for what",
        "once again the amount I must pay",
        "the number we have to pay then?",
    ],
)
async def test_the_share_without_a_code(penny: Talk, text: str) -> None:
    said = await penny.say(text, "explain_eob")
    assert "$30.00" in said
    assert "code" not in said


@pytest.mark.parametrize(
    "text",
    ["that doesn't add up to 240", "where did the rest go", "what happened to the other 75"],
)
async def test_the_rest_of_the_bill_is_the_discount(penny: Talk, text: str) -> None:
    assert "discount" in await penny.say(text, "out_of_scope", band="reject")


@pytest.fixture
async def riley(talk: Talk) -> Talk:
    await talk.say("how much is left of my deductible", "deductible_status")
    return await proven(talk, "P10010003", "Riley", "8/23/1990", "14604")


@pytest.mark.parametrize("text", ["only mine or for my kids too?", "my kids as well or only me"])
async def test_of_whom_a_sum_is(riley: Talk, text: str) -> None:
    kids = [named("relation", "child", "kids")]
    said = await riley.say(text, "out_of_scope", kids, band="reject", asks="person")
    assert "for you alone" in said


@pytest.fixture
async def art(talk: Talk, redis: Redis, people: dict[tuple[str, str], Member]) -> Talk:
    """With one request under review, one refused and one approved."""
    home = ("cigna", people["cigna", "U10010040"].id)
    key = verification_key("c1")
    await redis.set(key, json.dumps(replace(proof(home), level=2).to_json()))
    await talk.say("what became of my prior authorizations", "prior_auth_status")
    return talk


async def test_the_request_that_is_not_decided_alone(art: Talk) -> None:
    said = await art.say("which of the ones are you still looking at", "claim_status")
    assert "knee surgery" in said
    assert "Physical therapy" not in said


async def test_also_after_an_appeal_was_asked_about(art: Talk) -> None:
    await art.say("can I fight the one you refused", "appeal")
    said = await art.say("and which one is still under review", "claim_status")
    assert "knee surgery" in said


async def test_what_now_behind_bitter_praise(talk: Talk) -> None:
    await talk.say("is my coverage active", "coverage_status")
    await proven(talk, "M10010014", "Eddie", "3/14/1969", "13202")
    assert "COBRA" in await talk.say("Oh, super. What now?", "feedback_positive")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("could I go on Thursday then", date(2026, 12, 3)),
        ("if I move it to Wednesday would that work then?", date(2026, 12, 2)),
        ("was I covered on Thursday then", None),
    ],
)
def test_then_is_of_what_comes_where_it_is_supposed(text: str, day: date | None) -> None:
    assert read_coming(text, TODAY) == day


async def test_a_visit_that_is_put_off_until_the_plan_begins(talk: Talk) -> None:
    await talk.say("is my plan active yet", "coverage_status")
    await proven(talk, "P10010016", "Fabian", "2/2/1998", "14424")
    text = "and suppose I move the visit to next month, am I fine then"
    said = await talk.say(text, "enroll_or_compare_plans", band="confirm")
    assert "It begins on December 1, 2026" in said


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("can you check whether there's one on file", True),
        ("see if I have one in the system", True),
        ("see if you have any near 12207", False),
    ],
)
def test_a_wish_for_ones_own(text: str, wanted: bool) -> None:
    assert looks_mine_up(text) is wanted


async def test_a_referral_on_file_is_looked_up(talk: Talk) -> None:
    await talk.say("do I need a referral for a heart doctor", "referral_question")
    await talk.say("could you see if there's one on file", "coverage_status", band="confirm")
    assert talk.asking == "factor_first_name"


async def test_since_when_a_wife_is_on_it_is_of_her_own_file(talk: Talk) -> None:
    faye = [named("relation", "daughter")]
    await talk.say("is my daughter covered", "coverage_status", faye)
    await proven(talk, "M10010023", "Frank", "4/1/1972", "12203")
    wife = [named("relation", "wife")]
    said = await talk.say("since when is my wife on it", "coverage_status", wife, asks="since")
    assert "permission" in said
    assert "2023" not in said
