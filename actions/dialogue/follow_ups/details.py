"""What members ask of a topic in words of its own: "do copays count toward it?", "what if I go
without one?", "how long do I get to choose?". Which of the knowledge's entries a message is near to
is found by the entries' example questions (`bot.nlu.details`); the topic, and so the entry, here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.answers.cases import CASES
from actions.answers.dental_vision import IN_FILE
from actions.answers.general import detail, detail_anywhere, is_of, knows_aspect, own_topic
from actions.answers.talk import is_talk
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.context import (
    ON_FILE,
    asked_of,
    known_by,
    leant_on,
    of_own_matter,
    stands_alone,
)
from actions.dialogue.danger import LOW, NOW
from actions.dialogue.follow_ups.carrying_on import names_nothing_else
from actions.dialogue.follow_ups.claims import asks_decision
from actions.dialogue.follow_ups.topics import (
    A_SUM,
    ABOUT_PROVIDERS,
    ACCOUNTS,
    CLAIMS,
    COVERAGE,
    DRUGS,
    MOST_WORDS,
    SEARCHES,
    SERVICES,
    SUMS,
    is_kin,
    told_last,
)
from actions.dialogue.general_first import is_personal, own_case
from actions.dialogue.intents import intents
from actions.dialogue.needs import asks_in_part
from actions.dialogue.turn import Turn
from actions.identity.third_party import OFFICE, on_business
from alliance.aspects import KINDS, leans_back, names_no_matter

# So many of what was talked about may be meant; by so much one that was told before another must be
# nearer.
_MOST_TOPICS, _FURTHER_BACK = 3, 0.05
# What sounds like another topic and is of the one that was told: "how do I send in receipts" of an
# FSA.
_SAME = {
    "find_pharmacy": ("find_pharmacy", "mail_order_pharmacy"),
    "submit_claim": ("submit_claim", "fsa_balance", "fsa_claim"),
    "fsa_claim": ("fsa_claim", "fsa_balance"),
    # Where they are to be taken is no search.
    "find_facility": ("find_facility", "emergency"),
}
# What the member's plan tells of a drug or a service, and a directory of a doctor or a place.
_OF_THE_PLAN = ("permission", "cost", "share", "count")
_PLANNED = frozenset({*DRUGS, *SERVICES, "dental_benefits", "vision_benefits"})
# Whose questions name what they are of.
_WITH_VALUES = frozenset(
    {*ON_FILE, *SUMS, *CLAIMS, *_PLANNED, *ABOUT_PROVIDERS, "referral_question"}
)
_LISTED = ("phone", "address", "hours", "accepting", "takes_plan", "nearer")
# What the member's own file tells of a topic; and how near an entry must be that tells something
# else beside it: to whom a claim was paid.
_ON_FILE = (
    (CLAIMS, ("reason", "share", "paid", "number", "care", "since")),
    (ACCOUNTS, ("share", "count", "deadline", "since")),
    (SUMS, ("share", "count")),
    (frozenset({"dental_benefits", "vision_benefits"}), ("count",)),
    (COVERAGE, ("since",)),
    (
        frozenset({"prior_auth_status", "referral_question"}),
        ("count", "deadline", "since", "number"),
    ),
)
_ELSE, _TO_WHOM = 0.65, 0.5
# The entry of what another plan paid, and who that could be.
_OTHER_PAID = "order-other-paid"
_ANOTHER_PAYER = re.compile(
    r"\b(?:other|another|first|second|primary|secondary|medicare|medicaid|auto|car|workers|both|"
    r"wife|husband|spouse|his|her|their)\b",
    re.IGNORECASE,
)
# How near one must be where what is asked was learnt for sure, and an entry tells that.
_BESIDE_KNOWN = 0.55
# What is taken up and passed on where it is told, and not asked.
_TAKEN_UP = frozenset({*CASES, "appeal", "third_party_caller", "authorize_representative"})
# What is told in passing, and is no topic to come back to: it is asked on only right after.
_DANGER = "emergency"
_IN_PASSING = (_DANGER, "contact_info", "request_callback")
# What care in an emergency sounds like.
_CARE_IN_DANGER = frozenset(
    {"prior_auth_required", "benefit_covered", "check_network", "out_of_area_coverage", *SEARCHES}
)
# Whose entries tell of what proves who somebody is, while that is asked: "with the letter?".
_OF_THE_PROOF = "bot_challenge"
_OF_THE_CODE = "proof-code-"
# The last reply was to somebody who would not say who they are.
_WOULD_NOT_SAY = "deny"
# How near it must be where nothing was talked about: most first questions want the whole answer.
_ALONE = 0.55
# What is told and asks nothing ("but I paid the premium") wants less of it, and what is asked of
# the member's own file more: "what is my deductible".
_ALONE_TOLD, _ALONE_OWN = 0.5, 0.65
# Of these the member's own file tells little: what is near is what they ask.
_RULES_FIRST = frozenset(
    {
        "id_card", "premium_payment", "update_contact", "add_dependent", "remove_dependent",
        "end_coverage", "out_of_area_coverage", "which_plan_covers_me", "tax_form",
    }
)  # fmt: skip
# So near, whatever the topic sounds like.
_OF_ANY = 0.52
_ON_BUSINESS = 0.42
# A matter of its own within a topic, whose whole answer tells nothing of it: accident letters.
_BY_ITSELF = "accident-"
_HOW_IT_WORKS = re.compile(
    r"\bhow (?:do|does|is|are)\b.*\bwork\w*|\bin general\b|\bexplain\b|\bthe idea of\b",
    re.IGNORECASE,
)
# "My claim": the topic by its name, of which nothing is asked.
_NAME_ALONE = re.compile(
    r"\W*(?:(?:it'?s|what|how|and|ok(?:ay)?|also|about|on|for|my|our|the|a|an|that|this)\W+)*\w+\W*",
    re.IGNORECASE,
)
# The whole of it, and no part.
_HOW_TO_APPEAL = re.compile(
    r"\W*(?:(?:so|and|ok(?:ay)?|well|then)\W+)*how (?:do|can|would|could|should) (?:i|we) "
    r"(?:file (?:an )?)?appeal(?: (?:it|that|this))?\W*",
    re.IGNORECASE,
)
_TWO_SUMS = frozenset({"deductible_status", "out_of_pocket_status"})
# What is asked of a drug's price is asked of its place on the list, and so on.
_AS_ONE = (
    DRUGS,
    CLAIMS - {"appeal"},
    frozenset({"claim_denial", "appeal"}),
    _TWO_SUMS,
    frozenset({"prior_auth_status", "prior_auth_required"}),
    frozenset({"benefit_covered", "copay_cost", "cost_estimate"}),
    ACCOUNTS,
)
# So near where the message is understood for sure as something else.
_BESIDE_SURE = 0.45
# So near an entry of its own topic comes before what is asked of another one in any words.
_ITS_OWN = 0.65
# "Does that count toward my deductible?", after a copay was told.
_COUNTS_TOWARD = re.compile(
    r"\b(?:count|go|goes|appl(?:y|ies)|add)\b.{0,12}\b(?:toward|towards|to|for|against)\b",
    re.IGNORECASE,
)
_A_YEAR = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?|how about|what about|for|in|of|from)\W+)*"
    r"(?:last|this|the (?:last|past)|20\d\d)(?: (?:plan )?year(?:'?s)?)?\W*",
    re.IGNORECASE,
)
_MY_DAY = re.compile(
    r"\bwhen\b.{0,12}\b(?:was|is) (?:my|our) (?:last|first) day\b(?! (?:at|of) (?:work|the job))|"
    r"\bwhen\b.{0,6}\b(?:did|does|will|do) (?:my|our) (?:\w+ )?(?:coverage|insurance|plan)\b.{0,12}"
    r"\b(?:ends?|stops?|starts?|begins?)\b",
    re.IGNORECASE,
)
# So sure a message is understood that nothing else can be meant.
_SURE = 0.98
# So few words say little of another matter.
_BRIEF = 5
# What is told to doctors' offices alone, of those who call on business.
_OFFICES = ("office-", "third-office-")
# "Which kind lets me see a specialist without a slip?", after the kinds of plans were told.
_KINDS_OF_PLANS = "enroll_or_compare_plans"
_WHICH_KIND = re.compile(
    r"\b(?:which|what|with) (?:of (?:them|those|these)|kind|type|sort|plan|one)s?\b", re.IGNORECASE
)
# So near it is of the topic that was told last, unless it is so sure to be of another.
_PLAINLY, _SURELY_ELSE, _BESIDE_ELSE = 0.44, 0.97, 0.6
# Whatever was told before.
_APART = frozenset({_DANGER, *CASES, "speak_to_agent", "request_callback", "language_help"})
# What danger it is, is heard before all this.
_DANGERS = frozenset({LOW, NOW})
_A_MATTER = frozenset({"facility", "drug", "specialty", "provider", "claim_number"})


def detail_asked(turn: Turn, item: Item, today: date) -> Item | None:
    """The question for what an entry tells of the topic that was talked about, or of its own.

    What is asked of every topic alike waits for what the member's records say of it (`kind_asked`).
    """
    if _only_names(item) or _asks_dental_sums(turn, item) or _asks_of_a_day(turn, item):
        return None
    if item.sure_aspect == "more" and names_no_matter(item.text):
        # "What about the other one?"
        return None
    item = _as_worded(item)
    strictly = not _asks(item)
    found = None if stands_alone(turn, item) else _found(turn, item, today, strictly=strictly)
    if found and (nearer := _nearer(turn, item, found[1], today)):
        return nearer
    if found:
        topic, aspect = found
        return asked_of(topic, item, aspect) if aspect not in KINDS else None
    if is_talk(item.intent) or (item.intent in _TAKEN_UP and not asks_in_part(item.text)):
        return None
    if any(is_on_file(turn, item, topic) for topic in leant_on(turn)[:1]):
        # "By when do I have to spend it?" of the account that was told.
        return None
    # How it works for everybody, of what is told of the member alone: near is enough.
    general = intents()[item.intent].general
    in_general = not general and _HOW_IT_WORKS.search(item.text) and not own_case(item)
    near = item.near(surely=not in_general)
    alone = detail(item.intent, near, turn.partners, today, alone=True)
    least = _ALONE if asks_in_part(item.text) else _ALONE_TOLD
    of_file = item.intent not in _RULES_FIRST
    if of_file and item.is_sure and item.aspect is None and is_personal(item) and own_case(item):
        least = _ALONE_OWN
    asks_theirs = not _HOW_IT_WORKS.search(turn.text)
    if item.is_alone and item.intent in SERVICES and item.named and asks_theirs:
        # "What do I pay at urgent care?" sounds like a rule about copays, and asks for theirs.
        least = _ALONE_OWN
    if item.intent in DRUGS and not item.named:
        # "What are my husband's prescriptions?" names no drug whose price could be told.
        least = min(least, _ALONE)
    if (
        alone
        and turn.context.verified
        and (own_topic(item.intent, alone[1], turn.partners, today) == item.intent)
    ):
        # Their own file tells that part.
        least = min(least, _ALONE)
    if turn.memory.caller and (turn.memory.caller == OFFICE or not on_business(turn)):
        # Nothing of theirs can be looked up; an employer's people are no family of a member.
        least = _ON_BUSINESS
    if alone is None and (other := _of_any_topic(turn, item, today)):
        return other
    if alone is not None and alone[1].startswith(_BY_ITSELF):
        least = 0.0
    if alone is None or (alone[0] < least and not in_general):
        own = detail(item.intent, item.near(surely=True), turn.partners, today)
        of_rule = bool(leant_on(turn)) or not own_case(item)
        sure = item.is_sure and not leans_back(item.text) and of_rule
        return asked_of(item, item, own[1]) if own and sure and own[0] >= _ITS_OWN else None
    return asked_of(item, item, alone[1])


def plainly_of_last(turn: Turn, item: Item, today: date) -> Item | None:
    """What an entry of the very topic that was told last says, where the words are so near to its
    examples that they are of it whatever else they sound like: "I forgot to sign up, what now"
    after plans, and no sign-in to the website.
    """
    topic = next(iter(leant_on(turn)), None)
    apart = item.intent in _APART or bool(item.named & _A_MATTER)
    if topic is None or turn.in_form or turn.memory.caller or len(turn.questions) > 1 or apart:
        return None
    if _only_names(item) or _asks_dental_sums(turn, item) or _asks_of_a_day(turn, item):
        return None
    near = {
        entry: each
        for entry, each in item.near(surely=True).items()
        if each >= _PLAINLY and entry not in _DANGERS
    }
    if (item.is_sure and is_kin(item.intent, topic.intent)) or not asks_in_part(item.text):
        # Of the topic itself its own readings know more; what only tells something asks nothing.
        return None
    topic = replace(topic, intent=known_by(turn, topic))
    found = detail(topic.intent, near, turn.partners, today)
    if found is None or is_on_file(turn, item, topic) or _is_of_a_day(turn, item, topic):
        return None
    if topic.intent == "mail_order_pharmacy" and turn.context.verified and found[1] == "duration":
        # "When will I get it?": their order is on file.
        return None
    sure = next((share for _, share in turn.ranking), 0.0) >= _SURELY_ELSE
    if item.is_sure and sure and found[0] < _BESIDE_ELSE:
        return None
    return asked_of(topic, item, found[1])


def _nearer(turn: Turn, item: Item, aspect: str, today: date) -> Item | None:
    """What an entry of another topic tells, where a message that is not understood is clearly
    nearer to it than to what was found of the last topic: "are copays tax deductible?" after one.
    """
    if names_no_matter(item.text):
        # "Is it free?" is of what was told.
        return None
    near = item.near(surely=True)
    anywhere = detail_anywhere(near, turn.partners, today)
    clearly = anywhere and anywhere[0] >= near.get(aspect, 0.0) + _FURTHER_BACK
    return _of_any_topic(turn, item, today) if clearly else None


def _of_any_topic(turn: Turn, item: Item, today: date) -> Item | None:
    """What an entry tells of whatever topic, where the topic of the message is not understood and
    its words are very near to that entry's: "is my yearly physical free".
    """
    if item.band == "accept" or turn.in_form or turn.memory.caller or not asks_in_part(item.text):
        return None
    if item.sure_aspect in KINDS and turn.memory.topic and leans_back(item.text) and not item.named:
        # "And how much would that run me?", of the drug that was told: of no other topic.
        return None
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else item
    near = _of_whom_it_is(turn, item, topic, item.near(surely=True))
    found = detail_anywhere(near, turn.partners, today)
    # What an employer sees is a rule of privacy, and no case to pass on.
    taken_up = found is not None and found[1] in _TAKEN_UP - {"confidential_communication"}
    if found is None or found[0] < _OF_ANY or taken_up:
        return None
    return asked_of(Item(found[1], item.text, item.entities), item, found[2])


def kind_asked(turn: Turn, item: Item, today: date) -> Item | None:
    """The question for what is asked of every topic alike, by an entry of the topic."""
    if _only_names(item) or (item.is_sure and item.intent in CASES and not _asks(item)):
        # "Make sure that nothing comes to the house": the case itself.
        return None
    # What is told without a question, and not understood, is at least answered by what is near.
    # "And for my wife, she has her own plan" tells of whom it is asked.
    item = _as_worded(item)
    values = [each for each in item.entities if each["entity"] != "relation"]
    strictly = not _asks(item) and (item.band == "accept" or bool(values))
    found = _found(turn, item, today, strictly=strictly)
    if found is None or (item.aspect_sure and is_on_file(turn, item, found[0])):
        return None
    return asked_of(found[0], item, found[1])


def _as_worded(item: Item) -> Item:
    """Without the entries that are asked by their words alone, where those are missing: "she was
    born three weeks ago" asks not whose birthday comes first.
    """
    details = (
        each
        for each in item.details
        if each.entry not in _BY_ITS_WORDS or _BY_ITS_WORDS[each.entry].search(item.text)
    )
    return replace(item, details=tuple(details))


def _only_names(item: Item) -> bool:
    """Whether it names a topic for sure, or a day, and says nothing of it."""
    if item.intent == "inform" and item.named == {"date"} and item.aspect is None:
        # "For the March visit"
        return len(item.text.split()) <= _BRIEF and not asks_in_part(item.text)
    if item.is_sure and item.intent == "appeal" and _HOW_TO_APPEAL.fullmatch(item.text):
        return True
    return item.is_sure and item.aspect is None and _NAME_ALONE.fullmatch(item.text) is not None


def names_referral(item: Item) -> bool:
    """Whether a referral is named, which is no approval: "and do I need a referral for it?"."""
    return item.is_sure and item.intent == "referral_question" and "refer" in item.text.lower()


def _asks(item: Item) -> bool:
    """Whether it asks: "only for the kids" does, too, as a recogniser writes it."""
    return asks_in_part(item.text) or item.sure_aspect is not None


def _found(turn: Turn, item: Item, today: date, *, strictly: bool) -> tuple[Item, str] | None:
    """The topic that was talked about whose entry is nearest, and the entry's aspect; with
    `strictly` those alone that are near enough beside an intent that is sure.
    """
    before = _asked_before(turn, item)
    last = (
        _DANGER if told_last(turn) == "all_clear" or _of_the_care(turn, item) else told_last(turn)
    )
    passing = [Item(last)] if last in _IN_PASSING else []
    topics = [*([before] if before else passing), *leant_on(turn)]
    own_matter = of_own_matter(turn, item, today)
    if own_matter:
        topics = [item, *topics]
    known = _knows_what_is_asked(turn, item, topics, today)
    best, most = None, 0.0
    # What the nearest topic tells for sure, or what names a value, is asked of no other one.
    one = (known and not own_matter) or item.named
    meant = list(enumerate(topics[: 1 if one else _MOST_TOPICS]))
    if (turn.asking or "").startswith("factor_") or turn.memory.told == _WOULD_NOT_SAY:
        meant.insert(0, (0, Item(_OF_THE_PROOF)))
    least = _BESIDE_KNOWN if known else 0.0
    for back, topic in meant:
        near = _near(item, topic, before, strictly=strictly, on_business=on_business(turn))
        unknown = turn.context.verified is None
        near = {
            entry: each
            for entry, each in near.items()
            # No code is asked for before it is known who somebody is.
            if entry not in _DANGERS and not (unknown and entry.startswith(_OF_THE_CODE))
        }
        near = _of_whom_it_is(turn, item, topic, near)
        if _OTHER_PAID in near and not _ANOTHER_PAYER.search(item.text):
            # "What did the plan pay?" of a claim that was told: their own plan.
            near = {entry: each for entry, each in near.items() if entry != _OTHER_PAID}
        if on_business(turn) and turn.memory.caller != OFFICE:
            near = {entry: each for entry, each in near.items() if not entry.startswith(_OFFICES)}
        on_file = is_on_file(turn, item, topic) or _is_of_a_day(turn, item, topic)
        if on_file:
            least = _TO_WHOM if item.asks_for("paid") else _ELSE
        near = {entry: each for entry, each in near.items() if each >= least}
        family = _family(known_by(turn, topic), topic.intent)
        if known:
            # What is told of another topic first is asked of it in words of its own.
            own_topics = {intent for intent, _ in family}
            near = {
                entry: each
                for entry, each in near.items()
                if each >= _ELSE or is_of(entry, own_topics, turn.partners)
            }
        for intent, beside in family:
            told = detail(intent, near, turn.partners, today)
            # A kind of what is asked of everything is asked of the topic itself.
            if told is None or (beside and told[1] in KINDS):
                continue
            if beside and (told[0] < _ITS_OWN or (known and names_no_matter(item.text))):
                # "How long does it take?" of a mail order is asked of no approval.
                continue
            if (nearness := told[0] - _FURTHER_BACK * (back + beside)) > most:
                best, most = (replace(topic, intent=intent), told[1]), nearness
        if on_file:
            break
    other = item.is_sure and not names_no_matter(item.text)
    if best and other and all(topic.intent != item.intent for _, topic in meant):
        own = detail(item.intent, item.near(surely=False), turn.partners, today)
        whole = _asks_all(turn, item)
        if own and own[0] > (most if whole else most + _FURTHER_BACK):
            # "How do I take her off?" is nearer to what it is understood as; "how do I appeal?"
            # after a refusal asks for all of that, and nothing else of the refusal.
            return None if whole and own[0] < _ITS_OWN else (item, own[1])
    return best


def _of_the_care(turn: Turn, item: Item) -> bool:
    """Whether a question may be of the emergency that was told before, though other things were
    told since: "do I have to call you before they admit her?".
    """
    of_care = item.intent in _CARE_IN_DANGER or item.band != "accept"
    return turn.memory.warned and of_care and told_last(turn) not in _IN_PASSING


def _family(*intents: str) -> list[tuple[str, int]]:
    """The topics with those that are asked about as one matter with them: 1 beside the latter."""
    own = dict.fromkeys(intents)
    family = [each for group in _AS_ONE if own.keys() & group for each in sorted(group)]
    return [*((each, 0) for each in own), *((each, 1) for each in family if each not in own)]


def _knows_what_is_asked(turn: Turn, item: Item, topics: list[Item], today: date) -> bool:
    """Whether the nearest topic tells what was learnt for sure to be asked."""
    aspect = item.sure_aspect
    if aspect is None or not topics:
        return False
    return knows_aspect(topics[0].intent, aspect, turn.partners, today)


# What an entry tells of somebody alone: of no wife is it told until what age a child stays on, and
# of no two jobs' plans which comes first beside Medicare.
_OF_CHILDREN = re.compile(
    r"\b(?:26|twenty[- ]?six|sons?|daughters?|kids?|child(?:ren)?|boys?|girls?|students?|college|"
    r"school|uni\w*|campus|graduat\w*|(?:mom|mum|dad|mother|father|parents?)'?s? (?:plan|"
    r"insurance|coverage)|aged out|aging out|birthdays?|turn(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
# "What's the last day for that?" of a newborn is no 26th birthday.
_OF_AGE = re.compile(
    r"\b(?:2[3-9]|30|twenty[- ]?\w+|thirty|turn(?:s|ed|ing)?|birthdays?|ages?|aged|aging|grown|"
    r"college|school|student|graduat\w*)\b",
    re.IGNORECASE,
)
_OF_MEDICARE = re.compile(r"\b(?:medicare|retir\w+|6[5-9]|part [abcd])\b", re.IGNORECASE)
_OF_GRANDCHILDREN = re.compile(r"\bgrand\w+|\bgreat-?grand", re.IGNORECASE)
# What nearness takes for another thing, where nobody says these words.
_BY_ITS_WORDS = {
    "order-child": re.compile(
        r"\b(?:birthdays?|pays?|first|earlier|second|whose)\b", re.IGNORECASE
    ),
    # "How do I appeal that" is no wish to take it back.
    "appeal-withdraw": re.compile(
        r"\b(?:back|withdraw\w*|drop\w*|cancel\w*|undo|stop|off|mind|any ?more|through)\b",
        re.IGNORECASE,
    ),
}
_ONLY_OF = {
    "added-grandchild": _OF_GRANDCHILDREN,
    "student-age": _OF_CHILDREN,
    "child-26": _OF_AGE,
    "child-after-26": _OF_AGE,
    "added-grown-child": _OF_CHILDREN,
    "order-medicare": _OF_MEDICARE,
}


def _of_whom_it_is(turn: Turn, item: Item, topic: Item, near: dict[str, float]) -> dict[str, float]:
    """The entries without those that are of somebody who was not talked of."""
    people = " ".join(each["person"] for each in turn.memory.people)
    said = f"{item.text} {turn.text} {topic.text} {people}"
    return {
        entry: each
        for entry, each in near.items()
        if entry not in _ONLY_OF or _ONLY_OF[entry].search(said)
    }


def _near(
    item: Item, topic: Item, before: Item | None, *, strictly: bool, on_business: bool
) -> dict[str, float]:
    """The entries that are near enough: more so beside an intent that is sure, unless it is the
    topic's own, whose answer was told, or read from a few words that lean on something.
    """
    of_sums = item.is_sure and item.intent in SUMS
    of_the_plan = topic.intent in _PLANNED and item.asks_for(*_OF_THE_PLAN) and not of_sums
    if of_the_plan and item.aspect_sure:
        # What mail order costs, the list tells of one drug alone.
        least = 0.0 if topic.intent == "mail_order_pharmacy" else _ELSE
        near = item.near(surely=True)
        return {entry: nearness for entry, nearness in near.items() if nearness >= least}
    if item.is_sure and item.intent != topic.intent and {item.intent, topic.intent} <= DRUGS:
        # "Is it on the list?" of a drug's price is another question about the drug; "can I get it
        # by mail?" an entry tells.
        by_mail = item.intent == "mail_order_pharmacy" and not item.is_alone
        return item.near(surely=True) if by_mail else {}
    if topic.intent in ABOUT_PROVIDERS and item.asks_for(*_LISTED, "cost"):
        return {}
    if _names_another(item, topic):
        return {}
    if names_referral(item) and topic.intent != item.intent:
        # "For a bone doctor?" is asked of their plan, and of no teeth that were told of.
        return {} if item.first("specialty") else item.near(surely=True)
    if item.is_sure and item.intent != topic.intent and before is not None:
        return {}
    if strictly and item.band == "accept" and item.intent in _TAKEN_UP:
        return {}
    if item.is_sure and item.intent == "coverage_status" and _MY_DAY.search(item.text):
        # "When was my last day?": theirs, by the file.
        return {}
    same = topic.intent in _SAME.get(item.intent, (item.intent,))
    if not same and _is_of_another_matter(item):
        return {}
    long = len(item.text.split()) > MOST_WORDS
    of_kinds = topic.intent == _KINDS_OF_PLANS and _WHICH_KIND.search(item.text)
    in_passing = on_business or topic.intent == _DANGER
    whole = item.named or (long and not in_passing)
    of_file = item.intent in CLAIMS | SUMS and item.first("relation") is not None
    if not (same or of_kinds) and item.is_alone and (whole or of_file):
        # "And my wife's claims?" is no rule of what was told before.
        return {}
    own = not same or own_case(item)
    # "And the out of pocket for that?" is asked of the other sum.
    named_sum = item.intent in _TWO_SUMS and A_SUM.search(item.text) is not None
    other = item.is_sure and item.intent != topic.intent and named_sum
    alone = item.is_alone and item.intent in SUMS and own and not leans_back(item.text)
    if alone or other:
        # "Did my deductible carry over?", while a claim is talked of: of the deductible itself.
        of_a_cost = topic.intent in SERVICES | DRUGS and _COUNTS_TOWARD.search(item.text)
        least = _BESIDE_SURE if of_a_cost else _ITS_OWN
        return {e: each for e, each in item.near(surely=True).items() if each >= least}
    brief = len(item.text.split()) <= _BRIEF
    points = not item.is_alone and (brief or leans_back(item.text))
    if on_business:
        # They have no own plan that they could ask of.
        near = item.near(surely=False)
        return {entry: nearness for entry, nearness in near.items() if nearness >= _ON_BUSINESS}
    leans = item.intent not in (*ON_FILE, *SUMS) if same else points
    # A visit that is only named beside a rule ("surgery is on January 12, what then?").
    of_a_rule = same and topic.intent not in _WITH_VALUES
    # "Does it cost more than the ER? Not for me, just in general" wants a rule, too.
    leans_on_it = leans_back(item.text) or _HOW_IT_WORKS.search(item.text) is not None
    beside = of_a_rule or (item.band != "accept" and leans_on_it)
    named = bool(item.named) and not beside
    alone = (item.is_sure and not leans) or named or before is not None
    # "And for my kids?" is the topic once more, unless an entry tells just that.
    alone = alone or item.sure_aspect == "person"
    near = item.near(surely=alone or strictly or of_the_plan)
    if item.is_sure and not same:
        return {entry: nearness for entry, nearness in near.items() if nearness >= _BESIDE_SURE}
    return near


def _names_another(item: Item, topic: Item) -> bool:
    """Whether a value is told that the answer is looked up with once more: "maybe an orthopedist is
    better" of a search, "I gave them $90" of a claim.
    """
    if topic.intent in CLAIMS:
        return any(entity["entity"] == "amount" for entity in item.entities)
    if topic.intent in _PLANNED and item.named - {"date"} and names_nothing_else(item):
        # "And a crown for me?"
        return True
    searched = topic.intent in ABOUT_PROVIDERS and not asks_in_part(item.text)
    return searched and bool({entity["entity"] for entity in item.entities} & _A_MATTER)


# "What's my max?", "how much is left?": the dental plan's own.
_DENTAL_SUMS = re.compile(
    r"\b(?:what(?:'?s| is)|how much|is there)\b.{0,20}\b(?:max\w*|limit|left|used?|spent|"
    r"remain\w*|the most)\b",
    re.IGNORECASE,
)


def _asks_dental_sums(turn: Turn, item: Item) -> bool:
    told = any(topic.intent == "dental_benefits" for topic in leant_on(turn)[:1])
    return told and turn.context.verified is not None and bool(_DENTAL_SUMS.search(item.text))


# What the file tells of one kind of care: whether it is paid for, and how much of it is theirs.
_PAID_FOR = re.compile(
    r"\b(?:cover\w*|pays?|paid|costs?|share|co-?pay\w*|owe|price|percent\w*)\b", re.IGNORECASE
)
_ACCOUNT = re.compile(r"\b(?:[fh]sa|accounts?|money|flex\w*|spending)\b", re.IGNORECASE)
# The knowledge's entry of until when an account's money and receipts are good.
_LAST_DAY = "fsa-last-day"
_UNTIL_WHEN = re.compile(
    r"\b(?:(?:un)?till?|by) (?:when|what (?:day|date)|which (?:day|date))\b|\bhow long\b|"
    r"\bdeadline\b|\blast (?:day|date)\b|\bexpires?\b|\brun(?:s|ning)? out\b|"
    r"\bwhen (?:do|does|must|should) (?:i|we|it|that|the|my)\b.{0,30}\b(?:spend|spent|use|used|"
    r"end|over|gone)\b",
    re.IGNORECASE,
)


# "What other claims are open?" of theirs, and no rule of why there can be several.
_OTHER_CLAIMS = re.compile(
    r"\b(?:what|which|any|do i have|are there|have i)\b.{0,15}\b(?:other|more|open|pending) "
    r"(?:\w+ )?claims\b",
    re.IGNORECASE,
)


def tells_own_file(turn: Turn, item: Item) -> bool:
    """Whether a verified member asks in whole words what their own file tells better than a rule:
    whether crowns are paid for, until when the account's money is good.
    """
    if turn.context.verified is None or not item.is_sure:
        return False
    if asks_until_when(item):
        return True
    if item.intent == "claim_status" and _OTHER_CLAIMS.search(item.text):
        return True
    if item.intent == "dental_benefits" and _DENTAL_SUMS.search(item.text):
        return True
    in_file = IN_FILE.get(item.intent, ())
    return item.first("service") in in_file and _PAID_FOR.search(item.text) is not None


def asks_until_when(item: Item) -> bool:
    """Whether somebody asks until when an account's money or receipts are good."""
    named = item.intent in ACCOUNTS and _ACCOUNT.search(item.text)
    return bool(named and item.is_sure and _UNTIL_WHEN.search(item.text))


