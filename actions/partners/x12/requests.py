"""The 270 and 276 that ask about one proven member."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from actions.partners.x12.interchange import Elements

# Who asks: this service, by a test identifier until the payer assigns one.
_REQUESTER = "MEMBERLINE"
_REQUESTER_NPI = "1234567893"
_TRACE_ORIGIN = "9000005501"
_WHOLE_PLAN = "30"
_GENDERS = {"female": "F", "male": "M"}


@dataclass(frozen=True)
class Subscriber:
    """The member as the company's own record has them."""

    member_id: str
    family: str
    given: str
    born: date | None
    gender: str


def eligibility_request(
    who: Subscriber,
    payer_id: str,
    now: datetime,
    on: date | None = None,
    procedures: Collection[str] = (),
) -> Iterator[Elements]:
    """A 270 for the whole plan: on a day, or from two years back to a year ahead, so that ended and
    future plans are told too. `procedures` are the codes of single services (CPT, HCPCS, CDT).
    """
    yield ("BHT", "0022", "13", f"{now:%H%M%S%f}", f"{now:%Y%m%d}", f"{now:%H%M}")
    yield ("HL", "1", "", "20", "1")
    yield ("NM1", "PR", "2", "PAYER", "", "", "", "", "PI", payer_id)
    yield ("HL", "2", "1", "21", "1")
    yield ("NM1", "1P", "2", _REQUESTER, "", "", "", "", "XX", _REQUESTER_NPI)
    yield ("HL", "3", "2", "22", "0")
    yield ("TRN", "1", f"{now:%Y%m%d%H%M%S%f}", _TRACE_ORIGIN)
    yield from _name(who)
    if on:
        yield ("DTP", "291", "D8", f"{on:%Y%m%d}")
    else:
        yield ("DTP", "291", "RD8", f"{now.year - 2}0101-{now.year + 1}1231")
    yield ("EQ", _WHOLE_PLAN)
    for code in sorted(procedures):
        yield ("EQ", "", ("AD" if code.startswith("D") else "HC", code))


def claim_request(
    who: Subscriber,
    payer_id: str,
    now: datetime,
    days: tuple[date, date] | None = None,
) -> Iterator[Elements]:
    """A 276 for the member's claims, or for those with a day of service in `days`."""
    yield ("BHT", "0010", "13", f"{now:%H%M%S%f}", f"{now:%Y%m%d}", f"{now:%H%M}")
    yield ("HL", "1", "", "20", "1")
    yield ("NM1", "PR", "2", "PAYER", "", "", "", "", "PI", payer_id)
    yield ("HL", "2", "1", "21", "1")
    yield ("NM1", "41", "2", _REQUESTER, "", "", "", "", "46", _REQUESTER)
    yield ("HL", "3", "2", "19", "1")
    yield ("NM1", "1P", "2", _REQUESTER, "", "", "", "", "XX", _REQUESTER_NPI)
    yield ("HL", "4", "3", "22", "0")
    yield from _birth(who)
    yield _named(who)
    yield ("TRN", "1", f"{now:%Y%m%d%H%M%S%f}")
    if days:
        yield ("DTP", "472", "RD8", f"{days[0]:%Y%m%d}-{days[1]:%Y%m%d}")


def _name(who: Subscriber) -> Iterator[Elements]:
    yield _named(who)
    yield from _birth(who)


def _named(who: Subscriber) -> Elements:
    return ("NM1", "IL", "1", who.family, who.given, "", "", "", "MI", who.member_id)


def _birth(who: Subscriber) -> Iterator[Elements]:
    if who.born:
        yield ("DMG", "D8", f"{who.born:%Y%m%d}", _GENDERS.get(who.gender, ""))
