"""The FHIR R4 adapter: a partner whose backend speaks CARIN Blue Button, HRex and Plan-Net."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.partners import eligibility
from actions.partners.authorizations import authorization, referral
from actions.partners.capabilities import DirectoryQuery, MemberRecord, NameQuery, PlaceQuery
from actions.partners.contacts import contact_file
from actions.partners.directory_server import DirectoryServer
from actions.partners.family import beneficiaries, dependant
from actions.partners.fhir_values import (
    items,
    next_link,
    reference_id,
    resources,
    texts,
)
from actions.partners.formulary import Formulary
from actions.partners.http import PartnerHttp
from actions.partners.member_data import adjudicated, coverage, member_record, unadjudicated
from actions.partners.plan_net import PlanNet
from actions.partners.plan_net_reading import npi_of, person_name
from actions.partners.representatives import representatives
from actions.partners.rest_services import enrolment, mail_service, programmes, spending_accounts
from actions.settings import PartnerConfiguration
from alliance.authorizations import Authorization, Referral
from alliance.benefits import Benefits, Card
from alliance.claims import Claim
from alliance.clock import Clock
from alliance.contacts import Contact, ContactFile
from alliance.coverage import Coverage
from alliance.directory import Listing
from alliance.disclosure import Dependant
from alliance.errors import NotVerified, PartnerUnavailable
from alliance.pharmacy import DrugSearch, MailService
from alliance.programmes import CareDoctor, Enrolment, Programme, ProgrammeKind, SpendingAccount
from alliance.representatives import Representative
from alliance.verified import Membership, VerifiedMember

Json = dict[str, Any]

# Pages that are followed for one search: a member with more claims is asked for a date.
MOST_PAGES = 10
PAGE_SIZE = "100"


class FhirBackend:
    """One partner over FHIR. Raises PartnerUnavailable (see capabilities)."""

    def __init__(
        self, key: str, configuration: PartnerConfiguration, http: PartnerHttp, clock: Clock
    ) -> None:
        self._key = key
        self._configuration = configuration
        self._http = http
        self._clock = clock
        self._capabilities: Mapping[str, frozenset[str]] | None = None
        self._server = DirectoryServer(http, self._supports)
        self._directory = PlanNet(key, self._server)
        self._formulary = Formulary(key, self._server)

    async def offers(self, resource_type: str, *names: str) -> bool:
        """Whether the server's capability statement has these searches or includes for the type."""
        return await self._server.offers(resource_type, *names)

    async def find_member(self, member_id: str) -> list[MemberRecord]:
        """Patients with this member ID under one of the partner's identifier systems."""
        partner = self._configuration.current()[self._key]
        systems = [system for system in partner.member_id_systems if system]
        forms = partner.written_forms(member_id) or [member_id]
        wanted = {form.upper() for form in forms}
        values = ",".join(f"{system}|{form}" for system in systems for form in forms)
        found = await self._all("Patient", {"identifier": values})
        today = self._clock.today(partner.phone.zone)
        # A server may match an identifier loosely: the ID has to be on the record itself.
        return [
            member_record(patient, today)
            for patient in found
            if any(
                str(each.get("value", "")).upper() in wanted and each.get("system") in systems
                for each in items(patient.get("identifier"))
            )
        ]

    async def find_person(self, family_name: str, birth_date: date) -> list[MemberRecord]:
        """By family name and birth date; servers match names loosely, so the caller compares."""
        partner = self._configuration.current()[self._key]
        who = {"family": family_name, "birthdate": birth_date.isoformat()}
        today = self._clock.today(partner.phone.zone)
        return [member_record(patient, today) for patient in await self._all("Patient", who)]

    async def match_person(self, record: MemberRecord) -> str | None:
        """HRex $member-match with what was proven; exactly one match or None."""
        answer = await self._http.operate("/Patient/$member-match", _match_parameters(record))
        if answer is None:
            return None
        for parameter in items(answer.get("parameter")):
            if parameter.get("name") == "MemberId":
                return reference_id(parameter.get("valueReference"))
        identifiers = [
            parameter["valueIdentifier"]
            for parameter in items(answer.get("parameter"))
            if parameter.get("name") == "MemberIdentifier" and "valueIdentifier" in parameter
        ]
        if len(identifiers) != 1:
            return None
        given = identifiers[0]
        token = f"{given.get('system', '')}|{given.get('value', '')}"
        found = await self._all("Patient", {"identifier": token})
        return str(found[0]["id"]) if len(found) == 1 else None

    async def coverages(self, member: VerifiedMember) -> list[Coverage]:
        """The member's own coverages."""
        membership = self._membership(member)
        found = await self._all("Coverage", {"patient": f"Patient/{membership.patient_id}"})
        read = (coverage(resource, membership) for resource in found)
        return [each for each in read if each is not None]

    async def claims(
        self,
        member: VerifiedMember,
        *,
        start: date | None = None,
        end: date | None = None,
        number: str | None = None,
    ) -> list[Claim]:
        """Adjudicated and open claims. Days and numbers are compared here: servers differ in
        which date they search by, and a claim number alone is not unique.
        """
        membership = self._membership(member)
        adjudicated_claims, open_claims = await asyncio.gather(
            self._adjudicated(membership), self._open(membership)
        )
        known = {claim.number for claim in adjudicated_claims}
        found = adjudicated_claims + [each for each in open_claims if each.number not in known]
        if number is not None:
            found = [each for each in found if _plain(each.number) == _plain(number)]
        if start is not None and end is not None:
            # The days of service decide; where no item tells a day in the time that was asked
            # about, the period that the provider billed for does.
            served = [each for each in found if each.served_in(start, end)]
            found = served or [each for each in found if each.billed_in(start, end)]
        return sorted(
            _distinct(found), key=lambda each: each.service_start or date.min, reverse=True
        )

    async def authorizations(self, member: VerifiedMember) -> list[Authorization]:
        """Prior authorizations: EOBs of that use, sorted out here (servers differ on `use`)."""
        membership = self._membership(member)
        who = {"patient": f"Patient/{membership.patient_id}"}
        if "use" in await self._supports("ExplanationOfBenefit"):
            who["use"] = "preauthorization"
        found = await self._all("ExplanationOfBenefit", who)
        read = (authorization(resource, membership) for resource in found)
        known = [each for each in read if each is not None]
        return sorted(known, key=lambda each: each.requested_on or date.min, reverse=True)

    async def referrals(self, member: VerifiedMember) -> list[Referral] | None:
        """ServiceRequests, where the partner's server has them."""
        membership = self._membership(member)
        if not await self._supports("ServiceRequest"):
            return None
        found = await self._all("ServiceRequest", {"patient": f"Patient/{membership.patient_id}"})
        read = (referral(resource, membership) for resource in found)
        known = [each for each in read if each is not None]
        return sorted(known, key=lambda each: each.start or date.min, reverse=True)

    async def dependants(self, member: VerifiedMember) -> list[Dependant]:
        """Who is covered through the member, with the consents on file about each."""
        membership = self._membership(member)
        coverages = await self._all("Coverage", {"subscriber": f"Patient/{membership.patient_id}"})
        relations = beneficiaries(coverages, membership)
        if not relations:
            return []
        patients = await self._all("Patient", {"_id": ",".join(sorted(relations))})
        consents: list[Json] | None = None
        if await self._supports("Consent"):
            whose = ",".join(f"Patient/{patient}" for patient in sorted(relations))
            consents = await self._all("Consent", {"patient": whose})
        return [
            dependant(patient, relations[patient["id"]], consents, self._key)
            for patient in patients
            if patient.get("id") in relations
        ]

    async def representatives(self, member: VerifiedMember) -> list[Representative] | None:
        """Consents of the member's that permit somebody, and whom they name."""
        membership = self._membership(member)
        if not await self._supports("Consent"):
            return None
        who = {"patient": f"Patient/{membership.patient_id}"}
        consents = await self._all("Consent", who)
        people: list[Json] = []
        if consents and await self._supports("RelatedPerson"):
            people = await self._all("RelatedPerson", who)
        return representatives(consents, people, membership.patient_id, self._key)

    async def search_directory(self, query: DirectoryQuery) -> list[Listing]:
        """The nearest listings; nothing in the request says who is asking."""
        return await self._directory.practitioners(query)

    async def search_places(self, query: PlaceQuery) -> list[Listing]:
        """The nearest places."""
        return await self._directory.places(query)

    async def search_names(self, query: NameQuery) -> list[Listing]:
        """What a name or NPI may mean."""
        return await self._directory.named(query)

    async def benefits(
        self, member: VerifiedMember, on: date, service_codes: Collection[str] = ()
    ) -> list[Benefits]:
        """CoverageEligibilityRequest/$submit for the member's own coverages."""
        membership = self._membership(member)
        covered = await self.coverages(member)
        if not covered:
            return []
        asked = eligibility.request(membership, covered, on, service_codes)
        answer = await self._http.operate("/CoverageEligibilityRequest/$submit", asked)
        return eligibility.benefits(answer or {}, membership, covered, on)

    async def cards(self, member: VerifiedMember) -> list[Card]:
        """The cards of the member's own coverages, from C4DIC Coverage resources."""
        membership = self._membership(member)
        who = {"patient": f"Patient/{membership.patient_id}"}
        found, patient = await asyncio.gather(self._all("Coverage", who), self._patient(member))
        read = ((resource, coverage(resource, membership)) for resource in found)
        return [
            eligibility.card(resource, covered, patient) for resource, covered in read if covered
        ]

    async def search_drugs(self, plan_id: str, names: Sequence[str]) -> DrugSearch | None:
        """By the plan's formulary."""
        return await self._formulary.search(plan_id, names)

    async def primary_care(self, member: VerifiedMember) -> CareDoctor | None:
        """The Patient's generalPractitioner, with the NPI that the directory has for it."""
        patient = await self._patient(member)
        for reference in items(patient.get("generalPractitioner")):
            identifier = reference_id(reference)
            found = await self._server.complete("Practitioner", {}, filter(None, [identifier]))
            person = found.get(identifier or "")
            name = person_name(person) if person else str(reference.get("display") or "")
            npi = npi_of(person) if person else None
            if name:
                return CareDoctor(self._key, name, npi if npi and npi.isdigit() else None)
        return None

    async def spending_accounts(self, member: VerifiedMember) -> list[SpendingAccount]:
        """By the company's own REST (POST /fsa)."""
        return spending_accounts(await self._rest(member, "/fsa", {}) or {}, self._key)

    async def programmes(self, member: VerifiedMember, kind: ProgrammeKind) -> list[Programme]:
        """By the company's own REST (POST /KIND)."""
        return programmes(await self._rest(member, f"/{kind}", {}) or {}, self._key, kind)

    async def enroll(self, member: VerifiedMember, code: str, once: str) -> Enrolment:
        """By the company's own REST (POST /enrollments)."""
        answer = await self._rest(member, "/enrollments", {"programme": code}, once=once)
        receipt = enrolment(answer or {}, self._key)
        if receipt is None:
            raise PartnerUnavailable(self._key, "The enrollment was not confirmed.")
        return receipt

    async def mail_service(self, member: VerifiedMember) -> MailService | None:
        """By the company's own REST (POST /mail-order)."""
        return mail_service(await self._rest(member, "/mail-order", {}) or {}, self._key)

    async def contacts(self, member: VerifiedMember) -> ContactFile:
        """The member's own telecom."""
        return contact_file(await self._patient(member))

    async def send_message(self, member: VerifiedMember, to: Contact, text: str) -> None:
        """By the company's own message service (POST /messages)."""
        by = {"mobile": "sms", "landline": "voice", "email": "email"}[to.kind]
        body = {"to": to.value, "by": by, "text": text}
        if await self._rest(member, "/messages", body) is None:
            raise PartnerUnavailable(self._key, "The message could not be sent.")

    async def _adjudicated(self, membership: Membership) -> list[Claim]:
        found = await self._all(
            "ExplanationOfBenefit", {"patient": f"Patient/{membership.patient_id}"}
        )
        read = (adjudicated(resource, membership) for resource in found)
        return [each for each in read if each is not None]

    async def _open(self, membership: Membership) -> list[Claim]:
        if not await self._supports("Claim"):
            return []
        who = {"patient": f"Patient/{membership.patient_id}"}
        found = await self._all("Claim", who)
        # Most members have none that is open: then there is nothing to be answered.
        responses = await self._all("ClaimResponse", who) if found else []
        read = (unadjudicated(resource, responses, membership) for resource in found)
        return [each for each in read if each is not None]

    async def _all(self, resource_type: str, parameters: Mapping[str, str]) -> list[Json]:
        """All pages of a search of member data, up to a bound; each resource once."""
        bundle = await self._http.search(resource_type, {**parameters, "_count": PAGE_SIZE})
        found = {str(each.get("id")): dict(each) for each in resources(bundle, resource_type)}
        for _ in range(MOST_PAGES - 1):
            link = next_link(bundle)
            if link is None:
                break
            bundle = await self._http.next_page(link, private=True)
            found |= {str(each.get("id")): dict(each) for each in resources(bundle, resource_type)}
        return list(found.values())

    async def _supports(self, resource_type: str) -> frozenset[str]:
        """The search parameters and includes that the server offers for a type; empty: none."""
        if self._capabilities is None:
            statement = await self._http.get("/metadata")
            self._capabilities = {
                resource["type"]: frozenset(
                    [
                        *(each["name"] for each in items(resource.get("searchParam"))),
                        *texts(resource.get("searchInclude")),
                        "_search",
                    ]
                )
                for rest in items(statement.get("rest"))
                for resource in items(rest.get("resource"))
            }
        return self._capabilities.get(resource_type, frozenset())

    async def _patient(self, member: VerifiedMember) -> Json:
        """The member's own Patient resource. Raises PartnerUnavailable when it is gone."""
        membership = self._membership(member)
        found = await self._all("Patient", {"_id": membership.patient_id})
        if len(found) != 1:
            raise PartnerUnavailable(self._key, "The member's record was not found.")
        return found[0]

    async def _rest(
        self, member: VerifiedMember, path: str, body: Json, *, once: str | None = None
    ) -> Json | None:
        """Call the partner's own REST about the member; None when nothing was found."""
        identifiers = items((await self._patient(member)).get("identifier")) or [{}]
        member_id = str(identifiers[0].get("value", ""))
        return await self._http.rest(path, {**body, "member_id": member_id}, once=once)

    def _membership(self, member: VerifiedMember) -> Membership:
        membership = member.person.at(self._key)
        if membership is None:
            raise NotVerified("The verification does not open this partner's records.")
        return membership


def _distinct(claims: list[Claim]) -> list[Claim]:
    """Each claim once: a server may hold two records of it that say the same."""
    numbers = Counter(claim.number for claim in claims)
    found: dict[Claim | str, Claim] = {}
    for claim in reversed(claims):
        found[replace(claim, id="") if numbers[claim.number] > 1 else claim.number] = claim
    return list(found.values())


def _plain(number: str) -> str:
    return "".join(character for character in number.upper() if character.isalnum())


def _match_parameters(record: MemberRecord) -> Json:
    """HRex member-match request: the patient as proven, and the coverage to match."""
    patient: Json = {
        "resourceType": "Patient",
        "id": "member",
        "name": [{"family": record.family_name, "given": [record.first_names[0]]}],
    }
    if record.gender:
        patient["gender"] = record.gender
    if record.birth_date:
        patient["birthDate"] = record.birth_date.isoformat()
    covers = {
        "resourceType": "Coverage",
        "id": "coverage",
        "status": "active",
        "beneficiary": {"reference": "Patient/member"},
        "subscriberId": record.member_id,
        "payor": [{"display": "alliance"}],
    }
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "MemberPatient", "resource": patient},
            {"name": "CoverageToMatch", "resource": covers},
        ],
    }
