"""The one gate to member data: proof checked, audit written, then the partner is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from actions.partners.capabilities import PartnerBackend
from alliance.audit import AuditEntry, AuditLog
from alliance.authorizations import Authorization, Referral
from alliance.benefits import Benefits, Card
from alliance.claims import Claim
from alliance.clock import Clock
from alliance.contacts import Contact, ContactFile
from alliance.coverage import Coverage
from alliance.disclosure import Dependant, Item, OnBehalf
from alliance.errors import NotVerified
from alliance.pharmacy import MailService
from alliance.programmes import CareDoctor, Enrolment, Programme, ProgrammeKind, SpendingAccount
from alliance.representatives import Representative
from alliance.turn import TurnContext
from alliance.verified import VerifiedMember

# Others know a person's ID, birth date and ZIP code: labelled records need more proof than that,
# and below it they are not there, in no list and no count.
SENSITIVE_LEVEL = 2
# What may be read of somebody else at all: each is filtered by disclosure, or says nothing of care.
_OF_THE_FAMILY = frozenset(
    {"coverage", "claims", "authorizations", "referrals", "benefits", "id card"}
)

_Item = TypeVar("_Item", bound=Item)


class MemberRecords:
    """Reads a verified member's data at one partner, inside one turn.

    What the verification's level or, for somebody else's records, the disclosure withholds is left
    out here, so that no answer can count or name it. Every method raises NotVerified (proof
    missing, expired, or not for that partner), AuditUnavailable, or PartnerUnavailable.
    """

    def __init__(
        self,
        context: TurnContext,
        backends: Mapping[str, PartnerBackend],
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._context = context
        self._backends = backends
        self._audit = audit
        self._clock = clock

    @property
    def live(self) -> bool:
        """Whether this turn may change anything; a suggestion to an agent changes nothing."""
        return self._context.mode == "live"

    async def coverages(self, member: VerifiedMember, partner: str) -> list[Coverage]:
        """The member's coverages at the partner."""
        backend = await self._open(member, partner, "coverage")
        return await backend.coverages(member)

    async def claims(
        self,
        member: VerifiedMember,
        partner: str,
        *,
        start: date | None = None,
        end: date | None = None,
        number: str | None = None,
    ) -> list[Claim]:
        """The member's claims at the partner, by days of service or by number."""
        backend = await self._open(member, partner, "claims")
        return _shown(member, await backend.claims(member, start=start, end=end, number=number))

    async def authorizations(
        self, member: VerifiedMember, partner: str
    ) -> list[Authorization] | None:
        """The member's prior authorizations; None where the partner gives none here."""
        backend = await self._open(member, partner, "authorizations")
        found = await backend.authorizations(member)
        return None if found is None else _shown(member, found)

    async def referrals(self, member: VerifiedMember, partner: str) -> list[Referral] | None:
        """The member's referrals on file; None where the partner gives none here."""
        backend = await self._open(member, partner, "referrals")
        found = await backend.referrals(member)
        return None if found is None else _shown(member, found)

    async def dependants(self, member: VerifiedMember, partner: str) -> list[Dependant]:
        """Who is covered through the member: what disclosure decides from, never told itself."""
        backend = await self._open(member, partner, "dependants")
        return await backend.dependants(member)

    async def representatives(
        self, member: VerifiedMember, partner: str
    ) -> list[Representative] | None:
        """Who may speak for the member; None where the partner gives none here."""
        backend = await self._open(member, partner, "representatives")
        return await backend.representatives(member)

    async def benefits(
        self,
        member: VerifiedMember,
        partner: str,
        on: date,
        service_codes: Collection[str] = (),
    ) -> list[Benefits]:
        """Totals of the plan year and rules of services, for each of the member's coverages. Of
        somebody else the family's totals only: one person's would show care that is withheld.
        """
        backend = await self._open(member, partner, "benefits")
        found = await backend.benefits(member, on, service_codes)
        if not isinstance(member, OnBehalf):
            return found
        return [
            replace(each, accumulators=tuple(a for a in each.accumulators if a.unit == "family"))
            for each in found
        ]

    async def cards(self, member: VerifiedMember, partner: str) -> list[Card]:
        """The ID cards of the member's coverages."""
        backend = await self._open(member, partner, "id card")
        return await backend.cards(member)

    async def primary_care(self, member: VerifiedMember, partner: str) -> CareDoctor | None:
        """The primary care doctor on the member's file at the partner."""
        backend = await self._open(member, partner, "primary care doctor")
        return await backend.primary_care(member)

    async def spending_accounts(
        self, member: VerifiedMember, partner: str
    ) -> list[SpendingAccount]:
        """The member's flexible spending accounts at the partner."""
        backend = await self._open(member, partner, "spending accounts")
        return await backend.spending_accounts(member)

    async def programmes(
        self, member: VerifiedMember, partner: str, kind: ProgrammeKind
    ) -> list[Programme]:
        """The programs of a kind that the partner offers the member."""
        backend = await self._open(member, partner, f"{kind} programs")
        return await backend.programmes(member, kind)

    async def enroll(self, member: VerifiedMember, partner: str, code: str, once: str) -> Enrolment:
        """Ask the partner for a place in a program. Raises NotVerified in mode suggest, which
        changes nothing.
        """
        if not self.live:
            raise NotVerified("Nothing is changed in mode suggest.")
        backend = await self._open(member, partner, "programs", action="enrollment requested")
        return await backend.enroll(member, code, once)

    async def mail_service(self, member: VerifiedMember, partner: str) -> MailService | None:
        """The partner's mail pharmacy and the member's orders there."""
        backend = await self._open(member, partner, "mail orders")
        return await backend.mail_service(member)

    async def contacts(self, member: VerifiedMember, partner: str) -> ContactFile:
        """Where the member can be reached, as the partner has it on file."""
        backend = await self._open(member, partner, "contacts")
        return await backend.contacts(member)

    async def send_message(
        self, member: VerifiedMember, partner: str, to: Contact, text: str
    ) -> None:
        """Have the partner send a text to a contact of the member's own."""
        backend = await self._open(member, partner, "contacts", action="message sent")
        await backend.send_message(member, to, text)

    async def _open(
        self, member: VerifiedMember, partner: str, what: str, action: str = "read"
    ) -> PartnerBackend:
        membership = member.person.at(partner)
        now = self._clock.now()
        if membership is None or not member.valid_at(now):
            raise NotVerified("The verification does not open this partner's records.")
        if isinstance(member, OnBehalf) and what not in _OF_THE_FAMILY:
            raise NotVerified(f"Disclosure opens no {what} of somebody else.")
        await self._audit.write(
            AuditEntry.of(
                self._context,
                now,
                partner,
                membership.patient_id,
                action,
                f"{what}{_reader(member)}",
            )
        )
        return self._backends[partner]


def _shown(member: VerifiedMember, items: Sequence[_Item]) -> list[_Item]:
    """What may be told: to a level, and of somebody else by the disclosure."""
    return [
        item
        for item in items
        if (member.level >= SENSITIVE_LEVEL or not item.sensitive)
        and (not isinstance(member, OnBehalf) or member.view.shows(item))
    ]


def _reader(member: VerifiedMember) -> str:
    """Who reads somebody else's records, for the audit row of that other person."""
    if not isinstance(member, OnBehalf):
        return ""
    return f", asked by {member.reader.partner}/{member.reader.patient_id}"
