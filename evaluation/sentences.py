"""The development sentences, and the training ones to hold them against."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent
TRAINING = FOLDER.parent / "data" / "nlu"
HEARD = FOLDER / "heard.tsv"
# Training sentences as a recogniser heard them.
HEARD_TRAINING = TRAINING / "heard.yml"
# Lines on which a person would understand every word.
GOOD_LINES = ("awb", "rms", "slt")
STYLES = ("chat", "phone", "roundabout")
_ENTITY = re.compile(r"\[([^\]]*)\]\((\w+)\)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a member said, the intent a careful reader gives it, and what it names.

    `entities`: (kind, start, end) in `text`. `style`: one of STYLES, or the set it comes from.
    """

    text: str
    intent: str
    style: str
    entities: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence that was spoken on a telephone line: `readings` are what was heard, best first,
    each with the recogniser's confidence from 0 to 1; none where it heard nothing.
    """

    intent: str
    line: str
    text: str
    readings: tuple[tuple[str, float], ...]


def read(path: Path, style: str) -> list[Sentence]:
    """Sentences of one Rasa YAML file, entities taken out of their brackets."""
    return [
        _unmark(line.removeprefix("- "), group["intent"], style)
        for group in yaml.safe_load(path.read_text())["nlu"]
        for line in group["examples"].splitlines()
    ]


def development() -> list[Sentence]:
    """All development sentences."""
    return [s for style in STYLES for s in read(FOLDER / "development" / f"{style}.yml", style)]


def named() -> list[Sentence]:
    """Sentences that name things, of all styles: for the scores of entities, of which the others
    hold few."""
    return read(FOLDER / "named.yml", "named")


def not_emergency() -> list[Sentence]:
    """Sentences that sound like an emergency and are none: the past, its bill, a search."""
    rows = (line.split("\t") for line in _lines(FOLDER / "not_emergency.tsv"))
    return [Sentence(text, intent, "not_emergency") for intent, text in rows]


def emergencies() -> list[Sentence]:
    """More emergencies than the development sentences hold, for an interval that says something."""
    rows = (line.split("\t") for line in _lines(FOLDER / "emergencies.tsv"))
    return [Sentence(text, intent, "emergency") for intent, text in rows]


def far() -> list[Sentence]:
    """What people ask other assistants: out of scope, and no emergency."""
    lines = (line for line in _lines(FOLDER / "far.txt") if not line.startswith("#"))
    return [Sentence(line, "out_of_scope", "far") for line in lines]


def heard() -> list[Sentence]:
    """Phone sentences of the development set as a recogniser heard them on good telephone lines
    (`scripts/speak_and_hear.py`); none if nobody has spoken them yet."""
    return [
        Sentence(said.readings[0][0], said.intent, "heard")
        for said in spoken()
        if said.line in GOOD_LINES and said.readings
    ]


def spoken() -> list[Spoken]:
    """What was heard of them on all lines, good and bad."""
    return [_spoken(line) for line in _lines(HEARD)] if HEARD.exists() else []


def _spoken(line: str) -> Spoken:
    intent, kind, text, cell = line.split("\t")
    parts = (part.partition(" ") for part in cell.split("|") if part)
    return Spoken(intent, kind, text, tuple((heard, float(chance)) for chance, _, heard in parts))


def several() -> list[tuple[str, list[tuple[str, int, int]]]]:
    """Messages of several parts, with each part's intent and span."""
    messages = []
    for line in _lines(FOLDER / "multi_questions.tsv"):
        intents, marked = line.split("\t")
        parts = [part.strip() for part in marked.split("||")]
        text = " ".join(parts)
        spans, at = [], 0
        for intent, part in zip(intents.split("+"), parts, strict=True):
            spans.append((intent, at, at + len(part)))
            at += len(part) + 1
        messages.append((text, spans))
    return messages


def follow_ups() -> list[tuple[str, str]]:
    """What is asked of the matter before ("none": nothing), and a short message that asks it."""
    rows = (line.split("\t") for line in _lines(FOLDER / "follow_ups.tsv"))
    return [(asks, text) for asks, text in rows]


def details() -> list[tuple[str, frozenset[str], str]]:
    """The topic that was told, the knowledge's entries that answer ("none": none does), and the
    short message that is asked of it."""
    rows = (line.split("\t") for line in _lines(FOLDER / "details.tsv"))
    return [(topic, frozenset(entries.split("|")), text) for topic, entries, text in rows]


def training() -> list[Sentence]:
    """Everything under data/nlu."""
    return [s for path in sorted(TRAINING.glob("*.yml")) for s in read(path, "training")]


def written() -> list[Sentence]:
    """The training sentences that people wrote."""
    files = (path for path in sorted(TRAINING.glob("*.yml")) if path != HEARD_TRAINING)
    return [s for path in files for s in read(path, "training")]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.strip()]


def _unmark(marked: str, intent: str, style: str) -> Sentence:
    text, entities, at = "", [], 0
    for match in _ENTITY.finditer(marked):
        text += marked[at : match.start()]
        entities.append((match[2], len(text), len(text) + len(match[1])))
        text += match[1]
        at = match.end()
    return Sentence(text + marked[at:], intent, style, tuple(entities))
