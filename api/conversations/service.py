"""A member's turn, whatever the channel: locked, de-duplicated, answered, stored, handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import IntegrityError, NoResultFound, SQLAlchemyError

from alliance.answer import BESIDE, Answer, Button
from alliance.partners import Partners
from alliance.routing import Destination
from alliance.verified import VerifiedMember
from api.assistant import Assistant, Reply
from api.conversations.after_hours import CALL_BACK, AfterHours, tells_number
from api.conversations.candidates import Candidates
from api.conversations.notices import KEPT, KEPT_TOO, OUT_OF_LINE, OUT_OF_LINE_ASKED, in_language
from api.conversations.pending import Pending
from api.conversations.recall import Recall
from api.conversations.store import Conversation, ConversationStore, Draft, Message, drafts
from api.conversations.topics import Topics, administrator
from api.conversations.while_waiting import Wish, asked_besides, wish
from api.desk.callbacks import Callbacks
from api.desk.handover import Handovers, is_urgent
from api.desk.shadow import Shadows
from api.desk.waiting import LONG_WAIT_MINUTES
from api.errors import AssistantUnavailable, NotFound
from api.insights.records import TurnRecords
from api.locks import ConversationLocks
from api.text import clean
from api.wakes import Wakes

log = structlog.get_logger()
# Danger is understood in far less; with the assistant down the desk still has the message.
_WARNED_IN_SECONDS = 3.0


@dataclass(frozen=True)
class Said:
    """What the member did: typed or spoken text, or a button. `alternatives` are the
    recogniser's other readings, `confirmed` an intent that they said yes to, `parsed` what the
    text was already taken for, `kept` what the transcript keeps instead of the text: the yes to
    words that were read back.
    """

    text: str = ""
    button: Button | None = None
    client_message_id: str | None = None
    alternatives: tuple[str, ...] = ()
    confirmed: str | None = None
    parsed: Mapping[str, Any] | None = None
    kept: str = ""


@dataclass(frozen=True)
class Outcome:
    """A turn's result. `reply` is None when a person owns the conversation, when the message had
    been answered before, or when the assistant failed (`failed`). `closed`: a person is wanted
    of a queue whose people are not there now, or, with `minutes`, whose callers lately waited long;
    nothing was handed over yet.
    """

    conversation: Conversation
    messages: tuple[Message, ...]
    answers: tuple[Answer, ...] = ()
    reply: Reply | None = None
    handover_id: str | None = None
    failed: bool = False
    closed: Destination | None = None
    closed_detail: Mapping[str, Any] | None = None
    minutes: int | None = None


class Conversations:
    """Runs the members' turns."""

    def __init__(
        self,
        store: ConversationStore,
        assistant: Assistant,
        locks: ConversationLocks,
        handovers: Handovers,
        shadows: Shadows,
        wakes: Wakes,
        partners: Partners,
        callbacks: Callbacks,
        recall: Recall,
        records: TurnRecords,
        candidates: Candidates,
        after_hours: AfterHours,
        pending: Pending,
        titles: Mapping[str, str],
    ) -> None:
        self._titles = titles
        self._after_hours = after_hours
        self._pending = pending
        self._callbacks = callbacks
        self._candidates = candidates
        self._recall = recall
        self._records = records
        self._store = store
        self._assistant = assistant
        self._locks = locks
        self._handovers = handovers
        self._shadows = shadows
        self._wakes = wakes
        self._partners = partners

    async def member_says(self, conversation_id: str, said: Said) -> Outcome:
        """One message of the member. Never silent: trouble becomes an honest sentence.

        Raises NotFound for an unknown conversation, SQLAlchemyError when nothing can be stored.
        """
        try:
            async with self._locks.hold(conversation_id):
                return await self._in_turn(conversation_id, said)
        except RedisError as error:
            # Without locks and verification there is no turn; the message itself is kept.
            log.warning("turn_without_redis", error=type(error).__name__)
            return await self._without_assistant(conversation_id, said)

    async def _in_turn(self, conversation_id: str, said: Said) -> Outcome:
        conversation, message, before = await self._heard(conversation_id, said)
        # Kept and never answered: the bridge stopped in the middle, so the turn is still to be run.
        if before is not None and (before or conversation.owner != "assistant"):
            return Outcome(conversation, (message, *before))
        asked = self._of_waiting(conversation, said)
        if asked and asked != "how_long" and await self._step_out(conversation):
            return await self._instead(replace(conversation, owner="assistant"), said, message)
        if conversation.owner in ("queue", "agent"):
            # Who talks with a person is there as well: they are not asked again who they are.
            with suppress(RedisError):
                await self._assistant.renew(conversation_id)
            await self._wakes.tell("desk", {"event": "conversation", "id": conversation_id})
            thinking = self._shadows.follow(conversation, message)
            told = await self._while_waiting(conversation, message, thinking, asked)
            return Outcome(conversation, (message, *told))
        if conversation.owner != "assistant":
            return await self._closed(conversation, message)
        return await self._ask(conversation, said, message)

    async def _ask(self, conversation: Conversation, said: Said, message: Message) -> Outcome:
        as_said = said
        try:
            left = await self._pending.take(conversation.id)
            said, put_off = self._after_hours.chosen(left.put_off, said)
            if put_off:
                return await self._leave(conversation, message, put_off)
            said = self._recall.meant(left.recalled, said)
            reply = await self._assistant.turn(
                conversation.id,
                said.button.payload if said.button else clean(said.text),
                conversation.channel,
                alternatives=[clean(text) for text in said.alternatives],
                confirmed=said.confirmed,
                parsed=said.parsed,
                language=conversation.topics.language,
                pressed=said.button is not None,
            )
        except (AssistantUnavailable, RedisError) as error:
            log.warning("turn_failed", error=type(error).__name__)
            return await self._apologise(conversation, message)
        await self._candidates.note(conversation, as_said, reply)
        # Before it is said: a call that could not be kept is not promised.
        await self._book(conversation, reply.answers)
        before = conversation.topics
        conversation = replace(conversation, topics=_about(before, reply, said.confirmed))
        member = reply.member
        reply = await self._recall.met(conversation, reply, member)
        closed = self._closed_now(conversation, reply.answers, member)
        if closed and conversation.channel == "chat":
            language = conversation.topics.language
            reply = await self._after_hours.ask(conversation.id, reply, *closed, language)
        minutes = None
        if conversation.channel == "voice" and not closed:
            closed, minutes = await self._long_wait(conversation, reply.answers, member)
        current, stored = await self._store.keep(
            conversation.id,
            drafts(reply.answers, message.id),
            None if conversation.topics == before else conversation.topics,
        )
        handover_id = None if closed else await self._act(conversation, reply.answers)
        await self._recall.note(conversation, reply, member, person=bool(handover_id))
        if handover_id:
            current = await self._get(conversation.id)
        self._records.note(current, reply, stored, member, person=bool(handover_id))
        if handover_id and conversation.channel == "chat":
            notice = Draft("system", await self._handovers.waiting(current), reply_to=message.id)
            stored += await self._store.add(conversation.id, [notice])
        await self._tell(conversation)
        return Outcome(
            current,
            (message, *stored),
            reply.answers,
            reply=reply,
            handover_id=handover_id,
            closed=closed[0] if closed else None,
            closed_detail=closed[1] if closed else None,
            minutes=minutes,
        )

    def _of_waiting(self, conversation: Conversation, said: Said) -> Wish | None:
        """What somebody who waits in the chat asks of the line itself."""
        waits = conversation.owner == "queue" and conversation.channel == "chat"
        return wish(said.text) if waits else None

    async def _step_out(self, conversation: Conversation) -> bool:
        """Out of the line: the assistant's again. False when a person has just taken it."""
        if not await self._store.change_owner(conversation.id, ["queue"], "assistant"):
            return False
        await self._handovers.withdraw(conversation.id)
        await self._shadows.end(conversation)
        return True

    async def _instead(self, conversation: Conversation, said: Said, message: Message) -> Outcome:
        """What somebody wants who waits no more: a call back, or what they ask besides."""
        besides = asked_besides(said.text)
        if wish(said.text) == "call_back":
            # A number that was said with it is not asked for again.
            words = said if tells_number(said.text) else replace(said, button=CALL_BACK)
            return await self._ask(conversation, words, message)
        notice = OUT_OF_LINE if besides else OUT_OF_LINE_ASKED
        left = await self._notice(conversation, notice, message)
        if not besides:
            return Outcome(conversation, (message, left))
        outcome = await self._ask(conversation, replace(said, text=besides), message)
        return replace(outcome, messages=(message, left, *outcome.messages[1:]))

    async def _notice(self, conversation: Conversation, notice: str, message: Message) -> Message:
        text = in_language(notice, conversation.topics.language)
        draft = Draft("system", text, reply_to=message.id)
        (stored,) = await self._store.add(conversation.id, [draft])
        await self._tell(conversation)
        return stored

    async def _leave(
        self, conversation: Conversation, message: Message, detail: Mapping[str, Any]
    ) -> Outcome:
        """Nobody is there, and the member leaves it for them: it waits in the queue."""
        member = await self._proof(conversation.id)
        handover_id = await self._handovers.open(conversation, detail, member)
        text = self._after_hours.left(detail, conversation.topics.language)
        stored = await self._store.add(
            conversation.id, [Draft("system", text, reply_to=message.id)]
        )
        await self._tell(conversation)
        current = await self._get(conversation.id)
        return Outcome(current, (message, *stored), handover_id=handover_id)

    def _closed_now(
        self, conversation: Conversation, answers: Sequence[Answer], member: VerifiedMember | None
    ) -> tuple[Destination, Mapping[str, Any]] | None:
        """Nobody waits where nobody is: what the member wants instead is asked first. The detail is
        kept until then, without what the answer tells of the member.
        """
        for act in (act for answer in answers for act in answer.acts if act.kind == "handoff"):
            destination = self._handovers.destination(conversation, act.detail, member)
            if not destination.open:
                return destination, {n: v for n, v in act.detail.items() if n != BESIDE}
        return None

    async def _long_wait(
        self, conversation: Conversation, answers: Sequence[Answer], member: VerifiedMember | None
    ) -> tuple[tuple[Destination, Mapping[str, Any]] | None, int | None]:
        """Where the caller would wait long, and how many minutes. What is urgent is never put off;
        the choice is in English, so who speaks Spanish waits.
        """
        for act in (act for answer in answers for act in answer.acts if act.kind == "handoff"):
            if is_urgent(act.detail) or conversation.topics.language != "en":
                continue
            destination = self._handovers.destination(conversation, act.detail, member)
            try:
                minutes = await self._handovers.usual_wait(destination.queue.name)
            except SQLAlchemyError as error:
                log.warning("waiting_time_unknown", error=type(error).__name__)
                continue
            if minutes is not None and minutes >= LONG_WAIT_MINUTES:
                return (destination, act.detail), minutes
        return None, None

    async def hand_over(
        self,
        conversation: Conversation,
        reason: str,
        partner: str | None,
        message: str,
        language: str | None = None,
        *,
        urgent: bool = False,
    ) -> tuple[str | None, Destination]:
        """Hand over without the assistant (phone rules, failures). Returns the hand-over's id and
        where it waits.
        """
        member = await self._proof(conversation.id)
        if partner is None and member:
            partner = administrator(conversation.topics, member)
        detail = {"partner": partner, "reason": reason, "language": language}
        if urgent:
            detail["priority"] = "urgent"
        destination = self._handovers.destination(conversation, detail, member)
        if message:
            await self._store.add(conversation.id, [Draft("assistant", message)])
        return await self._handovers.open(conversation, detail, member), destination

    async def _book(self, conversation: Conversation, answers: Sequence[Answer]) -> None:
        for act in (act for answer in answers for act in answer.acts):
            if act.kind == "callback_cancelled":
                await self._callbacks.cancel(conversation.id)
            if act.kind == "callback":
                member = await self._proof(conversation.id)
                await self._callbacks.book(conversation.id, act.detail, member)

    async def _act(self, conversation: Conversation, answers: Sequence[Answer]) -> str | None:
        for act in (act for answer in answers for act in answer.acts):
            if act.kind == "handoff":
                member = await self._proof(conversation.id)
                return await self._handovers.open(conversation, act.detail, member)
            if act.kind == "emergency":
                await self._wakes.tell(
                    "desk", {"event": "alarm", "id": conversation.id, **act.detail}
                )
        return None

    async def taken_back(self, conversation_id: str, summary: str, topic: str | None) -> None:
        """After a person the assistant has the conversation again: it has heard what the person
        summed up, and goes on with a topic (an intent) if one was left open. Trouble becomes an
        honest sentence; the conversation is the assistant's all the same.
        """
        try:
            async with self._locks.hold(conversation_id):
                conversation = await self._get(conversation_id)
                if conversation.owner != "assistant":
                    return
                if heard := summary or await self._agent_said(conversation_id):
                    await self._assistant.feed(conversation_id, heard, last=True)
                if topic:
                    notice = Draft("system", f"The assistant goes on with {self._titles[topic]}.")
                    (message,) = await self._store.add(conversation_id, [notice])
                    said = Said(button=Button(self._titles[topic], f"/{topic}"))
                    await self._ask(conversation, said, message)
        except (AssistantUnavailable, RedisError) as error:
            log.warning("not_gone_on_with", error=type(error).__name__)

    async def _agent_said(self, conversation_id: str) -> str | None:
        """The person's last words."""
        messages = await self._store.messages(conversation_id)
        return next((m.text for m in reversed(messages) if m.sender == "agent"), None)

    async def proof(self, conversation_id: str) -> VerifiedMember | None:
        """Who is proven, if anybody and if Redis answers."""
        return await self._proof(conversation_id)

    async def note_call(self, conversation_id: str, heard: str, told: str = "") -> None:
        """Keep what the phone line itself has heard and said, for the transcript."""
        if said := spoken(heard, told):
            await self._store.add(conversation_id, said)
            await self.tell_call(conversation_id)

    async def tell_call(self, conversation_id: str) -> None:
        """Whoever watches calls at the desk hears that more was said."""
        await self._wakes.tell("desk", {"event": "call", "id": conversation_id})

    async def _proof(self, conversation_id: str) -> VerifiedMember | None:
        try:
            return await self._assistant.verified(conversation_id)
        except RedisError:
            return None

    async def _heard(
        self, conversation_id: str, said: Said
    ) -> tuple[Conversation, Message, list[Message] | None]:
        """Keep what was said. What was sent before is as it was kept then, with its replies."""
        text = said.kept or (said.button.title if said.button else said.text)
        draft = Draft("member", text, client_message_id=said.client_message_id)
        try:
            conversation, (message,) = await self._store.keep(conversation_id, [draft])
        except NoResultFound:
            raise NotFound("There is no such conversation.") from None
        except IntegrityError:
            before = await self._before(conversation_id, said)
            if before is None:
                raise
            return await self._get(conversation_id), *before
        await self._tell(conversation)
        return conversation, message, None

    async def _while_waiting(
        self,
        conversation: Conversation,
        message: Message,
        thinking: asyncio.Task[Message | None],
        asked: Wish | None,
    ) -> list[Message]:
        """What is said at once to whoever writes on while waiting: the number to call where they
        tell of danger, else their place in the line, or that it is kept.
        """
        if conversation.owner != "queue" or conversation.channel != "chat":
            return []
        done, _ = await asyncio.wait({thinking}, timeout=_WARNED_IN_SECONDS)
        if warning := next((task.result() for task in done), None):
            return [warning]
        if asked == "how_long":
            place = await self._handovers.place(conversation)
            return [await self._notice(conversation, place, message)]
        told = await self._store.messages(conversation.id)
        since = takewhile(lambda before: before.sender != "agent", reversed(told))
        kept = (KEPT, in_language(KEPT, conversation.topics.language))
        again = any(before.sender == "system" and before.text in kept for before in since)
        return [await self._notice(conversation, KEPT_TOO if again else KEPT, message)]

    async def _apologise(self, conversation: Conversation, message: Message) -> Outcome:
        answer = apology(self._partners, conversation.topics.language)
        stored = await self._store.add(conversation.id, drafts([answer], message.id))
        self._records.note(conversation, None, stored, None)
        await self._tell(conversation)
        return Outcome(conversation, (message, *stored), (answer,), failed=True)

    async def _without_assistant(self, conversation_id: str, said: Said) -> Outcome:
        conversation, message, before = await self._heard(conversation_id, said)
        if before:
            return Outcome(conversation, (message, *before))
        return await self._apologise(conversation, message)

    async def _before(
        self, conversation_id: str, said: Said
    ) -> tuple[Message, list[Message]] | None:
        """The same message, sent before, with its replies."""
        if said.client_message_id is None:
            return None
        return await self._store.answered(conversation_id, said.client_message_id)

    async def _closed(self, conversation: Conversation, message: Message) -> Outcome:
        """After the person has wrapped up, the assistant takes over again."""
        if conversation.owner == "wrapped":
            await self._store.change_owner(conversation.id, ["wrapped"], "assistant", agent=None)
            taken = replace(conversation, owner="assistant")
            return await self._ask(taken, Said(text=message.text), message)
        text = in_language(
            "This chat has ended. Please start a new one.", conversation.topics.language
        )
        stored = await self._store.add(
            conversation.id, [Draft("system", text, reply_to=message.id)]
        )
        return Outcome(conversation, (message, *stored))

    async def _get(self, conversation_id: str) -> Conversation:
        conversation = await self._store.get(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        return conversation

    async def _tell(self, conversation: Conversation) -> None:
        """Whoever reads the chat. A call has no page, and the line tells the desk of it."""
        if conversation.channel == "chat":
            await self._wakes.tell(f"conversation:{conversation.id}", {"event": "message"})


def spoken(heard: str, told: str = "") -> list[Draft]:
    """What the phone line itself has heard and said, as messages."""
    said = [Draft("member", heard)] if heard else []
    return [*said, Draft("assistant", told)] if told else said


def _about(topics: Topics, reply: Reply, confirmed: str | None) -> Topics:
    """What the turn was about besides: what the member said yes to is sure."""
    questions = [{"intent": confirmed, "band": "accept"}] if confirmed else reply.questions
    return topics.after(questions, reply.answers, reply.whole)


def apology(partners: Partners, language: str = "en") -> Answer:
    """A part of ours is down: say so, and name the lines that work without us."""
    if language == "es":
        lines = " o ".join(
            f"{partner.short_name}, {partner.phone.member_services}"
            for partner in partners
            if partner.backend
        )
        text = (
            "Perdone, ahora no puedo contestar porque una parte de nuestro servicio no funciona. "
            f"Su mensaje queda guardado. Inténtelo de nuevo en un minuto o llame a {lines}."
        )
        return Answer(text=text, speech=text, kind="notice")
    lines = " or ".join(
        f"{partner.short_name} member services at {partner.phone.member_services}"
        for partner in partners
        if partner.backend
    )
    text = (
        "Sorry, I can't answer just now because a part of our service is not working. Your message "
        f"is kept. Please try again in a minute, or call {lines}."
    )
    return Answer(text=text, speech=text, kind="notice")
