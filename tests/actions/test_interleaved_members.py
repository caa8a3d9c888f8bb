"""Hundreds of verifications and answers at once: nobody ever hears of anybody else."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from typing import Any

from redis.asyncio import Redis

from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.topics import answer
from actions.records import MemberRecords
from actions.services import Services
from actions.verification import Factors, Refused, Unavailable, Verified
from alliance.partners import Partners
from alliance.turn import CONTEXT_SECONDS, TurnContext, context_key
from alliance.verified import Actor
from sandbox.population.calendar import Anchor
from sandbox.population.records import Member
from sandbox.population.rendering import member_resources
from sandbox.population.samples import samples
from sandbox.profiles import load_profile
from tests.sandbox.conftest import TODAY

# The whole measure is 500 (MEMBERLINE_INTERLEAVED=500); the suite's share of it finds a shared
# variable just as well.
TRIES = int(os.environ.get("MEMBERLINE_INTERLEAVED", "60"))
AT_ONCE = 12
# One in so many gives somebody else's birth date.
WRONG = 5
_CLAIM_NUMBER = re.compile(r"\bCLM-\d{4}-\d{5}\b")
_ASKED = (
    Question("claim_status", "all of my claims", claim=ClaimWanted()),
    Question("which_plan_covers_me", "which plan covers me"),
    Question("id_card", "show me my card"),
)


def people() -> list[Member]:
    """Sample members whom ID, birth date and ZIP code prove, in a group of the alliance."""
    found = [
        sample.member
        for sample in samples(Anchor(TODAY))
        if any(cover.group.startswith("ALX") for cover in sample.member.covers)
    ]
    # Who shares an ID is asked for the company first: no matter of this test.
    return [each for each in found if not each.member_id.isdigit()]


def own_numbers(member: Member, everyone: list[Member]) -> set[str]:
    """The claim numbers of the person, at every company that knows them."""
    records = [
        each
        for each in everyone
        if (each.given, each.family, each.born) == (member.given, member.family, member.born)
    ]
    resources = [
        resource
        for each in records
        for resource in member_resources(each, load_profile(each.partner), TODAY)
    ]
    return set(_CLAIM_NUMBER.findall(json.dumps(resources, default=str)))


async def held(
    services: Services,
    redis: Redis,
    partners: Partners,
    number: int,
    member: Member,
    *,
    wrong: bool,
) -> list[str]:
    """One conversation: verified, and a few questions; what was said, or nothing when refused."""
    context = TurnContext(f"c{number}", "t1", "chat", "live", Actor("member"))
    stored = json.dumps(context.to_json())
    await redis.set(context_key(context.conversation_id), stored, ex=CONTEXT_SECONDS)
    born = date(1901, 1, 1) if wrong else member.born
    # A wrong date counts against an ID that nobody has, or the real one would be locked out.
    member_id = f"{member.member_id[0]}9{number:07d}" if wrong else member.member_id
    factors = Factors((member.given,), member_id, born, member.zip)
    outcome = await services.verification.verify(
        context, factors, partners[member.partner], partners
    )
    if wrong:
        assert isinstance(outcome, (Refused, Unavailable))
        return []
    if isinstance(outcome, Unavailable):
        # On a busy machine a stand-in misses its time limit: nothing is told then.
        return []
    assert isinstance(outcome, Verified), (member.member_id, outcome)
    proof = replace(outcome.member, level=2)
    backends = services.backends
    records = MemberRecords(outcome.context, backends, services.audit, services.clock)
    desk = Desk(partners, backends, records, services.clock)
    told = [await answer(proof, asked, asked.intent, desk) for asked in _ASKED]
    return [repr(each.to_json()) for each in told]


async def test_no_answer_crosses_members(
    services: Services,
    redis: Redis,
    partners: Partners,
    record_property: Callable[[str, object], None],
) -> None:
    everyone = people()
    asked = [*islice(cycle(everyone), TRIES)]
    random.Random(7).shuffle(asked)  # noqa: S311 (an order, no secret)
    numbers = {each.member_id: own_numbers(each, everyone) for each in everyone}
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, member: Member) -> list[str]:
        async with gate:
            return await held(services, redis, partners, number, member, wrong=number % WRONG == 0)

    said = await asyncio.gather(*(one(number, member) for number, member in enumerate(asked)))
    answered = 0
    for number, (member, answers) in enumerate(zip(asked, said, strict=True)):
        answered += bool(answers)
        assert not answers or number % WRONG
        own = {each.member_id for each in everyone if same(each, member)}
        for told in answers:
            assert set(_CLAIM_NUMBER.findall(told)) <= numbers[member.member_id], member.member_id
            for other in everyone:
                if other.member_id not in own:
                    assert other.member_id not in told, (member.member_id, other.member_id)
                    assert other.id not in told, (member.member_id, other.member_id)
    record_property("answers", answered * len(_ASKED))
    assert answered > TRIES // 2


def same(one: Any, other: Any) -> bool:
    return bool((one.given, one.family, one.born) == (other.given, other.family, other.born))
