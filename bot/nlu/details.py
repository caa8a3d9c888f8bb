"""What of a topic a short message asks for, by example questions of the knowledge's entries
(data/nlu/details.tsv): "how long do I get to choose" is near those of COBRA's deadline, and near
those of other deadlines.

Which topic was talked about only the dialogue knows, so the nearest entry of every topic leaves.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from scipy import sparse

from alliance.errors import ConfigurationError
from bot.nlu.bands import Bands
from bot.nlu.text import Floats, Lexicon

_ROOT = Path(__file__).resolve().parent.parent.parent
WRITTEN = _ROOT / "data" / "nlu" / "details.tsv"
KNOWLEDGE = _ROOT / "alliance" / "data" / "knowledge"
# On each question: a list of {entry, confidence, band}.
DETAILS = "details"
# How much it counts against an entry that plain questions of the topics are near as well: what is
# left of their nearness is what the entry's is compared with.
_AGAINST = 0.5
# So many of an entry's questions, the nearest, speak for it.
_NEAREST = 3
# What the same words count beside the same meaning: a row of n-grams holds words and characters.
_BY_WORDS = 0.25
# So many entries, by their questions' mean, and plain questions are compared one by one: the others
# are too far away to be believed, and most of the time would go to them.
_MOST_ENTRIES, _MOST_PLAIN = 250, 50
# Of their questions only so many, the nearest by meaning, are compared by words as well.
_MOST_BY_WORDS = 400
# Principal directions of the encoder's vectors that are compared: the rest costs time and tells
# little.
_DIRECTIONS = 128


@dataclass(frozen=True, slots=True)
class Asked:
    """An entry's example questions; `topics` are the intents that it is asked of."""

    entry: str
    topics: tuple[str, ...]
    questions: tuple[str, ...]


def asked(path: Path = WRITTEN, knowledge: Path = KNOWLEDGE) -> list[Asked]:
    """The entries that have example questions, in the order of those. Raises ConfigurationError
    where they name no entry.
    """
    questions: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        entry, question = line.split("\t")
        questions[entry].append(question)
    topics = {
        entry["id"]: (entry["intent"], *entry.get("after", ()))
        for file in sorted(knowledge.glob("*.yml"))
        for entry in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)["entries"]
    }
    if unknown := sorted(questions.keys() - topics.keys()):
        raise ConfigurationError(
            f"{path.name} has questions for {', '.join(unknown)}, which is no entry of the "
            "knowledge: take them out, or give the entry back."
        )
    return [Asked(entry, topics[entry], tuple(each)) for entry, each in questions.items()]


