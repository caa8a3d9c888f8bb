"""Answers about somebody else of the family: as far as disclosure allows, and else one sentence.

Whatever the reason why nothing is told (no such person, no permission, an adult child, a
confidential request), the words are the same, so that they hint at nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import fields

from actions.answers.claim_search import trouble
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, company
from actions.answers.tables import minors_care
from actions.answers.wording import line_of
from alliance.answer import Answer, Button
from alliance.disclosure import Dependant, OnBehalf, View, view_of
from alliance.errors import NotOffered, PartnerUnavailable
from alliance.values import matches_name
from alliance.verified import Membership, Person, VerifiedMember

_A_NEWBORN = re.compile(r"\bnew ?-?born|\bbaby\b", re.IGNORECASE)
_NEWBORN = "A newborn usually has to be enrolled within 30 days of birth: ask your employer."
# Relations as members say them, by what a partner's file can tell: relationship and gender.
_CHILDREN = {
    "son": "male",
    "daughter": "female",
    "child": None,
    "newborn": None,
    "dependent": None,
}
_SPOUSES = frozenset({"spouse", "partner", "dependent"})
# Words that name a relation whom no coverage of the member's makes a dependant.
_OTHER_RELATIONS = frozenset(
    {
        "ex_spouse",
        "mother",
        "father",
        "parent",
        "in_law",
        "sibling",
        "grandparent",
        "grandchild",
        "other_relative",
        "friend",
    }
)
FORM = Button("Permission form", "How can somebody let me see their records?")


async def on_behalf(member: VerifiedMember, question: Question, desk: Desk) -> OnBehalf | Answer:
    """The proof that opens the records of whom the question is about, or what is said instead.

    Raises what `records` raises.
    """
    found, unreached, silent = await _dependants(member, desk)
    meant = _meant(found, question.about or "")
    people = {(each.first_names[:1], each.birth_date) for each in meant}
    if len(people) > 1:
        return _which(question)
    proofs = [(each, _view(member, each, desk)) for each in meant]
    if not proofs and unreached:
        text = trouble(unreached, desk, "records")
        return Answer(text=text, speech=text, kind="notice", intent=question.intent, level=1)
    if not found and silent:
        return _not_shown(silent[0], question, desk)
    # The same person at two companies: one that bars it bars it everywhere.
    if not proofs or any(view is None for _, view in proofs):
        return no_consent(member, question, desk)
    return _proof(member, [(each, view) for each, view in proofs if view], unreached)


def no_consent(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """The one sentence for everything that is not told about somebody else."""
    partner = company(member, question, desk)

    name, line = "the company", "the number on your card"
    if partner:
        name, line = partner.name, line_of(partner)
    return Answer(
        text=(
            f"I can't share that here: {name} needs that person's permission on file first. They "
            f"can ask me themselves. For the permission form, call {line}, or ask me for a person."
        ),
        speech=(
            "I can't share that here without that person's permission on file. They can ask me "
            "themselves, or a person can send you the form."
        ),
        kind="notice",
        intent=question.intent,
        partner=partner.key if partner else None,
        level=1,
        facts={"no_consent": True},
        buttons=(FORM, PERSON),
    )


def _not_shown(partner: str, question: Question, desk: Desk) -> Answer:
    """A company that shows nobody's family: the same words whoever is asked about."""
    told = desk.partners[partner]
    window = f" {_NEWBORN}" if _A_NEWBORN.search(f"{question.about} {question.text}") else ""
    return Answer(
        text=(
            f"{told.name} doesn't show me who else is covered on a plan, so I can't look that up "
            f"for somebody else. They can ask me themselves. For a child, call {line_of(told)}, "
            f"or ask me for a person.{window}"
        ),
        speech=(
            f"{told.spoken_name} doesn't show me who else is covered on a plan. They can ask me "
            f"themselves, or I can get you a person.{window}"
        ),
        kind="notice",
        intent=question.intent,
        partner=partner,
        level=1,
        # Why, whoever protests hears; of a newborn it is the enrollment that they ask on about.
        facts={"no_consent": not window},
        buttons=(PERSON,),
    )


async def _dependants(
    member: VerifiedMember, desk: Desk
) -> tuple[list[Dependant], tuple[str, ...], tuple[str, ...]]:
    """Who is covered through the member at any company; the companies that did not answer, and
    those that never tell.
    """
    keys = [membership.partner for membership in member.person.memberships]
    answers = await asyncio.gather(
        *(desk.records.dependants(member, key) for key in keys), return_exceptions=True
    )
    found: list[Dependant] = []
    unreached: list[str] = []
    silent: list[str] = []
    for key, answer in zip(keys, answers, strict=True):
        if isinstance(answer, NotOffered):
            silent.append(key)
        elif isinstance(answer, PartnerUnavailable):
            unreached.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.extend(answer)
    return found, tuple(unreached), tuple(silent)


def _meant(dependants: Sequence[Dependant], about: str) -> list[Dependant]:
    """The dependants whom the words can mean: by relation, else by first name."""
    said = about.strip().lower()
    if said in _CHILDREN or said in _SPOUSES:
        gender = _CHILDREN.get(said)
        return [
            each
            for each in dependants
            if (
                said in _CHILDREN and each.relationship == "child" and gender in (None, each.gender)
            )
            or (said in _SPOUSES and each.relationship == "spouse")
        ]
    if said in _OTHER_RELATIONS or not said:
        return []
    return [
        each
        for each in dependants
        if any(matches_name(about, on_file) for on_file in each.first_names)
    ]


def _view(member: VerifiedMember, person: Dependant, desk: Desk) -> View | None:
    reader = member.person.at(person.partner)
    if reader is None:
        return None
    today = desk.clock.today(desk.partners[person.partner].phone.zone)
    return view_of(person, reader, today, minors_care())


def _proof(
    member: VerifiedMember,
    people: Sequence[tuple[Dependant, View]],
    unreached: tuple[str, ...],
) -> OnBehalf:
    home, *others = (Membership(each.partner, each.patient_id) for each, _ in people)
    first, view = people[0]
    withheld = frozenset(category for _, each in people for category in each.withheld)
    reader = member.person.at(home.partner)
    if reader is None:
        raise ValueError("a dependant was found where the member has no record")
    mine = {each.name: getattr(member, each.name) for each in fields(VerifiedMember)}
    person = Person(
        home=home,
        others=tuple(others),
        unreached=unreached,
        first_name=next(iter(first.first_names), ""),
    )
    return OnBehalf(
        **{**mine, "person": person},
        reader=reader,
        view=View(view.standing, withheld),
    )


def _which(question: Question) -> Answer:
    """Several fit: which one is asked, and no name is told."""
    text = "Whom do you mean? Tell me the first name, for example \u201cMaria's claims\u201d."
    return Answer(
        text=text,
        speech="Whom do you mean? Tell me the first name.",
        kind="question",
        intent=question.intent,
        level=1,
    )
