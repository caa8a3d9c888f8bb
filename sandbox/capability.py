"""`/metadata`: what a stand-in backend can do, told truthfully."""

from __future__ import annotations

from typing import Any

from sandbox.parameters import COMMON, OPEN_TYPES, PARAMETERS
from sandbox.profiles import Profile

_GUIDES = (
    "http://hl7.org/fhir/us/davinci-pdex-plan-net/ImplementationGuide/hl7.fhir.us.davinci-pdex-plan-net|1.1.0",
    "http://hl7.org/fhir/us/carin-bb/ImplementationGuide/hl7.fhir.us.carin-bb|2.0.0",
    "http://hl7.org/fhir/us/davinci-hrex/ImplementationGuide/hl7.fhir.us.davinci-hrex|1.0.0",
    "http://hl7.org/fhir/us/davinci-pdex/ImplementationGuide/hl7.fhir.us.davinci-pdex|2.0.0",
    "http://hl7.org/fhir/us/davinci-drug-formulary/ImplementationGuide/hl7.fhir.us.davinci-drug-formulary|2.0.1",
)
_OPERATIONS = {
    "Patient": (
        "member-match",
        "http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match",
    ),
    "CoverageEligibilityRequest": (
        "submit",
        "http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit",
    ),
}
# Servers that chain anything name what clients of a directory use most.
_COMMON_CHAINS = (
    "location.address-postalcode",
    "practitioner.family",
    "practitioner.name",
)
_AT_LOCATIONS = ("PractitionerRole", "HealthcareService", "OrganizationAffiliation")


def capability_statement(profile: Profile, base: str, token_url: str, day: str) -> dict[str, Any]:
    """The CapabilityStatement of one partner. `day` is when it was published (ISO date)."""
    auth = {
        "private_key_jwt": "SMART Backend Services: client_credentials with an ES384 assertion.",
        "client_secret": "OAuth2 client_credentials with a client secret.",
    }[profile.behaviour.auth]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": day,
        "publisher": f"{profile.name} (stand-in with invented data)",
        "kind": "instance",
        "implementation": {"description": f"{profile.name}, sandbox", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "implementationGuide": list(_GUIDES),
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [{"text": auth}],
                    "description": f"Token address: {token_url}. Directory and formulary are open.",
                },
                "resource": [
                    _resource(profile, name) for name in sorted(PARAMETERS) if profile.offers(name)
                ],
            }
        ],
    }


def _resource(profile: Profile, resource_type: str) -> dict[str, Any]:
    behaviour = profile.behaviour
    searches = [
        {"name": name, "type": parameter.kind}
        for name, parameter in {**COMMON, **PARAMETERS[resource_type]}.items()
        if parameter.kind != "special" or behaviour.near
    ]
    if resource_type in _AT_LOCATIONS:
        chains = behaviour.chains if behaviour.chains is not None else _COMMON_CHAINS
        searches += [
            {"name": name, "type": "string"}
            for name in sorted(chains)
            if name.split(".")[0] in PARAMETERS[resource_type]
        ]
    if resource_type == "PractitionerRole" and behaviour.near:
        searches.append({"name": "location.near", "type": "special"})
    entry: dict[str, Any] = {
        "type": resource_type,
        "documentation": "No token needed." if resource_type in OPEN_TYPES else "Needs a token.",
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": searches,
    }
    if behaviour.include:
        entry["searchInclude"] = [
            f"{resource_type}:{name}"
            for name, parameter in PARAMETERS[resource_type].items()
            if parameter.kind == "reference"
        ]
    if resource_type in _OPERATIONS:
        name, definition = _OPERATIONS[resource_type]
        entry["operation"] = [{"name": name, "definition": definition}]
    return entry
