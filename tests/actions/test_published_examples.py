"""The clients against the guides' own published examples, served over HTTP.

They are what other companies' servers look like: fields left out, pages with hooks of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from actions.partners.capabilities import NameQuery, PlaceQuery
from actions.partners.directory_server import DirectoryServer
from actions.partners.formulary import Formulary
from actions.partners.http import PartnerHttp
from actions.partners.plan_net import PlanNet
from alliance.directory import Listing
from alliance.partners import Partners
from tests.sandbox.conftest import ROOT, Backend, command, running

# Beside the project on some machines only, CI's among them.
EXAMPLES = ROOT.parent / "shared" / "fhir-examples"
PARTNER = "preferred-care"

pytestmark = pytest.mark.skipif(
    not EXAMPLES.exists(), reason="the published examples are not on this machine"
)


@pytest.fixture(scope="module")
def examples(
    sandboxes: Mapping[str, Backend], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    """A stand-in that holds the examples of directory and formulary beside its own data."""
    data = tmp_path_factory.mktemp("examples")
    name = f"{PARTNER}.sqlite"
    with (
        closing(sqlite3.connect(sandboxes[PARTNER].data / name)) as ours,
        closing(sqlite3.connect(data / name)) as copy,
    ):
        ours.backup(copy)
    files = [str(path) for guide in ("plan-net", "formulary") for path in _files(guide)]
    done = command(
        *("load", "--data", str(data), "--partner", PARTNER),
        *("--alliance-group", "ALX-3001", *files),
    )
    assert done.returncode == 0, done.stderr
    with running(PARTNER, data) as backend:
        yield backend


def _files(guide: str) -> list[Path]:
    return sorted((EXAMPLES / guide).glob("*.json"))


@pytest.fixture
async def server(examples: Backend, partners: Partners) -> AsyncIterator[DirectoryServer]:
    partner = partners[PARTNER]
    assert partner.backend is not None
    backend = replace(partner.backend, base_url=f"{examples.root}/fhir", timeout_seconds=20.0)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=20))
        http = PartnerHttp(replace(partner, backend=backend), client)

        async def supports(resource_type: str) -> frozenset[str]:
            statement = await http.get("/metadata")
            (rest,) = statement["rest"]
            (found,) = [each for each in rest["resource"] if each["type"] == resource_type]
            return frozenset(each["name"] for each in found["searchParam"])

        yield DirectoryServer(http, supports)


@pytest.fixture
def directory(server: DirectoryServer) -> PlanNet:
    return PlanNet(PARTNER, server)


async def named(directory: PlanNet, name: str) -> list[Listing]:
    return await directory.named(NameQuery(name))


class TestDirectory:
    async def test_a_doctor_at_the_one_location_that_names_him(self, directory: PlanNet) -> None:
        """Two more roles of Joe Smith name no practitioner: they are nobody's."""
        (found,) = await named(directory, "Dr. Joe Smith")
        assert found.name == "Joe Smith, MD"
        assert found.networks == {"AcmeofCTStdNet"}
        assert found.specialty_codes == {"207R00000X"}
        assert found.accepting is None
        assert found.languages == ()

    async def test_misheard(self, directory: PlanNet) -> None:
        (found,) = await named(directory, "doctor hans sollow")
        assert found.npi == "NPI3233"
        assert found.languages == ("ja",)
        assert [(h.opens and h.opens.hour, h.closes and h.closes.hour) for h in found.hours] == [
            (8, 17)
        ]

    async def test_a_counselor_without_a_location_is_no_listing(self, directory: PlanNet) -> None:
        """She works online only: there is no place to send anybody to."""
        assert await named(directory, "Susie Smith") == []

    async def test_networks_belong_to_locations(self, directory: PlanNet) -> None:
        """The chain is in the network at two of its four pharmacies."""
        found = await named(directory, "Pharm Chain")
        assert len(found) == 4
        assert [len(each.networks) for each in found].count(1) == 2
        assert [len(each.networks) for each in found].count(0) == 2
        assert all(each.kind == "place" for each in found)

    async def test_an_affiliation_elsewhere_is_none_here(self, directory: PlanNet) -> None:
        """Burr Clinic sees patients at one hospital, and is in the network at another."""
        (found,) = await named(directory, "Burr Clinic")
        assert found.networks == frozenset()

    async def test_a_hospital_and_the_practice_in_it(self, directory: PlanNet) -> None:
        (hospital,) = await named(directory, "Hartford General Hospital")
        assert hospital.name == "Hartford General Hospital"
        assert hospital.hours[0].opens is None
        assert {each.name for each in await named(directory, "Hartford Orthopedics")} == {
            "Hartford Orthopedics Services"
        }

    async def test_payers_and_networks_are_no_places(self, directory: PlanNet) -> None:
        assert await named(directory, "Acme of CT") == []

    async def test_an_odd_position_finds_nothing_near_a_real_place(
        self, directory: PlanNet
    ) -> None:
        query = PlaceQuery(("pharm",), (), 41.76, -72.67, limit=20)
        assert not {each.name for each in await directory.places(query)} & {"Pharm Chain"}


class TestFormulary:
    async def test_a_brand_by_its_bracket(self, server: DirectoryServer) -> None:
        found = await Formulary(server).search("A1002", ["Protopic"])
        assert found is not None
        (drug,) = found.listed
        assert drug.score == 100
        assert drug.name == "tacrolimus"
        assert "Protopic" in drug.brands
        assert drug.tier_code is not None

    async def test_a_part_of_a_drug_is_another_drug(self, server: DirectoryServer) -> None:
        found = await Formulary(server).search("A1002", ["oxycodone"])
        assert found is not None
        assert all(drug.score < 100 for drug in found.listed)

    async def test_each_plan_has_its_own_list(self, server: DirectoryServer) -> None:
        here = await Formulary(server).search("A1002", ["Protopic"])
        there = await Formulary(server).search("A3001", ["Protopic"])
        assert here is not None
        assert there is not None
        assert here.listed
        assert not there.listed

    async def test_an_unknown_plan_has_no_list(self, server: DirectoryServer) -> None:
        assert await Formulary(server).search("A9999", ["Protopic"]) is None

    @pytest.mark.parametrize("plan", ["A1002", "A3001", "A3002", "A3004t"])
    async def test_costs_are_as_the_plan_says(self, server: DirectoryServer, plan: str) -> None:
        found = await Formulary(server).search(plan, ["Percocet"])
        assert found is not None
        (resource,) = [
            each
            for each in await server.search("InsurancePlan", {"identifier": plan})
            if each.get("plan")
        ]
        told = {
            (tier["type"]["coding"][0]["code"], cost["value"]["value"])
            for part in resource["plan"]
            for specific in part.get("specificCost", ())
            for tier in specific["benefit"]
            for cost in tier["cost"]
        }
        for cost in found.costs:
            if cost.copay:
                assert (cost.tier_code, float(cost.copay)) in told
            if cost.coinsurance_percent:
                assert (cost.tier_code, float(cost.coinsurance_percent)) in told
