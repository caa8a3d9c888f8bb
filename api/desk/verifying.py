"""Verifying the member at the desk: the same factors and counters as in chat and on the phone."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from alliance.contacts import ContactKind
from alliance.partners import Partner, Partners
from alliance.verified import VerifiedMember
from api.assistant import Assistant
from api.conversations.store import Conversation
from api.desk.agents import Agent, Supervisor
from api.desk.direct import DirectAnswers
from api.desk.service import Desk
from api.errors import Conflict, Forbidden, Unusable

Result = Literal["verified", "refused", "several", "locked_out", "not_in_alliance", "unavailable"]
CodeResult = Literal["verified", "wrong_code", "expired", "locked_out", "unavailable"]
_NOT_FIGURES = re.compile(r"\D")


@dataclass(frozen=True)
class Given:
    """What the member told the agent. `partner` only where the ID fits two companies."""

    first_name: str
    member_id: str
    birth_date: date
    zip: str
    partner: str | None = None


@dataclass(frozen=True)
class GivenWithoutCard:
    """What the member told who has no card: `second` are the figures that the company asks for
    instead of the ID (`second_factor` in partners.yml).
    """

    partner: str
    first_name: str
    last_name: str
    birth_date: date
    zip: str
    second: str


class Verifying:
    """Tries are counted per conversation and per person, whoever types them. Every method raises
    NotFound, Forbidden, Conflict, Unusable, AssistantUnavailable, redis.RedisError.
    """

    def __init__(
        self, desk: Desk, assistant: Assistant, answers: DirectAnswers, partners: Partners
    ) -> None:
        self._desk = desk
        self._assistant = assistant
        self._answers = answers
        self._partners = partners

    async def verify(self, agent: Agent, conversation_id: str, given: Given) -> Result:
        """Try the factors of the card."""
        conversation = await self._desk.mine(agent, conversation_id)
        partner = self._company(agent, given.member_id, given.partner)
        told = {
            "partner": partner.key,
            "first_name": given.first_name,
            "member_id": given.member_id,
            "birth_date": given.birth_date.isoformat(),
            "zip": given.zip,
        }
        return await self._tried(agent, conversation, "/verifications/desk", told)

    async def verify_without_card(
        self, agent: Agent, conversation_id: str, given: GivenWithoutCard
    ) -> Result:
        """Try full name, birth date, ZIP code and the company's second factor."""
        conversation = await self._desk.mine(agent, conversation_id)
        partner = self._partners.get(given.partner)
        if partner is None or partner.backend is None:
            raise Unusable("There is no such company here.")
        self._served(agent, partner)
        told = asdict(given) | {
            "birth_date": given.birth_date.isoformat(),
            "second": _NOT_FIGURES.sub("", given.second),
        }
        return await self._tried(agent, conversation, "/verifications/desk/without-card", told)

    async def send_code(
        self, agent: Agent, conversation_id: str, kind: ContactKind | None
    ) -> dict[str, Any]:
        """Have the company send a one-time code to the verified member: `outcome` (`sent`,
        `too_soon`, `no_contact`, `not_sent`, `locked_out`), where it went, masked (`to`), and what
        other contacts there are (`others`).
        """
        conversation = await self._desk.mine(agent, conversation_id)
        member = await self._proven(agent, conversation)
        asked = {"partner": member.person.home.partner, "kind": kind}
        found = await self._post(agent, conversation, "/codes/desk/send", asked)
        return await self._checked(conversation, found)

    async def check_code(self, agent: Agent, conversation_id: str, code: str) -> CodeResult:
        """Try the code that the member has told: a right one opens level 2."""
        conversation = await self._desk.mine(agent, conversation_id)
        member = await self._proven(agent, conversation)
        told = {"partner": member.person.home.partner, "code": _NOT_FIGURES.sub("", code)}
        found = await self._post(agent, conversation, "/codes/desk/check", told)
        result: CodeResult = (await self._checked(conversation, found))["outcome"]
        return result

    async def lift(
        self, supervisor: Supervisor, conversation_id: str, member_id: str, reason: str
    ) -> None:
        """Let a person try again whom three wrong tries have locked out; audited."""
        conversation = await self._desk.seen_by(supervisor, conversation_id)
        partner = self._company(supervisor, member_id, None)
        told = {"partner": partner.key, "member_id": member_id}
        await self._post(supervisor, conversation, "/lock-outs/lift", told)
        await self._desk.note(supervisor, conversation_id, "unlocked", reason)

    async def _tried(
        self, agent: Agent, conversation: Conversation, path: str, told: dict[str, Any]
    ) -> Result:
        result: Result = (await self._post(agent, conversation, path, told))["outcome"]
        if result == "verified":
            await self._desk.was_verified(conversation.id)
        return result

    async def _proven(self, agent: Agent, conversation: Conversation) -> VerifiedMember:
        member = await self._assistant.verified(conversation.id)
        if member is None:
            raise Conflict("Verify the member first: a code only confirms who was verified.")
        self._served(agent, self._partners[member.person.home.partner])
        return member

    async def _checked(self, conversation: Conversation, found: dict[str, Any]) -> dict[str, Any]:
        """A right code opens more, too many wrong ones close everything: both sides see it."""
        if found["outcome"] == "not_verified":
            raise Conflict("The verification is over: verify the member again.")
        if found["outcome"] in ("verified", "locked_out"):
            await self._desk.was_verified(conversation.id)
        return found

    async def _post(
        self, agent: Agent, conversation: Conversation, path: str, told: dict[str, Any]
    ) -> dict[str, Any]:
        who = {
            "conversation_id": conversation.id,
            "channel": conversation.channel,
            "agent": agent.username,
        }
        return await self._answers.post(path, {**who, **told})

    def _company(self, agent: Agent, member_id: str, key: str | None) -> Partner:
        fitting = self._partners.fitting(member_id)
        if key:
            fitting = [partner for partner in fitting if partner.key == key]
        if not fitting:
            raise Unusable("That is no member ID of a company here. Please check it.")
        if len(fitting) > 1:
            names = " or ".join(partner.name for partner in fitting)
            raise Unusable(f"This ID fits {names}: say which company's card it is on.")
        self._served(agent, fitting[0])
        return fitting[0]

    def _served(self, agent: Agent, partner: Partner) -> None:
        if not agent.may_serve(partner.key):
            raise Forbidden("This member's company is none that you serve.")
