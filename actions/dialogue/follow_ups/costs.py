"""What is asked on about a sum, an account, a plan, a service or a drug: "how much is left?"."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.plan_facts import names_line_beside
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.context import told_lately
from actions.dialogue.follow_ups.topics import (
    ACCOUNTS,
    AGAIN,
    COVERAGE,
    DRUGS,
    IT,
    LEAD,
    MONEY,
    SERVICES,
    SUMS,
    asks_price,
    is_short,
    topics_of,
)
from actions.dialogue.turn import Turn
from alliance.aspects import names_no_matter
from alliance.services import billed_as

_LEFT = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but)\W+)*how much (?:is|do i have|have i got|of (?:it|that) is|'?s|"
    r"more|do i still have)\W*(?:do i have |is )?(?:left|remaining|to go|still left)?"
    r"(?: (?:now|this year|for (?:me|the year|us)))?\W*",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but)\W+)*(?:how much|what'?s the (?:copay|cost|price)|what does it "
    r"cost)(?: (?:is|does|would|will|do) (?:it|that|this|i|they))?"
    r"(?: (?:cost|be|pay|charge)(?: me)?)?(?: again)?\W*",
    re.IGNORECASE,
)
_NETWORK_SIDE = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|what|how about|what about)\W+)*(?:if |when )?"
    r"(?:(?:i'?m|i am|i go|they'?re|it'?s|he'?s|she'?s|the \w+ is|going)\W+)?"
    r"(?:out[- ]of[- ]|outside (?:of )?(?:the |my )?|not in (?:the |my )?|"
    r"in[- ](?:the |my )?)network\W*",
    re.IGNORECASE,
)
_LINES = re.compile(r"\b(?:dental|vision|medical|health|pharmacy)\b", re.IGNORECASE)
_LINE = re.compile(
    r"\W*(?:(?:no+|not|sorry|oops|wait|actually|and|but|ok(?:ay)?|what about|how about|i meant?|"
    r"i was asking about|i'?m asking about|for|medical|health)\W+)*(?:the |my |our )?"
    r"(?:dental|vision|medical|health|pharmacy)(?: (?:ones?|plan|insurance|coverage|side|"
    r"deductible|"
    r"limit))*(?:\W+(?:i meant?|instead|please|not (?:the )?(?:medical|health|dental|vision)(?: "
    r"one)?|"
    r"too|as well|then))*\W*",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\bhow many (?:visits|times|sessions|treatments|appointments)\b|"
    r"\b(?:is there|any) (?:a )?limit\b",
    re.IGNORECASE,
)
_MAXIMUM = re.compile(r"\b(?:max(?:imum)?|limit|cap|most)\b", re.IGNORECASE)
_OF_FSA = re.compile(r"\b(?:fsa|flex\w*|spending|account|card)\b", re.IGNORECASE)
_OUT_OF_POCKET = re.compile(r"\bout[- ]of[- ]pocket\b", re.IGNORECASE)
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
# "Which one do I have?" after plans were told apart.
_WHICH_IS_MINE = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|then)\W+)*(?:which|what)(?: (?:one|kind|type|plan|sort))*"
    r"(?: of plan)?(?: of (?:them|these|those))? (?:do i have|am i (?:in|on)|is mine|have i got|"
    r"did i (?:get|choose|pick))(?: (?:now|then|right now))?\W*",
    re.IGNORECASE,
)
_TIER = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|on)\W+)*(?:what|which|what'?s (?:its|the)) tier"
    r"(?: (?:is|would|will|does) (?:it|that|this)(?: be)?(?: (?:on|in))?)?\W*",
    re.IGNORECASE,
)
# "Is there something cheaper?" of a drug.
_CHEAPER = re.compile(
    r"\b(?:cheaper|less expensive|generic|alternatives?|something else|another (?:one|drug|option|"
    r"medicine)|other (?:options?|drugs?|medicines?)|lower[- ]cost|instead)\b",
    re.IGNORECASE,
)
_TELLS_PRICES = frozenset(
    {"dental_benefits", "vision_benefits", "premium_payment", "wellness_program"}
)
# What is asked of a doctor or place that was looked for before.
_OF_A_SEARCH = frozenset({"provider_details", "check_network", "referral_question"})
# What names a kind of doctor or place that a visit is priced at.
_OF_A_KIND = frozenset({"find_provider", "find_facility", "referral_question"})
_KINDS = frozenset({"specialty", "facility", "service"})
_SESSION = re.compile(r"\bsessions?\b", re.IGNORECASE)
_COUNSELING = {"entity": "service", "value": "counseling", "said": "counseling", "start": 0}
_A_PLAN = re.compile(r"\bplans?\b", re.IGNORECASE)
# "And if he sends me on to a heart specialist?", "and if I end up in the ER?" after a price.
_SUPPOSES = re.compile(rf"{LEAD}(?:what )?(?:if|when|in case|suppos\w*|say)\b", re.IGNORECASE)
_MY_BAD = re.compile(
    rf"{LEAD}(?:sorry|oops|whoops|no+|nope|wait|actually|my (?:bad|mistake)|scratch that|"
    r"i meant?)\b",
    re.IGNORECASE,
)
_A_REFERRAL = re.compile(r"\breferrals?\b", re.IGNORECASE)
# What care that is only supposed is taken for.
_OF_CARE_SUPPOSED = frozenset(
    {
        "copay_cost", "emergency", "find_facility", "find_provider", "inform", "nurse_line",
        "out_of_area_coverage", "referral_question",
    }
)  # fmt: skip
_OF_DRUG_LIST = re.compile(
    r"\b(?:cover\w*|list\w*|formulary|tier|approv\w*|authori\w*)\b", re.IGNORECASE
)


def tier_of_drug(turn: Turn, item: Item) -> Item | None:
    """ "What tier?" just after a drug was told: of that drug, and not what a tier is."""
    topic = turn.memory.topic
    if topic is None or topic["intent"] not in DRUGS or not _TIER.fullmatch(item.text):
        return None
    kept = Item.from_json(topic)
    return Item("drug_coverage", kept.text, kept.entities, kept.told)


def other_drug(turn: Turn, item: Item) -> Item | None:
    """ "Is there a cheaper one?": what the list names in the place of the drug that was told."""
    topic = next(iter(topics_of(turn)), None)
    if topic is None or topic.intent not in DRUGS or not turn.context.verified:
        return None
    # "A cheaper plan" is none, and "by mail instead" is the same drug.
    by_mail = item.is_sure and item.intent == "mail_order_pharmacy"
    another = item.named or by_mail or _A_PLAN.search(item.text)
    if another or not (is_short(item) and _CHEAPER.search(item.text)):
        return None
    # "What's the copay for the generic?"
    priced = (item.is_sure and item.intent == "drug_cost") or item.asks_for("cost", "share")
    intent = "drug_cost" if priced else "drug_coverage"
    return Item(intent, topic.text, topic.entities, {**topic.told, ASKED: "others"})


def price_if(turn: Turn, item: Item) -> Item | None:
    """ "What if he sends me on to a heart specialist?", "and if I end up in the ER?" after a price:
    that of this care.
    """
    kinds = any(each["entity"] in _KINDS for each in item.entities)
    after_price = told_lately(turn, "copay_cost")
    of_care = item.intent in _OF_CARE_SUPPOSED or item.band != "accept"
    if not (after_price and kinds and of_care):
        return None
    # "My bad, it's the eye doctor I'm seeing": what was asked before, of another one.
    corrects = item.intent != "emergency" and _MY_BAD.match(item.text) is not None
    asked = corrects or _SUPPOSES.match(item.text) is not None
    if not asked or _A_REFERRAL.search(item.text) or item.first("zip"):
        return None
    return Item("copay_cost", item.text, item.entities)


# "Is it covered?", "do you cover that?"
_IS_IT_COVERED = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?|well|then)\W+)*(?:is|are|do|does|will|would|can) "
    r"(?:it|that|this|they|he|she|you|(?:my|the) (?:plan|insurance)|you guys|mvp|cigna|"
    r"preferred care)(?: even| all| be)? (?:cover(?:ed|s)?|paid(?: for)?|pay(?: for)?|included)"
    r"(?: (?:it|that|this|him|her|by (?:you|my plan|mvp|cigna)|too|at all|then))*\W*",
    re.IGNORECASE,
)
# What tells whether visits to a kind of doctor are paid for, beside the plan's medical part.
_PLAN_FOR = {
    "dentistry": "dental_benefits",
    "orthodontics": "dental_benefits",
    "optometry": "vision_benefits",
}


def covered_there(item: Item, topics: list[Item]) -> Item | None:
    """ "Is it covered?" after doctors or places were listed: the visit there."""
    topic = topics[0] if topics else None
    if topic is None or topic.intent not in _OF_A_KIND or not _IS_IT_COVERED.fullmatch(item.text):
        return None
    kinds = tuple(e for e in topic.entities if e["entity"] in _KINDS)
    intent = _PLAN_FOR.get(str(topic.first("specialty")), "benefit_covered")
    return Item(intent, item.text, kinds) if kinds else None


def needs_permission(turn: Turn, item: Item, topics: list[Item]) -> Item | None:
    """ "Do they need approval for that?" after what care costs: the plan's file tells that."""
    topic = topics[0] if topics else None
    if topic is None or turn.context.verified is None or turn.in_form:
        return None
    of_care = topic.intent in SERVICES - {"prior_auth_required"}
    bare = item.is_sure and item.intent == "prior_auth_required" and not item.named
    if not (of_care and bare and IT.search(item.text)):
        return None
    return Item("benefit_covered", topic.text, topic.entities, {**topic.told, ASKED: "permission"})


