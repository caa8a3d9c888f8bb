"""The figures that an operations lead reads, of one company or of all that a supervisor serves."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Literal, get_args

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, RowMapping, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from api.desk.agents import Supervisor
from api.desk.shadow import ASKED
from api.errors import Forbidden
from api.insights.backends import BackendFigures
from api.store import tables

# Why a member marks an answer as not helpful, by the chat's own keys.
Reason = Literal["not_asked", "not_correct", "hard_to_understand"]
REASONS = frozenset(get_args(Reason))
# No second contact about the same topic within so long, on any channel: it was resolved.
REPEAT = timedelta(days=7)
_MOST = 20
# Different wordings of questions that are compared with each other, and how alike (0 to 100) two
# have to be for one question.
_MOST_WORDINGS = 500
_SAME_QUESTION = 82
_SMALL = frozenset(
    word
    for line in (
        "a an the is are am do does did can could would will you i my me we our it to of for in on",
        "at please hi hello hey so and just about with this that",
    )
    for word in line.split()
)
# No conversation goes on for longer.
_LONGEST = timedelta(days=7)
# As actions/verification.py writes them.
_VERIFIED = "verified"
_TRIED = frozenset({_VERIFIED, "verification refused", "ticket refused"})
# What a spreadsheet would take for a formula (OWASP: CSV injection).
_LABELS = ("day", "reason", "text", "company")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Figures:
    """Reads the store; nothing is kept. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(
        self, engine: AsyncEngine, clock: Clock, backends: BackendFigures, companies: Iterable[str]
    ) -> None:
        self._all = frozenset(companies)
        self._engine = engine
        self._clock = clock
        self._backends = backends

    async def read(self, supervisor: Supervisor, days: int, company: str | None) -> dict[str, Any]:
        """The last `days` days. `company` None: all of the supervisor's. Raises Forbidden."""
        if company is not None and company not in supervisor.companies:
            raise Forbidden("You do not serve this company.")
        companies = [company] if company else sorted(supervisor.companies)
        # What no company is known of may be anybody's: it counts for who serves all of them.
        everything = company is None and supervisor.companies.issuperset(self._all)
        now = self._clock.now()
        since = now - timedelta(days=days)
        turns = await self._rows(_turns(companies, since, unknown=everything))
        handed = await self._rows(
            select(tables.handovers).where(
                _theirs(tables.handovers, companies, unknown=everything),
                tables.handovers.c.created_at >= since,
            )
        )
        contacts = await self._rows(
            select(tables.contacts).where(
                tables.contacts.c.partner.in_(companies), tables.contacts.c.at >= since - REPEAT
            )
        )
        identity = await self._rows(
            select(tables.audit.c.action, tables.audit.c.conversation_id).where(
                tables.audit.c.what == "identity",
                tables.audit.c.partner.in_(companies),
                tables.audit.c.at >= since.isoformat(),
            )
        )
        suggested = await self._rows(self._suggestions(companies, since, unknown=everything))
        ratings = await self._ratings(companies, since, turns, everybodys=everything)
        return {
            "since": since.isoformat(),
            "until": now.isoformat(),
            "companies": companies,
            **_conversations(turns, handed, await self._with_person(turns), since, now),
            "first_contact_resolution": _resolved(contacts, now),
            "verification_pass_rate": _passed(identity),
            **await self._service(handed, companies, since, unknown=everything),
            "suggestions": _used(suggested),
            "ratings": ratings,
            "backends": await self._backends.read(companies, since),
            **await self._now(companies, now, anybodys=company is None),
            "unanswered": await self._unanswered(companies, since),
        }

    async def _with_person(self, turns: Sequence[RowMapping]) -> set[str]:
        """Which of the turns' conversations have ever been handed to a person."""
        table = tables.handovers
        wanted = {row["conversation_id"] for row in turns}
        first = min((row["at"] for row in turns), default=self._clock.now()) - _LONGEST
        rows = await self._rows(select(table.c.conversation_id).where(table.c.created_at >= first))
        return wanted.intersection(row["conversation_id"] for row in rows)

    def _suggestions(
        self, companies: Sequence[str], since: datetime, *, unknown: bool
    ) -> Select[Any]:
        table, owned = tables.suggestions, tables.conversations
        return (
            select(
                table.c.conversation_id,
                table.c.for_seq,
                table.c.action,
                table.c.changed,
                table.c.reason,
            )
            .join(owned, owned.c.id == table.c.conversation_id)
            .where(table.c.at >= since, _theirs(owned, companies, unknown=unknown))
        )

    async def _ratings(
        self,
        companies: Sequence[str],
        since: datetime,
        turns: Sequence[RowMapping],
        *,
        everybodys: bool,
    ) -> dict[str, Any]:
        """The members' thumbs. A rating belongs to the companies that the answer came from, or
        where it came from none, to those of its conversation.
        """
        rated, said, told = tables.feedback, tables.messages, tables.told
        answers: dict[str, list[RowMapping]] = defaultdict(list)
        for row in await self._rows(
            select(
                rated.c.message_id,
                rated.c.rating,
                rated.c.reason,
                said.c.conversation_id,
                told.c.intent,
                told.c.partner,
            )
            .join(said, said.c.id == rated.c.message_id)
            .outerjoin(
                told,
                and_(told.c.conversation_id == said.c.conversation_id, told.c.seq == said.c.seq),
            )
            .where(rated.c.at >= since)
        ):
            answers[row["message_id"]].append(row)
        theirs = {row["conversation_id"] for row in turns if row["partner"] in companies}
        ours = []
        for rows in answers.values():
            sources = {row["partner"] for row in rows if row["partner"]}
            if (
                everybodys
                or sources.intersection(companies)
                or (not sources and rows[0]["conversation_id"] in theirs)
            ):
                ours.append(rows)
        return _rated(ours)

    async def _service(
        self,
        handed: Sequence[RowMapping],
        companies: Sequence[str],
        since: datetime,
        *,
        unknown: bool,
    ) -> dict[str, Any]:
        """Seconds to the first accept and to the end, of the hand-overs."""
        steps, handovers = tables.handover_steps, tables.handovers
        first: dict[str, datetime] = {}
        for row in await self._rows(
            select(steps.c.handover_id, steps.c.at)
            .join(handovers, handovers.c.id == steps.c.handover_id)
            .where(
                steps.c.kind == "accepted",
                handovers.c.created_at >= since,
                _theirs(handovers, companies, unknown=unknown),
            )
            .order_by(steps.c.at)
        ):
            first.setdefault(row["handover_id"], row["at"])
        answered = [
            (first[row["id"]] - row["created_at"]).total_seconds()
            for row in handed
            if row["id"] in first
        ]
        closed = [
            (row["closed_at"] - row["created_at"]).total_seconds()
            for row in handed
            if row["closed_at"] and row["id"] in first
        ]
        # Who still waits has not been failed yet.
        over = [row for row in handed if row["closed_at"] or row["id"] in first]
        return {
            "seconds_to_answer": _spread(answered),
            "seconds_to_close": _spread(closed),
            "failed_transfers": _share(sum(row["id"] not in first for row in over), len(over)),
        }

    async def _now(
        self, companies: Sequence[str], now: datetime, *, anybodys: bool
    ) -> dict[str, Any]:
        """What waits. `anybodys`: also what waits for no company that is known, which any agent
        may take.
        """
        handovers, callbacks, cases = tables.handovers, tables.callbacks, tables.cases
        waiting = await self._rows(
            select(handovers.c.created_at).where(
                _theirs(handovers, companies, unknown=anybodys),
                handovers.c.accepted_at.is_(None),
                handovers.c.closed_at.is_(None),
            )
        )
        late_calls = await self._rows(
            select(callbacks.c.id).where(
                _theirs(callbacks, companies, unknown=anybodys),
                callbacks.c.done_at.is_(None),
                callbacks.c.due_at < now,
            )
        )
        late_cases = await self._rows(
            select(cases.c.reference).where(
                cases.c.partner.in_(companies),
                cases.c.settled_at.is_(None),
                cases.c.due_at < now,
            )
        )
        oldest = min((row["created_at"] for row in waiting), default=now)
        return {
            "queue_depth": len(waiting),
            "queue_oldest_seconds": int((now - oldest).total_seconds()),
            "call_backs_past_due": len(late_calls),
            "cases_past_due": len(late_cases),
        }

    async def _unanswered(self, companies: Sequence[str], since: datetime) -> list[dict[str, Any]]:
        """What found no answer, redacted and grouped by its words; the most frequent first. What
        was asked before a company was known is everybody's.
        """
        table = tables.training_candidates
        rows = await self._rows(
            select(table.c.text, table.c.suggested).where(
                table.c.created_at >= since,
                # What was chosen from suggestions, or put right, was answered then.
                table.c.chosen.is_(None),
                table.c.partner.in_(companies) | table.c.partner.is_(None),
            )
        )
        return [
            {"text": text, "times": times}
            for text, times in grouped([row["text"] for row in rows]).most_common(_MOST)
        ]

    async def _rows(self, query: Select[Any]) -> list[RowMapping]:
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).mappings())


