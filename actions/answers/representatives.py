"""Who may speak for a member: what an authorization on file covers, and a helper on this call."""

from __future__ import annotations

import re

from actions.answers.every_company import ask_every
from actions.answers.general import general
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, company
from actions.answers.wording import day, joined, line_of
from alliance.answer import Answer, Source
from alliance.representatives import Representative
from alliance.verified import VerifiedMember

# Somebody who is to speak now: consent for this call, which a person hears and notes
# (45 CFR 164.510(b)). "Can my daughter call for me?" asks about a lasting one.
_NOW = re.compile(
    r"\b(?:(?:talk|speak|listen)(?:ing)? (?:to|with) my (?:\w+ )?(?:daughter|son|wife|husband|"
    r"spouse|partner|mother|father|mom|dad|sister|brother|granddaughter|grandson|niece|nephew|friend|"
    r"neighbou?r|caregiver|aide|helper|nurse)|"
    r"my (?:\w+ )?(?:daughter|son|wife|husband|spouse|partner|mother|father|mom|dad|sister|brother|"
    r"granddaughter|grandson|niece|nephew|friend|neighbou?r|caregiver|aide|helper) (?:is|'s) "
    r"(?:here|on the line|with me|next to me|beside me|helping me)|"
    r"(?:put|get) my \w+ on (?:the (?:phone|line)|here))\b",
    re.IGNORECASE,
)
# Each needs a consent of its own, whatever a general one says (42 CFR part 2, state law).
_OWN_CONSENT = (
    "It does not by itself open records about substance use or sexual health: those need a consent "
    "of their own."
)
_TAKE_BACK = "You can take it back at any time, in writing."


def wants_helper(intent: str, text: str) -> bool:
    """Whether somebody else is to speak in this very conversation."""
    return intent == "authorize_representative" and bool(_NOW.search(text))


def helper(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """A helper on this call: a person hears the member say so, and notes it. Nothing of the
    member's is told to anybody here.
    """
    partner = company(member, question, desk)
    line = f", or call {line_of(partner)}" if partner else ""
    name = f"at {partner.name} " if partner else ""
    spoken = f"at {partner.spoken_name} " if partner else ""
    text = (
        f"Yes, someone you trust can speak for you. A person {name}has to hear from you that it is "
        "all right, and notes it for this call. I tell your details to you alone. Say "
        f"\u201ca person\u201d and I connect you{line}. For longer than one call, sign the "
        "company's authorization form."
    )
    return Answer(
        text=text,
        speech=(
            f"Yes, someone you trust can speak for you. A person {spoken}has to hear that from "
            "you, and notes it. Take the time you need. Say, a person, and I connect you."
        ),
        intent=question.intent,
        partner=partner.key if partner else None,
        facts={"sources": ["HIPAA, 45 CFR 164.510(b)"]},
        buttons=(PERSON,),
    )


async def authorize_representative(
    member: VerifiedMember, question: Question, desk: Desk
) -> Answer:
    """Whom each company's file names, with what the authorization covers and from when to when;
    where there is nobody, how to name one. Level 2.
    """
    asked = await ask_every(member, desk, desk.records.representatives)
    today = desk.clock.today()
    found = [
        each for listed in asked.found.values() for each in listed or () if each.in_force(today)
    ]
    silent = [desk.partners[key] for key, listed in asked.found.items() if listed is None]
    partner = company(member, question, desk) or desk.partners[member.person.home.partner]
    heard_from = [desk.partners[key] for key, listed in asked.found.items() if listed is not None]
    parts = [_told(each, desk) for each in found]
    spoken = [_heard(each, desk) for each in found[:1]]
    if found:
        lines = joined(list(dict.fromkeys(line_of(desk.partners[e.partner]) for e in found)), "or")
        parts += [_OWN_CONSENT, f"{_TAKE_BACK} Call {lines}."]
        spoken.append("You can take it back at any time. A person can help.")
    elif heard_from:
        names = joined([each.name for each in heard_from], "or")
        parts.append(f"{names} has nobody on file who may speak for you, as of {day(today)}.")
        spoken.append(
            f"{joined([each.spoken_name for each in heard_from], 'or')} has nobody on file who may "
            "speak for you."
        )
    parts += [f"{each.name} doesn't show me that here: call {line_of(each)}." for each in silent]
    if not found:
        how = general(member, question, desk)
        if how:
            parts.append(how.text)
            spoken.append("A person can send you the form.")
    return Answer(
        text=" ".join(part for part in (*parts, asked.trouble) if part),
        speech=" ".join(part for part in (*spoken, asked.trouble) if part),
        intent=question.intent,
        partner=found[0].partner if found else partner.key,
        level=2,
        facts={
            "representatives": [
                {
                    "partner": each.partner,
                    "name": each.name,
                    "start": each.start.isoformat() if each.start else None,
                    "end": each.end.isoformat() if each.end else None,
                    "limits": list(each.limits),
                }
                for each in found
            ]
        },
        buttons=(PERSON,),
        sources=tuple(
            Source(each.partner, f"Consent/{each.consent_id}", desk.now().isoformat())
            for each in found
        ),
    )


def _told(each: Representative, desk: Desk) -> str:
    partner = desk.partners[each.partner]
    who = each.name or "somebody whose name the file does not tell"
    kin = f" ({each.relationship.lower()})" if each.relationship else ""
    title = f" as \u201c{each.title}\u201d" if each.title else ""
    since = f" since {day(each.start)}" if each.start else ""
    until = f", until {day(each.end)}" if each.end else ", with no end date"
    told = f"{partner.name} has {who}{kin} on file to speak for you{title}{since}{until}."
    return f"{told} {_covers(each)}"


def _covers(each: Representative) -> str:
    if each.limits:
        return f"It covers: {joined(each.limits)}, and nothing else."
    if each.unread_limits:
        return "It has limits that I can't read here: a person can tell you what it covers."
    return "The file sets no limits: it covers your plan, your claims and your care."


def _heard(each: Representative, desk: Desk) -> str:
    partner = desk.partners[each.partner]
    who = each.name or "somebody"
    covers = (
        f"It covers {joined(each.limits)}."
        if each.limits
        else "It has limits, which a person can tell you."
        if each.unread_limits
        else "The file sets no limits."
    )
    return f"{partner.spoken_name} has {who} on file to speak for you. {covers}".replace("/", " ")
