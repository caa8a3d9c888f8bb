"""Where a claim stands: status, amount, date and company, from the administering company."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.wording import day, days, joined, line_of, money, spoken_money
from actions.settings import ANSWER_SECONDS
from alliance.answer import Answer, Source
from alliance.claims import Claim
from alliance.coverage import Coverage, administrators
from alliance.errors import PartnerUnavailable
from alliance.partners import Partner
from alliance.verified import VerifiedMember

# How an amount is rendered: for reading or for hearing.
_Amount = Callable[[Decimal], str]

# Others know a person's ID, birth date and ZIP code: labelled claims need more proof than that, and
# below it they are not there, in no list and no count.
SENSITIVE_LEVEL = 2
MOST_READ = 5
MOST_SPOKEN = 3


async def claim_status(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The claims that were asked about, with what each company says. Level 1: state, date and
    amounts; provider, service and reason need level 2.
    """
    wanted = question.claim or ClaimWanted(latest=True)
    asked, unreached = await _companies(member, wanted, desk)
    found, failed = await _ask(member, wanted, asked, desk)
    failed = list(dict.fromkeys([*failed, *unreached, *member.person.unreached]))
    claims = [
        claim
        for claim in found
        if claim.kind == "claim"
        and not claim.replaced_by
        and (member.level >= SENSITIVE_LEVEL or not claim.sensitive)
    ]
    if wanted.latest:
        claims = claims[:1]
    if not claims:
        return _nothing(question, wanted, asked, failed, desk)
    return _told(question, wanted, claims, failed, desk)


async def _companies(
    member: VerifiedMember, wanted: ClaimWanted, desk: Desk
) -> tuple[list[str], list[str]]:
    """The companies to ask: whoever administered the coverage on the days of service; all that
    the person belongs to when neither number nor days decide it.
    """
    everywhere = [membership.partner for membership in member.person.memberships]
    if wanted.period is None or len(everywhere) == 1:
        return everywhere, []
    coverages, unreached = await _coverages(member, desk)
    decided = administrators(coverages, wanted.period.start, wanted.period.end)
    # A company that could not say whether it covered those days is asked for claims all the same.
    asked = [key for key in everywhere if key in decided or key in unreached]
    return asked or everywhere, unreached


async def _coverages(member: VerifiedMember, desk: Desk) -> tuple[list[Coverage], list[str]]:
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


def _told(
    question: Question,
    wanted: ClaimWanted,
    claims: Sequence[Claim],
    failed: Sequence[str],
    desk: Desk,
) -> Answer:
    read = [_sentence(claim, desk.partners[claim.partner], spoken=False) for claim in claims]
    said = [_sentence(claim, desk.partners[claim.partner], spoken=True) for claim in claims]
    text = _list(read, MOST_READ, _heading(wanted, len(claims)))
    speech = _list(said, MOST_SPOKEN, _heading(wanted, len(claims)))
    trouble = _trouble(failed, desk)
    partner = claims[0].partner
    fetched = desk.now().isoformat()
    return Answer(
        text=_with(text, trouble),
        speech=_with(speech, trouble),
        intent=question.intent,
        partner=partner,
        level=1,
        facts={"claims": [_facts(claim) for claim in claims[:MOST_READ]]},
        cards=tuple(_card(claim, desk.partners[claim.partner]) for claim in claims[:MOST_READ]),
        sources=tuple(
            Source(claim.partner, f"ExplanationOfBenefit/{claim.id}", fetched)
            for claim in claims[:MOST_READ]
        ),
    )


def _heading(wanted: ClaimWanted, count: int) -> str:
    if count == 1:
        return ""
    when = f" from {days(wanted.period.start, wanted.period.end)}" if wanted.period else ""
    return f"There are {count} claims{when}."


def _list(sentences: Sequence[str], most: int, heading: str) -> str:
    shown = list(sentences[:most])
    more = len(sentences) - len(shown)
    if more:
        shown.append(
            f"There {'is one more' if more == 1 else f'are {more} more'}: "
            "tell me a claim number or a date for the others."
        )
    return " ".join([heading, *shown] if heading else shown)


def _sentence(claim: Claim, partner: Partner, *, spoken: bool) -> str:
    amount = spoken_money if spoken else money
    when = ""
    if claim.service_start:
        when = f" for {days(claim.service_start, claim.service_end or claim.service_start)}"
    name = partner.spoken_name if spoken else partner.name
    label = f"your claim{when}" if spoken else f"your claim {claim.number}{when}"
    parts = [_state(claim, name, label, amount)]
    if claim.billed is not None:
        parts.append(f"The bill was {amount(claim.billed)}.")
    if claim.state == "processed":
        parts.append(_figures(claim, amount))
    parts.append(_owed(claim, name, amount))
    return " ".join(part for part in parts if part)


