"""The clients against the guides' own published examples, served over HTTP.

They are what other companies' servers look like: fields left out, pages with hooks of their own.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from actions.partners.capabilities import DirectoryQuery, NameQuery, PlaceQuery
from actions.partners.directory_server import DirectoryServer
from actions.partners.fhir import FhirBackend
from actions.partners.formulary import Formulary
from actions.partners.http import PartnerHttp
from actions.partners.plan_net import PlanNet
from actions.settings import PartnerConfiguration
from alliance.clock import Clock
from alliance.directory import Listing
from alliance.errors import NotOffered
from alliance.partners import PARTNERS_FILE, Partners
from tests.actions.conftest import client_of, proof
from tests.sandbox.conftest import ROOT, Backend, command, free_port, running

# Beside the project on some machines only, CI's among them.
EXAMPLES = ROOT.parent / "shared" / "fhir-examples"
PARTNER = "preferred-care"
MEDPLUM = [f"@medplum/{name}@3.2.24" for name in ("core", "definitions", "fhir-router")]
MEMBERS = [
    ("Patient1", "1234-234-1243-12345678901", "xxxhealthplan"),
    ("Patient2", "88800933501", "upmchealthplan"),
]
_START_SECONDS = 120

pytestmark = pytest.mark.skipif(
    not EXAMPLES.exists(), reason="the published examples are not on this machine"
)


@pytest.fixture(
    scope="module",
    params=["the stand-in", pytest.param("another make", marks=pytest.mark.extra)],
)
def examples(
    request: pytest.FixtureRequest,
    sandboxes: Mapping[str, Backend],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The root of a server with the examples: a stand-in that holds those of directory and
    formulary beside its own data, or Medplum's, which refuses what ours can do.
    """
    if request.param == "another make":
        yield request.getfixturevalue("second_server")
        return
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
        yield backend.root


