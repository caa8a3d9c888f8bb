"""What members ask of a topic in words of its own: "do copays count toward it?", "what if I go
without one?", "will the number change?". The knowledge's entries with `asked` hold the words.
"""

from __future__ import annotations

from datetime import date

from actions.answers.general import detail, knows_aspect
from actions.answers.talk import is_talk
from actions.dialogue.agenda import Item
from actions.dialogue.context import asked_of, recent
from actions.dialogue.turn import Turn
from alliance.aspects import aspect_of

# Longer messages tell a story of their own.
MOST_WORDS = 16
# So many of what was talked about may be meant, the newest first.
_MOST_TOPICS = 2
# What the words of an aspect say well enough of any topic; the others are less sure of themselves
# than the words of a detail.
_TOLD_BY_ASPECT = frozenset(
    {"deadline", "duration", "documents", "hardship", "refused", "meanwhile", "next"}
)
# Who names one of these and is understood for sure asks something of their own: "and a drug store
# that's open late" after a nurse line.
_SAME = {"find_pharmacy": ("find_pharmacy", "mail_order_pharmacy")}
_A_MATTER = frozenset({"facility", "drug", "specialty", "provider", "claim_number"})


def detail_asked(turn: Turn, item: Item, today: date) -> Item | None:
    """The question for what an entry tells of the topic that was talked about, or of its own."""
    if len(item.text.split()) > MOST_WORDS or len(turn.questions) > 1:
        return None
    by_when = item.asks_for("deadline", "duration")
    common = aspect_of(item.text) or (item.aspect if by_when else None)
    for topic in recent(turn)[:_MOST_TOPICS]:
        if topic.intent not in _SAME.get(item.intent, (item.intent,)) and _is_of_another_matter(
            item
        ):
            continue
        if common in _TOLD_BY_ASPECT and knows_aspect(topic.intent, common, turn.partners, today):
            return None
        if aspect := detail(topic.intent, item.text, turn.partners, today):
            return asked_of(topic, item, aspect)
    if is_talk(item.intent) or (item.band != "accept" and turn.memory.topic):
        # Words that are not understood rather lean on what was told.
        return None
    alone = detail(item.intent, item.text, turn.partners, today, alone=True)
    return asked_of(item, item, alone) if alone else None


def _is_of_another_matter(item: Item) -> bool:
    named = {entity["entity"] for entity in item.entities}
    return item.band == "accept" and not is_talk(item.intent) and bool(named & _A_MATTER)
