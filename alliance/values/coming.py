"""A day to come: "am I covered this weekend", "in two weeks", "on January 5". `periods` reads days
of care, which lie behind.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from alliance.spoken import MONTHS
from alliance.values.common import FEW, SMALL_NUMBERS
from alliance.values.dates import MONTH, make_date
from alliance.values.periods import DAYS

_PAST = re.compile(
    r"\b(?:was|were|did|had|been|last|ago|past|previous|yesterday|then|back in|since|used to|"
    r"ended|stopped|lapsed|cancell?ed)\b",
    re.IGNORECASE,
)
# "Could I see him Thursday then?" is of what comes.
_SO_THEN = re.compile(
    r"(?P<wish>\b(?:can|could|would|will|should|if|suppose|i'?ll|may)\b.*?)[\s,]+then\W*$",
    re.DOTALL,
)
_COUNT = r"(?:(?:a )?(?:couple|few)(?: of)?|an?|\d{1,3}|" + "|".join(SMALL_NUMBERS) + ")"
_IN = re.compile(rf"\b(?:in|for another) (?P<count>{_COUNT}) (?P<unit>day|week|month)s?\b")
_NAMED = re.compile(
    r"\b(?:(?P<tomorrow>tomorrow)|(?P<weekend>(?:this |next |the |over the |for the )+"
    r"(?:\w+ )?weekend)|(?P<week>next week)|(?P<month>next month)|(?P<year>next year))\b"
)
_WEEKDAY = re.compile(rf"\b(?P<next>next )?(?P<day>{'|'.join(DAYS)})\b")
_DATE = re.compile(
    rf"\b(?P<month>{MONTH})\.? (?:the )?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:,? (?P<year>20\d\d))?\b"
    r"(?!,? ?\d)"
    rf"|\b(?P<slashed>[01]?\d)/(?P<of>[0-3]?\d)(?:/(?P<of_year>20\d\d))?(?![/\d])"
)
# "May" and "March" are also verbs.
_IN_MONTH = re.compile(rf"\b(?:in|from|for|by|starting|begins?|after|come) (?P<month>{MONTH})\b")
_SATURDAY = 5


def read_coming(text: str, today: date) -> date | None:
    """The first day to come that the words name; None where they name none, or tell of what was."""
    said = _SO_THEN.sub(r"\g<wish>", text.lower())
    if _PAST.search(said):
        return None
    return _counted(said, today) or _dated(said, today) or _named(said, today)


def _counted(said: str, today: date) -> date | None:
    found = _IN.search(said)
    if found is None:
        return None
    words = [word for word in found["count"].split() if word not in ("a", "of")] or ["a"]
    count = int(words[0]) if words[0].isdecimal() else FEW[words[0]]
    days = {"day": 1, "week": 7, "month": 30}[found["unit"]]
    return today + timedelta(days=count * days)


def _dated(said: str, today: date) -> date | None:
    if found := _DATE.search(said):
        month = MONTHS[found["month"].rstrip(".")] if found["month"] else int(found["slashed"])
        year = found["year"] or found["of_year"]
        return _next(month, int(found["day"] or found["of"]), year, today)
    if found := _IN_MONTH.search(said):
        return _next(MONTHS[found["month"].rstrip(".")], 1, None, today)
    return None


def _next(month: int, day: int, year: str | None, today: date) -> date | None:
    """The next such day after today; without a year only if the last one is longer ago than that
    is ahead.
    """
    years = (int(year),) if year else (today.year - 1, today.year, today.year + 1)
    days = [each for year in years if (each := make_date(year, month, day))]
    nearest = min(days, key=lambda each: abs(each - today), default=today)
    return nearest if nearest > today else None


def _named(said: str, today: date) -> date | None:
    if found := _NAMED.search(said):
        if found["tomorrow"]:
            return today + timedelta(days=1)
        if found["weekend"]:
            # Saturday; on a Sunday "this weekend" is now.
            ahead = max(_SATURDAY - today.weekday(), 0)
            return today + timedelta(days=ahead + (7 if "next" in found["weekend"] else 0))
        if found["week"]:
            return today + timedelta(days=7 - today.weekday())
        if found["month"]:
            return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        return date(today.year + 1, 1, 1)
    if found := _WEEKDAY.search(said):
        ahead = (DAYS[found["day"]] - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead)
    return None
