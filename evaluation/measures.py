"""Figures from predictions: proportions with intervals, calibration, entity scores."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`, with the 95 % Wilson interval."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """0 to 1; not a number when nothing was counted."""
        return self.hits / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval at 95 %."""
        if not self.total:
            return math.nan, math.nan
        z, n, p = 1.96, self.total, self.value
        centre = p + z * z / (2 * n)
        spread = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%} to {high:.1%} of {self.total})"


def share(outcomes: Iterable[bool]) -> Share:
    """Of yes-or-no outcomes."""
    counted = list(outcomes)
    return Share(sum(counted), len(counted))


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of similar confidence."""

    count: int
    confidence: float
    accuracy: float


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Equal-width bins of confidence; empty ones are left out."""
    grouped: dict[int, list[tuple[float, bool]]] = {}
    for confidence, hit in zip(confidences, right, strict=True):
        grouped.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, hit))
    return [
        Bin(len(g), sum(c for c, _ in g) / len(g), sum(h for _, h in g) / len(g))
        for _, g in sorted(grouped.items())
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: mean gap of confidence and accuracy, weighted by count."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in bins) / total


def entity_scores(
    expected: Sequence[Iterable[Span]], found: Sequence[Iterable[Span]]
) -> dict[str, tuple[float, int]]:
    """F1 by kind and how many were expected; a find counts when kind and words overlap."""
    hits: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for gold, spans in zip(expected, found, strict=True):
        gold, spans = list(gold), list(spans)
        wanted.update(kind for kind, _, _ in gold)
        given.update(kind for kind, _, _ in spans)
        hits.update(kind for kind, _, _ in gold)
        hits.subtract(kind for kind, _, _ in unlike(gold, spans)[0])
    return {
        kind: (2 * hits[kind] / (wanted[kind] + given[kind]), wanted[kind])
        for kind in sorted(wanted)
    }


def unlike(expected: Iterable[Span], found: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """What of the expected was not found in one message, and what was found besides."""
    missed, left = [], list(found)
    for kind, start, end in expected:
        match = next((s for s in left if s[0] == kind and s[1] < end and start < s[2]), None)
        if match:
            left.remove(match)
        else:
            missed.append((kind, start, end))
    return missed, left
