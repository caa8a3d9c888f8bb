"""Where a partner's resources are kept: SQLite, with an index for each kind of search parameter.

Built for a directory of 519,000 providers: each filter is one B-tree seek, the most selective one
drives and the others are point look-ups. Nearness is a B-tree over (specialty x network, band of
0.1 degree latitude, longitude), which answers the nearest ten in under a millisecond and builds
far faster than an R-tree.
"""

# ruff: noqa: S608 (SQL is put together from this module's own constants; values are bound)

from __future__ import annotations

import json
import math
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any, Literal

from sandbox.parameters import (
    Json,
    Parameter,
    fold,
    moments,
    parameters_for,
    reference_target,
    steps,
    tokens,
    values,
    walk,
)

Position = tuple[float, float]
Origin = Literal["directory", "members", "loaded"]

MILES_PER_DEGREE = 69.0
_BANDS_PER_DEGREE = 10
# Index rows are inserted in order, many at once: the B-trees then grow page by page.
_ROWS_AT_ONCE = 10_000
_REMEMBERED_POSITIONS = 50_000
# A search that finds fewer is counted by reading its keys, and not run again.
_COUNTED_ON_THE_WAY = 1_000
_RINGS_MILES = (2.0, 6.0, 20.0)
_GENERATED_TABLES = (
    *("resource", "token", "string", "reference", "date", "place", "place_key"),
    *("stranger", "met"),
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS resource (
    pk INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, origin TEXT NOT NULL,
    body TEXT NOT NULL, UNIQUE (type, id));
CREATE INDEX IF NOT EXISTS resource_by_origin ON resource (origin);
CREATE TABLE IF NOT EXISTS token (
    pid INTEGER, code TEXT, pk INTEGER, sid INTEGER, PRIMARY KEY (pid, code, pk, sid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS string (
    pid INTEGER, value TEXT, pk INTEGER, PRIMARY KEY (pid, value, pk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reference (
    pid INTEGER, target TEXT, pk INTEGER, PRIMARY KEY (pid, target, pk)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS date (
    pk INTEGER, pid INTEGER, low TEXT, high TEXT, PRIMARY KEY (pk, pid, low, high)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS date_by_day ON date (pid, low, high);
CREATE TABLE IF NOT EXISTS place_key (
    key INTEGER PRIMARY KEY, type TEXT NOT NULL, specialty TEXT NOT NULL, network TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS stranger (
    born TEXT, family TEXT, number INTEGER, PRIMARY KEY (born, family, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS met (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS place (
    key INTEGER, band INTEGER, lon REAL, pk INTEGER, lat REAL, PRIMARY KEY (key, band, lon, pk)
) WITHOUT ROWID;
"""


@lru_cache(maxsize=20_000)
def number(text: str) -> int:
    """A short stable number for a parameter or a code system: the indexes stay small."""
    return zlib.crc32(text.encode())


def parameter_number(resource_type: str, name: str) -> int:
    return number(f"{resource_type}.{name}")


@dataclass(frozen=True)
class Match:
    """One alternative of a filter: rows of an index table that carry a `pk`.

    `chained`: it cannot be looked up by `pk`, so that all it finds is found once, to check against.
    """

    tables: str
    where: str
    arguments: tuple[Any, ...]
    chained: bool = False


@dataclass(frozen=True)
class Filter:
    """Alternatives (any of them fits). A lower `rank` is likelier to find few rows."""

    rank: int
    alternatives: tuple[Match, ...]
    negated: bool = False
    name: str = ""


@dataclass(frozen=True)
class Near:
    """Within `miles` of a point, nearest first; with the specialties and networks asked for."""

    latitude: float
    longitude: float
    miles: float
    specialties: frozenset[str] | None
    networks: frozenset[str] | None

    @property
    def covered(self) -> frozenset[str]:
        """The filters that the nearness index answers by itself."""
        named = {"specialty": self.specialties, "network": self.networks}
        return frozenset(name for name, asked in named.items() if asked is not None)


@dataclass(frozen=True)
class Page:
    """What a search found: the (id, JSON text) of those on this page, whether there are more, and
    how many in all, where that was counted."""

    rows: list[tuple[str, str]]
    more: bool
    total: int | None


def token_match(pid: int, codes: Sequence[str], system: str | None) -> Match:
    """Any of the codes. `system` None means any; the empty text means none."""
    where = f"x.pid = ? AND x.code IN ({_marks(codes)})"
    arguments = (pid, *map(fold, codes))
    if system is None:
        return Match("token x", where, arguments)
    return Match("token x", f"{where} AND x.sid = ?", (*arguments, number(system)))


def system_match(pid: int, system: str) -> Match:
    return Match("token x", "x.pid = ? AND x.sid = ?", (pid, number(system)))


def string_match(pid: int, texts: Sequence[str], modifier: str) -> Match:
    """Any of the texts: as the beginning, or by a modifier `exact` or `contains`."""
    values = [fold(text) for text in texts]
    if modifier == "exact":
        return Match("string x", f"x.pid = ? AND x.value IN ({_marks(values)})", (pid, *values))
    # A list of its own, because a statement with an alternative for each of a hundred ZIP codes
    # takes longer to prepare than to run.
    tables, each = "json_each(?) v CROSS JOIN string x", "x.pid = ?"
    arguments = (json.dumps(values), pid)
    if modifier == "contains":
        return Match(tables, f"{each} AND instr(x.value, v.value)", arguments)
    beyond = "v.value || char(1114111)"
    return Match(tables, f"{each} AND x.value >= v.value AND x.value < {beyond}", arguments)


def reference_match(pid: int, targets: Sequence[str]) -> Match:
    return Match("reference x", f"x.pid = ? AND x.target IN ({_marks(targets)})", (pid, *targets))


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def chain_match(pid: int, target_type: str, inner: Match) -> Match:
    """References whose target is found by `inner`."""
    tables = (
        f"(SELECT x.pk FROM {inner.tables} WHERE {inner.where}) s"
        " CROSS JOIN resource t ON t.pk = s.pk"
        " CROSS JOIN reference x ON x.pid = ? AND x.target = t.type || '/' || t.id"
    )
    return Match(tables, "t.type = ?", (*inner.arguments, pid, target_type), chained=True)


def date_match(pid: int, prefix: str, low: str, high: str) -> Match:
    """Compare a stored span with the asked one, as FHIR's prefixes mean it for periods."""
    conditions: dict[str, tuple[str, tuple[str, ...]]] = {
        "eq": ("x.low >= ? AND x.high <= ?", (low, high)),
        "ne": ("NOT (x.low >= ? AND x.high <= ?)", (low, high)),
        "ge": ("x.high >= ?", (low,)),
        "gt": ("x.high > ?", (high,)),
        "le": ("x.low <= ?", (high,)),
        "lt": ("x.low < ?", (low,)),
        "sa": ("x.low > ?", (high,)),
        "eb": ("x.high < ?", (low,)),
    }
    condition, arguments = conditions[prefix]
    return Match("date x", f"x.pid = ? AND {condition}", (pid, *arguments))


class Store:
    """One partner's resources. Reading goes on while another process loads or rebuilds."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, timeout=60, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA cache_size = -65536")
        self._db.executescript(_SCHEMA)
        self._positions: dict[str, Position | None] = {}
        self._place_keys: set[int] = set()

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: readers see all of it or nothing."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self._place_keys.clear()
            self._positions.clear()
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _one_view(self) -> Iterator[None]:
        """Several statements that see the same data, whatever another process writes meanwhile."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def note(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def set_note(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def count(self, origin: Origin) -> int:
        sql = "SELECT count(*) FROM resource WHERE origin = ?"
        return int(self._db.execute(sql, (origin,)).fetchone()[0])

    def has_type(self, resource_type: str) -> bool:
        """Whether there is any resource of the type."""
        sql = "SELECT 1 FROM resource WHERE type = ? LIMIT 1"
        return self._db.execute(sql, (resource_type,)).fetchone() is not None

    # Reading

    def read(self, resource_type: str, resource_id: str) -> str | None:
        """A resource as JSON text."""
        sql = "SELECT body FROM resource WHERE type = ? AND id = ?"
        row = self._db.execute(sql, (resource_type, resource_id)).fetchone()
        return str(row[0]) if row else None

    def get(self, reference: str) -> Json | None:
        """The resource that `Type/id` refers to."""
        resource_type, _, resource_id = reference.partition("/")
        body = self.read(resource_type, resource_id)
        return json.loads(body) if body else None

    def find(self, resource_type: str, *filters: Filter) -> list[Json]:
        """All that fit; for look-ups that find few."""
        page = self.search(resource_type, list(filters), None, 1_000_000, 0)
        return [json.loads(body) for _, body in page.rows]

    def search(
        self,
        resource_type: str,
        filters: Sequence[Filter],
        near: Near | None,
        limit: int,
        offset: int,
        *,
        counted: bool = False,
    ) -> Page:
        """The resources that fit all filters: `limit` of them after `offset`, and how many.

        With `near` the nearest come first, and all of a region are counted only if asked to be.
        """
        with self._one_view():
            if near:
                return self._nearest(resource_type, filters, near, limit, offset, counted=counted)
            return self._fitting(resource_type, filters, limit, offset)

    def _fitting(
        self, resource_type: str, filters: Sequence[Filter], limit: int, offset: int
    ) -> Page:
        # Index rows carry the type in their parameter's number: no row of another type gets here.
        source, arguments, checked = _driver(resource_type, filters)
        condition, more = _checks(checked)
        hits, bound = f"FROM ({source}) h WHERE {condition}", (*arguments, *more)
        most = max(offset + limit + 1, _COUNTED_ON_THE_WAY)
        found = self._db.execute(
            f"SELECT h.pk {hits} ORDER BY h.pk LIMIT ?", (*bound, most)
        ).fetchall()
        total = len(found)
        if total == most:
            (total,) = self._db.execute(f"SELECT count(*) {hits}", bound).fetchone()
        return Page(self._rows(found[offset : offset + limit]), offset + limit < total, total)

    def _nearest(
        self,
        resource_type: str,
        filters: Sequence[Filter],
        near: Near,
        limit: int,
        offset: int,
        *,
        counted: bool,
    ) -> Page:
        condition, more = _checks([f for f in filters if f.name not in near.covered])
        total: int | None = None
        if counted:
            source, arguments = self._near_source(resource_type, near, near.miles)
            sql = f"SELECT count(*) FROM ({source}) h WHERE {condition}"
            (total,) = self._db.execute(sql, (*arguments, *more)).fetchone()
        # One more than fits on the page tells whether another page follows.
        wanted = offset + limit + 1
        # The nearest few lie close by, as a rule: look there before sorting a whole region.
        for miles in (*(ring for ring in _RINGS_MILES if ring < near.miles), near.miles):
            source, arguments = self._near_source(resource_type, near, miles)
            found = self._db.execute(
                f"SELECT h.pk FROM ({source}) h WHERE {condition}"
                " ORDER BY h.distance, h.pk LIMIT ?",
                (*arguments, *more, wanted),
            ).fetchall()
            if len(found) >= wanted:
                break
        return Page(self._rows(found[offset : offset + limit]), len(found) == wanted, total)

    def _rows(self, keys: Iterable[tuple[int]]) -> list[tuple[str, str]]:
        """The (id, JSON text) of resources, in this order."""
        read = "SELECT id, body FROM resource WHERE pk = ?"
        return [self._db.execute(read, key).fetchone() for key in keys]

    def _near_source(
        self, resource_type: str, near: Near, miles: float
    ) -> tuple[str, tuple[Any, ...]]:
        keys = [
            row[0]
            for row in self._db.execute(
                "SELECT key, specialty, network FROM place_key WHERE type = ?", (resource_type,)
            )
            if (near.specialties is None or row[1] in near.specialties)
            and (near.networks is None or row[2] in near.networks)
        ]
        latitude_span = miles / MILES_PER_DEGREE
        shrink = max(math.cos(math.radians(near.latitude)), 0.01)
        longitude_span = latitude_span / shrink
        bands = range(
            math.floor((near.latitude - latitude_span) * _BANDS_PER_DEGREE),
            math.floor((near.latitude + latitude_span) * _BANDS_PER_DEGREE) + 1,
        )
        distance = "((p.lat - ?) * (p.lat - ?) + (p.lon - ?) * (p.lon - ?) * ?)"  # squared degrees
        point = (near.latitude, near.latitude, near.longitude, near.longitude, shrink * shrink)
        source = (
            f"SELECT p.pk AS pk, min({distance}) AS distance"
            " FROM json_each(?) k CROSS JOIN json_each(?) b CROSS JOIN place p"
            " ON p.key = k.value AND p.band = b.value AND p.lon BETWEEN ? AND ?"
            f" WHERE {distance} <= ? GROUP BY p.pk"
        )
        arguments = (
            *point,
            json.dumps(keys),
            json.dumps(list(bands)),
            near.longitude - longitude_span,
            near.longitude + longitude_span,
            *point,
            latitude_span * latitude_span,
        )
        return source, arguments

    def strangers(self, born: str, family: str) -> list[int]:
        """Numbers of the members with this birth date (ISO) and family name."""
        sql = "SELECT number FROM stranger WHERE born = ? AND family = ?"
        return [row[0] for row in self._db.execute(sql, (born, fold(family)))]

    def met(self) -> list[int]:
        """Numbers of the strangers whose records have been written out."""
        return [row[0] for row in self._db.execute("SELECT number FROM met")]

    # Writing

    def add_strangers(self, people: Iterable[tuple[date, str, int]]) -> None:
        """Members who are known by birth date and family name until somebody asks for them."""
        self._db.executemany(
            "INSERT OR REPLACE INTO stranger VALUES (?, ?, ?)",
            [(born.isoformat(), fold(family), number) for born, family, number in people],
        )

    def add_met(self, number: int) -> None:
        self._db.execute("INSERT OR IGNORE INTO met VALUES (?)", (number,))

    def empty(self) -> None:
        """Forget all that was generated, in one sweep; loaded resources stay."""
        sql = "SELECT body FROM resource WHERE origin = 'loaded'"
        loaded = [json.loads(row[0]) for row in self._db.execute(sql)]
        with self.writing():
            for table in _GENERATED_TABLES:
                self._db.execute(f"DELETE FROM {table}")
            self._place_keys.clear()
            self._positions.clear()
            self.put(loaded, "loaded")

    def optimize(self) -> None:
        """Tell SQLite's planner about the data, after a large build."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute("PRAGMA optimize")

    def put(self, resources: Iterable[Json], origin: Origin) -> int:
        """Store resources, replacing those with the same type and id; returns how many.

        Loaded ones win: what is generated never replaces them.
        """
        count = 0
        batch: list[Json] = []
        for resource in resources:
            batch.append(resource)
            if len(batch) >= _ROWS_AT_ONCE:
                count += self._put(batch, origin)
                batch = []
        return count + self._put(batch, origin)

    def _put(self, batch: list[Json], origin: Origin) -> int:
        rows = _Rows()
        keys: dict[int, Json] = {}
        # A file may hold a resource twice: the last one counts.
        for resource in {(each["resourceType"], each["id"]): each for each in batch}.values():
            resource_type, resource_id = resource["resourceType"], resource["id"]
            row = self._db.execute(
                "SELECT pk, origin, body FROM resource WHERE type = ? AND id = ?",
                (resource_type, resource_id),
            ).fetchone()
            if row:
                if row[1] == "loaded" != origin:
                    continue
                self._forget(row[0], json.loads(row[2]))
            body = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
            cursor = self._db.execute(
                "INSERT INTO resource (type, id, origin, body) VALUES (?, ?, ?, ?)",
                (resource_type, resource_id, origin, body),
            )
            pk = int(cursor.lastrowid or 0)
            keys[pk] = resource
            rows.add(pk, resource)
        rows.insert(self._db)
        self._place(keys)
        return len(keys)

    def remove(self, origin: Origin) -> None:
        """Forget everything of one origin."""
        rows = self._db.execute("SELECT pk, body FROM resource WHERE origin = ?", (origin,))
        for pk, body in rows.fetchall():
            self._forget(pk, json.loads(body))

    def _forget(self, pk: int, resource: Json) -> None:
        rows = _Rows()
        rows.add(pk, resource)
        rows.delete(self._db)
        self._db.execute("DELETE FROM date WHERE pk = ?", (pk,))
        placed = [(pk, resource)]
        if resource["resourceType"] == "Location":
            placed += self._roles_at(resource)
        self._db.executemany(
            "DELETE FROM place WHERE key = ? AND band = ? AND lon = ? AND pk = ?",
            [(*place[:3], each) for each, body in placed for place in self._places(body)],
        )
        self._db.execute("DELETE FROM resource WHERE pk = ?", (pk,))

    def _place(self, batch: dict[int, Json]) -> None:
        """Enter Locations and the roles at them into the nearness index."""
        for pk, resource in batch.items():
            if resource["resourceType"] == "Location":
                self._positions.pop(f"Location/{resource['id']}", None)
                self._index_places(pk, resource)
                for role, body in self._roles_at(resource):
                    self._index_places(role, body)
        for pk, resource in batch.items():
            if resource["resourceType"] == "PractitionerRole":
                self._index_places(pk, resource)

    def _roles_at(self, location: Json) -> list[tuple[int, Json]]:
        pid = parameter_number("PractitionerRole", "location")
        rows = self._db.execute(
            "SELECT r.pk, r.body FROM reference x JOIN resource r ON r.pk = x.pk"
            " WHERE x.pid = ? AND x.target = ?",
            (pid, f"Location/{location['id']}"),
        )
        return [(pk, json.loads(body)) for pk, body in rows.fetchall()]

    def _index_places(self, pk: int, resource: Json) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO place (key, band, lon, lat, pk) VALUES (?, ?, ?, ?, ?)",
            [(*place, pk) for place in self._places(resource)],
        )

    def _position(self, location: str) -> Position | None:
        """Where a Location lies, from its reference; remembered, as many roles share one."""
        if location not in self._positions:
            if len(self._positions) > _REMEMBERED_POSITIONS:
                self._positions.clear()
            self._positions[location] = _position(self.get(location) or {})
        return self._positions[location]

    def _places(self, resource: Json) -> list[tuple[int, int, float, float]]:
        """(key, band, longitude, latitude) of each position under each specialty and network."""
        resource_type = resource["resourceType"]
        if resource_type == "Location":
            positions, pairs = [_position(resource)], [("", "")]
        elif resource_type == "PractitionerRole":
            positions = [self._position(target) for target in references(resource, "location")]
            specialties = [code for _, code in codes(resource, "specialty")] or [""]
            networks = references(resource, "network") or [""]
            pairs = list(product(specialties, networks))
        else:
            return []
        places = []
        for latitude, longitude in filter(None, positions):
            band = math.floor(latitude * _BANDS_PER_DEGREE)
            for specialty, network in pairs:
                key = number(f"{resource_type}|{specialty}|{network}")
                if key not in self._place_keys:
                    self._db.execute(
                        "INSERT OR IGNORE INTO place_key VALUES (?, ?, ?, ?)",
                        (key, resource_type, specialty, network),
                    )
                    self._place_keys.add(key)
                places.append((key, band, longitude, latitude))
        return places


def _position(location: Json) -> Position | None:
    position = location.get("position") or {}
    try:
        return float(position["latitude"]), float(position["longitude"])
    except (KeyError, TypeError, ValueError):
        return None


def references(resource: Json, name: str) -> list[str]:
    """The `Type/id` targets that a reference parameter finds in a resource."""
    found = []
    for path in parameters_for(resource["resourceType"])[name].paths:
        for value in values(resource, path):
            if isinstance(value, dict) and isinstance(value.get("reference"), str):
                found.append(reference_target(value["reference"]))
    return found


def codes(resource: Json, name: str) -> list[tuple[str, str]]:
    """The (system, code) pairs that a token parameter finds in a resource."""
    parameter = parameters_for(resource["resourceType"])[name]
    return [pair for path in parameter.paths for v in values(resource, path) for pair in tokens(v)]


def _driver(
    resource_type: str, filters: Sequence[Filter]
) -> tuple[str, tuple[Any, ...], list[Filter]]:
    """The filter that finds the fewest rows, as a source; the others are checked row by row."""
    positive = [item for item in filters if not item.negated]
    if not positive:
        return "SELECT pk FROM resource WHERE type = ?", (resource_type,), list(filters)
    driver = min(positive, key=lambda item: item.rank)
    source = " UNION ".join(
        f"SELECT DISTINCT x.pk FROM {m.tables} WHERE {m.where}" for m in driver.alternatives
    )
    arguments = tuple(a for m in driver.alternatives for a in m.arguments)
    return source, arguments, [item for item in filters if item is not driver]


def _checks(filters: Iterable[Filter]) -> tuple[str, tuple[Any, ...]]:
    """A condition on each row of `h`: a point look-up in an index for each alternative, or one set
    for a chained one.
    """
    where = ["1"]
    arguments: tuple[Any, ...] = ()
    for item in filters:
        tests = " OR ".join(
            f"h.pk IN (SELECT x.pk FROM {m.tables} WHERE {m.where})"
            if m.chained
            else f"EXISTS (SELECT 1 FROM {m.tables} WHERE {m.where} AND x.pk = h.pk)"
            for m in item.alternatives
        )
        where.append(f"NOT ({tests})" if item.negated else f"({tests})")
        arguments += tuple(a for m in item.alternatives for a in m.arguments)
    return " AND ".join(where), arguments


@cache
def _indexed(resource_type: str) -> list[tuple[int, Parameter, tuple[str, ...]]]:
    """What to index of a type: the number of a parameter, the parameter, one of its paths."""
    return [
        (parameter_number(resource_type, name), parameter, steps(path))
        for name, parameter in parameters_for(resource_type).items()
        for path in parameter.paths
    ]


class _Rows:
    """Index rows of a batch of resources."""

    def __init__(self) -> None:
        self.token: set[tuple[int, str, int, int]] = set()
        self.string: set[tuple[int, str, int]] = set()
        self.reference: set[tuple[int, str, int]] = set()
        self.date: set[tuple[int, int, str, str]] = set()

    def add(self, pk: int, resource: Json) -> None:
        for pid, parameter, path in _indexed(resource["resourceType"]):
            if path[0] in resource or path[0][0] == "(":
                for value in walk(resource, path):
                    self._add_value(pk, pid, parameter, value)

    def _add_value(self, pk: int, pid: int, parameter: Parameter, value: Any) -> None:
        if parameter.kind == "token":
            for system, code in tokens(value):
                self.token.add((pid, fold(code), pk, number(system)))
        elif parameter.kind == "string":
            if isinstance(value, str):
                self.string.add((pid, fold(value), pk))
        elif parameter.kind == "reference":
            if isinstance(value, dict) and isinstance(value.get("reference"), str):
                self.reference.add((pid, reference_target(value["reference"]), pk))
        elif parameter.kind == "date":
            for low, high in moments(value):
                self.date.add((pk, pid, low, high))

    def insert(self, db: sqlite3.Connection) -> None:
        db.executemany("INSERT OR IGNORE INTO token VALUES (?, ?, ?, ?)", sorted(self.token))
        db.executemany("INSERT OR IGNORE INTO string VALUES (?, ?, ?)", sorted(self.string))
        db.executemany("INSERT OR IGNORE INTO reference VALUES (?, ?, ?)", sorted(self.reference))
        db.executemany("INSERT OR IGNORE INTO date VALUES (?, ?, ?, ?)", sorted(self.date))

    def delete(self, db: sqlite3.Connection) -> None:
        db.executemany(
            "DELETE FROM token WHERE pid = ? AND code = ? AND pk = ? AND sid = ?", self.token
        )
        db.executemany("DELETE FROM string WHERE pid = ? AND value = ? AND pk = ?", self.string)
        db.executemany(
            "DELETE FROM reference WHERE pid = ? AND target = ? AND pk = ?", self.reference
        )
