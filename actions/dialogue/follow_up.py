"""What a short message means after what was said before: "the second one", "more", "and dental?",
"no, the May one", "what about my daughter?", "how much was it?".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.providers import FOR_CHILDREN
from actions.answers.service import PERSON
from actions.answers.talk import talk
from actions.answers.topics import NEEDS
from actions.dialogue.agenda import Item
from actions.dialogue.asides import is_protest, why_withheld
from actions.dialogue.context import aspect_asked, likely_meant, recent
from actions.dialogue.going_back import gone_back
from actions.dialogue.going_further import going_further
from actions.dialogue.reading import SELF, by_care, claim_value, entity_zip, value_in
from actions.dialogue.times import times_of
from actions.dialogue.turn import Turn
from actions.dialogue.ways_on import (
    asks_what_now,
    names_other_card,
    not_ours,
    protests,
    what_now,
    why,
)
from alliance.answer import Answer, Listed
from alliance.gazetteer import common_words

# As many of a list as "more" and "the fifth one" can reach.
MOST_LISTED = 50
_MOST_WORDS = 9

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
_ORDINAL = r"first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th"
_THING = r"ones?|doctor|provider|claim|place|name|option|hospital|pharmacy|office|result"
_PICKED = re.compile(
    rf"\b(?:the |that )?(?P<a>{_ORDINAL}|last) (?:{_THING})\b|"
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
# "The hospital says I owe the rest": of the bill that was just talked about.
_SAME_BILL = re.compile(
    r"\b(?:the|my) (?:rest|remainder|balance|difference|remaining)\b|\brest of (?:it|that|"
    r"the bill)\b|"
    r"\b(?:they|the \w+(?: office)?) (?:still )?(?:says?|said|claims?|insists?|wants?|keeps?|"
    r"tells? me|"
    r"told me)\b",
    re.IGNORECASE,
)
# What carries the last question on, with something new in it.
_AGAIN = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|thanks|thank you|great|good|hm+|so|well)\W+)*"
    r"(?:and|but|or|what about|how about|what if it'?s|same (?:thing |question )?for|also|now|try|"
    r"y|for|in|near|not)\b",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"^\W*(?:no+|nope|nah|sorry|oops|wait|actually|i meant|i mean|i said|make (?:it|that)|"
    r"(?:it|that) should be|not that|not|correction|rather|wrong|change (?:it|that) to|"
    r"i was asking about|i'?m asking about)\b",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(r"\b(?:not|instead of|rather than)(?: the| in| near| for)?\s*$", re.I)
# Words that add nothing to what a short message names.
_EMPTY = frozenset(
    word
    for line in (
        "an a the my our your his her their me i it it's its is was be that this one ones in at on",
        "of for from to near around by with about and but or so no not nope sorry oops wait what",
        "actually meant mean said how same thing question also then please instead ok okay yes",
        "well now try make should rather correction wrong change if look looking search find there",
        "thanks thank you only just im i'm asking",
    )
    for word in line.split()
)
_MOVES = re.compile(
    r"\b(?:if|when|after|once|suppose|say)\b.{0,20}\b(?:i|we)(?:'m| am|'re| are)?\W+(?:\w+ )?"
    r"(?:mov(?:e|ed|ing)|relocat\w+|live[ds]? in|living in)\b",
    re.IGNORECASE,
)
_MOVED = re.compile(r"\b(?:moved|moving|relocated|live in|living in)\b", re.IGNORECASE)
_TO_CHANGE = re.compile(
    r"\b(?:change|update|new (?:address|street|place|house|phone|number|home)|address|tell you|"
    r"let you know|notify|send|mail|where|how|need|want|can|should)\b|\?",
    re.IGNORECASE,
)
# Words that point back at what was just talked about.
_IT = re.compile(
    r"\b(?:it|that|this|that one|this one|those|them|they|he|she|him|her|his|their|the (?:office|"
    r"doctor|claim|bill|drug|medicine|place|one))\b",
    re.IGNORECASE,
)
_SOMEBODY_BEFORE = re.compile(r"\b(?:she|he|her|him|his|hers)\b(?!'?s? (?:office|doctor))", re.I)
_ANOTHER = re.compile(r"\b(?:another|other|different|new|else)\b", re.IGNORECASE)
_MONEY = re.compile(
    r"\bhow much (?:was|is|were|did|do|does|would|will)\b.*\b(?:it|that|this|they|i)\b|"
    r"\bwhat (?:did|does|would|will|was|is) (?:it|that|this) (?:cost|price)|\bwhat do i owe\b",
    re.IGNORECASE,
)
_PAYING = re.compile(
    r"\b(?:when|who|did|was|is|how)\b.*\b(?:paid|pay|processed|received|owe)\b", re.IGNORECASE
)
_PLACE_ASKED = re.compile(
    r"\b(?:where|address|phone|number|hours|open|call|fax|directions|how far|"
    r"(?:take|takes|taking|accept|accepts|accepting|see|sees) (?:any |on )?new|speaks?|languages?|"
    r"contact)\b",
    re.IGNORECASE,
)
# "Why was it so much?", "how come I owe that": the lines of what was paid, not a denial.
_WHY_SO_MUCH = re.compile(
    r"\b(?:why|how come|what for)\b(?!.*\b(?:denied|denial|rejected|refused|turned down)\b)"
    r".*\b(?:so (?:much|high|expensive)|that (?:much|high)|too much|(?:do|did|should|would|must) i "
    r"(?:owe|pay)|i (?:owe|pay|paid|have to pay)|cost|charged?|my share)\b",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\W*(?:(?:and|but|ok(?:ay)?|so|um+)\W+)*(?:why(?: (?:not|is that|was that|so|though))?|"
    r"how come|what for|what'?s the reason|what was the reason)\W*",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but)\W+)*how much (?:is|do i have|have i got|of (?:it|that) is|'?s|"
    r"more|do i still have)\W*(?:do i have |is )?(?:left|remaining|to go|still left)?"
    r"(?: (?:now|this year|for (?:me|the year|us)))?\W*",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but)\W+)*(?:how much|what'?s the (?:copay|cost|price)|what does it "
    r"cost)(?: (?:is|does|would|will|do) (?:it|that|this|i|they))?"
    r"(?: (?:cost|be|pay|charge)(?: me)?)?\W*",
    re.IGNORECASE,
)
_NETWORK_SIDE = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|what|how about|what about)\W+)*(?:if |when )?"
    r"(?:(?:i'?m|i am|i go|they'?re|it'?s|he'?s|she'?s|the \w+ is|going)\W+)?"
    r"(?:out[- ]of[- ]|outside (?:of )?(?:the |my )?|not in (?:the |my )?|"
    r"in[- ](?:the |my )?)network\W*",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\bhow many (?:visits|times|sessions|treatments|appointments)\b|"
    r"\b(?:is there|any) (?:a )?limit\b",
    re.IGNORECASE,
)
_MINE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|what about|how about|also|now|for)\W+)+"
    r"(?:mine|me|my own|myself)(?: (?:too|as well|then|now))?\W*",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"\b(?:letter|notice|decision|denial)\b.{0,20}\b(?:dated?|says?|said|is|was|from|of)\b.*\d|"
    r"\b(?:dated|date on (?:it|the letter|my letter))\b.*\d",
    re.IGNORECASE,
)
# Of prior authorizations, after they were told.
_OF_REQUEST = re.compile(
    r"\b(?:why|how come|which|what about|other|it|that|denied|refused|rejected|declined|"
    r"turned down|approved|pending|reviewed|not approved)\b",
    re.IGNORECASE,
)
_OF_CLAIM = re.compile(r"\b(?:claims?|bills?|eobs?|visits?|appeal|er)\b", re.IGNORECASE)
_LIKE_REQUESTS = frozenset(
    {
        "claim_denial", "claim_status", "prior_auth_status", "prior_auth_required", "drug_coverage",
        "referral_question", "benefit_covered", "inform", "repeat", "out_of_scope", "explain_eob",
    }
)  # fmt: skip
# After somebody else's records stayed closed: one's own.
_OWN_INSTEAD = re.compile(r"\b(?:my own|mine)\b", re.IGNORECASE)
_SUMS = frozenset({"deductible_status", "out_of_pocket_status", "fsa_balance"})
_ABOUT_PROVIDERS = frozenset(
    {"find_provider", "find_facility", "find_pharmacy", "provider_details", "check_network"}
)
_OF_MY_PLAN = re.compile(
    r"\b(?:is|are|do|does|will) (?:it|he|she|they|that one|this one)\b.{0,20}"
    r"\b(?:my )?(?:plan|network|insurance)\b",
    re.IGNORECASE,
)
_THE_NUMBER = re.compile(
    r"\W*(?:(?:and|ok(?:ay)?|so|please|can i|could i|can you|could you|may i|i need|i want)\W+)*"
    r"(?:(?:give|get|have|tell|send)(?: me)? |what(?:'?s| is) )?the(?:ir)? "
    r"(?:(?:phone |telephone )?number|phone|address|hours|fax)(?: (?:there|please|again))*\W*",
    re.IGNORECASE,
)
# "Which doctor was that?", "what was it for?": the care behind a claim.
_WHOSE_CARE = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|wait|hm+)\W+)*(?:(?:which|what|who'?s?) (?:doctor|provider|"
    r"office|hospital|place|visit|service|was the (?:doctor|provider))(?: (?:was|is|"
    r"did)\b.{0,25})?|"
    r"(?:what|who|where) (?:was|is) (?:it|that|this)(?: (?:one|claim|visit|for|with|from|"
    r"about))*)\W*",
    re.IGNORECASE,
)
# "What was the first one for?": the care, which a claim's state does not tell.
_CARE_ASKED = re.compile(
    r"\b(?:what|which|who|whose|where)\b.*\b(?:for|doctor|provider|with|visit|office)\b",
    re.IGNORECASE,
)
# "And for the family?", "what about just me?": both are in the same answer.
_UNIT = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|what about|how about|for)\W+)*(?:the |my |our |just |for )*"
    r"(?:whole |entire )?(?:family|individual|all of us|everyone|everybody)"
    r"(?:'?s|(?: (?:one|deductible|limit|maximum|max|total|amount|plan|together|as well|"
    r"too))+)?\W*",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:since|until|till|from) when\b|\bwhen (?:did|does|will|do) (?:it|that|this|my (?:plan|"
    r"coverage)) (?:start|begin|end|stop|run out|expire)\w*\b|\bhow long have i (?:had|been)\b",
    re.IGNORECASE,
)
_COVERAGE = frozenset({"coverage_status", "which_plan_covers_me"})
_ACCOUNTS = frozenset({"fsa_balance", "fsa_claim"})
# "Can I buy glasses with it?" of a spending account.
_BUYS = re.compile(
    r"\b(?:buy|pay|use|spend|get)\b.*\b(?:with|from|out of|using) (?:it|that|this|the (?:money|"
    r"card|account))\b|\b(?:use|spend) (?:it|that|the money) (?:for|on)\b",
    re.IGNORECASE,
)
# "And last year's?" of a spending account, which has one balance a plan year.
_OF_YEAR = re.compile(
    r"\b(?:last|this|next|previous|old|prior|other) (?:plan )?year(?:'?s)?\b|\b20\d\d(?:'?s)?\b",
    re.IGNORECASE,
)
# What a search can be narrowed by (actions/answers/providers.py, facilities.py read it).
_WISH = re.compile(
    r"\b(?:wom[ae]n|females?|lad(?:y|ies)|men|man|males?|speaks?|speaking|spanish|new patients?|"
    r"accept(?:s|ing)? new|taking new|wheelchair|open (?:now|late|today|tomorrow|at night|on "
    r"\w+|24)|weekends?|saturdays?|sundays?|evenings?|24 hours?|closer|nearer|within \d+ miles?)\b",
    re.IGNORECASE,
)
# "What about for kids?" after dentists: the kind of doctor that sees children.
_FOR_CHILDREN = re.compile(
    r"\b(?:for|sees?|treats?|takes?|good with|works? with)\b.{0,20}\b(?:kids?|child(?:ren)?|"
    r"bab(?:y|ies)|toddlers?|infants?|newborns?|sons?|daughters?|teens?|teenagers?)\b|"
    r"^\W*(?:and|or|what about|how about)\W+(?:my )?(?:kids?|child(?:ren)?|sons?|daughters?)\W*$",
    re.IGNORECASE,
)
# Of a list of doctors or places: whether the member's own plan counts them in.
_IN_NETWORK = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but)\W+)*(?:(?:which|who|any)(?: ones?| of (?:them|those|these))?"
    r"\W+(?:are|is)?\W*|(?:are|is) (?:they|these|those|any of (?:them|those|these)) ?)?(?:all )?"
    r"(?:in|taking|take|takes|accept|accepts|accepting)[- ]?(?:my |the )?"
    r"(?:network|plan|insurance)(?: for me)?\W*",
    re.IGNORECASE,
)
_YOUR_HOURS = re.compile(r"\b(?:you|your|customer|member|phone lines?)\b", re.IGNORECASE)
_SEARCHES = frozenset({"find_provider", "find_facility", "find_pharmacy"})
_NAMES_ONE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|thanks|and|but|so|what about|how about|also|now)\W+)+"
    r"(?P<name>[^\W\d_]{2,20}?)(?P<things>['\u2019]s)?(?: (?:ones?|claims?|bills?|plan|coverage|"
    r"deductible|card|visits?|copay|authori[sz]ations?|records?))?\W*",
    re.IGNORECASE,
)
MOST_LIKELY = 3
_COSTS = frozenset({"copay_cost", "cost_estimate"})
_HAS_COST = re.compile(
    r"\b(?:did|was|were)\b.*\b(?:cost|charged?|pay|paid|price)\b|\b(?:cost|charged) me\b",
    re.IGNORECASE,
)
_CLAIM_WORD = re.compile(r"\b(?:claim|bill)\b", re.IGNORECASE)
_WHERE_IS_IT = re.compile(
    r"\b(?:where|when|why|how much|what happened|status|paid|pay|money)\b", re.IGNORECASE
)
_CLAIMS = frozenset({"claim_status", "claim_denial", "explain_eob", "billing_problem", "appeal"})
_DRUGS = frozenset({"drug_coverage", "drug_cost", "mail_order_pharmacy"})
_SERVICES = frozenset({"benefit_covered", "copay_cost", "cost_estimate", "prior_auth_required"})
# What a question can be about and the next one can take from it.
SUBJECTS = ("claim", "provider", "drug", "service", "facility_type", "specialty")
# What one question of a message names for the others too.
_SHARED = ("drug", "service", "provider")
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


def follow_up(turn: Turn, item: Item, today: date) -> Item | Answer | None:
    """The question that the message means by what came before, or what to say to it; None when it
    stands by itself.
    """
    if not item.text or turn.text.startswith("/") or item.intent == "emergency":
        return None
    listed = turn.memory.listed
    if not listed and _ORDINAL_ALONE.fullmatch(item.text):
        return talk("unclear")
    if turn.memory.rest and _MORE.fullmatch(item.text):
        return Item.from_json(turn.memory.rest).tell("start", 1)
    if listed and _MORE.fullmatch(item.text):
        return _more(listed)
    if listed and (picked := _PICKED.search(item.text)):
        return _pick(item, listed, picked)
    if asks_what_now(item.text) and (way := what_now(turn)):
        return way
    if reason := why(turn, item.text):
        return reason
    if protests(turn, item.text) and not names_other_card(turn):
        return not_ours(turn)
    if earlier := gone_back(turn, item):
        return earlier
    if _MOVES.search(item.text) and entity_zip(item.entities):
        return replace(item, intent="which_plan_covers_me", band="accept")
    if turn.memory.withheld and is_protest(item.text) and not _OWN_INSTEAD.search(item.text):
        return why_withheld()
    if item.first("partner") and _told_last(turn) == "contact_info" and _is_short(item):
        return Item("contact_info", item.text, item.entities)
    if is_letter_date(turn, item):
        told = turn.memory.topic["told"] if turn.memory.topic else {}
        return Item("appeal", item.text, item.entities, dict(told))
    topics = _topics(turn)
    if not topics:
        return None
    for topic in (*topics, *_last_topic(turn)):
        if times := times_of(item, topic):
            return times
    if further := going_further(turn, item, topics[0], today):
        return further
    if about := _about_it(turn, item, topics[0], today) or _narrowed(turn, item, topics):
        return about
    if about := _for_children(item, topics, today):
        return about
    if aspect := aspect_asked(turn, item, today):
        return aspect
    # Only a message that is not understood goes back further than to the last topic.
    before = [] if item.band == "accept" else recent(turn)
    for topic in (*topics, *before):
        if carried := _carried_on(turn, item, topic, today):
            return carried
    likely = likely_meant(turn, item)
    if likely is None:
        return None
    person = _with_person(turn, replace(item, intent=likely.intent), today).told
    return _with_values(likely, item, meant(turn, item), today, {**likely.told, **person})


def is_letter_date(turn: Turn, item: Item) -> bool:
    """Whether the day of a letter is told after an appeal was talked about, which counts from it:
    no claim's day, whatever is being asked.
    """
    topic = turn.memory.topic
    return topic is not None and topic["intent"] == "appeal" and bool(_LETTER.search(item.text))


def _told_last(turn: Turn) -> str | None:
    return turn.memory.last[-1].get("intent") if turn.memory.last else None


def _is_short(item: Item) -> bool:
    return len(item.text.split()) <= _MOST_WORDS


def _topics(turn: Turn) -> list[Item]:
    """What a short message may carry on: what is being asked about just now, else what was last
    answered; then the last search.
    """
    if turn.in_form and turn.agenda:
        return [turn.agenda[0]]
    kept = [turn.memory.topic, turn.memory.searched]
    topics = [Item.from_json(topic) for topic in kept if topic]
    return topics[:1] + [topic for topic in topics[1:] if topic.intent != topics[0].intent]


def _last_topic(turn: Turn) -> list[Item]:
    """What was answered last, also while something else is being asked."""
    return [Item.from_json(turn.memory.topic)] if turn.memory.topic else []


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
    item = _with_person(turn, item, today)
    points_back = bool(_IT.search(item.text))
    for need, value in turn.memory.subject.items():
        again = item.intent == topic and not (need == "claim" and item.intent in _CLAIMS)
        if not (points_back or (need in NEEDS.get(item.intent, ()) and not again)):
            continue
        if need in _wanted(item.intent) and item.said(need, today) is None:
            item = item.tell(need, value)
    return item


def shared(turn: Turn, item: Item, today: date) -> Item:
    """A question with what another one of the same message names: "is metformin on the list and how
    much is it".
    """
    for need in _SHARED:
        if need not in NEEDS.get(item.intent, ()) or item.said(need, today) is not None:
            continue
        others = (other for other in turn.questions if need in NEEDS.get(other.intent, ()))
        value = next((v for other in others if (v := other.said(need, today)) is not None), None)
        item = item if value is None else item.tell(need, value)
    return item


def same_subject(item: Item, other: Item) -> bool:
    """Whether two questions are about one drug or service."""
    return any(need in NEEDS.get(item.intent, ()) and need in other.told for need in _SHARED)


def _with_person(turn: Turn, item: Item, today: date) -> Item:
    """ "Is she covered right now?" after the baby: of her, not of the member."""
    if not _SOMEBODY_BEFORE.search(item.text):
        return item
    if "person" not in _wanted(item.intent) or item.said("person", today) not in (None, SELF):
        return item
    # Also of a question that still waits, or that stands before it in the same message.
    topic = [Item.from_json(turn.memory.topic)] if turn.memory.topic else []
    others = [other for other in turn.questions if other.text != item.text]
    for before in (*others, *turn.agenda, *topic):
        somebody = before.told.get("person") or before.first("relation")
        if somebody not in (None, SELF):
            return item.tell("person", somebody)
    return item


def with_claim(turn: Turn, item: Item, today: date) -> Item:
    """A question about a claim with the claim that it means, where the message says so: also in
    another of its questions ("why was my ER visit denied, and do I have to pay it?").
    """
    if item.intent not in _CLAIMS or "claim" in item.told:
        return item
    own = item.said("claim", today)
    if own is not None:
        # Settled here where it decides how well the member has to be known.
        return item.tell("claim", own) if item.intent == "claim_status" else item
    others = (other for other in turn.questions if other.intent in _CLAIMS)
    told = next((value for other in others if (value := other.said("claim", today))), None)
    return item if told is None else item.tell("claim", told)


def one_claim(turn: Turn, item: Item, today: date) -> list[Item]:
    """What is asked of one claim that the words single out by day or number, where it sounds like
    something else: "what did my March visit cost me", or hard words around it.
    """
    value = claim_value(item.text, today) or {}
    if "number" not in value and ("start" not in value or value["start"] > today.isoformat()):
        return []
    asked = replace(item, intent="claim_status", band="accept").tell("claim", value)
    if item.intent in _COSTS and _HAS_COST.search(item.text):
        return [asked]
    if not _CLAIM_WORD.search(item.text) or len(turn.questions) > 1:
        return []
    if turn.harsh and item.intent == "complaint" and _WHERE_IS_IT.search(item.text):
        # Both: the claim is told, and the complaint is taken.
        return [asked, item]
    likely = {name for name, _ in turn.ranking[:MOST_LIKELY]}
    return [asked] if item.band == "confirm" and "claim_status" in likely else []


def only_tells(turn: Turn, item: Item) -> bool:
    """Whether a move is only told before what is asked: "we moved to Boston. Which plan is it?"."""
    return (
        item.intent == "update_contact"
        and len(turn.questions) > 1
        and _MOVED.search(item.text) is not None
        and _TO_CHANGE.search(item.text) is None
    )


def remember(turn: Turn, item: Item, given: Answer, today: date) -> None:
    """Keep what an answered question was about, and what its answer listed."""
    subject = {
        need: value
        for need in SUBJECTS
        if need in _wanted(item.intent) and (value := item.said(need, today)) is not None
    }
    listed = turn.memory.listed
    if given.listed:
        seen = given.listed.spoken if turn.context.channel == "voice" else given.listed.shown
        listed = {
            "intent": given.listed.intent,
            "items": [dict(one) for one in given.listed.items[:MOST_LISTED]],
            "seen": seen,
            "topic": item.to_json(),
        }
        if len(given.listed.items) == 1:
            subject = {**subject, **given.listed.items[0]}
        elif need := _need_of(given.listed):
            # One of several: none is meant until it is picked.
            subject.pop(need, None)
    if number := given.facts.get("claim"):
        subject = {**subject, "claim": {"number": number}}
        if (about := item.said("person", today)) not in (None, SELF):
            subject["person"] = about
    # A question about nothing in particular leaves what was talked about before.
    subject = subject or dict(turn.memory.subject)
    withheld = bool(given.facts.get("no_consent"))
    refused = _refused(given) or (turn.memory.refused if item.intent == "appeal" else None)
    searched = item.to_json() if item.intent in _SEARCHES else turn.memory.searched
    unheard = turn.context.channel == "voice" and bool(given.facts.get("rest"))
    turn.memory = replace(
        turn.memory,
        subject=subject,
        listed=listed,
        searched=searched,
        withheld=withheld,
        refused=refused,
        rest=item.to_json() if unheard else None,
    )


def _refused(given: Answer) -> str | None:
    """What of the answer was refused, whole or in part, if anything was."""
    claims = given.facts.get("claims") or ()
    if any(claim.get("state") in ("denied", "partly_paid", "reversed") for claim in claims):
        return "claim"
    requests = given.facts.get("authorizations") or ()
    if any(request.get("decision") == "denied" for request in requests):
        return "authorization"
    return None


def _more(listed: Mapping[str, Any]) -> Item | Answer:
    if listed["seen"] < len(listed["items"]):
        return Item.from_json(listed["topic"]).tell("start", listed["seen"])
    text = "That was the whole list. You can ask about one of them, or name another place or date."
    return Answer(text=text, speech=text, kind="notice", intent="repeat", buttons=(PERSON,))


def _pick(item: Item, listed: Mapping[str, Any], picked: re.Match[str]) -> Item | Answer | None:
    number = _NUMBERS[next(group for group in picked.groups() if group).lower()]
    items = listed["items"]
    if number > len(items):
        count = len(items)
        text = f"There {'is only one' if count == 1 else f'are only {count}'} in that list."
        return Answer(text=text, speech=text, kind="notice", intent="repeat", buttons=(PERSON,))
    told = items[number - 1 if number > 0 else -1]
    need = next(iter(told), "")
    bare = picked.group().strip() == item.text.strip(" .?!,")
    intent = listed["intent"]
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


def _about_it(turn: Turn, item: Item, topic: Item, today: date) -> Item | None:
    """ "How much was it?", "where is that one?": of what the last answer was about."""
    subject = turn.memory.subject
    if topic.intent in _SUMS and _LEFT.fullmatch(item.text):
        return Item(topic.intent, topic.text, topic.entities, topic.told)
    if topic.intent in _SEARCHES and _IN_NETWORK.fullmatch(item.text):
        return last_search(turn)
    if topic.intent in _SUMS and _NETWORK_SIDE.fullmatch(item.text):
        return Item(topic.intent, topic.text, topic.entities, topic.told)
    if topic.intent in _SUMS and _UNIT.fullmatch(item.text):
        return Item(topic.intent, topic.text, topic.entities, topic.told)
    if topic.intent in _COVERAGE and _is_short(item) and _SINCE.search(item.text):
        person = {"person": topic.told["person"]} if "person" in topic.told else {}
        return Item("coverage_status", "", topic.entities, person)
    if topic.intent in _ACCOUNTS and _BUYS.search(item.text):
        return Item("fsa_claim", item.text, item.entities)
    bare = item.intent == "inform" or item.band != "accept"
    if topic.intent in _ACCOUNTS and bare and _is_short(item) and _OF_YEAR.search(item.text):
        return Item(topic.intent, item.text, item.entities)
    if topic.intent in _SERVICES and _is_short(item):
        if _HOW_MUCH.fullmatch(item.text) or _NETWORK_SIDE.fullmatch(item.text):
            return Item("copay_cost", topic.text, topic.entities, topic.told)
        if _LIMITS.search(item.text) and not item.entities:
            return Item("benefit_covered", topic.text, topic.entities, topic.told)
    if topic.intent in _DRUGS and _HOW_MUCH.fullmatch(item.text):
        return Item("drug_cost", topic.text, topic.entities, topic.told)
    if "claim" in subject and topic.intent in _CLAIMS and len(item.text.split()) <= _MOST_WORDS:
        if _WHY_SO_MUCH.search(item.text):
            return Item("explain_eob", item.text, (), _of_claim(subject))
        if _WHY.fullmatch(item.text):
            # Of a claim that was paid, it is the share that wants a reason.
            intent = "claim_denial" if turn.memory.refused else "explain_eob"
            return Item(intent, item.text, (), _of_claim(subject))
        if _WHOSE_CARE.fullmatch(item.text):
            return Item("explain_eob", item.text, (), _of_claim(subject))
    if topic.intent in _CLAIMS and _WHY.fullmatch(item.text):
        # After a list: the one of it that was refused.
        return Item("claim_denial", topic.text, topic.entities, topic.told)
    if "provider" in subject and topic.intent in _ABOUT_PROVIDERS and _is_short(item):
        provider = {"provider": subject["provider"]}
        if _OF_MY_PLAN.search(item.text) and not item.first("provider"):
            return Item("check_network", item.text, (), provider)
        if _THE_NUMBER.fullmatch(item.text) and not item.first("partner"):
            return Item("provider_details", item.text, (), provider)
    if topic.intent == "prior_auth_status" and _is_short(item) and _asks_of_request(item):
        return Item(topic.intent, item.text, topic.entities, topic.told)
    if not _IT.search(item.text) or len(item.text.split()) > _MOST_WORDS:
        return None
    money = _MONEY.search(item.text)
    other = claim_value(item.text, today) if topic.intent in _CLAIMS else None
    if "claim" in subject and other and not {"number", "start", "latest", "all"} & other.keys():
        # "And the doctor's bill for it?": another claim of the same visit.
        beside = {"claim": {**other, "beside": subject["claim"].get("number")}}
        intent = item.intent if item.intent in _CLAIMS else topic.intent
        return Item(intent, item.text, item.entities, {**_of_claim(subject), **beside})
    if "claim" in subject and (money or _PAYING.search(item.text)) and topic.intent in _CLAIMS:
        return Item("claim_status", item.text, (), _of_claim(subject))
    if "drug" in subject and money and topic.intent in _DRUGS:
        return Item("drug_cost", item.text, (), {"drug": subject["drug"]})
    if "service" in subject and money and topic.intent in _SERVICES:
        return Item("copay_cost", item.text, (), {"service": subject["service"]})
    if "provider" in subject and _PLACE_ASKED.search(item.text) and not item.first("provider"):
        return Item("provider_details", item.text, (), {"provider": subject["provider"]})
    return None


def _asks_of_request(item: Item) -> bool:
    """Whether, after authorizations, the words ask about one of them: "why was the other one
    refused?".
    """
    if _OF_CLAIM.search(item.text) or item.entities:
        return False
    sounds = item.intent in _LIKE_REQUESTS or item.band != "accept"
    return sounds and bool(_OF_REQUEST.search(item.text))


def _of_claim(subject: Mapping[str, Any]) -> dict[str, Any]:
    """The claim that was talked about, and whose it is."""
    return {need: subject[need] for need in ("claim", "person") if need in subject}


def asks_of_network(turn: Turn, item: Item) -> bool:
    """Whether it is asked of a list of doctors or places which of them the own plan counts in:
    nobody can say before it is known whose plan it is.
    """
    topics = _topics(turn)
    return (
        turn.context.verified is None
        and bool(topics)
        and topics[0].intent in _SEARCHES
        and _IN_NETWORK.fullmatch(item.text) is not None
    )


def last_search(turn: Turn) -> Item:
    """The search that was told last, from its beginning."""
    searched = _topics(turn)[0]
    told = {need: value for need, value in searched.told.items() if need != "start"}
    return replace(searched, told=told)


def _for_children(item: Item, topics: list[Item], today: date) -> Item | None:
    """The last search for doctors, for a child."""
    if len(item.text.split()) > _MOST_WORDS or not _FOR_CHILDREN.search(item.text):
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


def _narrowed(turn: Turn, item: Item, topics: list[Item]) -> Item | None:
    """ "Any women?", "who speaks Spanish?", "open on Saturday": the last search, and that."""
    if len(item.text.split()) > _MOST_WORDS or not _WISH.search(item.text):
        return None
    searched = next((topic for topic in topics if topic.intent in _SEARCHES), None)
    if searched is None or item.first("specialty") or item.first("provider"):
        return None
    about_them = topics[0].intent in _ABOUT_PROVIDERS and not _YOUR_HOURS.search(item.text)
    if item.intent == "contact_info" and not about_them:
        # The company's own hours.
        return None
    # "Is she taking new patients?" of a list of which none was picked asks for those who are.
    points_at_one = _IT.search(item.text) and "provider" in turn.memory.subject
    if points_at_one or {e["entity"] for e in item.entities} & {"claim_number", "drug"}:
        return None
    places = {"zip", "place"} & {e["entity"] for e in item.entities}
    kept = [e for e in searched.entities if not (places and e["entity"] in ("zip", "place"))]
    told = {
        n: v for n, v in searched.told.items() if n != "start" and not (places and n == "location")
    }
    return Item(searched.intent, f"{searched.text}, {item.text}", (*item.entities, *kept), told)


def _carried_on(turn: Turn, item: Item, topic: Item, today: date) -> Item | None:
    """The topic again, with the new values of a message that has nothing else of its own."""
    if len(item.text.split()) > _MOST_WORDS:
        return None
    if name := _somebody(item, topic, turn):
        return Item(topic.intent, topic.text, topic.entities, {**topic.told, "person": name})
    unsure = item.intent in ("inform", "deny", "affirm") or item.band != "accept"
    if not unsure and not (_AGAIN.search(item.text) or _CORRECTS.search(item.text)):
        return None
    entities = meant(turn, item)
    if not unsure and _rest(item):
        return None
    if unsure and item.intent != "inform" and len(_rest(item)) > 2:
        return None
    if not _new_values(topic, item, entities, today):
        return None
    return _with_values(topic, item, entities, today, topic.told)


def _new_values(
    topic: Item, item: Item, entities: Sequence[Mapping[str, Any]], today: date
) -> dict[str, Any]:
    """What the message says of what the topic wants, by need."""
    return {
        need: value
        for need in _wanted(topic.intent)
        if (value := value_in(need, item.text, entities, today)) is not None
        and not (need == "person" and not any(e["entity"] == "relation" for e in entities))
    }


def _with_values(
    topic: Item,
    item: Item,
    entities: Sequence[Mapping[str, Any]],
    today: date,
    before: Mapping[str, Any],
) -> Item:
    """The topic with the message's values in the place of those told `before`."""
    values = _new_values(topic, item, entities, today)
    changed = {kind for need in values for kind in _KINDS[need]}
    kept = [e for e in topic.entities if e["entity"] not in changed]
    told = {need: value for need, value in before.items() if need not in (*values, "start")}
    # Days are read from the words, as "in March" of a plan is.
    text = item.text if "claim" in values or item.first("date") else topic.text
    return Item(topic.intent, text, (*entities, *kept), {**told, **values})


