"""The two actions that Rasa calls. They read the turn, let the dialogue work, and never fail:
whatever goes wrong becomes a sentence with a way on, and the dialogue stays consistent.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import structlog
from rasa_sdk import Action
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from redis.exceptions import RedisError

from actions.answers.question import Desk
from actions.answers.service import PERSON
from actions.answers.wording import line_of
from actions.dialogue.answering import Answering
from actions.dialogue.in_danger import CLEARED, warned_in_spanish
from actions.dialogue.need_form import NeedForm
from actions.dialogue.spanish import (
    all_in_spanish,
    goes_on_in_spanish,
    in_spanish,
    notice_language,
    writes_spanish,
)
from actions.dialogue.spanish_questions import hear_reply
from actions.dialogue.turn import Turn, read_turn
from actions.identity.another_speaker import another_speaks, close
from actions.identity.step_up import StepUp
from actions.identity.third_party import relays, said_by_member
from actions.services import Services
from actions.settings import ACTION_SECONDS
from alliance.answer import Answer
from alliance.errors import MemberlineError, NotVerified
from alliance.partners import Partners

log = structlog.get_logger()

Events = list[dict[str, Any]]


class DialogueAction(Action):
    """Reads the turn, works within the time limit, and turns failure into an honest sentence."""

    # The Rasa action on whose behalf this one is called.
    runner = "action_answer"

    def __init__(self, services: Services) -> None:
        self._services = services

    async def work(self, turn: Turn) -> Events:
        """The action's own part."""
        raise NotImplementedError

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        """Rasa's entry."""
        del domain
        partners = self._services.configuration.current()
        try:
            async with asyncio.timeout(ACTION_SECONDS):
                context = await self._services.turns.context(tracker.sender_id)
                if context is None:
                    raise NotVerified("There is no context for this turn.")
                turn = read_turn(tracker, context, partners, self.runner)
                notice_language(turn)
                hear_reply(turn)
                if relays(turn):
                    turn.text = said_by_member(turn.text)
                await self._notice_lifted(turn)
                spanish = writes_spanish(turn) or goes_on_in_spanish(turn, warned_in_spanish(turn))
                events = await self.work(turn)
                if turn.memory.language == "es":
                    turn.answers = all_in_spanish(turn.answers)
                elif spanish:
                    # By phone nothing else is Spanish: what is said of danger always is.
                    turn.answers = [
                        in_spanish(each) if each.intent == CLEARED else each
                        for each in turn.answers
                    ]
                turn.utter(dispatcher)
                return events
        except (MemberlineError, RedisError, TimeoutError, OSError) as error:
            log.warning("action_failed", action=self.name(), error=type(error).__name__)
        except Exception as error:
            # The kind and the place only: the message could hold a member's words.
            log.error("action_crashed", action=self.name(), error=type(error).__name__)
        dispatcher.utter_message(json_message=apology(partners).to_json())
        return _ended()

    async def _notice_lifted(self, turn: Turn) -> None:
        """A lock-out is over after a day, or when a portal ticket or an agent lifted it."""
        if turn.barred and not await self._services.turns.still_locked(
            turn.context.conversation_id, turn.memory.barred_by
        ):
            turn.memory = replace(turn.memory, barred=None)

    def desk(self, turn: Turn) -> Desk:
        """What answers of this turn work with."""
        return self._services.desk(turn.context, turn.partners)


class ValidateNeedForm(DialogueAction):
    """Fills and asks; see `actions.dialogue.need_form`."""

    runner = "need_form"

    def name(self) -> str:
        return "validate_need_form"

    async def work(self, turn: Turn) -> Events:
        if turn.fresh and another_speaks(turn, self._services.clock.today()):
            # No answer of the one who was asked.
            return []
        step_up = StepUp(self._services.codes)
        return await NeedForm(self._services.verification, step_up, self._services.clock).run(turn)


class ActionAnswer(DialogueAction):
    """Answers; see `actions.dialogue.answering`."""

    def name(self) -> str:
        return "action_answer"

    async def work(self, turn: Turn) -> Events:
        if turn.fresh and another_speaks(turn, self._services.clock.today()):
            turn.context = await self._services.turns.forget_verified(turn.context)
            close(turn)
        return await Answering(self._services.clock).run(turn, self.desk(turn))


def apology(partners: Partners) -> Answer:
    """Something of ours failed: say so, and name the lines that work without us."""
    lines = " or ".join(line_of(partner) for partner in partners if partner.backend)
    text = (
        "Sorry, something went wrong on our side and I could not finish that. Please try again in "
        f"a moment, ask for a person, or call {lines}."
    )
    speech = (
        "Sorry, something went wrong on our side and I could not finish that. Please try again in "
        "a moment, or say person."
    )
    return Answer(text=text, speech=speech, kind="notice", buttons=(PERSON,))


def _ended() -> Events:
    """The question is dropped, so that the next message starts clean."""
    names = (
        "agenda",
        "failures",
        "requested_slot",
        "factor_first_name",
        "factor_member_id",
        "factor_card_company",
        "factor_date_of_birth",
        "factor_zip",
        "factor_last_name",
        "factor_second",
    )
    return [{"event": "slot", "name": name, "value": None} for name in names]
