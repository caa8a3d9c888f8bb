"""The member would rather not say who they are: no pressing, nothing counted, a way on; and what
they ask beside it is answered in general.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.answers.cases import CASES
from actions.answers.general import detail
from actions.answers.service import PERSON
from actions.answers.talk import is_talk
from actions.answers.wording import joined, line_of
from actions.dialogue.agenda import IN_GENERAL, TERM, Item
from actions.dialogue.asides import is_heard
from actions.dialogue.context import ASPECT
from actions.dialogue.general_first import declined, own_case
from actions.dialogue.intents import intents
from actions.dialogue.needs import (
    VERIFY,
    asks,
    asks_identity,
    is_no,
    is_refusal,
    refuses,
)
from actions.dialogue.turn import WITHHOLDING, Turn
from alliance.answer import Answer

# Said where nobody has asked who they are.
_UNKNOWN = re.compile(
    r"\b(?:i|we)\b.{0,20}(?:\bnot\b|n't\b|\b(?:do|wo|ca|would)nt\b|\brefuse\b).{0,20}\b(?:give|"
    r"giving|say|saying|tell|"
    r"telling|share|sharing|identify|identifying|provide|providing|verify|log|sign)\b.{0,25}\b(?:"
    r"who i am|myself|my (?:\w+ )?(?:name|id|number|birth\w*|info\w*|data|details|identity)|"
    r"social|anything personal|personal \w+|(?:machines?|(?:ro)?bots?|computers?|recordings?))\b|"
    r"\bwithout (?:me )?(?:identifying|giving|telling|saying|verifying|proving|sharing)\b"
    r"(?! (?:me|us|him|her|them|any\w+)\b)|"
    r"\b(?:do not|don'?t|dont) (?:\w+ )?(?:look|pull|bring) (?:me|mine|it|anything) up\b|"
    r"\b(?:stay|remain|be|keep it) anonymous\b|\banonymously\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"(?<=[.;:!?,])\s+|\s+(?=(?:but|just|so|then|(?:can|could|would) you|how|what|where|when)\b)",
    re.IGNORECASE,
)
# Asked for whom it may be: how it mostly is.
_USUALLY = re.compile(
    r"\b(?:usual(?:ly)?|typical(?:ly)?|normal(?:ly)?|in general|generally|on average|mostly|most "
    r"(?:people|plans))\b",
    re.IGNORECASE,
)
# The knowledge's entry of who would rather hear what holds for everybody.
_GENERALLY = "in-general"
_FILLING = re.compile(r"^(?:(?:but|so|then|and|just|only|please|instead|ok(?:ay)?)\W+)+", re.I)


# "OK then, my name is Morgan" withholds nothing.
_TELLS_NAME = re.compile(
    r"\bmy (?:first )?name(?:'?s| is) (?!none\b|not\b|no\b|private\b|my\b)\w", re.IGNORECASE
)


def stays_unknown(turn: Turn) -> bool:
    """Whether the message says that they would rather not be known, asked for it or not."""
    prompted = turn.in_form and (turn.asking or "").startswith("factor_")
    if turn.barred and not prompted:
        # "But that is my birthday", at a lock: nothing is asked of them that they could keep.
        return False
    if turn.agenda and turn.agenda[0].intent in CASES:
        # "Can I stay anonymous?" of a complaint is asked of that: a case needs no name.
        return prompted and is_refusal(turn)
    withheld = any(item.sure_aspect == WITHHOLDING and not item.is_sure for item in turn.questions)
    # Learnt from replies: what opens the talk is none.
    withheld = withheld and turn.memory.told is not None and not _TELLS_NAME.search(turn.text)
    unasked = withheld or _UNKNOWN.search(turn.text) is not None
    return (prompted and is_refusal(turn)) or (unasked and turn.context.verified is None)


def asked_beside(turn: Turn) -> tuple[Item, ...]:
    """The questions of the message without the words that refuse; empty where it asks nothing.
    Beside a prompt, what only sounds like a question is a reason for the refusal.
    """
    found = []
    for item in turn.questions:
        left = _without_refusal(item.text)
        if (item.intent, item.band) == ("speak_to_agent", "accept"):
            # In whatever words: "I'm not telling a machine that, get me somebody".
            found.append(item)
            continue
        told = asks(left) or (item.band == "accept" and not turn.in_form)
        if left and told and not is_talk(item.intent):
            found.append(replace(item, text=left))
    return tuple(found)


def _without_refusal(text: str) -> str:
    clauses = [clause for clause in _CLAUSES.split(text) if clause.strip()]
    kept = [c for c in clauses if not (refuses(c) or is_no(c) or _UNKNOWN.search(c))]
    return _FILLING.sub("", " ".join(kept))


def in_general(turn: Turn, asked: Sequence[Item], today: date) -> list[Item]:
    """The questions, those about the member to be answered in general; and what is said first."""
    asked = [_of_aspect(turn, item, today) for item in asked]
    personal = [item for item in asked if asks_identity(turn, item)]
    answerable = [item for item in asked if item not in personal or general_rules(item)]
    decline(turn, instead=_in_general(personal=bool(personal)) if answerable else None)
    declined_too = tuple(item.intent for item in personal)
    turn.memory = replace(turn.memory, declined=(*turn.memory.declined, *declined_too))
    return [item.tell(IN_GENERAL, True) if item in personal else item for item in asked]


def asks_usual(text: str) -> bool:
    """Whether it is asked how it mostly is: "what is it usually?"."""
    return _USUALLY.search(text) is not None


def wants_general(item: Item) -> bool:
    """Whether it is surely near to examples of who would rather hear how it mostly is."""
    return _GENERALLY in item.near(surely=True)


def generally(turn: Turn, item: Item) -> list[Item] | None:
    """ "Can't you just tell me in general?", where it is asked who they are, or where they would
    not say so: what holds for everybody of the topic that they asked about; None where it is none.
    """
    if turn.context.verified or turn.memory.caller or not wants_general(item):
        return None
    proves = turn.in_form and (turn.asking or "").startswith("factor_")
    if proves and turn.agenda and asks_identity(turn, turn.agenda[0]):
        topic = turn.agenda[0]
    elif turn.memory.declined and turn.memory.topic:
        topic = Item.from_json(turn.memory.topic)
    else:
        return None
    known = general_rules(topic)
    decline(turn, instead=_in_general(personal=True) if known else _not_without(turn))
    # Also once more, where it was told before the look-up.
    untold = {need: value for need, value in topic.told.items() if need != "general"}
    return [replace(topic, told={**untold, IN_GENERAL: True})] if known else []


def without_asking(turn: Turn, asked: Sequence[Item]) -> list[Item]:
    """The questions, where somebody who would not say who they are asks on about the same topic and
    nothing of their own: they are not asked once more, and hear what holds for everybody, or that
    nothing does.
    """
    kept: list[Item] = []
    for item in asked:
        if not _asks_on_unknown(turn, item):
            kept.append(item)
        elif general_rules(item):
            kept.append(item.tell(IN_GENERAL, True))
        else:
            turn.say(_not_without(turn))
            turn.memory = replace(turn.memory, offered=declined(item), topic=item.to_json())
    return kept


def _asks_on_unknown(turn: Turn, item: Item) -> bool:
    declined = turn.memory.declined
    closed = item.intent in declined or (bool(declined) and asks_usual(item.text))
    closed = closed and not (turn.context.verified or turn.factors)
    told = {"agreed", "general", VERIFY, ASPECT, TERM} & item.told.keys()
    # "And at the eye doctor?" carries on words of before.
    own = own_case(Item(item.intent, turn.text, turn.entities))
    return closed and asks_identity(turn, item) and not (told or own)


def _not_without(turn: Turn) -> Answer:
    company = turn.partners.get(turn.memory.partner)
    line = f" A person can help too: {line_of(company)}." if company else ""
    text = (
        "That differs from plan to plan, so without knowing who you are I can't tell it. Your card "
        f"or your plan's summary of benefits often shows it.{line} If you think again, say "
        "“yes”."
    )
    speech = (
        "That differs by plan, so without knowing who you are I can't tell it. Your card or your "
        "summary of benefits often shows it."
    )
    return Answer(text=text, speech=speech, kind="notice", intent="deny", buttons=(PERSON,))


def general_rules(item: Item) -> bool:
    """Whether there is something to be told of it to whoever asks."""
    return bool({TERM, ASPECT} & item.told.keys()) or intents()[item.intent].general


def _of_aspect(turn: Turn, item: Item, today: date) -> Item:
    """ "Just tell me how long claims take": that aspect of what was being asked, or of its own."""
    for topic in (*turn.agenda[:1], item):
        told = detail(topic.intent, item.near(surely=True), turn.partners, today)
        if told:
            return replace(item, intent=topic.intent).tell(ASPECT, told[1])
    return item


def thinks_better(turn: Turn, item: Item) -> bool:
    """Whether somebody who would not say who they are says yes to no offer: "fine, go ahead"."""
    if turn.context.verified or turn.memory.caller or turn.in_form:
        return False
    agrees = (item.intent, item.band) == ("affirm", "accept") and not is_heard(item.text)
    return agrees and not asks(item.text)


def looked_up_again(item: Item) -> Item:
    """The question that was answered in general, for the member's own file."""
    told = {name: value for name, value in item.told.items() if name not in (ASPECT, IN_GENERAL)}
    return replace(item, told={**told, "general": "said"})


