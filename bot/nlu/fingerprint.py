"""What Rasa's training cache cannot see: it hashes a component's class source only."""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path
from types import ModuleType

from bot.nlu.encoder import FOLDER

BUILT_ENCODER = FOLDER / "built.json"


def digest(*sources: ModuleType | Path) -> str:
    """One hash over helper modules and look-up files; a missing file counts as empty."""
    total = hashlib.sha256()
    for source in sources:
        path = source if isinstance(source, Path) else Path(str(inspect.getsourcefile(source)))
        total.update(path.read_bytes() if path.exists() else b"")
        total.update(b"\0")
    return total.hexdigest()