def of_unit(text: str) -> bool:
    """Whether the family's sum is asked for beside one's own, or the other way round."""
    return _UNIT.fullmatch(text) is not None


def of_own_sum(turn: Turn, item: Item) -> Item | None:
    """ "And the family one?", of the sum that was told by the member's own file: by it, too."""
    if turn.context.verified is None or not any("item" in said for said in turn.memory.last):
        return None
    topic = next(iter(topics_of(turn)), None)
    if topic is None or topic.intent not in SUMS or not of_unit(item.text):
        return None
    return of_costs(turn, item, topic)


_HOW_TO = re.compile(r"\b(?:how|where|whom?) (?:do|can|should|would|am) (?:i|we)\b", re.IGNORECASE)


def of_costs(turn: Turn, item: Item, topic: Item) -> Item | None:
    """ "How much is left?", "and out of network?", "since when?": of the sum, account, plan,
    service or drug that was just told.
    """
    if item.is_alone and item.intent == "premium_payment":
        # "How much is my premium, it went up" is no price of the scan that was told.
        return None
    if topic.intent in SUMS | COVERAGE and _LINE.fullmatch(item.text):
        # "The dental one, I meant": which plan it is, the words tell.
        return Item(topic.intent, item.text, topic.entities, topic.told)
    if of_line := _of_the_same_line(item, topic):
        return of_line
    if topic.intent in SUMS and _of_sum(item.text):
        # Of which of the two, the words say: "and mine?" after the family's.
        text = f"{item.text} ({line.group()})" if (line := _LINES.search(topic.text)) else item.text
        return Item(topic.intent, text, topic.entities, topic.told)
    another = item.is_sure and item.intent not in COVERAGE and not names_no_matter(item.text)
    if topic.intent in COVERAGE and not another and is_short(item) and _SINCE.search(item.text):
        if item.first("relation") is not None:
            # "Since when is my wife on it?", after a daughter's: of her own file.
            return Item("coverage_status", item.text, item.entities, {ASKED: "since"})
        person = {"person": topic.told["person"]} if "person" in topic.told else {}
        return Item("coverage_status", "", topic.entities, {**person, ASKED: "since"})
    if topic.intent == "enroll_or_compare_plans" and _WHICH_IS_MINE.fullmatch(item.text):
        return Item("which_plan_covers_me", item.text)
    if topic.intent in ACCOUNTS and _WHICH_IS_MINE.fullmatch(item.text):
        return Item("fsa_balance", item.text, (), {"general": "said"})
    if topic.intent in ACCOUNTS and _BUYS.search(item.text):
        return Item("fsa_claim", item.text, item.entities)
    if topic.intent in ACCOUNTS and _HOW_MUCH.fullmatch(item.text):
        return Item("fsa_balance", topic.text, topic.entities, topic.told)
    if topic.intent == "fsa_claim" and (item.intent, item.band) == ("fsa_balance", "accept"):
        # "How much is in there?" after what the money buys.
        return Item("fsa_balance", item.text, item.entities, {"general": "said"})
    bare = item.intent in ("inform", *ACCOUNTS) or item.band != "accept"
    if topic.intent in ACCOUNTS and bare and _OF_YEAR.search(item.text):
        return Item(topic.intent, item.text, item.entities)
    of_drugs = (topic.intent, item.intent) == ("drug_cost", "drug_coverage") and item.first("drug")
    if of_drugs and AGAIN.search(item.text) and not _OF_DRUG_LIST.search(item.text):
        # "And Eliquis, he put me on that too": what that one costs.
        return Item("drug_cost", item.text, item.entities)
    # "How much do I pay him?", after a referral to a kind of doctor.
    share = topic.intent == "referral_question" and item.sure_aspect == "share"
    # "How do I pay?" asks for the way, and not for the price.
    asks_how = item.sure_aspect in ("paying", "way") and _HOW_TO.search(item.text)
    asks = (asks_price(item.text) or item.asks_for("cost") or share) and not asks_how
    if asks and (priced := _price_of(turn, item, topic)):
        return priced
    if topic.intent == "dental_benefits" and is_short(item) and _MAXIMUM.search(item.text):
        return Item(topic.intent, topic.text, topic.entities, topic.told)
    about_drug = topic.intent in ("drug_coverage", "drug_cost") and not item.entities
    if about_drug and item.intent == "prior_auth_required":
        # Whether it needs approval is told with the drug.
        return Item("drug_coverage", topic.text, topic.entities, topic.told)
    if topic.intent in SERVICES and is_short(item):
        if _HOW_MUCH.fullmatch(item.text) or _NETWORK_SIDE.fullmatch(item.text):
            return Item("copay_cost", topic.text, topic.entities, topic.told)
        if _LIMITS.search(item.text) and not item.entities:
            return Item("benefit_covered", topic.text, topic.entities, topic.told)
    if topic.intent in DRUGS and _HOW_MUCH.fullmatch(item.text):
        return Item("drug_cost", topic.text, topic.entities, topic.told)
    if not (IT.search(item.text) and is_short(item) and MONEY.search(item.text)):
        return None
    subject = turn.memory.subject
    if "drug" in subject and topic.intent in DRUGS:
        return Item("drug_cost", item.text, (), {"drug": subject["drug"]})
    if "service" in subject and topic.intent in SERVICES:
        return Item("copay_cost", item.text, (), {"service": subject["service"]})
    return None


