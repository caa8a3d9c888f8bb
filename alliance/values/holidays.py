"""Days that members name by their holiday."""

from __future__ import annotations

import re
from datetime import date, timedelta

from alliance.values.dates import month_period

HOLIDAY = re.compile(
    r"\b(?P<holiday>(?:christmas|xmas)(?:\s+(?:eve|day))?|new\s+year'?s(?:\s+(?:eve|day))?|"
    r"thanksgiving|halloween|valentine'?s(?:\s+day)?|(?:martin\s+luther\s+king|m\s?l\s?k)\s+day|"
    r"presidents'?\s+day|president's\s+day|memorial\s+day|independence\s+day|labor\s+day|"
    r"columbus\s+day|veterans'?\s+day|easter(?:\s+sunday)?|(?:the\s+)?(?:fourth|4th)\s+of\s+july|navidad)\b"
)
# (month, day), or (month, weekday from Monday, which one of the month; -1 is the last).
_HOLIDAYS: dict[str, tuple[int, int] | tuple[int, int, int]] = {
    "christmas": (12, 25), "xmas": (12, 25), "navidad": (12, 25), "new": (1, 1),
    "thanksgiving": (11, 3, 4), "halloween": (10, 31), "valentine": (2, 14), "martin": (1, 0, 3),
    "mlk": (1, 0, 3), "m": (1, 0, 3), "president": (2, 0, 3), "memorial": (5, 0, -1),
    "independence": (7, 4), "labor": (9, 0, 1), "columbus": (10, 0, 2), "veteran": (11, 11),
    "fourth": (7, 4), "4th": (7, 4), "the": (7, 4),
}  # fmt: skip


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    moon = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (b % 4) + 2 * (c // 4) - moon - c % 4) % 7
    days = moon + week - 7 * ((a + 11 * moon + 22 * week) // 451) + 114
    return date(year, days // 31, days % 31 + 1)


def latest_holiday(name: str, today: date) -> date:
    """The latest such day that is not in the future."""
    if name.startswith("easter"):
        return max(d for y in (today.year, today.year - 1) if (d := _easter(y)) <= today)
    first_word = re.split(r"[\s']", name)[0].rstrip("s")
    rule = next(r for key, r in _HOLIDAYS.items() if first_word == key.rstrip("s"))
    for year in (today.year, today.year - 1):
        day = date(year, rule[0], 1)
        if len(rule) == 2:
            day = date(year, rule[0], rule[1])
            if name.endswith("eve"):
                day -= timedelta(days=1)
        elif rule[2] > 0:
            day += timedelta(days=(rule[1] - day.weekday()) % 7 + 7 * (rule[2] - 1))
        else:
            last = month_period(year, rule[0])[1]
            day = last - timedelta(days=(last.weekday() - rule[1]) % 7)
        if day <= today:
            break
    return day
