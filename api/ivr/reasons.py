"""The open question was answered: the recogniser's readings and what each means are weighed, then
the likeliest reason is acted on, asked about, or asked for again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from alliance.aspects import FOR_ANOTHER, is_wish_for_language
from alliance.clock import Clock
from alliance.harsh import only_insults
from alliance.hearing import EMERGENCY, Band, Reading, VoiceBands, judge
from alliance.routing import Asked, Destination, Routing
from api.assistant import Assistant, Understood
from api.conversations.store import ConversationStore
from api.errors import AssistantUnavailable
from api.ivr import prompts
from api.ivr.calls import Call
from api.ivr.danger import ask_danger
from api.ivr.dialogue import Dialogue
from api.ivr.people import People
from api.ivr.readings import readings, said_in
from api.ivr.setbacks import Setbacks
from api.ivr.turns import Heard, VoiceReply, VoiceTurn

# Heard this well, what is not understood was understood as words: the dialogue says what it can do.
HEARD_WELL = 0.6
# So likely it may be danger, whatever else is likelier.
PERHAPS_DANGER = 0.3
# After these, a language is one of the doctor.
_SEARCHES = frozenset(
    {"find_provider", "find_facility", "find_pharmacy", "provider_details", "check_network"}
)
# The knowledge's entry of who would rather be asked first who they are.
_FIRST = "proof-first"
# So near to an entry's example questions that it need not be asked what it is about.
_VERY_NEAR = 0.5
# "They said I need a prior, what is that": the dialogue knows what words mean.
_ASKS_MEANING = re.compile(
    r"\bwhat(?:'?s| is| does) (?:that|it|this)(?: even| really)?(?: mean)?\W*$", re.IGNORECASE
)
# Who wants a person, or one who speaks their language, is given one also after danger was told of.
_TO_PEOPLE = frozenset({"language_help", "speak_to_agent"})
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


class Reasons:
    """Finds out why somebody calls, by the confidence bands."""

    def __init__(
        self,
        assistant: Assistant,
        store: ConversationStore,
        dialogue: Dialogue,
        people: People,
        setbacks: Setbacks,
        routing: Routing,
        titles: Mapping[str, str],
        bands: VoiceBands,
        clock: Clock,
    ) -> None:
        self._assistant = assistant
        self._store = store
        self._dialogue = dialogue
        self._people = people
        self._setbacks = setbacks
        self._routing = routing
        self._titles = titles
        self._bands = bands
        self._clock = clock

    async def told(self, call: Call, turn: VoiceTurn) -> VoiceReply:
        """The caller has said what they want."""
        call.utterances += 1
        if _FOLLOW_UP.match(turn.speech):
            return await self._dialogue.run(call, turn, said_in(turn))
        heard = readings(turn)
        try:
            understood = await self._assistant.understand([each.text for each in heard])
        except AssistantUnavailable:
            # The turn itself finds out and says so.
            return await self._dialogue.run(call, turn, said_in(turn))
        weighed = [_weighed(*pair) for pair in zip(heard, understood, strict=True)]
        band, best = judge(weighed, self._bands, self._titles.keys(), self._people_for)
        meant = understood[weighed.index(best)]
        if best.intent == EMERGENCY and band == "confirm":
            return ask_danger(call, best.text)
        if best.band != "accept" and dict(meant.ranking).get(EMERGENCY, 0.0) >= PERHAPS_DANGER:
            # The dialogue hears danger in more than the likeliest topic.
            said = replace(said_in(turn), text=best.text, parsed=meant.parsed)
            return await self._dialogue.run(call, turn, said)
        if call.alarmed and best.band != "reject" and best.intent not in _TO_PEOPLE:
            # "Which hospital do I go to?", told of 911: the dialogue knows what was said before.
            said = replace(said_in(turn), text=best.text, parsed=meant.parsed)
            return await self._dialogue.run(call, turn, said)
        if band == "imply":
            band = await self._implied(call, best.intent)
        if band in ("accept", "imply"):
            return await self._acted_on(call, turn, best, meant, named=band == "imply")
        return await self._unsure(call, turn, band, best, meant)

    async def _acted_on(
        self, call: Call, turn: VoiceTurn, best: Reading, meant: Understood, *, named: bool
    ) -> VoiceReply:
        """The likeliest reason, answered; `named`: said first, so that the caller can object."""
        if meant.spanish and best.intent == "language_help" and not await self._filters(call, best):
            return await self._people.spanish(call)
        unsure = best.band == "confirm" and best.questions == 1 and best.intent in self._titles
        confirmed = best.intent if unsure else None
        said = replace(said_in(turn), text=best.text, confirmed=confirmed, parsed=meant.parsed)
        lead = f"This is about {self._titles[best.intent]}." if named else ""
        return await self._dialogue.run(call, turn, said, lead=lead)

    async def _unsure(
        self, call: Call, turn: VoiceTurn, band: Band, best: Reading, meant: Understood
    ) -> VoiceReply:
        well = best.recognised >= HEARD_WELL
        asks = _ASKS_MEANING.search(best.text) is not None
        known = _is_known(meant) or asks or only_insults(best.text)
        if band == "confirm" and well and (known or await self._talked(call)):
            # What was said before may tell what is meant: the dialogue asks if it does not.
            return await self._dialogue.run(call, turn, replace(said_in(turn), text=best.text))
        if band == "confirm":
            return prompts.ask_topic(call, best.text, best.intent, self._titles[best.intent])
        if well:
            return await self._dialogue.run(call, turn, said_in(turn))
        return await self._setbacks.failed(call, "")

    async def _talked(self, call: Call) -> bool:
        """Whether the call has had a topic."""
        return await self._latest(call) is not None

    async def _filters(self, call: Call, best: Reading) -> bool:
        """Whether a language is wished of the doctors that are looked for: "any that speak
        Spanish?".
        """
        return await self._latest(call) in _SEARCHES and is_wish_for_language(best.text)

    async def _implied(self, call: Call, intent: str) -> Band:
        """What is likely is named when it is the call's first reason: later on the dialogue may
        take it for something else, by what was said before. Where people would get the call at
        once, it is asked about.
        """
        if await self._talked(call):
            return "accept"
        return "imply" if self._destination(intent).self_service == "first" else "confirm"

    async def _latest(self, call: Call) -> str | None:
        """The call's last topic."""
        conversation = await self._store.get(call.conversation_id)
        return conversation.topics.latest if conversation else None

    def _destination(self, intent: str) -> Destination:
        """Where a call about it goes, whoever calls."""
        return self._routing.destination(Asked(intent), self._clock.now())

    def _people_for(self, intent: str) -> str:
        """The route of those who answer it."""
        return self._destination(intent).name


def _is_known(meant: Understood) -> bool:
    """Whether it is nearest to the examples of those who call for somebody else, or who would be
    asked first who they are, or very near to what is asked of some rule: the dialogue tells them
    what holds, whatever it is about.
    """
    questions = (meant.parsed or {}).get("questions") or []
    near = (questions[0].get("details") or []) if questions else []
    known = {*FOR_ANOTHER, _FIRST}
    if not near or near[0]["band"] != "accept":
        return False
    return near[0]["entry"] in known or near[0]["confidence"] >= _VERY_NEAR


def _weighed(heard: Heard, meant: Understood) -> Reading:
    return Reading(
        heard.text,
        1.0 if heard.confidence is None else heard.confidence,
        meant.intent,
        meant.confidence,
        meant.band,
        meant.questions,
        meant.ranking,
    )
