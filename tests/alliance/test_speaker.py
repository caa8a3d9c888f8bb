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


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("this is her husband now she had to step away", ""),
        ("hi this is her boyfriend she went to the bathroom", ""),
        ("it's his sister, he stepped out. What does he owe?", "What does he owe?"),
        # These may be cries for help.
        ("this is her husband she fell in the bathroom", "she fell in the bathroom"),
        (
            "this is his wife he's in the shower and can't breathe",
            "he's in the shower and can't breathe",
        ),
        ("this is his wife he is out cold on the floor", "he is out cold on the floor"),
        ("this is her son she had to be carried out", "she had to be carried out"),
    ],
)
def test_why_the_other_is_away_is_no_danger(text: str, asked: str) -> None:
    assert text[introduced(text) :].strip() == asked
