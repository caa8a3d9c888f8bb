"""Every sample member through every personal intent, against what the companies' files say.

The truth is read raw from the stand-ins, past our own clients. An intent that is added to
`topics.PERSONAL` is walked without a change here: every amount and every date that an answer tells
must stand in the member's own files, no answer may hold a value of somebody else, and no company is
asked that the person does not belong to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from actions.answers.claim_words import facts
from actions.answers.explain_eob import amounts
from actions.answers.question import ClaimWanted, Desk, Named, Question
from actions.answers.topics import PERSONAL, answer
from actions.answers.wording import day, money
from actions.dialogue.intents import intents
from alliance.answer import Answer
from sandbox.population.calendar import Anchor
from sandbox.population.records import Member
from sandbox.population.rendering import member_resources
from sandbox.population.samples import samples
from sandbox.profiles import load_profile
from tests.actions.conftest import Client, person
from tests.actions.test_answers_told import hearable
from tests.sandbox.conftest import TODAY, Backend

Clients = dict[str, Client]
Ids = tuple[tuple[str, str], ...]

_MONEY = re.compile(r"-?\$[\d,]+(?:\.\d\d)?")
_SPOKEN_MONEY = re.compile(r"([\d,]+) dollars?(?: and (\d+) cents?)?")
_HALF_A_YEAR_AGO = TODAY - timedelta(days=183)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = re.compile(rf"\b(?:{_MONTHS}) \d{{1,2}}, \d{{4}}\b")
_CLAIM_NUMBER = re.compile(r"\bCLM-\d{4}-\d{5}\b|\bPA-\d{5}\b")
_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:T|$)")
# What the question needs is given once, so that every intent has something to answer.
_NEEDS = {
    "service": Named("mri", "mri", "service"),
    "drug": Named("atorvastatin", "atorvastatin", "drug"),
    "provider": Named("Dr. Nobody"),
    "claim": ClaimWanted(latest=True),
}
# Amounts of laws and of drug lists: nobody's own, and told with their source.
_PUBLISHED = frozenset({"drug_cost", "drug_coverage", "change_pcp", "fsa_claim"})
# Its coverage and claims are asked in X12 (partners.yml): its answers lack what a 277 has no place
# for, and what they do tell has to be right.
_BACK_OFFICE = "preferred-care"
_OF_TOTALS = frozenset(
    {"deductible_status", "out_of_pocket_status", "cost_estimate", "benefit_covered", "copay_cost"}
    | {"dental_benefits", "vision_benefits", "coordination_of_benefits", "id_card"}
)
# A member's plan may use another company's network where it says so; nothing is read there.
_NAMES_NETWORKS = frozenset(
    {"out_of_area_coverage", "change_pcp", "which_plan_covers_me", "coordination_of_benefits"}
)


@dataclass
class Truth:
    """What the companies' files hold about one person, whatever the resource."""

    amounts: set[Decimal] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    claims: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    # Whether the totals of the plan year could be read raw.
    totals: bool = True

    def learn(self, resource: Any) -> None:
        """Every amount, date and number of a resource."""
        for value in _leaves(resource):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                self.amounts.add(Decimal(str(value)).quantize(Decimal("0.01")))
            elif isinstance(value, str) and (found := _ISO.match(value)):
                self.days.add(date.fromisoformat(found[1]))
            elif isinstance(value, str):
                self.numbers |= set(_CLAIM_NUMBER.findall(value))

    def learn_benefits(self, response: Mapping[str, Any]) -> None:
        """Totals as well as what is left of each: allowed minus used, of the same benefit."""
        self.learn(response)
        for insurance in response.get("insurance") or ():
            for item in insurance.get("item") or ():
                for benefit in item.get("benefit") or ():
                    if "allowedMoney" in benefit and "usedMoney" in benefit:
                        left = _dollars(benefit["allowedMoney"]) - _dollars(benefit["usedMoney"])
                        self.amounts.add(max(left, Decimal(0)))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def _dollars(value: Mapping[str, Any]) -> Decimal:
    return Decimal(str(value["value"])).quantize(Decimal("0.01"))


@cache
def persons() -> tuple[tuple[Ids, tuple[Member, ...]], ...]:
    """The sample people, each with all their records: same name and birth date at two companies
    is one person, as $member-match would find.
    """
    members = [sample.member for sample in samples(Anchor(TODAY))]
    found: dict[tuple[Any, ...], list[Member]] = {}
    for member in members:
        key: tuple[Any, ...] = (member.given, member.family, member.born)
        if any(other.partner == member.partner for other in found.get(key, ())):
            key = (*key, member.member_id)
        found.setdefault(key, []).append(member)
    return tuple(
        (tuple((each.partner, each.member_id) for each in group), tuple(group))
        for group in found.values()
    )


