"""Drugs, mail orders, spending accounts, programs and the primary care doctor, as members hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.answers.question import Desk, Named, Question
from actions.answers.topics import answer
from actions.audit_log import SqlAuditLog
from actions.partners.formulary import drug_score, split_title
from actions.partners.rest_services import (
    enrolment,
    mail_service,
    programmes,
    spending_accounts,
)
from actions.records import MemberRecords
from actions.services import Services
from alliance.answer import Answer
from alliance.clock import Clock
from alliance.errors import NotVerified
from alliance.gazetteer import locate
from alliance.partners import Partners
from alliance.turn import TurnContext
from alliance.verified import Actor, VerifiedMember
from sandbox.population.directory import Provider, primary_care_doctor, providers
from sandbox.population.formulary import DRUGS, TIER_COPAYS
from sandbox.population.places import zip_code
from sandbox.profiles import load_profile
from tests.actions.conftest import Client, person
from tests.actions.test_answers_told import hearable
from tests.sandbox.conftest import PARTNERS, Backend

Clients = dict[str, Client]
Sandboxes = Mapping[str, Backend]
MEMBERS = {"cigna": "U10010001", "mvp": "M10010002", "preferred-care": "P10010003"}


async def member(clients: Clients, partner: str, member_id: str = "") -> VerifiedMember:
    return await person(clients, (partner, member_id or MEMBERS[partner]), level=2)


async def told(who: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    given = await answer(who, question, "", desk)
    assert hearable(given.speech)
    assert given.text
    return given


def about(drug: str, intent: str = "drug_coverage", key: str | None = None) -> Question:
    return Question(intent, drug=Named(drug, key, "drug"))


class TestDrugs:
    @pytest.mark.parametrize("partner", PARTNERS)
    @pytest.mark.parametrize("drug", DRUGS, ids=lambda drug: drug.name)
    async def test_every_drug_of_the_list(
        self, clients: Clients, desk: Desk, partner: str, drug: object
    ) -> None:
        listed = next(each for each in DRUGS if each == drug)
        who = await member(clients, partner)
        given = await told(who, about(listed.name, "drug_cost"), desk)
        if partner in listed.missing:
            assert given.facts["drugs"] == []
            assert "not a final no" in given.text or "Did you mean" in given.text
            return
        first = given.facts["drugs"][0]
        assert first["tier"] == listed.tier
        assert first["prior_authorization"] is ("p" in listed.rules)
        assert first["step_therapy"] is ("s" in listed.rules)
        assert first["quantity_limit"] is ("q" in listed.rules)
        assert given.facts["costs"] == [f"{TIER_COPAYS[listed.tier]}.00"]
        assert f"You pay ${TIER_COPAYS[listed.tier]}.00" in given.text

    async def test_a_brand_is_told_with_the_list_s_own_name(
        self, clients: Clients, desk: Desk
    ) -> None:
        given = await told(await member(clients, "cigna"), about("Ozempic"), desk)
        assert "Ozempic (semaglutide 1 mg injection pen)" in given.text
        assert "prior approval" in given.text
        assert "not a promise of payment" in given.text

    async def test_a_brand_with_a_generic(self, clients: Clients, desk: Desk) -> None:
        given = await told(await member(clients, "mvp"), about("lipitor"), desk)
        assert "also has a generic: atorvastatin" in given.text

    async def test_the_recogniser_s_word_by_its_key(self, clients: Clients, desk: Desk) -> None:
        given = await told(await member(clients, "cigna"), about("oh zempic", key="Ozempic"), desk)
        assert given.facts["drugs"][0]["id"] == "semaglutide"

    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ("metphormin", "metformin"),
            ("lysinopril", "lisinopril"),
            ("atorvastatine", "atorvastatin"),
            ("certraline", "sertraline"),
            ("insulin", "insulin glargine or insulin lispro"),
        ],
    )
    async def test_a_near_name_is_asked_about_never_assumed(
        self, clients: Clients, desk: Desk, said: str, meant: str
    ) -> None:
        given = await told(await member(clients, "mvp"), about(said), desk)
        assert given.kind == "question"
        assert f"Did you mean {meant}?" in given.text
        assert "drugs" not in given.facts

    @pytest.mark.parametrize("said", ["hydralazine", "hydroxyzine", "blood thinner", "zzz", "?"])
    async def test_another_drug_is_not_told_as_this_one(
        self, clients: Clients, desk: Desk, said: str
    ) -> None:
        given = await told(await member(clients, "mvp"), about(said), desk)
        assert "is on MVP" not in given.text

    async def test_the_formulary_hears_nothing_of_the_member(
        self, clients: Clients, desk: Desk
    ) -> None:
        who = await member(clients, "mvp")
        await told(who, about("metformin"), desk)
        for path in ("/InsurancePlan", "/MedicationKnowledge", "/Basic"):
            sent = clients["mvp"].sent(path)
            assert sent, path
            for request in sent:
                assert "Authorization" not in request.headers
                assert who.person.home.patient_id not in str(request.url)

    async def test_the_list_is_down(
        self, clients: Clients, desk: Desk, sandboxes: Sandboxes
    ) -> None:
        who = await member(clients, "mvp")
        sandboxes["mvp"].fault(kind="down", resource="MedicationKnowledge")
        given = await told(who, about("metformin"), desk)
        assert "could not reach MVP Health Care's drug list" in given.text

    @pytest.mark.parametrize("intent", ["drug_coverage", "drug_cost", "change_pcp"])
    async def test_level_1_does_not_open_it(
        self, clients: Clients, desk: Desk, intent: str
    ) -> None:
        who = replace(await member(clients, "mvp"), level=1)
        given = await answer(who, about("metformin", intent), "", desk)
        assert "metformin" not in given.text.lower()

    @given(st.text(max_size=40))
    def test_whatever_the_name(self, said: str) -> None:
        assert 0 <= drug_score(said, ("metformin", "Glucophage")) <= 100
        name, _, brand = split_title(said)
        assert all(word in said for word in (*name.split(), *(brand or "").split()))

    @pytest.mark.parametrize(
        ("title", "name", "brand"),
        [
            ("insulin glargine 100 units/mL injection pen", "insulin glargine", None),
            ("metformin 500 mg oral tablet", "metformin", None),
            ("acetaminophen", "acetaminophen", None),
            ("fluticasone with salmeterol 250 mcg / 50 mcg inhaler", "fluticasone with salmeterol",
             None),
            ("acetaminophen 325 MG / oxycodone hydrochloride 5 MG Oral Tablet [Percocet]",
             "acetaminophen / oxycodone hydrochloride", "Percocet"),
            ("{21 (ethinyl estradiol 0.03 MG) / 7 (inert 1 MG) } Pack [Levlen 28 Day]",
             "Levlen 28 Day", "Levlen 28 Day"),
        ],
    )  # fmt: skip
    def test_names_and_brands(self, title: str, name: str, brand: str | None) -> None:
        found, _, branded = split_title(title)
        assert (found, branded) == (name, brand)

    def test_a_part_of_a_drug_is_not_the_drug(self) -> None:
        assert drug_score("acetaminophen", ("acetaminophen / oxycodone", "Percocet")) < 100


class TestMailOrders:
    async def test_an_order_on_its_way(self, clients: Clients, desk: Desk) -> None:
        given = await told(await member(clients, "mvp"), Question("mail_order_pharmacy"), desk)
        assert "lisinopril 10 mg oral tablet" in given.text
        assert "shipped on November 21, 2026" in given.text
        assert "expected on November 26, 2026" in given.text
        assert "3 refills left" in given.text

    async def test_no_order(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "mvp", "M10010005")
        given = await told(who, Question("mail_order_pharmacy"), desk)
        assert "I see no order of yours at MVP Health Care's mail pharmacy" in given.text

    async def test_the_company_is_down(
        self, clients: Clients, desk: Desk, sandboxes: Sandboxes
    ) -> None:
        who = await member(clients, "mvp")
        sandboxes["mvp"].fault(kind="down")
        given = await told(who, Question("mail_order_pharmacy"), desk)
        assert "I could not reach MVP Health Care" in given.text


class TestSpendingAccounts:
    async def test_what_is_left_and_until_when(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "mvp", "M10010038")
        given = await told(who, Question("fsa_balance"), desk)
        assert "$1,160.00 left of $1,800.00" in given.text
        assert "Care up to March 15, 2027 (a grace period) counts." in given.text
        assert "Claims are taken until March 31, 2027." in given.text
        assert "1,160 dollars" in given.speech

    async def test_last_year_is_told_when_asked(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "mvp", "M10010038")
        for text in ("what about last year", "my 2025 fsa"):
            given = await told(who, Question("fsa_balance", text), desk)
            assert "$175.00 was not used in time" in given.text
            assert "1,160" not in given.text

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("my hsa balance", "your bank tells it"),
            ("how much is in my H.R.A.", "ask your employer"),
            ("my dependent care account", "separate from a health FSA"),
        ],
    )
    async def test_its_neighbours_are_told_apart(
        self, clients: Clients, desk: Desk, text: str, words: str
    ) -> None:
        for partner, member_id in (("mvp", "M10010038"), ("mvp", "M10010005")):
            who = await member(clients, partner, member_id)
            assert words in (await told(who, Question("fsa_balance", text), desk)).text

    async def test_none(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "mvp", "M10010005")
        given = await told(who, Question("fsa_balance"), desk)
        assert "MVP Health Care shows no flexible spending account" in given.text

    async def test_getting_money_out(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "mvp", "M10010038")
        given = await told(who, Question("fsa_claim"), desk)
        assert "$1,160.00 is left" in given.text
        assert "itemized receipt" in given.text
        empty = await member(clients, "preferred-care")
        assert "nothing to pay out" in (await told(empty, Question("fsa_claim"), desk)).text

    async def test_the_company_is_down(
        self, clients: Clients, desk: Desk, sandboxes: Sandboxes
    ) -> None:
        who = await member(clients, "mvp", "M10010038")
        sandboxes["mvp"].fault(kind="down")
        given = await told(who, Question("fsa_balance"), desk)
        assert "could not reach MVP Health Care" in given.text
        assert "no flexible spending account" not in given.text


@pytest.fixture
def suggesting(clients: Clients, engine: AsyncEngine, clock: Clock, partners: Partners) -> Desk:
    """What answers work with in mode suggest."""
    backends = {key: client.backend for key, client in clients.items()}
    context = TurnContext("c1", "t1", "chat", "suggest", Actor("agent", "a1"))
    records = MemberRecords(context, backends, SqlAuditLog(engine), clock)
    return Desk(partners=partners, backends=backends, records=records, clock=clock)


class TestProgrammes:
    async def test_the_member_s_own_are_listed(self, clients: Clients, desk: Desk) -> None:
        given = await told(await member(clients, "mvp"), Question("disease_management"), desk)
        assert given.listed is not None
        assert "MVP Health Care offers you these" in given.text
        assert given.listed.items == ({"chosen": "0"}, {"chosen": "1"})

    async def test_one_that_is_named_is_offered_and_nothing_is_done(
        self, clients: Clients, desk: Desk
    ) -> None:
        question = Question("disease_management", "is there something for my diabetes")
        given = await told(await member(clients, "mvp"), question, desk)
        assert given.offers is not None
        assert "Shall I ask MVP Health Care to sign you up?" in given.text
        assert not clients["mvp"].sent("/rest/enrollments")

    async def test_after_a_yes_it_is_asked_for_once(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "mvp", "M10010029")
        first = await told(who, Question("disease_management", chosen="0"), desk)
        assert first.offers is not None
        yes = Question("disease_management", chosen=first.offers.chosen, agreed=True)
        done = await told(who, yes, desk)
        again = await told(who, yes, desk)
        assert "I have asked MVP Health Care to sign you up" in done.text
        assert "You are not in it yet" in done.text
        assert done.facts["enrolment"] == again.facts["enrolment"]
        after = await told(who, Question("disease_management", chosen="0"), desk)
        assert after.offers is None
        assert "has your request to join" in after.text

    async def test_in_a_suggestion_nothing_is_changed(
        self, clients: Clients, suggesting: Desk
    ) -> None:
        who = await member(clients, "mvp")
        offered = await told(who, Question("disease_management", chosen="0"), suggesting)
        assert offered.offers is not None
        given = await told(who, Question("disease_management", chosen="0", agreed=True), suggesting)
        assert given.offers is None
        assert "I'll ask MVP Health Care to sign you up" in given.text
        assert not clients["mvp"].sent("/rest/enrollments")
        with pytest.raises(NotVerified):
            await suggesting.records.enroll(who, "mvp", "diabetes", "once")

    async def test_a_program_that_cannot_be_reached(
        self, clients: Clients, desk: Desk, sandboxes: Sandboxes
    ) -> None:
        who = await member(clients, "mvp")
        sandboxes["mvp"].fault(kind="down", resource="enrollments")
        given = await told(who, Question("disease_management", chosen="0", agreed=True), desk)
        assert "nothing was sent" in given.text

    async def test_a_newborn_has_thirty_days(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "preferred-care", "P10010027")
        question = Question("maternity_program", "I had my baby 20 days ago")
        given = await told(who, question, desk)
        assert "within 30 days of the birth" in given.text
        assert "I can't add anyone here" in given.text

    async def test_after_a_loss_no_program_is_offered(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "preferred-care", "P10010027")
        given = await told(who, Question("maternity_program", "I had a miscarriage"), desk)
        assert "sorry" in given.text
        assert given.offers is None
        assert "sign you up" not in given.text

    async def test_wellness_for_anyone_and_for_a_member(self, clients: Clients, desk: Desk) -> None:
        assert (await told(None, Question("wellness_program"), desk)).partner is None
        who = await person(clients, ("mvp", "M10010002"))
        given = await told(who, Question("wellness_program", chosen="1"), desk)
        assert "Sample Quit Smoking Coaching" in given.text
        # Joining is a change, and every change needs level 2.
        assert given.offers is None


@pytest.fixture
def live(services: Services, partners: Partners) -> Desk:
    """A live turn, in which cases can be opened."""
    return services.desk(TurnContext("c1", "t1", "chat", "live", Actor("member")), partners)


def in_vermont(specialty: str, takes: str) -> Provider:
    """A doctor of MVP's network in Vermont."""
    return next(
        each
        for each in providers()
        if each.regional
        and each.active
        and each.specialty.code == specialty
        and each.new_patients == takes
        and each.practices[0].place.state == "VT"
    )


