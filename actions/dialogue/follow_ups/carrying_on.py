"""The last question once more with something new in it: "and dental?", "no, the May one"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.people import of_somebody, somebody
from actions.dialogue.follow_ups.topics import (
    AGAIN,
    CLAIMS,
    MOST_WORDS,
    SEARCHES,
    SERVICES,
    wanted,
)
from actions.dialogue.reading import SELF, value_in
from actions.dialogue.turn import Turn

_CORRECTS = re.compile(
    r"^\W*(?:(?:oh|um+|uh+|hm+|well|hold on|hang on)\W+)*(?:no+|nope|nah|sorry|oops|wait|actually|"
    r"i meant|i mean|i said|make (?:it|that)|(?:it|that) should be|not that|not|correction|rather|"
    r"wrong|change (?:it|that) to|i was asking about|i'?m asking about)\b",
    re.IGNORECASE,
)
# The same in the middle of the words: "I gave you the wrong month, March it was".
_SLIP = re.compile(
    r"\b(?:my (?:bad|mistake|fault|error)|oops|whoops|i (?:meant|mean|misspoke|mistyped|mixed|"
    r"confused)|typo|correction|autocorrect\w*|scratch that|make (?:that|it)|"
    r"(?:told|gave|said|say|typed|put|wrote|had|got|used|picked|asked(?: for| about)?) "
    r"(?:you |it |that |her |his |him |in |down |my )*(?:the |a )?(?:\w+ )?wrong(?:ly)?|"
    r"i was (?:thinking|talking|asking) (?:of|about)|"
    r"(?:that|it|this)(?:'?s| is| was) (?:the )?wrong|(?:leave|keep) it (?:at|with)|"
    r"(?:it |that )?should (?:be|have been|say)|rather)\b",
    re.IGNORECASE,
)
_TELLS_OF_THEM = re.compile(
    r"\W*(?:(?:and|but|so|well|though)\W+)*(?:he|she|they|we)(?:'(?:s|re|ve)| is| are| was| "
    r"were| has| have| lives?| works?| stays?| goes| go| got| had)\b[^?]*$",
    re.IGNORECASE,
)
_I_DID = re.compile(
    r"\W*(?:(?:and|but|so|well|no)\W+)*(?:i|we)(?:'ve| have)? (?:already |just |even )*"
    r"(?:sent|gave|told|filed|called|mailed|faxed|submitted|signed|enrolled|filled|handed|asked|"
    r"worked|quit|left|lost|retired|resigned|"
    r"applied|turned)\b[^?]*$",
    re.IGNORECASE,
)
_OPPOSITES = {
    "add_dependent": (
        re.compile(r"\b(?:remov\w+|take off|drop\w*|off)\b", re.I),
        "remove_dependent",
    ),
    "remove_dependent": (re.compile(r"\b(?:add\w*|put on|enroll\w*)\b", re.I), "add_dependent"),
}
_NOT_THAT = re.compile(r"\b(?:not|instead of|rather than) (?:to )?\w+", re.IGNORECASE)
_NAME_INSTEAD = re.compile(
    r"\W*(?P<cue>(?:(?:no+|nope|sorry|oops|wait|actually|i meant?|i mean|it'?s|make it|rather|"
    r"let'?s do|"
    r"I'?d like|I want)\W+)*)(?-i:(?P<name>[A-Z][a-z'-]+(?: [A-Z]\.?)? [A-Z][a-z'-]+))"
    r"(?P<instead>(?:\W+(?:instead|rather|then|please))*)\W*",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:mine|my own|myself|for me|me|my)\b", re.IGNORECASE)
_MINE = re.compile(r"\b(?:mine|my own)\b", re.IGNORECASE)
_NOT_A = r"\b(?:not|instead of|rather than)(?: the| an?| my| in| near| for)?\s*"
_NOT_BEFORE = re.compile(rf"{_NOT_A}$", re.I)
# Words that add nothing to what a short message names.
_EMPTY = frozenset(
    word
    for line in (
        "an a the my our your his her their me i it it's its is was be that this one ones in at on",
        "of for from to near around by with about and but or so no not nope sorry oops wait what",
        "actually meant mean said how same thing question also then please instead ok okay yes",
        "well now try make should rather correction wrong change if look looking search find there",
        "thanks thank you only just im i'm asking oh um uh hang hold hmm hm maybe perhaps better",
        "er really actually best leave keep stick prefer guess think let's lets would could eh "
        "forget skip drop never mind alright fine "
        "closer nearer more like versus vs plus compared than case",
    )
    for word in line.split()
)
# What a kind of care is taken for that is named and nothing else.
_OF_CARE = SEARCHES | {"change_pcp", "referral_question", "behavioral_health", "nurse_line"}
_LOOKED_FOR = re.compile(r"\b(?:near\w*|around|close\w*|by me|look\w*|find|search\w*)\b", re.I)
# What else stands beside a slip, and names no other matter.
_SLIP_WORDS = frozenset(
    word
    for line in (
        "bad mistake fault error typo oops whoops correction autocorrect autocorrected scratch had",
        "gave told give said say typed typing put wrote got get used use picked misspoke mistyped",
        "mixed confused up date day month year name doctor doctor's dr one ones claim claims visit",
        "visits bill bills place town city zip code plan company person who which them they he she",
        "you'd i'd i've went go goes am did do does really right correct silly stupid dumb brain",
        "again misremembered forgot sorry apologies pardon excuse as asked before own mine myself",
        "hers theirs him",
    )
    for word in line.split()
)
# "Oh no wait I said that wrong I meant March".
MOST_CORRECTING_WORDS = 16
_KINDS = {
    "location": {"zip", "place"},
    "claim": {"claim_number", "date"},
    "service": {"service", "specialty", "facility"},
    "drug": {"drug"},
    "provider": {"provider"},
    "facility_type": {"facility", "service"},
    "specialty": {"specialty"},
    "person": {"relation"},
    "partner": {"partner"},
}


def carried_on(turn: Turn, item: Item, topic: Item, today: date) -> Item | None:
    """The topic again, with the new values of a message that has nothing else of its own."""
    slip = _SLIP.search(item.text) is not None
    corrects = slip or _CORRECTS.search(item.text) is not None
    if len(item.text.split()) > (MOST_CORRECTING_WORDS if corrects else MOST_WORDS):
        return None
    if topic.intent in SERVICES and item.intent in SEARCHES and _LOOKED_FOR.search(item.text):
        # "And is there a drugstore near 14604?" asks no price.
        return None
    if corrects and (own := one_s_own(topic, item)):
        return own
    if corrects and (other := _the_other_way(topic, item)):
        return other
    if doctor := _another_doctor(item, topic):
        told = {
            need: value for need, value in topic.told.items() if need not in ("start", "provider")
        }
        kept = tuple(each for each in topic.entities if each["entity"] != "provider")
        return Item(topic.intent, item.text, kept, {**told, "provider": doctor})
    if name := somebody(item, topic, turn):
        return of_somebody(topic, item, name, today)
    if tells_of_them(item.text) and not corrects:
        # "He lives with his mom" is no question about the mother.
        return None
    unsure = item.intent in ("inform", "deny", "affirm") or item.band != "accept"
    rest = [word for word in _rest(item) if not (slip and word in _SLIP_WORDS)]
    alone = names_care_alone(item, topic)
    if not unsure and not (AGAIN.search(item.text) or corrects or alone):
        return None
    entities = meant(turn, item)
    if not unsure and rest:
        return None
    if unsure and item.intent not in ("inform", topic.intent) and len(rest) > 2:
        return None
    if not _new_values(topic, item, entities, today):
        return None
    carried = with_values(topic, item, entities, today, topic.told)
    if _MINE.search(item.text) and "person" in wanted(topic.intent):
        # "Then tell me mine from March", after somebody else's.
        left = tuple(each for each in carried.entities if each["entity"] != "relation")
        carried = replace(carried, entities=left).tell("person", SELF)
    return carried


def names_care_alone(item: Item, topic: Item) -> bool:
    """Whether a kind of care is named and nothing else, after the price of another: "urgent care?"
    looks for no place then, and "and my primary doctor?" chooses nobody.
    """
    care = item.named & _KINDS["service"]
    of_care = topic.intent in SERVICES and item.intent in _OF_CARE and care == item.named
    return bool(care) and of_care and not (_rest(item) or _LOOKED_FOR.search(item.text))


def priced_before(turn: Turn, item: Item) -> list[Item]:
    """The price that was told before a claim was asked for that still waits: "and urgent care?" is
    asked of it, and can be told meanwhile.
    """
    waits = turn.in_form and turn.agenda and turn.agenda[0].intent in CLAIMS
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic and waits else None
    return [topic] if topic and names_care_alone(item, topic) else []


def is_slip(text: str) -> bool:
    """Whether something that was said before is put right."""
    return _SLIP.search(text) is not None


def tells_of_them(text: str) -> bool:
    """Whether something is told of somebody who was talked of, and nothing asked."""
    return _TELLS_OF_THEM.match(text) is not None or tells_what_was_done(text)


def tells_what_was_done(text: str) -> bool:
    """Whether it is told what they did in the matter, whose day asks for nothing: "I sent the form
    two weeks ago".
    """
    return _I_DID.match(text) is not None


def _the_other_way(topic: Item, item: Item) -> Item | None:
    """ "I meant remove, not add": what is the opposite of what was understood."""
    words, intent = _OPPOSITES.get(topic.intent, (None, ""))
    if words is None or not words.search(_NOT_THAT.sub(" ", item.text)):
        return None
    return Item(intent, item.text, (*item.entities, *topic.entities), {})


def _another_doctor(item: Item, topic: Item) -> dict[str, Any] | None:
    """ "No, Peter Simulacro instead": a name alone where a doctor is talked of."""
    if "provider" not in wanted(topic.intent) or item.first("provider"):
        return None
    found = _NAME_INSTEAD.fullmatch(item.text)
    if found is None or not (found["cue"] or found["instead"]):
        return None
    return {"said": found["name"], "key": None, "kind": "provider"}


def one_s_own(topic: Item, item: Item) -> Item | None:
    """ "Sorry, I meant mine" after a question about somebody of the family."""
    others = topic.told.get("person") or topic.first("relation")
    if others is None or "person" not in wanted(topic.intent):
        return None
    rest = [word for word in _rest(item) if word not in _SLIP_WORDS]
    days = tuple(each for each in item.entities if each["entity"] == "date")
    if len(days) < len(item.entities) or not _OWN.search(item.text) or rest:
        return None
    aside = {"relation", "date"} if days else {"relation"}
    entities = tuple(each for each in topic.entities if each["entity"] not in aside)
    told = {n: v for n, v in topic.told.items() if not (days and n in ("claim", "start"))}
    text = item.text if days else ""
    return Item(topic.intent, text, (*days, *entities), {**told, "person": SELF})


def _new_values(
    topic: Item, item: Item, entities: Sequence[Mapping[str, Any]], today: date
) -> dict[str, Any]:
    """What the message says of what the topic wants, by need."""
    return {
        need: value
        for need in wanted(topic.intent)
        if (value := value_in(need, item.text, entities, today)) is not None
        and not (need == "person" and not any(e["entity"] == "relation" for e in entities))
    }


def with_values(
    topic: Item,
    item: Item,
    entities: Sequence[Mapping[str, Any]],
    today: date,
    before: Mapping[str, Any],
) -> Item:
    """The topic with the message's values in the place of those told `before`."""
    values = _new_values(topic, item, entities, today)
    if values.get("claim") == {"latest": True}:
        # "The most recent one" of the lab claims that were asked about.
        signs = (topic.said("claim", today) or {}).get("signs")
        values["claim"] = {"latest": True, **({"signs": signs} if signs else {})}
    changed = {kind for need in values for kind in _KINDS[need]}
    kept = [e for e in topic.entities if e["entity"] not in changed]
    told = {need: value for need, value in before.items() if need not in (*values, "start")}
    # Days are read from the words, as "in March" of a plan is.
    text = item.text if "claim" in values or item.first("date") else topic.text
    return Item(topic.intent, text, (*entities, *kept), {**told, **values})


