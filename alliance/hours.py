"""Whether a company's line is open: hours belong to the line's own zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from alliance.partners import Phone

# By the first letter of a zone's abbreviation (EST, CST, ...).
_ZONES = {
    "E": ("Eastern time", "hora del Este"),
    "C": ("Central time", "hora del Centro"),
    "M": ("Mountain time", "hora de la Montaña"),
    "P": ("Pacific time", "hora del Pacífico"),
}
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


def clock_words(moment: time) -> str:
    """Such as "8 a.m." or "9:30 p.m."."""
    half = "a.m." if moment.hour < 12 else "p.m."
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {half}"


def zone_words(zone: str, language: str = "en") -> str:
    """What people of the United States call a zone: "Eastern time"; else its own name."""
    short = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).tzname() or ""
    english, spanish = _ZONES.get(short[:1] if len(short) == 3 else "", (zone, zone))
    return spanish if language == "es" else english


def opening_words(opens: datetime, phone: Phone, moment: datetime) -> str:
    """Such as "tomorrow at 8 a.m. Eastern time"; `opens` as `next_opening` gives it for the line,
    `moment` is now (aware).
    """
    days = (opens.date() - moment.astimezone(opens.tzinfo).date()).days
    day = ("today", "tomorrow")[days] if days < 2 else f"on {opens:%A}"
    return f"{day} at {clock_words(opens.time())} {zone_words(phone.zone)}"
