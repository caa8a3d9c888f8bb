"""What an agent does with conversations: take, answer, hand back, wrap up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alliance.clock import Clock
from alliance.partners import Partners
from alliance.verified import VerifiedMember
from api.assistant import Assistant
from api.conversations.store import Conversation, ConversationStore, Draft, Message
from api.desk.agents import Agent
from api.desk.handover import Handover, Handovers
from api.desk.shadow import Shadows
from api.errors import Conflict, Forbidden, NotFound
from api.wakes import Wakes


@dataclass(frozen=True)
class Waiting:
    """A line of the queue: a hand-over and its conversation."""

    handover: Handover
    conversation: Conversation


class Desk:
    """Every method takes the agent, and refuses conversations of companies not theirs."""

    def __init__(
        self,
        store: ConversationStore,
        handovers: Handovers,
        shadows: Shadows,
        assistant: Assistant,
        wakes: Wakes,
        partners: Partners,
        clock: Clock,
    ) -> None:
        self._store = store
        self._handovers = handovers
        self._shadows = shadows
        self._assistant = assistant
        self._wakes = wakes
        self._partners = partners
        self._clock = clock

    async def queue(self, agent: Agent) -> list[dict[str, Any]]:
        """What waits for this agent's companies, and what the agent has, oldest first."""
        lines = []
        for handover in await self._handovers.all_open():
            conversation = await self._store.get(handover.conversation_id)
            if conversation is None or not agent.may_serve(handover.partner):
                continue
            mine = conversation.owner == "agent" and conversation.agent == agent.username
            if mine or conversation.owner == "queue":
                lines.append(self._line(Waiting(handover, conversation)))
        return lines

    async def accept(self, agent: Agent, conversation_id: str) -> None:
        """Take a waiting conversation. Raises Conflict when another was faster."""
        conversation, handover = await self._open(agent, conversation_id)
        taken = await self._store.change_owner(
            conversation.id, ["queue"], "agent", agent=agent.username
        )
        if not taken:
            raise Conflict("This conversation has been taken.")
        await self._handovers.note(handover.id, accepted_at=self._clock.now())
        company = self._partners.get(handover.partner)
        at = f" of {company.name}" if company else ""
        await self._say(conversation, "system", f"{agent.name}{at} has joined the chat.")
        await self._think_along(conversation_id)
        await self._wakes.tell("desk", {"event": "queue"})

    async def read(self, agent: Agent, conversation_id: str) -> dict[str, Any]:
        """The conversation with its messages, who the member is, and the suggestions."""
        conversation, handover = await self._open(agent, conversation_id)
        member = await self._assistant.verified(conversation.id)
        return {
            **self._line(Waiting(handover, conversation)),
            "messages": [m.to_json() for m in await self._store.messages(conversation.id)],
            "verified": member is not None,
            "level": member.level if member else 0,
            "memberships": self._memberships(agent, member),
            "suggestions": await self.suggestions(agent, conversation_id),
        }

    async def say(self, agent: Agent, conversation_id: str, text: str) -> Message:
        """The agent's own words to the member."""
        conversation = await self._mine(agent, conversation_id)
        message = await self._say(conversation, "agent", text)
        self._shadows.heard_agent(conversation, text)
        return message

    async def suggestions(self, agent: Agent, conversation_id: str) -> list[dict[str, Any]]:
        """Suggested answers: for the agent who has the conversation, and nobody else."""
        conversation, _ = await self._open(agent, conversation_id)
        if conversation.agent != agent.username:
            return []
        return await self._shadows.current(conversation)

    async def suggestion_was(
        self, agent: Agent, conversation_id: str, suggestion_id: str, action: str, text: str
    ) -> None:
        """Record what was done with a suggestion."""
        conversation = await self._mine(agent, conversation_id)
        await self._shadows.record(conversation, suggestion_id, agent, action, text)

    async def hand_back(self, agent: Agent, conversation_id: str) -> None:
        """The assistant takes over again."""
        await self._leave(
            agent,
            conversation_id,
            "assistant",
            "The assistant is back. You can ask for a person at any time.",
        )

    async def wrap_up(
        self, agent: Agent, conversation_id: str, disposition: str, summary: str
    ) -> None:
        """The agent is done; the member's next message goes to the assistant."""
        await self._leave(
            agent,
            conversation_id,
            "wrapped",
            f"{agent.name} has left the chat. You can go on with the assistant here.",
            disposition=disposition,
            wrap_up=summary,
        )

    async def _leave(
        self, agent: Agent, conversation_id: str, owner: Any, notice: str, **values: Any
    ) -> None:
        conversation = await self._mine(agent, conversation_id)
        handover = await self._handovers.current(conversation_id)
        left = await self._store.change_owner(
            conversation_id, ["agent"], owner, agent=None, shadow=None
        )
        if not left:
            raise Conflict("This conversation is not yours any more.")
        if handover:
            await self._handovers.note(handover.id, closed_at=self._clock.now(), **values)
        await self._shadows.end(conversation)
        await self._say(conversation, "system", notice)
        await self._wakes.tell("desk", {"event": "queue"})

    async def _think_along(self, conversation_id: str) -> None:
        """Suggest for the member's last words, now that there is an agent to suggest to."""
        conversation = await self._store.get(conversation_id)
        messages = await self._store.messages(conversation_id)
        handed_over = max((m.seq for m in messages if m.sender == "assistant"), default=0)
        unheard = [m for m in messages if m.sender == "member" and m.seq > handed_over]
        if conversation and unheard:
            self._shadows.follow(conversation, unheard[-1])

    async def _say(self, conversation: Conversation, sender: Any, text: str) -> Message:
        (message,) = await self._store.add(conversation.id, [Draft(sender, text)])
        await self._wakes.tell(f"conversation:{conversation.id}", {"event": "message"})
        await self._wakes.tell("desk", {"event": "conversation", "id": conversation.id})
        return message

    async def _open(self, agent: Agent, conversation_id: str) -> tuple[Conversation, Handover]:
        """A handed-over conversation of the agent's companies. Raises NotFound, Forbidden."""
        conversation = await self._store.get(conversation_id)
        handover = await self._handovers.current(conversation_id)
        if conversation is None or handover is None:
            raise NotFound("There is no such conversation at the desk.")
        if not agent.may_serve(handover.partner):
            raise Forbidden("This conversation belongs to a company that you do not serve.")
        return conversation, handover

    async def _mine(self, agent: Agent, conversation_id: str) -> Conversation:
        conversation, _ = await self._open(agent, conversation_id)
        if conversation.owner != "agent" or conversation.agent != agent.username:
            raise Conflict("Accept the conversation first.")
        return conversation

    def _memberships(self, agent: Agent, member: VerifiedMember | None) -> list[str]:
        if member is None:
            return []
        return [
            self._partners[membership.partner].name
            for membership in member.person.memberships
            if agent.may_serve(membership.partner)
        ]

    def _line(self, waiting: Waiting) -> dict[str, Any]:
        handover, conversation = waiting.handover, waiting.conversation
        company = self._partners.get(handover.partner)
        return {
            "id": conversation.id,
            "partner": handover.partner,
            "company": company.name if company else "Company not known",
            "reason": handover.reason,
            "summary": handover.summary,
            "level": handover.level,
            "method": handover.method,
            "topic": handover.topic,
            "skills": handover.skills or [],
            "priority": handover.priority,
            "language": handover.language,
            "answered": handover.answered or [],
            "first_name": handover.first_name,
            "channel": conversation.channel,
            "owner": conversation.owner,
            "agent": conversation.agent,
            "waiting_seconds": int((self._clock.now() - handover.created_at).total_seconds()),
        }
