"""A member may prove who they are before they ask anything."""

from __future__ import annotations

import re

from actions.answers.service import PERSON
from actions.dialogue.agenda import Item
from actions.dialogue.needs import VERIFY
from actions.dialogue.turn import Turn
from alliance.answer import Answer
from alliance.values import read_member_ids

_WISH = re.compile(
    r"\b(?:verify|authenticate|identify|validate) (?:me|myself|my identity|my account|my info\w*|"
    r"first|now)|\b(?:want|like|need|ready|going|wanna|let me|i'?ll|i will|let'?s|can i|could i|"
    r"should i)(?: to)? (?:verify|identify|authenticate)\b|"
    r"\b(?:can|could|would|will) (?:you|u) (?:please )?look (?:me|us) up\b|"
    r"\b(?:confirm|prove) (?:who i am|my identity|it'?s me)|\bverify who i am\b",
    re.IGNORECASE,
)
_MOST_WORDS = 14
# The knowledge's entry of who would rather be asked who they are before anything else.
_FIRST = "proof-first"


# "Why should I tell you who I am?" is no wish to.
_WHY = re.compile(r"\W*(?:(?:but|and|so|wait)\W+)*(?:why|what for|how come)\b", re.IGNORECASE)


def wants_to_verify(turn: Turn, item: Item) -> bool:
    """Whether the message only says that the member wants to prove who they are, or volunteers a
    member ID and no question with it. What it says proves nothing: all is asked.
    """
    # Who has said that they are not the member has nothing to prove here.
    if (
        turn.context.verified
        or turn.memory.caller
        or turn.text.startswith("/")
        or _WHY.match(item.text)
        or len(turn.questions) > 1
    ):
        return False
    if len(item.text.split()) <= _MOST_WORDS and (_WISH.search(item.text) or is_willing(item)):
        return True
    if item.intent != "inform":
        return False
    words = [word.strip(",.;:!?\"'()").upper() for word in item.text.split()]
    candidates = [*words, *read_member_ids(item.text)]
    return any(turn.partners.fitting(word) for word in candidates if word)


def is_willing(item: Item) -> bool:
    """Whether it is nearest to the knowledge's examples of such a wish: "I'm home now, ask me"."""
    nearest = item.details[0] if item.details else None
    return nearest is not None and nearest.surely and nearest.entry == _FIRST


def wish(item: Item) -> Item:
    """What goes on the agenda for it."""
    return Item("inform", item.text, told={VERIFY: True})


def is_wish(item: Item) -> bool:
    """Whether the item on the agenda is such a wish."""
    return VERIFY in item.told


def known(turn: Turn) -> Answer:
    """The member is proven; what they would like to know is asked where nothing waits."""
    member = turn.context.verified
    name = f", {member.person.first_name}" if member and member.person.first_name else ""
    more = "" if turn.agenda else " What would you like to know?"
    text = f"Thank you{name}. I know now that it's you.{more}"
    return Answer(text=text, speech=text, kind="notice", intent="inform", buttons=(PERSON,))
