"""What is asked on about a claim, an authorization or a letter: "why?", "was it paid?"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.appeal import is_soon, is_urgent
from actions.answers.claims import (
    asks_billed,
    asks_how_long,
    asks_share,
    asks_total,
    asks_when_paid,
    says_it_was_sent,
)
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.context import ASPECT, recent
from actions.dialogue.follow_ups.topics import (
    CLAIMS,
    IT,
    LEAD,
    MONEY,
    SUMS,
    asks_price,
    is_short,
    last_topic,
    told_last,
)
from actions.dialogue.needs import asks, proven
from actions.dialogue.reading import claim_value
from actions.dialogue.turn import Turn
from alliance.spoken import normalise
from alliance.values import read_amount

# "So 30 is what I pay?", "what did I have to pay on my visit of March 12": the share alone, and not
# how it was worked out.
_OF_SHARE = re.compile(
    r"\b(?:i|we) (?:\w+ )?(?:(?:do|did|must|should|really|still|now|have to|had to|need to|got to|"
    r"gotta) ){0,3}(?:owe|pay)\b|\bwrite (?:\w+ ){0,2}a (?:check|cheque)\b|"
    r"\b(?:figure|amount|sum|total|number) (?:that )?(?:i|we) (?:\w+ )?(?:have to|must|need to|"
    r"should|owe|pay)\b|\b(?:owe|pay) (?:the|them|that|for)\b|\bmine to pay\b|"
    r"\bmy (?:share|part|portion)\b",
    re.IGNORECASE,
)
_THAT_CLAIM = re.compile(r"\b(?:(?:that|this|the) claim|that (?:visit|bill))\b", re.IGNORECASE)
_WORKED_OUT = re.compile(
    r"\b(?:why|explain|how come|worked out|add(?:s|ed)? up|made up|break ?down|understand|"
    r"what for|who|whom|when|where|how do)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(
    r"\b(?:letter|notice|decision|denial)\b.{0,20}\b(?:dated?|says?|said|is|was|from|of)\b|"
    r"\b(?:dated|date on (?:it|the letter|my letter))\b",
    re.IGNORECASE,
)
_PAYING = re.compile(
    r"\b(?:when|who|did|was|is|how|has)\b.*\b(?:paid|pay|processed|received|owe|approved|accepted|"
    r"denied|rejected|refused|go through|gone through|decided)\b",
    re.IGNORECASE,
)
# "So was it approved?" of a claim, which is no prior approval.
_DECIDED = re.compile(
    rf"{LEAD}(?:wait,? )?(?:so )?(?:(?:is|was|were|did|has|have|got) )?"
    r"(?:it|that|this|they|you|that one|the claim)"
    r"(?: (?:is|was|were|been|get|got|actually|then|now|all|even|ever|finally))* "
    r"(?:(?:not |didn'?t |did not )?(?:approved?|accept(?:ed)?|den(?:y|ied)|reject(?:ed)?|"
    r"refused?|turned? down|go through|gone through|went through|pay)(?: (?:it|that|for it))?)"
    r"(?:\W+(?:or not|or denied|in full|then|in the end|at all|finally|now))*\W*",
    re.IGNORECASE,
)
# "Why was it so much?", "how come I owe that": the lines of what was paid, not a denial.
_WHY_SO_MUCH = re.compile(
    r"\b(?:why|how come|what for)\b(?!.*\b(?:denied|denial|rejected|refused|turned down)\b)"
    r".*\b(?:so (?:much|high|expensive)|that (?:much|high)|too much|(?:do|did|should|would|must) i "
    r"(?:owe|pay)|i (?:owe|pay|paid|have to pay)|cost|charged?|my share)\b",
    re.IGNORECASE,
)
# "Why 25?", "how come it's 40 dollars": a sum, of whatever it sounds like.
_WHY_THAT_SUM = re.compile(
    rf"{LEAD}(?:why|how come|what(?:'?s| is| are))\b(?!.*\b(?:denied|denial|rejected|refused|"
    r"turned down)\b).{0,30}?(?:\$ ?\d[\d,.]*|\b\d[\d,]*(?:\.\d\d)?)(?: (?:dollars|bucks|cents))?"
    r"(?: (?:for|then|exactly|though|and not \S+|instead of \S+|if .*|when .*))?\W*",
    re.IGNORECASE,
)
# "Are there any others for her?"
_OTHERS = re.compile(
    rf"{LEAD}(?:(?:are there|is there|does (?:she|he) have|do (?:i|you|we|they) have|"
    r"did (?:she|he|i) have|were there|what about|how about|show me|list|see)\W+)?"
    r"(?:the |any |some |all )?(?:more|other|others|rest)(?: (?:claims?|ones?|visits?|bills?))?"
    r"(?:\W+(?:of|for|from|on|under)\W+(?:her|him|hers|his|me|mine|them|us))?"
    r"(?:\W+(?:this year|too|as well|please|there))*\W*",
    re.IGNORECASE,
)
_WHICH_PART = re.compile(
    r"\b(?:is|was|are) (?:that|it|this|those|my share)(?: \$?\d+)?(?: \w+)? (?:my |the |an? |for )?"
    r"(?:the )?(?:co-?pay\w*|deductible|coinsurance)\b",
    re.IGNORECASE,
)
_THE_OTHER = re.compile(
    rf"{LEAD}(?:(?:what(?:'?s| is| was| about)|how about|which is|show me|tell me about)\W+)?"
    r"(?:the|that) other (?:one|claim|bill)(?: (?:of (?:that|the) (?:day|visit)|then|for|about|"
    r"from that day))*\W*",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\W*(?:(?:and|but|ok(?:ay)?|so|um+)\W+)*(?:why(?: (?:not|is that|was that|so|though))?|"
    r"how come|what for|what'?s the reason|what was the reason)\W*",
    re.IGNORECASE,
)
# "Which doctor was that?", "what was it for?": the care behind a claim.
_WHOSE_CARE = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|wait|hm+)\W+)*(?:(?:which|what|who'?s?) (?:doctor|provider|"
    r"office|hospital|lab|clinic|pharmacy|place|visit|service|"
    r"was the (?:doctor|provider))(?: (?:was|is|did)\b.{0,25})?|"
    r"(?:what|who|where) (?:was|is) (?:it|that|this)(?: (?:one|claim|visit|for|with|from|"
    r"about))*|who (?:was|is) (?:the|my) (?:doctor|provider|dentist|surgeon|office|hospital)"
    r"(?: (?:on|for|of|in|behind|with) (?:it|that|this|the|one|claim|visit|bill|there|march)+)*|"
    r"who (?:treated|saw|billed|charged|examined) me(?: (?:then|there|that day|for (?:it|that)))*|"
    r"(?:how much|what) did (?:they|the \w+(?:'s office)?|she|he|it) (?:charge|bill)(?: me| us| "
    r"you|"
    r" for (?:it|that|this)| originally| in total)*)\W*",
    re.IGNORECASE,
)
# Of prior authorizations, after they were told.
_OF_REQUEST = re.compile(
    r"\b(?:why|how come|which|what about|other|it|that|denied|refused|rejected|declined|"
    r"turned down|approved|pending|reviewed|reviewing|looking at|still open|undecided|decided|"
    r"not approved)\b",
    re.IGNORECASE,
)
OTHER_ONE = re.compile(r"\b(?:ones?|other)\b", re.IGNORECASE)
_ONE = re.compile(r"\b(?:ones?|it|that|request|refus\w+|den(?:y|ied)|approv\w+)\b", re.IGNORECASE)
_OF_CLAIM = re.compile(r"\b(?:claims?|bills?|eobs?|visits?|appeal|er)\b", re.IGNORECASE)
_LIKE_REQUESTS = frozenset(
    {
        "claim_denial", "claim_status", "prior_auth_status", "prior_auth_required", "drug_coverage",
        "referral_question", "benefit_covered", "inform", "repeat", "out_of_scope", "explain_eob",
    }
)  # fmt: skip
# What the file of a request doesn't tell.
_IN_GENERAL = (
    "here", "way", "where", "who", "documents", "cost", "next", "meanwhile", "fix", "chances",
    "duration", "anyway", "refused",
)  # fmt: skip
# "Who do I pay, you or them?": no question of how the claim was paid.
_WHOM_TO_PAY = re.compile(r"\bwho(?:m)? (?:do|should|must|would) (?:i|we) (?:pay|owe)\b", re.I)
# What asks of a claim how it was decided, or nothing that was learnt.
_OF_ITS_STATE = (None, "reason", "doubt", "paid", "share", "objection")
MOST_LIKELY = 3
_MOST_OF_REQUEST = 14
_COSTS = frozenset({"copay_cost", "cost_estimate"})
_HAS_COST = re.compile(
    r"\b(?:did|was|were)\b.*\b(?:cost|charged?|pay|paid|price)\b|\b(?:cost|charged) me\b",
    re.IGNORECASE,
)
# "What will the heart doctor cost me?" is of no claim.
_WILL_COST = re.compile(
    r"\b(?:will|would|does|do|going to|gonna|if|when|next|each|every|usually)\b.*\bcost\b", re.I
)
_CLAIM_WORD = re.compile(r"\b(?:claim|bill)\b", re.IGNORECASE)
_WHERE_IS_IT = re.compile(
    r"\b(?:where|when|why|how much|what happened|status|paid|pay|money)\b", re.IGNORECASE
)


# "Can they change it?", "is that final?": of what was refused.
_CHANGES_IT = re.compile(
    rf"{LEAD}(?:(?:can|could|will|would|may|might|do|does|is there (?:a|any) way (?:for \w+ )?to|"
    r"is it possible to)\W+"
    r"(?:they|you|it|that|this|we|i|someone|somebody|anyone|anybody|the \w+)?\W*"
    r"(?:ever |still |even |please )?(?:be |get )?"
    r"(?:chang|revers|reconsider|overturn|undo|undone|"
    r"review|re-?open|rethink|re-?look|look at|fix|correct|re-?do|redone|fight|dispute|challeng|"
    r"contest)\w*"
    r"(?:\W+(?:it|that|this|them|the (?:decision|claim|denial)|their minds?|again|over))*|"
    r"(?:is|was) (?:it|that|this) (?:decision )?final)\W*",
    re.IGNORECASE,
)
_WHOM_TO_CALL = re.compile(
    r"\b(?:who|whom|what number|which number)\b.{0,20}"
    r"\b(?:call|talk|speak|contact|phone|ring|ask)\b",
    re.IGNORECASE,
)
# "Is there anything left for me to pay?"
_ANYTHING_LEFT = re.compile(
    rf"{LEAD}(?:is there |do i (?:still )?(?:have|owe) |am i )?(?:still )?(?:anything|something|"
    rf"any "
    r"money|a balance)(?: (?:left|more|else|due|still))*(?: for me| from me| that i have)?"
    r"(?: to pay| i (?:still )?owe| i have to pay)?(?: (?:now|there|on (?:it|that|this)))*\W*",
    re.IGNORECASE,
)
# "Why did it take so long?", "what's taking so long?".
_WHY_SO_LONG = re.compile(
    r"\b(?:why|how come|what)\b.{0,30}\b(?:tak(?:e|es|en|ing)|took|wait(?:ing)?|last(?:ed)?)\b"
    r".{0,15}\b(?:so|that|this|too) long\b|\bwhy the (?:delay|wait)\b|\bwhat'?s the hold ?up\b|"
    r"\bwhat (?:held|is holding|'?s holding) it up\b",
    re.IGNORECASE,
)
# "It was for an ambulance": of the bill whose day or doctor was asked.
_TELLS_OF_BILL = re.compile(
    r"\W*(?:(?:um+|well|oh|i think|yes|yeah|no)\W+)*(?:it|that|this|the bill)(?:'s| is| was) "
    r"(?:all |just )?(?:for|from|at|about|with|by) (?!what|which|who|how)[^?]+$",
    re.IGNORECASE,
)
# "So do I have to pay?", "how much must I pay?" of the claim that was told.
_DO_I_PAY = re.compile(
    rf"{LEAD}(?:do|must|should|will|would|have|how much(?: (?:do|must|should|will|did|have))?|"
    r"what (?:do|must|should|will)) (?:i|we)(?: (?:still|now|really|even|actually|must|have|need|"
    r"got|"
    r"gotta|to))* (?:pay|owe)(?: (?:it|that|this|them|anything|something|for (?:it|that|this)|"
    r"now|me|"
    r"then|myself|out of pocket|though|in the end|exactly|on (?:it|that)))*\W*",
    re.IGNORECASE,
)
# "Do you know by now what I'll owe on it?", in whatever frame.
_WHAT_I_PAY = re.compile(
    r"\b(?:what|how much|whether|if|anything) (?:i|we)(?:'ll|'d)?(?: (?:will|would|must|have|need|"
    r"got|gotta|might|may|to|still|be))* (?:pay|owe|paying|owing) (?:for|on|of) "
    r"(?:it|that|this)\W*$",
    re.IGNORECASE,
)
# "So am I on the hook for all of it?", "is the whole 640 mine?".
_ALL_OF_IT = (
    r"(?:\W+(?:all|of|the|that|this|it|whole|entire|full|amount|sum|bill|thing|every|penny|cent|"
    r"\$?\d[\d,.]*|dollars|bucks))"
)
_ON_ME = re.compile(
    rf"{LEAD}(?:(?:am|are|will|would) (?:i|we)(?: be| really| now| still| just)* "
    rf"(?:on the hook|stuck|liable|responsible|left)(?: with| for| paying| to pay)?{_ALL_OF_IT}*|"
    rf"is{_ALL_OF_IT}+ (?:really |now |all )?(?:mine|on me|my (?:bill|problem|share)|for me))"
    r"(?:\W+(?:then|now|myself|alone|to pay|by myself))*\W*",
    re.IGNORECASE,
)
# "So who pays the other 105?"
_WHO_PAYS = re.compile(
    rf"{LEAD}who(?:'?s| is| has| is going| will| would|'ll)*(?: to| going| have| has)* "
    r"(?:pays?|paying|owes?|covers?|responsible|stuck|got to pay|gotta pay)(?: for| with)? "
    r"(?:the |my )?"
    r"(?:other|rest|remaining|remainder|difference|balance|what'?s left|that|it|this)"
    r"(?: (?:part|half|amount|money|of (?:it|that|the bill)|\$?[\d,.]+|dollars|bucks|then))*\W*",
    re.IGNORECASE,
)
# "So 40 is all I pay?"
_THAT_IS_ALL = re.compile(
    rf"{LEAD}(?:(?:is|it'?s|that'?s|just|only) )*\$?\d[\d,.]*(?: (?:dollars|bucks))?(?: is|'s)? "
    r"(?:all|it|everything|my (?:total|share|part|cost)|the total|what)(?: (?:that )?(?:i|we)"
    r"(?: (?:have|need|got) to)?(?: (?:pay|owe|am paying))?)?\W*",
    re.IGNORECASE,
)
# "Where do I see my claim number?"
_ITS_NUMBER = re.compile(
    r"\b(?:what|which|where|how|whats|give|tell|need|is there)\b.{0,25}\bclaim(?:'?s)? "
    r"(?:number|no|#|id)\b|\bnumber of (?:the|my|this|that) claim\b",
    re.IGNORECASE,
)
_QUESTION_WORD = re.compile(r"\b(?:why|how come|what)", re.IGNORECASE)
_AND = re.compile(r"^(?:\W|\b(?:and|but|also|so|then)\b)+", re.IGNORECASE)
_AND_LAST = re.compile(r"(?:\W|\b(?:and|but|also|so|then)\b)+$", re.IGNORECASE)


# "I already gave them 90", "who gives me the rest back?", "so I don't owe the 1,380?".
_PAID_ALREADY = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:already |just |only )?(?:paid|gave|sent|handed)\b", re.IGNORECASE
)
_BARE_FIGURE = re.compile(
    r"(?<![\d$.,/-])\d[\d,]*(?:\.\d\d)?(?![\d/-])(?! (?:days?|weeks?|times))", re.IGNORECASE
)
_MONEY_BACK = re.compile(
    r"\b(?:who|how|when|where|do|will|can|should)\b.{0,40}\b(?:difference|refund\w*|overpa\w+|"
    r"(?:money|rest|extra|that) back|give it back|reimburse me)\b",
    re.IGNORECASE,
)
_NOT_OWED = re.compile(
    r"\b(?:so|then)\b.{0,12}\bi (?:don'?t|do not|dont) (?:have to pay|owe)\b|"
    r"\bdo i (?:really |still |actually )?(?:owe|have to pay)\b.{0,20}\d",
    re.IGNORECASE,
)


_BILLED = re.compile(
    rf"{LEAD}(?:what|how much) (?:did|does|do|was|is) (?:the |my )?(?:\w+ )?(?:charge[ds]?|bill"
    r"(?:ed|s)?|cost|ask(?:ed)? for|total)\b(?: (?:me|for|you|them|it|that|the visit))*\W*",
    re.IGNORECASE,
)


def of_claims(turn: Turn, item: Item, topic: Item, today: date) -> Item | None:
    """ "Why?", "which doctor was that?", "when was it paid?": of the claim or the authorization
    that was just told.
    """
    if is_short(item) and (decided := _of_the_decision(turn, item, topic)):
        return decided
    requests = _requests_told(turn, topic)
    few = len(item.text.split()) <= _MOST_OF_REQUEST
    picks = OTHER_ONE.search(item.text) or not item.asks_for(*_IN_GENERAL)
    if requests and few and picks and _asks_of_request(item):
        entities = item.entities or (() if OTHER_ONE.search(item.text) else requests.entities)
        return Item(requests.intent, item.text, entities, requests.told)
    if topic.intent not in CLAIMS:
        return None
    if topic.intent == "billing_problem" and is_short(item) and _TELLS_OF_BILL.match(item.text):
        text = f"{topic.text.rstrip(' .?!')}, {item.text}"
        return Item(topic.intent, text, (*item.entities, *topic.entities), topic.told)
    if beside := _beside(turn, item, topic, today):
        return beside
    if "claim" in turn.memory.subject and is_short(item) and (of_one := _of_one_claim(turn, item)):
        return of_one
    number = turn.memory.subject.get("claim", {}).get("number")
    if number and _THE_OTHER.fullmatch(item.text):
        # The hospital's and the doctor's of one visit, or the one alone that there is.
        return Item("claim_status", item.text, (), {"claim": {"beside": number}})
    if _OTHERS.fullmatch(item.text):
        person = {n: v for n, v in {**topic.told, **turn.memory.subject}.items() if n == "person"}
        return Item("claim_status", item.text, (), {"claim": {"all": True}, **person})
    if _WHY.fullmatch(item.text):
        # After a list: the one of it that was refused.
        return Item("claim_denial", topic.text, topic.entities, topic.told)
    return _pointed_at(turn, item, topic, today)


def said_of_it(turn: Turn, item: Item) -> Item | None:
    """ "They say they sent it twice", "when was that?": of the claim that was told, by its file."""
    last = told_last(turn)
    if last == "wait" and turn.memory.topic:
        # They are back: of what was told before they asked for a moment.
        last = turn.memory.topic["intent"]
    told = last in CLAIMS and "claim" in turn.memory.subject and not turn.in_form
    if told and _WHICH_PART.search(item.text) and is_short(item):
        # "Is that the copay or the deductible?": the lines of its explanation.
        return Item(
            "explain_eob", item.text, (), {**of_claim(turn.memory.subject), "general": "said"}
        )
    pays = (
        _DO_I_PAY.fullmatch(item.text)
        or _ON_ME.fullmatch(item.text)
        or (_WHAT_I_PAY.search(item.text) and not item.named)
    )
    if told and pays:
        return Item("claim_status", item.text, (), {**of_claim(turn.memory.subject), ASKED: "pay"})
    if told and _ITS_NUMBER.search(item.text) and not item.named and is_short(item):
        about = {**of_claim(turn.memory.subject), ASKED: "number"}
        return Item("claim_status", item.text, (), about)
    lacks = item.asks_for("documents", "who") or _WAITS_FOR.search(item.text)
    if told and turn.memory.lacking and lacks and not item.named:
        # The note says it; the rules say "nothing, unless a letter asks".
        about = {**of_claim(turn.memory.subject), "general": "said", ASKED: "documents"}
        return Item("explain_eob", item.text, (), about)
    if told and _SAME_DOCTOR.search(item.text) and is_short(item) and not item.named:
        # Of the one that was told last: who gave that care, to compare.
        about = {**of_claim(turn.memory.subject), "general": "said", ASKED: "care"}
        return Item("explain_eob", item.text, (), about)
    if told and _WHO_PAID.fullmatch(item.text):
        about = {**of_claim(turn.memory.subject), ASKED: "paid"}
        return Item("claim_status", item.text, (), about)
    known = item.is_sure and item.intent not in CLAIMS
    sent = not known and not asks(item.text) and says_it_was_sent(item.text)
    if not told or item.named or not (sent or asks_when_paid(item.text)):
        return None
    return Item("claim_status", item.text, (), of_claim(turn.memory.subject))


# "What exactly are you waiting for?"
_WAITS_FOR = re.compile(
    r"\bwhat\b.{0,25}\b(?:waiting|wait|missing|lacking|need(?:ed)?|want(?:ed)?)\b",
    re.IGNORECASE,
)
_AND_THE_BILL = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|what about|how about)\W+)+(?:the |my )?(?:[\w'\u2019]+ ){1,3}?"
    r"(?:bill|claim|one|part)\W*",
    re.IGNORECASE,
)
_FIGHT = re.compile(r"\b(?:fight|appeal|contest|dispute|challenge|change)\b", re.IGNORECASE)
_WHO_PAID = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?)\W+)*(?:who|which (?:one|company|plan|insurance)) (?:has |have )?"
    r"(?:paid|covered)(?: (?:that|this|it|for|one|claim))*\W*",
    re.IGNORECASE,
)
_SAME_DOCTOR = re.compile(
    r"\bsame (?:doctor|dr|place|office|hospital|clinic|visit|one)\b|"
    r"\bboth (?:from|with|at|for) (?:the same|one)\b",
    re.IGNORECASE,
)
# "What do I have to do to get it paid?"
_TO_GET_IT_PAID = re.compile(
    r"\b(?:how|what)\b.{0,40}\b(?:get|have|so)\b.{0,12}"
    r"\b(?:it|this|that|them|you|(?:the|my) (?:rest|whole thing|remainder|claim|bill))\b.{0,12}"
    r"\b(?:paid|pay|covered|approved|sorted|fixed)\b",
    re.IGNORECASE,
)
# "Who was to ask for it?", "how do they send it?"
_WHO = re.compile(rf"{LEAD}(?:who|whose|how|where)\b", re.IGNORECASE)


def billed_beside(turn: Turn, item: Item, today: date) -> Item | None:
    """ "What about the doctor's bill?" after the hospital's: no rule about bills."""
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else None
    told = topic is not None and topic.intent in CLAIMS and "claim" in turn.memory.subject
    if turn.in_form or not told or topic is None or not _AND_THE_BILL.fullmatch(item.text):
        return None
    return _beside(turn, item, topic, today)


