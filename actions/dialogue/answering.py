"""`action_answer`: puts the message's questions on the agenda and answers what can be answered."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from actions.answers.question import Desk
from actions.answers.talk import is_talk, talk, which_one
from actions.answers.topics import answer
from actions.dialogue.agenda import Item, question
from actions.dialogue.general_first import by_answer, general_part, not_wanted, offer, own_case
from actions.dialogue.intents import intents
from actions.dialogue.needs import asks_identity, missing, needs_identity
from actions.dialogue.reading import claim_value
from actions.dialogue.turn import Turn
from actions.identity.third_party import redirected
from actions.identity.verify_first import is_wish, known, wants_to_verify, wish
from alliance.answer import Answer
from alliance.clock import Clock

Events = list[dict[str, Any]]
# A few answers a message: more would be a wall of text, and they stay on the agenda.
MOST_ANSWERS = 3
MOST_CHOICES = 3
# Words that carry the last question on.
_AGAIN = re.compile(r"\W*(?:ok(?:ay)?\W+)?(?:and|what about|how about|y)\b", re.IGNORECASE)


class Answering:
    """Rasa runs it at every message that is not an answer to the form, and at the form's end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def run(self, turn: Turn, desk: Desk) -> Events:
        """Answer; what still needs something is left to the form."""
        if turn.fresh:
            self._hear(turn)
        digressed = turn.fresh and turn.in_form
        await self._work_off(turn, desk)
        if turn.memory.offered and not turn.agenda and not by_answer(turn.memory.offered):
            turn.say(offer())
        events = turn.events()
        if turn.agenda and not turn.answers and digressed and needs_identity(turn):
            text = "I'll answer that too, as soon as I know who you are."
            turn.say(Answer(text=text, speech=text, kind="notice", intent=turn.agenda[0].intent))
        if turn.agenda:
            events.append({"event": "followup", "name": "need_form"})
        return events

    def _hear(self, turn: Turn) -> None:
        """Put the message's questions on the agenda, or answer small talk at once."""
        emergencies = [item for item in turn.questions if item.intent == "emergency"]
        if turn.intent == "emergency" and not emergencies:
            emergencies = [Item("emergency", turn.text, turn.entities)]
        if emergencies:
            # Danger ends whatever was going on, and asks nothing.
            turn.agenda = [replace(emergencies[0], text=turn.text)]
            turn.forget_factors()
            turn.failures.clear()
            return
        fresh: list[Item] = []
        offered, turn.memory = turn.memory.offered, replace(turn.memory, offered=None)
        for item in self._chosen(turn):
            if offered and item.intent == "affirm":
                fresh.append(Item.from_json(offered).tell("general", "said"))
            elif offered and item.intent == "deny":
                declined = (*turn.memory.declined, offered["intent"])
                turn.memory = replace(turn.memory, declined=declined)
                turn.say(not_wanted(by_answer(offered)))
            elif wants_to_verify(turn, item):
                fresh.append(wish(item))
            elif self._unsure(turn, item):
                self._let_choose(turn, item)
            elif item.intent == "repeat":
                self._repeat(turn)
            elif item.intent == "cancel":
                turn.agenda.clear()
                turn.forget_factors()
                turn.failures.clear()
                turn.say(talk("cancel"))
            elif again := self._follow_up(turn, item):
                fresh.append(again)
            elif is_talk(item.intent):
                turn.say(talk(item.intent))
            else:
                personal = asks_identity(turn, item)
                fresh.append(redirected(turn, self._known(turn, item), personal=personal))
        waiting = [item for item in turn.agenda if item.intent not in {i.intent for i in fresh}]
        turn.agenda = [*fresh, *waiting]

    def _chosen(self, turn: Turn) -> tuple[Item, ...]:
        """The message's questions; a topic that was chosen brings the words of its question."""
        unsure, turn.memory = turn.memory.unsure, replace(turn.memory, unsure=None)
        if unsure is None or not turn.text.startswith("/"):
            return turn.questions
        before = Item.from_json(unsure)
        return tuple(
            replace(item, text=before.text, entities=before.entities) for item in turn.questions
        )

    def _unsure(self, turn: Turn, item: Item) -> bool:
        """Whether to ask which topic was meant before anything is looked up."""
        return (
            item.band == "confirm"
            and len(turn.questions) == 1
            and not is_talk(item.intent)
            and item.intent != "speak_to_agent"
        )

    def _let_choose(self, turn: Turn, item: Item) -> None:
        choices = [(name, intents()[name].title) for name, _ in turn.ranking if not is_talk(name)][
            :MOST_CHOICES
        ]
        turn.memory = replace(turn.memory, unsure=item.to_json())
        turn.say(which_one(choices))

    def _known(self, turn: Turn, item: Item) -> Item:
        """What the conversation already tells about a new question."""
        if item.intent == "speak_to_agent" and turn.memory.topic:
            topic = Item.from_json(turn.memory.topic)
            return item.tell("reason", intents()[topic.intent].title)
        return item

    def _follow_up(self, turn: Turn, item: Item) -> Item | None:
        """A bare value, or "what about ...", after an answer asks the same again with a new value:
        "14604", "and the one from May?", "what about a dermatologist".
        """
        if turn.memory.topic is None or not (item.intent == "inform" or _AGAIN.match(item.text)):
            return None
        topic = Item.from_json(turn.memory.topic)
        match topic.intent:
            case "find_provider" | "which_plan_covers_me":
                return _with_new_values(topic, item)
            case "claim_status" if claim_value(item.text, self._clock.today()):
                return Item(topic.intent, item.text, item.entities)
        return None

    def _repeat(self, turn: Turn) -> None:
        if not turn.memory.last:
            turn.say(talk("ask_capabilities"))
        for said in turn.memory.last:
            turn.say(
                Answer(text=said["text"], speech=said["speech"], kind="notice", intent="repeat")
            )

    async def _work_off(self, turn: Turn, desk: Desk) -> None:
        """Answer the agenda from the front until something is missing."""
        today = self._clock.today()
        said: list[Answer] = []
        while turn.agenda and len(said) < MOST_ANSWERS:
            item = turn.agenda[0]
            asked = question(item, turn.memory, turn.partners, today)
            if told := general_part(item, turn.context.verified, asked, desk):
                said.append(told)
                turn.say(told)
                self._then_own(turn)
                continue
            if missing(turn, today):
                break
            turn.agenda.pop(0)
            if is_wish(item):
                said.append(known(turn))
                turn.say(said[-1])
                continue
            title = intents()[item.intent].title
            given = await answer(turn.context.verified, asked, title, desk)
            said.append(given)
            turn.say(given)
            item = item.settled()
            if given.offers:
                accepted = item.accepting(given.offers)
                turn.memory = replace(turn.memory, offered=accepted.to_json())
            turn.memory = replace(
                turn.memory,
                location=asked.place.zip if asked.place else turn.memory.location,
                partner=asked.partner or turn.memory.partner,
                topic=turn.memory.topic if item.intent in _NO_TOPIC else item.to_json(),
            )
        if said:
            turn.memory = replace(
                turn.memory,
                last=tuple({"text": each.text, "speech": each.speech} for each in said),
            )

    def _then_own(self, turn: Turn) -> None:
        """The general part is said: the member's own case comes next, or is offered."""
        item = turn.agenda.pop(0)
        if own_case(item):
            turn.agenda.insert(0, item.tell("general", "said"))
            return
        turn.memory = replace(turn.memory, topic=item.to_json())
        if item.intent not in turn.memory.declined:
            turn.memory = replace(turn.memory, offered=item.to_json())


def _with_new_values(topic: Item, item: Item) -> Item | None:
    """The topic with the places or specialties of the new message in the place of its own."""
    kinds = {entity["entity"] for entity in item.entities}
    place, specialty = bool(kinds & {"zip", "place"}), "specialty" in kinds
    if not (place or specialty):
        return None
    dropped = {
        *(("zip", "place", "location") if place else ()),
        *(("specialty",) if specialty else ()),
    }
    kept = tuple(entity for entity in topic.entities if entity["entity"] not in dropped)
    told = {need: value for need, value in topic.told.items() if need not in dropped}
    return Item(topic.intent, item.text, (*item.entities, *kept), told)


_NO_TOPIC = frozenset({"speak_to_agent", "emergency", "contact_info"})
