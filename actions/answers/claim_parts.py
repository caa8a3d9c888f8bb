"""The one thing that is asked of a claim that was told: the day, the care, the sums, its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actions.answers.claim_words import Voice, note, owed, when
from actions.answers.wording import day, joined
from alliance.claims import Claim
from alliance.partners import Partner


def part(claim: Claim, asked: str | None, partner: Partner, voice: Voice) -> str:
    """What the file says of it, as follow-ups name what is `asked`; nothing where no part of a
    claim is meant, and the whole is to be told.
    """
    tell = _PARTS.get(asked or "")
    return tell(claim, partner, voice) if tell else ""


def _number(claim: Claim, partner: Partner, voice: Voice) -> str:
    return f"{voice.company(partner)} has it under the claim number {claim.number}."


def _days(claim: Claim, partner: Partner, voice: Voice) -> str:
    """The day of the visit, and when the company got and decided the claim."""
    name = voice.company(partner)
    visit = f"The visit was on {when(claim)}." if when(claim) else "The file has no day of a visit."
    got = f"got the claim on {day(claim.received_on)}" if claim.received_on else ""
    decided = claim.paid_on if not claim.is_open else None
    done = f"decided it on {day(decided)}" if decided else ""
    dates = joined([each for each in (got, done) if each])
    return f"{visit} {name} {dates}." if dates else visit


def _care(claim: Claim, partner: Partner, voice: Voice) -> str:
    """Who gave which care; nothing below the level at which that is told."""
    if not voice.details:
        return ""
    name = voice.company(partner)
    on = f" on {when(claim)}" if when(claim) else ""
    if claim.service and claim.provider:
        return f"{name} has it as: {claim.service}, {claim.provider}{on}."
    if known := claim.service or claim.provider:
        lacking = "who gave the care" if claim.service else "which care it was"
        return f"{name} has it as: {known}{on}. The file does not say {lacking}."
    return f"{name}'s file says neither who gave the care nor what it was{on}."


def _sums(claim: Claim, partner: Partner, voice: Voice) -> str:
    billed = f"The bill was {voice.amount(claim.billed)}." if claim.billed is not None else ""
    return f"{billed} {_share(claim, partner, voice)}".strip()


def _share(claim: Claim, partner: Partner, voice: Voice) -> str:
    if claim.state == "reversed" and claim.member_owes:
        told = f"{voice.owner('share')} as {voice.amount(claim.member_owes)}"
        back = f"{voice.company(partner)} took its payment back and shows {told}."
        return f"{back} Before you pay, have this checked."
    share = owed(claim, voice.company(partner), voice)
    refused = claim.state == "denied" and bool(claim.member_owes)
    return f"{share} Before you pay, have the denial checked." if refused else share


def _to_pay(claim: Claim, partner: Partner, voice: Voice) -> str:
    """The share, and when it is to be paid: a claim asks for no money."""
    if claim.is_open:
        name = voice.company(partner)
        return (
            f"{name} has not decided that claim yet, so {voice.owner('share')} is not known. Pay "
            "nothing until it is."
        )
    share = _share(claim, partner, voice)
    if claim.state == "denied" or not claim.member_owes:
        return share
    return f"{share} Pay the office when its own bill asks for the same amount."


def _lacking(claim: Claim, partner: Partner, voice: Voice) -> str:
    """What the company waits for, by its own note; nothing below the level of details."""
    told = note(claim)
    if not voice.details or not told:
        return ""
    if claim.state in ("denied", "partly_paid"):
        return f"{voice.company(partner)} tells it in a note on the claim.{told}"
    if claim.state != "information_requested":
        return ""
    who = "Often the doctor's office sends it: ask them whether it has."
    return f"{voice.company(partner)} waits for information.{told} {who}"


def _payment(claim: Claim, partner: Partner, voice: Voice) -> str:
    """What the company paid, and when; nothing while it is not decided, or was taken back."""
    if claim.is_open or claim.paid is None or claim.state == "reversed":
        return ""
    did = f"paid {voice.amount(claim.paid)}" if claim.paid else "paid nothing"
    on = f" on {day(claim.paid_on)}" if claim.paid_on and claim.paid else ""
    of = f" of the bill of {voice.amount(claim.billed)}" if claim.billed is not None else ""
    return f"{voice.company(partner)} {did}{of}{on}. {_share(claim, partner, voice)}".strip()


def _allowed(claim: Claim, partner: Partner, voice: Voice) -> str:
    """The plan's price, of which the share is a part."""
    if claim.allowed is None or claim.is_open:
        return ""
    of = f" of the bill of {voice.amount(claim.billed)}" if claim.billed is not None else ""
    allowed = f"{voice.company(partner)} allowed {voice.amount(claim.allowed)}{of}."
    return f"{allowed} {_share(claim, partner, voice)}".strip()


