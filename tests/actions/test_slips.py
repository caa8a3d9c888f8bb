"""A factor that is put right in the same breath: the one that is meant counts."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from actions.dialogue.needs import read_factor

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("slot", "said", "meant"),
    [
        ("factor_zip", "14640... I mean 14604", "14604"),
        ("factor_zip", "12207, no wait, 12208", "12208"),
        ("factor_zip", "14640 or 14604", None),
        ("factor_zip", "12207 no", "12207"),
        ("factor_date_of_birth", "8/22/1990 oh wait no 8/23/1990", "1990-08-23"),
        (
            "factor_date_of_birth",
            "may fourth nineteen eighty one sorry nineteen eighty",
            "1980-05-04",
        ),
        ("factor_date_of_birth", "may fourth nineteen eighty no wait that's right", "1980-05-04"),
    ],
)
def test_what_follows_a_slip_counts(slot: str, said: str, meant: str | None) -> None:
    turn: Any = SimpleNamespace(text=said, alternatives=())
    assert read_factor(slot, turn, TODAY) == meant
