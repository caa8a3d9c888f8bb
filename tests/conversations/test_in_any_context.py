"""A question of its own is answered in the middle of a conversation as it is alone."""

from __future__ import annotations

import re

import pytest

from tests.conversations.talks import PEOPLE
from tests.stack import Member, Stack

COMPANIES = {"U": "cigna", "M": "mvp", "P": "preferred-care"}
# Who asks (None is a stranger), what is asked before, and the question of its own.
ASKED: tuple[tuple[str | None, str, str], ...] = (
    # After doctors were listed.
    (None, "find me a dermatologist near 12180", "my uncle passed away on friday"),
    (None, "is there a cardiologist near 12207", "which drugstore near 12601 is open on sundays"),
    # After a relative's file stayed closed.
    ("Morgan", "was my daughter's visit in May paid?", "what's your phone number"),
    ("Morgan", "was my daughter's visit in May paid?", "I want my brother to be able to talk to you for me"),  # noqa: E501
    ("Morgan", "was my daughter's visit in May paid?", "They want a fortune for my metformin. What would I pay?"),  # noqa: E501
    ("Morgan", "was my son's visit in June paid?", "my neighbor has met her deductible already, how much of mine is left"),  # noqa: E501
    ("Morgan", "was my daughter's visit in May paid?", "my claim was turned down, it says to send it to another carrier, which one"),  # noqa: E501
    # Somebody of the family was only named.
    ("Morgan", "My nephew says that you are a robot. Are you?", "Does my surgeon have to ask you before he operates on my knee?"),  # noqa: E501
    # Another kind of coverage.
    ("Morgan", "is there a limit on what my dental plan pays", "They told me after five thousand dollars everything is free for the year. Have I arrived there?"),  # noqa: E501
    ("Morgan", "was my daughter's visit in May paid?", "what do I sign so that you share my records with my sister"),  # noqa: E501
    # What its own words name.
    (None, "how do I appeal a denial?", "does Medicare part A cost something"),
    # Another place.
    (None, "find me an urgent care near 03431", "where's the nearest lab I'm in Clifton Park"),
    # While who they are is asked.
    (None, "what is my deductible", "my card was stolen and now there are claims I never had"),
    # Somebody is taken off the plan, and is no helper.
    ("Riley", "who may speak for me?", "the divorce is final since yesterday, take her off"),
    # What was looked for and not found.
    ("Morgan", "why did you turn down the air ambulance", "walk me through my explanation of benefits please"),  # noqa: E501
    # After a rule that asks for a fact.
    ("Riley", "I have Medicare and still work at a school, which pays first", "the clinic says I owe five hundred and I thought that was paid"),  # noqa: E501
    # A word that nobody knows is no other speaker.
    ("Morgan", "was my claim in March paid?", "im preggers, what does the plan do for me"),
)  # fmt: skip


@pytest.mark.parametrize(("who", "before", "text"), ASKED)
def test_it_is_answered_as_alone(stack: Stack, who: str | None, before: str, text: str) -> None:
    alone = _member(stack, who).say(text).text
    member = _member(stack, who)
    member.say(before)
    here = member.say(text).text
    assert _first(alone) in here, f"alone: {alone}\nhere: {here}"


def test_what_leans_is_still_of_what_was_told(stack: Stack) -> None:
    member = _member(stack, "Morgan")
    member.say("was my daughter's visit in May paid?")
    assert "permission form" in member.say("what does she have to do so that I can see it")
    member = _member(stack, None)
    member.say("find me a dermatologist near 12180")
    assert "women" in member.say("any women?")


def _member(stack: Stack, who: str | None) -> Member:
    if who is None:
        return stack.member()
    number = PEOPLE[who]["member_id"]
    return stack.member(stack.ticket(COMPANIES[number[0]], number))


def _first(text: str) -> str:
    return re.split(r"(?<=[.?!])\s", text.strip())[0]
