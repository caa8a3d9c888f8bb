"""Proving who one is without the card: full name and a second factor instead of the member ID.

Which second factor stands in partners.yml (`second_factor`): something on file that neither the
card nor an envelope shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.partners.capabilities import MemberRecord
from alliance.answer import Answer
from alliance.partners import Partner, SecondFactor
from alliance.spoken import normalise
from alliance.values import matches_name, read_first_names

# In the place of the member ID's readings: there is no card to read it from.
NO_CARD = "no card"
# After first name and company, in the order in which they are asked.
SLOTS = ("factor_card_company", "factor_last_name", "factor_date_of_birth", "factor_zip",
         "factor_second")  # fmt: skip

_NO_CARD = re.compile(
    r"\b(?:(?:do ?n[o']?t|don'?t|not|no longer|never|haven'?t) (?:\w+ ){0,3}?(?:have|got|get|know|"
    r"find|remember|see|received?)\b.{0,25}|(?:lost|forgot|left|misplaced|can'?t find|cannot find|"
    r"without) (?:\w+ ){0,3}?(?:card|id|number|wallet|purse)|"
    r"no (?:(?:insurance|member(?:ship)?|id|plastic|actual|real|such|other) ){0,2}"
    r"(?:card|id|number|wallet|purse|idea)|"
    r"card (?:is|was) (?:lost|stolen|at home|missing|gone)|not with me|no tengo)",
    re.IGNORECASE,
)
# "That's the card from my old job. It's M55500123": an ID was found all the same.
_AN_ID = re.compile(r"\b[A-Za-z]?\d{8,9}\b")
# "They want his number, I don't have his card" tells nothing of one's own.
_ANOTHERS = re.compile(r"\b(?:his|her|their) (?:\w+ ){0,2}(?:card|id|number)\b", re.IGNORECASE)
_MOST_WORDS = 16
_LAST_NAME = re.compile(r"[^\W\d_]+(?:[ '\u2019-][^\W\d_]+){0,3}")
_AROUND_NAME = re.compile(
    r"^\W*(?:(?:my|the) )?(?:(?:last|family) name )?(?:is |it'?s |its )?|\W+$", re.IGNORECASE
)
_FIGURES = {"phone": 4, "house_number": 6}
_PROMPTS = {
    "phone": (
        "What are the last four digits of the phone number that {company} has on file for you?",
        "For example 0102.",
    ),
    "house_number": (
        "What is the house number of your home address, as {company} has it on file?",
        "Only the number in front of the street, for example 17.",
    ),
}


@dataclass(frozen=True)
class NameFactors:
    """What the member said. `first_names` are readings of one answer."""

    first_names: tuple[str, ...]
    last_name: str
    birth_date: date
    zip: str
    second: str

    @property
    def counted_as(self) -> str:
        """Who is counted when nobody is found: the one whom the words mean."""
        return f"{self.last_name.casefold()}|{self.birth_date.isoformat()}"


def says_no_card(text: str) -> bool:
    """Whether the member has no card, or no ID, to say."""
    if len(text.split()) > _MOST_WORDS or _AN_ID.search(text) or _ANOTHERS.search(text):
        return False
    return bool(_NO_CARD.search(text))


def fits(record: MemberRecord, factors: NameFactors, kind: SecondFactor) -> bool:
    """Whether everything that was said is on the record."""
    on_file = record.phone_endings if kind == "phone" else record.house_numbers
    return (
        any(matches_name(said, name) for said in factors.first_names for name in record.first_names)
        and matches_name(factors.last_name, record.family_name)
        and record.birth_date == factors.birth_date
        and factors.zip[:5] in record.zips
        and factors.second in on_file
    )


def read_last_name(text: str) -> str | None:
    """A family name that is the whole answer."""
    name = _AROUND_NAME.sub("", text.strip())
    if _LAST_NAME.fullmatch(name):
        return name
    spelled = read_first_names(text)
    return spelled[0] if spelled else None


# What is said with the figures of the second factor.
_WRAPPING = frozenset(
    word
    for words in (
        "a and are ending ends i im in is its it the these they those think um uh well yes ok okay",
        "sure sorry no wait my mine last final four five digits digit numbers number figures group",
        "phone cell mobile social security ssn policy employer of on card be would should",
        "that thats here you go dash and then please thanks",
    )
    for word in words.split()
) | {""}


def _are_wrapping(words: list[str]) -> bool:
    return all(re.sub(r"[^a-z]", "", word.lower()) in _WRAPPING for word in words)


def read_second(text: str) -> str | None:
    """The figures that are the whole answer: with them may be said only what they are."""
    said = normalise(text).text
    figures = re.findall(r"\d+", said)
    others = re.sub(r"[\d\s.,-]+", " ", said).split()
    joined = "".join(figures)
    if (
        not figures
        or not _are_wrapping(others)
        or len(joined) > max(_FIGURES.values())
        or "?" in text
    ):
        return None
    return joined


def ask_second(partner: Partner, *, lead: str, failures: int) -> Answer:
    """The question for the company's second factor."""
    question, example = _PROMPTS[partner.second_factor]
    parts = [lead, question.format(company=partner.name), example if failures else ""]
    spoken = [lead, question.format(company=partner.spoken_name), example if failures else ""]
    facts: dict[str, Any] = {"asking": "factor_second"}
    return Answer(
        text=" ".join(filter(None, parts)),
        speech=" ".join(filter(None, spoken)),
        kind="question",
        facts=facts,
    )
