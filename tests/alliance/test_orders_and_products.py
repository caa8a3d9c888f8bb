"""Order of two coverages and rules of products, a row a case, and what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.benefits import Accumulator, Benefits, total
from alliance.coverage import Coverage
from alliance.errors import ConfigurationError
from alliance.order import Payer, order_of, overlapping
from alliance.partners import Partners
from alliance.products import load_products, product_of
from tests.alliance.tables import rows
from tests.alliance.test_networks import PLAN

COMPANIES = st.sampled_from(["cigna", "mvp", "preferred-care"])
DAYS = st.dates(date(2007, 7, 1), date(2030, 12, 31))
MONEY = st.none() | st.decimals(0, 20_000, places=2)
PAYERS = st.builds(
    Payer,
    key=st.just("one"),
    said=st.none() | st.integers(1, 3),
    relationship=st.none() | st.sampled_from(["self", "spouse", "child", "other"]),
    employment=st.none() | st.sampled_from(["active", "retired", "cobra"]),
    employers_size=st.none() | st.integers(1, 5000),
    birthday=st.none() | st.tuples(st.integers(1, 12), st.integers(1, 28)),
    court_ordered=st.none() | st.booleans(),
    medicare=st.none() | st.sampled_from(["age", "disability", "kidney_disease"]),
    is_medicare=st.booleans(),
    medicare_months=st.none() | st.integers(0, 60),
)
TOTALS = st.builds(
    Accumulator,
    partner=COMPANIES,
    coverage_id=st.sampled_from(["a", "b"]),
    kind=st.just("deductible"),
    unit=st.sampled_from(["individual", "family"]),
    network=st.sampled_from(["in", "out"]),
    limit=MONEY,
    used=MONEY,
)


def _payer(entry: dict[str, Any]) -> Payer:
    birthday = entry.get("birthday")
    return Payer(**{**entry, "birthday": tuple(birthday) if birthday else None})


@pytest.mark.parametrize("row", rows("orders"))
def test_who_pays_first(row: dict[str, Any]) -> None:
    one, other = _payer(row["one"]), _payer(row["other"])
    found = order_of(one, other)
    assert (found.first, found.reason, found.doubt) == (
        row.get("first"),
        row.get("reason"),
        row.get("doubt"),
    )


@given(PAYERS, PAYERS)
def test_the_order_does_not_depend_on_who_is_named_first(one: Payer, other: Payer) -> None:
    other = replace(other, key="other")
    found = order_of(one, other)
    assert found == order_of(other, one)
    assert found.determined == (found.reason is not None)
    assert found.determined != (found.doubt is not None), "a reason or a doubt, and never both"
    if found.determined:
        assert {found.first, found.second} == {"one", "other"}


@pytest.mark.parametrize("row", rows("products"))
def test_the_product(row: dict[str, Any], partners: Partners) -> None:
    said = {**row["coverage"], "kind_codes": frozenset(row["coverage"].get("kind_codes", ()))}
    found = product_of(replace(PLAN, **said), partners[row["plans"]].products)
    assert (
        found.type,
        found.funding,
        found.referral_required,
        found.without_referral,
        found.out_of_network,
    ) == (row["type"], row["funding"], row["referral"], row["without"], row["outside"])


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ([], "maps plan ids"),
        ({"X": "HMO"}, "product 'X' needs at least 'type'"),
        ({"X": {}}, "needs 'type'"),
        ({"X": {"type": "EPO"}}, "'EPO' is none of"),
        ({"X": {"type": "HMO", "referral_required": "yes"}}, "neither true nor false"),
        ({"X": {"type": "HMO", "without_referral": "maybe"}}, "'maybe' is none of"),
        ({"X": {"type": "HMO", "refferal": True}}, "refferal is no rule"),
    ],
)
def test_a_wrong_product_stops_the_start_with_a_sentence(entry: Any, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_products("mvp", entry)
    assert words in caught.value.detail
    assert "'mvp'" in caught.value.detail


def test_the_subsidiaries_of_the_announcement(partners: Partners) -> None:
    assert len(partners["mvp"].subsidiaries) == 6
    assert len(partners["preferred-care"].subsidiaries) == 3
    told = {s.name for p in partners for s in p.subsidiaries if not s.assumed}
    # The announcement says of no other subsidiary what it sells.
    assert told == {
        "MVP Health Plan, Inc.",
        "Rochester Area Health Maintenance Organization, Inc.",
    }


def test_every_product_s_subsidiary_is_the_company_s_own(partners: Partners) -> None:
    for partner in partners:
        names = {subsidiary.name for subsidiary in partner.subsidiaries}
        assert {p.subsidiary for p in partner.products.values() if p.subsidiary} <= names


@given(st.lists(TOTALS, min_size=1, max_size=4))
def test_totals_are_never_added_across_companies_or_coverages(totals: list[Accumulator]) -> None:
    if len({(each.partner, each.coverage_id) for each in totals}) > 1 or len(set(totals)) > 1:
        with pytest.raises(ValueError, match=r"never added|differ"):
            total(totals)
    else:
        assert total(totals) == totals[0]


@given(st.lists(TOTALS, max_size=6))
def test_a_total_that_is_told_is_one_of_the_file(totals: list[Accumulator]) -> None:
    benefits = Benefits("mvp", "a", "medical", date(2026, 1, 1), True, None, None, None)
    benefits = replace(benefits, accumulators=tuple(totals))
    found = benefits.accumulator("deductible", "individual", "in")
    assert found is None or found in totals
    if found and found.left is not None:
        assert found.limit is not None
        assert Decimal(0) <= found.left <= found.limit


@given(
    st.lists(
        st.builds(
            lambda partner, line, status, start, end: replace(
                PLAN, partner=partner, line=line, status=status, start=start, end=end
            ),
            COMPANIES,
            st.sampled_from(["medical", "dental"]),
            st.sampled_from(["active", "cancelled", "draft"]),
            st.none() | DAYS,
            st.none() | DAYS,
        ),
        max_size=4,
    ),
    DAYS,
)
def test_an_ended_coverage_never_takes_part_in_an_order(
    coverages: list[Coverage], day: date
) -> None:
    for pair in overlapping(coverages, day):
        assert all(each.in_force(day) for each in pair)
        assert pair[0].line == pair[1].line
        assert pair[0].partner != pair[1].partner
