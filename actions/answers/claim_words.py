"""How a claim is said: in a sentence, in a line of a list, as a card; read and heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actions.answers.wording import day, days, joined, money, spoken_money
from alliance.answer import Source
from alliance.claims import Claim
from alliance.disclosure import OnBehalf
from alliance.partners import Partner
from alliance.verified import VerifiedMember

# How an amount is rendered: for reading or for hearing.
Amount = Callable[[Decimal], str]
# Provider, service, reason and notes are told from here on (the plan rules' level 2).
DETAILS_LEVEL = 2

_STATUS = {
    "received": "Received",
    "pending": "In process",
    "information_requested": "Waiting for information",
    "paid": "Paid",
    "partly_paid": "Partly paid",
    "denied": "Denied",
    "adjusted": "Processed again and paid",
    "reversed": "Reversed",
    "processed": "Processed",
}


@dataclass(frozen=True)
class Whose:
    """Whom a claim belongs to, in words: the member ("your", "you owe") or a dependant."""

    possessive: str
    owes: str
    owe: str
    subject: str
    whom: str

    def __call__(self, what: str) -> str:
        return f"{self.possessive} {what}"


_OWN = Whose("your", "you owe", "owe", "you", "yours")


def whose(member: VerifiedMember) -> Whose:
    """The member's own, or the dependant's whose records the proof opens."""
    name = member.person.first_name
    if not isinstance(member, OnBehalf) or not name:
        return _OWN
    possessive = f"{name}'" if name.endswith("s") else f"{name}'s"
    return Whose(possessive, f"{name} owes", "owes", name, name)


@dataclass(frozen=True)
class Voice:
    """One rendering: for reading, or spoken (no claim numbers, names as a voice says them)."""

    spoken: bool
    owner: Whose
    details: bool

    @property
    def amount(self) -> Amount:
        return spoken_money if self.spoken else money

    def company(self, partner: Partner) -> str:
        return partner.spoken_name if self.spoken else partner.name


def voices(member: VerifiedMember) -> tuple[Voice, Voice]:
    """For reading and for hearing; with details when the verification opens them."""
    details, owner = member.level >= DETAILS_LEVEL, whose(member)
    return Voice(False, owner, details), Voice(True, owner, details)


def when(claim: Claim) -> str:
    """'March 12, 2026', or nothing where the file has no day."""
    if not claim.service_start:
        return ""
    return days(claim.service_start, claim.service_end or claim.service_start)


def label(claim: Claim, voice: Voice) -> str:
    """'your claim CLM-2026-00181 for March 12, 2026 (Office visit, Sample Clinic)'."""
    number = "" if voice.spoken else f" {claim.number}"
    on = f" for {when(claim)}" if when(claim) else ""
    return f"{voice.owner('claim')}{number}{on}{_what(claim, voice)}"


def _what(claim: Claim, voice: Voice) -> str:
    if not voice.details or voice.spoken:
        return ""
    named = [name for name in (claim.service, claim.provider) if name]
    return f" ({', '.join(named)})" if named else ""


def sentence(claim: Claim, partner: Partner, voice: Voice) -> str:
    """Where the claim stands: state, amounts, dates, and what is owed; heard, what is owed comes
    before the rest, which may wait.
    """
    if voice.spoken and (told := _in_one_breath(claim, partner, voice)):
        return told
    state = _state(claim, voice.company(partner), label(claim, voice), voice)
    amounts = []
    if claim.billed is not None:
        amounts.append(f"The bill was {voice.amount(claim.billed)}.")
    if claim.state == "processed":
        amounts.append(_figures(claim, voice.amount))
    share = owed(claim, "It" if voice.spoken else partner.name, voice)
    parts = [state, share, *amounts] if voice.spoken else [state, *amounts, share]
    return " ".join(part for part in parts if part)


def _in_one_breath(claim: Claim, partner: Partner, voice: Voice) -> str:
    """What was paid and what is left for the member, heard together; when, and of how much, after
    it. Nothing where the file lacks one of them.
    """
    paid, share = claim.paid, claim.member_owes
    if claim.state not in ("paid", "adjusted", "partly_paid") or paid is None or share is None:
        return ""
    did = "looked again and paid" if claim.state == "adjusted" else "paid"
    left = f"{voice.owner('share')} is {voice.amount(share)}."
    what = label(claim, voice)
    outcome = f"{did} {what}: {voice.amount(paid)}" if paid else f"paid nothing on {what}"
    parts = [
        f"{voice.company(partner)} {outcome}.",
        f"{left[0].upper()}{left[1:]}" if share else owed(claim, "It", voice),
    ]
    if claim.state == "partly_paid":
        parts.append("It paid only a part.")
    if claim.paid_on:
        done = "paid" if paid else "processed"
        parts.append(f"It was {done} on {_day_after(claim, claim.paid_on, voice)}.")
    if claim.billed is not None:
        parts.append(f"The bill was {voice.amount(claim.billed)}.")
    return " ".join(parts)


def line(claim: Claim, voice: Voice) -> str:
    """One claim in a list: 'March 12, 2026: paid $140.00, your share $25.00 (CLM-...)'; heard, only
    how it stands: the rest is told of the one that is picked.
    """
    paid = voice.amount(claim.paid) if claim.paid is not None else ""
    state = {
        "received": "received",
        "pending": "in process",
        "information_requested": "waiting for information",
        "paid": f"paid {paid}".strip(),
        "partly_paid": f"partly paid, {paid}".strip(", "),
        "denied": "denied",
        "adjusted": f"processed again, paid {paid}".strip(),
        "reversed": "reversed",
        "processed": "processed",
    }[claim.state]
    if claim.paid == Decimal(0) and claim.state in ("paid", "adjusted"):
        state = "processed, nothing paid"
    told = [f"{when(claim) or 'no date on file'}: {state}"]
    if voice.spoken:
        return told[0]
    if not claim.is_open and claim.state != "reversed" and claim.member_owes is not None:
        told.append(f"{voice.owner('share')} {voice.amount(claim.member_owes)}")
    return f"{', '.join(told)} ({claim.number})"


def _state(claim: Claim, name: str, what: str, voice: Voice) -> str:
    amount = voice.amount
    paid = amount(claim.paid) if claim.paid is not None else None
    on = f" on {_day_after(claim, claim.paid_on, voice)}" if claim.paid_on else ""
    received = f" It was received on {day(claim.received_on)}." if claim.received_on else ""
    match claim.state:
        case "paid" | "adjusted" if claim.paid == Decimal(0):
            again = " again" if claim.state == "adjusted" else ""
            return f"{name} processed {what}{again}{on} and paid nothing toward it."
        case "paid" | "adjusted" if paid:
            again = "processed again and paid" if claim.state == "adjusted" else "paid"
            return f"{name} {again} {what}. It paid {paid}{on}."
        case "paid" | "adjusted":
            return f"{name} shows {what} as paid{on}, without an amount."
        case "partly_paid":
            return f"{name} paid part of {what}: {paid or 'an amount not in the file'}{on}."
        case "denied":
            return f"{name} denied {what}{on}."
        case "pending":
            return f"{name} has {what} and is still processing it.{received}"
        case "information_requested":
            asked = note(claim) if voice.details else ""
            return (
                f"{name} has asked for more information about {what}.{received}{asked} Often the "
                "doctor's office sends it: ask them whether it has."
            )
        case "received":
            return f"{name} has received {what} and will start on it.{received}"
        case "reversed":
            back = note(claim) if voice.details else ""
            return f"{name} reversed {what}{on}.{back}"
        case _:
            payment = f" The file shows {paid} paid{on}." if paid else " The file shows no payment."
            return f"{name} has processed {what}.{payment}"


def _day_after(claim: Claim, then: date, voice: Voice) -> str:
    """A day after the visit; heard, with its year only where that is another."""
    visit = claim.service_end or claim.service_start
    if voice.spoken and visit and visit.year == then.year:
        return day(then).removesuffix(f", {then.year}")
    return day(then)


def note(claim: Claim) -> str:
    """What the company's own note says, as a sentence with a space before it, or nothing."""
    return f" Its note says: {claim.notes[0].strip()}" if claim.notes else ""


