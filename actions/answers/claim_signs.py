"""What members tell a claim apart by, beside its number and day: the kind of visit, who gave the
care, an amount, how it was decided ("the emergency room one", "the denied one", "the one for
$2,340").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from alliance.claims import Claim
from alliance.gazetteer import common_words
from alliance.services import billed_as
from alliance.values import read_amount

Decided = Literal["denied", "paid", "open"]
Entities = Sequence[Mapping[str, Any]]

_THINGS = ("service", "facility", "specialty", "drug")
_EMERGENCY = frozenset({"emergency_visit", "emergency_room"})
_HOSPITAL = frozenset({"hospital", "hospital_stay", "childrens_hospital"})
# CMS places of service of a hospital: inpatient, outpatient (off and on campus), emergency room.
_HOSPITAL_PLACES = frozenset({"19", "21", "22", "23"})
_OF_CLAIM = r"(?:ones?|claims?|bills?|visits?|parts?|charges?|eobs?)"
_CLAIMS = r"(?:claims?|bills?|eobs?)"
_UNDONE = (
    r"(?:pending|processing|(?:being |in )?process(?:ed)?|(?:under |in )?review(?:ed)?|open|stuck|"
    r"waiting|undecided|unpaid|not (?:done|finished|decided|paid|processed|settled))"
)
_NOT = r"(?:(?:have |has )?not|(?:is|has|have|did|do|does|was|were)n'?t)"
_LONG = r"\btak(?:es?|ing)\b.{0,12}\b(?:long|forever|ages)\b"
_REFUSED_WORDS = r"(?:denied|rejected|refused|declined|turned down|unpaid|not paid|not covered)"
_DECIDED: dict[Decided, re.Pattern[str]] = {
    "denied": re.compile(
        rf"\b(?:the|my|that|which) {_REFUSED_WORDS}(?: {_OF_CLAIM}|\W*$)|"
        rf"\b{_OF_CLAIM}\b.{{0,30}}\b(?:that|which) (?:was|is|got|has been|were|you|they) "
        rf"{_REFUSED_WORDS}|"
        rf"\b{_OF_CLAIM} (?:you|they) (?:guys )?{_REFUSED_WORDS}\b|^\W*{_REFUSED_WORDS}\W*$",
        re.IGNORECASE,
    ),
    "open": re.compile(
        rf"\b(?:the|my|that) (?:pending|open|unprocessed) {_OF_CLAIM}|"
        rf"\b{_OF_CLAIM} (?:that|which)(?:'?s| is| are) (?:still )?(?:pending|open|in process|"
        r"processing|not processed|being processed|stuck)\b|^\W*the (?:pending|open) one\W*$|"
        rf"\b{_OF_CLAIM}(?: (?:that|which))?(?:'?s| is| are)? (?:still )?"
        r"(?:not|isn'?t|aren'?t|hasn'?t been|haven'?t been) (?:yet )?"
        r"(?:finished|done|decided|settled|complete\w*|through)\b|"
        rf"\b(?:the|my) (?:unfinished|undecided|unsettled) {_OF_CLAIM}|"
        # "Why is my claim still processing?", "why hasn't my claim been paid yet?".
        rf"\b{_CLAIMS}\b.{{0,15}}\bstill (?:\w+ )?{_UNDONE}\b|"
        rf"\bstill (?:\w+ )?{_UNDONE}\b.{{0,15}}\b{_CLAIMS}\b|"
        rf"\b{_NOT}\b.{{0,15}}\b{_CLAIMS}\b.{{0,25}}\byet\b|"
        rf"\b{_CLAIMS}\b.{{0,10}}\b{_NOT}\b.{{0,20}}\byet\b|"
        rf"\b{_CLAIMS}\b.{{0,12}}{_LONG}|{_LONG}.{{0,15}}\b{_CLAIMS}\b|"
        rf"\b(?:any|which|what|have) (?:\w+ )?(?:pending|open) {_CLAIMS}\b|"
        rf"\b(?:any|which|what)(?: other)? {_CLAIMS}(?: \w+){{0,2}} (?:open|{_UNDONE})\b|"
        rf"\b(?:the|which|what|that|any)(?: of (?:them|those|these))? ones?\b.{{0,8}}"
        rf"\bstill (?:being worked on|{_UNDONE})\b|"
        r"\bany (?:\w+ )?(?:pending|open|unsettled) ones?\b|"
        # "Is there one of mine you haven't paid yet?"
        rf"\b{_OF_CLAIM}\b.{{0,12}}\b(?:you|they) {_NOT} (?:paid|decided|finished|settled)\b"
        r".{0,6}\byet\b|"
        r"^\W*(?:the )?(?:pending|open)(?: ones?)?\W*$",
        re.IGNORECASE,
    ),
    "paid": re.compile(rf"\b(?:the|that) paid {_OF_CLAIM}", re.IGNORECASE),
}
_DOCTOR = r"(?:doctor|physician|surgeon|dr|an(?:a)?esthesiologist|radiologist|pathologist)"
# Who billed, where it stands beside the claim: "my doctor says it was denied" names no claim.
_FORMS = {
    # "Why'd you refuse the hospital?"
    "institutional": re.compile(
        rf"\bhospital(?:'?s)?(?: own)? {_OF_CLAIM}|"
        r"\b(?:you|they|insurance|'d you)\b.{0,12}\b(?:refuse|deny|denied|reject|pay|paid)\w* "
        r"the hospital\b",
        re.IGNORECASE,
    ),
    # "The doctor who saw me, was his bill paid?", "did the surgeon get his money?".
    "professional": re.compile(
        rf"\b{_DOCTOR}(?:'?s)?(?: own)? {_OF_CLAIM}|"
        rf"\b{_CLAIMS} (?:of|from|by) (?:the|my|that) {_DOCTOR}\b|"
        rf"\b{_DOCTOR} (?:who|that)\b.{{0,40}}\b(?:(?:his|her|their|the) {_OF_CLAIM}\b|"
        r"(?:was|is|did|has|have|do|does)\b.{0,25}\b(?:pa(?:y|id)|money)\b)|"
        rf"\b(?:was|did|has|is) (?:the|my|that) {_DOCTOR}\b.{{0,40}}"
        r"\b(?:paid|(?:his|her|their) money)\b",
        re.IGNORECASE,
    ),
    "pharmacy": re.compile(
        rf"\b(?:pharmacy|prescription|medication|medicine|drug)(?:'?s)? {_OF_CLAIM}", re.I
    ),
    "oral": re.compile(rf"\b(?:dental|dentist|dentist'?s|tooth|teeth) {_OF_CLAIM}", re.I),
}
_FIGURE = r"(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d{2,6}(?:\.\d\d)?)(?![\d,]*\d)"
# A bare figure is an amount where money is spoken of; alone it could be a year or a ZIP code.
_OWED = re.compile(
    rf"\b(?:owe|owed|owing|pay|paying|billed|charged|charge|charging|bill (?:is|was|of|for)|"
    rf"asking for|wants?)(?: me| us| you| them)?"
    rf"(?: (?:about|around|like|roughly|the|this|that|all|of|whole|full|entire))* "
    rf"\$?{_FIGURE}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\b(?:the|my|that) \$?{_FIGURE}(?: dollars?)? {_OF_CLAIM}", re.IGNORECASE)
_BARE_AFTER = re.compile(rf"\b{_OF_CLAIM} (?:for|of|at|was|over) \$?{_FIGURE}\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
# Words of a name that tell no place from another.
_FILLING = frozenset(
    (
        *("the", "a", "an", "of", "at", "in", "from", "for", "with", "to", "and", "that", "it"),
        *("was", "my", "one", "dr", "doctor", "doctors", "office", "visit", "claim", "bill"),
    )
)
_LEAST_BEGINNING = 3


@dataclass(frozen=True)
class Thing:
    """A named kind of care: `kind` and `key` as in the gazetteers, `said` in the member's words."""

    kind: str
    key: str
    said: str


