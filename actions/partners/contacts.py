"""A FHIR Patient's telecom, read into the domain's contacts."""

from __future__ import annotations

from typing import Any

from actions.partners.fhir_values import (
    Json,
    decimal,
    items,
    part,
    span,
)
from alliance.contacts import Contact, ContactFile, ContactKind


def contact_file(patient: Json) -> ContactFile:
    """The contacts in use, by rank. A phone without a use is a mobile only if it says so: to
    anything else a code is spoken, which a mobile takes as well.
    """
    identifiers = items(patient.get("identifier")) or [{}]
    entries = [e for e in items(patient.get("telecom")) if _in_use(e)]
    entries.sort(key=lambda entry: decimal(entry.get("rank")) or 99)
    return ContactFile(
        str(identifiers[0].get("value", "")),
        tuple(contact for entry in entries if (contact := _contact(entry))),
        _home(patient),
    )


def _home(patient: Json) -> str | None:
    for address in items(patient.get("address")):
        ended = part(address.get("period")).get("end")
        if address.get("use") != "old" and not ended and address.get("city"):
            return ", ".join(str(each) for each in (address["city"], address.get("state")) if each)
    return None


def _in_use(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and bool(entry.get("value"))
        and entry.get("use") not in ("old", "temp")
        and not part(entry.get("period")).get("end")
    )


def _contact(entry: Json) -> Contact | None:
    kind: ContactKind
    match entry.get("system"):
        case "email":
            kind = "email"
        case "sms":
            kind = "mobile"
        case "phone":
            kind = "mobile" if entry.get("use") == "mobile" else "landline"
        case _:
            return None
    start = span(part(entry.get("period")).get("start"))
    # A day that is known only as a month or year counts from its last day.
    return Contact(kind, str(entry["value"]), start[1] if start else None)
