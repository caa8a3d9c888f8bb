"""Going back to a question that was left for another one: "ok, go back to my claim"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.topics import CLAIMS, SUMS
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
# "Back to the urgent care, what do I pay there": where what is asked begins.
_ASKED_THERE = re.compile(
    r"[,.;:?!-]+\s+|\s+(?=(?:what|how|when|who|where|why|which|is|are|do|does|did|can|could|will)\b)",
    re.IGNORECASE,
)
_FEWEST_ASKING = 3
# "What was the first thing you told me again?"
_WHERE_WE_WERE = re.compile(r"\bwhere (?:were|did) (?:we|i)\b", re.IGNORECASE)
_WHICH_AGAIN = re.compile(
    r"\b(?P<first>first|original|beginning|start)\b|"
    r"\b(?:(?:one|thing|part|answer) before|before that|earlier|previous)\b",
    re.IGNORECASE,
)
# "And the first, who was it with?" of several that were asked.
_NTH = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|now|about|for|on|as for)\W+)*(?:the |my )?"
    r"(?P<nth>first|second|third)(?: (?:one|thing|question|part|point|item))?\s*[,:;-]+\s*",
    re.IGNORECASE,
)
_OF_A_PLACE = ("provider_details", "check_network")
_OF_A_CLAIM = ("reason", "share", "paid", "care", "fix")
# "I meant the March one": of claims there is one of a day.
_ONE_OF_A_DAY = re.compile(r"\b(?:ones?|claims?|visits?)\b", re.IGNORECASE)
_AMOUNT = re.compile(r"\b(?:amount|sum|figure|total|dollars|how much)\b", re.IGNORECASE)
_ONCE_MORE = re.compile(r"\b(?:again|once more|one more time|repeat)\b", re.IGNORECASE)
_WITH_SUMS = CLAIMS | SUMS | {"copay_cost", "cost_estimate", "drug_cost", "dental_benefits"}
_THE_THING = re.compile(
    r"\b(?:the|that|my) (?P<what>[\w ]{3,25}?) (?:thing|stuff|part|question|issue|matter)\b", re.I
)
_ORDINALS = ("first", "second", "third")
_THINGS = frozenset({"specialty", "facility", "service", "drug", "provider"})
# What comes by mail, and what is said of it and of no claim.
_MAILED = ("id_card", "mail_order_pharmacy", "tax_form")
_ARRIVES = re.compile(
    r"\b(?:gets?|getting|comes?|be|is) here\b|\barriv\w+|\bshow(?:s|ing)? up\b|\bdeliver\w*|"
    r"\bship\w*|\b(?:in|by|through) the (?:mail|post)\b|\bmailed\b",
    re.IGNORECASE,
)
_FILLING = frozenset(
    (
        *("my", "the", "that", "our", "what", "about", "thing", "question", "issue", "problem"),
        *("stuff", "matter", "again", "now", "please", "one", "from", "before", "for", "with"),
        *("of", "in", "and", "first", "we", "were", "was", "doing", "a", "an", "your", "status"),
        *("state", "whether", "is", "you", "finding", "talking"),
    )
)
# The knowledge's entry of who would like to go on after something came between.
_GO_ON = "go-on"
# What a question is begun with that nobody asked before, by the word that names it.
_BY_WORD = {
    "claim": "claim_status",
    "bill": "billing_problem",
    "appeal": "appeal",
    "deductible": "deductible_status",
    "card": "id_card",
}


def of_earlier(turn: Turn, item: Item) -> Item:
    """The message without what names an earlier topic, which then is the last one: "the urgent
    care, is it open on Sundays?" after a referral was told, "when does it get here?" of the card
    after a claim.
    """
    if turn.in_form or turn.memory.topic is None:
        return item
    last = Item.from_json(turn.memory.topic)
    earlier = [Item.from_json(each) for each in turn.memory.earlier]
    if (nth := _NTH.match(item.text)) and not turn.memory.listed:
        asked = [*earlier[::-1], last]
        place = _ORDINALS.index(nth["nth"].lower())
        if place < len(asked):
            _make_last(turn, asked[place])
            return replace(item, text=item.text[nth.end() :])
    told = {each.get("intent") for each in turn.memory.last} & CLAIMS
    claim = next((each for each in earlier if each.intent in told), None)
    of_one = _ONE_OF_A_DAY.search(item.text) and item.first("date")
    if claim and last.intent not in CLAIMS and (of_one or item.asks_for(*_OF_A_CLAIM)):
        # "Why only part of it?" after a claim, the card and the lines were told at once.
        _make_last(turn, claim)
        return item
    if thing := _THE_THING.search(item.text):
        # "And the address thing?"
        said = _content(thing["what"])
        before = next((each for each in earlier if said & _words_of(each)), None)
        if before and not said & _words_of(last):
            _make_last(turn, before)
            text = f"{item.text[: thing.start()]}that{item.text[thing.end() :]}"
            return replace(before, text=text, aspect=item.aspect, aspect_sure=item.aspect_sure)
    if item.aspect is None and item.intent not in _OF_A_PLACE:
        return item
    if last.intent in CLAIMS:
        # "The visit, what was my part?": the one whose claim was told.
        left = tuple(e for e in item.entities if str(e.get("said", "")).lower() != "visit")
        item = replace(item, entities=left)
    named = {e["entity"] for e in item.entities} & _THINGS
    left = tuple(e for e in item.entities if e["entity"] not in _THINGS)
    if named and _names(last, item):
        return replace(item, entities=left)
    if named:
        meant = next((each for each in earlier if _names(each, item)), None)
    else:
        mailed = (each for each in (last, *earlier) if each.intent in _MAILED)
        meant = next(mailed, None) if _ARRIVES.search(item.text) else None
    if meant is None:
        return item
    _make_last(turn, meant)
    return replace(item, entities=left)


def _make_last(turn: Turn, topic: Item) -> None:
    left = earlier_topics(turn.memory.topic, turn.memory.earlier, topic.intent)
    turn.memory = replace(turn.memory, topic=topic.to_json(), earlier=left)


def _names(topic: Item, item: Item) -> bool:
    """Whether all things that the message names are those of the topic, also in fewer words: "the
    therapy" of physical therapy.
    """
    own = [e for e in topic.entities if e["entity"] in _THINGS]

    def is_one(thing: Mapping[str, object]) -> bool:
        said = str(thing.get("said", "")).lower()
        return any(
            str(e["value"]) == str(thing["value"]) or said in str(e.get("said", "")).lower().split()
            for e in own
        )

    return all(is_one(e) for e in item.entities if e["entity"] in _THINGS)


def gone_back(turn: Turn, item: Item) -> Item | None:
    """The earlier question that the words go back to, also one that was dropped; None where they
    go back to none.
    """
    if item.intent == "repeat" and (which := _WHICH_AGAIN.search(item.text)):
        # Of several that were told, the first; else the one before the last.
        told = turn.memory.earlier[-1 if which["first"] else 0 :][:1]
        return Item.from_json(told[0]).settled() if told else None
    once_more = item.intent == "repeat" or _ONCE_MORE.search(item.text)
    if once_more and (sum_told := _sum_before(turn, item)):
        return sum_told
    nearest = item.details[0] if item.details else None
    goes_on = nearest is not None and nearest.surely and nearest.entry == _GO_ON
    if turn.memory.interrupted and (goes_on or _WHERE_WE_WERE.search(item.text)):
        before, turn.memory = turn.memory.interrupted, replace(turn.memory, interrupted=None)
        return Item.from_json(before).settled()
    found = _BACK_TO.match(item.text)
    if found is None:
        return None
    earlier = [
        *turn.agenda,
        *(Item.from_json(told) for told in (turn.memory.topic, *turn.memory.earlier) if told),
    ]
    named, *asked = _ASKED_THERE.split(found["what"], maxsplit=1)
    if asked and len(asked[0].split()) >= _FEWEST_ASKING and item.is_sure:
        # A question of its own, of the topic that is named.
        there = next((each for each in earlier if _content(named) & _words_of(each)), None)
        if there is None or there.intent != item.intent:
            if there is not None:
                _make_last(turn, there)
            return None
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


def _sum_before(turn: Turn, item: Item) -> Item | None:
    """ "That amount one more time", after something that has none: what told one before."""
    last = turn.memory.topic["intent"] if turn.memory.topic else None
    if not _AMOUNT.search(item.text) or last is None or last in _WITH_SUMS:
        return None
    before = (Item.from_json(each) for each in turn.memory.earlier)
    told = next((each for each in before if each.intent in _WITH_SUMS), None)
    return told.settled() if told else None


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
