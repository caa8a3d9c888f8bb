"""Small typed accessors over FHIR JSON. Missing or odd parts become None, never a wrong fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

Json = Mapping[str, Any]


def items(value: Any) -> list[Json]:
    """The objects of a list; nothing where there is something else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def part(value: Any) -> Json:
    """An object; an empty one where there is something else."""
    return value if isinstance(value, dict) else {}


def texts(value: Any) -> list[str]:
    """The strings of a list."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def codes(concept: Any) -> set[str]:
    """The codes of a CodeableConcept, or of a list of them."""
    # Thirty times for every claim: plain loops take half of the time of nested generators.
    found: set[str] = set()
    for each in concept if isinstance(concept, list) else (concept,):
        codings = each.get("coding") if isinstance(each, dict) else None
        if isinstance(codings, list):
            for coding in codings:
                if isinstance(coding, dict) and "code" in coding:
                    found.add(str(coding["code"]))
    return found


def words(concept: Any) -> str | None:
    """A CodeableConcept's text, or the first display that it carries."""
    if not isinstance(concept, dict):
        return None
    displays = (coding.get("display") for coding in items(concept.get("coding")))
    told = (each for each in (concept.get("text"), *displays) if each and isinstance(each, str))
    return next(told, None)


def day(value: Any) -> date | None:
    """A full FHIR date or dateTime's day; None for a partial date (a month is not a day)."""
    text = str(value or "")[:10]
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def span(value: Any) -> tuple[date, date] | None:
    """The first and last day that a FHIR date may mean: a day, a month ('2019-03') or a year."""
    text = str(value or "")[:10]
    whole = day(text)
    if whole:
        return whole, whole
    try:
        if len(text) == 7:
            first = date.fromisoformat(f"{text}-01")
            following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            return first, following - timedelta(days=1)
        return (date(int(text), 1, 1), date(int(text), 12, 31)) if len(text) == 4 else None
    except ValueError:
        return None


def money(value: Any) -> Decimal | None:
    """A Money's value in US dollars."""
    if not isinstance(value, dict) or value.get("currency", "USD") != "USD":
        return None
    return decimal(value.get("value"))


def decimal(value: Any) -> Decimal | None:
    """A FHIR decimal to the cent."""
    try:
        amount = None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if amount is None or amount.is_finite() else None


def reference_id(reference: Any) -> str | None:
    """The id in a Reference such as {"reference": "Patient/1"}, relative, absolute or versioned."""
    text = reference.get("reference") if isinstance(reference, dict) else None
    if not text:
        return None
    return str(text).split("/_history/")[0].rsplit("/", 1)[-1]


def extension(resource: Json, suffix: str) -> Iterator[Json]:
    """The extensions whose URL ends so (guides publish one extension under several bases)."""
    for each in items(resource.get("extension")):
        if str(each.get("url", "")).endswith(suffix):
            yield each


def resources(bundle: Json, resource_type: str) -> list[Json]:
    """The resources of a type in a Bundle, matches and included ones alike."""
    return [
        entry["resource"]
        for entry in items(bundle.get("entry"))
        if isinstance(entry.get("resource"), dict)
        and entry["resource"].get("resourceType") == resource_type
    ]


def next_link(bundle: Json) -> str | None:
    """The Bundle's next page, if there is one."""
    return next(
        (link.get("url") for link in items(bundle.get("link")) if link.get("relation") == "next"),
        None,
    )
