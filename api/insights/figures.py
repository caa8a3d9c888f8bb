"""The figures that an operations lead reads, of one company or of all that a supervisor serves."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from api.desk.agents import Supervisor
from api.errors import Forbidden
from api.insights.backends import BackendFigures
from api.store import tables

# No second contact about the same topic within so long, on any channel: it was resolved.
REPEAT = timedelta(days=7)
_MOST = 20
# What a spreadsheet would take for a formula (OWASP: CSV injection).
_LABELS = ("day", "reason", "text", "company")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Figures:
    """Reads the store; nothing is kept. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: AsyncEngine, clock: Clock, backends: BackendFigures) -> None:
        self._engine = engine
        self._clock = clock
        self._backends = backends

    async def read(self, supervisor: Supervisor, days: int, company: str | None) -> dict[str, Any]:
        """The last `days` days. `company` None: all of the supervisor's. Raises Forbidden."""
        if company is not None and company not in supervisor.companies:
            raise Forbidden("You do not serve this company.")
        companies = [company] if company else sorted(supervisor.companies)
        now = self._clock.now()
        since = now - timedelta(days=days)
        turns = await self._rows(_of(tables.turns, companies, tables.turns.c.at, since))
        handed = await self._rows(
            _of(tables.handovers, companies, tables.handovers.c.created_at, since)
        )
        contacts = await self._rows(
            _of(tables.contacts, companies, tables.contacts.c.at, since - REPEAT)
        )
        identity = await self._rows(
            select(tables.audit.c.action).where(
                tables.audit.c.what == "identity",
                tables.audit.c.partner.in_(companies),
                tables.audit.c.at >= since.isoformat(),
            )
        )
        suggested = await self._rows(self._suggestions(companies, since))
        return {
            "since": since.isoformat(),
            "until": now.isoformat(),
            "companies": companies,
            **_conversations(turns, handed),
            "first_contact_resolution": _resolved(contacts, since, now),
            "verification_pass_rate": _share(
                sum(row["action"] == "verified" for row in identity),
                sum(row["action"] in ("verified", "verification refused") for row in identity),
            ),
            **await self._service(handed),
            "suggestions": _used(suggested),
            "backends": await self._backends.read(companies, since),
            **await self._now(companies, now),
            "unanswered": await self._unanswered(companies, since),
        }

    def _suggestions(self, companies: Sequence[str], since: datetime) -> Select[Any]:
        table, owned = tables.suggestions, tables.conversations
        return (
            select(table.c.action, table.c.changed, table.c.reason)
            .join(owned, owned.c.id == table.c.conversation_id)
            .where(table.c.at >= since, owned.c.partner.in_(companies))
        )

    async def _service(self, handed: Sequence[RowMapping]) -> dict[str, Any]:
        """Seconds to the first accept and to the end, of the hand-overs."""
        steps = tables.handover_steps
        ids = [row["id"] for row in handed]
        first: dict[str, datetime] = {}
        for row in await self._rows(
            select(steps.c.handover_id, steps.c.at)
            .where(steps.c.kind == "accepted", steps.c.handover_id.in_(ids))
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
        return {
            "seconds_to_answer": _spread(answered),
            "seconds_to_close": _spread(closed),
            "failed_transfers": _share(
                sum(bool(row["closed_at"]) and row["id"] not in first for row in handed),
                len(handed),
            ),
        }

    async def _now(self, companies: Sequence[str], now: datetime) -> dict[str, Any]:
        handovers, callbacks, cases = tables.handovers, tables.callbacks, tables.cases
        waiting = await self._rows(
            select(handovers.c.created_at).where(
                handovers.c.partner.in_(companies),
                handovers.c.accepted_at.is_(None),
                handovers.c.closed_at.is_(None),
            )
        )
        late_calls = await self._rows(
            select(callbacks.c.id).where(
                callbacks.c.partner.in_(companies),
                callbacks.c.done_at.is_(None),
                callbacks.c.due_at < now,
            )
        )
        late_cases = await self._rows(
            select(cases.c.reference).where(
                cases.c.partner.in_(companies),
                cases.c.acknowledged_at.is_(None),
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
        """What was not understood for sure, redacted and grouped; the most frequent first. What
        was asked before a company was known is everybody's.
        """
        table = tables.training_candidates
        rows = await self._rows(
            select(table.c.text, table.c.suggested).where(
                table.c.created_at >= since,
                table.c.partner.in_(companies) | table.c.partner.is_(None),
            )
        )
        counts = Counter(" ".join(row["text"].lower().split()) for row in rows)
        return [{"text": text, "times": times} for text, times in counts.most_common(_MOST)]

    async def _rows(self, query: Select[Any]) -> list[RowMapping]:
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).mappings())


def _of(table: Any, companies: Sequence[str], at: Any, since: datetime) -> Select[Any]:
    return select(table).where(table.c.partner.in_(companies), at >= since)


def _conversations(turns: Iterable[RowMapping], handed: Sequence[RowMapping]) -> dict[str, Any]:
    """How many conversations, how many of them needed no person, and why the others did."""
    by_conversation: dict[str, date] = {}
    outcomes: Counter[str] = Counter()
    for row in turns:
        by_conversation.setdefault(row["conversation_id"], row["at"].date())
        outcomes[row["outcome"]] += 1
    to_person = {row["conversation_id"] for row in handed}
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
        "days": [
            {"day": day.isoformat(), "conversations": all_, "contained": ours}
            for day, (all_, ours) in sorted(days.items())
        ],
    }


def _resolved(contacts: Sequence[RowMapping], since: datetime, now: datetime) -> float | None:
    """The share of verified contacts that came back to no topic within 7 days. Counted once the
    7 days are over.
    """
    by_topic: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for row in contacts:
        by_topic[row["person"], row["topic"]].append(row["at"])
    ripe = resolved = 0
    for times in by_topic.values():
        times.sort()
        for place, at in enumerate(times):
            if at + REPEAT > now or at < since - REPEAT:
                continue
            following = times[place + 1 : place + 2]
            ripe += 1
            resolved += not (following and following[0] - at <= REPEAT)
    return _share(resolved, ripe)


def _used(rows: Sequence[RowMapping]) -> dict[str, Any]:
    actions = Counter(row["action"] or "left" for row in rows)
    changed = [row["changed"] for row in rows if row["changed"] is not None]
    return {
        "shown": len(rows),
        "used": actions["used"],
        "edited": actions["edited"],
        "dismissed": actions["dismissed"],
        "use_rate": _share(actions["used"] + actions["edited"], len(rows)),
        "edit_rate": _share(actions["edited"], actions["used"] + actions["edited"]),
        "share_edited": round(sum(changed) / len(changed), 3) if changed else None,
        "dismissed_because": dict(Counter(row["reason"] for row in rows if row["reason"])),
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
                yield from _flat(inner, f"{name} {label or ''} {key}".strip())
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for inner in value:
            yield from _flat(inner, name)
    else:
        yield name, ", ".join(map(str, value)) if isinstance(value, list) else value


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value
