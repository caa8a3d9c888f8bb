"""Several of a kind in one question: "a dentist and an eye doctor in Troy", "do you cover X and Y".
Each is answered by itself.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.dialogue.agenda import Item

Entity = Mapping[str, Any]

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
}
_AND = re.compile(
    r"\s*(?:,|&|\+|and|or|plus|n)(?:\s+(?:and|also|maybe|for|an?|the|my|one|some|is|of|with)\b)"
    r"*\s*",
    re.IGNORECASE,
)
_MOST = 3


def one_each(item: Item, begins: int) -> tuple[Item, ...]:
    """The question once for each of the things of one kind that it lists; itself where it lists
    none. `begins`: where it begins in the message.
    """
    kinds = _KINDS.get(item.intent)
    if kinds is None:
        return (item,)
    named = sorted(
        (each for each in item.entities if each["entity"] in kinds),
        key=lambda each: int(each.get("start", 0)),
    )
    if not 1 < len(named) <= _MOST or len({str(each["value"]) for each in named}) < len(named):
        return (item,)
    places = [_span(each, begins) for each in named]
    if any(
        item.text[start:end] != str(each.get("said"))
        for each, (start, end) in zip(named, places, strict=True)
    ):
        return (item,)
    for (_, end), (start, _) in itertools.pairwise(places):
        if _AND.fullmatch(item.text[end:start]) is None:
            return (item,)
    before, after = item.text[: places[0][0]], item.text[places[-1][1] :]
    return tuple(
        replace(item, text=f"{before}{each['said']}{after}", entities=_only(item, each, named))
        for each in named
    )


def _only(item: Item, one: Entity, named: Sequence[Entity]) -> tuple[Entity, ...]:
    return tuple(each for each in item.entities if each is one or each not in named)


def _span(entity: Entity, begins: int) -> tuple[int, int]:
    start = int(entity.get("start", 0)) - begins
    return start, start + len(str(entity.get("said", "")))
