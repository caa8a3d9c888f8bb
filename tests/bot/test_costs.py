"""What is put in the place of Rasa's own for less work does the same."""

from __future__ import annotations

import copy
import inspect
import re
from typing import Any

import pytest
from jsonschema import Draft7Validator
from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.actions.action import RemoteAction
from rasa.core.policies import memoization, rule_policy
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import AnySlot

from bot.copies import _copy_of_slot, _is_empty
from bot.remote_action import _fits

_SLOT = {"event": "slot", "name": "memory", "value": {"topic": "claim_status"}}
_USER = {
    "event": "user",
    "text": "hello",
    "parse_data": {"intent": {"name": "greet", "confidence": 1.0}, "entities": []},
}
_REPLIES: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [_SLOT, {"event": "followup", "name": "need_form"}], "responses": [{"custom": {}}]},
    {"events": [_USER]},
    {"events": [{**_SLOT, "timestamp": None, "metadata": {}}]},
    [],
    "words",
    {"events": {}},
    {"events": ["slot"]},
    {"events": [{}]},
    {"events": [{"event": 1}]},
    {"events": [{"event": "unheard of"}]},
    {"events": [{"event": "slot", "name": "memory"}]},
    {"events": [{**_SLOT, "name": 1}]},
    {"events": [{**_SLOT, "timestamp": "noon"}]},
    {"events": [{**_USER, "parse_data": {"entities": [{"entity": "zip"}]}}]},
    {"responses": {}},
    {"responses": ["words"]},
]


@pytest.mark.parametrize("reply", _REPLIES, ids=str)
def test_a_reply_of_an_action_fits_as_it_does_by_the_whole_schema(reply: Any) -> None:
    whole = Draft7Validator(RemoteAction.action_response_format_spec())
    assert _fits(reply) == whole.is_valid(reply)


@pytest.mark.parametrize("module", [processor, forms, memoization, rule_policy])
def test_rasa_copies_there_for_its_log_alone(module: Any) -> None:
    source = inspect.getsource(module)
    logged = re.findall(r"structlogger\.debug\((?:[^()]|\([^()]*\))*\)", source)
    copies = sum(call.count("copy.") for call in logged)
    assert copies == len(re.findall(r"\bcopy\.\w+\(", source)) > 0


def test_a_copied_slot_is_one_of_its_own() -> None:
    slot = AnySlot("agenda", [{}])
    slot.value = ["a question"]
    copied = _copy_of_slot(slot)
    assert (type(copied), vars(copied)) == (AnySlot, vars(copy.copy(slot)))
    copied.value = None
    assert slot.value == ["a question"]


@pytest.mark.parametrize("intents", [[], ["claim_status"]])
def test_a_domain_is_as_empty_as_rasa_finds_it(intents: list[str]) -> None:
    domain = Domain.from_dict({"intents": intents})
    assert _is_empty(domain) == Domain.is_empty(domain) == (not intents)
