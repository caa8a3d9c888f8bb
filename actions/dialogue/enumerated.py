"""Several of a kind in one question: "a dentist and an eye doctor in Troy", "do you cover X and Y",
"my claims of June and March".
Each is answered by itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.dialogue.agenda import Item
from actions.dialogue.past_care import owed_for_it
from actions.dialogue.reading import SELF
from alliance.spoken import MONTHS

Entity = Mapping[str, Any]

_DATE = frozenset({"date"})
_SERVICE = frozenset({"service", "specialty", "facility"})
_KINDS = {
    "find_provider": frozenset({"specialty"}),
    "find_facility": frozenset({"facility"}),
    "check_network": frozenset({"provider"}),
    "provider_details": frozenset({"provider"}),
    "copay_cost": _SERVICE,
    "benefit_covered": _SERVICE,
    "prior_auth_required": _SERVICE,
    "drug_coverage": frozenset({"drug"}),
    "drug_cost": frozenset({"drug"}),
    # "My claims of June and March", and "June or March" of whoever is not sure.
    "claim_status": _DATE,
    "claim_denial": _DATE,
    "explain_eob": _DATE,
    "billing_problem": _DATE,
    "inform": _DATE,
}
# From the one day to the other: those between them as well.
_BETWEEN = re.compile(r"\bbetween\W*$", re.IGNORECASE)
_AND = re.compile(
    r"\s*(?:,|&|\+|and|or|plus|n)(?:\s+(?:and|or|also|maybe|for|an?|the|my|one|some|is|of|with|"
    r"in|from)\b)"
    r"*\s*",
    re.IGNORECASE,
)
_MOST = 3
# So far before the first thing a "not" belongs to it.
_BEFORE = 12
# What joins two things that are asked about each by itself, whatever else stands between: "a visit
# to my doctor and what does the emergency room cost", "the ER versus urgent care". "An x-ray at the
# urgent care" is one.
_EACH = re.compile(
    r"[,;?&+/]|\b(?:and|or|plus|n|also|versus|vs|than|compared|as|then)\b", re.IGNORECASE
)
# "A specialist, no wait, urgent care": one takes the other's place.
_INSTEAD = re.compile(
    r"\b(?:no|not|nope|instead|rather|mean|meant|sorry|wait|actually|oops|scratch|forget|like|"
    r"say)\b|n't\b",
    re.IGNORECASE,
)
_NOT_THE_FIRST = re.compile(r"(?:\bnot|n't) (?:in |the |from )*$", re.IGNORECASE)
# "May or April": no other word "may" stands beside a month.
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_WITH_MAY = re.compile(
    rf"\b(?:in )?(?:(may){_AND.pattern}\b({_MONTH})|({_MONTH}){_AND.pattern}\b(may))\b(?! i\b)",
    re.IGNORECASE,
)


# What is asked of oneself and of somebody of the family at once, and how: "am I still covered, and
# my son too?", "me and my wife", "my wife and I".
_OF_A_PERSON = frozenset({"coverage_status", "deductible_status", "out_of_pocket_status"})
_SELF_FIRST = re.compile(
    r"\b(?:(?:am|do|did|have|was) i\b.*\b(?:and|plus)(?: (?:also|is|are|has))?|"
    r"(?:i|me|myself)(?: and| plus)) (?:my|our)(?: \w+)?\s*",
    re.IGNORECASE,
)
_TOO = re.compile(
    r"(?:\W+(?:too|also|as well|both|still|covered|insured|active|on it|with you|right now|now|"
    r"today|please))*\W*",
    re.IGNORECASE,
)
_AND_SELF = re.compile(r" (?:and|plus) (?:i|me|myself)\b", re.IGNORECASE)
_BEFORE_SELF = re.compile(
    r",?\s*\b(?:and|plus)(?: (?:also|is|are|has))? (?:my|our)(?: \w+)?\s*$", re.I
)


def _self_and_another(item: Item, begins: int) -> tuple[Item, ...]:
    """A question of the member and of a relative as two, the member's own first."""
    relations = [each for each in item.entities if each["entity"] == "relation"]
    if item.intent not in _OF_A_PERSON or len(relations) != 1:
        return (item,)
    start, end = _span(relations[0], begins)
    before, after = item.text[:start], item.text[end:]
    first = _SELF_FIRST.search(before)
    listed = first is not None and first.end() == len(before) and _TOO.fullmatch(after)
    if not (listed or _AND_SELF.match(after)):
        return (item,)
    entities = tuple(each for each in item.entities if each is not relations[0])
    own = _BEFORE_SELF.sub("", before) if listed else item.text
    return (replace(item, text=own, entities=entities).tell("person", SELF), item)


