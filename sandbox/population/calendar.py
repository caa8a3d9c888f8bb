"""The anchor day, and the dates that invented data hangs on."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from alliance.clock import system_clock

# Before this day the alliance covers nobody.
ALLIANCE_START = date(2007, 7, 1)
MARCH, OCTOBER = 3, 10


def today(zone: str) -> date:
    """The partner's local day."""
    return system_clock().today(zone)


@dataclass(frozen=True)
class Anchor:
    """The day on which the data is looked at."""

    today: date

    def latest(self, month: int, day: int) -> date:
        """That day in the latest such month that has begun; never later than today."""
        year = self.today.year if month <= self.today.month else self.today.year - 1
        return min(date(year, month, day), self.today)

    def months_ago(self, months: int, day: int = 1) -> date:
        """That day of the month so many months back (the month's last day where it is shorter)."""
        index = self.today.year * 12 + self.today.month - 1 - months
        year, month = divmod(index, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day, last))

    def days_ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def years_ago(self, years: int, month: int = 1, day: int = 1) -> date:
        return date(self.today.year - years, month, day)

    def start(self, day: date) -> date:
        """A coverage's first day: no alliance coverage begins before the alliance does."""
        return max(day, ALLIANCE_START)

    def not_later(self, day: date) -> date:
        return min(day, self.today)
