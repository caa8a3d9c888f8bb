"""After "is it one of these?": the choice in words ("the first one", "the claim", "none of those"),
for whoever writes instead of pressing a button.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.answers.service import PERSON
from alliance.answer import Answer

_NUMBERS = {
    "first": 0, "1st": 0, "1": 0, "one": 0, "top": 0, "former": 0,
    "second": 1, "2nd": 1, "2": 1, "two": 1, "middle": 1,
    "third": 2, "3rd": 2, "3": 2, "three": 2,
    "last": -1, "bottom": -1, "latter": -1,
}  # fmt: skip
_LEAD = r"\W*(?:(?:yes|yeah|ok(?:ay)?|um+|uh|i think|i guess|it'?s|it is|probably|the)\W+)*"
_NUMBER = re.compile(
    rf"{_LEAD}(?:number|option|choice|#)?\W*(?P<n>{'|'.join(_NUMBERS)})"
    r"(?: (?:one|option|choice))?(?: please)?\W*",
    re.IGNORECASE,
)
_NONE = re.compile(
    rf"{_LEAD}(?:no\W+)?(?:none(?: of (?:those|these|them|the above))?|"
    r"neither(?: of (?:those|these|them))?|something else|"
    r"(?:no|nope|nah)(?: (?:none|not) (?:of )?(?:those|these|them|really|that))?|"
    r"not (?:those|these|any(?: of (?:those|these|them))?|that|really)|another thing|other)\W*",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\W*(?:yes|yeah|yep|yup|sure|correct|right|that'?s (?:it|right))\W*(?:please)?\W*", re.I
)
_FILLING = frozenset(
    word
    for words in (
        "a an the my your of for is it what whether why how that this one about i me to do does",
        "and or in on with yes please was were be state ask want need",
    )
    for word in words.split()
)
_MOST_WORDS = 7
NONE = "none"
_BOTH = re.compile(
    rf"{_LEAD}(?P<all>both|all(?: three)?|all of (?:them|those|these|it)|each|every one)"
    r"(?: of (?:them|those|these))?(?: (?:please|of that|of it))*\W*",
    re.IGNORECASE,
)
# "Yes, open that request for me", to the one thing that it may be.
_YES_AND = re.compile(
    r"\W*(?:yes|yeah|yep|yup|correct|exactly|right|that'?s (?:it|right))\b(?!.*\?)", re.IGNORECASE
)


def picked(text: str, choices: Sequence[tuple[str, str]]) -> str | None:
    """The intent of the choice (intent, title) that the words pick, NONE for none of them, or None
    when the message is no choice.
    """
    if not choices:
        return None
    if found := _NUMBER.fullmatch(text):
        place = _NUMBERS[found["n"].lower()]
        return choices[place][0] if place < len(choices) else None
    if _NONE.fullmatch(text):
        return NONE
    if _YES.fullmatch(text) or (len(choices) == 1 and _YES_AND.match(text)):
        return choices[0][0] if len(choices) == 1 else None
    if len(text.split()) > _MOST_WORDS:
        return None
    said = _content(text)
    shared = sorted(((len(said & _content(title)), intent) for intent, title in choices))
    # A word in passing picks nothing: "what can you do for a normal member".
    enough = shared[-1][0] * 2 >= len(said)
    if shared[-1][0] and enough and (len(shared) == 1 or shared[-1][0] > shared[-2][0]):
        return shared[-1][1]
    return None


def picked_several(text: str, choices: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The intents of the choices where more than one is meant: "both of them" are the two
    likeliest, "all three" are all.
    """
    found = _BOTH.fullmatch(text)
    if found is None or len(choices) < 2:
        return ()
    count = 2 if found["all"].lower() == "both" else len(choices)
    return tuple(intent for intent, _ in choices[:count])


def takes_all(text: str) -> bool:
    """Whether more than one is meant, whatever they are: "both of them"."""
    return _BOTH.fullmatch(text) is not None


def in_other_words() -> Answer:
    """None of the suggestions was meant."""
    text = (
        "Sorry, I got that wrong. Tell me again in other words, with what it is about, for example "
        "\u201cmy claim from March\u201d or \u201ca bill from the hospital\u201d. Or ask for a "
        "person."
    )
    return Answer(text=text, speech=text, kind="notice", intent="unclear", buttons=(PERSON,))


def _content(text: str) -> set[str]:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return {word.removesuffix("s") for word in words if word not in _FILLING}
