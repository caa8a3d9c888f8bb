"""Foreign, odd and partial resources: what is not there is not said, what is wrong is not read."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.partners.fhir_values import day, money, next_link, reference_id, resources
from actions.partners.member_data import adjudicated, coverage, member_record, unadjudicated
from alliance.claims import Claim
from alliance.coverage import Coverage, covering
from alliance.verified import Membership

ME = Membership("mvp", "me")
TODAY = date(2026, 11, 23)
Json = dict[str, Any]


def concept(code: str, system: str = "https://codes.example.org") -> Json:
    return {"coding": [{"system": system, "code": code}]}


def dollars(value: Any) -> Json:
    return {"value": value, "currency": "USD"}


def total(code: str, value: Any) -> Json:
    return {"category": concept(code), "amount": dollars(value)}


# As a foreign server writes one: absolute and versioned references, several coding systems.
EOB: Json = {
    "resourceType": "ExplanationOfBenefit",
    "id": "EOB-1",
    "status": "active",
    "use": "claim",
    "outcome": "complete",
    "type": {"coding": [{"code": "professional"}, {"system": "https://else.example", "code": "x"}]},
    "identifier": [{"system": "https://foreign.example.org/claims", "value": "F/2026/77"}],
    "patient": {"reference": "https://foreign.example.org/fhir/Patient/me/_history/3"},
    "billablePeriod": {"start": "2026-03-02", "end": "2026-03-04"},
    "insurance": [{"focal": True, "coverage": {"reference": "Coverage/of-somebody-else"}}],
    "provider": {"display": "Dr. Example Foreigner"},
    "supportingInfo": [{"category": concept("clmrecvddate"), "timingDate": "2026-03-10"}],
    "item": [
        {
            "servicedDate": "2026-03-03",
            "productOrService": {"text": "Office visit"},
            "adjudication": [total("submitted", 1.0)],
        }
    ],
    "payment": {"type": concept("paid"), "date": "2026-04-01", "amount": dollars(120.5)},
    "total": [
        total("submitted", 200),
        total("eligible", 150.255),
        total("memberliability", 29.76),
        total("paidtoprovider", 120.5),
    ],
}


def changed(resource: Json, change: Callable[[Json], Any]) -> Json:
    fresh = copy.deepcopy(resource)
    change(fresh)
    return fresh


def claim(change: Callable[[Json], Any] = lambda eob: eob) -> Claim:
    read = adjudicated(changed(EOB, change), ME)
    assert read is not None
    return read


def named(*rows: tuple[Any, ...]) -> list[Any]:
    """Rows whose first cell says why they are there."""
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


class TestExplanationOfBenefit:
    def test_all_of_it(self) -> None:
        read = claim()
        assert (read.partner, read.id, read.number) == ("mvp", "EOB-1", "F/2026/77")
        assert (read.kind, read.state, read.line) == ("claim", "paid", "medical")
        assert read.service_start == read.service_end == date(2026, 3, 3)
        assert (read.received_on, read.paid_on) == (date(2026, 3, 10), date(2026, 4, 1))
        assert (read.billed, read.paid) == (Decimal("200.00"), Decimal("120.50"))
        assert read.member_owes == Decimal("29.76")
        assert (read.provider, read.service) == ("Dr. Example Foreigner", "Office visit")

    @pytest.mark.parametrize(
        "patient",
        [
            None,
            {},
            {"reference": ""},
            {"reference": "Patient/somebody-else"},
            {"reference": "Patient/me-too"},
            {"reference": "https://foreign.example.org/fhir/Patient/somebody-else"},
            {"identifier": {"value": "me"}},
            {"display": "me"},
        ],
    )
    def test_the_patient_decides_whose_it_is(self, patient: Json | None) -> None:
        assert adjudicated({**EOB, "patient": patient}, ME) is None

    def test_another_patient_s_coverage_in_it_changes_nothing(self) -> None:
        """As in published examples: the claim is mine, and the coverage is not named anywhere."""
        assert "of-somebody-else" not in repr(claim())

    def test_entered_in_error_is_nothing(self) -> None:
        assert adjudicated({**EOB, "status": "entered-in-error"}, ME) is None

    @pytest.mark.parametrize(
        ("change", "state"),
        named(
            ("cancelled", lambda e: e.update(status="cancelled"), "reversed"),
            (
                "cancelled, without a payment",
                lambda e: (e.pop("payment"), e.update(status="cancelled")),
                "reversed",
            ),
            ("denied", lambda e: e["payment"].update(type=concept("denied")), "denied"),
            ("partly", lambda e: e["payment"].update(type=concept("partiallypaid")), "partly_paid"),
            ("complete", lambda e: e["payment"].update(type=concept("complete")), "paid"),
            ("no payment", lambda e: e.pop("payment"), "processed"),
            ("payment without a type", lambda e: e["payment"].pop("type"), "processed"),
            (
                "a type that nobody knows",
                lambda e: e["payment"].update(type=concept("maybe")),
                "processed",
            ),
            ("draft", lambda e: (e.pop("payment"), e.update(status="draft")), "pending"),
            ("queued", lambda e: (e.pop("payment"), e.update(outcome="queued")), "pending"),
            (
                "outcome partial, as examples have it",
                lambda e: (e.pop("payment"), e.update(outcome="partial")),
                "processed",
            ),
            ("error", lambda e: (e.pop("payment"), e.update(outcome="error")), "processed"),
            ("no status at all", lambda e: (e.pop("payment"), e.pop("status")), "processed"),
            (
                "after a prior claim",
                lambda e: e.update(
                    related=[
                        {
                            "relationship": concept("prior"),
                            "claim": {"reference": "ExplanationOfBenefit/0"},
                        }
                    ]
                ),
                "adjusted",
            ),
            (
                "denied again after a prior claim",
                lambda e: (
                    e["payment"].update(type=concept("denied")),
                    e.update(related=[{"relationship": concept("prior")}]),
                ),
                "denied",
            ),
            (
                "said on the header only",
                lambda e: (
                    e.pop("payment"),
                    e.update(
                        adjudication=[
                            {
                                "category": concept("benefitpaymentstatus"),
                                "reason": concept("denied"),
                            }
                        ]
                    ),
                ),
                "denied",
            ),
            (
                "said on the items only",
                lambda e: (
                    e.pop("payment"),
                    e["item"][0].update(
                        adjudication=[
                            {"category": concept("benefitpaymentstatus"), "reason": concept("paid")}
                        ]
                    ),
                ),
                "paid",
            ),
            (
                "one item paid, one denied",
                lambda e: (
                    e.pop("payment"),
                    e.update(
                        item=[
                            {
                                "adjudication": [
                                    {
                                        "category": concept("benefitpaymentstatus"),
                                        "reason": concept(code),
                                    }
                                ]
                            }
                            for code in ("paid", "denied")
                        ]
                    ),
                ),
                "partly_paid",
            ),
        ),
    )
    def test_states(self, change: Callable[[Json], Any], state: str) -> None:
        assert claim(change).state == state

    def test_a_network_status_is_no_payment_status(self) -> None:
        """'other' and 'innetwork' stand beside it in the same adjudication."""
        read = claim(
            lambda e: (
                e.pop("payment"),
                e.update(
                    adjudication=[
                        {"category": concept("billingnetworkstatus"), "reason": concept("paid")}
                    ]
                ),
            )
        )
        assert read.state == "processed"

    @pytest.mark.parametrize(
        ("change", "field"),
        named(
            ("no totals", lambda e: e.pop("total"), "billed"),
            ("no totals", lambda e: e.pop("total"), "member_owes"),
            ("no member liability", lambda e: e["total"].pop(2), "member_owes"),
            ("a liability without an amount", lambda e: e["total"][2].pop("amount"), "member_owes"),
            (
                "another currency",
                lambda e: e["total"][2].update(amount={"value": 5, "currency": "EUR"}),
                "member_owes",
            ),
            (
                "a word for an amount",
                lambda e: e["total"][2].update(amount=dollars("much")),
                "member_owes",
            ),
            ("not a number", lambda e: e["total"][2].update(amount=dollars("NaN")), "member_owes"),
            (
                "without end",
                lambda e: e["total"][2].update(amount=dollars("Infinity")),
                "member_owes",
            ),
            ("a total without a category", lambda e: e["total"][2].pop("category"), "member_owes"),
            ("neither payment nor total", lambda e: (e.pop("payment"), e.pop("total")), "paid"),
            ("no received date", lambda e: e.pop("supportingInfo"), "received_on"),
            (
                "a month for the received date",
                lambda e: e["supportingInfo"][0].update(timingDate="2026-03"),
                "received_on",
            ),
            (
                "a month for the payment date",
                lambda e: e["payment"].update(date="2026-04"),
                "paid_on",
            ),
            ("no day that exists", lambda e: e["payment"].update(date="2026-02-30"), "paid_on"),
            ("no provider", lambda e: e.pop("provider"), "provider"),
            (
                "no text of the service",
                lambda e: e["item"][0].update(productOrService=concept("99213")),
                "service",
            ),
        ),
    )
    def test_what_is_missing_or_odd_is_none(
        self, change: Callable[[Json], Any], field: str
    ) -> None:
        assert getattr(claim(change), field) is None

    def test_amounts_of_items_are_no_totals(self) -> None:
        """One line's figure said as the claim's would be a wrong fact."""
        read = claim(lambda e: (e.pop("total"), e.pop("payment")))
        assert (read.billed, read.paid, read.member_owes) == (None, None, None)

    def test_what_was_paid_is_the_payment_and_not_its_parts(self) -> None:
        assert claim(lambda e: e["payment"].update(amount=dollars(0))).paid == Decimal(0)

    def test_paid_to_provider_and_to_member_add_up(self) -> None:
        read = claim(lambda e: (e.pop("payment"), e["total"].append(total("paidtopatient", 10))))
        assert read.paid == Decimal("130.50")

    def test_zero_owed_is_zero_and_not_unknown(self) -> None:
        assert claim(lambda e: e["total"][2].update(amount=dollars(0))).member_owes == Decimal(0)

    @pytest.mark.parametrize(
        ("change", "days"),
        named(
            (
                "items over several days",
                lambda e: e["item"].append(
                    {"servicedPeriod": {"start": "2026-03-05", "end": "2026-03-09"}}
                ),
                ("2026-03-03", "2026-03-09"),
            ),
            (
                "no items: the billable period",
                lambda e: e.pop("item"),
                ("2026-03-02", "2026-03-04"),
            ),
            (
                "a period without an end",
                lambda e: (e.pop("item"), e["billablePeriod"].pop("end")),
                ("2026-03-02", "2026-03-02"),
            ),
            (
                "instants, with their own days",
                lambda e: e["item"][0].update(servicedDate="2026-03-03T23:30:00-05:00"),
                ("2026-03-03", "2026-03-03"),
            ),
            (
                "items without a day: the billable period",
                lambda e: e["item"][0].pop("servicedDate"),
                ("2026-03-02", "2026-03-04"),
            ),
            ("no day anywhere", lambda e: (e.pop("item"), e.pop("billablePeriod")), (None, None)),
        ),
    )
    def test_days_of_service(
        self, change: Callable[[Json], Any], days: tuple[str | None, str | None]
    ) -> None:
        read = claim(change)
        found = [
            each.isoformat() if each else None for each in (read.service_start, read.service_end)
        ]
        assert tuple(found) == days

    def test_without_a_number_the_resource_s_id_stands_for_it(self) -> None:
        assert claim(lambda e: e.pop("identifier")).number == "EOB-1"
        assert claim(lambda e: e["identifier"][0].pop("value")).number == "EOB-1"

    def test_replaced(self) -> None:
        read = claim(
            lambda e: e.update(
                related=[{"relationship": concept("replacedby"), "claim": {"reference": "Claim/2"}}]
            )
        )
        assert read.replaced_by == "2"

    @pytest.mark.parametrize(
        ("kind", "line"),
        [("oral", "dental"), ("pharmacy", "pharmacy"), ("institutional", "medical")],
    )
    def test_lines(self, kind: str, line: str) -> None:
        assert claim(lambda e: e.update(type=concept(kind))).line == line

    def test_an_authorization_is_no_claim(self) -> None:
        assert claim(lambda e: e.update(use="preauthorization")).kind == "preauthorization"

    @given(st.sets(st.sampled_from(sorted(set(EOB) - {"patient"}))))
    def test_any_part_may_be_missing(self, missing: set[str]) -> None:
        """Nothing breaks, and what stays said is what stands in the file."""
        read = adjudicated({k: v for k, v in EOB.items() if k not in missing}, ME)
        whole = claim()
        assert read is not None
        for field in ("billed", "member_owes", "received_on", "provider", "service", "paid_on"):
            assert getattr(read, field) in (None, getattr(whole, field))
        assert read.paid in (None, whole.paid)
        assert read.state in ("paid", "processed")


COVERAGE: Json = {
    "resourceType": "Coverage",
    "id": "COV-1",
    "status": "active",
    "identifier": [{"value": "F-1"}],
    "beneficiary": {"reference": "Patient/me"},
    "relationship": concept("self"),
    "period": {"start": "2026-01-01", "end": "2026-06-30"},
    "class": [
        {"type": concept("group"), "value": "ALX-9001", "name": "Sample Group"},
        {"type": concept("plan"), "value": "P1", "name": "Sample Plan"},
    ],
    "order": 1,
}


def cover(change: Callable[[Json], Any] = lambda each: each) -> Coverage:
    read = coverage(changed(COVERAGE, change), ME)
    assert read is not None
    return read


class TestCoverage:
    def test_all_of_it(self) -> None:
        read = cover()
        assert (read.start, read.end) == (date(2026, 1, 1), date(2026, 6, 30))
        assert (read.group, read.group_name, read.plan_name) == (
            "ALX-9001",
            "Sample Group",
            "Sample Plan",
        )
        assert (read.status, read.relationship, read.order) == ("active", "self", 1)

    @pytest.mark.parametrize(
        "beneficiary", [None, {}, {"reference": "Patient/somebody-else"}, {"display": "me"}]
    )
    def test_somebody_else_s_is_never_mine(self, beneficiary: Json | None) -> None:
        assert coverage({**COVERAGE, "beneficiary": beneficiary}, ME) is None

    def test_to_subscribe_is_not_to_be_covered(self) -> None:
        resource = {
            **COVERAGE,
            "subscriber": {"reference": "Patient/me"},
            "beneficiary": {"reference": "Patient/my-child"},
        }
        assert coverage(resource, ME) is None

    @pytest.mark.parametrize(
        ("period", "covered", "not_covered"),
        [
            # FHIR: a month or a year for an end includes all of it; for a start, from its first.
            (
                {"start": "2026-01", "end": "2026-02"},
                ["2026-01-01", "2026-02-28"],
                ["2025-12-31", "2026-03-01"],
            ),
            (
                {"start": "2025", "end": "2025"},
                ["2025-01-01", "2025-12-31"],
                ["2024-12-31", "2026-01-01"],
            ),
            ({"start": "2024-02", "end": "2024-02"}, ["2024-02-29"], ["2024-03-01"]),
            (
                {"start": "2026-01-01T00:00:00-05:00", "end": "2026-06-30T23:59:59-05:00"},
                ["2026-01-01", "2026-06-30"],
                ["2026-07-01"],
            ),
            ({"start": "2026-01-01"}, ["2026-01-01", "2030-01-01"], ["2025-12-31"]),
            ({"end": "2026-06-30"}, ["2026-06-30"], ["2026-07-01"]),
            # An end that cannot be read is not "no end".
            ({"start": "2026-01-01", "end": "soon"}, [], ["2026-01-01", "2026-11-23"]),
            ({"start": "later", "end": "2026-12-31"}, [], ["2026-06-01"]),
        ],
    )
    def test_periods(self, period: Json, covered: list[str], not_covered: list[str]) -> None:
        read = cover(lambda each: each.update(period=period))
        for text in covered:
            assert covering([read], date.fromisoformat(text)) == [read], text
        for text in not_covered:
            assert covering([read], date.fromisoformat(text)) == [], text

    @pytest.mark.parametrize("status", ["cancelled", "draft", "entered-in-error", "", None])
    def test_what_is_not_active_covers_no_day(self, status: str | None) -> None:
        read = coverage({**COVERAGE, "status": status}, ME)
        assert covering([read] if read else [], date(2026, 3, 1)) == []

    @pytest.mark.parametrize(
        ("kind", "line"),
        [
            ({"text": "Dental PPO"}, "dental"),
            (concept("DENTPRG"), "dental"),
            (concept("DRUGPOL"), "pharmacy"),
            (concept("MENTPRG"), "behavioral"),
            ({"text": "Behavioral health"}, "behavioral"),
            ({"text": "Flexible spending account"}, "fsa"),
            (concept("HMO"), "medical"),
            ({}, "medical"),
            (None, "medical"),
        ],
    )
    def test_lines(self, kind: Json | None, line: str) -> None:
        assert cover(lambda each: each.update(type=kind)).line == line

    @pytest.mark.parametrize("order", [None, "first", 1.5])
    def test_an_order_that_is_no_number_is_none(self, order: Any) -> None:
        assert cover(lambda each: each.update(order=order)).order is None

    @pytest.mark.parametrize("relationship", [None, {}, concept("other"), concept("cousin")])
    def test_an_unknown_relationship_is_other(self, relationship: Json | None) -> None:
        read = cover(lambda each: each.update(relationship=relationship))
        assert read.relationship == "other"

    @given(st.sets(st.sampled_from(sorted(set(COVERAGE) - {"beneficiary"}))))
    def test_any_part_may_be_missing(self, missing: set[str]) -> None:
        read = coverage({k: v for k, v in COVERAGE.items() if k not in missing}, ME)
        whole = cover()
        assert read is not None
        for field in ("group", "group_name", "plan_name", "order"):
            assert getattr(read, field) in (None, getattr(whole, field))


CLAIM: Json = {
    "resourceType": "Claim",
    "id": "C-1",
    "status": "active",
    "use": "claim",
    "type": concept("professional"),
    "identifier": [{"value": "CLM-2026-55501"}],
    "patient": {"reference": "Patient/me"},
    "created": "2026-11-20",
    "total": dollars(240),
    "item": [{"servicedDate": "2026-11-17", "net": dollars(240)}],
}


def response(*categories: str, **changes: Any) -> Json:
    return {
        "resourceType": "ClaimResponse",
        "request": {"reference": "Claim/C-1"},
        "patient": {"reference": "Patient/me"},
        "adjudication": [{"reason": concept(category)} for category in categories],
        **changes,
    }


class TestOpenClaims:
    @pytest.mark.parametrize(
        ("responses", "state"),
        [
            ([], "pending"),
            ([response("A1")], "received"),
            ([response("A2"), response("P1")], "pending"),
            ([response("P3")], "information_requested"),
            ([response("P1", "P4")], "information_requested"),
            ([response("Z9")], "pending"),
            ([response("A1", patient={"reference": "Patient/somebody-else"})], "pending"),
            ([response("A1", request={"reference": "Claim/C-2"})], "pending"),
            ([response("A1", request=None)], "pending"),
        ],
    )
    def test_states(self, responses: list[Json], state: str) -> None:
        read = unadjudicated(CLAIM, responses, ME)
        assert read is not None
        assert read.state == state
        assert (read.received_on, read.billed) == (date(2026, 11, 20), Decimal("240.00"))
        assert (read.paid, read.member_owes, read.allowed) == (None, None, None)

    @pytest.mark.parametrize(
        "change",
        [
            {"patient": {"reference": "Patient/somebody-else"}},
            {"patient": None},
            {"use": "predetermination"},
            {"use": "preauthorization"},
            {"status": "entered-in-error"},
            {"status": "cancelled"},
        ],
    )
    def test_what_is_no_open_claim_of_mine(self, change: Json) -> None:
        assert unadjudicated({**CLAIM, **change}, [], ME) is None

    def test_without_a_total_the_items_add_up(self) -> None:
        items = [{"net": dollars(100)}, {"net": dollars(40.5)}]
        read = unadjudicated({**CLAIM, "total": None, "item": items}, [], ME)
        assert read is not None
        assert read.billed == Decimal("140.50")

    def test_with_an_item_lacking_there_is_no_sum(self) -> None:
        items = [{"net": dollars(100)}, {}]
        read = unadjudicated({**CLAIM, "total": None, "item": items}, [], ME)
        assert read is not None
        assert read.billed is None


PATIENT: Json = {
    "resourceType": "Patient",
    "id": "me",
    "identifier": [{"system": "https://foreign.example.org/id", "value": "F-1"}],
    "name": [
        {"use": "official", "family": "Foreigner", "given": ["Maria", "Anna"]},
        {"use": "nickname", "given": ["Mia"]},
        {"use": "old", "family": "Before", "given": ["Marie"]},
    ],
    "birthDate": "1980-05-12",
    "address": [
        {"postalCode": "12207-1234"},
        {"postalCode": "12180", "period": {"end": "2026-03-01"}},
        {"postalCode": "10001", "period": {"end": "2025-11-01"}},
        {"city": "Nowhere"},
    ],
}


class TestMemberRecord:
    def test_all_of_it(self) -> None:
        read = member_record(PATIENT, TODAY)
        assert read.first_names == ("Maria", "Mia", "Maria Anna")
        assert (read.family_name, read.birth_date) == ("Foreigner", date(1980, 5, 12))
        assert read.zips == {"12207", "12180"}

    @pytest.mark.parametrize("born", [None, "", "1980", "1980-05", "12.05.1980", "1980-02-30"])
    def test_a_birth_date_that_is_no_day_proves_nothing(self, born: str | None) -> None:
        assert member_record({**PATIENT, "birthDate": born}, TODAY).birth_date is None

    @pytest.mark.parametrize("missing", ["name", "address", "identifier", "birthDate"])
    def test_any_part_may_be_missing(self, missing: str) -> None:
        read = member_record({k: v for k, v in PATIENT.items() if k != missing}, TODAY)
        assert read.patient_id == "me"

    def test_an_address_of_old_proves_nothing(self) -> None:
        address = [{"use": "old", "postalCode": "90210"}, {"postalCode": "12207"}]
        assert member_record({**PATIENT, "address": address}, TODAY).zips == {"12207"}


class TestValues:
    @pytest.mark.parametrize(
        ("reference", "expected"),
        [
            ({"reference": "Patient/1"}, "1"),
            ({"reference": "https://a.example.org/fhir/Patient/1"}, "1"),
            ({"reference": "Patient/1/_history/2"}, "1"),
            ({"reference": "urn:uuid:123"}, "urn:uuid:123"),
            ({"reference": "#contained"}, "#contained"),
            ({"reference": None}, None),
            ({}, None),
            (None, None),
            ("Patient/1", None),
        ],
    )
    def test_reference_id(self, reference: Any, expected: str | None) -> None:
        assert reference_id(reference) == expected

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (dollars(1), "1.00"),
            (dollars("1.005"), "1.00"),
            (dollars(0.1), "0.10"),
            ({"value": 5}, "5.00"),
            (dollars(-3.5), "-3.50"),
            (dollars(None), None),
            (dollars(""), None),
            (dollars("NaN"), None),
            (dollars(True), None),
            (dollars([]), None),
            ({"value": 5, "currency": "CAD"}, None),
            (5, None),
        ],
    )
    def test_money(self, value: Any, expected: str | None) -> None:
        found = money(value)
        assert (None if found is None else str(found)) == expected

    @given(st.text(max_size=12))
    def test_no_text_breaks_a_day(self, text: str) -> None:
        found = day(text)
        assert found is None or found.isoformat() == text[:10]

    @pytest.mark.parametrize(
        "bundle", [{}, {"entry": None}, {"entry": [{}]}, {"entry": [{"resource": None}]}]
    )
    def test_an_empty_bundle_holds_nothing(self, bundle: Json) -> None:
        assert resources(bundle, "Patient") == []
        assert next_link(bundle) is None
