"""The step up to level 2: a one-time code to the member's own contact on file.

The code is ours; the company sends it. It is never stored, only its keyed hash, and a wrong one
counts like a wrong factor.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from actions.partners.capabilities import PartnerBackend
from actions.records import MemberRecords
from actions.turns import Turns
from alliance.audit import AuditEntry, AuditLog
from alliance.clock import Clock
from alliance.codes import FIGURES, message
from alliance.contacts import Contact
from alliance.errors import PartnerUnavailable
from alliance.partners import Partner
from alliance.turn import TurnContext
from alliance.verified import IDLE_LIMIT, MAX_FAILURES, VerifiedMember

# A recogniser's second reading of the same six figures; a third would be a guess.
MOST_READINGS = 2


@dataclass(frozen=True)
class Sent:
    """A code is on its way. `others` are the further contacts that could have one."""

    to: Contact
    others: tuple[Contact, ...]


@dataclass(frozen=True)
class TooSoon:
    """A code went to this person less than a minute ago. `to` (masked) when it was from here."""

    to: str | None


@dataclass(frozen=True)
class NoContact:
    """Nothing on file that has been unchanged for 30 days."""


@dataclass(frozen=True)
class NotSent:
    """The company could not send it."""


@dataclass(frozen=True)
class CodeLocked:
    """Too many failures: self-service data is closed for a day."""


@dataclass(frozen=True)
class Proven:
    """It was the code: level 2."""

    member: VerifiedMember
    context: TurnContext


@dataclass(frozen=True)
class WrongCode:
    """It was not, `failures` so far."""

    failures: int


@dataclass(frozen=True)
class Expired:
    """The code's ten minutes are over, or there never was one."""


Sending = Sent | TooSoon | NoContact | NotSent | CodeLocked
Checking = Proven | WrongCode | Expired | CodeLocked | NotSent


class OneTimeCodes:
    """Sends codes and checks them. Raises AuditUnavailable, redis.RedisError."""

    def __init__(
        self,
        backends: Mapping[str, PartnerBackend],
        turns: Turns,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._backends = backends
        self._turns = turns
        self._audit = audit
        self._clock = clock

    async def pending(self, context: TurnContext) -> str | None:
        """Where the code that still counts was sent, masked."""
        return await self._turns.code_sent_to(context.conversation_id)

    async def send(
        self, context: TurnContext, partner: Partner, kind: str | None = None
    ) -> Sending:
        """Send a code to the best usable contact, or to the best of a kind."""
        member = _verified(context)
        records = MemberRecords(context, self._backends, self._audit, self._clock)
        try:
            file = await records.contacts(member, partner.key)
        except PartnerUnavailable:
            return NotSent()
        if await self._turns.locked_out(context.conversation_id, file.member_id):
            return CodeLocked()
        today = self._clock.today(partner.phone.zone)
        usable = [contact for contact in file.contacts if contact.usable(today)]
        if not usable:
            return NoContact()
        chosen = next((each for each in usable if each.kind == kind), usable[0])
        if not await self._turns.may_send_code(file.member_id):
            return TooSoon(await self.pending(context))
        code = "".join(secrets.choice("0123456789") for _ in range(FIGURES))
        text = message(code, partner.name, spoken=chosen.kind == "landline")
        # Kept before it is sent: a code that arrives is one that counts.
        await self._turns.keep_code(context.conversation_id, code, _bound(member), chosen.masked)
        try:
            await records.send_message(member, partner.key, chosen, text)
        except PartnerUnavailable:
            await self._turns.drop_code(context.conversation_id)
            await self._turns.send_again_at_once(file.member_id)
            return NotSent()
        return Sent(chosen, tuple(each for each in usable if each != chosen))

    async def close(self, context: TurnContext) -> TurnContext:
        """After too many failures nothing of the member's stays open in this conversation."""
        return await self._turns.forget_verified(context)

    async def check(
        self, context: TurnContext, partner: Partner, readings: Sequence[str]
    ) -> Checking:
        """Whether it is the code; a right one opens level 2 for this conversation."""
        member = _verified(context)
        conversation = context.conversation_id
        if await self.pending(context) is None:
            return Expired()
        records = MemberRecords(context, self._backends, self._audit, self._clock)
        try:
            member_id = (await records.contacts(member, partner.key)).member_id
        except PartnerUnavailable:
            return NotSent()
        if await self._turns.locked_out(conversation, member_id):
            return CodeLocked()
        failures, of_person = await self._turns.count_try(conversation, member_id, "code")
        if max(failures, of_person) > MAX_FAILURES:
            return CodeLocked()
        fits = [
            await self._turns.code_fits(conversation, code, _bound(member))
            for code in readings[:MOST_READINGS]
        ]
        if not any(fits):
            await self._note(context, member, "code refused")
            if max(failures, of_person) < MAX_FAILURES:
                return WrongCode(failures)
            await self._turns.drop_code(conversation)
            return CodeLocked()
        await self._turns.drop_code(conversation)
        await self._turns.clear_failures(conversation, member_id, "factors", "code")
        # Used: another conversation of the same person need not wait for its own.
        await self._turns.send_again_at_once(member_id)
        raised = replace(
            member,
            level=2,
            method="one_time_code",
            expires_at=self._clock.now() + IDLE_LIMIT,
        )
        await self._note(context, raised, "verified by code")
        return Proven(raised, await self._turns.keep_verified(context, raised))

    async def _note(self, context: TurnContext, member: VerifiedMember, action: str) -> None:
        home = member.person.home
        await self._audit.write(
            AuditEntry.of(
                context, self._clock.now(), home.partner, home.patient_id, action, "identity"
            )
        )


def _verified(context: TurnContext) -> VerifiedMember:
    if context.verified is None:
        raise ValueError("a code is for a member whose factors were proven")
    return context.verified


def _bound(member: VerifiedMember) -> str:
    return f"{member.person.home.partner}/{member.person.home.patient_id}"
