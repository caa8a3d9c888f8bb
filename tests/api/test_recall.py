"""An earlier contact is asked about only when nothing else waits for the member's yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Answer, Button, Offer
from alliance.clock import Clock
from alliance.verified import Actor, Membership, Person, VerifiedMember
from api.assistant import Reply
from api.conversations.contacts import Contact, Contacts
from api.conversations.pending import Left, Pending
from api.conversations.recall import Recall
from api.conversations.service import Said
from api.conversations.store import Conversation

pytestmark = pytest.mark.asyncio(loop_scope="function")
CALL, CHAT = "an earlier call", Conversation("now", "chat", "assistant", None, None, None)
HOME = Person(Membership("mvp", "1"))
PLAN = Answer("MVP.", "MVP.", intent="coverage_status", level=1)
JOIN = Button("Yes, sign me up", "/affirm")
YES = Button("Yes", "yes")


@pytest.fixture
def member(clock: Clock) -> VerifiedMember:
    return VerifiedMember(
        HOME, 1, "id_dob_zip", Actor("member"), "now", clock.now() + timedelta(minutes=15)
    )


@pytest.fixture
async def recall(engine: AsyncEngine, redis: Redis, clock: Clock, member: VerifiedMember) -> Recall:
    await redis.flushdb()
    contacts = Contacts(engine, clock, "secret-of-the-tests")
    earlier = Contact("id_card", "mvp", "voice", "answered", None, 1, clock.now())
    await contacts.note(CALL, member, [earlier])
    return Recall(contacts, redis, clock, {"id_card": "your ID card"}, {"id_card": 1})


def reply(answer: Answer) -> Reply:
    return Reply((answer,), "coverage_status", 0.9, (), (), None, {})


@pytest.mark.parametrize(
    "waiting",
    [
        replace(PLAN, kind="question"),
        replace(PLAN, offers=Offer("wellness_program", "1")),
        replace(PLAN, buttons=(JOIN,)),
    ],
    ids=["a question", "an offer", "a button that says yes"],
)
async def test_a_yes_that_something_else_waits_for_is_left_alone(
    recall: Recall, redis: Redis, member: VerifiedMember, waiting: Answer
) -> None:
    answered = reply(waiting)
    assert await recall.met(CHAT, answered, member) == answered
    said = Said(text="yes")
    left = await Pending(redis).take(CHAT.id)
    assert recall.meant(left.recalled, said) == said
    # It was not used up by that: it is asked when there is room.
    met = await recall.met(CHAT, reply(PLAN), member)
    assert met.answers[-1].intent == "recall"


async def test_a_yes_to_the_earlier_contact_asks_about_it(
    recall: Recall, redis: Redis, member: VerifiedMember
) -> None:
    met = await recall.met(CHAT, reply(PLAN), member)
    assert "asking about your ID card we talked about" in met.answers[-1].text
    left = await Pending(redis).take(CHAT.id)
    meant = recall.meant(left.recalled, Said(button=YES))
    assert await Pending(redis).take(CHAT.id) == Left()
    assert (meant.text, meant.confirmed, meant.button) == ("your ID card", "id_card", None)


async def test_a_general_question_is_done_with(
    engine: AsyncEngine, redis: Redis, clock: Clock, member: VerifiedMember
) -> None:
    await redis.flushdb()
    contacts = Contacts(engine, clock, "secret-of-the-tests")
    plans = Contact("enroll_or_compare_plans", "mvp", "voice", "answered", None, 1, clock.now())
    await contacts.note(CALL, member, [plans])
    recall = Recall(contacts, redis, clock, {}, {})
    answered = reply(PLAN)
    assert await recall.met(CHAT, answered, member) == answered


async def test_on_the_phone_a_long_answer_is_not_put_off_for_it(
    engine: AsyncEngine, redis: Redis, clock: Clock, member: VerifiedMember
) -> None:
    await redis.flushdb()
    contacts = Contacts(engine, clock, "secret-of-the-tests")
    earlier = Contact("id_card", "mvp", "chat", "answered", None, 1, clock.now())
    await contacts.note("an earlier chat", member, [earlier])
    recall = Recall(contacts, redis, clock, {"id_card": "your ID card"}, {"id_card": 1})
    phone = replace(CHAT, channel="voice")
    answered = reply(replace(PLAN, speech="Your claim was paid on the second of March. " * 4))
    assert await recall.met(phone, answered, member) == answered
    met = await recall.met(phone, reply(PLAN), member)
    assert met.answers[-1].intent == "recall"
