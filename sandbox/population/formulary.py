"""Which drugs a company's plans cover, as resources of the US Drug Formulary guide 2.0.

Drug names are the generic ones that members say; codes are the sandbox's own, so that nobody takes
them for a prescription.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sandbox.parameters import FORMULARY, Json
from sandbox.profiles import Profile

Tier = Literal["generic", "preferred-generic", "brand", "non-preferred-brand", "specialty"]

DRUG_CODES = "https://drugs.example.org/code"
_CODES = "http://hl7.org/fhir/us/davinci-drug-formulary/CodeSystem/"
_TIERS = f"{_CODES}usdf-DrugTierCS-TEMPORARY-TRIAL-USE"
_BENEFITS = f"{_CODES}usdf-PharmacyBenefitTypeCS-TEMPORARY-TRIAL-USE"
_COSTS = f"{_CODES}usdf-BenefitCostTypeCS-TEMPORARY-TRIAL-USE"
_LAST_UPDATED = "2026-01-05T06:00:00Z"

# What a member pays for a month's supply at a pharmacy of the network, in dollars.
TIER_COPAYS: dict[Tier, int] = {
    "preferred-generic": 5,
    "generic": 15,
    "brand": 40,
    "non-preferred-brand": 75,
    "specialty": 150,
}
_TIER_WORDS: dict[Tier, str] = {
    "preferred-generic": "Preferred generic",
    "generic": "Generic",
    "brand": "Brand",
    "non-preferred-brand": "Non-preferred brand",
    "specialty": "Specialty",
}


@dataclass(frozen=True)
class Drug:
    """`rules`: p prior authorization, s step therapy, q quantity limit; `missing` lists companies
    that don't cover it."""

    name: str
    form: str
    tier: Tier
    rules: str = ""
    missing: tuple[str, ...] = ()


DRUGS = (
    Drug("acetaminophen with codeine", "300 mg / 30 mg oral tablet", "generic", "q"),
    Drug("adalimumab", "40 mg injection pen", "specialty", "ps"),
    Drug("albuterol", "90 mcg inhaler", "preferred-generic", "q"),
    Drug("amlodipine", "5 mg oral tablet", "preferred-generic"),
    Drug("amoxicillin", "500 mg oral capsule", "preferred-generic"),
    Drug("apixaban", "5 mg oral tablet", "brand"),
    Drug("atorvastatin", "20 mg oral tablet", "preferred-generic"),
    Drug("azithromycin", "250 mg oral tablet", "generic", "q"),
    Drug("bupropion", "150 mg extended-release oral tablet", "generic"),
    Drug("clopidogrel", "75 mg oral tablet", "preferred-generic"),
    Drug("duloxetine", "30 mg oral capsule", "generic"),
    Drug("empagliflozin", "10 mg oral tablet", "brand", "s"),
    Drug("escitalopram", "10 mg oral tablet", "preferred-generic"),
    Drug("etanercept", "50 mg injection", "specialty", "ps", ("preferred-care",)),
    Drug("fluticasone with salmeterol", "250 mcg / 50 mcg inhaler", "brand", "q"),
    Drug("furosemide", "40 mg oral tablet", "preferred-generic"),
    Drug("gabapentin", "300 mg oral capsule", "generic", "q"),
    Drug("hydrochlorothiazide", "25 mg oral tablet", "preferred-generic"),
    Drug("insulin glargine", "100 units/mL injection pen", "brand"),
    Drug("insulin lispro", "100 units/mL injection pen", "brand"),
    Drug("levothyroxine", "50 mcg oral tablet", "preferred-generic"),
    Drug("lisinopril", "10 mg oral tablet", "preferred-generic"),
    Drug("losartan", "50 mg oral tablet", "preferred-generic"),
    Drug("metformin", "500 mg oral tablet", "preferred-generic"),
    Drug("metoprolol", "50 mg oral tablet", "preferred-generic"),
    Drug("montelukast", "10 mg oral tablet", "generic"),
    Drug("omeprazole", "20 mg oral capsule", "preferred-generic", "q"),
    Drug("pantoprazole", "40 mg oral tablet", "generic"),
    Drug("prednisone", "10 mg oral tablet", "preferred-generic"),
    Drug("rivaroxaban", "20 mg oral tablet", "non-preferred-brand", "s", ("mvp",)),
    Drug("rosuvastatin", "10 mg oral tablet", "generic"),
    Drug("semaglutide", "1 mg injection pen", "non-preferred-brand", "pq", ("mvp",)),
    Drug("sertraline", "50 mg oral tablet", "preferred-generic"),
    Drug("sumatriptan", "50 mg oral tablet", "generic", "q"),
    Drug("tiotropium", "18 mcg inhaler", "brand", "s"),
    Drug("tirzepatide", "5 mg injection pen", "specialty", "pq", ("mvp", "preferred-care")),
    Drug("trazodone", "50 mg oral tablet", "generic"),
    Drug("zolpidem", "5 mg oral tablet", "generic", "q"),
)


