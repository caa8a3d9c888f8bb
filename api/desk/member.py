"""What an agent sees of the verified member beside the conversation."""

from __future__ import annotations

import asyncio
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Answer
from alliance.partners import Partners
from alliance.verified import Actor, VerifiedMember
from api.assistant import Assistant
from api.conversations.contacts import Contacts
from api.desk.agents import Agent
from api.desk.direct import DirectAnswers
from api.desk.service import Desk
from api.desk.suggesting import proof_for, sources_of
from api.errors import AssistantUnavailable
from api.store import tables

# What is looked up, in words that need no question back: open claims, else the newest.
_LOOKS = {"which_plan_covers_me": "", "claim_status": "my open claims"}
_MOST = 20


class MemberPanel:
    """Shows what disclosure and the agent's companies allow; every look is audited as theirs."""

    def __init__(
        self,
        engine: AsyncEngine,
        desk: Desk,
        assistant: Assistant,
        answers: DirectAnswers,
        contacts: Contacts,
        partners: Partners,
    ) -> None:
        self._engine = engine
        self._desk = desk
        self._assistant = assistant
        self._answers = answers
        self._contacts = contacts
        self._partners = partners

    async def show(self, agent: Agent, conversation_id: str) -> dict[str, Any]:
        """Raises NotFound, Forbidden, Conflict; what cannot be had now is left out and named."""
        conversation = await self._desk.mine(agent, conversation_id)
        actor = Actor("agent", agent.username)
        verified = await self._assistant.verified(conversation.id)
        member = proof_for(verified, agent.companies, actor)
        if member is None:
            return {"verified": False, "facts": [], "contacts": [], "cases": []}
        answers = await asyncio.gather(
            *(self._answer(topic, actor, member, text) for topic, text in _LOOKS.items())
        )
        earlier = await self._contacts.earlier(conversation.id, member)
        return {
            "verified": True,
            "facts": [
                {"topic": topic, "text": None, "sources": []}
                if given is None
                else {
                    "topic": topic,
                    "text": given.text,
                    "sources": sources_of(given, self._partners),
                }
                for topic, given in zip(_LOOKS, answers, strict=True)
            ],
            "contacts": [
                {
                    "topic": contact.topic,
                    "partner": contact.partner,
                    "channel": contact.channel,
                    "outcome": contact.outcome,
                    "claim": contact.claim,
                    "at": contact.at.isoformat(),
                }
                for contact in earlier
                if agent.may_serve(contact.partner)
            ],
            "cases": await self._cases(agent, conversation.id, member),
        }

    async def _answer(
        self, topic: str, actor: Actor, member: VerifiedMember, text: str
    ) -> Answer | None:
        try:
            return await self._answers.answer(topic, actor, member, text)
        except (AssistantUnavailable, RedisError):
            return None

    async def _cases(
        self, agent: Agent, conversation_id: str, member: VerifiedMember
    ) -> list[dict[str, Any]]:
        """The cases of the member's earlier conversations and of this one."""
        conversations = await self._contacts.conversations(member)
        table = tables.cases
        query = (
            select(table)
            .where(
                table.c.conversation_id.in_([conversation_id, *conversations]),
                table.c.partner.in_(sorted(agent.companies)),
            )
            .order_by(table.c.received_at.desc())
            .limit(_MOST)
        )
        async with self._engine.connect() as connection:
            return [
                {
                    "reference": row["reference"],
                    "kind": row["kind"],
                    "partner": row["partner"],
                    "received_at": row["received_at"].isoformat(),
                    "due_at": row["due_at"].isoformat(),
                    "company_reference": row["company_reference"],
                }
                for row in (await connection.execute(query)).mappings()
            ]
