"""Where a prior authorization stands. Approved is not payment, and the review action decides."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions.answers.authorization_parts import GRANTED, part
from actions.answers.claim_search import trouble
from actions.answers.claim_words import Voice, voices
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import day, days, joined, line_of
from actions.settings import ANSWER_SECONDS
from alliance.answer import Answer, Button, Listed, Source
from alliance.authorizations import Authorization
from alliance.disclosure import OnBehalf
from alliance.errors import PartnerUnavailable
from alliance.gazetteer import term
from alliance.partners import Partner
from alliance.verified import VerifiedMember

MOST_READ = 5
MOST_SPOKEN = 3
# Letters of a word that names a service, at least: "MRI".
_SHORTEST_NAMING = 3
_NAMING_NOTHING = frozenset({"the", "and", "for", "with", "one", "any"})
APPEAL = Button("How to appeal", "How do I appeal a denied authorization?")
_REFUSED = re.compile(
    r"\b(?:refus(?:ed?|al)|den(?:y|ied|ial)|reject(?:ed)?|turn(?:ed)?\b.{0,20}\bdown|"
    r"sa(?:y|id|ys) no|"
    r"not approved?|was(?:n'?t| not) approved|declined?)\b",
    re.IGNORECASE,
)
_ONE_OF_THEM = re.compile(
    r"\b(?:which|what(?:'?s| is| are)?|the|that|any)\b.*\b(?:ones?|of (?:them|those))\b|"
    r"\bwhat(?:'?s| is| are) (?:still|left|approved|pending)\b|"
    r"\bhow many\b.*\b(?:approved?|allowed?|used|left)\b",
    re.IGNORECASE,
)
_STATE_SAID = {
    "pending": re.compile(
        r"\b(?:under review|pending|waiting|open|in process|being (?:looked at|reviewed|decided)|"
        r"(?:looking|look) at|reviewing|deciding|working on|(?:not|isn'?t|aren'?t) (?:yet )?"
        r"(?:decided|done|finished)|undecided|reviewed|in review|in the works)\b",
        re.IGNORECASE,
    ),
    "approved": re.compile(
        r"(?<!not )\bapproved?\b|\bwent through\b|\bokayed\b|\bhow many\b", re.IGNORECASE
    ),
}
_STATUS = {
    "approved": "Approved",
    "partly_approved": "Approved in part",
    "denied": "Not approved",
    "pending": "Under review",
    "cancelled": "Cancelled",
    "unknown": "Not told",
}


async def prior_auth_status(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The member's prior authorizations, of the service that is meant if one is. Level 2."""
    found, silent, failed = await authorizations(member, desk)
    meant = _meant(found, question)
    if not meant:
        return _none(member, question, bool(found), silent, failed, desk)
    read, heard = voices(member)
    missing = trouble(failed, desk, "authorizations")
    meant = _of_the_part(meant, question.asked, read, desk)
    shown = meant[:MOST_READ]
    return Answer(
        text=" ".join([_told(shown, len(meant), read, desk, question.asked), missing]).strip(),
        speech=" ".join([_heard(meant, heard, desk, question.asked), missing]).strip(),
        intent=question.intent,
        partner=shown[0].partner,
        level=2,
        facts={"authorizations": [facts(each) for each in shown]},
        # Told by its number, as a claim is: that is what "the second one" asks for.
        listed=Listed(
            intent=question.intent,
            items=tuple({"claim": {"number": each.number}} for each in meant),
            shown=len(shown),
            spoken=len(shown),
        ),
        buttons=(APPEAL, PERSON) if any(each.decision == "denied" for each in shown) else (PERSON,),
        cards=tuple(_card(each, desk.partners[each.partner]) for each in shown),
        sources=tuple(
            Source(each.partner, f"ExplanationOfBenefit/{each.id}", desk.now().isoformat())
            for each in shown
        ),
    )


async def refused_request(member: VerifiedMember, question: Question, desk: Desk) -> Answer | None:
    """The authorization that was not approved, for whoever asks why "it" was denied and has no
    claim that was; None where there is none.
    """
    found, _, _ = await authorizations(member, desk)
    refused = [each for each in _meant(found, question) if each.decision == "denied"]
    if not refused:
        return None
    asked = replace(
        question, intent="prior_auth_status", text="the one that was denied", claim=None
    )
    return await prior_auth_status(member, asked, desk)


