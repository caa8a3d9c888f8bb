"""How long one call of an action waits for companies, all their answers together: each may take its
own time limit, and several in a row would outlast the turn (`api/assistant.py`), so that nobody
could say whose answer is missing.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A turn is two such calls at most: who they are, and what they asked.
ACTION_SECONDS = 3.5

_ends: ContextVar[float] = ContextVar("ends", default=math.inf)


@contextmanager
def budget(seconds: float = ACTION_SECONDS) -> Iterator[None]:
    """Wait no longer than this for all that is asked inside."""
    before = _ends.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends.reset(before)


def seconds_left() -> float:
    """What is left of it; infinite outside of one."""
    return _ends.get() - time.monotonic()
