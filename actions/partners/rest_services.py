"""What no guide covers, read from a partner's own REST: accounts, programs, mail orders.

Shapes: `sandbox/README.md`. What is missing or odd becomes None, never a wrong fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

from actions.partners.fhir_values import day, decimal, items
from alliance.pharmacy import MailOrder, MailService, MailState
from alliance.programmes import Enrolment, Programme, ProgrammeKind, SpendingAccount

Json = Mapping[str, Any]


def spending_accounts(document: Json, partner: str) -> list[SpendingAccount]:
    """The accounts, newest plan year first."""
    as_of = day(document.get("as_of"))
    found = []
    for each in items(document.get("accounts")):
        year = each.get("plan_year")
        year = year if isinstance(year, Mapping) else {}
        found.append(
            SpendingAccount(
                partner=partner,
                kind=str(each.get("kind") or "flexible spending account"),
                start=day(year.get("start")),
                end=day(year.get("end")),
                elected=decimal(each.get("elected")),
                spent=decimal(each.get("spent")),
                available=decimal(each.get("available")),
                forfeited=decimal(each.get("forfeited")),
                last_service_date=day(each.get("last_service_date")),
                claims_until=day(each.get("claims_until")),
                carry_over=decimal(each.get("carry_over")),
                as_of=as_of,
            )
        )
    return sorted(found, key=lambda each: str(each.start), reverse=True)


def programmes(document: Json, partner: str, kind: ProgrammeKind) -> list[Programme]:
    """The programs that the company offers the member; one without a name is left out."""
    return [
        Programme(
            partner=partner,
            kind=kind,
            code=str(each["code"]),
            name=str(each["name"]),
            text=str(each.get("text") or ""),
            phone=_text(each.get("phone")),
            incentive=_text(each.get("incentive")),
            enrolled=str(each.get("enrollment") or "none"),
        )
        for each in items(document.get("programmes"))
        if each.get("code") and each.get("name")
    ]


def enrolment(document: Json, partner: str) -> Enrolment | None:
    """The receipt, or None when there is no reference to it."""
    reference = _text(document.get("reference"))
    state = str(document.get("state") or "requested")
    return Enrolment(partner, reference, state) if reference else None


def mail_service(document: Json, partner: str) -> MailService | None:
    """The mail pharmacy with the member's orders; None when the company has none."""
    pharmacy = document.get("pharmacy")
    if not isinstance(pharmacy, Mapping) or not pharmacy.get("name"):
        return None
    return MailService(
        partner=partner,
        name=str(pharmacy["name"]),
        phone=_text(pharmacy.get("phone")),
        orders=tuple(
            MailOrder(
                number=str(each.get("number") or ""),
                drug=str(each.get("drug") or ""),
                state=_state(each.get("state")),
                ordered=day(each.get("ordered")),
                shipped=day(each.get("shipped")),
                expected=day(each.get("expected")),
                days_supply=_count(each.get("days_supply")),
                refills_left=_count(each.get("refills_left")),
                refill_from=day(each.get("refill_from")),
            )
            for each in items(document.get("orders"))
        ),
    )


def _state(value: Any) -> MailState:
    return cast(MailState, value) if value in get_args(MailState) else "unknown"


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
