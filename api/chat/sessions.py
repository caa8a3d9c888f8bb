"""Chat sessions: an opaque token in the browser stands for one conversation."""

from __future__ import annotations

import asyncio

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from api.conversations.store import Conversation, ConversationStore
from api.errors import NotSignedIn
from api.ids import new_token, token_hash
from api.store import tables


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
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.chat_sessions).values(
                    token_hash=token_hash(token),
                    conversation_id=conversation.id,
                    ended=False,
                    created_at=self._clock.now(),
                )
            )
        return token, conversation

    async def conversation_of(self, token: str) -> str:
        """The session's conversation id. Raises NotSignedIn.

        One at a time, so that messages of a burst go on in the order in which they came.
        """
        table = tables.chat_sessions
        async with self._turn, self._engine.connect() as connection:
            found = (
                await connection.execute(
                    select(table.c.conversation_id).where(
                        table.c.token_hash == token_hash(token), table.c.ended.is_(False)
                    )
                )
            ).scalar_one_or_none()
        if found is None:
            raise NotSignedIn("This chat has ended. Please start a new one.")
        return str(found)

    async def end(self, token: str) -> None:
        """The token opens nothing any more; the company's record of the chat stays."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(tables.chat_sessions)
                .where(tables.chat_sessions.c.token_hash == token_hash(token))
                .values(ended=True)
            )
