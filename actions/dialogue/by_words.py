"""What plain words decide where the understanding is of two minds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.dialogue.agenda import Item
from actions.dialogue.turn import Turn

_REFUSED = r"(?:den(?:y|ied)|refused?|reject(?:ed)?|turned? down|not (?:been )?(?:paid|covered))"
_WHY_REFUSED = re.compile(
    rf"\bwhy\b.{{0,60}}\b{_REFUSED}\b|\b{_REFUSED}\b.{{0,60}}\bwhy\b", re.IGNORECASE
)
_OF_A_CLAIM = frozenset({"explain_eob", "billing_problem", "claim_status"})
# Who asks about somebody whom they employ or treat is no member asking for themselves.
_ON_BUSINESS = re.compile(
    r"\b(?:our|my) (?:employees?|patients?)\b|\byour member\b|\bHR here\b", re.IGNORECASE
)
# "Do I owe 2,340?" beside why it was refused: the reason comes with the member's share.
_DO_I_OWE = re.compile(
    r"\W*(?:(?:and|so|or|but)\W+)*(?:do|should|must|will|would|have) (?:i|we) (?:\w+ ){0,3}?"
    r"(?:owe|pay)\b(?: (?:it|that|this|them|all|the|of|bill|money|now|really))*[\W\d]*"
    r"(?:dollars?\W*)?",
    re.IGNORECASE,
)
_CALLER = "third_party_caller"
_LIKELY = 2


def told_beside(item: Item, others: Sequence[Item]) -> bool:
    """Whether the answer to another question of the same message tells it too."""
    return (
        item.intent in _OF_A_CLAIM
        and any(other.intent == "claim_denial" for other in others)
        and _DO_I_OWE.fullmatch(item.text) is not None
    )


def by_its_words(turn: Turn, item: Item) -> Item:
    """The question as its words put it: why a claim was refused, whatever is asked of its bill
    beside it; or somebody's on business, where that is nearly as likely as what was understood.
    """
    if item.intent in _OF_A_CLAIM and _WHY_REFUSED.search(item.text):
        return replace(item, intent="claim_denial", band="accept")
    likely = {name for name, _ in turn.ranking[:_LIKELY]}
    if item.band == "confirm" and _CALLER in likely and _ON_BUSINESS.search(item.text):
        return replace(item, intent=_CALLER, band="accept")
    return item
