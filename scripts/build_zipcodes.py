"""Writes the ZIP codes and places that ship with the domain, from PyPI's `zipcodes`.

    .venv/bin/python scripts/build_zipcodes.py

Makes alliance/data/zipcodes.tsv (every active US ZIP code) and
alliance/data/gazetteers/places.tsv (every city once, with the ZIP code nearest to its middle).
Run it again when the package brings newer data; both files are checked in.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import zipcodes

DATA = Path(__file__).resolve().parent.parent / "alliance" / "data"
MILITARY = {"AA", "AE", "AP"}
_SUFFIX = re.compile(
    r"\s+(?:County|Parish|Borough|Census Area|Municipality|Municipio|City and Borough)$"
)


class Row(NamedTuple):
    zip: str
    city: str
    state: str
    county: str
    lat: float
    lon: float
    kind: str
    other_cities: tuple[str, ...]


def county_name(county: str) -> str:
    """ "St Lawrence County" -> "St. Lawrence"; independent cities keep their "City"."""
    name = _SUFFIX.sub("", county.strip())
    name = re.sub(r"\bcity$", "City", name)
    return re.sub(
        r"^(?:St|Saint|Ste)\.? ", lambda m: "Ste. " if m[0][:3] == "Ste" else "St. ", name
    )


def active_rows() -> list[Row]:
    rows = [
        Row(
            r["zip_code"],
            r["city"].strip(),
            r["state"],
            county_name(r["county"] or ""),
            float(r["lat"]),
            float(r["long"]),
            r["zip_code_type"],
            tuple(c.strip() for c in r["acceptable_cities"]),
        )
        for r in zipcodes.list_all()  # type: ignore[no-untyped-call]
        if r["active"] and r["state"] not in MILITARY
    ]
    return sorted(_with_counties(rows))


def _distance(a: Row, lat: float, lon: float) -> float:
    return (a.lat - lat) ** 2 + (a.lon - lon) ** 2


def _with_counties(rows: list[Row]) -> list[Row]:
    """Rows without a county (box-only and new ZIP codes) take that of the nearest in the state."""
    known: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.county:
            known[row.state].append(row)
    return [
        row
        if row.county or not known[row.state]
        else row._replace(
            county=min(known[row.state], key=lambda k: _distance(k, row.lat, row.lon)).county
        )
        for row in rows
    ]


def _place(city: str, state: str, rows: list[Row], size: int) -> tuple[str, ...]:
    street = [r for r in rows if r.kind == "STANDARD"] or rows
    lat, lon = fmean(r.lat for r in street), fmean(r.lon for r in street)
    middle = min(street, key=lambda r: (_distance(r, lat, lon), r.zip))
    county = Counter(r.county for r in street).most_common(1)[0][0]
    if middle.county != county:
        middle = min(
            (r for r in street if r.county == county), key=lambda r: _distance(r, lat, lon)
        )
    return (
        city, state, middle.zip, county, f"{middle.lat:.4f}", f"{middle.lon:.4f}", str(size)
    )  # fmt: skip


def places(rows: list[Row]) -> list[tuple[str, ...]]:
    """City, state, ZIP, county, latitude, longitude, number of ZIP codes: a measure of size."""
    named: dict[tuple[str, str], list[Row]] = defaultdict(list)
    also: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        named[row.city, row.state].append(row)
        for other in row.other_cities:
            also[other, row.state].append(row)
    found = [_place(*key, group, len(group)) for key, group in named.items()]
    # A name that the post office only accepts for another city's ZIP counts as a small place.
    found += [_place(*key, group, 1) for key, group in also.items() if key not in named]
    return sorted(found)


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{path.name}: {len(rows)} rows, {path.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    rows = active_rows()
    _write(
        DATA / "zipcodes.tsv",
        [(r.zip, r.city, r.state, r.county, f"{r.lat:.4f}", f"{r.lon:.4f}") for r in rows],
    )
    _write(DATA / "gazetteers" / "places.tsv", places(rows))


if __name__ == "__main__":
    main()
