"""What members call a service, in the codes that companies know it by.

`alliance/data/service_codes.json` maps our keys of services (gazetteers/services.json) to CPT,
HCPCS and CDT codes. A word for many services ("surgery", "infusion", "foot care") has no code that
would be true of all of them and is not in it: the doctor's office has the code, and the answer says
so instead of "not covered".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from alliance.gazetteer import DATA

Visit = Literal["primary", "specialist", "urgent", "emergency"]
ServiceLine = Literal["medical", "dental", "vision"]

# The line of an ID card that a kind of visit is charged by (C4DIC copay types).
CARD_LINES: Mapping[Visit, str] = {
    "primary": "gpvisit",
    "specialist": "spvisit",
    "urgent": "urgentcare",
    "emergency": "emergency",
}
_PRIMARY = frozenset(
    {"primary_care", "family_medicine", "internal_medicine", "pediatrics", "geriatrics",
     "nurse_practitioner", "physician_assistant"}
)  # fmt: skip
_DENTISTS = frozenset(
    {"dentistry", "pediatric_dentistry", "oral_surgery", "endodontics", "periodontics"}
)
# Kinds of doctors and places whose usual service has a key of its own.
_USUAL = {
    "orthodontics": "braces",
    "optometry": "eye_exam",
    "chiropractic": "chiropractic_care",
    "physical_therapist": "physical_therapy",
    "acupuncture": "acupuncture_care",
    "therapy": "counseling",
    "psychology": "counseling",
    "urgent_care": "urgent_care_visit",
    "emergency_room": "emergency_visit",
    "hospital": "hospital_stay",
    "childrens_hospital": "hospital_stay",
    "lab": "blood_work",
    "mammography": "mammogram",
    "dialysis": "dialysis_treatment",
    "sleep_center": "sleep_study",
    "physical_therapy_clinic": "physical_therapy",
    "clinic": "office_visit",
    "birthing_center": "maternity_care",
}


@dataclass(frozen=True)
class BilledService:
    """A service as companies bill it. `visit` where it is charged as a kind of visit."""

    key: str
    codes: tuple[str, ...]
    line: ServiceLine
    visit: Visit | None


def billed_as(key: str | None, kind: str = "service") -> BilledService | None:
    """The billed service behind a named thing: a service, a kind of doctor or of place.

    `kind` is service, specialty or facility. None: it cannot be mapped.
    """
    if key is None:
        return None
    table = _table()
    usual = _USUAL.get(key, key)
    if usual in table:
        return table[usual]
    if kind != "specialty":
        return None
    if key in _DENTISTS:
        return table["dental_cleaning"]
    return table["office_visit" if key in _PRIMARY else "specialist_visit"]


def codes_of(key: str | None, kind: str = "service") -> tuple[str, ...]:
    """The billing codes behind a named thing; none where it cannot be mapped."""
    found = billed_as(key, kind)
    return found.codes if found else ()


@cache
def _table() -> Mapping[str, BilledService]:
    raw = json.loads((DATA / "service_codes.json").read_text("utf-8"))
    return {
        key: BilledService(
            key, tuple(entry["codes"]), entry.get("line", "medical"), entry.get("visit")
        )
        for key, entry in raw.items()
    }
