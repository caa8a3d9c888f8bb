"""Appeals, authorizations, referrals and sending in a claim, for sample members."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.answers.appeal import is_urgent, notice_date
from actions.answers.question import ClaimWanted, Desk, Named, Question
from actions.answers.tables import appeals
from actions.answers.topics import answer
from alliance.answer import Answer
from alliance.gazetteer import locate
from alliance.values import read_period
from tests.actions.conftest import Client, person
from tests.actions.test_answers_told import hearable
from tests.actions.test_claim_answers import MARCH

Clients = dict[str, Client]
ART = ("cigna", "U10010040")
ERIN = ("mvp", "M10010041")
TODAY = date(2026, 11, 23)


async def told(
    clients: Clients,
    desk: Desk,
    who: tuple[str, str],
    intent: str,
    text: str,
    *,
    level: int = 2,
    **more: object,
) -> Answer:
    period = read_period(text, desk.clock.today())
    asked = Question(intent, text, claim=ClaimWanted(period=period) if period else None)
    member = await person(clients, who, level=level)
    return await answer(member, replace(asked, **more), "this", desk)  # type: ignore[arg-type]


class TestAppeals:
    @pytest.mark.parametrize(
        ("who", "kind"),
        [
            (ERIN, "insured"),
            (("cigna", "U10010030"), "self_funded"),
            (("mvp", "M10010033"), "self_funded"),
            (("preferred-care", "P10010036"), "medicare"),
        ],
    )
    async def test_the_plan_decides_the_row(
        self, clients: Clients, desk: Desk, who: tuple[str, str], kind: str
    ) -> None:
        said = await told(clients, desk, who, "appeal", "how do I appeal")
        assert said.facts["kind"] == kind
        assert "use the date on your letter" in said.text
        assert said.facts["last_day"] is None
        assert hearable(said.speech)

    @pytest.mark.parametrize(
        "text",
        [
            "I teach for the county, how do I appeal",
            "how do I appeal, my plan is through my church",
            "it's the school district's plan, until when can I appeal",
        ],
    )
    async def test_an_employer_s_own_plan_may_be_under_no_erisa(
        self, clients: Clients, desk: Desk, text: str
    ) -> None:
        said = await told(clients, desk, ("mvp", "M10010033"), "appeal", text)
        assert said.facts["kind"] == "non_erisa"
        assert "180 days" not in said.text
        assert "use the date on your letter" in said.text.lower()
        # Who is insured by the company has the insurer's times, whoever employs them.
        insured = await told(clients, desk, ERIN, "appeal", text)
        assert insured.facts["kind"] == "insured"

    @pytest.mark.parametrize(
        "text",
        ["how do I appeal my claim in New York state", "I work at a mill in the county seat"],
    )
    async def test_a_place_is_no_employer(self, clients: Clients, desk: Desk, text: str) -> None:
        said = await told(clients, desk, ("mvp", "M10010033"), "appeal", text)
        assert said.facts["kind"] == "self_funded"

    async def test_an_urgent_one_is_told_the_time_that_all_rows_tell(
        self, clients: Clients, desk: Desk
    ) -> None:
        said = await told(
            clients, desk, ERIN, "appeal", "I need an expedited appeal, it can't wait"
        )
        inside = [row for row in appeals().rows if (row.stage, row.level) == ("urgent", "internal")]
        assert {row.decided_in for row in inside} == {"72 hours"}
        assert "72 hours" in said.text
        assert "72 hours" in said.speech

    @pytest.mark.parametrize(
        ("text", "last", "passed"),
        [
            ("I want to appeal, my letter is dated October 3", "April 1, 2027", False),
            ("the denial letter is from 01/05/2026, can I still appeal", "July 4, 2026", True),
        ],
    )
    async def test_a_day_is_counted_from_the_notice_alone(
        self, clients: Clients, desk: Desk, text: str, last: str, passed: bool
    ) -> None:
        said = await told(clients, desk, ERIN, "appeal", text)
        assert last in said.text
        assert last in said.speech
        assert ("ask all the same" in said.text) is passed
        assert "too late" not in said.text.lower()

    @pytest.mark.parametrize(
        "text", ["appeal my claim from March 14", "how do I appeal my claim of last March"]
    )
    async def test_the_day_of_the_visit_is_no_notice(
        self, clients: Clients, desk: Desk, text: str
    ) -> None:
        said = await told(clients, desk, ERIN, "appeal", text)
        assert said.facts["notice"] is None
        assert said.facts["last_day"] is None

    async def test_what_fixes_it_without_an_appeal_comes_first(
        self, clients: Clients, desk: Desk
    ) -> None:
        said = await told(clients, desk, ERIN, "appeal", "I want to appeal my ER claim")
        assert said.text.index("need no appeal") < said.text.index("180 days")

    async def test_outside_review_in_new_york(self, clients: Clients, desk: Desk) -> None:
        said = await told(
            clients,
            desk,
            ("preferred-care", "P10010006"),
            "appeal",
            "external appeal in New York after they denied my appeal, notice of November 2",
        )
        assert "March 2, 2027" in said.text
        assert "four months" in said.text

    @pytest.mark.parametrize(
        ("text", "within"),
        [
            # Of the plan, or of whose review it is.
            ("can I get an outside review, my plan was issued in New York", "four months"),
            ("I want an external review, the policy is from vermont", "120 days"),
            ("they denied my appeal, what about New Hampshire's external review", "180 days"),
            # Of where care was, or where they live.
            ("they denied my appeal of the surgery in New York, can I get an outside review", None),
            ("my New York hospital bill was denied again, I want an external review", None),
            ("I live in New Hampshire and want an outside review", None),
            ("the scan in Vermont my plan refused, now an outside review", None),
        ],
    )
    async def test_a_state_s_time_only_where_the_plan_is_said_to_be_of_it(
        self, clients: Clients, desk: Desk, text: str, within: str | None
    ) -> None:
        # A ZIP code of a search before is remembered: it is no place of the plan.
        searched = locate("03101")
        said = await told(clients, desk, ERIN, "appeal", text, place=searched)
        if within:
            assert f"{within} from the notice to ask for outside review" in said.text
        else:
            assert "days from the notice" not in said.text
            assert "months from the notice" not in said.text
        assert "date on your letter" in said.text

    async def test_no_last_day_is_counted_from_where_something_was_searched(
        self, clients: Clients, desk: Desk
    ) -> None:
        text = "outside review please, my final denial is dated November 2"
        said = await told(clients, desk, ERIN, "appeal", text, place=locate("03101"))
        assert said.facts["last_day"] is None
        assert "date on your letter" in said.text

    async def test_a_refused_authorization(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ART, "appeal", "appeal my denied authorization")
        assert said.facts["authorization"] == "PA-40002"
        assert said.facts["stage"] == "pre_service"
        assert "MRI scan of the knee" in said.text

    @pytest.mark.parametrize("level", [0, 1, 2])
    async def test_urgent_goes_to_a_person_now_whoever_asks(
        self, clients: Clients, desk: Desk, level: int
    ) -> None:
        text = "I need an urgent appeal, my surgery is tomorrow"
        member = await person(clients, ERIN, level=level) if level else None
        said = await answer(member, Question("appeal", text), "", desk)
        (act,) = said.acts
        assert (act.kind, act.detail["priority"]) == ("handoff", "urgent")
        assert "72 hours" in said.speech
        assert "connecting" in said.text

    async def test_where_it_stands_is_on_no_file(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ERIN, "appeal", "where is my appeal")
        assert "doesn't show me appeals" in said.text
        assert "by letter" in said.text

    @given(st.text(max_size=60))
    def test_any_words_are_read(self, text: str) -> None:
        found = notice_date(text, TODAY)
        assert found is None or found <= TODAY
        assert not is_urgent("claim_status", text)


class TestAuthorizations:
    async def test_all_of_them_by_their_review_actions(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ART, "prior_auth_status", "where is my prior auth")
        for part in (
            "approved: Physical therapy, 12 visits",
            "12 units (4 used)",
            "September 19, 2026 to January 22, 2027",
            "did not approve: MRI scan of the knee",
            "still reviewing: Outpatient knee surgery",
            "Approved is not yet payment",
        ):
            assert part in said.text, part
        assert len(said.cards) == 3
        assert hearable(said.speech)

    @pytest.mark.parametrize(
        ("service", "number"),
        [
            (Named("mri", "mri", "service"), "PA-40002"),
            (Named("physical therapy", "physical_therapy", "service"), "PA-40001"),
            (Named("knee surgery", None), "PA-40003"),
        ],
    )
    async def test_of_one_service(
        self, clients: Clients, desk: Desk, service: Named, number: str
    ) -> None:
        said = await told(clients, desk, ART, "prior_auth_status", "my auth", service=service)
        assert [each["number"] for each in said.facts["authorizations"]] == [number]

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("which one is still pending", ["PA-40003"]),
            ("and the approved one", ["PA-40001"]),
            ("which of them was not approved", ["PA-40002"]),
        ],
    )
    async def test_of_one_state(
        self, clients: Clients, desk: Desk, text: str, numbers: list[str]
    ) -> None:
        said = await told(clients, desk, ART, "prior_auth_status", text)
        assert [each["number"] for each in said.facts["authorizations"]] == numbers

    async def test_none_on_file_is_not_received(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ERIN, "prior_auth_status", "my auth")
        assert "has not received a request" in said.text
        assert "as of November 23, 2026" in said.text

    async def test_a_lower_proof_opens_none(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ART, "prior_auth_status", "my auth", level=1)
        assert "MRI" not in said.text


RITA = ("mvp", "M10010047")


class TestReferrals:
    @pytest.mark.parametrize(
        ("who", "words"),
        [
            (("mvp", "M10010005"), ["HMO plan", "wants a referral", "may not be covered"]),
            (("mvp", "M10010002"), ["POS plan", "wants a referral", "out-of-network level"]),
            (("cigna", "U10010001"), ["PPO plan", "needs no referral"]),
            (("preferred-care", "P10010036"), ["Medicare Advantage plan", "wants a referral"]),
            (("preferred-care", "P10010016"), ["no medical plan in force"]),
        ],
    )
    async def test_as_the_plan_says(
        self, clients: Clients, desk: Desk, who: tuple[str, str], words: list[str]
    ) -> None:
        said = await told(clients, desk, who, "referral_question", "do I need one", level=1)
        for part in words:
            assert part in said.text, part
        if "wants a referral" in said.text:
            assert "Emergency care" in said.text
            assert "OB/GYN" in said.text
        assert hearable(said.speech)

    async def test_what_the_company_does_not_give_it_says(
        self, clients: Clients, desk: Desk
    ) -> None:
        who = ("preferred-care", "P10010006")
        said = await told(clients, desk, who, "referral_question", "was it sent")
        assert "doesn't show me referrals" in said.text
        assert desk.partners["preferred-care"].phone.member_services in said.text

    async def test_those_on_file_with_doctor_visits_and_days(
        self, clients: Clients, desk: Desk
    ) -> None:
        said = await told(clients, desk, RITA, "referral_question", "was my referral sent")
        assert said.facts["referrals"] == ["REF-47001", "REF-47002"]
        for part in (
            "REF-47001 to Dr. Dora Dermasample, dermatology: on file",
            "3 visits",
            "used up",
        ):
            assert part in said.text, part
        assert said.level == 2

    async def test_a_lower_proof_names_no_doctor(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, RITA, "referral_question", "was it sent", level=1)
        assert "Derma" not in said.text

    async def test_none_on_file(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ("mvp", "M10010005"), "referral_question", "was it sent")
        assert "MVP Health Care shows no referral as of November 23, 2026" in said.text


class TestSendingAClaim:
    async def test_to_the_company_that_covered_the_day(self, clients: Clients, desk: Desk) -> None:
        """Moved from MVP to CIGNA in October."""
        ids = (("cigna", "U10010007"), ("mvp", "M10010007"))
        member = await person(clients, *ids)
        for wanted, company in ((MARCH, "mvp"), (None, "cigna")):
            said = await answer(member, Question("submit_claim", claim=wanted), "", desk)
            assert said.facts["companies"] == [company]
            assert desk.partners[company].name in said.text

    async def test_anyone_hears_how_it_is_done(self, desk: Desk) -> None:
        said = await answer(None, Question("submit_claim"), "", desk)
        assert "itemized bill" in said.text


class TestApprovalBeforehand:
    @pytest.mark.parametrize(
        ("service", "words"),
        [
            (Named("mri", "mri", "service"), ["wants approval first", "MRI scan"]),
            (Named("x-ray", "xray", "service"), ["asks for no approval", "no promise of payment"]),
            # What cannot be mapped is never a no.
            (Named("moon walk"), ["can't see a rule", "Your doctor can check"]),
            (Named("ER visit", "emergency_visit", "service"), ["never needs approval"]),
        ],
    )
    async def test_as_the_plan_s_rule_says(
        self, clients: Clients, desk: Desk, service: Named, words: list[str]
    ) -> None:
        said = await told(
            clients, desk, ERIN, "prior_auth_required", "does it need approval", service=service
        )
        for part in words:
            assert part in said.text, part
        assert hearable(said.speech)


class TestLists:
    async def test_more_goes_on_where_the_list_ended(self, clients: Clients, desk: Desk) -> None:
        member = await person(clients, ERIN, level=2)
        asked = Question("claim_status", claim=ClaimWanted())
        first = await answer(member, asked, "", desk)
        assert first.listed is not None
        assert "say \u201cmore\u201d" in first.text
        second = await answer(member, replace(asked, start=first.listed.shown), "", desk)
        numbers = [item["claim"]["number"] for item in first.listed.items]
        assert [each["number"] for each in first.facts["claims"]] == numbers[:5]
        assert [each["number"] for each in second.facts["claims"]] == numbers[5:10]
        assert second.text.startswith("Here are more claims")
