"""Benefits over FHIR: CoverageEligibilityRequest/$submit, and the digital card of a Coverage.

Source: FHIR R4 CoverageEligibilityResponse with HL7's benefit types; CARIN Digital Insurance Card
(C4DIC-Coverage, its extended copay types) for what stands on a card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from actions.partners.fhir_values import (
    codes,
    day,
    items,
    money,
    part,
    reference_id,
    texts,
    words,
)
from alliance.benefits import (
    Accumulator,
    AccumulatorKind,
    Benefits,
    Card,
    CostShare,
    NetworkLevel,
    ServiceRule,
    Unit,
)
from alliance.coverage import Coverage
from alliance.verified import Membership

Json = Mapping[str, Any]

# CPT, HCPCS and CDT by the form of the code, as a request has to name the system.
_SYSTEMS = (
    (re.compile(r"\d{5}|\d{4}[A-Z]"), "http://www.ama-assn.org/go/cpt"),
    (re.compile(r"D\d{4}"), "http://www.ada.org/cdt"),
    (re.compile(r"[A-Z]\d{4}"), "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"),
)
_KINDS: dict[str, AccumulatorKind] = {
    "deductible": "deductible",
    "copay-maximum": "out_of_pocket",
    "benefit": "annual_maximum",
}
_NETWORKS: dict[str, NetworkLevel] = {"in": "in", "out": "out"}
_UNITS: dict[str, Unit] = {"individual": "individual", "family": "family"}
_PROCESSED = re.compile(r"processed\s+through\s+(\d{4}-\d{2}-\d{2})", re.IGNORECASE)


def request(
    membership: Membership, coverages: Sequence[Coverage], on: date, service_codes: Iterable[str]
) -> dict[str, Any]:
    """The CoverageEligibilityRequest for a day, and for single services where codes are given."""
    asked: dict[str, Any] = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["auth-requirements", "benefits", "validation"],
        "patient": {"reference": f"Patient/{membership.patient_id}"},
        "servicedDate": on.isoformat(),
        "created": on.isoformat(),
        "insurance": [{"coverage": {"reference": f"Coverage/{each.id}"}} for each in coverages],
    }
    items = [
        {"productOrService": {"coding": [{"system": _system(code), "code": code}]}}
        for code in sorted(service_codes)
    ]
    return {**asked, "item": items} if items else asked


def _system(code: str) -> str:
    return next((system for form, system in _SYSTEMS if form.fullmatch(code)), "")


def benefits(
    response: Json, membership: Membership, coverages: Sequence[Coverage], on: date
) -> list[Benefits]:
    """What a CoverageEligibilityResponse says of these coverages; nothing of any other, and
    nothing when it is about somebody else.
    """
    if reference_id(response.get("patient")) != membership.patient_id:
        return []
    by_id = {each.id: each for each in coverages}
    processed = _PROCESSED.search(str(response.get("disposition", "")))
    found = []
    for insurance in items(response.get("insurance")):
        covered = by_id.get(reference_id(insurance.get("coverage")) or "")
        if covered is None:
            continue
        period = part(insurance.get("benefitPeriod"))
        in_force = insurance.get("inforce")
        found.append(
            Benefits(
                partner=membership.partner,
                coverage_id=covered.id,
                line=covered.line,
                on=on,
                in_force=in_force if isinstance(in_force, bool) else None,
                processed_through=day(processed.group(1)) if processed else None,
                year_start=day(period.get("start")),
                year_end=day(period.get("end")),
                accumulators=tuple(_accumulators(insurance, covered)),
                services=tuple(_services(insurance)),
            )
        )
    return found


def _accumulators(insurance: Json, covered: Coverage) -> Iterable[Accumulator]:
    for item in items(insurance.get("item")):
        if item.get("productOrService"):
            continue
        for benefit in items(item.get("benefit")):
            kind = next((_KINDS[c] for c in codes(benefit.get("type")) if c in _KINDS), None)
            if kind:
                yield Accumulator(
                    partner=covered.partner,
                    coverage_id=covered.id,
                    kind=kind,
                    unit=_one(_UNITS, item.get("unit")),
                    network=_one(_NETWORKS, item.get("network")),
                    limit=money(benefit.get("allowedMoney")),
                    used=money(benefit.get("usedMoney")),
                )


def _services(insurance: Json) -> Iterable[ServiceRule]:
    for item in items(insurance.get("item")):
        if not item.get("productOrService"):
            continue
        said: dict[str, Json] = {}
        for benefit in items(item.get("benefit")):
            for code in codes(benefit.get("type")):
                said.setdefault(code, benefit)
        yield ServiceRule(
            text=words(item["productOrService"]) or str(item.get("name") or "the service"),
            codes=frozenset(codes(item["productOrService"])),
            network=_one(_NETWORKS, item.get("network")),
            excluded=_flag(item.get("excluded")),
            authorization_required=_flag(item.get("authorizationRequired")),
            copay=money(said.get("copay", {}).get("allowedMoney")),
            percent=_count(said.get("copay-percent", {})),
            visits=_count(said.get("visit", {})),
            allowance=money(said.get("benefit", {}).get("allowedMoney")),
            after_deductible=_applies(said.get("deductible", {})),
        )


def card(resource: Json, covered: Coverage, patient: Json) -> Card:
    """The card of a coverage that was read from this very resource (C4DIC-Coverage)."""
    classes: dict[str, Json] = {}
    for each in items(resource.get("class")):
        for code in codes(each.get("type")):
            classes.setdefault(code, each)

    def value(name: str) -> str | None:
        found = classes.get(name, {}).get("value")
        return str(found) if found else None

    return Card(
        partner=covered.partner,
        coverage_id=covered.id,
        line=covered.line,
        name=_name(patient),
        member_id=covered.member_id or None,
        subscriber_id=covered.subscriber_id,
        group=covered.group,
        group_name=covered.group_name,
        plan=covered.plan_name,
        network=covered.network_name,
        rx_bin=value("rxbin"),
        rx_pcn=value("rxpcn"),
        rx_group=value("rxgroup"),
        costs=tuple(_costs(resource)),
    )


def _costs(resource: Json) -> Iterable[CostShare]:
    for each in items(resource.get("costToBeneficiary")):
        code = next(iter(sorted(codes(each.get("type")))), None)
        quantity = part(each.get("valueQuantity"))
        amount = money(each.get("valueMoney"))
        percent = _whole(quantity.get("value")) if quantity.get("unit") == "%" else None
        if code and (amount is not None or percent is not None):
            yield CostShare(code, words(each.get("type")) or code, amount, percent)


def _name(patient: Json) -> str | None:
    names = [name for name in items(patient.get("name")) if name.get("use") != "old"]
    for name in names:
        parts = [*(texts(name.get("given"))), name.get("family") or ""]
        if any(parts):
            return " ".join(part for part in parts if part)
    return None


def _one(values: Mapping[str, Any], concept: Any) -> Any:
    found = {values[code] for code in codes(concept) if code in values}
    return found.pop() if len(found) == 1 else None


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _count(benefit: Json) -> int | None:
    return _whole(benefit.get("allowedUnsignedInt"))


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return int(value) if value == int(value) else None


def _applies(benefit: Json) -> bool | None:
    said = str(benefit.get("allowedString", "")).strip().lower()
    return {"applies": True, "does not apply": False}.get(said)
