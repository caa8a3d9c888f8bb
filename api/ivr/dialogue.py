"""A turn of the dialogue by phone: what the assistant answered becomes what the caller hears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from alliance.answer import Answer
from alliance.clock import Clock
from alliance.hearing import EMERGENCY
from alliance.partners import Partners
from api.conversations.service import Conversations, Outcome, Said
from api.ivr import prompts
from api.ivr import speech as voice
from api.ivr.calls import Call
from api.ivr.factors import read_back
from api.ivr.people import People
from api.ivr.portions import asking_part, asking_sentence, fits, sentences
from api.ivr.prompts import Question
from api.ivr.setbacks import Setbacks
from api.ivr.transfer import UNAVAILABLE, Transfers
from api.ivr.turns import VoiceReply, VoiceTurn
from api.ivr.wording import CODE_IN_SHORT, MORE

_THANKS = "Thank you. "
# The look-up that is offered after what holds for everybody (actions/dialogue/general_first.py).
_OFFER = "offer"
# What the dialogue asks who wants a person.
_ASKED_OF_A_PERSON = frozenset({"need_reason", "need_partner"})
# Told of 911, a caller may ask where to go: that is still the same danger.
_STILL_DANGER = frozenset({EMERGENCY, "nurse_line"})


class Dialogue:
    """Asks the assistant, and says what it answers."""

    def __init__(
        self,
        conversations: Conversations,
        transfers: Transfers,
        people: People,
        setbacks: Setbacks,
        partners: Partners,
        titles: Mapping[str, str],
        clock: Clock,
    ) -> None:
        self._conversations = conversations
        self._transfers = transfers
        self._people = people
        self._setbacks = setbacks
        self._partners = partners
        self._titles = titles
        self._clock = clock

    async def run(
        self,
        call: Call,
        turn: VoiceTurn,
        said: Said,
        *,
        lead: str = "",
        read_back_before: bool = False,
    ) -> VoiceReply:
        """One turn. `lead` is said before an answer; `read_back_before`: the value in it was read
        back and confirmed.
        """
        said = replace(said, client_message_id=f"{turn.platform}:{turn.turn_id}")
        call.heard = call.rest = ""
        outcome = await self._conversations.member_says(call.conversation_id, said)
        call.told = " ".join(answer.speech for answer in outcome.answers)
        body, question = _told(call, outcome)
        leaving = await self._leaving(call, outcome, body, question)
        if leaving:
            return leaving
        if not _is_danger(outcome):
            body = f"{lead} {body}".strip()
        return await self._going_on(call, said, outcome, body, question, read_back_before)

    async def _leaving(
        self, call: Call, outcome: Outcome, body: str, question: str
    ) -> VoiceReply | None:
        """The call goes to people, or would if they were there."""
        if outcome.closed:
            # What else was said stands; that somebody is being connected does not.
            parts = sentences(f"{body} {question}")
            body = " ".join(p for p in parts if "connecting you" not in p and "hold" not in p)
            detail = outcome.closed_detail or {}
            if outcome.minutes:
                return self._transfers.offer_call_back(call, body, outcome.minutes, detail)
            return await self._transfers.offer_closed(call, body, outcome.closed, detail)
        if outcome.handover_id:
            return await self._transfers.transfer(call, f"{body} {question}", outcome.handover_id)
        if outcome.failed:
            return await self._people.hand_over(call, body, UNAVAILABLE, None)
        if outcome.conversation.owner in ("queue", "agent"):
            return await self._transfers.to_owner(call)
        return None

    async def _going_on(
        self,
        call: Call,
        said: Said,
        outcome: Outcome,
        body: str,
        question: str,
        read_back_before: bool,
    ) -> VoiceReply:
        before, asking = call.asking, outcome.reply.asking if outcome.reply else None
        if call.alarmed and asking in _ASKED_OF_A_PERSON:
            return await self._people.after_danger(call)
        if asking and _is_spanish(outcome.answers):
            return await self._people.spanish(call)
        call.asking = asking
        likeliest = None if asking else _likeliest(outcome.answers)
        if likeliest in self._titles:
            # A list of topics is read; by phone they are asked about one at a time.
            title = self._titles[str(likeliest)]
            return prompts.ask_topic(call, said.text, str(likeliest), title, body)
        if _misunderstood(before, outcome):
            return await self._setbacks.failed(call, f"{body} {question}".strip())
        if not _on_the_spot(before, outcome):
            call.failures_in_a_row = 0
        if _is_over(outcome):
            return VoiceReply(voice.plain(body or question), "hangup")
        person = await self._people.at_once(call, outcome, body)
        if person:
            return person
        if asking and before and before != asking and not said.button and not read_back_before:
            body, question = self._with_read_back(before, said, body, question)
        still_asked = asking is not None and asking == before
        return _asked(call, outcome, body, question, still_asked=still_asked)

    def _with_read_back(self, before: str, said: Said, body: str, question: str) -> tuple[str, str]:
        """The value that was given, masked, before what is asked next, where it has room."""
        texts = [said.text, *said.alternatives]
        heard = read_back(before, texts, self._partners, self._clock.today())
        if not heard or not fits(f"I have {heard[1]}. {body} {question}"):
            return body, question
        # Thanks are for what was given, not for what is asked next.
        thanks = _THANKS if question.startswith(_THANKS) else ""
        return f"{thanks}I have {heard[1]}. {body}".strip(), question.removeprefix(thanks)


def _told(call: Call, outcome: Outcome) -> tuple[str, str]:
    """What was answered, and what is asked after it."""
    told: list[str] = []
    for answer in outcome.answers:
        if answer.kind != "question":
            # What two answers have in common is heard once.
            told += [part for part in sentences(answer.speech) if part not in told]
    body = " ".join(told)
    question = " ".join(a.speech for a in outcome.answers if a.kind == "question")
    if not outcome.answers:
        # Answered before, and the bridge stopped before it had told the platform.
        sent = (message.text for message in outcome.messages if message.sender == "assistant")
        body = call.told = " ".join(sent)
    return body, question


def _asked(
    call: Call, outcome: Outcome, body: str, question: str, *, still_asked: bool
) -> VoiceReply:
    listen = prompts.listen_for(call, call.asking)
    told = {answer.intent for answer in outcome.answers}
    call.alarmed = _is_danger(outcome) or (call.alarmed and bool(told & _STILL_DANGER))
    if call.alarmed:
        # In danger there is nothing else to be said.
        return prompts.ask(call, "", Question(body, listen))
    facts = [parts[0] for each in outcome.answers if (parts := sentences(each.speech))]
    if still_asked and not fits(voice.plain(f"{body} {question}")):
        # Heard before: how to answer it gives way to what was asked in between.
        asked = asking_part(question)
        body, question = f"{body} {question.removesuffix(asked)}".strip(), asking_sentence(question)
    if call.asking == "factor_code" and _tells_own(outcome):
        question = _asked_for_code(body, question, facts)
    if body and question and _gives_way(outcome, body, question, facts):
        # What was asked for comes before what is only offered, which a yes still takes.
        question = ""
    return prompts.ask(
        call, body, Question(question, listen) if question else None, facts=facts if body else ()
    )


def _tells_own(outcome: Outcome) -> bool:
    """Whether something of the member's own is told."""
    return any(each.kind == "answer" and each.level for each in outcome.answers)


