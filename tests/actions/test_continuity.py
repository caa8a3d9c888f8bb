"""Continuity of care: who may go on with a doctor that has left the network."""

from __future__ import annotations

import pytest

from actions.answers.continuity import is_of_continuity


@pytest.mark.parametrize(
    "text",
    [
        "my oncologist leaves the network in March and I'm still on chemo",
        "seven months along, pregnant, and my OB left your network",
        "she is no longer in the network, can I keep seeing her till it's done?",
        "they say my specialist is out of network as of the first and I'm mid treatment",
    ],
)
def test_a_doctor_who_leaves_during_treatment_is_told_by_its_rule(text: str) -> None:
    assert is_of_continuity("check_network", text)


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("check_network", "is my oncologist in the network"),
        ("check_network", "has Dr. Osei left the network?"),
        ("check_network", "is that hospital out of network for my surgery"),
        ("claim_denial", "denied because the doctor left the network during treatment"),
    ],
)
def test_other_questions_are_looked_up_as_ever(intent: str, text: str) -> None:
    assert not is_of_continuity(intent, text)
