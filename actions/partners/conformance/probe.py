"""What the checks share: the company's client, and whom and where they ask about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Literal

import httpx

from actions.partners import backend_of
from actions.partners.capabilities import MemberRecord
from actions.partners.fhir import FhirBackend
from actions.partners.http import PartnerHttp
from actions.settings import PartnerConfiguration
from alliance.clock import Clock
from alliance.errors import ConfigurationError
from alliance.gazetteer import ZipCode
from alliance.partners import Backend, Partner
from alliance.values import matches_name
from alliance.verified import IDLE_LIMIT, Actor, Membership, Person, VerifiedMember

Verdict = Literal["works", "missing", "wrong", "skipped"]


@dataclass(frozen=True)
class Finding:
    """One thing about one capability. `todo` tells what to change, or what members go without."""

    capability: str
    verdict: Verdict
    seen: str
    todo: str = ""


@dataclass(frozen=True)
class TestMember:
    """A test member of the company, with what identity is proven by."""

    __test__ = False
    member_id: str
    first_name: str
    birth_date: date
    zip: str

    def fits(self, record: MemberRecord) -> bool:
        """Whether the record is theirs, by the rule that verification has."""
        return (
            any(matches_name(self.first_name, name) for name in record.first_names)
            and record.birth_date == self.birth_date
            and self.zip[:5] in {each[:5] for each in record.zips}
        )


@dataclass(frozen=True)
class Probe:
    """One company's backend under test. `near` is where the directory is searched."""

    partner: Partner
    backend: FhirBackend
    http: PartnerHttp
    client: httpx.AsyncClient
    clock: Clock
    near: ZipCode
    tester: TestMember | None

    @property
    def configured(self) -> Backend:
        """The company's backend as configured."""
        if self.partner.backend is None:
            raise ConfigurationError(
                f"partners.yml: company '{self.partner.key}' has no 'backend'."
            )
        return self.partner.backend

    async def records(self) -> list[MemberRecord]:
        """The records under the test member's ID. Raises PartnerUnavailable."""
        return await self.backend.find_member(self.tester.member_id) if self.tester else []

    async def member(self) -> VerifiedMember | None:
        """The proof that the test member's factors give; None where they don't fit one person."""
        proven = [each for each in await self.records() if self.tester and self.tester.fits(each)]
        if len(proven) != 1:
            return None
        return VerifiedMember(
            person=Person(Membership(self.partner.key, proven[0].patient_id)),
            level=1,
            method="id_dob_zip",
            actor=Actor("vendor", "conformance"),
            conversation_id="conformance",
            expires_at=self.clock.now() + IDLE_LIMIT,
        )


@asynccontextmanager
async def probing(
    configuration: PartnerConfiguration,
    key: str,
    clock: Clock,
    near: ZipCode,
    tester: TestMember | None,
) -> AsyncIterator[Probe]:
    """A probe of one company. Raises ConfigurationError."""
    partner = configuration.current().get(key)
    if partner is None or partner.backend is None:
        raise ConfigurationError(f"The configuration has no company '{key}' with a 'backend'.")
    async with httpx.AsyncClient(timeout=partner.backend.timeout_seconds) as client:
        http = PartnerHttp(partner, client)
        backend = backend_of(partner, configuration, http, clock)
        yield Probe(partner, backend, http, client, clock, near, tester)


def presence(capability: str, name: str, count: int, of: int | None, without: str) -> Finding:
    """A part that is there `count` times, of so many: without any, members go without something."""
    seen = f"{name}: {count}" if of is None else f"{name} {count} of {of}"
    return (
        Finding(capability, "works", seen)
        if count
        else Finding(capability, "missing", seen, without)
    )


def share(name: str, count: int, of: int) -> str:
    """'phone 9 of 10'."""
    return f"{name} {count} of {of}"


def lacking(**fields: object) -> list[str]:
    """The names of the fields that hold nothing."""
    return [name.replace("_", " ") for name, value in fields.items() if not value]
