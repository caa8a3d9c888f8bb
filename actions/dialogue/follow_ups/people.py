"""Whom a short message is about: "and Finn's?", "is she covered?"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from actions.dialogue.agenda import Item, only_helps
from actions.dialogue.context import is_newborn
from actions.dialogue.follow_ups.topics import AGAIN, CLAIMS, COVERAGE, MOST_WORDS, SUMS, wanted
from actions.dialogue.needs import OF_WHOM
from actions.dialogue.reading import SELF, is_name, named_person, value_in
from actions.dialogue.turn import Turn
from actions.identity.third_party import RELAY
from alliance.aspects import leans_back
from alliance.gazetteer import common_words
from alliance.values import matches_name

_SOMEBODY_BEFORE = re.compile(r"\b(?:she|he|her|him|his|hers)\b(?!'?s? (?:office|doctor))", re.I)
_GENDERS = {
    **dict.fromkeys(("she", "her", "hers"), "female"),
    **dict.fromkeys(("he", "him", "his"), "male"),
}
_FEMALE = frozenset(
    {
        "wife", "daughter", "stepdaughter", "girl", "girlfriend", "mother", "mom", "mum", "mama",
        "sister", "aunt", "grandmother", "grandma", "granddaughter", "niece", "ex-wife",
    }
)  # fmt: skip
_MALE = frozenset(
    {
        "husband", "son", "stepson", "boy", "boyfriend", "father", "dad", "papa", "brother",
        "uncle", "grandfather", "grandpa", "grandson", "nephew", "ex-husband",
    }
)  # fmt: skip
# What only a member of the plan has or does, and no doctor.
_THEIRS = re.compile(
    r"\b(?:his|her) (?:own |family |medical |dental |vision |health )*(?:deductible|"
    r"out[- ]of[- ]pocket|claims?|coverage|plan|copays?|coinsurance|(?:id |insurance )?card|"
    r"benefits|eobs?|prior auth\w*|authori[sz]ation|prescriptions?|account|balance)\b|"
    r"\b(?:has|have|had|did|does|do|is|was|will|can)(?:n'?t)? (?:he|she) "
    r"(?:already |still |even |ever |now |currently )*(?:met|meet|reach\w*|hit|covered|insured|"
    r"eligible|active|have (?:coverage|insurance|a plan|dental|vision)|on (?:my|the|our) plan|"
    r"owe)\b|"
    r"\b(?:what|which|any|how (?:much|many))\b(?: \w+){0,2}? (?:has|had|does|did|will|do) (?:he|"
    r"she) "
    r"(?:still |already |even |ever )*(?:met|have|had|owe|paid|pay|used|use|spent|spend|got|get|"
    r"gotten|left)\b|"
    r"\b(?:did|does|has) (?:he|she) (?:still |even |ever |already )*(?:get|gotten|got|had|used?) "
    r"(?:a |an |any |the |her |his |my |our )?(?:bills?|claims?|visits?|cards?|eobs?|plan|"
    r"insurance|"
    r"coverage|benefits|it|that)\b|"
    r"\b(?:did|does|has) (?:he|she) (?:ever |even )?(?:see|seen|go to|gone to|been to|"
    r"visit(?:ed)?) "
    r"(?:an?|the|any|her|his) \w+|"
    r"\b(?:was|were|is|been|has|get|got) (?:he|she) (?:been )?(?:billed|charged|seen|treated)\b|"
    r"\b(?:he|she) (?:was|got|is|has been) (?:billed|charged)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|what about|how about|also|now|for|same for)\W+)+"
    r"(?P<who>her|hers|him|his)(?: (?:too|as well|then|now|ones?|claims?|bills?|plan|coverage|"
    r"deductible|card|copay))*\W*",
    re.IGNORECASE,
)
# "Has my wife met hers?" of a deductible, or of whatever sum was told last.
_MET = re.compile(
    r"\b(?:has|have|had|did|is|are)(?:n'?t)?\b.{0,30}\b(?:met|meet|reach(?:ed)?|hit|maxed(?: out)"
    r"?|used "
    r"up|done with|through with|finished)\b(?: \w+)? (?:hers|his|theirs|mine|it|that|her own|his "
    r"own|"
    r"their own)(?: (?:yet|too|already|as well|this year|for the year))*"
    r"(?:\W+(?:her|his|their) (?:deductible|limit|maximum))?\W*$",
    re.IGNORECASE,
)
_THEIR_CONTACT = re.compile(
    r"\b(?:his|her|their) (?:\w+ )?(?:address|phone|number|e-?mail|mail|name|contact)\b", re.I
)
# "And his sister?" after a son: a daughter.
_THEIR_SIBLING = re.compile(r"\b(?:his|her|their) (?:\w+ )?(?P<who>sister|brother)\b", re.I)
_OF_A_CHILD = {"sister": "daughter", "brother": "son"}
_CHILDREN = frozenset({"son", "daughter", "child"})
_MOST_PEOPLE = 4
# One of these goes on from another: a claim, its appeal, the authorization before it.
_MATTERS = CLAIMS | {"prior_auth_status"}
_MINE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|what about|how about|also|now|for|fine|well|whatever|"
    r"never ?mind|"
    r"all ?right|thanks|then)\W+)+"
    r"(?:mine|me|my own|myself)(?: (?:too|as well|then|now))?\W*",
    re.IGNORECASE,
)
# "What was mine in March?": the same of one's own.
_OWN_ONE = re.compile(
    r"\b(?:mine|my own(?: ones?)?)(?=\W*$|\W+(?:in|from|for|then|now|too|please|instead|was|is|"
    r"of|as|since|(?:that|this|the same) (?:day|week|month|year))\b)",
    re.IGNORECASE,
)
_WHERE_MINE = re.compile(
    r"\b(?:what|where|when|how(?: \w+)?)(?:'?s| is| are| was| did| does| do)? mine\b", re.IGNORECASE
)
# Who is "he" or "she" beside the family.
_NO_FAMILY = re.compile(
    r"\b(?:doctors?|dr|doc|dentist|surgeon|nurse|therapist|pharmacist|pharmacy|specialist|provider|"
    r"receptionist|boss|employer|co-?worker|colleague|neighbou?r|friend|lawyer|agent|guy|fellow|"
    r"man|woman|lady|gentleman|person|somebody|someone|rep|driver)\b",
    re.IGNORECASE,
)
# "Do I have any claims myself?"
_MYSELF = re.compile(r"\bmyself\b", re.IGNORECASE)
# "And what was his?", "how much is hers": the same of somebody who was named.
_THEIR_ONE = re.compile(
    r"\b(?P<who>hers|his)(?=\W*$|\W+(?:in|from|for|then|now|too|please|instead|was|is|as)\b)",
    re.IGNORECASE,
)
# "How much was the March one?": one of those that were just told, whosever they are.
_ONE_OF_THEM = re.compile(
    r"\b(?:the|that|this) (?:(?!\b(?:my|our)\b)\w+ ){0,2}?ones?\b|\b(?:it|that|those|them)\b",
    re.IGNORECASE,
)
# "And what about for me, I have two of them?" after somebody else's.
_AS_FOR_ME = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|fine|then|well)\W+)*(?:what|how) about (?:for |with )?"
    r"(?:me|mine|myself)\b",
    re.IGNORECASE,
)
# What a message that only names somebody is taken for.
_SAYS_NO_TOPIC = frozenset({"inform", "out_of_scope", "repeat", "affirm", "deny", "greet"})
_MOST_WORDS_OF_ONE = 12
_WORD = re.compile(r"\b(?P<word>[^\W\d_]{2,20})(?P<things>['\u2019]s)?\b")
_OWN_WORDS = re.compile(r"\b(?:my|mine|me|myself|our|ours|us)\b", re.IGNORECASE)
_NAMES_ONE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|thanks|and|but|so|what about|how about|also|now)\W+)+"
    r"(?P<name>[^\W\d_]{2,20}?)(?P<things>['\u2019]s)?(?: (?:ones?|claims?|bills?|plan|coverage|"
    r"deductible|card|visits?|copay|authori[sz]ations?|records?))?\W*",
    re.IGNORECASE,
)


def somebody(item: Item, topic: Item, turn: Turn) -> str | None:
    """ "And Finn's?", "what about Faye's claims?": the same about somebody named."""
    if "person" not in wanted(topic.intent):
        return None
    of_another = spoken_of(turn, topic) is not None
    if of_another and _MYSELF.search(item.text):
        return SELF
    if of_another and item.intent not in CLAIMS and _OWN_ONE.search(item.text):
        return SELF
    if not (AGAIN.search(item.text) or _MINE.fullmatch(item.text)):
        return None
    if _MINE.fullmatch(item.text) or _OWN_ONE.search(item.text):
        return SELF
    if meant := _pointed_at(turn, item.text):
        return meant["person"]
    found = _NAMES_ONE.fullmatch(item.text)
    if found is None or item.entities or found["name"].lower() in common_words():
        return None
    sure = item.band == "accept" and item.intent != "inform"
    if sure and not (found["things"] or topic.intent in CLAIMS | SUMS):
        return None
    return None if turn.partners.named(found["name"]) else found["name"].capitalize()


def of_one_named(turn: Turn, item: Item, today: date) -> Item | None:
    """ "How much of that came from Faye?", "does Finn have his own?": the topic that was told, of
    the one who is named, or of the member, where the words ask nothing else for sure.
    """
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else None
    if topic is None or turn.in_form:
        return None
    asks_else = item.band == "accept" and item.intent not in _SAYS_NO_TOPIC | SUMS
    if _AS_FOR_ME.match(item.text) and not asks_else and "person" in wanted(topic.intent):
        return of_somebody(topic, item, SELF, today)
    if topic.intent not in CLAIMS | SUMS | COVERAGE:
        return None
    if asks_else or len(item.text.split()) > _MOST_WORDS_OF_ONE or _OWN_WORDS.search(item.text):
        return None
    person = _named_in(turn, item, topic)
    if person and item.band == "reject" and not leans_back(item.text):
        # "A chemist close to the Cornell campus" names nobody.
        return None
    if person is None or (item.intent in SUMS and item.intent != topic.intent):
        return None
    return of_somebody(topic, item, person, today)


def points_at_another(turn: Turn, item: Item) -> bool:
    """Whether the words are of somebody else than the member: a relative, or one who is named."""
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else item
    known = {word.lower() for each in turn.memory.people for word in each.values()}
    words = {found["word"].lower() for found in _WORD.finditer(item.text)}
    of_them = _SOMEBODY_BEFORE.search(item.text) and spoken_of(turn, topic)
    return bool(of_them or item.first("relation") or words & known or _named_in(turn, item, topic))


def is_of_another(turn: Turn) -> bool:
    """Whether what was told last was of somebody else than the member."""
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else None
    if topic is None or topic.intent not in CLAIMS | SUMS | COVERAGE:
        return False
    return spoken_of(turn, topic) is not None


def _named_in(turn: Turn, item: Item, topic: Item) -> str | None:
    """The first name of somebody else in the words: one who was talked of, or a name that is
    nothing else, written as one.
    """
    known = {each["person"].lower(): each["person"] for each in turn.memory.people}
    member = turn.context.verified
    # "Faye, she's 16" of a daughter: nobody else's name begins it.
    introduced = _SOMEBODY_BEFORE.search(item.text) and spoken_of(turn, topic)
    # Also a part of one: "and if it's Burlington VT" is no Burlington's.
    others = {
        word
        for entity in item.entities
        for word in re.findall(r"\w+", str(entity.get("said", "")).lower())
    }
    for found in _WORD.finditer(item.text):
        word = found["word"]
        if word.lower() in known:
            return known[word.lower()]
        # A recogniser writes no capitals.
        spoken = turn.context.channel == "voice" and found["things"]
        begins = found.start() == 0 and not (found["things"] or introduced)
        own = member and matches_name(word, member.person.first_name)
        nobody = word.lower() in others | common_words() or turn.partners.named(word)
        if (word.istitle() or spoken) and not (begins or own or nobody) and is_name(word):
            return word.capitalize()
    return None


def part_of_sum(turn: Turn, item: Item, today: date) -> Item | None:
    """ "And what of it is my husband's?", after a deductible or a limit: that sum of theirs, by the
    rules for theirs.
    """
    topic = turn.memory.topic
    if topic is None or topic["intent"] not in SUMS or turn.memory.told != topic["intent"]:
        return None
    whom = spoken_of(turn, item) if item.band != "accept" else None
    return of_somebody(Item.from_json(topic), item, whom["person"], today) if whom else None


def met_theirs(turn: Turn, item: Item) -> Item | None:
    """ "Has my wife met hers?": the sum that was talked about last, or the deductible, of hers."""
    if not _MET.search(item.text):
        return None
    kept = (turn.memory.topic, *turn.memory.earlier)
    sums = (topic["intent"] for topic in kept if topic and topic["intent"] in SUMS)
    # "Isn't there a ceiling, and did I hit it?" names its own.
    own = item.intent if item.is_sure and item.intent in SUMS else "deductible_status"
    return Item(next(sums, own), item.text, item.entities)


def with_person(turn: Turn, item: Item, today: date) -> Item:
    """ "Is she covered right now?" after the baby: of her, not of the member. Where nobody can be
    meant by "has he met his deductible?", it is asked who is.
    """
    sibling = _THEIR_SIBLING.search(item.text)
    if sibling and any(each["person"] in _CHILDREN for each in turn.memory.people):
        return item.tell("person", _OF_A_CHILD[sibling["who"].lower()])
    found = _SOMEBODY_BEFORE.search(item.text)
    if found is None:
        return _of_the_same(turn, item)
    if turn.memory.caller == RELAY or _asks_of_own(item.text):
        return item
    if _is_in_the_words(item, found.start()) and not _THEIRS.search(item.text):
        return _of_the_same(turn, item)
    if item.intent == "update_contact" and not _THEIR_CONTACT.search(item.text):
        # Mail that goes "to the old house, where she lives" is one's own.
        return item
    if "person" not in wanted(item.intent) or item.said("person", today) not in (None, SELF):
        return item
    if named_person(item.text, turn.partners) or is_newborn(item.text):
        return item
    gender = _GENDERS[found.group().lower()]
    # Also of a question that still waits, or that stands before it in the same message.
    topic = [Item.from_json(turn.memory.topic)] if turn.memory.topic else []
    others = [other for other in turn.questions if other.text != item.text]
    near = [spoken_of(turn, before) for before in (*others, *turn.agenda, *topic)]
    theirs = _THEIRS.search(item.text) is not None
    # Longer ago only for what is surely somebody's of the plan: a doctor is "she" too.
    for each in (*near, *(turn.memory.people if theirs else ())):
        if each and _fits(each, gender):
            return item.tell("person", each["person"])
    if item.intent in COVERAGE and any(
        is_newborn(before.text) for before in (*topic, *turn.agenda)
    ):
        # "Is she on there yet?", after "we just had a baby".
        return item.tell("person", "newborn")
    if theirs:
        return item.tell(OF_WHOM, True)
    # "Can he appeal it?" after a daughter's authorization: her doctor, in her matter.
    return _of_the_same(turn, item)


def _asks_of_own(text: str) -> bool:
    """ "My neighbor hit hers already, where's mine?"."""
    return bool(_OWN_ONE.search(text) or _WHERE_MINE.search(text))


def _is_in_the_words(item: Item, at: int) -> bool:
    """Whether the words themselves name before whom "he" or "she" is, and it is nobody of the
    family: "my doctor says she has to ask you first".
    """
    named = [each for each in item.entities if each["entity"] in ("specialty", "provider")]
    before = (str(each.get("said", "")).lower() for each in named)
    said = item.text[:at].lower()
    return bool(_NO_FAMILY.search(said)) or any(each and each in said for each in before)


def of_their_own(turn: Turn, item: Item, topic: Item, today: date) -> Item | None:
    """ "And what was his?": the topic of somebody who was named before, and never of oneself."""
    found = _THEIR_ONE.search(item.text)
    if found is None or len(item.text.split()) > MOST_WORDS or "person" not in wanted(topic.intent):
        return None
    if item.first("relation") or named_person(item.text, turn.partners):
        return None
    gender = _GENDERS[found["who"].lower()]
    asked = of_somebody(topic, item, SELF, today)
    told = {need: value for need, value in asked.told.items() if need != "person"}
    meant = next((each for each in turn.memory.people if _fits(each, gender)), None)
    whom = {"person": meant["person"]} if meant else {OF_WHOM: True}
    return replace(asked, told={**told, **whom})


# "And mine?" after the family's is not of all together.
_ALL_OF_US = re.compile(r"\b(?:family|everybody|everyone|all of us|we|together)\b", re.IGNORECASE)


def of_somebody(topic: Item, item: Item, person: str, today: date) -> Item:
    """The topic of somebody else than it was about: with its days, and never with the number of a
    claim, which is one person's.
    """
    told = {n: v for n, v in topic.told.items() if n not in ("claim", "start", OF_WHOM)}
    said = value_in("claim", item.text, item.entities, today) if topic.intent in CLAIMS else None
    before = topic.said("claim", today) if topic.intent in CLAIMS else None
    claim = said or ({} if "number" in (before or {}) else before)
    text = item.text if said else topic.text
    if person == SELF:
        text = _ALL_OF_US.sub("", text)
    entities = tuple(e for e in (item if said else topic).entities if e["entity"] != "relation")
    kept = {"claim": claim} if claim else {}
    return Item(topic.intent, text, entities, {**told, **kept, "person": person})


def _of_the_same(turn: Turn, item: Item) -> Item:
    """A question about "it" or "the March one" after somebody's claims: about theirs."""
    if item.intent not in _MATTERS or "person" in item.told:
        return item
    # Whom the message names beside it; else of the last one, also where a rule was told since.
    beside = (spoken_of(turn, other) for other in turn.questions if other.text != item.text)
    told = (Item.from_json(each) for each in (turn.memory.topic, *turn.memory.earlier) if each)
    topic = next((each for each in told if each.intent in _MATTERS), None)
    person = next(filter(None, beside), None) or (spoken_of(turn, topic) if topic else None)
    if person is None or _OWN_WORDS.search(item.text):
        return item
    points = _ONE_OF_THEM.search(item.text) or _SOMEBODY_BEFORE.search(item.text)
    return item.tell("person", person["person"]) if points else item


