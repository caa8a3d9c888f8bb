"""In or out of the network of the member's own plan, at one location; or only "listed in"."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.answers.question import Desk
from actions.answers.wording import joined, line_of
from alliance.coverage import Coverage, LineOfBusiness, covering, is_alliance
from alliance.directory import Listing
from alliance.errors import PartnerUnavailable
from alliance.gazetteer import ZipCode, locate
from alliance.network import NetworkDecision, PlanNetworks, bare, decide, plan_networks
from alliance.partners import Partner
from alliance.products import Product, product_of
from alliance.verified import VerifiedMember


@dataclass(frozen=True)
class MemberPlan:
    """The plan whose network counts for a member's search."""

    coverage: Coverage
    networks: PlanNetworks
    product: Product
    partner: Partner

    @property
    def name(self) -> str:
        return self.coverage.plan_name or f"{self.partner.short_name} plan"

    def decide(self, listing: Listing) -> NetworkDecision:
        """By the network ids at the listing's own location."""
        return decide(self.networks, listing.networks, locate(listing.zip))

    def networks_at(self, place: ZipCode) -> frozenset[str]:
        """The bare ids of the networks that count at a place; empty where that is not known."""
        if not self.networks.listed:
            return frozenset()
        away = self.networks.in_area(place) is False
        return self.networks.listed | (self.networks.away if away else frozenset())


@dataclass(frozen=True)
class PlanLookup:
    """`plan` is None where nobody is verified, nothing is in force, the order of two plans is
    open, or a company did not answer: `note` says so to a verified member.
    """

    plan: MemberPlan | None = None
    note: str = ""


async def member_plan(
    member: VerifiedMember | None, desk: Desk, lines: Sequence[LineOfBusiness] = ("medical",)
) -> PlanLookup:
    """The plan in force today for the first of these lines of business that has one."""
    if member is None:
        return PlanLookup()
    keys = [membership.partner for membership in member.person.memberships]
    answers = await asyncio.gather(
        *(desk.records.coverages(member, key) for key in keys), return_exceptions=True
    )
    found: list[Coverage] = []
    failed: list[str] = list(member.person.unreached)
    for key, answer in zip(keys, answers, strict=True):
        if isinstance(answer, PartnerUnavailable):
            failed.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found += [each for each in answer if is_alliance(each, desk.partners[key])]
    today = desk.clock.today()
    current = next((c for line in lines if (c := covering(found, today, line))), [])
    firsts = [each for each in current if each.order in (None, 1)]
    if len({each.partner for each in firsts}) > 1:
        names = joined([desk.partners[each.partner].name for each in firsts])
        return PlanLookup(
            note=f"Both {names} show as your first plan, so I can't tell which network counts."
        )
    if failed and not current:
        partner = desk.partners[failed[0]]
        return PlanLookup(
            note=f"I could not reach {partner.name} to check your plan's network. You can call "
            f"{line_of(partner)}."
        )
    if not current:
        kinds = joined(list(lines), "or")
        note = f"I see no {kinds} plan in force for you today, so no network counts yet."
        return PlanLookup(note=note)
    covered = (firsts or current)[0]
    partner = desk.partners[covered.partner]
    return PlanLookup(
        MemberPlan(
            covered,
            plan_networks(covered, desk.partners),
            product_of(covered, partner.products),
            partner,
        )
    )


def network_words(listing: Listing, plan: MemberPlan | None, desk: Desk) -> str:
    """For a list: "in your plan's network", or the directories that list it."""
    if plan is None:
        return f"listed in {listed_in(listing, desk)} directory"
    match plan.decide(listing).status:
        case "in":
            return "in your plan's network"
        case "out":
            return "not in your plan's network"
        case _:
            return "your plan's network not certain"


def network_reason(listing: Listing, plan: MemberPlan, desk: Desk) -> str:
    """One sentence on why, for a named provider: whose network it is, never whose name."""
    decision = plan.decide(listing)
    names = {bare(n.id): n.name for partner in desk.partners for n in partner.networks}
    theirs = joined([names.get(bare(each), each) for each in sorted(listing.networks)])
    ours = joined([names.get(each, each) for each in sorted(plan.networks.listed)])
    belongs = f"The directory shows {theirs} there" if theirs else "The directory shows no network"
    shared = joined([names.get(each, each) for each in sorted(decision.networks)])
    match decision.reason:
        case "plan_lists_it":
            return f"It is in the {shared}, which your plan, {plan.name}, uses."
        case "away_from_plan_area":
            return (
                f"It is in the {shared}, which your plan, {plan.name}, uses outside its own area."
            )
        case "aligned_network_only":
            return f"{belongs}. Inside its area your plan, {plan.name}, uses {ours} only."
        case "not_in_plan_networks":
            return f"{belongs}. Your plan, {plan.name}, uses {ours}."
        case "listing_names_no_network":
            return f"{belongs} for this location."
        case "plan_networks_not_on_file":
            return f"{plan.partner.name} doesn't show me your plan's networks here."
        case _:
            return f"{belongs}. Whether your plan, {plan.name}, uses it there I can't tell."


def referral_words(plan: MemberPlan | None, specialty_codes: Iterable[str]) -> str:
    """What a plan with referrals needs before a specialist visit; nothing for primary care."""
    if plan is None or not needs_referral(specialty_codes):
        return ""
    kind = plan.product.type
    if plan.product.referral_required is False or kind not in ("HMO", "POS", "Medicare Advantage"):
        return ""
    if kind == "POS":
        return (
            "Your plan is a point-of-service plan: without a referral from your primary care "
            "doctor the visit is covered at the out-of-network level."
        )
    if plan.product.referral_required is None:
        return "Your plan may need a referral from your primary care doctor for this visit."
    return "Your plan needs a referral from your primary care doctor for this visit."


# Primary care, OB/GYN (no referral by 45 CFR 149.310), emergency, urgent care, eye and dental.
_NO_REFERRAL = frozenset(
    {
        "207Q00000X", "207R00000X", "208D00000X", "363LP2300X", "208000000X", "207V00000X",
        "367A00000X", "176B00000X", "261QE0002X", "261QU0200X", "333600000X", "3336C0003X",
        "122300000X", "1223G0001X", "1223X0400X", "152W00000X",
    }
)  # fmt: skip


def needs_referral(specialty_codes: Iterable[str]) -> bool:
    """Whether a referral can be asked for at all for such a visit."""
    codes = set(specialty_codes)
    return bool(codes) and not codes & _NO_REFERRAL


def listed_in(listing: Listing, desk: Desk, *, spoken: bool = False) -> str:
    """ "CIGNA's and MVP's"."""
    partners = [desk.partners[key] for key in listing.partners]
    return joined([f"{p.spoken_name if spoken else p.short_name}'s" for p in partners])
