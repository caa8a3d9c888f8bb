"""General answers: what anyone may hear about a topic, from `alliance/data/knowledge/`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import structlog
import yaml

from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, company
from actions.answers.wording import joined, line_in_spanish, line_of
from actions.dialogue.intents import intents
from alliance.answer import Answer, Button, Source
from alliance.errors import ConfigurationError
from alliance.knowledge import KNOWLEDGE_FOLDER, PLACEHOLDER, Entry, Knowledge, load_knowledge
from alliance.partners import Partner, Partners
from alliance.verified import VerifiedMember

log = structlog.get_logger()

# The source of general answers: no single company.
ALLIANCE = "alliance"
NOT_CONFIRMED = "not confirmed by compliance"

# What no plan decides: what to do in danger, and how to reach a person.
_OF_NO_PLAN = frozenset({"emergency", "speak_to_agent", "request_callback"})
_UNCONFIRMED = {
    "en": ("General information; your plan's documents decide.", "Your plan decides."),
    "es": ("Información general; deciden los documentos de su plan.", "Decide su plan."),
}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# Letters of a sentence that a voice says beside a company's name and number: with more, nobody
# keeps the number, and whoever is on the phone need not dial it.
_MOST_BESIDE_A_NUMBER = 55
_PERSON_IN_SPANISH = Button("Hablar con una persona", PERSON.payload)


class KnowledgeFiles:
    """The knowledge as its files stand now: an edit, or a withdrawal, needs no restart."""

    def __init__(self, folder: Path = KNOWLEDGE_FOLDER) -> None:
        self._folder = folder
        self._read_of: tuple[object, ...] | None = None
        self._knowledge = Knowledge((), frozenset())

    def current(self, partners: Partners) -> Knowledge:
        """The entries of all files; after a mistaken edit, those before it, and a line in the log.

        Before the first good reading there is none, and every topic still has its way on.
        """
        stamps = tuple(
            (path.name, (stat := path.stat()).st_mtime_ns, stat.st_size)
            for path in sorted(self._folder.glob("*.yml"))
        )
        read_of = (tuple(partners.by_key), *stamps)
        if read_of != self._read_of:
            self._read_of = read_of
            try:
                self._knowledge = read_knowledge(self._folder, partners)
            except ConfigurationError as error:
                log.error("knowledge_not_read", detail=error.detail)
        return self._knowledge


def read_knowledge(folder: Path, partners: Partners) -> Knowledge:
    """Read and check all files of the folder. Raises ConfigurationError."""
    documents = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            documents[path.name] = yaml.safe_load(path.read_text("utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            raise ConfigurationError(
                f"knowledge/{path.name}{where} cannot be read: check indents, colons and quotes."
            ) from error
    return load_knowledge(
        documents, {partner.key for partner in partners if partner.backend}, intents()
    )


FILES = KnowledgeFiles()


def general(
    member: VerifiedMember | None,
    question: Question,
    desk: Desk,
    files: KnowledgeFiles = FILES,
) -> Answer | None:
    """What may be said in general about the question's topic, or None where there is nothing."""
    partner = company(member, question, desk)
    # Nobody confirms words for a company that the alliance's service cannot ask yet.
    key = partner.key if partner and partner.backend else None
    entry = files.current(desk.partners).find(question.intent, key, desk.clock.today())
    return told(entry, question, partner, desk) if entry else None


def aspect_told(
    member: VerifiedMember | None,
    question: Question,
    aspect: str,
    desk: Desk,
    files: KnowledgeFiles = FILES,
) -> Answer:
    """What is known of one aspect of the question's topic (`alliance.aspects`): who asks "by when?"
    of it hears that alone. Where nothing is, who knows it.
    """
    partner = company(member, question, desk)
    key = partner.key if partner and partner.backend else None
    entry = files.current(desk.partners).find(question.intent, key, desk.clock.today(), aspect)
    given = told(entry, question, partner, desk) if entry else None
    if given is not None and not desk.withdrawn.has(given):
        return given
    ours = [partner] if partner else [p for p in desk.partners if p.backend]
    lines = joined([line_of(each) for each in ours], "or")
    text = (
        f"That I can't tell, and I don't want to guess. A person can: ask me for one, or call "
        f"{lines}."
    )
    return Answer(
        text=text,
        speech="That I can't tell, and I don't want to guess. Say person, and I connect you.",
        kind="notice",
        intent=question.intent,
        partner=partner.key if partner else None,
        buttons=(PERSON,),
    )


def knows_aspect(intent: str, aspect: str, partners: Partners, on: date) -> bool:
    """Whether the knowledge tells this aspect of the topic now."""
    return FILES.current(partners).find(intent, None, on, aspect) is not None


