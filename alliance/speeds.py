"""How long calls took, counted in steps: what two processes counted can be added up."""

from __future__ import annotations

from collections.abc import Sequence

# The upper bound of each step in milliseconds; what took longer is counted after the last one.
BOUNDS_MS = (5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 800, 1200, 2000, 3000)


def quantile_ms(counts: Sequence[int], share: float) -> int | None:
    """The bound within which this share of the calls stayed, in milliseconds: p95 is a share of
    0.95. None without a call. What took longer than the last bound is told as the last bound.
    """
    total = sum(counts)
    if not total:
        return None
    seen = 0
    for place, count in enumerate(counts):
        seen += count
        if seen >= share * total:
            return BOUNDS_MS[min(place, len(BOUNDS_MS) - 1)]
    return BOUNDS_MS[-1]
