"""Somebody who is being refused at a counter as they write: at a pharmacy's, a hospital's, a
doctor's. By words, or by what was learnt from example questions: their own words are too many.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.coverage_status import COUNTER, is_refused
from actions.dialogue.agenda import ASKED, Item

# The knowledge's entry whose examples tell of it.
_ENTRY = "coverage-counter"
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
_TURNED_AWAY = re.compile(
    r"\b(?:turn(?:ed|ing)?|sent|send(?:ing)?) (?:me|us|him|her|them) (?:away|home|off)\b|"
    r"\b(?:got|was|were|been|getting) (?:turned|sent) (?:away|home|off|down)\b|"
    r"\bturn(?:ed|ing)? (?:me|us|him|her|them) down\b",
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


def _by_words(item: Item) -> bool:
    if item.intent in _DRUGS:
        # "They won't give me his medicine, they say we have no insurance", "we got sent home".
        away = _TURNED_AWAY.search(item.text) and is_refused(item.text)
        return bool(away or _SAID_UNINSURED.search(item.text))
    refused = item.band != "accept" or item.intent == "coverage_status"
    return refused and is_refused(item.text)


def _as_learnt(item: Item) -> bool:
    if "date" in item.named or _WHAT_TO_SAY.search(item.text):
        # "They said that I wasn't covered in March."
        return False
    if item.intent == "coverage_status":
        return _ENTRY in item.near(surely=False)
    nearest = item.details[0] if item.details else None
    open_ = item.band != "accept" or item.intent in _MISTAKEN | _SAY_LITTLE
    return open_ and nearest is not None and nearest.surely and nearest.entry == _ENTRY
