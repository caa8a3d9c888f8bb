"""Which people serve whom, as configured in `alliance/data/routing.yml`.

Two tables: `queues` (where people wait for a call) and `routes` (which question of whom goes to
which of them; the first that fits decides, and the last fits everything).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alliance.errors import ConfigurationError
from alliance.hours import is_open
from alliance.partners import Partners, Phone

ROUTING_FILE = Path(__file__).parent / "data" / "routing.yml"
ANY = "any"
# In `routes`: the queue of the caller's company.
COMPANY = "company"
# `first`: the assistant answers, and the caller may ask for a person. `then_person`: the answer is
# said and a person follows at once. `never`: a person at once.
SelfService = Literal["first", "then_person", "never"]
_MODES = get_args(SelfService)
_CONDITIONS = (
    "intents", "callers", "companies", "lines", "products", "languages", "verified", "hours"
)  # fmt: skip
_EFFECTS = ("name", "queue", "skills", "priority", "self_service")


@dataclass(frozen=True)
class Queue:
    """A queue of people. `workflow` is Twilio's TaskRouter workflow, `target` the SIP address or
    number for platforms that transfer by address, `voicemail` the same for when it is closed.
    `hours` None: the people are always there.
    """

    name: str
    workflow: str
    target: str
    voicemail: str
    hours: Phone | None

    def open_at(self, moment: datetime) -> bool:
        """Whether people answer at `moment` (aware)."""
        return self.hours is None or is_open(self.hours, moment)


@dataclass(frozen=True)
class Asked:
    """What is known when a person is wanted. Unknown is None; `level` 0 is nobody verified;
    `caller` is who somebody on business said that they are. `urgent`: they can't wait until people
    are there again.
    """

    intent: str | None = None
    partner: str | None = None
    product: str | None = None
    language: str = "en"
    level: int = 0
    caller: str | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Destination:
    """Where a call goes: the route's name, its queue, what the person must be able to do.

    `priority` 0 to 10, higher is sooner. `open`: whether the queue's people are there now.
    """

    name: str
    queue: Queue
    skills: tuple[str, ...]
    priority: int
    self_service: SelfService
    open: bool


@dataclass(frozen=True)
class _Route:
    name: str
    when: Mapping[str, Any]
    queue: str
    skills: tuple[str, ...]
    priority: int
    self_service: SelfService

    def fits(self, facts: Mapping[str, Any]) -> bool:
        return all(
            facts[condition] == wanted
            if condition in ("verified", "hours")
            else facts[condition] in wanted
            for condition, wanted in self.when.items()
        )


@dataclass(frozen=True)
class Routing:
    """The queues by key (a company's own has the company's key), and the routes in order."""

    queues: Mapping[str, Queue]
    routes: Sequence[_Route]
    lines: Mapping[str, str]
    language_skills: Mapping[str, str]

    def queue(self, partner: str | None) -> Queue:
        """The company's own queue; the front desk when no company is known."""
        return self.queues.get(partner or ANY, self.queues[ANY])

    def named(self, name: str) -> Queue:
        """A queue by its name; the front desk when it is configured no more."""
        return next((q for q in self.queues.values() if q.name == name), self.queues[ANY])

    def destination(self, asked: Asked, moment: datetime) -> Destination:
        """Where a call goes at `moment` (aware): what is urgent never where nobody is, but to the
        front desk then.
        """
        own = self.queue(asked.partner)
        facts = {
            "intents": asked.intent,
            "callers": asked.caller,
            "companies": asked.partner,
            "lines": self.lines.get(asked.intent or "", "medical"),
            "products": asked.product,
            "languages": asked.language,
            "verified": asked.level > 0,
            "hours": "open" if own.open_at(moment) else "closed",
        }
        route = next(route for route in self.routes if route.fits(facts))
        queue = own if route.queue == COMPANY else self.queues[route.queue]
        if asked.urgent and not queue.open_at(moment):
            queue = self.queues[ANY]
        language = self.language_skills.get(asked.language)
        return Destination(
            route.name,
            queue,
            tuple(dict.fromkeys([*route.skills, *([language] if language else [])])),
            route.priority,
            route.self_service,
            queue.open_at(moment),
        )


def load_routing(
    document: Any, partners: Partners, intents: Collection[str] | None = None
) -> Routing:
    """Build the routing from the parsed `routing.yml`; with `intents`, names are held against
    them. Raises ConfigurationError with a sentence that says what to do.
    """
    entries = document.get("queues") if isinstance(document, Mapping) else None
    if not isinstance(entries, Mapping) or ANY not in entries:
        raise ConfigurationError("routing.yml needs 'queues:' with an entry 'any'.")
    for partner in partners:
        if partner.backend and partner.key not in entries:
            raise ConfigurationError(f"routing.yml: company '{partner.key}' has no queue.")
    queues = {str(key): _queue(str(key), entry, partners) for key, entry in entries.items()}
    lines = _lines(document.get("lines") or {}, intents)
    given = document.get("routes")
    if not isinstance(given, list) or not given:
        raise ConfigurationError("routing.yml needs 'routes:', a list; the last fits everything.")
    routes = [_route(entry, queues, partners, intents) for entry in given]
    if routes[-1].when:
        raise ConfigurationError(
            f"routing.yml: the last route, '{routes[-1].name}', must have no condition, so that "
            "every call has a route."
        )
    names = [route.name for route in routes]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(f"routing.yml: two routes are named '{name}'.")
    languages = document.get("language_skills") or {}
    if not isinstance(languages, Mapping):
        raise ConfigurationError("routing.yml: 'language_skills' must name a skill a language.")
    return Routing(queues, routes, lines, {str(k): str(v) for k, v in languages.items()})


