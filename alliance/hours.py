"""Whether a company's line is open: hours belong to the line's own zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from alliance.partners import Phone

_SATURDAY = 5
_SUNDAY = 6


def is_open(phone: Phone, moment: datetime) -> bool:
    """Whether people answer at `moment` (aware)."""
    if phone.around_the_clock:
        return True
    local = moment.astimezone(ZoneInfo(phone.zone))
    if local.weekday() == _SUNDAY:
        return False
    hours = phone.saturday if local.weekday() == _SATURDAY else phone.weekdays
    if not hours:
        return False
    opens, closes = (time.fromisoformat(part) for part in hours.split("-"))
    return opens <= local.time() < closes


def next_opening(phone: Phone, moment: datetime) -> datetime | None:
    """When people answer next after `moment` (aware), in the line's zone; None when never."""
    local = moment.astimezone(ZoneInfo(phone.zone))
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        if day.weekday() == _SUNDAY:
            continue
        hours = phone.saturday if day.weekday() == _SATURDAY else phone.weekdays
        if not hours:
            continue
        opens = datetime.combine(day, time.fromisoformat(hours.split("-")[0]), local.tzinfo)
        if opens > local:
            return opens
    return None
