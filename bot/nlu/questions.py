"""Several questions in one message: where one ends and the next begins.

Of the possible boundaries (`bot.nlu.boundaries`) a small logistic model proposes some, by the words
around each and by what the words model makes of the text before and after. Small networks, which
see both parts, their neighbours and the whole, weigh them: the weakest is given up and the rest
weighed again until all are believed. A story and its question are one. All learn from what is made
of sentences by models that were not trained on them.
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
from sklearn.neural_network import MLPClassifier

from bot.nlu.bands import Bands
from bot.nlu.boundaries import (
    ADDS,
    KINDS,
    LEAST_WORDS,
    STARTS_QUESTION,
    Boundary,
    BoundaryWords,
    boundaries,
    slots_of,
)
from bot.nlu.fused import EMERGENCY, OUT_OF_SCOPE, Recipe, WordsModel

Floats = npt.NDArray[np.float32]
# Messages with several questions: intents joined by +, a tab, the parts parted by ||; and stories
# of several clauses that ask one thing, to be kept whole.
WRITTEN = Path(__file__).resolve().parent.parent.parent / "data" / "nlu" / "several.tsv"

# How sure a boundary must be to be tried; and by the words around it alone, for what stands before
# and after it to be read at all: most messages hold none, and reading is most of the time.
_TRIED = 0.12
_POSSIBLE = 0.011
# A part that is less sure than this of what it asks belongs to the one before it.
LEAST_SURE = 0.3
# Beyond this many possible boundaries it is a story, and asking about each would take too long.
_MOST_BOUNDARIES = 24
_BRIEF = 14
# How plain, by their words, a move in the conversation and the question beside it must be.
_PLAIN = 0.6
# Learnt from in each fold: single sentences, messages made by joining two, and ones made of parts
# of written messages; and how much a boundary that somebody wrote counts beside those.
_SINGLES, _PAIRS, _REMADE = 2500, 600, 700
_WRITTEN_WEIGHT = 6.0
FOLDS = 2
# What the words around a boundary say is learnt from all groups of messages but one for that one.
_GROUPS = 4
_HELD_OUT = 4

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


def beside_the_plain(
    parts: Sequence[Question], intent: str, sure: float, bands: Bands
) -> list[Question]:
    """The parts; where the message as a whole is plainly about one of them, those that are less
    plain are no questions of their own: the situation that a question is asked in, or a curse."""
    if sure < bands.whole_plain or all(part.intent != intent for part in parts):
        return list(parts)
    return [
        part if part.confidence >= bands.part_plain else replace(part, intent=OUT_OF_SCOPE)
        for part in parts
    ]


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


def _count_words(text: str) -> int:
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Cut:
    """A message in pieces, with what speaks for and against a question ending between them."""

    text: str
    boundaries: Sequence[Boundary]
    # Of each boundary, what `BoundaryWords` makes of it.
    around: Floats
    # [start, end, intents], of each run of pieces.
    likely: Floats
    # Of each piece: whether it begins as a question, ends with a question mark, begins with a word
    # that adds. Of the pieces before each: how many hold the beginning of a question, and words.
    opens: npt.NDArray[np.bool_]
    marked: npt.NDArray[np.bool_]
    adds: npt.NDArray[np.bool_]
    asked: npt.NDArray[np.int_]
    words: npt.NDArray[np.int_]
    # [boundaries, kinds]
    kinds: npt.NDArray[np.bool_]

    @classmethod
    def of(
        cls, text: str, words: WordsModel, found: Sequence[Boundary], around: Floats | None = None
    ) -> Cut:
        """Cut `text` at each of its possible boundaries. `around`: nothing yet in training."""
        ends = [0, *(b.right for b in found), len(text)]
        pieces = [text[start:end] for start, end in itertools.pairwise(ends)]
        asks = [STARTS_QUESTION.search(piece) is not None for piece in pieces]
        return cls(
            text,
            found,
            np.zeros(len(found), np.float32) if around is None else around,
            words.table(pieces),
            np.array([STARTS_QUESTION.match(piece) is not None for piece in pieces]),
            np.array([piece.rstrip().endswith("?") for piece in pieces]),
            np.array([ADDS.match(piece) is not None for piece in pieces]),
            np.array([0, *itertools.accumulate(asks)]),
            np.array([0, *itertools.accumulate(_count_words(piece) for piece in pieces)]),
            np.array([[b.kind == kind for kind in KINDS] for b in found]),
        )

    @property
    def count(self) -> int:
        """Number of pieces."""
        return len(self.opens)

    def piece(self, start: int, end: int) -> str:
        """The text of pieces `start` to before `end`."""
        begin, stop = self.span(start, end)
        return self.text[begin:stop]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where pieces `start` to before `end` stand in the text."""
        begin = self.boundaries[start - 1].right if start else 0
        return begin, len(self.text) if end == self.count else self.boundaries[end - 1].left

    def inside(self, start: int, end: int) -> list[int]:
        """Where pieces `start` to before `end` may be cut: each side has words enough."""
        first, last = self.words[start] + LEAST_WORDS, self.words[end] - LEAST_WORDS
        return [at for at in range(start + 1, end) if first <= self.words[at] <= last]

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
        asked = self.asked[cuts] > self.asked[start]
        asks = self.asked[end] > self.asked[cuts]
        adds = self.adds[cuts]
        marked = self.marked[cuts - 1]
        counts = np.stack(
            [self.words[cuts] - self.words[start], self.words[end] - self.words[cuts]]
        )
        kinds = self.kinds[cuts - 1].T
        around = self.around[cuts - 1]
        likely = 1 / (1 + np.exp(-around))
        columns = np.stack(
            [
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
                adds,
                adds * least,
                marked,
                marked & self.marked[end - 1],
                *(np.minimum(counts, 15) / 15),
                np.minimum(counts.min(0), 6) / 6,
                np.minimum(counts.sum(0), 40) / 40,
                around,
                likely,
                likely * least,
                likely * differ,
                likely * opens,
            ]
        )
        crossed = np.concatenate([columns, kinds, kinds * least, kinds * (opens & asked)])
        return np.asarray(crossed.T, np.float32)


