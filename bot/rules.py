"""Rasa asks each of its rules at each prediction whether it fits each state of the conversation,
and looks through all kinds of events for each event it reads: seven of a turn's eighteen
milliseconds. What rules ask of a state is little (the intent, the action before, the form), so
states that are alike in it fit the same rules: those are found once. The comparing is Rasa's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

# A model's rules meet a few hundred; more would be states that never come again.
MOST_STATES = 5000
_resolve_anew = Event.resolve_by_type


def match_once() -> None:
    """Put both in the place of Rasa's. Safe to call again; not for training, where rules change."""
    RulePolicy._get_possible_keys = _possible_keys
    Event.resolve_by_type = staticmethod(_resolved)


class FittingRules:
    """Which of a policy's rules fit a state, counted in turns back from the newest."""

    def __init__(self, policy: RulePolicy, lookup: Mapping[str, Any]) -> None:
        self.lookup = lookup
        self.all = frozenset(lookup)
        self._policy = policy
        rules = [policy._rule_key_to_state(rule) for rule in lookup]
        self._longest = max((len(states) for states in rules), default=0)
        # What any rule asks of any state: ("user", "intent"), ("prev_action", "action_name"), ...
        asked = {
            (kind, name)
            for states in rules
            for state in states
            for kind, part in state.items()
            for name in part
        }
        self._asked = sorted(asked)
        self._found: dict[tuple[Any, ...], frozenset[str]] = {}

    def at(self, turns_back: int, state: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
        """The rules that fit."""
        if turns_back >= self._longest:
            return self.all
        values = (repr(state.get(kind, {}).get(name)) for kind, name in self._asked)
        alike = (turns_back, bool(state.get(PREVIOUS_ACTION)), *values)
        if alike not in self._found:
            if len(self._found) >= MOST_STATES:
                self._found.clear()
            fits = self._policy._is_rule_applicable
            self._found[alike] = frozenset(r for r in self.all if fits(r, turns_back, state))
        return self._found[alike]


def _possible_keys(
    self: RulePolicy, lookup: Mapping[str, Any], states: Sequence[Mapping[str, Any]]
) -> set[str]:
    kept: dict[int, FittingRules] = self.__dict__.setdefault("_memberline_rules", {})
    fitting = kept.get(id(lookup))
    if fitting is None or fitting.lookup is not lookup:
        fitting = kept[id(lookup)] = FittingRules(self, lookup)
    possible = fitting.all
    for turns_back, state in enumerate(reversed(states)):
        possible &= fitting.at(turns_back, state)
    return set(possible)


def _resolved(type_name: str, default: Any = None) -> Any:
    return _kinds().get(type_name) or _resolve_anew(type_name, default)


@cache
def _kinds() -> dict[str, type[Event]]:
    """Each kind of event by its name; of two with one name the first, as Rasa takes it."""
    return {kind.type_name: kind for kind in reversed(all_subclasses(Event))}
