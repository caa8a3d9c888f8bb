"""A partner in trouble: never a wrong fact, never a long silence, never the others' problem."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from actions.partners.budget import budget
from actions.partners.http import BREAKER_FAILURES, BREAKER_SECONDS, PartnerHttp, _retry_after
from actions.settings import PartnerConfiguration
from alliance.clock import Clock
from alliance.errors import PartnerUnavailable
from alliance.partners import Partners
from tests.actions.conftest import Client, client_of, proven
from tests.actions.test_directory_client import query
from tests.sandbox.conftest import Backend

Sandboxes = Mapping[str, Backend]
# A call may take 3 s, and the answer to it hardly more.
LIMIT_SECONDS = 3.5
LIKE_THE_REAL_ONE = "M10010002"


async def fails(client: Client, member_id: str = LIKE_THE_REAL_ONE) -> float:
    """Ask, expect PartnerUnavailable without member data; returns the seconds that it took."""
    start = time.monotonic()
    with pytest.raises(PartnerUnavailable) as caught:
        await client.backend.find_member(member_id)
    assert caught.value.partner == client.key
    assert member_id not in caught.value.detail
    return time.monotonic() - start


async def test_slow(clients: dict[str, Client], sandboxes: Sandboxes) -> None:
    sandboxes["mvp"].fault(kind="slow", seconds=4, count=1)
    assert 2.5 < await fails(clients["mvp"]) < LIMIT_SECONDS


async def test_many_slow_pages_share_one_limit(
    clients: dict[str, Client], sandboxes: Sandboxes
) -> None:
    """Slow enough to add up, and each quick enough for itself: the answer is still complete."""
    client = clients["preferred-care"]
    member = await proven(client, "P10010003")
    sandboxes["preferred-care"].fault(kind="slow", seconds=0.3)
    assert len(await client.backend.claims(member)) > 10


async def test_several_slow_answers_do_not_outlast_the_turn(
    clients: dict[str, Client], sandboxes: Sandboxes
) -> None:
    """Each quick enough for itself; what is left of the time is all that the next one gets."""
    sandboxes["mvp"].fault(kind="slow", seconds=0.8)
    with budget(1.2):
        assert len(await clients["mvp"].backend.find_member(LIKE_THE_REAL_ONE)) == 1
        assert await fails(clients["mvp"]) < 0.7
        assert await fails(clients["mvp"]) < 0.1
    sandboxes["mvp"].no_fault()
    assert len(await clients["mvp"].backend.find_member(LIKE_THE_REAL_ONE)) == 1


async def test_down(clients: dict[str, Client], sandboxes: Sandboxes) -> None:
    sandboxes["mvp"].fault(kind="down")
    assert await fails(clients["mvp"]) < 1


async def test_down_and_back(clients: dict[str, Client], sandboxes: Sandboxes) -> None:
    sandboxes["mvp"].fault(kind="down", count=1)
    await fails(clients["mvp"])
    assert len(await clients["mvp"].backend.find_member(LIKE_THE_REAL_ONE)) == 1


class TestTooMany:
    async def test_a_short_wait_is_kept_and_then_answered(
        self, clients: dict[str, Client], sandboxes: Sandboxes
    ) -> None:
        sandboxes["mvp"].fault(kind="too_many", seconds=1, count=1)
        start = time.monotonic()
        assert len(await clients["mvp"].backend.find_member(LIKE_THE_REAL_ONE)) == 1
        assert time.monotonic() - start >= 1

    async def test_a_long_wait_is_an_apology_at_once(
        self, clients: dict[str, Client], sandboxes: Sandboxes
    ) -> None:
        sandboxes["mvp"].fault(kind="too_many", seconds=30)
        assert await fails(clients["mvp"]) < 1
        # The partner was asked once: asking again at once is what it complained of.
        assert len(clients["mvp"].sent("/Patient/_search")) == 1

    async def test_until_a_long_wait_is_over_nobody_asks(
        self, clients: dict[str, Client], sandboxes: Sandboxes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("actions.partners.http.MOST_RETRY_AFTER_SECONDS", 0.1)
        sandboxes["mvp"].fault(kind="too_many", seconds=1, count=1)
        client = clients["mvp"]
        await fails(client)
        for _ in range(BREAKER_FAILURES):
            assert await fails(client) < 0.05
        assert len(client.sent("/Patient/_search")) == 1
        await asyncio.sleep(1)
        # The breaker never opened: the partner is well, it only wanted fewer calls.
        assert len(await client.backend.find_member(LIKE_THE_REAL_ONE)) == 1

    @pytest.mark.parametrize(
        ("told", "seconds"),
        [("7", 7.0), ("soon", 1.0), ("", 1.0), ("-3", 1.0)],
        ids=["seconds", "words", "nothing", "below zero"],
    )
    def test_a_wait_in_seconds(self, told: str, seconds: float) -> None:
        assert _retry_after(told) == seconds

    @pytest.mark.parametrize(("ahead", "seconds"), [(90, 90.0), (-90, 0.0)])
    def test_a_wait_until_a_date(self, ahead: int, seconds: float) -> None:
        told = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
        assert _retry_after(told) == pytest.approx(seconds, abs=5)


@pytest.mark.parametrize("ask", ["find_member", "claims", "coverages", "search_directory"])
async def test_malformed(clients: dict[str, Client], sandboxes: Sandboxes, ask: str) -> None:
    client = clients["mvp"]
    member = await proven(client, LIKE_THE_REAL_ONE)
    sandboxes["mvp"].fault(kind="malformed")
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "find_member": lambda: client.backend.find_member(LIKE_THE_REAL_ONE),
        "claims": lambda: client.backend.claims(member),
        "coverages": lambda: client.backend.coverages(member),
        "search_directory": lambda: client.backend.search_directory(query("12207")),
    }
    with pytest.raises(PartnerUnavailable):
        await calls[ask]()


class TestPartial:
    """Answers without totals, payments, periods, classes, items: less is said, nothing invented."""

    async def test_claims(self, clients: dict[str, Client], sandboxes: Sandboxes) -> None:
        client = clients["mvp"]
        member = await proven(client, LIKE_THE_REAL_ONE)
        sandboxes["mvp"].fault(kind="partial")
        found = await client.backend.claims(member)
        assert found
        for claim in found:
            assert claim.state not in ("paid", "partly_paid", "denied", "adjusted")
            assert (claim.paid, claim.billed, claim.member_owes) == (None, None, None)

    async def test_coverages_without_a_group_are_none_of_the_alliance(
        self, clients: dict[str, Client], sandboxes: Sandboxes
    ) -> None:
        client = clients["mvp"]
        member = await proven(client, LIKE_THE_REAL_ONE)
        sandboxes["mvp"].fault(kind="partial", resource="Coverage")
        assert [c.group for c in await client.backend.coverages(member)] == [None]

    async def test_directory_entries_without_a_specialty_are_left_out(
        self, clients: dict[str, Client], sandboxes: Sandboxes
    ) -> None:
        await clients["mvp"].backend.search_directory(query("12207"))
        sandboxes["mvp"].fault(kind="partial")
        assert await clients["mvp"].backend.search_directory(query("12207")) == []


class TestTokens:
    async def test_an_ended_token_is_renewed_once_and_the_question_answered(
        self, clients: dict[str, Client], sandboxes: Sandboxes
    ) -> None:
        client = clients["mvp"]
        await proven(client, LIKE_THE_REAL_ONE)
        sandboxes["mvp"].fault(kind="expired_token", count=0)
        assert len(await client.backend.find_member(LIKE_THE_REAL_ONE)) == 1
        assert len(client.sent("/oauth/token")) == 2

    @pytest.mark.parametrize("partner", ["cigna", "mvp"])
    async def test_under_load_there_is_one_renewal(
        self, clients: dict[str, Client], sandboxes: Sandboxes, partner: str
    ) -> None:
        client = clients[partner]
        member_id = {"cigna": "U10010001", "mvp": LIKE_THE_REAL_ONE}[partner]
        await proven(client, member_id)
        sandboxes[partner].fault(kind="expired_token", count=0)
        found = await asyncio.gather(*(client.backend.find_member(member_id) for _ in range(10)))
        assert [len(each) for each in found] == [1] * 10
        assert len(client.sent("/oauth/token")) == 2

    async def test_a_token_that_never_works_ends_in_an_apology(
        self, clients: dict[str, Client], sandboxes: Sandboxes
    ) -> None:
        sandboxes["mvp"].fault(kind="expired_token")
        await fails(clients["mvp"])
        assert len(clients["mvp"].sent("/Patient/_search")) == 2

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(200, text="<html>maintenance</html>"),
            httpx.Response(200, json={}),
            httpx.Response(200, json=[]),
            httpx.Response(200, json={"access_token": "t", "expires_in": "soon"}),
            httpx.Response(401, json={"error": "invalid_client"}),
            httpx.Response(500),
        ],
        ids=["no JSON", "no token", "a list", "no life", "refused", "broken"],
    )
    async def test_whatever_the_token_s_address_answers(
        self, partners: Partners, answer: httpx.Response
    ) -> None:
        transport = httpx.MockTransport(lambda _: answer)
        async with httpx.AsyncClient(transport=transport) as client:
            http = PartnerHttp(partners["mvp"], client)
            with pytest.raises(PartnerUnavailable):
                await http.search("Patient", {"identifier": "x"})

    async def test_a_missing_key_file_is_an_apology(
        self, partners: Partners, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        backend = partners["cigna"].backend
        assert backend is not None
        auth = {**backend.auth, "key_file": "/nowhere/key.pem"}
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
        async with httpx.AsyncClient(transport=transport) as client:
            http = PartnerHttp(partners["cigna"], client)
            monkeypatch.setattr(http, "_backend", replace(backend, auth=auth))
            with pytest.raises(PartnerUnavailable):
                await http.search("Patient", {"identifier": "x"})


class TestBreaker:
    async def test_it_opens_and_the_others_go_on(
        self, clients: dict[str, Client], sandboxes: Sandboxes
    ) -> None:
        broken = clients["mvp"]
        sandboxes["mvp"].fault(kind="down")
        for _ in range(BREAKER_FAILURES):
            await fails(broken)
        asked = len(broken.requests)
        assert await fails(broken) < 0.5
        assert len(broken.requests) == asked
        assert len(await clients["cigna"].backend.find_member("U10010001")) == 1
        assert len(await clients["preferred-care"].backend.find_member("P10010003")) == 1

    async def test_being_slow_counts(self, partners: Partners) -> None:
        """A partner that answers after its limit is as good as none: stop asking."""
        asked = 0

        async def hang(request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            await asyncio.sleep(5)
            return httpx.Response(200, json={})

        backend = partners["mvp"].backend
        assert backend is not None
        async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as client:
            http = PartnerHttp(partners["mvp"], client)
            http._backend = replace(backend, timeout_seconds=0.05)
            for _ in range(BREAKER_FAILURES + 3):
                with pytest.raises(PartnerUnavailable):
                    await http.get("/metadata")
        assert asked == BREAKER_FAILURES

    async def test_it_closes_when_the_partner_is_back(
        self,
        configuration: PartnerConfiguration,
        clock: Clock,
        sandboxes: Sandboxes,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("actions.partners.http.BREAKER_SECONDS", 0.2)
        async with AsyncExitStack() as stack:
            client = await client_of("mvp", configuration, clock, stack)
            sandboxes["mvp"].fault(kind="down", count=BREAKER_FAILURES)
            for _ in range(BREAKER_FAILURES):
                await fails(client)
            await asyncio.sleep(0.3)
            assert len(await client.backend.find_member(LIKE_THE_REAL_ONE)) == 1

    async def test_a_refused_search_closes_nothing(self, clients: dict[str, Client]) -> None:
        """A server may refuse a parameter (400): the partner is well, and member data goes on."""
        client = clients["mvp"]
        for _ in range(BREAKER_FAILURES + 1):
            with pytest.raises(PartnerUnavailable):
                await client.backend._http.get("/PractitionerRole", {"nonsense": "1"})
        assert len(await client.backend.find_member(LIKE_THE_REAL_ONE)) == 1

    async def test_one_call_finds_out_and_the_others_do_not_wait(
        self, partners: Partners, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After an outage a partner that is still slow costs one caller the wait, not all."""
        monkeypatch.setattr("actions.partners.http.BREAKER_SECONDS", 0.2)
        asked = 0

        async def hang(request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            await asyncio.sleep(5)
            return httpx.Response(200, json={})

        backend = partners["mvp"].backend
        assert backend is not None
        async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as client:
            http = PartnerHttp(partners["mvp"], client)
            http._backend = replace(backend, timeout_seconds=0.1)
            for _ in range(BREAKER_FAILURES):
                with pytest.raises(PartnerUnavailable):
                    await http.get("/metadata")
            await asyncio.sleep(0.3)
            answers = await asyncio.gather(
                *(http.get("/metadata") for _ in range(10)), return_exceptions=True
            )
        assert all(isinstance(answer, PartnerUnavailable) for answer in answers)
        assert asked == BREAKER_FAILURES + 1

    async def test_a_thirty_second_partner_fails_within_50_ms_after_five_calls(
        self, partners: Partners
    ) -> None:
        async def hang(request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(30)
            return httpx.Response(200, json={})

        backend = partners["mvp"].backend
        assert backend is not None
        async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as client:
            http = PartnerHttp(partners["mvp"], client)
            http._backend = replace(backend, timeout_seconds=0.05)
            for _ in range(BREAKER_FAILURES):
                with pytest.raises(PartnerUnavailable):
                    await http.get("/metadata")
            start = time.monotonic()
            with pytest.raises(PartnerUnavailable):
                await http.get("/metadata")
            assert time.monotonic() - start < 0.05
        # Recovery is found out well within thirty seconds.
        assert BREAKER_SECONDS < 30

    async def test_finding_nobody_is_no_failure(self, clients: dict[str, Client]) -> None:
        """A match that finds nobody (422) is an answer: it must not close the partner."""
        cigna, mvp = clients["cigna"], clients["mvp"]
        (stranger,) = await mvp.backend.find_member(LIKE_THE_REAL_ONE)
        for _ in range(BREAKER_FAILURES + 1):
            assert await cigna.backend.match_person(stranger) is None
        assert len(await cigna.backend.find_member("U10010001")) == 1


async def test_nobody_there_at_all(partners: Partners) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as client:
        with pytest.raises(PartnerUnavailable):
            await PartnerHttp(partners["mvp"], client).get("/metadata")


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.org/fhir?page=2",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "/fhir?page=2",
        "",
    ],
)
async def test_a_next_link_to_elsewhere_is_never_followed(partners: Partners, link: str) -> None:
    """The token would go along."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"access_token": "t", "expires_in": 300})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(PartnerUnavailable):
            await PartnerHttp(partners["mvp"], client).next_page(link, private=True)
    assert asked == []


async def test_a_next_link_that_only_begins_like_the_partner(partners: Partners) -> None:
    backend = partners["mvp"].backend
    assert backend is not None
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json={}))
    ) as client:
        with pytest.raises(PartnerUnavailable):
            await PartnerHttp(partners["mvp"], client).next_page(
                backend.base_url + ".evil.example.org/fhir", private=True
            )