@pytest.fixture(scope="module")
def second_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Medplum's FHIR router, from npm, over the examples in memory; its root."""
    npm = shutil.which("npm")
    assert npm, "Medplum's router comes from npm (Debian: apt-get install npm)."
    folder = tmp_path_factory.mktemp("medplum")
    (folder / "package.json").write_text("{}")
    subprocess.run(
        [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *MEDPLUM],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    port = free_port()
    guides = [folder / guide for guide in ("plan-net", "formulary", "carin-bb")]
    for guide in guides:
        shutil.copytree(EXAMPLES / guide.name, guide)
    _move_to_hartford(guides[0] / "Location-HospLoc1.json")
    server = subprocess.Popen(
        [
            "node",
            str(Path(__file__).with_name("second_fhir_server.mjs")),
            str(port),
            *map(str, guides),
        ],
        cwd=folder,
    )
    try:
        _wait(server, f"http://127.0.0.1:{port}/fhir/metadata")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _move_to_hartford(file: Path) -> None:
    """The examples lie at sea: one gets the address that its name tells."""
    place = json.loads(file.read_text("utf-8"))
    place["address"]["postalCode"] = "06155"
    place["position"] = {"latitude": 41.7658, "longitude": -72.6734}
    file.write_text(json.dumps(place), "utf-8")


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "the second FHIR server stopped"
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the second FHIR server did not start")


def _files(guide: str) -> list[Path]:
    return sorted((EXAMPLES / guide).glob("*.json"))


@pytest.fixture
async def server(examples: str, partners: Partners) -> AsyncIterator[DirectoryServer]:
    partner = partners[PARTNER]
    assert partner.backend is not None
    backend = replace(partner.backend, base_url=f"{examples}/fhir", timeout_seconds=20.0)
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


@pytest.mark.parametrize("examples", ["the stand-in"], indirect=True)
class TestFormulary:
    async def test_a_brand_by_its_bracket(self, server: DirectoryServer) -> None:
        found = await Formulary(PARTNER, server).search("A1002", ["Protopic"])
        assert found is not None
        (drug,) = found.listed
        assert drug.score == 100
        assert drug.name == "tacrolimus"
        assert "Protopic" in drug.brands
        assert drug.tier_code is not None

    async def test_a_part_of_a_drug_is_another_drug(self, server: DirectoryServer) -> None:
        found = await Formulary(PARTNER, server).search("A1002", ["oxycodone"])
        assert found is not None
        assert all(drug.score < 100 for drug in found.listed)

    async def test_each_plan_has_its_own_list(self, server: DirectoryServer) -> None:
        here = await Formulary(PARTNER, server).search("A1002", ["Protopic"])
        there = await Formulary(PARTNER, server).search("A3001", ["Protopic"])
        assert here is not None
        assert there is not None
        assert here.listed
        assert not there.listed

    async def test_an_unknown_plan_has_no_list(self, server: DirectoryServer) -> None:
        assert await Formulary(PARTNER, server).search("A9999", ["Protopic"]) is None

    @pytest.mark.parametrize("plan", ["A1002", "A3001", "A3002", "A3004t"])
    async def test_costs_are_as_the_plan_says(self, server: DirectoryServer, plan: str) -> None:
        found = await Formulary(PARTNER, server).search(plan, ["Percocet"])
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


@pytest.mark.extra
@pytest.mark.parametrize("examples", ["another make"], indirect=True)
class TestAServerThatRefuses:
    async def test_providers_near_a_place_without_near_and_chains(self, directory: PlanNet) -> None:
        """First the places of the postal codes, then who works there."""
        query = DirectoryQuery(("207R00000X",), "06155", 41.76, -72.69)
        assert [each.name for each in await directory.practitioners(query)] == ["Joe Smith, MD"]

    async def test_places_near_a_place(self, directory: PlanNet) -> None:
        found = await directory.places(PlaceQuery(("emerg",), (), 41.76, -72.69))
        assert "Hartford General Hospital" in {each.name for each in found}

    async def test_a_drug_list_that_cannot_be_searched_says_nothing_of_a_drug(
        self, server: DirectoryServer
    ) -> None:
        with pytest.raises(NotOffered, match="cannot be searched by name"):
            await Formulary(PARTNER, server).search("A1002", ["Protopic"])

    @pytest.mark.parametrize(
        ("patient", "member_id", "member_data"), MEMBERS, indirect=["member_data"]
    )
    async def test_a_members_plans_and_claims(
        self, member_data: FhirBackend, patient: str, member_id: str
    ) -> None:
        """To the cent; and where there is no $member-match, nobody is matched."""
        (record,) = await member_data.find_member(member_id)
        assert record.patient_id == patient
        assert await member_data.match_person(record) is None
        member = proof((PARTNER, patient))
        assert {each.id for each in await member_data.coverages(member)} == {
            each["id"] for each in _about(patient, "Coverage", "beneficiary")
        }
        assert {claim.billed for claim in await member_data.claims(member)} == {
            Decimal(str(total["amount"]["value"]))
            for each in _about(patient, "ExplanationOfBenefit", "patient")
            for total in each["total"]
            if total["category"]["coding"][0]["code"] == "submitted"
        }


def _about(patient: str, resource_type: str, whose: str) -> list[dict[str, Any]]:
    """The published examples of a type about a patient."""
    read = [json.loads(path.read_text("utf-8")) for path in _files("carin-bb")]
    return [
        each
        for each in read
        if isinstance(each, dict)
        and each["resourceType"] == resource_type
        and each[whose]["reference"] == f"Patient/{patient}"
    ]


@pytest.fixture
async def member_data(
    request: pytest.FixtureRequest,
    examples: str,
    configuration: PartnerConfiguration,
    clock: Clock,
    tmp_path: Path,
) -> AsyncIterator[FhirBackend]:
    """The client of a company whose server is the second one, and its IDs one payer's."""
    del configuration
    payer = request.param
    document = yaml.safe_load(PARTNERS_FILE.read_text("utf-8"))
    document["partners"][PARTNER] |= {
        "member_id": {
            "system": f"https://www.{payer}.com/fhir/memberidentifier",
            "patterns": [r"[\d-]+"],
            "example": "digits",
        },
        "backend": {
            "base_url": f"{examples}/fhir",
            "auth": {
                "kind": "client_secret",
                "token_url": f"{examples}/oauth/token",
                "client_id": "memberline",
                "secret": "second",
            },
        },
    }
    (tmp_path / "partners.yml").write_text(yaml.safe_dump(document), "utf-8")
    partners = PartnerConfiguration(tmp_path / "overlays", tmp_path / "partners.yml")
    async with AsyncExitStack() as stack:
        yield (await client_of(PARTNER, partners, clock, stack)).backend
