"""Rasa component: the fused intent classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from alliance import spoken
from bot.nlu import encoder, fused, noise, text
from bot.nlu.featurizer import encode, sentence_vector
from bot.nlu.fingerprint import BUILT_ENCODER, digest
from bot.nlu.fused import FusedModel, Prediction, Recipe

SCOPE = "scope"
_RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FusedClassifier(IntentClassifier, GraphComponent):
    """Sets `intent`, `intent_ranking` (calibrated confidences) and `scope`, 0 to 1: how much the
    message is like anything that is supported. `bot.nlu.bands.Bands` decides on them."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: FusedModel | None = None,
    ) -> None:
        """Without a `model` it must be trained before use."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`noise_share`: how many of the training sentences get a noised copy."""
        return {"noise_share": 0.3, "random_seed": Recipe().seed}

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
        """Built by Rasa's engine, from a trained model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, FusedModel.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules that do the work."""
        return digest(fused, text, noise, encoder, spoken, BUILT_ENCODER)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the sentences and on noised copies of some of them."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [example.get(TEXT) for example in examples]
        intents = [example.get(INTENT) for example in examples]
        vectors = np.array([sentence_vector(example) for example in examples])
        seed = self._config["random_seed"]
        copies = noise.noised_copies(texts, self._config["noise_share"], seed)
        copied = [copy for _, copy in copies]
        self._model = FusedModel.train(
            texts + copied,
            np.concatenate([vectors, encode(copied)]) if copied else vectors,
            intents + [intents[index] for index, _ in copies],
            Recipe(seed=seed),
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify each message."""
        for message in messages:
            if message.get(TEXT) is not None:
                self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        prediction = self._trained.predict(message.get(TEXT), sentence_vector(message))
        ranking = self._ranking(prediction)
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(SCOPE, prediction.scope, add_to_output=True)

    def _ranking(self, prediction: Prediction) -> list[dict[str, Any]]:
        order = np.argsort(-prediction.probabilities)[:_RANKING_LENGTH]
        intents, probabilities = self._trained.intents, prediction.probabilities
        return [{"name": intents[i], "confidence": float(probabilities[i])} for i in order]

    @property
    def _trained(self) -> FusedModel:
        if self._model is None:
            raise ValueError("the classifier has not been trained")
        return self._model
