"""Of every message of the conversation tests: is the right answer among the three suggestions, and
is nobody else's data in them?
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.desk.judging import ASKED, judged_all
from tests.stack import Stack

pytestmark = [pytest.mark.extra, pytest.mark.stack, pytest.mark.timeout(3600)]

RIGHT = 0.95


async def test_the_right_answer_is_among_the_three_and_nobody_elses(stack: Stack) -> None:
    judged = await judged_all(stack)
    assert [f"{one.conversation}: {one.said}: {one.leaked}" for one in judged if one.leaked] == []
    # Factors and small talk are the easy ones: what was asked is judged by itself as well.
    for what in (judged, [one for one in judged if one.kind in ASKED]):
        wrong = "\n".join(
            f"{one.conversation}: {one.said}\n  wanted {one.wanted}\n  shown {one.shown}"
            for one in what
            if not one.right
        )
        share = sum(one.right for one in what) / len(what)
        assert share >= RIGHT, f"{share:.1%} {Counter(one.kind for one in what)}\n{wrong}"
