"""The companies of the alliance, as configured in `alliance/data/partners.yml`.

Parsing YAML stands outside (this package is standard library only): `load_partners` takes the
parsed document and the environment, and refuses what is wrong with a sentence that says what to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alliance.errors import ConfigurationError
from alliance.products import Product, load_products

PARTNERS_FILE = Path(__file__).parent / "data" / "partners.yml"
# Before this day there is no alliance coverage (joint announcement of 14 September 2006).
ALLIANCE_START = date(2007, 7, 1)

_PLACEHOLDER = re.compile(r"\$\{([A-Z0-9_]+)\}")


# What proves who somebody is beside the name, when there is no card: the last four digits of a
# phone number on file, or the house number of the home address.
SecondFactor = Literal["phone", "house_number"]


@dataclass(frozen=True)
class Network:
    """A provider network: `id` as the partner's directory references it."""

    key: str
    id: str
    name: str


@dataclass(frozen=True)
class Phone:
    """A member-service line. `weekdays` and `saturday` are 'HH:MM-HH:MM' in `zone`, or None;
    `nurse_line` is the number of the company's nurses, if it has one.
    """

    member_services: str
    tty: str
    zone: str
    weekdays: str | None
    saturday: str | None
    around_the_clock: bool
    nurse_line: str = ""


@dataclass(frozen=True)
class BackOffice:
    """An X12 back office: its address, our and its identifiers, and the capabilities it serves
    in the place of FHIR (`coverage`, `claims`).
    """

    url: str
    sender_id: str
    payer_id: str
    capabilities: frozenset[str]


@dataclass(frozen=True)
class Backend:
    """How a partner's backend is reached: FHIR base URL, auth settings, seconds per call.

    `rest_url` is the root of what no FHIR guide covers (messages, cases, FSA ...); empty: none.
    `office` answers some capabilities in X12.
    """

    base_url: str
    rest_url: str
    auth: Mapping[str, str]
    timeout_seconds: float
    office: BackOffice | None = None


@dataclass(frozen=True)
class Subsidiary:
    """A legal company behind a partner's name. `assumed`: what it sells is this project's guess."""

    name: str
    sells: tuple[str, ...]
    assumed: bool


@dataclass(frozen=True)
class CaseWebhook:
    """Where the company's system takes cases, and the secret that signs them."""

    webhook_url: str
    secret: str


@dataclass(frozen=True)
class Portal:
    """The company's member website, whose signed tickets prove who is signed in there.

    `issuer` and `audience` as they stand in the tickets; the keys are at `jwks_url` (RFC 7517).
    """

    issuer: str
    audience: str
    jwks_url: str


@dataclass(frozen=True)
class Partner:
    """One company. `member_id_patterns` match an upper-case member ID in full."""

    key: str
    name: str
    short_name: str
    spoken_name: str
    aliases: tuple[str, ...]
    seat: str
    member_id_systems: tuple[str, ...]
    member_id_patterns: tuple[re.Pattern[str], ...]
    member_id_example: str
    alliance_groups: frozenset[str]
    networks: tuple[Network, ...]
    counties: Mapping[str, frozenset[str] | None]
    rest_of_country: bool
    phone: Phone
    backend: Backend | None
    portal: Portal | None
    cases: CaseWebhook | None
    second_factor: SecondFactor
    # Patients whose files carry no usable coverage of their own, by the group they were loaded for.
    loaded_patients: Mapping[str, str]
    products: Mapping[str, Product] = field(default_factory=dict)
    subsidiaries: tuple[Subsidiary, ...] = ()

    def fits(self, member_id: str) -> bool:
        """Whether the member ID has this company's form, with or without its separators."""
        return bool(self.written_forms(member_id))

    def written_forms(self, member_id: str) -> list[str]:
        """The ID as this company's records write it: as given where it fits, or with the
        separators that a pattern has and people leave out.
        """
        forms = [member_id] if any(p.fullmatch(member_id) for p in self.member_id_patterns) else []
        for pattern in self.member_id_patterns:
            separated = _with_separators(pattern.pattern, member_id)
            if separated and separated not in forms:
                forms.append(separated)
        return forms

    def serves(self, state: str, county: str) -> bool:
        """Whether the county lies in the company's own service area (rest_of_country aside)."""
        if state not in self.counties:
            return False
        counties = self.counties[state]
        return counties is None or county in counties


