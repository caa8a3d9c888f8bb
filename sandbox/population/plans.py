"""Invented employers and plans. Amounts are US dollars in cents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Line = Literal["medical", "dental", "behavioral", "pharmacy"]
Product = Literal["HMO", "POS", "PPO", "Medicare Advantage HMO", "Dental PPO", "Behavioral", "Drug"]


@dataclass(frozen=True)
class Plan:
    """`coinsurance` is the member's percentage; `partner` names the company that runs the plan.

    `out_...` hold outside the network, where a plan pays there at all. `annual_maximum` is what a
    dental plan pays a year; `vision` whether eye exams and glasses are part of the plan.
    """

    id: str
    partner: str
    name: str
    line: Line
    product: Product
    self_funded: bool = False
    referral: bool = False
    deductible: int = 0
    family_deductible: int = 0
    out_of_pocket: int = 0
    family_out_of_pocket: int = 0
    primary_copay: int = 0
    specialist_copay: int = 0
    urgent_copay: int = 0
    emergency_copay: int = 0
    coinsurance: int = 0
    out_deductible: int = 0
    family_out_deductible: int = 0
    out_out_of_pocket: int = 0
    family_out_out_of_pocket: int = 0
    out_coinsurance: int = 0
    annual_maximum: int = 0
    vision: bool = False

    @property
    def pays_outside(self) -> bool:
        """Whether it pays for other than emergency care outside the network."""
        return self.out_coinsurance > 0


PLANS = {
    plan.id: plan
    for plan in (
        Plan(
            "CIG-OAP", "cigna", "Sample Open Access Plus", "medical", "PPO",
            deductible=150_000, family_deductible=300_000,
            out_of_pocket=500_000, family_out_of_pocket=1_000_000,
            primary_copay=3_000, specialist_copay=5_000, urgent_copay=6_000,
            emergency_copay=25_000, coinsurance=20,
            out_deductible=300_000, family_out_deductible=600_000, out_out_of_pocket=1_000_000,
            family_out_out_of_pocket=2_000_000, out_coinsurance=40,
        ),
        Plan(
            "CIG-OAP-SF", "cigna", "Sample Open Access Plus, self-funded", "medical", "PPO",
            self_funded=True, deductible=100_000, family_deductible=200_000,
            out_of_pocket=400_000, family_out_of_pocket=800_000,
            primary_copay=2_500, specialist_copay=4_500, urgent_copay=5_000,
            emergency_copay=20_000, coinsurance=10,
            out_deductible=200_000, family_out_deductible=400_000, out_out_of_pocket=800_000,
            family_out_out_of_pocket=1_600_000, out_coinsurance=30,
        ),
        Plan(
            "CIG-DENTAL", "cigna", "Sample Dental PPO", "dental", "Dental PPO",
            deductible=5_000, family_deductible=15_000, coinsurance=20, out_coinsurance=40,
            annual_maximum=150_000,
        ),
        Plan(
            "MVP-HMO", "mvp", "Sample Empire HMO", "medical", "HMO",
            referral=True, deductible=0, out_of_pocket=400_000, family_out_of_pocket=800_000,
            primary_copay=2_000, specialist_copay=4_000, urgent_copay=5_000,
            emergency_copay=15_000, coinsurance=0, vision=True,
        ),
        Plan(
            "MVP-POS", "mvp", "Sample Empire HMO/POS", "medical", "POS",
            referral=True, deductible=75_000, family_deductible=150_000,
            out_of_pocket=450_000, family_out_of_pocket=900_000,
            primary_copay=2_500, specialist_copay=4_000, urgent_copay=5_000,
            emergency_copay=20_000, coinsurance=20,
            out_deductible=150_000, family_out_deductible=300_000, out_out_of_pocket=900_000,
            family_out_out_of_pocket=1_800_000, out_coinsurance=40, vision=True,
        ),
        Plan(
            "MVP-SELECT", "mvp", "Sample Select Care, self-funded", "medical", "PPO",
            self_funded=True, deductible=120_000, family_deductible=240_000,
            out_of_pocket=480_000, family_out_of_pocket=960_000,
            primary_copay=3_000, specialist_copay=5_000, urgent_copay=6_000,
            emergency_copay=20_000, coinsurance=15,
            out_deductible=240_000, family_out_deductible=480_000, out_out_of_pocket=960_000,
            family_out_out_of_pocket=1_920_000, out_coinsurance=40,
        ),
        Plan(
            "PC-HMO", "preferred-care", "Sample Lakeside HMO", "medical", "HMO",
            referral=True, deductible=0, out_of_pocket=350_000, family_out_of_pocket=700_000,
            primary_copay=1_500, specialist_copay=3_500, urgent_copay=4_000,
            emergency_copay=10_000, coinsurance=0, vision=True,
        ),
        Plan(
            "PC-PPO", "preferred-care", "Sample Lakeside PPO", "medical", "PPO",
            deductible=60_000, family_deductible=120_000,
            out_of_pocket=400_000, family_out_of_pocket=800_000,
            primary_copay=2_000, specialist_copay=4_000, urgent_copay=5_000,
            emergency_copay=15_000, coinsurance=20,
            out_deductible=120_000, family_out_deductible=240_000, out_out_of_pocket=800_000,
            family_out_out_of_pocket=1_600_000, out_coinsurance=40,
        ),
        Plan(
            "PC-MEDICARE", "preferred-care", "Sample Goldleaf Medicare Advantage", "medical",
            "Medicare Advantage HMO", referral=True, out_of_pocket=340_000,
            primary_copay=500, specialist_copay=2_500, urgent_copay=3_000,
            emergency_copay=9_000, coinsurance=0, vision=True,
        ),
    )
}  # fmt: skip

GROUP_NAMES = {
    "ALX-1001": "Sample Turbine Works",
    "ALX-1002": "Example Paper Company",
    "ALX-1003": "Invented Lens Makers",
    "ALX-1004": "Pretend Freight Lines",
    "ALX-2001": "Sample Mohawk Textiles",
    "ALX-2002": "Example Hudson Schools",
    "ALX-2003": "Invented Maple Foods",
    "ALX-2004": "Pretend Granite Builders",
    "ALX-3001": "Sample Genesee Optics",
    "ALX-3002": "Example Lakeshore Hospital Staff",
    "ALX-3003": "Invented Canal Machine Tools",
}

# Employers that buy from one company outside the alliance.
OTHER_GROUPS = {
    "cigna": ("CG-7001", "Unallied Sample Bakery"),
    "mvp": ("MG-7001", "Unallied Example Nursery"),
    "preferred-care": ("PG-7001", "Unallied Pretend Printers"),
}


def group_name(partner: str, group: str) -> str:
    """The employer behind a group number."""
    number, name = OTHER_GROUPS[partner]
    return name if group == number else GROUP_NAMES[group]


def plans_of(partner: str) -> list[Plan]:
    return [plan for plan in PLANS.values() if plan.partner == partner]