def truth_of(members: tuple[Member, ...], sandboxes: Mapping[str, Backend]) -> Truth:
    """Read raw from the stand-ins, as a partner's own system would show it."""
    truth = Truth()
    for member in members:
        backend = sandboxes[member.partner]
        patient = f"Patient/{member.id}"
        headers = backend.headers()
        in_fhir = member.partner != _BACK_OFFICE
        for resource in _fhir(member, backend) if in_fhir else _records(member):
            truth.learn(resource)
            is_claim = resource.get("use") == "claim"
            if resource["resourceType"] == "ExplanationOfBenefit" and is_claim:
                truth.claims[member.partner, resource["identifier"][0]["value"]] = resource
        truth.totals = truth.totals and in_fhir
        if not in_fhir:
            # Its plan years are calendar years.
            truth.days |= {date(TODAY.year, 1, 1), date(TODAY.year, 12, 31)}
        request = {
            "resourceType": "CoverageEligibilityRequest",
            "status": "active",
            "purpose": ["benefits"],
            "patient": {"reference": patient},
            "created": TODAY.isoformat(),
            "servicedDate": TODAY.isoformat(),
            "insurer": {"display": "x"},
        }
        for asked in (request, request | {"item": _items()}):
            url = f"{backend.root}/fhir/CoverageEligibilityRequest/$submit"
            if in_fhir:
                truth.learn_benefits(backend.http.post(url, json=asked, headers=headers).json())
        for path in ("fsa", "mail-order", "wellness", "disease-management", "maternity"):
            url = f"{backend.root}/rest/{path}"
            body = {"member_id": member.member_id}
            truth.learn(backend.http.post(url, json=body, headers=headers).json())
    return truth


def _fhir(member: Member, backend: Backend) -> Iterator[dict[str, Any]]:
    """What the company's server holds about the member."""
    headers = backend.headers()
    for kind in (
        *("Patient", "Coverage", "ExplanationOfBenefit", "Claim", "ClaimResponse"),
        *("Consent", "RelatedPerson"),
        *(["ServiceRequest"] if load_profile(member.partner).behaviour.referrals else ()),
    ):
        wanted = {"_id": member.id} if kind == "Patient" else {"patient": f"Patient/{member.id}"}
        url = f"{backend.root}/fhir/{kind}/_search"
        bundle = backend.http.post(url, data=wanted | {"_count": "100"}, headers=headers).json()
        assert not any(link["relation"] == "next" for link in bundle["link"])
        yield from (entry["resource"] for entry in bundle.get("entry", ()))


def _records(member: Member) -> Iterator[dict[str, Any]]:
    """What the back office's answers in X12 are made of."""
    yield from member_resources(member, load_profile(member.partner), TODAY)


def _items() -> list[dict[str, Any]]:
    coding = {"system": "http://www.ama-assn.org/go/cpt", "code": "73721"}
    return [{"productOrService": {"coding": [coding]}}]


def question(intent: str) -> Question:
    return Question(intent, "tell me about mine", **_NEEDS)  # type: ignore[arg-type]


def whole(told: Answer) -> str:
    return repr(told.to_json())


def check_amounts(told: Answer, truth: Truth) -> None:
    for said in _MONEY.findall(f"{told.text} {told.cards}"):
        assert Decimal(said.replace("$", "").replace(",", "")) in truth.amounts, (said, told.text)
    for dollars, cents in _SPOKEN_MONEY.findall(told.speech):
        amount = Decimal(dollars.replace(",", "")) + Decimal(cents or 0) / 100
        assert amount in truth.amounts, (amount, told.speech)


def check_days(told: Answer, truth: Truth) -> None:
    known = {day(each) for each in truth.days} | {day(TODAY)}
    for said in _DAY.findall(f"{told.text} {told.speech} {told.cards}"):
        assert said in known, (said, told.text)


def check_strangers(told: Answer, ids: Ids, truth: Truth) -> None:
    """No value of anybody else: names, member IDs, patient ids, claim numbers."""
    everything = whole(told)
    for number in _CLAIM_NUMBER.findall(everything):
        assert number in truth.numbers, number
    own = {member_id for _, member_id in ids}
    mine = next(group for these, group in persons() if these == ids)
    for _, group in persons():
        for other in group:
            if other.member_id in own:
                continue
            assert other.id not in everything
            assert other.member_id not in everything, (other.member_id, told.text)
            names = {other.given, other.family} - {m.given for m in mine} - {m.family for m in mine}
            for name in names:
                assert not re.search(rf"\b{re.escape(name)}\b", told.text), (name, told.text)


