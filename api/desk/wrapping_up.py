"""The draft of a wrap-up: what is known for sure of the whole conversation, for the agent to edit.

Facts of the store alone: topics, companies, cases, calls, steps. No words of the member and no
figures of their file, so that the summary can be read where the conversation can't.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.partners import Partners
from api.conversations.store import Conversation, Message
from api.conversations.topics import is_topic
from api.desk.handover import METHODS, Handover, titles
from api.desk.shadow import LEFT
from api.store import tables

_MOVES = {"transferred": "Passed on", "taken_over": "Taken over"}
_USED = ("used", "edited")


class WrapUps:
    """Reads the store; writes nothing. Raises sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: AsyncEngine, partners: Partners, clock: Clock) -> None:
        self._engine = engine
        self._partners = partners
        self._clock = clock

    async def draft(
        self,
        conversation: Conversation,
        handover: Handover,
        messages: Sequence[Message],
        steps: Sequence[Mapping[str, Any]],
        *,
        left: bool,
    ) -> dict[str, str]:
        """The summary's draft, and the outcome that the facts speak for."""
        asked, answered, told, waiting = await self._topics(conversation)
        cases = await self._rows(
            select(tables.cases).where(tables.cases.c.conversation_id == conversation.id)
        )
        calls = await self._rows(
            select(tables.callbacks).where(tables.callbacks.c.conversation_id == conversation.id)
        )
        company = self._partners.get(handover.partner)
        lines = [
            f"{'Call' if conversation.channel == 'voice' else 'Chat'} with "
            f"{handover.first_name or 'a member'}, "
            f"{company.name if company else 'company not known'}, {self._when(handover, messages)}",
            _verified(handover),
            f"Came to a person because of: {handover.reason}" if handover.reason else "",
            _named("Asked", asked),
            _named("Answered by the assistant", answered),
            _named("Answered by the agent", told),
            *(
                f"Case {case['reference']}: {case['kind'].replace('_', ' ')}, due "
                f"{self._day(case['due_at'], handover)}"
                for case in cases
            ),
            *(
                f"Call back promised ({call['window']}), "
                + ("made" if call["done_at"] else f"due {self._day(call['due_at'], handover)}")
                for call in calls
            ),
            *(
                f"{_MOVES[step['kind']]}: {step['agent']} to {step['target']}"
                for step in steps
                if step["kind"] in _MOVES and step["target"]
            ),
            _named("Open", waiting),
            "The member has left." if left else "",
        ]
        follows_up = bool(waiting or cases or any(not call["done_at"] for call in calls))
        return {
            "summary": "\n".join(line for line in lines if line),
            "disposition": "no_reply" if left else "follow_up" if follows_up else "answered",
        }

    async def for_member(self, conversation: Conversation) -> dict[str, Any]:
        """What a hand-back says to the member, and the topics that are open: `summary` and `open`
        (`topic`, `title`).
        """
        known = titles()
        _, _, told, waiting = await self._topics(conversation)
        open_ = [{"topic": each, "title": known[each]} for each in waiting if each in known]
        settled = [known[each] for each in told if each in known]
        lines = [
            f"We talked about {_listed(settled)}." if settled else "",
            f"Still open: {_listed([each['title'] for each in open_])}." if open_ else "",
        ]
        return {"summary": " ".join(line for line in lines if line), "open": open_}

    async def _topics(
        self, conversation: Conversation
    ) -> tuple[list[str], list[str], list[str], list[str]]:
        """The intents asked, answered by the assistant, answered by the agent, and open."""
        topics = conversation.topics
        suggested = await self._rows(
            select(tables.suggestions.c.body, tables.suggestions.c.action)
            .where(
                tables.suggestions.c.conversation_id == conversation.id,
                tables.suggestions.c.action.is_distinct_from(LEFT),
            )
            .order_by(tables.suggestions.c.for_seq)
        )
        of_agent = [row["body"]["intent"] for row in suggested if row["action"] in _USED]
        asked = _once([*topics.asked, *(row["body"]["intent"] for row in suggested)])
        answered = _once(topics.answered)
        told = [intent for intent in _once(of_agent) if intent not in answered]
        waiting = [intent for intent in asked if intent not in (*answered, *told)]
        return asked, answered, told, waiting

    def _when(self, handover: Handover, messages: Sequence[Message]) -> str:
        zone = self._zone(handover)
        now = self._clock.now().astimezone(zone)
        began = messages[0].at.astimezone(zone) if messages else now
        from_, to = (f"{at:%I:%M %p}".lstrip("0") for at in (began, now))
        return f"{began:%B} {began.day}, {began.year}, {from_} to {to} {now:%Z}"

    def _day(self, at: Any, handover: Handover) -> str:
        local = at.astimezone(self._zone(handover))
        return f"{local:%B} {local.day}, {local.year}"

    def _zone(self, handover: Handover) -> ZoneInfo:
        company = self._partners.get(handover.partner)
        return ZoneInfo(company.phone.zone if company else "America/New_York")

    async def _rows(self, query: Select[Any]) -> list[Mapping[str, Any]]:
        async with self._engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(query)).mappings()]


def _verified(handover: Handover) -> str:
    if not handover.level:
        return "Verified: no"
    how = METHODS.get(handover.method or "")
    return f"Verified: {how or 'yes'}, level {handover.level}"


def _listed(names: Sequence[str]) -> str:
    """ "one", "one and two", "one, two and three"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _once(intents: Iterable[str]) -> list[str]:
    return [intent for intent in dict.fromkeys(intents) if is_topic(intent)]


def _named(label: str, intents: Sequence[str]) -> str:
    known = titles()
    return f"{label}: {', '.join(known.get(i, i) for i in intents)}" if intents else ""
