"""How long somebody has: after an answer about COBRA, an appeal or enrolling, "how long do I have?"
is answered with the times alone.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.cases.filing import case_kinds
from actions.dialogue.agenda import Item
from alliance.answer import Answer

# The mark of a question that wants the times of what was just told.
TIMES = "times"
_OF_TIME = re.compile(
    r"\b(?:\d+|thirty|sixty) (?:days?|months?|weeks?|hours?|years?)\b|\bdeadline|\blast day\b|"
    r"\bdate on\b|\bopen enrollment\b|\b(?:until|up to) \w+ \d|\bsoon\b|\bby when\b|\band when\b|"
    r"\b(?:four|six|eighteen) months\b|\bby then\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
# Where there is a window to be missed; a denied claim's is its appeal's.
_TOPICS = {
    **{
        each: each
        for each in (*("appeal", "add_dependent", "fsa_claim", "fsa_balance", "coverage_status"),)
    },
    "claim_denial": "appeal",
}


def times_of(item: Item, topic: Item) -> Item | None:
    """The times of the topic that the message asks for, or None."""
    if topic.intent not in _TOPICS or not item.asks_for("deadline"):
        return None
    aside = ("start", "general", "chosen", "filing")
    told = {need: value for need, value in topic.told.items() if need not in aside}
    intent = _TOPICS[topic.intent]
    # "File my appeal" said once more would open a second case.
    files = intent == "appeal" and case_kinds()[intent].is_plain(topic.text)
    before = "by when can I appeal" if files else topic.text.rstrip(" .?!")
    return Item(
        intent,
        f"{before}, {item.text}",
        topic.entities,
        {**told, TIMES: True},
    )


def only_times(answer: Answer) -> Answer:
    """The sentences that tell a time, with what is asked or warned at the end; the whole answer
    where no sentence does.
    """
    *said, last = _SENTENCE_END.split(answer.text)
    kept = [sentence for sentence in said if _OF_TIME.search(sentence)]
    heard = [s for s in _SENTENCE_END.split(answer.speech) if _OF_TIME.search(s)]
    if not kept:
        return answer
    return replace(answer, text=" ".join([*kept, last]), speech=" ".join(heard) or answer.speech)
