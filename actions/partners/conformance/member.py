"""A test member's own data: found by the ID, nobody else's, and complete enough to be told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from actions.partners.conformance.probe import Finding, Probe, lacking, presence, share
from alliance.claims import Claim
from alliance.coverage import Coverage, is_alliance
from alliance.verified import VerifiedMember

_IDENTITY = "identity"
_MATCH = "match at other companies"
_COVERAGE = "coverage"
_BENEFITS = "benefits"
_CARDS = "ID card"
_CLAIMS = "claims"
_AUTHORIZATIONS = "authorizations and referrals"
_FAMILY = "family"


async def identity(probe: Probe) -> AsyncIterator[Finding]:
    """The records under the ID, and what proves who somebody is."""
    if not probe.tester:
        return
    if not probe.partner.fits(probe.tester.member_id):
        yield Finding(
            _IDENTITY,
            "wrong",
            "the test member's ID fits none of the configured patterns",
            "Compare `member_id.patterns`.",
        )
    found = await probe.records()
    if not found:
        yield Finding(
            _IDENTITY,
            "wrong",
            "the member ID finds nobody",
            "Patient needs a search by identifier, and `member_id.system` has to be its system.",
        )
        return
    yield Finding(_IDENTITY, "works", f"the member ID finds {len(found)} record(s)")
    for record in found:
        gaps = lacking(
            first_name=record.first_names,
            birth_date=record.birth_date,
            zip_code=record.zips,
            family_name=record.family_name,
        )
        if gaps:
            yield Finding(
                _IDENTITY,
                "wrong",
                f"a record without {', '.join(gaps)}",
                "Such a member can never be verified.",
            )
    second = {"phone": "phone_endings", "house_number": "house_numbers"}[
        probe.partner.second_factor
    ]
    if not any(getattr(record, second) for record in found):
        yield Finding(
            _IDENTITY,
            "missing",
            f"no {probe.partner.second_factor.replace('_', ' ')} on file",
            "A member without the card cannot be verified; `second_factor` names the other one.",
        )
    if await probe.member():
        yield Finding(_IDENTITY, "works", "first name, birth date and ZIP code prove one of them")
    else:
        yield Finding(
            _IDENTITY,
            "wrong",
            "the test member's first name, birth date and ZIP code don't prove exactly one person",
            "Compare the file of test members with the records.",
        )


async def match(probe: Probe) -> AsyncIterator[Finding]:
    """HRex $member-match finds the same record again, and nobody for a made-up person."""
    if not probe.tester:
        return
    found = [each for each in await probe.records() if probe.tester.fits(each)]
    if len(found) != 1:
        yield Finding(_MATCH, "skipped", "no record was proven")
        return
    if await probe.backend.match_person(found[0]) == found[0].patient_id:
        yield Finding(_MATCH, "works", "the member is matched by $member-match")
    else:
        yield Finding(
            _MATCH,
            "wrong",
            "$member-match does not give the member's own record",
            "Members of two companies will be told about one of them only.",
        )


@dataclass(frozen=True)
class _Proven:
    member: VerifiedMember
    coverages: Sequence[Coverage]


async def _proven(probe: Probe) -> _Proven | None:
    member = await probe.member()
    return _Proven(member, await probe.backend.coverages(member)) if member else None


async def coverage(probe: Probe) -> AsyncIterator[Finding]:
    """Plans with dates, group, key and networks that the configuration knows."""
    proven = await _proven(probe)
    if not proven:
        return
    found = proven.coverages
    if not found:
        yield Finding(_COVERAGE, "wrong", "no coverage", "The member hears of no plan at all.")
        return
    yield Finding(_COVERAGE, "works", f"{len(found)} coverage(s)")
    if not any(is_alliance(each, probe.partner) for each in found):
        yield Finding(
            _COVERAGE,
            "wrong",
            "no coverage of an alliance group",
            "Compare Coverage.class (group) with `alliance_groups`: others hear no data here.",
        )
    own = {network.id.rsplit("/", 1)[-1] for network in probe.partner.networks}
    for name, have, todo in (
        ("start date", [each.start for each in found], "Their dates cannot be told."),
        ("plan name", [each.plan_name for each in found], "Answers name the company alone."),
        (
            "plan in `products`",
            [(each.plan_id or "") in probe.partner.products for each in found],
            "Rules on referrals and out-of-network care are then unknown.",
        ),
        (
            "network in `networks`",
            [bool(each.networks & own) for each in found],
            "In or out of network is then unknown for its members.",
        ),
    ):
        yield presence(_COVERAGE, name, sum(map(bool, have)), len(found), todo)


async def benefits(probe: Probe) -> AsyncIterator[Finding]:
    """Totals of the plan year, and rules of an office visit."""
    proven = await _proven(probe)
    if not proven:
        return
    found = await probe.backend.benefits(
        proven.member, probe.clock.today(probe.partner.phone.zone), ["99213"]
    )
    totals = [each for benefit in found for each in benefit.accumulators]
    rules = [each for benefit in found for each in benefit.services]
    for name, count, without in (
        ("totals of the plan year", len(totals), "Deductible and maximum cannot be told."),
        (
            "totals with what is used",
            sum(each.used is not None for each in totals),
            "What is left of a deductible cannot be told.",
        ),
        ("rules of an office visit (99213)", len(rules), "A copay cannot be told."),
        (
            "as of which day claims are counted",
            sum(each.processed_through is not None for each in found),
            "Members are not told as of when.",
        ),
    ):
        yield presence(_BENEFITS, name, count, None, without)


async def cards(probe: Probe) -> AsyncIterator[Finding]:
    """The data of an ID card."""
    proven = await _proven(probe)
    if not proven:
        return
    found = await probe.backend.cards(proven.member)
    if not found:
        yield Finding(_CARDS, "missing", "none", "Members are sent to the line for their card.")
    for each in found:
        gaps = lacking(
            member_ID=each.member_id,
            name=each.name,
            group=each.group,
            pharmacy_BIN=each.rx_bin,
            copays=each.costs,
        )
        seen = (
            f"a card of {each.line} without {', '.join(gaps)}"
            if gaps
            else f"a whole {each.line} card"
        )
        yield Finding(_CARDS, "missing" if gaps else "works", seen, "Not shown." if gaps else "")


async def claims(probe: Probe) -> AsyncIterator[Finding]:
    """Claims with states, days and amounts that add up, and found again by number and day."""
    proven = await _proven(probe)
    if not proven:
        return
    found = await probe.backend.claims(proven.member)
    if not found:
        yield Finding(
            _CLAIMS, "missing", "no claims", "Choose a test member who has some, in every state."
        )
        return
    states = sorted({each.state for each in found})
    yield Finding(_CLAIMS, "works", f"{len(found)} claims: {', '.join(states)}")
    for name, count, todo in (
        ("day of service", sum(c.service_start is not None for c in found), "Not found by month."),
        ("amount billed", sum(c.billed is not None for c in found), "Not told."),
        ("what the member owes", sum(c.member_owes is not None for c in found), "Not told."),
        ("provider", sum(bool(c.provider) for c in found), "Two claims of a day look alike."),
    ):
        yield presence(_CLAIMS, name, count, len(found), todo)
    crooked = [each for each in found if not _adds_up(each)]
    if crooked:
        yield Finding(
            _CLAIMS,
            "wrong",
            f"in {share('claims', len(crooked), len(found))} more is owed and paid than billed",
            "Compare `total` and `adjudication` with CARIN Blue Button.",
        )
    some = found[0]
    again = await probe.backend.claims(proven.member, number=some.number)
    if some.id in {each.id for each in again}:
        yield Finding(_CLAIMS, "works", "found again by its number")
    else:
        yield Finding(_CLAIMS, "wrong", "not found again by its number", "Compare identifiers.")


def _adds_up(claim: Claim) -> bool:
    amounts = (claim.billed, claim.paid, claim.member_owes)
    if None in amounts:
        return True
    billed, paid, owed = (amount or 0 for amount in amounts)
    return paid + owed <= billed


async def authorizations(probe: Probe) -> AsyncIterator[Finding]:
    """Prior authorizations and referrals on file."""
    proven = await _proven(probe)
    if not proven:
        return
    for name, found in (
        ("prior authorizations", await probe.backend.authorizations(proven.member)),
        ("referrals", await probe.backend.referrals(proven.member)),
    ):
        if found is None:
            yield Finding(
                _AUTHORIZATIONS, "missing", f"{name} are not offered", "Members hear the line."
            )
        else:
            yield Finding(_AUTHORIZATIONS, "works", f"{name}: {len(found)}")


async def family(probe: Probe) -> AsyncIterator[Finding]:
    """Who is covered through the member; their consents decide what is opened."""
    proven = await _proven(probe)
    if not proven:
        return
    found = await probe.backend.dependants(proven.member)
    yield Finding(_FAMILY, "works", f"{len(found)} covered through the test member")


async def drugs(probe: Probe) -> AsyncIterator[Finding]:
    """The drug list of the test member's plan."""
    proven = await _proven(probe)
    plans = sorted({each.plan_id for each in proven.coverages if each.plan_id}) if proven else []
    for plan in plans:
        found = await probe.backend.search_drugs(plan, ["metformin", "glucophage"])
        if found is None:
            yield Finding("drug list", "missing", f"plan {plan} has none", "Members hear the line.")
        elif not found.listed:
            yield Finding("drug list", "missing", f"plan {plan}: metformin is not listed", "")
        else:
            yield Finding(
                "drug list", "works", f"plan {plan}: metformin, {len(found.costs)} tier costs"
            )


async def own_services(probe: Probe) -> AsyncIterator[Finding]:
    """What the company's own REST answers: accounts, programs, mail order; contacts on file."""
    proven = await _proven(probe)
    if not proven:
        return
    contacts = await probe.backend.contacts(proven.member)
    if contacts.contacts:
        yield Finding("contacts", "works", f"{len(contacts.contacts)} phones and addresses on file")
    else:
        yield Finding("contacts", "missing", "none on file", "No one-time code can be sent.")
    if not probe.configured.rest_url:
        yield Finding(
            "own services",
            "skipped",
            "no `rest_url`",
        )
        return
    accounts = await probe.backend.spending_accounts(proven.member)
    programmes = await probe.backend.programmes(proven.member, "wellness")
    mail = await probe.backend.mail_service(proven.member)
    yield Finding("own services", "works", f"spending accounts: {len(accounts)}")
    yield Finding("own services", "works", f"wellness programs: {len(programmes)}")
    if mail:
        yield Finding("own services", "works", f"mail pharmacy, orders: {len(mail.orders)}")
    else:
        yield Finding("own services", "missing", "no mail pharmacy", "Members hear so.")
