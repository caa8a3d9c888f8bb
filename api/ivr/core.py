"""The voice conversation: turns in order, each answered once, and what a turn is about.

Platforms translate their requests into a `VoiceTurn` and a `VoiceReply` back into theirs.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import asdict, replace

import structlog
from sqlalchemy.exc import SQLAlchemyError

from alliance.answer import Button
from alliance.clock import Clock
from alliance.errors import MemberlineError
from alliance.hearing import VoiceBands
from alliance.partners import Partners
from alliance.routing import Routing
from api.assistant import Assistant
from api.conversations.service import Conversations, Said
from api.conversations.store import ConversationStore
from api.desk.handover import Handovers
from api.ivr import prompts
from api.ivr import wording as say
from api.ivr.calls import Call, Calls
from api.ivr.danger import Danger
from api.ivr.dialogue import Dialogue
from api.ivr.given import Given
from api.ivr.owed import OwedReplies
from api.ivr.pending import Pending
from api.ivr.people import People
from api.ivr.prompts import Question
from api.ivr.readings import is_unheard, with_companies, words
from api.ivr.reasons import Reasons
from api.ivr.requests import Request, relayed, request_in, without_operator
from api.ivr.setbacks import Setbacks
from api.ivr.transfer import Transfers
from api.ivr.turns import Listen, VoiceReply, VoiceTurn

log = structlog.get_logger()

# A platform hangs up on silence: after this long the caller hears "one moment", and after twice
# that a person takes over.
INNER_DEADLINE_SECONDS = 5.0
MOST_WAITS = 1
_READY = re.compile(
    r"\W*(?:(?:ok(?:ay)?|yes|i'?m|all|now)\W+)*(?:ready|back|here|go on|okay|yes)\W*", re.I
)


class VoiceConversations:
    """Runs calls. The same turn id always gets the same reply, also while it still runs."""

    def __init__(
        self,
        calls: Calls,
        store: ConversationStore,
        conversations: Conversations,
        handovers: Handovers,
        assistant: Assistant,
        partners: Partners,
        routing: Routing,
        titles: Mapping[str, str],
        bands: VoiceBands,
        clock: Clock,
        owed: OwedReplies,
    ) -> None:
        self._calls = calls
        self._store = store
        self._conversations = conversations
        self._titles = titles
        self._bands = bands
        self._clock = clock
        self._owed = owed
        self._transfers = Transfers(store, conversations, handovers, partners, routing, clock)
        self._people = People(store, conversations, handovers, self._transfers, titles)
        self._setbacks = Setbacks(self._people)
        self._dialogue = Dialogue(
            conversations, self._transfers, self._people, self._setbacks, partners, titles, clock
        )
        self._danger = Danger(assistant, self._dialogue, self._setbacks, bands)
        self._pending = Pending(
            self._dialogue,
            self._danger,
            self._people,
            self._transfers,
            self._setbacks,
            partners,
            clock,
        )
        self._given = Given(
            assistant, self._dialogue, self._danger, self._setbacks, partners, bands, clock
        )
        self._reasons = Reasons(
            assistant,
            store,
            self._dialogue,
            self._people,
            self._setbacks,
            routing,
            titles,
            bands,
            clock,
        )
        self._running: dict[tuple[str, str, str], asyncio.Task[VoiceReply]] = {}
        self._noting: set[asyncio.Task[None]] = set()

    async def turn(self, turn: VoiceTurn) -> VoiceReply:
        """The reply to one turn; after the inner deadline `wait`, and the turn goes on.

        Raises Conflict for a turn that was answered too long ago to be a retry.
        """
        # A platform that cannot be sent back for the same turn comes with silence instead.
        owed = await self._owed.find(turn) if turn.event == "silence" else None
        if owed:
            turn = owed.turn
        key = (turn.platform, turn.call_id, turn.turn_id)
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._once(turn))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        done, _ = await asyncio.wait({task}, timeout=INNER_DEADLINE_SECONDS)
        if not done:
            return await self._wait(turn)
        await self._owed.settle(turn)
        return task.result()

    async def following_turn(self, platform: str, call_id: str) -> str:
        """The number after the call's last one, for an answer that comes without a number."""
        call = await self._calls.find(platform, call_id)
        return str(call.last_turn + 1 if call else 0)

    async def _wait(self, turn: VoiceTurn) -> VoiceReply:
        call = Call(turn.platform, turn.call_id, "")
        waits = await self._owed.keep(turn)
        if waits is None or waits > MOST_WAITS:
            await self._owed.settle(turn)
            return prompts.rendered(call, self._transfers.to_front_desk())
        noting = asyncio.create_task(self._note_moment(turn))
        self._noting.add(noting)
        noting.add_done_callback(self._noting.discard)
        return prompts.rendered(call, VoiceReply(say.ONE_MOMENT, "wait", Listen(silence_ms=1000)))

    async def _note_moment(self, turn: VoiceTurn) -> None:
        """For the transcript. What keeps the caller waiting may keep this too, so nobody waits."""
        try:
            call = await self._calls.find(turn.platform, turn.call_id)
            if call:
                await self._conversations.note_call(call.conversation_id, "", say.ONE_MOMENT)
        except SQLAlchemyError as error:
            log.warning("call_not_noted", error=type(error).__name__)

    async def _once(self, turn: VoiceTurn) -> VoiceReply:
        """The reply that the turn got before, or else its first and only run."""
        try:
            call, stored = await self._calls.begin(turn)
            return stored or await self._run(call, turn)
        except MemberlineError:
            raise
        except Exception as error:
            # Not even the store works: a caller gets a person all the same.
            log.error("voice_turn_not_kept", error=type(error).__name__)
            return prompts.rendered(
                Call(turn.platform, turn.call_id, ""), self._transfers.to_front_desk()
            )

    async def _run(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        call.heard = words(turn)
        try:
            reply = await self._reply(call, turn)
        except Exception as error:
            # Whatever failed: a caller gets a person, never silence.
            log.error("voice_turn_crashed", error=type(error).__name__)
            reply = self._transfers.to_front_desk()
        reply = prompts.rendered(call, reply)
        if reply.action == "listen" and not call.holding:
            call.last = {"say": reply.say, "listen": asdict(reply.listen or Listen())} | {
                "question": call.last.get("question") or reply.say,
                "before": call.last.get("before"),
                "told": call.last.get("told"),
                "later": call.last.get("later"),
            }
        said = prompts.unkept(call, reply)
        saved = await self._calls.save(call, turn, reply, said)
        if saved is reply and (said or call.told):
            await self._conversations.tell_call(call.conversation_id)
        return saved

    async def _reply(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        if turn.event == "hangup":
            call.ended_at = self._clock.now()
            await self._store.change_owner(call.conversation_id, ["assistant"], "closed")
            return VoiceReply("", "hangup")
        if turn.event == "start":
            greeting = Question(say.GREETING, prompts.listen_for(call, None))
            return prompts.ask(call, "", greeting)
        if call.ended_at:
            return VoiceReply("", "hangup")
        if turn.event == "silence":
            return await self._setbacks.nothing(call, silent=True)
        if not turn.digits and is_unheard(turn, self._bands):
            danger = await self._danger.heard_in(turn)
            if danger:
                return await self._danger.met(call, turn, danger)
            return await self._setbacks.nothing(call, silent=False)
        if call.holding:
            call.holding = False
            if turn.digits or _READY.fullmatch(turn.speech):
                return prompts.again(call, say.GO_ON)
        if turn.digits:
            return await self._pressed(call, turn, turn.digits.rstrip("#"))
        return await self._spoke(call, turn)

    async def _pressed(self, call: Call, turn: VoiceTurn, keys: str) -> VoiceReply:
        """Zero is always a person; keys answer what is asked, and otherwise they are the menu."""
        if keys == say.REPEAT_KEY:
            return prompts.again(call)
        if keys == say.MORE_KEY and call.rest and prompts.takes_more_key(call):
            return prompts.more(call)
        if call.pending:
            settled = await self._pending.settle(call, turn, keys)
            if settled:
                return settled
        if keys == "0":
            return await self._person(call, turn, "0")
        if call.asking == "need_reason" and keys in say.MENU:
            # What the menu called it, as the reason that is passed on.
            title = self._titles[say.MENU[keys].payload.removeprefix("/")]
            return await self._dialogue.run(call, turn, Said(text=title))
        if call.asking is None:
            if keys == say.SPANISH_KEY:
                return await self._people.spanish(call)
            if keys in say.MENU:
                return await self._dialogue.run(call, turn, Said(button=say.MENU[keys]))
            if len(keys) <= 2:
                return await self._setbacks.failed(call, f"{say.NO_SUCH_KEY} {say.DIRECTED}")
        return await self._dialogue.run(call, turn, Said(text=keys))

    async def _person(self, call: Call, turn: VoiceTurn, words: str) -> VoiceReply:
        """A person is wanted. The dialogue asks for reason and company once; who insists is not
        asked again.
        """
        call.wanted += 1
        if call.alarmed:
            return await self._people.after_danger(call)
        insists = {"need_reason": Said(text=words), "need_partner": Said(text="not sure")}
        if call.wanted > 1 and call.asking not in insists:
            # The reason was asked once, and what was said to it led elsewhere.
            return await self._people.hand_over(call, "", "asked for a person again", None)
        button = Button(words, "/speak_to_agent")
        said = insists.get(call.asking or "", Said(button=button))
        return await self._dialogue.run(call, turn, said)

    async def _spoke(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        turn = with_companies(turn)
        if call.relay:
            turn = replace(turn, speech=without_operator(turn.speech))
        request = request_in(turn.speech)
        if call.pending and not _leaves_it_asked(call, request):
            settled = await self._pending.settle(call, turn, "")
            if settled:
                return settled
        if request:
            granted = await self._grant(call, turn, request)
            if granted:
                return granted
        if call.asking:
            return await self._given.taken(call, turn)
        return await self._reasons.told(call, turn)

    async def _grant(self, call: Call, turn: VoiceTurn, request: Request) -> VoiceReply | None:
        """What is asked of the line itself. None: it is none of that here."""
        match request:
            case "repeat":
                return prompts.again(call)
            case "slower":
                return prompts.slower(call)
            case "hold":
                call.patient = call.holding = True
                listen = replace(
                    prompts.listen_for(call, call.asking), silence_ms=prompts.HOLD_SILENCE_MS
                )
                return VoiceReply(say.TAKE_YOUR_TIME, "listen", listen)
            case "more" if call.rest:
                return prompts.more(call)
            case "relay":
                call.relay = call.patient = True
                asked = relayed(turn.speech)
                if asked and not call.asking:
                    return await self._reasons.told(
                        call, replace(turn, speech=asked, alternatives=())
                    )
                return prompts.ask(call, say.RELAY, prompts.last_question(call))
            case "spanish":
                return await self._people.spanish(call)
            case "person":
                return await self._person(call, turn, turn.speech)
        return None


def _leaves_it_asked(call: Call, request: Request | None) -> bool:
    """Whether it is no answer to the phone's own question, which stays asked."""
    match request:
        case "repeat" | "slower":
            return True
        case "more":
            return bool(call.rest)
        case "hold":
            # Who is offered a call back says "wait" to the offer.
            return (call.pending or {}).get("kind") != "busy"
    return False
