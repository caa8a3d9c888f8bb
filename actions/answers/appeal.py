"""Appeals: what is simpler than one, which times hold for the member's plan, and urgent cases.

A last day is counted only from a notice's date that the member tells; the partners' files hold no
such date. Nobody is ever told that it is too late.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

from actions.answers.cases import AGAIN, file
from actions.answers.claim_denial import MOST_SPOKEN_FIX, fixes_of
from actions.answers.claim_search import Found, coverages, search, trouble
from actions.answers.claim_signs import is_refused
from actions.answers.claim_words import Voice, facts, label, source, voices
from actions.answers.general import general
from actions.answers.prior_auth import authorizations
from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.service import PERSON, company
from actions.answers.tables import appeals, denial_reasons
from actions.answers.wording import day, line_of
from actions.cases.filing import case_kinds
from alliance.answer import Act, Answer, Button, Source
from alliance.appeals import ANY, Kind, Level, Row, Stage
from alliance.authorizations import Authorization
from alliance.claims import Claim
from alliance.coverage import Coverage, LineOfBusiness, covering
from alliance.gazetteer import STATES, state_code, state_names
from alliance.partners import Partner
from alliance.products import product_of
from alliance.values import read_period
from alliance.values.periods import DAYS
from alliance.verified import VerifiedMember

_URGENT = re.compile(
    r"\burgent(?!(?:ly)? care)|\bexpedit|\bneed\w* .{0,40}\bright away\b|"
    r"\bcan'?t wait\b|\bcannot wait\b|"
    r"\blife.threatening\b|"
    r"\b(?:surgery|operation|treatment|procedure) (?:is )?(?:today|tomorrow|this week|scheduled)|"
    r"\bstill in the hospital\b|\bfast (?:decision|appeal)\b|\bemergency appeal\b"
)
# "They denied my surgery and it's next week": refused care that lies ahead within days.
_REFUSED = re.compile(
    r"\b(?:den(?:y|ied|ies|ial|ying)|refus\w+|reject\w+|declin\w+|turn(?:ed|ing)? (?:\w+ ){0,3}?"
    r"down|(?:says?|said) no|not? (?:approv\w+|cover\w*|authoriz\w+)|"
    r"(?:won'?t|wouldn'?t|didn'?t|did not|will not|wasn'?t) (?:be )?"
    r"(?:approv|cover|authoriz|pay)\w*)\b"
)
_CARE = re.compile(
    r"\b(?:surger(?:y|ies)|operation|operate\w*|procedure|treatments?|chemo\w*|radiation|"
    r"infusions?|transplant|biopsy|scan|mri|dialysis|admission|replacement|"
    r"(?:scheduled|booked|set) (?:for|on))\b(?! (?:claim|bill))"
)
_SOON = re.compile(
    r"\b(?:today|tonight|tomorrow|(?:this|next|coming|on|for) (?:\w+ )?"
    rf"(?:week|weekend|{'|'.join(DAYS)})|(?:this|next|on|come) (?:{'|'.join(DAYS)})|"
    r"in (?:a |the next )?(?:few|couple(?: of)?|one|two|three|four|five|six|seven|[1-9]|1[0-4]) "
    r"days?|in (?:a|one|two) weeks?|days? away|any day now)\b"
)
_STANDS = re.compile(
    r"\b(?:status of|where is|where's|what happened to|hear(?:d)? (?:back )?(?:about|on)|"
    r"decision on|any news on|update on|check on) (?:my|the|our) appeal|"
    r"\bmy appeal (?:stand|decision|status|been|go)|\bappeal (?:i|we) (?:sent|filed|made)|"
    r"\bheard back\b"
)
_EXTERNAL = re.compile(
    r"\bexternal\b|\boutside review|\bindependent (?:review|doctor)|"
    r"\bfinal (?:denial|answer|decision)|\bsecond (?:appeal|level)|"
    r"\bappeal (?:was|got|is|has been) (?:denied|rejected|turned down)|"
    r"\b(?:denied|rejected|turned down) (?:my|the) appeal|\bstate (?:review|appeal)"
)
_CARE_TO_COME = re.compile(
    r"\bauthoriz|\bauthoris|\bpre.?cert|\bpre.?approv|\bapproval\b|\bpre.?auth|\bprior auth|"
    r"\bscheduled\b|\bbefore (?:my|the) (?:surgery|procedure)"
)
# "I want to appeal, by when?": nothing is filed for who asks first.
_ASKS_FIRST = re.compile(
    r"\b(?:by|until|till) when\b|\bhow (?:long|many days|much time|do|does|would|can|should)\b|"
    r"\bdeadline\b|\bwhat (?:do|would|should|must) i (?:need|have|send)\b",
    re.IGNORECASE,
)
_ASKS_WHEN = re.compile(
    r"\b(?:by|until|till) when\b|\b(?:last|final) (?:day|date)\b|\bdeadline\b|"
    r"\bhow (?:long|many days|much time)\b",
    re.IGNORECASE,
)
# Beside a state: what makes it the plan's, or the review's, and no place of care. "My plan is from
# Vermont" is of the plan, "my plan refused my scan in Vermont" is not.
_PLAN = r"(?:plan|policy|insurance|insured|issued|sold)"
_LOOK = r"(?:(?:external|outside|independent|state) (?:review|appeal)|appeal)"
_BETWEEN = (
    r"(?:i have|we have|that|which|that'?s|is|was|comes|came|an?|insured|issued|sold|in|from|of|"
    r"out|under|through|by|with|to)"
)
_KIND_OF_PLAN = r"(?:insured|employer|group|state|external|outside|medical|health)"
_CARE_AT = r"(?:visit|hospital|doctor|office|surgery|claim|bill)s?\b"
# Employers whose own plan is under no ERISA, by what a group is called or what is said of the plan.
_PUBLIC = (
    r"(?:church|diocese|school district|public schools?|county|city|town|village|state|government)"
)
_PUBLIC_GROUP = re.compile(
    r"\b(?:church|diocese|schools?|county|(?:city|town|village|state) of)\b", re.IGNORECASE
)
_PUBLIC_PLAN = re.compile(
    rf"\b{_PUBLIC}(?:'?s)? (?:health |self-funded )?(?:plan|job|employees?|workers?|insurance)\b|"
    r"\b(?:work|working|teach|teaching|job|employed|employer|plan|insurance|coverage)"
    r"(?: (?:is|from|for|at|in|with|through|by|the|a|my|our|his|her))+ "
    rf"(?:\w+ ){{0,2}}?{_PUBLIC}\b(?! (?:of health|law|review))",
    re.IGNORECASE,
)
_FSA = re.compile(r"\bfsa\b|\bflex(?:ible)? (?:spending|account)")
_DENTAL = re.compile(r"\bdent|\bcrown\b|\broot canal|\borthodon|\bbraces\b|\bteeth\b|\btooth\b")
# A date in such words is the notice's own: any other is the day of the visit.
_NOTICE = re.compile(
    r"\b(?:letter|notice|denial|eob|explanation|dated|decision|determination|paper)s?\b"
)
_DATED = re.compile(
    r"\b(?:dated|(?:letter|notice|denial|eob|paper) (?:(?:is|was|came|says|arrived|dated|of|from|"
    r"on)\s+)+)(?P<day>.{4,24})",
    re.IGNORECASE,
)
# No compliance office has confirmed the table yet.
_UNCONFIRMED = "General information; your plan's documents decide."
FILE = Button("File my appeal", "I want to file an appeal")
_KINDS = {
    "insured": "an insured plan",
    "self_funded": "your employer's own plan",
    "non_erisa": "a government or church plan",
    "medicare": "a Medicare Advantage plan",
    "dental": "a dental plan",
    "fsa": "a flexible spending account",
}


# What refused care to come sounds like.
_OF_REFUSALS = ("appeal", "claim_denial", "prior_auth_status", "prior_auth_required", "complaint")


def is_urgent(intent: str, text: str) -> bool:
    """Whether waiting could harm: such an appeal goes to a person now, whoever asks."""
    said = text.lower()
    if intent == "appeal" and _URGENT.search(said):
        return True
    return intent in _OF_REFUSALS and bool(_REFUSED.search(said)) and is_soon(said)


def is_soon(text: str) -> bool:
    """Whether the words tell of care that lies ahead within days."""
    said = text.lower()
    return bool(_CARE.search(said) and _SOON.search(said))


def urgent_appeal(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """An expedited appeal: to a person now, with the rule in a sentence; nothing is asked first."""
    partner = company(member, question, desk)
    said = general(member, replace(question, intent="appeal", text="urgent"), desk)
    lead = said.speech if said and said.facts["case"] == "urgent" else ""
    name = f" {partner.name}" if partner else ""
    spoken = f" {partner.spoken_name}" if partner else ""
    detail = {
        "partner": partner.key if partner else None,
        "reason": "urgent appeal",
        "level": member.level if member else 0,
        "priority": "urgent",
    }
    return Answer(
        text=f"{lead} I'm connecting you with{name} member services now.".strip(),
        speech=(
            "For care that can't wait, an appeal is decided in 72 hours or less. I'm connecting "
            f"you with{spoken} member services now."
        ),
        kind="notice",
        intent=question.intent,
        partner=partner.key if partner else None,
        facts=detail,
        sources=said.sources if said else (),
        acts=(Act("handoff", detail),),
    )


async def appeal(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """How the member's own decision can be looked at again, and what may do instead. Level 2."""
    said = question.text.lower()
    if _STANDS.search(said):
        return _where_it_stands(member, question, desk)
    notice = notice_date(question.text, desk.clock.today())
    claim, found = await _decision(member, question, notice, desk)
    request = None
    if claim is None and _CARE_TO_COME.search(said):
        request = await _refused_request(member, desk)
    covered, kind = await _kind(member, claim, said, desk)
    stage: Stage = "pre_service" if claim is None and _CARE_TO_COME.search(said) else "post_service"
    level: Level = "external" if _EXTERNAL.search(said) else "internal"
    today = desk.clock.today()
    row = (
        appeals().find(kind, stage, level, notice or today, _state(question.text)) if kind else None
    )
    partner = _company(member, question, claim, request, covered, desk)
    read, heard = voices(member)
    missing = trouble(found.failed, desk)
    filed = await _filed(member, question, partner, desk)
    if filed and question.chosen == AGAIN:
        return filed
    start = f"To start it, say \u201cfile my appeal\u201d, or call {line_of(partner)}."
    times_heard = "You can also appeal: use the date on your letter."
    if notice or not (claim or request) or _ASKS_WHEN.search(said):
        times_heard = _times(row, kind, notice, today, heard)
    return Answer(
        text=" ".join(
            part
            for part in (
                filed.text if filed else "",
                _simpler(claim, request, partner, read),
                # What is passed on already is told by when it is answered.
                "" if filed and notice is None else _times(row, kind, notice, today, read),
                "" if filed else start,
                _UNCONFIRMED,
                missing,
            )
            if part
        ),
        speech=filed.speech
        if filed
        else " ".join(
            part
            for part in (
                _simpler(claim, request, partner, heard),
                times_heard,
                "Say, file my appeal, and I pass it on.",
            )
            if part
        ),
        intent=question.intent,
        partner=partner.key,
        level=2,
        facts={
            "claims": [facts(claim)] if claim else [],
            "authorization": request.number if request else None,
            "kind": kind,
            "stage": stage,
            "look": level,
            "notice": notice.isoformat() if notice else None,
            "last_day": _iso(row.last_day(notice)) if row and notice else None,
            "sources": list(row.sources) if row else [],
            "case": filed.facts.get("case") if filed else None,
        },
        buttons=(PERSON,) if filed else (FILE, PERSON),
        sources=_sources(claim, request, desk),
    )


