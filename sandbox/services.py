"""What no FHIR guide covers: a small REST of the partner's own, under /rest.

Every call is a POST with the member ID in its JSON body, so that no address carries it, and needs
the same access token as FHIR.

- `/rest/fsa`: flexible spending accounts by plan year; `/rest/wellness`, `/rest/maternity` and
  `/rest/disease-management`: programmes and whether the member is enrolled.
- `/rest/mail-order`: the mail pharmacy and the member's orders there.
- `/rest/enrollments`: asks for a place in a programme. `/rest/cases`: opens a case (complaint,
  appeal, fraud report ...) and gives its reference; the same `Idempotency-Key` opens no second one.
  `/rest/cases/search`: a member's cases.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.errors import FhirError
from sandbox.parameters import Json
from sandbox.population.build import meet
from sandbox.population.crowd import crowd_number
from sandbox.population.programmes import (
    DISEASE_MANAGEMENT,
    MAIL_PHARMACY,
    MATERNITY,
    WELLNESS,
    accounts,
    eligible,
    mail_orders,
)
from sandbox.profiles import Profile
from sandbox.store import Filter, Store, parameter_number, token_match

CASE_KINDS = (
    "complaint",
    "appeal",
    "fraud",
    "confidential_communication",
    "id_card",
    "pcp_change",
    "address",
    "question",
)
# How many days a company gives itself to answer, by urgency.
_DUE_DAYS = {"urgent": 1, "normal": 30}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    reference INTEGER PRIMARY KEY, kind TEXT NOT NULL, member TEXT, once TEXT UNIQUE,
    body TEXT NOT NULL)
"""


