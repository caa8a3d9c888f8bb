"""What a partner's backend can be asked: one interface, whatever stands behind it.

An adapter (FHIR today; others by configuration) implements it for one partner. Every method that
returns member data takes the VerifiedMember, so there is no way to it without one. `find_member`
and `match_person` return identities, not data: verification itself uses them.

All methods raise `alliance.errors.PartnerUnavailable` when the partner does not answer within its
time limit, or answers with an error.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from alliance.authorizations import Authorization, Referral
from alliance.benefits import Benefits, Card
from alliance.claims import Claim
from alliance.contacts import Contact, ContactFile
from alliance.coverage import Coverage
from alliance.directory import Listing
from alliance.disclosure import Dependant
from alliance.pharmacy import DrugSearch, MailService
from alliance.programmes import CareDoctor, Enrolment, Programme, ProgrammeKind, SpendingAccount
from alliance.representatives import Representative
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
    # For who has no card: the last four digits of phones, the numbers of houses lived in.
    phone_endings: frozenset[str] = frozenset()
    house_numbers: frozenset[str] = frozenset()


# As far as most people go for care, and as far as a search goes at all.
WIDE_MILES = 30
MOST_MILES = 100


@dataclass(frozen=True)
class DirectoryQuery:
    """A directory search: nothing in it says who is asking.

    `specialty_codes` are NUCC taxonomy codes; `limit` the number of nearest listings wanted
    within `miles`.
    `language` is a BCP 47 code, `gender` as FHIR has it (female, male). With `accepting_only`,
    `language`, `gender` or `wheelchair` only listings that the directory says it of are found;
    with `networks` (bare ids) only those in one of them.
    """

    specialty_codes: tuple[str, ...]
    zip: str
    latitude: float
    longitude: float
    limit: int = 10
    miles: float = MOST_MILES
    accepting_only: bool = False
    language: str | None = None
    gender: str | None = None
    wheelchair: bool = False
    networks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlaceQuery:
    """A search for places: hospitals, laboratories, pharmacies and the like.

    `categories` are codes of Plan-Net's HealthcareServiceCategoryCS, `taxonomy_codes` of NUCC;
    where both are given a service must fit one of each. `limit` and `miles`: see DirectoryQuery.
    """

    categories: tuple[str, ...]
    taxonomy_codes: tuple[str, ...]
    latitude: float
    longitude: float
    limit: int = 10
    miles: float = MOST_MILES
    wheelchair: bool = False
    networks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NameQuery:
    """A search for one provider or place by name, however it is spelt, or by NPI.

    With a point the nearest are found (within 60 miles), without one any; `state` is the point's.
    """

    name: str
    npi: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    state: str | None = None
    people: bool = True
    places: bool = True
    limit: int = 10


class PartnerBackend(Protocol):
    """One partner's capabilities."""

    async def find_member(self, member_id: str) -> list[MemberRecord]:
        """The records with this member ID (by the partner's identifier systems); often a
        family shares an ID, so the first name decides among them.
        """

    async def find_person(self, family_name: str, birth_date: date) -> list[MemberRecord]:
        """The records with this family name and birth date, for who has no card."""

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

    async def benefits(
        self, member: VerifiedMember, on: date, service_codes: Collection[str] = ()
    ) -> list[Benefits]:
        """What each of the member's own coverages says for a day: whether it is in force, totals
        of the plan year, and the rules of the services with these codes (CPT, HCPCS, CDT), in and
        out of network. Without codes the rules are those that the partner chooses to tell.
        """

    async def cards(self, member: VerifiedMember) -> list[Card]:
        """The ID card data of each of the member's own coverages."""

    async def authorizations(self, member: VerifiedMember) -> list[Authorization] | None:
        """The member's prior authorizations, newest first; None where the partner gives none."""

    async def referrals(self, member: VerifiedMember) -> list[Referral] | None:
        """The member's referrals on file, newest first; None where the partner gives none."""

    async def dependants(self, member: VerifiedMember) -> list[Dependant]:
        """Who is covered through the member here, and what each allowed or forbade. For
        `alliance.disclosure` alone: nothing of it is told.
        """

    async def representatives(self, member: VerifiedMember) -> list[Representative] | None:
        """Who may speak for the member by a permission on file; None where the partner gives
        none here.
        """

    async def search_directory(self, query: DirectoryQuery) -> list[Listing]:
        """The nearest providers in this partner's directory, by distance."""

    async def search_places(self, query: PlaceQuery) -> list[Listing]:
        """The nearest places in this partner's directory, by distance."""

    async def search_names(self, query: NameQuery) -> list[Listing]:
        """The providers and places that the name or NPI may mean, the likeliest name first, then
        the nearest.
        """

    async def search_drugs(self, plan_id: str, names: Sequence[str]) -> DrugSearch | None:
        """What a plan's drug list says about a drug, by any of its names; None where the plan has
        no list. Nothing in the request says who is asking.
        """

    async def primary_care(self, member: VerifiedMember) -> CareDoctor | None:
        """The primary care doctor on the member's file, if there is one."""

    async def spending_accounts(self, member: VerifiedMember) -> list[SpendingAccount]:
        """The member's flexible spending accounts, newest plan year first."""

    async def programmes(self, member: VerifiedMember, kind: ProgrammeKind) -> list[Programme]:
        """The programs of a kind that the company offers the member."""

    async def enroll(self, member: VerifiedMember, code: str, once: str) -> Enrolment:
        """Ask for a place in a program; the same `once` asks only once."""

    async def mail_service(self, member: VerifiedMember) -> MailService | None:
        """The company's mail pharmacy and the member's orders; None where it has none."""

    async def contacts(self, member: VerifiedMember) -> ContactFile:
        """The member's own phone numbers and e-mail addresses on file."""

    async def send_message(self, member: VerifiedMember, to: Contact, text: str) -> None:
        """Have the company send the text to a contact of the member's: by text message to a
        mobile, by a voice call to a landline, by e-mail.
        """
