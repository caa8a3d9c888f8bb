"""The stack of the conversations: on a Monday at noon, whenever they are held, because amounts and
days of the sample members move with the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.setup import model_path
from tests.stack import Stack, running_stack

MONDAY_NOON = "2026-11-30T12:00:00-05:00"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Redis, stand-ins, actions, Rasa and bridge, with a clock that stands still."""
    assert model_path().exists(), "There is no current model: run `make train` first."
    var = tmp_path_factory.mktemp("conversations") / "var"
    with running_stack(var, MEMBERLINE_NOW=MONDAY_NOON) as stack:
        yield stack
