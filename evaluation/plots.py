"""Plots of the report as data URIs."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from evaluation.measures import Bin, Share


def reliability(bins: Sequence[Bin]) -> str:
    """Accuracy over confidence; the dots' size says how many messages."""
    figure, axes = plt.subplots(figsize=(4.5, 4.5))
    most = max(b.count for b in bins)
    axes.plot([0, 1], [0, 1], "--", color="grey")
    sizes = [20 + 180 * b.count / most for b in bins]
    axes.scatter([b.confidence for b in bins], [b.accuracy for b in bins], sizes)
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02))
    return _uri(figure)


def shares(named: Mapping[str, Share]) -> str:
    """One bar each, with its interval."""
    figure, axes = plt.subplots(figsize=(4.5, 4.5))
    values = [s.value for s in named.values()]
    low = [s.value - s.interval[0] for s in named.values()]
    high = [s.interval[1] - s.value for s in named.values()]
    axes.bar(list(named), values, yerr=[low, high], capsize=6)
    axes.set(ylim=(0.5, 1))
    return _uri(figure)


def _uri(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.tight_layout()
    figure.savefig(buffer, format="png", dpi=110)
    plt.close(figure)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
