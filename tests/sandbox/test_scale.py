"""Building at a large scale, and the nearness index, in small."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import SandboxError
from sandbox.match import member_match
from sandbox.parameters import Json
from sandbox.population import build as building
from sandbox.population import scale
from sandbox.population.crowd import crowd_number, identity
from sandbox.population.directory import directory_resources
from sandbox.population.places import zip_code
from sandbox.profiles import load_profile
from sandbox.store import Filter, Near, Store, parameter_number, token_match


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.sqlite")
    yield store
    store.close()


def near(miles: float, latitude: float = 42.65, longitude: float = -73.75) -> Near:
    return Near(latitude, longitude, miles, None, None)


def location(key: str, latitude: float, longitude: float) -> Json:
    position = {"latitude": latitude, "longitude": longitude}
    return {"resourceType": "Location", "id": key, "position": position}


def role(key: str, place: str) -> Json:
    return {
        "resourceType": "PractitionerRole",
        "id": key,
        "location": [{"reference": f"Location/{place}"}],
        "specialty": [{"coding": [{"code": "207RC0000X"}]}],
    }


def found(store: Store, kind: str, circle: Near) -> list[str]:
    return [key for key, _ in store.search(kind, [], circle, 1000, 0).rows]


class TestNearness:
    def test_a_role_follows_its_location(self, store: Store) -> None:
        with store.writing():
            store.put([role("r", "l")], "loaded")
        assert found(store, "PractitionerRole", near(10)) == []
        with store.writing():
            store.put([location("l", 42.66, -73.76)], "loaded")
        assert found(store, "PractitionerRole", near(10)) == ["r"]
        with store.writing():
            store.put([location("l", 34.05, -118.24)], "loaded")
        assert found(store, "PractitionerRole", near(10)) == []
        assert found(store, "PractitionerRole", near(10, 34.05, -118.24)) == ["r"]

    def test_what_is_removed_is_found_no_more(self, store: Store) -> None:
        with store.writing():
            store.put([location("l", 42.66, -73.76), role("r", "l")], "directory")
            store.remove("directory")
        assert found(store, "Location", near(50)) == []
        assert found(store, "PractitionerRole", near(50)) == []

    @given(
        st.lists(
            st.tuples(st.floats(41, 44, width=32), st.floats(-75, -72, width=32)),
            min_size=1,
            max_size=40,
        ),
        st.floats(1, 120),
    )
    @settings(max_examples=25, deadline=None)
    def test_it_agrees_with_looking_at_every_place(
        self, points: list[tuple[float, float]], miles: float
    ) -> None:
        store = Store(Path(":memory:"))
        with store.writing():
            store.put([location(str(i), *p) for i, p in enumerate(points)], "directory")

        def distance(point: tuple[float, float]) -> float:
            north = (point[0] - 42.65) * 69.0
            east = (point[1] + 73.75) * 69.0 * math.cos(math.radians(42.65))
            return math.hypot(north, east)

        # Points on the very edge may fall either way.
        inside = {str(i) for i, p in enumerate(points) if distance(p) < miles - 1e-6}
        allowed = {str(i) for i, p in enumerate(points) if distance(p) <= miles + 1e-6}
        keys = found(store, "Location", near(miles))
        store.close()
        assert inside <= set(keys) <= allowed
        distances = [distance(points[int(key)]) for key in keys]
        assert distances == sorted(distances, key=lambda d: round(d, 6))

    def test_a_failed_write_leaves_nothing(self, store: Store) -> None:
        def interrupted() -> Iterator[Json]:
            yield location("l", 42.66, -73.76)
            raise RuntimeError

        def write() -> None:
            with store.writing():
                store.put([location("k", 42.66, -73.76)], "loaded")
                store.put(interrupted(), "loaded")

        with pytest.raises(RuntimeError):
            write()
        assert found(store, "Location", near(50)) == []


@pytest.fixture
def _tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Full scale as an idea: more than the slice, but little."""
    sizes = {
        "cigna": scale.Scale(6_500, 700, 300),
        "mvp": scale.Scale(1_600, 130, 400),
        "preferred-care": scale.Scale(700, 40, 500),
    }
    for key, size in sizes.items():
        monkeypatch.setitem(scale.FULL, key, size)
    scale.allotments.cache_clear()
    monkeypatch.setenv("MEMBERLINE_NOW", "2026-11-23T12:00:00-05:00")
    yield
    scale.allotments.cache_clear()


