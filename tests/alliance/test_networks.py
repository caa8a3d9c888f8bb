"""In or out of network, a row a case (`tables/networks.yml`), and what holds for any plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.coverage import Coverage
from alliance.gazetteer import locate
from alliance.network import bare, decide, plan_networks
from alliance.partners import Partners
from tests.alliance.tables import rows

PLAN = Coverage(
    partner="mvp",
    id="1",
    patient_id="1",
    member_id="M10010002",
    line="medical",
    status="active",
    start=None,
    end=None,
    group="ALX-2001",
    group_name=None,
    plan_name=None,
    network_name=None,
    relationship="self",
)
IDS = st.frozensets(
    st.sampled_from(
        ["mvp-network", "cigna-open-access", "preferred-care-network", "cigna-local", "x"]
    )
)
PLACES = st.sampled_from(["12207", "05401", "14604", "14201", "02118", "10001", "33130", None])
COMPANIES = st.sampled_from(["cigna", "mvp", "preferred-care", "tufts", "healthpartners", "hap"])


@pytest.mark.parametrize("row", rows("networks"))
def test_in_or_out(row: dict[str, Any], partners: Partners) -> None:
    coverage = replace(PLAN, partner=row["plan"], networks=frozenset(row["lists"]))
    at, home = (locate(row[name]) if row.get(name) else None for name in ("at", "home"))
    found = decide(plan_networks(coverage, partners), row["listing"], at, home)
    assert (found.status, found.reason) == (row["is"], row["reason"])


@given(COMPANIES, IDS, IDS, PLACES, PLACES)
def test_only_the_plans_network_ids_put_a_listing_in(
    partners: Partners,
    company: str,
    lists: frozenset[str],
    listing: frozenset[str],
    at: str | None,
    home: str | None,
) -> None:
    plan = plan_networks(replace(PLAN, partner=company, networks=lists), partners)
    where, lives = (locate(code) if code else None for code in (at, home))
    found = decide(plan, listing, where, lives)
    assert found == decide(plan, sorted(listing), where, lives), "the same question, one answer"
    if found.status == "in":
        assert found.networks
        assert found.networks <= listing
        away = {bare(network.id) for network in partners["cigna"].networks}
        assert found.networks <= lists | away
    else:
        assert not found.networks
        assert not listing & lists or not lists
    if not lists or not listing:
        assert found.status == "unknown"


@given(IDS, IDS, PLACES)
def test_one_network_more_at_a_location_never_takes_it_out(
    partners: Partners, lists: frozenset[str], listing: frozenset[str], at: str | None
) -> None:
    plan = plan_networks(replace(PLAN, networks=lists), partners)
    where = locate(at) if at else None
    if decide(plan, listing, where).status == "in":
        assert decide(plan, listing | {"one-more"}, where).status == "in"
