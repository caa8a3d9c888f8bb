"""The way to Rasa: the turn's context into Redis, one request, one reply that is never empty."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
from redis.asyncio import Redis

from alliance.answer import Answer
from alliance.clock import Clock
from alliance.hearing import SURE_OF_THE_WHOLE
from alliance.turn import CONTEXT_SECONDS, Channel, Mode, TurnContext, context_key, verification_key
from alliance.verified import IDLE_LIMIT, Actor, VerifiedMember
from api.errors import AssistantUnavailable
from api.ids import new_id

# The chat's budget for a turn; the phone's own deadline is shorter and lies in api/ivr.
TURN_SECONDS = 8.0


@dataclass(frozen=True)
class Reply:
    """What a turn gave: answers to say, and what was understood."""

    answers: tuple[Answer, ...]
    intent: str
    confidence: float
    questions: tuple[dict[str, Any], ...]
    entities: tuple[dict[str, Any], ...]
    asking: str | None
    failures: dict[str, int]
    ranking: tuple[tuple[str, float], ...] = ()
    # Who is proven now: the turn may have proven them.
    member: VerifiedMember | None = None

    @property
    def emergency(self) -> Answer | None:
        """The emergency answer, if danger was understood."""
        return next((a for a in self.answers if a.intent == "emergency"), None)

    @property
    def relief(self) -> Answer | None:
        """What is said to the news that help is there, or that a danger is over."""
        return next((a for a in self.answers if a.intent == "all_clear"), None)

    @property
    def closes(self) -> bool:
        """Whether somebody else speaks than the one who was proven."""
        return any(answer.facts.get("closed") for answer in self.answers)

    @property
    def whole(self) -> str | None:
        """What the message as a whole surely is about, of however many questions it consists."""
        intent, sure = self.ranking[0] if self.ranking else ("", 0.0)
        return intent if sure >= SURE_OF_THE_WHOLE else None


@dataclass(frozen=True)
class Understood:
    """What a text was taken for: its first question's intent, confidence and band, how many
    questions it holds, and the likeliest intents of the whole with their probabilities. `parsed` is
    Rasa's own form of it, which spares the turn a second reading of the same text.
    """

    intent: str
    confidence: float
    band: str
    questions: int
    spanish: bool = False
    ranking: tuple[tuple[str, float], ...] = ()
    parsed: Mapping[str, Any] | None = None


class Assistant:
    """Runs turns in Rasa. The caller holds the conversation's lock."""

    def __init__(self, client: httpx.AsyncClient, redis: Redis, clock: Clock, token: str) -> None:
        self._client = client
        self._redis = redis
        self._clock = clock
        self._headers = {"X-Memberline-Token": token}

    async def verified(self, conversation_id: str) -> VerifiedMember | None:
        """The conversation's proof, if it still holds. Raises redis.RedisError."""
        return self._still_proven(await self._redis.get(verification_key(conversation_id)))

    def _still_proven(self, stored: str | bytes | None) -> VerifiedMember | None:
        if not stored:
            return None
        member = VerifiedMember.from_json(json.loads(stored))
        return member if member.valid_at(self._clock.now()) else None

    async def forget_verified(self, conversation_id: str) -> None:
        """End the proof: the member has left, or somebody else speaks. Raises redis.RedisError."""
        await self._redis.delete(verification_key(conversation_id))

    async def turn(
        self,
        conversation_id: str,
        text: str,
        channel: Channel,
        *,
        mode: Mode = "live",
        actor: Actor | None = None,
        member: VerifiedMember | None = None,
        alternatives: Sequence[str] = (),
        confirmed: str | None = None,
        parsed: Mapping[str, Any] | None = None,
        language: str = "en",
        pressed: bool = False,
        proven_since: bool = False,
    ) -> Reply:
        """Run one turn. In mode suggest the proof is given by the caller; live it is the
        conversation's own, kept alive by the turn. `confirmed` is an intent that the member said
        yes to, `parsed` what `understand` gave for the text; `pressed`: the text is a button's,
        `proven_since`: it was said before the member was proven.

        Raises AssistantUnavailable when anything fails, or Rasa gave an empty reply.
        redis.RedisError when Redis does not answer.
        """
        if mode == "live":
            member = await self.renew(conversation_id)
        await self._open(
            TurnContext(
                conversation_id=conversation_id,
                turn_id=new_id(),
                channel=channel,
                mode=mode,
                actor=actor or Actor("member"),
                verified=member,
                language=language,
                pressed=pressed,
                proven_since=proven_since,
            )
        )
        try:
            body = await self._post(
                "turn",
                {
                    "conversation_id": conversation_id,
                    "text": text,
                    "channel": channel,
                    "alternatives": list(alternatives),
                    **({"confirmed": confirmed} if confirmed else {}),
                    **({"parsed": parsed} if parsed else {}),
                },
            )
        finally:
            proven = await self._close(conversation_id)
        try:
            reply = replace(_reply(body), member=proven)
        except (KeyError, TypeError, ValueError) as error:
            raise AssistantUnavailable("The assistant gave an unreadable reply.") from error
        if not reply.answers:
            raise AssistantUnavailable("The assistant gave an empty reply.")
        return reply

    async def understand(self, texts: Sequence[str]) -> list[Understood]:
        """What each text would be taken for; no conversation is touched.

        Raises AssistantUnavailable.
        """
        body = await self._post("understand", {"texts": list(texts)})
        try:
            return [_understood(entry) for entry in body["understood"]]
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise AssistantUnavailable("The assistant gave an unreadable reply.") from error

    async def seed(self, source: str, target: str) -> None:
        """The shadow begins where the conversation stands. Raises AssistantUnavailable."""
        await self._post("seed", {"source": source, "target": target})

    async def feed(self, conversation_id: str, text: str, *, last: bool = False) -> None:
        """The conversation hears what the agent said; with `last`, "repeat that" says it again.
        Raises AssistantUnavailable.
        """
        more = {"last": True} if last else {}
        await self._post("feed", {"conversation_id": conversation_id, "text": text, **more})

    async def forget(self, conversation_id: str) -> None:
        """Throw a tracker away. Raises AssistantUnavailable."""
        await self._post("forget", {"conversation_id": conversation_id})

    async def renew(self, conversation_id: str) -> VerifiedMember | None:
        """The member is there: the proof, if there is one, holds for another idle limit.
        Raises redis.RedisError.
        """
        member = await self.verified(conversation_id)
        if member is None:
            return None
        renewed = replace(member, expires_at=self._clock.now() + IDLE_LIMIT)
        await self._redis.set(
            verification_key(conversation_id),
            json.dumps(renewed.to_json()),
            ex=int(IDLE_LIMIT.total_seconds()),
            # A proof that was ended meanwhile stays ended.
            xx=True,
        )
        return renewed

    async def _open(self, context: TurnContext) -> None:
        await self._redis.set(
            context_key(context.conversation_id),
            json.dumps(context.to_json()),
            ex=CONTEXT_SECONDS,
        )

    async def _close(self, conversation_id: str) -> VerifiedMember | None:
        """Nothing more may be done for this turn. Returns whom it left proven."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.delete(context_key(conversation_id))
            pipe.get(verification_key(conversation_id))
            _, stored = await pipe.execute()
        return self._still_proven(stored)

    async def _post(self, route: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            response = await self._client.post(
                f"/webhooks/bridge/{route}", json=body, headers=self._headers
            )
            response.raise_for_status()
            return dict(response.json())
        except (httpx.HTTPError, ValueError, TypeError) as error:
            raise AssistantUnavailable(
                f"The assistant did not answer: {type(error).__name__}."
            ) from error


def _reply(body: dict[str, Any]) -> Reply:
    intent = body.get("intent") or {}
    return Reply(
        answers=tuple(Answer.from_json(message) for message in body["messages"]),
        intent=intent.get("name") or "out_of_scope",
        confidence=float(intent.get("confidence") or 0.0),
        questions=tuple(body.get("questions") or ()),
        entities=tuple(body.get("entities") or ()),
        asking=body.get("asking"),
        failures=dict(body.get("failures") or {}),
        ranking=_ranking(body),
    )


def _ranking(body: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    return tuple((r["name"], float(r["confidence"])) for r in body.get("ranking") or ())


def _understood(entry: dict[str, Any]) -> Understood:
    first = entry["questions"][0]
    return Understood(
        intent=str(first["intent"]),
        confidence=float(first["confidence"]),
        band=str(first["band"]),
        questions=len(entry["questions"]),
        spanish=any(
            entity.get("entity") == "language" and entity.get("value") == "es"
            for entity in first["entities"]
        ),
        ranking=_ranking(entry),
        parsed=entry.get("parsed"),
    )
