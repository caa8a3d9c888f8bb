"""The fused intent model: character and word TF-IDF and the sentence encoder, together.

Linear classifiers are trained on the n-grams alone and on whole words with the encoder's vectors,
and their margins are added with a weight chosen on development data. (With the character n-grams in
both, the second takes twice as long and is worse on roundabout sentences.) A sum of linear margins
is linear again, so one matrix over all features is kept and run. That of the n-grams is kept beside
it: it is cheap enough to be asked about every part of a message (`bot.nlu.questions`), and where it
is sure the encoder, which takes most of the time, is not asked at all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.svm import LinearSVC

from bot.nlu.encoder import SENTENCE
from bot.nlu.text import Floats, Lexicon, prepare

Labels = npt.NDArray[np.int_]

OUT_OF_SCOPE = "out_of_scope"
EMERGENCY = "emergency"
# From this probability on the words are believed by themselves: on the development sentences they
# are right then as often as everything together, and it is so for four chat messages in five. Not
# where the least thing speaks for an emergency.
_SURE, _NO_EMERGENCY = 0.7, 0.02
# How exactly the SVM is solved: three times finer takes a fifth longer and is no better.
_TOLERANCE = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the model is trained; the numbers were chosen on the development set."""

    # SVM regularisation of the joint model and of the words alone.
    joint: float = 0.6
    words: float = 0.6
    # The words' margins are added to the joint ones with this weight.
    words_share: float = 0.6
    # Principal directions of the encoder's vectors that are trained on: the rest is little of the
    # variance and two thirds of the training time.
    directions: int = 200
    # Margins are divided by this before the softmax, so that a confidence of 0.8 is right eight
    # times in ten on sentences by writers whom the training has not seen.
    temperature: float = 0.24
    # Sentence vectors kept for each intent to measure how near a message is to anything known.
    prototypes: int = 24
    seed: int = 7


