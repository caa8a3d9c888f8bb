"""Several questions in one message: where one ends and the next begins.

Possible boundaries are sentence ends and joining words. A small logistic model decides on each by
what the words model makes of the text before and after it: two parts that are each sure of
something different are two questions; a story and its question are one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.nlu.fused import OUT_OF_SCOPE, Recipe, WordsModel

Floats = npt.NDArray[np.float32]
# Probabilities over intents of a piece of text, by its words alone: cheap enough to ask often.
Likely = Callable[[str], Floats]

_OPENER = (
    r"(?:what(?:'?s)?|how|where(?:'?s)?|when(?:'?s)?|who(?:'?s|m)?|why|which|wats|wut|y|"
    r"is|are|am|do|does|did|can|could|will|would|has|have|should|was|may|must|"
    r"i (?:also )?(?:need|want|wanna|would like|have to|got to|gotta|wanted)|i'?d like|"
    r"tell me|find|get me|give me|send|please|let me|help me|take|put|show me|if (?:so|not|yes))"
)
_BOUNDARIES = {
    "sentence": re.compile(r"[.?!;]+[\"')]*\s+(?=\S)|\n+"),
    "joined": re.compile(
        r",?\s+(?=(?:and|n|an|&|plus|also|then|but|or|cuz|oh and|as well as|another thing|one more|"
        r"next|secondly|meanwhile|besides)\b|&)",
        re.IGNORECASE,
    ),
    "comma": re.compile(r",\s+(?=\S)|\s+[-–—]+\s+|\.{2,}\s*|…\s*"),
    "bare": re.compile(rf"\s+(?={_OPENER}\b)", re.IGNORECASE),
}
_KINDS = tuple(_BOUNDARIES)
_STARTS_QUESTION = re.compile(
    r"(?:(?:and|n|an|&|plus|also|then|but|or|oh|so|um|uh|well|secondly|meanwhile|besides)[\s,]+)*"
    rf"{_OPENER}\b",
    re.IGNORECASE,
)
_ADDS = re.compile(r"(?:and |n |& |but |oh )*(?:also|plus|another|one more|while|besides)\b", re.I)
_LEAST_WORDS = 2
# How sure a boundary must be; chosen on the development set: single questions stay whole.
THRESHOLD = 0.3
# Beyond this many possible boundaries it is a story, and asking about each would take too long.
_MOST_BOUNDARIES = 12
_BRIEF = 14

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


class Splitter:
    """A logistic model over `features` of a boundary."""

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

    def spans(self, text: str, likely: Likely) -> list[tuple[int, int]]:
        """The parts of `text`, in order; one part if it is a single question."""
        return self._split(text, 0, len(text), boundaries(text), likely)

    def _split(
        self, text: str, start: int, end: int, options: list[Boundary], likely: Likely
    ) -> list[tuple[int, int]]:
        whole = [(start, end)]
        inside = [
            b
            for b in options
            if min(_count_words(text[start : b.left]), _count_words(text[b.right : end]))
            >= _LEAST_WORDS
        ]
        if not inside or len(inside) > _MOST_BOUNDARIES:
            return whole
        of_whole = likely(text[start:end])
        rows = [features(text[start:end], _shift(b, start), likely, of_whole) for b in inside]
        scores = np.array(rows) @ self.weights + self.bias
        best = int(scores.argmax())
        if 1.0 / (1.0 + np.exp(-scores[best])) < self.threshold:
            return whole
        at = inside[best]
        return self._split(text, start, at.left, inside[:best], likely) + self._split(
            text, at.right, end, inside[best + 1 :], likely
        )

    @classmethod
    def train(cls, texts: Sequence[str], intents: Sequence[str], recipe: Recipe) -> Splitter:
        """Learn from single questions and from pairs of them joined.

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
        return cls._learn([texts[i] for i in asked], [intents[i] for i in asked], words, rng)

    @classmethod
    def _learn(
        cls, texts: Sequence[str], intents: Sequence[str], words: WordsModel, rng: random.Random
    ) -> Splitter:
        likely = words.probabilities
        rows: list[Floats] = []
        labels: list[int] = []
        for text in texts:
            options = boundaries(text)
            of_whole = likely(text) if options else None
            if of_whole is not None:
                rows += [features(text, option, likely, of_whole) for option in options]
                labels += [0] * len(options)
        # Who asks two things at once is brief about each.
        brief = [i for i, text in enumerate(texts) if _count_words(text) <= _BRIEF]
        for _ in range(len(texts)):
            one, other = rng.choice(brief), rng.choice(brief)
            if intents[one] == intents[other]:
                continue
            text, at = _join(texts[one], texts[other], rng)
            of_whole = likely(text)
            for option in boundaries(text):
                rows.append(features(text, option, likely, of_whole))
                labels.append(int(option.right in at))
        model = LogisticRegression(C=1.0, max_iter=500).fit(np.array(rows), labels)
        return cls(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


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


def features(text: str, at: Boundary, likely: Likely, of_whole: Floats) -> Floats:
    """What speaks for and against two questions meeting at this boundary."""
    left, right = text[: at.left], text[at.right :]
    before, after = likely(left), likely(right)
    first, second = int(before.argmax()), int(after.argmax())
    sure = np.array([before[first], after[second]])
    whole = float(of_whole.max())
    opens = _STARTS_QUESTION.match(right) is not None
    asks_before = _STARTS_QUESTION.search(left) is not None
    return np.array(
        [
            *np.log(sure + 1e-3),
            np.log(sure.min() + 1e-3),
            float(first != second) * sure.min(),
            float(first != second),
            float(before @ after),
            float(after[first]),
            float(before[second]),
            np.log(of_whole[first] + 1e-3),
            np.log(of_whole[second] + 1e-3),
            whole,
            np.log(max(sure.sum() - whole, 1e-3)),
            float(opens),
            float(asks_before),
            float(opens and asks_before),
            float(opens) * sure.min(),
            float(_ADDS.match(right) is not None),
            float(left.rstrip().endswith("?")),
            min(_count_words(left), 15) / 15,
            min(_count_words(right), 15) / 15,
            min(_count_words(left), _count_words(right), 6) / 6,
            *(float(at.kind == kind) for kind in _KINDS),
        ],
        np.float32,
    )


def _shift(boundary: Boundary, by: int) -> Boundary:
    return Boundary(boundary.left - by, boundary.right - by, boundary.kind)
