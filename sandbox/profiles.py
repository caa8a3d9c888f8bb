"""The partners that the sandbox stands in for, and how their backends differ.

Names, member-ID systems, groups and networks are read from `alliance/data/partners.yml`, so that
the data carries exactly what the configuration expects. What a backend can do is kept here,
because the assistant must learn it from `/metadata`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from sandbox.errors import SandboxError

PARTNERS_FILE = Path(__file__).parent.parent / "alliance" / "data" / "partners.yml"

Unknown = Literal["warn", "refuse", "ignore"]


@dataclass(frozen=True)
class Behaviour:
    """What a backend's FHIR server can do.

    `near`: geographic search on Location and through PractitionerRole. `include`: `_include`.
    `chains`: chained parameters it accepts, None for any. `page`, `page_limit`: entries a page,
    by default and at most. `unknown`: what happens to a parameter that it does not know: a
    warning in the Bundle, a refusal, or nothing but its absence from the self link.
    `sparse`: optional directory fields are left empty. `x12`: eligibility and claims are answered
    in X12 and not in FHIR. `referrals`: they are on file and shown.
    """

    auth: Literal["private_key_jwt", "client_secret"]
    credential_variable: str | None
    near: bool
    include: bool
    chains: frozenset[str] | None
    page: int
    page_limit: int
    unknown: Unknown
    sparse: bool
    x12: bool = False
    referrals: bool = False


BEHAVIOUR = {
    "cigna": Behaviour(
        auth="private_key_jwt",
        credential_variable=None,
        near=True,
        include=True,
        chains=None,
        page=50,
        page_limit=200,
        unknown="warn",
        sparse=False,
    ),
    "mvp": Behaviour(
        auth="client_secret",
        credential_variable="MVP_CLIENT_SECRET",
        near=False,
        include=True,
        chains=None,
        page=25,
        page_limit=100,
        unknown="refuse",
        sparse=False,
        referrals=True,
    ),
    "preferred-care": Behaviour(
        auth="client_secret",
        credential_variable="PREFERRED_CARE_CLIENT_SECRET",
        near=False,
        include=False,
        chains=frozenset({"location.address-postalcode"}),
        page=10,
        page_limit=20,
        unknown="ignore",
        sparse=True,
        x12=True,
    ),
}


# What a back office that answers in X12 keeps out of FHIR.
X12_INSTEAD = frozenset(
    {
        "Claim",
        "ClaimResponse",
        "Coverage",
        "CoverageEligibilityRequest",
        "CoverageEligibilityResponse",
        "ExplanationOfBenefit",
    }
)


@dataclass(frozen=True)
class Profile:
    """One partner as the sandbox plays it. `network` is a reference such as Organization/x."""

    key: str
    name: str
    member_system: str
    groups: tuple[str, ...]
    network: str
    network_name: str
    zone: str
    phone: str
    payer_id: str
    counties: dict[str, Any]
    behaviour: Behaviour

    def offers(self, resource_type: str) -> bool:
        """Whether the FHIR server has this type."""
        if resource_type == "ServiceRequest":
            return self.behaviour.referrals
        return not (self.behaviour.x12 and resource_type in X12_INSTEAD)

    @property
    def base(self) -> str:
        """The root of the partner's own identifier systems."""
        return self.member_system.rsplit("/", 1)[0]


def load_profile(key: str) -> Profile:
    """Read one partner. Raises SandboxError naming the partners that exist."""
    if key not in BEHAVIOUR:
        raise SandboxError(f"There is no partner '{key}': use one of {', '.join(BEHAVIOUR)}.")
    entry = yaml.safe_load(PARTNERS_FILE.read_text("utf-8"))["partners"][key]
    network = next(iter(entry["networks"].values()))
    return Profile(
        key=key,
        name=entry["name"],
        member_system=entry["member_id"]["system"],
        groups=tuple(entry["alliance_groups"]),
        network=network["id"],
        network_name=network["name"],
        zone=entry["phone"]["hours"]["zone"],
        phone=entry["phone"]["member_services"],
        payer_id=str(entry["backend"].get("x12", {}).get("payer_id", key)),
        counties=entry["service_area"].get("counties", {}),
        behaviour=BEHAVIOUR[key],
    )
