"""What may be said in general, without knowing who asks: `alliance/data/knowledge/*.yml`.

People who don't program edit those files, so `load_knowledge` takes the parsed documents (parsing
YAML stands outside: this package is standard library only) and refuses what is wrong with a
sentence that names the file, the entry and what to change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alliance.aspects import ASPECTS
from alliance.errors import ConfigurationError
from alliance.gazetteer import term

KNOWLEDGE_FOLDER = Path(__file__).parent / "data" / "knowledge"
# `{lines}`: the line of the member's company, or of all; `{line:mvp}`: that company's line.
PLACEHOLDER = re.compile(r"\{(lines|line:([a-z-]+))\}")
# About 12 seconds: longer than that, and callers have forgotten how it began.
MOST_SPOKEN_WORDS = 35
# The longest that a voice says in the place of a placeholder.
_PLACEHOLDER_WORDS = 8

_ALL = "all"
# What only example questions ask for.
_DETAIL = "detail"
_NOBODY = "none"
_NEEDED = ("id", "intent", "text", "speech", "companies", "sources", "approver")
_KEYS = frozenset(
    {*_NEEDED, "effective", "expires", "withdrawn", "spanish", "when", "term", "aspect"}
    | {"after", "alone", "looks_for", "own"}
)
_CASE_KEYS = frozenset({"case", "words", "beside", "text", "speech", "sources"})
_UNHEARD = str.maketrans("", "", "“”")
_UNSPEAKABLE = re.compile(r"https?:|www\.|\w\.(?:com|org|gov)\b|[/@#*_<>=|\[\]•→&]|[^\x00-ɏ‐-’]")


@dataclass(frozen=True)
class Wording:
    """The same for reading and for hearing, placeholders unfilled."""

    text: str
    speech: str


@dataclass(frozen=True)
class Case:
    """What to say instead when the question has one of the case's words, and where `beside` has
    any, one of those too.
    """

    name: str
    words: re.Pattern[str]
    wording: Wording
    sources: tuple[str, ...]
    beside: re.Pattern[str] | None = None

    def fits(self, question: str) -> bool:
        """Whether the question is of this case."""
        if not self.words.search(question):
            return False
        return self.beside is None or self.beside.search(question) is not None


@dataclass(frozen=True)
class Entry:
    """One general answer.

    `terms` are the words that it explains, in small letters; `aspect` is what of its topic it
    tells: one of `alliance.aspects.ASPECTS`, or the entry's own id for a detail, which only its
    example questions ask for; an entry without either is the answer to its topic. `after` are
    further topics that it is asked of; `alone`: it may be asked before anything was told;
    `looks_for` is the kind of doctor or place, as gazetteer and key, that a ZIP code said to it is
    for; `own` is the topic whose answer from the member's own file tells it better, once that can
    be read.
    `companies` are the keys that it is true for. `approvers` holds who confirmed it at
    which company; a company that is missing has not. `effective` is its first day, `expires` its
    last.
    """

    id: str
    intent: str
    wording: Wording
    spanish: Wording | None
    cases: tuple[Case, ...]
    companies: frozenset[str]
    sources: tuple[str, ...]
    approvers: Mapping[str, str]
    effective: date
    expires: date
    withdrawn: bool
    terms: tuple[str, ...] = ()
    aspect: str | None = None
    after: frozenset[str] = frozenset()
    alone: bool = False
    looks_for: tuple[str, str] | None = None
    own: str | None = None

    def in_force(self, on: date) -> bool:
        """Whether it may be said on that day."""
        return not self.withdrawn and self.effective <= on <= self.expires

    def confirmed(self, company: str | None) -> bool:
        """Whether the company's compliance office confirmed it; for an unknown one, whether all
        of the entry's companies did.
        """
        return (
            {company} <= self.approvers.keys() if company else self.companies <= set(self.approvers)
        )

    def case(self, question: str) -> Case | None:
        """The first case that the question is of."""
        return next((case for case in self.cases if case.fits(question)), None)

    def is_of(self, intent: str) -> bool:
        """Whether it tells something of the topic."""
        return intent == self.intent or intent in self.after


@dataclass(frozen=True)
class Knowledge:
    """All entries, in the order of the files, and the keys of all companies."""

    entries: tuple[Entry, ...]
    companies: frozenset[str]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def find(
        self, intent: str, company: str | None, on: date, aspect: str | None = None
    ) -> Entry | None:
        """The entry to say of the topic, or of an aspect of it: in force, true for the company (for
        every company if it is unknown); the one made for fewest companies, and of those the latest.
        """
        asked = {company} if company else self.companies
        fitting = [
            entry
            for entry in self.entries
            if entry.is_of(intent)
            and not entry.terms
            and entry.aspect == aspect
            and entry.in_force(on)
            and asked <= entry.companies
        ]
        return max(fitting, key=lambda e: (-len(e.companies), e.effective), default=None)

    def detail(
        self, intent: str, near: Iterable[str], on: date, *, alone: bool = False
    ) -> Entry | None:
        """Of the entries with these ids the first that tells something of the topic; None where it
        is not in force: what it told, no other one tells. With `alone` the topic was not talked
        about before.
        """
        by_id = {entry.id: entry for entry in self.entries if entry.is_of(intent)}
        found = next((by_id[each] for each in near if each in by_id), None)
        if found is None or not found.in_force(on) or (alone and not found.alone):
            return None
        return found

    def terms(self, on: date) -> dict[str, Entry]:
        """The words that are explained on that day, each with its entry."""
        return {term: entry for entry in self.entries if entry.in_force(on) for term in entry.terms}


def load_knowledge(
    documents: Mapping[str, Any], companies: Collection[str], intents: Collection[str]
) -> Knowledge:
    """Build the knowledge from the parsed files by name. `companies` are the partners' keys.

    Raises ConfigurationError.
    """
    entries: dict[str, Entry] = {}
    for file, document in documents.items():
        listed = document.get("entries") if isinstance(document, Mapping) else None
        if not isinstance(listed, list):
            raise ConfigurationError(f"knowledge/{file}: list the entries under 'entries:'.")
        shared = document.get("defaults") or {}
        for place, item in enumerate(listed, start=1):
            if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
                raise ConfigurationError(f"knowledge/{file}: entry number {place} needs 'id'.")
            reader = _Reader(f"knowledge/{file}: entry '{item['id']}'", companies)
            entry = reader.entry({**shared, **item}, intents)
            if entry.id in entries:
                raise reader.wrong("has an id that another entry has too: give it its own.")
            entries[entry.id] = entry
    return Knowledge(tuple(entries.values()), frozenset(companies))


def _said_as_read(item: Mapping[str, Any]) -> dict[str, Any]:
    """An aspect is told in a sentence or two: without `speech` it is heard as it is read, quotes
    aside.
    """
    heard = {"speech": str(item["text"]).translate(_UNHEARD)} if "text" in item else {}
    cases = [{"speech": case.get("text"), **case} for case in item.get("when") or ()]
    return {**heard, **item, **({"when": cases} if cases else {})}


@dataclass(frozen=True)
class _Reader:
    """Reads one entry. `where` begins every sentence about what is wrong with it."""

    where: str
    companies: Collection[str]

    def wrong(self, sentence: str) -> ConfigurationError:
        return ConfigurationError(f"{self.where} {sentence}")

    def entry(self, item: Mapping[str, Any], intents: Collection[str]) -> Entry:
        self._known(item, _KEYS)
        aspect = item.get("aspect")
        if aspect is not None:
            item = _said_as_read(item)
        for name in _NEEDED:
            if not item.get(name):
                raise self.wrong(f"needs '{name}'.")
        after = self._texts(item["after"], "after") if "after" in item else ()
        own = (item["own"],) if "own" in item else ()
        for intent in (item["intent"], *after, *own):
            if intent not in intents:
                raise self.wrong(f"is for '{intent}', which is no intent of intents.yml.")
        withdrawn = item.get("withdrawn", False)
        if not isinstance(withdrawn, bool):
            raise self.wrong("needs 'withdrawn: true' or 'withdrawn: false'.")
        if aspect is not None and aspect not in {*ASPECTS, _DETAIL}:
            known = ", ".join([_DETAIL, *sorted(ASPECTS)])
            raise self.wrong(f"has no known 'aspect': use one of {known}.")
        companies = self._companies(item["companies"])
        effective, expires = self._day(item, "effective"), self._day(item, "expires")
        if expires < effective:
            raise self.wrong(f"expires on {expires}, before it is effective on {effective}.")
        sources = self._texts(item["sources"], "sources")
        return Entry(
            id=item["id"],
            intent=item["intent"],
            wording=self._wording(item),
            spanish=self._wording(item["spanish"]) if item.get("spanish") else None,
            cases=tuple(self._case(case, sources) for case in item.get("when") or ()),
            companies=companies,
            sources=sources,
            approvers=self._approvers(item["approver"], companies),
            effective=effective,
            expires=expires,
            withdrawn=withdrawn,
            terms=tuple(
                term.lower()
                for term in (self._texts(item["term"], "term") if "term" in item else ())
            ),
            aspect=item["id"] if aspect == _DETAIL else aspect,
            after=frozenset(after),
            alone=item.get("alone") is True,
            looks_for=self._looks_for(item.get("looks_for")),
            own=item.get("own"),
        )

    def _looks_for(self, named: Any) -> tuple[str, str] | None:
        if named is None:
            return None
        if isinstance(named, Mapping) and len(named) == 1:
            ((kind, key),) = named.items()
            if kind in ("specialty", "facility") and term(kind, key) is not None:
                return kind, key
        raise self.wrong("has no known 'looks_for': use {specialty: KEY} or {facility: KEY}.")

    def _known(self, item: Mapping[str, Any], keys: frozenset[str]) -> None:
        for name in item:
            if name not in keys:
                raise self.wrong(f"has '{name}', which is not read: use {', '.join(sorted(keys))}.")

    def _wording(self, item: Any) -> Wording:
        if not isinstance(item, Mapping):
            raise self.wrong("needs 'text' and 'speech' in each of its wordings.")
        for name in ("text", "speech"):
            if not isinstance(item.get(name), str) or not item[name].strip():
                raise self.wrong(f"needs words in '{name}'.")
            self._placeholders(item[name])
        text, speech = (" ".join(item[name].split()) for name in ("text", "speech"))
        count = len(PLACEHOLDER.sub(" x" * _PLACEHOLDER_WORDS, speech).split())
        if count > MOST_SPOKEN_WORDS:
            raise self.wrong(
                f"says {count} words in 'speech': {MOST_SPOKEN_WORDS} are the most for a caller."
            )
        odd = _UNSPEAKABLE.search(PLACEHOLDER.sub("", speech))
        if odd:
            raise self.wrong(
                f"has {odd.group()!r} in 'speech', which a voice cannot say: write it in words."
            )
        return Wording(text, speech)

    def _placeholders(self, text: str) -> None:
        for company in (match.group(2) for match in PLACEHOLDER.finditer(text)):
            if company and company not in self.companies:
                raise self.wrong(f"names the line of '{company}', which is no company.")
        rest = PLACEHOLDER.sub("", text)
        if "{" in rest or "}" in rest:
            raise self.wrong("has braces that are neither {lines} nor {line:COMPANY}.")

    def _case(self, item: Any, sources: tuple[str, ...]) -> Case:
        if not isinstance(item, Mapping) or not isinstance(item.get("case"), str):
            raise self.wrong("needs 'case' (a name) in each part of 'when'.")
        reader = _Reader(f"{self.where}, case '{item['case']}',", self.companies)
        reader._known(item, _CASE_KEYS)
        own = reader._texts(item["sources"], "sources") if item.get("sources") else sources
        return Case(
            item["case"],
            reader._phrases(item.get("words"), "words"),
            reader._wording(item),
            own,
            reader._phrases(item["beside"], "beside") if "beside" in item else None,
        )

    def _phrases(self, value: Any, name: str) -> re.Pattern[str]:
        phrases = "|".join(re.escape(phrase) for phrase in self._texts(value, name))
        return re.compile(rf"\b(?:{phrases})(?:'?s)?\b", re.IGNORECASE)

    def _texts(self, value: Any, name: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self.wrong(f"needs a list in '{name}': put each in quotes, with commas between.")
        return tuple(value)

    def _companies(self, value: Any) -> frozenset[str]:
        if value == _ALL:
            return frozenset(self.companies)
        named = frozenset(self._texts(value, "companies"))
        self._are_companies(named)
        return named

    def _approvers(self, value: Any, companies: frozenset[str]) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise self.wrong(f"needs who confirmed it at each company in 'approver', or {_NOBODY}.")
        self._are_companies(value)
        for company in sorted(companies):
            if company not in value:
                raise self.wrong(f"needs 'approver' for '{company}': a name, or {_NOBODY}.")
        return {key: str(name) for key, name in value.items() if name not in (_NOBODY, None)}

    def _are_companies(self, keys: Collection[str]) -> None:
        for key in keys:
            if key not in self.companies:
                known = ", ".join(sorted(self.companies))
                raise self.wrong(f"names '{key}', which is no company: use {known}.")

    def _day(self, item: Mapping[str, Any], name: str) -> date:
        value = item.get(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(f"needs a day in '{name}', written like 2026-11-30.")
        return value
