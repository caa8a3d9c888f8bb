"""What the employer knows better than the company: premiums, and who sends which tax form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.answers.plan_facts import (
    Gathered,
    capital,
    gather,
    heard,
    home,
    missing_companies,
    missing_companies_spoken,
    no_plan,
    or_unreachable,
    plan_of,
    product,
    sentences,
    today_of,
)
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import day, line_of
from alliance.answer import Answer, Source
from alliance.coverage import Coverage
from alliance.verified import VerifiedMember


@or_unreachable
async def premium_payment(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """Employer plans are paid through payroll; no company tells us premiums, and that is said."""
    gathered = await gather(member, question, desk)
    partner = home(member, question, desk)
    on = today_of(partner, desk)
    current = gathered.on(on)
    if not current:
        text = no_plan(gathered, "medical", on, partner, desk)
        return _answer(text, heard(text), question, desk, gathered, [])
    coverage = current[0]
    partner = desk.partners[coverage.partner]
    employer = f" ({coverage.group_name})" if coverage.group_name else ""
    text = (
        f"{capital(plan_of(coverage, desk))} is through your employer{employer}. The premium "
        "usually comes out of your pay, so the employer's benefits office can tell the amount and "
        f"what is due. {partner.name} gives me no premium figures. If you get bills from "
        f"{partner.short_name} itself (COBRA or a retiree plan), call {line_of(partner)}."
    )
    speech = (
        "Your plan is through your employer, and the premium usually comes out of your pay. Your "
        f"benefits office can tell the amount; {partner.spoken_name} gives me no premium figures."
    )
    return _answer(text, speech, question, desk, gathered, current[:1])


@or_unreachable
async def tax_form(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """Which form comes from whom for last year, and the days that the companies' files show.

    Source: Form 1095-B comes from the insurer, 1095-C from an employer of 50 or more, and for a
    self-funded plan from the employer (26 CFR 1.6055-1, 301.6056-1).
    """
    gathered = await gather(member, question, desk)
    partner = home(member, question, desk)
    year = _tax_year(question, today_of(partner, desk))
    covered = [
        each
        for each in gathered.coverages
        if each.line == "medical"
        and each.status == "active"
        and (each.start or date.min) <= date(year, 12, 31)
        and (each.end or date.max) >= date(year, 1, 1)
    ]
    if not covered:
        text = (
            f"{partner.name}'s file shows no medical coverage of the alliance for you in {year}, "
            f"so no form for it comes from here. If that looks wrong, call {line_of(partner)}."
        )
        return _answer(text, heard(text), question, desk, gathered, [])
    told = " ".join(_form(each, year, desk) for each in covered)
    first = desk.partners[covered[0].partner]
    text = (
        f"{told} I can't see or send the form itself: for a copy call {line_of(first)}. For what "
        "it means on your return, ask a tax adviser."
    )
    speech = (
        f"For {year}, the form comes from "
        + (
            "your employer, because the plan is self-funded."
            if product(covered[0], desk).funding == "self_funded"
            else f"{first.spoken_name}, called ten ninety-five B."
        )
        + " I can't send it myself; member services can."
    )
    return _answer(text, speech, question, desk, gathered, covered)


def _tax_year(question: Question, today: date) -> int:
    """The year that was named, else last year's: forms come at the start of a year."""
    return question.on.year if question.on and question.on <= today else today.year - 1


def _form(coverage: Coverage, year: int, desk: Desk) -> str:
    partner = desk.partners[coverage.partner]
    days = f"{partner.name} covered you {_days_of(coverage, year)}."
    match product(coverage, desk).funding:
        case "self_funded":
            return (
                f"{days} The plan is your employer's own, run by {partner.short_name}, so the "
                "employer sends Form 1095-C (a small employer 1095-B)."
            )
        case "insured":
            return (
                f"{days} For an insured plan {partner.short_name} gives Form 1095-B, often only "
                "when asked; a large employer also sends 1095-C."
            )
        case _:
            return (
                f"{days} If the plan is insured, {partner.short_name} gives Form 1095-B; if it is "
                "the employer's own, the employer sends 1095-C."
            )


def _days_of(coverage: Coverage, year: int) -> str:
    """The part of the year, by the days that the file has and no others."""
    start = coverage.start if coverage.start and coverage.start > date(year, 1, 1) else None
    end = coverage.end if coverage.end and coverage.end < date(year, 12, 31) else None
    if start and end:
        return f"from {day(start)} to {day(end)}"
    if start:
        return f"from {day(start)} to the end of {year}"
    if end:
        return f"from the start of {year} to {day(end)}"
    return f"for all of {year}"


def _answer(
    text: str,
    speech: str,
    question: Question,
    desk: Desk,
    gathered: Gathered,
    used: Sequence[Coverage],
) -> Answer:
    fetched = desk.now().isoformat()
    return Answer(
        text=sentences(text, missing_companies(gathered.failed, desk)),
        speech=sentences(speech, missing_companies_spoken(gathered.failed, desk)),
        intent=question.intent,
        partner=used[0].partner if used else None,
        level=1,
        facts={"coverages": [each.id for each in used]},
        buttons=(PERSON,),
        sources=tuple(Source(each.partner, f"Coverage/{each.id}", fetched) for each in used),
    )
