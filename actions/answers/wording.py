"""How facts are said: amounts and dates written out, names of companies, short lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from alliance.partners import Partner, Partners


def money(amount: Decimal) -> str:
    """'$1,234.50'."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def spoken_money(amount: Decimal) -> str:
    """'1,234 dollars and 50 cents', as voices read it well."""
    dollars, cents = divmod(int((abs(amount) * 100).to_integral_value()), 100)
    parts = [f"{dollars:,} dollar{'' if dollars == 1 else 's'}"] if dollars or not cents else []
    if cents:
        parts.append(f"{cents} cent{'' if cents == 1 else 's'}")
    return f"{'minus ' if amount < 0 else ''}{' and '.join(parts)}"


def day(value: date) -> str:
    """'March 12, 2026'."""
    return f"{value:%B} {value.day}, {value.year}"


def days(start: date, end: date) -> str:
    """One day, or 'March 3 to March 5, 2026'."""
    if start == end:
        return day(start)
    if start.year == end.year:
        return f"{start:%B} {start.day} to {day(end)}"
    return f"{day(start)} to {day(end)}"


def span(start: date, end: date) -> str:
    """'in March 2026', 'in 2026', else 'from March 3 to March 5, 2026'."""
    ends_month = (end + timedelta(days=1)).day == 1
    if start.day == 1 and ends_month and start.year == end.year:
        if start.month == end.month:
            return f"in {start:%B} {start.year}"
        if (start.month, end.month) == (1, 12):
            return f"in {start.year}"
    return f"on {day(start)}" if start == end else f"from {days(start, end)}"


# Names of care that are counted by no "a": "physical therapy", "glasses", "blood work".
_UNCOUNTED = frozenset(
    (
        *("therapy", "care", "testing", "work", "treatment", "rehab", "rehabilitation", "surgery"),
        *("counseling", "cessation", "anesthesia", "acupuncture", "chemotherapy", "dialysis"),
        *("equipment", "control", "lasik", "supplies", "aids", "braces", "dentures", "implants"),
        *("glasses", "orthotics"),
    )
)
# Letters that are said with a vowel first: "an MRI", "an X-ray".
_VOWELS_SPELLED = frozenset("AEFHILMNORSX")


def with_article(noun: str) -> str:
    """'a specialist visit', 'an MRI', 'physical therapy'."""
    first, last = noun.split()[0], noun.split()[-1].lower()
    if last in _UNCOUNTED:
        return noun
    letters = (len(first) > 1 and first[:2].isupper()) or first[1:2] == "-"
    vowel = first[0] in _VOWELS_SPELLED if letters else first[0].lower() in "aeiou"
    if first.lower().startswith(("uro", "uni", "eu")):
        # Said with a "you".
        vowel = False
    return f"{'an' if vowel else 'a'} {noun}"


def spaced(digits: str) -> str:
    """'C L M, 2 0 2 6': figures and letters one by one, for a voice."""
    groups = [" ".join(group) for group in digits.replace("-", " ").split()]
    return ", ".join(groups)


def joined(items: Sequence[str], word: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def tells_of_silence(text: str) -> bool:
    """Whether an answer says that a company did not answer: each says it in these words."""
    return any(words in text for words in ("could not reach", "did not answer", "answer again"))


def silent_company(text: str, partners: Partners) -> str | None:
    """The company (its key) that did not answer, as an answer says; None where it says no such."""
    for sentence in filter(tells_of_silence, re.split(r"(?<=[.!?])\s+", text)):
        if named := partners.named(sentence):
            return named.key
    return None


def line_of(partner: Partner, *, spoken: bool = False) -> str:
    """The way on that always exists: the company's own line."""
    name = partner.spoken_name if spoken else partner.short_name
    return f"{name} member services at {partner.phone.member_services}"


def line_in_spanish(partner: Partner) -> str:
    """The same for who reads Spanish."""
    return f"Servicios para miembros de {partner.short_name}, {partner.phone.member_services}"


def our_lines(partners: Partners) -> str:
    """The member-service lines of all companies, "... or ...", for who may belong to any."""
    return joined([line_of(partner) for partner in partners if partner.backend], "or")
