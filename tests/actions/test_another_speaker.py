"""Who goes on with a conversation that somebody else was verified in. Sentences of these tests."""

from __future__ import annotations

import pytest

from tests.actions.talking import Talk, named

MORGAN = [
    named("member_id", "M10010002"),
    named("date", "11/2/1979"),
    named("zip", "12207"),
]
WHO = "I'm Morgan, M10010002, born 11/2/1979, zip 12207, what is my deductible?"


@pytest.fixture
async def verified(talk: Talk) -> Talk:
    await talk.say(WHO, "deductible_status", MORGAN)
    assert await talk.verified()
    return talk


@pytest.mark.parametrize(
    "said",
    [
        "hello, this is Priya now. What is left of my deductible?",
        "this is priya now what is left of my deductible",
        "I'm Priya, his wife, what about my deductible",
        "this is his wife, what is left of my deductible?",
        "ok you're talking to Priya Example now, how about my deductible",
        "my name is Mark, what is left of my deductible?",
        "this is will speaking what is left of my deductible",
        "you're talking to Hope now, what is left of my deductible?",
        # Frequent names, and those that are a drug's or a town's besides.
        "this is Mary now, what is left of my deductible?",
        "i'm james, what is left of my deductible",
        "hi this is Allegra now, what is left of my deductible?",
        "hi this is Sydney, what is left of my deductible?",
        # Names that are words, and how else somebody takes over.
        "I'm Grant now, what is left of my deductible?",
        "Priya here, what is left of my deductible?",
        "it's Bill now. what is left of my deductible",
        "you've got her husband on the line, what is left of my deductible?",
        "this is the nurse now, what is left of the deductible?",
        "hi it's priya did mine go through and what is left of my deductible",
        "this is priya what is left of my deductible",
        "husband speaking. what is left of my deductible?",
    ],
)
async def test_what_was_proven_ends(verified: Talk, said: str) -> None:
    reply = await verified.say(said, "deductible_status")
    assert await verified.verified() is None
    assert "$" not in reply
    assert verified.asking in ("factor_first_name", "factor_member_id")


async def test_what_was_said_before_is_not_repeated(verified: Talk) -> None:
    await verified.say("hi, this is Priya speaking", "greet")
    assert "$" not in await verified.say("what did you say?", "repeat")


@pytest.mark.parametrize(
    "said",
    [
        "this is Morgan again, what is left of my deductible?",
        "it's Morgan Testwell, what is left of my deductible?",
        "this is ridiculous, what is left of my deductible?",
        "this is insane. What is left of my deductible?",
        "It's confusing, what is left of my deductible?",
        "I'm confused, what is left of my deductible?",
        "it's MVP, what is left of my deductible?",
        "I'm diabetic, what is left of my deductible?",
        "I'm overwhelmed, what is left of my deductible?",
        "im starving, what is left of my deductible?",
        "I'm in Albany now, what is left of my deductible?",
        "it's for my wife Priya, what is left of my deductible?",
        "I'm a nurse, what is left of my deductible?",
        "ok i'm here, what is left of my deductible?",
        "it's June now, what is left of my deductible?",
        "it's bill time, what is left of my deductible?",
        "nobody here knows, what is left of my deductible?",
        "i'm a father now, what is left of my deductible?",
    ],
)
async def test_the_same_member_goes_on(verified: Talk, said: str) -> None:
    await verified.say(said, "deductible_status")
    assert await verified.verified()


@pytest.mark.parametrize(
    "said",
    [
        "check my mother too, her ID is P10010036, born June 15 1948",
        "my husband's number is P10010036",
    ],
)
async def test_the_id_of_somebody_else_opens_nothing(verified: Talk, said: str) -> None:
    theirs = [named("member_id", "P10010036"), named("relation", "mother")]
    assert "permission" in await verified.say(said, "inform", theirs)
    proof = await verified.verified()
    assert proof
    assert proof.person.home.partner == "mvp"


async def test_a_bare_name_that_is_a_word_ends_it(verified: Talk) -> None:
    await verified.say("I'm Mark", "deny")
    assert await verified.verified() is None


async def test_who_tells_a_name_and_id_of_their_own_is_asked_the_rest(verified: Talk) -> None:
    reply = await verified.say("ok: priya, P10010036", "inform", [named("member_id", "P10010036")])
    assert await verified.verified() is None
    assert "closed what I had open" in reply


async def test_a_new_speaker_is_not_asked_for_the_name_they_said(verified: Talk) -> None:
    await verified.say("hi, it's Priya. What is left of my deductible?", "deductible_status")
    assert verified.asking == "factor_member_id"


async def test_who_was_put_on_and_asks_is_not_the_member(verified: Talk) -> None:
    reply = await verified.say("here's my wife", "inform", near="third-here")
    assert "who they are" in reply
    reply = await verified.say("what is left of my deductible?", "deductible_status")
    assert await verified.verified() is None
    assert "$" not in reply
