"""Files of somebody else's make, small: odd ids, foreign systems, another patient's Coverage."""

from __future__ import annotations

from typing import Any

SYSTEM = "https://foreign.example.org/member-number"
_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"
_CLASSES = "http://terminology.hl7.org/CodeSystem/coverage-class"

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "Odd.Id-77",
    "meta": {"profile": ["http://example.org/StructureDefinition/Patient|9.9"]},
    "identifier": [
        {
            "type": {"coding": [{"system": _TYPES, "code": "MB"}]},
            "system": SYSTEM,
            "value": "ab-0042",
        },
        {"type": {"coding": [{"system": _TYPES, "code": "SS"}]}, "value": "000-00-0000"},
    ],
    "name": [{"family": "Fremdling", "given": ["Otto"]}],
    "birthDate": "1950-06",
    "address": [{"postalCode": "12519"}],
}
OTHER: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "somebody-else",
    "name": [{"family": "Fremdling", "given": ["Else"]}],
    "birthDate": "1952-01-01",
}
# The claim is Otto's and cites the Coverage of Else.
COVERAGE: dict[str, Any] = {
    "resourceType": "Coverage",
    "id": "cov1",
    "status": "active",
    "beneficiary": {"reference": "Patient/somebody-else"},
    "payor": [{"display": "A foreign plan"}],
    "class": [
        {"type": {"coding": [{"system": _CLASSES, "code": "group"}]}, "value": "FOREIGN-9"},
    ],
}
CLAIM: dict[str, Any] = {
    "resourceType": "ExplanationOfBenefit",
    "id": "eob1",
    "identifier": [{"system": "https://foreign.example.org/eob", "value": "AW1234"}],
    "status": "active",
    "type": {"coding": [{"code": "professional"}]},
    "use": "claim",
    "patient": {"reference": "http://old.example.org/fhir/Patient/Odd.Id-77"},
    "billablePeriod": {"start": "2019-03"},
    "created": "2019-04-02T00:00:00+00:00",
    "insurer": {"display": "A foreign plan"},
    "provider": {"display": "Somebody"},
    "outcome": "partial",
    "insurance": [{"focal": True, "coverage": {"reference": "Coverage/cov1"}}],
    "total": [
        {
            "category": {"coding": [{"code": "submitted"}]},
            "amount": {"value": 2650, "currency": "USD"},
        }
    ],
}
BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "transaction",
    "entry": [
        {
            "fullUrl": "urn:uuid:11111111-2222-3333-4444-555555555555",
            "resource": {
                "resourceType": "Patient",
                "name": [{"family": "Bundled", "given": ["Ulla"]}],
                "birthDate": "1970-01-01",
            },
        },
        {
            "fullUrl": "urn:uuid:66666666-7777-8888-9999-000000000000",
            "resource": {
                "resourceType": "ExplanationOfBenefit",
                "use": "claim",
                "status": "active",
                "patient": {"reference": "urn:uuid:11111111-2222-3333-4444-555555555555"},
            },
        },
    ],
}