@dataclass(frozen=True)
class ClaimSigns:
    """What the words say of the claim. `provider` and `words` are compared with who gave the care
    and what it was; `amounts` in dollars.
    """

    things: tuple[Thing, ...] = ()
    form: str | None = None
    provider: str | None = None
    words: str | None = None
    city: str | None = None
    decided: Decided | None = None
    amounts: tuple[Decimal, ...] = ()

    @property
    def only_open(self) -> bool:
        """Whether they say that it is not decided yet, and nothing else."""
        return self == ClaimSigns(decided="open")

    @property
    def of_care(self) -> bool:
        """Whether they name what level 1 does not open: the care, or who gave it."""
        return bool(self.things or self.form or self.provider or self.words or self.city)

    def to_json(self) -> dict[str, Any]:
        """Plain values, as the agenda keeps them; what was not said is left out."""
        values = {
            "things": [[thing.kind, thing.key, thing.said] for thing in self.things],
            "form": self.form,
            "provider": self.provider,
            "words": self.words,
            "city": self.city,
            "decided": self.decided,
            "amounts": [str(amount) for amount in self.amounts],
        }
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ClaimSigns:
        """The inverse of `to_json`."""
        return cls(
            **{
                **data,
                "things": tuple(Thing(*thing) for thing in data.get("things", ())),
                "amounts": tuple(Decimal(amount) for amount in data.get("amounts", ())),
            }
        )


@dataclass(frozen=True)
class Narrowed:
    """The claims that the signs leave; `missed` is what no claim showed, in the member's words."""

    claims: tuple[Claim, ...]
    missed: tuple[str, ...]


def read_signs(text: str, entities: Entities) -> ClaimSigns | None:
    """The signs of a claim in a question, or None where it has none."""
    things = tuple(
        Thing(e["entity"], str(e["value"]), str(e.get("said") or e["value"]))
        for e in entities
        if e["entity"] in _THINGS
    )
    provider = next((str(e["value"]) for e in entities if e["entity"] == "provider"), None)
    places = (e["value"] for e in entities if e["entity"] == "place")
    city = next((p["city"] for p in places if isinstance(p, Mapping) and p.get("city")), None)
    decided = next((each for each, said in _DECIDED.items() if said.search(text)), None)
    form = next((each for each, said in _FORMS.items() if said.search(text)), None)
    signs = ClaimSigns(things, form, provider, None, city, decided, _amounts(text))
    return signs if signs != ClaimSigns() else None