class TestPrimaryCare:
    async def test_who_it_is(self, clients: Clients, desk: Desk) -> None:
        who = await member(clients, "mvp", "M10010005")
        doctor = primary_care_doctor(load_profile("mvp"), zip_code("05401"), 10010005)
        given = await told(who, Question("change_pcp"), desk)
        assert f"has {doctor.given} {doctor.family}" in given.text
        assert given.facts["pcp"] == doctor.npi

    async def test_a_plan_without_one(self, clients: Clients, desk: Desk) -> None:
        given = await told(await member(clients, "cigna"), Question("change_pcp"), desk)
        assert "no primary care doctor on your file" in given.text
        assert "doesn't ask you to choose one" in given.text

    @pytest.mark.parametrize(
        ("specialty", "takes", "words"),
        [
            ("207Q00000X", "newpt", "Shall I send MVP Health Care the request?"),
            ("207Q00000X", "nopt", "not taking new patients"),
            ("207RC0000X", "newpt", "not as a primary care doctor"),
        ],
    )
    async def test_choosing_one(
        self, clients: Clients, desk: Desk, live: Desk, specialty: str, takes: str, words: str
    ) -> None:
        doctor = in_vermont(specialty, takes)
        who = await member(clients, "mvp", "M10010005")
        question = Question("change_pcp", provider=Named(doctor.given, doctor.npi, "npi"))
        given = await told(who, question, live)
        assert words in given.text
        assert (given.offers is not None) is ("Shall" in words)
        # To an agent nothing is offered in the member's name.
        assert (await told(who, question, desk)).offers is None

    async def test_after_a_yes_a_request_is_sent_and_nothing_is_said_to_be_done(
        self, clients: Clients, live: Desk
    ) -> None:
        doctor = in_vermont("207Q00000X", "newpt")
        who = await member(clients, "mvp", "M10010005")
        named = Named(doctor.given, doctor.npi, "npi")
        offered = (await told(who, Question("change_pcp", provider=named), live)).offers
        assert offered is not None
        yes = Question("change_pcp", chosen=offered.chosen, agreed=True)
        given = await told(who, yes, live)
        assert given.facts["kind"] == "membership_change"
        assert given.facts["case"] in given.text
        assert "until then your doctor stays the same" in given.text
        again = await told(who, yes, live)
        assert again.facts["case"] == given.facts["case"]

    async def test_one_out_of_network_is_not_requested(self, clients: Clients, desk: Desk) -> None:
        doctor = next(
            each
            for each in providers()
            if each.national
            and not each.regional
            and each.active
            and each.specialty.code == "207Q00000X"
            and each.practices[0].place.state == "VT"
        )
        who = await member(clients, "mvp", "M10010005")
        question = Question("change_pcp", provider=Named(doctor.given, doctor.npi, "npi"))
        assert "not in your plan's network" in (await told(who, question, desk)).text


