"""`CoverageEligibilityRequest/$submit`: is the coverage in force, and what is used and left.

Accumulators are summed from the adjudicated claims behind them, each time they are asked for, so
that they always agree with the claims.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.errors import FhirError
from sandbox.parameters import Json, date_span, items, reference_target, tokens
from sandbox.population.benefits import Network, Rule, copay, percent, rules_of
from sandbox.population.plans import PLANS, Plan
from sandbox.profiles import Profile
from sandbox.store import Filter, Store, parameter_number, reference_match

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
_CATEGORY = {"medical": "1", "dental": "35", "behavioral": "MH", "pharmacy": "88"}
_VISION = "F6"
_NETWORKS: dict[Network, str] = {"in": "In network", "out": "Out of network"}


@dataclass(frozen=True)
class Used:
    """What claims of one plan year have used, in dollars."""

    deductible: Decimal
    out_of_pocket: Decimal
    paid: Decimal


def eligibility(store: Store, profile: Profile, request: Json, today: date) -> Json:
    """The CoverageEligibilityResponse. FhirError where the request names nobody we know."""
    patient = reference_target(str((request.get("patient") or {}).get("reference", "")))
    if not patient.startswith("Patient/") or not store.get(patient):
        raise FhirError(422, "not-found", "The request names no member of ours.")
    own = {f"Coverage/{found['id']}": found for found in _coverages(store, "patient", patient)}
    asked = {
        reference_target(str((item.get("coverage") or {}).get("reference", "")))
        for item in items(request.get("insurance"))
    }
    if asked - set(own):
        raise FhirError(422, "business-rule", "The coverage is not this member's.")
    day = _serviced(request, today)
    codes = _asked_for(request)
    insurances = [
        _insurance(store, reference, coverage, day, codes)
        for reference, coverage in own.items()
        if not asked or reference in asked
    ]
    key = request.get("id")
    about: Json = {"display": "The request that this answers"}
    return {
        "resourceType": "CoverageEligibilityResponse",
        "status": "active",
        "purpose": request.get("purpose") or ["benefits", "validation"],
        "patient": {"reference": patient},
        "servicedDate": day.isoformat(),
        "created": today.isoformat(),
        "request": {"reference": f"CoverageEligibilityRequest/{key}"} if key else about,
        "outcome": "complete",
        "disposition": f"Claims processed through {today.isoformat()}. No guarantee of payment.",
        "insurer": {"reference": f"Organization/{profile.key}", "display": profile.name},
        "insurance": insurances,
    }


def _asked_for(request: Json) -> frozenset[str] | None:
    """The codes of the services that the request's items ask about; None where it has no item."""
    asked = items(request.get("item"))
    if not asked:
        return None
    return frozenset(
        code for item in asked for _, code in tokens(item.get("productOrService")) if code
    )


def _serviced(request: Json, today: date) -> date:
    text = request.get("servicedDate") or (request.get("servicedPeriod") or {}).get("start")
    span = date_span(str(text)) if text else None
    return date.fromisoformat(span[0][:10]) if span else today


def _coverages(store: Store, name: str, target: str) -> list[Json]:
    pid = parameter_number("Coverage", name)
    return store.find("Coverage", Filter(0, (reference_match(pid, [target]),)))


def _insurance(
    store: Store, reference: str, coverage: Json, day: date, codes: frozenset[str] | None
) -> Json:
    period = coverage.get("period") or {}
    start = date_span(str(period.get("start", "0001")))
    end = date_span(str(period.get("end", "9999")))
    moment = day.isoformat()
    within = bool(start and end and start[0][:10] <= moment <= end[1][:10])
    insurance: Json = {
        "coverage": {"reference": reference},
        "inforce": within and coverage.get("status") == "active",
        "benefitPeriod": {"start": f"{day.year}-01-01", "end": f"{day.year}-12-31"},
    }
    plan = _plan(coverage)
    if plan:
        insurance["item"] = [*_accumulators(store, reference, coverage, plan, day.year)]
        for rule in rules_of(plan, codes):
            insurance["item"].append(_service(rule, plan, "in"))
            # Both levels only for what is asked about: the whole list is long enough.
            if codes is not None:
                insurance["item"].append(_service(rule, plan, "out"))
    return insurance


def _plan(coverage: Json) -> Plan | None:
    for item in items(coverage.get("class")):
        if any(code == "plan" for _, code in tokens(item.get("type"))):
            return PLANS.get(str(item.get("value")))
    return None


