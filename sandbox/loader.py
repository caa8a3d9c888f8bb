"""Loads foreign FHIR R4 files beside a partner's generated data.

What is loaded survives every rebuild. The files' own employer groups and member-ID systems are
registered in `partners.d/KEY.json`, which the assistant merges over its configuration.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sandbox.errors import SandboxError
from sandbox.parameters import Json, date_span, items, reference_target, tokens
from sandbox.population.build import store_path
from sandbox.population.calendar import ALLIANCE_START
from sandbox.profiles import Profile
from sandbox.store import Filter, Store, parameter_number, reference_match

_TYPE_NAME = re.compile(r"[A-Z][A-Za-z]+")
# HL7 v2-0203 identifier types: member numbers, and those of other offices (social security,
# driver's licence, passport, medical record, social beneficiary).
_MEMBER_NUMBERS = frozenset({"MB", "UMB"})
_OTHER_NUMBERS = frozenset({"SS", "DL", "PPN", "MR", "SB"})
_BATCH_TYPES = frozenset({"batch-response", "transaction-response"})


@dataclass(frozen=True)
class Loaded:
    """How many resources were stored, and the overlay file that was written."""

    resources: int
    overlay: Path


def load(profile: Profile, group: str, files: Sequence[Path], data: Path) -> Loaded:
    """Store all resources of the files, or none: SandboxError says in one sentence what is wrong.

    Patients who have no Coverage of their own that names a group (and reaches into the alliance's
    time) count as members of `group`.
    """
    resources = [resource for path in files for resource in read_file(path)]
    if not resources:
        raise SandboxError("The files hold no resources: give a resource, a Bundle or NDJSON.")
    store = Store(store_path(data, profile))
    try:
        with store.writing():
            store.put(resources, "loaded")
        overlay = data / "partners.d" / f"{profile.key}.json"
        _register(store, resources, group, overlay)
    finally:
        store.close()
    return Loaded(len(resources), overlay)


def read_file(path: Path) -> list[Json]:
    """The resources of a JSON resource, Bundle or NDJSON file, each with an id."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise SandboxError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SandboxError(f"{path} is not UTF-8 text: FHIR JSON is.") from error
    try:
        documents = [json.loads(text)]
    except ValueError:
        documents = _lines(path, text)
    resources = [found for document in documents for found in _unpack(document, path)]
    return resources


def _lines(path: Path, text: str) -> list[Any]:
    documents = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                documents.append(json.loads(line))
            except ValueError as error:
                raise SandboxError(
                    f"{path} is neither JSON nor NDJSON: line {number} does not parse."
                ) from error
    return documents


