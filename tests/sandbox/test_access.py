"""Who may read what: tokens for member data, none for the directory."""

from __future__ import annotations

import time

import pytest

from tests.sandbox.conftest import PARTNERS, Backend

MEMBER_TYPES = (
    "Patient",
    "Coverage",
    "ExplanationOfBenefit",
    "Claim",
    "ClaimResponse",
    "RelatedPerson",
    "Consent",
)
OPEN_PATHS = (
    "metadata",
    "Practitioner",
    "PractitionerRole",
    "Location",
    "Organization",
    "HealthcareService",
    "OrganizationAffiliation",
    "InsurancePlan",
    "Endpoint",
)


class TestMemberData:
    def test_referrals_need_a_token_too(self, mvp: Backend) -> None:
        assert mvp.get("ServiceRequest").status_code == 401

    @pytest.mark.parametrize("resource", MEMBER_TYPES)
    def test_without_a_token_nothing_is_said(self, cigna: Backend, resource: str) -> None:
        for response in (
            cigna.get(resource),
            cigna.get(f"{resource}/anything"),
            cigna.http.post(f"{cigna.root}/fhir/{resource}/_search"),
        ):
            assert response.status_code == 401
            assert response.json()["resourceType"] == "OperationOutcome"
            assert response.json()["issue"][0]["code"] == "login"

    def test_match_needs_a_token(self, mvp: Backend) -> None:
        url = f"{mvp.root}/fhir/Patient/$member-match"
        assert mvp.http.post(url, json={"resourceType": "Parameters"}).status_code == 401

    def test_a_made_up_token_is_refused(self, mvp: Backend) -> None:
        headers = {"Authorization": "Bearer made-up"}
        url = f"{mvp.root}/fhir/Patient"
        assert mvp.http.get(url, headers=headers).status_code == 401

    @pytest.mark.parametrize("partner", PARTNERS)
    def test_a_token_opens_it(self, backends: dict[str, Backend], partner: str) -> None:
        backend = backends[partner]
        granted = backend.token_request().json()
        assert granted["expires_in"] == 300
        assert backend.post_search("Patient", _count="1").status_code == 200

    @pytest.mark.parametrize("path", OPEN_PATHS)
    def test_the_directory_is_open(self, backends: dict[str, Backend], path: str) -> None:
        for backend in backends.values():
            assert backend.get(path).status_code == 200


class TestTokenRequests:
    def test_a_wrong_secret(self, mvp: Backend) -> None:
        response = mvp.token_request(client_secret="wrong")
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client")

    def test_a_secret_does_not_replace_the_signature(self, cigna: Backend) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": "memberline",
            "client_secret": "mvp-test",
        }
        assert cigna.http.post(f"{cigna.root}/oauth/token", data=form).status_code == 401

    def test_another_grant(self, mvp: Backend) -> None:
        response = mvp.token_request(grant_type="password")
        assert response.json()["error"] == "unsupported_grant_type"

    @pytest.mark.parametrize(
        "changes",
        [
            {"aud": "https://elsewhere.example.org/token"},
            {"iss": "somebody"},
            {"exp": int(time.time()) - 600},
            {"exp": int(time.time()) + 3600},
            {"jti": ""},
        ],
    )
    def test_a_wrong_assertion(self, cigna: Backend, changes: dict[str, object]) -> None:
        response = cigna.token_request(client_assertion=cigna.assertion(**changes))
        assert (response.status_code, response.json()["error"]) == (401, "invalid_client")

    def test_an_assertion_works_once(self, cigna: Backend) -> None:
        assertion = cigna.assertion()
        assert cigna.token_request(client_assertion=assertion).status_code == 200
        assert cigna.token_request(client_assertion=assertion).status_code == 401

    def test_a_forged_signature(self, cigna: Backend) -> None:
        head, body, signature = cigna.assertion().split(".")
        forged = f"{head}.{body}.{signature[:-6]}AAAAAA"
        assert cigna.token_request(client_assertion=forged).status_code == 401


def test_no_bridge_no_portal(mvp: Backend) -> None:
    """The pages that hold the chat are there only where it is told where the chat comes from."""
    for path in ("/portal", "/portal/ticket", "/portal/sign-in"):
        assert mvp.http.get(f"{mvp.root}{path}").status_code == 404
