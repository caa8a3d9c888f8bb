"""Whose records are asked about, when a first name says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.dialogue.reading import named_person
from alliance.partners import Partners


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("show me Faye's claims", "Faye"),
        ("was faye's march claim paid", "faye"),
        ("is Finn\u2019s MRI authorization approved", "Finn"),
        ("what did the plan pay on Fiona's last two bills", "Fiona"),
        ("list the claims for faye since may", "faye"),
        ("how many claims does emily have", "emily"),
        # No names.
        ("my claims for may", None),
        ("the claims for surgery", None),
        ("claims for everyone", None),
        ("the doctor's bill is wrong", None),
        ("my daughter's claim", None),
        ("today's claim", None),
        ("CIGNA's claim department", None),
        ("what's my claim status", None),
        ("it's a bill", None),
        ("that's my deductible", None),
        ("where is my claim", None),
        ("I have crohn's and three prior authorizations", None),
        ("for my dad's Parkinson's", None),
        ("", None),
    ],
)
def test_first_names(partners: Partners, text: str, name: str | None) -> None:
    assert named_person(text, partners) == name


@given(st.text(max_size=60))
def test_any_words_are_read(partners: Partners, text: str) -> None:
    found = named_person(text, partners)
    assert found is None or found in text
