"""Accumulators, cost shares and ID cards over real HTTP, and read from partial resources."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.partners import eligibility
from alliance.benefits import Benefits
from alliance.coverage import Coverage
from alliance.verified import Membership
from tests.actions.conftest import Client, proven
from tests.sandbox.conftest import TODAY

OWN = Membership("mvp", "p1")
COVERED = Coverage(
    partner="mvp",
    id="c1",
    patient_id="p1",
    member_id="M10010002",
    line="medical",
    status="active",
    start=None,
    end=None,
    group=None,
    group_name=None,
    plan_name=None,
    network_name=None,
    relationship="self",
)


async def benefits_of(client: Client, member_id: str, *codes: str) -> Benefits:
    member = await proven(client, member_id)
    (found,) = await client.backend.benefits(member, TODAY, codes)
    return found


class TestTotals:
    async def test_individual_and_family_in_and_out_of_network(
        self, clients: dict[str, Client]
    ) -> None:
        found = await benefits_of(clients["mvp"], "M10010002")
        limits = {(each.kind, each.unit, each.network): each.limit for each in found.accumulators}
        assert limits == {
            ("deductible", "individual", "in"): Decimal("750.00"),
            ("out_of_pocket", "individual", "in"): Decimal("4500.00"),
            ("deductible", "individual", "out"): Decimal("1500.00"),
            ("out_of_pocket", "individual", "out"): Decimal("9000.00"),
            ("deductible", "family", "in"): Decimal("1500.00"),
            ("out_of_pocket", "family", "in"): Decimal("9000.00"),
            ("deductible", "family", "out"): Decimal("3000.00"),
            ("out_of_pocket", "family", "out"): Decimal("18000.00"),
        }
        assert (found.year_start, found.year_end) == (date(2026, 1, 1), date(2026, 12, 31))
        assert found.processed_through == TODAY
        assert found.in_force is True
        one = found.accumulator("deductible", "individual", "in")
        assert one is not None
        assert one.limit is not None
        assert one.used is not None
        assert one.left == one.limit - one.used

    async def test_an_ended_coverage_is_not_in_force(self, clients: dict[str, Client]) -> None:
        assert (await benefits_of(clients["mvp"], "M10010014")).in_force is False

    async def test_a_dental_plan_has_a_yearly_maximum(self, clients: dict[str, Client]) -> None:
        found = await benefits_of(clients["cigna"], "U10010009")
        most = found.accumulator("annual_maximum", "individual", "in")
        assert most is not None
        assert (found.line, most.limit) == ("dental", Decimal("1500.00"))

    async def test_identity_goes_in_the_body_only(self, clients: dict[str, Client]) -> None:
        await benefits_of(clients["mvp"], "M10010002")
        (sent,) = clients["mvp"].sent("/CoverageEligibilityRequest/$submit")
        assert (sent.method, sent.url.query) == ("POST", b"")


class TestServices:
    async def test_a_copay_in_network_and_a_share_outside(self, clients: dict[str, Client]) -> None:
        found = await benefits_of(clients["mvp"], "M10010002", "99214")
        (inside,), (outside,) = found.rules(["99214"]), found.rules(["99214"], "out")
        assert (inside.copay, inside.percent) == (Decimal("40.00"), None)
        assert (outside.copay, outside.percent, outside.after_deductible) == (None, 40, True)

    async def test_approval_first(self, clients: dict[str, Client]) -> None:
        found = await benefits_of(clients["cigna"], "U10010001", "73721", "99284")
        needed = {
            code: found.rules([code])[0].authorization_required for code in ("73721", "99284")
        }
        assert needed == {"73721": True, "99284": False}

    async def test_excluded(self, clients: dict[str, Client]) -> None:
        found = await benefits_of(clients["mvp"], "M10010021", "S0800", "99213")
        assert found.rules(["S0800"])[0].excluded is True
        assert found.rules(["99213"])[0].excluded is False
        assert found.rules(["99213"], "out")[0].excluded is True

    async def test_a_service_that_the_partner_does_not_know(
        self, clients: dict[str, Client]
    ) -> None:
        assert (await benefits_of(clients["cigna"], "U10010001", "97810")).services == ()


class TestCards:
    @pytest.mark.parametrize(
        ("partner", "member_id", "name", "plan", "primary"),
        [
            ("cigna", "U10010001", "Avery Sampleton", "Sample Open Access Plus", "30.00"),
            ("mvp", "M10010002", "Morgan Testwell", "Sample Empire HMO/POS", "25.00"),
        ],
    )
    async def test_what_stands_on_it(
        self,
        clients: dict[str, Client],
        partner: str,
        member_id: str,
        name: str,
        plan: str,
        primary: str,
    ) -> None:
        client = clients[partner]
        (card,) = await client.backend.cards(await proven(client, member_id))
        assert (card.name, card.member_id, card.plan) == (name, member_id, plan)
        assert (card.rx_bin, card.rx_pcn) == ("000555", "SAMPLE")
        visit = card.cost("gpvisit")
        assert visit is not None
        assert visit.amount == Decimal(primary)


class TestPartialResources:
    """A partial resource never becomes a wrong fact."""

    def read(self, *insurance: Any, **more: Any) -> list[Benefits]:
        response = {
            "patient": {"reference": "Patient/p1"},
            "insurance": list(insurance),
            **more,
        }
        return eligibility.benefits(response, OWN, [COVERED], TODAY)

    def test_somebody_elses_answer(self) -> None:
        assert self.read({"coverage": {"reference": "Coverage/c1"}}, patient={}) == []

    def test_a_coverage_that_was_not_asked_about(self) -> None:
        assert self.read({"coverage": {"reference": "Coverage/other"}}) == []

    def test_nothing_but_the_coverage(self) -> None:
        (found,) = self.read({"coverage": {"reference": "Coverage/c1"}})
        assert (found.in_force, found.processed_through, found.year_start) == (None, None, None)
        assert (found.accumulators, found.services) == ((), ())

    def test_a_total_without_an_amount_used_has_nothing_left(self) -> None:
        item = {
            "network": {"coding": [{"code": "in"}]},
            "benefit": [
                {"type": {"coding": [{"code": "deductible"}]}, "allowedMoney": {"value": 750}}
            ],
        }
        (found,) = self.read({"coverage": {"reference": "Coverage/c1"}, "item": [item]})
        (total,) = found.accumulators
        assert (total.limit, total.used, total.left) == (Decimal("750.00"), None, None)
        assert total.unit is None

    def test_other_currencies_are_no_dollars(self) -> None:
        item = {
            "benefit": [
                {
                    "type": {"coding": [{"code": "deductible"}]},
                    "allowedMoney": {"value": 750, "currency": "CAD"},
                }
            ]
        }
        (found,) = self.read({"coverage": {"reference": "Coverage/c1"}, "item": [item]})
        assert found.accumulators[0].limit is None

    def test_odd_flags_are_unknown(self) -> None:
        item = {
            "productOrService": {"coding": [{"code": "73721"}]},
            "excluded": "no",
            "authorizationRequired": 1,
            "benefit": [{"type": {"coding": [{"code": "visit"}]}, "allowedUnsignedInt": True}],
        }
        (found,) = self.read({"coverage": {"reference": "Coverage/c1"}, "item": [item]})
        (rule,) = found.services
        assert (rule.excluded, rule.authorization_required, rule.visits) == (None, None, None)
        assert not rule.says_cost
