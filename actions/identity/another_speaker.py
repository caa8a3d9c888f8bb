"""Somebody else goes on with a verified conversation: "hi, this is Fiona now, his wife".

What was proven is of the one who proved it. Whoever names themselves otherwise is somebody else,
and the proof ends, with all that was talked about. At worst a member has to prove it once more.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.service import PERSON
from actions.dialogue.agenda import Memory
from actions.dialogue.turn import Turn
from actions.identity.third_party import FAMILY
from alliance.answer import Answer
from alliance.gazetteer import common_words, lookup_any
from alliance.values import matches_name

_GREETING = (
    r"(?:\W*\b(?:hi|hello|hey|ok(?:ay)?|yes|no|so|um+|uh+|good \w+|there|sorry|well|actually|oh|"
    r"wait|"
    r"now|thanks|thank you|excuse me)\b)*\W*"
)
_NAMED = re.compile(
    rf"^{_GREETING}(?:this is|it'?s|i'?m|i am|my name is|my name'?s|you'?re (?:now )?(?:talking|"
    r"speaking) (?:to|with))\s+(?P<name>[^\W\d_]{2,})(?P<after>.*)",
    re.IGNORECASE | re.DOTALL,
)
# What follows a name: "I'm Fiona, his wife", "this is Fiona now", "it's Fiona Familius".
_AFTER_NAME = re.compile(
    r"\W*(?:$|(?:[^\W\d_]+\W*)?(?:$|[.,;:!?-]|(?:now|here|speaking|calling|talking|again)\b|"
    r"(?:his|her|the|a|and)\b))",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"(?:^{_GREETING}|[.!?;,]\s*)(?:this is|it'?s|i'?m|i am|you'?re (?:now )?(?:talking|speaking) "
    r"(?:to|with))\s+(?:now |actually |just )?(?:his|her|their|the member'?s|(?!today|yesterday|"
    r"it|that|what|who|there|here|let)[^\W\d_]{2,}['\u2019]s) (?:\w+ )?"
    r"(?:wife|husband|spouse|partner|son|daughter|child|kid|mom|mum|mother|dad|father|parent|"
    r"sister|brother|boyfriend|girlfriend|fianc[eé]e?|room ?mate|flat ?mate|friend|neighbou?r|"
    r"co-?worker|colleague|boss|assistant|secretary|nurse|aide|care ?giver|carer|caretaker|helper|"
    r"aunt|uncle|cousin|niece|nephew|grand\w+|guardian|lawyer|attorney|social worker)\b",
    re.IGNORECASE,
)

_FOR_THEM = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b", re.IGNORECASE)
_OF_ONESELF = re.compile(r"\bi(?:'?m| am)\b", re.IGNORECASE)

_THEIRS = re.compile(
    r"\b(?:his|her|their|(?:my|the) (?:\w+[- ])?(?:mother|mom|father|dad|wife|husband|spouse|"
    r"partner|son|daughter|sister|brother|friend|\w+-in-law)'?s?)(?: \w+)? (?:i\.?d\.?|number|card|"
    r"member)\b",
    re.IGNORECASE,
)


def another_speaks(turn: Turn) -> bool:
    """Whether the words come from somebody else than the one who was verified."""
    member = turn.context.verified
    if member is None or not turn.live or turn.text.startswith("/"):
        return False
    if (relative := _RELATIVE.search(turn.text)) is not None:
        # "I'm her father", where she was just not told of, is the member's own protest.
        return not (turn.memory.withheld and _OF_ONESELF.search(relative.group()))
    named = _NAMED.match(turn.text)
    if named is None or not _AFTER_NAME.match(named["after"]):
        return False
    return _is_name(named["name"]) and not _is_called(named, member.person.first_name)


def _is_name(word: str) -> bool:
    return word.lower() not in common_words() and lookup_any(word) is None


def _is_called(named: re.Match[str], first_name: str) -> bool:
    """Whether the name is the member's own, or none is known of them to compare it with."""
    words = [named["name"], *named["after"].split()[:2]]
    said = (" ".join(words[:count]).strip(" .,!?") for count in range(1, len(words) + 1))
    return not first_name or any(matches_name(one, first_name) for one in said)


def gives_anothers_id(turn: Turn) -> bool:
    """Whether a member ID is told that is said to be somebody else's."""
    given = any(entity.get("entity") == "member_id" for entity in turn.entities)
    return given and _THEIRS.search(turn.text) is not None


def close(turn: Turn) -> None:
    """Forget what the other person talked about, and say so. The proof itself ends in Redis
    (`Turns.forget_verified`).
    """
    relative = _RELATIVE.search(turn.text)
    for_them = relative and _FOR_THEM.search(turn.text[relative.end() :])
    # "This is his roommate. What does he owe?": still of the other person's plan.
    caller = FAMILY if for_them else None
    turn.memory = replace(Memory(), language=turn.memory.language, caller=caller)
    turn.agenda = []
    turn.failures = {}
    turn.forget_factors()
    text = (
        "Thank you for telling me. I've closed what I had open for the person before you, so that "
        "nobody hears of somebody else's plan. For yours, I first need to be sure who you are."
    )
    speech = (
        "Thank you. I've closed the other person's records. For yours, I ask who you are first."
    )
    if turn.intent != "emergency":
        turn.say(Answer(text=text, speech=speech, kind="notice", buttons=(PERSON,)))
