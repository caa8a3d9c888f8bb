"""The domain's rules as tables, a row a case with its reason; members of staff may read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

_HERE = Path(__file__).parent


def rows(name: str) -> list[Any]:
    """The rows of a table as pytest parameters, each named by its reason (`why`)."""
    found = yaml.safe_load((_HERE / f"{name}.yml").read_text("utf-8"))
    return [pytest.param(row, id=row["why"]) for row in found]
