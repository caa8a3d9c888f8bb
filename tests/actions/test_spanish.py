"""Who writes Spanish reads our fixed words in Spanish and comes to a person who speaks it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from redis.asyncio import Redis

from actions.answers.talk import _TEXTS
from actions.dialogue.asides import REASON, TAKE_YOUR_TIME
from actions.dialogue.prompts import PROMPTS, way_out
from actions.dialogue.spanish import catalogue, in_spanish
from actions.services import Services
from alliance.answer import Answer
from tests.actions.talking import Talk

BILL = "no entiendo esta factura del hospital"


def spanish(text: str) -> list[dict[str, Any]]:
    """As understanding marks a Spanish message."""
    return [{"entity": "language", "value": "es", "start": 0, "end": len(text), "said": text}]


class TestTheFixedTexts:
    @pytest.mark.parametrize(
        "english",
        [
            *(p.text for p in PROMPTS.values()),
            *(f"{p.explain} {p.text}" for slot, p in PROMPTS.items() if slot != "need_reason"),
            *(text for name, text in _TEXTS.items() if name != "ask_capabilities"),
            REASON,
            TAKE_YOUR_TIME,
            way_out().text,
        ],
    )
    def test_are_there(self, english: str) -> None:
        told = catalogue().text(english)
        assert told is not None, english
        assert not re.search(r"\b(?:the|your|you|what|is|and)\b", told), told

    def test_a_line_is_put_into_spanish_too(self) -> None:
        told = catalogue().text(
            "I could not reach MVP Health Care just now, so I can't look that up. Please try again "
            "in a few minutes, or call MVP member services at 1-800-555-0120."
        )
        assert told is not None
        assert "MVP Health Care" in told
        assert told.endswith("llame a Servicios para miembros de MVP, 1-800-555-0120.")

    def test_what_is_not_known_stays_as_it_is_whole(self) -> None:
        answer = Answer("Thank you. Your claim was paid.", "Thank you. Your claim was paid.")
        assert in_spanish(answer) == answer


class TestTheWayToAPerson:
    async def test_yes_to_the_offer(self, talk: Talk) -> None:
        said = await talk.say(BILL, "language_help", spanish(BILL))
        assert "sin costo" in said
        assert "1-800" in said
        assert "member services" not in said
        assert "aparece en su tarjeta" in await talk.say("sí", "affirm")
        said = await talk.say("MVP", "inform")
        assert "Le comunico con una persona de MVP Health Care" in said
        (act,) = talk.acts
        assert (act.kind, act.detail["partner"], act.detail["reason"]) == ("handoff", "mvp", BILL)

    async def test_writing_on_is_not_answered_with_the_same_again(self, talk: Talk) -> None:
        await talk.say(BILL, "language_help", spanish(BILL))
        more = "dice que debo pagar mil dólares"
        assert "aparece en su tarjeta" in await talk.say(more, "language_help", spanish(more))
        await talk.say(
            "no sé, no la tengo aquí", "language_help", spanish("no sé, no la tengo aquí")
        )
        assert talk.acts or talk.asking

    async def test_a_person_asked_for_in_spanish(self, talk: Talk) -> None:
        text = "quiero hablar con una persona"
        assert "aparece en su tarjeta" in await talk.say(text, "language_help", spanish(text))

    async def test_no_english_question_is_forced_on_them(self, talk: Talk) -> None:
        assert "first name" in await talk.say("/claim_status", "claim_status")
        text = "perdone, no hablo inglés"
        said = await talk.say(text, "language_help", spanish(text))
        assert talk.asking is None
        assert "first name" not in said
        said = await talk.say("/claim_status", "claim_status")
        assert said.endswith("¿Cuál es su nombre?")

    async def test_a_call_back(self, talk: Talk) -> None:
        await talk.say(BILL, "language_help", spanish(BILL))
        assert (await talk.say("/request_callback", "request_callback")).startswith("¿A qué número")
        assert "¿Cuándo le conviene?" in await talk.say("518-555-0102")
        when = "mañana por la tarde"
        assert "aparece en su tarjeta" in await talk.say(when, "language_help", spanish(when))
        said = await talk.say("MVP")
        assert "He pedido a MVP Health Care que le llame" in said
        assert "Usted pidió: mañana por la tarde." in said

    async def test_small_talk_stays_in_spanish(self, talk: Talk) -> None:
        await talk.say(BILL, "language_help", spanish(BILL))
        assert (await talk.say("gracias", "thank")).startswith("De nada")
        assert (await talk.say("adiós", "goodbye")).startswith("Adiós")

    async def test_a_fact_of_theirs_is_introduced_in_spanish(self, talk: Talk) -> None:
        await talk.say(BILL, "language_help", spanish(BILL))
        assert (await talk.say("/deductible_status", "deductible_status")).endswith("nombre?")
        await talk.give("Lucia", "U10010039")
        born = "30 de enero de 1990"
        await talk.say(born, "language_help", spanish(born))
        said = await talk.say("33130")
        told, *facts = said.split("\n")
        assert told.startswith("Lo que sigue solo lo tengo en inglés.")
        assert "deductible" in facts[0]

    async def test_a_lock_out(self, talk: Talk) -> None:
        await talk.say(BILL, "language_help", spanish(BILL))
        await talk.say("/claim_status", "claim_status")
        for _ in range(3):
            said = await talk.give("Lucia", "U10010039", "01/31/1990", "33130")
        assert "Una persona puede ayudarle" in said
        said = await talk.say("/deductible_status", "deductible_status")
        assert said.startswith("No pude confirmar que es usted")
        assert "call" not in said

    async def test_a_chat_that_is_begun_in_spanish_asks_in_spanish_from_a_button_on(
        self, services: Services, redis: Redis
    ) -> None:
        talk = Talk(services, redis, language="es")
        assert (await talk.say("/claim_status", "claim_status")).endswith("¿Cuál es su nombre?")
        assert "número de miembro" in await talk.say("Lucia")
        # Who then writes English is answered in English.
        assert "Which company name" in await talk.say("I do not have it with me", "inform")

    async def test_a_sentence_of_english_goes_back_to_english(self, talk: Talk) -> None:
        await talk.say(BILL, "language_help", spanish(BILL))
        assert "first name" in await talk.say("has my claim been paid yet", "claim_status")
