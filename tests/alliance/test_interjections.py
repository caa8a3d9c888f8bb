"""What stands around what is said is left out, and nothing that is part of it."""

from __future__ import annotations

import pytest

from alliance.interjections import matter


def _matter(text: str) -> str:
    begins, ends = matter(text)
    return text[begins:ends]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("hmm ok. which doctor was it", "which doctor was it"),
        ("Great, thanks! One last question, where do I send it", "where do I send it"),
        ("ugh, damn it, that was my old ID", "that was my old ID"),
        ("where's my refund you clowns", "where's my refund"),
        ("how do I show that, genius", "how do I show that"),
        ("tell me the fax number moron", "tell me the fax number"),
        ("is it paid lol", "is it paid"),
        ("oh sixty five ten", "oh sixty five ten"),
        ("oh is it paid", "is it paid"),
    ],
)
def test_the_matter_is_left(text: str, left: str) -> None:
    assert _matter(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "oh three eight oh one",
        "ok",
        "thanks for nothing",
        "well child visits for my son",
        "right hip replacement",
        "ER bill from June",
        "I see Dr. Blank, is she in my plan",
        "you are a bunch of clowns",
        "what an idiot",
        "fine print",
    ],
)
def test_what_is_part_of_it_stays(text: str) -> None:
    assert _matter(text) == text
