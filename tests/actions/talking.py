"""A conversation with the two actions as Rasa's rules run them, without Rasa: the intent of each
message is given, everything else is real (Redis, SQL, stand-ins).

What Rasa does is what `data/rules` says: a message is answered; while something is asked, the form
hears it first, and a message that is no answer is answered before the form asks on.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from redis.asyncio import Redis

from actions.dialogue.actions import ActionAnswer, ValidateNeedForm
from actions.services import Services
from alliance.answer import Act, Answer
from alliance.turn import (
    CONTEXT_SECONDS,
    Channel,
    Mode,
    TurnContext,
    context_key,
    verification_key,
)
from alliance.verified import Actor, VerifiedMember

_MOST_STEPS = 8


def named(kind: str, value: Any, said: str = "") -> dict[str, Any]:
    """An entity as understanding gives it."""
    return {"entity": kind, "value": value, "said": said or str(value), "start": 0}


def asked(
    intent: str,
    text: str,
    entities: Sequence[dict[str, Any]] = (),
    band: str = "accept",
    start: int = 0,
    asks: str | None = None,
) -> dict[str, Any]:
    """One question of a message as understanding gives it; `asks` is what it surely asks of the
    matter before it.
    """
    return {
        "asks": {"name": asks or "none", "confidence": 0.9, "band": "accept"},
        "intent": intent,
        "confidence": 0.98 if band == "accept" else 0.4,
        "band": band,
        "entities": list(entities),
        "span": [start, start + len(text)],
    }


class Talk:
    """`await talk.say("...", "intent")` gives what was said in reply, one text."""

    def __init__(
        self,
        services: Services,
        redis: Redis,
        conversation_id: str = "c1",
        channel: Channel = "chat",
        mode: Mode = "live",
        language: str = "en",
        pressed: bool = False,
    ) -> None:
        self._services = services
        self._redis = redis
        self._id = conversation_id
        self._channel = channel
        self._mode = mode
        self._language = language
        self._pressed = pressed
        self.slots: dict[str, Any] = {}
        self._in_form = False
        self._events: list[dict[str, Any]] = []
        self._message: dict[str, Any] = {}
        self.answers: list[Answer] = []

    @property
    def asking(self) -> str | None:
        """The slot that is being asked for."""
        return self.slots.get("requested_slot") if self._in_form else None

    @property
    def acts(self) -> list[Act]:
        """What the bridge has to do after the last reply."""
        return [act for answer in self.answers for act in answer.acts]

    async def verified(self) -> VerifiedMember | None:
        """The proof as it stands in Redis."""
        stored = await self._redis.get(verification_key(self._id))
        return VerifiedMember.from_json(json.loads(stored)) if stored else None

    async def say(
        self,
        text: str,
        intent: str = "inform",
        entities: Sequence[dict[str, Any]] = (),
        *,
        band: str = "accept",
        questions: Sequence[dict[str, Any]] | None = None,
        ranking: Mapping[str, float] | None = None,
        near: str | None = None,
        asks: str | None = None,
    ) -> str:
        """One message, or several `questions` in one. Returns the reply's text (speech on the
        phone). `band` is how sure the understanding is, `ranking` what it holds for possible,
        `near` the knowledge's entry whose questions the message is very near to, `asks` what it
        surely asks of the matter before it.
        """
        if near or asks:
            details = [{"entry": near, "confidence": 0.6, "band": "accept"}] if near else []
            question = asked(intent, text, entities, band, asks=asks)
            questions = [question | {"details": details}]
        await self._begin(text, intent, entities, band, questions, ranking)
        if not self._in_form:
            await self._answer()
        elif await self._form():
            # It was no answer: it is answered, and the form asks on.
            await self._answer(form_goes_on=True)
        for _ in range(_MOST_STEPS):
            if self._in_form and self.asking is None:
                self._in_form = False
                await self._answer()
            else:
                break
        assert self.answers, "An empty turn."
        return "\n".join(
            answer.speech if self._channel == "voice" else answer.text for answer in self.answers
        )

    async def form_leaves(
        self, text: str, intent: str, entities: Sequence[dict[str, Any]] = ()
    ) -> bool:
        """The form's part of a turn alone: whether it leaves the message to be answered."""
        await self._begin(text, intent, entities)
        return await self._form()

    def as_it_stands(self) -> Talk:
        """The same conversation once more, to go on from here in another way."""
        again = copy.copy(self)
        again.slots, again._events = copy.deepcopy(self.slots), list(self._events)
        return again

    async def _begin(
        self,
        text: str,
        intent: str,
        entities: Sequence[dict[str, Any]],
        band: str = "accept",
        questions: Sequence[dict[str, Any]] | None = None,
        ranking: Mapping[str, float] | None = None,
    ) -> None:
        if questions is None:
            # A button's message has an intent and no questions.
            questions = [] if text.startswith("/") else [asked(intent, text, entities, band)]
        self._message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.98},
            "entities": list(entities),
            "questions": list(questions),
            "intent_ranking": [
                {"name": name, "confidence": share} for name, share in (ranking or {}).items()
            ],
            "metadata": {},
        }
        self._events.append({"event": "user"})
        self.answers = []
        context = TurnContext(
            self._id,
            "t1",
            self._channel,
            self._mode,
            Actor("member"),
            await self.verified(),
            self._language,
            self._pressed,
        )
        await self._redis.set(
            context_key(self._id), json.dumps(context.to_json()), ex=CONTEXT_SECONDS
        )

    async def give(self, *messages: str) -> str:
        """Several answers to what is asked, one after the other; the last reply."""
        reply = ""
        for message in messages:
            reply = await self.say(message)
        return reply

    async def _form(self) -> bool:
        """Run the form's validation; True when it rejects the message."""
        self._events.append({"event": "action", "name": "need_form"})
        events = await self._run(ValidateNeedForm(self._services))
        if not events:
            self._events.pop()
        return not events

    async def _answer(self, *, form_goes_on: bool = False) -> None:
        events = await self._run(ActionAnswer(self._services))
        self._events.append({"event": "action", "name": "action_answer"})
        follow = any(e["event"] == "followup" and e["name"] == "need_form" for e in events)
        if follow or form_goes_on:
            if not self._in_form:
                self.slots["requested_slot"] = None
            self._in_form = True
            await self._form()

    async def _run(self, action: Any) -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        tracker = Tracker(
            self._id,
            dict(self.slots),
            dict(self._message),
            list(self._events),
            False,
            None,
            {"name": "need_form"} if self._in_form else {},
            None,
        )
        events = list(await action.run(dispatcher, tracker, {}))
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        self.answers += [Answer.from_json(m["custom"]) for m in dispatcher.messages if m["custom"]]
        return events
