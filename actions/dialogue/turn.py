"""One turn as an action sees it: Rasa's tracker, the bridge's context, what goes back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.answers.wording import silent_company
from actions.dialogue.agenda import Item, Memory, Near
from actions.dialogue.danger import (
    hints_at_danger,
    is_bare_fact,
    is_only_refused,
    is_presence,
    only_withholds,
    tells_no_harm,
)
from actions.dialogue.enumerated import one_each
from actions.dialogue.intents import intents
from actions.dialogue.put_right import not_taken_back, put_right
from alliance.answer import Answer, Button
from alliance.aspects import names_no_matter
from alliance.harsh import is_harsh, is_sarcastic
from alliance.partners import Partners
from alliance.turn import TurnContext

FACTOR_SLOTS = (
    "factor_first_name",
    "factor_member_id",
    "factor_card_company",
    "factor_date_of_birth",
    "factor_zip",
    "factor_last_name",
    "factor_second",
)
_THINGS = frozenset({"service", "specialty", "facility", "drug"})
# What is said in between: what could not be reached before is still what is talked of.
_SMALL_TALK = frozenset({"greet", "thank", "unclear", "out_of_scope", "feedback_negative"})
# Some word of these has to stand in what is taken for one of these moves.
_WORDED = {
    "feedback_positive": re.compile(
        r"\b(?:good|great|nice|thank\w*|thx|ty|perfect|awesome|excellent|help\w*|lov\w+|cool|fine|"
        r"o?k|okay|wonderful|amazing|best|better|works?|worked|fantastic|brilliant|appreciat\w+|"
        r"happy|like\w*|glad|sweet|super\w*|easy|easier|smart|right|yes|yay|impress\w+|clear\w*|"
        r"sense|understood|understand|got it|gracias|bueno|useful|kind|pleas\w+|satisf\w+|exactly|"
        r"alright|correct|beautiful|lovely|lifesaver|star|terrific|well done|saved|sorted|solved|"
        r"relie\w+|reassur\w+|fast|quick\w*|wow)\b",
        re.IGNORECASE,
    ),
    "cancel": re.compile(
        r"\b(?:cancel\w*|stop\w*|never ?mind|nvm|forget|quit|skip|drop|over|nothing|no+|nope|nah|"
        r"leave|end|exit|reset|scratch|don'?t|do not|abort|back|enough|done|restart|changed|"
        r"olvid\w*|hold|wait|off|not|later|instead|rather|else|menu|main|begin\w*|new)\b",
        re.IGNORECASE,
    ),
    "request_callback": re.compile(
        r"\b(?:call\w*|phone\w*|ring|reach|contact|back|hear|dial|number|talk|speak|some\w+|person|"
        r"agent|rep\w*|human|line|later|earlier|morning|noon|afternoon|evening|tonight|tomorrow|"
        r"today|\w+day|at|before|after|llam\w+)\b|\d",
        re.IGNORECASE,
    ),
    "ask_capabilities": re.compile(
        r"\b(?:you|your|u|ya|this|bot|robot|chat|here|help|menu|options?|features?|memberline|"
        r"assistant|topics?|it do|usted|puede|questions?|ask\w*|inquir\w+|info\w*)\b",
        re.IGNORECASE,
    ),
}
_TELLS = re.compile(
    r"\W*(?:(?:but|well|and|because|cuz)\W+)*(?:we|he|she|they)"
    r"(?:'re|'s| are| is| were| was)(?:n'?t)? (?:not |no )?\w+",
    re.IGNORECASE,
)
# What a lone sign says; the tint of a hand and repetition aside.
_SIGNS = {
    "\N{THUMBS UP SIGN}": "affirm",
    "\N{OK HAND SIGN}": "affirm",
    "\N{WHITE HEAVY CHECK MARK}": "affirm",
    "\N{THUMBS DOWN SIGN}": "deny",
    "\N{PERSON WITH FOLDED HANDS}": "thank",
    "\N{HEAVY BLACK HEART}": "thank",
    "\N{WAVING HAND SIGN}": "goodbye",
}
_BARE_SIGN = re.compile(r"[\s\ufe0f\U0001f3fb-\U0001f3ff]|(?<=(.))\1")
# Of "1) my March claim 2) my card", the number of the next is no part of the one before.
_NEXT_NUMBER = re.compile(r"\s+\(?\d[).](?=\s*$)")
_SURE_OF_NUMBER = 0.8
# So sure it is believed, whatever the words.
_SURE_OF_TALK = 0.8
_A_NUMBER = re.compile(
    r"\b(?:n[uo]m?b?e?rs?|no|reference|ref|confirmation|tracking|ids?|codes?|called)\b|#|n[uú]mero",
    re.IGNORECASE,
)
# A question of its own, which asks nothing of the matter before.
NO_ASPECT = "none"
# Who somebody is would rather not be told.
WITHHOLDING = "withholding"
# What is asked of a matter and nobody in danger asks: "how do I do CPR" asks for a way.
_HARMLESS = frozenset({"who", "documents", "cost", "paying"})


@dataclass
class Turn:
    """What was said and what is known; `say` and the state fields collect the outcome."""

    context: TurnContext
    partners: Partners
    text: str
    intent: str
    confidence: float
    questions: tuple[Item, ...]
    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Mapping[str, Any], ...]
    # Whether the questions are what a caller said yes to.
    confirmed: bool
    alternatives: tuple[str, ...]
    # Whether hard words were said, here or in a part that was left out (bot/channel.py).
    harsh: bool
    fresh: bool
    # Whether something has been said in reply to the message already.
    spoke: bool
    asking: str | None
    in_form: bool
    agenda: list[Item]
    memory: Memory
    failures: dict[str, int]
    factors: dict[str, Any]
    answers: list[Answer] = field(default_factory=list)

    def say(self, answer: Answer) -> None:
        """Add an answer to the reply; the same words are not said twice in it."""
        again = any(said.text == answer.text and not answer.acts for said in self.answers)
        if not (again and answer.text):
            self.answers.append(answer)

    @property
    def barred(self) -> bool:
        """Whether the member's records stay closed after too many failed tries. For an agent, who
        can prove the member in another way, they do not.
        """
        return self.memory.barred is not None and self.live and self.context.verified is None

    @property
    def outside(self) -> bool:
        """Whether the one who asks was found to have a plan that is none of the alliance's, and has
        named no other card since.
        """
        return self.memory.outside is not None and self.live and self.context.verified is None

    @property
    def newcomer(self) -> bool:
        """Whether the one who asks has no plan with us yet, and so nothing to be looked up."""
        return self.memory.newcomer and self.context.verified is None

    @property
    def shut(self) -> bool:
        """Whether no look-up of the member's own is to be begun or offered here."""
        return self.barred or self.outside or self.newcomer

    @property
    def live(self) -> bool:
        """Whether this turn may book, send, count or change anything."""
        return self.context.mode == "live"

    def forget_factors(self) -> None:
        """Factors are cleared once used, refused or dropped."""
        self.factors = {}

    def events(self) -> list[dict[str, Any]]:
        """The slots as they stand now, as Rasa events."""
        told = [each.intent for each in self.answers if each.kind != "question" and each.intent]
        if told:
            silent = (silent_company(each.text, self.partners) for each in self.answers)
            unreached = next(filter(None, silent), None)
            if told[-1] in _SMALL_TALK:
                unreached = unreached or self.memory.unreached
            warned = self.memory.warned or "emergency" in told
            self.memory = replace(self.memory, told=told[-1], unreached=unreached, warned=warned)
        values: dict[str, Any] = {
            "agenda": [item.to_json() for item in self.agenda] or None,
            "memory": self.memory.to_json(),
            "failures": self.failures or None,
            **{name: self.factors.get(name) for name in FACTOR_SLOTS},
        }
        return [{"event": "slot", "name": name, "value": value} for name, value in values.items()]

    def utter(self, dispatcher: CollectingDispatcher) -> None:
        """Send what was said through Rasa to the bridge."""
        for answer in _with_each_button_once(self.answers):
            dispatcher.utter_message(json_message=answer.to_json())