def _unpack(document: Any, path: Path) -> Iterator[Json]:
    if not isinstance(document, dict) or not _is_type(document.get("resourceType")):
        raise SandboxError(f"{path} is not FHIR: a resource has a resourceType.")
    if document["resourceType"] != "Bundle" or document.get("type") in _BATCH_TYPES:
        yield _with_id(document, None)
        return
    entries = document.get("entry", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SandboxError(f"{path} is not a FHIR Bundle: its entry is not a list of entries.")
    pairs = [(e["resource"], e.get("fullUrl")) for e in entries if e.get("resource")]
    found = []
    names = {}
    for resource, full_url in pairs:
        if not isinstance(resource, dict) or not _is_type(resource.get("resourceType")):
            raise SandboxError(f"{path}: an entry of the Bundle has no resourceType.")
        named = _with_id(resource, full_url)
        found.append(named)
        if full_url:
            names[full_url] = f"{named['resourceType']}/{named['id']}"
    # Inside a Bundle references may use the entries' own temporary names.
    local = {name: target for name, target in names.items() if name.startswith("urn:")}
    for resource in found:
        if resource["resourceType"] == "Bundle":
            yield from _unpack(resource, path)
        else:
            yield _resolve(resource, local) if local else resource


def _is_type(name: object) -> bool:
    return isinstance(name, str) and _TYPE_NAME.fullmatch(name) is not None


def _with_id(resource: Json, full_url: str | None) -> Json:
    """The resource with an id: its own, its address's last part, or one made from its content."""
    if isinstance(resource.get("id"), str) and resource["id"]:
        return resource
    if full_url:
        return {**resource, "id": re.split(r"[/:]", full_url)[-1]}
    content = json.dumps(resource, sort_keys=True).encode()
    return {**resource, "id": "loaded-" + hashlib.sha256(content).hexdigest()[:16]}


def _resolve(node: Any, names: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {
            key: names.get(value, value)
            if key == "reference" and isinstance(value, str)
            else _resolve(value, names)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_resolve(item, names) for item in node]
    return node


# Registration


def _register(store: Store, resources: list[Json], group: str, path: Path) -> None:
    """Merge the files' groups, ID systems and ID patterns over those of earlier loads."""
    overlay = _read_overlay(path)
    coverages = [r for r in resources if r["resourceType"] == "Coverage"]
    groups = {group} | {name for coverage in coverages for name in _groups(coverage)}
    identifiers = {
        pair
        for resource in resources
        if resource["resourceType"] in ("Patient", "Coverage")
        for pair in member_identifiers(resource)
    }
    overlay["alliance_groups"] = _merged(overlay["alliance_groups"], groups)
    overlay["member_id_systems"] = _merged(
        overlay["member_id_systems"], {system for system, _ in identifiers if system}
    )
    overlay["member_id_patterns"] = _merged(
        overlay["member_id_patterns"], {member_id_pattern(value) for _, value in identifiers}
    )
    patients = {r["id"] for r in resources if r["resourceType"] == "Patient"}
    patients |= {
        reference_target(c["beneficiary"]["reference"]).removeprefix("Patient/")
        for c in coverages
        if isinstance(c.get("beneficiary"), dict) and c["beneficiary"].get("reference")
    }
    for patient in patients:
        if _has_group(store, patient):
            overlay["patients"].pop(patient, None)
        else:
            overlay["patients"][patient] = group
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(overlay, indent=2, ensure_ascii=False) + "\n", "utf-8")
    os.replace(unfinished, path)


def _read_overlay(path: Path) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "alliance_groups": [],
        "member_id_systems": [],
        "member_id_patterns": [],
        "patients": {},
    }
    if not path.exists():
        return empty
    try:
        earlier: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise SandboxError(f"{path} is damaged: delete it and load the files again.") from error
    return empty | earlier


def _merged(old: list[str], new: set[str]) -> list[str]:
    return sorted({*old, *new})


def _groups(coverage: Json) -> list[str]:
    """The employer groups that a Coverage names."""
    return [
        str(item["value"])
        for item in items(coverage.get("class"))
        if item.get("value") and any(code == "group" for _, code in tokens(item.get("type")))
    ]


def _has_group(store: Store, patient: str) -> bool:
    """Whether a Coverage of their own names a group, at a time when the alliance existed."""
    pid = parameter_number("Coverage", "patient")
    own = Filter(0, (reference_match(pid, [f"Patient/{patient}"]),))
    return any(
        _groups(coverage) and _ends(coverage) >= ALLIANCE_START.isoformat()
        for coverage in store.find("Coverage", own)
    )


def _ends(coverage: Json) -> str:
    period = coverage.get("period")
    text = period.get("end") if isinstance(period, dict) else None
    span = date_span(text) if isinstance(text, str) else None
    return span[1] if span else "9999"


def member_identifiers(resource: Json) -> list[tuple[str, str]]:
    """(system, value) of the identifiers typed as a member number; of a Patient, if none is typed
    so, of all that are no other office's number.

    A Coverage's other identifiers name the contract and not the person.
    """
    identifiers = [item for item in items(resource.get("identifier")) if item.get("value")]
    kinds = [{code for _, code in tokens(item.get("type") or {})} for item in identifiers]
    pairs = list(zip(identifiers, kinds, strict=True))
    chosen = [item for item, kind in pairs if kind & _MEMBER_NUMBERS]
    if not chosen and resource["resourceType"] == "Patient":
        chosen = [item for item, kind in pairs if not kind & _OTHER_NUMBERS]
    return [(str(item.get("system", "")), str(item["value"])) for item in chosen]


def member_id_pattern(value: str) -> str:
    """A regular expression for IDs of the same make: letters stay, in capitals; digits may vary."""
    parts = []
    for is_digit, run in groupby(value.upper(), key=str.isdigit):
        text = "".join(run)
        parts.append(rf"\d{{{len(text)}}}" if is_digit else re.escape(text))
    return "".join(parts)
