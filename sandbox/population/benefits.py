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
    Rule("99392", CPT, "Well-child visit", "medical", "none"),
    Rule("G0378", HCPCS, "Observation in the hospital, an hour", "medical", "deductible"),
    Rule("77080", CPT, "Bone density scan", "medical", "none"),
    Rule("93306", CPT, "Echocardiogram", "medical", "deductible"),
    Rule("93000", CPT, "Electrocardiogram", "medical", "deductible"),
    Rule("93015", CPT, "Heart stress test", "medical", "deductible"),
    Rule("43235", CPT, "Upper endoscopy", "medical", "deductible"),
    Rule("95004", CPT, "Allergy skin test", "medical", "specialist"),
    Rule("97530", CPT, "Occupational therapy", "medical", "specialist", visits=30),
    Rule("92507", CPT, "Speech therapy", "medical", "specialist", visits=30),
    Rule("97124", CPT, "Massage therapy", "medical", "none", excluded=True),
    Rule("93798", CPT, "Cardiac rehabilitation", "medical", "specialist", visits=36),
    Rule("97153", CPT, "Therapy for autism", "medical", "deductible", approval=True),
    Rule("96130", CPT, "Psychological testing", "medical", "deductible", approval=True),
    Rule("27130", CPT, "Hip replacement", "medical", "deductible", approval=True),
    Rule("66984", CPT, "Cataract surgery", "medical", "deductible"),
    Rule("49505", CPT, "Hernia repair", "medical", "deductible", approval=True),
    Rule("47562", CPT, "Gallbladder removal", "medical", "deductible", approval=True),
    Rule("44970", CPT, "Appendix removal", "medical", "deductible"),
    Rule("42820", CPT, "Tonsil removal", "medical", "deductible", approval=True),
    Rule("58571", CPT, "Hysterectomy", "medical", "deductible", approval=True),
    Rule("55250", CPT, "Vasectomy", "medical", "deductible"),
    Rule("58670", CPT, "Tubal ligation", "medical", "none"),
    Rule("64721", CPT, "Carpal tunnel surgery", "medical", "deductible", approval=True),
    Rule("19318", CPT, "Breast reduction", "medical", "deductible", approval=True),
    Rule("77412", CPT, "Radiation treatment", "medical", "deductible", approval=True),
    Rule("E0603", HCPCS, "Breast pump", "medical", "none"),
    Rule("88175", CPT, "Pap test", "medical", "none"),
    Rule("92557", CPT, "Hearing test", "medical", "specialist"),
    Rule("97802", CPT, "Nutrition counseling", "medical", "none", visits=3),
    Rule("S9449", HCPCS, "Weight management class", "medical", "none", excluded=True),
    Rule("99406", CPT, "Counseling to stop smoking", "medical", "none"),
    Rule(
        "90868", CPT, "Magnetic stimulation for depression", "medical", "deductible", approval=True
    ),
    Rule("54150", CPT, "Circumcision of a newborn", "medical", "deductible"),
    Rule("93458", CPT, "Heart catheterization", "medical", "deductible", approval=True),
    Rule("93224", CPT, "Heart monitor worn at home", "medical", "deductible"),
    Rule("87635", CPT, "COVID-19 test", "medical", "deductible"),
    Rule("63650", CPT, "Spinal cord stimulator trial", "medical", "deductible", approval=True),
    Rule("S1040", HCPCS, "Helmet for an infant's head", "medical", "deductible", approval=True),
    Rule("D9944", CDT, "Night guard", "dental", "deductible", percent=50),
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
