"""What is done with what was heard: acted on, asked about, or asked again."""

from __future__ import annotations

import pytest

from alliance.hearing import Reading, VoiceBands, judge

BANDS = VoiceBands(heard=0.2, confirm=0.15, accept=0.45, likely=0.6, meant=0.9, sure=0.55)
PEOPLE = {"claim_status": "claims", "claim_denial": "claims", "dental_benefits": "dental"}


def reading(
    recognised: float, understood: float, band: str, *ranking: tuple[str, float]
) -> Reading:
    first = ranking[0][0] if ranking else "claim_status"
    return Reading("words", recognised, first, understood, band, 1, ranking)


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        (reading(0.9, 0.9, "accept"), "accept"),
        (reading(0.5, 0.8, "accept"), "confirm"),
        (reading(0.9, 0.7, "accept"), "imply"),
        (reading(0.5, 0.95, "accept"), "imply"),
        (reading(0.3, 0.3, "confirm"), "reject"),
        (reading(0.1, 0.9, "accept"), "reject"),
        (reading(0.9, 0.3, "reject"), "reject"),
        (
            reading(0.9, 0.4, "confirm", ("claim_status", 0.4), ("dental_benefits", 0.3)),
            "confirm",
        ),
        (reading(0.9, 0.4, "confirm", ("claim_status", 0.4), ("claim_denial", 0.55)), "accept"),
        (reading(0.5, 0.4, "confirm", ("claim_status", 0.4), ("claim_denial", 0.4)), "confirm"),
    ],
    ids=[
        "sure",
        "heard less well",
        "heard well and likely meant",
        "meant and not heard well",
        "neither heard nor understood well",
        "noise",
        "no question of ours",
        "two that go to different people",
        "two that go to the same people",
        "the same people, heard badly",
    ],
)
def test_one_reading(heard: Reading, told: str) -> None:
    band, best = judge([heard], BANDS, PEOPLE, PEOPLE.__getitem__)
    assert (band, best) == (told, heard)


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        # Heard well, the understanding decides alone; less well, both together.
        ([(0.9, 0.3)], "accept"),
        ([(0.5, 0.9)], "accept"),
        ([(0.3, 0.9)], "confirm"),
        ([(0.5, 0.3)], "confirm"),
        # A second thought is asked about, unless another reason is much likelier.
        ([None, (0.45, 0.9)], "confirm"),
        ([None, (0.45, 0.4)], None),
    ],
)
def test_danger_by_how_well_it_was_heard(
    heard: list[tuple[float, float] | None], told: str | None
) -> None:
    other = reading(0.5, 0.9, "accept")
    readings = [
        reading(*each, "accept", ("emergency", each[1])) if each else other for each in heard
    ]
    band, best = judge(readings, BANDS, PEOPLE.keys(), lambda name: PEOPLE[name])
    assert (band if best.intent == "emergency" else None) == told