def _unpaid(claim: Claim, partner: Partner, voice: Voice) -> str:
    """What the plan does not cover of it, where the file says so."""
    if not claim.not_covered:
        return _payment(claim, partner, voice)
    name = voice.company(partner)
    return f"{name} does not cover {voice.amount(claim.not_covered)} of it. " + _payment(
        claim, partner, voice
    )


def _rest(claim: Claim, partner: Partner, voice: Voice) -> str:
    """Who bears what neither the plan nor the member pays of the bill."""
    if claim.is_open or claim.state == "reversed" or claim.billed is None:
        return ""
    share = _share(claim, partner, voice)
    if claim.state == "denied" and not claim.member_owes:
        return f"The office: {voice.company(partner)} paid nothing of it. {share}"
    if claim.state in ("paid", "adjusted") and claim.in_network:
        return f"{share} The rest is the plan's discount: an office in the network bears it."
    return _unpaid(claim, partner, voice)


def _network(claim: Claim, partner: Partner, voice: Voice) -> str:
    """Whether it was paid as in network; nothing where the file does not say."""
    name = voice.company(partner)
    if claim.in_network is None:
        return f"{name}'s file does not say whether that was in network."
    inside = "in network" if claim.in_network else "out of network"
    return f"{name} has that claim as {inside}."


def compared(claim: Claim, before: Claim, voice: Voice) -> str:
    """The share of a claim beside that of an earlier one; nothing where either is not known."""
    now, then = claim.member_owes, before.member_owes
    if now is None or then is None:
        return ""
    amount, more = voice.amount, now - then
    by = "the same" if not more else f"{amount(abs(more))} {'more' if more > 0 else 'less'}"
    share = voice.owner("share")
    number = "" if voice.spoken else f" ({before.number})"
    return (
        f"{share[:1].upper()}{share[1:]} is {amount(now)} this time. On the claim before it, of "
        f"{when(before)}{number}, it was {amount(then)}: that is {by} now. They may be for "
        "different care."
    )


def _toward(claim: Claim, partner: Partner, voice: Voice) -> str:
    """What of it the file lists as deductible: the rest of a share counts otherwise, or nowhere."""
    name = voice.company(partner)
    if claim.is_open:
        return f"{name} is still working on it, so nothing of it has counted yet."
    if claim.deductible:
        return (
            f"{name} lists {voice.amount(claim.deductible)} of it as deductible: that has counted."
        )
    parts = [
        f"{voice.amount(claim.copay)} is a copay" if claim.copay else "",
        f"{voice.amount(claim.coinsurance)} is your percentage" if claim.coinsurance else "",
        f"{voice.amount(claim.not_covered)} is not covered" if claim.not_covered else "",
    ]
    told = joined([each for each in parts if each])
    told = f" {told[:1].upper()}{told[1:]}." if told else ""
    counts = claim.copay or claim.coinsurance
    limit = " Copays and percentages mostly count toward the out-of-pocket limit." if counts else ""
    return f"No: {name} lists nothing of it as deductible.{told}{limit}"


_PARTS: Mapping[str, Callable[[Claim, Partner, Voice], str]] = {
    "number": _number,
    "since": _days,
    "care": _care,
    "cost": _sums,
    "share": _share,
    "pay": _to_pay,
    "paid": _payment,
    "documents": _lacking,
    "toward": _toward,
    "allowed": _allowed,
    "unpaid": _unpaid,
    "network": _network,
    "rest": _rest,
}
