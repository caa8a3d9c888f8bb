"""Answers to the phone's own questions: was that meant, which company, a call back or a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from alliance.answer import Button
from alliance.clock import Clock
from alliance.partners import Partners
from api.conversations.recall import NO, YES
from api.conversations.service import Said
from api.ivr import wording as say
from api.ivr.calls import Call
from api.ivr.danger import Danger
from api.ivr.dialogue import Dialogue
from api.ivr.factors import PROOFS, read_back
from api.ivr.people import People
from api.ivr.prompts import Question, ask, listen_for
from api.ivr.readings import words
from api.ivr.setbacks import Setbacks
from api.ivr.transfer import Transfers
from api.ivr.turns import VoiceReply, VoiceTurn

_CALL_BACK = re.compile(r"\bcall(?:ing)? ?(?:me )?back\b|^\W*(?:yes|yeah|sure)\b", re.IGNORECASE)
_WAIT = re.compile(r"\b(?:wait|hold|stay|no)\b", re.IGNORECASE)
_MESSAGE = re.compile(r"\b(?:message|voice ?mail)\b", re.IGNORECASE)
_NO = re.compile(r"\W*(?:no|nope|not|wrong|incorrect)\b", re.IGNORECASE)
# "With Preferred Care".
_MOST_COMPANY_WORDS = 4
_NOTED = "Thank you, I've noted that."
_CALL_ME_BACK = Said(button=Button("call back", "/request_callback"))


class Pending:
    """Settles what the phone itself has asked."""

    def __init__(
        self,
        dialogue: Dialogue,
        danger: Danger,
        people: People,
        transfers: Transfers,
        setbacks: Setbacks,
        partners: Partners,
        clock: Clock,
    ) -> None:
        self._dialogue = dialogue
        self._danger = danger
        self._people = people
        self._transfers = transfers
        self._setbacks = setbacks
        self._partners = partners
        self._clock = clock

    async def settle(self, call: Call, turn: VoiceTurn, keys: str) -> VoiceReply | None:
        """What the answer leads to. None: it was answered with something else."""
        pending, call.pending = call.pending or {}, None
        match pending["kind"]:
            case "company":
                return await self._company(call, turn, keys, pending)
            case "closed":
                return await self._closed(call, turn, keys, pending)
            case "busy":
                return await self._busy(call, turn, keys, pending)
            case "danger" if not keys:
                again = await self._danger.heard_in(turn)
                if again:
                    return await self._danger.answered(call, turn, again)
        return await self._yes_or_no(call, turn, keys, pending)

    async def _yes_or_no(
        self, call: Call, turn: VoiceTurn, keys: str, pending: Mapping[str, Any]
    ) -> VoiceReply | None:
        kind = pending["kind"]
        if keys == "1" or (not keys and YES.fullmatch(turn.speech.strip())):
            confirmed = pending.get("intent")
            said = Said(text=pending["text"], confirmed=confirmed, kept=words(turn))
            return await self._dialogue.run(call, turn, said, read_back_before=kind == "value")
        if keys == "2" or (not keys and NO.fullmatch(turn.speech.strip())):
            if pending.get("question"):
                call.last["question"] = pending["question"]
            if kind == "danger":
                return await self._danger.none(call)
            question = f"{say.AGAIN} {self._setbacks.asked_again(call)}" if call.asking else ""
            return await self._setbacks.failed(call, question)
        if kind == "topic" and not keys and self._only_names_company(turn.speech):
            # Kept for what it is about, which is still to be found out.
            question = str(call.last.get("question") or "")
            call.pending = {**pending, "text": f"{pending['text']}, {turn.speech}"}
            return ask(call, _NOTED, Question(question, listen_for(call, None)))
        if kind == "value" and self._goes_on(call, keys or turn.speech):
            # Who gives what is asked next has agreed to what was read back.
            before = replace(turn, turn_id=f"{turn.turn_id}:before")
            await self._dialogue.run(call, before, Said(text=pending["text"]))
        return None

    def _only_names_company(self, said: str) -> bool:
        """Whether a company is named and nothing else said."""
        return len(said.split()) <= _MOST_COMPANY_WORDS and self._partners.named(said) is not None

    def _goes_on(self, call: Call, said: str) -> bool:
        """Whether the words hold what proves who calls, and of another kind than was asked."""
        asked, today = call.asking or "", self._clock.today()
        held = {slot for slot in PROOFS if read_back(slot, [said], self._partners, today)}
        return bool(held) and asked not in held and not _NO.match(said)

    async def _company(
        self, call: Call, turn: VoiceTurn, keys: str, pending: Mapping[str, Any]
    ) -> VoiceReply:
        """The company on the card, by key or name; whatever else is said goes to the front desk."""
        danger = None if keys else await self._danger.heard_in(turn)
        if danger:
            return await self._danger.answered(call, turn, danger)
        named = self._partners.named(turn.speech) if turn.speech else None
        partner = say.COMPANY_KEYS.get(keys) or (named.key if named else None)
        return await self._people.hand_over(
            call, "", pending["reason"], partner, language=pending["language"]
        )

    async def _closed(
        self, call: Call, turn: VoiceTurn, keys: str, pending: Mapping[str, Any]
    ) -> VoiceReply | None:
        """A call back or a message; whatever else is a new question."""
        if keys == "1" or (not keys and _CALL_BACK.search(turn.speech)):
            return await self._dialogue.run(call, turn, _CALL_ME_BACK)
        if keys == "2" or (not keys and _MESSAGE.search(turn.speech)):
            return await self._transfers.to_voicemail(call, pending["detail"])
        return None

    async def _busy(
        self, call: Call, turn: VoiceTurn, keys: str, pending: Mapping[str, Any]
    ) -> VoiceReply | None:
        """A call back, or to wait in the queue; whatever else is a new question."""
        if keys in ("0", "2") or (not keys and _WAIT.search(turn.speech)):
            return await self._transfers.to_queue(call, pending["detail"])
        if keys == "1" or (not keys and _CALL_BACK.search(turn.speech)):
            return await self._dialogue.run(call, turn, _CALL_ME_BACK)
        return None
