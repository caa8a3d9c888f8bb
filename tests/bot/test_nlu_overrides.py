"""The components after the classifier, on messages as it leaves them."""

from collections.abc import Sequence
from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.classifier import DANGER_MARGIN, DANGERS, QUESTIONS
from bot.nlu.danger import Part
from bot.nlu.questions import Question
from bot.nlu.understanding import Emergency, Language, Questions


def understood(
    text: str,
    ranking: dict[str, float],
    scope: float = 0.9,
    dangers: Sequence[Part] = (),
    margin: float = 0.0,
) -> Message:
    """After the classifier and all that follows it; `ranking` from likely to unlikely, `dangers`
    as the classifier found them in parts, `margin` of danger in the whole."""
    ranked = [{"name": name, "confidence": value} for name, value in ranking.items()]
    message = Message(data={TEXT: text})
    message.set(INTENT, ranked[0])
    message.set(INTENT_RANKING_KEY, ranked)
    name, confidence = next(iter(ranking.items()))
    unsupported = ranking.get("out_of_scope", 0.0)
    question = Question(0, len(text), name, confidence, scope, unsupported)
    message.set(QUESTIONS, [question])
    message.set(DANGERS, dangers)
    message.set(DANGER_MARGIN, margin)
    for component in (Language(), Emergency(), Questions()):
        component.process([message])
    return message


def only_question(message: Message) -> dict[str, Any]:
    (question,) = message.get(QUESTIONS)
    return dict(question)


def test_an_unlikely_emergency_is_believed_and_never_rejected() -> None:
    message = understood("the baby looks like a plum", {"out_of_scope": 0.7, "emergency": 0.29})
    assert message.get(INTENT)["name"] == "emergency"
    assert only_question(message)["band"] == "accept"


def test_what_is_like_nothing_known_is_no_emergency_for_being_likest_to_one() -> None:
    ranking = {"emergency": 0.6, "out_of_scope": 0.3}
    assert only_question(understood("the dice need a roll", ranking))["intent"] == "emergency"
    far_off = understood("the dice need a roll", ranking, margin=-1.3)
    assert only_question(far_off)["intent"] == "out_of_scope"


def test_plain_words_of_danger_need_no_margin() -> None:
    message = understood("the dice are gone and he can't breathe", {"emergency": 0.1}, margin=-1.3)
    assert message.get(INTENT)["name"] == "emergency"


def test_words_of_danger_beat_the_classifier() -> None:
    message = understood("i can't breathe", {"greet": 0.9, "emergency": 0.001})
    assert message.get(INTENT)["name"] == "emergency"


def test_a_past_emergency_is_what_else_it_may_be() -> None:
    text = "I had chest pain in June and you denied the ER"
    message = understood(text, {"emergency": 0.6, "claim_denial": 0.4})
    assert message.get(INTENT)["name"] == "claim_denial"


@pytest.mark.parametrize(
    ("text", "taken_for"),
    [
        ("nobody is dying here, I want to know about my bill", "billing_problem"),
        ("I'm not having a heart attack, I asked for a heart doctor", "billing_problem"),
        ("nobody is dying here but my husband can't breathe", "emergency"),
        ("I'm not going to kill myself or anything", "emergency"),
        ("we don't need nine one one, only the bill", "billing_problem"),
        ("I write for my father, he cannot read the small print any more", "billing_problem"),
        ("he suddenly can't read the paper", "emergency"),
        ("she can't text or talk, her words come out wrong", "emergency"),
        ("he can't use his phone, he collapsed", "emergency"),
    ],
)
def test_danger_that_is_denied(text: str, taken_for: str) -> None:
    message = understood(text, {"emergency": 0.97, "billing_problem": 0.02})
    assert message.get(INTENT)["name"] == taken_for


def test_danger_told_inside_a_story_about_a_bill() -> None:
    bill = "I was calling about the bill from March. "
    text = f"{bill}My wife just dropped on the floor."
    told = Part(len(bill), len(text), 0.99, 0.9, sentence=True)
    ranking = {"billing_problem": 0.8, "emergency": 0.05}
    message = understood(text, ranking, dangers=[told])
    assert only_question(message)["intent"] == "emergency"
    assert understood(text, ranking).get(INTENT)["name"] == "billing_problem"


def test_a_part_by_itself_is_no_danger() -> None:
    text = "Ring the office and my wife will pick up"
    told = Part(0, 15, 0.99, 0.99, sentence=False)
    message = understood(text, {"contact_info": 0.8, "emergency": 0.1}, dangers=[told])
    assert message.get(INTENT)["name"] == "contact_info"


def test_danger_since_something_happened_is_danger_now() -> None:
    message = understood("his ears are leaking blood since the crash", {"emergency": 0.7})
    assert message.get(INTENT)["name"] == "emergency"


def test_a_part_about_another_time_is_no_danger_now() -> None:
    text = "My wife dropped on the floor last winter. Who pays?"
    told = Part(0, 41, 0.99, 0.9, sentence=True)
    message = understood(text, {"claim_status": 0.8, "emergency": 0.05}, dangers=[told])
    assert message.get(INTENT)["name"] == "claim_status"


def test_other_languages_are_helped() -> None:
    message = understood("мне нужна новая карточка", {"out_of_scope": 0.9})
    assert message.get(INTENT)["name"] == "language_help"
    assert [e["value"] for e in only_question(message)["entities"]] == ["ru"]


def test_spanish_is_helped_in_spanish() -> None:
    message = understood("perdí mi tarjeta", {"out_of_scope": 0.9})
    assert message.get(INTENT)["name"] == "language_help"
    assert [e["value"] for e in only_question(message)["entities"]] == ["es"]


@pytest.mark.parametrize(
    "text",
    [
        "tengo un resfriado, nada grave, quiero hablar con una enfermera",
        "me muero de hambre, dónde hay un hospital con cafetería",
        "se cayó en marzo pero ya está bien en casa, no me llega la factura",
        "me da un infarto con esta aplicación",
        "cuánto cuesta la ambulancia",
    ],
)
def test_spanish_that_only_sounds_like_danger(text: str) -> None:
    message = understood(text, {"emergency": 0.8, "language_help": 0.1})
    assert message.get(INTENT)["name"] == "language_help"


def test_a_spanish_emergency_is_an_emergency() -> None:
    message = understood("mi hijo no respira", {"out_of_scope": 0.9})
    assert message.get(INTENT)["name"] == "emergency"


@pytest.mark.parametrize(
    ("ranking", "scope"),
    [
        ({"id_card": 0.9}, 0.1),
        ({"id_card": 0.1}, 0.9),
        ({"id_card": 0.6, "out_of_scope": 0.3}, 0.9),
    ],
)
def test_what_is_not_understood_is_out_of_scope(ranking: dict[str, float], scope: float) -> None:
    message = understood("my thing with the thing", ranking, scope)
    assert message.get(INTENT)["name"] == "out_of_scope"
    assert message.get(INTENT_RANKING_KEY)[0]["name"] == "id_card"
