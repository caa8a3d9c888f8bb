"""Why a claim was denied or not paid in full, what usually fixes it, and what is owed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from actions.answers.claim_search import Found, search, trouble, unseen
from actions.answers.claim_signs import is_refused
from actions.answers.claim_words import (
    Voice,
    card,
    facts,
    label,
    line,
    note,
    source,
    voices,
    when,
)
from actions.answers.claims import (
    MOST_READ,
    MOST_SPOKEN,
    about,
    claim_status,
    listed,
    not_received,
)
from actions.answers.general import case_words
from actions.answers.prior_auth import refused_request
from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.service import PERSON
from actions.answers.tables import denial_reasons
from actions.answers.wording import joined, line_of
from alliance.answer import Answer, Button
from alliance.claims import Claim
from alliance.denials import Reason
from alliance.partners import Partner
from alliance.verified import VerifiedMember

APPEAL = Button("How to appeal", "How do I appeal a denied claim?")
# One way on is heard; several are read.
MOST_SPOKEN_FIX = 1
# Some twelve seconds; what is longer is heard when "more" is said.
MOST_SPOKEN_WORDS = 30
_SAY_MORE = "Say more for what to do."
_OFFICES = {
    "institutional": "the hospital",
    "professional": "the doctor's office",
    "pharmacy": "the pharmacy",
    "oral": "the dentist's office",
}


async def claim_denial(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The reason of the refused claim that is meant. Level 2."""
    wanted = question.claim or ClaimWanted()
    found = await search(member, wanted, desk)
    refused = [claim for claim in found.claims if is_refused(claim)]
    if wanted.latest:
        refused = refused[:1]
    if not refused and found.claims and wanted.singles_out and not (wanted.latest or found.missed):
        # What was asked about is not denied: where it stands is the answer.
        stands = replace(await claim_status(member, question, desk), intent=question.intent)
        return _as_at_first(stands, found)
    told_apart = wanted.number or wanted.period
    if not (refused or told_apart) and (request := await refused_request(member, question, desk)):
        return request
    changed = [claim for claim in found.claims if claim.state == "adjusted"]
    if not refused and len(changed) == 1:
        # It was refused at first: what became of it is the answer.
        number = ClaimWanted(number=changed[0].number)
        return await claim_status(
            member, replace(question, intent="claim_status", claim=number), desk
        )
    if not refused:
        return _none_refused(member, question, wanted, found, desk)
    if len(refused) > 1:
        return which_one(
            member,
            question,
            refused,
            found,
            desk,
            head=f"{unseen(found)} {len(refused)} claims were not paid in full".strip(),
            ask="Which one do you mean?",
            button="Why was claim {number} denied?",
        )
    why = _why(member, question, refused[0], found, desk)
    if not found.missed:
        return why
    # Members call care by another name than its bill: the only one that was refused is told.
    lead = f"{unseen(found)} This is the only one that was not paid in full."
    return replace(why, text=f"{lead} {why.text}", speech=f"{unseen(found)} {why.speech}")


def _as_at_first(stands: Answer, found: Found) -> Answer:
    """Of a claim that was decided anew: what was wrong with it before, its file does not tell."""
    if [claim.state for claim in found.claims] != ["adjusted"]:
        return stands
    before = "Why it was decided otherwise at first is not in the file that I see."
    return replace(
        stands,
        text=f"{stands.text} {before}",
        speech=f"{stands.speech} {before}",
        buttons=(PERSON,),
    )


