"""FHIR search as each partner's backend understands it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.sandbox.conftest import PARTNERS, Backend

NUCC = "http://nucc.org/provider-taxonomy"
CARDIOLOGY = f"{NUCC}|207RC0000X"
NPI = "http://hl7.org/fhir/sid/us-npi"
ALBANY = (42.6526, -73.7562)


def resources(bundle: dict[str, Any], mode: str = "match") -> list[dict[str, Any]]:
    entries = bundle.get("entry", ())
    return [entry["resource"] for entry in entries if entry["search"]["mode"] == mode]


def miles(latitude: float, longitude: float) -> float:
    north = (latitude - ALBANY[0]) * 69.0
    east = (longitude - ALBANY[1]) * 69.0 * math.cos(math.radians(ALBANY[0]))
    return math.hypot(north, east)


class TestCapabilities:
    def test_each_server_tells_what_it_can_do(self, backends: dict[str, Backend]) -> None:
        told = {}
        for partner, backend in backends.items():
            rest = backend.get("metadata").json()["rest"][0]
            roles = next(r for r in rest["resource"] if r["type"] == "PractitionerRole")
            names = {parameter["name"] for parameter in roles["searchParam"]}
            told[partner] = (
                "location.near" in names,
                "location.address-postalcode" in names,
                bool(roles.get("searchInclude")),
            )
        assert told == {
            "cigna": (True, True, True),
            "mvp": (False, True, True),
            "preferred-care": (False, True, False),
        }

    @pytest.mark.parametrize(
        ("partner", "parameters"),
        [
            ("mvp", {"location.near": "42.65|-73.75|10|mi"}),
            ("preferred-care", {"location.near": "42.65|-73.75|10|mi"}),
            ("preferred-care", {"_include": "PractitionerRole:location"}),
            ("preferred-care", {"practitioner.name": "Alice"}),
            ("cigna", {"_sort": "specialty"}),
            ("mvp", {"favourite-colour": "blue"}),
        ],
    )
    def test_what_it_cannot_do_it_refuses(
        self, backends: dict[str, Backend], partner: str, parameters: dict[str, str]
    ) -> None:
        response = backends[partner].get("PractitionerRole", **parameters)
        assert response.status_code == 400
        assert response.json()["issue"][0]["code"] == "not-supported"

    def test_unknown_parameters_differ_by_server(self, backends: dict[str, Backend]) -> None:
        asked = {"favourite-colour": "blue", "_count": "1"}
        warned = backends["cigna"].get("PractitionerRole", **asked).json()
        assert resources(warned, "outcome")[0]["issue"][0]["severity"] == "warning"
        ignored = backends["preferred-care"].get("PractitionerRole", **asked).json()
        assert not resources(ignored, "outcome")
        assert "favourite-colour" not in ignored["link"][0]["url"]

    def test_strict_handling_refuses_what_is_unknown(self, cigna: Backend) -> None:
        response = cigna.http.get(
            f"{cigna.root}/fhir/Location?colour=blue", headers={"Prefer": "handling=strict"}
        )
        assert response.status_code == 400


class TestDirectory:
    def test_near_is_nearest_first_and_within_the_radius(self, cigna: Backend) -> None:
        bundle = cigna.get(
            "PractitionerRole",
            **{
                "specialty": CARDIOLOGY,
                "network": "Organization/cigna-open-access",
                "location.near": f"{ALBANY[0]}|{ALBANY[1]}|10|mi",
                "_include": ["PractitionerRole:location", "PractitionerRole:practitioner"],
                "_count": "10",
            },
        ).json()
        places = {
            r["id"]: r for r in resources(bundle, "include") if r["resourceType"] == "Location"
        }
        roles = resources(bundle)
        assert len(roles) >= 3
        distances = []
        for role in roles:
            assert role["specialty"][0]["coding"][0]["code"] == "207RC0000X"
            near = min(
                miles(p["latitude"], p["longitude"])
                for p in (
                    places[r["reference"].split("/")[1]]["position"] for r in role["location"]
                )
            )
            distances.append(near)
        assert distances == sorted(distances)
        assert distances[-1] <= 10

    def test_a_wider_circle_finds_more(self, cigna: Backend) -> None:
        def total(radius: int) -> int:
            near = f"{ALBANY[0]}|{ALBANY[1]}|{radius}|mi"
            asked = {"location.near": near, "_count": "0", "_total": "accurate"}
            return int(cigna.get("PractitionerRole", **asked).json()["total"])

        assert 0 < total(3) < total(100)

    @pytest.mark.parametrize(
        ("asked", "some"),
        [
            ({}, True),
            ({"specialty": "207RC0000X"}, True),
            ({"specialty": f"{NUCC}|207RC0000X,{NUCC}|207N00000X"}, True),
            ({"specialty": "http://elsewhere.example.org|207RC0000X"}, False),
            ({"network": "cigna-open-access"}, True),
            ({"network": "Organization/elsewhere"}, False),
            ({"specialty:not": "207RC0000X"}, True),
            ({"active": "true", "practitioner.name": "nobody"}, False),
        ],
    )
    def test_near_with_other_parameters(
        self, cigna: Backend, asked: dict[str, str], some: bool
    ) -> None:
        circle = {"location.near": f"{ALBANY[0]}|{ALBANY[1]}|30|mi", "_count": "200"}
        bundle = cigna.get("PractitionerRole", **circle, **asked, _total="accurate").json()
        assert bool(resources(bundle)) == some
        assert bundle["total"] >= len(resources(bundle))
        assert "total" not in cigna.get("PractitionerRole", **circle, **asked).json()
        codes = {role["specialty"][0]["coding"][0]["code"] for role in resources(bundle)}
        if "specialty" in asked:
            assert codes <= {text.rpartition("|")[2] for text in asked["specialty"].split(",")}
        if "specialty:not" in asked:
            assert "207RC0000X" not in codes

    def test_near_pages_without_gaps(self, cigna: Backend) -> None:
        near = f"{ALBANY[0]}|{ALBANY[1]}|40|mi"
        asked = {"location.near": near, "specialty": CARDIOLOGY}
        whole = cigna.get("PractitionerRole", **asked, _count="200", _total="accurate").json()
        bundle = cigna.get("PractitionerRole", **asked, _count="4").json()
        seen = [role["id"] for role in resources(bundle)]
        while following := [x["url"] for x in bundle["link"] if x["relation"] == "next"]:
            bundle = cigna.http.get(following[0]).json()
            seen += [role["id"] for role in resources(bundle)]
        assert seen == [role["id"] for role in resources(whole)]
        assert len(seen) == whole["total"] > 8

    def test_too_many_values_are_refused(self, mvp: Backend) -> None:
        many = ",".join(f"{number:05d}" for number in range(500))
        refused = mvp.get("PractitionerRole", **{"location.address-postalcode": many})
        assert refused.json()["issue"][0]["code"] == "too-costly"
        some = ",".join(f"{number:05d}" for number in range(12000, 12399))
        found = mvp.get("PractitionerRole", **{"location.address-postalcode": some})
        assert found.json()["total"] > 0

    @pytest.mark.parametrize("unit", ["mi", "mi_us", "[mi_us]"])
    def test_miles_by_any_name(self, cigna: Backend, unit: str) -> None:
        found = cigna.get(
            "Location", near=f"{ALBANY[0]}|{ALBANY[1]}|5|{unit}", _total="accurate"
        ).json()
        metric = cigna.get(
            "Location", near=f"{ALBANY[0]}|{ALBANY[1]}|8.0467|km", _total="accurate"
        ).json()
        assert found["total"] == metric["total"] > 0

    def test_near_on_locations(self, cigna: Backend) -> None:
        bundle = cigna.get("Location", near="42.6526|-73.7562|8|km", _count="200").json()
        assert resources(bundle)
        for place in resources(bundle):
            assert miles(place["position"]["latitude"], place["position"]["longitude"]) <= 5

    def test_postal_codes_are_chained_where_near_is_missing(self, mvp: Backend) -> None:
        bundle = mvp.get(
            "PractitionerRole",
            **{
                "location.address-postalcode": "12207,12208",
                "_include": "PractitionerRole:location",
                "_count": "100",
            },
        ).json()
        assert resources(bundle)
        codes = {r["address"]["postalCode"] for r in resources(bundle, "include")}
        assert codes & {"12207", "12208"}

    def test_the_small_server_pages_and_includes_nothing(self, preferred_care: Backend) -> None:
        bundle = preferred_care.get("PractitionerRole", _count="100").json()
        assert len(bundle["entry"]) == 20
        seen = [r["id"] for r in resources(bundle)]
        while True:
            following = [x["url"] for x in bundle["link"] if x["relation"] == "next"]
            if not following:
                break
            bundle = preferred_care.http.get(following[0]).json()
            seen += [r["id"] for r in resources(bundle)]
        assert len(seen) == len(set(seen)) == bundle["total"]

    def test_network_filters_by_the_reference(self, mvp: Backend) -> None:
        listed = mvp.get("PractitionerRole", network="Organization/mvp-network", _count="1").json()
        other = mvp.get("PractitionerRole", network="Organization/elsewhere").json()
        assert listed["total"] > 100
        assert other["total"] == 0

    def test_some_providers_are_in_two_directories(self, backends: dict[str, Backend]) -> None:
        def npis(partner: str) -> set[str]:
            bundle = (
                backends[partner].get("Practitioner", _count="200", identifier=f"{NPI}|").json()
            )
            found = {r["identifier"][0]["value"] for r in resources(bundle)}
            assert found
            return found

        both = 0
        for npi in npis("mvp"):
            asked = backends["cigna"].get("Practitioner", identifier=f"{NPI}|{npi}").json()
            both += asked["total"]
        assert 0 < both < len(npis("mvp"))

    @pytest.mark.parametrize("category", ["hosp", "urg", "lab", "pharm", "dent", "behav"])
    def test_facilities_by_category(self, backends: dict[str, Backend], category: str) -> None:
        for backend in backends.values():
            bundle = backend.get("HealthcareService", **{"service-category": category}).json()
            service = resources(bundle)[0]
            affiliation = backend.get(
                "OrganizationAffiliation",
                **{"participating-organization": service["providedBy"]["reference"]},
            ).json()
            assert resources(affiliation)[0]["network"]

    def test_npis_have_a_right_check_digit(self, cigna: Backend) -> None:
        bundle = cigna.get("Practitioner", _count="50").json()
        for practitioner in resources(bundle):
            digits = [int(d) for d in "80840" + practitioner["identifier"][0]["value"]]
            doubled = [sum(divmod(2 * d, 10)) if i % 2 else d for i, d in enumerate(digits[::-1])]
            assert sum(doubled) % 10 == 0

    def test_errors_are_outcomes(self, cigna: Backend) -> None:
        assert cigna.get("Location/nowhere").status_code == 404
        bad = cigna.get("Location", near="somewhere")
        assert bad.status_code == 400
        assert bad.json()["resourceType"] == "OperationOutcome"

    def test_what_does_not_exist_is_an_outcome_too(self, cigna: Backend) -> None:
        headers = cigna.headers()
        for method, path, status in (
            ("GET", "Spaceship", 404),
            ("POST", "Patient", 405),
            ("DELETE", "Location/x", 405),
            ("GET", "Location/x/y/z", 404),
        ):
            url = f"{cigna.root}/fhir/{path}"
            response = cigna.http.request(method, url, headers=headers)
            assert response.status_code == status, path
            assert response.json()["resourceType"] == "OperationOutcome"


class TestMemberSearch:
    @pytest.mark.parametrize("partner", PARTNERS)
    def test_get_and_post_find_the_same(self, backends: dict[str, Backend], partner: str) -> None:
        backend = backends[partner]
        headers = backend.headers()
        by_get = backend.http.get(
            f"{backend.root}/fhir/Coverage?status=active&_count=5", headers=headers
        ).json()
        by_post = backend.post_search("Coverage", status="active", _count="5").json()
        assert resources(by_get) == resources(by_post)

    def test_links_carry_no_member_data(self, mvp: Backend) -> None:
        patient = mvp.patient("M10010002")["id"]
        bundle = mvp.post_search("ExplanationOfBenefit", patient=patient, _count="2").json()
        assert {link["relation"] for link in bundle["link"]} == {"self", "next"}
        assert patient not in "".join(link["url"] for link in bundle["link"])

    @pytest.mark.parametrize(
        ("days", "count"),
        [
            (("ge2026-03-01", "le2026-03-31"), 1),
            (("2026-03",), 1),
            (("eq2026-03-12",), 1),
            (("gt2026-03-12", "lt2026-04-01"), 0),
            (("ge2026-03-12", "le2026-03-12"), 1),
            (("sa2026-11-23",), 0),
        ],
    )
    def test_dates(self, cigna: Backend, days: tuple[str, ...], count: int) -> None:
        assert len(cigna.claims("U10010001", *days)) == count

    def test_patient_by_bare_id_reference_or_address(self, cigna: Backend) -> None:
        key = cigna.patient("U10010001")["id"]
        forms = (key, f"Patient/{key}", f"{cigna.root}/fhir/Patient/{key}")
        totals = {cigna.post_search("Coverage", patient=form).json()["total"] for form in forms}
        assert totals == {1}

    def test_a_token_needs_its_system(self, mvp: Backend) -> None:
        wrong = "https://cigna.example.org/fhir/member-id|M10010002"
        assert mvp.found("Patient", identifier=wrong) == []

    def test_a_bad_date_is_refused(self, cigna: Backend) -> None:
        assert cigna.post_search("Patient", birthdate="yesterday").status_code == 400

    def test_birth_date_and_name(self, preferred_care: Backend) -> None:
        twins = preferred_care.found("Patient", family="twinning", birthdate="2001-06-06")
        assert {twin["name"][0]["given"][0] for twin in twins} == {"Ada", "Ida"}
