"""What callers say beside an answer, at the prompts: a person, a name put right, a department."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from actions.services import Services
from tests.actions.talking import Talk, named

PAIGE = ("Paige", "M10010029", "January 12, 1991", "03101")
ALBANY = named("place", {"city": "Albany", "state": "NY", "zip": "12207"}, "albany")


@pytest.fixture
def call(services: Services, redis: Redis) -> Talk:
    return Talk(services, redis, channel="voice")


@pytest.mark.parametrize(
    "text", ["i'm not telling a machine that get me somebody", "no just get me a human"]
)
async def test_a_person_wanted_beside_a_refusal_comes(call: Talk, text: str) -> None:
    await call.say("what is my deductible", "deductible_status")
    reply = await call.say(text, "speak_to_agent")
    assert "Which company" in reply
    assert call.asking == "need_partner"


async def test_a_first_name_is_put_right_at_the_next_question(call: Talk) -> None:
    await call.say("am i covered today", "coverage_status")
    await call.say("peggy")
    assert "changed" in await call.say("no it's paige p a i g e")
    for part in PAIGE[1:]:
        reply = await call.say(part)
    assert "active" in reply


async def test_a_department_by_its_name_is_a_person(call: Talk) -> None:
    await call.say("how do i appeal", "appeal")
    reply = await call.say("just let me talk to appeals", "appeal")
    assert "Which company" in reply
    reply = await call.say("sig na")
    (act,) = call.acts
    assert (act.kind, act.detail["partner"]) == ("handoff", "cigna")


async def test_who_speaks_for_others_has_no_card(call: Talk) -> None:
    await call.say("i am in h r was his claim paid", "claim_status")
    assert "Which company is the plan with?" in await call.say("a person", "speak_to_agent")


async def test_more_of_the_story_is_kept_where_a_yes_is_wanted(call: Talk) -> None:
    await call.say("somebody used my insurance card for a brace at a clinic", "report_fraud")
    assert call.asking == "need_filing"
    reply = await call.say("there's a knee brace that i never got", "report_fraud")
    assert "added" in reply
    assert call.asking == "need_filing"


async def test_whether_a_doctor_takes_new_patients_is_said(call: Talk) -> None:
    specialty = named("specialty", "dermatology", "skin doctor")
    await call.say("skin doctor in albany", "find_provider", [specialty, ALBANY])
    reply = await call.say("is the first one taking new patients", "provider_details")
    assert "new patients" in reply


async def test_a_name_that_is_told_as_one_is_asked_for_no_more(call: Talk) -> None:
    """A recogniser writes no capitals."""
    await call.say("hello this is paige i wanna know my deductible", "deductible_status")
    assert call.asking == "factor_member_id"


async def test_a_feeling_is_no_name(call: Talk) -> None:
    await call.say("this is urgent i wanna know my deductible", "deductible_status")
    assert call.asking == "factor_first_name"
