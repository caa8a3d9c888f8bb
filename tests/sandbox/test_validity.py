"""Everything that the stand-ins emit is valid FHIR R4 by fhir.resources (R4B models)."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from sandbox.parameters import PARAMETERS
from sandbox.profiles import load_profile
from tests.sandbox.conftest import PARTNERS, Backend

PER_TYPE = 40
_GUIDES = ("davinci-pdex-plan-net", "carin-bb", "davinci-pdex", "davinci-drug-formulary")


def _sample(backend: Backend, kind: str) -> list[dict[str, Any]]:
    bundle = backend.post_search(kind, _count=str(PER_TYPE)).json()
    get_fhir_model_class("Bundle").model_validate(bundle)
    return [entry["resource"] for entry in bundle.get("entry", ())]


OFFERED = [
    (partner, kind)
    for partner in PARTNERS
    for kind in sorted(PARAMETERS)
    if kind != "ServiceRequest" or load_profile(partner).behaviour.referrals
]


@pytest.mark.parametrize(("partner", "kind"), OFFERED)
def test_resources(backends: dict[str, Backend], partner: str, kind: str) -> None:
    for resource in _sample(backends[partner], kind):
        get_fhir_model_class(kind).model_validate(resource)


@pytest.mark.parametrize("partner", PARTNERS)
@pytest.mark.parametrize(
    "kind",
    [
        *("Patient", "Coverage", "ExplanationOfBenefit", "Practitioner", "PractitionerRole"),
        *("Location", "Organization", "HealthcareService", "OrganizationAffiliation"),
        "InsurancePlan",
    ],
)
def test_profiles(backends: dict[str, Backend], partner: str, kind: str) -> None:
    found = _sample(backends[partner], kind)
    assert found
    for resource in found:
        profiles = resource["meta"]["profile"]
        assert any(guide in profile for profile in profiles for guide in _GUIDES)


@pytest.mark.parametrize("partner", PARTNERS)
def test_other_answers(backends: dict[str, Backend], partner: str) -> None:
    backend = backends[partner]
    metadata = backend.get("metadata").json()
    get_fhir_model_class("CapabilityStatement").model_validate(metadata)
    get_fhir_model_class("OperationOutcome").model_validate(backend.get("Patient").json())


@pytest.mark.parametrize("partner", PARTNERS)
def test_each_kind_of_claim_carries_what_its_profile_wants(
    backends: dict[str, Backend], partner: str
) -> None:
    seen = set()
    for claim in backends[partner].found("ExplanationOfBenefit", use="claim", _count="200"):
        kind = claim["meta"]["profile"][0].rsplit("/C4BB-ExplanationOfBenefit-", 1)[1]
        seen.add(kind)
        information = {
            code["code"] for i in claim["supportingInfo"] for code in i["category"]["coding"]
        }
        assert "clmrecvddate" in information
        assert ("subType" in claim) == kind.endswith("Institutional")
        assert ("admissionperiod" in information) == kind.startswith("Inpatient")
        assert ("dayssupply" in information) == (kind == "Pharmacy")
    assert {"Professional-NonClinician", "Outpatient-Institutional", "Pharmacy"} <= seen
