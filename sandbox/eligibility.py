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
from sandbox.population.plans import PLANS, Plan
from sandbox.population.services import SERVICES
from sandbox.profiles import Profile
from sandbox.store import Filter, Store, parameter_number, reference_match

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
_CATEGORY = {"medical": "1", "dental": "35", "behavioral": "MH", "pharmacy": "88"}
# Services that need approval beforehand, whatever the plan.
_APPROVAL = ("mri", "surgery", "hospital-stay", "therapy")
_NO_APPROVAL = ("office", "specialist", "urgent", "emergency", "lab", "x-ray")


@dataclass(frozen=True)
class Used:
    """What claims of one plan year have used, in dollars."""

    deductible: Decimal
    out_of_pocket: Decimal


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
    insurances = [
        _insurance(store, reference, coverage, day)
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


def _serviced(request: Json, today: date) -> date:
    text = request.get("servicedDate") or (request.get("servicedPeriod") or {}).get("start")
    span = date_span(str(text)) if text else None
    return date.fromisoformat(span[0][:10]) if span else today


def _coverages(store: Store, name: str, target: str) -> list[Json]:
    pid = parameter_number("Coverage", name)
    return store.find("Coverage", Filter(0, (reference_match(pid, [target]),)))


def _insurance(store: Store, reference: str, coverage: Json, day: date) -> Json:
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
        if plan.line == "medical":
            insurance["item"] += [_service(key, needed=True) for key in _APPROVAL]
            insurance["item"] += [_service(key, needed=False) for key in _NO_APPROVAL]
    return insurance


def _plan(coverage: Json) -> Plan | None:
    for item in items(coverage.get("class")):
        if any(code == "plan" for _, code in tokens(item.get("type"))):
            return PLANS.get(str(item.get("value")))
    return None


def _accumulators(
    store: Store, reference: str, coverage: Json, plan: Plan, year: int
) -> Iterable[Json]:
    """One item for the person and one for the family; a family's carries no breakdown."""
    one = _used(store, [reference], year)
    yield _item(plan, "individual", one, plan.deductible, plan.out_of_pocket)
    if plan.family_deductible or plan.family_out_of_pocket:
        subscriber = reference_target(coverage["subscriber"]["reference"])
        family = [
            f"Coverage/{other['id']}"
            for other in _coverages(store, "subscriber", subscriber)
            if _plan(other) == plan
        ]
        total = _used(store, family, year)
        yield _item(plan, "family", total, plan.family_deductible, plan.family_out_of_pocket)


def _used(store: Store, coverages: list[str], year: int) -> Used:
    pid = parameter_number("ExplanationOfBenefit", "coverage")
    claims = store.find("ExplanationOfBenefit", Filter(0, (reference_match(pid, coverages),)))
    sums = {"deductible": Decimal(0), "copay": Decimal(0), "coinsurance": Decimal(0)}
    for claim in claims:
        served = str((claim.get("billablePeriod") or {}).get("start", ""))
        counts = claim.get("status") == "active" and claim.get("use") == "claim"
        if not counts or served[:4] != str(year):
            continue
        for total in items(claim.get("total")):
            for _, code in tokens(total.get("category")):
                if code in sums:
                    sums[code] += Decimal(str(total["amount"]["value"]))
    return Used(sums["deductible"], sum(sums.values(), Decimal(0)))


def _item(plan: Plan, unit: str, used: Used, deductible: int, pocket: int) -> Json:
    benefits = [
        ("deductible", "Deductible", deductible, used.deductible),
        ("copay-maximum", "Out-of-pocket limit", pocket, used.out_of_pocket),
    ]
    return {
        "category": _concept("ex-benefitcategory", _CATEGORY[plan.line], plan.line),
        "network": _concept("benefit-network", "in", "In network"),
        "unit": _concept("benefit-unit", unit, unit),
        "term": _concept("benefit-term", "annual", "Calendar year"),
        "benefit": [
            {
                "type": _concept("benefit-type", code, text),
                "allowedMoney": {"value": cents / 100, "currency": "USD"},
                "usedMoney": {"value": float(amount), "currency": "USD"},
            }
            for code, text, cents, amount in benefits
            if cents
        ],
    }


def _service(key: str, *, needed: bool) -> dict[str, Any]:
    service = SERVICES[key]
    return {
        "productOrService": {
            "coding": [{"system": service.system, "code": service.code}],
            "text": service.text,
        },
        "network": _concept("benefit-network", "in", "In network"),
        "authorizationRequired": needed,
    }


def _concept(system: str, code: str, text: str) -> Json:
    return {"coding": [{"system": _TERMINOLOGY + system, "code": code}], "text": text}