def _accumulators(
    store: Store, reference: str, coverage: Json, plan: Plan, year: int
) -> Iterable[Json]:
    """Items for the person and for the family, in and out of network; a family's carries no
    breakdown.
    """
    one = {network: _used(store, [reference], year, network) for network in _NETWORKS}
    yield _item(plan, "individual", "in", one["in"], plan.deductible, plan.out_of_pocket)
    if plan.out_deductible:
        limits = plan.out_deductible, plan.out_out_of_pocket
        yield _item(plan, "individual", "out", one["out"], *limits)
    if plan.family_deductible or plan.family_out_of_pocket:
        subscriber = reference_target(coverage["subscriber"]["reference"])
        family = [
            f"Coverage/{other['id']}"
            for other in _coverages(store, "subscriber", subscriber)
            if _plan(other) == plan
        ]
        total = {network: _used(store, family, year, network) for network in _NETWORKS}
        limits = plan.family_deductible, plan.family_out_of_pocket
        yield _item(plan, "family", "in", total["in"], *limits)
        if plan.family_out_deductible:
            limits = plan.family_out_deductible, plan.family_out_out_of_pocket
            yield _item(plan, "family", "out", total["out"], *limits)


def _used(store: Store, coverages: list[str], year: int, network: Network) -> Used:
    """What the year's claims used. Emergency care counts as in network wherever it was given, and
    no sample claim was for anything else outside.
    """
    if network == "out":
        return Used(Decimal(0), Decimal(0), Decimal(0))
    pid = parameter_number("ExplanationOfBenefit", "coverage")
    claims = store.find("ExplanationOfBenefit", Filter(0, (reference_match(pid, coverages),)))
    sums = {name: Decimal(0) for name in ("deductible", "copay", "coinsurance", "paidtoprovider")}
    for claim in claims:
        served = str((claim.get("billablePeriod") or {}).get("start", ""))
        counts = claim.get("status") == "active" and claim.get("use") == "claim"
        if not counts or served[:4] != str(year):
            continue
        for total in items(claim.get("total")):
            for _, code in tokens(total.get("category")):
                if code in sums:
                    sums[code] += Decimal(str(total["amount"]["value"]))
    paid = sums.pop("paidtoprovider")
    return Used(sums["deductible"], sum(sums.values(), Decimal(0)), paid)


def _item(
    plan: Plan, unit: str, network: Network, used: Used, deductible: int, pocket: int
) -> Json:
    benefits = [
        ("deductible", "Deductible", deductible, used.deductible),
        ("copay-maximum", "Out-of-pocket limit", pocket, used.out_of_pocket),
    ]
    if unit == "individual":
        benefits.append(("benefit", "Annual maximum", plan.annual_maximum, used.paid))
    return {
        "category": _concept("ex-benefitcategory", _CATEGORY[plan.line], plan.line),
        "network": _concept("benefit-network", network, _NETWORKS[network]),
        "unit": _concept("benefit-unit", unit, unit),
        "term": _concept("benefit-term", "annual", "Calendar year"),
        "benefit": [
            {
                "type": _concept("benefit-type", code, text),
                "allowedMoney": {"value": cents / 100, "currency": "USD"},
                "usedMoney": {"value": float(amount), "currency": "USD"},
            }
            for code, text, cents, amount in benefits
            # A plan without a deductible says so.
            if cents or (code == "deductible" and network == "in")
        ],
    }


def _service(rule: Rule, plan: Plan, network: Network) -> dict[str, Any]:
    """What the plan says of one service. Emergency care is the same at both levels."""
    category = _VISION if rule.vision else _CATEGORY[plan.line]
    level: Network = "in" if rule.share == "emergency" else network
    outside = level == "out" and not plan.pays_outside
    item: dict[str, Any] = {
        "category": _concept("ex-benefitcategory", category, plan.line),
        "productOrService": {
            "coding": [{"system": rule.system, "code": rule.code}],
            "text": rule.text,
        },
        "excluded": rule.excluded or outside,
        "network": _concept("benefit-network", network, _NETWORKS[network]),
        "authorizationRequired": rule.approval,
    }
    if not item["excluded"]:
        item["benefit"] = list(_shares(rule, plan, level))
    return item


def _shares(rule: Rule, plan: Plan, network: Network) -> Iterable[Json]:
    amount = copay(rule, plan) if network == "in" else None
    if amount is not None:
        yield {
            "type": _concept("benefit-type", "copay", "Copayment"),
            "allowedMoney": {"value": amount / 100, "currency": "USD"},
        }
    else:
        yield {
            "type": _concept("benefit-type", "copay-percent", "Coinsurance"),
            "allowedUnsignedInt": percent(rule, plan, network),
        }
    limits = plan.deductible if network == "in" else plan.out_deductible
    applies = bool(limits) and (network == "out" or rule.share == "deductible")
    yield {
        "type": _concept("benefit-type", "deductible", "Deductible"),
        "allowedString": "applies" if applies else "does not apply",
    }
    if rule.visits:
        yield {
            "type": _concept("benefit-type", "visit", "Visits a calendar year"),
            "allowedUnsignedInt": rule.visits,
        }
    if rule.allowance:
        yield {
            "type": _concept("benefit-type", "benefit", "Allowance"),
            "allowedMoney": {"value": rule.allowance / 100, "currency": "USD"},
        }


def _concept(system: str, code: str, text: str) -> Json:
    return {"coding": [{"system": _TERMINOLOGY + system, "code": code}], "text": text}
