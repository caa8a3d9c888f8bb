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
# So few words after it could be a cry for help.
_FEW_WORDS = 2


def introduced(text: str) -> int:
    """How many characters of the message only say who speaks now; 0 where it begins otherwise, or
    where what is left is too short to be judged by itself.
    """
    found = _INTRODUCED.match(text)
    if found is None:
        return 0
    left = len(text[found.end() :].split())
    return 0 if 0 < left <= _FEW_WORDS else found.end()
