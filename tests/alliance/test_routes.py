"""Every route of routing.yml as a table: who asks about what, and which people get the call."""

from __future__ import annotations

import copy
import itertools
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from alliance.partners import Partners
from alliance.routing import ROUTING_FILE, Asked, Routing, load_routing

HOME = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=HOME)
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=HOME)
BY_COMPANY = {
    "cigna": "cigna-member-services",
    "mvp": "mvp-member-services",
    "preferred-care": "preferred-care-member-services",
    None: "alliance-front-desk",
}
# route: its intents, skills, priority and what the assistant does first.
ROUTES: dict[str, tuple[str, str, int, str]] = {
    "death": ("report_death", "bereavement", 9, "then_person"),
    "privacy": ("confidential_communication", "privacy", 8, "then_person"),
    "fraud": ("report_fraud", "fraud", 7, "first"),
    "complaints": ("complaint feedback_negative", "grievances", 7, "first"),
    "appeals": ("appeal", "appeals", 7, "first"),
    "medicare": ("medicare_question", "medicare licensed", 5, "first"),
    "representatives": ("third_party_caller authorize_representative", "privacy", 5, "first"),
    "languages": ("language_help", "interpreter", 6, "first"),
    "behavioral": ("behavioral_health", "behavioral-health", 7, "first"),
    "nurse": ("nurse_line", "nurse", 8, "first"),
    "care-programs": (
        "disease_management wellness_program maternity_program",
        "care-management",
        5,
        "first",
    ),
    "pharmacy": (
        "drug_coverage drug_cost find_pharmacy mail_order_pharmacy",
        "pharmacy",
        6,
        "first",
    ),
    "dental": ("dental_benefits", "dental", 5, "first"),
    "vision": ("vision_benefits", "vision", 5, "first"),
    "fsa": ("fsa_balance fsa_claim", "fsa", 5, "first"),
    "authorizations": (
        "prior_auth_status prior_auth_required referral_question",
        "authorizations",
        6,
        "first",
    ),
    "claims": (
        "claim_status claim_denial submit_claim explain_eob billing_problem",
        "claims",
        5,
        "first",
    ),
    "directory": (
        "find_provider find_facility check_network provider_details change_pcp",
        "directory",
        5,
        "first",
    ),
    "benefits": (
        "which_plan_covers_me coverage_status benefit_covered copay_cost deductible_status "
        "out_of_pocket_status cost_estimate out_of_area_coverage coordination_of_benefits "
        "alliance_question",
        "benefits",
        5,
        "first",
    ),
    "sales": ("enroll_or_compare_plans", "enrollment licensed", 4, "first"),
    "membership": (
        "id_card add_dependent remove_dependent end_coverage update_contact tax_form",
        "enrollment",
        5,
        "first",
    ),
    "premiums": ("premium_payment", "premiums", 5, "first"),
    "website": ("account_access", "website", 4, "first"),
    "service": ("greet", "", 5, "first"),
}
INTENTS = [(intent, name) for name, row in ROUTES.items() for intent in row[0].split()]


