"""Provider directory entries. Directory queries carry no identity."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Listing:
    """A provider at one practice location, as one or more directories list it.

    `partners` are the companies whose directory lists it, `networks` the network ids there.
    `miles` is the distance from the place that was asked about. `accepting` is None where the
    directory does not say.
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


@dataclass(frozen=True)
class DirectorySearch:
    """What a search found, and the partners whose directory did not answer."""

    listings: tuple[Listing, ...]
    asked: tuple[str, ...]
    failed: tuple[str, ...]
