"""The agenda: the member's questions, in the order in which they are to be answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from actions.answers.callback import CALLBACK_NEEDS, callback_value
from actions.answers.cases import AGAIN
from actions.answers.question import Question
from actions.dialogue.case_needs import CASE_NEEDS, case_value
from actions.dialogue.reading import (
    SELF,
    claim_wanted,
    company_meant,
    entity_zip,
    first,
    named,
    named_person,
    value_in,
)
from alliance.answer import Offer
from alliance.gazetteer import locate
from alliance.partners import Partners
from alliance.speaker import is_on_their_plan
from alliance.values import read_coming, read_period

# The member does not know which company it is: any queue will do.
NO_COMPANY = "unknown"
_SPANISH = re.compile(r"\b(?:no hablo|no entiendo|hablo|habla|español|espanol)\b", re.IGNORECASE)
# The mark of an item that asks only what a word means.
TERM = "term"
# On what was told: only a part of its topic, the same for whichever company.
PART = "part"
# The mark of a question that is answered in general alone: nobody's own is looked up for it.
IN_GENERAL = "in_general"
_MY_CONTACT = re.compile(
    r"\bmy (?:own |new |old |home |cell |mobile )*(?:address|phone|e-?mail|number|mail)\b", re.I
)
# "I'm at my brother's, send it there", "neighbors keep bringing me my letters" are of one's own;
# "my son's mail goes to Potsdam" is not.
_THEIR_CONTACT = re.compile(
    r"(?<!use )(?<!at )(?<!to )(?<!with )\b(?:my|our) (?:\w+ )?\w+['\u2019]?s (?:\w+ )?"
    r"(?:address|phone|e-?mail|mail|number|cell|name)\b|"
    r"\b(?:his|her|their) (?:\w+ )?(?:address|phone|e-?mail|mail|number|name)\b|"
    r"\bfor (?:my|our) \w+\b",
    re.IGNORECASE,
)
# "My dad works in Connecticut and we live here: which one is ours?"
_IS_OURS = re.compile(
    r"\b(?:ours|us|we|am i|i'?m|covers? me|mine)\b(?!.*\b(?:covers?|for|is|are|does) "
    r"(?:him|her|them|he|she|they|my \w+)\b)",
    re.IGNORECASE,
)
# Since when something is so, by who came on the plan or left it.
_SINCE_THEN = re.compile(
    r"\b(?:i|we|my|our)\b.+\b(?:since|after|now that) (?:my|our|the) (?:\w+ ){1,3}?"
    r"(?:on|off|onto|added|born|joined|left|married)\b",
    re.IGNORECASE,
)
# "My daughter says I have to meet a deductible first".
_SAYS_OF_ME = re.compile(
    r"\bmy (?:\w+ ){0,2}?\w+ (?:just |always |keeps? )?(?:says?|said|saying|thinks?|thought|"
    r"told me|tells me|heard|read|claims)\b(?: that)? (?:i|i'?m|i'?ve|my|we|you|it|there|this)\b",
    re.IGNORECASE,
)
# "The class where the dads learn to breathe": nobody's own.
_ANYBODYS = re.compile(
    r"\b(?:the|new|all|expectant|expecting|young) (?:dads|moms|mums|mothers|fathers|husbands|wives)"
    r"\b(?!['\u2019]| (?:of|claims?|bills?|plan|visits?|card|coverage|surgery|records?))",
    re.IGNORECASE,
)
# Who only writes or reads for the member, or took them there.
_HELPS = re.compile(
    r"\b(?:typ(?:es|ing)|writ(?:es|ing)|read(?:s|ing)|translat(?:es|ing)|help(?:s|ing)) "
    r"(?:\w+ ){0,3}?(?:for|to|out)? ?me\b|"
    r"\b(?:drove|drives|took|brought|rushed|carried|dropped|picked) me\b",
    re.IGNORECASE,
)
_CHILD = r"(?:bab(?:y|ies)|newborn|son|daughter|boy|girl|child|kid|twins|infant)"
_HAD_A_BABY = re.compile(
    r"\b(?:i|we)(?: just| recently|'m|'ve| am| have)* (?:had|have|having|delivered|(?:given|gave) "
    rf"birth to) (?:an? |my |our )?(?:\w+ )?{_CHILD}\b",
    re.IGNORECASE,
)
_OF_MINE = re.compile(r"\b(?:my|i|mine)\b", re.IGNORECASE)
_OF_THE_CHILD = re.compile(
    rf"\b(?:he|she|him|her|his|it'?s|they|them|their|{_CHILD}(?:'?s)?)\b", re.IGNORECASE
)
_AT_HOME = re.compile(
    r"\b(?:near|nearby|around|clos(?:e|er|est)(?: one)? to|nearest(?:(?: one)? to)?|by|from|at|"
    r"where) "
    r"(?:me|here|i live|home|us|my (?:house|home|place|apartment))\b|\bnear ?by\b|"
    r"\bin my (?:area|neighborhood|town)\b",
    re.IGNORECASE,
)
# Which part of what was told is asked for: the rest of it is not told again.
ASKED = "asked"
# What was told that decides the order of two plans.
ORDER = "order"
# The same search once more, with another wish: what was said around it is not repeated.
ANEW = "anew"
# A person who is wanted at once, whoever is there.
URGENT = "urgent"
_ONCE = frozenset({"chosen", "agreed", ASKED})
# What is wanted in these is wanted whatever was told before.
_BY_THEMSELVES = frozenset(
    {
        "emergency", "speak_to_agent", "request_callback", "language_help", "nurse_line",
        "complaint", "report_fraud", "report_death", "confidential_communication",
        "third_party_caller", "cancel",
    }
)  # fmt: skip
_OF_THE_MESSAGE = ("aspect", "aspect_sure", "details")
# What names a matter of its own.
_NAMES_A_MATTER = frozenset(
    {"claim_number", "date", "service", "specialty", "facility", "drug", "provider", "zip", "place"}
)
# Days from which something is reckoned, and no day of care: "if I start today".
_NOW = ("today", "tonight", "tomorrow", "now")
# Of which a day to come can be asked.
_WITH_DAYS_TO_COME = ("coverage_status", "which_plan_covers_me")
# What these say alone is little.
_SAY_LITTLE = frozenset({"inform", "repeat", "out_of_scope", "deny", "greet"})


class Near(NamedTuple):
    """An entry of the knowledge that a message is near to; `surely`: so near that it counts beside
    an intent that is understood for sure.
    """

    entry: str
    nearness: float
    surely: bool

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Near:
        """As the understanding gives it."""
        return cls(found["entry"], found["confidence"], found["band"] == "accept")


@dataclass(frozen=True)
class Item:
    """One question. `told` holds what was asked for and given, by need; `band` how sure the
    understanding is (accept, confirm, reject). `aspect` is what it asks of the matter that was told
    before, as the understanding of follow-ups has it; `aspect_sure` whether that counts beside an
    intent that is understood for sure. `details` are the knowledge's entries that it may ask for,
    the nearest first. These are of this message and not kept.
    """

    intent: str
    text: str = ""
    entities: tuple[Mapping[str, Any], ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    band: str = "accept"
    aspect: str | None = None
    aspect_sure: bool = False
    details: tuple[Near, ...] = ()

    def to_json(self) -> dict[str, Any]:
        kept = asdict(self)
        for name in _OF_THE_MESSAGE:
            del kept[name]
        return kept

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Item:
        return cls(
            data["intent"],
            data["text"],
            tuple(data["entities"]),
            dict(data["told"]),
            data.get("band", "accept"),
        )

    def asks_for(self, *aspects: str) -> bool:
        """Whether it asks one of these of the matter that was told before. That puts no emergency
        aside; some intents where they are unsure and it is sure, the others where either holds.
        """
        named = self.named
        if self.aspect == "meanwhile":
            # "I see the dentist tomorrow": who is seen before the matter is settled.
            named -= {"specialty", "facility", "date"}
        if self.aspect not in aspects or self.intent == "emergency" or named:
            return False
        if self._lets_another_speak:
            # "Can my daughter do this for me?" asks not who does it else.
            return False
        unsure = self.band != "accept" or self.intent in _SAY_LITTLE
        if self.intent in _BY_THEMSELVES:
            return self.aspect_sure and unsure
        return self.aspect_sure or (unsure and self.intent != "ask_capabilities")

    @property
    def _lets_another_speak(self) -> bool:
        surely = (self.intent, self.band) == ("authorize_representative", "accept")
        return surely and self.aspect == "who" and self.first("relation") is not None

    @property
    def named(self) -> set[str]:
        """The kinds of what it names that make a matter of its own."""
        named = (each for each in self.entities if each["value"] not in _NOW)
        return {entity["entity"] for entity in named} & _NAMES_A_MATTER

    @property
    def sure_aspect(self) -> str | None:
        """What it asks of the matter that was told before, where that was learnt for sure."""
        return self.aspect if self.aspect_sure else None

    @property
    def is_alone(self) -> bool:
        """Whether it is sure what it wants, and that this is nothing of what was told before."""
        return self.is_sure and self.aspect is None and self.aspect_sure

    @property
    def asks_to_be_called(self) -> bool:
        """Whether a call back is wanted, for sure."""
        return self.is_sure and self.intent == "request_callback"

    @property
    def asked_for(self) -> str | None:
        """What it asks of the matter that was told before; None where it asks nothing of it."""
        return self.aspect if self.aspect and self.asks_for(self.aspect) else None

    @property
    def is_sure(self) -> bool:
        """Whether what it wants is understood for sure, and is something."""
        return self.band == "accept" and self.intent not in _SAY_LITTLE

    def near(self, *, surely: bool) -> dict[str, float]:
        """The entries that it may ask for, each with how near it is to their questions; those alone
        that are near enough beside an intent that is understood for sure, with `surely`.
        """
        return {each.entry: each.nearness for each in self.details if each.surely or not surely}

    def tell(self, need: str, value: Any) -> Item:
        """The item with one more need met."""
        return replace(self, told={**self.told, need: value})

    def accepting(self, offer: Offer) -> Item:
        """The question that a yes to an answer's offer asks."""
        told = {**self.told, "general": "said", "chosen": offer.chosen, "agreed": True}
        return replace(self, intent=offer.intent, told=told)

    def settled(self) -> Item:
        """Without the yes: it counts once, and for nothing that follows."""
        told = {need: value for need, value in self.told.items() if need not in _ONCE}
        return replace(self, told=told)

    def first(self, entity: str) -> Any:
        """The value of the first entity of a type, or None."""
        return first(self.entities, entity)

    def said(self, need: str, today: date) -> Any:
        """The value for a need, as told when asked or as the question has it; None: not said."""
        if need in self.told:
            return self.told[need]
        if need in CALLBACK_NEEDS:
            return callback_value(need, self.text) if self.intent == "request_callback" else None
        if need in CASE_NEEDS:
            return case_value(need, self.intent, self.text)
        if need == "person" and self.first("relation") is not None and relative(self) is None:
            # Named, and not whom it is about.
            return None
        return value_in(need, self.text, self.entities, today)


