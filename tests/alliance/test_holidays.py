"""Every holiday that members name is read as a day; none stops the reading of a message."""

from datetime import date

import pytest

from alliance.values import read_period

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("christmas", date(2025, 12, 25)),
        ("xmas", date(2025, 12, 25)),
        ("xmas eve", date(2025, 12, 24)),
        ("new years", date(2026, 1, 1)),
        ("new year's day", date(2026, 1, 1)),
        ("thanksgiving", date(2026, 11, 26)),
        ("halloween", date(2026, 10, 31)),
        ("valentines", date(2026, 2, 14)),
        ("martin luther king day", date(2026, 1, 19)),
        ("mlk day", date(2026, 1, 19)),
        ("m l k day", date(2026, 1, 19)),
        ("presidents' day", date(2026, 2, 16)),
        ("memorial day", date(2026, 5, 25)),
        ("independence day", date(2026, 7, 4)),
        ("labor day", date(2026, 9, 7)),
        ("columbus day", date(2026, 10, 12)),
        ("veterans day", date(2026, 11, 11)),
        ("easter", date(2026, 4, 5)),
        ("the fourth of july", date(2026, 7, 4)),
        ("4th of july", date(2026, 7, 4)),
        ("navidad", date(2025, 12, 25)),
    ],
)
def test_a_holiday_is_the_latest_such_day(said: str, day: date) -> None:
    period = read_period(f"the bill from {said}", TODAY)

    assert period is not None
    assert (period.start, period.end) == (day, day)
