"""The withdrawals as their file stands now: an edit needs no restart."""

from __future__ import annotations

from pathlib import Path

import structlog
import yaml

from actions.dialogue.intents import intents
from alliance.errors import ConfigurationError
from alliance.withdrawals import WITHDRAWN_FILE, Withdrawals, load_withdrawals

log = structlog.get_logger()


class WithdrawnFile:
    """Reads the file again when it has changed; after a mistaken edit the last good one holds."""

    def __init__(self, file: Path = WITHDRAWN_FILE) -> None:
        self._file = file
        self._read_at: tuple[int, int] | None = None
        self._current = Withdrawals()

    def current(self) -> Withdrawals:
        """What is withdrawn at this moment."""
        try:
            stat = self._file.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp != self._read_at:
                self._read_at = stamp
                self._current = read_withdrawals(self._file)
        except (OSError, ConfigurationError) as error:
            log.error("withdrawals_not_read", detail=str(error))
        return self._current


def read_withdrawals(file: Path = WITHDRAWN_FILE) -> Withdrawals:
    """Read and check the file. Raises ConfigurationError."""
    try:
        document = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file.name} cannot be read: check indents, colons and quotes."
        ) from error
    return load_withdrawals(document, intents())


WITHDRAWN = WithdrawnFile()
