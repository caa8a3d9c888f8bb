""" "More", "the second one": of the list that was told last."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.general import detail
from actions.answers.listings import ADDRESSES
from actions.answers.service import PERSON
from actions.answers.talk import talk
from actions.answers.topics import NEEDS
from actions.dialogue.agenda import Item
from actions.dialogue.choosing import takes_all
from actions.dialogue.context import asked_of, recent
from actions.dialogue.follow_ups.topics import CLAIMS, IT, RECORDS
from actions.dialogue.needs import asks
from actions.dialogue.reading import is_one_name
from actions.dialogue.turn import Turn
from alliance.answer import Answer
from alliance.aspects import names_no_matter

_MORE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|yes|and|please|can you|could you|i want|i need)\W+)*"
    r"(?:(?:show|give|tell|say|read|list|see|hear|got|have|are there|any|do you have)\W+)*"
    r"(?:me\W+|us\W+)?(?:some|any|a few|the)?\W*"
    r"(?:more(?: options| results| of them| doctors| claims| names| places| choices)?|"
    r"next(?: ones?| page| few| three| five)?|others?|the rest|different ones?|más|"
    r"other (?:ones|options|doctors|choices|claims|places)|keep going|go on|continue|"
    r"anyone else|anybody else|what else is there)(?:\W+(?:please|then|there))*\W*",
    re.IGNORECASE,
)
_NUMBERS = {
    **{word: n for n, word in enumerate(("first", "second", "third", "fourth", "fifth"), 1)},
    **{word: n for n, word in enumerate(("1st", "2nd", "3rd", "4th", "5th"), 1)},
    **{word: n for n, word in enumerate(("one", "two", "three", "four", "five"), 1)},
    **{str(n): n for n in range(1, 10)},
    **{"closest": 1, "nearest": 1, "last": -1},
}
_BY_DISTANCE = frozenset({"closest", "nearest"})
_ORDINAL = r"first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th"
_THING = r"ones?|doctor|provider|claim|place|name|option|hospital|pharmacy|office|result"
_PICKED = re.compile(
    rf"\b(?:the |that )?(?P<a>{_ORDINAL}|last) (?:{_THING})\b|"
    rf"\b(?:of|for|from|to|at|on) the (?P<e>{_ORDINAL}|last|closest|nearest)(?:'s| one)?"
    rf"(?: please| then| again)*\W*$|"
    rf"^\W*(?:(?:and|so|ok(?:ay)?)\W+)*the (?P<g>{_ORDINAL}|last)\s*[,:;-]|"
    rf"\bthe (?P<f>{_ORDINAL}|last)(?: (?:one )?of (?:the|those|these|them)\b|'s\b)|"
    rf"\bthe (?P<h>{_ORDINAL}|last)(?=\W*$|\s*[,;?]| (?:open|close|take|accept|have|has|speak|"
    r"deliver|do|does|is|see|treat)\b)|"
    r"(?:\bnumber|\boption|\bno\.|#) ?(?P<b>[1-9]|one|two|three|four|five)\b|"
    r"^\W*(?:(?:and|so|ok(?:ay)?)\W+)*(?:(?:which|who|what)(?: one| of them| of those)?"
    r"(?:'?s| is| are)\W+)?(?:the )?(?P<d>closest|nearest)(?: (?:one|doctor|provider|place|"
    r"hospital|pharmacy|office))?(?: (?:to|for) me| to my (?:house|home))?(?: please)?\W*$|"
    rf"^\W*(?:(?:and|what about|how about|ok|yes|i'?ll take|i want|give me|tell me(?: more)? about|"
    rf"more about|let'?s do|try)\W+)*(?:the )?(?P<c>{_ORDINAL}|[1-9])(?: please)?\W*$",
    re.IGNORECASE,
)
_ORDINAL_ALONE = re.compile(
    rf"\W*(?:the )?(?:(?:{_ORDINAL}|last) ones?|(?:number|option) [1-9])\W*", re.IGNORECASE
)
# "What was the first one for?": the care, which a claim's state does not tell.
_CARE_ASKED = re.compile(
    r"\b(?:what|which|who|whose|where)\b.*\b(?:for|doctor|provider|with|visit|office)\b",
    re.IGNORECASE,
)

_TAKES = re.compile(
    r"\b(?:can|could|may) (?:i|we|you) (?:have|get|take|pick|choose|switch|put|make|change)\b|"
    r"\bi'?(?:ll|d| will| would)? ?(?:take|have|want|like|choose|pick|prefer|go with)\b|"
    r"\b(?:looks|sounds|is|would be) (?:good|fine|great|nice|perfect)\b|"
    r"\b(?:switch|change|put|make|sign)\b",
    re.IGNORECASE,
)
_OF_ONE = frozenset({"provider_details", "check_network"})
_BESIDE = re.compile(
    r"\W*(?:(?:no|ok(?:ay)?|and|then|not that|not this|not|sorry|i mean|i meant|what about|"
    r"how about|that one|"
    r"what(?:'?s| is| was)?|show|give|tell|me|see|about)\W+)*"
    r"(?:the )?(?:(?:one |(?P<visit>visit|claim|bill|appointment) )?"
    r"(?:(?P<next>after|below|following|next)|before|above|previous|prior))"
    r"(?: (?:that|this|it|one|after|before|to|doctor|"
    r"(?P<claim>visit|claim|bill|appointment)))*(?: please)?\W*",
    re.IGNORECASE,
)
_BESIDE_IT = re.compile(
    r"\b(?:the|my|that) (?:one|claim|visit|bill) (?:right |just )?"
    r"(?:(?P<next>after|following)|before|prior to|previous to) (?:that|this|it)\b",
    re.IGNORECASE,
)
_MOST_BESIDE = 12
# "Is that all of them?": the same list, of the same person, with how many there are.
_IS_ALL = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|then)\W+)*(?:is|are|was|were) (?:that|this|it|those|these|they)"
    r"(?: really)? (?:all|everything|every one|the (?:whole|full|complete) list)"
    r"(?: (?:of )?(?:them|it|those|these|of them|there (?:is|are)|the claims|you have))*\W*",
    re.IGNORECASE,
)
# "The other one, further away", after one of the list was told.
_OTHER = re.compile(
    r"\W*(?:(?:no|not that|sorry|oh|wait|i meant?|what about|how about|and|the one)\W+)*"
    r"the other (?:one|doctor|place|claim|office)(?:\W+(?:(?:please|then|the|one|that'?s|is|which|"
    r"further|farther|away|i mean|instead)\W*)+)?\W*",
    re.IGNORECASE,
)
# "Where are they?", "what are the addresses?"
_WHERE_THEY_ARE = re.compile(
    r"\W*(?:(?:and|ok(?:ay)?|so|please|can|could|may|you|i|give|tell|read|have|get|me)\W+)*"
    r"(?:(?:what(?:'?s| are)? )?(?:the(?:ir)?|all) addresses|where are (?:they|those|these|all of "
    r"(?:them|those)))(?:\W+(?:of|for|them|those|these|all|please|located|at|exactly))*\W*",
    re.IGNORECASE,
)
_AT_A_PLACE = re.compile(
    rf"\b(?:the|that) (?:{_THING}|clinic|practice) (?:over )?(?:on|at|in|off|near|by|from) "
    r"(?P<at>.+)|\b(?:the|that) (?P<before>[\w .']{3,30}?) (?:one|office|location)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z0-9]+")
# What every address has, and no one is told apart by.
_STREET = frozenset(
    {
        "street", "st", "avenue", "ave", "road", "rd", "drive", "dr", "lane", "ln", "court",
        "boulevard", "blvd", "north", "south", "east", "west", "n", "s", "e", "w", "the", "please",
    }
)  # fmt: skip
# So near it has to be, where the words pick one of a list.
_NEAR = 0.55
# What a directory lists of each.
_IN_DIRECTORIES = ("phone", "address", "hours", "accepting", "takes_plan", "nearer")
# As many as are answered at once.
_FEW = (2, 3)
_MOST_OF_A_PLACE = 6
# A first name and a family's.
_FULL_NAME = 2


def of_list(turn: Turn, item: Item, today: date | None = None) -> Item | Answer | None:
    """ "More", "the second one": of the list that was told last, or of what was too long to be
    heard at once; None where the words pick nothing.
    """
    listed = turn.memory.listed
    if not listed and _ORDINAL_ALONE.fullmatch(item.text):
        return talk("unclear")
    learnt = item.asks_for("more") and names_no_matter(item.text)
    wants_more = learnt or _MORE.fullmatch(item.text)
    if turn.memory.rest and wants_more:
        return Item.from_json(turn.memory.rest).tell("start", 1)
    if beside := _BESIDE.fullmatch(item.text):
        if claim := _in_time(turn, item, beside):
            return claim
        if listed and (step := _step(turn, item, listed, beside)) is not None:
            return step
    if claim := _beside_it(turn, item):
        return claim
    if listed and _OTHER.fullmatch(item.text) and (other := _other(turn, item, listed)):
        return other
    if listed and _IS_ALL.fullmatch(item.text):
        # With how many there are: those that were not told yet, or all once more.
        left = listed["seen"] < len(listed["items"])
        return _more(listed) if left else Item.from_json(listed["topic"])
    if listed and "provider" in listed["items"][0] and _WHERE_THEY_ARE.fullmatch(item.text):
        again = Item.from_json(listed["topic"])
        return again.tell("start", listed.get("from", 0)).tell("chosen", ADDRESSES)
    if listed and (there := _at_a_place(item, listed)):
        return there
    if listed and (of_name := _of_that_name(item, listed)):
        return of_name
    if listed and (fuller := _by_full_name(item, listed)):
        return fuller
    if listed and (picked := _PICKED.search(item.text)):
        if today and (of_them := _of_the_kind(turn, item, listed, today)):
            return of_them
        chosen = _pick(item, listed, picked)
        return _as_own_doctor(turn, item, chosen)
    if listed and wants_more:
        return _more(listed)
    return None


def _of_the_kind(turn: Turn, item: Item, listed: Mapping[str, Any], today: date) -> Item | None:
    """ "Does the first one deliver?": what an entry tells of all such places, and no directory."""
    about = "provider" in listed["items"][0] and asks(item.text)
    if not about or item.asks_for(*_IN_DIRECTORIES):
        return None
    topic = Item.from_json(listed["topic"])
    entry = detail(topic.intent, item.near(surely=True), turn.partners, today)
    return asked_of(topic, item, entry[1]) if entry and entry[0] >= _NEAR else None


def _more(listed: Mapping[str, Any]) -> Item | Answer:
    if listed["seen"] < len(listed["items"]):
        return Item.from_json(listed["topic"]).tell("start", listed["seen"])
    text = "That was the whole list. You can ask about one of them, or name another place or date."
    return Answer(text=text, speech=text, kind="notice", intent="repeat", buttons=(PERSON,))


def _pick(item: Item, listed: Mapping[str, Any], picked: re.Match[str]) -> Item | Answer:
    word = next(group for group in picked.groups() if group).lower()
    number, items = _NUMBERS[word], listed["items"]
    if word not in _BY_DISTANCE:
        number = _of_the_page(number, listed)
    if number > len(items):
        count = len(items)
        text = f"There {'is only one' if count == 1 else f'are only {count}'} in that list."
        return Answer(text=text, speech=text, kind="notice", intent="repeat", buttons=(PERSON,))
    told = items[number - 1]
    need = next(iter(told), "")
    bare = picked.group().strip() == item.text.strip(" .?!,")
    intent = listed["intent"]
    if intent in RECORDS and item.intent != "appeal":
        # Whatever it sounds like, it is asked of that record.
        return Item(intent, item.text, (), dict(told))
    if need == "claim" and _CARE_ASKED.search(item.text):
        return Item("explain_eob", item.text, (), dict(told))
    if item.intent == "referral_question" and item.band == "accept":
        # Whether a doctor of the list needs one: by the kind that was searched for.
        return Item(item.intent, item.text, Item.from_json(listed["topic"]).entities)
    if not bare and need in NEEDS.get(item.intent, ()) and item.band == "accept":
        intent = item.intent
    elif not bare and need == "provider" and re.search(r"\bnetwork|my plan\b", item.text, re.I):
        intent = "check_network"
    return Item(intent, item.text, (), dict(told))


def _as_own_doctor(turn: Turn, item: Item, chosen: Item | Answer) -> Item | Answer:
    """ "The second one looks good, can I have her?", where another primary care doctor is to be
    chosen.
    """
    wanted = any(each.intent == "change_pcp" for each in recent(turn)) and _TAKES.search(item.text)
    if not wanted or isinstance(chosen, Answer) or "provider" not in chosen.told:
        return chosen
    return replace(chosen, intent="change_pcp")


def as_own_doctor(turn: Turn, item: Item) -> Item | None:
    """ "Can you make her my doctor?", of the one who was told last: to be chosen."""
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else None
    if turn.in_form or topic is None or topic.intent not in _OF_ONE:
        return None
    one = topic.told.get("provider") or turn.memory.subject.get("provider")
    sure = item.is_sure and item.intent == "change_pcp"
    takes = IT.search(item.text) and _TAKES.search(item.text)
    if not (one and sure and takes) or item.named - {"specialty"}:
        return None
    return Item("change_pcp", item.text, (), {"provider": one})


def _at_a_place(item: Item, listed: Mapping[str, Any]) -> Item | Answer | None:
    """ "The one on Main Street", "the Troy one": the nearest of the list that is there."""
    found = _AT_A_PLACE.search(item.text)
    if found is None or "at" not in listed["items"][0]:
        return None
    meant = set(_WORD.findall((found["at"] or found["before"]).lower())) - _STREET
    for told in listed["items"]:
        if meant and meant <= set(_WORD.findall(told["at"].lower())):
            return Item(listed["intent"], item.text, (), dict(told))
    if found["at"] is None or item.is_sure:
        return None
    text = "None of that list is there. You can pick one by its number, or name another place."
    return Answer(text=text, speech=text, kind="notice", intent="repeat", buttons=(PERSON,))


def _of_that_name(item: Item, listed: Mapping[str, Any]) -> Item | None:
    """ "Albany", "yes, the one in Albany", of several of one name: that one there."""
    names = {str(told.get("provider", {}).get("said")) for told in listed["items"]}
    places = [each for each in item.entities if each["entity"] in ("place", "zip")]
    if len(names) > 1 or len(listed["items"]) < _FEW[0] or not places:
        return None
    if len(item.text.split()) > _MOST_OF_A_PLACE:
        return None
    said = set(_WORD.findall(" ".join(str(each.get("said", "")) for each in places).lower()))
    for told in listed["items"]:
        if said and said <= set(_WORD.findall(str(told.get("at", "")).lower())):
            return Item(listed["intent"], item.text, (), dict(told))
    return None


def _by_full_name(item: Item, listed: Mapping[str, Any]) -> Item | None:
    """ "Samuel Notreal", of more of that name than were told: the one with it in full."""
    said = [str(told.get("provider", {}).get("said")) for told in listed["items"]]
    family = {name.rpartition(" ")[2].lower() for name in said}
    words = _WORD.findall(item.text.lower())
    whole = len(words) == _FULL_NAME and words[-1] in family and item.intent == "inform"
    if len(family) > 1 or len(said) < _FEW[0] or not whole or not is_one_name(words[0]):
        return None
    provider = {"said": item.text.strip(" .!?"), "key": None, "kind": "provider"}
    return Item(listed["intent"], item.text, (), {"provider": provider})


def _of_the_page(number: int, listed: Mapping[str, Any]) -> int:
    """The place in the whole list: "the second one" after "more" is the second of those that were
    said last, and "the last one" the last of them.
    """
    before, seen = listed.get("from", 0), min(listed["seen"], len(listed["items"]))
    if number < 0:
        return int(seen)
    return int(before + number if before + number <= seen else number)


def _in_time(turn: Turn, item: Item, found: re.Match[str]) -> Item | None:
    """ "And the visit before that?": the next claim in time, after one that was told."""
    claim = turn.memory.subject.get("claim", {}).get("number")
    several = turn.memory.listed is not None and len(turn.memory.listed["items"]) > 1
    if claim is None or (several and not (found["visit"] or found["claim"])):
        return None
    person = {n: v for n, v in turn.memory.subject.items() if n == "person"}
    wanted = {"newer" if found["next"] else "older": claim}
    return Item("claim_status", item.text, (), {**person, "claim": wanted})


def _beside_it(turn: Turn, item: Item) -> Item | None:
    """ "And the one before it, was that paid?" after one claim: the next in time."""
    found = _BESIDE_IT.search(item.text)
    topic = turn.memory.topic["intent"] if turn.memory.topic else None
    listed = turn.memory.listed
    several = listed is not None and len(listed["items"]) > 1 and listed["intent"] in CLAIMS
    claim = turn.memory.subject.get("claim", {}).get("number")
    few = len(item.text.split()) <= _MOST_BESIDE
    if found is None or claim is None or several or topic not in CLAIMS or not few:
        return None
    person = {n: v for n, v in turn.memory.subject.items() if n == "person"}
    way = "newer" if found["next"] else "older"
    return Item("claim_status", item.text, (), {**person, "claim": {way: claim}})


def _step(
    turn: Turn, item: Item, listed: Mapping[str, Any], found: re.Match[str]
) -> Item | Answer | None:
    """ "The one before that", "the next one": beside the one that was picked last."""
    places = [at for at, told in enumerate(listed["items"]) if _is_subject(turn, told)]
    if not places:
        return None
    # Where the latest alone was told, the one before it is older, which a list tells after it.
    onward = found["next"] or listed["seen"] == 1
    place = places[0] + (1 if onward else -1)
    if 0 <= place < len(listed["items"]):
        return Item(listed["intent"], item.text, (), dict(listed["items"][place]))
    text = f"That was the {'last' if found['next'] else 'first'} one of the list."
    return Answer(text=text, speech=text, kind="notice", intent="repeat", buttons=(PERSON,))


def _other(turn: Turn, item: Item, listed: Mapping[str, Any]) -> Item | None:
    """The one of the list after the one that was told; after the last one, the one before it."""
    items = listed["items"]
    at = next((at for at, told in enumerate(items) if _is_subject(turn, told)), None)
    if at is None:
        return None
    place = at + 1 if at + 1 < len(items) else max(at - 1, 0)
    return Item(listed["intent"], item.text, (), dict(items[place]))


def _is_subject(turn: Turn, told: Mapping[str, Any]) -> bool:
    """Whether it is what was talked about last."""
    subject = turn.memory.subject
    return any(need in subject and subject[need] == value for need, value in told.items())


def all_of_list(turn: Turn, item: Item) -> list[Item]:
    """ "Both of them", after a few of which one was to be picked; empty where the list is longer
    than what is answered at once, or there is none.
    """
    listed = turn.memory.listed
    if not listed or not takes_all(item.text) or len(listed["items"]) not in _FEW:
        return []
    return [Item(listed["intent"], item.text, (), dict(told)) for told in listed["items"]]
