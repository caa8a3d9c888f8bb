"""Whom a short message is about: "and Finn's?", "is she covered?"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from actions.dialogue.agenda import Item
from actions.dialogue.context import is_newborn
from actions.dialogue.follow_ups.topics import AGAIN, CLAIMS, SUMS, wanted
from actions.dialogue.needs import OF_WHOM
from actions.dialogue.reading import SELF, named_person
from actions.dialogue.turn import Turn
from alliance.gazetteer import common_words

_SOMEBODY_BEFORE = re.compile(r"\b(?:she|he|her|him|his|hers)\b(?!'?s? (?:office|doctor))", re.I)
_GENDERS = {
    **dict.fromkeys(("she", "her", "hers"), "female"),
    **dict.fromkeys(("he", "him", "his"), "male"),
}
_FEMALE = frozenset(
    {
        "wife", "daughter", "stepdaughter", "girl", "girlfriend", "mother", "mom", "mum", "mama",
        "sister", "aunt", "grandmother", "grandma", "granddaughter", "niece", "ex-wife",
    }
)  # fmt: skip
_MALE = frozenset(
    {
        "husband", "son", "stepson", "boy", "boyfriend", "father", "dad", "papa", "brother",
        "uncle", "grandfather", "grandpa", "grandson", "nephew", "ex-husband",
    }
)  # fmt: skip
# What only a member of the plan has or does, and no doctor.
_THEIRS = re.compile(
    r"\b(?:his|her) (?:own |family |medical |dental |vision |health )*(?:deductible|"
    r"out[- ]of[- ]pocket|claims?|coverage|plan|copays?|coinsurance|(?:id |insurance )?card|"
    r"benefits|eobs?|prior auth\w*|authori[sz]ation|prescriptions?|account|balance)\b|"
    r"\b(?:has|have|had|did|does|do|is|was|will|can)(?:n'?t)? (?:he|she) "
    r"(?:already |still |even |ever |now |currently )*(?:met|meet|reach\w*|hit|covered|insured|"
    r"eligible|active|have (?:coverage|insurance|a plan|dental|vision)|on (?:my|the|our) plan|"
    r"owe)\b|"
    r"\bhow much (?:has|does|did|will|do) (?:he|she) (?:still |already )*(?:met|have|owe|paid|pay|"
    r"used|spent|got|left)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|what about|how about|also|now|for|same for)\W+)+"
    r"(?P<who>her|hers|him|his)(?: (?:too|as well|then|now|ones?|claims?|bills?|plan|coverage|"
    r"deductible|card|copay))*\W*",
    re.IGNORECASE,
)
_MOST_PEOPLE = 4
_MINE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|what about|how about|also|now|for)\W+)+"
    r"(?:mine|me|my own|myself)(?: (?:too|as well|then|now))?\W*",
    re.IGNORECASE,
)
_NAMES_ONE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|thanks|and|but|so|what about|how about|also|now)\W+)+"
    r"(?P<name>[^\W\d_]{2,20}?)(?P<things>['\u2019]s)?(?: (?:ones?|claims?|bills?|plan|coverage|"
    r"deductible|card|visits?|copay|authori[sz]ations?|records?))?\W*",
    re.IGNORECASE,
)


def somebody(item: Item, topic: Item, turn: Turn) -> str | None:
    """ "And Finn's?", "what about Faye's claims?": the same about somebody named."""
    if "person" not in wanted(topic.intent) or not AGAIN.search(item.text):
        return None
    if _MINE.fullmatch(item.text):
        return SELF
    if meant := _pointed_at(turn, item.text):
        return meant["person"]
    found = _NAMES_ONE.fullmatch(item.text)
    if found is None or item.entities or found["name"].lower() in common_words():
        return None
    sure = item.band == "accept" and item.intent != "inform"
    if sure and not (found["things"] or topic.intent in CLAIMS | SUMS):
        return None
    return None if turn.partners.named(found["name"]) else found["name"].capitalize()


def with_person(turn: Turn, item: Item, today: date) -> Item:
    """ "Is she covered right now?" after the baby: of her, not of the member. Where nobody can be
    meant by "has he met his deductible?", it is asked who is.
    """
    found = _SOMEBODY_BEFORE.search(item.text)
    if found is None:
        return item
    if "person" not in wanted(item.intent) or item.said("person", today) not in (None, SELF):
        return item
    if named_person(item.text, turn.partners) or is_newborn(item.text):
        return item
    gender = _GENDERS[found.group().lower()]
    # Also of a question that still waits, or that stands before it in the same message.
    topic = [Item.from_json(turn.memory.topic)] if turn.memory.topic else []
    others = [other for other in turn.questions if other.text != item.text]
    near = [spoken_of(turn, before) for before in (*others, *turn.agenda, *topic)]
    theirs = _THEIRS.search(item.text) is not None
    # Longer ago only for what is surely somebody's of the plan: a doctor is "she" too.
    for each in (*near, *(turn.memory.people if theirs else ())):
        if each and _fits(each, gender):
            return item.tell("person", each["person"])
    return item.tell(OF_WHOM, True) if theirs else item


def spoken_of(turn: Turn, item: Item) -> dict[str, str] | None:
    """Whom of the family a question is about, and how they were called; None: the member."""
    relation = next((e for e in item.entities if e["entity"] == "relation"), None)
    person = item.told.get("person") or named_person(item.text, turn.partners)
    if person is None and relation is not None:
        person = relation["value"]
    if person in (None, SELF):
        return None
    called = relation if relation is not None and relation["value"] == person else None
    said = str(called.get("said") or person) if called else str(person)
    return {"person": str(person), "said": said}


def talked_of(turn: Turn, item: Item) -> tuple[Mapping[str, str], ...]:
    """Those of the family who were talked of, with the question's own first."""
    person = spoken_of(turn, item)
    before = turn.memory.people
    if person is None:
        return tuple(before)
    # Known by the relation, however they are pointed at later.
    same = next((each for each in before if each["person"] == person["person"]), person)
    kept = [each for each in before if each["person"] != person["person"]]
    return (same, *kept)[:_MOST_PEOPLE]


def _pointed_at(turn: Turn, text: str) -> Mapping[str, str] | None:
    """Whom a bare "and hers?", "what about him?" means."""
    found = _BARE.fullmatch(text)
    if found is None:
        return None
    gender = _GENDERS[found["who"].lower()]
    return next((each for each in turn.memory.people if _fits(each, gender)), None)


def _fits(person: Mapping[str, str], gender: str) -> bool:
    words = {person["person"].lower(), *person["said"].lower().split()}
    other = _FEMALE if gender == "male" else _MALE
    return not words & other
