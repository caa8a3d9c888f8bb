"""What a member picked after "is it one of these?" is kept for those who improve the understanding,
without what could tell who said it.
"""

from __future__ import annotations

from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Answer, Button
from alliance.clock import Clock
from api.assistant import Reply
from api.conversations.candidates import Candidates
from api.conversations.service import Said
from api.conversations.store import Conversation
from api.store import tables

pytestmark = pytest.mark.asyncio(loop_scope="function")
TALK = Conversation("c1", "chat", "assistant", None, None, None)
CALL = Conversation("c2", "voice", "assistant", None, None, None)
SUGGESTED = [
    {"intent": "claim_status", "confidence": 0.41},
    {"intent": "explain_eob", "confidence": 0.3},
]
OFFER = Answer(
    "Is it one of these?",
    "Is it one of these?",
    kind="question",
    intent="unclear",
    facts={"suggested": SUGGESTED},
    buttons=(
        Button("The status of a claim", "/claim_status"),
        Button("An explanation of benefits", "/explain_eob"),
        Button("Something else", "/ask_capabilities"),
    ),
)
PLAIN = Answer("Paid.", "Paid.")
WORDS = "it's Delia, where is the thing for M10010037"


def reply(answer: Answer, confidence: float = 0.41) -> Reply:
    entity = {"entity": "member_id", "value": "M10010037", "start": 35, "end": 44}
    return Reply((answer,), "claim_status", confidence, (), (entity,), None, {})


@pytest.fixture
def candidates(engine: AsyncEngine, redis: Redis, clock: Clock) -> Candidates:
    return Candidates(engine, redis, clock)


async def kept(engine: AsyncEngine) -> list[dict[str, Any]]:
    async with engine.connect() as connection:
        rows = await connection.execute(select(tables.training_candidates))
        return [dict(row) for row in rows.mappings()]


async def test_the_topic_that_was_picked_is_kept_with_the_words(
    candidates: Candidates, engine: AsyncEngine
) -> None:
    await candidates.note(TALK, Said(WORDS), reply(OFFER))
    await candidates.note(TALK, Said(button=OFFER.buttons[1]), reply(PLAIN))
    (row,) = await kept(engine)
    assert row["text"] == "it's [name], where is the thing for [member_id]"
    assert (row["channel"], row["suggested"], row["chosen"]) == ("chat", SUGGESTED, "explain_eob")
    assert (row["status"], row["label"]) == ("new", None)


async def test_that_none_was_meant_is_worth_keeping_too(
    candidates: Candidates, engine: AsyncEngine
) -> None:
    await candidates.note(TALK, Said(WORDS), reply(OFFER))
    await candidates.note(TALK, Said(button=OFFER.buttons[2]), reply(PLAIN))
    assert [row["chosen"] for row in await kept(engine)] == [None]


async def test_a_caller_s_yes_is_a_choice(candidates: Candidates, engine: AsyncEngine) -> None:
    await candidates.note(CALL, Said("my thing", confirmed="id_card"), reply(PLAIN, 0.52))
    (row,) = await kept(engine)
    assert (row["channel"], row["chosen"]) == ("voice", "id_card")
    assert row["suggested"] == [{"intent": "id_card", "confidence": 0.52}]


@pytest.mark.parametrize(
    "then", [Said("never mind"), Said(button=Button("Talk to a person", "/speak_to_agent"))]
)
async def test_whoever_goes_another_way_has_chosen_nothing_and_the_words_are_kept(
    candidates: Candidates, engine: AsyncEngine, then: Said
) -> None:
    await candidates.note(TALK, Said(WORDS), reply(OFFER))
    await candidates.note(TALK, then, reply(PLAIN))
    await candidates.note(TALK, Said(button=OFFER.buttons[0]), reply(PLAIN))
    assert [(row["suggested"], row["chosen"]) for row in await kept(engine)] == [(SUGGESTED, None)]


async def test_a_correction_tells_what_the_words_before_it_meant(
    candidates: Candidates, engine: AsyncEngine
) -> None:
    balance = Reply((PLAIN,), "fsa_balance", 0.7, (), (), None, {})
    await candidates.note(TALK, Said(text="how much do I have left"), balance)
    assert await kept(engine) == []
    meant = Answer("$600.00 left.", "600 dollars left.", intent="deductible_status")
    corrected = Reply((meant,), "deductible_status", 0.9, (), (), None, {})
    await candidates.note(TALK, Said(text="no, I meant my deductible"), corrected)
    (row,) = await kept(engine)
    assert (row["text"], row["chosen"]) == ("how much do I have left", "deductible_status")
    assert row["suggested"] == [{"intent": "fsa_balance", "confidence": 0.7}]


async def test_what_found_no_answer_and_was_put_right_is_one_sentence(
    candidates: Candidates, engine: AsyncEngine
) -> None:
    sorry = Answer("I can't help with that.", "x", intent="out_of_scope")
    lost = Reply((sorry,), "out_of_scope", 0.8, (), (), None, {})
    await candidates.note(TALK, Said("what is still mine to pay this year"), lost)
    meant = Answer("$600.00 left.", "600 dollars left.", intent="deductible_status")
    corrected = Reply((meant,), "deductible_status", 0.9, (), (), None, {})
    await candidates.note(TALK, Said("no, I meant my deductible"), corrected)
    (row,) = await kept(engine)
    assert (row["chosen"], row["suggested"][0]["intent"]) == ("deductible_status", "out_of_scope")


@pytest.mark.parametrize(
    ("text", "kept_as"),
    [
        ("do you sell car insurance", "do you sell car insurance"),
        ("can Delia go to the pool", "can [name] go to the pool"),
        ("Delia Testwell", None),
        ("asdf jkl", None),
    ],
)
async def test_what_found_no_answer_is_kept_without_who_asked(
    candidates: Candidates, engine: AsyncEngine, text: str, kept_as: str | None
) -> None:
    sorry = Answer("I can't help with that.", "x", intent="out_of_scope")
    await candidates.note(TALK, Said(text), Reply((sorry,), "out_of_scope", 0.8, (), (), None, {}))
    assert [row["text"] for row in await kept(engine)] == ([kept_as] if kept_as else [])
    # An answer to a question of ours is none.
    asked = Reply((sorry,), "out_of_scope", 0.8, (), (), "factor_zip", {})
    before = len(await kept(engine))
    await candidates.note(TALK, Said("i do not know that"), asked)
    assert len(await kept(engine)) == before


@pytest.mark.parametrize("text", ["and my deductible?", "no thanks", "no, 12207"])
async def test_what_corrects_no_topic_keeps_nothing(
    candidates: Candidates, engine: AsyncEngine, text: str
) -> None:
    balance = Reply((PLAIN,), "fsa_balance", 0.7, (), (), None, {})
    await candidates.note(TALK, Said(text="how much do I have left"), balance)
    await candidates.note(TALK, Said(text=text), reply(PLAIN))
    assert await kept(engine) == []


async def test_a_choice_in_words_counts_like_a_button(
    candidates: Candidates, engine: AsyncEngine
) -> None:
    await candidates.note(TALK, Said(text=WORDS), reply(OFFER))
    picked = Answer("$25.00.", "25 dollars.", intent="explain_eob")
    await candidates.note(TALK, Said(text="the second one"), reply(picked))
    (row,) = await kept(engine)
    assert row["chosen"] == "explain_eob"
    assert "M10010037" not in row["text"]
