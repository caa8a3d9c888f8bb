"""What callers ask of the line itself: again, slower, wait, more, Spanish; and relay operators.

Short sentences only: "hold on" is a request, "hold on, my claim was denied" is a question.
"""

from __future__ import annotations

import re
from typing import Literal

Request = Literal["repeat", "slower", "hold", "more", "spanish", "relay", "person"]

_LEAD = (
    r"(?:(?:please|sorry|okay|ok|um|uh|well|oh|hey|can you|could you|would you|will you|just|i)"
    r"\W+)*"
)
_TAIL = r"(?:\W+(?:please|for me|thanks|thank you|again|now|a little|a bit|one more time))*\W*"
_HOLD = (
    r"(?:(?:hold on|hang on|wait|bear with me)(?: (?:a|one) (?:moment|second|sec|minute))?|"
    r"(?:just |give me )?(?:one|a) (?:moment|second|sec|minute)|need (?:a|more) "
    r"(?:moment|minute|time)|"
    r"(?:let me|lemme|i'?ll|i'?m|i am|i have to|i need to|i gotta|i'?m (?:going|trying) to)"
    r" (?:just )?(?:go )?(?:get|getting|find|finding|look for|looking for|grab|grabbing|"
    r"dig out|digging out|pull out|check|put on) (?:it|(?:my|the|that) (?:insurance |id |member |"
    r"reading )?(?:card|id|glasses|papers?|paperwork|letter|bill|pen|wallet|purse|statement)))"
)
_PATTERNS: dict[Request, str] = {
    "repeat": (
        r"(?:repeat(?: (?:that|it|this|the question))?|"
        r"say (?:that|it|this) (?:again|one more time)|"
        r"(?:what|come) (?:was that|did you say|again)|pardon(?: me)?|excuse me|"
        r"(?:i )?(?:didn'?t|did not) (?:hear|catch|get)(?: (?:that|you|it))?|once more|"
        r"one more time|what|huh)"
    ),
    "slower": (
        r"(?:(?:speak |talk |go |say (?:it|that) )?(?:more )?(?:slow(?:er|ly)|slow down)|"
        r"(?:repeat|say|read|give me|tell me)\b.{0,40}\bslow(?:er|ly| down)?|"
        r"you(?:'re| are) (?:talking |speaking |going )?too fast(?: for me)?|too fast|not so fast)"
    ),
    "hold": rf"{_HOLD}(?:\W+(?:(?:and|while|so|till|until|sorry|please)\W+)*{_HOLD})*",
    "more": (
        r"(?:(?:say|tell me|hear|read)? ?(?:some )?more|continue|go on|keep going|the rest|next)"
    ),
    "spanish": (
        r"(?:(?:in )?(?:espa[nñ]ol|spanish)|"
        r"(?:i )?(?:speak|want|need|prefer) (?:espa[nñ]ol|spanish)|"
        r"hablo espa[nñ]ol|en espa[nñ]ol|habla espa[nñ]ol|no (?:hablo|speak) (?:ingl[eé]s|english))"
    ),
    "person": (
        r"(?:(?:(?:i )?(?:want|need|like) (?:to )?)?(?:(?:speak|talk) (?:to|with) )?"
        r"(?:an? |the |your )?"
        r"(?:(?:live |real |human )?(?:agent|representative|operator|person|human|somebody|someone|"
        r"rep)|customer service))"
    ),
}
_WHOLE = {
    name: re.compile(f"{_LEAD}{pattern}{_TAIL}", re.IGNORECASE)
    for name, pattern in _PATTERNS.items()
}
_RELAY = re.compile(
    r"\b(?:relay (?:operator|service|call|assistant|agent)|communications? assistant|"
    r"(?:operator|assistant|interpreter|c ?a)(?: i ?d)?(?: number)? #?\d[\d ]*\b|"
    r"(?:i ?p|video|captioned|speech to speech) relay|v ?r ?s (?:call|interpreter)|"
    r"(?:using|with|from|by|through|a) (?:the )?(?:relay|t ?t ?y|t ?d ?d|captel)\b)",
    re.IGNORECASE,
)


# "The caller is deaf and is asking what her copay is": what follows are the caller's own words.
_RELAYED = re.compile(
    r"\b(?:caller|member|person|customer|user|she|he|they|who)\b.{0,40}?\b(?:asks?|asking|"
    r"wants? to know|wanting to know|would like to know|says?|saying|wondering|wonders?|"
    r"needs? to know)\b"
    r"(?: (?:that|about))?\s+(?P<words>.+)",
    re.IGNORECASE,
)
_LEAST_WORDS = 3
_GO_AHEAD = re.compile(r"\W*\b(?:go ahead|g ?a)\W*$", re.IGNORECASE)
# In "she asks if her claim was paid" the caller is spoken of; another person would be named.
_OF_THE_CALLER = (
    (re.compile(r"\bdoes (?:she|he|the caller)\b", re.IGNORECASE), "do i"),
    (re.compile(r"\b(?:has (?:she|he|the caller)|have they)\b", re.IGNORECASE), "have i"),
    (re.compile(r"\b(?:is (?:she|he|the caller)|are they)\b", re.IGNORECASE), "am i"),
    (re.compile(r"\b(?:she|he|the caller) has\b", re.IGNORECASE), "i have"),
    (re.compile(r"\b(?:she|he|the caller) is\b", re.IGNORECASE), "i am"),
    (
        re.compile(
            r"\b(?:to|for) (?:her|him|them|the caller)(?=\W*$| (?:in|by|on|at)\b)", re.IGNORECASE
        ),
        "to me",
    ),
    (re.compile(r"\b(?:her|his|their|the caller'?s)\b", re.IGNORECASE), "my"),
    (re.compile(r"\b(?:she|he|they|the caller)\b", re.IGNORECASE), "i"),
)
_SOMEBODY = re.compile(
    r"\b(?:my|wife|husband|spouse|son|daughter|child|kid|mother|father|mom|dad|doctor|office)\b",
    re.IGNORECASE,
)


def relayed(text: str) -> str | None:
    """What a relay operator passes on, as the caller's own words; None where nothing is."""
    found = _RELAYED.search(text)
    said = _GO_AHEAD.sub("", found["words"]).strip() if found else ""
    if len(said.split()) < _LEAST_WORDS:
        return None
    if not _SOMEBODY.search(said):
        for pattern, own in _OF_THE_CALLER:
            said = pattern.sub(own, said)
    return said


def without_operator(text: str) -> str:
    """An answer that an operator passes on, without the operator's words around it."""
    return relayed(text) or _GO_AHEAD.sub("", text).strip() or text


def request_in(text: str) -> Request | None:
    """What the whole sentence asks of the line, or None."""
    if _RELAY.search(text):
        return "relay"
    return next((name for name, pattern in _WHOLE.items() if pattern.fullmatch(text.strip())), None)
