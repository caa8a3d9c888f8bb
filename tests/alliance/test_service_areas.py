"""Who would cover an address, and whose directory is asked about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.gazetteer import zip_codes
from alliance.partners import Partners
from alliance.service_area import area_of, directories_for, serving

CIGNA, MVP, PREFERRED = "cigna", "mvp", "preferred-care"

# (ZIP code, where that is, county, who would cover it; None: ask the employer)
PLACES = [
    ("12207", "Albany", "Albany", MVP),
    ("12305", "Schenectady, MVP's seat", "Schenectady", MVP),
    ("12180", "Troy", "Rensselaer", MVP),
    ("12866", "Saratoga Springs", "Saratoga", MVP),
    ("13202", "Syracuse", "Onondaga", MVP),
    ("13501", "Utica", "Oneida", MVP),
    ("13901", "Binghamton", "Broome", MVP),
    ("14850", "Ithaca", "Tompkins", MVP),
    ("12601", "Poughkeepsie", "Dutchess", MVP),
    ("10901", "Suffern, the last county before the city", "Rockland", MVP),
    ("12901", "Plattsburgh", "Clinton", MVP),
    ("13601", "Watertown", "Jefferson", MVP),
    ("14604", "Rochester, Preferred Care's seat", "Monroe", PREFERRED),
    ("14424", "Canandaigua", "Ontario", PREFERRED),
    ("14020", "Batavia", "Genesee", PREFERRED),
    ("14527", "Penn Yan", "Yates", PREFERRED),
    ("14830", "Corning", "Steuben", PREFERRED),
    ("14489", "Lyons", "Wayne", PREFERRED),
    # The lists are "assumed" and have gaps: upstate, a gap is a question and not CIGNA's.
    ("14202", "Buffalo", "Erie", None),
    ("14301", "Niagara Falls", "Niagara", None),
    ("14701", "Jamestown", "Chautauqua", None),
    ("14901", "Elmira", "Chemung", None),
    # Downstate is CIGNA's.
    ("10001", "Manhattan", "New York", CIGNA),
    ("10451", "the Bronx", "Bronx", CIGNA),
    ("11201", "Brooklyn", "Kings", CIGNA),
    ("11354", "Flushing", "Queens", CIGNA),
    ("10301", "Staten Island", "Richmond", CIGNA),
    ("11501", "Mineola", "Nassau", CIGNA),
    ("11901", "Riverhead", "Suffolk", CIGNA),
    ("10601", "White Plains", "Westchester", CIGNA),
    # Vermont and New Hampshire are MVP's in every county.
    ("05401", "Burlington, Vermont", "Chittenden", MVP),
    ("05301", "Brattleboro, Vermont", "Windham", MVP),
    ("05901", "Averill, Vermont", "Essex", MVP),
    ("03101", "Manchester, New Hampshire", "Hillsborough", MVP),
    ("03570", "Berlin, New Hampshire", "Coos", MVP),
    # Everywhere else.
    ("02118", "Boston", "Suffolk", CIGNA),
    ("06002", "Bloomfield, CIGNA's seat", "Hartford", CIGNA),
    ("60611", "Chicago", "Cook", CIGNA),
    ("85004", "Phoenix", "Maricopa", CIGNA),
    ("99501", "Anchorage", "Anchorage", CIGNA),
    # A county's name does not cross a state line: these are not New York's.
    ("01201", "Pittsfield, next to the border", "Berkshire", CIGNA),
    ("15301", "Washington County, Pennsylvania", "Washington", CIGNA),
    ("07102", "Newark, Essex County, New Jersey", "Essex", CIGNA),
]


@pytest.mark.parametrize(
    ("zip_code", "where", "county", "partner"), PLACES, ids=[f"{p[0]} {p[1]}" for p in PLACES]
)
def test_area_of(
    partners: Partners, zip_code: str, where: str, county: str, partner: str | None
) -> None:
    area = area_of(zip_code, partners)
    assert area is not None
    assert (area.place.zip, area.place.county.split(" (")[0]) == (zip_code, county)
    assert (area.partner and area.partner.key) == partner


def test_st_lawrence_counts_however_the_list_of_zip_codes_spells_it(partners: Partners) -> None:
    county = [z for z in zip_codes() if z.state == "NY" and "Lawrence" in z.county]
    assert len(county) > 20
    areas = [area_of(entry.zip, partners) for entry in county]
    assert {area.partner.key for area in areas if area and area.partner} == {MVP}
    assert all(area and area.partner for area in areas)


def test_every_listed_county_exists(partners: Partners) -> None:
    """A misspelt county would silently send its people elsewhere."""
    known = {(entry.state, entry.county) for entry in zip_codes()}
    listed = {
        (state, county)
        for partner in partners
        for state, counties in partner.counties.items()
        for county in counties or ()
    }
    assert listed <= known


@pytest.mark.parametrize("zip_code", ["00000", "99999", "1220", "", "ABCDE"])
def test_what_is_no_zip_code_has_no_area(partners: Partners, zip_code: str) -> None:
    assert area_of(zip_code, partners) is None


@pytest.mark.parametrize(
    ("zip_code", "directories"),
    [
        ("12207", [MVP, CIGNA]),
        ("14604", [PREFERRED, CIGNA]),
        ("05401", [MVP, CIGNA]),
        ("14202", [CIGNA]),
        ("10001", [CIGNA]),
        ("02118", [CIGNA]),
        ("00000", [CIGNA]),
    ],
)
def test_directories_for(partners: Partners, zip_code: str, directories: list[str]) -> None:
    assert [p.key for p in directories_for(zip_code, partners)] == directories


@given(st.sampled_from(sorted(entry.zip for entry in zip_codes())))
def test_every_address_has_a_directory_and_the_national_one_is_among_them(
    partners: Partners, zip_code: str
) -> None:
    found = [p.key for p in directories_for(zip_code, partners)]
    assert found[-1] == CIGNA
    assert len(found) == len(set(found)) <= 2


@pytest.mark.parametrize(
    ("state", "company"), [("FL", CIGNA), ("MA", CIGNA), ("VT", MVP), ("NH", MVP), ("NY", None)]
)
def test_a_state_alone_is_served_by_one_company_or_depends_on_the_county(
    partners: Partners, state: str, company: str | None
) -> None:
    partner = serving(state, partners)
    assert (partner and partner.key) == company
