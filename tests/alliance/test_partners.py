"""The companies' configuration: what stands in it, and what is refused with which sentence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alliance.errors import ConfigurationError
from alliance.partners import Partners, load_partners
from tests.alliance.conftest import ENVIRONMENT


class TestTheRealFile:
    def test_the_six_companies_of_the_announcement(self, partners: Partners) -> None:
        assert [p.name for p in partners] == [
            "CIGNA HealthCare",
            "MVP Health Care",
            "Preferred Care",
            "Tufts Health Plan",
            "HealthPartners",
            "Health Alliance Plan",
        ]

    def test_an_ally_without_a_backend_takes_no_member_id(self, partners: Partners) -> None:
        assert partners.fitting("T10010001") == []
        assert {p.key for p, _ in partners.completions("10010001")} == {
            "cigna",
            "mvp",
            "preferred-care",
        }

    def test_the_three_companies_with_a_backend(self, partners: Partners) -> None:
        assert [p.key for p in partners if p.backend] == ["cigna", "mvp", "preferred-care"]

    @pytest.mark.parametrize(
        ("key", "name", "seat"),
        [
            ("cigna", "CIGNA HealthCare", "Bloomfield, Connecticut"),
            ("mvp", "MVP Health Care", "Schenectady, New York"),
            ("preferred-care", "Preferred Care", "Rochester, New York"),
        ],
    )
    def test_facts_of_the_announcement(
        self, partners: Partners, key: str, name: str, seat: str
    ) -> None:
        assert (partners[key].name, partners[key].seat) == (name, seat)

    def test_only_cigna_serves_the_rest_of_the_country(self, partners: Partners) -> None:
        assert [p.key for p in partners if p.rest_of_country] == ["cigna"]

    def test_no_group_belongs_to_two_companies(self, partners: Partners) -> None:
        groups = [group for partner in partners for group in partner.alliance_groups]
        assert len(groups) == len(set(groups))

    def test_no_county_belongs_to_two_companies(self, partners: Partners) -> None:
        listed = [
            (state, county)
            for partner in partners
            for state, counties in partner.counties.items()
            for county in counties or ["all"]
        ]
        assert len(listed) == len(set(listed))

    def test_numbers_look_invented(self, partners: Partners) -> None:
        assert all("-555-01" in p.phone.member_services for p in partners if p.backend)

    def test_addresses_and_secrets_come_from_the_environment(self, partners: Partners) -> None:
        mvp = partners["mvp"].backend
        assert mvp is not None
        assert mvp.auth["secret"] == "mvp-test"
        assert mvp.base_url.startswith("http://mvp.test/")
        assert not mvp.base_url.endswith("/")

    def test_get_knows_nobody_by_nothing(self, partners: Partners) -> None:
        assert partners.get(None) is None
        assert partners.get("") is None
        assert partners.get("nobody") is None


@pytest.mark.parametrize(
    ("member_id", "companies"),
    [
        ("U10010001", ["cigna"]),
        ("M10010002", ["mvp"]),
        ("P10010003", ["preferred-care"]),
        ("900555101", ["mvp", "preferred-care"]),
        ("10010001", []),
        ("U1001000", []),
        ("U100100011", []),
        ("u10010001", []),
        ("X10010001", []),
        (" U10010001", []),
        ("U10010001\n", []),
        ("", []),
    ],
)
def test_fitting(partners: Partners, member_id: str, companies: list[str]) -> None:
    assert [p.key for p in partners.fitting(member_id)] == companies


@pytest.mark.parametrize(
    ("digits", "completed"),
    [
        (
            "10010001",
            [("cigna", "U10010001"), ("mvp", "M10010001"), ("preferred-care", "P10010001")],
        ),
        ("900555101", []),
        ("1001000", []),
        ("", []),
        ("U10010001", []),
    ],
)
def test_completions(partners: Partners, digits: str, completed: list[tuple[str, str]]) -> None:
    assert [(p.key, member_id) for p, member_id in partners.completions(digits)] == completed


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("CIGNA", "cigna"),
        ("it's cigna healthcare", "cigna"),
        ("signa", "cigna"),
        ("MVP", "mvp"),
        ("M.V.P.", "mvp"),
        ("m v p health care, I think", "mvp"),
        ("Preferred Care", "preferred-care"),
        ("preferred-care", "preferred-care"),
        ("the Rochester one", "preferred-care"),
        ("PREFERRED CARE!", "preferred-care"),
        ("I'd prefer a person", None),
        ("significant", None),
        ("mvps", None),
        ("", None),
        ("???", None),
        ("Tufts", "tufts"),
        ("a company nobody knows", None),
    ],
)
def test_named(partners: Partners, text: str, company: str | None) -> None:
    found = partners.named(text)
    assert (found and found.key) == company


Change = Callable[[dict[str, Any]], Any]

# (what is wrong, how the file is broken, what the sentence must name)
BROKEN: list[tuple[str, Change, str]] = [
    ("no name", lambda mvp: mvp.pop("name"), "'mvp' needs 'name'"),
    ("name is a number", lambda mvp: mvp.update(name=5), "'mvp' needs 'name'"),
    ("no short name", lambda mvp: mvp.pop("short_name"), "'mvp' needs 'short_name'"),
    ("no spoken name", lambda mvp: mvp.pop("spoken_name"), "'mvp' needs 'spoken_name'"),
    ("no seat", lambda mvp: mvp.pop("seat"), "'mvp' needs 'seat'"),
    ("no member_id", lambda mvp: mvp.pop("member_id"), "'mvp' needs 'member_id'"),
    (
        "no patterns",
        lambda mvp: mvp["member_id"].pop("patterns"),
        "'mvp' needs 'member_id: patterns'",
    ),
    (
        "no pattern",
        lambda mvp: mvp["member_id"].update(patterns=[]),
        "'mvp' needs 'member_id: patterns'",
    ),
    (
        "pattern alone",
        lambda mvp: mvp["member_id"].update(patterns=r"M\d{8}"),
        "'mvp' needs 'member_id: patterns'",
    ),
    (
        "bad pattern",
        lambda mvp: mvp["member_id"].update(patterns=["M(\\d{8}"]),
        "'mvp': member ID pattern",
    ),
    (
        "pattern is a number",
        lambda mvp: mvp["member_id"].update(patterns=[5]),
        "'mvp': member ID pattern",
    ),
    ("no groups", lambda mvp: mvp.pop("alliance_groups"), "'mvp' needs 'alliance_groups'"),
    (
        "groups alone",
        lambda mvp: mvp.update(alliance_groups="ALX-2001"),
        "'mvp' needs 'alliance_groups'",
    ),
    ("no phone", lambda mvp: mvp.pop("phone"), "'mvp' needs 'phone'"),
    ("no hours", lambda mvp: mvp["phone"].pop("hours"), "'mvp': '' is no time zone"),
    (
        "bad zone",
        lambda mvp: mvp["phone"]["hours"].update(zone="Schenectady"),
        "'Schenectady' is no time zone",
    ),
    (
        "zone leads out",
        lambda mvp: mvp["phone"]["hours"].update(zone="../etc"),
        "'../etc' is no time zone",
    ),
    (
        "network without id",
        lambda mvp: mvp["networks"]["regional"].pop("id"),
        "'mvp': network 'regional' needs 'id' and 'name'",
    ),
    (
        "network is a text",
        lambda mvp: mvp["networks"].update(regional="x"),
        "'mvp': network 'regional' needs 'id' and 'name'",
    ),
    (
        "backend without address",
        lambda mvp: mvp["backend"].pop("base_url"),
        "'mvp' needs 'backend: base_url'",
    ),
    (
        "backend is a text",
        lambda mvp: mvp.update(backend="http://x"),
        "'mvp' needs 'backend: base_url'",
    ),
    (
        "time limit is a word",
        lambda mvp: mvp["backend"].update(timeout_seconds="soon"),
        "'mvp': timeout_seconds 'soon'",
    ),
    (
        "time limit is nothing",
        lambda mvp: mvp["backend"].update(timeout_seconds=0),
        "'mvp': timeout_seconds 0",
    ),
    (
        "two nations",
        lambda mvp: mvp["service_area"].update(rest_of_country=True),
        "only one company",
    ),
    (
        "unknown variable",
        lambda mvp: mvp["backend"].update(base_url="${NOWHERE_URL}/fhir"),
        "uses ${NOWHERE_URL}: set that variable",
    ),
]


@pytest.mark.parametrize(("wrong", "change", "sentence"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_broken_file_gives_one_sentence(
    document: Any, wrong: str, change: Change, sentence: str
) -> None:
    broken = copy.deepcopy(document)
    change(broken["partners"]["mvp"])
    with pytest.raises(ConfigurationError) as caught:
        load_partners(broken, ENVIRONMENT)
    assert sentence in caught.value.detail
    assert "partners.yml" in caught.value.detail


@pytest.mark.parametrize("nothing", [None, {}, [], "partners", {"partners": {}}, {"partners": []}])
def test_a_file_without_companies_says_so(nothing: Any) -> None:
    with pytest.raises(ConfigurationError, match="no companies"):
        load_partners(nothing, ENVIRONMENT)


def test_an_entry_that_is_no_mapping_names_its_company(document: Any) -> None:
    broken = copy.deepcopy(document)
    broken["partners"]["mvp"] = None
    with pytest.raises(ConfigurationError, match="'mvp'"):
        load_partners(broken, ENVIRONMENT)


@pytest.mark.parametrize("missing", sorted(ENVIRONMENT))
def test_each_missing_variable_is_named(document: Any, missing: str) -> None:
    environment = {name: value for name, value in ENVIRONMENT.items() if name != missing}
    with pytest.raises(ConfigurationError, match=missing):
        load_partners(document, environment)


def test_a_new_company_is_an_entry_and_no_code(document: Any) -> None:
    more = copy.deepcopy(document)
    more["partners"]["example-plan"] = {
        "name": "Example Plan of Maine",
        "short_name": "Example Plan",
        "spoken_name": "Example Plan of Maine",
        "aliases": ["example plan", "example plan of maine"],
        "seat": "New England",
        "member_id": {"system": "https://plan.example.org/id", "patterns": [r"E\d{8}"]},
        "alliance_groups": [],
        "phone": {"member_services": "1-800-555-0140", "hours": {"zone": "America/New_York"}},
    }
    partners = load_partners(more, ENVIRONMENT)
    named = partners.named("example plan of maine")
    assert named is not None
    assert named.key == "example-plan"
    # Nobody can be looked up where there is no backend.
    assert partners.fitting("E12345678") == []


class TestOverlays:
    def test_a_load_adds_groups_systems_patterns_and_patients(
        self, document: Any, tmp_path: Path
    ) -> None:
        overlay = {
            "alliance_groups": ["ALX-9001"],
            "member_id_systems": ["https://foreign.example.org/id"],
            "member_id_patterns": [r"F-\d{3}"],
            "patients": {"patient-1": "ALX-9001"},
        }
        (tmp_path / "mvp.json").write_text(json.dumps(overlay), "utf-8")
        plain, loaded = (
            load_partners(document, ENVIRONMENT),
            load_partners(document, ENVIRONMENT, tmp_path),
        )
        assert loaded["mvp"].alliance_groups == plain["mvp"].alliance_groups | {"ALX-9001"}
        assert "https://foreign.example.org/id" in loaded["mvp"].member_id_systems
        assert loaded["mvp"].member_id_systems[0] == plain["mvp"].member_id_systems[0]
        assert [p.key for p in loaded.fitting("F-123")] == ["mvp"]
        assert loaded["mvp"].loaded_patients == {"patient-1": "ALX-9001"}
        assert loaded["cigna"] == plain["cigna"]

    def test_an_empty_folder_changes_nothing(self, document: Any, tmp_path: Path) -> None:
        assert load_partners(document, ENVIRONMENT, tmp_path) == load_partners(
            document, ENVIRONMENT
        )

    @pytest.mark.parametrize("text", ["{", "", "[]", '"mvp"'])
    def test_a_broken_overlay_names_its_file(
        self, document: Any, tmp_path: Path, text: str
    ) -> None:
        (tmp_path / "mvp.json").write_text(text, "utf-8")
        with pytest.raises(ConfigurationError, match=r"mvp\.json"):
            load_partners(document, ENVIRONMENT, tmp_path)

    def test_a_bad_pattern_in_an_overlay_names_its_company(
        self, document: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "mvp.json").write_text('{"member_id_patterns": ["("]}', "utf-8")
        with pytest.raises(ConfigurationError, match="'mvp'"):
            load_partners(document, ENVIRONMENT, tmp_path)
