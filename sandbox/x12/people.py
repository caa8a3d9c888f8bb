"""The person whom a 270 or 276 asks about, and how the answers name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sandbox.parameters import Json, fold, items
from sandbox.profiles import Profile
from sandbox.store import Filter, Store, parameter_number, token_match
from sandbox.x12.interchange import Elements, Transaction, element

# AAA03 and STC reject codes: member ID, name or birth date do not lead to one person.
NOT_FOUND = "75"
INVALID_MEMBER_ID = "72"
_GENDERS = {"female": "F", "male": "M"}


@dataclass(frozen=True)
class Asked:
    """The subscriber loop of a request: member ID, family name, first name, birth date, trace."""

    member_id: str
    family: str
    given: str
    born: str
    trace: str

    @classmethod
    def read(cls, request: Transaction) -> Asked:
        name = request.first("NM1", "IL")
        birth = element(request.first("DMG", "D8"), 2)
        return cls(
            member_id=element(name, 9),
            family=element(name, 3),
            given=element(name, 4),
            born=f"{birth[:4]}-{birth[4:6]}-{birth[6:]}" if len(birth) == 8 else "",
            trace=element(request.first("TRN"), 2),
        )


def find(store: Store, asked: Asked) -> Json | str:
    """The one Patient with this member ID, name and birth date, or the reject code."""
    if not asked.member_id:
        return INVALID_MEMBER_ID
    number = parameter_number("Patient", "identifier")
    holders = store.find("Patient", Filter(0, (token_match(number, [asked.member_id], None),)))
    if not holders:
        return INVALID_MEMBER_ID
    # A family may share one ID: name and birth date decide among them.
    fitting = [
        patient
        for patient in holders
        if patient.get("birthDate", "") == asked.born
        and any(
            fold(str(name.get("family", ""))) == fold(asked.family)
            and fold(str((name.get("given") or [""])[0])) == fold(asked.given)
            for name in items(patient.get("name"))
        )
    ]
    return fitting[0] if len(fitting) == 1 else NOT_FOUND


class Levels:
    """Numbers the HL segments of one transaction."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._last = ""

    def next(self, code: str, *, child: bool) -> Elements:
        """The next level, below the one before."""
        number, parent = str(next(self._numbers)), self._last
        self._last = number
        return ("HL", number, parent, code, "1" if child else "0")


def header(purpose: tuple[str, str, str], request: Transaction, now: datetime) -> Elements:
    """BHT with the requester's own reference; `purpose` is BHT01, BHT02 and BHT06."""
    structure, code, kind = purpose
    reference = element(request.first("BHT"), 3) or "1"
    return ("BHT", structure, code, reference, now.strftime("%Y%m%d"), now.strftime("%H%M"), kind)


def payer(profile: Profile) -> Elements:
    return ("NM1", "PR", "2", profile.name.upper(), "", "", "", "", "PI", profile.payer_id)


def subscriber(patient: Json, asked: Asked) -> Elements:
    name = next(iter(items(patient.get("name"))), {})
    family, given = str(name.get("family", "")), str((name.get("given") or [""])[0])
    return ("NM1", "IL", "1", family, given, "", "", "", "MI", asked.member_id)


def demographics(patient: Json) -> Elements:
    born = str(patient.get("birthDate", "")).replace("-", "")
    return ("DMG", "D8", born, _GENDERS.get(str(patient.get("gender")), "U"))


def address(patient: Json) -> Iterator[Elements]:
    current = [a for a in items(patient.get("address")) if a.get("use") != "old"]
    for found in current[:1]:
        street = (found.get("line") or [""])[0]
        if street:
            yield ("N3", str(street))
        zip_code = str(found.get("postalCode", "")).replace("-", "")
        yield ("N4", str(found.get("city", "")), str(found.get("state", "")), zip_code)
