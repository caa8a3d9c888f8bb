"""How much data there is: a slice that builds in seconds, or the announcement's sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sandbox.errors import SandboxError
from sandbox.population.places import Zip, in_area, ordinary_zips
from sandbox.profiles import BEHAVIOUR, load_profile

ScaleName = Literal["small", "full"]

# A city with many ZIP codes is denser in each of them too, up to a point.
_DENSEST_CITY_ZIPS = 60


@dataclass(frozen=True)
class Scale:
    """Of one partner: providers and facilities in its directory, and its members."""

    providers: int
    facilities: int
    members: int


# Joint announcement of 14 September 2006: CIGNA nearly 500,000 providers and 5,000 facilities;
# MVP and Preferred Care together more than 19,000, 151 and 710,000 members. How the two share
# them, and CIGNA's members here, are assumed.
FULL = {
    "cigna": Scale(500_000, 5_000, 250_000),
    "mvp": Scale(12_600, 118, 480_000),
    "preferred-care": Scale(6_700, 33, 230_000),
}
SMALL_MEMBERS = 40


def scale_named(name: str | None) -> ScaleName:
    """Raises SandboxError for a scale that does not exist."""
    if name in (None, "small"):
        return "small"
    if name == "full":
        return "full"
    raise SandboxError(f"There is no scale '{name}': use small or full.")


def members_of(partner: str, scale: ScaleName) -> int:
    return FULL[partner].members if scale == "full" else SMALL_MEMBERS


@dataclass(frozen=True)
class Allotment:
    """Providers number `first` to `first + count - 1` practise in one ZIP code."""

    place: Zip
    region: str
    first: int
    count: int


@cache
def allotments(small: tuple[tuple[str, int], ...]) -> tuple[Allotment, ...]:
    """Where the providers practise that full scale has beyond the small slice.

    `small` says how many providers the slice has in each region: `mvp`, `preferred-care` or
    `elsewhere`. Regional companies list four fifths of their region's providers, CIGNA two thirds.
    """
    have = dict(small)
    wanted = {
        "mvp": FULL["mvp"].providers * 5 // 4,
        "preferred-care": FULL["preferred-care"].providers * 5 // 4,
    }
    in_regions = sum(wanted.values())
    wanted["elsewhere"] = FULL["cigna"].providers - in_regions * 65 // 100
    by_region: dict[str, list[Zip]] = {name: [] for name in wanted}
    for place in ordinary_zips():
        by_region[region_of(place)].append(place)
    sizes = Counter((place.city, place.state) for place in ordinary_zips())
    found = []
    number = 0
    for region, places in by_region.items():
        weights = [1 + min(sizes[z.city, z.state], _DENSEST_CITY_ZIPS) / 2 for z in places]
        shares = _shares(weights, wanted[region] - have.get(region, 0))
        for place, count in zip(places, shares, strict=True):
            if count:
                found.append(Allotment(place, region, number, count))
                number += count
    return tuple(found)


def _shares(weights: list[float], total: int) -> Iterator[int]:
    """Whole numbers in proportion to the weights, that add up to the total."""
    whole, so_far, given = sum(weights), 0.0, 0
    for weight in weights:
        so_far += weight
        until = round(total * so_far / whole)
        yield until - given
        given = until


def region_of(place: Zip) -> str:
    """The regional company whose area it is, or `elsewhere`."""
    for key in BEHAVIOUR:
        if in_area(_counties(key), place):
            return key
    return "elsewhere"


@cache
def _counties(key: str) -> dict[str, object]:
    return load_profile(key).counties
