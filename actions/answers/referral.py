"""Referrals: what the member's plan wants, and those on file where the company gives them."""

from __future__ import annotations

import re

from actions.answers.claim_search import coverages, trouble
from actions.answers.claim_words import DETAILS_LEVEL, whose
from actions.answers.question import Desk, Question
from actions.answers.referral_parts import referral_part
from actions.answers.service import PERSON, company
from actions.answers.wording import day, days, joined, line_of
from alliance.answer import Answer, Button, Listed, Source
from alliance.authorizations import Referral
from alliance.coverage import Coverage, covering
from alliance.errors import PartnerUnavailable
from alliance.partners import Partner
from alliance.products import Product, product_of
from alliance.verified import VerifiedMember

FIND = Button("Find a doctor", "/find_provider")
_EXCEPT = "Emergency care, OB/GYN visits and what your plan lists need none."
_USED_UNKNOWN = (
    "The file tells how many visits it is for, not how many were used: the specialist's office can."
)
_EXCEPT_SPOKEN = "Emergency and O B G Y N care need none."
_ONE = re.compile(
    r"\b(?:my|the|his|her|our|that) referrals?\b.*\b(?:sent|ready|approved|active|expires?|"
    r"expired?|"
    r"valid|good|ok(?:ay)?|fine|in force|arrive[ds]?|received?|through|on file|left|used|last)\b|"
    r"\b(?:left|remaining|expires?|expired?|how many|visits)\b.*\b(?:my|the|his|her|this|that) "
    r"referral\b|"
    r"\b(?:have|got|get|gotten|received?|see|sent|send|put in|find) (?:you )?(?:my|the|his|her|a) "
    r"referral\b.*\b(?:sent|doctor|dr|yet|from|on file)\b|\breferrals?\b.{0,15}\bon (?:file|"
    r"record)\b|\b(?:do|did) (?:i|we) (?:still |already |even |now )*(?:have|got) "
    r"(?:a|any|my|one)\b.{0,12}\breferrals?\b",
    re.IGNORECASE,
)
# "Did my doctor ever send in that referral?", "is there still a referral for my knee?": whether it
# was done is asked, and not whether one is needed.
_DONE = re.compile(
    r"\b(?:(?:did|has|was|were|had)(?:n'?t)?|have(?:n'?t)? (?:you|they|i|we)|(?:is|are)(?:n'?t)? "
    r"there)\b[^?!]{0,50}\breferrals?\b",
    re.IGNORECASE,
)
_NEEDED = re.compile(
    r"\b(?:need\w*|requir\w*|necessary|have to|has to|must|supposed|want\w*)\b", re.IGNORECASE
)
_STATES = {
    "active": "on file",
    "draft": "not sent yet",
    "used": "used up",
    "cancelled": "cancelled",
    "unknown": "on file, without a status",
}
MOST_READ = 3
# "How many visits are left on it?" of those in force; "and the other one?" of those that are not.
_LEFT = re.compile(
    r"\bhow many\b|\bvisits? (?:left|remaining)\b|\bstill (?:good|valid)\b", re.IGNORECASE
)
_OTHER = re.compile(r"\b(?:other|old|expired|used(?:[- ]up)?) (?:one|referral)\b", re.IGNORECASE)


def names_one(text: str) -> bool:
    """Whether a referral of their own is asked about, and not only whether the plan wants one."""
    done = _DONE.search(text) is not None and not _NEEDED.search(text)
    return done or _ONE.search(text) is not None


