"""Invented members as FHIR R4 resources of CARIN Blue Button, PDex and US Core profiles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sandbox.parameters import Json
from sandbox.population.directory import (
    facility_id,
    facility_name,
    payer_id,
    primary_care_doctor,
)
from sandbox.population.places import zip_code
from sandbox.population.plans import Plan, group_name
from sandbox.population.records import (
    OPEN_STATES,
    Authorization,
    Claim,
    Cover,
    Member,
    Referral,
    Share,
    patient_id,
)
from sandbox.profiles import Profile

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
CARIN = "http://hl7.org/fhir/us/carin-bb/"
PDEX = "http://hl7.org/fhir/us/davinci-pdex/"
CARD = "http://hl7.org/fhir/us/insurance-card/"
REVIEW_ACTIONS = "https://codesystem.x12.org/005010/306"
CLAIM_STATUS = "https://x12.org/codes/claim-status-category-codes"
ADJUSTMENT_REASONS = "https://x12.org/codes/claim-adjustment-reason-codes"
PLACES_OF_SERVICE = (
    "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
)

_CLAIM_PROFILE = {
    "professional": "Professional-NonClinician",
    "inpatient": "Inpatient-Institutional",
    "outpatient": "Outpatient-Institutional",
    "pharmacy": "Pharmacy",
    "oral": "Oral",
}
_CLAIM_TYPE = {"inpatient": "institutional", "outpatient": "institutional"}
_CARE_TEAM_ROLES = {
    "professional": (f"{TERMINOLOGY}claimcareteamrole", "primary"),
    "oral": (f"{TERMINOLOGY}claimcareteamrole", "primary"),
    "inpatient": (f"{CARIN}CodeSystem/C4BBClaimCareTeamRole", "performing"),
    "outpatient": (f"{CARIN}CodeSystem/C4BBClaimCareTeamRole", "performing"),
}
_COVERAGE_TYPE = {
    "HMO": ("HMO", "Medical (HMO)"),
    "POS": ("POS", "Medical (HMO/POS)"),
    "PPO": ("PPO", "Medical (PPO)"),
    "Medicare Advantage HMO": ("PUBLICPOL", "Medical (Medicare Advantage HMO)"),
    "Dental PPO": ("DENTPRG", "Dental"),
    "Behavioral": ("MENTPOL", "Behavioral health"),
    "Drug": ("DRUGPOL", "Pharmacy"),
}
_RELATIONSHIP = {"self": "Self", "spouse": "Spouse", "child": "Child"}
# X12 277 status categories of claims that are not adjudicated yet, in our own words.
_OPEN_STATUS = {
    "received": ("A2", "Received, not yet in process"),
    "pending": ("P1", "In process"),
    "information_requested": ("P3", "Waiting for information from the provider"),
}
_REVIEW_WORDS = {"A1": "Approved", "A3": "Not approved", "A4": "Under review"}


def concept(system: str, code: str, text: str | None = None) -> Json:
    value: Json = {"coding": [{"system": system, "code": code}]}
    if text:
        value["text"] = text
    return value


def money(cents: int) -> Json:
    return {"value": cents / 100, "currency": "USD"}


def _period(start: date, end: date | None) -> Json:
    period = {"start": start.isoformat()}
    if end:
        period["end"] = end.isoformat()
    return period


def _meta(day: date, *profiles: str) -> Json:
    return {"lastUpdated": f"{day.isoformat()}T06:00:00Z", "profile": list(profiles)}


def member_resources(member: Member, profile: Profile, today: date) -> Iterator[Json]:
    """Everything that the company has on file for one member."""
    yield patient(member, profile, today)
    for cover in member.covers:
        yield coverage(member, cover, profile, today)
    for claim in member.claims:
        if claim.state in OPEN_STATES:
            yield from open_claim(member, claim, profile)
        else:
            yield explanation_of_benefit(member, claim, profile)
    for authorization in member.authorizations:
        yield prior_authorization(member, authorization, profile)
    for referral in member.referrals:
        yield service_request(member, referral, profile)
    yield from _permissions(member, today)


def patient(member: Member, profile: Profile, today: date) -> Json:
    resource: Json = {
        "resourceType": "Patient",
        "id": member.id,
        "meta": _meta(today, f"{CARIN}StructureDefinition/C4BB-Patient"),
        "identifier": [
            {
                "type": concept(f"{TERMINOLOGY}v2-0203", "MB"),
                "system": profile.member_system,
                "value": member.member_id,
            }
        ],
        "active": True,
        "name": [{"use": "official", "family": member.family, "given": [member.given]}],
        "telecom": list(_telecom(member)),
        "gender": member.gender,
        "birthDate": member.born.isoformat(),
        "address": [_address(member.street, member.zip, "home")],
    }
    if member.former_zip and member.moved:
        old = _address("9 Former Sample Road", member.former_zip, "old")
        resource["address"].append({**old, "period": {"end": member.moved.isoformat()}})
        resource["address"][0]["period"] = {"start": member.moved.isoformat()}
    if any(cover.plan.referral and cover.covers(today) for cover in member.covers):
        digits = int("".join(filter(str.isdigit, member.member_id)))
        doctor = primary_care_doctor(profile, zip_code(member.zip), digits)
        resource["generalPractitioner"] = [
            {
                "reference": f"Practitioner/practitioner-{doctor.npi}",
                "display": f"{doctor.given} {doctor.family}",
            }
        ]
    if member.language:
        resource["communication"] = [
            {"language": concept("urn:ietf:bcp:47", member.language), "preferred": True}
        ]
    return resource


def _telecom(member: Member) -> Iterator[Json]:
    since = {"period": {"start": member.contacts_since.isoformat()}}
    yield {"system": "phone", "value": member.phone, "use": member.phone_use, "rank": 1, **since}
    if member.email:
        yield {"system": "email", "value": member.email, "rank": 2, **since}


def _address(street: str, code: str, use: str) -> Json:
    place = zip_code(code)
    return {
        "use": use,
        "type": "physical",
        "line": [street],
        "city": place.city,
        "state": place.state,
        "postalCode": code,
        "country": "US",
    }


def coverage_id(member: Member, cover: Cover) -> str:
    return f"{member.id}-{cover.key}"


def coverage(member: Member, cover: Cover, profile: Profile, today: date) -> Json:
    """A C4BB Coverage that is a C4DIC digital card as well."""
    subscriber = cover.subscriber or member.member_id
    subscriber_reference = f"Patient/{patient_id(member.partner, subscriber)}"
    code, text = _COVERAGE_TYPE[cover.plan.product]
    classes = f"{TERMINOLOGY}coverage-class"
    drug_card = (
        [("rxbin", "000555"), ("rxpcn", "SAMPLE"), ("rxgroup", f"RX{cover.plan.id}")]
        if cover.plan.line == "medical"
        else []
    )
    return {
        "resourceType": "Coverage",
        "id": coverage_id(member, cover),
        "meta": _meta(
            today,
            f"{CARIN}StructureDefinition/C4BB-Coverage",
            f"{CARD}StructureDefinition/C4DIC-Coverage",
        ),
        "identifier": [
            {
                "type": concept(f"{TERMINOLOGY}v2-0203", "MB"),
                "system": profile.member_system,
                "value": member.member_id,
            }
        ],
        "status": cover.status,
        "type": concept(f"{TERMINOLOGY}v3-ActCode", code, text),
        "policyHolder": {"reference": subscriber_reference},
        "subscriber": {"reference": subscriber_reference},
        "subscriberId": subscriber,
        "beneficiary": {"reference": f"Patient/{member.id}"},
        "relationship": concept(
            f"{TERMINOLOGY}subscriber-relationship",
            cover.relationship,
            _RELATIONSHIP[cover.relationship],
        ),
        "period": _period(cover.start, cover.end),
        "payor": [{"reference": f"Organization/{payer_id(profile)}", "display": profile.name}],
        "class": [
            {
                "type": concept(classes, "group", "Employer group"),
                "value": cover.group,
                "name": group_name(member.partner, cover.group),
            },
            {
                "type": concept(classes, "plan", "Plan"),
                "value": cover.plan.id,
                "name": cover.plan.name,
            },
            {
                "type": concept(
                    f"{CARD}CodeSystem/C4DICExtendedCoverageClassCS", "network", "Network"
                ),
                "value": profile.network,
                "name": profile.network_name,
            },
            *({"type": concept(classes, kind), "value": value} for kind, value in drug_card),
        ],
        "order": cover.order,
        "network": profile.network_name,
        "costToBeneficiary": _costs(cover.plan),
    }


def _costs(plan: Plan) -> list[Json]:
    extended = f"{CARD}CodeSystem/C4DICExtendedCopayTypeCS"
    standard = f"{TERMINOLOGY}coverage-copay-type"
    amounts = [
        (standard, "gpvisit", "Primary care visit", plan.primary_copay),
        (standard, "spvisit", "Specialist visit", plan.specialist_copay),
        (standard, "urgentcare", "Urgent care visit", plan.urgent_copay),
        (standard, "emergency", "Emergency room visit", plan.emergency_copay),
        (extended, "IndInDed", "Deductible, one person, in network", plan.deductible),
        (extended, "FamInDed", "Deductible, family, in network", plan.family_deductible),
        (extended, "IndInMax", "Out-of-pocket limit, one person", plan.out_of_pocket),
        (extended, "FamInMax", "Out-of-pocket limit, family", plan.family_out_of_pocket),
        (extended, "IndOutDed", "Deductible, one person, out of network", plan.out_deductible),
        (extended, "FamOutDed", "Deductible, family, out of network", plan.family_out_deductible),
        (extended, "IndOutMax", "Limit, one person, out of network", plan.out_out_of_pocket),
        (extended, "FamOutMax", "Limit, family, out of network", plan.family_out_out_of_pocket),
    ]
    costs = [
        {"type": concept(system, code, text), "valueMoney": money(cents)}
        for system, code, text, cents in amounts
        if cents
    ]
    if plan.coinsurance:
        costs.append(
            {
                "type": concept(standard, "copaypct", "Coinsurance, in network"),
                "valueQuantity": {"value": plan.coinsurance, "unit": "%"},
            }
        )
    return costs


def _claim_identifier(claim: Claim, profile: Profile) -> Json:
    return {
        "type": concept(f"{CARIN}CodeSystem/C4BBIdentifierType", "uc"),
        "system": f"{profile.base}/claim-number",
        "value": claim.number,
    }


def _security(claim: Claim) -> list[Json]:
    if not claim.sensitive:
        return []
    labels = [{"system": f"{TERMINOLOGY}v3-Confidentiality", "code": "R"}]
    return labels + [{"system": f"{TERMINOLOGY}v3-ActCode", "code": c} for c in claim.sensitive]


def explanation_of_benefit(member: Member, claim: Claim, profile: Profile) -> Json:
    """An adjudicated claim. A reversed or replaced one is `cancelled`."""
    first = claim.shares[0].service
    decided = claim.decided or claim.received
    provider = _provider(claim, profile)
    meta = _meta(
        decided,
        f"{CARIN}StructureDefinition/C4BB-ExplanationOfBenefit-{_CLAIM_PROFILE[first.kind]}",
    )
    if _security(claim):
        meta["security"] = _security(claim)
    resource: Json = {
        "resourceType": "ExplanationOfBenefit",
        "id": _claim_id(member, claim),
        "meta": meta,
        "identifier": [_claim_identifier(claim, profile)],
        "status": "cancelled" if claim.state == "reversed" or claim.replaced_by else "active",
        "type": concept(f"{TERMINOLOGY}claim-type", _CLAIM_TYPE.get(first.kind, first.kind)),
        "use": "claim",
        "patient": {"reference": f"Patient/{member.id}"},
        "billablePeriod": _period(claim.served, claim.served),
        "created": decided.isoformat(),
        "insurer": {"reference": f"Organization/{payer_id(profile)}", "display": profile.name},
        "provider": provider,
        "outcome": "complete",
        "payee": {"type": concept(f"{TERMINOLOGY}payeetype", "provider"), "party": provider},
        "supportingInfo": _supporting_information(claim),
        "diagnosis": [
            {
                "sequence": 1,
                "diagnosisCodeableConcept": concept(
                    "http://hl7.org/fhir/sid/icd-10-cm", first.diagnosis
                ),
                "type": [concept(f"{TERMINOLOGY}ex-diagnosistype", "principal")],
            }
        ],
        "insurance": [
            {
                "focal": True,
                "coverage": {"reference": f"Coverage/{coverage_id(member, claim.cover)}"},
            }
        ],
        "item": [
            _item(number, share, claim, first.place)
            for number, share in enumerate(claim.shares, start=1)
        ],
        "adjudication": _header_adjudication(claim, pharmacy=first.kind == "pharmacy"),
        "total": _totals(claim.shares),
        "payment": _payment(claim),
    }
    if first.kind in ("inpatient", "outpatient"):
        resource["subType"] = concept(
            f"{CARIN}CodeSystem/C4BBInstitutionalClaimSubType", first.kind
        )
    if first.kind in _CARE_TEAM_ROLES:
        system, code = _CARE_TEAM_ROLES[first.kind]
        resource["careTeam"] = [
            {"sequence": 1, "provider": provider, "role": concept(system, code)}
        ]
    if claim.note:
        resource["processNote"] = [{"number": 1, "type": "display", "text": claim.note}]
    related = [(claim.prior, "prior"), (claim.replaced_by, "replacedby")]
    links = [
        {
            "relationship": concept(f"{CARIN}CodeSystem/C4BBRelatedClaimRelationshipCodes", code),
            "reference": {"system": f"{profile.base}/claim-number", "value": number},
        }
        for number, code in related
        if number
    ]
    return {**resource, "related": links} if links else resource


def _supporting_information(claim: Claim) -> list[Json]:
    """When the claim came in, and what the profile of its kind wants besides."""
    entries: list[Json] = [_information("clmrecvddate", timingDate=claim.received.isoformat())]
    kind = claim.shares[0].service.kind
    if kind == "inpatient":
        stay = _period(claim.served, claim.served)
        entries.append(_information("admissionperiod", timingPeriod=stay))
    elif kind == "pharmacy":
        entries.append(_information("dayssupply", valueQuantity={"value": 30}))
        entries.append(_information("refillnum", valueQuantity={"value": 0}))
    return [{"sequence": number, **entry} for number, entry in enumerate(entries, start=1)]


def _information(code: str, **value: object) -> Json:
    return {"category": concept(f"{CARIN}CodeSystem/C4BBSupportingInfoType", code), **value}


def _claim_id(member: Member, claim: Claim) -> str:
    return f"{member.id}-{claim.number.lower()}"


def _provider(claim: Claim, profile: Profile) -> Json:
    kind = claim.shares[0].service.facility
    return {
        "reference": f"Organization/{facility_id(profile, claim.city, kind)}",
        "display": facility_name(claim.city, kind),
    }


def _item(number: int, share: Share, claim: Claim, place: str) -> Json:
    service = share.service
    item: Json = {
        "sequence": number,
        "diagnosisSequence": [1],
        "productOrService": concept(service.system, service.code, service.text),
        "servicedDate": claim.served.isoformat(),
        "locationCodeableConcept": concept(PLACES_OF_SERVICE, place),
        "adjudication": _amounts((share,)),
    }
    if service.kind in ("inpatient", "outpatient"):
        item["revenue"] = concept("https://www.nubc.org/CodeSystem/RevenueCodes", "0500")
    if claim.note and share.not_covered:
        item["noteNumber"] = [1]
    return item


def _amounts(shares: tuple[Share, ...]) -> list[Json]:
    standard, carin = f"{TERMINOLOGY}adjudication", f"{CARIN}CodeSystem/C4BBAdjudication"
    eligible = sum(share.allowed - share.not_covered for share in shares)
    figures = [
        (standard, "submitted", "Billed", sum(share.billed for share in shares)),
        (standard, "eligible", "Allowed", eligible),
        (standard, "deductible", "Deductible", sum(share.deductible for share in shares)),
        (standard, "copay", "Copay", sum(share.copay for share in shares)),
        (carin, "coinsurance", "Coinsurance", sum(share.coinsurance for share in shares)),
        (carin, "noncovered", "Not covered", sum(share.not_covered for share in shares)),
        (carin, "discount", "Discount", sum(share.billed - share.allowed for share in shares)),
        (standard, "benefit", "Plan's part", sum(share.paid for share in shares)),
        (carin, "paidtoprovider", "Paid to the provider", sum(share.paid for share in shares)),
        (carin, "memberliability", "You may owe", sum(share.liability for share in shares)),
    ]
    return [
        {"category": concept(system, code, text), "amount": money(cents)}
        for system, code, text, cents in figures
    ]


def _totals(shares: tuple[Share, ...]) -> list[Json]:
    return _amounts(shares)


def _header_adjudication(claim: Claim, *, pharmacy: bool) -> list[Json]:
    discriminator = f"{CARIN}CodeSystem/C4BBAdjudicationDiscriminator"
    status = f"{CARIN}CodeSystem/C4BBPayerAdjudicationStatus"
    network = "innetwork" if claim.in_network else "outofnetwork"
    entries = [
        {
            "category": concept(discriminator, code),
            "reason": concept(status, network),
        }
        for code in ("billingnetworkstatus", "renderingnetworkstatus", "benefitpaymentstatus")
    ]
    if claim.reason:
        code = "rejectreason" if pharmacy else "adjustmentreason"
        entries.append(
            {
                "category": concept(discriminator, code),
                "reason": concept(ADJUSTMENT_REASONS, claim.reason, claim.note),
            }
        )
    return entries


def _payment(claim: Claim) -> Json:
    code = {"denied": "denied", "reversed": "denied", "partly_paid": "partiallypaid"}.get(
        claim.state, "paid"
    )
    payment: Json = {
        "type": concept(f"{CARIN}CodeSystem/C4BBPayerClaimPaymentStatusCode", code),
        "amount": money(claim.paid),
    }
    if claim.decided:
        payment["date"] = claim.decided.isoformat()
    return payment


def open_claim(member: Member, claim: Claim, profile: Profile) -> Iterator[Json]:
    """A claim that is not adjudicated: the Claim and the queued ClaimResponse."""
    first = claim.shares[0].service
    category, words = _OPEN_STATUS[claim.state]
    claim_id = _claim_id(member, claim)
    claim_type = concept(f"{TERMINOLOGY}claim-type", _CLAIM_TYPE.get(first.kind, first.kind))
    insurer = {"reference": f"Organization/{payer_id(profile)}", "display": profile.name}
    security = {"security": _security(claim)} if claim.sensitive else {}
    yield {
        "resourceType": "Claim",
        "id": claim_id,
        "meta": {"lastUpdated": f"{claim.received.isoformat()}T06:00:00Z", **security},
        "identifier": [_claim_identifier(claim, profile)],
        "status": "active",
        "type": claim_type,
        "use": "claim",
        "patient": {"reference": f"Patient/{member.id}"},
        "billablePeriod": _period(claim.served, claim.served),
        "created": claim.received.isoformat(),
        "insurer": insurer,
        "provider": _provider(claim, profile),
        "priority": concept(f"{TERMINOLOGY}processpriority", "normal"),
        "insurance": [
            {
                "sequence": 1,
                "focal": True,
                "coverage": {"reference": f"Coverage/{coverage_id(member, claim.cover)}"},
            }
        ],
        "item": [
            {
                "sequence": number,
                "productOrService": concept(
                    share.service.system, share.service.code, share.service.text
                ),
                "servicedDate": claim.served.isoformat(),
                "net": money(share.billed),
            }
            for number, share in enumerate(claim.shares, start=1)
        ],
        "total": money(claim.billed),
    }
    response: Json = {
        "resourceType": "ClaimResponse",
        "id": claim_id,
        "meta": {"lastUpdated": f"{claim.received.isoformat()}T06:00:00Z", **security},
        "identifier": [_claim_identifier(claim, profile)],
        "status": "active",
        "type": claim_type,
        "use": "claim",
        "patient": {"reference": f"Patient/{member.id}"},
        "created": claim.received.isoformat(),
        "insurer": insurer,
        "request": {"reference": f"Claim/{claim_id}"},
        "outcome": "queued",
        "disposition": words,
        "adjudication": [
            {
                "category": concept(f"{TERMINOLOGY}adjudication", "submitted", "Billed"),
                "reason": concept(CLAIM_STATUS, category, words),
                "amount": money(claim.billed),
            }
        ],
    }
    if claim.note:
        response["processNote"] = [{"number": 1, "type": "display", "text": claim.note}]
    yield response


def prior_authorization(member: Member, item: Authorization, profile: Profile) -> Json:
    """A PDex prior authorization. Its state is the review action and never `outcome`."""
    insurer = {"reference": f"Organization/{payer_id(profile)}", "display": profile.name}
    service = item.service
    action = {
        "url": f"{PDEX}StructureDefinition/extension-reviewAction",
        "extension": [
            {"url": "number", "valueString": item.number},
            {
                "url": f"{PDEX}StructureDefinition/extension-reviewActionCode",
                "valueCodeableConcept": concept(
                    REVIEW_ACTIONS, item.action, _REVIEW_WORDS[item.action]
                ),
            },
        ],
    }
    resource: Json = {
        "resourceType": "ExplanationOfBenefit",
        "id": f"{member.id}-{item.number.lower()}",
        "meta": _meta(
            item.decided or item.requested,
            f"{PDEX}StructureDefinition/pdex-priorauthorization",
        ),
        "identifier": [{"system": f"{profile.base}/authorization-number", "value": item.number}],
        "status": "active",
        "type": concept(f"{TERMINOLOGY}claim-type", _CLAIM_TYPE.get(service.kind, service.kind)),
        "use": "preauthorization",
        "patient": {"reference": f"Patient/{member.id}"},
        "created": item.requested.isoformat(),
        "insurer": insurer,
        "provider": {
            "reference": f"Organization/{facility_id(profile, item.city, service.facility)}",
            "display": facility_name(item.city, service.facility),
        },
        "priority": concept(f"{TERMINOLOGY}processpriority", "normal"),
        "preAuthRef": [item.number],
        # Both appear in the wild whatever was decided; only the review action counts.
        "outcome": "queued" if item.action == "A1" else "complete",
        "insurance": [
            {
                "focal": True,
                "coverage": {"reference": f"Coverage/{coverage_id(member, item.cover)}"},
            }
        ],
        "item": [
            {
                "sequence": 1,
                "productOrService": concept(service.system, service.code, item.text),
                "quantity": {"value": item.units},
                "adjudication": [
                    {
                        "extension": [action],
                        "category": concept(f"{TERMINOLOGY}adjudication", "submitted"),
                        "amount": money(service.billed),
                    }
                ],
            }
        ],
        "total": [
            _units("eligible", item.units, "Units approved"),
            _units("consumed", item.used, "Units used"),
        ],
    }
    if item.start:
        period = _period(item.start, item.end)
        resource["preAuthRefPeriod"] = [period]
        resource["item"][0]["servicedPeriod"] = period
    return resource


def service_request(member: Member, item: Referral, profile: Profile) -> Json:
    """A referral on file, as US Core has it."""
    return {
        "resourceType": "ServiceRequest",
        "id": f"{member.id}-{item.number.lower()}",
        "meta": _meta(
            item.start, "http://hl7.org/fhir/us/core/StructureDefinition/us-core-servicerequest"
        ),
        "identifier": [{"system": f"{profile.base}/referral-number", "value": item.number}],
        "status": item.state,
        "intent": "order",
        "category": [concept("http://snomed.info/sct", "3457005", "Patient referral")],
        "code": {"text": item.text},
        "subject": {"reference": f"Patient/{member.id}"},
        "occurrencePeriod": _period(item.start, item.end),
        "authoredOn": item.start.isoformat(),
        "performer": [{"display": item.to}],
        "quantityQuantity": {"value": item.visits},
    }


def _units(code: str, count: int, text: str) -> Json:
    values = f"{PDEX}CodeSystem/PriorAuthorizationValueCodes"
    return {
        "extension": [
            {
                "url": f"{PDEX}StructureDefinition/PriorAuthorizationUtilization",
                "valueQuantity": {"value": count},
            }
        ],
        "category": concept(values, code, text),
        "amount": money(0),
    }


def _permissions(member: Member, today: date) -> Iterator[Json]:
    """A request for confidential communication, and a representative on file."""
    reference = {"reference": f"Patient/{member.id}"}
    if member.confidential_from:
        yield _consent(
            member,
            "confidential",
            today,
            {
                "type": "deny",
                "actor": [
                    {
                        "role": concept(f"{TERMINOLOGY}v3-ParticipationType", "IRCP"),
                        "reference": {
                            "reference": "Patient/"
                            + patient_id(member.partner, member.confidential_from)
                        },
                    }
                ],
            },
        )
    if member.representative:
        person = member.representative
        related = f"{member.id}-representative"
        yield {
            "resourceType": "RelatedPerson",
            "id": related,
            "meta": _meta(
                today, "http://hl7.org/fhir/us/carin-bb/StructureDefinition/C4BB-RelatedPerson"
            ),
            "active": True,
            "patient": reference,
            "relationship": [concept(f"{TERMINOLOGY}v3-RoleCode", "HPOWATT", person.relationship)],
            "name": [{"family": person.family, "given": [person.given]}],
            "telecom": [{"system": "phone", "value": "555-0199"}],
            "period": {"start": person.since.isoformat()},
        }
        yield _consent(
            member,
            "representative",
            person.since,
            {
                "type": "permit",
                "period": {"start": person.since.isoformat()},
                "actor": [
                    {
                        "role": concept(f"{TERMINOLOGY}v3-RoleCode", "HPOWATT"),
                        "reference": {"reference": f"RelatedPerson/{related}"},
                    }
                ],
            },
        )


def _consent(member: Member, name: str, day: date, provision: dict[str, Any]) -> Json:
    return {
        "resourceType": "Consent",
        "id": f"{member.id}-{name}",
        "meta": {"lastUpdated": f"{day.isoformat()}T06:00:00Z"},
        "status": "active",
        "scope": concept(f"{TERMINOLOGY}consentscope", "patient-privacy"),
        "category": [concept(f"{TERMINOLOGY}v3-ActCode", "IDSCL")],
        "patient": {"reference": f"Patient/{member.id}"},
        "dateTime": day.isoformat(),
        "policyRule": {
            "text": {
                "confidential": "Request for confidential communication",
                "representative": "Personal representative on file",
            }[name]
        },
        "provision": provision,
    }