def until_when(turn: Turn, item: Item) -> Item | None:
    """The account that was told, asked until when it is good: its dates stand with its balance."""
    account = next((topic for topic in leant_on(turn)[:1] if topic.intent in ACCOUNTS), None)
    of_one = item.intent in ACCOUNTS or _LAST_DAY in item.near(surely=True)
    if account is None or turn.context.verified is None or not of_one:
        return None
    if not (_UNTIL_WHEN.search(item.text) or item.sure_aspect == "deadline"):
        return None
    return replace(account, intent="fsa_balance").tell(ASKED, "deadline")


def _asks_all(turn: Turn, item: Item) -> bool:
    """Whether a message is understood for sure as a topic, and no part of it was learnt."""
    likeliest, sure = next(iter(turn.ranking), ("", 0.0))
    return (likeliest, item.sure_aspect) == (item.intent, None) and sure >= _SURE


def _asks_of_a_day(turn: Turn, item: Item) -> bool:
    """Whether a member asks who covers a day that they name, or what day a visit was: their file
    tells, and no rule.
    """
    if turn.context.verified is None:
        return False
    if told_last(turn) in (*SUMS, *ACCOUNTS) and _A_YEAR.fullmatch(item.text):
        # "How about last year?" of a sum that was told.
        return True
    if not item.is_sure:
        return False
    if item.intent in CLAIMS and item.sure_aspect == "since":
        return True
    return item.intent == "which_plan_covers_me" and item.first("date") is not None


