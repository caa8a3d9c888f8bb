"""Who was told of 911 or 988 and asks for a person: asked nothing first, and at any hour."""

from __future__ import annotations

from datetime import datetime

import pytest
from redis.asyncio import Redis

from actions.services import Services
from alliance.clock import Clock, fixed_clock
from api.ivr.portions import fits
from tests.actions.talking import Talk, asked, named

MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
# Taylor's medical plan is MVP's and the dental plan CIGNA's, both in force today.
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")


def handed_over(talk: Talk) -> tuple[object, object]:
    """The company and the priority of the hand-over that the last reply makes."""
    (act,) = talk.acts
    assert act.kind == "handoff"
    return act.detail["partner"], act.detail.get("priority")


class TestAPersonAfterDanger:
    async def test_nobody_proven_is_asked_nothing(self, talk: Talk) -> None:
        await talk.say("my aunt dropped to the floor and is blue", "emergency")
        await talk.say("give me a human", "speak_to_agent")
        assert talk.asking is None
        assert handed_over(talk) == (None, "urgent")

    async def test_the_company_that_they_name(self, talk: Talk) -> None:
        await talk.say("my aunt dropped to the floor and is blue", "emergency")
        entities = [named("partner", "preferred-care")]
        await talk.say("a human at Preferred Care", "speak_to_agent", entities)
        assert handed_over(talk) == ("preferred-care", "urgent")

    @pytest.mark.parametrize(("who", "partner"), [(MORGAN, "mvp"), (TAYLOR, None)])
    async def test_a_proven_member_too(
        self, talk: Talk, who: tuple[str, ...], partner: str | None
    ) -> None:
        await talk.say("what plan do I have?", "which_plan_covers_me")
        await talk.give(*who)
        talk.slots["memory"] = {**talk.slots["memory"], "answered_by": None, "topic": None}
        await talk.say("she swallowed bleach", "emergency")
        await talk.say("let me talk to one of your people", "speak_to_agent")
        assert handed_over(talk) == (partner, "urgent")

    async def test_after_the_news_that_help_is_there(self, talk: Talk) -> None:
        await talk.say("my aunt dropped to the floor and is blue", "emergency")
        await talk.say("the ambulance is here", "inform")
        await talk.say("give me a human", "speak_to_agent")
        assert handed_over(talk)[1] == "urgent"

    async def test_not_once_something_else_was_talked_of(self, talk: Talk) -> None:
        await talk.say("my aunt dropped to the floor and is blue", "emergency")
        await talk.say("what's an out-of-network provider", "alliance_question")
        await talk.say("give me a human about my bill", "speak_to_agent")
        assert talk.asking == "need_partner"


class TestAtNight:
    @pytest.fixture
    def clock(self) -> Clock:
        """A Saturday night, when MVP's people have gone home."""
        return fixed_clock(datetime.fromisoformat("2026-11-21T23:30:00-05:00"))

    async def test_no_people_are_named_who_are_not_there(self, talk: Talk) -> None:
        await talk.say("my aunt dropped to the floor and is blue", "emergency")
        told = await talk.say("a human at MVP", "speak_to_agent", [named("partner", "mvp")])
        assert "connecting you with a member-service person" in told
        assert handed_over(talk) == ("mvp", "urgent")


class TestAfterTheCrisisLine:
    @pytest.fixture
    async def warned(self, talk: Talk) -> Talk:
        assert "988" in await talk.say("I want to end my life", "emergency")
        return talk

    @pytest.mark.parametrize(
        ("text", "intent"),
        [
            ("no police please, could I only text", "speak_to_agent"),
            ("I'd rather write to somebody", "speak_to_agent"),
            ("please don't send the cops", "deny"),
        ],
    )
    async def test_who_would_rather_write_is_told_how(
        self, warned: Talk, text: str, intent: str
    ) -> None:
        said = await warned.say(text, intent)
        assert "text 988" in said
        assert not warned.acts

    @pytest.mark.parametrize("text", ["my friend has come over now", "ok, my mom's here, with her"])
    async def test_who_is_not_alone_any_more_keeps_the_line(self, warned: Talk, text: str) -> None:
        said = await warned.say(text, "emergency")
        assert "not alone" in said
        assert "988" in said

    @pytest.mark.parametrize(
        "text", ["my brother is here and he has a gun", "no cops, i swallowed all the pills"]
    )
    async def test_danger_stays_danger(self, warned: Talk, text: str) -> None:
        assert "911" in await warned.say(text, "emergency")


async def test_what_has_gone_down_is_not_over(talk: Talk) -> None:
    await talk.say("my aunt fell and is blue", "emergency")
    said = await talk.say("the baby chewed a button battery and it's gone down", "emergency")
    assert "glad" not in said
    assert "Poison Control" in said


async def test_what_the_emergency_costs_needs_nobody_s_name(talk: Talk) -> None:
    await talk.say("my toddler drank some bleach", "emergency")
    parts = [
        asked("copay_cost", "do I pay for the hospital"),
        asked("check_network", "and is that in my network", start=26),
    ]
    text = "do I pay for the hospital and is that in my network"
    said = await talk.say(text, "copay_cost", questions=parts)
    assert "no network" in said
    assert talk.asking is None


async def test_whoever_asks_whether_to_wait_hears_one_thing_by_phone(
    services: Services, redis: Redis
) -> None:
    call = Talk(services, redis, channel="voice")
    await call.say("my toddler drank some bleach", "emergency")
    said = await call.say("she looks fine, should I just wait", "emergency", near="danger-now")
    assert "Poison Control" in said
    assert fits(said)


@pytest.mark.parametrize(
    "text",
    ["and if I fall off my roof tonight", "so if she gets sick tomorrow", "what if I crash"],
)
async def test_what_is_only_supposed_after_the_coverage_is_of_that(talk: Talk, text: str) -> None:
    await talk.say("is my plan active yet", "coverage_status")
    await talk.give("Fabian", "P10010016", "February 2, 1998", "14424")
    said = await talk.say(text, "emergency")
    assert "911" not in said
    assert "December 1, 2026" in said


async def test_what_happens_after_the_coverage_is_danger(talk: Talk) -> None:
    await talk.say("is my plan active yet", "coverage_status")
    await talk.give("Fabian", "P10010016", "February 2, 1998", "14424")
    assert "911" in await talk.say("I fell off the roof and can't move", "emergency")
