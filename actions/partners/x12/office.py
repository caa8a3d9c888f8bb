"""A company's back office: one X12 request out and one answer in, over CAQH CORE Connectivity."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from actions.partners.http import PartnerHttp
from actions.partners.x12.interchange import (
    GUIDES,
    Elements,
    Transaction,
    Unreadable,
    read,
    write,
)
from alliance.clock import Clock
from alliance.errors import PartnerUnavailable
from alliance.partners import BackOffice

_RULE = "4.0.0"
_SUCCESS, _UNKNOWN_PAYLOAD = "Success", "PayloadIDUnknown"
_REMITTANCE = "X12_835_Request_005010X221A1"


class Office:
    """Exchanges transactions. Every failure is PartnerUnavailable, without member data."""

    def __init__(self, key: str, settings: BackOffice, http: PartnerHttp, clock: Clock) -> None:
        self._key = key
        self._settings = settings
        self._http = http
        self._clock = clock

    @property
    def payer_id(self) -> str:
        return self._settings.payer_id

    async def ask(self, transaction: str, body: Iterable[Elements]) -> Transaction:
        """Send a 270 or a 276; returns the 271 or 277."""
        kind = f"X12_{transaction}_Request_{GUIDES[transaction]}"
        answer = await self._exchange(kind, transaction, body, str(uuid.uuid4()))
        if answer is None:
            raise PartnerUnavailable(self._key, "The back office does not know the request.")
        return answer

    async def remittance(self, trace: str, body: Iterable[Elements]) -> Transaction | None:
        """The 835 behind a remittance's trace number, for the member whose 276 is `body`; None
        when there is none.
        """
        return await self._exchange(_REMITTANCE, "276", body, trace)

    async def _exchange(
        self, kind: str, transaction: str, body: Iterable[Elements], payload_id: str
    ) -> Transaction | None:
        now: datetime = self._clock.now()
        settings = self._settings
        answer = await self._http.core(
            settings.url,
            {
                "PayloadType": kind,
                "ProcessingMode": "RealTime",
                "PayloadID": payload_id,
                "TimeStamp": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                "SenderID": settings.sender_id,
                "ReceiverID": settings.payer_id,
                "CORERuleVersion": _RULE,
                "Payload": write(transaction, body, settings.sender_id, settings.payer_id, now),
            },
        )
        code = answer.get("ErrorCode", "")
        if code == _UNKNOWN_PAYLOAD:
            return None
        if code != _SUCCESS:
            raise PartnerUnavailable(self._key, "The back office refused the request.")
        try:
            return read(answer.get("Payload", ""))
        except Unreadable as error:
            raise PartnerUnavailable(self._key, error.detail) from error