def to_be_fixed(turn: Turn, item: Item) -> Item | None:
    """ "So what do I do to get it paid?" after a denial: what fixes that one, and no rule."""
    told = "claim" in turn.memory.subject and turn.memory.refused == "claim"
    # Its reason has to be told first, and who wants to fight it hears how.
    fights = item.intent == "appeal" or _FIGHT.search(item.text)
    why_told = _of_denial(turn.memory.topic) or (
        _of_a_claim(turn.memory.topic) and _of_denial(next(iter(turn.memory.earlier), None))
    )
    if turn.in_form or not (told and turn.context.verified) or not why_told or fights:
        return None
    asks_it = item.aspect == "fix" and (item.aspect_sure or not item.is_sure)
    if item.named or not (asks_it or _TO_GET_IT_PAID.search(item.text)):
        return None
    about = {**of_claim(turn.memory.subject), "general": "said", ASKED: "fix"}
    return Item("claim_denial", item.text, (), about)


def _of_denial(topic: Mapping[str, Any] | None) -> bool:
    return topic is not None and topic["intent"] == "claim_denial"


def _of_a_claim(topic: Mapping[str, Any] | None) -> bool:
    return topic is not None and topic["intent"] in CLAIMS


# "Did that go to my deductible?" of the claim that was told.
_COUNTS_TOWARD = re.compile(
    r"\b(?:(?:that|this|it|those|any of (?:it|that)|the \d+|my share|what i paid)\b.{0,25}"
    r"\b(?:count\w*|go(?:es)?|went|appl(?:y|ied)|toward\w*)|(?:count|go|goes|apply) toward)\b",
    re.IGNORECASE,
)


