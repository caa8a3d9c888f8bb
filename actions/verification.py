"""Proving who is talking: first name, member ID, date of birth and ZIP code, at one partner."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from actions.identity.no_card import NameFactors, fits
from actions.partners.capabilities import MemberRecord, PartnerBackend
from actions.records import MemberRecords
from actions.turns import Turns
from alliance.audit import AuditEntry, AuditLog
from alliance.clock import Clock
from alliance.coverage import is_alliance
from alliance.errors import PartnerUnavailable
from alliance.partners import Partner, Partners
from alliance.turn import TurnContext
from alliance.values import matches_name
from alliance.verified import (
    IDLE_LIMIT,
    MAX_FAILURES,
    VERIFICATION_SECONDS,
    Membership,
    Method,
    Person,
    VerifiedMember,
)


@dataclass(frozen=True)
class Factors:
    """What the member said. `first_names` are readings of one answer, best first."""

    first_names: tuple[str, ...]
    member_id: str
    birth_date: date
    zip: str


@dataclass(frozen=True)
class Verified:
    """It is them."""

    member: VerifiedMember
    context: TurnContext


@dataclass(frozen=True)
class Refused:
    """Something did not fit; which factor is never said. `failures` in this conversation."""

    failures: int


@dataclass(frozen=True)
class Several:
    """Everything fits, and more than one person: namesakes. The member ID decides, or a person."""

    partner: Partner


@dataclass(frozen=True)
class LockedOut:
    """Too many failures: self-service data is closed for a day; people still help. `counter` names
    the person's (`Turns.person_counter`).
    """

    counter: str = field(default="", compare=False)


@dataclass(frozen=True)
class NotInAlliance:
    """The person is real, and the plan is none of the alliance's: the company's own line."""

    partner: Partner


@dataclass(frozen=True)
class Unavailable:
    """The company could not be asked. Nothing is counted."""

    partner: Partner


Outcome = Verified | Refused | Several | LockedOut | NotInAlliance | Unavailable


class Verification:
    """Verifies members. Every call takes at least `seconds`, whatever it finds."""

    def __init__(
        self,
        backends: Mapping[str, PartnerBackend],
        turns: Turns,
        audit: AuditLog,
        clock: Clock,
        seconds: float = VERIFICATION_SECONDS,
    ) -> None:
        self._backends = backends
        self._turns = turns
        self._audit = audit
        self._clock = clock
        self._seconds = seconds

    async def verify(
        self, context: TurnContext, factors: Factors, partner: Partner, partners: Partners
    ) -> Outcome:
        """Check the factors at the partner whose ID it is, and find the person elsewhere.

        Raises AuditUnavailable, redis.RedisError.
        """
        outcome, _ = await asyncio.gather(
            self._check(context, factors, partner, partners),
            asyncio.sleep(self._seconds),
        )
        return outcome

    async def verify_without_card(
        self, context: TurnContext, factors: NameFactors, partner: Partner, partners: Partners
    ) -> Outcome:
        """Check full name, birth date, ZIP code and the company's second factor. One person must
        remain. Raises AuditUnavailable, redis.RedisError.
        """
        outcome, _ = await asyncio.gather(
            self._check_name(context, factors, partner, partners),
            asyncio.sleep(self._seconds),
        )
        return outcome

    async def _check_name(
        self, context: TurnContext, factors: NameFactors, partner: Partner, partners: Partners
    ) -> Outcome:
        conversation, meant = context.conversation_id, factors.counted_as
        if await self._turns.locked_out(conversation, meant):
            return LockedOut(self._turns.person_counter(meant))
        failures, of_person = await self._turns.count_try(conversation, meant)
        if max(failures, of_person) > MAX_FAILURES:
            return LockedOut(self._turns.person_counter(meant))
        try:
            found = await self._backends[partner.key].find_person(
                factors.last_name, factors.birth_date
            )
        except PartnerUnavailable:
            await self._turns.take_back_try(conversation, meant)
            return Unavailable(partner)
        # Whom the name can mean counts too, so that name and ID are not three tries each.
        for record in found:
            # The conversation's own tries were looked at before this one was counted.
            if await self._turns.locked_out("", record.member_id):
                return LockedOut(self._turns.person_counter(record.member_id))
        proven = [record for record in found if fits(record, factors, partner.second_factor)]
        if len(proven) == 1:
            for counted in (meant, proven[0].member_id):
                await self._turns.clear_failures(conversation, counted, "factors")
            return await self._open(
                context, proven[0], partner, partners, method="name", zip_code=factors.zip
            )
        if proven:
            await self._turns.take_back_try(conversation, meant)
            await self._note(context, partner, "", "several persons fit")
            return Several(partner)
        for record in found:
            await self._turns.count_person(record.member_id)
        await self._note(context, partner, "", "verification refused")
        return Refused(failures)

    async def open_ticket(
        self,
        context: TurnContext,
        partner: Partner,
        member_id: str,
        subject: str,
        partners: Partners,
    ) -> Outcome:
        """Verify whom the company's own website vouches for: level 2. The bridge has checked the
        ticket. `subject` has to be one person's record under the member ID: a family or a
        contract is nobody. Signing in there also lifts a lock-out.

        Raises AuditUnavailable, redis.RedisError.
        """
        try:
            records = await self._backends[partner.key].find_member(member_id)
        except PartnerUnavailable:
            return Unavailable(partner)
        proven = [record for record in records if record.patient_id == subject]
        if len(proven) != 1:
            await self._note(context, partner, "", "ticket refused")
            return Refused(0)
        (record,) = proven
        if await self._turns.locked_out(context.conversation_id, record.member_id):
            await self._note(context, partner, record.patient_id, "lock-out lifted by portal")
        await self._turns.clear_failures(
            context.conversation_id, record.member_id, "factors", "code"
        )
        return await self._open(context, record, partner, partners, level=2, method="portal")

    async def lift_lock_out(self, context: TurnContext, partner: Partner, member_id: str) -> None:
        """Let the person and the conversation try again. Who did it is audited before it counts.

        Raises AuditUnavailable, redis.RedisError.
        """
        try:
            records = await self._backends[partner.key].find_member(member_id)
        except PartnerUnavailable:
            records = []
        whom = records[0].patient_id if len(records) == 1 else ""
        await self._note(context, partner, whom, "lock-out lifted by agent")
        await self._turns.clear_failures(context.conversation_id, member_id, "factors", "code")

    async def _check(
        self, context: TurnContext, factors: Factors, partner: Partner, partners: Partners
    ) -> Outcome:
        conversation = context.conversation_id
        if await self._turns.locked_out(conversation, factors.member_id):
            return LockedOut(self._turns.person_counter(factors.member_id))
        # Counted before it is answered, so that many tries at once are not more than three.
        failures, of_person = await self._turns.count_try(conversation, factors.member_id)
        if max(failures, of_person) > MAX_FAILURES:
            return LockedOut(self._turns.person_counter(factors.member_id))
        try:
            records = await self._backends[partner.key].find_member(factors.member_id)
        except PartnerUnavailable:
            await self._turns.take_back_try(conversation, factors.member_id)
            return Unavailable(partner)
        proven = [record for record in records if _fits(record, factors)]
        if len(proven) != 1:
            await self._note(context, partner, "", "verification refused")
            return Refused(failures)
        await self._turns.clear_failures(conversation, factors.member_id, "factors")
        return await self._open(context, proven[0], partner, partners, zip_code=factors.zip)

    async def _open(
        self,
        context: TurnContext,
        record: MemberRecord,
        partner: Partner,
        partners: Partners,
        *,
        level: int = 1,
        method: Method = "id_dob_zip",
        zip_code: str = "",
    ) -> Outcome:
        home = Membership(partner.key, record.patient_id)
        member = VerifiedMember(
            person=Person(
                home=home, first_name=next(iter(record.first_names), ""), zip_code=zip_code
            ),
            level=level,
            method=method,
            actor=context.actor,
            conversation_id=context.conversation_id,
            expires_at=self._clock.now() + IDLE_LIMIT,
        )
        await self._note(context, partner, record.patient_id, "verified")
        try:
            if not await self._in_alliance(context, member, partner):
                return NotInAlliance(partner)
        except PartnerUnavailable:
            return Unavailable(partner)
        person = await self._elsewhere(context, member, record, partners)
        proven = replace(member, person=person)
        return Verified(proven, await self._turns.keep_verified(context, proven))

    async def _elsewhere(
        self,
        context: TurnContext,
        member: VerifiedMember,
        record: MemberRecord,
        partners: Partners,
    ) -> Person:
        """The same person at the other partners, where exactly one record fits."""
        home = member.person.home
        others = [p for p in partners if p.key in self._backends and p.key != home.partner]
        found = await asyncio.gather(
            *(self._match(context, member, record, other) for other in others)
        )
        return replace(
            member.person,
            others=tuple(match for match in found if isinstance(match, Membership)),
            unreached=tuple(
                other.key
                for other, match in zip(others, found, strict=True)
                if isinstance(match, PartnerUnavailable)
            ),
        )

    async def _match(
        self, context: TurnContext, member: VerifiedMember, record: MemberRecord, other: Partner
    ) -> Membership | PartnerUnavailable | None:
        try:
            patient_id = await self._backends[other.key].match_person(record)
            if patient_id is None:
                return None
            membership = Membership(other.key, patient_id)
            candidate = replace(member, person=replace(member.person, others=(membership,)))
            return membership if await self._in_alliance(context, candidate, other) else None
        except PartnerUnavailable as error:
            return error

    async def _in_alliance(
        self, context: TurnContext, member: VerifiedMember, partner: Partner
    ) -> bool:
        membership = member.person.at(partner.key)
        if membership and membership.patient_id in partner.loaded_patients:
            return True
        records = MemberRecords(context, self._backends, self._audit, self._clock)
        coverages = await records.coverages(member, partner.key)
        return any(is_alliance(coverage, partner) for coverage in coverages)

    async def _note(
        self, context: TurnContext, partner: Partner, patient_id: str, action: str
    ) -> None:
        await self._audit.write(
            AuditEntry.of(context, self._clock.now(), partner.key, patient_id, action, "identity")
        )


def _fits(record: MemberRecord, factors: Factors) -> bool:
    names_fit = any(
        matches_name(said, on_file)
        for said in factors.first_names
        for on_file in record.first_names
    )
    return (
        names_fit
        and record.birth_date == factors.birth_date
        and factors.zip[:5] in {zip_code[:5] for zip_code in record.zips}
    )
