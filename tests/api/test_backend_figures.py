"""How available and how fast each company's backend is, live and afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.partners.http import BREAKER_FAILURES, PartnerHttp
from actions.partners.watch import Watch, Watches
from alliance.clock import Clock, fixed_clock
from alliance.errors import PartnerUnavailable
from alliance.partners import PARTNERS_FILE, Partner, load_partners
from alliance.speeds import BOUNDS_MS, quantile_ms
from api.desk.direct import DirectAnswers
from api.errors import AssistantUnavailable
from api.insights.backends import BackendFigures
from tests.actions.conftest import MOMENT
from tests.alliance.conftest import ENVIRONMENT

NAMES = {"mvp": "MVP Health Care", "cigna": "CIGNA HealthCare"}


class Actions(DirectAnswers):
    """What the action process would say of the last minutes; None: it does not answer."""

    def __init__(self, live: dict[str, Any] | None) -> None:
        self.live = live

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        assert (path, body) == ("/partners/live", {})
        if self.live is None:
            raise AssistantUnavailable("away")
        return self.live


class TestCounting:
    @pytest.fixture
    def partner(self) -> Partner:
        document = yaml.safe_load(PARTNERS_FILE.read_text("utf-8"))
        return load_partners(document, ENVIRONMENT)["mvp"]

    @pytest.fixture
    def watch(self) -> Watch:
        return Watch(lambda: MOMENT)

    async def ask(self, partner: Partner, watch: Watch, status: int, times: int = 1) -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(status, json={}))
        async with httpx.AsyncClient(transport=transport) as client:
            http = PartnerHttp(partner, client, watch)
            for _ in range(times):
                try:
                    await http.get("/metadata")
                except PartnerUnavailable:
                    continue

    @pytest.mark.parametrize(
        ("status", "calls", "failures"), [(200, 1, 0), (503, 1, 1), (400, 0, 0)]
    )
    async def test_an_answer_a_failure_and_a_refused_search(
        self, partner: Partner, watch: Watch, status: int, calls: int, failures: int
    ) -> None:
        await self.ask(partner, watch, status)
        live = watch.live()
        assert (live["calls"], live["failures"]) == (calls, failures)

    async def test_the_breaker_is_told(self, partner: Partner, watch: Watch) -> None:
        await self.ask(partner, watch, 503, times=BREAKER_FAILURES + 1)
        assert watch.live()["breaker"] == "opened"

    def test_only_the_last_minutes_are_live(self) -> None:
        now = [MOMENT]
        watch = Watch(lambda: now[0])
        watch.answered(0.04)
        now[0] += timedelta(minutes=7)
        watch.answered(0.4)
        assert watch.live()["calls"] == 1
        assert [minute.at for minute in watch.finished()] == [
            MOMENT.replace(second=0, microsecond=0)
        ]
        assert watch.finished() == []

    @pytest.mark.parametrize(
        ("seconds", "within"),
        [([], None), ([0.02] * 19 + [0.9], 20), ([0.02, 0.9], 1200), ([9], 3000)],
    )
    def test_within_which_time(self, seconds: list[float], within: int | None) -> None:
        watch = Watch(lambda: MOMENT)
        for one in seconds:
            watch.answered(one)
        assert quantile_ms(watch.live()["took"], 0.95) == within


class TestFigures:
    async def kept(self, engine: AsyncEngine, *days: int) -> None:
        """Two calls of MVP's on each of these days ago, one of them failed."""
        for ago in days:
            clock: Clock = fixed_clock(MOMENT - timedelta(days=ago))
            watches = Watches(clock)
            watches.of("mvp").answered(0.045)
            watches.of("mvp").failed()
            await watches.keep(engine, everything=True)

    async def test_the_days_and_now(self, engine: AsyncEngine) -> None:
        await self.kept(engine, 0, 1, 30)
        watches = Watches(fixed_clock(MOMENT))
        watches.of("mvp").answered(0.3)
        figures = BackendFigures(engine, Actions(watches.live()), NAMES)
        since: datetime = MOMENT - timedelta(days=7)
        mvp, cigna = await figures.read(["mvp", "cigna"], since)
        assert (mvp["company"], mvp["calls"], mvp["availability"]) == ("MVP Health Care", 4, 0.5)
        assert mvp["p95_ms"] == 50
        assert [day["calls"] for day in mvp["days"]] == [2, 2]
        assert mvp["now"] == {"breaker": "closed", "calls": 1, "availability": 1.0, "p95_ms": 300}
        assert (cigna["calls"], cigna["availability"], cigna["p95_ms"]) == (0, None, None)

    async def test_without_the_actions_now_is_not_known(self, engine: AsyncEngine) -> None:
        (mvp,) = await BackendFigures(engine, Actions(None), NAMES).read(["mvp"], MOMENT)
        assert mvp["now"] is None


def test_the_steps_are_in_order() -> None:
    assert list(BOUNDS_MS) == sorted(set(BOUNDS_MS))
