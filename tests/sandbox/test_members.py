"""The invented members: every situation that `docs/sample-members.md` promises."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.population.calendar import Anchor
from sandbox.population.handbook import handbook
from sandbox.population.samples import samples
from sandbox.population.scale import SMALL_MEMBERS
from tests.sandbox.conftest import PARTNERS, ROOT, TODAY, Backend

DAYS = (
    date(2026, 11, 23),
    date(2027, 1, 15),
    date(2027, 3, 1),
    date(2028, 2, 29),
    date(2026, 10, 2),
    date(2026, 5, 31),
)
PLAIN = {"cigna": "U10010001", "mvp": "M10010002", "preferred-care": "P10010003"}


def totals(claim: dict[str, Any]) -> dict[str, float]:
    return {t["category"]["coding"][0]["code"]: t["amount"]["value"] for t in claim["total"]}


def groups(coverage: dict[str, Any]) -> list[str]:
    return [c["value"] for c in coverage["class"] if c["type"]["coding"][0]["code"] == "group"]


def configured(partner: str) -> dict[str, Any]:
    text = (ROOT / "alliance" / "data" / "partners.yml").read_text("utf-8")
    entry: dict[str, Any] = yaml.safe_load(text)["partners"][partner]
    return entry


def match(backend: Backend, given: str, family: str, born: str) -> Any:
    parameters = {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "MemberPatient",
                "resource": {
                    "resourceType": "Patient",
                    "name": [{"family": family, "given": [given]}],
                    "birthDate": born,
                },
            },
            {"name": "CoverageToMatch", "resource": {"resourceType": "Coverage"}},
        ],
    }
    url = f"{backend.root}/fhir/Patient/$member-match"
    return backend.http.post(url, json=parameters, headers=backend.headers())


class TestPlainMembers:
    @pytest.mark.parametrize("partner", PARTNERS)
    def test_the_march_claim_is_paid(self, backends: dict[str, Backend], partner: str) -> None:
        backend = backends[partner]
        (claim,) = backend.claims(PLAIN[partner], "ge2026-03-01", "le2026-03-31")
        amounts = totals(claim)
        assert claim["payment"]["type"]["coding"][0]["code"] == "paid"
        assert claim["payment"]["amount"]["value"] == amounts["paidtoprovider"] > 0
        assert amounts["eligible"] == amounts["paidtoprovider"] + amounts["memberliability"]
        assert amounts["submitted"] == amounts["eligible"] + amounts["discount"]
        # What is owed is never billed minus paid: the discount is nobody's.
        assert amounts["memberliability"] < amounts["submitted"] - amounts["paidtoprovider"]
        assert claim["item"][0]["productOrService"]["text"]
        assert claim["identifier"][0]["value"].startswith("CLM-2026-")
        received = claim["supportingInfo"][0]
        assert received["category"]["coding"][0]["code"] == "clmrecvddate"
        assert claim["billablePeriod"]["start"] <= received["timingDate"] <= TODAY.isoformat()

    @pytest.mark.parametrize("partner", PARTNERS)
    def test_the_coverage_is_the_alliances(
        self, backends: dict[str, Backend], partner: str
    ) -> None:
        backend, entry = backends[partner], configured(partner)
        (coverage,) = backend.found("Coverage", patient=backend.patient(PLAIN[partner])["id"])
        assert set(groups(coverage)) <= set(entry["alliance_groups"])
        assert "2007-07-01" <= coverage["period"]["start"] <= "2026-03-01"
        assert coverage["status"] == "active"
        assert coverage["payor"][0]["display"] == entry["name"]
        networks = {item["value"] for item in coverage["class"]}
        assert {network["id"] for network in entry["networks"].values()} <= networks

    @pytest.mark.parametrize("partner", PARTNERS)
    def test_claims_lie_in_many_months(self, backends: dict[str, Backend], partner: str) -> None:
        claims = backends[partner].claims(PLAIN[partner])
        assert len({claim["billablePeriod"]["start"][:7] for claim in claims}) >= 12

    @pytest.mark.parametrize("partner", PARTNERS)
    def test_every_member_id_has_the_configured_form(self, partner: str) -> None:
        patterns = configured(partner)["member_id"]["patterns"]
        for sample in samples(Anchor(TODAY)):
            if sample.member.partner == partner:
                assert any(re.fullmatch(p, sample.member.member_id) for p in patterns)


class TestClaims:
    @pytest.mark.parametrize(
        ("partner", "member_id", "code"),
        [
            ("cigna", "U10010004", "197"),
            ("mvp", "M10010005", "16"),
            ("preferred-care", "P10010006", "22"),
        ],
    )
    def test_denied(
        self, backends: dict[str, Backend], partner: str, member_id: str, code: str
    ) -> None:
        (claim,) = backends[partner].claims(member_id, "2026-03")
        reasons = [
            entry["reason"]["coding"][0]["code"]
            for entry in claim["adjudication"]
            if entry["category"]["coding"][0]["code"] == "adjustmentreason"
        ]
        assert reasons == [code]
        assert claim["payment"]["type"]["coding"][0]["code"] == "denied"
        assert totals(claim)["paidtoprovider"] == 0
        assert totals(claim)["memberliability"] == totals(claim)["noncovered"] > 0

    def test_denied_and_nothing_owed(self, mvp: Backend) -> None:
        (claim,) = mvp.claims("M10010035", "2026-03")
        assert totals(claim)["memberliability"] == 0
        assert totals(claim)["submitted"] == totals(claim)["noncovered"]

    def test_partly_paid_has_two_lines(self, mvp: Backend) -> None:
        (claim,) = mvp.claims("M10010029", "2026-03")
        assert claim["payment"]["type"]["coding"][0]["code"] == "partiallypaid"
        assert len(claim["item"]) == 2
        lines = [
            {a["category"]["coding"][0]["code"]: a["amount"]["value"] for a in i["adjudication"]}
            for i in claim["item"]
        ]
        for name, value in totals(claim).items():
            assert value == pytest.approx(sum(line[name] for line in lines))

    def test_adjusted_claims_point_at_each_other(self, preferred_care: Backend) -> None:
        claims = preferred_care.claims("P10010031", "2026-03")
        by_status = {claim["status"]: claim for claim in claims}
        old, new = by_status["cancelled"], by_status["active"]
        assert new["related"][0]["reference"]["value"] == old["identifier"][0]["value"]
        assert old["related"][0]["reference"]["value"] == new["identifier"][0]["value"]

    def test_open_claims_are_no_explanations_of_benefit(self, mvp: Backend) -> None:
        patient = mvp.patient("M10010033")["id"]
        responses = mvp.found("ClaimResponse", patient=patient)
        codes = {r["adjudication"][0]["reason"]["coding"][0]["code"] for r in responses}
        assert codes == {"A2", "P1"}
        numbers = {r["identifier"][0]["value"] for r in responses}
        explained = mvp.found("ExplanationOfBenefit", patient=patient)
        assert not numbers & {e["identifier"][0]["value"] for e in explained}
        claims = mvp.found("Claim", patient=patient)
        assert {c["identifier"][0]["value"] for c in claims} == numbers

    def test_information_requested(self, cigna: Backend) -> None:
        patient = cigna.patient("U10010030")["id"]
        (response,) = cigna.found("ClaimResponse", patient=patient)
        assert response["adjudication"][0]["reason"]["coding"][0]["code"] == "P3"
        assert response["processNote"]

    def test_prior_authorizations_carry_a_review_action(self, cigna: Backend) -> None:
        patient = cigna.patient("U10010040")["id"]
        found = cigna.found("ExplanationOfBenefit", patient=patient, use="preauthorization")
        actions = {}
        for item in found:
            extension = item["item"][0]["adjudication"][0]["extension"][0]
            code = extension["extension"][1]["valueCodeableConcept"]["coding"][0]["code"]
            actions[item["identifier"][0]["value"]] = (code, item["outcome"])
        assert actions == {
            "PA-40001": ("A1", "queued"),
            "PA-40002": ("A3", "complete"),
            "PA-40003": ("A4", "complete"),
        }

    def test_no_claim_number_serves_twice(self, backends: dict[str, Backend]) -> None:
        for backend in backends.values():
            numbers = [
                claim["identifier"][0]["value"]
                for kind in ("ExplanationOfBenefit", "Claim")
                for claim in backend.found(kind, use="claim", _count="200")
            ]
            assert len(numbers) == len(set(numbers)) > 300


class TestSituations:
    @pytest.mark.parametrize(
        ("old", "old_id", "new_id", "given", "family", "born"),
        [
            ("mvp", "M10010007", "U10010007", "Jordan", "Movewell", "1992-04-11"),
            ("preferred-care", "P10010008", "U10010008", "Casey", "Relocato", "1983-09-19"),
        ],
    )
    def test_moved(
        self,
        backends: dict[str, Backend],
        old: str,
        old_id: str,
        new_id: str,
        given: str,
        family: str,
        born: str,
    ) -> None:
        before, after = backends[old], backends["cigna"]
        (left,) = before.found("Coverage", patient=before.patient(old_id)["id"])
        (joined,) = after.found("Coverage", patient=after.patient(new_id)["id"])
        assert (left["period"]["end"], joined["period"]["start"]) == ("2026-09-30", "2026-10-01")
        assert len(before.claims(old_id, "2026-03")) == 1
        assert after.claims(new_id, "ge2026-10-01")
        assert after.claims(new_id, "lt2026-10-01") == []
        zips = {a["postalCode"] for a in before.patient(old_id)["address"]}
        assert len(zips) == 2
        for backend, member_id in ((before, old_id), (after, new_id)):
            found = match(backend, given, family, born)
            assert found.status_code == 200
            parts = {p["name"]: p for p in found.json()["parameter"]}
            assert parts["MemberIdentifier"]["valueIdentifier"]["value"] == member_id

    def test_no_unique_match(self, mvp: Backend) -> None:
        refused = match(mvp, "Chris", "Sameday", "1980-08-08")
        assert refused.status_code == 422
        assert refused.json()["resourceType"] == "OperationOutcome"

    def test_no_match(self, mvp: Backend) -> None:
        assert match(mvp, "Ada", "Twinning", "2001-06-06").status_code == 422

    def test_twins_are_told_apart_by_first_name(self, preferred_care: Backend) -> None:
        found = match(preferred_care, "Ada", "Twinning", "2001-06-06").json()
        assert found["parameter"][0]["valueIdentifier"]["value"] == "P10010017"

    def test_a_shared_old_id_names_two_people(self, backends: dict[str, Backend]) -> None:
        names = {
            backends[partner].patient("900555101")["name"][0]["given"][0]
            for partner in ("mvp", "preferred-care")
        }
        assert names == {"Lena", "Leo"}

    @pytest.mark.parametrize(
        ("partner", "member_id"),
        [("cigna", "U10010011"), ("mvp", "M10010012"), ("preferred-care", "P10010013")],
    )
    def test_outside_the_alliance(
        self, backends: dict[str, Backend], partner: str, member_id: str
    ) -> None:
        backend = backends[partner]
        (coverage,) = backend.found("Coverage", patient=backend.patient(member_id)["id"])
        assert not set(groups(coverage)) & set(configured(partner)["alliance_groups"])

    def test_dental_elsewhere(self, backends: dict[str, Backend]) -> None:
        lines = {}
        for partner, member_id in (("mvp", "M10010009"), ("cigna", "U10010009")):
            backend = backends[partner]
            (coverage,) = backend.found("Coverage", patient=backend.patient(member_id)["id"])
            lines[partner] = coverage["type"]["coding"][0]["code"]
        assert lines == {"mvp": "POS", "cigna": "DENTPRG"}

    def test_a_family_hangs_on_its_subscriber(self, mvp: Backend) -> None:
        subscriber = mvp.patient("M10010023")["id"]
        family = mvp.found("Coverage", subscriber=f"Patient/{subscriber}")
        relations = sorted(c["relationship"]["coding"][0]["code"] for c in family)
        assert relations == ["child", "child", "self", "spouse"]

    def test_a_confidential_request_is_on_file(self, mvp: Backend) -> None:
        wife, husband = mvp.patient("M10010024")["id"], mvp.patient("M10010023")["id"]
        (consent,) = mvp.found("Consent", patient=wife)
        assert consent["provision"]["type"] == "deny"
        actor = consent["provision"]["actor"][0]["reference"]["reference"]
        assert actor == f"Patient/{husband}"

    def test_a_minors_own_care_is_labelled(self, mvp: Backend) -> None:
        claims = mvp.claims("M10010025")
        labelled = [c for c in claims if c["meta"].get("security")]
        assert len(labelled) == 2
        assert len(claims) > 5

    def test_a_representative_is_on_file(self, mvp: Backend) -> None:
        patient = mvp.patient("M10010037")["id"]
        (person,) = mvp.found("RelatedPerson", patient=patient)
        (consent,) = mvp.found("Consent", patient=patient)
        assert consent["provision"]["type"] == "permit"
        assert consent["provision"]["actor"][0]["reference"]["reference"].endswith(person["id"])

    @pytest.mark.parametrize(
        ("partner", "member_id", "start", "end", "status"),
        [
            ("mvp", "M10010014", "2023-01-01", "2026-08-31", "active"),
            ("cigna", "U10010015", "2023-01-01", "2026-02-28", "active"),
            ("preferred-care", "P10010016", "2026-12-01", None, "active"),
            ("preferred-care", "P10010028", "2026-11-03", None, "draft"),
        ],
    )
    def test_periods(
        self,
        backends: dict[str, Backend],
        partner: str,
        member_id: str,
        start: str,
        end: str | None,
        status: str,
    ) -> None:
        backend = backends[partner]
        (coverage,) = backend.found("Coverage", patient=backend.patient(member_id)["id"])
        assert coverage["period"]["start"] == start
        assert coverage["period"].get("end") == end
        assert coverage["status"] == status

    def test_an_end_backwards_takes_payments_back(self, cigna: Backend) -> None:
        (claim,) = cigna.claims("U10010015", "2026-03")
        assert claim["status"] == "cancelled"


class TestEveryDay:
    @pytest.mark.parametrize("day", DAYS)
    def test_the_documentation_holds(self, day: date) -> None:
        page = Path(ROOT / "docs" / "sample-members.md").read_text("utf-8")
        assert page == handbook(day, SMALL_MEMBERS)

    @pytest.mark.parametrize("day", DAYS)
    def test_nothing_lies_in_the_future_or_outside_a_coverage(self, day: date) -> None:
        found = samples(Anchor(day))
        assert len(found) >= 36
        for sample in found:
            for claim in sample.member.claims:
                assert claim.served <= claim.received <= (claim.decided or day) <= day
                if claim.state != "reversed":
                    assert claim.cover.covers(claim.served), (sample.situation, claim.served)
                assert claim.paid >= 0
                assert claim.liability >= 0

    @pytest.mark.parametrize("day", DAYS)
    def test_deductibles_are_never_overpaid(self, day: date) -> None:
        for sample in samples(Anchor(day)):
            spent: dict[tuple[str, int], int] = {}
            for claim in sample.member.claims:
                if claim.state not in ("pending", "received", "information_requested"):
                    key = (claim.cover.plan.id, claim.served.year)
                    spent[key] = spent.get(key, 0) + claim.deductible
                    assert spent[key] <= claim.cover.plan.deductible

    def test_the_same_every_time(self) -> None:
        assert samples(Anchor(TODAY)) == samples(Anchor(TODAY))

    def test_the_invented_look_invented(self) -> None:
        for sample in samples(Anchor(TODAY)):
            assert "555" in sample.member.phone
            assert not sample.member.email or sample.member.email.endswith("@example.org")
