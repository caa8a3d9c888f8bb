"""Rasa component: the fused intent classifier."""

from __future__ import annotations

from dataclasses import replace
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
from bot.nlu.emergency_cues import find_cues
from bot.nlu.featurizer import sentence_vector
from bot.nlu.fingerprint import BUILT_ENCODER, digest
from bot.nlu.fused import EMERGENCY, OUT_OF_SCOPE, FusedModel, Prediction, Recipe
from bot.nlu.questions import (
    LEAST_SURE,
    MOVES,
    Fold,
    Question,
    Splitter,
    beside_move,
    beside_the_plain,
    merge,
)
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
        model: FusedModel | None = None,
        splitter: Splitter | None = None,
    ) -> None:
        """Without a model and a splitter it must be trained before use."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._splitter = splitter
        self._bands = Bands.read()

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
            return cls(config, model_storage, resource, model, splitter)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules that do the work."""
        return digest(
            *(fused, boundaries, questions, danger, emergency_cues, text, noise, encoder, vectors),
            spoken,
            *(BUILT_ENCODER, questions.WRITTEN),
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the sentences and on noised copies of some of them, which keep their originals'
        vectors: it is the words that noise changes."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        intents = [example.get(INTENT) for example in examples]
        recipe = Recipe(seed=self._config["random_seed"])
        copies = noise.noised_copies(texts, self._config["noise_share"], recipe.seed)
        copied = [copy for _, copy in copies]
        several = questions.written()
        parts = [part for message in several for part in message.parts]
        encoded = np.array([sentence_vector(example) for example in examples])
        names = sorted(set(intents))
        labels = np.array([names.index(intent) for intent in intents])
        self._model, self._splitter = FusedModel.train(
            texts + copied + parts,
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
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
            self._splitter.save(folder / _SPLITTER)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify each message and its parts."""
        for message in messages:
            if message.get(TEXT) is not None:
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        model, splitter = self._trained
        text = message.get(TEXT)
        whole = model.predict(text, encode)
        ranking = self._ranking(whole)
        top = ranking[0]
        one = Question(0, len(text), top["name"], top["confidence"], whole.scope, whole.unsupported)
        spans = splitter.spans(text, model.words, model.intents)
        parts = [self._part(text, *span) for span in spans] if len(spans) > 1 else []
        asked = merge(beside_the_plain(parts, top["name"], top["confidence"]))
        first, *others = asked if len(asked) > 1 else [self._beside(text, one)]
        intent = {"name": first.intent, "confidence": first.confidence}
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(QUESTIONS, [first, *others])
        message.set(DANGER_MARGIN, whole.danger)
        likely = self._emergency(whole)
        # Only words of another time or of papers can hide danger in the whole.
        if likely >= self._bands.emergency_beside_sentence and find_cues(text).elsewhere:
            believed = likely >= self._bands.emergency_beside_part
            plain = 0.0 if believed else self._bands.emergency_part
            message.set(DANGERS, danger.parts(text, model, encode, plain))

    def _beside(self, text: str, one: Question) -> Question:
        """The message's only question, or what it asks beside a move in the conversation."""
        model, _ = self._trained
        if one.intent not in MOVES - {OUT_OF_SCOPE, "inform"}:
            return one
        span = beside_move(text, model.words, model.intents)
        part = self._part(text, *span) if span else one
        plain = part.intent not in MOVES and part.confidence >= self._bands.accept
        return replace(part, start=0) if plain else one

    def _emergency(self, whole: Prediction) -> float:
        model, _ = self._trained
        likely = dict(zip(model.intents, whole.probabilities, strict=True))
        return float(likely.get(EMERGENCY, 0.0))

    def _part(self, text: str, start: int, end: int) -> Question:
        model, _ = self._trained
        found = model.predict(text[start:end], encode)
        best = int(found.probabilities.argmax())
        confidence = float(found.probabilities[best])
        intent = model.intents[best]
        # Danger is looked for in the whole message and by `danger`.
        if intent == EMERGENCY or confidence < LEAST_SURE:
            intent = OUT_OF_SCOPE
        return Question(start, end, intent, confidence, found.scope, found.unsupported)

    def _ranking(self, prediction: Prediction) -> list[dict[str, Any]]:
        model, _ = self._trained
        order = np.argsort(-prediction.probabilities)[:_RANKING_LENGTH]
        probabilities = prediction.probabilities
        return [{"name": model.intents[i], "confidence": float(probabilities[i])} for i in order]

    @property
    def _trained(self) -> tuple[FusedModel, Splitter]:
        if self._model is None or self._splitter is None:
            raise ValueError("the classifier has not been trained")
        return self._model, self._splitter
