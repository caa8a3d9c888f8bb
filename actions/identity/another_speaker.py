"""Somebody else goes on with a verified conversation: "hi, this is Fiona now, his wife".

What was proven is of the one who proved it. Whoever names themselves otherwise is somebody else,
and the proof ends, with all that was talked about. At worst a member has to prove it once more.
While an agent listens, the agent's proof of them ends as well (`api.desk.shadow`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.answers.service import PERSON
from actions.answers.talk import is_talk
from actions.dialogue.agenda import Memory
from actions.dialogue.reading import is_one_name
from actions.dialogue.turn import Turn
from actions.identity.put_on import HANDED_OVER
from actions.identity.third_party import FAMILY
from actions.identity.told_together import name_beside_id, tells_anothers
from alliance.answer import Answer
from alliance.gazetteer import common_words, lookup_any
from alliance.values import is_wordy_name, matches_name

_GREETING = (
    r"(?:\W*\b(?:hi|hello|hey|ok(?:ay)?|yes|no|so|um+|uh+|good \w+|there|sorry|well|actually|oh|"
    r"wait|"
    r"now|thanks|thank you|excuse me)\b)*\W*"
)
_NAMED = re.compile(
    rf"^{_GREETING}(?:(?:it'?s |this is |and )?me,?|this is|it'?s|i'?m|i am|my name is|"
    r"my name'?s|you'?re (?:now )?(?:talking|speaking) (?:to|with))\s+"
    r"(?P<name>[^\W\d_]{2,})(?P<after>.*)",
    re.IGNORECASE | re.DOTALL,
)
# "Mike here", "Will speaking".
_HERE = re.compile(
    rf"^{_GREETING}(?P<name>[^\W\d_]{{2,}}) (?P<after>(?:here|speaking)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_STILL_ME = re.compile(
    r"\b(?:it'?s (?:still )?me|i'?m (?:still |back )|i am back|still me|never ?mind|forget|"
    r"my (?:wife|husband|son|daughter|mother|father|mom|dad|partner))\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|my|mine)\b", re.IGNORECASE)
# What follows a name: "I'm Fiona, his wife", "this is Fiona now", "it's Fiona Familius".
_AFTER_NAME = re.compile(
    r"\W*(?:$|(?:[^\W\d_]+\W*)?(?:$|[.,;:!?-]|(?:now|here|speaking|calling|talking|again)\b|"
    r"(?:his|her|the|a|and)\b))",
    re.IGNORECASE,
)
_ROLES = (
    r"(?:wife|husband|spouse|partner|son|daughter|child|kid|mom|mum|mother|dad|father|parent|"
    r"sister|brother|boyfriend|girlfriend|fianc[eé]e?|room ?mate|flat ?mate|friend|neighbou?r|"
    r"co-?worker|colleague|boss|assistant|secretary|nurse|aide|care ?giver|carer|caretaker|helper|"
    r"aunt|uncle|cousin|niece|nephew|grand\w+|guardian|lawyer|attorney|social worker)"
)
# As it is heard: "hi it's fiona did mine go through too".
_ASKS_ON = re.compile(
    r"\W+(?:did|do|does|was|is|are|has|have|can|could|would|will|what|how|when|where|why|who|i|my|"
    r"mine)\b",
    re.IGNORECASE,
)
_GREETS = re.compile(r"\W*(?:hi|hello|hey|good \w+)\b", re.IGNORECASE)
_RELATIVE = re.compile(
    rf"(?:^{_GREETING}|[.!?;,]\s*)(?:(?:this is|it'?s|i'?m|i am|you'?re (?:now )?(?:talking|"
    r"speaking) (?:to|with)|you(?:'ve)? got)\s+(?:now |actually |just )?(?:his|her|their|"
    r"the member'?s|(?!today|yesterday|it|that|what|who|there|here|let)[^\W\d_]{2,}['\u2019]s) "
    rf"(?:\w+ )?{_ROLES}\b|"
    # "This is the nurse now"; "I'm a nurse" may be the member's own work.
    rf"(?:this is|it'?s)\s+(?:the|an?|my) (?:\w+ )?{_ROLES}\W+(?:now|speaking|here|talking)\b|"
    rf"{_ROLES} (?:speaking|(?:here )?now)\b)",
    re.IGNORECASE,
)

_ASKED_AS_NAME = re.compile(
    r"\b(?:my name(?: is|'?s)|you'?re (?:now )?(?:talking|speaking) (?:to|with))\s+$", re.IGNORECASE
)
_SPEAKS = re.compile(r"\W*(?:now )?(?:speaking|calling|talking)\b", re.IGNORECASE)
_IT_IS = re.compile(r"\bit'?s\s+$", re.IGNORECASE)
_HOW_ONE_IS = re.compile(r"\b(?:it'?s|i'?m|i am)\s+$", re.IGNORECASE)
_FROM_NOW = re.compile(r"\W*(?:now|here|speaking|again)\b", re.IGNORECASE)
# A form of a word: "burning", "frightened" tells how somebody is, and not who.
_FORM_OF = re.compile(r"(?:over|un|mis|dis)?(?P<stem>[a-z]{4,}?)(?:ing|ed|ful|ous)")
# What names that are not known are understood as.
_SOUNDS_LIKE_NAMES = frozenset(
    {"emergency", "third_party_caller", "authorize_representative", "report_death"}
)
_FOR_THEM = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b", re.IGNORECASE)
_OF_ONESELF = re.compile(r"\bi(?:'?m| am)\b", re.IGNORECASE)

_THEIRS = re.compile(
    r"\b(?:his|her|their|(?:my|the) (?:\w+[- ])?(?:mother|mom|father|dad|wife|husband|spouse|"
    r"partner|son|daughter|sister|brother|friend|\w+-in-law)'?s?)(?: \w+)? (?:i\.?d\.?|number|card|"
    r"member)\b",
    re.IGNORECASE,
)


def another_speaks(turn: Turn, today: date) -> bool:
    """Whether the words come from somebody else than the one who was verified."""
    member = turn.context.verified
    if member is None or turn.context.proven_since or turn.text.startswith("/"):
        return False
    if (relative := _RELATIVE.search(turn.text)) is not None:
        # "I'm her father", where she was just not told of, is the member's own protest.
        return not (turn.memory.withheld and _OF_ONESELF.search(relative.group()))
    if _asks_after_hand_over(turn):
        return True
    if _proves_anew(turn, member.person.first_name, today):
        return True
    named = _named(turn.text)
    if named is None or not _is_introduced(named) or _is_thing(turn, named):
        return False
    known = not (_is_name(named["name"]) and not _is_of_topic(turn, named))
    if known and not _says_name(named):
        return False
    return not _is_called(named, member.person.first_name)


def _asks_after_hand_over(turn: Turn) -> bool:
    """Whether somebody asks for their own right after the member has put them on, and does not say
    who they are: "here's my wife" - "what do I owe?".
    """
    if turn.memory.told != HANDED_OVER or _STILL_ME.search(turn.text):
        return False
    return _OWN.search(turn.text) is not None and _FOR_THEM.search(turn.text) is None


def _named(text: str) -> re.Match[str] | None:
    return _NAMED.match(text) or _HERE.match(text)


def _is_introduced(named: re.Match[str]) -> bool:
    """Whether nothing but who speaks is said with the name: "it's metoprolol is it covered" is
    none, where it does not begin with a greeting.
    """
    if _AFTER_NAME.match(named["after"]):
        return True
    says_it = _IT_IS.search(_lead_of(named)) and not _GREETS.match(named.group())
    return bool(_ASKS_ON.match(named["after"])) and not says_it


def _lead_of(named: re.Match[str]) -> str:
    return named.group()[: -len(named["name"] + named["after"])]


def _proves_anew(turn: Turn, first_name: str, today: date) -> bool:
    """Whether a member ID and another name beside it are told, of nobody whom the words say to be
    somebody else: whoever was put on says who they are.
    """
    if tells_anothers(turn.text) or any(each["entity"] == "relation" for each in turn.entities):
        return False
    names = name_beside_id(turn, today)
    return bool(names and first_name) and not any(matches_name(n, first_name) for n in names or ())


def _says_name(named: re.Match[str]) -> bool:
    """Whether it must be a name though it is a word, too: "my name is Mark", "this is Will
    speaking", "I'm Mark", "it's Will now".
    """
    lead = _lead_of(named)
    if _ASKED_AS_NAME.search(lead) or (named.re is _NAMED and _SPEAKS.match(named["after"])):
        return True
    # "It's bill" is one.
    told = not _IT_IS.search(lead) or _FROM_NOW.match(named["after"])
    return bool(told) and is_wordy_name(named["name"])


def _is_thing(turn: Turn, named: re.Match[str]) -> bool:
    """ "It's metoprolol", "it's Troy": a drug or a place that is told, with nothing after it. "This
    is Allegra now" is somebody.
    """
    said = {str(each.get("said", "")).lower() for each in turn.entities}
    alone = not re.search(r"\w", named["after"])
    it_is = _IT_IS.search(_lead_of(named))
    return bool(alone and it_is and named["name"].lower() in said)


def _is_of_topic(turn: Turn, named: re.Match[str]) -> bool:
    """Whether a word that nobody knows is what a message of nothing else asks about, for sure: "im
    preggo". A name says who speaks, and is understood as no topic.
    """
    if not _HOW_ONE_IS.search(_lead_of(named)):
        return False
    first = turn.questions[0] if len(turn.questions) == 1 else None
    alone = first is not None and not re.search(r"\w", named["after"])
    if not alone or first is None or not first.is_sure:
        return False
    return not is_talk(first.intent) and first.intent not in _SOUNDS_LIKE_NAMES


def _is_name(word: str) -> bool:
    lower = word.lower()
    forms = (found := _FORM_OF.fullmatch(lower)) and _stems(found["stem"])
    everyday = lower in common_words() or bool(forms and forms & common_words())
    return not everyday and lookup_any(word) is None


def _stems(stem: str) -> set[str]:
    """What a form is made of: "burn" of "burning", "hate" of "hating", "drop" of "dropped"."""
    doubled = {stem[:-1]} if stem[-1:] == stem[-2:-1] else set()
    return {stem, f"{stem}e", f"{stem}y", *doubled}


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
    named = None if relative else _named(turn.text)
    if named and (is_one_name(named["name"]) or is_wordy_name(named["name"])):
        # It was just said.
        turn.factors["factor_first_name"] = [named["name"].capitalize()]
    text = (
        "Thank you for telling me. I've closed what I had open for the person before you, so that "
        "nobody hears of somebody else's plan. For yours, I first need to be sure who you are."
    )
    speech = (
        "Thank you. I've closed the other person's records. For yours, I ask who you are first."
    )
    if turn.intent != "emergency":
        facts = {"awaits": "identity", "closed": True}
        turn.say(Answer(text=text, speech=speech, kind="notice", facts=facts, buttons=(PERSON,)))
