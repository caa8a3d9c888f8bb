"""Which queue serves whom, as configured in `alliance/data/routing.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alliance.errors import ConfigurationError
from alliance.partners import Partners

ROUTING_FILE = Path(__file__).parent / "data" / "routing.yml"
_ANY = "any"


@dataclass(frozen=True)
class Queue:
    """A queue of people: its name, and the voice platform's workflow for it."""

    name: str
    workflow: str


@dataclass(frozen=True)
class Routing:
    """The queues by company."""

    queues: Mapping[str, Queue]

    def queue(self, partner: str | None) -> Queue:
        """The company's queue; the front desk when no company is known."""
        return self.queues.get(partner or _ANY, self.queues[_ANY])


def load_routing(document: Any, partners: Partners) -> Routing:
    """Build the routing from the parsed `routing.yml`. Raises ConfigurationError."""
    entries = document.get("queues") if isinstance(document, Mapping) else None
    if not isinstance(entries, Mapping) or _ANY not in entries:
        raise ConfigurationError("routing.yml needs 'queues:' with an entry 'any'.")
    for partner in partners:
        if partner.backend and partner.key not in entries:
            raise ConfigurationError(f"routing.yml: company '{partner.key}' has no queue.")
    return Routing({key: _queue(key, entry) for key, entry in entries.items()})


def _queue(key: str, entry: Any) -> Queue:
    if not isinstance(entry, Mapping) or "name" not in entry:
        raise ConfigurationError(f"routing.yml: the queue of '{key}' needs 'name'.")
    return Queue(str(entry["name"]), str(entry.get("workflow", "")))