async def _filed(
    member: VerifiedMember, question: Question, partner: Partner, desk: Desk
) -> Answer | None:
    """The case that words such as "file my appeal" open: the day it is received counts. None where
    nothing may be opened, as in suggestions, or the words only ask how it is done.
    """
    asks_first = _ASKS_FIRST.search(question.text)
    plain = case_kinds()["appeal"].is_plain(question.text) and not asks_first
    if desk.cases is None or partner.cases is None or not plain:
        return None
    return await file(member, question, desk, partner, "appeal")


def _sources(claim: Claim | None, request: Authorization | None, desk: Desk) -> tuple[Source, ...]:
    fetched = desk.now().isoformat()
    if claim:
        return (source(claim, fetched),)
    if request:
        return (Source(request.partner, f"ExplanationOfBenefit/{request.id}", fetched),)
    return ()


def notice_date(text: str, today: date) -> date | None:
    """The date of the notice, where the words give one day for it, not in the future."""
    if not _NOTICE.search(text.lower()):
        return None
    # Beside another day ("the March denial") the one that its papers are said to bear.
    of_papers = _DATED.search(text)
    for said in (text, of_papers["day"] if of_papers else ""):
        period = read_period(said, today)
        if period and period.is_day and period.start <= today:
            return period.start
    return None