class WordsModel:
    """Intent probabilities from words alone, of a text and of any part of it."""

    def __init__(self, lexicon: Lexicon, weights: Floats, bias: Floats, temperature: float) -> None:
        self.lexicon = lexicon
        self.weights = weights
        self.bias = bias
        self.temperature = temperature

    @classmethod
    def train(cls, texts: Sequence[str], labels: Labels, recipe: Recipe) -> WordsModel:
        """Fit on texts and their labels, numbered from 0."""
        lexicon = Lexicon.fit(texts)
        weights, bias = _fit(lexicon.matrix(texts), labels, recipe.words, recipe.seed)
        return cls(lexicon, weights, bias, recipe.temperature)

    def table(self, pieces: Sequence[str]) -> Floats:
        """[start, end, intents]: what pieces `start` to before `end` of a message mean together,
        each run of them read as a text of its own. Only start < end is filled."""
        grams = [self.lexicon.grams(prepare(piece)) for piece in pieces]
        words = np.concatenate([g.words for g in grams])
        chars = np.concatenate([g.chars for g in grams])
        word_piece = np.repeat(np.arange(len(pieces)), [len(g.words) for g in grams])
        char_piece = np.repeat(np.arange(len(pieces)), [len(g.chars) for g in grams])
        pairs = np.concatenate([g.pairs for g in grams])
        kinds = [
            self._sums(words, word_piece, len(pieces)),
            self._sums(chars, char_piece, len(pieces)),
        ]
        of_pairs = self._sums(pairs, word_piece, len(pieces))
        kinds[0] = (kinds[0][0] + of_pairs[0], kinds[0][1] + of_pairs[1])
        count = len(pieces) + 1
        margins = np.broadcast_to(self.bias, (count, count, len(self.bias))).copy()
        for sums, squares in kinds:
            total = np.concatenate([np.zeros((1, sums.shape[1]), np.float32), sums.cumsum(0)])
            square = np.concatenate([[0.0], squares.cumsum()])
            between = np.maximum(square[None, :] - square[:, None], 1e-6)
            margins += (total[None] - total[:, None]) / np.sqrt(between)[..., None]
        margins = margins / self.temperature
        exponents = np.exp(margins - margins.max(-1, keepdims=True))
        return np.asarray(exponents / exponents.sum(-1, keepdims=True), np.float32)

    def _sums(self, columns: Labels, piece: Labels, count: int) -> tuple[Floats, Floats]:
        """By piece: the sum of the known n-grams' weights times idf, and that of squared idf."""
        known = columns >= 0
        columns, piece = columns[known], piece[known]
        idf = self.lexicon.idf[columns]
        sums = np.zeros((count, self.weights.shape[1]), np.float32)
        present, starts = np.unique(piece, return_index=True)
        if len(present):
            weighted = self.weights[columns] * idf[:, None]
            sums[present] = np.add.reduceat(weighted, starts, axis=0)
        return sums, np.bincount(piece, idf * idf, count).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Of one text: each intent's probability, how much it is like any supported question, the
    probability of `out_of_scope`, and the margin of `emergency` by itself: above 0 where the text
    is more like danger than like all else together. A text that is like nothing known can be
    likelier an emergency than anything else, and yet be none."""

    probabilities: Floats
    scope: float
    unsupported: float
    danger: float


class FusedModel:
    """Text and its encoder vector in, intent probabilities and in-scope score out."""

    def __init__(
        self,
        intents: Sequence[str],
        words: WordsModel,
        weights: Floats,
        bias: Floats,
        prototypes: Floats,
        temperature: float,
    ) -> None:
        """`weights`: [n-grams, then encoder dimensions; intents], all parts summed.
        `prototypes`: [any number, sentence dimensions], unit length, of supported intents."""
        self.intents = list(intents)
        self.words = words
        self.weights = weights
        self.bias = bias
        self.prototypes = prototypes
        self.temperature = temperature
        self._supported = np.array([intent != OUT_OF_SCOPE for intent in self.intents])
        self._emergency = np.array([intent == EMERGENCY for intent in self.intents])

    def predict(self, text: str, encode: Callable[[str], Floats]) -> Prediction:
        """`encode`: gives the encoder's vector of a text; asked only where the words are unsure."""
        lexicon = self.words.lexicon
        columns, values = lexicon.of(text)
        words = self.words
        said = softmax((words.bias + values @ words.weights[columns]) / words.temperature)
        if said.max() >= _SURE and float(said[self._emergency].sum()) < _NO_EMERGENCY:
            # As near to what is known as the words are sure.
            return self._prediction(said, float(said[self._supported].max()), -math.inf)
        vector = encode(text)
        margins = self.bias + values @ self.weights[columns] + vector @ self.weights[lexicon.size :]
        nearest = float((self.prototypes @ vector[:SENTENCE]).max())
        danger = float(margins[self._emergency].sum()) if self._emergency.any() else -math.inf
        return self._prediction(softmax(margins / self.temperature), nearest, danger)

    def _prediction(self, probabilities: Floats, nearest: float, danger: float) -> Prediction:
        likely = float(probabilities[self._supported].max())
        unsupported = float(probabilities[~self._supported].sum())
        return Prediction(probabilities, 0.5 * likely + 0.5 * nearest, unsupported, danger)

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        vectors: Floats,
        intents: Sequence[str],
        recipe: Recipe,
        beside: Sequence[Any] = (),
        then: Callable[[list[Any]], Any] = list,
        lexicon: Lexicon | None = None,
    ) -> tuple[FusedModel, Any]:
        """Fit on sentences, their encoder vectors [sentences, dimensions] and intents. `beside`:
        joblib's delayed calls, done on the cores that are free; `then`: what is made of their
        results, in order, while the fits run; returned with the model. `lexicon`: of these
        sentences alone, unless one is given that is shared."""
        names = sorted(set(intents))
        labels = np.array([names.index(intent) for intent in intents])
        supported = np.array([intent != OUT_OF_SCOPE for intent in intents])
        # Most of the training's time: each on a core of its own. In processes, because threads
        # would share liblinear's random numbers, and no model be made twice the same.
        on_cores = Parallel(n_jobs=2)
        with ThreadPoolExecutor(1) as aside:
            reading = aside.submit(_read, texts, lexicon)
            done = on_cores(beside)
            known, lexical = reading.result()
            mean, directions = _principal(vectors, recipe.directions)
            encoded = sparse.csr_matrix((vectors - mean) @ directions)
            spelt = len(known.words)
            joint = sparse.hstack([lexical[:, :spelt], encoded]).tocsr()
            made = aside.submit(then, done)
            (joint_weights, bias), (words_weights, words_bias), kept = on_cores(
                [
                    delayed(_fit)(joint, labels, recipe.joint, recipe.seed),
                    delayed(_fit)(lexical, labels, recipe.words, recipe.seed),
                    delayed(_prototypes)(vectors[supported, :SENTENCE], labels[supported], recipe),
                ]
            )
        words = WordsModel(known, words_weights, words_bias, recipe.temperature)
        of_words = recipe.words_share * words.weights
        of_words[:spelt] += joint_weights[:spelt]
        of_vector = directions @ joint_weights[spelt:]
        weights = np.concatenate([of_words, of_vector])
        bias += recipe.words_share * words.bias - mean @ of_vector
        return cls(names, words, weights, bias, kept, recipe.temperature), made.result()

    def save(self, folder: Path) -> None:
        """Arrays as npz (half precision is far finer than the margins' noise), names as JSON."""
        lexicon = self.words.lexicon
        np.savez(
            folder / "arrays.npz",
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            words_weights=self.words.weights.astype(np.float16),
            words_bias=self.words.bias,
            prototypes=self.prototypes.astype(np.float16),
            idf=lexicon.idf,
        )
        names = {
            "intents": self.intents,
            "words": lexicon.words,
            "chars": lexicon.chars,
            "temperature": self.temperature,
            "words_temperature": self.words.temperature,
        }
        (folder / "names.json").write_text(json.dumps(names))

    @classmethod
    def load(cls, folder: Path) -> FusedModel:
        """What `save` wrote. OSError or KeyError if it is not all there."""
        names = json.loads((folder / "names.json").read_text())
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            lexicon = Lexicon(names["words"], names["chars"], arrays["idf"])
            words = WordsModel(
                lexicon,
                arrays["words_weights"].astype(np.float32),
                arrays["words_bias"],
                names["words_temperature"],
            )
            return cls(
                names["intents"],
                words,
                arrays["weights"].astype(np.float32),
                arrays["bias"],
                arrays["prototypes"].astype(np.float32),
                names["temperature"],
            )


