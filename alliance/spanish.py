"""The fixed texts in Spanish (`alliance/data/spanish.yml`), for members who write it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alliance.answer import Answer, Button

_HOLE = re.compile(r"\\\{(\w+)\\\}")
# What a company is called and reached at, in a sentence of ours.
_ANY = r"(?P<{0}>[^?!]{{1,160}}?)"


@dataclass(frozen=True)
class Catalogue:
    """English sentences with their Spanish, longest first."""

    sentences: Sequence[tuple[re.Pattern[str], str]]
    line: tuple[re.Pattern[str], str]
    joining: str
    buttons: Mapping[str, str]

    @classmethod
    def of(cls, document: Mapping[str, object]) -> Catalogue:
        """From the file's contents. Raises KeyError or TypeError for a malformed file."""
        lines = dict(document["lines"])  # type: ignore[call-overload]
        entries: list[dict[str, str]] = list(document["sentences"])  # type: ignore[call-overload]
        entries.sort(key=lambda entry: -len(entry["en"]))
        return cls(
            tuple((_pattern(entry["en"]), entry["es"]) for entry in entries),
            (_line(lines["en"]), lines["es"]),
            lines["or"],
            dict(document["buttons"]),  # type: ignore[call-overload]
        )

    def text(self, english: str) -> str | None:
        """The Spanish of a text that is made of known sentences; None when one is not known."""
        said: list[str] = []
        rest = english.strip()
        while rest:
            for pattern, spanish in self.sentences:
                if found := pattern.match(rest):
                    holes = {name: self._lines(value) for name, value in found.groupdict().items()}
                    said.append(spanish.format(**holes))
                    rest = rest[found.end() :].strip()
                    break
            else:
                return None
        return " ".join(said) or None

    def answer(self, answer: Answer) -> Answer:
        """The answer in Spanish, if its text is known; else as it is."""
        text = self.text(answer.text)
        if text is None:
            return answer
        buttons = tuple(
            Button(self.buttons.get(button.title, button.title), button.payload)
            for button in answer.buttons
        )
        facts = {**answer.facts, "language": "es"}
        return replace(answer, text=text, speech=text, buttons=buttons, facts=facts)

    def _lines(self, text: str) -> str:
        pattern, spanish = self.line
        told = pattern.sub(lambda found: spanish.format(**found.groupdict()), text)
        return told.replace(" or ", f" {self.joining} ") if told != text else text


def _pattern(english: str) -> re.Pattern[str]:
    # A hole ends where the sentence goes on; at its end, at the last full stop.
    return re.compile(
        _HOLE.sub(lambda found: _ANY.format(found[1]), re.escape(english)) + r"(?=\s|$)"
    )


def _line(english: str) -> re.Pattern[str]:
    company, number = r"(?P<company>[A-Z][\w ]*?)", r"(?P<number>[\d-]{7,})"
    pattern = re.escape(english)
    pattern = pattern.replace(r"\{company\}", company).replace(r"\{number\}", number)
    return re.compile(pattern)
