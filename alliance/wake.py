"""The word through Redis that something changed: who listens looks into the SQL store."""

from __future__ import annotations

import json
from typing import Any

WAKE_CHANNEL = "memberline:wake"


def wake(topic: str, event: dict[str, Any]) -> str:
    """A wake as it travels: topic and event. It carries no member data."""
    return json.dumps({"topic": topic, "event": event})
