"""What an agent does with conversations: take, answer, pass on, hand back, wrap up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from alliance.clock import Clock
from alliance.partners import Partners
from alliance.routing import Routing
from alliance.verified import VerifiedMember
from api.assistant import Assistant
from api.conversations.after_hours import leaves_message
from api.conversations.notices import in_language
from api.conversations.service import Conversations
from api.conversations.store import Conversation, ConversationStore, Draft, Message
from api.desk.agents import Agent, Agents, Supervisor
from api.desk.handover import Handover, Handovers, Quiet, StepKind, titles
from api.desk.shadow import Shadows
from api.desk.suggesting import person_of
from api.desk.wrapping_up import WrapUps
from api.errors import Conflict, Forbidden, NotFound
from api.wakes import Wakes

log = structlog.get_logger()

# Between two looks for conversations whose agent has lost the connection.
_LOOK_SECONDS = 5.0


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
        agents: Agents,
        wakes: Wakes,
        partners: Partners,
        routing: Routing,
        wrap_ups: WrapUps,
        conversations: Conversations,
        clock: Clock,
    ) -> None:
        self._wrap_ups = wrap_ups
        self._conversations = conversations
        self._agents = agents
        self._routing = routing
        self._store = store
        self._handovers = handovers
        self._shadows = shadows
        self._assistant = assistant
        self._wakes = wakes
        self._partners = partners
        self._clock = clock

    async def queue(self, agent: Agent) -> list[dict[str, Any]]:
        """What the agent has, then what waits for their companies: by priority, what the agent has
        the skills for first, then by waiting time.
        """
        lines = [
            line
            for line in await self._at_desk(agent)
            if line.conversation.owner == "queue" or line.conversation.agent == agent.username
        ]
        lines.sort(key=lambda line: _place(agent, line.handover))
        return await self._lines(lines, agent)

    async def watch(self, supervisor: Supervisor) -> list[dict[str, Any]]:
        """All conversations at the desk of the supervisor's companies, whoever has them."""
        lines = sorted(await self._at_desk(supervisor), key=lambda line: line.handover.rank)
        return await self._lines(lines, supervisor)

    async def _lines(self, lines: list[Waiting], agent: Agent) -> list[dict[str, Any]]:
        chats = [one.conversation.id for one in lines if one.conversation.channel == "chat"]
        quiet = await self._handovers.quiet(chats)
        return [self._line(line, agent, quiet.get(line.conversation.id)) for line in lines]

    async def _at_desk(self, agent: Agent) -> list[Waiting]:
        found = []
        owned = {each.id: each for each in await self._store.owned_by_people()}
        for handover in await self._handovers.all_open():
            if agent.may_serve(handover.partner) and handover.conversation_id in owned:
                found.append(Waiting(handover, owned[handover.conversation_id]))
        return found

    async def accept(self, agent: Agent, conversation_id: str) -> None:
        """Take a waiting conversation. Raises Conflict when another was faster, or the agent is
        away or has as many as they may.
        """
        conversation, handover = await self._open(agent, conversation_id)
        if not agent.available:
            raise Conflict("You are away. Set yourself to available first.")
        await self._handovers.take(handover, agent)
        await self._joined(agent, conversation, handover)

    async def _joined(self, agent: Agent, conversation: Conversation, handover: Handover) -> None:
        # What was thought of before, for nobody or for another, is thought of anew.
        await self._shadows.clear(conversation)
        company = self._partners.get(handover.partner)
        at = f" of {company.name}" if company else ""
        await self._say(conversation, "system", f"{agent.name}{at} has joined the chat.")
        await self._think_along(conversation.id)
        await self._wakes.tell("desk", {"event": "queue"})

    async def transfer(
        self, agent: Agent, conversation_id: str, *, to: str | None, queue: str | None, note: str
    ) -> None:
        """Pass it on, with a note that only colleagues read: to a colleague who is there, serves
        the company and has room, or into a queue of routing.yml (None: the one it came from).

        Raises Conflict, NotFound.
        """
        conversation = await self._mine(agent, conversation_id)
        _, handover = await self._open(agent, conversation_id)
        if to is not None:
            receiver = await self._colleague(to, handover)
            await self._handovers.give(handover, "transferred", agent.username, receiver, note)
            await self._joined(receiver, conversation, handover)
            return
        if queue is not None and queue not in self._routing.queues:
            raise NotFound("There is no such queue.")
        company = self._partners.get(queue)
        await self._handovers.put_back(
            handover,
            "transferred",
            agent.username,
            note=note,
            queue=self._routing.queues[queue].name if queue else None,
            # A company's own queue is that company's; the others serve whoever comes.
            partner=company.key if company else handover.partner,
        )
        await self._back_in_queue(conversation, f"{agent.name} is passing you to a colleague.")

    async def take_over(self, supervisor: Supervisor, conversation_id: str) -> None:
        """The supervisor goes on in an agent's place. Raises Conflict."""
        conversation, handover = await self._open(supervisor, conversation_id)
        if conversation.owner != "agent" or conversation.agent in (None, supervisor.username):
            raise Conflict("No agent has this conversation.")
        await self._handovers.give(handover, "taken_over", str(conversation.agent), supervisor)
        await self._joined(supervisor, conversation, handover)

    async def colleagues(self, agent: Agent) -> dict[str, Any]:
        """To whom a conversation can be passed on: people who are there, and queues."""
        people = [
            {"username": user["username"], "name": user["name"], "skills": user["skills"]}
            for user in await self._agents.all_users()
            if user["connected"]
            and user["available"]
            and user["active"]
            and user["username"] != agent.username
            and agent.companies.intersection(user["companies"])
        ]
        queues = [{"key": key, "name": each.name} for key, each in self._routing.queues.items()]
        return {"agents": people, "queues": queues}

    async def typing(self, agent: Agent, conversation_id: str) -> None:
        """The agent is writing: the member's page shows it for a moment."""
        await self._mine(agent, conversation_id)
        await self._wakes.tell(f"conversation:{conversation_id}", {"event": "typing"})

    async def keep_served(self) -> None:
        """Put back what a lost agent had, until cancelled."""
        while True:
            try:
                await self.requeue_lost()
            except (SQLAlchemyError, RedisError) as error:
                log.warning("requeue_failed", error=type(error).__name__)
            await asyncio.sleep(_LOOK_SECONDS)

    async def requeue_lost(self) -> None:
        """Conversations whose agent's page has been gone for 30 s wait in their old place again;
        one whose member has left as well is over.
        """
        alone = await self._handovers.left_alone()
        quiet = await self._handovers.quiet([each.conversation_id for each, _ in alone])
        for handover, lost in alone:
            if quiet[handover.conversation_id].left:
                over = await self._store.change_owner(
                    handover.conversation_id, ["agent"], "closed", agent=None
                )
                if over:
                    await self._handovers.note(
                        handover.id, closed_at=self._clock.now(), disposition="member left"
                    )
                continue
            try:
                await self._handovers.put_back(handover, "requeued", lost)
            except Conflict:
                continue
            conversation = await self._store.get(handover.conversation_id)
            if conversation:
                await self._back_in_queue(
                    conversation, "The connection to the person you were talking with was lost."
                )

    async def _back_in_queue(self, conversation: Conversation, notice: str) -> None:
        await self._shadows.clear(conversation)
        waiting = await self._store.get(conversation.id) or conversation
        how_long = await self._handovers.waiting(waiting)
        notice = in_language(notice, conversation.topics.language)
        await self._say(conversation, "system", f"{notice} {how_long}")
        await self._wakes.tell("desk", {"event": "queue"})

    async def _colleague(self, username: str, handover: Handover) -> Agent:
        user = next((u for u in await self._agents.all_users() if u["username"] == username), None)
        agent = await self._agents.get(username)
        if user is None or agent is None:
            raise NotFound("There is no such agent.")
        if not agent.may_serve(handover.partner):
            raise Conflict(f"{agent.name} does not serve this company.")
        if not (user["connected"] and agent.available):
            raise Conflict(f"{agent.name} is not there now.")
        return agent

    async def read(self, agent: Agent, conversation_id: str) -> dict[str, Any]:
        """The conversation with its messages, who the member is, and the suggestions."""
        conversation, handover = await self._open(agent, conversation_id)
        others = conversation.owner == "agent" and conversation.agent != agent.username
        if others and not isinstance(agent, Supervisor):
            raise Forbidden("A colleague has this conversation.")
        member = await self._assistant.verified(conversation.id)
        (line,) = await self._lines([Waiting(handover, conversation)], agent)
        return {
            **line,
            "steps": await self._handovers.steps(handover.id),
            "messages": [m.to_json() for m in await self._store.messages(conversation.id)],
            "verified": member is not None,
            "level": member.level if member else 0,
            "member": person_of(member),
            "memberships": self._memberships(agent, member),
            "suggestions": await self.suggestions(agent, conversation_id),
        }

    async def hears_alarm(self, agent: Agent, conversation_id: str) -> bool:
        """Whose alarm it is: the agent's who has the conversation, and the supervisors' of its
        company; of any company's while it is not known.
        """
        conversation = await self._store.get(conversation_id)
        if conversation is None:
            return False
        if conversation.owner == "agent" and conversation.agent == agent.username:
            return True
        company = conversation.partner or conversation.topics.partner
        return isinstance(agent, Supervisor) and agent.may_serve(company)

    async def mine(self, agent: Agent, conversation_id: str) -> Conversation:
        """The agent's own conversation. Raises NotFound, Forbidden, Conflict."""
        return await self._mine(agent, conversation_id)

    async def seen_by(self, supervisor: Supervisor, conversation_id: str) -> Conversation:
        """A conversation of the supervisor's companies. Raises NotFound, Forbidden."""
        return (await self._open(supervisor, conversation_id))[0]

    async def of_handoff(self, agent: Agent, handoff_id: str) -> str:
        """The conversation of a hand-off id. Raises NotFound, Forbidden."""
        found = next((h for h in await self._handovers.all_open() if h.id == handoff_id), None)
        if found is None:
            raise NotFound("There is no such hand-off, or it is over.")
        await self._open(agent, found.conversation_id)
        return found.conversation_id

    async def note(self, agent: Agent, conversation_id: str, kind: StepKind, note: str) -> None:
        """Write down what was done to a conversation, with the reason."""
        _, handover = await self._open(agent, conversation_id)
        await self._handovers.step(handover, kind, agent.username, note)

    async def was_verified(self, conversation_id: str) -> None:
        """The member was proven at the desk, or is no more: both sides see it, and suggestions may
        use only what still holds.
        """
        conversation = await self._store.get(conversation_id)
        if conversation:
            await self._shadows.member_proven(conversation)
        member = await self._assistant.verified(conversation_id)
        handover = await self._handovers.current(conversation_id)
        if member and handover:
            await self._handovers.note(
                handover.id,
                level=member.level,
                first_name=member.person.first_name,
                method=member.method,
            )
        elif handover:
            # Locked out by wrong codes.
            await self._handovers.note(handover.id, level=0, method=None)
        await self._wakes.tell(f"conversation:{conversation_id}", {"event": "state"})
        await self._wakes.tell("desk", {"event": "conversation", "id": conversation_id})
        await self._think_along(conversation_id, proven_since=True)

    async def ask(self, agent: Agent, conversation_id: str, text: str) -> list[dict[str, Any]]:
        """What the knowledge and the companies say to the agent's own question."""
        return await self._shadows.ask(await self._mine(agent, conversation_id), text)

    async def notify(self, agent: Agent, conversation_id: str, text: str) -> None:
        """Tell the member of something that the agent has done for them."""
        await self._say(await self._mine(agent, conversation_id), "system", text)

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
        self,
        agent: Agent,
        conversation_id: str,
        suggestion_id: str,
        action: str,
        text: str = "",
        reason: str = "",
    ) -> None:
        """Record what was done with a suggestion: how much of it was changed, or why it was no
        good.
        """
        conversation = await self._mine(agent, conversation_id)
        await self._shadows.record(conversation, suggestion_id, agent, action, text, reason)

    async def hand_back(
        self, agent: Agent, conversation_id: str, summary: str = "", topic: str | None = None
    ) -> None:
        """The assistant takes over again. The member reads the summary first, as the agent's
        words; with a topic (an intent) the assistant goes on with it at once.
        """
        if topic is not None and topic not in titles():
            raise NotFound("There is no such topic.")
        if summary:
            await self._say(await self._mine(agent, conversation_id), "agent", summary)
        await self._leave(
            agent,
            conversation_id,
            "assistant",
            "The assistant is back. You can ask for a person at any time.",
            disposition="handed back",
            wrap_up=summary or None,
        )
        await self._conversations.taken_back(conversation_id, summary, topic)

    async def hand_back_draft(self, agent: Agent, conversation_id: str) -> dict[str, Any]:
        """What a hand-back could say to the member (`summary`), and the topics that are still open
        (`open`: key and title), for the agent to edit and choose from.
        """
        conversation = await self._mine(agent, conversation_id)
        return await self._wrap_ups.for_member(conversation)

    async def draft(self, agent: Agent, conversation_id: str) -> dict[str, str]:
        """What a wrap-up could say: `summary` and `disposition`, for the agent to edit."""
        conversation = await self._mine(agent, conversation_id)
        _, handover = await self._open(agent, conversation_id)
        quiet = await self._handovers.quiet([conversation_id])
        return await self._wrap_ups.draft(
            conversation,
            handover,
            await self._store.messages(conversation_id),
            await self._handovers.steps(handover.id),
            left=conversation.channel == "chat" and quiet[conversation_id].left,
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

    async def _think_along(self, conversation_id: str, *, proven_since: bool = False) -> None:
        """Suggest for the member's last words, now that there is an agent to suggest to."""
        conversation = await self._store.get(conversation_id)
        messages = await self._store.messages(conversation_id)
        handed_over = max((m.seq for m in messages if m.sender == "assistant"), default=0)
        unheard = [
            m
            for m in messages
            if m.sender == "member" and m.seq > handed_over and not leaves_message(m.text)
        ]
        if conversation and unheard:
            self._shadows.follow(conversation, unheard[-1], proven_since=proven_since)

    async def _say(self, conversation: Conversation, sender: Any, text: str) -> Message:
        if sender == "system":
            text = in_language(text, conversation.topics.language)
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

    def _line(self, waiting: Waiting, agent: Agent, quiet: Quiet | None = None) -> dict[str, Any]:
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
            "handoff_id": handover.id,
            "queue": handover.queue,
            "skills": handover.skills or [],
            "skilled": agent.can(handover.skills),
            "priority": handover.priority,
            "language": handover.language,
            "answered": handover.answered or [],
            "first_name": handover.first_name,
            "channel": conversation.channel,
            "owner": conversation.owner,
            "agent": conversation.agent,
            "member_is": quiet.state if quiet else "active",
            "member_left": quiet.left if quiet else False,
            "quiet_seconds": int(quiet.since.total_seconds()) if quiet else 0,
            "waiting_seconds": int((self._clock.now() - handover.created_at).total_seconds()),
        }


def _place(agent: Agent, handover: Handover) -> tuple[int, bool, datetime]:
    """Where a hand-over stands in this agent's list; the smallest comes first."""
    priority, since = handover.rank
    return priority, not agent.can(handover.skills), since
