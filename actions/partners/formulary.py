"""Da Vinci US Drug Formulary 2.0: a plan's drug list and what its tiers cost.

InsurancePlan (the plan) refers to InsurancePlan (the formulary); Basic (FormularyItem) says for a
MedicationKnowledge (FormularyDrug) tier and rules. Nothing that is asked says who is asking.
Names of drugs that are nearly the same can be quite different drugs: a name that only comes near
keeps its score below 100, and the answer says which drug it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from actions.partners.directory_server import DirectoryServer
from actions.partners.fhir_values import codes, decimal, extension, items, reference_id, words
from alliance.errors import NotOffered
from alliance.names import alike_initials, plain_name, sound
from alliance.pharmacy import DrugSearch, ListedDrug, TierCost

Json = Mapping[str, Any]

_BEGINNING = 4
_MOST_DRUGS = 40
_PAGES = 8
# Below this a name is another drug's.
_NEAR = 82.0
# usdf-CostShareOptionCS
_NOT_APPLICABLE = frozenset({"copay-not-applicable", "coinsurance-not-applicable"})
_NO_CHARGE = frozenset({"no-charge", "no-charge-after-deductible"})
_SUPPLIES = {
    "1-month-in-retail": "a one-month supply at a pharmacy",
    "1-month-out-retail": "a one-month supply at a pharmacy outside the network",
    "1-month-in-mail": "a one-month supply by mail",
    "3-month-in-retail": "a three-month supply at a pharmacy",
    "3-month-out-retail": "a three-month supply at a pharmacy outside the network",
    "3-month-in-mail": "a three-month supply by mail",
    "3-month-out-mail": "a three-month supply by mail outside the network",
}


class Formulary:
    """One partner's drug lists. Raises PartnerUnavailable, NotOffered."""

    def __init__(self, key: str, server: DirectoryServer) -> None:
        self._key = key
        self._server = server

    async def search(self, plan_id: str, names: Iterable[str]) -> DrugSearch | None:
        """What the plan's list says about any of the names; None where the plan has no list.

        The drugs of the very name, or where there is none, those whose name comes near.
        """
        plan = await self._plan(plan_id)
        lists = {i for each in plan for i in _formularies(each)}
        if not lists:
            return None
        if not await self._server.offers("MedicationKnowledge", "drug-name"):
            # What such a server finds is not what the list holds: "not listed" would be a guess.
            raise NotOffered(self._key, "The drug list cannot be searched by name.")
        wanted = [name for name in dict.fromkeys(names) if plain_name(name)]
        drugs = await self._named(wanted)
        rules = await self._rules(drugs, lists)
        listed = [_with_rules(drug, rules[drug.id]) for drug in drugs.values() if drug.id in rules]
        best = max((drug.score for drug in listed), default=0.0)
        if best == 100.0:
            listed = [drug for drug in listed if drug.score == best]
        listed.sort(key=lambda drug: (-drug.score, drug.title))
        return DrugSearch(plan_id, tuple(listed), tuple(_costs(plan)))

    async def _plan(self, plan_id: str) -> list[Json]:
        found = await self._server.search("InsurancePlan", {"identifier": plan_id})
        return [
            each
            for each in found
            if each.get("resourceType") == "InsurancePlan"
            and any(str(i.get("value")) == plan_id for i in items(each.get("identifier")))
        ]

    async def _named(self, names: Iterable[str]) -> dict[str, ListedDrug]:
        """Drugs by id: of the name itself, or else near it."""
        beginnings: list[str] = []
        for name in names:
            beginnings += [name, _searchable(name)[:_BEGINNING]]
        found: dict[str, ListedDrug] = {}
        for beginning in dict.fromkeys(beginnings):
            found |= await self._beginning(beginning, names)
            if any(drug.score == 100.0 for drug in found.values()):
                break
        if not found:
            initials = ",".join(dict.fromkeys("".join(map(alike_initials, names))))
            found = await self._beginning(initials, names) if initials else {}
        return found

    async def _beginning(self, beginning: str, names: Iterable[str]) -> dict[str, ListedDrug]:
        drugs = await self._server.search(
            "MedicationKnowledge", {"drug-name": beginning}, pages=_PAGES
        )
        read = [_drug(each, names) for each in drugs if each.get("status") in (None, "active")]
        near = [drug for drug in read if drug.score >= _NEAR]
        near.sort(key=lambda drug: -drug.score)
        return {drug.id: drug for drug in near[:_MOST_DRUGS]}

    async def _rules(
        self, drugs: Mapping[str, ListedDrug], lists: set[str]
    ) -> dict[str, list[Json]]:
        """The list's items by drug; a drug without one is not on the list."""
        subjects = [f"MedicationKnowledge/{each}" for each in drugs]
        rules: dict[str, list[Json]] = {}
        for each in await self._server.by_reference("Basic", "subject", subjects):
            subject = reference_id(each.get("subject"))
            on_list = {
                reference_id(reference.get("valueReference"))
                for reference in extension(each, "FormularyReference-extension")
            }
            inactive = any(
                status.get("valueCode") not in (None, "active")
                for status in extension(each, "AvailabilityStatus-extension")
            )
            if subject and on_list & lists and not inactive:
                rules.setdefault(subject, []).append(each)
        return rules


def _searchable(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalpha() or c == " ").strip()


