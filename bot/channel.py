"""The channel that the bridge calls: one request a turn, everything about the turn in the reply.

Routes, all POST with JSON and the header `X-Memberline-Token`:

- `/webhooks/bridge/turn` `{conversation_id, text, channel, alternatives?, confirmed?, parsed?}` →
  `{messages, questions, intent, ranking, entities, asking, failures}`
- `/webhooks/bridge/understand` `{texts}` → `{understood: [{intent, ranking, questions, parsed}]}`,
  with no conversation touched: the phone weighs a recogniser's readings before it takes one, and
  gives `parsed` of that one back with the turn, so that it is not read twice
- `/webhooks/bridge/seed` `{source, target}`: the shadow's tracker begins as a copy
- `/webhooks/bridge/feed` `{conversation_id, text, last?}`: the shadow hears what the agent said;
  with `last` it is what "repeat that" says again
- `/webhooks/bridge/forget` `{conversation_id}`: the shadow's tracker is thrown away

The bridge cleans the text, serialises each conversation and makes the ids; this channel trusts it
and nobody else: it listens on loopback and asks for the token.
"""

from __future__ import annotations

import hmac
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from alliance.harsh import beside_it, is_harsh, is_sarcastic
from alliance.interjections import matter
from alliance.speaker import introduced
from bot.copies import copy_less
from bot.graph_runner import plan_once
from bot.remote_action import compile_validator_once, keep_connections
from bot.rules import match_once
from bot.tracker_store import RecentTurnsTrackerStore

# A complaint or danger understood so surely is heard with every word of it.
_SURE = 0.8
_ABOUT_US = frozenset({"feedback_negative", "complaint", "out_of_scope"})
_NO_QUESTION = _ABOUT_US | {
    *("greet", "goodbye", "thank", "affirm", "deny", "inform", "cancel", "repeat"),
    *("bot_challenge", "ask_capabilities", "feedback_positive"),
}
_MOST_PARTS = 4
# The slot in which the dialogue keeps what was talked about.
_MEMORY = "memory"
Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]


