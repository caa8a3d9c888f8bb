"""One X12 interchange with one transaction: written for a request, read from an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import StringIO

from pyx12.errors import X12Error
from pyx12.segment import Segment
from pyx12.x12file import X12Reader, X12Writer

from alliance.errors import MemberlineError

GUIDES = {"270": "005010X279A1", "276": "005010X212"}
_GROUPS = {"270": "HS", "276": "HR"}
_ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA"})

# A segment before it is written: its id and its elements; a tuple is a composite one.
Elements = tuple[str | tuple[str, ...], ...]


class Unreadable(MemberlineError):
    """What came is no X12 interchange with right counts."""

    code = "x12_unreadable"


@dataclass(frozen=True)
class Part:
    """One segment of an answer. Elements count from 1; missing ones are empty."""

    segment: Segment

    @property
    def id(self) -> str:
        return str(self.segment.get_seg_id())

    def text(self, number: int, component: int | None = None) -> str:
        """An element, or a component of a composite one."""
        if number > len(self.segment):
            return ""
        place = f"{self.id}{number:02d}" + (f"-{component}" if component else "")
        return str(self.segment.get_value(place) or "").strip()

    def money(self, number: int) -> Decimal | None:
        """Dollars to the cent; None where there is no such figure."""
        try:
            amount = Decimal(self.text(number)).quantize(Decimal("0.01"))
        except InvalidOperation:
            return None
        return amount if amount.is_finite() else None

    def day(self, number: int) -> date | None:
        """A day written CCYYMMDD."""
        return read_day(self.text(number))


def read_day(text: str) -> date | None:
    """CCYYMMDD, or None."""
    try:
        return datetime.strptime(text, "%Y%m%d").date() if len(text) == 8 else None  # noqa: DTZ007
    except ValueError:
        return None


@dataclass(frozen=True)
class Transaction:
    """An answer: its id ("271") and its segments from ST to SE."""

    id: str
    parts: tuple[Part, ...]

    def all(self, segment_id: str, qualifier: str | None = None) -> Iterator[Part]:
        """The segments of a kind, by their first element where a qualifier is given."""
        for part in self.parts:
            if part.id == segment_id and qualifier in (None, part.text(1)):
                yield part

    def loops(self, first: str) -> list[list[Part]]:
        """The segments in groups, each beginning with `first`; what comes before is left out."""
        groups: list[list[Part]] = []
        for part in self.parts:
            if part.id == first:
                groups.append([])
            if groups and part.id != "SE":
                groups[-1].append(part)
        return groups


def read(text: str) -> Transaction:
    """The one transaction of an interchange. Raises Unreadable."""
    try:
        reader = X12Reader(StringIO(text))
        segments = list(reader)
        reader.cleanup()
        errors = reader.pop_errors()
    except (X12Error, ValueError, IndexError) as error:
        raise Unreadable("The answer is not X12.") from error
    starts = [segment for segment in segments if segment.get_seg_id() == "ST"]
    if errors or len(starts) != 1:
        raise Unreadable("The answer's counts or control numbers are wrong.")
    parts = tuple(Part(each) for each in segments if each.get_seg_id() not in _ENVELOPE)
    return Transaction(Part(starts[0]).text(1), parts)


def write(
    transaction: str, body: Iterable[Elements], sender: str, receiver: str, now: datetime
) -> str:
    """An interchange with one transaction; `body` are the segments between ST and SE."""
    guide = GUIDES[transaction]
    day, minute = now.strftime("%Y%m%d"), now.strftime("%H%M")
    isa: Elements = (
        *("ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{sender:<15.15}"),
        *("ZZ", f"{receiver:<15.15}", day[2:], minute, "^", "00501", "000000001", "0", "P", ":"),
    )
    gs: Elements = ("GS", _GROUPS[transaction], sender, receiver, day, minute, "1", "X", guide)
    out = StringIO()
    with X12Writer(out, subele_term=":") as writer:
        for segment in (isa, gs, ("ST", transaction, "0001", guide), *body):
            writer.Write(Segment(_text(segment), "~", "*", ":"))
    return out.getvalue()


def _text(segment: Elements) -> str:
    """The segment with its delimiters; a member's words cannot bring delimiters of their own."""
    parts = [
        part if isinstance(part, str) and segment[0] == "ISA" else _plain(part) for part in segment
    ]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return "*".join(parts) + "~"


def _plain(part: str | tuple[str, ...]) -> str:
    if isinstance(part, tuple):
        return ":".join(_plain(each) for each in part).rstrip(":")
    kept = "".join(c for c in part if c.isprintable() and c not in "~*:^")
    return " ".join(kept.split())
