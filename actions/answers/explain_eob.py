"""An explanation of benefits in plain words: what was billed, what was paid, what is owed and why.

Every amount is the company's own figure; nothing is added up or subtracted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from actions.answers.claim_denial import claim_denial, same_visit, which_one
from actions.answers.claim_search import Found, search, trouble, unseen
from actions.answers.claim_words import Voice, card, facts, label, owed, source, voices
from actions.answers.claims import MOST_READ, about, claim_status, not_received
from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import joined
from alliance.answer import Answer, Button
from alliance.claims import Claim
from alliance.partners import Partner
from alliance.verified import VerifiedMember

DENIAL = "Why was it denied?"


async def explain_eob(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The explanation of the claim that is meant, or of the latest decided one. Level 2."""
    wanted = question.claim or ClaimWanted(latest=True)
    found = await search(member, wanted, desk)
    if question.asked and len(found.claims) == 1:
        return replace(await claim_status(member, question, desk), intent=question.intent)
    decided = [claim for claim in found.claims if not claim.is_open]
    if wanted.latest:
        decided = decided[:1]
    if not decided:
        if found.claims and not wanted.latest:
            return replace(await claim_status(member, question, desk), intent=question.intent)
        return replace(not_received(member, question, wanted, found, desk), intent=question.intent)
    if (len(decided) > 1 and not _one_visit(decided)) or (found.missed and len(decided) > 1):
        return which_one(
            member,
            question,
            decided,
            found,
            desk,
            head=f"{unseen(found)} There are {len(decided)} explanations".strip(),
            ask="Which one shall I explain?",
            button="Explain the EOB of claim {number}",
        )
    if decided[0].state == "denied" and len(decided) == 1:
        given = await claim_denial(
            member, replace(question, claim=ClaimWanted(number=decided[0].number)), desk
        )
        return replace(given, intent=question.intent)
    return _explained(member, question, decided, found, desk)


def _one_visit(claims: Sequence[Claim]) -> bool:
    return len(same_visit(claims[0], claims)) == len(claims) - 1


def _explained(
    member: VerifiedMember, question: Question, claims: Sequence[Claim], found: Found, desk: Desk
) -> Answer:
    read, heard = voices(member)
    # The hospital's before the doctors': it is the bill that people ask about.
    shown = sorted(claims, key=lambda claim: claim.form != "institutional")[:MOST_READ]
    missing = trouble(found.failed, desk)
    text = " ".join(explained(claim, desk.partners[claim.partner], read) for claim in shown)
    speech = " ".join(_briefly(claim, desk.partners[claim.partner], heard) for claim in shown[:2])
    note = "This is not a bill: compare it with the bill before you pay."
    denied = any(claim.state in ("denied", "partly_paid") for claim in shown)
    return Answer(
        text=" ".join(part for part in (text, note, missing) if part),
        speech=" ".join(part for part in (speech, missing) if part),
        intent=question.intent,
        partner=shown[0].partner,
        level=2,
        facts={"claims": [facts(claim) | amounts(claim) for claim in shown], **about(claims)},
        buttons=(
            *((Button(DENIAL, f"Why was claim {shown[0].number} denied?"),) if denied else ()),
            Button("I got a bill for it", f"I got a bill for claim {shown[0].number}"),
            PERSON,
        ),
        cards=tuple(card(each, desk.partners[each.partner], member) for each in shown),
        sources=tuple(source(each, desk.now().isoformat()) for each in shown),
    )


def explained(claim: Claim, partner: Partner, voice: Voice) -> str:
    """All the lines of one explanation, with the share and what it is made of."""
    name = voice.company(partner)
    lines = [
        f"billed {voice.amount(claim.billed)}" if claim.billed is not None else "",
        f"the plan's price {voice.amount(claim.allowed)}" if claim.allowed else "",
        f"paid by the plan {voice.amount(claim.paid)}" if claim.paid is not None else "",
    ]
    told = joined([each for each in lines if each])
    parts = [f"{name} on {label(claim, voice)}: {told or 'no amounts on file'}."]
    parts.append(_made_of(claim, name, voice))
    return " ".join(part for part in parts if part)


def _briefly(claim: Claim, partner: Partner, voice: Voice) -> str:
    """For the ear: the share, and what it is made of."""
    name = voice.company(partner)
    whose = {"institutional": "The hospital's bill", "professional": "The doctor's bill"}
    bill = whose.get(claim.form or "", "The bill")
    billed = f"{bill} was {voice.amount(claim.billed)}; " if claim.billed is not None else ""
    amount = voice.amount(claim.paid) if claim.paid else "nothing"
    paid = f"{name} paid {amount}." if claim.paid is not None else ""
    return " ".join(part for part in (f"{billed}{paid}", _made_of(claim, name, voice)) if part)


def _made_of(claim: Claim, name: str, voice: Voice) -> str:
    """'Your share is $25.00: a copay of $25.00.'"""
    if claim.member_owes is None or claim.member_owes == Decimal(0):
        return owed(claim, name, voice)
    named = (
        ("deductible", claim.deductible),
        ("copay", claim.copay),
        ("coinsurance", claim.coinsurance),
        ("not covered", claim.not_covered),
    )
    pieces = [f"{what} {voice.amount(value)}" for what, value in named if value]
    share = voice.owner("share")
    told = f": {joined(pieces)}" if pieces else ""
    return f"{share[:1].upper()}{share[1:]} is {voice.amount(claim.member_owes)}{told}."


def amounts(claim: Claim) -> dict[str, str | None]:
    """The lines of the explanation in plain values, '25.00'."""
    return {
        name: None if value is None else f"{value:.2f}"
        for name, value in (
            ("allowed", claim.allowed),
            ("deductible", claim.deductible),
            ("copay", claim.copay),
            ("coinsurance", claim.coinsurance),
            ("not_covered", claim.not_covered),
        )
    }
