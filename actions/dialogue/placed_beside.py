"""The place that was asked for, and a question in the same breath: "12207, and are they open on
Saturdays?".
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.dialogue.agenda import Item
from actions.dialogue.needs import asks
from actions.dialogue.reading import entity_zip
from actions.dialogue.turn import Turn

_BEFORE = re.compile(
    r"\W*(?:(?:in|near|around|at|by|to|it'?s|is|my|the|i'?m|i|am|live|we|we'?re|zip|code|um+|uh+|"
    r"ok(?:ay)?|well|oh|sure|try|that'?s|would|be)\b\W*)*",
    re.IGNORECASE,
)
_AND = re.compile(r"^\W*(?:(?:and|but|also|oh|by the way|btw)\b\W*)*", re.IGNORECASE)


def placed_beside(turn: Turn) -> tuple[Item, tuple[Item, ...]] | None:
    """What waits with its place, and the questions that come with that; None where the message is
    no such two.
    """
    if turn.asking != "need_location" or not (turn.in_form and turn.agenda and turn.questions):
        return None
    places = [each for each in turn.entities if each["entity"] in ("zip", "place")]
    zip_code = entity_zip(places)
    if zip_code is None:
        return None
    first = min(places, key=lambda each: int(each.get("start", 0)))
    start = int(first.get("start", 0))
    rest = _AND.sub("", turn.text[start + len(str(first.get("said", ""))) :])
    if not _BEFORE.fullmatch(turn.text[:start]) or not asks(rest):
        return None
    asked, *others = turn.questions
    left = tuple(each for each in asked.entities if each is not first and each != first)
    intent = asked.intent if asked.intent != "inform" else turn.agenda[0].intent
    asked = replace(asked, text=rest, intent=intent, entities=left) if not others else asked
    return turn.agenda[0].tell("location", zip_code), (asked, *others)
