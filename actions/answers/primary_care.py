"""The member's primary care doctor: who it is, and asking the company for another one.

Nothing is changed here. A request goes to the company, which decides and says from when.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from actions.answers.cases import file
from actions.answers.directory import search, sources, trouble
from actions.answers.every_company import ask_every
from actions.answers.listings import told
from actions.answers.named_providers import find_named
from actions.answers.plan_network import MemberPlan, PlanLookup, member_plan
from actions.answers.programmes import NO, YES
from actions.answers.provider_words import address, card
from actions.answers.question import Desk, Named, Question
from actions.answers.service import PERSON, company
from actions.answers.wording import day, line_of, spaced
from actions.partners.capabilities import NameQuery
from alliance.answer import Answer, Listed, Offer, Source
from alliance.directory import DirectorySearch, Listing
from alliance.partners import Partner
from alliance.programmes import CareDoctor
from alliance.verified import VerifiedMember

# Who may be a primary care doctor: family, internal and general medicine, geriatrics, pediatrics,
# and nurse practitioners in primary care (NUCC).
_PRIMARY_CARE = frozenset(
    {
        "207Q00000X", "207R00000X", "208D00000X", "207QG0300X", "207RG0300X", "208000000X",
        "363L00000X", "363LP2300X", "363LF0000X",
    }
)  # fmt: skip
_CHANGE = "membership_change"


async def change_pcp(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """Who the primary care doctor is; with a doctor named, whether that one can be chosen, and
    after a yes the request for it. Level 2.
    """
    question = _with_choice(question)
    if question.provider is None:
        return await _current(member, question, desk)
    lookup = await member_plan(member, desk)
    found = _primary_first(await find_named(question, desk, places=False))
    people = {each.npi for each in found.listings}
    if not people:
        return _nobody(question, found, member, desk)
    if len(people) > 1:
        said = question.provider.said
        return told(
            question,
            what=f"doctors called {said}",
            found=found,
            lookup=lookup,
            notes=[trouble(found.failed, desk)],
            facts={"matches": len(people)},
            ask_about=question.intent,
            sources=sources(found, "PractitionerRole", desk),
            desk=desk,
            which=f"{len(people)} doctors called {said}",
        )
    return await _one(member, question, found.listings[0], lookup, desk)


def _primary_first(found: DirectorySearch) -> DirectorySearch:
    """Of several with one name, those who can be a primary care doctor, each once."""
    able = [each for each in found.listings if each.specialty_codes & _PRIMARY_CARE]
    nearest = {each.npi: each for each in reversed(able or found.listings)}
    listings = sorted(nearest.values(), key=lambda each: (each.miles, each.name))
    return replace(found, listings=tuple(listings))


async def _current(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    asked = await ask_every(member, desk, desk.records.primary_care)
    doctors = [doctor for doctor in asked.found.values() if doctor]
    home = desk.partners[member.person.home.partner]
    fetched = desk.now().isoformat()
    how = "To choose another one, tell me the doctor's name and town."
    if not doctors:
        lookup = await member_plan(member, desk)
        why = ""
        if lookup.plan and lookup.plan.product.pcp_required is False:
            why = f" Your plan, {lookup.plan.name}, doesn't ask you to choose one."
        how = "If you want one on file, tell me the doctor's name and town."
        shows = f"{home.name} shows no primary care doctor on your file.{why}"
        text = f"{shows if asked.found else ''} {asked.trouble} {how if asked.found else ''}"
        return Answer(
            text=" ".join(text.split()),
            speech=" ".join(f"{shows if asked.found else ''} {asked.trouble}".split()),
            intent=question.intent,
            partner=home.key,
            level=2,
            facts={"pcp": None},
            buttons=(PERSON,),
            sources=tuple(Source(key, "Patient", fetched) for key in asked.found),
        )
    doctor = doctors[0]
    where = await _where(doctor, desk)
    named = desk.partners[doctor.partner]
    at = f", {address(where)}" if where else ""
    phone = f", phone {where.phone}" if where and where.phone else ""
    return Answer(
        text=" ".join(
            f"{named.name} has {doctor.name}{at}{phone} on file as your primary care doctor. "
            f"{how} {asked.trouble}".split()
        ),
        speech=(
            f"{named.spoken_name} has {doctor.name} on file as your primary care doctor. {how}"
        ),
        intent=question.intent,
        partner=doctor.partner,
        level=2,
        facts={"pcp": doctor.npi},
        cards=(card(where, None, desk, far=False),) if where else (),
        sources=(Source(doctor.partner, "Patient", fetched),),
        # What is asked on is of this doctor: "is he open on Saturdays?".
        listed=Listed("provider_details", (_again(doctor),), 1, 1) if doctor.npi else None,
    )


def _again(doctor: CareDoctor) -> dict[str, Any]:
    return {"provider": {"said": doctor.name, "key": doctor.npi, "kind": "npi"}}


async def _where(doctor: CareDoctor, desk: Desk) -> Listing | None:
    """Where the directory has the doctor: a look-up by the public number alone."""
    if doctor.npi is None:
        return None
    query = NameQuery(doctor.name, npi=doctor.npi, places=False)
    partner = desk.partners[doctor.partner]
    found = await search([partner], lambda backend: backend.search_names(query), desk)
    return found.listings[0] if found.listings else None


async def _one(
    member: VerifiedMember, question: Question, doctor: Listing, lookup: PlanLookup, desk: Desk
) -> Answer:
    """One doctor: what stands in the way is said, or the request is offered, or made."""
    hindrance = _hindrance(doctor, lookup)
    partner = lookup.plan.partner if lookup.plan else company(member, question, desk)
    where = f"{doctor.name}, {address(doctor)}"
    line = f" Call {line_of(partner)}." if partner else ""
    if hindrance:
        text = f"{where}: {hindrance} So I can't request this doctor here.{line}"
        return _answer(question, doctor, lookup.plan, desk, text, f"{doctor.name}: {hindrance}")
    unsure = (
        ""
        if doctor.accepting
        else " The directory doesn't say if new patients are taken: ask the office first."
    )
    if question.agreed and partner and desk.cases is not None:
        words = (
            f"Please make {doctor.name} (NPI {doctor.npi}), {address(doctor)}, my primary care "
            "doctor."
        )
        filed = await file(
            member, replace(question, text=words, words=words), desk, partner, _CHANGE
        )
        return _requested(filed, doctor, partner, lookup.plan, desk)
    status = lookup.plan.decide(doctor).status if lookup.plan else "unknown"
    network = (
        "is in your plan's network"
        if status == "in"
        else "is listed, but I can't tell for sure if your plan's network has this office"
    )
    patients = " and takes new patients" if doctor.accepting else ""
    name = partner.name if partner else "the company"
    spoken = partner.spoken_name if partner else "the company"
    asks = "Shall I send {} the request? The company decides and tells you from when."
    live = desk.cases is not None
    text = f"{where} {network}{patients}.{unsure} {asks.format(name) if live else line}"
    speech = f"{doctor.name} in {doctor.city} {network}{patients}. {asks.format(spoken)}"
    answer = _answer(question, doctor, lookup.plan, desk, text, speech)
    if not live:
        return answer
    return replace(
        answer,
        kind="question",
        buttons=(YES, NO),
        offers=Offer(question.intent, doctor.npi),
    )


def _requested(
    filed: Answer, doctor: Listing, partner: Partner, plan: MemberPlan | None, desk: Desk
) -> Answer:
    """The request's number; where it could not be kept, the words that say so."""
    reference = filed.facts.get("case")
    if not reference:
        return filed
    due = day(datetime.fromisoformat(filed.facts["due"]).date())
    number = spaced(reference)
    return replace(
        filed,
        text=(
            f"I have sent {partner.name} your request for {doctor.name}. Your reference number is "
            f"{reference}. An answer is due by {due}. {partner.name} tells you from when; until "
            f"then your doctor stays the same. Questions? Call {line_of(partner)}."
        ),
        speech=(
            f"I have sent {partner.spoken_name} your request. Your reference number is {number}. "
            f"Again: {number}. Until they tell you, your doctor stays the same."
        ),
        level=2,
        cards=(card(doctor, plan, desk, far=False),),
    )


