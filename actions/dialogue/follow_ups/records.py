"""What is asked on of a record of the member's own that was told, in words that name nothing: "how
many visits?", "who sent it in?", "and the other one?" of an authorization or a referral, "I meant
what you paid" of a claim. The record's own field comes before any rule that sounds like it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.answers.accumulators import OF_WHICH
from actions.answers.claims import COMPARED
from actions.answers.prior_auth import picks_one
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.context import asked_of
from actions.dialogue.follow_ups.claims import of_claim
from actions.dialogue.follow_ups.people import points_at_another
from actions.dialogue.follow_ups.topics import CLAIMS, LEAD, RECORDS, SUMS, told_last
from actions.dialogue.follow_ups.whose import wants_own_instead
from actions.dialogue.turn import Turn
from alliance.aspects import leans_back

_MOST_WORDS = 12
# The parts of a request, by what the understanding of follow-ups says is asked.
_PARTS = {
    "care": "care",
    "where": "care",
    "address": "care",
    "count": "count",
    "deadline": "deadline",
    "duration": "deadline",
    "number": "number",
    "since": "since",
    "reason": "reason",
}
_WHO_SENT = re.compile(
    r"\b(?:who(?:'?s| has| had| was it that)?|which (?:doctor|dr|office|one)) (?:actually |even )?"
    r"(?:sent|asked|ordered|request(?:ed|s)|wrote|put|submitted|filed|made|prescribed|signed|"
    r"referred|wanted|got)\b|\bwho(?:m)?(?:'?s| is| was) (?:it|that|this)(?: one)? (?:from|by)\b|"
    r"\bwhose (?:request|idea|order)\b",
    re.IGNORECASE,
)
_THE_OTHER = re.compile(
    r"\b(?:the|that|my|your) other(?: one| referral| request)?\b|\banother (?:one|referral)\b", re.I
)
_WHO_DECIDES = re.compile(r"\bwho(?:'?s| is| will)?\b.{0,12}\b(?:decid|review)\w*", re.IGNORECASE)
# "Did it come?": told whole once more.
_DID_IT_COME = re.compile(
    rf"{LEAD}(?:did|has|have|is) (?:it|that|he|she|they|one)(?: (?:already|even|ever))? "
    r"(?:come|came|arriv\w*|sen[dt]|got|there|in)(?: (?:it|in|yet|through))*\W*",
    re.IGNORECASE,
)
_GOOD_UNTIL = re.compile(
    r"\b(?:good|valid|expired?s?|runs? out|ran out|ended|active|in force)\b|"
    r"\bdid (?:it|that) end\b",
    re.IGNORECASE,
)
_HOW_MANY_VISITS = re.compile(r"\bhow many (?:visits?|times|sessions?|units?)\b", re.IGNORECASE)
# "What happens when those are gone?", of the visits that were approved.
_WHEN_GONE = re.compile(
    r"\b(?:when|once|if|after) (?:those|they|these|it|that|the (?:visits|sessions))\b.{0,12}"
    r"\b(?:gone|used up|up|over|done|run out)\b|\b(?:need|want) (?:more|extra|longer)\b",
    re.IGNORECASE,
)
_MORE_OF_IT = "approval-extend"
_WHEN = re.compile(r"\bwhen (?:was|were|did|has|had)\b", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:how many|visits? left|left on|used up)\b", re.IGNORECASE)
_BY_PLACE = re.compile(
    r"\b(?:first|second|third|fourth|last|1st|2nd|3rd|newest|latest)\b", re.IGNORECASE
)
# What a request can be named by.
_NAMING = frozenset({"service", "specialty"})
_OF_ITSELF = frozenset({"appeal", "complaint", "request_callback", "speak_to_agent"})


def of_record_told(turn: Turn, item: Item) -> Item | None:
    """The part of the authorizations or referrals that were told, or the other one of them."""
    listed = turn.memory.listed
    told = turn.memory.topic["intent"] if turn.memory.topic else None
    if turn.in_form or turn.context.verified is None or told not in RECORDS or listed is None:
        return None
    if turn.memory.told != told or listed["intent"] != told or not _is_of_it(item):
        return None
    if _BY_PLACE.search(item.text):
        # "The second one": of the list (`lists.py`).
        return None
    told_one = _number(turn, listed)
    about: dict[str, Any] = {}
    if told == "prior_auth_status" and _WHEN_GONE.search(item.text):
        return asked_of(Item(str(told)), item, _MORE_OF_IT)
    if _WHO_DECIDES.search(item.text):
        return None
    if told == "referral_question" and _DID_IT_COME.fullmatch(item.text):
        about = {"claim": {"number": told_one}} if told_one else {}
        return Item(told, "is my referral on file", (), {**about, "general": "said"})
    asked = _part(item)
    if _THE_OTHER.search(item.text) and told_one and not item.named:
        about = {"claim": {"beside": told_one}}
    elif asked is None:
        return None
    elif item.named or (told == "prior_auth_status" and picks_one(item.text)):
        about = {}
    else:
        about = {"claim": {"number": told_one}} if told_one else {}
    entities = item.entities if item.named else ()
    asked_for = {ASKED: asked} if asked else {}
    return Item(str(told), item.text, entities, {**about, "general": "said", **asked_for})


def with_part(item: Item, picked: Item) -> Item:
    """The record that was picked of a list, with what alone is asked of it: "who is the second one
    to?".
    """
    asked = _part(item) if picked.intent in RECORDS else None
    return picked.tell(ASKED, asked).tell("general", "said") if asked else picked


def _is_of_it(item: Item) -> bool:
    """Whether the words may be asked of what was told, and name nothing else."""
    few = len(item.text.split()) <= _MOST_WORDS
    elsewhere = item.is_sure and item.intent in _OF_ITSELF
    if not few or elsewhere or item.named - _NAMING:
        return False
    # "And the knee surgery, when was that sent?" names one of them.
    return leans_back(item.text) or (item.aspect_sure and not item.is_alone and not item.named)


def _part(item: Item) -> str | None:
    if _WHO_SENT.search(item.text):
        return "who"
    if item.aspect == "count" and not _LEFT.search(item.text):
        return None
    if _HOW_MANY_VISITS.search(item.text):
        # "How many visits is that good for?"
        return "count"
    if _GOOD_UNTIL.search(item.text):
        return "deadline"
    return "since" if _WHEN.search(item.text) else _PARTS.get(item.aspect or "")


def _number(turn: Turn, listed: Mapping[str, Any]) -> str | None:
    """Of the one that was told last, where one alone was."""
    numbers = [str(each["claim"]["number"]) for each in listed["items"]]
    told = turn.memory.subject.get("claim", {}).get("number")
    if told in numbers:
        return str(told)
    return numbers[0] if len(numbers) == 1 else None


_COMPANY = (
    r"(?:you(?: guys| all|'?ve)?|they|we|the (?:plan|insurance|company)|(?:my )?insurance|cigna|"
    r"mvp|preferred care)"
)
_YOUR_PAYMENT = re.compile(
    rf"\b{_COMPANY} (?:\w+ )?(?:paid|pay|put in|put up|covered|cover|kicked in|chipped in|gave)\b|"
    r"\b(?:your|the plan'?s|the insurance'?s|their) (?:part|share|payment|portion|half|end)\b|"
    r"\bpaid (?:by|from) (?:you|the plan|insurance)\b",
    re.IGNORECASE,
)
_CHARGED = re.compile(
    r"\b(?:charged?|charges|billed|the (?:whole |full |total |original |entire )?bill|"
    r"(?:the )?(?:whole|full|total|entire|original) (?:thing|bill|amount|price|cost|sum|one)|"
    r"the total|out of how much|before (?:insurance|the discount|you))\b",
    re.IGNORECASE,
)
_MINE = re.compile(r"\b(?:my (?:part|share|portion|half|end|own)|what i (?:owe|pay)|mine)\b", re.I)
_ALLOWED = re.compile(
    r"\b(?:allowed|allowable|plan'?s price|negotiated|agreed (?:on |upon )?(?:price|rate|amount)|"
    r"(?:after |the )?discount(?:ed)?|kn?ock(?:ed)? off|t(?:ake|ook) off|wr(?:ite|ote) off)\b",
    re.IGNORECASE,
)
_UNPAID = re.compile(
    rf"\b{_COMPANY} (?:didn'?t|did not|won'?t|wouldn'?t)(?: pay| cover)?\b|"
    r"\b(?:skip|skipped|left out|leave out|not cover\w*|excluded?)\b",
    re.IGNORECASE,
)
_MONEY_PARTS = (
    ("allowed", _ALLOWED),
    ("unpaid", _UNPAID),
    ("paid", _YOUR_PAYMENT),
    ("cost", _CHARGED),
    ("share", _MINE),
)
# "I meant what you paid, not my part", "no, the total": the sum that is meant after all.
_PUT_RIGHT = re.compile(
    rf"{LEAD}(?:(?:sorry|no|nope|not that|wait|oh|hm+|actually|oops|i know)\W+)*"
    r"(?:i (?:just |really |only )?(?:mean|meant|was asking|asked|want(?:ed)?|am asking)|"
    r"i'?m asking|not my|not your)\b|\W*no,",
    re.IGNORECASE,
)
_BUT_NOT = re.compile(r"\W+(?:and )?(?:not|instead of|rather than)\b.*$", re.IGNORECASE)
_NOT_FIRST = re.compile(
    r"\bnot (?:my|your|the|what|how much) (?:\w+ ){1,3}?(?:but |i mean |,)", re.IGNORECASE
)
# "Out of how much?", "so you paid what?", "what was allowed?"
_WHAT_SUM = re.compile(r"\b(?:how much|what|whats|which part|total)\b", re.IGNORECASE)
# What asks for a reason, a payee or a rule, and no sum.
_NO_SUM = re.compile(
    r"\b(?:why|how come|who|whom|when|where|if|will|would|next|always|usually|what does|happens)\b",
    re.IGNORECASE,
)
# "So I shouldn't send them a check?"
_SENDS_MONEY = re.compile(
    r"\b(?:send|mail|write|cut|give|pay|owe|hand)\b(?: \w+){0,2}? (?:a |any |the |that |my )?"
    r"(?:checks?|cheque|money|payment|dime|cent|penny)\b",
    re.IGNORECASE,
)
# "So do I ignore it?"
_IGNORES_IT = re.compile(
    rf"{LEAD}(?:do|can|should|could|may) (?:i|we) (?:just |then )?(?:ignore|toss|skip|throw|forget)"
    r"(?: (?:about|away|out))? (?:it|that|this|the (?:bill|letter))(?: (?:away|out|then))*\W*$",
    re.IGNORECASE,
)
# "Who do I send the 25 to?"
_WHOM_TO_SEND = re.compile(
    rf"{LEAD}who(?:m)? (?:do|should|must|would) (?:i|we) (?:then )?"
    r"(?:send|give|mail|write|make) (?:it|that|the|my|this|a|\$?\d)",
    re.IGNORECASE,
)
_FROM_WHOM = re.compile(rf"{LEAD}(?:from|by|on) who(?:m)?(?: (?:exactly|then))?\W*", re.IGNORECASE)
_MISSING = re.compile(
    rf"{LEAD}(?:what|which)(?:'?s| is| was| are| exactly is| info\w*(?: is)?)*\s+(?:exactly )?"
    rf"(?:missing|lacking)\b|{LEAD}(?:what|which) (?:info|information|papers?|documents?)\W*$",
    re.IGNORECASE,
)
# "What does 197 mean?": the code of a reason.
_CODE_MEANS = re.compile(
    r"\bwhat\b.{0,25}\b(?:code|reason|remark|co|pr|oa)?[ -]?\d{1,3}\b(?: \w+)? (?:means?|for)\b|"
    r"\bwhat(?:'?s| is) (?:a |the )?(?:code|reason) (?:co|pr)?[ -]?\d{1,3}\b",
    re.IGNORECASE,
)
# "What about the doctor?" after the hospital's claim of that day.
_SIDE = {
    "professional": re.compile(
        rf"{LEAD}(?:what about |how about )?(?:the|my) (?:doctor|physician|surgeon)(?:'?s)?\W*",
        re.I,
    ),
    "institutional": re.compile(
        rf"{LEAD}(?:what about |how about )?the hospital(?:'?s)?\W*", re.IGNORECASE
    ),
}
_PAYS_ONE = re.compile(
    r"\b(?:do|should|must|can|will) (?:i|we)\b.{0,12}\b(?:pay|owe) "
    r"(?:(?P<hospital>the hospital)|(?:the|my) (?:doctor|physician|surgeon))\b",
    re.IGNORECASE,
)
# "So who eats the 180?", "what happens to the difference?"
_WHO_PAYS_REST = re.compile(
    r"\bwho (?:eats|absorbs|swallows|gets stuck with)\b|"
    r"\b(?:the )?(?:rest|difference|remainder)\b.{0,6}\bwho (?:pays|covers)\b|"
    r"\bwhat happens (?:to|with) the (?:rest|difference|remainder)\b|"
    # "That doesn't make 390, where did the rest go?"
    r"\b(?:where|what)(?:'?s| is| did| does| has| happened to)? (?:the |that )?(?:rest|difference|"
    r"remainder|missing|other \$?\d+)\b|"
    r"\b(?:that|it|they|those|this|which) (?:doesn'?t|does not|don'?t|do not|won'?t|didn'?t) "
    r"(?:make|add up|come to|total|equal|sum)\b",
    re.IGNORECASE,
)
_WHY_AT_FIRST = re.compile(
    r"\bwhy\b.{0,20}\b(?:denied|refused?|rejected|turned down)\b.{0,12}"
    r"\b(?:first|before|initially|originally)\b",
    re.IGNORECASE,
)
_WHO_ALONE = re.compile(rf"{LEAD}who\W*", re.IGNORECASE)
_WHICH_COMPANY = re.compile(
    rf"{LEAD}(?:by |at |with )?which (?:company|insurance|plan|one)(?: (?:has|had|paid|handled|got|"
    r"did|it|that|this|them|one|was|for it))*\W*",
    re.IGNORECASE,
)
_WHEN_DECIDED = re.compile(
    r"\bwhen\b.{0,20}\b(?:denied|deny|refused?|reject(?:ed)?|decided?|turn(?:ed)? (?:it )?down)\b",
    re.IGNORECASE,
)
_IS_DONE = re.compile(
    rf"{LEAD}(?:is|was) (?:it|that|this)(?: (?:all|now|then))? "
    r"(?:done|finished|settled|closed|over|taken care of)(?: (?:with|now|then))*\W*",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    rf"{LEAD}how much(?: (?:are we talking(?: about)?|is at stake|money|is it about))?\W*", re.I
)
_IN_NETWORK = re.compile(
    r"\b(?:was|is|were) (?:it|that|this|they|he|she)\b.{0,4}\b(?:in|out of|outside)[ -]"
    r"(?:the |my |your )?network\b",
    re.IGNORECASE,
)
# "Is that more than last time?"
_COMPARES = re.compile(
    r"\b(?:more|less|higher|lower|cheaper|the same|different|it|that|i pay)\b.{0,20}"
    r"\b(?:than|as|from|like|to)\b.{0,16}\b(?:last (?:time|visit|one)|"
    r"the (?:one|time|visit|last one) before|before|the previous(?: one| time)?)\W*$|"
    r"\b(?:what|how much|more|less|higher|lower|the same|was it \$?\d+)\b.{0,25}"
    r"\b(?:last time|the time before(?: that)?|before(?: too)?)\W*$|"
    rf"{LEAD}(?:(?:is|was) (?:it|that) )?(?:the )?same (?:price|amount|cost|share)\W*$",
    re.IGNORECASE,
)
_I_SEND = re.compile(r"\b(?:i|we|me)\b", re.IGNORECASE)
_OF_A_SUM = frozenset({"amount"})


def of_claim_told(turn: Turn, item: Item) -> Item | None:
    """The sum of the claim that was told that the words ask for: what the plan paid, what was
    charged, what was allowed; and whether something is to be sent for it.
    """
    told = told_last(turn) in CLAIMS and "number" in turn.memory.subject.get("claim", {})
    side = next((name for name, words in _SIDE.items() if words.fullmatch(item.text)), None)
    named = {each["entity"] for each in item.entities} - _OF_A_SUM - {"partner"}
    to_one = side or _PAYS_ONE.search(item.text)
    named -= {"facility", "specialty", "provider"} if to_one else set()
    # "I meant my own, not hers" asks for no sum of hers.
    own = wants_own_instead(item.text)
    if turn.in_form or not told or named or own or len(item.text.split()) > _MOST_WORDS:
        return None
    about = of_claim(turn.memory.subject)
    if _COMPARES.search(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: COMPARED})
    if _WHOM_TO_SEND.search(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: "pay"})
    if turn.memory.lacking and _FROM_WHOM.fullmatch(item.text):
        return Item("explain_eob", item.text, (), {**about, "general": "said", ASKED: "documents"})
    if turn.memory.refused and _MISSING.search(item.text):
        return Item("explain_eob", item.text, (), {**about, "general": "said", ASKED: "documents"})
    if turn.memory.refused and _CODE_MEANS.search(item.text):
        return Item("claim_denial", item.text, (), {**about, "general": "said"})
    if _IGNORES_IT.search(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: "pay"})
    if _SENDS_MONEY.search(item.text) and _I_SEND.search(item.text) and not _asks_where(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: "pay"})
    if side:
        beside = {"signs": {"form": side}, "beside": about["claim"]["number"]}
        return Item("claim_status", item.text, (), {**about, "claim": beside})
    if paid_to := _PAYS_ONE.search(item.text):
        # "Do I pay the hospital now?", after the doctor's claim of that day.
        form = "institutional" if paid_to["hospital"] else "professional"
        beside = {"signs": {"form": form}, "beside": about["claim"]["number"]}
        return Item("claim_status", item.text, (), {**about, "claim": beside, ASKED: "pay"})
    if _WHO_PAYS_REST.search(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: "rest"})
    if _WHY_AT_FIRST.search(item.text):
        return Item("claim_denial", item.text, (), {**about, "general": "said"})
    if _WHO_ALONE.fullmatch(item.text):
        return Item("explain_eob", item.text, (), {**about, "general": "said", ASKED: "care"})
    if _WHICH_COMPANY.fullmatch(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: "paid"})
    if _WHEN_DECIDED.search(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: "since"})
    if _IS_DONE.fullmatch(item.text):
        return Item("claim_status", item.text, (), about)
    if _HOW_MUCH.fullmatch(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: "cost"})
    if _IN_NETWORK.search(item.text):
        return Item("claim_status", item.text, (), {**about, ASKED: "network"})
    sum_asked = _sum_asked(item)
    return Item("claim_status", item.text, (), {**about, ASKED: sum_asked}) if sum_asked else None


def _asks_where(text: str) -> bool:
    return re.search(r"\b(?:where|who|whom|how|when|already|sent|paid)\b", text, re.I) is not None


# "And your side?", "so mine's?", "and you paid?"
_SIDES = (
    (
        "paid",
        re.compile(
            rf"{LEAD}(?:your (?:side|part|share|end|half)|(?:you|u)(?: guys)?(?: paid)?)\W*", re.I
        ),
    ),
    (
        "share",
        re.compile(rf"{LEAD}(?:my (?:side|part|share|end|half)|mine(?:'?s| is)?|me)\W*", re.I),
    ),
)


def _sum_asked(item: Item) -> str | None:
    if side := next((name for name, words in _SIDES if words.fullmatch(item.text)), None):
        return side
    right = _PUT_RIGHT.match(item.text)
    if right is None and (not _WHAT_SUM.search(item.text) or _NO_SUM.search(item.text)):
        return None
    text = _BUT_NOT.sub("", _NOT_FIRST.sub("", item.text)) if right else item.text
    return next((name for name, words in _MONEY_PARTS if words.search(text)), None)


_USED = re.compile(
    r"\b(?:how much\b.{0,12}\b(?:have|did|was|is|has|i|we)|what (?:did|have) (?:i|we))\b.{0,12}"
    r"\b(?:put in|paid|pay|used|use|met|spen[dt]|gone|taken out|paid out)\b|"
    r"\b(?:used|met|spent|paid) so far\b|"
    # "So 64 out of 750?"
    rf"^{LEAD}\$?\d[\d,.]* (?:dollars )?(?:out )?of \$?\d",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:full|whole|total|entire) (?:amount|thing|one|sum|number|deductible|limit)\b|"
    r"\bthe (?:total|cap|ceiling)\b|\bout of (?:how much|what)\b|\bhow (?:high|big) is\b|"
    r"\bin all\b",
    re.IGNORECASE,
)
_AS_OF = re.compile(
    r"\bas of (?:when|what|which)\b|\bhow (?:current|recent|up to date|fresh|old)\b|"
    r"\bwhen\b.{0,15}\bupdated\b|\bthrough (?:when|what|which)\b",
    re.IGNORECASE,
)
_ALONE_OR_ALL = re.compile(
    r"\b(?:just|only) (?:for )?(?:me|mine|us|myself)\b|\b(?:me|mine|myself) (?:alone|only)\b|"
    r"\b(?:me|mine|my own) or\b|\bor (?:just |only )?(?:me|mine|my own)\b|"
    r"\bthe family one\b|\b(?:whole|entire) family\b|"
    r"\bfamily'?s?\b.{0,8}\btoo\b|\b(?:all|both) of us\b|\bwhat'?s mine\b",
    re.IGNORECASE,
)
_OF_WHICH_OF_BOTH = re.compile(
    r"\b(?:me|mine|myself) or\b|\bor (?:is (?:it|that) )?(?:just |only )?(?:me|mine)\b", re.I
)
_PUT_IN = re.compile(
    r"\bhow much\b.{0,12}\bi\b.{0,10}\b(?:put in|set aside|elect\w*|sign(?:ed)? up|contribut\w*)",
    re.IGNORECASE,
)
_SUM_PARTS = (("as_of", _AS_OF), (OF_WHICH, _ALONE_OR_ALL), ("limit", _WHOLE), ("used", _USED))
# What alone can be asked of each, and the words for it.
_BY_WORDS = {
    "deductible_status": _SUM_PARTS,
    "out_of_pocket_status": _SUM_PARTS,
    "fsa_balance": (("limit", _PUT_IN), ("limit", _WHOLE), ("used", _USED)),
    "mail_order_pharmacy": (
        ("sender", _WHO_SENT),
        (
            "phone",
            re.compile(
                r"\b(?:number|phone|call)\b.{0,20}\bpharmacy\b|\bpharmacy'?s?\b.{0,12}"
                r"\b(?:number|phone)\b|\b(?:phone|who do i call)\b",
                re.I,
            ),
        ),
        (
            "count",
            re.compile(
                r"\b(?:more coming|any more|refills?|another one)\b|\bwhen\b.{0,20}\bnext\b",
                re.I,
            ),
        ),
        (
            "supply",
            re.compile(r"\bhow (?:many (?:days|pills|did i get)|long\b.{0,20}\blast)\b", re.I),
        ),
        ("number", re.compile(r"\b(?:order|tracking|reference|rx) (?:number|no|#)\b", re.I)),
        (
            "care",
            re.compile(r"\b(?:what|which) (?:drug|medicine|pills?|is (?:it|that)|was it)\b", re.I),
        ),
    ),
    "id_card": (
        ("rx", re.compile(r"\b(?:(?:rx ?)?bin|pcn|rx ?(?:group|grp|numbers?))\b", re.I)),
        ("group", re.compile(r"\bgroup(?: (?:number|no|id|#))?\b", re.I)),
        ("member_id", re.compile(r"\b(?:member|my|the) (?:id|number)\b|\bid number\b", re.I)),
        ("plan", re.compile(r"\bplan(?:'?s)? name\b|\bname of (?:the|my) plan\b", re.I)),
        ("copay", re.compile(r"\bco-?pays?\b.{0,20}\b(?:on|card)\b", re.I)),
    ),
}
_SHORT_OF_IT = re.compile(rf"{LEAD}(?:by )?how (?:much|far) (?:am i|are we) (?:short|off)\b", re.I)
# The entry that tells whose care counts, and its topic.
_SUM_OF_ALL, _FAMILY_COUNTS = "deductible_status", "family-counts"
_COUNTS_TOO = re.compile(
    r"\b(?:wife|husband|spouse|partner|kids?|children|son|daughter)\b.{0,12}"
    r"\b(?:counts?|counted|included|in (?:it|that|there))\b",
    re.IGNORECASE,
)
# Whom an office or a pharmacy calls by the card.
_WHOM_TO_CALL = re.compile(
    r"\bwho(?:m)? (?:do|does|should|can|would) (?:they|i|we|he|she|the \w+) call\b|"
    r"\b(?:number|line) (?:do they|to|they|should they) call\b",
    re.IGNORECASE,
)
# Another card, or what a number is good for.
_NOT_THE_NUMBER = re.compile(
    r"\b(?:new|another|lost|replace\w*|mean|means|for\?|why|wrong|phone|call|"
    r"same|stays?|change\w*)\b|\bwhat is an?\b",
    re.IGNORECASE,
)


def of_file_told(turn: Turn, item: Item) -> Item | None:
    """The part of a sum, an account, a mail order or a card that was told, which the member's file
    tells and no rule.
    """
    topic = turn.memory.topic
    if topic is None or turn.in_form or turn.context.verified is None:
        return None
    words = _BY_WORDS.get(topic["intent"])
    few = len(item.text.split()) <= _MOST_WORDS
    if words is None or turn.memory.told != topic["intent"] or not few or item.named:
        return None
    if topic["intent"] == "id_card" and _WHOM_TO_CALL.search(item.text):
        return Item("contact_info", item.text, (), {"company": turn.memory.answered_by})
    if topic["intent"] == "id_card" and _NOT_THE_NUMBER.search(item.text):
        return None
    person = {n: v for n, v in topic["told"].items() if n == "person"}
    if topic["intent"] in SUMS and _SHORT_OF_IT.search(item.text):
        return Item(topic["intent"], "how much is left", (), person)
    asked = next((name for name, each in words if each.search(item.text)), None)
    if topic["intent"] in SUMS and _COUNTS_TOO.search(item.text):
        # "My wife counts too, right?" asks for none of her records.
        return asked_of(replace(Item.from_json(topic), intent=_SUM_OF_ALL), item, _FAMILY_COUNTS)
    of_others = any(each["entity"] in ("relation", "partner") for each in item.entities)
    if asked == OF_WHICH and _OF_WHICH_OF_BOTH.search(item.text):
        # "Is that only me or my kids too?" asks for none of the children's.
        return Item.from_json(topic).tell(ASKED, asked)
    if asked is None or of_others or points_at_another(turn, item):
        return None
    return Item.from_json(topic).tell(ASKED, asked)


def field_told(turn: Turn, item: Item) -> Item | None:
    """The one part that is asked of the record, the claim or the sum that was told."""
    return of_record_told(turn, item) or of_claim_told(turn, item) or of_file_told(turn, item)
