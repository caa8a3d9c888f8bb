"""A bill from a provider, compared with the company's member liability: never billed minus paid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from actions.answers.claim_search import Found, search, trouble
from actions.answers.claim_words import Voice, card, facts, label, source, voices
from actions.answers.claims import MOST_READ, about
from actions.answers.general import general
from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import line_of
from alliance.answer import Answer
from alliance.claims import Claim
from alliance.partners import Partner
from alliance.values import read_amount
from alliance.verified import VerifiedMember

# The case of the knowledge entry that holds for a claim of an emergency or out of network, whatever
# the member's words.
_SURPRISE = "surprise bill"
_LIMITED = (
    "For an emergency, or an out of network doctor at a network hospital, the law mostly limits "
    "your share."
)
_PAID = re.compile(r"\b(?:i|we)(?:'ve| have)? (?:\w+ )?(?:paid|gave|handed|sent)\b", re.IGNORECASE)
MOST_SPOKEN = 2
_BILLED_BY = {"institutional": "hospital", "professional": "doctor's", "pharmacy": "pharmacy"}


async def billing_problem(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """What the company says of the bill's claim. Level 2."""
    wanted = question.claim or ClaimWanted()
    told = read_amount(question.text)
    if told is None and wanted.signs is not None and len(wanted.signs.amounts) == 1:
        # "The hospital says I owe 2340."
        told = wanted.signs.amounts[0]
    paid = told if _PAID.search(question.text) else None
    billed = None if paid is not None else told
    found = await search(member, wanted, desk)
    meant = _meant(found, wanted, billed)
    if not meant:
        return _which_bill(member, question, found, desk)
    rule = _rule(member, question, meant, desk)
    read, heard = voices(member)
    missing = trouble(found.failed, desk)
    shown = meant[:MOST_READ]
    lead = rule.speech if rule else ""
    several = len(shown) > 1
    apart = "Hospital and doctors bill apart." if several else ""
    # An amount that was not understood: what was paid above the share is what matters.
    unread = paid is None and len(shown) == 1 and _PAID.search(question.text) is not None
    text = [
        _compared(claim, desk.partners[claim.partner], billed, read, several=several)
        + _too_much(claim, paid if len(shown) == 1 else None, read)
        for claim in shown
    ]
    speech = [
        _compared(claim, desk.partners[claim.partner], billed, heard, several=several)
        + _too_much(claim, paid if len(shown) == 1 else None, heard)
        for claim in shown[:MOST_SPOKEN]
    ]
    if unread and shown[0].member_owes is not None and not shown[0].is_open:
        text, speech = ([_to_give_back(shown[0], desk, voice)] for voice in (read, heard))
    if rule and rule.facts["case"] == _SURPRISE and not several:
        # Why the share is so small, and that more is mostly not allowed.
        speech.append(_LIMITED)
    return Answer(
        # The rule in its short form, then the figures, which are what was asked for.
        text=" ".join(part for part in (lead, apart, *text, missing) if part),
        speech=" ".join(part for part in (*speech, apart, missing) if part),
        intent=question.intent,
        partner=shown[0].partner,
        level=2,
        facts={
            "claims": [facts(claim) for claim in shown],
            "billed_to_member": None if billed is None else f"{billed:.2f}",
            "rule": rule.facts["case"] if rule else None,
            **about(_to_pay(shown)),
        },
        buttons=(PERSON,),
        cards=tuple(card(each, desk.partners[each.partner], member) for each in shown),
        sources=(
            *(source(each, desk.now().isoformat()) for each in shown),
            *(rule.sources if rule else ()),
        ),
    )


def _meant(found: Found, wanted: ClaimWanted, billed: Decimal | None) -> list[Claim]:
    """The claims that the bill can be about: those asked for; else those with its amount."""
    claims = found.claims
    if wanted.latest:
        return list(claims[:1])
    # The bill's amount alone is often more than any claim shows.
    told = wanted.signs is not None and (wanted.signs.of_care or wanted.signs.decided is not None)
    care = told and not set(found.missed) - {f"${billed:,.2f}" if billed is not None else ""}
    named = wanted.number is not None or wanted.period is not None or care
    of_amount = [
        claim
        for claim in claims
        if billed is not None and billed in (claim.billed, claim.member_owes)
    ]
    if named:
        return of_amount if len(claims) > 1 and of_amount else _dearest_first(claims)
    return of_amount


def _to_pay(claims: Sequence[Claim]) -> list[Claim]:
    """Of several claims those of which something is left to pay: one alone is what is meant."""
    return [claim for claim in claims if claim.member_owes] if len(claims) > 1 else list(claims)


