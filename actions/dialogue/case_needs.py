"""What opening a case needs to know: the member's words, and whether to file them."""

from __future__ import annotations

import re
from typing import Any

from actions.answers.cases import CASES
from actions.cases.filing import case_kinds
from alliance.answer import Answer, Button
from alliance.cases import MOST_WORDS_CHARACTERS

CASE_NEEDS = frozenset({"words", "filing"})
# So many words beside the framing say what happened.
LEAST_WORDS = 4
# What only says that there is something to say.
_FRAME = re.compile(
    r"\b(?:i|i'd|i'm|id|we|you|want|wish|need|would|like|to|have|got|a|an|the|my|this|that|is|am|"
    r"how|do|can|could|please|hi|hello|file|make|lodge|open|submit|report|formal|official|"
    r"complaint|complain|complaining|grievance|fraud|scam|about|something|someone|somebody|"
    r"against|with|your|company|it|up|of|for|and|there|some)\b|[^\w\s]",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please(?: do)?|go ahead|do it|do that|file it|"
    r"file that|submit it|correct|right|absolutely|of course|s[ií])\b",
    re.IGNORECASE,
)
# "I want to report him": the same yes, whatever else it sounds like.
# "It says MVP on my card, please report them."
_DO_FILE = re.compile(
    r"\bplease (?:do )?(?:report|file|submit|send|pass|record) (?:it|him|her|them|this|that)\b",
    re.IGNORECASE,
)
_WANTS_TO = re.compile(
    r"^\W*(?:(?:yes|so|ok(?:ay)?|well|and)\W+)*(?:(?:i|we)(?:'d| would)? (?:want|like|need|wish) "
    r"(?:you )?to|(?:(?:can|could|will|would) you )?(?:please|just)?) ?"
    r"(?:report|file|submit|send|do|pass)(?: it| him| her| them| this| that)?"
    r"(?: on| in)?(?: for me| now| please| then)*\W*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:no|nope|nah|(?:don'?t|do not)(?! send)|not now|never ?mind|rather not|i'?d rather not)"
    r"\b\W*",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    r"\b(?:who i am|my name|identif\w+|anonym\w+|nameless|without (?:a |my )?names?)\b",
    re.IGNORECASE,
)
# What a no may go on with; "no, he isn't here" says nothing of filing.
_NO_TO_IT = re.compile(
    r"(?:file|filing|report|send|submit|pass|bother|do|want|need|thanks?|thank you|now|yet|later|"
    r"today|leave|skip|forget|changed my mind|drop|it'?s (?:ok|okay|fine)|that'?s (?:ok|okay|fine))"
    r"\b",
    re.IGNORECASE,
)
_MOST_NO_WORDS = 3
_BARE = re.compile(
    r"\W*(?:(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please|no|nope|nah|do it|go ahead)\W*)+",
    re.IGNORECASE,
)
YES = Button("Yes, file it", "/affirm")
NO = Button("No", "/deny")
_ASKS = {
    "complaint": "Shall I file this as a complaint?",
    "report_fraud": "Shall I file this as a fraud report?",
    "confidential_communication": (
        "Shall I pass your request to the privacy team now? You don't have to say why."
    ),
    "report_death": "Shall I pass this on now, so that somebody takes care of it?",
}
_PASSED_ON = "Shall I pass it on?"
_ASKED_AGAIN = {"confidential_communication": _PASSED_ON, "report_death": _PASSED_ON}


def case_value(need: str, intent: str, text: str) -> Any:
    """What a question itself says for one of these needs, or None."""
    if intent not in CASES:
        return None
    if need == "filing":
        return True if case_kinds()[CASES[intent]].is_plain(text) else None
    return text if says_something(text, LEAST_WORDS) else None


def says_something(text: str, words: int = 2) -> bool:
    """Whether it says what happened, in at least so many words, and not only that there is
    something to say.
    """
    return len(_FRAME.sub(" ", text).split()) >= words


def read_words(text: str) -> str | None:
    """The member's own words, when they were asked for: a bare yes or no is none."""
    if _BARE.fullmatch(text):
        return None
    return text.strip()[:MOST_WORDS_CHARACTERS] or None


def names_nobody(text: str) -> bool:
    """Whether somebody says that they would rather not be named."""
    return _UNNAMED.search(text) is not None


_OKAY_THEN = re.compile(r"\W*(?:ok(?:ay)?|all ?right|alright)\b(?:\W+\w+){5,}", re.IGNORECASE)
# What a look-up answers, and no yes.
_OF_ANOTHER = frozenset(
    {
        "claim_status", "copay_cost", "coverage_status", "deductible_status", "find_facility",
        "find_pharmacy", "find_provider", "id_card", "out_of_pocket_status", "prior_auth_status",
    }
)  # fmt: skip


def read_filing(text: str, intent: str) -> bool | None:
    """Yes or no to filing it."""
    if names_nobody(text) and not _YES.match(text):
        # "No, I'd rather not say who I am" says nothing of whether to file it.
        return None
    if _OKAY_THEN.match(text) and intent in _OF_ANOTHER:
        # "Okay, it's claim 55502, did it go through?"
        return None
    if intent == "affirm" or _YES.match(text) or _WANTS_TO.match(text) or _DO_FILE.search(text):
        return True
    left = _NO.sub("", text)
    says_more = says_something(left, _MOST_NO_WORDS) and not _NO_TO_IT.match(left)
    if (intent == "deny" or _NO.match(text)) and not says_more:
        return False
    return None


def ask_case(need: str, intent: str, lead: str, *, again: bool = False) -> Answer:
    """The question for one of these needs; shorter where it was asked before (`again`)."""
    if need == "filing":
        asked = _ASKED_AGAIN.get(intent, "Shall I file it?") if again else _ASKS.get(intent)
        text = f"{lead} {asked or 'Shall I file this?'}".strip()
        return Answer(
            text=text,
            speech=text,
            kind="question",
            intent=intent,
            facts={"asking": "need_filing"},
            buttons=(YES, NO),
        )
    text = f"{lead} What happened? Tell me in your own words; I pass them on as you say them."
    return Answer(
        text=text.strip(),
        speech=text.strip(),
        kind="question",
        intent=intent,
        facts={"asking": "need_words"},
    )