def _with_each_button_once(answers: Sequence[Answer]) -> list[Answer]:
    """Of several answers to one message only the last one that has it offers the same way on."""
    shown: list[Answer] = []
    offered: set[Button] = set()
    for answer in reversed(answers):
        left = tuple(button for button in answer.buttons if button not in offered)
        offered.update(left)
        shown.append(replace(answer, buttons=left))
    return shown[::-1]


_TELLER = re.compile(
    r"\b(?:my|our) [\w-]+(?: [\w-]+)? (?:just |already |has |had )*(?:opened|found|saw|seen|read|"
    r"noticed|showed|says|said|thinks|told|asked|handed)\b",
    re.IGNORECASE,
)
_I_ASK = re.compile(
    r"\b(?:why|what|when|how(?: much| many| long)?|do|did|is|was|has|have|am|can) "
    r"(?:(?:do|did|does|is|was|am|have|has|should|must|would|will) )?(?:i|my) (?!(?:husband|wife|"
    r"son|daughter|kids?|child\w*|mother|father|mom|dad|baby)\b)"
    r"(?!.*\b(?:he|she|his|her|hers|him|their|theirs|them)\b)",
    re.IGNORECASE,
)


def read_turn(tracker: Tracker, context: TurnContext, partners: Partners, runner: str) -> Turn:
    """Make the turn from Rasa's tracker and the bridge's context. `runner` is the Rasa action on
    whose behalf we are called: `need_form` for its validation, or the action itself.
    """
    message = tracker.latest_message or {}
    intent = message.get("intent") or {}
    text = message.get("text") or ""
    entities = tuple(_without_teller(text, message.get("entities") or ()))
    member = context.verified
    home = member.person.zip_code if member else None
    memory = replace(Memory.from_json(tracker.get_slot("memory")), home=home or None)
    if sign := _SIGNS.get(_BARE_SIGN.sub("", text)):
        intent = {"name": sign, "confidence": 1.0}
        message = {**message, "questions": []}
    harmless = is_presence(text) or is_bare_fact(text) or _asks_of_topic(memory, message)
    harmless = harmless or _names_other_kind(memory, entities, text)
    if intent.get("name") == "emergency" and harmless:
        # "She's not here right now", "can he do it today?" sound like danger to the classifier, and
        # are none.
        intent = {"name": "inform", "confidence": 1.0}
        message = {**message, "questions": []}
    elif intent.get("name") == "emergency" and is_only_refused(text):
        intent = {"name": "coverage_status", "confidence": 1.0}
        message = {**message, "questions": []}
    elif intent.get("name") == "emergency" and _keeps_to_themselves(tracker, message):
        intent = {"name": "deny", "confidence": 1.0}
        kept = message.get("questions") or ()
        message = {**message, "questions": [{**each, "intent": "deny"} for each in kept]}
    metadata = message.get("metadata") or {}
    loop = tracker.active_loop or {}
    questions = _confirmed(message, entities, text) or _questions(
        message.get("questions"),
        intent,
        entities,
        text,
        after=bool(memory.topic or loop.get("name")),
    )
    name = intent.get("name") or "out_of_scope"
    aged = is_bare_fact(text) and memory.told != "emergency"
    if len(questions) == 1 and not aged and hints_at_danger(questions[0]):
        name = "emergency"
        questions = (replace(questions[0], intent=name, band="accept"),)
    return Turn(
        context=context,
        partners=partners,
        text=text,
        intent=questions[0].intent if name in _WORDED or name == "repeat" else name,
        confidence=float(intent.get("confidence") or 0.0),
        questions=questions,
        ranking=tuple(
            (entry["name"], float(entry["confidence"]))
            for entry in message.get("intent_ranking") or ()
            if entry["name"] in intents()
        ),
        entities=entities,
        confirmed=bool(_confirmed(message, entities, text)),
        alternatives=tuple(metadata.get("alternatives") or ()),
        harsh=bool(metadata.get("harsh")) or is_harsh(text) or is_sarcastic(text),
        fresh=not _done_since_message(tracker, runner),
        spoke=_said_since_message(tracker),
        asking=tracker.get_slot("requested_slot") if loop.get("name") else None,
        in_form=bool(loop.get("name")),
        agenda=[Item.from_json(item) for item in tracker.get_slot("agenda") or ()],
        memory=memory,
        failures=dict(tracker.get_slot("failures") or {}),
        factors={
            name: value for name in FACTOR_SLOTS if (value := tracker.get_slot(name)) is not None
        },
    )


