"""Beside an agent: who the member is, the agent finds out; the question waits for it meanwhile."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from actions.dialogue.turn import FACTOR_SLOTS
from actions.services import Services
from tests.actions.talking import Talk

pytestmark = pytest.mark.usefixtures("redis")

QUESTION = ("has my claim from march been paid?", "claim_status")
# As the understanding may take them: a name for a wish to stop, a ZIP code for a question.
MORGAN = (
    ("Morgan", "cancel"),
    ("M10010002", "inform"),
    ("11/02/1979", "inform"),
    ("12207", "which_plan_covers_me"),
)


def awaits(talk: Talk) -> list[str]:
    return [str(a.facts["awaits"]) for a in talk.answers if a.facts.get("awaits")]


@pytest.fixture
def shadow(services: Services, redis: Redis) -> Talk:
    return Talk(services, redis, mode="suggest")


async def test_what_proves_identity_is_the_agent_s_to_take_and_is_not_kept(shadow: Talk) -> None:
    await shadow.say(*QUESTION)
    assert awaits(shadow) == ["identity"]
    for text, intent in MORGAN:
        await shadow.say(text, intent)
        assert awaits(shadow) == ["identity"], (text, shadow.answers)
        assert [shadow.slots.get(name) for name in FACTOR_SLOTS] == [None] * len(FACTOR_SLOTS)


async def test_once_it_is_proven_the_waiting_question_is_answered(
    services: Services, redis: Redis, shadow: Talk
) -> None:
    await shadow.say(*QUESTION)
    for text, intent in MORGAN:
        await shadow.say(text, intent)
    live = Talk(services, redis)
    await live.say("which plan covers me?", "which_plan_covers_me")
    for text, _ in MORGAN:
        await live.say(text)
    assert await live.verified()
    # The desk thinks again of the last words.
    assert "$140.00" in await shadow.say(*MORGAN[-1])
    assert awaits(shadow) == []


async def test_another_question_is_answered_while_one_waits(shadow: Talk) -> None:
    await shadow.say(*QUESTION)
    reply = await shadow.say("what is an EOB?", "explain_eob")
    assert "explanation of benefits" in reply.lower()
    assert awaits(shadow) == ["identity"]


async def test_danger_is_danger_at_any_moment(shadow: Talk) -> None:
    await shadow.say(*QUESTION)
    for text in ("my husband has chest pain and can't breathe", "me duele el pecho"):
        await shadow.say(text, "emergency")
        assert shadow.answers[0].intent == "emergency"