def count(store: Store, kind: str) -> int:
    total = store.search(kind, [], None, 0, 0).total
    assert total is not None
    return total


@pytest.mark.usefixtures("_tiny")
class TestFullScale:
    def test_sizes(self, store: Store) -> None:
        profile = load_profile("preferred-care")
        heard: list[tuple[str, int]] = []
        building.build(store, profile, "full", lambda what, done: heard.append((what, done)))
        assert {what for what, _ in heard} == {"directory", "members"}
        # The company also lists doctors beyond its county line.
        assert count(store, "Practitioner") == pytest.approx(700, rel=0.2)
        assert count(store, "OrganizationAffiliation") == 40
        assert not building.prepare(store, profile)

    def test_npis_are_unique_and_shared(self) -> None:
        listed = {
            key: [
                resource["identifier"][0]["value"]
                for resource in directory_resources(load_profile(key), "full")
                if resource["resourceType"] == "Practitioner"
            ]
            for key in ("cigna", "mvp")
        }
        assert len(listed["cigna"]) == len(set(listed["cigna"])) == pytest.approx(6_500, rel=0.05)
        shared = set(listed["cigna"]) & set(listed["mvp"])
        assert 0.3 < len(shared) / len(listed["mvp"]) < 0.8

    def test_strangers_are_written_out_when_asked_for(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        profile = load_profile("preferred-care")
        building.build(store, profile, "full", lambda *_: None)
        who = identity("preferred-care", 321)
        assert crowd_number("preferred-care", who.member_id) == 321
        by_id = Filter(
            0, (token_match(parameter_number("Patient", "identifier"), [who.member_id], None),)
        )
        assert store.find("Patient", by_id) == []
        assert 321 in store.strangers(who.born.isoformat(), who.family.upper())
        building.meet(store, profile, [321, 501, 0])
        (patient,) = store.find("Patient", by_id)
        assert patient["birthDate"] == who.born.isoformat()
        parameters: dict[str, Any] = {
            "parameter": [
                {"name": "MemberPatient", "resource": patient},
                {"name": "CoverageToMatch", "resource": {"resourceType": "Coverage"}},
            ]
        }
        match = member_match(store, parameters)
        assert match["parameter"][0]["valueIdentifier"]["value"] == who.member_id
        # Whoever has been met is still there tomorrow.
        monkeypatch.setenv("MEMBERLINE_NOW", "2026-11-24T12:00:00-05:00")
        assert building.prepare(store, profile)
        assert store.find("Patient", by_id)[0]["id"] == patient["id"]
        assert store.note(building.MEMBERS_DAY) == "2026-11-24"
        assert store.met() == [321]

    def test_an_interrupted_build_is_noticed(self, store: Store) -> None:
        profile = load_profile("preferred-care")

        def stop(what: str, done: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            building.build(store, profile, "full", stop)
        with pytest.raises(SandboxError, match="build --scale full"):
            building.prepare(store, profile)
        building.build(store, profile, "full", lambda *_: None)
        assert not building.prepare(store, profile)

    def test_loaded_files_stay(self, store: Store) -> None:
        profile = load_profile("preferred-care")
        with store.writing():
            store.put([location("mine", 42.66, -73.76)], "loaded")
        building.build(store, profile, "small", lambda *_: None)
        assert "mine" in found(store, "Location", near(5))
        assert store.count("loaded") == 1


def test_identities_are_the_same_every_time() -> None:
    assert identity("mvp", 12_345) == identity("mvp", 12_345)
    assert identity("mvp", 12_345).born < date(2007, 1, 1)
    assert zip_code("13069").county == "Oswego"


def test_announced_sizes() -> None:
    regional = [scale.FULL["mvp"], scale.FULL["preferred-care"]]
    assert sum(size.providers for size in regional) > 16_500
    assert sum(size.facilities for size in regional) == 151
    assert sum(size.members for size in regional) == 710_000
    assert (scale.FULL["cigna"].providers, scale.FULL["cigna"].facilities) == (500_000, 5_000)
