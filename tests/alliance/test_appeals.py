"""The table of appeals: which row holds for whom and when, and the last day it gives."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from alliance.appeals import APPEALS_FILE, Kind, Level, Row, Stage, load_appeals
from alliance.errors import ConfigurationError

APPEALS = load_appeals(yaml.safe_load(APPEALS_FILE.read_text("utf-8")))
TODAY = date(2026, 11, 23)


def row(kind: Kind, stage: Stage = "post_service", level: Level = "internal", **more: Any) -> Row:
    found = APPEALS.find(kind, stage, level, more.get("on", TODAY), more.get("state"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("found", "within", "decided"),
    [
        # ERISA: at least 180 days; 30 days for care to come, 60 for care given, 72 hours if urgent.
        (row("self_funded", "pre_service"), "180 days", "30 days"),
        (row("self_funded", "post_service"), "180 days", "60 days"),
        (row("self_funded", "urgent"), "180 days", "72 hours"),
        (row("insured", "post_service"), "180 days", "60 days"),
        (row("insured", "post_service", state="NY"), "180 days", "60 days"),
        # Outside review: four months in New York, 180 days in New Hampshire, 120 in Vermont.
        (row("insured", "post_service", "external", state="NY"), "four months", None),
        (row("insured", "post_service", "external", state="NH"), "180 days", None),
        (row("insured", "pre_service", "external", state="VT"), "120 days", None),
        (row("insured", "post_service", "external", state="VT"), "120 days", None),
        # Elsewhere the letter tells.
        (row("insured", "post_service", "external", state="MA"), None, None),
        (row("insured", "post_service", "external"), None, None),
        (row("non_erisa"), None, None),
        # Medicare Advantage changed in 2025.
        (row("medicare"), "65 days", "60 days"),
        (row("medicare", on=date(2024, 12, 31)), "60 days", "60 days"),
        (row("medicare", on=date(2025, 1, 1)), "65 days", "60 days"),
        (row("dental"), "180 days", "60 days"),
        (row("fsa"), "180 days", "60 days"),
    ],
)
def test_rows(found: Row, within: str | None, decided: str | None) -> None:
    assert (found.within, found.decided_in) == (within, decided)
    assert found.sources


@pytest.mark.parametrize("state", ["NY", None])
def test_new_york_takes_utilization_appeals_by_phone(state: str | None) -> None:
    assert ("by phone" in (row("insured", state=state).how or "")) is (state == "NY")


def test_every_case_has_a_row_for_the_company_s_own_look() -> None:
    for kind in get_args(Kind):
        for stage in get_args(Stage):
            found = APPEALS.find(kind, stage, "internal", TODAY)
            # Money of an account is spent before it is asked for: there is no care to come.
            assert (found is None) is (kind == "fsa" and stage != "post_service"), (kind, stage)


@pytest.mark.parametrize(
    ("notice", "found", "last"),
    [
        (date(2026, 10, 3), row("insured"), date(2027, 4, 1)),
        (date(2026, 10, 31), row("insured", level="external", state="NY"), date(2027, 2, 28)),
        (date(2026, 8, 15), row("insured", level="external", state="NY"), date(2026, 12, 15)),
        (date(2026, 10, 3), row("non_erisa"), None),
    ],
)
def test_last_days(notice: date, found: Row, last: date | None) -> None:
    assert found.last_day(notice) == last


@given(st.dates(date(2007, 7, 1), date(2100, 1, 1)), st.sampled_from(APPEALS.rows))
def test_a_last_day_lies_after_its_notice(notice: date, found: Row) -> None:
    last = found.last_day(notice)
    if last is not None:
        assert timedelta(days=50) < last - notice < timedelta(days=190)


GOOD = {
    "kind": "insured",
    "state": "any",
    "stage": "urgent",
    "level": "internal",
    "file_within": {"days": 180},
    "effective": date(2020, 1, 1),
    "sources": ["a law"],
}


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"rows": []},
        {"rows": ["x"]},
        {"rows": [GOOD | {"kind": "other"}]},
        {"rows": [GOOD | {"stage": "soon"}]},
        {"rows": [GOOD | {"file_within": {"days": 0}}]},
        {"rows": [GOOD | {"effective": "2020"}]},
        {"rows": [GOOD | {"sources": []}]},
        # Two rows for one case at once.
        {"rows": [GOOD, GOOD | {"effective": date(2021, 1, 1)}]},
    ],
)
def test_a_mistake_in_the_table_stops_the_start(document: object) -> None:
    with pytest.raises(ConfigurationError, match=r"appeals\.yml"):
        load_appeals(document)
