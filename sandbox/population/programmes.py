"""Invented spending accounts and health programmes. Amounts are US dollars."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sandbox.parameters import Json

# Members with a flexible spending account: elected, and spent so far, by plan year (0 is this one).
_ACCOUNTS: dict[tuple[str, str], dict[int, tuple[int, int]]] = {
    ("mvp", "M10010038"): {0: (1800, 640), 1: (1500, 1325)},
    ("cigna", "U10010001"): {0: (1000, 250)},
    ("preferred-care", "P10010003"): {0: (600, 600)},
}

WELLNESS: list[Json] = [
    {
        "code": "steps",
        "name": "Sample Steps Challenge",
        "text": "Walk with others for eight weeks.",
        "incentive": "$50 gift card",
    },
    {
        "code": "quit",
        "name": "Sample Quit Smoking Coaching",
        "text": "A coach by phone and nicotine patches at no cost.",
        "incentive": None,
    },
    {
        "code": "gym",
        "name": "Sample Fitness Refund",
        "text": "Part of a gym's fee back after 50 visits in six months.",
        "incentive": "up to $200 a year",
    },
]

DISEASE_MANAGEMENT: list[Json] = [
    {
        "code": "diabetes",
        "name": "Sample Living with Diabetes",
        "text": "A nurse calls once a month; test strips at no cost.",
        "phone": "1-800-555-0141",
    },
    {
        "code": "asthma",
        "name": "Sample Breathe Easier",
        "text": "An action plan and a nurse's advice for asthma.",
        "phone": "1-800-555-0142",
    },
    {
        "code": "heart",
        "name": "Sample Heart Health",
        "text": "Help after a heart attack or with heart failure.",
        "phone": "1-800-555-0143",
    },
]


MATERNITY: list[Json] = [
    {
        "code": "maternity",
        "name": "Sample Healthy Beginnings",
        "text": "A nurse calls during pregnancy and after the birth.",
        "phone": "1-800-555-0144",
    },
]

MAIL_PHARMACY: Json = {"name": "Sample Mail Pharmacy", "phone": "1-800-555-0151"}
# Mail orders by member: drug, days since it was ordered, days to ship and to arrive, refills left.
_MAIL_ORDERS: dict[tuple[str, str], list[tuple[str, int, int, int, int]]] = {
    ("mvp", "M10010002"): [("lisinopril 10 mg oral tablet", 4, 2, 7, 3)],
    ("cigna", "U10010001"): [("metformin 500 mg oral tablet", 1, 3, 8, 1)],
    ("preferred-care", "P10010036"): [("amlodipine 5 mg oral tablet", 75, 2, 6, 0)],
}
_MAIL_SUPPLY_DAYS = 90
_REFILL_DAYS_BEFORE = 14


def mail_orders(partner: str, member_id: str, today: date) -> list[dict[str, Any]]:
    """A member's mail orders of a 90-day supply each, the newest first."""
    found = []
    for index, (drug, ago, ships, arrives, refills) in enumerate(
        _MAIL_ORDERS.get((partner, member_id), [])
    ):
        ordered = today - timedelta(days=ago)
        shipped, expected = ordered + timedelta(days=ships), ordered + timedelta(days=arrives)
        state = "delivered" if expected < today else "shipped" if shipped <= today else "processing"
        found.append(
            {
                "number": f"RX-555{int(member_id[-4:]):05d}{index}",
                "drug": drug,
                "days_supply": _MAIL_SUPPLY_DAYS,
                "state": state,
                "ordered": ordered.isoformat(),
                "shipped": shipped.isoformat() if shipped <= today else None,
                "expected": expected.isoformat(),
                "refills_left": refills,
                "refill_from": (
                    expected + timedelta(days=_MAIL_SUPPLY_DAYS - _REFILL_DAYS_BEFORE)
                ).isoformat(),
            }
        )
    return found


def eligible(programme: str, member_id: str) -> bool:
    """Which programmes a member is offered: one or two, by the last digit of the ID."""
    digit = int(member_id[-1]) if member_id[-1].isdigit() else 0
    order = [item["code"] for item in DISEASE_MANAGEMENT]
    return programme in {order[digit % 3], order[digit // 4 % 3]}


def accounts(partner: str, member_id: str, today: date) -> list[dict[str, Any]]:
    """A member's accounts, the newest year first.

    A plan year is the calendar year, with a grace period to 15 March and claims taken until
    31 March; what is left after that is lost.
    """
    found = []
    for back, (elected, spent) in sorted(_ACCOUNTS.get((partner, member_id), {}).items()):
        year = today.year - back
        run_out = date(year + 1, 3, 31)
        found.append(
            {
                "kind": "health FSA",
                "plan_year": {"start": f"{year}-01-01", "end": f"{year}-12-31"},
                "elected": elected,
                "spent": spent,
                "available": elected - spent if today <= run_out else 0,
                "forfeited": elected - spent if today > run_out else 0,
                "last_service_date": f"{year + 1}-03-15",
                "claims_until": run_out.isoformat(),
                "carry_over": None,
            }
        )
    return found