def beside_move(text: str, words: WordsModel, intents: Sequence[str]) -> tuple[int, int] | None:
    """Where a message that is taken for a move in the conversation ends with a question of its own
    ("are you a bot? give me a person"), if both are plain."""
    found = boundaries(text)
    if not 0 < len(found) <= _MOST_BOUNDARIES:
        return None
    ends = [0, *(b.right for b in found), len(text)]
    table = words.table([text[start:end] for start, end in itertools.pairwise(ends)])
    moves = np.array([intent in MOVES for intent in intents])
    asks = np.array([intent not in MOVES and intent != EMERGENCY for intent in intents])
    plain = [
        (min(float(table[at, -1][asks].max()), float(table[0, at][moves].max())), ends[at])
        for at in range(1, len(ends) - 1)
        if STARTS_QUESTION.match(text, ends[at]) is not None
    ]
    sure, start = max(plain, default=(0.0, 0))
    return (start, len(text)) if sure >= _PLAIN else None


# "Three things: ...", "1. ... 2. ...": said to be several, and each clause that begins as a
# question is one.
_LISTED = re.compile(
    r"\b(?:two|three|four|[2-4]|a few|a couple(?: of)?|couple(?: of)?|several|multiple|some|these|"
    r"all these|following) (?:\w+ )?(?:questions|things|qs|q's)\b|\b(?:answer|tell) me (?:these|"
    r"all)\b|"
    r"(?:^|\s)(?:1|a|first)[.):].*\s(?:2|b|second)[.):]",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(r"(?:^|\s)\d[.):]\s*$")
_NOT_ALONE = re.compile(
    r"\W*(?:or|but|so|because|cuz|cause|bc|i|it|he|she|they|the|my)\b", re.IGNORECASE
)
# A remark on what was said just before ("I think it is fraud", "that can't be right").
_REMARKS = re.compile(
    r"\W*(?:(?:and|but|so|because|cuz|well|to me)\W+)*"
    r"(?:(?:i|we) (?:really |just |do )?(?:think|believe|guess|suspect|bet|swear|don'?t think)"
    r"(?=.* (?:it|its|it's|that|that's|thats|this|they)\b)|"
    r"(?:looks|sounds|seems|smells|feels)|"
    r"(?:it|that|this|which)(?:'?s| is| was| looks?| sounds?| seems?| smells?| feels?| isn'?t| "
    r"can'?t be| cannot be| must be| has to be))\b",
    re.IGNORECASE,
)
_MOST_REMARK_WORDS = 8
_GOES_ON = re.compile(r"\W*(?:and|also|plus|n|&|oh)\b", re.IGNORECASE)


def _weighed(
    cut: Cut, at: Sequence[int], scores: dict[int, float], intents: Sequence[str]
) -> list[list[float]]:
    """Features of each of the boundaries before the pieces `at`, if the message is parted at all of
    them. `scores`: of the boundaries by piece."""
    ends = [0, *at, cut.count]
    return [
        _weighed_one(
            cut, ends[i : i + 3], [other for other in at if other != here], scores, intents
        )
        for i, here in enumerate(at)
    ]


def _weighed_one(
    cut: Cut,
    ends: Sequence[int],
    others: Sequence[int],
    scores: dict[int, float],
    intents: Sequence[str],
) -> list[float]:
    """Of the boundary between two neighbouring parts. `ends`: where the first part, the second and
    what follows begin; `others`: the other boundaries that the message is parted at."""
    start, here, stop = ends
    tables = [cut.likely[start, here], cut.likely[here, stop]]
    best = [int(table.argmax()) for table in tables]
    sure = [float(table.max()) for table in tables]
    named = [intents[index] for index in best]
    together, whole = cut.likely[start, stop], cut.likely[0, cut.count]
    likely = np.sort(whole)
    said = [cut.piece(start, here), cut.piece(here, stop)]
    begins = [STARTS_QUESTION.match(words.strip(" ,.")) is not None for words in said]
    counts = [_count_words(words) for words in said]
    around = cut.around
    inside = [
        1 / (1 + math.exp(-float(around[p - 1]))) for p in range(start + 1, stop) if p != here
    ]
    values = (
        scores[here],
        max((scores[other] for other in others), default=-9.0),
        float(around[here - 1]),
        max((float(around[other - 1]) for other in others), default=-9.0),
        float(around.max()),
        sum(inside),
        max(inside, default=0.0),
        *(math.log(value) for value in sure),
        math.log(min(sure)),
        scores[here] * math.log(min(sure)),
        float(around[here - 1]) * math.log(min(sure)),
        *(name in MOVES for name in named),
        *(name == OUT_OF_SCOPE for name in named),
        EMERGENCY in named,
        best[0] == best[1],
        *(math.log(float(table[index]) + 1e-3) for table in (together, whole) for index in best),
        math.log(float(together.max())),
        int(together.argmax()) in best,
        *(math.log(float(value) + 1e-3) for value in (likely[-1], likely[-2])),
        int(whole.argmax()) in best,
        len(others),
        start == 0,
        stop == cut.count,
        *(min(count, 20) / 20 for count in counts),
        min(counts) / 10,
        _count_words(cut.text) / 20,
        cut.text.count("?") >= 2,
        *(words.rstrip().endswith("?") for words in said),
        *begins,
        all(begins),
        _NOT_ALONE.match(said[1]) is not None,
        _GOES_ON.match(said[1]) is not None,
        re.match(r"\W*or\b", said[1], re.IGNORECASE) is not None,
        cut.opens[here],
        cut.asked[here] > cut.asked[start],
        cut.asked[stop] > cut.asked[here],
        cut.marked[here - 1],
        cut.adds[here],
        *cut.kinds[here - 1],
    )
    return [float(value) for value in values]


def _begin_as_questions(text: str, found: Sequence[Boundary]) -> list[int]:
    """The pieces that stand after a mark, a joining word or a number of the list, and begin as a
    question does.
    """
    return [
        piece
        for piece, boundary in enumerate(found, 1)
        if STARTS_QUESTION.match(text, boundary.right)
        and (boundary.kind != "bare" or _NUMBERED.search(text[: boundary.right]))
    ]


def is_remark(text: str) -> bool:
    """Whether a part asks nothing and only says something of what stands before it."""
    return (
        _count_words(text) <= _MOST_REMARK_WORDS
        and "?" not in text
        and _REMARKS.match(text) is not None
    )


# Small networks that vote: of the features' means and scales, then weights and biases of two
# layers, each array with one entry a network.
_VOTERS, _HIDDEN, _PENALTY = 6, 48, 3.0
_ARRAYS = (
    *("weights", "bias", "mean", "scale", "inner", "inner_bias", "outer", "outer_bias"),
    *("around", "around_bias"),
)


class Splitter:
    """Where the questions of a message begin and end."""

    def __init__(self, arrays: dict[str, Floats]) -> None:
        """`arrays`: by the names in _ARRAYS."""
        self._arrays = arrays
        self._around = BoundaryWords(arrays["around"], float(arrays["around_bias"]))

    def save(self, path: Path) -> None:
        """As npz."""
        np.savez(path, **self._arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Splitter:
        """What `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            return cls({name: kept[name] for name in _ARRAYS})

    def spans(
        self, text: str, words: WordsModel, intents: Sequence[str], apart: float
    ) -> list[tuple[int, int]]:
        """The parts of `text` that ask something of their own, in order; one if it is a single
        question. `intents`: the names that the words model numbers; `apart`: how sure a boundary
        must be."""
        alone = [(0, len(text))]
        found = boundaries(text)
        if not 0 < len(found) <= _MOST_BOUNDARIES:
            return alone
        around = self._around.logits(slots_of(text, found))
        if around.max() < math.log(_POSSIBLE / (1 - _POSSIBLE)) and not _LISTED.search(text):
            return alone
        cut = Cut.of(text, words, found, around)
        at = self._believed(cut, intents, apart)
        if _LISTED.search(text):
            at = sorted({*at, *_begin_as_questions(text, found)})
        spans: list[tuple[int, int]] = []
        for start, end in itertools.pairwise([0, *at, cut.count]):
            begin, stop = cut.span(start, end)
            if spans and is_remark(text[begin:stop]):
                spans[-1] = (spans[-1][0], stop)
            else:
                spans.append((begin, stop))
        return spans

    def _believed(self, cut: Cut, intents: Sequence[str], least: float) -> list[int]:
        """The pieces that begin a further question: of those tried the weakest is given up and the
        rest weighed again, until all are sure."""
        scores = _tried(cut, self._arrays, 0, cut.count)
        at = sorted(scores)
        while at:
            apart = self._apart(np.array(_weighed(cut, at, scores, intents)))
            weakest = int(apart.argmin())
            if apart[weakest] >= least:
                break
            del at[weakest]
        return at

    def _apart(self, features: npt.NDArray[np.float64]) -> Floats:
        """[boundaries]: the probability of each that a question begins there."""
        kept = self._arrays
        scaled = (features - kept["mean"]) / kept["scale"]
        hidden = np.maximum(np.einsum("bf,nfh->bnh", scaled, kept["inner"]) + kept["inner_bias"], 0)
        votes = (hidden * kept["outer"]).sum(2) + kept["outer_bias"]
        return np.asarray(1.0 / (1.0 + np.exp(-votes.mean(1))), np.float32)

    @classmethod
    def train(cls, folds: Sequence[Fold], intents: Sequence[str], recipe: Recipe) -> Splitter:
        """Learn from folds (`Fold.of`): the words around boundaries first, then the boundaries by
        what stands before and after, then which of those tried to believe. Each step learns from
        what the ones before make of messages that they were not trained on."""
        around, folds = _with_around(folds)
        every = _boundary_model([sample for fold in folds for sample in fold.samples])
        rows: list[list[float]] = []
        labels: list[bool] = []
        for fold in folds:
            others = [sample for other in folds if other is not fold for sample in other.samples]
            proposing = _boundary_model(others)
            for sample in fold.samples:
                scores = _tried(sample.cut, proposing, 0, sample.cut.count)
                at = sorted(scores)
                # As they are weighed: beside the others, and what is left alone.
                for together in (at, *([here] for here in at if len(at) > 1)):
                    rows += _weighed(sample.cut, together, scores, intents)
                    labels += [sample.begins_at(here) for here in together]
        features = np.array(rows)
        mean, scale = features.mean(0), features.std(0) + 1e-6
        scaled = (features - mean) / scale
        voters = [
            MLPClassifier(
                (_HIDDEN,), alpha=_PENALTY, learning_rate_init=0.003, max_iter=150,
                random_state=recipe.seed + number,
            ).fit(scaled, labels)
            for number in range(_VOTERS)
        ]  # fmt: skip
        arrays = {
            "mean": mean,
            "scale": scale,
            "inner": np.stack([voter.coefs_[0] for voter in voters]),
            "inner_bias": np.stack([voter.intercepts_[0] for voter in voters]),
            "outer": np.stack([voter.coefs_[1][:, 0] for voter in voters]),
            "outer_bias": np.stack([voter.intercepts_[1][0] for voter in voters]),
            "around": around.weights,
            "around_bias": np.array(around.bias),
        }
        return cls({**every, **{name: np.asarray(a, np.float32) for name, a in arrays.items()}})


def _tried(cut: Cut, model: dict[str, Floats], start: int, end: int) -> dict[int, float]:
    """Pieces before which a question may end, with their scores by `_boundary_model`."""
    options = cut.inside(start, end)
    if not options:
        return {}
    scores = cut.features(start, options, end) @ model["weights"] + model["bias"]
    best = int(scores.argmax())
    if 1.0 / (1.0 + np.exp(-scores[best])) < _TRIED:
        return {}
    at = options[best]
    return {
        **_tried(cut, model, start, at),
        at: float(scores[best]),
        **_tried(cut, model, at, end),
    }


def _with_around(folds: Sequence[Fold]) -> tuple[BoundaryWords, list[Fold]]:
    """What the words around boundaries say: the model, and the folds with what it makes of each
    message when it hasn't learnt from it or its parts."""
    slots = [[slots_of(s.cut.text, s.cut.boundaries) for s in fold.samples] for fold in folds]
    said = [
        (sample.group, row, sample.begins_at(piece))
        for fold, of_fold in zip(folds, slots, strict=True)
        for sample, rows in zip(fold.samples, of_fold, strict=True)
        if sample.said
        for piece, row in enumerate(rows, 1)
    ]
    models = [
        BoundaryWords.train([(row, begins) for of, row, begins in said if of != group])
        for group in range(_GROUPS)
    ]
    judged = [
        Fold(
            [
                replace(s, cut=replace(s.cut, around=models[s.group].logits(rows)))
                for s, rows in zip(fold.samples, of_fold, strict=True)
            ]
        )
        for fold, of_fold in zip(folds, slots, strict=True)
    ]
    return BoundaryWords.train([(row, begins) for _, row, begins in said]), judged


def _boundary_model(samples: Sequence[Sample]) -> dict[str, Floats]:
    """A logistic model over `Cut.features`."""
    rows: list[Floats] = []
    labels: list[bool] = []
    weighed: list[float] = []
    for sample in samples:
        for start, end in _ends(sample):
            options = sample.cut.inside(start, end)
            if options:
                rows.append(sample.cut.features(start, options, end))
                labels += [sample.begins_at(at) for at in options]
                weighed += [sample.weight] * len(options)
    model = LogisticRegression(C=1.0, max_iter=500)
    model.fit(np.concatenate(rows), labels, sample_weight=weighed)
    return {
        "weights": np.asarray(model.coef_[0], np.float32),
        "bias": np.asarray(model.intercept_[0], np.float32),
    }


@dataclass(frozen=True, slots=True)
class Sample:
    """A message to learn from, as a words model sees it that was not trained on its sentences."""

    cut: Cut
    # The characters at which further questions begin.
    begins: set[int]
    weight: float
    # Messages with a part in common are of one group.
    group: int
    # Whether somebody said it so; otherwise it was put together.
    said: bool

    def begins_at(self, piece: int) -> bool:
        """Whether a further question begins with this piece."""
        return self.cut.boundaries[piece - 1].right in self.begins


@dataclass(frozen=True, slots=True)
class Fold:
    """Messages as a words model sees them that was not trained on any of their sentences."""

    samples: list[Sample]

    @classmethod
    def of(
        cls,
        number: int,
        texts: Sequence[str],
        labels: npt.NDArray[np.int_],
        several: Sequence[Several],
        intents: Sequence[str],
        recipe: Recipe,
    ) -> Fold:
        """Fold `number` of FOLDS: of the texts one in _HELD_OUT, of the messages of `several`
        questions one in FOLDS. The words model learns from half of the other texts, which is most
        of what it would learn in half of the time, and from all other messages."""
        rng = random.Random(recipe.seed + number)  # noqa: S311 - a sample, not a secret
        held = [i for i in range(len(texts)) if i % _HELD_OUT == number]
        known = [i for i in range(len(texts)) if (i - number) % _HELD_OUT % 2]
        unseen = [message for i, message in enumerate(several) if i % FOLDS == number]
        seen = [message for i, message in enumerate(several) if i % FOLDS != number]
        parts = [part for message in seen for part in message.parts]
        asking = [intents.index(intent) for message in seen for intent in message.intents]
        words = WordsModel.train(
            [*(texts[i] for i in known), *parts], np.array([*labels[known], *asking]), recipe
        )
        # Danger is looked for in the message as a whole.
        alone = {intents.index(intent) for intent in (*MOVES, EMERGENCY) if intent in intents}
        asked = [i for i in rng.sample(held, len(held)) if labels[i] not in alone]
        # Who asks two things at once is brief about each.
        brief = [i for i in asked if _count_words(texts[i]) <= _BRIEF]
        made = [(texts[i], set[int](), 1.0, i % _GROUPS, True) for i in asked[:_SINGLES]]
        for _ in range(_PAIRS if len(brief) > 1 else 0):
            one, other = rng.sample(brief, 2)
            if labels[one] != labels[other]:
                made.append((*_join(texts[one], texts[other], rng), 1.0, one % _GROUPS, False))
        groups = [unseen[group::_GROUPS] for group in range(_GROUPS)]
        for at in range(_REMADE if min(map(len, groups)) > 1 else 0):
            begun, ended = rng.sample(groups[at % _GROUPS], 2)
            if begun.intents[0] != ended.intents[-1]:
                remade = _together([begun.parts[0], ended.parts[-1]])
                made.append((*remade, 1.0, at % _GROUPS, False))
        for at, message in enumerate(unseen):
            made.append((*_together(message.parts), _WRITTEN_WEIGHT, at % _GROUPS, True))
        samples = []
        for text, begins, weight, group, said in made:
            found = boundaries(text)
            possible = not begins or not begins.isdisjoint(b.right for b in found)
            if 0 < len(found) <= _MOST_BOUNDARIES and possible:
                samples.append(Sample(Cut.of(text, words, found), begins, weight, group, said))
        return cls(samples)


@dataclass(frozen=True, slots=True)
class Several:
    """A message in which somebody asked several things (or one, at length): its parts and what
    each asks."""

    intents: list[str]
    parts: list[str]


def written(path: Path = WRITTEN) -> list[Several]:
    """The messages of the training data that show where to cut and where not to."""
    rows = [line.split("\t") for line in path.read_text().splitlines() if line.strip()]
    return [
        Several(intents.split("+"), [part.strip() for part in parts.split("||")])
        for intents, parts in rows
    ]


def _ends(sample: Sample) -> list[tuple[int, int]]:
    """The runs of pieces to learn from: the whole message, and of several questions each alone."""
    whole = (0, sample.cut.count)
    at = [0, *(i for i in range(1, whole[1]) if sample.begins_at(i)), whole[1]]
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
