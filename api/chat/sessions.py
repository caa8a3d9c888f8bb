"""Chat sessions: an opaque token in the browser stands for one conversation."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.verified import IDLE_LIMIT
from api.conversations.store import Conversation, ConversationStore
from api.errors import NotSignedIn
from api.ids import new_token, token_hash
from api.store import tables

# As long as the assistant remembers what was said.
ANONYMOUS_LIMIT = timedelta(hours=24)


class ChatSessions:
    """Makes, finds and ends sessions."""

    def __init__(self, engine: AsyncEngine, store: ConversationStore, clock: Clock) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock
        self._turn = asyncio.Lock()

    async def start(self) -> tuple[str, Conversation]:
        """A new conversation and the token that opens it."""
        conversation = await self._store.create("chat")
        token = new_token()
        now = self._clock.now()
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.chat_sessions).values(
                    token_hash=token_hash(token),
                    conversation_id=conversation.id,
                    ended=False,
                    created_at=now,
                    active_at=now,
                    personal=False,
                )
            )
        return token, conversation

    async def conversation_of(self, token: str) -> str:
        """The session's conversation id. Raises NotSignedIn."""
        return await self.conversation_of_hash(token_hash(token))

    async def conversation_of_hash(self, hashed: str) -> str:
        """The same by the token's hash.

        Left alone for 15 minutes, a session that holds a member's data is over (HIPAA automatic
        logoff), one without it after a day; never while a person answers or is awaited.

        One at a time, so that messages of a burst go on in the order in which they came.
        """
        sessions, conversations = tables.chat_sessions, tables.conversations
        query = (
            select(sessions, conversations.c.owner)
            .join(conversations, conversations.c.id == sessions.c.conversation_id)
            .where(sessions.c.token_hash == hashed, sessions.c.ended.is_(False))
        )
        async with self._turn, self._engine.connect() as connection:
            found = (await connection.execute(query)).mappings().first()
        if found is None:
            raise NotSignedIn("This chat has ended. Please start a new one.")
        limit = IDLE_LIMIT if found["personal"] else ANONYMOUS_LIMIT
        idle = self._clock.now() - found["active_at"] >= limit
        if idle and found["owner"] not in ("queue", "agent"):
            raise NotSignedIn("This chat was closed because it was not used for a while.")
        return str(found["conversation_id"])

    async def used(self, conversation_id: str, *, personal: bool) -> None:
        """The member is there. `personal`: the conversation holds a member's data from now on."""
        table = tables.chat_sessions
        values = {"active_at": self._clock.now(), **({"personal": True} if personal else {})}
        async with self._engine.begin() as connection:
            await connection.execute(
                update(table).where(table.c.conversation_id == conversation_id).values(**values)
            )

    async def end(self, token: str) -> None:
        """The token opens nothing any more; the company's record of the chat stays."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(tables.chat_sessions)
                .where(tables.chat_sessions.c.token_hash == token_hash(token))
                .values(ended=True)
            )
