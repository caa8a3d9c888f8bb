"""The audit of member data: rows in a hash chain, so that a changed or missing row shows.

`python -m alliance.audit verify FILE` checks a SQLite audit file.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Protocol
from urllib.parse import quote

GENESIS = "0" * 64


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
    if len(arguments) != 2 or arguments[0] != "verify":
        sys.stderr.write("Say: python -m alliance.audit verify FILE\n")
        return 2
    try:
        broken = verify_file(arguments[1])
    except sqlite3.Error as error:
        sys.stderr.write(f"{arguments[1]} cannot be checked: {error}.\n")
        return 2
    if broken is None:
        sys.stdout.write("The audit chain holds.\n")
        return 0
    sys.stdout.write(f"The audit chain is broken at row {broken}.\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