async def _decision(
    member: VerifiedMember, question: Question, notice: date | None, desk: Desk
) -> tuple[Claim | None, Found]:
    """The refused claim that is meant: by number or day of service, else the only one there is."""
    wanted = question.claim or ClaimWanted()
    period = wanted.period
    if notice and period and period.is_day:
        # That day is the letter's: it tells no claim.
        wanted = replace(wanted, period=None)
    found = await search(member, wanted, desk)
    refused = [claim for claim in found.claims if is_refused(claim)]
    singled_out = wanted.number or wanted.period or wanted.latest
    return (refused[0] if len(refused) == 1 or (singled_out and refused) else None), found


async def _refused_request(member: VerifiedMember, desk: Desk) -> Authorization | None:
    found, _, _ = await authorizations(member, desk)
    refused = [each for each in found if each.decision in ("denied", "partly_approved")]
    return refused[0] if len(refused) == 1 else None


async def _kind(
    member: VerifiedMember, claim: Claim | None, said: str, desk: Desk
) -> tuple[Coverage | None, Kind | None]:
    """Who carries the risk of the plan that decided; None where its file does not tell."""
    if _FSA.search(said):
        return None, "fsa"
    known, _ = await coverages(member, desk)
    dental = (claim is not None and claim.line == "dental") or bool(_DENTAL.search(said))
    on = (claim.service_start if claim else None) or desk.clock.today()
    line: LineOfBusiness = "dental" if dental else "medical"
    fitting = [
        each for each in covering(known, on, line) if claim is None or each.partner == claim.partner
    ] or [each for each in known if each.line == line]
    if dental:
        return (fitting[0] if fitting else None), "dental"
    # Two plans at once: which of them decided, nobody knows.
    kinds = {_risk(each, said, desk) for each in fitting}
    return (fitting[0] if fitting else None), kinds.pop() if len(kinds) == 1 else None


