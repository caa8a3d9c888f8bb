"""What the chat page can do."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Button
from alliance.clock import Clock
from api.assistant import Assistant
from api.chat.sessions import ChatSessions
from api.conversations.service import Conversations, Said
from api.conversations.store import Conversation, ConversationStore, Draft, Message
from api.desk.handover import Handovers
from api.errors import NotFound, TooLarge, Unusable
from api.store import tables
from api.text import MAX_CHARACTERS, clean
from api.wakes import Wakes

GREETING = (
    "Hello. I'm the automated assistant of CIGNA HealthCare, MVP Health Care and Preferred Care. I "
    "can check a claim, tell which plan covers you, or find a doctor. If anyone is in danger, call "
    "911. What do you need?"
)
QUICK_REPLIES = (
    Button("Check a claim", "/claim_status"),
    Button("Which plan covers me?", "/which_plan_covers_me"),
    Button("Find a doctor", "/find_provider"),
    Button("Talk to a person", "/speak_to_agent"),
)
MOST_WAIT_SECONDS = 25.0


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
        wakes: Wakes,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._store = store
        self._sessions = sessions
        self._conversations = conversations
        self._handovers = handovers
        self._assistant = assistant
        self._wakes = wakes
        self._clock = clock

    async def start(self) -> dict[str, Any]:
        """A new session with its greeting."""
        token, conversation = await self._sessions.start()
        greeting = await self._store.add(
            conversation.id, [Draft("assistant", GREETING, QUICK_REPLIES)]
        )
        return {
            "token": token,
            "greeting": {"messages": [message.to_json() for message in greeting]},
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
        return {**await self._reply(outcome.conversation, replies), "sent": sent.to_json()}

    async def messages(self, conversation_id: str, after: int, wait: float) -> dict[str, Any]:
        """What came after a number; with `wait`, as soon as something comes (seconds)."""
        async with self._wakes.listen(f"conversation:{conversation_id}") as woken:
            found = await self._store.messages(conversation_id, after)
            if not found and wait > 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.get(), min(wait, MOST_WAIT_SECONDS))
                found = await self._store.messages(conversation_id, after)
        conversation = await self._store.get(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        return await self._reply(conversation, found)

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

    async def transcript(self, conversation_id: str) -> str:
        """The conversation as plain text."""
        names = {"member": "You", "assistant": "Assistant", "agent": "Agent", "system": "Notice"}
        return "\n".join(
            f"[{message.at:%Y-%m-%d %H:%M}] {names[message.sender]}: {message.text}"
            for message in await self._store.messages(conversation_id)
        )

    async def end(self, conversation_id: str, token: str) -> None:
        """End the session and its verification; whoever waited for a person waits no more."""
        await self._sessions.end(token)
        await self._store.change_owner(
            conversation_id, ["assistant", "queue", "agent", "wrapped"], "closed"
        )
        await self._handovers.withdraw(conversation_id)
        await self._assistant.forget_verified(conversation_id)

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
        return {
            "owner": owner,
            "verified": member is not None,
            "level": member.level if member else 0,
        }
