"""Where a claim stands: status, amount, date and company, from the administering company."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from actions.answers.claim_parts import compared, part
from actions.answers.claim_search import Found, search, trouble, unseen
from actions.answers.claim_words import (
    DETAILS_LEVEL,
    Voice,
    card,
    facts,
    label,
    line,
    owed,
    sentence,
    source,
    voices,
)
from actions.answers.plan_facts import today_of
from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.wording import day, days, joined, line_of, span
from alliance.answer import Answer, Button, Listed, Offer
from alliance.claims import Claim
from alliance.disclosure import OnBehalf
from alliance.partners import Partner
from alliance.verified import VerifiedMember

_SO_LONG = re.compile(
    r"\b(?:so|that|this|too) long\b|\b(?:delay|hold ?up|held (?:it )?up|holding it up)\b|"
    r"\bwhy the wait\b",
    re.IGNORECASE,
)
# "The surgeon says he sent it three times"; who sends bills sends nothing to us.
_SENT = re.compile(
    r"\b(?:already|just|has|have|had|did|says?|said|swears?|told|claims?|times|twice|again|keeps?|"
    r"they|"
    r"he|she|i|we)\b.{0,30}\b(?:sent|fax(?:ed|ing)?|mailed|e-?mailed|submitted|sending)\b"
    r"(?!.{0,12}\b(?:bills?|statements?|invoices?)\b)",
    re.IGNORECASE,
)
# "So what's my part?", "how much of that is mine", "then I don't pay it": the share of the claim.
_FOR_IT = (
    r"(?: (?:of|for|on|from) (?:it|that|this|those|the (?:bill|claim|visit))| (?:them|it|that|this|"
    r"then|now|here|myself|out of pocket|the (?:doctor|hospital|office|bill)))*"
)
_MY_SHARE = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?|well|then|um+|oh|really|just)\W+)*(?:"
    r"(?:how much|what|which part|how much money|what (?:part|amount|portion))"
    r"(?: of (?:it|that|this|the bill))?(?: (?:do|did|will|would|should|must|am|is|are))? (?:i|we)"
    r"(?: (?:still|actually|really|supposed to|going to|have to|need to|gotta|got to|then|end up))*"
    rf" (?:owe|owing|pay|paying|have to pay|stuck with|responsible for|liable for){_FOR_IT}|"
    r"(?:how much|what(?:'?s| is| was| part)?)(?: (?:of (?:it|that|this|the bill)|is|are|was|"
    r"would be|will be|then|comes? out))*(?: on)? "
    r"(?:my (?:own )?(?:part|share|portion|piece|cost|bit|end|"
    rf"side|cut|responsibility)|mine|left for me|for me|on me)(?: to pay)?{_FOR_IT}|"
    rf"(?:do|must|should|will|would) (?:i|we) (?:have to |need to |still )*(?:owe|pay)"
    rf"(?: (?:anything|something|money|any))?{_FOR_IT}|"
    rf"(?:i|we) (?:don'?t|do not|won'?t) (?:have to |need to )?(?:owe|pay)(?: anything)?{_FOR_IT})"
    r"(?:\W+(?:then|right|now|please|again|exactly|total|in total|correct))*\W*",
    re.IGNORECASE,
)
# "How much do I owe in total?", "add up what I owe on all these".
_TOTAL = re.compile(
    r"\b(?:owe|my shares?|have to pay|on me|mine)\b.{0,25}\b(?:in total|total|altogether|"
    r"together|all "
    r"(?:together|in all|of (?:them|these|those|it))|on all|for all|overall|combined|in all|so "
    r"far)\b|\b(?:total|sum|add(?:ed)?(?: it| them| all)? up|altogether|all together)\b.{0,25}"
    r"\b(?:owe|my shares?|have to pay)\b",
    re.IGNORECASE,
)
# "What did the hospital charge in total?"
_BILLED = re.compile(
    r"\b(?:how much|what) (?:did|was|is|has|have|does|do)\b.{0,30}\b(?:charg(?:e|ed|es|ing)|"
    r"bill(?:ed|ing)?)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"^\W*(?:(?:and|so|but|ok(?:ay)?)\W+)*what(?:'?s| is| was) (?:the |its |that )?(?:claim )?"
    r"(?:number|no\.?|#)(?: (?:of|for|on) (?:it|that|this|the claim))?\W*$",
    re.IGNORECASE,
)
_WHEN_PAID = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?)\W+)*when (?:was|did|is|were|has|have) "
    r"(?:it|that|this|they|you|(?:the|that|this) (?:claim|bill|payment))"
    r"(?: (?:been|get|got))?(?: (?:paid|pay|sent|go out))(?: (?:it|that|this|out|for it))?\W*|"
    r"\W*(?:(?:and|so|but|ok(?:ay)?)\W+)*when (?:did (?:that|it|this) happen|was (?:that|it|this)"
    r"(?: done)?)\W*",
    re.IGNORECASE,
)
# What most claims are: it tells none apart.
_ANY_VISIT = frozenset({"office_visit", "specialist_visit", "primary_care"})
MOST_READ = 5
MOST_SPOKEN = 3
# That a claim is asked for beside the one before it (`Question.asked`).
COMPARED = "compared"


async def claim_status(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The claims that were asked about, with what each company says. Level 1: state, date and
    amounts; provider, service and reason need level 2.
    """
    wanted = question.claim or ClaimWanted(latest=True)
    found = await search(member, wanted, desk)
    if not found.claims:
        return not_received(member, question, wanted, found, desk)
    if wanted.signs and wanted.signs.only_open and not any(c.is_open for c in found.claims):
        return _none_open(member, question, found, desk)
    if question.asked == COMPARED and len(found.claims) == 1:
        found_before = await _compared(member, question, found, desk)
        if found_before:
            return found_before
    if wanted.beside and not wanted.signs and _numbers(found.claims) == [wanted.beside]:
        return await _no_other(member, question, found, desk)
    if not wanted.latest or question.start:
        told = _told(member, question, wanted, found.claims, found, desk)
        return _to_tell_apart(told, member, question, wanted, found.claims)
    told = _told(member, question, wanted, found.claims[:1], found, desk)
    if len(found.claims) == 1:
        return told
    # "And the one before?", "more": of those that come after it.
    return replace(told, listed=replace(listed(question, found.claims), shown=1, spoken=1))


