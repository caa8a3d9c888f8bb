"""Asking for the one-time code: sending it, hearing it, and what may go wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from actions.answers.service import PERSON
from actions.answers.wording import line_of
from actions.dialogue.turn import Turn
from actions.identity.codes import (
    CodeLocked,
    Expired,
    NoContact,
    NotSent,
    OneTimeCodes,
    Proven,
    Sending,
    Sent,
    TooSoon,
    WrongCode,
)
from alliance.answer import Answer, Button
from alliance.codes import read_code
from alliance.contacts import Contact
from alliance.partners import Partner

SLOT = "factor_code"
# The intent of a reply that tells of a lock-out.
LOCKED = "locked_out"
# No code could be sent, or none came.
NO_CODE = "no_code"

_AGAIN = re.compile(
    r"\b(?:re-?send|send (?:it|me|the code|another|a new|one)?.{0,12}(?:again|another|new)|"
    r"\bsend (?:it|the code|a code|one|me (?:it|the code|a code|one))\W*(?:then|now|please)?\W*$|"
    r"new code|another code|(?:did ?n[o']?t|never|haven'?t|not) (?:get|got|gotten|receive|received|"
    r"come|arrive)\b.{0,20}|nothing came)",
    re.IGNORECASE,
)
# "What code? Where did you send it?"
_WHERE = re.compile(
    r"\b(?:what|which) (?:code|number|phone|e-?mail|message)\b|\bwhere(?:'?d| did| do| is|'?s)\b"
    r".{0,20}\b(?:code|it|send|sent|find)\b",
    re.IGNORECASE,
)
# Said when no code is out yet, because one had to wait.
_NOW = re.compile(r"\b(?:send|now|ready|try|go ahead|yes|ok(?:ay)?|please)\b", re.IGNORECASE)
_OTHER_WAYS = {
    "email": re.compile(r"\be-?mail\b", re.IGNORECASE),
    "mobile": re.compile(r"\b(?:text(?: me)?|mobile|cell ?phone|cell|sms)\b", re.IGNORECASE),
    "landline": re.compile(r"\b(?:landline|home phone|call (?:me|my home))\b", re.IGNORECASE),
}
_CANNOT = re.compile(
    r"\b(?:(?:can'?t|cannot|can not|unable to|no way to) (?:get|see|receive|read|reach|open|check|"
    r"access)|(?:do ?n[o']?t|no longer|not) have (?:that|this|the|it|my|a)|old (?:number|phone|"
    r"e-?mail)|(?:wrong|not my) (?:number|phone|e-?mail)|lost (?:my|the) phone|"
    r"number (?:has )?changed|changed (?:my )?(?:number|phone|e-?mail))",
    re.IGNORECASE,
)
# No text, but not that none could be got: another way is named, and the question stays.
_UNWANTED = re.compile(
    r"\b(?:(?:don'?t|do not|dont|rather not|won'?t|no need to|hate to) (?:\w+ ){0,5}?"
    r"(?:text(?:s|ed)?|sms|messages?|codes?)|no (?:texts?|codes?|sms)\b)",
    re.IGNORECASE,
)
# "They can't text me, I only have this phone on the wall".
_NO_TEXTS = re.compile(
    r"\b(?:can'?t|cannot|doesn'?t|does not) (?:\w+ ){0,3}?(?:text|texts)\b", re.IGNORECASE
)
_ONLY_THAT = re.compile(
    r"\W*(?:(?:no|sorry|well|but|oh|u[hm]+|ok(?:ay)?|i|we)\W+)*"
    r"(?:can'?t|cannot|can not|couldn'?t|unable to)(?: (?:even|seem to))? "
    r"(?:get|see|receive|read|reach|open|find|access|check) "
    r"(?:it|that(?: one)?|(?:the|my|any|that|your) (?:code|texts?|messages?|e-?mails?))"
    r"(?: (?:right now|now|here|at all|either|any ?more|yet))*\W*",
    re.IGNORECASE,
)
_LONGEST_REQUEST = 12


def is_of_code(text: str) -> bool:
    """Whether the whole message is that the code can't be got: "I can't get it". "I can't get it
    back in" is of something else, and may be danger.
    """
    return _ONLY_THAT.fullmatch(text) is not None


SEND_AGAIN = Button("Send it again", "send it again")
SEND_NOW = Button("Send it now", "send it")
CANNOT = Button("I can't get it", "I can't get the code")
_TITLES = {
    "mobile": Button("Text my mobile instead", "text my mobile"),
    "landline": Button("Call my home phone instead", "call my home phone"),
    "email": Button("E-mail it instead", "send it by e-mail"),
}

_ONE_MORE_STEP = "For that I need one more step."

# What a message at the prompt came to: level 2, the question again (said already), or no code:
# then the question that needed it goes, and why was said.
Heard = Literal["proven", "asked", "dropped"]


class StepUp:
    """The part of the need form that raises a verified member to level 2."""

    def __init__(self, codes: OneTimeCodes) -> None:
        self._codes = codes

    async def ask(self, turn: Turn, lead: str = "") -> bool:
        """Ask for the code, sending one if none is out. False: there is nothing to ask, and why
        was said.
        """
        pending = await self._codes.pending(turn.context)
        if pending:
            turn.say(_question(lead or "", f"I sent a code to your {pending}."))
            return True
        return await self._send(turn, lead or _ONE_MORE_STEP)

    async def hear(self, turn: Turn) -> Heard | None:
        """Take the message at the prompt. None: it is about something else."""
        if turn.text.startswith("/"):
            return None
        texts = (turn.text, *turn.alternatives)
        readings = list(dict.fromkeys(code for text in texts if (code := read_code(text))))
        if readings:
            return await self._check(turn, readings)
        if len(turn.text.split()) > _LONGEST_REQUEST or turn.intent == "emergency":
            return None
        if _CANNOT.search(turn.text):
            turn.say(_no_code(_home(turn)))
            return "dropped"
        pending = await self._codes.pending(turn.context)
        if pending and _UNWANTED.search(turn.text) and "mail" not in turn.text.lower():
            lead = "No text, then: say \u201ce-mail it\u201d, or ask me for a person."
            turn.say(_question(lead, f"I sent a code to your {pending}."))
            return "asked"
        if _NO_TEXTS.search(turn.text):
            # How a phone at home gets it, the knowledge tells.
            return None
        way = next((kind for kind, said in _OTHER_WAYS.items() if said.search(turn.text)), None)
        if way or _AGAIN.search(turn.text) or (not pending and _NOW.search(turn.text)):
            return "asked" if await self._send(turn, "", way) else "dropped"
        if _WHERE.search(turn.text):
            return "asked" if await self.ask(turn) else "dropped"
        return None

    async def _check(self, turn: Turn, readings: list[str]) -> Heard:
        partner = _home(turn)
        match await self._codes.check(turn.context, partner, readings):
            case Proven(_, context):
                turn.context = context
                return "proven"
            case WrongCode():
                turn.say(_question("", "That isn't the code that I sent."))
                return "asked"
            case Expired():
                over = "That code is over: each counts for 10 minutes."
                return "asked" if await self._send(turn, over) else "dropped"
            case CodeLocked():
                await self._close(turn)
            case NotSent():
                turn.say(_not_sent(partner))
        return "dropped"

    async def _send(self, turn: Turn, lead: str, kind: str | None = None) -> bool:
        partner = _home(turn)
        outcome: Sending = await self._codes.send(turn.context, partner, kind)
        match outcome:
            case Sent(to, others):
                turn.say(_sent(lead, partner, to, others, turn.context.channel == "voice"))
                return True
            case TooSoon(to) if to:
                turn.say(_question("", f"I sent a code to your {to} a moment ago."))
                return True
            case TooSoon():
                # The question waits with the code: both are there when the minute is over.
                turn.say(_wait())
                return True
            case NoContact():
                turn.say(_no_contact(partner))
            case NotSent():
                turn.say(_not_sent(partner))
            case CodeLocked():
                await self._close(turn)
        return False

    async def _close(self, turn: Turn) -> None:
        """Locked out: nothing of the member's is open any more, also what level 1 opened."""
        partner = _home(turn)
        turn.context = await self._codes.close(turn.context)
        turn.memory = replace(turn.memory, barred=partner.key, offered=None)
        told = _notice(
            "I can't confirm that it's you, so I can't open your records here. A person can "
            f"help you, or call {line_of(partner)}."
        )
        turn.say(replace(told, intent=LOCKED))


