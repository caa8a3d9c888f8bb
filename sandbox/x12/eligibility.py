"""270 in, 271 out: which plans a person has had, what they pay, what is used and left.

What is said is the same as in the FHIR answers of the other companies; only the form differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from sandbox.eligibility import eligibility
from sandbox.parameters import Json, items, tokens
from sandbox.population.plans import PLANS, Product
from sandbox.profiles import Profile
from sandbox.store import Filter, Store, parameter_number, reference_match
from sandbox.x12 import people
from sandbox.x12.interchange import Elements, Transaction, element

# EB01: active, pending, inactive; then what kind of benefit an EB tells.
_STATUS = {"active": "1", "draft": "5"}
_INACTIVE = "6"
_COINSURANCE, _COPAY, _DEDUCTIBLE, _LIMITATION, _OUT_OF_POCKET, _NOT_COVERED = "ABCFGI"
_TOTALS = {"deductible": _DEDUCTIBLE, "copay-maximum": _OUT_OF_POCKET, "benefit": _LIMITATION}
# EB03, service types: a plan as a whole, and the visits that stand on a card.
_LINES = {"medical": "30", "dental": "35", "behavioral": "MH", "pharmacy": "88"}
_LINE_MARKS = (("dent", "35"), ("pharm", "88"), ("drug", "88"), ("mental", "MH"))
_VISITS = {
    "gpvisit": ("98", "PRIMARY CARE"),
    "spvisit": ("98", "SPECIALIST"),
    "urgentcare": ("UC", ""),
    "emergency": ("86", ""),
}
# EB04, insurance type.
_PRODUCTS: dict[Product, str] = {
    "HMO": "HM",
    "POS": "PS",
    "PPO": "PR",
    "Medicare Advantage HMO": "HN",
    "Dental PPO": "PR",
    "Behavioral": "C1",
    "Drug": "C1",
}
_CALENDAR_YEAR, _REMAINING = "23", "29"
_UNITS = {"individual": "IND", "family": "FAM"}
_IN_NETWORK = {"in": "Y", "out": "N"}
_APPROVALS: dict[object, str] = {True: "Y", False: "N"}
_RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19"}


def answer(
    store: Store, profile: Profile, request: Transaction, today: date, now: datetime
) -> Iterator[Elements]:
    """The body of the 271."""
    levels, asked = people.Levels(), people.Asked.read(request)
    found = people.find(store, asked)
    requester = request.first("NM1", "1P")
    yield people.header(("0022", "11", ""), request, now)
    yield levels.next("20", child=True)
    yield people.payer(profile)
    yield levels.next("21", child=True)
    yield ("NM1", "1P", "2", element(requester, 3), *[""] * 4, "XX", element(requester, 9))
    yield levels.next("22", child=False)
    yield ("TRN", "2", asked.trace, f"9{profile.payer_id:0<9.9}")
    if isinstance(found, str):
        yield ("NM1", "IL", "1", asked.family, asked.given, *[""] * 3, "MI", asked.member_id)
        yield ("AAA", "N", "", found, "C")
        return
    yield people.subscriber(found, asked)
    yield from people.address(found)
    yield people.demographics(found)
    patient = f"Patient/{found['id']}"
    own = store.find(
        "Coverage",
        Filter(0, (reference_match(parameter_number("Coverage", "patient"), [patient]),)),
    )
    yield from _relation(own)
    told = eligibility(store, profile, _fhir_request(patient, request, today), today)
    benefits = {each["coverage"]["reference"]: each for each in told["insurance"]}
    for coverage in own:
        yield from _plan(coverage, benefits.get(f"Coverage/{coverage['id']}", {}), today)
    yield ("MSG", f"CLAIMS PROCESSED THROUGH {today:%Y%m%d}")


def _fhir_request(patient: str, request: Transaction, today: date) -> Json:
    """The same question in FHIR: the day (the first of a span), and the procedures asked about."""
    days = element(request.first("DTP", "291"), 3).partition("-")[0]
    served = f"{days[:4]}-{days[4:6]}-{days[6:]}" if len(days) == 8 else today.isoformat()
    procedures = [element(part, 2).partition(":")[2] for part in request.all("EQ")]
    asked: Json = {"patient": {"reference": patient}, "servicedDate": served}
    codes = [{"productOrService": {"coding": [{"code": c}]}} for c in procedures if c]
    return {**asked, "item": codes} if codes else asked


def _relation(coverages: list[Json]) -> Iterator[Elements]:
    for coverage in coverages[:1]:
        said = {code for _, code in tokens(coverage.get("relationship"))}
        code = next((_RELATIONSHIPS[each] for each in said if each in _RELATIONSHIPS), "G8")
        yield ("INS", "Y" if code == "18" else "N", code)


def _plan(coverage: Json, insurance: Json, today: date) -> Iterator[Elements]:
    """The plan as a whole with its numbers and dates, and then what it pays. One that covers
    nobody today is inactive, with the dates of its time; one that never counted has none.
    """
    classes: dict[str, Json] = {}
    for item in items(coverage.get("class")):
        for _, code in tokens(item.get("type")):
            classes.setdefault(code, item)
    line, kind = _line(coverage, classes), _kind(classes)
    name = str(classes.get("plan", {}).get("name", ""))
    status = _STATUS.get(str(coverage.get("status")))
    period = (coverage.get("period") or {}) if status else {}
    if status and not _covers(period, today):
        status = _INACTIVE if coverage["status"] == "active" else status
    yield ("EB", status or _INACTIVE, "IND", line, kind, name)
    for code, qualifier in (("plan", "18"), ("group", "6P"), ("network", "N6")):
        each = classes.get(code, {})
        if each.get("value"):
            yield ("REF", qualifier, str(each["value"]), str(each.get("name", "")))
    for qualifier, day in (("346", period.get("start")), ("347", period.get("end"))):
        digits = str(day or "")[:10].replace("-", "")
        if len(digits) == 8:
            yield ("DTP", qualifier, "D8", digits)
    if not insurance.get("inforce"):
        return
    for cost in items(coverage.get("costToBeneficiary")):
        for _, code in tokens(cost.get("type")):
            if code in _VISITS:
                service, words = _VISITS[code]
                amount = _dollars(cost.get("valueMoney"))
                yield _benefit(_COPAY, "IND", service, kind=kind, name=name, amount=amount)
                if words:
                    yield ("MSG", words)
    for item in items(insurance.get("item")):
        if item.get("productOrService"):
            yield from _service(item, kind, name)
        else:
            yield from _totals(item, line, kind, name)


def _totals(item: Json, line: str, kind: str, name: str) -> Iterator[Elements]:
    """A year's limit and what remains of it."""
    unit, network = _code(item.get("unit")), _code(item.get("network"))
    for benefit in items(item.get("benefit")):
        code = _TOTALS.get(_code(benefit.get("type")))
        limit, used = _dollars(benefit.get("allowedMoney")), _dollars(benefit.get("usedMoney"))
        if code is None or limit is None:
            continue
        left = None if used is None else max(limit - used, Decimal(0))
        for period, amount in ((_CALENDAR_YEAR, limit), (_REMAINING, left)):
            if amount is not None:
                yield _benefit(
                    *(code, _UNITS.get(unit, ""), line),
                    kind=kind,
                    name=name,
                    period=period,
                    amount=amount,
                    in_network=_IN_NETWORK.get(network, ""),
                )