def _numbers(claims: Sequence[Claim]) -> list[str]:
    return [claim.number for claim in claims]


async def _compared(
    member: VerifiedMember, question: Question, found: Found, desk: Desk
) -> Answer | None:
    """ "Is that more than last time?": beside the claim before it that was decided; with the same
    care, where that may be told.
    """
    (one,) = found.claims
    every = await search(member, ClaimWanted(), desk)
    numbers = _numbers(every.claims)
    older = every.claims[numbers.index(one.number) + 1 :] if one.number in numbers else ()
    decided = [each for each in older if not each.is_open and each.member_owes is not None]
    alike = [each for each in decided if each.service == one.service]
    before = next(iter((alike if member.level >= DETAILS_LEVEL else None) or decided), None)
    if before is None or one.is_open:
        return None
    read, heard = voices(member)
    text, speech = compared(one, before, read), compared(one, before, heard)
    told = _told(member, question, ClaimWanted(), found.claims, found, desk)
    return replace(told, text=text, speech=speech) if text else None


async def _no_other(member: VerifiedMember, question: Question, found: Found, desk: Desk) -> Answer:
    """ "And the other one?", where that visit has one claim alone: the others that are open like
    it, else that there is none.
    """
    (one,) = found.claims
    every = await search(member, ClaimWanted(), desk)
    others = [each for each in every.claims if each.is_open and each.number != one.number]
    lead = "I see no other claim of that visit."
    if one.is_open and others:
        told = _told(member, question, ClaimWanted(), others, every, desk)
        lead = f"{lead} Also open:"
        return replace(told, text=f"{lead} {told.text}", speech=f"{lead} {told.speech}")
    told = _told(member, question, ClaimWanted(), found.claims, found, desk)
    ask = "Tell me the day or the doctor of the other one, and I look for it."
    return replace(told, text=f"{lead} {ask}", speech=f"{lead} {ask}", cards=())


