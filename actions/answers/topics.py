"""Which answer serves which intent, and what it needs to know first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from actions.answers.claims import claim_status
from actions.answers.emergency import emergency
from actions.answers.general import general
from actions.answers.plans import plan_for_place, which_plan_covers_me
from actions.answers.providers import find_provider
from actions.answers.question import Desk, Question
from actions.answers.service import contact_info, speak_to_agent, way_on
from actions.answers.talk import is_talk, talk
from alliance.answer import Answer
from alliance.errors import NotVerified
from alliance.verified import VerifiedMember

# Personal answers take the verified member; there is no other way to them.
PERSONAL: dict[str, Callable[[VerifiedMember, Question, Desk], Awaitable[Answer]]] = {
    "claim_status": claim_status,
    "which_plan_covers_me": which_plan_covers_me,
}
# Answers that anyone may hear; a member who is verified is known to them, for their network.
OPEN: dict[str, Callable[[VerifiedMember | None, Question, Desk], Awaitable[Answer]]] = {
    "find_provider": find_provider,
}
# What an answer needs to know, in the order in which it is asked: `identity` (what the factors
# prove), service, drug, provider, facility_type, specialty, location, claim, person (for whom),
# partner (the company), reason. `actions.dialogue.needs` reads and asks for them; what was already
# said is not asked.
NEEDS = {
    "claim_status": ("identity", "claim"),
    "which_plan_covers_me": ("identity",),
    "find_provider": ("specialty", "location"),
    "speak_to_agent": ("reason", "partner"),
}


async def answer(
    member: VerifiedMember | None, question: Question, title: str, desk: Desk
) -> Answer:
    """The answer to a question whose needs are met.

    Raises NotVerified when a personal answer is asked for without a member, and what the
    answer's own look-ups raise (PartnerUnavailable, AuditUnavailable).
    """
    intent = question.intent
    if intent == "emergency":
        return emergency(question)
    if intent == "speak_to_agent":
        return speak_to_agent(member, question, desk)
    if intent == "contact_info":
        return contact_info(question, desk)
    if intent == "which_plan_covers_me" and question.place:
        return await plan_for_place(question, question.place, desk)
    if intent in OPEN:
        return await OPEN[intent](member, question, desk)
    if intent in PERSONAL:
        if member is None:
            raise NotVerified("This answer needs a verified member.")
        return await PERSONAL[intent](member, question, desk)
    if is_talk(intent):
        return talk(intent)
    return general(member, question, desk) or way_on(question, title, desk)
