"""Whether the last answer is right, and where it comes from ("are you sure?", "says who?"); and
what was talked about ("what did I ask you?").
"""

from __future__ import annotations

import re

from actions.answers.service import PERSON
from actions.answers.talk import is_talk
from actions.answers.wording import joined, line_of
from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.topics import LEAD, is_short, told_last
from actions.dialogue.intents import intents
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
# "But my card says PPO": what they hold says something else. A bill has an answer of its own.
_CONTRADICTED = re.compile(
    rf"{LEAD}(?:(?:but|no|well|actually|wait|hm+|that'?s (?:odd|weird|strange|funny))\W+)*"
    r"(?:on )?(?:my|the|our|your) (?:\w+ ){0,2}?(?:card|letter|booklet|handbook|papers?|paperwork|"
    r"documents?|website|web ?site|site|app|portal|account|employer|job|hr|boss|work|plan book|"
    r"brochure|eob)(?: i (?:have|got))?(?: here)? (?:it )?(?:clearly |still |actually )?"
    r"(?:says?|said|shows?|showed|reads?|lists?|has|states?|told|tells|stated|thinks)\b[^?]*|"
    rf"{LEAD}(?:(?:but|no|well)\W+)*(?:that'?s|this is|it'?s) not what (?:my|the|our|i|it|they|he|"
    r"she|you)\b.*",
    re.IGNORECASE,
)


def in_doubt(turn: Turn, item: Item, *, learnt: bool = False) -> Answer | None:
    """Where the last answer comes from, and who can check it; None where none was given, or
    something is being asked. `learnt`: as the understanding of follow-ups has it, too.
    """
    told = told_last(turn)
    contradicted = is_short(item) and _CONTRADICTED.fullmatch(item.text) is not None
    if turn.in_form or told is None or is_talk(told):
        return None
    # "All right then, check it" agrees.
    asked = learnt and item.intent != "affirm" and item.asks_for("doubt")
    doubts = _DOUBTS.fullmatch(item.text) or asked
    if not (contradicted or doubts):
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
    elif contradicted:
        text = (
            f"I see, that does not fit. What I told you is what {company.name}'s file says today. "
            "What you have may be older, or of another plan. A person can compare the two with "
            f"you: ask me for one, or call {line_of(company)}, and have it at hand."
        )
        speech = (
            f"I see, that does not fit. What I told you is what {company.spoken_name}'s file says "
            "today. Say person, and one compares the two with you."
        )
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


_SO_FAR = r"(?: (?:for me|so far|please|again))*"
_WHAT_WAS_ASKED = re.compile(
    rf"{LEAD}(?:(?:please |just )?(?:(?:can|could) you )?(?:please |just )?"
    r"(?:summari[sz]e|recap|sum (?:it |that |this |everything )?up|go over|wrap up|"
    r"give me (?:a|the) (?:summary|recap)(?: of)?)"
    r"(?: (?:it|that|this|all|everything|(?:the|this|our) (?:chat|conversation|call|talk)|"
    r"what (?:we|you|i)(?:'ve| have)? \w+(?: about)?))*"
    rf"(?: up)?{_SO_FAR}|"
    r"what (?:did|have|was|were) (?:i|we|it) (?:just |even |originally |already )*"
    r"(?:ask(?:ed|ing)?|say|said|talk(?:ed|ing)?|want(?:ed)?|discuss(?:ed|ing)?|looking for)"
    r"(?: (?:you|about|for|before|first|so far|just now|again|that))*|"
    r"where (?:were|are) we(?: (?:again|now))?|what was my (?:\w+ )?question(?: again)?|tl;?dr)\W*",
    re.IGNORECASE,
)


def what_was_asked(turn: Turn, item: Item) -> Answer | None:
    """The topics of the conversation in their order, and what is still open."""
    if not _WHAT_WAS_ASKED.fullmatch(item.text) or turn.memory.interrupted:
        # What danger interrupted is gone on with.
        return None
    waiting = [intents()[each.intent].title for each in turn.agenda]
    kept = [*turn.memory.earlier[::-1], *([turn.memory.topic] if turn.memory.topic else [])]
    told = [intents()[each["intent"]].title for each in kept]
    told = [title for title in dict.fromkeys(told) if title not in waiting]
    parts = []
    if told:
        parts.append(f"You asked about {joined(told, 'and')}.")
    if waiting:
        parts.append(f"Still open: {joined(waiting, 'and')}.")
    if not parts:
        return None
    text = " ".join(
        [*parts, *(["Say \u201crepeat\u201d to hear the last answer again."] if told else [])]
    )
    return Answer(text=text, speech=text, kind="notice", intent="repeat")
