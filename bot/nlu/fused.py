"""The fused intent model: character and word TF-IDF and the sentence encoder, together.

Linear classifiers are trained on the words alone, on the encoder alone and on both, and their
margins are added with weights chosen on development data. A sum of linear margins is linear
again, so what is kept and run is one matrix over all features.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.svm import LinearSVC

from bot.nlu.encoder import SENTENCE
from bot.nlu.text import TfIdf, char_grams, prepare, word_grams

Floats = npt.NDArray[np.float32]

OUT_OF_SCOPE = "out_of_scope"
# A character n-gram seen once is mostly a typo of that one sentence; a word may carry meaning.
_LEAST_WORD, _LEAST_CHAR = 1, 2


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the model is trained; the numbers were chosen on the development set."""

    # SVM regularisation and weight of each part in the sum of margins.
    both: tuple[float, float] = (0.3, 1.0)
    words: tuple[float, float] = (0.3, 0.0)
    encoder: tuple[float, float] = (1.0, 0.0)
    # Margins are divided by this before the softmax, so that a confidence of 0.8 is right eight
    # times in ten on sentences by writers whom the training has not seen.
    temperature: float = 0.2
    # Sentence vectors kept for each intent to measure how near a message is to anything known.
    prototypes: int = 24
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Prediction:
    """Of one text: each intent's probability, and how much it is like any supported question."""

    probabilities: Floats
    scope: float


class FusedModel:
    """Text and its encoder vector in, intent probabilities and in-scope score out."""

    def __init__(
        self,
        intents: Sequence[str],
        words: TfIdf,
        chars: TfIdf,
        weights: Floats,
        bias: Floats,
        prototypes: Floats,
        temperature: float,
    ) -> None:
        """`weights`: [n-grams of words, then of characters, then encoder dimensions; intents].
        `prototypes`: [any number, sentence dimensions], unit length, of supported intents."""
        self.intents = list(intents)
        self.words = words
        self.chars = chars
        self.weights = weights
        self.bias = bias
        self.prototypes = prototypes
        self.temperature = temperature
        self._chars_from = len(words.grams)
        self._vector_from = self._chars_from + len(chars.grams)
        self._supported = np.array([intent != OUT_OF_SCOPE for intent in self.intents])

    def predict(self, text: str, vector: Floats) -> Prediction:
        """`vector`: the encoder's of the same text."""
        scaled = self.margins(text, vector) / self.temperature
        exponents = np.exp(scaled - scaled.max())
        probabilities = exponents / exponents.sum()
        nearest = float((self.prototypes @ vector[:SENTENCE]).max())
        likely = float(probabilities[self._supported].max())
        return Prediction(probabilities, 0.5 * likely + 0.5 * nearest)

    def margins(self, text: str, vector: Floats) -> Floats:
        """[intents], before the softmax."""
        prepared = prepare(text)
        words, word_values = self.words.row(word_grams(prepared))
        chars, char_values = self.chars.row(char_grams(prepared))
        total = self.bias + vector @ self.weights[self._vector_from :]
        total += word_values @ self.weights[words]
        rows = np.array(chars, np.intp) + self._chars_from
        return np.asarray(total + char_values @ self.weights[rows], np.float32)

    @classmethod
    def train(
        cls, texts: Sequence[str], vectors: Floats, intents: Sequence[str], recipe: Recipe
    ) -> FusedModel:
        """Fit on sentences, their encoder vectors [sentences, dimensions] and intents."""
        names = sorted(set(intents))
        labels = np.array([names.index(intent) for intent in intents])
        prepared = [prepare(text) for text in texts]
        word_lists = [word_grams(text) for text in prepared]
        char_lists = [char_grams(text) for text in prepared]
        words = TfIdf.fit(word_lists, _LEAST_WORD)
        chars = TfIdf.fit(char_lists, _LEAST_CHAR)
        lexical = sparse.hstack([words.matrix(word_lists), chars.matrix(char_lists)])
        weights = np.zeros((lexical.shape[1] + vectors.shape[1], len(names)), np.float32)
        bias = np.zeros(len(names), np.float32)
        everything = sparse.hstack([lexical, sparse.csr_matrix(vectors)])
        split = lexical.shape[1]
        for features, rows, (penalty, share) in (
            (everything, slice(None), recipe.both),
            (lexical, slice(0, split), recipe.words),
            (vectors, slice(split, None), recipe.encoder),
        ):
            if share:
                part_weights, part_bias = _fit(features, labels, penalty, recipe.seed)
                weights[rows] += share * part_weights
                bias += share * part_bias
        supported = np.array([intent != OUT_OF_SCOPE for intent in intents])
        kept = prototypes(vectors[supported, :SENTENCE], labels[supported], recipe)
        return cls(names, words, chars, weights, bias, kept, recipe.temperature)

    def save(self, folder: Path) -> None:
        """Arrays as npz (half precision is far finer than the margins' noise), names as JSON."""
        np.savez(
            folder / "arrays.npz",
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            prototypes=self.prototypes.astype(np.float16),
            word_idf=self.words.idf,
            char_idf=self.chars.idf,
        )
        names = {
            "intents": self.intents,
            "words": self.words.grams,
            "chars": self.chars.grams,
            "temperature": self.temperature,
        }
        (folder / "names.json").write_text(json.dumps(names))

    @classmethod
    def load(cls, folder: Path) -> FusedModel:
        """What `save` wrote. OSError or KeyError if it is not all there."""
        names = json.loads((folder / "names.json").read_text())
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            return cls(
                names["intents"],
                TfIdf(names["words"], arrays["word_idf"]),
                TfIdf(names["chars"], arrays["char_idf"]),
                arrays["weights"].astype(np.float32),
                arrays["bias"],
                arrays["prototypes"].astype(np.float32),
                names["temperature"],
            )


def _fit(
    features: sparse.spmatrix | Floats, labels: npt.NDArray[np.int_], penalty: float, seed: int
) -> tuple[Floats, Floats]:
    """One-against-rest linear SVM: weights [features, classes] and bias [classes]."""
    machine = LinearSVC(C=penalty, random_state=seed)
    machine.fit(sparse.csr_matrix(features), labels)
    return machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)


def prototypes(vectors: Floats, labels: npt.NDArray[np.int_], recipe: Recipe) -> Floats:
    """Cluster centres of each class, unit length: [at most recipe.prototypes a class, size]."""
    centres = []
    for label in np.unique(labels):
        members = vectors[labels == label]
        count = min(recipe.prototypes, len(members))
        clusters = KMeans(count, n_init=1, max_iter=20, random_state=recipe.seed).fit(members)
        centres.append(clusters.cluster_centers_)
    joined = np.concatenate(centres).astype(np.float32)
    return np.asarray(joined / np.linalg.norm(joined, axis=1, keepdims=True), np.float32)
