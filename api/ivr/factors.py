"""What is listened for at each question, and how a value is read back: masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from alliance.hearing import VoiceBands
from alliance.partners import Partners
from alliance.values import (
    read_claim_figures,
    read_claim_number,
    read_date_of_birth,
    read_first_names,
    read_member_ids,
    read_zip,
)
from api.ivr.speech import MONTHS, spelled
from api.ivr.turns import Heard

_PROOF = "factor_"
# What proves who calls and cannot be taken for anything else.
PROOFS = ("factor_member_id", "factor_date_of_birth", "factor_zip")
# Where readings of the right form differ in the value, the first must be as sure as this.
SURE_OF_ONE_OF_SEVERAL = 0.9
COMPANY_SLOTS = frozenset({"need_partner", "factor_card_company"})
# How many keys end the answer; 0 where pound does. What is not here has no answer by keys.
_KEYS = {
    "factor_first_name": 0,
    "factor_member_id": 0,
    "factor_date_of_birth": 8,
    "factor_zip": 5,
    "factor_card_company": 1,
    "factor_code": 6,
    "need_phone": 10,
    "need_partner": 1,
    "need_claim": 0,
    "need_location": 5,
}
_COMPANY_HINTS = ("Cigna", "MVP", "MVP Health Care", "Preferred Care", "not sure")
_OPEN_HINTS = (
    "claim", "denied", "deductible", "copay", "referral", "prior authorization", "network",
    "cardiologist", "member ID", "ID card", "Cigna", "MVP", "Preferred Care", "appeal", "pharmacy",
    "coverage", "representative",
)  # fmt: skip
_DIGIT_HINTS = (
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "double",
)  # fmt: skip
_ENDING = 3


def keys_for(asking: str | None) -> int | None:
    """How many keys answer the question (0: until pound), or None where keys cannot."""
    return _KEYS.get(asking) if asking else None


def hints_for(asking: str | None) -> tuple[str, ...]:
    """Words that a recogniser should expect."""
    if asking is None:
        return _OPEN_HINTS
    if asking in COMPANY_SLOTS:
        return _COMPANY_HINTS
    if asking in ("factor_member_id", "factor_zip", "factor_code"):
        return (*_DIGIT_HINTS, "M", "U", "P") if asking == "factor_member_id" else _DIGIT_HINTS
    if asking == "factor_date_of_birth":
        return MONTHS
    return ()


def read_back(
    asking: str, texts: Sequence[str], partners: Partners, today: date
) -> tuple[str, str] | None:
    """The first reading that holds a value of the right form, and the value as a voice may say it
    in a room full of people; None where there is none, or nothing to read back.
    """
    for text in texts:
        masked = _masked(asking, text, partners, today)
        if masked:
            return text, masked
    return None


def is_sure(
    asking: str, heard: Sequence[Heard], bands: VoiceBands, partners: Partners, today: date
) -> bool:
    """Whether an answer was heard so well that it needs no question of its own. What proves who
    calls must be surer than others, because a wrong figure costs an attempt; so must a claim's
    number, because with one wrong figure the claim would be told as not received.
    """
    confidence = heard[0].confidence
    if confidence is None:
        return True
    found = (read_back(asking, [reading.text], partners, today) for reading in heard)
    values = {value[1] for value in found if value}
    if not asking.startswith(_PROOF) and not (asking == "need_claim" and values):
        return confidence >= bands.sure
    return confidence >= (SURE_OF_ONE_OF_SEVERAL if len(values) > 1 else bands.value)


def _masked(asking: str, text: str, partners: Partners, today: date) -> str | None:
    match asking:
        case "factor_first_name":
            names = read_first_names(text)
            return f"the name {names[0]}" if names else None
        case "factor_member_id":
            fits = [i for i in _ids(text) if partners.fitting(i) or partners.completions(i)]
            return f"an ID ending in {spelled(fits[0][-_ENDING:])}" if fits else None
        case "factor_date_of_birth":
            born = read_date_of_birth(text, today)
            return f"a birthday on {MONTHS[born.month - 1]} {born.day}" if born else None
        case "factor_zip":
            code = read_zip(text)
            return f"a ZIP code ending in {spelled(code[-2:])}" if code else None
        case "need_claim":
            number = read_claim_number(text) or read_claim_figures(text)
            return f"a claim ending in {spelled(number[-_ENDING:])}" if number else None
        case _ if asking in COMPANY_SLOTS:
            partner = partners.named(text)
            return partner.spoken_name if partner else None
    return None


def _ids(text: str) -> list[str]:
    return list(dict.fromkeys([text.strip().upper(), *read_member_ids(text)]))