def _home(turn: Turn) -> Partner:
    if turn.context.verified is None:
        raise ValueError("a code is for a member whose factors were proven")
    return turn.partners[turn.context.verified.person.home.partner]


def _sent(
    lead: str, partner: Partner, to: Contact, others: tuple[Contact, ...], by_voice: bool
) -> Answer:
    how = {
        "mobile": "sends a six-digit code to your",
        "landline": "calls with a six-digit code: your",
        "email": "sends a six-digit code to your",
    }[to.kind]
    # The ear keeps the question apart from what it is for.
    heard_lead = "" if lead == _ONE_MORE_STEP else lead
    other = [_TITLES[kind] for kind in dict.fromkeys(each.kind for each in others)]
    text = (
        f"{lead} {partner.name} now {how} {to.masked}. What is the code? We never call to ask "
        "for it."
    )
    speech = (
        f"{heard_lead} {partner.spoken_name} now {how} {to.spoken}. What is the code? We never "
        "call to ask for it."
    )
    if by_voice and to.kind == "landline":
        speech += " If you are on that phone now, ask me for a person instead."
    return Answer(
        text=text.strip(),
        speech=speech.strip(),
        kind="question",
        partner=partner.key,
        facts={"asking": SLOT, "to": to.kind},
        buttons=(SEND_AGAIN, *other, CANNOT),
    )


