"""Members who write Spanish: they read our fixed words and the commonest answers in Spanish, are
asked no English questions, and are led to a person who speaks it, with what they wrote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

import alliance
from actions.answers.service import PERSON
from actions.dialogue.agenda import NO_COMPANY, Item, Memory
from actions.dialogue.intents import intents
from actions.dialogue.turn import Turn
from alliance.answer import Answer, Button
from alliance.spanish import Catalogue

_FILE = Path(alliance.__file__).parent / "data" / "spanish.yml"
LANGUAGE_HELP = "language_help"
_PERSON = re.compile(
    r"\b(?:persona|agente|representante|humano|alguien|asesora?|operadora?|int[eé]rprete|"
    r"comun[ií]queme|p[aá]seme)\b",
    re.IGNORECASE,
)
# Where these are understood, the member has not gone back to English by a word or two.
_LEAST_ENGLISH_WORDS = 4
# "In English please".
_WANTS_ENGLISH = re.compile(
    r"\W*(?:(?:no|sorry|please|wait|i|can|we|you|could|just|want|need|prefer|speak|only)\W+)*"
    r"(?:(?:in|to|switch(?: back)? to)\W+)?english"
    r"(?:\W+(?:please|pls|only|thanks|thank you|instead|then|now))*\W*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
# Small words of Spanish, and the share of them that no English sentence has.
_SPANISH_WORDS = frozenset(
    word
    for line in (
        "la el los las un una unos unas y o de del al a en con por para sin que qué ya se lo le",
        "les mi mis su sus tu me te nos es está esta están estoy son soy fue era ha han he hay",
        "viene vienen llegó llegaron llamé muy más pero cuando cuándo donde dónde como cómo porque",
        "si sí no gracias favor ahora todo bien él ella ellos usted tengo tiene necesito",
    )
    for word in line.split()
)
_SPANISH_SHARE = 0.4
_MOST_COMPANY_WORDS = 5
_NOTICE = (
    "Lo que sigue solo lo tengo en inglés. Una persona que habla español puede explicárselo: "
    "escriba \u201cpersona\u201d."
)
_ONLY_ENGLISH = Answer(
    text=_NOTICE,
    speech=_NOTICE,
    kind="notice",
    intent="language_help",
    facts={"language": "es"},
    buttons=(Button("Hablar con una persona", PERSON.payload),),
)
_MOST_REASON_CHARACTERS = 300
_BY_A_PERSON = "Eso se lo contesta una persona que habla español."
# Before somebody is led to a person whom they did not ask for.
A_PERSONS = Answer(
    text=_BY_A_PERSON,
    speech=_BY_A_PERSON,
    kind="notice",
    intent=LANGUAGE_HELP,
    facts={"language": "es"},
)


@cache
def catalogue() -> Catalogue:
    """The translations, read once."""
    return Catalogue.of(yaml.safe_load(_FILE.read_text("utf-8")))


def in_spanish(answer: Answer) -> Answer:
    """The answer as a member who writes Spanish reads it, where all its sentences are known."""
    return catalogue().answer(answer)


def all_in_spanish(answers: Sequence[Answer]) -> list[Answer]:
    """What is said in a conversation that is Spanish. What there is only in English is introduced
    in Spanish, with a person who explains it.
    """
    told = [in_spanish(answer) for answer in answers]
    english = next((at for at, each in enumerate(told) if _is_english(each)), None)
    if english is not None:
        told.insert(english, _ONLY_ENGLISH)
    return told


def _is_english(answer: Answer) -> bool:
    return answer.facts.get("language") != "es" and answer.intent != "emergency"


def notice_language(turn: Turn) -> None:
    """Keep which language the member writes, by this message."""
    if not turn.fresh or turn.context.channel == "voice":
        return
    if turn.context.language == "es" and turn.memory == Memory():
        # Begun in Spanish: by a Spanish button too, before a word was written.
        turn.memory = replace(turn.memory, language="es")
    if turn.text.startswith("/") or turn.context.pressed:
        return
    if writes_spanish(turn):
        turn.memory = replace(turn.memory, language="es")
    elif turn.memory.language == "es" and _is_english_again(turn.text):
        turn.memory = replace(turn.memory, language="en", met=False)


def goes_on_in_spanish(turn: Turn, warned: bool) -> bool:
    """Whether, by phone, the news of a danger that they were `warned` of in Spanish is Spanish
    too.
    """
    return warned and turn.context.channel == "voice" and not _is_english_again(turn.text)


def turns_to_english(turn: Turn) -> Answer | None:
    """ "In English please", after it was told in Spanish who speaks it: nobody is called for it."""
    if turn.memory.told != "language_help" or not _WANTS_ENGLISH.fullmatch(turn.text):
        return None
    text = "Of course. What would you like to know?"
    return Answer(text=text, speech=text, kind="notice", intent="language_help")


def _is_english_again(text: str) -> bool:
    """Whether a member who wrote Spanish has gone back to English: by more than a word or two, and
    not by Spanish of which understanding knows only a part ("ya viene la ambulancia").
    """
    if _WANTS_ENGLISH.fullmatch(text):
        return True
    words = _WORD.findall(text.lower())
    spanish = sum(word in _SPANISH_WORDS for word in words)
    return len(words) >= _LEAST_ENGLISH_WORDS and spanish < len(words) * _SPANISH_SHARE


# Languages as callers name them, and as they name their own; none that is a first name as well.
_LANGUAGE = re.compile(
    r"\b(?:espa[n\u00f1]ol|spanish|krey[o\u00f2]l|creole|fran[c\u00e7]ais|french|chinese|mandarin|"
    r"cantonese|vietnamese|korean|japanese|arabic|russian|ukrainian|portugu[e\u00ea]s\w*|polish|"
    r"bengali|nepali|somali|yiddish|sign language)\b",
    re.IGNORECASE,
)


def names_language(text: str) -> bool:
    """Whether a language is named: that is nobody's name."""
    return _LANGUAGE.search(text) is not None


