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
_BEFORE = re.compile(r"^\W*(?:(?:entonces|pues|bueno|ok|y|oiga|disculpe|hola|pero)\W+)*", re.I)
# Who wants any doctor is asked for the kind.
_ANY_DOCTOR = frozenset({"doctor", "doctora", "medico", "medica"})


@dataclass(frozen=True)
class Known:
    """What a message asks: the intent, and the kind of doctor (its key in the directories) if one
    is named.
    """

    intent: str
    doctor: str | None = None


@dataclass(frozen=True)
class Topic:
    """An intent that is known by its words: one of each of `words` has to stand in the message;
    `family`: also where somebody of the family is named.
    """

    intent: str
    words: tuple[re.Pattern[str], ...]
    family: bool = False


@dataclass(frozen=True)
class Reply:
    """A whole message by the English that it is taken for; `at`: where alone it is."""

    english: str
    intent: str
    at: str
    said: re.Pattern[str]


@dataclass(frozen=True)
class Questions:
    """`courtesy` stands before and after a question and says nothing; `asks` are its wordings, with
    the intent; `topics` are known by single words, in messages of at most `longest` and without any
    of `never`; `doctors` the kinds of doctor by what one of them is called. `case` asks of
    a case that was passed on here, `same` of the claim that was told last.
    """

    courtesy: re.Pattern[str]
    asks: tuple[tuple[str, re.Pattern[str]], ...]
    topics: tuple[Topic, ...]
    never: re.Pattern[str]
    longest: int
    case: re.Pattern[str]
    same: re.Pattern[str]
    replies: tuple[Reply, ...]
    doctors: Mapping[str, str]

    @classmethod
    def of(cls, document: Mapping[str, Any], doctors: Mapping[str, str]) -> Questions:
        """From the file's contents. Raises KeyError or re.error for a malformed file."""
        words = _joined(document["courtesy"])
        named = "|".join(sorted(doctors.keys() | _ANY_DOCTOR, key=len, reverse=True))
        parts = {**document["parts"], "doctors": named}
        never, case, same = (
            re.compile(rf"\b(?:{each})\b")
            for each in (_joined(document["never"]), document["case"].strip(), document["same"])
        )
        return cls(
            courtesy=re.compile(rf"^(?:(?:{words}) )*|(?: (?:{words}))*$"),
            asks=tuple(
                (question["intent"], re.compile(_filled(ask, parts)))
                for question in document["questions"]
                for ask in question["ask"]
            ),
            topics=tuple(
                Topic(
                    topic["intent"],
                    tuple(re.compile(rf"\b(?:{_filled(w, parts)})\b") for w in topic["words"]),
                    bool(topic.get("family")),
                )
                for topic in document["topics"]
            ),
            never=never,
            longest=document["longest"],
            case=case,
            same=same,
            replies=tuple(
                Reply(reply["en"], reply["intent"], reply.get("at", ""), re.compile(ask))
                for reply in document["replies"]
                for ask in reply["ask"]
            ),
            doctors=doctors,
        )

    def asked(self, text: str) -> Known | None:
        """What the whole message asks about; None for what is a person's to answer."""
        bare = self.courtesy.sub("", _folded(text))
        for intent, pattern in self.asks:
            if found := pattern.fullmatch(bare):
                doctor = found.groupdict().get("doctor")
                if doctor is None or doctor in _ANY_DOCTOR:
                    return Known(intent)
                if doctor in self.doctors:
                    return Known(intent, self.doctors[doctor])
        return self._by_words(bare)

    def _by_words(self, bare: str) -> Known | None:
        if len(bare.split()) > self.longest:
            return None
        another = self.never.search(bare) is not None
        for topic in self.topics:
            found = [each.search(bare) for each in topic.words]
            if not all(found) or (another and not topic.family):
                continue
            groups = {name: w for each in found if each for name, w in each.groupdict().items()}
            doctor = groups.get("doctor")
            return Known(topic.intent, self.doctors.get(doctor or ""))
        return None


def hear_reply(turn: Turn) -> None:
    """Take a whole message in Spanish that answers or asks something at a prompt, or takes an offer
    or leaves it, as its English: "no me llegó el código". Where their own words are asked for, all
    of them are.
    """
    asking = (turn.asking or "") if turn.in_form else ""
    told = turn.memory.language != "es" or not turn.fresh or turn.text.startswith("/")
    if told or turn.context.pressed or asking in ("need_words", "need_reason"):
        return
    bare = _folded(turn.text)
    for reply in QUESTIONS.replies:
        if turn.intent == "emergency" and reply.intent != "deny":
            # "¿Para qué quiero seguro si ya no voy a estar?" asks for no reason.
            continue
        if asking.startswith(reply.at) and reply.said.fullmatch(bare):
            turn.text, turn.intent, turn.entities = reply.english, reply.intent, ()
            turn.questions = (Item(reply.intent, reply.english),)
            return


def asked_in_spanish(turn: Turn, item: Item, today: date) -> Item | None:
    """The question that a Spanish message asks, where it is one of the commonest; None for all
    others, which are a person's to answer.
    """
    if item.intent != LANGUAGE_HELP or not writes_spanish(turn):
        return None
    bare = _folded(turn.text)
    asked = _BEFORE.sub("", turn.text)
    if meant := asked_terms(asked, turn.partners, today):
        return Item(meant[0].intent, asked, told={TERM: True})
    if QUESTIONS.case.search(bare) and (case := turn.memory.case_again()):
        return case
    known = QUESTIONS.asked(turn.text)
    if known is None:
        return None
    # Names of doctors and towns, and the language itself, are read in English.
    entities = [e for e in turn.entities if e.get("entity") in ("zip", "date")]
    if doctor := known.doctor:
        entities.append({"entity": "specialty", "value": doctor, "said": doctor, "start": 0})
    told_last = turn.memory.subject.get("claim")
    if known.intent == "claim_status" and told_last and QUESTIONS.same.search(bare):
        return Item(known.intent, turn.text, told={"claim": told_last})
    return Item(known.intent, turn.text, tuple(entities))


def _joined(words: str) -> str:
    return "|".join(part.strip() for part in words.split("|"))


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
