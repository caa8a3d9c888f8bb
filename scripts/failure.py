"""The one error of the start: a sentence for the person at the keyboard."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Failure(Exception):
    """What is wrong and what to do about it, in one sentence."""


@contextmanager
def one_sentence() -> Iterator[None]:
    """Ends the program with the sentence of a Failure, and with no traceback."""
    try:
        yield
    except Failure as failure:
        sys.exit(str(failure))
    except OSError as error:
        sys.exit(sentence(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")


def sentence(error: OSError) -> str:
    """The system's own trouble in words."""
    place = error.filename or "this folder"
    if error.errno == errno.ENOSPC:
        return "The disk is full: make room, and start again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{place} cannot be written or read: give yourself the right to, and start again."
    return f"{error.strerror or error} ({place}): put that right, and start again."


def check_disk(folder: Path, least: int) -> None:
    """Raise Failure when fewer than `least` bytes are free where the folder is."""
    free = shutil.disk_usage(folder).free
    if free < least:
        raise Failure(
            f"The disk that holds {folder} has {free / 1e9:.2f} GB free, and {least / 1e9:.2f} GB "
            "are needed: make room, and start again."
        )


def last_line(log: Path) -> str:
    """What a program said last, as the best guess at its reason."""
    lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines()]
    return next((line for line in reversed(lines) if line), "it said nothing")
