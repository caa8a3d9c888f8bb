"""Who takes a call over: asked for by the caller, by routing.yml, or because nothing else helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from api.conversations.service import Conversations, Outcome
from api.conversations.store import ConversationStore
from api.conversations.topics import administrator
from api.desk.handover import Handovers
from api.ivr import prompts
from api.ivr import wording as say
from api.ivr.calls import Call
from api.ivr.prompts import Question
from api.ivr.transfer import NOT_UNDERSTOOD, Transfers
from api.ivr.turns import VoiceReply


class People:
    """Finds the company and the queue, and hands the call over."""

    def __init__(
        self,
        store: ConversationStore,
        conversations: Conversations,
        handovers: Handovers,
        transfers: Transfers,
        titles: Mapping[str, str],
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._handovers = handovers
        self._transfers = transfers
        self._titles = titles

    async def spanish(self, call: Call) -> VoiceReply:
        """A person who speaks Spanish, at the caller's company."""
        call.language = "es"
        if call.alarmed:
            return await self.after_danger(call)
        return await self.to_person(call, "", "español", language="es")

    async def after_danger(self, call: Call) -> VoiceReply:
        """Who was told of 911 and stays on the line is asked nothing first, at any hour."""
        return await self.hand_over(call, "", "asked for a person after danger", None, urgent=True)

    async def to_person(
        self,
        call: Call,
        speech: str,
        reason: str,
        partner: str | None = None,
        language: str | None = None,
    ) -> VoiceReply:
        """A person at once; the company is asked for by key where it decides who that is."""
        language = language or call.language
        if reason != NOT_UNDERSTOOD and partner is None and not await self._verified(call):
            return _which_company(call, speech, reason, language)
        return await self.hand_over(call, speech, reason, partner, language=language)

    async def hand_over(
        self,
        call: Call,
        speech: str,
        reason: str,
        partner: str | None,
        language: str | None = None,
        *,
        urgent: bool = False,
    ) -> VoiceReply:
        """To the people of the company, of the topic and of the language, if they are there."""
        conversation = await self._store.get(call.conversation_id)
        if conversation is None:
            return self._transfers.to_front_desk()
        member = await self._conversations.proof(call.conversation_id)
        if partner is None and member:
            partner = administrator(conversation.topics, member)
        detail = {"partner": partner, "reason": reason, "language": language or call.language}
        if urgent:
            detail["priority"] = "urgent"
        destination = self._handovers.destination(conversation, detail, member)
        if not destination.open:
            return await self._transfers.offer_closed(call, speech, destination, detail)
        return await self._transfers.hand_over(call, speech, detail)

    async def at_once(self, call: Call, outcome: Outcome, body: str) -> VoiceReply | None:
        """What routing.yml gives to a person at once, once the reason is sure."""
        topic = outcome.conversation.topics.latest
        if outcome.reply is None or outcome.reply.asking or topic is None:
            return None
        said = [answer for answer in outcome.answers if answer.intent == topic]
        if not said or any(act.kind for answer in said for act in answer.acts):
            return None
        if all(answer.facts.get("part") for answer in said):
            # "Does my employer see it?" is answered; who wants a person for it can say so.
            return None
        partner = next((answer.partner for answer in said if answer.partner), None)
        destination = self._handovers.destination(outcome.conversation, {"partner": partner}, None)
        if destination.self_service == "first":
            return None
        speech = body if destination.self_service == "then_person" else ""
        return await self.to_person(call, speech, self._titles.get(topic, topic), partner)

    async def without_choice(self, call: Call) -> VoiceReply | None:
        """Who says nothing to a choice of people gets the one that loses nothing."""
        pending = call.pending or {}
        match pending.get("kind"):
            case "closed":
                call.pending = None
                return await self._transfers.to_voicemail(call, pending["detail"])
            case "busy":
                call.pending = None
                return await self._transfers.to_queue(call, pending["detail"])
            case "company":
                call.pending = None
                return await self.hand_over(
                    call, "", pending["reason"], None, language=pending["language"]
                )
        return None

    async def _verified(self, call: Call) -> bool:
        return await self._conversations.proof(call.conversation_id) is not None


def _which_company(call: Call, speech: str, reason: str, language: str) -> VoiceReply:
    call.pending = {"kind": "company", "reason": reason, "language": language}
    if language == "es":
        lead, text = f"{say.SPANISH_NOTICE} {speech}", say.SPANISH_COMPANY
    else:
        lead, text = speech or say.PERSON_HELPS, say.WHICH_COMPANY
    listen = replace(prompts.listen_for(call, "need_partner"), digits=1)
    return prompts.ask(call, lead, Question(text, listen))
