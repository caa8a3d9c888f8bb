"""A new partner is configuration and no code: its members are proven and answered."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import yaml
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.answers.question import Desk, Named, Question
from actions.answers.topics import answer
from actions.audit_log import SqlAuditLog
from actions.records import MemberRecords
from actions.settings import PartnerConfiguration
from alliance.clock import Clock
from alliance.partners import PARTNERS_FILE
from alliance.routing import ROUTING_FILE, load_routing
from tests.actions.conftest import CONTEXT, Client, client_of, person
from tests.sandbox.conftest import SECRETS, Backend

KEY = "tufts"
MORGAN = (KEY, "M10010002")


@pytest.fixture
def with_tufts(
    sandboxes: Mapping[str, Backend],
    configuration: PartnerConfiguration,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> PartnerConfiguration:
    """partners.yml with a backend for Tufts Health Plan, which MVP's stand-in plays."""
    del configuration
    document = copy.deepcopy(yaml.safe_load(PARTNERS_FILE.read_text("utf-8")))
    played = document["partners"]["mvp"]
    document["partners"][KEY] |= {
        "member_id": played["member_id"],
        "alliance_groups": played["alliance_groups"],
        "networks": {"own": {"id": "Organization/mvp-network", "name": "Tufts network"}},
        "products": {"MVP-POS": {"type": "POS", "referral_required": True}},
        "backend": {
            "base_url": f"{sandboxes['mvp'].root}/fhir",
            "auth": {
                "kind": "client_secret",
                "token_url": f"{sandboxes['mvp'].root}/oauth/token",
                "client_id": "memberline",
                "secret": SECRETS["mvp"],
            },
        },
    }
    # The part that is played is not asked under its own name as well.
    del document["partners"]["mvp"]
    file = tmp_path / "partners.yml"
    file.write_text(yaml.safe_dump(document), "utf-8")
    monkeypatch.setattr("actions.settings.PARTNERS_FILE", file)
    return PartnerConfiguration(tmp_path / "overlays")


@pytest.fixture
async def tufts(
    with_tufts: PartnerConfiguration, engine: AsyncEngine, clock: Clock
) -> AsyncIterator[tuple[dict[str, Client], Desk]]:
    async with AsyncExitStack() as stack:
        clients = {KEY: await client_of(KEY, with_tufts, clock, stack)}
        backends = {KEY: clients[KEY].backend}
        records = MemberRecords(CONTEXT, backends, SqlAuditLog(engine), clock)
        yield clients, Desk(with_tufts.current(), backends, records, clock)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("coverage_status"), "Your Tufts Health Plan medical plan"),
        (Question("which_plan_covers_me"), "Tufts Health Plan covers you for medical"),
        (Question("deductible_status"), "Your Tufts Health Plan medical plan"),
        (
            Question("copay_cost", service=Named("x", "cardiology", "specialty")),
            "asks for a referral",
        ),
        (Question("id_card"), "Tufts Health Plan medical plan"),
        (Question("out_of_area_coverage"), "Claims go to Tufts Health Plan"),
    ],
    ids=lambda value: getattr(value, "intent", ""),
)
async def test_its_members_are_answered(
    tufts: tuple[dict[str, Client], Desk], question: Question, words: str
) -> None:
    clients, desk = tufts
    told = await answer(await person(clients, MORGAN), question, "this", desk)
    assert words in told.text
    assert told.partner == KEY
    assert "MVP Health Care" not in told.text


def test_its_queue_is_asked_for_in_a_sentence(with_tufts: PartnerConfiguration) -> None:
    document = yaml.safe_load(ROUTING_FILE.read_text("utf-8"))
    document["queues"].pop(KEY, None)
    with pytest.raises(Exception, match=f"company '{KEY}' has no queue"):
        load_routing(document, with_tufts.current())
