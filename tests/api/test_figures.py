"""Each figure of the supervisors' page against data that was made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from api.desk.agents import Supervisor
from api.ids import new_id
from api.insights.backends import BackendFigures
from api.insights.figures import Figures, as_csv, grouped
from api.store import tables
from tests.actions.conftest import MOMENT
from tests.api.test_backend_figures import NAMES, Actions

pytestmark = pytest.mark.asyncio(loop_scope="function")
SUE = Supervisor("sue", "Sue", "supervisor", frozenset({"mvp"}))
EVE = Supervisor("eve", "Eve", "supervisor", frozenset(NAMES))


def ago(**time: float) -> datetime:
    return MOMENT - timedelta(**time)


class Store:
    """What happened, row by row."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._number = 0

    async def add(self, table: Any, **values: Any) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(insert(table).values(**values))

    async def conversation(self, name: str, partner: str | None = "mvp") -> None:
        await self.add(
            tables.conversations,
            id=name,
            channel="chat",
            owner="assistant",
            partner=partner,
            created_at=ago(days=1),
            last_seq=0,
        )

    async def turn(self, name: str, outcome: str, partner: str | None = "mvp") -> None:
        await self.add(
            tables.turns,
            id=new_id(),
            conversation_id=name,
            channel="chat",
            partner=partner,
            outcome=outcome,
            level=0,
            at=ago(hours=2),
        )

    async def handover(
        self,
        name: str,
        *,
        at: datetime,
        accepted: datetime | None = None,
        closed: datetime | None = None,
        partner: str | None = "mvp",
    ) -> None:
        number = new_id()
        await self.conversation(name, partner)
        await self.add(
            tables.handovers,
            id=number,
            conversation_id=name,
            partner=partner,
            queue="q",
            reason="",
            summary="",
            level=0,
            topic="claim_status",
            created_at=at,
            accepted_at=accepted,
            closed_at=closed,
        )
        if accepted:
            await self.add(
                tables.handover_steps,
                id=new_id(),
                handover_id=number,
                kind="accepted",
                agent="mia",
                at=accepted,
            )

    async def contact(
        self, name: str, person: str, topic: str, days: float, channel: str = "chat"
    ) -> None:
        await self.conversation(name)
        await self.add(
            tables.contacts,
            conversation_id=name,
            topic=topic,
            person=person,
            partner="mvp",
            channel=channel,
            outcome="answered",
            level=1,
            at=ago(days=days),
        )

    async def identity(self, name: str, *actions: str) -> None:
        for action in actions:
            self._number += 1
            await self.add(
                tables.audit,
                number=self._number,
                at=ago(hours=1).isoformat(),
                actor="member",
                subject="mvp/",
                channel="chat",
                conversation_id=name,
                action=action,
                what="identity",
                partner="mvp",
                hash="",
            )

    async def case(
        self,
        reference: str,
        *,
        due: datetime,
        acknowledged: datetime | None = None,
        settled: datetime | None = None,
    ) -> None:
        await self.add(
            tables.cases,
            reference=reference,
            once=reference,
            kind="complaint",
            partner="mvp",
            urgency="normal",
            body={},
            conversation_id="x",
            received_at=ago(days=40),
            due_at=due,
            next_attempt_at=MOMENT,
            acknowledged_at=acknowledged,
            settled_at=settled,
        )

    async def unsure(self, text: str, *, chosen: str | None = None) -> None:
        await self.add(
            tables.training_candidates,
            id=new_id(),
            created_at=ago(hours=3),
            channel="chat",
            partner="mvp",
            text=text,
            suggested=[],
            chosen=chosen,
            status="new",
        )

    async def rated(
        self, name: str, rating: str, reason: str | None = None, *told: str, seq: int = 2
    ) -> None:
        """An answer that companies gave, and what the member thought of it."""
        message = new_id()
        await self.add(
            tables.messages,
            id=message,
            conversation_id=name,
            seq=seq,
            sender="assistant",
            text="",
            buttons=[],
            cards=[],
            at=ago(hours=2),
        )
        for partner in told:
            await self.add(
                tables.told,
                id=new_id(),
                conversation_id=name,
                seq=seq,
                channel="chat",
                intent="claim_status",
                partner=partner,
                at=ago(hours=2),
            )
        await self.add(
            tables.feedback, message_id=message, rating=rating, reason=reason, at=ago(hours=1)
        )

    async def suggestion(self, name: str, seq: int, action: str | None, **more: Any) -> None:
        await self.add(
            tables.suggestions,
            id=new_id(),
            conversation_id=name,
            for_seq=seq,
            body={},
            confidence=0.9,
            action=action,
            at=ago(hours=1),
            **more,
        )


