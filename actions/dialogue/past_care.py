"""Care that is over is a matter of its claim, whatever the words sound like: "was my April visit
covered", "how much do I owe for March", "you denied my ER visit".

By the words and the day alone: the classifier hears "covered" and "cost" as questions about the
plan's rules, which say nothing of a visit that is past.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.dialogue.agenda import Item
from alliance.values import read_period

_CARE = re.compile(
    r"\b(?:visits?|appointments?|surgery|operation|procedure|tests?|scan|mri|ct|x-?rays?|"
    r"(?:the |my )er\b|emergency room|hospital|stay|check-?up|physical|session|treatment|"
    r"lab ?work|blood ?work|bills?|claims?|when i went|i went|i saw\b|saw (?:the|my|a) )",
    re.IGNORECASE,
)
_COMING = re.compile(
    r"\b(?:will|would|going to|gonna|next|if i|upcoming|scheduled|estimate|co-?pays?|usually|"
    r"normally|should i expect)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|did|had|went|got|cost|charged|paid|covered|billed|saw|took)\b", re.IGNORECASE
)
_OWE = re.compile(
    r"\b(?:do|did|will|would|should|must) (?:i|we) (?:still )?owe\b|"
    r"\b(?:what|how much) did (?:i|we) (?:end up )?pay(?:ing)?\b|"
    r"\b(?:what|how much) (?:was|did) mine\b|\bmy (?:share|part|portion)\b|"
    r"\bco-?pay\b.{0,12}\bfor (?:the|my|that) (?:\w+ )?(?:visit|appointment)\b",
    re.IGNORECASE,
)
_CHARGED = re.compile(
    r"\b(?:doctor|dr|dentist|therapist|surgeon|hospital|clinic|office|plan|insurance|you|they)"
    r"(?:'?s)?\W+(?:\w+\W+){0,2}?(?:charged|billed|paid)\b|"
    r"\bdid (?:\w+ ){1,3}?(?:charge|bill|pay)\b",
    re.IGNORECASE,
)
# What holds now, or is looked for, beside care that is over: "is cardiac rehab covered after the
# heart attack I had last year".
_OF_NOW = re.compile(
    r"\b(?:these days|nowadays|currently|right now|at the moment)\b|"
    r"\b(?:is|are|isn'?t|aren'?t) (?:[\w'-]+ ){1,6}?covered\b|"
    r"\b(?:do|does) (?:[\w'-]+ ){1,4}?cover\b",
    re.IGNORECASE,
)
_SEEKS = re.compile(
    r"\b(?:where|which|what|who|near\w*|close\w*|around|looking for|find|recommend\w*)\b",
    re.IGNORECASE,
)
# "Is he allowed to bill me for what insurance didn't pay?"
_MAY_THEY = re.compile(
    r"\b(?:allowed|legal|can (?:he|she|they|the \w+) (?:bill|charge|do|ask))\b", re.IGNORECASE
)
_HAD = re.compile(r"\bhad (?:an?|my|the|that|some)\b(?!.*\bapprov)", re.IGNORECASE)
_OF_THE_PLAN = re.compile(r"\b(?:premiums?|deductibles?|dues|fsa)\b", re.IGNORECASE)
_WHO_PAYS = re.compile(
    r"(?:^|[,.;:?!]\s)\W*(?:(?:ok(?:ay)?|and|so|but|then|well)\W+)*"
    r"(?:who|which (?:one|company|insurance|insurer|plan|of (?:them|you|the (?:two|three|"
    r"companies))))(?: (?:is|was) the one (?:that|who))? "
    r"(?:pays?|paid|covers?|covered|handles?|would pay|has to pay|is responsible)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:you|they|insurance|cigna|mvp|preferred care|it (?:was|got)|(?:was|got|is|were)) "
    r"(?:guys |all )?(?:have |has )?(?:denied|rejected|refused|turned (?:it )?down|"
    r"didn'?t (?:pay|cover)|did not (?:pay|cover)|won'?t (?:pay|cover))\b",
    re.IGNORECASE,
)
_MY_CLAIM = re.compile(r"\b(?:my|our)(?: \w+){0,2} claims?\b", re.IGNORECASE)
_CLAIM = re.compile(r"\bclaims?\b", re.IGNORECASE)
# Answered from the plan's rules, which a visit that is over is no matter of.
_BY_THE_PLAN = frozenset(
    {"benefit_covered", "copay_cost", "cost_estimate", "coverage_status", "dental_benefits"}
)
# "My son had an urgent care visit in March" looks for none.
_SEARCHES = frozenset({"find_facility", "find_provider"})
_OF_MONEY = frozenset(
    {
        "billing_problem", "premium_payment", "out_of_pocket_status", "explain_eob", "copay_cost",
        "cost_estimate", "deductible_status", "out_of_scope", "inform",
    }
)  # fmt: skip
_OF_BILLS = frozenset({"billing_problem", "explain_eob", "claim_status", "claim_denial"})
_OF_COMPANIES = frozenset(
    {
        "claim_status", "coordination_of_benefits", "billing_problem", "benefit_covered",
        "coverage_status", "contact_info", "explain_eob", "copay_cost", "out_of_scope",
        "submit_claim", "which_plan_covers_me", "find_provider",
    }
)  # fmt: skip
_NEVER = frozenset({"emergency", "speak_to_agent", "complaint", "report_fraud"})
_MOST_OWED_WORDS = 12
# "I went to urgent care and they sent me to the ER, what do I owe for that visit?"
_FOR_IT = re.compile(
    r"\b(?:owe|pay|share|part)\b.{0,8} (?:for|of|on) (?:the|that|this|my|our|it)(?: \w+)?"
    r"(?: (?:claims?|visits?|bills?|stay|trip)\b|\W*$)",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\b(?:went|sent (?:me|us)|took (?:me|us)|saw|had|(?:was|were) (?:in|at|taken|sent)|"
    r"told (?:me|us) to go)\b",
    re.IGNORECASE,
)
# "I moved in October and I'm trying to find out what I owed for a visit back in March"
_OWED_THEN = re.compile(
    r"\b(?:what|how much) (?:i|we) (?:owed?|paid|had to pay|was charged|were charged|ended up "
    r"(?:owing|paying))\b.*",
    re.IGNORECASE | re.DOTALL,
)
# Care that is only named with its day, without a verb of what the plan does.
_CARE_AND_DAY = re.compile(
    r"\W*(?:(?:hi|hello|hey|ok(?:ay)?|so|about|my|our|the|that|an?|for)\W+)*(?:[\w-]+\s+){1,4}?"
    r"(?:in|from|on|of|back in|last)\s+\w+",
    re.IGNORECASE,
)
_RULE_ASKED = re.compile(
    r"\b(?:is|are|does|do|can|could|would|will|covers?|coverage|what'?s|how (?:much|many|often)|"
    r"if|need|per|each|every)\b",
    re.IGNORECASE,
)
# From a doctor's office, which is another paper than the explanation of benefits.
_BILL_CAME = re.compile(
    r"\b(?:got|get|sent|received) (?:me )?(?:a|this|the|another) bill\b", re.IGNORECASE
)


def owed_for_it(text: str) -> bool:
    """Whether somebody tells of care that is over, and asks what of it is theirs to pay: of its
    claim, however many kinds of care the telling names.
    """
    happened = _HAPPENED.search(text)
    asked = _FOR_IT.search(text, happened.end()) if happened else None
    return asked is not None and not (_COMING.search(text) or _OF_THE_PLAN.search(text))


def _owed_then(item: Item, today: date) -> Item | None:
    """The claim of a day that is told with what was owed for it, whatever was told before: the
    day of a move is none of a visit.
    """
    found = _OWED_THEN.search(item.text)
    if found is None or _OF_THE_PLAN.search(found.group()) or not _CARE.search(found.group()):
        return None
    period = read_period(found.group(), today)
    if period is None or period.start > today:
        return None
    said = found.group().lower()
    kept = tuple(e for e in item.entities if str(e.get("said", "")).lower() in said)
    kept = tuple(e for e in kept if e["entity"] not in ("zip", "place"))
    return replace(item, intent="claim_status", band="accept", text=found.group(), entities=kept)


def of_past_care(item: Item, today: date) -> Item:
    """The question as one about the claim, or the coverage, of a day that is over; as it is where
    the words say nothing of the kind.
    """
    if item.intent in _NEVER or item.text.startswith("/"):
        return item
    unsure = item.band != "accept"
    if item.intent == "explain_eob" and _BILL_CAME.search(item.text):
        return replace(item, intent="billing_problem", band="accept")
    if (
        (unsure or item.intent in _OF_BILLS)
        and _DENIED.search(item.text)
        and _CARE.search(item.text)
        and not _MAY_THEY.search(item.text)
    ):
        return replace(item, intent="claim_denial", band="accept")
    if item.intent in (*_OF_MONEY, "claim_status") and owed_for_it(item.text):
        return replace(item, intent="claim_status", band="accept")
    if owed_then := _owed_then(item, today):
        return owed_then
    period = read_period(item.text, today)
    if period is None or period.start > today:
        return item
    if item.intent == "prior_auth_status" and _HAD.search(item.text) and _CARE.search(item.text):
        # "Had an MRI last week, is it through yet?"
        return replace(item, intent="claim_status", band="accept")
    if item.intent in (*_BY_THE_PLAN, "inform", "out_of_scope") and _CARE_AND_DAY.match(item.text):
        # "My blood test in August", "dental filling in September, what did you pay".
        of_a_rule = any(each.search(item.text) for each in (_COMING, _OF_THE_PLAN, _RULE_ASKED))
        if item.first("service") and not of_a_rule:
            return replace(item, intent="claim_status", band="accept")
    charged = _CHARGED.search(item.text) and not _COMING.search(item.text)
    if item.band == "confirm" and charged and not _OF_THE_PLAN.search(item.text):
        # "I pay for this plan, so let me see what my wife's doctor charged in March."
        return replace(item, intent="claim_status", band="accept")
    if unsure and item.intent == "claim_status" and _MY_CLAIM.search(item.text):
        return replace(item, band="accept")
    if (
        _WHO_PAYS.search(item.text)
        and _CARE.search(item.text)
        and not _CLAIM.search(item.text)
        and (unsure or item.intent in _OF_COMPANIES)
    ):
        # The day decides, and not the place.
        kept = tuple(each for each in item.entities if each["entity"] not in ("zip", "place"))
        return replace(item, intent="which_plan_covers_me", band="accept", entities=kept)
    if (
        _OWE.search(item.text)
        and len(item.text.split()) <= _MOST_OWED_WORDS
        and not _OF_THE_PLAN.search(item.text)
        and (unsure or item.intent in _OF_MONEY)
    ):
        return replace(item, intent="claim_status", band="accept")
    if (
        (
            item.intent in _BY_THE_PLAN
            or (unsure and item.intent in _OF_BILLS)
            or (
                item.intent in _SEARCHES and _HAD.search(item.text) and not _SEEKS.search(item.text)
            )
        )
        and (_CARE.search(item.text) or item.first("service"))
        and _PAST.search(item.text)
        and not (_COMING.search(item.text) or _OF_NOW.search(item.text))
    ):
        return replace(item, intent="claim_status", band="accept")
    return item
