"""Where a person can be reached, and how that is named without giving it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

ContactKind = Literal["mobile", "landline", "email"]
# A number that was changed a moment ago may be the change of somebody who wants the codes.
UNCHANGED = timedelta(days=30)
_KEPT_FIGURES = 2


@dataclass(frozen=True)
class Contact:
    """One way to a person. `since` is the day from which it has been on file, None: not known."""

    kind: ContactKind
    value: str
    since: date | None

    def usable(self, today: date) -> bool:
        """Whether a code may go there: known to be unchanged for 30 days."""
        return self.since is not None and today - self.since >= UNCHANGED

    @property
    def masked(self) -> str:
        """For reading: "mobile number ending in 02", "e-mail address m...@example.org"."""
        if self.kind == "email":
            name, _, host = self.value.partition("@")
            return f"e-mail address {name[:1]}...@{host}"
        return f"{_NAMES[self.kind]} ending in {self._ending}"

    @property
    def spoken(self) -> str:
        """For hearing. An address by e-mail is not read out: it is hard to hear, and tells."""
        if self.kind == "email":
            return "e-mail address on file"
        return f"{_NAMES[self.kind]} ending in {' '.join(self._ending)}"

    @property
    def _ending(self) -> str:
        return "".join(c for c in self.value if c.isdigit())[-_KEPT_FIGURES:]


_NAMES = {"mobile": "mobile number", "landline": "home phone"}


@dataclass(frozen=True)
class ContactFile:
    """A member's contacts as a company has them, best first, and the member ID on that file.

    `home` is the town of the address in use, as "Albany, NY".
    """

    member_id: str
    contacts: tuple[Contact, ...]
    home: str | None = None
