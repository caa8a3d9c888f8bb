"""Builds a partner's data, and again when the code or the anchor day has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sandbox.errors import SandboxError
from sandbox.population.calendar import Anchor, today
from sandbox.population.crowd import crowd_member, identity
from sandbox.population.directory import directory_resources
from sandbox.population.rendering import member_resources
from sandbox.population.samples import samples
from sandbox.population.scale import SMALL_MEMBERS, ScaleName, members_of, scale_named
from sandbox.profiles import PARTNERS_FILE, Profile
from sandbox.store import Store

Progress = Callable[[str, int], None]
Item = TypeVar("Item")

MEMBERS_DAY = "members-day"
_DIRECTORY_STAMP, _MEMBERS_STAMP, _SCALE = "directory-stamp", "members-stamp", "scale"

# Outside this package, what decides how data is stored and found.
_INDEXING_SOURCES = ("parameters.py", "profiles.py", "store.py")
_AT_ONCE = 20_000


def store_path(data: Path, profile: Profile) -> Path:
    return data / f"{profile.key}.sqlite"


def scale_of(store: Store) -> ScaleName:
    """The scale that the store was built to."""
    return scale_named(store.note(_SCALE))


def prepare(store: Store, profile: Profile) -> bool:
    """Bring the generated data up to date; what was loaded stays. Returns whether it built.

    SandboxError where that would take minutes: full scale is built by a command of its own.
    """
    code = _code_stamp()
    day = today(profile.zone)
    stamps = {_DIRECTORY_STAMP: code, _MEMBERS_STAMP: f"{code} {day.isoformat()}"}
    if all(store.note(name) == stamp for name, stamp in stamps.items()):
        return False
    if scale_of(store) == "full" and store.note(_DIRECTORY_STAMP) != code:
        raise SandboxError(
            f"The full data of {profile.key} is not finished or of an older version: run "
            "'python -m sandbox build --scale full', or '--scale small' for the slice."
        )
    with store.writing():
        # Another process may have built it while this one waited for the lock.
        if store.note(_DIRECTORY_STAMP) != code:
            store.remove("directory")
            store.put(directory_resources(profile), "directory")
            store.set_note(_DIRECTORY_STAMP, code)
        if store.note(_MEMBERS_STAMP) != stamps[_MEMBERS_STAMP]:
            _build_members(store, profile, day)
            store.set_note(_MEMBERS_STAMP, stamps[_MEMBERS_STAMP])
    return True


def build(store: Store, profile: Profile, scale: ScaleName, progress: Progress) -> None:
    """Build everything anew at a scale; `progress` hears what is being built and how much so far.

    Loaded files stay. An interrupted build is noticed and can be started again.
    """
    day, code = today(profile.zone), _code_stamp()
    with store.writing():
        store.set_note(_SCALE, scale)
        store.set_note(_DIRECTORY_STAMP, "unfinished")
    store.empty()
    done = 0
    for part in _parts(directory_resources(profile, scale)):
        with store.writing():
            done += store.put(part, "directory")
        progress("directory", done)
    numbers = range(SMALL_MEMBERS + 1, members_of(profile.key, scale) + 1)
    done = 0
    for some in _parts(numbers):
        people = ((number, identity(profile.key, number)) for number in some)
        with store.writing():
            store.add_strangers((who.born, who.family, number) for number, who in people)
        done += len(some)
        progress("members", done)
    with store.writing():
        _build_members(store, profile, day)
        store.set_note(_DIRECTORY_STAMP, code)
        store.set_note(_MEMBERS_STAMP, f"{code} {day.isoformat()}")
    store.optimize()


def _parts(items: Iterable[Item]) -> Iterator[list[Item]]:
    source = iter(items)
    while part := list(islice(source, _AT_ONCE)):
        yield part


def _build_members(store: Store, profile: Profile, day: date) -> None:
    anchor = Anchor(day)
    members = [s.member for s in samples(anchor) if s.member.partner == profile.key]
    numbers = [*range(1, SMALL_MEMBERS + 1), *store.met()]
    members += [crowd_member(profile, anchor, number) for number in numbers]
    store.remove("members")
    store.put(
        (resource for member in members for resource in member_resources(member, profile, day)),
        "members",
    )
    store.set_note(MEMBERS_DAY, day.isoformat())


def meet(store: Store, profile: Profile, numbers: Iterable[int]) -> None:
    """Write out members of the crowd who are asked for the first time.

    At full scale the records of 960,000 people would take a day's disk; each is made from its
    number when somebody asks, and kept from then on.
    """
    known = set(store.met())
    limit = members_of(profile.key, scale_of(store))
    fresh = {n for n in numbers if SMALL_MEMBERS < n <= limit} - known
    if not fresh:
        return
    day = today(profile.zone)
    anchor = Anchor(day)
    with store.writing():
        for number in sorted(fresh):
            member = crowd_member(profile, anchor, number)
            store.put(member_resources(member, profile, day), "members")
            store.add_met(number)


def warm_up(store: Store, profile: Profile) -> None:
    """Look up what writing out the first stranger needs, so that nobody waits for it."""
    if scale_of(store) == "full":
        crowd_member(profile, Anchor(today(profile.zone)), SMALL_MEMBERS + 1)


@cache
def _code_stamp() -> str:
    """Changes whenever the code that makes the data does, so that nobody sees stale data.

    Taken once: a running server makes data by the code that it started with.
    """
    here = Path(__file__).parent
    sources = [*here.glob("*.py"), *(here.parent / name for name in _INDEXING_SOURCES)]
    digest = hashlib.sha256(PARTNERS_FILE.read_bytes())
    for path in sorted(sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
