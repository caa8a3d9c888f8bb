"""What was talked about: kept after an answer, and told to the next question that leaves it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.topics import NEEDS
from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.people import talked_of, with_person
from actions.dialogue.follow_ups.served import tells_place
from actions.dialogue.follow_ups.topics import CLAIMS, DRUGS, IT, SEARCHES, wanted
from actions.dialogue.reading import SELF, by_care, company_meant, entity_zip, value_in
from actions.dialogue.turn import Turn
from alliance.answer import Answer, Listed

# As many of a list as "more" and "the fifth one" can reach.
MOST_LISTED = 50
# "The hospital says I owe the rest": of the bill that was just talked about.
_SAME_BILL = re.compile(
    r"\b(?:the|my) (?:rest|remainder|balance|difference|remaining)\b|\brest of (?:it|that|"
    r"the bill)\b|"
    r"\b(?:they|the \w+(?: office)?) (?:still )?(?:says?|said|claims?|insists?|wants?|keeps?|"
    r"tells? me|"
    r"told me)\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"\b(?:another|other|different|new|else)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:claims|bills|eobs|visits|all|everything|total)\b", re.IGNORECASE)
_MOVED = re.compile(r"\b(?:moved|moving|relocated|live in|living in)\b", re.IGNORECASE)
_HOLDS_CARD = re.compile(
    r"\W*(?:(?:and|because|cause|so|well|um+|uh+)\W+)*(?:i|we)(?:'ve| have|'m| am| are)?(?: got)?"
    r"(?: with| on)? (?:an? |the |my )?[\w ]{2,20}? ?(?:card|plan|insurance|member)\W*",
    re.IGNORECASE,
)
_TO_CHANGE = re.compile(
    r"\b(?:change|update|new (?:address|street|place|house|phone|number|home)|address|tell you|"
    r"let you know|notify|send|mail|where|how|need|want|can|should)\b|\?",
    re.IGNORECASE,
)
_THEN = re.compile(r"\b(?:then|that|same|too|also|one|ones|mine)\b", re.IGNORECASE)
# What a question can be about and the next one can take from it.
SUBJECTS = ("claim", "provider", "drug", "service", "facility_type", "specialty")
# What one question of a message names for the others too.
_SHARED = ("drug", "service", "provider")
# A visit to no kind of doctor in particular.
_TO_THE_DOCTOR = re.compile(
    r"\b(?:sees?|seeing|visit(?:ing)?|(?:go|goes|going)(?: in)? to|at|with) (?:the|a|my|our) "
    r"(?:(?:own|usual|regular|normal|main) )?(?:dr|doctor|doc|physician)(?:'?s)?\b|"
    r"\b(?:my|our) own (?:dr|doctor|doc|physician)\b|"
    r"\b(?:dr|doctor|doc|physician) (?:sees|looks at) (?:me|us)\b|"
    r"\b(?:regular|plain|simple|ordinary|normal|standard|usual) (?:office |doctor'?s? )?visits?\b",
    re.IGNORECASE,
)
_OFFICE_VISIT = {"said": "an office visit", "key": "office_visit", "kind": "service"}
_FEW_WORDS = 6
_PRICES = frozenset({"copay_cost", "cost_estimate"})
# What care a topic is of, whose price is asked next.
_CARE_OF = {
    "behavioral_health": {"said": "counseling", "key": "counseling", "kind": "service"},
    "maternity_program": {"said": "maternity care", "key": "maternity_care", "kind": "service"},
}


def with_subject(turn: Turn, item: Item, today: date) -> Item:
    """A new question with what it leaves out because it was just talked about."""
    if item.told or _ANOTHER.search(item.text):
        return item
    if item.intent == "billing_problem" and "claim" in turn.memory.subject:
        own = item.said("claim", today) or {}
        if own.keys() <= {"signs", "said"} and (not by_care(own) or _SAME_BILL.search(item.text)):
            # "They want 600 more": of the claim just talked about, whose bill was another sum.
            item = item.tell("claim", turn.memory.subject["claim"])
    topic = turn.memory.topic["intent"] if turn.memory.topic else None
    drug = turn.memory.subject.get("drug") if topic in DRUGS else None
    if item.intent == "prior_auth_required" and drug and item.said("service", today) is None:
        # "Does either need approval?" after a drug: its list tells that.
        return replace(item, intent="drug_coverage").tell("drug", drug)
    item = with_person(turn, item, today)
    if item.intent in _PRICES and _TO_THE_DOCTOR.search(item.text):
        # "And my copay when I see the doctor?" after a breast pump.
        return item if item.said("service", today) else item.tell("service", _OFFICE_VISIT)
    if item.intent in _PRICES and topic in _CARE_OF and item.said("service", today) is None:
        # "What's my part for every visit?", after counseling was told of.
        return item.tell("service", _CARE_OF[topic])
    if item.intent in _PRICES and topic in SEARCHES and turn.memory.topic:
        # "Which is the cheapest?", of the doctors who were listed.
        kind = Item.from_json(turn.memory.topic).said("service", today)
        few = len(item.text.split()) <= _FEW_WORDS
        if kind and few and item.said("service", today) is None:
            return item.tell("service", kind)
    points_back = bool(IT.search(item.text))
    for need, value in turn.memory.subject.items():
        again = item.intent == topic and not (need == "claim" and item.intent in CLAIMS)
        needed = need in NEEDS.get(item.intent, ()) or _of_that_claim(item, need)
        if not (points_back or (needed and not again)):
            continue
        if (need, item.intent) == ("provider", "change_pcp"):
            # Who is on file is not the one to change to.
            continue
        if need == "claim" and _is_anothers(turn, item, today):
            # A claim's number is one person's: "and did my daughter have one then?".
            value = _days_told(turn, today) if points_back or _THEN.search(item.text) else None
        if value and need in wanted(item.intent) and item.said(need, today) is None:
            item = item.tell(need, value)
    return item


def _is_anothers(turn: Turn, item: Item, today: date) -> bool:
    """Whether a question is of another person than the claim that was told."""
    about = item.said("person", today) or SELF
    return bool(about != turn.memory.subject.get("person", SELF))


def _days_told(turn: Turn, today: date) -> Any:
    """The days that the last question named for its claims; None where it named none."""
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else None
    told = topic.said("claim", today) if topic and topic.intent in CLAIMS else None
    return None if "number" in (told or {}) else told


def _of_that_claim(item: Item, need: str) -> bool:
    """Whether "what do I owe?" is asked of the claim that was told, and not of all there are."""
    return need == "claim" and item.intent == "explain_eob" and not _SEVERAL.search(item.text)


def shared(turn: Turn, item: Item, today: date) -> Item:
    """A question with what another one of the same message names: "is metformin on the list and how
    much is it".
    """
    if item.intent in _PRICES and item.said("service", today) is None:
        drugs = (other.said("drug", today) for other in turn.questions if other is not item)
        if drug := next((each for each in drugs if each is not None), None):
            # "Is Ozempic on the list, and how much is it?"
            item = replace(item, intent="drug_cost").tell("drug", drug)
    own_drug = item.said("drug", today) if item.intent == "prior_auth_required" else None
    if own_drug is not None and item.first("service") is None:
        # "The pharmacy says I need approval for Ozempic": of the drug, which its list tells.
        return replace(item, intent="drug_coverage").tell("drug", own_drug)
    if item.intent == "prior_auth_required" and item.said("service", today) is None:
        drugs = (other.said("drug", today) for other in turn.questions)
        if drug := next((each for each in drugs if each is not None), None):
            # "Is Humira covered, and does it need approval?": told with the drug.
            item = replace(item, intent="drug_coverage").tell("drug", drug)
    if item.intent in SEARCHES and entity_zip(item.entities) is None:
        there = (entity_zip(each.entities) for each in turn.questions if tells_place(turn, each))
        if zip_code := next(filter(None, there), None):
            item = item.tell("location", zip_code)
    for need in _SHARED:
        if need not in NEEDS.get(item.intent, ()) or item.said(need, today) is not None:
            continue
        others = (other for other in turn.questions if need in NEEDS.get(other.intent, ()))
        value = next((v for other in others if (v := other.said(need, today)) is not None), None)
        if value is None and need == "service":
            # "A dermatologist in Troy, and how much is it?"
            kinds = (value_in(need, o.text, o.entities, today) for o in turn.questions)
            value = next((kind for kind in kinds if kind is not None), None)
        item = item if value is None else item.tell(need, value)
    if (
        "partner" in NEEDS.get(item.intent, ())
        and turn.context.verified is None
        and item.said("partner", today) is None
        and (company := company_meant(turn.text, turn.entities))
    ):
        # "A person, please, I have the MVP card."
        item = item.tell("partner", company)
    return item


def same_subject(item: Item, other: Item) -> bool:
    """Whether two questions are about one drug or service."""
    return any(need in NEEDS.get(item.intent, ()) and need in other.told for need in _SHARED)


def only_tells(turn: Turn, item: Item) -> bool:
    """Whether a move, or whose card it is, is only told beside what is asked: "we moved to Boston.
    Which plan is it?", "a person please, I have the MVP card".
    """
    if len(turn.questions) < 2:
        return False
    if item.intent == "which_plan_covers_me":
        return _HOLDS_CARD.fullmatch(item.text) is not None
    return (
        item.intent == "update_contact"
        and _MOVED.search(item.text) is not None
        and _TO_CHANGE.search(item.text) is None
    )


def remember(turn: Turn, item: Item, given: Answer, today: date) -> None:
    """Keep what an answered question was about, and what its answer listed."""
    subject = {
        need: value
        for need in SUBJECTS
        if need in wanted(item.intent) and (value := item.said(need, today)) is not None
    }
    subject |= _provider(item, today)
    listed = turn.memory.listed
    alone = given.listed.items[0] if given.listed and len(given.listed.items) == 1 else None
    if alone is not None and listed and any(_is_same(alone, each) for each in listed["items"]):
        # One of the list: the others are still there to be picked.
        subject = {**subject, **alone}
    elif given.listed:
        seen = given.listed.spoken if turn.context.channel == "voice" else given.listed.shown
        listed = {
            "intent": given.listed.intent,
            "items": [dict(one) for one in given.listed.items[:MOST_LISTED]],
            "seen": seen,
            "from": int(item.told.get("start", 0)),
            "topic": item.to_json(),
        }
        if len(given.listed.items) == 1:
            subject = {**subject, **given.listed.items[0]}
        elif need := _need_of(given.listed):
            # One of several: none is meant until it is picked.
            subject.pop(need, None)
    found = given.facts.get("claim") or given.facts.get("claims") or given.listed
    if not found and subject.get("claim", {}).keys() <= {"signs", "said"}:
        # What was looked for and is no claim is none that is asked on.
        subject.pop("claim", None)
    if number := given.facts.get("claim"):
        company = {"partner": given.partner} if given.partner else {}
        subject = {**subject, "claim": {"number": number, **company}}
    if "claim" in subject and (about := item.said("person", today)) not in (None, SELF):
        # Also where it was not told: what is asked on of it is of the same person.
        subject["person"] = about
    # A question about nothing in particular leaves what was talked about before.
    subject = subject or dict(turn.memory.subject)
    # Also by the answer to another question of the message.
    told = (given, *turn.answers)
    withheld = any(each.facts.get("no_consent") for each in told)
    before = turn.memory.refused if item.intent == "appeal" else None
    refused = next(filter(None, map(_refused, told)), before)
    searched = item.to_json() if item.intent in SEARCHES else turn.memory.searched
    unheard = turn.context.channel == "voice" and bool(given.facts.get("rest"))
    turn.memory = replace(
        turn.memory,
        subject=subject,
        listed=listed,
        searched=searched,
        withheld=withheld,
        refused=refused,
        lacking=any(map(_lacks_information, told)),
        people=talked_of(turn, item),
        rest=item.to_json() if unheard else None,
    )


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both are the same record, or the same doctor."""
    key = (one.get("provider") or {}).get("key")
    return one == other or (key is not None and key == (other.get("provider") or {}).get("key"))


def keep_provider(turn: Turn, item: Item, today: date) -> None:
    """The doctor or place that a question named whose general part alone was told."""
    turn.memory = replace(turn.memory, subject={**turn.memory.subject, **_provider(item, today)})


def _provider(item: Item, today: date) -> dict[str, Any]:
    """ "Do I need approval for surgery at Sample General?", for "is that hospital in network?"."""
    named = item.said("provider", today)
    return {} if named is None else {"provider": named}


def _lacks_information(given: Answer) -> bool:
    states = [claim.get("state") for claim in given.facts.get("claims", [])]
    return states == ["information_requested"]


def _refused(given: Answer) -> str | None:
    """What of the answer was refused, whole or in part, if anything was."""
    claims = given.facts.get("claims") or ()
    if any(claim.get("state") in ("denied", "partly_paid", "reversed") for claim in claims):
        return "claim"
    requests = given.facts.get("authorizations") or ()
    if any(request.get("decision") == "denied" for request in requests):
        return "authorization"
    return None


def _need_of(listed: Listed) -> str | None:
    return next(iter(listed.items[0]), None) if listed.items else None
