"""One X12 interchange with one transaction: read from text, and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from pyx12.errors import X12Error
from pyx12.segment import Segment
from pyx12.x12file import X12Reader, X12Writer

# The implementation guides by transaction, and the functional group that carries each.
GUIDES = {"271": "005010X279A1", "277": "005010X212", "835": "005010X221A1"}
_GROUPS = {"271": "HB", "277": "HN", "835": "HP"}
_ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA"})

# A segment before it is written: its id and elements; a tuple is a composite.
Elements = tuple[str | tuple[str, ...], ...]


class BadInterchange(Exception):
    """The text is no X12 interchange that this payer can read."""


@dataclass(frozen=True)
class Transaction:
    """What came in: the transaction's id ("270"), who sent it, and its segments, ST to SE."""

    id: str
    sender: str
    segments: tuple[Segment, ...]

    def first(self, segment_id: str, qualifier: str | None = None) -> Segment | None:
        """The first such segment, by its first element where a qualifier is given."""
        return next(self.all(segment_id, qualifier), None)

    def all(self, segment_id: str, qualifier: str | None = None) -> Iterator[Segment]:
        for segment in self.segments:
            if segment.get_seg_id() == segment_id and (
                qualifier is None or element(segment, 1) == qualifier
            ):
                yield segment


def element(segment: Segment | None, number: int) -> str:
    """An element's value, empty where it is missing."""
    if segment is None or number > len(segment):
        return ""
    return str(segment.get_value(f"{segment.get_seg_id()}{number:02d}") or "")


def read(text: str) -> Transaction:
    """The one transaction of an interchange. Raises BadInterchange."""
    try:
        reader = X12Reader(StringIO(text))
        segments = list(reader)
        reader.cleanup()
        errors = reader.pop_errors()
    except (X12Error, ValueError, IndexError) as error:
        raise BadInterchange("The payload is not X12.") from error
    starts = [segment for segment in segments if segment.get_seg_id() == "ST"]
    if errors or len(starts) != 1:
        raise BadInterchange("The interchange's counts or control numbers are wrong.")
    sender = next((element(s, 6).strip() for s in segments if s.get_seg_id() == "ISA"), "")
    body = tuple(segment for segment in segments if segment.get_seg_id() not in _ENVELOPE)
    return Transaction(element(starts[0], 1), sender, body)


def write(
    transaction: str, body: Iterable[Elements], sender: str, receiver: str, now: datetime
) -> str:
    """An interchange with one transaction; `body` are the segments between ST and SE."""
    group, guide = _GROUPS[transaction], GUIDES[transaction]
    day, minute = now.strftime("%Y%m%d"), now.strftime("%H%M")
    isa: Elements = (
        *("ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{sender:<15.15}"),
        *("ZZ", f"{receiver:<15.15}", day[2:], minute, "^", "00501", "000000001", "0", "T", ":"),
    )
    gs: Elements = ("GS", group, sender, receiver, day, minute, "1", "X", guide)
    # 835 names its guide in GS08 only.
    st: Elements = ("ST", transaction, "0001", *(() if transaction == "835" else (guide,)))
    out = StringIO()
    with X12Writer(out, subele_term=":") as writer:
        for segment in (isa, gs, st, *body):
            writer.Write(Segment(_text(segment), "~", "*", ":"))
    return out.getvalue()


def _text(segment: Elements) -> str:
    """The segment with its delimiters; what is empty at its end is left out."""
    parts = [
        part if isinstance(part, str) and segment[0] == "ISA" else _plain(part) for part in segment
    ]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return "*".join(parts) + "~"


def _plain(part: str | tuple[str, ...]) -> str:
    """An element without delimiters and outside the extended character set of X12."""
    if isinstance(part, tuple):
        return ":".join(_plain(each) for each in part).rstrip(":")
    kept = "".join(c for c in part if c.isprintable() and c not in "~*:^")
    return " ".join(kept.split())
