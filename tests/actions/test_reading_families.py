"""Consents and authorizations as partners' files have them, odd and missing parts included."""

from __future__ import annotations

from typing import Any

import pytest

from actions.partners.authorizations import authorization
from actions.partners.family import beneficiaries, dependant
from actions.partners.sensitivity import is_sensitive, kinds_of_care
from alliance.disclosure import Permission
from alliance.verified import Membership

Json = dict[str, Any]
FRANK = Membership("mvp", "frank")


def concept(*codes: str) -> Json:
    return {"coding": [{"code": code} for code in codes]}


def consent(provision: Json | None, **more: Any) -> Json:
    return {
        "patient": {"reference": "Patient/fiona"},
        "status": "active",
        "scope": concept("patient-privacy"),
        **({} if provision is None else {"provision": provision}),
        **more,
    }


def actor(reference: str) -> Json:
    return {"reference": {"reference": reference}}


DENY = {"type": "deny", "actor": [actor("Patient/frank")]}


@pytest.mark.parametrize(
    ("resource", "permissions"),
    [
        (consent(DENY), [Permission("deny", "frank")]),
        (consent({"type": "deny"}), [Permission("deny", None)]),
        # Not readable: it may be a denial.
        (consent(None), [Permission("deny", None)]),
        (consent({}), [Permission("deny", None)]),
        # Another person's, ended, or about something else.
        (consent(DENY, patient={"reference": "Patient/faye"}), []),
        (consent(DENY, status="inactive"), []),
        (consent(DENY, scope=concept("research")), []),
        # A permission whose end nobody can read opens nothing.
        (consent({**DENY, "type": "permit", "period": {"end": "soon"}}), []),
        # An exception takes away.
        (
            consent({"type": "permit", "actor": [actor("Patient/frank")], "provision": [DENY]}),
            [Permission("permit", "frank"), Permission("deny", "frank")],
        ),
        (
            consent({"type": "permit", "provision": [{"type": "permit"}]}),
            [Permission("permit", None)],
        ),
    ],
)
def test_consents(resource: Json, permissions: list[Permission]) -> None:
    person = dependant({"id": "fiona"}, "spouse", [resource], "mvp")
    assert person.permissions == tuple(permissions)


def test_a_partner_that_tells_no_consents() -> None:
    assert dependant({"id": "fiona"}, "spouse", None, "mvp").permissions is None


def test_who_is_covered_through_whom() -> None:
    def covers(beneficiary: str, subscriber: str, relationship: str, **more: Any) -> Json:
        return {
            "beneficiary": {"reference": f"Patient/{beneficiary}"},
            "subscriber": {"reference": f"Patient/{subscriber}"},
            "relationship": concept(relationship),
            **more,
        }

    assert beneficiaries(
        [
            covers("frank", "frank", "self"),
            covers("fiona", "frank", "spouse"),
            covers("faye", "frank", "child"),
            covers("ward", "frank", "injured"),
            # A server that ignores the search parameter.
            covers("stuart", "stella", "child"),
            covers("wrong", "frank", "child", status="entered-in-error"),
        ],
        FRANK,
    ) == {"fiona": "spouse", "faye": "child", "ward": "other"}


@pytest.mark.parametrize(
    ("resource", "sensitive", "kinds"),
    [
        ({}, False, set()),
        ({"meta": {"security": [{"code": "N"}]}}, False, set()),
        ({"meta": {"security": [{"code": "R"}]}}, True, set()),
        ({"meta": {"security": [{"code": "ETH"}]}}, True, {"substance_use"}),
        ({"meta": {"security": [{"code": "NEWCODE"}]}}, True, set()),
        *(
            (
                {"diagnosis": [{"diagnosisCodeableConcept": concept(code)}]},
                False,
                {kind} if kind else set(),
            )
            for code, kind in (
                ("F41.1", "behavioral"),
                ("F10.20", "substance_use"),
                ("f1910", "substance_use"),
                ("F17.210", None),
                ("Z30.09", "reproductive"),
                ("O80", "reproductive"),
                ("B20", "sexual_health"),
                ("A54.00", "sexual_health"),
                ("T74.21XA", "assault"),
                ("J02.9", None),
                ("Z00.00", None),
            )
        ),
    ],
)
def test_kinds_of_care(resource: Json, sensitive: bool, kinds: set[str]) -> None:
    assert is_sensitive(resource) is sensitive
    assert kinds_of_care(resource) == kinds


def review(code: str, base: str = "http://hl7.org/fhir/us/davinci-pdex") -> Json:
    return {
        "extension": [
            {
                "url": f"{base}/StructureDefinition/extension-reviewAction",
                "extension": [
                    {"url": "number", "valueString": "PA-1"},
                    {
                        "url": f"{base}/StructureDefinition/extension-reviewActionCode",
                        "valueCodeableConcept": concept(code),
                    },
                ],
            }
        ]
    }


@pytest.mark.parametrize("outcome", ["queued", "complete", "partial", "error"])
@pytest.mark.parametrize(
    ("actions", "decision"),
    [
        (["A1"], "approved"),
        (["A2"], "partly_approved"),
        (["A6"], "partly_approved"),
        (["A3"], "denied"),
        (["A4"], "pending"),
        (["C"], "cancelled"),
        (["A1", "A3"], "partly_approved"),
        (["A1", "A4"], "unknown"),
        (["ZZ"], "unknown"),
        ([], "unknown"),
    ],
)
def test_the_review_action_decides_and_never_the_outcome(
    outcome: str, actions: list[str], decision: str
) -> None:
    bases = ["http://hl7.org/fhir/us/davinci-pdex", "http://hl7.org/fhir/us/davinci-pas"]
    resource = {
        "id": "1",
        "use": "preauthorization",
        "outcome": outcome,
        "patient": {"reference": "Patient/frank"},
        "item": [
            {"adjudication": [review(code, bases[number % 2])]}
            for number, code in enumerate(actions)
        ],
    }
    found = authorization(resource, FRANK)
    assert found is not None
    assert found.decision == decision


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "claim"},
        {"patient": {"reference": "Patient/faye"}},
        {"status": "entered-in-error"},
    ],
)
def test_what_is_no_authorization_of_this_member(changes: Json) -> None:
    resource = {"use": "preauthorization", "patient": {"reference": "Patient/frank"}, **changes}
    assert authorization(resource, FRANK) is None
