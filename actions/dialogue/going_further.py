"""What carries on the answer that was just given: an appeal that is to be filed or can't wait, the
number of a case, the same of another day or company, how many there are, and a "why" that the
answer does not hold.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.answers.accumulators import OF_WHICH
from actions.answers.appeal import is_urgent
from actions.answers.general import detail, knows_aspect
from actions.answers.prior_auth import picks_one
from actions.answers.service import PERSON
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.context import ASPECT, asked_of, known_by, told_lately
from actions.dialogue.follow_ups.carrying_on import tells_what_was_done
from actions.dialogue.follow_ups.claims import OTHER_ONE
from actions.dialogue.follow_ups.topics import A_SUM, ACCOUNTS, AGAIN, SUMS, topics_of
from actions.dialogue.needs import asks_in_part
from actions.dialogue.reading import company_meant, entity_zip, meant_day
from actions.dialogue.turn import Turn
from actions.identity.third_party import on_business
from alliance.answer import Answer, Button
from alliance.aspects import leans_back, names_no_matter

_MOST_WORDS = 9
_LEAD = r"\W*(?:(?:ok(?:ay)?|yes|yeah|please|and|so|then|just|well|now|sure|alright|fine)\W+)*"
_FILE_IT = re.compile(
    rf"{_LEAD}(?:(?:the|my) (?:[\w-]+ ){{1,3}}?(?:one|claim)(?: of \w+)?\W+)?{_LEAD}"
    r"(?:(?:can|could|would) you )?(?:(?:i want to|i'd like to|let'?s|go ahead and) )?"
    r"(?:file|submit|start|open|send|begin|do|put|get) (?:(?:the|my|an|that|this) appeal|it|that|"
    r"this|one)(?: (?:in|going|started|off))?(?: for me)?"
    r"(?: (?:please|right|away|now|today|then))*\W*|"
    rf"{_LEAD}(?:go ahead|go for it|do so|please do)(?: with (?:it|that|the appeal))?\W*",
    re.IGNORECASE,
)
# What says so also where nothing but the refusal was told of yet.
_FILES = re.compile(r"\b(?:file|submit|start|open|begin|appeal)\b", re.IGNORECASE)
_CASE_AGAIN = re.compile(
    r"\b(?:case|reference|complaint|confirmation|tracking|appeal|report|ticket) (?:number|no|id)\b|"
    r"\bwhen (?:do|will|would|can|should) (?:i|we|you|they|somebody|someone)(?: \w+){0,3}? "
    r"(?:hear|answer|get (?:an answer|back|a reply)|reply|respond|know)\b|"
    r"\b(?:by when|when) (?:is|will) (?:it|that|the answer)(?: be)? (?:due|answered|decided|done|"
    r"in (?:place|effect|force)|ready|set up|effective)\b|"
    r"\b(?:by|until) (?:what|which) (?:date|day|time)\b|"
    r"\b(?:do|will|can|did|could) (?:i|we|you) (?:also )?(?:get|have|give me)(?: a| the| some)? "
    r"(?:(?:reference|case|tracking|confirmation) )?(?:number|receipt|confirmation|proof)\b",
    re.IGNORECASE,
)
_ADD_UP = re.compile(
    r"\b(?:add|count(?! (?:toward|for|in))|put|combine|sum)\b.{0,12}\b(?:them|both|those|it|"
    r"the two)\b|"
    r"\b(?:together|combined|in total|total of both|all together|altogether)\b",
    re.IGNORECASE,
)
_MET = re.compile(
    r"\bhow much\b.{0,30}\b(?:met|used|spent|left|paid|reached|have|did|is|was)\b", re.IGNORECASE
)
_BARE_MAY = re.compile(
    r"\W*(?:(?:no|not|nope|sorry|actually|wait|and|i mean|i meant|oops|the one (?:in|from))\W+)+"
    r"(?:in |from )?may\W*",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but)\W+)*how many(?: (?:claims?|of (?:them|those)|are|were|do|did|"
    r"have|i|there|you|in|total|altogether|all|see|has|she|he|they|we|got|is))*\W*",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\W*(?:(?:and|but|ok(?:ay)?|so|um+)\W+)*(?:why(?: (?:not|is that|was that|so|though))?|"
    r"how come|what'?s the reason|what was the reason)\W*",
    re.IGNORECASE,
)
_ON_FILE = re.compile(
    r"\b(?:do i|is there|have (?:you|i)|did (?:you|they|he|she))\b.{0,20}\b(?:one|any|it)\b"
    r".{0,20}\b(?:on file|already|yet|there|in|now)\b|"
    # "Has my doctor sent one?"
    r"\b(?:has|did|have)(?:n'?t)? (?:he|she|they|you|(?:my|the) \w+|dr\.? \w+)\b.{0,15}"
    r"\b(?:sen[dt]|put|wr[io]te|written|fax\w*|done|ma[dk]e|get|got)\b.{0,12}\b(?:one|it|that)\b",
    re.IGNORECASE,
)
_LEFT_ON_IT = re.compile(
    r"\bhow many (?:visits?|times|sessions|do i|have i|are|of (?:them|those|it))\b.{0,20}"
    r"\b(?:left|remain\w*|more)\b",
    re.IGNORECASE,
)
# The knowledge's entry of how long an approval holds, which the file tells of one's own.
_LASTS = "approval-lasts"
# Of a request: the doctor who made it, or the place it is for.
_WHO_ASKED = re.compile(
    r"\bwho(?:'?s| is| was| all| even)?\b.{0,12}\b(?:ask\w*|order\w*|request\w*|sen[dt]|sending|"
    r"put|applied|submit\w*)\b",
    re.IGNORECASE,
)
_NAMED_ONE = re.compile(r"\bthe (?:\w+ ){1,3}one\b", re.IGNORECASE)
_WHERE_IT_IS = re.compile(
    r"\b(?:which|what) (?:doctor|dr|place|office|clinic|hospital)\b|"
    r"\bwhere (?:do|can|will|would|should) (?:i|we) (?:go|get|have|be)\b|"
    r"\bwhere(?:'?s| is) (?:it|that)\b|"
    r"\bwho(?:'?s| is| was)? (?:it|that|this) (?:for|with)\b",
    re.IGNORECASE,
)
_USED_UNTIL = re.compile(
    r"\b(?:until|till|by) when\b.{0,20}\buse\b|"
    r"\bhow long (?:is|are) (?:it|they|that) (?:good|valid)\b",
    re.IGNORECASE,
)
_HOW_OFTEN = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but)\W+)*(?:how (?:many|often)(?: (?:times|visits?|cleanings?|"
    r"exams?|sessions?|pairs?|of (?:them|those)|can i (?:go|have|get)(?: (?:it|them|one))?|"
    r"do i get|are (?:covered|paid)))*|is there a limit)"
    r"(?: (?:a|per|each|every|in a) (?:year|month))?(?: (?:on|to) (?:it|that|them))?\W*",
    re.IGNORECASE,
)
# "And for teeth?": the other lines by their everyday names.
_LINE_ALONE = re.compile(
    r"\W*(?:(?:and|but|so|ok(?:ay)?|what about|how about|also|for|on|with|the|my|our|does it cover|"
    r"is|are)\W+)*(?:(?P<dental>teeth|tooth|dental|dentists?|braces)|(?P<vision>eyes?|vision|"
    r"eye (?:doctors?|exams?|care|stuff)))(?:\W+(?:too|as well|then|stuff|things|care|part|one|"
    r"covered|included))*\W*",
    re.IGNORECASE,
)
_MEDICAL_ALONE = re.compile(
    r"\W*(?:(?:and|but|so|ok(?:ay)?|what about|how about|also|who has|for|my|our|the)\W+)+"
    r"(?:medical|health|regular)(?: (?:one|plan|part|insurance|coverage|side|too|then))*\W*",
    re.IGNORECASE,
)
_OF_THE_PLAN = re.compile(
    r"\b(?:plan|insurance|coverage|policy|benefits|divorc\w+|married|wedding|born|baby)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:her|him|them|my \w+|she|he)\b", re.IGNORECASE)
_THERE = re.compile(
    r"\W*(?:(?:and|but|so|ok(?:ay)?|what about|how about|what if i go)\W+)+(?:in|to|when i'?m in)?"
    r" ?[a-z ]{4,20}\W*",
    re.IGNORECASE,
)
_WHY_APPROVAL = re.compile(
    r"\b(?:why|how come|what for)\b.{0,40}\b(?:approval|authori[sz]ation|authori[sz]ed|pre-?auth|"
    r"pre-?cert\w*|approved first|permission)\b",
    re.IGNORECASE,
)
_BENEFITS = frozenset({"dental_benefits", "vision_benefits", "benefit_covered", "copay_cost"})
_ENDED = re.compile(
    r"\b(?:did|has|was|why'?d?|when'?d?)\b.{0,25}\b(?:end(?:ed)?|stop(?:ped)?|expired?|r[au]n out|"
    r"over|cancel\w*|terminated?)\b",
    re.IGNORECASE,
)
_OTHER_LINES = frozenset({"dental_benefits", "vision_benefits"})
_ON_OFF = frozenset({"remove_dependent", "add_dependent"})
_NEEDS_APPROVAL = frozenset({*_BENEFITS, "drug_coverage", "drug_cost", "prior_auth_required"})
_SUMS = frozenset({"deductible_status", "out_of_pocket_status"})
_MOST_OF_A_SUM = 6
_AND_NOW = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|what about|how about|who is it|which is it)\W+)+(?:right )?"
    r"(?:now|today|currently|at the moment|these days|since then)\W*",
    re.IGNORECASE,
)
_BEFORE_THAT = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|what about|how about|who (?:was|had) (?:it|me|i)|"
    r"which was it|what was it|who did i have|what did i have)\W+)*"
    r"(?:before|until|prior to|up to)(?: (?:that|then|it|this))\W*|"
    r"\W*(?:and|so|what about)\W+(?:before|previously|earlier)\W*",
    re.IGNORECASE,
)
_ME_ALONE = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|what about|how about|for|just|only)\W+)*(?:me|myself|mine)"
    r"(?: (?:alone|only|myself|personally|by itself))+\W*",
    re.IGNORECASE,
)
_STILL_TO_GO = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|then|well)\W+)*(?:how (?:much|far|close)|what(?:'?s| is)?)"
    r"(?: (?:more|is|are|am|do|does|i|we|have|has|there|still|left|missing|remain\w*|short|to|go|"
    r"need|got|till|until|before|from|of|on|for|it|that|this|there|off|away|along|in|into|spend|"
    r"pay|reach|get|hit|meet|met|me|him|then|now))*\W*",
    re.IGNORECASE,
)
# "Have I hit it?"
_IS_MET = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|then|well)\W+)*(?:have|did|has|am|is) (?:i|we|it|that) "
    r"(?:already |ever |even |been )*(?:hit|met|meet|reach(?:ed)?|max(?:ed)?(?: out)?|there|over)"
    r"(?: (?:it|that|mine|this|yet|already|now|this year))*\W*",
    re.IGNORECASE,
)
# "And that's for me by myself, not the two of us together?" of a limit that was told.
_OF_WHICH = re.compile(
    r"\b(?:by (?:my|him|her)self|(?:just|only|is (?:that|it)|that'?s)(?: \w+)? (?:for )?(?:me|mine|"
    r"us)|(?:me|mine) (?:alone|only)|(?:the )?(?:all|both|two|three|four|five|each|every ?one) of "
    r"us|(?:each|per|every) person|for each|(?:the )?(?:whole )?family|everybody|everyone)\b",
    re.IGNORECASE,
)
_MOST_OF_WHICH = 14
_HOW_MUCH = re.compile(r"\b(?:how much|what(?:'?s| is| was)?)\b", re.IGNORECASE)
_AN_ACCOUNT = re.compile(
    r"\b(?:fsa|hsa|hra|flex\w*|spending|account|card|receipts?|claims?)\b", re.IGNORECASE
)
_LEFT = re.compile(r"\b(?:left|remain\w*|still|missing)\b", re.IGNORECASE)
_COVERAGE = frozenset({"which_plan_covers_me", "coverage_status"})
_REFUSED = frozenset({"appeal", "claim_denial", "prior_auth_status", "claim_status"})
_CLAIMS = frozenset({"claim_status", "claim_denial", "explain_eob", "billing_problem"})
# Whose answers hold their own reasons (follow_ups/claims.py, ways_on.py), or that are asked for a
# reason.
_HAS_REASONS = frozenset(
    {*_CLAIMS, "appeal", "prior_auth_status", "deny", "out_of_scope", "speak_to_agent"}
)
# What is told after a refusal and is nothing of its own: "it was midnight and nothing was open".
_STATES = frozenset({"claim_denial", "inform", "out_of_scope", "feedback_negative"})
_LEAST_STATED = 5
_OF_A_CARE = frozenset({"service", "specialty", "facility", "provider", "date"})
_NOTHING_NEW = frozenset({"affirm", "deny", "inform", "repeat", "out_of_scope"})
_FILED = "appeal"
# What the appeal's answer opens the case on.
_FILING = "file my appeal"


def is_to_file(told: str | None, text: str) -> bool:
    """Whether somebody who was just `told` of an appeal says to file it: "yes, do it please"."""
    return told == _FILED and _FILE_IT.fullmatch(text) is not None


def to_file(turn: Turn, item: Item) -> Item | None:
    """The appeal that was just told of, where the words say to file it and nothing else."""
    topic = next(iter(topics_of(turn)), None)
    if topic is None or turn.in_form or not _FILE_IT.fullmatch(item.text):
        return None
    return _of_a_case(turn, item, topic)


def is_filing(item: Item) -> bool:
    """Whether it files the appeal, whose number is told with it."""
    return item.intent == _FILED and _FILING in item.text


def going_further(turn: Turn, item: Item, topic: Item, today: date) -> Item | Answer | None:
    """The question that the words carry on, or what to say to them; None where they carry on none
    of these.
    """
    of_appeal = topic.intent in _REFUSED and told_lately(turn, _FILED)
    if of_appeal and (reasons := _reasons_to_file(turn, item)):
        told = {need: value for need, value in topic.told.items() if need not in ("start", "times")}
        return Item("appeal", f"{_FILING}: {reasons}", topic.entities, told)
    if of_request := _of_an_authorization(turn, item, topic):
        return of_request
    if len(item.text.split()) > _MOST_WORDS:
        return None
    return (
        _of_a_case(turn, item, topic)
        or _of_its_end(turn, item, topic)
        or _of_sums(item, topic)
        or _of_a_day(item, topic, today)
        or _of_a_referral(turn, item, topic)
        or _of_a_benefit(item, topic)
        or _of_a_helper(item, topic)
        or _of_a_place(item, topic)
        or _of_a_list(turn, item)
        or _of_an_approval(item, topic)
        or _of_a_reason(turn, item, topic, today)
    )


def _reasons_to_file(turn: Turn, item: Item) -> str | None:
    """What somebody says for their appeal who says in the same breath to file it: "can you put it
    in for me? It was medically necessary".
    """
    first, _, reasons = re.sub(r"[?!.,]\s+", "\n", turn.text.strip(), count=1).partition("\n")
    says_so = _FILE_IT.fullmatch(first) and item.text.startswith(first[: len(item.text)])
    # "Put it in for me, and when will I hear?" asks, and gives no reason.
    return reasons if reasons and says_so and not asks_in_part(reasons) else None


def _of_a_case(turn: Turn, item: Item, topic: Item) -> Item | None:
    """An appeal that is to be filed, or can't wait; a case's number and day again."""
    refused = topic.intent == _FILED or (topic.intent in _REFUSED and turn.memory.refused)
    told_how = any(_FILING in said.get("text", "") for said in turn.memory.last)
    meant = told_lately(turn, _FILED) or told_how or _FILES.search(item.text)
    # "Yes", to what said how to file one, and offered nothing else.
    agrees = item.intent == "affirm" and item.band == "accept" and told_how
    to_file = agrees or (_FILE_IT.fullmatch(item.text) and meant)
    request = turn.memory.refused == "authorization"
    # "The refused one" asks nothing of what follows a refusal.
    plain = item.aspect is None or (item.aspect == "refused" and not asks_in_part(item.text))
    appeals = request and item.is_sure and item.intent == _FILED and plain
    if refused and (to_file or (appeals and not item.named)):
        told = {need: value for need, value in topic.told.items() if need not in ("start", "times")}
        words = _FILING if to_file else item.text
        if request:
            words = f"{words} (the authorization that was not approved)"
        return Item("appeal", words, topic.entities, told)
    if refused and is_urgent("appeal", item.text):
        return Item("appeal", f"urgent appeal: {item.text}", topic.entities, dict(topic.told))
    if turn.memory.filed and _CASE_AGAIN.search(item.text):
        # The same words open no second case: its number and its day are told again.
        return turn.memory.case_again()
    return None


def objection(turn: Turn, item: Item, today: date) -> Answer | None:
    """What is said to somebody who says why a refusal that was just told is wrong, and asks
    nothing; None where they do not.
    """
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else None
    if topic is None or is_urgent(_FILED, item.text) or not _objects(turn, item, topic, today):
        return None
    return _takes_objection(turn, item, topic)


def _objects(turn: Turn, item: Item, topic: Item, today: date) -> bool:
    told = turn.memory.refused is not None and turn.memory.told in _REFUSED
    # Why care was needed names it, which makes no matter of its own here.
    plain = replace(item, entities=tuple(e for e in item.entities if e["entity"] not in _OF_A_CARE))
    asks_nothing = not asks_in_part(item.text)
    learnt = plain.asks_for("objection") and (plain.aspect_sure or asks_nothing)
    states = item.sure_aspect is None and asks_nothing and item.intent in _STATES
    states = states and len(item.text.split()) >= _LEAST_STATED
    return bool(
        told and topic.intent in _REFUSED and not turn.in_form
        and (learnt or states)
        and detail(known_by(turn, topic), item.near(surely=True), turn.partners, today) is None
    )  # fmt: skip


def _takes_objection(turn: Turn, item: Item, topic: Item) -> Answer:
    """It can be the reason of an appeal, which is offered with those words."""
    told = {need: value for need, value in topic.told.items() if need not in ("start", "times")}
    request = turn.memory.refused == "authorization"
    words = f"{_FILING}{' of the authorization' if request else ''}: {item.text}"
    asked = Item(_FILED, words, topic.entities, {**told, "general": "said", "agreed": True})
    turn.memory = replace(turn.memory, offered=asked.to_json())
    text = (
        "I understand. That can be a reason to look at it again. An appeal is free, and a note "
        "from your doctor that says why you need the care helps most. Shall I pass an appeal on "
        "now, with what you just told me?"
    )
    speech = "I understand. That can be a reason to appeal. Shall I pass on an appeal now?"
    buttons = (Button("Yes, file it", "/affirm"), Button("No", "/deny"), PERSON)
    return Answer(text=text, speech=speech, kind="question", intent=_FILED, buttons=buttons)


def of_the_same_sum(turn: Turn, item: Item) -> Item:
    """ "How close am I to it?" after the limit was told, which sounds like the deductible."""
    topic = turn.memory.topic["intent"] if turn.memory.topic else None
    other = {item.intent, topic} == _SUMS and not A_SUM.search(item.text)
    few = len(item.text.split()) <= _MOST_OF_A_SUM
    # "The most I can pay" names the limit in other words.
    if turn.in_form or not other or "most" in item.text or not (few or leans_back(item.text)):
        return item
    return replace(item, intent=str(topic), band="confirm")


def same_account(former: Item, item: Item) -> bool:
    """Whether it asks for a sum of the account, or of the deductible, that the question before it
    in the same message names: "what did I put into my FSA and how much have I used", which sounds
    like a deductible; "do I have a deductible and how much is left", which sounds like an account.
    """
    if ASPECT in former.told or item.intent not in (*SUMS, *ACCOUNTS):
        return False
    if former.intent in ACCOUNTS:
        return not A_SUM.search(item.text)
    return former.intent in SUMS and item.intent in ACCOUNTS and names_no_matter(item.text)


def left_of_the_sum(turn: Turn, item: Item) -> Item | None:
    """ "How much is still missing?" after a deductible or a limit was told: of that one; "so what's
    left?" of an account too.
    """
    topic = turn.memory.topic
    of_account = topic is not None and topic["intent"] in ACCOUNTS and turn.context.verified
    if of_account and topic and not turn.in_form and turn.memory.told == topic["intent"]:
        left = _LEFT.search(item.text) and _STILL_TO_GO.fullmatch(item.text)
        return Item.from_json(topic) if left and not item.named else None
    told = topic is not None and topic["intent"] in _SUMS and turn.memory.told == topic["intent"]
    if turn.in_form or not told or topic is None or item.named or item.intent in _CLAIMS:
        return None
    if (
        item.intent in ACCOUNTS
        and _HOW_MUCH.search(item.text)
        and not _AN_ACCOUNT.search(item.text)
    ):
        # "And how much did I have at the old one?" sounds like an account.
        return Item(topic["intent"], item.text, item.entities)
    alone = _ME_ALONE.fullmatch(item.text)
    met = _IS_MET.fullmatch(item.text)
    if alone or met or _STILL_TO_GO.fullmatch(item.text):
        return Item(topic["intent"], "how much is left" if alone or met else item.text)
    if _asks_of_which(turn, item):
        return replace(Item.from_json(topic), text=item.text).tell(ASKED, OF_WHICH)
    return None


def _asks_of_which(turn: Turn, item: Item) -> bool:
    """Whether it is asked of which of the sums that were told: the member's own, or the family's.
    "Can my whole family go on it?" is another matter.
    """
    few = len(item.text.split()) <= _MOST_OF_WHICH
    other = item.is_sure and item.intent not in (*SUMS, "inform", "alliance_question")
    known = turn.context.verified is not None and not other and item.first("relation") is None
    return bool(known and few and _OF_WHICH.search(item.text))


def _of_its_end(turn: Turn, item: Item, topic: Item) -> Item | None:
    """ "When did it end?" of a sum of a plan that is over: of the coverage, and of no plan year."""
    if topic.intent not in SUMS or turn.context.verified is None or not _ENDED.search(item.text):
        return None
    person = {need: value for need, value in topic.told.items() if need == "person"}
    return Item("coverage_status", item.text, (), person)


def _of_sums(item: Item, topic: Item) -> Item | None:
    """What was used at another company; and that nothing is ever added up."""
    if topic.intent not in _SUMS:
        return None
    own = item.is_sure and item.intent not in _SUMS and item.named
    if _ADD_UP.search(item.text) and not own:
        # Whichever was asked about last, of all of them.
        return Item(topic.intent, item.text, told={"which": True})
    company = company_meant(item.text, item.entities)
    if company and _MET.search(item.text) and item.intent not in _CLAIMS:
        kept = tuple(e for e in item.entities if e["entity"] == "partner")
        told = {need: value for need, value in topic.told.items() if need != "partner"}
        return Item(topic.intent, topic.text, kept, told)
    return None


def _of_a_day(item: Item, topic: Item, today: date) -> Item | None:
    """ "And in September?" of a plan; "no, May" of a claim, which is no "may" here."""
    if topic.intent in _CLAIMS and _BARE_MAY.fullmatch(item.text):
        told = {n: v for n, v in topic.told.items() if n not in ("claim", "start")}
        return Item(topic.intent, "in May", (), told)
    unsure = item.intent in _NOTHING_NEW or item.band != "accept"
    if tells_what_was_done(item.text):
        return None
    if topic.intent in _COVERAGE and _AND_NOW.fullmatch(item.text):
        person = {n: v for n, v in topic.told.items() if n == "person"}
        return Item(topic.intent, "which plan do I have today", (), person)
    if topic.intent in _COVERAGE and _BEFORE_THAT.fullmatch(item.text):
        person = {n: v for n, v in topic.told.items() if n == "person"}
        return Item("which_plan_covers_me", item.text, (), {**person, ASKED: "before"})
    if topic.intent in _COVERAGE | SUMS and unsure and meant_day(item.text, today):
        person = {n: v for n, v in topic.told.items() if n == "person"}
        return Item(topic.intent, item.text, item.entities, person)
    return None


def _of_an_authorization(turn: Turn, item: Item, topic: Item) -> Item | None:
    """ "How many sessions are left?", "until when?": told with the authorization itself, of the one
    that is named, or that was told last.
    """
    if topic.intent != "prior_auth_status" or turn.memory.told != topic.intent:
        return None
    if topic.first("service") and not item.named and item.asks_for("cost", "share"):
        # What the care costs, and not the request for it.
        return Item("cost_estimate", item.text, topic.entities)
    asked = _part_of_request(item)
    if asked is None and item.named == {"service"} and _NAMED_ONE.search(item.text):
        # "The surgery one, when do I hear?"
        return replace(topic, text=item.text, entities=item.entities)
    if asked is None:
        return None
    topic = topic.tell(ASKED, asked)
    if item.first("service"):
        return replace(topic, text=item.text, entities=item.entities)
    return replace(topic, text=item.text) if OTHER_ONE.search(item.text) else topic


def _part_of_request(item: Item) -> str | None:
    """Which part of an authorization is asked for."""
    if _LEFT_ON_IT.search(item.text):
        return "count"
    if _USED_UNTIL.search(item.text) or _LASTS in item.near(surely=True):
        return "deadline"
    if _WHO_ASKED.search(item.text):
        return "who"
    if _WHERE_IT_IS.search(item.text):
        return "where"
    learnt = item.asks_for("count", "deadline", "since", "number")
    return item.aspect if learnt else None


def picked_request(turn: Turn, item: Item) -> Item | None:
    """Of the authorizations that were told the one that the words pick by its state: "and the one
    that's pending?".
    """
    topic = next(iter(topics_of(turn)), None)
    told = topic is not None and topic.intent == turn.memory.told == "prior_auth_status"
    few = len(item.text.split()) <= _MOST_WORDS
    if item.is_sure and item.intent == _FILED:
        # "I want to appeal the refused one"
        return None
    if not (told and few and turn.context.verified and picks_one(item.text)):
        return None
    asked = _part_of_request(item)
    return Item("prior_auth_status", item.text, item.entities, {ASKED: asked} if asked else {})


def of_own_record(turn: Turn, item: Item) -> Item | None:
    """The referral on file that is asked for after the rules about referrals were told, or a part
    of the authorization that was told: no rule answers it, however near one sounds.
    """
    topics = topics_of(turn)
    if not topics:
        return None
    return _of_a_referral(turn, item, topics[0]) or _of_an_authorization(turn, item, topics[0])


def _of_a_referral(turn: Turn, item: Item, topic: Item) -> Item | None:
    """ "Do I have one on file?", "how many visits are left on it?"."""
    unsure = item.band != "accept" or item.intent in _NOTHING_NEW
    other = unsure and item.asked_for in (None, "more") and AGAIN.search(item.text)
    if topic.intent == "referral_question" and other and turn.context.verified:
        # "And the knee one?"
        return Item(topic.intent, f"my referral on file, {item.text}", item.entities)
    asks = _ON_FILE.search(item.text) or _LEFT_ON_IT.search(item.text)
    # "Do I have one in the system?" sounds like coverage, and names nothing that it is of.
    if topic.intent != "referral_question" or not (unsure or not item.named) or not asks:
        return None
    told = {**topic.told, "general": "said"}
    return Item(topic.intent, f"my referral on file, {item.text}", topic.entities, told)


def _of_a_benefit(item: Item, topic: Item) -> Item | None:
    """ "How many a year?" of what the plan pays; "and an MRI?" after the teeth, which is another
    plan's.
    """
    other = _LINE_ALONE.fullmatch(item.text)
    if other and topic.intent in _BENEFITS | _SUMS | _COVERAGE:
        intent = "dental_benefits" if other["dental"] else "vision_benefits"
        person = {need: value for need, value in topic.told.items() if need == "person"}
        return Item(intent, item.text, item.entities, person)
    if topic.intent in _OTHER_LINES and _MEDICAL_ALONE.fullmatch(item.text):
        return Item("which_plan_covers_me", "who has my medical plan", item.entities)
    if topic.intent in _BENEFITS and _HOW_OFTEN.fullmatch(item.text):
        if topic.intent != "copay_cost":
            return topic
        # Its share was told, and not how many there are.
        return replace(topic, intent="benefit_covered", text=item.text)
    unsure = item.intent in _NOTHING_NEW or item.band != "accept"
    if topic.intent in _OTHER_LINES and unsure and item.first("service"):
        return Item("benefit_covered", item.text, item.entities, {"general": "said"})
    return None


def _of_a_helper(item: Item, topic: Item) -> Item | None:
    """ "Take her off then": of those who may speak for the member, not of the plan."""
    if topic.intent != "authorize_representative" or item.intent not in _ON_OFF:
        return None
    words = f"take back the authorization: {item.text}"
    of_them = _PERSON.search(item.text) and not _OF_THE_PLAN.search(item.text)
    return Item(topic.intent, words, item.entities) if of_them else None


def _of_a_place(item: Item, topic: Item) -> Item | None:
    """ "And in Italy?": the same rules at a place that has no ZIP code."""
    other = {entity["entity"] for entity in item.entities} - {"place"}
    priced = item.sure_aspect is not None
    if topic.intent != "out_of_area_coverage" or other or priced or entity_zip(item.entities):
        # "And what will that cost?" names no place.
        return None
    if not _THERE.fullmatch(item.text):
        return None
    person = {need: value for need, value in topic.told.items() if need == "person"}
    return Item(topic.intent, item.text, (), person)


def _of_an_approval(item: Item, topic: Item) -> Answer | None:
    """ "Why does it need approval?": no list gives the reason."""
    if topic.intent not in _NEEDS_APPROVAL or not _WHY_APPROVAL.search(item.text):
        return None
    text = (
        "The list doesn't give the reason. Plans mostly ask first to check that it is needed and "
        "that a simpler choice was tried. Your doctor's office asks for the approval and can tell "
        "what the plan wants to see."
    )
    return Answer(text=text, speech=text, kind="notice", intent=topic.intent, buttons=(PERSON,))


def _of_a_list(turn: Turn, item: Item) -> Item | None:
    """How many there are: the list is told from its beginning, with their number."""
    listed = turn.memory.listed
    if not listed or listed["intent"] != "claim_status" or not _HOW_MANY.fullmatch(item.text):
        return None
    return replace(Item.from_json(listed["topic"]), band="accept")


def _of_a_reason(turn: Turn, item: Item, topic: Item, today: date) -> Item | Answer | None:
    """ "Why?" after a rule: the answer holds no more than it said, unless an entry tells more."""
    if topic.intent in _HAS_REASONS or turn.in_form or not _WHY.fullmatch(item.text):
        return None
    known = known_by(turn, topic)
    if knows_aspect(known, "reason", turn.partners, today):
        return asked_of(replace(topic, intent=known), item, "reason")
    if turn.memory.told in _HAS_REASONS or on_business(turn):
        # An office asks why of its patient's claim.
        return None
    text = "I know no more about the reason than that. A person can explain it to you."
    return Answer(text=text, speech=text, kind="notice", intent=topic.intent, buttons=(PERSON,))
