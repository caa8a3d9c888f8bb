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
    that don't cover it. `brands` are the names that the same drug is sold under; `generic` and
    `alternatives` are other drugs of the list, by name.
    """

    name: str
    form: str
    tier: Tier
    rules: str = ""
    missing: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    generic: str | None = None
    alternatives: tuple[str, ...] = ()


DRUGS = (
    Drug(
        "acetaminophen with codeine",
        "300 mg / 30 mg oral tablet",
        "generic",
        "q",
        brands=("Tylenol with codeine",),
    ),
    Drug(
        "adalimumab",
        "40 mg injection pen",
        "specialty",
        "ps",
        brands=("Humira",),
        alternatives=("etanercept",),
    ),
    Drug(
        "albuterol",
        "90 mcg inhaler",
        "preferred-generic",
        "q",
        brands=(
            "Ventolin",
            "ProAir",
        ),
    ),
    Drug("amlodipine", "5 mg oral tablet", "preferred-generic", brands=("Norvasc",)),
    Drug("amoxicillin", "500 mg oral capsule", "preferred-generic", brands=("Amoxil",)),
    Drug("apixaban", "5 mg oral tablet", "brand", brands=("Eliquis",)),
    Drug("atorvastatin", "20 mg oral tablet", "preferred-generic"),
    Drug("Lipitor", "20 mg oral tablet", "non-preferred-brand", generic="atorvastatin"),
    Drug("Crestor", "10 mg oral tablet", "non-preferred-brand", "s", generic="rosuvastatin"),
    Drug(
        "azithromycin",
        "250 mg oral tablet",
        "generic",
        "q",
        brands=(
            "Zithromax",
            "Z-Pak",
        ),
    ),
    Drug("bupropion", "150 mg extended-release oral tablet", "generic", brands=("Wellbutrin",)),
    Drug("clopidogrel", "75 mg oral tablet", "preferred-generic", brands=("Plavix",)),
    Drug("duloxetine", "30 mg oral capsule", "generic", brands=("Cymbalta",)),
    Drug(
        "empagliflozin",
        "10 mg oral tablet",
        "brand",
        "s",
        brands=("Jardiance",),
        alternatives=("metformin",),
    ),
    Drug("escitalopram", "10 mg oral tablet", "preferred-generic", brands=("Lexapro",)),
    Drug(
        "etanercept",
        "50 mg injection",
        "specialty",
        "ps",
        ("preferred-care",),
        brands=("Enbrel",),
        alternatives=("adalimumab",),
    ),
    Drug(
        "fluticasone with salmeterol", "250 mcg / 50 mcg inhaler", "brand", "q", brands=("Advair",)
    ),
    Drug("furosemide", "40 mg oral tablet", "preferred-generic", brands=("Lasix",)),
    Drug("gabapentin", "300 mg oral capsule", "generic", "q", brands=("Neurontin",)),
    Drug("hydrochlorothiazide", "25 mg oral tablet", "preferred-generic"),
    Drug("insulin glargine", "100 units/mL injection pen", "brand", brands=("Lantus",)),
    Drug("insulin lispro", "100 units/mL injection pen", "brand", brands=("Humalog",)),
    Drug("levothyroxine", "50 mcg oral tablet", "preferred-generic", brands=("Synthroid",)),
    Drug(
        "lisinopril",
        "10 mg oral tablet",
        "preferred-generic",
        brands=(
            "Zestril",
            "Prinivil",
        ),
    ),
    Drug("losartan", "50 mg oral tablet", "preferred-generic", brands=("Cozaar",)),
    Drug("metformin", "500 mg oral tablet", "preferred-generic", brands=("Glucophage",)),
    Drug("metoprolol", "50 mg oral tablet", "preferred-generic", brands=("Lopressor",)),
    Drug("montelukast", "10 mg oral tablet", "generic", brands=("Singulair",)),
    Drug("omeprazole", "20 mg oral capsule", "preferred-generic", "q", brands=("Prilosec",)),
    Drug("pantoprazole", "40 mg oral tablet", "generic", brands=("Protonix",)),
    Drug("prednisone", "10 mg oral tablet", "preferred-generic"),
    Drug(
        "rivaroxaban",
        "20 mg oral tablet",
        "non-preferred-brand",
        "s",
        ("mvp",),
        brands=("Xarelto",),
        alternatives=("apixaban",),
    ),
    Drug("rosuvastatin", "10 mg oral tablet", "generic"),
    Drug(
        "semaglutide",
        "1 mg injection pen",
        "non-preferred-brand",
        "pq",
        ("mvp",),
        brands=("Ozempic",),
        alternatives=(
            "metformin",
            "empagliflozin",
        ),
    ),
    Drug("sertraline", "50 mg oral tablet", "preferred-generic", brands=("Zoloft",)),
    Drug("sumatriptan", "50 mg oral tablet", "generic", "q", brands=("Imitrex",)),
    Drug(
        "tiotropium",
        "18 mcg inhaler",
        "brand",
        "s",
        brands=("Spiriva",),
        alternatives=("fluticasone with salmeterol",),
    ),
    Drug(
        "tirzepatide",
        "5 mg injection pen",
        "specialty",
        "pq",
        ("mvp", "preferred-care"),
        brands=("Mounjaro",),
        alternatives=(
            "semaglutide",
            "metformin",
        ),
    ),
    Drug("trazodone", "50 mg oral tablet", "generic", brands=("Desyrel",)),
    Drug("zolpidem", "5 mg oral tablet", "generic", "q", brands=("Ambien",)),
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
        slug = _slug(drug.name)
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
            **({"synonym": list(drug.brands)} if drug.brands else {}),
            **_related(profile, drug),
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


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _related(profile: Profile, drug: Drug) -> Json:
    """The generic and the alternatives that the same list covers."""
    listed = {each.name for each in DRUGS if profile.key not in each.missing}
    groups = (
        ("generic", [drug.generic] if drug.generic in listed else []),
        ("alternative", [name for name in drug.alternatives if name in listed]),
    )
    related = [
        {
            "type": {"text": kind},
            "reference": [
                {"reference": f"MedicationKnowledge/{_slug(name)}", "display": name}
                for name in names
                if name
            ],
        }
        for kind, names in groups
        if names
    ]
    return {"relatedMedicationKnowledge": related} if related else {}


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