async def referral_question(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The plan's rule (level 1), and the referrals on file (level 2: they name doctors)."""
    known, failed = await coverages(member, desk)
    today = desk.clock.today()
    covered = covering(known, today, "medical")
    if not covered:
        return _no_plan(member, question, failed, desk)
    rules = [(each, product_of(each, desk.partners[each.partner].products)) for each in covered]
    first = desk.partners[covered[0].partner]
    filed, asked = await _on_file(member, rules, desk)
    number = question.claim.number if question.claim else None
    beside = question.claim.beside if question.claim else None
    picked = [each for each in filed if each.number == number or (beside and each.number != beside)]
    filed = picked or _meant(question.text, _to(question.specialty, filed))
    if filed and (picked or question.asked):
        return _of_those(filed, question, desk)
    missing = trouble(failed, desk, "plan")
    on_file = _filed(filed, asked, desk, spoken=True)
    of_theirs = names_one(question.text)
    rule = (
        *(_rule(each, product, desk, member, spoken=False) for each, product in rules),
        _EXCEPT if any(product.referral_required for _, product in rules) else "",
    )
    if filed and of_theirs:
        # Theirs is asked about, and not the rule.
        rule = (f"In {first.name}'s file:",)
        if _LEFT.search(question.text) and any(each.visits for each in filed):
            missing = f"{_USED_UNKNOWN} {missing}".strip()
    return Answer(
        text=" ".join(
            part for part in (*rule, _filed(filed, asked, desk, spoken=False), missing) if part
        ),
        # Who asks for one on file has to hear it first, and of one that is there nothing else.
        speech=on_file
        if filed and of_theirs
        else " ".join(
            part
            for part in (
                on_file if of_theirs else "",
                *(_rule(each, product, desk, member, spoken=True) for each, product in rules),
                _EXCEPT_SPOKEN if any(product.referral_required for _, product in rules) else "",
                "" if of_theirs else on_file,
            )
            if part
        ),
        intent=question.intent,
        partner=first.key,
        level=2 if filed else 1,
        facts={
            "required": [product.referral_required for _, product in rules],
            "referrals": [each.number for each in filed],
        },
        buttons=(FIND, PERSON),
        listed=_listed(question, filed),
        sources=(
            *(Source(c.partner, f"Coverage/{c.id}", desk.now().isoformat()) for c in covered),
            *(Source(r.partner, f"ServiceRequest/{r.id}", desk.now().isoformat()) for r in filed),
        ),
    )


def _listed(question: Question, filed: list[Referral]) -> Listed | None:
    """Told by their number, as claims are: that is what "the second one" asks for."""
    if not filed:
        return None
    items = tuple({"claim": {"number": each.number}} for each in filed)
    return Listed(question.intent, items, len(filed), len(filed))


def _of_those(filed: list[Referral], question: Question, desk: Desk) -> Answer:
    """What is asked on of referrals that were told: of them alone, without the plan's rule."""
    partner = desk.partners[filed[0].partner]
    counts = question.asked == "count" or _LEFT.search(question.text)
    in_force = any(each.visits and each.state != "used" for each in filed)
    unknown = _USED_UNKNOWN if counts and in_force else ""

    def told(*, spoken: bool) -> str:
        name = partner.spoken_name if spoken else partner.name
        parts = [
            referral_part(one, question.asked, name, spoken=spoken) for one in filed[:MOST_READ]
        ]
        if all(parts):
            return f"{' '.join(parts)} {unknown}".strip()
        # Heard, it is asked on what was told, and with the company's name too long.
        lead = "" if spoken else f"In {partner.name}'s file:"
        each = " ".join(_sentence(one, spoken=spoken) for one in filed[:MOST_READ])
        return f"{lead} {each} {unknown}".strip()

    return Answer(
        text=told(spoken=False),
        speech=told(spoken=True),
        intent=question.intent,
        partner=partner.key,
        level=2,
        facts={"referrals": [each.number for each in filed]},
        buttons=(FIND, PERSON),
        listed=_listed(question, filed),
        sources=tuple(
            Source(r.partner, f"ServiceRequest/{r.id}", desk.now().isoformat()) for r in filed
        ),
    )


def _meant(text: str, filed: list[Referral]) -> list[Referral]:
    """Those that the words pick out of several that were told, where there are any."""
    if _OTHER.search(text):
        return [each for each in filed if each.state != "active"] or filed
    if _LEFT.search(text):
        return [each for each in filed if each.state == "active"] or filed
    return filed


def _to(specialty: str | None, filed: list[Referral]) -> list[Referral]:
    """Those to the kind of doctor that is named, where there are any."""
    kind = (specialty or "").replace("_", " ")
    return [each for each in filed if kind and kind in (each.service or "").lower()] or filed


async def _on_file(
    member: VerifiedMember, rules: list[tuple[Coverage, Product]], desk: Desk
) -> tuple[list[Referral], list[tuple[Partner, bool]]]:
    """The referrals, and which companies were asked, with whether they give any here."""
    if member.level < DETAILS_LEVEL:
        return [], []
    found: list[Referral] = []
    asked: list[tuple[Partner, bool]] = []
    for key in dict.fromkeys(
        each.partner for each, product in rules if product.referral_required is not False
    ):
        try:
            answer = await desk.records.referrals(member, key)
        except PartnerUnavailable:
            answer = None
        asked.append((desk.partners[key], answer is not None))
        found += answer or []
    return found, asked


def _rule(
    coverage: Coverage, product: Product, desk: Desk, member: VerifiedMember, *, spoken: bool
) -> str:
    """What one plan wants. Where nobody has told us, the card and the doctor's office know."""
    partner = desk.partners[coverage.partner]
    name = partner.spoken_name if spoken else partner.name
    owner = whose(member)
    title = f" ({coverage.plan_name})" if coverage.plan_name and not spoken else ""
    kind = "" if product.type == "other" else f" {product.type}"
    plan = f"{owner.possessive} {name}{kind} plan{title}"
    plan = f"{plan[:1].upper()}{plan[1:]}"
    if product.referral_required is False:
        return f"{plan} needs no referral to see a specialist."
    if product.referral_required is None:
        return (
            f"I can't see whether {plan[:1].lower()}{plan[1:]} wants a referral: your doctor's "
            f"office can check, or call {line_of(partner, spoken=spoken)}."
        )
    without = {
        "out_of_network": " Without one, the visit is covered at the out-of-network level.",
        "not_covered": " Without one, the visit may not be covered.",
    }.get(product.without_referral or "", "")
    if spoken:
        without = without.replace("-", " ")
    return (
        f"{plan} wants a referral from your primary care doctor before you see a specialist."
        f"{without}"
    )


def _sentence(each: Referral, *, spoken: bool) -> str:
    to = f" to {each.to}" if each.to else ""
    # "Dermatology, office visits": the kind of doctor, who is often asked for by it.
    kind = (each.service or "").split(",")[0].strip()
    to += f", {kind.lower()}" if kind else ""
    until = f", from {days(each.start, each.end)}" if each.start and each.end else ""
    if spoken and each.end:
        # Whole, it is too long to be remembered.
        until = f", until {day(each.end)}"
    visits = f", {each.visits} {'visit' if each.visits == 1 else 'visits'}" if each.visits else ""
    number = f" {each.number}" if each.number and not spoken else ""
    return f"Referral{number}{to}: {_STATES[each.state]}{visits}{until}."


def _filed(
    filed: list[Referral], asked: list[tuple[Partner, bool]], desk: Desk, *, spoken: bool
) -> str:
    """What is on file, as far as the companies give it."""
    if spoken and not filed:
        return ""
    parts = [_sentence(each, spoken=spoken) for each in filed[: 1 if spoken else MOST_READ]]
    giving = [partner for partner, gives in asked if gives]
    if not filed and giving:
        names = joined([p.spoken_name if spoken else p.name for p in giving], "or")
        today = day(desk.clock.today())
        parts.append(f"{names} shows no referral as of {today}; your doctor sends it.")
    for partner, gives in asked:
        if not gives:
            name = partner.spoken_name if spoken else partner.name
            parts.append(
                f"{name} doesn't show me referrals on file: your doctor's office can tell, or call "
                f"{line_of(partner, spoken=spoken)}."
            )
    return " ".join(parts)


def _no_plan(member: VerifiedMember, question: Question, failed: list[str], desk: Desk) -> Answer:
    partner = company(member, question, desk) or desk.partners[member.person.home.partner]
    missing = trouble(failed, desk, "plan")

    def told(*, spoken: bool) -> str:
        name = partner.spoken_name if spoken else partner.name
        return (
            f"{name} shows no medical plan in force today, so I can't tell its rule. Call "
            f"{line_of(partner, spoken=spoken)}."
        )

    return Answer(
        text=missing or told(spoken=False),
        speech=missing or told(spoken=True),
        intent=question.intent,
        partner=partner.key,
        level=1,
        buttons=(PERSON,),
    )