def _why(
    member: VerifiedMember, question: Question, claim: Claim, found: Found, desk: Desk
) -> Answer:
    partner = desk.partners[claim.partner]
    reasons = denial_reasons().find(claim.reasons)
    read, heard = voices(member)
    missing = trouble(found.failed, desk)
    beside = same_visit(claim, found.around)
    text = [
        _decided(claim, partner, read),
        _reason(claim, reasons),
        case_words("claim_denial", "emergency", partner, desk) if claim.is_emergency else "",
        _share(claim, partner, reasons, read),
        *fixes_of(claim, reasons, partner, spoken=False),
        "You can also appeal; use the date on your letter." if _appealable(reasons) else "",
        _apart(beside, read),
    ]
    heard_first, rest = _spoken(claim, partner, reasons, heard, start=question.start)
    speech = [*heard_first, _SAY_MORE if rest else ""]
    if question.asked == "fix" and reasons:
        # Why and what it costs was told: what to do about it.
        text = _to_do(claim, partner, reasons, spoken=False)
        speech, rest = _to_do(claim, partner, reasons, spoken=True), False
    shown = [claim, *beside][:MOST_READ]
    return Answer(
        text=" ".join(part for part in (*text, missing) if part),
        speech=" ".join(part for part in (*speech, missing) if part),
        intent=question.intent,
        partner=claim.partner,
        level=2,
        facts={
            "claims": [facts(each) for each in shown],
            "reasons": list(claim.reasons),
            "fixes": [reason.fix.key for reason in reasons],
            **about([claim]),
            "rest": rest,
        },
        buttons=(APPEAL, PERSON),
        cards=tuple(card(each, desk.partners[each.partner], member) for each in shown),
        sources=tuple(source(each, desk.now().isoformat()) for each in shown),
    )


def _to_do(claim: Claim, partner: Partner, reasons: Sequence[Reason], *, spoken: bool) -> list[str]:
    appeal = "You can also appeal; use the date on your letter." if _appealable(reasons) else ""
    told = reasons[:MOST_SPOKEN_FIX] if spoken else reasons
    return [*fixes_of(claim, told, partner, spoken=spoken), appeal]


def _decided(claim: Claim, partner: Partner, voice: Voice) -> str:
    name = voice.company(partner)
    match claim.state:
        case "denied":
            return f"{name} denied {label(claim, voice)}."
        case "reversed":
            return f"{name} took back its payment for {label(claim, voice)}."
        case _:
            not_covered = (
                f"; {voice.amount(claim.not_covered)} is not covered"
                if claim.not_covered and not voice.spoken
                else ""
            )
            return f"{name} paid only part of {label(claim, voice)}{not_covered}."


def _spoken(
    claim: Claim, partner: Partner, reasons: Sequence[Reason], voice: Voice, *, start: int
) -> tuple[list[str], bool]:
    """What is heard: first what was decided, then (`start` 1, after "more") what to do about it;
    both at once where that is short. And whether something is left to be heard.
    """
    decided = _briefly(claim, partner, reasons, voice)
    fixes = fixes_of(claim, reasons[:MOST_SPOKEN_FIX], partner, spoken=True)
    if start:
        return _to_do(claim, partner, reasons, spoken=True), False
    if len(" ".join([decided, *fixes]).split()) <= MOST_SPOKEN_WORDS:
        return [decided, *fixes], False
    return [decided], True


def _briefly(claim: Claim, partner: Partner, reasons: Sequence[Reason], voice: Voice) -> str:
    """For the ear: what was decided, why, and what is owed."""
    decided = _decided(claim, partner, voice)
    if reasons:
        decided = f"{decided.rstrip('.')}: {joined([reason.why for reason in reasons])}."
    if claim.member_owes is None:
        return decided
    if claim.member_owes == Decimal(0):
        return f"{decided} {voice.owner.owes[:1].upper()}{voice.owner.owes[1:]} nothing."
    share = voice.owner("share")
    return f"{decided} {share[:1].upper()}{share[1:]} shows as {voice.amount(claim.member_owes)}."


def _reason(claim: Claim, reasons: Sequence[Reason]) -> str:
    """Our words for the codes, and the company's own note."""
    words = joined([reason.why for reason in reasons])
    told = note(claim) if all(reason.fix.tells_note for reason in reasons) else ""
    if words:
        return f"The reason: {words}.{told}"
    return told.strip() or "Its file gives no reason that I can read; a person can find it."


def _share(claim: Claim, partner: Partner, reasons: Sequence[Reason], voice: Voice) -> str:
    """What the company says is owed, and not to pay before it is settled."""
    name, owner = voice.company(partner), voice.owner
    if claim.member_owes is None:
        return f"The file does not say what {owner.owes}: don't pay until it is checked."
    if claim.member_owes == Decimal(0):
        return (
            f"{name} shows that {owner.subject} {owner.owe} nothing. If a bill comes, don't pay "
            "until we check."
        )
    amount = f"{name} shows {owner('share')} as {voice.amount(claim.member_owes)}"
    if claim.state == "denied" and reasons:
        return f"{amount} for now. Before you pay, have this checked."
    return f"{amount}."


