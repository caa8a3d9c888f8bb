"""What opens a case: complaint, fraud, confidential communication, a death.

The general part (knowledge) is said first; then it is filed in the member's own words, after they
said yes or where their words leave no doubt.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from actions.answers.general import general
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, company, way_on
from actions.answers.wording import day, line_of, spaced
from actions.cases.filing import case_kinds
from actions.cases.store import CaseNotKept
from alliance.answer import Act, Answer
from alliance.cases import Case
from alliance.errors import PartnerUnavailable
from alliance.partners import Partner
from alliance.products import product_of
from alliance.verified import VerifiedMember

# The intents that open a case, and the kind they open (alliance/data/cases.yml).
CASES = {
    "complaint": "complaint",
    "report_fraud": "fraud",
    "confidential_communication": "confidential_communication",
    "report_death": "report_death",
}
# Chosen, where the number and the day of one that is filed are asked for.
AGAIN = "again"
_MOST_REASON_CHARACTERS = 300


async def open_case(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """File it with the company, or not, as the member said. Raises AuditUnavailable."""
    kind = case_kinds()[CASES[question.intent]]
    partner = company(member, question, desk)
    if question.filing is False:
        return _not_filed(question, kind.title)
    if desk.cases and partner is None:
        return _of_no_company(member, question, kind.title)
    if desk.cases is None or partner is None or partner.cases is None:
        # For an agent: nothing is filed, and nothing is said to be.
        return general(member, question, desk) or way_on(question, kind.title, desk)
    return await file(member, question, desk, partner, kind.key)


async def file(
    member: VerifiedMember | None, question: Question, desk: Desk, partner: Partner, kind: str
) -> Answer:
    """Open the case and say its number. Used by other topics that end in a case as well (appeal).

    Raises AuditUnavailable.
    """
    if desk.cases is None:
        raise ValueError("cases are opened in live turns only")
    words = question.words or question.text
    try:
        case = await desk.cases.open(
            partner,
            kind,
            words,
            member=member,
            medicare=await in_medicare(member, words, desk, partner.key),
        )
    except CaseNotKept:
        text = (
            f"I could not file that just now. Please try again in a minute, ask for a person, or "
            f"call {line_of(partner)}."
        )
        return Answer(text=text, speech=text, kind="notice", buttons=(PERSON,))
    return _filed(case, question, partner)


async def add_to_case(question: Question, desk: Desk) -> Answer:
    """More words for the case that was filed last, or whom to tell them where that can't be."""
    text = f"Thank you, I've added that to your case {question.case}, in your own words."
    speech = "Thank you, I've added that to your case, in your own words."
    try:
        if desk.cases is None or question.case is None:
            raise CaseNotKept("There is no case here to add to.")
        await desk.cases.add(question.case, question.words or "")
    except CaseNotKept:
        text = speech = (
            "Thank you. What you told before is passed on already: please tell this to the person "
            "who follows it up, or ask me for a person now."
        )
    return Answer(
        text=text, speech=speech, kind="notice", intent=question.intent, buttons=(PERSON,)
    )


def _filed(case: Case, question: Question, partner: Partner) -> Answer:
    title = case_kinds()[case.kind].title
    due = _due_day(case.due_at, partner)
    urgent = " It is marked urgent." if case.urgency == "urgent" else ""
    by = "by the end of" if case.urgency == "urgent" else "by"
    text = (
        f"I have passed your {title} to {partner.name}, in your own words.{urgent} Your reference "
        f"number is {case.reference}. An answer is due {by} {due}. Questions? Call "
        f"{line_of(partner)}."
    )
    number = spaced(case.reference)
    told, answered = f"Your reference number is {number}.", f"An answer is due {by} {due}."
    passed = f"I have passed your {title} to {partner.spoken_name}.{urgent}"
    speech = f"{passed} {told} {answered} Again, the number is {number}."
    if case.kind == "confidential_communication":
        # A person comes on the line, and what is said of that would be too much beside it.
        speech = f"I have passed your request to {partner.spoken_name}. {told}"
    if question.chosen == AGAIN:
        text = (
            f"Your {title} to {partner.name}: the reference number is {case.reference}. {answered} "
            f"Questions? Call {line_of(partner)}."
        )
        speech = f"{told} {answered}"
    if case.kind == "confidential_communication":
        text += " This changes nothing for the rest of the family."
    if case.kind == "membership_change":
        text += " It changes nothing by itself: your employer still has to send the change."
        speech += " Your employer still has to send the change."
    return Answer(
        text=text,
        speech=speech,
        intent=question.intent,
        partner=partner.key,
        facts={"case": case.reference, "kind": case.kind, "due": case.due_at.isoformat()},
        buttons=(PERSON,),
    )


def _not_filed(question: Question, title: str) -> Answer:
    text = f"All right, I won't file a {title}. A person can still help, whenever you like."
    return Answer(text=text, speech=text, kind="notice", intent=question.intent, buttons=(PERSON,))


def _of_no_company(member: VerifiedMember | None, question: Question, title: str) -> Answer:
    """The member can't tell which company it is for: the front desk, which serves all of them day
    and night, finds that out and records it, with their words.
    """
    words = question.words or question.text
    text = (
        f"I don't know which company your {title} is for, so I'm connecting you with the front "
        "desk of all companies. A person there finds out which it is and records it. What you "
        "told me goes with it."
    )
    speech = (
        f"I'm connecting you with a person who finds out which company your {title} is for, and "
        "records it. Please hold."
    )
    detail = {
        "partner": None,
        "reason": f"{title}, company not known: {words}"[:_MOST_REASON_CHARACTERS],
        "level": member.level if member else 0,
    }
    return Answer(
        text=text,
        speech=speech,
        kind="notice",
        intent=question.intent,
        facts=detail,
        acts=(Act("handoff", detail),),
    )


def _due_day(due: datetime, partner: Partner) -> str:
    return day(due.astimezone(ZoneInfo(partner.phone.zone)).date())


async def files_itself(member: VerifiedMember | None, intent: str, words: str, desk: Desk) -> bool:
    """Whether a complaint is filed as it is said: in Medicare Advantage a spoken one starts the
    company's clock (42 CFR 422.564), so that nobody is asked whether it is one.
    """
    return intent == "complaint" and await in_medicare(member, words, desk)


async def in_medicare(
    member: VerifiedMember | None, words: str, desk: Desk, company: str | None = None
) -> bool:
    """Whether the Medicare Advantage rules for grievances hold: by the kind of plan that the member
    has, at the company (its key) where one is known, or by the words.
    """
    if "medicare" in words.lower():
        return True
    if member is None:
        return False
    known = [each.partner for each in member.person.memberships]
    asked = [company] if company in known else known
    return any([await _has_medicare(member, key, desk) for key in asked])


async def _has_medicare(member: VerifiedMember, company: str, desk: Desk) -> bool:
    try:
        coverages = await desk.records.coverages(member, company)
    except PartnerUnavailable:
        # The shorter time is never wrong, but it is a promise: without the plan there is none.
        return False
    products = desk.partners[company].products
    return any(product_of(each, products).type == "Medicare Advantage" for each in coverages)