def _dearest_first(claims: Sequence[Claim]) -> list[Claim]:
    """Of several, the one that asks for most: nobody is troubled by a bill for nothing."""
    return sorted(claims, key=lambda claim: claim.member_owes or Decimal(0), reverse=True)


def _rule(
    member: VerifiedMember, question: Question, claims: Sequence[Claim], desk: Desk
) -> Answer | None:
    """What holds for this kind of trouble (collections, paid twice, a surprise bill), if any."""
    said = general(member, question, desk)
    if said and said.facts["case"]:
        return said
    if any(claim.is_emergency or claim.in_network is False for claim in claims):
        said = general(member, replace(question, text=_SURPRISE), desk)
        return said if said and said.facts["case"] else None
    return None


def _compared(
    claim: Claim, partner: Partner, bill: Decimal | None, voice: Voice, *, several: bool
) -> str:
    """One claim's figures, and what they mean for the bill; of several, whose it is."""
    name, owner, amount = voice.company(partner), voice.owner, voice.amount
    what = label(claim, voice)
    if several and claim.form in _BILLED_BY:
        what = what.replace(" claim", f" {_BILLED_BY[claim.form]} claim", 1)
    bill = None if several else bill
    if claim.is_open:
        return f"{name} is still working on {what}: don't pay a bill for it before it is decided."
    if claim.state == "reversed":
        return (
            f"{name} took back its payment for {what}. Don't pay until we check; a person can "
            "tell why."
        )
    if claim.member_owes is None:
        return (
            f"{name} does not say what {owner.owes} for {what}. Don't pay until we check: call "
            f"{line_of(partner, spoken=voice.spoken)}."
        )
    share = claim.member_owes
    if share == Decimal(0):
        return f"{name} shows that {owner.owes} nothing for {what}. Don't pay until we check."
    told = f"{name} shows {owner('share')} for {what} as {amount(share)}."
    if claim.state == "denied":
        return f"{told} It was denied: before you pay, ask me why, as it can often be fixed."
    if bill is None:
        return f"{told} If the bill asks for more, don't pay the rest until we check."
    if bill > share:
        return f"{told} Your bill of {amount(bill)} is more: don't pay the rest until we check."
    if bill == share:
        return f"{told} Your bill of {amount(bill)} is the same."
    return f"{told} Your bill of {amount(bill)} is less, so it may be only a part of it."


def _too_much(claim: Claim, paid: Decimal | None, voice: Voice) -> str:
    """What the member has paid beyond the share: the office gives it back."""
    share = claim.member_owes
    if paid is None or share is None or claim.is_open or paid <= share:
        return ""
    more = voice.amount(paid - share)
    return f" You paid {voice.amount(paid)}, so {more} too much: ask the office to give it back."


def _to_give_back(claim: Claim, desk: Desk, voice: Voice) -> str:
    """For whoever has paid already, some amount."""
    name = voice.company(desk.partners[claim.partner])
    share = voice.amount(claim.member_owes or Decimal(0))
    return (
        f"{name} shows {voice.owner('share')} for {label(claim, voice)} as {share}. If you paid "
        "more than that, ask the office to give the rest back."
    )


def _only_an_amount(wanted: ClaimWanted) -> bool:
    """Whether nothing but the bill's amount tells which claim is meant."""
    signs = wanted.signs
    by_signs = signs is not None and (signs.of_care or signs.decided is not None)
    return not (wanted.number or wanted.period or wanted.latest or by_signs)


def _which_bill(member: VerifiedMember, question: Question, found: Found, desk: Desk) -> Answer:
    """Nothing tells which claim the bill is about: the rules, and what to say next."""
    said = general(member, question, desk)
    ask = "Tell me the date of the visit or the amount of the bill, and I'll compare it."
    if question.claim and _only_an_amount(question.claim):
        # A bill is often of another amount than its claim: that says nothing of the claim.
        ask = (
            "No claim that I see shows that amount. Tell me the date of the visit or the doctor, "
            "and I'll compare it."
        )
    elif question.claim:
        ask = (
            "I see no claim for that yet: ask the office to send it, and don't pay until it is "
            "decided."
        )
    missing = trouble(found.failed, desk)
    rule = said.speech if said else "Don't pay until we check."
    return Answer(
        text=" ".join(part for part in (said.text if said else rule, ask, missing) if part),
        speech=" ".join(part for part in ("Don't pay until we check.", ask, missing) if part),
        intent=question.intent,
        partner=said.partner if said else None,
        level=2,
        facts={"claims": []},
        buttons=(PERSON,),
        sources=said.sources if said else (),
    )