def _keeps_to_themselves(tracker: Tracker, message: Mapping[str, Any]) -> bool:
    """Whether who is asked who they are surely would rather not say it, and tells of no harm."""
    asked = str(tracker.get_slot("requested_slot") or "").startswith("factor_")
    said = [_aspect(entry.get("asks") or {}, "") for entry in message.get("questions") or ()]
    surely = len(said) == 1 and said[0].get("aspect") == WITHHOLDING
    return asked and surely and said[0]["aspect_sure"] and only_withholds(message.get("text") or "")


def _names_other_kind(memory: Memory, entities: Sequence[Mapping[str, Any]], text: str) -> bool:
    """Whether, after a search, another kind of doctor is named, and no harm: "my wife says it isn't
    the foot, it's the skin on it, so a skin doctor".
    """
    named = any(each.get("entity") == "specialty" for each in entities)
    return memory.searched is not None and named and tells_no_harm(text)


def _asks_of_topic(memory: Memory, message: Mapping[str, Any]) -> bool:
    """Whether the message surely asks something harmless of the topic: no danger, unless some was
    told of just now.
    """
    last = memory.last[-1].get("intent") if memory.last else None
    if last in (None, "emergency"):
        return False
    asked = [_aspect(entry.get("asks") or {}, "") for entry in message.get("questions") or ()]
    return bool(asked) and all(
        each.get("aspect_sure") and each["aspect"] in _HARMLESS for each in asked
    )


