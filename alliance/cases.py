"""Cases: what a member brought up that the company has to answer, in the member's own words.

A complaint in whatever words is a grievance; in Medicare Advantage a spoken one starts the clock
(42 CFR 422.564). A case has a reference number from the moment the member hears of it, and is
delivered until the company's system has acknowledged it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from alliance.errors import ConfigurationError
from alliance.partners import Partner

CASES_FILE = Path(__file__).parent / "data" / "cases.yml"
Urgency = Literal["normal", "urgent"]
MOST_WORDS_CHARACTERS = 2000
SIGNATURE_HEADER = "X-Memberline-Signature"
TIMESTAMP_HEADER = "X-Memberline-Timestamp"

# No letter or figure that is taken for another one when it is read out.
_ALPHABET = "23456789ACDEFHJKMNPQRTUVWXY"
_REFERENCE_LENGTH = 8
_URGENT = re.compile(
    r"\b(?:urgent|urgently|right now|immediately|emergency|can ?not wait|can'?t wait|"
    r"in danger|not safe|unsafe|afraid|violent|threaten\w*|(?:hits?|hitting|beats?|beating|"
    r"chok\w+|hurts?|punch\w*|slap\w*|kick\w*) me|surgery (?:is )?(?:today|tomorrow)|"
    r"out of (?:my |his |her )?(?:insulin|medicine|meds|medication|inhaler))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CaseKind:
    """One kind. `hours` until it is due, by urgency; `medicare_hours` for Medicare Advantage."""

    key: str
    title: str
    hours: Mapping[str, int]
    medicare_hours: Mapping[str, int]
    plain: tuple[re.Pattern[str], ...]

    def is_plain(self, words: str) -> bool:
        """Whether the words themselves ask for it to be filed."""
        return any(pattern.search(words) for pattern in self.plain)

    def due(self, received: datetime, urgency: Urgency, *, medicare: bool) -> datetime:
        """By when the company answers."""
        hours = self.medicare_hours if medicare else self.hours
        return received + timedelta(hours=hours[urgency])


@dataclass(frozen=True)
class Case:
    """A case as it was opened. `subject` is `partner/patient id` of a proven member, else None."""

    reference: str
    kind: str
    partner: str
    words: str
    urgency: Urgency
    received_at: datetime
    due_at: datetime
    channel: str
    conversation_id: str
    subject: str | None
    level: int
    medicare: bool

    def to_json(self) -> dict[str, Any]:
        """What is sent to the company. The conversation's id stays here."""
        return {
            "reference": self.reference,
            "kind": self.kind,
            "company": self.partner,
            "words": self.words,
            "urgency": self.urgency,
            "received_at": self.received_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "channel": self.channel,
            "patient": self.subject.partition("/")[2] if self.subject else None,
            "verified_level": self.level,
            "medicare": self.medicare,
        }


def load_case_kinds(document: Any) -> Mapping[str, CaseKind]:
    """Read the parsed `cases.yml`. Raises ConfigurationError."""
    entries = document.get("kinds") if isinstance(document, Mapping) else None
    if not isinstance(entries, Mapping) or not entries:
        raise ConfigurationError("cases.yml has no kinds: list them under 'kinds:'.")
    return {key: _kind(key, entry) for key, entry in entries.items()}


def _kind(key: str, entry: Any) -> CaseKind:
    try:
        hours = {urgency: int(entry["due"][urgency]) for urgency in ("normal", "urgent")}
        return CaseKind(
            key,
            str(entry["title"]),
            hours,
            {**hours, **(entry.get("medicare_due") or {})},
            tuple(re.compile(text, re.IGNORECASE) for text in entry.get("plain") or ()),
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise ConfigurationError(
            f"cases.yml: '{key}' needs a title, and due hours for normal and urgent."
        ) from error


def new_reference(partner: Partner) -> str:
    """A number that is easy to read out and says nothing, as "MVP-7K2M-9QXD"."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_REFERENCE_LENGTH))
    mark = "".join(word[0] for word in partner.short_name.split())
    prefix = partner.short_name if len(partner.short_name) <= 5 else mark
    return f"{prefix.upper()}-{letters[:4]}-{letters[4:]}"


def urgency_of(words: str) -> Urgency:
    """Urgent where the words say so; somebody at the company may raise it later."""
    return "urgent" if _URGENT.search(words) else "normal"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a webhook: HMAC-SHA256 over `timestamp.body`, as `v1=` and hexadecimal."""
    mark = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={mark.hexdigest()}"