def _hindrance(doctor: Listing, lookup: PlanLookup) -> str:
    if doctor.specialty_codes and not doctor.specialty_codes & _PRIMARY_CARE:
        kind = doctor.specialty or "a specialist"
        return f"the directory lists this doctor as {kind}, not as a primary care doctor."
    if lookup.plan and lookup.plan.decide(doctor).status == "out":
        return "this office is not in your plan's network."
    if doctor.accepting is False:
        return "this office is not taking new patients, as listed."
    return ""


def _answer(
    question: Question,
    doctor: Listing,
    plan: MemberPlan | None,
    desk: Desk,
    text: str,
    speech: str,
) -> Answer:
    fetched = desk.now().isoformat()
    return Answer(
        text=" ".join(text.split()),
        speech=" ".join(speech.split()),
        intent=question.intent,
        partner=plan.partner.key if plan else doctor.partners[0],
        level=2,
        facts={"npi": doctor.npi},
        cards=(card(doctor, plan, desk, far=False),),
        buttons=(PERSON,),
        sources=tuple(Source(key, "PractitionerRole", fetched) for key in doctor.partners),
    )


def _nobody(
    question: Question, found: DirectorySearch, member: VerifiedMember, desk: Desk
) -> Answer:
    said = question.provider.said if question.provider else "that name"
    home = desk.partners[member.person.home.partner]
    answered = [key for key in found.asked if key not in found.failed]
    told_of = f"I found no doctor called \u201c{said}\u201d in the directory." if answered else ""
    text = (
        f"{told_of} {trouble(found.failed, desk)} You can spell the name, give the town, or call "
        f"{line_of(home)}."
    )
    return Answer(
        text=" ".join(text.split()),
        speech=f"I found no doctor called {said}. You can spell the name or say the town.",
        intent=question.intent,
        partner=home.key,
        level=2,
        facts={"npis": []},
        buttons=(PERSON,),
    )


def _with_choice(question: Question) -> Question:
    """The question with the doctor who was said yes to."""
    if question.chosen and question.provider is None:
        return replace(question, provider=Named(question.chosen, question.chosen, "npi"))
    return question