def writes_spanish(turn: Turn) -> bool:
    """Whether the message itself is Spanish: understanding marks the whole of it."""
    return any(
        entity.get("entity") == "language"
        and entity.get("value") == "es"
        and entity.get("start") == 0
        and entity.get("end") == len(turn.text)
        for entity in turn.entities
    )


def person_instead(turn: Turn, item: Item) -> Item | None:
    """A person who speaks Spanish, for who asks for one or writes on after having been offered
    one; None while they are only to be offered one.
    """
    if turn.memory.language != "es":
        return None
    if turn.memory.met and _is_company(turn, item.text):
        return Item("speak_to_agent", item.text, told=_wanted(turn, item))
    if item.intent != LANGUAGE_HELP:
        return None
    waits_for_one = turn.asking == "need_partner"
    if not (turn.memory.met or waits_for_one or _PERSON.search(item.text)):
        return None
    return Item("speak_to_agent", item.text, told=_wanted(turn, item))


def asks_for_one(turn: Turn, item: Item) -> bool:
    """Whether a person is asked for, or a company named for that."""
    return _PERSON.search(item.text) is not None or _is_company(turn, item.text)


def _is_company(turn: Turn, text: str) -> bool:
    """Whether it names one of our companies in a few words, whatever language those are."""
    named = turn.partners.named(text)
    return bool(named and named.backend) and len(_WORD.findall(text)) <= _MOST_COMPANY_WORDS


def offered_person(turn: Turn, item: Item) -> Item:
    """What a yes to the offer of a person asks for."""
    return Item("speak_to_agent", item.text, told={**_wanted(turn, item), "agreed": True})


def _wanted(turn: Turn, item: Item) -> dict[str, str]:
    """What for, and at which company where the words name one."""
    named = turn.partners.named(item.text)
    company = {"partner": named.key} if named and named.backend else {}
    if turn.asking == "need_partner" and not company:
        # Asked which company it is, and there was more to say: nobody is asked again.
        company = {"partner": NO_COMPANY}
    return {"reason": _reason(turn, item), **company}


def _reason(turn: Turn, item: Item) -> str:
    """What the person reads: what was being asked, and the member's words from the first on."""
    said = [intents()[waiting.intent].title for waiting in turn.agenda]
    topic = turn.memory.topic
    if topic and topic["intent"] == LANGUAGE_HELP and topic["text"] != item.text:
        said.append(topic["text"])
    return "; ".join([*said, item.text])[:_MOST_REASON_CHARACTERS]
