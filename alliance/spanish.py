"""Our own sentences in Spanish (`alliance/data/spanish.yml`), for members who write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alliance.answer import Answer, Button

_MONTHS = {
    "January": "enero", "February": "febrero", "March": "marzo", "April": "abril", "May": "mayo",
    "June": "junio", "July": "julio", "August": "agosto", "September": "septiembre",
    "October": "octubre", "November": "noviembre", "December": "diciembre",
}  # fmt: skip
_NAMES = "|".join(_MONTHS)
_DAY = rf"(?:{_NAMES}) \d{{1,2}}, \d{{4}}"
_A_DAY = re.compile(rf"\b({_NAMES}) (\d{{1,2}})(?:, (\d{{4}}))?(?! de)")
_HOLE = re.compile(r"\\\{([a-z]+)(\d?)\\\}")
# What a company is called and reached at, in a sentence of ours.
_ANY = r"[^?!]{1,160}?"
# What fits into a hole of a name; into one of another name fits whatever stands there.
_TYPES = {
    "amount": r"-?\$[\d,]+(?:\.\d\d)?",
    "claims": r"[^?!]{1,600}?\([A-Z\d][\w-]*\)",
    "claim": rf"your claim(?: [A-Z\d][\w-]*)?(?: for (?:(?:{_NAMES}) \d{{1,2}}(?:, \d{{4}})? to )?"
    rf"{_DAY})?(?: \([^?!]{{1,160}}?\))?",
    "company": r"[A-Z][\w &/'-]{1,60}?",
    "count": r"\d+",
    "cover": r"medical|dental|behavioral health|pharmacy|flexible spending account",
    "day": _DAY,
    "days": rf"(?:(?:{_NAMES}) \d{{1,2}}(?:, \d{{4}})? to )?{_DAY}",
    "kind": r"[A-Za-z][\w ,'-]{2,60}?",
    "number": r"[A-Z\d][\w-]*",
    "line": r"[^?!]{1,300}?",
    "part": r"[^?!.:;]{1,120}?",
}
# Of cards, what is read as words; the rest are names, numbers and keys.
_READ = frozenset(
    {"title", "status", "date", "note", "label", "event", "value", "network_text", "specialty"}
    | {"service", "hours", "languages"}
)

_Pairs = Sequence[tuple[re.Pattern[str], str]]


class _UnknownError(Exception):
    """A word that has to be known is not."""


@dataclass(frozen=True)
class Catalogue:
    """English sentences with their Spanish, longest first.

    `facts` are those of them that tell a member's own facts or a directory's; `note` is added
    where one is told, until somebody has confirmed the translation. `phrases` and `words` are what
    may stand in a hole, or on a card.
    """

    sentences: _Pairs
    facts: frozenset[str]
    phrases: _Pairs
    words: Mapping[str, str]
    line: tuple[re.Pattern[str], str]
    or_: str
    and_: str
    buttons: Mapping[str, str]
    hours: Mapping[str, str]
    note: str

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Catalogue:
        """From the file's contents. Raises KeyError or TypeError for a malformed file."""
        lines, facts = document["lines"], document["facts"]
        entries = sorted([*document["sentences"], *facts], key=lambda each: -len(each["en"]))
        phrases = sorted(document["phrases"], key=lambda each: -len(each["en"]))
        return cls(
            tuple((_pattern(each["en"]), each["es"]) for each in entries),
            frozenset(each["es"] for each in facts),
            tuple((_pattern(each["en"]), each["es"]) for each in phrases),
            document["words"],
            (_line(lines["en"]), lines["es"]),
            lines["or"],
            lines["and"],
            document["buttons"],
            document["hours"],
            "" if document["confirmed_by"] else document["unconfirmed"],
        )

    def text(self, english: str) -> str | None:
        """The Spanish of a text that is made of known sentences; None when one is not known."""
        lines: list[str] = []
        tells = False
        for line in english.strip().split("\n"):
            told = self._told(line)
            if told is None:
                return None
            lines.append(told[0])
            tells = tells or told[1]
        between = "\n" if len(lines) > 1 else " "
        return between.join([*lines, self.note] if tells and self.note else lines) or None

    def answer(self, answer: Answer) -> Answer:
        """The answer in Spanish, if its text is known; else as it is."""
        text = self.text(answer.text)
        if text is None:
            return answer
        buttons = tuple(
            Button(self.buttons.get(button.title, button.title), button.payload)
            for button in answer.buttons
        )
        cards = tuple(self._card(card) for card in answer.cards)
        facts = {**answer.facts, "language": "es"}
        return replace(answer, text=text, speech=text, buttons=buttons, cards=cards, facts=facts)

    def _told(self, line: str) -> tuple[str, bool] | None:
        """One line in Spanish, and whether a fact is told in it."""
        said: list[str] = []
        is_fact = False
        rest = line.strip()
        while rest:
            found = self._begins(rest)
            if found is None:
                return None
            spanish, end, told = found
            said.append(spanish)
            is_fact = is_fact or told
            rest = rest[end:].strip()
        return " ".join(said), is_fact

    def _begins(self, rest: str) -> tuple[str, int, bool] | None:
        """The Spanish of the sentence that the rest begins with, where it ends, and whether it
        tells a fact.
        """
        for pattern, spanish in self.sentences:
            if found := pattern.match(rest):
                try:
                    said = spanish.format(**self._holes(found))
                except _UnknownError:
                    continue
                return said, found.end(), spanish in self.facts
        return None

    def _holes(self, found: re.Match[str]) -> dict[str, str]:
        told = {}
        for name, value in found.groupdict().items():
            if name.startswith("company"):
                told[name] = value.replace(" and ", f" {self.and_} ")
            elif name.startswith("kind"):
                told[name] = self._kind(value)
            else:
                told[name] = self._value(value)
        return told

    def _kind(self, value: str) -> str:
        if value not in self.words:
            raise _UnknownError(value)
        return self.words[value]

    def _value(self, value: str) -> str:
        """What stands in a hole: known words, phrases, lists of them, lines, days."""
        if "; " in value:
            return "; ".join(self._value(part) for part in value.split("; "))
        if known := self._known(value):
            return known
        parts = value.split(", ")
        told = [self._known(part) for part in parts]
        if any(told):
            # A list's names stay as they are.
            return ", ".join(each or part for each, part in zip(told, parts, strict=True))
        return _days(self._lines(value))

    def _known(self, value: str) -> str | None:
        if value in self.words:
            return self.words[value]
        for pattern, spanish in self.phrases:
            if found := pattern.fullmatch(value):
                try:
                    return spanish.format(**self._holes(found))
                except _UnknownError:
                    continue
        return None

    def _card(self, card: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._shown(name, value) for name, value in card.items()}

    def _shown(self, name: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self._card(value)
        if isinstance(value, (list, tuple)):
            return [self._shown(name, each) for each in value]
        if name not in _READ or not isinstance(value, str):
            return value
        if name == "hours":
            return self._hours(value)
        return self._known(value) or self.buttons.get(value) or _days(value)

    def _hours(self, text: str) -> str:
        """ "lunes a viernes, 8:30 AM a 5 PM"."""
        for english, spanish in self.hours.items():
            text = text.replace(english, spanish)
        return text

    def _lines(self, text: str) -> str:
        pattern, spanish = self.line
        told = pattern.sub(lambda found: spanish.format(**found.groupdict()), text)
        return told.replace(" or ", f" {self.or_} ") if told != text else text


def _days(text: str) -> str:
    """ "12 de marzo de 2026" for "March 12, 2026"."""

    def spanish(found: re.Match[str]) -> str:
        month, day, year = found.groups()
        return f"{day} de {_MONTHS[month]}" + (f" de {year}" if year else "")

    told = _A_DAY.sub(spanish, text)
    return told.replace(" to ", " al ") if told != text else text


def _pattern(english: str) -> re.Pattern[str]:
    # A hole ends where the sentence goes on; at its end, at the last full stop.
    return re.compile(_HOLE.sub(_hole, re.escape(english)) + r"(?=\s|$)")


def _hole(found: re.Match[str]) -> str:
    name, number = found.groups()
    return f"(?P<{name}{number}>{_TYPES.get(name, _ANY)})"


def _line(english: str) -> re.Pattern[str]:
    company, number = r"(?P<company>[A-Z][\w ]*?)", r"(?P<number>[\d-]{7,})"
    pattern = re.escape(english)
    pattern = pattern.replace(r"\{company\}", company).replace(r"\{number\}", number)
    return re.compile(pattern)
