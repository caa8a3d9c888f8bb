"""Asking all companies of a person the same thing at once; one that does not answer is named."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from actions.answers.question import Desk
from actions.answers.wording import line_of
from alliance.errors import PartnerUnavailable
from alliance.verified import VerifiedMember

Told = TypeVar("Told")


@dataclass(frozen=True)
class Asked(Generic[Told]):
    """What each company told, by key; those that failed, and the sentence about them."""

    found: Mapping[str, Told]
    failed: tuple[str, ...]
    trouble: str


async def ask_every(
    member: VerifiedMember, desk: Desk, ask: Callable[[VerifiedMember, str], Awaitable[Told]]
) -> Asked[Told]:
    """`ask` is a method of `desk.records`. Raises what it raises, PartnerUnavailable apart."""
    keys = [membership.partner for membership in member.person.memberships]
    answers = await asyncio.gather(*(ask(member, key) for key in keys), return_exceptions=True)
    found: dict[str, Told] = {}
    failed: list[str] = list(member.person.unreached)
    for key, answer in zip(keys, answers, strict=True):
        if isinstance(answer, PartnerUnavailable):
            failed.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found[key] = answer
    names = dict.fromkeys(failed)
    trouble = " ".join(
        f"I could not reach {desk.partners[key].name} just now, so I may not see "
        f"everything. You can call {line_of(desk.partners[key])}."
        for key in names
    )
    return Asked(found, tuple(names), trouble)
