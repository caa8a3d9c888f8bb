"""Amounts of money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from alliance.spoken import Normalised, normalise
from alliance.values.common import FEW, ROUND, SMALL_NUMBERS, Span

_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?"
_AMOUNT = re.compile(
    rf"""(?<![\w.,/-])(?:
      \$\s?(?P<sign>{_FIGURE})(?P<k>k)?(?:\s+(?:dollars?|bucks?))?(?:\s+(?:and\s+)?(?P<c0>\d{{1,2}})\s+cents?)?
    | (?P<word>{_FIGURE})\s*(?:dollars?|bucks?|usd|d[oó]lares)
        (?:\s+(?:and\s+|con\s+)?(?P<c1>\d{{1,2}})(?:\s+cents?)?(?![\d\w]))?
    | (?P<other>{_FIGURE})(?=\s*(?:or|to|and|-)\s*\$?{_FIGURE}\s*(?:dollars?|bucks?))
    | (?P<cents>\d{{1,2}})\s+cents?
    | (?P<plain>\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{2}})?|\d+\.\d{{2}})
    )(?![\w/]|[.,]\d)""",
    re.VERBOSE,
)
_WORD_DOLLARS = re.compile(
    r"(?<![\w'])(" + "|".join(SMALL_NUMBERS) + r")(?= (?:dollars?|bucks?)\b)"
)


class _Amount(NamedTuple):
    start: int
    end: int
    value: Decimal


def amount_spans(text: str) -> list[_Amount]:
    """Amounts of money in normalised text."""
    found: list[_Amount] = []
    for match in _AMOUNT.finditer(text):
        if match["cents"]:
            value = Decimal(match["cents"]) / 100
        else:
            figure = match["sign"] or match["word"] or match["other"] or match["plain"]
            value = Decimal(figure.replace(",", ""))
            cents = match["c0"] or match["c1"]
            if match["k"]:
                value *= 1000
            if cents and value == value.to_integral_value():
                value += Decimal(cents) / 100
        found.append(_Amount(match.start(), match.end(), value))
    found += [
        _Amount(m.start(), m.end(), Decimal(SMALL_NUMBERS[m[1]]))
        for m in _WORD_DOLLARS.finditer(text)
    ]
    return found


def read_amount(text: str) -> Decimal | None:
    """The one amount of money in dollars; a bare figure only when it is the whole message."""
    said = normalise(text).text
    found = {a.value for a in amount_spans(said)}
    if not found and (bare := re.fullmatch(rf"\s*(?:it'?s\s+|about\s+)?({_FIGURE})[\s.!]*", said)):
        found = {Decimal(bare[1].replace(",", ""))}
    return found.pop() if len(found) == 1 else None


# Money without its unit: after what is done with money, or so round that it is nothing else.
_MONEY_CUE = re.compile(
    r"\b(?:owe[sd]?|pay(?:ing|s)?|paid|asked|asks|charged?|charges|cost(?:s|ing)?|bill(?:ed)?|took|takes?|gave|"
    r"wants?|sent?|got|deduct(?:ed)?|dropped|spent|fee|total|amount|check|copay|worth)"
    r"(?:\s+(?:me|us|him|her|them|you|it|is|was|of|for|a|an|like|about|around|almost|nearly|over|"
    r"only|just|another|back|up|to|the|still|responsibility|out))*\s+$"
)
_NUMBER = re.compile(r"(?<![\w$.,/-])(\d{2,6})(?![\w%/-]|[.,:]\d)")
_COUNTED_THING = re.compile(
    r"\s*(?:%|percent|days?|weeks?|months?|years?|yrs?|hours?|hrs?|minutes?|mins?|visits?|times?|"
    r"people|kids|miles?|pills?|tablets?|mg|milligrams?|units?|sessions?|pounds?|lbs?|claims?|"
    r"bills?|letters?|st\b|street|avenue|ave|road|am\b|pm\b|o'clock|something|of (?:them|us|the)|"
    r"more (?:days|weeks|visits)|doctors?|companies|calls?|\w+ old)"
)
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_LONE_TENS = re.compile(rf"(?<![\w'-])({'|'.join(_TENS)})(?![\w'-])(?! (?:something|odd)\b)")
_GRAND = re.compile(r"\b(a|" + "|".join(SMALL_NUMBERS) + r"|\d{1,3}) (?:grand|k)\b")


def _with_cents(said: Normalised, at: int) -> str | None:
    """ "Sixty four fifty" and "three forty two sixteen" are dollars and cents, for the run of
    spoken numbers that stands there; None of other numbers ("four fifty", "fourteen hundred").
    """
    begin, _ = said.original_span(at, at + 1)
    pieces = next(([p.text for p in run.pieces] for run in said.runs if run.start == begin), [])
    dollars, cents = "".join(pieces[:-1]), pieces[-1] if pieces else ""
    spoken = 2 <= len(dollars) <= 3 and len(cents) == 2 and dollars.isdecimal()
    return f"{dollars}.{cents}" if spoken and cents.isdecimal() else None


def unnamed_amounts(said: Normalised) -> Iterator[Span]:
    """Amounts of money in running text that no "dollars" stands beside."""
    text = said.text
    for match in _NUMBER.finditer(text):
        if _COUNTED_THING.match(text, match.end()):
            continue
        spoken_round = ROUND.search(said.said(*match.span()).lower())
        if spoken_round or _MONEY_CUE.search(text, 0, match.start()):
            cents = _with_cents(said, match.start())
            yield Span(match.start(), match.end(), cents or match[1])
    for match in _LONE_TENS.finditer(text):
        cued = _MONEY_CUE.search(text, 0, match.start())
        # Of what somebody got or was sent twenty may be anything.
        sure = cued and not cued.group().startswith(("got", "sen"))
        if sure and not _COUNTED_THING.match(text, match.end()):
            yield Span(match.start(), match.end(), str(_TENS[match[1]]))
    for match in _GRAND.finditer(text):
        count = FEW.get(match[1]) or int(match[1])
        yield Span(match.start(), match.end(), str(count * 1000))
