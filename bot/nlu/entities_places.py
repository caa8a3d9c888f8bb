"""US cities, counties and states in a message, and countries for care abroad.

Nearly every English word is the name of a town somewhere, so a town counts when its state follows,
when "in", "near" and the like stand before it, or when it lies in the alliance's region or is large
and its name is neither a word nor a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from alliance import gazetteer
from alliance.gazetteer import STATES, Place
from bot.nlu.entities_lists import Found, common_words, load, words_in

_REGION = frozenset({"NY", "VT", "NH"})
_LARGE = 8
_LONGEST = 4
_CUES = words_in(
    """in near around at outside by to from toward towards through visiting between nearest en cerca
    live lives living moved moving relocated downtown north south east west upstate"""
)
# Before a town's name only these say as much as "in": after "to" or "from" stands anything.
_SURE_CUES = frozenset({"in", "near", "around", "outside", "visiting", "downtown", "en", "by"})
_FILLERS = frozenset({"the", "like", "downtown", "um", "uh", "town", "of"})
_PERSON_CUES = words_in(
    """dr doctor doc nurse mr mrs ms miss named name is i'm daughter son wife husband sister brother
    mother father mom dad aunt uncle friend saint"""
)
# Codes that are words when written small.
_WORDY_CODES = words_in("""AL AK AS CO DE HI ID IN LA MA ME MD MI MO MS MT ND OH OK OR PA PR""")
_NAMES = frozenset({"washington", "georgia", "virginia", "montana", "indiana", "dakota"})


def place_value(place: Place) -> dict[str, Any]:
    """What a place means: its ZIP code stands for its middle."""
    return {
        "city": place.city,
        "state": place.state,
        "zip": place.zip,
        "county": place.county,
        "label": place.label,
    }


@cache
def _state_names() -> dict[str, str]:
    names = {name.lower(): code for code, name in STATES.items()}
    return names | {"upstate new york": "NY", "new york state": "NY", "n y": "NY", "n h": "NH"}


@cache
def _abroad() -> dict[str, str]:
    return {name.lower(): name for name in load("abroad.json")}


@cache
def _counties() -> dict[str, list[Place]]:
    """Places by lower-case county name, the largest first."""
    found: dict[str, list[Place]] = {}
    for name in gazetteer.city_names():
        for place in gazetteer.places(name):
            found.setdefault(place.county.lower(), []).append(place)
    for places in found.values():
        places.sort(key=lambda p: (p.state not in _REGION, -p.size))
    return found


@cache
def _fuzzy_names() -> list[str]:
    """Names worth reading through a slip: those of the region and of large cities, spelled long."""
    return sorted(
        name
        for name in gazetteer.city_names()
        if len(name) >= 6
        and any(p.state in _REGION or p.size >= _LARGE for p in gazetteer.places(name)[:1])
    )


def _as_state(words: Sequence[str], raw: Sequence[str]) -> str | None:
    phrase = " ".join(words)
    if phrase in _state_names():
        return _state_names()[phrase]
    code = gazetteer.state_code(phrase)
    if code is None or len(words) > 2:
        return None
    if code in _WORDY_CODES and len(phrase) == 2 and raw[0] != code:
        return None
    return code if len(phrase) > 1 else None


class Places:
    """Finds places among the words of one message."""

    def __init__(self) -> None:
        names = load("name_places.json")
        self._people = frozenset(names["people"])
        self._ordinary = frozenset(names["words"]) | common_words()

    def find(self, words: Sequence[str], raw: Sequence[str], at: Sequence[int]) -> Iterator[Found]:
        """`words` in lower case, `raw` as written, `at` their offsets in the text."""
        i = 0
        while i < len(words):
            found = self._at(words, raw, i)
            if found is None:
                i += 1
                continue
            value, after, exact = found
            yield Found("place", at[i], at[after - 1] + len(words[after - 1]), value, exact)
            i = after

    def _at(
        self, words: Sequence[str], raw: Sequence[str], i: int
    ) -> tuple[dict[str, Any], int, bool] | None:
        if not words[i][:1].isalpha():
            return None
        for size in range(min(_LONGEST, len(words) - i), 0, -1):
            phrase = " ".join(words[i : i + size])
            after = i + size
            if after < len(words) and words[after] == "county" and phrase.lower() in _counties():
                return _county(phrase, words, raw, after + 1)
            if gazetteer.has_city(phrase) and (city := self._city(words, raw, i, after)):
                return (*city, True)
        for size in range(min(3, len(words) - i), 0, -1):
            code = _as_state(words[i : i + size], raw[i : i + size])
            if code and self._is_state_here(words, raw, i, size):
                label = {"state": code, "zip": None, "label": STATES[code]}
                return label, i + size, True
            phrase = " ".join(words[i : i + size])
            if phrase in _abroad() and (size > 1 or phrase not in self._people or _cued(words, i)):
                value = {"country": _abroad()[phrase], "zip": None, "label": _abroad()[phrase]}
                return value, i + size, True
        return self._near_miss(words, i)

    def _city(
        self, words: Sequence[str], raw: Sequence[str], start: int, end: int
    ) -> tuple[dict[str, Any], int] | None:
        name = " ".join(words[start:end])
        stated = _state_after(words, raw, end)
        if stated:
            code, after = stated
            place = gazetteer.place(name, code)
            if place and not (len(name) <= 3 and name in common_words()):
                return place_value(place), after
        if name in _state_names() or name in _abroad():
            # "new york" alone is the state, "mexico" alone the country.
            return None
        place = gazetteer.place(name)
        if place is None or not self._is_city_here(words, raw, start, end, place):
            return None
        return place_value(place), end

    def _is_city_here(
        self, words: Sequence[str], raw: Sequence[str], start: int, end: int, place: Place
    ) -> bool:
        name = " ".join(words[start:end])
        if len(name) < 3 or (start and words[start - 1] in _PERSON_CUES):
            return False
        cue = _cue(words, start)
        capital = raw[start][:1].isupper() and not all(r.isupper() for r in raw if len(r) > 1)
        if end - start == 1 and name in self._ordinary:
            large = place.size >= _LARGE and name not in load("name_places.json")["words"]
            return cue in _SURE_CUES and (capital or large) if not large else cue is not None
        if end - start > 1 and all(w in self._ordinary for w in words[start:end]):
            return cue is not None or capital or place.state in _REGION
        if name in self._people:
            return cue is not None
        return (
            cue is not None
            or place.state in _REGION
            or place.size >= _LARGE
            or (len(words) == end - start)
        )

    def _is_state_here(self, words: Sequence[str], raw: Sequence[str], i: int, size: int) -> bool:
        name = " ".join(words[i : i + size])
        if i and words[i - 1] in _PERSON_CUES:
            return False
        if name in _NAMES:
            return _cued(words, i)
        if len(name) == 2:
            return raw[i].isupper() or _cued(words, i) or name in ("ny", "vt", "nh", "nj", "ct")
        return True

    def _near_miss(self, words: Sequence[str], i: int) -> tuple[dict[str, Any], int, bool] | None:
        """A slip in a town's name; the word must be no other word, and a cue before it."""
        if _cue(words, i) is None:
            return None
        for size in (2, 1):
            name = " ".join(words[i : i + size])
            if i + size > len(words) or len(name) < 6 or not name.replace(" ", "").isalpha():
                continue
            if any(w in self._ordinary for w in words[i : i + size]):
                continue
            nearest = process.extractOne(
                name, _fuzzy_names(), scorer=fuzz.ratio, score_cutoff=84.0 if size == 1 else 88.0
            )
            if nearest:
                place = gazetteer.place(nearest[0])
                if place:
                    return place_value(place), i + size, False
        return None


