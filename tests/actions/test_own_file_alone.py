"""Who is asked who they are hears that the member's own file alone is opened, and what somebody
does who is not the member.
"""

from __future__ import annotations

import pytest

from actions.identity.third_party import is_for_another
from evaluation import sentences
from tests.actions.talking import Talk


async def test_it_is_told_before_anything_is_asked(talk: Talk) -> None:
    told = await talk.say("what do I still owe for my x-ray", "claim_status")
    assert told.startswith("I can look that up. First I need to be sure that it's you")
    assert "only the member's own file" in told
    assert "If you ask for someone else, tell me." in told
    assert told.endswith("What is your first name?")
    assert "own file" not in await talk.say("Morgan")


@pytest.mark.parametrize(
    "says",
    [
        "its for somebody else",
        "not me, it's for a buddy",
        "I'm not the patient",
        "no, for my grandmother",
        "about another person",
    ],
)
async def test_who_says_so_is_not_asked_for_details(talk: Talk, says: str) -> None:
    await talk.say("what do I still owe for my x-ray", "claim_status")
    told = await talk.say(says)
    assert talk.asking is None
    assert "member" in told
    assert "first name" not in told
    # What they ask next is about somebody else, too.
    await talk.say("is the deductible met", "deductible_status")
    assert talk.asking is None


@pytest.mark.parametrize("says", ["Meg", "it's Someone", "my name is Otheria", "for me", "me"])
async def test_a_name_is_one(talk: Talk, says: str) -> None:
    await talk.say("what do I still owe for my x-ray", "claim_status")
    await talk.say(says)
    assert talk.asking in ("factor_first_name", "factor_member_id")


def test_no_danger_is_taken_for_it() -> None:
    of_danger = [*sentences.written(), *sentences.development(), *sentences.emergencies()]
    told = [each.text for each in of_danger if each.intent == "emergency"]
    assert len(told) > 3500
    assert [text for text in told if is_for_another(text)] == []