class BridgeInput(InputChannel):
    """Rasa's side of the bridge."""

    @classmethod
    def name(cls) -> str:
        return "bridge"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> BridgeInput:
        return cls((credentials or {}).get("token", ""))

    def __init__(self, token: str) -> None:
        self._token = token
        compile_validator_once()
        keep_connections()
        copy_less()
        plan_once()
        match_once()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's `on_new_message` is unused: its lock polls once a second, and its
        reply has no room for questions and confidence.
        """
        routes = Blueprint("bridge_webhook")

        def guarded(handler: Handler) -> Handler:
            async def guard(request: Request) -> HTTPResponse:
                given = request.headers.get("x-memberline-token", "")
                if not self._token or not hmac.compare_digest(given, self._token):
                    return response.json({"error": "unauthorized"}, status=401)
                return await handler(request)

            guard.__name__ = handler.__name__
            return guard

        routes.add_route(guarded(_turn), "/turn", methods=["POST"])
        routes.add_route(guarded(_understand), "/understand", methods=["POST"])
        routes.add_route(guarded(_seed), "/seed", methods=["POST"])
        routes.add_route(guarded(_feed), "/feed", methods=["POST"])
        routes.add_route(guarded(_forget), "/forget", methods=["POST"])
        return routes


async def _turn(request: Request) -> HTTPResponse:
    body = request.json
    processor = _processor(request.app)
    output = CollectingOutputChannel()
    text, left_out = await _matter(processor, body["text"])
    message = UserMessage(
        text=text,
        output_channel=output,
        sender_id=body["conversation_id"],
        input_channel=BridgeInput.name(),
        metadata={
            "channel": body["channel"],
            "alternatives": body.get("alternatives", []),
            "confirmed": body.get("confirmed"),
            "harsh": is_harsh(body["text"]) or is_sarcastic(body["text"]),
        },
        parse_data=_read_before(body, text) or await _beside_introduction(processor, text),
    )
    tracker = await processor.log_message(message, should_save_tracker=False)
    tracker = await processor.run_action_extract_slots(output, tracker)
    await processor._run_prediction_loop(output, tracker)
    await processor.save_tracker(tracker)
    return response.json(_reply(tracker, output, left_out))


def _read_before(body: dict[str, Any], text: str) -> dict[str, Any] | None:
    """What the text was taken for when it was weighed against other readings of it."""
    parsed = body.get("parsed")
    return parsed if isinstance(parsed, dict) and parsed.get("text") == text else None


async def _matter(processor: MessageProcessor, text: str) -> tuple[str, int]:
    """What is said without interjections and hard words around it, and how many characters stand
    before it.
    """
    if text.startswith("/"):
        return text, 0
    begins, ends = matter(text)
    asked, left_out = await _beside_hard_words(processor, text[begins:ends])
    return asked, begins + left_out


async def _beside_hard_words(processor: MessageProcessor, text: str) -> tuple[str, int]:
    """The question beside hard words, and how many characters stand before it; the whole message
    where there is none, or where it is a complaint in so many words.
    """
    if not is_harsh(text):
        return text, 0
    whole = await processor.parse_message(UserMessage(text, sender_id="understand"))
    name, sure = whole["intent"]["name"], whole["intent"]["confidence"]
    if name == "emergency" or (name == "complaint" and sure >= _SURE):
        return text, 0
    least = 0.0 if name in _ABOUT_US else sure
    for start, end in itertools.islice(beside_it(text), _MOST_PARTS):
        part = await processor.parse_message(UserMessage(text[start:end], sender_id="understand"))
        asked = [question for question in part.get("questions", ()) if question["band"] == "accept"]
        if asked and asked[0]["confidence"] >= least and asked[0]["intent"] not in _NO_QUESTION:
            return text[start:end].strip(), start
    return text, 0


async def _beside_introduction(processor: MessageProcessor, text: str) -> dict[str, Any] | None:
    """What a message is taken for whose first words only say who speaks now, where they make it
    sound like danger: that of the words after them. None where it is understood as it stands.
    """
    start = introduced(text)
    if not start:
        return None
    whole = await processor.parse_message(UserMessage(text, sender_id="understand"))
    if whole["intent"]["name"] != "emergency":
        return dict(whole)
    if not text[start:].strip():
        told = {"intent": "inform", "confidence": 1.0, "band": "accept", "entities": []}
        told["span"] = [0, len(text)]
        intent = {"name": "inform", "confidence": 1.0}
        return {**whole, "intent": intent, "intent_ranking": [intent], "questions": [told]}
    rest = await processor.parse_message(UserMessage(text[start:], sender_id="understand"))
    return {
        **rest,
        "text": text,
        "questions": [
            question
            | {
                "span": [place + start for place in question["span"]],
                "entities": _moved(question["entities"], start),
            }
            for question in rest.get("questions", [])
        ],
        "entities": _moved(rest.get("entities", []), start),
    }


def _moved(entities: list[dict[str, Any]], by: int) -> list[dict[str, Any]]:
    return [
        entity | {side: entity[side] + by for side in ("start", "end") if side in entity}
        for entity in entities
    ]


def _reply(
    tracker: DialogueStateTracker, output: CollectingOutputChannel, left_out: int
) -> dict[str, Any]:
    """The turn, with places in the message as it was sent."""
    parsed = tracker.latest_message.parse_data if tracker.latest_message else {}
    return {
        "messages": [message["custom"] for message in output.messages if "custom" in message],
        "questions": [
            question | {"span": [place + left_out for place in question["span"]]}
            for question in parsed.get("questions", [])
        ],
        "intent": parsed.get("intent"),
        "ranking": parsed.get("intent_ranking", [])[:3],
        "entities": [
            entity | {side: entity[side] + left_out for side in ("start", "end") if side in entity}
            for entity in parsed.get("entities", [])
        ],
        "asking": tracker.get_slot("requested_slot") if tracker.active_loop else None,
        "failures": tracker.get_slot("failures") or {},
    }


async def _understand(request: Request) -> HTTPResponse:
    processor = _processor(request.app)
    understood = []
    for whole in request.json["texts"]:
        # Hard words make no question less sure: the turn will leave them out as well.
        text, _ = await _matter(processor, whole)
        parsed = await _beside_introduction(processor, text) or await processor.parse_message(
            UserMessage(text, sender_id="understand")
        )
        understood.append(
            {
                "intent": parsed.get("intent"),
                "ranking": parsed.get("intent_ranking", [])[:3],
                "questions": parsed.get("questions", []),
                "parsed": parsed,
            }
        )
    return response.json({"understood": understood})


async def _seed(request: Request) -> HTTPResponse:
    await _store(request.app).copy(request.json["source"], request.json["target"])
    return response.json({})


async def _feed(request: Request) -> HTTPResponse:
    processor = _processor(request.app)
    tracker = await processor.get_tracker(request.json["conversation_id"])
    text = request.json["text"]
    tracker.update(BotUttered(text))
    if request.json.get("last"):
        # As actions.dialogue.answering keeps what was told.
        memory = dict(tracker.get_slot(_MEMORY) or {})
        memory["last"] = [{"text": text, "speech": text, "intent": None}]
        tracker.update(SlotSet(_MEMORY, memory))
    await processor.save_tracker(tracker)
    return response.json({})


async def _forget(request: Request) -> HTTPResponse:
    await _store(request.app).forget(request.json["conversation_id"])
    return response.json({})


def _processor(app: Sanic[Any, Any]) -> MessageProcessor:
    """Rasa's processor, with our store unwrapped: Rasa's wrapper turns an error into an empty
    conversation, and the member's verification and question would be gone without a word.
    """
    processor = app.ctx.agent.processor
    if isinstance(processor.tracker_store, FailSafeTrackerStore):
        processor.tracker_store = processor.tracker_store._tracker_store
    return processor


def _store(app: Sanic[Any, Any]) -> RecentTurnsTrackerStore:
    store = _processor(app).tracker_store
    if not isinstance(store, RecentTurnsTrackerStore):
        raise TypeError("endpoints.yml must name bot.tracker_store.RecentTurnsTrackerStore")
    return store
