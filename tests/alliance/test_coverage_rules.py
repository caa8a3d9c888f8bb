"""Who covers a member, on which day, for what: a row a rule, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.coverage import (
    Coverage,
    LineOfBusiness,
    administrators,
    covering,
    is_alliance,
)
from alliance.partners import ALLIANCE_START, Partners

MEDICAL, DENTAL, PHARMACY, BEHAVIORAL, FSA = "medical", "dental", "pharmacy", "behavioral", "fsa"


def cover(
    partner: str,
    start: str | None,
    end: str | None = None,
    *,
    line: LineOfBusiness = "medical",
    status: str = "active",
    order: int | None = None,
    id: str = "",
    group: str | None = "ALX-2001",
) -> Coverage:
    return Coverage(
        partner=partner,
        id=id or f"{partner}-{line}-{start}",
        patient_id="1",
        member_id="M10010002",
        line=line,
        status=status,
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
        group=group,
        group_name=None,
        plan_name=None,
        network_name=None,
        relationship="self",
        order=order,
    )


WHOLE_YEAR = [cover("mvp", "2026-01-01", "2026-12-31")]
OPEN_ENDED = [cover("mvp", "2024-01-01")]
OPEN_START = [cover("mvp", None, "2026-06-30")]
# Rochester until the end of September, Boston from October: the alliance's core case.
MOVED = [
    cover("preferred-care", "2024-01-01", "2026-09-30"),
    cover("cigna", "2026-10-01"),
]
GAP = [cover("mvp", "2026-01-01", "2026-03-31"), cover("mvp", "2026-05-01")]
FUTURE = [cover("preferred-care", "2026-12-01")]
# A retroactive end, as a partner's file shows it: the cancelled record and the shortened one.
RETRO = [
    cover("cigna", "2024-01-01", status="cancelled", id="old"),
    cover("cigna", "2024-01-01", "2026-02-28", id="new"),
]
DENTAL_ELSEWHERE = [
    cover("mvp", "2025-01-01"),
    cover("cigna", "2025-01-01", line="dental"),
]
CARVED_OUT = [
    cover("mvp", "2025-01-01"),
    cover("mvp", "2025-01-01", line="pharmacy"),
    cover("cigna", "2025-01-01", line="behavioral"),
    cover("mvp", "2026-01-01", "2026-12-31", line="fsa"),
]
TWO_FIRST = [
    cover("cigna", "2025-01-01", order=1, id="b"),
    cover("mvp", "2025-01-01", order=1, id="a"),
]
FIRST_AND_SECOND = [
    cover("cigna", "2020-01-01", order=2),
    cover("mvp", "2025-01-01", order=1),
]
OLD = [cover("mvp", "2005-01-01")]
EVE = [cover("mvp", "2005-01-01", "2007-06-30")]

ROWS: list[tuple[str, Sequence[Coverage], str, str | None, list[str]]] = [
    ("first day of a coverage counts", WHOLE_YEAR, "2026-01-01", None, ["mvp"]),
    ("day before it begins", WHOLE_YEAR, "2025-12-31", None, []),
    ("last day counts: ends are inclusive", WHOLE_YEAR, "2026-12-31", None, ["mvp"]),
    ("day after it ends", WHOLE_YEAR, "2027-01-01", None, []),
    ("a day in the middle", WHOLE_YEAR, "2026-06-15", None, ["mvp"]),
    ("no end on file goes on", OPEN_ENDED, "2030-01-01", None, ["mvp"]),
    ("no end on file, first day", OPEN_ENDED, "2024-01-01", None, ["mvp"]),
    ("no end on file, before", OPEN_ENDED, "2023-12-31", None, []),
    ("no start on file covers until the end", OPEN_START, "2026-06-30", None, ["mvp"]),
    ("no start on file, after the end", OPEN_START, "2026-07-01", None, []),
    ("no start on file covers long before", OPEN_START, "2010-01-01", None, ["mvp"]),
    ("no start on file is no alliance before 2007", OPEN_START, "2007-06-30", None, []),
    ("moved: September is the old company's", MOVED, "2026-09-30", None, ["preferred-care"]),
    ("moved: 1 October is the new company's", MOVED, "2026-10-01", None, ["cigna"]),
    ("moved: March is the old company's", MOVED, "2026-03-12", None, ["preferred-care"]),
    ("moved: today is the new company's", MOVED, "2026-11-23", None, ["cigna"]),
    ("gap: before", GAP, "2026-03-31", None, ["mvp"]),
    ("gap: first day without", GAP, "2026-04-01", None, []),
    ("gap: last day without", GAP, "2026-04-30", None, []),
    ("gap: after", GAP, "2026-05-01", None, ["mvp"]),
    ("future: not yet", FUTURE, "2026-11-30", None, []),
    ("future: on its first day", FUTURE, "2026-12-01", None, ["preferred-care"]),
    ("ended backwards: covered until then", RETRO, "2026-02-28", None, ["cigna"]),
    ("ended backwards: the cancelled record covers no day", RETRO, "2026-03-12", None, []),
    ("cancelled covers none of its days", RETRO[:1], "2025-06-01", None, []),
    (
        "draft: an enrolment not complete",
        [cover("mvp", "2026-01-01", status="draft")],
        "2026-06-01",
        None,
        [],
    ),
    (
        "entered in error",
        [cover("mvp", "2026-01-01", status="entered-in-error")],
        "2026-06-01",
        None,
        [],
    ),
    ("no status at all", [cover("mvp", "2026-01-01", status="")], "2026-06-01", None, []),
    ("dental elsewhere: medical", DENTAL_ELSEWHERE, "2026-03-12", MEDICAL, ["mvp"]),
    ("dental elsewhere: dental", DENTAL_ELSEWHERE, "2026-03-12", DENTAL, ["cigna"]),
    ("dental elsewhere: no pharmacy", DENTAL_ELSEWHERE, "2026-03-12", PHARMACY, []),
    ("dental elsewhere: any line", DENTAL_ELSEWHERE, "2026-03-12", None, ["cigna", "mvp"]),
    ("carved out: behavioral health", CARVED_OUT, "2026-03-12", BEHAVIORAL, ["cigna"]),
    ("carved out: drugs", CARVED_OUT, "2026-03-12", PHARMACY, ["mvp"]),
    ("spending account in its plan year", CARVED_OUT, "2026-12-31", FSA, ["mvp"]),
    ("spending account after its plan year", CARVED_OUT, "2027-01-01", FSA, []),
    ("order on file decides, not age", FIRST_AND_SECOND, "2026-03-12", None, ["mvp", "cigna"]),
    ("before the second began", FIRST_AND_SECOND, "2024-12-31", None, ["cigna"]),
    ("two firsts: both, in a stable order", TWO_FIRST, "2026-03-12", None, ["mvp", "cigna"]),
    (
        "no order on file comes after one",
        [cover("cigna", "2020-01-01"), cover("mvp", "2025-01-01", order=1)],
        "2026-03-12",
        None,
        ["mvp", "cigna"],
    ),
    ("30 June 2007: no alliance yet", OLD, "2007-06-30", None, []),
    ("1 July 2007: the alliance's first day", OLD, "2007-07-01", None, ["mvp"]),
    ("a plan that ended on the eve", EVE, "2007-07-01", None, []),
    ("a plan that ended on the eve, on the eve", EVE, "2007-06-30", None, []),
    ("long before", OLD, "2006-09-14", None, []),
    ("nothing on file", [], "2026-03-12", None, []),
    ("one day only", [cover("mvp", "2026-03-12", "2026-03-12")], "2026-03-12", None, ["mvp"]),
    (
        "end before start covers no day",
        [cover("mvp", "2026-03-12", "2026-03-11")],
        "2026-03-12",
        None,
        [],
    ),
    ("leap day", [cover("mvp", "2024-02-29", "2024-02-29")], "2024-02-29", None, ["mvp"]),
    ("day after leap day", [cover("mvp", "2024-02-29", "2024-02-29")], "2024-03-01", None, []),
]


@pytest.mark.parametrize(
    ("reason", "coverages", "day", "line", "expected"), ROWS, ids=[row[0] for row in ROWS]
)
def test_covering(
    reason: str,
    coverages: Sequence[Coverage],
    day: str,
    line: LineOfBusiness | None,
    expected: list[str],
) -> None:
    found = covering(coverages, date.fromisoformat(day), line)
    assert [coverage.partner for coverage in found] == expected
    # What is on file has no order of its own.
    assert covering(coverages[::-1], date.fromisoformat(day), line) == found


SPANS: list[tuple[str, Sequence[Coverage], str, str, LineOfBusiness | None, list[str]]] = [
    (
        "March of one who moved in October",
        MOVED,
        "2026-03-01",
        "2026-03-31",
        None,
        ["preferred-care"],
    ),
    (
        "the months around the move: both, in order of time",
        MOVED,
        "2026-09-01",
        "2026-10-31",
        None,
        ["preferred-care", "cigna"],
    ),
    (
        "the last day at the old company",
        MOVED,
        "2026-09-30",
        "2026-09-30",
        None,
        ["preferred-care"],
    ),
    ("the first day at the new one", MOVED, "2026-10-01", "2026-10-01", None, ["cigna"]),
    (
        "a span across the gap names the company once",
        GAP,
        "2026-03-01",
        "2026-05-31",
        None,
        ["mvp"],
    ),
    ("a span inside the gap", GAP, "2026-04-01", "2026-04-30", None, []),
    (
        "a span that only touches the last day",
        WHOLE_YEAR,
        "2026-12-31",
        "2027-02-01",
        None,
        ["mvp"],
    ),
    (
        "a span that only touches the first day",
        WHOLE_YEAR,
        "2025-11-01",
        "2026-01-01",
        None,
        ["mvp"],
    ),
    ("a span after the end", WHOLE_YEAR, "2027-01-01", "2027-02-01", None, []),
    ("cancelled covers no day", RETRO, "2026-03-01", "2026-03-31", None, []),
    (
        "dental of a plan split in two",
        DENTAL_ELSEWHERE,
        "2026-03-01",
        "2026-03-31",
        "dental",
        ["cigna"],
    ),
    (
        "medical of a plan split in two",
        DENTAL_ELSEWHERE,
        "2026-03-01",
        "2026-03-31",
        "medical",
        ["mvp"],
    ),
    ("before the alliance", OLD, "2006-01-01", "2007-06-30", None, []),
    ("across the alliance's first day", OLD, "2006-01-01", "2007-07-01", None, ["mvp"]),
    ("ended on the eve, asked across it", EVE, "2007-01-01", "2007-12-31", None, []),
    ("a span that ends before it begins", OPEN_ENDED, "2026-03-31", "2026-03-01", None, []),
    ("the future", FUTURE, "2026-01-01", "2026-11-30", None, []),
    ("nothing on file", [], "2026-01-01", "2026-12-31", None, []),
]


@pytest.mark.parametrize(
    ("reason", "coverages", "start", "end", "line", "expected"),
    SPANS,
    ids=[row[0] for row in SPANS],
)
def test_administrators(
    reason: str,
    coverages: Sequence[Coverage],
    start: str,
    end: str,
    line: LineOfBusiness | None,
    expected: list[str],
) -> None:
    days = date.fromisoformat(start), date.fromisoformat(end)
    assert administrators(coverages, *days, line) == expected


@pytest.mark.parametrize(
    ("reason", "coverage", "partner", "expected"),
    [
        ("an alliance group", cover("mvp", "2026-01-01"), "mvp", True),
        ("another group of the company", cover("mvp", "2026-01-01", group="MG-7001"), "mvp", False),
        ("no group on file", cover("mvp", "2026-01-01", group=None), "mvp", False),
        ("a group of another company", cover("cigna", "2026-01-01"), "cigna", False),
        ("ended on the eve", cover("mvp", "2005-01-01", "2007-06-30"), "mvp", False),
        ("ended on the first day", cover("mvp", "2005-01-01", "2007-07-01"), "mvp", True),
        (
            "ended backwards: still a member of it",
            cover("mvp", "2026-01-01", status="cancelled"),
            "mvp",
            True,
        ),
    ],
)
def test_is_alliance(
    partners: Partners, reason: str, coverage: Coverage, partner: str, expected: bool
) -> None:
    assert is_alliance(coverage, partners[partner]) is expected


# --- what holds for every file -------------------------------------------------------------------

DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))
LINES = st.sampled_from(["medical", "dental", "behavioral", "pharmacy", "fsa"])
COVERAGES = st.lists(
    st.builds(
        replace,
        st.just(cover("mvp", None)),
        partner=st.sampled_from(["cigna", "mvp", "preferred-care"]),
        id=st.text("abc", min_size=1, max_size=3),
        line=LINES,
        status=st.sampled_from(["active", "active", "active", "cancelled", "draft", ""]),
        start=st.none() | DAYS,
        end=st.none() | DAYS,
        order=st.none() | st.integers(1, 3),
    ),
    max_size=6,
)


@given(COVERAGES, DAYS, st.none() | LINES)
def test_no_answer_lies_outside_a_coverage(
    coverages: list[Coverage], day: date, line: LineOfBusiness | None
) -> None:
    for coverage in covering(coverages, day, line):
        assert coverage.status == "active"
        assert coverage.start is None or coverage.start <= day
        assert coverage.end is None or day <= coverage.end
        assert line in (None, coverage.line)
        assert day >= ALLIANCE_START


@given(COVERAGES, DAYS, st.integers(0, 60), st.none() | LINES)
def test_administrators_are_those_who_cover_one_of_the_days(
    coverages: list[Coverage], start: date, length: int, line: LineOfBusiness | None
) -> None:
    days = [start + timedelta(days=n) for n in range(length + 1)]
    on_some_day = {c.partner for day in days for c in covering(coverages, day, line)}
    found = administrators(coverages, start, days[-1], line)
    assert set(found) == on_some_day
    assert len(found) == len(set(found))