_MOST_OF_TEETH = 10


def sum_of_teeth(turn: Turn, item: Item) -> Item | None:
    """ "What's left of my max?" after a filling was priced: the dental plan's."""
    topic = next(iter(topics_of(turn)), None)
    if item.is_alone and len(item.text.split()) > _MOST_OF_TEETH:
        # "They told me after five thousand everything is free. Am I there?" is of the whole plan.
        return None
    return _of_the_same_line(item, topic) if topic is not None and _is_dental(topic) else None


def _of_the_same_line(item: Item, topic: Item) -> Item | None:
    """ "Is there a deductible?", "have I used any of the maximum?" after the teeth: of the dental
    plan, whose deductible and maximum are its own.
    """
    if item.intent not in SUMS or _LINES.search(item.text):
        return None
    if _is_dental(topic):
        if item.intent == "fsa_balance" and not _OF_FSA.search(item.text):
            # "How much did they use already?"
            about = {need: value for need, value in topic.told.items() if need == "person"}
            told = {**about, "general": "said"}
            return Item("dental_benefits", f"{item.text} (used)", (), told)
        line = "dental"
    elif names_line_beside(topic.text):
        return None
    elif topic.intent in SUMS and (found := _LINES.search(topic.text)):
        line = found.group().lower()
    else:
        return None
    if line == "dental" and _MAXIMUM.search(item.text) and not _OUT_OF_POCKET.search(item.text):
        # What a dental plan has is a most that it pays a year, which its benefits tell.
        about = {need: value for need, value in topic.told.items() if need == "person"}
        return Item("dental_benefits", item.text, (), {**about, "general": "said"})
    leans = IT.search(item.text) or AGAIN.search(item.text)
    return replace(item, text=f"{item.text} ({line})") if leans else None


