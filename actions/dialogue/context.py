"""What a short message means by the matter that was just talked about, where its own words leave
it open: an aspect of that matter ("by when?", "what do I need to send you?"), or the matter itself
with somebody or something else ("and my wife, has she met hers?").

What was talked about counts as a prior: of the topics that the understanding holds for possible,
one that was answered a moment ago is the likelier. A message that is understood for sure is a
question of its own, unless its words name no matter at all.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.answers.cases import CASES
from actions.answers.general import knows_aspect
from actions.answers.talk import is_talk
from actions.answers.topics import NEEDS
from actions.dialogue.agenda import Item
from actions.dialogue.follow_ups.topics import DRUGS, SERVICES, asks_price, is_kin
from actions.dialogue.turn import Turn
from alliance.aspects import ASPECTS, KINDS, leans_back, names_no_matter

# What a search may be for, and what else is named in one.
_SEARCHED = {
    "find_provider": frozenset({"specialty", "service"}),
    "find_facility": frozenset({"facility", "service"}),
}
_NAMED_IN_A_SEARCH = frozenset({"specialty", "service", "facility", "provider"})
# The mark of a question that wants one aspect of what was just told.
ASPECT = "aspect"
# Share of the understanding from which a recent topic may be meant, and how far it may stand behind
# the likeliest one. From rankings of real messages: "and my wife has she met hers" after a
# deductible has 0.15 for it and 0.16 for the likeliest; what means something else has below 0.05.
LEAST_SHARE = 0.1
LEAST_RATIO = 1 / 3
# What else tells it, where the knowledge has no words for it.
_TOLD_WITH = {"fix": ("here", "way", "where"), "here": ("way",)}
# How far back something is looked for that a message goes on from.
_MOST_TOPICS = 3
# Nobody asks by when a doctor is found.
_WITHOUT_ASPECTS = frozenset(
    {
        "find_provider", "find_facility", "find_pharmacy", "check_network", "provider_details",
        "contact_info", "speak_to_agent", "language_help", "nurse_line",
    }
)  # fmt: skip
# What may be wanted at any time, in words that name nothing: "who can I talk to?".
_STANDS_ALONE = frozenset(
    {
        *CASES, "emergency", "speak_to_agent", "request_callback", "contact_info", "language_help",
        "third_party_caller",
    }
)  # fmt: skip
# What is asked of a matter by its name: "how do I", "may I" are asked of what was told.
_OF_OWN = frozenset({"deadline", "where", "who", "documents", "duration", "since"})
# So sure it is understood, where its own words name the matter.
_NAMES_IT = 0.9
_SOMEBODY = re.compile(r"\b(?:he|she|him|hers?|his)\b", re.IGNORECASE)
# So sure it is understood, where nothing else speaks for what was told before.
_SURE_OF_IT = 0.8
_MOST_ASKING_ON = 20
# What was said before is said again or put right.
_TAKES_BACK = re.compile(
    r"\b(?:again|once more|back to|oops|whoops|sorry|wrong|i mean|i meant|instead|rather)\b",
    re.IGNORECASE,
)
# An aspect that no entry tells: said so, with who knows it.
UNKNOWN = "unknown"
# "How many days?" after "soon": those that are left to do it.
_WITH_DEADLINE = frozenset({"add_dependent", "remove_dependent", "end_coverage", "appeal"})
_HOW_MANY = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?)\W+)*how (?:many|much) (?:days?|weeks|months|time)\W*", re.I
)
_SENDS = re.compile(r"\b(?:mail|send|post|fax|hand|bring|drop|submit|upload)\b", re.IGNORECASE)
# "When will my claim be paid?": of these the file tells more than the general words.
ON_FILE = frozenset(
    {"claim_status", "prior_auth_status", "mail_order_pharmacy", "coverage_status", "fsa_balance"}
)
_OF_A_CLAIM = frozenset({"claim_status", "explain_eob"})
_CHILDREN = ("newborn", "child", "daughter", "son")
_NEWBORN = re.compile(
    r"\b(?:new ?-?born|was born|were born|gave birth|had (?:a|the|our|my) baby|new baby|"
    r"(?:our|the|my|his|her|their) (?:new )?baby|"
    r"(?:just had|(?:i|we) had) (?:a|the|our|my) (?:little |baby |"
    r"first |second |third )*(?:baby|boy|girl|son|daughter|child|twins))\b",
    re.IGNORECASE,
)


def is_newborn(text: str) -> bool:
    """Whether the words are about a child that was born lately."""
    return _NEWBORN.search(text) is not None


def aspect_asked(turn: Turn, item: Item, today: date) -> Item | None:
    """The question for an aspect of what was just talked about, or of what is being asked; None
    where the message names a matter of its own, or nothing was talked about.
    """
    if not _is_alone(turn) or _is_of_the_assistant(item):
        return None
    topics = recent(turn)
    if not (turn.in_form and topics and _has_deadline(topics[0], item)):
        own = of_own_matter(turn, item, today) or _names_own(turn, item)
        topics = [item] if own else leant_on(turn)
    asked = [
        (topic, aspect)
        for topic in topics[:_MOST_TOPICS]
        if (aspect := _aspect(topic, item)) and topic.intent not in _WITHOUT_ASPECTS
    ]
    for topic, aspect in asked:
        if topic is not asked[0][0] and (item.band == "accept" or aspect == "cost"):
            # Only a message that is not understood goes back further.
            continue
        known = known_by(turn, topic)
        for told in (aspect, *_TOLD_WITH.get(aspect, ())):
            if knows_aspect(known, told, turn.partners, today):
                return asked_of(replace(topic, intent=known), item, told)
    return None


def of_own_matter(turn: Turn, item: Item, today: date) -> bool:
    """Whether it asks for an aspect of a matter that its own words name, and of nothing that was
    told before: "who do I tell the new address?" after COBRA was talked of.
    """
    aspect, (likeliest, sure) = item.sure_aspect, next(iter(turn.ranking), ("", 0.0))
    leans = leans_back(item.text) or names_no_matter(item.text)
    # To fight something is an appeal; where a refusal was told, it is of that.
    appeals = item.intent == "appeal" and aspect is not None
    appeals = appeals and (turn.memory.refused is None or not leans)
    return (
        (appeals or (aspect in _OF_OWN and not leans))
        and item.is_sure
        and (item.intent, sure >= _NAMES_IT) == (likeliest, True)
        and aspect is not None
        and knows_aspect(item.intent, aspect, turn.partners, today)
    )


_AFTER_QUESTION = re.compile(r"(?<=\?)\s+")


def stands_alone(turn: Turn, item: Item) -> bool:
    """Whether a message is a question of its own, whatever was told before: of a matter that is no
    kin of the last one, sure that it asks nothing of that one, and in words of its own that point
    back at nothing. While records are closed to whoever asks, more is of that.
    """
    topics = recent(turn)
    last = topics[0].intent if topics else None
    unreached = turn.memory.unreached or turn.memory.told == "unreached"
    closed = turn.memory.withheld or turn.memory.caller or turn.barred or unreached
    # What is too long is asked of nothing that was told before.
    of_itself = item.aspect_sure or len(item.text.split()) > _MOST_ASKING_ON
    asks_of_it = item.aspect is not None or not of_itself
    if last is None or closed or asks_of_it or is_kin(item.intent, last):
        return False
    # "Is it more than the ER? I only ask in general" is asked of what was told.
    asked = [part for part in _AFTER_QUESTION.split(item.text) if part.endswith("?")]
    if any(map(leans_back, (item.text, *asked))):
        return False
    if names_no_matter(item.text) or asks_price(item.text):
        return False
    if _TAKES_BACK.search(item.text) or (turn.memory.people and _SOMEBODY.search(item.text)):
        return False
    likeliest, sure = next(iter(turn.ranking), ("", 0.0))
    if item.is_sure:
        return (item.intent, sure >= _SURE_OF_IT) == (likeliest, True)
    if item.intent == "inform" or is_talk(item.intent):
        return False
    possible = (name for name, share in turn.ranking if share >= LEAST_SHARE)
    return item.band == "confirm" and not any(is_kin(name, last) for name in possible)


def _names_own(turn: Turn, item: Item) -> bool:
    """Whether its own words name the matter whose price it asks: "does part A cost anything?" after
    an appeal.
    """
    plain = replace(item, aspect=None)
    return item.sure_aspect == "cost" and stands_alone(turn, plain)


_OF_PERMISSION = frozenset({"referral_question", "prior_auth_required"})


_WHERE_ALONE = re.compile(r"\W*(?:and|or) (?:to )?where(?: to)?\W*", re.IGNORECASE)


def aspect_of_former(turn: Turn, former: Item, item: Item, today: date) -> Item | None:
    """The question for an aspect of the one before it in the same message: "I got a bill, and I
    can't pay it"; of its own topic where the words name one: "and when will her card come". None
    where they ask something of their own.
    """
    aspect = item.asked_for
    if _WHERE_ALONE.fullmatch(item.text) and knows_aspect(
        former.intent, "where", turn.partners, today
    ):
        # "What do I send, and where?"
        return asked_of(former, item, "where")
    if aspect is None or not leans_back(item.text):
        return None
    topic = item if item.is_sure and not names_no_matter(item.text) else former
    if topic.intent in _WITHOUT_ASPECTS or ASPECT in former.told:
        return None
    own = topic is item and item.intent in _OF_PERMISSION and former.intent not in DRUGS
    if own and aspect == "permission":
        # "And do I need a referral for it?" is that very question, of what was named; of a drug it
        # is told with the drug.
        return Item(item.intent, item.text, (*item.entities, *former.entities))
    if aspect in ("cost", "share") and topic.intent in (*SERVICES, *DRUGS):
        # "Does an MRI need approval, and what would it cost me?"
        intent = "drug_cost" if topic.intent in DRUGS else "copay_cost"
        return Item(intent, item.text, topic.entities)
    known = knows_aspect(topic.intent, aspect, turn.partners, today)
    return asked_of(topic, item, aspect) if known else None


def with_thing_of(former: Item, item: Item) -> Item:
    """The search for what the question before it in the same message named, where it names nothing
    itself: "what's my copay for a dermatologist, and is there one near 12180?" Whether "one" is a
    person or a place, what was named says.
    """
    named = {entity["entity"] for entity in item.entities}
    if item.intent not in _SEARCHED or named & _NAMED_IN_A_SEARCH:
        return item
    for intent in dict.fromkeys((item.intent, *_SEARCHED)):
        things = [entity for entity in former.entities if entity["entity"] in _SEARCHED[intent]]
        if things:
            return replace(item, intent=intent, entities=(*item.entities, *things))
    return item


def aspect_untold(turn: Turn, item: Item) -> Item | None:
    """The question for an aspect of the last topic that no knowledge tells: who does is named."""
    topic = next(iter(recent(turn)), None)
    if topic is None or topic.intent in _WITHOUT_ASPECTS or not _is_alone(turn):
        return None
    aspect = _aspect(topic, item)
    if aspect not in ASPECTS or _means_itself(item) or _is_of_the_assistant(item):
        return None
    return asked_of(topic, item, aspect)


def same_matter(turn: Turn, item: Item) -> Item | None:
    """The topic that was told last, once more with the words of a message that names no matter of
    its own: whatever it sounds like, it is asked of that one. What is no question of a topic, and
    what was talked about before nothing, stays what it is.
    """
    topics = recent(turn)
    if turn.in_form or not topics or not _is_alone(turn) or item.named - {"date"}:
        return None
    topic = topics[0]
    if is_talk(item.intent) or item.intent in _STANDS_ALONE or topic.intent in _STANDS_ALONE:
        return None
    if {item.intent, topic.intent} <= DRUGS and item.band == "accept":
        # "Can I get it by mail?" of a drug's price is another question about the drug.
        return None
    if item.band == "accept":
        elsewhere = item.intent != topic.intent
    else:
        elsewhere = dict(turn.ranking).get(topic.intent, 0.0) >= LEAST_SHARE
    if not elsewhere or not names_no_matter(item.text):
        return None
    if topic.intent in _WITHOUT_ASPECTS or "identity" not in NEEDS.get(topic.intent, ()):
        return asked_of(topic, item, UNKNOWN)
    told = {need: value for need, value in topic.told.items() if need not in ("start", "times")}
    text = f"{topic.text.rstrip(' .?!')}, {item.text}"
    return Item(topic.intent, text, topic.entities, told)


def _aspect(topic: Item, item: Item) -> str | None:
    """What is asked of the topic, as the understanding of follow-ups has it."""
    own_matter = item.is_sure and item.intent in SERVICES and bool(item.entities)
    asked = None if own_matter else item.asked_for
    if asked == "duration" and topic.intent in _WITH_DEADLINE and _HOW_MANY.fullmatch(item.text):
        return "deadline"
    line = item.intent == "contact_info" and not _SENDS.search(item.text)
    if asked == "where" and line and item.band == "accept":
        # "Where do I call then?" wants the company's own line, "where do I mail it?" does not.
        return None
    return asked


def _has_deadline(asked: Item, item: Item) -> bool:
    """Whether it is asked by when, of what is just being asked for and has to be done in time."""
    return asked.intent in _WITH_DEADLINE and _aspect(asked, item) == "deadline"


def _means_itself(item: Item) -> bool:
    """Whether a message is understood for sure by itself: "what can you do for me?" asks it of the
    assistant, "can you do it here?" of the topic.
    """
    return item.band == "accept" and (not is_talk(item.intent) or _is_of_the_assistant(item))


def _is_of_the_assistant(item: Item) -> bool:
    surely = item.band == "accept" and item.intent == "ask_capabilities"
    of_a_matter = leans_back(item.text) or item.sure_aspect in KINDS - {"here"}
    return surely and not of_a_matter


def recent(turn: Turn) -> list[Item]:
    """What was talked about, the newest first, each topic once: what is being asked, what was
    answered last, and before that.
    """
    asked = turn.agenda[:1] if turn.in_form else []
    kept = [turn.memory.topic, *turn.memory.earlier]
    topics: dict[str, Item] = {}
    for topic in (*asked, *(Item.from_json(each) for each in kept if each)):
        topics.setdefault(topic.intent, topic)
    return list(topics.values())


def told_lately(turn: Turn, intent: str) -> bool:
    """Whether it was one of the last few things that were talked about."""
    return any(topic.intent == intent for topic in recent(turn)[:_MOST_TOPICS])


def leant_on(turn: Turn) -> list[Item]:
    """The same, but what was told in between, while something else is being asked, first: that is
    what a message leans on.
    """
    topics, told = recent(turn), turn.memory.topic
    if turn.in_form and told and turn.memory.told == told["intent"]:
        between = Item.from_json(told)
        return [between, *(topic for topic in topics if topic.intent != between.intent)]
    return topics


def likely_meant(turn: Turn, item: Item) -> Item | None:
    """The recent topic that an unsure message most likely goes on from, by the understanding's own
    ranking; None where it hardly can. A message that surely only tells something ("and my wife has
    she met hers", as a recogniser writes it) is of one of the topics: they share what is left.
    """
    only_tells = item.intent == "inform"
    if item.band == "accept" and not only_tells:
        return None
    if not _is_alone(turn) or not leans_back(item.text):
        return None
    shares = {name: share for name, share in turn.ranking if not is_talk(name)}
    if only_tells and shares:
        whole = sum(shares.values()) or 1.0
        shares = {name: share / whole for name, share in shares.items()}
    topics = [topic for topic in recent(turn) if topic.intent not in CASES]
    likeliest = max(shares.values(), default=0.0)
    best = max(topics, key=lambda topic: shares.get(topic.intent, 0.0), default=None)
    if best is None:
        return None
    share = shares.get(best.intent, 0.0)
    return best if share >= max(LEAST_SHARE, LEAST_RATIO * likeliest) else None


def asked_of(topic: Item, item: Item, aspect: str) -> Item:
    """The question for an aspect of the topic."""
    if topic is item:
        return replace(item, told={**item.told, ASPECT: aspect})
    told = {need: value for need, value in topic.told.items() if need != "start"}
    return Item(
        topic.intent,
        f"{topic.text.rstrip(' .?!')}, {item.text}",
        topic.entities,
        {**told, ASPECT: aspect},
    )


def known_by(turn: Turn, topic: Item) -> str:
    """The topic whose knowledge tells of it: of a newborn's coverage, that of putting them on; of a
    claim that was refused, that of a refusal.
    """
    if turn.memory.refused == "claim" and topic.intent in _OF_A_CLAIM:
        return "claim_denial"
    if topic.intent == "coverage_status":
        asked_with = any(each.intent == "add_dependent" for each in recent(turn))
        child = topic.first("relation") in _CHILDREN or topic.told.get("person") in _CHILDREN
        if is_newborn(topic.text) or (asked_with and child):
            return "add_dependent"
    return topic.intent


def _is_alone(turn: Turn) -> bool:
    """Whether the message asks one thing, courtesies aside, or several of what was told."""
    asked = [each for each in turn.questions if not is_talk(each.intent)]
    return len(asked) <= 1 or all(each.asked_for for each in asked)