def _question(lead: str, why: str) -> Answer:
    text = f"{lead} {why} What is the code? It has six digits.".strip()
    return Answer(
        text=text,
        speech=f"{text} Say it, or enter it.",
        kind="question",
        facts={"asking": SLOT},
        buttons=(SEND_AGAIN, CANNOT),
    )


def _wait() -> Answer:
    """A code went out less than a minute ago, from another conversation of the same person."""
    text = (
        "A code went to you less than a minute ago from another conversation, and it counts only "
        "there. Your question waits here: in a minute say \u201csend it\u201d, and you get a code "
        "for this one."
    )
    return Answer(
        text=text,
        speech=(
            "A code went to you less than a minute ago from another conversation. Your question "
            "waits here. In a minute, say, send it, and you get a code for this one."
        ),
        kind="question",
        facts={"asking": SLOT},
        buttons=(SEND_NOW, CANNOT),
    )


def _no_contact(partner: Partner) -> Answer:
    told = _notice(
        f"For that I need to send you a code, and {partner.name} has no phone number or e-mail "
        "address of yours on file that has been the same for 30 days. A person can check who you "
        f"are in another way, or call {line_of(partner)}."
    )
    speech = (
        f"For that I need to send you a code, and {partner.spoken_name} has no phone number or "
        "e-mail of yours that is 30 days old. A person can check who you are in another way."
    )
    return replace(told, speech=speech, intent=NO_CODE)


def _no_code(partner: Partner) -> Answer:
    return _notice(
        "All right, then I can't show that here. A person can check who you are in another way: "
        f"ask me for one, or call {line_of(partner)}.",
        intent=NO_CODE,
    )


def _not_sent(partner: Partner) -> Answer:
    return _notice(
        f"{partner.name} could not send you a code just now, so I can't show that. Please try "
        f"again in a few minutes, ask for a person, or call {line_of(partner)}."
    )


def _notice(text: str, intent: str | None = None) -> Answer:
    return Answer(text=text, speech=text, kind="notice", intent=intent, buttons=(PERSON,))