@pytest.fixture
def store(engine: AsyncEngine) -> Store:
    return Store(engine)


@pytest.fixture
def figures(engine: AsyncEngine, clock: Clock) -> Figures:
    return Figures(engine, clock, BackendFigures(engine, Actions(None), NAMES), NAMES)


async def of_mvp(figures: Figures, days: int = 7) -> Mapping[str, Any]:
    return await figures.read(SUE, days, "mvp")


async def test_nothing_is_no_figure(figures: Figures) -> None:
    found = await of_mvp(figures)
    shares = ("containment", "failed_transfers", "first_contact_resolution", "fallback_rate")
    assert [found[name] for name in shares] == [None] * 4
    assert (found["conversations"], found["queue_depth"]) == (0, 0)


async def test_first_contact_resolution_by_person_and_topic_on_any_channel(
    figures: Figures, store: Store
) -> None:
    await store.contact("a", "ann", "claim_status", 12)
    await store.contact("b", "ann", "claim_status", 8, channel="voice")  # came back after 4 days
    await store.contact("c", "bob", "claim_status", 12)
    await store.contact("d", "bob", "id_card", 10)  # another topic
    await store.contact("e", "cid", "claim_status", 13)
    await store.contact("f", "cid", "claim_status", 5)  # after 8 days; its own 7 are not over
    # a was not resolved; b, c, d, e were; f is not counted yet.
    assert (await of_mvp(figures))["first_contact_resolution"] == 0.8


async def test_failed_transfers_ended_before_a_person_came(figures: Figures, store: Store) -> None:
    await store.handover("left", at=ago(hours=3), closed=ago(hours=2))
    times = {"accepted": ago(hours=2, minutes=50), "closed": ago(hours=2)}
    await store.handover("served", at=ago(hours=3), **times)  # type: ignore[arg-type]
    await store.handover("talking", at=ago(hours=1), accepted=ago(minutes=50))
    await store.handover("waiting", at=ago(minutes=5))
    await store.handover("other", at=ago(hours=1), closed=ago(minutes=9), partner="cigna")
    found = await of_mvp(figures)
    assert found["failed_transfers"] == round(1 / 3, 4)
    assert found["seconds_to_answer"]["median"] == 600
    assert found["seconds_to_close"]["median"] == 3600
    assert (found["queue_depth"], found["queue_oldest_seconds"]) == (1, 300)
    assert found["handover_reasons"] == [{"reason": "claim_status", "times": 4}]


async def test_who_waits_for_no_company_is_anybodys(figures: Figures, store: Store) -> None:
    await store.handover("unknown", at=ago(minutes=5), partner=None)
    assert (await of_mvp(figures))["queue_depth"] == 0
    assert (await figures.read(SUE, 7, None))["queue_depth"] == 1
    # What it was about counts for who serves every company.
    assert (await figures.read(SUE, 7, None))["handovers"] == 0
    assert (await figures.read(EVE, 7, None))["handovers"] == 1


async def test_containment_and_fallback_with_what_was_said_before_the_company_was_known(
    figures: Figures, store: Store
) -> None:
    await store.turn("mine", "not_understood", partner=None)
    await store.turn("mine", "answered")
    await store.turn("person", "answered")
    await store.handover("person", at=ago(days=3))  # before the period of one day
    await store.turn("other", "not_understood", partner="cigna")
    await store.turn("nobody's", "not_understood", partner=None)
    found = await of_mvp(figures, days=1)
    assert (found["conversations"], found["containment"]) == (2, 0.5)
    days = [(day["conversations"], day["contained"]) for day in found["days"]]
    assert days == [(0, 0), (2, 1)]
    assert found["fallback_rate"] == round(1 / 3, 4)
    # A caller who pressed 0 at once said nothing that was understood.
    await store.handover("pressed 0", at=ago(hours=1))
    found = await of_mvp(figures, days=1)
    assert (found["conversations"], found["containment"]) == (3, round(1 / 3, 4))
    assert (await figures.read(EVE, 1, None))["fallback_rate"] == 0.6