def counted_toward(turn: Turn, item: Item) -> Item | None:
    """ "Did that go to my deductible?" after a claim: what of it was deductible, and not how much
    of the deductible is met.
    """
    told = told_last(turn) in CLAIMS and "claim" in turn.memory.subject and not turn.in_form
    if not told or item.named or item.intent not in SUMS or not _COUNTS_TOWARD.search(item.text):
        return None
    about = {**of_claim(turn.memory.subject), "general": "said", ASKED: "toward"}
    return Item("explain_eob", item.text, (), about)


# "But my doctor said it was urgent", of a request that was refused.
_CANT_WAIT = re.compile(
    r"\b(?:is|was|it'?s|that'?s|very|really|so) (?:\w+ )?urgent\b|"
    r"\b(?:can'?t|cannot|won'?t) wait\b",
    re.IGNORECASE,
)


def urgent_now(turn: Turn, item: Item) -> Item | None:
    """ "The surgery is on Thursday, what now?" after a refusal: an appeal that can't wait, with a
    person, and not what holds while a request is open.
    """
    topic = turn.agenda[0].to_json() if turn.in_form and turn.agenda else turn.memory.topic
    refused = turn.memory.refused == "authorization" and not turn.in_form
    soon = is_soon(item.text) or (refused and _CANT_WAIT.search(item.text))
    if topic is None or item.intent in ("emergency", "contact_info") or not soon:
        return None
    of_refusal = topic["intent"] in ("appeal", "claim_denial") and is_urgent(
        "appeal", f"{topic['text']}, {item.text}"
    )
    before = topic["intent"] in ("prior_auth_status", "appeal") and refused
    if not (before or (of_refusal and "claim" not in turn.memory.subject)):
        return None
    return Item("appeal", f"urgent appeal: {item.text}")


