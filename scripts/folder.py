"""The folder of one start's data, secrets and logs; only one start may use it at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.failure import Failure

USUAL = Path(__file__).resolve().parent.parent / "var"


def folder(given: Mapping[str, str]) -> Path:
    """MEMBERLINE_VAR, or var/ in the checkout; made when missing."""
    var = Path(given.get("MEMBERLINE_VAR") or USUAL).resolve()
    var.mkdir(parents=True, exist_ok=True)
    return var


@contextmanager
def only_start(var: Path) -> Iterator[None]:
    """Hold the folder while the block runs. Raises Failure when another start holds it."""
    with (var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            process = lock.read().strip() or "unknown"
            raise Failure(
                f"Memberline is already running from this folder (process {process}): "
                "stop it first, or give this one a folder of its own with MEMBERLINE_VAR."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
