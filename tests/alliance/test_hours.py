"""When a line opens, in the words of its own zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from alliance.hours import next_opening, opening_words, zone_words
from alliance.partners import Phone

LINE = Phone(
    member_services="1-800-555-0199",
    tty="711",
    zone="America/New_York",
    weekdays="08:00-20:00",
    saturday=None,
    around_the_clock=False,
)


@pytest.mark.parametrize(
    ("zone", "english", "spanish"),
    [
        ("America/New_York", "Eastern time", "hora del Este"),
        ("America/Detroit", "Eastern time", "hora del Este"),
        ("America/Chicago", "Central time", "hora del Centro"),
        ("America/Denver", "Mountain time", "hora de la Montaña"),
        ("America/Los_Angeles", "Pacific time", "hora del Pacífico"),
        ("Pacific/Guam", "Pacific/Guam", "Pacific/Guam"),
    ],
)
def test_a_zone_as_people_call_it(zone: str, english: str, spanish: str) -> None:
    assert zone_words(zone) == english
    assert zone_words(zone, "es") == spanish


@pytest.mark.parametrize(
    ("now", "zone", "words"),
    [
        # Saturday, 2 p.m. in New York.
        (datetime(2026, 11, 28, 19, tzinfo=UTC), "America/New_York", "on Monday at 8 a.m. Eastern"),
        # Tuesday, 6:30 a.m. in Minneapolis, where it is an hour earlier.
        (datetime(2026, 12, 1, 12, 30, tzinfo=UTC), "America/Chicago", "today at 8 a.m. Central"),
        # Tuesday, 9 p.m. in New York; in UTC it is Wednesday already.
        (
            datetime(2026, 12, 2, 2, tzinfo=UTC),
            "America/New_York",
            "tomorrow at 8 a.m. Eastern",
        ),
    ],
)
def test_when_people_answer_next(now: datetime, zone: str, words: str) -> None:
    line = replace(LINE, zone=zone)
    opens = next_opening(line, now)
    assert opens is not None
    assert opening_words(opens, line, now) == f"{words} time"


def test_half_past_is_told() -> None:
    now = datetime(2026, 12, 1, 10, tzinfo=UTC)
    line = replace(LINE, weekdays="08:30-17:00")
    opens = next_opening(line, now)
    assert opens is not None
    assert opening_words(opens, line, now) == "today at 8:30 a.m. Eastern time"