def _somebody(item: Item, topic: Item, turn: Turn) -> str | None:
    """ "And Finn's?", "what about Faye's claims?": the same about somebody named."""
    if "person" not in _wanted(topic.intent) or not _AGAIN.search(item.text):
        return None
    if _MINE.fullmatch(item.text):
        return SELF
    found = _NAMES_ONE.fullmatch(item.text)
    if found is None or item.entities or found["name"].lower() in common_words():
        return None
    sure = item.band == "accept" and item.intent != "inform"
    if sure and not (found["things"] or topic.intent in _CLAIMS | _SUMS):
        return None
    return None if turn.partners.named(found["name"]) else found["name"].capitalize()


def meant(turn: Turn, item: Item) -> tuple[Mapping[str, Any], ...]:
    """The entities without those that are named to be put aside: "not Albany, Troy"."""
    return tuple(
        entity
        for entity in item.entities
        if not _NOT_BEFORE.search(turn.text[: entity.get("start", 0)])
    ) or tuple(item.entities)


def _rest(item: Item) -> list[str]:
    """The words of a message that name nothing we know and are no filling."""
    text = item.text.lower()
    for entity in item.entities:
        text = text.replace(str(entity.get("said", "")).lower(), " ")
    return [word for word in re.findall(r"[\w']+", text) if word not in _EMPTY]


def _wanted(intent: str) -> tuple[str, ...]:
    """What a question of this intent may say, whether or not it is asked for."""
    needs = [need for need in NEEDS.get(intent, ()) if need not in ("identity", "reason")]
    if "identity" in NEEDS.get(intent, ()):
        needs.append("person")
    if intent == "which_plan_covers_me":
        needs.append("location")
    if intent in _CLAIMS:
        needs.append("claim")
    if intent in ("check_network", "provider_details", "change_pcp"):
        needs.append("provider")
    if intent in _SERVICES:
        needs.append("service")
    if intent in _DRUGS:
        needs.append("drug")
    return tuple(dict.fromkeys([*needs, "partner"]))


def _need_of(listed: Listed) -> str | None:
    return next(iter(listed.items[0]), None) if listed.items else None