def _figures(claim: Claim, amount: Amount) -> str:
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


def owed(claim: Claim, name: str, voice: Voice) -> str:
    """The member's liability as the company's file has it: never billed minus paid."""
    if claim.is_open or claim.state == "reversed":
        return ""
    share = claim.member_owes
    if share is None:
        if claim.paid_by_member is not None:
            payer = voice.owner.subject
            return f"The file shows {voice.amount(claim.paid_by_member)} paid by {payer}."
        return f"The file does not say what {voice.owner.owes}."
    if share == Decimal(0):
        return (
            f"{name} shows that {voice.owner.subject} {voice.owner.owe} nothing. If you got a "
            "bill, don't pay it until it is checked."
        )
    return f"{name} shows that {voice.owner('share')} is {voice.amount(share)}."


def facts(claim: Claim) -> dict[str, Any]:
    """The claim in plain values: amounts as '140.00', dates as '2026-03-12'."""
    return {
        "number": claim.number,
        "partner": claim.partner,
        "state": claim.state,
        "service_start": _iso(claim.service_start),
        "billed": _figure(claim.billed),
        "paid": _figure(claim.paid),
        "member_owes": _figure(claim.member_owes),
        "paid_on": _iso(claim.paid_on),
    }


def card(claim: Claim, partner: Partner, member: VerifiedMember) -> dict[str, Any]:
    """What the web chat shows beside the text: amounts and a timeline, written out."""
    details, owner = member.level >= DETAILS_LEVEL, whose(member)
    title = owner(f"claim of {when(claim)}" if when(claim) else f"claim {claim.number}")
    return {
        "kind": "claim",
        "title": title[:1].upper() + title[1:],
        "company": partner.name,
        "status": _STATUS[claim.state],
        "date": when(claim) or None,
        "provider": claim.provider if details else None,
        "service": claim.service if details else None,
        "amounts": [
            {"label": name, "amount": money(value)}
            for name, value in (
                ("Billed", claim.billed),
                ("Plan's price", claim.allowed),
                ("Plan paid", claim.paid),
                ("Deductible", claim.deductible),
                ("Copay", claim.copay),
                ("Coinsurance", claim.coinsurance),
                ("Not covered", claim.not_covered),
                (owner("share")[:1].upper() + owner("share")[1:], claim.member_owes),
            )
            if value is not None and not (claim.is_open and name != "Billed")
        ],
        "timeline": [{"date": day(at), "event": event} for at, event in _timeline(claim, partner)],
        **facts(claim),
    }


def _timeline(claim: Claim, partner: Partner) -> list[tuple[date, str]]:
    decided = {
        "paid": "Paid",
        "partly_paid": "Partly paid",
        "denied": "Denied",
        "adjusted": "Processed again and paid",
        "reversed": "Reversed",
    }.get(claim.state, "Processed")
    events = (
        (claim.service_start, "Service"),
        (claim.received_on, f"Received by {partner.short_name}"),
        (None if claim.is_open else claim.paid_on, decided),
    )
    return [(at, event) for at, event in events if at]


def source(claim: Claim, fetched: str) -> Source:
    """Where the claim was read: a claim that is not decided is a Claim, else its EOB."""
    kind = "Claim" if claim.is_open else "ExplanationOfBenefit"
    return Source(claim.partner, f"{kind}/{claim.id}", fetched)


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
