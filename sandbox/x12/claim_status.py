"""276 in, 277 out: where each claim stands, what was billed and paid, and its remittance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sandbox.profiles import Profile
from sandbox.store import Store
from sandbox.x12 import people
from sandbox.x12.claims import BackOfficeClaim, Line, of_patient
from sandbox.x12.interchange import Elements, Transaction, element

# Claim status codes (STC01-2) by category.
_STATUS = {
    "A2": "20",
    "P1": "3",
    "P3": "123",
    "F0": "107",
    "F1": "65",
    "F2": "85",
    "F3": "101",
}
# E0: the request could not be answered; 33 and 97 name the subscriber as what did not fit.
_UNKNOWN_PERSON = ("E0", "33", "IL")


def answer(
    store: Store, profile: Profile, request: Transaction, now: datetime
) -> Iterator[Elements]:
    """The body of the 277."""
    levels, asked = people.Levels(), people.Asked.read(request)
    found = people.find(store, asked)
    yield people.header(("0010", "08", "DG"), request, now)
    yield levels.next("20", child=True)
    yield people.payer(profile)
    yield levels.next("21", child=True)
    yield ("NM1", "41", "2", "MEMBERLINE", "", "", "", "", "46", request.sender)
    yield levels.next("19", child=True)
    provider = request.first("NM1", "1P")
    yield ("NM1", "1P", "2", element(provider, 3), "", "", "", "", "XX", element(provider, 9))
    yield levels.next("22", child=False)
    day = now.strftime("%Y%m%d")
    if isinstance(found, str):
        yield ("NM1", "IL", "1", asked.family, asked.given, "", "", "", "MI", asked.member_id)
        yield ("TRN", "2", asked.trace)
        yield ("STC", _UNKNOWN_PERSON, day)
        return
    yield people.subscriber(found, asked)
    claims = _asked_for(of_patient(store, str(found["id"])), request)
    for claim in claims:
        yield from _claim(claim, asked.trace, day)
    if not claims:
        yield ("TRN", "2", asked.trace)
        # A4: no claim is found.
        yield ("STC", ("A4", "35"), day)


def _asked_for(claims: list[BackOfficeClaim], request: Transaction) -> list[BackOfficeClaim]:
    number = element(request.first("REF", "1K"), 2)
    if number:
        claims = [claim for claim in claims if _plain(claim.number) == _plain(number)]
    days = element(request.first("DTP", "472"), 3)
    if days:
        first, _, last = days.partition("-")
        # A claim without a whole day of service is in no span of days, but it is a claim.
        claims = [each for each in claims if not each.first or each.served_in(first, last or first)]
    return claims


def _plain(number: str) -> str:
    return "".join(character for character in number.upper() if character.isalnum())


def _claim(claim: BackOfficeClaim, trace: str, day: str) -> Iterator[Elements]:
    yield ("TRN", "2", trace)
    when = claim.decided or claim.received or day
    final = claim.category.startswith("F")
    yield (
        *("STC", (claim.category, _STATUS.get(claim.category, "0")), when, ""),
        f"{claim.billed:.2f}",
        f"{claim.paid:.2f}" if final else "",
        claim.decided,
        "",
        claim.decided if claim.remittance else "",
        claim.remittance,
    )
    yield ("REF", "1K", claim.number)
    if claim.first:
        yield ("DTP", "472", "RD8", f"{claim.first}-{claim.last}")
    for line in claim.lines:
        if line.code and line.billed is not None:
            yield from _line(line, claim, when)


def _line(line: Line, claim: BackOfficeClaim, when: str) -> Iterator[Elements]:
    category = claim.category
    if category in ("F1", "F3"):
        category = "F2" if line.denied else "F1"
    yield (
        *("SVC", (line.qualifier, line.code), f"{line.billed:.2f}", f"{line.paid:.2f}"),
        *("", "", "", "1"),
    )
    yield ("STC", (category, _STATUS.get(category, "0")), when)
    if claim.first:
        yield ("DTP", "472", "RD8", f"{claim.first}-{claim.last}")
