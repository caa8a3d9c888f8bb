"""Calendar dates and dates of birth."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from alliance.spoken import MONTHS, Normalised, Piece, normalise

MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
YEAR = r"(?:19|20)\d{2}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"""(?<![\w/$-])(?:
      (?P<iso_y>{YEAR})-(?P<iso_m>\d{{1,2}})-(?P<iso_d>\d{{1,2}})
    | (?P<n_m>\d{{1,2}})(?P<sep>[/.-]|\ )(?P<n_d>\d{{1,2}})(?P=sep)
        (?P<n_y>{YEAR}|(?:19|20)\ \d{{2}}|\d{{2}})
    | (?P<p_m>\d{{1,2}})/(?P<p_d>\d{{1,2}})
    | (?P<m_m>{MONTH})\.?[\ ,-]+(?:the[\ ]+|el[\ ]+)?(?P<m_d>{_DAY})
        (?:(?:,|[\ ]*of|[\ ]*del?|[\ ]*in)?[\ ,-]*(?P<m_y>{YEAR}|(?<=[\ ,])'?\d{{2}}))?
    | (?:the[\ ]+)?(?P<d_d>{_DAY})[\ -]+(?:of[\ ]+|day[\ ]+of[\ ]+|de[\ ]+)?(?P<d_m>{MONTH})\b\.?
        (?:(?:,|[\ ]*of|[\ ]*del?|[\ ]*in)?[\ ,-]*(?P<d_y>{YEAR}|(?<=[\ ,-])'?\d{{2}}))?
    | (?P<y_m>{MONTH})\.?[\ ,]+(?:of[\ ]+|del?[\ ]+|in[\ ]+)?(?P<y_y>{YEAR})
    )(?![\w/]|-\d)""",
    re.VERBOSE,
)


class _Date(NamedTuple):
    """A calendar date as said; what was not said is None. Two-digit years are below 100."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None


def find_dates(text: str) -> Iterator[_Date]:
    for match in _DATE.finditer(text):
        groups = match.groupdict()
        prefix = next(p for p in ("iso", "n", "p", "m", "d", "y") if groups.get(f"{p}_m"))
        year = groups.get(f"{prefix}_y")
        said_month, said_day = groups[f"{prefix}_m"], groups.get(f"{prefix}_d")
        month = MONTHS.get(said_month) or int(said_month)
        day = int(re.sub(r"\D", "", said_day)) if said_day else None
        if month > 12 and day is not None and day <= 12:
            month, day = day, month
        if 1 <= month <= 12 and (day is None or 1 <= day <= 31):
            yield _Date(
                match.start(),
                match.end(),
                int(re.sub(r"\D", "", year)) if year else None,
                month,
                day,
            )


def make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(year: int, month: int, day: int, today: date) -> date | None:
    """The date, a two-digit year being the latest that is not in the future."""
    if year >= 100:
        return make_date(year, month, day)
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        found = make_date(century + year, month, day)
        if found is not None and found <= today:
            return found
    return None


_OLDEST_YEARS = 125


def _is_birth_date(born: date, today: date) -> bool:
    return born <= today and today.year - born.year <= _OLDEST_YEARS


def _digit_splits(pieces: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Month, day, year and the number of joined words, for every way to cut spoken pieces."""
    count = len(pieces)
    for i in range(1, count - 1):
        month = "".join(pieces[:i])
        if len(month) > 2:
            break
        for j in range(i + 1, count):
            day, year = "".join(pieces[i:j]), "".join(pieces[j:])
            if len(day) > 2:
                break
            if len(year) in (2, 4) and (len(year) == 2 or year[:2] in ("19", "20")):
                joined = (i > 1 and pieces[0] != "0") + (j - i > 1 and pieces[i] != "0")
                yield int(month), int(day), int(year), joined


def _dates_in_digits(pieces: Sequence[Piece], today: date) -> list[date]:
    """Birth dates that a run of figures without separators may mean, most literal first."""
    texts: list[str] = []
    for piece in pieces:
        if piece.kind not in ("digit", "number", "typed"):
            return []
        texts += [piece.text] if piece.kind == "number" and len(piece.text) != 4 else (
            [piece.text[:2], piece.text[2:]] if piece.kind == "number" else list(piece.text)
        )  # fmt: skip
    total = "".join(texts)
    if not 4 <= len(total) <= 8:
        return []
    if len(total) == 8:
        texts = [total[:2], total[2:4], total[4:]]
    scored: list[tuple[int, date]] = []
    for month, day, year, joined in _digit_splits(texts):
        found = full_year(year, month, day, today)
        if found is not None and _is_birth_date(found, today):
            scored.append((joined, found))
    if not scored:
        return []
    fewest = min(score for score, _ in scored)
    return list(dict.fromkeys(found for score, found in scored if score == fewest))


_COMPACT_DATE = re.compile(r"(?<![\w.$/-])(\d{2})(\d{2})(\d{4}|\d{2})(?![\w/-])")


def birth_dates(said: Normalised, today: date) -> list[tuple[int, int, date]]:
    """All birth dates in the text, with their spans in the normalised text."""
    found: list[tuple[int, int, date]] = []
    for d in find_dates(said.text):
        if d.year is not None and d.day is not None:
            born = full_year(d.year, d.month, d.day, today)
            if born is not None and _is_birth_date(born, today):
                found.append((d.start, d.end, born))
    if found:
        return found
    for run in said.runs:
        dates = _dates_in_digits(run.pieces, today)
        if len(dates) == 1:
            start, end = _normalised_span(said, run.start, run.end)
            found.append((start, end, dates[0]))
    if found:
        return found
    for match in _COMPACT_DATE.finditer(said.text):
        born = full_year(int(match[3]), int(match[1]), int(match[2]), today)
        if born is not None and _is_birth_date(born, today):
            found.append((match.start(), match.end(), born))
    return found


def _normalised_span(said: Normalised, start: int, end: int) -> tuple[int, int]:
    """The span of the normalised text that came from `original[start:end]`."""
    inside = [
        i
        for i in range(len(said.text))
        if start <= said.original_span(i, i + 1)[0] < end
    ]  # fmt: skip
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def read_date_of_birth(text: str, today: date) -> date | None:
    """A birth date in any form: "5/12/80", "may the twelfth nineteen eighty", keys 05121980.

    Month before day, as in the US, unless only the other order is a date. Two-digit years are the
    latest that is not after `today`. None when there is no full date, or more than one.
    """
    dates = {born for _, _, born in birth_dates(normalise(text), today)}
    return dates.pop() if len(dates) == 1 else None


def month_period(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