def one_each(item: Item, begins: int) -> tuple[Item, ...]:
    """The question once for each of the things of one kind that it lists; itself where it lists
    none. `begins`: where it begins in the message.
    """
    if item.intent in _OF_A_PERSON:
        return _self_and_another(item, begins)
    kinds = _KINDS.get(item.intent)
    if kinds is None or owed_for_it(item.text):
        return (item,)
    if kinds is _DATE and (with_may := _WITH_MAY.search(item.text)):
        first, second = (month for month in with_may.groups() if month)
        before, after = item.text[: with_may.start()], item.text[with_may.end() :]
        if _NOT_THE_FIRST.search(before):
            # "Not May, March"
            meant = replace(item, text=f"{second}{after}", entities=_of_month(item, second))
            return (meant,)
        return tuple(
            replace(item, text=f"{before}in {month}{after}", entities=_of_month(item, month))
            for month in (first, second)
        )
    named = sorted(
        (each for each in item.entities if each["entity"] in kinds),
        key=lambda each: int(each.get("start", 0)),
    )
    places = [_span(each, begins) for each in named]
    if any(
        item.text[start:end] != str(each.get("said"))
        for each, (start, end) in zip(named, places, strict=True)
    ):
        return (item,)
    if kinds is _SERVICE:
        return _of_services(item, named, places)
    if not 1 < len(named) <= _MOST or len({str(each["value"]) for each in named}) < len(named):
        return (item,)
    for (_, end), (start, _) in itertools.pairwise(places):
        if _AND.fullmatch(item.text[end:start]) is None:
            return (item,)
    if _BETWEEN.search(item.text[: places[0][0]]):
        return (item,)
    before, after = item.text[: places[0][0]], item.text[places[-1][1] :]
    return tuple(
        replace(item, text=f"{before}{each['said']}{after}", entities=_only(item, each, named))
        for each in named
    )


def _of_services(
    item: Item, named: Sequence[Entity], places: Sequence[tuple[int, int]]
) -> tuple[Item, ...]:
    """The question once for each service, with what is said of the same one beside it: "an office
    visit with my family doctor".
    """
    text = item.text
    groups: list[list[int]] = []
    for at, (start, _) in enumerate(places):
        between = text[places[at - 1][1] : start] if at else text[:start][-_BEFORE:]
        if _INSTEAD.search(between):
            return (item,)
        if at and not _EACH.search(between):
            groups[-1].append(at)
        else:
            groups.append([at])
    told: dict[str, list[int]] = {}
    for group in groups:
        told.setdefault(str(named[group[0]]["value"]), group)
    if len(told) < 2:
        return (item,)
    before, after = text[: places[0][0]], text[places[-1][1] :]
    parts = []
    for group in told.values():
        others = [each for at, each in enumerate(named) if at not in group]
        said = text[places[group[0]][0] : places[group[-1]][1]]
        kept = tuple(each for each in item.entities if each not in others)
        parts.append(replace(item, text=f"{before}{said}{after}", entities=kept))
    return tuple(parts)


def _of_month(item: Item, month: str) -> tuple[Entity, ...]:
    """The entities without other days than this month's."""
    return tuple(
        each
        for each in item.entities
        if each["entity"] != "date" or str(each.get("said", "")).lower() == month.lower()
    )


def _only(item: Item, one: Entity, named: Sequence[Entity]) -> tuple[Entity, ...]:
    return tuple(each for each in item.entities if each is one or each not in named)


def _span(entity: Entity, begins: int) -> tuple[int, int]:
    start = int(entity.get("start", 0)) - begins
    return start, start + len(str(entity.get("said", "")))
