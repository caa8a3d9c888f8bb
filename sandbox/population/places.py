"""Real ZIP codes, and the cities that the invented providers practise in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import zipcodes

_NEARBY_MILES = 9
_TERRITORIES = frozenset({"PR", "VI", "GU", "AS", "MP", "FM", "MH", "PW", "AA", "AE", "AP"})


@dataclass(frozen=True)
class Zip:
    """A ZIP code with the middle of its area. `county` is written as partners.yml writes it."""

    code: str
    city: str
    state: str
    county: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class City:
    """A city by its central ZIP code; `weight` is how dense its providers lie (5 is densest)."""

    key: str
    zip: str
    weight: int


CITIES = (
    City("albany", "12207", 5),
    City("troy", "12180", 3),
    City("schenectady", "12305", 3),
    City("rochester", "14604", 5),
    City("syracuse", "13202", 3),
    City("buffalo", "14202", 3),
    City("binghamton", "13901", 1),
    City("utica", "13501", 1),
    City("ithaca", "14850", 1),
    City("poughkeepsie", "12601", 1),
    City("plattsburgh", "12901", 1),
    City("glens-falls", "12801", 1),
    City("canandaigua", "14424", 1),
    City("corning", "14830", 1),
    City("burlington", "05401", 3),
    City("rutland", "05701", 1),
    City("montpelier", "05602", 1),
    City("manchester", "03101", 3),
    City("concord", "03301", 1),
    City("nashua", "03060", 1),
    City("boston", "02118", 3),
    City("cambridge", "02139", 1),
    City("worcester", "01608", 1),
    City("springfield", "01103", 1),
    City("hartford", "06103", 3),
    City("bloomfield", "06002", 1),
    City("new-haven", "06510", 1),
    City("stamford", "06901", 1),
    City("providence", "02903", 1),
    City("portland-me", "04101", 1),
    City("new-york", "10001", 3),
    City("brooklyn", "11201", 1),
    City("white-plains", "10601", 1),
    City("newark", "07102", 1),
    City("philadelphia", "19103", 2),
    City("pittsburgh", "15222", 1),
    City("baltimore", "21201", 1),
    City("washington", "20001", 1),
    City("richmond", "23219", 1),
    City("raleigh", "27601", 1),
    City("charlotte", "28202", 1),
    City("atlanta", "30303", 2),
    City("jacksonville", "32202", 1),
    City("orlando", "32801", 1),
    City("tampa", "33602", 1),
    City("miami", "33130", 1),
    City("nashville", "37203", 1),
    City("memphis", "38103", 1),
    City("louisville", "40202", 1),
    City("cincinnati", "45202", 1),
    City("columbus", "43215", 1),
    City("cleveland", "44114", 1),
    City("detroit", "48226", 1),
    City("indianapolis", "46204", 1),
    City("chicago", "60611", 2),
    City("milwaukee", "53202", 1),
    City("minneapolis", "55403", 1),
    City("st-louis", "63103", 1),
    City("kansas-city", "64106", 1),
    City("omaha", "68102", 1),
    City("oklahoma-city", "73102", 1),
    City("dallas", "75201", 2),
    City("fort-worth", "76102", 1),
    City("austin", "78701", 1),
    City("san-antonio", "78205", 1),
    City("houston", "77002", 2),
    City("el-paso", "79901", 1),
    City("new-orleans", "70112", 1),
    City("denver", "80202", 1),
    City("albuquerque", "87102", 1),
    City("phoenix", "85004", 2),
    City("tucson", "85701", 1),
    City("las-vegas", "89101", 1),
    City("salt-lake-city", "84111", 1),
    City("los-angeles", "90012", 2),
    City("san-diego", "92101", 1),
    City("sacramento", "95814", 1),
    City("san-francisco", "94103", 1),
    City("san-jose", "95113", 1),
    City("fresno", "93721", 1),
    City("portland-or", "97205", 1),
    City("seattle", "98101", 2),
)


@cache
def zip_code(code: str) -> Zip:
    """A ZIP code. KeyError if the post office has none such."""
    found = zipcodes.matching(code)  # type: ignore[no-untyped-call]
    if not found:
        raise KeyError(code)
    return _zip(found[0])


@cache
def around(code: str) -> tuple[Zip, ...]:
    """The ordinary ZIP codes near one, itself first, then by code."""
    center = zip_code(code)
    candidates: dict[str, Zip] = {}
    for prefix in {code[:3], f"{int(code[:3]) + 1:03d}", f"{int(code[:3]) - 1:03d}"}:
        for row in zipcodes.similar_to(prefix):  # type: ignore[no-untyped-call]
            if row["zip_code_type"] == "STANDARD" and row["active"]:
                candidates[row["zip_code"]] = _zip(row)
    near = [z for z in candidates.values() if _miles(center, z) <= _NEARBY_MILES and z != center]
    return (center, *sorted(near, key=lambda z: z.code))


@cache
def ordinary_zips() -> tuple[Zip, ...]:
    """Every ordinary ZIP code of the 50 states and Washington, by code."""
    rows = zipcodes.list_all()  # type: ignore[no-untyped-call]
    found = [
        _zip(row)
        for row in rows
        if row["zip_code_type"] == "STANDARD" and row["active"] and row["state"] not in _TERRITORIES
    ]
    return tuple(sorted(found, key=lambda place: place.code))


def _zip(row: Mapping[str, Any]) -> Zip:
    county = str(row["county"]).removesuffix(" County").replace("St Lawrence", "St. Lawrence")
    return Zip(
        row["zip_code"],
        row["city"],
        row["state"],
        county,
        float(row["lat"]),
        float(row["long"]),
    )


def _miles(one: Zip, other: Zip) -> float:
    north = (one.latitude - other.latitude) * 69.0
    east = (one.longitude - other.longitude) * 69.0 * math.cos(math.radians(one.latitude))
    return math.hypot(north, east)


def in_area(counties: Mapping[str, Any], place: Zip) -> bool:
    """Whether a ZIP code lies in a service area as partners.yml lists it."""
    listed = counties.get(place.state)
    return listed == "all" or (isinstance(listed, list) and place.county in listed)
