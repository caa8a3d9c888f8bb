"""What plain words decide where the understanding is of two minds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.answers.cases import CASES
from actions.answers.claims import asks_total
from actions.answers.talk import is_talk
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.asides import drops
from actions.dialogue.at_counter import refused_now
from actions.dialogue.context import ASPECT, is_newborn
from actions.dialogue.danger import asks_of_inaction
from actions.dialogue.follow_ups.carrying_on import names_nothing_else
from actions.dialogue.follow_ups.topics import CLAIMS, SEARCHES, SERVICES, asks_price
from actions.dialogue.intents import intents
from actions.dialogue.needs import asks, proven
from actions.dialogue.past_care import owed_for_it
from actions.dialogue.reading import entity_zip
from actions.dialogue.turn import Turn
from actions.dialogue.ways_on import asks_what_now
from actions.identity.third_party import points_at_somebody, professional
from alliance.aspects import APPOINTMENT, RECORD, WAS_US, leans_back
from alliance.harsh import is_harsh

_ABOUT_IT = re.compile(r"\babout (?:it|this|that)\b", re.IGNORECASE)
_REFUSED = (
    r"(?:den(?:y|ied)|refused?|reject(?:ed)?|turned? down|not (?:been )?(?:paid|covered)|"
    r"revers(?:ed?|ing)|(?:take|took|taken|taking|pull|pulled) (?:\w+ ){0,3}?back)"
)
_WHY_REFUSED = re.compile(
    rf"\bwhy\b.{{0,60}}\b{_REFUSED}\b|\b{_REFUSED}\b.{{0,60}}\bwhy\b", re.IGNORECASE
)
_THE_REASON = re.compile(r"\b(?:the|that|your|its) reason\b", re.IGNORECASE)
_OF_A_CLAIM = frozenset({"explain_eob", "billing_problem", "claim_status"})
# Who asks about somebody whom they employ or treat is no member asking for themselves.
_ON_BUSINESS = re.compile(
    r"\b(?:our|my) (?:employees?|patients?)\b|\byour member\b|\bHR here\b", re.IGNORECASE
)
# "Do I owe 2,340?" beside why it was refused: the reason comes with the member's share.
_DO_I_OWE = re.compile(
    r"\W*(?:(?:and|so|or|but)\W+)*(?:do|should|must|will|would|have) (?:i|we) (?:\w+ ){0,3}?"
    r"(?:owe|pay)\b(?: (?:it|that|this|them|all|the|of|bill|money|now|really))*[\W\d]*"
    r"(?:dollars?\W*)?(?:or (?:not|what)\W*)?",
    re.IGNORECASE,
)
_WHAT_I_OWE = re.compile(
    r"\b(?:what|how much) (?:(?:do|did|will|would) )?(?:i|we) (?:\w+ )?"
    r"(?:owe|have to pay|need to pay)\b|"
    r"\bwhat(?:'?s| is| was)(?: \w+)? (?:my|our) (?:share|part|portion)\b",
    re.IGNORECASE,
)
_TO_EXPLAIN = re.compile(
    r"\b(?:why|explain\w*|break\w*|eobs?|statement|lines?|columns?|each|how come|for what)\b", re.I
)
# "Just let me talk to appeals": a person, whatever their department is called.
_PEOPLE = r"(?:department|dept|team|people|folks|office|desk|line)"
_TEAM = re.compile(
    r"\W*(?:(?:no|just|please|ok(?:ay)?|then|well|um+|uh+|can you|could you|i said)\W+)*"
    r"(?:(?:(?:let me|can i|could i|may i|(?:i )?(?:want|need|would like|have)(?: to)?|i wanna|"
    r"i'd like to)(?: (?:just|please))? (?:talk|speak) (?:to|with)|"
    r"(?:put|connect|transfer|patch|switch|send) me (?:through |over )?(?:to|with))"
    r"(?: (?:the|your|an?|somebody in|someone in))?(?: \w+){0,2}? "
    r"(?:appeals?|claims|billing|enrollment|grievances?|authorizations?|benefits|eligibility|"
    rf"(?:member|customer|provider) services?|supervisor|manager|{_PEOPLE})(?: {_PEOPLE})?|"
    rf"(?:get|give) me (?:the |your |an? )?(?:\w+ ){{0,2}}?(?:supervisor|manager|{_PEOPLE}))"
    r"(?:\W+(?:please|then|now|instead))*\W*",
    re.IGNORECASE,
)
_COVERED = re.compile(
    r"\b(?:covered|insured|on (?:my|our|the) (?:plan|insurance))\b", re.IGNORECASE
)
_OF_DRUGS = frozenset({"drug_coverage", "drug_cost", "mail_order_pharmacy", "find_pharmacy"})
# "MVP's number", "the number of CIGNA", and no number of a card or a claim.
_ITS_LINE = re.compile(
    r"['\u2019]?s (?:phone |own |direct )?(?:number|line|hotline)\b|"
    r"\b(?:number|line|hotline) (?:for|of|to|at)\b",
    re.IGNORECASE,
)
# "When I see my own doctor next week": whom one sees without saying for what.
_OWN_DOCTOR = re.compile(
    r"\b(?:see|sees|seeing|visit|visiting|go(?:ing)? (?:in )?to|at|with|in to) "
    r"my (?:own |usual |normal |everyday |family |same |old )*(?:doctor|doc|dr|physician)\b"
    r"(?!['\u2019]?s)",
    re.IGNORECASE,
)
_OF_CARE = frozenset({"service", "specialty", "facility", "provider", "drug"})
_PRICES = frozenset({"copay_cost", "cost_estimate"})
_MOST_LINE_WORDS = 8
_UNCLEAR = frozenset({"out_of_scope", "inform"})
_A_LINE = re.compile(r"\b(?:phone|number|line|reach|call|contact|hours|hotline)\b", re.I)
_BARE_COST = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|then|well|um+)\W+)*"
    r"(?:what(?:'?s| is)?|how much|which|(?:the )?cheap(?:est|er)|the)"
    r"(?: (?:will|would|do|does|should|must|is|am|are|it|that|this|i|we|my|the|share|cost|price|"
    r"copay|going|gonna|to|be|pay|owe|have|charged?|for|me|us|a|visit|there|then|each|time|"
    r"costs|one|of them|less|least|cheaper|cheapest|better))"
    r"*\W*",
    re.IGNORECASE,
)
_A_PERSON = re.compile(
    r"(?:^|[.,!?;]\s*)(?:(?:just|please|now|a|an|i want|i need|give me|get me)\W+)*"
    r"(?:(?:real|live|actual|human) )?(?:human(?: being)?|person|agent|representative|rep|"
    r"operator|supervisor|manager)"
    r"(?:\W+(?:please|now|already|asap|thanks))*\W*$",
    re.IGNORECASE,
)
_BILL = re.compile(r"\bbill(?:ed|s)?\b", re.IGNORECASE)
# "You people are a joke": hard words of the company as a whole. What somebody did is a complaint.
_INSULT = re.compile(
    r"\W*(?:(?:god|jesus|wow|man|honestly|seriously)\W+)*(?:you|u|y'?all|this|it)"
    r"(?: (?:people|guys|all|folks|company|place|bot|thing|whole thing))*"
    r"(?:'?s|'?re| are| is| r)\b(?: [\w'*]+){1,6}\W*",
    re.IGNORECASE,
)
# "Talk to someone about my denied claim", which sounds as much of the claim.
_TO_SOMEBODY = re.compile(
    r"\b(?:talk|speak|chat|connect\w*|put (?:me )?through) (?:to|with) (?:an? |some ?|any ?)?"
    r"(?:\w+ )?(?:one|body|person|human|agent|representative|rep)\b",
    re.IGNORECASE,
)
_CALLER = "third_party_caller"
_FRAUD = "report_fraud"
_MEDICINE = re.compile(
    r"\b(?:pharmac\w+|prescri\w+|refills?|meds?|medicin\w+|drugs?|pills?)\b", re.I
)
_OF_MAIL = frozenset({"mail_order_pharmacy", "update_contact"})
# What becomes of what is said here: asked of the chat itself, on no list of topics.
_OF_RECORDS = re.compile(
    r"\b(?:forget|delete|erase|remove|wipe) (?:everything|all|me\b|my (?:data|info\w*|history|"
    r"records?|chat|conversation)|this (?:chat|conversation)|what i (?:said|told|wrote))|"
    r"\b(?:sell|share|give away|keep|store|save)s? (?:\w+ )?(?:my|our|this) (?:\w+ )?(?:data|"
    r"info\w*|records?|chat|conversation|details)\b|"
    r"\b(?:is|are|was) (?:this|it|the|our|my)(?: (?:chat|call|conversation))? (?:being )?"
    r"(?:recorded|saved|kept|stored|private|confidential)\b|"
    r"\bwho (?:can |else )*(?:sees?|reads?|looks? at|has|gets) (?:my|this|what i)\b|"
    r"\b(?:e-?mail|send|text|mail|print|download|copy|transcript|save)\b.{0,25}"
    r"\b(?:(?:this|our|the) (?:chat|conversation|transcript)|transcript|what we said)\b",
    re.IGNORECASE,
)
# "Who else gets to see my information": of everybody, and never of one person who must not.
_WHO_SEES = re.compile(
    r"\bwho (?:else |all )?(?:(?:can|could|may|will|would|is able to|gets? to|has|is) )?"
    r"(?:sees?|seeing|reads?|reading|look(?:s|ing)?|hears?|have|has|knows?|gets?|access(?:es)?)"
    r"(?: at| access to| to see)? (?:all )?(?:my|our|this|these|the) "
    r"(?:\w+ )?(?:info\w*|data|records?|details|file|account|chats?|conversations?|messages?|"
    r"questions?|answers?|history|calls?)\b|"
    r"\bwho (?:else |all )?(?:(?:can|could|may|will|gets? to) )?"
    r"(?:sees?|reads?|hears?|knows?|looks? at) "
    r"(?:what|the (?:things|stuff)|things|stuff|everything) (?:that )?(?:i|we)\b",
    re.IGNORECASE,
)
# "Do you sell my data?", "what information do you share?": of everybody, too.
_KNOWN_OF_ME = r"(?:info\w*|data|records?|details|(?:medical|health) \w+)"
_SHARES = re.compile(
    rf"\b(?:you|they|cigna|mvp|preferred care|company|insurance|plan)(?: \w+){{0,2}}? (?:sell|"
    rf"share|disclose|pass on|give (?:out|away))(?: (?!with me\b)\w+){{0,3}}? {_KNOWN_OF_ME}\b|"
    rf"\b(?:what|which|how much)(?: \w+){{0,3}}? {_KNOWN_OF_ME}\b(?: \w+){{0,3}}? (?:you|they)"
    r"(?: \w+)? (?:sell|share|disclose|pass on|give (?:out|away))(?! with me\b)|"
    rf"\b(?:is|are|does|do|will|gets?) (?:my|our) (?:\w+ )?{_KNOWN_OF_ME}(?: \w+)? "
    r"(?:sold|shared|disclosed|passed on)\b",
    re.IGNORECASE,
)
# Pharmacies give them, and offices do.
_WHERE_A_SHOT = re.compile(
    r"\bwhere (?:can|do|could|should) (?:i|we|he|she|my \w+) (?:go )?(?:to )?(?:get|find|have)\b"
    r".{0,25}\b(?:shots?|vaccines?|vaccinations?|vaccinated|immuni[sz]ations?|booster)\b",
    re.IGNORECASE,
)
# "Does it cost anything to chat?", "do I need an appointment to talk to somebody?".
_TALKING = (
    r"(?:chat\w*|talk(?:ing)?|speak(?:ing)?|call(?:ing)?|writ(?:e|ing)|us(?:e|ing)|ask(?:ing)?)"
)
_COSTS = r"(?:costs?|free|charged?|charges|fees?|pay|paying|money)"
_TALK_COSTS = re.compile(
    rf"\b(?:do|does|is|are|will|am|can) (?:it|this|that|the chat|this chat|there|i|you|chat\w*)\b"
    rf".{{0,30}}\b{_COSTS}\b.{{0,20}}\b(?:to|for|by|when|if|"
    rf"with)\b.{{0,12}}\b{_TALKING}\b(?: (?:to|with|"
    r"on|me|you|this|here|the|chat|a person|somebody|someone|like this))*\W*$|"
    rf"\b(?:is|are) (?:this|the|your|these|that) (?:chat|service|line|help|"
    rf"call)s? (?:really )?(?:for )?"
    r"(?:free|charged|toll[- ]free)\b",
    re.IGNORECASE,
)
_NEEDS_APPOINTMENT = re.compile(
    r"\b(?:appointment|book|schedule)\b.{0,30}\b(?:talk|speak|see|chat|meet|get|reach) (?:to |"
    r"with |"
    r"hold of )?(?:a |an |some ?|your |any ?)?(?:person|human|people|agent|representative|rep|one|"
    r"somebody|body|you|real \w+)\b",
    re.IGNORECASE,
)
# "Somebody called me this morning, was that you?".
_CONTACTED = (
    r"(?:call(?:s|ed|ing)?|phon(?:ed|ing)|rang|voice ?mail|text(?:ed|s)?|e-?mail(?:ed|s)?|message|"
    r"letter|wrote|contact(?:ed)?)"
)
_WAS_US = re.compile(
    rf"\b{_CONTACTED}\b.{{0,80}}\b(?:was|is|were|are) (?:that|it|this|they|he|she) (?:really |"
    rf"actually "
    r"|even )*(?:you|you guys|yours|from you|one of you\w*|legit\w*|real|genuine|a scam|fake|"
    r"cigna|mvp|preferred care)\b|"
    rf"\b(?:was|is) (?:that|it|this) (?:really )?you(?: guys| people)?(?: who| that)? (?:just )?"
    rf"{_CONTACTED}\b|\bdid (?:you|you guys|somebody (?:of|from|at) (?:you\w*|cigna|mvp|preferred "
    rf"care)) (?:just |really |try to )*{_CONTACTED} me\b|"
    rf"\bwas (?:it|that) (?:you|cigna|mvp|preferred care) (?:that|who) {_CONTACTED}\b",
    re.IGNORECASE,
)
_MY_DRUGS = r"(?:prescriptions?|refills?|medicines?|medications?|meds|pills|inhaler|insulin|drugs?)"
_WHERE_ARE_DRUGS = re.compile(
    rf"\bwhere(?:'?s| is| are|s) (?:my|our|his|her) (?:\w+ )?{_MY_DRUGS}\b(?! (?:benefits?|"
    rf"coverage|"
    rf"list|card|plan))|\b(?:has|have|did|was|were|is) (?:my|our) (?:\w+ )?{_MY_DRUGS}\b.{{0,12}}"
    r"\b(?:ship(?:ped)?|sent|mailed|on (?:its|the|their) way|been sent)\b",
    re.IGNORECASE,
)
_REPLIES = frozenset({"affirm", "deny", "cancel"})
_ASKS_SOMETHING = re.compile(
    r"\W*(?:and |but |so |ok )?(?:what'?s|which|whose|who|where|when|how (?:much|many|long|do|"
    r"does)|"
    r"why (?:is|was|did|do)|what (?:is|are|was|about the))\b",
    re.IGNORECASE,
)
_ABOUT_US = frozenset(
    {"out_of_scope", "cancel", "inform", "bot_challenge", "repeat", "ask_capabilities", "deny"}
)
_MOST_RECORDS_WORDS = 14
_GROWS_OUT = re.compile(
    r"\b(?:(?:son|daughter|kid|child|boy|girl)(?:'?s)?|he|she)\b.{0,20}"
    r"\b(?:turn(?:s|ed|ing)?|will be|is going to be|becomes?)\s+(?:26|twenty[- ]six)\b",
    re.IGNORECASE,
)
_PLAN_YEAR = re.compile(
    r"\b(?:when|what (?:day|date|month)|till|until|is)\b.{0,30}\b(?:plan|benefit) year\b",
    re.IGNORECASE,
)
_HAS_MEDICARE = re.compile(
    r"\b(?:do|have) (?:i|we) (?:have|got) (?:a |the )?medicare\b.{0,12}\b(?:with|through|from|at|"
    r"by) (?:you|y'?all|cigna|mvp|preferred care)\b|"
    r"\bam i (?:in|on) (?:a |the )?medicare\b.{0,12}\b(?:with|through|from|at|by) you\b|"
    r"\bis (?:my|mine|this|the) (?:plan|insurance|coverage|one)?\b.{0,15}\bmedicare\b"
    r"(?! (?:first|primary))",
    re.IGNORECASE,
)
_OF_FAMILY = frozenset({"add_dependent", "end_coverage", "coverage_status", "remove_dependent"})
_PARTS = re.compile(r"\b(?:divorc\w+|split(?:ting)? up)\b", re.IGNORECASE)
# So few words look for a kind of place in a town, and say nothing else.
_MOST_SEARCH_WORDS = 8
# "Alright, can I still use this chat to find a dentist in 30303?"
_MOST_FRAMED_WORDS = 16
_TO_FIND = re.compile(
    r"\b(?:find|look(?:ing)? (?:for|up)|search(?:ing)? for|show me|get me)\b", re.I
)
# What cannot begin a question of its own right after a verb.
_ITS_OBJECT = re.compile(r"(?:an?|my|our|the|that|this|his|her|their)\b", re.IGNORECASE)
_VERB_ALONE = re.compile(r".{0,30}\b(?:file|submit|start|open|make)", re.IGNORECASE)
_LIKELY = 2
_MOST_PLAIN_WORDS = 25
_MOST_BEGUN_WORDS = 4


def _asks_for_line(item: Item) -> bool:
    """Whether words that are not understood name a company and its line: "enough, what's MVP's
    number"; so likely, or in so few words, that it can be nothing else.
    """
    named = item.first("partner") is not None and _A_LINE.search(item.text) is not None
    few = len(item.text.split()) <= _MOST_LINE_WORDS and _ITS_LINE.search(item.text) is not None
    likely = item.intent == "contact_info" or (item.intent in _UNCLEAR and few)
    return named and likely and item.band != "accept"


def _no_drug(turn: Turn, item: Item) -> bool:
    """Whether neither the words nor what was talked about is of any medicine."""
    topic = turn.memory.topic["intent"] if turn.memory.topic else ""
    named = any(each["entity"] == "drug" for each in item.entities)
    before = [each["intent"] for each in turn.memory.earlier[:1]]
    of_drugs = {topic, *before, *(each.intent for each in turn.agenda)} & _OF_DRUGS
    told = _MEDICINE.search(item.text) or named or of_drugs
    return _BARE_COST.fullmatch(item.text) is not None and not told


_CHEAPEST = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|well|um+|then)\W+)*"
    r"(?:(?:which|what)(?: (?:one|of (?:them|these|those)))?(?:'?s| is| are| would be)?\W+)?"
    r"(?:the )?(?:cheap(?:est|er)|least expensive|costs? (?:me )?(?:the )?(?:less|least))"
    r"(?: (?:one|of (?:them|these|those|all)|for me|then|there))*\W*",
    re.IGNORECASE,
)
# What is asked of all prices together, so likely it is the price of something.
_ARE_PRICES = frozenset({"copay_cost", "cost_estimate", "drug_cost"})
_SURELY_A_PRICE = 0.8


def _price_of_care(turn: Turn, item: Item) -> str | None:
    """ "How much is a walker?", "how much am I on the hook for?": the price of care, where it can
    only be a price and no medicine is named or was talked about.
    """
    drugs = item.first("drug") or (turn.memory.topic or {}).get("intent") in _OF_DRUGS
    prices = [(name, sure) for name, sure in turn.ranking if name in _ARE_PRICES]
    only = sum(sure for _, sure in prices) >= _SURELY_A_PRICE or item.first("service")
    if item.intent not in _ARE_PRICES or drugs or not only:
        return None
    if item.band == "accept" and not (item.intent == "drug_cost" and item.first("service")):
        return None
    return next((name for name, _ in prices if name != "drug_cost"), "copay_cost")


# So likely it is asked of care that is named, though something else was likelier or as likely.
_LIKELY_OF_CARE = 0.5
_IS_NEEDED = re.compile(r"\b(?:need|needs|needing|wants?|get|getting|cover\w*)\b", re.IGNORECASE)
_OF_CARE = frozenset({*_ARE_PRICES - {"drug_cost"}, "benefit_covered", "prior_auth_required"})


def _asked_of_named_care(turn: Turn, item: Item) -> str | None:
    """ "Can I get a wheelchair?", "how much is a hearing aid for me?": care that is named is asked
    about, where that is likely, or where the words beside it ask nothing but a price.
    """
    service = next((each for each in item.entities if each["entity"] == "service"), None)
    if service is None or item.band != "reject":
        return None
    beside = item.text.lower().replace(str(service.get("said", "")).lower(), " ")
    if asks_price(beside):
        return "copay_cost"
    if _IS_NEEDED.search(beside):
        return "benefit_covered"
    likely = (name for name, sure in turn.ranking if sure >= _LIKELY_OF_CARE)
    return next((name for name in likely if name in _OF_CARE), None)


_THINGS = frozenset({"service", "specialty", "facility", "drug"})


def _is_a_baby(entity: Mapping[str, Any]) -> bool:
    return entity["entity"] == "relation" and entity["value"] in ("child", "newborn")


def told_beside(item: Item, others: Sequence[Item]) -> bool:
    """Whether the answer to another question of the same message tells it too, or an appeal holds
    it as its reason.
    """
    if item.text and any(o.intent == "appeal" and o.text.endswith(item.text) for o in others):
        return True
    if item.intent == "claim_status" and not item.named and leans_back(item.text):
        # "He had a visit in March, did you pay that?"
        return any(other.intent == "claim_status" and other.named for other in others)
    return (
        item.intent in _OF_A_CLAIM
        and any(other.intent == "claim_denial" for other in others)
        and (_DO_I_OWE.fullmatch(item.text) is not None or _asks_share_alone(item))
    )


def _asks_share_alone(item: Item) -> bool:
    """ "And how much I owe", of no other claim: told with why it was refused."""
    return item.sure_aspect == "share" and not item.named and _owes(item.text)


def _owes(text: str) -> bool:
    """Whether it is asked what is theirs to pay, and not why."""
    only = _TO_EXPLAIN.search(text) is None and not asks_total(text)
    return only and _WHAT_I_OWE.search(text) is not None


def told_once(items: Sequence[Item]) -> list[Item]:
    """The questions without what a claim shows beside a bill of the same message, which tells the
    member's share too; unless days or a number of its own tell it apart. Without whether a drug
    is on the list beside its price, and without the bill beside why its claim was denied, which
    tell that too.
    """
    if any(each.intent == "claim_denial" and ASPECT not in each.told for each in items):
        items = [
            each
            for each in items
            if each.intent != "billing_problem" or ASPECT in each.told or each.named
        ]
    priced = [_drugs(each) for each in items if each.intent == "drug_cost"]
    items = [each for each in items if each.intent != "drug_coverage" or _drugs(each) not in priced]
    if not any(each.intent == "billing_problem" and ASPECT not in each.told for each in items):
        return list(items)
    return [
        each
        for each in items
        if each.intent not in ("explain_eob", "claim_status")
        or ASPECT in each.told
        or each.named & {"date", "claim_number"}
    ]


def _drugs(item: Item) -> set[str]:
    return {str(each["value"]) for each in item.entities if each["entity"] == "drug"}


def without_insult(questions: Sequence[Item]) -> tuple[Item, ...]:
    """The questions without an insult that stands beside one and was taken for a complaint: "you
    people are a joke. where is my money?".
    """
    left = tuple(
        each
        for each in questions
        if not (each.intent == "complaint" and is_harsh(each.text) and _INSULT.fullmatch(each.text))
    )
    return left if any(not is_talk(each.intent) for each in left) else tuple(questions)


_OF_WHAT_IS_PAID = frozenset(
    {"deductible_status", "copay_cost", "cost_estimate", "inform", "out_of_scope", "explain_eob"}
)
_THE_MOST = re.compile(
    r"\bthe most (?:that )?(?:i|we|you)(?:'d|'ll)? (?:\w+ ){0,3}?pay\b.{0,12}\byear\b",
    re.IGNORECASE,
)
_ON_LIST = re.compile(r"\bon (?:my|the|your|our) (?:\w+ )?(?:list|formulary)\b", re.IGNORECASE)
# "A number I can ring": the member calls, and is not called.
_NUMBER_TO_CALL = re.compile(
    r"\b(?:number|line)\b.{0,20}\b(?:i|we) (?:can|could|may|should|might)?\s*(?:just )?"
    r"(?:call|ring|dial|phone|reach)\b|\bnumber to (?:call|ring|dial|phone)\b|"
    r"\bgive me (?:a|the|your|their) (?:phone )?number\b",
    re.IGNORECASE,
)
_NURSE = re.compile(r"\bnurses?(?:'s?|s')? (?:line|number|phone)\b", re.IGNORECASE)
# A symptom that is told, and no nurse asked for.
_FOR_A_NURSE = re.compile(
    r"\b(?:nurse|line|number|advice|call|talk|speak|somebody|someone)\b", re.I
)


# "Not for my plan, I mean in general": how the question beside it is meant.
_IN_GENERAL = re.compile(
    r"\W*(?:(?:not (?:for|about|on) (?:my|our|me)(?: own)?(?: plan)?|i mean|i'?m asking|just|only|"
    r"more|like|so)\W+)*(?:in general|generally(?: speaking)?|as a rule)\W*",
    re.IGNORECASE,
)


def is_only_manner(item: Item) -> bool:
    """Whether it only says that the question beside it is meant for everybody."""
    return _IN_GENERAL.fullmatch(item.text) is not None


# So sure of the whole, a part of it that sounds like a caller on business is none.
_SURE_OF_WHOLE = 0.9


def without_caller(turn: Turn, questions: Sequence[Item]) -> tuple[Item, ...]:
    """The questions without a part that only sounds as if somebody called for others, where the
    whole is surely of another part and nobody says for whom they call: "HR handed me a card of
    each, which one insures me?".
    """
    likeliest, sure = next(iter(turn.ranking), ("", 0.0))
    asked = any(each.intent == likeliest and each.is_sure for each in questions)
    calls = professional(turn.text) or points_at_somebody(turn.text)
    if likeliest == _CALLER or sure < _SURE_OF_WHOLE or calls or not asked:
        return tuple(questions)
    return tuple(each for each in questions if each.intent != _CALLER)


def only_asked(questions: Sequence[Item]) -> tuple[Item, ...]:
    """The questions without what only leads up to one: "this music kills me. do I have dental?",
    "her ankle is swollen. where is an urgent care?".
    """
    if not any(each.band == "accept" and not is_talk(each.intent) for each in questions):
        return tuple(questions)
    # "I need to see" of "I need to see what my wife's claim was for" asks for no referral.
    parts = [each for each in questions if not (_is_no_referral(each) or is_only_manner(each))]
    if {each.intent for each in parts} == {"nurse_line", "contact_info"}:
        # "My stitches weep, and the office is closed": nothing is asked but what to do.
        parts = [each for each in parts if each.intent == "nurse_line" or asks(each.text)]
        return tuple(parts)
    return tuple(
        each for each in parts if asks(each.text) or not _is_told_in_passing(each)
    ) or tuple(questions)


# "My doctor says I need it": said for what is asked beside it.
_SAYS_SO = re.compile(
    r"\b(?:doctor|dr|surgeon|\w+ist|office|he|she|they)\W+(?:really |always )?"
    r"(?:says?|said|thinks?|told me|insists?|ordered)\b.*\b(?:it|that|this|one)\W*$",
    re.IGNORECASE,
)


# "The pharmacy said no": what was heard at a place, which is none that is looked for.
_SAID_THERE = re.compile(
    r"\b(?:pharmac\w+|drug ?store|office|doctor|hospital|clinic|lab|they)\b.{0,12}"
    r"\b(?:says?|said|saying|told|tells?|refus\w+|won'?t|wouldn'?t|turned|sent)\b",
    re.IGNORECASE,
)


def _is_no_referral(item: Item) -> bool:
    """Whether it sounds like a referral, and names none and nobody to be referred to."""
    kinds = {"specialty", "provider", "service"}
    return (
        item.intent == "referral_question"
        and not re.search(r"\brefer|\bspecialist", item.text, re.IGNORECASE)
        and not kinds & {entity["entity"] for entity in item.entities}
    )


def _is_told_in_passing(item: Item) -> bool:
    if item.intent in SEARCHES and _SAID_THERE.search(item.text):
        return True
    if _SAYS_SO.search(item.text) or item.intent == "medicare_question":
        return True
    if item.intent == "nurse_line":
        return len(item.text.split()) > 1 and not _FOR_A_NURSE.search(item.text)
    return item.intent == "out_of_scope" or item.band == "confirm"


# The opening of a question, which is none by itself.
_ONLY_OPENS = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|then|well|um+|uh+|hi|hello|hey|please)\W+)*"
    r"(?:how(?: (?:much|many|long|soon|often|come))?|what|when|where|why|who|which)\s*",
    re.IGNORECASE,
)


_COUNTS = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?)\W+)*(?:how (?:many|much)|which|what) (?:[\w-]+ ?){1,5}", re.I
)
_THEY_DID = re.compile(
    r"(?:did|have|has|do|does) (?:they|you|it|he|she|cigna|mvp|preferred care|(?:my|the) plan) "
    r"(?:guys )?(?:ok(?:ay)?(?:ed)?|approved?|allow(?:ed)?|authorized?|granted?|clear(?:ed)?|"
    r"sign(?:ed)? off)(?: for me| for (?:him|her))?\W*",
    re.IGNORECASE,
)
_ONLY_WHEN = re.compile(
    r"\W*(?:when(?:ever)?|if|(?:each|every) time) (?:i|we|he|she|they|my \w+) [^?,]*\??", re.I
)
# "How much is my copay at": what is asked of follows.
_UNFINISHED = re.compile(r"\b(?:at|for|in|of|with|an?|the|my)\s*", re.IGNORECASE)


# What follows is asked for that case.
_SUPPOSES = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?|then|also)\W+)*(?:what )?(?:if|once|say|suppose|supposing|"
    r"in case)\b(?!.*\?)",
    re.IGNORECASE,
)


def rejoined(questions: Sequence[Item], text: str) -> tuple[Item, ...]:
    """The questions with a beginning that is none put back to what it belongs to: "I want to file"
    and "an appeal for my claim"; "why did you deny" and "my claim in March".
    """
    if len(questions) < 2:
        return tuple(questions)
    first, second, *others = questions
    both = f"{first.text} {second.text}"
    if _ONLY_OPENS.fullmatch(first.text):
        # "How much" and "did you pay on my claim from May"
        return (replace(second, text=f"{first.text.rstrip()} {second.text}"), *others)
    if both in text and owed_for_it(both) and not asks(first.text):
        return (replace(second, text=both, entities=(*first.entities, *second.entities)), *others)
    of_claims = {first.intent, second.intent} <= CLAIMS and not first.entities
    if of_claims and both in text and _ITS_OBJECT.match(second.text) and not asks(second.text):
        return (replace(first, text=both, entities=second.entities), *others)
    if both in text and _SUPPOSES.match(first.text) and asks(second.text):
        # "If I pay the hospital there" and "how do I get it back"
        return (replace(second, text=both, entities=(*first.entities, *second.entities)), *others)
    if both in text and _VERB_ALONE.fullmatch(first.text) and _ITS_OBJECT.match(second.text):
        return (replace(second, text=both), *others)
    if both in text and _COUNTS.fullmatch(first.text) and _THEY_DID.fullmatch(second.text):
        # "How many therapy visits" and "did they okay"
        return (replace(second, text=both, entities=(*first.entities, *second.entities)), *others)
    if both in text and not first.entities and _ONLY_WHEN.fullmatch(second.text):
        # "How much is it" and "when I go in to my primary doctor"
        care = first.intent == "drug_cost" and not second.first("drug") and second.entities
        intent = "copay_cost" if care else first.intent
        return (replace(first, intent=intent, text=both, entities=second.entities), *others)
    if both in text and _breaks_off(first) and second.intent in SEARCHES and not asks(second.text):
        # "How much is my copay at" and "an urgent care place"
        return (replace(first, text=both, entities=(*first.entities, *second.entities)), *others)
    few = len(first.text.split()) <= _MOST_BEGUN_WORDS and first.text[-1:].isalpha()
    if first.band != "reject" or not few or first.entities:
        return tuple(questions)
    return (replace(second, text=f"{first.text} {second.text}"), *others)


def _breaks_off(item: Item) -> bool:
    """Whether its last word wants another."""
    *_, last = item.text.split() or [""]
    return item.is_sure and _UNFINISHED.fullmatch(last) is not None


def one_story(questions: Sequence[Item], text: str) -> tuple[Item, ...]:
    """The questions of a message, a fraud report or a private request as one: "they billed me for a
    visit that I never had, I think it's fraud" tells of the bill and asks nothing about it, and
    "stop sending mail here, my ex reads it" nothing about mail order.
    """
    report = next((each for each in questions if each.intent in _STORIES), None)
    if report is None or report.band != "accept":
        return tuple(questions)
    told = [each for each in questions if _STORIES[report.intent](each)]
    if not told:
        return tuple(questions)
    entities = tuple(entity for each in (*told, report) for entity in each.entities)
    whole = replace(report, text=text if len(told) + 1 == len(questions) else report.text)
    whole = replace(whole, entities=entities)
    return tuple(whole if each is report else each for each in questions if each not in told)


def _tells_of_claim(item: Item) -> bool:
    of_claim = item.intent in _OF_A_CLAIM
    return of_claim and not asks(item.text) and not _DO_I_OWE.search(item.text)


def _tells_of_refusal(item: Item) -> bool:
    # "I wanna know why my claim was denied" asks, too.
    wants_why = re.search(r"\b(?:why|how come)\b", item.text, re.IGNORECASE)
    return item.intent in (*_OF_A_CLAIM, "claim_denial") and not (asks(item.text) or wants_why)


def _tells_of_mail(item: Item) -> bool:
    return item.intent in _OF_MAIL and "drug" not in item.named and "?" not in item.text


def _tells_of_letters(item: Item) -> bool:
    """Whether no medicine is named beside the mail: "how do I get my mail then?"."""
    return "drug" not in item.named and _MEDICINE.search(item.text) is None


def _seeks_nothing(item: Item) -> bool:
    """Whether no place is looked for: "I should come over and wreck that office"."""
    return item.intent in SEARCHES and not asks(item.text) and not item.entities


# By the report, what else of its message only tells of it.
_STORIES = {
    _FRAUD: _tells_of_claim,
    "confidential_communication": _tells_of_mail,
    "appeal": _tells_of_refusal,
    "complaint": _seeks_nothing,
}


# "I need a primary care doctor who takes new patients": one is looked for.
_LOOKS_FOR_ONE = re.compile(
    r"\b(?:need|find|look(?:ing)? for|search\w*|any|is there)\b(?!.{0,12}\b(?:to|my)\b)"
    r".{0,40}\b(?:new patients|near|around|close to)\b",
    re.IGNORECASE,
)


def _looks_for(item: Item) -> str | None:
    """The search that is meant by a kind of place or doctor and a town, where the words are not
    understood: "find a hospital in Springfield"; or where it is asked whether we can: "can I still
    look for a dentist in 30303 here?".
    """
    most = _MOST_FRAMED_WORDS if _TO_FIND.search(item.text) else _MOST_SEARCH_WORDS
    few = len(item.text.split()) <= most
    unclear = item.band != "accept" and item.intent != "emergency" and few
    if not (unclear or item.intent == "ask_capabilities"):
        return None
    if item.first("place") is None and entity_zip(item.entities) is None:
        return None
    kinds = {"facility": "find_facility", "specialty": "find_provider"}
    named = [search for kind, search in kinds.items() if item.first(kind)]
    others = {each["entity"] for each in item.entities} - {*kinds, "place", "zip"}
    return named[0] if len(named) == 1 and not others else None


def _at_own_doctor(item: Item) -> Item | None:
    """What is asked of a visit to "my own doctor", who is no other than the primary care doctor."""
    named = {entity["entity"] for entity in item.entities} & _OF_CARE
    found = _OWN_DOCTOR.search(item.text)
    if named or item.intent not in _PRICES or found is None:
        return None
    doctor = {"entity": "specialty", "value": "primary_care", "said": "primary care", "start": 0}
    return replace(item, intent="copay_cost", band="accept", entities=(*item.entities, doctor))


_OF_A_PLAN = re.compile(
    r"\b(?:don'?t|do not|doesn'?t|no longer|stopped|quit|left|lost|dropped)\b.{0,40}\b(?:cigna|mvp|"
    r"preferred care|insurance|coverage|plan|job|there|them)\b",
    re.IGNORECASE,
)
# "Who has my dental?" is asked of the company.
_WHO_HAS_A_LINE = re.compile(
    r"\b(?:who|which (?:one|company|of (?:you|them)))(?:'?s| is| has| does| do| handles|"
    r" runs| got)\b.{0,12}\b(?:my|our) (?:dental|vision|medical|health|teeth|eyes?)\b"
    r"(?: (?:plan|insurance|coverage|part|side|stuff|one))?\W*$",
    re.IGNORECASE,
)
_OF_LINES = frozenset(
    {
        "dental_benefits", "vision_benefits", "which_plan_covers_me", "benefit_covered",
        "coverage_status", "contact_info", "out_of_scope", "alliance_question",
    }
)  # fmt: skip


_MEDICINES = re.compile(
    r"\b(?:pills?|meds?|medicines?|medications?|tablets?|capsules?|doses?|antibiotics?|painkillers?|"
    r"tylenol|advil|aspirin|ibuprofen|benadryl|mg|milligrams?)\b",
    re.IGNORECASE,
)
_HOW_TO_TAKE = re.compile(
    r"\bhow (?:many|much|often|long)\b.{0,40}\b(?:can|could|should|may|do|does|must) "
    r"(?:i|we|he|she|they|you|somebody|someone|an?|my)\b.{0,25}\b(?:take|have|give)\b|"
    r"\b(?:can|could|may|should|do|does|must) (?:i|we|he|she|they|you|my \w+|somebody|someone)\b"
    r".{0,12}\b(?:take|mix|combine|drink|double|skip|crush|stop taking|quit taking|come off|"
    r"give (?:him|her|them|my))\b|"
    r"\b(?:is it|it'?s|would it be) (?:ok(?:ay)?|safe|all ?right|alright|fine|bad|dangerous) "
    r"(?:for \w+ )?(?:to|if (?:i|he|she|we|they)) "
    r"(?:take|mix|combine|drink|double|skip|crush|stop|quit|give)\b",
    re.IGNORECASE,
)
# What is asked of the plan, and no advice: "can I take the generic?", "on a plane".
_OF_THE_PLAN = re.compile(
    r"\b(?:cover\w*|plan|copay\w*|cost\w*|price\w*|approv\w*|refill\w*|generics?|mail\w*|pharmac\w+|"
    r"pay\w*|network|list|tier|instead|plane|abroad|travel\w*|trip|vacation|insurance|order|get)\b",
    re.IGNORECASE,
)
_TAKEN_FOR_DRUGS = frozenset({"drug_coverage", "drug_cost", "out_of_scope", "inform"})


_SENTENCE = re.compile(r"(?<=[.!?,;])\s+")


def _what_now(text: str) -> str | None:
    """The last sentence of several, where it asks what can be done now."""
    *before, last = _SENTENCE.split(text)
    return last if before and asks_what_now(last) else None


def asks_how_to_take(item: Item) -> bool:
    """Whether it is asked how a medicine is taken, what goes with it, or whether to stop: a
    pharmacist's to say.
    """
    medicine = item.first("drug") or _MEDICINES.search(item.text)
    asked = item.intent in _TAKEN_FOR_DRUGS and _HOW_TO_TAKE.search(item.text)
    return bool(medicine and asked) and _OF_THE_PLAN.search(item.text) is None


def by_its_words(turn: Turn, item: Item) -> Item:
    """The question as its words put it: why a claim was refused, whatever is asked of its bill
    beside it; or somebody's on business, where that is nearly as likely as what was understood.
    """
    if item.intent == "cancel" and _OF_A_PLAN.search(item.text) and not drops(item.text):
        # "I don't have Cigna any more, I quit there" is told, and stops nothing.
        item = replace(item, intent="inform", band="accept")
    if item.intent == "feedback_positive" and (now := _what_now(item.text)):
        # "Well that's just great. So what now?" praises nothing.
        item = replace(item, intent="inform", band="confirm", text=now)
        item = replace(item, aspect="next", aspect_sure=True)
    if asks_how_to_take(item):
        return Item("nurse_line", item.text)
    if _WHO_HAS_A_LINE.search(item.text) and item.intent in _OF_LINES:
        return replace(item, intent="which_plan_covers_me", band="accept")
    if item.intent in _OF_WHAT_IS_PAID and _THE_MOST.search(item.text):
        # "And the most I can pay in a year?"
        return replace(item, intent="out_of_pocket_status", band="accept")
    unsure = item.band != "accept" or item.intent in ("inform", "out_of_scope")
    if unsure and _GROWS_OUT.search(item.text):
        # "My daughter turns 26 in May."
        return replace(item, intent="remove_dependent", band="accept")
    if item.intent == "coverage_status" and _PLAN_YEAR.search(item.text):
        # "When does my plan year start?" is told with the sums that start over then.
        return Item("deductible_status", item.text, item.entities, {ASKED: "since"})
    if item.band != "accept" and item.intent in _OF_FAMILY and _PARTS.search(item.text):
        # "And if we got divorced, could she stay on?"
        return replace(item, intent="remove_dependent", band="accept")
    if item.intent == "medicare_question" and _HAS_MEDICARE.search(item.text):
        # "Do I have Medicare with you?" is told by the member's file.
        return replace(item, intent="which_plan_covers_me", band="accept")
    if search := _looks_for(item):
        return replace(item, intent=search, band="accept")
    if item.intent in CASES and item.named & _THINGS and names_nothing_else(item):
        # "Test strips": nothing is complained of, or reported.
        return replace(item, intent="inform", band="accept")
    if doctor := _at_own_doctor(item):
        return doctor
    if item.band == "reject" and item.first("relation") and _THEIR_CLAIMS.search(item.text):
        # "Can you tell me about my son Ike's claims?"
        return replace(item, intent="claim_status", band="accept")
    topic = turn.memory.topic["intent"] if turn.memory.topic else None
    if topic == "id_card" and not item.named and _LOST_IT.fullmatch(item.text):
        return replace(item, intent="id_card", band="accept", aspect=None)
    if topic in CLAIMS and item.intent == "cancel" and item.named == {"date"}:
        # "No, go back to March": nothing is called off.
        item = replace(item, intent="inform", band="accept")
    if item.band != "accept" and item.first("drug") and _ON_LIST.search(item.text):
        # "Is Lipitor on my list?"
        return replace(item, intent="drug_coverage", band="accept")
    if item.intent == "request_callback" and _NUMBER_TO_CALL.search(item.text):
        return Item("contact_info", item.text, item.entities)
    if item.intent in _OF_CONTACT and _MINE_ON_FILE.search(item.text):
        # "What address do you have for me?"
        return replace(item, intent="update_contact", band="accept")
    if item.intent == "contact_info" and _NURSE.search(item.text):
        # "What's the nurse number at CIGNA?"
        return replace(item, intent="nurse_line", band="accept")
    if item.intent == "affirm" and not turn.in_form and _THATS_ALL.fullmatch(item.text):
        return Item("thank", item.text)
    if item.intent == "emergency" and asks_of_inaction(item.text):
        return replace(item, intent="inform", band="confirm")
    private = turn.memory.told == "confidential_communication"
    if private and item.intent == "mail_order_pharmacy" and _tells_of_letters(item):
        return replace(item, intent="confidential_communication", band="confirm")
    of_a_claim = item.intent in _OF_A_CLAIM or item.intent == "claim_denial"
    if of_a_claim and _WHY_REFUSED.search(item.text):
        return replace(item, intent="claim_denial", band="accept")
    if turn.memory.refused == "claim" and _THE_REASON.search(item.text):
        # "Give me the reason again", after something else of that claim was told.
        unsure = item.band != "accept" or item.intent in ("repeat", "inform", "out_of_scope")
        item = replace(item, intent="claim_denial", band="accept") if unsure else item
    summed = item.first("amount") and _DO_I_OWE.search(item.text)
    only_that = summed and (_BILL.search(item.text) or _DO_I_OWE.fullmatch(item.text))
    if only_that and item.intent == "explain_eob":
        return replace(item, intent="billing_problem", band="accept")
    known = turn.context.verified
    if item.intent == "explain_eob" and known and not proven(known, item) and _owes(item.text):
        # The share stands with the claim: no code is needed for it.
        return replace(item, intent="claim_status")
    if item.band != "accept" and is_newborn(item.text) and _COVERED.search(item.text):
        # "We just had a baby, is she covered?"
        return replace(item, intent="coverage_status", band="accept")
    if refused := refused_now(item):
        return refused
    if (item.intent, item.band) == ("behavioral_health", "confirm") and item.first("service"):
        return replace(item, band="accept")
    if item.band != "accept" and _WHERE_A_SHOT.search(item.text):
        return replace(item, intent="find_pharmacy", band="accept")
    if item.intent == "change_pcp" and _LOOKS_FOR_ONE.search(item.text):
        # Whom they will choose is not said yet.
        return replace(item, intent="find_provider", band="accept")
    if plain := _total_of_visit(turn, item) or _plain_question(item):
        return plain
    if item.intent in _REPLIES and _ASKS_SOMETHING.match(item.text):
        # "What's the other one?" says neither yes nor no, and calls nothing off.
        return replace(item, intent="inform", band="accept")
    unsure = item.band != "accept" or item.intent in _ABOUT_US
    short = len(item.text.split()) <= _MOST_RECORDS_WORDS
    of_records = _OF_RECORDS.search(item.text) and item.asked_for != RECORD
    permits = item.is_sure and item.intent == "authorize_representative"
    if short and not permits and (_WHO_SEES.search(item.text) or _SHARES.search(item.text)):
        return replace(item, intent="account_access", band="accept", aspect=None)
    if unsure and short and of_records:
        return replace(item, intent="account_access", band="accept")
    wants = _TEAM.fullmatch(item.text) or (
        (unsure or is_talk(item.intent)) and _A_PERSON.search(item.text)
    )
    nearly = "speak_to_agent" in {name for name, _ in turn.ranking[:_LIKELY]}
    of_it = turn.memory.topic is not None and _ABOUT_IT.search(item.text)
    if nearly and (unsure or (item.intent == "behavioral_health" and of_it)):
        wants = wants or _TO_SOMEBODY.search(item.text)
    if wants and item.intent not in ("speak_to_agent", "emergency"):
        title = None if is_talk(item.intent) else intents()[item.intent].title
        asked = replace(item, intent="speak_to_agent", band="accept")
        return asked.tell("reason", title) if title else asked
    if _asks_for_line(item):
        return replace(item, intent="contact_info", band="accept")
    if item.intent == "maternity_program":
        # Who is expected is on no file yet: "we're having a baby in May".
        return replace(item, entities=tuple(e for e in item.entities if not _is_a_baby(e)))
    asks_least = _CHEAPEST.fullmatch(item.text) and item.intent not in (*CASES, "deny")
    if topic in SEARCHES | SERVICES and asks_least:
        # "Which one's the cheapest?", of doctors, or of kinds of care: no plan's price.
        return replace(item, intent="copay_cost", band="accept")
    if item.intent == "drug_cost" and _no_drug(turn, item):
        # "What will I pay?" names nothing yet: what for is asked.
        return replace(item, intent="copay_cost")
    if of_care := _price_of_care(turn, item) or _asked_of_named_care(turn, item):
        return replace(item, intent=of_care, band="accept")
    likely = {name for name, _ in turn.ranking[:_LIKELY]}
    if item.band == "confirm" and _CALLER in likely and _ON_BUSINESS.search(item.text):
        return replace(item, intent=_CALLER, band="accept")
    return item


_THEIR_CLAIMS = re.compile(r"\bclaims?\b", re.IGNORECASE)
_LOST_IT = re.compile(
    r"\W*(?:(?:well|so|because|yeah|yes)\W+)*(?:i|we|it|it'?s)\W+(?:(?:think|just|have|ve|got|was|"
    r"been|is|can'?t|cannot)\W+)*(?:lost|misplaced|find|stolen|gone|missing)(?: (?:it|mine|them))?"
    r"(?: (?:somewhere|again|yesterday|last week|today))?\W*",
    re.IGNORECASE,
)
# What the member's own file has of them, and no company's line.
_OF_CONTACT = frozenset({"contact_info", "update_contact"})
_MINE_ON_FILE = re.compile(
    r"\b(?:address|number|phone|e-?mail)\b.{0,25}\b(?:for me\b|of mine\b|on file\b.{0,10}\bme\b)",
    re.IGNORECASE,
)
# Nothing more is wanted: no yes, and no list of all.
_THATS_ALL = re.compile(
    r"\W*(?:(?:no|ok(?:ay)?|thanks|thank you|well|so|and|then)\W+)*"
    r"that(?:'?s| is| was| will be|'ll be) (?:all|it|everything)"
    r"(?: (?:i (?:need(?:ed)?|want(?:ed)?)|for (?:now|today)|then|thanks|thank you))*\W*",
    re.IGNORECASE,
)


_OF_THE_VISIT = re.compile(
    r"\b(?:for|on|from|of) (?:it|(?:that|this|the) (?:whole |one |same )?"
    r"(?:visit|day|trip|stay|thing|emergency|er|surgery|night))\b",
    re.IGNORECASE,
)
_OF_MANY = re.compile(
    r"\b(?:claims|visits|everything|year|so far|ever|every|all of (?:them|these|those))\b", re.I
)


def _total_of_visit(turn: Turn, item: Item) -> Item | None:
    """ "What do I owe all together?" after the hospital's claim and the doctor's: of the two."""
    number = turn.memory.subject.get("claim", {}).get("number")
    topic = turn.memory.topic
    if turn.in_form or topic is None or number is None or topic["intent"] not in CLAIMS:
        return None
    beside = "beside" in (topic["told"].get("claim") or {})
    of_it = _OF_THE_VISIT.search(item.text) or (beside and not _OF_MANY.search(item.text))
    if not asks_total(item.text) or item.named or not of_it:
        return None
    person = {
        need: turn.memory.subject[need] for need in ("person",) if need in turn.memory.subject
    }
    return Item("claim_status", item.text, (), {**person, "claim": {"beside": number}})


def _plain_question(item: Item) -> Item | None:
    """What is asked of talking with us, or of drugs on their way, in words for nothing else."""
    if len(item.text.split()) > _MOST_PLAIN_WORDS or item.intent == "emergency":
        return None
    if _TALK_COSTS.search(item.text):
        return Item("bot_challenge", item.text, (), {ASPECT: "cost"})
    if _NEEDS_APPOINTMENT.search(item.text) and item.intent not in ("request_callback",):
        return Item("speak_to_agent", item.text, (), {ASPECT: APPOINTMENT})
    if _WAS_US.search(item.text):
        return Item("report_fraud", item.text, item.entities, {ASPECT: WAS_US, "general": "said"})
    if asks_total(item.text) and not {"deductible_status", "fsa_balance"} & {item.intent}:
        asked = replace(item, intent="claim_status", band="accept")
        return asked if item.first("date") else asked.tell("claim", {"all": True})
    if item.intent in _WHOSE_PLAN and _WHOSE_AREA.search(item.text) and _is_wide(item):
        return Item("alliance_question", item.text, (), {ASPECT: "alliance-where"})
    if _WHERE_ARE_DRUGS.search(item.text):
        return replace(item, intent="mail_order_pharmacy", band="accept")
    return None


# "Which of you covers Vermont?": a company's area, and nobody's own plan.
_WHOSE_PLAN = ("which_plan_covers_me", "alliance_question")
_WHOSE_AREA = re.compile(
    r"\b(?:which|who|what)(?: (?:one|company|insurer|plan|of (?:you|them|the (?:two|three)|"
    r"your companies)|of the companies))*(?:'s| is| does| do)? (?:in charge of |responsible for |"
    r"cover(?:s|ing)?|serv(?:es|ing|e)|handles?|does|takes care of|runs?|has|in)\b(?! (?:me|us|my|"
    r"our)\b)",
    re.IGNORECASE,
)


def _is_wide(item: Item) -> bool:
    """Whether a place is named that has no ZIP code: a state, a region."""
    places = [each["value"] for each in item.entities if each["entity"] == "place"]
    return bool(places) and entity_zip(item.entities) is None


def thing_alone(item: Item) -> Item | None:
    """The search for a kind of doctor or place that is named and nothing else: "foot doctor"; of a
    drug, whether it is covered.
    """
    drug = next((e for e in item.entities if e["entity"] == "drug"), None)
    if drug and item.intent in _UNCLEAR and item.band != "accept":
        # "My wife needs Humira."
        return replace(item, intent="drug_coverage", band="accept")
    if drug and str(drug.get("said", "")).lower() == item.text.strip(" .?!").lower():
        return replace(item, intent="drug_coverage", band="accept")
    if item.intent not in _UNCLEAR or (item.intent != "inform" and not names_nothing_else(item)):
        return None
    kinds = ("specialty", "facility")
    named = next((kind for kind in kinds if item.first(kind)), None)
    if named is None and item.first("service") and names_nothing_else(item):
        # "What about the ambulance?": whether it is covered tells what is paid for it, too.
        return replace(item, intent="benefit_covered", band="accept")
    intent = search_for(named, item.first(named)).intent if named else ""
    return replace(item, intent=intent, band="accept") if intent else None


def search_for(kind: str, key: str) -> Item:
    """The search for a kind of doctor ("specialty") or of place ("facility")."""
    searches = {"specialty": "find_provider", "facility": "find_facility"}
    intent = "find_pharmacy" if key == "pharmacy" else searches[kind]
    return Item(intent, entities=({"entity": kind, "value": key, "said": key, "start": 0},))