async def authorizations(
    member: VerifiedMember, desk: Desk
) -> tuple[list[Authorization], list[str], list[str]]:
    """All of the member's, newest first; the companies that give none here; those not reached."""
    keys = [membership.partner for membership in member.person.memberships]

    async def at(key: str) -> list[Authorization] | None:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await desk.records.authorizations(member, key)

    answers = await asyncio.gather(*(at(key) for key in keys), return_exceptions=True)
    found: list[Authorization] = []
    silent: list[str] = []
    failed: list[str] = []
    for key, answer in zip(keys, answers, strict=True):
        if isinstance(answer, (PartnerUnavailable, TimeoutError)):
            failed.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        elif answer is None:
            silent.append(key)
        else:
            found.extend(answer)
    return found, silent, list(dict.fromkeys([*failed, *member.person.unreached]))


def _meant(found: Sequence[Authorization], question: Question) -> list[Authorization]:
    """Those of the number, or of the service that was named; all when none is named or fits."""
    number = question.claim.number if question.claim else None
    if number:
        return [each for each in found if _plain(each.number) == _plain(number)]
    if question.claim and question.claim.beside:
        # "And the other one?"
        return [each for each in found if each.number != question.claim.beside] or list(found)
    named = question.service
    if named is None:
        refused = [each for each in found if each.decision == "denied"]
        if refused and _REFUSED.search(question.text):
            return refused
        of_state = [each for each in found if _asks_for(each.decision, question.text)]
        return of_state or _in_their_words(found, question.text)
    known = term("service", named.key) if named.key else None
    words = {named.said.lower(), *([known.name.lower()] if known else [])}
    fitting = [
        each for each in found if any(word in (each.service or "").lower() for word in words)
    ]
    # "My therapy visits" may name another kind of therapy by what it sounds like.
    return fitting or _in_their_words(found, question.text)


def _in_their_words(found: Sequence[Authorization], text: str) -> list[Authorization]:
    """Those whose service the words name best, as "the scan one" does; all where none is named."""
    said = _naming(text)
    shared = [len(said & _naming(each.service or "")) for each in found]
    most = max(shared, default=0)
    return [each for each, count in zip(found, shared, strict=True) if count == most]


