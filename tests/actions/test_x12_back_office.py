"""Preferred Care answers eligibility and claims in X12: the client against the real stand-in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from alliance.errors import PartnerUnavailable
from sandbox.population.records import Claim as SandboxClaim
from sandbox.population.records import Member
from tests.actions.conftest import Client, proven
from tests.sandbox.conftest import TODAY, Backend

PREFERRED = "preferred-care"
People = Mapping[tuple[str, str], Member]

MEMBERS = [
    "P10010003", "P10010006", "P10010008", "P10010013", "P10010017", "P10010018", "P10010027",
    "P10010031", "P10010036", "900555101",
]  # fmt: skip


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def _expected(claim: SandboxClaim) -> dict[str, object]:
    open_states = ("received", "pending", "information_requested")
    final = claim.state not in open_states
    return {
        "state": claim.state,
        "served": claim.served,
        "billed": claim.billed,
        "paid": claim.paid if final else None,
        "owes": claim.liability if final else None,
        "deductible": claim.deductible if final else None,
    }


@pytest.mark.parametrize("member_id", MEMBERS)
async def test_each_claim_is_what_the_company_has_on_file(
    clients: dict[str, Client], people: People, member_id: str
) -> None:
    client = clients[PREFERRED]
    claims = await client.backend.claims(await proven(client, member_id))
    told = {
        claim.number: {
            "state": claim.state,
            "served": claim.service_start,
            "billed": _cents(claim.billed),
            "paid": _cents(claim.paid),
            "owes": _cents(claim.member_owes),
            "deductible": _cents(claim.deductible),
        }
        for claim in claims
    }
    on_file = people[PREFERRED, member_id].claims
    assert told == {
        claim.number: _expected(claim)
        for claim in on_file
        if not claim.replaced_by and not claim.sensitive
    }


@pytest.mark.parametrize("member_id", [*MEMBERS, "P10010016", "P10010028"])
async def test_each_plan_has_its_dates_and_group(
    clients: dict[str, Client], people: People, member_id: str
) -> None:
    client = clients[PREFERRED]
    coverages = await client.backend.coverages(await proven(client, member_id))
    assert {
        (c.plan_name, c.group, c.start, c.end, c.status, c.relationship) for c in coverages
    } == {
        (c.plan.name, c.group, c.start, c.end, c.status, c.relationship)
        for c in people[PREFERRED, member_id].covers
    }


async def test_nothing_of_a_member_stands_in_an_address(clients: dict[str, Client]) -> None:
    client = clients[PREFERRED]
    await client.backend.claims(await proven(client, "P10010003"))
    sent = client.sent("/core")
    assert len(sent) > 1
    assert {request.url.query for request in sent} == {b""}


async def test_only_claims_of_the_days_asked_about_come_with_their_remittance(
    clients: dict[str, Client], people: People
) -> None:
    client = clients[PREFERRED]
    member = await proven(client, "P10010003")
    march = [c for c in people[PREFERRED, "P10010003"].claims if c.served.month == 3]
    start = march[0].served.replace(day=1)
    found = await client.backend.claims(member, start=start, end=start.replace(day=31))
    assert [claim.number for claim in found] == [march[0].number]
    # One 276, and one request for the remittance of the one claim.
    assert len(client.sent("/core")) == 2


async def test_a_claim_is_found_by_its_number_however_it_is_written(
    clients: dict[str, Client], people: People
) -> None:
    client = clients[PREFERRED]
    number = people[PREFERRED, "P10010003"].claims[0].number
    said = number.replace("-", " ").lower()
    found = await client.backend.claims(await proven(client, "P10010003"), number=said)
    assert [claim.number for claim in found] == [number]


async def test_the_fhir_server_has_no_claims_and_no_coverage(
    sandboxes: Mapping[str, Backend],
) -> None:
    for resource_type in ("ExplanationOfBenefit", "Coverage", "Claim"):
        answer = sandboxes[PREFERRED].post_search(resource_type, patient="x")
        assert answer.status_code == 404


@pytest.mark.parametrize("kind", ["down", "malformed", "too_many"])
async def test_trouble_in_the_back_office_is_the_company_not_answering(
    clients: dict[str, Client], sandboxes: Mapping[str, Backend], kind: str
) -> None:
    client = clients[PREFERRED]
    member = await proven(client, "P10010003")
    sandboxes[PREFERRED].fault(kind=kind, resource="core", seconds=5)
    with pytest.raises(PartnerUnavailable):
        await client.backend.claims(member, start=date(2026, 3, 1), end=date(2026, 3, 31))


class TestBenefits:
    """What a 271 says equals what the plan is."""

    async def test_totals_of_person_and_family(
        self, clients: dict[str, Client], people: People
    ) -> None:
        client = clients[PREFERRED]
        (found,) = await client.backend.benefits(await proven(client, "P10010003"), TODAY)
        one = found.accumulator("deductible", "individual", "in")
        family = found.accumulator("out_of_pocket", "family", "in")
        assert one is not None
        assert family is not None
        spent = sum(
            claim.deductible
            for claim in people[PREFERRED, "P10010003"].claims
            if claim.served.year == TODAY.year and claim.state == "paid"
        )
        assert (one.limit, one.used) == (Decimal("600.00"), Decimal(spent) / 100)
        assert family.limit == Decimal("8000.00")
        assert (found.in_force, found.processed_through) == (True, TODAY)
        assert (found.year_start, found.year_end) == (date(2026, 1, 1), date(2026, 12, 31))

    async def test_services_by_procedure_code(self, clients: dict[str, Client]) -> None:
        client = clients[PREFERRED]
        member = await proven(client, "P10010003")
        (found,) = await client.backend.benefits(member, TODAY, ["99214", "73721"])
        (inside,), (outside,) = found.rules(["99214"]), found.rules(["99214"], "out")
        assert (inside.copay, inside.percent, inside.excluded) == (Decimal("40.00"), None, False)
        assert (outside.copay, outside.percent, outside.after_deductible) == (None, 40, True)
        assert found.rules(["73721"])[0].authorization_required is True

    async def test_a_card_has_no_pharmacy_numbers(self, clients: dict[str, Client]) -> None:
        client = clients[PREFERRED]
        (card,) = await client.backend.cards(await proven(client, "P10010003"))
        assert (card.name, card.group, card.rx_bin) == ("Riley Exampleby", "ALX-3001", None)
        assert {cost.code: cost.amount for cost in card.costs} == {
            "gpvisit": Decimal("20.00"),
            "spvisit": Decimal("40.00"),
            "urgentcare": Decimal("50.00"),
            "emergency": Decimal("150.00"),
        }
