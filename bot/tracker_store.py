"""The tracker store: recent turns and a snapshot of the slots, in Redis, and never forgetful.

Rasa's own Redis store keeps every event (a turn gets dearer with each one before it) and waits
without limit for Redis. This one keeps the last turns, writes once a turn, and raises when Redis
does not answer within a second: a conversation that silently starts over would forget who is
talking and what was asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis

# Enough for every rule and for the action's look at the message before; slots carry the rest.
KEPT_TURNS = 3
LIFE_SECONDS = 24 * 3600
TIMEOUT_SECONDS = 1.0


class RecentTurnsTrackerStore(TrackerStore):
    """Keeps a conversation's recent turns for 24 hours. Raises redis.RedisError on trouble."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        redis_url: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            decode_responses=True,
            client_name="memberline-rasa",
        )

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the recent turns. Raises redis.RedisError."""
        events = [event.as_dict() for event in recent_events(tracker)]
        await self._redis.set(_key(tracker.sender_id), json.dumps(events), ex=LIFE_SECONDS)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's recent turns, or None when it is new. Raises redis.RedisError."""
        stored = await self._redis.get(_key(sender_id))
        if stored is None:
            return None
        events = deserialise_events(json.loads(stored))
        return DialogueStateTracker.from_events(
            sender_id, events, slots=self.domain.slots, domain=self.domain
        )

    async def copy(self, source: str, target: str) -> None:
        """Give `target` a copy of what `source` holds now. Raises redis.RedisError."""
        stored = await self._redis.get(_key(source))
        if stored is not None:
            await self._redis.set(_key(target), stored, ex=LIFE_SECONDS)

    async def forget(self, sender_id: str) -> None:
        """Throw the conversation's tracker away. Raises redis.RedisError."""
        await self._redis.delete(_key(sender_id))

    async def keys(self) -> Iterable[str]:
        """Ids of the conversations in the store."""
        prefix = _key("")
        found = [key async for key in self._redis.scan_iter(match=f"{prefix}*")]
        return [key.removeprefix(prefix) for key in found]


def recent_events(tracker: DialogueStateTracker) -> list[Event]:
    """The events of the last turns, after a snapshot of what came before them."""
    events = list(tracker.events)
    turns = [number for number, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= KEPT_TURNS:
        return events
    cut = turns[-KEPT_TURNS]
    return _snapshot(events[:cut], events[cut].timestamp) + events[cut:]


def _snapshot(older: list[Event], moment: float | None) -> list[Event]:
    """Slots and active loop as they stood after `older`, ready for the next message."""
    slots: dict[str, Any] = {}
    loop: str | None = None
    for event in older:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
        elif isinstance(event, ActiveLoop):
            loop = event.name
    snapshot: list[Event] = [
        SlotSet(key, value, timestamp=moment) for key, value in slots.items() if value is not None
    ]
    if loop:
        # As Rasa leaves a loop that waits: it ran, then listened.
        snapshot += [ActionExecuted(loop, timestamp=moment), ActiveLoop(loop, timestamp=moment)]
    return [*snapshot, ActionExecuted(ACTION_LISTEN_NAME, timestamp=moment)]


def _key(sender_id: str) -> str:
    return f"memberline:tracker:{sender_id}"