@dataclass(frozen=True)
class Partners:
    """All companies, in the order of the configuration."""

    by_key: Mapping[str, Partner]

    def __iter__(self) -> Iterator[Partner]:
        return iter(self.by_key.values())

    def __getitem__(self, key: str) -> Partner:
        return self.by_key[key]

    def get(self, key: str | None) -> Partner | None:
        return self.by_key.get(key) if key else None

    def fitting(self, member_id: str) -> list[Partner]:
        """The companies whose member IDs look like this one."""
        return [partner for partner in self if partner.backend and partner.fits(member_id)]

    def completions(self, digits: str) -> list[tuple[Partner, str]]:
        """IDs that a member meant who gave the digits without the letter in front."""
        found = []
        for partner in self:
            for pattern in partner.member_id_patterns if partner.backend else ():
                letter = pattern.pattern[:1]
                if letter.isalpha() and pattern.fullmatch(letter + digits):
                    found.append((partner, letter + digits))
        return found

    def named(self, text: str) -> Partner | None:
        """The company that the text names, by key, name or one of its aliases."""
        said = " ".join(re.sub(r"[^a-z0-9 ]+", " ", text.lower()).split())
        matches = {
            partner.key: len(name)
            for partner in self
            for name in (
                *partner.aliases,
                partner.short_name.lower(),
                partner.key.replace("-", " "),
            )
            if re.search(rf"\b{re.escape(name)}\b", said)
        }
        return self.by_key[max(matches, key=matches.__getitem__)] if matches else None


def load_partners(
    document: Any, environment: Mapping[str, str], overlays: Path | None = None
) -> Partners:
    """Build the companies from the parsed `partners.yml`.

    `overlays` is a folder of `KEY.json` files that a data load wrote: groups, identifier systems
    and member-ID patterns of its own, merged over the configuration.

    Raises ConfigurationError with a sentence naming the entry and what to change.
    """
    entries = document.get("partners") if isinstance(document, Mapping) else None
    if not isinstance(entries, Mapping) or not entries:
        raise ConfigurationError("partners.yml has no companies: list them under 'partners:'.")
    partners = {key: _partner(key, entry, environment) for key, entry in entries.items()}
    if sum(partner.rest_of_country for partner in partners.values()) > 1:
        raise ConfigurationError(
            "partners.yml: only one company may have 'rest_of_country: true' as its service area."
        )
    for key, partner in partners.items():
        path = overlays / f"{key}.json" if overlays else None
        if path and path.exists():
            partners[key] = _with_overlay(partner, path)
    return Partners(partners)


