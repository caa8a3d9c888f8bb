"""What kind of care a resource is about, as far as disclosure asks: from labels and diagnoses.

Sources: HL7 v3 Confidentiality and ActCode (InformationSensitivityPolicy) for `meta.security`;
ICD-10-CM chapters and categories for diagnoses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from actions.partners.fhir_values import (
    codes,
    items,
    part,
)
from alliance.claims import ServiceCategory

Json = Mapping[str, Any]

# Confidentiality codes of ordinary records; every other label restricts.
_ORDINARY_LABELS = frozenset({None, "N", "M", "L", "U"})
_LABELS: dict[str, ServiceCategory] = {
    "42CFRPart2": "substance_use",
    "ETH": "substance_use",
    "ETHUD": "substance_use",
    "OPIOIDUD": "substance_use",
    "SUD": "substance_use",
    "BH": "behavioral",
    "MH": "behavioral",
    "PSY": "behavioral",
    "PSYTHPN": "behavioral",
    "SEX": "reproductive",
    "STD": "sexual_health",
    "HIV": "sexual_health",
    "SDV": "assault",
    "SV": "assault",
    "IPV": "assault",
}
# The first that fits decides; F17 is tobacco, which nobody has to keep from a parent by law.
_DIAGNOSES: tuple[tuple[re.Pattern[str], ServiceCategory], ...] = (
    (re.compile(r"F1[0-689]"), "substance_use"),
    (re.compile(r"F(?!17)"), "behavioral"),
    (re.compile(r"O|Z3[0-9A]|Z64\.?0"), "reproductive"),
    (
        re.compile(r"A5[0-9]|A6[0-4]|B20|Z21|R75|Z11\.?[34]|Z20\.?[26]|Z72\.?5"),
        "sexual_health",
    ),
    (re.compile(r"T7[46]\.?2|Z04\.?4"), "assault"),
)


def is_sensitive(resource: Json) -> bool:
    """Whether a security label restricts the resource."""
    return bool(_labels(resource) - _ORDINARY_LABELS)


def kinds_of_care(resource: Json) -> frozenset[ServiceCategory]:
    """The kinds of care that labels and diagnoses tell; empty for all other care."""
    found = {_LABELS[label] for label in _labels(resource) if label in _LABELS}
    for diagnosis in _diagnoses(resource):
        kind = next((kind for pattern, kind in _DIAGNOSES if pattern.match(diagnosis)), None)
        if kind:
            found.add(kind)
    return frozenset(found)


def _labels(resource: Json) -> set[str | None]:
    return {label.get("code") for label in items(part(resource.get("meta")).get("security"))}


def _diagnoses(resource: Json) -> Iterator[str]:
    for each in items(resource.get("diagnosis")):
        yield from (code.upper() for code in codes(each.get("diagnosisCodeableConcept")))
