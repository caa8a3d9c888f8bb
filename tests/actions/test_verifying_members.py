"""Proving who is talking: against running stand-ins, a real Redis and the audit's real store."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.audit_log import SqlAuditLog
from actions.records import MemberRecords
from actions.settings import settings_from_environment
from actions.turns import Turns
from actions.verification import (
    Factors,
    LockedOut,
    NotInAlliance,
    Outcome,
    Refused,
    Unavailable,
    Verification,
    Verified,
)
from alliance.audit import ANCHOR_FILE, Anchor, AuditEntry, cut_off, verify_file
from alliance.clock import Clock, fixed_clock
from alliance.errors import AuditUnavailable, ConfigurationError, NotVerified
from alliance.partners import Partners
from alliance.turn import CONTEXT_SECONDS, TurnContext, context_key, verification_key
from alliance.verified import IDLE_LIMIT, LOCKOUT, MAX_FAILURES, Actor
from sandbox.population.records import Member
from tests.actions.conftest import MOMENT, Client, proof
from tests.sandbox.conftest import Backend

People = Mapping[tuple[str, str], Member]
SECRET = "secret-of-the-tests"
# Shorter than the product's, and longer than any of the stand-ins needs.
SECONDS = 0.2


@dataclass
class Office:
    """Verification with its parts, and what a member says to it."""

    verification: Verification
    turns: Turns
    redis: Redis
    partners: Partners
    people: People

    async def open_turn(self, conversation_id: str = "c1") -> TurnContext:
        """What the bridge does before every turn."""
        context = TurnContext(conversation_id, "t1", "chat", "live", Actor("member"))
        await self.redis.set(
            context_key(conversation_id), json.dumps(context.to_json()), ex=CONTEXT_SECONDS
        )
        return context

    def factors(self, partner: str, known_as: str, **changes: object) -> Factors:
        """What the member with this ID says, with something else in it."""
        member = self.people[partner, known_as]
        right = Factors((member.given,), known_as, member.born, member.zip)
        return replace(right, **changes)  # type: ignore[arg-type]

    async def verify(self, partner: str, factors: Factors, conversation_id: str = "c1") -> Outcome:
        context = await self.open_turn(conversation_id)
        return await self.verification.verify(
            context, factors, self.partners[partner], self.partners
        )

    async def says(self, partner: str, known_as: str, **changes: object) -> Outcome:
        return await self.verify(partner, self.factors(partner, known_as, **changes))


@pytest.fixture
def office(
    clients: dict[str, Client],
    redis: Redis,
    engine: AsyncEngine,
    clock: Clock,
    partners: Partners,
    people: People,
) -> Office:
    backends = {key: client.backend for key, client in clients.items()}
    turns = Turns(redis, clock, SECRET)
    verification = Verification(backends, turns, SqlAuditLog(engine), clock, SECONDS)
    return Office(verification, turns, redis, partners, people)


async def audited(engine: AsyncEngine) -> Sequence[tuple[str, ...]]:
    """(action, what, partner, subject) of every row, in order."""
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT action, what, partner, subject FROM audit ORDER BY number")
        )
        return [tuple(row) for row in rows]


class TestHowLongItTakes:
    """As long for an unknown ID as for a wrong date: neither must be told from the other."""

    @pytest.fixture(autouse=True)
    def surroundings(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name in ("REDIS_URL", "DATABASE_URL", "MEMBERLINE_INTERNAL_TOKEN", "MEMBERLINE_SECRET"):
            monkeypatch.setenv(name, "set")
        monkeypatch.setenv("MEMBERLINE_VAR", str(tmp_path))

    @pytest.mark.parametrize(("given", "seconds"), [(None, 0.6), ("1.5", 1.5), ("0.1", 0.1)])
    def test_is_set_for_slower_backends(
        self, monkeypatch: pytest.MonkeyPatch, given: str | None, seconds: float
    ) -> None:
        if given is not None:
            monkeypatch.setenv("VERIFICATION_SECONDS", given)
        assert settings_from_environment().verification_seconds == seconds

    @pytest.mark.parametrize("given", ["0", "-1", "0.05", "4", "nan", "soon"])
    def test_is_never_nothing_and_never_longer_than_a_turn(
        self, monkeypatch: pytest.MonkeyPatch, given: str
    ) -> None:
        monkeypatch.setenv("VERIFICATION_SECONDS", given)
        with pytest.raises(ConfigurationError, match="give a number from"):
            settings_from_environment()


class TestRightFactors:
    @pytest.mark.parametrize(
        ("partner", "member_id"),
        [("cigna", "U10010001"), ("mvp", "M10010002"), ("preferred-care", "P10010003")],
    )
    async def test_a_member_of_each_company(
        self, office: Office, partner: str, member_id: str
    ) -> None:
        start = time.monotonic()
        outcome = await office.says(partner, member_id)
        assert time.monotonic() - start >= SECONDS
        assert isinstance(outcome, Verified)
        member = outcome.member
        assert member.person.home.partner == partner
        assert (member.level, member.method, member.conversation_id) == (1, "id_dob_zip", "c1")
        assert (member.person.others, member.person.unreached) == ((), ())
        assert member.person.first_name == office.people[partner, member_id].given
        assert member.expires_at == MOMENT + IDLE_LIMIT

    async def test_the_proof_stands_in_redis_for_this_turn_and_the_next(
        self, office: Office
    ) -> None:
        outcome = await office.says("mvp", "M10010002")
        assert isinstance(outcome, Verified)
        assert outcome.context.verified == outcome.member
        now = await office.turns.context("c1")
        assert now is not None
        assert now.verified == outcome.member
        assert 0 < await office.redis.ttl(context_key("c1")) <= CONTEXT_SECONDS
        idle = IDLE_LIMIT.total_seconds()
        assert idle - 5 < await office.redis.ttl(verification_key("c1")) <= idle

    async def test_a_turn_that_is_over_is_not_opened_again(self, office: Office) -> None:
        """The bridge gave up waiting and closed the turn: nothing may lie open without an end."""
        context = await office.open_turn()
        await office.redis.delete(context_key("c1"))
        factors = office.factors("mvp", "M10010002")
        mvp = office.partners["mvp"]
        await office.verification.verify(context, factors, mvp, office.partners)
        assert await office.turns.context("c1") is None

    async def test_who_moved_is_one_person_at_two_companies(self, office: Office) -> None:
        outcome = await office.says("mvp", "M10010007")
        assert isinstance(outcome, Verified)
        assert [m.partner for m in outcome.member.person.memberships] == ["mvp", "cigna"]

    @pytest.mark.parametrize("zip_code", ["12180", "02118"])
    async def test_the_zip_before_the_move_counts_too(self, office: Office, zip_code: str) -> None:
        assert isinstance(await office.says("mvp", "M10010007", zip=zip_code), Verified)

    async def test_one_of_two_readings_of_the_name_is_enough(self, office: Office) -> None:
        outcome = await office.says("mvp", "M10010002", first_names=("Norman", "Morgan"))
        assert isinstance(outcome, Verified)

    async def test_a_twin_is_told_from_the_other_by_name(self, office: Office) -> None:
        ada = await office.says("preferred-care", "P10010017")
        assert isinstance(ada, Verified)
        assert ada.member.person.first_name == "Ada"
        assert isinstance(
            await office.says("preferred-care", "P10010017", first_names=("Ida",)), Refused
        )

    async def test_namesakes_are_told_apart_by_id(self, office: Office) -> None:
        """And neither is matched with the other elsewhere."""
        outcome = await office.says("mvp", "M10010021")
        assert isinstance(outcome, Verified)
        assert [m.partner for m in outcome.member.person.memberships] == ["mvp"]


class TestWrongFactors:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"first_names": ("Nobody",)},
            {"first_names": ()},
            {"birth_date": date(1979, 11, 3)},
            {"birth_date": date(1979, 2, 11)},
            {"zip": "12208"},
            {"zip": ""},
            {"member_id": "M99999999"},
            {"member_id": "M10010005"},
            {"first_names": ("Testwell",)},
        ],
        ids=str,
    )
    async def test_all_are_refused_alike(self, office: Office, wrong: dict[str, object]) -> None:
        start = time.monotonic()
        outcome = await office.says("mvp", "M10010002", **wrong)
        assert time.monotonic() - start >= SECONDS
        assert outcome == Refused(1)
        context = await office.turns.context("c1")
        assert context is not None
        assert context.verified is None
        assert await office.redis.get(verification_key("c1")) is None

    async def test_another_company_s_id_is_refused_at_this_one(self, office: Office) -> None:
        factors = office.factors("cigna", "U10010001")
        assert await office.verify("mvp", factors) == Refused(1)

    async def test_the_zip_of_long_ago_is_refused(self, office: Office) -> None:
        later = fixed_clock(MOMENT + timedelta(days=700))
        for backend in office.verification._backends.values():
            backend._clock = later  # type: ignore[attr-defined]
        assert await office.says("mvp", "M10010007", zip="12180") == Refused(1)


class TestLockOut:
    async def test_three_failures_close_a_person_on_every_channel(self, office: Office) -> None:
        wrong = office.factors("mvp", "M10010002", zip="99999")
        right = office.factors("mvp", "M10010002")
        assert await office.verify("mvp", wrong, "chat") == Refused(1)
        assert await office.verify("mvp", wrong, "call") == Refused(1)
        assert await office.verify("mvp", wrong, "chat") == Refused(2)
        start = time.monotonic()
        for conversation in ("chat", "call", "another"):
            assert await office.verify("mvp", right, conversation) == LockedOut()
        assert time.monotonic() - start >= 3 * SECONDS
        # Somebody else in a conversation of their own is not locked out with them.
        other = office.factors("mvp", "M10010005")
        assert isinstance(await office.verify("mvp", other, "other"), Verified)

    async def test_three_failures_close_a_conversation_for_every_id(self, office: Office) -> None:
        """Trying one ID after the other in one chat ends as well."""
        guesses = [
            office.factors("mvp", "M10010002", member_id=f"M9000000{n}")
            for n in range(MAX_FAILURES)
        ]
        for place, guess in enumerate(guesses, start=1):
            assert await office.verify("mvp", guess) == Refused(place)
        assert await office.says("mvp", "M10010002") == LockedOut()

    async def test_it_lasts_a_day_and_holds_no_identity(self, office: Office) -> None:
        await office.says("mvp", "M10010002", zip="99999")
        keys = [key async for key in office.redis.scan_iter("memberline:failures:*")]
        assert len(keys) == 2
        for key in keys:
            assert "M10010002" not in key
            seconds = LOCKOUT.total_seconds()
            assert seconds - 10 < await office.redis.ttl(key) <= seconds

    async def test_success_starts_the_count_anew(self, office: Office) -> None:
        for _ in range(2):
            assert await office.says("mvp", "M10010002", zip="99999") == Refused(1)
            assert isinstance(await office.says("mvp", "M10010002"), Verified)

    async def test_many_at_once_are_three_tries(self, office: Office) -> None:
        """Twelve chats that try twelve birth dates in the same second."""
        outcomes = await asyncio.gather(
            *(
                office.verify(
                    "mvp",
                    office.factors("mvp", "M10010002", birth_date=date(1979, 1, 1 + n)),
                    f"c{n}",
                )
                for n in range(12)
            )
        )
        assert outcomes.count(Refused(1)) == MAX_FAILURES
        assert outcomes.count(LockedOut()) == 12 - MAX_FAILURES


class TestNotOurs:
    @pytest.mark.parametrize(
        ("partner", "member_id"),
        [("cigna", "U10010011"), ("mvp", "M10010012"), ("preferred-care", "P10010013")],
    )
    async def test_a_member_outside_the_alliance(
        self, office: Office, partner: str, member_id: str
    ) -> None:
        outcome = await office.says(partner, member_id)
        assert outcome == NotInAlliance(office.partners[partner])
        assert await office.redis.get(verification_key("c1")) is None

    async def test_who_was_ended_backwards_still_is_a_member(self, office: Office) -> None:
        assert isinstance(await office.says("cigna", "U10010015"), Verified)


class TestPartnerTrouble:
    async def test_the_home_company_is_down(
        self, office: Office, sandboxes: Mapping[str, Backend]
    ) -> None:
        sandboxes["mvp"].fault(kind="down")
        outcome = await office.says("mvp", "M10010002", zip="99999")
        assert outcome == Unavailable(office.partners["mvp"])
        # A company's outage counts against nobody, however often it is tried.
        for _ in range(MAX_FAILURES):
            assert await office.says("mvp", "M10010002") == Unavailable(office.partners["mvp"])
        sandboxes["mvp"].no_fault()
        assert isinstance(await office.says("mvp", "M10010002"), Verified)

    async def test_another_company_is_down_and_is_named(
        self, office: Office, sandboxes: Mapping[str, Backend]
    ) -> None:
        sandboxes["cigna"].fault(kind="down")
        outcome = await office.says("mvp", "M10010007")
        assert isinstance(outcome, Verified)
        assert outcome.member.person.others == ()
        assert outcome.member.person.unreached == ("cigna",)

    async def test_the_coverage_alone_fails(
        self, office: Office, sandboxes: Mapping[str, Backend]
    ) -> None:
        sandboxes["mvp"].fault(kind="down", resource="Coverage")
        assert await office.says("mvp", "M10010002") == Unavailable(office.partners["mvp"])
        assert await office.redis.get(verification_key("c1")) is None


class FullDisk:
    """An audit that cannot be written."""

    async def write(self, _: AuditEntry) -> None:
        raise AuditUnavailable("The audit row could not be written.")


class TestAudit:
    async def test_who_was_proven_and_what_was_read(
        self, office: Office, engine: AsyncEngine, database: Path
    ) -> None:
        outcome = await office.says("mvp", "M10010002")
        assert isinstance(outcome, Verified)
        subject = f"mvp/{outcome.member.person.home.patient_id}"
        assert await audited(engine) == [
            ("verified", "identity", "mvp", subject),
            ("read", "coverage", "mvp", subject),
        ]
        assert verify_file(str(database)) is None

    async def test_the_newest_row_is_anchored(
        self, engine: AsyncEngine, database: Path, tmp_path: Path
    ) -> None:
        anchor = tmp_path / ANCHOR_FILE
        log = SqlAuditLog(engine, anchor, "secret")
        entry = AuditEntry("2026", "member", "mvp/p1", "chat", "c1", "read", "claims", "mvp")
        for _ in range(3):
            await log.write(entry)
        found = Anchor.from_json(anchor.read_text("utf-8"))
        assert found.number == 3
        assert found.signed_with("secret")
        assert not cut_off(str(database), found)

    async def test_a_refusal_names_nobody(self, office: Office, engine: AsyncEngine) -> None:
        await office.says("mvp", "M10010002", zip="99999")
        assert await audited(engine) == [("verification refused", "identity", "mvp", "mvp/")]

    async def test_without_an_audit_nobody_is_verified(
        self, office: Office, clients: dict[str, Client], clock: Clock
    ) -> None:
        backends = {key: client.backend for key, client in clients.items()}
        blind = Verification(backends, office.turns, FullDisk(), clock)
        context = await office.open_turn()
        factors = office.factors("mvp", "M10010002")
        with pytest.raises(AuditUnavailable):
            await blind.verify(context, factors, office.partners["mvp"], office.partners)
        assert await office.redis.get(verification_key("c1")) is None

    async def test_a_store_that_is_gone_is_an_audit_that_cannot_be_written(
        self, engine: AsyncEngine
    ) -> None:
        log = SqlAuditLog(engine)
        async with engine.begin() as connection:
            await connection.execute(text("DROP TABLE audit"))
        with pytest.raises(AuditUnavailable):
            await log.write(ENTRY)

    async def test_many_at_once_make_one_chain(self, engine: AsyncEngine, database: Path) -> None:
        log = SqlAuditLog(engine)
        await asyncio.gather(
            *(log.write(replace(ENTRY, conversation_id=f"c{n}")) for n in range(30))
        )
        assert len(await audited(engine)) == 30
        assert verify_file(str(database)) is None

    async def test_the_chain_goes_on_while_others_write_to_the_store(
        self, engine: AsyncEngine, database: Path
    ) -> None:
        log = SqlAuditLog(engine)

        async def bridge() -> None:
            for number in range(30):
                async with engine.begin() as connection:
                    await connection.execute(
                        text("INSERT INTO desk_sessions VALUES (:a, 'x', '2026-01-01')"),
                        {"a": str(number)},
                    )

        async def actions() -> None:
            for _ in range(30):
                await log.write(ENTRY)

        await asyncio.gather(bridge(), actions())
        assert verify_file(str(database)) is None


ENTRY = AuditEntry(
    at=MOMENT.isoformat(),
    actor="member",
    subject="mvp/1",
    channel="chat",
    conversation_id="c",
    action="read",
    what="claims",
    partner="mvp",
)
CONTEXT = TurnContext("c1", "t1", "chat", "live", Actor("member"))


class TestMemberRecords:
    """The one gate to member data."""

    async def gate(
        self, clients: dict[str, Client], engine: AsyncEngine, at: timedelta = timedelta()
    ) -> MemberRecords:
        backends = {key: client.backend for key, client in clients.items()}
        return MemberRecords(CONTEXT, backends, SqlAuditLog(engine), fixed_clock(MOMENT + at))

    async def test_an_ended_proof_opens_nothing(
        self, clients: dict[str, Client], engine: AsyncEngine
    ) -> None:
        records = await self.gate(clients, engine, IDLE_LIMIT)
        with pytest.raises(NotVerified):
            await records.coverages(proof(("mvp", "1")), "mvp")
        assert clients["mvp"].requests == []
        assert await audited(engine) == []

    async def test_a_proof_opens_its_own_companies_only(
        self, clients: dict[str, Client], engine: AsyncEngine
    ) -> None:
        records = await self.gate(clients, engine)
        with pytest.raises(NotVerified):
            await records.claims(proof(("mvp", "1")), "cigna")
        assert clients["cigna"].requests == []

    async def test_the_row_is_written_before_the_partner_is_asked(
        self,
        clients: dict[str, Client],
        clock: Clock,
    ) -> None:
        backends = {key: client.backend for key, client in clients.items()}
        records = MemberRecords(CONTEXT, backends, FullDisk(), clock)
        with pytest.raises(AuditUnavailable):
            await records.claims(proof(("mvp", "1")), "mvp")
        assert clients["mvp"].requests == []

    async def test_an_agent_s_reads_are_the_agent_s(
        self, clients: dict[str, Client], engine: AsyncEngine, clock: Clock
    ) -> None:
        backends = {key: client.backend for key, client in clients.items()}
        shadow = replace(CONTEXT, mode="suggest", actor=Actor("agent", "avery"))
        records = MemberRecords(shadow, backends, SqlAuditLog(engine), clock)
        await records.coverages(proof(("mvp", "1")), "mvp")
        async with engine.connect() as connection:
            actor = (await connection.execute(text("SELECT actor FROM audit"))).scalar_one()
        assert actor == "agent:avery"


class TestPortalTicket:
    """What the bridge has checked opens level 2, for one person and no family."""

    async def ticket(self, office: Office, subject: str, member_id: str = "M10010002") -> Outcome:
        context = await office.open_turn()
        mvp = office.partners["mvp"]
        return await office.verification.open_ticket(
            context, mvp, member_id, subject, office.partners
        )

    async def test_the_person(self, office: Office) -> None:
        outcome = await self.ticket(office, office.people["mvp", "M10010002"].id)
        assert isinstance(outcome, Verified)
        assert (outcome.member.level, outcome.member.method) == (2, "portal")

    @pytest.mark.parametrize("subject", ["M10010002", "family:M10010002", "ALX-2001", ""])
    async def test_a_family_or_a_contract_is_nobody(self, office: Office, subject: str) -> None:
        assert isinstance(await self.ticket(office, subject), Refused)
        assert await office.redis.get(verification_key("c1")) is None

    async def test_nor_is_another_person(self, office: Office) -> None:
        assert isinstance(await self.ticket(office, office.people["mvp", "M10010005"].id), Refused)

    async def test_it_lifts_a_lock_out_and_that_is_audited(
        self, office: Office, engine: AsyncEngine
    ) -> None:
        for _ in range(MAX_FAILURES):
            await office.says("mvp", "M10010002", zip="99999")
        assert await office.says("mvp", "M10010002") == LockedOut()
        outcome = await self.ticket(office, office.people["mvp", "M10010002"].id)
        assert isinstance(outcome, Verified)
        assert "lock-out lifted by portal" in [row[0] for row in await audited(engine)]
        assert isinstance(await office.says("mvp", "M10010002"), Verified)
