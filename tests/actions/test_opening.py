"""When a doctor or place is open, as far as a directory tells it."""

from __future__ import annotations

from datetime import date, time

import pytest

from actions.answers.opening import open_first, wanted_opening
from actions.answers.wording import with_article
from alliance.directory import DirectorySearch, Listing, OpenHours, Weekday

MONDAY = date(2026, 11, 23)
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
OFFICE = (OpenHours(WEEK, time(8, 30), time(17)),)
LATE = (OpenHours(("tue",), time(10), time(20)),)
EVERY_DAY = (OpenHours((*WEEK, "sat", "sun"), time(8), time(20)),)
HOSPITAL = (OpenHours((*WEEK, "sat", "sun"), None, None),)


def listing(name: str, hours: tuple[OpenHours, ...]) -> Listing:
    return Listing(
        npi=name, name=name, specialty="", address="", city="Albany", state="NY", zip="12207",
        phone=None, miles=1.0, partners=("mvp",), networks=frozenset(), accepting=None,
        languages=(), latitude=0, longitude=0, hours=hours,
    )  # fmt: skip


ALL = (
    listing("office", OFFICE),
    listing("late", LATE),
    listing("every day", EVERY_DAY),
    listing("hospital", HOSPITAL),
    listing("silent", ()),
)


@pytest.mark.parametrize(
    ("said", "words", "fitting"),
    [
        ("open on sunday?", "open on Sunday", ["every day", "hospital"]),
        ("any with evening hours", "open in the evening", ["late", "every day", "hospital"]),
        ("on weekends", "open on Saturday or Sunday", ["every day", "hospital"]),
        ("open 24 hours", "open around the clock", ["hospital"]),
        ("open tomorrow", "open on Tuesday", ["office", "late", "every day", "hospital"]),
        ("tuesdays after 6 pm", "open on Tuesday in the evening", ["late", "every day",
                                                                   "hospital"]),
    ],
)  # fmt: skip
def test_who_is_open(said: str, words: str, fitting: list[str]) -> None:
    wish = wanted_opening(said, MONDAY)
    assert wish is not None
    assert wish.words == words
    found, note = open_first(DirectorySearch(ALL, ("mvp",), ()), wish)
    assert [each.name for each in found.listings] == fitting
    assert f"listed as {words}" in note


def test_none_is_open_or_none_tells() -> None:
    wish = wanted_opening("open on sunday", MONDAY)
    found, note = open_first(DirectorySearch(ALL[:1], ("mvp",), ()), wish)
    assert found.listings == ALL[:1]
    assert "none nearby that a directory lists as open on Sunday" in note
    _, note = open_first(DirectorySearch(ALL[-1:], ("mvp",), ()), wish)
    assert "list no hours" in note


@pytest.mark.parametrize("said", ["any women?", "I've been sick since sunday", "a doctor today"])
def test_no_wish_for_hours(said: str) -> None:
    assert wanted_opening(said, MONDAY) is None


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("specialist visit", "a specialist visit"),
        ("MRI", "an MRI"),
        ("CT scan", "a CT scan"),
        ("X-ray", "an X-ray"),
        ("eye exam", "an eye exam"),
        ("urologist", "a urologist"),
        ("physical therapy", "physical therapy"),
        ("glasses", "glasses"),
        ("urgent care", "urgent care"),
        ("OB-GYN", "an OB-GYN"),
    ],
)
def test_a_service_has_its_article(noun: str, said: str) -> None:
    assert with_article(noun) == said
