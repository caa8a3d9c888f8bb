"""Who says that somebody else speaks now, before what they ask."""

from __future__ import annotations

import pytest

from alliance.speaker import introduced


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("this is Fiona now, his wife. What about my claims", "What about my claims"),
        ("this is fiona now his wife what about my claims", "what about my claims"),
        ("hi, this is his wife now", ""),
        ("it's her husband speaking. He is not breathing", "He is not breathing"),
        ("I'm Finn, her son, is she covered", "is she covered"),
    ],
)
def test_what_is_asked_after_it(text: str, asked: str) -> None:
    assert introduced(text)
    assert text[introduced(text) :] == asked


@pytest.mark.parametrize(
    "text",
    [
        "this is Fiona",
        "my wife is pregnant",
        "this is about his wife",
        "where is my claim",
        # Too little to be judged without what stands before it.
        "this is his wife help",
        "this is her husband she collapsed",
    ],
)
def test_what_is_judged_as_a_whole(text: str) -> None:
    assert introduced(text) == 0
