"""Provider directory entries. Directory queries carry no identity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

Kind = Literal["person", "place"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@dataclass(frozen=True)
class OpenHours:
    """When a practice or place is open; `opens` and `closes` are None for around the clock."""

    days: tuple[Weekday, ...]
    opens: time | None
    closes: time | None


@dataclass(frozen=True)
class Listing:
    """A provider at one practice location, or a place, as one or more directories list it.

    `partners` are the companies whose directory lists it, `networks` the network ids there, as
    references ("Organization/mvp-network" is "mvp-network"). `miles` is the distance from the
    place that was asked about, 0 where none was. `accepting`, `wheelchair` and `gender` are None
    where the directory does not say. `specialty_codes` are NUCC taxonomy codes; `match` (0 to 100)
    says how near the name is to the one that was asked for.
    """

    npi: str
    name: str
    specialty: str
    address: str
    city: str
    state: str
    zip: str
    phone: str | None
    miles: float
    partners: tuple[str, ...]
    networks: frozenset[str]
    accepting: bool | None
    languages: tuple[str, ...]
    latitude: float
    longitude: float
    kind: Kind = "person"
    specialty_codes: frozenset[str] = frozenset()
    gender: str | None = None
    wheelchair: bool | None = None
    hours: tuple[OpenHours, ...] = ()
    match: float = 100.0


@dataclass(frozen=True)
class DirectorySearch:
    """What a search found, and the partners whose directory did not answer."""

    listings: tuple[Listing, ...]
    asked: tuple[str, ...]
    failed: tuple[str, ...]
