"""What an agent promises a member: a case with their company, a call back."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from alliance.cases import CASES_FILE, CaseKind, load_case_kinds
from alliance.partners import Partner, Partners
from api.assistant import Assistant
from api.conversations.store import Conversation
from api.desk.agents import Agent
from api.desk.callbacks import Callbacks
from api.desk.direct import DirectAnswers
from api.desk.service import Desk
from api.errors import Conflict, Forbidden, Unusable

# North American numbering plan: no area code and no exchange begins with 0 or 1.
_PHONE = re.compile(r"1?([2-9]\d{2}[2-9]\d{6})")


def case_kinds() -> dict[str, CaseKind]:
    """All kinds by key. Raises ConfigurationError."""
    return dict(load_case_kinds(yaml.safe_load(CASES_FILE.read_text("utf-8"))))


class Promising:
    """The member is told at once, in the conversation, what was promised. Every method raises
    NotFound, Forbidden, Conflict, Unusable, redis.RedisError; `open_case` AssistantUnavailable too:
    then nothing was promised.
    """

    def __init__(
        self,
        desk: Desk,
        assistant: Assistant,
        answers: DirectAnswers,
        callbacks: Callbacks,
        partners: Partners,
    ) -> None:
        self._desk = desk
        self._assistant = assistant
        self._answers = answers
        self._callbacks = callbacks
        self._partners = partners
        self._kinds = case_kinds()

    @property
    def kinds(self) -> dict[str, str]:
        """What a case may be about: titles by key."""
        return {key: kind.title for key, kind in self._kinds.items()}

    async def open_case(
        self, agent: Agent, conversation_id: str, kind: str, words: str, company: str | None
    ) -> dict[str, Any]:
        """File the member's words with their company; `reference` and `due_at`. `company` only
        where none is known yet.
        """
        conversation = await self._desk.mine(agent, conversation_id)
        if kind not in self._kinds:
            raise Unusable("There is no such kind of case.")
        partner = await self._company(agent, conversation, company)
        if partner is None:
            raise Unusable("Say which company the case is for.")
        if partner.cases is None:
            raise Conflict(f"{partner.name} takes no cases here: {partner.phone.member_services}.")
        found = await self._answers.post(
            "/cases/desk",
            {
                "conversation_id": conversation.id,
                "channel": conversation.channel,
                "agent": agent.username,
                "partner": partner.key,
                "kind": kind,
                "words": words,
            },
        )
        due = datetime.fromisoformat(found["due_at"]).astimezone(ZoneInfo(partner.phone.zone))
        by = "by the end of" if found["urgency"] == "urgent" else "by"
        await self._desk.notify(
            agent,
            conversation_id,
            f"{agent.name} has passed your {self._kinds[kind].title} to {partner.name}. Your "
            f"reference number is {found['reference']}. An answer is due {by} {due:%B} {due.day}, "
            f"{due.year}.",
        )
        return {"reference": found["reference"], "due_at": found["due_at"]}

    async def book_call(
        self,
        agent: Agent,
        conversation_id: str,
        phone: str,
        window: str,
        reason: str,
        company: str | None,
    ) -> None:
        """Promise a call at the number, in the member's own words for when."""
        conversation = await self._desk.mine(agent, conversation_id)
        number = _PHONE.fullmatch(re.sub(r"\D", "", phone))
        if number is None:
            raise Unusable("That is no phone number that can be called: it takes ten digits.")
        partner = await self._company(agent, conversation, company)
        member = await self._assistant.verified(conversation.id)
        detail = {
            "partner": partner.key if partner else None,
            "phone": number[1],
            "window": window,
            "reason": reason,
        }
        await self._callbacks.book(conversation.id, detail, member)
        who = f"{partner.name} will" if partner else "We will"
        await self._desk.notify(
            agent,
            conversation_id,
            f"{who} call you at the number ending in {number[1][-2:]}. You asked for: {window}. We "
            "never call to ask for a code or a password.",
        )

    async def _company(
        self, agent: Agent, conversation: Conversation, named: str | None
    ) -> Partner | None:
        """The company that is named, that the conversation waits for, or that was proven."""
        member = await self._assistant.verified(conversation.id)
        home = member.person.home.partner if member else None
        partner = self._partners.get(named or conversation.partner or home)
        if named and partner is None:
            raise Unusable("There is no such company here.")
        if partner and not agent.may_serve(partner.key):
            raise Forbidden("This is a company that you do not serve.")
        return partner