@pytest.fixture(scope="module")
def file() -> Any:
    return yaml.safe_load(ROUTING_FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def routing(file: Any, partners: Partners) -> Routing:
    return load_routing(file, partners)


def test_every_route_is_in_the_table(file: Any) -> None:
    assert {route["name"] for route in file["routes"]} == {
        *ROUTES,
        "medicare-advantage",
        "employers",
    }
    assert {i for route in file["routes"] for i in route.get("intents", ())} <= {
        intent for intent, _ in INTENTS
    }


@pytest.mark.parametrize(("intent", "name"), INTENTS)
def test_the_right_people(routing: Routing, intent: str, name: str) -> None:
    _, skills, priority, first = ROUTES[name]
    for company, level in itertools.product(BY_COMPANY, (0, 2)):
        found = routing.destination(Asked(intent, company, level=level), MONDAY)
        assert (found.name, found.queue.name) == (name, BY_COMPANY[company])
        assert (found.skills, found.priority) == (tuple(skills.split()), priority)
        assert found.self_service == first
        assert found.open


@pytest.mark.parametrize(("intent", "name"), INTENTS)
def test_spanish_is_one_skill_more(routing: Routing, intent: str, name: str) -> None:
    found = routing.destination(Asked(intent, "mvp", language="es"), MONDAY)
    assert found.name == name
    assert found.skills == (*ROUTES[name][1].split(), "spanish")


@pytest.mark.parametrize("intent", ["claim_status", "drug_cost", "id_card", None])
def test_members_of_medicare_advantage_have_people_of_their_own(
    routing: Routing, intent: str | None
) -> None:
    found = routing.destination(Asked(intent, "mvp", product="medicare-advantage"), MONDAY)
    assert (found.name, found.skills, found.priority) == ("medicare-advantage", ("medicare",), 7)


def test_who_has_lost_somebody_comes_before_any_product(routing: Routing) -> None:
    found = routing.destination(Asked("report_death", "mvp", product="medicare-advantage"), MONDAY)
    assert found.name == "death"


@pytest.mark.parametrize("company", ["mvp", "preferred-care"])
def test_at_night_the_company_s_people_are_gone_and_the_front_desk_is_there(
    routing: Routing, company: str
) -> None:
    assert not routing.destination(Asked("claim_status", company), SUNDAY).open
    assert routing.destination(Asked("claim_status", None), SUNDAY).open


@pytest.mark.parametrize(
    ("condition", "fits", "other"),
    [
        ({"companies": ["mvp"]}, Asked("id_card", "mvp"), Asked("id_card", "cigna")),
        ({"lines": ["dental"]}, Asked("dental_benefits"), Asked("vision_benefits")),
        ({"products": ["hmo"]}, Asked(product="hmo"), Asked(product="ppo")),
        ({"languages": ["es"]}, Asked(language="es"), Asked()),
        ({"callers": ["employer"]}, Asked(caller="employer"), Asked(caller="lawyer")),
        ({"verified": True}, Asked(level=1), Asked()),
        ({"verified": False}, Asked(), Asked(level=2)),
        ({"intents": ["id_card"], "companies": ["mvp"]}, Asked("id_card", "mvp"), Asked("id_card")),
    ],
)
def test_each_condition(
    file: Any, partners: Partners, condition: dict[str, Any], fits: Asked, other: Asked
) -> None:
    changed = copy.deepcopy(file)
    first = {"name": "first", "queue": "employers", "skills": ["one"], "priority": 10, **condition}
    changed["routes"].insert(0, first)
    routing = load_routing(changed, partners)
    assert routing.destination(fits, MONDAY).name == "first"
    assert routing.destination(fits, MONDAY).queue.name == "employer-services"
    assert routing.destination(other, MONDAY).name != "first"


@pytest.mark.parametrize("intent", ["third_party_caller", "add_dependent", "claim_status", None])
@pytest.mark.parametrize("company", ["cigna", "mvp", "preferred-care", None])
@pytest.mark.parametrize("caller", ["employer", "broker"])
def test_employers_and_brokers_go_to_employer_services(
    file: Any, partners: Partners, caller: str, company: str | None, intent: str | None
) -> None:
    routing = load_routing(file, partners)
    found = routing.destination(Asked(intent, company, caller=caller), MONDAY)
    assert found.queue.name == "employer-services"


def test_an_office_goes_to_the_company_of_its_patient(file: Any, partners: Partners) -> None:
    routing = load_routing(file, partners)
    asked = Asked("third_party_caller", "mvp", caller="doctor's office")
    assert routing.destination(asked, MONDAY).queue.name == "mvp-member-services"


def test_the_hours_of_the_caller_s_company(file: Any, partners: Partners) -> None:
    changed = copy.deepcopy(file)
    changed["routes"].insert(
        0, {"name": "night", "queue": "any", "hours": "closed", "priority": 3, "skills": []}
    )
    routing = load_routing(changed, partners)
    assert routing.destination(Asked("claim_status", "mvp"), SUNDAY).name == "night"
    assert routing.destination(Asked("claim_status", "mvp"), SUNDAY).open
    assert routing.destination(Asked("claim_status", "mvp"), MONDAY).name == "claims"


SATURDAY = datetime(2026, 11, 21, 11, 0, tzinfo=HOME)


@pytest.mark.parametrize("moment", [SATURDAY, SUNDAY])
@pytest.mark.parametrize("partner", ["mvp", "preferred-care", None])
def test_what_is_urgent_goes_where_somebody_is(
    routing: Routing, partner: str | None, moment: datetime
) -> None:
    found = routing.destination(Asked("coverage_status", partner, urgent=True), moment)
    assert (found.queue.name, found.open) == ("alliance-front-desk", True)
    spanish = routing.destination(Asked(partner=partner, language="es", urgent=True), moment)
    assert (spanish.queue.name, spanish.open) == ("alliance-front-desk", True)
    assert "spanish" in spanish.skills


def test_what_is_urgent_goes_to_the_company_s_own_people_while_they_are_there(
    routing: Routing,
) -> None:
    for partner in ("cigna", "mvp", "preferred-care"):
        found = routing.destination(Asked("coverage_status", partner, urgent=True), MONDAY)
        assert found.queue.name == BY_COMPANY[partner]
