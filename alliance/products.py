"""Products: what kind of plan it is, who carries its risk, and its rules of PCP and referral.

A partner's `products` in partners.yml tells them by plan id. Where a plan is not listed, the type
is read from the coverage and every rule stays unknown: an HMO needs referrals as the plan says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from alliance.errors import ConfigurationError

if TYPE_CHECKING:
    from alliance.coverage import Coverage

ProductType = Literal["HMO", "POS", "PPO", "Medicare Advantage", "dental", "FSA", "other"]
Funding = Literal["insured", "self_funded"]
WithoutReferral = Literal["not_covered", "out_of_network"]

_TYPES: frozenset[str] = frozenset(get_args(ProductType))
# Codes of HL7 ActCode and of the Source of Payment Typology (511 HMO, 512 PPO, 513 POS, 111
# Medicare HMO; 522 is the self-insured, administrative-services-only plan).
_BY_CODE: Mapping[str, ProductType] = {
    "HMO": "HMO",
    "POS": "POS",
    "PPO": "PPO",
    "DENTPRG": "dental",
    "DENTAL": "dental",
    "511": "HMO",
    "512": "PPO",
    "513": "POS",
    "111": "Medicare Advantage",
}
_SELF_FUNDED_CODES = frozenset({"522"})
# In this order: "Medicare Advantage HMO" and "HMO/POS" are no plain HMO.
_BY_WORD: tuple[tuple[str, ProductType], ...] = (
    ("medicare", "Medicare Advantage"),
    ("flexible", "FSA"),
    ("dent", "dental"),
    ("pos", "POS"),
    ("ppo", "PPO"),
    ("hmo", "HMO"),
)
_SELF_FUNDED_WORDS = re.compile(r"\bself[- ]?(?:funded|insured)\b|\badministrative services\b")


@dataclass(frozen=True)
class Product:
    """One plan's rules. None means that nobody has told us.

    `without_referral` is what happens to a specialist visit without one; `out_of_network` whether
    other than emergency care outside the network is covered at all. `tiers` names the level of a
    network id where a plan has several. `subsidiary` is the legal company behind the plan.
    """

    type: ProductType
    funding: Funding | None = None
    pcp_required: bool | None = None
    referral_required: bool | None = None
    without_referral: WithoutReferral | None = None
    out_of_network: bool | None = None
    subsidiary: str | None = None
    tiers: Mapping[str, str] = field(default_factory=dict)


def product_of(coverage: Coverage, products: Mapping[str, Product]) -> Product:
    """The product behind a coverage: as configured by plan id, else as far as its file tells."""
    known = products.get(coverage.plan_id or "")
    read = _read(coverage)
    if known is None:
        return read
    return known if known.funding else replace(known, funding=read.funding)


def _read(coverage: Coverage) -> Product:
    said = " ".join(part for part in (coverage.kind, coverage.plan_name) if part).lower()
    self_funded = _SELF_FUNDED_WORDS.search(said) or coverage.kind_codes & _SELF_FUNDED_CODES
    words = set(re.findall(r"[a-z]+", said))
    by_code = {_BY_CODE[code] for code in coverage.kind_codes if code in _BY_CODE}
    found: ProductType
    if coverage.line == "fsa":
        found = "FSA"
    elif coverage.line == "dental":
        found = "dental"
    elif len(by_code) == 1:
        found = by_code.pop()
    else:
        found = next(
            (kind for mark, kind in _BY_WORD if any(w.startswith(mark) for w in words)), "other"
        )
    return Product(found, funding="self_funded" if self_funded else None)


def load_products(partner: str, document: Any) -> dict[str, Product]:
    """The products of one partner from its entry in partners.yml. Raises ConfigurationError."""
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        raise ConfigurationError(
            f"partners.yml: company '{partner}': 'products' maps plan ids to their rules."
        )
    return {str(key): _product(partner, str(key), entry) for key, entry in document.items()}


def _product(partner: str, key: str, entry: Any) -> Product:
    where = f"partners.yml: company '{partner}': product '{key}'"
    if not isinstance(entry, Mapping):
        raise ConfigurationError(f"{where} needs at least 'type'.")

    def one_of(name: str, values: tuple[str, ...]) -> Any:
        value = entry.get(name)
        if value is not None and value not in values:
            raise ConfigurationError(f"{where}: {name} {value!r} is none of {', '.join(values)}.")
        return value

    def yes_or_no(name: str) -> bool | None:
        value = entry.get(name)
        if value is not None and not isinstance(value, bool):
            raise ConfigurationError(f"{where}: {name} {value!r} is neither true nor false.")
        return value

    unknown = set(entry) - {
        *("type", "funding", "pcp_required", "referral_required", "without_referral"),
        *("out_of_network", "subsidiary", "tiers"),
    }
    if unknown:
        raise ConfigurationError(f"{where}: {', '.join(sorted(unknown))} is no rule of a product.")
    kind = one_of("type", tuple(sorted(_TYPES)))
    if kind is None:
        raise ConfigurationError(f"{where} needs 'type'.")
    return Product(
        type=kind,
        funding=one_of("funding", get_args(Funding)),
        pcp_required=yes_or_no("pcp_required"),
        referral_required=yes_or_no("referral_required"),
        without_referral=one_of("without_referral", get_args(WithoutReferral)),
        out_of_network=yes_or_no("out_of_network"),
        subsidiary=entry.get("subsidiary"),
        tiers=dict(entry.get("tiers") or {}),
    )