def paid_for_it(turn: Turn, item: Item) -> Item | None:
    """ "I already paid the hospital the whole thing, what now?", "the office keeps billing me"
    after a claim: of that one, whoever is named that got or wants the money.
    """
    told = told_last(turn) in CLAIMS and "claim" in turn.memory.subject and not turn.in_form
    others = item.named - {"facility", "specialty"}
    if not told or item.intent != "billing_problem" or others:
        return None
    if not (_PAID_ALREADY.search(item.text) or _STILL_BILLS.search(item.text)):
        return None
    return Item("billing_problem", _in_dollars(item.text), (), of_claim(turn.memory.subject))


_STILL_BILLS = re.compile(
    r"\b(?:keeps?|still|kept)\b.{0,12}\b(?:send\w*|bill\w*|want\w*|ask\w*|charg\w*)\b", re.I
)
_BEYOND_NETWORK = re.compile(
    r"\bout[- ]of[- ]network\b|\b(?:not|wasn'?t|isn'?t|weren'?t) in (?:my |the |your )?network\b|"
    r"\bemergenc(?:y|ies)\b|\ber\b",
    re.IGNORECASE,
)
# The knowledge's entries of a bill above the share: in the network, and where a law limits it.
_LAW_LIMITS = re.compile(r"\blaw mostly limits\b")
_BILL_HIGHER, _SURPRISE = "eob-bill-higher", "bill-surprise"


