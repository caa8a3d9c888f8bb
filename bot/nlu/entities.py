"""Rasa component: everything a message names, with spans in the message as it came.

Values (IDs, claim numbers, ZIP codes, dates, amounts) are read by `alliance.values`; things on
lists, places and providers by the modules beside this one. Of overlapping finds the longest stays,
of equally long ones the most specific kind.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from alliance import gazetteer, spoken, values
from bot.nlu import entities_lists, entities_places, entities_providers
from bot.nlu.entities_lists import LISTS, Found, Lists, Token, token_spans
from bot.nlu.entities_places import Places, is_large
from bot.nlu.entities_providers import Providers
from bot.nlu.fingerprint import digest

Entity = dict[str, Any]

# The more specific kind first.
_SPECIFIC = (
    "claim_number", "member_id", "zip", "amount", "date", "provider", "partner", "place", "drug",
    "specialty", "service", "facility", "relation", "language",
)  # fmt: skip
_PLACES = frozenset({"place", "zip"})
# What stands before a place that somebody left.
_LEFT = re.compile(
    r"\b(?:fro?m|left|leaving|out of|(?:used to(?: \w+){1,4}|lived|was|were) in)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_GOES_TO = re.compile(r"\b(?:mov(?:e|ed|ing)|relocat(?:e|ed|ing)) (?:back )?to\s+$", re.IGNORECASE)
_RANK = {kind: rank for rank, kind in enumerate(_SPECIFIC)}


class EntityReader:
    """Reads all entities of a message; holds the matchers, no state of a conversation."""

    def __init__(self) -> None:
        self._lists = Lists()
        self._places = Places()
        self._providers = Providers(self._lists.is_known)

    def __call__(self, text: str) -> list[Entity]:
        """Entities in order, without overlaps; `start` and `end` are offsets in `text`."""
        said = spoken.normalise(text)
        tokens = [
            Token(said.text[start:end], said.said(start, end), start)
            for start, end in token_spans(said.text)
        ]
        found = self._lists.find(tokens)
        found += self._places.find(tokens)
        found = _towns_alone(found, list(self._providers.find(said.text, tokens)))
        spans = [
            Found(f.kind, *said.original_span(f.start, f.end), f.value, f.exact) for f in found
        ]
        spans += [Found(v.kind, v.start, v.end, v.value) for v in values.find_values(said)]
        return _with_origin([_entity(f, text) for f in _without_overlaps(spans)], text)


def _towns_alone(found: list[Found], providers: list[Found]) -> list[Found]:
    """All, but no doctor of a large town's name: "my son went to Chicago"."""
    towns = {(f.start, f.end) for f in found if f.kind == "place" and is_large(f.value)}
    return [*found, *(each for each in providers if (each.start, each.end) not in towns)]


def _without_overlaps(found: list[Found]) -> list[Found]:
    ordered = sorted(found, key=lambda f: (f.start - f.end, not f.exact, _RANK[f.kind], f.start))
    kept: list[Found] = []
    for one in ordered:
        if one.end > one.start and all(
            one.end <= other.start or other.end <= one.start for other in kept
        ):
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)


def _entity(found: Found, text: str) -> Entity:
    said = text[found.start : found.end]
    value = said if found.kind == "provider" else found.value
    return {
        "entity": found.kind,
        "start": found.start,
        "end": found.end,
        "value": value,
        "said": said,
    }


def _with_origin(entities: list[Entity], text: str) -> list[Entity]:
    """Give the place that somebody left the role `origin`, where another place stays: who moved
    from Troy to Boston asks about Boston.
    """
    places = [e for e in entities if e["entity"] in _PLACES]
    # "I'm in Albany 12207 moving to Hartford 06103"
    goes = next((e["start"] for e in places if _GOES_TO.search(text, 0, e["start"])), 0)
    left = [e for e in places if e["end"] <= goes or _LEFT.search(text, 0, e["start"])]
    if len(left) == len(places):
        return entities
    return [{**e, "role": "origin"} if e in left else e for e in entities]


@cache
def shared() -> EntityReader:
    """The one reader of the process."""
    return EntityReader()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MemberEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the entities of `EntityReader` to each message."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MemberEntityExtractor:
        """Built by Rasa's engine; loads the lists once a process."""
        shared()
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The modules and lists that do the work."""
        modules = (entities_lists, entities_places, entities_providers, gazetteer, spoken, values)
        return digest(sys.modules[__name__], *modules, *LISTS)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of every message with text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                extracted = self.add_extractor_name(shared()(text))
                known = message.get(ENTITIES, []) or []
                message.set(ENTITIES, known + extracted, add_to_output=True)
        return messages
