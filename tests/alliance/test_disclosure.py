"""Who may hear what about whom: the table, each row with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from alliance.claims import ServiceCategory
from alliance.coverage import Relationship
from alliance.disclosure import (
    DISCLOSURE_FILE,
    Dependant,
    Permission,
    age_on,
    load_minors_care,
    view_of,
)
from alliance.errors import ConfigurationError
from alliance.verified import Membership

TODAY = date(2026, 11, 23)
READER = Membership("mvp", "frank")
RULES = load_minors_care(yaml.safe_load(DISCLOSURE_FILE.read_text("utf-8")))
CATEGORIES: tuple[ServiceCategory, ...] = (
    "behavioral",
    "substance_use",
    "reproductive",
    "sexual_health",
    "assault",
)


@dataclass(frozen=True)
class Care:
    """A claim as far as disclosure looks at it."""

    sensitive: bool = False
    categories: frozenset[ServiceCategory] = frozenset()


def somebody(
    relationship: Relationship = "child",
    age: int = 16,
    state: str | None = "NY",
    *permissions: Permission,
) -> Dependant:
    born = date(TODAY.year - age, 1, 1)
    return Dependant("mvp", "other", ("Faye",), born, "female", relationship, state, permissions)


def of(category: ServiceCategory) -> Care:
    return Care(categories=frozenset({category}))


DENY = Permission("deny", "frank")
PERMIT = Permission("permit", "frank")


class TestWho:
    @pytest.mark.parametrize(
        ("person", "standing"),
        [
            # A child's records are open to the subscriber.
            (somebody(), "parent"),
            (somebody(age=0), "parent"),
            (somebody(age=17), "parent"),
            # At 18 that ends.
            (somebody(age=18), None),
            (somebody(age=25), None),
            # A permission on file opens an adult's.
            (somebody("child", 18, "NY", PERMIT), "permitted"),
            (somebody("spouse", 40, "NY", PERMIT), "permitted"),
            (somebody("other", 40, "NY", PERMIT), "permitted"),
            # A spouse's need one.
            (somebody("spouse", 40), None),
            (somebody("other", 10), None),
            # A confidential request or a court order bars it, whatever else is on file.
            (somebody("spouse", 40, "NY", PERMIT, DENY), None),
            (somebody("child", 10, "NY", DENY), None),
            (somebody("child", 10, "NY", Permission("deny", None)), None),
            # A denial that names somebody else is about somebody else.
            (somebody("child", 10, "NY", Permission("deny", "fiona")), "parent"),
            (somebody("spouse", 40, "NY", Permission("permit", "finn")), None),
            # A permission that names nobody opens nothing.
            (somebody("spouse", 40, "NY", Permission("permit", None)), None),
            # Ended and not begun.
            (somebody("spouse", 40, "NY", replace(PERMIT, end=TODAY - timedelta(1))), None),
            (somebody("spouse", 40, "NY", replace(PERMIT, start=TODAY + timedelta(1))), None),
            (somebody("spouse", 40, "NY", replace(PERMIT, end=TODAY)), "permitted"),
            (somebody("child", 10, "NY", replace(DENY, end=TODAY - timedelta(1))), "parent"),
            # Nobody knows how old, or what they allowed.
            (replace(somebody(), birth_date=None), None),
            (replace(somebody(), permissions=None), None),
            # Another company's record.
            (replace(somebody(), partner="cigna"), None),
        ],
    )
    def test_standing(self, person: Dependant, standing: str | None) -> None:
        view = view_of(person, READER, TODAY, RULES)
        assert (view.standing if view else None) == standing

    @given(st.dates(date(1990, 1, 1), date(2026, 11, 23)), st.dates(date(2026, 1, 1)))
    def test_a_parent_s_access_ends_on_the_eighteenth_birthday(self, born: date, day: date) -> None:
        view = view_of(replace(somebody(), birth_date=born), READER, day, RULES)
        assert (view is None) is (age_on(born, day) >= 18)

    @given(
        st.sampled_from(["spouse", "child", "other"]),
        st.integers(0, 90),
        st.lists(st.sampled_from([DENY, PERMIT, Permission("deny", None)]), max_size=4),
    )
    def test_a_denial_always_wins(
        self, relationship: Relationship, age: int, permissions: list[Permission]
    ) -> None:
        person = somebody(relationship, age, "NY", *permissions)
        if any(each.effect == "deny" for each in permissions):
            assert view_of(person, READER, TODAY, RULES) is None


class TestWhat:
    @pytest.mark.parametrize(
        ("age", "state", "care", "shown"),
        [
            (16, "NY", Care(), True),
            # Whatever the company labels is withheld.
            (16, "NY", Care(sensitive=True), False),
            (5, "NY", Care(sensitive=True), False),
            # Consented care by state, age and service.
            (16, "NY", of("reproductive"), False),
            (16, "NY", of("behavioral"), False),
            (16, "NY", of("substance_use"), False),
            (13, "NH", of("sexual_health"), True),
            (14, "NH", of("sexual_health"), False),
            (11, "NH", of("substance_use"), True),
            (12, "NH", of("substance_use"), False),
            (11, "VT", of("substance_use"), True),
            (12, "VT", of("substance_use"), False),
            (16, "VT", of("behavioral"), False),
            (15, "MA", of("reproductive"), False),
            # A state that is not listed, and one that is not known: the default.
            (16, "TX", of("reproductive"), False),
            (11, "TX", of("behavioral"), True),
            (12, None, of("behavioral"), False),
            # One kind among several is enough.
            (13, "NH", Care(categories=frozenset({"behavioral", "reproductive"})), False),
        ],
    )
    def test_of_a_minor(self, age: int, state: str | None, care: Care, shown: bool) -> None:
        view = view_of(somebody("child", age, state), READER, TODAY, RULES)
        assert view is not None
        assert view.shows(care) is shown

    @pytest.mark.parametrize(
        ("care", "shown"),
        [
            (Care(), True),
            (of("behavioral"), True),
            (of("reproductive"), True),
            # Part 2 records and HIV need a consent of their own.
            (of("substance_use"), False),
            (of("sexual_health"), False),
            (Care(sensitive=True), False),
        ],
    )
    def test_of_an_adult_by_permission(self, care: Care, shown: bool) -> None:
        view = view_of(somebody("spouse", 40, "NY", PERMIT), READER, TODAY, RULES)
        assert view is not None
        assert view.shows(care) is shown

    @given(
        st.integers(0, 17),
        st.sampled_from(["NY", "VT", "NH", "MA", "CA", None]),
        st.frozensets(st.sampled_from(CATEGORIES)),
    )
    def test_growing_up_never_opens_more_to_a_parent(
        self, age: int, state: str | None, categories: frozenset[ServiceCategory]
    ) -> None:
        now = view_of(somebody("child", age, state), READER, TODAY, RULES)
        later = view_of(somebody("child", min(age + 1, 17), state), READER, TODAY, RULES)
        assert now is not None
        assert later is not None
        assert now.withheld <= later.withheld
        assert not (
            later.shows(Care(categories=categories)) and not now.shows(Care(categories=categories))
        )


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"minors_care": {"NY": {"from_age": {"behavioral": 0}}}},
        {"minors_care": {"default": {"from_age": {"behavioral": 0}}}},
        {"minors_care": {"default": {"from_age": {"dancing": 0}}}},
        {"minors_care": {"default": {"from_age": {"behavioral": "twelve"}}}},
        {"minors_care": {"default": {"from_age": {"behavioral": 19}}}},
    ],
)
def test_a_mistake_in_the_table_stops_the_start(document: object) -> None:
    with pytest.raises(ConfigurationError, match=r"disclosure\.yml"):
        load_minors_care(document)