def softmax(scores: npt.NDArray[np.floating[Any]]) -> Floats:
    """Probabilities of one row of scores."""
    exponents = np.exp(scores - scores.max())
    return np.asarray(exponents / exponents.sum(), np.float32)


def _fit(
    features: sparse.spmatrix | Floats, labels: Labels, penalty: float, seed: int
) -> tuple[Floats, Floats]:
    """One-against-rest linear SVM: weights [features, classes] and bias [classes]."""
    machine = LinearSVC(C=penalty, tol=_TOLERANCE, random_state=seed)
    machine.fit(features, labels)
    return machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)


def _read(texts: Sequence[str], shared: Lexicon | None) -> tuple[Lexicon, sparse.csr_matrix]:
    """The texts' n-grams, or those that are shared, and the texts in them."""
    lexicon = shared or Lexicon.fit(texts)
    return lexicon, lexicon.matrix(texts)


def _principal(vectors: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean [dimensions] and the `count` directions of most variance [dimensions, count]."""
    mean = vectors.mean(0)
    centred = vectors - mean
    _, directions = np.linalg.eigh(centred.T @ centred)
    return mean, np.ascontiguousarray(directions[:, ::-1][:, :count])


def _prototypes(vectors: Floats, labels: Labels, recipe: Recipe) -> Floats:
    """Cluster centres of each class, unit length: [at most recipe.prototypes a class, size]."""
    centres = []
    for label in np.unique(labels):
        members = vectors[labels == label]
        count = min(recipe.prototypes, len(members))
        clusters = KMeans(count, n_init=1, max_iter=20, random_state=recipe.seed).fit(members)
        centres.append(clusters.cluster_centers_)
    joined = np.concatenate(centres).astype(np.float32)
    return np.asarray(joined / np.linalg.norm(joined, axis=1, keepdims=True), np.float32)
