"""What members hear when a company's people have gone home: a Saturday night in November, held in
place for a stack of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conversations.talks import CHANNELS, held
from tests.stack import Stack, running_stack

SATURDAY_NIGHT = "2026-11-28T22:30:00-05:00"
WRITTEN = yaml.safe_load(Path(__file__).with_name("closed.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(
        tmp_path_factory.mktemp("night") / "var", MEMBERLINE_NOW=SATURDAY_NIGHT
    ) as stack:
        yield stack


@pytest.mark.parametrize(
    ("entry", "channel"),
    [
        pytest.param(entry, channel, id=f"{entry['conversation']} [{channel}]")
        for entry in WRITTEN
        for channel in entry.get("channels", CHANNELS)
    ],
)
def test_conversation(stack: Stack, entry: dict[str, Any], channel: str) -> None:
    for _, fault in held(stack, entry, channel, leaves_it=False):
        assert fault is None, fault
