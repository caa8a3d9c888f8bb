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
# "May or April": no other word "may" stands beside a month.
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_WITH_MAY = re.compile(
    rf"\b(?:in )?(?:(may){_AND.pattern}\b({_MONTH})|({_MONTH}){_AND.pattern}\b(may))\b(?! i\b)",
    re.IGNORECASE,
)


def one_each(item: Item, begins: int) -> tuple[Item, ...]:
    """The question once for each of the things of one kind that it lists; itself where it lists
    none. `begins`: where it begins in the message.
    """
    kinds = _KINDS.get(item.intent)
    if kinds is None:
        return (item,)
    if kinds is _DATE and (with_may := _WITH_MAY.search(item.text)):
        first, second = (month for month in with_may.groups() if month)
        before, after = item.text[: with_may.start()], item.text[with_may.end() :]
        return tuple(
            replace(item, text=f"{before}in {month}{after}", entities=_of_month(item, month))
            for month in (first, second)
        )
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
    if _BETWEEN.search(item.text[: places[0][0]]):
        return (item,)
    before, after = item.text[: places[0][0]], item.text[places[-1][1] :]
    return tuple(
        replace(item, text=f"{before}{each['said']}{after}", entities=_only(item, each, named))
        for each in named
    )


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
