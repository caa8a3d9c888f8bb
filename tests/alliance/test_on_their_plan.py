"""Through whom one is covered oneself is told, and is no question about that person's records."""

from __future__ import annotations

import pytest

from alliance.speaker import is_on_their_plan


@pytest.mark.parametrize(
    "text",
    [
        "am I active, my dad has the insurance",
        "I'm on my wife's plan, what is my copay",
        "does my mother's policy cover me",
        "am I insured under my husband",
    ],
)
def test_ones_own_coverage(text: str) -> None:
    assert is_on_their_plan(text)


@pytest.mark.parametrize(
    "text",
    [
        "is my son on my husband's plan",
        "I need my mom's ID card",
        "my dad has MVP and wants to know his copay",
        "is my mother still covered",
        "I want to take my wife off my plan",
    ],
)
def test_somebody_elses(text: str) -> None:
    assert not is_on_their_plan(text)
