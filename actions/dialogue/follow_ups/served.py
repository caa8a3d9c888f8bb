"""Which company serves a town or a state: asked in whatever words, and asked on for another one
("and my sister in Burlington?", "what if I go to Chicago for good?").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.topics import SEARCHES
from actions.dialogue.needs import asks, would_move
from actions.dialogue.reading import entity_zip
from actions.dialogue.turn import Turn
from alliance.service_area import serving

_TOPIC = "which_plan_covers_me"
# What a message that only names another place is taken for.
_UNSURE = frozenset(
    {_TOPIC, "inform", "out_of_area_coverage", "out_of_scope", "update_contact", "affirm", "deny"}
)
# What is asked of care there, and not of who serves it.
_OF_CARE = re.compile(
    r"\b(?:sick|hurt|emergency|doctors?|hospital|care|covered|get treated|see (?:a|some)\w*|"
    r"travel\w*|trip|vacation|visit\w*|weeks?|days?)\b",
    re.IGNORECASE,
)
_SERVES = re.compile(
    r"\b(?:you|you guys|your compan(?:y|ies)|any of you|cigna|mvp|preferred care) (?:\w+ )?"
    r"(?:cover|serve|insure|operate|work|offer \w+)\b|"
    r"\b(?:are|is) (?:you|cigna|mvp|preferred care) (?:\w+ )?(?:in|available)\b",
    re.IGNORECASE,
)


def served(turn: Turn, item: Item) -> Item | None:
    """The question which company serves the place that is named; a state alone is answered where
    one company serves the whole of it.
    """
    places = _places(item) or _told_beside(turn, item)
    if not places or not (_asks_who(item) or _asks_on(turn, item)):
        return None
    # Whoever of the family lives there: an address tells the company, whosever it is.
    asked = replace(item, intent=_TOPIC, band="accept", entities=places)
    if entity_zip(places):
        return asked
    state = _state(places)
    return asked.tell("state", state) if state and serving(state, turn.partners) else None


def _places(item: Item) -> tuple[Mapping[str, object], ...]:
    return tuple(each for each in item.entities if each["entity"] in ("zip", "place"))


def _told_beside(turn: Turn, item: Item) -> tuple[Mapping[str, object], ...]:
    """The place that is told in the same message: "we'll live in Keene, which of you is that?"."""
    if item.intent != _TOPIC or item.band != "accept":
        return ()
    return next((_places(each) for each in turn.questions if tells_place(turn, each)), ())


def tells_place(turn: Turn, item: Item) -> bool:
    """Whether a part of the message only tells a place of which another part asks who serves it, or
    who or what is there: "where's the nearest lab, I'm in Colonie".
    """
    others = [each for each in turn.questions if each is not item and not _places(each)]
    asked_of_it = any(each.intent == _TOPIC for each in others)
    only_there = item.named <= {"zip", "place"}
    searched = only_there and any(each.intent in SEARCHES for each in others)
    return bool(_places(item)) and (asked_of_it or searched) and not asks(item.text)


def _asks_who(item: Item) -> bool:
    if item.intent == _TOPIC:
        return item.band == "accept" and not entity_zip(item.entities)
    of_place = item.intent in ("out_of_area_coverage", "enroll_or_compare_plans", "out_of_scope")
    return of_place and _SERVES.search(item.text) is not None and not _OF_CARE.search(item.text)


def _asks_on(turn: Turn, item: Item) -> bool:
    """Whether another place is named after it was told which company serves one."""
    topic = turn.memory.topic
    told = topic is not None and topic["intent"] == _TOPIC and turn.memory.told in (_TOPIC, "offer")
    if not told or topic is None or not Item.from_json(topic).entities or turn.in_form:
        return False
    # "The new job is in Utica, 13501" looks for no doctor.
    nothing_sought = item.intent in SEARCHES and item.named <= {"zip", "place"}
    unsure = item.intent in _UNSURE or item.band != "accept"
    of_it = unsure or nothing_sought or would_move(item.text)
    return of_it and not _OF_CARE.search(item.text)


def _state(places: tuple[Mapping[str, object], ...]) -> str | None:
    value = places[0]["value"]
    state = value.get("state") if isinstance(value, Mapping) else None
    return str(state) if state else None
