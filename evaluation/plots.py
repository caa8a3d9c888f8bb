"""Plots of the report as data URIs."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np

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
    figure, axes = plt.subplots(figsize=(6.5, 4.5))
    values = [s.value for s in named.values()]
    low = [s.value - s.interval[0] for s in named.values()]
    high = [s.interval[1] - s.value for s in named.values()]
    axes.barh(list(named), values, xerr=[low, high], capsize=6)
    axes.set(xlim=(0.5, 1))
    axes.invert_yaxis()
    return _uri(figure)


def confusion(pairs: Mapping[tuple[str, str], int], worst: Sequence[tuple[str, str]]) -> str:
    """How often each intent of the worst pairs (rows) is taken for each other of them."""
    names = sorted({name for pair in worst for name in pair})
    counts = np.array([[pairs.get((said, taken), 0) for taken in names] for said in names])
    errors = counts * (1 - np.eye(len(names), dtype=int))
    figure, axes = plt.subplots(figsize=(9, 8))
    axes.imshow(errors, cmap="Reds")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            color = "white" if 2 * errors[row, column] > errors.max() else "black"
            axes.text(column, row, str(count), ha="center", va="center", fontsize=7, color=color)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.set(xlabel="taken for", ylabel="said")
    return _uri(figure)


def latency(took: Sequence[float], targets: tuple[float, float]) -> str:
    """Share of messages understood within so many milliseconds, with p50 and p95 targets."""
    figure, axes = plt.subplots(figsize=(4.5, 4.5))
    axes.plot(np.sort(took), np.arange(1, len(took) + 1) / len(took))
    axes.scatter(targets, (0.5, 0.95), marker="x", color="red")
    axes.set(
        xlabel="ms", ylabel="share of messages", xlim=(0, max(3 * targets[1], np.median(took)))
    )
    return _uri(figure)


def bars(named: Mapping[str, float], target: float) -> str:
    """One bar each, and the target as a line."""
    figure, axes = plt.subplots(figsize=(3, 4.5))
    axes.bar(list(named), list(named.values()))
    axes.axhline(target, color="red", linestyle="--")
    return _uri(figure)


def beside(measured: Mapping[str, Mapping[str, float]]) -> str:
    """Share right by style, one group of bars for each pipeline."""
    figure, axes = plt.subplots(figsize=(5, 4.5))
    width = 0.8 / len(measured)
    for number, (name, styles) in enumerate(measured.items()):
        axes.bar(np.arange(len(styles)) + number * width, list(styles.values()), width, label=name)
    axes.set_xticks(np.arange(len(styles)) + width / 2, list(styles))
    axes.set(ylim=(0, 1))
    axes.legend()
    return _uri(figure)


def _uri(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.tight_layout()
    figure.savefig(buffer, format="png", dpi=110)
    plt.close(figure)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
