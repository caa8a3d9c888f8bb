"""Which answer serves which intent, and what it needs to know first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from actions.answers.accumulators import deductible_status, out_of_pocket_status
from actions.answers.appeal import appeal, is_urgent, urgent_appeal
from actions.answers.away import out_of_area_coverage
from actions.answers.billing_problem import billing_problem
from actions.answers.callback import request_callback
from actions.answers.care_lines import behavioral_health, nurse_line
from actions.answers.cases import CASES, add_to_case, open_case
from actions.answers.claim_denial import claim_denial
from actions.answers.claims import claim_status
from actions.answers.contact_data import update_contact
from actions.answers.continuity import is_of_continuity
from actions.answers.coordination import coordination_of_benefits
from actions.answers.cost_shares import benefit_covered, copay_cost, cost_estimate
from actions.answers.coverage_status import at_a_counter, coverage_status
from actions.answers.dental_vision import dental_benefits, vision_benefits
from actions.answers.drugs import drug_cost, drug_coverage
from actions.answers.emergency import emergency
from actions.answers.employer_matters import premium_payment, tax_form
from actions.answers.explain_eob import explain_eob
from actions.answers.facilities import find_facility, find_pharmacy
from actions.answers.family import no_consent, on_behalf
from actions.answers.general import general
from actions.answers.id_card import id_card
from actions.answers.mail_order import mail_order_pharmacy
from actions.answers.membership_changes import membership_change
from actions.answers.named_providers import check_network, provider_details
from actions.answers.plan_facts import of_named_line
from actions.answers.plans import plan_for_place, plan_for_state, which_plan_covers_me
from actions.answers.primary_care import change_pcp
from actions.answers.prior_auth import prior_auth_status
from actions.answers.prior_auth_required import prior_auth_required
from actions.answers.programmes import disease_management, maternity_program, wellness_program
from actions.answers.providers import find_provider
from actions.answers.question import Desk, Question
from actions.answers.referral import referral_question
from actions.answers.representatives import authorize_representative, helper, wants_helper
from actions.answers.service import (
    PERSON,
    contact_info,
    needs_more_proof,
    speak_to_agent,
    way_on,
)
from actions.answers.spending_accounts import fsa_balance, fsa_claim
from actions.answers.submit_claim import submit_claim
from actions.answers.talk import is_talk, talk
from actions.answers.wording import line_of
from actions.dialogue.intents import intents
from alliance.answer import Answer
from alliance.errors import NotOffered, NotVerified, PartnerUnavailable
from alliance.partners import Partner
from alliance.values import matches_name
from alliance.verified import VerifiedMember

# Personal answers take the verified member; there is no other way to them.
PERSONAL: dict[str, Callable[[VerifiedMember, Question, Desk], Awaitable[Answer]]] = {
    "add_dependent": membership_change,
    "remove_dependent": membership_change,
    "end_coverage": membership_change,
    "authorize_representative": authorize_representative,
    "appeal": appeal,
    "benefit_covered": benefit_covered,
    "billing_problem": billing_problem,
    "claim_denial": claim_denial,
    "claim_status": claim_status,
    "coordination_of_benefits": coordination_of_benefits,
    "copay_cost": copay_cost,
    "cost_estimate": cost_estimate,
    "coverage_status": coverage_status,
    "deductible_status": deductible_status,
    "dental_benefits": dental_benefits,
    "explain_eob": explain_eob,
    "change_pcp": change_pcp,
    "disease_management": disease_management,
    "drug_cost": drug_cost,
    "drug_coverage": drug_coverage,
    "fsa_balance": fsa_balance,
    "fsa_claim": fsa_claim,
    "mail_order_pharmacy": mail_order_pharmacy,
    "maternity_program": maternity_program,
    "prior_auth_required": prior_auth_required,
    "prior_auth_status": prior_auth_status,
    "referral_question": referral_question,
    "id_card": id_card,
    "out_of_area_coverage": out_of_area_coverage,
    "out_of_pocket_status": out_of_pocket_status,
    "premium_payment": premium_payment,
    "tax_form": tax_form,
    "vision_benefits": vision_benefits,
    "which_plan_covers_me": which_plan_covers_me,
    "update_contact": update_contact,
}
# What the plan pays, which its file says of each person alike.
_SAME_FOR_ALL = frozenset(
    {
        "benefit_covered", "copay_cost", "dental_benefits", "drug_cost", "drug_coverage",
        "prior_auth_required", "vision_benefits",
    }
)  # fmt: skip
# Rules of the plan, the same for everybody on it: asked about somebody of the family, they are
# answered from the member's own plan, and nobody else's records are read.
OF_THE_PLAN = frozenset(
    {
        "add_dependent",
        "authorize_representative",
        "benefit_covered",
        "coordination_of_benefits",
        "copay_cost",
        "cost_estimate",
        "dental_benefits",
        "drug_cost",
        "drug_coverage",
        "end_coverage",
        "fsa_claim",
        "out_of_area_coverage",
        "premium_payment",
        "prior_auth_required",
        "remove_dependent",
        "tax_form",
        "vision_benefits",
    }
)
# Answers that anyone may hear; a member who is verified is known to them, for their network.
OPEN: dict[str, Callable[[VerifiedMember | None, Question, Desk], Awaitable[Answer]]] = {
    **dict.fromkeys(CASES, open_case),
    "request_callback": request_callback,
    "find_provider": find_provider,
    "find_facility": find_facility,
    "find_pharmacy": find_pharmacy,
    "check_network": check_network,
    "provider_details": provider_details,
    "nurse_line": nurse_line,
    "behavioral_health": behavioral_health,
    "wellness_program": wellness_program,
    "submit_claim": submit_claim,
}
# What an answer needs to know, in the order in which it is asked: `identity` (what the factors
# prove), service, drug, provider, facility_type, specialty, location, claim, person (for whom),
# partner (the company), reason; for a case words (the member's own) and filing (whether to).
# `actions.dialogue.needs` reads and asks for them; what was already said is not asked.
NEEDS = {
    "add_dependent": ("identity",),
    "remove_dependent": ("identity",),
    "end_coverage": ("identity",),
    "authorize_representative": ("identity",),
    "request_callback": ("phone", "time", "partner"),
    "complaint": ("words", "filing", "partner"),
    "report_fraud": ("words", "filing", "partner"),
    "confidential_communication": ("filing", "partner"),
    "report_death": ("filing", "partner"),
    "appeal": ("identity",),
    "benefit_covered": ("identity", "service"),
    "billing_problem": ("identity",),
    "claim_denial": ("identity",),
    "claim_status": ("identity", "claim"),
    "coordination_of_benefits": ("identity",),
    "copay_cost": ("identity", "service"),
    "cost_estimate": ("identity", "service"),
    "coverage_status": ("identity",),
    "deductible_status": ("identity",),
    "dental_benefits": ("identity",),
    "explain_eob": ("identity",),
    "change_pcp": ("identity",),
    "disease_management": ("identity",),
    "drug_cost": ("drug", "identity"),
    "drug_coverage": ("drug", "identity"),
    "fsa_balance": ("identity",),
    "fsa_claim": ("identity",),
    "mail_order_pharmacy": ("identity",),
    "maternity_program": ("identity",),
    "prior_auth_required": ("service", "identity"),
    "prior_auth_status": ("identity",),
    "referral_question": ("identity",),
    "id_card": ("identity",),
    "out_of_area_coverage": ("identity",),
    "out_of_pocket_status": ("identity",),
    "premium_payment": ("identity",),
    "tax_form": ("identity",),
    "vision_benefits": ("identity",),
    "which_plan_covers_me": ("identity",),
    "update_contact": ("identity",),
    "find_provider": ("specialty", "location"),
    "find_facility": ("facility_type", "location"),
    "find_pharmacy": ("location",),
    "check_network": ("provider",),
    "provider_details": ("provider",),
    "speak_to_agent": ("reason", "partner"),
}


async def answer(
    member: VerifiedMember | None, question: Question, title: str, desk: Desk
) -> Answer:
    """The answer to a question whose needs are met.

    Raises NotVerified when a personal answer is asked for without a member, and what the
    answer's own look-ups raise (PartnerUnavailable, AuditUnavailable).
    """
    if question.intent in desk.withdrawn.intents:
        return way_on(question, title, desk)
    given = await _answer(member, question, title, desk)
    return way_on(question, title, desk) if desk.withdrawn.has(given) else given


async def _answer(
    member: VerifiedMember | None, question: Question, title: str, desk: Desk
) -> Answer:
    intent = question.intent
    if intent == "emergency":
        return emergency(question)
    if question.case:
        return await add_to_case(question, desk)
    if intent == "speak_to_agent":
        return speak_to_agent(member, question, desk)
    if intent == "contact_info":
        named = await of_named_line(member, question, desk) if member else question
        return contact_info(named, desk)
    if intent == "which_plan_covers_me" and question.place:
        return await plan_for_place(question, question.place, desk)
    if intent == "which_plan_covers_me" and question.state:
        return await plan_for_state(question, question.state, desk)
    if is_urgent(intent, question.text):
        return urgent_appeal(member, question, desk)
    if is_of_continuity(intent, question.text):
        return general(member, replace(question, intent="check_network"), desk) or way_on(
            question, title, desk
        )
    if wants_helper(intent, question.text):
        return helper(member, question, desk)
    if intent in OPEN:
        return await OPEN[intent](member, question, desk)
    if intent in PERSONAL:
        if member is None:
            raise NotVerified("This answer needs a verified member.")
        return await _personal(member, question, title, desk)
    if is_talk(intent):
        return talk(intent)
    return general(member, question, desk) or way_on(question, title, desk)


def _unreached(question: Question, failed: Partner) -> Answer:
    """A company that does not answer, where the topic has no words of its own for it."""
    return Answer(
        text=f"I could not reach {failed.name} just now, so I can't tell. Please try again in a "
        f"few minutes, or call {line_of(failed)}.",
        speech=f"I could not reach {failed.spoken_name} just now, so I can't tell. Please try "
        "again in a few minutes, or say person.",
        kind="notice",
        intent=question.intent,
        partner=failed.key,
        buttons=(PERSON,),
    )


def _for_all(given: Answer) -> Answer:
    """What the plan pays, asked for somebody else on it."""
    text, speech = given.text, given.speech or given.text
    return replace(
        given,
        text=f"It is the same for everyone on the plan. {text}",
        speech=f"For everyone on the plan: {speech}",
    )


async def without_permission(
    member: VerifiedMember, question: Question, desk: Desk
) -> Answer | None:
    """What is said where the member may not hear of whom the question is about; None: they may."""
    person = await on_behalf(member, question, desk)
    return at_a_counter(person, member, question, desk) if isinstance(person, Answer) else None


async def _personal(member: VerifiedMember, question: Question, title: str, desk: Desk) -> Answer:
    """The member's own, or a dependant's where the question is about one. A verification that
    does not reach the topic's level opens nothing.
    """
    if member.level < intents()[question.intent].level:
        return needs_more_proof(member, question, title, desk)
    tell = PERSONAL[question.intent]
    own = question.about is None or matches_name(question.about, member.person.first_name)
    if own or question.intent in OF_THE_PLAN:
        try:
            given = await tell(member, question, desk)
        except NotOffered:
            return way_on(question, title, desk)
        except PartnerUnavailable as error:
            return _unreached(question, desk.partners[error.partner])
        shared = not own and question.intent in _SAME_FOR_ALL
        return _for_all(given) if shared else given
    person = await on_behalf(member, question, desk)
    if isinstance(person, Answer):
        return at_a_counter(person, member, question, desk)
    try:
        return await tell(person, question, desk)
    except NotVerified:
        # The topic needs records that disclosure opens to nobody else.
        return no_consent(member, question, desk)
