"""The step up to level 2 in a conversation: when a code is asked for, what may be said to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from redis.asyncio import Redis

from actions.identity.step_up import is_of_code
from actions.services import Services
from alliance.verified import MAX_FAILURES
from evaluation import sentences
from tests.actions.conftest import Client
from tests.actions.talking import Talk
from tests.sandbox.conftest import Backend

Stands = Mapping[str, Backend]
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")


def outbox(stand: Backend) -> list[dict[str, str]]:
    answer = stand.http.get(f"{stand.root}/outbox", headers={"Accept": "application/json"})
    return list(answer.json()["messages"])


def newest_code(stand: Backend) -> str:
    figures = re.sub(r"(?<=\d), (?=\d)", "", outbox(stand)[0]["text"])
    found = re.search(r"\d{6}", figures)
    assert found
    return found.group()


async def asked_for_code(talk: Talk, *who: str) -> str:
    await talk.say("what is my address on file?", "update_contact")
    reply = await talk.give(*who)
    assert talk.asking == "factor_code"
    return reply


@pytest.mark.parametrize("said", ["I can't get it", "sorry, I can't open my e-mail right now"])
def test_what_is_of_the_code_alone(said: str) -> None:
    assert is_of_code(said)


def test_no_emergency_is_of_the_code() -> None:
    """Whoever cannot see or breathe is not asked for a code once more."""
    of_danger = [*sentences.written(), *sentences.development(), *sentences.emergencies()]
    told = [each.text for each in of_danger if each.intent == "emergency"]
    assert len(told) > 3500
    assert [text for text in told if is_of_code(text)] == []


async def test_the_question_is_kept_and_answered(talk: Talk, sandboxes: Stands) -> None:
    asked = await asked_for_code(talk, *MORGAN)
    assert "mobile number ending in" in asked
    assert "never call to ask for it" in asked
    reply = await talk.say(f"it's {newest_code(sandboxes['mvp'])}")
    assert "Albany" in reply
    assert "I can't change it here" in reply
    member = await talk.verified()
    assert member
    assert (member.level, member.method) == (2, "one_time_code")


async def test_a_level_one_question_asks_for_no_code(talk: Talk) -> None:
    await talk.say("which plan covers me?", "which_plan_covers_me")
    await talk.give(*MORGAN)
    assert talk.asking is None
    member = await talk.verified()
    assert member
    assert member.level == 1


async def test_spoken_one_figure_after_the_other(
    services: Services, redis: Redis, sandboxes: Stands
) -> None:
    call = Talk(services, redis, channel="voice")
    asked = await asked_for_code(call, *MORGAN)
    assert "@" not in asked
    words = dict(
        enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"])
    )
    code = newest_code(sandboxes["mvp"])
    assert "Albany" in await call.say(" ".join(words[int(figure)] for figure in code))


async def test_by_the_keys(services: Services, redis: Redis, sandboxes: Stands) -> None:
    call = Talk(services, redis, channel="voice")
    await asked_for_code(call, *MORGAN)
    assert "Albany" in await call.say(newest_code(sandboxes["mvp"]))


async def test_a_digression_is_answered_and_the_code_asked_on(
    talk: Talk, sandboxes: Stands
) -> None:
    await asked_for_code(talk, *MORGAN)
    sent = len(outbox(sandboxes["mvp"]))
    reply = await talk.say("what is the phone number of MVP?", "contact_info")
    assert "1-800-555-0120" in reply
    assert "What is the code?" in reply
    assert len(outbox(sandboxes["mvp"])) == sent
    assert "Albany" in await talk.say(newest_code(sandboxes["mvp"]))


@pytest.mark.parametrize(
    "text",
    ["find me a doctor near 12207", "my claim of 05/12/2026", "my ID is M10010005", "900555101"],
)
async def test_no_other_number_is_a_code(talk: Talk, redis: Redis, text: str) -> None:
    await asked_for_code(talk, *MORGAN)
    await talk.say(text, "contact_info")
    kept = [key async for key in redis.scan_iter("memberline:failures:*")]
    assert kept == []
    assert talk.asking == "factor_code"


async def test_three_wrong_codes_close_what_was_open(talk: Talk, sandboxes: Stands) -> None:
    await asked_for_code(talk, *MORGAN)
    wrong = f"{(int(newest_code(sandboxes['mvp'])) + 1) % 1_000_000:06d}"
    for _ in range(MAX_FAILURES - 1):
        assert "isn't the code" in await talk.say(wrong)
    reply = await talk.say(wrong)
    assert "can't confirm" in reply
    assert "person" in reply
    assert await talk.verified() is None
    # Nobody is asked again for what would open nothing.
    reply = await talk.say("which plan covers me?", "which_plan_covers_me")
    assert "stay closed to me here for a day" in reply
    assert talk.asking is None


async def test_no_usable_contact_means_a_person(talk: Talk, sandboxes: Stands) -> None:
    sent = len(outbox(sandboxes["mvp"]))
    await talk.say("what is my address on file?", "update_contact")
    reply = await talk.give("Eddie", "M10010014", "March 14, 1969", "13202")
    assert "30 days" in reply
    assert "person" in reply
    assert talk.asking is None
    assert len(outbox(sandboxes["mvp"])) == sent
    # What needs no code is told all the same.
    assert "MVP" in await talk.say("which plan covers me?", "which_plan_covers_me")


@pytest.mark.parametrize(
    "text", ["I don't have that phone anymore", "I can't get the code", "that's my old number"]
)
async def test_who_cannot_get_it_hears_what_else_there_is(talk: Talk, text: str) -> None:
    await asked_for_code(talk, *MORGAN)
    reply = await talk.say(text, "out_of_scope")
    assert "person" in reply
    assert talk.asking is None


@pytest.mark.parametrize("text", ["which code is that", "where'd you send it to"])
async def test_where_the_code_went_is_told(talk: Talk, text: str) -> None:
    await asked_for_code(talk, *MORGAN)
    reply = await talk.say(text, "claim_status")
    assert "I sent a code to your mobile number ending in" in reply
    assert talk.asking == "factor_code"


@pytest.mark.parametrize("text", ["send it again", "I didn't get it", "e-mail it to me instead"])
async def test_another_code_within_a_minute_is_not_sent(
    talk: Talk, sandboxes: Stands, text: str
) -> None:
    await asked_for_code(talk, *MORGAN)
    sent = len(outbox(sandboxes["mvp"]))
    assert "a moment ago" in await talk.say(text, "out_of_scope")
    assert len(outbox(sandboxes["mvp"])) == sent


async def test_after_a_minute_it_goes_where_the_member_wants_it(
    talk: Talk, redis: Redis, sandboxes: Stands
) -> None:
    await asked_for_code(talk, *MORGAN)
    first = newest_code(sandboxes["mvp"])
    for key in [key async for key in redis.scan_iter("memberline:code-sent:*")]:
        await redis.delete(key)
    assert "e-mail address m...@example.org" in await talk.say("e-mail it instead", "out_of_scope")
    assert outbox(sandboxes["mvp"])[0]["by"] == "email"
    second = newest_code(sandboxes["mvp"])
    if first != second:
        assert "isn't the code" in await talk.say(first)
    assert "Albany" in await talk.say(second)


async def test_a_second_conversation_waits_with_its_question(
    services: Services, redis: Redis, sandboxes: Stands
) -> None:
    first, second = Talk(services, redis, "c1"), Talk(services, redis, "c2")
    await asked_for_code(first, *MORGAN)
    elsewhere = newest_code(sandboxes["mvp"])
    sent = len(outbox(sandboxes["mvp"]))
    reply = await asked_for_code(second, *MORGAN)
    assert "counts only there" in reply
    assert "Your question waits" in reply
    assert "counts only there" in await second.say(elsewhere)
    assert "counts only there" in await second.say("send it", "affirm")
    assert len(outbox(sandboxes["mvp"])) == sent
    for key in [key async for key in redis.scan_iter("memberline:code-sent:*")]:
        await redis.delete(key)
    assert "mobile number ending in" in await second.say("send it", "affirm")
    assert "Albany" in await second.say(newest_code(sandboxes["mvp"]))


async def test_a_no_is_a_no(talk: Talk) -> None:
    await asked_for_code(talk, *MORGAN)
    reply = await talk.say("no, I'd rather not", "deny")
    assert "That's all right" in reply
    assert talk.asking is None


async def test_a_code_that_is_over_is_sent_anew(
    talk: Talk, redis: Redis, sandboxes: Stands
) -> None:
    await asked_for_code(talk, *MORGAN)
    old = newest_code(sandboxes["mvp"])
    for pattern in ("memberline:code:*", "memberline:code-sent:*"):
        for key in [key async for key in redis.scan_iter(pattern)]:
            await redis.delete(key)
    assert "over" in await talk.say(old)
    assert "Albany" in await talk.say(newest_code(sandboxes["mvp"]))


async def test_the_company_cannot_send(
    talk: Talk, sandboxes: Stands, clients: dict[str, Client]
) -> None:
    await talk.say("which plan covers me?", "which_plan_covers_me")
    await talk.give(*MORGAN)
    sandboxes["mvp"].fault(kind="down")
    reply = await talk.say("what is my address on file?", "update_contact")
    assert "could not send you a code" in reply
    assert talk.asking is None


async def test_in_shadow_nothing_is_sent(
    services: Services, redis: Redis, sandboxes: Stands
) -> None:
    talk = Talk(services, redis)
    await talk.say("which plan covers me?", "which_plan_covers_me")
    await talk.give(*MORGAN)
    sent = len(outbox(sandboxes["mvp"]))
    shadow = Talk(services, redis, mode="suggest")
    assert "one-time code" in await shadow.say("what is my address on file?", "update_contact")
    assert len(outbox(sandboxes["mvp"])) == sent
