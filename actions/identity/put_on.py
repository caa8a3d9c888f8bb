"""Who asks for somebody else puts that one on: "she's right here", "I'll hand her the phone"."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.service import PERSON
from actions.dialogue.agenda import PART, Item, about_whom
from actions.dialogue.danger import is_presence
from actions.dialogue.needs import asks
from actions.dialogue.reading import is_one_name
from actions.dialogue.turn import Turn
from actions.identity.third_party import FAMILY, RELAY, names_themselves, points_at_somebody
from alliance.answer import Answer
from alliance.values import is_wordy_name

# What a proven member hears who puts somebody else on.
HANDED_OVER = "handed_over"
# The knowledge's entry of a member who is there.
HERE = "third-here"
_AWAY = re.compile(
    r"\b(?:not|\w+n'?t|asleep|sleeping|resting|busy|bed|home|work|school|away)\b", re.IGNORECASE
)
# "Can she call herself?", "does she have to say it?": asked of a way, and nobody is there.
_BY_ITSELF = re.compile(
    r"\W*(?:(?:so|and|but|then|ok(?:ay)?|well)\W+)*(?:can|could|may|should|does|do|would|will|is|"
    r"must|has|so) (?:he|she|they)\b(?!.*\b(?:to|with) you\b)|"
    r"\W*(?:(?:so|and|but|then|ok(?:ay)?|well)\W+)*(?:he|she|they) (?:has|have|needs?|got) to\b",
    re.IGNORECASE,
)
# "Can you put a lady on the line" wants somebody of ours.
_NOT_PUT_ON = frozenset({"speak_to_agent", "repeat"})
# "But she's my wife": who somebody is, and not where.
_IS_MINE = re.compile(
    r"\W*(?:(?:but|and|well|no|because)\W+)*(?:he|she)(?:'?s| is) my \w+\W*", re.IGNORECASE
)
# "Okay dad, say your name": to the one beside them.
_SPEAK_UP = re.compile(
    r"\b(?:say|tell (?:him|her|it|them|the (?:man|lady|computer|machine))) your (?:own )?"
    r"(?:name|birth\w*|date of birth|number)\b",
    re.IGNORECASE,
)
# On an item: the one whom it is about has been put on.
_PUT_ON = "put_on"
_OF_ONESELF = re.compile(r"\b(?:i|i'?m|i'?ve|my|me|mine)\b", re.IGNORECASE)
_IT_IS_ME = re.compile(r"\b(?:it'?s me|(?:the|a) (?:member|patient|employee)|myself)\b", re.I)
_SAYS_IT = re.compile(
    r"^\W*(?:(?:hello|hi|hey|yes|ok(?:ay)?|so|well|good \w+)\W+)*(?:this is|it'?s)\s+",
    re.IGNORECASE,
)
LEAD = "Good. Then I ask them, not you."


def puts_on(item: Item) -> bool:
    """Whether the words say that somebody else is there and can speak for themselves."""
    if item.is_sure and item.intent in _NOT_PUT_ON:
        return False
    nearest = item.details[0] if item.details else None
    if _BY_ITSELF.match(item.text) or _IS_MINE.fullmatch(item.text):
        return False
    if _SPEAK_UP.search(item.text):
        return True
    by_examples = nearest is not None and nearest.surely and nearest.entry == HERE
    return by_examples or (is_presence(item.text) and _AWAY.search(item.text) is None)


def goes_over(turn: Turn) -> str | None:
    """While it is asked who somebody is who asked for another: what is said to that other, whose
    own question it is from now on; None where nobody is put on.
    """
    front = turn.agenda[0] if turn.agenda else None
    if front is None or turn.context.verified or not puts_on(turn.questions[0]):
        return None
    if _PUT_ON in front.told:
        return "All right."
    if about_whom(front, turn.partners) is None:
        return None
    entities = tuple(each for each in front.entities if each["entity"] != "relation")
    turn.agenda[0] = replace(front, entities=entities).tell("person", "self").tell(_PUT_ON, True)
    turn.memory = replace(turn.memory, caller=None)
    company = turn.factors.get("factor_card_company")
    turn.forget_factors()
    turn.failures.clear()
    if company:
        turn.factors["factor_card_company"] = company
    return LEAD


def notice_put_on(turn: Turn) -> None:
    """Whoever says who they are ("hello, this is Rosa"), or speaks for themselves once they were
    put on ("hi, was my visit paid?"), asks for nobody else from now on.
    """
    if turn.memory.caller in (None, RELAY) or turn.context.verified:
        return
    first = turn.questions[0]
    if first.first("relation") or points_at_somebody(turn.text) or puts_on(first):
        return
    told = turn.memory.last[-1].get(PART) if turn.memory.last else None
    own = told == HERE and (first.intent == "greet" or _OF_ONESELF.search(turn.text) is not None)
    # Who calls on business has a name too.
    named = turn.memory.caller == FAMILY or told == HERE or _IT_IS_ME.search(turn.text)
    told_name = told == HERE and _is_a_name(turn.text)
    named = bool(named) and (names_themselves(turn.text) or told_name)
    if own or named:
        # What was talked of is who may speak for whom, and no matter of theirs.
        turn.memory = replace(turn.memory, caller=None, topic=None)
    if told_name or (named and told == HERE):
        said = _SAYS_IT.sub("", turn.text).strip(" .!?,").split()
        turn.factors["factor_first_name"] = [said[0].capitalize()]
    if named and not asks(turn.text) and first.intent in ("inform", "affirm"):
        turn.questions = (replace(first, intent="greet"),)


def _is_a_name(text: str) -> bool:
    return is_one_name(text) or is_wordy_name(text.strip(" .!?,"))


def may_speak() -> Answer:
    """To a proven member who puts somebody else on: what was proven is of the member alone."""
    text = (
        "Good. Let them tell me who they are, for example “this is Maria”. Then I close what I "
        "have open for you, and ask them a few things from their card."
    )
    speech = (
        "Good. Let them say who they are, for example, this is Maria. Then I close what is open "
        "for you and ask them."
    )
    return Answer(text=text, speech=speech, kind="notice", intent=HANDED_OVER, buttons=(PERSON,))
