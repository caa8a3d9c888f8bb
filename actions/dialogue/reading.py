"""Reading what an answer needs from a question, or from a bare answer to what was asked.

Values are plain JSON, as they are kept on the agenda under the need's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from actions.answers.claim_signs import ClaimSigns, names_something, read_signs
from actions.answers.question import ClaimWanted, Named
from alliance.gazetteer import common_words, locate, lookup_any
from alliance.partners import Partners
from alliance.spoken import MONTHS
from alliance.values import (
    Period,
    is_only_value,
    read_claim_figures,
    read_claim_number,
    read_first_names,
    read_period,
)

Entities = Sequence[Mapping[str, Any]]

# Claim numbers of other payers' making: a long word of letters and figures.
_ODD_NUMBER = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12,}\b")
_ONE_OF = re.compile(
    r"(\b(?:the|that|my|\w+['\u2019]s)\s+\w+)\s+ones?\b|(\b(?:the|that))\s+ones?(?=\s+(?:of|in|from|for)\b)",
    re.IGNORECASE,
)
# "Show me my daughter's claims".
_CLAIMS_SHOWN = re.compile(
    r"\b(?:show|list|see|view|pull up|look (?:at|up)|go over|review|how many)\b.*\bclaims\b|"
    r"\bwhere (?:are )?(?:my|our) claims\b",
    re.IGNORECASE,
)
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DAYS_OF_CLAIMS = re.compile(
    rf"\b(?:claims?|bills?|visits?) (?:from|in|of|for) ({_MONTH})(?: (?:and|or|to|through|until) "
    rf"(?:in |from )?({_MONTH}))?\b(?!\W*\d)",
    re.IGNORECASE,
)
# The member themselves, as the value of the need `person`.
SELF = "self"
_SELF = re.compile(r"\b(?:me|my|mine|i|i'm|i've|myself|self|us|our)\b", re.IGNORECASE)
_FOR_SELF = re.compile(r"\W*(?:(?:it'?s |that'?s )?(?:for |about )?)?(?:me|myself|mine)\W*", re.I)

# The entities that name a need, the closest kind first: "a copay for a dermatologist" names its
# service by the kind of doctor.
_NAMED_BY = {
    "service": ("service", "specialty", "facility"),
    "drug": ("drug",),
    "provider": ("provider",),
    "facility_type": ("facility",),
}
# Where a service is done, for who asks for the place by the service ("where can I get an MRI?").
DONE_AT = {
    "blood_work": "lab",
    "std_testing": "lab",
    "mri": "imaging",
    "ct_scan": "imaging",
    "pet_scan": "imaging",
    "xray": "imaging",
    "ultrasound": "imaging",
    "bone_density": "imaging",
    "mammogram": "mammography",
    "dialysis_treatment": "dialysis",
    "physical_therapy": "physical_therapy_clinic",
    "sleep_study": "sleep_center",
    "infusion": "infusion_center",
    "chemotherapy": "infusion_center",
    "urgent_care_visit": "urgent_care",
    "emergency_visit": "emergency_room",
    "hospital_stay": "hospital",
    "hospice_care": "hospice",
    "substance_use_treatment": "substance_treatment",
    "skilled_nursing_stay": "skilled_nursing",
    "home_health_care": "home_health",
    "inpatient_rehab": "rehab_hospital",
    "fertility_treatment": "fertility_clinic",
    "medical_equipment": "equipment_supplier",
    "cpap": "equipment_supplier",
}
_EMERGENCY_ROOM = "emergency_room"
# What stands around a name that is the whole answer: "it's called", "for the", "please".
_BEFORE_NAME = re.compile(
    r"^(?:(?:um+|uh+|well|ok(?:ay)?|yes|it'?s|it is|i mean|i meant|that'?s|this is|called|for|"
    r"just|only|"
    r"about|the|a|an|some|my|of|named|name is)\s+)+",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(r"(?:[\s,]+(?:please|thanks|thank you|i think|i guess))+$", re.IGNORECASE)
_MOST_NAME_WORDS = 8
# What is said at a prompt and names nothing.
_NO_NAME = re.compile(
    r"\W*(?:(?:yes|yeah|yep|no|nope|nah|ok(?:ay)?|sure|please|right|correct|hello|hi|hey|help|"
    r"thanks?|thank you|that one|this one|it|my claim|the claim|a claim)\W*)+",
    re.IGNORECASE,
)
# "Faye's claims", "is finn's MRI approved": what can be somebody's here.
_SOMEBODYS = re.compile(
    r"\b(?P<name>[^\W\d_]{2,20})['\u2019]s\s+(?:[\w-]+\s+){0,3}?"
    r"(?:claims?|bills?|eobs?|explanations?|deductible|coverage|plan|authori[sz]ations?|prior|"
    r"appeals?|denials?|records?|visits?|copay|card|referrals?)\b",
    re.IGNORECASE,
)

# "All the claims for Faye", "how many claims does Emily have": the name stands apart.
_FOR_SOMEBODY = re.compile(
    r"\bclaims?"
    r"(?: (?:you|there|we|we've|have|are|were|got))* (?:for|of|under|on) (?P<name>[^\W\d_]{2,20})"
    r"(?=\W*$|\W+(?:this|last|in|from|since|for|please|and|so|to|between|on|during)\b)|"
    r"\bclaims? (?:do|does|did|has|have) (?P<other>[^\W\d_]{2,20}) (?:have|had|got)\b",
    re.IGNORECASE,
)

# "My Omar had a visit": one of the family by name alone.
_MY_NAMED = re.compile(
    r"\bmy (?P<name>[^\W\d_]{2,20}) (?:just |also |only )?(?:had|has|was|got|went|saw|needs|"
    r"needed|owes)\b",
    re.IGNORECASE,
)

# "Faye.", "my name is Morgan".
_NAME_ALONE = re.compile(
    r"\W*(?:(?i:it'?s|it is|her|his|name is|called)\W+)*[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)?\W*"
)


def first(entities: Entities, kind: str) -> Any:
    """The value of the first entity of a kind, or None."""
    return next((e["value"] for e in entities if e["entity"] == kind), None)


def value_in(need: str, text: str, entities: Entities, today: date) -> Any:
    """What a question says for a need, or None."""
    match need:
        case "location":
            return entity_zip(entities)
        case "specialty":
            return first(entities, need)
        case "partner":
            return company_meant(text, entities)
        case "claim":
            return claim_value(text, today, entities)
        case "person":
            relation = first(entities, "relation")
            return relation or (SELF if _SELF.search(text) else None)
        case _ if need in _NAMED_BY:
            return _named(need, entities)
    return None


def bare_value(need: str, text: str, entities: Entities, today: date) -> Any:
    """What an answer says for the need that was asked, in whatever words; None if nothing."""
    if need == "person":
        return _person(text, entities)
    if need == "claim" and (number := read_claim_figures(text)):
        return {"number": number}
    found = value_in(need, text, entities, today)
    if found is None and need == "claim" and not _NO_NAME.fullmatch(text):
        return _claim_in_own_words(text)
    if found is None and need in _NAMED_BY:
        return _in_own_words(text)
    return found


def named(value: Mapping[str, Any] | None) -> Named | None:
    """A named thing from its JSON."""
    return Named(value["said"], value.get("key"), value.get("kind", "")) if value else None


# "I have Crohn's": illnesses that are called by whoever described them.
_AILMENTS = frozenset(
    {
        "crohn", "parkinson", "alzheimer", "hodgkin", "hashimoto", "raynaud", "sjogren", "graves",
        "huntington", "tourette", "meniere", "asperger", "hirschsprung", "kawasaki", "peyronie",
        "paget", "gehrig", "cushing", "ménière", "sjögren",
    }
)  # fmt: skip


def named_person(text: str, partners: Partners) -> str | None:
    """The first name of somebody whose records are asked about: "Faye's claims". Words that are
    no names ("the doctor's bill") and companies are nobody.
    """
    for match in _SOMEBODYS.finditer(text):
        name = match["name"]
        other = name.lower() in common_words() or name.lower() in _AILMENTS
        if not other and partners.named(name) is None:
            return name
    for match in _MY_NAMED.finditer(text):
        name = match["name"]
        known = name.lower() in common_words() or partners.named(name) is not None
        if not known and is_name(name):
            return name
    for match in _FOR_SOMEBODY.finditer(text):
        name = match["name"] or match["other"]
        if is_name(name) and partners.named(name) is None:
            return name
    return None


def is_name(word: str) -> bool:
    """Whether a word that stands where also a month or a drug could is a first name."""
    other = word.lower() in MONTHS or lookup_any(word.lower())
    return not other and is_only_value(word, "first_name")


_OR_ANOTHER = re.compile(
    r"\bor (?:is it |do |are |will )?(?:you|you guys|the other (?:one|company))\W*$|"
    r"\b(?:is it|are|was it|do|does|pays?) you or\b",
    re.IGNORECASE,
)
_LATEST = frozenset(["latest", "last", "newest", "recent", "most", "último", "ultimo", "reciente"])
_ALL = frozenset(["all", "any", "every", "them", "todos"])


# "They want it by Friday": the day that something is due was no visit.
_DUE = re.compile(
    r"\b(?:by|until|till|before)\s+(?:this |next |on )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
    re.IGNORECASE,
)


def claim_value(text: str, today: date, entities: Entities = ()) -> dict[str, Any] | None:
    """A claim that the text singles out: by number, by days of service, by what it was about, or
    the latest.
    """
    plain = text
    # "The May one", "the one of May" are no first of May.
    text = _ONE_OF.sub(r"\1\2", text)
    number = read_claim_number(text)
    if number:
        return {"number": number}
    odd = _ODD_NUMBER.search(text)
    if odd:
        return {"number": odd.group()}
    signs = read_signs(plain, entities)
    told = {"signs": signs.to_json()} if signs else {}
    period = _days_of_claims(text, today) or read_period(_DUE.sub(" ", text), today)
    # No care was given on a day to come: "they'll turn it over to a collector on Friday".
    if period and period.start <= today:
        return {
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "said": period.said,
            **told,
        }
    words = set(text.lower().replace("'s", "").split())
    if words & _LATEST:
        return {"latest": True, **told}
    if told:
        return told
    if words & _ALL or _CLAIMS_SHOWN.search(plain):
        return {"all": True}
    return None


def _days_of_claims(text: str, today: date) -> Period | None:
    """The days that stand with the claims, beside others ("I moved in October. My claims from
    August and November?"); of two months those between them as well.
    """
    found = _DAYS_OF_CLAIMS.search(text)
    if found is None:
        return None
    first, second = (read_period(f"in {said}", today) if said else None for said in found.groups())
    if first is None:
        return None
    if second is None or second.end < first.start:
        return first
    return Period(first.start, second.end, found.group(1) + " to " + found.group(2))


def claim_wanted(value: Mapping[str, Any] | None) -> ClaimWanted | None:
    """The claim that a value of the need `claim` singles out."""
    if value is None:
        return None
    if "number" in value:
        return ClaimWanted(number=value["number"], partner=value.get("partner"))
    signs = ClaimSigns.from_json(value["signs"]) if "signs" in value else None
    period = None
    if "start" in value:
        period = Period(
            date.fromisoformat(value["start"]), date.fromisoformat(value["end"]), value["said"]
        )
    return ClaimWanted(
        period=period,
        latest=bool(value.get("latest")),
        signs=signs,
        beside=value.get("beside"),
        older=value.get("older"),
        newer=value.get("newer"),
    )


def by_care(value: Mapping[str, Any] | None) -> bool:
    """Whether a value of the need `claim` tells the claim by the care alone, or who gave it."""
    wanted = claim_wanted(value)
    if wanted is None or wanted.number or wanted.period or wanted.beside or wanted.signs is None:
        return False
    return wanted.signs.of_care


def entity_zip(entities: Entities) -> str | None:
    """The ZIP code of a place that is named closely enough: a state alone has none, and a place
    that was left is not where somebody asks about.
    """
    for kind in ("zip", "place"):
        for entity in entities:
            if entity["entity"] != kind or entity.get("role") == "origin":
                continue
            value = entity["value"]
            code = value.get("zip") if isinstance(value, Mapping) else value
            if code and locate(str(code)):
                return str(code)
    return None


def meant_day(text: str, today: date) -> date | None:
    """The day that the words name first, or None."""
    period = read_period(text, today)
    return period.start if period else None


def company_meant(text: str, entities: Entities) -> str | None:
    """The company that is named; of several the one that is not put aside ("not CIGNA, MVP"), and
    none where two are left ("am I MVP or CIGNA?", "is it MVP or you?").
    """
    named = [e for e in entities if e["entity"] == "partner"]
    if _OR_ANOTHER.search(text):
        return None
    left = [e for e in named if not _put_aside(text, str(e.get("said") or e["value"]))]
    companies = {str(e["value"]) for e in left or named}
    return companies.pop() if len(companies) == 1 else None


def _put_aside(text: str, said: str) -> bool:
    before = r"\b(?:not|instead of|rather than)(?: the| in| at| with| from| my)* "
    return re.search(rf"{before}{re.escape(said)}\b", text, re.IGNORECASE) is not None


def _named(need: str, entities: Entities) -> dict[str, Any] | None:
    er = [each for each in entities if each["value"] == _EMERGENCY_ROOM]
    # "The hospital's ER" is no hospital stay.
    entities = [each for each in entities if not (er and each["value"] == "hospital")]
    for kind in _NAMED_BY[need]:
        for entity in entities:
            if entity["entity"] == kind:
                said = str(entity.get("said") or entity["value"])
                # A provider is in no list of ours: the directories know who it is.
                key = None if kind == "provider" else str(entity["value"])
                return {"said": said, "key": key, "kind": kind}
    if need == "facility_type":
        service = first(entities, "service")
        if service in DONE_AT:
            return {"said": str(service), "key": DONE_AT[service], "kind": "facility"}
    return None


def _claim_in_own_words(text: str) -> dict[str, Any] | None:
    """The claim by who gave the care or what it was, in words that are on no list."""
    own = _in_own_words(text)
    if own is None or not names_something(own["said"]):
        return None
    return {"signs": ClaimSigns(words=own["said"]).to_json(), "said": own["said"], "kind": ""}


def _in_own_words(text: str) -> dict[str, Any] | None:
    """The name of something that is on no list, out of its polite wrapping."""
    said = _AFTER_NAME.sub("", _BEFORE_NAME.sub("", text.strip(" .,!?\"'")))
    if not said or len(said.split()) > _MOST_NAME_WORDS or not any(c.isalpha() for c in said):
        return None
    return {"said": said, "key": None, "kind": ""}


def _person(text: str, entities: Entities) -> str | None:
    relation = first(entities, "relation")
    if relation:
        return str(relation)
    if _FOR_SELF.fullmatch(text):
        return SELF
    names = read_first_names(_BEFORE_NAME.sub("", text.strip()))
    if names:
        return names[0]
    return SELF if _SELF.search(text) else None


def is_one_name(text: str) -> bool:
    """Whether the words are one first name and nothing else, however it is written."""
    word = text.strip(" .!?,")
    return word.isalpha() and word.lower() not in common_words() and is_name(word)


def is_name_alone(text: str) -> bool:
    """Whether the words are a name, written as one, and nothing else."""
    return _NAME_ALONE.fullmatch(text) is not None
