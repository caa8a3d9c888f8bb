"""Several questions in one message: where one ends and the next begins.

Possible boundaries are sentence ends, joining words and words that a clause may begin with. A small
logistic model proposes parts by what the words model makes of the text before and after each
boundary; small networks, which see all parts and the whole, decide: two parts that are each sure of
something different are two questions; a story and its question are one. Both learn from what a
words model makes of sentences that it was not trained on.
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

from bot.nlu.fused import EMERGENCY, OUT_OF_SCOPE, Recipe, WordsModel

Floats = npt.NDArray[np.float32]
# Messages with several questions: intents joined by +, a tab, the parts parted by ||; and stories
# of several clauses that ask one thing, to be kept whole.
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
    r"trying to|wondering|just|otherwise|somebody|someone|call|ring|because|bc|cause|oh|if|now|"
    r"your|i|i'll|he|he'?s|she|she'?s|they'?re|we|we'?re|you|it|it'?s|put|say|who'?ll|what'?ll|let'?s|ready|"
    r"email|mail|ship|up|got|quiero|necesito|so (?:who|what|how|where|can|do|is|i))"
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
_TRIED = 0.12
# How sure the parts must be to be taken for several questions: chosen on the development set, so
# that fewer than two single questions in a hundred are parted.
_APART = 0.8
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


@dataclass(frozen=True, slots=True)
class Cut:
    """A message in pieces, with what speaks for and against a question ending between them."""

    text: str
    boundaries: Sequence[Boundary]
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
    def of(cls, text: str, words: WordsModel, found: Sequence[Boundary]) -> Cut:
        """Cut `text` at each of its possible boundaries."""
        ends = [0, *(b.right for b in found), len(text)]
        pieces = [text[start:end] for start, end in itertools.pairwise(ends)]
        asks = [_STARTS_QUESTION.search(piece) is not None for piece in pieces]
        return cls(
            text,
            found,
            words.table(pieces),
            np.array([_STARTS_QUESTION.match(piece) is not None for piece in pieces]),
            np.array([piece.rstrip().endswith("?") for piece in pieces]),
            np.array([_ADDS.match(piece) is not None for piece in pieces]),
            np.array([0, *itertools.accumulate(asks)]),
            np.array([0, *itertools.accumulate(_count_words(piece) for piece in pieces)]),
            np.array([[b.kind == kind for kind in _KINDS] for b in found]),
        )

    @property
    def count(self) -> int:
        """Number of pieces."""
        return len(self.opens)

    def inside(self, start: int, end: int) -> list[int]:
        """Where pieces `start` to before `end` may be cut: each side has words enough."""
        first, last = self.words[start] + _LEAST_WORDS, self.words[end] - _LEAST_WORDS
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
            ]
        )
        crossed = np.concatenate([columns, kinds, kinds * least, kinds * (opens & asked)])
        return np.asarray(crossed.T, np.float32)

    def questions(self, at: Sequence[int], intents: Sequence[str]) -> list[Question]:
        """What the words model makes of the parts that begin with pieces `at`, and the first."""
        parts = []
        for start, end in itertools.pairwise([0, *at, self.count]):
            likely = self.likely[start, end]
            best = int(likely.argmax())
            begin = self.boundaries[start - 1].right if start else 0
            stop = len(self.text) if end == self.count else self.boundaries[end - 1].left
            parts.append(Question(begin, stop, intents[best], float(likely[best]), 1.0, 0.0))
        return merge(parts)


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
        if _STARTS_QUESTION.match(text, ends[at]) is not None
    ]
    sure, start = max(plain, default=(0.0, 0))
    return (start, len(text)) if sure >= _PLAIN else None


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
    cut: Cut, parts: Sequence[Question], at: int, scores: Sequence[float], intents: Sequence[str]
) -> list[float]:
    """Features of taking `parts` for questions of their own. `at`: the likeliest boundary's piece;
    `scores`: of all boundaries."""
    text, whole = cut.text, cut.likely[0, cut.count]
    likely = np.sort(whole)
    sure = [part.confidence for part in parts]
    shares = {part.intent: float(whole[intents.index(part.intent)]) for part in parts}
    said = [text[part.start : part.end] for part in parts]
    begins = [_STARTS_QUESTION.match(words.strip(" ,.")) is not None for words in said]
    counts = [_count_words(words) for words in said]
    values = (
        max(scores),
        min(scores),
        max(scores) * math.log(min(sure)),
        *(math.log(value) for value in (min(sure), sum(sure) / len(sure), sure[0], sure[1])),
        math.log(math.prod(sorted(sure)[:2])),
        *(math.log(float(value) + 1e-3) for value in (likely[-1], likely[-2])),
        float(likely[-1] - likely[-2]),
        *(math.log(value + 1e-4) for value in (min(shares.values()), max(shares.values()))),
        sum(shares.values()),
        intents[int(whole.argmax())] in shares,
        len(shares) == len(parts),
        EMERGENCY in shares,
        OUT_OF_SCOPE in shares,
        len(parts) - 2,
        min(counts) / 10,
        counts[0] / 20,
        counts[1] / 20,
        _count_words(text) / 20,
        text.count("?") >= 2,
        said[0].rstrip().endswith("?"),
        said[-1].rstrip().endswith("?"),
        sum(begins) / len(begins),
        all(begins),
        _NOT_ALONE.match(said[1]) is not None,
        _GOES_ON.match(said[1]) is not None,
        re.match(r"\W*or\b", said[1], re.IGNORECASE) is not None,
        cut.opens[at],
        cut.asked[at] > 0,
        cut.asked[-1] > cut.asked[at],
        cut.marked[at - 1],
        cut.adds[at],
        *cut.kinds[at - 1],
    )
    return [float(value) for value in values]


def is_remark(text: str) -> bool:
    """Whether a part asks nothing and only says something of what stands before it."""
    return (
        _count_words(text) <= _MOST_REMARK_WORDS
        and "?" not in text
        and _REMARKS.match(text) is not None
    )


# Small networks that vote: of the features' means and scales, then weights and biases of two
# layers, each array with one entry a network.
_VOTERS, _HIDDEN = 3, 24
_ARRAYS = ("weights", "bias", "mean", "scale", "inner", "inner_bias", "outer", "outer_bias")


class Splitter:
    """Where the questions of a message begin and end."""

    def __init__(self, arrays: dict[str, Floats]) -> None:
        """`arrays`: by the names in _ARRAYS."""
        self._arrays = arrays

    def save(self, path: Path) -> None:
        """As npz."""
        np.savez(path, **self._arrays)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Splitter:
        """What `save` wrote."""
        with np.load(path, allow_pickle=False) as kept:
            return cls({name: kept[name] for name in _ARRAYS})

    def spans(self, text: str, words: WordsModel, intents: Sequence[str]) -> list[tuple[int, int]]:
        """The parts of `text` that ask something of their own, in order; one if it is a single
        question. `intents`: the names that the words model numbers."""
        alone = [(0, len(text))]
        found = boundaries(text)
        if not 0 < len(found) <= _MOST_BOUNDARIES:
            return alone
        cut = Cut.of(text, words, found)
        proposed = self._propose(cut, intents)
        if proposed is None or self._apart(np.array(proposed[1])) < _APART:
            return alone
        spans: list[tuple[int, int]] = []
        for part in proposed[0]:
            if spans and is_remark(text[part.start : part.end]):
                spans[-1] = (spans[-1][0], part.end)
            else:
                spans.append((part.start, part.end))
        return spans

    def _propose(
        self, cut: Cut, intents: Sequence[str]
    ) -> tuple[list[Question], list[float]] | None:
        """Parts and their features; None if there is but one."""
        cuts = self._cuts(cut, 0, cut.count)
        parts = cut.questions([at for at, _ in cuts], intents) if cuts else []
        if len(parts) < 2:
            return None
        best, _ = max(cuts, key=lambda scored: scored[1])
        return parts, _weighed(cut, parts, best, [score for _, score in cuts], intents)

    def _cuts(self, cut: Cut, start: int, end: int) -> list[tuple[int, float]]:
        """Pieces before which a question may end, with their scores."""
        options = cut.inside(start, end)
        if not options:
            return []
        features = cut.features(start, options, end)
        scores = features @ self._arrays["weights"] + self._arrays["bias"]
        best = int(scores.argmax())
        if 1.0 / (1.0 + np.exp(-scores[best])) < _TRIED:
            return []
        at = options[best]
        before, after = self._cuts(cut, start, at), self._cuts(cut, at, end)
        return [*before, (at, float(scores[best])), *after]

    def _apart(self, features: npt.NDArray[np.float64]) -> float:
        """The probability that proposed parts are questions of their own."""
        kept = self._arrays
        scaled = (features - kept["mean"]) / kept["scale"]
        hidden = np.maximum(np.einsum("f,nfh->nh", scaled, kept["inner"]) + kept["inner_bias"], 0)
        votes = (hidden * kept["outer"]).sum(1) + kept["outer_bias"]
        return float(1.0 / (1.0 + np.exp(-votes.mean())))

    @classmethod
    def train(cls, folds: Sequence[Fold], intents: Sequence[str], recipe: Recipe) -> Splitter:
        """Learn from folds (`Fold.of`): their boundaries first, then what is proposed in each by
        the boundaries of the others."""
        every = _boundary_model([sample for fold in folds for sample in fold.samples])
        rows: list[list[float]] = []
        labels: list[bool] = []
        for fold in folds:
            others = [sample for other in folds if other is not fold for sample in other.samples]
            proposing = cls(_boundary_model(others))
            for cut, begins, _ in fold.samples:
                proposed = proposing._propose(cut, intents)
                if proposed is not None:
                    rows.append(proposed[1])
                    labels.append(bool(begins))
        features = np.array(rows)
        mean, scale = features.mean(0), features.std(0) + 1e-6
        scaled = (features - mean) / scale
        voters = [
            MLPClassifier(
                (_HIDDEN,), alpha=0.3, learning_rate_init=0.003, max_iter=150,
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
        }
        return cls({**every, **{name: np.asarray(a, np.float32) for name, a in arrays.items()}})


def _boundary_model(samples: Sequence[tuple[Cut, set[int], float]]) -> dict[str, Floats]:
    """A logistic model over `Cut.features`."""
    rows: list[Floats] = []
    labels: list[bool] = []
    weighed: list[float] = []
    for cut, begins, weight in samples:
        for start, end in _ends(cut, begins):
            options = cut.inside(start, end)
            if options:
                rows.append(cut.features(start, options, end))
                labels += [cut.boundaries[at - 1].right in begins for at in options]
                weighed += [weight] * len(options)
    model = LogisticRegression(C=1.0, max_iter=500)
    model.fit(np.concatenate(rows), labels, sample_weight=weighed)
    return {
        "weights": np.asarray(model.coef_[0], np.float32),
        "bias": np.asarray(model.intercept_[0], np.float32),
    }


@dataclass(frozen=True, slots=True)
class Fold:
    """Messages as a words model sees them that was not trained on any of their sentences."""

    # With the characters at which further questions begin, and how much each message counts.
    samples: list[tuple[Cut, set[int], float]]

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
        questions one in FOLDS. The words model learns from all others."""
        rng = random.Random(recipe.seed + number)  # noqa: S311 - a sample, not a secret
        held = [i for i in range(len(texts)) if i % _HELD_OUT == number]
        known = [i for i in range(len(texts)) if i % _HELD_OUT != number]
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
        made = [(texts[i], set[int](), 1.0) for i in asked[:_SINGLES]]
        for _ in range(_PAIRS if len(brief) > 1 else 0):
            one, other = rng.sample(brief, 2)
            if labels[one] != labels[other]:
                made.append((*_join(texts[one], texts[other], rng), 1.0))
        for _ in range(_REMADE if len(unseen) > 1 else 0):
            begun, ended = rng.sample(unseen, 2)
            if begun.intents[0] != ended.intents[-1]:
                made.append((*_together([begun.parts[0], ended.parts[-1]]), 1.0))
        made += [(*_together(message.parts), _WRITTEN_WEIGHT) for message in unseen]
        samples = []
        for text, begins, weight in made:
            found = boundaries(text)
            possible = not begins or not begins.isdisjoint(b.right for b in found)
            if 0 < len(found) <= _MOST_BOUNDARIES and possible:
                samples.append((Cut.of(text, words, found), begins, weight))
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


def _ends(cut: Cut, begins: set[int]) -> list[tuple[int, int]]:
    """The runs of pieces to learn from: the whole message, and of several questions each alone."""
    whole = (0, cut.count)
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
