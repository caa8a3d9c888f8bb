"""One-time codes: sent by a running stand-in, seen in its outbox, checked against a real Redis."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.audit_log import SqlAuditLog
from actions.identity.codes import (
    CodeLocked,
    Expired,
    NoContact,
    NotSent,
    OneTimeCodes,
    Proven,
    Sent,
    TooSoon,
    WrongCode,
)
from actions.verification import Verified
from alliance.clock import Clock
from alliance.turn import TurnContext, verification_key
from tests.actions.conftest import Client
from tests.actions.test_verifying_members import Office, audited, office  # noqa: F401
from tests.sandbox.conftest import Backend


@pytest.fixture
def codes(
    office: Office,  # noqa: F811
    clients: dict[str, Client],
    engine: AsyncEngine,
    clock: Clock,
) -> OneTimeCodes:
    backends = {key: client.backend for key, client in clients.items()}
    return OneTimeCodes(backends, office.turns, SqlAuditLog(engine), clock)


async def known(office: Office, partner: str, member_id: str, talk: str = "c1") -> TurnContext:  # noqa: F811
    outcome = await office.verify(partner, office.factors(partner, member_id), talk)
    assert isinstance(outcome, Verified)
    return outcome.context


def last_message(sandbox: Backend) -> dict[str, str]:
    answer = sandbox.http.get(f"{sandbox.root}/outbox", headers={"Accept": "application/json"})
    return dict(answer.json()["messages"][0])


def code_in(sandbox: Backend) -> str:
    figures = re.sub(r"(?<=\d), ", "", last_message(sandbox)["text"])
    found = re.search(r"\d{6}", figures)
    assert found, figures
    return found.group()


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


class TestSending:
    async def test_to_the_mobile_on_file(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
        sandboxes: Mapping[str, Backend],
        redis: Redis,
    ) -> None:
        context = await known(office, "mvp", "M10010002")
        sent = await codes.send(context, office.partners["mvp"])
        assert isinstance(sent, Sent)
        assert (sent.to.kind, [other.kind for other in sent.others]) == ("mobile", ["email"])
        message = last_message(sandboxes["mvp"])
        member = office.people["mvp", "M10010002"]
        assert (message["by"], message["to"]) == ("sms", member.phone)
        assert "never call" in message["text"]
        code = code_in(sandboxes["mvp"])
        for key in [key async for key in redis.scan_iter("memberline:*")]:
            held = await redis.get(key) if await redis.type(key) == "string" else ""
            assert code not in (held or "") + key
            assert member.phone not in (held or "")

    async def test_a_landline_is_called(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
        sandboxes: Mapping[str, Backend],
    ) -> None:
        context = await known(office, "preferred-care", "P10010036")
        sent = await codes.send(context, office.partners["preferred-care"])
        assert isinstance(sent, Sent)
        assert (sent.to.kind, sent.others) == ("landline", ())
        assert last_message(sandboxes["preferred-care"])["by"] == "voice"

    async def test_never_to_what_changed_ten_days_ago(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
    ) -> None:
        context = await known(office, "mvp", "M10010014")
        assert await codes.send(context, office.partners["mvp"]) == NoContact()

    async def test_one_a_minute_over_all_conversations(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
    ) -> None:
        mvp = office.partners["mvp"]
        context = await known(office, "mvp", "M10010002")
        sent = await codes.send(context, mvp)
        assert isinstance(sent, Sent)
        assert await codes.send(context, mvp) == TooSoon(sent.to.masked)
        elsewhere = await known(office, "mvp", "M10010002", "c2")
        assert await codes.send(elsewhere, mvp) == TooSoon(None)

    async def test_the_company_cannot_send(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
        sandboxes: Mapping[str, Backend],
    ) -> None:
        context = await known(office, "mvp", "M10010002")
        sandboxes["mvp"].fault(kind="down")
        assert await codes.send(context, office.partners["mvp"]) == NotSent()
        assert await codes.pending(context) is None


class TestChecking:
    async def test_the_code_opens_level_two(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
        sandboxes: Mapping[str, Backend],
        engine: AsyncEngine,
    ) -> None:
        mvp = office.partners["mvp"]
        context = await known(office, "mvp", "M10010002")
        await codes.send(context, mvp)
        code = code_in(sandboxes["mvp"])
        proven = await codes.check(context, mvp, [other_than(code), code])
        assert isinstance(proven, Proven)
        assert (proven.member.level, proven.member.method) == (2, "one_time_code")
        assert proven.context.verified == proven.member
        # It counts once.
        assert await codes.check(proven.context, mvp, [code]) == Expired()
        assert "verified by code" in [row[0] for row in await audited(engine)]

    async def test_three_wrong_ones_close_the_person_everywhere(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
        sandboxes: Mapping[str, Backend],
    ) -> None:
        mvp = office.partners["mvp"]
        context = await known(office, "mvp", "M10010002")
        await codes.send(context, mvp)
        wrong = other_than(code_in(sandboxes["mvp"]))
        assert await codes.check(context, mvp, [wrong]) == WrongCode(1)
        # Who knows the factors does not win more tries by giving them again.
        again = await known(office, "mvp", "M10010002", "c2")
        assert await codes.check(again, mvp, ["000000"]) == Expired()
        assert await codes.check(context, mvp, [wrong]) == WrongCode(2)
        assert await codes.check(context, mvp, [wrong]) == CodeLocked()
        assert await codes.send(again, mvp) == CodeLocked()
        assert await codes.check(context, mvp, [code_in(sandboxes["mvp"])]) == Expired()

    async def test_a_code_is_no_other_conversations(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
        sandboxes: Mapping[str, Backend],
    ) -> None:
        mvp = office.partners["mvp"]
        context = await known(office, "mvp", "M10010002")
        await codes.send(context, mvp)
        elsewhere = await known(office, "mvp", "M10010002", "c2")
        assert await codes.check(elsewhere, mvp, [code_in(sandboxes["mvp"])]) == Expired()

    async def test_nor_another_persons(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
        sandboxes: Mapping[str, Backend],
    ) -> None:
        """Somebody else proves their factors in the same conversation after the code was sent."""
        mvp = office.partners["mvp"]
        context = await known(office, "mvp", "M10010002")
        await codes.send(context, mvp)
        code = code_in(sandboxes["mvp"])
        other = await known(office, "mvp", "M10010005")
        assert isinstance(await codes.check(other, mvp, [code]), WrongCode)

    async def test_after_a_lock_out_nothing_is_open(
        self,
        office: Office,  # noqa: F811
        codes: OneTimeCodes,
        redis: Redis,
    ) -> None:
        context = await known(office, "mvp", "M10010002")
        closed = await codes.close(context)
        assert closed == replace(context, verified=None)
        assert await redis.get(verification_key("c1")) is None
