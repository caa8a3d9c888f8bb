"""Services that claims are made of, in plain words of our own. Amounts in cents.

Codes are real ones in the systems that claims use; their owners' descriptions are not repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["professional", "inpatient", "outpatient", "pharmacy", "oral"]
Facility = Literal["clinic", "hospital", "urgent", "lab", "pharmacy", "dental", "behavioral"]
Share = Literal["primary", "specialist", "urgent", "emergency", "deductible", "drug", "none"]

CPT = "http://www.ama-assn.org/go/cpt"
NDC = "http://hl7.org/fhir/sid/ndc"
CDT = "http://www.ada.org/cdt"


@dataclass(frozen=True)
class Service:
    """`share` says what the member pays by the plan: a copay, deductible and coinsurance, ..."""

    key: str
    text: str
    kind: Kind
    system: str
    code: str
    facility: Facility
    share: Share
    billed: int
    allowed: int
    diagnosis: str
    place: str


SERVICES = {
    service.key: service
    for service in (
        Service("office", "Office visit with a primary care doctor", "professional", CPT, "99213",
                "clinic", "primary", 24_000, 16_500, "Z00.00", "11"),
        Service("specialist", "Office visit with a specialist", "professional", CPT, "99214",
                "clinic", "specialist", 32_500, 21_000, "R07.9", "11"),
        Service("checkup", "Yearly check-up", "professional", CPT, "99396",
                "clinic", "none", 29_000, 19_800, "Z00.00", "11"),
        Service("flu-shot", "Flu shot", "professional", CPT, "90686",
                "clinic", "none", 6_500, 4_200, "Z23", "11"),
        Service("therapy", "Physical therapy session", "professional", CPT, "97110",
                "clinic", "specialist", 18_000, 11_200, "M54.50", "11"),
        Service("lab", "Blood tests", "professional", CPT, "80053",
                "lab", "deductible", 14_800, 6_400, "E11.9", "81"),
        Service("x-ray", "X-ray of the wrist", "outpatient", CPT, "73110",
                "hospital", "deductible", 42_000, 23_500, "S63.501A", "22"),
        Service("mri", "MRI scan of the knee", "outpatient", CPT, "73721",
                "hospital", "deductible", 218_000, 98_000, "M25.561", "22"),
        Service("urgent", "Urgent care visit", "professional", CPT, "99203",
                "urgent", "urgent", 27_500, 18_000, "J02.9", "20"),
        Service("emergency", "Emergency room visit", "outpatient", CPT, "99284",
                "hospital", "emergency", 234_000, 121_000, "R10.9", "23"),
        Service("emergency-doctor", "Emergency room doctor", "professional", CPT, "99284",
                "clinic", "none", 61_000, 28_400, "R10.9", "23"),
        Service("hospital-stay", "Hospital stay of two days", "inpatient", CPT, "99223",
                "hospital", "deductible", 1_480_000, 842_000, "J18.9", "21"),
        Service("surgery", "Outpatient knee surgery", "outpatient", CPT, "29881",
                "hospital", "deductible", 920_000, 486_000, "S83.241A", "22"),
        Service("inhaler", "Inhaler, 30-day supply", "pharmacy", NDC, "00000-0001-01",
                "pharmacy", "drug", 8_900, 6_200, "J45.909", "01"),
        Service("statin", "Cholesterol tablets, 30-day supply", "pharmacy", NDC, "00000-0002-01",
                "pharmacy", "drug", 4_200, 1_800, "E78.5", "01"),
        Service("insulin", "Insulin, 30-day supply", "pharmacy", NDC, "00000-0003-01",
                "pharmacy", "drug", 31_000, 24_500, "E11.9", "01"),
        Service("counseling", "Counseling session", "professional", CPT, "90834",
                "behavioral", "primary", 19_500, 13_000, "F41.1", "11"),
        Service("recovery", "Substance use treatment visit", "professional", CPT, "99408",
                "behavioral", "primary", 21_000, 14_000, "F10.20", "11"),
        Service("reproductive", "Confidential reproductive health visit", "professional", CPT,
                "99212", "clinic", "none", 16_000, 11_000, "Z30.09", "11"),
        Service("cleaning", "Dental cleaning and check", "oral", CDT, "D1110",
                "dental", "none", 13_500, 9_800, "Z01.20", "11"),
        Service("filling", "Dental filling", "oral", CDT, "D2392",
                "dental", "deductible", 26_000, 17_500, "K02.9", "11"),
        Service("delivery", "Delivery and newborn care", "inpatient", CPT, "59400",
                "hospital", "deductible", 1_240_000, 718_000, "O80", "21"),
    )
}  # fmt: skip
