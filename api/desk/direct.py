"""A question asked of the action process directly: no message, no tracker, no conversation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from redis.asyncio import Redis

from alliance.answer import Answer
from alliance.turn import CONTEXT_SECONDS, TurnContext, context_key
from alliance.verified import Actor, VerifiedMember
from api.errors import AssistantUnavailable
from api.ids import new_id


class DirectAnswers:
    """Asks for answers in mode suggest: nothing is changed, and reads are the actor's."""

    def __init__(self, actions: httpx.AsyncClient, redis: Redis, token: str) -> None:
        self._actions = actions
        self._redis = redis
        self._headers = {"X-Memberline-Token": token}

    async def answer(
        self,
        intent: str,
        actor: Actor,
        member: VerifiedMember | None,
        text: str = "",
        entities: Sequence[Mapping[str, Any]] = (),
    ) -> Answer | None:
        """The answer; None when something would have to be known first.

        Raises AssistantUnavailable, redis.RedisError.
        """
        context = TurnContext(new_id(), new_id(), "chat", "suggest", actor, member)
        key = context_key(context.conversation_id)
        await self._redis.set(key, json.dumps(context.to_json()), ex=CONTEXT_SECONDS)
        try:
            found = await self.post(
                "/answers",
                {
                    "conversation_id": context.conversation_id,
                    "intent": intent,
                    "text": text,
                    "entities": list(entities),
                },
            )
        finally:
            await self._redis.delete(key)
        given = found.get("answer")
        return Answer.from_json(given) if given and not found.get("missing") else None

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Any route of the action process. Raises AssistantUnavailable."""
        try:
            response = await self._actions.post(path, json=body, headers=self._headers)
            response.raise_for_status()
            return dict(response.json())
        except (httpx.HTTPError, ValueError, TypeError) as error:
            raise AssistantUnavailable(
                f"The answers cannot be asked just now: {type(error).__name__}."
            ) from error
