"""A call back after it was asked for: called off, put to another time or number, asked about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.answers.callback import CALLBACK_NEEDS, callback_value, read_phone, read_time
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of
from actions.dialogue.agenda import Item
from actions.dialogue.case_needs import says_something
from actions.dialogue.context import ASPECT
from actions.dialogue.turn import Turn
from alliance.answer import Act, Answer

INTENT = "request_callback"
_NAMED = r"(?:call[- ]?backs?|phone calls?|scheduled calls?|booked calls?)"
_CALL = rf"(?:{_NAMED}|calls?)"
_WHICH = r"(?:(?:about|the|my|that|this|any|a|scheduled|booked|planned|other) )*"
_ENDS = r"(?:cancel|call off|drop|delete|remove|stop|scratch|forget|undo)"
# Named as a call back it is one, whether or not one is booked; "that call" only where one is.
_OFF = re.compile(rf"\b{_ENDS} {_WHICH}{_NAMED}\b", re.IGNORECASE)
_OFF_OF_THIS = re.compile(
    rf"\b{_ENDS} {_WHICH}{_CALL}\b|"
    r"\b(?:don'?t|do not|no longer|not) (?:\w+ ){0,2}?(?:need|want) "
    rf"(?:you |them |anyone |anybody )?(?:to )?"
    rf"(?:{_WHICH}{_CALL}|be called|call(?: me)?(?: back)?)\b|"
    r"\b(?:don'?t|do not|no need (?:for you |for them )?to|needn'?t) (?:call|phone|ring)"
    r"(?: me| us)?(?: back)?(?: any ?more| after all| then| please)*"
    r"(?:(?<=after all)|(?<=anymore)|\W*$)",
    re.IGNORECASE,
)
# "What if they don't call?" calls nothing off.
_SUPPOSES = re.compile(r"\b(?:if|when|suppose) (?:you|they|he|she|nobody|no one|somebody)\b", re.I)
_OTHERWISE = re.compile(
    rf"\b(?:change|move|reschedule|switch|push|postpone|shift) {_WHICH}"
    rf"(?:{_CALL}|time|appointment|number|it)\b|\bmake (?:it|that)\b|\binstead\b|\brather\b|"
    r"^\W*(?:no|sorry|wait|actually|oops|or|better|i meant?|not)\b|\bbetter\b|"
    r"\b(?:can|could) (?:it be|(?:they|you|we) (?:do|make it|call))\b|"
    r"\b(?:wrong|typo|mistake|mis-?typed|typed)\b",
    re.IGNORECASE,
)
# "Make it the morning instead", also after something else was told.
_MADE_IT = re.compile(r"\bmake (?:it|that)\b|\binstead\b", re.IGNORECASE)
_AND = re.compile(r"\W+(?:and|also|plus)\W+", re.IGNORECASE)
# "It ends in 0163", "the last four are 0163": the booked number with another ending.
_ENDING = re.compile(
    r"\b(?:end(?:s|ing)? (?:in|with)|last (?:two|three|four|\d)?(?: ?(?:digits|numbers|figures))?"
    r"(?: (?:is|are|should be))?)\W+(?P<figures>\d{2,4})\b(?!\W*\d)",
    re.IGNORECASE,
)
# "I gave you the wrong number": asked for anew.
_WRONG_NUMBER = re.compile(
    r"\b(?:wrong|mis-?typed|typo|mistake|mixed up|messed up)\b.{0,25}\b(?:number|digits?)\b|"
    r"\b(?:number|digits?)\b.{0,25}\b(?:wrong|typo|mistake|mixed up|messed up|not right)\b",
    re.IGNORECASE,
)
_STANDS = re.compile(
    r"\bwhen\b.{0,20}\bcall(?:ing)?\b|\b(?:did|have|has|is|was)\b.{0,20}\b(?:booked?|set up|"
    rf"scheduled?|confirmed|arranged?)\b|"
    r"\bsame (?:time|hours?|number|day)\b|\b(?:what|which) (?:time|number|day) did i\b|"
    r"\b(?:what|which) (?:time|number|day)\b.{0,25}"
    rf"\b{_CALL}\b|"
    r"\bwho(?:'?s| is| will| is going to)? (?:be )?call(?:ing)?\b",
    re.IGNORECASE,
)
# Which number theirs is, and not when they call.
_FROM_WHERE = re.compile(
    r"\bfrom\W*$|\b(?:your|their) number\b|\b(?:show|caller id)\b", re.IGNORECASE
)
_AROUND = re.compile(
    r"^\W*(?:(?:no|and|sorry|wait|actually|oops|can|could|would|you|they|we|it|be|please|i|meant?|"
    r"change|move|reschedule|switch|push|make|do|call|me|back|that|the|my|this|time|to|for|is|"
    rf"better|{_CALL})\b\W*)+|(?:'s)?\W*\b(?:instead|rather|please|"
    r"(?:is |would be |works |suits me )?better(?: for me)?)\b\W*$",
    re.IGNORECASE,
)
_MOST_WORDS = 12
_HOUR = re.compile(
    r"\b(?:around|about|at|after|before|between|by|past) (?:\d{1,2}|noon|lunch|ten|nine|eight|two|"
    r"three|four|five|six|one|eleven|twelve)\b|\b\d{1,2} ?(?:[ap]\.?m|o'?clock)\b|"
    r"^\W*(?:in the )?(?:morning|afternoon|evening|mornings|afternoons|evenings)\W*$",
    re.IGNORECASE,
)
# The hours of a day, where a day is said as well.
_HOURS = re.compile(
    r"\b(?:any ?time )?(?:around|about|at|after|before|between|by|past|from) (?:\d{1,2}(?::\d\d)?|"
    r"noon|lunch|ten|nine|eight|two|three|four|five|six|one|eleven|twelve)"
    r"(?: ?(?:[ap]\.?m\b\.?|o'?clock))?"
    r"(?: (?:and|to|until|till) (?:\d{1,2}|noon|two|three|four|five|six)(?: ?[ap]\.?m\b\.?)?)?|"
    r"\b\d{1,2} ?(?:[ap]\.?m\b\.?|o'?clock)|\b(?:early |late )?(?:morning|afternoon|evening)s?\b",
    re.IGNORECASE,
)
_ANY_HOUR = re.compile(r"\b(?:any ?time|whenever|all day)\b", re.IGNORECASE)
_MOST_HOUR_WORDS = 7
_DAY = re.compile(
    r"\b(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekdays?|"
    r"next week)\b",
    re.IGNORECASE,
)


def about_call_back(turn: Turn, item: Item) -> Item | Answer | None:
    """What a message does to a call back that is booked, or being asked for; None where it is about
    none. The bridge calls off what is booked (`callback_cancelled`), or books anew in its place.
    """
    if not turn.live or turn.text.startswith("/") or len(item.text.split()) > _MOST_WORDS:
        return None
    if calls_off(turn, item.text):
        return _called_off(turn)
    if item.intent == INTENT and _OFF_OF_THIS.search(item.text):
        # Where none was asked for, nor offered.
        return _notice("All right, nobody will call you back.")
    booked = turn.memory.booked
    if booked is None or any(each.intent == INTENT for each in turn.agenda):
        return None
    if turn.memory.told == INTENT and item.asks_for("cost"):
        return Item(INTENT, item.text, told={ASPECT: "cost"})
    if changed := _changed(turn, item, booked):
        return changed
    from_where = _FROM_WHERE.search(item.text)
    if INTENT in (item.intent, turn.memory.told) and _STANDS.search(item.text) and not from_where:
        return Answer(
            text=booked["text"],
            speech=booked["speech"],
            kind="notice",
            intent=INTENT,
            buttons=(PERSON,),
        )
    return None


def call_apart(turn: Turn, questions: Sequence[Item]) -> tuple[Item, ...]:
    """The questions of the message, with another time for the call that is booked as one of its
    own: "make it the morning instead, and mail me a card" is heard as the card alone.
    """
    if turn.memory.booked is None or len(questions) != 1 or turn.text.startswith("/"):
        return tuple(questions)
    (item,) = questions
    for found in _AND.finditer(item.text):
        parts = item.text[: found.start()], item.text[found.end() :]
        for call, rest in (parts, parts[::-1]):
            changes = _MADE_IT.search(call) and read_time(_bare(call))
            if changes and item.is_sure and says_something(rest):
                return (Item("inform", call), replace(item, text=rest))
    return tuple(questions)


def calls_off(turn: Turn, text: str) -> bool:
    """Whether a call back is no longer wanted."""
    if len(text.split()) > _MOST_WORDS or _SUPPOSES.search(text):
        return False
    there = turn.memory.booked or any(each.intent == INTENT for each in turn.agenda)
    return bool(_OFF.search(text) or (there and _OFF_OF_THIS.search(text)))


def keep_booked(turn: Turn, item: Item, given: Answer) -> None:
    """Remember the call that was booked, for whoever wants it otherwise."""
    if any(act.kind == "callback" for act in given.acts):
        kept = {"item": item.to_json(), "text": given.text, "speech": given.speech}
        turn.memory = replace(turn.memory, booked=kept)


def _called_off(turn: Turn) -> Answer:
    asked = [each for each in turn.agenda if each.intent == INTENT]
    turn.agenda = [each for each in turn.agenda if each.intent != INTENT]
    booked = turn.memory.booked
    turn.memory = replace(turn.memory, booked=None)
    for need in CALLBACK_NEEDS:
        turn.failures.pop(f"need_{need}", None)
    if booked:
        ending = str(Item.from_json(booked["item"]).told.get("phone") or "")[-2:]
        text = "I've called it off: nobody will call you{}. Is there anything else?"
        number = " at the number ending in {}" if ending else "{}"
        return replace(
            _notice(text.format(number.format(ending)), Act("callback_cancelled")),
            speech=text.format(number.format(" ".join(ending))),
        )
    if asked:
        return _notice("All right, no call back is booked. Is there anything else?")
    company = turn.partners.get(turn.memory.partner)
    ours = [company] if company else [each for each in turn.partners if each.backend]
    text = (
        "No call back was booked in this conversation. One that you asked for elsewhere a person "
        "can call off"
    )
    lines = joined([line_of(each) for each in ours], "or")
    return replace(_notice(f"{text}: {lines}."), speech=f"{text}. Say person, and I connect you.")


def _changed(turn: Turn, item: Item, booked: Mapping[str, Any]) -> Item | None:
    """The booked call at another time or number; asked for where the words name neither."""
    unsure = item.band != "accept" or item.intent in ("inform", "out_of_scope")
    wants = _OTHERWISE.search(item.text) is not None or _is_hour(item.text) or unsure
    of_it = INTENT in (turn.memory.told, item.intent)
    if not wants or not (of_it or (not item.is_sure and _MADE_IT.search(item.text))):
        return None
    before = Item.from_json(booked["item"])
    asked_for = str(before.told.get("time") or callback_value("time", before.text) or "")
    booked_phone = before.told.get("phone") or read_phone(before.text)
    time = read_time(_bare(item.text))
    values = {
        "phone": read_phone(item.text) or _other_ending(item.text, booked_phone),
        "time": other_time(time, asked_for) if time else None,
    }
    if not any(values.values()) and booked_phone and _WRONG_NUMBER.search(item.text):
        kept = {need: value for need, value in before.told.items() if need != "phone"}
        return Item(INTENT, "", before.entities, {**kept, "time": asked_for, "instead": True})
    new = {need: value for need, value in values.items() if value is not None}
    if not new and item.intent != INTENT:
        return None
    kept = {need: value for need, value in before.told.items() if need != "time" or new}
    if booked_phone:
        kept.setdefault("phone", booked_phone)
    return Item(INTENT, "", before.entities, {**kept, **new, "instead": True})


def other_time(said: str, before: str) -> str:
    """The time that is said instead: "around ten" is of the day that was said before, and "make it
    Thursday" at that hour.
    """
    new = _bare(said) or said
    day, hours = _DAY.search(before), _HOURS.search(before)
    # "Monday's a holiday. Tuesday": the one that was said before is put aside.
    days = [each for each in _DAY.findall(new) if not (day and each.lower() == day[0].lower())]
    if day and not days:
        return f"{day.group()}, {new}"
    if hours and days and not (_HOURS.search(new) or _ANY_HOUR.search(new)):
        return f"{days[0] if len(days) == 1 else new} {hours.group().strip()}"
    return new


def _other_ending(text: str, phone: Any) -> str | None:
    found = _ENDING.search(text)
    return f"{str(phone)[: -len(found['figures'])]}{found['figures']}" if found and phone else None


def _is_hour(text: str) -> bool:
    """Whether a few words are a time and nothing else."""
    few = len(text.split()) <= _MOST_HOUR_WORDS
    return few and _HOUR.search(text) is not None and read_time(text) is not None


def _bare(text: str) -> str:
    """The time without the words that change it: "actually make that after 4"."""
    return _AROUND.sub("", text)


def _notice(text: str, *acts: Act) -> Answer:
    return Answer(
        text=text, speech=text, kind="notice", intent=INTENT, buttons=(PERSON,), acts=acts
    )
