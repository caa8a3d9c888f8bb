"""What was told before, once more or for another day: "that copay again", "and next month?"."""

from __future__ import annotations

import re
from datetime import date

from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.context import ASPECT
from actions.dialogue.follow_ups.topics import COVERAGE, DRUGS, SERVICES, SUMS, is_short, told_last
from actions.dialogue.turn import Turn
from alliance.values import read_coming

_AGAIN = re.compile(
    r"\b(?:once more|one more time|again|repeat|a second time)\b(?!.*\b(?:why|when|how|if)\b)",
    re.IGNORECASE,
)
_LOOKED_UP = frozenset({*SERVICES, *SUMS, *DRUGS, "dental_benefits", "vision_benefits"})
# What only names a day is sure of nothing else.
# "What if I push it to Wednesday, would I be good then?"
_MOST_OF_A_DAY = 14
_SAYS_A_DAY = frozenset({"inform", "deny", "affirm", "repeat", *COVERAGE})


def told_again(turn: Turn, item: Item) -> Item | None:
    """ "That copay once more" is the one that was looked up, and no rule about copays."""
    if turn.in_form or item.named or not item.is_sure or item.intent not in _LOOKED_UP:
        return None
    if not (is_short(item) and _AGAIN.search(item.text)):
        return None
    before = [each for each in (turn.memory.topic, *turn.memory.earlier) if each]
    topic = next((each for each in before if each["intent"] == item.intent), None)
    if topic is None:
        return None
    kept = Item.from_json(topic)
    told = {n: v for n, v in kept.told.items() if n not in ("start", ASKED, ASPECT)}
    return Item(kept.intent, kept.text, kept.entities, {**told, "general": "said"})


def on_another_day(turn: Turn, item: Item, today: date) -> Item | None:
    """ "And next month?" after the coverage of today."""
    topic = turn.memory.topic
    told = topic is not None and topic["intent"] == told_last(turn) == "coverage_status"
    long = len(item.text.split()) > _MOST_OF_A_DAY
    if turn.in_form or topic is None or not told or long:
        return None
    unsure = item.band != "accept" or item.intent in _SAYS_A_DAY
    if not unsure or read_coming(item.text, today) is None:
        return None
    person = {n: v for n, v in topic["told"].items() if n == "person"}
    return Item("coverage_status", item.text, item.entities, person)