def _theirs(table: Any, companies: Sequence[str], *, unknown: bool) -> ColumnElement[bool]:
    of_companies: ColumnElement[bool] = table.c.partner.in_(companies)
    return of_companies | table.c.partner.is_(None) if unknown else of_companies


def _turns(companies: Sequence[str], since: datetime, *, unknown: bool) -> Select[Any]:
    """The turns of the companies' conversations, with what was said in these before the company
    was known.
    """
    table = tables.turns
    conversations = select(table.c.conversation_id).where(
        table.c.partner.in_(companies), table.c.at >= since
    )
    before = table.c.partner.is_(None) & table.c.conversation_id.in_(conversations)
    return (
        select(table)
        .where(table.c.at >= since, _theirs(table, companies, unknown=unknown) | before)
        .order_by(table.c.at)
    )


def grouped(texts: Iterable[str]) -> Counter[str]:
    """How often each question was asked: the same words in another order, with other small words
    or marks, are the same question. Each group has its most frequent wording.
    """
    counts = Counter(" ".join(text.lower().split()).strip(" .?!") for text in texts)
    groups: Counter[str] = Counter()
    bare: dict[str, str] = {}
    for text, times in counts.most_common(_MOST_WORDINGS):
        words = _bare(text)
        found = process.extractOne(
            words, bare, scorer=fuzz.token_sort_ratio, score_cutoff=_SAME_QUESTION
        )
        group = found[2] if found else text
        bare.setdefault(group, words)
        groups[group] += times
    return groups