def check_companies(told: Answer, ids: Ids, desk: Desk, clients: Clients) -> None:
    """No company is asked, or named as the one that says it, where the person has no record."""
    belongs = {partner for partner, _ in ids}
    for key, client in clients.items():
        if key in belongs:
            continue
        sent = [request for request in client.requests if request.method != "GET"]
        assert all("token" in request.url.path for request in sent), (key, told.intent)
        if told.intent not in _NAMES_NETWORKS:
            assert desk.partners[key].name not in told.text, told.text
    assert {each.partner for each in told.sources} <= {*belongs, "alliance"}


@pytest.mark.parametrize(
    "ids", [pytest.param(ids, id=f"{group[0].given} {ids[0][1]}") for ids, group in persons()]
)
async def test_every_personal_answer(
    clients: Clients, desk: Desk, sandboxes: Mapping[str, Backend], ids: Ids
) -> None:
    members = next(group for these, group in persons() if these == ids)
    truth = truth_of(members, sandboxes)
    verified = await person(clients, *ids, level=2)
    for intent in PERSONAL:
        told = await answer(verified, question(intent), intent, desk)
        assert told.text.strip(), intent
        assert told.speech.strip(), intent
        assert hearable(told.speech), (intent, told.speech)
        if intent not in _PUBLISHED and (truth.totals or intent not in _OF_TOTALS):
            check_amounts(told, truth)
        check_days(told, truth)
        check_strangers(told, ids, truth)
        check_companies(told, ids, desk, clients)
    await check_claims(verified, truth, desk)


def test_every_personal_intent_is_walked() -> None:
    """Whatever the list of intents calls personal has an answer of its own, and is walked."""
    personal = {name for name, intent in intents().items() if "identity" in intent.needs}
    assert personal <= set(PERSONAL)


async def check_claims(verified: Any, truth: Truth, desk: Desk) -> None:
    """Each decided claim by its number: the company's figures to the cent and the day."""
    on_file = {
        (claim.partner, claim.number): claim
        for membership in verified.person.memberships
        for claim in await desk.records.claims(verified, membership.partner)
    }
    for (partner, number), resource in truth.claims.items():
        if resource["status"] == "cancelled" and resource.get("related"):
            continue  # replaced: the claim that counts is walked by itself
        asked = Question("claim_status", claim=ClaimWanted(number=number))
        claim = on_file[partner, number]
        raw = {
            coding["code"]: _dollars(total["amount"])
            for total in resource["total"]
            for coding in total["category"]["coding"]
        }
        told = facts(claim) | amounts(claim)
        expected = {
            "billed": raw["submitted"],
            "member_owes": raw["memberliability"],
            "deductible": raw["deductible"],
            "copay": raw["copay"],
            "coinsurance": raw["coinsurance"],
            "not_covered": raw["noncovered"],
            "paid": _dollars(resource["payment"]["amount"]),
        }
        partial = partner == _BACK_OFFICE
        for name, value in expected.items():
            if told[name] is not None or not partial:
                assert told[name] == f"{value:.2f}", (number, name)
        if told["paid_on"] is not None or not partial:
            assert told["paid_on"] == resource["payment"]["date"]
        # Numbers are a company's own: two companies may both have one, and then both are told.
        alone = sum(other == number for _, other in truth.claims) == 1
        if alone and claim.service_start and claim.service_start > _HALF_A_YEAR_AGO:
            said = await answer(verified, asked, "", desk)
            assert day(date.fromisoformat(resource["item"][0]["servicedDate"])) in said.text
            assert money(raw["submitted"]) in said.text
            owed = claim.member_owes if partial else raw["memberliability"]
            if claim.state != "reversed" and owed:
                assert money(raw["memberliability"]) in said.text
            assert desk.partners[partner].name in said.text


async def test_no_topic_breaks_with_its_company(
    clients: Clients, desk: Desk, sandboxes: Mapping[str, Backend]
) -> None:
    """A company that is down: each topic says something, and none tells an amount."""
    verified = await person(clients, ("mvp", "M10010002"), level=2)
    sandboxes["mvp"].fault(kind="down")
    for intent in PERSONAL:
        told = await answer(verified, question(intent), intent, desk)
        assert told.text.strip(), intent
        assert told.speech.strip(), intent
        if intent not in _PUBLISHED:
            assert not _MONEY.findall(told.text), (intent, told.text)
