"""The transfer itself: the sentence before it, where it goes, and what is offered where nobody is
there or others wait long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from alliance.clock import Clock
from alliance.hours import next_opening, opening_words
from alliance.partners import Partners
from alliance.routing import Destination, Routing
from api.conversations.service import Conversations
from api.conversations.store import ConversationStore
from api.desk.handover import Handovers, is_urgent
from api.desk.waiting import waiting_words
from api.ivr import prompts
from api.ivr import wording as say
from api.ivr.calls import Call
from api.ivr.prompts import Question
from api.ivr.turns import Route, VoiceReply

log = structlog.get_logger()

UNAVAILABLE = "assistant unavailable"
NOT_UNDERSTOOD = "could not be understood"
_ASKED = "asked"
_VOICEMAIL = "voicemail"


class Transfers:
    """Sends calls to where their hand-over waits."""

    def __init__(
        self,
        store: ConversationStore,
        conversations: Conversations,
        handovers: Handovers,
        partners: Partners,
        routing: Routing,
        clock: Clock,
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._handovers = handovers
        self._partners = partners
        self._routing = routing
        self._clock = clock

    async def transfer(
        self,
        call: Call,
        speech: str,
        handover_id: str | None,
        reason: str = _ASKED,
        *,
        wait_told: bool = False,
    ) -> VoiceReply:
        """The sentence, and after it the transfer to where the hand-over waits."""
        handover = await self._handovers.current(call.conversation_id)
        conversation = await self._store.get(call.conversation_id)
        partner = conversation.partner if conversation else None
        queue = self._routing.named(handover.queue) if handover else self._routing.queue(partner)
        quiet = wait_told or reason == _VOICEMAIL
        wait = "" if quiet else await self._wait_told(call, queue.name)
        body = f"{' '.join(speech.split()) or say.CONNECTING} {wait}".strip()
        route = Route(
            partner,
            queue.name,
            queue.workflow,
            reason,
            handover_id or (handover.id if handover else None),
            tuple(handover.skills or ()) if handover else (),
            (handover.priority if handover else None) or 5,
            queue.target,
        )
        return VoiceReply(body, "transfer", route=route)

    async def _wait_told(self, call: Call, queue: str) -> str:
        """How long others waited lately, where that is known."""
        try:
            minutes = await self._handovers.usual_wait(queue)
        except SQLAlchemyError as error:
            log.warning("waiting_time_unknown", error=type(error).__name__)
            return ""
        return "" if minutes is None else waiting_words(minutes, call.language)

    async def to_owner(self, call: Call) -> VoiceReply:
        """To the people whose the call is already."""
        handover = await self._handovers.current(call.conversation_id)
        text = prompts.in_language(call, say.CONNECTING_NOW, say.SPANISH_CONNECTING)
        return await self.transfer(call, text, handover.id if handover else None)

    def to_front_desk(self) -> VoiceReply:
        """Where nothing else works."""
        queue = self._routing.queue(None)
        route = Route(None, queue.name, queue.workflow, UNAVAILABLE, None, target=queue.target)
        return VoiceReply(say.WENT_WRONG, "transfer", route=route)

    async def hand_over(self, call: Call, speech: str, detail: Mapping[str, Any]) -> VoiceReply:
        """The hand-over waits at the desk, and the call goes there."""
        text = prompts.in_language(call, say.CONNECTING, say.SPANISH_CONNECTING)
        kept = await self._kept(call, detail, text)
        if kept is None:
            return self.to_front_desk()
        reason = detail["reason"] if detail["reason"] in (UNAVAILABLE, NOT_UNDERSTOOD) else _ASKED
        return await self.transfer(call, f"{speech} {text}", kept[0], reason)

    async def to_queue(self, call: Call, detail: Mapping[str, Any]) -> VoiceReply:
        """Who has heard how long it takes, and waits."""
        kept = await self._kept(call, detail, say.CONNECTING)
        if kept is None:
            return self.to_front_desk()
        return await self.transfer(call, say.CONNECTING, kept[0], wait_told=True)

    async def to_voicemail(self, call: Call, detail: Mapping[str, Any]) -> VoiceReply:
        """The hand-over waits at the desk, and the call goes to the company's voicemail."""
        text = say.SPANISH_CLOSED if detail.get("language") == "es" else say.LEAVE_MESSAGE
        kept = await self._kept(call, detail, text)
        if kept is None:
            return self.to_front_desk()
        handover_id, destination = kept
        reply = await self.transfer(call, text, handover_id, _VOICEMAIL)
        voicemail = destination.queue.voicemail
        if reply.route and voicemail:
            # By address alone: the workflow would ring people who are not there.
            return replace(reply, route=replace(reply.route, target=voicemail, workflow=""))
        return reply

    async def offer_closed(
        self, call: Call, speech: str, destination: Destination, detail: Mapping[str, Any]
    ) -> VoiceReply:
        """Nobody is there now: say so and when they are, and let the caller choose."""
        if call.language == "es" or detail.get("language") == "es":
            return await self.to_voicemail(call, detail)
        partner = self._partners.get(detail.get("partner"))
        if destination.queue != self._routing.queue(partner.key if partner else None):
            partner = None
        who = f"{partner.spoken_name} member services" if partner else "That team"
        hours = destination.queue.hours
        opens = next_opening(hours, self._clock.now()) if hours else None
        when = (
            f" and opens {opening_words(opens, hours, self._clock.now())}"
            if opens and hours
            else ""
        )
        text = f"{who} is closed now{when}."
        return _choice(call, "closed", detail, f"{speech} {text}", say.CLOSED_CHOICE)

    def offer_call_back(
        self, call: Call, speech: str, minutes: int, detail: Mapping[str, Any]
    ) -> VoiceReply:
        """Others waited long: say how long, and let the caller choose."""
        text = waiting_words(minutes, call.language)
        return _choice(call, "busy", detail, f"{speech} {text}", say.BUSY_CHOICE)

    async def _kept(
        self, call: Call, detail: Mapping[str, Any], text: str
    ) -> tuple[str | None, Destination] | None:
        """The hand-over as it waits, and where; None without a conversation. The caller's words
        come before what is stored as an answer to them.
        """
        conversation = await self._store.get(call.conversation_id)
        if conversation is None:
            return None
        heard, call.heard = call.heard, ""
        await self._conversations.note_call(call.conversation_id, heard)
        kept = await self._conversations.hand_over(
            conversation,
            str(detail.get("reason") or ""),
            detail.get("partner"),
            text,
            detail.get("language"),
            urgent=is_urgent(detail),
        )
        call.told += f" {text}"
        return kept


def _choice(
    call: Call, kind: str, detail: Mapping[str, Any], body: str, question: str
) -> VoiceReply:
    call.asking = None
    call.pending = {"kind": kind, "detail": dict(detail)}
    listen = replace(prompts.listen_for(call, None), digits=1)
    return prompts.ask(call, body, Question(question, listen))
