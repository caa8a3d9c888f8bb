"""The audit of member data: rows in a hash chain, so that a changed or missing row shows.

`python -m alliance.audit verify FILE [ANCHOR]` checks a SQLite audit file. The anchor, kept apart
from the rows, names the newest row that was written: rows that were cut off at the end show too. It
is signed with MEMBERLINE_SECRET (taken from the environment, or from `secrets.env` beside it).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from alliance.turn import TurnContext

GENESIS = "0" * 64
ANCHOR_FILE = "audit-head.json"


@dataclass(frozen=True)
class AuditEntry:
    """One read of member data, or one verification.

    `at` ISO 8601 UTC; `subject` is `partner/patient id`; `what` the kind of data, never its value.
    """

    at: str
    actor: str
    subject: str
    channel: str
    conversation_id: str
    action: str
    what: str
    partner: str

    @classmethod
    def of(
        cls,
        context: TurnContext,
        at: datetime,
        partner: str,
        patient_id: str,
        action: str,
        what: str,
    ) -> AuditEntry:
        """What a turn's actor did at a company. `patient_id` is empty where nobody is proven."""
        return cls(
            at=at.isoformat(),
            actor=f"{context.actor.kind}:{context.actor.id}".rstrip(":"),
            subject=f"{partner}/{patient_id}",
            channel=context.channel,
            conversation_id=context.conversation_id,
            action=action,
            what=what,
            partner=partner,
        )


class AuditLog(Protocol):
    """Where entries go. `write` raises AuditUnavailable; the data is then withheld."""

    async def write(self, entry: AuditEntry) -> None: ...


def chain_hash(previous: str, entry: AuditEntry) -> str:
    """SHA-256 over the previous row's hash and this row's canonical JSON, in hexadecimal."""
    body = json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}{body}".encode()).hexdigest()


def first_broken(rows: Iterable[tuple[int, AuditEntry, str]]) -> int | None:
    """The number of the first row (number, entry, hash) that breaks the chain, or None."""
    previous, expected = GENESIS, 1
    for number, entry, stored in rows:
        previous = chain_hash(previous, entry)
        if number != expected or stored != previous:
            return expected
        expected += 1
    return None


@dataclass(frozen=True)
class Anchor:
    """The chain's newest row as it was written, outside the store that holds the rows."""

    number: int
    hash: str
    mark: str

    @classmethod
    def of(cls, number: int, row_hash: str, secret: str) -> Anchor:
        """The anchor for a row, signed."""
        return cls(number, row_hash, _mark(number, row_hash, secret))

    def signed_with(self, secret: str) -> bool:
        """Whether it was made by who knows the secret."""
        return hmac.compare_digest(self.mark, _mark(self.number, self.hash, secret))

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Anchor:
        """Raises ValueError for anything else."""
        try:
            data = json.loads(text)
            return cls(int(data["number"]), str(data["hash"]), str(data["mark"]))
        except (KeyError, TypeError) as error:
            raise ValueError("no anchor") from error


def _mark(number: int, row_hash: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"{number}|{row_hash}".encode(), hashlib.sha256).hexdigest()


def cut_off(path: str, anchor: Anchor) -> bool:
    """Whether the row that the anchor names is gone, or another one. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as connection:
        row = connection.execute(
            "SELECT hash FROM audit WHERE number = ?", (anchor.number,)
        ).fetchone()
    return row is None or row[0] != anchor.hash


def verify_file(path: str) -> int | None:
    """`first_broken` over the `audit` table of a SQLite file. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT number, at, actor, subject, channel, conversation_id, action, what, partner,"
            " hash FROM audit ORDER BY number"
        )
        return first_broken((row[0], AuditEntry(*row[1:9]), row[9]) for row in rows)


def main(arguments: list[str]) -> int:
    """The command line. Returns 0 when the chain holds, 1 when it is broken, 2 when it cannot be
    checked.
    """
    if len(arguments) not in (2, 3) or arguments[0] != "verify":
        sys.stderr.write("Say: python -m alliance.audit verify FILE [ANCHOR]\n")
        return 2
    path = arguments[1]
    anchor_file = Path(arguments[2] if len(arguments) == 3 else Path(path).with_name(ANCHOR_FILE))
    try:
        broken = verify_file(path)
        problem = f"The audit chain is broken at row {broken}." if broken else None
        if problem is None and (anchor_file.exists() or len(arguments) == 3):
            problem = _against(path, anchor_file)
    except (sqlite3.Error, OSError, ValueError) as error:
        sys.stderr.write(f"{path} cannot be checked: {error}.\n")
        return 2
    if problem:
        sys.stdout.write(problem + "\n")
        return 1
    anchored = "" if anchor_file.exists() else " There is no anchor: its end is not checked."
    sys.stdout.write(f"The audit chain holds.{anchored}\n")
    return 0


def _against(path: str, anchor_file: Path) -> str | None:
    """What is wrong with the chain's end, or None."""
    anchor = Anchor.from_json(anchor_file.read_text("utf-8"))
    secret = os.environ.get("MEMBERLINE_SECRET") or _kept_secret(anchor_file.parent)
    if secret and not anchor.signed_with(secret):
        return "The audit's anchor was not written by Memberline."
    if cut_off(path, anchor):
        return f"The audit's newest rows are missing: row {anchor.number} was written."
    return None


def _kept_secret(folder: Path) -> str | None:
    file = folder / "secrets.env"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return next((x.partition("=")[2] for x in lines if x.startswith("MEMBERLINE_SECRET=")), None)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
