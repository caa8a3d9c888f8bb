"""What the company sends to its members' phones and mailboxes, kept for whoever tries it out.

`POST /rest/messages` sends (nothing leaves the machine); `GET /outbox` shows the newest, as a page
or, for `Accept: application/json`, as JSON; `python -m sandbox outbox` prints them.
"""

from __future__ import annotations

import html
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.errors import FhirError
from sandbox.parameters import Json
from sandbox.profiles import Profile
from sandbox.services import Services, read_json

_WAYS = ("sms", "voice", "email")
_NEWEST = 20
_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY, sent TEXT NOT NULL, member TEXT NOT NULL, way TEXT NOT NULL,
    address TEXT NOT NULL, text TEXT NOT NULL)
"""


class Messages:
    """The message service of one partner."""

    def __init__(self, profile: Profile, services: Services, file: Path) -> None:
        self.profile = profile
        self._services = services
        self._db = sqlite3.connect(file, timeout=60, check_same_thread=False, isolation_level=None)
        self._db.execute(_SCHEMA)

    async def send(self, request: Request) -> Response:
        """Only to what is on file for the member: a stranger's number is refused."""
        body = await read_json(request)
        patient = self._services.patient(body)
        way, to, text = body.get("by"), body.get("to"), body.get("text")
        on_file = {entry["value"] for entry in patient.get("telecom", ())}
        if way not in _WAYS or to not in on_file or not isinstance(text, str) or not text:
            raise FhirError(422, "value", "A message needs a text and a contact on file.")
        sent = datetime.now(UTC).isoformat(timespec="seconds")
        self._db.execute(
            "INSERT INTO message (sent, member, way, address, text) VALUES (?, ?, ?, ?, ?)",
            (sent, body["member_id"].upper(), way, to, text),
        )
        return JSONResponse({"status": "sent"}, status_code=202)

    async def outbox(self, request: Request) -> Response:
        found = newest(self._db)
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"messages": found})
        return HTMLResponse(_page(self.profile.name, found))


def newest(db: sqlite3.Connection) -> list[Json]:
    """The newest messages, the last one first."""
    rows = db.execute(
        "SELECT sent, member, way, address, text FROM message ORDER BY number DESC LIMIT ?",
        (_NEWEST,),
    )
    return [dict(zip(("sent", "member_id", "by", "to", "text"), row, strict=True)) for row in rows]


def read_outbox(file: Path) -> list[Json]:
    """The newest messages of a partner's file; none where nothing was sent yet."""
    if not file.exists():
        return []
    db = sqlite3.connect(file, timeout=60)
    try:
        db.execute(_SCHEMA)
        return newest(db)
    finally:
        db.close()


def _page(name: str, found: list[Json]) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(value))}</td>" for value in each.values()) + "</tr>"
        for each in found
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" '
        f'content="5"><title>Outbox of {html.escape(name)} (sandbox)</title>'
        f"<h1>What {html.escape(name)}'s stand-in has sent</h1><p>Nothing leaves this machine. "
        "The page looks again every five seconds.</p><table border><tr><th>Sent<th>Member"
        f"<th>By<th>To<th>Text</tr>{rows}</table></html>"
    )


def to_text(partner: str, found: list[Json]) -> str:
    """The messages for a terminal."""
    lines = [f"{partner}: nothing sent yet"] if not found else []
    lines += [f"{partner} {m['sent']} {m['by']} to {m['to']}: {m['text']}" for m in found]
    return "\n".join(lines)
