"""Answers to what was asked. What was heard badly is read back, masked, and asked about."""

from __future__ import annotations

from alliance.clock import Clock
from alliance.hearing import VoiceBands
from alliance.partners import Partners
from api.assistant import Assistant
from api.errors import AssistantUnavailable
from api.ivr import prompts
from api.ivr.calls import Call
from api.ivr.danger import Danger
from api.ivr.dialogue import Dialogue
from api.ivr.factors import is_sure, read_back
from api.ivr.prompts import Question
from api.ivr.readings import readings, said_in
from api.ivr.setbacks import Setbacks
from api.ivr.turns import VoiceReply, VoiceTurn

# What is passed on as it was said: a person reads it.
_OWN_WORDS = frozenset({"need_reason", "need_words"})


class Given:
    """Takes names, numbers and dates that were asked for."""

    def __init__(
        self,
        assistant: Assistant,
        dialogue: Dialogue,
        danger: Danger,
        setbacks: Setbacks,
        partners: Partners,
        bands: VoiceBands,
        clock: Clock,
    ) -> None:
        self._assistant = assistant
        self._dialogue = dialogue
        self._danger = danger
        self._setbacks = setbacks
        self._partners = partners
        self._bands = bands
        self._clock = clock

    async def taken(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        """The answer as it was heard, if it was heard well enough."""
        if not self._is_sure(call, turn):
            doubted = self._read_back(call, turn) or await self._heard_badly(call, turn)
            if doubted:
                return doubted
        return await self._dialogue.run(call, turn, said_in(turn))

    def _is_sure(self, call: Call, turn: VoiceTurn) -> bool:
        if not call.asking or call.asking in _OWN_WORDS:
            return True
        today = self._clock.today()
        return is_sure(call.asking, readings(turn), self._bands, self._partners, today)

    def _read_back(self, call: Call, turn: VoiceTurn) -> VoiceReply | None:
        texts = [each.text for each in readings(turn)]
        found = read_back(call.asking or "", texts, self._partners, self._clock.today())
        if not found:
            return None
        text, masked = found
        call.pending = {"kind": "value", "text": text, "question": call.last.get("question")}
        question = f"I heard {masked}. Is that right? Say yes or no."
        return prompts.ask(call, "", Question(question, prompts.listen_for(call, None)))

    async def _heard_badly(self, call: Call, turn: VoiceTurn) -> VoiceReply | None:
        """No value, and heard badly: perhaps danger, perhaps nothing."""
        if turn.confidence is None or turn.confidence >= self._bands.sure:
            return None
        danger = await self._danger.heard_in(turn)
        if danger:
            return await self._danger.met(call, turn, danger)
        if not await self._means_something(turn):
            return await self._setbacks.failed(call, "")
        return None

    async def _means_something(self, turn: VoiceTurn) -> bool:
        """Whether what was heard badly, and is no answer by its form, is worth the dialogue's
        time: else it would be taken for a change of subject.
        """
        heard = readings(turn)
        try:
            understood = await self._assistant.understand([each.text for each in heard])
        except AssistantUnavailable:
            return True
        return any(
            (each.confidence or 0.0) * found.confidence >= self._bands.accept
            for each, found in zip(heard, understood, strict=True)
            if found.band != "reject"
        )
