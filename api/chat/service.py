"""What the chat page can do."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Button
from alliance.clock import Clock
from alliance.partners import Partners
from api.assistant import Assistant
from api.chat import transcript
from api.chat.sessions import ChatSessions
from api.chat.transcript import Language
from api.conversations.service import Conversations, Said
from api.conversations.store import Conversation, ConversationStore, Draft, Message
from api.conversations.topics import Topics
from api.desk.agents import Agents
from api.desk.handover import Handovers
from api.errors import NotFound, TooLarge, Unusable
from api.identity.service import UNCONFIRMED, PortalSignIn
from api.store import tables
from api.text import MAX_CHARACTERS, clean
from api.wakes import Wakes

GREETINGS: dict[Language, str] = {
    "en": "Hello. I'm the automated assistant of CIGNA HealthCare, MVP Health Care and Preferred "
    "Care. I can check a claim, tell which plan covers you, or find a doctor. If anyone is in "
    "danger, call 911. What do you need?",
    "es": "Hola. Soy el asistente automático de CIGNA HealthCare, MVP Health Care y Preferred "
    "Care. Puedo revisar un reclamo, decirle qué plan lo cubre o buscar un médico. Si alguien está "
    "en peligro, llame al 911. ¿Qué necesita?",
}
_CHOICES = (
    ("/claim_status", "Check a claim", "Revisar un reclamo"),
    ("/which_plan_covers_me", "Which plan covers me?", "¿Qué plan me cubre?"),
    ("/find_provider", "Find a doctor", "Buscar un médico"),
    ("/id_card", "Get an ID card", "Pedir una tarjeta"),
    ("/speak_to_agent", "Talk to a person", "Hablar con una persona"),
)
QUICK_REPLIES: dict[Language, tuple[Button, ...]] = {
    "en": tuple(Button(english, payload) for payload, english, _ in _CHOICES),
    "es": tuple(Button(spanish, payload) for payload, _, spanish in _CHOICES),
}
MOST_WAIT_SECONDS = 25.0
# How often an open socket hears of us when there is nothing to tell: proxies close silent ones, and
# whatever a lost wake did not tell is told then.
ALIVE_SECONDS = 20.0
# A place in the queue changes when others are answered, which wakes nobody here.
QUEUE_SECONDS = 5.0


class Chat:
    """The chat over its sessions. Every method takes the session's conversation id."""

    def __init__(
        self,
        engine: AsyncEngine,
        store: ConversationStore,
        sessions: ChatSessions,
        conversations: Conversations,
        handovers: Handovers,
        assistant: Assistant,
        agents: Agents,
        partners: Partners,
        wakes: Wakes,
        portal: PortalSignIn,
        clock: Clock,
    ) -> None:
        self._portal = portal
        self._engine = engine
        self._store = store
        self._sessions = sessions
        self._conversations = conversations
        self._handovers = handovers
        self._assistant = assistant
        self._agents = agents
        self._partners = partners
        self._wakes = wakes
        self._clock = clock

    async def start(
        self, language: Language = "en", ticket: str | None = None, *, unconfirmed: bool = False
    ) -> dict[str, Any]:
        """A new session with its greeting. Raises TicketRefused, TicketNotChecked."""
        checked = await self._portal.check(ticket) if ticket else None
        token, conversation = await self._sessions.start()
        if language != "en":
            conversation = replace(conversation, topics=Topics(language=language))
            await self._store.keep_topics(conversation.id, conversation.topics)
        signed_in = await self._portal.open(conversation.id, checked) if checked else None
        if signed_in:
            await self._sessions.used(conversation.id, personal=True)
        greeting = Draft("assistant", GREETINGS[language], QUICK_REPLIES[language])
        notices = [signed_in.notice(language)] if signed_in else []
        if unconfirmed and not signed_in:
            notices.append(UNCONFIRMED[language])
        stored = await self._store.add(
            conversation.id, [greeting, *(Draft("assistant", notice) for notice in notices)]
        )
        return {
            "token": token,
            "greeting": {"messages": [message.to_json() for message in stored]},
            "state": await self._state(conversation),
        }

    async def say(
        self, conversation_id: str, client_message_id: str, text: str | None, button_id: str | None
    ) -> dict[str, Any]:
        """One message or button: the replies to it, and beside them what was `sent`.

        Raises Unusable, TooLarge, NotFound.
        """
        said = await self._said(conversation_id, client_message_id, text, button_id)
        outcome = await self._conversations.member_says(conversation_id, said)
        sent, *replies = outcome.messages
        reply = await self._reply(outcome.conversation, replies)
        await self._sessions.used(conversation_id, personal=reply["state"]["verified"])
        return {**reply, "sent": sent.to_json()}

    async def stay(self, conversation_id: str) -> dict[str, Any]:
        """The member is still there: neither session nor proof ends for now."""
        with contextlib.suppress(RedisError):
            await self._assistant.renew(conversation_id)
        await self._sessions.used(conversation_id, personal=False)
        await self._wakes.tell(_topic(conversation_id), {"event": "state"})
        return {"state": await self._state(await self._conversation(conversation_id))}

    async def typing(self, conversation_id: str) -> None:
        """The member is writing to a person."""
        if (await self._conversation(conversation_id)).owner == "agent":
            await self._wakes.tell("desk", {"event": "typing", "id": conversation_id})

    async def messages(self, conversation_id: str, after: int, wait: float) -> dict[str, Any]:
        """What came after a number; with `wait`, as soon as something comes (seconds)."""
        async with self._wakes.listen(_topic(conversation_id)) as woken:
            found = await self._store.messages(conversation_id, after)
            if not found and wait > 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.get(), min(wait, MOST_WAIT_SECONDS))
                found = await self._store.messages(conversation_id, after)
        return await self._reply(await self._conversation(conversation_id), found)

    async def events(self, session_hash: str, after: int) -> AsyncIterator[dict[str, Any]]:
        """What a socket tells, from a number on, as it happens: `messages` in order and each once,
        `state` when it has changed, `typing` of the agent, `alive` when there is nothing else.

        Raises NotSignedIn when the session is over.
        """
        conversation_id = await self._sessions.conversation_of_hash(session_hash)
        async with self._wakes.listen(_topic(conversation_id)) as woken:
            told: dict[str, Any] | None = None
            while True:
                await self._sessions.conversation_of_hash(session_hash)
                found = await self._store.messages(conversation_id, after)
                state = await self._state(await self._conversation(conversation_id))
                # The seconds run by themselves; a proof that was renewed has more of them.
                changed = told is None or _without_seconds(state) != _without_seconds(told)
                renewed = told is not None and _seconds(state) > _seconds(told)
                if found or changed or renewed:
                    after = found[-1].seq if found else after
                    yield {
                        "type": "update",
                        "messages": [message.to_json() for message in found],
                        "state": state,
                    }
                else:
                    yield {"type": "alive"}
                told = state
                pause = QUEUE_SECONDS if state["owner"] == "queue" else ALIVE_SECONDS
                async for event in _until(woken, pause):
                    yield event

    async def rate(
        self, conversation_id: str, message_id: str, rating: str, reason: str | None
    ) -> None:
        """Thumbs for one message of this conversation. Raises NotFound."""
        table = tables.messages
        async with self._engine.begin() as connection:
            known = await connection.execute(
                select(table.c.id).where(
                    table.c.id == message_id, table.c.conversation_id == conversation_id
                )
            )
            if known.first() is None:
                raise NotFound("There is no such message.")
            await connection.execute(
                delete(tables.feedback).where(tables.feedback.c.message_id == message_id)
            )
            await connection.execute(
                insert(tables.feedback).values(
                    message_id=message_id, rating=rating, reason=reason, at=self._clock.now()
                )
            )

    async def transcript(self, conversation_id: str, zone: str | None, language: Language) -> str:
        """The conversation as plain text, with times in an IANA zone."""
        messages = await self._store.messages(conversation_id)
        return transcript.as_text(messages, transcript.zone_of(zone), language)

    async def transcript_pdf(
        self, conversation_id: str, zone: str | None, language: Language
    ) -> bytes:
        """The same as a PDF."""
        messages = await self._store.messages(conversation_id)
        return await asyncio.to_thread(
            transcript.as_pdf, messages, transcript.zone_of(zone), language
        )

    async def end(self, conversation_id: str, token: str) -> None:
        """End the session and its verification; whoever waited for a person waits no more. What an
        agent has stays theirs, to be wrapped up.
        """
        await self._sessions.end(token)
        await self._store.change_owner(conversation_id, ["assistant", "queue", "wrapped"], "closed")
        await self._handovers.withdraw(conversation_id)
        await self._assistant.forget_verified(conversation_id)
        await self._wakes.tell(_topic(conversation_id), {"event": "ended"})

    async def _said(
        self, conversation_id: str, client_message_id: str, text: str | None, button_id: str | None
    ) -> Said:
        if (text is None) == (button_id is None):
            raise Unusable("Send either 'text' or 'button_id'.")
        if button_id is not None:
            button = await self._store.button(conversation_id, button_id)
            if button is None:
                raise NotFound("There is no such button in this chat.")
            return Said(button=button, client_message_id=client_message_id)
        if text is None or not clean(text):
            raise Unusable("The message is empty.")
        if len(text) > MAX_CHARACTERS:
            raise TooLarge(f"A message may have {MAX_CHARACTERS} characters.")
        return Said(text=text.strip(), client_message_id=client_message_id)

    async def _reply(
        self, conversation: Conversation, messages: list[Message] | tuple[Message, ...]
    ) -> dict[str, Any]:
        return {
            "messages": [message.to_json() for message in messages],
            "state": await self._state(conversation),
        }

    async def _state(self, conversation: Conversation) -> dict[str, Any]:
        try:
            member = await self._assistant.verified(conversation.id)
        except RedisError:
            member = None
        owner = "assistant" if conversation.owner == "wrapped" else conversation.owner
        state: dict[str, Any] = {
            "owner": owner,
            "verified": member is not None,
            "level": member.level if member else 0,
        }
        if conversation.topics.language != "en":
            state["language"] = conversation.topics.language
        if member:
            left = (member.expires_at - self._clock.now()).total_seconds()
            state["verified_seconds"] = max(0, int(left))
        if owner == "queue":
            state["queue_position"] = await self._handovers.position(conversation.id)
            if opens := await self._handovers.opens(conversation.id):
                state["queue_opens"] = opens.isoformat()
        if owner == "agent" and conversation.agent:
            state["agent"] = await self._person(conversation)
        return state

    async def _person(self, conversation: Conversation) -> dict[str, str | None]:
        """Who talks with the member now."""
        agent = await self._agents.get(conversation.agent or "")
        company = self._partners.get(conversation.partner)
        return {
            "name": agent.name if agent else None,
            "company": company.name if company else None,
        }

    async def _conversation(self, conversation_id: str) -> Conversation:
        conversation = await self._store.get(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        return conversation


def _topic(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


def _without_seconds(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name != "verified_seconds"}


def _seconds(state: dict[str, Any]) -> int:
    return int(state.get("verified_seconds", 0))


async def _until(
    woken: asyncio.Queue[dict[str, Any]], seconds: float
) -> AsyncIterator[dict[str, Any]]:
    """Ends with the next wake, or after so long; what is only passed on does not end it."""
    with contextlib.suppress(TimeoutError):
        while True:
            event = await asyncio.wait_for(woken.get(), seconds)
            if event["event"] != "typing":
                break
            yield {"type": "typing"}
    while not woken.empty():
        woken.get_nowait()
