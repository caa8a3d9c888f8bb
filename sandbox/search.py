"""FHIR search: from a query's parameters to filters on the store, and the Bundle that answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sandbox.errors import FhirError, operation_outcome
from sandbox.parameters import (
    NUCC,
    PARAMETERS,
    Parameter,
    date_span,
    parameters_for,
    reference_target,
)
from sandbox.profiles import Behaviour
from sandbox.store import (
    Filter,
    Match,
    Near,
    Store,
    chain_match,
    date_match,
    parameter_number,
    reference_match,
    references,
    string_match,
    system_match,
    token_match,
)

Pairs = Sequence[tuple[str, str]]

_PREFIX = re.compile(r"(eq|ne|ge|gt|le|lt|sa|eb)?(.+)")
_UNITS_IN_MILES = {"mi": 1.0, "mi_us": 1.0, "[mi_us]": 1.0, "km": 0.621371, "m": 0.000621371}
_DEFAULT_RADIUS_MILES = 25.0
# SQLite joins at most 500 tables' worth of alternatives in one query: dates need one each.
_MOST_VALUES = 400
# FHIR's own parameters for results that none of the stand-ins has.
_UNSUPPORTED = frozenset(
    {
        "_sort",
        "_revinclude",
        "_has",
        "_text",
        "_content",
        "_filter",
        "_list",
        "_contained",
        "_query",
    }
)
_IGNORED = frozenset({"_format", "_pretty", "_summary", "_elements"})

# How many rows a parameter usually finds, the fewest first; the rest comes between.
_SELECTIVE = (
    "_id",
    "identifier",
    "patient",
    "beneficiary",
    "practitioner",
    "subject",
    "request",
    "address-postalcode",
)
_BROAD = ("network", "active", "status", "gender", "use", "type", "specialty", "new-patient")


@dataclass
class Query:
    """A search, understood. `used` are the pairs that the self link repeats."""

    filters: list[Filter] = field(default_factory=list)
    near: Near | None = None
    includes: list[tuple[str, str]] = field(default_factory=list)
    count: int | None = None
    offset: int = 0
    counted: bool = False
    used: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def parse(resource_type: str, pairs: Pairs, behaviour: Behaviour, *, strict: bool) -> Query:
    """Understand a query as this server would; FhirError for what it refuses."""
    query = Query()
    known = parameters_for(resource_type)
    for name, value in pairs:
        if name in _IGNORED:
            continue
        if name == "_count":
            query.count = _whole_number(name, value)
        elif name == "_offset":
            query.offset = _whole_number(name, value)
            continue
        elif name == "_total":
            query.counted = value == "accurate"
        elif name in ("_include", "_include:iterate"):
            query.includes.append(_include(resource_type, value, behaviour))
        elif name in _UNSUPPORTED:
            raise FhirError(400, "not-supported", f"This server has no parameter {name}.")
        elif name in ("near", "location.near"):
            query.near = _near(resource_type, name, value, pairs, behaviour)
        else:
            item = _filter(resource_type, known, name, value, behaviour)
            if item is None:
                _unknown(query, name, behaviour, strict=strict)
                continue
            query.filters.append(item)
        query.used.append((name, value))
    return query


def _unknown(query: Query, name: str, behaviour: Behaviour, *, strict: bool) -> None:
    sentence = f"The search parameter {name} is not known here."
    if strict or behaviour.unknown == "refuse":
        raise FhirError(400, "not-supported", sentence)
    if behaviour.unknown == "warn":
        query.warnings.append(sentence + " It was ignored.")


def _whole_number(name: str, value: str) -> int:
    if not value.isdecimal():
        raise FhirError(400, "value", f"{name} needs a whole number.")
    return int(value)


def _include(resource_type: str, value: str, behaviour: Behaviour) -> tuple[str, str]:
    if not behaviour.include:
        raise FhirError(400, "not-supported", "This server has no parameter _include.")
    source, _, name = value.partition(":")
    parameter = parameters_for(source).get(name.split(":")[0])
    if source not in (resource_type, *PARAMETERS) or not parameter or parameter.kind != "reference":
        raise FhirError(400, "value", f"There is nothing to include by {value}.")
    return source, name.split(":")[0]


def _near(resource_type: str, name: str, value: str, pairs: Pairs, behaviour: Behaviour) -> Near:
    expected = "near" if resource_type == "Location" else "location.near"
    if (
        not behaviour.near
        or name != expected
        or resource_type not in ("Location", "PractitionerRole")
    ):
        raise FhirError(400, "not-supported", f"This server has no parameter {name} here.")
    parts = value.split("|")
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
        distance = float(parts[2]) if len(parts) > 2 and parts[2] else _DEFAULT_RADIUS_MILES
        unit = parts[3] if len(parts) > 3 and parts[3] else ("mi" if len(parts) < 3 else "km")
        miles = distance * _UNITS_IN_MILES[unit]
    except (ValueError, IndexError, KeyError) as error:
        raise FhirError(
            400, "value", f"{name} is latitude|longitude|distance|unit, such as 42.65|-73.75|10|mi."
        ) from error
    return Near(
        latitude,
        longitude,
        miles,
        _asked(pairs, "specialty", _specialty),
        _asked(pairs, "network", _network),
    )


def _specialty(text: str) -> str | None:
    system, _, code = text.rpartition("|")
    return code if system in ("", NUCC) else None


def _network(text: str) -> str:
    return reference_target(text) if "/" in text else f"Organization/{text}"


def _asked(pairs: Pairs, name: str, clean: Callable[[str], str | None]) -> frozenset[str] | None:
    """The values of a parameter that stands once; None where only the filters can decide."""
    found = [value for key, value in pairs if key == name]
    values = [clean(text) for text in _split(found[0])] if len(found) == 1 else [None]
    known = [value for value in values if value is not None]
    return frozenset(known) if len(known) == len(values) else None


def _split(value: str) -> list[str]:
    """The alternatives of a value; a comma that is meant stands behind a backslash."""
    return [part.replace("\\,", ",") for part in re.split(r"(?<!\\),", value) if part]


def _filter(
    resource_type: str,
    known: dict[str, Parameter],
    name: str,
    value: str,
    behaviour: Behaviour,
) -> Filter | None:
    head, dot, chained = name.partition(".")
    if dot:
        return _chain(resource_type, known, head, chained, value, behaviour)
    base, _, modifier = head.partition(":")
    parameter = known.get(base)
    if parameter is None or parameter.kind == "special":
        return None
    pid = parameter_number(resource_type, base)
    texts = _split(value)
    if not texts:
        raise FhirError(400, "value", f"The parameter {name} has no value.")
    if len(texts) > _MOST_VALUES:
        raise FhirError(400, "too-costly", f"{name} has more than {_MOST_VALUES} values.")
    matches = tuple(_matches(parameter, pid, base, modifier, texts))
    return Filter(_rank(base), matches, negated=modifier == "not", name=head)


def _chain(
    resource_type: str,
    known: dict[str, Parameter],
    head: str,
    chained: str,
    value: str,
    behaviour: Behaviour,
) -> Filter | None:
    base, _, wanted_type = head.partition(":")
    if behaviour.chains is not None and f"{base}.{chained}" not in behaviour.chains:
        raise FhirError(400, "not-supported", f"This server does not chain {base}.{chained}.")
    parameter = known.get(base)
    if parameter is None or parameter.kind != "reference":
        return None
    targets = [wanted_type] if wanted_type else list(parameter.targets)
    matches = []
    for target in targets:
        inner = _filter(target, parameters_for(target), chained, value, behaviour)
        if inner is not None:
            pid = parameter_number(resource_type, base)
            matches += [chain_match(pid, target, match) for match in inner.alternatives]
    return Filter(_rank(chained) + 1, tuple(matches)) if matches else None


def _rank(name: str) -> int:
    if name in _SELECTIVE:
        return _SELECTIVE.index(name)
    return 100 - _BROAD.index(name) if name in _BROAD else 50


def _matches(
    parameter: Parameter, pid: int, name: str, modifier: str, texts: Sequence[str]
) -> list[Match]:
    """What any of these values finds."""
    if parameter.kind == "token" and modifier in ("", "not"):
        return _token_matches(pid, texts)
    if parameter.kind == "string" and modifier in ("", "exact", "contains"):
        return [string_match(pid, texts, modifier)]
    if parameter.kind == "reference" and modifier in ("", *parameter.targets):
        types = [modifier] if modifier else list(parameter.targets)
        targets = [_targets(text, types) for text in texts]
        return [reference_match(pid, [each for group in targets for each in group])]
    if parameter.kind == "date" and not modifier:
        return [_date_match(pid, name, text) for text in texts]
    raise FhirError(400, "not-supported", f"{name} has no modifier {modifier} here.")


def _token_matches(pid: int, texts: Sequence[str]) -> list[Match]:
    """`code` of any system, `system|code`, `|code` of none, or `system|`."""
    found: list[Match] = []
    wanted: dict[str | None, list[str]] = {}
    for text in texts:
        system, bar, code = text.rpartition("|")
        if bar and not code:
            found.append(system_match(pid, system))
        else:
            wanted.setdefault(system if bar else None, []).append(code)
    return found + [token_match(pid, codes, system) for system, codes in wanted.items()]


def _targets(text: str, types: Sequence[str]) -> list[str]:
    target = reference_target(text)
    return [target] if "/" in target else [f"{kind}/{text}" for kind in types]


def _date_match(pid: int, name: str, text: str) -> Match:
    found = _PREFIX.fullmatch(text)
    span = date_span(found[2]) if found else None
    if not found or not span:
        raise FhirError(400, "value", f"{name} needs a date such as ge2026-03-01.")
    return date_match(pid, found[1] or "eq", *span)


def run(
    store: Store,
    resource_type: str,
    query: Query,
    behaviour: Behaviour,
    base: str,
    link: Callable[[int], str],
) -> str:
    """Answer a search with a Bundle of type searchset, as JSON text.

    `base` is the server's address as the caller sees it; `link` makes the address of the page
    that starts at an offset.
    """
    asked = behaviour.page if query.count is None else query.count
    size = min(asked, behaviour.page_limit)
    page = store.search(
        resource_type, query.filters, query.near, size, query.offset, counted=query.counted
    )
    entries = [_entry(base, f"{resource_type}/{key}", body, "match") for key, body in page.rows]
    if query.includes:
        found = _included(store, resource_type, query, [body for _, body in page.rows])
        entries += [_entry(base, target, body, "include") for target, body in found]
    for text in query.warnings:
        outcome = json.dumps(operation_outcome("not-supported", text, "warning"))
        entries.append(f'{{"resource": {outcome}, "search": {{"mode": "outcome"}}}}')
    links = [{"relation": "self", "url": link(query.offset)}]
    if size and page.more:
        links.append({"relation": "next", "url": link(query.offset + size)})
    total = {} if page.total is None else {"total": page.total}
    head = json.dumps({"resourceType": "Bundle", "type": "searchset", **total, "link": links})
    # The stored text goes out as it is: parsing and writing it again would cost more than finding.
    return f'{head[:-1]}, "entry": [{", ".join(entries)}]}}' if entries else head


def _entry(base: str, target: str, body: str, mode: str) -> str:
    url = json.dumps(f"{base}/{target}")
    return f'{{"fullUrl": {url}, "resource": {body}, "search": {{"mode": "{mode}"}}}}'


def _included(
    store: Store, resource_type: str, query: Query, bodies: Sequence[str]
) -> list[tuple[str, str]]:
    """What the includes lead to, from these resources and from what they bring in."""
    names: dict[str, list[str]] = {}
    for source, name in query.includes:
        names.setdefault(source, []).append(name)
    found: dict[str, str] = {}
    level = [(resource_type, body) for body in bodies]
    while level:
        fresh: dict[str, str] = {}
        for source, text in level:
            # Most of what is included leads no further: it need not be parsed.
            resource = json.loads(text) if source in names else {}
            for name in names.get(source, ()):
                for target in references(resource, name):
                    kind, _, key = target.partition("/")
                    known = target in found or target in fresh
                    body = None if known else store.read(kind, key)
                    if body:
                        fresh[target] = body
        found |= fresh
        level = [(target.partition("/")[0], body) for target, body in fresh.items()]
    return list(found.items())


def query_url(base: str, resource_type: str, used: Pairs, offset: int) -> str:
    """A search as an address: for what carries no identity."""
    pairs = [*used, ("_offset", str(offset))] if offset else list(used)
    return f"{base}/{resource_type}" + (f"?{urlencode(pairs)}" if pairs else "")
