"""Somebody who is being refused at a counter as they write: at a pharmacy's, a hospital's, a
doctor's. By words, or by what was learnt from example questions: their own words are too many.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.coverage_status import COUNTER, is_at_counter, is_refused
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.needs import asks_amid, asks_in_part

# The knowledge's entry whose examples tell of it, and those that tell of it where it is understood
# that coverage is asked about: "the computer says not covered".
_ENTRY = "coverage-counter"
_ENTRIES = frozenset({_ENTRY, "drug-at-counter", "card-office-refuses"})
_DRUGS = frozenset({"drug_coverage", "drug_cost", "find_pharmacy"})
# What it sounds like besides: "they won't take my card here", "they want full price for my pills".
_MISTAKEN = frozenset({*_DRUGS, "id_card", "billing_problem", "benefit_covered", "claim_denial"})
_SAY_LITTLE = frozenset({"inform", "out_of_scope"})
_SAID_UNINSURED = re.compile(
    r"\b(?:no (?:active |valid )?(?:insurance|coverage)|not insured|uninsured|"
    r"not (?:in|on) (?:the|their) (?:system|computer)|"
    r"(?:insurance|coverage|plan|card)(?: \w+){0,3}? (?:cancel\w+|inactive|not active|ended|"
    r"expired|terminated|lapsed|no good|not (?:good|valid|working)|invalid))\b",
    re.IGNORECASE,
)
_INSURANCE = re.compile(r"\b(?:insur\w+|coverage|plan|card)\b", re.IGNORECASE)
_TURNED_AWAY = re.compile(
    r"\b(?:turn(?:ed|ing)?|sent|send(?:ing)?) (?:me|us|him|her|them) (?:away|home|off)\b|"
    r"\b(?:got|was|were|been|getting) (?:turned|sent) (?:away|home|off|down)\b|"
    r"\bturn(?:ed|ing)? (?:me|us|him|her|them) down\b",
    re.IGNORECASE,
)
# What somebody at the counter says, or can't do.
_ANOTHERS_WORD = re.compile(
    r"\b(?:sa(?:y|id)\w*|tell\w*|told|claim\w*|keeps?|shows?|can(?:'?t|not)|won'?t|refus\w*)\b",
    re.IGNORECASE,
)
# "What do I tell the lady at the desk?" is told by the entry itself.
_WHAT_TO_SAY = re.compile(r"\bwhat\b.{0,25}\b(?:say|tell|show)\b", re.IGNORECASE)


def refused_now(item: Item) -> Item | None:
    """The question of coverage, marked, that somebody asks who is being refused; None where it is
    none of that.
    """
    if not (_by_words(item) or _as_learnt(item)):
        return None
    told = {**item.told, ASKED: COUNTER}
    return replace(item, intent="coverage_status", band="accept", told=told)


def tells_more_of_it(waiting: Item, item: Item) -> bool:
    """Whether somebody whose refusal at a counter waits only tells more of it, and asks nothing:
    "at the pharmacy, my card".
    """
    more = item.intent in {*_MISTAKEN, *_SAY_LITTLE} and not asks_amid(item.text)
    return waiting.told.get(ASKED) == COUNTER and more


def _by_words(item: Item) -> bool:
    text = item.text
    if item.intent in _DRUGS:
        # "They won't give me his medicine, they say we have no insurance", "we got sent home".
        # What keeps one drug back is told by the list.
        plan = item.first("drug") is None and _INSURANCE.search(text)
        away = (plan or _TURNED_AWAY.search(text)) and is_refused(text)
        return bool(away or _SAID_UNINSURED.search(text))
    if item.intent == "coverage_status" and is_at_counter(text) and _ANOTHERS_WORD.search(text):
        return not asks_in_part(text) or is_refused(text)
    return (item.band != "accept" or item.intent == "coverage_status") and is_refused(text)


def _as_learnt(item: Item) -> bool:
    if "date" in item.named or _WHAT_TO_SAY.search(item.text):
        # "They said that I wasn't covered in March."
        return False
    # A recogniser writes no signs: "two things please is my coverage still active".
    asks = asks_amid(item.text)
    nearest = item.details[0] if item.details else None
    if item.intent == "coverage_status":
        # "Is my insurance active?" is near as well: who is refused tells it.
        if asks and not (_ANOTHERS_WORD.search(item.text) or is_at_counter(item.text)):
            return False
        near = item.near(surely=asks).keys()
        return _ENTRY in near or bool(not asks and _ENTRIES & near)
    if nearest is None or nearest.entry != _ENTRY:
        return False
    if item.is_sure and item.intent not in _MISTAKEN:
        return False
    unsure = item.band != "accept" or item.intent in _SAY_LITTLE
    return nearest.surely if unsure or asks else item.intent in _MISTAKEN
