"""Which company and plan covers a member, by enrolment, on a day; and who would cover a place."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from actions.answers.question import Desk, Question
from actions.answers.wording import day, joined, line_of
from alliance.answer import Answer, Source
from alliance.coverage import Coverage, LineOfBusiness, covering, is_alliance
from alliance.errors import PartnerUnavailable
from alliance.gazetteer import ZipCode
from alliance.service_area import area_of
from alliance.verified import VerifiedMember

_LINES = {
    "medical": "medical",
    "dental": "dental",
    "behavioral": "behavioral health",
    "pharmacy": "pharmacy",
    "fsa": "flexible spending account",
}


async def plan_for_place(question: Question, place: ZipCode, desk: Desk) -> Answer:
    """Who would cover an address: no identity, and no promise of an enrolment."""
    where = f"{place.city}, {place.state} ({place.zip})"
    area = area_of(place.zip, desk.partners)
    partner = area.partner if area else None
    if partner is None:
        company = f"I can't tell which company of the alliance would serve {where}."
    elif partner.rest_of_country:
        company = f"{where} is served by {partner.name}'s national network."
    else:
        company = (
            f"{where} is in {place.county} County, which is on our working list for {partner.name}."
        )
    text = (
        f"{company} An address alone changes no enrollment: your employer's rules and an "
        "enrollment window decide, and dependents follow the subscriber. Please ask your employer."
    )
    return Answer(
        text=text,
        speech=text,
        intent=question.intent,
        partner=partner.key if partner else None,
        facts={"zip": place.zip, "county": place.county, "partner": partner and partner.key},
    )


async def which_plan_covers_me(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The member's coverages in force on the day that was asked about, today by default."""
    on = question.on or desk.clock.today()
    keys = [membership.partner for membership in member.person.memberships]
    answers = await asyncio.gather(
        *(desk.records.coverages(member, key) for key in keys), return_exceptions=True
    )
    found: list[Coverage] = []
    failed: list[str] = list(member.person.unreached)
    for key, answer in zip(keys, answers, strict=True):
        if isinstance(answer, PartnerUnavailable):
            failed.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            partner = desk.partners[key]
            found += [coverage for coverage in answer if is_alliance(coverage, partner)]
    current = covering(found, on)
    text = _told(current, on, desk) if current else _none(member, found, on, desk)
    for key in dict.fromkeys(failed):
        partner = desk.partners[key]
        text += (
            f" I could not reach {partner.name} just now, so a plan there would be missing. "
            f"You can call {line_of(partner)}."
        )
    fetched = desk.now().isoformat()
    return Answer(
        text=text,
        # Plan names such as HMO/POS: a voice would say "slash".
        speech=text.replace("/", " "),
        intent=question.intent,
        partner=current[0].partner if current else member.person.home.partner,
        level=1,
        facts={"on": on.isoformat(), "coverages": [_facts(coverage) for coverage in current]},
        cards=tuple(
            {"kind": "plan", "company": desk.partners[c.partner].name, **_facts(c)} for c in current
        ),
        sources=tuple(Source(c.partner, f"Coverage/{c.id}", fetched) for c in current),
    )


def _told(current: Sequence[Coverage], on: date, desk: Desk) -> str:
    sentences = []
    for coverage in current:
        partner = desk.partners[coverage.partner]
        plan = f", {coverage.plan_name}" if coverage.plan_name else ""
        since = f" since {day(coverage.start)}" if coverage.start else ""
        until = f" until {day(coverage.end)}" if coverage.end else ""
        sentences.append(
            f"{partner.name} covers you for {_LINES[coverage.line]}{plan}{since}{until}."
        )
    sentences += _undetermined(current, desk)
    names = joined(list(dict.fromkeys(desk.partners[c.partner].short_name for c in current)))
    when = "today" if on == desk.clock.today() else day(on)
    return (
        " ".join(sentences)
        + f" This is what {names} shows for {when}; it is not a guarantee of payment."
    )


def _undetermined(current: Sequence[Coverage], desk: Desk) -> list[str]:
    """Two plans for the same care that both say they pay first: no guess, an update is needed."""
    firsts: dict[LineOfBusiness, list[str]] = {}
    for coverage in current:
        if coverage.order == 1:
            firsts.setdefault(coverage.line, []).append(coverage.partner)
    return [
        f"Both show that they pay first for {_LINES[line]}, so the order is undetermined: an "
        f"update is needed. Please call {joined([line_of(desk.partners[key]) for key in keys])}."
        for line, keys in firsts.items()
        if len(set(keys)) > 1
    ]


def _none(member: VerifiedMember, found: Sequence[Coverage], on: date, desk: Desk) -> str:
    partner = desk.partners[member.person.home.partner]
    text = f"{partner.name} shows no alliance coverage for you on {day(on)}."
    ended = [c for c in found if c.end and c.end < on]
    later = [c for c in found if c.status == "active" and c.start and c.start > on]
    if later:
        first = min(later, key=lambda c: c.start or date.max)
        text += (
            f" A plan with {desk.partners[first.partner].name} begins on {day(first.start or on)}."
        )
    elif ended:
        last = max(ended, key=lambda c: c.end or date.min)
        text += f" The last one on file ended on {day(last.end or on)}."
    return f"{text} If that looks wrong, call {line_of(partner)}, or ask me for a person."


def _facts(coverage: Coverage) -> dict[str, str | None]:
    return {
        "partner": coverage.partner,
        "line": coverage.line,
        "plan": coverage.plan_name,
        "group": coverage.group_name or coverage.group,
        "start": coverage.start.isoformat() if coverage.start else None,
        "end": coverage.end.isoformat() if coverage.end else None,
    }