def formulary_id(profile: Profile) -> str:
    return f"{profile.key}-formulary"


def formulary_resources(profile: Profile) -> Iterator[Json]:
    """The company's formulary, its drugs and what holds for each."""
    yield {
        "resourceType": "InsurancePlan",
        "id": formulary_id(profile),
        "meta": _meta("usdf-Formulary"),
        "identifier": [{"system": f"{profile.base}/formulary", "value": formulary_id(profile)}],
        "status": "active",
        "type": [_concept("http://terminology.hl7.org/CodeSystem/v3-ActCode", "DRUGPOL")],
        "name": f"{profile.name} sample drug list",
    }
    for drug in DRUGS:
        if profile.key in drug.missing:
            continue
        slug = drug.name.replace(" ", "-")
        yield {
            "resourceType": "MedicationKnowledge",
            "id": slug,
            "meta": _meta("usdf-FormularyDrug"),
            "code": {
                "coding": [
                    {"system": DRUG_CODES, "code": slug, "display": f"{drug.name} {drug.form}"}
                ],
                "text": f"{drug.name} {drug.form}",
            },
            "status": "active",
            "doseForm": {"text": drug.form},
        }
        yield {
            "resourceType": "Basic",
            "id": f"item-{slug}",
            "meta": _meta("usdf-FormularyItem"),
            "extension": [
                _extension(
                    "FormularyReference",
                    valueReference={"reference": f"InsurancePlan/{formulary_id(profile)}"},
                ),
                _extension("AvailabilityStatus", valueCode="active"),
                _extension(
                    "PharmacyBenefitType",
                    valueCodeableConcept=_concept(_BENEFITS, "1-month-in-retail"),
                ),
                _extension("DrugTierID", valueCodeableConcept=tier_concept(drug.tier)),
                _extension("PriorAuthorization", valueBoolean="p" in drug.rules),
                _extension("StepTherapyLimit", valueBoolean="s" in drug.rules),
                _extension("QuantityLimit", valueBoolean="q" in drug.rules),
            ],
            "code": _concept(f"{_CODES}usdf-InsuranceItemTypeCS", "formulary-item"),
            "subject": {"reference": f"MedicationKnowledge/{slug}"},
        }


def drug_coverage(profile: Profile) -> Json:
    """The part of a plan's `coverage` that points at the formulary."""
    return {
        "extension": [
            _extension(
                "FormularyReference",
                valueReference={"reference": f"InsurancePlan/{formulary_id(profile)}"},
            )
        ],
        "type": _concept("http://terminology.hl7.org/CodeSystem/v3-ActCode", "DRUGPOL"),
        "benefit": [{"type": _drug()}],
    }


def drug_costs() -> Json:
    """What each tier costs the member, as an entry of a plan's `plan` list."""
    return {
        "type": _drug(),
        "specificCost": [
            {
                "category": _concept(_BENEFITS, "1-month-in-retail"),
                "benefit": [
                    {
                        "type": tier_concept(tier),
                        "cost": [
                            {
                                "type": _concept(_COSTS, "copay"),
                                "value": {
                                    "value": dollars,
                                    "unit": "$",
                                    "system": "urn:iso:std:iso:4217",
                                    "code": "USD",
                                },
                            }
                        ],
                    }
                    for tier, dollars in TIER_COPAYS.items()
                ],
            }
        ],
    }


def tier_concept(tier: Tier) -> Json:
    return {"coding": [{"system": _TIERS, "code": tier, "display": _TIER_WORDS[tier]}]}


def _drug() -> Json:
    return _concept("http://terminology.hl7.org/CodeSystem/insurance-plan-type", "drug")


def _concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _extension(name: str, **value: object) -> Json:
    return {"url": f"{FORMULARY}usdf-{name}-extension", **value}


def _meta(profile_name: str) -> Json:
    return {"lastUpdated": _LAST_UPDATED, "profile": [f"{FORMULARY}{profile_name}"]}
