"""The small talk of service: hello, thanks, what can you do, and not having understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.answers.service import PERSON
from alliance.answer import Answer, Button

_START = (
    Button("Check a claim", "/claim_status"),
    Button("Which plan covers me?", "/which_plan_covers_me"),
    Button("Find a doctor", "/find_provider"),
    PERSON,
)

_TEXTS = {
    "greet": "Hello. I can check a claim, tell which plan covers you, or find a doctor. What do "
    "you need?",
    "goodbye": "Goodbye. You can come back any time.",
    "thank": "You're welcome. Is there anything else?",
    "ask_capabilities": "I can check whether a claim was paid, tell which company and plan cover "
    "you, find a doctor near a place, or connect you with a person. For anything about you I first "
    "ask who you are. What do you need?",
    "bot_challenge": "I'm an automated assistant of the CIGNA and MVP/Preferred Care alliance. "
    "A person can take over whenever you ask.",
    "feedback_positive": "Good to hear. Is there anything else?",
    "feedback_negative": "I'm sorry that missed. Tell me again in other words, or ask for a "
    "person.",
    "cancel": "All right, I've stopped that. What would you like to do?",
    "affirm": "All right. What would you like to know?",
    "deny": "All right. What would you like instead?",
    "inform": "Thank you. I can, for example, check a claim or find a doctor. What would you like "
    "me to do with that?",
    "out_of_scope": "I can't help with that one. I can check a claim, tell which plan covers you, "
    "find a doctor, or connect you with a person.",
    "unclear": "I'm not sure what you need. You can say, for example, \u201chas my claim from "
    "March been paid\u201d or \u201cfind me a cardiologist near 12207\u201d. Or ask for a person.",
}
_FROM_THE_START = re.compile(
    r"\b(?:start|begin)(?:ing)? (?:(?:it |this |all |all of it )?(?:over|again|anew|fresh)|"
    r"from)\b|\brestart\b|\bfrom (?:the (?:start|beginning|top)|scratch)\b|\bfresh start\b",
    re.IGNORECASE,
)
_STARTED_OVER = "All right, we start over. What would you like to do?"
# Who calls does not come back: they call.
_SPOKEN = {"goodbye": "Thank you for calling. Goodbye."}
_WITH_CHOICES = frozenset({"greet", "ask_capabilities", "inform", "out_of_scope", "unclear"})


def talk(intent: str) -> Answer:
    """The fixed words for a conversational intent."""
    text = _TEXTS[intent]
    buttons: Sequence[Button] = ()
    if intent in _WITH_CHOICES:
        buttons = _START
    elif intent in ("bot_challenge", "feedback_negative"):
        buttons = (PERSON,)
    speech = _SPOKEN.get(intent, text)
    return Answer(text=text, speech=speech, kind="notice", intent=intent, buttons=tuple(buttons))


def stopped(text: str) -> Answer:
    """To "stop", and to "start over", after which nothing is left of what was asked."""
    if not _FROM_THE_START.search(text):
        return talk("cancel")
    return Answer(text=_STARTED_OVER, speech=_STARTED_OVER, kind="notice", intent="cancel")


def is_talk(intent: str) -> bool:
    """Whether the intent is answered by fixed words."""
    return intent in _TEXTS


def which_one(choices: Sequence[tuple[str, str]]) -> Answer:
    """Low confidence: the two or three likeliest topics (intent, title), and something else."""
    titles = [title for _, title in choices]
    listed = "; ".join(titles)
    text = "I want to be sure I understood. Is it one of these?"
    return Answer(
        text=text,
        speech=f"I want to be sure I understood. Is it about {listed}, or something else?",
        kind="question",
        intent="unclear",
        buttons=(
            *(Button(title[:1].upper() + title[1:], f"/{intent}") for intent, title in choices),
            Button("Something else", "/ask_capabilities"),
        ),
    )
