"""What things are called: specialties, facilities, services, relations, companies, US places.

The lists are data files beside the package, read once on first use. A phrase is looked up in its
plain form: lower case, straight apostrophes, no leading article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = [
    "DATA",
    "STATES",
    "Facility",
    "Place",
    "Specialty",
    "Term",
    "ZipCode",
    "city_names",
    "common_words",
    "facility",
    "has_city",
    "locate",
    "lookup",
    "lookup_any",
    "place",
    "places",
    "plain",
    "read_place",
    "specialty",
    "state_code",
    "state_names",
    "term",
    "terms",
    "zip_place",
]

DATA: Final = Path(__file__).parent / "data"
_LISTS: Final = {
    "specialty": "specialties",
    "facility": "facilities",
    "service": "services",
    "relation": "relations",
    "partner": "partners",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A thing with a key and everything that people call it."""

    key: str
    name: str
    plural: str
    nucc_codes: tuple[str, ...]
    """NUCC provider taxonomy codes, the usual one first; empty where there are none."""
    forms: tuple[str, ...]


Specialty = Term
Facility = Term


@dataclass(frozen=True, slots=True)
class ZipCode:
    """An active US ZIP code with its county (no "County") and its middle, in degrees."""

    zip: str
    city: str
    state: str
    county: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Place:
    """A US city or town; `zip` is the ZIP code nearest to its middle, `size` how many it has."""

    city: str
    state: str
    zip: str
    county: str
    lat: float
    lon: float
    size: int

    @property
    def label(self) -> str:
        return f"{self.city}, {self.state}"


# --- phrases -------------------------------------------------------------------------------------

_ARTICLE = re.compile(r"^(?:an?|the|some|any|my|una?|el|la|mi)\s+")
_SPACES = re.compile(r"\s+")
_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?")


def plain(phrase: str) -> str:
    """The form in which phrases are compared."""
    folded = _SPACES.sub(" ", phrase.lower().replace("’", "'").replace("-", " ")).strip(
        " .,;:!?'\""
    )
    return _ARTICLE.sub("", folded)


_DOCTOR = " doctor"
_DOCTOR_WORDS = (
    "dr", "doc", "physician", "specialist", "man", "guy", "fella", "fellow", "person", "people"
)  # fmt: skip
_FOR = (
    "doctor for", "dr for", "someone for", "somebody for", "specialist for", "somebody who does",
    "someone who does", "one who does", "one that does", "dentist who does"
)  # fmt: skip


def _for_part(part: str) -> Iterator[str]:
    """ "Somebody for ears", "doctor for my ears"."""
    for words in _FOR:
        yield f"{words} {part}"
        for whose in ("my", "the", "his", "her"):
            yield f"{words} {whose} {part}"


def _variants(form: str) -> Iterator[str]:
    """The form, its simple plural, and "heart dr" and "heart fella" beside "heart doctor"."""
    yield form
    if form.endswith(_DOCTOR):
        stem = form[: -len(_DOCTOR)]
        for word in _DOCTOR_WORDS:
            yield f"{stem} {word}"
            yield f"{stem} {word}s"
    if form[-1:].isalpha() and form[-1] not in "sxyz":
        yield form + "s"


@cache
def _list(kind: str) -> Mapping[str, Term]:
    raw: dict[str, dict[str, Any]] = json.loads(
        (DATA / "gazetteers" / f"{_LISTS[kind]}.json").read_text(encoding="utf-8")
    )
    return {
        key: Term(
            key=key,
            name=entry["name"],
            plural=entry.get("plural", entry["name"]),
            nucc_codes=tuple(entry.get("nucc", ())),
            forms=tuple(
                dict.fromkeys(
                    variant
                    for said in (entry["name"], entry.get("plural", entry["name"]), *entry["forms"])
                    for variant in _variants(said.lower())
                )
            )
            + tuple(form for part in entry.get("parts", ()) for form in _for_part(part)),
        )
        for key, entry in raw.items()
    }


@cache
def _index(kind: str) -> Mapping[str, str]:
    index: dict[str, str] = {}
    # Names first: another term's automatic plural must not take a name.
    for found in _list(kind).values():
        index.setdefault(plain(found.name), found.key)
    for found in _list(kind).values():
        for form in found.forms:
            index.setdefault(plain(form), found.key)
    return index


