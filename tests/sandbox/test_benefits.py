"""Accumulators, digital card, formulary, and the partners' own REST."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from tests.sandbox.conftest import PARTNERS, Backend
from tests.sandbox.test_members import PLAIN, totals

IN_NETWORK = ("deductible", "copay", "coinsurance")


def submit(backend: Backend, member_id: str, **more: Any) -> Any:
    request = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["benefits"],
        "patient": {"reference": f"Patient/{backend.patient(member_id)['id']}"},
        **more,
    }
    url = f"{backend.root}/fhir/CoverageEligibilityRequest/$submit"
    return backend.http.post(url, json=request, headers=backend.headers())


def used(answer: dict[str, Any], unit: str) -> dict[str, float]:
    (item,) = [
        item
        for item in answer["insurance"][0]["item"]
        if item.get("unit", {}).get("coding", [{}])[0].get("code") == unit
        and item["network"]["coding"][0]["code"] == "in"
    ]
    return {b["type"]["coding"][0]["code"]: b["usedMoney"]["value"] for b in item["benefit"]}


def spent(claims: list[dict[str, Any]], year: str) -> dict[str, float]:
    counted = [
        totals(claim)
        for claim in claims
        if claim["status"] == "active" and claim["billablePeriod"]["start"].startswith(year)
    ]
    return {
        "deductible": sum(t["deductible"] for t in counted),
        "copay-maximum": sum(t[name] for t in counted for name in IN_NETWORK),
    }


class TestEligibility:
    def test_it_needs_a_token(self, mvp: Backend) -> None:
        url = f"{mvp.root}/fhir/CoverageEligibilityRequest/$submit"
        assert mvp.http.post(url, json={}).status_code == 401

    @pytest.mark.parametrize("partner", PARTNERS)
    @pytest.mark.parametrize("year", ["2026", "2025"])
    def test_accumulators_add_up_to_the_claims(
        self, backends: dict[str, Backend], partner: str, year: str
    ) -> None:
        backend = backends[partner]
        answer = submit(backend, PLAIN[partner], servicedDate=f"{year}-06-01").json()
        get_fhir_model_class("CoverageEligibilityResponse").model_validate(answer)
        expected = spent(backend.claims(PLAIN[partner]), year)
        assert expected["copay-maximum"] > 0
        for code, value in used(answer, "individual").items():
            assert value == pytest.approx(expected[code])

    def test_a_familys_total_adds_its_members(self, mvp: Backend) -> None:
        answer = submit(mvp, "M10010023").json()
        family = ("M10010023", "M10010024", "M10010025", "M10010026")
        claims = [claim for member_id in family for claim in mvp.claims(member_id)]
        assert used(answer, "family")["copay-maximum"] == pytest.approx(
            spent(claims, "2026")["copay-maximum"]
        )
        assert used(answer, "family") != used(answer, "individual")

    def test_approval_beforehand(self, cigna: Backend) -> None:
        items = submit(cigna, "U10010001").json()["insurance"][0]["item"]
        needed = {
            item["productOrService"]["text"]: item["authorizationRequired"]
            for item in items
            if "productOrService" in item
        }
        assert needed["MRI scan of the knee"] is True
        assert needed["Emergency room visit"] is False

    def test_a_service_that_is_asked_about(self, mvp: Backend) -> None:
        coding = {"system": "http://www.ama-assn.org/go/cpt", "code": "73721"}
        answer = submit(mvp, "M10010002", item=[{"productOrService": {"coding": [coding]}}]).json()
        get_fhir_model_class("CoverageEligibilityResponse").model_validate(answer)
        items = [i for i in answer["insurance"][0]["item"] if "productOrService" in i]
        shares = {
            item["network"]["coding"][0]["code"]: item["benefit"][0]["allowedUnsignedInt"]
            for item in items
        }
        assert shares == {"in": 20, "out": 40}

    def test_an_hmo_pays_nothing_outside_but_emergencies(self, mvp: Backend) -> None:
        codes = ("99214", "99284")
        asked = [{"productOrService": {"coding": [{"code": code}]}} for code in codes]
        items = submit(mvp, "M10010021", item=asked).json()["insurance"][0]["item"]
        outside = {
            item["productOrService"]["coding"][0]["code"]: item["excluded"]
            for item in items
            if "productOrService" in item and item["network"]["coding"][0]["code"] == "out"
        }
        assert outside == {"99214": True, "99284": False}

    @pytest.mark.parametrize(
        ("partner", "member_id", "day", "in_force"),
        [
            ("mvp", "M10010014", "2026-08-31", True),
            ("mvp", "M10010014", "2026-09-01", False),
            ("preferred-care", "P10010016", "2026-11-30", False),
            ("preferred-care", "P10010016", "2026-12-01", True),
            ("preferred-care", "P10010028", "2026-11-20", False),
        ],
    )
    def test_in_force_on_a_day(
        self,
        backends: dict[str, Backend],
        partner: str,
        member_id: str,
        day: str,
        in_force: bool,
    ) -> None:
        answer = submit(backends[partner], member_id, servicedDate=day).json()
        assert answer["insurance"][0]["inforce"] is in_force

    def test_somebody_elses_coverage_is_refused(self, mvp: Backend) -> None:
        other = mvp.found("Coverage", patient=mvp.patient("M10010002")["id"])[0]["id"]
        insurance = [{"coverage": {"reference": f"Coverage/{other}"}}]
        assert submit(mvp, "M10010005", insurance=insurance).status_code == 422

    def test_parameters_carry_the_request_too(self, cigna: Backend) -> None:
        patient = cigna.patient("U10010001")["id"]
        request = {
            "resourceType": "CoverageEligibilityRequest",
            "id": "r1",
            "patient": {"reference": f"Patient/{patient}"},
        }
        parameters = {
            "resourceType": "Parameters",
            "parameter": [{"name": "resource", "resource": request}],
        }
        url = f"{cigna.root}/fhir/CoverageEligibilityRequest/$submit"
        answer = cigna.http.post(url, json=parameters, headers=cigna.headers())
        assert answer.json()["request"]["reference"] == "CoverageEligibilityRequest/r1"


class TestCard:
    @pytest.mark.parametrize("partner", PARTNERS)
    def test_copays_and_limits(self, backends: dict[str, Backend], partner: str) -> None:
        backend = backends[partner]
        (coverage,) = backend.found("Coverage", patient=backend.patient(PLAIN[partner])["id"])
        assert any("C4DIC-Coverage" in profile for profile in coverage["meta"]["profile"])
        costs = {c["type"]["coding"][0]["code"] for c in coverage["costToBeneficiary"]}
        assert {"gpvisit", "spvisit", "IndInDed", "FamInDed", "IndInMax"} <= costs
        classes = {c["type"]["coding"][0]["code"] for c in coverage["class"]}
        assert {"group", "plan", "network", "rxbin", "rxpcn", "rxgroup"} <= classes


class TestFormulary:
    def test_by_drug_name_with_its_rules(self, cigna: Backend) -> None:
        bundle = cigna.get(
            "Basic",
            **{
                "code": "formulary-item",
                "formulary": "InsurancePlan/cigna-formulary",
                "subject:MedicationKnowledge.drug-name": "adalimumab",
                "_include": "Basic:subject",
            },
        ).json()
        kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
        assert kinds == ["Basic", "MedicationKnowledge"]
        extensions = {
            e["url"].rsplit("/", 1)[1]: e for e in bundle["entry"][0]["resource"]["extension"]
        }
        assert extensions["usdf-PriorAuthorization-extension"]["valueBoolean"] is True
        tier = extensions["usdf-DrugTierID-extension"]["valueCodeableConcept"]["coding"][0]
        assert tier["code"] == "specialty"

    def test_where_chains_are_missing_two_steps_do(self, preferred_care: Backend) -> None:
        drugs = preferred_care.get("MedicationKnowledge", **{"drug-name": "metformin"}).json()
        (drug,) = [entry["resource"] for entry in drugs["entry"]]
        found = preferred_care.get("Basic", subject=f"MedicationKnowledge/{drug['id']}").json()
        assert found["total"] == 1

    def test_companies_differ(self, backends: dict[str, Backend]) -> None:
        covered = {
            partner: backend.get("MedicationKnowledge", **{"drug-name": "tirzepatide"}).json()[
                "total"
            ]
            for partner, backend in backends.items()
        }
        assert covered == {"cigna": 1, "mvp": 0, "preferred-care": 0}

    @pytest.mark.parametrize("partner", PARTNERS)
    def test_a_plan_names_its_formulary_and_costs(
        self, backends: dict[str, Backend], partner: str
    ) -> None:
        backend = backends[partner]
        found = backend.get(
            "InsurancePlan", **{"formulary-coverage": f"InsurancePlan/{partner}-formulary"}
        ).json()
        assert found["total"] > 0
        plan = found["entry"][0]["resource"]["plan"][0]
        assert len(plan["specificCost"][0]["benefit"]) == 5


class TestRest:
    def ask(self, backend: Backend, path: str, body: Any, **headers: str) -> Any:
        url = f"{backend.root}/rest/{path}"
        return backend.http.post(url, json=body, headers=backend.headers() | headers)

    @pytest.mark.parametrize(
        "path",
        ["fsa", "wellness", "disease-management", "enrollments", "cases", "cases/search"],
    )
    def test_every_path_needs_a_token(self, mvp: Backend, path: str) -> None:
        url = f"{mvp.root}/rest/{path}"
        assert mvp.http.post(url, json={"member_id": "M10010038"}).status_code == 401

    def test_two_years_of_a_spending_account(self, mvp: Backend) -> None:
        accounts = self.ask(mvp, "fsa", {"member_id": "M10010038"}).json()["accounts"]
        assert [a["plan_year"]["start"][:4] for a in accounts] == ["2026", "2025"]
        this, last = accounts
        assert this["available"] == this["elected"] - this["spent"]
        assert (last["available"], last["forfeited"]) == (0, last["elected"] - last["spent"])

    def test_a_member_without_an_account(self, mvp: Backend) -> None:
        answer = self.ask(mvp, "fsa", {"member_id": "M10010002"})
        assert answer.json()["accounts"] == []

    def test_nobody_we_know(self, mvp: Backend) -> None:
        assert self.ask(mvp, "fsa", {"member_id": "M99999999"}).status_code == 404
        assert self.ask(mvp, "fsa", {}).status_code == 422

    def test_a_place_in_a_programme(self, cigna: Backend) -> None:
        member = {"member_id": "U10010039"}
        offered = self.ask(cigna, "disease-management", member).json()["programmes"]
        assert 1 <= len(offered) <= 2
        code = offered[0]["code"]
        assert offered[0]["enrollment"] == "none"
        asked = self.ask(cigna, "enrollments", {**member, "programme": code})
        assert (asked.status_code, asked.json()["state"]) == (201, "requested")
        again = self.ask(cigna, "disease-management", member).json()["programmes"]
        assert again[0]["enrollment"] == "requested"
        assert self.ask(cigna, "enrollments", {**member, "programme": "x"}).status_code == 422

    def test_a_case_is_opened_once(self, preferred_care: Backend) -> None:
        case = {
            "member_id": "P10010003",
            "kind": "complaint",
            "words": "You were rude.",
            "urgency": "urgent",
        }
        key = {"Idempotency-Key": "one"}
        first = self.ask(preferred_care, "cases", case, **key).json()
        second = self.ask(preferred_care, "cases", case, **key).json()
        assert first == second
        assert first["due"] == "2026-11-24"
        other = self.ask(preferred_care, "cases", case).json()
        assert other["reference"] != first["reference"]
        found = self.ask(preferred_care, "cases/search", {"member_id": "P10010003"}).json()
        assert [c["reference"] for c in found["cases"]] == [first["reference"], other["reference"]]

    def test_a_fraud_report_needs_no_member(self, mvp: Backend) -> None:
        report = {"kind": "fraud", "words": "I was billed for a visit I never had."}
        assert self.ask(mvp, "cases", report).status_code == 201
        assert self.ask(mvp, "cases", {"kind": "gossip", "words": "x"}).status_code == 422
