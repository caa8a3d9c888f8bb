"""All values in running text."""

from __future__ import annotations

import re
from typing import NamedTuple

from alliance.spoken import MONTHS, ORDINALS, Normalised, normalise
from alliance.values.amounts import amount_spans, unnamed_amounts
from alliance.values.common import ANY_DAY, Kind, Span
from alliance.values.dates import YEAR, birth_dates
from alliance.values.identifiers import claim_spans, id_spans
from alliance.values.periods import DAYS, find_periods
from alliance.values.zip_codes import zip_spans


class Value(NamedTuple):
    """A value found in a message, with its span in the message as it came."""

    kind: Kind
    start: int
    end: int
    value: str


# Times that are no service dates but still dates: what is to come, bare years and days.
_OTHER_DATES = re.compile(
    r"\b(?:next|this coming|coming)\s+(?:week|month|year|spring|summer|fall|winter|"
    + "|".join([*DAYS, *(m for m in MONTHS if len(m) > 3)])
    + r")\b|\btomorrow\b|\bmañana\b|\btonight\b|\b(?:last|this)\s+(?:yr|wk)\b"
    rf"|(?<![\w$./-]){YEAR}(?![\w/,-]|\.\d|\s+(?:dollars?|bucks?))"
    r"|\b(?:on|by|until|till|before|after|since|due|from|says?|said)\s+the\s+"
    rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)|(?:twenty[\s-])?(?:{'|'.join(ORDINALS)}))"
    r"(?=\s*(?:$|[,.;!?]|(?:and|or|but|to|of (?:the|this|last) month|when|if|so|that|is|was)\b))"
)


def find_values(text: str | Normalised) -> list[Value]:
    """All identity numbers, ZIP codes, dates and amounts in the text, in order; they may overlap.

    A date's value is its normalised words (`read_period` and the readers above make days of it).
    """
    said = normalise(text) if isinstance(text, str) else text
    written = said.text
    claims = claim_spans(said)
    found: list[tuple[Kind, int, int, str]] = [("claim_number", *span) for span in claims]
    zips = zip_spans(said)
    found += [("zip", *span) for span in zips]
    births = birth_dates(said, ANY_DAY)
    birth_starts = {start for start, _, _ in births}
    found += [
        ("member_id", *span)
        for span, _ in id_spans(said)
        if span.start not in birth_starts
        and not (span.value.isdigit() and _is_other(said, span))
        # ZIP+4: nine figures too.
        and not any((zip_code.start, zip_code.end) == (span.start, span.end) for zip_code in zips)
    ]
    found += [("date", start, end, written[start:end]) for start, end, _ in births]
    found += [
        ("date", f.start, f.end, written[f.start : f.end]) for f in find_periods(said, ANY_DAY)
    ]
    found += [
        ("date", *m.span(m.lastgroup or 0), m.group(m.lastgroup or 0))
        for m in _OTHER_DATES.finditer(written)
    ]
    found += [("amount", a.start, a.end, str(a.value)) for a in amount_spans(written)]
    found += [("amount", *span) for span in unnamed_amounts(said)]
    values = [
        Value(kind, *said.original_span(start, end), value)
        for kind, start, end, value in _without_withdrawn(found, written)
    ]
    return sorted(values, key=lambda v: (v.start, v.end))


# What is said between a number and the one that is meant instead.
_INSTEAD = re.compile(
    r"\W*(?:(?:oh|no|sorry|sry|wait|oops|uh|um|er|excuse me|that'?s wrong|my (?:bad|mistake)|"
    r"i'?m|rather|actually|scratch that|make (?:that|it)|it'?s|i mean(?:t)?|i mean to say)\W+)+"
)
_ONLY_PAUSES = re.compile(r"\W*(?:(?:oh|uh|um|er|it'?s|i'?m)\W+)*")
_NUMBERS = ("claim_number", "member_id", "zip")


def _without_withdrawn(
    found: list[tuple[Kind, int, int, str]], text: str
) -> list[tuple[Kind, int, int, str]]:
    """Without a number that is put right in the same breath: "P55521087, sorry, P55521078"."""
    starts = [(kind, start) for kind, start, _, _ in found if kind in _NUMBERS]

    def is_withdrawn(kind: Kind, end: int) -> bool:
        said_next = min((start for k, start in starts if k == kind and start >= end), default=end)
        between = text[end:said_next]
        return _INSTEAD.fullmatch(between) is not None and not _ONLY_PAUSES.fullmatch(between)

    return [each for each in found if not (each[0] in _NUMBERS and is_withdrawn(each[0], each[2]))]


# In running text fewer figures than these are hardly a member id.
_LEAST_BARE_ID = 8
_PHONE_CUE = re.compile(
    r"\b(?:call|phone|cell|mobile|fax|text|reach|telephone|tel[eé]fono)\b[\w\s:,']{0,40}$"
)


def _is_other(said: Normalised, span: Span) -> bool:
    """Too few figures for a member id, or ten or eleven that are a phone number."""
    if len(span.value) < _LEAST_BARE_ID:
        return True
    if not (len(span.value) == 10 or (len(span.value) == 11 and span.value[0] == "1")):
        return False
    if re.search(r"\bnpi\W+(?:\w+\W+)?$", said.text[: span.start]):
        return True
    written = said.text[span.start : span.end]
    grouped = re.fullmatch(r"(?:1[\s-])?\d{3}[\s-]\d{3}[\s-]\d{4}", written)
    return bool(grouped or _PHONE_CUE.search(said.text, 0, span.start))
