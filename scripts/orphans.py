"""Nothing may be left behind: a child process ends when its parent is gone, however that ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> Callable[[], None] | None:
    """What to run in a new child, as `preexec_fn`: Linux kills it when this process is gone.

    Elsewhere None: there a supervisor that is killed outright leaves its children.
    """
    if sys.platform != "linux":
        return None
    # Loaded here and not in the child, where after a fork little may be done safely.
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask
