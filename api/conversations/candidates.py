"""Sentences that the understanding was unsure of, or took for something else, with what the member
said they had meant: what the understanding can learn from, once an administrator has looked at it
(desk).

Kept without what could tell who said it (`alliance.redaction`), and tied to no conversation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import insert, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.clock import Clock
from alliance.redaction import redacted
from alliance.turn import Channel
from alliance.verified import IDLE_LIMIT
from api.assistant import Reply
from api.conversations.store import Conversation
from api.ids import new_id
from api.store import tables

if TYPE_CHECKING:
    from api.conversations.service import Said

log = structlog.get_logger()

NEW = "new"
# "No, I meant the status of my claim": what was said before it was taken for something else.
_CORRECTS = re.compile(
    r"^\W*(?:(?:no+|nope|nah|wrong|sorry|not that|wait)\b\W*)+.{0,20}\bi(?:'?m| was)? "
    r"(?:meant|mean|asked|asking|said|want(?:ed)?)\b|"
    r"^\W*(?:that'?s|that is|this is) not what i (?:asked|meant|wanted|said)\b|"
    r"^\W*i (?:meant|was asking|asked)\b",
    re.IGNORECASE,
)
# Moves in a conversation: neither what was meant nor what was mistaken for it.
_MOVES = frozenset(
    {
        *("greet", "goodbye", "thank", "affirm", "deny", "inform", "cancel", "repeat", "offer"),
        *("ask_capabilities", "bot_challenge", "feedback_positive", "feedback_negative"),
        *("unclear", "calm", "wait", "no_consent"),
    }
)
_MOST_PICKING_WORDS = 7
_NO_ANSWER = frozenset({"out_of_scope", "unclear"})
_MARK = re.compile(r"\[\w+\]")
_ORDINARY = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_LEAST_WORDS = 3
_SECONDS = int(IDLE_LIMIT.total_seconds())


class Candidates:
    """Keeps what was not understood, and what the member picked of what was suggested. Trouble
    costs the member nothing: a candidate is lost.
    """

    def __init__(self, engine: AsyncEngine, redis: Redis, clock: Clock) -> None:
        self._engine = engine
        self._redis = redis
        self._clock = clock

    async def note(self, conversation: Conversation, said: Said, reply: Reply) -> None:
        """After a turn: keep what it was unsure of, and the choice that it made."""
        try:
            await self._corrected(conversation, said, reply)
            await self._confirmed(conversation, said, reply)
            offered = await self._offered(conversation, said, reply)
            kept = offered["id"] if offered else None
            kept = kept or await self._unanswered(conversation, said, reply)
            before = await self._remember(conversation, said, reply, offered, kept)
            if before and not said.confirmed:
                await self._chosen(json.loads(before), said, reply)
        except (RedisError, SQLAlchemyError) as error:
            log.warning("candidate_not_kept", error=type(error).__name__)

    async def _corrected(self, conversation: Conversation, said: Said, reply: Reply) -> None:
        """Keep what was said before a correction, with what was meant."""
        stored = await self._redis.get(_before(conversation.id)) if _corrects(said) else None
        meant = _topic(reply)
        if not stored or not meant:
            return
        before = json.loads(stored)
        if before["kept"]:
            await self._choose(before["kept"], meant)
        elif before["intent"] != meant:
            taken = [{"intent": before["intent"], "confidence": before["confidence"]}]
            await self._keep(conversation, before["text"], taken, meant)

    async def _remember(
        self,
        conversation: Conversation,
        said: Said,
        reply: Reply,
        offered: Mapping[str, Any] | None,
        kept: str | None,
    ) -> str | None:
        """What was suggested now, and this message, in case the next one corrects it; `kept` is its
        candidate, if it is one. Returns what was suggested before.
        """
        text = json.dumps(
            {
                "text": redacted(said.text, reply.entities),
                "intent": reply.intent,
                "confidence": round(reply.confidence, 4),
                "kept": kept,
            }
        )
        async with self._redis.pipeline(transaction=False) as pipe:
            if said.confirmed:
                # No choice of what was suggested in the chat.
                pipe.get(_key(conversation.id))
            else:
                pipe.getdel(_key(conversation.id))
            if offered:
                pipe.set(_key(conversation.id), json.dumps(offered), ex=_SECONDS)
            if not (said.button or reply.intent in _MOVES or _corrects(said)):
                pipe.set(_before(conversation.id), text, ex=_SECONDS)
            before, *_ = await pipe.execute()
        return before  # type: ignore[no-any-return]

    async def _confirmed(self, conversation: Conversation, said: Said, reply: Reply) -> None:
        """On the phone: "Is it about ...?" was answered with a yes."""
        if said.confirmed:
            suggested = [{"intent": said.confirmed, "confidence": round(reply.confidence, 4)}]
            text = redacted(said.text, reply.entities)
            await self._keep(conversation, text, suggested, said.confirmed)

    async def _chosen(self, offered: Mapping[str, Any], said: Said, reply: Reply) -> None:
        # Picked in words: the answer tells which it was.
        short = len(said.text.split()) <= _MOST_PICKING_WORDS
        in_words = _answered(reply) if short else None
        picked = said.button.payload.removeprefix("/") if said.button else in_words
        if picked and picked in offered["topics"]:
            await self._choose(offered["id"], picked)

    async def _offered(
        self, conversation: Conversation, said: Said, reply: Reply
    ) -> dict[str, Any] | None:
        """Unsure: kept at once, for not everybody picks one of what is suggested."""
        suggested = next(
            (a.facts["suggested"] for a in reply.answers if a.facts.get("suggested")), None
        )
        if not suggested or said.button:
            return None
        text = redacted(said.text, reply.entities)
        kept = await self._keep(conversation, text, suggested, None)
        return {"id": kept, "topics": [each["intent"] for each in suggested]}

    async def _unanswered(self, conversation: Conversation, said: Said, reply: Reply) -> str | None:
        """Keep what found no answer and was not answered by a choice either. What was said to a
        question of ours is no question, and words of which no sense is left teach nothing.
        """
        offers = any(answer.facts.get("suggested") for answer in reply.answers)
        told = any(a.intent and a.intent not in _NO_ANSWER for a in reply.answers)
        if reply.intent not in _NO_ANSWER or offers or told or said.button or reply.asking:
            return None
        text = redacted(said.text, reply.entities)
        if len(_ORDINARY.findall(_MARK.sub(" ", text))) >= _LEAST_WORDS:
            taken = [{"intent": reply.intent, "confidence": round(reply.confidence, 4)}]
            return await self._keep(conversation, text, taken, None)
        return None

    async def _keep(
        self,
        conversation: Conversation,
        text: str,
        suggested: Sequence[Mapping[str, Any]],
        chosen: str | None,
    ) -> str:
        channel: Channel = conversation.channel
        candidate_id = new_id()
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.training_candidates).values(
                    id=candidate_id,
                    created_at=self._clock.now(),
                    channel=channel,
                    partner=conversation.topics.partner,
                    text=text,
                    suggested=list(suggested),
                    chosen=chosen,
                    status=NEW,
                )
            )
        return candidate_id

    async def _choose(self, candidate_id: str, chosen: str) -> None:
        table = tables.training_candidates
        async with self._engine.begin() as connection:
            await connection.execute(
                update(table).where(table.c.id == candidate_id).values(chosen=chosen)
            )


def _topic(reply: Reply) -> str | None:
    """What the turn was about, by its first answer or else by what was understood."""
    understood = None if reply.intent in {*_MOVES, "out_of_scope"} else reply.intent
    return _answered(reply) or understood


def _answered(reply: Reply) -> str | None:
    """The topic of the turn's first answer."""
    return next((a.intent for a in reply.answers if a.intent and a.intent not in _MOVES), None)


def _corrects(said: Said) -> bool:
    return said.button is None and _CORRECTS.search(said.text) is not None


def _before(conversation_id: str) -> str:
    return f"{_key(conversation_id)}:before"


def _key(conversation_id: str) -> str:
    return f"memberline:candidate:{conversation_id}"