def _formularies(plan: Json) -> list[str]:
    return [
        identifier
        for part in items(plan.get("coverage"))
        for each in extension(part, "FormularyReference-extension")
        if (identifier := reference_id(each.get("valueReference")))
    ]


def _drug(resource: Json, names: Iterable[str]) -> ListedDrug:
    title = words(resource.get("code")) or ""
    name, strength, brand = split_title(title)
    synonyms = resource.get("synonym")
    brands = tuple(str(each) for each in synonyms) if isinstance(synonyms, list) else ()
    if brand and brand not in brands:
        brands = (brand, *brands)
    return ListedDrug(
        id=str(resource.get("id", "")),
        name=name,
        strength=strength,
        brands=brands,
        score=max((drug_score(said, (name, *brands)) for said in names), default=0.0),
        tier=None,
        tier_code=None,
        prior_authorization=None,
        step_therapy=None,
        quantity_limit=None,
        generics=_related(resource, "generic"),
        alternatives=_related(resource, "alternative"),
    )


def _related(resource: Json, kind: str) -> tuple[str, ...]:
    return tuple(
        str(reference["display"])
        for each in items(resource.get("relatedMedicationKnowledge"))
        if kind in {words(each.get("type")), *codes(each.get("type"))}
        for reference in items(each.get("reference"))
        if reference.get("display")
    )


def split_title(title: str) -> tuple[str, str, str | None]:
    """A drug's name, strength and brand, from a title such as RxNorm writes it.

    A part's strength begins at its first word with a figure. A drug of several parts is none of
    its parts alone: "acetaminophen 325 MG / oxycodone 5 MG Oral Tablet [Percocet]" is no
    acetaminophen, but "acetaminophen / oxycodone".
    """
    bare, bracket, brand = title.partition("[")
    branded = brand.rstrip("] ").strip() if bracket else None
    if bare.startswith("{"):
        # A pack of several products: only its brand names it.
        return (branded or title), "", branded
    parts = [_name_and_strength(part) for part in bare.split(" / ")]
    named = [name for name, _ in parts if name]
    strengths = [strength for _, strength in parts if strength]
    if not named:
        return title, "", branded
    return " / ".join(named), " / ".join(strengths), branded


def _name_and_strength(part: str) -> tuple[str, str]:
    said = part.split()
    first = next((i for i, word in enumerate(said) if any(map(str.isdigit, word))), len(said))
    return " ".join(said[:first]), " ".join(said[first:])


def drug_score(said: str, names: Iterable[str]) -> float:
    """How near what was said is to one of a drug's names: 100 is that name, below it is a guess."""
    best = 0.0
    for name in names:
        if plain_name(said) == plain_name(name):
            return 100.0
        near = max(
            fuzz.ratio(plain_name(said), plain_name(name)),
            fuzz.ratio(sound(said), sound(name)) - 6.0,
        )
        if plain_name(name).startswith(plain_name(said)) and len(plain_name(said)) > _BEGINNING:
            # "insulin" for "insulin glargine": one of several.
            near = max(near, 90.0)
        best = max(best, near)
    return min(best, 99.0)


def _with_rules(drug: ListedDrug, rules: Iterable[Json]) -> ListedDrug:
    first = next(iter(rules))
    tiers = [each.get("valueCodeableConcept") for each in extension(first, "DrugTierID-extension")]
    tier = tiers[0] if tiers else None
    return replace(
        drug,
        tier=words(tier),
        tier_code=next(iter(sorted(codes(tier))), None),
        prior_authorization=_flag(first, "PriorAuthorization-extension"),
        step_therapy=_flag(first, "StepTherapyLimit-extension"),
        quantity_limit=_flag(first, "QuantityLimit-extension"),
    )


def _flag(resource: Json, name: str) -> bool | None:
    told = [each.get("valueBoolean") for each in extension(resource, name)]
    return told[0] if told and isinstance(told[0], bool) else None


def _costs(plans: Iterable[Json]) -> Iterable[TierCost]:
    for plan in plans:
        for part in items(plan.get("plan")):
            for specific in items(part.get("specificCost")):
                supply = next(iter(sorted(codes(specific.get("category")))), "")
                for benefit in items(specific.get("benefit")):
                    for tier in sorted(codes(benefit.get("type"))):
                        yield _cost(tier, _SUPPLIES.get(supply, ""), items(benefit.get("cost")))


def _cost(tier: str, supply: str, costs: Iterable[Json]) -> TierCost:
    copay = percent = None
    said: set[str] = set()
    for cost in costs:
        qualifiers = codes(cost.get("qualifiers"))
        said |= qualifiers
        value = cost.get("value")
        if qualifiers & _NOT_APPLICABLE or not isinstance(value, Mapping):
            continue
        amount = decimal(value.get("value"))
        if qualifiers & _NO_CHARGE:
            copay = Decimal("0.00")
        elif value.get("code") == "USD" or value.get("unit") in ("$", "USD"):
            copay = amount
        elif value.get("code") == "%" or value.get("unit") == "%":
            percent = amount
    return TierCost(tier, supply, copay, percent, after_deductible=_deductible(said))


def _deductible(qualifiers: set[str]) -> bool | None:
    if qualifiers & {"after-deductible", "no-charge-after-deductible"}:
        return True
    return False if qualifiers & {"before-deductible", "deductible-waived", "no-charge"} else None
