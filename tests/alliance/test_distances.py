"""Distances on the globe, and the ZIP codes around a place."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.gazetteer import ZipCode, locate
from alliance.geography import miles_between, zips_around

EARTH_MILES = 3958.8
LATITUDES = st.floats(-89, 89)
LONGITUDES = st.floats(-180, 180)


def at(zip_code: str) -> ZipCode:
    found = locate(zip_code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other", "miles", "tolerance"),
    [
        ("12207", "12305", 15, 2),  # Albany, Schenectady
        ("12207", "14604", 200, 10),  # Albany, Rochester
        ("10001", "02118", 188, 6),  # Manhattan, Boston
        ("10001", "90001", 2450, 20),  # New York, Los Angeles
        ("12207", "12207", 0, 0.001),
    ],
)
def test_known_distances(one: str, other: str, miles: float, tolerance: float) -> None:
    a, b = at(one), at(other)
    assert miles_between(a.lat, a.lon, b.lat, b.lon) == pytest.approx(miles, abs=tolerance)


def test_a_degree_of_latitude_is_69_miles() -> None:
    assert miles_between(42, -73, 43, -73) == pytest.approx(EARTH_MILES * pi / 180)


def test_over_the_date_line_it_is_not_far() -> None:
    assert miles_between(0, 179.5, 0, -179.5) == pytest.approx(69, abs=0.2)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_is_symmetric_and_bounded(
    lat_a: float, lon_a: float, lat_b: float, lon_b: float
) -> None:
    there = miles_between(lat_a, lon_a, lat_b, lon_b)
    assert there == pytest.approx(miles_between(lat_b, lon_b, lat_a, lon_a))
    assert 0 <= there <= EARTH_MILES * pi * 1.0001


class TestZipsAround:
    def test_the_place_itself_is_nearest(self) -> None:
        """Post-office boxes share their middle with the town's other ZIP codes."""
        albany = at("12207")
        first = at(zips_around(albany.lat, albany.lon, 8)[0])
        assert (first.lat, first.lon) == (albany.lat, albany.lon)
        assert "12207" in zips_around(albany.lat, albany.lon, 0)

    def test_nearest_first_and_none_too_far(self) -> None:
        albany = at("12207")
        found = [at(code) for code in zips_around(albany.lat, albany.lon, 25)]
        miles = [miles_between(albany.lat, albany.lon, z.lat, z.lon) for z in found]
        assert miles == sorted(miles)
        assert miles[-1] <= 25
        assert {"12305", "12180"} <= {z.zip for z in found}
        assert "14604" not in {z.zip for z in found}

    @pytest.mark.parametrize("zip_code", ["12207", "99501", "33130", "96813", "00901", "59718"])
    @pytest.mark.parametrize("miles", [8, 60, 100])
    def test_none_is_missed_by_the_grid(self, zip_code: str, miles: float) -> None:
        """Cells of half a degree are narrower in the north: a search must still reach them."""
        here = at(zip_code)
        found = set(zips_around(here.lat, here.lon, miles))
        everything = zips_around(here.lat, here.lon, 400)
        near = {
            code
            for code in everything
            if miles_between(here.lat, here.lon, at(code).lat, at(code).lon) <= miles
        }
        assert found == near

    def test_in_the_ocean_there_is_nothing(self) -> None:
        assert zips_around(35.0, -45.0, 100) == []
