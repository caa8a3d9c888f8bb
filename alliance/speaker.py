"""Somebody else who takes over and says who they are, before what they ask: "this is Fiona now, his
wife". Said in a hurry it sounds like danger to the classifier, and is none.
"""

from __future__ import annotations

import re

_RELATIVE = (
    r"(?:wife|husband|spouse|partner|son|daughter|mom|mother|dad|father|parent|sister|brother|"
    r"boyfriend|girlfriend|fianc[eé]e?|caregiver|aunt|uncle|"
    r"grand(?:mother|father|ma|pa|son|daughter))"
)
_NOW = r"(?:now|here|speaking|talking|calling|again)"
_INTRODUCED = re.compile(
    r"^\W*(?:(?:hi|hello|hey|ok(?:ay)?|yes|so|um+|uh+|there|good (?:morning|evening))\W+)*"
    r"(?:this is|it'?s|i'?m|i am|you'?re (?:now )?(?:talking|speaking) (?:to|with))\W+"
    rf"(?:(?!(?:about|for|from|on|at|in|not|my|with)\b)[^\W\d_]+\W+(?:{_NOW}\W+)*)?(?:now\W+)?"
    r"(?:his|her|their|the|a)\W+"
    rf"{_RELATIVE}\b(?:\W+{_NOW}\b)*\W*",
    re.IGNORECASE,
)
# Why the one who spoke before does not: "she had to step away". Nothing else may be said of them.
_PLACE = (
    r"(?:bath\s?room|restroom|toilet|shower|kitchen|store|door|mailbox|car|yard|garden|other room|"
    r"next room|phone|porch|garage)"
)
_AWAY = re.compile(
    r"\W*(?:(?:because|cause|since|as|and|but)\W+)?(?:he|she|they)(?:\W+(?:just|only))*\W*"
    r"(?:(?:had|has|have|needed|needs) to (?:step (?:away|out|aside)|run|go|leave|"
    r"take (?:a|another|the) call|(?:get|answer|use) the (?:door|phone|bathroom|restroom|mail))|"
    r"stepped (?:away|out|aside)|"
    r"(?:went|ran|is going|'?s going|is|'?s|are|'?re) (?:just )?(?:off )?(?:to|in|at|into) "
    rf"(?:the|her|his|their) {_PLACE}|left the room|got (?:a|another) call)"
    r"(?:\W+(?:right now|just now|now|real quick|for (?:a|one) (?:minute|second|sec|moment|bit)))*"
    r"\W*?(?:[.!,;]\s*|$)",
    re.IGNORECASE,
)
# Through whom one is covered oneself: "am I covered? My mom has the plan", "I'm on my dad's".
_OF_MYSELF = re.compile(r"\b(?:i|i'?m|i'?ve|me|mine|myself)\b", re.IGNORECASE)
_PLAN = r"(?:\w+ )?(?:insurance|plan|policy|coverage|job|work|employer)\b"
_ON_THEIR_PLAN = re.compile(
    rf"\bmy (?:\w+ )?{_RELATIVE}(?:'?s)? (?:has|have|holds?|carr(?:y|ies)|got|gets|pays(?: for)?) "
    rf"(?:(?:the|our|this) {_PLAN}|it\b|us\b)|"
    rf"\b(?:on|under|through|by|thru|via|off(?: of)?|with) my (?:\w+ )?{_RELATIVE}"
    rf"(?:['\u2019]?s (?:{_PLAN}(?! id\b| card)|$|[,.;?!])|$|[,.;?!])|"
    rf"\bmy (?:\w+ )?{_RELATIVE}['\u2019]?s {_PLAN} (?:still )?covers? me\b",
    re.IGNORECASE,
)
# So few words after it could be a cry for help.
_FEW_WORDS = 2


def introduced(text: str) -> int:
    """How many characters of the message only say who speaks now; 0 where it begins otherwise, or
    where what is left is too short to be judged by itself.
    """
    found = _INTRODUCED.match(text)
    if found is None:
        return 0
    away = _AWAY.match(text, found.end())
    end = away.end() if away else found.end()
    left = len(text[end:].split())
    return 0 if 0 < left <= _FEW_WORDS else end


def is_on_their_plan(text: str) -> bool:
    """Whether somebody only says through whom they themselves are covered."""
    return _ON_THEIR_PLAN.search(text) is not None and _OF_MYSELF.search(text) is not None
