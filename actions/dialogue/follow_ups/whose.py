"""Whose it is that was told: "is that his claim or mine?", "is that me and not my twin?".

A record opens only to the one who proved who they are, by the ID on their card and their birth
date: a namesake or a twin has another ID.
"""

from __future__ import annotations

import re

from actions.answers.service import PERSON
from actions.dialogue.agenda import Item, relative
from actions.dialogue.follow_ups.people import spoken_of
from actions.dialogue.follow_ups.topics import SUMS, last_topic
from actions.dialogue.turn import Turn
from alliance.answer import Answer
from alliance.values import matches_name

_ANOTHER = (
    r"(?:him|her|his|hers|them|theirs|my (?:\w+ )?(?:twin|brother|sister|father|dad|mother|mom|son|"
    r"daughter|cousin|husband|wife|spouse)(?:'?s)?|(?:the |that |an)other (?:one|person|guy|member|"
    r"\w+)(?:'?s)?|some(?:one|body)(?: else)?'?s?|the wrong (?:one|person|\w+))"
)
_WHOSE = re.compile(
    r"(?:^|[.,;?!]|\b(?:and|so|but|ok|okay|well|wait|know|tell|wonder|sure))\W*"
    r"whose (?:is|was|are|were|claim|bill|one|record|plan)\b|"
    rf"\b(?:mine|(?:is|was|have|got|that'?s|it'?s) (?:\w+ )?me)\b.{{0,6}}\b(?:or|and not|not)\b"
    rf".{{0,6}}\b(?:{_ANOTHER}(?!\w)|[A-Z][a-z]+\b)|"
    rf"\b{_ANOTHER} (?:\w+ )?or (?:is it |was it )?mine\b|"
    r"\b(?:is|was|are) (?:that|this|it|these|those)(?: one)? (?:really |actually |definitely |for "
    r"sure )*(?:mine|me)\b|"
    # Not "will the doctor know it was me".
    r"\b(?<!he )(?<!they )(?<!doctor )(?<!office )(?<!husband )(?<!wife )(?<!people )"
    r"(?:sure|certain|know|positive)\b.{0,25}\b(?:it'?s|that'?s|this is|that is|have|got|it is|"
    r"they'?re|was) (?:really )?(?:mine|me)\b|"
    rf"\b(?:make|be|are you|you) (?:\w+ )?(?:sure|certain)\b.{{0,25}}\b(?:not|isn'?t) {_ANOTHER}"
    r"(?!\w)|"
    rf"\b(?:mix(?:ed|ing)?|confus(?:e|ed|ing)|mistak(?:e|en|ing)) (?:\w+ )?(?:up )?(?:with|for) "
    rf"{_ANOTHER}(?!\w)(?=\W*$)",
    re.IGNORECASE,
)
# "There are two of us with that name."
_SAME_NAME = re.compile(
    r"\b(?:two|both|three) of us\b|\b(?:same|share (?:a|the|that)|my|"
    r"that) (?:\w+ )?name\b.{0,12}\b(?:too|as "
    r"me|as well|also)?\b.{0,4}$|\b(?:an)?other (?:\w+ )?with (?:my|that|the same) name\b",
    re.IGNORECASE,
)
_THE_OTHER = re.compile(r"\bthe other (?P<name>[^\W\d_]+)", re.IGNORECASE)
_UNIT = re.compile(r"\b(?:family|everyone|everybody|all of us|both of us)\b", re.IGNORECASE)
_MOST_WORDS = 18
# "Sorry, I meant mine, not hers" asks for one's own.
_MINE_INSTEAD = re.compile(
    r"\W*(?:(?:no|sorry|wait|oops|oh|actually|but)\W+)*i (?:meant|mean|said|wanted|want)\W+"
    r"(?:mine|me|my own|myself)\b(?! or\b)",
    re.IGNORECASE,
)


# "OK he's 20, I get it. Mine from March then", after somebody else's stayed closed.
_THEN_MINE = re.compile(
    r"[.,;!]\W*(?:(?:ok(?:ay)?|so|then|and|just|only|well|fine|give me|show me|tell me)\W+)*"
    r"(?P<own>(?:mine|my own)\b[^.;!?]*)[.!?]*\W*$",
    re.IGNORECASE,
)


def wants_own_instead(text: str) -> bool:
    """Whether one's own is asked for in place of somebody else's: "sorry, I meant mine"."""
    return _MINE_INSTEAD.match(text) is not None


def then_own(text: str) -> str | None:
    """What somebody asks of their own at the end, after saying that they see why another's stays
    closed.
    """
    found = _THEN_MINE.search(text)
    return found["own"] if found else None


def whose(turn: Turn, item: Item) -> Answer | None:
    """Whose the last record is; None where it is not asked, or none was told yet."""
    member = turn.context.verified
    # "A claim of last August, whose is that?" asks for that claim.
    of_plans = item.intent == "coordination_of_benefits"
    # "Is mine 1500 or 3000?", "is that mine to pay?"
    of_money = item.intent in SUMS or item.aspect in ("cost", "share", "paying")
    own_matter = item.is_sure and (bool(item.named) or of_plans or of_money)
    if (
        turn.in_form
        or own_matter
        or _MINE_INSTEAD.match(item.text)
        or len(item.text.split()) > _MOST_WORDS
    ):
        return None
    other = _THE_OTHER.search(item.text)
    if member and other and matches_name(other["name"], member.person.first_name):
        text = (
            "I tell each person's records only to that person, and here I know only yours. They "
            "can ask me themselves."
        )
        return _told(text)
    if _UNIT.search(item.text) and any(said.get("intent") in SUMS for said in turn.memory.last):
        # "Just mine or the family's?": which of the two sums it is.
        return None
    unsure = item.band != "accept" or item.intent in ("inform", "alliance_question")
    if not (_WHOSE.search(item.text) or (unsure and _SAME_NAME.search(item.text))):
        return None
    if member is None:
        text = (
            "I can't tell by a name or a birthday alone: people share those. So I also ask "
            "for the number on the card, which is each person's own, before I show anything."
        )
        return _told(text)
    told = last_topic(turn)
    # A relative who is only mentioned beside one's own is not whose it is.
    mentioned = bool(told) and told[0].first("relation") != relative(told[0])
    person = spoken_of(turn, told[0]) if told and not mentioned else None
    if person is not None and not turn.memory.withheld:
        text = (
            f"What I told last is about {_called(person)}. "
            "What is yours I call \u201cyour claim\u201d or \u201cyour plan\u201d."
        )
        return _told(text)
    text = (
        "It's yours. I open only the record of the card whose number you proved, and nobody else "
        "has that number, whatever name or birthday you share."
    )
    return _told(text)


def _called(person: dict[str, str]) -> str:
    """ "Faye", or "your daughter"."""
    said = person["said"].lower().removeprefix("my ")
    return person["person"] if person["person"].istitle() else f"your {said}"


def _told(text: str) -> Answer:
    return Answer(text=text, speech=text, kind="notice", intent="repeat", buttons=(PERSON,))
