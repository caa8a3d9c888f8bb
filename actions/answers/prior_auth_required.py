"""Whether a service needs approval beforehand: as the plan's own rule says, and never a guess."""

from __future__ import annotations

import asyncio
import re

from actions.answers.claim_search import coverages, trouble
from actions.answers.claim_words import voices
from actions.answers.drugs import drug_coverage
from actions.answers.question import Desk, Named, Question
from actions.answers.service import PERSON, company
from actions.answers.wording import joined, line_of
from actions.settings import ANSWER_SECONDS
from alliance.answer import Answer, Source
from alliance.benefits import Benefits, ServiceRule
from alliance.coverage import LineOfBusiness, covering
from alliance.errors import PartnerUnavailable
from alliance.gazetteer import term
from alliance.services import billed_as, codes_of
from alliance.verified import VerifiedMember

_EMERGENCY = frozenset({"emergency_visit", "ambulance", "emergency_room"})
_EMERGENCY_WORDS = re.compile(r"\bemergency\b|\ber\b|\bambulance\b")
_ASK = "Your doctor can check, and sends the request where one is needed"


async def prior_auth_required(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The plan's rule for the service. What cannot be mapped: 'your doctor can check', not 'no'."""
    wanted = question.service
    if wanted is None and question.drug is not None:
        return await drug_coverage(member, question, desk)
    partner = company(member, question, desk) or desk.partners[member.person.home.partner]
    if (wanted and wanted.key in _EMERGENCY) or _EMERGENCY_WORDS.search(question.text.lower()):
        text = "Emergency care never needs approval beforehand, in or out of network."
        return Answer(
            text=text,
            speech=text,
            intent=question.intent,
            partner=partner.key,
            level=1,
            facts={"required": False},
        )
    said = wanted.said if wanted else "that service"
    known, failed = await coverages(member, desk)
    codes = codes_of(wanted.key, wanted.kind or "service") if wanted else ()
    covered = covering(known, desk.clock.today(), _line(wanted))
    found, unreached = await _benefits(member, [each.partner for each in covered], codes, desk)
    ids = {(each.partner, each.id) for each in covered}
    rules = [
        (each.partner, rule)
        for each in found
        if wanted and (each.partner, each.coverage_id) in ids
        for rule in _rules(each, wanted, codes)
        if rule.authorization_required is not None
    ]
    missing = trouble([*failed, *unreached], desk, "plan rules")
    read, heard = voices(member)

    def told(*, spoken: bool) -> str:
        voice = heard if spoken else read
        if not rules:
            line = line_of(partner, spoken=spoken)
            return f"I can't see a rule for {said} here. {_ASK}; or call {line}."
        parts = []
        for key in dict.fromkeys(key for key, _ in rules):
            mine = [rule for other, rule in rules if other == key]
            needed = [rule.text for rule in mine if rule.authorization_required]
            free = [rule.text for rule in mine if not rule.authorization_required]
            name = voice.company(desk.partners[key])
            if needed:
                parts.append(
                    f"Yes, {name} wants approval first for this care: {joined(_distinct(needed))}. "
                    "Your doctor's office asks for it. Approved is not yet payment."
                )
            if free:
                parts.append(
                    f"{name} asks for no approval first for this care: "
                    f"{joined(_distinct(free))}. That is no promise of payment."
                )
        return " ".join(parts)

    return Answer(
        text=" ".join(part for part in (told(spoken=False), missing) if part),
        speech=" ".join(part for part in (told(spoken=True), missing) if part),
        intent=question.intent,
        partner=rules[0][0] if rules else partner.key,
        level=2,
        facts={
            "service": said,
            "rules": [
                {"partner": key, "service": rule.text, "required": rule.authorization_required}
                for key, rule in rules
            ],
        },
        buttons=(PERSON,),
        sources=tuple(
            Source(key, "CoverageEligibilityResponse", desk.now().isoformat())
            for key in dict.fromkeys(key for key, _ in rules)
        ),
    )


def _line(wanted: Named | None) -> LineOfBusiness:
    """Dental work falls under the dental plan, which may be at another company."""
    service = billed_as(wanted.key, wanted.kind or "service") if wanted else None
    return "dental" if service and service.line == "dental" else "medical"


def _rules(benefits: Benefits, wanted: Named, codes: tuple[str, ...]) -> list[ServiceRule]:
    """The rules of the service's billing codes; where it has none here, those of its very name."""
    if codes:
        return benefits.rules(codes)
    return [rule for rule in benefits.services if names(rule, wanted)]


async def _benefits(
    member: VerifiedMember, partners: list[str], codes: tuple[str, ...], desk: Desk
) -> tuple[list[Benefits], list[str]]:
    keys = list(dict.fromkeys(partners))

    async def at(key: str) -> list[Benefits]:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await desk.records.benefits(member, key, desk.clock.today(), codes)

    answers = await asyncio.gather(*(at(key) for key in keys), return_exceptions=True)
    found: list[Benefits] = []
    failed: list[str] = []
    for key, answer in zip(keys, answers, strict=True):
        if isinstance(answer, (PartnerUnavailable, TimeoutError)):
            failed.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.extend(answer)
    return found, failed


def names(rule: ServiceRule, wanted: Named) -> bool:
    """Whether the partner's own name of a service holds the member's, as whole words."""
    known = term(wanted.kind or "service", wanted.key) if wanted.key else None
    words = {wanted.said.lower(), *([known.name.lower()] if known else [])}
    said = rule.text.lower()
    return any(word and re.search(rf"\b{re.escape(word)}\b", said) for word in words)


def _distinct(items: list[str]) -> list[str]:
    return list(dict.fromkeys(items))