async def test_verifications_pass_by_conversation(figures: Figures, store: Store) -> None:
    await store.identity("slip", "verification refused", "verified", "verified by code")
    await store.identity("plain", "verified")
    await store.identity("stranger", *["verification refused"] * 3)
    await store.identity("forged", "ticket refused")
    await store.identity("namesake", "several persons fit")
    assert (await of_mvp(figures))["verification_pass_rate"] == 0.5


async def test_thumbs_and_why_they_are_down(figures: Figures, store: Store) -> None:
    assert (await of_mvp(figures))["ratings"]["helpful_rate"] is None
    for name in ("mine", "both", "theirs"):
        await store.conversation(name, None)
    await store.turn("mine", "answered")
    await store.rated("mine", "up", None, "mvp")
    # One answer from two companies' files is both's; each counts it once.
    await store.rated("both", "down", "not_correct", "mvp", "mvp", "cigna")
    # What came from nobody's files is that of the company which the conversation is with.
    await store.rated("mine", "down", "hard_to_understand", seq=3)
    await store.rated("mine", "down", None, seq=4)
    await store.rated("theirs", "down", "not_asked", "cigna")
    assert (await of_mvp(figures))["ratings"] == {
        "up": 1,
        "down": 3,
        "helpful_rate": 0.25,
        "down_because": {"not_correct": 1, "hard_to_understand": 1},
        "down_about": [{"reason": "claim_status", "times": 1}],
    }
    assert (await figures.read(EVE, 7, "cigna"))["ratings"]["down"] == 2
    assert (await figures.read(EVE, 7, None))["ratings"]["down"] == 4
    assert "ratings down_because not_correct,1" in as_csv(dict(await of_mvp(figures)))


async def test_suggestions_are_used_by_message_and_edited_by_suggestion(
    figures: Figures, store: Store
) -> None:
    await store.conversation("chat")
    await store.conversation("other", "cigna")
    await store.suggestion("chat", 2, "used")
    await store.suggestion("chat", 2, "left")
    await store.suggestion("chat", 4, "edited", changed=0.5)
    await store.suggestion("chat", 6, "dismissed", reason="wrong")
    await store.suggestion("chat", 8, "left")
    await store.suggestion("chat", 10, None)
    await store.suggestion("chat", 0, "used")  # the agent had asked for it
    await store.suggestion("other", 2, "used")
    found = (await of_mvp(figures))["suggestions"]
    assert (found["shown"], found["used"], found["edited"], found["dismissed"]) == (7, 2, 1, 1)
    assert (found["use_rate"], found["edit_rate"]) == (0.4, round(1 / 3, 4))
    assert (found["share_edited"], found["dismissed_because"]) == (0.5, {"wrong": 1})


async def test_cases_past_due(figures: Figures, store: Store) -> None:
    await store.case("MVP-LATE", due=ago(days=1))
    await store.case("MVP-SOON", due=ago(days=-1))
    # That the company has it is no answer to the member.
    await store.case("MVP-KEPT", due=ago(days=1), acknowledged=ago(days=30))
    await store.case("MVP-DONE", due=ago(days=1), settled=ago(days=2))
    assert (await of_mvp(figures))["cases_past_due"] == 2


async def test_questions_without_an_answer(figures: Figures, store: Store) -> None:
    for text in (
        "Do you sell car insurance?",
        "can you sell me car insurance",
        "car insurance, do you sell it",
        "is [name] at the pool",
    ):
        await store.unsure(text)
    await store.unsure("where is the thing", chosen="claim_status")
    assert (await of_mvp(figures))["unanswered"] == [
        {"text": "do you sell car insurance", "times": 3},
        {"text": "is [name] at the pool", "times": 1},
    ]


@pytest.mark.parametrize(
    ("texts", "groups"),
    [
        (["my claim", "My claim.", "the claim?"], 1),
        (["is my dog covered", "is my cat covered"], 2),
        (["please", "hello"], 2),
        ([], 0),
    ],
)
async def test_what_is_the_same_question(texts: list[str], groups: int) -> None:
    assert len(grouped(texts)) == groups
