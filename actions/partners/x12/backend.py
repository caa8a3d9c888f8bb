"""A partner whose back office answers eligibility and claims in X12; the rest is FHIR."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import date

from actions.partners.fhir import FhirBackend
from actions.partners.http import PartnerHttp
from actions.partners.member_data import member_record
from actions.partners.x12 import claims as claim_answers
from actions.partners.x12 import eligibility
from actions.partners.x12.interchange import Transaction
from actions.partners.x12.office import Office
from actions.partners.x12.requests import Subscriber, claim_request, eligibility_request
from actions.settings import PartnerConfiguration
from alliance.authorizations import Authorization
from alliance.benefits import Benefits, Card
from alliance.claims import Claim
from alliance.clock import Clock
from alliance.coverage import Coverage
from alliance.disclosure import Dependant
from alliance.errors import NotOffered, PartnerUnavailable
from alliance.partners import BackOffice
from alliance.verified import VerifiedMember


class X12Backend(FhirBackend):
    """`capabilities` of the partner's configuration say what is asked of the back office."""

    def __init__(
        self,
        key: str,
        configuration: PartnerConfiguration,
        http: PartnerHttp,
        clock: Clock,
        office: BackOffice,
    ) -> None:
        super().__init__(key, configuration, http, clock)
        self._office = Office(key, office, http, clock)
        self._in_x12 = office.capabilities

    async def coverages(self, member: VerifiedMember) -> list[Coverage]:
        """The member's own coverages, from a 271."""
        if "coverage" not in self._in_x12:
            return await super().coverages(member)
        plans, _ = await self._plans(member)
        return [plan.coverage for plan in plans]

    async def benefits(
        self, member: VerifiedMember, on: date, service_codes: Collection[str] = ()
    ) -> list[Benefits]:
        """What each plan pays, from a 271 for the day."""
        if "coverage" not in self._in_x12:
            return await super().benefits(member, on, service_codes)
        plans, answer = await self._plans(member, on, service_codes)
        return [eligibility.benefits(plan, answer, on) for plan in plans]

    async def cards(self, member: VerifiedMember) -> list[Card]:
        """What of an ID card a 271 holds."""
        if "coverage" not in self._in_x12:
            return await super().cards(member)
        plans, _ = await self._plans(member, self._clock.today())
        who = await self._subscriber(member)
        name = " ".join(part for part in (who.given, who.family) if part)
        return [eligibility.card(plan, name or None) for plan in plans]

    async def _plans(
        self, member: VerifiedMember, on: date | None = None, procedures: Collection[str] = ()
    ) -> tuple[list[eligibility.Plan], Transaction]:
        who = await self._subscriber(member)
        now = self._clock.now()
        request = eligibility_request(who, self._office.payer_id, now, on, procedures)
        answer = await self._office.ask("270", request)
        if eligibility.refused(answer):
            raise PartnerUnavailable(self._key, "The back office does not find the member.")
        return eligibility.plans(answer, who.member_id, self._membership(member)), answer

    async def claims(
        self,
        member: VerifiedMember,
        *,
        start: date | None = None,
        end: date | None = None,
        number: str | None = None,
    ) -> list[Claim]:
        """The member's claims from a 277, each with the amounts of its 835."""
        if "claims" not in self._in_x12:
            return await super().claims(member, start=start, end=end, number=number)
        who = await self._subscriber(member)
        days = (start, end) if start is not None and end is not None else None
        request = claim_request(who, self._office.payer_id, self._clock.now(), days)
        answer = await self._office.ask("276", request)
        found = claim_answers.statuses(answer, self._membership(member))
        if number is not None:
            wanted = _plain(number)
            found = [each for each in found if _plain(each.claim.number) == wanted]
        if days is not None:
            # Filtered again: a payer may answer with more than was asked for.
            found = [each for each in found if each.claim.served_in(*days)]
        told = await asyncio.gather(*(self._with_remittance(who, each) for each in found))
        return sorted(told, key=lambda claim: claim.service_start or date.min, reverse=True)

    async def authorizations(self, member: VerifiedMember) -> list[Authorization]:
        """Not in X12 276 or 270: a company that keeps claims there has none to show us."""
        if "claims" not in self._in_x12:
            return await super().authorizations(member)
        raise NotOffered(self._key, "The back office does not tell prior authorizations.")

    async def dependants(self, member: VerifiedMember) -> list[Dependant]:
        """A 271 is about one person: who else is covered, it does not say."""
        if "coverage" not in self._in_x12:
            return await super().dependants(member)
        raise NotOffered(self._key, "The back office does not tell who else is covered.")

    async def _with_remittance(self, who: Subscriber, status: claim_answers.Status) -> Claim:
        if not status.remittance:
            return status.claim
        request = claim_request(who, self._office.payer_id, self._clock.now())
        advice = await self._office.remittance(status.remittance, request)
        return claim_answers.with_remittance(status.claim, advice) if advice else status.claim

    async def _subscriber(self, member: VerifiedMember) -> Subscriber:
        record = member_record(await self._patient(member), self._clock.today())
        return Subscriber(
            member_id=record.member_id,
            family=record.family_name,
            given=record.first_names[0] if record.first_names else "",
            born=record.birth_date,
            gender=record.gender,
        )


def _plain(number: str) -> str:
    return "".join(character for character in number.upper() if character.isalnum())
