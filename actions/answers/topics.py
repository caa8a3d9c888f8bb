"""Which answer serves which intent, and what it needs to know first."""

from __future__ import annotations

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
PERSONAL = {
    "claim_status": claim_status,
    "which_plan_covers_me": which_plan_covers_me,
}
# Need names as in alliance/data/intents.yml; `identity` is what the factors prove.
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
    if intent == "find_provider":
        return await find_provider(question, desk)
    if intent == "speak_to_agent":
        return speak_to_agent(member, question, desk)
    if intent == "contact_info":
        return contact_info(question, desk)
    if intent == "which_plan_covers_me" and question.place:
        return await plan_for_place(question, question.place, desk)
    if intent in PERSONAL:
        if member is None:
            raise NotVerified("This answer needs a verified member.")
        return await PERSONAL[intent](member, question, desk)
    if is_talk(intent):
        return talk(intent)
    return general(member, question, desk) or way_on(question, title, desk)
