"""The table of appeals: which times hold for whom, and the last day counted from a notice.

A day is only ever counted from the notice's own date. Where a row tells no time, the letter does.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from alliance.errors import ConfigurationError

APPEALS_FILE = Path(__file__).parent / "data" / "appeals.yml"

Kind = Literal["insured", "self_funded", "non_erisa", "medicare", "dental", "fsa"]
Stage = Literal["pre_service", "post_service", "urgent"]
Level = Literal["internal", "external"]
ANY = "any"


@dataclass(frozen=True)
class Row:
    """One case of the table. `days` or `months` from the notice, neither where it is not told;
    `decided_in` and `how` are words for members.
    """

    kind: Kind
    state: str
    stage: Stage
    level: Level
    days: int | None
    months: int | None
    decided_in: str | None
    how: str | None
    effective: date
    expires: date | None
    sources: tuple[str, ...]

    @property
    def within(self) -> str | None:
        """'180 days' or 'four months', in words."""
        if self.days is not None:
            return f"{self.days} days"
        return f"{_COUNTS.get(self.months, str(self.months))} months" if self.months else None

    def last_day(self, notice: date) -> date | None:
        """The last day, counted from the notice's date; None where the row tells no time."""
        if self.days is not None:
            return notice + timedelta(days=self.days)
        return _months_later(notice, self.months) if self.months else None

    def in_force(self, on: date) -> bool:
        return self.effective <= on <= (self.expires or date.max)


_COUNTS: Mapping[int | None, str] = {2: "two", 3: "three", 4: "four", 6: "six"}


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Appeals:
    """All rows."""

    rows: tuple[Row, ...]

    def find(
        self, kind: Kind, stage: Stage, level: Level, on: date, state: str | None = None
    ) -> Row | None:
        """The row in force on a day: the state's own before the one for all states."""
        fitting = [
            row
            for row in self.rows
            if (row.kind, row.stage, row.level) == (kind, stage, level)
            and row.state in (state, ANY)
            and row.in_force(on)
        ]
        fitting.sort(key=lambda row: (row.state != ANY, row.effective), reverse=True)
        return fitting[0] if fitting else None


def load_appeals(document: Any) -> Appeals:
    """Read `appeals.yml`, parsed. Raises ConfigurationError with what to do."""
    entries = document.get("rows") if isinstance(document, Mapping) else None
    if not isinstance(entries, list) or not entries:
        raise ConfigurationError("appeals.yml needs 'rows'.")
    rows = tuple(_row(number, entry) for number, entry in enumerate(entries, start=1))
    for row in rows:
        twin = next((other for other in rows if other is not row and _overlap(row, other)), None)
        if twin:
            raise ConfigurationError(
                f"appeals.yml: two rows hold at once for {row.kind}, {row.state}, {row.stage}, "
                f"{row.level}: end one of them."
            )
    return Appeals(rows)


def _overlap(one: Row, other: Row) -> bool:
    return (
        (one.kind, one.state, one.stage, one.level)
        == (other.kind, other.state, other.stage, other.level)
        and one.effective <= (other.expires or date.max)
        and other.effective <= (one.expires or date.max)
    )


def _row(number: int, entry: Any) -> Row:
    where = f"appeals.yml: row {number}"
    if not isinstance(entry, Mapping):
        raise ConfigurationError(f"{where} needs kind, state, stage, level and effective.")
    for name, values in (("kind", Kind), ("stage", Stage), ("level", Level)):
        if entry.get(name) not in get_args(values):
            raise ConfigurationError(f"{where}: {name} is one of {', '.join(get_args(values))}.")
    effective, expires = entry.get("effective"), entry.get("expires")
    if not isinstance(effective, date) or not isinstance(expires, date | None):
        raise ConfigurationError(f"{where}: 'effective' and 'expires' are dates, 2026-01-31.")
    within = entry.get("file_within") or {}
    days, months = within.get("days"), within.get("months")
    if any(not isinstance(count, int) or count < 1 for count in within.values()):
        raise ConfigurationError(f"{where}: 'file_within' counts days or months.")
    if not entry.get("sources"):
        raise ConfigurationError(f"{where} needs 'sources'.")
    return Row(
        kind=entry["kind"],
        state=str(entry.get("state", ANY)),
        stage=entry["stage"],
        level=entry["level"],
        days=days,
        months=months,
        decided_in=entry.get("decided_in"),
        how=entry.get("how"),
        effective=effective,
        expires=expires,
        sources=tuple(str(each) for each in entry["sources"]),
    )
