"""A member's question, as understood, and what answering it may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from actions.answers.claim_signs import ClaimSigns
from actions.cases.filing import CaseDesk
from actions.partners.capabilities import PartnerBackend
from actions.records import MemberRecords
from actions.withdrawals import Withdrawn
from alliance.clock import Clock
from alliance.gazetteer import ZipCode
from alliance.partners import Partners
from alliance.values import Period


@dataclass(frozen=True)
class ClaimWanted:
    """Which claim: by number, by days of service, by what it was about, or the latest of them.
    `beside` is the number of one of the same visit ("and the doctor's bill for it?"), `older` and
    `newer` that of the one before or after which it was ("and the visit before that?").
    """

    number: str | None = None
    period: Period | None = None
    latest: bool = False
    signs: ClaimSigns | None = None
    beside: str | None = None
    older: str | None = None
    newer: str | None = None
    # Whose claim: two companies can have one number.
    partner: str | None = None

    @property
    def singles_out(self) -> bool:
        """Whether anything was said that tells one claim from the others."""
        return bool(self.number or self.period or self.latest or self.signs)


@dataclass(frozen=True)
class Named:
    """A thing that a member named, in their words. `key` is its key in the list `kind` (service,
    specialty, facility, drug), None for what is on no list: the answer then says so, and never
    guesses.
    """

    said: str
    key: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class Question:
    """One question of a message. `text` is its own part of the message.

    `about` is whom it is about, when not the member: a relation's key ("daughter", "spouse") or a
    first name. `start` is how many of a list were said before ("more"), `chosen` the one
    that was picked, `agreed` whether they said yes to what an answer offered. Nothing here is
    proof of anything.
    """

    intent: str
    text: str = ""
    place: ZipCode | None = None
    # A state alone, of which no place was named.
    state: str | None = None
    specialty: str | None = None
    service: Named | None = None
    drug: Named | None = None
    provider: Named | None = None
    # Which of the provider's places is meant, by its address, where a list gave it.
    at: str | None = None
    facility_type: Named | None = None
    about: str | None = None
    start: int = 0
    # The same search with another wish: what was said around the list is not said again.
    again: bool = False
    chosen: str | None = None
    # Which part of what was told is asked for, as follow-ups name it: "hours", "care".
    asked: str | None = None
    agreed: bool = False
    # Whether it can't wait until people are there again, as they were told of 911 just now.
    urgent: bool = False
    claim: ClaimWanted | None = None
    partner: str | None = None
    reason: str | None = None
    # For a case: the member's own words, and whether they want it filed (None: not asked).
    words: str | None = None
    filing: bool | None = None
    # The case (its reference) that more is told of.
    case: str | None = None
    # For a call back: ten digits, and when it suits, in the member's words.
    phone: str | None = None
    time: str | None = None
    # What decides the order of two plans, as told (actions/answers/order_facts.py).
    order: Mapping[str, Any] = field(default_factory=dict)
    # In the place of the one that was booked before.
    instead: bool = False
    language: str | None = None
    on: date | None = None
    entities: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """What an answer works with in this turn: the companies, their backends, the time.

    `backends` serve what needs no identity; member data comes through `records` alone. `cases`
    opens cases; None where nothing may be opened (suggestions to an agent). `withdrawn` is what
    must not be said now. `silent` are the companies (their keys) whose directory did not answer in
    this turn: they are not waited for again.
    """

    partners: Partners
    backends: Mapping[str, PartnerBackend]
    records: MemberRecords
    clock: Clock
    cases: CaseDesk | None = None
    withdrawn: Withdrawn = field(default_factory=Withdrawn)
    silent: set[str] = field(default_factory=set)

    def now(self) -> datetime:
        return self.clock.now()
