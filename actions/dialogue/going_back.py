"""Going back to a question that was left for another one: "ok, go back to my claim"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from actions.dialogue.agenda import Item
from actions.dialogue.intents import intents
from actions.dialogue.turn import Turn

# So many topics back.
MOST_EARLIER = 4
_BACK_TO = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|and|well|now|um+|uh+|thanks|thank you|great|please|let'?s|let me|"
    r"can we|could we|can you|i want to|i'?d like to|we can)\W+)*"
    r"(?:(?:go|get|come|jump|switch|turn|move) back to|back to|return to|continue with|"
    r"pick up where we were with|finish)\W+"
    r"(?P<what>(?:my|the|that|our|what)\b.{2,60})$",
    re.IGNORECASE,
)
_WHAT_WE_WERE = re.compile(
    r"\b(?:what (?:we|i) (?:were|was)|the (?:first|other|last|previous|original) (?:question|thing|"
    r"one|topic)|my (?:first|original|other|earlier) question|that question)\b",
    re.IGNORECASE,
)
_ASKS_MORE = re.compile(r"[,.;:?!-]\s+\w+\W+\w+")
_FILLING = frozenset(
    (
        *("my", "the", "that", "our", "what", "about", "thing", "question", "issue", "problem"),
        *("stuff", "matter", "again", "now", "please", "one", "from", "before", "for", "with"),
        *("of", "in", "and", "first", "we", "were", "was", "doing", "a", "an", "your", "status"),
        *("state", "whether", "is", "you", "finding", "talking"),
    )
)
# What a question is begun with that nobody asked before, by the word that names it.
_BY_WORD = {
    "claim": "claim_status",
    "bill": "billing_problem",
    "appeal": "appeal",
    "deductible": "deductible_status",
    "card": "id_card",
}


def gone_back(turn: Turn, item: Item) -> Item | None:
    """The earlier question that the words go back to, also one that was dropped; None where they
    go back to none.
    """
    found = _BACK_TO.match(item.text)
    if found is None:
        return None
    earlier = [
        *turn.agenda,
        *(Item.from_json(told) for told in (turn.memory.topic, *turn.memory.earlier) if told),
    ]
    said = _content(found["what"])
    fitting = [each for each in earlier if said & _words_of(each)]
    if fitting and item.intent == fitting[0].intent and _ASKS_MORE.search(found["what"]):
        # "Go back to the approved one, when does it run out": what is asked of it is new.
        return None
    if fitting:
        # As it was asked, with all that was told for it.
        return fitting[0].settled()
    if _WHAT_WE_WERE.search(found["what"]) and earlier:
        here = turn.agenda[0].intent if turn.agenda else None
        return next((each for each in earlier if each.intent != here), earlier[0]).settled()
    if item.intent in ("cancel", "inform", "repeat", "deny", "out_of_scope"):
        named = next((_BY_WORD[word] for word in said if word in _BY_WORD), None)
        return Item(named, item.text, item.entities) if named else None
    return None


def earlier_topics(
    topic: Mapping[str, object] | None, earlier: tuple[Mapping[str, object], ...], new: str
) -> tuple[Mapping[str, object], ...]:
    """The topics before the new one, newest first, each once."""
    kept = [each for each in (topic, *earlier) if each and each["intent"] != new]
    return tuple({each["intent"]: each for each in reversed(kept)}.values())[::-1][:MOST_EARLIER]


def _words_of(item: Item) -> set[str]:
    return _content(f"{intents()[item.intent].title} {item.text}")


def _content(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return {word.removesuffix("s") for word in words if word not in _FILLING}
