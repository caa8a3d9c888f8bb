"""Services: whether the plan lists them, what a member pays, and what an estimate needs.

Only what the company's file says is told. A service that cannot be mapped to the file is no "no":
the doctor's office has the billing code and can check.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.answers.plan_facts import (
    LINE_NAMES,
    Whose,
    benefits_of,
    capital,
    cards_of,
    gather,
    heard,
    home,
    missing_companies,
    missing_companies_spoken,
    missing_here,
    no_plan,
    or_unreachable,
    plan_of,
    product,
    sentences,
    today_of,
    whose,
)
from actions.answers.question import Desk, Named, Question
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of, money, spoken_money, with_article
from alliance.answer import Answer, Source
from alliance.benefits import Benefits, Card, ServiceRule
from alliance.coverage import Coverage, LineOfBusiness
from alliance.gazetteer import term
from alliance.partners import Partner
from alliance.products import Product
from alliance.services import CARD_LINES, BilledService, billed_as
from alliance.verified import VerifiedMember

_Amount = Callable[[Decimal], str]

# The lines of a card that are told where a service cannot be mapped.
_CARD_VISITS = ("gpvisit", "spvisit", "urgentcare", "emergency")
_HOW_MANY = re.compile(r"\bhow (?:many|often)\b|\blimit\b", re.IGNORECASE)
_IN_NETWORK = "In network you pay"
_A_COPAY = "a copay of "
_NO_PROMISE = "This is what the plan's file says; it is no promise of payment."


@dataclass(frozen=True)
class Share:
    """One service under one plan, as far as the company's file tells it."""

    coverage: Coverage
    product: Product
    benefits: Benefits | None
    card: Card | None
    service: BilledService | None
    said: str
    inside: ServiceRule | None
    outside: ServiceRule | None


_LEFT = re.compile(r"\b(?:left|remain\w*|used)\b", re.IGNORECASE)
_USED_UNKNOWN = (
    "It doesn't tell me how many you have used: the office that treats you counts them too."
)


@dataclass(frozen=True)
class _Found:
    share: Share | None
    who: Whose
    partner: Partner
    line: LineOfBusiness
    nothing: str
    failed: tuple[str, ...]


