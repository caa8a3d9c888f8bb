"""What the answers about plans and benefits share: asking every company of the person at once, the
plan's name as members know it, and what is said when a company did not answer.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from typing import TypeVar

from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import day, joined, line_of
from actions.settings import ANSWER_SECONDS
from alliance.answer import Answer
from alliance.benefits import Benefits, Card
from alliance.coverage import Coverage, LineOfBusiness, covering, is_alliance
from alliance.disclosure import OnBehalf
from alliance.errors import PartnerUnavailable
from alliance.partners import Partner
from alliance.products import Product, product_of
from alliance.verified import VerifiedMember

T = TypeVar("T")
Tell = Callable[[VerifiedMember, Question, Desk], Awaitable[Answer]]

LINE_NAMES: dict[LineOfBusiness, str] = {
    "medical": "medical",
    "dental": "dental",
    "behavioral": "behavioral health",
    "pharmacy": "pharmacy",
    "fsa": "flexible spending account",
}
# Words that say which line of business is meant; medical where none is said.
_LINE_WORDS: tuple[tuple[LineOfBusiness, tuple[str, ...]], ...] = (
    ("dental", ("dental", "dentist", "teeth", "tooth")),
    ("fsa", ("fsa", "flexible spending", "flex spending")),
)


@dataclass(frozen=True)
class Whose:
    """Whose records are told: the member's own, or a dependant's by name."""

    own: bool
    name: str

    @property
    def possessive(self) -> str:
        return "your" if self.own else f"{self.name}'s"

    @property
    def subject(self) -> str:
        return "you" if self.own else self.name


def whose(member: VerifiedMember) -> Whose:
    """Whose records this proof opens."""
    return Whose(not isinstance(member, OnBehalf), member.person.first_name or "that person")


@dataclass(frozen=True)
class Gathered:
    """The person's coverages at all companies, and the companies that could not be asked."""

    coverages: tuple[Coverage, ...]
    failed: tuple[str, ...]

    def on(self, day: date, line: LineOfBusiness | None = None) -> list[Coverage]:
        """The coverages in force, first payer first."""
        return covering(self.coverages, day, line)


