"""Drugs on a plan's list (formulary), what they cost, and orders at a mail pharmacy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class ListedDrug:
    """A drug as a plan's list has it. What the list leaves out is None.

    `name` is the drug's own name, `strength` the rest of its title ("500 mg oral tablet"), `brands`
    other names of the same drug. `score` (0 to 100) says how near the name is to what was asked
    for: 100 is that very name. `generics` and `alternatives` are other drugs of the list.
    """

    id: str
    name: str
    strength: str
    brands: tuple[str, ...]
    score: float
    tier: str | None
    tier_code: str | None
    prior_authorization: bool | None
    step_therapy: bool | None
    quantity_limit: bool | None
    generics: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """'metformin 500 mg oral tablet'."""
        return f"{self.name} {self.strength}".strip()


@dataclass(frozen=True)
class TierCost:
    """What a member pays for a drug of a tier: an amount, or a share in percent.

    `supply` is where and for how long in words ("one month at a pharmacy"). `after_deductible`
    says whether the deductible comes first, None where the list does not say.
    """

    tier_code: str
    supply: str
    copay: Decimal | None = None
    coinsurance_percent: Decimal | None = None
    after_deductible: bool | None = None


@dataclass(frozen=True)
class DrugSearch:
    """What a plan's list says about a name: the likeliest drugs first, and costs by tier.

    `listed` is empty where the list has no such name. `plan_id` is the company's key of the plan.
    """

    plan_id: str
    listed: tuple[ListedDrug, ...]
    costs: tuple[TierCost, ...]

    def cost_of(self, drug: ListedDrug) -> list[TierCost]:
        """What the drug's tier costs."""
        return [cost for cost in self.costs if cost.tier_code == drug.tier_code]


MailState = Literal["processing", "shipped", "delivered", "unknown"]


@dataclass(frozen=True)
class MailOrder:
    """An order at the company's mail pharmacy; days are the company's local days."""

    number: str
    drug: str
    state: MailState
    ordered: date | None
    shipped: date | None
    expected: date | None
    days_supply: int | None
    refills_left: int | None
    refill_from: date | None


@dataclass(frozen=True)
class MailService:
    """A company's mail pharmacy and the member's orders there, the newest first."""

    partner: str
    name: str
    phone: str | None
    orders: tuple[MailOrder, ...]
