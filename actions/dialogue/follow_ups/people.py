"""Whom a short message is about: "and Finn's?", "is she covered?"."""

from __future__ import annotations

import re
from datetime import date

from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.topics import AGAIN, CLAIMS, SUMS, wanted
from actions.dialogue.reading import SELF
from actions.dialogue.turn import Turn
from alliance.gazetteer import common_words

_SOMEBODY_BEFORE = re.compile(r"\b(?:she|he|her|him|his|hers)\b(?!'?s? (?:office|doctor))", re.I)
_MINE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|what about|how about|also|now|for)\W+)+"
    r"(?:mine|me|my own|myself)(?: (?:too|as well|then|now))?\W*",
    re.IGNORECASE,
)
_NAMES_ONE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|thanks|and|but|so|what about|how about|also|now)\W+)+"
    r"(?P<name>[^\W\d_]{2,20}?)(?P<things>['\u2019]s)?(?: (?:ones?|claims?|bills?|plan|coverage|"
    r"deductible|card|visits?|copay|authori[sz]ations?|records?))?\W*",
    re.IGNORECASE,
)


def somebody(item: Item, topic: Item, turn: Turn) -> str | None:
    """ "And Finn's?", "what about Faye's claims?": the same about somebody named."""
    if "person" not in wanted(topic.intent) or not AGAIN.search(item.text):
        return None
    if _MINE.fullmatch(item.text):
        return SELF
    found = _NAMES_ONE.fullmatch(item.text)
    if found is None or item.entities or found["name"].lower() in common_words():
        return None
    sure = item.band == "accept" and item.intent != "inform"
    if sure and not (found["things"] or topic.intent in CLAIMS | SUMS):
        return None
    return None if turn.partners.named(found["name"]) else found["name"].capitalize()


def with_person(turn: Turn, item: Item, today: date) -> Item:
    """ "Is she covered right now?" after the baby: of her, not of the member."""
    if not _SOMEBODY_BEFORE.search(item.text):
        return item
    if "person" not in wanted(item.intent) or item.said("person", today) not in (None, SELF):
        return item
    # Also of a question that still waits, or that stands before it in the same message.
    topic = [Item.from_json(turn.memory.topic)] if turn.memory.topic else []
    others = [other for other in turn.questions if other.text != item.text]
    for before in (*others, *turn.agenda, *topic):
        somebody = before.told.get("person") or before.first("relation")
        if somebody not in (None, SELF):
            return item.tell("person", somebody)
    return item
