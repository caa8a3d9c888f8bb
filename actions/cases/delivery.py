"""Delivering cases to the companies by signed webhook, again and again until acknowledged."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import timedelta

import httpx
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from actions.cases.store import CaseStore, Waiting
from alliance.cases import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from alliance.clock import Clock
from alliance.partners import Partners
from alliance.wake import WAKE_CHANNEL, wake

log = structlog.get_logger()

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
# From the third failure on the desk is told, and the log says so at every one.
ALARM_AT = 3
_LOOK_SECONDS = 2.0


class CaseDelivery:
    """The background task of the action process; `wake` makes it look at once."""

    def __init__(
        self,
        store: CaseStore,
        client: httpx.AsyncClient,
        redis: Redis,
        partners: Callable[[], Partners],
        clock: Clock,
    ) -> None:
        self._store = store
        self._client = client
        self._redis = redis
        self._partners = partners
        self._clock = clock
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is a new case."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; a store that is away is tried again."""
        while True:
            try:
                await self.work_off()
            except (SQLAlchemyError, OSError) as error:
                log.warning("cases_not_read", error=type(error).__name__)
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()

    async def work_off(self) -> None:
        """Try everything that is due once, side by side."""
        waiting = await self._store.due(self._clock.now())
        await asyncio.gather(*(self._deliver(case) for case in waiting))

    async def _deliver(self, case: Waiting) -> None:
        theirs = await self._send(case)
        now = self._clock.now()
        if theirs:
            await self._store.acknowledged(case, theirs, now)
            return
        failures = case.attempts + 1
        await self._store.failed(case, now + pause(failures))
        age = int((now - case.received_at).total_seconds())
        log.warning("case_not_acknowledged", partner=case.partner, attempts=failures, age=age)
        if failures >= ALARM_AT:
            await self._alarm(case)

    async def _send(self, case: Waiting) -> str | None:
        """The company's own reference, or None when it has not acknowledged."""
        partner = self._partners().get(case.partner)
        if partner is None or partner.cases is None:
            return None
        body = json.dumps(case.body, separators=(",", ":")).encode()
        # Real time: the signature's life is agreed with another machine.
        timestamp = str(int(time.time()))
        try:
            response = await self._client.post(
                partner.cases.webhook_url,
                content=body,
                headers={
                    "Content-Type": "application/json",
                    "Idempotency-Key": _once(case),
                    TIMESTAMP_HEADER: timestamp,
                    SIGNATURE_HEADER: sign(partner.cases.secret, timestamp, body),
                },
            )
            answer = response.json() if response.is_success else {}
        except (httpx.HTTPError, ValueError):
            return None
        theirs = answer.get("reference") if isinstance(answer, dict) else None
        return str(theirs) if theirs else None

    async def _alarm(self, case: Waiting) -> None:
        event = {"event": "alarm", "kind": "case", "reference": case.reference}
        try:
            await self._redis.publish(WAKE_CHANNEL, wake("desk", event))
        except RedisError as error:
            log.warning("case_alarm_not_told", error=type(error).__name__)


def _once(case: Waiting) -> str:
    """The same for every try; another one when words were added."""
    additions = case.body.get("additions")
    return f"{case.reference}-{additions}" if additions else case.reference


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures: 2 s, 4 s, 8 s ... 5 minutes."""
    doubled: int = 2 ** min(failures - 1, 10)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
