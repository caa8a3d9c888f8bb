"""What is asked on about doctors and places: "are they in my network?", "any women?"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.named_providers import DISTANCE
from actions.answers.opening import wanted_opening
from actions.answers.providers import FOR_CHILDREN
from actions.dialogue.agenda import ANEW, ASKED, Item
from actions.dialogue.context import recent, told_lately
from actions.dialogue.follow_ups.carrying_on import meant
from actions.dialogue.follow_ups.lists import of_list
from actions.dialogue.follow_ups.topics import (
    ABOUT_PROVIDERS,
    IT,
    MOST_WORDS,
    SEARCHES,
    SERVICES,
    is_short,
    told_last,
    topics_of,
)
from actions.dialogue.reading import entity_zip
from actions.dialogue.turn import Turn
from alliance.answer import Answer
from alliance.gazetteer import place

_PLACE_ASKED = re.compile(
    r"\b(?:where|address|phone|number|hours|open|call|fax|directions|how far|"
    r"(?:take|takes|taking|accept|accepts|accepting|see|sees) (?:any |on )?new|speaks?|languages?|"
    r"contact)\b",
    re.IGNORECASE,
)
_OF_MY_PLAN = re.compile(
    r"\b(?:is|are|do|does|will) (?:it|he|she|they|that one|this one)\b.{0,20}"
    r"\b(?:my )?(?:plan|network|insurance)\b",
    re.IGNORECASE,
)
_THE_NUMBER = re.compile(
    r"\W*(?:(?:and|ok(?:ay)?|so|please|can i|could i|can you|could you|may i|i need|i want)\W+)*"
    r"(?:(?:(?:give|get|have|tell|send)(?: me)? |what(?:'?s| is| are) )?(?:the(?:ir)?|its|his|her) "
    r"(?:(?:phone |telephone )?number|phone|address|hours|fax|opening hours|office hours)|"
    r"(?:when|what (?:time|days)|until when) (?:is|are|do|does) (?:it|they|he|she|the \w+) "
    r"(?:open|close|closed)|where (?:is|are) (?:it|that|they)(?: (?:at|located|exactly))?)"
    r"(?: (?:there|please|again|today|till))*\W*",
    re.IGNORECASE,
)
_HOW_FAR = re.compile(
    r"\W*(?:(?:and|ok(?:ay)?|so)\W+)*how (?:far|many miles|close)\b[^?]{0,30}\W*", re.IGNORECASE
)
_OF_ONE_PLAN = re.compile(
    r"\b(?:is|does|will) (?:it|he|she|that one|this one|that|the (?:first|closest|nearest) one)\b"
    r".{0,20}\b(?:plan|network|insurance)\b",
    re.IGNORECASE,
)
# What a search can be narrowed by (actions/answers/providers.py, facilities.py read it).
_WISH = re.compile(
    r"\b(?:wom[ae]n|females?|lad(?:y|ies)|men|man|males?|speaks?|speaking|spanish|new patients?|"
    r"accept(?:s|ing)? new|taking new|wheelchair|open (?:now|late(?:st|r)?|today|tomorrow|"
    r"at night|on \w+|24)|weekends?|saturdays?|sundays?|evenings?|24 hours?|within \d+ miles?)\b",
    re.IGNORECASE,
)
_DRUG_STORE = re.compile(r"\b(?:pharmac\w+|drug ?stores?|chemists?)\b", re.IGNORECASE)
# Between the words of a search and what it was narrowed by.
_JOINT = ", "
# "A lady doctor would be nice" after a list: a wish, and no other kind of doctor.
_HER_OR_HIM = re.compile(r"\b(?:lady|woman|female|man|male) (?:doctor|dr)\b", re.IGNORECASE)
# "What about for kids?" after dentists: the kind of doctor that sees children.
_FOR_CHILDREN = re.compile(
    r"\b(?:for|sees?|treats?|takes?|good with|works? with)\b.{0,20}\b(?:kids?|child(?:ren)?|"
    r"bab(?:y|ies)|toddlers?|infants?|newborns?|sons?|daughters?|teens?|teenagers?)\b|"
    r"^\W*(?:and|or|what about|how about)\W+(?:my )?(?:kids?|child(?:ren)?|sons?|daughters?)\W*$",
    re.IGNORECASE,
)
# For who wants another primary care doctor and names none.
_PRIMARY = "primary_care"
_KIND_OF_DOCTOR = {
    "dental_benefits": "dentistry",
    "vision_benefits": "optometry",
    "behavioral_health": "therapy",
    "change_pcp": _PRIMARY,
    "maternity_program": "obgyn",
}
# Who gives a kind of care that is talked about, where no place alone does.
_GIVEN_BY = {
    "acupuncture_care": "acupuncture",
    "braces": "orthodontics",
    "chiropractic_care": "chiropractic",
    "colonoscopy": "gastroenterology",
    "counseling": "therapy",
    "crown": "dentistry",
    "dental_cleaning": "dentistry",
    "eye_exam": "optometry",
    "filling": "dentistry",
    "glasses": "optometry",
    "hearing_aids": "audiology",
    "hearing_test": "audiology",
    "maternity_care": "obgyn",
    "nutrition_counseling": "nutrition",
    "root_canal": "dentistry",
}
_AT_A_PHARMACY = frozenset({"vaccines", "covid_test"})
_WHERE_DONE = re.compile(r"\bwhere\b|\bwho (?:does|gives|sells|has|makes|can)\b", re.IGNORECASE)
_A_DOCTOR = re.compile(r"\b(?:doctors?|dr|physicians?|specialists?)\b", re.IGNORECASE)
_NEAR = re.compile(
    r"\b(?:close to|near|nearby|around|not far from|walking distance|in my (?:area|town)|somebody "
    r"(?:else|new)|someone (?:else|new))\b",
    re.IGNORECASE,
)
_ONE_NEARBY = re.compile(
    r"\b(?:one|ones|it|that|this|they|there)\b.{0,20}\b(?:near\w*|clos\w+|around)\b|"
    r"\b(?:nearest|closest)\b",
    re.IGNORECASE,
)
# "Do any of those speak Spanish?", after one of them was told: the whole list is meant.
_OF_THEM = re.compile(r"\b(?:any|which|some|all|one|who)\b.{0,8}\b(?:those|them|these)\b", re.I)
_SAME_THERE = re.compile(
    r"\b(?:same|again|there|closer|near(?:er)?|instead|look|search|find|try)\b", re.IGNORECASE
)
# What is asked of a doctor or a place by name.
_BY_NAME = ("provider_details", "check_network")
_ONE_IN = re.compile(
    r"\b(?:ones?|any|anybody|anyone|somebody|someone)\b.{0,12}\b(?:in|near|around|by|close\w* to)",
    re.IGNORECASE,
)
_MUST_BE = re.compile(r"\b(?:ha(?:ve|s) to|needs? to|must|got to)\b", re.IGNORECASE)
# "No, in Massachusetts I mean"
_A_STATE = 6
_YOUR_HOURS = re.compile(r"\b(?:you|your|customer|member|phone lines?)\b", re.IGNORECASE)


def of_places(turn: Turn, item: Item, topics: list[Item], today: date) -> Item | None:
    """ "Are they in my network?", "what's their number?", "any women?", "and for kids?"."""
    return (
        _of_provider(turn, item, topics[0])
        or narrowed(turn, item, topics, today)
        or _for_children(item, topics, today)
        or _for_pcp(item, [*topics, *recent(turn)])
        or _same_town(item, topics)
        or _elsewhere(turn, item, topics, today)
        or _where_it_is_done(item, topics[0], today)
        or _of_their_kind(turn, item, today)
    )


def _for_pcp(item: Item, topics: list[Item]) -> Item | None:
    """ "A woman close to me" where another primary care doctor is to be chosen: who there is."""
    topic = next((each for each in topics if each.intent == "change_pcp"), None)
    if topic is None or len(item.text.split()) > MOST_WORDS:
        return None
    wishes = _WISH.search(item.text) or _NEAR.search(item.text) or entity_zip(item.entities)
    unsure = item.band != "accept" or item.intent in ("inform", topic.intent)
    searches = item.intent == "find_provider" or (unsure and wishes and topic is topics[0])
    named = {"provider", "specialty", "facility", "service", "drug"}
    if not searches or named & {entity["entity"] for entity in item.entities}:
        return None
    specialty = {"entity": "specialty", "value": _PRIMARY, "said": item.text, "start": 0}
    return Item("find_provider", item.text, (*item.entities, specialty))


def _of_provider(turn: Turn, item: Item, topic: Item) -> Item | None:
    asks_number = _THE_NUMBER.fullmatch(item.text) and not item.first("partner")
    if topic.intent == "change_pcp" and asks_number:
        if "provider" not in turn.memory.subject:
            return Item(topic.intent, topic.text, topic.entities, topic.told)
        on_file = {"provider": turn.memory.subject["provider"], ASKED: "phone"}
        return Item("provider_details", item.text, (), on_file)
    if topic.intent in ABOUT_PROVIDERS and _HOW_FAR.fullmatch(item.text):
        return _how_far(turn, item)
    about_one = topic.intent in SEARCHES or item.intent in ("check_network", "provider_details")
    closest = nearest(turn) if about_one else None
    if closest and is_short(item) and "provider" not in turn.memory.subject:
        if asks_number:
            return Item("provider_details", item.text, (), closest)
        if _OF_ONE_PLAN.search(item.text) and not item.first("provider"):
            return Item("check_network", item.text, (), closest)
    if "provider" not in turn.memory.subject or not is_short(item):
        return None
    provider = _one_told(turn)
    if topic.intent in ABOUT_PROVIDERS:
        if _OF_MY_PLAN.search(item.text) and not item.first("provider"):
            return Item("check_network", item.text, (), provider)
        if asks_number:
            return Item("provider_details", item.text, (), provider)
    # "Someone in 12207 that takes new patients" is looked for.
    searches = item.is_sure and item.intent in SEARCHES and entity_zip(item.entities)
    if searches:
        return None
    if IT.search(item.text) and _PLACE_ASKED.search(item.text) and not item.first("provider"):
        return Item("provider_details", item.text, (), provider)
    return None


def _one_told(turn: Turn) -> dict[str, Any]:
    """The doctor or place that was told last, at the address that was told of it."""
    subject = turn.memory.subject
    return {need: subject[need] for need in ("provider", "at", "location") if need in subject}


def _how_far(turn: Turn, item: Item) -> Item | None:
    """ "How far is it?": of the one that was told, else the nearest of the list; from a place that
    is named, else from where was searched.
    """
    one = _one_told(turn) if "provider" in turn.memory.subject else nearest(turn)
    if one is None:
        return (
            _from_its_start(Item.from_json(turn.memory.searched)) if turn.memory.searched else None
        )
    there = entity_zip(item.entities)
    told = {**one, ASKED: DISTANCE, **({"location": there} if there else {})}
    return Item("provider_details", item.text, (), told)


def asks_of_network(turn: Turn, item: Item) -> bool:
    """Whether it is asked of a list of doctors or places which of them the own plan counts in:
    nobody can say before it is known whose plan it is.
    """
    topics = topics_of(turn)
    return (
        turn.context.verified is None
        and bool(topics)
        and topics[0].intent in SEARCHES
        and item.asks_for("takes_plan")
        # "Does it have to be in my network?" asks for the rule.
        and not _MUST_BE.search(item.text)
        and not item.first("partner")
        # "Does the second one take it?" asks of that one.
        and of_list(turn, item) is None
    )


def last_search(turn: Turn) -> Item:
    """The search that was told last, from its beginning."""
    return _from_its_start(topics_of(turn)[0])


def _from_its_start(searched: Item) -> Item:
    told = {need: value for need, value in searched.told.items() if need != "start"}
    return replace(searched, told=told)


def nearest(turn: Turn) -> dict[str, Any] | None:
    """The first of the doctors or places that were listed last: of one that is not named, it is
    the one most likely meant, and the answer says its name.
    """
    items = turn.memory.listed["items"] if turn.memory.listed else []
    return dict(items[0]) if items and "provider" in items[0] else None


def _for_children(item: Item, topics: list[Item], today: date) -> Item | None:
    """The last search for doctors, for a child."""
    if len(item.text.split()) > MOST_WORDS or not _FOR_CHILDREN.search(item.text):
        return None
    searched = next((topic for topic in topics if topic.intent == "find_provider"), None)
    kind = searched.said("specialty", today) if searched else None
    if searched is None or kind not in FOR_CHILDREN or item.first("specialty"):
        return None
    told = {need: value for need, value in searched.told.items() if need != "start"}
    kept = tuple(e for e in searched.entities if e["entity"] != "specialty")
    specialty = {"entity": "specialty", "value": FOR_CHILDREN[kind], "said": item.text, "start": 0}
    return Item(
        searched.intent,
        searched.text,
        (specialty, *item.entities, *kept),
        {need: value for need, value in told.items() if need != "specialty"},
    )


def _where_it_is_done(item: Item, topic: Item, today: date) -> Item | None:
    """ "Is there one near me?" after what a kind of care costs: a place for it."""
    near = _ONE_NEARBY.search(item.text) and len(item.text.split()) <= MOST_WORDS
    other = item.is_sure and item.intent not in SEARCHES
    if topic.intent not in SERVICES or not near or other or item.named - {"zip", "place"}:
        return None
    for need, intent in (("facility_type", "find_facility"), ("specialty", "find_provider")):
        if topic.said(need, today) is not None:
            return Item(intent, item.text, (*item.entities, *topic.entities))
    return None


def which_of_them(turn: Turn, item: Item) -> Answer | None:
    """ "Where is his office?" while several of that name were told, and none was picked."""
    listed = turn.memory.listed
    of_a_name = listed is not None and listed["topic"]["intent"] in _BY_NAME
    if listed is None or not of_a_name or len(listed["items"]) == 1:
        return None
    asks = IT.search(item.text) and (_PLACE_ASKED.search(item.text) or item.intent in _BY_NAME)
    if not asks or "provider" in turn.memory.subject or item.first("provider"):
        return None
    text = "Which one of them do you mean? Say its number in the list, or the town."
    return Answer(text=text, speech=text, kind="question", intent="provider_details")


def _same_town(item: Item, topics: list[Item]) -> Item | None:
    """ "Massachusetts", after a town of that name was looked at in another state."""
    said = item.first("place")
    searched = next((topic for topic in topics if topic.intent in SEARCHES), None)
    before = searched.first("place") if searched else None
    few = len(item.text.split()) <= _A_STATE
    if not (few and isinstance(said, dict) and isinstance(before, dict)) or said.get("zip"):
        return None
    town = place(str(before.get("city", "")), said.get("state"))
    if searched is None or town is None or town.zip == before.get("zip"):
        return None
    told = {n: v for n, v in searched.told.items() if n not in ("start", "location")}
    return Item(searched.intent, searched.text, searched.entities, {**told, "location": town.zip})


def one_elsewhere(turn: Turn, item: Item, topics: list[Item], today: date) -> Item | None:
    """ "Is there one in Buffalo?" of the doctors or places that were looked for."""
    searched = turn.memory.searched is not None and bool(topics)
    if not searched or topics[0].intent not in ABOUT_PROVIDERS or not _ONE_IN.search(item.text):
        return None
    return _elsewhere(turn, replace(item, band="confirm"), topics, today)


def _elsewhere(turn: Turn, item: Item, topics: list[Item], today: date) -> Item | None:
    """ "No, I live in Rochester now", "find one near 02139": what was wanted before, there."""
    if len(item.text.split()) > MOST_WORDS or entity_zip(item.entities) is None:
        return None
    unsure = item.band != "accept" or item.intent in ("inform", "deny", "out_of_scope")
    # "We live in 12207 now, same thing there" asks for no change of an address.
    moved = item.intent == "update_contact" and topics[0].intent in ABOUT_PROVIDERS
    unsure = unsure or (moved and _SAME_THERE.search(item.text) is not None)
    if item.intent not in SEARCHES and not unsure:
        return None
    if any(item.said(need, today) is not None for need in ("specialty", "facility_type")):
        return None
    searched = next((topic for topic in topics if topic.intent in SEARCHES), None)
    # "Which one is closest to 12208?" of doctors that were listed.
    of_those = _ONE_NEARBY.search(item.text) is not None
    if searched and (unsure or of_those or item.intent == searched.intent):
        kept = tuple(e for e in searched.entities if e["entity"] not in ("zip", "place"))
        told = {n: v for n, v in searched.told.items() if n not in ("start", "location")}
        return Item(searched.intent, searched.text, (*meant(turn, item), *kept), told)
    of_mind = told_lately(turn, "behavioral_health") or any(
        topic.first("service") == "counseling" for topic in topics
    )
    if (item.intent == "find_provider" or (unsure and not turn.in_form)) and of_mind:
        # The answer about counseling asks for a ZIP code to look around.
        # Whoever was asked for there, such as a psychiatrist.
        asked_for = (e for t in topics if t.intent == "behavioral_health" for e in t.entities)
        counselor = next(
            (e for e in asked_for if e["entity"] == "specialty"),
            {"entity": "specialty", "value": "therapy", "said": "counselor", "start": 0},
        )
        found = replace(item, intent="find_provider", band="accept")
        return replace(found, entities=(*item.entities, counselor))
    before = (topic for topic in recent(turn) if topic.first("specialty"))
    wanted = next(before, None) if item.intent == "find_provider" else None
    if wanted is None:
        return None
    kind = tuple(e for e in wanted.entities if e["entity"] == "specialty")
    return replace(item, entities=(*item.entities, *kind))


def _of_their_kind(turn: Turn, item: Item, today: date) -> Item | None:
    """ "Find me one near 12305" after teeth, "where do I get them near 14424" after hearing aids:
    the kind of doctor or place that the topic is of.
    """
    topic = next(iter(recent(turn)), None)
    named = any(item.said(need, today) for need in ("specialty", "service", "provider"))
    searches = item.intent in ("find_provider", "find_facility") and not item.first("facility")
    if topic is None or not searches or named or _A_DOCTOR.search(item.text):
        return None
    care = (topic.told.get("service") or {}).get("key") or topic.first("service")
    if topic.intent in SERVICES and topic.said("facility_type", today) is not None:
        return Item("find_facility", item.text, (*item.entities, *topic.entities))
    kind = _KIND_OF_DOCTOR.get(topic.intent) or _GIVEN_BY.get(str(care))
    if kind is None:
        return None
    specialty = {"entity": "specialty", "value": kind, "said": item.text, "start": 0}
    return replace(item, intent="find_provider", entities=(*item.entities, specialty))


def where_given(turn: Turn, item: Item, today: date) -> Item | None:
    """ "Where can I have it done?" after what care costs: a place for it, and no rule of places."""
    topic = next(iter(recent(turn)), None)
    seeks = item.is_sure and item.intent in SEARCHES and _WHERE_DONE.search(item.text)
    if topic is None or topic.intent not in SERVICES or not seeks:
        return None
    if item.named - {"zip", "place", "date"}:
        return None
    care = (topic.told.get("service") or {}).get("key") or topic.first("service")
    if care in _AT_A_PHARMACY:
        return replace(item, intent="find_pharmacy")
    doctor = replace(item, intent="find_provider")
    return _of_their_kind(turn, doctor, today)


def _names_place(item: Item, searched: Item) -> bool:
    """Whether another kind of place than the one that was looked for is named: "a pharmacy near
    12601 that is open late?" after doctors.
    """
    other = item.is_sure and item.intent in SEARCHES and item.intent != searched.intent
    return other and (item.first("facility") is not None or bool(_DRUG_STORE.search(item.text)))


def narrowed(turn: Turn, item: Item, topics: list[Item], today: date) -> Item | None:
    """ "Any women?", "who speaks Spanish?", "open on Saturday": the last search, and that."""
    if len(item.text.split()) > MOST_WORDS or not _WISH.search(item.text):
        return None
    searched = next((topic for topic in topics if topic.intent in SEARCHES), None)
    other_kind = item.first("specialty") and not _HER_OR_HIM.search(item.text)
    if searched is None or other_kind or item.first("provider") or _names_place(item, searched):
        return None
    listed = topics[0].intent in ABOUT_PROVIDERS or told_last(turn) in ABOUT_PROVIDERS
    about_them = listed and not _YOUR_HOURS.search(item.text)
    if item.intent == "contact_info" and not about_them:
        # The company's own hours.
        return None
    # "Is she taking new patients?" of a list of which none was picked asks for those who are.
    one_meant = IT.search(item.text) and not _OF_THEM.search(item.text)
    points_at_one = one_meant and "provider" in turn.memory.subject
    if points_at_one or {e["entity"] for e in item.entities} & {"claim_number", "drug"}:
        return None
    places = {"zip", "place"} & {e["entity"] for e in item.entities}
    kept = [e for e in searched.entities if not (places and e["entity"] in ("zip", "place"))]
    added = [e for e in item.entities if e["entity"] != "specialty"]
    told = {
        n: v for n, v in searched.told.items() if n != "start" and not (places and n == "location")
    }
    before = searched.text
    if wanted_opening(item.text, today):
        # "What about Sunday?" after "are they open now?": Sunday alone.
        clauses = before.split(_JOINT)
        before = _JOINT.join(
            each for n, each in enumerate(clauses) if not n or not wanted_opening(each, today)
        )
    told = {**told, ANEW: True}
    return Item(searched.intent, f"{before}{_JOINT}{item.text}", (*added, *kept), told)