def decline(turn: Turn, *, instead: Answer | None = None) -> None:
    """Take what needs proof off the agenda, and say how they get on, or `instead` something."""
    turn.say(instead or _all_right(turn))
    given_up = [item for item in turn.agenda if asks_identity(turn, item)]
    topics = tuple(item.intent for item in given_up)
    turn.agenda = [item for item in turn.agenda if item.intent not in topics]
    turn.memory = replace(turn.memory, declined=(*turn.memory.declined, *topics))
    if given_up:
        # "OK then, go ahead" takes it up again.
        turn.memory = replace(
            turn.memory, offered=declined(given_up[0]), topic=given_up[0].to_json()
        )
    turn.forget_factors()
    turn.failures.clear()


def _in_general(*, personal: bool) -> Answer:
    """Before the answer to what was asked beside it."""
    text = "That's all right, you don't have to tell me who you are."
    if personal:
        text += " This is what holds for everyone."
    return Answer(text=text, speech=text, kind="notice", intent="deny")


def _all_right(turn: Turn) -> Answer:
    company = turn.partners.get(turn.memory.partner)
    ours = [company] if company else [partner for partner in turn.partners if partner.backend]
    lines = joined([line_of(partner) for partner in ours], "or")
    closed = "that part" if turn.context.verified else "anything of yours"
    text = (
        f"That's all right, you don't have to. Without it I can't look into {closed} here, but "
        f"I can still answer other questions. A person can also help: {lines}."
    )
    speech = (
        "That's all right, you don't have to. I can still answer other questions, or connect "
        "you with a person."
    )
    return Answer(text=text, speech=speech, kind="notice", intent="deny", buttons=(PERSON,))