@dataclass(frozen=True)
class Memory:
    """What the conversation remembers between questions (never proof of anything). `unsure` is
    the question whose topic the member was asked to choose; `offered` the question whose look-up
    was offered, and `declined` the topics whose look-up they did not want. `listed` is the last
    list that was told (see `actions.dialogue.follow_ups.subject.remember`), `subject` what the last
    question was about, by need: references that are public or worth nothing without proof.
    """

    location: str | None = None
    # The ZIP code of the home that was proven, for "near my house": the proof's, and not kept here.
    home: str | None = None
    partner: str | None = None
    topic: Mapping[str, Any] | None = None
    unsure: Mapping[str, Any] | None = None
    last: tuple[Mapping[str, Any], ...] = ()
    offered: Mapping[str, Any] | None = None
    listed: Mapping[str, Any] | None = None
    subject: Mapping[str, Any] = field(default_factory=dict)
    declined: tuple[str, ...] = ()
    # Who speaks, when they have said that they are not the member ("an employer").
    caller: str | None = None
    # What they were told already of what is kept from them, by the case that the knowledge has for
    # it, and of the ways on: none is said twice in a row.
    refusals: tuple[str, ...] = ()
    # Which company (its key) answered the last topic: a person who is asked for sits there.
    answered_by: str | None = None
    # What the member writes ("es"), and whether a person who speaks it was offered already.
    language: str = "en"
    met: bool = False
    # What a person was last asked for, for a call back instead.
    wanted: str | None = None
    # The last search for a doctor or a place, for "any women?" after one of them was asked about.
    searched: Mapping[str, Any] | None = None
    # The question whose answer was too long to be heard at once: "more" tells the rest.
    rest: Mapping[str, Any] | None = None
    # Whether the last answer was that somebody's permission is not on file.
    withheld: bool = False
    # The question that an emergency interrupted, for when the danger is over.
    interrupted: Mapping[str, Any] | None = None
    # The company (its key) at which too many tries failed: the member's records stay closed.
    barred: str | None = None
    # The counter that says so (`Turns.person_counter`), beside the conversation's own.
    barred_by: str = ""
    # The question that opened the last case: asked again, it opens none and tells its number.
    filed: Mapping[str, Any] | None = None
    # Its number, for what is told of it afterwards.
    reference: str | None = None
    # The company (its key) whose member they are, with a plan that is none of the alliance's.
    outside: str | None = None
    # Whether they said that they have no plan with us yet.
    newcomer: bool = False
    # What the last reply told, by its intent, and whether it told of a refusal: "claim",
    # "authorization".
    told: str | None = None
    refused: str | None = None
    # Whether the claim that was told waits for information, which its note names.
    lacking: bool = False
    # The company (its key) that did not answer, if it said so of one.
    unreached: str | None = None
    # Whether they were told of 911: what is asked of care since then may be of that emergency.
    warned: bool = False
    # The call back that is booked: its question, and what was said of it.
    booked: Mapping[str, Any] | None = None
    # The topics before the last one, newest first, for "go back to my claim".
    earlier: tuple[Mapping[str, Any], ...] = ()
    # Those of the family who were talked of, newest first: whom "she" and "he" can mean.
    people: tuple[Mapping[str, str], ...] = ()

    def case_again(self) -> Item | None:
        """The question that opened the last case, for its number and its day once more."""
        return Item.from_json(self.filed).tell("chosen", AGAIN) if self.filed else None

    def to_json(self) -> dict[str, Any]:
        kept = asdict(self)
        del kept["home"]
        return kept

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Memory:
        if not data:
            return cls()
        names = ("last", "declined", "earlier", "people", "refusals")
        several = {name: tuple(data.get(name, ())) for name in names}
        return cls(**{**data, **several})