def _is_dental(topic: Item) -> bool:
    """Whether the teeth are talked of: the dental plan, or the price of a cleaning."""
    told = topic.told.get("service")
    kinds = [(each["value"], each["entity"]) for each in topic.entities if each["entity"] in _KINDS]
    if told and told.get("key"):
        kinds = [(told["key"], told["kind"])]
    billed = [billed_as(key, kind) for key, kind in kinds if topic.intent in SERVICES]
    of_teeth = any(each is not None and each.line == "dental" for each in billed)
    return topic.intent == "dental_benefits" or of_teeth


def _price_of(turn: Turn, item: Item, topic: Item) -> Item | None:
    """ "How much is a visit?": the copay at the kind of doctor or place that was looked for, or
    the price that the topic itself tells.
    """
    told = {need: value for need, value in topic.told.items() if need != "start"}
    if topic.intent in SERVICES and any(e["entity"] in _KINDS for e in item.entities):
        # "And a specialist visit, how much is that?" is of another one.
        return Item("copay_cost", item.text, item.entities)
    if topic.intent in SERVICES:
        waits = turn.in_form and topic.intent == "cost_estimate"
        # The estimate that is being looked up tells the copay too.
        return topic if waits else Item("copay_cost", topic.text, topic.entities, told)
    if topic.intent in ("drug_coverage", "drug_cost"):
        return Item("drug_cost", topic.text, topic.entities, told)
    if topic.intent in _TELLS_PRICES:
        return Item(topic.intent, f"{topic.text.rstrip(' .?!')}, {item.text}", topic.entities, told)
    if topic.intent == "behavioral_health" or _is_of_counseling(turn, item):
        return Item("copay_cost", item.text, (_COUNSELING,))
    searched = topic
    if topic.intent in _OF_A_SEARCH and turn.memory.searched:
        searched = Item.from_json(turn.memory.searched)
    kinds = tuple(e for e in searched.entities if e["entity"] in _KINDS)
    if searched.intent not in _OF_A_KIND or not kinds:
        return None
    return Item("copay_cost", item.text, kinds)


def _is_of_counseling(turn: Turn, item: Item) -> bool:
    """Whether a session's price is asked after counseling was told of, and who learns of it."""
    return told_lately(turn, "behavioral_health") and _SESSION.search(item.text) is not None


def _of_sum(text: str) -> bool:
    return any(asked.fullmatch(text) for asked in (_LEFT, _NETWORK_SIDE, _UNIT))
