"""Distances, and the ZIP codes around a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt

from alliance.gazetteer import zip_codes

_EARTH_MILES = 3958.8
# A degree of latitude is 69 miles; a cell of half a degree keeps a look-up to a few cells.
_CELL_DEGREES = 0.5
_MILES_A_DEGREE = 69.0


def miles_between(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance in miles between two points in degrees."""
    rise = radians(lat_b - lat_a) / 2
    run = radians(lon_b - lon_a) / 2
    part = sin(rise) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(run) ** 2
    return 2 * _EARTH_MILES * asin(sqrt(part))


def zips_around(lat: float, lon: float, miles: float) -> list[str]:
    """The ZIP codes whose centre lies within `miles`, nearest first."""
    return [code for _, code in zips_by_distance(lat, lon, miles)]


@lru_cache(maxsize=1_000)
def zips_by_distance(lat: float, lon: float, miles: float) -> Sequence[tuple[float, str]]:
    """The same with the miles to each centre. Most are asked about from a few places again and
    again: where the ZIP codes lie changes with the list alone.
    """
    reach = int(miles / _MILES_A_DEGREE / _CELL_DEGREES / max(cos(radians(lat)), 0.2)) + 1
    row, column = _cell(lat, lon)
    near = (
        (miles_between(lat, lon, other_lat, other_lon), code)
        for r in range(row - reach, row + reach + 1)
        for c in range(column - reach, column + reach + 1)
        for code, other_lat, other_lon in _grid().get((r, c), ())
    )
    return tuple(sorted(each for each in near if each[0] <= miles))


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return int(lat // _CELL_DEGREES), int(lon // _CELL_DEGREES)


@cache
def _grid() -> Mapping[tuple[int, int], list[tuple[str, float, float]]]:
    grid: dict[tuple[int, int], list[tuple[str, float, float]]] = defaultdict(list)
    for entry in zip_codes():
        grid[_cell(entry.lat, entry.lon)].append((entry.zip, entry.lat, entry.lon))
    return grid