def _state(claim: Claim, name: str, label: str, amount: _Amount) -> str:
    paid = amount(claim.paid) if claim.paid is not None else None
    on = f" on {day(claim.paid_on)}" if claim.paid_on else ""
    received = f" It was received on {day(claim.received_on)}." if claim.received_on else ""
    match claim.state:
        case "paid" | "adjusted" if paid:
            again = "processed again and paid" if claim.state == "adjusted" else "paid"
            return f"{name} {again} {label}. It paid {paid}{on}."
        case "paid" | "adjusted":
            return f"{name} shows {label} as paid{on}, without an amount."
        case "partly_paid":
            return f"{name} paid part of {label}: {paid or 'an amount not in the file'}{on}."
        case "denied":
            return (
                f"{name} denied {label}{on}. To hear the reason, ask me to connect you "
                "with a person."
            )
        case "pending":
            return f"{name} has {label} and is still working on it.{received}"
        case "information_requested":
            return f"{name} has asked for more information about {label}.{received}"
        case "received":
            return f"{name} has received {label} and will start on it.{received}"
        case "reversed":
            return f"{name} reversed {label}{on}."
        case _:
            payment = f" The file shows {paid} paid{on}." if paid else " The file shows no payment."
            return f"{name} has processed {label}.{payment}"


def _figures(claim: Claim, amount: _Amount) -> str:
    """Where the file does not say how a claim was paid, the amounts that it does say."""
    named = (
        ("allowed", claim.allowed),
        ("plan benefit", claim.benefit),
        ("deductible", claim.deductible),
        ("copay", claim.copay),
        ("coinsurance", claim.coinsurance),
        ("not covered", claim.not_covered),
    )
    shown = [f"{name} {amount(value)}" for name, value in named if value is not None]
    return f"It also shows: {joined(shown)}." if shown else ""


def _owed(claim: Claim, name: str, amount: _Amount) -> str:
    if claim.state in ("received", "pending", "information_requested", "reversed"):
        return ""
    owed = claim.member_owes
    if owed is None:
        if claim.paid_by_member is not None:
            return f"The file shows {amount(claim.paid_by_member)} paid by you."
        return "The file does not say what you owe."
    if owed == Decimal(0):
        return (
            f"{name} shows that you owe nothing. If you got a bill, don't pay it until it is "
            "checked."
        )
    return f"{name} shows that your share is {amount(owed)}."


def _nothing(
    question: Question,
    wanted: ClaimWanted,
    asked: Sequence[str],
    failed: Sequence[str],
    desk: Desk,
) -> Answer:
    """Not found is 'not received as of today', and never 'no claim'."""
    today = day(desk.clock.today())
    heard = [desk.partners[key] for key in asked if key not in failed]
    trouble = _trouble(failed, desk)
    if not heard:
        return Answer(text=trouble, speech=trouble, intent=question.intent, kind="notice", level=1)
    which = "that claim"
    if wanted.period:
        which = f"a claim for {days(wanted.period.start, wanted.period.end)}"
    elif wanted.number:
        which = "a claim with that number"
    names = joined([partner.name for partner in heard], "or")
    lines = joined([line_of(partner) for partner in heard], "or")
    text = (
        f"{names} has not received {which} as of {today}. Providers can take a few weeks to "
        f"send one. You can ask the provider, or call {lines}."
    )
    return Answer(
        text=_with(text, trouble),
        speech=_with(text, trouble),
        intent=question.intent,
        partner=heard[0].key,
        level=1,
        facts={"claims": []},
    )


def _trouble(failed: Sequence[str], desk: Desk) -> str:
    partners = [desk.partners[key] for key in failed]
    return " ".join(
        f"I could not reach {partner.name} just now, so its claims are missing here. Please try "
        f"again in a few minutes, or call {line_of(partner)}."
        for partner in partners
    )


def _with(text: str, trouble: str) -> str:
    return f"{text} {trouble}" if trouble else text


def _facts(claim: Claim) -> dict[str, str | None]:
    def figure(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:.2f}"

    return {
        "number": claim.number,
        "partner": claim.partner,
        "state": claim.state,
        "service_start": claim.service_start.isoformat() if claim.service_start else None,
        "billed": figure(claim.billed),
        "paid": figure(claim.paid),
        "member_owes": figure(claim.member_owes),
        "paid_on": claim.paid_on.isoformat() if claim.paid_on else None,
    }


def _card(claim: Claim, partner: Partner) -> dict[str, object]:
    return {"kind": "claim", "company": partner.name, **_facts(claim)}