def _asked_for_code(body: str, question: str, facts: Sequence[str]) -> str:
    """The question for the code; in few words where it would leave no room for what was told of
    another question of theirs.
    """
    first = facts[0] if facts else body
    return question if fits(voice.plain(f"{first} {question}")) else CODE_IN_SHORT


def _gives_way(outcome: Outcome, body: str, question: str, facts: Sequence[str]) -> bool:
    """Whether a mere offer leaves no room for the first sentence of an answer, and for what names
    the topic before it.
    """
    offers = all(each.intent == _OFFER for each in outcome.answers if each.kind == "question")
    parts = sentences(voice.plain(body))
    told = {voice.plain(fact) for fact in facts}
    until = next((at for at, part in enumerate(parts) if part in told), 0)
    first = " ".join(parts[: until + 1])
    return offers and not fits(voice.plain(f"{first} {MORE} {asking_sentence(question)}"))


def _is_danger(outcome: Outcome) -> bool:
    return any(answer.intent == EMERGENCY for answer in outcome.answers)


def _is_spanish(answers: Sequence[Answer]) -> bool:
    """Whether Spanish was spoken, and what can be said in it is that a person speaks it."""
    return any(
        answer.intent == "language_help" and answer.facts.get("language") == "es"
        for answer in answers
    )


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


def _is_over(outcome: Outcome) -> bool:
    """Whether the conversation was closed, or the caller has said goodbye."""
    answers = outcome.answers
    if any(act.kind == "closed" for answer in answers for act in answer.acts):
        return True
    asking = outcome.reply.asking if outcome.reply else None
    return bool(answers) and not asking and answers[-1].intent == "goodbye"