def _bare(text: str) -> str:
    words = re.findall(r"\[?\w+(?:['\u2019]\w+)?\]?", text)
    return " ".join(word for word in words if word not in _SMALL) or text


def _passed(rows: Iterable[RowMapping]) -> float | None:
    """The share of conversations in which verifying was tried that came to it: a slip that was put
    right is no failure.
    """
    tried, passed = set(), set()
    for row in rows:
        if row["action"] in _TRIED:
            tried.add(row["conversation_id"])
        if row["action"] == _VERIFIED:
            passed.add(row["conversation_id"])
    return _share(len(passed), len(tried))


def _conversations(
    turns: Iterable[RowMapping],
    handed: Sequence[RowMapping],
    with_person: set[str],
    since: datetime,
    now: datetime,
) -> dict[str, Any]:
    """How many conversations, how many of them needed no person, and why the others did."""
    by_conversation: dict[str, date] = {}
    outcomes: Counter[str] = Counter()
    for row in turns:
        by_conversation.setdefault(row["conversation_id"], row["at"].date())
        outcomes[row["outcome"]] += 1
    for row in handed:
        # A caller may ask for a person before anything was understood.
        by_conversation.setdefault(row["conversation_id"], row["created_at"].date())
    to_person = with_person.union(row["conversation_id"] for row in handed)
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for conversation, day in by_conversation.items():
        days[day][0] += 1
        days[day][1] += conversation not in to_person
    contained = sum(conversation not in to_person for conversation in by_conversation)
    reasons = Counter(row["topic"] or row["reason"] or "unknown" for row in handed)
    return {
        "conversations": len(by_conversation),
        "containment": _share(contained, len(by_conversation)),
        "handovers": len(handed),
        "handover_reasons": [
            {"reason": reason, "times": times} for reason, times in reasons.most_common(_MOST)
        ],
        "fallback_rate": _share(outcomes["not_understood"], sum(outcomes.values())),
        "failed_turns": _share(outcomes["failed"], sum(outcomes.values())),
        # A day without a conversation is a day too.
        "days": [
            {"day": day.isoformat(), "conversations": days[day][0], "contained": days[day][1]}
            for day in _every_day(since.date(), now.date())
        ],
    }


