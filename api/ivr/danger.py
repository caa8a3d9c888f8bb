"""Danger, above all where it was heard badly: the question about it names 911 itself."""

from __future__ import annotations

from alliance.hearing import EMERGENCY, VoiceBands
from api.assistant import Assistant
from api.conversations.service import Said
from api.errors import AssistantUnavailable
from api.ivr import prompts
from api.ivr import wording as say
from api.ivr.calls import Call
from api.ivr.dialogue import Dialogue
from api.ivr.prompts import Question
from api.ivr.readings import readings
from api.ivr.setbacks import Setbacks
from api.ivr.turns import VoiceReply, VoiceTurn


class Danger:
    """Answers danger at once where it was heard well, and asks about it otherwise."""

    def __init__(
        self, assistant: Assistant, dialogue: Dialogue, setbacks: Setbacks, bands: VoiceBands
    ) -> None:
        self._assistant = assistant
        self._dialogue = dialogue
        self._setbacks = setbacks
        self._bands = bands

    async def heard_in(self, turn: VoiceTurn) -> str | None:
        """The reading that tells of danger, however badly it was heard."""
        texts = [each.text for each in readings(turn) if each.text.strip()]
        if not texts:
            return None
        try:
            understood = await self._assistant.understand(texts)
        except AssistantUnavailable:
            return None
        pairs = zip(texts, understood, strict=True)
        return next((t for t, u in pairs if u.intent == EMERGENCY and u.band != "reject"), None)

    async def met(self, call: Call, turn: VoiceTurn, text: str) -> VoiceReply:
        """Something like danger was heard, and badly: asking names 911 as well, and frightens
        nobody who said something else.
        """
        call.holding = False
        if turn.confidence is None or turn.confidence >= self._bands.sure:
            return await self.answered(call, turn, text)
        return ask_danger(call, text)

    async def answered(self, call: Call, turn: VoiceTurn, text: str) -> VoiceReply:
        """Told of 911 at once, whatever was asked."""
        call.pending = None
        return await self._dialogue.run(call, turn, Said(text=text))

    async def none(self, call: Call) -> VoiceReply:
        """Back to what was asked before, which the caller has not failed to answer. On a line so
        bad that it sounds of danger again and again, a person is the way out.
        """
        if call.cleared:
            return await self._setbacks.failed(call, "")
        call.cleared = True
        if call.asking:
            text = f"{say.NO_DANGER} {self._setbacks.asked_again(call)}"
            listen = prompts.listen_for(call, call.asking)
            return prompts.ask(call, "", Question(text, listen), keep=True)
        question = Question(say.OPEN_QUESTION, prompts.listen_for(call, None))
        return prompts.ask(call, say.NO_DANGER, question)


def ask_danger(call: Call, text: str) -> VoiceReply:
    """Ask whether somebody is in danger, with a sentence that names 911."""
    asked = call.last.get("question")
    call.pending = {"kind": "danger", "text": text, "question": asked}
    return prompts.ask(call, "", Question(say.IN_DANGER, prompts.listen_for(call, None)))