def _risk(coverage: Coverage, said: str, desk: Desk) -> Kind | None:
    product = product_of(coverage, desk.partners[coverage.partner].products)
    if product.type == "Medicare Advantage":
        return "medicare"
    if product.funding == "insured":
        return "insured"
    if product.funding != "self_funded":
        return None
    # Whether an employer's own plan falls under ERISA is on no file: job plans mostly do.
    public = _PUBLIC_GROUP.search(coverage.group_name or "") or _PUBLIC_PLAN.search(said)
    return "non_erisa" if public else "self_funded"


def _state(text: str) -> str | None:
    """The state that the plan is said to be insured in, or whose review is asked for: no file has
    it. Where care was, where somebody lives or what was searched says nothing of the plan.
    """
    own = sorted({row.state for row in appeals().rows} - {ANY})
    return next((state for state in own if _of_state(state).search(text)), None)


@cache
def _of_state(state: str) -> re.Pattern[str]:
    """Words that name a state as the plan's own, or as the one that reviews."""
    names = "|".join(re.escape(name) for name in state_names() if state_code(name) == state)
    return re.compile(
        rf"\b(?:{_PLAN}|{_LOOK})(?: {_BETWEEN})* ?(?:the state of )?\b(?:{names})\b(?! {_CARE_AT})|"
        rf"(?<!\bin )(?<!\bat )\b(?:{names})(?:'?s)?(?: {_KIND_OF_PLAN})* "
        r"(?:plan|policy|insurance|law|rules?|review|appeals?)\b",
        re.IGNORECASE,
    )


