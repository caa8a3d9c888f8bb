"""What members tell of their families before they ask: a move of the household, a child who has
grown up, a child just born. By their words, because what is asked sounds like something else: a
move like the end of a plan, a grown daughter's bill like a matter of the premium.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.dialogue.agenda import Item
from actions.dialogue.context import ASPECT, recent
from actions.dialogue.reading import entity_zip
from actions.dialogue.turn import Turn

_WE_MOVE = re.compile(
    r"\b(?:(?:i|we|my (?:\w+ )?(?:family|husband|wife|job|company|work))"
    r"(?:'?m| am|'?re| are|'?ll| will| is|'?s)?\W+(?:\w+ ){0,3}?)?"
    r"(?:mov(?:e|es|ed|ing)|relocat(?:e|es|ed|ing)|transferr?(?:ed|ing)|settl(?:e|ing)) "
    r"(?:\w+ ){0,3}?(?:to|in|into|out of|away|across)\b",
    re.IGNORECASE,
)
_OF_MY_PLAN = re.compile(
    r"\b(?:insurance|plan|plans|coverage|covered|benefits|policy|network|company)\b", re.IGNORECASE
)
_ENDS = re.compile(
    r"\b(?:cancel|cobra|quit|laid off|fired|retir\w+|leav\w+ (?:my|the) job)\b", re.I
)
_MOVE_SOUNDS_LIKE = frozenset(
    {
        "end_coverage", "out_of_area_coverage", "enroll_or_compare_plans", "which_plan_covers_me",
        "update_contact", "coverage_status", "out_of_scope", "alliance_question",
    }
)  # fmt: skip
_KEEPS_DOCTOR = re.compile(
    r"\b(?:keep|stay with|still (?:see|go to|use))\b.{0,16}\b(?:doctors?|pcp|pediatrician|dentist|"
    r"therapist|specialist|providers?)\b",
    re.IGNORECASE,
)
_PLACES = frozenset({"which_plan_covers_me", "out_of_area_coverage"})
_CHILD = r"(?:son|daughter|kid|child|boy|girl|stepson|stepdaughter)"
_AGE = r"(?:1[89]|[2-9]\d|eighteen|nineteen|twenty[- ]?\w*|thirty)"
_GROWN = re.compile(
    rf"\bmy {_AGE}[- ]?(?:years?|yrs?)?[- ]?(?:olds?)?(?: \w+)? {_CHILD}\b|"
    rf"\bmy {_AGE}[- ]years?[- ]"
    rf"olds?\b|\bmy (?:adult|grown(?:[- ]up)?|college[- ]age) {_CHILD}\b|"
    rf"\bmy (?:\w+ )?{_CHILD}\b.{{0,60}}\b(?:(?:s?he'?s|s?he is|is|turned|who'?s|aged?|just turned)"
    rf" {_AGE}(?! (?:months?|weeks?|days?))\b|adult|grown[- ]up)",
    re.IGNORECASE,
)
_RECORDS = re.compile(
    r"\b(?:claims?|bills?|records?|eobs?|explanation|visits?|appointments?|prescriptions?|results?|"
    r"owes?|deductible|authori[sz]ations?|denied|account|information|info|balance|history)\b",
    re.IGNORECASE,
)
# Who is on the plan, and the words of the plan, are the parents' own matter.
_OF_THE_PLAN = frozenset(
    {
        "coverage_status", "benefit_covered", "id_card", "out_of_area_coverage",
        "authorize_representative", "end_coverage", "submit_claim", "emergency", "speak_to_agent",
        "coordination_of_benefits", "find_provider", "copay_cost", "cost_estimate",
        "confidential_communication", "complaint", "report_fraud", "report_death",
    }
)  # fmt: skip
_ON_OFF = frozenset({"add_dependent", "remove_dependent"})
GROWN_CHILD = "grown child"
_NOT_YET = re.compile(
    r"\b(?:i|we|my (?:work|job|company|boss|employer|office))\b.{0,40}\b(?:(?:don'?t|do not|"
    r"haven'?t|"
    r"have not) (?:\w+ )?(?:have|got|use) (?:your|this|you guys'?) (?:insurance|plan|coverage)|"
    r"(?:not|ain'?t) (?:a |your )?(?:member|customer)s?(?: yet)?\b|(?:thinking|thinks) (?:of|"
    r"about) "
    r"(?:getting|joining|buying|switching|offering|going with)|(?:looking|shopping) (?:at|for|"
    r"into) "
    r"(?:your|a|health|group|new) (?:plans?|insurance|coverage))|"
    r"\bdo you (?:take|sell to|cover|insure|accept) (?:people|folks|individuals|anyone|those|"
    r"families)"
    r"\b.{0,30}\b(?:own|themselves|self[- ]employed|employer|job)\b",
    re.IGNORECASE,
)


def told_of_family(turn: Turn, item: Item) -> Item:
    """The question as what was told of the family puts it; as it is where nothing was."""
    if item.intent == "emergency" or item.text.startswith("/"):
        return item
    if _asks_for_grown_child(item):
        told = {ASPECT: "who", "general": "said"}
        return Item("authorize_representative", f"{item.text} (adult child)", item.entities, told)
    if _asks_of_a_move(item):
        return replace(item, intent="which_plan_covers_me", band="accept")
    if _KEEPS_DOCTOR.search(item.text) and item.first("provider") is None:
        before = next((each for each in recent(turn) if each.intent in _PLACES), None)
        if before and (_WE_MOVE.search(before.text) or entity_zip(before.entities)):
            return replace(item, intent="out_of_area_coverage", band="accept")
    if item.band != "accept" and _NOT_YET.search(item.text):
        return replace(item, intent="enroll_or_compare_plans", band="accept")
    return item


def _asks_of_a_move(item: Item) -> bool:
    """ "We're moving to Boston, what happens to my insurance?": which plan it would be there."""
    return (
        (item.intent in _MOVE_SOUNDS_LIKE or item.band != "accept")
        and bool(_WE_MOVE.search(item.text) and _OF_MY_PLAN.search(item.text))
        and not _ENDS.search(item.text)
        and entity_zip(item.entities) is not None
    )


def _asks_for_grown_child(item: Item) -> bool:
    if not (_GROWN.search(item.text) and _RECORDS.search(item.text)):
        return False
    if item.band == "accept" and item.intent in _ON_OFF:
        return False
    return item.band != "accept" or item.intent not in _OF_THE_PLAN