def detail(
    intent: str, near: Mapping[str, float], partners: Partners, on: date, *, alone: bool = False
) -> tuple[float, str] | None:
    """What of the topic is asked for, as its aspect: of the entries that the words are near to the
    nearest that tells something of it, and how near that is. With `alone` the topic was not talked
    about before.
    """
    entry = FILES.current(partners).detail(intent, near, on, alone=alone)
    return (near[entry.id], entry.aspect) if entry and entry.aspect else None


def detail_anywhere(
    near: Mapping[str, float], partners: Partners, on: date
) -> tuple[float, str, str] | None:
    """Of the entries that may be asked for before anything was told, whatever their topic, the
    nearest: how near it is, its topic and its aspect.
    """
    alone = {each.id: each for each in FILES.current(partners) if each.alone and each.in_force(on)}
    best = max((entry for entry in near if entry in alone), key=near.__getitem__, default=None)
    if best is None or not alone[best].aspect:
        return None
    return near[best], alone[best].intent, str(alone[best].aspect)


def is_of(entry: str, topics: Collection[str], partners: Partners) -> bool:
    """Whether the entry with this id tells of one of the topics first, and not only after them."""
    return any(e.id == entry and e.intent in topics for e in FILES.current(partners))


def rule(entry: str, partners: Partners, on: date) -> Entry | None:
    """The entry with this id, where it is in force and tells one part of its topic."""
    found = next((each for each in FILES.current(partners) if each.id == entry), None)
    return found if found and found.aspect == entry and found.in_force(on) else None


def own_topic(intent: str, aspect: str, partners: Partners, on: date) -> str | None:
    """The topic whose answer from the member's own file tells this aspect better, if any."""
    entry = FILES.current(partners).find(intent, None, on, aspect)
    return entry.own if entry else None


def case_words(
    intent: str, case: str, partner: Partner | None, desk: Desk, files: KnowledgeFiles = FILES
) -> str:
    """The first sentence of one case of a topic, for an answer that it bears on; empty where it may
    not be said now.
    """
    key = partner.key if partner and partner.backend else None
    entry = files.current(desk.partners).find(intent, key, desk.clock.today())
    found = next((each for each in entry.cases if each.name == case), None) if entry else None
    if entry is None or found is None or f"knowledge/{entry.id}" in desk.withdrawn.sources:
        return ""
    return found.wording.text.partition(". ")[0] + "."


def told(entry: Entry, question: Question, partner: Partner | None, desk: Desk) -> Answer:
    """An entry in the words for the question, with where it comes from and who confirmed it."""
    wording, sources, person = entry.wording, entry.sources, PERSON
    case = entry.case(question.text)
    in_spanish = question.language == "es" and entry.spanish is not None
    if in_spanish and entry.spanish:
        wording, person = entry.spanish, _PERSON_IN_SPANISH
    elif case:
        wording, sources = case.wording, case.sources
    confirmed = entry.confirmed(partner.key if partner else None)
    plain = confirmed or entry.intent in _OF_NO_PLAN
    read, heard = ("", "") if plain else _UNCONFIRMED["es" if in_spanish else "en"]
    return Answer(
        text=f"{_filled(wording.text, partner, desk, in_spanish)} {read}".strip(),
        speech=f"{_filled_spoken(wording.speech, partner, desk)} {heard}".strip(),
        intent=question.intent,
        partner=partner.key if partner else None,
        facts={
            "knowledge": entry.id,
            "case": case.name if case and not in_spanish else None,
            "language": "es" if in_spanish else "en",
            "sources": list(sources),
            "status": "confirmed" if confirmed else NOT_CONFIRMED,
            "looks_for": entry.looks_for,
            # What is asked of its topic, and not the whole answer to it.
            "part": entry.aspect is not None,
        },
        buttons=(person,),
        sources=(Source(ALLIANCE, f"knowledge/{entry.id}", desk.now().isoformat()),),
    )


def _filled(text: str, partner: Partner | None, desk: Desk, in_spanish: bool) -> str:
    """The lines with their numbers: the member's company's, or all of them."""
    ours = [partner] if partner else [p for p in desk.partners if p.backend]
    line = line_in_spanish if in_spanish else line_of
    lines = joined([line(each) for each in ours], "o" if in_spanish else "or")
    return PLACEHOLDER.sub(lambda match: line(desk.partners[match[2]]) if match[2] else lines, text)


def _filled_spoken(text: str, partner: Partner | None, desk: Desk) -> str:
    """Three numbers in a row are not heard: without a company, the one on the card."""

    def line(each: Partner, number: bool) -> str:
        name = f"{each.spoken_name} member services"
        return f"{name} at {each.phone.member_services}" if number else name

    def filled(sentence: str) -> str:
        number = len(PLACEHOLDER.sub("", sentence)) <= _MOST_BESIDE_A_NUMBER
        ours = line(partner, number) if partner else "member services, at the number on your card"
        return PLACEHOLDER.sub(
            lambda match: line(desk.partners[match[2]], number) if match[2] else ours, sentence
        )

    return " ".join(filled(sentence) for sentence in _SENTENCE_END.split(text))