class NobodyAnswered(PartnerUnavailable):
    """No company that could know the person's plans answered: there is nothing to tell from."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(keys[0], "No company that could know the plans answered.")
        self.keys = tuple(keys)


def or_unreachable(tell: Tell) -> Tell:
    """Says which companies could not be reached, where an answer has nothing to tell from."""

    @wraps(tell)
    async def answered(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
        try:
            return await tell(member, question, desk)
        except NobodyAnswered as silence:
            names = joined([desk.partners[key].name for key in silence.keys])
            spoken = joined([desk.partners[key].spoken_name for key in silence.keys])
            lines = joined([line_of(desk.partners[key]) for key in silence.keys], "or")
            return Answer(
                text=(
                    f"I could not reach {names} just now, so I can't tell. Please try again in a "
                    f"few minutes, or call {lines}."
                ),
                speech=(
                    f"I could not reach {spoken} just now, so I can't tell. Please try again in a "
                    "few minutes, or ask me for a person."
                ),
                kind="notice",
                intent=question.intent,
                partner=silence.keys[0],
                level=1,
                facts={"unreached": list(silence.keys)},
                buttons=(PERSON,),
            )

    return answered


async def at_all(
    member: VerifiedMember, ask: Callable[[str], Awaitable[Sequence[T]]], keys: Collection[str]
) -> tuple[list[T], list[str]]:
    """What these companies answer, asked at once, and those that did not answer in time.

    Raises what the records raise otherwise (NotVerified, AuditUnavailable).
    """

    async def within(key: str) -> Sequence[T]:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await ask(key)

    known = [m.partner for m in member.person.memberships if m.partner in keys]
    answers = await asyncio.gather(*(within(key) for key in known), return_exceptions=True)
    found: list[T] = []
    failed: list[str] = []
    for key, answer in zip(known, answers, strict=True):
        if isinstance(answer, PartnerUnavailable | TimeoutError):
            failed.append(key)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            found.extend(answer)
    return found, failed


async def gather(member: VerifiedMember, question: Question, desk: Desk) -> Gathered:
    """The person's alliance coverages at all companies, or at the one that was named.

    Raises NobodyAnswered where there is none and a company did not answer: that is no "no".
    """
    keys = [membership.partner for membership in member.person.memberships]
    if question.partner in keys:
        keys = [key for key in keys if key == question.partner]
    found, failed = await at_all(member, lambda key: desk.records.coverages(member, key), keys)
    unreached = [] if question.partner in keys else list(member.person.unreached)
    ours = [coverage for coverage in found if _counts(coverage, desk)]
    silent = tuple(dict.fromkeys([*failed, *unreached]))
    if silent and not ours:
        raise NobodyAnswered(silent)
    return Gathered(tuple(ours), silent)


def missing_here(gathered: Gathered, member: VerifiedMember) -> tuple[str, ...]:
    """The companies that did not answer, without those of which nobody knows that they ever had the
    person: their silence is no part of an answer that a plan in force tells by itself.
    """
    known = {membership.partner for membership in member.person.memberships}
    return tuple(key for key in gathered.failed if key in known)


def _counts(coverage: Coverage, desk: Desk) -> bool:
    partner = desk.partners[coverage.partner]
    return is_alliance(coverage, partner) or coverage.patient_id in partner.loaded_patients


async def benefits_of(
    member: VerifiedMember,
    coverages: Iterable[Coverage],
    on: date,
    desk: Desk,
    codes: Collection[str] = (),
) -> tuple[dict[str, Benefits], list[str]]:
    """What the companies say of these coverages on a day, by the coverage's id, and those that
    did not answer.
    """
    wanted = {(coverage.partner, coverage.id) for coverage in coverages}
    keys = {partner for partner, _ in wanted}
    found, failed = await at_all(
        member, lambda key: desk.records.benefits(member, key, on, codes), keys
    )
    kept = {each.coverage_id: each for each in found if (each.partner, each.coverage_id) in wanted}
    return kept, failed


async def cards_of(
    member: VerifiedMember, coverages: Iterable[Coverage], desk: Desk
) -> tuple[list[Card], list[str]]:
    """The cards of these coverages, and the companies that did not answer."""
    wanted = {(coverage.partner, coverage.id) for coverage in coverages}
    keys = {partner for partner, _ in wanted}
    found, failed = await at_all(member, lambda key: desk.records.cards(member, key), keys)
    return [card for card in found if (card.partner, card.coverage_id) in wanted], failed


def product(coverage: Coverage, desk: Desk) -> Product:
    """The product behind a coverage."""
    return product_of(coverage, desk.partners[coverage.partner].products)


def asked_line(question: Question) -> LineOfBusiness:
    """The line of business that the words mean."""
    return named_line(question.text) or "medical"


def asked_lines(question: Question) -> tuple[LineOfBusiness, ...]:
    """The lines of business that the words mean: two in "my deductible, and is there one for
    dental?".
    """
    line = asked_line(question)
    return ("medical", line) if names_line_beside(question.text) else (line,)


def names_line_beside(text: str) -> bool:
    """Whether another line of business is asked of beside what is asked first."""
    line = named_line(text)
    return line not in (None, "medical") and _LINE_BESIDE.search(text) is not None


def named_line(text: str) -> LineOfBusiness | None:
    """The line of business that the words name, beside the medical one."""
    said = text.lower()
    return next((line for line, words in _LINE_WORDS if any(word in said for word in words)), None)


_LINE_BESIDE = re.compile(
    r"\b(?:deductible|limit|max\w*|out[- ]of[- ]pocket)\b.*?(?:\band|\balso|\bplus|,|\?).*"
    r"\b(?:dental|teeth|vision)\b",
    re.IGNORECASE,
)


async def of_named_line(member: VerifiedMember, question: Question, desk: Desk) -> Question:
    """The question, of the company that has the line of business which it names: "what number is
    it for the dental?". As it is where no line is named, or more than one company may have it.
    """
    line = named_line(question.text)
    if line is None:
        return question
    try:
        gathered = await gather(member, replace(question, partner=None), desk)
    except PartnerUnavailable:
        return question
    on = today_of(home(member, question, desk), desk)
    found = {coverage.partner for coverage in gathered.on(on, line)}
    return replace(question, partner=found.pop()) if len(found) == 1 else question


def today_of(partner: Partner, desk: Desk) -> date:
    """The company's local day."""
    return desk.clock.today(partner.phone.zone)