def _queue(key: str, entry: Any, partners: Partners) -> Queue:
    if not isinstance(entry, Mapping) or "name" not in entry:
        raise ConfigurationError(f"routing.yml: the queue of '{key}' needs 'name'.")
    return Queue(
        name=str(entry["name"]),
        workflow=str(entry.get("workflow", "")),
        target=str(entry.get("target", "")),
        voicemail=str(entry.get("voicemail", "")),
        hours=_hours(key, entry.get("hours"), partners),
    )


def _hours(key: str, entry: Any, partners: Partners) -> Phone | None:
    """A company's queue keeps the hours of the company's line unless it names others."""
    if entry == "always":
        return None
    if entry is None:
        company = partners.get(key)
        return company.phone if company else None
    if isinstance(entry, str) and partners.get(entry):
        return partners[entry].phone
    if not isinstance(entry, Mapping) or "zone" not in entry:
        raise ConfigurationError(
            f"routing.yml: the hours of queue '{key}' must be 'always', a company's key, or "
            "{zone, weekdays: 'HH:MM-HH:MM', saturday: ...}."
        )
    try:
        ZoneInfo(str(entry["zone"]))
        for name in ("weekdays", "saturday"):
            if entry.get(name):
                _, _ = (time.fromisoformat(part) for part in str(entry[name]).split("-"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(
            f"routing.yml: the hours of queue '{key}' can't be read: a zone such as "
            "America/New_York, and times such as 08:00-18:00."
        ) from error
    return Phone(
        member_services="",
        tty="",
        zone=str(entry["zone"]),
        weekdays=entry.get("weekdays"),
        saturday=entry.get("saturday"),
        around_the_clock=False,
    )


def _lines(entry: Any, intents: Collection[str] | None) -> Mapping[str, str]:
    """Line of business by intent; what is not named is medical."""
    if not isinstance(entry, Mapping):
        raise ConfigurationError("routing.yml: 'lines' must list intents a line of business.")
    lines = {str(intent): str(line) for line, listed in entry.items() for intent in listed}
    _known("lines", lines, intents)
    return lines


def _route(
    entry: Any,
    queues: Mapping[str, Queue],
    partners: Partners,
    intents: Collection[str] | None,
) -> _Route:
    if not isinstance(entry, Mapping) or "name" not in entry:
        raise ConfigurationError("routing.yml: every route needs 'name'.")
    name = str(entry["name"])
    unknown = set(entry) - {*_CONDITIONS, *_EFFECTS}
    if unknown:
        raise ConfigurationError(
            f"routing.yml: route '{name}' has '{min(unknown)}', which is none of "
            f"{', '.join([*_CONDITIONS, *_EFFECTS])}."
        )
    queue = str(entry.get("queue", COMPANY))
    if queue != COMPANY and queue not in queues:
        raise ConfigurationError(f"routing.yml: route '{name}' names no queue: '{queue}'.")
    mode, priority = entry.get("self_service", "first"), entry.get("priority", 5)
    if mode not in _MODES:
        raise ConfigurationError(
            f"routing.yml: self_service of route '{name}' must be one of {', '.join(_MODES)}."
        )
    if not isinstance(priority, int) or not 0 <= priority <= 10:
        raise ConfigurationError(f"routing.yml: priority of route '{name}' must be 0 to 10.")
    when = {condition: entry[condition] for condition in _CONDITIONS if condition in entry}
    _check(name, when, partners, intents)
    return _Route(name, when, queue, tuple(map(str, entry.get("skills", ()))), priority, mode)


def _check(
    name: str, when: Mapping[str, Any], partners: Partners, intents: Collection[str] | None
) -> None:
    for condition, wanted in when.items():
        if condition == "verified":
            fits = isinstance(wanted, bool)
        elif condition == "hours":
            fits = wanted in ("open", "closed")
        else:
            fits = isinstance(wanted, list) and bool(wanted)
        if not fits:
            raise ConfigurationError(f"routing.yml: '{condition}' of route '{name}' can't be read.")
    _known(f"route '{name}'", when.get("intents", ()), intents)
    for company in when.get("companies", ()):
        if partners.get(company) is None:
            raise ConfigurationError(f"routing.yml: route '{name}' names no company: '{company}'.")


def _known(where: str, named: Collection[str], intents: Collection[str] | None) -> None:
    for intent in named:
        if intents is not None and intent not in intents:
            raise ConfigurationError(f"routing.yml: {where} names no intent: '{intent}'.")
