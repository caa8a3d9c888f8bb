"""Care away from home: travelling, a student away, a move. Which network counts, and who pays."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.general import general
from actions.answers.plan_facts import (
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
from actions.answers.wording import line_of
from alliance.answer import Answer, Source
from alliance.coverage import Coverage
from alliance.network import plan_networks
from alliance.partners import Partner
from alliance.verified import VerifiedMember

# The case of the knowledge entry: no company has told its own rule for abroad.
_ABROAD = "abroad"
_MOVED = re.compile(r"\b(?:mov(?:e|ed|ing)|relocat\w*|new address)\b", re.IGNORECASE)
_STUDENT = re.compile(
    r"\b(?:college|university|campus|student|stud(?:y|ies|ying)|dorm|school)\b", re.IGNORECASE
)
_EMERGENCY = "In an emergency go to the nearest hospital: it needs no approval and no network."


@or_unreachable
async def out_of_area_coverage(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The aligned network rule for the member's own plan, at the place that was named."""
    # What has a ZIP code is no foreign country.
    told = None if question.place else general(member, question, desk)
    if told and told.facts["case"] == _ABROAD:
        return told
    gathered = await gather(member, question, desk)
    partner = home(member, question, desk)
    on = today_of(partner, desk)
    current = gathered.on(on, "medical")
    if not current and question.partner:
        # "Do I still use MVP there?" after a move: of the plan that is in force now.
        gathered = await gather(member, replace(question, partner=None), desk)
        current = gathered.on(on, "medical")
    if not current:
        nothing = no_plan(gathered, "medical", on, partner, desk)
        return Answer(
            text=sentences(nothing, _EMERGENCY, missing_companies(gathered.failed, desk)),
            speech=sentences(heard(nothing), _EMERGENCY),
            intent=question.intent,
            partner=partner.key,
            level=1,
            facts={"in_area": None},
        )
    coverage = current[0]
    partner = desk.partners[coverage.partner]
    networks = plan_networks(coverage, desk.partners)
    inside = networks.in_area(question.place) if question.place else None
    national = next((each for each in desk.partners if each.rest_of_country), partner)
    return Answer(
        text=sentences(
            _rule(coverage, partner, national, inside, question, desk, spoken=False),
            _without_network(coverage, desk),
            _special(question, partner),
            _EMERGENCY,
            f"Claims go to {partner.name}, the company on the card. Before a planned visit, ask "
            f"{line_of(partner)}.",
            missing_companies(gathered.failed, desk),
        ),
        speech=sentences(
            heard(_rule(coverage, partner, national, inside, question, desk, spoken=True)),
            "In an emergency, go to the nearest hospital.",
            missing_companies_spoken(gathered.failed, desk),
        ),
        intent=question.intent,
        partner=partner.key,
        level=1,
        facts={
            "in_area": inside,
            "place": question.place.zip if question.place else None,
            "network": coverage.network_name,
        },
        sources=(Source(partner.key, f"Coverage/{coverage.id}", desk.now().isoformat()),),
    )


def _rule(
    coverage: Coverage,
    partner: Partner,
    national: Partner,
    inside: bool | None,
    question: Question,
    desk: Desk,
    *,
    spoken: bool,
) -> str:
    own = f"the {coverage.network_name or f'network of {partner.short_name}'}"
    name = national.spoken_name if spoken else national.short_name
    plan = plan_of(coverage, desk, spoken=spoken)
    where = f"{question.place.city}, {question.place.state}" if question.place else ""
    if partner.rest_of_country:
        return f"With {plan} you use {own} wherever you are in the country."
    if inside is True:
        return f"{where} is inside the area of {plan}, so use {own} there."
    if inside is False:
        return f"{where} is outside the area of {plan}, so {name}'s national network counts there."
    if partner.counties:
        return (
            f"With {plan} you use {own} inside its area; when you travel or live outside it, "
            f"{name}'s national network counts."
        )
    return f"The area of {plan} is not on file here: ask {line_of(partner)} which network counts."


def _without_network(coverage: Coverage, desk: Desk) -> str:
    match product(coverage, desk).out_of_network:
        case True:
            return "Outside the network you pay a larger share."
        case False:
            return "Outside the network only emergency care is covered."
        case _:
            return ""


def _special(question: Question, partner: Partner) -> str:
    if _MOVED.search(question.text):
        return (
            "An address changes no enrollment: your employer's rules and an enrollment window "
            f"decide. Tell your employer and {partner.short_name} the new address."
        )
    if _STUDENT.search(question.text):
        return (
            "A student away from home stays on the subscriber's plan: an address at school changes "
            "no enrollment."
        )
    return ""
