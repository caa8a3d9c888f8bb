"""Several questions in one message: where one ends and the next begins.

Possible boundaries are sentence ends and joining words. A small logistic model decides on each by
what the words model makes of the text before and after it: two parts that are each sure of
something different are two questions; a story and its question are one.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.nlu.fused import OUT_OF_SCOPE, Recipe, WordsModel

Floats = npt.NDArray[np.float32]
# Messages with several questions: intents joined by +, a tab, the parts parted by ||.
WRITTEN = Path(__file__).resolve().parent.parent.parent / "data" / "nlu" / "several.tsv"

_OPENER = (
    r"(?:what(?:'?s)?|how|where(?:'?s)?|when(?:'?s)?|who(?:'?s|m)?|why|which|wats|wut|y|"
    r"is|are|am|do|does|did|can|could|will|would|has|have|should|was|may|must|"
    r"i (?:also )?(?:need|want|wanna|would like|have to|got to|gotta|wanted)|i'?d like|"
    r"tell me|find|get me|give me|send|please|let me|help me|take|put|show me|if (?:so|not|yes))"
)
# Further words that a part may begin with where nothing marks its beginning.
_BEGINS = (
    r"(?:my|i'?m|i am|i'?ve|i got|i lost|i think|they|there'?s|need|any|anyone|lemme|gimme|"
    r"trying to|wondering|just|otherwise|somebody|someone|call)"
)
_BOUNDARIES = {
    "sentence": re.compile(r"[.?!;]+[\"')]*\s+(?=\S)|\n+"),
    "joined": re.compile(
        r",?\s+(?=(?:and|n|an|&|plus|also|then|but|or|cuz|oh and|as well as|another thing|one more|"
        r"next|secondly|meanwhile|besides)\b|&)",
        re.IGNORECASE,
    ),
    "comma": re.compile(r",\s+(?=\S)|\s+[-–—]+\s+|\.{2,}\s*|…\s*"),
    "bare": re.compile(rf"\s+(?=(?:{_OPENER}|{_BEGINS})\b)", re.IGNORECASE),
}
_KINDS = tuple(_BOUNDARIES)
_STARTS_QUESTION = re.compile(
    r"(?:(?:and|n|an|&|plus|also|then|but|or|oh|so|um|uh|well|secondly|meanwhile|besides)[\s,]+)*"
    rf"{_OPENER}\b",
    re.IGNORECASE,
)
_ADDS = re.compile(r"(?:and |n |& |but |oh )*(?:also|plus|another|one more|while|besides)\b", re.I)
_LEAST_WORDS = 2
# How sure a boundary must be to be tried.
THRESHOLD = 0.12
# Beyond this many possible boundaries it is a story, and asking about each would take too long.
_MOST_BOUNDARIES = 24
_BRIEF = 14
# Single sentences that are learnt from, messages made by joining two, and how much a message of
# several questions that somebody wrote counts beside them.
_SINGLES, _PAIRS = 6000, 4000
_WRITTEN_WEIGHT = 6.0

_JOINS = (
    " and ", ", and ", " and ", " n ", " also ", ". Also, ", ". ", "? ", "? And ", "? Also ", ", ",
    " ", " plus ", " oh and ", ". And ", " & ", " and also ", "... ", " then ", ". Oh, and ", "; ",
)  # fmt: skip


# Moves in a conversation: beside a question ("hi", "thanks") they are none of their own.
MOVES = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "inform",
        "cancel",
        "repeat",
        "bot_challenge",
        "ask_capabilities",
        "feedback_positive",
        "feedback_negative",
        OUT_OF_SCOPE,
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a message, by its characters from `start` to before `end`.

    `scope` and `unsupported`: as `bot.nlu.fused.Prediction` has them."""

    start: int
    end: int
    intent: str
    confidence: float
    scope: float
    unsupported: float