def _amounts(text: str) -> tuple[Decimal, ...]:
    found = [
        match["figure"]
        for pattern in (_OWED, _BARE, _BARE_AFTER)
        for match in pattern.finditer(text)
        if pattern is _OWED or not _YEAR.fullmatch(match["figure"])
    ]
    amounts = [Decimal(figure.replace(",", "")) for figure in found]
    if (amount := read_amount(text)) is not None:
        amounts.append(amount)
    return tuple(dict.fromkeys(amounts))


def narrowed(claims: Sequence[Claim], signs: ClaimSigns, *, details: bool) -> Narrowed:
    """The claims that fit. A sign that no claim shows is left out of account and named.

    `details`: whether the verification opens what care it was; else those signs count for nothing.
    """
    kept = list(claims)
    missed: list[str] = []
    found: list[str] = []
    for said, fits in _tests(signs, details=details):
        left = [claim for claim in kept if fits(claim)]
        if left:
            kept = left
            found.append(said)
        elif said:
            missed.append(said)
    if any(thing.said in found for thing in signs.things):
        # "The hospital bill of the delivery": found by its care, the place is not missed.
        places = [thing.said for thing in signs.things if thing.kind == "facility"]
        missed = [said for said in missed if said not in places]
    return Narrowed(tuple(kept), tuple(missed))


def is_refused(claim: Claim) -> bool:
    """Denied, cut or taken back; a processed claim counts when part of it is not covered."""
    if claim.state == "processed":
        return bool(claim.not_covered)
    return claim.state in ("denied", "partly_paid", "reversed")


def _tests(signs: ClaimSigns, *, details: bool) -> list[tuple[str, Any]]:
    """Each sign as a test of a claim, the surest first, with the words that name it."""
    tests: list[tuple[str, Any]] = []
    if details:
        tests += [(t.said, lambda claim, t=t: _is_of(claim, t)) for t in signs.things]
        if form := signs.form:
            tests.append(("", lambda claim: claim.form == form or claim.line == _LINES.get(form)))
        for said in (signs.provider, signs.words):
            if said:
                tests.append((said, lambda claim, said=said: _is_named(claim, said)))
        if city := signs.city:
            tests.append(("", lambda claim: city.lower() in (claim.provider or "").lower()))
    match signs.decided:
        case "denied":
            tests.append(("", is_refused))
        case "open":
            tests.append(("", lambda claim: claim.is_open))
        case "paid":
            tests.append(("", lambda claim: claim.state in ("paid", "adjusted")))
    for amount in signs.amounts:
        tests.append((f"${amount:,.2f}", lambda claim, amount=amount: _shows(claim, amount)))
    return tests


_LINES = {"pharmacy": "pharmacy", "oral": "dental"}


def _is_of(claim: Claim, thing: Thing) -> bool:
    """Whether the claim is for the named care: by its codes, its place, its line, or its words."""
    if thing.key in _EMERGENCY:
        return claim.is_emergency or bool(claim.codes & _codes("emergency_visit", "service"))
    if thing.key in _HOSPITAL:
        return claim.form == "institutional" or claim.place in _HOSPITAL_PLACES
    billed = billed_as(thing.key, thing.kind) if thing.kind != "drug" else None
    if claim.codes & _codes(thing.key, thing.kind):
        return True
    if billed and billed.line == "dental" and claim.line == "dental":
        # "The dentist": whatever was done there.
        return thing.kind == "specialty"
    return _is_named(claim, thing.said)


def _codes(key: str, kind: str) -> frozenset[str]:
    billed = billed_as(key, kind) if kind != "drug" else None
    return frozenset(billed.codes) if billed else frozenset()


def names_something(said: str) -> bool:
    """Whether words could name a place or a kind of care: "the one for 240" does not, nor do
    words that everybody uses for anything.
    """
    words = (word.strip(".,!?'") for word in said.lower().split())
    return any(
        word.isalpha() and word not in _FILLING and word not in common_words() for word in words
    )


def _is_named(claim: Claim, said: str) -> bool:
    """Whether every word of the name begins a word of who gave the care, or of what it was."""
    words = [word for word in re.findall(r"[^\W_]+", said.lower()) if word not in _FILLING]
    there = re.findall(r"[^\W_]+", f"{claim.provider or ''} {claim.service or ''}".lower())
    return bool(words) and all(any(_begins(word, other) for other in there) for word in words)


def _begins(word: str, other: str) -> bool:
    return other == word or (len(word) >= _LEAST_BEGINNING and other.startswith(word))


def _shows(claim: Claim, amount: Decimal) -> bool:
    """Whether the claim has the amount; whole dollars stand for any cents."""
    figures = (claim.billed, claim.member_owes, claim.paid, claim.not_covered)
    told = [figure for figure in figures if figure is not None]
    if amount == amount.to_integral_value():
        return any(int(figure) == int(amount) for figure in told)
    return amount in told
