"""Who writes Spanish reads our fixed words in Spanish and comes to a person who speaks it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from actions.answers.talk import _TEXTS
from actions.dialogue.asides import REASON, TAKE_YOUR_TIME
from actions.dialogue.prompts import PROMPTS, way_out
from actions.dialogue.spanish import catalogue, in_spanish
from actions.dialogue.spanish_questions import QUESTIONS
from actions.services import Services
from alliance.answer import Answer
from api.conversations.notices import in_language
from tests.actions.talking import Talk, named

SPECIALTIES = Path("alliance/data/gazetteers/specialties.json")
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

    @pytest.mark.parametrize(
        ("english", "spanish"),
        [
            ("Ana O'Neil of MVP Health Care has joined", "Ana O'Neil, de MVP Health Care, se unió"),
            ("Ana has joined", "Ana se unió"),
        ],
    )
    def test_an_agent_comes(self, english: str, spanish: str) -> None:
        assert in_language(f"{english} the chat.", "es") == f"{spanish} al chat."
        assert in_language(f"{english} the chat.", "en") == f"{english} the chat."

    def test_what_is_not_known_stays_as_it_is_whole(self) -> None:
        answer = Answer("Thank you. Your claim was paid.", "Thank you. Your claim was paid.")
        assert in_spanish(answer) == answer


MORGAN = ("Morgan", "M10010002", "11/02/1979", "12207")
AVERY = ("Avery", "U10010001", "05/17/1984", "06103")
RILEY = ("Riley", "P10010003", "08/23/1990", "14604")
# Plans at two companies.
TAYLOR = ("Taylor", "M10010009", "03/03/1987", "12305")
ENGLISH = re.compile(
    r"\b(?:the|your|you|paid|claim|is|and|for|since|nearest|near|of|what|plan's)\b"
)


class TestWhatIsBehindTheFirstButtons:
    @pytest.mark.parametrize("who", [MORGAN, AVERY, RILEY, TAYLOR], ids=lambda who: who[0])
    @pytest.mark.parametrize("intent", ["claim_status", "which_plan_covers_me", "id_card"])
    async def test_is_told_in_spanish(
        self, services: Services, redis: Redis, intent: str, who: tuple[str, ...]
    ) -> None:
        talk = Talk(services, redis, language="es")
        said = await talk.say(f"/{intent}", intent)
        if intent == "id_card":
            assert said.startswith("Su tarjeta muestra la compañía"), said
            assert not ENGLISH.search(said.replace("or Preferred", "")), said
            await talk.say("/affirm", "affirm")
        said = await talk.give(*who)
        if talk.asking == "need_claim":
            said = await talk.say("the latest")
        assert "solo lo tengo en inglés" not in said, said
        assert not ENGLISH.search(said), said
        assert said.endswith(catalogue().note)

    async def test_a_doctor_too(self, services: Services, redis: Redis) -> None:
        talk = Talk(services, redis, language="es")
        await talk.say("/find_provider", "find_provider")
        await talk.say("cardiologist", "inform", [named("specialty", "cardiology")])
        said = await talk.say("12207")
        assert said.startswith("Estos son cardiólogos cerca de Albany, NY (12207)"), said
        assert not ENGLISH.search(said), said

    async def test_a_button_does_not_lead_back_to_english(
        self, services: Services, redis: Redis
    ) -> None:
        talk = Talk(services, redis, language="es", pressed=True)
        await talk.say("/claim_status", "claim_status")
        said = await talk.say("I don't have my card", "inform")
        assert said.startswith("No hay problema, también se puede sin la tarjeta."), said

    def test_a_card_is_read_in_spanish_and_names_stay(self) -> None:
        card = {
            "kind": "claim",
            "title": "Your claim of March 12, 2026",
            "company": "MVP Health Care",
            "status": "Paid",
            "hours": ["Monday to Friday, 8:30 AM to 5 PM"],
            "provider": "Active Life Clinic",
            "amounts": [{"label": "Your share", "amount": "$25.00"}],
            "timeline": [{"date": "March 15, 2026", "event": "Received by MVP"}],
            "state": "paid",
        }
        text = "MVP Health Care shows that your share is $25.00."
        (told,) = in_spanish(Answer(text, text, cards=(card,))).cards
        assert told == card | {
            "title": "Su reclamo del 12 de marzo de 2026",
            "status": "Pagado",
            "hours": ["lunes a viernes, 8:30 AM a 5 PM"],
            "amounts": [{"label": "Su parte", "amount": "$25.00"}],
            "timeline": [{"date": "15 de marzo de 2026", "event": "Recibido por MVP"}],
        }

    def test_a_list_of_claims(self) -> None:
        told = catalogue().text(
            "There are 2 claims, newest first. MVP Health Care: March 12, 2026: paid $140.00, "
            "your share $25.00 (CLM-2026-1); March 3 to March 5, 2026: denied (CLM-2026-2)."
        )
        assert told == (
            "Hay 2 reclamos, el más nuevo primero. MVP Health Care: 12 de marzo de 2026: pagado "
            "$140.00, su parte $25.00 (CLM-2026-1); 3 de marzo al 5 de marzo de 2026: denegado "
            f"(CLM-2026-2). {catalogue().note}"
        )

    def test_a_kind_of_doctor_that_is_not_known_stays_english_whole(self) -> None:
        assert catalogue().text("Here are wizards near Albany, NY (12207), nearest first:") is None

    def test_every_kind_of_doctor_is_known(self) -> None:
        kinds = json.loads(SPECIALTIES.read_text("utf-8")).values()
        assert {kind["plural"] for kind in kinds} <= catalogue().words.keys()


class TestQuestionsByTheirWords:
    """Understanding reads English; the commonest questions in Spanish are known by their words."""

    @pytest.mark.parametrize(
        ("text", "intent"),
        [
            ("¿Ya pagaron mi reclamo de marzo?", "claim_status"),
            ("hola, quisiera saber cómo va mi reclamo por favor", "claim_status"),
            ("¿Qué plan me cubre?", "which_plan_covers_me"),
            ("cual es mi seguro medico", "which_plan_covers_me"),
            ("perdí mi tarjeta", "id_card"),
            ("necesito una tarjeta nueva", "id_card"),
            ("¿Cómo apelo un reclamo denegado?", "appeal"),
            ("busco un doctor", "find_provider"),
            ("Busco una dentista cerca de 12207", "find_provider"),
            ("necesito un médico de cabecera", "find_provider"),
            # By single words, however they are put.
            ("oiga, me dijeron que ya pagaron la consulta, ¿es cierto?", "claim_status"),
            ("¿cuánto les debo?", "claim_status"),
            ("no me quisieron pagar la cuenta, la negaron", "claim_denial"),
            ("¿cuánto llevo del deducible este año?", "deductible_status"),
            ("quiero inscribir a mi bebé recién nacida", "add_dependent"),
            ("me despidieron del trabajo, ¿qué hago con el seguro?", "end_coverage"),
            ("¿sigo asegurada todavía?", "coverage_status"),
            ("tengo una queja de la recepcionista", "complaint"),
            ("¿en dónde hay un pediatra por aquí?", "find_provider"),
        ],
    )
    def test_are_known(self, text: str, intent: str) -> None:
        known = QUESTIONS.asked(text)
        assert known is not None
        assert known.intent == intent

    @pytest.mark.parametrize(
        "text",
        [
            BILL,
            "mi reclamo",
            "mi esposo tuvo un accidente y no pagaron mi reclamo",
            "busco un abogado",
            "busco un amigo cerca de 12207",
            "hola",
            "gracias",
            "no quiero mi tarjeta",
            "dice que debo pagar mil dólares",
            "mi hija tuvo una cita y no la pagaron",
            "quiero hablar con alguien de mi queja",
            "",
        ],
    )
    def test_everything_else_is_a_persons(self, text: str) -> None:
        assert QUESTIONS.asked(text) is None

    def test_every_kind_of_doctor_has_a_name_of_its_own(self) -> None:
        kinds = json.loads(SPECIALTIES.read_text("utf-8"))
        assert set(QUESTIONS.doctors.values()) == kinds.keys()

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("¿Qué es un deducible?", "El deducible es lo que usted paga"),
            ("que es el coaseguro", "El coaseguro es su parte"),
            ("¿Qué significa autorización previa?", "es el sí del plan"),
            ("¿Cómo apelo un reclamo denegado?", "Puede pedir a la compañía que revise"),
            ("¿Ya pagaron mi reclamo de marzo?", "¿Cuál es su nombre?"),
            ("busco un doctor", "¿Qué"),
        ],
    )
    @pytest.mark.parametrize("language", ["en", "es"])
    async def test_are_answered_in_spanish(
        self, services: Services, redis: Redis, text: str, told: str, language: str
    ) -> None:
        talk = Talk(services, redis, language=language)
        said = await talk.say(text, "language_help", spanish(text))
        assert told in said
        assert not ENGLISH.search(said), said
        assert not talk.acts

    async def test_a_claim_up_to_its_answer(self, services: Services, redis: Redis) -> None:
        talk = Talk(services, redis, language="es")
        text = "¿ya pagaron mi reclamo?"
        await talk.say(text, "language_help", spanish(text))
        assert (await talk.give(*MORGAN)).startswith("Gracias. ¿Qué reclamo?")
        said = await talk.say("el último", "inform")
        assert "MVP Health Care pagó su reclamo" in said
        assert not ENGLISH.search(said), said
        text = "¿ya pagaron mi reclamo de marzo?"
        said = await talk.say(text, "language_help", spanish(text))
        assert "del 12 de marzo de 2026" in said

    async def test_a_kind_of_doctor_and_a_place(self, services: Services, redis: Redis) -> None:
        talk = Talk(services, redis, language="es")
        text = "Busco un cardiólogo cerca de 12207"
        found = [*spanish(text), named("zip", "12207")]
        said = await talk.say(text, "language_help", found)
        assert said.startswith("Estos son cardiólogos cerca de Albany, NY (12207)"), said

    async def test_what_is_not_known_is_offered_a_person_first(
        self, services: Services, redis: Redis
    ) -> None:
        """Also where the chat was begun in Spanish, and after an answer."""
        talk = Talk(services, redis, language="es")
        text = "¿Qué es un copago?"
        assert "cantidad fija" in await talk.say(text, "language_help", spanish(text))
        assert "sin costo" in await talk.say(BILL, "language_help", spanish(BILL))
        assert not talk.acts
        more = "dice que debo pagar mil dólares"
        assert "aparece en su tarjeta" in await talk.say(more, "language_help", spanish(more))


class TestRepliesInSpanish:
    """What is said at a prompt or to an offer is taken as its English."""

    async def test_yes_with_courtesy_takes_the_offer(self, talk: Talk) -> None:
        text = "¿Necesito una remisión para ver al especialista?"
        assert "médico de cabecera" in await talk.say(text, "language_help", spanish(text))
        text = "sí, claro, por favor"
        said = await talk.say(text, "language_help", spanish(text))
        assert "¿Cuál es su nombre?" in said

    async def test_a_refusal_is_no_danger_and_is_not_pressed(self, talk: Talk) -> None:
        text = "¿Cuánto me falta del deducible?"
        assert "nombre?" in await talk.say(text, "language_help", spanish(text))
        text = "prefiero no dar mi fecha de nacimiento"
        said = await talk.say(text, "emergency", spanish(text))
        assert "no tiene que hacerlo" in said
        assert "911" not in said
        assert "988" not in said

    async def test_the_case_is_told_again(self, talk: Talk) -> None:
        text = "Quiero poner una queja: la enfermera me gritó"
        await talk.say(text, "language_help", spanish(text))
        assert "número de referencia" in await talk.say("MVP", "inform")
        text = "¿y cuándo me van a contestar?"
        said = await talk.say(text, "language_help", spanish(text))
        assert "Le contestan a más tardar" in said

    async def test_what_is_owed_is_of_the_claim_that_was_told(self, talk: Talk) -> None:
        text = "¿Ya pagaron mi reclamo de marzo?"
        await talk.say(text, "language_help", spanish(text))
        await talk.give("Lucia", "U10010039", "01/30/1990", "33130")
        text = "¿y cuánto les debo?"
        assert "$30.00" in await talk.say(text, "language_help", spanish(text))

    async def test_the_second_question_is_not_led_to_a_person_without_a_word(
        self, talk: Talk
    ) -> None:
        await talk.say(BILL, "language_help", spanish(BILL))
        more = "dice que debo pagar mil dólares"
        said = await talk.say(more, "language_help", spanish(more))
        assert said.startswith("Eso se lo contesta una persona que habla español.")


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
        assert (await talk.say("/out_of_pocket_status", "out_of_pocket_status")).endswith("nombre?")
        await talk.give("Lucia", "U10010039")
        born = "30 de enero de 1990"
        await talk.say(born, "language_help", spanish(born))
        said = await talk.say("33130")
        told, *facts = said.split("\n")
        assert told.startswith("Lo que sigue solo lo tengo en inglés.")
        assert "out-of-pocket" in facts[0]

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


async def test_the_company_said_after_the_offer_is_whose_person_is_called(
    services: Services, redis: Redis
) -> None:
    talk = Talk(services, redis)
    said = "me cobraron algo que no entiendo"
    await talk.say(said, "language_help", spanish(said))
    await talk.say("MVP", "inform")
    (act,) = talk.acts
    assert (act.kind, act.detail["partner"]) == ("handoff", "mvp")
