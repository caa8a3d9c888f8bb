"""The only source of time: an instant and, for days and hours, an IANA zone.

`MEMBERLINE_NOW` (ISO 8601 with offset, e.g. `2026-03-14T09:30:00-04:00`) holds the clock still for
tests and the sandbox. Token lifetimes use real time instead: they are agreed with other machines.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from alliance.errors import ConfigurationError

# Both companies' seats and most members; a partner's own zone stands in its configuration.
DEFAULT_ZONE = "America/New_York"


@dataclass(frozen=True)
class Clock:
    """Tells the time. `instant` returns an aware datetime in UTC."""

    instant: Callable[[], datetime]

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.instant().astimezone(UTC)

    def local(self, zone: str = DEFAULT_ZONE) -> datetime:
        """The instant as a wall clock in `zone` shows it."""
        return self.now().astimezone(ZoneInfo(zone))

    def today(self, zone: str = DEFAULT_ZONE) -> date:
        """The calendar day in `zone`: coverage dates are a partner's local days."""
        return self.local(zone).date()


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still at `moment` (aware)."""
    if moment.tzinfo is None:
        raise ConfigurationError(
            "A fixed time needs an offset: write it like 2026-03-14T09:30:00-04:00."
        )
    return Clock(lambda: moment)


def system_clock() -> Clock:
    """The machine's clock, or the moment in MEMBERLINE_NOW."""
    text = os.environ.get("MEMBERLINE_NOW")
    if not text:
        return Clock(lambda: datetime.now(UTC))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(
            f"MEMBERLINE_NOW is {text!r}: write it like 2026-03-14T09:30:00-04:00, or unset it."
        ) from error
    return fixed_clock(moment)
