"""The voice conversation: what a caller hears, what is listened for, when a person takes over.

Platforms translate their requests into a `VoiceTurn` and a `VoiceReply` back into theirs.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from alliance.answer import Answer, Button
from alliance.aspects import is_wish_for_language
from alliance.clock import Clock
from alliance.errors import MemberlineError
from alliance.hearing import EMERGENCY, Band, Reading, VoiceBands, judge
from alliance.hours import next_opening, opening_words
from alliance.partners import Partners
from alliance.routing import Asked, Destination, Routing
from api.assistant import Assistant
from api.conversations.recall import NO, YES
from api.conversations.service import Conversations, Outcome, Said, spoken
from api.conversations.store import ConversationStore, Draft
from api.conversations.topics import administrator
from api.desk.handover import Handovers
from api.desk.waiting import waiting_words
from api.errors import AssistantUnavailable
from api.ivr import speech as voice
from api.ivr import wording as say
from api.ivr.calls import Call, Calls
from api.ivr.factors import hints_for, is_sure, keys_for, read_back
from api.ivr.owed import OwedReplies
from api.ivr.requests import Request, request_in
from api.ivr.turns import Heard, Listen, Route, VoiceReply, VoiceTurn

log = structlog.get_logger()

# After two failures in a row only keys are left, and what is then no key ends at a person; so do
# four failures in a call. Relay operators and those who need slow speech have twice as many.
FAILURES_IN_A_ROW = 2
FAILURES_IN_A_CALL = 4
# A platform hangs up on silence: after this long the caller hears "one moment", and after twice
# that a person takes over.
INNER_DEADLINE_SECONDS = 5.0
MOST_WAITS = 1
SILENCE_MS = 5000
CARD_SILENCE_MS = 8000
PATIENT_SILENCE_MS = 15000
HOLD_SILENCE_MS = 60000
# A recogniser's further readings are seldom right.
MOST_READINGS = 4
# Heard this well, what is not understood was understood as words: the dialogue says what it can do.
HEARD_WELL = 0.6
# After these, a language is one of the doctor.
_SEARCHES = frozenset(
    {"find_provider", "find_facility", "find_pharmacy", "provider_details", "check_network"}
)
# What is passed on as it was said: a person reads it.
_OWN_WORDS = frozenset({"need_reason", "need_words"})
# What only the dialogue can understand, by what it has just said: "and dental", "the second one",
# "no i meant may", "do they speak spanish", "how much was it", "why not".
_FOLLOW_UP = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|well|um+|uh)\W+)*(?:"
    r"(?:and|what about|how about|i meant?|not the|but|"
    r"(?:(?:no+|nope|sorry|oops|wait|actually)\W+)+(?:i (?:mean|meant|said|was asking)|not|"
    r"the|that|"
    r"make (?:it|that)|it'?s|it was|for))\b|"
    r".{0,40}\b(?:of|for|about|to) (?:the|that) (?:first|second|third|fourth|fifth|last|closest|"
    r"nearest|other)(?: (?:one|doctor|provider|place|claim|hospital|pharmacy|office))?\W*$|"
    r"(?:so )?(?:how much|what) (?:do|did|will|would|should) i (?:have to |need to |still )?"
    r"(?:owe|pay)(?: (?:them|it|that|for (?:it|that|this)|him|her|then|now|the doctor))*\W*$|"
    r"(?:since|until|till) when\W*$|"
    r"(?:tell me about |give me )?(?:the )?(?:first|second|third|fourth|fifth|last|closest|nearest|"
    r"next|other)(?: (?:one|doctor|provider|place|claim|hospital|pharmacy|office))?s?"
    r"(?: please)?\W*$|(?:any )?(?:more|others|wom[ae]n|men)(?: please)?\W*$|"
    r"why(?: not| is that)?\W*$|"
    r"(?:do|does|is|are|did|was|can) (?:they|he|she|it|that|those|any of them)\b.{0,40}$|"
    r"(?:how much|where|when|who|what) (?:is|was|are|were|did|does|do) "
    r"(?:it|that|this|they|he|she)\b.{0,20}$)",
    re.IGNORECASE,
)
_READY = re.compile(
    r"\W*(?:(?:ok(?:ay)?|yes|i'?m|all|now)\W+)*(?:ready|back|here|go on|okay|yes)\W*", re.I
)
_CALL_BACK = re.compile(r"\bcall(?:ing)? ?(?:me )?back\b|^\W*(?:yes|yeah|sure)\b", re.IGNORECASE)
_WAIT = re.compile(r"\b(?:wait|hold|stay|no)\b", re.IGNORECASE)
_MESSAGE = re.compile(r"\b(?:message|voice ?mail)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Question:
    """What ends a reply and is asked again after silence; `keys_only` listens to nothing else."""

    text: str
    listen: Listen


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
        self._handovers = handovers
        self._assistant = assistant
        self._partners = partners
        self._routing = routing
        self._titles = titles
        self._bands = bands
        self._clock = clock
        self._owed = owed
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
            return _rendered(call, self._front_desk())
        noting = asyncio.create_task(self._note_moment(turn))
        self._noting.add(noting)
        noting.add_done_callback(self._noting.discard)
        return _rendered(call, VoiceReply(say.ONE_MOMENT, "wait", Listen(silence_ms=1000)))

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
            return _rendered(Call(turn.platform, turn.call_id, ""), self._front_desk())

    async def _run(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        call.heard = _words(turn)
        try:
            reply = await self._reply(call, turn)
        except Exception as error:
            # Whatever failed: a caller gets a person, never silence.
            log.error("voice_turn_crashed", error=type(error).__name__)
            reply = self._front_desk()
        reply = _rendered(call, reply)
        if reply.action == "listen" and not call.holding:
            call.last = {"say": reply.say, "listen": asdict(reply.listen or Listen())} | {
                "question": call.last.get("question") or reply.say
            }
        said = _unkept(call, reply)
        saved = await self._calls.save(call, turn, reply, said)
        if saved is reply and (said or call.told):
            await self._conversations.tell_call(call.conversation_id)
        return saved

    async def _note_heard(self, call: Call) -> None:
        """The caller's words come before what is stored as an answer to them."""
        heard, call.heard = call.heard, ""
        await self._conversations.note_call(call.conversation_id, heard)

    async def _reply(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        if turn.event == "hangup":
            call.ended_at = self._clock.now()
            await self._store.change_owner(call.conversation_id, ["assistant"], "closed")
            return VoiceReply("", "hangup")
        if turn.event == "start":
            return self._ask(call, "", _Question(say.GREETING, self._listen(call, None)))
        if call.ended_at:
            return VoiceReply("", "hangup")
        keys = turn.digits.rstrip("#")
        if turn.event == "silence":
            return await self._nothing(call, silent=True)
        if not turn.digits and self._unheard(turn):
            danger = await self._dangerous(turn)
            if danger:
                return await self._in_danger(call, turn, danger)
            return await self._nothing(call, silent=False)
        if call.holding:
            call.holding = False
            if turn.digits or _READY.fullmatch(turn.speech):
                return self._again(call, say.GO_ON)
        if turn.digits:
            return await self._pressed(call, turn, keys)
        return await self._spoke(call, turn)

    # --- keys ------------------------------------------------------------------------------------

    async def _pressed(self, call: Call, turn: VoiceTurn, keys: str) -> VoiceReply:
        """Zero is always a person; keys answer what is asked, and otherwise they are the menu."""
        if keys == say.REPEAT_KEY:
            return self._again(call)
        if call.pending:
            settled = await self._settle(call, turn, keys)
            if settled:
                return settled
        if keys == "0":
            return await self._person(call, turn, "0")
        if call.asking == "need_reason" and keys in say.MENU:
            # What the menu called it, as the reason that is passed on.
            title = self._titles[say.MENU[keys].payload.removeprefix("/")]
            return await self._run_dialogue(call, turn, Said(text=title))
        if call.asking is None:
            if keys == say.SPANISH_KEY:
                return await self._spanish(call)
            if keys in say.MENU:
                return await self._run_dialogue(call, turn, Said(button=say.MENU[keys]))
            if len(keys) <= 2:
                return await self._failed(call, f"{say.NO_SUCH_KEY} {say.DIRECTED}")
        return await self._run_dialogue(call, turn, Said(text=keys))

    async def _person(self, call: Call, turn: VoiceTurn, words: str) -> VoiceReply:
        """A person is wanted. The dialogue asks for reason and company once; who insists is not
        asked again.
        """
        call.wanted += 1
        if call.alarmed:
            # Who was told of 911 and stays on the line is asked nothing first.
            reason = "asked for a person after danger"
            return await self._hand_over(call, "", reason, None, urgent=True)
        insists = {"need_reason": Said(text=words), "need_partner": Said(text="not sure")}
        if call.wanted > 1 and call.asking not in insists:
            # The reason was asked once, and what was said to it led elsewhere.
            return await self._hand_over(call, "", "asked for a person again", None)
        button = Button(words, "/speak_to_agent")
        said = insists.get(call.asking or "", Said(button=button))
        return await self._run_dialogue(call, turn, said)

    # --- speech ----------------------------------------------------------------------------------

    async def _spoke(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        request = request_in(turn.speech)
        if call.pending:
            settled = await self._settle(call, turn, "")
            if settled:
                return settled
        if request:
            granted = await self._grant(call, turn, request)
            if granted:
                return granted
        if call.asking:
            return await self._answered(call, turn)
        return await self._opened(call, turn)

    async def _grant(self, call: Call, turn: VoiceTurn, request: Request) -> VoiceReply | None:
        """What is asked of the line itself. None: it is none of that here."""
        match request:
            case "repeat":
                return self._again(call)
            case "slower":
                call.slow = call.patient = True
                return self._again(call, say.SLOWER)
            case "hold":
                call.patient = call.holding = True
                listen = replace(self._listen(call, call.asking), silence_ms=HOLD_SILENCE_MS)
                return VoiceReply(say.TAKE_YOUR_TIME, "listen", listen)
            case "more" if call.rest:
                body, call.rest = call.rest, ""
                return self._ask(call, body, None)
            case "relay":
                call.relay = call.patient = True
                return self._ask(call, say.RELAY, self._last_question(call))
            case "spanish":
                return await self._spanish(call)
            case "person":
                return await self._person(call, turn, turn.speech)
        return None

    async def _opened(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        """An open question was answered: weigh the recogniser's readings, then act, confirm, or
        ask again.
        """
        call.utterances += 1
        if _FOLLOW_UP.match(turn.speech):
            return await self._run_dialogue(call, turn, _said(turn))
        heard = _readings(turn)
        try:
            understood = await self._assistant.understand([each.text for each in heard])
        except AssistantUnavailable:
            # The turn itself finds out and says so.
            return await self._run_dialogue(call, turn, _said(turn))
        readings = [
            Reading(
                each.text,
                1.0 if each.confidence is None else each.confidence,
                found.intent,
                found.confidence,
                found.band,
                found.questions,
                found.ranking,
            )
            for each, found in zip(heard, understood, strict=True)
        ]
        band, best = judge(readings, self._bands, self._titles.keys(), self._people)
        if best.intent == EMERGENCY and band == "confirm":
            return self._danger_asked(call, best.text)
        if band == "imply":
            band = await self._implied(call, best.intent)
        if band in ("accept", "imply"):
            spanish = understood[readings.index(best)].spanish
            if spanish and best.intent == "language_help" and not await self._filters(call, best):
                return await self._spanish(call)
            unsure = best.band == "confirm" and best.questions == 1 and best.intent in self._titles
            said = replace(
                _said(turn),
                text=best.text,
                confirmed=best.intent if unsure else None,
                parsed=understood[readings.index(best)].parsed,
            )
            reply = await self._run_dialogue(call, turn, said)
            if band == "accept" or reply.action != "listen":
                return reply
            return replace(reply, say=f"This is about {self._titles[best.intent]}. {reply.say}")
        if band == "confirm" and best.recognised >= HEARD_WELL and await self._talked(call):
            # What was said before may tell what is meant: the dialogue asks if it does not.
            said = replace(_said(turn), text=best.text)
            return await self._run_dialogue(call, turn, said)
        if band == "confirm":
            return self._is_it(call, best.text, best.intent)
        if best.recognised >= HEARD_WELL:
            return await self._run_dialogue(call, turn, _said(turn))
        return await self._failed(call, "")

    def _is_it(self, call: Call, words: str, intent: str, lead: str = "") -> VoiceReply:
        """Ask whether the words were about the topic."""
        call.pending = {"kind": "topic", "text": words, "intent": intent}
        text = f"Is it about {self._titles[intent]}? Say yes or no."
        return self._ask(call, lead, _Question(text, self._listen(call, None)))

    async def _talked(self, call: Call) -> bool:
        """Whether the call has had a topic."""
        conversation = await self._store.get(call.conversation_id)
        return conversation is not None and conversation.topics.latest is not None

    async def _filters(self, call: Call, best: Reading) -> bool:
        """Whether a language is wished of the doctors that are looked for: "any that speak
        Spanish?".
        """
        conversation = await self._store.get(call.conversation_id)
        searches = conversation is not None and conversation.topics.latest in _SEARCHES
        return searches and is_wish_for_language(best.text)

    async def _implied(self, call: Call, intent: str) -> Band:
        """What is likely is named when it is the call's first reason: later on the dialogue may
        take it for something else, by what was said before. Where people would get the call at
        once, it is asked about.
        """
        conversation = await self._store.get(call.conversation_id)
        if conversation and conversation.topics.latest:
            return "accept"
        return "imply" if self._destination(intent).self_service == "first" else "confirm"

    def _destination(self, intent: str) -> Destination:
        """Where a call about it goes, whoever calls."""
        return self._routing.destination(Asked(intent), self._clock.now())

    def _people(self, intent: str) -> str:
        """The route of those who answer it."""
        return self._destination(intent).name

    async def _answered(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        """Something was asked. What was heard badly is read back, masked, and asked about."""
        today, heard = self._clock.today(), _readings(turn)
        if (
            call.asking
            and call.asking not in _OWN_WORDS
            and not is_sure(call.asking, heard, self._bands, self._partners, today)
        ):
            texts = [each.text for each in heard]
            found = read_back(call.asking, texts, self._partners, today)
            if found:
                text, masked = found
                asked = call.last.get("question")
                call.pending = {"kind": "value", "text": text, "question": asked}
                question = f"I heard {masked}. Is that right? Say yes or no."
                return self._ask(call, "", _Question(question, self._listen(call, None)))
            badly = turn.confidence is not None and turn.confidence < self._bands.sure
            danger = await self._dangerous(turn) if badly else None
            if danger:
                return await self._in_danger(call, turn, danger)
            if badly and not await self._means_something(turn):
                return await self._failed(call, "")
        return await self._run_dialogue(call, turn, _said(turn))

    async def _means_something(self, turn: VoiceTurn) -> bool:
        """Whether what was heard badly, and is no answer by its form, is worth the dialogue's
        time: else it would be taken for a change of subject.
        """
        heard = _readings(turn)
        try:
            understood = await self._assistant.understand([each.text for each in heard])
        except AssistantUnavailable:
            return True
        return any(
            (each.confidence or 0.0) * found.confidence >= self._bands.accept
            for each, found in zip(heard, understood, strict=True)
            if found.band != "reject"
        )

    # --- questions of the phone's own ------------------------------------------------------------

    async def _settle(self, call: Call, turn: VoiceTurn, keys: str) -> VoiceReply | None:
        """The answer to the phone's own question. None: it was answered with something else."""
        pending = call.pending or {}
        kind = pending["kind"]
        if kind == "company":
            return await self._company_said(call, turn, keys, pending)
        if kind == "closed":
            return await self._closed_chosen(call, turn, keys, pending)
        if kind == "busy":
            return await self._busy_chosen(call, turn, keys, pending)
        call.pending = None
        if kind == "danger" and not keys:
            again = await self._dangerous(turn)
            if again:
                return await self._run_dialogue(call, turn, Said(text=again))
        yes = keys == "1" or (not keys and YES.fullmatch(turn.speech.strip()))
        no = keys == "2" or (not keys and NO.fullmatch(turn.speech.strip()))
        if yes:
            confirmed = pending.get("intent")
            said = Said(text=pending["text"], confirmed=confirmed, kept=_words(turn))
            return await self._run_dialogue(call, turn, said, read_back_before=kind == "value")
        if no:
            if pending.get("question"):
                call.last["question"] = pending["question"]
            if kind == "danger":
                return await self._no_danger(call)
            question = f"{say.AGAIN} {self._asked_again(call)}" if call.asking else ""
            return await self._failed(call, question)
        return None

    # --- danger ----------------------------------------------------------------------------------

    async def _in_danger(self, call: Call, turn: VoiceTurn, text: str) -> VoiceReply:
        """Something like danger was heard, and badly: asking names 911 as well, and frightens
        nobody who said something else.
        """
        call.holding = False
        if turn.confidence is None or turn.confidence >= self._bands.sure:
            call.pending = None
            return await self._run_dialogue(call, turn, Said(text=text))
        return self._danger_asked(call, text)

    def _danger_asked(self, call: Call, text: str) -> VoiceReply:
        asked = call.last.get("question")
        call.pending = {"kind": "danger", "text": text, "question": asked}
        return self._ask(call, "", _Question(say.IN_DANGER, self._listen(call, None)))

    async def _no_danger(self, call: Call) -> VoiceReply:
        """Back to what was asked before, which the caller has not failed to answer. On a line so
        bad that it sounds of danger again and again, a person is the way out.
        """
        if call.cleared:
            return await self._failed(call, "")
        call.cleared = True
        if call.asking:
            text = f"{say.NO_DANGER} {self._asked_again(call)}"
            return self._ask(call, "", _Question(text, self._listen(call, call.asking)), keep=True)
        question = _Question(say.OPEN_QUESTION, self._listen(call, None))
        return self._ask(call, say.NO_DANGER, question)

    async def _company_said(
        self, call: Call, turn: VoiceTurn, keys: str, pending: Mapping[str, Any]
    ) -> VoiceReply | None:
        danger = None if keys else await self._dangerous(turn)
        if danger:
            call.pending = None
            return await self._run_dialogue(call, turn, Said(text=danger))
        named = self._partners.named(turn.speech) if turn.speech else None
        partner = say.COMPANY_KEYS.get(keys) or (named.key if named else None)
        call.pending = None
        return await self._hand_over(
            call, "", pending["reason"], partner, language=pending["language"]
        )

    async def _closed_chosen(
        self, call: Call, turn: VoiceTurn, keys: str, pending: Mapping[str, Any]
    ) -> VoiceReply | None:
        """A call back or a message; whatever else is a new question."""
        call.pending = None
        if keys == "1" or (not keys and _CALL_BACK.search(turn.speech)):
            button = Button("call back", "/request_callback")
            return await self._run_dialogue(call, turn, Said(button=button))
        if keys == "2" or (not keys and _MESSAGE.search(turn.speech)):
            return await self._to_voicemail(call, pending["detail"])
        return None

    async def _busy_chosen(
        self, call: Call, turn: VoiceTurn, keys: str, pending: Mapping[str, Any]
    ) -> VoiceReply | None:
        """A call back, or to wait in the queue; whatever else is a new question."""
        call.pending = None
        if keys in ("0", "2") or (not keys and _WAIT.search(turn.speech)):
            return await self._to_queue(call, pending["detail"])
        if keys == "1" or (not keys and _CALL_BACK.search(turn.speech)):
            button = Button("call back", "/request_callback")
            return await self._run_dialogue(call, turn, Said(button=button))
        return None

    async def _dangerous(self, turn: VoiceTurn) -> str | None:
        """The reading that tells of danger, however badly it was heard."""
        texts = [each.text for each in _readings(turn) if each.text.strip()]
        if not texts:
            return None
        try:
            understood = await self._assistant.understand(texts)
        except AssistantUnavailable:
            return None
        pairs = zip(texts, understood, strict=True)
        return next((t for t, u in pairs if u.intent == EMERGENCY and u.band != "reject"), None)

    # --- the dialogue ----------------------------------------------------------------------------

    async def _run_dialogue(
        self, call: Call, turn: VoiceTurn, said: Said, *, read_back_before: bool = False
    ) -> VoiceReply:
        said = replace(said, client_message_id=f"{turn.platform}:{turn.turn_id}")
        call.heard = ""
        outcome = await self._conversations.member_says(call.conversation_id, said)
        call.told = " ".join(answer.speech for answer in outcome.answers)
        return await self._after(call, said, outcome, read_back_before)

    async def _after(
        self, call: Call, said: Said, outcome: Outcome, read_back_before: bool
    ) -> VoiceReply:
        answers = outcome.answers
        body = " ".join(a.speech for a in answers if a.kind != "question")
        question = " ".join(a.speech for a in answers if a.kind == "question")
        if not answers:
            # Answered before, and the bridge stopped before it had told the platform.
            told = (message.text for message in outcome.messages if message.sender == "assistant")
            body = call.told = " ".join(told)
        if outcome.closed:
            # What else was said stands; that somebody is being connected does not.
            parts = voice.sentences(f"{body} {question}")
            body = " ".join(p for p in parts if "connecting you" not in p and "hold" not in p)
            if outcome.minutes:
                return self._offer_call_back(
                    call, body, outcome.minutes, outcome.closed_detail or {}
                )
            return await self._offer_closed(call, body, outcome.closed, outcome.closed_detail or {})
        if outcome.handover_id:
            return await self._transfer(call, f"{body} {question}", outcome.handover_id)
        if outcome.failed:
            return await self._hand_over(call, body, "assistant unavailable", None)
        if outcome.conversation.owner in ("queue", "agent"):
            handover = await self._handovers.current(call.conversation_id)
            text = self._in(call, say.CONNECTING_NOW, say.SPANISH_CONNECTING)
            return await self._transfer(call, text, handover.id if handover else None)
        reply = outcome.reply
        before, asking = call.asking, reply.asking if reply else None
        likeliest = None if asking else _likeliest(answers)
        if likeliest in self._titles:
            # A list of topics is read; by phone they are asked about one at a time.
            call.asking = None
            return self._is_it(call, said.text, str(likeliest), body)
        if _misunderstood(before, outcome):
            call.asking = asking
            return await self._failed(call, f"{body} {question}".strip())
        call.asking = asking
        if not _on_the_spot(before, outcome):
            call.failures_in_a_row = 0
        if any(act.kind == "closed" for answer in answers for act in answer.acts):
            return VoiceReply(body or question, "hangup")
        if answers and not asking and answers[-1].intent == "goodbye":
            return VoiceReply(voice.plain(body), "hangup")
        person = await self._person_at_once(call, outcome, body)
        if person:
            return person
        if asking and before and before != asking and not said.button and not read_back_before:
            texts = [said.text, *said.alternatives]
            heard = read_back(before, texts, self._partners, self._clock.today())
            if heard:
                # Thanks are for what was given, not for what is asked next.
                thanks = "Thank you. " if question.startswith("Thank you. ") else ""
                question = question.removeprefix(thanks)
                body = f"{thanks}I have {heard[1]}. {body}".strip()
        call.alarmed = any(answer.intent == EMERGENCY for answer in answers)
        if call.alarmed:
            # In danger there is nothing else to be said.
            return self._ask(call, "", _Question(body, self._listen(call, asking)))
        if not question:
            return self._ask(call, body, None)
        return self._ask(call, body, _Question(question, self._listen(call, asking)))

    async def _person_at_once(self, call: Call, outcome: Outcome, body: str) -> VoiceReply | None:
        """What routing.yml gives to a person at once, once the reason is sure."""
        topic = outcome.conversation.topics.latest
        if outcome.reply is None or outcome.reply.asking or topic is None:
            return None
        said = [answer for answer in outcome.answers if answer.intent == topic]
        if not said or any(act.kind for answer in said for act in answer.acts):
            return None
        partner = next((answer.partner for answer in said if answer.partner), None)
        destination = self._handovers.destination(outcome.conversation, {"partner": partner}, None)
        if destination.self_service == "first":
            return None
        speech = body if destination.self_service == "then_person" else ""
        return await self._to_person(call, speech, self._titles.get(topic, topic), partner)

    # --- nothing usable --------------------------------------------------------------------------

    def _unheard(self, turn: VoiceTurn) -> bool:
        if not turn.speech.strip():
            return True
        return turn.confidence is not None and turn.confidence < self._bands.heard

    async def _nothing(self, call: Call, *, silent: bool) -> VoiceReply:
        """Silence, or noise. Who asked us to wait is waited for."""
        if call.holding:
            call.holding = False
            return self._again(call, say.GO_ON)
        pending = call.pending or {}
        if pending.get("kind") == "closed":
            call.pending = None
            return await self._to_voicemail(call, pending["detail"])
        if pending.get("kind") == "busy":
            call.pending = None
            return await self._to_queue(call, pending["detail"])
        if pending.get("kind") == "company":
            call.pending = None
            return await self._hand_over(
                call, "", pending["reason"], None, language=pending["language"]
            )
        if silent and call.failures_in_a_row:
            call.patient = True
        return await self._failed(call, "", silent=silent)

    async def _failed(self, call: Call, speech: str, *, silent: bool = False) -> VoiceReply:
        """Nothing usable was said: ask again, then by keys, then a person. `speech` is what the
        dialogue says to it.
        """
        call.failures_in_a_row += 1
        call.failures += 1
        stretch = 2 if call.relay or call.slow else 1
        lead = say.NOT_HEARD if silent else say.AGAIN
        if (
            call.failures_in_a_row > FAILURES_IN_A_ROW * stretch
            or call.failures >= FAILURES_IN_A_CALL * stretch
        ):
            return await self._to_person(call, lead, "could not be understood")
        listen = self._listen(call, call.asking)
        if speech:
            return self._ask(call, "", _Question(speech, listen))
        if call.alarmed:
            return self._ask(call, lead, _Question(say.ALARMED, listen))
        if call.asking or call.pending:
            text = f"{lead} {self._asked_again(call)}"
            return self._ask(call, "", _Question(text, listen), keep=True)
        if call.failures_in_a_row >= FAILURES_IN_A_ROW:
            keys = replace(listen, modes=("dtmf",), digits=1)
            return self._ask(call, lead, _Question(say.KEYS, keys))
        return self._ask(call, lead, _Question(say.DIRECTED, listen))

    def _asked_again(self, call: Call) -> str:
        """What was asked last, as the caller heard it; after a second failure the keys as well."""
        question = _asking_part(str(call.last.get("question") or say.DIRECTED))
        more = call.failures_in_a_row >= FAILURES_IN_A_ROW and keys_for(call.asking) is not None
        return f"{question} {say.SPELL_KEYS}" if more else question

    def _again(self, call: Call, lead: str = "") -> VoiceReply:
        """Say the last turn again, with the same to listen for."""
        said, listen = call.last.get("say"), call.last.get("listen")
        if not said or not listen:
            return self._ask(call, lead, _Question(say.DIRECTED, self._listen(call, call.asking)))
        again = Listen(
            **{**listen, "modes": tuple(listen["modes"]), "hints": tuple(listen["hints"])}
        )
        if call.patient:
            again = replace(again, silence_ms=max(again.silence_ms, PATIENT_SILENCE_MS))
        for before in (say.GO_ON, say.SLOWER, say.AGAIN, say.NOT_HEARD):
            said = said.removeprefix(before).strip()
        return VoiceReply(f"{lead} {said}".strip(), "listen", again)

    # --- people ----------------------------------------------------------------------------------

    async def _spanish(self, call: Call) -> VoiceReply:
        """A person who speaks Spanish, at the caller's company."""
        call.language = "es"
        return await self._to_person(call, "", "español", language="es")

    async def _to_person(
        self,
        call: Call,
        speech: str,
        reason: str,
        partner: str | None = None,
        language: str | None = None,
    ) -> VoiceReply:
        """A person at once; the company is asked for by key where it decides who that is."""
        language = language or call.language
        understood = reason != "could not be understood"
        if understood and partner is None and not await self._verified(call):
            call.pending = {"kind": "company", "reason": reason, "language": language}
            if language == "es":
                speech, text = f"{say.SPANISH_NOTICE} {speech}", say.SPANISH_COMPANY
            else:
                text = (
                    "A person will help you with that. Which company is on your card? Press 1 for "
                    "Cigna, 2 for M V P, 3 for Preferred Care, or 9 if you don't know."
                )
            listen = replace(self._listen(call, "need_partner"), digits=1)
            return self._ask(call, speech, _Question(text, listen))
        return await self._hand_over(call, speech, reason, partner, language=language)

    async def _verified(self, call: Call) -> bool:
        return await self._conversations.proof(call.conversation_id) is not None

    async def _hand_over(
        self,
        call: Call,
        speech: str,
        reason: str,
        partner: str | None,
        language: str | None = None,
        *,
        urgent: bool = False,
    ) -> VoiceReply:
        language = language or call.language
        conversation = await self._store.get(call.conversation_id)
        if conversation is None:
            return self._front_desk()
        member = await self._conversations.proof(call.conversation_id)
        if partner is None and member:
            partner = administrator(conversation.topics, member)
        detail = {"partner": partner, "reason": reason, "language": language}
        destination = self._handovers.destination(conversation, detail, member)
        if not destination.open:
            return await self._offer_closed(call, speech, destination, detail)
        text = self._in(call, say.CONNECTING, say.SPANISH_CONNECTING)
        await self._note_heard(call)
        handover_id, _ = await self._conversations.hand_over(
            conversation, reason, partner, text, language, urgent=urgent
        )
        call.told += f" {text}"
        return await self._transfer(call, f"{speech} {text}", handover_id, _code(reason))

    async def _transfer(
        self,
        call: Call,
        speech: str,
        handover_id: str | None,
        reason: str = "asked",
        *,
        wait_told: bool = False,
    ) -> VoiceReply:
        """The sentence, and after it the transfer to where the hand-over waits."""
        handover = await self._handovers.current(call.conversation_id)
        conversation = await self._store.get(call.conversation_id)
        partner = conversation.partner if conversation else None
        queue = self._routing.named(handover.queue) if handover else self._routing.queue(partner)
        quiet = wait_told or reason == "voicemail"
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

    async def _offer_closed(
        self, call: Call, speech: str, destination: Destination, detail: Mapping[str, Any]
    ) -> VoiceReply:
        """Nobody is there now: say so and when they are, and let the caller choose."""
        if call.language == "es" or detail.get("language") == "es":
            return await self._to_voicemail(call, detail)
        partner = self._partners.get(detail.get("partner"))
        who = f"{partner.spoken_name} member services" if partner else "That team"
        hours = destination.queue.hours
        opens = next_opening(hours, self._clock.now()) if hours else None
        when = (
            f" and opens {opening_words(opens, hours, self._clock.now())}"
            if opens and hours
            else ""
        )
        call.asking = None
        call.pending = {"kind": "closed", "detail": dict(detail)}
        text = f"{who} is closed now{when}."
        listen = replace(self._listen(call, None), digits=1)
        return self._ask(call, f"{speech} {text}", _Question(say.CLOSED_CHOICE, listen))

    def _offer_call_back(
        self, call: Call, speech: str, minutes: int, detail: Mapping[str, Any]
    ) -> VoiceReply:
        """Others waited long: say how long, and let the caller choose."""
        call.asking = None
        call.pending = {"kind": "busy", "detail": dict(detail)}
        text = waiting_words(minutes, call.language)
        listen = replace(self._listen(call, None), digits=1)
        return self._ask(call, f"{speech} {text}", _Question(say.BUSY_CHOICE, listen))

    async def _to_queue(self, call: Call, detail: Mapping[str, Any]) -> VoiceReply:
        """Who has heard how long it takes, and waits."""
        conversation = await self._store.get(call.conversation_id)
        if conversation is None:
            return self._front_desk()
        await self._note_heard(call)
        handover_id, _ = await self._conversations.hand_over(
            conversation,
            str(detail.get("reason") or ""),
            detail.get("partner"),
            say.CONNECTING,
            detail.get("language"),
        )
        call.told += f" {say.CONNECTING}"
        return await self._transfer(call, say.CONNECTING, handover_id, wait_told=True)

    async def _to_voicemail(self, call: Call, detail: Mapping[str, Any]) -> VoiceReply:
        """The hand-over waits at the desk, and the call goes to the company's voicemail."""
        conversation = await self._store.get(call.conversation_id)
        if conversation is None:
            return self._front_desk()
        spanish = detail.get("language") == "es"
        text = say.SPANISH_CLOSED if spanish else say.LEAVE_MESSAGE
        reason = str(detail.get("reason") or "")
        await self._note_heard(call)
        handover_id, destination = await self._conversations.hand_over(
            conversation, reason, detail.get("partner"), text, detail.get("language")
        )
        call.told += f" {text}"
        reply = await self._transfer(call, text, handover_id, "voicemail")
        voicemail = destination.queue.voicemail
        if reply.route and voicemail:
            # By address alone: the workflow would ring people who are not there.
            return replace(reply, route=replace(reply.route, target=voicemail, workflow=""))
        return reply

    def _front_desk(self) -> VoiceReply:
        queue = self._routing.queue(None)
        route = Route(
            None, queue.name, queue.workflow, "assistant unavailable", None, target=queue.target
        )
        return VoiceReply(say.WENT_WRONG, "transfer", route=route)

    # --- saying and listening --------------------------------------------------------------------

    def _ask(
        self, call: Call, body: str, question: _Question | None, *, keep: bool = False
    ) -> VoiceReply:
        """An answer and what ends it (None: that they may go on). What is too long for one hearing
        waits for "more".
        """
        body = voice.plain(body)
        if voice.seconds(body) > voice.MOST_ANSWER_SECONDS:
            room = voice.MOST_ANSWER_SECONDS - voice.seconds(say.MORE)
            body, call.rest = voice.split(body, room)
            body = f"{body} {say.MORE}"
        question = question or self._what_else(call, body)
        if not keep:
            call.last = {"question": question.text}
        return VoiceReply(f"{body} {question.text}".strip(), "listen", question.listen)

    def _what_else(self, call: Call, body: str) -> _Question:
        """That they may go on, unless the answer ends in a question or in what can be said next."""
        last = voice.sentences(body)[-1] if body else ""
        told = call.rest or last.endswith("?") or last.startswith("Say ")
        return _Question("" if told else say.ELSE, self._listen(call, call.asking))

    def _last_question(self, call: Call) -> _Question:
        text = str(call.last.get("question") or say.OPEN_QUESTION)
        if text == say.GREETING:
            text = say.OPEN_QUESTION
        return _Question(text, self._listen(call, call.asking))

    def _listen(self, call: Call, asking: str | None) -> Listen:
        silence = CARD_SILENCE_MS if asking and asking.startswith("factor_") else SILENCE_MS
        if call.patient or call.relay:
            silence = PATIENT_SILENCE_MS
        return Listen(digits=keys_for(asking) or 0, hints=hints_for(asking), silence_ms=silence)

    def _in(self, call: Call, english: str, spanish: str) -> str:
        return spanish if call.language == "es" else english


def _rendered(call: Call, reply: VoiceReply) -> VoiceReply:
    """With words that a voice says well, and the same as SSML."""
    spoken = voice.plain(reply.say)
    language = "es-US" if call.language == "es" else "en-US"
    marked = voice.ssml(spoken, slow=call.slow, language=language) if spoken else ""
    return replace(reply, say=spoken, ssml=marked, language=language)


def _readings(turn: VoiceTurn) -> list[Heard]:
    """What was said and the recogniser's other readings, each once."""
    found = {turn.speech: Heard(turn.speech, turn.confidence)}
    for other in turn.alternatives:
        # A further reading without a confidence is less likely than the first.
        less = 0.8 * (1.0 if turn.confidence is None else turn.confidence)
        confidence = less if other.confidence is None else other.confidence
        if other.text.strip():
            found.setdefault(other.text, Heard(other.text, confidence))
    return list(found.values())[:MOST_READINGS]


def _unkept(call: Call, reply: VoiceReply) -> list[Draft]:
    """What the dialogue has not kept, so that the transcript has all that was said."""
    known = set(voice.sentences(voice.plain(call.told)))
    told = " ".join(part for part in voice.sentences(reply.say) if part not in known)
    return spoken(call.heard, told)


def _words(turn: VoiceTurn) -> str:
    """What the caller said or pressed, as the transcript shows it."""
    keys = turn.digits.rstrip("#")
    return f"(key {keys})" if keys else turn.speech.strip()


def _said(turn: VoiceTurn) -> Said:
    return Said(text=turn.speech, alternatives=tuple(h.text for h in _readings(turn)[1:]))


def _asking_part(text: str) -> str:
    """A question without what was said before it: that was heard the first time."""
    parts = voice.sentences(text)
    first = next((at for at, part in enumerate(parts) if part.endswith("?")), 0)
    return " ".join(parts[first:])


def _likeliest(answers: Sequence[Answer]) -> str | None:
    """The likeliest topic where the dialogue asks which of a few was meant, and says no more."""
    for answer in answers:
        if answer.kind == "question" and answer.facts.get("suggested"):
            return str(answer.facts["suggested"][0]["intent"])
    return None


def _misunderstood(asked: str | None, outcome: Outcome) -> bool:
    """Whether the turn brought the caller no further."""
    reply = outcome.reply
    if reply is None:
        return False
    if reply.asking and reply.failures.get(reply.asking, 0) > 0 and reply.asking == asked:
        return True
    return bool(outcome.answers) and all(
        answer.intent in ("out_of_scope", "unclear") for answer in outcome.answers
    )


def _on_the_spot(asked: str | None, outcome: Outcome) -> bool:
    """Whether the same is still asked and nothing was answered: no failure, and no way forward."""
    reply = outcome.reply
    return (
        asked is not None
        and reply is not None
        and reply.asking == asked
        and not any(answer.kind == "answer" for answer in outcome.answers)
    )


def _code(reason: str) -> str:
    """A reason that may travel: only the line's own, never a caller's words."""
    known: Sequence[str] = ("assistant unavailable", "could not be understood")
    return reason if reason in known else "asked"
