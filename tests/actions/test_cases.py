"""Cases: opened in a conversation, kept in SQL, delivered to a stand-in until it has them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.answers.cases import in_medicare
from actions.answers.question import Desk
from actions.cases.delivery import CaseDelivery, pause
from actions.cases.store import CaseStore
from actions.services import Services
from actions.settings import PartnerConfiguration
from alliance.cases import SIGNATURE_HEADER, TIMESTAMP_HEADER, new_reference, sign, urgency_of
from alliance.clock import Clock, fixed_clock
from alliance.coverage import Coverage
from alliance.partners import CaseWebhook, Partners
from alliance.verified import VerifiedMember
from alliance.wake import WAKE_CHANNEL
from tests.actions.conftest import MOMENT, Client, person
from tests.actions.talking import Talk, named
from tests.actions.test_step_up import newest_code
from tests.sandbox.conftest import WEBHOOK_SECRETS, Backend

Stands = Mapping[str, Backend]
REFERENCE = re.compile(r"\b(?:MVP|CIGNA|PC)-[2-9A-Z]{4}-[2-9A-Z]{4}\b")
RUDE = "your agent was rude to me and hung up twice yesterday"


@pytest.fixture
def delivery(
    engine: AsyncEngine,
    webhooks: httpx.AsyncClient,
    redis: Redis,
    configuration: PartnerConfiguration,
    clock: Clock,
) -> CaseDelivery:
    return CaseDelivery(CaseStore(engine), webhooks, redis, configuration.current, clock)


async def kept(engine: AsyncEngine) -> list[dict[str, object]]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT * FROM cases ORDER BY received_at"))
        return [dict(row) for row in rows.mappings()]


class TestComplaint:
    async def test_it_is_recorded_in_the_members_words_without_a_yes(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        asked = await talk.say(RUDE, "complaint")
        assert "counts as a complaint" in asked
        assert "Which company" in asked
        assert await kept(engine) == []
        # A yes that nobody asked for harms nothing.
        assert "Which company" in await talk.say("yes", "affirm")
        reply = await talk.say("MVP", "inform")
        assert REFERENCE.search(reply)
        assert "MVP Health Care" in reply
        assert "due by December 23, 2026" in reply
        (case,) = await kept(engine)
        assert json.loads(str(case["body"]))["words"] == RUDE
        assert (case["kind"], case["partner"], case["urgency"]) == ("complaint", "mvp", "normal")

    async def test_a_company_is_no_story(self, talk: Talk, engine: AsyncEngine) -> None:
        assert "What happened" in await talk.say("I want to complain", "complaint")
        assert "What happened" in await talk.say("MVP", "inform")
        assert await kept(engine) == []
        assert REFERENCE.search(await talk.say(RUDE, "complaint"))
        (case,) = await kept(engine)
        assert (json.loads(str(case["body"]))["words"], case["partner"]) == (RUDE, "mvp")

    async def test_plain_words_are_not_asked_again(self, talk: Talk, engine: AsyncEngine) -> None:
        reply = await talk.say(f"I want to file a complaint with MVP, {RUDE}", "complaint",
                               [{"entity": "partner", "value": "mvp"}])  # fmt: skip
        assert REFERENCE.search(reply)
        assert len(await kept(engine)) == 1

    async def test_in_medicare_advantage_it_is_filed_as_it_is_spoken(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        await talk.say("which plan covers me?", "which_plan_covers_me")
        await talk.give("Marge", "P10010036", "June 15, 1948", "14424")
        reply = await talk.say(RUDE, "complaint")
        assert REFERENCE.search(reply)
        assert "due by December 23, 2026" in reply
        assert "Shall I file" not in reply
        (case,) = await kept(engine)
        assert json.loads(str(case["body"]))["medicare"] is True

    async def test_without_words_they_are_asked_for(self, talk: Talk, engine: AsyncEngine) -> None:
        reply = await talk.say("I want to file a complaint", "complaint")
        assert "What happened?" in reply
        await talk.say("the doctor's office kept me waiting for three hours", "out_of_scope")
        assert REFERENCE.search(await talk.say("Preferred Care"))
        (case,) = await kept(engine)
        assert "three hours" in str(case["body"])

    async def test_who_thinks_better_of_it_files_nothing(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        await talk.say(RUDE, "complaint")
        assert "stopped" in await talk.say("never mind", "cancel")
        assert await kept(engine) == []

    @pytest.mark.parametrize(
        "replies",
        [
            [("I'm not sure", "deny")],
            [("no clue, my dad keeps the card", "inform")],
            # Asked once more where it was not heard, and not a third time.
            [("purple", "unclear"), ("eh, what", "unclear")],
        ],
    )
    async def test_of_an_unknown_company_the_front_desk_records_it(
        self, talk: Talk, engine: AsyncEngine, replies: list[tuple[str, str]]
    ) -> None:
        await talk.say(RUDE, "complaint")
        for said, intent in replies:
            assert talk.asking == "need_partner"
            reply = await talk.say(said, intent, band="reject" if intent == "unclear" else "accept")
        assert "front desk" in reply
        assert "records it" in reply
        (act,) = talk.acts
        assert (act.kind, act.detail["partner"]) == ("handoff", None)
        assert RUDE in act.detail["reason"]
        assert await kept(engine) == []

    async def test_a_digression_does_not_lose_it(self, talk: Talk) -> None:
        await talk.say(RUDE, "complaint")
        reply = await talk.say("what are your hours?", "contact_info")
        assert "1-800-555-0120" in reply
        assert "Which company" in reply
        assert REFERENCE.search(await talk.say("MVP"))

    async def test_a_verified_member_is_not_asked_for_the_company(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        await talk.say("which plan covers me?", "which_plan_covers_me")
        await talk.give("Riley", "P10010003", "August 23, 1990", "14604")
        reply = await talk.say(RUDE, "complaint")
        assert "Preferred Care" in reply
        (case,) = await kept(engine)
        body = json.loads(str(case["body"]))
        assert body["patient"]
        assert (body["verified_level"], body["medicare"]) == (1, False)

    async def test_on_the_phone_the_number_is_said_twice_letter_by_letter(
        self, services: Services, redis: Redis
    ) -> None:
        call = Talk(services, redis, channel="voice")
        heard = await call.say(RUDE, "complaint", [{"entity": "partner", "value": "mvp"}])
        assert heard.count("M V P, ") == 2

    async def test_in_shadow_nothing_is_filed(
        self, services: Services, redis: Redis, engine: AsyncEngine
    ) -> None:
        shadow = Talk(services, redis, mode="suggest")
        await shadow.say(f"I want to file a complaint, {RUDE}", "complaint",
                         [{"entity": "partner", "value": "mvp"}])  # fmt: skip
        assert await kept(engine) == []


class TestOtherKinds:
    async def test_fraud_needs_no_verification(self, talk: Talk, engine: AsyncEngine) -> None:
        reply = await talk.say("a clinic billed for a visit that I never had", "report_fraud")
        assert "don't have to prove who you are" in reply
        await talk.say("yes", "affirm")
        assert REFERENCE.search(await talk.say("CIGNA"))
        (case,) = await kept(engine)
        assert (case["kind"], case["partner"]) == ("fraud", "cigna")

    async def test_a_confidential_request_is_no_address_change(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        reply = await talk.say("stop mailing things to my husband", "confidential_communication")
        assert "not an address change" in reply
        assert "don't have to say why" in reply
        await talk.say("yes", "affirm")
        done = await talk.say("MVP")
        assert REFERENCE.search(done)
        assert "changes nothing for the rest of the family" in done
        (case,) = await kept(engine)
        assert case["kind"] == "confidential_communication"

    async def test_what_is_asked_while_it_is_told_is_asked_of_it(self, talk: Talk) -> None:
        await talk.say("a man called and wanted my card's number", "report_fraud")
        text = "will I get a different number now?"
        said = await talk.say(text, "update_contact", near="card-number-change")
        assert "keeps the same member ID" in said
        assert talk.asking == "need_filing"

    async def test_questions_of_the_case_put_nothing_aside(self, talk: Talk) -> None:
        await talk.say("a man called and wanted my card's number", "report_fraud")
        for asked in ("could he bill my doctors?", "does he see my records?", "and my card?"):
            await talk.say(asked, "inform", near="fraud-sees")
            assert talk.asking == "need_filing"

    async def test_a_complaint_that_meets_a_question_learns_the_company_from_who_they_are(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        await talk.say(RUDE, "complaint")
        assert talk.asking == "need_partner"
        await talk.say("how much of my deductible is left?", "deductible_status")
        said = await talk.give("Morgan", "M10010002", "November 2, 1979", "12207")
        assert "deductible" in said
        (case,) = await kept(engine)
        assert case["partner"] == "mvp"

    async def test_violence_told_with_a_confidential_request_is_met(self, talk: Talk) -> None:
        await talk.say("stop mailing things to my husband", "confidential_communication")
        said = await talk.say("he hit me last week", "inform")
        assert "911" in said
        assert "added that" in said
        assert "added that" in await talk.say("no I'm safe right now he's at work", "deny")
        assert talk.asking == "need_filing"

    async def test_a_death_is_met_with_kindness(self, talk: Talk) -> None:
        reply = await talk.say("my father passed away last week", "report_death")
        assert "sorry for your loss" in reply
        await talk.say("yes", "affirm")
        assert REFERENCE.search(await talk.say("MVP"))

    async def test_after_a_death_ones_own_address_is_ones_own(self, talk: Talk) -> None:
        await talk.say("my father passed away last week", "report_death")
        await talk.say("yes", "affirm")
        await talk.say("MVP")
        his = await talk.say("his letters still come to the house", "update_contact")
        assert "mail in that name" in his
        own = await talk.say("we moved to another apartment in the same building", "update_contact")
        assert "mail in that name" not in own
        assert "new address" in own

    async def test_the_same_words_open_no_second_case(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        words = f"I want to file a complaint with MVP, {RUDE}"
        mvp = [{"entity": "partner", "value": "mvp"}]
        first = REFERENCE.search(await talk.say(words, "complaint", mvp))
        second = REFERENCE.search(await talk.say(words, "complaint", mvp))
        assert first
        assert second
        assert first.group() == second.group()
        assert len(await kept(engine)) == 1


class TestDelivery:
    async def filed(self, talk: Talk) -> str:
        reply = await talk.say(f"I want to file a complaint with MVP, {RUDE}", "complaint",
                               [{"entity": "partner", "value": "mvp"}])  # fmt: skip
        found = REFERENCE.search(reply)
        assert found
        return found.group()

    async def test_the_company_has_it_and_says_so(
        self, talk: Talk, delivery: CaseDelivery, engine: AsyncEngine
    ) -> None:
        await self.filed(talk)
        await delivery.work_off()
        (case,) = await kept(engine)
        assert case["acknowledged_at"]
        assert str(case["company_reference"]).startswith("MC-")

    async def test_a_proven_members_case_is_among_theirs(
        self, talk: Talk, delivery: CaseDelivery, sandboxes: Stands
    ) -> None:
        await talk.say("which plan covers me?", "which_plan_covers_me")
        await talk.give("Morgan", "M10010002", "November 2, 1979", "12207")
        reference = await self.filed(talk)
        await delivery.work_off()
        stand = sandboxes["mvp"]
        answer = stand.http.post(
            f"{stand.root}/rest/cases/search",
            json={"member_id": "M10010002"},
            headers=stand.headers(),
        )
        assert reference in [case.get("from") for case in answer.json()["cases"]]

    async def test_what_is_not_acknowledged_is_tried_again_and_alarms(
        self,
        talk: Talk,
        engine: AsyncEngine,
        webhooks: httpx.AsyncClient,
        redis: Redis,
        partners: Partners,
    ) -> None:
        reference = await self.filed(talk)
        nobody = CaseWebhook("http://127.0.0.1:9/webhooks/cases", "secret")
        away = Partners({"mvp": replace(partners["mvp"], cases=nobody)})
        async with redis.pubsub() as told:
            await told.subscribe(WAKE_CHANNEL)
            for minutes in (0, 1, 2):
                later = fixed_clock(MOMENT + timedelta(minutes=minutes))
                failing = CaseDelivery(CaseStore(engine), webhooks, redis, lambda: away, later)
                await failing.work_off()
            alarms = []
            while message := await told.get_message(timeout=0.5):
                if message["type"] == "message":
                    alarms.append(json.loads(message["data"]))
        (case,) = await kept(engine)
        assert (case["attempts"], case["acknowledged_at"]) == (3, None)
        alarm = {"event": "alarm", "kind": "case", "reference": reference}
        assert alarms == [{"topic": "desk", "event": alarm}]

    async def test_the_same_delivery_twice_is_one_case(
        self, talk: Talk, delivery: CaseDelivery, engine: AsyncEngine
    ) -> None:
        """The answer was lost on its way, so it is sent again."""
        await self.filed(talk)
        await delivery.work_off()
        (first,) = await kept(engine)
        async with engine.begin() as connection:
            await connection.execute(text("UPDATE cases SET acknowledged_at = NULL"))
        await delivery.work_off()
        (second,) = await kept(engine)
        assert first["company_reference"] == second["company_reference"]

    async def test_what_is_told_afterwards_is_added_and_sent_as_well(
        self, talk: Talk, delivery: CaseDelivery, engine: AsyncEngine, sandboxes: Stands
    ) -> None:
        await talk.say("which plan covers me?", "which_plan_covers_me")
        await talk.give("Morgan", "M10010002", "November 2, 1979", "12207")
        reference = await self.filed(talk)
        await delivery.work_off()
        assert reference in await talk.say("wait, it was Monday, not yesterday", "inform")
        assert reference in await talk.say("and she laughed at my question", "complaint")
        await delivery.work_off()
        (case,) = await kept(engine)
        assert case["acknowledged_at"]
        stand = sandboxes["mvp"]
        answer = stand.http.post(
            f"{stand.root}/rest/cases/search",
            json={"member_id": "M10010002"},
            headers=stand.headers(),
        )
        (words,) = [c["words"] for c in answer.json()["cases"] if c.get("from") == reference]
        assert words.startswith("I want to file a complaint")
        assert "Monday" in words
        assert words.endswith("and she laughed at my question")

    async def test_what_is_added_is_audited_and_has_an_end(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        reference = await self.filed(talk)
        for count in range(20):
            said = f"and it was in room {count}, she laughed at my question"
            assert reference in await talk.say(said, "complaint")
        assert "tell this to the person" in await talk.say(
            "and the door was locked, she laughed at my question", "complaint"
        )
        (case,) = await kept(engine)
        assert "door" not in json.loads(str(case["body"]))["words"]
        async with engine.connect() as connection:
            noted = await connection.execute(
                text("SELECT what FROM audit WHERE action = 'case added to'")
            )
            assert [row.what for row in noted] == [reference] * 20

    async def test_another_complaint_is_a_case_of_its_own(
        self, talk: Talk, engine: AsyncEngine
    ) -> None:
        first = await self.filed(talk)
        other = await talk.say("I have another complaint, MVP lost my papers twice", "complaint",
                               [{"entity": "partner", "value": "mvp"}])  # fmt: skip
        assert first not in other
        assert len(await kept(engine)) == 2

    @pytest.mark.parametrize("wrong", ["signature", "secret", "body", "old", "none"])
    async def test_the_stand_in_takes_only_what_is_signed(
        self, sandboxes: Stands, wrong: str
    ) -> None:
        body = json.dumps({"reference": "MVP-1", "kind": "complaint", "words": "rude"}).encode()
        stamp = str(int(time.time()) - (600 if wrong == "old" else 0))
        secret = "guessed" if wrong == "secret" else WEBHOOK_SECRETS["mvp"]
        mark = "v1=00" if wrong == "signature" else sign(secret, stamp, body)
        headers = {TIMESTAMP_HEADER: stamp, SIGNATURE_HEADER: mark}
        answer = sandboxes["mvp"].http.post(
            f"{sandboxes['mvp'].root}/webhooks/cases",
            content=body.replace(b"rude", b"kind") if wrong == "body" else body,
            headers={} if wrong == "none" else headers,
        )
        assert answer.status_code == 401


def test_pauses_double_up_to_five_minutes() -> None:
    assert [pause(n).total_seconds() for n in (1, 2, 3, 9, 99)] == [2, 4, 8, 300, 300]


def test_references_are_easy_to_read_out(partners: Partners) -> None:
    made = {new_reference(partners[key]) for key in ("cigna", "mvp", "preferred-care")}
    assert all(REFERENCE.fullmatch(reference) for reference in made)
    assert not any(letter in reference[4:] for reference in made for letter in "01OILSBGZ")


@pytest.mark.parametrize(
    ("words", "urgency"),
    [("they were rude", "normal"), ("I am not safe at home", "urgent"),
     ("my surgery is tomorrow", "urgent")],
)  # fmt: skip
def test_urgency_is_in_the_words(words: str, urgency: str) -> None:
    assert urgency_of(words) == ("urgent" if urgency == "urgent" else "normal")


@pytest.mark.parametrize(
    ("said", "earlier"),
    [
        ("i complained to you in october and nobody ever replied", True),
        ("any news on my grievance?", True),
        ("your people never called me back, that is a complaint", False),
        ("the nurse was rude and I want an answer", False),
    ],
)
async def test_where_an_earlier_complaint_stands_opens_no_second_one(
    talk: Talk, said: str, earlier: bool
) -> None:
    reply = await talk.say(said, "complaint")
    assert ("opened before this chat" in reply) is earlier
    assert (talk.asking == "need_partner") is not earlier


async def test_an_appeal_that_is_filed_is_not_filed_again(
    talk: Talk, engine: AsyncEngine, sandboxes: Stands
) -> None:
    await talk.say("please file my appeal of the March claim", "appeal")
    await talk.give("Dana", "U10010004", "02/09/1971", "02118")
    await talk.say(newest_code(sandboxes["cigna"]))
    (case,) = await kept(engine)
    assert str(case["reference"]) in await talk.say("file my appeal please", "appeal")
    assert len(await kept(engine)) == 1


async def test_where_it_happened_is_added_to_what_was_filed(talk: Talk) -> None:
    await talk.say(f"I want to file a complaint, {RUDE}", "complaint", [named("partner", "mvp")])
    entities = [named("provider", "dr lee")]
    said = await talk.say("last Thursday, Dr. Lee's office", "provider_details", entities)
    assert "added that to your case" in said
    assert "added that" not in await talk.say("no that's all thanks", "deny")


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("I forgot my password for your site", "account_access"),
        ("I need to tell you our address is another now", "update_contact"),
        ("I forgot to tell you my card got lost", "id_card"),
        ("I have to say it, I want to tell you my husband passed", "report_death"),
    ],
)
async def test_what_begins_something_else_is_no_more_of_the_case(
    talk: Talk, said: str, intent: str
) -> None:
    await talk.say(f"I want to file a complaint, {RUDE}", "complaint", [named("partner", "mvp")])
    assert "added that" not in await talk.say(said, intent)


async def test_what_is_left_to_say_is_more_of_the_case(talk: Talk) -> None:
    await talk.say(f"I want to file a complaint, {RUDE}", "complaint", [named("partner", "mvp")])
    for said, intent in [
        ("I forgot to say the manager was there", "complaint"),
        ("I also wanted to mention the music", "out_of_scope"),
        ("please add that I waited an hour", "contact_info"),
    ]:
        assert "added that" in await talk.say(said, intent, band="accept")


@pytest.mark.parametrize(
    ("at", "changes", "medicare"),
    [
        # What the company's own list says of the plan counts, whatever the plan is called.
        ("preferred-care", {"plan_id": "PC-MEDICARE", "plan_name": "Golden Lakes"}, True),
        ("preferred-care", {"plan_id": "PC-PPO", "plan_name": "Medicare Companion"}, False),
        # At the company that the complaint goes to, and no other.
        ("mvp", {"plan_id": "PC-MEDICARE", "plan_name": "Golden Lakes"}, False),
    ],
)
async def test_the_kind_of_plan_decides_medicare_s_rules(
    clients: dict[str, Client], desk: Desk, at: str, changes: dict[str, Any], medicare: bool
) -> None:
    home = ("mvp", "M10010002")
    member = await person(clients, home, ("preferred-care", "P10010036"))

    async def coverages(who: VerifiedMember, company: str) -> list[Coverage]:
        found = await desk.records.coverages(who, company)
        return [replace(c, **changes) if c.partner == "preferred-care" else c for c in found]

    told = replace(desk, records=SimpleNamespace(coverages=coverages))  # type: ignore[arg-type]
    assert await in_medicare(member, RUDE, told, at) is medicare