def _none_open(member: VerifiedMember, question: Question, found: Found, desk: Desk) -> Answer:
    """A claim that was thought to be open: there is none, and what became of the latest."""
    told = _told(member, question, ClaimWanted(latest=True), found.claims[:1], found, desk)
    lead = "I see no claim that is still open. The latest one:"
    return replace(told, text=f"{lead} {told.text}", speech=f"{lead} {told.speech}")


def _told(
    member: VerifiedMember,
    question: Question,
    wanted: ClaimWanted,
    claims: Sequence[Claim],
    found: Found,
    desk: Desk,
) -> Answer:
    read, heard = voices(member)
    missing, lead = trouble(found.failed, desk), unseen(found)
    fetched = desk.now().isoformat()
    start = question.start if question.start < len(claims) else 0
    shown = claims[start : start + MOST_READ]
    return Answer(
        text=_with(lead, _text(wanted, claims, start, read, desk, question), missing),
        speech=_with(lead, _text(wanted, claims, start, heard, desk, question), missing),
        intent=question.intent,
        partner=claims[0].partner,
        level=1,
        facts={"claims": [facts(claim) for claim in shown], **about(claims)},
        buttons=_buttons(claims),
        cards=tuple(card(claim, desk.partners[claim.partner], member) for claim in shown),
        sources=tuple(source(claim, fetched) for claim in shown),
        listed=listed(question, claims) if len(claims) > 1 else None,
    )


def _to_tell_apart(
    told: Answer,
    member: VerifiedMember,
    question: Question,
    wanted: ClaimWanted,
    claims: Sequence[Claim],
) -> Answer:
    """Several claims, of which the words name the care of one: which it is needs a code."""
    named = wanted.signs.things if wanted.signs else ()
    things = [each for each in named if each.key not in _ANY_VISIT]
    if len(claims) == 1 or not things or question.start or member.level >= DETAILS_LEVEL:
        return told
    ask = f"To see which of them is the {things[0].said}, I'd first send you a code. Shall I?"
    return replace(
        told,
        text=f"{told.text} {ask}",
        speech=f"{told.speech} {ask}",
        offers=Offer("explain_eob", things[0].key),
    )


def about(claims: Sequence[Claim]) -> dict[str, str]:
    """For an answer's facts: the number of the one claim that it is about, for what follows."""
    return {"claim": claims[0].number} if len(claims) == 1 else {}


def listed(question: Question, claims: Sequence[Claim]) -> Listed:
    """The claims in the order in which they are told, so that "the second one" names one and
    "more" goes on after the last that was told.
    """
    start = question.start if question.start < len(claims) else 0
    person = {"person": question.about} if question.about else {}
    return Listed(
        intent=question.intent,
        items=tuple(
            {"claim": {"number": claim.number, "partner": claim.partner}, **person}
            for claim in claims
        ),
        shown=min(len(claims), start + MOST_READ),
        spoken=min(len(claims), start + MOST_SPOKEN),
    )


def asks_total(text: str) -> bool:
    """Whether it is asked what the member owes on several claims together."""
    return _TOTAL.search(text) is not None


def _total(claims: Sequence[Claim], voice: Voice, desk: Desk) -> str:
    """The shares of the claims that are decided, added up for each company."""
    sums: dict[str, Decimal] = {}
    for claim in claims:
        if claim.member_owes is not None and not claim.is_open and claim.state != "reversed":
            sums[claim.partner] = sums.get(claim.partner, Decimal(0)) + claim.member_owes
    if not sums:
        return "None of them is decided yet, so there is no share to add up."
    told = [
        f"{voice.amount(each)} at {voice.company(desk.partners[key])}" for key, each in sums.items()
    ]
    shares = voice.owner("shares")
    paid = "What the offices were paid already I can't see."
    return f"Added up, {shares} on them are {joined(told, 'and')}. {paid}"