def beyond_network(turn: Turn, asked: Item) -> Item:
    """ "The hospital wants more" of an emergency, or of care out of network: a law limits it."""
    told = str(turn.memory.last[-1].get("text", "")) if turn.memory.last else ""
    limited = _BEYOND_NETWORK.search(asked.text) or _LAW_LIMITS.search(told)
    beyond = asked.told.get(ASPECT) == _BILL_HIGHER and limited
    return replace(asked, intent="billing_problem").tell(ASPECT, _SURPRISE) if beyond else asked


def _in_dollars(text: str) -> str:
    """ "I already gave them 60", "the full two seventy five": money, by what is told."""
    said = normalise(text).text
    amount = _BARE_FIGURE.search(said) if read_amount(said) is None else None
    return f"{said[: amount.start()]}${amount.group()}{said[amount.end() :]}" if amount else text


def of_its_state(turn: Turn, item: Item) -> Item | None:
    """ "So it wasn't approved?", "why did they pay nothing?" after a claim was told: of that claim,
    and no request that has a file of its own.
    """
    if turn.in_form or told_last(turn) not in CLAIMS or "claim" not in turn.memory.subject:
        return None
    objects = item.aspect == "objection" and not asks(item.text)
    if not item.is_sure or item.entities or item.aspect not in _OF_ITS_STATE or objects:
        return None
    if asks_how_long(item.text):
        # That is told with its state, and is no reason of a refusal.
        return Item("claim_status", item.text, (), of_claim(turn.memory.subject))
    told = {**of_claim(turn.memory.subject), "general": "said"}
    if item.intent == "prior_auth_status":
        # "Who was to ask for it?" is no question of its state.
        return None if _WHO.match(item.text) else Item("claim_status", item.text, (), told)
    of_denial = item.intent == "claim_denial" and not _WHY_SO_LONG.search(item.text)
    if not of_denial or told_last(turn) == "claim_denial":
        return None
    return Item("claim_denial" if turn.memory.refused else "explain_eob", item.text, (), told)