def merge(parts: Sequence[Question]) -> list[Question]:
    """Questions from a message's parts: neighbours that ask the same become one, and a part that
    asks nothing belongs to the question before it, or else to the first."""
    questions: list[Question] = []
    start = 0
    for part in parts:
        if questions and (part.intent in MOVES or part.intent == questions[-1].intent):
            sure = max(questions[-1], part, key=lambda q: (q.intent not in MOVES, q.confidence))
            questions[-1] = replace(sure, start=questions[-1].start, end=part.end)
        elif part.intent not in MOVES:
            questions.append(replace(part, start=start if not questions else part.start))
    return questions


# `asked_apart`: the weight of each of its features, the constant and the least probability, fitted
# on the development set, where one single question in a hundred is split.
_APART = (0.76, 1.07, 1.67, 0.27, 0.28, 0.46, 0.67, -1.02, 1.27, -0.38, -0.89)
_APART_BIAS = 1.68
_APART_LEAST = 0.57


def asked_apart(
    text: str, whole: Question, parts: Sequence[Question], shares: Sequence[float], score: float
) -> bool:
    """Whether a message asks its `parts` rather than one question, `whole`.

    `shares`: the probability of each part's intent in the whole message; `score`: the splitter's
    of the likeliest boundary. Each part must be understood by itself, and the message as a whole
    must hold something of each.
    """
    sure = [part.confidence for part in parts]
    intents = {part.intent: share for part, share in zip(parts, shares, strict=True)}
    features = (
        score,
        math.log(min(sure)),
        math.log(sum(sure) / len(sure)),
        math.log(whole.confidence + 1e-3),
        math.log(min(shares) + 1e-4),
        sum(intents.values()),
        text.count("?") >= 2,
        len(parts) - 2,
        min(part.end - part.start for part in parts) / 50,
        max(part.unsupported for part in parts),
        whole.intent in intents,
    )
    weighed = sum(w * f for w, f in zip(_APART, features, strict=True)) + _APART_BIAS
    return 1.0 / (1.0 + math.exp(-weighed)) >= _APART_LEAST


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place where a question may end: `left` ends there, the next part begins at `right`."""

    left: int
    right: int
    kind: str


def boundaries(text: str) -> list[Boundary]:
    """Possible boundaries in order; where several meet, the plainest kind counts."""
    found: dict[int, Boundary] = {}
    for kind, pattern in _BOUNDARIES.items():
        for match in pattern.finditer(text):
            if kind == "sentence":
                left = match.start() + len(match.group().rstrip())
            else:
                left = match.start()
            found.setdefault(match.end(), Boundary(left, match.end(), kind))
    return [
        found[at]
        for at in sorted(found)
        if min(_count_words(text[:at]), _count_words(text[at:])) >= _LEAST_WORDS
    ]


def _count_words(text: str) -> int:
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Cut:
    """A message in pieces, with what speaks for and against a question ending between them."""

    boundaries: Sequence[Boundary]
    # [start, end, intents], of each run of pieces.
    likely: Floats
    # Of each piece: whether it begins as a question, holds the beginning of one, ends with a
    # question mark, begins with a word that adds; and its number of words.
    opens: npt.NDArray[np.bool_]
    asks: npt.NDArray[np.bool_]
    marked: npt.NDArray[np.bool_]
    adds: npt.NDArray[np.bool_]
    words: npt.NDArray[np.int_]

    @classmethod
    def of(cls, text: str, words: WordsModel) -> Cut:
        """Cut `text` at each of its possible boundaries."""
        found = boundaries(text)
        ends = [0, *(b.right for b in found), len(text)]
        pieces = [text[start:end] for start, end in itertools.pairwise(ends)]
        return cls(
            found,
            words.table(pieces),
            np.array([_STARTS_QUESTION.match(piece) is not None for piece in pieces]),
            np.array([_STARTS_QUESTION.search(piece) is not None for piece in pieces]),
            np.array([piece.rstrip().endswith("?") for piece in pieces]),
            np.array([_ADDS.match(piece) is not None for piece in pieces]),
            np.array([len(piece.split()) for piece in pieces]),
        )

    def inside(self, start: int, end: int) -> list[int]:
        """Where pieces `start` to before `end` may be cut: each side has words enough."""
        return [
            at
            for at in range(start + 1, end)
            if min(self.words[start:at].sum(), self.words[at:end].sum()) >= _LEAST_WORDS
        ]

    def features(self, start: int, at: Sequence[int], end: int) -> Floats:
        """[cuts, features] of cutting pieces `start` to before `end` before each piece `at`."""
        cuts = np.asarray(at)
        rows = np.arange(len(cuts))
        before, after = self.likely[start, cuts], self.likely[cuts, end]
        whole = self.likely[start, end]
        first, second = before.argmax(1), after.argmax(1)
        sure = np.stack([before[rows, first], after[rows, second]])
        least = sure.min(0)
        differ = first != second
        of_whole = float(whole.max())
        opens = self.opens[cuts]
        asked = np.array([self.asks[start:cut].any() for cut in cuts])
        asks = np.array([self.asks[cut:end].any() for cut in cuts])
        counts = np.array([(self.words[start:c].sum(), self.words[c:end].sum()) for c in cuts]).T
        kinds = np.array([_KINDS.index(self.boundaries[cut - 1].kind) for cut in cuts])
        columns = [
            *np.log(sure + 1e-3),
            np.log(least + 1e-3),
            differ * least,
            differ,
            (before * after).sum(1),
            after[rows, first],
            before[rows, second],
            np.log(whole[first] + 1e-3),
            np.log(whole[second] + 1e-3),
            np.full(len(cuts), of_whole),
            np.log(np.maximum(sure.sum(0) - of_whole, 1e-3)),
            opens,
            asked,
            asks,
            asked & asks,
            opens & asked,
            (opens & asked) * least,
            opens * least,
            self.adds[cuts],
            self.adds[cuts] * least,
            self.marked[cuts - 1],
            self.marked[cuts - 1] & self.marked[end - 1],
            *(np.minimum(counts, 15) / 15),
            np.minimum(counts.min(0), 6) / 6,
            np.minimum(counts.sum(0), 40) / 40,
            *(kinds == number for number in range(len(_KINDS))),
            *((kinds == number) * least for number in range(len(_KINDS))),
            *((kinds == number) * (opens & asked) for number in range(len(_KINDS))),
        ]
        return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


class Splitter:
    """A logistic model over `Cut.features`."""

    def __init__(self, weights: Floats, bias: float, threshold: float = THRESHOLD) -> None:
        self.weights = weights
        self.bias = bias
        self.threshold = threshold

    def save(self, path: Path) -> None:
        """As npz."""
        np.savez(path, weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, path: Path) -> Splitter:
        """What `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(kept["weights"], float(kept["bias"]))

    def spans(self, text: str, words: WordsModel) -> tuple[list[tuple[int, int]], float]:
        """The parts that `text` may have, in order, and the score of its likeliest boundary; one
        part if it is a single question. `asked_apart` has the last word."""
        if not 0 < len(boundaries(text)) <= _MOST_BOUNDARIES:
            return [(0, len(text))], -math.inf
        cut = Cut.of(text, words)
        end = len(cut.words)
        options = cut.inside(0, end)
        at = self._cuts(cut, 0, end)
        if not at:
            return [(0, len(text))], -math.inf
        score = float((cut.features(0, options, end) @ self.weights + self.bias).max())
        begins = [0, *(cut.boundaries[c - 1].right for c in at)]
        ends = [*(cut.boundaries[c - 1].left for c in at), len(text)]
        return list(zip(begins, ends, strict=True)), score

    def _cuts(self, cut: Cut, start: int, end: int) -> list[int]:
        options = cut.inside(start, end)
        if not options:
            return []
        scores = cut.features(start, options, end) @ self.weights + self.bias
        best = int(scores.argmax())
        if 1.0 / (1.0 + np.exp(-scores[best])) < self.threshold:
            return []
        at = options[best]
        return [*self._cuts(cut, start, at), at, *self._cuts(cut, at, end)]

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        several: Sequence[Sequence[str]],
        recipe: Recipe,
    ) -> Splitter:
        """Learn from single questions, from pairs of them joined, and from messages in which
        people asked `several` things, each given as its parts.

        The words model asked here is trained on the other half of the sentences: of those that
        it was trained on it would be surer than it ever is of new ones.
        """
        rng = random.Random(recipe.seed)  # noqa: S311 - a sample, not a secret
        order = rng.sample(range(len(texts)), len(texts))
        half = order[: len(texts) // 2]
        names = sorted(set(intents))
        labels = np.array([names.index(intents[i]) for i in half])
        words = WordsModel.train([texts[i] for i in half], labels, recipe)
        asked = [i for i in order[len(half) :] if intents[i] not in MOVES]
        # Who asks two things at once is brief about each.
        brief = [i for i in asked if _count_words(texts[i]) <= _BRIEF]
        joined: list[tuple[str, set[int]]] = [(texts[i], set()) for i in asked[:_SINGLES]]
        for _ in range(_PAIRS):
            one, other = rng.sample(brief, 2)
            if intents[one] != intents[other]:
                joined.append(_join(texts[one], texts[other], rng))
        written = [_together(parts) for parts in several]
        weights = [1.0] * len(joined) + [_WRITTEN_WEIGHT] * len(written)
        return cls._learn([*joined, *written], weights, words)

    @classmethod
    def _learn(
        cls,
        messages: Sequence[tuple[str, set[int]]],
        weights: Sequence[float],
        words: WordsModel,
    ) -> Splitter:
        """From messages and the characters at which their second and further questions begin."""
        rows: list[Floats] = []
        labels: list[bool] = []
        weighed: list[float] = []
        for (text, begins), weight in zip(messages, weights, strict=True):
            if not 0 < len(boundaries(text)) <= _MOST_BOUNDARIES:
                continue
            cut = Cut.of(text, words)
            if begins and begins.isdisjoint(b.right for b in cut.boundaries):
                continue
            for start, end in _ends(cut, begins):
                options = cut.inside(start, end)
                if options:
                    rows.append(cut.features(start, options, end))
                    labels += [cut.boundaries[at - 1].right in begins for at in options]
                    weighed += [weight] * len(options)
        model = LogisticRegression(C=1.0, max_iter=500)
        model.fit(np.concatenate(rows), labels, sample_weight=weighed)
        return cls(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def written(path: Path = WRITTEN) -> list[list[str]]:
    """The messages of several questions that stand in the training data, each as its parts."""
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    return [[part.strip() for part in line.split("\t")[1].split("||")] for line in lines]


def _ends(cut: Cut, begins: set[int]) -> list[tuple[int, int]]:
    """The runs of pieces to learn from: the whole message, and of several questions each alone."""
    whole = (0, len(cut.words))
    at = [0, *(i + 1 for i, b in enumerate(cut.boundaries) if b.right in begins), whole[1]]
    return [whole, *(itertools.pairwise(at) if len(at) > 2 else ())]


def _together(parts: Sequence[str]) -> tuple[str, set[int]]:
    """Parts as one message, and where each but the first begins."""
    lengths = itertools.accumulate(len(part) + 1 for part in parts[:-1])
    return " ".join(parts), set(lengths)


def _join(one: str, other: str, rng: random.Random) -> tuple[str, set[int]]:
    """Two questions as one message, and where the second may be found to begin."""
    join = rng.choice(_JOINS)
    first = one if join[0] in ".?" and rng.random() < 0.3 else one.rstrip(" .?!")
    joined = first + join
    rest = other if join[0] in ".?" else other[:1].lower() + other[1:]
    begins = {len(joined)}
    # "x and y": the boundary stands before "and".
    if not join.startswith((".", "?", ";")) and join.strip(" ,.?"):
        begins.add(len(first) + len(join) - len(join.lstrip(" ,.")))
    elif join.lstrip(".?; ,"):
        begins.add(len(first) + len(join) - len(join.lstrip(".?; ,")))
    return joined + rest, begins
