"""Periods of time: when care was, when a plan ended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from alliance.spoken import MONTHS, Normalised, normalise
from alliance.values.common import FEW, SMALL_NUMBERS, word_set
from alliance.values.dates import MONTH, YEAR, find_dates, full_year, make_date, month_period
from alliance.values.holidays import HOLIDAY, latest_holiday


@dataclass(frozen=True, slots=True)
class Period:
    """Local calendar days, both ends inclusive, and the words that said them."""

    start: date
    end: date
    said: str

    @property
    def is_day(self) -> bool:
        return self.start == self.end


_BEFORE_MONTH = (
    r"(?:in|of|last|this|since|from|for|early|mid|late|until|till|through|thru|by|during|around|"
    r"about|before|after|between|and|to|or|back in|my|the|past|en|de|desde|del|este|pasado)"
)
_MONTH_ALONE = re.compile(
    rf"(?<![\w'/-])(?:(?P<cue>{_BEFORE_MONTH})[\s-]+)?(?P<month>{MONTH})(?![\w'/]|-\d)"
)
# Month names that are also words or people's names: a cue must stand before them.
_WORDY_MONTHS = word_set("may mar jan")
_PERSON_BEFORE = re.compile(
    r"(?:dr|doctor|daughter|wife|sister|mother|mom|aunt|niece|name is|named|mrs|ms|miss|nurse)"
    r"\.?\s+$"
)
# "in may" is a month, "who may be", "and may i", "the may ..." need what follows to be no verb.
_MODAL_AFTER = re.compile(
    r"\s+(?:i|we|you|he|she|they|be|not|have|need|also|want|require|get|or may|owe|go|come|see|"
    r"it|cause|apply|never|well|even|still|just|my|take|change|lose|ask)\b"
)
_COUNT = (
    r"(?:(?:a\s+)?(?:couple|few)(?:\s+of)?|several|an?|\d{1,3}|" + "|".join(SMALL_NUMBERS) + ")"
)
_AGO = re.compile(
    rf"(?<![\w'/-])(?P<n>{_COUNT})\s+(?P<unit>day|week|month|year)s?\s+(?:ago|back)\b"
    rf"|(?:hace)\s+(?P<n_es>un|una|dos|tres|cuatro|cinco|seis|\d{{1,3}})\s+(?P<unit_es>d[ií]a|semana|mes|año)(?:e?s)?"
)
_PAST = re.compile(
    rf"\b(?:in|over|during|within|for)?\s*(?:the\s+)?(?:last|past)\s+(?P<n>{_COUNT})\s+"
    r"(?P<unit>day|week|month|year)s\b"
)
_NAMED = re.compile(
    r"\b(?P<dby>(?:the\s+)?day\s+before\s+yesterday|anteayer|antier)\b"
    r"|\b(?P<yesterday>yesterday|last\s+night|ayer|anoche)\b"
    r"|\b(?P<today>today|this\s+morning|this\s+afternoon|hoy|esta\s+mañana)\b"
    r"|\b(?P<rel>last|this|past)\s+(?P<what>week|month|year)s?\b(?!\s*'s\s+(?:time))"
    r"|\b(?:la|el|esta|este)\s+(?P<what_es>semana|mes|año)(?P<rel_es>\s+pasad[ao])?\b"
    r"|\b(?P<yearpart>(?:beginning|start|first\s+of)\s+(?:of\s+)?(?:the|this)\s+year)\b"
)
_SEASON = re.compile(
    r"\b(?:(?:in|from)(?:\s+the)?|over\s+the|during\s+the|since\s+the|last|this|this\s+past|that|since|early|late|"
    r"the\s+(?:early|late)|past)\s+(?P<season>spring|summer|fall|autumn|winter)(?:time)?"
    rf"(?:\s+of)?(?:\s+(?P<year>{YEAR}))?\b"
)
_SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
DAYS = {
    name: number
    for number, names in enumerate(
        ("monday lunes", "tuesday tues martes", "wednesday weds miercoles miércoles",
         "thursday thurs jueves", "friday viernes", "saturday sabado sábado", "sunday domingo")
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = re.compile(
    r"(?<!next )(?<!this coming )\b(?:(?:on|last|this past|past|this|el)\s+)?"
    r"(?P<day>" + "|".join(DAYS) + r")\b(?!\s+(?:hours|through|to|morning hours))"
)
_YEAR_ALONE = re.compile(
    rf"(?:\b(?:in|for|during|since|of|from|year|back in|en|desde)\s+|^\s*)"
    rf"(?P<year>{YEAR})(?![\w/,-]|\.\d)"
)
_RANGE_LINK = re.compile(r"\s*(?:to|and|through|thru|until|till|-|–|a|y|hasta)\s*(?:the\s+)?")
_RANGE_CUE = re.compile(r"\b(?:from|between|entre|desde|de)\s+(?:the\s+)?$")
_SINCE_CUE = re.compile(
    r"\b(?:since|ever since|starting|beginning|after|desde)\s+"
    r"(?:(?:about|around|the|last|in|on)\s+)*$"
)
_ONWARD = re.compile(
    r"\s+(?:on(?:wards?)?(?=\s*(?:$|[,.;!?]|and\b|until\b|till\b))|"
    r"(?:until now|to now|to today|till now|to date|to present)\b)"
)
_BORN_CUE = re.compile(r"(?:born|birth|birthday|dob|d\.o\.b\.?)\b[\w\s':]{0,12}$")


def _shift_month(day: date, months: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 - months
    return index // 12, index % 12 + 1


def _latest(month: int, day: int | None, today: date) -> tuple[date, date] | None:
    """The latest such month, or day, that is not in the future."""
    for year in (today.year, today.year - 1, today.year - 2, today.year - 3, today.year - 4):
        if day is None:
            if date(year, month, 1) <= today:
                return month_period(year, month)
        elif (found := make_date(year, month, day)) is not None and found <= today:
            return found, found
    return None


def _count(said: str) -> int:
    words = [w for w in said.split() if w not in ("of",)]
    if len(words) > 1 and words[0] == "a":
        words = words[1:]
    word = words[0]
    return int(word) if word.isdecimal() else FEW[word]


def _ago(unit: str, n: int, vague: bool, today: date) -> tuple[date, date] | None:
    """ "Two weeks ago": a day for days, the week around for weeks, the calendar month or year."""
    try:
        if unit == "day":
            day = today - timedelta(days=n)
            return (day - timedelta(2), day + timedelta(1)) if vague else (day, day)
        if unit == "week":
            day = today - timedelta(weeks=n)
            reach = timedelta(days=10 if vague else 3)
            return day - reach, min(today, day + reach)
        if unit == "month":
            first = month_period(*_shift_month(today, n + (1 if vague else 0)))[0]
            last = month_period(*_shift_month(today, n - (1 if vague else 0)))[1]
            return first, min(today, last)
        return date(today.year - n, 1, 1), date(today.year - n, 12, 31)
    except (ValueError, OverflowError):
        return None


_SPANISH_UNITS = {"dia": "day", "día": "day", "semana": "week", "mes": "month", "año": "year"}
_SPANISH_COUNTS = {"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6}


class _Found(NamedTuple):
    start: int
    end: int
    first: date
    last: date


def _calendar_unit(unit: str, back: int, today: date) -> tuple[date, date]:
    if unit == "week":
        # Weeks start on Sunday for some, on Monday for others: both readings are inside.
        monday = today - timedelta(days=today.weekday() + 7 * back)
        sunday = today - timedelta(days=today.isoweekday() % 7 + 7 * back)
        return min(monday, sunday), max(monday, sunday) + timedelta(days=6)
    if unit == "month":
        return month_period(*_shift_month(today, back))
    return date(today.year - back, 1, 1), date(today.year - back, 12, 31)


def _relative_periods(text: str, today: date) -> Iterator[_Found]:
    for match in _AGO.finditer(text):
        if match["unit"]:
            vague = any(w in match["n"] for w in ("few", "several", "couple"))
            found = _ago(match["unit"], _count(match["n"]), vague, today)
        else:
            n_es = match["n_es"]
            n = int(n_es) if n_es.isdecimal() else _SPANISH_COUNTS[n_es]
            found = _ago(_SPANISH_UNITS[match["unit_es"]], n, False, today)
        if found:
            yield _Found(match.start(), match.end(), *found)
    for match in _PAST.finditer(text):
        n, unit = _count(match["n"]), match["unit"]
        days = {"day": 1, "week": 7, "month": 31, "year": 366}[unit] * n
        if days < 36600:
            yield _Found(match.start(), match.end(), today - timedelta(days=days), today)
    for match in _NAMED.finditer(text):
        first, last = _named_period(match, today)
        yield _Found(match.start(), match.end(), first, last)
    for match in HOLIDAY.finditer(text):
        day = latest_holiday(match["holiday"], today)
        yield _Found(match.start(), match.end(), day, day)
    for match in _WEEKDAY.finditer(text):
        back = (today.weekday() - DAYS[match["day"]]) % 7 or 7
        day = today - timedelta(days=back)
        yield _Found(match.start(), match.end(), day, day)


def _named_period(match: re.Match[str], today: date) -> tuple[date, date]:
    if match["dby"]:
        return (today - timedelta(days=2),) * 2
    if match["yesterday"]:
        return (today - timedelta(days=1),) * 2
    if match["today"]:
        return today, today
    if match["yearpart"]:
        return date(today.year, 1, 1), date(today.year, 2, 28)
    if match["what"]:
        return _calendar_unit(match["what"], int(match["rel"] != "this"), today)
    return _calendar_unit(_SPANISH_UNITS[match["what_es"]], int(bool(match["rel_es"])), today)


def _season(month: int, year: int) -> tuple[date, date]:
    last = month_period(year + (month == 12), (month + 1) % 12 + 1)[1]
    return date(year, month, 1), last


def _calendar_periods(text: str, today: date) -> Iterator[_Found]:
    for d in find_dates(text):
        if _BORN_CUE.search(text, 0, d.start):
            continue
        if d.year is None:
            found = _latest(d.month, d.day, today)
        elif d.day is None:
            found = month_period(d.year, d.month)
        else:
            day = full_year(d.year, d.month, d.day, today)
            found = (day, day) if day else None
        if found:
            yield _Found(d.start, d.end, *found)
    for match in _MONTH_ALONE.finditer(text):
        month = match["month"]
        alone = text.strip(" .!?,") == month
        # "so and may i ..." is no month; "in may" is, and so is "may" as the whole answer.
        if month in _WORDY_MONTHS and not (match["cue"] or alone):
            continue
        if (
            month == "may"
            and (match["cue"] in ("and", "or", "to", "my", "the") or not alone)
            and _MODAL_AFTER.match(text, match.end())
        ):
            continue
        if _PERSON_BEFORE.search(text, 0, match.start("month")):
            continue
        found = _latest(MONTHS[month], None, today)
        if match["cue"] == "last" and found and found[0] <= today <= found[1]:
            found = month_period(found[0].year - 1, found[0].month)
        if found:
            yield _Found(match.start("month"), match.end(), *found)
    for match in _SEASON.finditer(text):
        month = _SEASONS[match["season"]]
        if match["year"]:
            first, last = _season(month, int(match["year"]))
        else:
            year = today.year if date(today.year, month, 1) <= today else today.year - 1
            first, last = _season(month, year)
        yield _Found(match.start(), match.end(), first, last)
    for match in _YEAR_ALONE.finditer(text):
        year = int(match["year"])
        yield _Found(match.start("year"), match.end(), date(year, 1, 1), date(year, 12, 31))


def _outermost(found: list[_Found]) -> list[_Found]:
    """Without those that lie inside a longer one: the "march" of "march 3rd"."""
    found.sort(key=lambda f: (f.start, f.start - f.end))
    kept: list[_Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def find_periods(said: Normalised, today: date) -> list[_Found]:
    text = said.text
    found = _outermost([*_calendar_periods(text, today), *_relative_periods(text, today)])
    merged: list[_Found] = []
    i = 0
    while i < len(found):
        one = found[i]
        cue = _RANGE_CUE.search(text, 0, one.start)
        if i + 1 < len(found):
            other = found[i + 1]
            link = _RANGE_LINK.fullmatch(text, one.end, other.start)
            if link and (cue or "and" not in link.group()) and one.first <= other.last:
                start = cue.start() if cue else one.start
                merged.append(_Found(start, other.end, one.first, other.last))
                i += 2
                continue
        since = _SINCE_CUE.search(text, 0, one.start)
        onward = _ONWARD.match(text, one.end)
        if (since or onward) and one.first <= today:
            start = since.start() if since else one.start
            end = onward.end() if onward else one.end
            one = _Found(start, end, one.first, today)
        merged.append(one)
        i += 1
    return merged


def read_period(text: str, today: date) -> Period | None:
    """The days that a service date means, both ends inclusive, in local days.

    A month or day without its year is the latest that is not in the future. Weeks are calendar
    weeks; "two weeks ago" is that week, give or take three days. Of two periods of which one
    holds the other the narrower counts; None when nothing or two different ones were said.
    """
    said = normalise(text)
    found = find_periods(said, today)
    narrowest = min(found, key=lambda f: f.last - f.first, default=None)
    if narrowest is None or any(
        not (f.first <= narrowest.first and narrowest.last <= f.last) for f in found
    ):
        return None
    words = said.said(narrowest.start, narrowest.end).strip()
    return Period(narrowest.first, narrowest.last, words)
