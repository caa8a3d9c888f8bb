"""What a short message may carry on, and the words that point back at it."""

from __future__ import annotations

import re

from actions.answers.topics import NEEDS
from actions.dialogue.agenda import Item
from actions.dialogue.turn import Turn

MOST_WORDS = 9
# Words that point back at what was just talked about.
IT = re.compile(
    r"\b(?:it|(?:that|this)(?! (?:plan|policy|insurance|year)\b)|that one|this one|"
    r"those|them|they|he|she|him|her|his|their|the (?:office|"
    r"doctor|claim|bill|drug|medicine|place|one))\b",
    re.IGNORECASE,
)
# What may stand before a short question.
LEAD = r"\W*(?:(?:and|so|but|ok(?:ay)?|well|then|um+|oh)\W+)*"
# What carries the last question on, with something new in it.
AGAIN = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|al(?:l )?right|thanks|thank you|great|good|hm+|so|well)\W+)*"
    r"(?:and|but|or|what about|how about|what if it'?s|same (?:thing |question )?for|also|now|try|"
    r"y|for|in|near|not)\b",
    re.IGNORECASE,
)
MONEY = re.compile(
    r"\bhow much (?:was|is|were|did|do|does|would|will)\b.*\b(?:it|that|this|they|i)\b|"
    r"\bwhat (?:did|does|would|will|was|is) (?:it|that|this) (?:cost|price)|\bwhat do i owe\b|"
    r"\b(?:what(?:'?s| is| was)?|how much is) (?:my |the )(?:balance|share|part|portion)\b",
    re.IGNORECASE,
)
# "How much is a visit?", "is it free?": a price, of nothing that the words name.
_PRICE = frozenset(
    ("much", "cost", "costs", "price", "pay", "copay", "free", "charge", "charged", "owe", "share")
) | {"run", "runs", "fee"}
_AROUND_PRICE = frozenset(
    word
    for line in (
        "how what what's whats is was were it that this does do would will i me we us for a an the",
        "visit visits there them they have to and so ok okay my be of in appointment each time",
        "per session going gonna one then still really even actually about roughly cost get with",
        "go see when good thanks great every usually",
    )
    for word in line.split()
)
A_SUM = re.compile(r"\b(?:deductibles?|out[- ]of[- ]pocket|m?oop\w*|max\w*|limit)\b", re.IGNORECASE)
# What a company's file holds several of, each with a number, beside claims.
RECORDS = frozenset({"referral_question", "prior_auth_status"})
SUMS = frozenset({"deductible_status", "out_of_pocket_status", "fsa_balance"})
COVERAGE = frozenset({"coverage_status", "which_plan_covers_me"})
ACCOUNTS = frozenset({"fsa_balance", "fsa_claim"})
ABOUT_PROVIDERS = frozenset(
    {"find_provider", "find_facility", "find_pharmacy", "provider_details", "check_network"}
)
SEARCHES = frozenset({"find_provider", "find_facility", "find_pharmacy"})
CLAIMS = frozenset({"claim_status", "claim_denial", "explain_eob", "billing_problem", "appeal"})
DRUGS = frozenset({"drug_coverage", "drug_cost", "mail_order_pharmacy"})
SERVICES = frozenset({"benefit_covered", "copay_cost", "cost_estimate", "prior_auth_required"})
# What is asked of one of these is often understood as another of the same group.
_KIN = (
    SUMS,
    COVERAGE | {"out_of_area_coverage", "end_coverage", "add_dependent", "remove_dependent"},
    ABOUT_PROVIDERS | {"change_pcp"},
    CLAIMS | {"prior_auth_status"},
    DRUGS,
    SERVICES | {"referral_question", "prior_auth_status"},
    ACCOUNTS,
)


def is_kin(intent: str, other: str) -> bool:
    """Whether two topics are one, or so near that one is asked on in words of the other."""
    return intent == other or any({intent, other} <= group for group in _KIN)


def is_short(item: Item) -> bool:
    return len(item.text.split()) <= MOST_WORDS


def asks_price(text: str) -> bool:
    """Whether the words ask for a price or share, and name nothing that it is of."""
    words = set(re.findall(r"[\w']+", text.lower()))
    return bool(words & _PRICE) and words <= _PRICE | _AROUND_PRICE


def topics_of(turn: Turn) -> list[Item]:
    """What a short message may carry on: what is being asked about just now, else what was last
    answered; then the last search.
    """
    if turn.in_form and turn.agenda:
        # What was told in between can be carried on too: "and a chiropractor?".
        between = turn.memory.topic if turn.memory.told else None
        told = between and between["intent"] == turn.memory.told != turn.agenda[0].intent
        return [turn.agenda[0], *([Item.from_json(between)] if told and between else [])]
    kept = [turn.memory.topic, turn.memory.searched]
    topics = [Item.from_json(topic) for topic in kept if topic]
    return topics[:1] + [topic for topic in topics[1:] if topic.intent != topics[0].intent]


def last_topic(turn: Turn) -> list[Item]:
    """What was answered last, also while something else is being asked."""
    return [Item.from_json(turn.memory.topic)] if turn.memory.topic else []


def told_last(turn: Turn) -> str | None:
    return turn.memory.last[-1].get("intent") if turn.memory.last else None


def wanted(intent: str) -> tuple[str, ...]:
    """What a question of this intent may say, whether or not it is asked for."""
    needs = [need for need in NEEDS.get(intent, ()) if need not in ("identity", "reason")]
    if "identity" in NEEDS.get(intent, ()):
        needs.append("person")
    if intent in ("which_plan_covers_me", "check_network", "provider_details"):
        needs.append("location")
    if intent in CLAIMS or intent in RECORDS:
        needs.append("claim")
    if intent in ("check_network", "provider_details", "change_pcp"):
        needs.append("provider")
    if intent in (*SERVICES, "prior_auth_status"):
        needs.append("service")
    if intent in DRUGS:
        needs.append("drug")
    return tuple(dict.fromkeys([*needs, "partner"]))