def fixes_of(
    claim: Claim, reasons: Sequence[Reason], partner: Partner, *, spoken: bool
) -> list[str]:
    """What usually fixes it, each once, in words for who billed."""
    office = _OFFICES.get(claim.form or "", "the provider")
    fixes = dict.fromkeys(reason.fix for reason in reasons)
    return [
        (fix.speech if spoken else fix.text).format(
            company=partner.spoken_name if spoken else partner.name,
            office=office,
            line=line_of(partner, spoken=spoken),
        )
        for fix in fixes
    ]


def _appealable(reasons: Sequence[Reason]) -> bool:
    # Whatever the reason, the right to appeal is named; where the fix names it, once is enough.
    return not any("appeal as well" in reason.fix.text for reason in reasons)


def same_visit(claim: Claim, claims: Sequence[Claim]) -> list[Claim]:
    """Other claims of the same day and company: hospital and doctors bill apart."""
    return [
        other
        for other in claims
        if other is not claim
        and other.partner == claim.partner
        and other.service_start is not None
        and other.service_start == claim.service_start
    ]


def _apart(claims: Sequence[Claim], voice: Voice) -> str:
    if not claims:
        return ""
    told = "; ".join(line(claim, voice) for claim in claims)
    return f"Hospital and doctors bill apart. Also of that day: {told}."


def which_one(
    member: VerifiedMember,
    question: Question,
    claims: Sequence[Claim],
    found: Found,
    desk: Desk,
    *,
    head: str,
    ask: str,
    button: str,
) -> Answer:
    """Several claims fit: shortly what they are, and which one is asked. `button` is what its
    button asks, with the claim's number for {number}. Level 2.
    """
    read, _ = voices(member)
    start = question.start if question.start < len(claims) else 0
    shown = claims[start : start + MOST_READ]
    lines = "; ".join(line(claim, read) for claim in shown)
    missing = trouble(found.failed, desk)
    return Answer(
        text=f"{head}: {lines}. {ask} {missing}".strip(),
        speech=f"{head}: {dates(claims[start:])}. {ask} {missing}".strip(),
        intent=question.intent,
        partner=shown[0].partner,
        level=2,
        facts={"claims": [facts(claim) for claim in shown]},
        buttons=tuple(
            Button(f"Claim {claim.number}", button.format(number=claim.number)) for claim in shown
        ),
        cards=tuple(card(each, desk.partners[each.partner], member) for each in shown),
        sources=tuple(source(claim, desk.now().isoformat()) for claim in shown),
        listed=listed(question, claims),
    )


def dates(claims: Sequence[Claim]) -> str:
    """A list to be heard: days alone, and how many more there are; "the second one" picks one."""
    told = [when(claim) or "one without a date" for claim in claims[:MOST_SPOKEN]]
    more = len(claims) - len(told)
    return joined([*told, f"{more} more"] if more else told)


def _none_refused(
    member: VerifiedMember, question: Question, wanted: ClaimWanted, found: Found, desk: Desk
) -> Answer:
    if not found.claims:
        return not_received(member, question, wanted, found, desk)
    read, heard = voices(member)
    heard_from = [desk.partners[key] for key in found.heard]
    missing = trouble(found.failed, desk)

    def told(voice: Voice) -> str:
        names = joined([voice.company(partner) for partner in heard_from], "or")
        lines = joined([line_of(partner, spoken=voice.spoken) for partner in heard_from], "or")
        return (
            f"I see no denied claim of {voice.owner.whom} at {names}. If you have a letter about "
            f"one, tell me the date of the visit or the claim number. You can also call {lines}."
        )

    return Answer(
        text=f"{told(read)} {missing}".strip(),
        speech=f"{told(heard)} {missing}".strip(),
        intent=question.intent,
        partner=found.claims[0].partner,
        level=2,
        facts={"claims": []},
        buttons=(PERSON,),
    )