def _naming(text: str) -> set[str]:
    """The words that tell one service from another."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return {word for word in words if len(word) >= _SHORTEST_NAMING} - _NAMING_NOTHING


def _asks_for(decision: str, text: str) -> bool:
    """ "Which one is still under review?", "the approved one"."""
    said = _STATE_SAID.get(decision)
    return bool(said and _ONE_OF_THEM.search(text) and said.search(text))


def picks_one(text: str) -> bool:
    """Whether the words pick out of several authorizations by their state: "the one that's still
    open", "how many visits did they approve".
    """
    states = [_REFUSED, *_STATE_SAID.values()]
    return _ONE_OF_THEM.search(text) is not None and any(each.search(text) for each in states)


def _plain(number: str) -> str:
    return "".join(character for character in number.upper() if character.isalnum())


def _of_the_part(
    meant: list[Authorization], asked: str | None, voice: Voice, desk: Desk
) -> list[Authorization]:
    """The only one that has what is asked for: of several just one may be approved, and "till when
    is it good" is asked of that.
    """
    having = [each for each in meant if part(each, asked, desk.partners[each.partner], voice)]
    if asked in ("count", "deadline"):
        having = [each for each in having if each.decision in GRANTED]
    return having if len(having) == 1 else meant


def _told(
    shown: Sequence[Authorization], count: int, voice: Voice, desk: Desk, asked: str | None = None
) -> str:
    if count == 1 and (only := part(shown[0], asked, desk.partners[shown[0].partner], voice)):
        return only
    parts = [f"There are {count} authorizations."] if count > 1 else []
    parts += [_sentence(each, desk.partners[each.partner], voice) for each in shown]
    if any(each.decision in ("approved", "partly_approved") for each in shown):
        parts.append("Approved is not yet payment: the claim decides that.")
    if count > len(shown):
        parts.append("Name the service to hear about another one.")
    return " ".join(parts)


def _heard(
    items: Sequence[Authorization], voice: Voice, desk: Desk, asked: str | None = None
) -> str:
    """One in full, several by name and state: a voice that lists details is not followed."""
    if len(items) == 1:
        return _told(items, 1, voice, desk, asked)
    listed = "; ".join(
        f"{each.service or 'a service'}, {_STATUS[each.decision].lower()}"
        for each in items[:MOST_SPOKEN]
    )
    more = "" if len(items) <= MOST_SPOKEN else f" and {len(items) - MOST_SPOKEN} more"
    return (
        f"There are {len(items)} authorizations: {listed}{more}. Which one shall I tell you about?"
    )


def _sentence(item: Authorization, partner: Partner, voice: Voice) -> str:
    """One authorization: service, provider, units and dates, as far as the file tells."""
    name = voice.company(partner)
    what = item.service or "a service that the file does not name"
    if item.provider and (not voice.spoken or item.decision in ("approved", "partly_approved")):
        what = f"{what} at {item.provider}"
    number = "" if voice.spoken else f" ({item.number})"
    on = item.requested_on if item.decision == "pending" or not voice.spoken else None
    asked = f", asked for on {day(on)}" if on else ""
    match item.decision:
        case "approved" | "partly_approved":
            part = " a part" if item.decision == "partly_approved" else ""
            limits = _limits(item)
            if voice.spoken and limits:
                # Two sentences: in one it is longer than a hearing.
                limits = limits.removeprefix(", ")
                limits = f". {limits[:1].upper()}{limits[1:]}"
            return f"{name} approved{part}: {what}{number}{limits}."
        case "denied":
            return (
                f"{name} did not approve: {what}{number}{asked}. It was denied; the reason is in "
                "your letter, not in the file that I see. Your doctor can send more or talk to the "
                "reviewer, and you can appeal: use the date on your letter."
            )
        case "pending":
            return (
                f"{name} is still reviewing: {what}{number}{asked}. The file doesn't tell by when "
                "it decides."
            )
        case "cancelled":
            return f"{name} shows the request for {what}{number} as cancelled."
        case _:
            return (
                f"{name} has a request for {what}{number}{asked}, but its file doesn't tell me the "
                f"decision. Call {line_of(partner, spoken=voice.spoken)}."
            )


def _limits(item: Authorization) -> str:
    units = ""
    if item.units_approved is not None:
        units = f", {item.units_approved} {'unit' if item.units_approved == 1 else 'units'}"
        if item.units_used is not None:
            units += f" ({item.units_used} used)"
    dates = _dates(item)
    return f"{units}{f', {dates}' if dates else ''}"


def _dates(item: Authorization) -> str:
    if item.start and item.end:
        return f"from {days(item.start, item.end)}"
    if item.start:
        return f"from {day(item.start)}"
    return f"until {day(item.end)}" if item.end else ""


def _none(
    member: VerifiedMember,
    question: Question,
    others: bool,
    silent: Sequence[str],
    failed: Sequence[str],
    desk: Desk,
) -> Answer:
    """Not on file is 'not received as of today'; a company that gives none here says so."""
    asked = [membership.partner for membership in member.person.memberships]
    heard = [desk.partners[key] for key in asked if key not in (*silent, *failed)]

    def told(*, spoken: bool) -> str:
        parts = []
        if heard:
            names = joined([each.spoken_name if spoken else each.name for each in heard], "or")
            lines = joined([line_of(each, spoken=spoken) for each in heard], "or")
            which = "that request" if others or question.claim else "a request"
            today = day(desk.clock.today())
            if isinstance(member, OnBehalf):
                parts.append(
                    f"As of {today}, {names} shows me no request that I can tell you about. Call "
                    f"{lines}."
                )
            else:
                parts.append(
                    f"{names} has not received {which} for prior authorization as of {today}. Your "
                    f"doctor sends it and can check; or call {lines}."
                )
        parts += [
            f"{desk.partners[key].spoken_name if spoken else desk.partners[key].name} doesn't "
            f"give me authorizations here: call {line_of(desk.partners[key], spoken=spoken)}."
            for key in silent
        ]
        parts.append(trouble(failed, desk, "authorizations"))
        return " ".join(part for part in parts if part)

    return Answer(
        text=told(spoken=False),
        speech=told(spoken=True),
        intent=question.intent,
        partner=heard[0].key if heard else None,
        level=2,
        facts={"authorizations": []},
        buttons=(PERSON,),
    )


def facts(item: Authorization) -> dict[str, Any]:
    """The authorization in plain values."""
    return {
        "number": item.number,
        "partner": item.partner,
        "decision": item.decision,
        "service": item.service,
        "provider": item.provider,
        "units_approved": item.units_approved,
        "units_used": item.units_used,
        "start": item.start.isoformat() if item.start else None,
        "end": item.end.isoformat() if item.end else None,
    }


def _card(item: Authorization, partner: Partner) -> dict[str, Any]:
    approved = item.units_approved
    used = f" ({item.units_used} used)" if item.units_used is not None else ""
    return {
        "kind": "authorization",
        "title": f"Prior authorization {item.number}",
        "company": partner.name,
        "number": item.number,
        "status": _STATUS[item.decision],
        "service": item.service,
        "provider": item.provider,
        "units": None if approved is None else f"{approved}{used}",
        "dates": _dates(item) or None,
    }
