"""Life events that change who is covered: how long a member has, who acts, what follows.

The table is `alliance/data/life_events.yml`. A last day is counted only from a day that the member
tells, or from the end of coverage on file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from alliance.errors import ConfigurationError

LIFE_EVENTS_FILE = Path(__file__).parent / "data" / "life_events.yml"
TOPICS = ("add_dependent", "remove_dependent", "end_coverage")


@dataclass(frozen=True)
class LifeEvent:
    """One row. `days` from `counted_from` to do `to_do` (all words for members); None: no source
    gives any.
    """

    topic: str
    event: str
    words: re.Pattern[str] | None
    days: int | None
    counted_from: str
    to_do: str
    source_words: str
    acts: str
    follows: str
    sources: tuple[str, ...]

    def last_day(self, day: date) -> date | None:
        """The last day, counted from the event's."""
        return None if self.days is None else day + timedelta(days=self.days)


@dataclass(frozen=True)
class LifeEvents:
    """All rows, in the order of the file."""

    rows: tuple[LifeEvent, ...]

    def find(self, topic: str, text: str) -> LifeEvent:
        """The event that the words name; the topic's row for all others where they name none."""
        mine = [row for row in self.rows if row.topic == topic]
        named = (row for row in mine if row.words and row.words.search(text))
        return next(named, next(row for row in mine if row.words is None))


def load_life_events(document: Any) -> LifeEvents:
    """Read `life_events.yml`, parsed. Raises ConfigurationError with what to do."""
    entries = document.get("events") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise ConfigurationError("life_events.yml needs 'events'.")
    rows = tuple(_row(number, entry) for number, entry in enumerate(entries, start=1))
    for topic in TOPICS:
        if sum(row.topic == topic and row.words is None for row in rows) != 1:
            raise ConfigurationError(
                f"life_events.yml: {topic} needs one event with 'words: []', for all others."
            )
    return LifeEvents(rows)


def _row(number: int, entry: Any) -> LifeEvent:
    try:
        words = [re.escape(str(word)) for word in entry["words"]]
        days = entry["days"]
        row = LifeEvent(
            topic=str(entry["topic"]),
            event=str(entry["event"]),
            words=re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) if words else None,
            days=None if days is None else int(days),
            counted_from=str(entry["from"]),
            to_do=str(entry["to"]),
            source_words=str(entry["source_words"]),
            acts=str(entry["acts"]),
            follows=str(entry["follows"]).strip(),
            sources=tuple(str(source) for source in entry["sources"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(
            f"life_events.yml: event {number} needs topic, event, words, days, from, to, "
            "source_words, acts, follows and sources."
        ) from error
    if row.topic not in TOPICS or not row.sources:
        raise ConfigurationError(
            f"life_events.yml: event {number} needs a source, and a topic of {', '.join(TOPICS)}."
        )
    return row