def terms(kind: str) -> Mapping[str, Term]:
    """All terms of a kind (specialty, facility, service, relation, partner) by key."""
    return _list(kind)


def term(kind: str, key: str) -> Term | None:
    return _list(kind).get(key)


def specialty(key: str) -> Specialty | None:
    """The specialty with this key, such as "cardiology"."""
    return term("specialty", key)


def facility(key: str) -> Facility | None:
    """The kind of place with this key, such as "urgent_care"."""
    return term("facility", key)


def lookup(kind: str, phrase: str) -> str | None:
    """The key of what is called exactly `phrase`, or for "place" the place's label."""
    if kind == "place":
        found = read_place(phrase)
        return found.label if found else None
    return _index(kind).get(plain(phrase))


def lookup_any(phrase: str) -> str | None:
    """The key in the lists (places excepted, many are named like people), if it is in one."""
    wanted = plain(phrase)
    return next((key for kind in _LISTS if (key := _index(kind).get(wanted))), None)


@cache
def common_words() -> frozenset[str]:
    """Everyday words of members' English; none of them is a slip for a name."""
    text = (DATA / "gazetteers" / "common_words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


# --- ZIP codes and places ------------------------------------------------------------------------

STATES: Final[Mapping[str, str]] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California",
    "CO": "Colorado", "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia",
    "FL": "Florida", "GA": "Georgia", "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois",
    "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York",
    "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon",
    "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin",
    "WY": "Wyoming",
}  # fmt: skip
_STATE_CODES: Final = {name.lower(): code for code, name in STATES.items()} | {
    "n y": "NY", "new york state": "NY", "upstate new york": "NY", "mass": "MA", "conn": "CT",
    "penn": "PA", "penna": "PA", "cali": "CA", "fla": "FL", "d c": "DC", "washington dc": "DC",
    "n h": "NH", "v t": "VT", "n j": "NJ", "jersey": "NJ", "washington state": "WA",
    "minn": "MN", "mich": "MI", "tex": "TX", "wash": "WA", "vermont": "VT",
}  # fmt: skip
# What people call a city, other than its post-office name.
_CITY_NICKNAMES: Final = {
    "nyc": "new york ny", "new york city": "new york ny", "manhattan": "new york ny",
    "the bronx": "bronx ny", "queens": "jamaica ny", "la": "los angeles ca", "philly":
    "philadelphia pa", "vegas": "las vegas nv", "san fran": "san francisco ca", "frisco":
    "frisco tx", "washington": "washington dc", "dc": "washington dc", "d c": "washington dc",
    "cuse": "syracuse ny", "sara toga": "saratoga springs ny", "saratoga": "saratoga springs ny",
    "st johnsbury": "saint johnsbury vt", "lake placid": "lake placid ny",
    "fort lauderdale": "fort lauderdale fl", "hollywood": "hollywood fl",
    "upstate": "albany ny", "burlington": "burlington vt",
}  # fmt: skip

_REGION: Final = frozenset({"NY", "VT", "NH"})
_DOWNSTATE: Final = frozenset(
    {"New York", "Kings", "Queens", "Bronx", "Richmond", "Nassau", "Suffolk", "Westchester"}
)
# A place outside the region with so many ZIP codes is meant before its small namesake inside:
# Boston is not the Boston in Erie County.
_METROPOLIS: Final = 30
_CITY: Final = 6
# Where people of the region move, study and retire to.
_WHERE_PEOPLE_GO: Final = frozenset({"MA", "CT", "NJ", "FL"})
_TIMES_LARGER: Final = 6


def _lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").splitlines()


@cache
def _zip_lines() -> Mapping[str, str]:
    # Lines stay unparsed until asked for: a turn needs a handful of 41,000.
    return {line[:5]: line for line in _lines("zipcodes.tsv")}


@cache
def _place_lines() -> Mapping[str, list[str]]:
    index: dict[str, list[str]] = {}
    for line in _lines("gazetteers/places.tsv"):
        index.setdefault(_city_key(line[: line.index("\t")]), []).append(line)
    return index


_SAINT = re.compile(r"^(?:st|saint|ste|sainte)\b\.?\s*")
_MOUNT = re.compile(r"^(?:mt|mount)\b\.?\s*")
_FORT = re.compile(r"^(?:ft|fort)\b\.?\s*")