def _partner(key: str, entry: Any, environment: Mapping[str, str]) -> Partner:
    def need(name: str, kind: type | tuple[type, ...]) -> Any:
        value = entry.get(name) if isinstance(entry, Mapping) else None
        if not isinstance(value, kind):
            raise ConfigurationError(f"partners.yml: company '{key}' needs '{name}'.")
        return value

    def fill(value: str) -> str:
        def replacement(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in environment:
                raise ConfigurationError(
                    f"partners.yml: company '{key}' uses ${{{name}}}: set that variable."
                )
            return environment[name]

        return _PLACEHOLDER.sub(replacement, value)

    member_id = need("member_id", Mapping)
    phone = need("phone", Mapping)
    hours = phone.get("hours") or {}
    area = entry.get("service_area") or {}
    backend = entry.get("backend")
    return Partner(
        key=key,
        name=need("name", str),
        short_name=need("short_name", str),
        spoken_name=need("spoken_name", str),
        aliases=tuple(entry.get("aliases") or ()),
        seat=need("seat", str),
        member_id_systems=(str(member_id.get("system", "")),),
        member_id_patterns=tuple(
            _pattern(key, text) for text in _list(member_id.get("patterns")) or _missing(key)
        ),
        member_id_example=str(member_id.get("example", "")),
        alliance_groups=frozenset(need("alliance_groups", list)),
        networks=tuple(
            _network(key, name, item) for name, item in (entry.get("networks") or {}).items()
        ),
        counties={
            state: None if counties == "all" else frozenset(counties)
            for state, counties in (area.get("counties") or {}).items()
        },
        rest_of_country=bool(area.get("rest_of_country")),
        phone=Phone(
            member_services=str(phone.get("member_services", "")),
            tty=str(phone.get("tty", "711")),
            zone=_zone(key, str(hours.get("zone", ""))),
            weekdays=hours.get("weekdays"),
            saturday=hours.get("saturday"),
            around_the_clock=bool(phone.get("around_the_clock")),
            nurse_line=str(phone.get("nurse_line", "")),
        ),
        backend=_backend(key, backend, fill) if backend else None,
        portal=_portal(key, entry["portal"], fill) if entry.get("portal") else None,
        second_factor=_second_factor(key, entry.get("second_factor", "phone")),
        cases=_cases(key, entry["cases"], fill) if entry.get("cases") else None,
        loaded_patients={},
        products=load_products(key, entry.get("products")),
        subsidiaries=tuple(_subsidiary(key, item) for item in entry.get("subsidiaries") or ()),
    )


def _network(key: str, name: str, entry: Any) -> Network:
    if not isinstance(entry, Mapping) or not {"id", "name"} <= entry.keys():
        raise ConfigurationError(
            f"partners.yml: company '{key}': network '{name}' needs 'id' and 'name'."
        )
    return Network(name, entry["id"], entry["name"])


def _subsidiary(key: str, entry: Any) -> Subsidiary:
    if not isinstance(entry, Mapping) or "name" not in entry:
        raise ConfigurationError(f"partners.yml: company '{key}': a subsidiary needs 'name'.")
    return Subsidiary(
        str(entry["name"]), tuple(entry.get("sells") or ()), bool(entry.get("assumed"))
    )


def _backend(key: str, entry: Any, fill: Callable[[str], str]) -> Backend:
    if not isinstance(entry, Mapping) or "base_url" not in entry:
        raise ConfigurationError(f"partners.yml: company '{key}' needs 'backend: base_url'.")
    return Backend(
        base_url=fill(str(entry["base_url"])).rstrip("/"),
        rest_url=fill(str(entry.get("rest_url", ""))).rstrip("/"),
        auth={name: fill(str(value)) for name, value in (entry.get("auth") or {}).items()},
        timeout_seconds=_seconds(key, entry.get("timeout_seconds", 3)),
        office=_office(key, entry, fill),
    )


# What an X12 back office can answer in the place of FHIR.
_X12_CAPABILITIES = frozenset({"coverage", "claims"})


def _office(key: str, entry: Mapping[str, Any], fill: Callable[[str], str]) -> BackOffice | None:
    chosen = entry.get("capabilities") or {}
    wrong = [
        name
        for name, adapter in chosen.items()
        if adapter not in ("fhir", "x12") or (adapter == "x12" and name not in _X12_CAPABILITIES)
    ]
    if wrong:
        raise ConfigurationError(
            f"partners.yml: company '{key}': 'capabilities' may say fhir or x12, and x12 for "
            f"{' and '.join(sorted(_X12_CAPABILITIES))} only; correct {', '.join(wrong)}."
        )
    names = frozenset(name for name, adapter in chosen.items() if adapter == "x12")
    if not names:
        return None
    settings = entry.get("x12") or {}
    lacking = [name for name in ("url", "payer_id", "sender_id") if not settings.get(name)]
    if lacking:
        raise ConfigurationError(
            f"partners.yml: company '{key}' asks in X12 and needs 'x12: {', '.join(lacking)}'."
        )
    return BackOffice(
        fill(str(settings["url"])), str(settings["sender_id"]), str(settings["payer_id"]), names
    )


def _portal(key: str, entry: Any, fill: Callable[[str], str]) -> Portal:
    if not isinstance(entry, Mapping) or not {"issuer", "audience", "jwks_url"} <= entry.keys():
        raise ConfigurationError(
            f"partners.yml: company '{key}': 'portal' needs 'issuer', 'audience' and 'jwks_url'."
        )
    return Portal(
        *(fill(str(entry[name])) for name in ("issuer", "audience", "jwks_url")),
    )


def _second_factor(key: str, value: Any) -> SecondFactor:
    for known in get_args(SecondFactor):
        if value == known:
            return cast(SecondFactor, known)
    raise ConfigurationError(
        f"partners.yml: company '{key}': second_factor {value!r} is none of "
        f"{', '.join(get_args(SecondFactor))}."
    )


def _cases(key: str, entry: Any, fill: Callable[[str], str]) -> CaseWebhook:
    if not isinstance(entry, Mapping) or not {"webhook_url", "secret"} <= entry.keys():
        raise ConfigurationError(
            f"partners.yml: company '{key}': 'cases' needs 'webhook_url' and 'secret'."
        )
    return CaseWebhook(fill(str(entry["webhook_url"])), fill(str(entry["secret"])))


def _seconds(key: str, value: Any) -> float:
    if isinstance(value, int | float) and value > 0:
        return float(value)
    raise ConfigurationError(
        f"partners.yml: company '{key}': timeout_seconds {value!r} is no number above zero."
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# The parts of a member-ID pattern: figures or letters (so many), or one literal character.
_PART = re.compile(r"\\d(?:\{(\d+)\})?|\\?(.)")
_SEPARATORS = frozenset("-./ ")


def _with_separators(pattern: str, member_id: str) -> str | None:
    """The ID with the pattern's separators put in, if it fits the pattern without them."""
    parts = [(count, literal) for count, literal in _PART.findall(pattern)]
    if not any(literal in _SEPARATORS for _, literal in parts if literal):
        return None
    plain = "".join(character for character in member_id if character not in _SEPARATORS)
    written, position = "", 0
    for count, literal in parts:
        if literal in _SEPARATORS and literal:
            written += literal
            continue
        size = 1 if literal else int(count or 1)
        written += plain[position : position + size]
        position += size
    fits = position == len(plain) and re.fullmatch(pattern, written)
    return written if fits else None


def _missing(key: str) -> list[str]:
    raise ConfigurationError(f"partners.yml: company '{key}' needs 'member_id: patterns'.")


def _pattern(key: str, text: Any) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, TypeError) as error:
        raise ConfigurationError(
            f"partners.yml: company '{key}': member ID pattern {text!r} is no regular "
            f"expression ({error})."
        ) from error


def _zone(key: str, name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"partners.yml: company '{key}': '{name}' is no time zone; use a name such as "
            "America/New_York."
        ) from error
    return name


def _with_overlay(partner: Partner, path: Path) -> Partner:
    try:
        overlay = json.loads(path.read_text("utf-8"))
        if not isinstance(overlay, dict):
            raise ValueError("no object")
    except ValueError as error:
        raise ConfigurationError(
            f"{path} is not JSON ({error}): load the partner's files again, or delete it."
        ) from error
    return replace(
        partner,
        alliance_groups=partner.alliance_groups | set(overlay.get("alliance_groups", ())),
        member_id_systems=(*partner.member_id_systems, *overlay.get("member_id_systems", ())),
        member_id_patterns=(
            *partner.member_id_patterns,
            *(_pattern(partner.key, text) for text in overlay.get("member_id_patterns", ())),
        ),
        loaded_patients=overlay.get("patients", {}),
    )