class Details:
    """How near a message is to the questions of every entry, by meaning and by words: the three
    that are nearest speak for it, as one alone may be chance.
    """

    def __init__(
        self,
        entries: Sequence[str],
        topics: Sequence[Sequence[str]],
        counts: npt.NDArray[np.int_],
        meanings: Floats,
        directions: Floats,
        grams: sparse.csr_matrix,
        lexicon: Lexicon,
    ) -> None:
        """`topics`: of each entry. `counts`: [entries], how many questions it has; they stand one
        entry after the other. `meanings`: [questions, then plain ones; kept], unit length, by the
        `directions` [encoder dimensions, kept]; `grams`: the same by the lexicon.
        """
        self._entries = list(entries)
        self._topics = [frozenset(each) for each in topics]
        self._counts = counts
        self._starts = np.cumsum(counts) - counts
        self._count = int(counts.sum())
        self._meanings = meanings
        sums = np.add.reduceat(meanings[: self._count], self._starts)
        self._means = np.asarray(sums / counts[:, None], np.float32)
        self._directions = directions
        self._grams = grams
        self.lexicon = lexicon

    @classmethod
    def train(
        cls, entries: Sequence[Asked], plain: Sequence[str], vectors: Floats, lexicon: Lexicon
    ) -> Details:
        """`plain`: questions of every intent, which ask no detail; `vectors`: the encoder's, of all
        entries' questions and then of those; `lexicon`: with the n-grams of all.
        """
        texts = [*(question for each in entries for question in each.questions), *plain]
        _, axes = np.linalg.eigh(vectors.T @ vectors)
        directions = np.ascontiguousarray(axes[:, ::-1][:, :_DIRECTIONS], np.float32)
        grams = lexicon.matrix(texts)
        grams.data = _as_kept(grams.data)
        return cls(
            [each.entry for each in entries],
            [each.topics for each in entries],
            np.array([len(each.questions) for each in entries]),
            _as_kept(_unit(vectors @ directions)),
            directions,
            grams,
            lexicon,
        )

    def near(self, text: str, vector: Floats, bands: Bands) -> list[dict[str, Any]]:
        """Of each topic the entry that the text with this vector asks for, if it is near enough to
        any: {entry, confidence, band}, the nearest first.
        """
        nearness, plain = self._nearness(text, vector)
        found: list[dict[str, Any]] = []
        told: set[str] = set()
        enough = np.flatnonzero(nearness >= bands.detail)
        for place in sorted(enough, key=lambda place: (-nearness[place], place)):
            if self._topics[place] <= told:
                continue
            told |= self._topics[place]
            confidence = float(nearness[place])
            found.append(
                {
                    "entry": self._entries[place],
                    "confidence": round(confidence, 3),
                    "band": bands.of_detail(confidence, plain),
                }
            )
        return found

    def _nearness(self, text: str, vector: Floats) -> tuple[Floats, float]:
        """[entries], -1 of those that are far away, and how near plain questions are."""
        meaning = _unit(vector @ self._directions)
        entries = _largest(self._means @ meaning, _MOST_ENTRIES)
        counts = self._counts[entries]
        starts = np.cumsum(counts) - counts
        asked = np.arange(counts.sum()) + np.repeat(self._starts[entries] - starts, counts)
        plain = self._count + _largest(self._meanings[self._count :] @ meaning, _MOST_PLAIN)
        near = self._near(text, meaning, np.concatenate([asked, plain]))
        asks, others = near[: len(asked)], near[len(asked) :]
        plainly = float(np.partition(others, -2)[-2:].mean())
        found = np.full(len(self._counts), -1, np.float32)
        found[entries] = _mean_of_nearest(asks, counts) - _AGAINST * plainly
        return found, (1 - _AGAINST) * plainly

    def _near(self, text: str, meaning: Floats, rows: npt.NDArray[np.int_]) -> Floats:
        """[rows]: how near the questions in these rows are."""
        columns, values = self.lexicon.of(text)
        said = np.bincount(columns, values, self.lexicon.size).astype(np.float32)
        near = np.asarray(self._meanings[rows] @ meaning, np.float32)
        nearest = _largest(near, _MOST_BY_WORDS)
        near[nearest] += _BY_WORDS * (self._grams[rows[nearest]] @ said)
        return near

    def save(self, folder: Path) -> None:
        """Arrays as npz, names as JSON; not the lexicon, which is shared."""
        np.savez(
            folder / "details.npz",
            counts=self._counts,
            meanings=self._meanings.astype(np.float16),
            directions=self._directions,
            grams=self._grams.data.astype(np.float16),
            columns=self._grams.indices,
            starts=self._grams.indptr,
        )
        names = {
            "entries": self._entries,
            "topics": [sorted(each) for each in self._topics],
        }
        (folder / "details.json").write_text(json.dumps(names))

    @classmethod
    def load(cls, folder: Path, lexicon: Lexicon) -> Details:
        """What `save` wrote, with the lexicon that it was trained with. OSError or KeyError if it
        is not all there."""
        names = json.loads((folder / "details.json").read_text())
        with np.load(folder / "details.npz", allow_pickle=False) as arrays:
            meanings = arrays["meanings"].astype(np.float32)
            grams = sparse.csr_matrix(
                (arrays["grams"].astype(np.float32), arrays["columns"], arrays["starts"]),
                shape=(len(meanings), lexicon.size),
            )
            return cls(
                names["entries"],
                names["topics"],
                arrays["counts"],
                meanings,
                arrays["directions"],
                grams,
                lexicon,
            )


def _mean_of_nearest(near: Floats, counts: npt.NDArray[np.int_]) -> Floats:
    """[entries]: the mean of what is nearest of each one's questions, which stand one entry after
    the other.
    """
    starts = np.cumsum(counts) - counts
    total = np.zeros(len(counts), np.float32)
    for _ in range(_NEAREST):
        nearest = np.maximum.reduceat(near, starts)
        total += nearest
        # The next of each: what is left when the nearest is put out of reach.
        near = np.where(near == np.repeat(nearest, counts), np.float32(-1), near)
    return total / np.float32(_NEAREST)


def _as_kept(values: Floats) -> Floats:
    """As exact as a saved model holds them, so that it finds the same in the same order."""
    return np.asarray(values.astype(np.float16), np.float32)


def _largest(values: Floats, count: int) -> npt.NDArray[np.int_]:
    """Where the largest stand, in their order; all, where there are no more."""
    if len(values) <= count:
        return np.arange(len(values))
    return np.sort(np.argpartition(-values, count)[:count])


def _unit(vectors: Floats) -> Floats:
    """Each of unit length."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)
