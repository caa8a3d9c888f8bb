"""Every intent, asked by a fitting sample member in a sentence of their own: understood as that
intent, and answered with the member's own facts.

An intent that is added to `alliance/data/intents.yml` has to be asked here.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from actions.answers.talk import is_talk
from actions.dialogue.intents import intents
from tests.conversations.talks import PEOPLE
from tests.desk.test_handed_over import until
from tests.stack import Stack

# Who asks (from people.yml, signed in at their company's website; None is a stranger), in which
# words, and what must be in the reply.
ASKED: dict[str, tuple[str | None, str, tuple[str, ...]]] = {
    "which_plan_covers_me": ("Taylor", "am I with MVP or with Cigna?", ("MVP Health Care", "CIGNA HealthCare", "dental")),  # noqa: E501
    "coverage_status": ("Ivy", "is my insurance active", ("not active", "1-800-555-0110")),
    "benefit_covered": ("Morgan", "does my plan cover physical therapy", ("30 times", "$40.00", "approval")),  # noqa: E501
    "copay_cost": ("Robin", "what's my copay for a specialist", ("$35.00", "Preferred Care")),
    "deductible_status": ("Avery", "how much of my deductible is left", ("$1,436.00",)),
    "out_of_pocket_status": ("Morgan", "what's my out-of-pocket maximum", ("$4,500.00", "$274.00")),
    "cost_estimate": ("Avery", "what will a knee replacement cost me all in", ("20 percent", "$1,436.00")),  # noqa: E501
    "out_of_area_coverage": ("Morgan", "what if I get sick while traveling", ("CIGNA's national network", "nearest hospital")),  # noqa: E501
    "coordination_of_benefits": ("Connie", "which of my two insurances pays first", ("undetermined",)),  # noqa: E501
    "alliance_question": (None, "what is this Cigna and MVP alliance", ("separate",)),
    "id_card": ("Morgan", "I lost my insurance card", ("M10010002", "reference number")),
    "add_dependent": ("Nora", "we just had a baby, how do I put him on my plan", ("30 days", "benefits office")),  # noqa: E501
    "remove_dependent": ("Frank", "I got divorced, how do I remove my wife", ("60 days", "benefits office")),  # noqa: E501
    "end_coverage": ("Morgan", "I quit my job, can I keep my insurance", ("COBRA", "60 days")),
    "update_contact": ("Morgan", "I moved, need to change my address", ("Albany", "can't change")),
    "enroll_or_compare_plans": (None, "what's the difference between HMO and PPO", ("referral", "PPO")),  # noqa: E501
    "medicare_question": (None, "how does a Medicare Advantage plan work", ("network", "licensed agent")),  # noqa: E501
    "premium_payment": ("Morgan", "when is my premium due", ("benefits office", "1-800-555-0120")),
    "tax_form": ("Morgan", "where is my 1095", ("1095-B",)),
    "account_access": (None, "I can't log in to my account", ("sign-in page",)),
    "authorize_representative": ("Rosa", "who is allowed to speak for me on my account", ("Delia",)),  # noqa: E501
    "find_provider": ("Morgan", "I need a dermatologist near 12207", ("in your plan's network", "Albany")),  # noqa: E501
    "find_facility": ("Morgan", "where's the closest urgent care to 12207", ("Sample Albany Urgent Care", "911")),  # noqa: E501
    "check_network": ("Morgan", "is Sample Albany General Hospital in my network", ("in your plan's network",)),  # noqa: E501
    "provider_details": (None, "what's the phone number of Sample Albany General Hospital", ("1-800-555-0101",)),  # noqa: E501
    "change_pcp": ("Robin", "who is my primary doctor on file", ("Beatrice Simulacro",)),
    "referral_question": ("Rita", "has my referral been sent", ("REF-47001", "used up")),
    "prior_auth_status": ("Art", "was my prior authorization approved", ("PA-40003", "did not approve", "approved")),  # noqa: E501
    "prior_auth_required": ("Morgan", "does an MRI need prior authorization", ("wants approval first",)),  # noqa: E501
    "nurse_line": ("Morgan", "can I talk to a nurse about a rash", ("1-800-555-0162",)),
    "behavioral_health": (None, "how do I get counseling", ("988",)),
    "disease_management": ("Morgan", "do you have a program for diabetes", ("Sample Living with Diabetes",)),  # noqa: E501
    "wellness_program": ("Avery", "are there any wellness rewards", ("$50", "$200")),
    "maternity_program": ("Nora", "I'm pregnant, what do you offer", ("Sample Healthy Beginnings",)),  # noqa: E501
    "emergency": (None, "I have crushing chest pain", ("911",)),
    "claim_status": ("Paige", "has my claim from March been paid", ("$170.00", "$390.00", "$105.00")),  # noqa: E501
    "claim_denial": ("Dana", "why was my March claim denied", ("approval beforehand", "CLM-")),
    "appeal": ("Dana", "how do I appeal the denial", ("180 days", "file my appeal")),
    "submit_claim": ("Riley", "where do I mail a claim form", ("Preferred Care", "itemized bill")),
    "explain_eob": ("Morgan", "I don't understand my EOB", ("Your share", "not a bill")),
    "billing_problem": ("Olga", "I got a bill from the ER in March for 2340", ("Don't pay", "$250.00")),  # noqa: E501
    "fsa_balance": ("Flo", "how much is in my FSA", ("$1,160.00", "March 31")),
    "fsa_claim": ("Flo", "how do I get reimbursed from my FSA", ("itemized receipt",)),
    "drug_coverage": ("Avery", "is Humira on the formulary", ("Specialty", "prior approval", "etanercept")),  # noqa: E501
    "drug_cost": ("Morgan", "what will I pay for atorvastatin", ("$5.00",)),
    "find_pharmacy": ("Morgan", "is there a pharmacy near 12207", ("Sample Albany Pharmacy",)),
    "mail_order_pharmacy": ("Avery", "where is my mail order prescription", ("RX-", "metformin")),
    "dental_benefits": ("Taylor", "what does my dental plan pay for", ("$1,302.00", "CIGNA HealthCare")),  # noqa: E501
    "vision_benefits": ("Morgan", "do I have coverage for glasses", ("$100.00",)),
    "speak_to_agent": ("Morgan", "I want to talk to a person", ("what is it about",)),
    "request_callback": ("Morgan", "can someone call me back", ("Which number",)),
    "contact_info": ("Riley", "what's your phone number", ("1-800-555-0130",)),
    "language_help": (None, "do you have someone who speaks Chinese", ("interpreter",)),
    "confidential_communication": ("Fiona", "I don't want my husband to see my mail from you", ("privacy team",)),  # noqa: E501
    "third_party_caller": (None, "I'm calling from Dr. Patel's office about a patient", ("provider",)),  # noqa: E501
    "report_death": (None, "my mother passed away, she was a member", ("sorry for your loss",)),
    "complaint": ("Morgan", "I want to file a complaint", ("What happened",)),
    "report_fraud": ("Morgan", "I want to report fraud, I never had that visit", ("report fraud",)),
    "greet": (None, "hi there", ("Hello",)),
    "goodbye": (None, "ok goodbye", ("Goodbye",)),
    "thank": (None, "thanks a lot", ("welcome",)),
    "affirm": (None, "yes", ("What would you like",)),
    "deny": (None, "nope", ("What would you like",)),
    "inform": (None, "12207", ("What would you like",)),
    "cancel": (None, "never mind", ("stopped",)),
    "repeat": (None, "say that again", ("What do you need",)),
    "ask_capabilities": (None, "what can you do", ("check whether a claim was paid",)),
    "bot_challenge": (None, "are you a robot", ("automated assistant",)),
    "feedback_positive": (None, "that was helpful", ("anything else",)),
    "feedback_negative": (None, "that's not what I asked", ("sorry",)),
    "out_of_scope": (None, "who won the game last night", ("can't help with that",)),
}  # fmt: skip
_COMPANIES = {"U": "cigna", "M": "mvp", "P": "preferred-care"}


def test_every_intent_is_asked() -> None:
    assert set(ASKED) == set(intents())


@pytest.mark.parametrize("intent", ASKED)
def test_intent(stack: Stack, intent: str) -> None:
    who, text, facts = ASKED[intent]
    ticket = None
    if who:
        member_id = PEOPLE[who]["member_id"]
        ticket = stack.ticket(_COMPANIES[member_id[0]], member_id)
    member = stack.member(ticket)
    before = _turns(stack)
    reply = member.say(text)
    for fact in facts:
        assert fact in reply, reply.text
    if is_talk(intent):
        return
    # The figures are written a little after the reply, an earlier small talk's perhaps only now.
    until(lambda: intent in (name for turn, name in _turns(stack).items() if turn not in before))


def _turns(stack: Stack) -> dict[str, str]:
    """What each turn so far was taken for, as the figures keep it."""
    with closing(sqlite3.connect(stack.var / "memberline.sqlite")) as database:
        return dict(database.execute("SELECT id, intent FROM turns"))
