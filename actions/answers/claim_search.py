"""Finding the claims that a question means, at every company that may administer them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.answers.claim_signs import Narrowed, narrowed
from actions.answers.claim_words import DETAILS_LEVEL
from actions.answers.question import ClaimWanted, Desk
from actions.answers.wording import joined, line_of
from actions.settings import ANSWER_SECONDS
from alliance.claims import Claim
from alliance.coverage import Coverage, administrators
from alliance.errors import PartnerUnavailable
from alliance.verified import VerifiedMember


@dataclass(frozen=True)
class Found:
    """`claims` that are meant, newest service first, and `around` them all of those days; `asked`
    and `failed` are partners' keys. `missed` is what was said of the claim and none showed.
    """

    claims: tuple[Claim, ...]
    asked: tuple[str, ...]
    failed: tuple[str, ...]
    around: tuple[Claim, ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def heard(self) -> tuple[str, ...]:
        """The companies that answered."""
        return tuple(key for key in self.asked if key not in self.failed)


async def search(member: VerifiedMember, wanted: ClaimWanted, desk: Desk) -> Found:
    """The claims that are wanted: no authorizations, none that another claim replaced."""
    asked, unreached = await _companies(member, wanted, desk)
    found, failed = await _ask(member, wanted, asked, desk)
    corrected = {(claim.partner, claim.replaces) for claim in found if claim.replaces}
    current = [
        claim
        for claim in found
        if claim.kind == "claim"
        and not claim.replaced_by
        and (claim.partner, claim.number) not in corrected
    ]
    if wanted.number and any(claim.partner == wanted.partner for claim in current):
        current = [claim for claim in current if claim.partner == wanted.partner]
    if wanted.beside:
        current = _of_that_visit(current, wanted.beside)
    if number := wanted.older or wanted.newer:
        current = _next_to(current, number, 1 if wanted.older else -1)
    meant = Narrowed(tuple(current), ())
    if wanted.signs:
        meant = narrowed(current, wanted.signs, details=member.level >= DETAILS_LEVEL)
    return Found(
        meant.claims,
        tuple(asked),
        tuple(dict.fromkeys([*failed, *unreached, *member.person.unreached])),
        around=tuple(current),
        missed=meant.missed,
    )


def _of_that_visit(claims: Sequence[Claim], number: str) -> list[Claim]:
    """The claims of the same day and company as one of them; all where it is not there."""
    one = next((claim for claim in claims if claim.number == number), None)
    if one is None or one.service_start is None:
        return list(claims)
    return [c for c in claims if (c.partner, c.service_start) == (one.partner, one.service_start)]


def _next_to(claims: Sequence[Claim], number: str, step: int) -> list[Claim]:
    """The claim so many places after one of them; none where either is not there."""
    places = {claim.number: place for place, claim in enumerate(claims)}
    place = places.get(number, len(claims)) + step
    return [claims[place]] if 0 <= place < len(claims) else []


def unseen(found: Found) -> str:
    """That no claim shows what was said of it, before those that there are; empty when one does."""
    if not found.missed or not found.claims:
        return ""
    return f"I see no claim marked {joined(list(found.missed), 'or')}."


def trouble(failed: Sequence[str], desk: Desk, what: str = "claims") -> str:
    """Which companies did not answer, and the way on; empty when all did."""
    partners = [desk.partners[key] for key in failed]
    is_missing = "are missing" if what.endswith("s") else "is missing"
    return " ".join(
        f"I could not reach {partner.name} just now, so its {what} {is_missing} here. Please try "
        f"again in a few minutes, or call {line_of(partner)}."
        for partner in partners
    )


async def coverages(member: VerifiedMember, desk: Desk) -> tuple[list[Coverage], list[str]]:
    """The member's coverages at all companies, and the companies that did not answer."""
    partners = [membership.partner for membership in member.person.memberships]
    answers = await asyncio.gather(
        *(desk.records.coverages(member, key) for key in partners), return_exceptions=True
    )
    found: list[Coverage] = []
    unreached: list[str] = []
    for key, answer in zip(partners, answers, strict=True):
        if isinstance(answer, PartnerUnavailable):
            unreached.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.extend(answer)
    return found, unreached


async def _companies(
    member: VerifiedMember, wanted: ClaimWanted, desk: Desk
) -> tuple[list[str], list[str]]:
    """The companies to ask: whoever administered the coverage on the days of service; all that
    the person belongs to when neither number nor days decide it.
    """
    everywhere = [membership.partner for membership in member.person.memberships]
    if wanted.period is None or len(everywhere) == 1:
        return everywhere, []
    known, unreached = await coverages(member, desk)
    decided = administrators(known, wanted.period.start, wanted.period.end)
    # A company that could not say whether it covered those days is asked for claims all the same.
    asked = [key for key in everywhere if key in decided or key in unreached]
    return asked or everywhere, unreached


async def _ask(
    member: VerifiedMember, wanted: ClaimWanted, asked: Sequence[str], desk: Desk
) -> tuple[list[Claim], list[str]]:
    """All claims found, newest service first, and the companies that did not answer in time."""
    period = wanted.period

    async def at(key: str) -> list[Claim]:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await desk.records.claims(
                member,
                key,
                start=period.start if period else None,
                end=period.end if period else None,
                number=wanted.number,
            )

    answers = await asyncio.gather(*(at(key) for key in asked), return_exceptions=True)
    found: list[Claim] = []
    failed: list[str] = []
    for key, answer in zip(asked, answers, strict=True):
        if isinstance(answer, (PartnerUnavailable, TimeoutError)):
            failed.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.extend(answer)
    found.sort(key=lambda claim: claim.service_start or date.min, reverse=True)
    return found, failed