def plan_of(
    coverage: Coverage, desk: Desk, who: Whose | None = None, *, spoken: bool = False
) -> str:
    """The plan as members know it. A self-funded one is the employer's, run by the company."""
    owner = who.possessive if who else "your"
    partner = desk.partners[coverage.partner]
    name = partner.spoken_name if spoken else partner.name
    line = LINE_NAMES[coverage.line]
    title = f" ({coverage.plan_name})" if coverage.plan_name and not spoken else ""
    if product(coverage, desk).funding == "self_funded":
        if who and not who.own:
            return f"{owner} {line} plan{title}, the employer's own plan run by {name}"
        return f"{owner} employer's {line} plan{title}, run by {name}"
    return f"{owner} {name} {line} plan{title}"


def missing_companies(failed: Iterable[str], desk: Desk) -> str:
    """What is said of companies that did not answer; empty where all did."""
    keys = list(dict.fromkeys(failed))
    if not keys:
        return ""
    names = joined([desk.partners[key].name for key in keys])
    lines = joined([line_of(desk.partners[key]) for key in keys], "or")
    return (
        f"I could not reach {names} just now, so what is there may be missing. You can call "
        f"{lines}."
    )


def missing_companies_spoken(failed: Iterable[str], desk: Desk) -> str:
    """The same for hearing."""
    names = joined([desk.partners[key].spoken_name for key in dict.fromkeys(failed)])
    return f"I could not reach {names} just now." if names else ""


def heard(text: str) -> str:
    """A text for reading as a voice may say it: without the strokes of "HMO/POS", and quotes."""
    return text.replace("/", " ").replace("\u201c", "").replace("\u201d", "")


def home(member: VerifiedMember, question: Question, desk: Desk) -> Partner:
    """The company to call: the one that was named where the person belongs to it, else the one
    that was proven.
    """
    if question.partner and member.person.at(question.partner):
        return desk.partners[question.partner]
    return desk.partners[member.person.home.partner]


def no_plan(
    gathered: Gathered,
    line: LineOfBusiness,
    on: date,
    partner: Partner,
    desk: Desk,
    who: Whose | None = None,
) -> str:
    """Why there is nothing to tell: no coverage of that line in force on the day."""
    when = "today" if on == today_of(partner, desk) else f"on {day(on)}"
    # Only companies that answered: the file of one that did not may hold it.
    answered = list(dict.fromkeys(desk.partners[c.partner].name for c in gathered.coverages))
    asked = joined(answered or [partner.name])
    subject = who.subject if who else "you"
    text = f"I find no {LINE_NAMES[line]} coverage for {subject} {when} in the files of {asked}."
    ended = [c for c in gathered.coverages if c.line == line and c.end and c.end < on]
    later = [c for c in gathered.coverages if c.line == line and c.start and c.start > on]
    if later:
        first = min(later, key=lambda c: c.start or date.max)
        text += f" One begins on {day(first.start or on)}."
    elif ended:
        last = max(ended, key=lambda c: c.end or date.min)
        text += f" The last one ended on {day(last.end or on)}."
    return f"{text} If that looks wrong, call {line_of(partner)}."


def sentences(*parts: str) -> str:
    """Sentences with one space between them; the empty ones left out."""
    return " ".join(part for part in parts if part)


def capital(text: str) -> str:
    """The sentence with a capital at its head."""
    return text[:1].upper() + text[1:]