def _company(
    member: VerifiedMember,
    question: Question,
    claim: Claim | None,
    request: Authorization | None,
    covered: Coverage | None,
    desk: Desk,
) -> Partner:
    decided = claim or request or covered
    if decided:
        return desk.partners[decided.partner]
    return company(member, question, desk) or desk.partners[member.person.home.partner]


def _simpler(
    claim: Claim | None, request: Authorization | None, partner: Partner, voice: Voice
) -> str:
    """What was decided, and what usually fixes it without an appeal."""
    name = voice.company(partner)
    if request:
        return (
            f"{name} did not approve: {request.service or 'the request'}. Your doctor can first "
            "send more notes, or talk to the reviewer."
        )
    if claim is None:
        return ""
    reasons = denial_reasons().find(claim.reasons)
    decided = {"denied": "denied", "reversed": "took back its payment for"}.get(
        claim.state, "paid only part of"
    )
    most = MOST_SPOKEN_FIX if voice.spoken else len(reasons)
    helps = " ".join(fixes_of(claim, reasons[:most], partner, spoken=voice.spoken))
    return f"{name} {decided} {label(claim, voice)}. {helps}".strip()


def _times(
    row: Row | None,
    kind: Kind | None,
    notice: date | None,
    today: date,
    voice: Voice,
) -> str:
    """The time that the letter gives; counted only from the letter's own date."""
    free = "An appeal is free of charge."
    if row is None or row.within is None:
        told = "Use the date on your letter, and ask also if it has passed."
        if row and row.level == "external":
            told = (
                "After the final answer you may have it looked at by outside reviewers: the letter "
                f"says how. {told}"
            )
        return told if voice.spoken else f"{free} {told} {_how(row)}".strip()
    whom = _KINDS[kind] if kind else "your plan"
    if row.state != ANY:
        # Heard from the member alone: they hear for what the time holds.
        whom = f"a plan insured in {STATES[row.state]}"
    what = "ask for outside review" if row.level == "external" else "appeal"
    last = row.last_day(notice) if notice else None
    if last and notice:
        passed = (
            " That day has passed, but ask all the same: more time is sometimes given."
            if last < today
            else ""
        )
        least = f"at least until {day(last)}" if not passed else f"until {day(last)}"
        told = f"From a notice of {day(notice)}, you have {row.within}, {least}, to {what}.{passed}"
        return told if voice.spoken else f"{told} The letter's own date counts. {_how(row)}".strip()
    told = (
        f"For {whom}, you have at least {row.within} from the notice to {what}: use the date on "
        "your letter."
    )
    if voice.spoken:
        return told
    decided = f" It is decided within {row.decided_in}." if row.decided_in else ""
    count = ' Tell me "my letter is dated ...", and I count the days.'
    return f"{free} {told}{decided} {_how(row)}{count}".replace("  ", " ").strip()


def _how(row: Row | None) -> str:
    if row is None or not row.how:
        return ""
    return f"{row.how[:1].upper()}{row.how[1:]}."


def _where_it_stands(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """Appeals are in no file that the partners give: who knows, and how long it takes."""
    partner = company(member, question, desk) or desk.partners[member.person.home.partner]
    return Answer(
        text=(
            f"{partner.name} doesn't show me appeals here. The decision comes by letter: for care "
            "already given it can take up to 60 days, for care still to come up to 30. To hear "
            f"where yours stands, call {line_of(partner)}, or ask me for a person."
        ),
        speech=(
            f"{partner.spoken_name} doesn't show me appeals here. The decision comes by letter, in "
            "up to 60 days. I can connect you with a person who sees where it stands."
        ),
        intent=question.intent,
        partner=partner.key,
        level=2,
        facts={"sources": ["29 CFR 2560.503-1(i)"]},
        buttons=(PERSON,),
    )


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
