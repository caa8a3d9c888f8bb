"""Rules that are found once fit the states that Rasa's own search finds them to fit."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.events import Event, SlotSet

from bot.rules import FittingRules, _possible_keys, _resolved

_LISTEN = {"prev_action": {"action_name": "action_listen"}}
_ANSWERED = {"prev_action": {"action_name": "action_answer"}}
_FORM = {"active_loop": {"name": "need_form"}}
_RULES = [
    [{**_LISTEN, "user": {"intent": "greet"}}],
    [{**_LISTEN, "user": {"intent": "claim_status"}, **_FORM}],
    [{**_LISTEN, "user": {"intent": "claim_status"}}, _ANSWERED],
    [{**_LISTEN, "slots": {"failures": [1.0, 0.0]}}],
    [{**_LISTEN, "active_loop": {"name": "should_not_be_set"}}],
    [{}, {**_LISTEN, "user": {"intent": "greet"}}],
]
_LOOKUP = {json.dumps(rule): "action_answer" for rule in _RULES}
_STATES: list[Mapping[str, Any]] = [
    {},
    _ANSWERED,
    {**_LISTEN, "user": {"text": "hello there"}},
    *(
        {**_LISTEN, "user": {"intent": intent, "text": "words"}, **form, **slots}
        for intent, form, slots in itertools.product(
            ("greet", "claim_status"),
            ({}, _FORM),
            ({}, {"slots": {"failures": (1.0, 0.0)}}, {"slots": {"failures": (0.0, 1.0)}}),
        )
    ),
]


def test_the_same_rules_are_found_as_by_rasas_own_search() -> None:
    policy = RulePolicy.__new__(RulePolicy)
    for count in (1, 2, 3):
        for states in itertools.product(_STATES, repeat=count):
            possible = set(_LOOKUP)
            for turns_back, state in enumerate(reversed(states)):
                possible = {r for r in possible if policy._is_rule_applicable(r, turns_back, state)}
            assert _possible_keys(policy, _LOOKUP, states) == possible


def test_states_that_differ_in_what_no_rule_asks_are_looked_at_once() -> None:
    fitting = FittingRules(RulePolicy.__new__(RulePolicy), _LOOKUP)
    for words in ("hello", "good morning", "hi"):
        fitting.at(0, {**_LISTEN, "user": {"intent": "greet", "text": words}})
    assert len(fitting._found) == 1


def test_events_are_read_as_what_they_are() -> None:
    assert _resolved("slot") is SlotSet
    assert Event.from_parameters({"event": "slot", "name": "a", "value": 1}) == SlotSet("a", 1)
