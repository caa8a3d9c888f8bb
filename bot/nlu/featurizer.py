"""Rasa component: the sentence encoder's vector as a dense feature of each message."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from alliance import spoken
from bot.nlu import encoder, text, vectors
from bot.nlu.fingerprint import BUILT_ENCODER, digest

_NAME = "MiniLM"


def sentence_vector(message: Message) -> npt.NDArray[np.float32]:
    """The vector that `EncoderFeaturizer` gave this message."""
    for feature in message.features:
        if feature.origin == _NAME:
            vector: npt.NDArray[np.float32] = feature.features[0]
            return vector
    raise ValueError("no encoder vector: EncoderFeaturizer must stand before in the pipeline")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """One sentence vector a training sentence; no features of single tokens."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncoderFeaturizer:
        """Built by Rasa's engine. FileNotFoundError if the encoder was not built at set-up."""
        encoder.shared()
        return cls(execution_context.node_name, {**config, FEATURIZER_CLASS_ALIAS: _NAME})

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to configure."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The encoder's build and the normaliser decide the vectors too."""
        return digest(encoder, text, vectors, spoken, BUILT_ENCODER)

    def process(self, messages: list[Message]) -> list[Message]:
        """Nothing: most messages are plain from their words, so the classifier asks for a vector
        (`bot.nlu.vectors.encode`) where they are not."""
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Give every training sentence its vector."""
        examples = [e for e in training_data.training_examples if e.get(TEXT) is not None]
        encoded = vectors.encode_all([e.get(TEXT) for e in examples])
        for example, vector in zip(examples, encoded, strict=True):
            _attach(example, vector)
        return training_data


def _attach(message: Message, vector: npt.NDArray[np.float32]) -> None:
    message.add_features(Features(vector[None], FEATURE_TYPE_SENTENCE, TEXT, _NAME))
