"""What is told after the order of two plans was: whose birthday comes first, whether somebody still
works there. The rule is applied to it at once.
"""

from __future__ import annotations

from dataclasses import replace

from actions.answers.cases import CASES
from actions.answers.order_facts import read
from actions.answers.order_told import ASKS, INTENT, ask, of_a_child, unknown
from actions.dialogue.agenda import ORDER, PART, Item
from actions.dialogue.asides import is_unknown
from actions.dialogue.follow_ups.topics import CLAIMS, told_last
from actions.dialogue.needs import asks
from actions.dialogue.turn import Turn
from alliance.answer import Answer

# The knowledge's entries that tell of a child's two parents.
_OF_PARENTS = ("order-child", "order-divorced")
_DANGER = "emergency"


def with_fact(turn: Turn, item: Item) -> Item | Answer | None:
    """The question of the order once more with the fact that was just told, or what it means for a
    child; None where nothing of it is told.
    """
    if turn.in_form or turn.text.startswith("/") or told_last(turn) != INTENT:
        return None
    if item.intent == _DANGER or (asks(item.text) and item.intent != INTENT):
        return None
    if item.is_alone and item.intent in (*CLAIMS, *CASES, "report_death"):
        # "The clinic says I owe four hundred" tells of no employees.
        return None
    if turn.memory.last[-1].get(PART) in _OF_PARENTS:
        facts = read(item.text, turn.partners, "birthday")
        return of_a_child(facts, turn.partners) if facts else None
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else None
    asked = topic.told.get(ASKS) if topic and topic.intent == INTENT else None
    if topic is None or asked is None:
        return None
    facts = read(item.text, turn.partners, asked)
    if not facts:
        return unknown(turn.context.verified, turn.partners) if is_unknown(item.text) else None
    return topic.tell("general", "said").tell(ORDER, {**topic.told.get(ORDER, {}), **facts})


def ask_on(turn: Turn, item: Item, given: Answer) -> Item:
    """Ask for the fact that an answer lacks, where nothing else waits to be told: once, and what is
    told of it then is kept with the question.
    """
    asked = given.facts.get(ASKS)
    if asked is None or turn.agenda:
        return item
    if item.told.get(ASKS) != asked:
        turn.say(ask(asked))
    return item.tell(ASKS, asked)


def once(said: Item, fresh: list[Item]) -> bool:
    """Whether another part of the same message has told it already."""
    return bool(fresh) and ORDER in fresh[-1].told and not asks(said.text)


def whole(turn: Turn, said: Item) -> Item:
    """The message as one, where its parts tell of one thing: "I still work. 300 people"."""
    several = len(turn.questions) > 1 and not any(asks(each.text) for each in turn.questions)
    return replace(said, text=turn.text) if several else said
