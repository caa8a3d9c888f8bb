"""Whether the last answer is right, and where it comes from: "are you sure?", "says who?"."""

from __future__ import annotations

import re

from actions.answers.service import PERSON
from actions.answers.talk import is_talk
from actions.answers.wording import line_of
from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.topics import LEAD, told_last
from actions.dialogue.turn import Turn
from alliance.answer import Answer

_DOUBTS = re.compile(
    rf"{LEAD}(?:(?:are|r) you (?:really |absolutely |100 ?% )?(?:sure|certain|positive)"
    r"(?: (?:about|of) (?:that|this|it))?|really|seriously|for real|you sure|"
    r"is (?:that|this|it) (?:really |even )?(?:right|correct|true|accurate|up to date)|"
    r"(?:that|this|it) (?:doesn'?t|does not|can'?t|cannot) (?:sound|look|seem|be) "
    r"(?:right|correct|true|possible)|(?:that|this|it)(?:'?s| is) (?:not right|wrong|impossible)|"
    r"(?:where|how) (?:did|do) you (?:get|have|find|know|learn) (?:that|this|it)?(?: from)?|"
    r"how do you know|says who|who says(?: so| that)?|where (?:does|is) (?:that|this|it) "
    r"(?:come from|from|written|say (?:that|so))|what(?:'?s| is) (?:the|your) source)\W*",
    re.IGNORECASE,
)


def in_doubt(turn: Turn, item: Item) -> Answer | None:
    """Where the last answer comes from, and who can check it; None where none was given, or
    something is being asked.
    """
    told = told_last(turn)
    if turn.in_form or told is None or is_talk(told) or not _DOUBTS.fullmatch(item.text):
        return None
    if told == "emergency":
        return None
    company = turn.partners.get(turn.memory.answered_by)
    if company is None:
        text = (
            "It is general information, and your plan's own documents decide. If they say "
            "something else, go by them, or ask me for a person who checks it with you."
        )
        speech = text
    else:
        text = (
            f"It is what {company.name} has today; I add nothing to it. If your papers say "
            f"something else, a person can check it with you: ask me for one, or call "
            f"{line_of(company)}."
        )
        speech = (
            f"It is what {company.spoken_name} has today. If your papers say something else, say "
            "person, and one checks it with you."
        )
    return Answer(text=text, speech=speech, kind="notice", intent="repeat", buttons=(PERSON,))
