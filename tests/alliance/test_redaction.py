"""What may be kept of a member's sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.redaction import MOST_CHARACTERS, redacted


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("why was my MRI claim denied?", "why was my MRI claim denied?"),
        ("my name is Grace and I need a card", "my name is [name] and I need a card"),
        ("this is a claim question", "this is a claim question"),
        ("did Dr. King bill me", "did Dr. [name] bill me"),
        ("I was born on 03/14/1969", "I was born on [number]"),
        ("seen march 3 2026, i owe $1,204.50", "seen [month] [number], i owe [number]"),
        ("id is em one zero zero one zero", "id is em [number]"),
        ("call 518-555-0102 or mail jo@example.org", "call [number] or mail [address]"),
        ("is Oyelaran's cardiologist covered by CIGNA", "is [name] cardiologist covered by CIGNA"),
        ("can my wife see her dental claims", "can my wife see her dental claims"),
    ],
)
def test_what_tells_who_it_is_goes_and_the_rest_stays(said: str, kept: str) -> None:
    assert redacted(said) == kept


def test_what_was_understood_is_marked_by_its_kind() -> None:
    entities = [
        {"entity": "drug", "start": 3, "end": 12},
        {"entity": "zip", "start": 27, "end": 32},
        {"entity": "service", "start": 13, "end": 20},
    ]
    assert redacted("is metformin covered near 12207", entities[:1]) == (
        "is [drug] covered near [number]"
    )
    assert redacted("", entities) == ""


@given(st.text(max_size=400), st.text("0123456789", min_size=3, max_size=12))
def test_no_figures_stay_whatever_is_said(text: str, figures: str) -> None:
    kept = redacted(f"{text[:200]} {figures}")
    assert not any(c.isdecimal() for c in kept)
    assert len(kept) <= MOST_CHARACTERS * 8