def split_wait(turn: Turn, questions: Sequence[Item]) -> tuple[Item, ...]:
    """The questions of the message, with why the claim that was told took so long as one of its
    own: beside another question it is heard as a part of that one.
    """
    if len(questions) != 1 or "claim" not in turn.memory.subject or turn.text.startswith("/"):
        return tuple(questions)
    (item,) = questions
    begins = [word.start() for word in _QUESTION_WORD.finditer(item.text)]
    matches = (_WHY_SO_LONG.match(item.text, start) for start in reversed(begins))
    found = next((match for match in matches if match), None)
    if found is None:
        return tuple(questions)
    before, after = item.text[: found.start()], _AND.sub("", item.text[found.end() :])
    wait = Item("claim_status", found.group(), band="confirm")
    if asks(before):
        return (replace(item, text=_AND_LAST.sub("", before)), wait)
    return (wait, replace(item, text=after)) if asks(after) else tuple(questions)


def _requests_told(turn: Turn, topic: Item) -> Item | None:
    """The question about authorizations that was answered last, also while something is asked."""
    if topic.intent == "prior_auth_status":
        return topic
    # An appeal of one of them is asked of in between.
    last = last_topic(turn) if told_last(turn) == "prior_auth_status" else []
    if topic.intent == "appeal" and not last:
        last = recent(turn)[1:2]
    return next((each for each in last if each.intent == "prior_auth_status"), None)


def _of_the_decision(turn: Turn, item: Item, topic: Item) -> Item | None:
    """Whom to call about it, and whether it can be changed."""
    told = turn.memory.answered_by
    about = topic.intent in CLAIMS or topic.intent == "prior_auth_status"
    if not about or item.entities:
        return None
    if told and IT.search(item.text) and _WHOM_TO_CALL.search(item.text):
        return Item("contact_info", item.text, (), {"company": told})
    fights_it = item.is_sure and item.intent == "appeal" and item.asks_for("fix", "way")
    changes_it = turn.memory.refused is not None and _CHANGES_IT.fullmatch(item.text)
    if not (fights_it or changes_it):
        return None
    if turn.memory.refused == "authorization":
        return Item("appeal", "how do I appeal a denied authorization")
    if turn.memory.refused is None:
        # Of whichever was refused before: the one that was told last was not.
        return Item("appeal", "how do I appeal a denied claim")
    return Item("appeal", "how do I appeal this claim", (), of_claim(turn.memory.subject))


