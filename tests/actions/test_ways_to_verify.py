"""The ways to prove who one is: without a card, before asking, again after a pause."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.services import Services
from alliance.turn import verification_key
from alliance.verified import MAX_FAILURES
from sandbox.population.records import Member
from tests.actions.talking import Talk

People = Mapping[tuple[str, str], Member]
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")


class TestWithoutACard:
    async def by_name(self, talk: Talk, *said: str) -> str:
        await talk.say("which plan covers me?", "which_plan_covers_me")
        await talk.say("Jordan" if not said else said[0])
        reply = await talk.say("I don't have my card with me", "id_card")
        assert "works without the card" in reply
        assert "Which company" in reply
        return await talk.give(*(said[1:] or ("MVP", "Movewell", "April 11, 1992", "02118")))

    async def test_name_birth_date_zip_and_the_phone_on_file(
        self, talk: Talk, people: People
    ) -> None:
        """Moved from Troy to Boston: the new ZIP counts, and so does the old one."""
        reply = await self.by_name(talk)
        assert "last four digits of the phone" in reply
        reply = await talk.say(people["mvp", "M10010007"].phone[-4:])
        member = await talk.verified()
        assert member
        assert (member.level, member.method) == (1, "name")
        assert [m.partner for m in member.person.memberships] == ["mvp", "cigna"]

    async def test_another_company_asks_for_the_house_number(
        self, talk: Talk, people: People
    ) -> None:
        reply = await self.by_name(
            talk, "Ada", "Preferred Care", "Twinning", "June 6, 2001", "14618"
        )
        assert "house number" in reply
        await talk.say(people["preferred-care", "P10010017"].street.split()[0])
        member = await talk.verified()
        assert member
        # The twin of the same birth date and ZIP code is not meant.
        assert member.person.first_name == "Ada"

    async def test_namesakes_of_one_birth_date_are_told_apart_or_nobody_is(
        self, talk: Talk, people: People
    ) -> None:
        await self.by_name(talk, "Chris", "MVP", "Sameday", "August 8, 1980", "12207")
        await talk.say(people["mvp", "M10010021"].phone[-4:])
        member = await talk.verified()
        assert member
        assert member.person.home.patient_id == people["mvp", "M10010021"].id

    @pytest.mark.parametrize(
        ("zip_code", "phone"), [("99999", None), ("02118", "9999")], ids=["zip", "phone"]
    )
    async def test_what_does_not_fit_is_not_named(
        self, talk: Talk, people: People, zip_code: str, phone: str | None
    ) -> None:
        await self.by_name(talk, "Jordan", "MVP", "Movewell", "April 11, 1992", zip_code)
        reply = await talk.say(phone or people["mvp", "M10010007"].phone[-4:])
        assert "don't fit together" in reply
        assert await talk.verified() is None

    async def test_name_and_card_count_together(
        self, services: Services, redis: Redis, people: People
    ) -> None:
        """Three tries a person, whichever way they are made."""
        for place in range(MAX_FAILURES):
            talk = Talk(services, redis, conversation_id=f"c{place}")
            await self.by_name(talk, "Jordan", "MVP", "Movewell", "April 11, 1992", "99999")
            await talk.say(people["mvp", "M10010007"].phone[-4:])
        talk = Talk(services, redis, conversation_id="card")
        await talk.say("which plan covers me?", "which_plan_covers_me")
        assert "can't confirm" in await talk.give("Jordan", "M10010007", "April 11, 1992", "02118")

    async def test_nothing_of_it_is_filled_by_another_question(self, talk: Talk) -> None:
        await self.by_name(talk)
        await talk.say("find me a cardiologist near 12207", "contact_info")
        assert talk.asking == "factor_second"


class TestVerifyFirst:
    @pytest.mark.parametrize(
        ("said", "intent"),
        [
            ("I want to verify my identity first", "account_access"),
            ("can you verify me", "out_of_scope"),
            ("my member ID is M10010002", "inform"),
        ],
    )
    async def test_before_anything_is_asked(self, talk: Talk, said: str, intent: str) -> None:
        await talk.say(said, intent)
        assert talk.asking == "factor_first_name"
        reply = await talk.give(*MORGAN)
        assert "Thank you, Morgan" in reply
        assert "MVP" in await talk.say("which plan covers me?", "which_plan_covers_me")

    async def test_a_doctors_name_is_no_such_wish(self, talk: Talk) -> None:
        await talk.say("how do I verify coverage of a new doctor", "contact_info")
        assert talk.asking is None


class TestAfterAPause:
    async def test_the_question_is_kept_and_answered_after_proving_again(
        self, talk: Talk, redis: Redis
    ) -> None:
        await talk.say("which plan covers me?", "which_plan_covers_me")
        await talk.give(*MORGAN)
        # Fifteen minutes without a word.
        await redis.delete(verification_key("c1"))
        reply = await talk.say("has my claim from march been paid?", "claim_status")
        assert "first name" in reply
        assert "claim" in (await talk.give(*MORGAN)).lower()

    async def test_also_in_the_middle_of_the_code(self, talk: Talk, redis: Redis) -> None:
        await talk.say("the address on file is wrong", "update_contact")
        await talk.say("my address", "update_contact")
        await talk.give(*MORGAN)
        assert talk.asking == "factor_code"
        await redis.delete(verification_key("c1"))
        reply = await talk.say("123456")
        assert "first name" in reply


async def test_every_way_is_in_the_audit(talk: Talk, engine: AsyncEngine) -> None:
    await talk.say("verify me", "out_of_scope")
    await talk.give(*MORGAN)
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT action FROM audit ORDER BY number"))
        assert "verified" in [row[0] for row in rows]
