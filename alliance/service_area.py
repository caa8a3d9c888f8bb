"""Who would cover an address: ZIP code to county to a company's service area."""

from __future__ import annotations

from dataclasses import dataclass

from alliance.gazetteer import ZipCode, locate
from alliance.partners import Partner, Partners

# A New York county on no list is a question for the employer, not CIGNA's by default: the region
# is MVP's and Preferred Care's, and the working lists may have gaps there. Downstate is CIGNA's.
_DOWNSTATE = frozenset(
    {"Bronx", "Kings", "Nassau", "New York", "Queens", "Richmond", "Suffolk", "Westchester"}
)


@dataclass(frozen=True)
class ServiceArea:
    """Where a ZIP code lies and the company that would cover it (None: ask the employer)."""

    place: ZipCode
    partner: Partner | None


def area_of(zip_code: str, partners: Partners) -> ServiceArea | None:
    """The service area of a ZIP code, or None when there is no such ZIP code."""
    place = locate(zip_code)
    if place is None:
        return None
    regional = next((p for p in partners if p.serves(place.state, place.county)), None)
    if regional:
        return ServiceArea(place, regional)
    if place.state == "NY" and place.county not in _DOWNSTATE:
        return ServiceArea(place, None)
    return ServiceArea(place, next((p for p in partners if p.rest_of_country), None))


def serving(state: str, partners: Partners) -> Partner | None:
    """The company that would cover the whole of a state; None where counties differ."""
    regional = next((p for p in partners if p.serves(state, "")), None)
    if regional:
        return regional
    in_part = any(state in p.counties for p in partners)
    return None if in_part else next((p for p in partners if p.rest_of_country), None)


def directories_for(zip_code: str, partners: Partners) -> list[Partner]:
    """The directories to ask about a place: the regional company's first, and the national one."""
    area = area_of(zip_code, partners)
    national = [p for p in partners if p.rest_of_country]
    if area is None or area.partner is None or area.partner.rest_of_country:
        return national
    return [area.partner, *national]