def question(item: Item, memory: Memory, partners: Partners, today: date) -> Question:
    """What the item asks, with everything said so far."""
    # Where I would be covered is asked of the place in the question, never of one said before.
    of_a_place = item.intent == "which_plan_covers_me"
    there = item.told.get("location") or entity_zip(item.entities)
    zip_code = there if of_a_place else location(item, memory)
    partner = item.told.get("company") or item.said("partner", today)
    # "Am I MVP or CIGNA?" is asked of all, whichever was talked about before.
    several = item.first("partner") is not None and item.said("partner", today) is None
    before = None if several or item.intent == "which_plan_covers_me" else memory.partner
    return Question(
        intent=item.intent,
        text=item.text,
        place=locate(zip_code) if zip_code else None,
        state=item.told.get("state"),
        specialty=item.said("specialty", today),
        service=named(item.said("service", today)),
        drug=named(item.said("drug", today)),
        provider=named(item.said("provider", today)),
        at=item.told.get("at"),
        facility_type=named(item.said("facility_type", today)),
        about=about_whom(item, partners),
        claim=claim_wanted(item.said("claim", today)),
        partner=partner if partners.get(partner) else (None if asks_which(item) else before),
        reason=item.told.get("reason"),
        words=item.said("words", today),
        filing=item.said("filing", today),
        case=item.told.get("case"),
        phone=item.said("phone", today),
        time=item.said("time", today),
        order=item.told.get(ORDER, {}),
        instead=item.told.get("instead") is True,
        language=_language(item, memory),
        chosen=item.told.get("chosen"),
        asked=item.told.get(ASKED),
        agreed=item.told.get("agreed") is True,
        urgent=item.told.get(URGENT) is True,
        on=_day(item, today),
        start=int(item.told.get("start", 0)),
        again=item.told.get(ANEW) is True,
        entities={entity["entity"]: entity["value"] for entity in item.entities},
    )


