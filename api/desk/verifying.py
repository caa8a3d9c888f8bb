"""Verifying the member at the desk: the same factors and counters as in chat and on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from alliance.partners import Partner, Partners
from api.desk.agents import Agent, Supervisor
from api.desk.direct import DirectAnswers
from api.desk.service import Desk
from api.errors import Forbidden, Unusable

Result = Literal["verified", "refused", "locked_out", "not_in_alliance", "unavailable"]


@dataclass(frozen=True)
class Given:
    """What the member told the agent. `partner` only where the ID fits two companies."""

    first_name: str
    member_id: str
    birth_date: date
    zip: str
    partner: str | None = None


class Verifying:
    """Tries are counted per conversation and per person, whoever types them."""

    def __init__(self, desk: Desk, answers: DirectAnswers, partners: Partners) -> None:
        self._desk = desk
        self._answers = answers
        self._partners = partners

    async def verify(self, agent: Agent, conversation_id: str, given: Given) -> Result:
        """Try the factors. Raises NotFound, Forbidden, Conflict, Unusable, AssistantUnavailable."""
        conversation = await self._desk.mine(agent, conversation_id)
        partner = self._company(agent, given.member_id, given.partner)
        found = await self._answers.post(
            "/verifications/desk",
            {
                "conversation_id": conversation.id,
                "channel": conversation.channel,
                "agent": agent.username,
                "partner": partner.key,
                "first_name": given.first_name,
                "member_id": given.member_id,
                "birth_date": given.birth_date.isoformat(),
                "zip": given.zip,
            },
        )
        result: Result = found["outcome"]
        if result == "verified":
            await self._desk.was_verified(conversation_id)
        return result

    async def lift(
        self, supervisor: Supervisor, conversation_id: str, member_id: str, reason: str
    ) -> None:
        """Let a person try again whom three wrong tries have locked out; audited. Raises the same
        as `verify`.
        """
        conversation = await self._desk.seen_by(supervisor, conversation_id)
        partner = self._company(supervisor, member_id, None)
        await self._answers.post(
            "/lock-outs/lift",
            {
                "conversation_id": conversation.id,
                "channel": conversation.channel,
                "agent": supervisor.username,
                "partner": partner.key,
                "member_id": member_id,
            },
        )
        await self._desk.note(supervisor, conversation_id, "unlocked", reason)

    def _company(self, agent: Agent, member_id: str, key: str | None) -> Partner:
        fitting = self._partners.fitting(member_id)
        if key:
            fitting = [partner for partner in fitting if partner.key == key]
        if not fitting:
            raise Unusable("That is no member ID of a company here. Please check it.")
        if len(fitting) > 1:
            names = " or ".join(partner.name for partner in fitting)
            raise Unusable(f"This ID fits {names}: say which company's card it is on.")
        if not agent.may_serve(fitting[0].key):
            raise Forbidden("This member's company is none that you serve.")
        return fitting[0]
