"""US cities, counties and states in a message, and countries for care abroad.

Nearly every English word is the name of a town somewhere, so a town counts when its state follows,
or by what stands before it ("in", "near"), how large it is, whether it lies in the alliance's
region, and whether its name is also a word or a person's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from rapidfuzz import fuzz, process

from alliance import gazetteer
from alliance.gazetteer import STATES, Place, common_words
from bot.nlu.entities_lists import Found, Token, load, phrases, token_spans, words_in

_REGION = frozenset({"NY", "VT", "NH"})
_LARGE = 8
_SIZEABLE = 3
_LONGEST = 4
# After "to" and "from" stands anything; after the others mostly a place.
_SURE_CUES = words_in(
    "in near nr around outside visiting downtown en cerca nearest north south east west above below"
)
_PLACE_CUES = words_in("near nr outside visiting downtown nearest")
_CUES = _SURE_CUES | words_in(
    "at by to from toward towards through between live lives living moved moving relocated up of "
    "past left leaving for over and or"
)
# What announces a place whose name holds a slip.
_SLIP_CUES = _SURE_CUES | words_in("to from at")
_FILLERS = words_in("like downtown um uh er town of old over down up out here by")
_PERSON_CUES = words_in(
    "dr dr. doctor doc nurse mr mr. mrs mrs. ms ms. miss named name is i'm daughter son wife "
    "husband sister brother mother father mom dad aunt uncle friend speak speaks speaking spoke"
)
# Codes that are words, or CT scans, when written small.
_WORDY_CODES = words_in(
    "AL AK AS CO CT DE HI ID IN LA MA ME MD MI MO MS MT ND OH OK OR PA PR SC SD VA"
)
_NAME_STATES = words_in("washington georgia virginia montana indiana dakota carolina jersey")
_COUNTY = words_in("county co. counties")

Value = dict[str, Any]


def place_value(place: Place) -> Value:
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
    """Places by lower-case county name, those of the region and the largest first."""
    found: dict[str, list[Place]] = {}
    for name in gazetteer.city_names():
        for place in gazetteer.places(name):
            found.setdefault(place.county.lower(), []).append(place)
    for places in found.values():
        places.sort(key=lambda p: (p.state not in _REGION, -p.size))
    return found


@cache
def _slip_names() -> dict[str, str]:
    """Names worth reading through a slip, by themselves without spaces: of the region and of large
    cities, and not short."""
    return {
        name.replace(" ", ""): name
        for name in sorted(gazetteer.city_names())
        if len(name) >= 6
        and any(p.state in _REGION or p.size >= _LARGE for p in gazetteer.places(name)[:1])
    }


def _phrase(tokens: Sequence[Token], start: int, end: int) -> str:
    return " ".join(t.word for t in tokens[start:end])


def _as_state(tokens: Sequence[Token], start: int, end: int) -> str | None:
    phrase = _phrase(tokens, start, end)
    if phrase in _state_names():
        return _state_names()[phrase]
    code = gazetteer.state_code(phrase)
    if code is None or end - start > 2 or len(phrase) < 2:
        return None
    if code in _WORDY_CODES and len(phrase) == 2 and tokens[start].raw != code:
        return None
    return code


def is_large(value: Mapping[str, Any]) -> bool:
    """Whether a place is a town that everybody knows."""
    city, state = value.get("city"), value.get("state")
    place = gazetteer.place(str(city), str(state)) if city else None
    return place is not None and place.size >= _LARGE


class Places:
    """Finds places among the tokens of one message."""

    def __init__(self) -> None:
        names = load("name_places.json")
        self._people = frozenset(names["people"])
        self._words = frozenset(names["words"])
        self._ordinary = self._words | common_words()
        # The words that a name begins with, and how many words the longest such name may have, a
        # mark among them.
        self._longest = dict.fromkeys(words_in("st mt ft saint mount fort"), _LONGEST)
        for names in (
            gazetteer.city_names(),
            gazetteer.state_names(),
            _state_names(),
            _abroad(),
            _counties(),
        ):
            for name in names:
                first = name.split(" ", 1)[0].rstrip(".")
                longest = max(self._longest.get(first, 0), len(token_spans(name)) + 1)
                self._longest[first] = min(longest, _LONGEST)
        _slip_names()

    def find(self, tokens: Sequence[Token]) -> Iterator[Found]:
        """Places from left to right, the longest name first."""
        mixed_case = any(t.raw[:1].islower() for t in tokens)
        i = 0
        while i < len(tokens):
            found = self._at(tokens, i, mixed_case) if tokens[i].word[0].isalpha() else None
            if found is None:
                i += 1
                continue
            value, after, exact = found
            yield Found("place", tokens[i].start, tokens[after - 1].end, value, exact)
            i = after

    def _at(
        self, tokens: Sequence[Token], i: int, mixed_case: bool
    ) -> tuple[Value, int, bool] | None:
        longest = self._longest.get(tokens[i].word.rstrip(".").split("-")[0])
        if longest is None:
            return self._slip(tokens, i)
        for end in range(min(len(tokens), i + longest), i, -1):
            phrase = _phrase(tokens, i, end)
            if end < len(tokens) and tokens[end].word in _COUNTY and phrase in _counties():
                return _county(tokens, i, end)
            if tokens[end - 1].word[0].isalnum() and gazetteer.has_city(phrase):
                city = self._city(tokens, i, end, mixed_case)
                if city:
                    return (*city, True)
        for end in range(min(len(tokens), i + longest, i + 3), i, -1):
            if not tokens[end - 1].word[0].isalnum():
                continue
            phrase = _phrase(tokens, i, end)
            code = _as_state(tokens, i, end)
            if code and self._is_state_here(tokens, i, phrase):
                return {"state": code, "zip": None, "label": STATES[code]}, end, True
            if phrase in _abroad() and (phrase not in self._ordinary or _cue(tokens, i)):
                country = _abroad()[phrase]
                return {"country": country, "zip": None, "label": country}, end, True
        return self._slip(tokens, i)

    def _city(
        self, tokens: Sequence[Token], start: int, end: int, mixed_case: bool
    ) -> tuple[Value, int] | None:
        name = _phrase(tokens, start, end)
        stated = _state_after(tokens, end)
        if stated and not (len(name) <= 3 and name in common_words()):
            place = gazetteer.place(name, stated[0])
            if place:
                return place_value(place), stated[1]
        if name in _state_names() or name in _abroad() or name in phrases()["language"]:
            # "new york" alone is the state, "mexico" alone the country, "english" the language.
            return None
        place = gazetteer.place(name)
        if place is None or not self._is_city_here(tokens, start, end, place, mixed_case):
            return None
        return place_value(place), end

    def _is_city_here(
        self, tokens: Sequence[Token], start: int, end: int, place: Place, mixed_case: bool
    ) -> bool:
        name = _phrase(tokens, start, end)
        if len(name) < 3 or (start and tokens[start - 1].word in _PERSON_CUES):
            return False
        if end < len(tokens) and tokens[end].word in ("'s", "'"):
            return False
        cue = _cue(tokens, start)
        capital = mixed_case and tokens[start].raw[:1].isupper()
        region, large = place.state in _REGION, place.size >= _LARGE
        if len(tokens) == end - start and (region or large):
            return name not in self._ordinary
        if end - start > 1 and region and (cue in _SURE_CUES or capital):
            return True
        if all(t.word in self._ordinary for t in tokens[start:end]):
            return (large and name not in self._words and cue in _SURE_CUES) or (
                cue in _SURE_CUES and capital
            )
        if end - start > 1 and place.size >= _SIZEABLE:
            # "No, west hartford": two such words are no other name.
            return True
        if name in self._people:
            # Nobody is looked for "near" a person.
            by = cue in _PLACE_CUES and place.size >= _SIZEABLE
            return by or (cue in _SURE_CUES and (region or large or capital))
        if region or large:
            return True
        # A recogniser writes no capitals: "near cambridge".
        return (capital or place.size >= _SIZEABLE) and cue in _SURE_CUES

    def _is_state_here(self, tokens: Sequence[Token], i: int, name: str) -> bool:
        if i and tokens[i - 1].word in _PERSON_CUES:
            return False
        if name in _NAME_STATES:
            return _cue(tokens, i) is not None
        if len(name) == 2:
            return name.upper() not in _WORDY_CODES or _cue(tokens, i) in _SURE_CUES
        return True

    def _slip(self, tokens: Sequence[Token], i: int) -> tuple[Value, int, bool] | None:
        """A slip in a town's name: no other word, and something that announces a place. Recognisers
        break names apart ("can and daigua"): joined again, such words must come nearer."""
        if _cue(tokens, i) not in _SLIP_CUES:
            return None
        for end in (i + 3, i + 2, i + 1):
            words = [t.word for t in tokens[i:end]]
            name = "".join(words)
            if end > len(tokens) or len(name) < 6 or not name.isalpha():
                continue
            strange = [not (w in self._ordinary or w in self._people) for w in words]
            if not any(strange):
                continue
            cutoff = 84.0 if end == i + 1 else 88.0 if all(strange) and end == i + 2 else 92.0
            nearest = process.extractOne(
                name, _slip_names().keys(), scorer=fuzz.ratio, score_cutoff=cutoff
            )
            place = gazetteer.place(_slip_names()[nearest[0]]) if nearest else None
            if place:
                return place_value(place), end, False
        return None


def _cue(tokens: Sequence[Token], i: int) -> str | None:
    """The word before that makes a place likely, past fillers."""
    j = i - 1
    while j > 0 and tokens[j].word in _FILLERS and tokens[j].word not in _SURE_CUES and i - j < 3:
        j -= 1
    for k in range(i - 1, j - 1, -1):
        if k >= 0 and tokens[k].word in _SURE_CUES:
            return tokens[k].word
    return tokens[j].word if j >= 0 and tokens[j].word in _CUES else None


def _state_after(tokens: Sequence[Token], end: int) -> tuple[str, int] | None:
    """The state that follows a town, as its code, and where it ends."""
    comma = end < len(tokens) and tokens[end].word == ","
    start = end + 1 if comma else end
    for after in (start + 3, start + 2, start + 1):
        if after > len(tokens):
            continue
        if code := _as_state(tokens, start, after):
            return code, after
        phrase = _phrase(tokens, start, after)
        if comma and len(phrase) == 2 and phrase.upper() in STATES:
            return phrase.upper(), after
    return None


def _county(tokens: Sequence[Token], start: int, end: int) -> tuple[Value, int, bool]:
    """ "Cheshire county", with its state if that follows; the value is its largest place's."""
    places = _counties()[_phrase(tokens, start, end)]
    after = end + 1
    stated = _state_after(tokens, after)
    if stated and any(p.state == stated[0] for p in places):
        places = [p for p in places if p.state == stated[0]]
        after = stated[1]
    label = f"{places[0].county} County, {places[0].state}"
    return place_value(places[0]) | {"city": None, "label": label}, after, True
