"""The judge of the suggestions sees what is somebody else's, however it gets there."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.population.records import patient_id
from tests.actions.conftest import proof
from tests.desk.judging import others_data, people, tells_of_somebody

MORGAN = patient_id("mvp", "M10010002")
FRANK = patient_id("mvp", "M10010023")
OTHER = patient_id("cigna", "U10010001")


def claim_of(member_id: str) -> str:
    return next(m.claims[0].number for m in people() if m.member_id == member_id)


def shown(text: str = "", *resources: str) -> list[dict[str, Any]]:
    sources = [{"partner": "mvp", "resource": resource} for resource in resources]
    return [{"text": text, "sources": sources}]


@pytest.mark.parametrize(
    ("text", "resource", "leaks"),
    [
        ("MVP paid it.", f"Coverage/{MORGAN}-medical", False),
        ("MVP paid it.", f"Coverage/{OTHER}-medical", True),
        ("You have a consent.", f"Consent/{OTHER}-consent", True),
        ("It is on file.", f"CoverageEligibilityResponse for Coverage/{OTHER}-medical", True),
        (f"Claim {claim_of('M10010002')} is paid.", "knowledge/x", False),
        (f"Claim {claim_of('U10010001')} is paid.", "knowledge/x", True),
        ("Your member ID is M10010002.", "knowledge/x", False),
        ("Your member ID is U10010001.", "knowledge/x", True),
        ("Avery Sampleton is covered.", "knowledge/x", True),
        ("Morgan Testwell is covered.", "knowledge/x", False),
    ],
)
def test_of_a_proven_member(text: str, resource: str, leaks: bool) -> None:
    found = others_data(shown(text, resource), proof(("mvp", MORGAN)), "")
    assert bool(found) is leaks, found


def test_where_nobody_is_proven_everything_is_somebody_else_s() -> None:
    assert others_data(shown("MVP paid it.", f"Coverage/{MORGAN}-medical"), None, "")
    number = claim_of("M10010002")
    assert others_data(shown(f"Claim {number} is paid."), None, "")
    # What they have typed themselves may be said back.
    assert not others_data(shown(f"Is it claim {number}?"), None, f"claim {number} please")


@pytest.mark.parametrize(("other", "leaks"), [("M10010025", False), ("M10010024", True)])
def test_a_subscriber_and_those_on_the_plan(other: str, leaks: bool) -> None:
    """Of the child; not of the wife, who asked that nothing goes to him."""
    text = f"Claim {claim_of(other)} is paid."
    found = others_data(shown(text), proof(("mvp", FRANK)), "")
    assert bool(found) is leaks, found


@pytest.mark.parametrize(
    ("word", "tells"),
    [("$130.00", True), ("March 12", True), ("518-555-0102", True), ("Fiona", True)]
    + [(word, False) for word in ("Call 911", "1-800-555-0110", "Would you like", "look up")],
)
def test_what_may_stand_in_no_text(word: str, tells: bool) -> None:
    assert tells_of_somebody(word) is tells