def about_whom(item: Item, partners: Partners) -> str | None:
    """Whom else than the member the question is about, by relation or first name."""
    person = item.told.get("person") or _somebody(item, partners) or relative(item)
    return None if person in (None, SELF) else str(person)


def location(item: Item, memory: Memory) -> str | None:
    """The ZIP code to search around: of this question, or the last one that was said."""
    home = memory.home if _AT_HOME.search(item.text) else None
    return item.told.get("location") or entity_zip(item.entities) or home or memory.location


def _somebody(item: Item, partners: Partners) -> str | None:
    """Somebody named, who is nothing else that was understood: "claims for Ozempic"."""
    name = named_person(item.text, partners)
    said = {str(entity.get("said", "")).lower() for entity in item.entities}
    return name if name and name.lower() not in said else None


def only_helps(text: str) -> bool:
    """Whether a relative only writes or reads for the member."""
    return _HELPS.search(text) is not None


# "My son had surgery, have we met it?" is told with one's own and the family's.
_SUMS = frozenset({"deductible_status", "out_of_pocket_status"})
_TOGETHER = re.compile(
    r"\b(?:(?:both|all|two) of us|our (?:family|own)|(?:do|did|have|are|will|would) we|"
    r"we(?:'ve| have|'re| are))\b",
    re.IGNORECASE,
)