def _text(
    wanted: ClaimWanted,
    claims: Sequence[Claim],
    start: int,
    voice: Voice,
    desk: Desk,
    question: Question,
) -> str:
    """One claim in full; several shortly, by company, newest first."""
    if len(claims) == 1:
        (claim,) = claims
        reason = ""
        if claim.state in ("denied", "partly_paid"):
            reason = " To hear the reason, ask me why, or ask for a person."
        if claim.state == "partly_paid" and claim.not_covered:
            reason = f" {voice.amount(claim.not_covered)} of it is not covered.{reason}"
        if asks_how_long(question.text):
            reason = f" {_time_taken(claim, desk)}{reason}"
        if claim.is_open and says_it_was_sent(question.text):
            reason = f" {_not_seen(desk.partners[claim.partner], voice)}"
        if claim.state == "reversed":
            reason = " To hear the reason, ask me why, or ask for a person."
        partner = desk.partners[claim.partner]
        asked = "number" if _NUMBER.search(question.text) else question.asked
        if told := part(claim, asked, partner, voice):
            return told
        if asks_when_paid(question.text) and claim.paid_on and claim.paid:
            return f"{voice.company(partner)} paid {label(claim, voice)} on {day(claim.paid_on)}."
        if asks_billed(question.text) and claim.billed is not None:
            lead = f"{voice.company(partner)} was billed {voice.amount(claim.billed)} for"
            share = owed(claim, voice.company(partner), voice)
            return f"{lead} {label(claim, voice)}. {share}".strip()
        if claim.is_open and asks_share(question.text):
            reason = f"{reason} What {voice.owner.owes} is not known until it is decided."
        if asks_share(question.text) and claim.state == "reversed":
            return f"{part(claim, 'share', partner, voice)}{reason}".strip()
        if asks_share(question.text) and (share := owed(claim, voice.company(partner), voice)):
            return share + reason
        return sentence(claim, partner, voice) + reason
    most = MOST_SPOKEN if voice.spoken else MOST_READ
    shown = claims[start : start + most]
    period = f" {span(wanted.period.start, wanted.period.end)}" if wanted.period else ""
    # A voice says how they are ordered and of which year only where it has to.
    order = "" if voice.spoken else ", newest first"
    same_year = wanted.period.start.year if wanted.period and voice.spoken else None
    parts = ["Here are more claims."]
    if not start:
        theirs = voice.owner("claims")
        parts = [
            f"There are {len(claims)} claims{period}{order}."
            if theirs == "your claims"
            else f"{theirs[:1].upper()}{theirs[1:]}{period}: there are {len(claims)} claims{order}."
        ]
    if asks_total(question.text) and not start:
        parts.append(_total(claims, voice, desk))
    companies = list(dict.fromkeys(claim.partner for claim in shown))
    for key in companies:
        partner = desk.partners[key]
        lines = "; ".join(
            line(claim, voice).replace(f", {same_year}:", ":")
            for claim in shown
            if claim.partner == key
        )
        parts.append(f"{voice.company(partner)}: {lines}.")
    more = len(claims) - start - len(shown)
    if more and voice.spoken:
        parts.append(
            f"There {'is' if more == 1 else 'are'} {more} more. Say more, or tell me a date."
        )
    elif more:
        parts.append(
            f"There {'is one more' if more == 1 else f'are {more} more'}: say \u201cmore\u201d, or "
            "tell me a date or \u201cthe second one\u201d."
        )
    return " ".join(parts)


def asks_how_long(text: str) -> bool:
    """Whether it is asked why it took, or takes, so long."""
    return _SO_LONG.search(text) is not None


def asks_share(text: str) -> bool:
    """Whether the words ask what is left of it for the member, and nothing else."""
    return _MY_SHARE.fullmatch(text) is not None