class Services:
    """The REST handlers of one partner. Cases and enrolments are kept in a file of their own."""

    def __init__(
        self, profile: Profile, store: Store, file: Path, today: Callable[[], date]
    ) -> None:
        self.profile = profile
        self.store = store
        self.today = today
        self._db = sqlite3.connect(file, timeout=60, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(_SCHEMA)

    async def fsa(self, request: Request) -> Response:
        member_id, _ = await self._member(request)
        found = accounts(self.profile.key, member_id, self.today())
        return JSONResponse({"accounts": found, "as_of": self.today().isoformat()})

    async def wellness(self, request: Request) -> Response:
        member_id, _ = await self._member(request)
        return JSONResponse({"programmes": self._programmes(WELLNESS, member_id)})

    async def disease_management(self, request: Request) -> Response:
        member_id, _ = await self._member(request)
        offered = [item for item in DISEASE_MANAGEMENT if eligible(item["code"], member_id)]
        return JSONResponse({"programmes": self._programmes(offered, member_id)})

    async def maternity(self, request: Request) -> Response:
        member_id, _ = await self._member(request)
        return JSONResponse({"programmes": self._programmes(MATERNITY, member_id)})

    async def mail_order(self, request: Request) -> Response:
        member_id, _ = await self._member(request)
        orders = mail_orders(self.profile.key, member_id, self.today())
        return JSONResponse({"pharmacy": MAIL_PHARMACY, "orders": orders})

    async def enroll(self, request: Request) -> Response:
        member_id, body = await self._member(request)
        codes = {item["code"] for item in (*WELLNESS, *DISEASE_MANAGEMENT, *MATERNITY)}
        if body.get("programme") not in codes:
            raise FhirError(422, "value", "There is no such programme.")
        entry = {"programme": body["programme"], "state": "requested"}
        return self._keep("enrollment", member_id, entry, _once(request))

    async def open_case(self, request: Request) -> Response:
        """Opens a case; member_id may be missing (a fraud report may come from anybody)."""
        body = await read_json(request)
        if body.get("kind") not in CASE_KINDS or not isinstance(body.get("words"), str):
            raise FhirError(422, "required", f"A case needs words and a kind: {CASE_KINDS}.")
        urgency = "urgent" if body.get("urgency") == "urgent" else "normal"
        entry = {
            "kind": body["kind"],
            "words": body["words"],
            "urgency": urgency,
            "state": "open",
            "due": (self.today() + timedelta(days=_DUE_DAYS[urgency])).isoformat(),
        }
        return self._keep("case", body.get("member_id"), entry, _once(request))

    def take_case(self, case: Json) -> Response:
        """Keeps a case that was delivered, under the member whom its patient id names; once more
        under the same reference it has further words.
        """
        known = case.get("patient")
        patient = self.store.get(f"Patient/{known}") if known else None
        member_id = patient["identifier"][0]["value"] if patient else None
        entry = {
            "kind": case.get("kind"),
            "words": case["words"],
            "urgency": case.get("urgency"),
            "state": "open",
            "due": str(case.get("due_at", ""))[:10],
            "from": case.get("reference"),
        }
        self._db.execute(
            "UPDATE entry SET body = json_set(body, '$.words', ?) "
            "WHERE kind = 'case' AND json_extract(body, '$.from') = ?",
            (entry["words"], entry["from"]),
        )
        return self._keep("case", member_id, entry, entry["from"])

    async def cases(self, request: Request) -> Response:
        member_id, _ = await self._member(request)
        return JSONResponse({"cases": self._entries("case", member_id)})

    async def _member(self, request: Request) -> tuple[str, Json]:
        body = await read_json(request)
        self.patient(body)
        return body["member_id"].upper(), body

    def patient(self, body: Json) -> Json:
        """The Patient whose member_id stands in a body. FhirError when there is none."""
        member_id = body.get("member_id")
        if not isinstance(member_id, str):
            raise FhirError(422, "required", "member_id is needed.")
        number = crowd_number(self.profile.key, member_id)
        meet(self.store, self.profile, [] if number is None else [number])
        pid = parameter_number("Patient", "identifier")
        found = self.store.find("Patient", Filter(0, (token_match(pid, [member_id], None),)))
        if not found:
            raise FhirError(404, "not-found", "There is no such member.")
        return found[0]

    def _programmes(self, offered: list[Json], member_id: str) -> list[Json]:
        asked = {entry["programme"] for entry in self._entries("enrollment", member_id)}
        return [
            {**item, "enrollment": "requested" if item["code"] in asked else "none"}
            for item in offered
        ]

    def _keep(
        self, kind: str, member_id: str | None, entry: dict[str, Any], once: str | None
    ) -> Response:
        entry["received"] = datetime.now(UTC).isoformat(timespec="seconds")
        member = member_id.upper() if member_id else None
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO entry (kind, member, once, body) VALUES (?, ?, ?, ?)",
            (kind, member, once, json.dumps(entry)),
        )
        if cursor.rowcount:
            number, body = cursor.lastrowid, json.dumps(entry)
        else:
            sql = "SELECT reference, body FROM entry WHERE once = ?"
            number, body = self._db.execute(sql, (once,)).fetchone()
        return JSONResponse(
            {"reference": self._reference(kind, number), **json.loads(body)}, status_code=201
        )

    def _entries(self, kind: str, member_id: str) -> list[Json]:
        sql = "SELECT reference, body FROM entry WHERE kind = ? AND member = ? ORDER BY reference"
        rows = self._db.execute(sql, (kind, member_id.upper()))
        return [
            {"reference": self._reference(kind, number), **json.loads(body)}
            for number, body in rows
        ]

    def _reference(self, kind: str, number: int | None) -> str:
        letter = {"case": "C", "enrollment": "E"}[kind]
        return f"{self.profile.key[:1].upper()}{letter}-{number:06d}"


def _once(request: Request) -> str | None:
    return request.headers.get("idempotency-key")


async def read_json(request: Request) -> Json:
    """The JSON object in a request's body. FhirError if it is none."""
    try:
        body = await request.json()
    except ValueError as error:
        raise FhirError(400, "structure", "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise FhirError(400, "structure", "The body is not a JSON object.")
    return body
