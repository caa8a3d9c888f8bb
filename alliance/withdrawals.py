"""What must not be said any more: one switch for an intent or a source, whatever answers from it.

`alliance/data/withdrawn.yml` is edited by people who don't program, and holds from the next
question on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alliance.answer import Answer
from alliance.errors import ConfigurationError

WITHDRAWN_FILE = Path(__file__).parent / "data" / "withdrawn.yml"
# Help itself is never withdrawn.
_ALWAYS = frozenset({"emergency", "speak_to_agent", "contact_info", "cancel", "repeat"})
_RESOURCE = re.compile(r"[\w-]+")


@dataclass(frozen=True)
class Withdrawals:
    """`intents` have no answer; no answer may come from one of `sources`."""

    intents: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    def silences(self, given: Answer) -> bool:
        """Whether the answer comes from a source that was withdrawn."""
        return bool(self.sources) and not self.sources.isdisjoint(sources_of(given))


def sources_of(given: Answer) -> Iterable[str]:
    """The names that an answer's sources go by: the company's key, `company/resource`
    ("mvp/Coverage"), a knowledge entry ("knowledge/appeal"), a law as the entry names it.
    """
    for source in given.sources:
        yield source.partner
        yield source.resource
        kind = _RESOURCE.match(source.resource)
        if kind:
            yield f"{source.partner}/{kind.group()}"
    named = given.facts.get("sources")
    if isinstance(named, list):
        yield from (str(each) for each in named)


def load_withdrawals(document: Any, intents: Collection[str]) -> Withdrawals:
    """Read `withdrawn.yml`, parsed. Raises ConfigurationError with what to do."""
    if not isinstance(document, Mapping) or not set(document) <= {"intents", "sources"}:
        raise ConfigurationError("withdrawn.yml holds 'intents' and 'sources', and nothing else.")
    lists = {}
    for name in ("intents", "sources"):
        listed = document.get(name) or []
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise ConfigurationError(f"withdrawn.yml: '{name}' is a list of names.")
        lists[name] = frozenset(listed)
    unknown = lists["intents"] - set(intents)
    if unknown:
        raise ConfigurationError(f"withdrawn.yml: there is no intent '{min(unknown)}'.")
    kept = lists["intents"] & _ALWAYS
    if kept:
        raise ConfigurationError(f"withdrawn.yml: '{min(kept)}' is help and cannot be withdrawn.")
    return Withdrawals(lists["intents"], lists["sources"])