def _city_key(name: str) -> str:
    """Saint and St., Mount and Mt., Fort and Ft. are one; hyphens and points are spaces."""
    key = _SPACES.sub(
        " ", name.lower().replace("-", " ").replace(".", " ").replace("'", "")
    ).strip()
    if key[:1] in "smf":
        key = _FORT.sub("fort ", _MOUNT.sub("mount ", _SAINT.sub("saint ", key)))
    return key


def locate(zip_code: str) -> ZipCode | None:
    """The ZIP code's city, state, county and middle; ZIP+4 is cut to its first five figures.

    None for anything else: six figures are no ZIP code with one too many."""
    written = _ZIP.fullmatch(zip_code.strip())
    line = _zip_lines().get(written[1]) if written else None
    if line is None:
        return None
    code, city, state, county, lat, lon = line.split("\t")
    return ZipCode(code, city, state, county, float(lat), float(lon))


def zip_codes() -> Iterator[ZipCode]:
    """All ZIP codes."""
    for code in _zip_lines():
        found = locate(code)
        if found is not None:
            yield found


def zip_place(zip_code: str) -> Place | None:
    """The city that the ZIP code belongs to, at the ZIP code's own middle."""
    found = locate(zip_code)
    if found is None:
        return None
    return Place(found.city, found.state, found.zip, found.county, found.lat, found.lon, 1)


def state_code(name: str) -> str | None:
    """The two-letter code of a state said by name, code ("n y") or short form."""
    key = _SPACES.sub(" ", name.lower().replace(".", " ")).strip()
    if key.upper() in STATES:
        return key.upper()
    return _STATE_CODES.get(key)


def state_names() -> Iterator[str]:
    """Every name, code and short form that `state_code` knows, in lower case."""
    yield from (code.lower() for code in STATES)
    yield from _STATE_CODES


def _rank(found: Place, nearby: int) -> tuple[bool, bool, int, str]:
    """`nearby`: the size of the largest place of this name in the region."""
    upstate = _is_upstate(found)
    known = found.size >= _METROPOLIS or (
        nearby > 0
        and found.state in _WHERE_PEOPLE_GO
        and found.size >= max(_CITY, _TIMES_LARGER * nearby)
    )
    return (not known, not upstate, -found.size, found.state)


def _is_upstate(found: Place) -> bool:
    return found.state in _REGION and not (found.state == "NY" and found.county in _DOWNSTATE)


def places(city: str) -> list[Place]:
    """All places of this name, the likeliest first: a metropolis, a city beside which the region's
    namesake is a village (who says "New Haven" means Connecticut's), upstate New York, Vermont and
    New Hampshire, then by size."""
    found = []
    for line in _place_lines().get(_city_key(city), ()):
        name, state, code, county, lat, lon, size = line.split("\t")
        found.append(Place(name, state, code, county, float(lat), float(lon), int(size)))
    nearby = max((each.size for each in found if _is_upstate(each)), default=0)
    return sorted(found, key=lambda each: _rank(each, nearby))


def city_names() -> Iterator[str]:
    """Every city's name once, in the form in which names are compared."""
    yield from _place_lines()
    yield from _CITY_NICKNAMES


def has_city(name: str) -> bool:
    """Whether there is a city of this name; cheap."""
    key = _city_key(name)
    return key in _place_lines() or key in _CITY_NICKNAMES


def place(city: str, state: str | None = None) -> Place | None:
    """The likeliest place of this name, in `state` (code or name) if given."""
    candidates = places(city)
    if state is not None:
        wanted = state_code(state)
        candidates = [p for p in candidates if p.state == wanted]
    elif nickname := _CITY_NICKNAMES.get(_city_key(city)):
        return read_place(nickname)
    return candidates[0] if candidates else None


def read_place(text: str) -> Place | None:
    """The place that the whole phrase names: "Troy", "troy new york", "Albany, NY", "12180"."""
    phrase = _SPACES.sub(" ", text.lower().replace(",", " ")).strip(" .")
    if re.fullmatch(r"\d{5}(?:-\d{4})?", phrase):
        return zip_place(phrase)
    words = phrase.split(" ")
    for count in (1, 2, 3):
        if len(words) > count:
            code = state_code(" ".join(words[-count:]))
            if code and (found := place(" ".join(words[:-count]), code)):
                return found
    return place(phrase)
