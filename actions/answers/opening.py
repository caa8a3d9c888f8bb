"""When a doctor or place is open, as far as a directory tells it: "open on Sunday?", "evenings"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time

from alliance.directory import DirectorySearch, Listing, OpenHours, Weekday

_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip
_NOT_DAYS = r"(?<!since )(?<!last )(?<!until )(?<!by )"
_DAY = re.compile(rf"\b{_NOT_DAYS}(mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)
_WEEKEND = re.compile(r"\bweekends?\b", re.IGNORECASE)
_EVENING = re.compile(
    r"\bevenings?\b|\bafter (?:work|hours|[5-9](?: ?p\.?m\.?| o'?clock)?)\b|"
    r"\b(?:open|opens?|hours) (?:late(?:st|r)?|at night)\b|\blate hours\b|\bnights\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"\b24 ?(?:/ ?7|hours?|hrs?)\b|\b(?:around|round) the clock\b|\ball night\b|"
    r"\bday and night\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\bopen (?:right )?(?:now|today|tonight)\b", re.IGNORECASE)
_TOMORROW = re.compile(r"\bopen tomorrow\b", re.IGNORECASE)
# So many are looked through for those that are open.
MOST_SEARCHED = 40
# Whoever is open so late is open in the evening.
_EVENING_UNTIL = time(18, 30)


@dataclass(frozen=True)
class Opening:
    """The days of which one will do; `evening` for open in the evening, `always` for never shut."""

    days: tuple[Weekday, ...] = ()
    evening: bool = False
    always: bool = False

    @property
    def words(self) -> str:
        """ "open on Saturday or Sunday in the evening"."""
        if self.always:
            return "open around the clock"
        on = f" on {' or '.join(_NAMES[day] for day in self.days)}" if self.days else ""
        return f"open{on}{' in the evening' if self.evening else ''}"

    def fits(self, listing: Listing) -> bool | None:
        """Whether it is open then; None where its directory lists no hours."""
        if not listing.hours:
            return None
        return any(self._holds(each) for each in listing.hours)

    def _holds(self, hours: OpenHours) -> bool:
        always = hours.opens is None or hours.closes is None
        if self.always:
            return always
        if self.days and not {*self.days} & {*hours.days}:
            return False
        if not self.evening or always or hours.closes is None or hours.opens is None:
            return True
        # Past midnight is late enough.
        return hours.closes >= _EVENING_UNTIL or hours.closes <= hours.opens


def wanted_opening(text: str, today: date) -> Opening | None:
    """When the words want it to be open, or None where they say nothing of it."""
    if _ALWAYS.search(text):
        return Opening(always=True)
    days: list[Weekday] = []
    for found in _DAY.finditer(text):
        days += [day for day in _WEEK if _NAMES[day].lower().startswith(found[1].lower())]
    if _WEEKEND.search(text):
        days += ["sat", "sun"]
    if _TODAY.search(text):
        days.append(_WEEK[today.weekday()])
    if _TOMORROW.search(text):
        days.append(_WEEK[(today.weekday() + 1) % len(_WEEK)])
    evening = bool(_EVENING.search(text)) or bool(re.search(r"\btonight\b", text, re.I) and days)
    return Opening(tuple(dict.fromkeys(days)), evening) if days or evening else None


def open_first(found: DirectorySearch, wish: Opening | None) -> tuple[DirectorySearch, str]:
    """Those that their directory lists as open then. Where none is, all of them, and what to say
    before them.
    """
    if wish is None or not found.listings:
        return found, ""
    fitting = tuple(listing for listing in found.listings if wish.fits(listing))
    if fitting:
        return replace(found, listings=fitting), (
            f"Each is listed as {wish.words}. Hours change, so call before you go."
        )
    if all(wish.fits(listing) is None for listing in found.listings):
        return found, (
            f"The directories list no hours here, so I can't tell who is {wish.words}: ask the "
            "office. These are the nearest."
        )
    return found, (
        f"I found none nearby that a directory lists as {wish.words}. An office may keep other "
        "hours, so ask it. These are the nearest."
    )
