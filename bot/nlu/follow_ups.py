"""Rasa component: what a short message asks of the matter that was just told: which kind of thing,
and which of the knowledge's entries (`bot.nlu.details`).

"How long till it gets here", "so what's mine to pay", "could she do that for me": such words name
no matter of their own, and their intent says little. What they ask is learnt by itself, with the
same kind of model as the intents, from data/nlu/follow_ups.tsv; what it must tell them from are
questions of their own, of the intents' data. Whether something was told before only the dialogue
knows.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from alliance import spoken
from bot.nlu import details, encoder, follow_up_sentences, fused, text, vectors
from bot.nlu.bands import Bands
from bot.nlu.classifier import QUESTIONS
from bot.nlu.details import DETAILS, Details, asked
from bot.nlu.featurizer import sentence_vector
from bot.nlu.fingerprint import BUILT_ENCODER, digest
from bot.nlu.follow_up_sentences import ASKS, MOST_WORDS, NOTHING, WRITTEN, written
from bot.nlu.fused import FusedModel, Recipe
from bot.nlu.text import Floats, Lexicon
from bot.nlu.vectors import encode


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FollowUps(GraphComponent):
    """Adds `details` to each question of a message: the entries that it is near to, {entry,
    confidence, band}; and to each short one `asks`: {name, confidence, band}, the name one of those
    in the data."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: FusedModel | None = None,
        details: Details | None = None,
    ) -> None:
        """Without a model it must be trained before use."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._details = details
        self._bands = Bands.read()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`others`: how many sentences of each intent are learnt as no follow-up; `plain`: how many
        of them no entry may be as near as."""
        return {"others": 70, "plain": 30, "random_seed": Recipe().seed}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FollowUps:
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
    ) -> FollowUps:
        """Built by Rasa's engine, from a trained model."""
        with model_storage.read_from(resource) as folder:
            model = FusedModel.load(folder)
            details = Details.load(folder, model.words.lexicon)
        return cls(config, model_storage, resource, model, details)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules that do the work, and the sentences."""
        modules = (details, fused, text, follow_up_sentences, encoder, vectors, spoken)
        return digest(*modules, BUILT_ENCODER, WRITTEN, details.WRITTEN)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the written follow-ups, and on short questions of each intent beside them."""
        follow_ups, entries = written(), asked()
        others = _short_of_each(training_data.intent_examples, self._config["others"])
        plain = _short_of_each(training_data.intent_examples, self._config["plain"])
        encoded = vectors.encode_all(
            [
                *(sentence for _, sentence in follow_ups),
                *(question for entry in entries for question in entry.questions),
            ]
        )
        texts = [*(sentence for _, sentence in follow_ups), *(other.get(TEXT) for other in others)]
        # One for both models: a message is read in it once.
        lexicon = Lexicon.fit([*texts, *(each for entry in entries for each in entry.questions)])
        model, _ = FusedModel.train(
            texts,
            np.concatenate([encoded[: len(follow_ups)], _vectors(others)]),
            [*(name for name, _ in follow_ups), *(NOTHING for _ in others)],
            Recipe(seed=self._config["random_seed"]),
            lexicon=lexicon,
        )
        self._model = model
        self._details = Details.train(
            entries,
            [other.get(TEXT) for other in plain],
            np.concatenate([encoded[len(follow_ups) :], _vectors(plain)]),
            lexicon,
        )
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)
            self._details.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Say of each question what it asks of what was told before it."""
        for message in messages:
            questions = message.get(QUESTIONS)
            if questions:
                told = [self._asked(message.get(TEXT), question) for question in questions]
                message.set(QUESTIONS, told, add_to_output=True)
        return messages

    def _asked(self, text: str, question: dict[str, Any]) -> dict[str, Any]:
        if self._model is None or self._details is None:
            raise ValueError("the follow-ups have not been trained")
        start, end = question["span"]
        said = text[start:end]
        vector = encode(said)
        near = {**question, DETAILS: self._details.near(said, vector, self._bands)}
        if len(said.split()) > MOST_WORDS:
            return near
        probabilities = self._model.predict(said, lambda _: vector).probabilities
        best = int(probabilities.argmax())
        sure = float(probabilities[best])
        asks = {
            "name": self._model.intents[best],
            "confidence": sure,
            "band": self._bands.of_aspect(sure),
        }
        return {**near, ASKS: asks}


def _short_of_each(examples: Sequence[Message], count: int) -> list[Message]:
    """At most so many short sentences of each intent, drawn by chance that stays: a new sentence
    takes the place of one other at most, and no entry gets nearer or farther by it.
    """
    grouped: dict[str, list[Message]] = defaultdict(list)
    for example in examples:
        if example.get(TEXT) and len(example.get(TEXT).split()) <= MOST_WORDS:
            grouped[example.get(INTENT)].append(example)
    return [
        example
        for _, group in sorted(grouped.items())
        for example in sorted(group, key=lambda each: zlib.crc32(each.get(TEXT).encode()))[:count]
    ]


def _vectors(examples: Sequence[Message]) -> Floats:
    """[examples, dimensions]: the encoder's, as the featurizer made them."""
    return np.array([sentence_vector(each) for each in examples])
