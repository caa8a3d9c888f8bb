"""Who may speak for a member, as a company's file has it, and how far that goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Representative:
    """A permission on file that names a person.

    `name`, `relationship` and `title` (the company's own words for the permission) are None where
    the file does not tell them. `limits` are its words for what the permission is limited to;
    `unread_limits` says that it has limits without words.
    """

    partner: str
    consent_id: str
    name: str | None
    relationship: str | None
    title: str | None
    start: date | None
    end: date | None
    limits: tuple[str, ...] = ()
    unread_limits: bool = False

    def in_force(self, on: date) -> bool:
        """Whether it holds on that day; ends are inclusive."""
        return (self.start or date.min) <= on <= (self.end or date.max)