def meant(turn: Turn, item: Item) -> tuple[Mapping[str, Any], ...]:
    """The entities without those that are named to be put aside: "not Albany, Troy"."""
    return tuple(
        entity
        for entity in item.entities
        if not _NOT_BEFORE.search(turn.text[: entity.get("start", 0)])
    ) or tuple(item.entities)


def without_what_is_not_meant(item: Item) -> Item:
    """The question without the kind of care that it puts aside: "the urgent care place, not a
    specialist", which names another kind beside it.
    """
    of_care = [each for each in item.entities if each["entity"] in _KINDS["service"]]
    aside = [
        each
        for each in of_care
        if re.search(rf"{_NOT_A}{re.escape(str(each.get('said', '')))}", item.text, re.IGNORECASE)
    ]
    if not aside or len(aside) == len(of_care):
        return item
    return replace(item, entities=tuple(each for each in item.entities if each not in aside))


def names_nothing_else(item: Item) -> bool:
    """Whether the words only name something: "and a crown for me?"."""
    return not _rest(item)


def _rest(item: Item) -> list[str]:
    """The words of a message that name nothing we know and are no filling."""
    text = item.text.lower()
    for entity in item.entities:
        text = text.replace(str(entity.get("said", "")).lower(), " ")
    return [word for word in re.findall(r"[\w']+", text) if word not in _EMPTY]
