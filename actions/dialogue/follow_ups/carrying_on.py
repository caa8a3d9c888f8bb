"""The last question once more with something new in it: "and dental?", "no, the May one"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.people import somebody
from actions.dialogue.follow_ups.topics import AGAIN, MOST_WORDS, wanted
from actions.dialogue.reading import value_in
from actions.dialogue.turn import Turn

_CORRECTS = re.compile(
    r"^\W*(?:(?:oh|um+|uh+|well|hold on|hang on)\W+)*(?:no+|nope|nah|sorry|oops|wait|actually|"
    r"i meant|i mean|i said|make (?:it|that)|(?:it|that) should be|not that|not|correction|rather|"
    r"wrong|change (?:it|that) to|i was asking about|i'?m asking about)\b",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"\b(?:not|instead of|rather than)(?: the| an?| my| in| near| for)?\s*$", re.I
)
# Words that add nothing to what a short message names.
_EMPTY = frozenset(
    word
    for line in (
        "an a the my our your his her their me i it it's its is was be that this one ones in at on",
        "of for from to near around by with about and but or so no not nope sorry oops wait what",
        "actually meant mean said how same thing question also then please instead ok okay yes",
        "well now try make should rather correction wrong change if look looking search find there",
        "thanks thank you only just im i'm asking oh um uh hang hold",
    )
    for word in line.split()
)
# "Oh no wait I said that wrong I meant March".
MOST_CORRECTING_WORDS = 14
_KINDS = {
    "location": {"zip", "place"},
    "claim": {"claim_number", "date"},
    "service": {"service", "specialty", "facility"},
    "drug": {"drug"},
    "provider": {"provider"},
    "facility_type": {"facility", "service"},
    "specialty": {"specialty"},
    "person": {"relation"},
    "partner": {"partner"},
}


def carried_on(turn: Turn, item: Item, topic: Item, today: date) -> Item | None:
    """The topic again, with the new values of a message that has nothing else of its own."""
    most = MOST_CORRECTING_WORDS if _CORRECTS.search(item.text) else MOST_WORDS
    if len(item.text.split()) > most:
        return None
    if name := somebody(item, topic, turn):
        return Item(topic.intent, topic.text, topic.entities, {**topic.told, "person": name})
    unsure = item.intent in ("inform", "deny", "affirm") or item.band != "accept"
    if not unsure and not (AGAIN.search(item.text) or _CORRECTS.search(item.text)):
        return None
    entities = meant(turn, item)
    if not unsure and _rest(item):
        return None
    if unsure and item.intent != "inform" and len(_rest(item)) > 2:
        return None
    if not _new_values(topic, item, entities, today):
        return None
    return with_values(topic, item, entities, today, topic.told)


def _new_values(
    topic: Item, item: Item, entities: Sequence[Mapping[str, Any]], today: date
) -> dict[str, Any]:
    """What the message says of what the topic wants, by need."""
    return {
        need: value
        for need in wanted(topic.intent)
        if (value := value_in(need, item.text, entities, today)) is not None
        and not (need == "person" and not any(e["entity"] == "relation" for e in entities))
    }


def with_values(
    topic: Item,
    item: Item,
    entities: Sequence[Mapping[str, Any]],
    today: date,
    before: Mapping[str, Any],
) -> Item:
    """The topic with the message's values in the place of those told `before`."""
    values = _new_values(topic, item, entities, today)
    changed = {kind for need in values for kind in _KINDS[need]}
    kept = [e for e in topic.entities if e["entity"] not in changed]
    told = {need: value for need, value in before.items() if need not in (*values, "start")}
    # Days are read from the words, as "in March" of a plan is.
    text = item.text if "claim" in values or item.first("date") else topic.text
    return Item(topic.intent, text, (*entities, *kept), {**told, **values})


def meant(turn: Turn, item: Item) -> tuple[Mapping[str, Any], ...]:
    """The entities without those that are named to be put aside: "not Albany, Troy"."""
    return tuple(
        entity
        for entity in item.entities
        if not _NOT_BEFORE.search(turn.text[: entity.get("start", 0)])
    ) or tuple(item.entities)


def _rest(item: Item) -> list[str]:
    """The words of a message that name nothing we know and are no filling."""
    text = item.text.lower()
    for entity in item.entities:
        text = text.replace(str(entity.get("said", "")).lower(), " ")
    return [word for word in re.findall(r"[\w']+", text) if word not in _EMPTY]
