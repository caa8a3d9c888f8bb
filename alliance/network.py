"""In or out of network: by the network ids of the member's plan at one practice location.

Source: the alliance's rule as CIGNA describes it to providers. Inside a plan's service area its
aligned network counts; CIGNA's counts when travelling or living outside; what else a plan lists
counts everywhere. A company's name decides nothing, and emergency care needs no network.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from alliance.coverage import Coverage
from alliance.gazetteer import ZipCode
from alliance.partners import Partner, Partners

Status = Literal["in", "out", "unknown"]
Reason = Literal[
    # in
    "plan_lists_it",
    "away_from_plan_area",
    # out
    "aligned_network_only",
    "not_in_plan_networks",
    # unknown
    "plan_networks_not_on_file",
    "listing_names_no_network",
    "place_unknown",
    "plan_area_unknown",
    "lives_outside_plan_area",
]


@dataclass(frozen=True)
class PlanNetworks:
    """Which networks count for one plan. Ids are bare: 'mvp-network'.

    `listed` are those of the plan's own file, its aligned network first of all; `away` the
    national network, which counts outside the plan's service area.
    """

    listed: frozenset[str]
    away: frozenset[str]
    partner: Partner
    partners: Partners

    def in_area(self, place: ZipCode) -> bool | None:
        """Whether the place lies in the service area; None where no area is configured."""
        if self.partner.rest_of_country:
            return not any(other.serves(place.state, place.county) for other in self.partners)
        if not self.partner.counties:
            return None
        return self.partner.serves(place.state, place.county)


@dataclass(frozen=True)
class NetworkDecision:
    """`networks` are the plan's networks that the location belongs to, where it is in one."""

    status: Status
    reason: Reason
    networks: frozenset[str] = frozenset()


def plan_networks(coverage: Coverage, partners: Partners) -> PlanNetworks:
    """What counts for the plan behind a coverage."""
    away = {
        bare(network.id)
        for partner in partners
        if partner.rest_of_country
        for network in partner.networks
    }
    return PlanNetworks(
        listed=frozenset(bare(network) for network in coverage.networks),
        away=frozenset(away),
        partner=partners[coverage.partner],
        partners=partners,
    )


def decide(
    plan: PlanNetworks,
    listing_networks: Iterable[str],
    at: ZipCode | None,
    home: ZipCode | None = None,
) -> NetworkDecision:
    """Whether a listing is in the plan's network.

    `listing_networks` are the network ids of one provider at one location, `at` is that location's
    ZIP code, `home` the member's own, if it is known. Where the rule leaves a doubt the answer is
    unknown, never in: being sent out of network costs the member money.
    """
    found = frozenset(bare(network) for network in listing_networks)
    if not plan.listed:
        return NetworkDecision("unknown", "plan_networks_not_on_file")
    if not found:
        return NetworkDecision("unknown", "listing_names_no_network")
    if found & plan.listed:
        return NetworkDecision("in", "plan_lists_it", found & plan.listed)
    if not found & plan.away:
        return NetworkDecision("out", "not_in_plan_networks")
    if at is None:
        return NetworkDecision("unknown", "place_unknown")
    match plan.in_area(at):
        case None:
            return NetworkDecision("unknown", "plan_area_unknown")
        case False:
            return NetworkDecision("in", "away_from_plan_area", found & plan.away)
        case _:
            # At home on a visit: the rule names both networks, so the company has to say.
            if home is not None and plan.in_area(home) is False:
                return NetworkDecision("unknown", "lives_outside_plan_area")
            return NetworkDecision("out", "aligned_network_only")


def bare(network: str) -> str:
    """The id alone: directories write 'mvp-network', coverages 'Organization/mvp-network'."""
    return network.rsplit("/", 1)[-1]
