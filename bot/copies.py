"""Rasa copies events, messages and whole states at each step for lines of its debug log, also when
that log is off, as it always is here: they hold what members say. Nothing is copied for it. And it
copies all slots, some two hundred a turn, by way of the pickle protocol; here plainly. And it makes
an empty domain anew at each message, to see that its own is none.
"""

from __future__ import annotations

from types import SimpleNamespace

from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.policies import memoization, rule_policy
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


def copy_less() -> None:
    """Put all three in the place of Rasa's. Safe to call again."""
    for module in (processor, forms, memoization, rule_policy):
        # All that these four use it for (tests/bot/test_costs.py).
        module.copy = SimpleNamespace(deepcopy=_as_it_is)
    MessageProcessor._log_slots = staticmethod(_unlogged)
    Slot.__copy__ = _copy_of_slot
    Domain.is_empty = _is_empty


def _as_it_is(value: object) -> object:
    return value


def _unlogged(tracker: DialogueStateTracker) -> None:
    """All slots would be written out, for the debug log alone."""


def _copy_of_slot(slot: Slot) -> Slot:
    copied: Slot = object.__new__(type(slot))
    copied.__dict__.update(slot.__dict__)
    return copied


_EMPTY = Domain.empty().as_dict()


def _is_empty(self: Domain) -> bool:
    return bool(self.as_dict() == _EMPTY)
