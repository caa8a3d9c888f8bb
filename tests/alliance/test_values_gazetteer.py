"""What things and places are called, and where a ZIP code lies."""

from __future__ import annotations

import re
from typing import Any

import pytest

from alliance import gazetteer
from alliance.gazetteer import locate, lookup, place, read_place, specialty, terms, zip_place


@pytest.mark.parametrize(
    ("text", "label", "county"),
    [
        ("troy", "Troy, NY", "Rensselaer"),
        ("Albany, NY", "Albany, NY", "Albany"),
        ("portland maine", "Portland, ME", "Cumberland"),
        ("st. johnsbury", "Saint Johnsbury, VT", "Caledonia"),
        ("canton", "Canton, NY", "St. Lawrence"),
        ("concord", "Concord, NH", "Merrimack"),
        ("cambridge", "Cambridge, MA", "Middlesex"),
        ("worcester", "Worcester, MA", "Worcester"),
        ("johnstown", "Johnstown, NY", "Fulton"),
        ("boston", "Boston, MA", "Suffolk"),
        ("13617", "Canton, NY", "St. Lawrence"),
        ("washington d c", "Washington, DC", "District of Columbia"),
    ],
)
def test_a_city_is_the_likeliest_of_its_name(text: str, label: str, county: str) -> None:
    found = read_place(text)
    assert found is not None
    assert (found.label, found.county) == (label, county)


def test_a_city_of_no_such_state_is_no_place() -> None:
    assert place("Troy", "Vermont") is not None
    assert place("Schenectady", "VT") is None
    assert read_place("nowhereville") is None


@pytest.mark.parametrize("text", ["122075", "1220", "12207-12", "12207x", "1 2207"])
def test_what_is_no_zip_code_is_not_read_as_one(text: str) -> None:
    assert locate(text) is None


def test_zip_plus_four_is_where_its_first_five_figures_are() -> None:
    assert locate(" 12207-1234 ") == locate("122071234") == locate("12207")


def test_a_zip_code_is_located_and_an_unknown_one_is_not() -> None:
    canton = locate("13617-1234")
    assert canton is not None
    assert (canton.city, canton.state, canton.county) == ("Canton", "NY", "St. Lawrence")
    assert canton.lat == pytest.approx(44.59, abs=0.1)
    assert canton.lon == pytest.approx(-75.17, abs=0.1)
    assert locate("00000") is None
    assert zip_place("99999") is None


def test_every_county_of_the_service_areas_has_zip_codes(document: Any) -> None:
    named = {
        (state, county)
        for partner in document["partners"].values()
        for state, counties in partner["service_area"].get("counties", {}).items()
        if counties != "all"
        for county in counties
    }
    known = {(p.state, p.county) for name in gazetteer.city_names() for p in gazetteer.places(name)}
    assert len(named) > 40
    assert named <= known


@pytest.mark.parametrize(
    ("kind", "phrase", "key"),
    [
        ("specialty", "a heart doctor", "cardiology"),
        ("specialty", "Sugar Doctor", "endocrinology"),
        ("specialty", "skin fella", "dermatology"),
        ("specialty", "somebody for ears", "ent"),
        ("specialty", "shrink", "psychiatry"),
        ("facility", "walk-in clinic", "urgent_care"),
        ("service", "cat scan", "ct_scan"),
        ("relation", "my wife", "spouse"),
        ("partner", "m v p", "mvp"),
        ("specialty", "toaster", None),
    ],
)
def test_lay_words_mean_the_same_thing(kind: str, phrase: str, key: str | None) -> None:
    assert lookup(kind, phrase) == key


def test_specialties_carry_names_and_taxonomy_codes() -> None:
    cardiology = specialty("cardiology")
    assert cardiology is not None
    assert (cardiology.name, cardiology.plural) == ("cardiologist", "cardiologists")
    for kind in ("specialty", "facility"):
        for term in terms(kind).values():
            assert term.nucc_codes, term.key
            assert all(re.fullmatch(r"[0-9A-Z]{9}X", code) for code in term.nucc_codes)


@pytest.mark.parametrize("kind", ["specialty", "facility", "service", "relation", "partner"])
def test_no_name_of_one_thing_means_another(kind: str) -> None:
    for term in terms(kind).values():
        assert lookup(kind, term.name) == term.key
