"""What the invented plans say of single services: cost, approval, limits, exclusions.

Codes are real ones (CPT, HCPCS, CDT) without their owners' descriptions; the words are our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sandbox.population.plans import Line, Plan
from sandbox.population.services import CDT, CPT, SERVICES, Share

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"

Network = Literal["in", "out"]


@dataclass(frozen=True)
class Rule:
    """One service. `visits` a plan year; `allowance` in cents towards things that are bought."""

    code: str
    system: str
    text: str
    line: Line
    share: Share
    approval: bool = False
    excluded: bool = False
    visits: int | None = None
    allowance: int | None = None
    vision: bool = False
    # A dental share of its own, where it is not the plan's.
    percent: int | None = None


# Services that need approval beforehand, whatever the plan.
_APPROVAL = frozenset({"mri", "surgery", "hospital-stay", "therapy"})
_DENTAL = frozenset({"cleaning", "filling"})
_VISITS = {"therapy": 30, "cleaning": 2}


def _of_claims() -> Iterator[Rule]:
    """The services that claims are made of. Drugs are the formulary's."""
    for service in SERVICES.values():
        if service.kind == "pharmacy" or service.key == "emergency-doctor":
            continue
        yield Rule(
            service.code,
            service.system,
            service.text,
            "dental" if service.key in _DENTAL else "medical",
            service.share,
            approval=service.key in _APPROVAL,
            visits=_VISITS.get(service.key),
        )


RULES = (
    *_of_claims(),
    Rule("77067", CPT, "Mammogram screening", "medical", "none"),
    Rule("45378", CPT, "Colonoscopy", "medical", "deductible"),
    Rule("70450", CPT, "CT scan of the head", "medical", "deductible", approval=True),
    Rule("78815", CPT, "PET scan", "medical", "deductible", approval=True),
    Rule("76700", CPT, "Ultrasound of the belly", "medical", "deductible"),
    Rule("95810", CPT, "Sleep study", "medical", "deductible", approval=True),
    Rule("98940", CPT, "Chiropractic visit", "medical", "specialist", visits=20),
    Rule("96413", CPT, "Chemotherapy infusion", "medical", "deductible", approval=True),
    Rule("90999", CPT, "Dialysis treatment", "medical", "deductible"),
    Rule("43775", CPT, "Weight-loss surgery", "medical", "deductible", approval=True),
    Rule("27447", CPT, "Knee replacement", "medical", "deductible", approval=True),
    Rule("A0429", HCPCS, "Ambulance ride in an emergency", "medical", "deductible"),
    Rule("E0601", HCPCS, "CPAP machine", "medical", "deductible", approval=True),
    Rule("15824", CPT, "Cosmetic surgery", "medical", "none", excluded=True),
    Rule("S0800", HCPCS, "Laser eye surgery", "medical", "none", excluded=True),
    Rule("92014", CPT, "Eye exam", "medical", "primary", visits=1, vision=True),
    Rule("V2020", HCPCS, "Glasses", "medical", "none", allowance=10_000, vision=True),
    Rule("D2740", CDT, "Dental crown", "dental", "deductible", percent=50),
    Rule("D3310", CDT, "Root canal", "dental", "deductible", percent=50),
    Rule("D7140", CDT, "Tooth extraction", "dental", "deductible"),
    Rule("D8080", CDT, "Braces", "dental", "none", excluded=True),
)


def rules_of(plan: Plan, codes: frozenset[str] | None = None) -> list[Rule]:
    """The rules that the plan has, for these codes or for all."""
    return [
        rule
        for rule in RULES
        if rule.line == plan.line
        and (plan.vision or not rule.vision)
        and (codes is None or rule.code in codes)
    ]


def copay(rule: Rule, plan: Plan) -> int | None:
    """The fixed amount of an in-network visit, in cents; None where there is none."""
    return {
        "primary": plan.primary_copay,
        "specialist": plan.specialist_copay,
        "urgent": plan.urgent_copay,
        "emergency": plan.emergency_copay,
    }.get(rule.share)


def percent(rule: Rule, plan: Plan, network: Network) -> int:
    """The member's share in percent where it is no fixed amount."""
    if network == "out":
        return plan.out_coinsurance
    if rule.share == "none":
        return 0
    return plan.coinsurance if rule.percent is None else rule.percent