def _done_since_message(tracker: Tracker, runner: str) -> list[str]:
    """The actions run since the member's message. Rasa shows a form as already run to the action
    that validates it.
    """
    done: list[str] = []
    for event in reversed(tracker.events):
        if event["event"] == "user":
            break
        if event["event"] == "action":
            done.append(event["name"])
    if runner == "need_form" and done and done[0] == runner:
        done.pop(0)
    return done


def _said_since_message(tracker: Tracker) -> bool:
    """Whether an action before this one has said something to the member's message."""
    for event in reversed(tracker.events):
        if event["event"] in ("user", "bot"):
            return bool(event["event"] == "bot")
    return False


def _confirmed(
    message: Mapping[str, Any], entities: Sequence[Mapping[str, Any]], text: str
) -> tuple[Item, ...]:
    """What a caller said yes to, when the bridge had asked whether that was meant."""
    intent = (message.get("metadata") or {}).get("confirmed")
    if not isinstance(intent, str) or intent not in intents():
        return ()
    return (Item(intent, text, tuple(entities)),)


def _without_teller(text: str, entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entities without a relative who only found or said something about what is the speaker's
    own: "my husband opened my bill, why do I owe that?".
    """
    told = _TELLER.search(text)
    if told is None or not _I_ASK.search(text, told.end()):
        return list(entities)
    return [
        each
        for each in entities
        if each["entity"] != "relation" or not told.start() <= each.get("start", -1) < told.end()
    ]


def _questions(
    found: Sequence[Mapping[str, Any]] | None,
    intent: Mapping[str, Any],
    entities: Sequence[Mapping[str, Any]],
    text: str,
    *,
    after: bool,
) -> tuple[Item, ...]:
    """The message's questions in order; a button's message has an intent and no questions. `after`:
    whether something was told before, of which it may be.
    """
    if not found:
        said = "" if text.startswith("/") else text
        return (Item(intent.get("name") or "out_of_scope", said, tuple(entities)),)
    asked: list[Item] = []
    for entry in found:
        begins = entry["span"][0]
        part = _NEXT_NUMBER.sub("", text[begins : entry["span"][1]])
        whole = Item(
            entry["intent"],
            part,
            tuple(_without_teller(text, entry.get("entities") or ())),
            band=entry.get("band", "accept"),
            details=tuple(map(Near.read, entry.get("details") or ())),
            **_aspect(entry.get("asks") or {}, part),
        )
        right = put_right(whole, text, begins)
        sure = not after or (entry["confidence"] >= _SURE_OF_TALK and right.aspect is None)
        several = one_each(right, begins) if right is whole else (right,)
        asked += (_as_worded(item, sure=sure) for item in several)
    return tuple(not_taken_back(asked))


def _as_worded(item: Item, *, sure: bool) -> Item:
    """What only sounds like praise, or like a question to the assistant itself, is not understood,
    unless it is `sure`: "that took long enough", "how am I supposed to fix it". What names a thing
    is no bare "again".
    """
    if item.intent == "deny" and _TELLS.match(item.text):
        # "We're not married" says no to nothing.
        return replace(item, intent="inform")
    if item.intent == "repeat" and any(each["entity"] in _THINGS for each in item.entities):
        return replace(item, intent="inform")
    words = None if sure else _WORDED.get(item.intent)
    if words is None or not re.search(r"\w", item.text) or words.search(item.text):
        return item
    return replace(item, intent="out_of_scope", band="reject")


def _aspect(asks: Mapping[str, Any], text: str) -> dict[str, Any]:
    """What a question asks of the matter that was told before it, and how sure that is: surer where
    its words name no matter. Nothing of it, for sure, asks a question of its own.
    """
    if not asks or asks["band"] == "reject":
        return {}
    aspect = None if asks["name"] == NO_ASPECT else asks["name"]
    unsure = asks["confidence"] < _SURE_OF_NUMBER
    if aspect == "number" and unsure and _A_NUMBER.search(text) is None:
        # "They ask for more than that" only sounds like it.
        return {}
    bare = aspect is not None and names_no_matter(text)
    return {"aspect": aspect, "aspect_sure": bare or asks["band"] == "accept"}