class TestLines:
    async def test_the_company_s_nurse_line(self, clients: Clients, desk: Desk) -> None:
        given = await told(await member(clients, "mvp"), Question("nurse_line"), desk)
        assert "MVP Health Care's nurse line is 1-800-555-0162" in given.text
        assert "911" in given.text
        assert "can't give medical advice" in given.text

    async def test_mental_health_care_names_988_and_reads_nothing(
        self, clients: Clients, desk: Desk
    ) -> None:
        who = await member(clients, "mvp")
        before = len(clients["mvp"].requests)
        given = await told(who, Question("behavioral_health", place=locate("12207")), desk)
        assert "988" in given.text
        assert given.buttons[0].title == "Find a therapist near Albany"
        assert len(clients["mvp"].requests) == before


class TestReading:
    """What a company's own REST answers, however odd, becomes less, never something else."""

    JSON = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["accounts", "programmes", "orders", "pharmacy", "name", "code", "plan_year",
                 "available", "state", "reference", "start", "number", "as_of", "kind"]
            ),
            inner,
            max_size=5,
        ),
        max_leaves=20,
    )  # fmt: skip

    @given(st.dictionaries(st.sampled_from(["accounts", "programmes", "orders", "pharmacy",
                                            "reference", "as_of"]), JSON))  # fmt: skip
    def test_anything(self, document: dict[str, object]) -> None:
        for account in spending_accounts(document, "mvp"):
            assert account.available is None or account.available.is_finite()
        for programme in programmes(document, "mvp", "wellness"):
            assert programme.name
        enrolment(document, "mvp")
        mail_service(document, "mvp")
