"""Somebody who is being refused at a counter as they write, in words that only example questions
know (`near`): what the file shows, and a person now, marked urgent.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from alliance.clock import Clock, fixed_clock
from tests.actions.talking import Talk

MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
NEAR = "coverage-counter"


async def refused(talk: Talk, says: str, intent: str, band: str = "accept") -> str:
    """What Morgan, of MVP, hears."""
    await talk.say(says, intent, band=band, near=NEAR)
    return await talk.give(*MORGAN)


def priority(talk: Talk) -> object:
    (act,) = talk.acts
    assert (act.kind, act.detail["partner"]) == ("handoff", "mvp")
    return act.detail.get("priority")


class TestRefusedNow:
    @pytest.mark.parametrize(
        ("says", "intent", "band"),
        [
            ("they tried three times and I don't come up", "coverage_status", "accept"),
            ("the booth man hands my plastic back, I have an asthma attack kit to get",
             "out_of_scope", "reject"),
            ("this window takes nothing of mine", "id_card", "accept"),
            ("full price they tell me, as nobody of my name has a plan", "billing_problem",
             "accept"),
            ("our chart is locked until insurance shows, they say", "benefit_covered", "confirm"),
            ("my water tablets stay behind the glass, there's no plan they say", "drug_coverage",
             "accept"),
        ],
    )  # fmt: skip
    async def test_the_status_and_a_person_now(
        self, talk: Talk, says: str, intent: str, band: str
    ) -> None:
        told = await refused(talk, says, intent, band)
        assert "is active as of" in told
        assert "a person at MVP Health Care now, marked urgent" in told
        assert "can't promise" in told
        assert priority(talk) == "urgent"

    @pytest.mark.parametrize(
        ("says", "intent", "near"),
        [
            ("am I in force today", "coverage_status", None),
            ("which of these two numbers is my ID", "id_card", "card-hear-number"),
        ],
    )
    async def test_nobody_else(self, talk: Talk, says: str, intent: str, near: str | None) -> None:
        await talk.say(says, intent, near=near)
        await talk.give(*MORGAN)
        assert not [act for act in talk.acts if act.kind == "handoff"]

    async def test_what_to_tell_them_is_told(self, talk: Talk) -> None:
        await talk.say("am I in force today", "coverage_status")
        await talk.give(*MORGAN)
        told = await talk.say("so what do I tell the girl there", "coverage_status", near=NEAR)
        assert "check again with the member ID" in told
        assert not talk.acts


class TestOnASaturday:
    @pytest.fixture
    def clock(self) -> Clock:
        """When MVP's people are at home."""
        return fixed_clock(datetime.fromisoformat("2026-11-21T11:00:00-05:00"))

    async def test_nobody_is_named_who_is_not_there(self, talk: Talk) -> None:
        told = await refused(talk, "they tried three times and I don't come up", "coverage_status")
        assert "connecting you with a person now, marked urgent" in told
        assert "1-800-555-0120" not in told
        assert priority(talk) == "urgent"
