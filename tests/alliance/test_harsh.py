"""What is left of a message beside hard words."""

from __future__ import annotations

import pytest

from alliance.harsh import beside_it, is_harsh


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("u people are useless, where the hell is my claim", "where the hell is my claim"),
        ("This is bullshit! Is my card coming?", "Is my card coming?"),
        ("You guys are a circus. Did my check go out?", "Did my check go out?"),
        ("what a bunch of crooks, why is my bill that high", "why is my bill that high"),
        ("you worthless bunch of crap you refused my son's bill", "you refused my son's bill"),
        ("are you stupid? i asked about my deductible", "i asked about my deductible"),
    ],
)
def test_the_question_is_among_the_parts(text: str, part: str) -> None:
    parts = [text[start:end].strip() for start, end in beside_it(text)]
    assert part in parts
    assert not any(is_harsh(each) for each in parts)


def test_hard_words_alone_leave_nothing() -> None:
    assert not list(beside_it("what a useless piece of crap"))
