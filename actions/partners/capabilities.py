"""What a partner's backend can be asked: one interface, whatever stands behind it.

An adapter (FHIR today; others by configuration) implements it for one partner. Every method that
returns member data takes the VerifiedMember, so there is no way to it without one. `find_member`
and `match_person` return identities, not data: verification itself uses them.

All methods raise `alliance.errors.PartnerUnavailable` when the partner does not answer within its
time limit, or answers with an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from alliance.authorizations import ApprovalRule, Authorization, Referral
from alliance.claims import Claim
from alliance.contacts import Contact, ContactFile
from alliance.coverage import Coverage
from alliance.directory import Listing
from alliance.disclosure import Dependant
from alliance.verified import VerifiedMember


@dataclass(frozen=True)
class MemberRecord:
    """What a partner has on file about the one person whose member ID was given.

    `zips` are all ZIP codes on file that count (current, and any of the last 12 months).
    `family_name` and the rest serve $member-match at other partners.
    """

    patient_id: str
    member_id: str
    first_names: tuple[str, ...]
    family_name: str
    birth_date: date | None
    zips: frozenset[str]
    gender: str


@dataclass(frozen=True)
class DirectoryQuery:
    """A directory search: nothing in it says who is asking.

    `specialty_codes` are NUCC taxonomy codes; `limit` the number of nearest listings wanted.
    """

    specialty_codes: tuple[str, ...]
    zip: str
    latitude: float
    longitude: float
    limit: int = 10
    accepting_only: bool = False
    language: str | None = None


class PartnerBackend(Protocol):
    """One partner's capabilities."""

    async def find_member(self, member_id: str) -> list[MemberRecord]:
        """The records with this member ID (by the partner's identifier systems); often a
        family shares an ID, so the first name decides among them.
        """

    async def match_person(self, record: MemberRecord) -> str | None:
        """HRex $member-match: this partner's patient id for the person, or None when it knows
        none or more than one. What comes back is only a patient id.
        """

    async def coverages(self, member: VerifiedMember) -> list[Coverage]:
        """The member's own coverages at this partner. A coverage whose beneficiary is somebody
        else is never among them.
        """

    async def claims(
        self,
        member: VerifiedMember,
        *,
        start: date | None = None,
        end: date | None = None,
        number: str | None = None,
    ) -> list[Claim]:
        """The member's claims with a day of service from `start` to `end`, or with this number;
        newest service first. All of them when nothing is given.
        """

    async def authorizations(self, member: VerifiedMember) -> list[Authorization] | None:
        """The member's prior authorizations, newest first; None where the partner gives none."""

    async def approval_rules(self, member: VerifiedMember) -> list[ApprovalRule] | None:
        """Which services need approval beforehand under the member's plan, as far as the partner
        says; None where it does not answer that.
        """

    async def referrals(self, member: VerifiedMember) -> list[Referral] | None:
        """The member's referrals on file, newest first; None where the partner gives none."""

    async def dependants(self, member: VerifiedMember) -> list[Dependant]:
        """Who is covered through the member here, and what each allowed or forbade. For
        `alliance.disclosure` alone: nothing of it is told.
        """

    async def search_directory(self, query: DirectoryQuery) -> list[Listing]:
        """The nearest listings in this partner's directory, by distance."""

    async def contacts(self, member: VerifiedMember) -> ContactFile:
        """The member's own phone numbers and e-mail addresses on file."""

    async def send_message(self, member: VerifiedMember, to: Contact, text: str) -> None:
        """Have the company send the text to a contact of the member's: by text message to a
        mobile, by a voice call to a landline, by e-mail.
        """
