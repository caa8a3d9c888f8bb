"""What is asked of the matter that was just told, as the understanding of follow-ups has it
(data/nlu/follow_ups.tsv): "what's mine to pay?", "who'd I see for that?", "anybody closer?".
The modules beside this one come first: they know certain words for certain.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.cases import CASES
from actions.answers.claims import asks_total
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.follow_ups.places import last_search, nearest
from actions.dialogue.follow_ups.topics import (
    ABOUT_PROVIDERS,
    ACCOUNTS,
    CLAIMS,
    COVERAGE,
    DRUGS,
    IT,
    SEARCHES,
    SERVICES,
    SUMS,
)
from actions.dialogue.turn import Turn
from alliance.answer import Answer
from alliance.aspects import names_no_matter

# Which answer about one claim tells it.
_OF_A_CLAIM = {
    "share": "claim_status",
    "paid": "claim_status",
    "number": "claim_status",
    "since": "claim_status",
    "care": "explain_eob",
}
_WHICH_DAY = re.compile(r"\b(?:which|what) (?:day|date)\b|\bwhen (?:was|were)\b", re.IGNORECASE)
_CARE = frozenset({"service", "specialty", "facility"})
# Whose answers tell how often.
_YEARLY = ("dental_benefits", "vision_benefits")
_NEARER = re.compile(
    r"\b(?:near(?:er|est|by)?|clos(?:er?|est)|far(?:ther)?|distance|miles?|walk(?:ing)?|driv\w+)\b",
    re.IGNORECASE,
)
_OF_A_PLACE = {each: each for each in ("phone", "address", "hours", "accepting")} | {
    "number": "phone"
}


def by_aspect(turn: Turn, item: Item, topics: list[Item]) -> Item | Answer | None:
    """The question that the words ask of the topic that was told last, or of the last search; or
    what to say to them. None where they ask nothing of it that a module here knows.
    """
    topic = topics[0]
    return (
        _of_a_case(turn, item)
        or _of_a_claim(turn, item, topic)
        or _of_a_place(turn, item, topic)
        or _of_a_search(turn, item, topics)
        or _of_a_plan(item, topic)
        or _of_a_service(item, topic)
        or _of_the_company(turn, item, topic)
    )


def _of_a_case(turn: Turn, item: Item) -> Item | None:
    """Its number and its day, which are told again; no second one is opened."""
    if turn.memory.filed is None or turn.memory.told not in {*CASES, "appeal"}:
        return None
    return turn.memory.case_again() if item.asks_for("number", "duration") else None


def _of_a_claim(turn: Turn, item: Item, topic: Item) -> Item | None:
    if topic.intent not in CLAIMS or _is_of_a_sum(item):
        return None
    if "claim" not in turn.memory.subject:
        return _of_listed_claims(turn, item, topic)
    told = {n: v for n, v in turn.memory.subject.items() if n in ("claim", "person")}
    if item.asks_for("reason"):
        intent = "claim_denial" if turn.memory.refused else "explain_eob"
        return Item(intent, item.text, (), told)
    if item.asks_for("fix") and turn.memory.refused == "claim":
        return Item("appeal", "how do I appeal this claim", (), told)
    if item.asks_for("care") and _WHICH_DAY.search(item.text):
        return Item("claim_status", item.text, (), {**told, "general": "said", ASKED: "since"})
    if item.intent == "billing_problem" and item.is_sure and item.asks_for("number"):
        # "The hospital is asking for more than that" asks for none.
        return None
    if item.asks_for(*_OF_A_CLAIM) and not asks_total(item.text):
        # What an explanation of benefits is, who asks this of one claim did not ask.
        told |= {"general": "said", ASKED: item.aspect}
        return Item(_OF_A_CLAIM[item.aspect or ""], item.text, (), told)
    return None


def _is_of_a_sum(item: Item) -> bool:
    """ "Then just my own deductible", after a claim: not what of the claim went to it."""
    named = item.is_sure and item.intent in SUMS and not names_no_matter(item.text)
    return named and IT.search(item.text) is None


def _of_listed_claims(turn: Turn, item: Item, topic: Item) -> Item | None:
    """Of several claims of which none was picked: of the one whose care was named, or the list
    again, with the share of each.
    """
    listed = turn.memory.listed
    if not listed or listed["intent"] not in CLAIMS or not item.asks_for("share", "care", "paid"):
        return None
    if asks_total(item.text):
        told = {need: value for need, value in topic.told.items() if need != "start"}
        return Item("claim_status", f"{topic.text}, {item.text}", topic.entities, told)
    named = {entity["entity"] for entity in topic.entities} & _CARE
    told = {need: value for need, value in topic.told.items() if need not in ("start", "chosen")}
    return replace(topic, intent="explain_eob" if named else "claim_status", told=told)


def _of_a_place(turn: Turn, item: Item, topic: Item) -> Item | None:
    """Of the doctor or place that was told of."""
    of_one = topic.intent in ABOUT_PROVIDERS or topic.intent == "change_pcp"
    # "And the phone number again?", where a rule was told since.
    before = turn.memory.searched is not None and not item.is_sure
    if not (of_one or before) or "provider" not in turn.memory.subject:
        return None
    provider = {
        "provider": turn.memory.subject["provider"],
        ASKED: _OF_A_PLACE.get(item.aspect or ""),
    }
    if item.asks_for(*_OF_A_PLACE):
        return Item("provider_details", item.text, (), provider)
    return Item("check_network", item.text, (), provider) if item.asks_for("takes_plan") else None


def _of_a_search(turn: Turn, item: Item, topics: list[Item]) -> Item | Answer | None:
    """Of a list of doctors or places, of which none was picked."""
    topic = next((each for each in topics if each.intent in SEARCHES), None)
    if topic is None or topics[0].intent not in ABOUT_PROVIDERS:
        return None
    abroad = item.is_sure and item.intent == "out_of_area_coverage"
    if item.asks_for("takes_plan") and not abroad:
        return last_search(turn)
    of_one = item.asks_for("phone", "address", "hours") or item.intent == "provider_details"
    if of_one and not item.first("provider") and (one := nearest(turn)):
        return Item("provider_details", item.text, (), {**one, ASKED: item.aspect})
    if item.asks_for("nearer"):
        return _others(turn, item, topic)
    if not item.asks_for("accepting"):
        return None
    told = {need: value for need, value in topic.told.items() if need != "start"}
    return replace(topic, text=f"{topic.text}, taking new patients", told=told)


def _others(turn: Turn, item: Item, topic: Item) -> Item | Answer:
    """Others than those that were told: nearer ones are none, as the nearest are told first."""
    if _NEARER.search(item.text):
        near = f" to {turn.memory.location}" if turn.memory.location else ""
        text = (
            f"The list begins with the one that is nearest{near}. Tell me another ZIP code or "
            "town, and I look there. Say \u201cmore\u201d for others."
        )
        speech = (
            "The list begins with the nearest one. Tell me another ZIP code or town, or say more."
        )
        return Answer(
            text=text, speech=speech, kind="notice", intent=topic.intent, buttons=(PERSON,)
        )
    listed = turn.memory.listed
    return topic.tell("start", listed["seen"]) if listed else topic


def _of_a_plan(item: Item, topic: Item) -> Item | None:
    """Of sums, accounts and coverage: what is left, and from when."""
    of_another = item.first("relation") is not None
    if (
        topic.intent in SUMS
        and not of_another
        and item.asks_for("share", "count", "paid", "since", "deadline")
    ):
        # Its plan year is told with the sum.
        return topic
    if topic.intent in ACCOUNTS and item.asks_for("share", "count", "deadline", "since"):
        account = replace(topic, intent="fsa_balance")
        return account.tell(ASKED, "deadline") if item.asks_for("deadline") else account
    if topic.intent in COVERAGE and of_another and item.asks_for("since"):
        # "Since when is my wife on it?", after a daughter's: of her own file.
        return Item("coverage_status", item.text, item.entities, {ASKED: "since"})
    if topic.intent in COVERAGE and item.asks_for("since"):
        person = {need: value for need, value in topic.told.items() if need == "person"}
        return Item("coverage_status", "", topic.entities, {**person, ASKED: "since"})
    if topic.intent == "referral_question" and item.asks_for(
        "count", "since", "number", "deadline"
    ):
        text = f"my referral on file, {item.text}"
        return Item(topic.intent, text, topic.entities, {**topic.told, "general": "said"})
    return None


def _of_a_service(item: Item, topic: Item) -> Item | None:
    """Of a service or a drug: what it costs, how often, and whether it must be asked for."""
    # The rules about it were told with the topic.
    told = {**topic.told, "general": "said"}
    if topic.intent in DRUGS and item.asks_for("cost", "share"):
        return replace(topic, intent="drug_cost", told=told)
    by_mail = topic.intent == "mail_order_pharmacy"
    if topic.intent in DRUGS and not by_mail and item.asks_for("permission", "count"):
        # Approval and limits of quantity are told with the drug.
        return replace(topic, intent="drug_coverage", told=told)
    if topic.intent in _YEARLY and item.asks_for("count"):
        return topic
    if topic.intent not in SERVICES or (item.is_sure and item.intent in SUMS):
        # "Does that count toward my limit?" is asked of the limit.
        return None
    if item.asks_for("cost", "share"):
        return replace(topic, intent="copay_cost", told=told)
    # How often, and whether approval is needed, is told with what is covered.
    if item.asks_for("count", "permission"):
        return replace(topic, intent="benefit_covered", told=told)
    return None


def _of_the_company(turn: Turn, item: Item, topic: Item) -> Item | None:
    """ "What's their number?": of the company that told the last answer."""
    told = turn.memory.answered_by
    of_a_doctor = topic.intent in ABOUT_PROVIDERS or turn.memory.searched or item.named
    if of_a_doctor or not item.asks_for("phone"):
        return None
    return Item("contact_info", item.text, (), {"company": told} if told else {})


def in_writing(turn: Turn) -> Answer:
    """How a member gets what was said on paper."""
    company = turn.partners.get(turn.memory.answered_by)
    ours = [company] if company else [each for each in turn.partners if each.backend]
    lines = joined([line_of(each) for each in ours], "or")
    text = (
        "I can't send letters or e-mails from here. In chat you can save this conversation as a "
        "file. Decisions and explanations of benefits come by mail and are on your company's "
        f"member website; for a copy, ask me for a person or call {lines}."
    )
    speech = (
        "I can't send letters or e-mails from here. Decisions come by mail and are on your member "
        "website. For a copy, say person."
    )
    return Answer(
        text=text, speech=speech, kind="notice", intent="account_access", buttons=(PERSON,)
    )