def _cue(words: Sequence[str], i: int) -> str | None:
    """The word before that makes a place likely, past "the" and fillers."""
    j = i - 1
    while j >= 0 and words[j] in _FILLERS and i - j < 3:
        j -= 1
    return words[j] if j >= 0 and words[j] in _CUES else None


def _cued(words: Sequence[str], i: int) -> bool:
    return _cue(words, i) is not None


_COMMA = re.compile(r"^[,.]$")


def _state_after(words: Sequence[str], raw: Sequence[str], end: int) -> tuple[str, int] | None:
    """The state that follows a town, as its code, and where it ends."""
    comma = end < len(words) and bool(_COMMA.match(words[end]))
    start = end + 1 if comma else end
    for size in (3, 2, 1):
        if start + size > len(words):
            continue
        if code := _as_state(words[start : start + size], raw[start : start + size]):
            return code, start + size
        phrase = " ".join(words[start : start + size])
        if comma and size == 1 and len(phrase) == 2 and phrase.upper() in STATES:
            return phrase.upper(), start + size
    return None


def _county(
    phrase: str, words: Sequence[str], raw: Sequence[str], after: int
) -> tuple[dict[str, Any], int, bool]:
    places = _counties()[phrase]
    stated = _state_after(words, raw, after)
    if stated:
        places = [p for p in places if p.state == stated[0]] or places
        after = stated[1] if places[0].state == stated[0] else after
    value = place_value(places[0]) | {
        "city": None,
        "label": f"{places[0].county} County, {places[0].state}",
    }
    return value, after, True