def _of_one_claim(turn: Turn, item: Item) -> Item | None:
    told = of_claim(turn.memory.subject)
    whole = asks_total(item.text)
    if (asks_billed(item.text) and not whole) or asks_when_paid(item.text):
        return Item("claim_status", item.text, (), told)
    if (asks_share(item.text) and not whole) or _ANYTHING_LEFT.fullmatch(item.text):
        return Item("claim_status", item.text, (), told)
    if _WHY_SO_LONG.search(item.text) or says_it_was_sent(item.text):
        return Item("claim_status", item.text, (), told)
    if _PAID_ALREADY.search(item.text) and _BARE_FIGURE.search(item.text):
        return Item("billing_problem", _in_dollars(item.text), (), told)
    paid = _PAID_ALREADY.search(item.text) and read_amount(item.text) is not None
    if paid or _MONEY_BACK.search(item.text) or _NOT_OWED.search(item.text):
        return Item("billing_problem", item.text, (), told)
    # What such a statement is, was not asked: it is of this claim.
    of_this = {**told, "general": "said"}
    if _BILLED.fullmatch(item.text):
        return Item("claim_status", item.text, (), told)
    if asks_price(item.text):
        return Item("claim_status", item.text, (), {**told, ASKED: "cost"})
    if _WHOSE_CARE.fullmatch(item.text):
        return Item("explain_eob", item.text, (), {**of_this, ASKED: "care"})
    if _WHY_SO_MUCH.search(item.text):
        return Item("explain_eob", item.text, (), of_this)
    if _THAT_IS_ALL.fullmatch(item.text):
        return Item("claim_status", item.text, (), told)
    to_pay = item.is_sure and item.intent == "explain_eob" and item.sure_aspect == "paying"
    of_paying = _DO_I_PAY.fullmatch(item.text) or _ON_ME.fullmatch(item.text)
    if of_paying or (to_pay and not item.named & {"date", "claim_number"}):
        # "So do I pay the hospital or not?"
        return Item("claim_status", item.text, (), {**told, ASKED: "pay"})
    if _WHO_PAYS.fullmatch(item.text):
        return Item("explain_eob", item.text, (), of_this)
    if _WHY.fullmatch(item.text) or _asks_of_sum(item):
        # Of a claim that was paid, it is the share that wants a reason.
        intent = "claim_denial" if turn.memory.refused else "explain_eob"
        return Item(intent, item.text, (), of_this)
    return None


def _asks_of_sum(item: Item) -> bool:
    """Whether the words ask why it is that sum, and name no other claim."""
    named = {e["entity"] for e in item.entities} - {"amount"}
    return not named and _WHY_THAT_SUM.fullmatch(normalise(item.text).text) is not None


def _beside(turn: Turn, item: Item, topic: Item, today: date) -> Item | None:
    """ "And the doctor's bill, what do I owe on that?": told apart by who billed alone, it is of
    the days that were just listed, or of the visit that was just told.
    """
    values = (claim_value(each.text, today) for each in (item, *turn.questions))
    other = next((value for value in values if value), None)
    if other is None or other.keys() != {"signs"} or not other["signs"].get("form"):
        return None
    listed = turn.memory.listed
    days: dict[str, Any] = {}
    if listed and listed["topic"] == turn.memory.topic:
        days = topic.said("claim", today) or {}
    elif number := turn.memory.subject.get("claim", {}).get("number"):
        days = {"beside": number}
    days = {name: days[name] for name in ("start", "end", "said", "beside") if name in days}
    if not days:
        return None
    of_money = asks_billed(item.text) or item.asks_for("share", "paid", "paying", "cost")
    otherwise = "claim_status" if of_money else topic.intent
    intent = item.intent if item.intent in CLAIMS else otherwise
    about = {name: value for name, value in turn.memory.subject.items() if name == "person"}
    return Item(intent, item.text, item.entities, {**about, "claim": {**other, **days}})


def paid_beside(turn: Turn, item: Item, topics: Sequence[Item], today: date) -> Item | None:
    """ "Was the doctor paid at least?", after the hospital's claim of that day: by its file, before
    any rule about bills of doctors.
    """
    told = told_last(turn) in CLAIMS and "claim" in turn.memory.subject and not turn.in_form
    if not (told and topics and topics[0].intent in CLAIMS and _PAYING.search(item.text)):
        return None
    return _beside(turn, item, topics[0], today)


def _pointed_at(turn: Turn, item: Item, topic: Item, today: date) -> Item | None:
    """ "How much was it?"; "and the doctor's bill for it?", which is another claim."""
    subject = turn.memory.subject
    if "claim" not in subject or not IT.search(item.text) or not is_short(item):
        return None
    other = claim_value(item.text, today)
    if other and not {"number", "start", "latest", "all"} & other.keys():
        beside = {"claim": {**other, "beside": subject["claim"].get("number")}}
        intent = item.intent if item.intent in CLAIMS else topic.intent
        return Item(intent, item.text, item.entities, {**of_claim(subject), **beside})
    paying = _PAYING.search(item.text) and not _WHOM_TO_PAY.search(item.text)
    if MONEY.search(item.text) or paying or asks_decision(item):
        sure_of_denial = item.intent == "claim_denial" and item.band == "accept"
        intent = "claim_denial" if sure_of_denial else "claim_status"
        paid = {ASKED: "paid"} if item.asks_for("paid") and not sure_of_denial else {}
        return Item(intent, item.text, (), {**of_claim(subject), **paid})
    return None


def asks_decision(item: Item) -> bool:
    """Whether it is asked how the claim that was told was decided: "so was it approved?"."""
    return is_short(item) and not item.entities and _DECIDED.fullmatch(item.text) is not None