def asks_when_paid(text: str) -> bool:
    """Whether it is asked when the claim that was told was paid."""
    return _WHEN_PAID.fullmatch(text) is not None


def asks_billed(text: str) -> bool:
    """Whether it is asked what the office charged for it."""
    return _BILLED.search(text) is not None


def says_it_was_sent(text: str) -> bool:
    """Whether the words say that somebody has sent already what the claim waits for."""
    return _SENT.search(text) is not None


def _not_seen(partner: Partner, voice: Voice) -> str:
    return (
        "What was sent is not in the file that I see. Ask the office on which day and how it was "
        f"sent; with that a person at {voice.company(partner)} can look for it: ask me for one."
    )


def _time_taken(claim: Claim, desk: Desk) -> str:
    """The days from receiving the claim to its payment or decision, or until today."""
    if claim.received_on is None:
        return "The file does not say when it came in, so I can't tell how long it took, or why."
    partner = desk.partners[claim.partner]
    end = today_of(partner, desk) if claim.is_open else claim.paid_on
    why = "The file gives no reason for the time; a person can ask for it."
    if end is None:
        return f"It was received on {day(claim.received_on)}. {why}"
    count = (end - claim.received_on).days
    days_told = f"{count} day{'' if count == 1 else 's'}"
    taken = f"{days_told} ago" if claim.is_open else f"{days_told} before that"
    received = "" if claim.is_open else f" on {day(claim.received_on)}"
    return f"It was received{received}, {taken}. {why}"


def _buttons(claims: Sequence[Claim]) -> tuple[Button, ...]:
    """What members ask next about a claim."""
    if len(claims) != 1:
        return ()
    (claim,) = claims
    if claim.state in ("denied", "partly_paid"):
        return (
            Button("Why?", f"Why was claim {claim.number} denied?"),
            Button("How to appeal", "How do I appeal a denied claim?"),
        )
    if claim.state in ("paid", "adjusted", "processed"):
        return (Button("What do I owe, and why?", f"Explain the EOB of claim {claim.number}"),)
    return ()


def not_received(
    member: VerifiedMember,
    question: Question,
    wanted: ClaimWanted,
    found: Found,
    desk: Desk,
) -> Answer:
    """Not found is 'not received as of today', and never 'no claim'. About somebody else it is
    'none that I can show', which is true of what is withheld too.
    """
    missing = trouble(found.failed, desk)
    heard = [desk.partners[key] for key in found.heard]
    if not heard:
        return Answer(text=missing, speech=missing, intent=question.intent, kind="notice", level=1)
    return Answer(
        text=_with(_absent(member, wanted, heard, desk, spoken=False), missing),
        speech=_with(_absent(member, wanted, heard, desk, spoken=True), missing),
        intent=question.intent,
        partner=heard[0].key,
        level=1,
        facts={"claims": []},
    )


def _absent(
    member: VerifiedMember,
    wanted: ClaimWanted,
    heard: Sequence[Partner],
    desk: Desk,
    *,
    spoken: bool,
) -> str:
    today = "today" if spoken else day(desk.clock.today())
    names = joined([each.spoken_name if spoken else each.name for each in heard], "or")
    lines = joined([line_of(each, spoken=spoken) for each in heard], "or")
    which = "claim"
    if wanted.period:
        which = f"claim for {days(wanted.period.start, wanted.period.end)}"
    elif wanted.number:
        which = "claim with that number"
    if isinstance(member, OnBehalf):
        return (
            f"As of {today}, {names} shows me no {which} of {member.person.first_name} that I can "
            f"tell you about. For more, call {lines}."
        )
    article = "a" if wanted.period or wanted.number else "that"
    return (
        f"{names} has not received {article} {which} as of {today}. Providers can take a few weeks "
        f"to send one. You can ask the provider, or call {lines}."
    )


def _with(*parts: str) -> str:
    return " ".join(part for part in parts if part)
