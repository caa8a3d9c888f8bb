"""What a question in between put aside: the need of the matter that waits behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from actions.dialogue.agenda import Item
from actions.dialogue.needs import asks_in_part, in_own_words, is_answer, lacking, read_need
from actions.dialogue.turn import Turn

# On an item: which of its needs was being asked for when something else was said.
ASIDE = "aside"
# What nobody says to prove who they are; and what only who was asked for it means by it: a company
# is also on their card, and "April" a name.
_OF_THE_MATTER = ("location", "drug", "service", "specialty", "facility_type")
_WHERE_ASKED = ("claim", "phone", "time")


def met_meanwhile(turn: Turn, today: date) -> list[Item] | None:
    """The agenda with what waits first, for who says what was asked for it, while it is asked who
    they are for another question: "my ZIP is 05401", of a search, proves nothing.
    """
    told_of_self = turn.factors.keys() - {"factor_card_company"}
    if not (turn.asking or "").startswith("factor_") or told_of_self or asks_in_part(turn.text):
        return None
    for item in turn.agenda[1:]:
        if met := _met(turn, item, today):
            return [met, *(each for each in turn.agenda if each is not item)]
    return None


def met_later(turn: Turn, today: date) -> Item | None:
    """What was not asked for again after other questions, and is told all the same."""
    if turn.in_form or asks_in_part(turn.text):
        return None
    earlier = (Item.from_json(each) for each in turn.memory.earlier)
    return next((met for each in earlier if (met := _met(turn, each, today))), None)


def _met(turn: Turn, item: Item, today: date) -> Item | None:
    """The question with its need that the message meets: one that was asked for before, or that
    nobody says who tells who they are.
    """
    asked = item.told.get(ASIDE)
    for need in lacking(item, turn.context.verified, turn.memory, today):
        if need in _OF_THE_MATTER or (need == asked and need in _WHERE_ASKED):
            value = _said(turn, need, item, today)
            if value is not None:
                return item.tell(need, value)
    return None


def _said(turn: Turn, need: str, item: Item, today: date) -> Any:
    """The value, where the message is an answer to it; a bare word that is also a place is rather
    the name that is asked for ("Troy").
    """
    asked = replace(turn, asking=f"need_{need}", agenda=[item])
    bare = need == "location" and turn.text.strip(" .!").isalpha()
    if bare or not is_answer(asked, today):
        return None
    value = read_need(asked, today)
    return None if in_own_words(value) else value
