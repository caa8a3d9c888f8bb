"""Rasa components: what overrides the classifier, and the form in which questions leave.

After the classifier and the entity extractors: `Language` (not English becomes `language_help`),
`Emergency` (beats everything) and `Questions` (bands, entities of each question).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import bands, emergency_cues, language, questions, tongues
from bot.nlu.bands import Bands
from bot.nlu.classifier import DANGER_MARGIN, DANGERS, QUESTIONS
from bot.nlu.danger import Part
from bot.nlu.emergency_cues import Cues, find_cues
from bot.nlu.fingerprint import digest
from bot.nlu.fused import EMERGENCY, OUT_OF_SCOPE
from bot.nlu.language import is_spanish
from bot.nlu.questions import Question
from bot.nlu.tongues import other_language

LANGUAGE_HELP = "language_help"
BAND = "band"
# What the rules are right in on the development set; they give no number of their own.
_SURE = 0.99
# The probability of an emergency that outweighs words of another time: with words of danger beside
# them, and without. In Spanish and other languages, which the encoder was not made for, it takes
# more without cues too.
_SURE_BESIDE_CUES = 0.9
_SURE_AGAINST_CUES = 0.95
_SURE_IN_SPANISH = 0.5
# A word or two that are on no list of danger may be no words at all: "florp".
_SURE_IN_TWO_WORDS = 0.7
# "Nobody is bleeding, it is about the bill": in a message so short there is no danger besides.
_FEW_WORDS = 20
# Below this the classifier holds words of danger for a manner of speaking, from this many words on.
_POSSIBLE = 0.004
_BRIEF = 6


class _Step(IntentClassifier, GraphComponent):
    """A component without training: it reads what the ones before it set."""

    def __init__(self) -> None:
        self._bands = Bands.read()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> _Step:
        """Built by Rasa's engine."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Helper modules and the bands."""
        return digest(
            bands,
            emergency_cues,
            language,
            questions,
            tongues,
            bands.PATH,
            emergency_cues.PATTERNS,
            emergency_cues.OTHER_PATTERNS,
            language.WORDS,
            tongues.TONGUES,
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Work on each message that has text."""
        for message in messages:
            if message.get(TEXT) is not None:
                self._work(message)
        return messages

    def _work(self, message: Message) -> None:
        raise NotImplementedError


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Language(_Step):
    """Spanish asks for help in Spanish, with the entity `language` = es over the whole text; other
    languages likewise."""

    def _work(self, message: Message) -> None:
        text = message.get(TEXT)
        said_in = other_language(text) or ("es" if is_spanish(text) else None)
        if said_in:
            entity = {
                "entity": "language",
                "value": said_in,
                "start": 0,
                "end": len(text),
                "extractor": type(self).__name__,
            }
            override(message, LANGUAGE_HELP, _SURE)
            message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Emergency(_Step):
    """Danger now, told by anyone in any part of the message, becomes its only question."""

    def _work(self, message: Message) -> None:
        likely = _confidence(message, EMERGENCY)
        text = message.get(TEXT)
        cues = find_cues(text)
        calm = is_calm(text, cues)
        if is_danger(text, cues, likely, message.get(DANGER_MARGIN), self._bands):
            override(message, EMERGENCY, _SURE if cues.danger else likely)
        elif not calm and cues.elsewhere and (told := self._told_in(message, likely)):
            override(message, EMERGENCY, told.likely)
        elif any(question.intent == EMERGENCY for question in message.get(QUESTIONS)):
            self._second_best(message)

    def _told_in(self, message: Message, likely: float) -> Part | None:
        """The part that tells of danger now, in a message that is `likely` to as a whole: words of
        another time or of papers beside it say nothing of it."""
        text = message.get(TEXT)
        return next(
            (
                part
                for part in message.get(DANGERS) or ()
                if self._bands.tells_of_danger(part, likely)
                and not find_cues(text[part.start : part.end]).elsewhere
            ),
            None,
        )

    def _second_best(self, message: Message) -> None:
        """Told like an emergency, but past, on paper or denied: what else it may be, and surer of
        it than before, as far as to ask."""
        rest = [r for r in message.get(INTENT_RANKING_KEY) if r["name"] != EMERGENCY]
        best = rest[0]["confidence"]
        share = best / max(sum(r["confidence"] for r in rest), 1e-9)
        asked = max(best, min(share, self._bands.confirm))
        override(message, rest[0]["name"], asked)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Questions(_Step):
    """Adds `questions`: [{intent, confidence, band, entities, span: [start, end]}] in order, and
    `band` for the message. A rejected message has the intent `out_of_scope` with the confidence
    that the classifier gives it, so that the dialogue says it did not understand; the ranking
    stays as it was."""

    def _work(self, message: Message) -> None:
        asked = [self._of(message, question) for question in message.get(QUESTIONS)]
        first = asked[0]
        intent = {"name": first["intent"], "confidence": first["confidence"]}
        message.set(INTENT, intent, add_to_output=True)
        message.set(BAND, first[BAND], add_to_output=True)
        message.set(QUESTIONS, asked, add_to_output=True)

    def _of(self, message: Message, question: Question) -> dict[str, Any]:
        band = self._bands.of(question.confidence, question.scope, question.unsupported)
        if question.intent == EMERGENCY:
            # Believed on less than certainty, and never put aside for it.
            band = "accept"
        if band == "reject" and question.intent != OUT_OF_SCOPE:
            question = replace(question, intent=OUT_OF_SCOPE, confidence=question.unsupported)
        return {
            "intent": question.intent,
            "confidence": question.confidence,
            "band": band,
            "entities": [
                entity
                for entity in message.get(ENTITIES, [])
                if question.start <= entity["start"] < question.end
            ],
            "span": [question.start, question.end],
        }


def is_calm(text: str, cues: Cues) -> bool:
    """Whether a brief message says in so many words that there is no danger."""
    return cues.denied and not cues.danger and len(text.split()) <= _FEW_WORDS


def is_danger(text: str, cues: Cues, likely: float, margin: float, bands: Bands) -> bool:
    """Whether a message as a whole tells of danger now. `likely`: its probability; `margin`: of
    danger against all else together."""
    words = len(text.split())
    foreign = is_spanish(text) or other_language(text) is not None
    threshold = _SURE_IN_SPANISH if foreign else bands.emergency
    if words <= 2:
        threshold = max(threshold, _SURE_IN_TWO_WORDS)
    if margin < bands.least_margin(likely):
        threshold = math.inf
    calm = is_calm(text, cues)
    return not calm and is_emergency(likely, cues, threshold, brief=words <= _BRIEF)


def is_emergency(likely: float, cues: Cues, threshold: float, *, brief: bool) -> bool:
    """The plain words of danger decide unless the classifier is certain that they mean something
    else, which in a brief message it cannot be; without them it decides from `threshold` on. Told
    of another time, papers or a search, it must be surer."""
    if cues.elsewhere:
        return likely >= (_SURE_BESIDE_CUES if cues.danger else _SURE_AGAINST_CUES)
    return likely >= threshold or (cues.danger and (brief or likely >= _POSSIBLE))


def override(message: Message, intent: str, confidence: float) -> None:
    """Make the message one question of this intent, first in the ranking."""
    rest = [r for r in message.get(INTENT_RANKING_KEY) if r["name"] != intent]
    ranking = [{"name": intent, "confidence": confidence}, *rest]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
    message.set(QUESTIONS, [Question(0, len(message.get(TEXT)), intent, confidence, 1.0, 0.0)])


def _confidence(message: Message, intent: str) -> float:
    ranking = message.get(INTENT_RANKING_KEY)
    return next((float(r["confidence"]) for r in ranking if r["name"] == intent), 0.0)