@or_unreachable
async def benefit_covered(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """Whether the plan's file lists the service as covered; never a promise, never a bare no."""
    found = await _find(member, question, desk)
    share = found.share
    if share is None:
        return _without(found, question, desk)
    part = {
        "permission": _approval(share),
        "count": _limit(share) or _unlimited(share, "how many"),
    }.get(question.asked or "")
    counted = _HOW_MANY.search(question.text)
    if part:
        only = f"By {found.partner.name}'s file for {share.said}: {part[:1].lower()}{part[1:]}"
        if question.asked == "count" and _LEFT.search(question.text):
            only = f"{only} {_USED_UNKNOWN}"
        return _answer(found, share, question, desk, text=only, speech=part)
    return _answer(
        found,
        share,
        question,
        desk,
        text=sentences(
            _covered(share, found.partner, spoken=False),
            _approval(share),
            _limit(share) or _unlimited(share, question.text),
            _cost(share, money) if share.inside and not share.inside.excluded else "",
            _referral(share, question),
            _NO_PROMISE if share.inside and not share.inside.excluded else "",
        ),
        speech=sentences(
            _covered(share, found.partner, spoken=True),
            # "How many visits do I get?" is answered before what nobody asked.
            (_limit(share) or _unlimited(share, question.text)) if counted else "",
            _approval(share),
        ),
    )


@or_unreachable
async def copay_cost(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """What the member pays for a kind of visit or service, in network and out of it."""
    found = await _find(member, question, desk)
    share = found.share
    if share is None:
        return _without(found, question, desk)
    who = whose(member)
    told = _cost(share, money)
    if not told:
        return _answer(
            found,
            share,
            question,
            desk,
            text=sentences(_unmapped(share, found.partner), _card_visits(share, money)),
            speech=sentences(
                f"I can't find {share.said} in {found.partner.spoken_name}'s file.",
                _card_visits(share, spoken_money, most=2),
            ),
        )
    return _answer(
        found,
        share,
        question,
        desk,
        text=sentences(
            f"{capital(plan_of(share.coverage, desk, who))}.",
            told,
            _deductible_first(share, who, money),
            _outside(share),
            _referral(share, question),
            _NO_PROMISE,
        ),
        speech=sentences(
            f"{found.partner.spoken_name}'s file says:",
            _cost(share, spoken_money),
            _referral(share, question, spoken=True),
        ),
    )


@or_unreachable
async def cost_estimate(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """What is known of a service's cost, what is not, and how to get an estimate."""
    found = await _find(member, question, desk)
    share = found.share
    if share is None:
        return _without(found, question, desk)
    who = whose(member)
    partner = found.partner
    unknown = (
        f"I can't see what a doctor or hospital charges {partner.name} for {share.said}, so I "
        "can't name the full cost."
    )
    how = (
        "For an estimate, ask the office for the billing codes and the name of the place, then "
        f"call {line_of(partner)}. An estimate is not a promise of payment."
    )
    known = _cost(share, money) if share.inside and not share.inside.excluded else ""
    covered = _covered(share, partner, spoken=False) if not known else ""
    return _answer(
        found,
        share,
        question,
        desk,
        text=sentences(
            unknown,
            f"What I know: {known}" if known else covered,
            _deductible_first(share, who, money),
            _most(share, who, money),
            _approval(share),
            how,
        ),
        speech=sentences(
            f"I can't name the full cost. {_cost(share, spoken_money)}"
            if known
            else "I can't name the full cost.",
            "Ask the office for the billing codes, and a person can estimate your share.",
        ),
    )


async def _find(member: VerifiedMember, question: Question, desk: Desk) -> _Found:
    """The plan that the service falls under, and what its company says of the service."""
    named = question.service or Named("that")
    service = billed_as(named.key, named.kind or "service")
    line: LineOfBusiness = "dental" if service and service.line == "dental" else "medical"
    gathered = await gather(member, question, desk)
    partner = home(member, question, desk)
    on = today_of(partner, desk)
    current = gathered.on(on, line)
    if not current:
        nothing = no_plan(gathered, line, on, partner, desk, whose(member))
        return _Found(None, whose(member), partner, line, nothing, gathered.failed)
    coverage = current[0]
    codes = service.codes if service else ()
    found, failed = await benefits_of(member, [coverage], on, desk, codes)
    benefits = found.get(coverage.id)
    inside = _rule(benefits, codes, outside=False)
    card: Card | None = None
    if inside is None or not inside.says_cost:
        cards, also = await cards_of(member, [coverage], desk)
        card = cards[0] if cards else None
        failed = [*failed, *also]
    share = Share(
        coverage=coverage,
        product=product(coverage, desk),
        benefits=benefits,
        card=card,
        service=service,
        said=_said(named),
        inside=inside,
        outside=_rule(benefits, codes, outside=True),
    )
    return _Found(
        share,
        whose(member),
        desk.partners[coverage.partner],
        line,
        "",
        tuple(dict.fromkeys([*missing_here(gathered, member), *failed])),
    )


def _rule(
    benefits: Benefits | None, codes: tuple[str, ...], *, outside: bool
) -> ServiceRule | None:
    """The one rule for the service; None where the file has none, or several that differ."""
    if benefits is None:
        return None
    rules = set(benefits.rules(codes, "out" if outside else "in"))
    return rules.pop() if len(rules) == 1 else None


def _said(named: Named) -> str:
    """The service in plain words: our own name for it, else the member's."""
    known = term(named.kind or "service", named.key) if named.key else None
    if known is None:
        return f"\u201c{named.said}\u201d" if named.key is None else named.said
    match named.kind:
        case "specialty":
            return f"a visit to {with_article(known.name)}"
        case "facility" if known.name.endswith(" care"):
            return known.name
        case "facility":
            return f"care at {with_article(known.name)}"
    return with_article(known.name)


def _covered(share: Share, partner: Partner, *, spoken: bool) -> str:
    name = partner.spoken_name if spoken else partner.name
    rule = share.inside
    if rule is None or rule.excluded is None:
        return _unmapped(share, partner, spoken=spoken)
    if rule.excluded:
        return (
            f"{name}'s file lists {share.said} as not covered by your plan. If your doctor says "
            f"that you need it, ask the office to check with {name} before you pay."
        )
    where = "in network" if rule.network == "in" else ""
    return f"{name}'s file lists {share.said} as covered {where}".rstrip() + "."


def _unmapped(share: Share, partner: Partner, *, spoken: bool = False) -> str:
    name = partner.spoken_name if spoken else partner.name
    if spoken:
        return (
            f"I can't find {share.said.strip(chr(0x201C) + chr(0x201D))} in {name}'s file. That is "
            "not a no: your doctor's office can check with the billing code."
        )
    return (
        f"I can't find {share.said} in what {name} gives me. That is not a no: your doctor's "
        f"office has the billing code and can check, or call {line_of(partner)}."
    )


def _approval(share: Share) -> str:
    rule = share.inside
    if rule is None or rule.excluded or rule.authorization_required is None:
        return ""
    if rule.authorization_required:
        return "It needs approval first: your doctor's office asks for it."
    if share.service and share.service.visit == "emergency":
        return "Emergency care needs no approval."
    return "It needs no approval first."


def _limit(share: Share) -> str:
    rule = share.inside
    if rule is None or rule.excluded:
        return ""
    if rule.visits:
        times = "once" if rule.visits == 1 else f"up to {rule.visits} times"
        return f"The plan lists it {times} a plan year."
    if rule.allowance:
        return f"The plan gives up to {money(rule.allowance)} towards it."
    return ""


def _unlimited(share: Share, text: str) -> str:
    """To who asks how many: the file has no number."""
    if share.inside is None or share.inside.excluded or not _HOW_MANY.search(text):
        return ""
    return "The plan's file lists no limit on how often."


def _cost(share: Share, amount: _Amount) -> str:
    """What is paid in network: by the file's rule, else by the card's line for such a visit."""
    rule = share.inside
    what = share.said.strip("\u201c\u201d") if amount is spoken_money else share.said
    if rule and not rule.excluded and rule.says_cost:
        return f"{_IN_NETWORK} {paid(rule, amount)} for {what}."
    line = CARD_LINES[share.service.visit] if share.service and share.service.visit else None
    cost = share.card.cost(line) if share.card and line else None
    if cost and cost.amount is not None:
        return f"Your ID card shows {amount(cost.amount)} for {what} in network."
    return ""


def paid(rule: ServiceRule, amount: Callable[[Decimal], str]) -> str:
    """What a member pays by a rule that tells it: a copay, or a share after the deductible."""
    if rule.copay is not None:
        return f"{_A_COPAY}{amount(rule.copay)}"
    if not rule.percent:
        return "nothing" if not rule.after_deductible else "nothing after the deductible"
    after = " after the deductible" if rule.after_deductible else ""
    return f"{rule.percent} percent{after}"


def told_together(first: Answer, second: Answer, desk: Desk) -> tuple[Answer, Answer]:
    """Two shares of one message, one after the other: what they have in common is said once, and
    both are short enough to be heard together.
    """
    partner = desk.partners.get(first.partner)
    plan = second.facts.get("plan")
    same = {first.intent, second.intent} == {"copay_cost"} and first.facts.get("plan") == plan
    if not (same and partner and first.facts.get("paid") and second.facts.get("paid")):
        return first, second
    begun = f"{partner.spoken_name}'s file says: {_IN_NETWORK} "
    opened = f"In network at {partner.spoken_name} you pay "
    speech = first.speech.replace(begun, opened, 1).replace(f"{opened}{_A_COPAY}", opened, 1)
    briefly = f"For {second.facts['said']}, {second.facts['paid'].removeprefix(_A_COPAY)}."
    rest = second.speech.removeprefix(begun).partition(".")[2]
    return (
        replace(first, text=first.text.removesuffix(f" {_NO_PROMISE}"), speech=speech),
        replace(
            second,
            text=second.text.removeprefix(f"{plan}. "),
            speech=sentences(briefly, rest.strip()),
        ),
    )


def _deductible_first(share: Share, who: Whose, amount: _Amount) -> str:
    """How much of the deductible stands before the plan pays, where it applies."""
    if not who.own or not share.inside or not share.inside.after_deductible or not share.benefits:
        return ""
    total = share.benefits.accumulator("deductible", "individual", "in")
    if total is None or total.left is None:
        return ""
    if total.left == 0:
        return "Your own deductible is met for this plan year."
    return f"You have {amount(total.left)} of your own deductible left this plan year."


def _most(share: Share, who: Whose, amount: _Amount) -> str:
    if not who.own or not share.benefits:
        return ""
    total = share.benefits.accumulator("out_of_pocket", "individual", "in")
    if total is None or total.left is None:
        return ""
    return (
        f"For covered care in network, {amount(total.left)} is left of your own out-of-pocket "
        "limit this plan year."
    )


def _outside(share: Share) -> str:
    rule = share.outside
    if rule is None:
        return ""
    if rule.excluded:
        return "Outside the network it is not covered."
    if share.service and share.service.visit == "emergency":
        return "In an emergency it is the same outside the network."
    return f"Out of network you pay {paid(rule, money)}." if rule.says_cost else ""


def _referral(share: Share, question: Question, *, spoken: bool = False) -> str:
    """The referral rule where it matters: at a specialist. OB-GYN visits need none."""
    if not (share.service and share.service.visit == "specialist"):
        return ""
    if not share.product.referral_required:
        return ""
    if question.service and question.service.key == "obgyn":
        return "An OB-GYN visit needs no referral."
    if share.product.without_referral == "out_of_network":
        if spoken:
            return "Without a referral it is paid at the out of network level."
        level = ""
        if share.outside and not share.outside.excluded and share.outside.says_cost:
            level = f": {paid(share.outside, money)}".replace("the deductible", "that deductible")
        return (
            "Without a referral from your primary care doctor it is paid at the out-of-network "
            f"level{level}."
        )
    return "Your plan asks for a referral from your primary care doctor first."


def _card_visits(share: Share, amount: _Amount, most: int = 4) -> str:
    if share.card is None:
        return ""
    lines = [
        f"{cost.text.lower()} {amount(cost.amount)}"
        for code in _CARD_VISITS
        if (cost := share.card.cost(code)) and cost.amount is not None
    ][:most]
    return f"Your ID card shows these copays in network: {joined(lines)}." if lines else ""


def _without(found: _Found, question: Question, desk: Desk) -> Answer:
    """No plan of that line at any company: dental, say, may be at another one."""
    more = ""
    if found.line == "dental":
        more = "Dental plans are often with another company: look for a dental card."
    return Answer(
        text=sentences(found.nothing, more, missing_companies(found.failed, desk)),
        speech=sentences(heard(found.nothing), missing_companies_spoken(found.failed, desk)),
        intent=question.intent,
        partner=found.partner.key,
        level=1,
        facts={"line": found.line, "covered": None},
        buttons=(PERSON,),
    )


def _answer(
    found: _Found, share: Share, question: Question, desk: Desk, *, text: str, speech: str
) -> Answer:
    rule = share.inside
    return Answer(
        text=sentences(text, missing_companies(found.failed, desk)),
        speech=sentences(heard(speech), missing_companies_spoken(found.failed, desk)),
        intent=question.intent,
        partner=found.partner.key,
        level=1,
        facts={
            "line": LINE_NAMES[found.line],
            "service": share.service.key if share.service else None,
            "covered": None if rule is None or rule.excluded is None else not rule.excluded,
            "authorization_required": rule.authorization_required if rule else None,
            "copay": f"{rule.copay:.2f}" if rule and rule.copay is not None else None,
            "percent": rule.percent if rule else None,
            "plan": capital(plan_of(share.coverage, desk, found.who)),
            "said": share.said,
            "paid": paid(rule, spoken_money) if rule and rule.says_cost else None,
        },
        buttons=() if rule else (PERSON,),
        sources=(
            Source(
                found.partner.key,
                f"CoverageEligibilityResponse for Coverage/{share.coverage.id}"
                if rule
                else f"Coverage/{share.coverage.id}",
                desk.now().isoformat(),
            ),
        ),
    )
