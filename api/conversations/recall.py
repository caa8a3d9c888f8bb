"""Meeting a member with what was talked about before: "are you asking about the claim that we
talked about at 10 a.m. today?", in whatever channel, once they are verified at that topic's level.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from alliance.answer import Answer, Button
from alliance.clock import Clock
from alliance.verified import IDLE_LIMIT, VerifiedMember
from api.assistant import Reply
from api.conversations.contacts import Contact, Contacts, said_when
from api.conversations.pending import recalled_key
from api.conversations.store import Conversation
from api.conversations.topics import claim_of, is_topic
from api.ivr.portions import MOST_SECONDS, seconds

if TYPE_CHECKING:
    from api.conversations.service import Said

log = structlog.get_logger()

# Said once more in other words: "yes that's right", "no that is not my number".
_SAME = (
    r"(?:\W+(?:yes|yeah|yep|no|nope|that|it|this|thats|its|is|was|isnt|wasnt|not|the|my|right|"
    r"correct|incorrect|wrong|one|exactly|absolutely|sure|me|mine|id|number|name|code|zip|"
    r"birthday|date|you|got|have|i|am|said|please|thanks|thank|sir|ma'?am|ok|okay|(?:that|it)'s|"
    r"(?:is|was)n't))*\W*"
)
YES = re.compile(
    r"\W*(?:(?:um+|uh+|oh|well)\W+)*(?:yes|yeah|yep|yup|yes please|sure|correct|right|"
    r"that'?s (?:it|right|correct|the one|me)|that is (?:it|right|correct)|exactly|i am|it is|"
    rf"uh huh|you got it|1)\b(?:.{{0,12}}|{_SAME})",
    re.IGNORECASE,
)
NO = re.compile(
    r"\W*(?:(?:um+|uh+|oh|well)\W+)*(?:no|nope|nah|not (?:that|really|this)|something else|"
    r"another(?: one)?|that'?s (?:wrong|not (?:it|right|correct))|wrong|incorrect|2)\b"
    rf"(?:.{{0,16}}|{_SAME})",
    re.IGNORECASE,
)
# Their mere mention could reach the wrong ear, and nobody needs to be met with them.
_NEVER_KEPT = frozenset(
    {"confidential_communication", "behavioral_health", "third_party_caller", "report_death"}
)
# The member's own matters, which may go on; a general question that was answered is done with.
_MATTERS = {
    "claim_status": "the claim",
    "claim_denial": "the denied claim",
    "explain_eob": "the explanation of benefits",
    "billing_problem": "the bill",
    "appeal": "the appeal",
    "submit_claim": "the claim to be sent in",
    "fsa_claim": "the spending account claim",
    "prior_auth_status": "the prior authorization",
    "complaint": "the complaint",
    "id_card": "your ID card",
    "update_contact": "your contact details",
    "coverage_status": "your coverage",
}
# A claim by another name.
_OF_CLAIMS = frozenset({"claim_status", "claim_denial", "explain_eob", "billing_problem", "appeal"})
_CLAIM_PROMPT = "need_claim"
# Our question takes a few seconds itself.
_MOST_BESIDE = MOST_SECONDS - 6
_SECONDS = int(IDLE_LIMIT.total_seconds())


class Recall:
    """Notes contacts, offers the latest once a conversation, and understands the yes."""

    def __init__(
        self,
        contacts: Contacts,
        redis: Redis,
        clock: Clock,
        titles: Mapping[str, str],
        levels: Mapping[str, int],
    ) -> None:
        self._contacts = contacts
        self._redis = redis
        self._clock = clock
        self._titles = titles
        self._levels = levels

    async def met(
        self, conversation: Conversation, reply: Reply, member: VerifiedMember | None
    ) -> Reply:
        """The reply, with the question about the earlier contact where it fits: instead of "which
        claim?", or after an answer when nothing else is asked. Trouble leaves it as it is.
        """
        if member is None or reply.emergency or reply.asking not in (None, _CLAIM_PROMPT):
            return reply
        if any(act.kind in ("handoff", "closed") for a in reply.answers for act in a.acts):
            return reply
        if reply.asking is None and any(_wants_a_yes(answer) for answer in reply.answers):
            return reply
        if conversation.channel == "voice" and not _leaves_room(reply):
            return reply
        try:
            first = await self._redis.set(
                f"memberline:recalled:{conversation.id}", "1", ex=24 * 3600, nx=True
            )
            contact = await self._contacts.latest(conversation.id, member) if first else None
            if contact is None or not self._fits(contact, reply, conversation.channel):
                return reply
            await self._redis.set(
                recalled_key(conversation.id),
                json.dumps({"topic": contact.topic, "claim": contact.claim, "asked": reply.asking}),
                ex=_SECONDS,
            )
        except (RedisError, SQLAlchemyError) as error:
            log.warning("recall_failed", error=type(error).__name__)
            return reply
        question = self._question(contact)
        if reply.asking:
            # Before what is asked anyway: who says neither yes nor no answers that.
            return replace(reply, answers=(*reply.answers[:-1], question, reply.answers[-1]))
        return replace(reply, answers=(*reply.answers, question))

    def meant(self, recalled: str | None, said: Said) -> Said:
        """What was said, with a yes to our question put into words."""
        if not recalled:
            return said
        text = said.button.payload if said.button else said.text
        if not YES.fullmatch(text.strip()):
            return said
        pending = json.loads(recalled)
        if pending["asked"] == _CLAIM_PROMPT and pending["claim"]:
            return replace(said, text=pending["claim"], button=None, alternatives=())
        words = pending["claim"] or self._titles.get(pending["topic"], pending["topic"])
        return replace(said, text=words, button=None, alternatives=(), confirmed=pending["topic"])

    async def note(
        self,
        conversation: Conversation,
        reply: Reply,
        member: VerifiedMember | None,
        *,
        person: bool,
    ) -> None:
        """Keep what a verified member was told or wants a person for. Trouble costs the member
        nothing but being met with it.
        """
        if member is None:
            return
        found = [
            self._contact(conversation, member, answer.intent, "answered", answer)
            for answer in reply.answers
            if answer.tells and answer.intent
        ]
        latest = conversation.topics.latest
        if person and latest:
            found.append(self._contact(conversation, member, latest, "person", None))
        kept = {c.topic: c for c in found if is_topic(c.topic) and c.topic not in _NEVER_KEPT}
        if not kept:
            return
        try:
            await self._contacts.note(conversation.id, member, list(kept.values()))
        except SQLAlchemyError as error:
            log.warning("contact_not_noted", error=type(error).__name__)

    def _contact(
        self,
        conversation: Conversation,
        member: VerifiedMember,
        topic: str,
        outcome: str,
        answer: Answer | None,
    ) -> Contact:
        level = max(self._levels.get(topic, 2), answer.level if answer else 0, 1)
        return Contact(
            topic=topic,
            partner=(answer.partner if answer else None) or member.person.home.partner,
            channel=conversation.channel,
            outcome=outcome,
            claim=claim_of(answer) if answer else None,
            level=level,
            at=self._clock.now(),
        )

    def _fits(self, contact: Contact, reply: Reply, channel: str) -> bool:
        """Not what was just answered, and at "which claim?" only a claim."""
        if contact.channel == channel:
            return False
        if reply.asking == _CLAIM_PROMPT:
            return contact.claim is not None
        if contact.claim is None and contact.topic not in _MATTERS:
            return False
        told = [answer for answer in reply.answers if answer.kind == "answer"]
        if contact.topic in {answer.intent for answer in reply.answers}:
            return False
        if contact.topic not in _OF_CLAIMS or not any(a.intent in _OF_CLAIMS for a in told):
            return True
        # They said what they call about, and were told: only another claim is worth asking for.
        claims = {claim_of(answer) for answer in told if answer.intent in _OF_CLAIMS}
        return contact.claim is not None and claims.isdisjoint({contact.claim, None})

    def _question(self, contact: Contact) -> Answer:
        when = said_when(contact.at, self._clock.now())
        what = "the claim" if contact.claim else _MATTERS[contact.topic]
        text = f"Are you asking about {what} we talked about {when}?"
        return Answer(
            text=text,
            speech=text,
            kind="question",
            intent="recall",
            facts={"recall": contact.topic},
            buttons=(Button("Yes, that one", "yes"), Button("No, something else", "no")),
        )


def _leaves_room(reply: Reply) -> bool:
    """Whether a hearing holds our question beside what was told, which it must not put off."""
    return seconds(" ".join(answer.speech for answer in reply.answers)) <= _MOST_BESIDE


def _wants_a_yes(answer: Answer) -> bool:
    """Whether a yes would mean this answer's own offer: two offers at once leave it open which."""
    own = any(button.payload == "/affirm" for button in answer.buttons)
    return answer.kind == "question" or answer.offers is not None or own