def _every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _resolved(contacts: Sequence[RowMapping], now: datetime) -> float | None:
    """The share of verified contacts after which the same person did not come back to the same
    topic within 7 days, on any channel. Counted once the 7 days are over.
    """
    by_topic: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for row in contacts:
        by_topic[row["person"], row["topic"]].append(row["at"])
    ripe = resolved = 0
    for times in by_topic.values():
        times.sort()
        for place, at in enumerate(times):
            if at + REPEAT > now:
                continue
            following = times[place + 1 : place + 2]
            ripe += 1
            resolved += not (following and following[0] - at <= REPEAT)
    return _share(resolved, ripe)


def _used(rows: Sequence[RowMapping]) -> dict[str, Any]:
    """What became of the suggestions. The use rate is that of the member's messages: of three
    suggestions for one, one can be used.
    """
    actions = Counter(row["action"] for row in rows)
    messages: dict[tuple[str, int], bool] = {}
    for row in rows:
        if row["for_seq"] != ASKED:
            message = (row["conversation_id"], row["for_seq"])
            used = row["action"] in ("used", "edited")
            messages[message] = messages.get(message, False) or used
    changed = [row["changed"] for row in rows if row["changed"] is not None]
    return {
        "shown": len(rows),
        "used": actions["used"],
        "edited": actions["edited"],
        "dismissed": actions["dismissed"],
        "use_rate": _share(sum(messages.values()), len(messages)),
        "edit_rate": _share(actions["edited"], actions["used"] + actions["edited"]),
        "share_edited": round(sum(changed) / len(changed), 3) if changed else None,
        "dismissed_because": dict(Counter(row["reason"] for row in rows if row["reason"])),
    }


def _rated(answers: Sequence[Sequence[RowMapping]]) -> dict[str, Any]:
    """Each rated answer has a row for every source that it was told from."""
    ratings = Counter(rows[0]["rating"] for rows in answers)
    down = [rows for rows in answers if rows[0]["rating"] == "down"]
    # Members' own words stay out of the figures: a reason is one of those that the chat offers.
    reasons = Counter(rows[0]["reason"] for rows in down if rows[0]["reason"] in REASONS)
    topics = Counter(next((row["intent"] for row in rows if row["intent"]), None) for rows in down)
    del topics[None]
    return {
        "up": ratings["up"],
        "down": ratings["down"],
        "helpful_rate": _share(ratings["up"], len(answers)),
        "down_because": dict(reasons),
        "down_about": [
            {"reason": topic, "times": times} for topic, times in topics.most_common(_MOST)
        ],
    }


def _share(part: int, whole: int) -> float | None:
    """From 0 to 1; None when there is nothing to share."""
    return round(part / whole, 4) if whole else None


def _spread(seconds: Sequence[float]) -> dict[str, float | None]:
    if not seconds:
        return {"median": None, "p90": None}
    ordered = sorted(seconds)
    return {
        "median": round(median(ordered), 1),
        "p90": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.9))], 1),
    }


def as_csv(figures: dict[str, Any]) -> str:
    """Two columns, figure and value; no cell is a formula, whoever wrote its words."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["figure", "value"])
    for name, value in _flat(figures):
        writer.writerow([_safe(name), _safe(value)])
    return file.getvalue()


def _flat(value: Any, name: str = "") -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        label = next((str(value[k]) for k in _LABELS if k in value), None)
        for key, inner in value.items():
            if key not in _LABELS or label is None:
                yield from _flat(inner, " ".join(filter(None, (name, label, key))))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for inner in value:
            yield from _flat(inner, name)
    else:
        yield name, ", ".join(map(str, value)) if isinstance(value, list) else value


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value
