"""Questions in Spanish that are known by their words (`alliance/data/spanish_questions.yml`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

import alliance
from actions.answers.terms import asked_terms
from actions.dialogue.agenda import TERM, Item
from actions.dialogue.spanish import LANGUAGE_HELP, catalogue, writes_spanish
from actions.dialogue.turn import Turn
from alliance.gazetteer import terms

_FILE = Path(alliance.__file__).parent / "data" / "spanish_questions.yml"
_MARKS = re.compile(r"[^a-z0-9ñ]+")
# Who wants any doctor is asked for the kind.
_ANY_DOCTOR = frozenset({"doctor", "doctora", "medico", "medica"})


@dataclass(frozen=True)
class Questions:
    """`courtesy` stands before and after a question and says nothing; `asks` are its wordings, with
    the intent; `doctors` the kinds of doctor by what one of them is called.
    """

    courtesy: re.Pattern[str]
    asks: tuple[tuple[str, re.Pattern[str]], ...]
    doctors: Mapping[str, str]

    @classmethod
    def of(cls, document: Mapping[str, Any], doctors: Mapping[str, str]) -> Questions:
        """From the file's contents. Raises KeyError or re.error for a malformed file."""
        words = "|".join(part.strip() for part in document["courtesy"].split("|"))
        parts = document["parts"]
        return cls(
            re.compile(rf"^(?:(?:{words}) )*|(?: (?:{words}))*$"),
            tuple(
                (question["intent"], re.compile(_filled(ask, parts)))
                for question in document["questions"]
                for ask in question["ask"]
            ),
            doctors,
        )

    def asked(self, text: str) -> tuple[str, str | None] | None:
        """The intent that the whole message asks about, and the kind of doctor (its key in the
        directories) if one is named; None for everything else.
        """
        bare = self.courtesy.sub("", _folded(text))
        for intent, pattern in self.asks:
            if found := pattern.fullmatch(bare):
                doctor = found.groupdict().get("doctor")
                if doctor is None or doctor in _ANY_DOCTOR:
                    return intent, None
                if doctor in self.doctors:
                    return intent, self.doctors[doctor]
        return None


def asked_in_spanish(turn: Turn, item: Item, today: date) -> Item | None:
    """The question that a Spanish message asks, where it is one of the commonest; None for all
    others, which are a person's to answer.
    """
    if item.intent != LANGUAGE_HELP or not writes_spanish(turn):
        return None
    if meant := asked_terms(turn.text, turn.partners, today):
        return Item(meant[0].intent, turn.text, told={TERM: True})
    known = QUESTIONS.asked(turn.text)
    if known is None:
        return None
    intent, doctor = known
    # Names of doctors and towns, and the language itself, are read in English.
    entities = [e for e in turn.entities if e.get("entity") in ("zip", "date")]
    if doctor:
        entities.append({"entity": "specialty", "value": doctor, "said": doctor, "start": 0})
    return Item(intent, turn.text, tuple(entities))


def _filled(ask: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        ask = ask.replace(f"{{{name}}}", part)
    return ask


def _folded(text: str) -> str:
    """Small letters without accents and marks."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ñ", "\0"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _MARKS.sub(" ", bare.replace("\0", "ñ")).strip()


def _one(plural: str) -> set[str]:
    """What one of them is called: "cardiologo" and "cardiologa" of "cardiólogos"."""
    first, *rest = _folded(plural).split()
    one = re.sub(r"(?<=[lrn])es$|(?<=[aeiou])s$", "", first)
    return {" ".join([name, *rest]) for name in (one, re.sub(r"o$", "a", one))}


def _read() -> Questions:
    known = catalogue().words
    doctors = {
        name: key
        for key, kind in terms("specialty").items()
        if kind.plural in known
        for name in _one(known[kind.plural])
    }
    return Questions.of(yaml.safe_load(_FILE.read_text("utf-8")), doctors)


# Read as the process starts.
QUESTIONS = _read()
