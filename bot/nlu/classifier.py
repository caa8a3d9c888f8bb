"""Rasa component: the fused intent classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from joblib import delayed
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from threadpoolctl import threadpool_limits  # type: ignore[import-not-found]

from alliance import spoken
from bot.nlu import (
    boundaries,
    danger,
    emergency_cues,
    encoder,
    fused,
    noise,
    questions,
    text,
    vectors,
)
from bot.nlu.bands import Bands
from bot.nlu.danger import Part
from bot.nlu.emergency_cues import find_cues
from bot.nlu.featurizer import sentence_vector
from bot.nlu.fingerprint import BUILT_ENCODER, digest
from bot.nlu.fused import EMERGENCY, OUT_OF_SCOPE, FusedModel, Prediction, Recipe
from bot.nlu.questions import (
    LEAST_SURE,
    MOVES,
    Fold,
    Question,
    Several,
    Splitter,
    beside_move,
    beside_the_plain,
    merge,
)
from bot.nlu.text import Floats
from bot.nlu.vectors import encode

QUESTIONS = "questions"
# For `Emergency`: the margin of danger in the whole message, and its parts that may tell of it.
DANGER_MARGIN = "danger_margin"
DANGERS = "dangers"
_RANKING_LENGTH = 10
_SPLITTER = "splitter.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FusedClassifier(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` (calibrated confidences) and for the components after it the
    message's questions; of several, `intent` is the first one's."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: Reader | None = None,
    ) -> None:
        """Without a reader it must be trained before use."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`noise_share`: how many of the training sentences get a noised copy."""
        return {"noise_share": 0.2, "random_seed": Recipe().seed}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FusedClassifier:
        """Built by Rasa's engine, untrained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FusedClassifier:
        """Built by Rasa's engine, from a trained model. From here on linear algebra keeps to one
        thread: on one message several only wait for each other."""
        threadpool_limits(1)
        with model_storage.read_from(resource) as folder:
            model, splitter = FusedModel.load(folder), Splitter.load(folder / _SPLITTER)
            reader = Reader(model, splitter, Bands.read())
            return cls(config, model_storage, resource, reader)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules that do the work."""
        return digest(
            *(fused, boundaries, questions, danger, emergency_cues, text, noise, encoder, vectors),
            spoken,
            *(BUILT_ENCODER, questions.WRITTEN),
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the sentences and the messages of several questions."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        intents = [example.get(INTENT) for example in examples]
        encoded = np.array([sentence_vector(example) for example in examples])
        recipe = Recipe(seed=self._config["random_seed"])
        share = self._config["noise_share"]
        model, splitter = fit(texts, encoded, intents, questions.written(), share, recipe)
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)
            splitter.save(folder / _SPLITTER)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify each message and its parts."""
        for message in messages:
            if message.get(TEXT) is not None:
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        reader = self._trained
        text = message.get(TEXT)
        whole = reader.model.predict(text, encode)
        first, *others = reader.questions(text, whole)
        intent = {"name": first.intent, "confidence": first.confidence}
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, reader.ranking(whole), add_to_output=True)
        message.set(QUESTIONS, [first, *others])
        message.set(DANGER_MARGIN, whole.danger)
        message.set(DANGERS, reader.dangers(text, whole))

    @property
    def _trained(self) -> Reader:
        if self._reader is None:
            raise ValueError("the classifier has not been trained")
        return self._reader


@dataclass(frozen=True, slots=True)
class Reader:
    """What is trained, and the thresholds that it is believed from."""

    model: FusedModel
    splitter: Splitter
    bands: Bands

    def ranking(self, whole: Prediction) -> list[dict[str, Any]]:
        """The likeliest intents, best first."""
        order = np.argsort(-whole.probabilities)[:_RANKING_LENGTH]
        return [
            {"name": self.model.intents[i], "confidence": float(whole.probabilities[i])}
            for i in order
        ]

    def questions(self, text: str, whole: Prediction) -> list[Question]:
        """What a message asks, in order. `whole`: what is made of it as one."""
        top = self.ranking(whole)[0]
        intent, sure = top["name"], top["confidence"]
        spans = self.splitter.spans(text, self.model.words, self.model.intents, self.bands.apart)
        parts = [self._part(text, *span) for span in spans] if len(spans) > 1 else []
        asked = merge(beside_the_plain(parts, intent, sure, self.bands))
        if len(asked) > 1:
            return asked
        one = Question(0, len(text), intent, sure, whole.scope, whole.unsupported)
        return [self._beside(text, one)]

    def dangers(self, text: str, whole: Prediction) -> list[Part] | None:
        """The parts that may tell of danger, where words of another time or of papers can hide it
        in the whole."""
        likely = dict(zip(self.model.intents, whole.probabilities, strict=True))
        urgent = float(likely.get(EMERGENCY, 0.0))
        if urgent < self.bands.emergency_beside_sentence or not find_cues(text).elsewhere:
            return None
        believed = urgent >= self.bands.emergency_beside_part
        plain = 0.0 if believed else self.bands.emergency_part
        return danger.parts(text, self.model, encode, plain)

    def _beside(self, text: str, one: Question) -> Question:
        """The message's only question, or what it asks beside a move in the conversation."""
        if one.intent not in MOVES - {OUT_OF_SCOPE, "inform"}:
            return one
        span = beside_move(text, self.model.words, self.model.intents)
        part = self._part(text, *span) if span else one
        plain = part.intent not in MOVES and part.confidence >= self.bands.accept
        return replace(part, start=0) if plain else one

    def _part(self, text: str, start: int, end: int) -> Question:
        found = self.model.predict(text[start:end], encode)
        best = int(found.probabilities.argmax())
        confidence = float(found.probabilities[best])
        intent = self.model.intents[best]
        # Danger is looked for in the whole message and by `danger`.
        if intent == EMERGENCY or confidence < LEAST_SURE:
            intent = OUT_OF_SCOPE
        return Question(start, end, intent, confidence, found.scope, found.unsupported)


def fit(
    texts: Sequence[str],
    encoded: Floats,
    intents: Sequence[str],
    several: Sequence[Several],
    noise_share: float,
    recipe: Recipe,
) -> tuple[FusedModel, Splitter]:
    """Train on sentences with their vectors and intents, on messages of several questions, and on
    noised copies of some sentences, which keep their originals' vectors: it is the words that
    noise changes."""
    copies = noise.noised_copies(list(texts), noise_share, recipe.seed)
    parts = [part for message in several for part in message.parts]
    names = sorted(set(intents))
    labels = np.array([names.index(intent) for intent in intents])
    return FusedModel.train(
        [*texts, *(copy for _, copy in copies), *parts],
        np.concatenate(
            [encoded, encoded[[index for index, _ in copies]], vectors.encode_all(parts)]
        ),
        [
            *intents,
            *(intents[index] for index, _ in copies),
            *(intent for message in several for intent in message.intents),
        ],
        recipe,
        [
            delayed(Fold.of)(number, texts, labels, several, names, recipe)
            for number in range(questions.FOLDS)
        ],
        lambda folds: Splitter.train(folds, names, recipe),
    )
