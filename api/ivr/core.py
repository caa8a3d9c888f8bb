"""The voice conversation: what a caller hears, what is listened for, when a person takes over.

Platforms translate their requests into a `VoiceTurn` and a `VoiceReply` back into theirs.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import Any, Literal

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Answer, Button
from alliance.clock import Clock
from alliance.partners import Partners
from alliance.routing import Routing
from api.conversations.service import Conversations, Outcome, Said
from api.conversations.store import Conversation, ConversationStore, Draft
from api.desk.handover import Handovers
from api.store import tables

log = structlog.get_logger()

# Two failures in a row, or four in a call, end at a person.
FAILURES_IN_A_ROW = 2
FAILURES_IN_A_CALL = 4
# A platform hangs up on silence: after this long the caller hears "one moment".
INNER_DEADLINE_SECONDS = 5.0
# Below this the recogniser heard noise rather than words.
LEAST_RECOGNISED = 0.3

GREETING = (
    "Thank you for calling member services of Cigna, M V P Health Care and Preferred Care. This "
    "call may be recorded. If this is an emergency, hang up and dial 9 1 1. Tell me what you need, "
    "for example: has my claim been paid, or: find me a cardiologist. For a person, press zero."
)
AGAIN = "Sorry, I didn't catch that."
DIRECTED = (
    "You can say: check a claim, which plan covers me, or find a doctor. Or press 1 for a claim, 2 "
    "for your plan, 3 for a doctor, or 0 for a person."
)
MENU = {
    "0": Button("0", "/speak_to_agent"),
    "1": Button("1", "/claim_status"),
    "2": Button("2", "/which_plan_covers_me"),
    "3": Button("3", "/find_provider"),
}
ONE_MOMENT = "One moment, please."
LISTENING_FOR = {
    "factor_first_name": 0,
    "factor_member_id": 0,
    "factor_date_of_birth": 8,
    "factor_zip": 5,
    "factor_card_company": 1,
    "factor_code": 6,
    "need_phone": 10,
    "need_partner": 1,
}

Event = Literal["start", "input", "silence", "hangup"]


@dataclass(frozen=True)
class VoiceTurn:
    """One request of a platform. `turn_id` names the turn: a retry carries the same.

    `confidence` is the recogniser's, 0 to 1, or None when the platform gives none;
    `alternatives` its other readings, best first.
    """

    platform: str
    call_id: str
    turn_id: str
    event: Event
    speech: str = ""
    digits: str = ""
    confidence: float | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listen:
    """What may come next. `digits` is how many keys end the input (0: until #)."""

    modes: tuple[Literal["speech", "dtmf"], ...] = ("speech", "dtmf")
    digits: int = 0
    hints: tuple[str, ...] = ()
    silence_ms: int = 5000


@dataclass(frozen=True)
class Route:
    """Where a call goes. Only `handoff_id` says what was talked about, and it is opaque."""

    partner: str | None
    queue: str
    workflow: str
    reason: str
    handoff_id: str | None
    skills: tuple[str, ...] = ()
    priority: int = 0


@dataclass(frozen=True)
class VoiceReply:
    """What a platform is told. `wait` asks it to come back for the same turn."""

    say: str
    action: Literal["listen", "transfer", "hangup", "wait"]
    listen: Listen | None = None
    route: Route | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> VoiceReply:
        listen, route = data["listen"], data["route"]
        return cls(
            say=data["say"],
            action=data["action"],
            listen=Listen(
                tuple(listen["modes"]),
                listen["digits"],
                tuple(listen["hints"]),
                listen["silence_ms"],
            )
            if listen
            else None,
            route=Route(**{**route, "skills": tuple(route["skills"])}) if route else None,
        )


@dataclass(frozen=True)
class Call:
    """A call as the store has it."""

    platform: str
    call_id: str
    conversation_id: str
    last_turn: int
    failures_in_a_row: int
    failures: int
    asking: str | None


class VoiceConversations:
    """Runs calls. The same turn id always gets the same reply, also while it still runs."""

    def __init__(
        self,
        engine: AsyncEngine,
        store: ConversationStore,
        conversations: Conversations,
        handovers: Handovers,
        partners: Partners,
        routing: Routing,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._store = store
        self._conversations = conversations
        self._handovers = handovers
        self._partners = partners
        self._routing = routing
        self._clock = clock
        self._running: dict[tuple[str, str, str], asyncio.Task[VoiceReply]] = {}

    async def turn(self, turn: VoiceTurn) -> VoiceReply:
        """The reply to one turn; after the inner deadline `wait`, and the turn goes on."""
        key = (turn.platform, turn.call_id, turn.turn_id)
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._once(turn))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        done, _ = await asyncio.wait({task}, timeout=INNER_DEADLINE_SECONDS)
        if not done:
            return VoiceReply(ONE_MOMENT, "wait")
        return task.result()

    async def _once(self, turn: VoiceTurn) -> VoiceReply:
        """The reply that the turn got before, or else its first and only run."""
        stored = await self._stored((turn.platform, turn.call_id, turn.turn_id))
        return stored or await self._run(turn)

    async def following_turn(self, platform: str, call_id: str) -> str:
        """The number after the call's last one, for an answer that comes without a number."""
        call = await self._find(platform, call_id)
        return str(call.last_turn + 1 if call else 0)

    async def _run(self, turn: VoiceTurn) -> VoiceReply:
        call = await self._call(turn)
        try:
            reply = await self._reply(call, turn)
        except Exception as error:
            # Whatever failed: a caller gets a person, never silence.
            log.error("voice_turn_crashed", error=type(error).__name__)
            reply = self._to_front_desk()
        await self._store_reply(turn, reply)
        return reply

    async def _reply(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        match turn.event:
            case "hangup":
                await self._store.change_owner(call.conversation_id, ["assistant"], "closed")
                return VoiceReply("", "hangup")
            case "start":
                return await self._say(call, GREETING)
            case "silence":
                return await self._failed(call, "")
        if turn.digits == "" and _unheard(turn):
            return await self._failed(call, "")
        said = _said(call, turn)
        outcome = await self._conversations.member_says(call.conversation_id, said)
        return await self._after(call, outcome)

    async def _after(self, call: Call, outcome: Outcome) -> VoiceReply:
        speech = " ".join(answer.speech for answer in outcome.answers)
        if not outcome.answers:
            # Answered before, and the bridge stopped before it had told the platform.
            told = (message.text for message in outcome.messages if message.sender == "assistant")
            speech = " ".join(told)
        if outcome.handover_id:
            return self._transfer(outcome.conversation, speech, outcome.handover_id, "asked")
        if outcome.failed:
            return await self._to_person(call, speech, "assistant unavailable")
        if outcome.conversation.owner in ("queue", "agent"):
            return await self._again_to_person(outcome.conversation)
        reply = outcome.reply
        asking = reply.asking if reply else None
        if _misunderstood(call, outcome):
            return await self._failed(call, speech, asking)
        await self._note(call, failures_in_a_row=0, asking=asking)
        if any(act.kind == "closed" for answer in outcome.answers for act in answer.acts):
            return VoiceReply(speech, "hangup")
        return VoiceReply(
            _with_question(speech, asking, outcome.answers), "listen", _listen(asking)
        )

    async def _failed(self, call: Call, speech: str, asking: str | None = None) -> VoiceReply:
        """Nothing usable was said: ask again, then direct, then a person."""
        in_a_row, in_all = call.failures_in_a_row + 1, call.failures + 1
        asking = asking or call.asking
        await self._note(call, failures_in_a_row=in_a_row, failures=in_all, asking=asking)
        if in_a_row > FAILURES_IN_A_ROW or in_all >= FAILURES_IN_A_CALL:
            return await self._to_person(call, AGAIN, "could not be understood")
        if not speech:
            speech = f"{AGAIN} {await self._last_question(call) if asking else DIRECTED}"
        return VoiceReply(speech, "listen", _listen(asking))

    async def _last_question(self, call: Call) -> str:
        """What was asked last, as the caller heard it."""
        messages = await self._store.messages(call.conversation_id)
        asked = [message.text for message in messages if message.sender == "assistant"]
        return asked[-1] if asked else DIRECTED

    async def _to_person(self, call: Call, speech: str, reason: str) -> VoiceReply:
        conversation = await self._store.get(call.conversation_id)
        if conversation is None:
            return self._to_front_desk()
        text = "I'm connecting you with a person. Please hold."
        handover_id = await self._conversations.hand_over(conversation, reason, None, text)
        current = await self._store.get(call.conversation_id) or conversation
        return self._transfer(current, f"{speech} {text}".strip(), handover_id, reason)

    async def _again_to_person(self, conversation: Conversation) -> VoiceReply:
        handover = await self._handovers.current(conversation.id)
        return self._transfer(
            conversation,
            "I'm connecting you now. Please hold.",
            handover.id if handover else None,
            "asked",
        )

    def _transfer(
        self, conversation: Conversation, speech: str, handover_id: str | None, reason: str
    ) -> VoiceReply:
        queue = self._routing.queue(conversation.partner)
        route = Route(conversation.partner, queue.name, queue.workflow, reason, handover_id)
        return VoiceReply(speech, "transfer", route=route)

    def _to_front_desk(self) -> VoiceReply:
        queue = self._routing.queue(None)
        return VoiceReply(
            "Sorry, something went wrong on our side. I'm connecting you with a person.",
            "transfer",
            route=Route(None, queue.name, queue.workflow, "assistant unavailable", None),
        )

    async def _say(self, call: Call, text: str) -> VoiceReply:
        await self._store.add(call.conversation_id, [Draft("assistant", text)])
        return VoiceReply(text, "listen", _listen(None))

    async def _call(self, turn: VoiceTurn) -> Call:
        """The call, begun if it is new. The key is the call id, never the caller's number."""
        known = await self._find(turn.platform, turn.call_id)
        if known:
            return known
        conversation = await self._store.create("voice")
        try:
            async with self._engine.begin() as connection:
                await connection.execute(
                    insert(tables.calls).values(
                        platform=turn.platform,
                        call_id=turn.call_id,
                        conversation_id=conversation.id,
                        created_at=self._clock.now(),
                        last_turn=0,
                        failures=0,
                        failures_in_a_row=0,
                    )
                )
        except IntegrityError:
            log.info("call_began_twice")
        call = await self._find(turn.platform, turn.call_id)
        if call is None:
            raise RuntimeError("the call was stored and is not there")
        return call

    async def _find(self, platform: str, call_id: str) -> Call | None:
        table = tables.calls
        async with self._engine.connect() as connection:
            row = (
                (
                    await connection.execute(
                        select(table).where(
                            table.c.platform == platform, table.c.call_id == call_id
                        )
                    )
                )
                .mappings()
                .first()
            )
        if row is None:
            return None
        return Call(**{name: row[name] for name in Call.__dataclass_fields__})

    async def _note(self, call: Call, **values: Any) -> None:
        table = tables.calls
        async with self._engine.begin() as connection:
            await connection.execute(
                update(table)
                .where(table.c.platform == call.platform, table.c.call_id == call.call_id)
                .values(**values)
            )

    async def _stored(self, key: tuple[str, str, str]) -> VoiceReply | None:
        table = tables.call_turns
        async with self._engine.connect() as connection:
            found = (
                await connection.execute(
                    select(table.c.reply).where(
                        table.c.platform == key[0],
                        table.c.call_id == key[1],
                        table.c.turn_id == key[2],
                    )
                )
            ).scalar_one_or_none()
        return VoiceReply.from_json(found) if found else None

    async def _store_reply(self, turn: VoiceTurn, reply: VoiceReply) -> None:
        number = int(turn.turn_id) if turn.turn_id.isdigit() else 0
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(tables.call_turns).values(
                    platform=turn.platform,
                    call_id=turn.call_id,
                    turn_id=turn.turn_id,
                    reply=reply.to_json(),
                )
            )
            await connection.execute(
                update(tables.calls)
                .where(
                    tables.calls.c.platform == turn.platform,
                    tables.calls.c.call_id == turn.call_id,
                )
                .values(last_turn=number)
            )


def _unheard(turn: VoiceTurn) -> bool:
    if not turn.speech.strip():
        return True
    return turn.confidence is not None and turn.confidence < LEAST_RECOGNISED


def _said(call: Call, turn: VoiceTurn) -> Said:
    """Keys answer what is asked; zero is always a person, and other keys are the menu."""
    keys = turn.digits.rstrip("#")
    message_id = f"{turn.platform}:{turn.turn_id}"
    if keys == "0" or (keys and call.asking is None and keys in MENU):
        return Said(button=MENU[keys], client_message_id=message_id)
    return Said(
        text=keys or turn.speech,
        client_message_id=message_id,
        alternatives=() if keys else turn.alternatives,
    )


def _misunderstood(call: Call, outcome: Outcome) -> bool:
    """Whether the turn brought the caller no further."""
    reply = outcome.reply
    if reply is None:
        return False
    if reply.asking and reply.failures.get(reply.asking, 0) > 0 and reply.asking == call.asking:
        return True
    return bool(outcome.answers) and all(
        answer.intent in ("out_of_scope", "unclear") for answer in outcome.answers
    )


def _with_question(speech: str, asking: str | None, answers: tuple[Answer, ...]) -> str:
    """After an answer the caller hears that they may go on; in danger there is nothing else."""
    ended = any(answer.kind == "question" or answer.intent == "emergency" for answer in answers)
    if asking or ended:
        return speech
    return f"{speech} What else can I do for you?"


def _listen(asking: str | None) -> Listen:
    return Listen(digits=LISTENING_FOR.get(asking or "", 0))
