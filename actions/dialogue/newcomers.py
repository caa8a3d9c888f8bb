"""Who says that they have no plan with us yet: nothing of theirs can be looked up, so nobody asks
them who they are, and they hear what holds for everybody.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.answers.general import knows_aspect
from actions.answers.service import PERSON
from actions.dialogue.agenda import Item
from actions.dialogue.context import asked_of
from actions.dialogue.needs import asks_in_part
from actions.dialogue.turn import Turn
from alliance.answer import Answer

_US = r"(?:with|from|through|of|at|by) (?:you|yours|cigna|mvp|preferred care)\b"
_OURS = r"(?:insurance|coverage|plan|covered|insured|enrolled|signed up)"
_NO_MEMBER_YET = re.compile(
    # Not "not covered", as a counter says of a member.
    r"\b(?:not|never (?:been|was|were))(?: yet| even| currently| actually)? (?:an? |one of your )?"
    r"(?:members?|customers?)\b|\w+n't (?:yet )?(?:an? )?(?:members?|customers?)\b|"
    rf"(?:\b(?:no|not)|n'?t)\b(?: \w+){{0,4}} {_OURS}(?: yet)? {_US}|"
    r"\b(?:do not|don'?t) have you(?: guys| people)? yet\b|"
    r"\b(?:thinking (?:of|about)|considering|looking (?:at|into)|interested in) "
    r"(?:joining|signing up|enrolling|becoming a member)\b|"
    r"\bbefore (?:i|we) (?:join|sign up|enroll|become)\b",
    re.IGNORECASE,
)
_HAD_ONE = re.compile(r"\b(?:any ?more|any longer|no longer)\b", re.IGNORECASE)
_INTENT = "newcomer"
_PRICES = frozenset({"copay_cost", "cost_estimate"})
_ENROLLING = "enroll_or_compare_plans"
# What a member would ask of a plan that they have.
_OF_A_MEMBER = frozenset({_ENROLLING, "drug_cost", "premium_payment"})


def notice_newcomer(turn: Turn) -> None:
    """Keep that they have no plan with us yet; who tells what a card says of them has one."""
    if turn.context.verified or turn.memory.caller:
        return
    says_so = _NO_MEMBER_YET.search(turn.text) and not _HAD_ONE.search(turn.text)
    if says_so and not turn.in_form:
        turn.memory = replace(turn.memory, newcomer=True)
    elif turn.factors.keys() - {"factor_card_company"}:
        turn.memory = replace(turn.memory, newcomer=False)


def only_introduces(turn: Turn, item: Item) -> bool:
    """Whether it is only told, or asked whether one may ask without a plan of ours."""
    found = _NO_MEMBER_YET.search(item.text)
    if found is None or len(turn.questions) > 1 or not turn.newcomer:
        return False
    rest = f"{item.text[: found.start()]} {item.text[found.end() :]}"
    nothing_else = not (item.is_sure or asks_in_part(rest))
    return nothing_else or _MAY_ASK.search(rest) is not None


_MAY_ASK = re.compile(
    r"\b(?:can|may|could|am i allowed to|is it ok(?:ay)? (?:if|to)) (?:i )?(?:still |even |just )*"
    r"(?:ask|chat|talk)\b",
    re.IGNORECASE,
)


def of_enrolling(turn: Turn, item: Item, today: date) -> Item | None:
    """ "How do I sign up?", "what does it cost a month?", of who has no plan with us yet: of
    enrolling, whatever was told last.
    """
    aspect = item.sure_aspect
    if turn.newcomer and item.is_sure and item.intent in _PRICES and not turn.in_form:
        # What care costs is no price of a plan.
        return item
    unsure = not item.is_sure or item.intent in _OF_A_MEMBER
    if not turn.newcomer or aspect is None or item.named or not unsure:
        return None
    known = knows_aspect(_ENROLLING, aspect, turn.partners, today)
    return asked_of(Item(_ENROLLING), item, aspect) if known else None


def welcome() -> Answer:
    """To who has no plan with us yet, and has asked nothing."""
    text = (
        "You don't have to be a member to ask. I can tell you about the kinds of plans, when "
        "people can enroll, which company serves a town, and doctors near you. What would you like "
        "to know?"
    )
    speech = (
        "You don't have to be a member to ask. I can tell about plans, enrolling, which company "
        "serves a town, and doctors near you. What would you like to know?"
    )
    return Answer(text=text, speech=speech, kind="notice", intent=_INTENT, buttons=(PERSON,))


def nothing_on_file() -> Answer:
    """To what only a member's own file tells."""
    text = (
        "That differs from plan to plan, and without a plan of yours there is nothing that I could "
        "look up. Each plan's summary of benefits shows it: the employer's benefits office has "
        "them. If you are a member after all, tell me your member ID."
    )
    speech = (
        "That differs from plan to plan. Each plan's summary of benefits shows it: the employer's "
        "benefits office has them."
    )
    return Answer(text=text, speech=speech, kind="notice", intent=_INTENT, buttons=(PERSON,))
