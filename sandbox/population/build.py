"""Builds a partner's data, and again when the code or the anchor day has changed."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from sandbox.population.calendar import Anchor, today
from sandbox.population.crowd import crowd
from sandbox.population.directory import directory_resources
from sandbox.population.rendering import member_resources
from sandbox.population.samples import samples
from sandbox.profiles import PARTNERS_FILE, Profile
from sandbox.store import Store

_DIRECTORY_STAMP, _MEMBERS_STAMP, MEMBERS_DAY = "directory-stamp", "members-stamp", "members-day"

# Outside this package, what decides how data is stored and found.
_INDEXING_SOURCES = ("parameters.py", "profiles.py", "store.py")


def store_path(data: Path, profile: Profile) -> Path:
    return data / f"{profile.key}.sqlite"


def prepare(store: Store, profile: Profile) -> bool:
    """Bring the generated data up to date; what was loaded stays. Returns whether it built."""
    code = _code_stamp()
    day = today(profile.zone)
    stamps = {_DIRECTORY_STAMP: code, _MEMBERS_STAMP: f"{code} {day.isoformat()}"}
    if all(store.note(name) == stamp for name, stamp in stamps.items()):
        return False
    with store.writing():
        # Another process may have built it while this one waited for the lock.
        if store.note(_DIRECTORY_STAMP) != code:
            store.remove("directory")
            store.put(directory_resources(profile), "directory")
            store.set_note(_DIRECTORY_STAMP, code)
        if store.note(_MEMBERS_STAMP) != stamps[_MEMBERS_STAMP]:
            _build_members(store, profile, day)
            store.set_note(_MEMBERS_STAMP, stamps[_MEMBERS_STAMP])
            store.set_note(MEMBERS_DAY, day.isoformat())
    return True


def _build_members(store: Store, profile: Profile, day: date) -> None:
    anchor = Anchor(day)
    members = [s.member for s in samples(anchor) if s.member.partner == profile.key]
    members += crowd(profile, anchor)
    store.remove("members")
    store.put(
        (resource for member in members for resource in member_resources(member, profile, day)),
        "members",
    )


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