def is_letter_date(turn: Turn, item: Item) -> bool:
    """Whether the day of a letter is told after an appeal was talked about, which counts from it:
    no claim's day, whatever is being asked.
    """
    topic = turn.memory.topic
    if topic is None or topic["intent"] != "appeal" or not _LETTER.search(item.text):
        return False
    return item.first("date") is not None or re.search(r"\d", item.text) is not None


def with_claim(turn: Turn, item: Item, today: date) -> Item:
    """A question about a claim with the claim that it means, where the message says so: also in
    another of its questions ("why was my ER visit denied, and do I have to pay it?").
    """
    if item.intent not in CLAIMS or "claim" in item.told:
        return item
    own = item.said("claim", today)
    if own is not None:
        # Settled here where it decides how well the member has to be known.
        return item.tell("claim", own) if item.intent == "claim_status" else item
    others = (other for other in turn.questions if other.intent in CLAIMS)
    told = next((value for other in others if (value := other.said("claim", today))), None)
    if told is None and _THAT_CLAIM.search(item.text):
        told = _asked_about_last(turn, today)
    return item if told is None else item.tell("claim", told)


def _asked_about_last(turn: Turn, today: date) -> dict[str, Any] | None:
    """The days of the claim that was asked about last, where it is not told for want of a code."""
    before = [Item.from_json(turn.memory.topic)] if turn.memory.topic else []
    topic = next((each for each in (*turn.agenda, *before) if each.intent in CLAIMS), None)
    if topic is None or "claim" in turn.memory.subject:
        return None
    named = topic.told.get("claim") or topic.said("claim", today) or {}
    days = {key: value for key, value in named.items() if key in ("start", "end", "said")}
    return days if "start" in days else None


# "March visit", "the bill from May", "I have a denial from March": the claim of those days.
_A_VISIT = re.compile(
    rf"{LEAD}(?:hi|hello|hey|my|the|a|about)?\W*(?:\w+ ){{0,2}}?"
    r"(?:visit|appointment|check-?up|bill|claim|eob)(?:\W+\w+){0,4}\W*",
    re.IGNORECASE,
)
_A_DENIAL = re.compile(r"\b(?:denial|denied|refused|rejected|turned down)\b", re.IGNORECASE)


def one_claim(turn: Turn, item: Item, today: date) -> list[Item]:
    """What is asked of one claim that the words single out by day or number, where it sounds like
    something else: "what did my March visit cost me", or hard words around it.
    """
    value = claim_value(item.text, today) or {}
    to_come = _WILL_COST.search(item.text)
    of_cost = item.intent in _COSTS and _HAS_COST.search(item.text) and not to_come
    if of_cost and not value and "claim" in turn.memory.subject:
        # "What did the hospital charge in total?", after the copay: of the claim that was told.
        return [Item("claim_status", item.text, (), of_claim(turn.memory.subject))]
    if "number" not in value and ("start" not in value or value["start"] > today.isoformat()):
        return []
    asked = replace(item, intent="claim_status", band="accept").tell("claim", value)
    if of_cost:
        return [asked]
    last = turn.memory.topic["intent"] if turn.memory.topic else None
    nothing_else = item.intent == "inform" and not turn.in_form and last in (None, *CLAIMS)
    if nothing_else and _A_DENIAL.search(item.text) and is_short(item):
        return [replace(asked, intent="claim_denial")]
    if nothing_else and _A_VISIT.fullmatch(item.text):
        return [asked]
    if not _CLAIM_WORD.search(item.text) or len(turn.questions) > 1:
        return []
    if turn.harsh and item.intent == "complaint" and _WHERE_IS_IT.search(item.text):
        # Both: the claim is told, and the complaint is taken.
        return [asked, item]
    likely = {name for name, _ in turn.ranking[:MOST_LIKELY]}
    return [asked] if item.band == "confirm" and "claim_status" in likely else []


def _asks_of_request(item: Item) -> bool:
    """Whether, after authorizations, the words ask about one of them: "why was the other one
    refused?", "and the MRI one, how much longer?".
    """
    named = {entity["entity"] for entity in item.entities} - {"service"}
    if _OF_CLAIM.search(item.text) or named or (item.entities and not _ONE.search(item.text)):
        return False
    sounds = item.intent in _LIKE_REQUESTS or item.band != "accept"
    return sounds and bool(_OF_REQUEST.search(item.text))


def of_claim(subject: Mapping[str, Any]) -> dict[str, Any]:
    """The claim that was talked about, and whose it is."""
    return {need: subject[need] for need in ("claim", "person") if need in subject}


def share_of_one(turn: Turn, item: Item, today: date) -> Item | None:
    """Only the share of a claim that is known is asked, by somebody who has given no code: its
    state tells that, and nothing more needs to be proven.
    """
    verified = turn.context.verified
    sure = item.intent == "explain_eob" and item.band == "accept"
    only = _OF_SHARE.search(item.text) and not _WORKED_OUT.search(item.text)
    if verified is None or not (sure and only) or asks_total(item.text):
        return None
    told = {n: v for n, v in turn.memory.subject.items() if n in ("claim", "person")}
    value = claim_value(item.text, today, item.entities)
    if value and value.keys() & {"number", "start"}:
        told = {"claim": value}
    if "claim" not in told or proven(verified, Item(item.intent, "", (), told)):
        return None
    return Item("claim_status", item.text, (), {**told, "general": "said", ASKED: "share"})