def notice_people(turn: Turn) -> None:
    """Keep whom of the family the message names, also where nothing of it can be answered: who asks
    on about "her" means her, and not themselves.
    """
    for item in turn.questions:
        people = talked_of(turn, item)
        if people != turn.memory.people:
            turn.memory = replace(turn.memory, people=people)


def spoken_of(turn: Turn, item: Item) -> dict[str, str] | None:
    """Whom of the family a question is about, and how they were called; None: the member."""
    relation = next((e for e in item.entities if e["entity"] == "relation"), None)
    if only_helps(item.text):
        return None
    person = item.told.get("person") or named_person(item.text, turn.partners)
    if person is None and relation is not None:
        person = relation["value"]
    if person in (None, SELF):
        return None
    called = relation if relation is not None and relation["value"] == person else None
    said = str(called.get("said") or person) if called else str(person)
    return {"person": str(person), "said": said}


def talked_of(turn: Turn, item: Item) -> tuple[Mapping[str, str], ...]:
    """Those of the family who were talked of, with the question's own first."""
    person = spoken_of(turn, item)
    before = turn.memory.people
    if person is None:
        return tuple(before)
    # Known by the relation, however they are pointed at later.
    same = next((each for each in before if each["person"] == person["person"]), person)
    kept = [each for each in before if each["person"] != person["person"]]
    return (same, *kept)[:_MOST_PEOPLE]


def _pointed_at(turn: Turn, text: str) -> Mapping[str, str] | None:
    """Whom a bare "and hers?", "what about him?" means."""
    found = _BARE.fullmatch(text)
    if found is None:
        return None
    gender = _GENDERS[found["who"].lower()]
    return next((each for each in turn.memory.people if _fits(each, gender)), None)


def _fits(person: Mapping[str, str], gender: str) -> bool:
    words = {person["person"].lower(), *person["said"].lower().split()}
    other = _FEMALE if gender == "male" else _MALE
    return not words & other