def relative(item: Item) -> str | None:
    """The relative whom the question is about: "my nephew's mail came here, is my address right?",
    "we got no cards after my wife came on", "my grandson types for me" and "my son says I have
    none" are about one's own.
    """
    relation: str | None = item.first("relation")
    of_me = _SAYS_OF_ME.search(item.text) or is_on_their_plan(item.text)
    if only_helps(item.text) or of_me or (relation and _ANYBODYS.search(item.text)):
        return None
    of_contact = _MY_CONTACT.search(item.text) or not _THEIR_CONTACT.search(item.text)
    contact = item.intent == "update_contact" and of_contact
    ours = item.intent == "which_plan_covers_me" and _IS_OURS.search(item.text)
    own = contact or ours or _SINCE_THEN.search(item.text) or _tells_of_own_birth(item)
    together = item.intent in _SUMS and _TOGETHER.search(item.text)
    return None if own or together else relation


def _tells_of_own_birth(item: Item) -> bool:
    """ "I just had a baby, was my delivery paid?" is of the mother; "is he covered?" not."""
    rest = _HAD_A_BABY.sub(" ", item.text)
    return rest != item.text and bool(_OF_MINE.search(rest)) and not _OF_THE_CHILD.search(rest)


def needs_company(item: Item, memory: Memory) -> bool:
    """Whether nobody has said yet which company it is about."""
    return not (
        item.told.get("partner") or company_meant(item.text, item.entities) or memory.partner
    )


def _language(item: Item, memory: Memory) -> str | None:
    """The language that is wanted: who names two, English and their own, wants their own; who
    names none, that of the conversation.
    """
    said = [str(e["value"]) for e in item.entities if e["entity"] == "language"]
    if said and all(language == "en" for language in said) and _SPANISH.search(item.text):
        # "No hablo ingles" names English, in Spanish.
        return "es"
    written = "es" if memory.language == "es" else None
    return next((language for language in said if language != "en"), next(iter(said), written))


def asks_which(item: Item) -> bool:
    """Whether several companies could be meant, and only the member can say which."""
    return "which" in item.told


def _day(item: Item, today: date) -> date | None:
    """The day that a coverage question is about: the first of the days that were said; one to come
    where that can be meant ("am I covered this weekend?").
    """
    coming = read_coming(item.text, today) if item.intent in _WITH_DAYS_TO_COME else None
    if coming:
        return coming
    period = read_period(item.text, today)
    return period.start if period else None