def is_on_file(turn: Turn, item: Item, topic: Item) -> bool:
    """Whether the member's own file, which was told, tells it."""
    if turn.context.verified is None or (
        topic.intent in CLAIMS and "claim" not in turn.memory.subject
    ):
        return False
    if topic.intent in CLAIMS and asks_decision(item):
        return True
    return any(topic.intent in topics and item.asks_for(*asked) for topics, asked in _ON_FILE)


def _is_of_a_day(turn: Turn, item: Item, topic: Item) -> bool:
    """Whether it asks for the claim of a day, after claims were told: "was the one from March
    paid" is told by the file, and by no rule of why one is paid and another not.
    """
    of_claims = turn.context.verified is not None and {item.intent, topic.intent} <= CLAIMS
    return of_claims and item.is_sure and "date" in item.named


def _is_of_another_matter(item: Item) -> bool:
    named = {entity["entity"] for entity in item.entities} & _A_MATTER
    if item.intent not in (*ABOUT_PROVIDERS, *SERVICES, "referral_question"):
        # "Can my surgeon call you?" looks for none.
        named -= {"specialty"}
    return item.band == "accept" and not is_talk(item.intent) and bool(named)


def _asked_before(turn: Turn, item: Item) -> Item | None:
    """The question that stands before this one in the same message."""
    texts = [each.text for each in turn.questions]
    place = texts.index(item.text) if item.text in texts else 0
    return turn.questions[place - 1] if place else None