def _service(item: Json, kind: str, name: str) -> Iterator[Elements]:
    """What the plan says of one procedure (EB13): the share, approval, visits, its words."""
    system, code = next(iter(tokens(item["productOrService"])), ("", ""))
    procedure = ("AD" if "cdt" in system else "HC", code)
    shares = {_code(benefit.get("type")): benefit for benefit in items(item.get("benefit"))}
    network = _IN_NETWORK.get(_code(item.get("network")), "")
    approval = _APPROVALS.get(item.get("authorizationRequired"), "U")
    tell = partial(
        _benefit, kind=kind, name=name, in_network=network, approval=approval, procedure=procedure
    )
    if item.get("excluded"):
        yield tell(_NOT_COVERED, "IND", "")
    elif "copay" in shares:
        amount = _dollars(shares["copay"].get("allowedMoney"))
        yield tell(_COPAY, "IND", "", amount=amount)
    else:
        percent = shares.get("copay-percent", {}).get("allowedUnsignedInt")
        share = None if percent is None else Decimal(percent) / 100
        yield tell(_COINSURANCE, "IND", "", percent=share)
    visits = shares.get("visit", {}).get("allowedUnsignedInt")
    if visits:
        yield ("HSD", "VS", str(visits), "", "", _CALENDAR_YEAR, "1")
    yield ("MSG", str(item["productOrService"].get("text", "")).upper())
    if shares.get("deductible", {}).get("allowedString") == "applies":
        yield ("MSG", "DEDUCTIBLE APPLIES")
    allowance = _dollars(shares.get("benefit", {}).get("allowedMoney"))
    if allowance is not None:
        yield tell(_LIMITATION, "IND", "", period=_CALENDAR_YEAR, amount=allowance)


def _benefit(
    code: str,
    unit: str,
    service: str,
    *,
    kind: str,
    name: str,
    period: str = "",
    amount: Decimal | None = None,
    percent: Decimal | None = None,
    approval: str = "",
    in_network: str = "Y",
    procedure: tuple[str, str] | str = "",
) -> Elements:
    """An EB segment. EB11: approval needed; EB12: in network; EB13: the procedure."""
    money = "" if amount is None else f"{amount:.2f}"
    share = "" if percent is None else f"{percent:.2f}"
    return (
        *("EB", code, unit, service, kind, name, period, money, share, "", ""),
        *(approval, in_network, procedure),
    )


def _line(coverage: Json, classes: dict[str, Json]) -> str:
    """The service type of the plan; of one that is not ours, by the type that it names."""
    plan = PLANS.get(str(classes.get("plan", {}).get("value")))
    if plan:
        return _LINES[plan.line]
    said = str(coverage.get("type", "")).lower()
    return next((code for mark, code in _LINE_MARKS if mark in said), "30")


def _kind(classes: dict[str, Json]) -> str:
    plan = PLANS.get(str(classes.get("plan", {}).get("value")))
    return _PRODUCTS[plan.product] if plan else ""


def _covers(period: Json, today: date) -> bool:
    start, end = str(period.get("start", ""))[:10], str(period.get("end", ""))[:10] or "9999"
    return start <= today.isoformat() <= end


def _code(concept: object) -> str:
    return next((code for _, code in tokens(concept)), "")


def _dollars(value: object) -> Decimal | None:
    if not isinstance(value, dict) or value.get("value") is None:
        return None
    return Decimal(str(value["value"])).quantize(Decimal("0.01"))
