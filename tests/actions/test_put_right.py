"""A slip that is put right in the same breath: only what is meant is asked. Sentences of these
tests.
"""

from __future__ import annotations

from typing import Any

import pytest

from actions.dialogue.agenda import Item
from actions.dialogue.put_right import put_right
from tests.actions.talking import Talk, named

SKIN = named("specialty", "dermatology")


def _heard(text: str, *found: tuple[str, str]) -> Item:
    """The message with its entities where they stand in it."""
    entities: list[dict[str, Any]] = [
        {**named(kind, said.lower(), said), "start": text.index(said)} for kind, said in found
    ]
    return put_right(Item("claim_status", text, tuple(entities)), text, 0)


class TestWhatIsLeft:
    @pytest.mark.parametrize(
        ("text", "found", "left"),
        [
            (
                "my claim from June, no wait, July",
                [("date", "June"), ("date", "July")],
                "my claim from July",
            ),
            (
                "show me the June claims. Sorry, July",
                [("date", "June"), ("date", "July")],
                "show me the July claims",
            ),
            (
                "a podiatrist in Utica, I mean Rome, who is good",
                [("specialty", "podiatrist"), ("place", "Utica"), ("place", "Rome")],
                "a podiatrist in Rome, who is good",
            ),
            (
                "is atenolol, scratch that, losartan on the list",
                [("drug", "atenolol"), ("drug", "losartan")],
                "is losartan on the list",
            ),
            (
                "what did Dr. Blank no Dr. Blunt charge",
                [("provider", "Dr. Blank"), ("provider", "Dr. Blunt")],
                "what did Dr. Blunt charge",
            ),
            (
                "the copay of an x-ray, actually make that urgent care",
                [("service", "x-ray"), ("facility", "urgent care")],
                "the copay of an urgent care",
            ),
            (
                "a urologist no an oncologist near 12207 sorry 12203",
                [
                    ("specialty", "urologist"),
                    ("specialty", "oncologist"),
                    ("zip", "12207"),
                    ("zip", "12203"),
                ],
                "a oncologist near 12203",
            ),
            (
                "the claim from July, not June",
                [("date", "July"), ("date", "June")],
                "the claim from July",
            ),
            ("my husband's bills, no, mine", [("relation", "husband's")], "my own bills"),
            (
                "a dentist near 12203, oh sorry he moved, 12207",
                [("zip", "12203"), ("zip", "12207")],
                "a dentist near 12207",
            ),
        ],
    )
    def test_what_was_put_aside_is_gone(
        self, text: str, found: list[tuple[str, str]], left: str
    ) -> None:
        assert _heard(text, *found).text == left

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("claims from June or July", [("date", "June"), ("date", "July")]),
            ("I moved in June. No bill came in July", [("date", "June"), ("date", "July")]),
            (
                "my son has no card, my daughter has",
                [("relation", "son"), ("relation", "daughter")],
            ),
            ("atenolol, no generic, in Utica", [("drug", "atenolol"), ("place", "Utica")]),
            ("from Utica to Rome", [("place", "Utica"), ("place", "Rome")]),
        ],
    )
    def test_two_things_stay_two(self, text: str, found: list[tuple[str, str]]) -> None:
        item = _heard(text, *found)
        assert item.text == text
        assert len(item.entities) == len(found)


class TestInAConversation:
    async def test_the_month_that_is_meant(self, talk: Talk) -> None:
        text = "has my claim from may, no wait, march been paid?"
        may, march = ({**named("date", m), "start": text.index(m)} for m in ("may", "march"))
        await talk.say(text, "claim_status", [may, march])
        said = await talk.give("Morgan", "M10010002", "November 2, 1979", "12207")
        assert "March 12" in said
        assert "May" not in said

    async def test_the_place_where_it_is_asked(self, talk: Talk) -> None:
        await talk.say(
            "find me a dermatologist", "find_provider", [named("specialty", "dermatology")]
        )
        text = "14604, no, 12207"
        first, second = ({**named("zip", z), "start": text.index(z)} for z in ("14604", "12207"))
        assert "near Albany" in await talk.say(text, "inform", [first, second])
