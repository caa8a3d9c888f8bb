"""The only source of time: held still for tests, told as each partner's local day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfoNotFoundError

import pytest

from alliance.clock import fixed_clock, system_clock
from alliance.errors import ConfigurationError

# (instant, zone, the day that a wall calendar there shows)
LOCAL_DAYS = [
    ("2026-03-14T09:30:00-04:00", "America/New_York", date(2026, 3, 14)),
    ("2026-03-14T23:59:59-04:00", "America/New_York", date(2026, 3, 14)),
    ("2026-03-15T03:59:59+00:00", "America/New_York", date(2026, 3, 14)),
    ("2026-03-15T04:00:00+00:00", "America/New_York", date(2026, 3, 15)),
    ("2026-03-15T04:00:00+00:00", "America/Los_Angeles", date(2026, 3, 14)),
    ("2026-03-15T04:00:00+00:00", "UTC", date(2026, 3, 15)),
    # The night when clocks go forward, and the one when they go back.
    ("2026-03-08T06:59:59+00:00", "America/New_York", date(2026, 3, 8)),
    ("2026-11-01T04:30:00+00:00", "America/New_York", date(2026, 11, 1)),
    ("2026-11-01T03:30:00+00:00", "America/New_York", date(2026, 10, 31)),
    ("2026-01-01T04:59:00+00:00", "America/New_York", date(2025, 12, 31)),
    ("2026-06-30T23:00:00-10:00", "America/New_York", date(2026, 7, 1)),
]


@pytest.mark.parametrize(("instant", "zone", "day"), LOCAL_DAYS)
def test_today_is_the_local_day(instant: str, zone: str, day: date) -> None:
    assert fixed_clock(datetime.fromisoformat(instant)).today(zone) == day


def test_the_default_zone_is_the_companies_own() -> None:
    clock = fixed_clock(datetime(2026, 7, 1, 3, tzinfo=UTC))
    assert clock.today() == date(2026, 6, 30)
    assert clock.local().utcoffset() == timedelta(hours=-4)


def test_now_is_always_utc() -> None:
    moment = datetime(2026, 3, 14, 9, 30, tzinfo=timezone(timedelta(hours=-4)))
    assert fixed_clock(moment).now().tzinfo is UTC
    assert fixed_clock(moment).now() == moment


def test_an_unknown_zone_is_an_error_and_not_another_day() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        fixed_clock(datetime(2026, 3, 14, tzinfo=UTC)).today("America/Memberline")


class TestSystemClock:
    def test_memberline_now_holds_it_still(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MEMBERLINE_NOW", "2026-03-14T09:30:00-04:00")
        clock = system_clock()
        assert clock.now() == clock.now() == datetime(2026, 3, 14, 13, 30, tzinfo=UTC)

    @pytest.mark.parametrize("value", [None, ""])
    def test_without_it_real_time_goes_on(
        self, monkeypatch: pytest.MonkeyPatch, value: str | None
    ) -> None:
        monkeypatch.delenv("MEMBERLINE_NOW", raising=False)
        if value is not None:
            monkeypatch.setenv("MEMBERLINE_NOW", value)
        before = datetime.now(UTC)
        assert before <= system_clock().now() <= datetime.now(UTC)

    @pytest.mark.parametrize(
        "value",
        ["today", "2026-13-01T00:00:00-05:00", "14.03.2026", "2026-02-30T00:00:00Z", "1773495000"],
    )
    def test_what_is_no_time_is_refused_with_an_example(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("MEMBERLINE_NOW", value)
        with pytest.raises(ConfigurationError, match="2026-03-14T09:30:00-04:00"):
            system_clock()

    @pytest.mark.parametrize("value", ["2026-03-14T09:30:00", "2026-03-14"])
    def test_a_time_without_offset_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv("MEMBERLINE_NOW", value)
        with pytest.raises(ConfigurationError, match="offset"):
            system_clock()
