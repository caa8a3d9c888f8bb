"""CAQH CORE Connectivity over HTTPS, real time: one MIME form in, one MIME form out.

Source: CAQH CORE Connectivity Rule vC4.0.0, HTTP MIME Multipart. By agreement with our partner an
835 is asked for with the remittance's trace number as PayloadID and the member's 276 as payload.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime

from starlette.requests import Request
from starlette.responses import Response

from sandbox.profiles import Profile
from sandbox.store import Store
from sandbox.x12 import claim_status, eligibility, people, remittance
from sandbox.x12.claims import of_patient
from sandbox.x12.interchange import BadInterchange, Transaction, read, write

RULE = "4.0.0"
_ELIGIBILITY = "X12_270_Request_005010X279A1"
_CLAIM_STATUS = "X12_276_Request_005010X212"
_REMITTANCE = "X12_835_Request_005010X221A1"
_ANSWERS = {
    _ELIGIBILITY: "X12_271_Response_005010X279A1",
    _CLAIM_STATUS: "X12_277_Response_005010X212",
    _REMITTANCE: "X12_835_Response_005010X221A1",
}


class Connectivity:
    """The one address of the back office."""

    def __init__(self, profile: Profile, store: Store, today: Callable[[], date]) -> None:
        self._profile = profile
        self._store = store
        self._today = today

    async def answer(self, request: Request) -> Response:
        """A real-time request; errors come back in the envelope with HTTP 200, as the rule says."""
        async with request.form() as form:
            asked = {name: str(value) for name, value in form.items()}
        kind = asked.get("PayloadType", "")
        if kind not in _ANSWERS:
            return self._envelope(asked, "CoreEnvelopeError", error="PayloadTypeIllegal")
        try:
            transaction = read(asked.get("Payload", ""))
            payload = self._payload(kind, transaction, asked.get("PayloadID", ""))
        except BadInterchange:
            return self._envelope(asked, "CoreEnvelopeError", error="PayloadInvalid")
        if payload is None:
            return self._envelope(asked, "CoreEnvelopeError", error="PayloadIDUnknown")
        return self._envelope(asked, _ANSWERS[kind], payload=payload)

    def _payload(self, kind: str, transaction: Transaction, payload_id: str) -> str | None:
        now = datetime.now(UTC)
        expected = "270" if kind == _ELIGIBILITY else "276"
        if transaction.id != expected:
            raise BadInterchange("Another transaction than the payload type says.")
        if kind == _ELIGIBILITY:
            code, body = "271", eligibility.answer(
                self._store, self._profile, transaction, self._today(), now
            )  # fmt: skip
        elif kind == _CLAIM_STATUS:
            code, body = "277", claim_status.answer(self._store, self._profile, transaction, now)
        else:
            patient = people.find(self._store, people.Asked.read(transaction))
            if isinstance(patient, str):
                return None
            claims = of_patient(self._store, str(patient["id"]))
            found = next((each for each in claims if each.remittance == payload_id), None)
            if found is None or not payload_id:
                return None
            code, body = "835", remittance.body(found, patient, self._profile, now)
        return write(code, body, self._profile.payer_id, transaction.sender, now)

    def _envelope(
        self, asked: dict[str, str], kind: str, *, payload: str = "", error: str = "Success"
    ) -> Response:
        boundary = secrets.token_hex(12)
        fields = {
            "PayloadType": kind,
            "ProcessingMode": "RealTime",
            "PayloadID": asked.get("PayloadID", ""),
            "TimeStamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "SenderID": self._profile.payer_id,
            "ReceiverID": asked.get("SenderID", ""),
            "CORERuleVersion": RULE,
            "ErrorCode": error,
            "ErrorMessage": "None" if error == "Success" else "The request was not processed.",
            "Payload": payload,
        }
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        return Response(
            "".join(parts) + f"--{boundary}--\r\n",
            media_type=f"multipart/form-data; boundary={boundary}",
        )
