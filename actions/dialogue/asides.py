"""What people say beside the matter: "hold on", "why do you ask?", "what do you mean?", swearing.

At a prompt none of it is an answer, a digression or a failure: the question simply stands.
"""

from __future__ import annotations

import re

from actions.answers.service import PERSON
from actions.dialogue.needs import is_agreed
from actions.dialogue.prompts import PROMPTS
from actions.dialogue.turn import Turn
from alliance.answer import Answer

_WAIT = re.compile(
    r"\W*(?:(?:ok(?:ay)?|um+|uh+|yeah|yes|please|sorry)\W+)*"
    r"(?:hold (?:on|up)|hang on|(?:just )?(?:one|a) (?:second|sec|moment|minute)|"
    r"(?:wait|give me|need|gimme)(?: a| one)?(?: second| sec| moment| minute| min)|wait|"
    r"(?:let me|i'?(?:ll|m| have to| need to)?) ?(?:get|find|grab|look for|check|getting|"
    r"looking for|go get|go find|looking)(?: for)? "
    r"(?:it|my (?:card|id|wallet|purse|glasses)|the card)|"
    r"un momento|espere)"
    r"(?:\W+(?:please|i'?m looking|let me (?:get|find|check).{0,20}|i need my glasses))*\W*",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\bwhy\b.{0,20}\b(?:need|ask|asking|want|necessary|have to|required)\b|"
    r"\bwhat (?:do|would|are) you .{0,12}(?:need|want|use|using|do)\b.{0,20}\bfor\b|"
    r"\b(?:is|are) (?:this|it|that|you) (?:really )?(?:safe|secure|private|legit|necessary|"
    r"a scam)\b|"
    r"\bhow do i know (?:this|you|it)\b",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"\W*(?:(?:um+|sorry|wait)\W+)*(?:what do you mean(?: by that)?|what does (?:that|it) mean|"
    r"what'?s that|what is that|which (?:one|number|name)(?: do you (?:mean|want))?|"
    r"i (?:do not|don'?t|dont) (?:understand|get it|follow|know what (?:that|you) .*)|"
    r"where (?:do i find|can i find|is|do i see) (?:it|that|this|the (?:number|id|member id))|"
    r"what (?:number|id|name|kind|format)|how do (?:i|you) mean|confused|i'?m confused)\W*",
    re.IGNORECASE,
)
_REPEAT = re.compile(
    r"\W*(?:(?:sorry|um+|wait)\W+)*(?:huh|what|pardon(?: me)?|come again|excuse me|again|repeat"
    r"(?: that| it| the question)?|(?:can|could|would) you (?:please )?(?:repeat|say) (?:that|it)"
    r"(?: again)?|say (?:that|it) again|what did you (?:say|ask)|what was (?:that|the question)|"
    r"i (?:didn'?t|did not|couldn'?t) (?:hear|catch|get) (?:that|you|it)|i missed that)"
    r"(?:\W+(?:please|again))*\W*",
    re.IGNORECASE,
)
_BACK = re.compile(r"\W*(?:go back|back|previous|previous question|undo)\W*", re.IGNORECASE)
_ABUSE = re.compile(
    r"\b(?:f+u+c+k+\w*|f\*+\w*|fck\w*|wtf|shit\w*|sh\*t|bullshit|bs|bitch\w*|asshole\w*|a-?holes?|"
    r"bastards?|dumbass|damn you|piss off|screw you|go to hell|shut up|idiots?|morons?|stupid|dumb|"
    r"useless|worthless|garbage|trash|crap|sucks?|suck|pathetic|incompetent|hate (?:you|this))\b",
    re.IGNORECASE,
)
# Where the member's own words are asked for, nearly anything is an answer.
_FREE = frozenset({"need_reason", "need_words"})
REASON = (
    "I ask so that nobody else can hear about your plan or your care. I only use it to check that "
    "it's you."
)
TAKE_YOUR_TIME = "Take your time."


def said_aside(turn: Turn) -> str | None:
    """What is said before the question is asked again; None when the message is no aside."""
    text, asking = turn.text, turn.asking or ""
    if asking in _FREE and not _REPEAT.fullmatch(text):
        return None
    if _WAIT.fullmatch(text):
        return TAKE_YOUR_TIME
    if asking.startswith("factor_") and is_agreed(turn):
        return ""
    if asking.startswith("factor_") and _WHY.search(text):
        return REASON
    if _REPEAT.fullmatch(text):
        return ""
    if _WHAT.fullmatch(text) and asking in PROMPTS:
        return PROMPTS[asking].explain
    if _BACK.fullmatch(text) and turn.factors:
        return _one_back(turn)
    return None


def _one_back(turn: Turn) -> str:
    """The last answer is taken back, and asked for again."""
    turn.factors.pop(list(turn.factors)[-1])
    return "All right, one step back."


def is_abuse(text: str) -> bool:
    """Whether the words are hard ones."""
    return _ABUSE.search(text) is not None


def is_wait(text: str) -> bool:
    """Whether the member asks for a moment."""
    return _WAIT.fullmatch(text) is not None


def calm() -> Answer:
    """To hard words: no blame, no echo, a way on."""
    text = (
        "I'm sorry this is frustrating. Tell me in a few words what you need and I'll do my best, "
        "or I can connect you with a person."
    )
    return Answer(text=text, speech=text, kind="notice", intent="calm", buttons=(PERSON,))


def patient() -> Answer:
    """To "hold on" when nothing is asked."""
    text = f"{TAKE_YOUR_TIME} I'm here when you're ready."
    return Answer(text=text, speech=text, kind="notice", intent="wait")
